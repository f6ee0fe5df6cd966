//! What a file would change: each row held against its base and against the line of the same image and organisation.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value, json};

use super::Take;
use super::base::Base;
use super::merge::{self, FieldVerdict, Fields, Outcome, Sides};
use super::ticks::Ticks;
use crate::catalogue::Status;
use crate::catalogue::db::{ImageRow, LineRow};
use crate::catalogue::files::{FileRow, Format, Problem, ProblemKind, RowFile};
use crate::i18n::Lang;
use crate::organisations::{Directory, Organisation};
use crate::text::{key, slug};

/// What the catalogue holds before the file.
#[derive(Debug, Default)]
pub struct Held {
    pub organisations: Directory,
    pub images: Vec<ImageRow>,
    pub slugs: HashSet<String>,
    /// Addresses that images had before, each with its image.
    pub former: HashMap<String, i64>,
    pub lines: Vec<LineRow>,
    pub removed: Removed,
    pub base: Base,
}

/// What was taken out and keeps its number: it comes back with it.
#[derive(Debug, Default)]
pub struct Removed {
    /// Images by key: number and address.
    pub images: HashMap<String, (i64, String)>,
    /// Lines by image and organisation.
    pub lines: HashMap<(i64, i64), i64>,
}

/// A row of the file and what becomes of it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line in the file.
    pub line: usize,
    pub name: String,
    pub department: String,
    pub verdict: Verdict,
    /// The fields on which the file and a line of the catalogue differ.
    pub fields: Vec<FieldVerdict>,
    /// A mark of the verdict and its differences: another mark, another outcome.
    pub mark: u64,
}

impl Row {
    /// Whether it is in conflict only because nothing tells what the file said before.
    #[must_use]
    pub fn is_without_base(&self) -> bool {
        self.verdict == Verdict::Conflict
            && self.fields.iter().all(|field| field.outcome != Outcome::Conflict || field.base.is_none())
    }
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    New,
    /// Changed in the file only.
    Changed,
    /// Changed here, and the file says what it said before: left alone.
    Kept,
    /// Changed in the file and here: a person decides.
    Conflict,
    Same,
}

impl Verdict {
    /// All of them that say something, in the order in which they are counted.
    pub const ALL: [Verdict; 5] = [Verdict::New, Verdict::Changed, Verdict::Conflict, Verdict::Kept, Verdict::Same];

    /// The verdict's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::New => "new",
            Verdict::Changed => "changed",
            Verdict::Kept => "kept",
            Verdict::Conflict => "conflict",
            Verdict::Same => "same",
        }
    }

    /// The verdict of a row with these differences.
    fn of(fields: &[FieldVerdict]) -> Verdict {
        let has = |outcome| fields.iter().any(|field| field.outcome == outcome);
        if has(Outcome::Conflict) {
            Verdict::Conflict
        } else if has(Outcome::Changed) {
            Verdict::Changed
        } else if has(Outcome::Kept) {
            Verdict::Kept
        } else {
            Verdict::Same
        }
    }
}

/// What is to be written. Numbers of new things are places here, until the database gives them.
#[derive(Debug, Default)]
pub struct Plan {
    pub rows: Vec<Row>,
    pub missing: Vec<(String, String)>,
    pub organisations: Vec<Organisation>,
    /// New images: their numbers are negative places, to be replaced.
    pub images: Vec<ImageRow>,
    pub removed: Removed,
    /// Images whose name is spelled otherwise: number, before, after.
    pub respelled: Vec<(i64, String, String)>,
    /// Names of the file that images had before: as the file has it, and as the image is called now.
    pub renamed: Vec<(String, String)>,
    pub lines: Vec<PlannedLine>,
    /// The rows that say something else than their source said before.
    pub said: Vec<SaidRow>,
}

/// A row as the file says it, and the image and organisation that it was taken for.
#[derive(Debug)]
pub struct SaidRow {
    pub line: usize,
    pub image: i64,
    pub organisation: i64,
    /// In JSON.
    pub said: String,
}

