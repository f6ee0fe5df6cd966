//! Findings in words: what each is about, why it is one, where it is mended.

use std::borrow::Cow;

use super::{About, Decisions, Finding, Rule, db};
use crate::catalogue::Snapshot;
use crate::catalogue::snapshot::image::Image;
use crate::editing::{EDIT, MERGE, RENEWALS};
use crate::forms::draft::new_key;
use crate::i18n::{Lang, Word};
use crate::images::LIST;
use crate::web::address::encode;
use crate::web::form::Form;

/// A finding in words.
pub struct Shown {
    pub number: usize,
    pub mark: String,
    pub key: String,
    pub rule: Cow<'static, str>,
    pub subject: String,
    pub why: String,
    pub quote: Option<(String, Lang)>,
    pub links: Vec<(String, String)>,
    pub is_acronym: bool,
    pub decision: Option<db::Decision>,
    /// What was typed about it.
    pub form: Option<Form>,
}

/// Tells findings in a language.
pub struct Teller<'s> {
    pub snapshot: &'s Snapshot,
    pub lang: Lang,
    pub decisions: &'s Decisions,
    pub form: &'s Form,
}

impl<'s> Teller<'s> {
    pub fn tell(&self, number: usize, finding: &Finding) -> Shown {
        let mark = finding.mark.text();
        let (subject, why, links) = self.words(finding);
        Shown {
            number,
            key: new_key(),
            rule: finding.rule.label(self.lang),
            subject,
            why,
            quote: self.quote(finding),
            links,
            is_acronym: finding.rule == Rule::UnknownAcronym,
            decision: self.decisions.get(&finding.mark).cloned(),
            form: typed(self.form, &mark),
            mark,
        }
    }

    /// What a finding is about, what is found, and where it is mended.
    fn words(&self, finding: &Finding) -> (String, String, Vec<(String, String)>) {
        let (lang, snapshot) = (self.lang, self.snapshot);
        match finding.about {
            About::Image(place) => {
                let image = &snapshot.image_at(place);
                (image.name.to_string(), lang.t(finding.rule.why()).into_owned(), vec![self.edit(image)])
            }
            About::Pair(one, other) => {
                let (one, other) = (&snapshot.image_at(one), &snapshot.image_at(other));
                let words = [("one", Word::Text(&one.name)), ("other", Word::Text(&other.name))];
                let subject = lang.tell("quality-pair", &words);
                let mut links = vec![self.edit(one), self.edit(other)];
                if matches!(finding.rule, Rule::NearName | Rule::SharedRegistryName) {
                    let address = format!("{}?with={}", MERGE.with(lang, &one.slug), encode(&other.slug));
                    links.push((lang.tell("quality-merge", &words), address));
                }
                (subject, lang.tell(finding.rule.why(), &words), links)
            }
            About::Upstream(place, name) => {
                let image = &snapshot.image_at(place);
                let words = [("one", Word::Text(&image.name)), ("other", Word::Text(name))];
                (image.name.to_string(), lang.tell("quality-why-upstream-name", &words), vec![self.edit(image)])
            }
            About::Line(place) => {
                let line = &snapshot.line_at(place);
                let (image, department) = (snapshot.image_of(line), snapshot.department(line, lang));
                let date =
                    finding.since.or(line.renewal().last_date()).map(|date| date.to_string()).unwrap_or_default();
                let address = format!("{}?image={}", RENEWALS.pattern(lang), image.slug);
                let renewals = (lang.named("quality-renewals", &image.name), address);
                (format!("{} · {department}", image.name), lang.named(finding.rule.why(), date), vec![renewals])
            }
            About::Organisation(place) => {
                let organisation = snapshot.organisations.at(place as usize);
                let count = snapshot.lines_of_organisation(place as usize).count();
                let list = format!("{}?department={}", LIST.pattern(lang), encode(&organisation.acronym_en));
                let link = (lang.n("quality-lines", count), list);
                (organisation.acronym_en.clone(), lang.t(finding.rule.why()).into_owned(), vec![link])
            }
        }
    }

    fn edit(&self, image: &Image) -> (String, String) {
        (self.lang.named("edit-title", &image.name), EDIT.with(self.lang, &image.slug))
    }

    /// The text that a finding is about, where its subject does not say it.
    fn quote(&self, finding: &Finding) -> Option<(String, Lang)> {
        let image = |place: u32| self.snapshot.image_at(place);
        let lines = |image: &'s Image| self.snapshot.lines_of(image);
        match (finding.rule, finding.about) {
            (Rule::NoteRepeated, About::Pair(place, _)) => {
                let (note, lang) = lines(image(place)).find_map(|line| line.notes(Lang::En))?;
                Some((note.to_owned(), lang))
            }
            (Rule::MissingFrench, About::Image(place)) => {
                let image = image(place);
                let note = lines(image)
                    .filter(|line| line.notes_in(Lang::Fr).is_none())
                    .find_map(|line| line.notes_in(Lang::En));
                let description = image.description(Lang::En).filter(|_| image.description(Lang::Fr).is_none());
                Some((description.or(note)?.to_owned(), Lang::En))
            }
            _ => None,
        }
    }

    /// The organisations that are known, by acronym.
    pub fn organisations(&self) -> Vec<(i64, String)> {
        let words = |one: &crate::organisations::Organisation| {
            let words = [("acronym", Word::Text(one.acronym(self.lang))), ("name", Word::Text(one.name(self.lang)))];
            (one.id, self.lang.tell("edit-department", &words))
        };
        let confirmed = self.snapshot.organisations.all().iter().filter(|one| one.confirmed);
        let mut all: Vec<_> = confirmed.map(words).collect();
        all.sort_by_cached_key(|(_, title)| crate::text::key(title));
        all
    }
}

/// What a form says of the finding with this mark: its fields have the number that the finding had on the page.
fn typed(form: &Form, mark: &str) -> Option<Form> {
    let is_of = |(name, value): &&(String, String)| name.starts_with("finding-") && value == mark;
    let number = form.fields().iter().find(is_of)?.0.strip_prefix("finding-")?;
    let field = |name: &str| (name.to_owned(), form.text(&format!("{name}-{number}")).to_owned());
    Some(Form::new(vec![field("reason"), field("organisation")]))
}

impl Shown {
    pub fn typed(&self, field: &str) -> &str {
        self.form.as_ref().map_or("", |form| form.text(field))
    }
}
