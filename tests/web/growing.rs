//! Answers that grow with the catalogue are drawn apart from others: with many more lines, no other answer grows.

use std::fmt::Write as _;

use axum::http::StatusCode;
use image_catalogue::i18n::Lang;
use image_catalogue::web::visitor::Role;
use image_catalogue::{LONG, PAGES, STAFF_PAGES};

use crate::support::Site;

/// Lines that are brought in between two looks, and how many bytes an answer may grow by that is not drawn apart: a
/// page of a list, with its pager and filters.
const LINES: usize = 1_500;
const MORE: usize = 150_000;

fn addresses() -> Vec<String> {
    let all = PAGES.iter().copied().chain(STAFF_PAGES.iter().map(|(route, _)| *route));
    let mut all: Vec<String> = all
        .flat_map(|route| Lang::BOTH.map(|lang| route.pattern(lang)))
        .flat_map(|pattern| match pattern {
            "/en/reports/{report}" => ["overview", "changed", "renewals", "pooling"]
                .map(|report| pattern.replace("{report}", report))
                .to_vec(),
            _ => vec![pattern.replace("{slug}", "nginx").replace("{acronym}", "NRCan").replace("{file}", "costs.csv")],
        })
        .collect();
    all.extend(
        ["images", "licences", "demand", "organisations", "changes", "allow-list.json"]
            .map(|list| format!("/api/v1/{list}")),
    );
    all.retain(|address| !address.contains('{'));
    all
}

#[tokio::test]
async fn an_answer_that_grows_with_the_catalogue_is_drawn_apart() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let mut before = Vec::new();
    for address in addresses() {
        let answer = admin.get(&address).await;
        if answer.status == StatusCode::OK {
            before.push((address, answer.body.len()));
        }
    }
    assert!(before.len() > 80, "{}", before.len());
    let mut rows = "Image name,Renewal date,Department,Type,Status,Notes\n".to_owned();
    for number in 0..LINES {
        let (date, status) = if number % 2 == 0 { ("2027-03-15", "Procured") } else { ("TBD", "Under consideration") };
        writeln!(rows, "image-{number},{date},D{},Application,{status},A note about image {number}", number % 40)
            .unwrap();
    }
    site.import(&rows, "rows.csv", "Many").await;
    for (address, size) in before {
        let grown = admin.get(&address).await.body.len().saturating_sub(size);
        assert!(grown < MORE || LONG.has(&address), "{address} grows by {grown} bytes and is drawn where all are");
    }
}
