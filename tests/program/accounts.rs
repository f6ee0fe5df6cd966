//! Local accounts from the console, and the first administrator's link over real HTTP.

use crate::support::{Data, Ended, Serving};

const PASSWORD: &str = "password=correct+horse+battery&again=correct+horse+battery";

/// What a form is answered with: its status and its head.
fn post(serving: &Serving, path: &str, cookie: &str, body: &str) -> (u16, String) {
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\ncookie: {cookie}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        serving.address,
        body.len()
    );
    let answer = String::from_utf8(serving.exchange(request.as_bytes()).unwrap()).unwrap();
    let head = answer.split("\r\n\r\n").next().unwrap().to_owned();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head)
}

/// The path of a link that was printed.
fn path(printed: &str) -> String {
    let link = printed.split_whitespace().find(|word| word.contains("/en/sign-in/link/")).expect("a link");
    link[link.find("/en/").unwrap()..].to_owned()
}

#[test]
fn the_first_administrators_link_works_once() {
    let data = Data::new();
    let mut serving = data.serve();
    let line = serving.line();
    let origin = format!("http://{}/en/sign-in/link/", serving.address);
    assert!(line.contains("administrator") && line.contains(&origin), "{line}");
    let path = path(&line);
    assert_eq!(serving.get(&path).0, 200);
    assert_eq!(serving.get(&path).0, 200, "looking does not use it up");
    let (status, head) = post(&serving, &path, "", PASSWORD);
    assert_eq!(status, 303, "{head}");
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: session=")).expect("a session");
    let cookie = format!("session={}", cookie.split(';').next().unwrap());
    assert_eq!(post(&serving, &path, "", PASSWORD).0, 404, "it is used up");
    let request = format!(
        "GET /en/staff/accounts HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n",
        serving.address
    );
    let page = String::from_utf8_lossy(&serving.exchange(request.as_bytes()).unwrap()).into_owned();
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("administrator@localhost"), "{page}");
    let told = data.run(&["account", "disable", "administrator@localhost"]).ok();
    assert!(told.stdout.contains("is disabled"), "{}", told.stdout);
    let page = String::from_utf8_lossy(&serving.exchange(request.as_bytes()).unwrap()).into_owned();
    assert!(page.starts_with("HTTP/1.1 303"), "a disabled account is out at once: {page}");
    drop(serving);
    let again = data.serve();
    assert_eq!(again.rows(), 47);
    assert_eq!(data.run(&["account", "list"]).ok().stdout.lines().count(), 1, "no second one is made");
}

#[test]
fn accounts_are_added_listed_and_disabled_from_the_console() {
    let data = Data::new();
    let added = data.run(&["account", "add", "Ada@example.ca", "--role", "manager"]).ok();
    assert!(
        added.stdout.starts_with("The account is made.")
            && added.stdout.contains("http://127.0.0.1:8080/en/sign-in/link/")
    );
    let again = data.run(&["account", "add", "ada@example.ca", "--role", "admin"]).ok();
    assert!(again.stdout.contains("new link"), "{}", again.stdout);
    assert_ne!(path(&again.stdout), path(&added.stdout));
    let list = data.run(&["account", "list"]).ok().stdout;
    assert_eq!(list, "enabled\tadmin\tada@example.ca\tada\tlocal\tnever\n");
    data.run(&["account", "disable", "ADA@example.ca"]).ok();
    assert!(data.run(&["account", "list"]).ok().stdout.starts_with("disabled\tadmin"));
    data.run(&["account", "disable", "ada@example.ca"]).refused("disabled already");
    data.run(&["account", "disable", "bob@example.ca"]).refused("There is no local account bob@example.ca");
    data.run(&["account", "add", "é@example.ca", "--role", "staff"]).refused("is not an e-mail address");
    assert_eq!(data.run(&["account", "add", "ada@example.ca", "--role", "king"]).code, Some(2));
    let elsewhere = data
        .command(&["account", "add", "ada@example.ca", "--role", "staff"])
        .env("PUBLIC_URL", "https://images.example.gc.ca")
        .env("LOCAL_ACCOUNTS", "off")
        .output()
        .unwrap();
    let elsewhere = Ended::from(elsewhere).ok().stdout;
    assert!(
        elsewhere.contains("https://images.example.gc.ca/en/sign-in/link/") && elsewhere.contains("LOCAL_ACCOUNTS=on")
    );
}

#[test]
fn settings_of_a_provider_that_do_not_fit_are_told_in_a_sentence() {
    let data = Data::new();
    let without = data.command(&["check"]).env("OIDC_ISSUER", "https://login.example/x/v2.0").output().unwrap();
    Ended::from(without).refused("OIDC_CLIENT_ID is not");
    for (name, value) in
        [("OIDC_ISSUER", "http://login.example"), ("OIDC_ROLES", "Editor=king"), ("LOCAL_ACCOUNTS", "maybe")]
    {
        let wrong = data.command(&["check"]).env(name, value).output().unwrap();
        assert_eq!(wrong.status.code(), Some(2), "{name}");
    }
}
