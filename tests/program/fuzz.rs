//! Hostile requests: random and mutated paths, parameters, headers and bodies, from a seed. No 5xx, no hang, no echo of
//! markup, and the same process afterwards.

use std::fmt::Write;
use std::time::{Duration, Instant};

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
    "/fr/demandes",
    "/en/requests/REQ-2026-0001",
    "/en/feedback",
    "/en/feedback/new",
    "/en/feedback/FB-2026-0001",
    "/en/follow",
    "/en/follow/x",
    "/en/check",
    "/en/demand",
    "/en/demand.xlsx",
    "/en/reports/overview",
    "/fr/rapports",
    "/en/reports/changed.csv",
    "/en/rounds",
    "/en/rounds/1/annex.csv",
    "/en/renewals.ics",
    "/en/sign-in",
    "/en/staff/renewals",
    "/api/v1/images",
    "/api/v1/images/python",
    "/api/v1/images/python/status",
    "/api/v1/imports",
    "/api/v1/changes",
    "/api/v1/check",
    "/api/openapi.json",
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
    "as-at",
    "from",
    "to",
    "who",
    "year",
    "key",
    "next",
    "limit",
    "lang",
    "reason",
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
    "9223372036854775807",
    "-9223372036854775808",
    "2147483648",
    "1e308",
    "a%00b",
    "%00%00",
    "-9999-01-01",
    "0000-00-00",
    "9999-12-31",
    "%2B99999-01-01",
    "2026-02-30",
    "2026-11-27T00:00:00Z",
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
    "host: localhost\r\nhost: evil.example",
    "content-length: 5\r\ncontent-length: 6",
    "content-type: application/x-www-form-urlencoded\r\ncontent-type: application/json",
    "cookie: session=AAAAAAAAAAAAAAAAAAAAAA\r\ncookie: session=x",
    "authorization: Bearer a\r\nauthorization: Bearer b",
    "if-match: *\r\nif-match: \"x\"",
    "idempotency-key: a\r\nidempotency-key: b",
    "if-modified-since: Mon, 99 Jan 99999 00:00:00 GMT",
    "sec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded",
    "sec-fetch-site: same-origin\r\ncontent-type: application/json",
];

const BODIES: &[&str] = &[
    "hello",
    "key=%00&base=-1&message=a%00b&do=send",
    "key=00000000-0000-4000-8000-000000000000&base=9223372036854775807&do=send&about=site&message=x&needed-by=-9999-01-01",
    "image-0=python&image-0=%00&do=send&firmness-0=x&needed-by-0=99999-99-99",
    "{\"department\":\"S\\u0000\",\"status\":\"\\u0000\",\"reason\":\"\\u0000\"}",
    "FROM $A\n",
    "email=a%00@b.ca&password=%00&next=/\\evil.example",
];

fn request(numbers: &mut Numbers) -> Vec<u8> {
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
    let body = BODIES[numbers.below(BODIES.len())];
    if numbers.below(2) == 0 {
        write!(text, "content-length: {}\r\n", body.len()).unwrap();
    }
    text.push_str("\r\n");
    text.push_str(body);
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
