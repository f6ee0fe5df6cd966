//! Every SQL statement about mail: writing it, handing it over, forgetting it; what staff see of it (seen).

pub mod seen;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, PgConnection, PgPool};

use crate::codes::codes;
use crate::i18n::Lang;

codes! {
    /// Where a mail is.
    pub enum State("mails.state", code, label, badge) {
        Waiting("waiting", "mail-waiting", "badge-neutral"),
        Sent("sent", "mail-sent", "badge-ok"),
        Dead("dead", "mail-dead", "badge-passed"),
    }
}
codes! {
    /// What a mail is about.
    pub enum Kind("mails.kind", code, label) {
        Request("request", "mail-of-request"),
        Feedback("feedback", "mail-of-feedback"),
        Reminder("reminder", "mail-of-reminder"),
        Watch("watch", "mail-of-watch"),
        Report("report", "mail-of-report"),
        Test("test", "mail-of-test"),
    }
}
codes! {
    /// What became of a mail.
    pub enum Became("mail_events.event", code, label) {
        Sent("sent", "mail-event-sent"),
        PutOff("put-off", "mail-event-put-off"),
        Dead("dead", "mail-event-dead"),
        Again("again", "mail-event-again"),
    }
}

/// A mail as it is written to the outbox.
pub struct New<'a> {
    pub key: &'a str,
    pub kind: Kind,
    pub recipient: &'a str,
    pub lang: Option<Lang>,
    pub subject: &'a str,
    pub plain: &'a str,
    pub html: &'a str,
    pub unsubscribe: Option<&'a str>,
    /// The number of the file that it carries.
    pub file: Option<i64>,
}

/// A file before it is kept.
pub struct NewFile<'a> {
    pub name: &'a str,
    pub content_type: &'a str,
    pub bytes: &'a [u8],
}

/// Keeps a file for mails to carry; its number.
///
/// # Errors
/// When the database does not answer or the file is too large.
pub async fn insert(db: &mut PgConnection, file: &NewFile<'_>) -> sqlx::Result<i64> {
    let kept = sqlx::query_scalar(
        "insert into mail_files (name, content_type, bytes, size) values ($1, $2, $3, octet_length($3)) returning id",
    );
    kept.bind(file.name).bind(file.content_type).bind(file.bytes).fetch_one(db).await
}

/// Writes a mail to the outbox; whether its key was new.
pub async fn upsert(db: &mut PgConnection, new: &New<'_>) -> sqlx::Result<bool> {
    let put = sqlx::query(
        "insert into mails (key, kind, recipient, lang, subject, plain, html, unsubscribe, file_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict on constraint mails_told_once do nothing",
    )
    .bind(new.key)
    .bind(new.kind)
    .bind(new.recipient)
    .bind(new.lang)
    .bind(new.subject)
    .bind(new.plain)
    .bind(new.html)
    .bind(new.unsubscribe)
    .bind(new.file)
    .execute(db)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// The mail about this that waits for more to tell: its number and what it tells. It is not handed over meanwhile.
pub async fn waiting(db: &mut PgConnection, about: &str) -> sqlx::Result<Option<(i64, Value)>> {
    sqlx::query_as(
        "select id, joined from mails
         where joins = $1 and state = 'waiting' and tries = 0 and claimed_until is null and next_try_at > clock_timestamp()
         order by id desc limit 1 for update",
    )
    .bind(about)
    .fetch_optional(db)
    .await
}

/// Lets a mail that is new wait so many minutes for more to tell.
pub async fn let_wait(db: &mut PgConnection, key: &str, about: &str, told: &Value, minutes: i32) -> sqlx::Result<()> {
    let waits = sqlx::query(
        "update mails set joins = $2, joined = $3, next_try_at = clock_timestamp() + make_interval(mins => $4)
         where key = $1",
    );
    waits.bind(key).bind(about).bind(told).bind(minutes).execute(db).await.map(drop)
}

/// Writes a mail that waits anew.
pub async fn rewrite(
    db: &mut PgConnection,
    id: i64,
    subject: &str,
    plain: &str,
    html: &str,
    told: &Value,
) -> sqlx::Result<()> {
    let written = sqlx::query("update mails set subject = $2, plain = $3, html = $4, joined = $5 where id = $1");
    written.bind(id).bind(subject).bind(plain).bind(html).bind(told).execute(db).await.map(drop)
}

/// A mail that this instance is handing over.
#[derive(Clone, Debug, FromRow)]
pub struct Claimed {
    pub id: i64,
    pub recipient: String,
    pub lang: Option<Lang>,
    pub subject: String,
    pub plain: String,
    pub html: String,
    pub unsubscribe: Option<String>,
    pub message_id: String,
    /// Tries before this one.
    pub tries: i32,
    pub made_at: DateTime<Utc>,
    /// When the claim ends; by it the claim is known.
    pub lease: DateTime<Utc>,
    /// The file that it carries: its name, what kind it is, its bytes.
    pub file_name: Option<String>,
    pub file_type: Option<String>,
    pub file_bytes: Option<Vec<u8>>,
}

/// Claims the mail that is due and has waited longest, for two minutes: longer than a try and its note may take.
pub async fn claim(pool: &PgPool) -> sqlx::Result<Option<Claimed>> {
    sqlx::query_as(
        "update mails set claimed_until = clock_timestamp() + interval '2 minutes'
         where id = (select id from mails
                     where state = 'waiting' and next_try_at <= clock_timestamp()
                       and (claimed_until is null or claimed_until <= clock_timestamp())
                     order by next_try_at, id limit 1 for update skip locked)
         returning id, recipient, lang, subject, plain, html, unsubscribe, message_id::text, tries, made_at, claimed_until as lease,
                   (select f.name from mail_files f where f.id = file_id) as file_name,
                   (select f.content_type from mail_files f where f.id = file_id) as file_type,
                   (select f.bytes from mail_files f where f.id = file_id) as file_bytes",
    )
    .fetch_optional(pool)
    .await
}

/// Notes that a mail was handed over.
pub async fn sent(pool: &PgPool, mail: &Claimed) -> sqlx::Result<()> {
    let noted = sqlx::query(
        "with noted as (
             update mails set state = 'sent', ended_at = clock_timestamp(), tries = tries + 1, claimed_until = null
             where id = $1 and state <> 'sent' returning id)
         insert into mail_events (mail_id, event) select id, 'sent' from noted",
    );
    noted.bind(mail.id).execute(pool).await.map(|_| ())
}

