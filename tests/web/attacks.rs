//! Published attacks on systems like this one, each refused here. The numbers are those of the advisories.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

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
    for address in ["/en/images", "/", "/en/changes.atom", "/en/images/", "/en/nowhere"] {
        let request = Request::get(address)
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("forwarded", "host=evil.example")
            .body(Body::empty())
            .unwrap();
        let answer = site.send(request).await;
        assert!(!answer.text().contains("evil.example"), "{address}");
        assert!(!answer.header("location").contains("evil.example"), "{address}");
    }
}

#[tokio::test]
async fn cve_2024_22244_no_redirect_leaves_the_site() {
    let site = Site::with_cast().await;
    for address in ["//evil.example/", "/%2f%2fevil.example/", "/%5cevil.example/", "/en/images//", "/en//"] {
        let answer = site.get(address).await;
        let location = answer.header("location");
        assert!(location.is_empty() || location.starts_with('/'), "{address}: {location}");
        assert!(!location.starts_with("//") && !location.contains('\\'), "{address}: {location}");
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
