//! What every answer passes, from the outside in. One step for the server: each layer of a router copies those within.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::web::drawing::{Long, apart};
use crate::web::host::{self, OwnHost};
use crate::web::limits::{Files, Limits};
use crate::web::log_id::LogId;
use crate::web::shell::Shell;
use crate::web::{error, extract, headers, limits, metrics};

/// What the steps work with.
#[derive(Debug)]
pub struct OuterLayers {
    pub shell: Arc<Shell>,
    pub limits: Limits,
    /// The site's own name, where one is set.
    pub host: Option<OwnHost>,
    /// Where files are brought in, which takes longer.
    pub files: Files,
    /// What is drawn apart.
    pub long: &'static Long,
}

/// Adds the headers to an answer, draws its page where it is an error, counts it, mends it where a handler broke, and
/// ends it where it does not begin in time or is one too many.
pub async fn handle(State(layers): State<Arc<OuterLayers>>, request: Request, next: Next) -> Response {
    let OuterLayers { shell, limits, host, files, long } = &*layers;
    let id = LogId::new(request.headers());
    let apart = |request| apart(long, request, |request| next.run(request));
    let storable = |request| extract::refuse_unstorable(request, apart);
    let within = |request| limits::refuse(limits, request, storable);
    let in_time = |request| limits::wait(files, request, |request| error::whole(within(request)));
    let asked_for = |request| async move {
        match host::refusal(host.as_ref(), &request) {
            Some(status) => host::refuse(shell, &request, status),
            None => in_time(request).await,
        }
    };
    let counted = |request| metrics::count(&id, request, asked_for);
    let drawn = |request| error::draw(shell, &id, request, counted);
    headers::add(shell, request, drawn).await
}
