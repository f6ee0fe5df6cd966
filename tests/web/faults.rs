//! What no database holds, and what it refuses: each answered as what it is, never as an outage.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::web::routes::Route;
use image_catalogue::web::visitor::{Role, Scope};
use image_catalogue::{ACTS, PAGES, STAFF_PAGES};

use crate::support::{Answer, SignedIn, Site};
use crate::tokens::token;

/// What the site's parameters and fields are called.
const NAMES: &[&str] = &[
    "q",
    "status",
    "department",
    "type",
    "renewal",
    "sort",
    "page",
    "per-page",
    "as-at",
    "from",
    "to",
    "year",
    "who",
    "before",
    "after",
    "image",
    "next",
    "key",
    "state",
    "assignee",
    "rule",
    "table",
    "columns",
    "report",
    "filters",
    "finding",
    "done",
    "lang",
    "limit",
    "reason",
    "name",
    "email",
    "message",
    "subject",
    "about",
    "do",
    "base",
    "id",
    "organisation",
    "words",
    "reply",
    "note",
    "answer",
    "title-en",
    "title-fr",
    "closes-on",
    "threshold",
    "valid-from",
    "price",
    "months",
    "source",
    "until",
    "kind",
    "role",
    "scope",
    "days",
    "acronym-en",
    "alias",
    "password",
    "line",
    "decision",
    "date",
    "line-1",
    "owner",
    "recipient",
    "text",
    "bom",
    "separator",
    "registry-names",
    "description-en",
];

fn routes() -> impl Iterator<Item = Route> {
    PAGES.iter().copied().chain(STAFF_PAGES.iter().map(|(route, _)| *route)).chain(ACTS.iter().copied())
}

/// An address with each of its parts in braces filled in.
fn filled(pattern: &str, part: &str) -> String {
    let parts = pattern.split('/').map(|one| if one.starts_with('{') { part } else { one });
    parts.collect::<Vec<_>>().join("/")
}

fn is_refused(answer: &Answer, of: &str) {
    assert!(!answer.status.is_server_error(), "{of}: {} {}", answer.status, answer.text());
}

#[tokio::test]
async fn a_nul_in_any_part_of_an_address_parameter_or_field_is_a_mistake_of_the_visitor() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    for route in routes() {
        for pattern in [route.en, route.fr] {
            let own = filled(pattern, "1");
            if pattern.contains('{') {
                let answer = admin.get(&filled(pattern, "ab%00")).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{pattern}");
            }
            let every = NAMES.iter().map(|name| format!("{name}=a%00")).collect::<Vec<_>>().join("&");
            let answer = admin.get(&format!("{own}?{every}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{own}");
            let fields: Vec<_> = NAMES.iter().map(|name| (*name, "a\0")).collect();
            is_refused(&admin.post(&own, &fields).await, &own);
        }
    }
}

#[tokio::test]
async fn a_nul_is_named_with_its_parameter_or_field_in_both_languages() {
    let site = Site::with_cast().await;
    for (address, status) in [
        ("/en/changes?who=%00", 400),
        ("/en/changes.csv?who=%00", 400),
        ("/en/images/%00/changes", 404),
        ("/en/requests/REQ%00?key=x", 404),
        ("/en/feedback/ab%00", 404),
        ("/en/follow/%00", 404),
    ] {
        assert_eq!(site.get(address).await.status.as_u16(), status, "{address}");
    }
    assert!(site.get("/en/changes?who=%00").await.text().contains("“who” holds a character"));
    assert!(site.get("/fr/changements?who=%00").await.text().contains("«\u{a0}who\u{a0}» contient un caractère"));
    let answer = site.post("/en/feedback/new", &[("message", "a\0b")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("“message” holds a character"), "{}", answer.text());
}

#[tokio::test]
async fn a_nul_in_the_body_of_a_program_is_refused_with_its_field() {
    let site = Site::with_cast().await;
    let token = token(&site, &[Scope::Status, Scope::Import, Scope::Renew]).await;
    let tag = site.get("/api/v1/images/python").await.header("etag").to_owned();
    for body in [
        r#"{"department":"SSC","status":"procured","reason":"a\u0000b"}"#,
        r#"{"department":"S\u0000C","status":"procured","reason":"x"}"#,
        r#"{"department":"SSC","status":"pro\u0000cured","reason":"x"}"#,
    ] {
        let request = Request::put("/api/v1/images/python/status")
            .header("authorization", format!("Bearer {token}"))
            .header("if-match", &tag)
            .header("idempotency-key", "nul")
            .header("content-type", "application/json");
        let answer = site.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {}", answer.text());
    }
    let request = Request::post("/api/v1/imports?reason=x&dry-run=true")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "text/csv");
    let answer = site.send(request.body(Body::from("Image name,Department\nre\0dis,CSE\n")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
}

#[tokio::test]
async fn a_day_that_no_calendar_here_has_is_refused_on_every_page_and_file() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    for day in ["-9999-01-01", "0001-01-01", "1989-12-31", "2201-01-01", "%2B12345-01-01", "2026-02-30"] {
        for route in routes() {
            let own = filled(route.en, "overview");
            for name in ["as-at", "from", "to", "before", "after", "as-of", "until"] {
                is_refused(&admin.get(&format!("{own}?{name}={day}")).await, &format!("{own}?{name}={day}"));
            }
        }
    }
    for address in ["/en/images", "/en/images.csv", "/en/images.md", "/en/images/python", "/en/reports/renewals"] {
        let answer = site.get(&format!("{address}?as-at=-9999-01-01")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}");
        assert!(answer.text().contains("YYYY-MM-DD, from 1990 to 2200"), "{address}: {}", answer.text());
    }
    for (address, name) in
        [("/fr/images", "as-at"), ("/fr/rapports/changements", "from"), ("/fr/rapports/changements", "to")]
    {
        let answer = site.get(&format!("{address}?{name}=-9999-01-01")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}?{name}");
        assert!(answer.text().contains("AAAA-MM-JJ, de 1990 à 2200"), "{address}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_day_that_no_calendar_here_has_is_refused_in_every_form() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let mut pages = 0;
    for route in routes() {
        let Some(page) = form_of(&admin, &filled(route.en, "1")).await else { continue };
        for name in
            page.attributes("input[type=date], input[name*=date], input[name*=day], input[name=closes-on]", "name")
        {
            pages += 1;
            let mut fields = crate::forms::fields(&page);
            fields.retain(|(field, _)| *field != name);
            fields.push((name.clone(), "-9999-01-01".to_owned()));
            fields.push(("do".to_owned(), "save".to_owned()));
            is_refused(&crate::forms::send(&admin, &page.path, &fields).await, &format!("{} {name}", page.path));
        }
    }
    assert!(pages > 5, "{pages} fields with a day");
}

async fn form_of(admin: &SignedIn<'_>, address: &str) -> Option<Answer> {
    let page = admin.get(address).await;
    let is_page = page.status == StatusCode::OK && page.header("content-type").starts_with("text/html");
    (is_page && !page.all("main form[method=post]").is_empty()).then_some(page)
}
