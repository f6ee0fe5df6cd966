//! A renewal date that is not known any more: the last one stays, everywhere, with who owes the next and since when.

use axum::http::StatusCode;
use image_catalogue::catalogue::store::history;
use image_catalogue::people::db::accounts;
use image_catalogue::reminders::remind;
use image_catalogue::web::visitor::Role;

use crate::editing::lines_with;
use crate::forms::{fields, save, send, with};
use crate::support::Site;

/// One date 271 days past, one of them to be unknown at once, one that lies ahead, one that nobody ever gave.
const ROWS: &str = "Image name,Department,Status,Renewal date\n\
                    past,SSC,Procured,2026-02-24\nolder,CSE,Procured,2026-02-20\nahead,SSC,Procured,2027-06-10\n\
                    never,SSC,Procured,TBD\n";

async fn line(site: &Site, name: &str) -> String {
    let line = sqlx::query_scalar::<_, i64>("select id from lines where name = $1").bind(name);
    line.fetch_one(&site.pool).await.unwrap().to_string()
}

async fn say_unknown(site: &Site, name: &str) {
    let staff = site.sign_in(Role::Staff).await;
    let line = line(site, name).await;
    let said = [("line", &*line), ("decision", "unknown"), ("owed-by", "Vendor Inc."), ("reason", "Asked twice")];
    let saved = save(&staff, "/en/staff/renewals", &said).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
}

