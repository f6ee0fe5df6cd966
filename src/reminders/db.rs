//! Every SQL statement about reminders.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, PgConnection, PgPool};

use crate::i18n::Lang;

/// Who answers for an organisation's licences.
#[derive(Clone, Debug, FromRow)]
pub struct Owner {
    pub id: i64,
    pub organisation_id: i64,
    pub email: String,
    pub lang: Option<Lang>,
    pub added_at: DateTime<Utc>,
    pub added_by: String,
}

/// The owners, in the order in which they were added.
pub async fn owners(pool: &PgPool) -> sqlx::Result<Vec<Owner>> {
    sqlx::query_as(
        "select id, organisation_id, email, lang, added_at, added_by from renewal_owners
         where removed_at is null order by id",
    )
    .fetch_all(pool)
    .await
}

/// Adds an owner; whether it was not there.
pub async fn add_owner(
    pool: &PgPool,
    organisation: i64,
    email: &str,
    lang: Option<Lang>,
    by: &str,
) -> sqlx::Result<bool> {
    let added = sqlx::query(
        "insert into renewal_owners (organisation_id, email, lang, added_by) values ($1, $2, $3, $4) on conflict do nothing",
    );
    let added = added.bind(organisation).bind(email).bind(lang).bind(by).execute(pool).await?;
    Ok(added.rows_affected() == 1)
}

/// Removes an owner, and notes by whom.
pub async fn remove_owner(pool: &PgPool, id: i64, by: &str) -> sqlx::Result<()> {
    let removed = sqlx::query(
        "update renewal_owners set removed_at = clock_timestamp(), removed_by = $2 where id = $1 and removed_at is null",
    );
    removed.bind(id).bind(by).execute(pool).await.map(|_| ())
}

/// The accounts that want no reminders.
pub async fn unwilling(pool: &PgPool) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "select account_id from (select distinct on (account_id) account_id, wanted from reminder_wishes
                                 order by account_id, id desc) last
         where not wanted",
    )
    .fetch_all(pool)
    .await
}

/// Notes whether an account wants reminders.
pub async fn wish(pool: &PgPool, account: i64, wanted: bool) -> sqlx::Result<()> {
    let noted = sqlx::query("insert into reminder_wishes (account_id, wanted) values ($1, $2)");
    noted.bind(account).bind(wanted).execute(pool).await.map(|_| ())
}

/// The last stage of a date that a recipient was told.
#[derive(Clone, Debug, FromRow)]
pub struct Told {
    pub recipient: String,
    pub line_id: i64,
    pub renewal_date: NaiveDate,
    pub stage: i32,
}

/// What one recipient, or each, was told.
pub async fn told(db: &mut PgConnection, recipient: Option<&str>) -> sqlx::Result<Vec<Told>> {
    sqlx::query_as(
        "select recipient, line_id, renewal_date, min(stage) as stage from reminders_told
         where $1::text is null or recipient = $1 group by recipient, line_id, renewal_date",
    )
    .bind(recipient)
    .fetch_all(db)
    .await
}

/// Opens a recipient's digest of a day; none where there is one already. Another instance that does the same waits.
pub async fn open(db: &mut PgConnection, recipient: &str, day: NaiveDate, email: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "insert into reminder_digests (recipient, day, email, lines) values ($1, $2, $3, 0)
         on conflict on constraint reminder_digests_one_a_day do nothing returning id",
    )
    .bind(recipient)
    .bind(day)
    .bind(email)
    .fetch_optional(db)
    .await
}

/// Notes what a digest tells: lines, their dates, their stages.
pub async fn tell(
    db: &mut PgConnection,
    digest: i64,
    recipient: &str,
    told: &[(i64, NaiveDate, i64)],
) -> sqlx::Result<()> {
    sqlx::query(
        "with noted as (update reminder_digests set lines = cardinality($3::bigint[]) where id = $1)
         insert into reminders_told (digest_id, recipient, line_id, renewal_date, stage)
         select $1, $2, * from unnest($3::bigint[], $4::date[], $5::integer[])",
    )
    .bind(digest)
    .bind(recipient)
    .bind(told.iter().map(|(line, ..)| *line).collect::<Vec<_>>())
    .bind(told.iter().map(|(_, date, _)| *date).collect::<Vec<_>>())
    .bind(told.iter().map(|(.., stage)| i32::try_from(*stage).unwrap_or(i32::MIN)).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// A digest that was written.
#[derive(Clone, Debug, FromRow)]
pub struct Digest {
    pub id: i64,
    pub day: NaiveDate,
    pub email: String,
    pub lines: i32,
    /// The images that it told of.
    pub images: Vec<String>,
}

/// The newest digests from a day on, before one of them.
pub async fn digests(pool: &PgPool, from: NaiveDate, before: Option<i64>, most: i64) -> sqlx::Result<Vec<Digest>> {
    sqlx::query_as(
        "select d.id, d.day, d.email, d.lines,
                array(select distinct i.name from reminders_told t join lines l on l.id = t.line_id
                      join images i on i.id = l.image_id where t.digest_id = d.id order by i.name) as images
         from reminder_digests d where d.day >= $1 and d.id < $2 order by d.id desc limit $3",
    )
    .bind(from)
    .bind(before.unwrap_or(i64::MAX))
    .bind(most)
    .fetch_all(pool)
    .await
}
