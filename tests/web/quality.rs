//! The quality inbox: every irregularity is found, a person decides, and nothing is corrected silently.

use axum::http::StatusCode;
use chrono::NaiveDate;
use image_catalogue::imports;
use image_catalogue::web::visitor::Role;
use scraper::Selector;

use crate::commits::slow_down;
use crate::forms::send;
use crate::support::{Answer, SignedIn, Site, clock};
use crate::three_way::decide_unseen;

const HEADINGS: &str = "Image name,Renewal date,Department,Type,Status,Notes\n";

/// The subjects that a rule finds.
async fn found(person: &SignedIn<'_>, rule: &str) -> Vec<String> {
    let page = person.get(&format!("/en/staff/quality?rule={rule}")).await;
    assert_eq!(page.status, StatusCode::OK, "{rule}");
    page.all(".change h3")
}

/// The hidden fields of the form about a subject.
fn hidden(page: &Answer, subject: &str) -> Vec<(String, String)> {
    let html = page.page();
    let (item, heading) = (Selector::parse(".change").unwrap(), Selector::parse("h3").unwrap());
    let hidden = Selector::parse("input[type=hidden]").unwrap();
    let about = |item: &scraper::ElementRef| {
        item.select(&heading).any(|heading| heading.text().collect::<String>().starts_with(subject))
    };
    let item = html.select(&item).find(about).unwrap_or_else(|| panic!("{subject}"));
    let field = |field: scraper::ElementRef| {
        let attribute = |name| field.value().attr(name).unwrap().to_owned();
        (attribute("name"), attribute("value"))
    };
    let base = Selector::parse("main input[name=base]").unwrap();
    item.select(&hidden).chain(html.select(&base)).map(field).collect()
}

/// The page's form with these fields of one finding, whose hidden fields these are.
fn about(hidden: &[(String, String)], more: &[(&str, &str)]) -> Vec<(String, String)> {
    let number = hidden.iter().find_map(|(name, _)| name.strip_prefix("finding-")).unwrap().to_owned();
    let own = |(name, value): &(&str, &str)| match *name {
        "do" => ("do".to_owned(), format!("{value}-{number}")),
        name => (format!("{name}-{number}"), (*value).to_owned()),
    };
    hidden.iter().cloned().chain(more.iter().map(own)).collect()
}

/// Sends the form about a subject, from this page.
async fn decide(person: &SignedIn<'_>, address: &str, subject: &str, more: &[(&str, &str)]) -> Answer {
    let fields = about(&hidden(&person.get(address).await, subject), more);
    send(person, address, &fields).await
}

async fn sets(site: &Site) -> i64 {
    sqlx::query_scalar("select count(*) from change_sets").fetch_one(&site.pool).await.unwrap()
}

