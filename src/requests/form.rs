//! The request form: fields in, a checked request or what is wrong with each field out.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::db::write::NewItem;
use super::db::{Item, Request};
use super::kind::Kind;
use crate::catalogue::{Firmness, Snapshot};
use crate::files;
use crate::i18n::Lang;
use crate::web::address::is_mailbox;
use crate::web::form::Form;
use crate::web::problems::Problems;
use crate::web::visitor::Person;

/// Images that one request asks for, at most.
pub const MOST_IMAGES: usize = 20;
/// How long texts may be, in characters.
pub const LONGEST_NAME: usize = 200;
const LONGEST_ENVIRONMENT: usize = 300;
const LONGEST_WHY: usize = 1_000;
/// What is chosen where the department is not in the list.
pub const OTHER: &str = "other";

/// What a form says.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub organisation: Option<i64>,
    pub department: String,
    pub may_name: bool,
    pub contact_name: String,
    pub contact_email: String,
    pub items: Vec<NewItem>,
}

/// How many images a form has room for: as many as were sent, at least one.
pub fn places(form: &Form) -> usize {
    (1..=MOST_IMAGES).rev().find(|place| form.has(&format!("image-{place}"))).unwrap_or(1)
}

/// The form for a new request: with the names of the images that are given, each once, and what is known of who asks.
pub fn blank<'n>(images: impl Iterator<Item = &'n str>, person: Option<&Person>) -> Form {
    let mut seen = HashSet::new();
    let images = images.filter(|image| seen.insert(crate::text::key(image)));
    let mut fields: Vec<_> =
        (1..).zip(images).map(|(place, image)| (format!("image-{place}"), image.to_owned())).collect();
    if let Some(organisation) = person.and_then(|person| person.organisation) {
        fields.push(("department".to_owned(), organisation.to_string()));
    }
    fields.extend(person.map(|person| ("contact-name".to_owned(), person.name.clone())));
    Form::new(fields)
}

/// The form that shows a request as it is.
pub fn filled(request: &Request, items: &[Item]) -> Form {
    let mut fields = vec![
        ("contact-name".to_owned(), request.contact_name.clone()),
        ("contact-email".to_owned(), request.contact_email.clone()),
    ];
    if !request.may_name {
        fields.push(("unnamed".to_owned(), "1".to_owned()));
    }
    for (number, item) in items.iter().enumerate() {
        let mut field = |name: &str, value: String| fields.push((format!("{name}-{}", number + 1), value));
        field("image", item.name.clone());
        field("type", item.kind.clone().unwrap_or_default());
        field("fips", item.fips.map(|yes| if yes { "yes" } else { "no" }.to_owned()).unwrap_or_default());
        field("needed-by", item.needed_by.map(|day| day.to_string()).unwrap_or_default());
        field("firmness", item.firmness.map_or("", Firmness::code).to_owned());
        field("environment", item.environment.clone());
        field("why", item.why.clone());
    }
    Form::new(fields)
}

/// Reads a new request.
pub fn read(form: &Form, snapshot: &Snapshot, today: NaiveDate, lang: Lang) -> (Asked, Problems) {
    let mut reader = Reader { form, today, lang, problems: Problems::default() };
    let mut asked = Asked::default();
    reader.department(snapshot, &mut asked);
    reader.contact(&mut asked);
    for place in 1..=places(form) {
        asked.items.extend(reader.item(place, snapshot));
    }
    if asked.items.is_empty() {
        reader.wrong("image-1", "request-image-missing");
    }
    (asked, reader.problems)
}

/// Reads what may be changed of a request that asks for these images.
pub fn read_changed(form: &Form, items: &[Item], today: NaiveDate, lang: Lang) -> (Asked, Problems) {
    let mut reader = Reader { form, today, lang, problems: Problems::default() };
    let mut asked = Asked::default();
    reader.contact(&mut asked);
    for (place, item) in (1..).zip(items) {
        let details = reader.details(place);
        asked.items.push(NewItem { name: item.name.clone(), image: item.image_id, ..details });
    }
    (asked, reader.problems)
}

struct Reader<'f> {
    form: &'f Form,
    today: NaiveDate,
    lang: Lang,
    problems: Problems,
}

impl Reader<'_> {
    fn department(&mut self, snapshot: &Snapshot, asked: &mut Asked) {
        let directory = &snapshot.organisations;
        match self.form.text("department") {
            OTHER => {
                let written = self.words("department-other", "request-department-other", LONGEST_NAME);
                // A spelling that is known is the department itself.
                asked.organisation = directory.find(&written, self.lang).map(|place| directory.at(place).id);
                asked.department = written;
                if asked.department.is_empty() {
                    self.wrong("department-other", "request-department-other-missing");
                }
            }
            chosen => {
                asked.organisation = chosen.parse().ok().filter(|id| directory.place(*id).is_some());
                if asked.organisation.is_none() {
                    self.wrong("department", "request-department-missing");
                }
            }
        }
    }

    fn contact(&mut self, asked: &mut Asked) {
        asked.may_name = self.form.text("unnamed").is_empty();
        asked.contact_name = self.words("contact-name", "request-contact-name", LONGEST_NAME);
        if asked.contact_name.is_empty() {
            self.wrong("contact-name", "request-name-missing");
        }
        self.form.text("contact-email").clone_into(&mut asked.contact_email);
        if !is_mailbox(&asked.contact_email) {
            self.wrong("contact-email", "request-email-wrong");
        }
    }

    /// An image, where one is named at this place.
    fn item(&mut self, place: usize, snapshot: &Snapshot) -> Option<NewItem> {
        let field = format!("image-{place}");
        let name = self.words(&field, "field-name", LONGEST_NAME);
        let details = self.details(place);
        if name.is_empty() {
            if details != NewItem::default() {
                self.wrong(&field, "request-image-missing");
            }
            return None;
        }
        let earlier = (1..place)
            .any(|other| crate::text::key(self.form.text(&format!("image-{other}"))) == crate::text::key(&name));
        if earlier {
            self.wrong(&field, "request-image-twice");
        }
        let image = snapshot.called(&name).map(|image| image.id);
        Some(NewItem { name, image, ..details })
    }

    /// What is said of the image at a place.
    fn details(&mut self, place: usize) -> NewItem {
        let at = |name: &str| format!("{name}-{place}");
        let kind = Kind::from_code(self.form.text(&at("type"))).map(|kind| kind.code().to_owned());
        let fips = match self.form.text(&at("fips")) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        NewItem {
            kind,
            fips,
            needed_by: self.day(&at("needed-by")),
            firmness: Firmness::from_code(self.form.text(&at("firmness"))),
            environment: self.words(&at("environment"), "request-environment", LONGEST_ENVIRONMENT),
            why: self.words(&at("why"), "request-why", LONGEST_WHY),
            ..NewItem::default()
        }
    }

    fn day(&mut self, field: &str) -> Option<NaiveDate> {
        let day = self.problems.day(self.form, field, &self.lang.t("request-day-wrong"));
        if day.is_some_and(|day| day < self.today) {
            self.wrong(field, "request-day-past");
        }
        day
    }

    fn words(&mut self, field: &str, label: &str, most: usize) -> String {
        let text = self.form.given(field).unwrap_or_default();
        let is_long = most == LONGEST_WHY;
        if let Err(words) = files::check_words(&self.lang.t(label), &text, most, is_long, self.lang) {
            self.problems.add(field, words);
        }
        text
    }

    fn wrong(&mut self, field: &str, key: &str) {
        self.problems.add(field, self.lang.t(key));
    }
}
