//! An image and its lines as fields of a form, and back.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::catalogue::reference::is_registry_name;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::catalogue::{Firmness, Status};
use crate::fields::{LINE, LineFields, describe, parse};
use crate::files::{self, Limit};
use crate::i18n::Lang;
use crate::organisations::Directory;
use crate::text::key;
use crate::web::form::Form;
use crate::web::problems::Problems;

/// What stands for a line that is to be added, in the place of a line's number.
pub const NEW_LINE: &str = "new";

/// The fields of an image's form that named constraints are about.
pub const CONSTRAINTS: &[(&str, &str)] = &[
    ("images_slug_unique", "name"),
    ("images_slug_form", "name"),
    ("images_key_unique", "name"),
    ("images_name_given", "name"),
    ("images_description_given", "description-en"),
    ("registry_names_pk", "registry-names"),
    ("registry_names_form", "registry-names"),
    ("other_names_pk", "other-names"),
    ("other_names_given", "other-names"),
    ("lines_one_for_each_image_and_organisation", "department-new"),
    ("lines_cells_given", "name"),
];

/// Other names of one image, at most.
const MOST_NAMES: usize = 50;

/// The fields of a form that shows a sheet as it is.
pub fn filled(image_record: &ImageRecord) -> Vec<(String, String)> {
    let text = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let optional = |name: &str, value: &Option<String>| (name.to_owned(), value.clone().unwrap_or_default());
    let mut fields = vec![
        text("name", &image_record.image.name),
        text("registry-names", &image_record.image.registry_names.join("\n")),
        text("other-names", &image_record.image.other_names.join("\n")),
        optional("description-en", &image_record.image.description_en),
        optional("description-fr", &image_record.image.description_fr),
        (format!("status-{NEW_LINE}"), Status::UnderConsideration.code().to_owned()),
    ];
    for line in &image_record.lines {
        let record = describe(&line.fields).unwrap_or_default();
        for field in LINE.iter().filter(|field| field.in_forms) {
            let value = record.get(field.name).and_then(Value::as_str).unwrap_or_default();
            fields.push((format!("{}-{}", field.in_keys(), line.id), value.to_owned()));
        }
    }
    fields
}

/// What a form makes of a sheet, with all that is wrong with it.
pub fn read(form: &Form, base: &ImageRecord, directory: &Directory, lang: Lang) -> (ImageRecord, Problems) {
    let mut reader = Reader { form, directory, lang, decides: true, problems: Problems::default() };
    let image_record = reader.image_record(base);
    (image_record, reader.problems)
}

/// What a visitor's form makes of a sheet: words only, no status and no department.
pub fn read_words(form: &Form, base: &ImageRecord, directory: &Directory, lang: Lang) -> (ImageRecord, Problems) {
    let mut reader = Reader { form, directory, lang, decides: false, problems: Problems::default() };
    let image_record = reader.image_record(base);
    (image_record, reader.problems)
}

struct Reader<'f> {
    form: &'f Form,
    directory: &'f Directory,
    lang: Lang,
    /// Whether the form may change what is decided: states and departments.
    decides: bool,
    problems: Problems,
}

