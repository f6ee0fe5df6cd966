//! A site with the named cast, and a visitor who looks at every page with a critical eye.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use chrono::{DateTime, Utc};
use clap::Parser;
use image_catalogue::catalogue::Catalogue;
use image_catalogue::clock::Clock;
use image_catalogue::config::Settings;
use image_catalogue::database::embedded::{Embedded, Mode};
use image_catalogue::imports::{self, Report};
use image_catalogue::organisations;
use image_catalogue::people::db::accounts;
use image_catalogue::people::session;
use image_catalogue::web::visitor::Role;
use scraper::{ElementRef, Html, Selector};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgPool};
use tokio::sync::OnceCell;
use tower::ServiceExt;

/// The cast of all tests: see the file for who is who.
pub const CAST: &str = include_str!("../fixtures/cast.csv");

/// The day on which all tests happen.
pub fn clock() -> Clock {
    Clock::Fixed("2026-11-22T17:00:00Z".parse::<DateTime<Utc>>().unwrap())
}

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

/// The settings with their defaults, and these options.
pub fn settings(options: &[&str]) -> Settings {
    Arguments::parse_from([&["test"], options].concat()).settings
}

/// A site of its own: its tables in a schema that no other test sees.
pub struct Site {
    pub router: Router,
    pub pool: PgPool,
    pub catalogue: Catalogue,
}

impl Site {
    /// A site with the cast.
    pub async fn with_cast() -> Site {
        Site::with(CAST, &[]).await
    }

    /// A site with these rows and options.
    pub async fn with(rows: &str, options: &[&str]) -> Site {
        let pool = database().await;
        organisations::seed(&pool, clock().now()).await.unwrap();
        if !rows.is_empty() {
            bring_in(&pool, rows, "cast.csv", "The cast of the tests").await;
        }
        Site::on(pool, options).await
    }

    /// A site on a database, as after a start.
    pub async fn on(pool: PgPool, options: &[&str]) -> Site {
        let catalogue = Catalogue::open(pool.clone(), clock()).await.unwrap();
        let settings = settings(options);
        let host = settings.public_url.as_deref().map_or("127.0.0.1:8080", |url| url.split('/').next_back().unwrap());
        let router = named(host, image_catalogue::app(Arc::new(settings.clone()), pool.clone(), catalogue.clone()));
        Site { router, pool, catalogue }
    }

    /// Brings a file in and lets the site see it.
    pub async fn import(&self, text: &str, name: &str, reason: &str) -> Report {
        let report = bring_in(&self.pool, text, name, reason).await;
        self.catalogue.refresh().await.unwrap();
        report
    }

    /// What the site answers.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let path = request.uri().path().to_owned();
        let has_body = request.method() != Method::HEAD;
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let answer = Answer { path, status: parts.status, headers: parts.headers, body };
        if has_body {
            answer.look_closely();
        }
        answer
    }

    /// What the site answers to a GET.
    pub async fn get(&self, address: &str) -> Answer {
        self.send(Request::get(address).body(Body::empty()).unwrap()).await
    }

    /// What the site answers to another method.
    pub async fn with_method(&self, method: Method, address: &str) -> Answer {
        self.send(Request::builder().method(method).uri(address).body(Body::empty()).unwrap()).await
    }
}

/// A site whose visitors call it by a name where they say no other.
pub fn named(host: &str, site: Router) -> Router {
    let host = HeaderValue::from_str(host).unwrap();
    site.layer(axum::middleware::map_request(move |mut request: Request<Body>| {
        request.headers_mut().entry("host").or_insert_with(|| host.clone());
        async move { request }
    }))
}

/// The name of the account that signs in with a role.
pub fn name_of(role: Role) -> String {
    format!("tester-{}", role.code())
}

/// A person who has signed in to a site, with an account and a session of the database.
pub struct SignedIn<'s> {
    site: &'s Site,
    /// The account's number.
    pub account: i64,
    /// The header that the browser sends.
    pub cookie: String,
}

