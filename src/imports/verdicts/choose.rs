//! What a form says of rows and names, kept with the upload.

use std::collections::{HashMap, HashSet};

use super::Asked;
use crate::imports::db;
use crate::imports::shown::NAME;
use crate::imports::{ImageChoice, Seen, Shown, Verdict};
use crate::text::key;
use crate::web::error::Error;
use crate::web::form::Form;

/// The rows that a form showed: each line of the file with its mark, and the mark of all others; and which stood ticked.
pub(super) fn seen(form: &Form) -> Result<(Seen, HashSet<usize>), Error> {
    let mut stood_ticked = HashSet::new();
    let mut shown = HashMap::new();
    for text in form.all("seen") {
        let (line, mark) = text.split_once(':').ok_or(Error::BadForm)?;
        let line: usize = line.parse().map_err(|_| Error::BadForm)?;
        if mark.ends_with('+') {
            stood_ticked.insert(line);
        }
        let mark = u64::from_str_radix(mark.trim_end_matches('+'), 16).map_err(|_| Error::BadForm)?;
        shown.insert(line, mark);
    }
    let others = u64::from_str_radix(form.text("others"), 16).map_err(|_| Error::BadForm)?;
    Ok((Seen { shown, others }, stood_ticked))
}

impl Asked<'_> {
    /// Keeps what was chosen on the page that was sent, and what was typed. What stands as it stood is nobody's choice.
    pub(super) async fn choose(
        &mut self,
        form: &Form,
        seen: &Seen,
        stood_ticked: &HashSet<usize>,
    ) -> Result<(), Error> {
        self.say(form).await?;
        let checked: HashSet<usize> = form.all("row").filter_map(|line| line.parse().ok()).collect();
        for line in seen.shown.keys().filter(|line| checked.contains(line) != stood_ticked.contains(line)) {
            self.ticks.set(*line, checked.contains(line));
        }
        if matches!(form.act(), "all" | "none" | "new") {
            let Ok(report) = self.look(Some(&Shown::default())).await else { return Err(Error::BadForm) };
            let is_meant = |verdict: Verdict| match self.filter {
                Some(filter) => verdict.code() == filter,
                None => verdict != Verdict::Same,
            };
            for row in report.rows.iter().filter(|row| is_meant(row.verdict)) {
                let is_chosen = match form.act() {
                    "all" => row.verdict != Verdict::Kept || self.filter == Some("kept"),
                    "new" => row.verdict == Verdict::New,
                    _ => false,
                };
                self.ticks.set(row.file.line, is_chosen);
            }
        }
        self.file.reason = form.given("reason").unwrap_or_default();
        self.file.as_of = form.text("as-of").chars().take(40).collect();
        Ok(db::choose(self.pool, self.id, &self.ticks, &self.file.reason, &self.file.as_of).await?)
    }

    /// Keeps which images names mean: what the form says, and what was said before of names that it does not have.
    async fn say(&mut self, form: &Form) -> Result<(), Error> {
        let fields = form.fields().iter().filter(|(name, _)| name.starts_with(NAME));
        let said: Vec<ImageChoice> = fields.filter_map(|(_, text)| ImageChoice::parse(text)).collect();
        let is_said = |old: &ImageChoice| said.iter().any(|new| key(&new.name) == key(&old.name));
        let mut images: Vec<ImageChoice> = self.images.iter().filter(|old| !is_said(old)).cloned().collect();
        images.extend(said);
        self.told = images.iter().any(|new| !self.images.contains(new));
        if self.told {
            db::choose_images(self.pool, self.id, &images).await?;
            self.images = images;
        }
        Ok(())
    }
}
