//! Two images that are one are merged by one act that loses nothing, and the act is undone like any other.

use axum::http::StatusCode;
use image_catalogue::catalogue::Status;
use image_catalogue::catalogue::store::history;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save, send, with};
use crate::requests;
use crate::support::{SignedIn, Site};

const MERGE: &str = "/en/staff/images/nginx/merge";
const ROWS: &str = "Image name,Renewal date,Department,Type,Status,Notes\n\
                    ngnix,TBD,NRCAN,Helm,Under consideration,Typed in haste\n\
                    ngnix,TBD,ESDC,Application,Under consideration,For a portal\n";

/// A site with nginx and, by mistake, ngnix: with a request, a follower and a price of its own.
async fn twice() -> Site {
    let site = Site::with_cast().await;
    site.import(ROWS, "haste.csv", "").await;
    requests::ask(&site, "ngnix", "CSE", &[]).await;
    for statement in [
        "insert into watches (image_id, email, lang, token, confirmed_at)
         select id, 'a@canada.ca', 'en', repeat('a', 43), now() from images where name = 'ngnix'",
        "insert into prices (image_id, cents, months, valid_from, source, account_id, entered_by, form_key)
         select i.id, 100, 12, '2026-01-01', 'Quote', a.id, 'x', 'k' from images i, (select id from accounts limit 1) a
         where i.name = 'ngnix'",
    ] {
        site.sign_in(Role::Manager).await;
        sqlx::query(statement).execute(&site.pool).await.unwrap();
    }
    site
}

async fn id(site: &Site, name: &str) -> i64 {
    sqlx::query_scalar("select id from images where name = $1").bind(name).fetch_one(&site.pool).await.unwrap()
}

/// The images of the request and of the follower.
async fn counted(site: &Site) -> (i64, i64) {
    sqlx::query_as(
        "select (select max(image_id) from request_items where name = 'ngnix'), (select max(image_id) from watches)",
    )
    .fetch_one(&site.pool)
    .await
    .unwrap()
}

async fn verified(site: &Site) {
    let compared = history::verify(&site.pool).await.unwrap();
    assert!(compared.differing.is_empty(), "{:?}", compared.differing);
}

/// The preview of merging ngnix into nginx, as a form.
async fn preview(staff: &SignedIn<'_>) -> Vec<(String, String)> {
    let open = fields(&staff.get(&format!("{MERGE}?with=ngnix")).await);
    assert!(open.contains(&("other".to_owned(), "ngnix".to_owned())));
    let page = send(staff, MERGE, &with(&open, &[("do", "preview")])).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let both = page.one("fieldset.line");
    assert!(both.contains("Typed in haste") && both.contains("High-performance web server"), "{both}");
    assert!(page.one("main").contains("1 image of a request") && page.one("main").contains("1 price counts"));
    fields(&page)
}

/// The field that chooses between the two lines.
async fn line_field(site: &Site) -> String {
    format!("line-{}", requests::number(site, "NRCan").await)
}

