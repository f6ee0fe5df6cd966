//! Figures for operations, in Prometheus' text format.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the histogram of answer times, in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 2.5];
/// An answer that takes longer is worth a line in the log.
const SLOW: Duration = Duration::from_secs(1);

/// The recorder of this process; installed when it is first asked for.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let name = Matcher::Full("http_request_duration_seconds".to_owned());
            let builder = PrometheusBuilder::new().set_buckets_for_metric(name, &BOUNDS).ok()?;
            builder.install_recorder().ok()
        })
        .as_ref()
}

/// The address that shows the figures. `look` brings up to date what is not counted as it happens.
pub fn routes<S: Clone + Send + Sync + 'static>(look: impl Fn() + Clone + Send + Sync + 'static) -> Router<S> {
    let show = move || async move {
        look();
        let text = recorder().map(|recorder| {
            recorder.run_upkeep();
            recorder.render()
        });
        ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text.unwrap_or_default()).into_response()
    };
    let _ = recorder();
    Router::new().route("/metrics", get(show))
}

/// Counts an answer by route, method and status, with its time. The log tells of slow and of failed ones only;
/// of all of them at the level `debug`. Never what was searched for.
pub async fn count(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let id = super::error::log_id(request.extensions());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let answer = next.run(request).await;
    let took = began.elapsed();
    let status = answer.status();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let labels =
        [("route", route.to_owned()), ("method", named(&method).to_owned()), ("status", status.as_str().to_owned())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", "route" => labels[0].1.clone()).record(took);
    let (id, status, ms) = (id.as_deref().unwrap_or_default(), status.as_u16(), took.as_millis());
    if status >= 500 || took > SLOW {
        tracing::warn!(id, %method, route, status, ms, "answered");
    } else {
        tracing::debug!(id, %method, route, status, ms, "answered");
    }
    answer
}

/// A method's name, of those that are known: anybody can make others up.
fn named(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "PATCH" => "PATCH",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
