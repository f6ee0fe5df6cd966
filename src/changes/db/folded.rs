//! Changes in order, to build up what the catalogue was.

use chrono::{DateTime, Utc};
use futures_util::Stream;
use serde_json::Value;
use sqlx::{FromRow, PgConnection};

use crate::changes::record::Subject;

/// What a change left: enough to build up what the catalogue was.
#[derive(Clone, Debug, FromRow)]
pub struct Folded {
    pub subject: Subject,
    pub subject_id: i64,
    pub image_id: Option<i64>,
    pub organisation_id: Option<i64>,
    pub after: Option<Value>,
    /// When its act counts from.
    pub effective_at: DateTime<Utc>,
}

/// Every change that counts from before a moment, in order. An organisation was there before the catalogue knew of it:
/// lines that were brought in with an earlier day have theirs.
pub fn fold(db: &mut PgConnection, until: DateTime<Utc>) -> impl Stream<Item = sqlx::Result<Folded>> + Send {
    sqlx::query_as(
        "select c.subject, c.subject_id, c.image_id, c.organisation_id, c.after, s.effective_at
         from changes c join change_sets s on s.id = c.change_set_id
         where s.effective_at < $1 or (c.subject = 'organisation' and c.before is null) order by c.id",
    )
    .bind(until)
    .fetch(db)
}

/// Every change that counts from before a moment, as [`fold`] has them: those of no image first, then image by image.
pub fn fold_by_image(db: &mut PgConnection, until: DateTime<Utc>) -> impl Stream<Item = sqlx::Result<Folded>> + Send {
    sqlx::query_as(
        "select c.subject, c.subject_id, c.image_id, c.organisation_id, c.after, s.effective_at
         from changes c join change_sets s on s.id = c.change_set_id
         where s.effective_at < $1 or (c.subject = 'organisation' and c.before is null)
         order by c.image_id nulls first, c.id",
    )
    .bind(until)
    .fetch(db)
}

/// Every change of these images and their lines up to a change, in order.
pub fn fold_images<'c>(
    db: &'c mut PgConnection,
    images: &[i64],
    until: i64,
) -> impl Stream<Item = sqlx::Result<Folded>> + Send + use<'c> {
    sqlx::query_as(
        "select c.subject, c.subject_id, c.image_id, c.organisation_id, c.after, s.effective_at
         from changes c join change_sets s on s.id = c.change_set_id
         where c.image_id = any($1) and c.id <= $2 order by c.id",
    )
    .bind(images.to_vec())
    .bind(until)
    .fetch(db)
}
