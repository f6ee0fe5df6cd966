//! "Can I use it today?": whoever asks gets one answer, wherever they ask.

use axum::body::Body;
use axum::http::Request;
use image_catalogue::i18n::Lang;
use serde_json::Value;

use crate::forms::{fields, with};
use crate::support::Site;

/// An image in every state: its name, and the answer as programs read it.
const STATES: &[(&str, &str)] = &[
    ("Ahead", "yes"),
    ("Near", "yes"),
    ("Python", "check_first"),
    ("Undetermined", "yes"),
    ("Several Lines", "yes"),
    ("Passed and Undetermined", "check_first"),
    ("charted-iamguarded", "yes"),
    ("Held (free)", "yes"),
    ("Wanted", "not_yet"),
    ("Wanted (free)", "not_yet"),
    ("Wanted and Declined", "not_yet"),
    ("Declined", "no"),
    ("Declined and Retired", "no"),
    ("Retired", "no"),
];

const ROWS: &str = "Image name,Renewal date,Department,Type,Status
Ahead,2027-11-22,SSC,Application,Procured
Near,2026-12-22,SSC,Application,Procured
Python,2026-03-01,SSC,Application,Procured
Undetermined,TBD,SSC,Application,Procured
Several Lines,2026-03-01,SSC,Application,Procured
Several Lines,2027-11-22,CSE,Application,Procured
Several Lines,TBD,ESDC,Application,Under consideration
Several Lines,TBD,TBS,Application,Declined
Passed and Undetermined,2026-03-01,SSC,Application,Procured
Passed and Undetermined,TBD,CSE,Application,Procured
charted-iamguarded,2027-11-22,SSC,Helm,Procured
Held (free),2027-11-22,SSC,Application,Procured
Wanted,TBD,CSE,Application,Under consideration
Wanted,TBD,CCCS,Application,Under consideration
Wanted (free),TBD,CSE,Application,Under consideration
Wanted and Declined,TBD,CSE,Application,Under consideration
Wanted and Declined,TBD,ESDC,Application,Declined
Declined,TBD,CSE,Application,Declined
Declined and Retired,TBD,CSE,Application,Declined
Declined and Retired,TBD,SSC,Application,Retired
Retired,2020-01-01,SSC,Application,Retired
";

/// What a check of one name answers, in a language.
async fn checked(site: &Site, name: &str, lang: Lang) -> Value {
    let request = Request::post(format!("/api/v1/check?kind=list&lang={}", lang.code()));
    let answer = site.send(request.body(Body::from(name.to_owned())).unwrap()).await;
    serde_json::from_slice::<Value>(&answer.body).unwrap()["images"][0].take()
}

/// What the check of a request says of one image.
async fn before_asking(site: &Site, name: &str, lang: Lang) -> String {
    let address = lang.of("/en/requests/new", "/fr/demandes/nouvelle");
    let organisation: i64 = sqlx::query_scalar("select id from organisations where acronym_en = 'TBS'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    let organisation = organisation.to_string();
    let typed = [
        ("image-1", name),
        ("department", &*organisation),
        ("contact-name", "Marie Tremblay"),
        ("contact-email", "marie@example.gc.ca"),
        ("do", "check"),
    ];
    let form = with(&fields(&site.get(address).await), &typed);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    site.post(address, &form).await.one("section.check .notice")
}

#[tokio::test]
async fn every_page_file_and_interface_gives_the_same_answer_for_every_state_of_an_image() {
    let site = Site::with(ROWS, &[]).await;
    let api: Value = serde_json::from_slice(&site.get("/api/v1/images?limit=200").await.body).unwrap();
    for (name, code) in STATES {
        let image = api["items"].as_array().unwrap().iter().find(|image| image["name"] == *name).unwrap();
        assert_eq!(image["can_use"], *code, "{name}");
        let slug = image["slug"].as_str().unwrap();
        for lang in Lang::BOTH {
            let sentence = image[lang.of("can_use_en", "can_use_fr")].as_str().unwrap();
            let page = site.get(&format!("{}/{slug}", lang.of("/en/images", "/fr/images"))).await;
            let answer = page.one(".answer");
            assert!(answer.contains(sentence), "{name}: {sentence} in {answer}");
            let word = page.one(".answer-word");
            let request = before_asking(&site, name, lang).await;
            assert!(request.contains(&word) && request.contains(sentence), "{name}: {sentence} in {request}");
            let check = checked(&site, name, lang).await;
            assert_eq!(check["can_use"], *code, "{name}: {check}");
            let remarks = check["remarks"].to_string();
            assert!(remarks.contains(&word) && remarks.contains(sentence), "{name}: {sentence} in {remarks}");
        }
    }
}

#[tokio::test]
async fn nothing_is_green_where_a_date_has_passed_or_nobody_has_looked() {
    let site = Site::with(ROWS, &[]).await;
    let host = "artifacts-artefacts.devops.cloud-nuage.canada.ca/docker-chainguard-remote/ssc-spc.gc.ca";
    assert!(!before_asking(&site, "Python", Lang::En).await.contains("You can use it"));
    for (lang, address, words) in [
        (Lang::En, "/en/check", "SSC has procured Python; whether this tag exists has not been checked."),
        (Lang::Fr, "/fr/verifier", "SPC a acquis Python; l’existence de cette étiquette n’a pas été vérifiée."),
    ] {
        let reference = format!("{host}/python:3.9.1");
        let page = site.post(address, &[("text", &reference), ("kind", "list")]).await;
        assert!(page.one("tbody tr").contains(words), "{}", page.one("tbody tr"));
        assert!(page.all(".badge-ok, .notice-success").is_empty(), "{}", page.one("main"));
        let check = checked(&site, &reference, lang).await;
        assert_eq!((&check["status"], &check["tag_checked"]), (&"already_right".into(), &false.into()));
        assert!(check["remarks"].to_string().contains(words), "{check}");
    }
}

#[tokio::test]
async fn another_registrys_image_of_one_name_is_not_taken_for_the_same_software() {
    let site = Site::with(ROWS, &[]).await;
    for reference in ["dhi.io/python", "registry.example.com/python", "registry.example.com/x/python"] {
        let check = checked(&site, reference, Lang::En).await;
        assert_eq!(check["status"], "procured", "{reference}");
        assert!(check["remarks"].to_string().contains("check that it is the same software"), "{check}");
    }
    assert!(!checked(&site, "python:3", Lang::En).await["remarks"].to_string().contains("same software"));
}
