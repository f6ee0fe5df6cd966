//! Reminders of renewals: one digest a day, caught up after downtime, never twice.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use image_catalogue::catalogue::Catalogue;
use image_catalogue::clock::Clock;
use image_catalogue::people::db::accounts;
use image_catalogue::reminders::remind;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, send, with};
use crate::support::{SignedIn, Site};

const ORIGIN: &str = "https://images.example";
/// One renewal 200 days after the tests' day, one of another department the next week, one long past.
const ROWS: &str = "Image name,Department,Status,Renewal date\n\
                    far,SSC,Procured,2027-06-10\nnear,CSE,Procured,2026-11-28\npast,SSC,Procured,2026-11-01\n\
                    wanted,SSC,Under consideration,2026-11-28\n";

/// Somebody of staff with an address.
async fn staff(site: &Site) -> SignedIn<'_> {
    let (issuer, subject) = (Some("https://issuer.example"), Some("marie"));
    let new = accounts::New {
        issuer,
        subject,
        email: "marie@example.ca",
        name: "Marie",
        role: Role::Staff,
        organisation: None,
    };
    let account = accounts::add(&site.pool, &new).await.unwrap().unwrap();
    site.sign_in_as(account).await
}

/// What is reminded at a moment; how many digests.
async fn at(site: &Site, moment: &str) -> usize {
    let clock = Clock::Fixed(moment.parse::<DateTime<Utc>>().unwrap());
    let catalogue = Catalogue::open(site.pool.clone(), clock).await.unwrap();
    remind(&site.pool, &catalogue, ORIGIN).await.unwrap()
}

