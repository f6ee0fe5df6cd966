//! What people decided here is not undone by a file: each row is held against what its source said before.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::catalogue::Status;
use image_catalogue::catalogue::store::history;
use image_catalogue::catalogue::store::reading;
use image_catalogue::catalogue::store::record::ImageRecord;
use image_catalogue::catalogue::store::write;
use image_catalogue::changes::record::{Act, Kind, Record};
use image_catalogue::imports::{self, PUBLISHED_PAGE, Refusal, Report, Take, Verdict};
use image_catalogue::web::visitor::{Role, Scope};
use serde_json::Value;

use crate::forms::{fields, send, with};
use crate::support::{Answer, SignedIn, Site, clock};

/// Something that a person does to an image here.
pub async fn decide(site: &Site, slug: &str, change: impl FnOnce(&mut ImageRecord)) {
    decide_unseen(site, slug, change).await;
    site.catalogue.refresh().await.unwrap();
}

/// The same, before the site has read of it.
pub async fn decide_unseen(site: &Site, slug: &str, change: impl FnOnce(&mut ImageRecord)) {
    let mut transaction = site.pool.begin().await.unwrap();
    let id: i64 = sqlx::query_scalar("select id from images where slug = $1")
        .bind(slug)
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    let mut record = Record::begin(&mut transaction).await.unwrap();
    let before = reading::load(record.db(), &[id]).await.unwrap();
    let mut after = before.clone();
    change(&mut after[0]);
    let act = Act::new("colleague", Kind::Image, "Decided here", clock().now());
    write::write(record, &act, &before, after, &[]).await.unwrap().unwrap();
    transaction.commit().await.unwrap();
}

pub async fn bring(site: &Site, name: &str, text: &str, more: imports::Request<'_>) -> Result<Report, Refusal> {
    let request = imports::Request { bytes: text.as_bytes(), file_name: name, actor: "tester", ..more };
    let report = imports::import(&site.pool, clock(), &request, |_, _| {}).await;
    site.catalogue.refresh().await.unwrap();
    report
}

async fn sets(site: &Site) -> i64 {
    sqlx::query_scalar("select count(*) from change_sets").fetch_one(&site.pool).await.unwrap()
}

fn word(report: &Report, name: &str) -> &'static str {
    report.rows.iter().find(|row| row.file.name == name).unwrap().verdict.code()
}

pub async fn upload(site: &Site, person: &SignedIn<'_>, name: &str, text: &str) -> String {
    let key = person.get("/en/staff/import").await.attributes("main input[name=key]", "value").concat();
    let body = format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{key}\r\n\
         --xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--xyz--\r\n"
    );
    let request = Request::post("/en/staff/import")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=xyz")
        .header("content-length", body.len())
        .header("cookie", &person.cookie);
    let answer = site.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    answer.header("location").to_owned()
}

