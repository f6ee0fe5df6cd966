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
    sqlx::query("update mails set state = 'dead', ended_at = now(), tries = 3").execute(&site.pool).await.unwrap();
    let made = [("name", "ci"), ("reason", "For tests"), ("scope", "read:record"), ("days", "9"), ("do", "make")];
    let made = with(&fields(&mine.get("/en/staff/tokens").await), &made);
    assert_eq!(send(&mine, "/en/staff/tokens", &made).await.status, StatusCode::OK);
    let token: String = sqlx::query_scalar("select id from api_tokens").fetch_one(&site.pool).await.unwrap();
    let staff = image_catalogue::STAFF_PAGES.iter().map(|(route, _)| route).chain([&image_catalogue::people::ACCOUNT]);
    let (mut before, mut pages) = (None, 0);
    for route in staff {
        let id = if route.en.contains("accounts") { mine.account.to_string() } else { "1".to_owned() };
        let id = if route.en.contains("tokens") { token.clone() } else { id };
        let address = route.en.replace("{slug}", "nginx").replace("{id}", &id).replace("{name}", "banner");
        let address = address.replace("{reference}", "REQ-2026-0001").replace("/decide", "/decide?do=decline&item=1");
        let page = mine.get(&address).await;
        if page.status != StatusCode::OK || !page.header("content-type").starts_with("text/html") {
            continue;
        }
        let Some(key) = page.attributes("main input[name^=key]", "value").into_iter().next() else { continue };
        if route.en == "/en/staff/import" {
            // A file cannot be kept for the way back: it is asked for again.
            for (person, key) in [(&mine, ""), (&theirs, &*key)] {
                let refused = person.post_bare(&address, &[("key", key)]).await;
                assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
                assert!(refused.one(".error-summary").contains("choose the file again"), "{}", refused.one("main"));
            }
            continue;
        }
        let name = page.attributes("main input[name^=key]", "name").remove(0);
        pages += 1;
        let sent = |key: &str| vec![(name.clone(), key.to_owned()), ("note".to_owned(), "Typed".to_owned())];
        let other_session = send(&theirs, &address, &sent(&key)).await;
        assert!(is_again(&other_session), "{address}: {} in another session", other_session.status);
        assert_eq!(other_session.attributes("main input[name=note]", "value"), ["Typed"], "what was typed is kept");
        if let Some((elsewhere, other_key)) = before.replace((address.clone(), key.clone())) {
            assert!(is_again(&send(&mine, &address, &sent(&other_key)).await), "{address}: the key of {elsewhere}");
        }
        let forms = page.attributes("main form[method=post]", "action").len();
        let keyed = page.attributes("main form[method=post]:has(input[name^=key])", "action").len();
        let signing_out = page.attributes("main form[action$='sign-out']", "action").len();
        assert_eq!(keyed + signing_out, forms, "{address}: every form has a key");
        let bare = mine.post_bare(&address, &[("note", "Typed")]).await;
        assert!(is_again(&bare), "{address}: {} without a key", bare.status);
        assert_eq!(bare.attributes("main input[name=note]", "value"), ["Typed"], "and nothing typed is lost");
        for forged in ["", "x", "6f0f4c36-6a0c-4d8e-9a2f-000000000001", &key[..40], &key.replace('-', "_")] {
            assert!(is_again(&send(&mine, &address, &sent(forged)).await), "{address}: {forged}");
        }
        let own = send(&mine, &address, &sent(&key)).await;
        assert!(!is_again(&own), "{address}: its own key counts");
    }
    assert!(pages >= 18, "{pages} pages have a form with a key");
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
