//! What staff see of mails, and sending the dead again.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgPool};

use super::{Became, Kind, State};
use crate::i18n::Lang;

/// Which mails staff want to see.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub state: Option<State>,
    pub kind: Option<Kind>,
    /// Part of the recipient's address.
    pub to: Option<String>,
}

/// A mail in the list.
#[derive(Clone, Debug, FromRow)]
pub struct Seen {
    pub id: i64,
    pub kind: Kind,
    pub recipient: String,
    pub lang: Option<Lang>,
    pub subject: String,
    pub state: State,
    pub made_at: DateTime<Utc>,
    /// When it was sent or died.
    pub ended_at: Option<DateTime<Utc>>,
    /// What the server last answered where it did not take it.
    pub answer: Option<String>,
    /// Whether it carries a file.
    pub has_file: bool,
}

/// The newest mails of those that are asked for, before one of them.
pub async fn list(pool: &PgPool, asked: &Asked, before: Option<i64>, most: i64) -> sqlx::Result<Vec<Seen>> {
    sqlx::query_as(
        "select id, kind, recipient, lang, subject, state, made_at, ended_at, file_id is not null as has_file,
                (select e.detail from mail_events e where e.mail_id = m.id order by e.id desc limit 1) as answer
         from mails m
         where ($1::text is null or state = $1) and ($2::text is null or kind = $2)
           and ($3::text is null or position(lower($3) in lower(recipient)) > 0) and id < $4
         order by id desc limit $5",
    )
    .bind(asked.state)
    .bind(asked.kind)
    .bind(&asked.to)
    .bind(before.unwrap_or(i64::MAX))
    .bind(most)
    .fetch_all(pool)
    .await
}

/// How many there are in each state, of those of a kind and a recipient.
pub async fn counts(pool: &PgPool, asked: &Asked) -> sqlx::Result<Vec<(State, i64)>> {
    sqlx::query_as(
        "select state, count(*) from mails
         where ($1::text is null or kind = $1) and ($2::text is null or position(lower($2) in lower(recipient)) > 0)
         group by state",
    )
    .bind(asked.kind)
    .bind(&asked.to)
    .fetch_all(pool)
    .await
}

/// The kinds of mail that there are.
pub async fn kinds(pool: &PgPool) -> sqlx::Result<Vec<Kind>> {
    sqlx::query_scalar("select distinct kind from mails order by kind").fetch_all(pool).await
}

/// A mail as kept.
#[derive(Clone, Debug, FromRow)]
pub struct Kept {
    pub kind: Kind,
    pub recipient: String,
    pub lang: Option<Lang>,
    pub subject: String,
    pub plain: String,
    pub state: State,
    pub made_at: DateTime<Utc>,
    pub next_try_at: DateTime<Utc>,
    /// The file that it carries: its name and its size in bytes.
    pub file_name: Option<String>,
    pub file_size: Option<i64>,
}

/// One mail.
pub async fn find(pool: &PgPool, id: i64) -> sqlx::Result<Option<Kept>> {
    let one = sqlx::query_as(
        "select m.kind, m.recipient, m.lang, m.subject, m.plain, m.state, m.made_at, m.next_try_at,
                f.name as file_name, f.size as file_size
         from mails m left join mail_files f on f.id = m.file_id where m.id = $1",
    );
    one.bind(id).fetch_optional(pool).await
}

/// Something that became of a mail.
#[derive(Clone, Debug, FromRow)]
pub struct Event {
    pub at: DateTime<Utc>,
    pub became: Became,
    pub detail: String,
    pub actor: String,
}

/// What became of a mail, in order.
pub async fn events(pool: &PgPool, mail: i64) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as("select at, event as became, detail, actor from mail_events where mail_id = $1 order by id")
        .bind(mail)
        .fetch_all(pool)
        .await
}

/// Lets dead mails wait to be sent again, and notes by whom; how many were dead.
pub async fn again(pool: &PgPool, mails: &[i64], account: i64, actor: &str) -> sqlx::Result<u64> {
    let noted = sqlx::query(
        "with noted as (
             update mails set state = 'waiting', ended_at = null, tries = 0, next_try_at = clock_timestamp()
             where id = any($1) and state = 'dead' returning id)
         insert into mail_events (mail_id, event, account_id, actor) select id, 'again', $2, $3 from noted",
    );
    Ok(noted.bind(mails).bind(account).bind(actor).execute(pool).await?.rows_affected())
}
