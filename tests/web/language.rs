//! Both languages, equal and at once: addresses, words, toggles, and what has no French yet.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::i18n::{Lang, WORDS, keys_of};

use crate::support::Site;

/// Every page, with its one part filled in for the cast.
fn pages() -> Vec<(String, String)> {
    let fill = |pattern: &str, acronym: &str, report: &str| {
        pattern
            .replace("{report}", report)
            .replace("{slug}", "nginx")
            .replace("{acronym}", acronym)
            .replace("{id}", "2")
            .replace("{name}", "banner")
    };
    image_catalogue::PAGES
        .iter()
        .map(|route| (fill(route.en, "NRCan", "overview"), fill(route.fr, "RNCan", "apercu")))
        .collect()
}

#[tokio::test]
async fn every_page_answers_in_both_languages_and_leads_to_itself_in_the_other() {
    let site = Site::with_cast().await;
    for (english, french) in pages() {
        for (here, there) in [(&english, &french), (&french, &english)] {
            let page = site.get(&format!("{here}?department=CSE")).await;
            assert_eq!(page.status, StatusCode::OK, "{here}");
            if page.header("content-type").starts_with("text/html") {
                let toggle = page.attributes("a.lang-toggle", "href").remove(0);
                assert_eq!(toggle, format!("{there}?department=CSE"), "{here}");
                assert!(!page.all(".lang-toggle")[0].is_empty());
            }
        }
    }
}

#[tokio::test]
async fn a_french_page_shows_no_english_word_of_the_site() {
    let site = Site::with_cast().await;
    for (_, french) in pages() {
        let page = site.get(&french).await;
        if !page.header("content-type").starts_with("text/html") {
            continue;
        }
        for english in
            ["Shared Services", "Skip to", "Under consideration", "Renewal date", "Departments", "Guidance", "Search"]
        {
            let visible = page.one("body");
            assert!(!visible.contains(english), "{french}: {english}");
        }
    }
}

#[tokio::test]
async fn notes_without_french_say_so_and_carry_their_language() {
    let site = Site::with_cast().await;
    let page = site.get("/fr/images?q=nginx&department=NRCan").await;
    assert_eq!(page.attributes("td span[lang]", "lang"), ["en"]);
    assert!(page.one("tbody").contains("High-performance web server/proxy (en anglais)"));
    site.import("Nom de l’image,Ministère,Notes\nnginx,NRCAN,Serveur Web\n", "fr.csv", "").await;
    let page = site.get("/fr/images?q=nginx&department=NRCan").await;
    assert!(page.one("tbody").contains("Serveur Web") && page.attributes("td span[lang]", "lang").is_empty());
    assert!(site.get("/en/images?q=nginx&department=NRCan").await.one("tbody").contains("High-performance"));
}

#[tokio::test]
async fn the_first_address_leads_to_the_visitors_language() {
    let site = Site::with_cast().await;
    let ask = |header: &'static str, value: &'static str| {
        Request::get("/").header(header, value).body(Body::empty()).unwrap()
    };
    for (header, value, place) in [
        ("cookie", "a=b; lang=fr", "/fr"),
        ("accept-language", "fr-CA,fr;q=0.9,en;q=0.8", "/fr"),
        ("accept-language", "de, en;q=0.3, fr;q=0.2", "/en"),
    ] {
        let answer = site.send(ask(header, value)).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, place), "{value}");
    }
    for value in ["de", "fr;q=0", ""] {
        let splash = site.send(ask("accept-language", value)).await;
        assert_eq!(splash.status, StatusCode::OK);
        assert_eq!(splash.attributes(".card a", "href"), ["/en", "/fr"]);
    }
    assert!(site.get("/fr/images").await.header("set-cookie").starts_with("lang=fr; Path=/; Max-Age=31536000"));
}

#[test]
fn both_languages_have_the_same_keys_and_variables() {
    let variables = |text: &str| -> BTreeSet<String> {
        text.split('$').skip(1).map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect()).collect()
    };
    for (room, english, french) in WORDS {
        let keys = |source| keys_of(source).map(str::to_owned).collect::<Vec<_>>();
        let (mut en, mut fr) = (keys(english), keys(french));
        en.sort();
        fr.sort();
        assert_eq!(en, fr, "{room}");
        let mut unique = en.clone();
        unique.dedup();
        assert_eq!(unique.len(), en.len(), "{room}: a key twice");
        let messages = |source: &str| -> Vec<(String, String)> {
            let mut found: Vec<(String, String)> = Vec::new();
            for line in source.lines() {
                match line.split_once(" = ") {
                    Some((key, words)) if line.starts_with(|first: char| first.is_ascii_lowercase()) => {
                        found.push((key.to_owned(), words.to_owned()));
                    }
                    _ => found.iter_mut().last().into_iter().for_each(|(_, words)| words.push_str(line)),
                }
            }
            found.sort();
            found
        };
        for ((key, en), (_, fr)) in messages(english).iter().zip(&messages(french)) {
            assert_eq!(variables(en), variables(fr), "{room}: {key}");
        }
    }
}

#[test]
fn no_key_stands_in_two_rooms() {
    let mut keys: Vec<&str> = WORDS.iter().flat_map(|(_, english, _)| keys_of(english)).collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
}

#[test]
fn french_is_spaced_and_written_as_french() {
    for (room, _, french) in WORDS {
        for line in french.lines().filter(|line| !line.contains("http")) {
            assert!(!line.contains(" :") && !line.contains("« ") && !line.contains(" »"), "{room}: {line}");
            assert!(!line.contains(" ;") && !line.contains(" ?") && !line.contains(" !"), "{room}: {line}");
            assert!(!line.contains('\''), "{room}: {line}");
        }
    }
}

#[test]
fn numbers_and_plurals_follow_the_language() {
    assert_eq!(Lang::En.number(1_234_567_usize), "1,234,567");
    assert_eq!(Lang::Fr.number(1_234_567_usize), "1\u{a0}234\u{a0}567");
    assert_eq!(Lang::En.n("list-count", 0_usize), "0 rows");
    assert_eq!(Lang::Fr.n("list-count", 0_usize), "0 ligne");
    assert_eq!(Lang::Fr.n("list-count", 1_000_usize), "1\u{a0}000 lignes");
}
