//! The names by which images are known, and images that became one.

use sqlx::PgConnection;

/// Another name of an image: its number and the name as written.
pub type OtherName = (i64, String);

/// An image that was merged into another: its number, its address, the other's number.
pub type Merged = (i64, String, i64);

/// All names of images that are there: the name, what sort of name it is, the image's number.
pub async fn all(db: &mut PgConnection) -> sqlx::Result<Vec<(String, String, i64)>> {
    sqlx::query_as(
        "with recursive led (id, slug, image) as (
             select id, slug, id from images where not removed
             union all select m.id, m.slug, led.image from images m join led on m.merged_into = led.id where m.removed)
         select key, 'name', id from images where not removed
         union all select slug, 'address', id from images where not removed
         union all select r.name, 'registry', r.image_id from registry_names r join images i on i.id = r.image_id
             where not i.removed
         union all select o.name, 'other', o.image_id from other_names o join images i on i.id = o.image_id
             where not i.removed
         union all select distinct l.name, 'other', l.image_id from lines l join images i on i.id = l.image_id
             where not l.removed and not i.removed and l.name <> i.name
         union all select slug, 'former', image from led where id <> image
         union all select f.slug, 'former', led.image from former_slugs f join led on led.id = f.image_id",
    )
    .fetch_all(db)
    .await
}

/// The other names of all images, or of these, by image.
pub async fn other(db: &mut PgConnection, images: Option<&[i64]>) -> sqlx::Result<Vec<OtherName>> {
    sqlx::query_as(
        "select image_id, name from other_names where $1::bigint[] is null or image_id = any($1) order by image_id, key",
    )
    .bind(images)
    .fetch_all(db)
    .await
}

/// All images that were merged into others.
pub async fn all_merged(db: &mut PgConnection) -> sqlx::Result<Vec<Merged>> {
    sqlx::query_as("select id, slug, merged_into from images where merged_into is not null order by id")
        .fetch_all(db)
        .await
}

/// The images that were merged into these.
pub async fn merged(db: &mut PgConnection, into: &[i64]) -> sqlx::Result<Vec<Merged>> {
    sqlx::query_as("select id, slug, merged_into from images where merged_into = any($1) order by id")
        .bind(into)
        .fetch_all(db)
        .await
}

/// Gives an image more other names, with the keys by which they are matched.
pub async fn add(db: &mut PgConnection, image: i64, names: &[String], keys: &[String]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into other_names (image_id, name, key) select $1, * from unnest($2::text[], $3::text[])
         on conflict do nothing",
    )
    .bind(image)
    .bind(names)
    .bind(keys)
    .execute(db)
    .await?;
    Ok(())
}

/// Gives an image these other names, with the keys by which they are matched, and lets the images at these addresses be
/// one with it.
pub async fn put(
    db: &mut PgConnection,
    image: i64,
    names: &[String],
    keys: &[String],
    merged: &[String],
) -> sqlx::Result<()> {
    sqlx::query("delete from other_names where image_id = $1").bind(image).execute(&mut *db).await?;
    add(db, image, names, keys).await?;
    let held: Vec<Merged> = crate::catalogue::store::db::names::merged(db, &[image]).await?;
    sqlx::query(
        "update images set merged_into = case when slug = any($2) then $1 end
         where id <> $1 and (slug = any($2) or merged_into = $1)",
    )
    .bind(image)
    .bind(merged)
    .execute(&mut *db)
    .await?;
    let is: Vec<Merged> = crate::catalogue::store::db::names::merged(db, &[image]).await?;
    for (id, ..) in is.iter().filter(|one| !held.contains(one)) {
        move_references(db, *id, image).await?;
    }
    for (id, ..) in held.iter().filter(|one| !is.contains(one)) {
        move_back(db, *id, image).await?;
    }
    Ok(())
}

/// Lets what counts with an image count with another that it is one with now: requests, and those who follow it and do not
/// follow the other already. Prices and rounds are never rewritten: whoever reads them follows where images lead.
async fn move_references(db: &mut PgConnection, from: i64, into: i64) -> sqlx::Result<()> {
    for statement in [
        "with moved as (update request_items set image_id = $2 where image_id = $1 returning id)
         insert into moved_references (kind, row_id, from_image, into_image) select 'request', id, $1, $2 from moved",
        "with moved as (update watches w set image_id = $2 where image_id = $1
             and not exists (select from watches o where o.image_id = $2 and lower(o.email) = lower(w.email)) returning id)
         insert into moved_references (kind, row_id, from_image, into_image) select 'watch', id, $1, $2 from moved",
    ] {
        sqlx::query(statement).bind(from).bind(into).execute(&mut *db).await?;
    }
    Ok(())
}

/// Lets what went over to an image count with the one that it came from again.
async fn move_back(db: &mut PgConnection, from: i64, into: i64) -> sqlx::Result<()> {
    for statement in [
        "update request_items i set image_id = $1 from moved_references m
         where m.from_image = $1 and m.into_image = $2 and not m.moved_back and m.kind = 'request' and i.id = m.row_id
           and i.image_id = $2",
        "update watches w set image_id = $1 from moved_references m
         where m.from_image = $1 and m.into_image = $2 and not m.moved_back and m.kind = 'watch' and w.id = m.row_id
           and w.image_id = $2",
        "update moved_references set moved_back = true where from_image = $1 and into_image = $2",
    ] {
        sqlx::query(statement).bind(from).bind(into).execute(&mut *db).await?;
    }
    Ok(())
}

/// What counts with an image besides its lines: each sort, and how many.
pub async fn references(db: &mut PgConnection, image: i64) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as(
        "select 'requests', count(*) from request_items where image_id = $1
         union all select 'watches', count(*) from watches where image_id = $1
         union all select 'prices', count(*) from prices where image_id = $1
         union all select 'rounds', count(distinct round_id) from round_images where image_id = $1
         union all select 'suggestions', count(*) from suggestions where image_id = $1",
    )
    .bind(image)
    .fetch_all(db)
    .await
}
