//! What a form sent: its fields as typed, so that a form that is refused can be shown again with nothing lost.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::error::Error;
use super::extract::{self, storable};
use super::parse;
use crate::web::page::{Page, Visit, show_as};
use crate::web::shell::Shell;

/// The fields of a form, in order, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// A form with these fields.
    pub fn new(fields: Vec<(String, String)>) -> Form {
        Form { fields }
    }

    /// All fields, in order.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The first value of a field, trimmed; empty where it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The first value of a field, trimmed, with line ends as files have them; none where it is empty.
    pub fn given(&self, name: &str) -> Option<String> {
        Some(self.text(name).replace("\r\n", "\n")).filter(|text| !text.is_empty())
    }

    /// All values of a field, trimmed.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let name = name.to_owned();
        self.fields.iter().filter(move |(field, _)| *field == name).map(|(_, value)| value.trim())
    }

    /// What a person typed or chose, to be sent again: all fields but the pressed button and those that seal a form.
    pub fn typed(&self) -> impl Iterator<Item = &(String, String)> {
        self.fields.iter().filter(|(name, _)| !["do", "key", "base"].contains(&name.as_str()))
    }

    /// Whether a field was sent.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    /// What the pressed button asks for: the value of the field `do`.
    pub fn act(&self) -> &str {
        self.text("do")
    }
}

impl Form {
    /// The form that a request brings, whatever its key.
    ///
    /// # Errors
    /// Where there is none, too large a one, or one that cannot be stored.
    pub async fn read(request: Request) -> Result<Form, Error> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Error::Problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, Vec::new(), Box::default()));
        }
        let lang = extract::language(&request);
        let body = Bytes::from_request(request, &()).await.map_err(|_| Error::TooLarge)?;
        let text = std::str::from_utf8(&body).map_err(|_| Error::BadAddress(Vec::new()))?;
        Ok(Form { fields: storable(lang, parse::fields(text)?)? })
    }

    /// Bares the form's key; none where it was made for another session or another form, or where a session sends none.
    pub fn with_bare_key(mut self, visit: &Visit) -> Result<Form, Form> {
        if visit.session.is_some() && !self.has_key() {
            return Err(self);
        }
        for place in 0..self.fields.len() {
            if is_key(&self.fields[place].0) {
                match visit.own_key(self.fields[place].1.trim()).map(str::to_owned) {
                    Some(bare) => self.fields[place].1 = bare,
                    None => return Err(self),
                }
            }
        }
        Ok(self)
    }
}

#[derive(Template)]
#[template(path = "shared/again.html")]
struct AgainPage {
    page: Page,
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    fn has_key(&self) -> bool {
        self.fields.iter().any(|(name, _)| is_key(name))
    }
}

/// Whether a field holds a form's key; a form of several parts has one for each.
pub fn is_key(name: &str) -> bool {
    name.strip_prefix("key").is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix('-').is_some_and(|number| number.parse::<usize>().is_ok())
    })
}

/// The way back to a form whose key does not count, with everything that was typed.
fn again(visit: &Visit, form: &Form) -> Result<Response, Error> {
    let start = visit.shell.links.home;
    let anew = |(name, value): &(String, String)| {
        (name.clone(), if is_key(name) { visit.key_at(visit.path()) } else { value.clone() })
    };
    let mut fields: Vec<_> = form.fields.iter().filter(|(name, _)| name != "do").map(anew).collect();
    if !form.has_key() {
        fields.push(("key".to_owned(), visit.key_at(visit.path())));
    }
    let page = AgainPage {
        page: visit.page(visit.lang.t("form-elsewhere"), start),
        action: visit.address().to_owned(),
        fields,
    };
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Form, Response> {
        let shell = request.extensions().get::<Arc<Shell>>();
        let visit =
            shell.map(|shell| Visit::new(request.headers(), request.uri(), Arc::clone(shell)).by(request.extensions()));
        let form = Form::read(request).await.map_err(IntoResponse::into_response)?;
        match visit {
            None if form.has_key() => Err(StatusCode::UNPROCESSABLE_ENTITY.into_response()),
            None => Ok(form),
            Some(visit) => form.with_bare_key(&visit).map_err(|form| again(&visit, &form).into_response()),
        }
    }
}
