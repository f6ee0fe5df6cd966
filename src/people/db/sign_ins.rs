//! SQL about sign-ins that are under way at an identity provider.

use sqlx::{FromRow, PgPool};

use crate::i18n::Lang;

/// What a sign-in under way must come back with, and where it leads.
#[derive(Clone, Debug, FromRow)]
pub struct SignIn {
    pub nonce: String,
    pub verifier: String,
    pub lang: Lang,
    pub next: String,
}

/// Notes a sign-in that begins, by the hashes of its state and of its browser's cookie.
pub async fn begin(pool: &PgPool, state_hash: &[u8], browser_hash: &[u8], sign_in: &SignIn) -> sqlx::Result<()> {
    sqlx::query(
        "insert into sign_ins (state_hash, browser_hash, nonce, verifier, lang, next) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(state_hash)
    .bind(browser_hash)
    .bind(&sign_in.nonce)
    .bind(&sign_in.verifier)
    .bind(sign_in.lang)
    .bind(&sign_in.next)
    .execute(pool)
    .await?;
    Ok(())
}

/// Takes a sign-in that comes back: once, within 10 minutes, to the browser that began it.
pub async fn take(pool: &PgPool, state_hash: &[u8], browser_hash: &[u8]) -> sqlx::Result<Option<SignIn>> {
    sqlx::query_as(
        "update sign_ins set used_at = clock_timestamp()
         where state_hash = $1 and browser_hash = $2 and used_at is null and made_at > now() - interval '10 minutes'
         returning nonce, verifier, lang, next",
    )
    .bind(state_hash)
    .bind(browser_hash)
    .fetch_optional(pool)
    .await
}
