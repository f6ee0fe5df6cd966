//! Following by mail and by Atom: confirmed by a link, told once and seldom, ended by one click.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::watches::tell;
use image_catalogue::web::visitor::Role;

use crate::forms::save;
use crate::support::Site;

const ORIGIN: &str = "https://images.example";
const ASK: &str = "/fr/suivre?image=nginx";

/// The mails to somebody: subject, text, and the address of one click.
async fn mails(site: &Site, to: &str) -> Vec<(String, String, Option<String>)> {
    sqlx::query_as("select subject, plain, unsubscribe from mails where recipient = $1 order by id")
        .bind(to)
        .fetch_all(&site.pool)
        .await
        .unwrap()
}

/// The path of the link in the last mail to somebody.
async fn link(site: &Site, to: &str) -> String {
    let (_, text, _) = mails(site, to).await.pop().unwrap();
    let line = text.lines().find(|line| line.contains("/suivre/") || line.contains("/follow/")).unwrap().to_owned();
    line.strip_prefix("http://127.0.0.1:8080").or_else(|| line.strip_prefix(ORIGIN)).unwrap().to_owned()
}

async fn follow(site: &Site, address: &str, email: &str) -> String {
    let sent = site.post(address, &[("email", email), ("do", "send"), ("website", "")]).await;
    assert_eq!(sent.status, StatusCode::OK);
    link(site, email).await
}