/// A line to be written: as it was, where it was there, and as it will be.
#[derive(Debug)]
pub struct PlannedLine {
    /// Its line in the file.
    pub line: usize,
    pub before: Option<LineRow>,
    pub after: LineRow,
}

/// What is decided about rows: by ticks, or for all at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decision<'d> {
    pub take: Option<Take>,
    pub ticks: Option<&'d Ticks>,
}

impl Decision<'_> {
    /// Whose values a row with this verdict gets; none where it is left alone.
    fn on(&self, line: usize, verdict: Verdict, is_older: bool) -> Option<Take> {
        match (self.ticks, verdict) {
            (Some(ticks), _) => ticks.is_on(line, verdict, is_older).then_some(Take::File),
            (None, Verdict::New | Verdict::Changed) => Some(Take::File),
            (None, Verdict::Conflict) => self.take,
            (None, Verdict::Kept | Verdict::Same) => None,
        }
    }
}

/// Holds a file against the catalogue. Rows that are not decided for have a verdict and are not written.
///
/// # Errors
/// Rows that are one and the same line under two spellings.
pub fn plan(held: Held, file: RowFile, decision: Decision<'_>) -> Result<Plan, Vec<Problem>> {
    let mut planner = Planner::new(held, &file, decision);
    let mut problems = Vec::new();
    for row in file.rows {
        if let Err(problem) = planner.row(row) {
            problems.push(problem);
        }
    }
    if problems.is_empty() { Ok(planner.finish()) } else { Err(problems) }
}

struct Planner<'d> {
    decision: Decision<'d>,
    language: Lang,
    format: Format,
    organisations: Directory,
    slugs: HashSet<String>,
    former: HashMap<String, i64>,
    images: HashMap<String, ImageRow>,
    /// The keys of images, and of the file's names: needed only where an image had another name.
    keys: HashMap<i64, String>,
    names: HashSet<String>,
    /// By image and organisation.
    lines: HashMap<(i64, i64), LineRow>,
    base: Base,
    /// In which line of the file a line of the catalogue was seen.
    seen: HashMap<(i64, i64), usize>,
    /// Whether a row that would bring something is not written.
    leaves_out: bool,
    plan: Plan,
}

