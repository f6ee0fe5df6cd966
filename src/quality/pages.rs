//! The inbox's page: what was found, rule by rule, with the way to where it is mended and a form that decides.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgPool;

use crate::catalogue::snapshot::image::Image;
use crate::catalogue::{Catalogue, Snapshot};
use crate::changes;
use crate::editing::{EDIT, MERGE, RENEWALS};
use crate::forms::draft::new_key;
use crate::i18n::{Lang, Word};
use crate::images::LIST;
use crate::quality::{About, Decisions, Finding, Findings, Inbox, QUALITY, Rule, db};
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show_as};
use crate::web::pager::Pager;
use crate::web::problems::Problems;
use axum::Extension;

/// Findings on one page.
const PER_PAGE: usize = 30;

/// What the address asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    rule: Option<Rule>,
    /// What was decided, instead of what is open.
    decided: bool,
    page: usize,
}

impl Asked {
    /// What a visit asks for.
    pub fn of(visit: &Visit) -> Result<Asked, Error> {
        let codes = || Rule::ALL.map(Rule::code).join(", ");
        let rule = match visit.parameter("rule") {
            None => None,
            Some(code) => Some(Rule::from_code(&code).ok_or_else(|| visit.not_offered("rule", &code, &codes()))?),
        };
        let decided = match visit.parameter("show").as_deref() {
            None | Some("open") => false,
            Some("decided") => true,
            Some(other) => return Err(visit.not_offered("show", other, "open, decided")),
        };
        let page = usize::try_from(visit.number("page")?.unwrap_or(1)).unwrap_or(1);
        Ok(Asked { rule, decided, page })
    }

    /// The address that asks for it.
    pub fn address(self, lang: Lang) -> String {
        let mut parameters = Vec::new();
        parameters.extend(self.rule.map(|rule| format!("rule={}", rule.code())));
        parameters.extend(self.decided.then(|| "show=decided".to_owned()));
        parameters.extend((self.page > 1).then(|| format!("page={}", self.page)));
        let mark = if parameters.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", QUALITY.pattern(lang), parameters.join("&"))
    }
}

/// What the page says besides the findings.
#[derive(Default)]
pub struct Answer {
    /// What was typed, about this finding and others, to be shown again.
    pub form: Form,
    pub problems: Problems,
    /// The finding that was decided on, by its mark.
    pub about: String,
    /// The act that was written just now.
    pub done: Option<i64>,
    /// What was sent is about a finding that is no longer there or was decided meanwhile.
    pub moved: bool,
}

#[derive(Template)]
#[template(path = "quality/quality.html")]
struct QualityPage {
    page: Page,
    problems: Problems,
    moved: bool,
    /// The page of the act that was just written.
    done: Option<String>,
    base: i64,
    action: String,
    /// Each rule: words, address, count, whether it is chosen.
    rules: Vec<Tab>,
    shows: [Tab; 2],
    total: usize,
    decided: bool,
    shown: Vec<Shown>,
    pager: Pager,
    organisations: Vec<(i64, String)>,
}

struct Tab {
    words: Cow<'static, str>,
    address: String,
    count: usize,
    chosen: bool,
}

/// A finding in words.
struct Shown {
    number: usize,
    mark: String,
    key: String,
    rule: Cow<'static, str>,
    subject: String,
    why: String,
    quote: Option<(String, Lang)>,
    links: Vec<(String, String)>,
    is_acronym: bool,
    decision: Option<db::Decision>,
    /// What was typed about it.
    form: Option<Form>,
}

/// What was found.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Extension(findings): Extension<Findings>,
    visit: Visit,
) -> Result<Response, Error> {
    let inbox = Inbox { pool, findings };
    let asked = Asked::of(&visit)?;
    answer(&catalogue.now(), &inbox, &visit, asked, StatusCode::OK, Answer::default()).await
}

/// The page as it is now.
pub async fn answer(
    snapshot: &Arc<Snapshot>,
    inbox: &Inbox,
    visit: &Visit,
    asked: Asked,
    status: StatusCode,
    answer: Answer,
) -> Result<Response, Error> {
    let found = inbox.findings.of(snapshot, &inbox.pool).await?;
    let mut connection = inbox.pool.acquire().await?;
    let decisions = db::decisions(&mut connection).await?;
    let base = changes::newest(&mut connection).await?;
    drop(connection);
    let lang = visit.lang;
    let is_shown = |finding: &&Finding| decisions.contains_key(&finding.mark) == asked.decided;
    let mut counts: HashMap<Rule, usize> = HashMap::new();
    found.iter().filter(is_shown).for_each(|finding| *counts.entry(finding.rule).or_default() += 1);
    let all: usize = counts.values().sum();
    let total = asked.rule.map_or(all, |rule| counts.get(&rule).copied().unwrap_or_default());
    let pager = Pager::new(asked.page, PER_PAGE, total, |page| Asked { page, ..asked }.address(lang));
    let asked = Asked { page: pager.page, ..asked };
    let is_of_rule = |finding: &&Finding| asked.rule.is_none_or(|rule| rule == finding.rule);
    let chosen = found.iter().filter(is_shown).filter(is_of_rule).skip((pager.page - 1) * PER_PAGE).take(PER_PAGE);
    let teller = Teller { snapshot, lang, decisions: &decisions, form: &answer.form };
    let shown: Vec<Shown> = chosen.enumerate().map(|(number, finding)| teller.tell(number + 1, finding)).collect();
    let page = QualityPage {
        page: visit.page(lang.t("quality-title"), QUALITY),
        problems: placed(answer.problems, &answer.about, &shown),
        moved: answer.moved,
        done: answer.done.or(visit.number("done")?).map(|set| changes::ONE.with(lang, &set.to_string())),
        base,
        action: asked.address(lang),
        rules: rules(asked, &counts, all, lang),
        shows: shows(asked, all, &found, lang),
        total,
        decided: asked.decided,
        organisations: if shown.iter().any(|one| one.is_acronym) { teller.organisations() } else { Vec::new() },
        shown,
        pager,
    };
    show_as(status, &page)
}

