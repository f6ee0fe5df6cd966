//! Every SQL statement about organisations and their aliases.

use sqlx::{FromRow, PgConnection};

use super::{Directory, Organisation};

#[derive(FromRow)]
struct Row {
    id: i64,
    acronym_en: String,
    acronym_fr: String,
    name_en: String,
    name_fr: String,
    parent_id: Option<i64>,
    confirmed: bool,
    aliases: Vec<String>,
}

/// All organisations.
pub async fn load(db: &mut PgConnection) -> sqlx::Result<Directory> {
    let rows: Vec<Row> = sqlx::query_as(
        "select o.id, o.acronym_en, o.acronym_fr, o.name_en, o.name_fr, o.parent_id, o.confirmed,
                array(select a.alias from organisation_aliases a where a.organisation_id = o.id order by a.alias) as aliases
         from organisations o where o.merged_into is null order by o.id",
    )
    .fetch_all(&mut *db)
    .await?;
    let mut directory = Directory::new(rows.into_iter().map(Organisation::from).collect());
    let merged: Vec<(i64, i64)> =
        sqlx::query_as("select id, merged_into from organisations where merged_into is not null order by id desc")
            .fetch_all(db)
            .await?;
    for (id, into) in merged {
        directory.lead(id, into);
    }
    Ok(directory)
}

/// Makes an organisation's spellings aliases of another, which it turned out to be.
pub async fn merge(db: &mut PgConnection, one: &Organisation, into: i64) -> sqlx::Result<()> {
    sqlx::query("update organisations set merged_into = $2 where id = $1 or merged_into = $1")
        .bind(one.id)
        .bind(into)
        .execute(&mut *db)
        .await?;
    sqlx::query("update organisation_aliases set organisation_id = $2 where organisation_id = $1")
        .bind(one.id)
        .bind(into)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "insert into organisation_aliases (organisation_id, alias) values ($1, $2)
         on conflict (alias) do update set organisation_id = excluded.organisation_id",
    )
    .bind(into)
    .bind(&one.acronym_en)
    .execute(db)
    .await?;
    Ok(())
}

/// Adds organisations whose numbers come from [`next_ids`]; a parent stands before its parts.
///
/// # Errors
/// When the database does not answer, or an acronym or alias is taken.
pub async fn add(db: &mut PgConnection, organisations: &[Organisation]) -> sqlx::Result<()> {
    let each = |text: fn(&Organisation) -> &String| organisations.iter().map(text).cloned().collect::<Vec<_>>();
    sqlx::query(
        "insert into organisations (id, acronym_en, acronym_fr, name_en, name_fr, parent_id, confirmed)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::boolean[])",
    )
    .bind(organisations.iter().map(|o| o.id).collect::<Vec<_>>())
    .bind(each(|o| &o.acronym_en))
    .bind(each(|o| &o.acronym_fr))
    .bind(each(|o| &o.name_en))
    .bind(each(|o| &o.name_fr))
    .bind(organisations.iter().map(|o| o.parent_id).collect::<Vec<_>>())
    .bind(organisations.iter().map(|o| o.confirmed).collect::<Vec<_>>())
    .execute(&mut *db)
    .await?;
    let (ids, aliases): (Vec<i64>, Vec<String>) =
        organisations.iter().flat_map(|o| o.aliases.iter().map(|alias| (o.id, alias.clone()))).unzip();
    sqlx::query(
        "insert into organisation_aliases (organisation_id, alias) select * from unnest($1::bigint[], $2::text[])",
    )
    .bind(ids)
    .bind(aliases)
    .execute(db)
    .await?;
    Ok(())
}

/// Gives an organisation other names, another parent and other aliases.
///
/// # Errors
/// When the database does not answer, or an acronym or alias is taken.
pub async fn change(db: &mut PgConnection, organisation: &Organisation) -> sqlx::Result<()> {
    sqlx::query(
        "update organisations set acronym_en = $2, acronym_fr = $3, name_en = $4, name_fr = $5, parent_id = $6, confirmed = $7
         where id = $1",
    )
    .bind(organisation.id)
    .bind(&organisation.acronym_en)
    .bind(&organisation.acronym_fr)
    .bind(&organisation.name_en)
    .bind(&organisation.name_fr)
    .bind(organisation.parent_id)
    .bind(organisation.confirmed)
    .execute(&mut *db)
    .await?;
    sqlx::query("delete from organisation_aliases where organisation_id = $1")
        .bind(organisation.id)
        .execute(&mut *db)
        .await?;
    sqlx::query("insert into organisation_aliases (organisation_id, alias) select $1, * from unnest($2::text[])")
        .bind(organisation.id)
        .bind(&organisation.aliases)
        .execute(db)
        .await?;
    Ok(())
}

/// Numbers for `count` new organisations.
pub async fn next_ids(db: &mut PgConnection, count: usize) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar("select nextval(pg_get_serial_sequence('organisations', 'id')) from generate_series(1, $1)")
        .bind(i64::try_from(count).unwrap_or(i64::MAX))
        .fetch_all(db)
        .await
}

impl From<Row> for Organisation {
    fn from(row: Row) -> Organisation {
        let Row { id, acronym_en, acronym_fr, name_en, name_fr, parent_id, confirmed, aliases } = row;
        Organisation { id, acronym_en, acronym_fr, name_en, name_fr, parent_id, confirmed, aliases }
    }
}
