//! Visitors suggest corrections; nothing is public before staff accept it.

use axum::http::StatusCode;
use image_catalogue::catalogue::store::history;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save, with};
use crate::support::{Answer, Site};

const SUGGEST: &str = "/fr/images/nginx/proposer";

async fn suggest(site: &Site, changed: &[(&str, &str)]) -> Answer {
    let form = with(&fields(&site.get(SUGGEST).await), changed);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    site.post(SUGGEST, &form).await
}

#[tokio::test]
async fn a_suggestion_becomes_a_change_when_staff_accept_it_and_names_nobody() {
    let site = Site::with_cast().await;
    let contact = "marie.tremblay@cse-cst.gc.ca";
    let sent = suggest(&site, &[("description-fr", "Serveur Web"), ("why", "Fiche"), ("contact", contact)]).await;
    assert_eq!(sent.status, StatusCode::OK);
    assert!(sent.one(".notice").contains("Merci"));
    assert!(!site.get("/fr/images/nginx").await.text().contains("Serveur Web"), "not public yet");
    let staff = site.sign_in(Role::Staff).await;
    let list = staff.get("/en/staff/suggestions").await;
    let address = list.attributes(".change a", "href").remove(0);
    let one = staff.get(&address).await;
    assert!(one.one("ol.changes").contains("Serveur Web") && one.one("dl.facts").contains(contact));
    let accepted = save(&staff, &address, &[("do", "accept"), ("answer", "Merci")]).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
    assert!(site.get("/fr/images/nginx").await.text().contains("Serveur Web"));
    let act = accepted.header("location").to_owned();
    for public in [act.as_str(), "/en/changes", "/fr/changements.csv", "/en/images/nginx", "/en/changes.atom"] {
        assert!(!site.get(public).await.text().contains("tremblay"), "{public}");
    }
    let again = staff.get(&address).await;
    assert!(again.text().contains("Accepted"));
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

#[tokio::test]
async fn a_suggestion_is_declined_only_with_a_word_and_changes_nothing() {
    let site = Site::with_cast().await;
    suggest(&site, &[("why", "Ceci est faux")]).await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/suggestions/1";
    let nothing = save(&staff, address, &[("do", "accept")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let without = save(&staff, address, &[("do", "decline")]).await;
    assert!(without.one(".error-summary").contains("Say why"));
    assert_eq!(
        save(&staff, address, &[("do", "decline"), ("answer", "It is right")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(staff.get("/en/staff/suggestions").await.one("main").contains("No suggestion is here"));
    assert!(staff.get("/fr/personnel/suggestions?state=decided").await.one("main").contains("Refusée"));
}

#[tokio::test]
async fn a_visitor_can_suggest_words_but_decide_nothing_and_bad_input_is_told() {
    let site = Site::with_cast().await;
    let open = fields(&site.get(SUGGEST).await);
    assert!(!open.iter().any(|(name, _)| name.starts_with("status-")));
    let line = open.iter().find_map(|(name, _)| name.strip_prefix("notes-en-")).unwrap().to_owned();
    let status = format!("status-{line}");
    suggest(&site, &[(&status, "procured"), ("department-new", "1"), ("why", "x")]).await;
    let staff = site.sign_in(Role::Staff).await;
    assert!(staff.get("/en/staff/suggestions/1").await.one("main").contains("changes nothing"));
    for (wrong, words) in [
        (vec![("name", "")], "Entrez le nom"),
        (vec![("why", "")], "dites ici ce qui est faux"),
        (vec![("contact", "a@b.ca\r\nBcc: x@y.ca"), ("why", "x")], "adresse de courriel"),
        (vec![("description-en", "a\u{202e}b")], "Retirez-le"),
    ] {
        let answer = suggest(&site, &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.one(".error-summary").contains(words), "{}", answer.one(".error-summary"));
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from suggestions").fetch_one(&site.pool).await.unwrap();
    let spam = suggest(&site, &[("why", "spam"), ("website", "https://spam.example")]).await;
    assert_eq!(spam.status, StatusCode::UNPROCESSABLE_ENTITY, "what is not kept is not said to be sent");
    assert!(spam.one(".error-summary").contains("champ caché") && spam.one("#why") == "spam");
    let form = with(&open, &[("why", "Deux fois")]);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    site.post(SUGGEST, &form).await;
    site.post(SUGGEST, &form).await;
    let after: i64 = sqlx::query_scalar("select count(*) from suggestions").fetch_one(&site.pool).await.unwrap();
    assert_eq!(after, kept + 1, "spam is not kept, and a form sent twice counts once");
}
