//! By which name the site is asked for: only its own is answered, so that no other stands in what is kept on the way.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{StatusCode, Uri, Version};
use axum::response::{IntoResponse, Response};

use super::error::Error;
use crate::web::page::Visit;
use crate::web::shell::Shell;

/// The addresses that are asked for by number, by what watches over the program.
const HEALTH: [&str; 2] = ["/healthz", "/readyz"];

/// The name of the site and its port, where one is set.
#[derive(Clone, Debug)]
pub struct OwnHost {
    name: String,
    port: u16,
}

impl OwnHost {
    /// The host of a public address; none where it has none.
    pub fn of(public_url: &str) -> Option<OwnHost> {
        let address: Uri = public_url.parse().ok()?;
        let usual = if address.scheme_str() == Some("https") { 443 } else { 80 };
        Some(OwnHost { name: plain(address.host()?), port: address.port_u16().unwrap_or(usual) })
    }

    /// Whether an authority names it: with its port, or with none, as proxies send it on.
    fn is_named_by(&self, authority: &Authority) -> bool {
        plain(authority.host()) == self.name && authority.port_u16().is_none_or(|port| port == self.port)
    }
}

/// Small letters without a final dot.
fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// Why a request is refused for what it calls the site: 400 where it names none or several, 421 where it names
/// another. Health is answered by any name.
pub fn refusal(own: Option<&OwnHost>, request: &Request) -> Option<StatusCode> {
    let mut named = request.headers().get_all(HOST).iter();
    let authority = match (named.next(), named.next()) {
        (_, Some(_)) => return Some(StatusCode::BAD_REQUEST),
        (None, _) if request.version() == Version::HTTP_11 => return Some(StatusCode::BAD_REQUEST),
        (None, _) => None,
        (Some(host), None) => match Authority::try_from(host.as_bytes()) {
            Ok(authority) if !authority.as_str().contains('@') => Some(authority),
            _ => return Some(StatusCode::BAD_REQUEST),
        },
    };
    let own = own.filter(|_| !HEALTH.contains(&request.uri().path()))?;
    let mut asked = request.uri().authority().into_iter().chain(authority.as_ref());
    asked.any(|authority| !own.is_named_by(authority)).then_some(StatusCode::MISDIRECTED_REQUEST)
}

/// A refusal with what to do about it.
pub fn refuse(shell: &Arc<Shell>, request: &Request, status: StatusCode) -> Response {
    let lang = Visit::new(request.headers(), request.uri(), Arc::clone(shell)).lang;
    let sentence = match status {
        StatusCode::MISDIRECTED_REQUEST => lang.named("error-host-other", &shell.origin),
        _ => lang.t("error-host-one").into_owned(),
    };
    Error::problem(status, sentence).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn asked(path: &str, hosts: &[&str], version: Version) -> Option<StatusCode> {
        let own = OwnHost::of("https://images.example.gc.ca");
        let request = Request::get(path).version(version);
        let request = hosts.iter().fold(request, |request, host| request.header(HOST, *host));
        refusal(own.as_ref(), &request.body(Body::empty()).expect("a request"))
    }

    #[test]
    fn only_its_own_name_is_answered() {
        for own in ["images.example.gc.ca", "IMAGES.example.gc.ca", "images.example.gc.ca:443", "images.example.gc.ca."]
        {
            assert_eq!(asked("/en", &[own], Version::HTTP_11), None, "{own}");
        }
        for other in ["evil.example", "images.example.gc.ca.evil.example", "images.example.gc.ca:8080", "127.0.0.1"] {
            assert_eq!(asked("/en", &[other], Version::HTTP_11), Some(StatusCode::MISDIRECTED_REQUEST), "{other}");
            assert_eq!(asked("/readyz", &[other], Version::HTTP_11), None, "{other}");
        }
        let by_target = asked("http://evil.example/en", &["images.example.gc.ca"], Version::HTTP_11);
        assert_eq!(by_target, Some(StatusCode::MISDIRECTED_REQUEST));
    }

    #[test]
    fn exactly_one_name_is_given() {
        let own = "images.example.gc.ca";
        for hosts in [&[][..], &[own, own], &[own, "evil.example"], &["a b"], &["user@images.example.gc.ca"], &[""]] {
            assert_eq!(asked("/en", hosts, Version::HTTP_11), Some(StatusCode::BAD_REQUEST), "{hosts:?}");
            if !hosts.is_empty() {
                assert_eq!(asked("/readyz", hosts, Version::HTTP_11), Some(StatusCode::BAD_REQUEST), "{hosts:?}");
            }
        }
        assert_eq!(asked("/en", &[], Version::HTTP_10), None, "HTTP/1.0 knows none");
    }
}
