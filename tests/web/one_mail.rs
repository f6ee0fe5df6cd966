//! One request brings one mail a moment, however many images it has and however its answers come: as a mail server
//! takes them.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use image_catalogue::mail::{self, Sender};
use image_catalogue::web::visitor::Role;

use crate::forms::save;
use crate::requests::{ask, decide};
use crate::smtp::{Smtp, Taken};
use crate::support::{SignedIn, Site, settings};

const CONTACT: &str = "marie.tremblay@cse-cst.gc.ca";
const THREE: [(&str, &str); 2] = [("image-2", "Apache Flink"), ("image-3", "Apache Pulsar")];
/// Longer than a mail waits for more to tell.
const UNTIL_IT_GOES: &str = "11 minutes";

/// A site with a request for three images.
async fn asked() -> Site {
    let site = Site::with_cast().await;
    ask(&site, "Apache Kafka", "CSE", &THREE).await;
    let items: i64 = sqlx::query_scalar("select count(*) from request_items").fetch_one(&site.pool).await.unwrap();
    assert_eq!(items, 3);
    site
}

/// Lets time go by for all mail that waits.
async fn wait(site: &Site, time: &str) {
    sqlx::query("update mails set next_try_at = next_try_at - $1::text::interval where state = 'waiting'")
        .bind(time)
        .execute(&site.pool)
        .await
        .unwrap();
}

/// Hands over what is due; all that the server has taken for whoever asked.
async fn handed_over(site: &Site, smtp: &Smtp) -> Vec<Taken> {
    let options = settings(&["--smtp-url", &smtp.url(), "--mail-from", "no-reply@example.ca"]);
    let (tell, end) = tokio::sync::watch::channel(false);
    let sending = tokio::spawn(mail::deliver(site.pool.clone(), Sender::new(&options).unwrap(), end));
    let due = "select count(*) from mails where state = 'waiting' and next_try_at <= clock_timestamp()";
    let began = Instant::now();
    while sqlx::query_scalar::<_, i64>(due).fetch_one(&site.pool).await.unwrap() > 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "the mail is not handed over");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tell.send_replace(true);
    sending.await.unwrap();
    smtp.taken(CONTACT)
}

async fn decline(staff: &SignedIn<'_>, item: i64) {
    let answer = decide(staff, &[item], "decline", &[("words", "Nobody else needs it")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.one("main"));
}

fn names_all(mail: &Taken) -> bool {
    ["Apache Kafka", "Apache Flink", "Apache Pulsar"].iter().all(|name| mail.text.contains(name))
}

#[tokio::test(flavor = "multi_thread")]
async fn three_images_answered_in_one_moment_bring_one_mail() {
    let (site, smtp) = (asked().await, Smtp::start());
    let staff = site.sign_in(Role::Staff).await;
    assert_eq!(handed_over(&site, &smtp).await.len(), 1, "that it was received");
    for item in 1..=3 {
        decline(&staff, item).await;
    }
    assert_eq!(handed_over(&site, &smtp).await.len(), 1, "the answer waits for more to tell");
    wait(&site, UNTIL_IT_GOES).await;
    let taken = handed_over(&site, &smtp).await;
    assert_eq!(taken.len(), 2, "one mail of three answers");
    assert!(names_all(&taken[1]), "{}", taken[1].text);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_images_answered_two_minutes_apart_and_a_word_bring_one_mail_and_what_comes_later_another() {
    let (site, smtp) = (asked().await, Smtp::start());
    let staff = site.sign_in(Role::Staff).await;
    handed_over(&site, &smtp).await;
    for item in 1..=3 {
        decline(&staff, item).await;
        wait(&site, "2 minutes").await;
        assert_eq!(handed_over(&site, &smtp).await.len(), 1, "it still waits");
    }
    let reply = [("reply", "Write to us again in spring"), ("do", "reply")];
    assert_eq!(save(&staff, "/en/staff/requests/REQ-2026-0001", &reply).await.status, StatusCode::SEE_OTHER);
    wait(&site, UNTIL_IT_GOES).await;
    let taken = handed_over(&site, &smtp).await;
    assert_eq!(taken.len(), 2, "one mail of three answers and a word");
    assert!(names_all(&taken[1]) && taken[1].text.contains("again in spring"), "{}", taken[1].text);
    let reply = [("reply", "Spring has come"), ("do", "reply")];
    assert_eq!(save(&staff, "/en/staff/requests/REQ-2026-0001", &reply).await.status, StatusCode::SEE_OTHER);
    wait(&site, UNTIL_IT_GOES).await;
    let taken = handed_over(&site, &smtp).await;
    assert_eq!(taken.len(), 3);
    assert!(taken[2].text.contains("Spring has come") && !taken[2].text.contains("again in spring"));
}
