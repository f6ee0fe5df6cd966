//! What the registry calls images.

use sqlx::{FromRow, PgConnection};

/// What the registry calls an image.
#[derive(Clone, Debug, FromRow)]
pub struct RegistryNameRow {
    pub image_id: i64,
    pub name: String,
    pub sample_tag: Option<String>,
    pub source: String,
}

/// The registry names of these images.
pub async fn registry_names_of(db: &mut PgConnection, images: &[i64]) -> sqlx::Result<Vec<RegistryNameRow>> {
    sqlx::query_as(
        "select image_id, name, sample_tag, source from registry_names where image_id = any($1) order by image_id, name",
    )
    .bind(images)
    .fetch_all(db)
    .await
}

/// Takes an image's registry names away, to be given anew.
pub async fn clear_registry_names(db: &mut PgConnection, image: i64) -> sqlx::Result<()> {
    sqlx::query("delete from registry_names where image_id = $1").bind(image).execute(db).await?;
    Ok(())
}

/// All registry names, by image.
pub async fn registry_names(db: &mut PgConnection) -> sqlx::Result<Vec<RegistryNameRow>> {
    sqlx::query_as("select image_id, name, sample_tag, source from registry_names order by image_id, name")
        .fetch_all(db)
        .await
}

/// Adds registry names.
///
/// # Errors
/// When the database does not answer, or a name is not of a registry name's form.
pub async fn add_registry_names(db: &mut PgConnection, names: &[RegistryNameRow]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into registry_names (image_id, name, sample_tag, source)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[])
         on conflict do nothing",
    )
    .bind(names.iter().map(|name| name.image_id).collect::<Vec<_>>())
    .bind(names.iter().map(|name| &*name.name).collect::<Vec<_>>())
    .bind(names.iter().map(|name| name.sample_tag.as_deref()).collect::<Vec<_>>())
    .bind(names.iter().map(|name| &*name.source).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}
