//! A line of an image, renewed or given another status by a program: by the rules and in the words of the forms.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::images::ImageOut;
use super::listed::only;
use super::refused::RefusedWrite;
use super::write::{Opened, Seal, Sent, WriteHeaders, refused, untaken};
use crate::app::App;
use crate::catalogue::Status;
use crate::catalogue::store::reading;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::catalogue::store::write;
use crate::catalogue::warnings::{self, Warning};
use crate::changes::record::{Act, Kind};
use crate::editing::{fields, renewals};
use crate::forms::transaction::CatalogueTransaction;
use crate::i18n::{Lang, Word};
use crate::organisations::{self, Directory};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::Visit;
use crate::web::path::{Path, Slug};
use crate::web::visitor::Scope;

/// A renewal: a term that is added to those of a line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Renewal {
    #[schema(pattern = r"\S")]
    department: String,
    #[schema(value_type = chrono::NaiveDate)]
    date: String,
    #[schema(minimum = 1, maximum = 120)]
    months: Option<i32>,
    /// Whether the date may be earlier than the one that is there, since that one was wrong.
    #[serde(default)]
    #[schema(required = false)]
    correction: bool,
    #[schema(pattern = r"\S", max_length = 2000)]
    reason: String,
}

/// Another status of a line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStatus {
    #[schema(pattern = r"\S")]
    department: String,
    #[schema(value_type = Status, inline)]
    status: String,
    #[schema(pattern = r"\S", max_length = 2000)]
    reason: String,
}

/// What was written, and the image as it is now.
#[derive(Serialize, ToSchema)]
pub struct Written {
    /// The act in the record; none where nothing was to be changed.
    #[schema(required)]
    change_set: Option<i64>,
    /// What a form would have warned of, a sentence each.
    warnings: Vec<String>,
    image: ImageOut,
}

/// Renews a line: adds a term to what is procured.
#[utoipa::path(post, path = "/api/v1/images/{slug}/renewals", params(("slug" = String, Path, example = "python"), WriteHeaders),
    request_body(content = Renewal, example = json!({ "department": "SSC", "date": "2030-03-31", "months": 12, "reason": "Quote 7" })), security(("token" = ["write:renew"])),
    responses((status = OK, body = Written, headers(("ETag" = String))), RefusedWrite))]
pub(super) async fn renew_line(
    State(app): State<App>,
    Path(slug): Path<Slug>,
    visit: Visit,
    request: Request,
) -> Result<Response, Error> {
    let sent = Sent::take(visit, Scope::Renew, request).await?;
    only(&sent.visit, &[])?;
    let (seal, said) = (sent.seal()?, sent.json::<Renewal>("department, date, months, correction, reason")?);
    let reason = sent.reason(&said.reason).map_err(|why| refused(&why))?;
    let mut opened = match One::open(&app, &seal, &slug).await? {
        Ok(opened) => opened,
        Err(before) => return Ok(before),
    };
    let line = opened.line(&sent, &said.department)?.id;
    let mut typed = vec![("line", line.to_string()), ("decision", "renew".to_owned()), ("date", said.date)];
    typed.extend(said.months.map(|months| ("months", months.to_string())));
    let form = Form::new(typed.into_iter().map(|(name, text)| (name.to_owned(), text)).collect());
    let lang = sent.visit.lang;
    let (lines, decision, problems) = renewals::read(&form, app.catalogue.clock().today(), lang);
    let Some(decision) = decision.filter(|_| problems.is_empty()) else { return Err(refused(&problems)) };
    let now = [opened.image_record.clone()];
    if !renewals::all_procured(&now, &lines) {
        return Err(untaken(lang.named("api-not-procured", &said.department)));
    }
    if let Some(later) = renewals::later_date(&now, &lines, &decision).filter(|_| !said.correction) {
        return Err(untaken(lang.named("api-renewed-backwards", later.to_string())));
    }
    let after = renewals::decided(&now, &lines, &decision);
    if write::changes(&now, &after)?.is_empty() {
        return Err(untaken(lang.t("api-renewed-so")));
    }
    let actor = sent.program.actor();
    let act = Act::of(&sent.program, &actor, Kind::Renewal, &reason, app.catalogue.clock().now());
    let change_set = opened.work.put(&act, &now, after.clone()).await?;
    opened.end(&app, seal, change_set, after, lang).await
}

/// Sets the status of a line. One that has it already is left as it is.
#[utoipa::path(put, path = "/api/v1/images/{slug}/status", params(("slug" = String, Path, example = "python"), WriteHeaders),
    request_body(content = NewStatus, example = json!({ "department": "SSC", "status": "procured", "reason": "Contract 7" })), security(("token" = ["write:status"])),
    responses((status = OK, body = Written, headers(("ETag" = String))), RefusedWrite))]
