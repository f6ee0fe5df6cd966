//! A name that a person types leads to one image, the same in every form, and what it leads to is shown first.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use image_catalogue::catalogue::store::history;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save, send, with};
use crate::requests;
use crate::support::{Answer, SignedIn, Site};
use crate::world::{addresses, fill};

const COSTS: &str = "/en/staff/costs";

/// A site on which Python was renamed to Python 3, and another Python was added afterwards.
async fn two_pythons() -> Site {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    renamed(&staff, "python", "Python 3").await;
    let cse = requests::number(&site, "CSE").await;
    let added = seen(&staff, "/en/staff/images/new", &[("name", "Python"), ("department-new", &cse)]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    site
}

/// Saves a form, and saves it again where it warns.
async fn seen(staff: &SignedIn<'_>, address: &str, changed: &[(&str, &str)]) -> Answer {
    let saved = save(staff, address, changed).await;
    if saved.status != StatusCode::OK {
        return saved;
    }
    send(staff, address, &with(&fields(&saved), &[("do", "save")])).await
}

async fn renamed(staff: &SignedIn<'_>, slug: &str, name: &str) {
    let saved = seen(staff, &format!("/en/staff/images/{slug}"), &[("name", name)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
}

async fn id(site: &Site, name: &str) -> i64 {
    sqlx::query_scalar("select id from images where name = $1").bind(name).fetch_one(&site.pool).await.unwrap()
}

/// The form for a price, filled in.
async fn price(manager: &SignedIn<'_>, name: &str) -> Answer {
    let open = fields(&manager.get(COSTS).await);
    let said = [("image", name), ("price", "100"), ("months", "12"), ("source", "Quote 7"), ("do", "enter")];
    send(manager, COSTS, &with(&open, &said)).await
}

async fn priced(site: &Site) -> Option<i64> {
    let newest = sqlx::query_scalar("select image_id from prices order by id desc limit 1");
    newest.fetch_optional(&site.pool).await.unwrap().flatten()
}

#[tokio::test]
async fn a_present_name_beats_a_former_one_in_every_form_that_takes_a_name() {
    let site = two_pythons().await;
    let (python, python_3) = (id(&site, "Python").await, id(&site, "Python 3").await);
    let manager = site.sign_in(Role::Manager).await;
    assert_eq!(price(&manager, "python").await.status, StatusCode::SEE_OTHER);
    assert_eq!(priced(&site).await, Some(python), "a price");
    assert_eq!(price(&manager, "Python 3").await.status, StatusCode::SEE_OTHER);
    assert_eq!(priced(&site).await, Some(python_3));

    let round = [
        ("title-en", "Winter pool"),
        ("title-fr", "Campagne d’hiver"),
        ("words-en", "What we may buy"),
        ("words-fr", "Ce que nous pourrions acheter"),
        ("closes-on", "2026-11-30"),
        ("threshold", "2"),
        ("images", "PYTHON\nnginx"),
    ];
    let opened = save(&manager, "/en/staff/rounds/new", &round).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text());
    let images: Vec<i64> = sqlx::query_scalar("select image_id from round_images").fetch_all(&site.pool).await.unwrap();
    assert!(images.contains(&python) && !images.contains(&python_3), "a round: {images:?}");

    requests::ask(&site, "Python", "CSE", &[]).await;
    let asked: Option<i64> = sqlx::query_scalar("select image_id from request_items order by id desc limit 1")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(asked, Some(python), "a request");

    for (address, selector) in [
        ("/en/follow?image=python", "h1"),
        ("/en/feedback/new?image=python", "main"),
        ("/en/requests/new?image=python", "main"),
        ("/en/images?q=Python", "tbody tr"),
    ] {
        let page = site.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        let first = page.all(selector).remove(0) + &page.attributes("main input", "value").join(" ");
        assert!(first.contains("Python") && !first.contains("Python 3"), "{address}: {first}");
    }
    let former = site.get("/en/images/python").await;
    assert_eq!(
        (former.status, former.header("location")),
        (StatusCode::PERMANENT_REDIRECT, "/en/images/python-3"),
        "an address that was given out leads where it led"
    );
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

#[tokio::test]
async fn what_a_name_is_understood_as_is_shown_with_why_and_where_before_it_is_written() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Manager).await;
    renamed(&staff, "bare", "Common").await;
    let asked = price(&staff, "Bare").await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(priced(&site).await, None, "nothing is written before it was shown");
    let shown = asked.one("fieldset.meant");
    for words in ["“Bare” is understood as", "a former name of it", "Common", "/en/images/common"] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    let again = send(&staff, COSTS, &with(&fields(&asked), &[("do", "enter")])).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text());
    assert_eq!(priced(&site).await, Some(id(&site, "Common").await));
    let french = fields(&staff.get("/fr/personnel/couts").await);
    let said = with(&french, &[("image", "python"), ("price", "1"), ("source", "x"), ("do", "enter")]);
    assert_eq!(
        send(&staff, "/fr/personnel/couts", &said).await.status,
        StatusCode::SEE_OTHER,
        "case alone is no doubt"
    );
    let address = send(
        &staff,
        "/fr/personnel/couts",
        &with(&french, &[("image", "long-lasting"), ("price", "1"), ("source", "x"), ("do", "enter")]),
    )
    .await;
    assert!(address.one("fieldset.meant").contains("il figure dans son adresse"), "{}", address.one("fieldset.meant"));
}

