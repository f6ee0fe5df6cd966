//! What every write of a program goes through: its token and scope, its key and the mark that it read (`If-Match`), and the
//! answer that is kept with what was written, so that it is written once.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_MATCH, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use ring::digest::{Context, SHA256};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sqlx::types::Json;
use utoipa::IntoParams;

use crate::app::App;
use crate::forms::transaction::CatalogueTransaction;
use crate::tokens::db::{self, Answered};
use crate::web::error::Error;
use crate::web::page::Visit;
use crate::web::parse;
use crate::web::problems::Problems;
use crate::web::visitor::{Program, Scope};

/// The header of the key that a program chooses for a write.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header that says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Characters of a key.
const LONGEST_KEY: usize = 255;
/// Characters of a reason.
const LONGEST_REASON: usize = 2_000;

/// The headers of a write, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by the description only")]
pub struct WriteHeaders {
    #[param(rename = "Idempotency-Key", pattern = "^[!-~]{1,255}$", example = "2f1c9a52")]
    key: String,
    #[param(rename = "If-Match")]
    held: String,
}

/// What a program sent with a token that may send it.
pub struct Sent {
    pub visit: Visit,
    pub program: Arc<Program>,
    pub body: Bytes,
    /// The kind of the body, without parameters, in small letters.
    pub kind: String,
    key: Option<String>,
    /// What `If-Match` names; none where it is not sent.
    held: Option<Vec<String>>,
    /// Of method, address, kind and body.
    hash: Vec<u8>,
}

impl Sent {
    /// Takes what was sent. Nothing of the body is read before the token may send it.
    ///
    /// # Errors
    /// 401 without a token, 403 without the scope, 413 for a body that is too large.
    pub async fn take(visit: Visit, scope: Scope, request: Request) -> Result<Sent, Error> {
        let program = allowed(&visit, scope)?;
        let headers = request.headers();
        let (key, held) = (header(headers, &KEY), header(headers, &IF_MATCH));
        let held = held.map(|list| marks(&list));
        let kind = header(headers, &CONTENT_TYPE).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let address = request.uri().path_and_query().map_or("", |address| address.as_str());
        let said = format!("{} {address}\n{kind}\n", request.method());
        let body = Bytes::from_request(request, &()).await.map_err(|_| Error::TooLarge)?;
        let mut digest = Context::new(&SHA256);
        digest.update(said.as_bytes());
        digest.update(&body);
        let hash = digest.finish().as_ref().to_vec();
        Ok(Sent { visit, program, body, kind, key, held, hash })
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// 415 where it is of another kind, 422 where it is not what is described: with the names that are offered.
    pub fn json<T: DeserializeOwned>(&self, offered: &str) -> Result<T, Error> {
        if self.kind != "application/json" {
            return Err(self.kind_is_none_of("application/json"));
        }
        parse::json(&self.body).map_err(|problem| {
            let words =
                [("offered", crate::i18n::Word::Text(offered)), ("line", crate::i18n::Word::Number(problem.line()))];
            untaken(self.visit.lang.tell("api-body-wrong", &words))
        })
    }

    /// That the body is of a kind that is not taken.
    pub fn kind_is_none_of(&self, offered: &str) -> Error {
        let sentence = self.visit.said_not_offered("Content-Type", &self.kind, offered);
        Error::problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence)
    }

    /// Why, as it is recorded.
    ///
    /// # Errors
    /// What is wrong with it: every write of a program says why.
    pub fn reason(&self, given: &str) -> Result<String, Problems> {
        let reason = given.trim().replace("\r\n", "\n");
        let mut problems = Problems::default();
        if reason.is_empty() {
            problems.add("reason", self.visit.lang.t("api-reason-missing"));
        }
        problems.check("reason", &reason, LONGEST_REASON, true, self.visit.lang);
        if problems.is_empty() { Ok(reason) } else { Err(problems) }
    }

    /// The key, where one is sent.
    ///
    /// # Errors
    /// 400 where it is not one.
    pub fn key(&self) -> Result<Option<&str>, Error> {
        let fits =
            |key: &str| (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        match self.key.as_deref() {
            Some(key) if !fits(key) => Err(self.without_key()),
            key => Ok(key),
        }
    }

    fn without_key(&self) -> Error {
        Error::problem(StatusCode::BAD_REQUEST, self.visit.lang.t("api-key-missing"))
    }

    /// The conditions of a write.
    ///
    /// # Errors
    /// 400 without a key, 428 without `If-Match` or with one that matches whatever is there.
    pub fn seal(&self) -> Result<Seal<'_>, Error> {
        let key = self.key()?.ok_or_else(|| self.without_key())?;
        let Some(held) = &self.held else {
            let sentence = self.visit.lang.t("api-if-match-missing");
            return Err(Error::problem(StatusCode::PRECONDITION_REQUIRED, sentence));
        };
        if held.iter().any(|mark| mark == "*") {
            let sentence = self.visit.lang.t("api-if-match-any");
            return Err(Error::problem(StatusCode::PRECONDITION_REQUIRED, sentence));
        }
        Ok(Seal { sent: self, key, held })
    }
}

/// A header as it was sent; several of one name are a list.
fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let all = headers.get_all(name).iter();
    let all: Vec<String> = all.map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned()).collect();
    (!all.is_empty()).then(|| all.join(","))
}

