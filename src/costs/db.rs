//! Every SQL statement about prices.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, PgPool};

/// A price as it was entered.
#[derive(Clone, Debug, FromRow)]
pub struct Price {
    pub id: i64,
    /// None: the whole catalogue.
    pub image_id: Option<i64>,
    /// In cents, for one term; none: no price from that day on.
    pub cents: Option<i64>,
    pub months: i32,
    pub valid_from: NaiveDate,
    pub source: String,
    pub entered_at: DateTime<Utc>,
    pub entered_by: String,
}

impl Price {
    /// What it comes to in a year, in cents, rounded.
    pub fn a_year(&self) -> i64 {
        let months = i64::from(self.months).max(1);
        (self.cents.unwrap_or_default() * 12 + months / 2) / months
    }
}

/// A price before it is kept.
pub struct NewPrice<'p> {
    pub image_id: Option<i64>,
    pub cents: Option<i64>,
    pub months: i32,
    pub valid_from: NaiveDate,
    pub source: &'p str,
    pub account: i64,
    pub entered_by: &'p str,
    pub form_key: &'p str,
}

/// Keeps a price. One that was sent before is not kept again.
pub async fn insert(pool: &PgPool, price: &NewPrice<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "insert into prices (image_id, cents, months, valid_from, source, account_id, entered_by, form_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (form_key) do nothing",
    )
    .bind(price.image_id)
    .bind(price.cents)
    .bind(price.months)
    .bind(price.valid_from)
    .bind(price.source)
    .bind(price.account)
    .bind(price.entered_by)
    .bind(price.form_key)
    .execute(pool)
    .await?;
    Ok(())
}

/// The prices in force on a day, each image's newest; that of the whole catalogue last.
pub async fn in_force(pool: &PgPool, day: NaiveDate) -> sqlx::Result<Vec<Price>> {
    sqlx::query_as(
        "select * from (
           select distinct on (image_id) id, image_id, cents, months, valid_from, source, entered_at, entered_by
           from prices where valid_from <= $1 order by image_id, valid_from desc, id desc) newest
         where cents is not null order by image_id",
    )
    .bind(day)
    .fetch_all(pool)
    .await
}

/// Every entry before one, the newest first.
pub async fn entries(pool: &PgPool, before: Option<i64>, most: i64) -> sqlx::Result<Vec<Price>> {
    sqlx::query_as(
        "select id, image_id, cents, months, valid_from, source, entered_at, entered_by
         from prices where id < $1 order by id desc limit $2",
    )
    .bind(before.unwrap_or(i64::MAX))
    .bind(most)
    .fetch_all(pool)
    .await
}
