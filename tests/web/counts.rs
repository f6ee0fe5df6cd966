//! A number that several pages, files and answers show is the same in all of them.

use axum::http::StatusCode;
use image_catalogue::web::visitor::Role;
use serde_json::Value;

use crate::forms::{fields, with};
use crate::support::Site;

/// Parents and their parts, a department that nobody knows, lines that were declined and retired.
const ROWS: &str = "Image name,Renewal date,Department,Type,Status
Python,2026-03-01,SSC,Application,Procured
Node,2027-03-01,CCCS,Application,Procured
nginx,TBD,NRCAN,Application,Under consideration
nginx,TBD,Bureau of Unknowns,Application,Under consideration
Kafka,TBD,CSE,Application,Under consideration
Kafka,TBD,CCCS,Application,Under consideration
Redis,TBD,Service Canada,Application,Under consideration
Old,TBD,TBS,Application,Retired
No,TBD,PSC,Application,Declined
";

/// Sends a request of a department, and gives its item's number.
async fn ask(site: &Site, image: &str, department: &str, unnamed: bool) -> i64 {
    let organisation: i64 = sqlx::query_scalar("select id from organisations where acronym_en = $1")
        .bind(department)
        .fetch_one(&site.pool)
        .await
        .unwrap();
    let organisation = organisation.to_string();
    let mut asked = vec![
        ("image-1", image),
        ("department", &*organisation),
        ("contact-name", "Marie Tremblay"),
        ("contact-email", "marie@example.gc.ca"),
        ("do", "send"),
    ];
    asked.extend(unnamed.then_some(("unnamed", "1")));
    let form = with(&fields(&site.get("/en/requests/new").await), &asked);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(site.post("/en/requests/new", &form).await.status, StatusCode::SEE_OTHER);
    sqlx::query_scalar("select max(id) from request_items").fetch_one(&site.pool).await.unwrap()
}

async fn decide(site: &Site, item: i64, decision: &str, words: &str) {
    let staff = site.sign_in(Role::Staff).await;
    let open = fields(&staff.get(&format!("/en/staff/requests/decide?do={decision}&item={item}")).await);
    let form = with(&open, &[("do", "save"), ("words", words)]);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let decided = staff.post("/en/staff/requests/decide", &form).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.text());
}

async fn json(site: &Site, address: &str) -> Value {
    serde_json::from_slice(&site.get(address).await.body).unwrap()
}

/// The value of a figure of a report.
fn figure(report: &Value, words: &str) -> i64 {
    let rows = report["tables"][0]["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["figure"].as_str().unwrap().contains(words));
    row.unwrap_or_else(|| panic!("{words} in {rows:?}"))["value"].as_i64().unwrap()
}

/// The row of an image in the first table that has such rows.
fn of_image<'v>(report: &'v Value, name: &str) -> Option<&'v Value> {
    let rows = |table: &'v Value| table["rows"].as_array().into_iter().flatten();
    report["tables"].as_array()?.iter().flat_map(rows).find(|row| row["image"] == name)
}

