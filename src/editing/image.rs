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
use crate::forms::outcome::Outcome;
use crate::forms::transaction::{self, CatalogueTransaction, FormToken, Opened};
use crate::i18n::{Lang, Word};
use crate::images::LIST;
use crate::text::key;
use crate::web::constraint::OnConstraint;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::path::{Path, Slug};
use crate::web::problems::Problems;

#[derive(Template)]
#[template(path = "editing/image.html")]
struct ImagePage {
    page: Page,
    form: Form,
    form_token: FormToken,
    problems: Problems,
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
    Outcome::Shown.draw(&context.page(form, form_token))
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
    let form = Form::new(fields::filled(&image_record));
    Outcome::Shown.draw(&FormContext { snapshot: &snapshot, visit: &visit, image_record }.page(form, form_token))
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
    let snapshot = catalogue.now();
    let Opened { person, form_token, mut work } = CatalogueTransaction::open(pool, visit, &form).await?;
    let (mut then, now) = match image {
        Some(id) => work.base_and_current(&[id], form_token.base_revision).await?,
        None => (vec![ImageRecord::default()], Vec::new()),
    };
    let base = then.pop().ok_or(Error::NotFound)?;
    let context = FormContext { snapshot: &snapshot, visit, image_record: base };
    let (mut mine, mut problems) = fields::read(&form, &context.image_record, &snapshot.organisations, visit.lang);
    if form.act() == "edit" {
        return Outcome::Shown.draw(&context.page(form, form_token));
    }
    rename(&mut work, &context.image_record, &mut mine, &mut problems, visit.lang).await?;
    let reason = form.given("reason");
    if reason.is_none() && fields::needs_reason(&context.image_record, &mine) {
        problems.add("reason", visit.lang.t("edit-reason-missing"));
    }
    if problems.is_empty() && mine == context.image_record {
        problems.add("name", visit.lang.t("edit-nothing"));
    }
    if !problems.is_empty() {
        return Outcome::Invalid.draw(&ImagePage { problems, ..context.page(form, form_token) });
    }
    if let Some(now) = now.first().filter(|now| **now != context.image_record) {
        return context.meanwhile(&mut work, form, &form_token, &mine, now).await;
    }
    let warnings = warnings::warnings(&snapshot, &context.image_record, &mine, visit.lang);
    let after = vec![mine];
    if form.act() == "preview" || warnings::are_unseen(&warnings, &form) {
        let preview = Some(transaction::preview_changes(&snapshot, &after, &write::changes(&now, &after)?, visit.lang));
        let form = seeing(&form, &warnings);
        return Outcome::Shown.draw(&ImagePage { preview, warnings, ..context.page(form, form_token) });
    }
    let reason = reason.unwrap_or_default();
    let act = Act::by(&person, Kind::Image, &reason, &form_token.nonce, catalogue.clock().now());
    let written = match work.write(catalogue, &act, &now, after).await.on_constraint(fields::CONSTRAINTS, visit.lang)? {
        Ok(written) => written,
        Err(problems) => {
            return Outcome::Invalid.draw(&ImagePage { problems, ..context.page(form, form_token) });
        }
    };
    Ok(transaction::redirect_to_change(written.ok_or(Error::BadForm)?, visit.lang))
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
    fn page(&self, form: Form, form_token: FormToken) -> ImagePage {
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
            form,
            form_token,
            problems: Problems::default(),
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
        form: Form,
        form_token: &FormToken,
        mine: &ImageRecord,
        now: &ImageRecord,
    ) -> Result<Response, Error> {
        let lang = self.visit.lang;
        let merged = merge(&self.image_record, mine, now)?;
        let (others, fresh) = work.meanwhile(&[now.id], form_token.base_revision, lang).await?;
        let collisions = merged.collisions.iter().map(|one| self.colliding(one, now)).collect();
        let mut fields = fields::filled(&merged.image_record);
        let kept = |name: &str| name == "reason" || name.ends_with("-new");
        fields.retain(|(name, _)| !kept(name));
        fields.extend(form.fields().iter().filter(|(name, _)| kept(name)).cloned());
        self.image_record = now.clone();
        let page = ImagePage { others, collisions, ..self.page(Form::new(fields), fresh) };
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
    /// A field as typed.
    fn typed(&self, name: &str) -> &str {
        self.form.text(name)
    }

    fn typed_of(&self, name: &str, line: &str) -> &str {
        self.form.text(&format!("{name}-{line}"))
    }

    fn problem_of(&self, name: &str, line: &str) -> Option<&str> {
        self.problems.of(&format!("{name}-{line}"))
    }

    /// That notes are in English only.
    fn french_missing(&self, line: &str) -> Cow<'static, str> {
        let is_missing = self.typed_of("notes-fr", line).is_empty() && !self.typed_of("notes-en", line).is_empty();
        if is_missing { self.page.lang.t("edit-french-missing") } else { Cow::Borrowed("") }
    }

    fn statuses(&self) -> [(&'static str, String); 4] {
        Status::ALL.map(|status| (status.code(), status.label(self.page.lang).into_owned()))
    }
}
