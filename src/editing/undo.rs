//! An act undone by a new act: refused, with the reason, where later acts stand on it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use crate::catalogue::store::reading;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::catalogue::store::write;
use crate::catalogue::{Catalogue, Snapshot};
use crate::changes::record::{Act, Change, Kind, Record, Subject};
use crate::changes::{self, ChangeView, Recorded, UNDO};
use crate::fields::{Fields, ImageFields, LineFields, describe, parse};
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::forms::transaction::{self, CatalogueTransaction, Opened};
use crate::forms::undo::{AfterUndo, GivenBack, Undone};
use crate::guidance::{self, Text, Texts};
use crate::i18n::{Lang, Word};
use crate::organisations::{self, Organisation};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::path::Path;
use crate::web::visitor::Role;

/// Later acts that a refusal names.
const MOST_LATER: i64 = 10;
/// Changes that a preview shows.
const MOST_SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "editing/undo.html")]
struct UndoPage {
    page: Page,
    draft: Draft,
    /// What undoing changes; none where it is refused.
    preview: Option<Vec<ChangeView>>,
    more: bool,
    /// What it gives back besides.
    given_back: Vec<GivenBack>,
    /// Why it cannot be undone, and the acts that stand on it: number and address.
    refusal: Option<String>,
    later: Vec<(i64, String)>,
}

/// What can be undone, or why it cannot.
enum Undoing {
    Possible {
        now: Vec<ImageRecord>,
        after: Vec<ImageRecord>,
    },
    /// Organisations' own fields: what each is and what it was.
    Organisations(Vec<(Organisation, Organisation)>),
    /// A text of the site: its number, what it is and what it was.
    Content(i64, Text, Text),
    /// A sentence's key and the acts that stand in the way.
    Refused(&'static str, Vec<i64>),
}

/// What undoing an act would change.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(after_undo): State<AfterUndo>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Error> {
    let mut work = CatalogueTransaction::begin(&pool).await?;
    changes::set(&pool, id).await?.ok_or(Error::NotFound)?;
    let undoing = plan(&mut work.transaction, id).await?;
    let draft = Draft::new(Form::default(), FormToken::new(&mut work.transaction).await?);
    let mut page = page(&catalogue.now(), &visit, id, draft, &undoing)?;
    if matches!(undoing, Undoing::Possible { .. }) {
        page.given_back = (after_undo.ahead)(&mut work.transaction, id, visit.lang).await?;
    }
    Outcome::Shown.draw(&page)
}

/// Undoes an act.
pub async fn undo(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(after_undo): State<AfterUndo>,
    Path(id): Path<i64>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    changes::set(&pool, id).await?.ok_or(Error::NotFound)?;
    let snapshot = catalogue.now();
    let Opened { person, draft, mut work } = CatalogueTransaction::open(&pool, &visit, form).await?;
    let undoing = plan(&mut work.transaction, id).await?;
    if matches!(undoing, Undoing::Organisations(_) | Undoing::Content(..)) && person.role < Role::Administrator {
        return Err(Error::Forbidden);
    }
    let mut page = page(&snapshot, &visit, id, draft, &undoing)?;
    if matches!(undoing, Undoing::Possible { .. }) {
        page.given_back = (after_undo.ahead)(&mut work.transaction, id, visit.lang).await?;
    }
    let is_refused = matches!(undoing, Undoing::Refused(..));
    let reason = page.draft.reason();
    if reason.is_empty() && !is_refused {
        page.draft.problems.add("reason", visit.lang.t("undo-reason-missing"));
    }
    if let Some(outcome) = page.draft.outcome(is_refused, false)? {
        return outcome.draw(&page);
    }
    let (moment, form_key) = (catalogue.clock().now(), &*page.draft.token.nonce);
    let act = Act { undoes: Some(id), ..Act::by(&person, Kind::Undo, &reason, form_key, moment) };
    let is_of_images = matches!(undoing, Undoing::Possible { .. });
    let written = undoing.write(&mut work, &act).await?.ok_or(Error::BadForm)?;
    if is_of_images {
        let db = &mut *work.transaction;
        (after_undo.give_back)(Undone { db, act: id, by: written, person: &person, reason: &reason, form_key }).await?;
    }
    work.commit(&catalogue).await?;
    Ok(transaction::redirect_to_change(written, visit.lang))
}

impl Undoing {
    /// Writes what can be undone as one act.
    async fn write(self, work: &mut CatalogueTransaction, act: &Act<'_>) -> Result<Option<i64>, Error> {
        let changes = match self {
            Undoing::Possible { now, after } => return work.put(act, &now, after).await,
            Undoing::Refused(..) => return Ok(None),
            Undoing::Organisations(pairs) => {
                for (_, was) in &pairs {
                    organisations::change(&mut work.transaction, was).await?;
                }
                organisation_changes(&pairs)
            }
            Undoing::Content(id, is, was) => {
                guidance::upsert(&mut work.transaction, &was, act.effective_at).await?;
                vec![guidance::changed(id, &is, &was)?.ok_or(Error::BadForm)?]
            }
        };
        let record = Record::begin(&mut work.transaction).await?;
        Ok(Some(record.write(act, &changes).await?))
    }
}

