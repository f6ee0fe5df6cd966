//! Tokens of programs: made, shown once, listed, ended, refused, and never a session.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::web::visitor::{Role, Scope};
use serde_json::Value;

use crate::forms::{fields, send, with};
use crate::support::{Answer, SignedIn, Site};

pub const TOKENS: &str = "/en/staff/tokens";

/// Makes a token by the page's form, as an administrator; the token itself.
pub async fn token(site: &Site, scopes: &[Scope]) -> String {
    let admin = site.sign_in(Role::Administrator).await;
    shown(&made(&admin, TOKENS, "pipeline", scopes).await)
}

async fn made(admin: &SignedIn<'_>, address: &str, name: &str, scopes: &[Scope]) -> Answer {
    let open = fields(&admin.get(address).await);
    let mut sent = with(&open, &[("name", name), ("reason", "Keeps dates true"), ("days", "30"), ("do", "make")]);
    sent.extend(scopes.iter().map(|scope| ("scope".to_owned(), scope.code().to_owned())));
    send(admin, address, &sent).await
}

fn shown(page: &Answer) -> String {
    assert_eq!(page.status, StatusCode::OK, "{}", page.one("main"));
    page.one("code.one-time-link")
}

/// What a program is answered that reads with a token.
pub async fn read(site: &Site, address: &str, token: &str) -> Answer {
    let request = Request::get(address).header("authorization", format!("Bearer {token}"));
    site.send(request.body(Body::empty()).unwrap()).await
}

fn problem(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    serde_json::from_slice(&answer.body).unwrap()
}

/// Every row of every table, as text.
async fn everything(site: &Site) -> String {
    let mut all = String::new();
    for table in ["api_tokens", "api_idempotency", "security_events", "change_sets", "changes", "kept_forms"] {
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select t::text from {table} t")))
            .fetch_all(&site.pool)
            .await
            .unwrap();
        all += &rows.join("\n");
    }
    all
}

#[tokio::test]
async fn a_token_is_shown_once_and_stored_nowhere() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    assert!(admin.get("/fr/personnel/jetons").await.one(".empty").contains("Il n’y a pas encore de jeton"));
    let open = fields(&admin.get(TOKENS).await);
    let mut sent = with(&open, &[("name", "Pipeline <b>"), ("reason", "Keeps dates true"), ("do", "make")]);
    sent.push(("scope".to_owned(), "write:renew".to_owned()));
    let page = send(&admin, TOKENS, &sent).await;
    let token = shown(&page);
    assert_eq!(page.header("cache-control"), "private, no-store");
    assert!(token.starts_with("icat_") && token.len() == 78, "{token}");
    let again = send(&admin, TOKENS, &sent).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "the same form makes no other");
    let one = again.header("location").to_owned();
    assert_eq!(one, format!("{TOKENS}/{}", &token[5..13]));
    let secret = &token[14..];
    for address in [&*one, &one.replace("/en/staff/tokens", "/fr/personnel/jetons"), TOKENS, "/en/staff/accounts"] {
        let page = admin.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert!(!page.text().contains(secret), "{address}");
    }
    let all = everything(&site).await;
    assert!(!all.contains(secret) && all.contains("token-made") && all.contains("write:renew"), "{all}");
    let list = admin.get(TOKENS).await;
    let row = list.one("tbody tr");
    for words in ["Pipeline <b>", "write:renew", "tester-admin", "Never", "Can be used"] {
        assert!(row.contains(words), "{words} in {row}");
    }
    let kept: (String, i32) = sqlx::query_as("select encode(token_hash, 'hex'), length(token_hash) from api_tokens")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(kept.1, 32);
    assert!(sqlx::query("update api_tokens set scopes = '{write:import}'").execute(&site.pool).await.is_err());
    assert!(sqlx::query("delete from api_tokens").execute(&site.pool).await.is_err());
}

