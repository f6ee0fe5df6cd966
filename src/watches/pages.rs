//! The form by which one follows something, and the page of the link in its mails.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use sqlx::PgPool;
use uuid::Uuid;

use super::db::{self, Thing, Watch};
use super::{LINK, tell};
use crate::catalogue::{Catalogue, Snapshot};
use crate::changes;
use crate::config::Settings;
use crate::database::commit::commit;
use crate::forms::outcome::Outcome;
use crate::forms::{Guard, Kind, Refusal};
use crate::i18n::Lang;
use crate::mail::{self, Letter, Message};
use crate::watches::FOLLOW;
use crate::watches::named::Named;
use crate::watches::named::address_of_link;
use crate::web::address::encode;
use crate::web::address::is_mailbox;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::page::{Page, Visit, show};
use crate::web::path::{Path, Secret};
use crate::web::problems::Problems;

#[derive(Template)]
#[template(path = "watches/ask.html")]
struct AskPage {
    page: Page,
    named: Named,
    /// Where the form goes: the page's address with what is followed.
    action: String,
    form: Form,
    problems: Problems,
    sent: bool,
}

impl AskPage {
    fn new(snapshot: &Snapshot, visit: &Visit) -> Result<(Thing, AskPage), Error> {
        let lang = visit.lang;
        let (parameter, value, thing) = match (visit.parameter("image"), visit.parameter("department")) {
            (Some(slug), None) => {
                let thing = snapshot.linked(&slug);
                let address = thing.map_or(slug, |image| image.slug.to_string());
                ("image", address, thing.map(|image| Thing::Image(image.id)))
            }
            (None, Some(spelling)) => {
                let place = snapshot.organisations.find(&spelling, lang);
                let thing = place.map(|place| Thing::Organisation(snapshot.organisations.at(place).id));
                ("department", spelling, thing)
            }
            _ => return Err(Error::BadAddress(vec![lang.t("follow-what").into_owned()])),
        };
        let offered = lang.t("follow-what");
        let thing = thing.ok_or_else(|| visit.not_offered(parameter, &value, &offered))?;
        let named = Named::of(snapshot, thing).ok_or(Error::NotFound)?;
        let page = visit
            .page(lang.named("follow-title", named.name(lang)), FOLLOW)
            .below(named.name(lang), named.address(lang));
        let action = format!("{}?{parameter}={}", FOLLOW.pattern(lang), encode(&value));
        Ok((thing, AskPage { page, named, action, form: Form::default(), problems: Problems::default(), sent: false }))
    }
}

impl AskPage {
    /// The form again where too much was sent.
    fn refuse(mut self, refusal: Refusal) -> Result<Response, Error> {
        self.problems.add("email", refusal.words(self.page.lang));
        refusal.answer(&self)
    }
}

/// The form.
pub async fn ask(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    show(&AskPage::new(&catalogue.now(), &visit)?.1)
}

/// Sends a mail with a link to confirm. The answer is the same whatever is known of the address; sent twice, the form
/// counts once.
pub async fn send(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    State(guard): State<Arc<Guard>>,
    caller: Caller,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let (thing, mut page) = AskPage::new(&catalogue.now(), &visit)?;
    let email = form.text("email").to_owned();
    page.form = form;
    if page.form.act() == "edit" {
        return show(&page);
    }
    if !is_mailbox(&email) {
        page.problems.add("email", visit.lang.t("follow-email-wrong"));
        return Outcome::Invalid.draw(&page);
    }
    if !page.form.text("website").is_empty() {
        page.problems.add("email", visit.lang.t("forms-trap")); // which people do not see
        return Outcome::Invalid.draw(&page);
    }
    let sender = match guard.meet(Kind::Follow, caller, &visit, &email).await? {
        Ok(sender) => sender,
        Err(refusal) => return page.refuse(refusal),
    };
    let mut transaction = pool.begin().await?;
    let token = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let asked = db::ask(&mut transaction, thing, &email, visit.lang, &token, &sender.marks).await?;
    if let Some(watch) = asked {
        if let Err(refusal) = sender.count(&mut transaction).await? {
            return page.refuse(refusal);
        }
        if !watch.is_confirmed && !db::has_room(&mut transaction, &sender.marks).await? {
            return page.refuse(Refusal::while_full());
        }
        tell_by_mail(&mut transaction, &watch, &page.named, &settings.origin()).await?;
    }
    commit(&pool, transaction).await?;
    page.sent = true;
    show(&page)
}

