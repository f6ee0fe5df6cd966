//! The key of a form: so that it counts once however often it is sent, and only from the session and at the page that it was
//! shown to. What anybody may send has a key of no session.

use std::fmt::Write;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use ring::hmac;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::page::{Page, Shell, Visit};
use super::visitor::Current;

/// Bytes of a signature that a key carries.
const SIGNATURE: usize = 16;

/// Reads the secret that all instances of a catalogue share.
type Read = dyn Fn() -> Pin<Box<dyn Future<Output = sqlx::Result<Vec<u8>>> + Send>> + Send + Sync;

/// Signs the keys of forms.
#[derive(Clone)]
pub struct Signer {
    read: Arc<Read>,
    key: Arc<OnceCell<hmac::Key>>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Signer")
    }
}

impl Signer {
    /// A signer by a secret that is read when it is first needed.
    pub fn new<F>(read: impl Fn() -> F + Send + Sync + 'static) -> Signer
    where
        F: Future<Output = sqlx::Result<Vec<u8>>> + Send + 'static,
    {
        Signer { read: Arc::new(move || Box::pin(read())), key: Arc::default() }
    }

    /// Reads the secret; whether it could be.
    async fn is_ready(&self) -> bool {
        let read = || async { (self.read)().await.map(|secret| hmac::Key::new(hmac::HMAC_SHA256, &secret)) };
        self.key.get_or_try_init(read).await.is_ok()
    }

    /// A key for a session at a page, which stands at each of these paths. Without the secret it is one that nobody
    /// takes.
    pub fn sign(&self, key: &str, session: Option<Current>, paths: &[&str]) -> String {
        let mut signed = key.to_owned();
        for path in paths {
            let _ = write!(signed, ".{}", self.signature(key, session, path).unwrap_or_default());
        }
        signed
    }

    /// The bare key where it was signed for a session, or for nobody's, at a path.
    pub fn verify<'k>(&self, signed: &'k str, session: Option<Current>, path: &str) -> Option<&'k str> {
        let mut parts = signed.split('.');
        let key = parts.next()?;
        let sessions = [session, None];
        let expected: Vec<String> =
            sessions.into_iter().filter_map(|session| self.signature(key, session, path)).collect();
        parts.any(|part| expected.iter().any(|expected| is_same(part, expected))).then_some(key)
    }

    fn signature(&self, key: &str, session: Option<Current>, path: &str) -> Option<String> {
        let path = path.split('?').next().unwrap_or_default();
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let session = session.map_or(0, |Current(session)| session);
        let said = format!("form\n{session}\n{path}\n{key}");
        let tag = hmac::sign(self.key.get()?, said.as_bytes());
        let hex = |mut hex: String, byte: &u8| {
            let _ = write!(hex, "{byte:02x}");
            hex
        };
        Some(tag.as_ref()[..SIGNATURE].iter().fold(String::new(), hex))
    }
}

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

/// Whether two signatures are one; the time tells nothing of either.
fn is_same(given: &str, expected: &str) -> bool {
    let differing = given.bytes().zip(expected.bytes()).fold(0, |differing, (one, other)| differing | (one ^ other));
    given.len() == expected.len() && differing == 0
}

/// Has the secret read before pages with forms are drawn, and lets the forms' readers find it.
pub async fn with_keys(State(shell): State<Arc<Shell>>, mut request: Request, next: Next) -> Response {
    shell.signer.is_ready().await;
    request.extensions_mut().insert(shell);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_counts_for_its_session_and_page_alone() {
        let signer = Signer::new(|| async { Ok(vec![7; 32]) });
        assert!(signer.is_ready().await);
        let (mine, theirs) = (Some(Current(1)), Some(Current(2)));
        let key = signer.sign("abc", mine, &["/en/x%20y", "/fr/x"]);
        assert_eq!(signer.verify(&key, mine, "/en/x y"), Some("abc"));
        assert_eq!(signer.verify(&key, mine, "/fr/x"), Some("abc"), "the other language's page is the same form");
        for (session, path) in [(theirs, "/en/x y"), (None, "/en/x y"), (mine, "/en/y"), (mine, "/en")] {
            assert_eq!(signer.verify(&key, session, path), None, "{session:?} {path}");
        }
        let anybodys = signer.sign("abc", None, &["/en/x"]);
        assert_eq!(signer.verify(&anybodys, mine, "/en/x"), Some("abc"), "signed in since it was opened");
        assert_eq!(signer.verify(&anybodys, mine, "/en/y"), None);
        for forged in ["abc", "abc.", "abc..", "", &key.replace("abc", "abd"), &key[..key.len() - 1]] {
            assert_eq!(signer.verify(forged, theirs, "/fr/x"), None, "{forged}");
        }
    }

    #[tokio::test]
    async fn without_the_secret_no_key_counts() {
        let signer = Signer::new(|| async { Err(sqlx::Error::PoolTimedOut) });
        assert!(!signer.is_ready().await);
        let key = signer.sign("abc", None, &["/en"]);
        assert_eq!(signer.verify(&key, None, "/en"), None);
    }
}
