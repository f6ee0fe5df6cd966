//! Names of a file that no image has now: proposed, confirmed, and learned.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::catalogue::store::history;
use image_catalogue::i18n::Lang;
use image_catalogue::imports::{self, ImageChoice, PUBLISHED_PAGE, Refusal};
use image_catalogue::web::visitor::{Role, Scope};
use serde_json::Value;

use crate::forms::{fields, save, send, with};
use crate::support::Site;
use crate::three_way::{bring, decide, upload};

const MERGE: &str = "/en/staff/images/nginx/merge";

/// The page is brought in, and Python is renamed.
async fn renamed() -> Site {
    let site = Site::with("", &[]).await;
    bring(&site, "page.md", PUBLISHED_PAGE, imports::Request::default()).await.unwrap();
    decide(&site, "python", |image| {
        "Python 3".clone_into(&mut image.image.name);
        "python-3".clone_into(&mut image.image.slug);
        "Python 3".clone_into(&mut image.lines[0].fields.name);
    })
    .await;
    site
}

/// The next revision: one more department asks for Python, and another row is new.
fn revision() -> String {
    let row = PUBLISHED_PAGE.lines().find(|line| line.contains("Python  ") && line.contains("SSC")).unwrap();
    let more = format!("{row}\n{}", row.replace("SSC ", "CSE "));
    PUBLISHED_PAGE.replace(row, &more)
}

async fn departments(site: &Site, image: &str) -> Vec<String> {
    sqlx::query_scalar(
        "select l.department from lines l join images i on i.id = l.image_id
         where i.name = $1 and not l.removed order by l.department",
    )
    .bind(image)
    .fetch_all(&site.pool)
    .await
    .unwrap()
}