fn organisation_changes(pairs: &[(Organisation, Organisation)]) -> Vec<Change> {
    pairs.iter().filter_map(|(is, was)| organisations::changed(is, was)).collect()
}

fn page(snapshot: &Snapshot, visit: &Visit, id: i64, draft: Draft, undoing: &Undoing) -> Result<UndoPage, Error> {
    let lang = visit.lang;
    let act = lang.named("change-title", id.to_string());
    let page = visit
        .page_of(lang.named("undo-title", id.to_string()), UNDO, |_| id.to_string())
        .below(lang.t("changes-title"), changes::LIST.pattern(lang))
        .below(act, changes::ONE.with(lang, &id.to_string()));
    let mut shown =
        UndoPage { page, draft, preview: None, more: false, given_back: Vec::new(), refusal: None, later: Vec::new() };
    match undoing {
        Undoing::Possible { now, after } => {
            let mut changes = write::changes(now, after)?;
            shown.more = changes.len() > MOST_SHOWN;
            changes.truncate(MOST_SHOWN);
            let names: Vec<ImageRecord> = after.iter().chain(now).cloned().collect();
            shown.preview = Some(transaction::preview_changes(snapshot, &names, &changes, lang));
        }
        Undoing::Organisations(pairs) => {
            let told = organisation_changes(pairs).into_iter().zip(pairs);
            let told = told.map(|(mut change, (is, _))| {
                snapshot.organisations.name_parents(&mut change);
                ChangeView::preview(&change, is.acronym(lang).to_owned(), lang)
            });
            shown.preview = Some(told.collect());
        }
        Undoing::Content(id, is, was) => {
            let change = guidance::changed(*id, is, was)?;
            let subject = || lang.t(&format!("content-name-{}", is.name)).into_owned();
            shown.preview = Some(change.iter().map(|change| ChangeView::preview(change, subject(), lang)).collect());
        }
        Undoing::Refused(why, later) => {
            shown.refusal = Some(lang.t(why).into_owned());
            shown.later = later.iter().map(|id| (*id, changes::ONE.with(lang, &id.to_string()))).collect();
        }
    }
    Ok(shown)
}

/// What undoing an act makes of the images that it touched.
async fn plan(db: &mut PgConnection, id: i64) -> Result<Undoing, Error> {
    if let Some(by) = changes::undone_by(db, id).await? {
        return Ok(Undoing::Refused("undo-undone", vec![by]));
    }
    let recorded = changes::recorded(db, id).await?;
    if recorded.iter().any(|change| change.after.as_ref().is_some_and(|after| after.get("quality").is_some())) {
        return Ok(Undoing::Refused("undo-quality", Vec::new()));
    }
    let mut images: Vec<i64> = recorded.iter().filter_map(|change| change.image_id).collect();
    images.sort_unstable();
    images.dedup();
    if let [change] = &recorded[..]
        && change.subject == Subject::Content
    {
        return plan_content(db, change).await;
    }
    if images.is_empty() {
        return plan_organisations(db, &recorded).await;
    }
    let now = reading::load(db, &images).await?;
    let mut after: BTreeMap<i64, ImageRecord> =
        now.iter().map(|image_record| (image_record.id, image_record.clone())).collect();
    for change in &recorded {
        if !take_back(&mut after, change)? {
            let later = changes::later_sets(db, id, &images, MOST_LATER).await?;
            return Ok(Undoing::Refused("undo-later", later));
        }
    }
    let after = after.into_values().collect::<Vec<_>>();
    let is_orphaned = |image_record: &&ImageRecord| {
        let was = now.iter().find(|held| held.id == image_record.id);
        image_record.lines.is_empty()
            && was.is_some_and(|was| !was.lines.is_empty())
            && !was_added(&recorded, image_record.id)
    };
    if after.iter().any(|image_record| is_orphaned(&image_record)) {
        return Ok(Undoing::Refused("undo-later", changes::later_sets(db, id, &images, MOST_LATER).await?));
    }
    Ok(Undoing::Possible { now, after })
}

