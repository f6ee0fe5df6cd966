//! Prices: what they come to for managers, and that nobody else ever sees one.

use axum::http::StatusCode;
use image_catalogue::web::visitor::Role;
use serde_json::Value;

use crate::forms::{fields, send, with};
use crate::support::{Answer, SignedIn, Site};

/// Enters a price by the page's form.
async fn enter(manager: &SignedIn<'_>, said: &[(&str, &str)]) -> Answer {
    let usual = [("do", "enter"), ("source", "Quote 7")];
    let usual: Vec<_> = usual.into_iter().filter(|(name, _)| said.iter().all(|(given, _)| given != name)).collect();
    let open = fields(&manager.get("/en/staff/costs").await);
    send(manager, "/en/staff/costs", &with(&open, &[&usual, said].concat())).await
}

async fn rows(manager: &SignedIn<'_>, table: &str) -> Vec<Value> {
    let file = manager.get(&format!("/en/staff/costs/costs.json?table={table}")).await;
    let report: Value = serde_json::from_slice(&file.body).unwrap();
    report["tables"][0]["rows"].as_array().unwrap().clone()
}

#[tokio::test]
async fn prices_come_to_a_year_a_share_and_a_break_even() {
    let site = Site::with_cast().await;
    let manager = site.sign_in(Role::Manager).await;
    assert!(manager.get("/fr/personnel/couts").await.text().contains("Aucun prix n’a été inscrit"));
    // Python is held by SSC and wanted by ESDC; Long Lasting is SSC's alone.
    for said in [
        [("image", "Python"), ("price", "2,000.01"), ("months", "24")],
        [("image", "long lasting"), ("price", "3 000,00 $"), ("months", "12")],
    ] {
        let entered = enter(&manager, &said).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text());
    }
    let whole = enter(&manager, &[("whole", "1"), ("price", "9000")]).await;
    assert_eq!(whole.status, StatusCode::SEE_OTHER, "{}", whole.text());
    let figures = rows(&manager, "figures").await;
    let of = |words: &str| figures.iter().find(|row| row["figure"] == words).unwrap()["value"].clone();
    assert_eq!(of("Images held, one by one, a year"), "4000.01");
    assert_eq!((of("Images held with a price"), of("Images held without a price")), (2.into(), 3.into()));
    assert_eq!(of("Images from which on the whole catalogue costs no more"), 5);
    let shares = rows(&manager, "by-department").await;
    let share = |acronym: &str| shares.iter().find(|row| row["department"] == acronym).unwrap()["share"].clone();
    assert_eq!((share("SSC"), share("ESDC")), ("3500.01".into(), "500.00".into()));
    let page = manager.get("/fr/personnel/couts").await;
    assert!(page.text().contains("4\u{a0}000,01\u{a0}$"), "{}", page.one("#figures ~ table"));
    // A later entry takes its place, and the earlier one is still told.
    enter(&manager, &[("image", "Python"), ("price", "100"), ("months", "12")]).await;
    assert_eq!(rows(&manager, "by-image").await[1]["a_year"], "100.00");
    enter(&manager, &[("image", "Python"), ("do", "none")]).await;
    assert_eq!(rows(&manager, "by-image").await.len(), 1);
    assert_eq!(manager.get("/en/staff/costs").await.all("#entries ~ div tbody tr").len(), 5);
    let refused = sqlx::query("update prices set cents = 1").execute(&site.pool).await;
    assert!(refused.is_err(), "an entry is never rewritten");
    for format in ["csv", "xlsx", "json", "md"] {
        let file = manager.get(&format!("/fr/personnel/couts/couts.{format}")).await;
        assert_eq!(file.status, StatusCode::OK);
        assert_eq!(file.header("cache-control"), "private, no-store");
    }
    let past = manager.get("/en/staff/costs?as-at=2026-01-01").await;
    assert!(past.text().contains("No price has been entered"));
}