impl Planner<'_> {
    fn new<'d>(held: Held, file: &RowFile, decision: Decision<'d>) -> Planner<'d> {
        let has_former = !held.former.is_empty();
        let images = || held.images.iter().filter(|_| has_former);
        Planner {
            decision,
            language: file.language,
            format: file.format,
            organisations: held.organisations,
            slugs: held.slugs,
            former: held.former,
            keys: images().map(|image| (image.id, image.key.clone())).collect(),
            names: file.rows.iter().filter(|_| has_former).map(|row| key(&row.name)).collect(),
            images: held.images.into_iter().map(|image| (image.key.clone(), image)).collect(),
            lines: held.lines.into_iter().map(|line| ((line.image_id, line.organisation_id), line)).collect(),
            base: held.base,
            seen: HashMap::new(),
            leaves_out: false,
            plan: Plan { removed: held.removed, ..Plan::default() },
        }
    }

    fn row(&mut self, row: FileRow) -> Result<(), Problem> {
        if self.organisations.names_several(&row.department, self.language) {
            let kind = ProblemKind::SeveralDepartments { text: row.department };
            return Err(Problem { line: Some(row.line), kind });
        }
        let organisation = self.organisation(&row.department);
        let image = self.image(&row.name);
        let identity = (image, organisation);
        if let Some(first) = self.seen.insert(identity, row.line) {
            let kind = ProblemKind::Duplicate { name: row.name, department: row.department, first };
            return Err(Problem { line: Some(row.line), kind });
        }
        let said = merge::said(&row, self.language, self.format);
        let base = self.base.row(identity, &row.name, &row.department);
        self.note_said(row.line, identity, &said, base.as_ref());
        let before = self.lines.get(&identity).cloned();
        let (line, name, department) = (row.line, row.name.clone(), row.department.clone());
        let fields = before.as_ref().map(|before| self.differences(before, &said, base.as_ref(), &row.department));
        let verdict = match &fields {
            Some(fields) => Verdict::of(fields),
            None => self.verdict_without_line(identity, &said, base.as_ref()),
        };
        let fields = fields.unwrap_or_default();
        let decided = self.decision.on(line, verdict, self.base.is_older);
        let after = match &before {
            Some(before) => changed(before, &fields, decided),
            None => self.added(row, identity),
        };
        let mark = mark(verdict, &fields, before.is_none().then_some(&after));
        self.plan.rows.push(Row { line, name, department, verdict, fields, mark });
        let planned = PlannedLine { line, before, after };
        let is_written = match &planned.before {
            Some(before) => !differences(before, &planned.after).is_empty(),
            None => decided == Some(Take::File),
        };
        if is_written {
            if let Some(before) = &planned.before {
                self.respell(before, &planned.after.name);
            }
            self.plan.lines.push(planned);
        } else if verdict != Verdict::Same {
            self.leaves_out = true;
        }
        Ok(())
    }

    /// Notes what a row says, where its source did not say so before.
    fn note_said(&mut self, line: usize, (image, organisation): (i64, i64), said: &Fields, base: Option<&Fields>) {
        let is_known = |base: &Fields| said.iter().all(|(name, value)| base.get(name) == Some(value));
        if self.base.is_last || (!self.base.is_export && base.is_some_and(is_known)) {
            return;
        }
        let said = Value::Object(said.clone()).to_string();
        self.plan.said.push(SaidRow { line, image, organisation, said });
    }

    fn differences(
        &self,
        before: &LineRow,
        said: &Fields,
        base: Option<&Fields>,
        department: &str,
    ) -> Vec<FieldVerdict> {
        let ours = record_of(before);
        let sides = Sides {
            base,
            ours: &ours,
            decided: self.base.decided.get(&before.id),
            is_exported_department: self.is_exported_department(before, department),
            is_older: self.base.is_older,
        };
        sides.verdicts(said)
    }

    /// The verdict of a row whose line the catalogue does not have: new, or taken out here by somebody.
    fn verdict_without_line(&self, identity: (i64, i64), said: &Fields, base: Option<&Fields>) -> Verdict {
        let line = self.plan.removed.lines.get(&identity);
        match base {
            Some(base) if merge::says_the_same(said, base) => Verdict::Kept,
            Some(_) => Verdict::Conflict,
            None if line.is_some_and(|id| self.base.decided.get(id).is_some_and(|fields| fields.contains("*"))) => {
                Verdict::Conflict
            }
            None => Verdict::New,
        }
    }

    /// The number of the organisation that a spelling means. One that nobody knows is added, to be confirmed.
    fn organisation(&mut self, spelling: &str) -> i64 {
        if let Some(place) = self.organisations.find(spelling, self.language) {
            return self.organisations.at(place).id;
        }
        let id = -1 - i64::try_from(self.plan.organisations.len()).unwrap_or(i64::MAX - 1);
        let organisation = Organisation {
            id,
            acronym_en: spelling.to_owned(),
            acronym_fr: spelling.to_owned(),
            name_en: spelling.to_owned(),
            name_fr: spelling.to_owned(),
            parent_id: None,
            confirmed: false,
            aliases: Vec::new(),
        };
        self.organisations.insert(organisation.clone());
        self.plan.organisations.push(organisation);
        id
    }

    fn image(&mut self, name: &str) -> i64 {
        let key = key(name);
        if let Some(image) = self.images.get(&key) {
            return image.id;
        }
        if let Some(id) = self.formerly(name, &key) {
            return id;
        }
        let id = -1 - i64::try_from(self.plan.images.len()).unwrap_or(i64::MAX - 1);
        let slug = match self.plan.removed.images.get(&key) {
            Some((_, slug)) => slug.clone(),
            None => self.free_slug(name),
        };
        let image =
            ImageRow { id, slug, name: name.to_owned(), key: key.clone(), description_en: None, description_fr: None };
        self.plan.images.push(image.clone());
        self.images.insert(key, image);
        id
    }

    /// The image that had this name before: as the source's last revision was taken, or by its former address. Not where
    /// the file has that image by its present name too.
    fn formerly(&mut self, name: &str, key: &str) -> Option<i64> {
        if self.former.is_empty() {
            return None;
        }
        let known = |id: &i64| self.keys.contains_key(id);
        let id = self.base.image_named(key).filter(known);
        let id = id.or_else(|| self.former.get(&slug(name)).copied().filter(known))?;
        let present = &self.keys[&id];
        if self.names.contains(present) {
            return None;
        }
        let now = self.images.get(present)?.name.clone();
        self.plan.renamed.push((name.to_owned(), now));
        Some(id)
    }

    fn free_slug(&mut self, name: &str) -> String {
        let base = Some(slug(name)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "image".to_owned());
        let mut free = base.clone();
        let mut number = 1;
        while !self.slugs.insert(free.clone()) {
            number += 1;
            free = format!("{base}-{number}");
        }
        free
    }

    fn added(&self, row: FileRow, (image_id, organisation_id): (i64, i64)) -> LineRow {
        let notes = row.notes.flatten();
        let (notes_en, notes_fr) = self.language.of((notes.clone(), None), (None, notes.clone()));
        LineRow {
            id: 0,
            image_id,
            organisation_id,
            status: row.status.unwrap_or(Status::UnderConsideration).code().to_owned(),
            name: row.name,
            department: row.department,
            kind: row.kind.flatten(),
            notes_en,
            notes_fr,
            extra: sqlx::types::Json(row.extra),
            markup: sqlx::types::Json(markup(row.markdown)),
            renewal_date: row.renewal_date.flatten(),
            term_months: None,
            owed_by: None,
            needed_by: None,
            firmness: None,
        }
    }

    /// Whether a file only says by an acronym what the line says in its own words: every file but the page in Markdown
    /// gives acronyms, and the page in French too.
    fn is_exported_department(&self, line: &LineRow, written: &str) -> bool {
        let place = self.organisations.place(line.organisation_id);
        let is_exported = |organisation: &Organisation| match (self.format, self.language) {
            (Format::Markdown, Lang::En) => false,
            (Format::Markdown, Lang::Fr) => organisation.confirmed && organisation.acronym_fr == written,
            _ => Lang::BOTH.iter().any(|lang| organisation.acronym(*lang) == written),
        };
        place.is_some_and(|place| is_exported(self.organisations.at(place)))
    }

    /// An image's display name follows the line that it was taken from.
    fn respell(&mut self, before: &LineRow, name: &str) {
        if let Some(image) = self.images.get_mut(&key(name))
            && image.id > 0
            && image.name == before.name
            && image.name != name
        {
            self.plan.respelled.push((image.id, image.name.clone(), name.to_owned()));
            name.clone_into(&mut image.name);
        }
    }

    fn finish(mut self) -> Plan {
        let mut missing: Vec<&LineRow> =
            self.lines.iter().filter(|(identity, _)| !self.seen.contains_key(identity)).map(|(_, line)| line).collect();
        missing.sort_unstable_by_key(|line| line.id);
        self.plan.missing = missing.into_iter().map(|line| (line.name.clone(), line.department.clone())).collect();
        if self.leaves_out {
            self.forget_unused();
        }
        self.plan
    }

    /// Forgets the images and organisations that only lines left out would have brought; an image is called as the first
    /// line calls it that is written.
    fn forget_unused(&mut self) {
        let plan = &mut self.plan;
        let mut names: HashMap<i64, &str> = HashMap::new();
        for line in &plan.lines {
            names.entry(line.after.image_id).or_insert(&line.after.name);
        }
        plan.images.retain_mut(|image| {
            let Some(name) = names.get(&image.id) else { return false };
            (*name).clone_into(&mut image.name);
            true
        });
        let used: HashSet<i64> = plan.lines.iter().map(|line| line.after.organisation_id).collect();
        plan.organisations.retain(|organisation| used.contains(&organisation.id));
    }
}

