//! An image and its lines in one form: added, changed, renamed, retired, brought back.

use std::borrow::Cow;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sqlx::PgPool;

use crate::catalogue::address::IMAGE;
use crate::catalogue::store::db;
use crate::catalogue::store::reading;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::catalogue::store::write;
use crate::catalogue::warnings;
use crate::catalogue::warnings::{SEEN, Warning};
use crate::catalogue::{Catalogue, Firmness, Snapshot, Status};
use crate::changes::record::{Act, Kind};
use crate::changes::{self, ChangeView};
use crate::editing::fields::{self, NEW_LINE};
use crate::editing::merge::{Collision, merge};
use crate::editing::{EDIT, MERGE, NEW, RENEWALS};
use crate::fields::Label;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::forms::transaction::{self, CatalogueTransaction, Opened};
use crate::i18n::{Lang, Word};
use crate::images::LIST;
use crate::text::key;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::path::{Path, Slug};
use crate::web::problems::Problems;

#[derive(Template)]
#[template(path = "editing/image.html")]
struct ImagePage {
    page: Page,
    draft: Draft,
    lines: Vec<FormLine>,
    departments: Vec<(i64, String)>,
    /// What others wrote since the form was opened, and where it collides with what was typed.
    others: Vec<ChangeView>,
    collisions: Vec<Colliding>,
    /// What saving would change, where that was asked for.
    preview: Option<Vec<ChangeView>>,
    /// What to see before it is saved.
    warnings: Vec<Warning>,
    renewals: String,
    merging: String,
    is_new: bool,
}

/// A line of the image in the form.
struct FormLine {
    id: String,
    title: String,
}

/// A field that two people changed otherwise, in words.
struct Colliding {
    label: String,
    base: Option<String>,
    theirs: Option<String>,
    mine: Option<String>,
}

/// What a page needs besides the form.
struct FormContext<'s> {
    snapshot: &'s Snapshot,
    visit: &'s Visit,
    /// The image as the form's reader knows it; empty for a new one.
    image_record: ImageRecord,
}

/// The form for a new image.
pub async fn new(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    let form_token = FormToken::new(&mut *pool.acquire().await?).await?;
    let snapshot = catalogue.now();
    let form = Form::new(vec![
        ("name".to_owned(), visit.parameter("name").unwrap_or_default()),
        (format!("status-{NEW_LINE}"), Status::UnderConsideration.code().to_owned()),
    ]);
    let context = FormContext { snapshot: &snapshot, visit: &visit, image_record: ImageRecord::default() };
    Outcome::Shown.draw(&context.page(Draft::new(form, form_token)))
}

/// The form of an image that is there.
pub async fn edit(
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
    Outcome::Shown.draw(&FormContext { snapshot: &snapshot, visit: &visit, image_record }.page(draft))
}

/// What was sent for a new image.
pub async fn add(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    save(&catalogue, &pool, &visit, form, None).await
}

/// What was sent for an image that is there.
pub async fn change(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(slug): Path<Slug>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let id = catalogue.now().find(&slug).ok_or(Error::NotFound)?.id;
    save(&catalogue, &pool, &visit, form, Some(id)).await
}

async fn save(
    catalogue: &Catalogue,
    pool: &PgPool,
    visit: &Visit,
    form: Form,
    image: Option<i64>,
) -> Result<Response, Error> {
    let (snapshot, lang) = (catalogue.now(), visit.lang);
    let Opened { person, mut draft, mut work } = CatalogueTransaction::open(pool, visit, form).await?;
    let (mut then, now) = match image {
        Some(id) => work.base_and_current(&[id], draft.token.base_revision).await?,
        None => (vec![ImageRecord::default()], Vec::new()),
    };
    let base = then.pop().ok_or(Error::BadForm)?; // it was not there yet when the form says that it was opened
    let context = FormContext { snapshot: &snapshot, visit, image_record: base };
    let base = &context.image_record;
    let (mut mine, problems) = fields::read(&draft.form, base, &snapshot.organisations, lang);
    draft.problems = problems;
    rename(&mut work, base, &mut mine, &mut draft.problems, lang).await?;
    let reason = draft.reason();
    if reason.is_empty() && fields::needs_reason(base, &mine) {
        draft.problems.add("reason", lang.t("edit-reason-missing"));
    }
    draft.refuse_unchanged(mine == *base, "name", lang);
    let others = now.first().filter(|now| *now != base);
    let warnings = warnings::warnings(&snapshot, base, &mine, lang);
    let is_unseen = warnings::are_unseen(&warnings, &draft.form);
    match (draft.outcome(others.is_some(), is_unseen)?, others) {
        (None, _) => {}
        (Some(Outcome::Stale), Some(others)) => return context.meanwhile(&mut work, draft, &mine, others).await,
        (Some(Outcome::Shown), _) if draft.act() != "edit" => {
            let changes = write::changes(&now, std::slice::from_ref(&mine))?;
            let preview = Some(transaction::preview_changes(&snapshot, &[mine], &changes, lang));
            draft.form = seeing(&draft.form, &warnings);
            return Outcome::Shown.draw(&ImagePage { preview, warnings, ..context.page(draft) });
        }
        (Some(outcome), _) => return outcome.draw(&context.page(draft)),
    }
    let act = Act::by(&person, Kind::Image, &reason, &draft.token.nonce, catalogue.clock().now());
    let written = work.write(catalogue, &act, &now, vec![mine]).await;
    match draft.written(written, fields::CONSTRAINTS, lang)? {
        Some(written) => Ok(transaction::redirect_to_change(written.ok_or(Error::BadForm)?, lang)),
        None => Outcome::Invalid.draw(&context.page(draft)),
    }
}

