//! After each act of the other tests: what the site shows is what it would show after a start.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use image_catalogue::catalogue::Catalogue;
use tower::ServiceExt;

use crate::support::{Site, settings};

impl Site {
    /// Compares what the site shows, which took in one act after another, with what it would show if it read the catalogue
    /// whole. Where the database does not answer in time, or somebody acts meanwhile, or the act left the
    /// catalogue as it was, there is nothing to compare.
    pub async fn shows_what_reading_anew_shows(&self, before: i64) {
        const SHOWN: [&str; 10] = [
            "/en",
            "/en/images.json",
            "/fr/images.md",
            "/en/images.csv?sort=notes&desc=1",
            "/fr/images?q=ngin",
            "/en/images?type=Helm&status=procured",
            "/en/departments",
            "/en/renewals.ics?period=all",
            "/api/v1/demand",
            "/api/v1/images",
        ];
        let reading = tokio::time::timeout(Duration::from_secs(2), self.catalogue.refresh()).await;
        if !matches!(reading, Ok(Ok(()))) || self.catalogue.now().version.version == before {
            return;
        }
        let whole = Catalogue::open(self.pool.clone(), self.catalogue.clock()).await.unwrap();
        let version = whole.now().version;
        let is_it = || self.catalogue.now().version == version;
        let was_it = is_it();
        let rooms = |catalogue| image_catalogue::rooms_alone(Arc::new(settings(&[])), self.pool.clone(), catalogue);
        let (here, anew) = (rooms(self.catalogue.clone()), rooms(whole));
        let (here, anew) = (all_of(&here, &SHOWN).await, all_of(&anew, &SHOWN).await);
        if !was_it || !is_it() {
            return; // somebody else has acted meanwhile
        }
        for (address, (here, anew)) in SHOWN.iter().zip(here.iter().zip(&anew)) {
            assert_eq!(here, anew, "{address}: what the act left is not what is read anew");
        }
    }
}

/// What a site answers at each of these addresses.
async fn all_of(site: &Router, addresses: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for address in addresses {
        let answer = site.clone().oneshot(Request::get(*address).body(Body::empty()).unwrap()).await.unwrap();
        let status = answer.status();
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        all.push(format!("{status} {}", String::from_utf8_lossy(&body)));
    }
    all
}