#[tokio::test]
async fn a_name_that_two_images_have_is_for_a_person_to_decide() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Manager).await;
    for slug in ["shared", "bare"] {
        let saved = seen(&staff, &format!("/en/staff/images/{slug}"), &[("registry-names", "twice")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    }
    let asked = price(&staff, "twice").await;
    assert_eq!(asked.all("fieldset.meant input[type=radio]").len(), 2, "{}", asked.text());
    let bare = format!("{}:twice", id(&site, "bare").await);
    let chosen = with(&fields(&asked), &[("meant-image", &bare), ("do", "enter")]);
    assert_eq!(send(&staff, COSTS, &chosen).await.status, StatusCode::SEE_OTHER);
    assert_eq!(priced(&site).await, Some(id(&site, "bare").await));
    let forged = with(&fields(&asked), &[("meant-image", "1:twice"), ("do", "enter")]);
    assert_eq!(send(&staff, COSTS, &forged).await.status, StatusCode::UNPROCESSABLE_ENTITY, "only what was offered");
    let before = site.get("/en/requests/new?image=twice").await;
    assert_eq!(before.status, StatusCode::OK);
}

#[tokio::test]
async fn an_accepted_request_joins_the_image_that_staff_confirm_or_becomes_a_new_one() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    renamed(&staff, "nginx", "NGINX Web Server").await;
    requests::ask(&site, "nginx", "ESDC", &[]).await;
    let item: i64 = sqlx::query_scalar("select max(id) from request_items").fetch_one(&site.pool).await.unwrap();
    let address = format!("/en/staff/requests/decide?do=accept&item={item}");
    let page = staff.get(&address).await;
    assert!(page.one("fieldset.meant").contains("NGINX Web Server"), "{}", page.text());
    assert_eq!(page.all("fieldset.meant input[type=radio]").len(), 2, "the image, or a new one");
    let accepted = send(&staff, "/en/staff/requests/decide", &with(&fields(&page), &[("do", "save")])).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
    assert!(site.get("/en/images/nginx-web-server").await.one("main").contains("ESDC"));
    let images: i64 =
        sqlx::query_scalar("select count(*) from images where key = 'nginx'").fetch_one(&site.pool).await.unwrap();
    assert_eq!(images, 0, "no second image of the former name");
}

