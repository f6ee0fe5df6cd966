//! The public pages that visitors open most, as they were last drawn and compressed.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// What the kept pages take in memory at most, in bytes.
const MOST: u64 = 2 * 1024 * 1024;
/// So many pages are kept, as a rule: room for them is made at the start.
const USUALLY: usize = 64;
/// What a page takes besides its body, in bytes: its headers and its place.
const BESIDES: u64 = 1024;

/// Which page was opened, and how its visitor reads what is compressed. A page with parameters is never kept: there are
/// as many as visitors make up.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Opened {
    path: String,
    encodings: Vec<HeaderValue>,
}

impl Opened {
    /// What a visitor who is nobody in particular opens; none where it is not for everyone alike.
    pub fn by(request: &Request) -> Option<Opened> {
        let is_alike = request.method() == Method::GET && request.uri().query().is_none();
        is_alike.then(|| Opened {
            path: request.uri().path().to_owned(),
            encodings: request.headers().get_all(ACCEPT_ENCODING).iter().cloned().collect(),
        })
    }
}

/// A page, and the mark of all that it was made of.
#[derive(Debug)]
struct Page {
    mark: HeaderValue,
    headers: HeaderMap,
    body: Bytes,
}

/// How much a page takes in memory.
#[derive(Clone, Debug)]
struct Size;

impl Weighter<Opened, Arc<Page>> for Size {
    fn weight(&self, opened: &Opened, page: &Arc<Page>) -> u64 {
        (opened.path.len() + opened.encodings.iter().map(HeaderValue::len).sum::<usize>() + page.body.len()) as u64
            + BESIDES
    }
}

/// The pages, those that are opened most: whoever opens many others does not drive them out.
#[derive(Debug)]
pub struct PageCache(Cache<Opened, Arc<Page>, Size>);

impl Default for PageCache {
    fn default() -> PageCache {
        PageCache(Cache::with_weighter(USUALLY, MOST, Size))
    }
}

impl PageCache {
    /// The page as it was drawn, where that was at the same mark.
    pub fn page(&self, opened: &Opened, mark: &HeaderValue) -> Option<Response> {
        let page = self.0.get(opened).filter(|page| page.mark == mark)?;
        Some((page.headers.clone(), Body::from(page.body.clone())).into_response())
    }

    /// Keeps an answer that was made at a mark, where it is a page; gives it back.
    pub async fn keep(&self, opened: Opened, mark: HeaderValue, answer: Response) -> Response {
        let is_page = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if !is_page {
            return answer;
        }
        let (head, body) = answer.into_parts();
        // A page is drawn whole before it is compressed: it has no end to wait for.
        let Ok(body) = to_bytes(body, usize::MAX).await else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let page = Page { mark, headers: head.headers.clone(), body: Bytes::copy_from_slice(&body) };
        self.0.insert(opened, Arc::new(page));
        Response::from_parts(head, Body::from(body))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_opens_thousands_of_pages_fills_no_memory() {
        let kept = PageCache::default();
        let mark = HeaderValue::from_static("W/\"1\"");
        for number in 0..2000 {
            let request = Request::get(format!("/en/images/{number}")).body(Body::empty()).unwrap();
            let opened = Opened::by(&request).unwrap();
            let answer = ([(CONTENT_TYPE, "text/html; charset=utf-8")], vec![b'x'; 40 * 1024]).into_response();
            kept.keep(opened, mark.clone(), answer).await;
            assert!(kept.0.weight() <= MOST);
        }
        assert!(kept.0.len() > 20, "pages are kept");
    }
}