/// Notes that a mail was not taken for now, and after how many minutes it is tried again.
pub async fn put_off(pool: &PgPool, mail: &Claimed, minutes: i32, answer: &str) -> sqlx::Result<()> {
    let noted = sqlx::query(
        "with noted as (
             update mails set tries = tries + 1, claimed_until = null,
                    next_try_at = clock_timestamp() + make_interval(mins => $3)
             where id = $1 and state = 'waiting' and claimed_until = $2 returning id)
         insert into mail_events (mail_id, event, detail) select id, 'put-off', $4 from noted",
    );
    noted.bind(mail.id).bind(mail.lease).bind(minutes).bind(answer).execute(pool).await.map(|_| ())
}

/// Notes that a mail will not be taken: it is dead until somebody sends it again.
pub async fn died(pool: &PgPool, mail: &Claimed, answer: &str) -> sqlx::Result<()> {
    let noted = sqlx::query(
        "with noted as (
             update mails set state = 'dead', ended_at = clock_timestamp(), tries = tries + 1, claimed_until = null
             where id = $1 and state = 'waiting' and claimed_until = $2 returning id)
         insert into mail_events (mail_id, event, detail) select id, 'dead', $3 from noted",
    );
    noted.bind(mail.id).bind(mail.lease).bind(answer).execute(pool).await.map(|_| ())
}

/// Gives a mail back that the server could not be asked about: no try of its own is lost. What the server answered is
/// noted once, however often it answers the same.
pub async fn gave_back(pool: &PgPool, mail: &Claimed, answer: &str) -> sqlx::Result<()> {
    let noted = sqlx::query(
        "with noted as (
             update mails set claimed_until = null where id = $1 and state = 'waiting' and claimed_until = $2 returning id)
         insert into mail_events (mail_id, event, detail)
         select id, 'put-off', $3 from noted
         where (select e.detail from mail_events e where e.mail_id = $1 order by e.id desc limit 1) is distinct from $3",
    );
    noted.bind(mail.id).bind(mail.lease).bind(answer).execute(pool).await.map(|_| ())
}

/// Forgets to whom mails went, what they said and carried, 90 days after they were sent. Their keys stay, so that nothing is told
/// twice.
pub async fn forget(pool: &PgPool) -> sqlx::Result<()> {
    let forgotten = sqlx::query(
        "update mails set recipient = '', plain = '', html = '', unsubscribe = null, joins = null, joined = null
         where state = 'sent' and recipient <> '' and ended_at < clock_timestamp() - interval '90 days'",
    );
    forgotten.execute(pool).await?;
    let emptied = sqlx::query(
        "update mail_files f set bytes = ''
         where bytes <> '' and not exists (select from mails m where m.file_id = f.id and m.recipient <> '')",
    );
    emptied.execute(pool).await.map(|_| ())
}
