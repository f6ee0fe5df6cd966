//! Writing to the outbox.

use askama::Template;
use sqlx::PgConnection;

use super::db::{self, Kind, New, NewFile};
use super::letter::{Letter, Written, one_line};
use crate::i18n::Lang;

/// A message as a room writes it, in the same transaction as what it tells.
pub struct Message<'a> {
    /// What it tells, once: a second message with the same key is not written.
    pub key: &'a str,
    /// Of what sort it is, for the staff's page.
    pub kind: Kind,
    pub to: &'a str,
    /// None where nobody knows the language: then it says all in both.
    pub lang: Option<Lang>,
    pub letter: &'a (dyn Fn(Lang) -> Letter + Sync),
    /// The whole address by which one click ends such messages.
    pub unsubscribe: Option<&'a str>,
    /// The file that it carries, by its number: see [`attach`].
    pub file: Option<i64>,
}

/// A file that mails carry is at most so large, in bytes.
pub const LARGEST_FILE: usize = 5 * 1024 * 1024;

/// Keeps a file for the messages of one transaction to carry; its number. It is forgotten with the last of them.
///
/// # Errors
/// When the database does not answer, or the file is larger than [`LARGEST_FILE`].
pub async fn attach(db: &mut PgConnection, name: &str, content_type: &str, bytes: &[u8]) -> sqlx::Result<i64> {
    db::insert(db, &NewFile { name, content_type, bytes }).await
}

/// Writes a message to the outbox; whether it was new. It goes out once the transaction has ended well. One whose
/// address no mail can be sent to is kept all the same, and dies at its first try.
pub async fn put(db: &mut PgConnection, message: &Message<'_>) -> sqlx::Result<bool> {
    let written = Written::new(message.lang, message.letter, message.unsubscribe);
    let html = written.render().map_err(|problem| sqlx::Error::Encode(Box::new(problem)))?;
    let new = New {
        key: message.key,
        kind: message.kind,
        recipient: &one_line(message.to),
        lang: message.lang,
        subject: &written.subject(),
        plain: &written.plain(),
        html: &html,
        unsubscribe: message.unsubscribe,
        file: message.file,
    };
    db::upsert(db, &new).await
}
