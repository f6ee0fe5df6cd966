//! Every field that the table of fields has goes the whole way: forms, the record, files, programs, imports, undoing.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::catalogue::query::Query;
use image_catalogue::catalogue::store::{history, reading};
use image_catalogue::changes::in_words;
use image_catalogue::fields::{Field, Fields, IMAGE, LINE, Label, Shape, describe};
use image_catalogue::i18n::Lang;
use image_catalogue::images::Rows;
use image_catalogue::imports::{Outcome, PUBLISHED_PAGE, Report, Request as Import, Verdict};
use image_catalogue::web::visitor::{Role, Scope};
use serde_json::{Value, json};

use crate::forms::{fields, save, send, with};
use crate::support::{Answer, SignedIn, Site};
use crate::three_way::bring;

const NGINX: &str = "/en/staff/images/nginx";

/// Something that a form or a file can say in a field, as it is typed.
fn sample(field: &Field) -> String {
    match field.shape {
        Shape::Text(_) | Shape::Notes => format!("Words of {}", field.name),
        Shape::Day(_) => "2030-03-31".to_owned(),
        Shape::Code("status") => "declined".to_owned(),
        Shape::Code("firmness") => "funded".to_owned(),
        _ => panic!("{} has no sample: give it one", field.name),
    }
}

/// The image with its first line, and the line's number, as they are kept.
async fn kept(site: &Site, slug: &str) -> (Fields, Fields, i64) {
    let id =
        sqlx::query_scalar("select id from images where slug = $1").bind(slug).fetch_one(&site.pool).await.unwrap();
    let mut connection = site.pool.acquire().await.unwrap();
    let record = reading::load(&mut connection, &[id]).await.unwrap().pop().unwrap();
    let line = &record.lines[0];
    (describe(&record.image).unwrap(), describe(&line.fields).unwrap(), line.id)
}

async fn verified(site: &Site) {
    let compared = history::verify(&site.pool).await.unwrap();
    assert!(compared.differing.is_empty(), "{:?}", compared.differing);
}

/// What staff change in nginx and its first line: all that the form of an image has.
fn typed(line: i64) -> Vec<(String, String)> {
    let of_line = |field: &Field| (format!("{}-{line}", field.in_keys()), sample(field));
    let of_image = |field: &Field| (field.in_keys(), format!("words-of-{}", field.in_keys()));
    let image = IMAGE.iter().filter(|field| !["name", "slug", "merged"].contains(&field.name)).map(of_image);
    image.chain(LINE.iter().filter(|field| field.in_forms).map(of_line)).collect()
}

async fn write_all(staff: &SignedIn<'_>, line: i64) -> Answer {
    let typed = typed(line);
    let changed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (&**name, &**value)).collect();
    save(staff, NGINX, &[&changed, &[("reason", "All of it")][..]].concat()).await
}

