//! An image's page: can I use it today, what exactly do I type, who has it, who wants it, what happened to it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgPool;
use tokio::time::timeout;

use crate::catalogue::address::IMAGE;
use crate::catalogue::badges::renewal_badge;
use crate::catalogue::model::variant::{self, Variant};
use crate::catalogue::reference::{self, Reference, Tag};
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::verdict::{NextStep, Verdict};
use crate::catalogue::{Catalogue, Status};
use crate::changes::{self, ChangeRow, ChangeView};
use crate::config::Settings;
use crate::fields::Label;
use crate::i18n::{Lang, Word};
use crate::images::LIST;
use crate::organisations;
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::headers::kept_by_nobody;
use crate::web::page::{Page, Visit, show};
use crate::web::path::{Path, Slug};
use crate::web::visitor::Role;

/// Changes shown on the page; all are one click away.
const RECENT: i64 = 5;
/// How long the page waits for them.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Template)]
#[template(path = "images/one.html")]
struct OnePage<'s> {
    page: Page,
    /// The past day that is shown.
    past: Option<NaiveDate>,
    snapshot: &'s Snapshot,
    image: &'s Image,
    answer: Verdict,
    login: String,
    references: Vec<Reference>,
    /// What the visitor typed as a tag, and whether it does not have the form of one.
    typed: String,
    wrong_tag: bool,
    held: Vec<&'s Line>,
    wanted: Vec<&'s Line>,
    closed: Vec<&'s Line>,
    variants: Vec<Variant>,
    relatives: Vec<&'s Image>,
    /// Since when the renewal date of a line has not been known.
    unknown_since: HashMap<i64, DateTime<Utc>>,
    /// None: the database is away.
    history: Option<Vec<ChangeView>>,
    ask: String,
}

/// An image's page. A former address leads to the present one.
pub async fn show_item(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    Path(slug): Path<Slug>,
    visit: Visit,
) -> Result<Response, Error> {
    let (lang, day) = (visit.lang, visit.day("as-at")?);
    let (snapshot, now) = (catalogue.as_at(day).await?, catalogue.now());
    let image = snapshot.find(&slug).or_else(|| snapshot.same(now.find(&slug)?)).ok_or(Error::NotFound)?;
    let past = day.filter(|day| *day == snapshot.today && *day != now.today);
    if *image.slug != *slug && past.is_none() {
        return Ok(Redirect::permanent(&IMAGE.with(lang, &image.slug)).into_response());
    }
    let away_since = catalogue.away_since();
    let (rows, unknown_since) = match away_since {
        None => recorded(&pool, image, past.is_none() && is_owed(&snapshot, image)).await,
        Some(_) => (None, Some(HashMap::new())),
    };
    let is_whole = rows.is_some() && unknown_since.is_some();
    let typed = visit.parameter("tag").unwrap_or_default();
    let tag = reference::tag(&typed);
    let having = |status: &[Status]| snapshot.lines_of(image).filter(|line| status.contains(&line.status)).collect();
    let page = visit
        .page_of(&*image.name, IMAGE, |_| slug.to_string())
        .below(lang.t("list-title"), LIST.pattern(lang))
        .dated(snapshot.version.changed_at, away_since)
        .with_feed(changes::feed_of("image", &image.slug, lang));
    let answer = show(&OnePage {
        page,
        past,
        answer: Verdict::of(&snapshot, image),
        login: format!("docker login {}", settings.registry_host),
        references: reference::all(&snapshot, image, &settings, tag),
        wrong_tag: !typed.is_empty() && tag.is_none(),
        typed,
        held: having(&[Status::Procured]),
        wanted: having(&[Status::UnderConsideration]),
        closed: having(&[Status::Declined, Status::Retired]),
        variants: variant::family(&crate::text::key(&image.name)).1,
        relatives: snapshot.relatives(image).take(50).collect(),
        unknown_since: unknown_since.unwrap_or_default(),
        history: rows.map(|rows| rows.into_iter().map(|row| ChangeView::new(row, lang)).collect()),
        ask: visit.shell.links.ask_for(&image.name, lang),
        snapshot: &snapshot,
        image,
    })?;
    Ok(if is_whole { answer } else { kept_by_nobody(answer) })
}

