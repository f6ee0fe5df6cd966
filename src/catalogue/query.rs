//! What the list's address asks for: the search, the filters, the order and the page. The whole state of the view.

use std::fmt::Write;

use chrono::NaiveDate;

use super::Status;
use crate::catalogue::snapshot::order::Column;
use crate::clock;
use crate::fields::Label;
use crate::i18n::{Lang, Word};
use crate::licences::RenewalState;
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::page::Visit;
use crate::web::parameters::Parameters;

/// Rows on a page where the address does not say.
pub const PER_PAGE: usize = 50;
/// At most so many rows on a page.
pub const MOST_PER_PAGE: usize = 500;
/// A search of more characters than this is refused.
const LONGEST_SEARCH: usize = 200;
/// More values of one filter than this are refused.
const MOST_VALUES: usize = 100;

/// A view of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub search: String,
    pub status: Vec<Status>,
    /// Spellings of departments, as in the address.
    pub department: Vec<String>,
    /// Texts of each label, as in the address.
    pub labels: [Vec<String>; Label::COUNT],
    pub renewal: Vec<RenewalState>,
    /// None: procured first, soonest renewal first.
    pub sort: Option<Column>,
    pub descending: bool,
    /// The day at whose end the catalogue is looked at; none for now.
    pub as_at: Option<NaiveDate>,
    /// From 1.
    pub page: usize,
    pub per_page: usize,
}

impl Default for Query {
    fn default() -> Query {
        Query {
            search: String::new(),
            status: Vec::new(),
            department: Vec::new(),
            labels: Default::default(),
            renewal: Vec::new(),
            sort: None,
            descending: false,
            as_at: None,
            page: 1,
            per_page: PER_PAGE,
        }
    }
}

/// A parameter of the address that the list does not offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub parameter: &'static str,
    pub value: String,
}

impl Unknown {
    /// What is wrong and what to do, in words.
    pub fn in_words(&self, lang: Lang) -> String {
        let value: String = self.value.chars().take(60).collect();
        let offered = match self.parameter {
            "status" => Status::ALL.map(Status::code).join(", "),
            "renewal" => RenewalState::ALL.map(RenewalState::code).join(", "),
            "sort" => Column::ALL.map(Column::code).join(", "),
            "per-page" => format!("1–{MOST_PER_PAGE}"),
            "as-at" => lang.t("day-format").into_owned(),
            "page" => "1, 2, 3…".to_owned(),
            _ => return lang.tell("list-too-much", &[("parameter", Word::Text(self.parameter))]),
        };
        lang.tell(
            "not-offered",
            &[
                ("parameter", Word::Text(self.parameter)),
                ("value", Word::Text(&value)),
                ("offered", Word::Text(&offered)),
            ],
        )
    }
}

impl Query {
    /// Reads the parameters of an address. Parameters that are none of the list's are passed over; an empty
    /// value is no value.
    ///
    /// # Errors
    /// Every value that the list does not offer.
    pub fn parse<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Query, Vec<Unknown>> {
        let mut query = Query::default();
        let mut unknown = Vec::new();
        for (parameter, value) in parameters {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            if let Err(parameter) = query.take(parameter, value) {
                unknown.push(Unknown { parameter, value: value.to_owned() });
            }
        }
        if unknown.is_empty() { Ok(query) } else { Err(unknown) }
    }