impl Reader<'_> {
    fn image_record(&mut self, base: &ImageRecord) -> ImageRecord {
        let mut image_record = base.clone();
        let name = self.text("name", Limit::Name).unwrap_or_default();
        if name.is_empty() {
            self.wrong("name", "edit-name-missing");
        }
        image_record.image.registry_names = self.registry_names();
        if self.form.has("other-names") {
            image_record.image.other_names = self.other_names(&name);
        }
        image_record.image.description_en = self.text("description-en", Limit::Notes);
        image_record.image.description_fr = self.text("description-fr", Limit::Notes);
        for line in &mut image_record.lines {
            if line.fields.name == base.image.name {
                line.fields.name.clone_from(&name);
            }
            self.line(&line.id.to_string(), &mut line.fields);
        }
        image_record.image.name.clone_from(&name);
        if self.decides {
            image_record.lines.extend(self.new_line(base, name));
        }
        image_record
    }

    fn line(&mut self, id: &str, fields: &mut LineFields) {
        let status = format!("status-{id}");
        match Status::from_code(self.form.text(&status)) {
            _ if !self.decides => {}
            Some(status) => {
                fields.status = status;
                self.demand(id, fields);
            }
            None => self.wrong(&status, "edit-status-missing"),
        }
        let mut record = describe(fields).unwrap_or_default();
        for field in LINE.iter().filter(|field| field.in_forms && field.is_text()) {
            let typed = format!("{}-{id}", field.in_keys());
            let text = self.form.given(&typed);
            if let Some(Err(words)) = text.as_ref().map(|text| files::check_field(field, text, self.lang)) {
                self.problems.add(typed, words);
            }
            record.insert(field.name.to_owned(), json!(text));
        }
        if let Ok(read) = parse(record) {
            *fields = read; // texts are what these fields hold
        }
    }

    /// How much the department wants it, and by when.
    fn demand(&mut self, id: &str, fields: &mut LineFields) {
        let (firmness, needed_by) = (format!("firmness-{id}"), format!("needed-by-{id}"));
        let chosen = self.form.given(&firmness);
        fields.firmness = chosen.as_deref().and_then(Firmness::from_code);
        if chosen.is_some() && fields.firmness.is_none() {
            self.wrong(&firmness, "edit-firmness-wrong");
        }
        fields.needed_by = self.day(&needed_by, "edit-needed-by-wrong");
    }

    /// A line for one more department, where one is chosen.
    fn new_line(&mut self, base: &ImageRecord, name: String) -> Option<LineRecord> {
        let empty = LineFields { name, ..LineFields::default() };
        let mut fields = empty.clone();
        if self.form.has(&format!("status-{NEW_LINE}")) {
            self.line(NEW_LINE, &mut fields);
        }
        fields.renewal_date = self.day("date-new", "edit-date-wrong");
        let chosen = self.form.given("department-new");
        let Some(organisation) = chosen.as_deref() else {
            let is_typed = fields != LineFields { status: fields.status, ..empty };
            if base.id == 0 || is_typed {
                self.wrong("department-new", "edit-department-missing");
            }
            return None;
        };
        let found = organisation.parse().ok().and_then(|id: i64| self.directory.place(id));
        let Some(place) = found else {
            self.wrong("department-new", "edit-department-missing");
            return None;
        };
        let organisation = self.directory.at(place);
        if base.lines.iter().any(|line| line.organisation == organisation.id) {
            self.wrong("department-new", "edit-department-there");
        }
        if !self.form.has("status-new") {
            self.wrong("status-new", "edit-status-missing");
        }
        fields.department.clone_from(&organisation.acronym_en);
        Some(LineRecord { id: 0, organisation: organisation.id, fields })
    }

    fn registry_names(&mut self) -> Vec<String> {
        let given = self.form.given("registry-names").unwrap_or_default();
        let mut names: Vec<String> =
            given.split(['\n', ',']).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        if let Some(wrong) = names.iter().find(|name| !is_registry_name(name)) {
            let words = self.lang.named("edit-registry-name-wrong", wrong);
            self.problems.add("registry-names", words);
        }
        names
    }

    /// Names by which files and people know it besides: each once, and not its own.
    fn other_names(&mut self, own: &str) -> Vec<String> {
        let given = self.form.given("other-names").unwrap_or_default();
        let mut seen = HashSet::from([key(own)]);
        let lines = given.lines().map(str::trim).filter(|name| !name.is_empty());
        let mut names: Vec<String> = lines.filter(|name| seen.insert(key(name))).map(str::to_owned).collect();
        if let Some(words) = names.iter().find_map(|name| files::check_text(name, Limit::Name, self.lang).err()) {
            self.problems.add("other-names", words);
        }
        if names.len() > MOST_NAMES {
            self.problems.add("other-names", self.lang.n("edit-other-names-many", MOST_NAMES));
        }
        names.sort_unstable();
        names
    }

    fn text(&mut self, field: &str, limit: Limit) -> Option<String> {
        let text = self.form.given(field)?;
        if let Err(words) = files::check_text(&text, limit, self.lang) {
            self.problems.add(field, words);
        }
        Some(text)
    }

    fn day(&mut self, field: &str, key: &str) -> Option<NaiveDate> {
        self.problems.day(self.form, field, &self.lang.t(key))
    }

    fn wrong(&mut self, field: &str, key: &str) {
        self.problems.add(field, self.lang.t(key));
    }
}

/// Whether a change takes something from a department, so that it needs a reason.
pub fn needs_reason(before: &ImageRecord, after: &ImageRecord) -> bool {
    after.lines.iter().any(|line| {
        let was = before.lines.iter().find(|held| held.id == line.id).map(|held| held.fields.status);
        matches!(line.fields.status, Status::Declined | Status::Retired) && was != Some(line.fields.status)
    })
}
