//! Long answers are drawn apart: on threads that answer nobody else, piece by piece, as their visitors take them. So
//! whoever opens a page never waits for another visitor's file, and a slow reader holds one piece of it.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, yield_now};

use super::routes::Route;
use super::work::beside;
use crate::database::commit::COMMITTING;

/// Pieces of one answer that are drawn and wait to be sent.
const WAITING: usize = 1;
/// A piece is sent in parts of this size at most, in bytes.
const PART: usize = 64 * 1024;

/// The addresses whose answers grow with the catalogue, besides those of files.
#[derive(Clone, Debug)]
pub struct Long {
    pub pages: Vec<Route>,
    pub programs: Vec<&'static str>,
}

impl Long {
    /// Whether what is at a path grows with the catalogue: every file, and these pages.
    pub fn has(&self, path: &str) -> bool {
        let is_file = path.rsplit_once('.').is_some_and(|(_, end)| FILES.contains(&end));
        is_file
            || self.programs.contains(&path)
            || self.pages.iter().any(|page| is_at(page.en, path) || is_at(page.fr, path))
    }
}

/// How the names of files end that are made of the catalogue.
const FILES: [&str; 6] = ["csv", "xlsx", "json", "md", "ics", "atom"];

/// Whether a path is of a pattern that has at most one part to fill in, its last.
fn is_at(pattern: &str, path: &str) -> bool {
    match pattern.split_once('{') {
        None => pattern == path,
        Some((before, _)) => path.strip_prefix(before).is_some_and(|rest| !rest.is_empty() && !rest.contains('/')),
    }
}

/// Lets an answer be made apart where it is long. Whoever leaves before it begins ends its making.
pub async fn apart<F>(long: &Long, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response> + Send + 'static,
{
    let is_long = request.method() != Method::HEAD && long.has(request.uri().path());
    let Some(threads) = beside().filter(|_| is_long) else { return next(request).await };
    let answer = next(request);
    let mut making = JoinSet::new();
    // What waits for a commit to end knows of it here too.
    let committing = COMMITTING.try_with(std::sync::Arc::clone).unwrap_or_default();
    making.spawn_on(COMMITTING.scope(committing, async { in_pieces(answer.await) }), threads);
    match making.join_next().await {
        Some(Ok(answer)) => answer,
        Some(Err(broken)) if broken.is_panic() => std::panic::resume_unwind(broken.into_panic()),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The same answer, its body drawn on this thread while another sends it. What is drawn whole already stays so.
fn in_pieces(answer: Response) -> Response {
    let (head, body) = answer.into_parts();
    if body.size_hint().exact().is_some() {
        return Response::from_parts(head, body);
    }
    let (pieces, sent) = mpsc::channel(WAITING);
    tokio::spawn(draw(body, pieces));
    Response::from_parts(head, taken(sent))
}

/// What is handed over: a piece, or that the answer is whole.
enum Drawn {
    Piece(Result<Frame<Bytes>, axum::Error>),
    End,
}

/// Draws a piece when the one before has been taken, until the end or until nobody takes any more.
async fn draw(mut body: Body, pieces: mpsc::Sender<Drawn>) {
    loop {
        let drawn = tokio::select! {
            drawn = body.frame() => drawn,
            () = pieces.closed() => return,
        };
        let Some(piece) = drawn else {
            let _ = pieces.send(Drawn::End).await; // nobody may be there
            return;
        };
        match piece.map(Frame::into_data) {
            Ok(Ok(mut bytes)) => {
                while !bytes.is_empty() {
                    let part = bytes.split_to(bytes.len().min(PART));
                    if pieces.send(Drawn::Piece(Ok(Frame::data(part)))).await.is_err() {
                        return;
                    }
                }
            }
            Ok(Err(other)) => drop(pieces.send(Drawn::Piece(Ok(other))).await),
            Err(problem) => drop(pieces.send(Drawn::Piece(Err(problem))).await),
        }
        yield_now().await; // to the other answers
    }
}

/// The pieces as a body. One that breaks off without having ended breaks off here too: no part is taken for the whole.
fn taken(mut sent: mpsc::Receiver<Drawn>) -> Body {
    let mut is_over = false;
    let pieces = stream::poll_fn(move |context| {
        if is_over {
            return std::task::Poll::Ready(None);
        }
        sent.poll_recv(context).map(|drawn| match drawn {
            Some(Drawn::Piece(piece)) => {
                is_over = piece.is_err();
                Some(piece)
            }
            Some(Drawn::End) => {
                is_over = true;
                None
            }
            None => {
                is_over = true;
                Some(Err(axum::Error::new(BrokenOff)))
            }
        })
    });
    Body::new(StreamBody::new(pieces))
}

/// That the drawing of an answer ended before the answer did.
#[derive(Debug, thiserror::Error)]
#[error("the answer broke off")]
struct BrokenOff;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::LazyLock;

    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use axum::body::to_bytes;

    use super::*;

    static LONG: LazyLock<Long> = LazyLock::new(|| Long {
        pages: vec![Route::new("/en/reports/{report}", "/fr/rapports/{rapport}")],
        programs: vec!["/api/v1/images"],
    });

    async fn drawn(pieces: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Response {
        let request = Request::get("/en/images.csv").body(Body::empty()).unwrap();
        let pieces = stream::iter(pieces.map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece))));
        apart(&LONG, request, |_| async { Body::from_stream(pieces).into_response() }).await
    }

    #[test]
    fn files_and_named_pages_are_long_and_others_are_not() {
        for long in ["/en/images.csv", "/fr/renouvellements.ics", "/en/reports/changed", "/api/v1/images"] {
            assert!(LONG.has(long), "{long}");
        }
        for short in ["/en/images", "/en/reports", "/en/reports/", "/api/v1/images/python", "/static/a.css"] {
            assert!(!LONG.has(short), "{short}");
        }
    }

    #[tokio::test]
    async fn an_answer_comes_whole_and_one_that_breaks_off_is_not_taken_for_whole() {
        let whole = drawn((0..100_u8).map(|piece| vec![piece; 1000])).await;
        assert_eq!(to_bytes(whole.into_body(), usize::MAX).await.unwrap().len(), 100_000);
        let broken = drawn((0..9_u8).map(|piece| if piece < 8 { vec![piece] } else { panic!("drawing breaks off") }));
        assert!(to_bytes(broken.await.into_body(), usize::MAX).await.is_err());
    }

    #[tokio::test]
    async fn nothing_is_drawn_that_nobody_takes() {
        let counted = Arc::new(AtomicUsize::new(0));
        let drawn_so_far = Arc::clone(&counted);
        let endless = std::iter::repeat_with(move || {
            drawn_so_far.fetch_add(1, Ordering::SeqCst);
            vec![b'x'; PART]
        });
        let mut body = drawn(endless).await.into_body();
        for _ in 0..5 {
            body.frame().await.unwrap().unwrap();
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let drawn = counted.load(Ordering::SeqCst);
        assert!((5..=5 + WAITING + 1).contains(&drawn), "{drawn} pieces for 5 that were taken");
        drop(body);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(counted.load(Ordering::SeqCst), drawn, "the drawing ended with its visitor");
    }
}
