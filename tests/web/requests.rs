//! Departments ask for images, and staff decide.

use axum::http::StatusCode;
use image_catalogue::catalogue::store::history;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save, send, with};
use crate::support::{Answer, SignedIn, Site};

#[tokio::test]
async fn staff_note_how_firm_a_need_is_and_by_when_and_everyone_sees_it() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/fr/personnel/images/nginx";
    let open = fields(&staff.get(address).await);
    let of = |name: &str| open.iter().find(|(field, _)| field.starts_with(name)).unwrap().0.clone();
    let (firmness, day) = (of("firmness-"), of("needed-by-"));
    let wrong = save(&staff, address, &[(&firmness, "certain"), (&day, "bientôt")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.one(".error-summary").contains("AAAA-MM-JJ"));
    let saved = save(&staff, address, &[(&firmness, "funded"), (&day, "2027-04-01")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let page = site.get("/fr/images/nginx").await;
    assert!(page.one("main").contains("Financé") && page.one("main").contains("2027-04-01"));
    assert!(staff.get(saved.header("location")).await.text().contains("Financé"));
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

pub const NEW: &str = "/fr/demandes/nouvelle";
const CONTACT: &str = "marie.tremblay@cse-cst.gc.ca";

/// The number of an organisation.
pub async fn number(site: &Site, acronym: &str) -> String {
    let number = sqlx::query_scalar::<_, i64>("select id from organisations where acronym_en = $1").bind(acronym);
    number.fetch_one(&site.pool).await.unwrap().to_string()
}

/// The form for one image, filled in for a department.
pub async fn filled(site: &Site, image: &str, department: &str) -> Vec<(String, String)> {
    let department = number(site, department).await;
    let open = fields(&site.get(NEW).await);
    let said = [
        ("image-1", image),
        ("department", &*department),
        ("contact-name", "Marie Tremblay"),
        ("contact-email", CONTACT),
        ("environment-1", "AKS secret"),
        ("why-1", "Projet confidentiel"),
        ("do", "send"),
    ];
    with(&open, &said)
}

pub async fn post(site: &Site, address: &str, form: &[(String, String)]) -> Answer {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    site.post(address, &form).await
}

/// Sends a request for one image; the private address.
pub async fn ask(site: &Site, image: &str, department: &str, more: &[(&str, &str)]) -> String {
    let sent = post(site, NEW, &with(&filled(site, image, department).await, more)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    sent.header("location").to_owned()
}

/// Decides on an item.
pub async fn decide(staff: &SignedIn<'_>, items: &[i64], decision: &str, said: &[(&str, &str)]) -> Answer {
    let items = items.iter().map(|item| format!("item={item}")).collect::<Vec<_>>().join("&");
    let address = format!("/en/staff/requests/decide?do={decision}&{items}");
    let open = fields(&staff.get(&address).await);
    send(staff, "/en/staff/requests/decide", &with(&open, &[said, &[("do", "save")]].concat())).await
}

pub async fn mails(site: &Site) -> Vec<String> {
    let mails = sqlx::query_scalar("select subject || E'\\n' || plain || E'\\n' || html from mails order by id");
    mails.fetch_all(&site.pool).await.unwrap()
}

#[tokio::test]
async fn a_request_is_checked_sent_mailed_followed_and_becomes_demand_that_names_no_person() {
    let site = Site::with_cast().await;
    let form = filled(&site, "Apache Kafka", "CSE").await;
    let checked = post(&site, NEW, &with(&form, &[("do", "check"), ("firmness-1", "funded")])).await;
    assert_eq!(checked.status, StatusCode::OK);
    assert!(checked.one("main").contains("Le catalogue ne l’a pas encore") && checked.one("main").contains("Financé"));
    let private = ask(&site, "Apache Kafka", "CSE", &[("firmness-1", "funded"), ("needed-by-1", "2027-03-31")]).await;
    let page = site.get(&private).await;
    assert!(page.one("h1").contains("REQ-2026-0001") && page.one(".notice").contains("Conservez ce lien"));
    assert_eq!(page.header("cache-control"), "private, no-store");
    let mail = mails(&site).await.remove(0);
    let key = private.split("key=").nth(1).unwrap().split('&').next().unwrap();
    assert!(mail.contains(&format!("http://127.0.0.1:8080/fr/demandes/REQ-2026-0001?key={key}")), "{mail}");
    for elsewhere in
        ["/fr/demandes/REQ-2026-0001", "/en/requests/REQ-2026-0001?key=wrong", "/en/requests/REQ-2026-0002?key=x"]
    {
        assert_eq!(site.get(elsewhere).await.status, StatusCode::NOT_FOUND, "{elsewhere}");
    }
    let staff = site.sign_in(Role::Staff).await;
    assert!(staff.get("/en/staff/requests").await.one("tbody").contains("Apache Kafka"));
    assert!(staff.get("/en/staff/requests/REQ-2026-0001").await.one("main").contains(CONTACT));
    let show = staff.get("/en/staff/requests/decide?do=accept&item=1").await;
    assert!(show.one("ol.changes").contains("Apache Kafka · CSE"), "the difference is shown first");
    assert_eq!(decide(&staff, &[1], "accept", &[]).await.status, StatusCode::SEE_OTHER);
    let image = site.get("/fr/images/apache-kafka").await;
    assert!(image.one("main").contains("Financé") && image.one("main").contains("2027-03-31"));
    assert!(site.get(&private).await.one("main").contains("Acceptée"));
    assert!(mails(&site).await[1].contains("Acceptée"));
    assert!(site.get("/en/requests").await.one("ol.changes").contains("Apache Kafka"));
    for public in [
        "/en/requests",
        "/fr/images/apache-kafka",
        "/en/changes",
        "/en/changes.csv",
        "/en/changes.atom",
        "/en/images.json",
    ] {
        let text = site.get(public).await.text().to_owned();
        for never in ["tremblay", "Tremblay", "AKS secret", "confidentiel", key] {
            assert!(!text.contains(never), "{public}: {never}");
        }
    }
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
    let act: i64 = sqlx::query_scalar("select change_set_id from request_items").fetch_one(&site.pool).await.unwrap();
    let undone = save(&staff, &format!("/en/staff/changes/{act}/undo"), &[("reason", "Wrong image")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text());
    assert!(site.get("/en/requests").await.one("main").contains("Nothing has been decided yet"));
    let shown = staff.get("/en/staff/requests/REQ-2026-0001").await.one("main");
    assert!(shown.contains("Received") && shown.contains("Taken under review once more"), "{shown}");
    assert!(!site.get(&private).await.all(".badge").contains(&"Acceptée".to_owned()), "whoever asked sees it too");
}

#[tokio::test]
async fn before_a_request_is_sent_it_says_what_is_there_who_asked_and_what_was_perhaps_meant() {
    let site = Site::with_cast().await;
    let form = filled(&site, "Python", "CSE").await;
    let open = post(&site, NEW, &with(&form, &[("do", "add")])).await;
    assert_eq!(open.attributes("input[name^=image-]", "name"), ["image-1", "image-2"]);
    let four = [("image-2", "ngix"), ("image-3", "Shared"), ("image-4", "Quite Unheard Of"), ("do", "check")];
    let checked = post(&site, NEW, &with(&form, &four)).await;
    let notices = checked.all("section.check");
    assert!(notices[0].contains("Oui, mais vérifiez d’abord"), "{notices:?}");
    assert!(notices[1].contains("Est-ce l’une de celles-ci?") && notices[1].contains("C’est nginx"));
    assert!(notices[2].contains("2 ministères l’ont demandée"));
    assert!(notices[3].contains("Le catalogue ne l’a pas encore"));
    let meant = post(&site, NEW, &with(&form, &[&four[..3], &[("do", "use-2-nginx")]].concat())).await;
    assert!(meant.all("section.check")[1].contains("Un ministère l’a demandée"), "{:?}", meant.all("section.check"));
    let fewer = post(&site, NEW, &with(&form, &[&four[..3], &[("do", "remove-2")]].concat())).await;
    assert_eq!(fewer.attributes("input[name^=image-]", "value"), ["Python", "Shared", "Quite Unheard Of"]);
    let short = site.get("/en/requests/new?image=nginx").await;
    assert!(short.one("h1").contains("My department needs nginx"));
    assert_eq!(site.get("/en/requests/new?image=Not%20There").await.attributes("#image-1", "value"), ["Not There"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said_in_words_and_nothing_typed_is_lost() {
    let site = Site::with_cast().await;
    let form = filled(&site, "nginx", "CSE").await;
    for (field, wrong, words) in [
        ("image-1", "", "Entrez le nom d’une image"),
        ("image-1", "a\u{202e}b", "Retirez-le"),
        ("image-2", "NGINX", "figure déjà"),
        ("department", "", "Choisissez votre ministère"),
        ("department", "999999", "Choisissez votre ministère"),
        ("department", "other", "Écrivez le nom"),
        ("contact-name", "", "Entrez votre nom"),
        ("contact-email", "marie", "adresse de courriel"),
        ("contact-email", "a@b.ca\r\nBcc: x@y.ca", "adresse de courriel"),
        ("contact-email", "а@b.ca", "adresse de courriel"),
        ("needed-by-1", "2026-13-01", "AAAA-MM-JJ"),
        ("needed-by-1", "2020-01-01", "Ce jour est passé"),
        ("why-1", &"x".repeat(1_001), "1 000"),
    ] {
        let answer = post(&site, NEW, &with(&form, &[(field, wrong)])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {wrong}");
        assert!(answer.one(".error-summary").contains(words), "{field}: {}", answer.one(".error-summary"));
        assert_eq!(answer.attributes("#contact-name", "value").len(), 1);
        assert!(answer.text().contains("AKS secret"), "nothing is lost");
        for address in answer.attributes(".error-summary a", "href") {
            assert_eq!(answer.all(&address).len(), 1, "{address} leads somewhere");
        }
    }
    // What no database holds ends before the form is read: its page names the field, and keeps the rest to be sent again.
    let answer = post(&site, NEW, &with(&form, &[("image-1", "a\0b")])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.one(".error-summary").contains("Retirez-le"), "{}", answer.one(".error-summary"));
    assert_eq!(answer.attributes("main form input[name=image-1]", "value"), ["ab"]);
    assert_eq!(answer.attributes("main form input[name=contact-name]", "value").len(), 1);
    assert!(answer.text().contains("AKS secret"), "nothing is lost");
    assert_eq!(mails(&site).await.len(), 0);
    assert_eq!(post(&site, NEW, &with(&form, &[("key", "nonsense")])).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn whoever_asked_changes_and_withdraws_by_the_private_link_and_nobody_else_can() {
    let site = Site::with_cast().await;
    let private = ask(&site, "Apache Kafka", "CSE", &[("image-2", "Redis")]).await;
    let change = private.replacen('?', "/modifier?", 1);
    let open = fields(&site.get(&change).await);
    let changed = post(&site, &change, &with(&open, &[("why-1", "Autre raison"), ("unnamed", "1")])).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
    let bad = post(&site, &change, &with(&open, &[("contact-email", "x")])).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let own = fields(&site.get(&private).await).into_iter().find(|(name, _)| name == "key").unwrap().1;
    let key = ("key", &*own);
    for elsewhere in ["/fr/demandes/REQ-2026-0001", "/fr/demandes/REQ-2026-0001/modifier?key=0"] {
        let refused = site.post(elsewhere, &[key, ("do", "withdraw-all")]).await.status;
        assert!([StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY].contains(&refused), "{refused}");
    }
    assert_eq!(site.post(&private, &[key, ("do", "withdraw-1")]).await.status, StatusCode::SEE_OTHER);
    let page = site.get(&private).await;
    assert!(page.all("section h2")[0].contains("Retirée") && page.all("section h2")[1].contains("Reçue"));
    assert!(page.one("main").contains("Autre raison") && page.one("main").contains("compté, non nommé"));
    let staff = site.sign_in(Role::Staff).await;
    let steps = staff.get("/en/staff/requests/REQ-2026-0001").await.all("dl.diff").concat();
    assert!(steps.contains("Projet confidentiel") && steps.contains("Autre raison"), "{steps}");
    let member = site.sign_in(Role::Member).await;
    assert_eq!(member.get("/en/requests/REQ-2026-0001").await.status, StatusCode::NOT_FOUND);
    let cse: i64 = number(&site, "CSE").await.parse().unwrap();
    sqlx::query("update accounts set organisation_id = $1 where id = $2")
        .bind(cse)
        .bind(member.account)
        .execute(&site.pool)
        .await
        .unwrap();
    assert!(member.get("/en/requests").await.one("#own + .table-scroll").contains("Redis"));
    let seen = member.get("/en/requests/REQ-2026-0001").await;
    assert_eq!((seen.status, seen.all("button[value^=withdraw]").len()), (StatusCode::OK, 0));
    assert_eq!(
        member.post("/en/requests/REQ-2026-0001", &[key, ("do", "withdraw-all")]).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn merging_keeps_every_supporter_and_a_department_can_count_without_being_named() {
    let site = Site::with_cast().await;
    ask(&site, "Apache Kafka", "CSE", &[("firmness-1", "planned")]).await;
    ask(&site, "kafka", "ESDC", &[]).await;
    ask(&site, "Apache Kafka", "NRCan", &[("unnamed", "1"), ("firmness-1", "funded")]).await;
    let other =
        ask(&site, "Apache Kafka", "CSE", &[("department", "other"), ("department-other", "Bureau of Newness")]).await;
    let staff = site.sign_in(Role::Staff).await;
    let wrong = decide(&staff, &[2], "merge", &[("into", "REQ-2026-0099")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(decide(&staff, &[2], "merge", &[("into", "req-2026-0001")]).await.status, StatusCode::SEE_OTHER);
    let unplaced = decide(&staff, &[1, 3, 4], "accept", &[]).await;
    assert!(unplaced.one(".error-summary").contains("Say which department"), "{}", unplaced.one("main"));
    let tbs = number(&site, "TBS").await;
    let accepted = decide(&staff, &[1, 3, 4], "accept", &[("department-4", &*tbs), ("words", "Pooled")]).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
    let page = site.get("/en/images/apache-kafka").await;
    let wanted = page.one("section[aria-labelledby=wanted]");
    for acronym in ["CSE", "ESDC", "TBS", "Department not named"] {
        assert!(wanted.contains(acronym), "{acronym}: {wanted}");
    }
    assert!(!wanted.contains("NRCan") && !site.get("/en/changes").await.text().contains("Natural Resources"));
    let check =
        post(&site, "/en/requests/new", &with(&filled(&site, "Apache Kafka", "CSE").await, &[("do", "check")])).await;
    assert!(check.one("section.check").contains("4 departments"), "{}", check.one("section.check"));
    assert!(site.get(&other).await.one("main").contains("Acceptée"));
    let told: Vec<_> = mails(&site).await.into_iter().filter(|mail| mail.contains("Pooled")).collect();
    assert_eq!(told.len(), 4, "whoever was merged hears of it too");
    assert!(history::verify(&site.pool).await.unwrap().differing.is_empty());
}

#[tokio::test]
async fn two_of_staff_do_not_decide_over_each_other_and_a_form_sent_twice_counts_once() {
    let site = Site::with_cast().await;
    ask(&site, "Apache Kafka", "CSE", &[]).await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/en/staff/requests/decide?do=decline&item=1";
    let open = fields(&staff.get(address).await);
    let without = decide(&staff, &[1], "decline", &[]).await;
    assert!(without.one(".error-summary").contains("the reason is public"));
    let assigned = decide(&staff, &[1], "assign", &[("assignee", &staff.account.to_string())]).await;
    assert_eq!(assigned.status, StatusCode::SEE_OTHER);
    let late = with(&open, &[("words", "No longer sold"), ("do", "save")]);
    let refused = send(&staff, "/en/staff/requests/decide", &late).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.one(".notice").contains("Taken under review") && refused.text().contains("No longer sold"));
    let again = with(&fields(&refused), &[("do", "save")]);
    for _ in 0..2 {
        assert_eq!(send(&staff, "/en/staff/requests/decide", &again).await.status, StatusCode::SEE_OTHER);
    }
    let declined: i64 = sqlx::query_scalar("select count(*) from request_events where kind = 'declined'")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(declined, 1);
    assert!(site.get("/fr/demandes").await.one("ol.changes").contains("No longer sold"), "the reason is public");
    assert!(staff.get("/en/staff/requests?assignee=me&state=declined").await.one("tbody").contains("Kafka"));
    assert_eq!(decide(&staff, &[1], "reopen", &[]).await.status, StatusCode::SEE_OTHER);
    assert!(site.get("/fr/demandes").await.all("ol.changes").is_empty());
    let open = fields(&staff.get("/en/staff/requests/REQ-2026-0001").await);
    let page =
        send(&staff, "/en/staff/requests/REQ-2026-0001", &with(&open, &[("note", "Ask Luc first"), ("do", "note")]))
            .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = send(&staff, "/en/staff/requests/REQ-2026-0001", &with(&open, &[("reply", ""), ("do", "reply")])).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!mails(&site).await.concat().contains("Ask Luc first"), "notes stay among staff");
}

#[tokio::test]
async fn what_looks_like_advertising_waits_for_staff_and_mails_nobody() {
    let site = Site::with_cast().await;
    let private = ask(&site, "Cheap pills", "CSE", &[("website", "https://spam.example")]).await;
    assert_eq!(site.get(&private).await.status, StatusCode::OK, "it looks as if it had been taken");
    ask(&site, "see https://spam.example", "CSE", &[]).await;
    assert_eq!(mails(&site).await.len(), 0);
    let staff = site.sign_in(Role::Staff).await;
    assert!(staff.get("/en/staff/requests").await.one("main").contains("No request is here"));
    let held = staff.get("/en/staff/requests?state=held").await;
    assert_eq!(held.attributes("input[name=item]", "value"), ["1", "2"]);
    assert_eq!(decide(&staff, &[1], "discard", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(mails(&site).await.len(), 0);
    assert_eq!(decide(&staff, &[2], "release", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(mails(&site).await.len(), 1);
    assert!(staff.get("/en/staff/requests").await.one("tbody").contains("spam.example"));
}
