//! Staff read suggestions, see the difference with what is there, and accept or decline each with a word.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgPool;

use super::db::{self, Suggestion};
use super::{LIST, ONE, suggest};
use crate::catalogue::store::reading;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::catalogue::store::write;
use crate::catalogue::warnings;
use crate::catalogue::warnings::Warning;
use crate::catalogue::{Catalogue, Snapshot};
use crate::changes::record::{Act, Kind};
use crate::changes::{self, ChangeView};
use crate::editing::merge::merge;
use crate::editing::{EDIT, fields};
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::forms::transaction::{self, CatalogueTransaction, Opened};
use crate::i18n::Lang;
use crate::text::key;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show};
use crate::web::path::Path;

/// Suggestions on one page.
const SHOWN: i64 = 50;

#[derive(Template)]
#[template(path = "suggestions/list.html")]
struct ListPage {
    page: Page,
    is_open: bool,
    suggestions: Vec<Suggestion>,
    next: Option<String>,
}

/// The suggestions that wait, the oldest first; with `state=decided` those that do not, the newest first.
pub async fn list(State(pool): State<PgPool>, visit: Visit) -> Result<Response, Error> {
    let is_open = match visit.parameter("state").as_deref() {
        None | Some("open") => true,
        Some("decided") => false,
        Some(other) => return Err(visit.not_offered("state", other, "open, decided")),
    };
    let mut suggestions = db::list(&pool, is_open, visit.number("beyond")?, SHOWN + 1).await?;
    let more = suggestions.len() > usize::try_from(SHOWN).unwrap_or(usize::MAX);
    suggestions.truncate(usize::try_from(SHOWN).unwrap_or(usize::MAX));
    let state = if is_open { "open" } else { "decided" };
    let next = suggestions.last().filter(|_| more);
    let next = next.map(|last| format!("{}?state={state}&beyond={}", LIST.pattern(visit.lang), last.id));
    show(&ListPage { page: visit.page(visit.lang.t("suggestions-title"), LIST), is_open, suggestions, next })
}

#[derive(Template)]
#[template(path = "suggestions/one.html")]
struct OnePage {
    page: Page,
    suggestion: Suggestion,
    draft: Draft,
    /// What accepting would change now.
    preview: Vec<ChangeView>,
    /// What to see before it is accepted.
    warnings: Vec<Warning>,
    edit: String,
}