impl Site {
    /// Signs in with a role, as an account of its own.
    pub async fn sign_in(&self, role: Role) -> SignedIn<'_> {
        let name = name_of(role);
        let known = accounts::of_subject(&self.pool, "https://issuer.example", &name).await.unwrap();
        let account = if let Some((account, ..)) = known {
            account
        } else {
            let (issuer, subject) = (Some("https://issuer.example"), Some(&*name));
            let new = accounts::New { issuer, subject, email: "", name: &name, role, organisation: None };
            accounts::add(&self.pool, &new).await.unwrap().unwrap()
        };
        self.sign_in_as(account).await
    }

    /// Signs in as an account that is there.
    pub async fn sign_in_as(&self, account: i64) -> SignedIn<'_> {
        let secret = session::begin(&self.pool, None, account, "192.0.2.7").await.unwrap();
        let cookie = format!("{}={secret}", session::cookie_name("http://127.0.0.1"));
        SignedIn { site: self, account, cookie }
    }

    /// What the site answers to a form from its own page, sent by a visitor.
    pub async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(address).body(encoded(fields)).unwrap()).await
    }
}

impl SignedIn<'_> {
    /// What the site answers to a GET.
    pub async fn get(&self, address: &str) -> Answer {
        self.site.send(Request::get(address).header("cookie", &self.cookie).body(Body::empty()).unwrap()).await
    }

    /// What the site answers to a form from its own page: with the page's key, where the fields bring none.
    pub async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        if fields.iter().any(|(name, _)| name.starts_with("key")) {
            return self.post_bare(address, fields).await;
        }
        let page = self.get(address).await;
        let is_page = page.header("content-type").starts_with("text/html");
        let key = if is_page { page.attributes("main input[name=key]", "value").pop() } else { None };
        let key = key.as_deref().map(|key| ("key", key));
        self.post_bare(address, &fields.iter().copied().chain(key).collect::<Vec<_>>()).await
    }

    /// What the site answers to these fields and no others. After an act the site shows what it would after a start.
    pub async fn post_bare(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let before = self.site.catalogue.now().version.version;
        let request = form(address).header("cookie", &self.cookie);
        let answer = self.site.send(request.body(encoded(fields)).unwrap()).await;
        if answer.status == StatusCode::SEE_OTHER {
            self.site.shows_what_reading_anew_shows(before).await;
        }
        answer
    }
}

fn form(address: &str) -> axum::http::request::Builder {
    let own = Request::post(address).header("sec-fetch-site", "same-origin");
    own.header("content-type", "application/x-www-form-urlencoded")
}

fn encoded(fields: &[(&str, &str)]) -> Body {
    Body::from(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
}

async fn bring_in(pool: &PgPool, text: &str, name: &str, reason: &str) -> Report {
    let request = imports::Request {
        bytes: text.as_bytes(),
        file_name: name,
        format: None,
        reason,
        actor: "tester",
        as_of: None,
        dry_run: false,
        ..imports::Request::default()
    };
    imports::import(pool, clock(), &request, |_, _| {}).await.unwrap()
}

/// An answer, looked at closely where it is a page.
pub struct Answer {
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The page.
    pub fn page(&self) -> Html {
        Html::parse_document(self.text())
    }

    /// The texts of all elements that a selector finds, white space folded.
    pub fn all(&self, selector: &str) -> Vec<String> {
        let page = self.page();
        page.select(&Selector::parse(selector).unwrap()).map(text_of).collect()
    }

    /// The text of the one element that a selector finds.
    pub fn one(&self, selector: &str) -> String {
        let mut all = self.all(selector);
        assert_eq!(all.len(), 1, "{selector} in {}: {all:?}", self.path);
        all.remove(0)
    }

    /// An attribute of all elements that a selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let page = self.page();
        page.select(&Selector::parse(selector).unwrap())
            .filter_map(|element| element.value().attr(name).map(str::to_owned))
            .collect()
    }

    /// What every page must be, whatever it shows.
    fn look_closely(&self) {
        let path = &self.path;
        assert!(self.header("content-security-policy").contains("default-src 'none'"), "{path}: no policy");
        assert_eq!(self.header("x-content-type-options"), "nosniff", "{path}");
        if !self.header("content-type").starts_with("text/html") {
            return;
        }
        let text = self.text();
        assert!(!text.contains('⟦'), "{path}: a word is missing: {}", missing(text));
        for never in [" style=", "<style", " onclick", "javascript:", "<script>"] {
            assert!(!text.contains(never), "{path}: {never}");
        }
        assert_eq!(self.all("h1").len(), 1, "{path}: one h1");
        assert!(!self.one("head > title").is_empty(), "{path}: a title");
        let lang = self.attributes("html", "lang").remove(0);
        if let Some(expected) =
            ["en", "fr"].into_iter().find(|lang| *path == format!("/{lang}") || path.starts_with(&format!("/{lang}/")))
        {
            assert_eq!(lang, expected, "{path}");
        }
        let mut ids = self.attributes("[id]", "id");
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{path}: ids are unique");
        let labels = self.attributes("label[for]", "for");
        for id in self.attributes("input[id], select[id], textarea[id]", "id") {
            assert!(labels.contains(&id), "{path}: {id} has no label");
        }
        let named = self.attributes("[aria-labelledby]", "aria-labelledby");
        for reference in named.iter().flat_map(|list| list.split_whitespace()) {
            assert!(ids.iter().any(|id| id == reference), "{path}: nothing is called {reference}");
        }
        for image in self.page().select(&Selector::parse("img").unwrap()) {
            assert!(image.value().attr("alt").is_some(), "{path}: an image without alt");
        }
        assert!(
            self.page().errors.iter().all(|error| !error.contains("Unexpected")),
            "{path}: {:?}",
            self.page().errors
        );
    }
}

