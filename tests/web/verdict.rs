//! "Can I use it today?": whoever asks gets one answer, wherever they ask.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::i18n::Lang;
use image_catalogue::people::db::accounts;
use image_catalogue::web::visitor::Role;
use serde_json::Value;

use crate::forms::{fields, save, send, with};
use crate::support::Site;

/// An image in every state: its name, and the answer as programs read it.
const STATES: &[(&str, &str)] = &[
    ("Ahead", "yes"),
    ("Near", "yes"),
    ("Python", "check_first"),
    ("Undetermined", "yes"),
    ("Several Lines", "yes"),
    ("Next Date Unknown", "check_first"),
    ("Renamed Since", "yes"),
    ("In the Registry", "yes"),
    ("Kept of Two", "yes"),
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
Next Date Unknown,2026-05-04,SSC,Application,Procured
Named Before,2027-11-22,SSC,Application,Procured
In the Registry,2027-11-22,SSC,Application,Procured
Kept of Two,2027-11-22,SSC,Application,Procured
Second of Two,TBD,CSE,Application,Under consideration
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

/// The catalogue with an image in every state: one was renamed, one has a registry name, one was merged with another, and
/// of one the next date is not known.
async fn in_every_state() -> Site {
    let site = Site::with(ROWS, &[]).await;
    let staff = site.sign_in(Role::Staff).await;
    let line = sqlx::query_scalar::<_, i64>("select id from lines where name = 'Next Date Unknown'");
    let line = line.fetch_one(&site.pool).await.unwrap().to_string();
    let unknown = [("line", &*line), ("decision", "unknown"), ("owed-by", "Vendor Inc."), ("reason", "Asked twice")];
    let renamed = [("name", "Renamed Since"), ("reason", "Its name today")];
    let named = [("registry-names", "in-the-registry"), ("reason", "From the registry")];
    for (address, changed) in [
        ("/en/staff/renewals", &unknown[..]),
        ("/en/staff/images/named-before", &renamed[..]),
        ("/en/staff/images/in-the-registry", &named[..]),
    ] {
        let saved = save(&staff, address, changed).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{address}: {}", saved.text());
    }
    let merge = "/en/staff/images/kept-of-two/merge";
    let open = fields(&staff.get(&format!("{merge}?with=second-of-two")).await);
    let preview = send(&staff, merge, &with(&open, &[("do", "preview")])).await;
    let merged = with(&fields(&preview), &[("reason", "One and the same"), ("do", "save")]);
    let merged = send(&staff, merge, &merged).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
    site
}

/// What the answer of one image is, as the interface for programs gives it and as pages word it.
struct Expected {
    name: String,
    slug: String,
    usable: String,
    /// `Can I use it today? Yes. SSC has procured it. …`
    told: String,
    word: String,
    sentence: String,
}

async fn expected(site: &Site, lang: Lang) -> Vec<Expected> {
    let api: Value = serde_json::from_slice(&site.get("/api/v1/images?limit=200").await.body).unwrap();
    let mut all = Vec::new();
    for (name, code) in STATES {
        let image = api["items"].as_array().unwrap().iter().find(|image| image["name"] == *name).unwrap();
        assert_eq!(image["can_use"], *code, "{name}");
        let slug = image["slug"].as_str().unwrap().to_owned();
        let sentence = image[lang.of("can_use_en", "can_use_fr")].as_str().unwrap().to_owned();
        let page = site.get(&format!("{}/{slug}", lang.of("/en/images", "/fr/images"))).await;
        let (question, word) = (page.one("#answer"), page.one(".answer-word"));
        let told = format!("{question} {word}. {sentence}");
        all.push(Expected { name: (*name).to_owned(), slug, usable: (*code).to_owned(), told, word, sentence });
    }
    all
}

#[tokio::test]
async fn list_and_home_give_the_answer_of_the_images_page() {
    let site = in_every_state().await;
    for lang in Lang::BOTH {
        let expected = expected(&site, lang).await;
        let list = site.get(&format!("{}?per-page=100", lang.of("/en/images", "/fr/images"))).await;
        let home = site.get(lang.of("/en", "/fr")).await;
        let mut at_home = 0;
        for Expected { name, slug, usable, word, sentence, .. } in &expected {
            let of_image = format!("tbody tr:has(a[href$='/{slug}'])");
            let rows = list.all(&of_image);
            assert!(!rows.is_empty(), "{name} in the list");
            for row in rows {
                let said = lang.of("Use today: ", "Utilisable aujourd’hui : ").to_owned() + word;
                assert!(row.contains(&said), "{name}: {said} in {row}");
            }
            let green = list.all(&format!("{of_image} td:nth-of-type(4) .badge-ok"));
            assert_eq!(green.is_empty(), usable != "yes", "{name}: {green:?}");
            for row in home.all(&of_image) {
                assert!(row.contains(word) && row.contains(sentence), "{name}: {sentence} in {row}");
                at_home += 1;
            }
        }
        assert!(at_home >= 4, "{at_home} renewals need attention");
    }
}

#[tokio::test]
async fn calendar_and_mails_give_the_answer_of_the_images_page() {
    let site = in_every_state().await;
    let follower = "insert into watches (image_id, organisation_id, email, lang, token, confirmed_at)
        select i.id, null, l || i.id || '@canada.ca', l, l || repeat('a', 43) || i.id, now() - interval '2 hours'
        from images i, unnest(array['en', 'fr']) l";
    sqlx::query(follower).execute(&site.pool).await.unwrap();
    for lang in Lang::BOTH {
        let expected = expected(&site, lang).await;
        let calendar = site.get(lang.of("/en/renewals.ics?period=all", "/fr/renouvellements.ics?period=all")).await;
        let calendar = calendar.text().replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";");
        let events: Vec<&str> = calendar.split("BEGIN:VEVENT").skip(1).collect();
        let mut names = vec![("do", "send".to_owned())];
        names.extend(IMAGES.iter().copied().zip(expected.iter().map(|image| image.name.clone())));
        let received = ask_for(&site, &names, lang).await;
        let mut told = 0;
        for Expected { name, slug, told: answer, .. } in &expected {
            let of_image = |event: &&&str| event.contains(&format!("/{slug}\r\n"));
            for event in events.iter().filter(of_image) {
                assert!(event.contains(answer), "{name}: {answer} in {event}");
                told += 1;
            }
            assert!(received.contains(&format!("- {name} – {answer}")), "{name}: {answer} in {received}");
        }
        assert!(told >= 8, "{told} events");
    }
    let account = staff_with_address(&site).await;
    assert!(account > 0);
    image_catalogue::reminders::remind(&site.pool, &site.catalogue, "https://images.example").await.unwrap();
    image_catalogue::watches::tell(&site.pool, &site.catalogue, "https://images.example").await.unwrap();
    let (en, fr) = (expected(&site, Lang::En).await, expected(&site, Lang::Fr).await);
    let reminder: String =
        sqlx::query_scalar("select plain from mails where kind = 'reminder'").fetch_one(&site.pool).await.unwrap();
    let mut told_of = 0;
    for (en, fr) in en.iter().zip(&fr) {
        for line in reminder.lines().filter(|line| line.starts_with(&format!("- {} · ", en.name))) {
            assert!(line.ends_with(&en.told) || line.ends_with(&fr.told), "{}: {line}", en.name);
            told_of += 1;
        }
    }
    assert!(told_of >= 8, "{told_of} lines: {reminder}");
    for (lang, images) in [(Lang::En, &en), (Lang::Fr, &fr)] {
        for image in images {
            let mail: Option<String> = sqlx::query_scalar(
                "select m.plain from mails m join images i on m.recipient = $1 || i.id || '@canada.ca'
                 where m.kind = 'watch' and i.slug = $2",
            )
            .bind(lang.code())
            .bind(&image.slug)
            .fetch_optional(&site.pool)
            .await
            .unwrap();
            let mail = mail.unwrap_or_else(|| panic!("who follows {} is told", image.name));
            assert!(mail.contains(&format!("{} – {}", image.name, image.told)), "{}: {mail}", image.name);
        }
    }
}

