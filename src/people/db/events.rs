//! SQL about security events: who did what to whose account, when, from which address.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::codes::codes;
use crate::i18n::Lang;

codes! {
    /// What happened.
    pub enum Kind("security_events.event", code, label) {
        SignedIn("signed-in", "event-signed-in"),
        /// A local account was used: break-glass.
        LocalUsed("local-used", "event-local-used"),
        LinkUsed("link-used", "event-link-used"),
        Refused("refused", "event-refused"),
        Throttled("throttled", "event-throttled"),
        SignedOut("signed-out", "event-signed-out"),
        SessionsEnded("sessions-ended", "event-sessions-ended"),
        AccountMade("account-made", "event-account-made"),
        AccountChanged("account-changed", "event-account-changed"),
        AccountDisabled("account-disabled", "event-account-disabled"),
        AccountEnabled("account-enabled", "event-account-enabled"),
        RoleChanged("role-changed", "event-role-changed"),
        LinkMade("link-made", "event-link-made"),
        Forbidden("forbidden", "event-forbidden"),
        /// A token of a program was made, ended, or brought though it does not count.
        TokenMade("token-made", "event-token-made"),
        TokenEnded("token-ended", "event-token-ended"),
        TokenRefused("token-refused", "event-token-refused"),
    }
}

/// A person as an event names one: the account's number where there is one, and a name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Who<'a> {
    pub account: Option<i64>,
    pub name: &'a str,
}

/// An event to record.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub kind: Kind,
    /// Whose account it is about.
    pub about: Who<'a>,
    pub actor: Who<'a>,
    /// From which address; empty where that is not known.
    pub address: &'a str,
    pub detail: &'a str,
}

/// An event as administrators read it.
#[derive(Clone, Debug, FromRow)]
pub struct Event {
    pub at: DateTime<Utc>,
    pub event: Kind,
    pub account: String,
    pub actor: String,
    pub address: String,
    pub detail: String,
}

/// Records an event. Who is refused or slowed down again at the same place within a
/// minute is recorded once.
pub async fn record(db: impl PgExecutor<'_>, event: &New<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "insert into security_events (event, account_id, account, actor_id, actor, address, detail)
         select $1, $2, $3, $4, $5, $6, $7
         where $1 not in ('forbidden', 'throttled', 'token-refused') or not exists (select from security_events
             where at > now() - interval '1 minute' and event = $1 and account_id is not distinct from $2
               and address = $6 and detail = $7)",
    )
    .bind(event.kind)
    .bind(event.about.account)
    .bind(event.about.name)
    .bind(event.actor.account)
    .bind(event.actor.name)
    .bind(event.address)
    .bind(event.detail)
    .execute(db)
    .await?;
    Ok(())
}

/// The newest events, of one account or of all.
pub async fn recent(pool: &PgPool, account: Option<i64>, most: i64) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as(
        "select at, event, account, actor, address, detail from security_events
         where $1::bigint is null or account_id = $1 order by id desc limit $2",
    )
    .bind(account)
    .bind(most)
    .fetch_all(pool)
    .await
}
