//! Reports: what they count, as pages and as files, of today and of past days.

use axum::http::StatusCode;
use image_catalogue::imports::{Request, import};
use image_catalogue::web::visitor::Role;
use serde_json::Value;

use crate::forms::{fields, send, with};
use crate::support::{CAST, Site, clock};

const NAMES: [(&str, &str); 4] = [
    ("overview", "apercu"),
    ("changed", "changements"),
    ("renewals", "renouvellements"),
    ("pooling", "mise-en-commun"),
];

/// A table of a report, from its JSON.
async fn table(site: &Site, address: &str, key: &str) -> Vec<Value> {
    let answer = site.get(address).await;
    let report: Value = serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{address} is not JSON"));
    let tables = report["tables"].as_array().unwrap();
    let found = tables.iter().find(|table| table["table"] == key).unwrap_or_else(|| panic!("{key} in {address}"));
    found["rows"].as_array().unwrap().clone()
}

/// A figure of a report, by its words.
async fn figure(site: &Site, address: &str, words: &str) -> i64 {
    let rows = table(site, address, "figures").await;
    let row = rows.iter().find(|row| row["figure"] == words).unwrap_or_else(|| panic!("{words} in {rows:?}"));
    row["value"].as_i64().unwrap()
}

/// What a table of the changes tells: the images.
async fn images(site: &Site, address: &str, key: &str) -> Vec<String> {
    let rows = table(site, address, key).await;
    rows.iter().map(|row| row["image"].as_str().unwrap().to_owned()).collect()
}

/// A site whose catalogue came in on one day and changed on another.
async fn with_a_past() -> Site {
    let site = Site::with("", &["--renewal-lead-days", "30"]).await;
    let first = "Image name,Renewal date,Department,Type,Status,Notes\n\
                 Kept,2027-03-01,SSC,Helm,Procured,\nRenewed,2026-10-01,SSC,Helm,Procured,\n\
                 Dropped,2026-10-01,SSC,Helm,Procured,\nBought,TBD,CSE,Helm,Under consideration,\n\
                 Refused,TBD,CSE,Helm,Under consideration,\nDateless,TBD,SSC,Helm,Procured,\n";
    let then = "Image name,Renewal date,Department,Type,Status,Notes\n\
                Kept,2027-03-01,SSC,Helm,Procured,\nRenewed,2027-10-01,SSC,Helm,Procured,\n\
                Dropped,2026-10-01,SSC,Helm,Retired,\nBought,2027-11-01,CSE,Helm,Procured,\n\
                Refused,TBD,CSE,Helm,Declined,\nNew,TBD,CSE,Helm,Under consideration,\n";
    for (text, day) in [(first, "2026-09-01"), (then, "2026-11-10")] {
        let request = Request {
            bytes: text.as_bytes(),
            file_name: "page.csv",
            actor: "tester",
            as_of: Some(day.parse().unwrap()),
            ..Request::default()
        };
        import(&site.pool, clock(), &request, |_, _| {}).await.unwrap();
    }
    site.catalogue.refresh().await.unwrap();
    site
}