/// The form, saying that these warnings were seen.
fn seeing(form: &Form, warnings: &[Warning]) -> Form {
    let typed = form.fields().iter().filter(|(name, _)| name != SEEN).cloned();
    Form::new(typed.chain(warnings.iter().map(|warning| (SEEN.to_owned(), warning.code.clone()))).collect())
}

/// Gives a new name its address, and refuses one that another image has.
async fn rename(
    work: &mut CatalogueTransaction,
    base: &ImageRecord,
    mine: &mut ImageRecord,
    problems: &mut Problems,
    lang: Lang,
) -> Result<(), Error> {
    if mine.image.name.is_empty() || key(&mine.image.name) == key(&base.image.name) {
        return Ok(());
    }
    let taken = db::image_with_key(&mut work.transaction, &key(&mine.image.name)).await?;
    if taken.is_some_and(|id| id != base.id) {
        problems.add("name", lang.named("edit-name-taken", &mine.image.name));
        return Ok(());
    }
    mine.image.slug = write::free_slug(&mut work.transaction, &mine.image.name, base.id).await?;
    Ok(())
}

impl FormContext<'_> {
    fn page(&self, draft: Draft) -> ImagePage {
        let (lang, image) = (self.visit.lang, &self.image_record.image);
        let is_new = self.image_record.id == 0;
        let page = if is_new {
            self.visit.page(lang.t("edit-new-title"), NEW).below(lang.t("list-title"), LIST.pattern(lang))
        } else {
            self.visit
                .page_of(lang.named("edit-title", &image.name), EDIT, |_| image.slug.clone())
                .below(lang.t("list-title"), LIST.pattern(lang))
                .below(image.name.clone(), IMAGE.with(lang, &image.slug))
        };
        let line = |line: &LineRecord| FormLine {
            id: line.id.to_string(),
            title: self.snapshot.organisations.title(line.organisation, lang),
        };
        ImagePage {
            page,
            draft,
            lines: self.image_record.lines.iter().map(line).collect(),
            departments: self.departments(),
            others: Vec::new(),
            collisions: Vec::new(),
            preview: None,
            warnings: Vec::new(),
            renewals: format!("{}?image={}", RENEWALS.pattern(lang), image.slug),
            merging: MERGE.with(lang, &image.slug),
            is_new,
        }
    }

    /// The organisations that have no line of this image yet, by acronym.
    fn departments(&self) -> Vec<(i64, String)> {
        let directory = &self.snapshot.organisations;
        let has_line = |id: i64| self.image_record.lines.iter().any(|line| line.organisation == id);
        let free = directory.all().iter().filter(|one| !has_line(one.id));
        let mut all: Vec<_> = free.map(|one| (one.id, directory.title(one.id, self.visit.lang))).collect();
        all.sort_by_cached_key(|(_, title)| key(title));
        all
    }

    /// Others changed the image since the form was opened: both versions, field by field, and the form with what was
    /// typed on top of what is there now.
    async fn meanwhile(
        mut self,
        work: &mut CatalogueTransaction,
        draft: Draft,
        mine: &ImageRecord,
        now: &ImageRecord,
    ) -> Result<Response, Error> {
        let lang = self.visit.lang;
        let merged = merge(&self.image_record, mine, now)?;
        let (others, fresh) = work.meanwhile(&[now.id], draft.token.base_revision, lang).await?;
        let collisions = merged.collisions.iter().map(|one| self.colliding(one, now)).collect();
        let mut fields = fields::filled(&merged.image_record);
        let kept = |name: &str| name == "reason" || name.ends_with("-new");
        fields.retain(|(name, _)| !kept(name));
        fields.extend(draft.form.fields().iter().filter(|(name, _)| kept(name)).cloned());
        self.image_record = now.clone();
        let page = ImagePage { others, collisions, ..self.page(Draft::new(Form::new(fields), fresh)) };
        Outcome::Stale.draw(&page)
    }

    fn colliding(&self, one: &Collision, now: &ImageRecord) -> Colliding {
        let lang = self.visit.lang;
        let line = now.lines.iter().find(|line| Some(line.id) == one.line);
        let label = changes::label(&one.field, lang);
        let label = match line {
            Some(line) => {
                let title = self.snapshot.organisations.title(line.organisation, lang);
                lang.tell("edit-field-of", &[("field", Word::Text(&label)), ("line", Word::Text(&title))])
            }
            None => label.into_owned(),
        };
        let words = |value| changes::in_words(&one.field, value, lang);
        Colliding { label, base: words(&one.base), theirs: words(&one.theirs), mine: words(&one.mine) }
    }
}

impl ImagePage {
    /// That notes are in English only.
    fn french_missing(&self, line: &str) -> Cow<'static, str> {
        let is_missing =
            self.draft.typed_of("notes-fr", line).is_empty() && !self.draft.typed_of("notes-en", line).is_empty();
        if is_missing { self.page.lang.t("edit-french-missing") } else { Cow::Borrowed("") }
    }

    fn statuses(&self) -> [(&'static str, String); 4] {
        Status::ALL.map(|status| (status.code(), status.label(self.page.lang).into_owned()))
    }
}
