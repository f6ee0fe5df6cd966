//! What a person or a program is warned of before it is saved, and what Quality finds where it was saved all the same.

use axum::http::StatusCode;
use image_catalogue::catalogue::store::history;
use image_catalogue::web::visitor::{Role, Scope};
use serde_json::{Value, json};

use crate::forms::{fields, save, send, with};
use crate::requests;
use crate::support::{SignedIn, Site};
use crate::three_way::decide;

/// Saves a form that warns: the words that it warns with, and then the same form once more.
async fn warned(staff: &SignedIn<'_>, address: &str, changed: &[(&str, &str)]) -> String {
    let page = save(staff, address, changed).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let words = page.one("section.notice-warning");
    let saved = send(staff, address, &with(&fields(&page), &[("do", "save")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    words
}

async fn findings(staff: &SignedIn<'_>, rule: &str) -> String {
    staff.get(&format!("/en/staff/quality?rule={rule}")).await.all(".change h3").join("; ")
}

#[tokio::test]
async fn a_name_typed_the_wrong_way_round_is_warned_of_and_found() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let cse = requests::number(&site, "CSE").await;
    let new = "/en/staff/images/new";
    let words = warned(&staff, new, &[("name", "ngnix"), ("department-new", &cse)]).await;
    assert!(words.contains("ngnix") && words.contains("nginx"), "{words}");
    assert!(findings(&staff, "near-name").await.contains("ngnix"));
    for name in ["apache-nifi", "apache-nifi-registry"] {
        let saved = save(&staff, new, &[("name", name), ("department-new", &cse)]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "a whole word more is a variant: {}", saved.text());
    }
    assert!(!findings(&staff, "near-name").await.contains("nifi"));
}

#[tokio::test]
async fn english_changed_over_french_that_stays_is_warned_of_and_found() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/images/nginx";
    let both = [("description-en", "A web server"), ("description-fr", "Un serveur Web")];
    assert_eq!(save(&staff, address, &both).await.status, StatusCode::SEE_OTHER);
    assert_eq!(findings(&staff, "stale-french").await, "");
    let words = warned(&staff, address, &[("description-en", "A fast web server")]).await;
    assert!(words.contains("French"), "{words}");
    assert!(findings(&staff, "stale-french").await.contains("nginx"));
    let form = with(&fields(&staff.get(address).await), &[("description-fr", "Un serveur Web rapide"), ("do", "save")]);
    assert_eq!(send(&staff, address, &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(findings(&staff, "stale-french").await, "");
}

#[tokio::test]
async fn a_registry_name_that_two_images_share_is_warned_of_and_found() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let first = save(&staff, "/en/staff/images/shared", &[("registry-names", "twice")]).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text());
    let words = warned(&staff, "/en/staff/images/bare", &[("registry-names", "twice")]).await;
    assert!(words.contains("twice"), "{words}");
    assert!(!findings(&staff, "shared-registry-name").await.is_empty());
}

#[tokio::test]
async fn accepting_a_request_warns_on_its_page_of_a_name_that_is_nearly_anothers() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    requests::ask(&site, "Brand new thing", "ESDC", &[]).await;
    let item: i64 = sqlx::query_scalar("select max(id) from request_items").fetch_one(&site.pool).await.unwrap();
    let address = format!("/en/staff/requests/decide?do=accept&item={item}");
    let page = staff.get(&address).await;
    assert!(page.all("section.notice-warning").is_empty(), "{}", page.one("main"));
    let name = format!("name-{item}");
    let form = with(&fields(&page), &[(&*name, "ngnix"), ("do", "save")]);
    let shown = send(&staff, "/en/staff/requests/decide", &form).await;
    assert_eq!(shown.status, StatusCode::OK, "it is shown before it is written");
    assert!(shown.one("section.notice-warning").contains("nginx"), "{}", shown.one("main"));
    let accepted = send(&staff, "/en/staff/requests/decide", &with(&fields(&shown), &[("do", "save")])).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
}

#[tokio::test]
async fn accepting_a_suggestion_warns_on_its_page_of_french_that_stays_behind() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    decide(&site, "nginx", |image| {
        image.image.description_en = Some("A web server".to_owned());
        image.image.description_fr = Some("Un serveur Web".to_owned());
    })
    .await;
    let open = fields(&site.get("/en/images/nginx/suggest").await);
    let form = with(&open, &[("description-en", "A proxy"), ("why", "It is")]);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(site.post("/en/images/nginx/suggest", &form).await.status, StatusCode::OK);
    let page = staff.get("/en/staff/suggestions/1").await;
    assert!(page.one("section.notice-warning").contains("French"), "{}", page.one("main"));
    let unseen: Vec<_> = fields(&page).into_iter().filter(|(name, _)| name != "seen").collect();
    let shown = send(&staff, "/en/staff/suggestions/1", &with(&unseen, &[("do", "accept")])).await;
    assert_eq!(shown.status, StatusCode::OK, "it is shown before it is written");
    let accepted = send(&staff, "/en/staff/suggestions/1", &with(&fields(&shown), &[("do", "accept")])).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
}

#[tokio::test]
async fn a_program_is_told_in_its_answer_what_a_form_would_have_warned_of() {
    let site = Site::with_cast().await;
    let token = crate::tokens::token(&site, &[Scope::Status]).await;
    let seen = crate::tokens::read(&site, "/api/v1/images/nginx", &token).await.header("etag").to_owned();
    let body = json!({ "department": "NRCan", "status": "procured", "reason": "Contract 7" });
    let request = axum::http::Request::put("/api/v1/images/nginx/status")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("if-match", seen)
        .header("idempotency-key", "a");
    let answer = site.send(request.body(axum::body::Body::from(body.to_string())).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let answer: Value = serde_json::from_str(answer.text()).unwrap();
    let warnings = answer["warnings"].as_array().unwrap();
    assert!(warnings.len() == 1 && warnings[0].as_str().unwrap().contains("NRCan"), "{warnings:?}");
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}
