//! What whoever brings a file in is warned of: what a form would have warned of.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::i18n::Lang;
use image_catalogue::imports::{self, Report};
use image_catalogue::web::visitor::{Role, Scope};
use serde_json::Value;

use crate::forms::{fields, send, with};
use crate::support::Site;
use crate::three_way::{bring, upload};

const HEAD: &str = "Image name,Renewal date,Department,Type,Status,Notes\n";
/// A name nearly another's, an image procured without a date, English over French that stays.
const REVISION: &str = "\
ngnix,TBD,CSE,Helm,Under consideration,
redis,TBD,CSE,Helm,Procured,
nginx,TBD,NRCAN,Application,Under consideration,A fast web server
";

fn revision() -> String {
    format!("{HEAD}{REVISION}")
}

/// The cast, and French notes of nginx that a file brought.
async fn in_both_languages() -> Site {
    let site = Site::with_cast().await;
    let french = "Nom de l’image;Ministère;Notes\nnginx;NRCAN;Un serveur Web\n";
    site.import(french, "fr.csv", "In French").await;
    site
}

async fn dry(site: &Site, text: &str) -> Report {
    bring(site, "next.csv", text, imports::Request { dry_run: true, ..Default::default() }).await.unwrap()
}

/// The words of each warning in English and in French.
const WORDS: [[&str; 2]; 3] = [
    ["ngnix is nearly the name of an image that is there", "ngnix est presque le nom d’une image qui existe"],
    ["redis · CSE: it is procured and has no renewal date", "l’image est acquise et n’a pas de date de renouvellement"],
    ["nginx · NRCAN: the English notes change", "les notes en anglais changent, et celles en français"],
];

