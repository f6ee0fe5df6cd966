//! Columns that hold one of a few codes: a value that the program does not know is an error that names it, on every page
//! that reads it, and never another value.

use axum::http::StatusCode;
use image_catalogue::catalogue::Catalogue;
use image_catalogue::i18n::Lang;
use image_catalogue::people::db::sign_ins::{self, SignIn};
use image_catalogue::web::visitor::Role;
use sqlx::AssertSqlSafe;

use crate::logs::Log;
use crate::support::{Answer, Site, clock};

/// Puts a value into a column that the program does not know, though a constraint keeps it from there.
async fn put(site: &Site, table: &str, constraint: &str, statement: &str) {
    for statement in [format!("alter table {table} drop constraint {constraint}"), statement.to_owned()] {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&site.pool).await.unwrap();
    }
}

#[tokio::test]
async fn a_status_that_the_program_does_not_know_is_an_error_that_names_it_and_never_another() {
    let site = Site::with_cast().await;
    put(
        &site,
        "lines",
        "lines_status_known",
        "update lines set status = 'leased' where id = (select min(id) from lines)",
    )
    .await;
    let read = Catalogue::open(site.pool.clone(), clock()).await;
    let problem = format!("{:#}", read.unwrap_err());
    assert!(problem.contains("lines.status “leased” is not known"), "{problem}");
    let staff = site.sign_in(Role::Staff).await;
    let slug: String =
        sqlx::query_scalar("select i.slug from images i join lines l on l.image_id = i.id where l.status = 'leased'")
            .fetch_one(&site.pool)
            .await
            .unwrap();
    let answer = staff.get(&format!("/en/staff/images/{slug}")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.text().contains("give this number"), "{}", answer.text());
}

#[tokio::test]
async fn a_role_that_the_program_does_not_know_is_no_visitor_and_no_member() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let named: String = sqlx::query_scalar(
        "select conname::text from pg_constraint where conrelid = 'accounts'::regclass and contype = 'c'
           and pg_get_constraintdef(oid) like '%role%' limit 1",
    )
    .fetch_one(&site.pool)
    .await
    .unwrap();
    put(&site, "accounts", &named, "update accounts set role = 'auditor'").await;
    assert_eq!(staff.get("/en/staff/renewals").await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

/// Sets a value of every row that the program does not know, though constraints and triggers keep it from there.
async fn force(site: &Site, table: &str, set: &str) {
    let constraints: Vec<String> =
        sqlx::query_scalar("select conname::text from pg_constraint where conrelid = $1::regclass and contype = 'c'")
            .bind(table)
            .fetch_all(&site.pool)
            .await
            .unwrap();
    let dropped = constraints.iter().map(|name| format!("alter table {table} drop constraint {name}"));
    let forced = [format!("alter table {table} disable trigger user"), format!("update {table} set {set}")];
    for statement in dropped.chain(forced) {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&site.pool).await.unwrap();
    }
}

