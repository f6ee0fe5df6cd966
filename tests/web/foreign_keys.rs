//! Every FOREIGN KEY of the schema: what a row refers to is never deleted, and a number that nothing has is refused by its
//! form before a key sees it.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use image_catalogue::web::visitor::Role;

use crate::forms::{send, with};
use crate::habits::files;
use crate::support::Site;
use crate::world::{addresses, fill, forms};

#[tokio::test]
async fn a_row_that_others_refer_to_is_never_deleted() {
    let site = Site::with_cast().await;
    let referred: Vec<String> = sqlx::query_scalar(
        "select distinct confrelid::regclass::text from pg_constraint
         where contype = 'f' and connamespace = current_schema()::regnamespace order by 1",
    )
    .fetch_all(&site.pool)
    .await
    .unwrap();
    assert!(referred.len() > 10, "{referred:?}");
    let mut deleted = BTreeSet::new();
    for (path, text) in files("src", "rs") {
        for part in text.split("delete from ").skip(1) {
            let table: String = part.chars().take_while(|one| one.is_ascii_lowercase() || *one == '_').collect();
            assert!(!referred.contains(&table), "{}: rows of {table} have others that refer to them", path.display());
            deleted.insert(table);
        }
    }
    assert!(deleted.len() > 10, "{deleted:?}");
}

#[tokio::test]
async fn a_number_that_nothing_has_is_never_a_fault_in_any_form() {
    let site = Site::with_cast().await;
    fill(&site).await;
    let admin = site.sign_in(Role::Administrator).await;
    let mut sent = BTreeSet::new();
    for address in addresses(admin.account) {
        let page = admin.get(&address).await;
        if page.status != StatusCode::OK || !page.header("content-type").starts_with("text/html") {
            continue;
        }
        let actions = page.attributes("main form[method=post]", "action");
        for (form, action) in forms(&page).into_iter().zip(actions) {
            let is_number = |value: &str| value.parse::<i64>().is_ok();
            let open: Vec<_> = form.fields.iter().map(|field| (field.name.clone(), field.value.clone())).collect();
            let chosen = form.fields.iter().filter(|field| field.kind == "choice" || is_number(&field.value));
            for field in chosen.filter(|field| !["key", "base"].contains(&&*field.name)) {
                for button in &form.buttons {
                    let wrong = [(&*field.name, "9007199254740991"), ("do", button)];
                    let answer = send(&admin, &action, &with(&open, &wrong)).await;
                    let of = format!("{address}: {} by {button}", field.name);
                    assert!(!answer.status.is_server_error(), "{of}: {} {}", answer.status, answer.text());
                    sent.insert((address.clone(), field.name.clone()));
                }
            }
        }
    }
    assert!(sent.len() > 30, "{}: {sent:?}", sent.len());
}
