//! Every field and every parameter that is a day: what no calendar of the site has is refused with the format of the
//! language.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use image_catalogue::web::visitor::Role;
use scraper::{ElementRef, Html, Selector};

use crate::forms::{send, with};
use crate::support::{Answer, SignedIn, Site};
use crate::{three_way, world};

const WRONG: &[&str] = &["0001-01-01", "9999-12-31", "1989-12-31", "2201-01-01", "-9999-01-01", "31/12/2026"];
/// Parameters that are days and have no field of their own on every page that reads them.
const PARAMETERS: &[&str] = &["as-at", "from", "to"];

fn select(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

/// A field for a day: its name, and the fields and the main button of its form; whether the form is sent with POST.
struct Day {
    name: String,
    is_post: bool,
    fields: Vec<(String, String)>,
    button: Option<String>,
}

fn value(field: ElementRef) -> Option<String> {
    let element = field.value();
    match element.name() {
        "textarea" => Some(field.text().collect()),
        "select" => {
            let chosen = field.select(&select("option[selected]")).next();
            let option = chosen.or_else(|| field.select(&select("option")).next())?;
            Some(option.value().attr("value").unwrap_or_default().to_owned())
        }
        _ if matches!(element.attr("type"), Some("checkbox" | "radio")) && element.attr("checked").is_none() => None,
        _ => Some(element.attr("value").unwrap_or_default().to_owned()),
    }
}

/// The fields of a form: those inside it, and those that name it.
fn within(form: ElementRef, fields: &str) -> (Selector, Selector) {
    let id = form.value().attr("id").unwrap_or("none");
    let beside = fields.split(", ").map(|field| format!("{field}[form='{id}']"));
    (select(fields), select(&beside.collect::<Vec<_>>().join(", ")))
}

fn days(page: &Answer) -> Vec<Day> {
    let html: Html = page.page();
    let mut days = Vec::new();
    for form in html.select(&select("main form")) {
        let named = |field: ElementRef| Some((field.value().attr("name")?.to_owned(), value(field)?));
        let (inside, beside) = within(form, "input[name], select[name], textarea[name]");
        let fields: Vec<_> = form.select(&inside).chain(html.select(&beside)).filter_map(named).collect();
        let pressed = select("button[name=do]");
        let buttons = form.select(&pressed).filter_map(|button| button.value().attr("value"));
        let buttons: Vec<String> = buttons.map(str::to_owned).collect();
        let button = buttons.iter().find(|button| *button == "save").or(buttons.last()).cloned();
        let (inside, beside) = within(form, "input[type=date]");
        for field in form.select(&inside).chain(html.select(&beside)) {
            let is_post = form.value().attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
            let name = field.value().attr("name").unwrap().to_owned();
            days.push(Day { name, is_post, fields: fields.clone(), button: button.clone() });
        }
    }
    days
}

fn names_the_format(answer: &Answer, of: &str) {
    let format =
        if answer.path.starts_with("/fr") { "AAAA-MM-JJ, de 1990 à 2200" } else { "YYYY-MM-DD, from 1990 to 2200" };
    assert!(answer.status.is_client_error(), "{of}: {} {}", answer.status, answer.text());
    let told = answer.all("main [role=alert], main .error-message").join(" ");
    assert!(told.contains(format), "{of}: {told:?} in {}", answer.text());
}

async fn refused(admin: &SignedIn<'_>, page: &Answer, address: &str, seen: &mut BTreeSet<String>) {
    let path = address.split('?').next().unwrap();
    for day in days(page) {
        seen.insert(format!(
            "{} {}",
            if day.is_post { "POST" } else { "GET" },
            day.name.trim_end_matches(char::is_numeric)
        ));
        for wrong in WRONG {
            let of = format!("{address}: {}={wrong}", day.name);
            if day.is_post {
                let mut changed = vec![(&*day.name, *wrong)];
                changed.extend(day.button.as_deref().map(|button| ("do", button)));
                names_the_format(&send(admin, path, &with(&day.fields, &changed)).await, &of);
            } else {
                let wrong = wrong.replace('/', "%2F");
                names_the_format(&admin.get(&format!("{path}?{}={wrong}", day.name)).await, &of);
            }
        }
    }
}

#[tokio::test]
async fn every_field_of_a_day_refuses_what_is_none_and_names_the_format_of_the_language() {
    let site = Site::with_cast().await;
    let private = world::fill(&site).await;
    let admin = site.sign_in(Role::Administrator).await;
    let file = "Image name,Department,Status\nredis,CSE,Procured\n";
    let upload = three_way::upload(&site, &admin, "more.csv", file).await;
    let mut seen = BTreeSet::new();
    let mut addresses = world::addresses(admin.account);
    addresses.extend(private.into_iter().chain([upload]));
    addresses.push("/en/staff/reports/new?report=changed&table=added".to_owned());
    addresses.push("/en/reports/changed".to_owned());
    for address in addresses {
        let page = admin.get(&address).await;
        let is_page = page.status == StatusCode::OK && page.header("content-type").starts_with("text/html");
        if !is_page || days(&page).is_empty() {
            continue;
        }
        refused(&admin, &page, &address, &mut seen).await;
        let there = page.attributes("link[rel=alternate]", "href").concat();
        refused(&admin, &admin.get(&there).await, &there, &mut seen).await;
    }
    for field in [
        "POST closes-on",
        "POST date",
        "POST date-new",
        "POST needed-by-",
        "POST until",
        "POST valid-from",
        "POST as-at",
        "POST as-of",
        "POST day-from",
        "POST day-to",
        "GET as-at",
        "GET from",
        "GET to",
    ] {
        assert!(seen.contains(field), "{field}: {seen:?}");
    }
}

#[tokio::test]
async fn every_parameter_of_a_day_refuses_what_is_none_and_names_the_format_of_the_language() {
    let site = Site::with_cast().await;
    let mut read = BTreeSet::new();
    let admin = site.sign_in(Role::Administrator).await;
    for address in world::addresses(admin.account) {
        let path = address.split('?').next().unwrap();
        for name in PARAMETERS {
            // Where a day that can be is another page or is refused, the parameter is read.
            let plain = admin.get(path).await;
            if plain.status != StatusCode::OK {
                continue;
            }
            let is_read = admin.get(&format!("{path}?{name}=x")).await.status == StatusCode::BAD_REQUEST;
            if !is_read {
                continue;
            }
            read.insert(format!("{path} {name}"));
            for wrong in WRONG {
                let answer = admin.get(&format!("{path}?{name}={}", wrong.replace('/', "%2F"))).await;
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}?{name}={wrong}");
                assert!(answer.text().contains("YYYY-MM-DD, from 1990 to 2200"), "{path}: {}", answer.text());
            }
        }
    }
    assert!(read.len() >= 12, "{read:?}");
}
