//! Who visits: read from the session with each visit of a page, so that what changed a moment ago counts.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sqlx::PgPool;

use super::db::sessions::Holder;
use super::secret;
use super::session::{self, SessionCookieHash};
use crate::database::fault::Fault;
use crate::i18n::Lang;
use crate::log::Repeated;
use crate::web::error::{Cause, Error};
use crate::web::headers::kept_by_nobody;
use crate::web::visitor::{Current, Person};

/// How long the database may take to say who visits, and to give the newest catalogue.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Brings what pages show up to date.
type Refresh = dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

/// Finds who visits, and what that asks of the rest of the site.
#[derive(Clone)]
pub struct SessionLayer {
    pool: PgPool,
    origin: Arc<str>,
    refresh: Arc<Refresh>,
    is_away: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl SessionLayer {
    /// The layer of a site at an address: where sessions are, how pages are brought up to date, and whether the database
    /// is known to be away.
    pub fn new<F>(
        pool: PgPool,
        origin: &str,
        refresh: impl Fn() -> F + Send + Sync + 'static,
        is_away: impl Fn() -> bool + Send + Sync + 'static,
    ) -> SessionLayer
    where
        F: Future<Output = ()> + Send + 'static,
    {
        SessionLayer {
            pool,
            origin: origin.into(),
            refresh: Arc::new(move || Box::pin(refresh())),
            is_away: Arc::new(is_away),
        }
    }
}

/// Marks a visit whose session could not be read: the answer where it is needed.
#[derive(Clone, Debug)]
pub enum SessionUnavailable {
    /// The database does not say in time.
    Away,
    /// The database says what nobody understands.
    Unreadable(Cause),
}

impl IntoResponse for SessionUnavailable {
    fn into_response(self) -> Response {
        match self {
            SessionUnavailable::Away => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            SessionUnavailable::Unreadable(cause) => {
                (StatusCode::INTERNAL_SERVER_ERROR, Extension(cause)).into_response()
            }
        }
    }
}

/// Puts `Arc<Person>` into the extensions of a signed-in person's request and of its answer. Files cost nothing, nor
/// does a visitor without the cookie; while the database is away everyone reads as a visitor.
pub async fn load_session_if_cookie(State(layer): State<SessionLayer>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let concerns_people = Lang::from_path(path).is_some() || path.starts_with("/auth/") || path.starts_with("/api/");
    let secret = session::secret_in(request.headers(), session::cookie_name(&layer.origin));
    let Some(secret) = secret.filter(|_| concerns_people) else { return next.run(request).await };
    let hash = SessionCookieHash(secret::hash(&secret));
    let holder = if (layer.is_away)() { Err(SessionUnavailable::Away) } else { read(&layer.pool, &hash).await };
    request.extensions_mut().insert(hash);
    let mut unreadable = None;
    let (person, is_over) = match holder {
        Ok(None) => (None, true),
        Ok(Some(holder)) => {
            let _ = tokio::time::timeout(PATIENCE, (layer.refresh)()).await; // what is in memory will do
            request.extensions_mut().insert(Current(holder.session));
            (Some(person(holder)), false)
        }
        Err(unavailable) => {
            if let SessionUnavailable::Unreadable(cause) = &unavailable {
                unreadable = Some(cause.clone());
            }
            request.extensions_mut().insert(unavailable);
            (None, false)
        }
    };
    let Some(person) = person else {
        let mut answer = next.run(request).await;
        // Where a page needed the session, the log tells of it with the answer.
        if let Some(Cause(problem)) = unreadable.filter(|_| answer.extensions().get::<Cause>().is_none()) {
            UNREADABLE.tell(|what| tracing::error!(problem = format!("{problem:#}"), "{what}"));
        }
        if is_over && !answer.headers().contains_key(SET_COOKIE) {
            answer.headers_mut().extend(session::no_session_cookie(&layer.origin).map(|cookie| (SET_COOKIE, cookie)));
        }
        return answer;
    };
    request.extensions_mut().insert(Arc::clone(&person));
    let mut answer = next.run(request).await;
    answer.extensions_mut().insert(person);
    kept_by_nobody(answer)
}

/// The person whose session this is.
async fn read(pool: &PgPool, hash: &SessionCookieHash) -> Result<Option<Holder>, SessionUnavailable> {
    match tokio::time::timeout(PATIENCE, session::holder(pool, hash)).await {
        Ok(Ok(holder)) => Ok(holder),
        Ok(Err(Error::Internal(problem) | Error::Database(Fault::Defect, problem))) => {
            Err(SessionUnavailable::Unreadable(Cause(Arc::new(problem))))
        }
        Ok(Err(_)) | Err(_) => Err(SessionUnavailable::Away),
    }
}

static UNREADABLE: Repeated = Repeated::new("a session cannot be read");

fn person(holder: Holder) -> Arc<Person> {
    let Holder { account, name, role, organisation, .. } = holder;
    Arc::new(Person { account, name, role, organisation })
}
