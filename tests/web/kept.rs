//! Pages that are drawn once for all who open them: the same as when they are drawn anew, and new after each change.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use image_catalogue::web::visitor::Role;
use tower::ServiceExt;

use crate::support::{Site, name_of};

/// Pages of everyone, in both languages.
const OPENED: [&str; 8] = [
    "/en/images",
    "/fr/images",
    "/en",
    "/fr",
    "/en/images/python",
    "/fr/images/python",
    "/en/departments",
    "/en/changes",
];

/// A page's bytes as a browser asks for them, and how they are compressed.
async fn as_sent(site: &Site, address: &str, encodings: &str) -> (String, Vec<u8>) {
    let request = Request::get(address).header("accept-encoding", encodings).body(Body::empty()).unwrap();
    let answer = site.router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{address}");
    let encoding = answer.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap()).to_owned();
    (encoding, to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn a_page_opened_again_is_the_page_that_would_be_drawn_however_it_is_sent() {
    let site = Site::with_cast().await;
    for address in OPENED {
        let drawn = site.get(address).await;
        let opened_again = site.get(address).await;
        assert_eq!(opened_again.text(), drawn.text(), "{address}");
        assert_eq!(opened_again.headers, drawn.headers, "{address}");
        for encodings in ["gzip", "br, gzip;q=0.5", "identity"] {
            let first = as_sent(&site, address, encodings).await;
            assert_eq!(as_sent(&site, address, encodings).await, first, "{address}");
            assert_eq!(first.0, encodings.split(',').next().unwrap().replace("identity", ""), "{address}");
            assert_eq!(first.1 == drawn.body, encodings == "identity", "{address}");
        }
        assert_eq!(site.get(address).await.body, drawn.body, "who reads nothing compressed is sent nothing compressed");
        let head = site.with_method(Method::HEAD, address).await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0), "{address}");
    }
    let searched = site.get("/en/images?q=python").await;
    assert_ne!(searched.body, site.get("/en/images").await.body);
    assert!(searched.one(".result-count").starts_with("2 of "), "{}", searched.one(".result-count"));
}

#[tokio::test]
async fn every_page_is_new_after_a_change_also_when_it_was_opened_before() {
    let site = Site::with_cast().await;
    let mut before = Vec::new();
    for address in OPENED {
        before.push((site.get(address).await, as_sent(&site, address, "br").await));
    }
    site.import(
        "Image name,Renewal date,Department,Type,Status\nBrand New,2026-08-01,CSE,Helm,Procured\n",
        "new.csv",
        "New",
    )
    .await;
    for (address, (page, compressed)) in OPENED.into_iter().zip(before) {
        let after = site.get(address).await;
        assert_ne!(after.header("etag"), page.header("etag"), "{address}");
        let is_new = as_sent(&site, address, "br").await != compressed;
        assert_eq!(is_new, after.text() != page.text(), "{address}");
        assert!(after.text().contains("Brand New") || !address.ends_with("/images"), "{address}");
    }
    assert_eq!(site.get("/en/images/brand-new").await.one("h1"), "Brand New");
}

#[tokio::test]
async fn cve_2026_61836_what_was_drawn_for_one_visitor_is_shown_to_no_other() {
    let site = Site::with_cast().await;
    for role in Role::ALL {
        let person = site.sign_in(role).await;
        for address in OPENED {
            // The person first, then everyone, then the person again.
            let own = person.get(address).await;
            assert!(own.one(".who").starts_with(&name_of(role)), "{address}");
            for encodings in ["identity", "gzip"] {
                as_sent(&site, address, encodings).await;
            }
            let of_all = site.get(address).await;
            assert!(of_all.one(".who").starts_with("Sign in") || address.starts_with("/fr"), "{address}");
            assert!(!of_all.text().contains(&name_of(role)) || address.ends_with("/changes"), "{address}");
            assert_eq!(person.get(address).await.text(), own.text(), "{address}");
        }
    }
}

#[tokio::test]
async fn a_page_that_was_not_whole_is_drawn_again_when_the_database_answers() {
    let site = Site::with_cast().await;
    let mut lock = site.pool.begin().await.unwrap();
    sqlx::query("lock table changes in access exclusive mode").execute(&mut *lock).await.unwrap();
    let page = site.get("/en/images/python").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("The history cannot be read"), "{}", page.text());
    assert_eq!((page.header("cache-control"), page.header("etag")), ("private, no-store", ""));
    lock.rollback().await.unwrap();
    let page = site.get("/en/images/python").await;
    assert!(!page.text().contains("The history cannot be read"));
    assert!(page.header("etag").starts_with("W/"));
}
