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
    let status = |status: &str| {
        let all = images["items"].as_array().unwrap().iter();
        i64::try_from(all.filter(|image| image["status"] == status).count()).unwrap()
    };
    assert_eq!(home[0], status("procured"), "procured images");
    assert_eq!(home[0], figure(&overview, "Images held"), "procured images");
    assert_eq!(home[1], status("under_consideration"), "images under consideration");
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

/// The first number of a text.
fn number(text: &str) -> i64 {
    let digits: String =
        text.chars().skip_while(|letter| !letter.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("a number in {text}"))
}

/// How many rows the list has under a query, as the page says, and as its files and the interface for programs have them.
async fn rows_under(site: &Site, query: &str) -> i64 {
    let said =
        site.get(&format!("/en/images?{query}")).await.all(".result-count").pop().map_or(0, |words| number(&words));
    let csv = site.get(&format!("/en/images.csv?{query}")).await.text().lines().count() - 1;
    let json = json(site, &format!("/en/images.json?{query}")).await;
    let (csv, json) = (i64::try_from(csv).unwrap(), i64::try_from(json.as_array().unwrap().len()).unwrap());
    assert_eq!((said, said), (csv, json), "{query}: page, CSV, JSON");
    said
}

/// The facets of the list, the departments' pages, the figures of the overview and the calendar count the same lines.
async fn lines_agree(site: &Site) {
    let list = site.get("/en/images").await;
    let (boxes, names) = (".filter-groups input[type=checkbox]", list.all(".filter-groups .choice"));
    let (parameters, values) = (list.attributes(boxes, "name"), list.attributes(boxes, "value"));
    assert!(names.len() >= 12, "{names:?}");
    for ((parameter, value), words) in parameters.iter().zip(&values).zip(&names) {
        let count = number(words.rsplit_once('(').unwrap().1);
        let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        assert_eq!(rows_under(site, &format!("{parameter}={value}")).await, count, "{parameter}={value}: {words}");
    }
    let overview = json(site, "/en/reports/overview.json").await;
    let held = rows_under(site, "status=procured").await;
    assert_eq!(figure(&overview, "Licences held"), held);
    let past = rows_under(site, "status=procured&renewal=passed").await;
    assert_eq!(figure(&overview, "Renewal date passed"), past);
    let home = site.get("/en").await.all(".notice-warning h3");
    assert_eq!(home.first().map_or(0, |words| number(words)), past, "{home:?}");
    assert_eq!(figure(&overview, "to renew within 90 days"), rows_under(site, "status=procured&renewal=soon").await);
    let unknown = rows_under(site, "status=procured&renewal=undetermined").await;
    assert_eq!(figure(&overview, "without a known renewal date"), unknown);
    let calendar = site.get("/en/renewals.ics?period=all").await;
    assert_eq!(i64::try_from(calendar.text().matches("BEGIN:VEVENT").count()).unwrap(), held - unknown);
    let departments = site.get("/en/departments").await;
    let counted = site.get("/en").await.all(".count-number")[2].clone();
    assert!(departments.one("#counted").contains(&format!("they show {counted} department")), "{counted}");
    let table = overview["tables"].as_array().unwrap().iter().find(|table| table["table"] == "by-department").unwrap();
    assert!(table["source"].as_str().unwrap().contains(&format!("they show {counted} department")), "{table}");
    for row in table["rows"].as_array().unwrap() {
        let acronym = row["department"].as_str().unwrap();
        let (held, wanted) = (row["held"].as_i64().unwrap(), row["wanted"].as_i64().unwrap());
        let spelled: String = url::form_urlencoded::byte_serialize(acronym.as_bytes()).collect();
        assert_eq!(rows_under(site, &format!("department={spelled}&status=procured")).await, held, "{acronym}");
        assert_eq!(
            rows_under(site, &format!("department={spelled}&status=under_consideration")).await,
            wanted,
            "{acronym}"
        );
        let page = site.get(&format!("/en/departments/{}", acronym.replace(' ', "%20"))).await;
        let lines =
            |section: &str| i64::try_from(page.all(&format!("section[aria-labelledby={section}] tbody tr")).len());
        assert_eq!((lines("held").unwrap(), lines("wanted").unwrap()), (held, wanted), "{acronym}");
    }
}