/// What the record tells of an image, where it does in time: its newest changes, and since when each of its lines has been
/// without the date that is owed.
async fn recorded(
    pool: &PgPool,
    image: &Image,
    is_owed: bool,
) -> (Option<Vec<ChangeRow>>, Option<HashMap<i64, DateTime<Utc>>>) {
    let reading = changes::of_image(pool, image.id, None, RECENT);
    let rows = timeout(PATIENCE, reading).await.ok().and_then(Result::ok);
    if rows.is_none() || !is_owed {
        return (rows, Some(HashMap::new()));
    }
    let asked = changes::last_told(pool, image.id, "renewal_date");
    (rows, timeout(PATIENCE, asked).await.ok().and_then(Result::ok))
}

/// Whether somebody owes the renewal date of something that SSC holds.
fn is_owed(snapshot: &Snapshot, image: &Image) -> bool {
    let owed = |line: &Line| line.status == Status::Procured && line.renewal_date.is_none();
    snapshot.lines_of(image).any(owed)
}

impl OnePage<'_> {
    /// What is wrong with what was typed as a tag.
    fn tag_problem(&self) -> Option<Cow<'static, str>> {
        self.wrong_tag.then(|| self.page.lang.t("tag-wrong"))
    }

    fn renewal(&self, line: &&Line) -> Option<(&'static str, String)> {
        renewal_badge(line, self.snapshot, self.page.lang)
    }

    fn department(&self, line: &&Line) -> &organisations::Organisation {
        self.snapshot.organisations.at(line.organisation as usize)
    }

    fn department_address(&self, line: &&Line) -> String {
        let lang = self.page.lang;
        format!("{}/{}", lang.of("/en/departments", "/fr/ministeres"), encode(self.department(line).acronym(lang)))
    }

    fn image_address(&self, image: &&Image) -> String {
        IMAGE.with(self.page.lang, &image.slug)
    }

    fn history_address(&self) -> String {
        changes::OF_IMAGE.with(self.page.lang, &self.image.slug)
    }

    /// What the image is, in the page's language or else in the other, and the language it is in.
    fn description(&self) -> Option<(&str, Lang)> {
        let lang = self.page.lang;
        let own = self.image.description(lang).map(|text| (text, lang));
        own.or_else(|| self.image.description(lang.other()).map(|text| (text, lang.other())))
    }

    /// Who owes the renewal date of a line, and since when it has not been known.
    fn owed(&self, line: &&Line) -> Option<String> {
        let since = self.unknown_since.get(&line.id).map(|since| crate::clock::day_of(*since));
        line.renewal().owed(since, self.page.lang)
    }

    fn follow_address(&self) -> String {
        format!("{}?image={}", self.page.links().follow.pattern(self.page.lang), encode(&self.image.slug))
    }

    fn suggest_address(&self) -> String {
        self.page.links().suggest.with(self.page.lang, &self.image.slug)
    }

    fn edit_address(&self) -> String {
        self.page.links().edit_image.with(self.page.lang, &self.image.slug)
    }

    fn renew_address(&self) -> String {
        format!("{}?image={}", self.page.links().renewals.pattern(self.page.lang), self.image.slug)
    }

    fn guide(&self) -> &'static str {
        crate::guidance::USING_IMAGES.pattern(self.page.lang)
    }

    /// The image among what departments need.
    fn demand(&self) -> String {
        format!("{}?q={}", self.page.links().demand.pattern(self.page.lang), encode(&self.image.name))
    }
}

impl OnePage<'_> {
    fn feedback(&self) -> String {
        self.page.feedback_about(&self.image.name)
    }

    /// That the tag is an example, where it was read and of when that is.
    fn sample(&self, tag: &str, source: &str) -> String {
        let (lang, day) = (self.page.lang, reference::day_of_source(source));
        let day = day.map(|day| day.to_string());
        let day = lang.tell(
            if day.is_some() { "tag-day" } else { "tag-day-unknown" },
            &[("day", Word::Text(&day.unwrap_or_default()))],
        );
        let source = lang.t(&format!("source-{source}"));
        let words = [("tag", Word::Text(tag)), ("source", Word::Text(&source)), ("day", Word::Text(&day))];
        lang.tell("tag-sample", &words)
    }
}
