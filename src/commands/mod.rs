//! What each command does.

pub mod account;
mod check;
pub mod check_project;
pub mod export;
pub mod import;
pub mod serve;
mod verify;

pub use check::check;
pub use verify::verify;

use image_catalogue::clock::Clock;
use image_catalogue::config::Settings;
use image_catalogue::database::Database;
use image_catalogue::database::embedded::Mode;
use image_catalogue::organisations;

/// Opens the database for a command, with its tables up to date.
///
/// # Errors
/// One sentence: what is wrong and what to do.
async fn open(settings: &Settings, mode: Mode) -> anyhow::Result<Database> {
    settings.verify()?;
    let database = Database::open(settings, mode).await?;
    let prepared = async {
        database.migrate().await?;
        organisations::seed(&database.pool, Clock::System.now()).await
    };
    match prepared.await {
        Ok(()) => Ok(database),
        Err(problem) => {
            database.close().await?;
            Err(problem)
        }
    }
}

/// Brings the database's tables up to date.
///
/// # Errors
/// One sentence: what is wrong and what to do.
pub async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    open(settings, Mode::Join).await?.close().await?;
    println!("The database is up to date.");
    Ok(())
}

/// Who acts: the person at this terminal.
fn user(otherwise: &str) -> String {
    let named = |name: &str| std::env::var(name).ok().filter(|user| !user.is_empty());
    let user = named("SUDO_USER").or_else(|| named("USER")).or_else(|| named("LOGNAME"));
    user.map_or_else(|| otherwise.to_owned(), |user| format!("{user} ({otherwise})"))
}
