//! How a write is refused, for the description.

use utoipa::IntoResponses;

use crate::web::error::Problem;

#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the description only")]
pub enum RefusedWrite {
    #[response(status = 400, content_type = "application/problem+json")]
    BadAddress(Problem),
    #[response(status = 401, content_type = "application/problem+json")]
    Unknown(Problem),
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    #[response(status = 405, content_type = "application/problem+json")]
    Method(Problem),
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    #[response(status = 414, content_type = "application/problem+json")]
    TooLong(Problem),
    #[response(status = 415, content_type = "application/problem+json")]
    Kind(Problem),
    #[response(status = 422, content_type = "application/problem+json")]
    Content(Problem),
    #[response(status = 428, content_type = "application/problem+json")]
    Unconditional(Problem),
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    #[response(status = 503, content_type = "application/problem+json")]
    Away(Problem),
}
