//! A row held against its base and against its line.

use super::{Planner, TakenRow};
use crate::catalogue::store::db::LineRow;
use crate::fields::{Fields, Label};
use crate::files::{FileRow, Format};
use crate::i18n::Lang;
use crate::imports::decision::Purpose;
use crate::imports::line::record_of;
use crate::imports::merge::{self, FieldVerdict, Sides};
use crate::imports::verdict::Verdict;
use crate::organisations::Organisation;
use crate::text::key;

impl Planner<'_> {
    /// Lets a row of the page say what the page means where it says nothing: of a new line, and of one of which the page
    /// said so before anybody could. What people decided stands, and an older revision says no more than is written in it.
    pub(super) fn say_what_is_meant(
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

    /// Whether a row by another name than its image's present one says what its source said before. Then it goes on being
    /// that image's, whatever the name would be taken for now.
    pub(super) fn is_as_before(
        &mut self,
        taken: &mut TakenRow,
        organisation: i64,
        row: &FileRow,
        said: &Fields,
    ) -> bool {
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

    /// Notes that the next row says what its source did not say before.
    pub(super) fn note_said(&mut self, said: &Fields, base: Option<&Fields>) {
        let is_known = |base: &Fields| said.iter().all(|(name, value)| base.get(name) == Some(value));
        let is_told = matches!(self.purpose, Purpose::Tell(_));
        if is_told || self.base.is_last || (!self.base.is_export && base.is_some_and(is_known)) {
            return;
        }
        self.plan.said.push(self.plan.rows.len());
    }

    pub(super) fn differences(
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
    pub(super) fn verdict_without_line(&self, identity: (i64, i64), said: &Fields, base: Option<&Fields>) -> Verdict {
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
}
