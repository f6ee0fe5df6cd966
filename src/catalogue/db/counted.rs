//! The requests that count for demand beside the lines.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::catalogue::Firmness;

/// That a department counts for the demand of an image by a request.
#[derive(Clone, Copy, Debug)]
pub struct CountedRequest {
    pub image_id: i64,
    pub organisation_id: i64,
    /// It was answered *Already available*; else it was accepted.
    pub is_available: bool,
    pub needed_by: Option<NaiveDate>,
    pub firmness: Option<Firmness>,
}

/// Every request that counts beside the lines, by image.
///
/// # Errors
/// When the database does not answer.
pub async fn counted_requests(db: &mut PgConnection) -> sqlx::Result<Vec<CountedRequest>> {
    let rows: Vec<(i64, i64, bool, Option<NaiveDate>, Option<String>)> = sqlx::query_as(
        "select image_id, organisation_id, state = 'available', needed_by, firmness from counted_requests
         order by image_id, item_id",
    )
    .fetch_all(db)
    .await?;
    let request = |(image_id, organisation_id, is_available, needed_by, firmness): (_, _, _, _, Option<String>)| {
        let firmness = firmness.as_deref().and_then(Firmness::from_code);
        CountedRequest { image_id, organisation_id, is_available, needed_by, firmness }
    };
    Ok(rows.into_iter().map(request).collect())
}
