//! Pool rounds: opened by staff, confirmed by departments, frozen at closing, published.

use std::sync::Arc;

use axum::http::StatusCode;
use image_catalogue::catalogue::Catalogue;
use image_catalogue::clock::Clock;
use image_catalogue::people::db::accounts;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save, send, with};
use crate::support::{SignedIn, Site, named, settings};

const ROUND: [(&str, &str); 7] = [
    ("title-en", "Winter pool"),
    ("title-fr", "Ronde d’hiver"),
    ("words-en", "What we may buy together"),
    ("words-fr", "Ce que nous pourrions acheter ensemble"),
    ("closes-on", "2026-11-22"),
    ("threshold", "2"),
    ("images", "Shared\nnginx"),
];

async fn number(site: &Site, acronym: &str) -> i64 {
    let number = sqlx::query_scalar("select id from organisations where acronym_en = $1").bind(acronym);
    number.fetch_one(&site.pool).await.unwrap()
}

async fn image(site: &Site, slug: &str) -> i64 {
    sqlx::query_scalar("select id from images where slug = $1").bind(slug).fetch_one(&site.pool).await.unwrap()
}

/// A member of a department.
async fn member<'s>(site: &'s Site, name: &str, acronym: &str) -> SignedIn<'s> {
    let organisation = Some(number(site, acronym).await);
    let (issuer, subject) = (Some("https://issuer.example"), Some(name));
    let new = accounts::New { issuer, subject, email: "", name, role: Role::Member, organisation };
    let account = accounts::add(&site.pool, &new).await.unwrap().unwrap();
    site.sign_in_as(account).await
}

/// Opens the round of the tests.
async fn open(site: &Site) -> SignedIn<'_> {
    let staff = site.sign_in(Role::Staff).await;
    let opened = save(&staff, "/en/staff/rounds/new", &ROUND).await;
    assert_eq!(opened.header("location"), "/en/staff/rounds/1", "{}", opened.text());
    staff
}

/// Answers for two images: yes, no or nothing, and how firmly.
async fn confirm(site: &Site, person: &SignedIn<'_>, said: [(&str, &str); 2], more: &[(&str, &str)]) -> StatusCode {
    let mut fields = Vec::new();
    for (slug, (wants, firmness)) in ["shared", "nginx"].into_iter().zip(said) {
        let id = image(site, slug).await;
        fields.push((format!("wants-{id}"), wants));
        fields.push((format!("firmness-{id}"), firmness));
        fields.push((format!("note-{id}"), "Projet secret"));
    }
    let mut said: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, *value)).collect();
    said.extend(more);
    save(person, "/en/rounds/1/confirm", &said).await.status
}

/// The same database, looked at on another moment.
async fn later(site: &Site, moment: &str) -> Site {
    let clock = Clock::Fixed(moment.parse().unwrap());
    let catalogue = Catalogue::open(site.pool.clone(), clock).await.unwrap();
    let router = image_catalogue::app(Arc::new(settings(&[])), site.pool.clone(), catalogue.clone());
    let router = named("127.0.0.1:8080", router);
    Site { router, pool: site.pool.clone(), catalogue }
}

