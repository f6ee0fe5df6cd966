//! No page has two texts of which one button sends only one: what is typed is never lost by the other's button.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use image_catalogue::people::db::accounts;
use image_catalogue::web::visitor::Role;
use scraper::{ElementRef, Html, Selector};

use crate::support::{Answer, CAST, SignedIn, Site};
use crate::world::{addresses, fill, member};

/// What a person can fill.
const FIELDS: &str = "input[name]:not([type=hidden]), textarea[name], select[name]";

fn select(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

/// The addresses of every page, those of one visitor alone too.
async fn all_of(site: &Site, account: i64, [request, feedback]: [String; 2]) -> Vec<String> {
    let other = member(site).await.account;
    let (email, name, role) = ("local@example.ca", "local", Role::Staff);
    let local = accounts::New { issuer: None, subject: None, email, name, role, organisation: None };
    let local = accounts::add(&site.pool, &local).await.unwrap().unwrap();
    let mut all = addresses(account);
    all.extend([request.clone(), feedback, request.replacen('?', "/modifier?", 1)]);
    all.extend([
        format!("/en/staff/accounts/{other}"),
        format!("/en/staff/accounts/{local}"),
        "/en/staff/rounds/new".to_owned(),
    ]);
    all
}

#[tokio::test]
async fn no_page_has_two_forms_with_texts_side_by_side() {
    let site = Site::with_cast().await;
    let private = fill(&site).await;
    let admin = site.sign_in(Role::Administrator).await;
    let mut texts = 0;
    for address in all_of(&site, admin.account, private).await {
        for page in [site.get(&address).await, admin.get(&address).await] {
            if !page.status.is_success() || !page.header("content-type").starts_with("text/html") {
                continue;
            }
            let text = "input:not([type]), input[type=text], input[type=search], input[type=email], textarea";
            let count = forms_with(&page, "main form", text);
            assert!(count <= 1, "{address}: {count} forms side by side have texts");
            texts += count;
            let count = forms_with(&page, "main form[method=post]", FIELDS);
            assert!(count <= 1, "{address}: {count} forms side by side have fields");
        }
    }
    assert!(texts > 40, "the sweep sees the forms: {texts}");
}

/// How many of a page's forms have such fields, with names.
fn forms_with(page: &Answer, forms: &str, fields: &str) -> usize {
    let (html, fields) = (page.page(), select(fields));
    let has_some = |form: &ElementRef| form.select(&fields).any(|field| field.value().attr("name").is_some());
    html.select(&select(forms)).filter(has_some).count()
}

/// A form as somebody has filled it: what is sent along, and what was typed and chosen, field by field.
#[derive(Default)]
struct Filled {
    hidden: Vec<(String, String)>,
    chosen: BTreeMap<String, BTreeSet<String>>,
    /// The markers among that.
    texts: BTreeMap<String, String>,
}

/// Fills a form otherwise than it is: a marker in each text, another choice of each.
fn fill_in(form: ElementRef, markers: &mut usize) -> Filled {
    let mut filled = Filled::default();
    for field in form.select(&select("input[name], textarea[name], select[name]")) {
        let element = field.value();
        let (name, value) = (element.attr("name").unwrap().to_owned(), element.attr("value").unwrap_or_default());
        let kind = element.attr("type").unwrap_or(if element.name() == "select" { "select" } else { "text" });
        if kind == "hidden" || name == "website" {
            filled.hidden.push((name, value.to_owned()));
            continue;
        }
        let chosen = filled.chosen.entry(name.clone()).or_default();
        match kind {
            "checkbox" if element.attr("checked").is_none() => _ = chosen.insert(value.to_owned()),
            "radio" if element.attr("checked").is_none() => *chosen = [value.to_owned()].into(),
            "checkbox" | "radio" => {}
            "select" => {
                let options: Vec<_> = field.select(&select("option:not([selected])")).collect();
                let value = options.last().and_then(|option| option.value().attr("value")).unwrap_or_default();
                chosen.insert(value.to_owned());
            }
            "date" => _ = chosen.insert("2026-12-24".to_owned()),
            _ if element.attr("inputmode").is_some() => _ = chosen.insert("7".to_owned()),
            _ => {
                *markers += 1;
                let marker = format!("zq{markers:04}x");
                chosen.insert(if kind == "email" { format!("{marker}@example.ca") } else { marker.clone() });
                filled.texts.insert(name, marker);
            }
        }
    }
    filled
}

/// What a page's forms hold, as it stands: field by field.
fn held(html: &Html) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::<String, BTreeSet<String>>::new();
    for field in html.select(&select("main form [name]")).filter(|field| field.value().name() != "button") {
        let element = field.value();
        let held = all.entry(element.attr("name").unwrap().to_owned()).or_default();
        let value = || element.attr("value").unwrap_or_default().to_owned();
        match (element.name(), element.attr("type")) {
            ("textarea", _) => _ = held.insert(field.text().collect::<String>().trim_start_matches('\n').to_owned()),
            ("select", _) => {
                let option = field.select(&select("option[selected]")).next();
                let option = option.or_else(|| field.select(&select("option")).next());
                let value = option.and_then(|option| option.value().attr("value")).unwrap_or_default();
                held.insert(value.to_owned());
            }
            (_, Some("checkbox" | "radio")) if element.attr("checked").is_none() => {}
            _ => _ = held.insert(value()),
        }
    }
    all
}

