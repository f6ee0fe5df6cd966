//! What the page's address asks for: the filters, the grouping, the day and the page.

use std::fmt::Write;

use chrono::NaiveDate;

use crate::catalogue::{Firmness, Status};
use crate::clock::FiscalYear;
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::parameters::Parameters;

/// A search of more characters than this is cut.
const LONGEST_SEARCH: usize = 200;

/// How sure a department has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// Planned or funded.
    Firm,
    Just(Firmness),
}

impl Sureness {
    /// All of them.
    pub const ALL: [Sureness; 4] = [
        Sureness::Firm,
        Sureness::Just(Firmness::Funded),
        Sureness::Just(Firmness::Planned),
        Sureness::Just(Firmness::Interested),
    ];

    /// As in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Sureness::Firm => "firm",
            Sureness::Just(firmness) => firmness.code(),
        }
    }

    /// Whether a department is as sure.
    pub fn fits(self, firmness: Option<Firmness>) -> bool {
        match self {
            Sureness::Firm => is_firm(firmness),
            Sureness::Just(asked) => firmness == Some(asked),
        }
    }
}

/// When a department needs an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    In(FiscalYear),
    NotSaid,
}

impl When {
    /// As in addresses.
    pub fn code(self) -> String {
        match self {
            When::In(year) => year.to_string(),
            When::NotSaid => "none".to_owned(),
        }
    }

    /// The one that a code names.
    pub fn from_code(code: &str) -> Option<When> {
        if code == "none" { Some(When::NotSaid) } else { FiscalYear::from_code(code).map(When::In) }
    }

    /// Whether a department needs it then.
    pub fn fits(self, year: Option<FiscalYear>) -> bool {
        match self {
            When::In(asked) => year == Some(asked),
            When::NotSaid => year.is_none(),
        }
    }
}

/// Whether a need is firm: planned or funded.
pub fn is_firm(firmness: Option<Firmness>) -> bool {
    firmness >= Some(Firmness::Planned)
}

/// A view of the demand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub search: String,
    /// A spelling of a department.
    pub department: String,
    pub when: Option<When>,
    pub sureness: Option<Sureness>,
    /// Procured already, or still under consideration.
    pub status: Option<Status>,
    pub by_family: bool,
    /// The day at whose end the catalogue is looked at; none for now.
    pub as_at: Option<NaiveDate>,
    /// From 1.
    pub page: usize,
}

impl Query {
    /// The view that an address asks for.
    ///
    /// # Errors
    /// A sentence where it asks for what the page does not offer.
    pub fn asked(given: &Parameters) -> Result<Query, Error> {
        let text = |name| given.parameter(name).unwrap_or_default().chars().take(LONGEST_SEARCH).collect::<String>();
        let when = given
            .parameter("year")
            .map(|code| When::from_code(&code).ok_or_else(|| given.not_offered("year", &code, "2026-2027, none")));
        let sureness = given.parameter("firmness").map(|code| {
            let known = Sureness::ALL.into_iter().find(|sureness| sureness.code() == code);
            known.ok_or_else(|| given.not_offered("firmness", &code, "firm, funded, planned, interested"))
        });
        let status = given.parameter("status").map(|code| {
            let known = Status::from_code(&code).filter(|status| OFFERED.contains(status));
            known.ok_or_else(|| given.not_offered("status", &code, "procured, under_consideration"))
        });
        let by_family = match given.parameter("group").as_deref() {
            None | Some("image") => false,
            Some("family") => true,
            Some(other) => return Err(given.not_offered("group", other, "image, family")),
        };
        let page = given.number("page")?.unwrap_or(1);
        let page = usize::try_from(page).ok().filter(|page| *page > 0);
        Ok(Query {
            search: text("q"),
            department: text("department"),
            when: when.transpose()?,
            sureness: sureness.transpose()?,
            status: status.transpose()?,
            by_family,
            as_at: given.day("as-at")?,
            page: page.ok_or_else(|| given.not_offered("page", "0", "1, 2, 3…"))?,
        })
    }

    /// Whether anything narrows the view.
    pub fn is_filtered(&self) -> bool {
        let whole = Query { by_family: self.by_family, as_at: self.as_at, page: self.page, ..Query::default() };
        *self != whole
    }

    /// The address of this view below a path.
    pub fn address(&self, path: &str) -> String {
        let mut text = path.to_owned();
        let mut first = true;
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                let _ = write!(text, "{}{name}={}", if first { '?' } else { '&' }, encode(value));
                first = false;
            }
        };
        add("q", &self.search);
        add("department", &self.department);
        add("year", &self.when.map_or(String::new(), When::code));
        add("firmness", self.sureness.map_or("", Sureness::code));
        add("status", self.status.map_or("", Status::code));
        add("group", if self.by_family { "family" } else { "" });
        add("as-at", &self.as_at.map_or(String::new(), |day| day.to_string()));
        add("page", &if self.page > 1 { self.page.to_string() } else { String::new() });
        text
    }
}

/// The statuses that images can have which departments need.
pub const OFFERED: [Status; 2] = [Status::UnderConsideration, Status::Procured];