/// What a form says of the finding with this mark: its fields have the number that the finding had on the page.
fn typed(form: &Form, mark: &str) -> Option<Form> {
    let is_of = |(name, value): &&(String, String)| name.starts_with("finding-") && value == mark;
    let number = form.fields().iter().find(is_of)?.0.strip_prefix("finding-")?;
    let field = |name: &str| (name.to_owned(), form.text(&format!("{name}-{number}")).to_owned());
    Some(Form::new(vec![field("reason"), field("organisation")]))
}

/// Problems with the number of the finding that the form was about, so that their links lead there.
fn placed(problems: Problems, about: &str, shown: &[Shown]) -> Problems {
    let Some(about) = shown.iter().find(|one| one.mark == about) else { return problems };
    let mut placed = Problems::default();
    for problem in problems.iter() {
        placed.add(format!("{}-{}", problem.field, about.number), problem.words.clone());
    }
    placed
}

fn rules(asked: Asked, counts: &HashMap<Rule, usize>, all: usize, lang: Lang) -> Vec<Tab> {
    let tab = |rule: Option<Rule>| Tab {
        words: rule.map_or_else(|| lang.t("quality-all"), |rule| rule.label(lang)),
        address: Asked { rule, page: 1, ..asked }.address(lang),
        count: rule.map_or(all, |rule| counts.get(&rule).copied().unwrap_or_default()),
        chosen: rule == asked.rule,
    };
    std::iter::once(None).chain(Rule::ALL.map(Some)).map(tab).collect()
}

/// What is open, and what was decided.
fn shows(asked: Asked, all: usize, found: &[Finding], lang: Lang) -> [Tab; 2] {
    [false, true].map(|decided| Tab {
        words: lang.t(if decided { "quality-decided" } else { "quality-open" }),
        address: Asked { rule: None, page: 1, decided }.address(lang),
        count: if decided == asked.decided { all } else { found.len() - all },
        chosen: decided == asked.decided,
    })
}

/// Tells findings in a language.
struct Teller<'s> {
    snapshot: &'s Snapshot,
    lang: Lang,
    decisions: &'s Decisions,
    form: &'s Form,
}

impl<'s> Teller<'s> {
    fn tell(&self, number: usize, finding: &Finding) -> Shown {
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
    fn organisations(&self) -> Vec<(i64, String)> {
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

impl Rule {
    /// The sentence that says what is found.
    const fn why(self) -> &'static str {
        match self {
            Rule::NearName => "quality-why-near-name",
            Rule::UnknownAcronym => "quality-why-unknown-acronym",
            Rule::MissingFrench => "quality-why-missing-french",
            Rule::StaleFrench => "quality-why-stale-french",
            Rule::SharedRegistryName => "quality-why-shared-registry-name",
            Rule::DatePassed => "quality-why-date-passed",
            Rule::DateUnknown => "quality-why-date-unknown",
            Rule::NoteRepeated => "quality-why-note-repeated",
            Rule::NoRegistryName => "quality-why-no-registry-name",
        }
    }
}

impl QualityPage {
    fn problem(&self, field: &str, shown: &Shown) -> Option<&str> {
        self.problems.of(&format!("{field}-{}", shown.number))
    }

    /// Who decided it and when.
    fn decided_by(&self, decision: &db::Decision) -> String {
        let words = [("name", Word::Text(&decision.actor)), ("when", Word::Text(&self.page.moment(&decision.made_at)))];
        self.page.lang.tell("quality-by", &words)
    }

    /// What was decided, in a word.
    fn outcome(&self, decision: &db::Decision) -> Cow<'static, str> {
        decision.outcome.label(self.page.lang)
    }

    fn act(&self, decision: &db::Decision) -> String {
        changes::ONE.with(self.page.lang, &decision.change_set_id.to_string())
    }
}

impl Shown {
    fn typed(&self, field: &str) -> &str {
        self.form.as_ref().map_or("", |form| form.text(field))
    }
}
