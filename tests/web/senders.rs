//! What anybody may send without an account: nobody closes the door for others, and nothing is said to be sent that is
//! not kept.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use image_catalogue::i18n::Lang;
use image_catalogue::web::routes::Route;
use image_catalogue::{check, people, requests, watches};

use crate::forms::{fields, with};
use crate::requests as asking;
use crate::support::{Answer, CAST, Site, named, settings};

const PROXIED: &[&str] = &["--trust-proxy", "1"];

/// A form that anybody may send and that is kept.
#[derive(Clone, Copy)]
struct Open {
    route: Route,
    table: &'static str,
    /// What is typed into it, and where it stands when the form is shown again.
    typed: &'static [(&'static str, &'static str)],
    shown: &'static str,
    /// The fields that are others for each form that is sent: `#` stands for its number.
    own: &'static [(&'static str, &'static str)],
}

/// Every one of them: an address that takes what is sent by anybody and is not here fails the first test below.
const OPEN: &[Open] = &[
    Open {
        route: requests::NEW,
        table: "requests",
        typed: &[
            ("image-1", "Apache Kafka"),
            ("department", "1"),
            ("contact-name", "Marie"),
            ("why-1", "Typed words"),
            ("do", "send"),
        ],
        shown: "#why-1",
        own: &[("contact-email", "marie-#@cse-cst.gc.ca")],
    },
    Open {
        route: image_catalogue::feedback::FEEDBACK,
        table: "feedback",
        typed: &[("about", "site"), ("message", "Typed words")],
        shown: "#message",
        own: &[("email", "marie-#@cse-cst.gc.ca")],
    },
    Open {
        route: image_catalogue::watches::FOLLOW,
        table: "watches",
        typed: &[("do", "send")],
        shown: "#email[value^=typed-words]",
        own: &[("email", "typed-words-#@cse-cst.gc.ca")],
    },
    Open {
        route: image_catalogue::suggestions::SUGGEST,
        table: "suggestions",
        typed: &[("why", "Typed words")],
        shown: "#why",
        own: &[("contact", "marie-#@cse-cst.gc.ca")],
    },
];

/// What takes what anybody sends and keeps nothing of strangers: by a link that only one person has, or with a limit of its
/// own.
const OTHERS: &[Route] =
    &[check::CHECK, people::SIGN_IN, people::SIGN_OUT, people::LINK, requests::ONE, requests::CHANGE, watches::LINK];

fn address(route: Route, lang: Lang) -> String {
    let address = route.pattern(lang).replace("{slug}", "nginx");
    if route == image_catalogue::watches::FOLLOW { address + "?image=nginx" } else { address }
}

/// What a visitor sends from an address behind the proxy.
async fn send(site: &Site, from: &str, address: &str, form: &[(String, String)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::post(address)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", format!("192.0.2.99, {from}"))
        .extension(ConnectInfo("127.0.0.1:1000".parse::<SocketAddr>().unwrap()));
    site.send(request.body(Body::from(body)).unwrap()).await
}

/// Opens a form, fills it in and sends it.
async fn fill(site: &Site, from: &str, open: &Open, lang: Lang, number: usize) -> Answer {
    let address = address(open.route, lang);
    let own: Vec<(&str, String)> =
        open.own.iter().map(|(name, value)| (*name, value.replace('#', &number.to_string()))).collect();
    let own: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, &**value)).collect();
    let form = with(&fields(&site.get(&address).await), &[open.typed, &own].concat());
    send(site, from, &address, &form).await
}

async fn count(site: &Site, table: &str) -> usize {
    let counted = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
    let count: i64 = sqlx::query_scalar(counted).fetch_one(&site.pool).await.unwrap();
    usize::try_from(count).unwrap()
}

#[tokio::test]
async fn every_address_that_takes_what_anybody_sends_is_known() {
    let site = Site::with_cast().await;
    let mut taking = BTreeSet::new();
    for route in image_catalogue::PAGES.iter().chain(image_catalogue::ACTS.iter()) {
        let part = if route.en.contains("{slug}") { "nginx" } else { "2" };
        if site.post(&route.with(Lang::En, part), &[]).await.status != StatusCode::METHOD_NOT_ALLOWED {
            taking.insert(route.en);
        }
    }
    let known: BTreeSet<&str> =
        OPEN.iter().map(|open| open.route.en).chain(OTHERS.iter().map(|route| route.en)).collect();
    assert_eq!(taking, known);
}

