//! Two images merged into one: what moves and what collides is shown first, then written as one act, which can be undone.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sqlx::{PgConnection, PgPool};

use crate::catalogue::address::IMAGE;
use crate::catalogue::meant::{Meant, Reader};
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::store::db;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::catalogue::store::write;
use crate::catalogue::{Catalogue, Snapshot};
use crate::changes::record::{Act, Kind};
use crate::changes::{self, ChangeView};
use crate::editing::unite::{Side, collisions, unite};
use crate::editing::{EDIT, MERGE};
use crate::fields::describe;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::forms::transaction::{self, CatalogueTransaction, Opened};
use crate::i18n::Lang;
use crate::images::LIST;
use crate::licences;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::path::{Path, Slug};

#[derive(Template)]
#[template(path = "editing/merging.html")]
struct MergingPage {
    page: Page,
    draft: Draft,
    name: String,
    /// How the other image's name is understood.
    meant: Vec<Meant>,
    /// What merging would do, once the other image is known.
    plan: Option<Plan>,
    /// What others wrote since the page was opened.
    others: Vec<ChangeView>,
}

/// What merging would do.
struct Plan {
    stays: (String, String),
    goes: (String, String),
    collisions: Vec<Collision>,
    changes: Vec<ChangeView>,
    /// What else counts with the image that goes, in sentences.
    besides: Vec<String>,
}

/// A line that can stay: the value that chooses it, its image, and what it says, field by field.
type LineShown = (&'static str, String, Vec<(String, String)>);

/// A department of which both have a line.
struct Collision {
    field: String,
    department: String,
    sides: [LineShown; 2],
}

/// The form that asks which image it is one with.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(slug): Path<Slug>,
    visit: Visit,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let image = snapshot.find(&slug).ok_or(Error::NotFound)?;
    let other = visit.parameter("with").unwrap_or_default();
    let other = snapshot.linked(&other).map_or(other, |image| image.name.to_string());
    let form = Form::new(vec![("other".to_owned(), other), ("stays".to_owned(), "this".to_owned())]);
    let form_token = FormToken::new(&mut *pool.acquire().await?).await?;
    Outcome::Shown.draw(&page(&visit, image, Draft::new(form, form_token)))
}

/// Shows what merging would do, or does it.
pub async fn merge(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(slug): Path<Slug>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let (snapshot, lang) = (catalogue.now(), visit.lang);
    let Opened { person, draft, mut work } = CatalogueTransaction::open(&pool, &visit, form).await?;
    let image = snapshot.find(&slug).ok_or(Error::NotFound)?;
    let mut page = page(&visit, image, draft);
    let pair = page.read(&snapshot, image);
    let Some([stays, goes]) = pair.filter(|_| page.draft.is_to_be_checked()) else {
        let outcome = page.draft.outcome(false, false)?.ok_or(Error::BadForm)?;
        return outcome.draw(&page);
    };
    let since = page.draft.token.base_revision;
    let (then, now) = work.base_and_current(&[stays, goes], since).await?;
    let at = |image_records: &[ImageRecord], id: i64| {
        image_records.iter().find(|image_record| image_record.id == id).cloned()
    };
    let (Some(stays), Some(goes)) = (at(&now, stays), at(&now, goes)) else { return Err(Error::NotFound) };
    let is_stale = at(&then, stays.id).as_ref() != Some(&stays) || at(&then, goes.id).as_ref() != Some(&goes);
    page.plan = Some(plan(&mut work.transaction, &snapshot, &page.draft.form, [&stays, &goes], lang).await?);
    if page.draft.act() == "save" && !is_stale {
        page.check(lang);
    }
    if let Some(outcome) = page.draft.outcome(is_stale, false)? {
        if outcome == Outcome::Stale {
            (page.others, page.draft.token) = work.meanwhile(&[stays.id, goes.id], since, lang).await?;
        }
        return outcome.draw(&page);
    }
    let reason = page.draft.reason();
    let after = unite(&stays, &goes, |organisation| chosen(&page.draft.form, organisation)).to_vec();
    let act = Act::by(&person, Kind::Image, &reason, &page.draft.token.nonce, catalogue.clock().now());
    let written = work.put(&act, &now, after).await?;
    let goes_over = |line: &&LineRecord| {
        let is_held = stays.lines.iter().any(|held| held.organisation == line.organisation);
        !is_held || chosen(&page.draft.form, line.organisation) == Side::Goes
    };
    let moved: Vec<i64> = goes.lines.iter().filter(goes_over).map(|line| line.organisation).collect();
    licences::db::take_over(&mut work.transaction, goes.id, stays.id, &moved).await?;
    work.commit(&catalogue).await?;
    Ok(transaction::redirect_to_change(written.ok_or(Error::BadForm)?, lang))
}

/// The name of the field that chooses between two lines of an organisation.
fn field(organisation: i64) -> String {
    format!("line-{organisation}")
}

