//! The table of the site's acts: every form, sent once by whoever may, and what programs write.

use axum::body::Body;
use axum::http::Request;
use image_catalogue::web::visitor::Scope;

use crate::forms::{fields, send, with};
use crate::requests::number;
use crate::tokens::token;
use crate::walk::Walk;

/// Sends every form of the site once, as whoever may.
pub async fn act_everywhere(walk: &mut Walk<'_>) {
    let site = walk.site;
    let change = walk.private[0].replacen('?', "/modifier?", 1);
    let department = [("department", "other")];
    for _ in 0..6 {
        walk.send("visitor", "/en/requests/new", "send", &department).await;
    }
    walk.send("visitor", &change, "save", &[]).await;
    walk.send(
        "visitor",
        "/en/feedback/new",
        "send",
        &[("about", "site"), ("wants-answer", "1"), ("page", "/en/images")],
    )
    .await;
    walk.send("visitor", "/en/feedback/new", "send", &[("about", "image"), ("page", "")]).await;
    walk.send("visitor", "/en/images/nginx/suggest", "send", &[]).await;
    walk.send("visitor", "/en/follow?image=nginx", "send", &[]).await;
    let cse = number(site, "CSE").await;
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
        walk.send("staff", &open, "save", &given).await;
    }
    walk.send("staff", "/en/staff/requests/decide?do=reopen&item=2", "save", &[("lines-2", "take")]).await;
    walk.send("staff", "/en/staff/requests/REQ-2026-0001", "reply", &[]).await;
    walk.send("staff", "/en/staff/requests/REQ-2026-0001", "note", &[("reply", "")]).await;
    let sent = [("public-message", "It is good"), ("public-reply", "")];
    walk.send("staff", "/en/staff/feedback/1", "reply", &sent).await;
    walk.send("staff", "/en/staff/feedback/1", "publish", &[("reply", "")]).await;
    walk.send("staff", "/en/staff/suggestions/1", "accept", &[]).await;
    walk.send("staff", "/en/staff/suggestions/2", "decline", &[]).await;
    walk.send(
        "staff",
        "/en/staff/images/nginx",
        "save",
        &[("name", "nginx"), ("type-new", ""), ("vendor-new", ""), ("notes-en-new", ""), ("notes-fr-new", "")],
    )
    .await;
    let new = [("department-new", &*cse), ("status-new", "under_consideration")];
    walk.send("staff", "/en/staff/images/new", "save", &new).await;
    act_on_many_lines(walk).await;
    let act: i64 =
        sqlx::query_scalar("select max(id) from change_sets where act = 'image'").fetch_one(&site.pool).await.unwrap();
    walk.send("staff", &format!("/en/staff/changes/{act}/undo"), "save", &[]).await;
    let others: Vec<String> = (2..40).map(|number| format!("reason-{number}")).collect();
    let others: Vec<(&str, &str)> = others.iter().map(|name| (name.as_str(), "")).collect();
    walk.send("staff", "/en/staff/quality?rule=no-registry-name", "ignored-1", &others).await;
    walk.send(
        "staff",
        "/en/staff/rounds/new",
        "save",
        &[("closes-on", "2026-12-22"), ("threshold", "2"), ("images", "nginx")],
    )
    .await;
    walk.send("staff", "/en/staff/rounds/2", "save", &[("close-reason", ""), ("images", "nginx")]).await;
    let id: i64 = sqlx::query_scalar("select id from images where slug = 'nginx'").fetch_one(&site.pool).await.unwrap();
    let wants = format!("wants-{id}");
    walk.send("staff", "/en/rounds/1/confirm", "save", &[(&wants, "yes"), ("department", &cse)]).await;
    let kept: Vec<(String, String)> = fields(&walk.admin.get("/en/staff/rounds/1").await);
    let kept: Vec<(&str, &str)> = kept
        .iter()
        .filter(|(name, _)| name != "close-reason" && name != "key" && name != "base")
        .map(|(name, value)| (&**name, &**value))
        .collect();
    walk.send("staff", "/en/staff/rounds/1", "close", &kept).await;
    walk.send("staff", "/en/staff/rounds/1/outcome", "save", &[]).await;
    walk.send("staff", "/en/staff/departments/2", "save", &[]).await;
    walk.send("staff", "/en/staff/content/banner", "save", &[("until", "2026-12-24")]).await;
    walk.send("staff", "/en/staff/costs", "enter", &[("image", "Python"), ("price", "12"), ("months", "12")]).await;
    walk.send("staff", "/en/staff/tokens", "make", &[("days", "30"), ("scope", "read:record")]).await;
    walk.send("staff", "/en/staff/reminders", "add", &[("organisation", &cse)]).await;
    let token: String = sqlx::query_scalar("select id from api_tokens limit 1").fetch_one(&site.pool).await.unwrap();
    walk.send("staff", &format!("/en/staff/tokens/{token}"), "end", &[]).await;
    act_on_accounts_and_reports(walk, &cse).await;
}

