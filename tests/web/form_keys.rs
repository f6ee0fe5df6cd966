//! The key of a form belongs to a session and to a form.

use axum::http::StatusCode;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, send, with};
use crate::support::{Answer, Site};

const AGAIN: &str = "Look at this form again before you send it";

fn is_again(answer: &Answer) -> bool {
    answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.all("h1") == [AGAIN]
}

#[tokio::test]
async fn a_key_made_for_one_session_or_form_counts_in_no_other() {
    let site = Site::with_cast().await;
    crate::requests::ask(&site, "Apache Kafka", "CSE", &[]).await;
    let (mine, theirs) = (site.sign_in(Role::Administrator).await, site.sign_in(Role::Administrator).await);
    let staff = image_catalogue::STAFF_PAGES.iter().map(|(route, _)| route);
    let (mut before, mut pages) = (None, 0);
    for route in staff {
        let address = route.en.replace("{slug}", "nginx").replace("{id}", "2").replace("{name}", "banner");
        let address = address.replace("{reference}", "REQ-2026-0001");
        let page = mine.get(&address).await;
        if page.status != StatusCode::OK || !page.header("content-type").starts_with("text/html") {
            continue;
        }
        let Some(key) = page.attributes("main input[name^=key]", "value").into_iter().next() else { continue };
        let name = page.attributes("main input[name^=key]", "name").remove(0);
        pages += 1;
        let sent = |key: &str| vec![(name.clone(), key.to_owned()), ("note".to_owned(), "Typed".to_owned())];
        let other_session = send(&theirs, &address, &sent(&key)).await;
        assert!(is_again(&other_session), "{address}: {} in another session", other_session.status);
        assert_eq!(other_session.attributes("main input[name=note]", "value"), ["Typed"], "what was typed is kept");
        if let Some((elsewhere, other_key)) = before.replace((address.clone(), key.clone())) {
            assert!(is_again(&send(&mine, &address, &sent(&other_key)).await), "{address}: the key of {elsewhere}");
        }
        for forged in ["", "x", "6f0f4c36-6a0c-4d8e-9a2f-000000000001", &key[..40], &key.replace('-', "_")] {
            assert!(is_again(&send(&mine, &address, &sent(forged)).await), "{address}: {forged}");
        }
        let own = send(&mine, &address, &sent(&key)).await;
        assert!(!is_again(&own), "{address}: its own key counts");
    }
    assert!(pages >= 10, "{pages} pages have a form with a key");
}

#[tokio::test]
async fn a_form_that_anybody_may_send_has_a_signed_key_and_nothing_typed_is_lost_without() {
    let site = Site::with_cast().await;
    let open = fields(&site.get("/en/requests/new").await);
    let key = open.iter().find(|(name, _)| name == "key").unwrap().1.clone();
    let typed = [("about", "site"), ("message", "Typed words"), ("base", "0"), ("key", &*key)];
    let refused = site.post("/en/feedback/new", &typed).await;
    assert!(is_again(&refused), "the key of another form");
    assert!(is_again(&site.post("/en/feedback/new", &[("key", "6f0f4c36-6a0c-4d8e-9a2f-000000000001")]).await));
    let kept =
        async || sqlx::query_scalar::<_, i64>("select count(*) from feedback").fetch_one(&site.pool).await.unwrap();
    assert_eq!(kept().await, 0);
    assert_eq!(refused.attributes("main form", "action"), ["/en/feedback/new"]);
    let back = fields(&refused);
    let back: Vec<(&str, &str)> = back.iter().map(|(name, value)| (&**name, &**value)).collect();
    let form = site.post("/en/feedback/new", &back).await;
    assert_eq!((form.status, &*form.one("#message")), (StatusCode::OK, "Typed words"));
    let again = fields(&form);
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (&**name, &**value)).collect();
    let (first, second) = (site.post("/en/feedback/new", &again).await, site.post("/en/feedback/new", &again).await);
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(first.header("location"), second.header("location"), "sent twice it counts once");
    assert_eq!(kept().await, 1);
}

#[tokio::test]
async fn a_form_opened_before_signing_in_is_taken_afterwards_and_by_the_other_languages_page() {
    let site = Site::with_cast().await;
    let open = fields(&site.get("/en/feedback/new").await);
    let form = with(&open, &[("about", "site"), ("message", "Now signed in")]);
    let person = site.sign_in(Role::Member).await;
    assert_eq!(send(&person, "/fr/commentaires/nouveau", &form).await.status, StatusCode::SEE_OTHER);
}
