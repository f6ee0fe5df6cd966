//! What a file would change: each row held against its base and against the line of the same image and organisation.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Take;
use super::base::Base;
use super::decision::{Decision, Purpose};
use super::line::{PlannedLine, changed, differences, mark, markup, record_of};
use super::merge::{self, FieldVerdict, Fields, Sides};
use super::verdict::{Row, Verdict};
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

/// Holds a file against the catalogue. Rows that are not decided for have a verdict and are not written.
///
/// # Errors
/// Rows that are one and the same line under two spellings.
pub fn plan(held: Held, file: RowFile, decision: Decision<'_>, purpose: Purpose) -> Result<Plan, Vec<Problem>> {
    let mut planner = Planner::new(held, &file, decision, purpose);
    let mut problems = Vec::new();
    let mut rows = file.rows;
    rows.reverse();
    while let Some(row) = rows.pop() {
        if let Err(problem) = planner.row(row) {
            problems.push(problem);
        }
        if rows.len().is_multiple_of(PIECE) {
            rows.shrink_to_fit(); // what was read gives way to what is planned
        }
    }
    if problems.is_empty() { Ok(planner.finish()) } else { Err(problems) }
}

/// Rows that are planned before the memory of those that were read is given back.
const PIECE: usize = 8_192;

struct Planner<'d> {
    decision: Decision<'d>,
    purpose: Purpose,
    language: Lang,
    format: Format,
    organisations: Directory,
    slugs: HashSet<String>,
    former: HashMap<String, i64>,
    images: HashMap<String, ImageRow>,
    /// The numbers of new images, by key.
    new: HashMap<String, i64>,
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
    /// The organisations of rows that are written.
    used: HashSet<i64>,
    /// Rows so far of those of which a page shows some.
    told: usize,
    plan: Plan,
}

impl Planner<'_> {
    fn new<'d>(held: Held, file: &RowFile, decision: Decision<'d>, purpose: Purpose) -> Planner<'d> {
        let has_former = !held.former.is_empty();
        let images = || held.images.iter().filter(|_| has_former);
        Planner {
            decision,
            purpose,
            language: file.language,
            format: file.format,
            organisations: held.organisations,
            slugs: held.slugs,
            former: held.former,
            keys: images().map(|image| (image.id, image.key.clone())).collect(),
            names: file.rows.iter().filter(|_| has_former).map(|row| key(&row.name)).collect(),
            images: held.images.into_iter().map(|image| (image.key.clone(), image)).collect(),
            new: HashMap::new(),
            lines: held.lines.into_iter().map(|line| ((line.image_id, line.organisation_id), line)).collect(),
            base: held.base,
            seen: HashMap::new(),
            leaves_out: false,
            used: HashSet::new(),
            told: 0,
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
        let is_held = self.is_held(verdict);
        let is_written = match &before {
            Some(before) => !differences(before, &after).is_empty(),
            None => decided == Some(Take::File),
        };
        if is_written {
            self.used.insert(organisation);
            if let Some(before) = &before {
                self.respell(before, &after.name);
            }
            if is_held {
                self.plan.lines.push(PlannedLine { line, before: before.map(Box::new), after });
            }
        } else if verdict != Verdict::Same {
            self.leaves_out = true;
        }
        Ok(())
    }

    /// Whether what is written of the next row with a verdict is held.
    fn is_held(&mut self, verdict: Verdict) -> bool {
        let Purpose::Tell(shown) = self.purpose else { return true };
        self.told += usize::from(shown.is_of(verdict));
        shown.is_of(verdict) && self.told > shown.from && self.told - shown.from <= shown.most
    }

    /// Notes what a row says, where its source did not say so before.
    fn note_said(&mut self, line: usize, (image, organisation): (i64, i64), said: &Fields, base: Option<&Fields>) {
        let is_known = |base: &Fields| said.iter().all(|(name, value)| base.get(name) == Some(value));
        let is_told = matches!(self.purpose, Purpose::Tell(_));
        if is_told || self.base.is_last || (!self.base.is_export && base.is_some_and(is_known)) {
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
        if let Some(id) = self.new.get(&key) {
            return *id;
        }
        if let Some(id) = self.formerly(name, &key) {
            return id;
        }
        let id = -1 - i64::try_from(self.new.len()).unwrap_or(i64::MAX - 1);
        self.new.insert(key.clone(), id);
        if matches!(self.purpose, Purpose::Tell(_)) {
            return id;
        }
        let slug = match self.plan.removed.images.get(&key) {
            Some((_, slug)) => slug.clone(),
            None => self.free_slug(name),
        };
        let name = name.to_owned();
        self.plan.images.push(ImageRow { id, slug, name, key, description_en: None, description_fr: None });
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
        plan.organisations.retain(|organisation| self.used.contains(&organisation.id));
    }
}
