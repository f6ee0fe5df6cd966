//! What a file would change: each row held against its base and against the line of the same image and organisation.

mod finish;
mod warn;

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::catalogue::Status;
use crate::catalogue::store::db::{ImageRow, LineRow};
use crate::catalogue::store::write::first_free_slug;
use crate::fields::{Fields, parse};
use crate::files::{FileRow, Format, Problem, ProblemKind, RowFile};
use crate::i18n::Lang;
use crate::imports::Take;
use crate::imports::base::Base;
use crate::imports::decision::{Decision, Purpose};
use crate::imports::line::{PlannedLine, changed, mark, record_of};
use crate::imports::merge::{self, FieldVerdict, Sides};
use crate::imports::named::{Namer, Taken};
use crate::imports::planned::{Held, Plan, SaidRow};
use crate::imports::verdict::{Row, Verdict};
use crate::organisations::{Directory, Organisation};
use crate::text::key;

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
    if !decision.is_of_page {
        problems.extend(planner.namer.unfollowed());
    }
    if problems.is_empty() { Ok(planner.finish()) } else { Err(problems) }
}

/// Rows that are planned before the memory of those that were read is given back.
const PIECE: usize = 8_192;
/// The image that a row is taken for, and how its name led there.
#[derive(Clone, Copy, Debug)]
struct TakenRow {
    id: i64,
    /// The row has not the image's present name.
    is_other: bool,
    name: Taken,
}

struct Planner<'d> {
    decision: Decision<'d>,
    purpose: Purpose,
    language: Lang,
    format: Format,
    organisations: Directory,
    slugs: HashSet<String>,
    images: HashMap<String, ImageRow>,
    /// The numbers of new images, by key.
    new: HashMap<String, i64>,
    namer: Namer,
    /// The rows that have an image by its present name, by image and organisation: their lines in the file.
    exact: HashMap<(i64, i64), usize>,
    /// By image and organisation.
    lines: HashMap<(i64, i64), LineRow>,
    base: Base,
    /// In which line of the file a line of the catalogue was seen.
    seen: HashMap<(i64, i64), usize>,
    /// Whether a row that would bring something is not written.
    leaves_out: bool,
    /// The numbers of new images, and the places of the rows that bring them.
    new_rows: Vec<(i64, usize)>,
    /// The organisations of rows that are written.
    used: HashSet<i64>,
    /// Rows so far of those of which a page shows some.
    told: usize,
    plan: Plan,
}

