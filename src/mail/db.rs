//! Every SQL statement about mail.

use sqlx::PgConnection;

/// A mail as it is written to the outbox.
pub struct New<'a> {
    pub key: &'a str,
    pub kind: &'a str,
    pub recipient: &'a str,
    pub lang: Option<&'a str>,
    pub subject: &'a str,
    pub plain: &'a str,
    pub html: &'a str,
    pub unsubscribe: Option<&'a str>,
}

/// Writes a mail to the outbox; whether its key was new.
///
/// # Errors
/// When the database does not answer.
pub async fn put(db: &mut PgConnection, new: &New<'_>) -> sqlx::Result<bool> {
    let put = sqlx::query(
        "insert into mails (key, kind, recipient, lang, subject, plain, html, unsubscribe)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict on constraint mails_told_once do nothing",
    )
    .bind(new.key)
    .bind(new.kind)
    .bind(new.recipient)
    .bind(new.lang)
    .bind(new.subject)
    .bind(new.plain)
    .bind(new.html)
    .bind(new.unsubscribe)
    .execute(db)
    .await?;
    Ok(put.rows_affected() == 1)
}
