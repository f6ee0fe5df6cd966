//! Every PRIMARY KEY, UNIQUE, CHECK and FOREIGN KEY constraint of the schema, held against what visitors send: where another
//! was quicker, or a value does not fit, the form comes again with what was typed and a sentence at its field.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use image_catalogue::web::visitor::{Role, Scope};
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::api_writes::Write;
use crate::constraint_acts::{Act, NEVER, acts};
use crate::forms::{fields, send, with};
use crate::support::{Answer, SignedIn, Site};
use crate::tokens::token;

/// The PRIMARY KEY, UNIQUE and CHECK constraints of the schema, unique indexes among them: table, name, the code of its
/// refusal.
async fn constraints(site: &Site) -> Vec<(String, String, String)> {
    let all = sqlx::query_as(
        "select conrelid::regclass::text, conname::text, case contype when 'c' then '23514' else '23505' end
         from pg_constraint where contype in ('p', 'u', 'c') and connamespace = current_schema()::regnamespace
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
async fn every_primary_unique_and_check_constraint_is_met_by_a_form_or_cannot_be_met_by_a_visitor() {
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
