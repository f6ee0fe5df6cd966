//! Words that say what is so: of when facts are, what is overdue, and whether mail leaves.

use chrono::NaiveDate;
use image_catalogue::catalogue::files::Format;
use image_catalogue::catalogue::import::{self, PUBLISHED_ON, PUBLISHED_PAGE};
use image_catalogue::clock::Clock;
use serde_json::Value;

use crate::support::Site;

async fn bring_in_the_page(site: &Site, as_of: Option<NaiveDate>) {
    let request = import::Request {
        bytes: PUBLISHED_PAGE.as_bytes(),
        file_name: "page.md",
        format: Some(Format::Markdown),
        actor: "tester",
        as_of,
        ..import::Request::default()
    };
    import::import(&site.pool, Clock::System, &request, |_, _| {}).await.unwrap();
    site.catalogue.refresh().await.unwrap();
}

#[tokio::test]
async fn the_pages_own_date_is_the_age_of_its_facts_and_the_import_stands_beside_it() {
    let site = Site::with("", &[]).await;
    bring_in_the_page(&site, Some(PUBLISHED_ON)).await;
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
    bring_in_the_page(&site, None).await;
    let words = site.get("/en").await.one(".source");
    assert!(words.contains("whose own date nobody gave") && !words.contains("2025-11-19"), "{words}");
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
async fn where_no_mail_leaves_every_form_that_promises_mail_says_so() {
    let site = Site::with_cast().await;
    for address in [
        "/en/requests/new",
        "/fr/demandes/nouvelle",
        "/en/feedback/new",
        "/fr/commentaires/nouveau",
        "/en/follow?image=python",
        "/en/images/python/suggest",
    ] {
        let said = site.get(address).await.all(".no-mail");
        assert_eq!(said.len(), 1, "{address}");
    }
    let sending = Site::with("", &["--smtp-url", "smtp://127.0.0.1:9", "--mail-from", "catalogue@example.gc.ca"]).await;
    assert!(sending.get("/en/requests/new").await.all(".no-mail").is_empty());
}
