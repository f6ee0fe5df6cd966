//! Every SQL statement about who sends forms without an account.

use sqlx::{FromRow, PgConnection, PgPool};

use crate::codes::codes;

codes! {
    /// A form that anybody may send.
    pub enum Kind("submissions.form", code) {
        Request("request"),
        /// A request that is changed by its private link.
        Change("change"),
        Feedback("feedback"),
        Follow("follow"),
        Suggestion("suggestion"),
    }
}

/// What a sender is counted by: keyed hashes, each where it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The network, or the account of whoever has signed in.
    pub sender: Option<Vec<u8>>,
    pub mailbox: Option<Vec<u8>>,
    pub domain: Option<Vec<u8>>,
}

/// How much of a form was kept, and after how many seconds the oldest of it counts no more.
#[derive(Clone, Debug, FromRow)]
pub struct Counts {
    pub sender_hour: i64,
    pub sender_hour_wait: i64,
    pub sender_day: i64,
    pub sender_day_wait: i64,
    pub mailbox_day: i64,
    pub mailbox_day_wait: i64,
    pub domain_hour: i64,
    pub domain_hour_wait: i64,
}

/// What waits for somebody: in all, of one sender and of one domain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Waiting {
    pub all: i64,
    pub of_sender: i64,
    pub of_domain: i64,
}

/// The secret of this catalogue that forms are counted by.
pub async fn secret(pool: &PgPool) -> sqlx::Result<Vec<u8>> {
    sqlx::query_scalar("select value from secrets where name = 'forms'").fetch_one(pool).await
}

/// How much of a form was kept of these senders. Whoever else sends the form waits until the transaction ends.
pub async fn counts(db: &mut PgConnection, form: Kind, marks: &Marks) -> sqlx::Result<Counts> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('submissions-' || $1))").bind(form).execute(&mut *db).await?;
    sqlx::query_as(
        "with moment as (select clock_timestamp() as now),
              recent as (select s.*, s.sent_at > m.now - interval '1 hour' as is_of_hour,
                                ceil(extract(epoch from s.sent_at + interval '1 day' - m.now))::bigint as left_of_day
                         from submissions s, moment m
                         where s.form = $1 and s.sent_at > m.now - interval '1 day'
                           and (s.sender = $2 or s.mailbox = $3 or s.domain = $4))
         select count(*) filter (where sender = $2 and is_of_hour) as sender_hour,
                coalesce(min(left_of_day) filter (where sender = $2 and is_of_hour), 0) - 82800 as sender_hour_wait,
                count(*) filter (where sender = $2) as sender_day,
                coalesce(min(left_of_day) filter (where sender = $2), 0) as sender_day_wait,
                count(*) filter (where mailbox = $3) as mailbox_day,
                coalesce(min(left_of_day) filter (where mailbox = $3), 0) as mailbox_day_wait,
                count(*) filter (where domain = $4 and is_of_hour) as domain_hour,
                coalesce(min(left_of_day) filter (where domain = $4 and is_of_hour), 0) - 82800 as domain_hour_wait
         from recent",
    )
    .bind(form)
    .bind(&marks.sender)
    .bind(&marks.mailbox)
    .bind(&marks.domain)
    .fetch_one(db)
    .await
}

/// Counts what is kept in this transaction.
pub async fn count(db: &mut PgConnection, form: Kind, marks: &Marks) -> sqlx::Result<()> {
    let counted = sqlx::query("insert into submissions (form, sender, mailbox, domain) values ($1, $2, $3, $4)");
    let counted = counted.bind(form).bind(&marks.sender).bind(&marks.mailbox).bind(&marks.domain);
    counted.execute(db).await.map(|_| ())
}

/// Forgets who sent what more than a day ago.
pub async fn sweep(pool: &PgPool) -> sqlx::Result<()> {
    let swept = sqlx::query("delete from submissions where sent_at < clock_timestamp() - interval '1 day'");
    swept.execute(pool).await.map(|_| ())
}
