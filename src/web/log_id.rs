//! The number of a request in the log.

use std::sync::OnceLock;

use axum::http::{HeaderMap, HeaderValue};
use uuid::Uuid;

/// The number under which the log speaks of a request: the one that a proxy gave it, or one of its own, which is made
/// when it is first needed. Most requests need none.
pub struct LogId {
    given: Option<HeaderValue>,
    made: OnceLock<String>,
}

impl LogId {
    /// The number of a request with these headers.
    pub fn new(headers: &HeaderMap) -> LogId {
        LogId { given: headers.get("x-request-id").cloned(), made: OnceLock::new() }
    }

    /// The number as the log and pages show it.
    pub fn text(&self) -> &str {
        let given = self.given.as_ref().and_then(|given| given.to_str().ok());
        given.unwrap_or_else(|| self.made.get_or_init(|| Uuid::new_v4().to_string()))
    }
}
