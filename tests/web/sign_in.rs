//! Signing in with a local account: links, passwords, guesses, what administrators may, and where it leads.

use std::time::Instant;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use image_catalogue::i18n::Lang;
use image_catalogue::people::db::sign_ins;
use image_catalogue::people::{self, Who};
use image_catalogue::web::visitor::Role;

use crate::support::{Answer, CAST, Site};

const PASSWORD: &str = "correct horse battery";
const CONSOLE: Who<'static> = Who { account: None, name: "console" };

async fn site() -> Site {
    Site::with(CAST, &["--local-accounts", "on"]).await
}

/// The path of a new link of an account.
async fn link(site: &Site, email: &str, role: Role) -> String {
    let link = people::add(&site.pool, "http://catalogue.example", email, role, &CONSOLE).await.unwrap();
    link.address.strip_prefix("http://catalogue.example").unwrap().to_owned()
}

/// Sets the password of a new account; the cookie of the session that begins with it.
async fn enter(site: &Site, email: &str, role: Role) -> String {
    let link = link(site, email, role).await;
    let answer = site.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/en/account"), "{email}");
    session_of(&answer)
}

fn session_of(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let cookie = set.into_iter().find(|cookie| cookie.contains("session=")).expect("a session cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

/// A sign-in from an address of the network.
async fn try_from(site: &Site, address: &str, email: &str, password: &str) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("email", email), ("password", password), ("next", "/fr/compte")])
        .finish();
    let peer: std::net::SocketAddr = format!("{address}:1000").parse().unwrap();
    let request = Request::post("/fr/ouvrir-session")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .extension(ConnectInfo(peer));
    site.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_link_sets_a_password_once_and_the_password_signs_in() {
    let site = site().await;
    let first = link(&site, "ada@example.ca", Role::Staff).await;
    assert_eq!(site.get(&first).await.status, StatusCode::OK);
    assert_eq!(site.get(&first.replace("/en/sign-in/link", "/fr/ouvrir-session/lien")).await.status, StatusCode::OK);
    for (typed, again, sentence) in [
        ("short", "short", "at least 12"),
        ("twelve chars", "twelve chart", "not the same"),
        ("ada@example.ca", "ada@example.ca", "e-mail address"),
    ] {
        let page = site.post(&first, &[("password", typed), ("again", again)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.one(".error-summary").contains(sentence), "{typed}");
    }
    let answer = site.post(&first, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let session = session_of(&answer);
    for used in [site.get(&first).await, site.post(&first, &[("password", PASSWORD), ("again", PASSWORD)]).await] {
        assert_eq!(used.status, StatusCode::NOT_FOUND);
        assert_eq!(used.one("h1"), "This link can no longer be used");
    }
    let answer = try_from(&site, "192.0.2.1", " Ada@Example.CA", PASSWORD).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/fr/compte"));
    assert_ne!(session_of(&answer), session, "each sign-in has a number of its own");
    let older = link(&site, "ada@example.ca", Role::Staff).await;
    let newer = link(&site, "ada@example.ca", Role::Staff).await;
    assert_eq!(site.get(&older).await.status, StatusCode::NOT_FOUND, "a newer link takes its place");
    sqlx::query("update one_time_links set made_at = now() - interval '24 hours 1 second'")
        .execute(&site.pool)
        .await
        .unwrap();
    assert_eq!(site.get(&newer).await.status, StatusCode::NOT_FOUND, "a day later it is over");
}

#[tokio::test]
async fn cve_2022_44381_no_answer_tells_whether_an_account_exists() {
    let site = site().await;
    enter(&site, "ada@example.ca", Role::Staff).await;
    enter(&site, "gone@example.ca", Role::Staff).await;
    people::disable(&site.pool, "gone@example.ca", &CONSOLE).await.unwrap();
    link(&site, "new@example.ca", Role::Staff).await;
    let mut answers = Vec::new();
    for (email, password) in [
        ("ada@example.ca", "wrong password"),
        ("nobody@example.ca", "wrong password"),
        ("gone@example.ca", PASSWORD),
        ("new@example.ca", ""),
        ("not an address", "wrong password"),
    ] {
        let began = Instant::now();
        let answer = try_from(&site, "192.0.2.1", email, password).await;
        let took = began.elapsed();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
        assert_eq!(answer.attributes("#email", "value"), [email], "what was typed stays, but for the password");
        assert!(answer.attributes("#password", "value").is_empty());
        answers.push((answer.text().replace(email, ""), took));
    }
    let (body, took) = &answers[0];
    for (other, other_took) in &answers[1..] {
        assert_eq!(body, other);
        assert!(*other_took * 4 > *took, "{other_took:?} beside {took:?}");
    }
}

#[tokio::test]
async fn who_guesses_waits_and_locks_nobody_out() {
    let site = site().await;
    enter(&site, "ada@example.ca", Role::Staff).await;
    let mut last = None;
    for _ in 0..8 {
        last = Some(try_from(&site, "192.0.2.66", "ada@example.ca", "a guess of 12").await);
    }
    let last = last.unwrap();
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(last.one(".error-summary").contains("Attendez une minute"));
    let there = try_from(&site, "192.0.2.66", "ada@example.ca", PASSWORD).await;
    assert_eq!(there.status, StatusCode::TOO_MANY_REQUESTS);
    let colleague = try_from(&site, "192.0.2.67", "ada@example.ca", PASSWORD).await;
    assert_eq!(colleague.status, StatusCode::SEE_OTHER, "the colleague is not kept out");
    let events: Vec<String> =
        sqlx::query_scalar("select event || ' ' || address from security_events order by id desc limit 3")
            .fetch_all(&site.pool)
            .await
            .unwrap();
    assert_eq!(events, ["local-used 192.0.2.67", "throttled 192.0.2.66", "refused 192.0.2.66"]);
}

#[tokio::test]
async fn cve_2024_22244_signing_in_leads_to_this_site_only() {
    let site = site().await;
    enter(&site, "ada@example.ca", Role::Staff).await;
    for next in [
        "//evil.example",
        "/\\evil.example",
        "/%2f%2fevil.example",
        "/en/%2f%2fevil.example",
        "https://evil.example/en",
        "/en\r\nSet-Cookie: a=b",
        "/en/%0d%0aSet-Cookie:%20a=b",
        "javascript:alert(1)",
        "/en/../..//evil.example",
        "\\\\evil",
    ] {
        let page = site.get(&format!("/en/sign-in?next={}", image_catalogue::web::address::encode(next))).await;
        assert_eq!(page.attributes("input[name=next]", "value"), [""], "{next:?}");
        sqlx::query("update one_time_links set used_at = null, made_at = now()").execute(&site.pool).await.unwrap();
    }
    for next in ["//evil.example", "/\\evil.example", "/en/%2f%2fevil.example"] {
        let fields = [("email", "ada@example.ca"), ("password", PASSWORD), ("next", next)];
        let answer = site.post("/en/sign-in", &fields).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/en"), "{next}");
    }
    let fields = [("email", "ada@example.ca"), ("password", PASSWORD), ("next", "/en/images?q=a%2Fb")];
    assert_eq!(site.post("/en/sign-in", &fields).await.header("location"), "/en/images?q=a%2Fb");
}

#[tokio::test]
async fn where_local_accounts_are_off_no_password_opens_anything() {
    let site = Site::with(CAST, &["--local-accounts", "off"]).await;
    let link = link(&site, "ada@example.ca", Role::Administrator).await;
    assert!(site.get("/fr/ouvrir-session").await.one("main").contains("n’est pas configurée"));
    assert_eq!(site.get(&link).await.status, StatusCode::NOT_FOUND);
    let fields = [("email", "ada@example.ca"), ("password", PASSWORD)];
    assert_eq!(site.post("/en/sign-in", &fields).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn over_tls_the_cookie_is_for_this_host_alone() {
    let options = ["--local-accounts", "on", "--public-url", "https://images.example.gc.ca"];
    let site = Site::with(CAST, &options).await;
    let link = link(&site, "ada@example.ca", Role::Staff).await;
    let answer = site.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("__Host-session=")).expect("a session cookie");
    assert!(cookie.contains("Secure") && !cookie.contains("Domain") && !cookie.contains("Max-Age"), "{cookie}");
}

#[tokio::test]
async fn an_administrator_makes_changes_and_disables_accounts() {
    let site = site().await;
    let admin = site.sign_in(Role::Administrator).await;
    let fields = [("do", "add"), ("email", "Bob@Example.ca"), ("role", "manager"), ("organisation", "1")];
    let page = admin.post("/fr/personnel/comptes", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.one("main"));
    let link = page.one(".one-time-link");
    let path = link.strip_prefix("http://127.0.0.1:8080").expect("the configured origin");
    assert_eq!(site.get(path).await.status, StatusCode::OK);
    assert!(!admin.get("/fr/personnel/comptes").await.text().contains(path), "it is shown once");
    let again = admin.post("/en/staff/accounts", &fields).await;
    assert!(again.header("location").starts_with("/en/staff/accounts/"), "what is there as asked for is shown");
    let fields = [("do", "add"), ("email", "Bob@Example.ca"), ("role", "staff")];
    let again = admin.post("/en/staff/accounts", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.attributes("#email", "value"), ["Bob@Example.ca"], "nothing typed is lost");
    let (bob, version): (i64, i32) = sqlx::query_as("select id, version from accounts where email = 'bob@example.ca'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    let address = format!("/en/staff/accounts/{bob}");
    let his = site.sign_in_as(bob).await;
    assert_eq!(his.get("/en/account").await.status, StatusCode::OK);
    let (stale, version) = (version.to_string(), version.to_string());
    let save = |version: String, role: &'static str, disabled: bool| {
        let mut fields = vec![("do", "save".to_owned()), ("version", version), ("role", role.to_owned())];
        if disabled {
            fields.push(("disabled", "yes".to_owned()));
        }
        fields
    };
    let fields = save(version, "staff", false);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(admin.post(&address, &fields).await.status, StatusCode::SEE_OTHER);
    let fields = save(stale, "admin", true);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = admin.post(&address, &fields).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "the second administrator sees what the first did");
    assert!(page.one(".error-summary").contains("It now has the role Staff"));
    let version = page.attributes("input[name=version]", "value").remove(0);
    let fields = save(version, "staff", true);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(admin.post(&address, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(his.get("/en/account").await.status, StatusCode::SEE_OTHER, "a disabled account is out at once");
    let events = admin.get(&address).await.one("main");
    for word in ["Account made manager", "Password link made", "Role changed manager → staff", "Account disabled"] {
        assert!(events.contains(word), "{word}: {events}");
    }
}

#[tokio::test]
async fn cve_2026_44832_the_last_administrator_stays() {
    let site = site().await;
    let admin = site.sign_in(Role::Administrator).await;
    let address = format!("/en/staff/accounts/{}", admin.account);
    for (role, disabled) in [("staff", false), ("admin", true)] {
        let version: i32 = sqlx::query_scalar("select version from accounts").fetch_one(&site.pool).await.unwrap();
        let version = version.to_string();
        let mut fields = vec![("do", "save"), ("version", &*version), ("role", role)];
        if disabled {
            fields.push(("disabled", "yes"));
        }
        let page = admin.post(&address, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.one(".error-summary").contains("last administrator"));
    }
    assert_eq!(admin.get(&address).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_use_of_a_local_account_is_shown_to_administrators_as_break_glass() {
    let site = site().await;
    enter(&site, "ada@example.ca", Role::Staff).await;
    try_from(&site, "192.0.2.1", "ada@example.ca", PASSWORD).await;
    let admin = site.sign_in(Role::Administrator).await;
    let page = admin.get("/en/staff/accounts").await;
    assert_eq!(page.all("td .badge-soon"), ["Break-glass", "Break-glass"]);
    let rows = page.all("tbody tr").join("\n");
    assert!(
        rows.contains("Signed in with a local account Break-glass ada@example.ca ada@example.ca 192.0.2.1"),
        "{rows}"
    );
}

#[tokio::test]
async fn the_record_of_security_events_cannot_be_rewritten() {
    let site = site().await;
    link(&site, "ada@example.ca", Role::Staff).await;
    for statement in
        ["update security_events set actor = 'x'", "delete from security_events", "truncate security_events"]
    {
        assert!(sqlx::query(statement).execute(&site.pool).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn no_secret_is_stored_as_it_is() {
    let site = site().await;
    let session = enter(&site, "ada@example.ca", Role::Staff).await;
    let link = link(&site, "bob@example.ca", Role::Staff).await;
    let token = link.rsplit('/').next().unwrap();
    let session = session.split_once('=').unwrap().1;
    for table in ["accounts", "one_time_links", "sessions", "security_events", "kept_forms", "sign_ins"] {
        let dump: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select t::text from {table} t")))
            .fetch_all(&site.pool)
            .await
            .unwrap();
        for secret in [token, session, PASSWORD] {
            assert!(!dump.join("\n").contains(secret), "{table}");
        }
    }
}

#[tokio::test]
async fn a_way_to_the_provider_is_walked_within_ten_minutes_once_and_in_one_browser() {
    let options = ["--oidc-issuer", "https://login.example/x", "--oidc-client-id", "catalogue"];
    let site = Site::with(CAST, &options).await;
    assert_eq!(
        site.get("/fr/ouvrir-session?next=%2Ffr%2Fcompte").await.attributes("main .button", "href"),
        ["/fr/ouvrir-session/fournisseur?next=%2Ffr%2Fcompte"]
    );
    let hash = |text: &str| ring::digest::digest(&ring::digest::SHA256, text.as_bytes()).as_ref().to_vec();
    let (browser, other) = ("a".repeat(64), "b".repeat(64));
    let sign_in =
        sign_ins::SignIn { nonce: "n".to_owned(), verifier: "v".to_owned(), lang: Lang::Fr, next: String::new() };
    sign_ins::begin(&site.pool, &hash("state"), &hash(&browser), &sign_in).await.unwrap();
    let come = async |cookie: &str, query: &str| {
        let request = Request::get(format!("/auth/callback?{query}")).header("cookie", format!("sign-in={cookie}"));
        let answer = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        answer.one("main")
    };
    let stale = "not begun in this browser";
    assert!(come(&other, "state=state&code=c").await.contains(stale));
    assert!(come(&browser, "state=other&code=c").await.contains(stale));
    assert!(come("", "state=state&code=c").await.contains(stale));
    sqlx::query("update sign_ins set made_at = now() - interval '10 minutes 1 second'")
        .execute(&site.pool)
        .await
        .unwrap();
    assert!(come(&browser, "state=state&code=c").await.contains(stale));
    sqlx::query("update sign_ins set made_at = now()").execute(&site.pool).await.unwrap();
    assert!(come(&browser, "state=state&error=access_denied").await.contains("Vous avez choisi"), "as it was begun");
    assert!(come(&browser, "state=state&error=access_denied").await.contains(stale), "and once");
    let refused: i64 = sqlx::query_scalar("select count(*) from security_events where event = 'refused'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(refused, 6);
}