    fn take(&mut self, parameter: &str, value: &str) -> Result<(), &'static str> {
        let positive = |value: &str| value.parse().ok().filter(|number| *number > 0);
        match parameter {
            "q" if value.chars().count() > LONGEST_SEARCH => return Err("q"),
            "q" => value.clone_into(&mut self.search),
            "status" => choose(&mut self.status, Status::from_code(value), "status")?,
            "renewal" => choose(&mut self.renewal, RenewalState::from_code(value), "renewal")?,
            "department" => choose(&mut self.department, Some(value.to_owned()), "department")?,
            "sort" => {
                let (descending, column) = value.strip_prefix('-').map_or((false, value), |rest| (true, rest));
                self.sort = Some(Column::from_code(column).ok_or("sort")?);
                self.descending = descending;
            }
            "as-at" => self.as_at = Some(clock::day(value).ok_or("as-at")?),
            "page" => self.page = positive(value).ok_or("page")?,
            "per-page" => {
                self.per_page = positive(value).filter(|number| *number <= MOST_PER_PAGE).ok_or("per-page")?;
            }
            _ => {
                if let Some(label) = Label::from_name(parameter) {
                    choose(&mut self.labels[label as usize], Some(value.to_owned()), label.name)?;
                }
            }
        }
        Ok(())
    }

    /// Whether anything narrows the list.
    pub fn is_filtered(&self) -> bool {
        !self.search.is_empty()
            || !self.status.is_empty()
            || !self.department.is_empty()
            || self.labels.iter().any(|texts| !texts.is_empty())
            || !self.renewal.is_empty()
    }

    /// The same view on another page.
    pub fn on_page(&self, page: usize) -> Query {
        Query { page, ..self.clone() }
    }

    /// The same rows in another order, from the first page.
    pub fn sorted(&self, sort: Option<Column>, descending: bool) -> Query {
        Query { sort, descending, page: 1, ..self.clone() }
    }

    /// The parameters of this view, as after the `?` of an address. Empty where all is as usual.
    pub fn parameters(&self) -> String {
        let mut text = String::new();
        let mut add = |parameter: &str, value: &str| {
            let and = if text.is_empty() { "" } else { "&" };
            let _ = write!(text, "{and}{parameter}={}", encode(value));
        };
        if !self.search.is_empty() {
            add("q", &self.search);
        }
        self.status.iter().for_each(|status| add("status", status.code()));
        self.department.iter().for_each(|department| add("department", department));
        for label in Label::ALL {
            self.labels[label as usize].iter().for_each(|text| add(label.name, text));
        }
        self.renewal.iter().for_each(|renewal| add("renewal", renewal.code()));
        if let Some(column) = self.sort {
            add("sort", &format!("{}{}", if self.descending { "-" } else { "" }, column.code()));
        }
        if let Some(day) = self.as_at {
            add("as-at", &day.to_string());
        }
        if self.per_page != PER_PAGE {
            add("per-page", &self.per_page.to_string());
        }
        if self.page > 1 {
            add("page", &self.page.to_string());
        }
        text
    }

    /// This view's address below a path.
    pub fn address(&self, path: &str) -> String {
        let parameters = self.parameters();
        if parameters.is_empty() { path.to_owned() } else { format!("{path}?{parameters}") }
    }
}

/// Adds a value to a filter, once; refuses one that is not offered, and too many.
fn choose<T: PartialEq>(chosen: &mut Vec<T>, value: Option<T>, parameter: &'static str) -> Result<(), &'static str> {
    let value = value.ok_or(parameter)?;
    if chosen.len() >= MOST_VALUES {
        return Err(parameter);
    }
    if !chosen.contains(&value) {
        chosen.push(value);
    }
    Ok(())
}

/// The view that the address asks for.
///
/// # Errors
/// A sentence for each value that the list does not offer.
pub fn asked(visit: &Visit) -> Result<Query, Error> {
    read(&visit.asked())
}

/// The view that parameters ask for.
///
/// # Errors
/// A sentence for each value that the list does not offer.
pub fn read(given: &Parameters) -> Result<Query, Error> {
    Query::parse(given.all().iter().map(|(name, value)| (&**name, &**value)))
        .map_err(|unknown| Error::BadAddress(unknown.iter().map(|one| one.in_words(given.lang)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_view_and_its_address_are_the_same_thing() {
        let parameters = "q=cert+m%C3%A9&status=procured&department=CSE&department=NRCan&type=Helm&sort=-name&page=2";
        let pairs = crate::web::address::pairs(parameters);
        let query = Query::parse(pairs.iter().map(|(name, value)| (&**name, &**value))).expect("a view");
        assert_eq!(query.search, "cert mé");
        assert_eq!(query.department, ["CSE", "NRCan"]);
        assert_eq!((query.sort, query.descending, query.page), (Some(Column::Name), true, 2));
        let again = crate::web::address::pairs(&query.parameters());
        assert_eq!(Query::parse(again.iter().map(|(name, value)| (&**name, &**value))), Ok(query));
    }

    #[test]
    fn values_that_are_not_offered_are_all_named() {
        let unknown = Query::parse([("sort", "id;drop"), ("status", "expired"), ("page", "0"), ("per-page", "9999")]);
        let named: Vec<_> = unknown.expect_err("refused").into_iter().map(|one| one.parameter).collect();
        assert_eq!(named, ["sort", "status", "page", "per-page"]);
    }

    proptest! {
        #[test]
        fn any_parameters_are_read_or_refused(pairs in proptest::collection::vec((".{0,12}", ".{0,40}"), 0..12)) {
            let _ = Query::parse(pairs.iter().map(|(name, value)| (&**name, &**value)));
        }
    }
}