fn chosen(form: &Form, organisation: i64) -> Side {
    Side::from_code(form.text(&field(organisation))).unwrap_or(Side::Stays)
}

fn page(visit: &Visit, image: &Image, draft: Draft) -> MergingPage {
    let lang = visit.lang;
    let page = visit
        .page_of(lang.named("merge-title", &*image.name), MERGE, |_| image.slug.to_string())
        .below(lang.t("list-title"), LIST.pattern(lang))
        .below(&*image.name, IMAGE.with(lang, &image.slug))
        .below(lang.named("edit-title", &*image.name), EDIT.with(lang, &image.slug));
    MergingPage { page, draft, name: image.name.to_string(), meant: Vec::new(), plan: None, others: Vec::new() }
}

/// What merging would change, and where a person has to choose.
async fn plan(
    db: &mut PgConnection,
    snapshot: &Snapshot,
    form: &Form,
    [stays, goes]: [&ImageRecord; 2],
    lang: Lang,
) -> Result<Plan, Error> {
    let after = unite(stays, goes, |organisation| chosen(form, organisation));
    let changes = write::changes(&[stays.clone(), goes.clone()], &after)?;
    let named =
        |image_record: &ImageRecord| (image_record.image.name.clone(), IMAGE.with(lang, &image_record.image.slug));
    let side = |line: &LineRecord| {
        let fields = describe(&line.fields).unwrap_or_default();
        let fact = |(name, value): (&String, &serde_json::Value)| {
            Some((changes::label(name, lang).into_owned(), changes::in_words(name, value, lang)?))
        };
        fields.iter().filter_map(fact).filter(|(_, words)| !words.is_empty()).collect::<Vec<_>>()
    };
    let collision = |(one, other): (&LineRecord, &LineRecord)| Collision {
        field: field(one.organisation),
        department: snapshot.organisations.title(one.organisation, lang),
        sides: [("stays", stays.image.name.clone(), side(one)), ("goes", goes.image.name.clone(), side(other))],
    };
    let references = db::names::references(db, goes.id).await?;
    let besides = references.into_iter().filter(|(_, count)| *count > 0);
    Ok(Plan {
        stays: named(stays),
        goes: named(goes),
        collisions: collisions(stays, goes).into_iter().map(collision).collect(),
        changes: transaction::preview_changes(snapshot, &after, &changes, lang),
        besides: besides.filter_map(|(kind, count)| told(&kind, count, lang)).collect(),
    })
}

/// So many things of a kind that count with the image that goes, in a sentence.
fn told(kind: &str, count: i64, lang: Lang) -> Option<String> {
    let words = match kind {
        "requests" => "merge-requests",
        "watches" => "merge-watches",
        "prices" => "merge-prices",
        "rounds" => "merge-rounds",
        "suggestions" => "merge-suggestions",
        _ => return None,
    };
    Some(lang.n(words, usize::try_from(count).ok()?))
}

impl MergingPage {
    /// The image that stays and the one that goes, or what is wrong with what was typed.
    fn read(&mut self, snapshot: &Snapshot, image: &Image) -> Option<[i64; 2]> {
        let lang = self.page.lang;
        let typed = self.draft.form.given("other").unwrap_or_default();
        let reader = Reader { snapshot, form: &self.draft.form, lang, may_add: false };
        let read = reader.settle("other", &typed, &mut self.draft.problems);
        self.meant = read.meant.into_iter().collect();
        let problem = match read.image {
            None if typed.is_empty() => Some(lang.t("merge-other-missing").into_owned()),
            None => Some(lang.named("merge-other-unknown", &typed)),
            Some(other) if other.id == image.id => Some(lang.t("merge-other-same").into_owned()),
            Some(_) => None,
        };
        if let Some(words) = problem {
            self.draft.problems.add("other", words);
        }
        let pair = read.image.map(|other| match self.draft.form.text("stays") {
            "other" => [other.id, image.id],
            _ => [image.id, other.id],
        });
        pair.filter(|_| self.draft.problems.is_empty())
    }

    /// Adds what is missing before it can be done.
    fn check(&mut self, lang: Lang) {
        for one in self.plan.iter().flat_map(|plan| &plan.collisions) {
            if Side::from_code(self.draft.form.text(&one.field)).is_none() {
                self.draft.problems.add(format!("{}-stays", one.field), lang.named("merge-choose", &one.department));
            }
        }
        if self.draft.form.given("reason").is_none() {
            self.draft.problems.add("reason", lang.t("merge-reason-missing"));
        }
    }

    fn is_chosen(&self, name: &str, value: &str) -> bool {
        self.draft.typed(name) == value
    }

    fn problem_of(&self, collision: &Collision) -> Option<&str> {
        self.draft.problem_of(&collision.field, "stays")
    }
}
