//! Every SQL statement about departments that count without being named.

use chrono::NaiveDate;
use sqlx::{FromRow, PgPool};

/// That a department needs an image and is not to be named.
#[derive(Clone, Debug, FromRow)]
pub struct Unnamed {
    pub image_id: i64,
    pub organisation_id: i64,
    pub needed_by: Option<NaiveDate>,
    pub firmness: Option<String>,
}

/// Every accepted request whose department is not to be named, and that was not undone.
///
/// # Errors
/// When the database does not answer.
pub async fn unnamed(pool: &PgPool) -> sqlx::Result<Vec<Unnamed>> {
    sqlx::query_as(
        "select coalesce(t.image_id, i.image_id) as image_id, r.organisation_id, i.needed_by, i.firmness
         from requests r
         join request_items i on i.request_id = r.id
         left join request_items t on t.id = i.merged_into
         where not r.may_name and r.organisation_id is not null
           and coalesce(t.image_id, i.image_id) is not null and coalesce(t.state, i.state) = 'accepted'
           and not exists (select from change_sets u where u.undoes = coalesce(t.change_set_id, i.change_set_id))
         order by i.id limit 50000",
    )
    .fetch_all(pool)
    .await
}
