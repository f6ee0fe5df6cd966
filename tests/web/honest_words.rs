//! Words that say what is so: of when facts are, what is overdue, and whether mail leaves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use chrono::NaiveDate;
use image_catalogue::catalogue::reference::PUBLISHED_ON;
use image_catalogue::clock::Clock;
use image_catalogue::files::Format;
use image_catalogue::imports::{self, PUBLISHED_PAGE};
use image_catalogue::web::visitor::Role;
use serde_json::Value;

use crate::forms::{fields, with};
use crate::support::Site;

async fn bring_in(site: &Site, page: &str, as_of: Option<NaiveDate>) {
    let request = imports::Request {
        bytes: page.as_bytes(),
        file_name: "page.md",
        format: Some(Format::Markdown),
        actor: "tester",
        as_of,
        ..imports::Request::default()
    };
    imports::import(&site.pool, Clock::System, &request, |_, _| {}).await.unwrap();
    site.catalogue.refresh().await.unwrap();
}

#[tokio::test]
async fn the_pages_own_date_is_the_age_of_its_facts_and_the_import_stands_beside_it() {
    let site = Site::with("", &[]).await;
    bring_in(&site, PUBLISHED_PAGE, Some(PUBLISHED_ON)).await;
    for address in ["/en", "/en/images", "/en/demand"] {
        let words = site.get(address).await.one(".source");
        assert!(words.contains("the published page of 2025-11-19, brought in 20"), "{address}: {words}");
    }
    assert!(site.get("/fr").await.one(".source").contains("la page publiée du 2025-11-19, importée le 20"));
    let report = site.get("/en/reports/overview.json").await;
    assert!(report.text().contains("Facts of the published page of 2025-11-19"), "{}", report.text());
}

#[tokio::test]
async fn a_page_whose_date_nobody_gave_is_not_given_one() {
    let site = Site::with("", &[]).await;
    bring_in(&site, &PUBLISHED_PAGE.replace("High-performance", "Fast"), None).await;
    let words = site.get("/en").await.one(".source");
    assert!(words.contains("whose own date nobody gave") && !words.contains("2025-11-19"), "{words}");
}

#[tokio::test]
async fn the_date_of_the_source_is_that_of_the_revision_that_was_brought_in_last() {
    let site = Site::with("", &[]).await;
    let said = async || site.get("/en").await.one(".source");
    bring_in(&site, PUBLISHED_PAGE, None).await;
    assert!(said().await.contains("the published page of 2025-11-19, brought in 20"), "{}", said().await);
    let later = PUBLISHED_PAGE.replace("High-performance", "Fast");
    bring_in(&site, &later, "2026-02-03".parse().ok()).await;
    assert!(said().await.contains("the published page of 2026-02-03, brought in 20"), "{}", said().await);
    let changed = site.catalogue.now().version.changed_at;
    bring_in(&site, &format!("{later}\n"), "2026-05-06".parse().ok()).await;
    assert!(
        said().await.contains("the published page of 2026-05-06"),
        "a revision that changes nothing: {}",
        said().await
    );
    assert_eq!(site.catalogue.now().version.changed_at, changed, "and the catalogue has not changed");
    for report in ["/en/reports/overview.json", "/en/images.json", "/fr/images.md"] {
        let text = site.get(report).await.text().to_owned();
        assert!(!text.contains("2025-11-19"), "{report}");
    }
}

#[tokio::test]
async fn an_example_of_a_tag_bears_the_day_on_which_it_was_read() {
    let site = Site::with("", &[]).await;
    bring_in(&site, PUBLISHED_PAGE, Some(PUBLISHED_ON)).await;
    let python = site.get("/en/images/python").await.one("section[aria-labelledby=references]");
    assert!(python.contains("example from the published page (as of 2025-11-19), not a promise"), "{python}");
    let jdk = site.get("/fr/images/openjdk-jdk-jre").await.one("section[aria-labelledby=references]");
    assert!(jdk.contains("(à une date qui n’a pas été notée), pas une promesse"), "{jdk}");
}

