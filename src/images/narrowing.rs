//! What narrows the list: values of facets with their counts, and what was chosen of them.

use std::borrow::Cow;

use crate::catalogue::Status;
use crate::catalogue::query::Query;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::facets::Facet;
use crate::catalogue::snapshot::view::Selection;
use crate::fields::Label;
use crate::i18n::{Lang, Word};
use crate::images::LIST;
use crate::licences::RenewalState;

/// At most so many values of a facet are offered.
const MOST_CHOICES: usize = 200;

/// The values of one facet.
pub struct Group<'s> {
    pub words: &'static str,
    pub parameter: &'static str,
    pub choices: Vec<Choice<'s>>,
    pub chosen: usize,
}

/// A value of a facet.
pub struct Choice<'s> {
    pub value: &'s str,
    pub label: Cow<'s, str>,
    pub count: usize,
    pub chosen: bool,
}

/// Something that narrows the view, and the view's address without it.
pub struct Chip {
    pub label: String,
    pub without: String,
}

/// What narrows the list: the values of each facet with their counts.
pub fn groups<'s>(snapshot: &'s Snapshot, selection: &Selection, lang: Lang) -> Vec<Group<'s>> {
    Facet::ALL
        .into_iter()
        .map(|facet| {
            let counts = selection.counts(facet);
            let (words, parameter) = match facet {
                Facet::Status => ("field-status", "status"),
                Facet::Department => ("field-department", "department"),
                Facet::Label(label) => (label.words[0], label.name),
                Facet::Renewal => ("filter-renewal", "renewal"),
            };
            let is_narrowed = selection.is_chosen(facet);
            let mut values: Vec<usize> = (0..counts.len()).filter(|value| counts[*value] > 0 || is_narrowed).collect();
            match facet {
                Facet::Department => values.sort_by_key(|value| snapshot.orders.rank(*value, lang)),
                Facet::Label(label) => values.sort_by_key(|value| snapshot.labels[label as usize].ranks()[*value]),
                Facet::Status | Facet::Renewal => {}
            }
            let choice = |value: usize| choice(snapshot, selection, lang, facet, value, counts[value]);
            let mut choices: Vec<Choice> =
                values.into_iter().map(choice).filter(|choice| choice.count > 0 || choice.chosen).collect();
            let chosen = choices.iter().filter(|choice| choice.chosen).count();
            let mut offered = 0;
            choices.retain(|choice| {
                offered += 1;
                offered <= MOST_CHOICES || choice.chosen
            });
            Group { words, parameter, choices, chosen }
        })
        .collect()
}

fn choice<'s>(
    snapshot: &'s Snapshot,
    selection: &Selection,
    lang: Lang,
    facet: Facet,
    value: usize,
    count: usize,
) -> Choice<'s> {
    let chosen = selection.has_chosen(facet, value);
    let (value, label) = match facet {
        Facet::Status => (Status::ALL[value].code(), Status::ALL[value].label(lang)),
        Facet::Renewal => (RenewalState::ALL[value].code(), RenewalState::ALL[value].label(lang).into()),
        Facet::Department => {
            let organisation = snapshot.organisations.at(value);
            (&*organisation.acronym_en, organisation.acronym(lang).into())
        }
        Facet::Label(label) => {
            let text = &*snapshot.labels[label as usize].texts()[value];
            (text, Cow::Borrowed(text))
        }
    };
    Choice { value, label, count, chosen }
}

/// What narrows the view now.
pub fn chips(snapshot: &Snapshot, query: &Query, lang: Lang) -> Vec<Chip> {
    let path = LIST.pattern(lang);
    let mut chips = Vec::new();
    let mut add = |words: &str, value: &str, without: Query| {
        let label = lang.tell("chip", &[("name", Word::Text(&lang.t(words))), ("value", Word::Text(value))]);
        chips.push(Chip { label, without: without.on_page(1).address(path) });
    };
    if !query.search.is_empty() {
        add("filter-search", &query.search, Query { search: String::new(), ..query.clone() });
    }
    for status in &query.status {
        let rest = without(&query.status, status);
        add("field-status", &status.label(lang), Query { status: rest, ..query.clone() });
    }
    for department in &query.department {
        let rest = without(&query.department, department);
        let found = snapshot.organisations.find(department, Lang::En).map(|place| snapshot.organisations.at(place));
        let acronym = found.map_or(&**department, |organisation| organisation.acronym(lang));
        add("field-department", acronym, Query { department: rest, ..query.clone() });
    }
    for label in Label::ALL {
        for text in &query.labels[label as usize] {
            let mut rest = query.clone();
            rest.labels[label as usize].retain(|other| other != text);
            add(label.words[0], text, rest);
        }
    }
    for state in &query.renewal {
        let rest = without(&query.renewal, state);
        add("filter-renewal", &state.label(lang), Query { renewal: rest, ..query.clone() });
    }
    chips
}

fn without<T: PartialEq + Clone>(values: &[T], value: &T) -> Vec<T> {
    values.iter().filter(|other| *other != value).cloned().collect()
}