pub(super) async fn set_status(
    State(app): State<App>,
    Path(slug): Path<Slug>,
    visit: Visit,
    request: Request,
) -> Result<Response, Error> {
    let sent = Sent::take(visit, Scope::Status, request).await?;
    only(&sent.visit, &[])?;
    let (seal, said) = (sent.seal()?, sent.json::<NewStatus>("department, status, reason")?);
    let reason = sent.reason(&said.reason).map_err(|why| refused(&why))?;
    if Status::from_code(&said.status).is_none() {
        let offered = Status::ALL.map(Status::code).join(", ");
        return Err(untaken(sent.visit.said_not_offered("status", &said.status, &offered)));
    }
    let mut opened = match One::open(&app, &seal, &slug).await? {
        Ok(opened) => opened,
        Err(before) => return Ok(before),
    };
    let field = format!("status-{}", opened.line(&sent, &said.department)?.id);
    let mut typed = fields::filled(&opened.image_record);
    typed.iter_mut().filter(|(name, _)| *name == field).for_each(|(_, status)| status.clone_from(&said.status));
    let (after, problems) = fields::read(&Form::new(typed), &opened.image_record, &opened.directory, sent.visit.lang);
    if !problems.is_empty() {
        return Err(refused(&problems));
    }
    let actor = sent.program.actor();
    let act = Act::of(&sent.program, &actor, Kind::Image, &reason, app.catalogue.clock().now());
    let (now, after) = ([opened.image_record.clone()], vec![after]);
    let change_set = opened.work.put(&act, &now, after.clone()).await?;
    opened.end(&app, seal, change_set, after, sent.visit.lang).await
}

/// One image within a write that nobody else can come between.
struct One {
    work: CatalogueTransaction,
    image_record: ImageRecord,
    directory: Directory,
}

impl One {
    /// Opens the image as the program read it, or gives the answer to what was written before.
    async fn open(app: &App, seal: &Seal<'_>, slug: &str) -> Result<Result<One, Response>, Error> {
        let mut work = match seal.open(app).await? {
            Opened::Before(answer) => return Ok(Err(answer)),
            Opened::Now(work) => work,
        };
        let id = app.catalogue.now().find(slug).ok_or(Error::NotFound)?.id;
        let image_record = reading::load(&mut work.transaction, &[id]).await?.pop().ok_or(Error::NotFound)?;
        let directory = organisations::load(&mut work.transaction).await?;
        let (_, tag) = present(app, &mut work.transaction, &image_record).await?;
        seal.check(&tag)?;
        Ok(Ok(One { work, image_record, directory }))
    }

    /// The line of a department.
    fn line(&self, sent: &Sent, department: &str) -> Result<&LineRecord, Error> {
        let lang = sent.visit.lang;
        let place = self.directory.find(department, lang).map(|place| self.directory.at(place).id);
        let line = self.image_record.lines.iter().find(|line| Some(line.organisation) == place);
        line.ok_or_else(|| {
            let department: String = department.chars().take(60).collect();
            let held = self.acronyms(lang).join(", ");
            let words = [("name", Word::Text(&department)), ("held", Word::Text(&held))];
            untaken(lang.tell("api-no-line", &words))
        })
    }

    /// Whose lines the image has.
    fn acronyms(&self, lang: Lang) -> Vec<&str> {
        let places = self.image_record.lines.iter().filter_map(|line| self.directory.place(line.organisation));
        places.map(|place| self.directory.at(place).acronym(lang)).collect()
    }

    /// Makes what was written last, and answers with the image as it is now.
    async fn end(
        mut self,
        app: &App,
        seal: Seal<'_>,
        change_set: Option<i64>,
        after: Vec<ImageRecord>,
        lang: Lang,
    ) -> Result<Response, Error> {
        let before = std::slice::from_ref(&self.image_record);
        let warnings = warnings::warnings_of(&app.catalogue.now(), before, &after, lang);
        let warnings = warnings.iter().map(Warning::sentence).collect();
        let (image, tag) =
            present(app, &mut self.work.transaction, after.first().unwrap_or(&self.image_record)).await?;
        seal.end(app, self.work, &tag, &Written { change_set, warnings, image }).await
    }
}

/// An image as programs read it, and its mark.
async fn present(
    app: &App,
    db: &mut PgConnection,
    image_record: &ImageRecord,
) -> Result<(ImageOut, HeaderValue), Error> {
    let one = app.catalogue.now().of_sheet(db, image_record).await?;
    let image = one.images().next().ok_or(Error::NotFound)?;
    let image = ImageOut::new(&one, &app.settings, image);
    let tag = image.tag()?;
    Ok((image, tag))
}
