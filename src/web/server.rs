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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::Service;

/// Connections held at once; more wait to be taken.
const CONNECTIONS: usize = 2_048;
/// How long the head of a request may take to arrive, and a kept connection may wait for the next one.
const HEAD: Duration = Duration::from_secs(15);
/// How long a visitor may take nothing of an answer before the connection is ended.
const STALLED: Duration = Duration::from_secs(30);
/// Headers that a request may have, and bytes that its head may take.
const HEADERS: usize = 64;
const HEAD_BYTES: usize = 32 * 1024;

/// Serves a site until `end`; then takes no more connections and lets the answers under way finish.
pub async fn serve(listener: TcpListener, site: Router, end: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut end = pin!(end);
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(problem) => {
                    tracing::warn!(%problem, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut end => break,
        };
        let connection = graceful.watch(connection(stream, address, site.clone()));
        tokio::spawn(async move {
            let _ = connection.await; // a visitor who goes away is no event
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

type Io = TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>>;

/// One connection, answering until the visitor or a limit ends it.
fn connection(
    stream: TcpStream,
    address: SocketAddr,
    site: Router,
) -> http1::Connection<
    Io,
    impl hyper::service::Service<Request<Incoming>, Response = axum::response::Response, Error = Infallible, Future: Send>
    + use<>,
> {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED));
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        site.clone().call(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .half_close(false)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}
