//! Reading images with all their lines, as the database has them.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use sqlx::PgConnection;

use crate::catalogue::store::db::{self, ImageRow};
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::fields::ImageFields;

/// The sheets of these images; those that were taken out are not among them.
pub async fn load(db: &mut PgConnection, images: &[i64]) -> sqlx::Result<Vec<ImageRecord>> {
    let mut names: HashMap<i64, Vec<String>> = HashMap::new();
    for name in db::registry_names_of(db, images).await? {
        names.entry(name.image_id).or_default().push(name.name);
    }
    let mut others: HashMap<i64, Vec<String>> = HashMap::new();
    for (image, name) in db::names::other(db, Some(images)).await? {
        others.entry(image).or_default().push(name);
    }
    let mut merged: HashMap<i64, Vec<String>> = HashMap::new();
    for (_, slug, into) in db::names::merged(db, images).await? {
        merged.entry(into).or_default().push(slug);
    }
    let mut lines: HashMap<i64, Vec<LineRecord>> = HashMap::new();
    for line in db::lines_of(db, images).await? {
        lines.entry(line.image_id).or_default().push(line.into());
    }
    let rows: Vec<ImageRow> = db::images_of(db, images).try_collect().await?;
    let image_record = |row: ImageRow| ImageRecord {
        id: row.id,
        image: ImageFields {
            name: row.name,
            slug: row.slug,
            registry_names: names.remove(&row.id).unwrap_or_default(),
            other_names: others.remove(&row.id).unwrap_or_default(),
            merged: merged.remove(&row.id).unwrap_or_default(),
            description_en: row.description_en,
            description_fr: row.description_fr,
        }
        .sorted(),
        lines: lines.remove(&row.id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(image_record).collect())
}
