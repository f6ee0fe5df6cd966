//! The renewals as a calendar to subscribe to (RFC 5545): a day for each procured line whose renewal date is known and
//! lies between a year ago and three years ahead, or whenever, where the address says so.

use std::cell::RefCell;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use chrono::{Days, Duration, Months, NaiveDate};
use icalendar::{Alarm, Calendar, Component, Event, EventLike, Property};
use rustc_hash::FxHashMap;
use url::Url;

use crate::catalogue::address::IMAGE;
use crate::catalogue::query::Query;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::verdict::{Mark, Verdict};
use crate::catalogue::{Catalogue, Status};
use crate::config::Settings;
use crate::i18n::{Lang, Word};
use crate::images::CALENDAR;
use crate::web::address::encode;
use crate::web::csv::PIECE;
use crate::web::error::Error;
use crate::web::file::file;
use crate::web::page::Visit;

/// How many days before a renewal calendars remind of it.
const REMIND_BEFORE: [i64; 2] = [90, 30];
/// The days that a calendar shows: from a year ago to three years ahead.
const MONTHS_BACK: Months = Months::new(12);
const MONTHS_AHEAD: Months = Months::new(36);
/// The parameter by which a calendar shows every day.
const PERIOD: (&str, &str) = ("period", "all");
/// How often calendars look for changes, in hours.
const REFRESH_HOURS: i64 = 12;
/// What ends every calendar.
const END: &str = "END:VCALENDAR\r\n";

/// The address of the calendar of one department.
pub fn calendar_of(acronym: &str, lang: Lang) -> String {
    format!("{}?department={}", CALENDAR.pattern(lang), encode(acronym))
}

/// The address of the same calendar with every day.
pub fn with_every_day(address: &str) -> String {
    let (and, (name, value)) = (if address.contains('?') { '&' } else { '?' }, PERIOD);
    format!("{address}{and}{name}={value}")
}

/// The renewals of all departments, or of those that the address names (`?department=`), within the usual days or on
/// any (`?period=all`).
pub(super) async fn calendar(
    State(catalogue): State<Catalogue>,
    State(settings): State<Arc<Settings>>,
    visit: Visit,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let departments = departments(&snapshot, &visit)?;
    let shows_all = visit.one_of(PERIOD.0, &[PERIOD.1])?.is_some();
    let days = (!shows_all).then(|| usual_days(snapshot.today));
    let here = format!("{}{}", settings.origin(), CALENDAR.pattern(visit.lang));
    let renewals =
        Renewals { lang: visit.lang, origin: settings.origin(), here, days, snapshot, answers: RefCell::default() };
    let name = format!("{}-{}.ics", visit.lang.t("calendar-file"), renewals.snapshot.today);
    Ok(file(&name, "text/calendar; charset=utf-8", renewals.pieces(departments)))
}

/// Lines of at most 75 octets (RFC 5545, 3.1): the last part of a line that the crate folds can have one more.
fn hold_lines(text: &str) -> String {
    let held = text.split("\r\n").map(|line| {
        let (start, rest) = line.split_at(line.floor_char_boundary(75));
        if rest.is_empty() { line.to_owned() } else { format!("{start}\r\n {rest}") }
    });
    held.collect::<Vec<_>>().join("\r\n")
}

/// The days that a calendar shows where its address asks for no others.
fn usual_days(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (today - MONTHS_BACK, today + MONTHS_AHEAD)
}

/// The departments that the address names, by their English acronyms.
fn departments(snapshot: &Snapshot, visit: &Visit) -> Result<Vec<String>, Error> {
    let parameters = visit.parameters();
    let asked = parameters.iter().filter(|(name, _)| name == "department").map(|(_, spelling)| spelling.trim());
    let mut departments = Vec::new();
    for spelling in asked.filter(|spelling| !spelling.is_empty()) {
        let offered = || visit.not_offered("department", spelling, &visit.lang.t("feed-department-offered"));
        let place = snapshot.organisations.find(spelling, visit.lang).ok_or_else(offered)?;
        let acronym = &snapshot.organisations.at(place).acronym_en;
        if !departments.contains(acronym) {
            departments.push(acronym.clone());
        }
    }
    Ok(departments)
}

/// The calendar in a language.
struct Renewals {
    lang: Lang,
    origin: String,
    /// The whole address of the calendar of all departments.
    here: String,
    /// The first and the last day that it shows; none: it shows all.
    days: Option<(NaiveDate, NaiveDate)>,
    snapshot: Arc<Snapshot>,
    /// Whether images can be used today, in words: few for many.
    answers: RefCell<FxHashMap<Mark, String>>,
}

