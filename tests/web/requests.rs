//! Departments ask for images, and staff decide.

use axum::http::StatusCode;
use image_catalogue::catalogue::past;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save};
use crate::support::Site;

#[tokio::test]
async fn staff_note_how_firm_a_need_is_and_by_when_and_everyone_sees_it() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let address = "/fr/personnel/images/nginx";
    let open = fields(&staff.get(address).await);
    let of = |name: &str| open.iter().find(|(field, _)| field.starts_with(name)).unwrap().0.clone();
    let (firmness, day) = (of("firmness-"), of("needed-by-"));
    let wrong = save(&staff, address, &[(&firmness, "certain"), (&day, "bientôt")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.one(".error-summary").contains("AAAA-MM-JJ"));
    let saved = save(&staff, address, &[(&firmness, "funded"), (&day, "2027-04-01")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let page = site.get("/fr/images/nginx").await;
    assert!(page.one("main").contains("Financé") && page.one("main").contains("2027-04-01"));
    assert!(staff.get(saved.header("location")).await.text().contains("Financé"));
    assert!(past::verify(&site.pool).await.unwrap().differing.is_empty());
}
