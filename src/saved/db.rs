//! Every SQL statement about saved reports.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool, Row};

use super::definition::{Definition, Saved};
use super::period::Period;
use super::source::Source;
use crate::codes::{codes, known};
use crate::i18n::Lang;
use crate::web::visitor::Person;

codes! {
    /// What somebody did with a saved report: what its page lists, and what it says right after.
    pub enum Happened("saved_report_events.kind", code, label, done) {
        Made("made", "event-saved-made", "saved-done-made"),
        Changed("changed", "event-saved-changed", "saved-done-changed"),
        Left("left", "event-saved-left", "saved-done-left"),
        Ended("ended", "event-saved-ended", "saved-done-ended"),
        Restored("restored", "event-saved-restored", "saved-done-restored"),
        Sent("sent", "event-saved-sent", "saved-done-sent"),
        Mailed("mailed", "event-saved-mailed", "saved-done-sent"),
    }
}

/// Fields with their values, in order.
pub type Fields = Vec<(String, String)>;

impl FromRow<'_, PgRow> for Saved {
    fn from_row(row: &PgRow) -> sqlx::Result<Saved> {
        let text = |column: &str| row.try_get::<String, _>(column);
        let (from, to) = (row.try_get("day_from")?, row.try_get("day_to")?);
        let definition = Definition {
            name: text("name")?,
            source: known("saved_reports.report", &text("report")?, Source::from_code)?,
            table: text("table_key")?,
            filters: text("filters")?,
            period: known("saved_reports.period", &text("period")?, |code| Period::from_code(code, from, to))?,
            columns: row.try_get("columns")?,
            lang: row.try_get("lang")?,
            format: row.try_get("format")?,
            recipients: row.try_get("recipients")?,
        };
        Ok(Saved {
            id: row.try_get("id")?,
            definition,
            made_by: row.try_get("made_by")?,
            made_at: row.try_get("made_at")?,
            version: row.try_get("version")?,
            monthly_since: row.try_get("monthly_since")?,
            ended_at: row.try_get("ended_at")?,
            mailed_at: row.try_get("mailed_at")?,
            mailed_month: row.try_get("mailed_month")?,
            recipient_names: row.try_get("recipient_names")?,
        })
    }
}

macro_rules! saved {
    ($rest:literal) => {
        concat!(
            "select r.*,
                    array(select p.account_id from saved_report_recipients p
                          where p.report_id = r.id order by p.account_id) as recipients,
                    array(select a.name from saved_report_recipients p join accounts a on a.id = p.account_id
                          where p.report_id = r.id order by lower(a.name), a.id) as recipient_names,
                    (select max(e.at) from saved_report_events e where e.report_id = r.id and e.month is not null) as mailed_at,
                    (select max(e.month) from saved_report_events e where e.report_id = r.id) as mailed_month
             from saved_reports r ",
            $rest
        )
    };
}

/// The newest saved reports before one of them: those that go on, or those that were ended.
pub async fn list(pool: &PgPool, is_ended: bool, before: Option<i64>, most: i64) -> sqlx::Result<Vec<Saved>> {
    sqlx::query_as(saved!("where (r.ended_at is not null) = $1 and r.id < $2 order by r.id desc limit $3"))
        .bind(is_ended)
        .bind(before.unwrap_or(i64::MAX))
        .bind(most)
        .fetch_all(pool)
        .await
}

/// Those that somebody gets every month.
pub async fn monthly(pool: &PgPool) -> sqlx::Result<Vec<Saved>> {
    sqlx::query_as(saved!("where r.monthly_since is not null and r.ended_at is null order by r.id"))
        .fetch_all(pool)
        .await
}

/// One saved report.
pub async fn find(db: &mut PgConnection, id: i64) -> sqlx::Result<Option<Saved>> {
    sqlx::query_as(saved!("where r.id = $1")).bind(id).fetch_optional(db).await
}

/// One saved report, which nobody else changes until the transaction ends.
pub async fn hold(db: &mut PgConnection, id: i64) -> sqlx::Result<Option<Saved>> {
    sqlx::query("select from saved_reports where id = $1 for update").bind(id).execute(&mut *db).await?;
    find(db, id).await
}

