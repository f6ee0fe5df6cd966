//! Every UNIQUE and CHECK constraint of the schema, held against what visitors send: where another was quicker, or a value
//! does not fit, the form comes again with what was typed and a sentence at its field.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use image_catalogue::web::visitor::{Role, Scope};
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::api_writes::Write;
use crate::forms::{fields, send, with};
use crate::requests::number;
use crate::support::{Answer, SignedIn, Site};
use crate::tokens::token;

/// A form, filled in so that it writes to these tables.
struct Act {
    address: &'static str,
    tables: &'static [&'static str],
    typed: Vec<(&'static str, String)>,
    button: &'static str,
    /// The fields that constraints of its tables are about.
    at: &'static [(&'static str, &'static str)],
    /// What no row can have: a field, a value, and the field at which it is said.
    wrong: &'static [(&'static str, &'static str)],
}

/// Tables that no visitor's act can bring into conflict with a constraint, and why.
const NEVER: &[(&str, &str)] = &[
    ("api_idempotency", "written under the lock of its token and key, looked up before"),
    ("catalogue_version", "one row, made by the migration"),
    ("change_sets", "the form's key and the act that is undone are looked up under the lock of all acts"),
    ("changes", "written by the record alone, from two states that differ"),
    ("feedback_events", "the form's key is looked up under the lock of the feedback; kinds are the program's own"),
    ("import_revisions", "written once an import, under the lock of all acts, with its own file's name and hash"),
    ("mail_events", "written by the sender of mail, not by a visit"),
    ("mail_files", "made by the program from a saved report whose size it holds to the limit"),
    ("mails", "its key is made by the program, and a second mail of a key is left out"),
    ("moved_references", "written by merging, under the lock of all acts"),
    ("quality_decisions", "the decision that stands is looked up under the lock of all acts"),
    ("reminder_digests", "written by the program's own clock, one a day; a second one is left out"),
    ("request_events", "kinds are the program's own"),
    ("round_answers", "how firm a need is is read from a list of three"),
    ("round_decisions", "a decision is read from a list of three"),
    ("round_events", "the form's key is looked up under the lock of the round; kinds are the program's own"),
    ("round_outcomes", "words in both languages are asked for at their fields"),
    ("saved_report_events", "the form's key is looked up, and a second event of a key or month is left out"),
    ("secrets", "one row, made by the migration"),
    ("security_events", "kinds are the program's own"),
    ("sessions", "its mark is 32 random bytes"),
    ("sign_ins", "the language is that of the address"),
    ("submissions", "kinds are the program's own"),
    ("uploads", "a file without a name gets one"),
];