/// A button of the page is pressed; what it leads to.
pub async fn press(person: &SignedIn<'_>, address: &str, page: &Answer, button: &str) -> (String, Answer) {
    let answer = send(person, address, &with(&fields(page), &[("do", button)])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{button}");
    let address = answer.header("location").to_owned();
    let page = person.get(&address).await;
    (address, page)
}

/// The page is brought in; then people renew, retire, note, rename and take out.
async fn decided_here() -> Site {
    let site = Site::with("", &[]).await;
    bring(&site, "page.md", PUBLISHED_PAGE, imports::Request::default()).await.unwrap();
    decide(&site, "python", |image| {
        image.lines[0].fields.renewal_date = "2027-03-01".parse().ok();
        image.lines[0].fields.notes_en = Some("Renewed by us".to_owned());
    })
    .await;
    decide(&site, "powershell", |image| image.lines[0].fields.status = Status::Retired).await;
    decide(&site, "sysdig", |image| {
        "Sysdig Agent".clone_into(&mut image.image.name);
        "sysdig-agent".clone_into(&mut image.image.slug);
        "Sysdig Agent".clone_into(&mut image.lines[0].fields.name);
    })
    .await;
    decide(&site, "qgis", |image| image.lines[0].fields.kind = Some("Desktop".to_owned())).await;
    decide(&site, "pygeoapi", |image| image.lines.clear()).await;
    site
}

/// The next revision: one row of it changed, none of those that people changed here.
fn next_revision() -> String {
    let next = PUBLISHED_PAGE.replace("Graph database", "A graph database");
    assert_ne!(next, PUBLISHED_PAGE);
    next
}

const DECIDED: [&str; 5] = ["Python", "PowerShell", "sysdig", "qgis", "pygeoapi"];

#[tokio::test]
async fn the_next_revision_leaves_alone_what_people_changed_here_and_takes_what_it_changed_itself() {
    let site = decided_here().await;
    let dry = bring(&site, "page.md", &next_revision(), imports::Request { dry_run: true, ..Default::default() }).await;
    let report = bring(&site, "page.md", &next_revision(), imports::Request::default()).await.unwrap();
    for report in [&dry.unwrap(), &report] {
        for name in DECIDED {
            assert_eq!(word(report, name), "kept", "{name}");
        }
        assert_eq!((word(report, "neo4j"), report.count(Verdict::Changed)), ("changed", 2));
        assert_eq!((report.count(Verdict::New), report.count(Verdict::Conflict)), (0, 0));
    }
    assert_eq!(report.renamed, [("sysdig".to_owned(), "Sysdig Agent".to_owned())]);
    let python = site.get("/en/images/python").await;
    assert!(python.text().contains("2027-03-01") && python.text().contains("Renewed by us"));
    assert!(site.get("/en/images/powershell").await.text().contains("Retired"));
    assert_eq!(site.get("/en/images/pygeoapi").await.status, StatusCode::NOT_FOUND);
    assert!(site.get("/en/images/sysdig-agent").await.one("h1").contains("Sysdig Agent"));
    assert!(site.get("/en/images/neo4j").await.text().contains("A graph database"));
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
    let before = sets(&site).await;
    let again = bring(&site, "page.md", &next_revision(), imports::Request::default()).await.unwrap();
    assert_eq!((again.change_set, sets(&site).await), (None, before), "the same file again");
    let kept: i64 = sqlx::query_scalar("select count(*) from import_rows").fetch_one(&site.pool).await.unwrap();
    assert_eq!(kept, 47 + 2, "of a further revision only what it says otherwise is kept");
}

#[tokio::test]
async fn in_the_browser_kept_rows_and_conflicts_stand_unticked_with_their_values() {
    let site = decided_here().await;
    let staff = site.sign_in(Role::Staff).await;
    let revision = next_revision()
        .replace("2026-03-01       | SSC            | For Python", "2026-09-01       | SSC            | For Python");
    let address = upload(&site, &staff, "page.md", &revision).await;
    let page = staff.get(&address).await;
    assert!(page.one("main").contains("2 of 7 chosen"), "{}", page.one("main"));
    let buttons = page.all("button[value^='show:']");
    assert_eq!(buttons, ["All (7)", "Changed (2)", "In conflict (1)", "Changed here, kept (4)"]);
    let (conflicts, page) = press(&staff, &address, &page, "show:conflict").await;
    assert!(conflicts.ends_with("?verdict=conflict"));
    let told = page.one("li.change");
    for value in ["Last import: 2026-03-01", "Catalogue: 2027-03-01", "File: 2026-09-01"] {
        assert!(told.contains(value), "{value} in {told}");
    }
    assert!(page.attributes("input[name=row][checked]", "value").is_empty());
    let answer = send(&staff, &conflicts, &with(&fields(&page), &[("do", "save")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(site.get("/en/images/neo4j").await.text().contains("A graph database"), "rows of other pages are written");
    assert!(site.get("/en/images/python").await.text().contains("2027-03-01"), "the conflict keeps the catalogue's");
    let page = staff.get(&format!("{address}?verdict=kept")).await;
    let line = page.attributes("input[name=row]", "value")[0].clone();
    let mut form = with(&fields(&page), &[("do", "save")]);
    form.push(("row".to_owned(), line));
    assert_eq!(send(&staff, &address, &form).await.status, StatusCode::SEE_OTHER);
    assert!(site.get("/en/images/python").await.text().contains("2026-09-01"), "ticked, the file's values are taken");
}

#[tokio::test]
async fn a_conflict_refuses_the_whole_file_until_somebody_says_whose_values_remain() {
    let site = decided_here().await;
    let revision = next_revision().replace(
        "2026-03-01       | SSC            | For Python-based",
        "2026-09-01       | SSC            | For all Python-based",
    );
    let before = sets(&site).await;
    let refused = bring(&site, "page.md", &revision, imports::Request::default()).await.unwrap_err();
    let Refusal::Undecided(report) = refused else { panic!("{refused}") };
    assert_eq!((word(&report, "Python"), report.count(Verdict::Conflict)), ("conflict", 1));
    let date = report.rows[0].fields.iter().find(|field| field.name == "renewal_date").unwrap();
    assert_eq!(
        (&date.base, &date.ours, &date.theirs),
        (&Some("2026-03-01".into()), &"2027-03-01".into(), &"2026-09-01".into())
    );
    assert_eq!(sets(&site).await, before);
    let ours = imports::Request { take: Some(Take::Catalogue), ..Default::default() };
    bring(&site, "page.md", &revision, ours).await.unwrap().change_set.unwrap();
    assert!(site.get("/en/images/python").await.text().contains("2027-03-01"));
    assert!(site.get("/en/images/neo4j").await.text().contains("A graph database"));
    let later = revision.replace("2026-09-01", "2026-10-01");
    let theirs = imports::Request { take: Some(Take::File), ..Default::default() };
    bring(&site, "page.md", &later, theirs).await.unwrap().change_set.unwrap();
    let python = site.get("/en/images/python").await;
    assert!(
        python.text().contains("2026-10-01") && python.text().contains("Renewed by us"),
        "notes did not change there"
    );
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

#[tokio::test]
async fn a_program_gets_the_same_verdicts_with_values_and_a_refusal() {
    let site = decided_here().await;
    let token = crate::tokens::token(&site, &[Scope::Import]).await;
    let revision = next_revision()
        .replace("2026-03-01       | SSC            | For Python", "2026-09-01       | SSC            | For Python");
    let post = async |query: &str, key: &str| {
        let seen = crate::tokens::read(&site, "/api/v1/images", &token).await.header("etag").to_owned();
        let request = Request::post(format!("/api/v1/imports?{query}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "text/markdown")
            .header("if-match", seen)
            .header("idempotency-key", key);
        let answer = site.send(request.body(Body::from(revision.clone())).unwrap()).await;
        let body: Value = serde_json::from_str(answer.text()).unwrap();
        (answer.status, body)
    };
    let (status, dry) = post("dry-run=true", "a").await;
    assert_eq!(
        (status, &dry["kept"], &dry["conflict"], &dry["changed"]),
        (StatusCode::OK, &4.into(), &1.into(), &2.into())
    );
    let date =
        dry["rows"][0]["values"].as_array().unwrap().iter().find(|value| value["field"] == "renewal_date").unwrap();
    assert_eq!(
        (&date["base"], &date["catalogue"], &date["file"]),
        (&"2026-03-01".into(), &"2027-03-01".into(), &"2026-09-01".into())
    );
    let before = sets(&site).await;
    let (status, problem) = post("reason=x", "b").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem.to_string().contains("take=file") && problem.to_string().contains("Python · SSC"), "{problem}");
    assert_eq!(post("reason=x&take=both", "c").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(sets(&site).await, before);
    let (status, written) = post("reason=x&take=catalogue", "d").await;
    assert_eq!((status, &written["conflict"]), (StatusCode::OK, &1.into()));
    assert!(site.get("/en/images/python").await.text().contains("2027-03-01"));
}

#[tokio::test]
async fn an_older_revision_is_said_to_be_older_and_nothing_of_it_is_ticked_or_written() {
    let site = decided_here().await;
    bring(&site, "page.md", &next_revision(), imports::Request::default()).await.unwrap();
    let before = sets(&site).await;
    let refused = bring(&site, "page.md", PUBLISHED_PAGE, imports::Request::default()).await.unwrap_err();
    let Refusal::Undecided(report) = refused else { panic!("{refused}") };
    assert!(report.is_older);
    let staff = site.sign_in(Role::Staff).await;
    let page = staff.get(&upload(&site, &staff, "page.md", PUBLISHED_PAGE).await).await;
    assert!(page.one(".notice-warning").contains("older than the last revision"));
    assert!(page.one("main").contains("0 of 7 chosen"), "{}", page.one("main"));
    let early = imports::Request { as_of: "2025-01-01".parse().ok(), ..Default::default() };
    let other = PUBLISHED_PAGE.replace("Graph database", "Graphs");
    let in_order = imports::Request { as_of: "2026-02-01".parse().ok(), ..Default::default() };
    bring(&site, "page.md", &other, in_order).await.unwrap();
    let older = PUBLISHED_PAGE.replace("Graph database", "Early graphs");
    let refused = bring(&site, "page.md", &older, early).await.unwrap_err();
    assert!(matches!(refused, Refusal::Undecided(report) if report.is_older));
    let taken = imports::Request { take: Some(Take::File), ..early };
    assert!(bring(&site, "page.md", &older, taken).await.unwrap().change_set.is_some());
    assert_eq!(sets(&site).await, before + 2);
}

#[tokio::test]
async fn an_export_that_is_edited_is_held_against_the_version_that_it_was_made_from() {
    let site = decided_here().await;
    let answer = site.get("/en/images.csv").await;
    let name = answer.header("content-disposition").split('"').nth(1).unwrap().to_owned();
    assert!(name.contains("-v") && name.contains(".csv"), "{name}");
    let edited = answer.text().replace("Apache HTTP server", "Apache’s HTTP server");
    decide(&site, "qgis", |image| image.lines[0].fields.kind = Some("Server".to_owned())).await;
    decide(&site, "httpd", |image| image.lines[0].fields.kind = Some("Server".to_owned())).await;
    let report = bring(&site, &name, &edited, imports::Request::default()).await.unwrap();
    assert_eq!((word(&report, "qgis"), word(&report, "httpd")), ("kept", "changed"));
    let httpd = site.get("/en/images/httpd").await;
    assert!(httpd.text().contains("Apache’s HTTP server") && httpd.text().contains("Server"));
    assert_eq!((report.count(Verdict::Conflict), report.count(Verdict::New)), (0, 0));
}

#[tokio::test]
async fn a_file_that_nothing_is_known_of_marks_what_people_changed_until_its_day_is_said() {
    let site = decided_here().await;
    let table = "Image name,Renewal date,Department\nPython,2026-03-01,SSC\n.NET SDK,2026-12-31,SSC\n";
    let dry = imports::Request { dry_run: true, ..Default::default() };
    let report = bring(&site, "mine.csv", table, dry).await.unwrap();
    assert_eq!((word(&report, "Python"), word(&report, ".NET SDK")), ("conflict", "changed"));
    assert!(report.rows[0].is_without_base());
    sqlx::raw_sql("alter table change_sets disable trigger user; update change_sets set recorded_at = recorded_at - interval '400 days'; alter table change_sets enable trigger user")
        .execute(&site.pool)
        .await
        .unwrap();
    let site = Site::on(site.pool, &[]).await;
    let dated = imports::Request { as_of: "2026-11-20".parse().ok(), ..dry };
    let report = bring(&site, "mine.csv", table, dated).await.unwrap();
    assert_eq!(word(&report, "Python"), "changed", "decided before the day of the file");
    let staff = site.sign_in(Role::Staff).await;
    let address = upload(&site, &staff, "mine.csv", table).await;
    let page = staff.get(&address).await;
    assert!(page.one(".notice-warning").contains("Nothing tells what this file said before"));
    let answer = send(
        &staff,
        &address,
        &with(&fields(&page), &[("as-of", "2026-11-20"), ("reason", "Kept"), ("do", "compare")]),
    )
    .await;
    let page = staff.get(answer.header("location")).await;
    assert!(page.one("main").contains("2 of 2 chosen"));
    assert_eq!(
        (page.attributes("#as-of", "value"), page.one("#reason")),
        (vec!["2026-11-20".to_owned()], "Kept".to_owned())
    );
}

#[tokio::test]
async fn a_column_that_the_file_does_not_have_leaves_that_field_alone() {
    let site = decided_here().await;
    bring(&site, "a.csv", "Image name,Department,Notes\nhttpd,NRCAN,From the table\n", imports::Request::default())
        .await
        .unwrap();
    let report =
        bring(&site, "b.csv", "Image name,Department,Type\nhttpd,NRCAN,Server\n", imports::Request::default()).await;
    assert_eq!(report.unwrap().rows[0].fields.len(), 1);
    let httpd = site.get("/en/images/httpd").await;
    assert!(httpd.text().contains("From the table") && httpd.text().contains("Server"));
    decide(&site, "httpd", |image| image.lines[0].fields.notes_en = Some("Ours".to_owned())).await;
    let report =
        bring(&site, "c.csv", "Image name,Department,Notes\nhttpd,NRCAN,From the table\n", imports::Request::default())
            .await;
    assert_eq!(report.unwrap().rows[0].verdict, Verdict::Kept, "what the source said of a field is remembered");
}

#[tokio::test]
async fn random_edits_here_and_there_never_lose_what_was_changed_here_without_a_conflict() {
    let site = Site::with("", &[]).await;
    let mut seed = 20_261_122_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let table = |kinds: &[u64]| {
        kinds.iter().enumerate().fold("Image name,Department,Type\n".to_owned(), |text, (number, kind)| {
            format!("{text}image-{number},SSC,K{kind}\n")
        })
    };
    let mut there = [0_u64; 8];
    bring(&site, "t.csv", &table(&there), imports::Request::default()).await.unwrap();
    let mut here = there;
    for round in 1..6_u64 {
        let base = there;
        for place in 0..8 {
            if random(3) == 0 {
                here[place] = 100 * round + random(2);
                let kind = format!("K{}", here[place]);
                decide(&site, &format!("image-{place}"), |image| image.lines[0].fields.kind = Some(kind)).await;
            }
            if random(3) == 0 {
                there[place] = 1_000 * round + random(2);
            }
        }
        let take = if round % 2 == 0 { Take::File } else { Take::Catalogue };
        let request = imports::Request { take: Some(take), ..Default::default() };
        let report = bring(&site, "t.csv", &table(&there), request).await.unwrap();
        for place in 0..8 {
            let (ours, theirs) = (here[place] != base[place], there[place] != base[place]);
            let expected = match (ours, theirs) {
                _ if here[place] == there[place] => "same",
                (true, false) => "kept",
                (false, true) => "changed",
                (true, true) => "conflict",
                (false, false) => "same",
            };
            assert_eq!(word(&report, &format!("image-{place}")), expected, "round {round}, image {place}");
            if expected == "changed" || (expected == "conflict" && take == Take::File) {
                here[place] = there[place];
            }
            let kind: String =
                sqlx::query_scalar("select l.kind from lines l join images i on i.id = l.image_id where i.slug = $1")
                    .bind(format!("image-{place}"))
                    .fetch_one(&site.pool)
                    .await
                    .unwrap();
            assert_eq!(kind, format!("K{}", here[place]), "round {round}, image {place}");
        }
    }
}

#[tokio::test]
async fn a_catalogue_from_before_revisions_were_kept_has_its_base_rebuilt_from_the_record() {
    let site = decided_here().await;
    let back = "drop table import_rows; drop table import_revisions; alter table change_sets drop column version;
         alter table uploads drop column ticked, drop column unticked, drop column reason, drop column as_of,
             drop column counts, drop column change_set_id";
    sqlx::raw_sql(back).execute(&site.pool).await.unwrap();
    sqlx::raw_sql(include_str!("../../migrations/0025_import_revisions.sql")).execute(&site.pool).await.unwrap();
    let report = bring(&site, "page.md", &next_revision(), imports::Request::default()).await.unwrap();
    for name in DECIDED {
        assert_eq!(word(&report, name), "kept", "{name}");
    }
    assert_eq!((report.count(Verdict::Changed), report.count(Verdict::Conflict)), (2, 0));
}
