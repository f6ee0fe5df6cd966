//! A file imported in the browser: verdicts first, then the rows that were chosen, as one act.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::web::visitor::Role;

use crate::support::{Answer, SignedIn, Site};

/// One changed row, one new row of a department that nobody knows, one that is the same.
const FILE: &str = "Image name,Renewal date,Department,Type,Status,Notes\n\
    Python,2027-03-01,SSC,,Procured,For Python-based applications\n\
    brand-new,TBD,Bureau of Novelties,Helm,Under consideration,<b>fresh</b>\n\
    nginx,TBD,NRCAN,Application,Under consideration,High-performance web server/proxy\n";

async fn send(site: &Site, person: &SignedIn<'_>, address: &str, name: &str, bytes: &[u8]) -> Answer {
    let key = person.get(address).await.attributes("main input[name=key]", "value").concat();
    let mut body = format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{key}\r\n\
         --xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--xyz--\r\n");
    let request = Request::post(address)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=xyz")
        .header("content-length", body.len())
        .header("cookie", &person.cookie);
    site.send(request.body(Body::from(body)).unwrap()).await
}

/// Uploads a file; the address of its verdicts.
async fn upload(site: &Site, person: &SignedIn<'_>, text: &str) -> String {
    let answer = send(site, person, "/en/staff/import", "next.csv", text.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    answer.header("location").to_owned()
}

/// The fields that a browser sends with the form as it stands, all rows checked.
fn fields(page: &Answer) -> Vec<(String, String)> {
    let names = page.attributes("main form input", "name");
    let values = page.attributes("main form input[value]", "value");
    assert_eq!(names.len(), values.len());
    names.into_iter().zip(values).chain([("do".to_owned(), "save".to_owned())]).collect()
}

async fn post(person: &SignedIn<'_>, address: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    person.post(address, &fields).await
}

async fn sets(site: &Site) -> i64 {
    sqlx::query_scalar("select count(*) from change_sets").fetch_one(&site.pool).await.unwrap()
}

#[tokio::test]
async fn verdicts_are_shown_with_their_differences_before_anything_is_written() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let before = sets(&site).await;
    let address = upload(&site, &staff, FILE).await;
    let page = staff.get(&address).await;
    assert_eq!(page.status, StatusCode::OK);
    let told = page.all(".change label");
    assert_eq!(told, ["Python · SSC Changed (line 2)", "brand-new · Bureau of Novelties Added (line 3)"]);
    assert_eq!((page.all("del"), page.all("ins")), (vec!["2026-03-01".to_owned()], vec!["2027-03-01".to_owned()]));
    assert!(page.one(".lead").contains("1 new, 1 changed, 1 the same"), "{}", page.one(".lead"));
    assert!(page.one("main").contains("“Bureau of Novelties” was not known"));
    assert!(!page.text().contains("<b>fresh"), "a cell is text");
    assert_eq!(page.attributes("input[name=row][checked]", "value"), ["2", "3"]);
    let french = staff.get(&page.attributes(".lang-toggle", "href")[0]).await;
    assert!(french.one("h1").starts_with("Ce que next.csv changerait"));
    assert_eq!(sets(&site).await, before);
}

#[tokio::test]
async fn accepting_writes_one_act_of_the_person_and_sent_twice_it_counts_once() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let before = sets(&site).await;
    let address = upload(&site, &staff, FILE).await;
    let mut form = fields(&staff.get(&address).await);
    form.retain(|(name, _)| name != "as-of");
    form.extend([("reason", "Revision of May"), ("as-of", "2026-05-01")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    let (first, second) = (post(&staff, &address, &form).await, post(&staff, &address, &form).await);
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(sets(&site).await, before + 1);
    let act = site.get(first.header("location")).await;
    let facts = act.one("dl.facts");
    for told in ["A file was imported", "tester-staff", "2026-05-01", "Revision of May", "next.csv"] {
        assert!(facts.contains(told), "{told} in {facts}");
    }
    assert_eq!(site.get("/en/images/brand-new").await.status, StatusCode::OK);
    let again = staff.get(&address).await;
    assert_eq!(again.one(".empty h2"), "There is nothing to write");
    let compared = image_catalogue::catalogue::store::history::verify(&site.pool).await.unwrap();
    assert!(compared.differing.is_empty(), "{:?}", compared.differing);
}

#[tokio::test]
async fn rows_that_are_unchecked_are_left_out_with_all_that_only_they_would_bring() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = upload(&site, &staff, FILE).await;
    let mut form = fields(&staff.get(&address).await);
    form.retain(|(name, value)| name != "row" || value != "3");
    let answer = post(&staff, &address, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/en/images/brand-new").await.status, StatusCode::NOT_FOUND);
    assert!(!site.get("/en/departments").await.text().contains("Novelties"));
    assert!(site.get("/en/images/python").await.text().contains("2027-03-01"));
    let page = staff.get(&address).await;
    let mut form = fields(&page);
    form.retain(|(name, _)| name != "row");
    let nothing = post(&staff, &address, &form).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.one(".error-summary").contains("Check at least one row"));
    assert!(nothing.attributes("input[name=row][checked]", "value").is_empty(), "the choice is kept");
}