#[allow(clippy::too_many_lines)] // a list
async fn acts(site: &Site) -> Vec<Act> {
    let cse = number(site, "CSE").await;
    let text =
        |fields: &[(&'static str, &str)]| fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    vec![
        Act {
            address: "/en/staff/images/new",
            tables: &["images", "registry_names", "other_names", "lines"],
            typed: text(&[
                ("name", "Quarkus"),
                ("registry-names", "quarkus"),
                ("other-names", "Supersonic"),
                ("description-en", "For Java"),
                ("description-fr", "Pour Java"),
                ("department-new", &cse),
            ]),
            button: "save",
            at: &[
                ("images_slug_unique", "name"),
                ("images_slug_form", "name"),
                ("images_key_unique", "name"),
                ("images_name_given", "name"),
                ("images_description_given", "description-en"),
                ("registry_names_form", "registry-names"),
                ("other_names_given", "other-names"),
                ("lines_one_for_each_image_and_organisation", "department-new"),
                ("lines_cells_given", "name"),
            ],
            wrong: &[("name", ""), ("name", "NGINX"), ("registry-names", "Not a name"), ("status-new", "leased")],
        },
        Act {
            address: "/en/staff/departments/new",
            tables: &["organisations"],
            typed: text(&[
                ("acronym-en", "ZZT"),
                ("acronym-fr", "ZZF"),
                ("name-en", "Zed Office"),
                ("name-fr", "Bureau Zed"),
                ("aliases", "Zeds"),
            ]),
            button: "save",
            at: &[
                ("organisations_acronym_en_unique", "acronym-en"),
                ("organisations_acronym_fr_unique", "acronym-fr"),
                ("organisations_not_own_parent", "parent"),
                ("organisations_named", "name-en"),
            ],
            wrong: &[("acronym-en", "CSE"), ("acronym-fr", "CST"), ("name-en", ""), ("aliases", "CSE")],
        },
        Act {
            address: "/en/staff/reports/new?report=renewals&table=renewals",
            tables: &["saved_reports"],
            typed: text(&[("name", "Every month")]),
            button: "save",
            at: &[
                ("saved_reports_named", "name"),
                ("saved_reports_period_known", "period"),
                ("saved_reports_days_where_fixed", "day-to"),
                ("saved_reports_days_in_order", "day-to"),
                ("saved_reports_lang_known", "language"),
                ("saved_reports_format_known", "format"),
            ],
            wrong: &[("name", ""), ("period", "leased"), ("language", "de"), ("format", "exe")],
        },
        Act {
            address: "/en/staff/tokens",
            tables: &["api_tokens"],
            typed: text(&[("name", "nightly"), ("reason", "Keeps dates"), ("days", "30"), ("scope", "read:record")]),
            button: "make",
            at: &[("api_tokens_named", "name"), ("api_tokens_expire_within_a_year", "days")],
            wrong: &[("name", ""), ("reason", ""), ("days", "400"), ("scope", "leased")],
        },
        Act {
            address: "/en/staff/rounds/new",
            tables: &["rounds"],
            typed: text(&[
                ("title-en", "Winter pool"),
                ("title-fr", "Campagne d’hiver"),
                ("words-en", "Together"),
                ("words-fr", "Ensemble"),
                ("closes-on", "2026-12-22"),
                ("threshold", "2"),
                ("images", "nginx"),
            ]),
            button: "save",
            at: &[("rounds_in_both_languages", "title-en"), ("rounds_threshold_sensible", "threshold")],
            wrong: &[("title-en", ""), ("threshold", "0"), ("threshold", "1001")],
        },
        Act {
            address: "/en/staff/costs",
            tables: &["prices"],
            typed: text(&[("image", "nginx"), ("price", "12"), ("months", "12"), ("source", "The contract")]),
            button: "enter",
            at: &[("prices_amount_known", "price"), ("prices_term_known", "months"), ("prices_with_source", "source")],
            wrong: &[("price", "-1"), ("months", "0"), ("months", "121"), ("source", "")],
        },
        Act {
            address: "/en/staff/content/banner",
            tables: &["contents"],
            typed: text(&[("text-en", "Closed on Monday"), ("text-fr", "Fermé lundi"), ("kind", "warning")]),
            button: "save",
            at: &[
                ("contents_name_unique", "text-en"),
                ("contents_in_one_language_at_least", "text-en"),
                ("contents_banner_in_both", "text-en"),
                ("contents_kind_known", "kind"),
            ],
            wrong: &[("text-fr", ""), ("kind", "leased")],
        },
        Act {
            address: "/en/feedback/new",
            tables: &["feedback"],
            typed: text(&[
                ("about", "site"),
                ("message", "It is good"),
                ("email", "ada@example.ca"),
                ("answer", "yes"),
            ]),
            button: "send",
            at: &[],
            wrong: &[("message", ""), ("about", "leased"), ("email", "")],
        },
        Act {
            address: "/en/requests/new",
            tables: &["requests", "request_items"],
            typed: text(&[
                ("image-1", "Apache Kafka"),
                ("department", &cse),
                ("contact-name", "Marie Tremblay"),
                ("contact-email", "marie@example.ca"),
            ]),
            button: "send",
            at: &[],
            wrong: &[("image-1", ""), ("department", ""), ("contact-email", "")],
        },
        Act {
            address: "/en/images/nginx/suggest",
            tables: &["suggestions"],
            typed: text(&[("description-en", "A web server")]),
            button: "send",
            at: &[],
            wrong: &[("name", "")],
        },
        Act {
            address: "/en/follow?image=nginx",
            tables: &["watches"],
            typed: text(&[("email", "ada@example.ca")]),
            button: "ask",
            at: &[],
            wrong: &[("email", ""), ("email", "ada")],
        },
        Act {
            address: "/en/staff/renewals",
            tables: &["terms"],
            typed: text(&[("line", "1"), ("decision", "renew"), ("date", "2028-01-01"), ("months", "12")]),
            button: "save",
            at: &[],
            wrong: &[("months", "0"), ("months", "121"), ("date", "")],
        },
        Act {
            address: "/en/staff/reminders",
            tables: &["renewal_owners"],
            typed: text(&[("organisation", &cse), ("email", "owner@example.ca")]),
            button: "add",
            at: &[],
            wrong: &[("email", ""), ("organisation", "0")],
        },
        Act {
            address: "/en/staff/accounts",
            tables: &["accounts"],
            typed: text(&[("email", "new@example.ca"), ("role", "staff")]),
            button: "add",
            at: &[],
            wrong: &[("email", ""), ("role", "leased")],
        },
    ]
}

/// The UNIQUE and CHECK constraints of the schema, unique indexes among them: table, name, the code of its refusal.
async fn constraints(site: &Site) -> Vec<(String, String, String)> {
    let all = sqlx::query_as(
        "select conrelid::regclass::text, conname::text, case contype when 'u' then '23505' else '23514' end
         from pg_constraint where contype in ('u', 'c') and connamespace = current_schema()::regnamespace
         union
         select i.indrelid::regclass::text, c.relname::text, '23505'
         from pg_index i join pg_class c on c.oid = i.indexrelid
         where i.indisunique and not i.indisprimary and c.relnamespace = current_schema()::regnamespace
         order by 1, 2",
    );
    let all: Vec<(String, String, String)> = all.fetch_all(&site.pool).await.unwrap();
    let of_program = |(table, ..): &(String, String, String)| !table.starts_with("_sqlx");
    all.into_iter().filter(of_program).collect()
}

async fn run(site: &Site, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&site.pool).await.unwrap();
}