/// The fields of a request that name images.
const IMAGES: [&str; 20] = [
    "image-1", "image-2", "image-3", "image-4", "image-5", "image-6", "image-7", "image-8", "image-9", "image-10",
    "image-11", "image-12", "image-13", "image-14", "image-15", "image-16", "image-17", "image-18", "image-19",
    "image-20",
];

/// Sends a request, and gives the mail that says it was received.
async fn ask_for(site: &Site, names: &[(&str, String)], lang: Lang) -> String {
    let address = lang.of("/en/requests/new", "/fr/demandes/nouvelle");
    let organisation = crate::requests::number(site, "TBS").await;
    let who =
        [("department", &*organisation), ("contact-name", "Marie Tremblay"), ("contact-email", "marie@example.gc.ca")];
    let names: Vec<(&str, &str)> = names.iter().map(|(name, value)| (*name, &**value)).collect();
    let form = with(&fields(&site.get(address).await), &[&who[..], &names].concat());
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let sent = site.post(address, &form).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let page = site.get(sent.header("location")).await;
    let mail =
        sqlx::query_scalar::<_, String>("select plain from mails where kind = 'request' order by id desc limit 1");
    let mail = mail.fetch_one(&site.pool).await.unwrap();
    for answer in mail.lines().filter_map(|line| line.strip_prefix("- ")?.split_once(" – ")) {
        assert!(page.one("main").contains(answer.1), "the private page says so too: {}", answer.1);
    }
    mail
}

/// Somebody of staff who gets reminders.
async fn staff_with_address(site: &Site) -> i64 {
    let (issuer, subject) = (Some("https://issuer.example"), Some("marie"));
    let (email, name) = ("marie@example.ca", "Marie");
    let new = accounts::New { issuer, subject, email, name, role: Role::Staff, organisation: None };
    accounts::add(&site.pool, &new).await.unwrap().unwrap()
}

#[tokio::test]
async fn every_page_file_and_interface_gives_the_same_answer_for_every_state_of_an_image() {
    let site = in_every_state().await;
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
