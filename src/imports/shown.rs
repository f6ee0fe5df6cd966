//! The rows of a file as a page of verdicts shows them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::catalogue::address::IMAGE;
use crate::catalogue::meant::{Meant, Offer};
use crate::catalogue::warnings::Warning;
use crate::changes::{self, ChangeView};
use crate::fields::language_of;
use crate::i18n::{Lang, Word};
use crate::imports::{self, FieldVerdict, ImageChoice, Named, Outcome, Report, Ticks, Verdict};

/// What begins the names of the fields that say which image a name means.
pub const NAME: &str = "image-";

/// A row of the file that says something.
pub struct ShownRow {
    pub line: usize,
    pub mark: u64,
    /// Its image and department.
    pub subject: String,
    pub verdict: Verdict,
    /// What taking it is warned of.
    pub warnings: Vec<Warning>,
    pub fields: Vec<ShownField>,
    pub is_chosen: bool,
    /// Which image its name means, where it is not the present one.
    pub called: Option<Cow<'static, str>>,
}

impl ShownRow {
    /// The key of its verdict's word.
    pub const fn words(&self) -> &'static str {
        match self.verdict {
            Verdict::New => "change-added",
            Verdict::Changed | Verdict::Same => "change-changed",
            Verdict::Kept => "verdict-kept",
            Verdict::Conflict => "verdict-conflict",
        }
    }

    /// What ticking it does, where that is not plain.
    pub const fn hint(&self) -> Option<&'static str> {
        match self.verdict {
            Verdict::Kept | Verdict::Conflict => Some("verdicts-take-file"),
            _ => None,
        }
    }
}

/// A field with its values: what the source said before, what the catalogue has, what the file says.
pub struct ShownField {
    pub label: Cow<'static, str>,
    /// None for the fields of a new row.
    pub outcome: Option<Outcome>,
    pub base: Option<String>,
    pub ours: Option<String>,
    pub theirs: Option<String>,
    /// The language of its content, where that is not the page's.
    pub content: Option<Lang>,
}

impl ShownField {
    fn new(field: &FieldVerdict, lang: Lang) -> ShownField {
        let words = |value| changes::in_words(field.name, value, lang);
        ShownField {
            label: changes::label(field.name, lang),
            outcome: Some(field.outcome),
            base: field.base.as_ref().map(|base| words(base).unwrap_or_else(|| lang.t("diff-empty").into_owned())),
            ours: words(&field.ours),
            theirs: words(&field.theirs),
            content: language_of(field.name).filter(|content| *content != lang),
        }
    }

    /// Whether it is shown as it was and as it will be.
    pub fn is_changed(&self) -> bool {
        self.outcome == Some(Outcome::Changed)
    }

    /// Whether both sides changed it, or nobody knows.
    pub fn is_conflict(&self) -> bool {
        self.outcome == Some(Outcome::Conflict)
    }
}

/// The rows of the page that was asked for.
pub fn rows(report: &mut Report, ticks: &Ticks, lang: Lang) -> Vec<ShownRow> {
    let shown = std::mem::take(&mut report.shown);
    let row = |(place, change): (usize, Option<_>)| {
        let row = &report.rows[place];
        let fields = match &change {
            Some(change) => ChangeView::preview(change, String::new(), lang).fields.into_iter().map(added).collect(),
            None => row.fields.iter().map(|field| ShownField::new(field, lang)).collect(),
        };
        ShownRow {
            line: row.file.line,
            mark: row.mark,
            subject: row.subject(lang),
            warnings: report.warned.of_place(place, row, lang),
            verdict: row.verdict,
            fields,
            is_chosen: ticks.has(row, report.is_older),
            called: row.called.as_ref().map(|now| imports::called(now, row.is_open, lang)),
        }
    };
    shown.into_iter().map(row).collect()
}

fn added(field: changes::FieldView) -> ShownField {
    ShownField {
        label: field.label,
        outcome: None,
        base: None,
        ours: None,
        theirs: field.after,
        content: field.content,
    }
}

/// The key of the word for the rows of a verdict, as lists and buttons name them.
pub const fn words_of(verdict: &str) -> &'static str {
    match verdict.as_bytes() {
        b"new" => "verdict-new",
        b"changed" => "verdict-changed",
        b"conflict" => "verdict-conflict",
        b"kept" => "verdict-kept",
        b"same" => "verdict-same",
        b"missing" => "verdict-missing",
        _ => "verdict-all",
    }
}

/// How many rows have which verdict, in one sentence.
pub fn summary(counts: &BTreeMap<&'static str, usize>, lang: Lang) -> String {
    let words: Vec<_> = counts.iter().map(|(word, count)| (*word, Word::Number(*count))).collect();
    lang.tell("verdicts-summary", &words)
}

/// A name that is no image's present one, with what it can mean.
pub fn meant(place: usize, named: &Named, lang: Lang) -> Meant {
    let offer = |(choice, now): (ImageChoice, Option<&str>)| Offer {
        value: choice.text(),
        name: now.map_or_else(|| lang.named("meant-new", &named.name), str::to_owned),
        address: choice.address.as_ref().map(|address| IMAGE.with(lang, address)),
        chosen: named.choice.as_ref().is_some_and(|chosen| chosen.address == choice.address),
    };
    let offers = named.offers().into_iter().map(offer).collect();
    Meant { field: format!("{NAME}{place}"), words: named.in_words(lang), offers }
}
