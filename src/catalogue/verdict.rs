//! "Can I use it today?": the one answer, for every page, file, command and mail. It never says more than the lines do.

use askama::filters::Safe;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Status, reference};
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::Image;
use crate::codes::codes;
use crate::i18n::{Lang, Word, escaped};
use crate::licences::{self, Renewal, RenewalState};

codes! {
    /// The answer in one word, with the class of the answer on the image's page, of a badge and of a notice that show it.
    #[derive(Serialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Usable(label, class, badge, notice) {
        /// SSC has procured it, and nothing that is known speaks against it.
        Yes("yes", "answer-yes", "badge-ok", "notice-success"),
        /// SSC has procured it, but its renewal date passed and nobody has confirmed what happened.
        CheckFirst("answer-check", "answer-check", "badge-passed", "notice-warning"),
        /// It is under consideration.
        NotYet("answer-not-yet", "answer-not-yet", "badge-neutral", "notice-info"),
        /// SSC declined or retired it.
        No("no", "answer-no", "badge-off", "notice-warning"),
    }
}

impl Usable {
    /// The answer for an image, where there is room for no more.
    pub fn of(snapshot: &Snapshot, image: &Image) -> Usable {
        judge(snapshot, image, snapshot.held_until(image)).0
    }

    /// In words, where nothing beside them says what is asked.
    pub fn today(self, lang: Lang) -> String {
        lang.named("answer-today", self.label(lang))
    }

    /// The same for a page of many rows: each once, by its place in [`Usable::ALL`].
    pub fn all_today(lang: Lang) -> [Safe<String>; 4] {
        Usable::ALL.map(|usable| escaped(&usable.today(lang)))
    }
}

codes! {
    /// What whoever asks does next; a link may follow the words.
    pub enum NextStep(label) {
        /// Pull by its reference.
        Pull("answer-next-pull"),
        /// It is held, and nobody has said what the registry calls it.
        NoRegistryName("answer-next-no-name"),
        /// It is held as a Helm chart alone.
        Chart("answer-next-helm"),
        /// Join those that asked.
        Ask("answer-next-ask"),
        /// Say that it is still needed.
        Feedback("answer-next-feedback"),
    }
}

/// What the words of an answer depend on: its sentence, its date, and how many departments asked.
pub type Mark = (&'static str, Option<NaiveDate>, usize);

/// The answer for an image on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub usable: Usable,
    pub next: NextStep,
    /// The strongest status of its lines.
    pub status: Status,
    /// The key of its sentence.
    sentence: &'static str,
    /// The renewal date that speaks for it, known or last known.
    pub date: Option<NaiveDate>,
    today: NaiveDate,
    /// How many departments count for its demand.
    pub departments: usize,
}

impl Verdict {
    /// The answer for an image of a snapshot, on the snapshot's day.
    pub fn of(snapshot: &Snapshot, image: &Image) -> Verdict {
        let date = snapshot.held_until(image);
        let (usable, sentence) = judge(snapshot, image, date);
        let next = match image.status {
            Status::Procured => how_to_use(snapshot, image),
            Status::UnderConsideration => NextStep::Ask,
            Status::Declined | Status::Retired => NextStep::Feedback,
        };
        let departments = snapshot.wanting(image);
        Verdict { usable, next, status: image.status, sentence, date, today: snapshot.today, departments }
    }

    /// Why, in a sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        let date = self.date.map(|date| date.to_string()).unwrap_or_default();
        let words = licences::in_words(self.date, self.today, lang);
        let ago = licences::overdue(self.date, self.today, lang).unwrap_or_default();
        let arguments = [
            ("date", Word::Text(&date)),
            ("words", Word::Text(&words)),
            ("ago", Word::Text(&ago)),
            ("n", Word::Number(self.departments)),
        ];
        lang.tell(self.sentence, &arguments)
    }

    /// The question with its answer in a word.
    pub fn headline(&self, lang: Lang) -> String {
        format!("{} {}", lang.t("answer-question"), self.usable.label(lang))
    }

    /// What its words depend on: many images have few of them.
    pub fn mark(&self) -> Mark {
        let departments = if self.status == Status::UnderConsideration { self.departments } else { 0 };
        (self.sentence, self.date, departments)
    }

    /// The question, its answer and why, for texts that have no form but their words.
    pub fn told(&self, lang: Lang) -> String {
        format!("{}. {}", self.headline(lang), self.sentence(lang))
    }
}

impl Snapshot {
    /// The class of the badge that shows how an image stands.
    pub fn badge(&self, image: &Image) -> &'static str {
        self.badge_of(image, image.status)
    }

    /// The class of the badge that shows how something stands of an image: green only where the answer is a plain yes.
    pub fn badge_of(&self, image: &Image, status: Status) -> &'static str {
        match status {
            Status::Procured if Usable::of(self, image) == Usable::Yes => Usable::Yes.badge(),
            Status::Procured | Status::UnderConsideration => Usable::NotYet.badge(),
            Status::Declined | Status::Retired => Usable::No.badge(),
        }
    }
}

/// The answer and the key of its sentence.
fn judge(snapshot: &Snapshot, image: &Image, date: Option<NaiveDate>) -> (Usable, &'static str) {
    match image.status {
        Status::Procured => held(snapshot, image, date),
        Status::UnderConsideration => (Usable::NotYet, "answer-under-consideration"),
        Status::Declined => (Usable::No, "answer-declined"),
        Status::Retired => (Usable::No, "answer-retired"),
    }
}

/// The licence that lasts longest speaks for the image.
fn held(snapshot: &Snapshot, image: &Image, date: Option<NaiveDate>) -> (Usable, &'static str) {
    let is_unknown = matches!(snapshot.renewal_of(image), Some(Renewal::Unknown { .. }));
    match RenewalState::of(date, snapshot.today) {
        RenewalState::Passed if is_unknown => (Usable::CheckFirst, "answer-next-date-unknown"),
        RenewalState::Passed => (Usable::CheckFirst, "answer-passed"),
        RenewalState::Undetermined => (Usable::Yes, "answer-undetermined"),
        RenewalState::Soon | RenewalState::Later => (Usable::Yes, "answer-procured"),
    }
}

fn how_to_use(snapshot: &Snapshot, image: &Image) -> NextStep {
    if !reference::is_pulled(snapshot, image) {
        NextStep::Chart
    } else if image.registry_names.is_empty() {
        NextStep::NoRegistryName
    } else {
        NextStep::Pull
    }
}
