//! Mail goes out once: whatever the mail server does, whichever instance dies, and after an hour without a server.

use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use image_catalogue::i18n::Lang;
use image_catalogue::mail::{self, Letter, Message};
use sqlx::Connection;
use tokio::runtime::Runtime;

use crate::postgres::Base;
use crate::smtp::Smtp;
use crate::support::{Serving, free_port, wait_until};

/// How long a mail may take from the outbox to the server, on a busy machine.
const SOON: Duration = Duration::from_secs(30);

/// Writes mails to the outbox, each in a transaction of its own.
fn put(base: &Base, mails: &[(&str, Option<Lang>)]) {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let url = base.url_at(base.postgres.port);
    let letter = |lang: Lang| {
        Letter::new(lang.of("Your request", "Votre demande – été")).say(lang.of("It was taken.", "Elle a été reçue."))
    };
    RUNTIME.get_or_init(|| Runtime::new().unwrap()).block_on(async {
        let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
        for (to, lang) in mails {
            let key = format!("test-{to}");
            let unsubscribe = Some("https://images.example/en/follow/token");
            let message = Message {
                key: &key,
                kind: mail::Kind::Test,
                to,
                lang: *lang,
                letter: &letter,
                unsubscribe,
                file: None,
            };
            let mut transaction = connection.begin().await.unwrap();
            assert!(mail::put(&mut transaction, &message).await.unwrap());
            transaction.commit().await.unwrap();
        }
    });
}

fn with_mail(base: &Base, url: &str, arguments: &[&str]) -> Command {
    let mut command = base.command(arguments);
    command.env("SMTP_URL", url).env("MAIL_FROM", "Catalogue <no-reply@example.ca>");
    command
}

fn serve(base: &Base, url: &str) -> Serving {
    Serving::start(with_mail(base, url, &["serve"]), free_port())
}

/// How a mail stands: its state, and each thing that became of it.
fn state(base: &Base, to: &str) -> String {
    base.sql(&format!(
        "select state || ' ' || (select coalesce(string_agg(event || ' ' || detail, '; ' order by id), '')
         from mail_events where mail_id = mails.id) from mails where recipient = '{to}'"
    ))
}

/// Brings the next try of everything forward, and ends the leases of the dead.
fn an_hour_later(base: &Base) {
    base.sql("update mails set next_try_at = now(), claimed_until = null where state = 'waiting'");
}

