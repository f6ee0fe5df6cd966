//! Every form says truly who reads what is typed into it: a marker through every field, and where it comes out.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::web::visitor::Role;
use tower::ServiceExt;

use crate::breaking::{Breaker, breaking};
use crate::support::{Answer, SignedIn, Site};
use crate::world::{PageForm, addresses, fill, forms, member};

/// Who reads something, by where it is found.
const STAFF: u8 = 1;
const SENDER: u8 = 2;
const EVERYONE: u8 = 3;

fn level(code: &str) -> u8 {
    match code {
        "staff" => STAFF,
        "own" | "sender" => SENDER,
        "everyone" => EVERYONE,
        other => panic!("{other}"),
    }
}

/// A site, who works with it, and what was found so far: form and field, with who was said to read it and who does.
struct Sweep<'s> {
    site: &'s Site,
    admin: SignedIn<'s>,
    member: SignedIn<'s>,
    private: Vec<String>,
    markers: usize,
    found: BTreeMap<(String, String), (u8, u8)>,
    /// Breaks the way to the database after each act's commit, where that is what is tried.
    breaker: Option<Arc<Breaker>>,
    /// Acts that wrote by one statement, or nothing.
    unbroken: Vec<String>,
}

impl<'s> Sweep<'s> {
    async fn new(site: &'s Site, private: [String; 2], breaker: Option<Arc<Breaker>>) -> Sweep<'s> {
        let (admin, member) = (site.sign_in(Role::Administrator).await, member(site).await);
        let (private, found) = (private.into(), BTreeMap::new());
        Sweep { site, admin, member, private, markers: 0, found, breaker, unbroken: Vec::new() }
    }

    /// Sends the form of a page that has this button, a marker in every text, these fields as they are given.
    async fn send(&mut self, who: &str, open: &str, button: &str, given: &[(&str, &str)]) -> Answer {
        let page = match who {
            "visitor" => self.site.get(open).await,
            "member" => self.member.get(open).await,
            _ => self.admin.get(open).await,
        };
        let has_it = |form: &&PageForm| form.buttons.iter().any(|value| value == button);
        let all = forms(&page);
        let largest = || all.iter().max_by_key(|form| form.fields.len());
        let form = all.iter().find(has_it).or_else(largest).cloned().unwrap_or_else(|| panic!("{open}: no form"));
        let (mut sent, mut traced) = (Vec::new(), Vec::new());
        for field in form.fields.iter().filter(|field| given.iter().all(|(name, _)| *name != field.name)) {
            let is_text = ["text", "email"].contains(&&*field.kind) && !["website", "q"].contains(&&*field.name);
            let value = if is_text {
                self.markers += 1;
                let marker = format!("zq{:03}x", self.markers);
                let said =
                    field.readers.clone().unwrap_or_else(|| panic!("{open}: nothing says who reads {}", field.name));
                traced.push((field.name.clone(), marker.clone(), level(&said)));
                if field.kind == "email" || field.name.ends_with("email") || field.name == "contact" {
                    format!("{marker}@example.ca")
                } else {
                    marker
                }
            } else {
                field.value.clone()
            };
            sent.push((field.name.clone(), value));
        }
        sent.extend(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        sent.push(("do".to_owned(), button.to_owned()));
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (&**name, &**value)).collect();
        // A form is sent to its own page, but for a new report, which is sent to its address without the choice.
        let action = open.split('?').next().unwrap();
        let action = if open.contains("key=") || open.contains("follow?") { open } else { action };
        if let Some(breaker) = &self.breaker {
            breaker.arm();
        }
        let answer = match who {
            "visitor" => self.site.post(action, &sent).await,
            "member" => self.member.post(action, &sent).await,
            _ => self.admin.post(action, &sent).await,
        };
        let fine = [StatusCode::SEE_OTHER, StatusCode::OK].contains(&answer.status);
        let problems = if fine { Vec::new() } else { answer.all(".error-summary, .notice-warning, main") };
        assert!(fine, "{open} {button}: {} {problems:?}", answer.status);
        if answer.header("location").contains("key=") || answer.header("location").starts_with("/en/feedback/") {
            self.private.push(answer.header("location").to_owned());
        }
        let Some(breaker) = &self.breaker else {
            self.look(open, &traced).await;
            return answer;
        };
        if !breaker.mend() {
            self.unbroken.push(format!("{open} {button}"));
        }
        self.site.catalogue.refresh().await.unwrap();
        answer
    }

    /// Where markers come out.
    async fn look(&mut self, open: &str, traced: &[(String, String, u8)]) {
        let [staff, sender, everyone] = self.everything().await;
        for (name, marker, said) in traced {
            let seen = match () {
                () if everyone.contains(marker) => EVERYONE,
                () if sender.contains(marker) => SENDER,
                () if staff.contains(marker) => STAFF,
                () => 0,
            };
            assert!(seen <= *said, "{open}: {name} is said to be read by {said} and is by {seen}");
            let form = open.trim_end_matches(|last: char| last.is_ascii_digit()).to_owned();
            let entry = self.found.entry((form, name.clone())).or_insert((*said, 0));
            entry.1 = entry.1.max(seen);
        }
    }

    /// What staff, whoever wrote, and everyone can read, as text.
    async fn everything(&self) -> [String; 3] {
        let mut all = [String::new(), String::new(), String::new()];
        let mails: Vec<(String, String, String)> =
            sqlx::query_as("select recipient, subject || plain || html, kind from mails")
                .fetch_all(&self.site.pool)
                .await
                .unwrap();
        for (recipient, text, kind) in mails {
            let place = usize::from(["request", "feedback", "watch"].contains(&&*kind));
            all[place].extend([recipient, text]);
        }
        for address in &self.private {
            all[1].push_str(&raw(self.site, address, "").await);
        }
        let newest: Vec<i64> = sqlx::query_scalar("select id from change_sets order by id desc limit 3")
            .fetch_all(&self.site.pool)
            .await
            .unwrap();
        let slugs: Vec<String> =
            sqlx::query_scalar("select slug from images where not removed order by id desc limit 3")
                .fetch_all(&self.site.pool)
                .await
                .unwrap();
        let mut more: Vec<String> = newest.iter().map(|id| format!("/en/changes/{id}")).collect();
        more.extend(slugs.iter().chain([&"nginx".to_owned()]).flat_map(|slug| {
            [format!("/en/images/{slug}"), format!("/fr/images/{slug}"), format!("/api/v1/images/{slug}")]
        }));
        more.extend(
            [
                "/fr/",
                "/fr",
                "/en/rounds/1",
                "/fr/rondes",
                "/en/rounds/1/annex.csv",
                "/api/v1/changes",
                "/api/v1/images",
                "/fr/changements.csv",
                "/fr/guides/utiliser-les-images",
                "/en/departments",
                "/fr/ministeres",
            ]
            .map(str::to_owned),
        );
        more.extend((1..4).map(|id| format!("/en/rounds/{id}")));
        more.extend((1..4).map(|id| format!("/fr/rondes/{id}")));
        more.extend((1..8).flat_map(|id| {
            [
                format!("/en/staff/requests/REQ-2026-000{id}"),
                format!("/en/staff/feedback/{id}"),
                format!("/en/staff/suggestions/{id}"),
                format!("/en/staff/rounds/{id}"),
                format!("/en/staff/tokens/{id}"),
                format!("/en/staff/reports/{id}"),
                format!("/en/staff/mail/{id}"),
            ]
        }));
        let tokens: Vec<String> =
            sqlx::query_scalar("select id from api_tokens").fetch_all(&self.site.pool).await.unwrap();
        more.extend(tokens.iter().map(|id| format!("/en/staff/tokens/{id}")));
        more.push("/en/staff/quality?show=decided".to_owned());
        more.push("/en/staff/suggestions?state=decided".to_owned());
        for address in addresses(self.admin.account).into_iter().chain(more) {
            for (place, cookie) in [(2, ""), (0, self.admin.cookie.as_str())] {
                all[place].push_str(&raw(self.site, &address, cookie).await);
            }
        }
        all
    }
}

/// The text of an address, not looked at closely.
async fn raw(site: &Site, address: &str, cookie: &str) -> String {
    let request = Request::get(address).header("cookie", cookie).body(Body::empty()).unwrap();
    let response = site.router.clone().oneshot(request).await.unwrap();
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
    if !response.status().is_success() || !["text", "json", "xml"].iter().any(|text| kind.contains(text)) {
        return String::new();
    }
    String::from_utf8_lossy(&axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap()).into_owned()
}

#[tokio::test]
async fn what_every_field_says_of_who_reads_it_is_where_it_comes_out() {
    let site = Site::with_cast().await;
    let private = fill(&site).await;
    let mut sweep = Sweep::new(&site, private, None).await;
    act_everywhere(&mut sweep).await;
    let untrue = |((form, field), (said, seen)): (&(String, String), &(u8, u8))| {
        (said != seen).then(|| format!("{form}: {field} is said to be read by {said} and is by {seen}"))
    };
    let untrue: Vec<String> = sweep.found.iter().filter_map(untrue).collect();
    assert!(untrue.is_empty(), "{untrue:#?}");
    assert!(sweep.markers > 60, "{}", sweep.markers);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_is_answered_with_success_though_nothing_can_be_read_after_its_commit() {
    let filled = Site::with_cast().await;
    let private = fill(&filled).await;
    let (site, breaker) = breaking(&filled).await;
    let mut sweep = Sweep::new(&site, private, Some(Arc::clone(&breaker))).await;
    act_everywhere(&mut sweep).await;
    let broken = breaker.broken.load(std::sync::atomic::Ordering::SeqCst);
    assert!(broken > 30, "{broken}; not broken: {:#?}", sweep.unbroken);
    // A price and an owner of reminders are one statement each, and the page of a form that was previewed writes nothing.
    let by_one_statement = ["/en/staff/costs enter", "/en/staff/reminders add", "/en/staff/renewals preview"];
    sweep.unbroken.retain(|act| !by_one_statement.contains(&act.as_str()));
    assert!(sweep.unbroken.is_empty(), "{:#?}", sweep.unbroken);
}

/// Sends every form of the site once, as whoever may.
async fn act_everywhere(sweep: &mut Sweep<'_>) {
    let site = sweep.site;
    let change = sweep.private[0].replacen('?', "/modifier?", 1);
    let department = [("department", "other")];
    for _ in 0..6 {
        sweep.send("visitor", "/en/requests/new", "send", &department).await;
    }
    sweep.send("visitor", &change, "save", &[]).await;
    sweep
        .send(
            "visitor",
            "/en/feedback/new",
            "send",
            &[("about", "site"), ("wants-answer", "1"), ("page", "/en/images")],
        )
        .await;
    sweep.send("visitor", "/en/feedback/new", "send", &[("about", "image"), ("page", "")]).await;
    sweep.send("visitor", "/en/images/nginx/suggest", "send", &[]).await;
    sweep.send("visitor", "/en/follow?image=nginx", "send", &[]).await;
    let cse = crate::requests::number(site, "CSE").await;
    for (item, decision, given) in [
        (2, "assign", vec![]),
        (2, "accept", vec![("department-2", &*cse)]),
        (3, "decline", vec![]),
        (4, "available", vec![("name-4", "Python")]),
        (5, "merge", vec![("into", "REQ-2026-0007")]),
    ] {
        let open = format!("/en/staff/requests/decide?do={decision}&item={item}");
        let item = item.to_string();
        let given = [&[("decision", decision), ("item", &*item)], &given[..]].concat();
        sweep.send("staff", &open, "save", &given).await;
    }
    sweep.send("staff", "/en/staff/requests/decide?do=reopen&item=2", "save", &[("lines-2", "take")]).await;
    sweep.send("staff", "/en/staff/requests/REQ-2026-0001", "reply", &[]).await;
    sweep.send("staff", "/en/staff/requests/REQ-2026-0001", "note", &[("reply", "")]).await;
    let sent = [("public-message", "It is good"), ("public-reply", "")];
    sweep.send("staff", "/en/staff/feedback/1", "reply", &sent).await;
    sweep.send("staff", "/en/staff/feedback/1", "publish", &[("reply", "")]).await;
    sweep.send("staff", "/en/staff/suggestions/1", "accept", &[]).await;
    sweep.send("staff", "/en/staff/suggestions/2", "decline", &[]).await;
    sweep
        .send(
            "staff",
            "/en/staff/images/nginx",
            "save",
            &[("name", "nginx"), ("type-new", ""), ("notes-en-new", ""), ("notes-fr-new", "")],
        )
        .await;
    let new = [("department-new", &*cse), ("status-new", "under_consideration")];
    sweep.send("staff", "/en/staff/images/new", "save", &new).await;
    let line: i64 = sqlx::query_scalar(
        "select l.id from lines l join images i on i.id = l.image_id where i.slug = 'python' and l.status = 'procured'",
    )
    .fetch_one(&site.pool)
    .await
    .unwrap();
    let line = line.to_string();
    let renewal = [("line", &*line), ("decision", "unknown"), ("date", ""), ("months", ""), ("do", "save")];
    sweep.send("staff", "/en/staff/renewals", "preview", &renewal).await;
    let act: i64 =
        sqlx::query_scalar("select max(id) from change_sets where act = 'image'").fetch_one(&site.pool).await.unwrap();
    sweep.send("staff", &format!("/en/staff/changes/{act}/undo"), "save", &[]).await;
    let others: Vec<String> = (2..40).map(|number| format!("reason-{number}")).collect();
    let others: Vec<(&str, &str)> = others.iter().map(|name| (name.as_str(), "")).collect();
    sweep.send("staff", "/en/staff/quality?rule=no-registry-name", "ignored-1", &others).await;
    sweep
        .send(
            "staff",
            "/en/staff/rounds/new",
            "save",
            &[("closes-on", "2026-12-22"), ("threshold", "2"), ("images", "nginx")],
        )
        .await;
    let id: i64 = sqlx::query_scalar("select id from images where slug = 'nginx'").fetch_one(&site.pool).await.unwrap();
    let wants = format!("wants-{id}");
    sweep.send("staff", "/en/rounds/1/confirm", "save", &[(&wants, "yes"), ("department", &cse)]).await;
    let kept: Vec<(String, String)> = crate::forms::fields(&sweep.admin.get("/en/staff/rounds/1").await);
    let kept: Vec<(&str, &str)> = kept
        .iter()
        .filter(|(name, _)| name != "close-reason" && name != "key" && name != "base")
        .map(|(name, value)| (&**name, &**value))
        .collect();
    sweep.send("staff", "/en/staff/rounds/1", "close", &kept).await;
    sweep.send("staff", "/en/staff/rounds/1/outcome", "save", &[]).await;
    sweep.send("staff", "/en/staff/departments/2", "save", &[]).await;
    sweep.send("staff", "/en/staff/content/banner", "save", &[("until", "2026-12-24")]).await;
    sweep.send("staff", "/en/staff/costs", "enter", &[("image", "Python"), ("price", "12"), ("months", "12")]).await;
    sweep.send("staff", "/en/staff/tokens", "make", &[("days", "30"), ("scope", "read:record")]).await;
    sweep.send("staff", "/en/staff/reminders", "add", &[("organisation", &cse)]).await;
    let token: String = sqlx::query_scalar("select id from api_tokens limit 1").fetch_one(&site.pool).await.unwrap();
    sweep.send("staff", &format!("/en/staff/tokens/{token}"), "end", &[]).await;
}