async fn verified(site: &Site) {
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

#[tokio::test]
async fn a_former_name_in_a_file_is_proposed_beside_its_row_confirmed_and_learned() {
    let site = renamed().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = upload(&site, &staff, "page.md", &revision()).await;
    let page = staff.get(&address).await;
    let asked = page.one("fieldset.meant");
    for words in [
        "“Python” is not the present name",
        "Python 3 (its name in the registry)",
        "/en/images/python-3",
        "A new image",
    ] {
        assert!(asked.contains(words), "{words} in {asked}");
    }
    let row = page.all("li.change").into_iter().find(|row| row.contains("Python · CSE")).unwrap();
    assert!(row.contains("Perhaps Python 3: to be confirmed"), "{row}");
    assert!(page.attributes("fieldset.meant input[checked]", "value").is_empty(), "nobody has said it yet");
    assert!(page.attributes("input[name=row][checked]", "value").is_empty(), "the row waits");

    let mut ticked = with(&fields(&page), &[("do", "save")]);
    ticked.extend(page.attributes("input[name=row]", "value").into_iter().map(|line| ("row".to_owned(), line)));
    let refused = send(&staff, &address, &ticked).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert!(refused.one(".error-summary").contains("Say which image “Python” means"));
    assert_eq!(departments(&site, "Python 3").await, ["SSC"]);

    let address = upload(&site, &staff, "page.md", &revision()).await;
    let page = staff.get(&address).await;
    let said = with(&fields(&page), &[("image-0", "Python=python-3"), ("do", "save")]);
    let shown = send(&staff, &address, &said).await;
    assert_eq!(shown.status, StatusCode::OK, "what it means is shown before it is written");
    assert!(shown.one("#names").contains("Nothing was written yet"), "{}", shown.one("#names"));
    assert_eq!(shown.attributes("input[name=row][checked]", "value").len(), 1);
    let accepted = send(&staff, &address, &with(&fields(&shown), &[("do", "save")])).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
    assert_eq!(departments(&site, "Python 3").await, ["CSE", "SSC"]);
    assert!(staff.get(accepted.header("location")).await.one("ol.changes").contains("Other names"));
    assert_eq!(staff.get("/en/staff/images/python-3").await.one("#other-names"), "Python");
    verified(&site).await;

    let next = revision().replace("| CSE ", "| NRC ");
    let report =
        bring(&site, "page.md", &next, imports::Request { dry_run: true, ..Default::default() }).await.unwrap();
    assert!(!report.has_open_names(), "the next import does not ask");

    let number = accepted.header("location").rsplit('/').next().unwrap().to_owned();
    let undone = save(&staff, &format!("/en/staff/changes/{number}/undo"), &[("reason", "Not so")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text());
    assert_eq!(departments(&site, "Python 3").await, ["SSC"]);
    verified(&site).await;
    let report =
        bring(&site, "page.md", &next, imports::Request { dry_run: true, ..Default::default() }).await.unwrap();
    assert!(report.has_open_names(), "undone, it is asked again");
}

#[tokio::test]
async fn a_new_image_of_a_former_name_does_not_become_the_one_that_was_called_so() {
    let site = renamed().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = upload(&site, &staff, "page.md", &revision()).await;
    let page = staff.get(&address).await;
    let said = with(&fields(&page), &[("image-0", "Python=new"), ("do", "compare")]);
    let page = staff.get(send(&staff, &address, &said).await.header("location")).await;
    assert!(page.one("fieldset.meant").contains("is taken for a new image, not for Python 3"));
    let accepted = send(&staff, &address, &with(&fields(&page), &[("do", "save")])).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
    assert_eq!(departments(&site, "Python 3").await, ["SSC"], "its own row is as before, and stays");
    assert_eq!(departments(&site, "Python").await, ["CSE"]);
    verified(&site).await;
    let again = bring(&site, "page.md", &revision(), imports::Request::default()).await.unwrap();
    assert_eq!(again.change_set, None);
}

#[tokio::test]
async fn a_name_whose_rows_all_stay_where_they_are_is_not_said_to_be_a_new_image() {
    let site = renamed().await;
    let images = [ImageChoice::parse("Python=new").unwrap()];
    let request = imports::Request { images: &images, dry_run: true, ..Default::default() };
    let said = async |text: &str| bring(&site, "page.md", text, request).await.unwrap().notes(Lang::En).join(" ");
    let unchanged = format!("{PUBLISHED_PAGE}\n"); // another file that says the same
    assert!(said(&unchanged).await.contains("Rows of “Python” that say what they said before stay with Python 3."));
    assert!(!said(&unchanged).await.contains("is taken for a new image"));
    let both = said(&revision()).await;
    assert!(both.contains("is taken for a new image, not for Python 3. Rows of “Python”"), "{both}");
}

#[tokio::test]
async fn a_command_is_refused_until_it_says_which_image_a_former_name_means() {
    let site = renamed().await;
    for take in [None, Some(imports::Take::File)] {
        let refused = bring(&site, "page.md", &revision(), imports::Request { take, ..Default::default() }).await;
        let Refusal::Undecided(report) = refused.unwrap_err() else { panic!("undecided") };
        assert_eq!(report.open_names(), [["Python=python-3", "Python=new"]]);
    }
    let saying = async |text: &str| {
        let images = [ImageChoice::parse(text).unwrap()];
        bring(&site, "page.md", &revision(), imports::Request { images: &images, ..Default::default() }).await
    };
    for wrong in ["Python=nowhere", "Pyton=python-3", "PowerShell=python-3"] {
        let problems = match saying(wrong).await {
            Err(Refusal::Problems(problems)) => problems.len(),
            other => panic!("{wrong}: {other:?}"),
        };
        assert_eq!(problems, 1, "{wrong}");
    }
    assert_eq!(departments(&site, "Python 3").await, ["SSC"]);
    let written = saying("python = python-3").await.unwrap();
    assert!(written.change_set.is_some());
    assert_eq!(departments(&site, "Python 3").await, ["CSE", "SSC"]);
    assert_eq!(saying("Python=python-3").await.unwrap().change_set, None, "said again, it is no error");
    verified(&site).await;
}

#[tokio::test]
async fn a_program_is_told_which_names_to_confirm_and_confirms_them() {
    let site = renamed().await;
    let token = crate::tokens::token(&site, &[Scope::Import]).await;
    let post = async |query: &str, key: &str| {
        let seen = crate::tokens::read(&site, "/api/v1/images", &token).await.header("etag").to_owned();
        let request = Request::post(format!("/api/v1/imports?reason=x&{query}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "text/markdown")
            .header("if-match", seen)
            .header("idempotency-key", key);
        let answer = site.send(request.body(Body::from(revision())).unwrap()).await;
        (answer.status, serde_json::from_str::<Value>(answer.text()).unwrap())
    };
    let (status, dry) = post("dry-run=true", "a").await;
    let name = &dry["names"][0];
    assert_eq!((status, &name["name"], &name["open"]), (StatusCode::OK, &"Python".into(), &true.into()), "{dry}");
    assert_eq!(name["choices"], serde_json::json!(["Python=python-3", "Python=new"]));
    let (status, refused) = post("", "b").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(refused.to_string().contains("Python=python-3"), "{refused}");
    assert_eq!(post("image=Python", "c").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(post("image=Python%3Dpython-3", "d").await.0, StatusCode::OK);
    assert_eq!(departments(&site, "Python 3").await, ["CSE", "SSC"]);
}

#[tokio::test]
async fn a_page_that_still_has_both_names_of_merged_images_comes_in_again() {
    let site = Site::with_cast().await;
    let rows = "Image name,Department,Notes\nnginx,ESDC,Right\nngnix,ESDC,Typed in haste\nngnix,CSE,Also\n";
    bring(&site, "t.csv", rows, imports::Request::default()).await.unwrap();
    let staff = site.sign_in(Role::Staff).await;
    let open = fields(&staff.get(&format!("{MERGE}?with=ngnix")).await);
    let page = fields(&send(&staff, MERGE, &with(&open, &[("do", "preview")])).await);
    let line = format!("line-{}", crate::requests::number(&site, "ESDC").await);
    let merged = send(&staff, MERGE, &with(&page, &[(&*line, "stays"), ("reason", "One"), ("do", "save")])).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
    let next = rows.replace("Right", "Quite right");
    let report = bring(&site, "t.csv", &next, imports::Request::default()).await.unwrap();
    let words: Vec<_> = report.rows.iter().map(|row| row.verdict.code()).collect();
    assert_eq!(words[..2], ["changed", "kept"]);
    assert!(["kept", "same"].contains(&words[2]), "{words:?}");
    assert!(site.get("/en/images/nginx").await.text().contains("Quite right"));
    assert_eq!(site.get("/en/images/ngnix").await.status, StatusCode::PERMANENT_REDIRECT);
    verified(&site).await;
}

#[tokio::test]
async fn what_a_file_does_not_have_is_told_by_present_names_and_acronyms() {
    let site = renamed().await;
    let table = "Image name,Department\nPowerShell,SSC\n";
    let report = bring(&site, "t.csv", table, imports::Request { dry_run: true, ..Default::default() }).await.unwrap();
    let acronyms: Vec<_> = report.missing.iter().map(|row| &*row.department[0]).collect();
    assert!(acronyms.contains(&"NRCan") && !acronyms.contains(&"NRCAN"), "{acronyms:?}");
    assert!(report.missing.iter().any(|row| row.name == "Python 3" && row.department == ["SSC", "SPC"]));
}