#[tokio::test]
async fn the_page_of_verdicts_warns_of_its_rows_as_forms_do() {
    let site = in_both_languages().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = upload(&site, &staff, "next.csv", &revision()).await;
    let french = address.replace("/en/staff/import", "/fr/personnel/importation");
    for (number, address) in [&address, &french].into_iter().enumerate() {
        let page = staff.get(address).await;
        let told = page.one("#warned");
        let rows = page.all("li.change .notice-warning").join("\n");
        for words in WORDS.map(|words| words[number]) {
            assert!(told.contains(words), "{words} in {told}");
            assert!(rows.contains(words), "{words} beside its row: {rows}");
        }
        let lang = ["en", "fr"][number];
        let links = page.attributes("#warned a", "href");
        assert!(links.contains(&format!("/{lang}/images/nginx")), "{links:?}");
    }
    let page = staff.get(&address).await;
    let unticked: Vec<_> = fields(&page).into_iter().filter(|(name, _)| name != "row").collect();
    let form = with(&unticked, &[("do", "compare")]);
    assert_eq!(send(&staff, &address, &form).await.status, StatusCode::SEE_OTHER);
    let page = staff.get(&address).await;
    assert!(page.all("#warned").is_empty(), "a row that is left out is nothing to see before accepting");
    assert!(page.all("li.change .notice-warning").join("\n").contains(WORDS[1][0]), "beside its row it is still told");
    let form = with(&fields(&page), &[("do", "all")]);
    assert_eq!(send(&staff, &address, &form).await.status, StatusCode::SEE_OTHER);
    let page = staff.get(&address).await;
    let saved = send(&staff, &address, &with(&fields(&page), &[("do", "save")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "a warning refuses nothing: {}", saved.text());
    assert_eq!(site.get("/en/images/ngnix").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_new_image_that_gets_a_registry_name_of_another_is_warned_of_on_the_page_and_by_commands_and_programs() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let renamed = crate::forms::save(&staff, "/en/staff/images/nginx", &[("registry-names", "nginx\njdk")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.text());
    let file = format!("{HEAD}OpenJDK (JDK & JRE),TBD,CSE,Helm,Under consideration,\n");
    let words = [
        "OpenJDK (JDK & JRE) is new in the file and gets the registry name jdk, which belongs to another image already",
        "OpenJDK (JDK & JRE) est une nouvelle image du fichier et reçoit le nom jdk, qui appartient déjà à une autre",
    ];
    let address = upload(&site, &staff, "next.csv", &file).await;
    let french = address.replace("/en/staff/import", "/fr/personnel/importation");
    for (words, address) in words.into_iter().zip([&address, &french]) {
        let page = staff.get(address).await;
        assert!(page.one("#warned").contains(words), "{}", page.one("#warned"));
        assert!(page.all("li.change .notice-warning").concat().contains(words), "beside its row");
        assert!(page.attributes("#warned a", "href")[0].ends_with("/images/nginx"));
    }
    for (lang, words) in Lang::BOTH.into_iter().zip(words) {
        let notes = dry(&site, &file).await.notes(lang);
        assert!(notes.len() == 1 && notes[0].contains(words) && notes[0].ends_with(" nginx"), "{notes:?}");
    }
    let saved = send(&staff, &address, &with(&fields(&staff.get(&address).await), &[("do", "save")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "a warning refuses nothing: {}", saved.text());
    let found = staff.get("/en/staff/quality?rule=shared-registry-name").await;
    assert!(found.one("main").contains("OpenJDK (JDK & JRE)"), "what was written all the same is found");
}

#[tokio::test]
async fn a_program_is_told_among_the_remarks_of_its_dry_run_what_a_form_would_have_warned_of() {
    let site = in_both_languages().await;
    let token = crate::tokens::token(&site, &[Scope::Import]).await;
    for (number, lang) in ["en", "fr"].into_iter().enumerate() {
        let request = Request::post(format!("/api/v1/imports?dry-run=true&lang={lang}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "text/csv")
            .header("idempotency-key", lang);
        let answer = site.send(request.body(Body::from(revision())).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let body: Value = serde_json::from_str(answer.text()).unwrap();
        let remarks: Vec<&str> = body["remarks"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        for words in WORDS.map(|words| words[number]) {
            assert!(remarks.iter().any(|remark| remark.contains(words)), "{words} in {remarks:?}");
        }
        assert!(remarks.iter().any(|remark| remark.ends_with(" nginx")), "the other image is named: {remarks:?}");
    }
}

#[tokio::test]
async fn what_is_as_it_was_is_warned_of_no_more_than_in_a_form() {
    let site = in_both_languages().await;
    let cast = include_str!("../fixtures/cast.csv");
    let notes = dry(&site, cast).await.notes(Lang::En);
    assert!(notes.len() == 1 && notes[0].contains("older"), "that it is older, and no more: {notes:?}");
    let better = format!("{HEAD}apache-nifi,TBD,CSE,Helm,Under consideration,\nsoon,2027-01-01,CSE,Helm,Procured,\n");
    assert_eq!(dry(&site, &better).await.notes(Lang::En), Vec::<String>::new());
}

#[tokio::test]
async fn two_new_names_of_a_file_that_are_nearly_the_same_are_warned_of() {
    let site = Site::with_cast().await;
    let rows = "grafana,TBD,CSE,Helm,Under consideration,\ngraphana-ui,TBD,CSE,Helm,Under consideration,\n\
                grafanna,TBD,CSE,Helm,Under consideration,\ngrafanna,TBD,SSC,Helm,Under consideration,\n";
    let notes = dry(&site, &format!("{HEAD}{rows}")).await.notes(Lang::En);
    assert_eq!(notes.len(), 1, "once, however many rows have the name: {notes:?}");
    assert!(notes[0].starts_with("grafana and grafanna are both new in the file"), "{notes:?}");
}

#[tokio::test]
async fn of_very_many_warnings_twenty_are_told_and_the_others_counted() {
    let site = Site::with_cast().await;
    let rows: Vec<String> = (0..30).map(|number| format!("tool {number},TBD,CSE,Helm,Procured,\n")).collect();
    let notes = dry(&site, &format!("{HEAD}{}", rows.concat())).await.notes(Lang::En);
    assert_eq!((notes.len(), &*notes[20]), (21, "There are 10 more warnings."));
}
