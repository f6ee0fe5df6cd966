//! Who people are and what they may: sessions, roles, and forms that outlive a session.

use std::collections::BTreeSet;
use std::fmt::Write;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::web::address::encode;
use image_catalogue::web::visitor::Role;

use crate::support::Site;

/// What each address answers to a GET and to an empty form, for a visitor and for each role.
const MATRIX: &str = "\
/en                              200 200 200 200 200 | 405 405 405 405 405
/en/images                       200 200 200 200 200 | 405 405 405 405 405
/en/images/{slug}                200 200 200 200 200 | 405 405 405 405 405
/en/images.csv                   200 200 200 200 200 | 405 405 405 405 405
/en/images.json                  200 200 200 200 200 | 405 405 405 405 405
/en/images.md                    200 200 200 200 200 | 405 405 405 405 405
/en/images.xlsx                  200 200 200 200 200 | 405 405 405 405 405
/en/renewals.ics                 200 200 200 200 200 | 405 405 405 405 405
/en/images/{slug}/suggest        200 200 200 200 200 | 422 422 422 422 422
/en/demand                       200 200 200 200 200 | 405 405 405 405 405
/en/demand.csv                   200 200 200 200 200 | 405 405 405 405 405
/en/demand.xlsx                  200 200 200 200 200 | 405 405 405 405 405
/en/demand.json                  200 200 200 200 200 | 405 405 405 405 405
/en/demand.md                    200 200 200 200 200 | 405 405 405 405 405
/en/rounds                       200 200 200 200 200 | 405 405 405 405 405
/en/reports                      200 200 200 200 200 | 405 405 405 405 405
/en/reports/{report}             200 200 200 200 200 | 405 405 405 405 405
/en/departments                  200 200 200 200 200 | 405 405 405 405 405
/en/departments/{acronym}        200 200 200 200 200 | 405 405 405 405 405
/en/guidance                     200 200 200 200 200 | 405 405 405 405 405
/en/guidance/using-images        200 200 200 200 200 | 405 405 405 405 405
/en/guidance/portal              200 200 200 200 200 | 405 405 405 405 405
/en/guidance/procurement         200 200 200 200 200 | 405 405 405 405 405
/en/guidance/questions           200 200 200 200 200 | 405 405 405 405 405
/en/guidance/policies            200 200 200 200 200 | 405 405 405 405 405
/en/guidance/staff               200 200 200 200 200 | 405 405 405 405 405
/en/accessibility                200 200 200 200 200 | 405 405 405 405 405
/en/privacy                      200 200 200 200 200 | 405 405 405 405 405
/en/check                        200 200 200 200 200 | 422 422 422 422 422
/en/requests/new                 200 200 200 200 200 | 422 422 422 422 422
/en/requests                     200 200 200 200 200 | 405 405 405 405 405
/en/feedback/new                 200 200 200 200 200 | 422 422 422 422 422
/en/feedback                     200 200 200 200 200 | 405 405 405 405 405
/en/changes                      200 200 200 200 200 | 405 405 405 405 405
/en/changes.atom                 200 200 200 200 200 | 405 405 405 405 405
/en/changes.csv                  200 200 200 200 200 | 405 405 405 405 405
/en/changes.xlsx                 200 200 200 200 200 | 405 405 405 405 405
/en/changes.json                 200 200 200 200 200 | 405 405 405 405 405
/en/changes.md                   200 200 200 200 200 | 405 405 405 405 405
/en/changes/{id}                 200 200 200 200 200 | 405 405 405 405 405
/en/images/{slug}/changes        200 200 200 200 200 | 405 405 405 405 405
/en/sign-in                      200 200 200 200 200 | 422 422 422 422 422
/en/follow                       400 400 400 400 400 | 400 422 422 422 422
/en/api                          200 200 200 200 200 | 405 405 405 405 405
/en/staff/images/new             303 403 200 200 200 | 303 403 422 422 422
/en/staff/images/{slug}          303 403 200 200 200 | 303 403 422 422 422
/en/staff/images/{slug}/merge    303 403 200 200 200 | 303 403 422 422 422
/en/staff/renewals               303 403 200 200 200 | 303 403 422 422 422
/en/staff/import                 303 403 200 200 200 | 303 403 422 422 422
/en/staff/import/{id}            303 403 404 404 404 | 303 403 422 422 422
/en/staff/quality                303 403 200 200 200 | 303 403 422 422 422
/en/staff/changes/{id}/undo      303 403 200 200 200 | 303 403 422 422 422
/en/staff/requests               303 403 200 200 200 | 303 403 405 405 405
/en/staff/requests/{reference}   303 403 404 404 404 | 303 403 422 422 422
/en/staff/requests/decide        303 403 400 400 400 | 303 403 422 422 422
/en/rounds/{id}/confirm          303 404 404 404 404 | 303 422 422 422 422
/en/staff/rounds                 303 403 200 200 200 | 303 403 405 405 405
/en/staff/rounds/{id}            303 403 404 404 404 | 303 403 422 422 422
/en/staff/rounds/{id}/outcome    303 403 404 404 404 | 303 403 422 422 422
/en/staff/suggestions            303 403 200 200 200 | 303 403 405 405 405
/en/staff/suggestions/{id}       303 403 404 404 404 | 303 403 422 422 422
/en/staff/reminders              303 403 200 200 200 | 303 403 422 422 422
/en/staff/feedback               303 403 200 200 200 | 303 403 405 405 405
/en/staff/feedback.csv           303 403 200 200 200 | 303 403 405 405 405
/en/staff/feedback.xlsx          303 403 200 200 200 | 303 403 405 405 405
/en/staff/feedback.json          303 403 200 200 200 | 303 403 405 405 405
/en/staff/feedback.md            303 403 200 200 200 | 303 403 405 405 405
/en/staff/feedback/{id}          303 403 404 404 404 | 303 403 422 422 422
/en/staff/mail                   303 403 200 200 200 | 303 403 422 422 422
/en/staff/mail/{id}              303 403 404 404 404 | 303 403 422 422 422
/en/staff/costs                  303 403 403 200 200 | 303 403 403 422 422
/en/staff/costs/{file}           303 403 403 200 200 | 303 403 403 405 405
/en/staff/reports                303 403 403 200 200 | 303 403 403 405 405
/en/staff/reports/new            303 403 403 200 200 | 303 403 403 422 422
/en/staff/reports/{id}           303 403 403 404 404 | 303 403 403 422 422
/en/staff/reports/{id}/change    303 403 403 404 404 | 303 403 403 422 422
/en/staff/reports/{id}/{file}    303 403 403 404 404 | 303 403 403 405 405
/en/staff/departments            303 403 403 403 200 | 303 403 403 403 405
/en/staff/departments/{id}       303 403 403 403 200 | 303 403 403 403 422
/en/staff/content                303 403 403 403 200 | 303 403 403 403 405
/en/staff/content/{name}         303 403 403 403 200 | 303 403 403 403 422
/en/account                      303 200 200 200 200 | 303 400 400 400 400
/en/kept/{token}                 303 404 404 404 404 | 303 405 405 405 405
/en/staff/accounts               303 403 403 403 200 | 303 403 403 403 422
/en/staff/accounts/{id}          303 403 403 403 200 | 303 403 403 403 400
/en/staff/tokens                 303 403 403 403 200 | 303 403 403 403 422
/en/staff/tokens/{id}            303 403 403 403 404 | 303 403 403 403 422
";