#[tokio::test]
async fn every_field_goes_from_the_form_to_the_record_and_back_when_that_is_undone() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let (image, before, line) = kept(&site, "nginx").await;
    let open = fields(&staff.get(NGINX).await);
    let changed = with(&open, &typed(line).iter().map(|(name, text)| (&**name, &**text)).collect::<Vec<_>>());
    let preview = send(&staff, NGINX, &with(&changed, &[("reason", "All of it"), ("do", "preview")])).await;
    let shown = fields(&preview);
    for (name, value) in typed(line) {
        assert!(open.iter().any(|(field, _)| *field == name), "{name} is not in the form");
        assert!(shown.contains(&(name.clone(), value)), "{name} is lost on the way");
    }
    let saved = write_all(&staff, line).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let (_, after, _) = kept(&site, "nginx").await;
    let address = saved.header("location").to_owned();
    for lang in Lang::BOTH {
        let page = staff.get(&address.replace("/en/changes", lang.of("/en/changes", "/fr/changements"))).await;
        let told = page.one("ol.changes");
        for field in LINE.iter().filter(|field| field.in_forms) {
            assert_eq!(after[field.name], sample(field), "{} was not written", field.name);
            let words = in_words(field.name, &after[field.name], lang).unwrap();
            for words in [&*lang.t(&field.words()), &*words] {
                assert!(told.contains(words), "{words} in {told}");
            }
        }
    }
    verified(&site).await;
    let undo = format!("{}/undo", address.replace("/changes/", "/staff/changes/"));
    assert_eq!(save(&staff, &undo, &[("reason", "None of it")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(kept(&site, "nginx").await, (image, before, line));
    verified(&site).await;
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_at_its_field_and_kept_as_typed() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let (_, before, line) = kept(&site, "nginx").await;
    for field in LINE.iter().filter(|field| field.in_forms) {
        let Shape::Text(most) = field.shape else { continue };
        let (name, long) = (format!("{}-{line}", field.in_keys()), "é".repeat(most + 1));
        let answer = save(&staff, NGINX, &[(&name, &long)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.one(&format!("[id='{name}-error']")).contains(&most.to_string()), "{name}");
        assert!(fields(&answer).contains(&(name, long)));
    }
    assert_eq!(kept(&site, "nginx").await.1, before);
}

/// The fields of a line that a file in English says as they are: departments have their acronyms there.
fn said_by_files() -> impl Iterator<Item = &'static Field> {
    let is_said = |field: &&Field| field.shape != Shape::Cells && !["notes_fr", "department"].contains(&field.name);
    LINE.iter().filter(|field| field.in_files).filter(is_said)
}

#[tokio::test]
async fn every_field_that_files_say_comes_out_and_back_in() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let (_, _, line) = kept(&site, "nginx").await;
    assert_eq!(write_all(&staff, line).await.status, StatusCode::SEE_OTHER);
    let (_, expected, _) = kept(&site, "nginx").await;
    for file in ["images.csv", "images.csv?separator=semicolon", "images.md"] {
        let text = site.get(&format!("/en/{file}")).await.text().to_owned();
        let other = Site::with("", &[]).await;
        other.import(&text, file.split('?').next().unwrap(), "").await;
        let (_, found, _) = kept(&other, "nginx").await;
        for field in said_by_files() {
            assert_eq!(found[field.name], expected[field.name], "{} in {file}", field.name);
        }
        verified(&other).await;
        let again = site.import(&text, file.split('?').next().unwrap(), "").await;
        assert_eq!(again.change_set, None, "{file} brought in where it comes from");
    }
    let rows: Vec<Value> = serde_json::from_str(site.get("/en/images.json?q=nginx").await.text()).unwrap();
    let table = Rows::new(site.catalogue.now(), &Query::default(), Lang::En).table();
    for label in Label::ALL {
        let text = expected[label.name].as_str().unwrap();
        assert!(rows.iter().any(|row| row[label.name] == text), "{} in JSON", label.name);
        assert!(table.columns.iter().any(|column| column.key == label.name), "{} in workbooks", label.name);
    }
}

/// A file of one row with a column of its own.
async fn one_cell(site: &Site, heading: &str, cell: &str) -> Report {
    let text = format!("Image name,Department,{heading}\nWidget,SSC,{cell}\n");
    bring(site, "own.csv", &text, Import { reason: "From a file", ..Import::default() }).await.unwrap()
}

#[tokio::test]
async fn a_text_is_held_against_what_its_file_said_before() {
    for (field, lang) in
        said_by_files().filter(|field| field.is_text() && field.in_forms).map(|field| (field, Lang::En))
    {
        let site = Site::with_cast().await;
        let staff = site.sign_in(Role::Staff).await;
        let heading = lang.t(&field.words().replace("-notes-en", "-notes"));
        let verdict = |report: &Report| (report.rows[0].verdict, report.rows[0].fields.first().map(|one| one.name));
        assert_eq!(verdict(&one_cell(&site, &heading, "first").await).0, Verdict::New);
        assert_eq!(verdict(&one_cell(&site, &heading, "second").await), (Verdict::Changed, Some(field.name)));
        let (_, now, line) = kept(&site, "widget").await;
        assert_eq!(now[field.name], "second");
        let input = format!("{}-{line}", field.in_keys());
        let saved = save(&staff, "/en/staff/images/widget", &[(&input, "decided here")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{input}");
        let kept_here = one_cell(&site, &heading, "second").await;
        assert_eq!(verdict(&kept_here), (Verdict::Kept, Some(field.name)));
        assert_eq!(kept_here.rows[0].fields[0].outcome, Outcome::Kept);
        let text = format!("Image name,Department,{heading}\nWidget,SSC,third\n");
        assert!(
            bring(&site, "own.csv", &text, Import::default()).await.is_err(),
            "{}: changed on both sides",
            field.name
        );
        assert_eq!(kept(&site, "widget").await.1[field.name], "decided here");
        verified(&site).await;
    }
}

#[tokio::test]
async fn programs_read_every_label_filter_by_it_and_bring_it_in() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let (_, _, line) = kept(&site, "nginx").await;
    assert_eq!(write_all(&staff, line).await.status, StatusCode::SEE_OTHER);
    let document = site.get("/api/openapi.json").await;
    let document: Value = serde_json::from_str(document.text()).unwrap();
    let parameters = document["paths"]["/api/v1/images"]["get"]["parameters"].as_array().unwrap();
    for label in Label::ALL {
        let (name, text) = (label.name, format!("Words of {}", label.name));
        let asked = text.replace(' ', "%20");
        let list: Value =
            serde_json::from_str(site.get(&format!("/api/v1/images?{name}={asked}")).await.text()).unwrap();
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{name}");
        assert!(list["items"][0]["lines"].as_array().unwrap().iter().any(|line| line[name] == text), "{list}");
        assert!(parameters.iter().any(|parameter| parameter["name"] == name), "{name} is not described");
        for lang in Lang::BOTH {
            let (page, path) = (lang.t(label.words[0]), lang.of("/en/images", "/fr/images"));
            let list = site.get(&format!("{path}?{name}={asked}")).await;
            assert_eq!(list.all("tbody tr").len(), 1, "{name}");
            assert!(list.one("form.filters").contains(&*page) && list.one("ul.chips").contains(&text));
            assert_eq!(list.attributes(&format!("input[name='{name}'][checked]"), "value"), [&*text]);
            let one = site.get(&format!("{path}/nginx")).await.one("main");
            assert!(one.contains(&*page) && one.contains(&text), "{name} on the image's page");
        }
    }
    let headings: Vec<_> = Label::ALL.iter().map(|label| label.words[0]).map(|words| Lang::En.t(words)).collect();
    let cells: Vec<_> = Label::ALL.iter().map(|label| format!("sent as {}", label.name)).collect();
    let body = format!("Image name,Department,{}\nSent,SSC,{}\n", headings.join(","), cells.join(","));
    let token = crate::tokens::token(&site, &[Scope::Import]).await;
    let request = Request::post("/api/v1/imports")
        .header("authorization", format!("Bearer {token}"))
        .header("if-match", import_tag(&site, &token).await)
        .header("idempotency-key", "fields")
        .header("content-type", "text/csv");
    let answer = site.send(request.uri("/api/v1/imports?reason=Sent").body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let (_, sent, _) = kept(&site, "sent").await;
    for label in Label::ALL {
        assert_eq!(sent[label.name], json!(format!("sent as {}", label.name)));
    }
}

async fn import_tag(site: &Site, token: &str) -> String {
    let request = Request::get("/api/v1/images").header("authorization", format!("Bearer {token}"));
    site.send(request.body(Body::empty()).unwrap()).await.header("etag").to_owned()
}

async fn vendors(site: &Site) -> Vec<(Option<String>, i64)> {
    let all = "select vendor, count(*) from lines where not removed group by vendor order by vendor nulls first";
    sqlx::query_as(all).fetch_all(&site.pool).await.unwrap()
}

/// What the catalogue is after the page was brought in by a program that knew no vendors.
async fn before_vendors() -> Site {
    let site = Site::with("", &[]).await;
    bring(&site, "page.md", PUBLISHED_PAGE, Import::default()).await.unwrap();
    let tables = ["changes", "import_rows", "import_revisions"];
    let rewritten = |how: &str| tables.map(|table| format!("alter table {table} {how} trigger user;")).concat();
    let back = format!(
        "{} update changes set after = after - 'vendor' where subject = 'line'; update lines set vendor = null;
         update import_rows set said = said - 'vendor'; update import_revisions set as_of = '2025-12-01'; {}",
        rewritten("disable"),
        rewritten("enable")
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(back)).execute(&site.pool).await.unwrap();
    verified(&site).await;
    site
}

#[tokio::test]
async fn the_page_gives_its_rows_their_vendor_and_files_say_it_once_there_is_another() {
    let site = Site::with("", &[]).await;
    bring(&site, "page.md", PUBLISHED_PAGE, Import::default()).await.unwrap();
    assert_eq!(vendors(&site).await, [(Some("Chainguard".to_owned()), 47)]);
    assert!(site.get("/fr/images?vendor=chainguard").await.one(".result-count").contains("47"));
    let header = |text: &str| text.lines().next().unwrap().to_owned();
    let contract = "Image name,Renewal date,Department,Type,Status,Notes";
    assert_eq!(header(site.get("/en/images.csv").await.text()), contract);
    assert!(!site.get("/en/images.json").await.text().contains("vendor"));
    let page = site.get("/en/images.md").await.text().to_owned();
    assert!(!page.contains("Vendor"));
    let staff = site.sign_in(Role::Staff).await;
    let (_, _, line) = kept(&site, "nginx").await;
    let saved = save(&staff, NGINX, &[(&format!("vendor-{line}"), "Own build")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert_eq!(header(site.get("/en/images.csv").await.text()), format!("{contract},Vendor"));
    assert!(header(site.get("/fr/images.csv").await.text()).ends_with(",Notes,Fournisseur"));
    assert!(site.get("/fr/images.json?q=python").await.text().contains(r#""vendor":"Chainguard""#));
    let page = site.get("/fr/images.md").await.text().to_owned();
    let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("| **")).collect();
    assert_eq!(headings.iter().map(|line| line.contains("**Fournisseur**")).collect::<Vec<_>>(), [false, true]);
    let other = Site::with("", &[]).await;
    bring(&other, "page.md", &page, Import::default()).await.unwrap();
    assert_eq!(vendors(&other).await, [(Some("Chainguard".to_owned()), 46), (Some("Own build".to_owned()), 1)]);
}

#[tokio::test]
async fn lines_that_were_there_before_get_a_vendor_at_their_pages_next_import_and_keep_what_people_say_of_it() {
    let site = before_vendors().await;
    let same = bring(&site, "page.md", PUBLISHED_PAGE, Import::default()).await.unwrap();
    assert_eq!((same.change_set, vendors(&site).await), (None, vec![(None, 47)]), "the same file again");
    let older = Import { as_of: "2025-01-01".parse().ok(), ..Import::default() };
    let next = |words: &str| PUBLISHED_PAGE.replace("Graph database", words);
    let dated = Import { as_of: "2026-01-01".parse().ok(), ..Import::default() };
    let first = bring(&site, "page.md", &next("A graph database"), dated).await.unwrap();
    assert_eq!((first.count(Verdict::Changed), first.count(Verdict::Conflict)), (47, 0));
    assert_eq!(vendors(&site).await, [(Some("Chainguard".to_owned()), 47)]);
    let report = bring(&site, "page.md", &next("Graphs"), Import { dry_run: true, ..older }).await.unwrap();
    let differing: Vec<_> = report.rows.iter().flat_map(|row| &row.fields).map(|field| field.name).collect();
    assert!(report.is_older && differing.iter().all(|name| *name == "notes_en"), "{differing:?}");
    let staff = site.sign_in(Role::Staff).await;
    let (_, _, line) = kept(&site, "nginx").await;
    let cleared = save(&staff, NGINX, &[(&format!("vendor-{line}"), "")]).await;
    assert_eq!(cleared.status, StatusCode::SEE_OTHER);
    bring(&site, "page.md", &next("The graph database"), Import::default()).await.unwrap();
    assert_eq!(vendors(&site).await, [(None, 1), (Some("Chainguard".to_owned()), 46)]);
    verified(&site).await;
}

#[tokio::test]
async fn an_old_revision_meets_no_vendor_as_a_conflict_where_none_was_known() {
    let site = before_vendors().await;
    let older = Import { as_of: "2025-01-01".parse().ok(), dry_run: true, ..Import::default() };
    let text = PUBLISHED_PAGE.replace("Graph database", "Graphs");
    let report = bring(&site, "page.md", &text, older).await.unwrap();
    assert!(report.is_older);
    assert_eq!((report.count(Verdict::Conflict), report.count(Verdict::Changed)), (2, 0), "its notes alone");
}
