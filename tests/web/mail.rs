//! The outbox: a mail is written with what it tells, once, and nothing in it becomes a header.

use axum::http::StatusCode;
use image_catalogue::i18n::Lang;
use image_catalogue::mail::{self, Letter, Message};
use image_catalogue::web::visitor::Role;

use crate::support::{Site, database};

fn letter(lang: Lang) -> Letter {
    Letter::new(lang.of("Your request", "Votre demande\r\nBcc: everyone@example.com")).say(lang.of("Hello", "Bonjour"))
}

fn message<'a>(key: &'a str, to: &'a str, lang: Option<Lang>) -> Message<'a> {
    Message { key, kind: mail::Kind::Test, to, lang, letter: &letter, unsubscribe: None, file: None }
}

#[tokio::test]
async fn a_mail_is_written_with_what_it_tells_and_once() {
    let pool = database().await;
    let count = async || sqlx::query_scalar::<_, i64>("select count(*) from mails").fetch_one(&pool).await.unwrap();
    let mut undone = pool.begin().await.unwrap();
    assert!(mail::put(&mut undone, &message("request-1", "ada@example.ca", None)).await.unwrap());
    undone.rollback().await.unwrap();
    assert_eq!(count().await, 0, "what was not done is not told");
    let mut done = pool.begin().await.unwrap();
    assert!(mail::put(&mut done, &message("request-1", "ada@example.ca", None)).await.unwrap());
    assert!(!mail::put(&mut done, &message("request-1", "ada@example.ca", None)).await.unwrap());
    done.commit().await.unwrap();
    assert_eq!(count().await, 1);
}

#[tokio::test]
async fn no_address_and_no_subject_becomes_another_header() {
    let pool = database().await;
    let mut db = pool.acquire().await.unwrap();
    let to = "ada@example.ca\r\nBcc: everyone@example.com";
    mail::put(&mut db, &message("injection", to, Some(Lang::Fr))).await.unwrap();
    let (recipient, subject): (String, String) =
        sqlx::query_as("select recipient, subject from mails").fetch_one(&mut *db).await.unwrap();
    assert!(!recipient.contains(['\r', '\n']) && !subject.contains(['\r', '\n']), "{recipient} {subject}");
}

async fn put(site: &Site, key: &str, to: &str, kind: mail::Kind) {
    let mut db = site.pool.acquire().await.unwrap();
    mail::put(&mut db, &Message { kind, ..message(key, to, None) }).await.unwrap();
}

/// What the server's refusal leaves.
async fn die(site: &Site, key: &str) {
    let dead = "with dead as (update mails set state = 'dead', ended_at = now(), tries = 3 where key = $1 returning id)
                insert into mail_events (mail_id, event, detail) select id, 'dead', '550 no such person' from dead";
    sqlx::query(dead).bind(key).execute(&site.pool).await.unwrap();
}

#[tokio::test]
async fn staff_see_every_mail_and_send_the_dead_again_with_a_record_of_who_did() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    assert!(staff.get("/fr/personnel/courriels").await.one(".empty").contains("aucun courriel"));
    put(&site, "one", "ada@example.ca", mail::Kind::Request).await;
    put(&site, "two", "bob@example.ca", mail::Kind::Feedback).await;
    die(&site, "one").await;
    let list = staff.get("/en/staff/mail").await;
    assert!(list.one(".notice-warning").contains("SMTP_URL is not set"));
    assert_eq!(list.all(".chips a"), ["All (2)", "Waiting (1)", "Sent (0)", "Dead (1)"]);
    assert!(list.one("tbody").contains("550 no such person"));
    let dead = staff.get("/fr/personnel/courriels?state=dead&to=ADA").await;
    assert_eq!(dead.all("tbody tr").len(), 1);
    assert_eq!(staff.get("/en/staff/mail?kind=feedback").await.all("tbody tr").len(), 1);
    assert_eq!(staff.get("/en/staff/mail?state=burnt").await.status, StatusCode::BAD_REQUEST);
    let unknown = staff.get("/fr/personnel/courriels?kind=leased").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert!(unknown.text().contains("request, feedback, reminder"), "{}", unknown.text());
    let none = staff.post("/en/staff/mail", &[("do", "again")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.one(".error-summary").contains("Choose at least one"));
    let typed = staff.post("/en/staff/mail", &[("do", "edit"), ("mail", "1")]).await;
    assert_eq!(typed.attributes("input[checked]", "value"), ["1"]);
    let again = staff.post("/fr/personnel/courriels", &[("do", "again"), ("mail", "1"), ("mail", "2")]).await;
    assert_eq!(again.header("location"), "/fr/personnel/courriels?again=1", "only the dead");
    assert!(staff.get(again.header("location")).await.one(".notice-success").contains("1 courriel est renvoyé"));
    let one = staff.get("/en/staff/mail/1").await;
    assert_eq!(one.all(".change h3"), ["Refused for good", "Sent again"]);
    assert!(one.one("main").contains("tester-staff") && one.one("pre").contains("Bonjour"));
    die(&site, "one").await;
    assert_eq!(staff.post("/en/staff/mail/1", &[("do", "again")]).await.status, StatusCode::SEE_OTHER);
    assert!(staff.get("/en/staff/mail/1").await.one("dl.facts").contains("Waiting"));
    assert_eq!(staff.get("/en/staff/mail/99").await.status, StatusCode::NOT_FOUND);
    let member = site.sign_in(Role::Member).await;
    assert_eq!(member.get("/en/staff/mail").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_long_list_of_mail_has_further_pages() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    for number in 0..51 {
        put(&site, &format!("mail-{number}"), "ada@example.ca", mail::Kind::Test).await;
    }
    let list = staff.get("/en/staff/mail?kind=test&state=waiting").await;
    assert_eq!(list.all("tbody tr").len(), 50);
    let next = list.attributes("a[rel=next]", "href").remove(0);
    assert_eq!(staff.get(&next).await.all("tbody tr").len(), 1);
}