/// Costs share an image among the departments that the report on pooling counts for it.
async fn costs_agree(site: &Site) {
    let manager = site.sign_in(Role::Manager).await;
    for image in ["Python", "Node"] {
        let open = fields(&manager.get("/en/staff/costs").await);
        let said = [("do", "enter"), ("source", "Quote 7"), ("image", image), ("price", "1200"), ("months", "12")];
        let form = with(&open, &said);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        let entered = manager.post("/en/staff/costs", &form).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text());
    }
    let costs: Value = serde_json::from_slice(&manager.get("/en/staff/costs/costs.json").await.body).unwrap();
    let table = |key: &str| {
        let tables = costs["tables"].as_array().unwrap();
        tables.iter().find(|table| table["table"] == key).unwrap()["rows"].as_array().unwrap()
    };
    let pooling = json(site, "/en/reports/pooling.json").await;
    let mut shares = 0;
    for row in table("by-image") {
        let pooled = of_image(&pooling, row["image"].as_str().unwrap()).unwrap();
        assert_eq!(row["departments"], pooled["departments"], "{row}");
        shares += row["departments"].as_i64().unwrap();
    }
    let sum: i64 = table("by-department").iter().map(|row| row["images"].as_i64().unwrap()).sum();
    assert_eq!(sum, shares, "a share for each department of each image");
    let value = |words: &str| table("figures").iter().find(|row| row["figure"] == words).unwrap()["value"].as_i64();
    let priced = value("Images held with a price").unwrap() + value("Images held without a price").unwrap();
    let procured: i64 = site.get("/en").await.all(".count-number")[0].parse().unwrap();
    assert_eq!(priced, procured, "images held");
}

#[tokio::test]
async fn facets_files_departments_overview_calendar_and_costs_count_the_same() {
    let site = Site::with(ROWS, &[]).await;
    lines_agree(&site).await;
    costs_agree(&site).await;
    let hidden = ask(&site, "Redis", "PSC", true).await;
    decide(&site, hidden, "accept", "").await;
    let told = ask(&site, "Python", "TBS", false).await;
    decide(&site, told, "available", "").await;
    lines_agree(&site).await;
    costs_agree(&site).await;
}

#[tokio::test]
async fn departments_that_are_not_named_are_no_department_of_home_and_a_reopened_request_is_not_answered() {
    let site = Site::with(ROWS, &[]).await;
    let home = async || site.get("/en").await.all(".count-number")[2].clone();
    let before = home().await;
    let hidden = ask(&site, "Old", "PSC", true).await;
    decide(&site, hidden, "accept", "").await;
    assert!(site.get("/en/images?q=Old").await.one("tbody").contains("GC"), "the shared line is there");
    let after = home().await;
    assert_eq!(number(&after), number(&before) + 1, "the department counts, and the line for nobody");
    let other = ask(&site, "Redis", "PSC", true).await;
    decide(&site, other, "accept", "").await;
    assert_eq!(home().await, after, "the same department once");
    let answered = async || {
        let report = json(&site, "/en/reports/changed.json").await;
        let tables = report["tables"].as_array().unwrap().clone();
        tables.into_iter().find(|table| table["table"] == "answered").unwrap()["rows"].as_array().unwrap().clone()
    };
    let declined = ask(&site, "Kafka", "TBS", false).await;
    decide(&site, declined, "decline", "Not now").await;
    assert_eq!(answered().await.len(), 3);
    decide(&site, declined, "reopen", "").await;
    assert_eq!(answered().await.len(), 2, "what was taken up again waits for its answer");
    decide(&site, declined, "decline", "Not now").await;
    assert_eq!(answered().await.len(), 3, "and stands once");
}

#[tokio::test]
async fn the_guide_says_what_counts_for_demand_in_the_words_of_the_program() {
    let program = include_str!("../../src/catalogue/snapshot/demand.rs");
    let said = program.lines().take_while(|line| line.starts_with("//!")).map(|line| line[3..].trim());
    let said = said.collect::<Vec<_>>().join(" ").replace(" * ", " ").replace('*', "");
    let said = said.split_once("answer.").unwrap().1.split_once("The view").unwrap().0;
    let site = Site::with(ROWS, &[]).await;
    let guide = site.get("/en/guidance/procurement").await.one("main");
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(plain(&guide).contains(&plain(said)), "{}", plain(said));
    let french = site.get("/fr/guides/approvisionnement").await.one("main");
    assert!(french.contains("Ce qui compte dans la demande") && french.contains("Déjà offerte"), "{french}");
    for (lang, guide) in [("/en/demand", "/en/guidance/procurement"), ("/fr/besoins", "/fr/guides/approvisionnement")] {
        assert!(site.get(lang).await.attributes("main a", "href").contains(&guide.to_owned()), "{lang}");
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