#[tokio::test]
async fn a_date_that_is_not_known_any_more_stays_among_the_overdue_with_who_owes_the_next_one() {
    let site = Site::with(ROWS, &[]).await;
    let before = site.get("/en").await;
    assert!(before.one(".notice-warning h3").contains('2'), "two dates are past");
    say_unknown(&site, "past").await;
    let home = site.get("/en").await;
    assert!(home.one(".notice-warning h3").contains('2'), "they still are");
    let rows = home.all("tbody tr");
    assert!(rows[1].contains("past") && rows[1].contains("2026-02-24 (last known date)"), "{rows:?}");
    assert!(rows[1].contains("271 days ago") && rows[1].contains("next date not known"), "{rows:?}");
    assert!(rows[1].contains("Vendor Inc. owes the date (not known since 2026-02-24)"), "{rows:?}");
    let list = site.get("/en/images?renewal=passed").await;
    assert_eq!(list.all("tbody tr").len(), 2);
    let usual = site.get("/en/images?sort=renewal").await.all("tbody th");
    assert_eq!(usual, ["older", "past", "ahead", "never"], "sorted with the overdue");
    let page = site.get("/en/images/past").await;
    assert!(page.one(".answer-word").contains("check first"), "{}", page.one(".answer"));
    assert!(page.one("section[aria-labelledby=held]").contains("2026-02-24 (last known date)"));
    assert!(page.one("section[aria-labelledby=held]").contains("Vendor Inc. owes"));
    let french = site.get("/fr/images/past").await;
    assert!(french.one("section[aria-labelledby=held]").contains("Vendor Inc. doit donner la date"));
    let staff = site.sign_in(Role::Staff).await;
    let renewals = staff.get("/en/staff/renewals").await.all("tbody tr");
    assert!(
        renewals[1].contains("2026-02-24 (last known date)") && renewals[1].contains("Vendor Inc."),
        "{renewals:?}"
    );
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

#[tokio::test]
async fn files_programs_calendars_reports_and_reminders_tell_the_last_known_date() {
    let site = Site::with(ROWS, &[]).await;
    say_unknown(&site, "past").await;
    let csv = site.get("/en/images.csv").await.text().to_owned();
    let row = csv.lines().find(|row| row.starts_with("past,")).unwrap();
    assert!(row.contains("TBD") && !row.contains("2026-02-24"), "the column of the contract: {row}");
    let json = site.get("/en/images.json").await.text().to_owned();
    assert!(json.contains("\"renewal_date\":null") && !json.contains("last_known"), "the keys of the contract: {json}");
    let licences: serde_json::Value = serde_json::from_str(site.get("/api/v1/licences").await.text()).unwrap();
    let of = |name: &str| licences["items"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
    let past = of("past");
    assert_eq!(past["renewal"], "passed");
    assert!(past["renewal_date"].is_null());
    assert_eq!((&past["last_known_date"], &past["unknown_since"]), (&"2026-02-24".into(), &"2026-02-24".into()));
    assert_eq!(past["owed_by"], "Vendor Inc.");
    let image: serde_json::Value = serde_json::from_str(site.get("/api/v1/images/past").await.text()).unwrap();
    assert_eq!(image["lines"][0]["last_known_date"], "2026-02-24");
    let calendar = site.get("/en/renewals.ics").await.text().replace("\r\n ", "");
    assert!(calendar.contains("DTSTART;VALUE=DATE:20260224") && calendar.contains("Vendor Inc. owes"), "{calendar}");
    let report: serde_json::Value = serde_json::from_str(site.get("/en/reports/renewals.json").await.text()).unwrap();
    let text = report.to_string();
    assert!(text.contains("\"last_known_date\":\"2026-02-24\""), "{text}");
    assert!(text.contains("\"not_known_since\":\"2026-02-24\""), "the clock goes on from the last date: {text}");
    let new = accounts::New {
        issuer: Some("https://issuer.example"),
        subject: Some("marie"),
        email: "marie@example.ca",
        name: "Marie",
        role: Role::Staff,
        organisation: None,
    };
    let staff = accounts::add(&site.pool, &new).await.unwrap().unwrap();
    let staff = site.sign_in_as(staff).await;
    assert_eq!(remind(&site.pool, &site.catalogue, "https://images.example").await.unwrap(), 1);
    let reminder: String =
        sqlx::query_scalar("select plain from mails where kind = 'reminder'").fetch_one(&site.pool).await.unwrap();
    assert!(reminder.contains("past · SSC: 2026-02-24") && reminder.contains("Vendor Inc. owes"), "{reminder}");
    let quality = staff.get("/en/staff/quality").await.one("main");
    assert!(quality.contains("2026-02-24"), "{quality}");
}

#[tokio::test]
async fn a_past_day_shows_what_was_known_then_and_a_new_date_ends_it() {
    let site = Site::with(ROWS, &[]).await;
    say_unknown(&site, "past").await;
    let today = site.get("/en/images?as-at=2026-11-22&sort=renewal").await;
    assert!(today.one("table").contains("2026-02-24 (last known date)"), "built up from the record");
    let staff = site.sign_in(Role::Staff).await;
    let line = line(&site, "past").await;
    let renewed = [("line", &*line), ("decision", "renew"), ("date", "2027-11-22")];
    assert_eq!(save(&staff, "/en/staff/renewals", &renewed).await.status, StatusCode::SEE_OTHER);
    let page = site.get("/en/images/past").await.one("section[aria-labelledby=held]");
    assert!(page.contains("2027-11-22") && !page.contains("last known"), "{page}");
    say_unknown(&site, "past").await;
    let page = site.get("/en/images/past").await;
    assert!(
        page.one("section[aria-labelledby=held]").contains("2027-11-22 (last known date)"),
        "the newest one counts"
    );
    assert!(page.one(".answer-word").contains("Yes"), "it is not past yet");
    let terms: i64 =
        sqlx::query_scalar("select count(*) from terms t join lines l on l.id = t.line_id where l.name = 'past'")
            .fetch_one(&site.pool)
            .await
            .unwrap();
    assert_eq!(terms, 4, "each term stays a row");
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

#[tokio::test]
async fn a_renewal_to_an_earlier_date_needs_a_reason() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let line = lines_with(&staff.get("/en/staff/renewals").await, "Python").remove(0);
    let renew = [("line", &*line), ("decision", "renew"), ("do", "save")];
    let later = save(&staff, "/en/staff/renewals", &[&renew[..], &[("date", "2028-02-29")]].concat()).await;
    assert_eq!(later.status, StatusCode::SEE_OTHER);
    let backwards = [&renew[..], &[("date", "2027-03-01")]].concat();
    let refused = save(&staff, "/en/staff/renewals", &backwards).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.one(".error-summary").contains("a later date already, 2028-02-29"));
    let corrected =
        save(&staff, "/en/staff/renewals", &[&backwards[..], &[("reason", "The quote was wrong")]].concat()).await;
    assert_eq!(corrected.status, StatusCode::SEE_OTHER);
    assert!(site.get("/en/images/python").await.one("[aria-labelledby=held]").contains("2027-03-01"));
}

/// Brings acts to days: all until the first is written are of the first day, and so on.
async fn bring_to(site: &Site, days: &[(i64, &str)]) {
    let mut after = 0;
    for (until, day) in days {
        let moved = format!(
            "alter table change_sets disable trigger user;
             update change_sets set effective_at = '{day} 12:00-05' where id > {after} and id <= {until};
             alter table change_sets enable trigger user"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(moved)).execute(&site.pool).await.unwrap();
        after = *until;
    }
}

async fn newest(site: &Site) -> i64 {
    sqlx::query_scalar("select max(id) from change_sets").fetch_one(&site.pool).await.unwrap()
}

#[tokio::test]
async fn each_past_day_shows_the_date_as_it_was_known_then_also_of_a_line_that_went_over_to_another_image() {
    let site = Site::with(ROWS, &[]).await;
    let imported = newest(&site).await;
    say_unknown(&site, "past").await;
    let unknown = newest(&site).await;
    let staff = site.sign_in(Role::Staff).await;
    let merge = "/en/staff/images/older/merge";
    let open = fields(&staff.get(&format!("{merge}?with=past")).await);
    let preview = send(&staff, merge, &with(&open, &[("do", "preview")])).await;
    let said = [("reason", "One image"), ("do", "save")];
    let merged = send(&staff, merge, &with(&fields(&preview), &said)).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
    let days = [(imported, "2026-11-01"), (unknown, "2026-11-10"), (newest(&site).await, "2026-11-18")];
    bring_to(&site, &days).await;
    let site = Site::on(site.pool.clone(), &[]).await;

    let held = async |address: &str| site.get(address).await.one("section[aria-labelledby=held]");
    let known = held("/en/images/past?as-at=2026-11-05").await;
    assert!(known.contains("2026-02-24") && !known.contains("last known"), "{known}");
    for address in ["/en/images/past?as-at=2026-11-12", "/en/images/older?as-at=2026-11-20", "/en/images/older"] {
        let lost = held(address).await;
        assert!(lost.contains("2026-02-24 (last known date)"), "{address}: {lost}");
        assert!(lost.contains("Vendor Inc. owes the date (not known since 2026-02-24)"), "{address}: {lost}");
    }
    let before = held("/en/images/older?as-at=2026-11-12").await;
    assert!(!before.contains("2026-02-24"), "before it went over: {before}");
    for day in ["2026-11-12", "2026-11-20", "2026-11-22"] {
        for format in ["json", "csv?table=renewals", "md"] {
            let and = if format.contains('?') { '&' } else { '?' };
            let file = site.get(&format!("/en/reports/renewals.{format}{and}as-at={day}")).await;
            assert!(file.text().contains("2026-02-24"), "{format} {day}: {}", file.text());
        }
        let list = site.get(&format!("/en/images?as-at={day}&renewal=passed")).await;
        assert_eq!(list.all("tbody tr").len(), 2, "{day}: both are overdue");
    }
    let then = site.get("/en/reports/renewals.json?as-at=2026-11-05").await;
    assert!(!then.text().contains("\"not_known_since\":\"2026-02-24\""), "{}", then.text());
}
