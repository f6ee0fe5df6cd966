//! One feedback, for staff: notes, tags, replies, how it stands, and what of it is published.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::{PgConnection, PgPool};

use super::db::{self, Event, Feedback, Handling, Happened, State as Standing};
use super::{HANDLE, LONGEST_MESSAGE, QUEUE, letters};
use crate::config::Settings;
use crate::database::commit::commit;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::path::Path;
use crate::web::problems::Problems;
use crate::web::visitor::Person;

/// Tags that feedback may have, and how long each may be.
const MOST_TAGS: usize = 10;
const LONGEST_TAG: usize = 40;

#[derive(Template)]
#[template(path = "feedback/handle.html")]
struct HandlePage {
    page: Page,
    feedback: Feedback,
    events: Vec<Event>,
    draft: Draft,
    /// What others did since the form was opened: their first event.
    meanwhile: Option<i64>,
    /// Whether an act of another button left public texts that were edited, which are kept.
    keeps_public: bool,
}

/// What a form asks for.
struct Wanted {
    act: Happened,
    /// What the act says: a reply, published words; for an act that says nothing of its own, the note.
    text: String,
    /// A note besides.
    note: String,
    tags: Vec<String>,
    public: (String, String),
}

/// One feedback.
pub async fn show(State(pool): State<PgPool>, Path(id): Path<i64>, visit: Visit) -> Result<Response, Error> {
    let mut transaction = pool.begin().await?;
    let feedback = db::lock(&mut transaction, id).await?.ok_or(Error::NotFound)?;
    let events = db::events(&mut transaction, id).await?;
    Outcome::Shown.draw(&page(&visit, feedback, events, Form::default()))
}

/// What somebody of staff does with it.
pub async fn act(
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    Path(id): Path<i64>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let mut draft = Draft::sent(form)?;
    let mut transaction = pool.begin().await?;
    let feedback = db::lock(&mut transaction, id).await?.ok_or(Error::NotFound)?;
    let done = Redirect::to(&HANDLE.with(visit.lang, &id.to_string())).into_response();
    if db::sent_before(&mut transaction, &draft.token.nonce).await? {
        return Ok(done);
    }
    let events = db::events(&mut transaction, id).await?;
    let (wanted, problems) = read(&draft.form, &feedback, visit.lang);
    let meanwhile = events.iter().map(|event| event.id).find(|event| *event > draft.token.base_revision);
    let outcome = match () {
        () if draft.act() == "edit" => Outcome::Shown,
        () if !problems.is_empty() => Outcome::Invalid,
        () if meanwhile.is_some() || !may(wanted.act, &feedback) => Outcome::Stale,
        () => {
            let doer = Doer { person: &person, form_key: &draft.token.nonce, feedback: &feedback };
            doer.write(&mut transaction, &wanted, &settings.origin()).await?;
            // What was edited in the public texts is not sent by another button: it stays on the page, which is read
            // before the commit, so that nothing fails after it.
            let kept = match wanted.act {
                Happened::Publish => None,
                _ => edited(&draft.form, &feedback, &events),
            };
            let answer = match kept {
                Some(kept) => {
                    let feedback = db::lock(&mut transaction, id).await?.ok_or(Error::NotFound)?;
                    let events = db::events(&mut transaction, id).await?;
                    let page = page(&visit, feedback, events, kept);
                    Outcome::Shown.draw(&HandlePage { keeps_public: true, ..page })?
                }
                None => done,
            };
            commit(&pool, transaction).await?;
            return Ok(answer);
        }
    };
    draft.problems = problems;
    let mut page = page(&visit, feedback, events, Form::default());
    (page.meanwhile, page.draft.form, page.draft.problems) = (meanwhile, draft.form, draft.problems);
    outcome.draw(&page)
}

/// The public texts of a form, where they are no longer as the page had them.
fn edited(form: &Form, feedback: &Feedback, events: &[Event]) -> Option<Form> {
    let differs = |field: &str| {
        let shown = kept(field, feedback, events).replace("\r\n", "\n");
        form.has(field) && form.given(field).unwrap_or_default() != shown.trim()
    };
    ["public-message", "public-reply"].iter().copied().any(differs).then(|| {
        let texts = ["public-message", "public-reply"].map(|field| (field.to_owned(), form.text(field).to_owned()));
        Form::new(texts.to_vec())
    })
}

/// The stored value of a field.
fn kept(field: &str, feedback: &Feedback, events: &[Event]) -> String {
    let last_reply = || events.iter().rfind(|event| event.kind == Happened::Reply).map(|event| event.text.clone());
    match field {
        "tags" => feedback.tags.join(", "),
        "public-message" => feedback.public_message.clone().unwrap_or_else(|| feedback.message.clone()),
        "public-reply" => feedback.public_reply.clone().or_else(last_reply).unwrap_or_default(),
        _ => String::new(),
    }
}

/// Whether an act fits how feedback stands.
fn may(act: Happened, feedback: &Feedback) -> bool {
    let state = feedback.state;
    match act {
        Happened::Take => state == Standing::New,
        Happened::Handle | Happened::Hold => [Standing::New, Standing::InHand].contains(&state),
        Happened::Reopen => state == Standing::Handled,
        Happened::Release => state == Standing::Held,
        Happened::Reply | Happened::Publish => state != Standing::Held,
        Happened::Unpublish => feedback.published_at.is_some(),
        Happened::Note | Happened::Tags => true,
    }
}

