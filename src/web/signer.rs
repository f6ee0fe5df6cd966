//! Keys of forms: each counts for the session and the page that it was made for.

use std::fmt::Write;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ring::hmac;
use tokio::sync::OnceCell;

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
    pub async fn is_ready(&self) -> bool {
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

/// Whether two signatures are one; the time tells nothing of either.
fn is_same(given: &str, expected: &str) -> bool {
    let differing = given.bytes().zip(expected.bytes()).fold(0, |differing, (one, other)| differing | (one ^ other));
    given.len() == expected.len() && differing == 0
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
