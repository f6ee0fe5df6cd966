//! Anyone says what they think; staff answer, and publish what everyone may read; nobody else reads the rest.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save, send, with};
use crate::support::{Answer, Site};

const NEW: &str = "/en/feedback/new";
const NOUVEAU: &str = "/fr/commentaires/nouveau";
const CONTACT: &str = "marie.tremblay@cse-cst.gc.ca";

/// Gives feedback: the form as it is opened, with these fields.
async fn give(site: &Site, address: &str, changed: &[(&str, &str)]) -> Answer {
    let form = with(&fields(&site.get(address).await), changed);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    site.post(address, &form).await
}

/// All mails: to whom, the subject, the text.
async fn mails(site: &Site) -> Vec<(String, String, String)> {
    sqlx::query_as("select recipient, subject, plain from mails where kind = 'feedback' order by id")
        .fetch_all(&site.pool)
        .await
        .unwrap()
}

async fn count(site: &Site) -> i64 {
    sqlx::query_scalar("select count(*) from feedback").fetch_one(&site.pool).await.unwrap()
}

#[tokio::test]
async fn feedback_is_followed_by_a_private_link_that_nobody_guesses() {
    let site = Site::with_cast().await;
    let sent =
        [("about", "procurement"), ("message", "Trop lent"), ("name", "Marie"), ("email", CONTACT), ("answer", "yes")];
    let answer = give(&site, NOUVEAU, &sent).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let link = answer.header("location").to_owned();
    assert!(link.starts_with("/fr/commentaires/FB-2026-0001?key="), "{link}");
    let page = site.get(&link).await;
    assert!(page.one("dl.facts").contains("Trop lent") && page.one("main").contains("pas encore de réponse"));
    assert_eq!(page.header("cache-control"), "private, no-store");
    assert_eq!(site.get(&link.replace("/fr/commentaires", "/en/feedback")).await.status, StatusCode::OK);
    let mails = mails(&site).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].0 == CONTACT && mails[0].1 == "Vos commentaires FB-2026-0001" && mails[0].2.contains(&link));
    assert!(!mails[0].2.contains("Trop lent"), "nobody sends words of theirs to somebody else");
    let bare = link.split('?').next().unwrap();
    let unknown = site.get(&format!("/fr/commentaires/FB-2026-0002?key={}", "0".repeat(32))).await;
    for wrong in [bare.to_owned(), format!("{bare}?key="), format!("{link}0"), format!("{bare}?key={}", "0".repeat(32))]
    {
        let answer = site.get(&wrong).await;
        assert_eq!((answer.status, answer.one("main")), (StatusCode::NOT_FOUND, unknown.one("main")), "{wrong}");
    }
    for public in ["/en/feedback", "/fr/commentaires", "/en/changes"] {
        assert!(!site.get(public).await.text().contains("Trop lent"), "{public}");
    }
}