/// A line as it is to be: with the file's values, with those that only the file changed, or as it was. A row that is kept
/// and taken all the same gets the file's values.
fn changed(before: &LineRow, fields: &[FieldVerdict], decided: Option<Take>) -> LineRow {
    let mut after = before.clone();
    let Some(decided) = decided else { return after };
    let is_kept = Verdict::of(fields) == Verdict::Kept;
    for field in fields {
        let value = match decided {
            Take::File if is_kept => &field.theirs,
            Take::File => &field.taken,
            Take::Catalogue => &field.left,
        };
        set(&mut after, field.name, value.clone());
    }
    after
}

/// Gives a line the value of a field of the record.
fn set(line: &mut LineRow, name: &str, value: Value) {
    let cells = |value| sqlx::types::Json(serde_json::from_value(value).unwrap_or_default());
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match name {
        "name" => line.name = text(&value).unwrap_or_default(),
        "status" => line.status = text(&value).unwrap_or_default(),
        "department" => line.department = text(&value).unwrap_or_default(),
        "type" => line.kind = text(&value),
        "notes_en" => line.notes_en = text(&value),
        "notes_fr" => line.notes_fr = text(&value),
        "extra" => line.extra = cells(value),
        "markup" => line.markup = cells(value),
        "renewal_date" => {
            let date = value.as_str().and_then(|date| date.parse().ok());
            (line.renewal_date, line.term_months, line.owed_by) = (date, None, None);
        }
        _ => {}
    }
}