/// Whether one of these texts was stored: anywhere but where forms wait for a person to sign in.
async fn is_stored(site: &Site, markers: impl IntoIterator<Item = &String>) -> bool {
    let markers: Vec<&str> = markers.into_iter().map(|marker| &**marker).collect();
    if markers.is_empty() {
        return false;
    }
    let any = markers.join("|");
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.tables
         where table_schema = current_schema() and table_name <> 'kept_forms'",
    )
    .fetch_all(&site.pool)
    .await
    .unwrap();
    let looks = tables.iter().map(|table| format!("exists (select from {table} t where t::text ~ '{any}')"));
    let looks = format!("select {}", looks.collect::<Vec<_>>().join(" or "));
    sqlx::query_scalar(sqlx::AssertSqlSafe(looks)).fetch_one(&site.pool).await.unwrap()
}

async fn open(site: &Site, person: Option<&SignedIn<'_>>, address: &str) -> Answer {
    match person {
        Some(person) => person.get(address).await,
        None => site.get(address).await,
    }
}

/// Fills a form of a page, presses a button of it, and says what was lost; none where the page has no such button now.
async fn press(
    site: &Site,
    person: Option<&SignedIn<'_>>,
    address: &str,
    place: usize,
    button: &str,
    markers: &mut usize,
) -> Option<Vec<String>> {
    let page = open(site, person, address).await;
    let (action, filled) = {
        let html = page.page();
        let form = html.select(&select("main form[method=post]")).nth(place)?;
        form.select(&select("button[name=do]")).find(|pressed| pressed.value().attr("value") == Some(button))?;
        (form.value().attr("action").unwrap_or(address).to_owned(), fill_in(form, markers))
    };
    let chosen = filled.chosen.iter().flat_map(|(name, values)| values.iter().map(move |value| (&**name, &**value)));
    let hidden = filled.hidden.iter().map(|(name, value)| (&**name, &**value));
    let sent: Vec<(&str, &str)> = hidden.chain(chosen).chain([("do", button)]).collect();
    let mut answer = match person {
        Some(person) => person.post(&action, &sent).await,
        None => site.post(&action, &sent).await,
    };
    if answer.status == StatusCode::SEE_OTHER {
        answer = open(site, person, answer.header("location")).await;
    }
    let shown = held(&answer.page());
    let is_taken = is_stored(site, filled.texts.values()).await;
    let mut lost = Vec::new();
    for (name, chosen) in &filled.chosen {
        let is_shown = shown.get(name).is_some_and(|shown| shown == chosen);
        let is_lost = match filled.texts.get(name) {
            Some(marker) => !is_shown && !answer.text().contains(&**marker) && !is_stored(site, [marker]).await,
            // What was taken whole stands in an empty form no more.
            None => !is_taken && !is_shown && shown.contains_key(name),
        };
        if is_lost {
            lost.push(format!(
                "{address} {button}: {name} was {chosen:?}, is {:?} ({})",
                shown.get(name),
                answer.status
            ));
        }
    }
    Some(lost)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_button_of_a_form_loses_what_was_typed_or_chosen_for_another() {
    let (mut lost, mut pressed, mut markers) = (Vec::new(), 0, 0);
    let mut site = Site::with(CAST, &["--local-accounts", "on"]).await;
    let mut all = buttons(&site).await;
    assert!(all.len() > 30, "the sweep sees the buttons: {}", all.len());
    while let Some((is_staff, address, place, button)) = all.pop() {
        for is_new in [false, true] {
            if is_new {
                site = Site::with(CAST, &["--local-accounts", "on"]).await;
                buttons(&site).await;
            }
            let admin = site.sign_in(Role::Administrator).await;
            let person = is_staff.then_some(&admin);
            if let Some(found) = press(&site, person, &address, place, &button, &mut markers).await {
                lost.extend(found);
                pressed += 1;
                break;
            }
        }
    }
    assert!(lost.is_empty(), "{pressed} pressed: {lost:#?}");
}

/// Fills a site; every button of every form that has more than one: of whom, where, in which form.
async fn buttons(site: &Site) -> Vec<(bool, String, usize, String)> {
    let private = fill(site).await;
    let admin = site.sign_in(Role::Administrator).await;
    let mut all = Vec::new();
    for address in all_of(site, admin.account, private).await {
        for person in [None, Some(&admin)] {
            let page = open(site, person, &address).await;
            if !page.status.is_success() || !page.header("content-type").starts_with("text/html") {
                continue;
            }
            let html = page.page();
            for (place, form) in html.select(&select("main form[method=post]")).enumerate() {
                let pressed = select("button[name=do]");
                let buttons: BTreeSet<_> =
                    form.select(&pressed).filter_map(|button| button.value().attr("value")).collect();
                let is_filled = form.select(&select(FIELDS)).next().is_some();
                if buttons.len() > 1 && is_filled {
                    all.extend(
                        buttons.iter().map(|button| (person.is_some(), address.clone(), place, (*button).to_owned())),
                    );
                }
            }
        }
    }
    all
}
