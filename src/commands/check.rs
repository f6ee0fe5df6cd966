//! `check`: what is wrong with the settings, the database, the clock and the disk, in sentences.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use image_catalogue::config::Settings;
use image_catalogue::database::Database;
use image_catalogue::database::embedded::Mode;
use image_catalogue::mail::Sender;
use tokio::net::TcpListener;

/// The clocks of the program and of the database may differ by so much.
const CLOCKS: Duration = Duration::from_secs(5);
/// Less free space than this is too little, in bytes.
const FREE: u64 = 512 * 1024 * 1024;

/// Verifies settings and connections; says what was found.
///
/// # Errors
/// Everything that is wrong, a sentence each.
pub async fn check(settings: &Settings) -> anyhow::Result<()> {
    settings.verify()?;
    let database = Database::open(settings, Mode::Join).await?;
    let mut wrong = Vec::new();
    let found = look(settings, &database, &mut wrong).await;
    database.close().await?;
    for sentence in found? {
        println!("{sentence}");
    }
    if wrong.is_empty() { Ok(()) } else { bail!(wrong.join("\n")) }
}

async fn look(settings: &Settings, database: &Database, wrong: &mut Vec<String>) -> anyhow::Result<Vec<String>> {
    let (version, now, is_standby, is_read_only): (String, DateTime<Utc>, bool, bool) = sqlx::query_as(
        "select current_setting('server_version'), clock_timestamp(), pg_is_in_recovery(),
                current_setting('transaction_read_only')::boolean",
    )
    .fetch_one(&database.pool)
    .await
    .context("The database does not answer")?;
    let place = if settings.external_database().is_some() { "at DATABASE_URL" } else { "in the data folder" };
    let mut found = vec![format!("Postgres {version} answers {place}.")];
    if is_standby {
        wrong.push("The database is a read-only copy: set DATABASE_URL to the primary.".to_owned());
    } else if is_read_only {
        wrong.push(
            "The database is read-only: set default_transaction_read_only to off for it and its role.".to_owned(),
        );
    }
    let apart = (Utc::now() - now).abs().to_std().unwrap_or(Duration::MAX);
    if apart > CLOCKS {
        wrong.push(format!(
            "The clocks of this machine and of the database are {} s apart: set them by NTP.",
            apart.as_secs()
        ));
    }
    match database.pending().await? {
        0 => found.push("Its tables are up to date.".to_owned()),
        pending => found.push(format!("{pending} migrations are to be applied: serve or migrate does so.")),
    }
    if settings.external_database().is_none() {
        disk(&settings.data_dir, &mut found, wrong)?;
    }
    match TcpListener::bind(settings.listen).await {
        Ok(_) => found.push(format!("{} is free to listen on.", settings.listen)),
        Err(_) => found.push(format!("{} is in use: a running catalogue, or another program.", settings.listen)),
    }
    match Sender::new(settings)? {
        None => found.push("SMTP_URL is not set: mail is kept and shown to staff, not sent.".to_owned()),
        Some(sender) => match sender.greet().await {
            Ok(()) => found.push("The mail server answers at SMTP_URL.".to_owned()),
            Err(problem) => wrong.push(format!("The mail server does not answer at SMTP_URL: {problem}")),
        },
    }
    if settings.public_url.as_deref().is_none_or(str::is_empty) {
        found.push("PUBLIC_URL is not set: links in feeds lead to the listening address.".to_owned());
    }
    Ok(found)
}

/// Whether the data folder's disk has room.
fn disk(data_dir: &Path, found: &mut Vec<String>, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let disk = rustix::fs::statvfs(data_dir).with_context(|| format!("{} cannot be looked at", data_dir.display()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let sentence = format!("{} MB are free for {}.", free / 1_048_576, data_dir.display());
    if free < FREE {
        wrong.push(format!("Only {sentence} Make room."));
    } else {
        found.push(sentence);
    }
    Ok(())
}