/// One suggestion beside what is there.
pub async fn show_item(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Error> {
    let mut work = CatalogueTransaction::begin(&pool).await?;
    let (suggestion, now, after) = read(&mut work, &catalogue.now(), id, visit.lang).await?;
    let draft = Draft::new(Form::default(), FormToken::new(&mut work.transaction).await?);
    Outcome::Shown.draw(&page(&catalogue.now(), &visit, suggestion, draft, &now, &after)?)
}

/// Accepts or declines.
pub async fn decide(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<i64>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let (snapshot, lang) = (catalogue.now(), visit.lang);
    let Opened { person, draft, mut work } = CatalogueTransaction::open(&pool, &visit, form).await?;
    let (suggestion, now, after) = read(&mut work, &snapshot, id, lang).await?;
    let answer = draft.form.given("answer").unwrap_or_default();
    let mut page = page(&snapshot, &visit, suggestion, draft, &now, &after)?;
    let decided = &page.suggestion;
    let (is_accepted, done) = (page.draft.act() == "accept", Redirect::to(LIST.pattern(lang)).into_response());
    let decision = (decided.accepted, decided.decided_by.as_deref(), &*decided.answer);
    if !is_accepted && decision == (Some(false), Some(&*person.name), &*answer) {
        return Ok(done); // it was sent before
    }
    let is_decided = decided.accepted.is_some(); // the page says who decided it, and how
    if is_accepted && page.preview.is_empty() && !is_decided {
        page.draft.problems.add("answer", lang.t("suggestion-nothing"));
    }
    if page.draft.act() == "decline" && answer.is_empty() && !is_decided {
        page.draft.problems.add("answer", lang.t("suggestion-answer-missing"));
    }
    // Warnings are shown again with those that came meanwhile.
    let is_unseen = is_accepted && warnings::are_unseen(&page.warnings, &page.draft.form);
    if let Some(outcome) = page.draft.outcome_of(&["accept", "decline"], is_decided, is_unseen)? {
        return outcome.draw(&page);
    }
    let mut written = None;
    if is_accepted {
        let source = lang.named("suggestion-source", page.suggestion.id.to_string());
        let (moment, form_key) = (catalogue.clock().now(), &*page.draft.token.nonce);
        let act = Act { source: &source, ..Act::by(&person, Kind::Suggestion, &answer, form_key, moment) };
        written = Some(work.put(&act, &now, after).await?.ok_or(Error::BadForm)?);
    }
    db::decide(&mut work.transaction, page.suggestion.id, is_accepted, &answer, &person.name, written).await?;
    work.commit(&catalogue).await?;
    Ok(written.map_or(done, |written| transaction::redirect_to_change(written, lang)))
}

/// A suggestion, its image as it is, and as accepting would make it.
async fn read(
    work: &mut CatalogueTransaction,
    snapshot: &Snapshot,
    id: i64,
    lang: Lang,
) -> Result<(Suggestion, Vec<ImageRecord>, Vec<ImageRecord>), Error> {
    let suggestion = db::find(&mut work.transaction, id).await?.ok_or(Error::NotFound)?;
    let image = db::present_image(&mut work.transaction, suggestion.image_id).await?;
    let now = reading::load(&mut work.transaction, &[image]).await?;
    let base = suggest::base(&mut work.transaction, suggestion.image_id, suggestion.base).await?;
    let form = Form::new(suggestion.fields.0.clone());
    let (mut mine, _) = fields::read_words(&form, &base, &snapshot.organisations, lang);
    let mut after = Vec::new();
    for image_record in &now {
        let base = if image == suggestion.image_id { base.clone() } else { moved(&base, image_record) };
        if image != suggestion.image_id {
            mine = moved(&mine, image_record);
            // It had another name, which says nothing of how this one is to be called.
            mine.image.name.clone_from(&base.image.name);
            for (mine, base) in mine.lines.iter_mut().zip(&base.lines) {
                mine.fields.name.clone_from(&base.fields.name);
            }
        }
        let mut merged = merge(&base, &mine, image_record)?.image_record;
        if key(&merged.image.name) != key(&image_record.image.name) {
            merged.image.slug = write::free_slug(&mut work.transaction, &merged.image.name, image_record.id).await?;
        }
        after.push(merged);
    }
    Ok((suggestion, now, after))
}

/// What was said of an image that is one with another now, as said of that one: line by line of the same department.
fn moved(said: &ImageRecord, now: &ImageRecord) -> ImageRecord {
    let line = |line: &LineRecord| {
        let held = now.lines.iter().find(|held| held.organisation == line.organisation)?;
        Some(LineRecord { id: held.id, ..line.clone() })
    };
    ImageRecord { id: now.id, image: said.image.clone(), lines: said.lines.iter().filter_map(line).collect() }
}

fn page(
    snapshot: &Snapshot,
    visit: &Visit,
    suggestion: Suggestion,
    draft: Draft,
    now: &[ImageRecord],
    after: &[ImageRecord],
) -> Result<OnePage, Error> {
    let lang = visit.lang;
    let id = suggestion.id.to_string();
    let page = visit
        .page_of(lang.named("suggestion-title", &suggestion.image_name), ONE, |_| id.clone())
        .below(lang.t("suggestions-title"), LIST.pattern(lang));
    let preview = if suggestion.accepted.is_none() {
        transaction::preview_changes(snapshot, after, &write::changes(now, after)?, lang)
    } else {
        Vec::new()
    };
    let is_open = suggestion.accepted.is_none();
    let warnings = if is_open { warnings::warnings_of(snapshot, now, after, lang) } else { Vec::new() };
    let edit = EDIT.with(lang, &suggestion.image_slug);
    Ok(OnePage { page, suggestion, draft, preview, warnings, edit })
}

impl ListPage {
    fn address(&self, suggestion: &Suggestion) -> String {
        ONE.with(self.page.lang, &suggestion.id.to_string())
    }

    fn other(&self) -> String {
        format!("{}?state={}", LIST.pattern(self.page.lang), if self.is_open { "decided" } else { "open" })
    }
}

impl OnePage {
    fn act(&self, id: &i64) -> String {
        changes::ONE.with(self.page.lang, &id.to_string())
    }
}
