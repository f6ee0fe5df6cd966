//! SQL about security events: who did what to whose account, when, from which address.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::codes::codes;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    SignedIn,
    /// A local account was used: break-glass.
    LocalUsed,
    LinkUsed,
    Refused,
    Throttled,
    SignedOut,
    SessionsEnded,
    AccountMade,
    AccountChanged,
    AccountDisabled,
    AccountEnabled,
    RoleChanged,
    LinkMade,
    Forbidden,
    /// A token of a program was made, ended, or brought though it does not count.
    TokenMade,
    TokenEnded,
    TokenRefused,
}

impl Kind {
    /// As in the database; its words are `event-` and this.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::SignedIn => "signed-in",
            Kind::LocalUsed => "local-used",
            Kind::LinkUsed => "link-used",
            Kind::Refused => "refused",
            Kind::Throttled => "throttled",
            Kind::SignedOut => "signed-out",
            Kind::SessionsEnded => "sessions-ended",
            Kind::AccountMade => "account-made",
            Kind::AccountChanged => "account-changed",
            Kind::AccountDisabled => "account-disabled",
            Kind::AccountEnabled => "account-enabled",
            Kind::RoleChanged => "role-changed",
            Kind::LinkMade => "link-made",
            Kind::Forbidden => "forbidden",
            Kind::TokenMade => "token-made",
            Kind::TokenEnded => "token-ended",
            Kind::TokenRefused => "token-refused",
        }
    }
}

codes!(
    /// What happened, as a row has it.
    Happened, "security_events", "event",
    [
        "signed-in", "local-used", "link-used", "refused", "throttled", "signed-out", "sessions-ended", "account-made",
        "account-changed", "account-disabled", "account-enabled", "role-changed", "link-made", "forbidden", "token-made",
        "token-ended", "token-refused",
    ]
);

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
    pub event: Happened,
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
    .bind(event.kind.code())
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