/// What undoing an act makes of the organisations that it changed. Those that it added stay.
async fn plan_organisations(db: &mut PgConnection, recorded: &[Recorded]) -> Result<Undoing, Error> {
    let directory = organisations::load(db).await?;
    let mut pairs = Vec::new();
    for change in recorded.iter().filter(|change| change.subject == Subject::Organisation) {
        let (Some(before), Some(after)) = (&change.before, &change.after) else { continue };
        let is = directory.place(change.subject_id).map(|place| directory.at(place)).ok_or(Error::NotFound)?;
        let Some(fields) = restored(&describe(is)?, before, after) else {
            return Ok(Undoing::Refused("undo-later", Vec::new()));
        };
        pairs.push((is.clone(), parse(fields)?));
    }
    Ok(if pairs.is_empty() { Undoing::Refused("undo-nothing", Vec::new()) } else { Undoing::Organisations(pairs) })
}

/// What undoing an act makes of the text that it changed.
async fn plan_content(db: &mut PgConnection, change: &Recorded) -> Result<Undoing, Error> {
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return Err(Error::NotFound) };
    let name = after.get("content").and_then(Value::as_str).ok_or(Error::NotFound)?;
    let is = Texts::load(db).await?.text(name);
    let mut now = describe(&is)?;
    now.extend(
        after
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| name.starts_with("published"))
            .map(|(name, shown)| (name.clone(), shown.clone())),
    );
    if let Some(fields) = restored(&now, before, after) {
        return Ok(Undoing::Content(change.subject_id, is, parse(fields)?));
    }
    let later = changes::of_content_since(db, change.subject_id, change.id, MOST_LATER).await?;
    Ok(Undoing::Refused("undo-later", later.into_iter().map(|row| row.change_set_id).collect()))
}

/// Whether an act added an image.
fn was_added(recorded: &[Recorded], image: i64) -> bool {
    recorded
        .iter()
        .any(|change| change.subject == Subject::Image && change.subject_id == image && change.before.is_none())
}

/// Takes one change back; false where what it left is no longer there.
fn take_back(image_records: &mut BTreeMap<i64, ImageRecord>, change: &Recorded) -> Result<bool, Error> {
    let Some(image) = change.image_id else { return Ok(true) };
    match change.subject {
        Subject::Image => match &change.after {
            None => {
                let Some(Value::Object(before)) = &change.before else { return Ok(false) };
                image_records.entry(image).or_insert(ImageRecord { id: image, ..ImageRecord::default() }).image =
                    parse(before.clone())?;
                Ok(true)
            }
            Some(after) => {
                let Some(image_record) = image_records.get_mut(&image) else { return Ok(false) };
                let Some(before) = &change.before else {
                    // An image that was added goes with its last line, which the act's other changes took out.
                    let left =
                        serde_json::from_value::<ImageFields>(after.clone()).map_err(anyhow::Error::from)?.sorted();
                    return Ok(image_record.lines.is_empty() && image_record.image == left);
                };
                let restored = restored(&describe(&image_record.image)?, before, after);
                restored.map_or(Ok(false), |fields| {
                    image_record.image = parse(fields)?;
                    Ok(true)
                })
            }
        },
        Subject::Line => take_back_line(image_records, change, image),
        Subject::Organisation | Subject::Content => Ok(true),
    }
}

fn take_back_line(
    image_records: &mut BTreeMap<i64, ImageRecord>,
    change: &Recorded,
    image: i64,
) -> Result<bool, Error> {
    let (id, organisation) = (change.subject_id, change.organisation_id.unwrap_or_default());
    let image_record = image_records.entry(image).or_insert(ImageRecord { id: image, ..ImageRecord::default() });
    let place = image_record.lines.iter().position(|line| line.id == id);
    match (&change.before, &change.after, place) {
        (None, Some(after), Some(place)) => {
            let same = image_record.lines[place].fields
                == serde_json::from_value::<LineFields>(after.clone()).map_err(anyhow::Error::from)?;
            if same {
                image_record.lines.remove(place);
            }
            Ok(same)
        }
        (Some(before), Some(after), Some(place)) => {
            let line = &mut image_record.lines[place];
            let Some(fields) = restored(&describe(&line.fields)?, before, after) else { return Ok(false) };
            line.fields = parse(fields)?;
            Ok(true)
        }
        (Some(Value::Object(before)), None, None) => {
            image_record.lines.push(LineRecord { id, organisation, fields: parse(before.clone())? });
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Fields with what a change replaced put back; none where they are no longer what it left.
fn restored(now: &Fields, before: &Value, after: &Value) -> Option<Fields> {
    let (before, after) = (before.as_object()?, after.as_object()?);
    let mut restored = now.clone();
    for (name, left) in after {
        if now.get(name).unwrap_or(&Value::Null) != left {
            return None;
        }
        restored.insert(name.clone(), before.get(name).cloned().unwrap_or(Value::Null));
    }
    Some(restored)
}

impl UndoPage {
    /// The numbers of the acts that stand in the way, in words.
    fn later_words(&self, id: &i64) -> String {
        let lang: Lang = self.page.lang;
        lang.tell("change-title", &[("name", Word::Text(&id.to_string()))])
    }
}