/// The marks of a list: an entity tag may hold commas.
fn marks(list: &str) -> Vec<String> {
    let mut is_quoted = false;
    let marks = list.split(|letter: char| {
        is_quoted ^= letter == '"';
        letter == ',' && !is_quoted
    });
    marks.map(|mark| mark.trim().to_owned()).filter(|mark| !mark.is_empty()).collect()
}

/// The program that brought a token with a scope.
fn allowed(visit: &Visit, scope: Scope) -> Result<Arc<Program>, Error> {
    let lang = visit.lang;
    let Some(program) = visit.program.clone() else {
        let refusal = Error::problem(StatusCode::UNAUTHORIZED, lang.named("api-scope", scope.code()));
        let how = HeaderValue::from_static("Bearer realm=\"image-catalogue\"");
        return Err(refusal.with_header(WWW_AUTHENTICATE, how));
    };
    if program.may(scope) {
        return Ok(program);
    }
    let refusal = Error::problem(StatusCode::FORBIDDEN, lang.named("api-scope-lacking", scope.code()));
    let how = format!("Bearer realm=\"image-catalogue\", error=\"insufficient_scope\", scope=\"{}\"", scope.code());
    Err(match HeaderValue::from_str(&how) {
        Ok(how) => refusal.with_header(WWW_AUTHENTICATE, how),
        Err(_) => refusal,
    })
}

/// The key of a write and what its program read before.
pub struct Seal<'s> {
    sent: &'s Sent,
    key: &'s str,
    held: &'s [String],
}

/// A write that is about to be made, or the answer to it where it was made before.
pub enum Opened {
    Before(Response),
    Now(CatalogueTransaction),
}

impl Seal<'_> {
    /// Waits for every other act to end, then finds out whether this one was made before.
    ///
    /// # Errors
    /// 401 where the token has ended meanwhile, 422 where its key was used for something else.
    pub async fn open(&self, app: &App) -> Result<Opened, Error> {
        let lang = self.sent.visit.lang;
        let mut work = CatalogueTransaction::begin(&app.pool).await?;
        let token = &self.sent.program.token;
        if !db::counts(&mut work.transaction, token).await? {
            let how = HeaderValue::from_static("Bearer realm=\"image-catalogue\", error=\"invalid_token\"");
            return Err(
                Error::problem(StatusCode::UNAUTHORIZED, lang.t("tokens-invalid")).with_header(WWW_AUTHENTICATE, how)
            );
        }
        match db::answered(&mut work.transaction, token, self.key).await? {
            None => Ok(Opened::Now(work)),
            Some(answered) if answered.request_hash == self.sent.hash => {
                let mut answer = answer(&answered)?;
                answer.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
                Ok(Opened::Before(answer))
            }
            Some(_) => Err(untaken(lang.t("api-key-used"))),
        }
    }

    /// Holds what the program read against what is there now: strongly, so that a weak mark matches none (RFC 9110, 13.1.1).
    ///
    /// # Errors
    /// 412 with the present mark where it is another.
    pub fn check(&self, now: &HeaderValue) -> Result<(), Error> {
        if self.held.iter().any(|held| held.as_bytes() == now.as_bytes()) {
            return Ok(());
        }
        let refusal = Error::problem(StatusCode::PRECONDITION_FAILED, self.sent.visit.lang.t("api-stale"));
        Err(refusal.with_header(ETAG, now.clone()))
    }

    /// Keeps the answer with what was written, makes both last, and gives the answer.
    ///
    /// # Errors
    /// When the database does not answer: then nothing is written.
    pub async fn end<T: Serialize>(
        self,
        app: &App,
        mut work: CatalogueTransaction,
        tag: &HeaderValue,
        body: &T,
    ) -> Result<Response, Error> {
        let body = serde_json::to_vec(body).map_err(anyhow::Error::from)?;
        let headers = Json(json!({ "etag": String::from_utf8_lossy(tag.as_bytes()) }));
        let answered = Answered { request_hash: self.sent.hash.clone(), status: 200, headers, body };
        db::insert(&mut work.transaction, &self.sent.program.token, self.key, &answered).await?;
        work.commit(&app.catalogue).await?;
        answer(&answered)
    }
}

/// An answer as it was kept.
fn answer(answered: &Answered) -> Result<Response, Error> {
    let status = u16::try_from(answered.status).unwrap_or(200);
    let mut answer = Response::builder().status(status).header(CONTENT_TYPE, "application/json");
    if let Some(tag) = answered.headers.0["etag"].as_str() {
        answer = answer.header(ETAG, tag);
    }
    Ok(answer.body(Body::from(answered.body.clone())).map_err(anyhow::Error::from)?)
}

/// That what was sent cannot be taken: 422.
pub fn untaken(sentence: impl Into<String>) -> Error {
    Error::problem(StatusCode::UNPROCESSABLE_ENTITY, sentence)
}

/// All that is wrong with what was sent: 422, a sentence each.
pub fn refused(problems: &Problems) -> Error {
    Error::Problem(StatusCode::UNPROCESSABLE_ENTITY, sentences(problems), Box::default())
}

/// All that is wrong, a sentence each.
pub fn sentences(problems: &Problems) -> Vec<String> {
    problems.iter().map(|problem| problem.words.clone()).collect()
}