async fn change(site: &Site, address: &str, text: &str) {
    let staff = site.sign_in(Role::Staff).await;
    let saved = save(&staff, address, &[("description-fr", text), ("reason", "A better text")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
}

async fn an_hour_later(site: &Site) {
    sqlx::query("update watches set told_at = told_at - interval '1 hour'").execute(&site.pool).await.unwrap();
}

#[tokio::test]
async fn who_follows_an_image_confirms_is_told_once_an_hour_and_ends_it_by_one_click() {
    let site = Site::with_cast().await;
    assert_eq!(site.get("/fr/images/nginx").await.attributes("ul a[href^='/fr/suivre']", "href"), [ASK]);
    let link = follow(&site, ASK, "marie@example.ca").await;
    change(&site, "/en/staff/images/nginx", "Avant la confirmation").await;
    assert_eq!(tell(&site.pool, &site.catalogue, ORIGIN).await.unwrap(), 0, "nobody has confirmed");
    assert!(site.get(&link).await.one("main").contains("Appuyez sur le bouton"));
    let confirmed: Option<bool> =
        sqlx::query_scalar("select confirmed_at is not null from watches").fetch_one(&site.pool).await.unwrap();
    assert_eq!(confirmed, Some(false), "a scanner that opens the link confirms nothing");
    assert_eq!(site.post(&link, &[("do", "confirm")]).await.one("h1"), "Vous suivez nginx");
    assert_eq!(tell(&site.pool, &site.catalogue, ORIGIN).await.unwrap(), 0, "what was before is not told");
    change(&site, "/en/staff/images/nginx", "Serveur Web").await;
    assert_eq!(tell(&site.pool, &site.catalogue, ORIGIN).await.unwrap(), 1);
    assert_eq!(tell(&site.pool, &site.catalogue, ORIGIN).await.unwrap(), 0, "once");
    change(&site, "/en/staff/images/nginx", "Serveur Web et mandataire").await;
    assert_eq!(tell(&site.pool, &site.catalogue, ORIGIN).await.unwrap(), 0, "not twice an hour");
    an_hour_later(&site).await;
    let (one, other) =
        tokio::join!(tell(&site.pool, &site.catalogue, ORIGIN), tell(&site.pool, &site.catalogue, ORIGIN));
    assert_eq!(one.unwrap() + other.unwrap(), 1, "two instances tell once");
    let all = mails(&site, "marie@example.ca").await;
    assert_eq!(all.len(), 3);
    let (subject, text, unsubscribe) = &all[1];
    assert_eq!(subject, "Changement\u{a0}: nginx");
    assert!(text.contains("Avant la confirmation → Serveur Web") && !text.contains("A better text"), "{text}");
    assert!(text.contains("https://images.example/fr/images/nginx"));
    let one_click = unsubscribe.as_deref().unwrap().strip_prefix(ORIGIN).unwrap();
    let click = Request::post(one_click).header("content-type", "application/x-www-form-urlencoded");
    let ended = site.send(click.body(Body::from("List-Unsubscribe=One-Click")).unwrap()).await;
    assert_eq!((ended.status, &*ended.one("h1")), (StatusCode::OK, "Vous ne suivez plus cette page"));
    let left: i64 = sqlx::query_scalar("select count(*) from watches").fetch_one(&site.pool).await.unwrap();
    assert_eq!(left, 0, "the address is forgotten");
    assert_eq!(site.get(one_click).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_department_is_followed_too_and_one_click_may_come_in_parts() {
    let site = Site::with_cast().await;
    let link = follow(&site, "/en/follow?department=CSE", "bob@example.ca").await;
    site.post(&link, &[("do", "confirm")]).await;
    site.import("Image name,Department,Status\nbrand new,CSE,Procured\n", "more.csv", "More").await;
    assert_eq!(tell(&site.pool, &site.catalogue, ORIGIN).await.unwrap(), 1);
    let (_, text, unsubscribe) = mails(&site, "bob@example.ca").await.pop().unwrap();
    assert!(text.contains("brand new · CSE"), "{text}");
    let path = unsubscribe.unwrap().strip_prefix(ORIGIN).unwrap().to_owned();
    let body = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let click = Request::post(&path).header("content-type", "multipart/form-data; boundary=b");
    let ended = site.send(click.body(Body::from(body)).unwrap()).await;
    assert_eq!(ended.one("h1"), "You no longer follow this");
}

#[tokio::test]
async fn the_answer_is_the_same_whatever_is_known_and_nobody_is_flooded() {
    let site = Site::with_cast().await;
    let count = async || mails(&site, "ada@example.ca").await.len();
    let first = site.post(ASK, &[("email", "ada@example.ca"), ("do", "send")]).await;
    let again = site.post(ASK, &[("email", "ADA@example.ca"), ("do", "send")]).await;
    assert_eq!(first.one("main"), again.one("main"));
    assert_eq!(count().await, 1, "sent twice it counts once");
    let spam = site.post(ASK, &[("email", "spam@example.ca"), ("do", "send"), ("website", "x")]).await;
    assert_eq!(spam.status, StatusCode::UNPROCESSABLE_ENTITY, "what is not kept is not said to be sent");
    assert!(spam.one(".error-summary").contains("champ caché") && spam.text().contains("spam@example.ca"));
    assert_eq!(mails(&site, "spam@example.ca").await.len(), 0);
    sqlx::query("update watches set asked_at = asked_at - interval '11 minutes'").execute(&site.pool).await.unwrap();
    site.post(ASK, &[("email", "ada@example.ca"), ("do", "send")]).await;
    assert_eq!(count().await, 2, "a lost mail is sent again");
    for slug in site.catalogue.now().images().take(12).map(|image| image.slug.clone()).collect::<Vec<_>>() {
        let address = format!("/en/follow?image={slug}");
        let answer = site.post(&address, &[("email", "Ada+1@example.ca"), ("do", "send")]).await;
        assert!([StatusCode::OK, StatusCode::TOO_MANY_REQUESTS].contains(&answer.status), "{}", answer.status);
    }
    let all: i64 = sqlx::query_scalar("select count(*) from mails").fetch_one(&site.pool).await.unwrap();
    assert_eq!(all, 10, "no more in a day, whatever follows a plus sign");
    for wrong in ["", "ada", "ada@example.ca\r\nBcc: bob@example.ca"] {
        let refused = site.post(ASK, &[("email", wrong), ("do", "send")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.one(".error-summary").contains("adresse de courriel"));
    }
    for wrong in [
        "/en/follow",
        "/en/follow?image=nothing",
        "/en/follow?department=NOBODY",
        "/en/follow?image=nginx&department=CSE",
    ] {
        assert_eq!(site.get(wrong).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn who_follows_already_is_told_so_by_mail_and_the_page_says_the_same_as_to_anybody() {
    let site = Site::with_cast().await;
    let unknown = site.post(ASK, &[("email", "bob@example.ca"), ("do", "send")]).await;
    let link = follow(&site, ASK, "marie@example.ca").await;
    site.post(&link, &[("do", "confirm")]).await;
    sqlx::query("update watches set asked_at = asked_at - interval '11 minutes'").execute(&site.pool).await.unwrap();
    let known = site.post(ASK, &[("email", "marie@example.ca"), ("do", "send")]).await;
    assert_eq!(known.one("main"), unknown.one("main"));
    let (subject, text, _) = mails(&site, "marie@example.ca").await.pop().unwrap();
    assert_eq!(subject, "Vous suivez nginx");
    assert!(text.contains("Vous le recevez déjà") && text.contains(&link), "{text}");
}

#[tokio::test]
async fn an_image_and_a_department_have_feeds_of_their_own() {
    let site = Site::with("Image name,Department\nnginx,CSE\nredis,SSC\n", &["--public-url", ORIGIN]).await;
    site.import("Image name,Department\npython,SSC\n", "more.csv", "Python for SSC").await;
    let feed = site.get("/en/images/nginx").await.attributes("link[type='application/atom+xml']", "href").remove(0);
    assert_eq!(feed, "/en/changes.atom?image=nginx");
    let nginx = site.get(&feed).await;
    let parsed = atom_syndication::Feed::read_from(nginx.body.as_slice()).unwrap();
    assert_eq!(parsed.entries().len(), 1);
    assert_eq!(parsed.id(), "https://images.example/en/changes.atom?image=nginx");
    assert!(parsed.title().value.starts_with("nginx – "));
    let feed = site.get("/fr/ministeres/SPC").await.attributes("link[type='application/atom+xml']", "href").remove(0);
    let ssc = site.get(&feed).await;
    let parsed = atom_syndication::Feed::read_from(ssc.body.as_slice()).unwrap();
    assert!(parsed.entries().iter().any(|entry| entry.summary().is_some_and(|why| why.value == "Python for SSC")));
    for wrong in ["image=nothing", "department=NOBODY", "image=nginx&department=SSC"] {
        assert_eq!(site.get(&format!("/fr/changements.atom?{wrong}")).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}
