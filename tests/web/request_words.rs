//! What is said with a decision: to whoever asked, among staff, and in how many mails.

use axum::http::StatusCode;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, send, with};
use crate::requests::{ask, decide, mails};
use crate::support::Site;

/// Decisions that can be taken on a request that waits, with what they need besides.
const WAITING: [(&str, &[(&str, &str)]); 5] = [
    ("assign", &[]),
    ("accept", &[]),
    ("decline", &[]),
    ("available", &[("name-1", "Python")]),
    ("merge", &[("into", "REQ-2026-0002")]),
];

#[tokio::test]
async fn a_word_reaches_whoever_asked_and_a_note_beside_it_staff_only_whatever_is_decided() {
    for (decision, needs) in WAITING {
        let site = Site::with_cast().await;
        let staff = site.sign_in(Role::Staff).await;
        let private = ask(&site, "Apache Kafka", "CSE", &[]).await;
        ask(&site, "Apache Kafka", "SSC", &[]).await;
        let said = [&[("words", "A word marked w0rd"), ("note", "A note marked n0te")], needs].concat();
        let saved = decide(&staff, &[1], decision, &said).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{decision}: {}", saved.text());
        let mail = mails(&site).await.join("\n");
        let page = site.get(&private).await.one("main");
        let own = staff.get("/en/staff/requests/REQ-2026-0001").await.one("main");
        assert!(mail.contains("w0rd") && page.contains("w0rd"), "{decision}: {mail} {page}");
        assert!(!mail.contains("n0te") && !page.contains("n0te"), "{decision}: a note among staff is told elsewhere");
        assert!(own.contains("w0rd") && own.contains("n0te"), "{decision}");
        for public in ["/en/changes", "/en/requests", "/en/changes.csv", "/en/changes.atom"] {
            let text = site.get(public).await.text().to_owned();
            assert!(!text.contains("n0te"), "{decision}: {public}");
            let is_public = ["accept", "decline"].contains(&decision);
            assert!(is_public || !text.contains("w0rd"), "{decision}: {public}");
        }
    }
}

#[tokio::test]
async fn what_looks_like_advertising_gets_no_word_and_its_boxes_say_so() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    ask(&site, "Apache Kafka", "CSE", &[("website", "https://spam.example")]).await;
    for decision in ["release", "discard"] {
        let page = staff.get(&format!("/en/staff/requests/decide?do={decision}&item=1")).await;
        assert_eq!(page.attributes("textarea", "name"), ["note"], "{decision}");
        assert_eq!(page.one("#note-hint"), "Only staff see it.");
    }
    let saved = decide(&staff, &[1], "discard", &[("words", "w0rd"), ("note", "n0te")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert!(mails(&site).await.is_empty(), "nothing is mailed");
    assert!(staff.get("/en/staff/requests/REQ-2026-0001").await.one("main").contains("n0te"));
}

#[tokio::test]
async fn an_answer_and_a_note_side_by_side_are_never_lost_whichever_button_is_pressed() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    ask(&site, "Apache Kafka", "CSE", &[]).await;
    let address = "/en/staff/requests/REQ-2026-0001";
    let both = [("reply", "An answer that is long"), ("note", "A note besides")];
    let press = async |button: &str| {
        let open = fields(&staff.get(address).await);
        send(&staff, address, &with(&open, &[&both[..], &[("do", button)]].concat())).await
    };
    let kept = press("note").await;
    assert_eq!(
        (kept.status, kept.one("#reply"), kept.one("#note")),
        (StatusCode::OK, both[0].1.to_owned(), String::new())
    );
    assert!(kept.one(".notice-success").contains("The note is kept. The answer below is not sent yet."));
    let sent = press("reply").await;
    assert_eq!((sent.one("#reply"), sent.one("#note")), (String::new(), both[1].1.to_owned()));
    for decision in ["assign", "available", "merge"] {
        let page = press(&format!("{decision}-1")).await;
        assert_eq!((page.one("#words"), page.one("#note")), (both[0].1.to_owned(), both[1].1.to_owned()), "{decision}");
    }
    for decision in ["accept", "decline"] {
        let page = press(&format!("{decision}-1")).await;
        let note = page.one("#note");
        assert_eq!(page.one("#words"), "", "{decision}: everyone can read these words, and an answer is its reader's");
        assert!(both.iter().all(|(_, typed)| note.contains(typed)), "{decision}: {note}");
    }
    let open = fields(&press("accept-1").await);
    let done = send(&staff, "/en/staff/requests/decide", &with(&open, &[("do", "save")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(!site.get("/en/changes").await.text().contains(both[0].1), "an answer to one is not told to all");
    assert_eq!(press("discard-1").await.status, StatusCode::OK, "what does not fit is said on its page");
}

#[tokio::test]
async fn one_mail_tells_what_is_decided_of_a_request_within_ten_minutes() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let three = [("image-2", "Redis"), ("image-3", "Python")];
    ask(&site, "Apache Kafka", "CSE", &three).await;
    let due = "select count(*) from mails where next_try_at <= clock_timestamp()";
    let due = async || sqlx::query_scalar::<_, i64>(due).fetch_one(&site.pool).await.unwrap();
    assert_eq!(due().await, 1, "that it was received is told at once");
    decide(&staff, &[1, 2, 3], "assign", &[("words", "We look at it")]).await;
    decide(&staff, &[1], "accept", &[]).await;
    decide(&staff, &[2], "decline", &[("words", "Licence is not free")]).await;
    decide(&staff, &[3], "available", &[("words", "We look at it")]).await;
    let open = fields(&staff.get("/en/staff/requests/REQ-2026-0001").await);
    send(&staff, "/en/staff/requests/REQ-2026-0001", &with(&open, &[("reply", "Call us"), ("do", "reply")])).await;
    let all = mails(&site).await;
    assert_eq!((all.len(), due().await), (2, 1), "one more, and it waits");
    let plain: String =
        sqlx::query_scalar("select plain from mails order by id desc limit 1").fetch_one(&site.pool).await.unwrap();
    for (said, times) in [
        ("Apache Kafka – Acceptée", 1),
        ("Redis – Refusée", 1),
        ("Licence is not free", 1),
        ("Python – Déjà offerte", 1),
        ("We look at it", 1),
        ("Call us", 1),
        ("À l’étude.", 0),
        ("SPC vous écrit", 1),
    ] {
        assert_eq!(plain.matches(said).count(), times, "{said}: {plain}");
    }
    sqlx::query("update mails set next_try_at = clock_timestamp()").execute(&site.pool).await.unwrap();
    decide(&staff, &[1], "reopen", &[("lines-1", "take")]).await;
    let after = mails(&site).await;
    assert_eq!((after.len(), &after[1]), (3, &all[1]), "what is due is not touched any more");
    assert!(after[2].contains("Apache Kafka") && !after[2].contains("Redis"), "{}", after[2]);
}