/// Sends the link to confirm; whoever follows already is told so, with the link that ends it.
async fn tell_by_mail(db: &mut sqlx::PgConnection, watch: &Watch, named: &Named, origin: &str) -> Result<(), Error> {
    let letter = |lang: Lang| {
        if watch.is_confirmed {
            return Letter::new(lang.named("follow-following", named.name(lang)))
                .say(lang.named("confirm-already", named.name(lang)))
                .link(lang.t("follow-stop"), address_of_link(origin, lang, &watch.token));
        }
        Letter::new(lang.named("confirm-subject", named.name(lang)))
            .say(lang.named("confirm-lead", named.name(lang)))
            .link(lang.t("confirm-link"), address_of_link(origin, lang, &watch.token))
            .say(lang.t("confirm-or-not"))
    };
    let key = format!("watch-{}-confirm-{}", watch.id, watch.asks);
    let lang = Some(tell::lang_of(watch));
    let message = Message {
        key: &key,
        kind: mail::Kind::Watch,
        to: &watch.email,
        lang,
        letter: &letter,
        unsubscribe: None,
        file: None,
    };
    mail::put(db, &message).await?;
    Ok(())
}

#[derive(Template)]
#[template(path = "watches/link.html")]
struct LinkPage {
    page: Page,
    /// What is followed; none where it is over.
    named: Option<Named>,
    is_confirmed: bool,
}

/// What the link in a mail leads to: a page with a button, because scanners of mail open links too.
pub async fn link(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(token): Path<Secret>,
    visit: Visit,
) -> Result<Response, Error> {
    let watch = db::of_token(&pool, &token).await?.ok_or(Error::NotFound)?;
    show(&LinkPage::new(&catalogue.now(), &visit, &token, Some(&watch), watch.is_confirmed))
}

/// Confirms or ends a watch. A mail program's one click (RFC 8058) brings no button of this page, no cookie and no
/// origin, and ends it.
pub async fn press(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(token): Path<Secret>,
    visit: Visit,
    request: Request,
) -> Result<Response, Error> {
    let act = pressed(request).await.ok_or(Error::BadForm)?;
    let watch = db::of_token(&pool, &token).await?;
    match (act.as_str(), &watch) {
        ("confirm", Some(watch)) => {
            let newest = changes::newest(&mut *pool.acquire().await?).await?;
            db::confirm(&pool, watch.id, newest).await?;
            show(&LinkPage::new(&catalogue.now(), &visit, &token, Some(watch), true))
        }
        ("stop", _) => {
            db::end(&pool, &token).await?;
            show(&LinkPage::new(&catalogue.now(), &visit, &token, None, false))
        }
        ("edit", Some(watch)) => {
            show(&LinkPage::new(&catalogue.now(), &visit, &token, Some(watch), watch.is_confirmed))
        }
        ("confirm" | "edit", None) => Err(Error::NotFound),
        _ => Err(Error::BadForm),
    }
}

/// Which button was pressed; `stop` for a mail program's one click, which comes in either encoding of forms.
async fn pressed(request: Request) -> Option<String> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let body = axum::body::Bytes::from_request(request, &()).await.ok()?;
        let is_one_click = String::from_utf8_lossy(&body).contains("List-Unsubscribe");
        return is_one_click.then(|| "stop".to_owned());
    }
    let form = Form::from_request(request, &()).await.ok()?;
    let is_one_click = form.text("List-Unsubscribe") == "One-Click";
    Some(if is_one_click { "stop".to_owned() } else { form.act().to_owned() })
}

impl LinkPage {
    fn new(snapshot: &Snapshot, visit: &Visit, token: &str, watch: Option<&Watch>, is_confirmed: bool) -> LinkPage {
        let named = watch.and_then(Watch::thing).and_then(|thing| Named::of(snapshot, thing));
        let lang = visit.lang;
        let title = match &named {
            Some(named) if is_confirmed => lang.named("follow-following", named.name(lang)),
            Some(named) => lang.named("follow-title", named.name(lang)),
            None => lang.t("follow-over").into_owned(),
        };
        LinkPage { page: visit.page_of(title, LINK, |_| token.to_owned()), named, is_confirmed }
    }
}