/// Adds a saved report; its number.
pub async fn add(db: &mut PgConnection, new: &Definition, by: &Person, at: DateTime<Utc>) -> sqlx::Result<i64> {
    let (from, to) = new.period.days();
    let id = sqlx::query_scalar(
        "insert into saved_reports (name, report, table_key, filters, period, day_from, day_to, columns, lang, format,
                                    owner_id, made_by, made_at, monthly_since)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, case when $14 then $13 end) returning id",
    )
    .bind(&new.name)
    .bind(new.source.code())
    .bind(&new.table)
    .bind(&new.filters)
    .bind(new.period.code())
    .bind(from)
    .bind(to)
    .bind(&new.columns)
    .bind(new.lang)
    .bind(new.format)
    .bind(by.account)
    .bind(&by.name)
    .bind(at)
    .bind(!new.recipients.is_empty())
    .fetch_one(&mut *db)
    .await?;
    put_recipients(db, id, &new.recipients).await?;
    Ok(id)
}

/// Changes a saved report.
pub async fn change(db: &mut PgConnection, id: i64, to: &Definition, at: DateTime<Utc>) -> sqlx::Result<()> {
    let (first, last) = to.period.days();
    sqlx::query(
        "update saved_reports set name = $2, filters = $3, period = $4, day_from = $5, day_to = $6, columns = $7,
                lang = $8, format = $9, version = version + 1,
                monthly_since = case when $10 then coalesce(monthly_since, $11) end
         where id = $1",
    )
    .bind(id)
    .bind(&to.name)
    .bind(&to.filters)
    .bind(to.period.code())
    .bind(first)
    .bind(last)
    .bind(&to.columns)
    .bind(to.lang)
    .bind(to.format)
    .bind(!to.recipients.is_empty())
    .bind(at)
    .execute(&mut *db)
    .await?;
    put_recipients(db, id, &to.recipients).await
}

async fn put_recipients(db: &mut PgConnection, id: i64, accounts: &[i64]) -> sqlx::Result<()> {
    sqlx::query("delete from saved_report_recipients where report_id = $1 and account_id <> all($2)")
        .bind(id)
        .bind(accounts)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "insert into saved_report_recipients (report_id, account_id) select $1, unnest($2::bigint[])
         on conflict on constraint saved_report_recipients_pk do nothing",
    )
    .bind(id)
    .bind(accounts)
    .execute(db)
    .await?;
    Ok(())
}

/// Ends a saved report, or brings it back: what was missed meanwhile is not mailed.
pub async fn end(db: &mut PgConnection, id: i64, is_ended: bool, at: DateTime<Utc>) -> sqlx::Result<()> {
    let ended = sqlx::query(
        "update saved_reports set ended_at = case when $2 then $3 end, version = version + 1,
                monthly_since = case when monthly_since is not null then $3 end
         where id = $1",
    );
    ended.bind(id).bind(is_ended).bind(at).execute(db).await.map(|_| ())
}

/// Something that was done with a saved report.
pub struct NewEvent<'a> {
    pub report: i64,
    pub at: DateTime<Utc>,
    /// None: the program.
    pub by: Option<&'a Person>,
    pub kind: Happened,
    /// Why.
    pub words: &'a str,
    pub before: Option<Fields>,
    pub after: Option<Fields>,
    /// The month for which it was mailed.
    pub month: Option<NaiveDate>,
    pub form_key: Option<&'a str>,
}

/// Notes what was done; whether it was not noted before.
pub async fn note(db: &mut PgConnection, event: &NewEvent<'_>) -> sqlx::Result<bool> {
    let noted = sqlx::query(
        "insert into saved_report_events (report_id, at, actor, account_id, kind, words, before, after, month, form_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
    )
    .bind(event.report)
    .bind(event.at)
    .bind(event.by.map_or("", |person| &person.name))
    .bind(event.by.map(|person| person.account))
    .bind(event.kind)
    .bind(event.words)
    .bind(event.before.as_ref().map(Json))
    .bind(event.after.as_ref().map(Json))
    .bind(event.month)
    .bind(event.form_key)
    .execute(db)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// What was done with a saved report.
#[derive(Clone, Debug, FromRow)]
pub struct Event {
    pub at: DateTime<Utc>,
    pub actor: String,
    pub kind: Happened,
    pub words: String,
    pub before: Option<Json<Fields>>,
    pub after: Option<Json<Fields>>,
}

/// What was done with a saved report, the newest first.
pub async fn events(db: &mut PgConnection, report: i64, most: i64) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as(
        "select at, actor, kind, words, before, after from saved_report_events where report_id = $1
         order by id desc limit $2",
    )
    .bind(report)
    .bind(most)
    .fetch_all(db)
    .await
}

/// The saved report that a form was written to before.
pub async fn sent_before(db: &mut PgConnection, key: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("select report_id from saved_report_events where form_key = $1")
        .bind(key)
        .fetch_optional(db)
        .await
}