#[tokio::test]
async fn what_is_wrong_with_a_new_token_is_said_and_nothing_typed_is_lost() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    for (address, missing) in [(TOKENS, "Give the token a name"), ("/fr/personnel/jetons", "Donnez un nom au jeton")] {
        let open = fields(&admin.get(address).await);
        let mut sent = with(&open, &[("reason", "For <i>tests</i>"), ("days", "366"), ("do", "make")]);
        sent.push(("scope".to_owned(), "write:status".to_owned()));
        let page = send(&admin, address, &sent).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.one(".error-summary").contains(missing));
        assert_eq!(page.one("#reason"), "For <i>tests</i>");
        assert_eq!(page.attributes("#days", "value"), ["366"]);
        assert_eq!(page.attributes("[name=scope][checked]", "value"), ["write:status"]);
        let again = fields(&page);
        let fixed = with(&again, &[("name", "x"), ("days", "365"), ("scope", "write:all"), ("do", "make")]);
        assert_eq!(send(&admin, address, &fixed).await.status, StatusCode::UNPROCESSABLE_ENTITY, "an unknown scope");
    }
    let forged =
        admin.post_bare(TOKENS, &[("name", "x"), ("reason", "y"), ("scope", "write:renew"), ("days", "3")]).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY, "a form of nobody");
    assert_eq!(sqlx::query("select from api_tokens").fetch_all(&site.pool).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_token_that_does_not_count_is_refused_in_the_language_of_the_program() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let [ended, expired] = [
        shown(&made(&admin, TOKENS, "ended", &[Scope::Record]).await),
        shown(&made(&admin, TOKENS, "expired", &[Scope::Record]).await),
    ];
    for token in [&ended, &expired] {
        assert_eq!(read(&site, "/api/v1/images", token).await.status, StatusCode::OK);
    }
    let one = format!("/fr/personnel/jetons/{}", &ended[5..13]);
    let refused = admin.post(&one, &[("do", "end"), ("reason", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let open = with(&fields(&admin.get(&one).await), &[("do", "end"), ("reason", "Found in a log")]);
    for _ in 0..2 {
        let end = send(&admin, &one, &open).await;
        assert_eq!((end.status, end.header("location")), (StatusCode::SEE_OTHER, &*one));
    }
    let page = admin.get(&one).await;
    assert!(page.one("h1").contains("Révoqué") && page.one("dl.facts").contains("Found in a log"));
    let events: Vec<String> = sqlx::query_scalar("select detail from security_events where event = 'token-ended'")
        .fetch_all(&site.pool)
        .await
        .unwrap();
    assert_eq!(events, [format!("icat_{} · Found in a log", &ended[5..13])]);
    sqlx::query("alter table api_tokens disable trigger api_tokens_only_ended").execute(&site.pool).await.unwrap();
    sqlx::query("update api_tokens set made_at = now() - interval '2 days', expires_at = now() - interval '1 second' where name = 'expired'")
        .execute(&site.pool)
        .await
        .unwrap();
    assert!(admin.get(TOKENS).await.one("table").contains("Expired"));
    let unknown = format!("icat_{}_{}", &ended[5..13], "0".repeat(64));
    for token in [&*ended, &expired, &unknown, "x", "", "icat_", &"é".repeat(40)] {
        let request = Request::get("/api/v1/images").header("accept-language", "fr-CA").header("cookie", "lang=en");
        let request = request.header("authorization", format!("Bearer {token}").as_bytes());
        let answer = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
        assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""));
        assert_eq!((answer.header("cache-control"), answer.header("content-language")), ("private, no-store", "fr"));
        assert!(problem(&answer)["detail"].as_str().unwrap().contains("jeton n’est pas valide"));
        assert!(!answer.text().contains("icat_"));
    }
    let all = everything(&site).await;
    assert!(all.contains("token-refused") && !all.contains(&ended[14..]) && !all.contains(&"0".repeat(64)));
}

#[tokio::test]
async fn a_token_is_refused_while_the_account_of_who_made_it_is_disabled() {
    let site = Site::with_cast().await;
    let token = token(&site, &[Scope::Record]).await;
    for (statement, status) in [
        ("update accounts set disabled_at = now()", StatusCode::UNAUTHORIZED),
        ("update accounts set disabled_at = null", StatusCode::OK),
    ] {
        sqlx::query(statement).execute(&site.pool).await.unwrap();
        assert_eq!(read(&site, "/api/v1/changes", &token).await.status, status, "{statement}");
    }
}

#[tokio::test]
async fn a_token_reads_names_where_it_may_and_what_it_reads_is_kept_by_nobody() {
    let site = Site::with_cast().await;
    let (with_names, without) = (token(&site, &[Scope::Record]).await, token(&site, &[Scope::Renew]).await);
    let answer = read(&site, "/api/v1/changes?limit=500", &with_names).await;
    assert!(answer.text().contains("\"actor\":\"tester\""));
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let varies: Vec<_> = answer.headers.get_all("vary").iter().map(|one| one.to_str().unwrap()).collect();
    assert!(varies.contains(&"authorization"), "{varies:?}");
    for public in
        [read(&site, "/api/v1/changes?limit=500", &without).await, site.get("/api/v1/changes?limit=500").await]
    {
        assert_eq!(public.status, StatusCode::OK);
        assert!(!public.text().contains("actor"));
    }
    let used: Vec<Option<chrono::NaiveDate>> =
        sqlx::query_scalar("select last_used_on from api_tokens").fetch_all(&site.pool).await.unwrap();
    assert!(used.iter().all(Option::is_some), "{used:?}");
}

#[tokio::test]
async fn a_token_opens_no_page_and_a_mark_it_was_given_stands_for_the_very_bytes() {
    let site = Site::with_cast().await;
    let token = token(&site, &Scope::ALL).await;
    for address in ["/en/staff/accounts", TOKENS, "/en/account", "/en/staff/renewals"] {
        let answer = read(&site, address, &token).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{address}");
    }
    assert!(read(&site, "/en/images", &token).await.one(".who").starts_with("Sign in"));
    let request = Request::get("/api/v1/images?limit=500")
        .header("authorization", format!("Bearer {token}"))
        .header("accept-encoding", "gzip, br");
    let answer = site.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("content-encoding"), "");
    assert!(answer.header("etag").starts_with('"'), "{}", answer.header("etag"));
    let public = Request::get("/api/v1/images?limit=500").header("accept-encoding", "gzip");
    let answer = site.send(public.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.header("content-encoding"), answer.header("etag").get(..3)), ("gzip", Some("W/\"")));
}