/// Lets a table refuse each row as it does where another was quicker by a moment, or a value does not fit.
async fn refuse(site: &Site, table: &str, constraint: &str, code: &str) {
    let body = format!(
        "create or replace function refuse() returns trigger language plpgsql as $$ begin
           raise exception 'refused' using errcode = '{code}', constraint = '{constraint}', table = '{table}'; end $$;
         create trigger refuse before insert or update on {table} for each row execute function refuse();"
    );
    run(site, body).await;
}

async fn take_again(site: &Site, table: &str) {
    run(site, format!("drop trigger refuse on {table}")).await;
}

/// Its page's address in English and in French.
async fn addresses(person: &SignedIn<'_>, act: &Act) -> [String; 2] {
    [act.address.to_owned(), person.get(act.address).await.attributes("link[rel=alternate]", "href").concat()]
}

/// Where the page's forms are sent.
fn action(page: &Answer) -> String {
    page.attributes("main form[method=post]", "action").first().unwrap_or(&page.path).clone()
}

async fn sent(person: &SignedIn<'_>, address: &str, act: &Act, changed: &[(&str, &str)]) -> Answer {
    let page = person.get(address).await;
    assert_eq!(page.status, StatusCode::OK, "{address}");
    let typed: Vec<(&str, &str)> = act.typed.iter().map(|(name, value)| (*name, &**value)).collect();
    let typed = typed.into_iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    let all: Vec<(&str, &str)> = typed.chain(changed.iter().copied()).chain([("do", act.button)]).collect();
    send(person, &action(&page), &with(&fields(&page), &all)).await
}