async fn numbers_agree(site: &Site) {
    let home: Vec<i64> = site.get("/en").await.all(".count-number").iter().map(|text| text.parse().unwrap()).collect();
    let overview = json(site, "/en/reports/overview.json").await;
    let pooling = json(site, "/en/reports/pooling.json").await;
    let demand = json(site, "/en/demand.json").await;
    let api = json(site, "/api/v1/demand?limit=200").await;
    let images = json(site, "/api/v1/images?limit=200").await;
    let standing = |status: &str| {
        let all = images["items"].as_array().unwrap().iter();
        i64::try_from(all.filter(|image| image["status"] == status).count()).unwrap()
    };
    assert_eq!(home[0], standing("procured"), "procured images");
    assert_eq!(home[0], figure(&overview, "Images held"), "procured images");
    assert_eq!(home[1], standing("under_consideration"), "images under consideration");
    assert_eq!(home[1], figure(&overview, "Images under consideration"), "images under consideration");
    let summary = site.get("/en/demand").await.one(".lead");
    let wanting = figure(&overview, "Departments that want");
    assert!(summary.starts_with(&format!("{wanting} ")), "{wanting} departments in {summary}");
    let rows = demand["tables"][0]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), api["items"].as_array().unwrap().len(), "images that departments need");
    for row in rows {
        let name = row["image"].as_str().unwrap();
        let departments = &row["departments"];
        let item = api["items"].as_array().unwrap().iter().find(|item| item["name"] == name).unwrap();
        assert_eq!(&item["wanted_by"], departments, "{name}");
        let slug = item["slug"].as_str().unwrap();
        let page = site.get(&format!("/en/images/{slug}")).await.one("#wanted");
        assert!(departments == 0 || page.starts_with(&format!("{departments} department")), "{name}: {page}");
        let pooled = of_image(&pooling, name).map_or(Value::from(0), |row| row["wanting"].clone());
        assert_eq!(&pooled, departments, "{name} in pooling");
    }
}

#[tokio::test]
async fn every_number_that_is_shown_twice_is_the_same() {
    let site = Site::with(ROWS, &[]).await;
    numbers_agree(&site).await;
    let home = site.get("/en").await.all(".count-number");
    assert_eq!(
        home[2], "5",
        "SSC, CSE with its part, NRCan, ESDC, the unknown one; nobody who was declined or retired"
    );
    let counted = ask(&site, "Python", "TBS", false).await;
    numbers_agree(&site).await;
    decide(&site, counted, "available", "").await;
    numbers_agree(&site).await;
    let demand = json(&site, "/en/demand.json?q=Python").await;
    assert_eq!(demand["tables"][0]["rows"][0]["departments"], 1, "already available is counted");
    assert!(!demand.to_string().contains("TBS"), "and named nowhere");
    assert_eq!(site.get("/en").await.all(".count-number")[2], "6");
    let hidden = ask(&site, "Redis", "PSC", true).await;
    decide(&site, hidden, "accept", "").await;
    numbers_agree(&site).await;
    let own = ask(&site, "Node", "CSE", false).await;
    decide(&site, own, "available", "").await;
    let demand = json(&site, "/en/demand.json?q=Node").await;
    assert!(demand["tables"][0]["rows"].as_array().unwrap().is_empty(), "CSE’s part holds it");
    decide(&site, counted, "reopen", "").await;
    numbers_agree(&site).await;
    assert!(json(&site, "/en/demand.json?q=Python").await["tables"][0]["rows"].as_array().unwrap().is_empty());
    decide(&site, counted, "decline", "Not now").await;
    numbers_agree(&site).await;
}

#[tokio::test]
async fn a_department_has_one_name_and_the_pages_spelling_stays_in_markdown() {
    let site = Site::with(ROWS, &[]).await;
    let files = ["/en/images.csv", "/en/images.json", "/en/demand.csv", "/en", "/en/images", "/en/images/nginx"];
    for address in files {
        let answer = site.get(address).await;
        assert!(!answer.text().contains("NRCAN"), "{address}: {}", answer.text());
    }
    assert!(site.get("/en/images.csv").await.text().contains("NRCan"));
    let french = site.get("/fr/images?department=CSE").await;
    assert!(french.one("main").contains("CST") && !french.one(".chips").contains("CSE"), "{}", french.one(".chips"));
    assert!(site.get("/en/images.md").await.text().contains("| NRCAN "), "as the page wrote it");
    let exported = site.get("/en/images.csv").await.text().to_owned();
    let again = site.import(&exported, "again.csv", "").await;
    assert_eq!(again.change_set, None, "any spelling is read back");
    assert!(site.get("/en/images.md").await.text().contains("| NRCAN "), "and writes nothing over");
}