#[tokio::test]
async fn a_row_that_would_no_longer_do_what_was_shown_is_not_written() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = upload(&site, &staff, FILE).await;
    let form = fields(&staff.get(&address).await);
    site.import("Image name,Renewal date,Department,Status\nPython,2026-12-31,SSC,Procured\n", "other.csv", "").await;
    let before = sets(&site).await;
    let answer = post(&staff, &address, &form).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.one("[role=alert]").contains("Nothing was written"));
    assert_eq!(answer.all("del"), ["2026-12-31"], "the verdicts as they are now");
    assert_eq!(sets(&site).await, before);
    let without: Vec<_> = form.iter().filter(|(name, value)| name != "row" || value != "2").cloned().collect();
    let answer = post(&staff, &address, &without).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "the row that moved was not chosen");
}

#[tokio::test]
async fn a_row_that_is_not_shown_must_stand_too() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = upload(&site, &staff, FILE).await;
    let form = fields(&staff.get(&address).await);
    site.import("Image name,Department,Notes\nnginx,NRCAN,Another note\n", "other.csv", "").await;
    assert_eq!(post(&staff, &address, &form).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_file_that_is_wrong_is_refused_with_every_error_and_its_line() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let text = "Image name,Renewal date,Department,Status\n\"<script>x</script>\",soon,SSC,Procured\nb,TBD,,Procured\nb,TBD,SSC,Maybe\n";
    let answer = send(&site, &staff, "/fr/personnel/importation", "<img src=x>.csv", text.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = answer.all(".error-summary li");
    assert_eq!(told.len(), 3, "{told:?}");
    for line in ["ligne 2", "ligne 3", "ligne 4"] {
        assert!(told.iter().any(|sentence| sentence.starts_with(line)), "{line} in {told:?}");
    }
    assert!(!answer.text().contains("<img src=x>") && !answer.text().contains("<script>x"));
    let same = "Image name,Department,Status\nnginx,NRCAN,Procured\nNginx,NRCan,Procured\n";
    let answer = send(&site, &staff, "/en/staff/import", "a.csv", same.as_bytes()).await;
    assert_eq!((answer.status, answer.all(".error-summary li").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    for nothing in [("a.csv", &b""[..]), ("a.xlsx", b"PK\x03\x04rest")] {
        let answer = send(&site, &staff, "/en/staff/import", nothing.0, nothing.1).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!answer.one(".error-summary").is_empty());
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from uploads").fetch_one(&site.pool).await.unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn an_upload_is_its_own_accounts_only_and_for_a_day() {
    let site = Site::with_cast().await;
    let (staff, other) = (site.sign_in(Role::Staff).await, site.sign_in(Role::Administrator).await);
    let address = upload(&site, &staff, FILE).await;
    let form = fields(&staff.get(&address).await);
    assert_eq!(other.get(&address).await.status, StatusCode::NOT_FOUND);
    let refused = post(&other, &address, &form).await.status;
    assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "the key of another session");
    for _ in 0..5 {
        upload(&site, &staff, FILE).await;
    }
    assert_eq!(staff.get(&address).await.status, StatusCode::NOT_FOUND, "older files give way");
    let newest = upload(&site, &staff, FILE).await;
    sqlx::query("update uploads set made_at = now() - interval '25 hours'").execute(&site.pool).await.unwrap();
    assert_eq!(staff.get(&newest).await.status, StatusCode::NOT_FOUND);
    image_catalogue::imports::db::sweep(&site.pool).await.unwrap();
    let kept: i64 = sqlx::query_scalar("select count(*) from uploads").fetch_one(&site.pool).await.unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_large_file_is_taken_here_and_nowhere_else_and_a_larger_one_nowhere() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let notes = "n".repeat(9_000);
    let rows = (0..120).fold("Image name,Department,Status,Notes\n".to_owned(), |rows, number| {
        format!("{rows}big-{number},SSC,Procured,{notes}\n")
    });
    assert!(rows.len() > 1024 * 1024);
    upload(&site, &staff, &rows).await;
    let answer = send(&site, &staff, "/en/staff/renewals", "a.csv", rows.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let answer = send(&site, &staff, "/en/staff/import", "a.csv", &vec![b'x'; 17 * 1024 * 1024]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn many_rows_come_in_pages_and_are_accepted_together() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let rows = (0..1_200).fold("Image name,Department,Status\n".to_owned(), |rows, number| {
        format!("{rows}many-{number},SSC,Under consideration\n")
    });
    let address = upload(&site, &staff, &rows).await;
    let page = staff.get(&format!("{address}?page=3")).await;
    assert_eq!(page.all(".change").len(), 200);
    assert!(page.one("fieldset > .hint").contains("shows 200 of them"));
    let mut form = fields(&page);
    form.retain(|(name, value)| name != "row" || value != "1201");
    let length: usize = form.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    assert!(length < 60 * 1024);
    let answer = post(&staff, &format!("{address}?page=3"), &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let count: i64 =
        sqlx::query_scalar("select count(*) from images where name like 'many-%'").fetch_one(&site.pool).await.unwrap();
    assert_eq!(count, 1_199);
}

#[tokio::test]
async fn tampered_and_mistaken_forms_write_nothing() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = upload(&site, &staff, FILE).await;
    let form = fields(&staff.get(&address).await);
    let before = sets(&site).await;
    for (field, value) in
        [("key", "x"), ("base", "-1"), ("others", "zz"), ("seen", "2"), ("as-of", "2027-01-01"), ("as-of", "x")]
    {
        let mut wrong = form.clone();
        wrong.iter_mut().find(|(name, _)| name == field).unwrap().1 = value.to_owned();
        let answer = post(&staff, &address, &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        assert!(field != "as-of" || answer.attributes("#as-of", "value") == [value], "what was typed is kept");
    }
    assert_eq!(sets(&site).await, before);
}