/// Each field is looked at by its name: what was typed stands in it, or it is the one that is chosen.
fn keeps_what_was_typed(act: &Act, answer: &Answer, of: &str) {
    for (name, value) in
        act.typed.iter().filter(|(name, _)| !["department-new", "kind", "scope", "line"].contains(name))
    {
        let input = format!("main input[name=\"{name}\"]");
        let typed = answer.attributes(&format!("{input}:not([type=radio]):not([type=checkbox])"), "value");
        let chosen = answer.attributes(&format!("{input}[checked]"), "value");
        let selected = answer.attributes(&format!("main select[name=\"{name}\"] option[selected]"), "value");
        let written = answer.all(&format!("main textarea[name=\"{name}\"]"));
        let kept = [typed, chosen, selected, written].concat();
        assert!(kept.contains(value), "{of}: {name} was typed and is gone, {kept:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn every_unique_and_check_constraint_is_met_by_a_form_or_cannot_be_met_by_a_visitor() {
    let site = Site::with_cast().await;
    let all = constraints(&site).await;
    let acts = acts(&site).await;
    let met: BTreeSet<&str> = acts.iter().flat_map(|act| act.tables).copied().collect();
    let never: BTreeMap<&str, &str> = NEVER.iter().copied().collect();
    for (table, name, _) in &all {
        let (is_met, is_never) = (met.contains(&**table), never.contains_key(&**table));
        assert!(is_met != is_never, "{name} of {table}: let a form meet it, or say why no visitor can");
    }
    let names: BTreeSet<&str> = all.iter().map(|(_, name, _)| &**name).collect();
    let tables: BTreeSet<&str> = all.iter().map(|(table, ..)| &**table).collect();
    for (constraint, _) in acts.iter().flat_map(|act| act.at) {
        assert!(names.contains(constraint), "{constraint} is none of the schema");
    }
    for table in met.iter().chain(never.keys()) {
        assert!(tables.contains(table), "{table} has no such constraint");
    }
}

#[tokio::test]
async fn what_a_constraint_refuses_comes_again_with_what_was_typed_and_a_sentence() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let all = constraints(&site).await;
    let mut at_fields = 0;
    for act in acts(&site).await {
        for (table, name, code) in all.iter().filter(|(table, ..)| act.tables.contains(&&**table)) {
            refuse(&site, table, name, code).await;
            let [english, french] = addresses(&admin, &act).await;
            for (address, taken, unfit) in [
                (&*english, "Somebody else has just saved the same", "cannot be saved as it is"),
                (&*french, "Une autre personne vient d’enregistrer", "ne peut pas être enregistrée telle quelle"),
            ] {
                let of = format!("{address}: {name}");
                let answer = sent(&admin, address, &act, &[]).await;
                let words = if code == "23505" { taken } else { unfit };
                assert!(answer.text().contains(words), "{of}: {} {}", answer.status, answer.text());
                keeps_what_was_typed(&act, &answer, &of);
                if let Some((_, field)) = act.at.iter().find(|(constraint, _)| constraint == name) {
                    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{of}");
                    let told = answer.attributes(".error-summary a", "href");
                    assert_eq!(told, [format!("#{field}")], "{of}");
                    at_fields += 1;
                } else {
                    let status = if code == "23505" { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
                    assert_eq!(answer.status, status, "{of}");
                    assert_eq!(answer.attributes("main input[name=do]", "value"), ["edit"], "{of}");
                    let form = send(&admin, &action(&answer), &fields(&answer)).await;
                    assert!(form.status.is_success(), "{of}: {} {}", form.status, form.text());
                    keeps_what_was_typed(&act, &form, &of);
                }
            }
            take_again(&site, table).await;
        }
    }
    assert!(at_fields >= 60, "{at_fields}");
}

#[tokio::test]
async fn what_no_row_can_have_is_said_at_its_field_before_a_constraint_sees_it() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    for act in acts(&site).await {
        for (field, value) in act.wrong {
            for address in addresses(&admin, &act).await {
                let answer = sent(&admin, &address, &act, &[(field, value)]).await;
                let of = format!("{address}: {field}={value:?}");
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{of}: {}", answer.text());
                let told = answer.all(".error-summary, .error-message, [role=alert]").join(" ");
                assert!(told.len() > 10, "{of}: {}", answer.text());
            }
        }
        let taken = sent(&admin, act.address, &act, &[]).await;
        assert!(taken.status.is_redirection() || taken.status == StatusCode::OK, "{}: {}", act.address, taken.text());
    }
}

#[tokio::test]
async fn a_program_that_was_not_the_quicker_one_is_told_so_with_409() {
    let site = Site::with_cast().await;
    let bearer = token(&site, &[Scope::Status]).await;
    let etag = site.get("/api/v1/images/python").await.header("etag").to_owned();
    for (code, constraint, status, words) in [
        ("23505", "lines_one_for_each_image_and_organisation", StatusCode::CONFLICT, "only one can have"),
        ("23514", "lines_cells_given", StatusCode::UNPROCESSABLE_ENTITY, "does not fit the rules"),
    ] {
        refuse(&site, "lines", constraint, code).await;
        let said = json!({ "department": "ESDC", "status": "declined", "reason": "x" });
        let answer = Write::status("python", &bearer, &etag, constraint, &said).send(&site).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.text().contains(words), "{}", answer.text());
        take_again(&site, "lines").await;
    }
}
