//! A request and the line that accepting it made are one fact: whatever is decided later, they stay in step.

use axum::http::StatusCode;
use image_catalogue::catalogue::store::history;
use image_catalogue::requests::verify;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save, send, with};
use crate::requests::{ask, decide, mails, post};
use crate::support::{SignedIn, Site};

/// How many lines the catalogue has under a name.
async fn lines(site: &Site, name: &str) -> i64 {
    sqlx::query_scalar("select count(*) from lines where name = $1 and not removed")
        .bind(name)
        .fetch_one(&site.pool)
        .await
        .unwrap()
}

async fn state(site: &Site, item: i64) -> String {
    sqlx::query_scalar("select state from request_items where id = $1").bind(item).fetch_one(&site.pool).await.unwrap()
}

/// Whether record, lines and requests say the same.
async fn agree(site: &Site) {
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
    assert_eq!(verify(&site.pool).await.unwrap().1, Vec::<String>::new());
}

async fn decided(staff: &SignedIn<'_>, items: &[i64], decision: &str, said: &[(&str, &str)]) {
    let saved = decide(staff, items, decision, said).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{decision}: {}", saved.text());
}

/// A site where a request for Kafka of CSE was accepted; its private address.
async fn accepted(site: &Site) -> (SignedIn<'_>, String) {
    let staff = site.sign_in(Role::Staff).await;
    let private = ask(site, "Apache Kafka", "CSE", &[]).await;
    decided(&staff, &[1], "accept", &[]).await;
    assert_eq!(lines(site, "Apache Kafka").await, 1);
    (staff, private)
}

