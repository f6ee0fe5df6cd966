//! The outbox: a mail is written with what it tells, once, and nothing in it becomes a header.

use image_catalogue::i18n::Lang;
use image_catalogue::mail::{self, Letter, Message};

use crate::support::database;

fn letter(lang: Lang) -> Letter {
    Letter::new(lang.of("Your request", "Votre demande\r\nBcc: everyone@example.com")).say(lang.of("Hello", "Bonjour"))
}

fn message<'a>(key: &'a str, to: &'a str, lang: Option<Lang>) -> Message<'a> {
    Message { key, kind: "test", to, lang, letter: &letter, unsubscribe: None }
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