fn read(form: &Form, feedback: &Feedback, lang: Lang) -> (Wanted, Problems) {
    let mut problems = Problems::default();
    let asked = Happened::from_code(form.act()).filter(|act| *act != Happened::Tags);
    let act = asked.unwrap_or(Happened::Note);
    let mut text = |field: &str, missing: Option<&str>| {
        let given = form.given(field).unwrap_or_default();
        problems.check(field, &given, LONGEST_MESSAGE, true, lang);
        if let Some(missing) = missing.filter(|_| given.is_empty()) {
            problems.add(field, lang.t(missing));
        }
        given
    };
    let mut public = (String::new(), String::new());
    let mut note = text("note", None);
    let text = match act {
        Happened::Reply => text("reply", Some("feedback-reply-missing")),
        Happened::Publish => {
            public = (text("public-message", Some("feedback-public-missing")), text("public-reply", None));
            format!("{}\n\n{}", public.0, public.1).trim().to_owned()
        }
        Happened::Unpublish => String::new(),
        _ => std::mem::take(&mut note),
    };
    if act != Happened::Reply && form.given("reply").is_some() {
        problems.add("reply", lang.t("feedback-reply-unsent"));
    }
    let mut tags = feedback.tags.clone();
    if form.has("tags") {
        tags =
            form.text("tags").split(',').map(|tag| tag.trim().to_lowercase()).filter(|tag| !tag.is_empty()).collect();
        tags.sort_unstable();
        tags.dedup();
        for tag in &tags {
            problems.check("tags", tag, LONGEST_TAG, false, lang);
        }
        if tags.len() > MOST_TAGS {
            problems.add("tags", lang.n("feedback-tags-many", MOST_TAGS));
        }
    }
    let is_empty = asked == Some(Happened::Note) && text.is_empty() && tags == feedback.tags;
    if is_empty || (asked.is_none() && form.act() != "edit") {
        problems.add("note", lang.t("feedback-nothing"));
    }
    (Wanted { act, text, note, tags, public }, problems)
}

/// Who does it, by which form, with what.
struct Doer<'d> {
    person: &'d Person,
    form_key: &'d str,
    feedback: &'d Feedback,
}

impl Doer<'_> {
    async fn write(&self, db: &mut PgConnection, wanted: &Wanted, origin: &str) -> Result<(), Error> {
        let Wanted { act, text, note, tags, public } = wanted;
        let mut event = None;
        if *act != Happened::Note || !text.is_empty() {
            event = Some(self.note(db, *act, text, true).await?);
        }
        if *tags != self.feedback.tags {
            self.note(db, Happened::Tags, &tags.join(", "), event.is_none()).await?;
        }
        if !note.is_empty() {
            self.note(db, Happened::Note, note, false).await?;
        }
        let state = match (act, self.feedback.state) {
            (Happened::Take | Happened::Reopen, _) | (Happened::Reply, Standing::New) => Standing::InHand,
            (Happened::Handle, _) => Standing::Handled,
            (Happened::Hold, _) => Standing::Held,
            (Happened::Release, _) => Standing::New,
            (_, as_it_was) => as_it_was,
        };
        db::set(db, self.feedback.id, state, tags).await?;
        match (act, event) {
            (Happened::Publish, _) => db::publish(db, self.feedback.id, Some((&public.0, &public.1))).await?,
            (Happened::Unpublish, _) => db::publish(db, self.feedback.id, None).await?,
            (Happened::Reply, Some(event)) if self.feedback.wants_answer => {
                letters::replied(db, self.feedback, event, text, origin).await?;
            }
            _ => {}
        }
        Ok(())
    }

    async fn note(&self, db: &mut PgConnection, event: Happened, text: &str, is_first: bool) -> sqlx::Result<i64> {
        let handling = Handling {
            feedback: self.feedback.id,
            account: self.person.account,
            actor: &self.person.name,
            event,
            text,
            form_key: is_first.then_some(self.form_key),
        };
        db::note(db, &handling).await
    }
}

fn page(visit: &Visit, feedback: Feedback, events: Vec<Event>, form: Form) -> HandlePage {
    let lang = visit.lang;
    let id = feedback.id.to_string();
    let page = visit
        .page_of(feedback.reference.clone(), HANDLE, |_| id.clone())
        .below(lang.t("feedback-queue-title"), QUEUE.pattern(lang));
    let form_token = FormToken::at(events.last().map_or(0, |event| event.id));
    HandlePage { page, feedback, events, draft: Draft::new(form, form_token), meanwhile: None, keeps_public: false }
}

impl HandlePage {
    /// A field as typed, or else what is kept.
    fn typed(&self, field: &str) -> String {
        if self.draft.form.has(field) {
            return self.draft.typed(field).to_owned();
        }
        kept(field, &self.feedback, &self.events)
    }

    /// How a reply reaches its reader, and in which language.
    fn reply_hint(&self) -> String {
        let way = if self.feedback.wants_answer { "feedback-reply-by-mail" } else { "feedback-reply-on-page" };
        let lang = self.feedback.lang.of("feedback-reply-in-english", "feedback-reply-in-french");
        format!("{} {}", self.page.lang.t(way), self.page.lang.t(lang))
    }

    fn may(&self, act: &str) -> bool {
        Happened::from_code(act).is_some_and(|act| may(act, &self.feedback))
    }

    /// Whether somebody else did it since the form was opened.
    fn is_new(&self, event: &Event) -> bool {
        self.meanwhile.is_some_and(|first| event.id >= first)
    }
}