fn missing(text: &str) -> String {
    text.split('⟦').skip(1).filter_map(|rest| rest.split('⟧').next()).collect::<Vec<_>>().join(", ")
}

fn text_of(element: ElementRef) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A pool whose tables are in a schema of its own, migrated.
pub async fn database() -> PgPool {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let schema = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let options = server().await.options([("search_path", &*schema)]);
    let pool = PgPoolOptions::new().max_connections(4).connect_with(options).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("create schema {schema}"))).execute(&pool).await.unwrap();
    sqlx::migrate!().run(&pool).await.unwrap();
    pool
}

/// The Postgres of all tests: `DATABASE_URL`'s, or one that the program's own code starts below `target`.
async fn server() -> PgConnectOptions {
    static SERVER: OnceCell<(PgConnectOptions, Option<(Embedded, Child)>)> = OnceCell::const_new();
    let (options, _) = SERVER
        .get_or_init(|| async {
            if let Some(url) = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty()) {
                let options = url.parse().unwrap();
                sweep(&options).await;
                return (options, None);
            }
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("web");
            let embedded = Embedded::open(&folder, Mode::Join).await.unwrap();
            let options = embedded.connect_options();
            sweep(&options).await;
            let watch = stop_afterwards(&folder);
            (options, Some((embedded, watch)))
        })
        .await;
    options.clone()
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Drops the schemas of test runs that have ended.
async fn sweep(options: &PgConnectOptions) {
    let mut connection = sqlx::PgConnection::connect_with(options).await.unwrap();
    let schemas: Vec<String> =
        sqlx::query_scalar("select nspname::text from pg_namespace where nspname like 'test\\_%'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    let is_over = |schema: &&String| schema.split('_').nth(1).is_none_or(|pid| !Path::new("/proc").join(pid).exists());
    for schema in schemas.iter().filter(is_over) {
        let drop = sqlx::AssertSqlSafe(format!("drop schema if exists {schema} cascade"));
        sqlx::query(drop).execute(&mut connection).await.unwrap();
    }
}

/// A shell that stops the server when this process has ended, however it ends: then its input ends.
fn stop_afterwards(folder: &Path) -> Child {
    let script = r#"trap "" INT; cat > /dev/null; kill -INT "$(head -n 1 "$0/postgres/postmaster.pid")""#;
    let mut watch = Command::new("sh")
        .args(["-c", script])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    watch.stdin.as_mut().unwrap().flush().unwrap();
    watch
}
