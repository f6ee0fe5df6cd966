//! After a commit the answer is success, whatever follows; before it, nothing is half done; and a database that takes
//! nothing says so.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::catalogue::Catalogue;
use image_catalogue::database::commit::commit;
use image_catalogue::database::fault::Fault;
use image_catalogue::people::session;
use image_catalogue::web::error::Error;
use image_catalogue::web::visitor::{Role, Scope};
use sqlx::postgres::PgPoolOptions;
use sqlx::{PgPool, Postgres, Transaction};
use tower::ServiceExt;

use crate::forms::{fields, send, with};
use crate::support::{Site, clock, named, settings};
use crate::tokens::token;

/// So long an act may take although the catalogue is read again for much longer.
const IN_TIME: Duration = Duration::from_secs(3);

/// Makes every reading of the catalogue wait, while acts can be written.
pub async fn slow_down(pool: &PgPool) -> Transaction<'static, Postgres> {
    let mut holding = pool.begin().await.unwrap();
    sqlx::query("lock table former_slugs in access exclusive mode").execute(&mut *holding).await.unwrap();
    holding
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_written_succeeds_though_the_catalogue_is_read_slowly_and_the_page_says_so() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/images/nginx";
    let form = with(&fields(&staff.get(address).await), &[("description-en", "A web server"), ("do", "save")]);
    let holding = slow_down(&site.pool).await;
    let began = Instant::now();
    let answer = send(&staff, address, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(began.elapsed() < IN_TIME, "{:?}", began.elapsed());
    let act = answer.header("location").to_owned();
    for (page, words) in [
        (act.clone(), "What was just saved appears here in a moment."),
        (
            act.replace("/en/changes", "/fr/changements"),
            "Ce qui vient d’être enregistré apparaîtra ici dans un instant.",
        ),
    ] {
        let page = staff.get(&page).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains(words), "{}", page.text());
    }
    let again = send(&staff, address, &form).await;
    assert_eq!((again.status, again.header("location")), (StatusCode::SEE_OTHER, &*act), "and it counts once");
    holding.rollback().await.unwrap();
    site.catalogue.refresh().await.unwrap();
    assert!(!staff.get(&act).await.text().contains("appears here in a moment"));
    assert!(site.get("/en/images/nginx").await.text().contains("A web server"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programs_write_succeeds_with_its_new_mark_though_the_catalogue_is_read_slowly() {
    let site = Site::with_cast().await;
    let token = token(&site, &[Scope::Status, Scope::Import]).await;
    let held = site.get("/api/v1/images/nginx").await.header("etag").to_owned();
    let department: serde_json::Value = serde_json::from_slice(&site.get("/api/v1/images/nginx").await.body).unwrap();
    let department = department["lines"][0]["department"]["acronym_en"].as_str().unwrap_or("CCCS").to_owned();
    let body = format!(r#"{{"department":"{department}","status":"declined","reason":"x"}}"#);
    let holding = slow_down(&site.pool).await;
    let began = Instant::now();
    let request = Request::put("/api/v1/images/nginx/status")
        .header("authorization", format!("Bearer {token}"))
        .header("if-match", &held)
        .header("idempotency-key", "1")
        .header("content-type", "application/json");
    let answer = site.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(began.elapsed() < IN_TIME, "{:?}", began.elapsed());
    let mark = answer.header("etag").to_owned();
    assert!(!mark.is_empty() && mark != held);
    holding.rollback().await.unwrap();
    site.catalogue.refresh().await.unwrap();
    assert_eq!(site.get("/api/v1/images/nginx").await.header("etag"), mark, "the mark is the one that shows");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_acts_at_once_wait_for_one_reading_of_the_catalogue() {
    let site = Site::with_cast().await;
    let holding = slow_down(&site.pool).await;
    sqlx::query("update catalogue_version set version = version + 1").execute(&site.pool).await.unwrap();
    let began = Instant::now();
    futures_util::future::join_all((0..50).map(|_| site.catalogue.show())).await;
    assert!(began.elapsed() < IN_TIME, "{:?}", began.elapsed());
    assert!(site.catalogue.is_behind());
    let readings: i64 = sqlx::query_scalar(
        "select count(*) from pg_stat_activity a join pg_locks l on l.pid = a.pid
         where not l.granted and l.relation = 'former_slugs'::regclass",
    )
    .fetch_one(&site.pool)
    .await
    .unwrap();
    assert_eq!(readings, 1, "one reading waits");
    holding.rollback().await.unwrap();
    site.catalogue.refresh().await.unwrap();
    assert!(!site.catalogue.is_behind());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_sent_who_then_went_away_is_written_wholly_or_not_at_all_and_once() {
    let site = Site::with_cast().await;
    for round in 0..24_u64 {
        let page = site.get("/en/feedback/new").await;
        let message = format!("gone away {round}");
        let form =
            with(&fields(&page), &[("message", &message), ("about", "site"), ("subject", "A word"), ("do", "send")]);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
        let request = || {
            Request::post("/en/feedback/new")
                .header("sec-fetch-site", "same-origin")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(body.clone()))
                .unwrap()
        };
        let gone = tokio::time::timeout(Duration::from_millis(round), site.router.clone().oneshot(request())).await;
        drop(gone);
        let again = site.send(request()).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text());
        let kept: i64 = sqlx::query_scalar("select count(*) from feedback where message = $1")
            .bind(&message)
            .fetch_one(&site.pool)
            .await
            .unwrap();
        assert_eq!(kept, 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_killed_before_the_commit_wrote_nothing_and_that_is_known() {
    let site = Site::with_cast().await;
    let mut transaction = site.pool.begin().await.unwrap();
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *transaction).await.unwrap();
    sqlx::query("update catalogue_version set version = version + 1000").execute(&mut *transaction).await.unwrap();
    sqlx::query("select pg_terminate_backend($1)").bind(pid).execute(&site.pool).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let problem = commit(&site.pool, transaction).await.unwrap_err();
    assert_eq!(Fault::of(&problem), Fault::Away, "{problem}");
    let version: i64 = sqlx::query_scalar("select version from catalogue_version").fetch_one(&site.pool).await.unwrap();
    assert!(version < 1000, "{version}");
}

/// The same database, which takes nothing.
async fn read_only(site: &Site) -> (PgPool, Site) {
    let options = (*site.pool.connect_options()).clone().options([("default_transaction_read_only", "on")]);
    let pool = PgPoolOptions::new().max_connections(4).connect_with(options).await.unwrap();
    let catalogue = Catalogue::open(pool.clone(), clock()).await.unwrap();
    let router =
        named("127.0.0.1:8080", image_catalogue::app(Arc::new(settings(&[])), pool.clone(), catalogue.clone()));
    (site.pool.clone(), Site { router, pool, catalogue })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_takes_nothing_is_a_state_of_its_own() {
    let filled = Site::with_cast().await;
    let (_, site) = read_only(&filled).await;
    let ready = site.get("/readyz").await;
    assert_eq!((ready.status, ready.text()), (StatusCode::OK, "read-only: the database takes no writing\n"));
    tokio::spawn(site.catalogue.clone().keep_fresh());
    let began = Instant::now();
    while site.catalogue.read_only_since().is_none() && began.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(site.get("/en/images").await.text().contains("The catalogue is read-only since 2026-11-22"));
    assert!(site.get("/fr/images").await.text().contains("Le catalogue est en lecture seule depuis 2026-11-22"));
    let figures = image_catalogue::figures::<()>(&site.pool, &site.catalogue);
    let shown = figures.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
    let shown = axum::body::to_bytes(shown.into_body(), usize::MAX).await.unwrap();
    assert!(String::from_utf8_lossy(&shown).contains("database_read_only 1"));
    let written = site.get("/en/feedback/new").await;
    let form = with(
        &fields(&written),
        &[("message", "Keep <this> & that"), ("about", "site"), ("subject", "A word"), ("do", "send")],
    );
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let refused = site.post("/en/feedback/new", &form).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.one("h1"), "The catalogue can be read but not changed right now");
    assert!(refused.attributes("main form[method=post]", "action").contains(&"/en/feedback/new".to_owned()));
    assert!(refused.attributes("main form input[name=message]", "value").contains(&"Keep <this> & that".to_owned()));
    let key = form.iter().find(|(name, _)| *name == "key").unwrap().1;
    assert_eq!(refused.attributes("main form input[name=key]", "value"), [key], "sent again it counts once");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_on_a_database_that_takes_nothing_is_told_in_its_words() {
    let filled = Site::with_cast().await;
    let account = filled.sign_in(Role::Staff).await.account;
    let (_, site) = read_only(&filled).await;
    let refused = session::begin(&site.pool, None, account, "192.0.2.7").await.unwrap_err();
    assert!(matches!(refused, Error::Database(Fault::ReadOnly, _)), "{refused:?}");
}