#[tokio::test]
async fn no_source_is_named_twice_and_nothing_has_less_than_no_days_left() {
    let site = Site::with_cast().await;
    for report in ["overview", "changed", "renewals", "pooling"] {
        for address in [format!("/en/reports/{report}"), format!("/en/reports/{report}.md")] {
            let text = site.get(&address).await.text().replace("<dt>", "");
            assert!(!text.contains("Source: Source"), "{address}: {text}");
        }
        let file: Value = serde_json::from_slice(&site.get(&format!("/en/reports/{report}.json")).await.body).unwrap();
        assert!(!file.to_string().contains("\"Source: "), "{report}");
        assert!(!file.to_string().contains(":-"), "{report}: no figure is less than nothing");
    }
    assert!(site.get("/en/reports/renewals").await.one("main").contains("overdue by "));
    assert!(site.get("/fr/rapports/renouvellements").await.one("main").contains("en retard de "));
}

#[tokio::test]
async fn where_no_mail_leaves_every_page_that_promises_mail_says_so() {
    let site = Site::with_cast().await;
    let manager = site.sign_in(Role::Manager).await;
    let private = crate::requests::ask(&site, "Apache Kafka", "CSE", &[]).await;
    let feedback = [("about", "site"), ("message", "Typed"), ("email", "marie@example.gc.ca"), ("do", "send")];
    let form = with(&fields(&site.get("/en/feedback/new").await), &feedback);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let feedback = site.post("/en/feedback/new", &form).await.header("location").to_owned();
    for address in [
        "/en/requests/new",
        "/fr/demandes/nouvelle",
        "/en/feedback/new",
        "/fr/commentaires/nouveau",
        "/en/follow?image=python",
        "/fr/suivre?image=python",
        "/en/images/python/suggest",
    ] {
        let said = site.get(address).await.all(".no-mail");
        assert_eq!(said.len(), 1, "{address}");
    }
    for address in [
        "/en/staff/requests/REQ-2026-0001",
        "/fr/personnel/demandes/REQ-2026-0001",
        "/en/staff/requests/decide?do=decline&item=1",
        "/en/staff/feedback/1",
        "/en/staff/reports",
        "/en/staff/reports/new?report=overview&table=figures",
        "/en/staff/reminders",
        "/en/staff/mail",
    ] {
        let page = manager.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert_eq!(page.all(".no-mail, .notice-warning h2").len(), 1, "{address}: {}", page.one("main"));
    }
    // What was just sent shows the link to keep, and says that nothing was mailed.
    for address in [private, feedback] {
        let page = site.get(&address).await;
        let said = page.one(".notice-success");
        assert!(said.contains("Conservez ce lien") || said.contains("Keep this link"), "{address}: {said}");
        assert_eq!(page.attributes(".notice-success a", "href").len(), 1, "{address}");
        assert!(!said.contains("send it to you by e-mail") && !said.contains("nous envoyons"), "{said}");
    }
    for (address, waits, lie) in [
        ("/en/follow?image=nginx", "no mail is sent yet", "mailbox"),
        ("/fr/suivre?image=nginx", "aucun courriel n’est encore envoyé", "boîte"),
    ] {
        let sent = site.post(address, &[("email", "marie@example.gc.ca"), ("do", "send")]).await;
        let said = sent.one(".notice-success");
        assert!(said.contains(waits) && !said.contains(lie), "{said}");
    }
    let sending = Site::with("", &["--smtp-url", "smtp://127.0.0.1:9", "--mail-from", "catalogue@example.gc.ca"]).await;
    assert!(sending.get("/en/requests/new").await.all(".no-mail").is_empty());
    let manager = sending.sign_in(Role::Manager).await;
    assert!(manager.get("/en/staff/reports").await.all(".no-mail").is_empty());
}

/// Every page that mails is one of those above: a room that begins to write mail is looked at anew.
#[test]
fn the_rooms_that_write_mail_are_known() {
    let mut rooms = BTreeSet::new();
    for entry in walk(Path::new("src")) {
        let text = std::fs::read_to_string(&entry).unwrap();
        if text.contains("mail::put") && !entry.starts_with("src/mail") {
            rooms.insert(entry.components().nth(1).unwrap().as_os_str().to_str().unwrap().to_owned());
        }
    }
    let known = ["feedback", "reminders", "requests", "saved", "watches"];
    assert_eq!(rooms.iter().map(String::as_str).collect::<Vec<_>>(), known);
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}
