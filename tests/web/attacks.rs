//! Published attacks on systems like this one, each refused here. The numbers are those of the advisories.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use image_catalogue::i18n::Lang;
use image_catalogue::people;
use image_catalogue::web::visitor::Role;

use crate::support::Site;

const SCRIPT: &str = "<script>alert(1)</script>";

#[tokio::test]
async fn cve_2026_55452_no_cell_of_a_csv_is_a_formula() {
    let site = Site::with_cast().await;
    for address in ["/en/images.csv", "/fr/images.csv?separator=semicolon"] {
        let text = site.get(address).await.text().to_owned();
        let separator = if address.contains("semicolon") { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
        for record in reader.records() {
            for cell in &record.unwrap() {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']), "{address}: {cell}");
            }
        }
    }
}

#[tokio::test]
async fn cve_2025_65622_what_files_bring_is_shown_and_never_run() {
    let site = Site::with_cast().await;
    for address in
        ["/en/images", "/fr/images?q=script", "/en/departments", "/en/changes/2", "/en/images/script-alert-1-script"]
    {
        let page = site.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert!(!page.text().contains("<script>alert") && !page.text().contains("<img src=x"), "{address}");
    }
    assert_eq!(site.get("/en/images/script-alert-1-script").await.one("h1"), SCRIPT);
}

#[tokio::test]
async fn cve_2025_69848_error_pages_do_not_repeat_what_was_asked_as_markup() {
    let site = Site::with_cast().await;
    for address in [
        "/en/%3Cscript%3Ealert(1)%3C/script%3E",
        "/en/images?sort=%3Cscript%3Ealert(1)%3C/script%3E",
        "/en/images?q=%3Cscript%3Ealert(2)%3C/script%3E",
        "/en/images/python?tag=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/en/requests/new?image=%3Cscript%3Ealert(1)%3C/script%3E",
        "/en/changes?before=%3Cscript%3Ealert(1)%3C/script%3E",
    ] {
        assert!(!site.get(address).await.text().contains("<script>alert"), "{address}");
    }
}

#[tokio::test]
async fn cve_2022_23064_the_host_header_reaches_no_link() {
    let site = Site::with(crate::support::CAST, &["--public-url", "https://images.example.gc.ca"]).await;
    let own = "images.example.gc.ca";
    for address in ["/en/images", "/", "/en/changes.atom", "/en/images/", "/en/nowhere", "/fr/commentaires/nouveau"] {
        for (hosts, status) in [
            (&["evil.example"][..], Some(StatusCode::MISDIRECTED_REQUEST)),
            (&["images.example.gc.ca.evil.example"], Some(StatusCode::MISDIRECTED_REQUEST)),
            (&[own, "evil.example"], Some(StatusCode::BAD_REQUEST)),
            (&["evil.example", own], Some(StatusCode::BAD_REQUEST)),
            (&["user@evil.example"], Some(StatusCode::BAD_REQUEST)),
            (&[own], None),
            (&["IMAGES.example.gc.ca:443"], None),
        ] {
            let request = Request::get(address)
                .header("x-forwarded-host", "evil.example")
                .header("x-host", "evil.example")
                .header("forwarded", "host=evil.example");
            let request = hosts.iter().fold(request, |request, host| request.header("host", *host));
            let answer = site.send(request.body(Body::empty()).unwrap()).await;
            assert!(!answer.text().contains("evil.example"), "{address} {hosts:?}");
            assert!(!answer.header("location").contains("evil.example"), "{address} {hosts:?}");
            match status {
                Some(status) => assert_eq!(answer.status, status, "{address} {hosts:?}"),
                None => assert!(!answer.status.is_server_error() && answer.status != StatusCode::MISDIRECTED_REQUEST),
            }
        }
    }
    let refused = Request::get("/fr/images").header("host", "evil.example").body(Body::empty()).unwrap();
    let refused = site.send(refused).await;
    assert_eq!(refused.one("h1"), "Ce nom n’est pas celui de ce site");
    assert!(refused.one("main").contains("https://images.example.gc.ca"), "it says where the site is");
    for address in ["/healthz", "/readyz"] {
        let asked = Request::get(address).header("host", "10.0.0.7:8080").body(Body::empty()).unwrap();
        assert_eq!(site.send(asked).await.status, StatusCode::OK, "{address}");
    }
}

/// Where browsers could be led away.
const AWAY: &[&str] = &[
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "\\\\evil.example",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%2fevil.example",
    "/%2F%2Fevil.example",
    "/%2f%2fevil.example",
    "/%09/evil.example",
    "/%0d%0aevil.example",
    "/en/%0d%0aSet-Cookie:x=y",
    "/.//evil.example",
    "/en/..//evil.example",
    "/en/%2e%2e//evil.example",
    "/en//evil.example",
    "/en\\@evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
];

#[tokio::test]
async fn cve_2024_22244_no_redirect_leaves_the_site() {
    let site = Site::with(crate::support::CAST, &["--local-accounts", "on"]).await;
    let stays = |answer: &crate::support::Answer, asked: &str| {
        let location = answer.header("location");
        let lower = location.to_ascii_lowercase();
        let path = lower.split('?').next().unwrap();
        assert!(location.is_empty() || location.starts_with('/'), "{asked}: {location}");
        for hidden in ["//", "\\", "%5c", "%2f", "%0d", "%0a", "%09"] {
            assert!(!path.contains(hidden), "{asked}: {location}");
        }
    };
    for away in AWAY {
        let encoded = image_catalogue::web::address::encode(away);
        for address in [
            (*away).to_owned(),
            format!("{away}/"),
            format!("{away}/%2f.."),
            format!("{away}//"),
            format!("/en/sign-in?next={encoded}"),
            format!("/fr/ouvrir-session/fournisseur?next={encoded}"),
            format!("/en/feedback/new?page={encoded}"),
        ] {
            let Ok(request) = Request::get(&address).body(Body::empty()) else { continue };
            if request.uri().authority().is_none() && address.starts_with('/') {
                stays(&site.send(request).await, &address);
            }
        }
        let page = site.get(&format!("/en/sign-in?next={encoded}")).await;
        for link in
            page.attributes("main a, main form", "href").iter().chain(&page.attributes("input[name=next]", "value"))
        {
            assert!(!link.contains("evil") && !link.contains("alert"), "{away}: {link}");
        }
        let sent = site.post("/en/sign-in", &[("next", away), ("email", "a@b.ca"), ("password", "x")]).await;
        stays(&sent, away);
    }
    for address in ["/en/images//", "/en//", "/en/images/", "/api/v1/images/"] {
        stays(&site.get(address).await, address);
    }
    assert_eq!(site.get("/en/images/").await.header("location"), "/en/images", "a slash too many is put right");
}

#[tokio::test]
async fn cve_2019_19025_no_form_is_taken_from_another_site() {
    let site = Site::with_cast().await;
    let admin = site.sign_in(Role::Administrator).await;
    let rows = async || {
        let tables = "select (select count(*) from change_sets) + (select count(*) from feedback) + (select count(*) from watches)
            + (select count(*) from suggestions) + (select count(*) from requests) + (select count(*) from accounts)";
        sqlx::query_scalar::<_, i64>(tables).fetch_one(&site.pool).await.unwrap()
    };
    let before = rows().await;
    let staff = image_catalogue::STAFF_PAGES.iter().map(|(route, _)| route);
    for route in image_catalogue::PAGES.iter().chain(image_catalogue::ACTS.iter()).chain(staff) {
        if *route == image_catalogue::watches::LINK {
            continue; // a mail program's one click (RFC 8058) comes from nowhere; the token in its address lets it in
        }
        for (name, value) in
            [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
        {
            let request =
                Request::post(route.with(Lang::Fr, "nginx")).header(name, value).header("cookie", &admin.cookie);
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let answer = site.send(request.body(Body::from("do=save&reason=x")).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {name}: {value}", route.fr);
        }
    }
    assert_eq!(rows().await, before);
}

#[tokio::test]
async fn cve_2020_13794_nothing_tells_whether_somebody_is_known() {
    let site = Site::with(crate::support::CAST, &["--local-accounts", "on"]).await;
    let new = people::db::accounts::New {
        issuer: None,
        subject: None,
        email: "ada@example.ca",
        name: "ada",
        role: Role::Staff,
        organisation: None,
    };
    people::db::accounts::add(&site.pool, &new).await.unwrap();
    let private = crate::requests::ask(&site, "Apache Kafka", "CSE", &[]).await;
    let there = private.split('?').next().unwrap();
    let without = |answer: crate::support::Answer, own: &str| (answer.status, answer.text().replace(own, "…"));
    let sign_in = async |email: &str| {
        let sent = site.post("/en/sign-in", &[("email", email), ("password", "wrong and long")]).await;
        without(sent, email)
    };
    assert_eq!(sign_in("ada@example.ca").await, sign_in("bob@example.ca").await);
    let nowhere = there.replace("0001", "0002");
    for query in ["", "?key=", "?key=x"] {
        let (one, other) = (site.get(&format!("{there}{query}")).await, site.get(&format!("{nowhere}{query}")).await);
        assert_eq!((one.status, other.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{query}");
        assert_eq!(without(one, there), without(other, &nowhere), "{query}");
    }
}

#[tokio::test]
async fn cve_2026_55474_no_path_leads_to_a_file() {
    let site = Site::with_cast().await;
    for address in [
        "/static/../Cargo.toml",
        "/static/..%2f..%2fetc/passwd",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/en/images/..%2f..%2fetc%2fpasswd",
        "/en/departments/..%2f..%2fetc",
    ] {
        let answer = site.get(address).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("root:"), "{address}");
    }
}

#[tokio::test]
async fn cve_2025_30086_sorting_and_filtering_take_only_what_is_offered() {
    let site = Site::with_cast().await;
    for sort in ["id", "images.id", "name;drop table images", "password", "name,id", "(select 1)"] {
        let address = format!("/en/images?sort={}", image_catalogue::web::address::encode(sort));
        assert_eq!(site.get(&address).await.status, StatusCode::BAD_REQUEST, "{sort}");
    }
}

#[tokio::test]
async fn cve_2019_19026_sql_in_any_parameter_is_only_text() {
    let site = Site::with_cast().await;
    for text in ["' or '1'='1", "'; drop table lines; --", "\\'; select pg_sleep(5) --", "%' or 1=1 --"] {
        let encoded = image_catalogue::web::address::encode(text);
        for address in [
            "/en/images?q=",
            "/en/images?department=",
            "/en/images?type=",
            "/en/images/",
            "/en/departments/",
            "/en/images/x/changes?before=",
        ] {
            let answer = site.get(&format!("{address}{encoded}")).await;
            assert!(!answer.status.is_server_error(), "{address}{text}");
        }
    }
    assert_eq!(site.get("/en/images").await.all("tbody tr").len(), 18);
}

#[tokio::test]
async fn cve_2026_35408_every_answer_keeps_browsers_strict() {
    let site = Site::with_cast().await;
    for address in ["/en", "/en/nowhere", "/en/images.csv", "/healthz", "/readyz", "/", "/en/images?sort=x"] {
        let answer = site.get(address).await;
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{address}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{address}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{address}");
        assert!(!answer.header("content-security-policy").contains("unsafe"), "{address}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_answered_with_a_page_that_says_so() {
    let site = Site::with_cast().await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        let answer = site.with_method(method, "/fr/images").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.one("h1"), "Cette page n’accepte pas ce qui a été envoyé");
    }
    assert_eq!(site.with_method(Method::HEAD, "/en/images").await.status, StatusCode::OK);
}

#[tokio::test]
async fn figures_for_operations_are_not_among_the_pages() {
    let site = Site::with_cast().await;
    assert_eq!(site.get("/metrics").await.status, StatusCode::NOT_FOUND);
    let apart = Site::with(crate::support::CAST, &["--metrics-listen", "127.0.0.1:9100"]).await;
    assert_eq!(apart.get("/metrics").await.status, StatusCode::NOT_FOUND);
}
