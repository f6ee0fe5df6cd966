//! `account`: local accounts from the console, for the first sign-in and for break-glass.

use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use image_catalogue::clock::local;
use image_catalogue::config::Settings;
use image_catalogue::database::Database;
use image_catalogue::database::embedded::Mode;
use image_catalogue::people::{self, Refusal, Who};
use image_catalogue::web::visitor::Role;

#[derive(Subcommand)]
pub enum Act {
    /// Make a local account, or enable the one that is there; prints a one-time link to set its password
    Add {
        email: String,
        /// What the person may do
        #[arg(long)]
        role: Given,
    },
    /// All accounts: state, role, e-mail address, name, how they sign in
    List,
    /// Disable a local account and end its sessions
    Disable { email: String },
}

/// The roles that a local account may have.
#[derive(Clone, Copy, ValueEnum)]
pub enum Given {
    Staff,
    Manager,
    Admin,
}

/// Makes, lists or disables accounts.
///
/// # Errors
/// One sentence: what is wrong and what to do.
pub async fn account(settings: &Settings, act: Act) -> anyhow::Result<()> {
    let database = super::open(settings, Mode::Join).await?;
    let done = run(settings, &database, act).await;
    database.close().await?;
    println!("{}", done?);
    Ok(())
}

/// Does it; what to print.
async fn run(settings: &Settings, database: &Database, act: Act) -> anyhow::Result<String> {
    let console = super::user("console");
    let actor = Who { account: None, name: &console };
    let away = "The database does not answer";
    match act {
        Act::Add { email, role } => {
            let email = known_by(&email)?;
            let role = match role {
                Given::Staff => Role::Staff,
                Given::Manager => Role::Manager,
                Given::Admin => Role::Administrator,
            };
            let link = people::add(&database.pool, &settings.origin(), &email, role, &actor).await.context(away)?;
            let done =
                if link.is_new { "The account is made." } else { "There is an account already: here is a new link." };
            let mut told = format!("{done} To set its password, once and within 24 hours:\n{}", link.address);
            if !settings.has_local_accounts() {
                told.push_str("\nLocal accounts are off: set LOCAL_ACCOUNTS=on where the catalogue is served.");
            }
            Ok(told)
        }
        Act::List => {
            let accounts = people::list(&database.pool).await.context(away)?;
            let lines = accounts.iter().map(|account| {
                let state = if account.disabled_at.is_some() { "disabled" } else { "enabled" };
                let kind = account.issuer.as_deref().unwrap_or("local");
                let seen = account
                    .seen_at
                    .map_or_else(|| "never".to_owned(), |seen| local(seen).format("%Y-%m-%d %H:%M").to_string());
                [state, account.role.code(), &account.email, &account.name, kind, &seen].join("\t")
            });
            let lines: Vec<String> = lines.collect();
            Ok(if lines.is_empty() { "There is no account yet.".to_owned() } else { lines.join("\n") })
        }
        Act::Disable { email } => {
            let email = known_by(&email)?;
            match people::disable(&database.pool, &email, &actor).await {
                Ok(()) => Ok(format!("{email} is disabled, and its sessions are ended.")),
                Err(Refusal::Unknown) => bail!("There is no local account {email}: see account list"),
                Err(Refusal::Disabled) => bail!("{email} is disabled already"),
                Err(problem) => Err(problem).context(away),
            }
        }
    }
}

fn known_by(email: &str) -> anyhow::Result<String> {
    people::email(email).with_context(|| {
        format!("{email:?} is not an e-mail address: use one such as name@example.gc.ca, without accents")
    })
}
