//! What visitors are told by mail: that their feedback is there, and what was replied.

use sqlx::PgConnection;

use super::db::Feedback;
use super::follow;
use crate::i18n::Lang;
use crate::mail::{self, Letter, Message};

/// Confirms that feedback is there, with its private link, where an address was given. It repeats nothing of what was
/// typed, so that nobody can send words of theirs to somebody else.
pub async fn received(db: &mut PgConnection, feedback: &Feedback, origin: &str) -> sqlx::Result<()> {
    let letter = |lang: Lang| {
        Letter::new(lang.named("feedback-mail-received", &feedback.reference))
            .say(lang.named("feedback-mail-received-what", &feedback.reference))
            .link(lang.t("feedback-mail-follow"), format!("{origin}{}", follow::address(feedback, lang)))
            .say(lang.t("feedback-mail-private"))
    };
    put(db, feedback, &format!("feedback-{}-received", feedback.id), &letter).await
}

/// Sends a reply.
pub async fn replied(
    db: &mut PgConnection,
    feedback: &Feedback,
    event: i64,
    reply: &str,
    origin: &str,
) -> sqlx::Result<()> {
    let letter = |lang: Lang| {
        Letter::new(lang.named("feedback-mail-reply", &feedback.reference))
            .say(lang.named("feedback-mail-reply-what", &feedback.reference))
            .quote(reply)
            .say(lang.t("feedback-mail-you-wrote"))
            .quote(&*feedback.message)
            .link(lang.t("feedback-mail-follow"), format!("{origin}{}", follow::address(feedback, lang)))
    };
    put(db, feedback, &format!("feedback-{}-reply-{event}", feedback.id), &letter).await
}

async fn put(
    db: &mut PgConnection,
    feedback: &Feedback,
    key: &str,
    letter: &(dyn Fn(Lang) -> Letter + Sync),
) -> sqlx::Result<()> {
    if feedback.email.is_empty() {
        return Ok(());
    }
    let lang = Some(feedback.lang);
    let message =
        Message { key, kind: mail::Kind::Feedback, to: &feedback.email, lang, letter, unsubscribe: None, file: None };
    mail::put(db, &message).await.map(drop)
}
