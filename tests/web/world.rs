//! A site with something of everything, and every page of it: what the sweeps over forms go through.

use image_catalogue::i18n::Lang;
use image_catalogue::people::db::accounts;
use image_catalogue::web::visitor::Role;
use scraper::{ElementRef, Html, Selector};

use crate::forms::{fields, save, send, with};
use crate::requests::{ask, number, post};
use crate::support::{Answer, SignedIn, Site};

/// A field of a form: its name, its kind (`text`, `email`, …) as typed into, its value.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub kind: String,
    pub value: String,
    /// Who reads it, as the page says beside it or above its form.
    pub readers: Option<String>,
}

impl Field {
    /// Whether a person types words into it; what only a program fills and what only searches apart.
    pub fn is_text(&self) -> bool {
        ["text", "email"].contains(&&*self.kind) && !["website", "q"].contains(&&*self.name)
    }

    /// Whether it takes an address of mail.
    pub fn is_email(&self) -> bool {
        self.kind == "email" || self.name.ends_with("email") || self.name == "contact"
    }
}

/// A form that is sent with POST, as a page shows it.
#[derive(Clone, Debug)]
pub struct PageForm {
    pub fields: Vec<Field>,
    /// The values of its buttons.
    pub buttons: Vec<String>,
}

fn select(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

fn kind(field: ElementRef) -> String {
    match (field.value().name(), field.value().attr("type"), field.value().attr("inputmode")) {
        ("textarea", ..) | ("input", None | Some("text" | "search"), None) => "text",
        ("input", Some(kind), _) => kind,
        ("input", None, Some(_)) => "number",
        _ => "choice",
    }
    .to_owned()
}

/// What the page says of who reads a field: the hint that describes it, or else the sentence above its form.
fn readers(html: &Html, form: ElementRef, field: ElementRef) -> Option<String> {
    let described = field.value().attr("aria-describedby").unwrap_or_default();
    let own = described.split_whitespace().find_map(|id| {
        let hint = html.select(&select(&format!("[id='{id}'] [data-readers]"))).next()?;
        hint.value().attr("data-readers").map(str::to_owned)
    });
    let above =
        || form.select(&select("[data-form-readers]")).next()?.value().attr("data-form-readers").map(str::to_owned);
    own.or_else(above)
}

fn value(field: ElementRef) -> String {
    match field.value().name() {
        "textarea" => field.text().collect(),
        "select" => {
            let options = field.select(&select("option[selected]")).next();
            let option = options.or_else(|| field.select(&select("option")).next());
            option.and_then(|option| option.value().attr("value")).unwrap_or_default().to_owned()
        }
        _ => field.value().attr("value").unwrap_or_default().to_owned(),
    }
}

/// The forms of a page's main part that are sent with POST.
pub fn forms(page: &Answer) -> Vec<PageForm> {
    let html = page.page();
    let of = |form: ElementRef| {
        let (inputs, pressed) = (select("input[name], textarea[name], select[name]"), select("button[name=do]"));
        let all = form.select(&inputs);
        let is_sent = |field: &ElementRef| {
            let is_choice = matches!(field.value().attr("type"), Some("checkbox" | "radio"));
            !is_choice || field.value().attr("checked").is_some()
        };
        let fields = all.filter(is_sent).map(|field| Field {
            name: field.value().attr("name").unwrap().to_owned(),
            kind: kind(field),
            value: value(field),
            readers: readers(&html, form, field),
        });
        let buttons = form.select(&pressed);
        PageForm {
            fields: fields.collect(),
            buttons: buttons.filter_map(|button| button.value().attr("value").map(str::to_owned)).collect(),
        }
    };
    html.select(&select("main form[method=post]")).map(of).collect()
}

/// A member of a department.
pub async fn member(site: &Site) -> SignedIn<'_> {
    let organisation = Some(number(site, "CSE").await.parse().unwrap());
    let (issuer, subject) = (Some("https://issuer.example"), Some("member"));
    let new = accounts::New { issuer, subject, email: "", name: "member", role: Role::Member, organisation };
    let account = accounts::add(&site.pool, &new).await.unwrap().unwrap();
    site.sign_in_as(account).await
}

/// Puts something of everything into a site; the private addresses of a request and of feedback.
pub async fn fill(site: &Site) -> [String; 2] {
    let request = ask(site, "Apache Kafka", "CSE", &[]).await;
    let open = fields(&site.get("/en/feedback/new").await);
    let said = [
        ("about", "site"),
        ("message", "It is good"),
        ("email", "ada@example.ca"),
        ("wants-answer", "1"),
        ("do", "send"),
    ];
    let feedback = post(site, "/en/feedback/new", &with(&open, &said)).await.header("location").to_owned();
    let open = fields(&site.get("/en/images/nginx/suggest").await);
    post(site, "/en/images/nginx/suggest", &with(&open, &[("description-en", "A web server"), ("do", "send")])).await;
    let admin = site.sign_in(Role::Administrator).await;
    let round = [
        ("title-en", "Winter pool"),
        ("title-fr", "Campagne d’hiver"),
        ("words-en", "Together"),
        ("words-fr", "Ensemble"),
        ("closes-on", "2026-12-22"),
        ("threshold", "2"),
        ("images", "nginx"),
    ];
    save(&admin, "/en/staff/rounds/new", &round).await;
    let open = fields(&admin.get("/en/staff/tokens").await);
    let token = [
        ("name", "pipeline"),
        ("reason", "Keeps dates true"),
        ("days", "30"),
        ("scope", "read:record"),
        ("do", "make"),
    ];
    send(&admin, "/en/staff/tokens", &with(&open, &token)).await;
    let saved = "/en/staff/reports/new?report=renewals&table=renewals";
    let open = fields(&admin.get(saved).await);
    send(&admin, "/en/staff/reports/new", &with(&open, &[("name", "Renewals"), ("do", "save")])).await;
    [request, feedback]
}

/// The addresses of every page and file in a language, with what is in the site in the place of each part.
pub fn addresses_in(lang: Lang, account: i64) -> Vec<String> {
    let staff = image_catalogue::STAFF_PAGES.iter().map(|(route, _)| route);
    let all = image_catalogue::PAGES.iter().chain(staff).chain(image_catalogue::ACTS.iter());
    let with_parts = |route: &image_catalogue::web::routes::Route| {
        let id = if route.en.contains("accounts") { account.to_string() } else { "1".to_owned() };
        let address = route.pattern(lang).replace("{slug}", "nginx").replace("{id}", &id);
        let address = address.replace("{acronym}", lang.of("NRCan", "RNCan")).replace("{name}", "banner");
        let address = address.replace("{report}", lang.of("overview", "apercu"));
        let address = address.replace("{file}", lang.of("costs.csv", "couts.csv"));
        address.replace("{reference}", "REQ-2026-0001")
    };
    let all = all.map(with_parts);
    all.filter(|address| !address.contains('{')).collect()
}

/// The addresses of every page in English, and of some that are asked for with parameters.
pub fn addresses(account: i64) -> Vec<String> {
    let mut all = addresses_in(Lang::En, account);
    for decision in ["assign", "accept", "decline", "available", "merge", "release", "discard"] {
        all.push(format!("/en/staff/requests/decide?do={decision}&item=1"));
    }
    all.extend(
        [
            "/en/follow?image=nginx",
            "/en/staff/content/using-images",
            "/en/staff/reports/new?report=renewals&table=renewals",
        ]
        .map(str::to_owned),
    );
    all
}
