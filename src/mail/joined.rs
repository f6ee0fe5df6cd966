//! Mail that waits a little: what happens meanwhile joins it, so that one person gets one mail and not one for every act.

use askama::Template;
use serde_json::Value;
use sqlx::PgConnection;

use super::db;
use super::letter::Written;
use super::outbox::{Message, put};
use crate::i18n::Lang;

/// So long a mail waits for more to tell, in minutes.
pub const MINUTES: i32 = 10;

/// A mail that waits for more to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub id: i64,
    /// What it tells so far.
    pub told: Value,
}

/// The mail about this that still waits; nobody hands it over meanwhile.
pub async fn waiting(db: &mut PgConnection, about: &str) -> sqlx::Result<Option<Waiting>> {
    let found = db::waiting(db, about).await?;
    Ok(found.map(|(id, told)| Waiting { id, told }))
}

/// Writes a message that waits for more about the same to tell.
pub async fn put_to_wait(db: &mut PgConnection, message: &Message<'_>, about: &str, told: &Value) -> sqlx::Result<()> {
    if put(db, message).await? {
        db::let_wait(db, message.key, about, told, MINUTES).await?;
    }
    Ok(())
}

/// Writes a mail that waits anew, with more. It goes when it would have gone.
pub async fn rewrite(
    db: &mut PgConnection,
    mail: &Waiting,
    lang: Lang,
    letter: &(dyn Fn(Lang) -> super::Letter + Sync),
    told: &Value,
) -> sqlx::Result<()> {
    let written = Written::new(Some(lang), letter, None);
    let html = written.render().map_err(|problem| sqlx::Error::Encode(Box::new(problem)))?;
    db::rewrite(db, mail.id, &written.subject(), &written.plain(), &html, told).await
}
