//! What a file would change: each row held against its base and against the line of the same image and organisation.

mod finish;
mod images;
mod warn;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::catalogue::store::db::{ImageRow, LineRow};
use crate::fields::{Fields, Label};
use crate::files::{FileRow, Format, Problem, ProblemKind, RowFile};
use crate::i18n::Lang;
use crate::imports::Take;
use crate::imports::base::Base;
use crate::imports::decision::{Decision, Purpose};
use crate::imports::line::{Edited, PlannedLine, added, changed, mark, record_of};
use crate::imports::merge::{self, FieldVerdict, Sides};
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
        if self.organisations.names_several(&row.department, self.language) {
            let kind = ProblemKind::SeveralDepartments { text: row.department };
            return Err(Problem { line: Some(row.line), kind });
        }
        let organisation = self.organisation(&row.department);
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

    /// Lets a row of the page say what the page means where it says nothing: of a new line, and of one of which the page
    /// said so before anybody could. What people decided stands, and an older revision says no more than is written in it.
    fn say_what_is_meant(
        &self,
        (row, said): (&mut FileRow, &mut Fields),
        before: Option<&LineRow>,
        base: Option<&Fields>,
    ) {
        if self.format != Format::Markdown || self.base.is_export {
            return;
        }
        for label in Label::ALL {
            let (Some(meant), name) = (label.meant, label.name) else { continue };
            let is_meant = match before {
                None => base.is_none(),
                Some(_) if self.base.is_older || self.base.is_last => false,
                Some(line) => {
                    let decided = self.base.decided.get(&line.id);
                    (label.of)(&line.fields).is_none()
                        && base.is_some_and(|base| !base.contains_key(name))
                        && !decided.is_some_and(|decided| decided.contains(name))
                }
            };
            if is_meant && row.labels[label as usize].is_none() {
                row.labels[label as usize] = Some(Some(meant.to_owned()));
                said.insert(name.to_owned(), meant.into());
            }
        }
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
        let stays = is_as_before && image != taken.id;
        self.namer.note(taken.name, stays.then_some(image));
        if stays {
            (taken.id, taken.is_other) = (image, true);
            self.leaves_out = true;
        }
        is_as_before
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

    /// Notes that the next row says what its source did not say before.
    fn note_said(&mut self, said: &Fields, base: Option<&Fields>) {
        let is_known = |base: &Fields| said.iter().all(|(name, value)| base.get(name) == Some(value));
        let is_told = matches!(self.purpose, Purpose::Tell(_));
        if is_told || self.base.is_last || (!self.base.is_export && base.is_some_and(is_known)) {
            return;
        }
        self.plan.said.push(self.plan.rows.len());
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