/// What changes many lines at once, and what programs write.
async fn act_on_many_lines(walk: &mut Walk<'_>) {
    let site = walk.site;
    let lines: Vec<String> = sqlx::query_scalar("select id::text from lines where status = 'procured' order by id")
        .fetch_all(&site.pool)
        .await
        .unwrap();
    let renew = [("decision", "renew"), ("date", "2027-03-01"), ("months", "12"), ("owed-by", "")];
    let renew: Vec<_> = renew.into_iter().chain(lines.iter().map(|line| ("line", &**line))).collect();
    walk.send("staff", "/en/staff/renewals", "save", &renew).await;
    let unknown = [("decision", "unknown"), ("date", ""), ("months", ""), ("line", &*lines[0])];
    walk.send("staff", "/en/staff/renewals", "save", &unknown).await;
    import(walk).await;
    merge(walk).await;
    set_status(walk).await;
}

/// Brings a file in: it is sent, then its rows are accepted.
async fn import(walk: &mut Walk<'_>) {
    let key = walk.open("staff", "/en/staff/import").await.attributes("main input[name=key]", "value").concat();
    let part = "--xyz\r\nContent-Disposition: form-data; name=";
    let file = "Image name,Renewal date,Department,Type,Status,Notes\n\
                ngnix,TBD,NRCAN,Helm,Under consideration,Typed in haste\n";
    let body =
        format!("{part}\"key\"\r\n\r\n{key}\r\n{part}\"file\"; filename=\"next.csv\"\r\n\r\n{file}\r\n--xyz--\r\n");
    let cookie = walk.admin.cookie.clone();
    let request = || {
        Request::post("/en/staff/import")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=xyz")
            .header("content-length", body.len())
            .header("cookie", &cookie)
            .body(Body::from(body.clone()))
            .unwrap()
    };
    walk.act("/en/staff/import", request).await;
    walk.send("staff", "/en/staff/import/1", "save", &[("as-of", "2026-05-01")]).await;
}

/// Merges what the file brought in with the image that it is.
async fn merge(walk: &mut Walk<'_>) {
    let open = "/en/staff/images/nginx/merge";
    let choice = with(&fields(&walk.open("staff", &format!("{open}?with=ngnix")).await), &[("do", "preview")]);
    let preview = send(&walk.admin, open, &choice).await;
    let line = format!("line-{}", number(walk.site, "NRCan").await);
    walk.send_from(&preview, "staff", open, "save", &[(&line, "goes")]).await;
}

/// A program sets a status.
async fn set_status(walk: &mut Walk<'_>) {
    let token = token(walk.site, &[Scope::Status]).await;
    let open = walk.open("visitor", "/api/v1/images/nginx").await;
    let image: serde_json::Value = serde_json::from_slice(&open.body).unwrap();
    let department = image["lines"][0]["department"]["acronym_en"].as_str().unwrap();
    let body = format!(r#"{{"department":"{department}","status":"declined","reason":"Not now"}}"#);
    let request = || {
        Request::put("/api/v1/images/nginx/status")
            .header("authorization", format!("Bearer {token}"))
            .header("if-match", open.header("etag"))
            .header("idempotency-key", "once")
            .header("content-type", "application/json")
            .body(Body::from(body.clone()))
            .unwrap()
    };
    walk.act("PUT status", request).await;
}

/// Accounts, saved reports, reminders, followers, and what ends.
async fn act_on_accounts_and_reports(walk: &mut Walk<'_>, cse: &str) {
    let site = walk.site;
    walk.send("staff", "/en/staff/accounts", "add", &[("role", "staff")]).await;
    let account: i64 = sqlx::query_scalar("select max(id) from accounts").fetch_one(&site.pool).await.unwrap();
    let account = format!("/en/staff/accounts/{account}");
    walk.send("staff", &account, "save", &[("role", "manager"), ("organisation", cse)]).await;
    walk.send("staff", &account, "link", &[]).await;
    let report = "/en/staff/reports/new?report=renewals&table=renewals";
    let recipient = &*walk.admin.account.to_string();
    let choice = [("recipient", recipient), ("filter-year", ""), ("filter-department", "")];
    walk.send("staff", report, "save", &choice).await;
    walk.send("staff", "/en/staff/reports/2/change", "save", &choice).await;
    for button in ["leave", "end", "restore"] {
        walk.send("staff", "/en/staff/reports/2", button, &[]).await;
    }
    let link: String = sqlx::query_scalar("select token from watches limit 1").fetch_one(&site.pool).await.unwrap();
    for button in ["confirm", "stop"] {
        walk.send("visitor", &format!("/en/follow/{link}"), button, &[]).await;
    }
    walk.send("member", "/en/account", "end-all", &[]).await;
}
