//! Every form says truly who reads what is typed into it: a marker through every field, and where it comes out.

use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt;

use crate::acts::act_everywhere;
use crate::support::{CAST, Site};
use crate::walk::Walk;
use crate::world::{addresses, fill};

/// Who reads something, by where it is found.
const STAFF: u8 = 1;
const SENDER: u8 = 2;
const EVERYONE: u8 = 3;

/// Who is said to read something.
pub fn level(code: &str) -> u8 {
    match code {
        "staff" => STAFF,
        "own" | "sender" => SENDER,
        "everyone" => EVERYONE,
        other => panic!("{other}"),
    }
}

impl Walk<'_> {
    /// Where markers come out.
    pub async fn look(&mut self, open: &str, traced: &[(String, String, u8)]) {
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
    let site = Site::with(CAST, &["--local-accounts", "on"]).await;
    let private = fill(&site).await;
    let mut walk = Walk::new(&site, private, None).await;
    act_everywhere(&mut walk).await;
    assert!(walk.failed.is_empty(), "{:#?}", walk.failed);
    let untrue = |((form, field), (said, seen)): (&(String, String), &(u8, u8))| {
        (said != seen).then(|| format!("{form}: {field} is said to be read by {said} and is by {seen}"))
    };
    let untrue: Vec<String> = walk.found.iter().filter_map(untrue).collect();
    assert!(untrue.is_empty(), "{untrue:#?}");
    assert!(walk.markers > 70, "{}", walk.markers);
}