/// Columns that hold one of a few codes: table, column, the value that is none of them, and the pages that read it.
const CODES: &[(&str, &str, &str, &[&str])] = &[
    ("accounts", "role", "'leased'", &["/en/staff/accounts"]),
    ("api_tokens", "scopes", "array['leased']", &["/en/staff/tokens"]),
    ("change_sets", "act", "'leased'", &["/en/changes", "/fr/changements", "/en/changes.csv", "/en/changes.atom"]),
    ("changes", "subject", "'leased'", &["/en/changes/1", "/fr/changements/1"]),
    ("feedback", "about", "'leased'", &["/en/staff/feedback/1", "/en/staff/feedback"]),
    ("feedback", "lang", "'leased'", &["/en/staff/feedback/1", "/en/staff/feedback"]),
    ("feedback", "state", "'leased'", &["/en/staff/feedback/1"]),
    ("feedback_events", "event", "'leased'", &["/en/staff/feedback/1"]),
    ("lines", "firmness", "'leased'", &["/en/staff/images/nginx"]),
    ("lines", "status", "'leased'", &["/en/staff/images/nginx", "/fr/personnel/images/nginx"]),
    ("mail_events", "event", "'leased'", &["/en/staff/mail/1"]),
    ("mails", "kind", "'leased'", &["/en/staff/mail", "/en/staff/mail/1"]),
    ("mails", "lang", "'leased'", &["/en/staff/mail", "/en/staff/mail/1"]),
    ("mails", "state", "'leased'", &["/en/staff/mail", "/en/staff/mail/1"]),
    ("quality_decisions", "decision", "'leased'", &["/en/staff/quality"]),
    ("renewal_owners", "lang", "'leased'", &["/en/staff/reminders"]),
    ("request_events", "kind", "'leased'", &["/en/staff/requests/REQ-2026-0001"]),
    (
        "request_items",
        "firmness",
        "'leased'",
        &["/en/staff/requests", "/en/staff/requests/REQ-2026-0001", "/fr/personnel/demandes/REQ-2026-0001"],
    ),
    ("request_items", "state", "'leased'", &["/en/staff/requests/REQ-2026-0001"]),
    ("requests", "lang", "'leased'", &["/en/staff/requests/REQ-2026-0001"]),
    ("round_answers", "firmness", "'leased'", &["/en/rounds/1", "/en/staff/rounds/1"]),
    ("round_decisions", "decision", "'leased'", &["/en/rounds/1"]),
    ("round_events", "kind", "'leased'", &["/en/staff/rounds/1"]),
    ("saved_report_events", "kind", "'leased'", &["/en/staff/reports/1"]),
    ("saved_reports", "format", "'leased'", &["/en/staff/reports", "/en/staff/reports/1"]),
    ("saved_reports", "lang", "'leased'", &["/en/staff/reports", "/en/staff/reports/1"]),
    ("saved_reports", "period", "'leased'", &["/en/staff/reports", "/en/staff/reports/1"]),
    ("saved_reports", "report", "'leased'", &["/en/staff/reports", "/en/staff/reports/1"]),
    ("security_events", "event", "'leased'", &["/en/staff/accounts"]),
    ("suggestions", "lang", "'leased'", &["/en/staff/suggestions", "/en/staff/suggestions/1"]),
];

/// Columns with codes that no page reads: they are compared or counted, or have a test of their own.
const UNREAD: &[(&str, &str)] = &[
    ("contents", "kind"),
    ("import_revisions", "source"),
    ("moved_references", "kind"),
    ("round_result_departments", "firmness"),
    ("sign_ins", "lang"),
    ("submissions", "form"),
    ("watches", "lang"),
];

/// That the log has one line about an answer, with the number that its page gives and this cause.
fn is_logged_once(log: &Log, answer: &Answer, cause: &str) {
    let lines = log.lines();
    assert_eq!(lines.len(), 1, "{}: {lines:#?}", answer.path);
    let fields = &lines[0]["fields"];
    let id = fields["id"].as_str().unwrap();
    assert!(answer.text().contains(id), "{}: {id} is not on the page: {}", answer.path, answer.text());
    assert!(fields["cause"].as_str().unwrap().contains(cause), "{}: {cause} is not in {fields}", answer.path);
}

/// What is said of a value that is not known: the column, and what it should be one of where other tables have the like.
fn unknown(table: &str, column: &str, value: &str) -> String {
    match column {
        "lang" => format!("column \"lang\": language “{value}” is not known"),
        "firmness" => format!("column \"firmness\": firmness “{value}” is not known"),
        "format" => format!("column \"format\": format of a file “{value}” is not known"),
        _ => format!("{table}.{column} “{value}” is not known"),
    }
}

