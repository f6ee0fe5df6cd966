//! Fifty people at once: every edit that was acknowledged is in the record, in order, and none is lost.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use image_catalogue::catalogue::store::history;
use image_catalogue::web::visitor::Role;
use sqlx::FromRow;

use crate::forms::{fields, send, with};
use crate::support::{SignedIn, Site};

const STAFF: usize = 50;
const IMAGES: usize = 10;
const LONG: Duration = Duration::from_secs(30);

#[derive(FromRow)]
struct Change {
    image_id: i64,
    before: Option<String>,
    after: Option<String>,
}

/// Edits images until the time is up; the texts whose saving was acknowledged.
async fn edit(person: &SignedIn<'_>, number: usize, until: Instant) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for round in 0.. {
        if Instant::now() > until {
            break;
        }
        let address = format!("/en/staff/images/busy-{}", (number + round) % IMAGES);
        let text = format!("by {number} in round {round}");
        let page = person.get(&address).await;
        if page.status == StatusCode::SERVICE_UNAVAILABLE {
            continue;
        }
        let mut form = with(&fields(&page), &[("description-en", &text), ("do", "save")]);
        loop {
            let answer = send(person, &address, &form).await;
            match answer.status {
                StatusCode::SEE_OTHER => break acknowledged.push(text),
                // Somebody was faster: the form comes back with both versions and is sent again.
                StatusCode::CONFLICT => form = with(&fields(&answer), &[("do", "save")]),
                StatusCode::SERVICE_UNAVAILABLE => {}
                other => panic!("{other}: {}", answer.text()),
            }
        }
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_people_who_edit_ten_images_at_once_lose_nothing() {
    let rows = (0..IMAGES).map(|number| format!("busy {number},CSE")).collect::<Vec<_>>().join("\n");
    let site = Site::with(&format!("Image name,Department\n{rows}"), &[]).await;
    let mut people = Vec::new();
    for _ in 0..STAFF {
        people.push(site.sign_in(Role::Staff).await);
    }
    let until = Instant::now() + LONG;
    let editing = people.iter().enumerate().map(|(number, person)| edit(person, number, until));
    let acknowledged: Vec<String> = futures_util::future::join_all(editing).await.concat();
    assert!(acknowledged.len() > STAFF, "{}", acknowledged.len());
    let changes: Vec<Change> = sqlx::query_as(
        "select image_id, before->>'description_en' as before, after->>'description_en' as after
         from changes where before ? 'description_en' order by id",
    )
    .fetch_all(&site.pool)
    .await
    .unwrap();
    let mut recorded: Vec<&str> = changes.iter().filter_map(|change| change.after.as_deref()).collect();
    let mut expected: Vec<&str> = acknowledged.iter().map(String::as_str).collect();
    recorded.sort_unstable();
    expected.sort_unstable();
    assert_eq!(recorded, expected, "what was acknowledged is what the record has, each once");
    for one in &changes {
        let earlier = changes.iter().take_while(|other| !std::ptr::eq(*other, one));
        let last = earlier.filter(|other| other.image_id == one.image_id).last().and_then(|last| last.after.clone());
        assert_eq!(one.before, last, "each change stands on the one before it");
    }
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}
