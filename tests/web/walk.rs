//! A walk through the acts of the site: forms filled and sent, one after another, and whatever may happen to each.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use image_catalogue::web::visitor::Role;

use crate::breaking::Breaker;
use crate::readers::level;
use crate::support::{Answer, SignedIn, Site};
use crate::world::{PageForm, forms, member};

/// So long an act may take, whatever happens after its commit.
const IN_TIME: Duration = Duration::from_secs(3);

/// What happens to each act right after its commit.
pub struct Fault {
    pub breaker: Arc<Breaker>,
    /// Whether who sent it goes away then, and sends it again.
    pub leaves: bool,
}

/// A site, who works with it, and what was found so far: form and field, with who was said to read it and who does.
pub struct Walk<'s> {
    pub site: &'s Site,
    pub admin: SignedIn<'s>,
    pub member: SignedIn<'s>,
    pub private: Vec<String>,
    pub markers: usize,
    pub found: BTreeMap<(String, String), (u8, u8)>,
    fault: Option<Fault>,
    /// Acts that nothing happened to, since they wrote by one statement, or nothing.
    pub untouched: Vec<String>,
    /// What was not answered with success, or too late, or written twice.
    pub failed: Vec<String>,
}

impl<'s> Walk<'s> {
    pub async fn new(site: &'s Site, private: [String; 2], fault: Option<Fault>) -> Walk<'s> {
        sqlx::query("update accounts set email = 'admin@example.ca'").execute(&site.pool).await.unwrap();
        let (admin, member) = (site.sign_in(Role::Administrator).await, member(site).await);
        let (private, found) = (private.into(), BTreeMap::new());
        Walk { site, admin, member, private, markers: 0, found, fault, untouched: Vec::new(), failed: Vec::new() }
    }

    fn cookie(&self, who: &str) -> String {
        match who {
            "visitor" => String::new(),
            "member" => self.member.cookie.clone(),
            _ => self.admin.cookie.clone(),
        }
    }

    /// Opens a page.
    pub async fn open(&self, who: &str, address: &str) -> Answer {
        let request = Request::get(address).header("cookie", self.cookie(who));
        self.site.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends the form of a page that has this button, a marker in every text, these fields as they are given.
    pub async fn send(&mut self, who: &str, open: &str, button: &str, given: &[(&str, &str)]) -> Answer {
        let page = self.open(who, open).await;
        self.send_from(&page, who, open, button, given).await
    }

    /// The same with the form of a page that is open already.
    pub async fn send_from(
        &mut self,
        page: &Answer,
        who: &str,
        open: &str,
        button: &str,
        given: &[(&str, &str)],
    ) -> Answer {
        let has_it = |form: &&PageForm| form.buttons.iter().any(|value| value == button);
        let all = forms(page);
        let largest = || all.iter().max_by_key(|form| form.fields.len());
        let form = all
            .iter()
            .find(has_it)
            .or_else(largest)
            .cloned()
            .unwrap_or_else(|| panic!("{open}: no form; {:#?}", self.failed));
        let (mut sent, mut traced) = (Vec::new(), Vec::new());
        for field in form.fields.iter().filter(|field| given.iter().all(|(name, _)| *name != field.name)) {
            let value = if field.is_text() {
                self.markers += 1;
                let marker = format!("zq{:03}x", self.markers);
                let said =
                    field.readers.clone().unwrap_or_else(|| panic!("{open}: nothing says who reads {}", field.name));
                traced.push((field.name.clone(), marker.clone(), level(&said)));
                if field.is_email() { format!("{marker}@example.ca") } else { marker }
            } else {
                field.value.clone()
            };
            sent.push((field.name.clone(), value));
        }
        sent.extend(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        sent.push(("do".to_owned(), button.to_owned()));
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&sent).finish();
        // A form is sent to its own page, but for a new report, which is sent to its address without the choice.
        let action = open.split('?').next().unwrap();
        let action = if open.contains("key=") || open.contains("follow?") { open } else { action };
        let cookie = self.cookie(who);
        let request = || {
            Request::post(action)
                .header("sec-fetch-site", "same-origin")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("cookie", &cookie)
                .body(Body::from(body.clone()))
                .unwrap()
        };
        let answer = self.act(&format!("{open} {button}"), request).await;
        if answer.header("location").contains("key=") || answer.header("location").starts_with("/en/feedback/") {
            self.private.push(answer.header("location").to_owned());
        }
        if self.fault.is_none() {
            self.look(open, &traced).await;
        }
        answer
    }

    /// Acts; the answer is success, whatever happens after the commit, in time, and sent again it counts once.
    pub async fn act(&mut self, what: &str, request: impl Fn() -> Request<Body>) -> Answer {
        let before = self.site.catalogue.now().version.version;
        let answer = match &self.fault {
            None => self.site.send(request()).await,
            Some(fault) => {
                fault.breaker.arm();
                let began = Instant::now();
                let leaves = async {
                    fault.breaker.strikes().await;
                    if !fault.leaves {
                        std::future::pending::<()>().await;
                    }
                };
                let answer =
                    tokio::select! { biased; () = leaves => None, answer = self.site.send(request()) => Some(answer) };
                let took = began.elapsed();
                if !fault.breaker.mend() {
                    self.untouched.push(what.to_owned());
                }
                if took >= IN_TIME {
                    self.failed.push(format!("{what}: {took:?}"));
                }
                self.site.catalogue.refresh().await.unwrap();
                match answer {
                    Some(answer) => answer,
                    None => self.send_again(what, request()).await,
                }
            }
        };
        let fine = [StatusCode::SEE_OTHER, StatusCode::OK].contains(&answer.status);
        let is_page = answer.header("content-type").starts_with("text/html");
        let problems = if fine || !is_page { Vec::new() } else { answer.all(".error-summary, .notice-warning, main") };
        if !fine {
            self.failed.push(format!("{what}: {} {problems:?}", answer.status));
        }
        if answer.status == StatusCode::SEE_OTHER {
            self.site.shows_what_reading_anew_shows(before).await;
        }
        answer
    }

    /// What was sent already, sent again: nothing more is written.
    async fn send_again(&mut self, what: &str, request: Request<Body>) -> Answer {
        let before = self.rows().await;
        let answer = self.site.send(request).await;
        // A link is shown once: who has not seen it gets another. A file is sent to be looked at, and each time listed.
        if what.ends_with(" link") || what == "/en/staff/import" {
            return answer;
        }
        let after = self.rows().await;
        let twice = before.iter().zip(&after).filter(|(before, after)| *before != *after);
        self.failed.extend(twice.map(|(before, after)| format!("{what}: {before:?} and sent again {after:?}")));
        answer
    }

    /// How many rows each table has.
    async fn rows(&self) -> Vec<(String, i64)> {
        let tables: Vec<String> = sqlx::query_scalar(
            "select table_name::text from information_schema.tables where table_schema = current_schema() order by 1",
        )
        .fetch_all(&self.site.pool)
        .await
        .unwrap();
        let counts = tables.iter().map(|table| format!("select '{table}', count(*) from {table}"));
        let counts = sqlx::AssertSqlSafe(counts.collect::<Vec<_>>().join(" union all "));
        sqlx::query_as(counts).fetch_all(&self.site.pool).await.unwrap()
    }
}
