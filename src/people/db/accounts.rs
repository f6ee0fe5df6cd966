//! SQL about accounts.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};

use crate::web::visitor::Role;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Account {
    pub id: i64,
    /// Who vouches for the person; none for a local account.
    pub issuer: Option<String>,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub organisation_id: Option<i64>,
    /// Whether a password is set.
    pub has_password: bool,
    /// Raised by each change.
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the person last did something while signed in.
    pub seen_at: Option<DateTime<Utc>>,
}

/// What a new account begins with.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub issuer: Option<&'a str>,
    pub subject: Option<&'a str>,
    pub email: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub organisation: Option<i64>,
}

/// All accounts, those who may most first.
pub async fn all(pool: &PgPool) -> sqlx::Result<Vec<Account>> {
    sqlx::query_as(
        "select a.id, a.issuer, a.email, a.name, a.role, a.organisation_id, a.password_hash is not null as has_password,
                a.version, a.created_at, a.disabled_at,
                (select max(s.seen_at) from sessions s where s.account_id = a.id) as seen_at
         from accounts a
         order by a.disabled_at is not null, array_position(array['admin', 'manager', 'staff', 'member'], a.role), lower(a.name), a.id",
    )
    .fetch_all(pool)
    .await
}

/// One account.
pub async fn find(db: impl PgExecutor<'_>, id: i64) -> sqlx::Result<Option<Account>> {
    sqlx::query_as(
        "select a.id, a.issuer, a.email, a.name, a.role, a.organisation_id, a.password_hash is not null as has_password,
                a.version, a.created_at, a.disabled_at,
                (select max(s.seen_at) from sessions s where s.account_id = a.id) as seen_at
         from accounts a where a.id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

/// Whether there is any account.
pub async fn any(pool: &PgPool) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from accounts)").fetch_one(pool).await
}

/// The number of the local account with an e-mail address, whether it is disabled, and its password's hash.
pub async fn local(db: impl PgExecutor<'_>, email: &str) -> sqlx::Result<Option<(i64, String, bool, Option<String>)>> {
    sqlx::query_as(
        "select id, name, disabled_at is not null, password_hash from accounts where issuer is null and email = $1",
    )
    .bind(email)
    .fetch_optional(db)
    .await
}

/// Makes an account and gives its number. One that is there already (the same e-mail address of a local account, the
/// same subject of an issuer) gives none.
pub async fn add(db: impl PgExecutor<'_>, new: &New<'_>) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "insert into accounts (issuer, subject, email, name, role, organisation_id) values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing returning id",
    )
    .bind(new.issuer)
    .bind(new.subject)
    .bind(new.email)
    .bind(new.name)
    .bind(new.role.code())
    .bind(new.organisation)
    .fetch_optional(db)
    .await
}

/// The number, the role and whether it is disabled, of the account that an issuer knows by a subject.
pub async fn of_subject(
    db: impl PgExecutor<'_>,
    issuer: &str,
    subject: &str,
) -> sqlx::Result<Option<(i64, Role, bool)>> {
    sqlx::query_as("select id, role, disabled_at is not null from accounts where issuer = $1 and subject = $2")
        .bind(issuer)
        .bind(subject)
        .fetch_optional(db)
        .await
}

/// Takes over what an issuer says of an account; the role only where it says one.
pub async fn said(db: impl PgExecutor<'_>, id: i64, email: &str, name: &str, role: Option<Role>) -> sqlx::Result<()> {
    sqlx::query(
        "update accounts set email = $2, name = $3, role = coalesce($4, role), version = version + 1
         where id = $1 and (email, name, role) is distinct from ($2, $3, coalesce($4, role))",
    )
    .bind(id)
    .bind(email)
    .bind(name)
    .bind(role.map(Role::code))
    .execute(db)
    .await?;
    Ok(())
}

/// Lets changes of accounts follow one another until the transaction ends.
pub async fn one_at_a_time(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('accounts'))").execute(db).await?;
    Ok(())
}

/// Whether an enabled administrator would remain without this account.
pub async fn another_administrator(db: &mut PgConnection, id: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from accounts where role = 'admin' and disabled_at is null and id <> $1)")
        .bind(id)
        .fetch_one(db)
        .await
}

/// Changes an account where nobody has since it was read; whether that was so.
///
/// # Errors
/// When the database does not answer, or the organisation does not exist.
pub async fn change(
    db: &mut PgConnection,
    id: i64,
    version: i32,
    role: Role,
    organisation: Option<i64>,
    disabled: bool,
) -> sqlx::Result<bool> {
    let changed = sqlx::query(
        "update accounts set role = $3, organisation_id = $4, version = version + 1,
                disabled_at = case when $5 then coalesce(disabled_at, clock_timestamp()) end
         where id = $1 and version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(role.code())
    .bind(organisation)
    .bind(disabled)
    .execute(db)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Sets a local account's password by its hash.
pub async fn set_password(db: &mut PgConnection, id: i64, hash: &str) -> sqlx::Result<()> {
    sqlx::query("update accounts set password_hash = $2, version = version + 1 where id = $1 and issuer is null")
        .bind(id)
        .bind(hash)
        .execute(db)
        .await?;
    Ok(())
}