#[tokio::test]
async fn merging_shows_what_moves_and_collides_keeps_everything_and_is_undone() {
    let site = twice().await;
    let staff = site.sign_in(Role::Staff).await;
    let (nginx, ngnix) = (id(&site, "nginx").await, id(&site, "ngnix").await);
    let shown = preview(&staff).await;
    let missing = send(&staff, MERGE, &with(&shown, &[("do", "save")])).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(missing.all(".error-summary li").len(), 2, "the line and the reason: {}", missing.one(".error-summary"));
    let line = line_field(&site).await;
    let said = [(&*line, "goes"), ("reason", "A slip of the keys"), ("do", "save")];
    let merged = send(&staff, MERGE, &with(&fields(&missing), &said)).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
    verified(&site).await;

    let former = site.get("/en/images/ngnix").await;
    assert_eq!((former.status, former.header("location")), (StatusCode::PERMANENT_REDIRECT, "/en/images/nginx"));
    let page = site.get("/en/images/nginx").await;
    assert!(page.one("main").contains("For a portal") && page.one("main").contains("Typed in haste"));
    assert_eq!(counted(&site).await, (nginx, nginx), "the request and the follower");
    assert!(site.get("/en/images/nginx/changes").await.text().contains("For a portal"), "the history of both");
    assert!(site.get("/en/images?q=ngnix").await.one("tbody").contains("nginx"));
    let act = staff.get(merged.header("location")).await;
    assert!(act.text().contains("A slip of the keys"), "one act, with its reason");
    let catalogue = site.catalogue.now();
    assert_eq!(catalogue.image(ngnix).map(|image| image.id), Some(nginx), "prices and rounds follow");

    let number = merged.header("location").rsplit('/').next().unwrap().to_owned();
    let undone = save(&staff, &format!("/en/staff/changes/{number}/undo"), &[("reason", "They are two")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text());
    verified(&site).await;
    assert_eq!(site.get("/en/images/ngnix").await.status, StatusCode::OK);
    let portal = site.get("/en/images?q=portal").await.one("tbody");
    assert!(portal.contains("ngnix") && !portal.contains("nginx"), "{portal}");
    assert!(site.get("/en/images?q=high-performance").await.one("tbody").contains("nginx"));
    assert_eq!(counted(&site).await, (ngnix, ngnix), "back where they were");

    let number = undone.header("location").rsplit('/').next().unwrap().to_owned();
    save(&staff, &format!("/en/staff/changes/{number}/undo"), &[("reason", "They are one after all")]).await;
    assert_eq!(counted(&site).await, (nginx, nginx));
    verified(&site).await;
}

#[tokio::test]
async fn the_other_image_can_be_the_one_that_stays() {
    let site = twice().await;
    let staff = site.sign_in(Role::Staff).await;
    let open = fields(&staff.get(&format!("{MERGE}?with=ngnix")).await);
    let page = send(&staff, MERGE, &with(&open, &[("stays", "other"), ("do", "preview")])).await;
    let line = line_field(&site).await;
    let said = [(&*line, "stays"), ("reason", "So be it"), ("do", "save")];
    let merged = send(&staff, MERGE, &with(&fields(&page), &said)).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
    assert_eq!(site.get("/en/images/nginx").await.header("location"), "/en/images/ngnix");
    verified(&site).await;
}

#[tokio::test]
async fn what_others_changed_meanwhile_is_shown_and_nothing_is_merged_over_it() {
    let site = twice().await;
    let (staff, other) = (site.sign_in(Role::Staff).await, site.sign_in(Role::Manager).await);
    let shown = preview(&staff).await;
    save(&other, "/en/staff/images/nginx", &[("description-en", "Theirs")]).await;
    let line = line_field(&site).await;
    let said = [(&*line, "stays"), ("reason", "One image"), ("do", "save")];
    let stale = send(&staff, MERGE, &with(&shown, &said)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.one("section.notice").contains("Theirs"));
    assert_eq!(site.get("/en/images/ngnix").await.status, StatusCode::OK, "nothing was merged");
    let merged = send(&staff, MERGE, &with(&fields(&stale), &[("do", "save")])).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "what was chosen is kept: {}", merged.text());
    assert!(site.get("/en/images/nginx").await.text().contains("Theirs"));
    verified(&site).await;
}