#[tokio::test]
async fn every_address_answers_each_role_as_the_matrix_says() {
    let site = Site::with_cast().await;
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push(site.sign_in(role).await);
    }
    let staff = image_catalogue::STAFF_PAGES.iter().map(|(route, _)| route);
    let mut matrix = String::new();
    for route in image_catalogue::PAGES.iter().chain(staff) {
        let id = match route.en {
            "/en/staff/accounts/{id}" => people[0].account.to_string(),
            "/en/staff/tokens/{id}" => "0000000a".to_owned(),
            _ => "2".to_owned(),
        };
        let address = route
            .en
            .replace("{slug}", "nginx")
            .replace("{acronym}", "NRCan")
            .replace("{id}", &id)
            .replace("{reference}", "REQ-2026-0001")
            .replace("{name}", "banner")
            .replace("{report}", "overview")
            .replace("{file}", "costs.csv");
        let (mut got, mut posted) = (vec![site.get(&address).await], vec![site.post(&address, &[]).await]);
        for person in &people {
            got.push(person.get(&address).await);
            posted.push(person.post(&address, &[]).await);
        }
        let codes = |answers: &[crate::support::Answer]| {
            answers.iter().map(|answer| answer.status.as_str().to_owned()).collect::<Vec<_>>().join(" ")
        };
        writeln!(matrix, "{:<32} {} | {}", route.en, codes(&got), codes(&posted)).unwrap();
    }
    let in_order = |matrix: &str| matrix.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert!(in_order(&matrix) == in_order(MATRIX), "the matrix is now:\n{matrix}");
}

