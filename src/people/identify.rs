//! Who visits: read from the session with each visit of a page, so that what changed a moment ago counts.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use memchr::memmem;
use sqlx::PgPool;
use tower::{Layer, ServiceExt, service_fn};
use tower_sessions::{Session, SessionManagerLayer};

use super::session;
use crate::database::fault::Fault;
use crate::i18n::Lang;
use crate::log::Repeated;
use crate::web::error::Error;
use crate::web::headers::kept_by_nobody;
use crate::web::visitor::{Current, Person, Role};

/// How long the database may take to say who visits, and to give the newest catalogue.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Brings what pages show up to date.
type Refresh = dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

/// What a visit by a person who has signed in asks of the rest of the site.
#[derive(Clone)]
pub struct Door {
    sessions: SessionManagerLayer<session::Store>,
    /// The name of the session's cookie.
    cookie: &'static str,
    refresh: Arc<Refresh>,
    is_away: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Door {
    /// A door to a site at an address: where sessions are, how pages are brought up to date, and whether the database
    /// is known to be away.
    pub fn new<F>(
        pool: PgPool,
        origin: &str,
        refresh: impl Fn() -> F + Send + Sync + 'static,
        is_away: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Door
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Door {
            sessions: session::layer(pool, origin),
            cookie: session::cookie_name(origin),
            refresh: Arc::new(move || Box::pin(refresh())),
            is_away: Arc::new(is_away),
        }
    }
}

/// The hash of what a visitor's session cookie holds, whether the session has ended or not.
#[derive(Clone, Debug)]
pub struct Brought(pub Vec<u8>);

/// Marks a visit whose session could not be read: the status of the answer where it is needed.
#[derive(Clone, Copy, Debug)]
pub struct Unanswered(pub StatusCode);

/// Finds who visits, where the visit brings the cookie of a session. Any other costs nothing.
pub async fn recognise(State(door): State<Door>, request: Request, next: Next) -> Response {
    let brings = |cookies: &HeaderValue| memmem::find(cookies.as_bytes(), door.cookie.as_bytes()).is_some();
    if request.headers().get_all(COOKIE).iter().any(brings) {
        return attend(State(door), request, next).await;
    }
    next.run(request).await
}

/// Finds who visits where sessions begin and end: every visit has one.
pub async fn attend(State(door): State<Door>, request: Request, next: Next) -> Response {
    let sessions = door.sessions.clone();
    let within = service_fn(move |request| {
        let (door, next) = (door.clone(), next.clone());
        async move { Ok::<_, Infallible>(identify(door, request, next).await) }
    });
    sessions.layer(within).oneshot(request).await.unwrap_or_else(|never| match never {})
}

/// Puts `Arc<Person>` into the extensions of a signed-in person's request and of its answer. Files cost nothing, nor
/// does a visitor without the cookie; while the database is away everyone reads as a visitor.
async fn identify(door: Door, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let concerns_people = Lang::from_path(path).is_some() || path.starts_with("/auth/") || path.starts_with("/api/");
    let session = request.extensions().get::<Session>().cloned();
    let Some((session, id)) = session.and_then(|session| Some((session.clone(), session.id()?))) else {
        return next.run(request).await;
    };
    if !concerns_people {
        return next.run(request).await;
    }
    request.extensions_mut().insert(Brought(session::stored(id)));
    let holder = if (door.is_away)() { Err(StatusCode::SERVICE_UNAVAILABLE) } else { read(&session).await };
    let person = match holder {
        Ok(None) => None,
        Ok(Some(holder)) => {
            let _ = tokio::time::timeout(PATIENCE, (door.refresh)()).await; // what is in memory will do
            request.extensions_mut().insert(Current(holder.session));
            person(holder)
        }
        Err(status) => {
            request.extensions_mut().insert(Unanswered(status));
            None
        }
    };
    let Some(person) = person else { return next.run(request).await };
    request.extensions_mut().insert(Arc::clone(&person));
    let mut answer = next.run(request).await;
    answer.extensions_mut().insert(person);
    kept_by_nobody(answer)
}

/// Who holds a session; the status of the answer to pages of people where the database does not say in time, or says
/// what nobody understands.
async fn read(session: &Session) -> Result<Option<session::Holder>, StatusCode> {
    match tokio::time::timeout(PATIENCE, session::holder(session)).await {
        Ok(Ok(holder)) => Ok(holder),
        Ok(Err(problem @ (Error::Internal(_) | Error::Database(Fault::Defect, _)))) => {
            UNREADABLE.tell(|what| tracing::error!(problem = format!("{problem:#}"), "{what}"));
            Err(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Ok(Err(_)) | Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}

static UNREADABLE: Repeated = Repeated::new("a session cannot be read");

fn person(holder: session::Holder) -> Option<Arc<Person>> {
    let session::Holder { account, name, role, organisation, .. } = holder;
    Some(Arc::new(Person { account, name, role: Role::from_code(&role)?, organisation }))
}
