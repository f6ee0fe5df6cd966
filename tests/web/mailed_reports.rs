//! Saved reports by mail: once a month whatever runs, with the file attached, and only to those who are managers then.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use image_catalogue::mail::{self, Sender};
use image_catalogue::saved::mail_month;
use image_catalogue::web::visitor::Role;

use crate::forms::send;
use crate::saved_reports::{JEAN, MARIE, RENEWALS, at, filled, manager, press, save};
use crate::smtp::Smtp;
use crate::support::{CAST, Site, settings};

/// The moment from which December’s mail is due.
const DECEMBER: &str = "2026-12-01T12:00:00Z";

/// What is mailed at a moment; of how many reports.
async fn mailed(site: &Site, moment: &str) -> usize {
    let catalogue = at(site, moment).await.catalogue;
    mail_month(&site.pool, &catalogue, &settings(&["--public-url", "https://images.example"])).await.unwrap()
}

/// The recipients of every mail with a report, in order.
async fn recipients(site: &Site) -> Vec<String> {
    let all = "select recipient from mails where kind = 'report' order by id";
    sqlx::query_scalar(all).fetch_all(&site.pool).await.unwrap()
}

#[tokio::test]
async fn a_months_mail_goes_once_whatever_runs_and_only_to_those_who_are_managers_then() {
    let site = Site::with_cast().await;
    let (marie, jean) = (manager(&site, MARIE).await, manager(&site, JEAN).await);
    let (to_marie, to_jean) = (marie.account.to_string(), jean.account.to_string());
    let both = [("recipient", &*to_marie), ("recipient", &*to_jean)];
    let address = save(&marie, RENEWALS, &[&both[..], &[("name", "Renewals")]].concat()).await;
    let list = marie.get("/en/staff/reports").await;
    assert!(list.one("tbody").contains("jean, marie – 2026-12-01"), "{}", list.one("tbody"));
    assert_eq!(mailed(&site, "2026-11-22T17:00:00Z").await, 0, "it was made after November’s was due");
    assert_eq!(mailed(&site, "2026-12-01T11:59:00Z").await, 0, "not before seven in the morning");
    let (one, other) = (at(&site, DECEMBER).await.catalogue, at(&site, DECEMBER).await.catalogue);
    let settings = settings(&[]);
    let (one, other) = tokio::join!(mail_month(&site.pool, &one, &settings), mail_month(&site.pool, &other, &settings));
    assert_eq!(one.unwrap() + other.unwrap(), 1, "two instances write one");
    let mut to = recipients(&site).await;
    to.sort();
    assert_eq!(to, [JEAN, MARIE]);
    assert_eq!(mailed(&site, "2026-12-31T23:00:00Z").await, 0, "nor after a restart");
    let (mails, files): (i64, i64) =
        sqlx::query_as("select count(*), count(distinct file_id) from mails where file_id is not null")
            .fetch_one(&site.pool)
            .await
            .unwrap();
    assert_eq!((mails, files), (2, 1), "one file for all");
    sqlx::query("update accounts set role = 'staff' where email = $1").bind(JEAN).execute(&site.pool).await.unwrap();
    assert_eq!(mailed(&site, "2027-03-20T13:00:00Z").await, 1, "what was missed goes once");
    assert_eq!(recipients(&site).await.len(), 3, "and not to one who is no longer a manager");
    assert_eq!(recipients(&site).await[2], MARIE);
    let form = marie.get(&format!("{address}/change")).await;
    assert!(form.one("#recipients").contains("jean@example.ca (gets nothing"), "{}", form.one("#recipients"));
    let page = marie.get(&address).await;
    assert_eq!(page.all("#record ~ ol h3"), ["Mailed for the month", "Mailed for the month", "Saved"]);
    assert!(page.one("#record ~ ol li:first-child").contains("by itself") && page.one("#record").contains("act"));
    assert_eq!(press(&marie, &address, "leave").await.status, StatusCode::SEE_OTHER);
    assert_eq!(mailed(&site, "2027-04-01T12:00:00Z").await, 1);
    assert_eq!(recipients(&site).await.len(), 3, "nobody is left who may get it");
    // A recipient who is added in the middle of a month gets it from the next one on.
    let late = save(&marie, RENEWALS, &[("name", "Late")]).await;
    let december = at(&site, "2026-12-10T17:00:00Z").await;
    let again = december.sign_in_as(marie.account).await;
    let form = filled(&again.get(&format!("{late}/change")).await, &[("recipient", &to_marie), ("do", "save")]);
    assert_eq!(send(&again, &format!("{late}/change"), &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(mailed(&site, "2026-12-11T17:00:00Z").await, 0);
    assert!(again.get("/en/staff/reports").await.one("tbody").contains("marie – 2027-01-01"));
}

#[tokio::test]
async fn the_file_arrives_whole_in_the_reports_language_with_how_to_stop() {
    let site = Site::with_cast().await;
    let marie = manager(&site, MARIE).await;
    let to = marie.account.to_string();
    let said = [("name", "Échéances"), ("language", "fr"), ("format", "csv"), ("recipient", &*to)];
    let address = save(&marie, RENEWALS, &said).await;
    assert_eq!(mailed(&site, DECEMBER).await, 1);
    let smtp = Smtp::start();
    let options = settings(&["--smtp-url", &smtp.url(), "--mail-from", "no-reply@example.ca"]);
    let (tell, end) = tokio::sync::watch::channel(false);
    let sending = tokio::spawn(mail::deliver(site.pool.clone(), Sender::new(&options).unwrap(), end));
    let began = Instant::now();
    while smtp.taken(MARIE).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(30), "the mail is not handed over");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tell.send_replace(true);
    sending.await.unwrap();
    let mail = smtp.taken(MARIE).remove(0);
    assert_eq!(mail.header("Content-Language"), "fr");
    let attached = mail.text.split("Content-Disposition: attachment; filename=\"echeances-2026-12-01.csv\"").nth(1);
    let attached = attached.unwrap_or_else(|| panic!("no file in {}", mail.text));
    let attached = attached.split_once("\n\n").unwrap().1.split("--").next().unwrap();
    let december = at(&site, DECEMBER).await;
    let reader = december.sign_in_as(marie.account).await;
    let csv = reader.get(&address).await.attributes(".downloads a", "href").remove(0);
    let file = reader.get(&csv).await;
    assert_eq!(decoded(attached), file.body, "byte by byte what the address gives");
    assert!(file.text().starts_with("\u{feff}Nom de l’image;"), "{}", file.text());
    let text: String = sqlx::query_scalar("select plain from mails").fetch_one(&site.pool).await.unwrap();
    for words in [
        "echeances-2026-12-01.csv. Il montre l’état en date du 2026-12-01",
        "https://images.example/fr/personnel/rapports/1",
        "« Ne plus me l’envoyer »".replace("« ", "«\u{a0}").replace(" »", "\u{a0}»").as_str(),
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    // Staff see that there is a file, never what is in it; it is forgotten with its mail.
    let staff = site.sign_in(Role::Staff).await;
    assert!(staff.get("/en/staff/mail?kind=report").await.one("tbody").contains("with a file"));
    let page = staff.get("/en/staff/mail/1").await;
    assert!(page.one("dl.facts").contains("echeances-2026-12-01.csv (1 kB) Its content is not shown here."));
    assert!(!page.text().contains("Python"), "no row of it");
}

/// What base64 stands for; its padding may be missing.
fn decoded(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = LETTERS.iter().position(|known| *known == letter).expect("base64");
        held = (held << 6 | u32::try_from(value).unwrap()) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    bytes
}

#[tokio::test]
async fn one_sends_it_to_oneself_and_what_is_too_large_goes_as_a_link() {
    let site = Site::with_cast().await;
    let nobody = site.sign_in(Role::Manager).await;
    let address = save(&nobody, RENEWALS, &[("name", "Mine")]).await;
    let refused = press(&nobody, &address, "send").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.one(".error-summary").contains("no e-mail address"));
    let marie = manager(&site, MARIE).await;
    let key = marie.get(&address).await.attributes("main input[name=key]", "value").remove(0);
    for _ in 0..2 {
        let sent = marie.post(&address, &[("do", "send"), ("key", &key)]).await;
        assert_eq!(sent.header("location"), format!("{address}?done=sent"));
    }
    assert_eq!(recipients(&site).await, [MARIE], "once a form");
    let long = "x".repeat(3_000);
    let rows: Vec<String> = (0..1_900).map(|row| format!("Large {row},SSC,Under consideration,{long}\n")).collect();
    site.import(&format!("Image name,Department,Status,Notes\n{}", rows.concat()), "large.csv", "Large").await;
    let form = "/en/staff/reports/new?report=images&table=images";
    let large = save(&marie, form, &[("name", "Large"), ("format", "csv")]).await;
    assert_eq!(press(&marie, &large, "send").await.status, StatusCode::SEE_OTHER);
    let (file, text): (Option<i64>, String) =
        sqlx::query_as("select file_id, plain from mails order by id desc limit 1")
            .fetch_one(&site.pool)
            .await
            .unwrap();
    assert!(file.is_none() && text.contains("larger than 5 MB") && text.contains(&large), "{text}");
    assert!(marie.get(&large).await.one("#record ~ ol").contains("too large to attach"));
}

#[tokio::test]
async fn a_report_that_cannot_be_made_any_more_says_so_and_what_was_carried_is_forgotten() {
    let site = Site::with(CAST, &[]).await;
    let marie = manager(&site, MARIE).await;
    let to = marie.account.to_string();
    for name in ["First", "Second"] {
        save(&marie, RENEWALS, &[("name", name), ("recipient", &to)]).await;
    }
    sqlx::query("update saved_reports set filters = 'department=Gone' where name = 'First'")
        .execute(&site.pool)
        .await
        .unwrap();
    assert_eq!(mailed(&site, DECEMBER).await, 2);
    let told: Vec<(Option<i64>, String)> =
        sqlx::query_as("select file_id, plain from mails order by id").fetch_all(&site.pool).await.unwrap();
    assert!(told[0].0.is_none() && told[0].1.contains("could not be made this month"), "{}", told[0].1);
    assert!(told[1].0.is_some());
    assert_eq!(mailed(&site, "2026-12-02T12:00:00Z").await, 0, "told once");
    sqlx::query("update mails set state = 'sent', ended_at = now() - interval '91 days'")
        .execute(&site.pool)
        .await
        .unwrap();
    let (tell, end) = tokio::sync::watch::channel(false);
    let sweeping = tokio::spawn(mail::deliver(site.pool.clone(), None, end));
    let began = Instant::now();
    let held = async || -> i64 {
        let held = "select coalesce(sum(octet_length(bytes)), 0) from mail_files";
        sqlx::query_scalar(held).fetch_one(&site.pool).await.unwrap()
    };
    while held().await > 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "the file is kept");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tell.send_replace(true);
    sweeping.await.unwrap();
}
