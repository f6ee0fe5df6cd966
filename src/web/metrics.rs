//! Figures for operations, in Prometheus' text format.

use std::sync::{LazyLock, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics::{Counter, Histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use rustc_hash::FxHashMap;

use super::error::Cause;
use super::log_id::LogId;
use crate::log::Repeated;

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

/// Counts an answer by route, method and status, with its time. The log tells of slow and of failed ones only, of each
/// once and with its cause; of all of them at the level `debug`. Never what was searched for.
pub async fn count<F>(id: &LogId, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let answer = next(request).await;
    let took = began.elapsed();
    let status = answer.status();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    FIGURES.add(route, named(&method), status, took);
    let ms = took.as_millis();
    let cause = answer.extensions().get::<Cause>().map(|Cause(problem)| format!("{problem:#}"));
    let (status, cause) = (status.as_u16(), cause.as_deref());
    match status {
        503 => UNANSWERED.tell(|what| tracing::warn!(id = id.text(), %method, route, status, ms, cause, "{what}")),
        500.. => tracing::error!(id = id.text(), %method, route, status, ms, cause, "an answer failed"),
        200..300 if cause.is_some() => {
            tracing::error!(id = id.text(), %method, route, status, ms, cause, "an act is written, and its page failed");
        }
        _ if took > SLOW => tracing::warn!(id = id.text(), %method, route, status, ms, cause, "answered"),
        _ => tracing::debug!(id = id.text(), %method, route, status, ms, cause, "answered"),
    }
    answer
}

/// Visits that got no answer: in an outage all of them.
static UNANSWERED: Repeated = Repeated::new("a visit could not be answered");

/// The figures of each route, by method and status: looked up once, not at every answer.
#[derive(Default)]
struct Figures(RwLock<FxHashMap<String, Route>>);

struct Route {
    took: Histogram,
    answers: Vec<(&'static str, StatusCode, Counter)>,
}

static FIGURES: LazyLock<Figures> = LazyLock::new(|| {
    let _ = recorder();
    Figures::default()
});

impl Figures {
    fn add(&self, route: &str, method: &'static str, status: StatusCode, took: Duration) {
        let known = |held: &FxHashMap<String, Route>| {
            let held = held.get(route)?;
            let (.., answers) = held.answers.iter().find(|one| (one.0, one.1) == (method, status))?;
            held.took.record(took);
            answers.increment(1);
            Some(())
        };
        if known(&self.0.read().unwrap_or_else(PoisonError::into_inner)).is_some() {
            return;
        }
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let label = || route.to_owned();
        let answers = metrics::counter!("http_requests_total",
            "route" => label(), "method" => method, "status" => status.as_str().to_owned());
        let took_by_route = || metrics::histogram!("http_request_duration_seconds", "route" => label());
        let of_route = held.entry(label()).or_insert_with(|| Route { took: took_by_route(), answers: Vec::new() });
        of_route.answers.push((method, status, answers));
        known(&held);
    }
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