#[tokio::test]
async fn departments_confirm_count_once_with_their_parts_and_only_those_are_named_who_may_be() {
    let site = Site::with_cast().await;
    let staff = open(&site).await;
    let cse = member(&site, "Ana of CSE", "CSE").await;
    let cccs = member(&site, "Bo of CCCS", "CCCS").await;
    let tbs = member(&site, "Cy of TBS", "TBS").await;
    assert_eq!(confirm(&site, &cse, [("yes", "planned"), ("no", "")], &[]).await, StatusCode::SEE_OTHER);
    assert_eq!(confirm(&site, &cccs, [("yes", "funded"), ("yes", "funded")], &[]).await, StatusCode::SEE_OTHER);
    assert_eq!(confirm(&site, &tbs, [("yes", "funded"), ("", "")], &[("unnamed", "1")]).await, StatusCode::SEE_OTHER);
    let page = site.get("/en/rounds/1").await;
    let rows = page.all("tbody tr");
    assert_eq!(rows[0], "Shared 2 2 Yes CCCS (CSE), CSE, and 1 not named", "a part counts with its whole");
    assert_eq!(rows[1], "nginx 1 1 No CCCS (CSE)");
    assert!(page.one("main").contains("Provisional") && page.one("main").contains("What we may buy together"));
    let french = site.get("/fr/rondes/1").await;
    assert!(french.one("h1") == "Ronde d’hiver" && french.all("tbody tr")[0].contains("et 1 non nommé"));
    let annex = site.get("/fr/rondes/1/annexe.csv?separator=semicolon&bom=1").await;
    assert_eq!(annex.text().lines().nth(1).unwrap(), "Provisoires;2026-11-22;2;Shared;2;0;2;Oui;\"CCC (CST), CST\";1;");
    let json: serde_json::Value = serde_json::from_slice(&site.get("/en/rounds/1/annex.json").await.body).unwrap();
    let shared = &json["tables"][0]["rows"][0];
    assert!(shared["departments"] == 2 && shared["named"] == "CCCS (CSE), CSE" && shared["unnamed"] == 1, "{shared}");
    let markdown = site.get("/fr/rondes/1/annexe.md").await;
    assert!(
        markdown.text().contains("| Provisoires | 2026-11-22 | 2 | Shared | 2 | 0 | 2 | Oui |"),
        "{}",
        markdown.text()
    );
    assert!(site.get("/fr/rondes/1/annexe.xlsx").await.body.starts_with(b"PK"));
    for public in ["/en/rounds", "/en/rounds/1", "/fr/rondes/1/annexe.md", "/en/rounds/1/annex.json"] {
        let text = site.get(public).await.text().to_owned();
        for never in ["TBS", "SCT", "secret", "Ana of", "Bo of", "Cy of"] {
            assert!(!text.contains(never), "{public}: {never}");
        }
    }
    let record = staff.get("/en/staff/rounds/1").await;
    assert!(record.one("main").contains("not to be named") && record.one("main").contains("Projet secret"));
    assert_eq!(confirm(&site, &cse, [("no", ""), ("no", "")], &[]).await, StatusCode::SEE_OTHER);
    assert!(
        site.get("/en/rounds/1").await.all("tbody tr")[0].contains("CCCS (CSE), and 1"),
        "the latest answer counts"
    );
    let kept: i64 = sqlx::query_scalar("select count(*) from round_events where kind = 'confirmed'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(kept, 4, "and each is kept");
}

#[tokio::test]
async fn nobody_answers_for_another_department_but_staff_who_say_who_told_them() {
    let site = Site::with_cast().await;
    let staff = open(&site).await;
    assert_eq!(site.get("/en/rounds/1/confirm").await.status, StatusCode::SEE_OTHER, "sign in first");
    let nobody = site.sign_in(Role::Member).await;
    assert!(nobody.get("/fr/rondes/1/confirmer").await.one(".notice").contains("ne relève encore d’aucun ministère"));
    let cse = member(&site, "Ana", "CSE").await;
    let key = fields(&cse.get("/en/rounds/1/confirm").await).into_iter().find(|(name, _)| name == "key").unwrap().1;
    let shared = format!("wants-{}", image(&site, "shared").await);
    let answer = [("key", &*key), ("base", "0"), (&*shared, "yes"), ("do", "save")];
    let refused = nobody.post("/en/rounds/1/confirm", &answer).await;
    assert_eq!(refused.one("h1"), "Look at this form again before you send it", "somebody else's key");
    assert_eq!(site.get("/en/rounds/1").await.all("tbody tr").iter().filter(|row| row.ends_with("CSE")).count(), 0);
    let other = number(&site, "NRCan").await.to_string();
    let forged = confirm(&site, &cse, [("yes", ""), ("", "")], &[("department", &other), ("behalf", "Me")]).await;
    assert_eq!(forged, StatusCode::SEE_OTHER);
    assert!(site.get("/en/rounds/1").await.all("tbody tr")[0].ends_with("CSE"), "a member answers for their own only");
    let behalf = [("department", &*other)];
    let refused = confirm(&site, &staff, [("yes", "planned"), ("", "")], &behalf).await;
    assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "who said so is missing");
    let said = [behalf[0], ("behalf", "Jo Roy, by telephone")];
    assert_eq!(confirm(&site, &staff, [("yes", "planned"), ("", "")], &said).await, StatusCode::SEE_OTHER);
    assert!(staff.get("/en/staff/rounds/1").await.one("main").contains("for Jo Roy, by telephone"));
    assert!(site.get("/en/rounds/1").await.all("tbody tr")[0].contains("CSE, NRCan"));
    let unnamed = number(&site, "GC").await.to_string();
    let placeholder = [("department", &*unnamed), ("behalf", "x")];
    assert_eq!(confirm(&site, &staff, [("yes", ""), ("", "")], &placeholder).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(confirm(&site, &cse, [("maybe", ""), ("", "")], &[]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(confirm(&site, &cse, [("", ""), ("", "")], &[]).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_answer_sent_twice_counts_once_and_a_colleagues_answer_is_not_overwritten_in_silence() {
    let site = Site::with_cast().await;
    open(&site).await;
    let (ana, bo) = (member(&site, "Ana", "CSE").await, member(&site, "Bo", "CSE").await);
    let wants = format!("wants-{}", image(&site, "shared").await);
    let form = fields(&ana.get("/en/rounds/1/confirm").await);
    let late = with(&fields(&bo.get("/en/rounds/1/confirm").await), &[(&wants, "no"), ("do", "save")]);
    let yes = with(&form, &[(&wants, "yes"), ("do", "save")]);
    for _ in 0..2 {
        assert_eq!(send(&ana, "/en/rounds/1/confirm", &yes).await.status, StatusCode::SEE_OTHER);
    }
    let refused = send(&bo, "/en/rounds/1/confirm", &late).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.one(".notice").contains("Ana"), "who answered meanwhile");
    let again = with(&fields(&refused), &[("do", "save")]);
    assert_eq!(send(&bo, "/en/rounds/1/confirm", &again).await.status, StatusCode::SEE_OTHER);
    let kept: i64 = sqlx::query_scalar("select count(*) from round_events where kind = 'confirmed'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(kept, 2);
}

#[tokio::test]
async fn staff_see_what_changes_first_and_two_of_them_do_not_overwrite_each_other() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/fr/personnel/rondes/new";
    for (field, wrong, words) in [
        ("title-fr", "", "dans les deux langues"),
        ("closes-on", "2026-11-21", "un jour ultérieur"),
        ("closes-on", "bientôt", "AAAA-MM-JJ"),
        ("threshold", "0", "de 1 à 1000"),
        ("images", "Nowhere", "Aucune image ne s’appelle « Nowhere »"),
        ("images", "", "au moins une image"),
    ] {
        let said: Vec<_> = ROUND.into_iter().filter(|(name, _)| *name != field).chain([(field, wrong)]).collect();
        let answer = save(&staff, address, &said).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {wrong}");
        assert!(answer.one(".error-summary").contains(words), "{}", answer.one(".error-summary"));
    }
    let new = with(&fields(&staff.get(address).await), &ROUND);
    let preview = send(&staff, address, &with(&new, &[("do", "preview")])).await;
    assert!(preview.one("dl.diff").contains("Ronde d’hiver"));
    assert!(staff.get("/en/staff/rounds").await.one(".empty").contains("no round yet"), "nothing is written yet");
    for _ in 0..2 {
        let opened = send(&staff, address, &with(&new, &[("do", "save")])).await;
        assert_eq!(opened.header("location"), "/fr/personnel/rondes/1");
    }
    let stale = fields(&staff.get("/en/staff/rounds/1").await);
    let changed = save(&staff, "/en/staff/rounds/1", &[("threshold", "3"), ("images", "nginx\nPython")]).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);
    let refused = send(&staff, "/en/staff/rounds/1", &with(&stale, &[("threshold", "9"), ("do", "save")])).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.one(".notice").contains("Somebody else") && refused.text().contains("value=\"9\""));
    let rows = site.get("/en/rounds/1").await.all("tbody tr th");
    assert_eq!(rows, ["nginx", "Python"]);
    assert!(staff.get("/en/staff/rounds/1").await.one("ol.changes").contains("Departments needed Before: 2 After: 3"));
}

#[tokio::test]
async fn what_a_closed_round_came_to_never_changes_afterwards() {
    let site = Site::with_cast().await;
    let staff = open(&site).await;
    let (cse, nrcan) = (member(&site, "Ana", "CSE").await, member(&site, "Bo", "NRCan").await);
    confirm(&site, &cse, [("yes", "planned"), ("", "")], &[]).await;
    confirm(&site, &nrcan, [("yes", "funded"), ("no", "")], &[]).await;
    let early = staff.get("/en/staff/rounds/1/outcome").await;
    assert!(early.one(".notice").contains("still open"));
    let late = fields(&nrcan.get("/en/rounds/1/confirm").await);
    let closed = save(&staff, "/en/staff/rounds/1", &[("do", "close"), ("close-reason", "All have answered")]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text());
    let (page, annex) = (site.get("/en/rounds/1").await, site.get("/en/rounds/1/annex.csv").await);
    assert!(annex.text().contains("Frozen,2026-11-22,2,Shared,2,1,1,Yes,\"CSE, NRCan\",0,"));
    assert_eq!(
        send(&nrcan, "/en/rounds/1/confirm", &with(&late, &[("do", "save")])).await.status,
        StatusCode::CONFLICT
    );
    let renamed = save(&staff, "/en/staff/images/shared", &[("name", "Renamed")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER);
    let administrator = site.sign_in(Role::Administrator).await;
    let cse_page = format!("/en/staff/departments/{}", number(&site, "CSE").await);
    let moved = save(&administrator, &cse_page, &[("acronym-en", "XYZ"), ("parent", "1")]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text());
    assert_eq!(site.get("/en/rounds/1/annex.csv").await.text(), annex.text());
    assert_eq!(site.get("/en/rounds/1").await.all("tbody tr"), page.all("tbody tr"));
    for rewriting in [
        "update rounds set threshold = 1",
        "delete from rounds",
        "update round_results set departments = 9",
        "delete from round_result_departments",
        "insert into round_results values (1, 99, 9, 'x', 1, 0, 0, 0)",
        "update round_events set actor = 'x'",
        "update round_answers set wants = false",
        "insert into round_events (round_id, at, actor, kind, organisation_id, may_name) values (1, now(), 'x', 'confirmed', 1, true)",
        "update round_images set place = null",
    ] {
        let refused = sqlx::query(rewriting).execute(&site.pool).await.unwrap_err().to_string();
        assert!(refused.contains("refused"), "{rewriting}: {refused}");
    }
}

#[tokio::test]
async fn the_outcome_is_published_in_both_languages_and_each_version_is_kept() {
    let site = Site::with_cast().await;
    let staff = open(&site).await;
    let cse = member(&site, "Ana", "CSE").await;
    confirm(&site, &cse, [("yes", "planned"), ("", "")], &[]).await;
    save(&staff, "/en/staff/rounds/1", &[("do", "close")]).await;
    let address = "/en/staff/rounds/1/outcome";
    let stale = fields(&staff.get(address).await);
    let without = save(&staff, address, &[("words-en", "We buy Shared.")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shared = format!("decision-{}", image(&site, "shared").await);
    let said = [("words-en", "We buy Shared."), ("words-fr", "Nous achetons Shared."), (&*shared, "partly")];
    let preview = send(&staff, address, &with(&stale, &[&said[..], &[("do", "preview")]].concat())).await;
    assert!(preview.one("main").contains("Shared – Going ahead in part"));
    assert!(site.get("/en/rounds/1").await.all("#outcome").is_empty());
    let form = with(&stale, &[&said[..], &[("do", "save")]].concat());
    for _ in 0..2 {
        assert_eq!(send(&staff, address, &form).await.status, StatusCode::SEE_OTHER);
    }
    let french = site.get("/fr/rondes/1").await;
    assert!(french.one("main").contains("Nous achetons Shared."));
    assert!(french.all("tbody tr")[0].ends_with("SPC va de l’avant en partie"));
    assert!(french.all("tbody tr")[1].ends_with("SPC ne va pas de l’avant"), "below the threshold, as proposed");
    let other_key = fields(&staff.get(address).await).into_iter().find(|(name, _)| name == "key").unwrap().1;
    let other_key = with(&form, &[("key", &*other_key)]);
    assert_eq!(send(&staff, address, &other_key).await.status, StatusCode::CONFLICT, "somebody published meanwhile");
    assert_eq!(save(&staff, address, &[(&shared, "ahead")]).await.status, StatusCode::SEE_OTHER);
    assert!(site.get("/en/rounds/1/annex.csv").await.text().contains("Going ahead\r\n"));
    let kept: i64 = sqlx::query_scalar("select count(*) from round_outcomes").fetch_one(&site.pool).await.unwrap();
    assert_eq!(kept, 2);
}

#[tokio::test]
async fn a_round_is_over_when_its_last_day_is_over_in_ottawa() {
    let site = Site::with_cast().await;
    open(&site).await;
    let ana = member(&site, "Ana", "CSE").await;
    confirm(&site, &ana, [("yes", "planned"), ("", "")], &[]).await;
    let evening = later(&site, "2026-11-23T04:59:59Z").await;
    let page = evening.get("/en/rounds/1").await;
    assert!(
        page.one(".badges") == "Open" && page.one("main").contains("Provisional"),
        "it is still that day in Ottawa"
    );
    let night = later(&site, "2026-11-23T05:00:00Z").await;
    let late = night.sign_in_as(ana.account).await;
    let opened = axum::http::Request::get("/en/rounds/1/confirm").header("cookie", &late.cookie);
    let opened = evening.send(opened.body(axum::body::Body::empty()).unwrap()).await;
    let form = with(&fields(&opened), &[("do", "save")]);
    assert_eq!(send(&late, "/fr/rondes/1/confirmer", &form).await.status, StatusCode::CONFLICT);
    let page = night.get("/en/rounds/1").await;
    assert!(page.one(".badges") == "Closed" && page.one("main").contains("Nothing that changes afterwards"));
    let staff = night.sign_in(Role::Staff).await;
    assert!(staff.get("/en/staff/rounds/1").await.one("ol.changes").contains("by itself"));
    assert_eq!(staff.get("/en/staff/rounds/1").await.all("form[method=post] textarea").len(), 0);
    let closings: i64 = sqlx::query_scalar("select count(*) from round_events where kind = 'closed'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(closings, 1, "it is frozen once");
}
