//! What programs write by a token: once, only upon what they read, by the rules of the forms, and told in the record.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use image_catalogue::catalogue::store::history;
use image_catalogue::web::visitor::{Role, Scope};
use serde_json::{Value, json};

use crate::api::{check, closed, read, schema_of};
use crate::support::{Answer, Site};
use crate::tokens::{self, token};

const RENEWALS: &str = "/api/v1/images/{slug}/renewals";
const STATUS: &str = "/api/v1/images/{slug}/status";
const IMPORTS: &str = "/api/v1/imports";

/// A write that is about to be sent.
#[derive(Clone)]
pub struct Write {
    method: Method,
    address: String,
    /// Names and values; a name that begins with `-` is not sent.
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Write {
    fn new(method: Method, address: &str, token: &str, tag: &str, key: &str, kind: &str, body: Vec<u8>) -> Write {
        let headers = vec![
            ("authorization", format!("Bearer {token}")),
            ("if-match", tag.to_owned()),
            ("idempotency-key", key.to_owned()),
            ("content-type", kind.to_owned()),
        ];
        Write { method, address: address.to_owned(), headers, body }
    }

    pub fn renewal(slug: &str, token: &str, tag: &str, key: &str, body: &Value) -> Write {
        let address = RENEWALS.replace("{slug}", slug);
        Write::new(Method::POST, &address, token, tag, key, "application/json", body.to_string().into_bytes())
    }

    pub fn status(slug: &str, token: &str, tag: &str, key: &str, body: &Value) -> Write {
        let address = STATUS.replace("{slug}", slug);
        Write::new(Method::PUT, &address, token, tag, key, "application/json", body.to_string().into_bytes())
    }

    fn import(query: &str, token: &str, tag: &str, key: &str, kind: &str, body: &str) -> Write {
        Write::new(Method::POST, &format!("{IMPORTS}{query}"), token, tag, key, kind, body.into())
    }

    fn but(mut self, name: &'static str, value: Option<&str>) -> Write {
        self.headers.retain(|(given, _)| *given != name);
        self.headers.extend(value.map(|value| (name, value.to_owned())));
        self
    }

    pub async fn send(&self, site: &Site) -> Answer {
        let mut request = Request::builder().method(self.method.clone()).uri(&self.address);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        site.send(request.body(Body::from(self.body.clone())).unwrap()).await
    }
}

async fn tag(site: &Site, slug: &str) -> String {
    site.get(&format!("/api/v1/images/{slug}")).await.header("etag").to_owned()
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// Refused with this status, in sentences that the description has.
async fn refused(site: &Site, answer: &Answer, status: StatusCode, what: &str) -> Value {
    assert_eq!(answer.status, status, "{what}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    let document = read(site, "/api/openapi.json").await;
    check(&schema_of(&document, RENEWALS, "post", status.as_str()), &body(answer), what);
    body(answer)
}

async fn count(site: &Site, table: &str) -> i64 {
    let count = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
    sqlx::query_scalar(count).fetch_one(&site.pool).await.unwrap()
}

fn renewal() -> Value {
    json!({ "department": "SSC", "date": "2027-03-01", "months": 12, "reason": "Quote 7" })
}

#[tokio::test]
async fn a_program_renews_by_the_rules_of_the_form_and_the_record_names_its_token() {
    let site = Site::with_cast().await;
    let token = token(&site, &[Scope::Renew]).await;
    let before = tag(&site, "python").await;
    assert!(before.starts_with('"') && before.len() == 34, "{before}");
    let terms = count(&site, "terms").await;
    let answer = Write::renewal("python", &token, &before, "1", &renewal()).send(&site).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let mut document = read(&site, "/api/openapi.json").await;
    closed(&mut document);
    check(&schema_of(&document, RENEWALS, "post", "200"), &body(&answer), "a renewal");
    assert_eq!(answer.header("etag"), tag(&site, "python").await, "the new mark can be used at once");
    assert_ne!(answer.header("etag"), before);
    assert_eq!(body(&answer)["image"], read(&site, "/api/v1/images/python").await);
    assert_eq!(count(&site, "terms").await, terms + 1);
    let act: (String, String, Option<String>, Option<i64>) =
        sqlx::query_as("select actor, reason, token_id, account_id from change_sets order by id desc limit 1")
            .fetch_one(&site.pool)
            .await
            .unwrap();
    assert_eq!(
        act,
        ("pipeline (API, tester-admin)".to_owned(), "Quote 7".to_owned(), Some(token[5..13].to_owned()), None)
    );
    let page = site.get(&format!("/fr/changements/{}", body(&answer)["change_set"])).await;
    assert!(page.one("dl.facts").contains("pipeline (API, tester-admin)"));
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
    let wrong = [
        (json!({ "date": "2020-01-01" }), "today or later"),
        (json!({ "date": "2026-12-31" }), "a later date already, 2027-03-01"),
        (json!({ "months": 121 }), "from 1 to 120"),
        (json!({ "department": "ESDC" }), "not procured"),
        (json!({ "department": "Nowhere" }), "Departments that have one: SSC, ESDC"),
        (json!({ "reason": " " }), "Say why"),
        (json!({ "reason": "a\u{202e}b" }), "U+202E"),
        (json!({ "months": "12" }), "department, date, months, correction, reason"),
        (json!({ "actor": "me" }), "department, date, months, correction, reason"),
        (json!({}), "already"),
    ];
    for (place, (other, words)) in wrong.iter().enumerate() {
        let mut said = renewal();
        said.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        let sent = Write::renewal("python", &token, answer.header("etag"), &format!("wrong-{place}"), &said);
        let problem = refused(&site, &sent.send(&site).await, StatusCode::UNPROCESSABLE_ENTITY, words).await;
        assert!(problem["detail"].as_str().unwrap().contains(words), "{words}: {problem}");
    }
    assert_eq!(count(&site, "terms").await, terms + 1);
    let said = json!({ "department": "SSC", "date": "2026-12-31", "correction": true, "reason": "Wrong quote" });
    let corrected = Write::renewal("python", &token, answer.header("etag"), "corrected", &said).send(&site).await;
    assert_eq!(corrected.status, StatusCode::OK, "{}", corrected.text());
    assert_eq!(count(&site, "terms").await, terms + 2);
}

#[tokio::test]
async fn a_program_sets_a_status_and_one_that_is_so_already_is_no_act() {
    let site = Site::with_cast().await;
    let token = token(&site, &[Scope::Status]).await;
    let said = json!({ "department": "NRCan", "status": "declined", "reason": "Too few want it" });
    let sent = Write::status("nginx", &token, &tag(&site, "nginx").await, "a", &said);
    let answer = sent.send(&site).await;
    assert_eq!((answer.status, body(&answer)["image"]["status"].clone()), (StatusCode::OK, "declined".into()));
    let acts = count(&site, "change_sets").await;
    let again = Write::status("nginx", &token, &tag(&site, "nginx").await, "b", &said).send(&site).await;
    assert_eq!((again.status, body(&again)["change_set"].clone()), (StatusCode::OK, Value::Null));
    assert_eq!(count(&site, "change_sets").await, acts);
    let unknown = json!({ "department": "NRCan", "status": "lapsed", "reason": "x" });
    let sent = Write::status("nginx", &token, &tag(&site, "nginx").await, "c", &unknown);
    let sent = sent.but("accept-language", Some("fr"));
    let problem = refused(&site, &sent.send(&site).await, StatusCode::UNPROCESSABLE_ENTITY, "status").await;
    assert!(problem["detail"].as_str().unwrap().contains("procured, under_consideration"), "{problem}");
    assert!(problem["title"].as_str().unwrap().starts_with("L’envoi"), "{problem}");
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

#[tokio::test]
async fn who_may_not_write_writes_nothing() {
    let site = Site::with_cast().await;
    let (renews, sets) = (token(&site, &[Scope::Renew]).await, token(&site, &[Scope::Status]).await);
    let acts = count(&site, "change_sets").await;
    let held = tag(&site, "python").await;
    let sent = Write::renewal("python", &renews, &held, "1", &renewal());
    let lacking = sent.clone().but("authorization", Some(&format!("Bearer {sets}"))).send(&site).await;
    let problem = refused(&site, &lacking, StatusCode::FORBIDDEN, "scope").await;
    assert!(problem["detail"].as_str().unwrap().contains("write:renew"), "{problem}");
    let how = lacking.header("www-authenticate");
    assert!(how.contains("error=\"insufficient_scope\"") && how.contains("scope=\"write:renew\""), "{how}");
    for authorization in [None, Some("Basic YTpi")] {
        let nobody = sent.clone().but("authorization", authorization).send(&site).await;
        refused(&site, &nobody, StatusCode::UNAUTHORIZED, "nobody").await;
        assert_eq!(nobody.header("www-authenticate"), "Bearer realm=\"image-catalogue\"");
    }
    let admin = site.sign_in(Role::Administrator).await;
    for (name, value) in [("sec-fetch-site", "same-origin"), ("accept", "*/*")] {
        let session = sent.clone().but("authorization", None).but("cookie", Some(&admin.cookie)).but(name, Some(value));
        refused(&site, &session.send(&site).await, StatusCode::UNAUTHORIZED, "a session never writes here").await;
    }
    let other_site = sent.clone().but("sec-fetch-site", Some("cross-site")).send(&site).await;
    refused(&site, &other_site, StatusCode::FORBIDDEN, "another site").await;
    for (name, value, status) in [
        ("idempotency-key", None, StatusCode::BAD_REQUEST),
        ("idempotency-key", Some("é"), StatusCode::BAD_REQUEST),
        ("if-match", None, StatusCode::PRECONDITION_REQUIRED),
        ("if-match", Some("*"), StatusCode::PRECONDITION_REQUIRED),
        ("if-match", Some("\"other\", *"), StatusCode::PRECONDITION_REQUIRED),
        ("if-match", Some("\"other\""), StatusCode::PRECONDITION_FAILED),
        ("if-match", Some("\"other\", W/\"other\""), StatusCode::PRECONDITION_FAILED),
        ("if-match", Some("other"), StatusCode::PRECONDITION_FAILED),
        ("if-match", Some(""), StatusCode::PRECONDITION_FAILED),
        ("content-type", Some("text/plain"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let answer = sent.clone().but(name, value).send(&site).await;
        refused(&site, &answer, status, name).await;
        if status == StatusCode::PRECONDITION_FAILED {
            assert_eq!(answer.header("etag"), held);
        }
    }
    let quoted = format!("\"a, {}, b\"", held.trim_matches('"'));
    let within = sent.clone().but("if-match", Some(&quoted)).send(&site).await;
    refused(&site, &within, StatusCode::PRECONDITION_FAILED, "a mark within another is none").await;
    let weak = sent.clone().but("if-match", Some(&format!("W/{held}"))).send(&site).await;
    refused(&site, &weak, StatusCode::PRECONDITION_FAILED, "a weak mark never matches").await;
    let nowhere = Write::renewal("nowhere", &renews, &held, "1", &renewal()).send(&site).await;
    refused(&site, &nowhere, StatusCode::NOT_FOUND, "nowhere").await;
    assert_eq!((count(&site, "change_sets").await, count(&site, "api_idempotency").await), (acts, 0));
    let among = format!("\"a, b\", {held}, W/\"c\"");
    let sent = sent.but("if-match", Some(&among));
    assert_eq!(sent.send(&site).await.status, StatusCode::OK, "what was refused keeps no key; one mark of a list fits");
}

#[tokio::test]
async fn a_write_that_is_sent_again_is_answered_again_and_written_once() {
    let site = Site::with_cast().await;
    let token = token(&site, &[Scope::Renew]).await;
    let sent = Write::renewal("python", &token, &tag(&site, "python").await, "key-1", &renewal());
    let (first, second) = tokio::join!(sent.send(&site), sent.send(&site));
    assert_eq!((first.status, second.status), (StatusCode::OK, StatusCode::OK), "{}", second.text());
    assert_eq!(first.body, second.body);
    let third = sent.clone().but("if-match", Some("\"other\"")).send(&site).await;
    assert_eq!((third.status, &third.body), (StatusCode::OK, &first.body));
    assert_eq!((third.header("idempotency-replayed"), third.header("etag")), ("true", first.header("etag")));
    let replays = [&first, &second].iter().filter(|one| one.header("idempotency-replayed") == "true").count();
    assert_eq!(replays, 1);
    assert_eq!(
        (count(&site, "change_sets where act = 'renewal'").await, count(&site, "api_idempotency").await),
        (1, 1)
    );
    let mut other = renewal();
    other["date"] = "2028-01-01".into();
    let other = Write::renewal("python", &token, first.header("etag"), "key-1", &other);
    let problem = refused(&site, &other.send(&site).await, StatusCode::UNPROCESSABLE_ENTITY, "another request").await;
    assert!(problem["detail"].as_str().unwrap().contains("Idempotency-Key"), "{problem}");
    let elsewhere = tokens::token(&site, &[Scope::Renew]).await;
    let elsewhere = other.clone().but("authorization", Some(&format!("Bearer {elsewhere}"))).send(&site).await;
    assert_eq!(elsewhere.status, StatusCode::OK, "each token has keys of its own");
    sqlx::query("update api_idempotency set at = now() - interval '25 hours'").execute(&site.pool).await.unwrap();
    let later = other.but("if-match", Some(&tag(&site, "python").await)).send(&site).await;
    refused(&site, &later, StatusCode::UNPROCESSABLE_ENTITY, "the key is free, the date is there").await;
    image_catalogue::tokens::db::sweep(&site.pool).await.unwrap();
    assert_eq!(count(&site, "api_idempotency").await, 0);
}

#[tokio::test]
async fn of_ten_writers_who_read_the_same_one_wins() {
    let site = Site::with_cast().await;
    let token = token(&site, &[Scope::Renew]).await;
    let held = tag(&site, "python").await;
    let writes: Vec<Write> = (0..10)
        .map(|month| {
            let mut said = renewal();
            said["date"] = format!("2027-04-{:02}", month + 1).into();
            Write::renewal("python", &token, &held, &format!("key-{month}"), &said)
        })
        .collect();
    let answers = futures_util::future::join_all(writes.iter().map(|write| write.send(&site))).await;
    let with = |status: StatusCode| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((with(StatusCode::OK), with(StatusCode::PRECONDITION_FAILED)), (1, 9));
    let now = tag(&site, "python").await;
    assert!(answers.iter().all(|answer| answer.header("etag") == now));
    assert_eq!(count(&site, "change_sets where act = 'renewal'").await, 1);
}

#[tokio::test]
async fn a_program_tries_a_file_and_brings_in_what_it_saw() {
    let site = Site::with_cast().await;
    let token = token(&site, &[Scope::Import]).await;
    let file = "Image name,Renewal date,Department,Type,Status,Notes\nPython,2027-03-01,SSC,,Procured,For all\nNew one,TBD,SSC,Application,Under consideration,\n";
    let tried = Write::import("?dry-run=true&lang=fr", &token, "", "", "text/csv; charset=utf-8", file);
    let tried = tried.but("if-match", None).but("idempotency-key", None).send(&site).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text());
    let wrong = Write::import("?dry-run=true", &token, "", "é", "text/csv", file).send(&site).await;
    refused(&site, &wrong, StatusCode::BAD_REQUEST, "a key that is none").await;
    let mut document = read(&site, "/api/openapi.json").await;
    closed(&mut document);
    check(&schema_of(&document, IMPORTS, "post", "200"), &body(&tried), "a dry run");
    assert_eq!((body(&tried)["new"].clone(), body(&tried)["changed"].clone()), (1.into(), 1.into()));
    assert_eq!(body(&tried)["rows"][0]["fields"], json!(["renewal_date", "notes_en"]));
    let seen = tokens::read(&site, "/api/v1/images", &token).await.header("etag").to_owned();
    assert_eq!(tried.header("etag"), seen, "the mark is that of the list");
    let acts = count(&site, "change_sets").await;
    let sent = Write::import("?reason=Revision%207&as-of=2026-11-01", &token, &seen, "k", "text/csv", file);
    for (query, kind, status) in [
        ("", "text/csv", StatusCode::BAD_REQUEST),
        ("?reason=x&dry-run=maybe", "text/csv", StatusCode::BAD_REQUEST),
        ("?reason=x&as-of=", "text/csv", StatusCode::BAD_REQUEST),
        ("?reason=x&as-of=2999-01-01", "text/csv", StatusCode::BAD_REQUEST),
        ("?reason=x&as-of=2199-01-01", "text/csv", StatusCode::UNPROCESSABLE_ENTITY),
        ("?reason=x&actor=me", "text/csv", StatusCode::BAD_REQUEST),
        ("?reason=x", "application/json", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("?reason=x", "text/markdown", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = Write::import(query, &token, &seen, "w", kind, file).send(&site).await;
        refused(&site, &answer, status, query).await;
    }
    let written = sent.send(&site).await;
    assert_eq!(written.status, StatusCode::OK, "{}", written.text());
    let again = sent.send(&site).await;
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &written.body));
    assert_eq!(count(&site, "change_sets").await, acts + 1);
    assert!(site.get("/en/images?q=new+one").await.one("tbody").contains("New one"));
    let act: (String, String, String, Option<String>) =
        sqlx::query_as("select actor, reason, source, token_id from change_sets order by id desc limit 1")
            .fetch_one(&site.pool)
            .await
            .unwrap();
    let said = ("pipeline (API, tester-admin)", "Revision 7", "API.csv", Some(token[5..13].to_owned()));
    assert_eq!((&*act.0, &*act.1, &*act.2, act.3), said);
    let stale = Write::import("?reason=x", &token, &seen, "other", "text/csv", file).send(&site).await;
    refused(&site, &stale, StatusCode::PRECONDITION_FAILED, "stale").await;
    assert_eq!(stale.header("etag"), written.header("etag"));
    let same = Write::import("?reason=x", &token, written.header("etag"), "same", "text/csv", file).send(&site).await;
    assert_eq!((same.status, body(&same)["same"].clone()), (StatusCode::OK, 2.into()));
    assert_eq!(count(&site, "change_sets").await, acts + 1, "what is the same is no act");
    let large = "x".repeat(17 * 1024 * 1024);
    let large = Write::import("?reason=x", &token, &seen, "l", "text/csv", &large).send(&site).await;
    refused(&site, &large, StatusCode::PAYLOAD_TOO_LARGE, "too large").await;
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

#[tokio::test]
async fn a_mark_is_the_same_however_an_image_is_sent_and_other_changes_leave_it() {
    let site = Site::with_cast().await;
    let sent_as = |coding: &'static str| Request::get("/api/v1/images/python").header("accept-encoding", coding);
    let mut tags = Vec::new();
    for coding in ["identity", "gzip", "br, gzip"] {
        let answer = site.send(sent_as(coding).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("content-encoding"), "", "{coding}");
        tags.push(answer.header("etag").to_owned());
    }
    tags.dedup();
    assert_eq!(tags.len(), 1);
    let held = sent_as("gzip").header("if-none-match", &tags[0]).body(Body::empty()).unwrap();
    assert_eq!(site.send(held).await.status, StatusCode::NOT_MODIFIED);
    let token = token(&site, &[Scope::Status]).await;
    let said = json!({ "department": "NRCan", "status": "declined", "reason": "x" });
    Write::status("nginx", &token, &tag(&site, "nginx").await, "a", &said).send(&site).await;
    assert_eq!(tag(&site, "python").await, tags[0]);
    assert_eq!(tokens::read(&site, "/api/v1/images/python", &token).await.header("etag"), tags[0]);
}

#[tokio::test]
async fn what_cannot_be_answered_again_is_not_written() {
    let site = Site::with_cast().await;
    let token = token(&site, &[Scope::Renew]).await;
    let sent = Write::renewal("python", &token, &tag(&site, "python").await, "1", &renewal());
    let acts = count(&site, "change_sets").await;
    let refuse = "alter table api_idempotency add column unknown integer not null";
    sqlx::query(refuse).execute(&site.pool).await.unwrap();
    assert_eq!(sent.send(&site).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(count(&site, "change_sets").await, acts);
    sqlx::query("alter table api_idempotency drop column unknown").execute(&site.pool).await.unwrap();
    assert_eq!(sent.send(&site).await.status, StatusCode::OK);
    sqlx::query(
        "update api_tokens set ended_at = now(), ended_account_id = account_id, ended_by = 'x', ended_reason = 'y'",
    )
    .execute(&site.pool)
    .await
    .unwrap();
    refused(&site, &sent.send(&site).await, StatusCode::UNAUTHORIZED, "nothing is answered again to one that ended")
        .await;
}