#[test]
fn a_mail_goes_once_as_text_and_html_in_its_readers_language() {
    let (base, smtp) = (Base::filled(), Smtp::start());
    put(&base, &[("marie@example.ca", Some(Lang::Fr)), ("anyone@example.ca", None)]);
    let site = serve(&base, &smtp.url());
    wait_until(SOON, || smtp.taken("").len() == 2);
    let french = &smtp.taken("marie")[0];
    assert_eq!(french.header("Subject"), "Votre demande =?utf-8?b?4oCTIMOpdMOp?=");
    assert_eq!(french.header("From"), "Catalogue <no-reply@example.ca>");
    assert_eq!(french.header("Content-Language"), "fr");
    assert_eq!(french.header("List-Unsubscribe"), "<https://images.example/en/follow/token>");
    assert_eq!(french.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_eq!(french.header("Auto-Submitted"), "auto-generated");
    assert!(french.header("Message-ID").ends_with("@example.ca>"), "{}", french.text);
    for part in ["multipart/alternative", "text/plain; charset=utf-8", "text/html; charset=utf-8", "re=C3=A7ue"] {
        assert!(french.text.contains(part), "{part} in {}", french.text);
    }
    assert!(!french.text.contains("It was taken"));
    let both = &smtp.taken("anyone")[0];
    assert_eq!(both.header("Content-Language"), "en, fr");
    assert!(both.text.contains("It was taken") && both.text.contains("re=C3=A7ue"), "{}", both.text);
    wait_until(SOON, || state(&base, "marie@example.ca") == "sent sent");
    assert_eq!(site.stop(), Some(0));
    assert_eq!(smtp.taken("").len(), 2);
}

#[test]
fn what_is_refused_put_off_broken_off_or_hangs_is_told_apart_and_keeps_no_other_waiting() {
    let (base, smtp) = (Base::filled(), Smtp::start());
    let names = ["hang@example.ca", "refused@example.ca", "later@example.ca", "drop@example.ca", "not an address"];
    put(&base, &names.map(|name| (name, Some(Lang::En))));
    put(&base, &[("well@example.ca", None)]);
    let began = Instant::now();
    let _site = serve(&base, &smtp.url());
    wait_until(SOON, || smtp.taken("well").len() == 1);
    assert!(began.elapsed() < Duration::from_secs(15), "the one that hangs keeps it waiting");
    wait_until(SOON, || {
        state(&base, "refused@example.ca").starts_with("dead dead permanent error (550): no such person")
            && state(&base, "not an address").starts_with("dead dead ")
            && state(&base, "later@example.ca").starts_with("waiting put-off transient error (451)")
            && state(&base, "drop@example.ca").starts_with("waiting put-off ")
            && state(&base, "hang@example.ca").starts_with("waiting put-off no answer within 20 s")
    });
    assert_eq!(base.sql("select count(*) from mails where state = 'waiting' and next_try_at > now()"), "3");
    smtp.be_kind();
    base.sql("update mails set recipient = 'woken@example.ca' where recipient = 'hang@example.ca'");
    an_hour_later(&base);
    wait_until(SOON, || ["later", "drop", "woken"].iter().all(|name| smtp.taken(name).len() == 1));
    assert_eq!(smtp.taken("refused").len(), 0);
}

#[test]
fn while_the_server_is_down_no_try_is_lost_and_then_each_mail_goes_once() {
    let (base, port) = (Base::filled(), free_port());
    let mails: Vec<String> = (0..20).map(|n| format!("person{n}@example.ca")).collect();
    put(&base, &mails.iter().map(|to| (&**to, None)).collect::<Vec<_>>());
    let url = format!("smtp://127.0.0.1:{port}");
    let _site = serve(&base, &url);
    wait_until(SOON, || base.sql("select count(*) > 0 from mail_events where event = 'put-off'") == "t");
    with_mail(&base, &url, &["check"]).output().map(crate::support::Ended::from).unwrap().refused("mail server");
    assert_eq!(base.sql("select sum(tries) from mails"), "0");
    let smtp = Smtp::on(port);
    wait_until(SOON * 2, || smtp.taken("").len() == 20);
    wait_until(SOON, || base.sql("select count(*) from mails where state = 'sent'") == "20");
    let mut to: Vec<String> = smtp.taken("").into_iter().map(|mail| mail.to).collect();
    to.sort();
    to.dedup();
    assert_eq!((to.len(), smtp.taken("").len()), (20, 20));
}

#[test]
fn two_instances_share_the_outbox_and_nobody_gets_a_mail_twice() {
    let (base, smtp) = (Base::filled(), Smtp::start());
    let mails: Vec<String> = (0..200).map(|n| format!("person{n:03}@example.ca")).collect();
    let (first, second) = (serve(&base, &smtp.url()), serve(&base, &smtp.url()));
    put(&base, &mails.iter().map(|to| (&**to, Some(Lang::En))).collect::<Vec<_>>());
    wait_until(SOON * 2, || base.sql("select count(*) from mails where state = 'sent'") == "200");
    assert_eq!((first.stop(), second.stop()), (Some(0), Some(0)));
    let mut to: Vec<String> = smtp.taken("").into_iter().map(|mail| mail.to).collect();
    assert_eq!(to.len(), 200, "no double");
    to.sort();
    assert_eq!(to, mails);
}

#[test]
fn killed_between_the_write_and_the_mail_it_still_goes_once() {
    let (base, port) = (Base::filled(), free_port());
    let url = format!("smtp://127.0.0.1:{port}");
    let site = serve(&base, &url);
    put(&base, &[("ada@example.ca", None)]);
    site.kill();
    an_hour_later(&base); // it may have been claimed already
    let smtp = Smtp::on(port);
    let site = serve(&base, &url);
    wait_until(SOON, || state(&base, "ada@example.ca").starts_with("sent "));
    put(&base, &[("hang@example.ca", None)]);
    wait_until(SOON, || base.sql("select count(*) from mails where claimed_until is not null") == "1");
    site.kill();
    base.sql("update mails set recipient = 'woken@example.ca' where recipient = 'hang@example.ca'");
    let _site = serve(&base, &url);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(smtp.taken("woken").len(), 0, "the lease of the dead instance still runs");
    an_hour_later(&base);
    wait_until(SOON, || state(&base, "woken@example.ca") == "sent sent");
    assert_eq!((smtp.taken("ada").len(), smtp.taken("woken").len()), (1, 1));
}

#[test]
fn a_saved_report_goes_once_a_month_with_two_instances_and_after_a_restart() {
    let (base, smtp) = (Base::filled(), Smtp::start());
    let early = "select extract(day from at) = 1 and extract(hour from at) < 8
                 from (select now() at time zone 'America/Toronto' as at) as clock";
    if base.sql(early) == "t" {
        return; // this month's is not due yet
    }
    base.sql(
        "with manager as (insert into accounts (issuer, subject, email, name, role)
                          values ('https://issuer.example', 'marie', 'marie@example.ca', 'Marie', 'manager') returning id),
              report as (insert into saved_reports (name, report, table_key, period, lang, format, owner_id, made_by, made_at,
                                                    monthly_since)
                         select 'All images', 'images', 'images', 'latest', 'en', 'csv', id, 'Marie', '2020-01-01', '2020-01-01'
                         from manager returning id)
         insert into saved_report_recipients select report.id, manager.id from report, manager",
    );
    let (first, second) = (serve(&base, &smtp.url()), serve(&base, &smtp.url()));
    let sent = "select count(*) from mails where kind = 'report' and state = 'sent'";
    wait_until(SOON, || base.sql(sent) == "1");
    assert_eq!((first.stop(), second.stop()), (Some(0), Some(0)));
    let _site = serve(&base, &smtp.url());
    std::thread::sleep(Duration::from_secs(3));
    let is_report = |mail: &crate::smtp::Taken| mail.header("Subject") == "Report: All images";
    let taken: Vec<_> = smtp.taken("").into_iter().filter(is_report).collect(); // a reminder goes to a manager too
    assert_eq!(taken.len(), 1, "once");
    assert!(taken[0].text.contains("Content-Disposition: attachment; filename=\"all-images-"), "{}", taken[0].text);
    assert_eq!(base.sql("select count(*) from saved_report_events where kind = 'mailed'"), "1");
}

#[test]
fn settings_that_cannot_work_are_refused_and_no_password_is_shown() {
    let base = Base::new();
    for (url, from, words) in [
        ("smtp://app:s3cret@mail.example", "a@example.ca", "unencrypted"),
        ("http://app:s3cret@mail.example", "a@example.ca", "SMTP_URL must be"),
        ("smtps://app:s3cret@mail.example", "", "MAIL_FROM"),
    ] {
        let mut command = base.command(&["check"]);
        let ended = command.env("SMTP_URL", url).env("MAIL_FROM", from).output().unwrap();
        let ended = crate::support::Ended::from(ended).refused(words);
        assert!(!ended.stderr.contains("s3cret"), "{}", ended.stderr);
    }
}
