//! Staff keep the catalogue true: images, renewals, two people at once, acts undone, and past days.

use axum::http::StatusCode;
use image_catalogue::catalogue::store::history;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save, send, with};
use crate::support::{Answer, SignedIn, Site};

const NGINX: &str = "/en/staff/images/nginx";
const RENEWALS: &str = "/en/staff/renewals";

/// The name of a field of the one line that a department has in a form.
fn of_line(fields: &[(String, String)], name: &str) -> String {
    let start = format!("{name}-");
    fields.iter().find(|(field, _)| field.starts_with(&start) && !field.ends_with("-new")).unwrap().0.clone()
}

async fn verified(site: &Site) {
    let compared = history::verify(&site.pool).await.unwrap();
    assert!(compared.differing.is_empty(), "{:?}", compared.differing);
}

#[tokio::test]
async fn an_image_is_changed_and_the_record_says_who_what_and_why() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let open = fields(&staff.get(NGINX).await);
    let notes = of_line(&open, "notes-fr");
    let changes = [
        ("registry-names", "nginx\nnginx-core"),
        ("description-en", "A web server"),
        (&*notes, "Serveur Web"),
        ("reason", "French from the team"),
        ("do", "save"),
    ];
    let answer = send(&staff, NGINX, &with(&open, &changes)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = staff.get(answer.header("location")).await;
    let facts = page.one("dl.facts");
    assert!(facts.contains("tester-staff") && facts.contains("French from the team"), "{facts}");
    let told = page.one("ol.changes");
    for words in ["Registry names", "nginx, nginx-core", "Description in English", "Serveur Web"] {
        assert!(told.contains(words), "{words} in {told}");
    }
    assert!(site.get("/fr/images?q=nginx").await.one("tbody").contains("Serveur Web"));
    assert!(site.get("/en/images/nginx").await.one("main").contains("A web server"));
    verified(&site).await;
}

#[tokio::test]
async fn a_form_sent_twice_counts_once_and_a_form_of_nobody_counts_never() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let open = fields(&staff.get(NGINX).await);
    let changed = with(&open, &[("description-en", "A web server"), ("do", "save")]);
    let (first, second) = tokio::join!(send(&staff, NGINX, &changed), send(&staff, NGINX, &changed));
    assert_eq!(first.header("location"), second.header("location"));
    let third = send(&staff, NGINX, &changed).await;
    assert_eq!((third.status, third.header("location")), (StatusCode::SEE_OTHER, first.header("location")));
    let acts: i64 =
        sqlx::query_scalar("select count(*) from change_sets where act = 'image'").fetch_one(&site.pool).await.unwrap();
    assert_eq!(acts, 1);
    for tampered in [("key", "x"), ("key", ""), ("base", "-1"), ("base", "999999999"), ("base", "nginx")] {
        let sent = with(&open, &[tampered, ("description-en", "Tampered"), ("do", "save")]);
        let answer = send(&staff, NGINX, &sent).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{tampered:?}");
    }
    assert!(!site.get("/en/images/nginx").await.text().contains("Tampered"));
}

#[tokio::test]
async fn what_is_wrong_is_said_in_words_and_nothing_typed_is_lost() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/fr/personnel/images/nginx";
    let open = fields(&staff.get(address).await);
    let status = of_line(&open, "status");
    let sent = with(&open, &[("name", ""), ("registry-names", "Nginx!"), (&*status, "retired"), ("do", "save")]);
    let answer = send(&staff, address, &sent).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = answer.all(".error-summary li");
    assert_eq!(words.len(), 3, "{words:?}");
    assert!(words[0].contains("Entrez le nom") && words[1].contains("n’est pas un nom") && words[2].contains("motif"));
    assert!(answer.text().contains("Nginx!"));
    let python = save(&staff, NGINX, &[("name", "PYTHON")]).await;
    assert!(python.one(".error-summary").contains("Another image is called PYTHON"));
    let nothing = save(&staff, NGINX, &[]).await;
    assert!(nothing.one(".error-summary").contains("Nothing was changed"));
}

