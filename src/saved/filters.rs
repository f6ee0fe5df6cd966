//! What narrows a saved report: its fields in the form, and the same in words.

use crate::catalogue::snapshot::order::Column;
use crate::catalogue::{Firmness, Status};
use crate::demand::{OFFERED, Sureness};
use crate::fields::Label;
use crate::i18n::Lang;
use crate::licences::RenewalState;
use crate::reports::Report;
use crate::web::address::{encode, pairs};
use crate::web::form::Form;

use super::source::Source;

/// How a filter is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    /// A value a line.
    Lines,
    One,
    Many,
}

/// Something by which a report is narrowed.
pub struct Filter {
    /// As in the report's address.
    pub parameter: &'static str,
    pub label: String,
    pub shape: Shape,
    /// Values with their names.
    pub choices: Vec<(String, String)>,
    /// An example of what to type.
    pub example: &'static str,
}

impl Filter {
    /// Its name in the form.
    pub fn field(&self) -> String {
        format!("filter-{}", self.parameter)
    }

    fn value(&self, value: &str) -> String {
        let known = self.choices.iter().find(|(code, _)| code == value);
        known.map_or_else(|| value.to_owned(), |(_, label)| label.clone())
    }
}

/// The filters of a source.
pub fn of(source: Source, lang: Lang) -> Vec<Filter> {
    let filter = |parameter, words: &str, shape, choices| Filter {
        parameter,
        label: lang.t(words).into_owned(),
        shape,
        choices,
        example: match (parameter, lang) {
            ("department", Lang::En) => "SSC",
            ("department", Lang::Fr) => "SPC",
            ("year", _) => "2026-2027",
            ("type", _) => "Helm",
            _ => "",
        },
    };
    let status = |status: Status| (status.code().to_owned(), status.label(lang).into_owned());
    match source {
        Source::Report(Report::Renewals) => vec![
            filter("department", "field-department", Shape::Text, Vec::new()),
            filter("year", "report-fiscal-year", Shape::Text, Vec::new()),
        ],
        Source::Report(_) => Vec::new(),
        Source::Images => {
            let renewal = RenewalState::ALL.map(|state| (state.code().to_owned(), state.label(lang))).to_vec();
            let mut all = vec![
                filter("q", "filter-search", Shape::Text, Vec::new()),
                filter("status", "field-status", Shape::Many, Status::ALL.map(status).to_vec()),
                filter("department", "saved-departments", Shape::Lines, Vec::new()),
            ];
            all.extend(Label::ALL.map(|label| filter(label.name, label.words[1], Shape::Lines, Vec::new())));
            all.push(filter("renewal", "filter-renewal", Shape::Many, renewal));
            all.push(filter("sort", "saved-order", Shape::One, sorts(lang)));
            all
        }
        Source::Demand => vec![
            filter("q", "filter-search", Shape::Text, Vec::new()),
            filter("department", "field-department", Shape::Text, Vec::new()),
            filter("year", "demand-year", Shape::Text, vec![named(lang, "none", "demand-year-none")]),
            filter("firmness", "field-firmness", Shape::One, Sureness::ALL.map(|one| sureness(one, lang)).to_vec()),
            filter("status", "field-status", Shape::One, OFFERED.map(status).to_vec()),
            filter("group", "saved-group", Shape::One, vec![named(lang, "family", "demand-by-family")]),
        ],
    }
}

fn named(lang: Lang, code: &str, words: &str) -> (String, String) {
    (code.to_owned(), lang.t(words).into_owned())
}

fn sureness(sureness: Sureness, lang: Lang) -> (String, String) {
    let label = match sureness {
        Sureness::Firm => lang.t("demand-firm-either"),
        Sureness::Just(firmness) => Firmness::label(firmness, lang),
    };
    (sureness.code().to_owned(), label.into_owned())
}

fn sorts(lang: Lang) -> Vec<(String, String)> {
    let both = Column::ALL.into_iter().flat_map(|column| {
        let (code, heading) = (column.code(), lang.t(column.words()));
        let ascending = (code.to_owned(), lang.named("order-ascending", &heading));
        [ascending, (format!("-{code}"), lang.named("order-descending", &heading))]
    });
    both.collect()
}

/// The parameters that a form asks for, as typed.
pub fn typed(source: Source, form: &Form) -> String {
    let mut given = Vec::new();
    for filter in of(source, Lang::En) {
        for value in form.all(&filter.field()) {
            let parts = if filter.shape == Shape::Lines { value.lines().collect() } else { vec![value] };
            let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
            given.extend(parts.map(|part| format!("{}={}", filter.parameter, encode(part))));
        }
    }
    given.join("&")
}

/// The fields of a form that asks for these parameters.
pub fn filled(source: Source, filters: &str) -> Vec<(String, String)> {
    let given = pairs(filters);
    let mut fields = Vec::new();
    for filter in of(source, Lang::En) {
        let values: Vec<&str> =
            given.iter().filter(|(name, _)| name == filter.parameter).map(|(_, value)| value.as_str()).collect();
        if filter.shape == Shape::Lines {
            fields.push((filter.field(), values.join("\n")));
        } else {
            fields.extend(values.into_iter().map(|value| (filter.field(), value.to_owned())));
        }
    }
    fields
}

/// In words: `Department: SSC · Fiscal year: 2026-2027`.
pub fn in_words(source: Source, filters: &str, lang: Lang) -> String {
    let given = pairs(filters);
    let told = of(source, lang).into_iter().filter_map(|filter| {
        let values = given.iter().filter(|(name, _)| name == filter.parameter);
        let values: Vec<String> = values.map(|(_, value)| filter.value(value)).collect();
        (!values.is_empty()).then(|| format!("{} {}", lang.named("table-label", &filter.label), values.join(", ")))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { lang.t("saved-no-filter").into_owned() } else { told.join(" · ") }
}