#[tokio::test]
async fn every_report_opens_in_both_languages_and_as_every_kind_of_file() {
    let site = Site::with_cast().await;
    assert_eq!(site.get("/en/reports").await.all(".card").len(), 8);
    for (english, french) in NAMES {
        for (folder, name) in [("/en/reports", english), ("/fr/rapports", french)] {
            let page = site.get(&format!("{folder}/{name}")).await;
            assert_eq!(page.status, StatusCode::OK, "{folder}/{name}");
            assert!(!page.all("main section h2").is_empty());
            for link in page.attributes("main a[download]", "href") {
                let file = site.get(&link).await;
                assert_eq!(file.status, StatusCode::OK, "{link}");
                let named = file.header("content-disposition");
                assert!(named.contains(name) && named.contains("2026-11-22."), "{named}");
                let whole = String::from_utf8_lossy(&file.body).into_owned();
                assert!(!whole.contains('⟦') && whole.len() > 20, "{link}");
                if link.contains(".json") {
                    let report: Value = serde_json::from_slice(&file.body).unwrap();
                    assert_eq!(report["as_at"], "2026-11-22");
                    for table in report["tables"].as_array().unwrap() {
                        let source = table["source"].as_str().unwrap();
                        assert!(!source.starts_with("Source") && source.contains("2026-11-2"), "{source}");
                    }
                }
            }
        }
        assert_eq!(site.get(&format!("/en/reports/{french}")).await.status, StatusCode::OK, "either name leads there");
    }
    for wrong in ["/en/reports/nothing", "/en/reports/overview.pdf", "/en/reports/nothing.csv"] {
        assert_eq!(site.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn the_overview_counts_what_is_held_wanted_and_lapsing_and_draws_it() {
    let site = Site::with_cast().await;
    let of = async |words: &str| figure(&site, "/en/reports/overview.json", words).await;
    assert_eq!(of("Images held").await, 5);
    assert_eq!(of("Renewal date passed, not confirmed").await, 1);
    assert_eq!(of("Licences to renew within 90 days").await, 1);
    assert_eq!(of("Licences without a known renewal date").await, 1);
    let months = table(&site, "/en/reports/overview.json", "by-month").await;
    let row = |month: &str| months.iter().find(|row| row["month"] == month).unwrap().clone();
    assert_eq!((row("Date passed")["licences"].as_i64(), row("Not known")["licences"].as_i64()), (Some(1), Some(1)));
    assert_eq!(row("2026-12")["fiscal_quarter"], "2026-2027 Q3");
    assert_eq!(row("2027-11")["licences"], 2);
    assert_eq!(months.iter().map(|row| row["licences"].as_i64().unwrap()).sum::<i64>(), 5, "none is lost");
    let page = site.get("/fr/rapports/apercu").await;
    assert_eq!(page.all("figure svg[role=img] > title").len(), page.all("figure svg[role=img] > desc").len());
    assert_eq!(page.all("figure svg[role=img]").len(), 3);
    assert_eq!(page.all("section:has(figure) table").len(), 3, "each drawing has its table beside it");
    assert!(page.one("#by-month-description").contains("5 licences"));
}

#[tokio::test]
async fn what_changed_between_two_days_is_told_once_each_and_as_at_any_day() {
    let site = with_a_past().await;
    let address = "/en/reports/changed.json?from=2026-10-15&to=2026-11-20";
    assert_eq!(images(&site, address, "added").await, ["New"]);
    assert_eq!(images(&site, address, "procured").await, ["Bought"]);
    assert_eq!(images(&site, address, "renewed").await, ["Renewed"]);
    assert_eq!(images(&site, address, "dropped").await, ["Dropped"]);
    assert_eq!(images(&site, address, "declined").await, ["Refused"]);
    assert_eq!(images(&site, address, "new-demand").await, ["New"]);
    let renewed = &table(&site, address, "renewed").await[0];
    assert_eq!(
        (&renewed["renewal_date_before"], &renewed["renewal_date"]),
        (&"2026-10-01".into(), &"2027-10-01".into())
    );
    let quiet = "/en/reports/changed.json?from=2026-11-12&to=2026-11-20";
    for row in table(&site, quiet, "summary").await {
        assert_eq!(row["count"], 0, "{row}");
    }
    assert_eq!(images(&site, "/en/reports/changed.json?from=2026-08-01&to=2026-09-15", "added").await.len(), 6);
    let page = site.get("/fr/rapports/changements?from=2026-10-15").await;
    assert_eq!(page.all("main h2").len(), 8);
    assert!(page.text().contains("à la fin du 2026-10-15"));
    let csv = site.get("/fr/rapports/changements.csv?from=2026-10-15&table=renewed").await;
    assert!(csv.text().ends_with("Renewed,SPC,2026-10-01,2027-10-01\r\n"), "{}", csv.text());
    assert!(csv.header("content-disposition").contains("changements-depuis-2026-10-15-2026-11-22.csv"));
    assert_eq!(figure(&site, "/en/reports/overview.json?as-at=2026-09-15", "Images held").await, 4);
    assert_eq!(figure(&site, "/en/reports/overview.json", "Images held").await, 4);
    assert_eq!(figure(&site, "/en/reports/overview.json?as-at=2026-08-15", "Images held").await, 0);
    assert!(site.get("/en/reports/overview?as-at=2026-09-15").await.text().contains("As at the end of 2026-09-15"));
}

#[tokio::test]
async fn renewals_say_by_when_to_decide_and_how_long_a_date_has_not_been_known() {
    let site = with_a_past().await;
    let rows = table(&site, "/en/reports/renewals.json", "renewals").await;
    let row = |name: &str| rows.iter().find(|row| row["image"] == name).unwrap().clone();
    let kept = row("Kept");
    assert_eq!((&kept["decide_by"], &kept["fiscal_year"]), (&"2027-01-30".into(), &"2026-2027".into()));
    assert_eq!(kept["days_to_decide"], 69);
    let dateless = row("Dateless");
    assert_eq!((&dateless["renewal_date"], &dateless["not_known_since"]), (&Value::Null, &"2026-09-01".into()));
    let ages = table(&site, "/en/reports/renewals.json", "not-known").await;
    assert_eq!(ages[1]["licences"], 1, "82 days: {ages:?}");
    let then = table(&site, "/en/reports/renewals.json?as-at=2026-09-10", "not-known").await;
    assert_eq!(then[0]["licences"], 1, "9 days then: {then:?}");
    let narrowed = table(&site, "/fr/rapports/renouvellements.json?department=SPC&year=2027-2028", "renewals").await;
    assert_eq!(narrowed.len(), 1);
    assert_eq!(narrowed[0]["image"], "Renewed");
    let file = site.get("/fr/rapports/renouvellements.csv?department=SPC&year=2027-2028").await;
    assert!(file.header("content-disposition").contains("renouvellements-spc-2027-2028-2026-11-22.csv"));
    for wrong in ["department=Nowhere", "year=2026", "as-at=hier", "from=2026-11-20&to=2026-11-01"] {
        let answer = site.get(&format!("/fr/rapports/renouvellements?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let wrong = site.get("/fr/rapports/apercu.csv?table=prix").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

/// Asks for an image and lets staff decide.
async fn ask(site: &Site, image: &str, decision: &str, said: &[(&str, &str)]) {
    let department: i64 = sqlx::query_scalar("select id from organisations where acronym_en = 'PSPC'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    let department = department.to_string();
    let asked = [
        ("image-1", image),
        ("department", &*department),
        ("contact-name", "Marie Tremblay"),
        ("contact-email", "marie@example.gc.ca"),
        ("do", "send"),
    ];
    let form = with(&fields(&site.get("/en/requests/new").await), &asked);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(site.post("/en/requests/new", &form).await.status, StatusCode::SEE_OTHER);
    let item: i64 = sqlx::query_scalar("select max(id) from request_items").fetch_one(&site.pool).await.unwrap();
    let staff = site.sign_in(Role::Staff).await;
    let open = fields(&staff.get(&format!("/en/staff/requests/decide?do={decision}&item={item}")).await);
    let decided = send(&staff, "/en/staff/requests/decide", &with(&open, &[said, &[("do", "save")]].concat())).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.text());
}

#[tokio::test]
async fn requests_and_pooling_are_counted_and_never_say_who_asked() {
    let site = Site::with_cast().await;
    ask(&site, "Python", "available", &[]).await;
    ask(&site, "Nothing Yet", "decline", &[("words", "Not maintained")]).await;
    let states = table(&site, "/en/reports/overview.json", "requests").await;
    let count = |state: &str| states.iter().find(|row| row["state"] == state).unwrap()["requests"].clone();
    assert_eq!((count("Declined"), count("Received")), (1.into(), 0.into()));
    let days = table(&site, "/en/reports/overview.json", "days-to-answer").await;
    assert_eq!(days.len(), 2);
    assert_eq!(days[0]["median_days"], 1, "{days:?}");
    let then = table(&site, "/en/reports/overview.json?as-at=2026-11-20", "requests").await;
    assert!(then.iter().all(|row| row["requests"] == 0), "{then:?}");
    let rows = table(&site, "/en/reports/pooling.json", "by-image").await;
    let python = rows.iter().find(|row| row["image"] == "Python").unwrap();
    // SSC holds it, ESDC wants it, and PSPC was told that it may use it.
    assert_eq!((&python["departments"], &python["not_bought_twice"]), (&3.into(), &2.into()));
    let shared = rows.iter().find(|row| row["image"].as_str().unwrap().to_lowercase() == "shared").unwrap();
    assert_eq!((&shared["departments"], &shared["not_bought_twice"]), (&2.into(), &0.into()));
    for address in
        ["/en/reports/overview.json", "/en/reports/pooling.json", "/en/reports/changed.md", "/en/reports/pooling"]
    {
        let text = site.get(address).await.text().to_owned();
        assert!(!text.contains("Marie") && !text.contains("example.gc.ca"), "{address}");
    }
}

#[tokio::test]
async fn what_people_wrote_is_no_formula_in_csv_and_no_markup_in_markdown() {
    let site = Site::with(&format!("{CAST}\"=1+1|[x](y)\",TBD,CSE,Helm,Under consideration,\n"), &[]).await;
    let csv = site.get("/en/reports/pooling.csv?table=by-image").await;
    assert!(csv.text().contains("\r\n'=1+1|[x](y),"), "{}", csv.text());
    let markdown = site.get("/en/reports/pooling.md?table=by-image").await;
    assert!(markdown.text().contains("| =1+1\\|\\[x\\](y) |"), "{}", markdown.text());
    let french = site.get("/fr/rapports/mise-en-commun.csv?table=by-image&bom=1&separator=semicolon").await;
    assert!(french.text().starts_with("\u{feff}Nom de l’image;État;"), "{}", french.text());
}