#[tokio::test]
async fn looking_at_an_accepted_request_again_asks_for_its_line_shows_what_goes_and_takes_it_back_in_one_act() {
    let site = Site::with_cast().await;
    let (staff, private) = accepted(&site).await;
    let address = "/en/staff/requests/decide?do=reopen&item=1";
    let page = staff.get(address).await;
    assert!(page.one("#lines-1 legend").contains("Apache Kafka · CSE"), "{}", page.one("form.form"));
    let unsaid = decide(&staff, &[1], "reopen", &[("words", "Sorry")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.one(".error-summary").contains("Say what becomes of the line of Apache Kafka"));
    let chosen = with(&fields(&page), &[("lines-1", "take"), ("do", "preview")]);
    let shown = send(&staff, "/en/staff/requests/decide", &chosen).await;
    assert!(shown.one("ol.changes").contains("Apache Kafka · CSE"), "what goes is shown first");
    assert_eq!(lines(&site, "Apache Kafka").await, 1, "and nothing is written yet");
    decided(&staff, &[1], "reopen", &[("lines-1", "take"), ("words", "Wrong image")]).await;
    assert_eq!((lines(&site, "Apache Kafka").await, &*state(&site, 1).await), (0, "under_review"));
    assert!(!site.get("/en/demand").await.one("main").contains("Apache Kafka"), "it no longer counts");
    agree(&site).await;
    let act: i64 =
        sqlx::query_scalar("select max(change_set_id) from request_standings").fetch_one(&site.pool).await.unwrap();
    let record = site.get(&format!("/en/changes/{act}")).await.one("main");
    assert!(record.contains("REQ-2026-0001") && !record.contains("Wrong image"), "a word to the person is not public");
    let undone = save(&staff, &format!("/en/staff/changes/{act}/undo"), &[("reason", "It was right")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text());
    assert_eq!((lines(&site, "Apache Kafka").await, &*state(&site, 1).await), (1, "accepted"));
    assert!(site.get(&private).await.one("main").contains("Acceptée"));
    agree(&site).await;
}

#[tokio::test]
async fn a_request_accepted_reopened_and_declined_takes_its_line_along_or_says_that_it_stays() {
    for (reopened, declined, left) in [("keep", "take", 0), ("keep", "keep", 1), ("take", "", 0)] {
        let site = Site::with_cast().await;
        let (staff, _) = accepted(&site).await;
        decided(&staff, &[1], "reopen", &[("lines-1", reopened)]).await;
        agree(&site).await;
        decided(&staff, &[1], "decline", &[("lines-1", declined), ("words", "Not needed any more")]).await;
        assert_eq!(lines(&site, "Apache Kafka").await, left, "{reopened} {declined}");
        agree(&site).await;
        let main = staff.get("/en/staff/requests/REQ-2026-0001").await.one("main");
        assert_eq!(main.contains("kept, though the request is not accepted any more"), left == 1, "{main}");
    }
}

#[tokio::test]
async fn an_undone_acceptance_leaves_the_request_where_it_was_and_undoing_that_accepts_it_again() {
    let site = Site::with_cast().await;
    let (staff, private) = accepted(&site).await;
    let act: i64 = sqlx::query_scalar("select change_set_id from request_items").fetch_one(&site.pool).await.unwrap();
    let ahead = staff.get(&format!("/en/staff/changes/{act}/undo")).await;
    let told = ahead.one(".given-back li");
    assert!(told.contains("Apache Kafka: from “Accepted”") && told.contains("back to “Received”"), "{told}");
    let undone = save(&staff, &format!("/en/staff/changes/{act}/undo"), &[("reason", "Wrong image")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert_eq!((lines(&site, "Apache Kafka").await, &*state(&site, 1).await), (0, "received"));
    assert!(site.get(&private).await.one("main").contains("Reçue"));
    assert!(mails(&site).await.last().unwrap().contains("Reçue"), "whoever asked hears of it");
    agree(&site).await;
    let by: i64 = sqlx::query_scalar("select max(id) from change_sets").fetch_one(&site.pool).await.unwrap();
    let again = save(&staff, &format!("/en/staff/changes/{by}/undo"), &[("reason", "Right after all")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text());
    assert_eq!((lines(&site, "Apache Kafka").await, &*state(&site, 1).await), (1, "accepted"));
    agree(&site).await;
    decided(&staff, &[1], "reopen", &[("lines-1", "take")]).await;
    assert_eq!(lines(&site, "Apache Kafka").await, 0, "its line is known as its own still");
    agree(&site).await;
}

#[tokio::test]
async fn a_line_stays_while_another_request_counts_by_it_and_several_are_decided_at_once() {
    let site = Site::with_cast().await;
    let (staff, _) = accepted(&site).await;
    ask(&site, "Apache Kafka", "CSE", &[]).await;
    ask(&site, "Redis", "SSC", &[]).await;
    decided(&staff, &[2, 3], "accept", &[]).await;
    let page = staff.get("/en/staff/requests/decide?do=reopen&item=1").await;
    assert!(page.one("form.form").contains("other requests count by it: REQ-2026-0002"), "{}", page.one("form.form"));
    decided(&staff, &[1], "reopen", &[]).await;
    decided(&staff, &[1], "decline", &[("words", "Asked twice")]).await;
    assert_eq!(lines(&site, "Apache Kafka").await, 1);
    agree(&site).await;
    decided(&staff, &[2, 3], "reopen", &[("lines-2", "take"), ("lines-3", "keep")]).await;
    assert_eq!((lines(&site, "Apache Kafka").await, lines(&site, "Redis").await), (0, 1));
    agree(&site).await;
}

#[tokio::test]
async fn merging_and_withdrawing_keep_requests_and_lines_in_step() {
    let site = Site::with_cast().await;
    let (staff, private) = accepted(&site).await;
    let other = ask(&site, "Apache Kafka", "SSC", &[]).await;
    decided(&staff, &[1], "reopen", &[("lines-1", "keep")]).await;
    let page = site.get(&private).await;
    assert!(page.one("main").contains("compte toujours dans la demande"), "what withdrawing ends is said");
    decided(&staff, &[1], "merge", &[("into", "REQ-2026-0002"), ("lines-1", "keep")]).await;
    agree(&site).await;
    decided(&staff, &[2], "accept", &[]).await;
    assert_eq!(lines(&site, "Apache Kafka").await, 2);
    agree(&site).await;
    decided(&staff, &[2], "reopen", &[("lines-2", "take")]).await;
    assert_eq!(lines(&site, "Apache Kafka").await, 0, "with what was merged into it");
    agree(&site).await;
    let open = fields(&site.get(&other).await);
    let gone = post(&site, &other, &with(&open, &[("do", "withdraw-all")])).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(
        (&*state(&site, 2).await, &*state(&site, 1).await),
        ("withdrawn", "under_review"),
        "nobody else is lost"
    );
    agree(&site).await;
    decided(&staff, &[1], "accept", &[]).await;
    decided(&staff, &[1], "reopen", &[("lines-1", "keep")]).await;
    let open = fields(&site.get(&private).await);
    assert_eq!(post(&site, &private, &with(&open, &[("do", "withdraw-all")])).await.status, StatusCode::SEE_OTHER);
    assert_eq!(lines(&site, "Apache Kafka").await, 0, "a department that withdraws no longer counts");
    let record = site.get("/en/changes").await.one("main");
    assert!(record.contains("REQ-2026-0001") && !record.contains("Tremblay"), "{record}");
    agree(&site).await;
}

#[tokio::test]
async fn verify_finds_a_request_and_a_line_that_say_different_things() {
    let site = Site::with_cast().await;
    let (staff, _) = accepted(&site).await;
    let tampered = "update request_items set state = 'declined', reason = 'No', change_set_id = null where id = 1";
    sqlx::query(tampered).execute(&site.pool).await.unwrap();
    let (count, found) = verify(&site.pool).await.unwrap();
    assert_eq!((count, found.len()), (1, 1));
    assert_eq!(found[0], "REQ-2026-0001/1 Apache Kafka: declined, and the line that accepting made still counts");
    decided(&staff, &[1], "reopen", &[("lines-1", "keep")]).await;
    agree(&site).await;
    sqlx::query("update request_items set state = 'accepted', line_kept = false").execute(&site.pool).await.unwrap();
    agree(&site).await;
    sqlx::query("update lines set removed = true where name = 'Apache Kafka'").execute(&site.pool).await.unwrap();
    let (_, found) = verify(&site.pool).await.unwrap();
    assert_eq!(found, ["REQ-2026-0001/1 Apache Kafka: accepted, and the catalogue has no line of it"]);
}
