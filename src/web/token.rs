//! The key of a form: so that it counts once however often it is sent, and only from the session and at the page that it was
//! shown to. What anybody may send has a key of no session.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

use crate::web::page::{Page, Visit};
use crate::web::shell::Shell;

impl Visit {
    /// A new key for the form at a path, to be sent in this visit's session.
    pub fn key_at(&self, path: &str) -> String {
        self.shell.signer.sign(&Uuid::new_v4().to_string(), self.session, &[path])
    }

    /// The bare key of a form, where it was made for this session and this path.
    pub fn own_key<'k>(&self, key: &'k str) -> Option<&'k str> {
        self.shell.signer.verify(key, self.session, self.path())
    }
}

impl Page {
    /// The key of a form on this page: it counts in this session, and at this page in either language.
    pub fn key(&self, key: &str) -> String {
        self.shell.signer.sign(key, self.session, &[&self.here, &self.there])
    }

    /// A new key for a form on this page that may be sent more than once.
    pub fn fresh_key(&self) -> String {
        self.key(&Uuid::new_v4().to_string())
    }
}

/// Has the secret read before pages with forms are drawn, and lets the forms' readers find it.
pub async fn with_keys(State(shell): State<Arc<Shell>>, mut request: Request, next: Next) -> Response {
    shell.signer.is_ready().await;
    request.extensions_mut().insert(shell);
    next.run(request).await
}
