//! What is said of each thing that can go wrong.

use axum::http::StatusCode;

use crate::database::fault::Fault;

/// Marks an answer that is not a success and yet a whole page.
#[derive(Clone, Copy, Debug)]
pub struct Drawn;

/// The keys of a title and of what to do.
pub(super) type Words = (&'static str, &'static str);

/// The title and the advice for what the database did not do, where the status alone does not say it.
pub(super) fn words_for(fault: &Fault) -> Option<Words> {
    match fault {
        Fault::ReadOnly => Some(("error-read-only", "error-read-only-advice")),
        Fault::Busy => Some(("error-busy", "error-busy-advice")),
        Fault::Unconfirmed => Some(("error-unconfirmed", "error-unconfirmed-advice")),
        Fault::Unholdable => Some(("error-unholdable", "error-unholdable-advice")),
        Fault::Taken(_) => Some(("error-taken", "error-taken-advice")),
        Fault::Unfit(_) => Some(("error-unfit", "error-unfit-advice")),
        Fault::Away | Fault::Defect => None,
    }
}

/// The title and the advice for a status.
pub(super) fn words(status: StatusCode) -> Words {
    match status {
        StatusCode::BAD_REQUEST => ("error-bad-address", "error-bad-address-advice"),
        StatusCode::UNPROCESSABLE_ENTITY => ("error-bad-form", "error-bad-form-advice"),
        StatusCode::MISDIRECTED_REQUEST => ("error-host", "error-host-advice"),
        StatusCode::FORBIDDEN => ("error-forbidden", "error-forbidden-advice"),
        StatusCode::NOT_FOUND => ("error-not-found", "error-not-found-advice"),
        StatusCode::METHOD_NOT_ALLOWED => ("error-method", "error-method-advice"),
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::URI_TOO_LONG => ("error-too-large", "error-too-large-advice"),
        StatusCode::TOO_MANY_REQUESTS => ("error-too-many", "error-too-many-advice"),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
            ("error-away", "error-away-advice")
        }
        status if status.is_client_error() => ("error-request", "error-request-advice"),
        _ => ("error-internal", "error-internal-advice"),
    }
}

/// The title and the advice for a status, for programs.
pub(super) fn words_for_programs(status: StatusCode) -> Words {
    match status {
        StatusCode::NOT_FOUND => ("problem-not-found", "problem-not-found-advice"),
        StatusCode::METHOD_NOT_ALLOWED => ("problem-method", "problem-method-advice"),
        StatusCode::BAD_REQUEST => ("problem-bad-address", "problem-bad-address-advice"),
        StatusCode::UNAUTHORIZED => ("problem-token", "problem-token-advice"),
        StatusCode::FORBIDDEN => ("problem-forbidden", "problem-forbidden-advice"),
        StatusCode::PRECONDITION_FAILED => ("problem-stale", "problem-stale-advice"),
        StatusCode::PRECONDITION_REQUIRED => ("problem-if-match", "problem-if-match-advice"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("problem-media-type", "problem-media-type-advice"),
        StatusCode::UNPROCESSABLE_ENTITY => ("problem-content", "problem-content-advice"),
        other => words(other),
    }
}
