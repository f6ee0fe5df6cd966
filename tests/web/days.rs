//! Every field and every parameter that is a day: what no calendar of the site has is refused with the format of the
//! language.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use image_catalogue::i18n::Lang;
use image_catalogue::web::visitor::Role;
use scraper::{ElementRef, Html, Selector};

use crate::forms::{send, with};
use crate::support::{Answer, SignedIn, Site};
use crate::{habits, three_way, world};

const WRONG: &[&str] =
    &["0001-01-01", "9999-12-31", "1989-12-31", "2201-01-01", "-9999-01-01", "31/12/2026", "2026-02-30", "2026-13-01"];
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

/// Every address that may read a day: the pages and files of a language, each report and its files.
fn addresses(lang: Lang, account: i64) -> Vec<String> {
    let reports = lang.of(
        ["overview", "changed", "renewals", "pooling"],
        ["apercu", "changements", "renouvellements", "mise-en-commun"],
    );
    let files = reports.into_iter().flat_map(|report| {
        let address = format!("{}/{report}", lang.of("/en/reports", "/fr/rapports"));
        ["", ".csv", ".xlsx", ".json", ".md"].map(|file| format!("{address}{file}"))
    });
    let new = lang.of("/en/staff/reports/new", "/fr/personnel/rapports/nouveau");
    let kept = [("changed", "added"), ("renewals", "renewals"), ("images", "images")];
    let kept = kept.map(|(report, table)| format!("{new}?report={report}&table={table}"));
    world::addresses_in(lang, account).into_iter().chain(files).chain(kept).collect()
}

/// What an answer says, without what differs each time.
fn says(answer: &Answer) -> String {
    let is_page = answer.header("content-type").starts_with("text/html");
    let text = if is_page { answer.all("main").concat() } else { answer.text().to_owned() };
    format!("{} {text}", answer.status)
}

#[tokio::test]
async fn every_parameter_of_a_day_refuses_what_is_none_and_names_the_format_of_the_language() {
    let site = Site::with_cast().await;
    world::fill(&site).await;
    let admin = site.sign_in(Role::Administrator).await;
    let overlong = format!("{}2026-12-31", "0".repeat(2_000));
    for lang in Lang::BOTH {
        let mut read = BTreeSet::new();
        for address in addresses(lang, admin.account) {
            let and = if address.contains('?') { '&' } else { '?' };
            for name in PARAMETERS {
                // What is asked for by it is another answer than by a parameter that no page has. A workbook differs each
                // second, and reads what its CSV reads.
                let (unread, same) = (format!("{}0", &name[1..]), address.replace(".xlsx", ".csv"));
                let known = admin.get(&format!("{same}{and}{name}=1990-01-01")).await;
                let passed_over = admin.get(&format!("{same}{and}{unread}=1990-01-01")).await;
                let is_recipient = name == &"to" && known.path.contains(lang.of("/staff/mail", "/personnel/courriel"));
                if is_recipient || says(&known) == says(&passed_over).replace(&unread, name) {
                    continue;
                }
                read.insert(format!("{address} {name}"));
                for wrong in WRONG.iter().copied().chain([&*overlong]) {
                    let answer = admin.get(&format!("{address}{and}{name}={}", wrong.replace('/', "%2F"))).await;
                    let of = format!("{address}{and}{name}={wrong}");
                    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{of}: {}", answer.text());
                    let format = lang.of("YYYY-MM-DD, from 1990 to 2200", "AAAA-MM-JJ, de 1990 à 2200");
                    assert!(answer.text().contains(format), "{of}: {}", answer.text());
                }
            }
        }
        assert!(read.len() >= 50, "{}: {read:?}", read.len());
    }
}

#[test]
fn every_parameter_that_is_read_as_a_day_is_in_the_sweep() {
    let reads = ["visit.day(\"", "given.day(\"", "asked().day(\""];
    for (path, text) in habits::files("src", "rs") {
        for name in reads.iter().flat_map(|read| text.split(read).skip(1)).filter_map(|rest| rest.split('"').next()) {
            assert!(PARAMETERS.contains(&name), "{}: {name}", path.display());
        }
    }
}
