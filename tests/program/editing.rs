//! Edits by people while the program, or Postgres, is killed: what was acknowledged is there afterwards.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use image_catalogue::people::db::accounts;
use image_catalogue::people::session;
use image_catalogue::web::visitor::Role;
use rustix::process::{Signal, kill_process};
use sqlx::PgPool;

use crate::support::{Data, Serving, url, wait_until};

const EDITORS: usize = 6;

/// A session of a new member of staff: the cookie that a browser sends.
fn sign_in(pool: &PgPool, name: &str) -> impl Future<Output = String> {
    let (pool, name) = (pool.clone(), name.to_owned());
    async move {
        let new = accounts::New {
            issuer: Some("https://issuer.example"),
            subject: Some(&name),
            email: "",
            name: &name,
            role: Role::Staff,
            organisation: None,
        };
        let account = accounts::add(&pool, &new).await.unwrap().unwrap();
        let secret = session::begin(&pool, None, account, "192.0.2.7").await.unwrap();
        format!("{}={secret}", session::cookie_name("http://127.0.0.1"))
    }
}

/// What the program answers; none where it does not.
fn ask(site: &Serving, cookie: &str, method: &str, path: &str, body: &str) -> Option<String> {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    String::from_utf8(site.exchange(request.as_bytes()).ok()?).ok()
}

/// The value of a hidden field.
fn hidden<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    page.split(&format!("name=\"{name}\" value=\"")).nth(1)?.split('"').next()
}

/// Tries to give an image a text; whether that was acknowledged.
fn save(site: &Serving, cookie: &str, slug: &str, text: &str) -> bool {
    let path = format!("/en/staff/images/{slug}");
    let Some(page) = ask(site, cookie, "GET", &path, "") else { return false };
    let (Some(key), Some(base)) = (hidden(&page, "key"), hidden(&page, "base")) else { return false };
    let line = page.split("name=\"status-").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("key", key)
        .append_pair("base", base)
        .append_pair("name", slug)
        .append_pair(&format!("status-{line}"), "under_consideration")
        .append_pair("description-en", text)
        .append_pair("do", "save")
        .finish();
    ask(site, cookie, "POST", &path, &form).is_some_and(|answer| answer.starts_with("HTTP/1.1 303"))
}

/// People edit an image each while something breaks; gives what was acknowledged.
fn edit_while(site: &Serving, cookies: &[String], round: usize, breaks: impl FnOnce()) -> Vec<(usize, String)> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let editing: Vec<_> = cookies
            .iter()
            .enumerate()
            .map(|(editor, cookie)| {
                let over = &over;
                scope.spawn(move || {
                    let (mut acknowledged, began) = (Vec::new(), Instant::now());
                    for number in 0.. {
                        if over.load(Ordering::Relaxed) || began.elapsed() > Duration::from_secs(20) {
                            break;
                        }
                        let text = format!("round {round} text {number} of {editor}");
                        if save(site, cookie, &format!("busy-{editor}"), &text) {
                            acknowledged.push((editor, text));
                        }
                    }
                    acknowledged
                })
            })
            .collect();
        std::thread::sleep(Duration::from_secs(2));
        breaks();
        std::thread::sleep(Duration::from_millis(500));
        over.store(true, Ordering::Relaxed);
        editing.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn what_was_acknowledged_outlives_the_killing_of_the_program_and_of_postgres() {
    let data = Data::new();
    let rows = (0..EDITORS).map(|number| format!("busy-{number},CSE")).collect::<Vec<_>>().join("\n");
    let mut site = data.serve();
    data.import("busy.csv", format!("Image name,Department\n{rows}"), &[]).ok();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let connect = |path| runtime.block_on(PgPool::connect(&url(path))).unwrap();
    let pool = connect(&data.path);
    let cookies: Vec<String> =
        (0..EDITORS).map(|editor| runtime.block_on(sign_in(&pool, &format!("editor {editor}")))).collect();
    runtime.block_on(pool.close());
    wait_until(Duration::from_secs(5), || site.get("/en/images/busy-0").0 == 200);
    let mut acknowledged = edit_while(&site, &cookies, 0, || site.signal(Signal::KILL));
    assert!(acknowledged.len() > EDITORS, "{acknowledged:?}");
    site.kill();
    site = data.serve();
    let postgres = data.postgres().unwrap();
    acknowledged.extend(edit_while(&site, &cookies, 1, || kill_process(postgres, Signal::KILL).unwrap()));
    wait_until(Duration::from_secs(30), || site.get("/readyz").0 == 200);
    let pool = connect(&data.path);
    let recorded: Vec<(String, String)> = runtime
        .block_on(
            sqlx::query_as(
                "select i.slug, c.after->>'description_en' from changes c join images i on i.id = c.image_id
                 where c.subject = 'image' and c.after ? 'description_en' and c.before is not null",
            )
            .fetch_all(&pool),
        )
        .unwrap();
    runtime.block_on(pool.close());
    for (editor, text) in &acknowledged {
        let same = recorded.iter().filter(|(slug, one)| *slug == format!("busy-{editor}") && one == text).count();
        assert_eq!(same, 1, "{text}");
    }
    assert!(acknowledged.iter().any(|(_, text)| text.starts_with("round 1")), "{acknowledged:?}");
    data.run(&["verify"]).ok();
}