#[tokio::test]
async fn one_network_that_sends_too_much_is_stopped_with_what_it_typed_and_another_is_served() {
    let site = Site::with(CAST, PROXIED).await;
    for (network, lang) in [("198.51.100", Lang::En), ("203.0.113", Lang::Fr)] {
        for open in OPEN {
            let (before, mut kept, mut refused) = (count(&site, open.table).await, 0, None);
            for number in 0..40 {
                let answer = fill(&site, &format!("{network}.{}", number + 1), open, lang, before * 100 + number).await;
                match answer.status {
                    StatusCode::OK | StatusCode::SEE_OTHER => kept += 1,
                    StatusCode::TOO_MANY_REQUESTS => {
                        refused = Some(answer);
                        break;
                    }
                    other => panic!("{}: {other} {}", open.table, answer.text()),
                }
            }
            let refused = refused.unwrap_or_else(|| panic!("{}: nobody is stopped", open.table));
            assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
            let said = refused.one(".error-summary");
            assert!(said.contains(lang.of("was not sent", "n’a donc pas été transmis")), "{said}");
            assert_eq!(refused.all(open.shown).len(), 1, "{}: what was typed is there", open.table);
            let text = refused.one("main") + &refused.attributes("#email", "value").concat();
            assert!(text.to_lowercase().replace('-', " ").contains("typed words"), "{}", open.table);
            assert_eq!(count(&site, open.table).await - before, kept, "{}: kept is what was said to be", open.table);
            let other = fill(&site, &format!("2001:db8:{}::1", kept + before), open, lang, 5_000 + before).await;
            assert!(other.status == StatusCode::OK || other.status == StatusCode::SEE_OTHER, "{}", open.table);
            let known = fill(&site, &format!("{network}.250"), open, lang, 3_000 + before).await;
            assert_eq!(known.status, StatusCode::TOO_MANY_REQUESTS, "{}: a network is one", open.table);
        }
    }
}

#[tokio::test]
async fn what_counts_holds_for_every_instance_and_after_a_restart() {
    let site = Site::with(CAST, PROXIED).await;
    let follow = &OPEN[2];
    for instance in 0..3 {
        let router = image_catalogue::app(Arc::new(settings(PROXIED)), site.pool.clone(), site.catalogue.clone());
        let router = named("127.0.0.1:8080", router);
        let next = Site { router, pool: site.pool.clone(), catalogue: site.catalogue.clone() };
        for number in 0..20 {
            fill(&next, "198.51.100.7", follow, Lang::En, instance * 100 + number).await;
        }
    }
    assert_eq!((count(&site, "watches").await, count(&site, "mails").await), (30, 30), "thirty an hour");
    let raw: i64 = sqlx::query_scalar("select count(*) from submissions s where position('198.51' in s::text) > 0")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(raw, 0, "no address is kept");
    sqlx::query("update submissions set sent_at = sent_at - interval '1 day'").execute(&site.pool).await.unwrap();
    image_catalogue::forms::db::sweep(&site.pool).await.unwrap();
    assert_eq!(count(&site, "submissions").await, 0, "after a day it is forgotten");
}

