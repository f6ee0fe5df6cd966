//! Every SQL statement about the texts that administrators edit.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};

use crate::guidance::text::Text;

/// A text with its number and the moment of its last change.
#[derive(FromRow)]
pub struct Row {
    pub id: i64,
    pub changed_at: DateTime<Utc>,
    #[sqlx(flatten)]
    pub text: Text,
}

/// All texts that were ever edited.
pub async fn all(db: &mut PgConnection) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as("select id, changed_at, name, text_en, text_fr, kind, until from contents order by id")
        .fetch_all(db)
        .await
}

/// Keeps a text as it is from now on, and gives its number.
pub async fn upsert(db: &mut PgConnection, text: &Text, now: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "insert into contents (name, text_en, text_fr, kind, until, changed_at) values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint contents_name_unique do update
         set text_en = $2, text_fr = $3, kind = $4, until = $5, changed_at = $6 returning id",
    )
    .bind(&text.name)
    .bind(&text.text_en)
    .bind(&text.text_fr)
    .bind(text.kind)
    .bind(text.until)
    .bind(now)
    .fetch_one(db)
    .await
}