#[tokio::test]
async fn every_staff_page_is_guarded_from_its_role_on() {
    let site = Site::with_cast().await;
    for (route, least) in image_catalogue::STAFF_PAGES.iter() {
        let french = route.fr.replace("{id}", "1").replace("{name}", "banner");
        let answer = site.get(&french).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{french}");
        assert_eq!(answer.header("location"), format!("/fr/ouvrir-session?next={}", encode(&french)));
        for role in Role::ALL.into_iter().filter(|role| role < least) {
            let answer = site.sign_in(role).await.get(&french).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{french} {role:?}");
        }
    }
    let events: Vec<(String, String)> =
        sqlx::query_as("select account, detail from security_events where event = 'forbidden' order by id")
            .fetch_all(&site.pool)
            .await
            .unwrap();
    assert!(events.contains(&("tester-staff".to_owned(), "GET /fr/personnel/comptes".to_owned())), "{events:?}");
}

#[tokio::test]
async fn cve_2026_61836_what_a_person_sees_is_kept_by_nobody_and_shown_to_nobody_else() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    for address in ["/en/images", "/fr/images", "/en/account", "/en/nowhere", "/en/images.csv"] {
        let page = staff.get(address).await;
        assert_eq!((page.header("cache-control"), page.header("etag")), ("private, no-store", ""), "{address}");
        let page = site.get(address).await;
        assert!(!page.text().contains("tester-staff"), "{address}");
    }
    let page = staff.get("/en/images").await;
    assert!(page.one(".who").starts_with("tester-staff Sign out"), "{}", page.one(".who"));
    let page = site.get("/en/images").await;
    assert!(page.one(".who").starts_with("Sign in"));
    assert!(!page.header("etag").is_empty() && page.header("set-cookie").starts_with("lang="));
}

#[tokio::test]
async fn a_session_ends_when_it_is_old_unused_ended_or_its_account_disabled() {
    let site = Site::with_cast().await;
    for end in [
        "update sessions set begun_at = now() - interval '12 hours 1 second'",
        "update sessions set seen_at = now() - interval '30 minutes 1 second'",
        "update sessions set ended_at = now()",
        "update accounts set disabled_at = now()",
    ] {
        let staff = site.sign_in(Role::Staff).await;
        assert_eq!(staff.get("/en/account").await.status, StatusCode::OK);
        sqlx::query(end).execute(&site.pool).await.unwrap();
        let answer = staff.get("/en/account").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{end}");
        assert!(answer.header("set-cookie").contains("Max-Age=0"), "the cookie is taken back");
        let page = staff.get("/en/images").await;
        assert!(page.one(".who").starts_with("Sign in"), "{end}");
        sqlx::query("update accounts set disabled_at = null").execute(&site.pool).await.unwrap();
    }
}

