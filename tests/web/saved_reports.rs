//! Saved reports: who may save them, made, changed, ended, and run again by a link.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use image_catalogue::catalogue::Catalogue;
use image_catalogue::clock::Clock;
use image_catalogue::people::db::accounts;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, send, with};
use crate::support::{Answer, SignedIn, Site, named, settings};

pub const RENEWALS: &str = "/en/staff/reports/new?report=renewals&table=renewals";
/// Two managers.
pub const MARIE: &str = "marie@example.ca";
pub const JEAN: &str = "jean@example.ca";

/// A manager with an address.
pub async fn manager<'s>(site: &'s Site, email: &str) -> SignedIn<'s> {
    let name = email.split('@').next().unwrap();
    let (issuer, subject) = (Some("https://issuer.example"), Some(name));
    let new = accounts::New { issuer, subject, email, name, role: Role::Manager, organisation: None };
    let account = accounts::add(&site.pool, &new).await.unwrap().unwrap();
    site.sign_in_as(account).await
}

/// The form of a page with these fields in place of those of the same names, each name as often as it is given.
pub fn filled(page: &Answer, said: &[(&str, &str)]) -> Vec<(String, String)> {
    with(&fields(page), said)
}

/// Saves a report by the form at an address; its own address.
pub async fn save(person: &SignedIn<'_>, form: &str, said: &[(&str, &str)]) -> String {
    let form = filled(&person.get(form).await, &[said, &[("do", "save")]].concat());
    let made = send(person, "/en/staff/reports/new", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    made.header("location").split('?').next().unwrap().to_owned()
}

/// The same site at another moment, as another instance would see it.
pub async fn at(site: &Site, moment: &str) -> Site {
    let clock = Clock::Fixed(moment.parse::<DateTime<Utc>>().unwrap());
    let catalogue = Catalogue::open(site.pool.clone(), clock).await.unwrap();
    let settings = Arc::new(settings(&[]));
    let router = named("127.0.0.1:8080", image_catalogue::app(settings, site.pool.clone(), catalogue.clone()));
    Site { router, pool: site.pool.clone(), catalogue }
}

/// Does one thing with a report by its page's button.
pub async fn press(person: &SignedIn<'_>, address: &str, act: &str) -> Answer {
    let key = person.get(address).await.attributes("main input[name=key]", "value").remove(0);
    person.post(address, &[("do", act), ("key", &key)]).await
}

#[tokio::test]
async fn only_managers_save_reports_and_are_offered_to() {
    let site = Site::with_cast().await;
    let (staff, manager) = (site.sign_in(Role::Staff).await, site.sign_in(Role::Manager).await);
    let pages = [
        ("/en/reports/renewals?department=CSE", "report=renewals&table=renewals&department=CSE"),
        ("/en/images?status=procured", "report=images&table=images&status=procured"),
        ("/en/demand?group=family", "report=demand&table=demand&group=family"),
    ];
    for (page, asked) in pages {
        let offered = manager.get(page).await.attributes("main a[href*='/staff/reports/new']", "href").remove(0);
        assert_eq!(offered, format!("/en/staff/reports/new?{asked}"));
        assert_eq!(manager.get(&offered).await.status, StatusCode::OK, "{offered}");
        for answer in [site.get(page).await, staff.get(page).await] {
            assert!(!answer.text().contains("/staff/reports/new"), "{page}");
        }
    }
    for address in ["/fr/personnel/rapports", "/fr/personnel/rapports/1", "/fr/personnel/rapports/1/a.csv"] {
        assert_eq!(site.get(address).await.status, StatusCode::SEE_OTHER);
        assert_eq!(staff.get(address).await.status, StatusCode::FORBIDDEN);
        assert_eq!(staff.post(address, &[("do", "end")]).await.status, StatusCode::FORBIDDEN);
    }
    assert!(manager.get("/fr/personnel/rapports").await.one(".empty h2").contains("Aucun rapport"));
    for no in ["costs", "prices", "x"] {
        let refused = manager.get(&format!("/en/staff/reports/new?report={no}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{no}: what licences cost is never saved");
    }
    // Every table of every report can be chosen, and there is a form for each.
    for report in manager.get("/en/staff/reports/new").await.attributes("main .link-list a", "href") {
        let page = manager.get(&report).await;
        let tables = page.attributes("main .link-list a", "href");
        assert_eq!(page.status, StatusCode::OK, "{report}");
        assert_eq!(tables.is_empty(), report.ends_with("images") || report.ends_with("demand"), "{report}");
        for table in tables {
            assert!(!fields(&manager.get(&table).await).is_empty(), "{table}");
        }
    }
}

#[tokio::test]
async fn a_report_is_made_changed_ended_and_brought_back_and_every_act_is_kept() {
    let site = Site::with_cast().await;
    let (marie, jean) = (manager(&site, MARIE).await, manager(&site, JEAN).await);
    let open = marie.get(&format!("{RENEWALS}&department=CSE")).await;
    assert_eq!(open.attributes("#filter-department", "value"), ["CSE"]);
    for (field, wrong, at) in [
        ("name", "", "#name"),
        ("filter-department", "Nowhere", "#filters"),
        ("filter-year", "2026", "#filters"),
        ("period", "fixed", "#day-to"),
        ("language", "de", "#language"),
        ("format", "exe", "#format"),
        ("recipient", "999", "#recipients"),
        ("place-image", "first", "#columns"),
    ] {
        let form = filled(&open, &[(field, wrong), ("reason", "As typed"), ("do", "save")]);
        let refused = send(&marie, "/en/staff/reports/new", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(refused.attributes(".error-summary a", "href"), [at], "{field}");
        assert_eq!(refused.one("#reason"), "As typed");
    }
    let form = filled(&open, &[("name", "What CSE renews"), ("reason", "For the director"), ("do", "save")]);
    let made = send(&marie, "/en/staff/reports/new", &form).await;
    assert_eq!(made.header("location"), "/en/staff/reports/1?done=made");
    let list = jean.get("/en/staff/reports").await;
    assert!(
        list.one("tbody").contains("What CSE renews Renewals and decisions · As it is when"),
        "{}",
        list.one("tbody")
    );
    assert!(list.one("tbody").contains("Department: CSE All columns English Nobody – –"), "{}", list.one("tbody"));
    // Two change it at once: the second is shown both versions, and saves by one more click.
    let (mine, theirs) = (marie.get("/en/staff/reports/1/change").await, jean.get("/en/staff/reports/1/change").await);
    let theirs = filled(&theirs, &[("name", "CSE"), ("reason", "Shorter"), ("do", "save")]);
    assert_eq!(send(&jean, "/en/staff/reports/1/change", &theirs).await.status, StatusCode::SEE_OTHER);
    let mine = filled(&mine, &[("language", "fr"), ("do", "save")]);
    let collided = send(&marie, "/en/staff/reports/1/change", &mine).await;
    assert_eq!(collided.status, StatusCode::CONFLICT);
    assert_eq!(collided.all("#stale ~ dl dt"), ["Name", "Language"]);
    assert_eq!(collided.all("#stale ~ dl del"), ["CSE", "English"]);
    let again = send(&marie, "/en/staff/reports/1/change", &filled(&collided, &[("do", "save")])).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let nothing = filled(&marie.get("/en/staff/reports/1/change").await, &[("do", "save")]);
    let nothing = send(&marie, "/en/staff/reports/1/change", &nothing).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let preview = filled(&marie.get("/en/staff/reports/1/change").await, &[("format", "md"), ("do", "preview")]);
    let preview = send(&marie, "/en/staff/reports/1/change", &preview).await;
    assert_eq!(
        (preview.all(".diff del"), preview.all(".diff ins")),
        (vec!["Excel (XLSX)".into()], vec!["Markdown".into()])
    );
    // Ending can be undone.
    assert_eq!(press(&jean, "/en/staff/reports/1", "end").await.header("location"), "/en/staff/reports/1?done=ended");
    let list = jean.get("/en/staff/reports").await;
    assert!(!list.all(".empty").is_empty() && list.one("#ended ~ ul") == "What CSE renews", "{}", list.one("main"));
    assert_eq!(press(&jean, "/fr/personnel/rapports/1", "restore").await.status, StatusCode::SEE_OTHER);
    let page = jean.get("/en/staff/reports/1").await;
    assert_eq!(page.all("#record ~ ol h3"), ["Brought back", "Ended", "Changed", "Changed", "Saved"]);
    assert!(page.one("#record ~ ol").contains("Shorter") && page.one("#record ~ ol").contains("For the director"));
    let rewritten = sqlx::query("update saved_report_events set actor = 'x'").execute(&site.pool).await;
    assert!(rewritten.is_err(), "the record is append-only");
    assert_eq!(jean.get("/en/staff/reports/2").await.status, StatusCode::NOT_FOUND);
    let kept = jean.post("/en/staff/reports/new", &[("do", "edit"), ("report", "pooling")]).await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "a form that this site did not make");
}

#[tokio::test]
async fn a_report_runs_by_its_link_with_its_columns_in_order_and_in_its_own_language() {
    let site = Site::with_cast().await;
    let marie = manager(&site, MARIE).await;
    let open = fields(&marie.get("/en/staff/reports/new?report=images&table=images&department=CSE").await);
    let open: Vec<_> = open.into_iter().filter(|(name, _)| name != "column").collect();
    let mut form = with(&open, &[("name", "Images du CST"), ("language", "fr"), ("do", "save")]);
    form = with(&form, &[("place-department", "1"), ("place-name", "2"), ("place-status", "3")]);
    form.extend(["status", "name", "department"].map(|key| ("column".to_owned(), key.to_owned())));
    let made = send(&marie, "/en/staff/reports/new", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let page = marie.get("/en/staff/reports/1").await;
    assert_eq!(page.attributes("html", "lang"), ["en"]);
    assert_eq!(page.attributes("h1, main section", "lang"), ["fr", "fr"]);
    assert_eq!(page.all("thead th"), ["Ministère", "Nom de l’image", "État"]);
    assert!(page.all("tbody th").iter().all(|department| department == "CST"), "{}", page.one("tbody"));
    let csv = page.attributes(".downloads a", "href").remove(0);
    assert_eq!(csv, "/en/staff/reports/1/images-du-cst.csv?bom=1&separator=semicolon");
    let file = marie.get(&csv).await;
    assert!(file.text().starts_with("\u{feff}Ministère;Nom de l’image;État\r\nCST;"), "{}", file.text());
    assert!(file.header("content-disposition").contains("images-du-cst-2026-11-22.csv"));
    let json = marie.get("/fr/personnel/rapports/1/x.json").await;
    let json: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
    assert_eq!((&json["title"], &json["lang"]), (&"Images du CST".into(), &"fr".into()));
    assert_eq!(json["tables"][0]["rows"][0].as_object().unwrap().keys().len(), 3);
    for name in ["x.xlsx", "x.md"] {
        let file = marie.get(&format!("/en/staff/reports/1/{name}")).await;
        assert_eq!(file.status, StatusCode::OK, "{name}");
    }
    assert_eq!(marie.get("/en/staff/reports/1/x.exe").await.status, StatusCode::NOT_FOUND);
    // The month before, whenever it is looked at; and a report that asks for what is gone says so.
    let tables = marie.get("/en/staff/reports/new?report=changed").await.attributes("main .link-list a", "href");
    let address = save(&marie, &tables[0], &[("name", "News"), ("period", "previous-month")]).await;
    let page = marie.get(&address).await;
    assert!(page.one("main").contains("2026-09-30") && page.one("main").contains("2026-10-31"), "{}", page.one("main"));
    sqlx::query("update saved_reports set filters = 'department=Gone', report = 'renewals', table_key = 'renewals'")
        .execute(&site.pool)
        .await
        .unwrap();
    let page = marie.get(&address).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.one(".notice-error").contains("“Gone” is not a value"), "{}", page.one("main"));
}

#[tokio::test]
async fn a_form_that_is_sent_several_times_at_once_counts_once() {
    let site = Site::with_cast().await;
    let marie = manager(&site, MARIE).await;
    let form = filled(&marie.get(RENEWALS).await, &[("do", "save")]);
    let sent = || send(&marie, "/en/staff/reports/new", &form);
    let (one, other) = tokio::join!(sent(), sent());
    let places = [one, other, sent().await].map(|made| made.header("location").split('?').next().unwrap().to_owned());
    assert!(places[0].starts_with("/en/staff/reports/") && places[1..].iter().all(|place| *place == places[0]));
    assert_eq!(marie.get("/en/staff/reports").await.all("tbody tr").len(), 1);
}