#[tokio::test]
async fn a_preview_writes_nothing_and_leads_on_or_back() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let open = fields(&staff.get(NGINX).await);
    let preview = send(&staff, NGINX, &with(&open, &[("description-fr", "Serveur"), ("do", "preview")])).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(preview.one("ol.changes").contains("Serveur"));
    assert!(!site.get("/fr/images/nginx").await.one("main").contains("Serveur"));
    let hidden = fields(&preview);
    let back = send(&staff, NGINX, &with(&hidden, &[("do", "edit")])).await;
    assert!(back.one("#description-fr").contains("Serveur"));
    let saved = send(&staff, NGINX, &with(&hidden, &[("do", "save")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn two_people_who_change_different_fields_keep_both_by_one_click() {
    let site = Site::with_cast().await;
    let (first, second) = (site.sign_in(Role::Staff).await, site.sign_in(Role::Manager).await);
    let (ours, theirs) = (fields(&first.get(NGINX).await), fields(&second.get(NGINX).await));
    let saved = send(&second, NGINX, &with(&theirs, &[("description-en", "Theirs"), ("do", "save")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let answer = send(&first, NGINX, &with(&ours, &[("description-fr", "Les nôtres"), ("do", "save")])).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let meanwhile = answer.one("section.notice");
    assert!(meanwhile.contains("do not collide") && meanwhile.contains("tester-manager"), "{meanwhile}");
    let merged = send(&first, NGINX, &with(&fields(&answer), &[("do", "save")])).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER);
    assert!(site.get("/en/images/nginx").await.text().contains("Theirs"));
    assert!(site.get("/fr/images/nginx").await.text().contains("Les nôtres"));
    verified(&site).await;
}

#[tokio::test]
async fn two_people_who_change_one_field_see_both_versions_and_overwrite_nothing_silently() {
    let site = Site::with_cast().await;
    let (first, second) = (site.sign_in(Role::Staff).await, site.sign_in(Role::Manager).await);
    let (ours, theirs) = (fields(&first.get(NGINX).await), fields(&second.get(NGINX).await));
    send(&second, NGINX, &with(&theirs, &[("description-en", "Theirs"), ("do", "save")])).await;
    let answer = send(&first, NGINX, &with(&ours, &[("description-en", "Ours"), ("do", "save")])).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let collision = answer.one("section.notice > dl.diff");
    assert!(collision.contains("Theirs: Theirs") && collision.contains("Yours: Ours"), "{collision}");
    assert!(site.get("/en/images/nginx").await.text().contains("Theirs"), "nothing was overwritten");
    assert_eq!(answer.one("textarea#description-en"), "Ours", "nothing typed is lost");
    let chosen = send(&first, NGINX, &with(&fields(&answer), &[("description-en", "Both"), ("do", "save")])).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    assert!(site.get("/en/images/nginx").await.text().contains("Both"));
    verified(&site).await;
}

#[tokio::test]
async fn an_image_is_added_renamed_retired_and_brought_back_and_its_addresses_stay_good() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let new = "/en/staff/images/new?name=Valkey";
    let open = fields(&staff.get(new).await);
    assert!(open.contains(&("name".to_owned(), "Valkey".to_owned())));
    let missing = send(&staff, "/en/staff/images/new", &with(&open, &[("do", "save")])).await;
    assert!(missing.one(".error-summary").contains("Choose the department"));
    let cse = open_department(&staff, new, "CSE").await;
    let added = send(&staff, "/en/staff/images/new", &with(&open, &[("department-new", &cse), ("do", "save")])).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/en/images/valkey").await.one("h1"), "Valkey");
    let renamed = save(&staff, "/en/staff/images/valkey", &[("name", "Valkey Server")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER);
    let former = site.get("/en/images/valkey").await;
    assert_eq!(
        (former.status, former.header("location")),
        (StatusCode::PERMANENT_REDIRECT, "/en/images/valkey-server")
    );
    let address = "/en/staff/images/valkey-server";
    let status = of_line(&fields(&staff.get(address).await), "status");
    save(&staff, address, &[(&status, "retired"), ("reason", "Not needed")]).await;
    assert_eq!(site.get("/en/images/valkey-server").await.one(".answer-word"), "No");
    save(&staff, address, &[(&status, "under_consideration")]).await;
    assert_eq!(site.get("/en/images/valkey-server").await.one(".answer-word"), "Not yet");
    verified(&site).await;
}

/// The value by which a form calls a department.
async fn open_department(staff: &SignedIn<'_>, address: &str, acronym: &str) -> String {
    let page = staff.get(address).await;
    let html = page.page();
    let options = scraper::Selector::parse("#department-new option").unwrap();
    let start = format!("{acronym} –");
    let found = html.select(&options).find(|option| option.text().collect::<String>().starts_with(&start));
    found.unwrap().value().attr("value").unwrap().to_owned()
}

/// The lines of the renewals page whose text has these words.
pub fn lines_with(page: &Answer, words: &str) -> Vec<String> {
    let html = page.page();
    let select = |text: &str| scraper::Selector::parse(text).unwrap();
    html.select(&select("tbody tr"))
        .filter(|row| row.text().collect::<String>().contains(words))
        .map(|row| row.select(&select("input")).next().unwrap().value().attr("value").unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn renewals_that_lapsed_together_are_renewed_in_one_act_after_a_preview_and_undone_by_another() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let page = staff.get(RENEWALS).await;
    let lines = lines_with(&page, "2026-03-01");
    assert!(!lines.is_empty());
    let mut sent: Vec<(String, String)> = lines.iter().map(|id| ("line".to_owned(), id.clone())).collect();
    sent.extend(fields(&page).into_iter().filter(|(name, _)| name == "key" || name == "base"));
    let decision = [("decision", "renew"), ("date", "2027-03-01"), ("months", "12"), ("reason", "Co-termed")];
    let preview = send(&staff, RENEWALS, &with(&sent, &[&decision[..], &[("do", "preview")]].concat())).await;
    assert_eq!(preview.all("ol.changes > li").len(), lines.len());
    assert!(preview.one("ol.changes").contains("2027-03-01"));
    let saved = send(&staff, RENEWALS, &with(&fields(&preview), &[("do", "save")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert!(lines_with(&staff.get(RENEWALS).await, "2026-03-01").is_empty());
    let terms: i64 = sqlx::query_scalar("select count(*) from terms where line_id = $1")
        .bind(lines[0].parse::<i64>().unwrap())
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(terms, 2, "the renewal adds a term");
    let undo = format!("{}/undo", saved.header("location").replace("/changes/", "/staff/changes/"));
    let without = save(&staff, &undo, &[]).await;
    assert!(without.one(".error-summary").contains("Say why"));
    let undone = save(&staff, &undo, &[("reason", "Wrong year")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert_eq!(lines_with(&staff.get(RENEWALS).await, "2026-03-01").len(), lines.len());
    let again = staff.get(&undo).await;
    assert!(again.one(".notice").contains("undone already"));
    verified(&site).await;
}

#[tokio::test]
async fn a_renewal_is_dropped_only_with_a_reason_and_an_unknown_date_says_who_owes_it() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let page = staff.get(RENEWALS).await;
    let python = lines_with(&page, "Python").remove(0);
    let form_token: Vec<_> = fields(&page).into_iter().filter(|(name, _)| name == "key" || name == "base").collect();
    for (wrong, words) in [
        (vec![("decision", "drop"), ("line", &*python)], "needs a reason"),
        (vec![("decision", "unknown"), ("line", &*python)], "who owes"),
        (vec![("decision", "renew"), ("line", &*python), ("date", "2020-01-01")], "today or later"),
        (vec![("decision", "renew"), ("line", &*python), ("date", "2027-01-01"), ("months", "0")], "from 1 to 120"),
        (vec![("decision", "renew"), ("date", "2027-01-01")], "at least one image"),
        (vec![("line", &*python)], "what was decided"),
    ] {
        let answer = send(&staff, RENEWALS, &with(&form_token, &[&wrong[..], &[("do", "save")]].concat())).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.one(".error-summary").contains(words), "{words}: {}", answer.one(".error-summary"));
    }
    let unknown = [("decision", "unknown"), ("line", &*python), ("owed-by", "Vendor"), ("do", "save")];
    assert_eq!(send(&staff, RENEWALS, &with(&form_token, &unknown)).await.status, StatusCode::SEE_OTHER);
    let owed = site.get("/en/images/python").await.one("[aria-labelledby=held]");
    assert!(
        owed.contains("2026-03-01 (last known date)")
            && owed.contains("Vendor owes the date (not known since 2026-03-01)"),
        "{owed}"
    );
    let page = staff.get(RENEWALS).await;
    let form_token: Vec<_> = fields(&page).into_iter().filter(|(name, _)| name == "key" || name == "base").collect();
    let dropped = [("decision", "drop"), ("line", &*python), ("reason", "Replaced"), ("do", "save")];
    assert_eq!(send(&staff, RENEWALS, &with(&form_token, &dropped)).await.status, StatusCode::SEE_OTHER);
    assert!(lines_with(&staff.get(RENEWALS).await, "Python").is_empty());
    verified(&site).await;
}

#[tokio::test]
async fn a_selection_that_somebody_else_decided_meanwhile_is_not_overwritten() {
    let site = Site::with_cast().await;
    let (first, second) = (site.sign_in(Role::Staff).await, site.sign_in(Role::Manager).await);
    let page = first.get(RENEWALS).await;
    let python = lines_with(&page, "Python").remove(0);
    let form_token = |page: &Answer| {
        fields(page).into_iter().filter(|(name, _)| name == "key" || name == "base").collect::<Vec<_>>()
    };
    let decide = |date| [("decision", "renew"), ("line", python.as_str()), ("date", date), ("do", "save")];
    let theirs = form_token(&second.get(RENEWALS).await);
    send(&second, RENEWALS, &with(&theirs, &decide("2027-03-01"))).await;
    let answer = send(&first, RENEWALS, &with(&form_token(&page), &decide("2028-03-01"))).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.one("section.notice").contains("2027-03-01"));
    assert!(site.get("/en/images/python").await.text().contains("2027-03-01"));
    let chosen = fields(&answer);
    assert!(chosen.contains(&("line".to_owned(), python.clone())), "the choice is kept");
    let again = send(&first, RENEWALS, &with(&chosen, &[("do", "save")])).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    verified(&site).await;
}

#[tokio::test]
async fn an_act_on_which_later_ones_stand_is_not_undone_and_an_undone_import_can_come_back() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let rows = "Image name,Department,Notes\nbrand-new,CSE,A note\nnginx,NRCAN,Another note\n";
    let import = site.import(rows, "more.csv", "").await.change_set.unwrap();
    let later = save(&staff, "/en/staff/images/brand-new", &[("description-en", "New")]).await;
    let address = format!("/en/staff/changes/{import}/undo");
    let refused = staff.get(&address).await;
    assert!(refused.one(".notice").contains("Later changes stand on it"), "{}", refused.one("main"));
    let undo_later = format!("{}/undo", later.header("location").replace("/changes/", "/staff/changes/"));
    assert_eq!(save(&staff, &undo_later, &[("reason", "Step by step")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(save(&staff, &address, &[("reason", "Wrong file")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/en/images/brand-new").await.status, StatusCode::NOT_FOUND);
    assert!(!site.get("/en/images/nginx").await.text().contains("Another note</dd>"));
    verified(&site).await;
    let rows = "Image name,Department,Notes\nother-new,CSE,A note\n";
    let import = site.import(rows, "other.csv", "").await.change_set.unwrap();
    let undo = format!("/en/staff/changes/{import}/undo");
    assert_eq!(save(&staff, &undo, &[("reason", "Wrong file")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/en/images/other-new").await.status, StatusCode::NOT_FOUND);
    verified(&site).await;
    let back = site.import(rows, "other.csv", "").await;
    assert_eq!(back.count(image_catalogue::imports::Verdict::New), 1);
    assert_eq!(site.get("/en/images/other-new").await.status, StatusCode::OK);
    verified(&site).await;
}

#[tokio::test]
async fn the_catalogue_is_shown_as_it_was_on_any_past_day() {
    let site = Site::with_cast().await;
    let rows = "Image name,Renewal date,Department,Status\nPython,2027-03-01,SSC,Procured\nredis,TBD,CSE,\n";
    site.import(rows, "renewed.csv", "").await;
    sqlx::raw_sql("alter table change_sets disable trigger user; update change_sets set effective_at = effective_at - interval '10 days' where id <= 2; alter table change_sets enable trigger user")
        .execute(&site.pool)
        .await
        .unwrap();
    let then = site.get("/en/images?as-at=2026-11-15&per-page=100").await;
    assert!(then.one(".notice").contains("as it was at the end of 2026-11-15"));
    assert_eq!(then.all("tbody tr").len(), 18);
    assert!(!then.one("tbody").contains("redis"));
    assert_eq!(site.get("/en/images?per-page=100").await.all("tbody tr").len(), 19);
    let python = site.get("/en/images/python?as-at=2026-11-15").await;
    assert!(python.one(".answer").contains("2026-03-01"));
    let file = site.get("/fr/images.csv?as-at=2026-11-15").await;
    assert_eq!(csv::Reader::from_reader(file.body.as_slice()).records().count(), 18);
    assert_eq!(site.get("/en/images?as-at=2026-01-01").await.all("tbody tr").len(), 0);
    assert_eq!(site.get("/en/images/redis?as-at=2026-11-15").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/fr/images?as-at=hier").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_organisation_is_corrected_and_files_find_it_by_its_former_spelling() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    site.import("Image name,Department\nredis,D14\n", "new.csv", "").await;
    let list = admin.get("/en/staff/departments").await;
    let place = list.all("ul.department-list li").iter().position(|one| one == "D14 – D14 To be confirmed").unwrap();
    assert!(place < 5, "those to be confirmed come first");
    let address = list.attributes("ul.department-list a", "href").remove(place);
    let wrong = save(&admin, &address, &[("acronym-fr", ""), ("acronym-en", "CSE")]).await;
    assert_eq!(wrong.all(".error-summary li").len(), 2, "{}", wrong.one(".error-summary"));
    let names = [
        ("acronym-en", "DFT"),
        ("acronym-fr", "MEF"),
        ("name-en", "Department for Tests"),
        ("name-fr", "Ministère des essais"),
    ];
    let stale = fields(&admin.get(&address).await);
    let saved = save(&admin, &address, &[&names[..], &[("confirmed", "yes"), ("reason", "Confirmed")]].concat()).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let page = site.get("/fr/ministeres/MEF").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.one("main").contains("Ministère des essais"));
    let report = site.import("Image name,Department\nvalkey,D14\n", "again.csv", "").await;
    assert!(report.new_departments.is_empty(), "its former spelling is an alias");
    let late =
        send(&admin, &address, &with(&stale, &[("name-en", "Other"), ("acronym-fr", "X"), ("do", "save")])).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.one("section.notice").contains("Department for Tests"));
    let undo = format!("{}/undo", saved.header("location").replace("/changes/", "/staff/changes/"));
    assert!(admin.get(&undo).await.one("ol.changes").contains("Department for Tests"));
    let staff = site.sign_in(Role::Staff).await;
    assert_eq!(save(&staff, &undo, &[("reason", "Not mine to undo")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(save(&admin, &undo, &[("reason", "Wrong one")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/en/departments/DFT").await.status, StatusCode::NOT_FOUND);
    assert!(admin.get("/en/staff/changes/1/undo").await.one(".notice").contains("They stay"));
    verified(&site).await;
}

#[tokio::test]
async fn an_organisation_is_never_part_of_itself() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let number = |acronym: &'static str| {
        let pool = site.pool.clone();
        async move {
            sqlx::query_scalar::<_, i64>("select id from organisations where acronym_en = $1")
                .bind(acronym)
                .fetch_one(&pool)
                .await
                .unwrap()
        }
    };
    let (parent, part) = (number("CSE").await, number("CCCS").await);
    let answer = save(&admin, &format!("/en/staff/departments/{parent}"), &[("parent", &part.to_string())]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.one(".error-summary").contains("not part of this one"));
}