#[tokio::test]
async fn other_names_are_kept_in_the_record_and_lead_to_their_image() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Manager).await;
    let address = "/en/staff/images/nginx";
    let saved = save(&staff, address, &[("other-names", "Engine X\nengine x\nweb server\nnginx")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    assert!(staff.get(saved.header("location")).await.one("ol.changes").contains("Engine X, web server"));
    assert!(price(&staff, "ENGINE  X").await.one("fieldset.meant").contains("another name of it"));
    assert!(site.get("/en/images?q=engine").await.one("tbody").contains("nginx"));
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
    let number = saved.header("location").rsplit('/').next().unwrap().to_owned();
    save(&staff, &format!("/en/staff/changes/{number}/undo"), &[("reason", "Not so")]).await;
    assert_eq!(price(&staff, "Engine X").await.all("fieldset.meant").len(), 0);
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

/// What a field that takes the name of an image is: the page's address without numbers, and the field's name without.
type Taking = (String, String);

#[tokio::test]
async fn every_field_that_takes_an_images_name_shows_what_it_understood_before_it_writes() {
    let site = Site::with_cast().await;
    fill(&site).await;
    let admin = site.sign_in(Role::Administrator).await;
    crate::three_way::decide(&site, "python", |image| {
        "Serpent".clone_into(&mut image.image.name);
        "serpent".clone_into(&mut image.image.slug);
        image.lines.iter_mut().for_each(|line| "Serpent".clone_into(&mut line.fields.name));
    })
    .await;
    let written = async || -> (i64, i64, i64, i64) {
        sqlx::query_as(
            "select (select count(*) from change_sets), (select count(*) from prices), (select count(*) from rounds),
                    (select count(*) from request_events)",
        )
        .fetch_one(&site.pool)
        .await
        .unwrap()
    };
    let before = written().await;
    let mut taking: BTreeSet<Taking> = BTreeSet::new();
    let bare = |text: &str| text.trim_end_matches(|last: char| last.is_ascii_digit() || last == '-').to_owned();
    for address in addresses(admin.account).into_iter().filter(|address| !address.contains("do=decline")) {
        let page = admin.get(&address).await;
        if page.status != StatusCode::OK || !page.header("content-type").starts_with("text/html") {
            continue;
        }
        let named = page.attributes("input:not([type=hidden]), textarea", "name");
        let like = |name: &&String| {
            ["image", "other", "images"].contains(&&***name) || name.starts_with("image-") || name.starts_with("name-")
        };
        let marked = page.attributes("[data-takes=image-name]", "name");
        // Feedback keeps what it is about as it was typed: no image is taken for it.
        let is_text = |name: &str| address == "/en/feedback/new" && name == "image";
        for name in named.iter().filter(like).filter(|name| !name.starts_with("name-e") && !name.starts_with("name-f"))
        {
            assert!(
                is_text(name) || marked.contains(name),
                "{address}: {name} takes the name of an image and is not marked"
            );
        }
        for name in marked {
            taking.insert((bare(address.split('?').next().unwrap()), bare(&name)));
            if address == "/en/requests/new" {
                continue; // it keeps the name as typed; staff see what it is understood as where they accept it
            }
            let act = ["enter", "preview", "save"];
            let buttons = page.attributes("main form button[name=do]", "value");
            let button = act.into_iter().find(|act| buttons.iter().any(|button| button == act)).unwrap();
            let sent = with(&fields(&page), &[(&*name, "Python"), ("department", "other"), ("do", button)]);
            let answer = send(&admin, address.split('?').next().unwrap(), &sent).await;
            assert!(answer.text().contains("Serpent"), "{address}: {name}: {}", answer.one("main"));
            assert_eq!(written().await, before, "{address}: {name} wrote before it showed what it understood");
        }
    }
    let pages: BTreeSet<&str> = taking.iter().map(|(page, _)| &**page).collect();
    for page in [COSTS, "/en/staff/rounds/", "/en/staff/images/nginx/merge", "/en/staff/requests/decide"] {
        assert!(pages.contains(page), "{page} among {pages:?}");
    }
    assert!(pages.contains("/en/requests/new"), "{pages:?}");
}