fn mark(verdict: Verdict, fields: &[FieldVerdict], added: Option<&LineRow>) -> u64 {
    let mut hasher = DefaultHasher::new();
    verdict.hash(&mut hasher);
    for field in fields {
        (field.name, field.outcome, field.ours.to_string(), field.taken.to_string()).hash(&mut hasher);
    }
    added.map(|line| Value::Object(record_of(line)).to_string()).hash(&mut hasher);
    hasher.finish()
}

/// A line's fields as the record has them.
pub fn record_of(line: &LineRow) -> Fields {
    fields(line).into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn markup<C: ToString + Ord>(cells: BTreeMap<C, String>) -> BTreeMap<String, String> {
    cells.into_iter().map(|(column, cell)| (column.to_string(), cell)).collect()
}

/// The fields of a line in the record, with their values.
pub fn fields(line: &LineRow) -> [(&'static str, Value); 11] {
    [
        ("name", json!(line.name)),
        ("status", json!(line.status)),
        ("renewal_date", json!(line.renewal_date)),
        ("term_months", json!(line.term_months)),
        ("owed_by", json!(line.owed_by)),
        ("department", json!(line.department)),
        ("type", json!(line.kind)),
        ("notes_en", json!(line.notes_en)),
        ("notes_fr", json!(line.notes_fr)),
        ("extra", json!(line.extra.0)),
        ("markup", json!(line.markup.0)),
    ]
}

fn differences(before: &LineRow, after: &LineRow) -> Vec<&'static str> {
    let pairs = fields(before).into_iter().zip(fields(after));
    pairs.filter(|(before, after)| before != after).map(|((name, _), _)| name).collect()
}

/// A line's change for the record: all fields of a new one, of another only those that differ.
pub fn before_and_after(line: &PlannedLine) -> (Option<Value>, Value) {
    let Some(before) = &line.before else {
        return (
            None,
            Value::Object(fields(&line.after).into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        );
    };
    let mut was = Map::new();
    let mut is = Map::new();
    for ((name, before), (_, after)) in fields(before).into_iter().zip(fields(&line.after)) {
        if before != after {
            was.insert(name.to_owned(), before);
            is.insert(name.to_owned(), after);
        }
    }
    (Some(Value::Object(was)), Value::Object(is))
}
