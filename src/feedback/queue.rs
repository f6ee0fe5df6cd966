//! The queue of feedback, for staff: by state, subject and tag, the oldest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sqlx::PgPool;

use super::db::{self, About, Asked, Feedback, State as Standing};
use super::{CSV, HANDLE, JSON, MARKDOWN, QUEUE, XLSX};
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};
use crate::web::table::links;

/// Feedback on one page.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "feedback/queue.html")]
struct QueuePage {
    page: Page,
    asked: Asked,
    /// The states: words, address, how many, and whether it is the chosen one.
    states: Vec<(String, String, usize, bool)>,
    tags: Vec<String>,
    rows: Vec<Feedback>,
    next: Option<String>,
    /// The list as files: what each is called, and its address.
    files: Vec<(&'static str, String)>,
}

impl Asked {
    /// What an address asks for.
    ///
    /// # Errors
    /// A sentence where it asks for what is not offered.
    pub fn of(visit: &Visit) -> Result<Asked, Error> {
        let state = visit.one_of("state", &Standing::ALL.map(Standing::code))?.and_then(Standing::from_code);
        let about = visit.one_of("about", &About::ALL.map(About::code))?.and_then(About::from_code);
        Ok(Asked { state, about, tag: visit.parameter("tag") })
    }

    /// The parameters that ask for it, each begun by `?` or `&`.
    pub fn parameters(&self, state: Option<Standing>) -> String {
        let given = [
            ("state", state.map(Standing::code)),
            ("about", self.about.map(About::code)),
            ("tag", self.tag.as_deref()),
        ];
        let given = given.into_iter().filter_map(|(name, value)| Some((name, value?)));
        given.fold(String::new(), |all, (name, value)| {
            let joint = if all.is_empty() { '?' } else { '&' };
            format!("{all}{joint}{name}={}", encode(value))
        })
    }
}

/// The queue.
pub async fn list(State(pool): State<PgPool>, visit: Visit) -> Result<Response, Error> {
    let (asked, lang) = (Asked::of(&visit)?, visit.lang);
    let most = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let mut rows = db::list(&pool, &asked, visit.number("after")?.unwrap_or(0), most).await?;
    let has_more = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    let state = asked.state;
    let here = |state| format!("{}{}", QUEUE.pattern(lang), asked.parameters(state));
    let next = rows.last().filter(|_| has_more).map(|last| {
        let address = here(state);
        format!("{address}{}after={}", if address.contains('?') { '&' } else { '?' }, last.id)
    });
    let counts = db::counts(&pool, &asked).await?;
    let count = |states: &[Standing]| {
        let counted = counts.iter().filter(|(state, _)| states.contains(state));
        counted.map(|(_, count)| usize::try_from(*count).unwrap_or(0)).sum()
    };
    let open = count(&[Standing::New, Standing::InHand]);
    let open = (lang.t("feedback-state-open").into_owned(), here(None), open, state.is_none());
    let each = Standing::ALL
        .into_iter()
        .map(|one| (one.label(lang).into_owned(), here(Some(one)), count(&[one]), state == Some(one)));
    let states = std::iter::once(open).chain(each).collect();
    let parameters = asked.parameters(state);
    show(&QueuePage {
        page: visit.page(lang.t("feedback-queue-title"), QUEUE),
        states,
        tags: db::tags(&pool).await?,
        rows,
        next,
        files: links(lang, [CSV, XLSX, JSON, MARKDOWN].map(|route| format!("{}{parameters}", route.pattern(lang)))),
        asked,
    })
}

impl QueuePage {
    fn address(&self, row: &Feedback) -> String {
        HANDLE.with(self.page.lang, &row.id.to_string())
    }

    fn is_tag(&self, tag: &str) -> bool {
        self.asked.tag.as_deref() == Some(tag)
    }
}

/// The beginning of a message, on one line.
pub fn beginning(message: &str) -> String {
    const LETTERS: usize = 160;
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(LETTERS).collect();
    if short.len() < line.len() { format!("{short}…") } else { short }
}

impl Feedback {
    /// The beginning of what it says.
    pub fn beginning(&self) -> String {
        beginning(&self.message)
    }
}
