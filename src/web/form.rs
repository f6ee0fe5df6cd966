//! What a form sent: its fields as typed, so that a form that is refused can be shown again with nothing lost.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use super::address::pairs;

/// Fields of one form, at most: the largest, an upload's verdicts, has some 2,000.
pub const MOST_FIELDS: usize = 5_000;

/// The fields of a form, in order, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// A form with these fields.
    #[must_use]
    pub fn new(fields: Vec<(String, String)>) -> Form {
        Form { fields }
    }

    /// All fields, in order.
    #[must_use]
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The first value of a field, trimmed; empty where it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The first value of a field, trimmed, with line ends as files have them; none where it is empty.
    #[must_use]
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
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    /// What the pressed button asks for: the value of the field `do`.
    #[must_use]
    pub fn act(&self) -> &str {
        self.text("do")
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = StatusCode;

    async fn from_request(request: Request, state: &S) -> Result<Form, StatusCode> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let body = Bytes::from_request(request, state).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        if memchr::memchr_iter(b'&', &body).count() >= MOST_FIELDS {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let text = std::str::from_utf8(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
        Ok(Form { fields: pairs(text) })
    }
}
