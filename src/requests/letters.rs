//! What is mailed to whoever asked, in the language in which they asked.

use sqlx::PgConnection;

use super::db::{self, Item, Request};
use super::follow;
use super::state::State;
use crate::i18n::{Lang, Word};
use crate::mail::{self, Letter, Message};

/// Tells that a request was received, with the private link.
///
/// # Errors
/// When the database does not answer.
pub async fn received(db: &mut PgConnection, origin: &str, request: i64) -> sqlx::Result<()> {
    let Some(request) = db::requests(db, &[request]).await?.pop() else { return Ok(()) };
    let items = db::items_of(db, request.id).await?;
    let letter = |lang: Lang| {
        Letter::new(lang.named("request-mail-received", &request.reference))
            .say(lang.t("request-mail-received-what"))
            .list(items.iter().map(|item| item.name.clone()).collect())
            .say(lang.t("request-mail-next"))
            .link(lang.t("request-mail-follow"), link(origin, &request, lang))
            .say(lang.t("request-mail-private"))
    };
    send(db, &request, &format!("request-{}-received", request.id), &letter).await
}

/// Tells where items of one request stand now, and an answer in words where there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn news(
    db: &mut PgConnection,
    origin: &str,
    request: &Request,
    items: &[&Item],
    words: &str,
    event: i64,
) -> sqlx::Result<()> {
    if request.held {
        return Ok(());
    }
    let letter = |lang: Lang| {
        let mut letter = Letter::new(lang.named("request-mail-news", &request.reference));
        for item in items {
            letter = letter.say(standing(item, lang));
            if item.state() == State::Declined {
                letter = letter.quote(item.reason.clone());
            }
        }
        if !words.is_empty() {
            letter = letter.say(lang.t("request-mail-says")).quote(words);
        }
        letter.link(lang.t("request-mail-follow"), link(origin, request, lang))
    };
    send(db, request, &format!("request-{}-event-{event}", request.id), &letter).await
}

/// Where an item stands, as a sentence.
fn standing(item: &Item, lang: Lang) -> String {
    let (state, meaning) = (item.state().label(lang), lang.t(item.state().meaning()));
    let words = [("name", &*item.name), ("state", &*state), ("meaning", &*meaning)];
    lang.tell("request-mail-standing", &words.map(|(name, text)| (name, Word::Text(text))))
}

fn link(origin: &str, request: &Request, lang: Lang) -> String {
    format!("{origin}{}", follow::address(&request.reference, &request.follow_key, lang, ""))
}

async fn send(
    db: &mut PgConnection,
    request: &Request,
    key: &str,
    letter: &(dyn Fn(Lang) -> Letter + Sync),
) -> sqlx::Result<()> {
    let message = Message {
        key,
        kind: "request",
        to: &request.contact_email,
        lang: Some(request.lang()),
        letter,
        unsubscribe: None,
        file: None,
    };
    mail::put(db, &message).await?;
    Ok(())
}