#[tokio::test]
async fn an_image_is_merged_with_another_image_that_is_there() {
    let site = twice().await;
    let staff = site.sign_in(Role::Staff).await;
    for (other, words) in [("", "Enter the name"), ("nginx", "same image"), ("Nowhere", "No image is called Nowhere")] {
        let open = fields(&staff.get(MERGE).await);
        let answer = send(&staff, MERGE, &with(&open, &[("other", other), ("do", "preview")])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{other}");
        assert!(answer.one(".error-summary").contains(words), "{other}");
    }
    let french = staff.get("/fr/personnel/images/nginx/fusionner?with=ngnix").await;
    assert!(french.one("h1").contains("Fusionner nginx"));
    assert!(staff.get("/en/staff/images/nginx").await.attributes("main a", "href").contains(&MERGE.to_owned()));
}

#[tokio::test]
async fn suggestions_prices_and_terms_go_on_with_the_image_that_stays_and_come_back_when_it_is_undone() {
    let site = twice().await;
    let staff = site.sign_in(Role::Manager).await;
    crate::three_way::decide(&site, "ngnix", |image| {
        let line = &mut image.lines[1].fields;
        line.status = Status::Procured;
        line.renewal_date = "2026-06-30".parse().ok();
    })
    .await;
    crate::three_way::decide(&site, "ngnix", |image| {
        let line = &mut image.lines[1].fields;
        (line.renewal_date, line.owed_by) = (None, Some("The vendor".to_owned()));
    })
    .await;
    let open = fields(&site.get("/en/images/ngnix/suggest").await);
    let form = with(&open, &[("description-fr", "Serveur Web"), ("why", "Fiche")]);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(site.post("/en/images/ngnix/suggest", &form).await.status, StatusCode::OK);
    let priced = async || staff.get("/en/staff/costs").await.one("main").contains("ngnix");
    assert!(priced().await, "its price before");

    let line = line_field(&site).await;
    let said = [(&*line, "stays"), ("reason", "One image"), ("do", "save")];
    let merged = send(&staff, MERGE, &with(&preview(&staff).await, &said)).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
    let page = site.get("/en/images/nginx").await;
    assert!(page.one("main").contains("2026-06-30"), "the last known date stays: {}", page.one("main"));
    let costs = staff.get("/en/staff/costs").await.one("main");
    assert!(costs.contains("$1"), "its price counts with the one that stays: {costs}");
    let address = "/en/staff/suggestions/1";
    let shown = staff.get(address).await;
    assert!(shown.one("ol.changes").contains("Serveur Web"), "a suggestion goes on: {}", shown.one("main"));

    let number = merged.header("location").rsplit('/').next().unwrap().to_owned();
    let undone = save(&staff, &format!("/en/staff/changes/{number}/undo"), &[("reason", "They are two")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text());
    verified(&site).await;
    assert!(priced().await, "its price is its own again");
    assert!(site.get("/en/images/ngnix").await.one("main").contains("2026-06-30"));
    let accepted = save(&staff, address, &[("do", "accept"), ("answer", "Merci")]).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
    assert!(site.get("/fr/images/ngnix").await.text().contains("Serveur Web"));
    assert!(!site.get("/fr/images/nginx").await.text().contains("Serveur Web"));
}

#[tokio::test]
async fn a_suggestion_about_an_image_that_was_merged_is_accepted_for_the_one_that_stays() {
    let site = twice().await;
    let staff = site.sign_in(Role::Manager).await;
    let open = fields(&site.get("/en/images/ngnix/suggest").await);
    let form = with(&open, &[("description-fr", "Serveur Web"), ("why", "Fiche")]);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    site.post("/en/images/ngnix/suggest", &form).await;
    let line = line_field(&site).await;
    let said = [(&*line, "stays"), ("reason", "One image"), ("do", "save")];
    send(&staff, MERGE, &with(&preview(&staff).await, &said)).await;
    let accepted = save(&staff, "/en/staff/suggestions/1", &[("do", "accept"), ("answer", "Merci")]).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
    let page = site.get("/fr/images/nginx").await;
    assert!(page.text().contains("Serveur Web") && page.one("h1").contains("nginx"));
    verified(&site).await;
}

#[tokio::test]
async fn a_round_whose_image_was_merged_meanwhile_is_edited_and_keeps_its_rows_and_answers() {
    let site = twice().await;
    let staff = site.sign_in(Role::Staff).await;
    let round = [
        ("title-en", "Winter pool"),
        ("title-fr", "Campagne d’hiver"),
        ("words-en", "Together"),
        ("words-fr", "Ensemble"),
        ("closes-on", "2026-12-22"),
        ("threshold", "1"),
        ("images", "nginx\nngnix"),
    ];
    let opened = save(&staff, "/en/staff/rounds/new", &round).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text());
    let (nginx, ngnix) = (id(&site, "nginx").await, id(&site, "ngnix").await);
    let member = crate::world::member(&site).await;
    let wants = format!("wants-{ngnix}");
    let said = save(&member, "/en/rounds/1/confirm", &[(&wants, "yes"), ("note", "")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text());
    let rows = async || {
        let rows = "select image_id from round_images where round_id = 1 and place is not null order by image_id";
        sqlx::query_scalar::<_, i64>(rows).fetch_all(&site.pool).await.unwrap()
    };
    let counted = site.get("/en/rounds/1").await.all("tbody tr");
    let line = line_field(&site).await;
    let said = [(&*line, "stays"), ("reason", "One image"), ("do", "save")];
    let merged = send(&staff, MERGE, &with(&preview(&staff).await, &said)).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());

    let address = "/en/staff/rounds/1";
    let before = rows().await;
    assert_eq!(before, [nginx, ngnix]);
    let saved = save(&staff, address, &[("title-en", "Spring pool")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.all(".error-summary").concat());
    assert_eq!(rows().await, before, "what was confirmed stays as it was confirmed");
    assert_eq!(site.get("/en/rounds/1").await.all("tbody tr").len(), counted.len());
    let page = staff.get(address).await;
    assert!(page.one("main").contains("Spring pool"));
    let changed = page.all("ol.changes > li").remove(0);
    assert!(changed.contains("Spring pool") && !changed.contains("ngnix"), "only the title: {changed}");

    let names = fields(&page).into_iter().find(|(name, _)| name == "images").unwrap().1;
    let more = format!("{names}\nShared");
    let saved = save(&staff, address, &[("images", &more)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.all(".error-summary").concat());
    assert_eq!(rows().await.len(), 3, "one more, and the others stay");
    let fewer: Vec<&str> = more.lines().filter(|name| *name != "ngnix").collect();
    assert_eq!(fewer.len(), 2, "{more}");
    let saved = save(&staff, address, &[("images", &fewer.join("\n"))]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.all(".error-summary").concat());
    assert!(!rows().await.contains(&ngnix), "what staff take off is off");
}

#[tokio::test]
async fn what_a_member_had_open_when_its_image_was_merged_is_taken_for_the_one_that_stays_in_pages_and_workbooks() {
    let site = twice().await;
    let staff = site.sign_in(Role::Staff).await;
    let round = [
        ("title-en", "Winter pool"),
        ("title-fr", "Campagne d’hiver"),
        ("words-en", "Together"),
        ("words-fr", "Ensemble"),
        ("closes-on", "2026-12-22"),
        ("threshold", "1"),
        ("images", "ngnix"),
    ];
    save(&staff, "/en/staff/rounds/new", &round).await;
    let member = crate::world::member(&site).await;
    let ngnix = id(&site, "ngnix").await;
    let wants = format!("wants-{ngnix}");
    let mut open = Vec::new();
    for (address, said) in [
        ("/en/rounds/1/confirm", [(&*wants, "yes"), ("do", "save")]),
        ("/en/images/ngnix/suggest", [("description-fr", "Serveur Web"), ("do", "send")]),
        ("/en/follow?image=ngnix", [("email", "ada@example.ca"), ("do", "ask")]),
        ("/en/requests/new?image=ngnix", [("why-1", "Un portail"), ("do", "send")]),
    ] {
        let page = member.get(address).await;
        let action = page.attributes("main form[method=post]", "action").remove(0);
        open.push((action, with(&fields(&page), &said)));
    }
    let contact = [("contact-name", "Marie Tremblay"), ("contact-email", "marie@example.ca")];
    open[3].1 = with(&open[3].1, &contact);
    let line = line_field(&site).await;
    let said = [(&*line, "stays"), ("reason", "One image"), ("do", "save")];
    let merged = send(&staff, MERGE, &with(&preview(&staff).await, &said)).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
    for (action, form) in open {
        let sent = send(&member, &action, &form).await;
        let is_taken = sent.status == StatusCode::SEE_OTHER || sent.status == StatusCode::OK;
        assert!(is_taken && sent.all(".error-summary").is_empty(), "{action}: {} {}", sent.status, sent.text());
    }
    let nginx = id(&site, "nginx").await;
    for table in ["suggestions", "watches", "request_items"] {
        let newest = format!("select image_id from {table} order by id desc limit 1");
        let of: Option<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(newest)).fetch_one(&site.pool).await.unwrap();
        let catalogue = site.catalogue.now();
        let image = of.and_then(|of| catalogue.image(of)).map(|image| image.id);
        assert_eq!(image, Some(nginx), "{table}: {of:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    for address in ["/en/images.xlsx", "/fr/images.xlsx", "/en/demand.xlsx", "/fr/besoins.xlsx"] {
        let sheet = workbook(&site, folder.path(), address).await;
        let cells = crate::spreadsheets::cells(&sheet);
        assert!(cells.contains(&"nginx"), "{address}: {cells:?}");
        assert!(!cells.contains(&"ngnix"), "{address}: {cells:?}");
    }
    // A round keeps the name under which departments were asked.
    assert!(site.get("/en/rounds/1").await.one("tbody").contains("ngnix"));
    for address in ["/en/rounds/1/annex.xlsx", "/fr/rondes/1/annexe.xlsx"] {
        let sheet = workbook(&site, folder.path(), address).await;
        let cells = crate::spreadsheets::cells(&sheet);
        let department = if address.starts_with("/fr") { "CST" } else { "CSE" };
        assert!(cells.contains(&"ngnix") && cells.contains(&department), "{address}: {cells:?}");
    }
}

/// A workbook as a spreadsheet opens it.
async fn workbook(site: &Site, folder: &std::path::Path, address: &str) -> String {
    let file = site.get(address).await;
    assert_eq!(file.status, StatusCode::OK, "{address}");
    crate::spreadsheets::opened(folder, &address.replace('/', "-"), &file.body, None)
}
