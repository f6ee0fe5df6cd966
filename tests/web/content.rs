//! Administrators edit guides, statements and the banner; everyone sees it at once, and the record tells it.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::catalogue::store::history;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save, send, with};
use crate::support::Site;

const LIST: &str = "/en/staff/content";
const PRIVACY: &str = "/en/staff/content/privacy";
const BANNER: &str = "/fr/personnel/contenu/banner";

#[tokio::test]
async fn an_edited_text_shows_at_once_is_told_in_the_record_and_goes_back() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let before = site.get("/en/privacy").await;
    let english = "# Your privacy\n\nNothing is kept. See the [images]({{link:images}}).\n\n## Why\n\nBecause.";
    let open = fields(&admin.get(PRIVACY).await);
    let changed = with(&open, &[("text-en", english), ("reason", "Shorter")]);
    let preview = send(&admin, PRIVACY, &with(&changed, &[("do", "preview")])).await;
    assert!(preview.one(".versions").contains("Nothing is kept") && preview.one("ins").contains("Your privacy"));
    assert!(preview.one("del").starts_with("# Privacy"), "held against what was published");
    assert_eq!(site.get("/en/privacy").await.one("h1"), "Privacy", "a preview changes nothing");
    let saved = send(&admin, PRIVACY, &with(&changed, &[("do", "save")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let page = site.get("/en/privacy").await;
    assert_eq!(page.one("h1"), "Your privacy");
    assert_eq!(page.attributes(".prose a", "href"), ["/en/images", "#why"]);
    assert_ne!(page.header("etag"), before.header("etag"));
    assert_eq!(site.get("/fr/confidentialite").await.one("h1"), "Confidentialité", "the other language stays");
    for (address, words) in [
        (saved.header("location"), "Privacy statement"),
        ("/en/changes", "A text of the site was changed"),
        ("/fr/changements", "Un texte du site a été modifié"),
        ("/fr/changements.csv", "Énoncé de confidentialité"),
        ("/fr/changements.atom", "Un texte du site a été modifié"),
        (PRIVACY, "Shorter"),
        (LIST, "Changed on 2026-11-22"),
    ] {
        assert!(admin.get(address).await.text().contains(words), "{address}");
    }
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
    let back = send(&admin, PRIVACY, &with(&fields(&admin.get(PRIVACY).await), &[("do", "published")])).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/en/privacy").await.one(".prose"), before.one(".prose"));
    let undo = format!("/en/staff/changes/{}/undo", back.header("location").rsplit('/').next().unwrap());
    let undone = save(&admin, &undo, &[("reason", "It was better")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text());
    assert_eq!(site.get("/en/privacy").await.one("h1"), "Your privacy");
    let staff = site.sign_in(Role::Staff).await;
    let undo = format!("/en/staff/changes/{}/undo", undone.header("location").rsplit('/').next().unwrap());
    assert_eq!(save(&staff, &undo, &[("reason", "No")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_missing_in_a_language_is_said_and_what_is_forbidden_is_refused_with_nothing_lost() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let open = fields(&admin.get(PRIVACY).await);
    for (text, words) in [
        ("# A\n\n<img src=x onerror=alert(1)>", "HTML is not taken"),
        ("# A\n\n<script>alert(1)</script>", "HTML is not taken"),
        ("# A\n\n![a](https://example.ca/a.png)", "Pictures are not taken"),
        ("# A\n\n[a](data:text/html,x)", "data:text/html,x"),
        ("# A\n\n{{secret}}", "{{secret}}"),
        ("no title", "Begin with"),
        ("# A\n\nabc\u{202e}def", "U+202E"),
        ("", "in one language at least"),
    ] {
        let french = if text.is_empty() { "" } else { "# Confidentialité" };
        let sent = with(&open, &[("text-en", text), ("text-fr", french), ("reason", "Why"), ("do", "save")]);
        let answer = send(&admin, PRIVACY, &sent).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        assert!(answer.one(".error-summary").contains(words), "{text}: {}", answer.one(".error-summary"));
        let kept = fields(&answer);
        let value = |name: &str| kept.iter().find(|(field, _)| field == name).unwrap().1.clone();
        assert_eq!((value("text-en"), value("reason")), (text.to_owned(), "Why".to_owned()));
    }
    let saved = save(&admin, PRIVACY, &[("text-en", "# Your privacy\n\nShort."), ("text-fr", "")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let french = site.get("/fr/confidentialite").await;
    assert!(french.one("main").contains("pas encore offert en français") && french.one("main").contains("Short."));
    assert_eq!(french.attributes(".prose", "lang"), ["en"]);
    assert!(admin.get(LIST).await.one("tbody").contains("French missing"));
}

#[tokio::test]
async fn the_banner_is_on_every_page_in_its_language_until_its_day_has_passed() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let (english, french) = ("The registry is away on Friday <b>.", "Le registre est absent vendredi.");
    let half = save(&admin, BANNER, &[("text-en", english)]).await;
    assert!(half.one(".error-summary").contains("dans les deux langues"));
    let late = [("text-en", english), ("text-fr", french), ("until", "2026-11-21")];
    assert!(save(&admin, BANNER, &late).await.one(".error-summary").contains("Entrez la date"));
    let whole = [("text-en", english), ("text-fr", french), ("until", "2026-11-22"), ("kind", "warning")];
    assert_eq!(save(&admin, BANNER, &whole).await.status, StatusCode::SEE_OTHER);
    for (address, words) in
        [("/en", english), ("/en/images", english), ("/fr/images/nginx", french), ("/fr/rien", french)]
    {
        assert!(site.get(address).await.one(".banner").contains(words), "{address}");
    }
    let today = site.catalogue.now().today;
    assert!(site.catalogue.now().texts.banner(today + chrono::Days::new(1)).is_none());
    let removed = save(&admin, BANNER, &[("text-en", ""), ("text-fr", "")]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER, "{}", removed.text());
    assert!(site.get("/en").await.all(".banner").is_empty());
}

#[tokio::test]
async fn two_administrators_see_each_others_text_and_a_form_sent_twice_counts_once() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let (first, second) = (fields(&admin.get(PRIVACY).await), fields(&admin.get(PRIVACY).await));
    let mine = with(&first, &[("text-en", "# Mine\n\nMine."), ("do", "save")]);
    let saved = send(&admin, PRIVACY, &mine).await;
    assert_eq!(send(&admin, PRIVACY, &mine).await.header("location"), saved.header("location"));
    let theirs = with(&second, &[("text-en", "# Theirs\n\nTheirs."), ("do", "save")]);
    let conflict = send(&admin, PRIVACY, &theirs).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.one(".notice-warning").contains("# Mine") && conflict.one("#text-en").contains("# Theirs"));
    let anyway = send(&admin, PRIVACY, &with(&fields(&conflict), &[("do", "save")])).await;
    assert_eq!(anyway.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/en/privacy").await.one("h1"), "Theirs");
    let older = format!("/en/staff/changes/{}/undo", saved.header("location").rsplit('/').next().unwrap());
    let refused = admin.get(&older).await;
    assert_eq!(refused.attributes(".notice-warning a", "href"), [anyway.header("location")]);
    let acts: i64 = sqlx::query_scalar("select count(*) from change_sets where act = 'content'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(acts, 2);
}

#[tokio::test]
async fn an_edited_guide_is_read_while_the_database_is_away() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    save(&admin, PRIVACY, &[("text-en", "# Kept\n\nKept.")]).await;
    site.pool.close().await;
    let page = site.send(Request::get("/en/privacy").body(Body::empty()).unwrap()).await;
    assert_eq!(page.one("h1"), "Kept");
}

#[tokio::test]
async fn the_record_tells_a_parent_by_its_acronym() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let list = admin.get("/en/staff/departments").await;
    let hrefs = list.attributes(".department-list a", "href");
    let of = |acronym: &str| {
        let place = list.all(".department-list a").iter().position(|found| found == acronym).unwrap();
        hrefs[place].clone()
    };
    let parent = of("NRCan").rsplit('/').next().unwrap().to_owned();
    let saved = save(&admin, &of("CSE"), &[("parent", &parent)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    assert!(site.get(saved.header("location")).await.one(".diff").contains("NRCan"));
    let french = saved.header("location").replace("/en/changes", "/fr/changements");
    assert!(site.get(&french).await.one(".diff").contains("RNCan"));
    let undo = format!("/en/staff{}/undo", saved.header("location").trim_start_matches("/en"));
    assert!(admin.get(&undo).await.one(".diff").contains("NRCan"));
}
