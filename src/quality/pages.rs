//! The inbox's page: what was found, rule by rule, with the way to where it is mended and a form that decides.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgPool;

use crate::catalogue::{Catalogue, Snapshot};
use crate::changes;
use crate::i18n::{Lang, Word};
use crate::quality::told::{Shown, Teller};
use crate::quality::{Finding, Findings, Inbox, QUALITY, Rule, db};
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

impl QualityPage {
    fn problem(&self, field: &str, shown: &Shown) -> Option<&str> {
        self.problems.of(&format!("{field}-{}", shown.number))
    }

    /// Who decided it and when.
    fn decided_by(&self, decision: &db::Decision) -> String {
        let words = [("name", Word::Text(&decision.actor)), ("when", Word::Text(&self.page.moment(&decision.made_at)))];
        self.page.lang.tell("quality-by", &words)
    }

    fn act(&self, decision: &db::Decision) -> String {
        changes::ONE.with(self.page.lang, &decision.change_set_id.to_string())
    }
}