impl Renewals {
    /// The calendar of these departments (of all where there are none), in pieces.
    fn pieces(self, departments: Vec<String>) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
        let heading = self.heading(&departments);
        let query = Query { status: vec![Status::Procured], department: departments, ..Query::default() };
        let mut places: Vec<u32> = self.snapshot.select(&query).places(&query, self.lang).collect();
        places.retain(|place| self.shows(self.snapshot.line_at(*place).renewal().last_date()));
        places.shrink_to_fit();
        let host = Url::parse(&self.origin).ok().and_then(|url| Some(url.host_str()?.to_owned())).unwrap_or_default();
        let mut events = places.into_iter().peekable();
        let mut piece = heading;
        let mut ended = false;
        std::iter::from_fn(move || {
            if ended {
                return None;
            }
            while piece.len() < PIECE
                && let Some(place) = events.next()
            {
                let line = &self.snapshot.line_at(place);
                let event =
                    line.renewal().last_date().and_then(|date| self.event(line, date, &host).try_into_string().ok());
                piece.push_str(&hold_lines(&event.unwrap_or_default()));
            }
            if events.peek().is_none() {
                piece.push_str(END);
                ended = true;
            }
            Some(std::mem::take(&mut piece).into_bytes())
        })
    }

    /// Whether it has a day for a renewal date, or for the last known one.
    fn shows(&self, date: Option<NaiveDate>) -> bool {
        date.is_some_and(|date| self.days.is_none_or(|(first, last)| first <= date && date <= last))
    }

    /// Which days it shows, and where there are more.
    fn about(&self) -> String {
        let Some((first, last)) = self.days else { return self.lang.t("calendar-every-day").into_owned() };
        let (first, last, all) = (first.to_string(), last.to_string(), with_every_day(&self.here));
        let words = [("first", Word::Text(&first)), ("last", Word::Text(&last)), ("all", Word::Text(&all))];
        self.lang.tell("calendar-days", &words)
    }

    /// What stands before the first event.
    fn heading(&self, departments: &[String]) -> String {
        let acronym = |spelling: &String| {
            let place = self.snapshot.organisations.find(spelling, Lang::En)?;
            Some(self.snapshot.organisations.at(place).acronym(self.lang))
        };
        let title = self.lang.t("calendar-title");
        let name = match departments.iter().filter_map(acronym).collect::<Vec<_>>().join(", ") {
            of if of.is_empty() => title.into_owned(),
            of => format!("{title} – {of}"),
        };
        let text = |key: &str, words: &str| Property::new(key, words).add_parameter("VALUE", "TEXT").done();
        let mut calendar = Calendar::empty();
        for (key, value) in [("VERSION", "2.0"), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")] {
            calendar.append_property((key, value));
        }
        let product = format!("-//SSC-SPC//image-catalogue {}//{}", env!("CARGO_PKG_VERSION"), self.lang.code());
        calendar.append_property(Property::new("PRODID", product.to_uppercase()));
        for (key, words) in [("NAME", &*name), ("X-WR-CALNAME", &name)] {
            calendar.append_property(text(key, words));
        }
        let about = self.about();
        for key in ["DESCRIPTION", "X-WR-CALDESC"] {
            calendar.append_property(text(key, &about));
        }
        calendar.ttl(&Duration::hours(REFRESH_HOURS));
        hold_lines(calendar.to_string().trim_end_matches(END))
    }

    fn event(&self, line: &Line, date: NaiveDate, host: &str) -> Event {
        let Renewals { lang, snapshot, .. } = self;
        let image = snapshot.image_of(line);
        let organisation = snapshot.organisations.at(line.organisation as usize);
        let names = [
            ("image", Word::Text(&image.name)),
            ("acronym", Word::Text(organisation.acronym(*lang))),
            ("name", Word::Text(organisation.name(*lang))),
        ];
        let summary = lang.tell("calendar-summary", &names);
        let address = format!("{}{}", self.origin, IMAGE.with(*lang, &image.slug));
        let answer = Verdict::of(snapshot, image);
        let mut answers = self.answers.borrow_mut();
        let answer = answers.entry(answer.mark()).or_insert_with(|| answer.told(*lang));
        let version = &snapshot.version;
        let mut event = Event::new();
        event
            .uid(&format!("renewal-{}@{host}", line.id))
            .timestamp(version.changed_at)
            .last_modified(version.changed_at)
            .sequence(u32::try_from(version.version).unwrap_or(u32::MAX))
            .summary(&summary)
            .description(&format!("{}\n{}\n{}\n{address}", lang.tell("calendar-for", &names), self.state(line), answer))
            .url(&address)
            .add_property("TRANSP", "TRANSPARENT");
        event.starts(date).ends(date + Days::new(1));
        for days in REMIND_BEFORE {
            let mut alarm = Alarm::display(&summary, -Duration::days(days));
            alarm.uid(&format!("renewal-{}-{days}@{host}", line.id)).timestamp(version.changed_at);
            event.alarm(alarm.add_property("TRIGGER", format!("-P{days}D")).done());
        }
        event
    }

    /// What a line's renewal date means today, and who owes the next one where it is not known, in words.
    fn state(&self, line: &Line) -> String {
        let (today, lang, renewal) = (self.snapshot.today, self.lang, line.renewal());
        let words = renewal.in_words(today, lang);
        let told = match renewal.overdue(today, lang) {
            Some(ago) => lang.tell("calendar-passed", &[("words", Word::Text(&words)), ("ago", Word::Text(&ago))]),
            None => words,
        };
        [Some(told), renewal.owed(None, lang)].into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}
