//! The requests that count for demand beside the lines.

use chrono::NaiveDate;
use sqlx::{FromRow, PgConnection};

use crate::fields::Firmness;

/// That a department counts for the demand of an image by a request.
#[derive(Clone, Debug, FromRow)]
pub struct CountedRequest {
    pub image_id: i64,
    pub organisation_id: i64,
    /// It was answered *Already available*; else it was accepted.
    pub is_available: bool,
    pub needed_by: Option<NaiveDate>,
    /// How sure the department is, where it said so.
    pub firmness: Option<Firmness>,
}

/// Every request that counts beside the lines, by image.
pub async fn counted_requests(db: &mut PgConnection) -> sqlx::Result<Vec<CountedRequest>> {
    sqlx::query_as(
        "select image_id, organisation_id, state = 'available' as is_available, needed_by, firmness from counted_requests
         order by image_id, item_id",
    )
    .fetch_all(db)
    .await
}