#[tokio::test]
async fn plus_addresses_from_many_networks_are_one_mailbox() {
    let site = Site::with(CAST, PROXIED).await;
    let slugs: Vec<String> = site.catalogue.now().images().map(|image| image.slug.to_string()).collect();
    for number in 0..16 {
        let address = format!("/en/follow?image={}", slugs[number % slugs.len()]);
        let email = format!("{}+{number}@example.ca", if number % 2 == 0 { "ada" } else { "ADA" });
        let form = [("email".to_owned(), email), ("do".to_owned(), "send".to_owned())];
        let answer = send(&site, &format!("198.51.{number}.7"), &address, &form).await;
        let expected = if number < 10 { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(answer.status, expected, "{number}");
    }
    assert_eq!((count(&site, "watches").await, count(&site, "mails").await), (10, 10));
}

#[tokio::test]
async fn one_network_fills_a_tenth_of_what_may_wait_and_the_others_are_still_served() {
    let site = Site::with(CAST, PROXIED).await;
    for (open, most) in [(&OPEN[2], 10_000), (&OPEN[3], 2_000)] {
        assert_eq!(fill(&site, "198.51.100.7", open, Lang::En, 1).await.status, StatusCode::OK);
        let copy = match open.table {
            "watches" => {
                "insert into watches (image_id, email, lang, token, sender, domain)
                 select image_id, n || email, lang, token || n, sender, null from watches, generate_series(1, $1) n"
            }
            _ => {
                "insert into suggestions (image_id, base, fields, why, contact, lang, form_key, sender)
                 select image_id, base, fields, why, '', lang, form_key || n, sender from suggestions, generate_series(1, $1) n"
            }
        };
        sqlx::query(copy).bind(most / 10).execute(&site.pool).await.unwrap();
        let before = count(&site, open.table).await;
        let greedy = fill(&site, "198.51.100.8", open, Lang::Fr, 2).await;
        assert_eq!(greedy.status, StatusCode::TOO_MANY_REQUESTS, "{}", open.table);
        assert_eq!(count(&site, open.table).await, before, "nothing of it is kept");
        assert_eq!(fill(&site, "203.0.113.7", open, Lang::Fr, 3).await.status, StatusCode::OK, "{}", open.table);
    }
    sqlx::query("update watches set confirmed_at = now()").execute(&site.pool).await.unwrap();
    let again = fill(&site, "198.51.100.8", &OPEN[2], Lang::Fr, 4).await;
    assert_eq!(again.status, StatusCode::OK, "what is confirmed waits no more");
}

#[tokio::test]
async fn a_program_on_this_machine_fills_no_more_than_its_share_though_no_proxy_is_declared() {
    let site = Site::with(CAST, &[]).await;
    let post = async |from: &str, open: &Open, number: usize| {
        let address = address(open.route, Lang::En);
        let own: Vec<(&str, String)> =
            open.own.iter().map(|(name, value)| (*name, value.replace('#', &number.to_string()))).collect();
        let own: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, &**value)).collect();
        let form = with(&fields(&site.get(&address).await), &[open.typed, &own].concat());
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
        let request = Request::post(&address)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .extension(ConnectInfo(format!("{from}:1000").parse::<SocketAddr>().unwrap()));
        site.send(request.body(Body::from(body)).unwrap()).await.status
    };
    for (place, most) in [(2, 300), (3, 200)] {
        let open = Open { own: &[], ..OPEN[place] };
        let open = if open.table == "watches" { Open { own: &[("email", "a@d#.ca")], ..open } } else { open };
        let mut kept = 0;
        while post("127.0.0.1", &open, kept).await == StatusCode::OK {
            kept += 1;
            assert!(kept <= most, "{}: nobody stops it", open.table);
        }
        assert_eq!((count(&site, open.table).await, kept > most / 2), (kept, true), "{}: {kept} kept", open.table);
        assert_eq!(post("127.0.0.1", &open, 9_000).await, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(post("203.0.113.7", &open, 9_001).await, StatusCode::OK, "{}: others are served", open.table);
    }
}

#[tokio::test]
async fn a_request_that_is_changed_again_and_again_is_stopped_and_keeps_what_was_typed() {
    let site = Site::with(CAST, PROXIED).await;
    let private = asking::ask(&site, "Apache Kafka", "CSE", &[]).await.replace("&sent=1", "");
    let change = private.replacen('?', "/modifier?", 1);
    let mut last = StatusCode::OK;
    for number in 0..40 {
        let form = with(&fields(&site.get(&change).await), &[("why-1", &format!("Typed {number}"))]);
        let answer = send(&site, "198.51.100.7", &change, &form).await;
        last = answer.status;
        if last == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(answer.one("#why-1"), format!("Typed {number}"));
            assert!(!site.get(&private).await.one("main").contains(&format!("Typed {number}")));
            return;
        }
        assert_eq!(last, StatusCode::SEE_OTHER);
    }
    panic!("nobody is stopped: {last}");
}