#[tokio::test]
async fn what_it_concerns_is_filled_in_from_any_page() {
    let site = Site::with_cast().await;
    let footer = site.get("/en/images/nginx").await.attributes(".site-footer a", "href");
    assert!(footer.contains(&"/en/feedback/new?page=%2Fen%2Fimages%2Fnginx".to_owned()), "{footer:?}");
    let filled = |page: &Answer, name: &str| {
        let value = fields(page).into_iter().find(|(field, _)| field == name);
        value.map(|(_, value)| value).unwrap_or_default()
    };
    for (query, about, image, page) in [
        ("?page=/en/images/nginx", "image", "nginx", ""),
        ("?image=nginx", "image", "nginx", ""),
        ("?image=Something%20else", "image", "Something else", ""),
        ("?page=/fr/guides", "site", "", "/fr/guides"),
        ("?page=https://evil.example/en", "", "", ""),
        ("?page=//evil.example", "", "", ""),
        ("", "", "", ""),
    ] {
        let form = site.get(&format!("{NEW}{query}")).await;
        let got = [filled(&form, "about"), filled(&form, "image"), filled(&form, "page")];
        assert_eq!(got, [about, image, page], "{query}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_in_words_and_nothing_typed_is_lost() {
    let site = Site::with_cast().await;
    let long = "x".repeat(10_001);
    for (wrong, words) in [
        (vec![("about", ""), ("message", "m")], "Choose what it is about"),
        (vec![("about", "x"), ("message", "m")], "Choose what it is about"),
        (vec![("about", "image"), ("message", "m")], "Say which image"),
        (vec![("about", "site"), ("page", "https://evil.example"), ("message", "m")], "a page of this site"),
        (vec![("about", "site"), ("message", " ")], "Write your message"),
        (vec![("about", "site"), ("message", &long)], "10,001 characters"),
        (vec![("about", "site"), ("message", "a\u{202e}b")], "U+202E"),
        (vec![("about", "site"), ("message", "a\0b")], "U+0000"),
        (vec![("about", "site"), ("message", "m"), ("name", "a\r\nBcc: x@y.ca")], "U+000A"),
        (vec![("about", "site"), ("message", "m"), ("email", "a@b.ca\r\nBcc: x@y.ca")], "Enter an e-mail address"),
        (vec![("about", "site"), ("message", "m"), ("email", "m@cse-\u{441}st.gc.ca")], "Enter an e-mail address"),
        (vec![("about", "site"), ("message", "m"), ("answer", "yes")], "Enter your work e-mail"),
    ] {
        let answer = give(&site, NEW, &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.one(".error-summary").contains(words), "{words}: {}", answer.one(".error-summary"));
        let visible = |text: &str| {
            text.chars()
                .filter(|letter| !letter.is_control() && *letter != '\u{fffd}')
                .collect::<String>()
                .trim()
                .to_owned()
        };
        let kept = fields(&answer);
        for (name, value) in wrong.iter().filter(|(name, _)| !["about", "answer"].contains(name)) {
            let is_kept = kept.iter().any(|(field, kept)| field == name && visible(kept) == visible(value));
            assert!(is_kept, "{name} {value:?}");
        }
    }
    let megabytes = "x".repeat(3 * 1024 * 1024);
    let answer = give(&site, NEW, &[("about", "site"), ("message", &megabytes)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(count(&site).await, 0);
}

#[tokio::test]
async fn hostile_words_are_only_words_on_every_page_in_mail_and_in_the_file() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    for (number, hostile) in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "=cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd",
        "+1-1",
        "{{ page.title }} {% include %}",
        "'; drop table feedback; --",
        "раypal.com аdmin", // Cyrillic letters that look like Latin ones
        "ﷺ🏳️‍🌈",
        "first\r\nBcc: everyone@example.ca\r\n\r\nsecond",
    ]
    .into_iter()
    .enumerate()
    {
        let line = hostile.replace("\r\n", " ");
        let sent = [
            ("about", "image"),
            ("image", &*line),
            ("message", hostile),
            ("name", &line),
            ("email", CONTACT),
            ("answer", "y"),
        ];
        let sent = give(&site, NEW, &sent).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{hostile}");
        let private = sent.header("location").to_owned();
        let address = format!("/en/staff/feedback/{}", number + 1);
        let replied =
            save(&staff, &address, &[("reply", hostile), ("do", "reply"), ("tags", &line.replace(',', ""))]).await;
        assert_eq!(replied.status, StatusCode::SEE_OTHER, "{}", replied.text());
        let published = save(&staff, &address, &[("do", "publish"), ("note", hostile)]).await;
        assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.text());
        let folded = hostile.split_whitespace().collect::<Vec<_>>().join(" ");
        for page in [site.get(&private).await, site.get("/fr/commentaires").await, staff.get(&address).await] {
            assert!(page.one("main").contains(&folded), "{hostile} in {}", page.path);
            assert!(!page.text().contains("<script>alert") && !page.text().contains("<img src=x"), "{hostile}");
        }
        assert!(staff.get("/en/staff/feedback").await.one("main").contains(&folded));
    }
    let csv = staff.get("/en/staff/feedback.csv").await;
    let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(csv.text().as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 10);
    for cell in rows.iter().flat_map(|row| row.iter()) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    for (to, subject, plain) in mails(&site).await {
        assert_eq!(to, CONTACT);
        assert!(!subject.contains(['\r', '\n']) && subject.contains("FB-2026-"), "{subject}");
        assert!(plain.lines().all(|line| !line.starts_with("Bcc:")), "{plain}");
    }
}

#[tokio::test]
async fn staff_answer_tag_and_handle_and_every_act_is_told_and_lasts() {
    let site = Site::with_cast().await;
    let sent = [("about", "site"), ("message", "Trop petit"), ("email", CONTACT), ("answer", "yes")];
    let link = give(&site, NOUVEAU, &sent).await.header("location").to_owned();
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/feedback/1";
    let unsaid = save(&staff, address, &[("do", "note")]).await;
    assert!(unsaid.one(".error-summary").contains("Write a note"));
    let unsent = save(&staff, address, &[("do", "take"), ("reply", "Merci")]).await;
    assert!(unsent.one(".error-summary").contains("not sent yet"));
    for act in [
        vec![("do", "take"), ("note", "Seen it"), ("tags", "Print, fonts")],
        vec![("do", "reply"), ("reply", "Merci : c’est corrigé.")],
        vec![("do", "handle")],
        vec![("do", "reopen")],
        vec![("do", "handle")],
    ] {
        assert_eq!(save(&staff, address, &act).await.status, StatusCode::SEE_OTHER, "{act:?}");
    }
    let events = staff.get(address).await.all("ol.changes h3");
    let told = ["Taken in hand", "Tags changed", "Replied", "Marked as handled", "Reopened", "Marked as handled"];
    assert_eq!(events, told);
    assert!(site.get(&link).await.one("ol.changes").contains("c’est corrigé"));
    assert!(!site.get(&link).await.text().contains("Seen it"), "notes are internal");
    let mails = mails(&site).await;
    assert_eq!(mails.len(), 2);
    assert!(mails[1].1.contains("Réponse à vos commentaires") && mails[1].2.contains("> Merci : c’est corrigé."));
    assert_eq!(save(&staff, address, &[("do", "take")]).await.status, StatusCode::CONFLICT, "it is handled");
    for (query, rows) in [
        ("", 0),
        ("?state=handled", 1),
        ("?state=handled&tag=fonts", 1),
        ("?state=handled&tag=x", 0),
        ("?state=held", 0),
        ("?state=handled&about=image", 0),
    ] {
        let found = staff.get(&format!("/en/staff/feedback{query}")).await.all("li.change").len();
        assert_eq!(found, rows, "{query}");
        let file = |kind| staff.get(format!("/fr/personnel/commentaires.{kind}{query}").leak());
        assert_eq!(file("csv").await.text().lines().count(), rows + 1, "{query}");
        let json: serde_json::Value = serde_json::from_slice(&file("json").await.body).unwrap();
        assert_eq!(json["tables"][0]["rows"].as_array().unwrap().len(), rows, "{query}");
        let markdown = file("md").await;
        assert_eq!(markdown.text().lines().filter(|line| line.starts_with("| ")).count(), rows + 1, "{query}");
        let name = file("xlsx").await.header("content-disposition").to_owned();
        let narrowed = query.trim_start_matches('?').split('&').filter_map(|part| Some(part.split_once('=')?.1));
        assert!(narrowed.into_iter().all(|part| name.contains(&format!("-{part}-"))), "{name}");
    }
    assert_eq!(staff.get("/en/staff/feedback?state=x").await.status, StatusCode::BAD_REQUEST);
    for change in ["update feedback_events set text = 'x'", "delete from feedback_events"] {
        let refused = sqlx::query(sqlx::AssertSqlSafe(change)).execute(&site.pool).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}

#[tokio::test]
async fn what_is_published_is_what_staff_wrote_and_never_who_sent_it() {
    let site = Site::with_cast().await;
    let sent = [
        ("about", "image"),
        ("image", "nginx"),
        ("message", "I, Marie, like it"),
        ("name", "Marie"),
        ("email", CONTACT),
    ];
    give(&site, NEW, &sent).await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/fr/personnel/commentaires/1";
    let words = [("public-message", "Somebody likes it"), ("public-reply", "So do we"), ("do", "publish")];
    assert_eq!(save(&staff, address, &words).await.status, StatusCode::SEE_OTHER);
    for list in ["/en/feedback", "/fr/commentaires"] {
        let page = site.get(list).await;
        let said = page.one("li.change");
        assert!(said.contains("Somebody likes it") && said.contains("So do we"), "{said}");
        assert!(!page.text().contains("Marie") && !page.text().contains(CONTACT), "{list}");
        assert!(page.attributes("li.change h2 a", "href")[0].ends_with("/images/nginx"));
    }
    assert_eq!(site.get("/fr/commentaires").await.attributes("li.change blockquote", "lang"), ["en"]);
    assert_eq!(mails(&site).await.len(), 1, "no answer was asked for");
    give(&site, NEW, &[("about", "image"), ("image", "Marie"), ("message", "m")]).await;
    let unknown = "/en/staff/feedback/2";
    assert_eq!(save(&staff, unknown, &[("do", "publish")]).await.status, StatusCode::SEE_OTHER);
    let page = site.get("/en/feedback").await;
    assert!(!page.text().contains("Marie"), "what was typed for an image that nobody knows");
    assert_eq!(save(&staff, unknown, &[("do", "unpublish")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(save(&staff, address, &[("do", "unpublish")]).await.status, StatusCode::SEE_OTHER);
    assert!(site.get("/en/feedback").await.one("main").contains("Nothing has been published yet"));
}

#[tokio::test]
async fn two_of_staff_at_once_see_what_the_other_did_and_a_form_sent_twice_counts_once() {
    let site = Site::with_cast().await;
    give(&site, NEW, &[("about", "site"), ("message", "m")]).await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/feedback/1";
    let (first, second) = (fields(&staff.get(address).await), fields(&staff.get(address).await));
    let mine = with(&first, &[("note", "Mine"), ("do", "note")]);
    let (one, two) = tokio::join!(send(&staff, address, &mine), send(&staff, address, &mine));
    assert_eq!((one.status, two.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    let conflict = send(&staff, address, &with(&second, &[("note", "Theirs"), ("do", "handle")])).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.one("ol.changes").contains("Mine") && conflict.one("#note").contains("Theirs"));
    let again = send(&staff, address, &with(&fields(&conflict), &[("do", "handle")])).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(staff.get(address).await.all("ol.changes h3"), ["Note", "Marked as handled"]);
}

#[tokio::test]
async fn a_machine_that_fills_every_field_is_held_apart_and_gets_no_mail() {
    let site = Site::with_cast().await;
    let spam = [("about", "site"), ("message", "Buy"), ("email", CONTACT), ("website", "https://spam.example")];
    let answer = give(&site, NEW, &spam).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(site.get(answer.header("location")).await.one("dl.facts").contains("New"), "it is not told");
    assert!(mails(&site).await.is_empty());
    let staff = site.sign_in(Role::Staff).await;
    assert!(staff.get("/en/staff/feedback").await.all("li.change").is_empty());
    assert_eq!(staff.get("/en/staff/feedback?state=held").await.all("li.change").len(), 1);
    assert_eq!(save(&staff, "/en/staff/feedback/1", &[("do", "release")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(staff.get("/en/staff/feedback").await.all("li.change").len(), 1);
}

#[tokio::test]
async fn one_address_that_sends_too_much_waits_and_loses_nothing() {
    let site = Site::with_cast().await;
    let mut refused = 0;
    for _ in 0..25 {
        let form = with(&fields(&site.get(NEW).await), &[("about", "site"), ("message", "Again")]);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
        let peer: SocketAddr = "192.0.2.9:1000".parse().unwrap();
        let request = Request::post(NEW)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .extension(ConnectInfo(peer));
        let answer = site.send(request.body(Body::from(body)).unwrap()).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            refused += 1;
            assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
            assert!(answer.one("#message").contains("Again"));
        }
    }
    assert_eq!((refused, count(&site).await), (5, 20));
}

#[tokio::test]
async fn a_thousand_from_fifty_at_once_are_each_there_once_with_their_mail_once() {
    let site = Arc::new(Site::with_cast().await);
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..50 {
        let site = Arc::clone(&site);
        clients.spawn(async move {
            let mut links = Vec::new();
            for number in 0..20 {
                let opened = fields(&site.get(NEW).await);
                let key = opened.into_iter().find(|(name, _)| name == "key").unwrap().1;
                let message = format!("Client {client} says {number}");
                let email = format!("client-{client}-{number}@example.gc.ca");
                let form = [("key", &*key), ("base", "0"), ("about", "site"), ("message", &message), ("email", &email)];
                let answer = site.post(NEW, &form).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER);
                if number % 5 == 0 {
                    assert_eq!(site.post(NEW, &form).await.header("location"), answer.header("location"));
                }
                links.push((answer.header("location").to_owned(), message));
            }
            links
        });
    }
    let links = clients.join_all().await.concat();
    assert_eq!(links.iter().map(|(link, _)| link).collect::<BTreeSet<_>>().len(), 1_000);
    let references: BTreeSet<&str> = links.iter().map(|(link, _)| &link["/en/feedback/".len()..][..12]).collect();
    assert_eq!((references.first(), references.last()), (Some(&"FB-2026-0001"), Some(&"FB-2026-1000")));
    assert_eq!(count(&site).await, 1_000);
    let mails = mails(&site).await;
    assert_eq!(mails.len(), 1_000);
    assert_eq!(mails.iter().map(|(to, ..)| to).collect::<BTreeSet<_>>().len(), 1_000);
    for (link, message) in links.iter().step_by(97) {
        assert!(site.get(link).await.one("dl.facts").contains(message), "{link}");
    }
}

#[tokio::test]
async fn public_texts_that_are_being_edited_stay_when_another_button_is_pressed() {
    let site = Site::with_cast().await;
    give(&site, NEW, &[("about", "site"), ("message", "m")]).await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/feedback/1";
    let edited = [("public-message", "Somebody says m"), ("public-reply", "So it is")];
    for (act, said) in [("note", ("note", "Mine")), ("reply", ("reply", "Thank you")), ("handle", ("note", ""))] {
        let open = fields(&staff.get(address).await);
        let done = send(&staff, address, &with(&open, &[&edited[..], &[said, ("do", act)]].concat())).await;
        assert_eq!(done.status, StatusCode::OK, "{act}: {}", done.text());
        assert!(done.one(".notice-success").contains("not published yet"), "{act}");
        assert_eq!(
            (done.one("#public-message"), done.one("#public-reply")),
            ("Somebody says m".into(), "So it is".into())
        );
        assert_eq!((done.one("#note"), done.one("#reply")), (String::new(), String::new()), "{act}: sent once");
    }
    assert!(site.get("/en/feedback").await.one("main").contains("Nothing has been published yet"));
    let events = staff.get(address).await.all("ol.changes h3");
    assert_eq!(events.len(), 3, "{events:?}");
}