#[tokio::test]
async fn each_rule_finds_what_is_irregular_and_says_how_much() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let more = format!(
        "{HEADINGS}metallb,TBD,NRCAN,Application,Under consideration,Wanted by two\n\
         nginx-controller,TBD,CCCS,Application,Under consideration,\n\
         Nginx Ingress Controller,TBD,Service Canada,Application,Under consideration,\n"
    );
    let alone = found(&staff, "near-name").await;
    assert_eq!(alone, ["metalb-iamguarded Names nearly the same"], "by a well-known name that no image has");
    site.import(&more, "more.csv", "").await;
    let badge =
        |subjects: &[&str], badge: &str| subjects.iter().map(|one| format!("{one} {badge}")).collect::<Vec<_>>();
    let near = ["metalb-iamguarded and metallb", "nginx-controller and Nginx Ingress Controller"];
    assert_eq!(found(&staff, "near-name").await, badge(&near, "Names nearly the same"));
    let unknown = found(&staff, "unknown-acronym").await;
    assert_eq!(unknown, badge(&["Bureau of Unknowns", "\"><img src=x onerror=alert(1)>"], "Unknown acronym"));
    assert_eq!(found(&staff, "date-passed").await, badge(&["Python · SSC"], "Renewal date passed"));
    assert_eq!(found(&staff, "date-unknown").await, badge(&["Dateless · SSC"], "Renewal date not known"));
    let nameless = ["Long Lasting", "Soon Due", "Dateless", "chart-iamguarded"];
    assert_eq!(found(&staff, "no-registry-name").await, badge(&nameless, "No registry name"));
    assert_eq!(found(&staff, "note-repeated").await, badge(&["metallb and Shared"], "Note of another image"));
    assert_eq!(found(&staff, "missing-french").await.len(), 16);
    let page = staff.get("/fr/personnel/qualite").await;
    let chips = page.all(".chip");
    assert_eq!(chips[..3], ["Ouverts (27)", "Réglés (0)", "Tous (27)"], "{chips:?}");
    assert!(!page.text().contains("<img src=x"));
    assert_eq!(staff.get("/en/staff/quality?rule=nonsense").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(staff.get("/en/staff/quality?show=x").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_finding_leads_to_the_page_that_mends_it_and_goes_once_mended() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let page = staff.get("/en/staff/quality?rule=date-passed").await;
    let link = page.attributes(".change .link-list a", "href").remove(0);
    assert_eq!(link, "/en/staff/renewals?image=python");
    assert_eq!(staff.get(&link).await.status, StatusCode::OK);
    let link = staff.get("/en/staff/quality?rule=missing-french").await.attributes(".change .link-list a", "href");
    assert_eq!(staff.get(&link[0]).await.status, StatusCode::OK);
    site.import(&format!("{HEADINGS}Python,2027-03-01,SSC,,Procured,\n"), "renewed.csv", "").await;
    let page = staff.get("/en/staff/quality?rule=date-passed").await;
    assert_eq!(page.one("#findings"), "No open finding");
    assert_eq!(page.one(".empty"), "Nothing irregular is left here.");
}

#[tokio::test]
async fn a_date_that_is_not_known_is_asked_after_with_since_when_by_the_record() {
    let site = Site::with("", &[]).await;
    let staff = site.sign_in(Role::Staff).await;
    let rows = format!("{HEADINGS}Old,TBD,SSC,,Procured,\nDated,2027-01-01,SSC,,Procured,\n");
    for (text, day) in [
        (rows.as_str(), (2026, 1, 1)),
        ("Image name,Renewal date,Department,Status\nDated,TBD,SSC,Procured\n", (2026, 9, 1)),
    ] {
        let request = imports::Request {
            bytes: text.as_bytes(),
            file_name: "old.csv",
            actor: "tester",
            as_of: NaiveDate::from_ymd_opt(day.0, day.1, 1),
            ..imports::Request::default()
        };
        imports::import(&site.pool, clock(), &request, |_, _| {}).await.unwrap();
    }
    site.catalogue.refresh().await.unwrap();
    let page = staff.get("/en/staff/quality?rule=date-unknown").await;
    let found = page.all("li.change");
    for (found, since) in found.iter().zip(["since 2026-01-01", "since 2026-09-01"]) {
        assert!(found.contains("Renewal date not known") && found.contains(since), "{found}");
    }
    assert_eq!(found.len(), 2, "{found:?}");
}

#[tokio::test]
async fn a_finding_is_accepted_or_ignored_with_a_reason_recorded_once_and_opened_again() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/quality?rule=no-registry-name";
    let before = sets(&site).await;
    let answer = decide(&staff, address, "Dateless", &[("reason", ""), ("do", "ignored")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let link = answer.attributes(".error-summary a", "href").remove(0);
    assert_eq!(answer.all(&link).len(), 1, "the summary leads to the field");
    let fields = hidden(&staff.get(address).await, "Dateless");
    let fields = about(&fields, &[("reason", "A chart <b>only</b>"), ("do", "ignored")]);
    let (first, second) = (send(&staff, address, &fields).await, send(&staff, address, &fields).await);
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(sets(&site).await, before + 1);
    let page = staff.get(first.header("location")).await;
    assert_eq!(page.all(".change").len(), 3);
    let act = site.get(&page.attributes(".notice-success a", "href")[0]).await;
    assert!(act.one("dl.facts").contains("A finding of the quality inbox was decided"));
    assert!(act.one(".change").contains("Before: Open After: Ignored"), "{}", act.one(".change"));
    assert!(act.one(".change").contains("No registry name") && !act.text().contains("<b>only"));
    let undo = staff.get(&format!("/en/staff{}/undo", act.path.strip_prefix("/en").unwrap())).await;
    assert!(undo.one(".notice").contains("reopen the finding there"));
    decide(&staff, address, "Soon Due", &[("do", "accepted")]).await;
    let decided = format!("{address}&show=decided");
    let page = staff.get(&decided).await;
    assert_eq!(page.all(".change h3").len(), 2);
    assert!(page.one("main").contains("tester-staff, 20"));
    let reopened = decide(&staff, &decided, "Dateless", &[("do", "reopen")]).await;
    assert_eq!(reopened.status, StatusCode::SEE_OTHER);
    assert_eq!(staff.get(address).await.all(".change").len(), 3);
    let compared = image_catalogue::catalogue::store::history::verify(&site.pool).await.unwrap();
    assert!(compared.differing.is_empty(), "{:?}", compared.differing);
}

#[tokio::test]
async fn a_decided_finding_comes_back_when_its_text_changes() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/quality?rule=date-passed";
    decide(&staff, address, "Python", &[("do", "accepted")]).await;
    assert!(staff.get(address).await.all(".change").is_empty());
    site.import(&format!("{HEADINGS}nginx,TBD,NRCAN,,Under consideration,\n"), "else.csv", "").await;
    assert!(staff.get(address).await.all(".change").is_empty(), "nothing of it changed");
    site.import(&format!("{HEADINGS}Python,2026-04-01,SSC,,Procured,\n"), "date.csv", "").await;
    assert_eq!(staff.get(address).await.all(".change").len(), 1);
}

#[tokio::test]
async fn what_was_mended_or_decided_meanwhile_is_said_and_nothing_is_written() {
    let site = Site::with_cast().await;
    let (staff, other) = (site.sign_in(Role::Staff).await, site.sign_in(Role::Manager).await);
    let address = "/en/staff/quality?rule=date-passed";
    let stale = hidden(&staff.get(address).await, "Python");
    decide(&other, address, "Python", &[("do", "accepted")]).await;
    let before = sets(&site).await;
    let fields = about(&stale, &[("do", "ignored"), ("reason", "mine")]);
    let answer = send(&staff, address, &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.one("[role=alert]").contains("Nothing was written"));
    for (name, value) in [("finding", "x"), ("key", "x"), ("do", "delete"), ("do", "")] {
        let is_it = |field: &str| field.split('-').next() == Some(name);
        let put =
            |(field, old): &(String, String)| (field.clone(), if is_it(field) { value.into() } else { old.clone() });
        let wrong: Vec<_> = fields.iter().map(put).collect();
        assert_eq!(send(&staff, address, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
    }
    assert_eq!(sets(&site).await, before);
}

#[tokio::test]
async fn an_unknown_acronym_becomes_an_alias_and_the_next_file_is_understood() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let statistics: i64 = sqlx::query_scalar("select id from organisations where acronym_en = 'NRCan'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    let address = "/en/staff/quality?rule=unknown-acronym";
    let answer = decide(&staff, address, "Bureau", &[("do", "fixed"), ("organisation", "")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.one(".error-summary").contains("Choose the organisation"));
    let id = statistics.to_string();
    let answer =
        decide(&staff, address, "Bureau", &[("do", "fixed"), ("organisation", &id), ("reason", "They wrote")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(!staff.get(address).await.one("main").contains("Bureau of Unknowns"));
    let page = site.get("/en/images/bare").await;
    assert!(page.one("main").contains("Natural Resources Canada"));
    assert!(site.get("/en/departments/Bureau%20of%20Unknowns").await.one("h1").contains("Natural Resources"));
    let report =
        site.import(&format!("{HEADINGS}bare,TBD,Bureau of Unknowns,,Under consideration,\n"), "again.csv", "").await;
    assert_eq!((report.rows[0].verdict.code(), report.new_departments.len()), ("same", 0));
    let act = site.get(&staff.get(answer.header("location")).await.attributes(".notice-success a", "href")[0]).await;
    for told in ["They wrote", "Also written", "Bureau of Unknowns", "Fixed"] {
        assert!(act.one("main").contains(told), "{told}");
    }
    let compared = image_catalogue::catalogue::store::history::verify(&site.pool).await.unwrap();
    assert!(compared.differing.is_empty(), "{:?}", compared.differing);
    let terms: i64 =
        sqlx::query_scalar("select count(*) from lines where department = 'Bureau of Unknowns' and not removed")
            .fetch_one(&site.pool)
            .await
            .unwrap();
    assert_eq!(terms, 1);
}

#[tokio::test]
async fn an_acronym_is_not_fixed_where_the_organisation_has_the_image_already() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    site.import(&format!("{HEADINGS}bare,TBD,NRCAN,,Under consideration,\n"), "both.csv", "").await;
    let id: i64 = sqlx::query_scalar("select id from organisations where acronym_en = 'NRCan'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    let before = sets(&site).await;
    let address = "/fr/personnel/qualite?rule=unknown-acronym";
    let answer = decide(&staff, address, "Bureau", &[("do", "fixed"), ("organisation", &id.to_string())]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.one(".error-summary").contains("bare"));
    assert_eq!(answer.attributes("option[selected]", "value"), [id.to_string()], "the choice is kept");
    assert_eq!(sets(&site).await, before);
}

#[tokio::test]
async fn reasons_typed_for_other_findings_stay_when_one_is_decided() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/quality?rule=no-registry-name";
    let page = staff.get(address).await;
    let (one, other) = (hidden(&page, "Dateless"), hidden(&page, "Soon Due"));
    let mut form = about(&one, &[("reason", "A chart"), ("do", "ignored")]);
    form.extend(about(&other, &[("reason", "Typed and not sent yet")]));
    let answer = send(&staff, address, &form).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.one(".notice-success").contains("See"), "{}", answer.one(".notice-success"));
    assert!(answer.attributes("input", "value").contains(&"Typed and not sent yet".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_decided_though_the_catalogue_cannot_be_read_anew() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/quality?rule=no-registry-name";
    let page = staff.get(address).await;
    let (one, other) = (hidden(&page, "Dateless"), hidden(&page, "Soon Due"));
    decide_unseen(&site, "nginx", |image| image.image.description_en = Some("A web server".to_owned())).await;
    let holding = slow_down(&site.pool).await;
    let before = sets(&site).await;
    let missing = send(&staff, address, &about(&one, &[("do", "ignored")])).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", missing.text());
    let mut form = about(&one, &[("reason", "A chart"), ("do", "ignored")]);
    form.extend(about(&other, &[("reason", "Typed and not sent yet")]));
    let answer = send(&staff, address, &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.attributes("input", "value").contains(&"Typed and not sent yet".to_owned()));
    let accepted = send(&staff, address, &about(&other, &[("do", "accepted")])).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
    assert_eq!(sets(&site).await, before + 2);
    holding.rollback().await.unwrap();
}