/// The last reminder: to whom, subject and text.
async fn last(site: &Site) -> (String, String, String) {
    sqlx::query_as("select recipient, subject, plain from mails where kind = 'reminder' order by id desc limit 1")
        .fetch_one(&site.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn one_digest_a_day_tells_each_stage_once_and_catches_up_after_downtime() {
    let site = Site::with(ROWS, &[]).await;
    staff(&site).await;
    assert_eq!(at(&site, "2026-11-22T11:59:00Z").await, 0, "not before seven in the morning");
    let (catalogue, again) = (site.catalogue.clone(), site.catalogue.clone());
    let (one, other) = tokio::join!(remind(&site.pool, &catalogue, ORIGIN), remind(&site.pool, &again, ORIGIN));
    assert_eq!(one.unwrap() + other.unwrap(), 1, "two instances write one");
    let (to, subject, text) = last(&site).await;
    assert_eq!((&*to, &*subject), ("marie@example.ca", "2 renewals need attention / 2 renouvellements à surveiller"));
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("- ")).collect();
    assert_eq!(
        lines[..2],
        [
            "- past · SSC: 2026-11-01 (Renewal date passed, not confirmed, 21 days ago). Can I use it today? Yes, but \
             check first. SSC has procured it, but its renewal date (2026-11-01) passed 21 days ago and nobody has \
             confirmed what happened.",
            "- near · CSE: 2026-11-28 (Renews in 6 days). Can I use it today? Yes. SSC has procured it. Renews in 6 days \
             (2026-11-28).",
        ]
    );
    assert!(text.contains("https://images.example/fr/personnel/rappels"));
    assert_eq!(at(&site, "2026-11-22T23:00:00Z").await, 0, "one a day");
    assert_eq!(at(&site, "2026-11-23T13:00:00Z").await, 1, "a week more past");
    assert!(last(&site).await.2.contains("past · SSC") && !last(&site).await.2.contains("- near"));
    assert_eq!(at(&site, "2026-11-24T13:00:00Z").await, 0, "nothing new");
    assert_eq!(at(&site, "2027-06-03T13:00:00Z").await, 1, "after half a year of downtime");
    let (_, subject, text) = last(&site).await;
    assert!(subject.starts_with("3 renewals"), "{subject}");
    assert_eq!(text.matches("- far").count(), 2, "once in each language, not once a stage");
    assert_eq!(at(&site, "2027-06-04T13:00:00Z").await, 0);
    let mails: i64 = sqlx::query_scalar("select count(*) from mails").fetch_one(&site.pool).await.unwrap();
    assert_eq!(mails, 3, "one mail a day, not one an image");
}

#[tokio::test]
async fn owners_get_the_renewals_of_their_own_organisation_in_their_language() {
    let site = Site::with(ROWS, &[]).await;
    let marie = staff(&site).await;
    let page = marie.get("/fr/personnel/rappels").await;
    let form = fields(&page);
    let ssc = page.page();
    let option = scraper::Selector::parse("#organisation option").unwrap();
    let ssc = ssc.select(&option).find(|one| one.text().any(|text| text.contains("(SPC)"))).unwrap();
    let ssc = ssc.value().attr("value").unwrap().to_owned();
    for (email, organisation) in [("x", &*ssc), ("a@b.ca\r\nBcc: c@d.ca", &*ssc), ("jean@example.ca", "")] {
        let wrong = with(&form, &[("organisation", organisation), ("email", email), ("do", "add")]);
        let wrong = send(&marie, "/fr/personnel/rappels", &wrong).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.all(".error-summary li").len(), 1, "{email}");
    }
    let add = [("organisation", &*ssc), ("email", "jean@example.ca"), ("language", "fr"), ("do", "add")];
    for _ in 0..2 {
        let added = send(&marie, "/fr/personnel/rappels", &with(&form, &add)).await;
        assert_eq!(added.header("location"), "/fr/personnel/rappels?done=add");
    }
    marie.post("/en/staff/reminders", &[("do", "off")]).await;
    let page = marie.get("/en/staff/reminders").await;
    assert!(page.one("main").contains("You get none"));
    assert_eq!(page.all("#owners ~ div tbody tr").len(), 1);
    assert!(page.one("#owners ~ div tbody").contains("Marie"), "who added it");
    assert_eq!(page.all("#next + ul li.change h3"), ["jean@example.ca"]);
    assert_eq!(at(&site, "2026-11-22T17:00:00Z").await, 1);
    let (to, subject, text) = last(&site).await;
    assert_eq!((&*to, &*subject), ("jean@example.ca", "1 renouvellement à surveiller"));
    assert!(text.contains("- past · SPC\u{a0}: 2026-11-01") && !text.contains("near"), "{text}");
    let page = marie.get("/fr/personnel/rappels").await;
    assert!(
        page.one("#sent ~ div tbody").contains("jean@example.ca") && page.one("#sent ~ div tbody").contains("past")
    );
    assert!(page.one("#next + ul").contains("1 renouvellement"), "a week more past by tomorrow");
    marie.post("/en/staff/reminders", &[("do", "remove"), ("owner", "1")]).await;
    assert!(marie.get("/en/staff/reminders").await.one("#next ~ .empty").contains("Nobody gets reminders"));
}

#[tokio::test]
async fn a_test_goes_to_ones_own_address_once_a_form() {
    let site = Site::with(ROWS, &[]).await;
    let nobody = site.sign_in(Role::Staff).await;
    assert!(nobody.get("/en/staff/reminders").await.one("main").contains("no e-mail address"));
    let refused = nobody.post("/en/staff/reminders", &[("do", "test"), ("key", "k")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let marie = staff(&site).await;
    let page = marie.get("/fr/personnel/rappels").await;
    let key = page.attributes("input[name=key]", "value").remove(0);
    for _ in 0..2 {
        let sent = marie.post("/fr/personnel/rappels", &[("do", "test"), ("key", &key)]).await;
        assert!(
            marie
                .get(sent.header("location"))
                .await
                .one(".notice-success")
                .contains("Le courriel est rédigé. Il attend")
        );
    }
    let tests: Vec<String> =
        sqlx::query_scalar("select recipient from mails where kind = 'test'").fetch_all(&site.pool).await.unwrap();
    assert_eq!(tests, ["marie@example.ca"]);
    assert_eq!(marie.get("/en/staff/reminders?done=what").await.status, StatusCode::BAD_REQUEST);
    let typed = [("do", "edit"), ("email", "half@"), ("organisation", "1")];
    assert_eq!(marie.post("/en/staff/reminders", &typed).await.attributes("#email", "value"), ["half@"]);
}
