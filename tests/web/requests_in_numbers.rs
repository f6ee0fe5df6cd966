//! Many requests at once, a long queue, and requests that mean harm.

use axum::http::StatusCode;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, with};
use crate::requests::{NEW, ask, filled, mails, number, post};
use crate::support::Site;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_requests_from_fifty_clients_are_each_kept_once_with_one_mail_each() {
    let site = Site::with_cast().await;
    let form = filled(&site, "nginx", "CSE").await;
    let clients = (0..50).map(|client| {
        let (site, form) = (&site, &form);
        async move {
            let mut references = Vec::new();
            for turn in 0..20 {
                let (key, name) = (fields(&site.get(NEW).await).remove(0).1, format!("Image {client} {turn}"));
                let from = format!("client-{client}@example.gc.ca");
                let form = with(form, &[("key", &*key), ("image-1", &*name), ("contact-email", &*from)]);
                let (first, second) = (post(site, NEW, &form).await, post(site, NEW, &form).await);
                assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text());
                assert_eq!(first.header("location"), second.header("location"));
                references.push(first.header("location").to_owned());
            }
            references
        }
    });
    let mut references: Vec<String> = futures_util::future::join_all(clients).await.concat();
    references.sort();
    references.dedup();
    assert_eq!(references.len(), 1_000);
    let count = |statement: &'static str| sqlx::query_scalar::<_, i64>(statement).fetch_one(&site.pool);
    assert_eq!(count("select count(*) from requests").await.unwrap(), 1_000);
    assert_eq!(count("select count(distinct name) from request_items").await.unwrap(), 1_000);
    assert_eq!(count("select count(*) from mails").await.unwrap(), 1_000);
    assert_eq!(count("select last::bigint from request_numbers").await.unwrap(), 1_000, "no number is missing");
}

#[tokio::test]
async fn hostile_words_are_refused_or_shown_harmlessly_everywhere() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    for hostile in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "=HYPERLINK(\"http://x\")",
        "{{7*7}}",
        "'; drop table requests; --",
    ] {
        let private =
            ask(&site, hostile, "CSE", &[("contact-name", hostile), ("why-1", hostile), ("environment-1", hostile)])
                .await;
        let reference = private.split('/').nth(3).unwrap().split('?').next().unwrap().to_owned();
        let staff_page = staff.get(&format!("/en/staff/requests/{reference}")).await;
        for page in [site.get(&private).await, staff_page, staff.get("/en/staff/requests").await] {
            assert!(!page.text().contains("<script>alert") && !page.text().contains("<img src=x"), "{}", page.path);
        }
        let mail = mails(&site).await.pop().unwrap();
        let html = &mail[mail.find("<html").or_else(|| mail.find("<!")).unwrap()..];
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x"));
    }
    let megabytes = "x".repeat(2 << 20);
    let answer = post(&site, NEW, &with(&filled(&site, "nginx", "CSE").await, &[("why-1", &*megabytes)])).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_queue_is_as_fast_with_fifty_thousand_requests_whatever_it_is_asked_for() {
    let site = Site::with_cast().await;
    for statement in [
        "insert into requests (reference, follow_key, organisation_id, may_name, contact_name, contact_email, lang, form_key, held)
         select 'REQ-2026-' || n, md5(n::text), (select min(id) from organisations) + n % 100, true, 'x', 'x@y.ca', 'en', n::text, false
         from generate_series(1, 50000) n",
        "insert into request_items (request_id, place, name, state, decided_by)
         select id, 1, 'Image ' || id, (array['received', 'under_review', 'accepted', 'withdrawn'])[1 + id % 4], id from requests",
        "insert into request_events (request_id, actor, kind, form_key) select id, '', 'received', id::text from requests",
    ] {
        sqlx::query(statement).execute(&site.pool).await.unwrap();
    }
    sqlx::query("analyze").execute(&site.pool).await.unwrap();
    let staff = site.sign_in(Role::Staff).await;
    let cse = number(&site, "CSE").await;
    for address in [
        "/en/staff/requests".to_owned(),
        "/en/staff/requests?after=40000".to_owned(),
        "/en/staff/requests?state=accepted&after=49000".to_owned(),
        "/en/staff/requests?state=declined".to_owned(),
        "/en/staff/requests?assignee=nobody&state=all".to_owned(),
        format!("/en/staff/requests?department={cse}"),
        "/en/staff/requests?q=Image+49999&state=all".to_owned(),
        "/en/requests?before=25000".to_owned(),
    ] {
        drop(staff.get(&address).await);
        let begun = std::time::Instant::now();
        assert_eq!(staff.get(&address).await.status, StatusCode::OK, "{address}");
        assert!(begun.elapsed() < std::time::Duration::from_secs(1), "{address}: {:?}", begun.elapsed());
    }
}