/// Rows for every column with codes, as short as they can be.
async fn fill_more(site: &Site) {
    for statement in [
        "insert into mail_events (mail_id, event) select min(id), 'sent' from mails",
        "insert into feedback_events (feedback_id, account_id, actor, event, text)
         select f.id, a.id, a.name, 'note', 'x' from feedback f, accounts a limit 1",
        "insert into renewal_owners (organisation_id, email, lang, added_by)
         select min(id), 'owner@example.ca', 'fr', 'x' from organisations",
        "insert into quality_decisions (fingerprint, decision, reason, actor, account_id, change_set_id)
         select repeat('0', 32), 'ignored', 'x', a.name, a.id, (select min(id) from change_sets) from accounts a limit 1",
        "insert into contents (name, text_en, text_fr, kind, changed_at)
         values ('banner', 'Closed', 'Fermé', 'warning', now())",
        "insert into security_events (event, account, actor, address, detail) values ('forbidden', 'x', 'x', 'x', '')",
        "update lines set firmness = 'planned'",
        "insert into round_events (round_id, at, actor, account_id, kind, organisation_id, may_name)
         select 1, now(), a.name, a.id, 'confirmed', o.id, true from accounts a, organisations o limit 1",
        "insert into round_events (round_id, at, actor, account_id, kind)
         select 1, now(), a.name, a.id, 'published' from accounts a limit 1",
        "insert into round_outcomes (event_id, words_en, words_fr)
         select id, 'x', 'x' from round_events where kind = 'published'",
        "insert into round_decisions (event_id, image_id, decision)
         select o.event_id, i.image_id, 'ahead' from round_outcomes o, round_images i",
        "insert into round_answers (event_id, image_id, wants, firmness, note)
         select e.id, i.image_id, true, 'planned', '' from round_events e, round_images i where e.kind = 'confirmed'",
    ] {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&site.pool).await.unwrap_or_else(|why| panic!("{statement}: {why}"));
    }
}

#[tokio::test]
async fn a_code_that_the_program_does_not_know_is_an_error_on_every_page_that_reads_it_and_never_passed_over() {
    for (table, column, value, pages) in CODES {
        let site = Site::with_cast().await;
        crate::world::fill(&site).await;
        fill_more(&site).await;
        let admin = site.sign_in(Role::Administrator).await;
        for page in *pages {
            assert_eq!(admin.get(page).await.status, StatusCode::OK, "{page}");
        }
        force(&site, table, &format!("{column} = {value}")).await;
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(&site.pool)
            .await
            .unwrap();
        assert!(rows > 0, "{table} has no row");
        for page in *pages {
            let log = Log::default();
            let answer = log.of(admin.get(page)).await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{table}.{column}: {page}: {}", answer.text());
            assert!(!answer.text().contains("leased"), "{page} tells what is in the database");
            is_logged_once(&log, &answer, &unknown(table, column, "leased"));
        }
    }
}

#[tokio::test]
async fn every_column_with_codes_is_read_by_a_page_of_the_sweep() {
    let site = Site::with_cast().await;
    let columns = sqlx::query_as(
        "select distinct c.conrelid::regclass::text, a.attname::text
         from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
         where c.contype = 'c' and c.connamespace = current_schema()::regnamespace and cardinality(c.conkey) = 1
           and pg_get_constraintdef(c.oid) like '%ARRAY[%::text%'",
    );
    let columns: Vec<(String, String)> = columns.fetch_all(&site.pool).await.unwrap();
    assert!(columns.len() > 25, "{columns:?}");
    for (table, column) in &columns {
        let is_swept = CODES.iter().any(|(of, name, ..)| of == table && name == column);
        let is_unread = UNREAD.iter().any(|(of, name)| of == table && name == column);
        assert!(is_swept != is_unread, "{table}.{column}: sweep it, or say that no page reads it");
    }
}

#[tokio::test]
async fn a_banner_of_a_kind_that_is_not_known_is_an_error_that_names_it() {
    let site = Site::with_cast().await;
    let banner =
        "insert into contents (name, text_en, text_fr, kind, changed_at) values ('banner', 'A', 'B', 'warning', now())";
    sqlx::raw_sql(banner).execute(&site.pool).await.unwrap();
    assert!(Catalogue::open(site.pool.clone(), clock()).await.is_ok());
    force(&site, "contents", "kind = 'leased'").await;
    let problem = format!("{:#}", Catalogue::open(site.pool.clone(), clock()).await.unwrap_err());
    assert!(problem.contains("contents.kind “leased” is not known"), "{problem}");
}

