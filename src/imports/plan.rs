//! What a file would change: each row held against its base and against the line of the same image and organisation.

mod finish;
mod held;
mod images;
mod warn;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::catalogue::store::db::{ImageRow, LineRow};
use crate::files::{FileRow, Format, Problem, ProblemKind, RowFile};
use crate::i18n::Lang;
use crate::imports::Take;
use crate::imports::base::Base;
use crate::imports::decision::{Decision, Purpose};
use crate::imports::line::{Edited, PlannedLine, added, changed, mark};
use crate::imports::merge::{self, FieldVerdict};
use crate::imports::named::{Namer, Taken};
use crate::imports::planned::{Held, Places, Plan};
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
    /// New images by their key, the rows that bring them, and those of the plan by their address.
    new: Places,
    new_images: Vec<usize>,
    new_slugs: Places,
    /// The last number that each address got which others have as well.
    numbers: BTreeMap<String, u32>,
    namer: Namer,
    /// The rows that have an image by its present name, by image and organisation: their lines in the file.
    exact: HashMap<(i64, i64), usize>,
    /// By image and organisation.
    lines: HashMap<(i64, i64), LineRow>,
    base: Base,
    /// The rows in which a line of the catalogue was seen, by image and organisation.
    seen: Places,
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
            new: Places::default(),
            new_images: Vec::new(),
            new_slugs: Places::default(),
            numbers: BTreeMap::new(),
            lines: held.lines.into_iter().map(|line| ((line.image_id, line.organisation_id), line)).collect(),
            base: held.base,
            seen: Places::new(file.rows.len()),
            leaves_out: false,
            new_rows: Vec::new(),
            used: HashSet::new(),
            told: 0,
            plan: Plan { rows: Vec::with_capacity(file.rows.len()), removed: held.removed, ..Plan::default() },
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

    fn row(&mut self, mut row: FileRow) -> Result<(), Problem> {
        let organisation = self.organisation(&row)?;
        let mut taken = self.image(&row.name);
        let mut said = merge::said(&row, self.language, self.format);
        let is_as_before = self.is_as_before(&mut taken, organisation, &row, &said);
        let identity = (taken.id, organisation);
        let first = self.seen_row(identity).map(|place| self.plan.rows[place].file.line);
        let first = first.or_else(|| self.exact.get(&identity).filter(|_| taken.is_other).copied());
        if let Some(first) = first {
            if taken.is_other && is_as_before {
                self.stays(row, organisation, taken);
                return Ok(());
            }
            if !self.namer.waits(taken.name) {
                let kind = ProblemKind::Duplicate { name: row.name, department: row.department, first };
                return Err(Problem { line: Some(row.line), kind });
            }
        } else {
            let rows = &self.plan.rows;
            self.seen.insert(rows.len(), identity, |place| rows.get(place).map(Row::identity));
        }
        let base = self.base.row(identity, &row.name, &row.department, taken.is_other);
        let before = self.lines.get(&identity).filter(|_| first.is_none()).cloned();
        self.say_what_is_meant((&mut row, &mut said), before.as_ref(), base.as_ref());
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
            self.note_said(&said, base.as_ref());
        }
        let fields: Box<[FieldVerdict]> = fields.unwrap_or_default().into();
        let decided = self.decision.on(row.line, verdict, self.base.is_older).filter(|_| !is_open);
        let called = self.called(taken);
        let mut row = Row { file: row, image: taken.id, organisation, verdict, fields, called, is_open, mark: 0 };
        let after = match &before {
            Some(before) => changed(before, &row.fields, decided),
            None => added(said, identity),
        };
        row.mark = mark(&row, before.is_none().then_some(&after));
        self.plan.rows.push(row);
        self.warn(taken.id, (before.as_ref(), &after), decided);
        self.write(before, after, verdict, decided);
        Ok(())
    }

    /// The row in which a line was seen.
    fn seen_row(&self, identity: (i64, i64)) -> Option<usize> {
        self.seen.find(identity, |place| self.plan.rows.get(place).map(Row::identity))
    }

    /// Plans the line of the row that was planned last, where it is written.
    fn write(&mut self, before: Option<LineRow>, after: LineRow, verdict: Verdict, decided: Option<Take>) {
        let is_held = self.is_held(verdict);
        if !is_held && let Some(row) = self.plan.rows.last_mut() {
            row.forget_cells();
        }
        let is_written = match &before {
            Some(before) => before.fields != after.fields,
            None => decided == Some(Take::File),
        };
        if !is_written {
            self.leaves_out |= verdict != Verdict::Same;
            return;
        }
        self.used.insert(after.organisation_id);
        if let Some(before) = &before {
            self.respell(before, &after.fields.name);
        }
        if is_held {
            let id = before.as_ref().map_or(0, |before| before.id);
            let edited = before.map(|before| Box::new(Edited { before, after }));
            self.plan.lines.push(PlannedLine { row: self.plan.rows.len() - 1, id, edited });
        }
    }

    /// Whether what is written of the next row with a verdict is held.
    fn is_held(&mut self, verdict: Verdict) -> bool {
        let Purpose::Tell(shown) = self.purpose else { return true };
        self.told += usize::from(shown.is_of(verdict));
        shown.is_of(verdict) && self.told > shown.from && self.told - shown.from <= shown.most
    }

    /// A row whose image became one with another that the file has too: its line was taken out here, and stays so.
    fn stays(&mut self, file: FileRow, organisation: i64, taken: TakenRow) {
        let verdict = Verdict::Kept;
        let (called, fields) = (self.called(taken), Box::default());
        let mut row = Row { file, image: taken.id, organisation, verdict, fields, called, is_open: false, mark: 0 };
        row.mark = mark(&row, None);
        self.plan.rows.push(row);
        self.is_held(verdict);
        self.leaves_out = true;
    }

    /// The present name of a row's image, where the row has it otherwise.
    fn called(&self, taken: TakenRow) -> Option<Box<str>> {
        self.namer.present(taken.id).filter(|_| taken.is_other).map(Into::into)
    }

    /// The number of the organisation that a row's spelling means. One that nobody knows is added, to be confirmed.
    fn organisation(&mut self, row: &FileRow) -> Result<i64, Problem> {
        let spelling = row.department.as_str();
        if self.organisations.names_several(spelling, self.language) {
            let kind = ProblemKind::SeveralDepartments { text: spelling.to_owned() };
            return Err(Problem { line: Some(row.line), kind });
        }
        if let Some(place) = self.organisations.find(spelling, self.language) {
            return Ok(self.organisations.at(place).id);
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
        Ok(id)
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