impl Planner<'_> {
    fn new<'d>(held: Held, file: &RowFile, decision: Decision<'d>, purpose: Purpose) -> Planner<'d> {
        let in_file = file.rows.iter().map(|row| &*row.name);
        let mut planner = Planner {
            decision,
            purpose,
            language: file.language,
            format: file.format,
            organisations: held.organisations,
            slugs: held.slugs,
            namer: Namer::new(held.names, &held.images, in_file, decision.images),
            exact: HashMap::new(),
            images: held.images.into_iter().map(|image| (image.key.clone(), image)).collect(),
            new: HashMap::new(),
            lines: held.lines.into_iter().map(|line| ((line.image_id, line.organisation_id), line)).collect(),
            base: held.base,
            seen: HashMap::new(),
            leaves_out: false,
            new_rows: Vec::new(),
            used: HashSet::new(),
            told: 0,
            plan: Plan { removed: held.removed, ..Plan::default() },
        };
        for row in file.rows.iter().filter(|_| planner.namer.is_needed()) {
            let organisation = planner.organisations.find(&row.department, planner.language);
            let organisation = organisation.map(|place| planner.organisations.at(place).id);
            if let Some((image, organisation)) = planner.images.get(&key(&row.name)).zip(organisation) {
                planner.exact.entry((image.id, organisation)).or_insert(row.line);
            }
        }
        planner
    }

    fn row(&mut self, row: FileRow) -> Result<(), Problem> {
        if self.organisations.names_several(&row.department, self.language) {
            let kind = ProblemKind::SeveralDepartments { text: row.department };
            return Err(Problem { line: Some(row.line), kind });
        }
        let organisation = self.organisation(&row.department);
        let mut taken = self.image(&row.name);
        let said = merge::said(&row, self.language, self.format);
        let is_as_before = self.is_as_before(&mut taken, organisation, &row, &said);
        let identity = (taken.id, organisation);
        let first = self.seen.get(&identity).or_else(|| self.exact.get(&identity).filter(|_| taken.is_other)).copied();
        if let Some(first) = first {
            if taken.is_other && is_as_before {
                self.stays(&row, taken);
                return Ok(());
            }
            if !self.namer.waits(taken.name) {
                let kind = ProblemKind::Duplicate { name: row.name, department: row.department, first };
                return Err(Problem { line: Some(row.line), kind });
            }
        } else {
            self.seen.insert(identity, row.line);
        }
        let base = self.base.row(identity, &row.name, &row.department, taken.is_other);
        let before = self.lines.get(&identity).filter(|_| first.is_none()).cloned();
        let (line, name, department) = (row.line, row.name.clone(), row.department.clone());
        let fields = before.as_ref().map(|before| self.differences(before, &said, base.as_ref(), &row, taken.is_other));
        let verdict = match &fields {
            Some(fields) => Verdict::of(fields),
            None => self.verdict_without_line(identity, &said, base.as_ref()),
        };
        let says = matches!(verdict, Verdict::New | Verdict::Changed | Verdict::Conflict);
        let is_open = says && !is_as_before && self.namer.waits(taken.name);
        if is_open {
            self.namer.wait(taken.name);
        } else {
            self.note_said(row.line, identity, &said, base.as_ref());
        }
        let fields = fields.unwrap_or_default();
        let decided = self.decision.on(line, verdict, self.base.is_older).filter(|_| !is_open);
        let after = match &before {
            Some(before) => changed(before, &fields, decided),
            None => added(&said, identity),
        };
        let mark = mark(verdict, &fields, before.is_none().then_some(&after), (taken.id.max(0), is_open));
        let called = self.called(taken);
        self.plan.rows.push(Row { line, name, department, verdict, fields, called, is_open, mark });
        self.warn(taken.id, (before.as_ref(), &after), decided);
        let is_held = self.is_held(verdict);
        let is_written = match &before {
            Some(before) => before.fields != after.fields,
            None => decided == Some(Take::File),
        };
        if is_written {
            self.used.insert(organisation);
            if let Some(before) = &before {
                self.respell(before, &after.fields.name);
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

    /// Whether a row by another name than its image's present one says what its source said before. Then it goes on being
    /// that image's, whatever the name would be taken for now.
    fn is_as_before(&mut self, taken: &mut TakenRow, organisation: i64, row: &FileRow, said: &Fields) -> bool {
        if !taken.is_other && taken.name.asked.is_none() {
            return false;
        }
        let before = self.base.image_named(&key(&row.name)).filter(|image| self.namer.present(*image).is_some());
        let image = before.unwrap_or(taken.id);
        let base = self.base.row((image, organisation), &row.name, &row.department, true);
        let is_as_before = base.is_some_and(|base| merge::says_the_same(said, &base));
        if is_as_before && image != taken.id {
            (taken.id, taken.is_other) = (image, true);
            self.leaves_out = true;
        }
        is_as_before
    }

    /// A row whose image became one with another that the file has too: its line was taken out here, and stays so.
    fn stays(&mut self, row: &FileRow, taken: TakenRow) {
        let (verdict, mark) = (Verdict::Kept, mark(Verdict::Kept, &[], None, (taken.id, false)));
        let (name, department) = (row.name.clone(), row.department.clone());
        let called = self.called(taken);
        let (line, fields) = (row.line, Vec::new());
        self.plan.rows.push(Row { line, name, department, verdict, fields, called, is_open: false, mark });
        self.is_held(verdict);
        self.leaves_out = true;
    }

    /// The present name of a row's image, where the row has it otherwise.
    fn called(&self, taken: TakenRow) -> Option<String> {
        self.namer.present(taken.id).filter(|_| taken.is_other).map(str::to_owned)
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
        row: &FileRow,
        is_other_name: bool,
    ) -> Vec<FieldVerdict> {
        let ours = record_of(before);
        let sides = Sides {
            base,
            ours: &ours,
            decided: self.base.decided.get(&before.id),
            is_exported_department: self.is_exported_department(before, &row.department),
            is_other_name,
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

    /// The image that a name is taken for: the one that is called so, the one that the name leads to otherwise, or a new one.
    fn image(&mut self, name: &str) -> TakenRow {
        let key = key(name);
        if let Some(image) = self.images.get(&key).filter(|image| image.id > 0) {
            self.namer.note_present(&key, &image.slug);
            return TakenRow { id: image.id, is_other: false, name: Taken::default() };
        }
        let taken = self.namer.take(name, &key, &self.base);
        let id = taken.image.unwrap_or_else(|| self.new_image(name, key));
        TakenRow { id, is_other: taken.image.is_some(), name: taken }
    }

    fn new_image(&mut self, name: &str, key: String) -> i64 {
        if let Some(image) = self.images.get(&key) {
            return image.id;
        }
        if let Some(id) = self.new.get(&key) {
            return *id;
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

    fn free_slug(&mut self, name: &str) -> String {
        let free = first_free_slug(name, |slug| self.slugs.contains(slug));
        self.slugs.insert(free.clone());
        free
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
            && image.name == before.fields.name
            && image.name != name
        {
            self.plan.respelled.push((image.id, image.name.clone(), name.to_owned()));
            name.clone_into(&mut image.name);
        }
    }
}

/// The line that a row brings.
fn added(said: &Fields, (image_id, organisation_id): (i64, i64)) -> LineRow {
    let mut said = said.clone();
    said.entry("status").or_insert_with(|| Status::UnderConsideration.code().into());
    let fields = parse(said).unwrap_or_default(); // read as what a line can hold
    LineRow { id: 0, image_id, organisation_id, fields }
}