#[tokio::test]
async fn a_begun_sign_in_and_a_followed_thing_whose_language_is_not_known_are_errors() {
    let site = Site::with_cast().await;
    let sign_in = SignIn { nonce: "n".into(), verifier: "v".into(), lang: Lang::Fr, next: String::new() };
    sign_ins::begin(&site.pool, b"state", b"browser", &sign_in).await.unwrap();
    force(&site, "sign_ins", "lang = 'français'").await;
    let problem = format!("{:#}", sign_ins::take(&site.pool, b"state", b"browser").await.unwrap_err());
    assert!(problem.contains(&unknown("sign_ins", "lang", "français")), "{problem}");
    let open = crate::forms::fields(&site.get("/en/follow?image=nginx").await);
    let form = crate::forms::with(&open, &[("email", "ada@example.ca")]);
    let sent = crate::requests::post(&site, "/en/follow?image=nginx", &form).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text());
    let link: String = sqlx::query_scalar("select token from watches").fetch_one(&site.pool).await.unwrap();
    assert_eq!(site.get(&format!("/en/follow/{link}")).await.status, StatusCode::OK);
    force(&site, "watches", "lang = 'leased'").await;
    let log = Log::default();
    let answer = log.of(site.get(&format!("/en/follow/{link}"))).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    is_logged_once(&log, &answer, &unknown("watches", "lang", "leased"));
}

#[tokio::test]
async fn a_firmness_of_a_closed_round_that_is_not_known_is_an_error_that_names_it() {
    let site = Site::with_cast().await;
    crate::world::fill(&site).await;
    for statement in [
        "insert into round_results (round_id, image_id, place, name, departments, planned, funded, unnamed)
         select round_id, image_id, 1, 'nginx', 1, 1, 0, 0 from round_images",
        "insert into round_result_departments
           (round_id, image_id, place, acronym_en, acronym_fr, name_en, name_fr, with_en, with_fr, firmness)
         select round_id, image_id, 1, 'CSE', 'CST', 'x', 'x', '', '', 'planned' from round_results",
        "update rounds set closed_at = now()",
    ] {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&site.pool).await.unwrap();
    }
    let pages = ["/en/rounds/1/annex.csv", "/fr/rondes/1/annexe.json"];
    for page in pages {
        assert_eq!(site.get(page).await.status, StatusCode::OK, "{page}");
    }
    force(&site, "round_result_departments", "firmness = 'leased'").await;
    for page in pages {
        let log = Log::default();
        let answer = log.of(site.get(page)).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{page}: {}", answer.text());
        is_logged_once(&log, &answer, &unknown("round_result_departments", "firmness", "leased"));
    }
}

#[tokio::test]
async fn the_page_of_demand_never_shows_a_need_as_firm_as_nobody_knows() {
    for (table, column) in [("lines", "firmness"), ("request_items", "firmness")] {
        let site = Site::with_cast().await;
        crate::requests::ask(&site, "nginx", "CSE", &[("firmness-1", "planned")]).await;
        sqlx::raw_sql("update request_items set state = 'available'").execute(&site.pool).await.unwrap();
        let before = site.get("/en/demand").await.one("main");
        force(&site, table, &format!("{column} = 'leased'")).await;
        let problem = format!("{:#}", Catalogue::open(site.pool.clone(), clock()).await.unwrap_err());
        assert!(problem.contains(&unknown(table, column, "leased")), "{problem}");
        for page in ["/en/demand", "/fr/besoins"] {
            let answer = site.get(page).await;
            assert_eq!(answer.status, StatusCode::OK, "what was read last is shown: {}", answer.text());
            assert!(!answer.text().contains("leased"), "{page}");
        }
        assert_eq!(site.get("/en/demand").await.one("main"), before);
    }
    let site = Site::with_cast().await;
    let firmness = r#"after = case subject when 'line' then after || '{"firmness": "leased"}' else after end"#;
    force(&site, "changes", firmness).await;
    force(&site, "change_sets", "effective_at = '2026-11-01'").await;
    for page in ["/en/demand?as-at=2026-11-15", "/fr/besoins.csv?as-at=2026-11-15"] {
        let log = Log::default();
        let answer = log.of(site.get(page)).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{page}: {}", answer.text());
        is_logged_once(&log, &answer, "fields of the record: unknown variant `leased`");
    }
}
