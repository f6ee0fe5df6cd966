//! Local accounts: made from the console or by an administrator, entered by a one-time link where a password is set.

use sqlx::{PgConnection, PgPool};

use super::db::accounts::{self, Account, New};
use super::db::events::{self, Kind, Who};
use super::db::{links, sessions};
use super::{LINK, secret};
use crate::database::commit::commit;
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::visitor::Role;

/// The longest e-mail address, in bytes.
const LONGEST_EMAIL: usize = 254;
/// The e-mail address of the administrator that a new catalogue makes for itself.
const FIRST: &str = "administrator@localhost";

/// A one-time link: shown once, and valid for 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The whole address.
    pub address: String,
    /// Whether the account was made with it, and not there before.
    pub is_new: bool,
}

/// Why an account was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("there is no local account with this e-mail address")]
    Unknown,
    #[error("the account is disabled already")]
    Disabled,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        match refusal {
            Refusal::Unknown | Refusal::Disabled => Error::NotFound,
            Refusal::Database(problem) => problem.into(),
            Refusal::Internal(problem) => problem.into(),
        }
    }
}

/// An e-mail address as local accounts are known by it: in small letters, and ASCII, so that no two look alike.
pub fn email(text: &str) -> Option<String> {
    let email = text.trim().to_ascii_lowercase();
    let (name, host) = email.split_once('@')?;
    let is_plain = email.len() <= LONGEST_EMAIL && email.bytes().all(|byte| byte.is_ascii_graphic());
    let is_whole = !name.is_empty() && !host.is_empty() && !host.contains('@');
    (is_plain && is_whole && !email.contains(['<', '>', '"', ',', ';', ':', '\\'])).then_some(email)
}

/// Makes a local account, or gives the one that is there this role and enables it; then a link to set its password.
pub async fn add(pool: &PgPool, origin: &str, email: &str, role: Role, actor: &Who<'_>) -> Result<Link, Refusal> {
    let mut transaction = pool.begin().await?;
    accounts::one_at_a_time(&mut transaction).await?;
    let known = accounts::local(&mut *transaction, email).await?;
    let (id, is_new) = match known {
        Some((id, ..)) => {
            restore(&mut transaction, id, role, actor).await?;
            (id, false)
        }
        None => (make(&mut transaction, email, role, None, actor).await?.ok_or(Refusal::Unknown)?, true),
    };
    let address = link(&mut transaction, origin, Lang::En, id, email, actor).await?;
    commit(pool, transaction).await?;
    Ok(Link { address, is_new })
}

/// Makes a local account and gives its number; none where there is one with this e-mail address.
///
/// # Errors
/// When the database does not answer, or the organisation does not exist.
pub async fn make(
    db: &mut PgConnection,
    email: &str,
    role: Role,
    organisation: Option<i64>,
    actor: &Who<'_>,
) -> sqlx::Result<Option<i64>> {
    let name = email.split('@').next().unwrap_or(email);
    let new = New { issuer: None, subject: None, email, name, role, organisation };
    let id = accounts::add(&mut *db, &new).await?;
    if id.is_some() {
        let about = Who { account: id, name: email };
        let event = events::New { kind: Kind::AccountMade, about, actor: *actor, address: "", detail: role.code() };
        events::record(db, &event).await?;
    }
    Ok(id)
}

/// Enables an account and gives it a role.
async fn restore(db: &mut PgConnection, id: i64, role: Role, actor: &Who<'_>) -> Result<(), Refusal> {
    let account = accounts::find(&mut *db, id).await?.ok_or(Refusal::Unknown)?;
    let about = Who { account: Some(id), name: &account.email };
    if account.role == role && account.disabled_at.is_none() {
        return Ok(());
    }
    accounts::change(&mut *db, id, account.version, role, account.organisation_id, false).await?;
    let detail = format!("{} → {}", account.role.code(), role.code());
    for (kind, happened, detail) in
        [(Kind::RoleChanged, account.role != role, &*detail), (Kind::AccountEnabled, account.disabled_at.is_some(), "")]
    {
        if happened {
            events::record(&mut *db, &events::New { kind, about, actor: *actor, address: "", detail }).await?;
        }
    }
    Ok(())
}

/// Makes a one-time link of an account.
pub async fn link(
    db: &mut PgConnection,
    origin: &str,
    lang: Lang,
    account: i64,
    email: &str,
    actor: &Who<'_>,
) -> Result<String, Refusal> {
    let token = secret::new()?;
    links::make(&mut *db, account, &secret::hash(&token)).await?;
    let about = Who { account: Some(account), name: email };
    let event = events::New { kind: Kind::LinkMade, about, actor: *actor, address: "", detail: "" };
    events::record(db, &event).await?;
    Ok(format!("{origin}{}", LINK.with(lang, &token)))
}

/// All accounts.
pub async fn list(pool: &PgPool) -> Result<Vec<Account>, Refusal> {
    Ok(accounts::all(pool).await?)
}

/// Disables a local account and ends its sessions. From the console the last administrator may be disabled as well: the
/// console can always make another.
///
/// # Errors
/// When there is no such account, or the database does not answer.
pub async fn disable(pool: &PgPool, email: &str, actor: &Who<'_>) -> Result<(), Refusal> {
    let mut transaction = pool.begin().await?;
    accounts::one_at_a_time(&mut transaction).await?;
    let (id, ..) = accounts::local(&mut *transaction, email).await?.ok_or(Refusal::Unknown)?;
    let account = accounts::find(&mut *transaction, id).await?.ok_or(Refusal::Unknown)?;
    if account.disabled_at.is_some() {
        return Err(Refusal::Disabled);
    }
    accounts::change(&mut transaction, id, account.version, account.role, account.organisation_id, true).await?;
    sessions::end_all(&mut *transaction, id).await?;
    let about = Who { account: Some(id), name: email };
    let event = events::New { kind: Kind::AccountDisabled, about, actor: *actor, address: "", detail: "" };
    events::record(&mut *transaction, &event).await?;
    commit(pool, transaction).await?;
    Ok(())
}

/// Makes the first administrator of a catalogue that has no account; the link by which to sign in.
pub async fn first_administrator(pool: &PgPool, origin: &str) -> Result<Option<Link>, Refusal> {
    if accounts::any(pool).await? {
        return Ok(None);
    }
    add(pool, origin, FIRST, Role::Administrator, &Who { account: None, name: "image-catalogue" }).await.map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_is_plain() {
        assert_eq!(email(" Ada@Example.CA "), Some("ada@example.ca".to_owned()));
        for wrong in ["", "ada", "@x", "ada@", "a@b@c", "é@example.ca", "a b@c", "<a@b>", "a@b\r\nx"] {
            assert_eq!(email(wrong), None, "{wrong}");
        }
    }
}