#[tokio::test]
async fn cve_2024_34709_a_changed_role_counts_at_the_next_request() {
    let site = Site::with_cast().await;
    let person = site.sign_in(Role::Administrator).await;
    assert_eq!(person.get("/en/staff/accounts").await.status, StatusCode::OK);
    sqlx::query("update accounts set role = 'staff'").execute(&site.pool).await.unwrap();
    assert_eq!(person.get("/en/staff/accounts").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_time_of_use_is_written_at_most_once_a_minute() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let seen = || async {
        let age: f64 = sqlx::query_scalar("select extract(epoch from now() - seen_at)::float8 from sessions")
            .fetch_one(&site.pool)
            .await
            .unwrap();
        age
    };
    sqlx::query("update sessions set seen_at = now() - interval '50 seconds'").execute(&site.pool).await.unwrap();
    staff.get("/en/images").await;
    assert!(seen().await > 49.0);
    sqlx::query("update sessions set seen_at = now() - interval '70 seconds'").execute(&site.pool).await.unwrap();
    staff.get("/en/images").await;
    assert!(seen().await < 20.0);
}

#[tokio::test]
async fn cve_2024_48987_a_forged_cookie_is_a_visitors() {
    let site = Site::with_cast().await;
    site.sign_in(Role::Administrator).await;
    let stored: Vec<u8> = sqlx::query_scalar("select id_hash from sessions").fetch_one(&site.pool).await.unwrap();
    let hex = stored.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let forged = ["", "1", "AAAAAAAAAAAAAAAAAAAAAA", "' or 1=1 --", "../../etc/passwd", "%00", &hex];
    for value in forged {
        for name in ["session", "__Host-session"] {
            let request = Request::get("/en/account").header("cookie", format!("{name}={value}"));
            let answer = site.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}={value}");
        }
    }
}

