//! Telling those who follow of changes: at most one mail an hour, each change once.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::PgPool;

use super::db::{self, Thing, Watch};
use crate::catalogue::verdict::Verdict;
use crate::catalogue::{Catalogue, Snapshot};
use crate::changes::{self, ChangeRow, ChangeView};
use crate::clock;
use crate::i18n::{Lang, Word};
use crate::mail::{self, Letter, Message};
use crate::watches::named::{Named, address_of_link};

/// How often it is seen whether there is something to tell.
const LOOK: Duration = Duration::from_secs(30);
/// Changes that one mail tells; the site has the others.
const MOST: usize = 30;
/// A value is told up to so many characters.
const LONGEST: usize = 200;

/// Tells those who follow, and forgets what was never confirmed, for as long as the program runs.
pub async fn keep_telling(pool: PgPool, catalogue: Catalogue, origin: String) {
    loop {
        let done = async {
            db::sweep(&pool).await?;
            tell(&pool, &catalogue, &origin).await
        };
        if let Err(problem) = done.await {
            tracing::warn!(%problem, "those who follow are not told yet");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Tells each that has something to be told of; how many.
pub async fn tell(pool: &PgPool, catalogue: &Catalogue, origin: &str) -> sqlx::Result<usize> {
    let mut count = 0;
    loop {
        let mut transaction = pool.begin().await?;
        let Some(watch) = db::next_to_tell(&mut transaction).await? else { return Ok(count) };
        let most = i64::try_from(MOST).unwrap_or(i64::MAX).saturating_add(1);
        let rows = match watch.thing() {
            Some(Thing::Image(id)) => {
                changes::of_images_since(&mut transaction, &[id], watch.seen_change, most).await?
            }
            Some(Thing::Organisation(id)) => {
                changes::of_organisation_since(&mut transaction, id, true, watch.seen_change, most).await?
            }
            None => Vec::new(),
        };
        let newest = rows.first().map_or(watch.seen_change, |row| row.id);
        let snapshot = catalogue.now();
        if let Some(named) = watch.thing().and_then(|thing| Named::of(&snapshot, thing)) {
            let unsubscribe = address_of_link(origin, lang_of(&watch), &watch.token);
            let message = Message {
                key: &format!("watch-{}-{newest}", watch.id),
                kind: mail::Kind::Watch,
                to: &watch.email,
                lang: Some(lang_of(&watch)),
                letter: &|lang| letter(&snapshot, &named, &rows, origin, lang),
                unsubscribe: Some(&unsubscribe),
                file: None,
            };
            mail::put(&mut transaction, &message).await?;
            count += 1;
        }
        db::told(&mut transaction, watch.id, newest).await?;
        transaction.commit().await?;
    }
}

fn letter(snapshot: &Snapshot, named: &Named, rows: &[ChangeRow], origin: &str, lang: Lang) -> Letter {
    let items = rows.iter().take(MOST).map(|row| in_words(ChangeView::new(row.clone(), lang), lang));
    let mut letter = Letter::new(lang.named("watch-subject", named.name(lang)))
        .say(lang.named("watch-lead", named.name(lang)))
        .list(items.collect());
    if rows.len() > MOST {
        letter = letter.say(lang.t("watch-more"));
    }
    let told = rows.iter().take(MOST).filter_map(|row| snapshot.find(row.image_slug.as_deref()?));
    let images: BTreeMap<&str, Verdict> = told.map(|image| (&*image.name, Verdict::of(snapshot, image))).collect();
    let answers: Vec<String> = images
        .iter()
        .map(|(name, answer)| {
            lang.tell("watch-answer", &[("name", Word::Text(name)), ("answer", Word::Text(&answer.told(lang)))])
        })
        .collect();
    if !answers.is_empty() {
        letter = letter.list(answers);
    }
    letter.link(lang.t("watch-see"), format!("{origin}{}", named.address(lang)))
}

/// A change in one line: day, what it is about, what happened, and each field.
fn in_words(told: ChangeView, lang: Lang) -> String {
    let cut = |text: Option<String>| match text {
        Some(text) if text.chars().count() > LONGEST => text.chars().take(LONGEST).chain(['…']).collect(),
        Some(text) => text,
        None => lang.t("diff-empty").into_owned(),
    };
    let fields = told.fields.into_iter().map(|field| {
        let (before, after) = (cut(field.before), cut(field.after));
        let words =
            [("field", Word::Text(&field.label)), ("before", Word::Text(&before)), ("after", Word::Text(&after))];
        lang.tell("watch-field", &words)
    });
    let fields = fields.collect::<Vec<_>>().join("; ");
    let (day, what) = (clock::day_of(told.effective_at).to_string(), lang.t(told.kind.words()));
    let words = [
        ("day", Word::Text(&day)),
        ("subject", Word::Text(&told.subject)),
        ("what", Word::Text(&what)),
        ("fields", Word::Text(&fields)),
    ];
    lang.tell("watch-change", &words)
}

/// The language in which somebody asked for a watch.
pub(super) fn lang_of(watch: &Watch) -> Lang {
    watch.lang
}
