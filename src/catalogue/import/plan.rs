//! What a file would change: each row held against the line of the same image and organisation.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value, json};

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
    pub lines: Vec<LineRow>,
    pub removed: Removed,
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
    /// A mark of the verdict and its differences: another mark, another outcome.
    pub mark: u64,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    New,
    /// The fields that change, as in the record.
    Changed(Vec<&'static str>),
    Same,
}

impl Verdict {
    /// The verdict's word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Verdict::New => "new",
            Verdict::Changed(_) => "changed",
            Verdict::Same => "same",
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
    pub lines: Vec<PlannedLine>,
}

/// A line to be written: as it was, where it was there, and as it will be.
#[derive(Debug)]
pub struct PlannedLine {
    /// Its line in the file.
    pub line: usize,
    pub before: Option<LineRow>,
    pub after: LineRow,
}

/// Holds a file against the catalogue. The lines of the file that are left out have a verdict and are not written.
///
/// # Errors
/// Rows that are one and the same line under two spellings.
pub fn plan(held: Held, file: RowFile, left_out: &HashSet<usize>) -> Result<Plan, Vec<Problem>> {
    let mut planner = Planner::new(held, file.language, file.format, left_out);
    let mut problems = Vec::new();
    for row in file.rows {
        if let Err(problem) = planner.row(row) {
            problems.push(problem);
        }
    }
    if problems.is_empty() { Ok(planner.finish()) } else { Err(problems) }
}

struct Planner<'l> {
    left_out: &'l HashSet<usize>,
    language: Lang,
    format: Format,
    organisations: Directory,
    slugs: HashSet<String>,
    images: HashMap<String, ImageRow>,
    /// By image and organisation.
    lines: HashMap<(i64, i64), LineRow>,
    /// In which line of the file a line of the catalogue was seen.
    seen: HashMap<(i64, i64), usize>,
    plan: Plan,
}

impl Planner<'_> {
    fn new(held: Held, language: Lang, format: Format, left_out: &HashSet<usize>) -> Planner<'_> {
        Planner {
            left_out,
            language,
            format,
            organisations: held.organisations,
            slugs: held.slugs,
            images: held.images.into_iter().map(|image| (image.key.clone(), image)).collect(),
            lines: held.lines.into_iter().map(|line| ((line.image_id, line.organisation_id), line)).collect(),
            seen: HashMap::new(),
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
        let before = self.lines.get(&identity).cloned();
        let (line, name, department) = (row.line, row.name.clone(), row.department.clone());
        let (verdict, planned) = match before {
            None => {
                let after = self.added(row, identity);
                (Verdict::New, Some(PlannedLine { line, before: None, after }))
            }
            Some(before) => self.changed(row, before),
        };
        let mark = mark(&verdict, planned.as_ref());
        self.plan.rows.push(Row { line, name, department, verdict, mark });
        if let Some(planned) = planned.filter(|_| !self.left_out.contains(&line)) {
            if let Some(before) = &planned.before {
                self.respell(before, &planned.after.name);
            }
            self.plan.lines.push(planned);
        }
        Ok(())
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

    fn changed(&mut self, row: FileRow, before: LineRow) -> (Verdict, Option<PlannedLine>) {
        let line = row.line;
        let mut after = before.clone();
        if let Some(status) = row.status {
            status.code().clone_into(&mut after.status);
        }
        if let Some(renewal_date) = row.renewal_date.filter(|date| *date != before.renewal_date) {
            (after.renewal_date, after.term_months, after.owed_by) = (renewal_date, None, None);
        }
        if let Some(kind) = row.kind {
            after.kind = kind;
        }
        if let Some(notes) = row.notes {
            self.write_notes(&mut after, notes);
        }
        if !self.is_exported_department(&before, &row.department) {
            after.department = row.department;
        }
        after.name = row.name;
        // A row that never had such a column comes out of a file with an empty cell in it: that is no change.
        let said = |(heading, cell): &(String, String)| !cell.is_empty() || before.extra.contains_key(heading);
        after.extra.extend(row.extra.into_iter().filter(said));
        if self.format == Format::Markdown {
            after.markup = sqlx::types::Json(markup(row.markdown));
        }
        let fields = differences(&before, &after);
        if fields.is_empty() {
            return (Verdict::Same, None);
        }
        (Verdict::Changed(fields), Some(PlannedLine { line, before: Some(before), after }))
    }

    /// Notes belong to the file's language. Where that language has none, files show the other's: that is no change.
    fn write_notes(&self, after: &mut LineRow, notes: Option<String>) {
        let (own, other) = match self.language {
            Lang::En => (&mut after.notes_en, &after.notes_fr),
            Lang::Fr => (&mut after.notes_fr, &after.notes_en),
        };
        if own.is_none() && notes == *other {
            return;
        }
        *own = notes;
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
        if !self.left_out.is_empty() {
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

fn mark(verdict: &Verdict, planned: Option<&PlannedLine>) -> u64 {
    let mut hasher = DefaultHasher::new();
    verdict.word().hash(&mut hasher);
    if let Some((before, after)) = planned.map(before_and_after) {
        before.map(|before| before.to_string()).hash(&mut hasher);
        after.to_string().hash(&mut hasher);
    }
    hasher.finish()
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
