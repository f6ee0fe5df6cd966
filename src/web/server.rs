//! The server: takes connections, few enough and none for ever, and ends in order.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tower::Service;

use super::connections::{Places, Seat};
use super::seated::{Seated, Sending};

/// How long a connection may wait for a request.
const IDLE: Duration = Duration::from_secs(15);
/// How long a visitor may take nothing of an answer before the connection is ended.
const STALLED: Duration = Duration::from_secs(30);
/// Headers that a request may have, and bytes that its head may take.
const HEADERS: usize = 64;
const HEAD_BYTES: usize = 32 * 1024;
/// How often it is looked which requests take too long to arrive.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// What is said where an address has too many connections.
const TOO_MANY: &str = "HTTP/1.1 429 Too Many Requests\r\ncontent-type: text/plain; charset=utf-8\r\n\
    retry-after: 5\r\nconnection: close\r\n\r\n\
    Too many connections from one address. Close some and try again.\n\
    Trop de connexions d’une même adresse. Fermez-en et réessayez.\n";

/// How long somebody who is refused may take to hear it.
const REFUSAL: Duration = Duration::from_secs(1);

/// Serves a site until `end`; then takes no more connections and lets the answers under way finish.
pub async fn serve(listener: TcpListener, site: Router, places: Arc<Places>, end: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut end = pin!(end);
    let mut look = tokio::time::interval(LOOK_EVERY);
    loop {
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(problem) => {
                    tracing::warn!(%problem, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = look.tick() => {
                places.end_slow_heads();
                continue;
            }
            () = &mut end => break,
        };
        let place = tokio::select! {
            place = places.take(address) => place,
            () = &mut end => break,
        };
        let Some(place) = place else {
            tokio::spawn(tokio::time::timeout(REFUSAL, refuse(stream)));
            continue;
        };
        let seat = Arc::clone(&place.seat);
        let connection = graceful.watch(connection(stream, address, &seat, site.clone()));
        tokio::spawn(async move {
            tokio::select! {
                _ = connection => {} // a visitor who goes away is no event
                () = seat.dismissed() => {}
            }
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Says that an address has too many connections, before any request is read.
async fn refuse(mut stream: TcpStream) {
    metrics::counter!("connections_refused_total").increment(1);
    let said = stream.write_all(TOO_MANY.as_bytes()).await;
    if said.is_ok() && stream.shutdown().await.is_ok() {
        // What was sent meanwhile is read away, or it would break off what is said.
        let _ = tokio::io::copy(&mut stream.take(HEAD_BYTES as u64), &mut tokio::io::sink()).await;
    }
}

type Io = TokioIo<Seated<std::pin::Pin<Box<TimeoutStream<TcpStream>>>>>;

/// One connection, answering until the visitor or a limit ends it.
fn connection(
    stream: TcpStream,
    address: SocketAddr,
    seat: &Arc<Seat>,
    site: Router,
) -> http1::Connection<
    Io,
    impl hyper::service::Service<Request<Incoming>, Response = hyper::Response<Sending>, Error = Infallible, Future: Send>
    + use<>,
> {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED));
    let stream = Seated { stream: Box::pin(stream), seat: Arc::clone(seat) };
    let seat = Arc::clone(seat);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        let (answering, answer) = (seat.answering(), site.clone().call(request));
        async move { Ok(answer.await?.map(|body| Sending { body, answering })) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .half_close(false)
        .serve_connection(TokioIo::new(stream), service)
}
