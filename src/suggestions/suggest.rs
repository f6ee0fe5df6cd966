//! The form by which anyone suggests a correction.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sqlx::{PgConnection, PgPool};

use super::db::{self, New};
use crate::catalogue::address::IMAGE;
use crate::catalogue::store::history::HistoricalCatalogue;
use crate::catalogue::store::reading;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::catalogue::{Catalogue, Snapshot};
use crate::database::commit::commit;
use crate::editing::fields;
use crate::fields::Label;
use crate::files::{self, Limit};
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::forms::{Guard, Kind, Refusal};
use crate::i18n::Lang;
use crate::images::LIST;
use crate::suggestions::SUGGEST;
use crate::web::address::is_mailbox;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::page::{Page, Visit};
use crate::web::path::{Path, Slug};

#[derive(Template)]
#[template(path = "suggestions/suggest.html")]
struct SuggestPage {
    page: Page,
    draft: Draft,
    lines: Vec<(String, String)>,
    image: String,
    sent: bool,
}

/// The form, with the image as it is.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(slug): Path<Slug>,
    visit: Visit,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let image = snapshot.find(&slug).ok_or(Error::NotFound)?;
    let mut connection = pool.acquire().await?;
    let form_token = FormToken::new(&mut connection).await?;
    let image_record = reading::load(&mut connection, &[image.id]).await?.pop().ok_or(Error::NotFound)?;
    let draft = Draft::new(Form::new(fields::filled(&image_record)), form_token);
    Outcome::Shown.draw(&page(&snapshot, &visit, &image_record, draft))
}

/// Takes a suggestion.
pub async fn send(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(guard): State<Arc<Guard>>,
    Path(slug): Path<Slug>,
    caller: Caller,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let image = snapshot.find(&slug).ok_or(Error::NotFound)?;
    let draft = Draft::sent(form)?;
    let mut transaction = pool.begin().await?;
    let base = base(&mut transaction, image.id, draft.token.base_revision).await?;
    let mut page = page(&snapshot, &visit, &base, draft);
    page.check(&snapshot, &base);
    if let Some(outcome) = page.draft.outcome_of(&["send"], false, false)? {
        return outcome.draw(&page);
    }
    let contact = page.draft.typed("contact").to_owned();
    let sender = match guard.meet(Kind::Suggestion, caller, &visit, &contact).await? {
        Ok(sender) => sender,
        Err(refusal) => return page.refuse(refusal),
    };
    let own = |name: &str| ["key", "base", "do", "why", "contact", "website"].contains(&name);
    let fields: Vec<_> = page.draft.form.fields().iter().filter(|(name, _)| !own(name)).cloned().collect();
    let new = New {
        image: image.id,
        base: page.draft.token.base_revision,
        fields: &fields,
        why: &page.draft.form.given("why").unwrap_or_default(),
        contact: &contact,
        lang: visit.lang,
        form_key: &page.draft.token.nonce,
        sender: &sender.marks,
    };
    if db::insert(&mut transaction, &new).await? {
        if let Err(refusal) = sender.count(&mut transaction).await? {
            return page.refuse(refusal);
        }
        if !db::has_room(&mut transaction, &sender.marks).await? {
            return page.refuse(Refusal::while_full());
        }
    }
    commit(&pool, transaction).await?;
    page.draft.form = Form::default();
    Outcome::Shown.draw(&SuggestPage { sent: true, ..page })
}

/// An image as a form's reader saw it.
pub(super) async fn base(db: &mut PgConnection, image: i64, base: i64) -> Result<ImageRecord, Error> {
    let then = HistoricalCatalogue::of_images(db, &[image], base).await?.image_records()?;
    then.into_iter().next().ok_or(Error::BadForm)
}

fn page(snapshot: &Snapshot, visit: &Visit, image_record: &ImageRecord, draft: Draft) -> SuggestPage {
    let (lang, image): (Lang, _) = (visit.lang, &image_record.image);
    let address = IMAGE.with(lang, &image.slug);
    let mut page = visit
        .page_of(lang.named("suggest-title", &image.name), SUGGEST, |_| image.slug.clone())
        .below(lang.t("list-title"), LIST.pattern(lang))
        .below(image.name.clone(), address.clone());
    page.modified = None;
    let line = |line: &LineRecord| (line.id.to_string(), snapshot.organisations.title(line.organisation, lang));
    SuggestPage { page, draft, lines: image_record.lines.iter().map(line).collect(), image: address, sent: false }
}

impl SuggestPage {
    /// Adds what is wrong with what was typed.
    fn check(&mut self, snapshot: &Snapshot, base: &ImageRecord) {
        let (lang, form) = (self.page.lang, &self.draft.form);
        let (mine, mut problems) = fields::read_words(form, base, &snapshot.organisations, lang);
        let why = form.given("why").unwrap_or_default();
        if let Err(words) = files::check_text(&why, Limit::Notes, lang) {
            problems.add("why", words);
        }
        if problems.is_empty() && mine == *base && why.is_empty() {
            problems.add("why", lang.t("suggest-nothing"));
        }
        let contact = form.text("contact");
        if !contact.is_empty() && !is_mailbox(contact) {
            problems.add("contact", lang.t("suggest-contact-wrong"));
        }
        if !form.text("website").is_empty() {
            problems.add("why", lang.t("forms-trap")); // which people do not see
        }
        self.draft.problems = problems;
    }

    fn refuse(mut self, refusal: Refusal) -> Result<Response, Error> {
        self.draft.problems.add("why", refusal.words(self.page.lang));
        refusal.answer(&self)
    }
}
