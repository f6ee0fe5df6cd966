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
use crate::forms::outcome::Outcome;
use crate::forms::transaction::FormToken;
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
use crate::web::problems::Problems;

#[derive(Template)]
#[template(path = "suggestions/suggest.html")]
struct SuggestPage {
    page: Page,
    form: Form,
    form_token: FormToken,
    problems: Problems,
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
    let form = Form::new(fields::filled(&image_record));
    Outcome::Shown.draw(&page(&snapshot, &visit, &image_record, form, form_token))
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
    let form_token = FormToken::of(&form)?;
    let mut transaction = pool.begin().await?;
    let base = base(&mut transaction, image.id, form_token.base_revision).await?;
    if form.act() == "edit" {
        return Outcome::Shown.draw(&page(&snapshot, &visit, &base, form, form_token));
    }
    let (mine, mut problems) = fields::read_words(&form, &base, &snapshot.organisations, visit.lang);
    let why = form.given("why").unwrap_or_default();
    if let Err(words) = files::check_text(&why, Limit::Notes, visit.lang) {
        problems.add("why", words);
    }
    if problems.is_empty() && mine == base && why.is_empty() {
        problems.add("why", visit.lang.t("suggest-nothing"));
    }
    let contact = form.given("contact").unwrap_or_default();
    if !contact.is_empty() && !is_mailbox(&contact) {
        problems.add("contact", visit.lang.t("suggest-contact-wrong"));
    }
    if !form.text("website").is_empty() {
        problems.add("why", visit.lang.t("forms-trap")); // which people do not see
    }
    if !problems.is_empty() {
        let page = SuggestPage { problems, ..page(&snapshot, &visit, &base, form, form_token) };
        return Outcome::Invalid.draw(&page);
    }
    let refuse = |refusal: Refusal, form: Form| {
        let mut page = page(&snapshot, &visit, &base, form, form_token.clone());
        page.problems.add("why", refusal.words(visit.lang));
        refusal.answer(&page)
    };
    let sender = match guard.meet(Kind::Suggestion, caller, &visit, &contact).await? {
        Ok(sender) => sender,
        Err(refusal) => return refuse(refusal, form),
    };
    let own = |name: &str| ["key", "base", "do", "why", "contact", "website"].contains(&name);
    let fields: Vec<_> = form.fields().iter().filter(|(name, _)| !own(name)).cloned().collect();
    let new = New {
        image: image.id,
        base: form_token.base_revision,
        fields: &fields,
        why: &why,
        contact: &contact,
        lang: visit.lang,
        form_key: &form_token.nonce,
        sender: &sender.marks,
    };
    if db::insert(&mut transaction, &new).await? {
        if let Err(refusal) = sender.count(&mut transaction).await? {
            return refuse(refusal, form);
        }
        if !db::has_room(&mut transaction, &sender.marks).await? {
            return refuse(Refusal::while_full(), form);
        }
    }
    commit(&pool, transaction).await?;
    Outcome::Shown.draw(&SuggestPage { sent: true, ..page(&snapshot, &visit, &base, Form::default(), form_token) })
}

/// An image as a form's reader saw it.
pub(super) async fn base(db: &mut PgConnection, image: i64, base: i64) -> Result<ImageRecord, Error> {
    let then = HistoricalCatalogue::of_images(db, &[image], base).await?.image_records()?;
    then.into_iter().next().ok_or(Error::BadForm)
}

fn page(
    snapshot: &Snapshot,
    visit: &Visit,
    image_record: &ImageRecord,
    form: Form,
    form_token: FormToken,
) -> SuggestPage {
    let (lang, image): (Lang, _) = (visit.lang, &image_record.image);
    let address = IMAGE.with(lang, &image.slug);
    let mut page = visit
        .page_of(lang.named("suggest-title", &image.name), SUGGEST, |_| image.slug.clone())
        .below(lang.t("list-title"), LIST.pattern(lang))
        .below(image.name.clone(), address.clone());
    page.modified = None;
    let line = |line: &LineRecord| (line.id.to_string(), snapshot.organisations.title(line.organisation, lang));
    SuggestPage {
        page,
        form,
        form_token,
        problems: Problems::default(),
        lines: image_record.lines.iter().map(line).collect(),
        image: address,
        sent: false,
    }
}

impl SuggestPage {
    fn typed(&self, name: &str) -> &str {
        self.form.text(name)
    }

    fn typed_of(&self, name: &str, line: &str) -> &str {
        self.form.text(&format!("{name}-{line}"))
    }
}
