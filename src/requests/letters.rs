//! What is mailed to whoever asked, in the language in which they asked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::db::{self, Item, Request};
use super::state::State;
use crate::catalogue::Snapshot;
use crate::catalogue::verdict::Verdict;
use crate::i18n::{Lang, Word};
use crate::mail::{self, Letter, Message};
use crate::requests::wish;

/// From where letters are written: the site's address, and the catalogue that says what can be used today.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    pub origin: &'a str,
    pub snapshot: &'a Snapshot,
}

impl Desk<'_> {
    /// Whether an image can be used today, where the catalogue has it.
    fn answer(self, image: Option<i64>, lang: Lang) -> Option<String> {
        self.snapshot.image(image?).map(|image| Verdict::of(self.snapshot, image).told(lang))
    }
}

/// Tells that a request was received, with the private link.
pub async fn received(db: &mut PgConnection, desk: Desk<'_>, request: i64) -> sqlx::Result<()> {
    let Some(request) = db::requests(db, &[request]).await?.pop() else { return Ok(()) };
    let items = db::items_of(db, request.id).await?;
    let letter = |lang: Lang| {
        Letter::new(lang.named("request-mail-received", &request.reference))
            .say(lang.t("request-mail-received-what"))
            .list(items.iter().map(|item| with_answer(&item.name, desk.answer(item.image_id, lang))).collect())
            .say(lang.t("request-mail-next"))
            .link(lang.t("request-mail-follow"), link(desk.origin, &request, lang))
            .say(lang.t("request-mail-private"))
    };
    let key = format!("request-{}-received", request.id);
    mail::put(db, &message(&request, &key, &letter)).await.map(drop)
}

/// What a mail tells of a request, so that it can be written anew with more.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct News {
    /// Images by number, each as it stands now.
    items: BTreeMap<i64, Stands>,
    /// Answers that are about no decision, in their order.
    words: Vec<String>,
}

/// Where an image stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stands {
    name: String,
    state: State,
    reason: String,
    /// What was said with the decision.
    #[serde(default)]
    said: String,
    /// Its number in the catalogue, where it has one.
    image: Option<i64>,
}

impl News {
    /// Takes over what is new: an image is told where it stands last, with what was said of that; other words once.
    fn add(&mut self, items: &[&Item], words: &str) {
        for item in items {
            let (name, state, reason) = (item.name.clone(), item.state, item.reason.clone());
            self.items.insert(item.id, Stands { name, state, reason, said: words.to_owned(), image: item.image_id });
        }
        if items.is_empty() && !words.is_empty() && !self.words.iter().any(|said| said == words) {
            self.words.push(words.to_owned());
        }
    }

    fn letter(&self, desk: Desk<'_>, request: &Request, lang: Lang) -> Letter {
        let mut letter = Letter::new(lang.named("request-mail-news", &request.reference));
        for item in self.items.values() {
            let answer = desk.answer(item.image, lang).filter(|_| item.state.shows_answer());
            letter = letter.say(with_answer(&status(&item.name, item.state, lang), answer));
            let said = if item.state == State::Declined { &item.reason } else { &item.said };
            if !said.is_empty() {
                letter = letter.quote(said.clone());
            }
        }
        if !self.words.is_empty() {
            letter = letter.say(lang.t("request-mail-says"));
        }
        letter = self.words.iter().fold(letter, |letter, words| letter.quote(words.clone()));
        letter.link(lang.t("request-mail-follow"), link(desk.origin, request, lang))
    }
}

/// Tells where items of one request stand now, and an answer in words where there is one. The mail waits a little, and
/// what is decided of the same request meanwhile joins it.
pub async fn news(
    db: &mut PgConnection,
    desk: Desk<'_>,
    request: &Request,
    items: &[&Item],
    words: &str,
    event: i64,
) -> sqlx::Result<()> {
    if request.held {
        return Ok(());
    }
    let (about, lang) = (format!("request-{}", request.id), request.lang());
    let waiting = mail::waiting(db, &about).await?;
    let told = waiting.as_ref().map(|mail| serde_json::from_value::<News>(mail.told.clone())).transpose();
    let mut news = told.map_err(|problem| sqlx::Error::Decode(Box::new(problem)))?.unwrap_or_default();
    news.add(items, words);
    let letter = |lang: Lang| news.letter(desk, request, lang);
    let told = serde_json::to_value(&news).map_err(|problem| sqlx::Error::Encode(Box::new(problem)))?;
    if let Some(mail) = waiting {
        return mail::rewrite(db, &mail, lang, &letter, &told).await;
    }
    let key = format!("request-{}-event-{event}", request.id);
    mail::put_to_wait(db, &message(request, &key, &letter), &about, &told).await
}

/// What is said of an image, and whether it can be used today.
fn with_answer(said: &str, answer: Option<String>) -> String {
    answer.map_or_else(|| said.to_owned(), |answer| format!("{said} – {answer}"))
}

/// Where an item stands, as a sentence.
fn status(name: &str, state: State, lang: Lang) -> String {
    let (state, meaning) = (state.label(lang), lang.t(state.meaning()));
    let words = [("name", name), ("state", &*state), ("meaning", &*meaning)];
    lang.tell("request-mail-standing", &words.map(|(name, text)| (name, Word::Text(text))))
}

fn link(origin: &str, request: &Request, lang: Lang) -> String {
    format!("{origin}{}", wish::address(&request.reference, &request.follow_key, lang, ""))
}

fn message<'a>(request: &'a Request, key: &'a str, letter: &'a (dyn Fn(Lang) -> Letter + Sync)) -> Message<'a> {
    Message {
        key,
        kind: mail::Kind::Request,
        to: &request.contact_email,
        lang: Some(request.lang()),
        letter,
        unsubscribe: None,
        file: None,
    }
}