#[tokio::test]
async fn cve_2019_19025_a_post_from_another_site_changes_nothing() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    for address in ["/en/sign-out", "/en/account", "/en/staff/accounts", "/en/sign-in"] {
        let request = Request::post(address)
            .header("cookie", &admin.cookie)
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = site.send(request.body(Body::from("do=end-all&email=a%40b&role=admin")).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{address}");
    }
    assert_eq!(admin.get("/en/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn cve_2019_16097_nobody_raises_their_own_role() {
    let site = Site::with_cast().await;
    let member = site.sign_in(Role::Member).await;
    let before: Vec<String> = accounts(&site).await;
    let id = member.account.to_string();
    let fields = [
        ("do", "save"),
        ("role", "admin"),
        ("organisation", "1"),
        ("id", "1"),
        ("account", "1"),
        ("version", "1"),
        ("disabled", ""),
        ("created_by", "1"),
        ("has_admin_role", "true"),
    ];
    for act in ["save", "edit", "", "role"] {
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| (*name, if *name == "do" { act } else { value })).collect();
        member.post("/en/account", &fields).await;
        for address in ["/en/staff/accounts".to_owned(), format!("/en/staff/accounts/{id}")] {
            assert_eq!(member.post(&address, &fields).await.status, StatusCode::FORBIDDEN);
        }
    }
    assert_eq!(accounts(&site).await, before);
    let other = site.sign_in(Role::Staff).await;
    let session: i64 = sqlx::query_scalar("select id from sessions where account_id = $1")
        .bind(other.account)
        .fetch_one(&site.pool)
        .await
        .unwrap();
    let answer = member.post("/en/account", &[("do", "end"), ("session", &session.to_string())]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "another's session");
    assert_eq!(other.get("/en/account").await.status, StatusCode::OK);
}

async fn accounts(site: &Site) -> Vec<String> {
    sqlx::query_scalar("select accounts::text from accounts order by id").fetch_all(&site.pool).await.unwrap()
}

#[tokio::test]
async fn one_signs_out_here_or_everywhere() {
    let site = Site::with_cast().await;
    let (first, second) = (site.sign_in(Role::Member).await, site.sign_in(Role::Member).await);
    assert_eq!(first.get("/fr/compte").await.all("#sessions ~ div tbody tr").len(), 2);
    let answer = first.post("/fr/fermer-session", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/fr"));
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(first.get("/en/account").await.status, StatusCode::SEE_OTHER, "the old cookie opens nothing");
    assert_eq!(second.get("/en/account").await.status, StatusCode::OK);
    let third = site.sign_in(Role::Member).await;
    second.post("/en/account", &[("do", "end-all")]).await;
    for person in [&second, &third] {
        assert_eq!(person.get("/en/account").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_form_sent_after_its_session_ended_is_there_after_signing_in_as_typed_and_once() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    sqlx::query("update sessions set ended_at = now()").execute(&site.pool).await.unwrap();
    let typed = [("email", "new@example.ca"), ("role", "manager"), ("note", "<b>\"été\"\r\n& more"), ("do", "add")];
    let answer = admin.post("/fr/personnel/comptes", &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let place = percent_encoding::percent_decode_str(answer.header("location")).decode_utf8().unwrap().into_owned();
    let kept = place.strip_prefix("/fr/ouvrir-session?next=").expect("to sign in").to_owned();
    assert!(kept.starts_with("/fr/conserve/"), "{kept}");
    let stranger = site.sign_in(Role::Staff).await;
    assert_eq!(stranger.get(&kept).await.status, StatusCode::NOT_FOUND, "another account's form");
    assert_eq!(site.get(&kept).await.status, StatusCode::SEE_OTHER);
    let again = site.sign_in(Role::Administrator).await;
    let page = again.get(&kept).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.attributes("main form", "action"), ["/fr/personnel/comptes"]);
    let names = page.attributes("main input", "name");
    let values = page.attributes("main input", "value");
    assert_eq!(names, ["email", "role", "note", "do"]);
    assert_eq!(values, ["new@example.ca", "manager", "<b>\"été\"\n& more", "edit"]);
    let fields: Vec<_> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
    let form = again.post("/fr/personnel/comptes", &fields).await;
    assert_eq!((form.status, form.attributes("#email", "value")), (StatusCode::OK, vec!["new@example.ca".to_owned()]));
    assert_eq!(accounts(&site).await.len(), 2, "nothing is written before the person says so");
    assert_eq!(again.get(&kept).await.status, StatusCode::NOT_FOUND, "it is shown once");
}

/// A body that nobody may ask for.
fn unread() -> Body {
    Body::from_stream(futures_util::stream::poll_fn(|_| -> std::task::Poll<Option<Result<Vec<u8>, std::io::Error>>> {
        panic!("the body is read")
    }))
}

#[tokio::test]
async fn whoever_has_not_signed_in_is_asked_to_before_a_byte_of_the_body_is_read() {
    let site = Site::with_cast().await;
    let staff = image_catalogue::STAFF_PAGES.iter().map(|(route, _)| route);
    let mut asked = 0;
    for address in staff.flat_map(|route| [route.en, route.fr]) {
        let address = address.replace(['{', '}'], "");
        for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"] {
            for cookie in ["", "session=AAAAAAAAAAAAAAAAAAAAAA"] {
                let request = axum::http::Request::post(&address).header("sec-fetch-site", "same-origin");
                let request = request.header("content-type", kind).header("cookie", cookie);
                let answer = site.send(request.body(unread()).unwrap()).await;
                if answer.status != StatusCode::METHOD_NOT_ALLOWED {
                    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{address}");
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 100, "{asked}");
    let kept: i64 = sqlx::query_scalar("select count(*) from kept_forms").fetch_one(&site.pool).await.unwrap();
    assert_eq!(kept, 0, "strangers fill nothing");
}

#[tokio::test]
async fn while_the_database_is_away_a_signed_in_person_reads_as_a_visitor() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    site.pool.close().await;
    let page = staff.get("/en/images").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.one(".who").starts_with("Sign in"));
    let page = staff.get("/en/account").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!page.header("set-cookie").contains("session"), "the session is not given up");
}
