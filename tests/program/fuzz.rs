//! Hostile requests: random and mutated paths, parameters, headers and bodies, from a seed. No 5xx, no hang, no echo of
//! markup, and the same process afterwards.

use std::time::{Duration, Instant};

use crate::bombs;
use crate::support::Data;

/// How long to go on.
const LONG: Duration = Duration::from_mins(1);

/// A small generator of numbers: the same seed, the same requests.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const PATHS: &[&str] = &[
    "/",
    "/en",
    "/fr",
    "/en/images",
    "/fr/images",
    "/en/images.csv",
    "/fr/images.json",
    "/en/images.md",
    "/en/images/python",
    "/fr/images/nginx",
    "/en/images/nginx/changes",
    "/en/departments/CSE",
    "/fr/ministeres/CST",
    "/en/changes",
    "/fr/changements/2",
    "/en/changes.atom",
    "/en/guidance/portal",
    "/en/requests/new",
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/css/site.css",
    "/api/v1/x",
];
const PARAMETERS: &[&str] = &[
    "q",
    "status",
    "department",
    "type",
    "renewal",
    "sort",
    "page",
    "per-page",
    "bom",
    "separator",
    "tag",
    "before",
    "after",
    "image",
];
const ODD: &[&str] = &[
    "<script>alert(1)</script>",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "%00",
    "%ff%fe",
    "%",
    "%zz",
    "..%2f..%2f",
    "//",
    "\\",
    "'",
    "\"",
    "=cmd|x",
    "-1",
    "0",
    "999999999999999999999",
    "NaN",
    "a",
    "%F0%9F%A6%80",
    "%E2%80%AE",
    "+",
    "&",
    ";",
    "#",
    "?",
    "procured",
    "name",
    "-name",
    "ngix",
    "python",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];
const METHODS: &[&str] = &["GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"];
const HEADERS: &[&str] = &[
    "accept-encoding: br, gzip",
    "accept-encoding: identity;q=0",
    "if-none-match: *",
    "if-none-match: W/\"x",
    "range: bytes=0-1",
    "accept-language: \u{fd}\u{fd}",
    "accept-language: fr;q=nan, en;q=-1",
    "cookie: lang=xx; lang=fr",
    "cookie: \u{1f}",
    "x-forwarded-for: 1.2.3.4, ::1, x",
    "origin: https://evil.example",
    "sec-fetch-site: cross-site",
    "content-length: 5",
    "content-length: -1",
    "transfer-encoding: chunked",
    "expect: 100-continue",
    "host: evil.example",
    "x-request-id: <script>",
];

/// Something that unfolds into gigabytes, as any kind of file.
fn bomb(numbers: &mut Numbers) -> Vec<u8> {
    let kind = numbers.one(&["dockerfile", "compose", "kubernetes", "helm", "list", "x"]);
    let body = if numbers.below(2) == 0 { bombs::tenfold() } else { bombs::laughs() };
    format!(
        "POST /api/v1/check?kind={kind} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn request(numbers: &mut Numbers) -> Vec<u8> {
    if numbers.below(20) == 0 {
        return bomb(numbers);
    }
    let mut address = numbers.one(PATHS).to_owned();
    if numbers.below(4) == 0 {
        address.push('/');
        address.push_str(numbers.one(ODD));
    }
    for place in 0..numbers.below(5) {
        address.push(if place == 0 { '?' } else { '&' });
        address.push_str(numbers.one(PARAMETERS));
        address.push('=');
        address.push_str(numbers.one(ODD));
    }
    let mut text = format!("{} {address} HTTP/1.1\r\nconnection: close\r\n", numbers.one(METHODS));
    for _ in 0..numbers.below(4) {
        text.push_str(numbers.one(HEADERS));
        text.push_str("\r\n");
    }
    if numbers.below(5) > 0 {
        text.push_str("host: localhost\r\n");
    }
    text.push_str("\r\nhello");
    let mut bytes = text.into_bytes();
    if numbers.below(6) == 0 {
        let at = numbers.below(bytes.len());
        bytes[at] = u8::try_from(numbers.below(256)).unwrap();
    }
    bytes
}

#[test]
fn no_request_breaks_the_program() {
    let data = Data::new();
    let serving = data.serve();
    let mut numbers = Numbers(20_261_122);
    let began = Instant::now();
    let mut sent = 0;
    while began.elapsed() < LONG {
        let request = request(&mut numbers);
        let asked = Instant::now();
        let Ok(answer) = serving.exchange(&request) else { continue };
        let shown = || String::from_utf8_lossy(&request).into_owned();
        assert!(asked.elapsed() < Duration::from_secs(17), "it hung: {}", shown());
        let answer = String::from_utf8_lossy(&answer);
        assert!(!answer.starts_with("HTTP/1.1 5"), "{}\n{answer}", shown());
        assert!(!answer.contains("<script>alert"), "{}", shown());
        assert!(!answer.contains('⟦'), "{}\n{answer}", shown());
        sent += 1;
    }
    assert!(sent > 100, "{sent}");
    assert_eq!(serving.rows(), 47);
    assert_eq!(serving.stop(), Some(0), "the same process to the end");
}