#[tokio::test]
async fn a_price_that_cannot_be_read_is_explained_and_nothing_typed_is_lost() {
    let site = Site::with_cast().await;
    let manager = site.sign_in(Role::Manager).await;
    let wrong = enter(
        &manager,
        &[("image", "Nothing"), ("price", "12,3456"), ("months", "0"), ("valid-from", "soon"), ("source", "")],
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.all(".error-summary li").len(), 5);
    assert_eq!(wrong.attributes("#price", "value"), ["12,3456"]);
    assert_eq!(wrong.attributes("#image", "value"), ["Nothing"]);
    let kept: i64 = sqlx::query_scalar("select count(*) from prices").fetch_one(&site.pool).await.unwrap();
    assert_eq!(kept, 0);
    let open = with(
        &fields(&manager.get("/en/staff/costs").await),
        &[("image", "Python"), ("price", "1"), ("source", "Quote"), ("do", "enter")],
    );
    for _ in 0..3 {
        assert_eq!(send(&manager, "/en/staff/costs", &open).await.status, StatusCode::SEE_OTHER);
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from prices").fetch_one(&site.pool).await.unwrap();
    assert_eq!(kept, 1, "sent three times, entered once");
}

#[tokio::test]
async fn a_price_reaches_no_page_file_feed_or_interface_of_anyone_below_a_manager() {
    let site = Site::with_cast().await;
    let manager = site.sign_in(Role::Manager).await;
    assert_eq!(
        enter(&manager, &[("image", "Python"), ("price", "76543.21"), ("source", "Quote QX-99")]).await.status,
        StatusCode::SEE_OTHER
    );
    let staff = site.sign_in(Role::Staff).await;
    for address in ["/en/staff/costs", "/en/staff/costs/costs.csv", "/fr/personnel/couts/couts.json"] {
        assert_eq!(staff.get(address).await.status, StatusCode::FORBIDDEN, "{address}");
        assert_eq!(site.get(address).await.status, StatusCode::SEE_OTHER, "{address}");
    }
    let fill = |pattern: &str| {
        pattern
            .replace("{slug}", "python")
            .replace("{acronym}", "SSC")
            .replace("{id}", "2")
            .replace("{report}", "pooling.json")
    };
    let mut addresses: Vec<String> =
        image_catalogue::PAGES.iter().flat_map(|route| [fill(route.en), fill(route.fr)]).collect();
    addresses.extend(
        ["images", "images/python", "licences", "demand", "changes", "allow-list.json"]
            .map(|path| format!("/api/v1/{path}")),
    );
    for address in addresses {
        for answer in [site.get(&address).await, staff.get(&address).await] {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            for secret in ["76543", "76,543", "76\u{a0}543", "QX-99"] {
                assert!(!text.contains(secret), "{address} has {secret}");
            }
        }
    }
}

#[tokio::test]
async fn another_day_of_the_costs_keeps_the_price_that_is_being_typed() {
    let site = Site::with_cast().await;
    let manager = site.sign_in(Role::Manager).await;
    enter(&manager, &[("image", "Python"), ("price", "100"), ("months", "12")]).await;
    let typed =
        [("image", "NGINX"), ("price", "77.05"), ("source", "Quote 9"), ("do", "edit"), ("as-at", "2026-11-20")];
    let open = fields(&manager.get("/en/staff/costs").await);
    let shown = send(&manager, "/en/staff/costs", &with(&open, &typed)).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    assert_eq!(shown.attributes("#price", "value"), ["77.05"]);
    assert_eq!(shown.attributes("#source", "value"), ["Quote 9"]);
    assert_eq!(shown.attributes("#as-at", "value"), ["2026-11-20"]);
    let nothing = send(&manager, "/en/staff/costs", &with(&open, &[("do", "edit"), ("as-at", "2026-11-20")])).await;
    assert_eq!(nothing.header("location"), "/en/staff/costs?as-at=2026-11-20");
    for (address, words) in
        [("/en/staff/costs", "YYYY-MM-DD, from 1990 to 2200"), ("/fr/personnel/couts", "AAAA-MM-JJ, de 1990 à 2200")]
    {
        let wrong = with(&open, &[("price", "77.05"), ("do", "edit"), ("as-at", "1989-12-31")]);
        let refused = send(&manager, address, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.one("#as-at-error").contains(words), "{}", refused.one("#as-at-error"));
        assert_eq!(refused.attributes("#price", "value"), ["77.05"]);
        let wrong = with(&open, &[("price", "77.05"), ("do", "enter"), ("valid-from", "2201-01-01")]);
        let refused = send(&manager, address, &wrong).await;
        assert!(refused.one("#valid-from-error").contains(words), "{}", refused.one("#valid-from-error"));
    }
}
