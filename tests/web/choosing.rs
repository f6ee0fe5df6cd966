//! The rows of an uploaded file that are chosen: kept with the upload, whatever page shows.

use axum::http::StatusCode;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, send, with};
use crate::support::Site;
use crate::three_way::{press, upload};

#[tokio::test]
async fn ticks_hold_whatever_page_shows_and_all_none_and_only_new_set_them() {
    let site = Site::with_cast().await;
    let staff = site.sign_in(Role::Staff).await;
    let rows = (0..700).fold("Image name,Department,Status\nPython,SSC,Retired\n".to_owned(), |rows, number| {
        format!("{rows}many-{number},SSC,Under consideration\n")
    });
    let address = upload(&site, &staff, "many.csv", &rows).await;
    let first = staff.get(&address).await;
    let mut form = with(&fields(&first), &[("do", "show:all:2"), ("reason", "Typed on page 1")]);
    form.retain(|(name, value)| name != "row" || value != "3");
    let answer = send(&staff, &address, &form).await;
    let second = answer.header("location").to_owned();
    let page = staff.get(&second).await;
    assert!(page.one("main").contains("700 of 701 chosen"), "{}", page.one("[role=status] strong"));
    assert_eq!(page.one("#reason"), "Typed on page 1");
    let (_, page) = press(&staff, &second, &page, "none").await;
    assert!(page.one("main").contains("0 of 701 chosen"));
    let (_, page) = press(&staff, &second, &page, "all").await;
    assert!(page.one("main").contains("701 of 701 chosen"));
    let (_, page) = press(&staff, &second, &page, "new").await;
    assert!(page.one("main").contains("700 of 701 chosen"));
    let first = staff.get(&address).await;
    let mut form = with(&fields(&first), &[("do", "show:all:2")]);
    form.retain(|(name, value)| name != "row" || value != "3");
    send(&staff, &address, &form).await;
    let page = staff.get(&second).await;
    let answer = send(&staff, &second, &with(&fields(&page), &[("do", "save")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let written: Vec<String> =
        sqlx::query_scalar("select name from images where name like 'many-%'").fetch_all(&site.pool).await.unwrap();
    assert_eq!(written.len(), 699);
    assert!(!written.contains(&"many-0".to_owned()), "unticked on page 1, accepted on page 2");
    assert!(!site.get("/en/images/python").await.one("main").contains("Retired"), "only new");
}

#[tokio::test]
async fn uploads_of_the_day_are_listed_with_who_when_counts_and_a_link_for_their_owner() {
    let site = Site::with_cast().await;
    let (staff, other) = (site.sign_in(Role::Staff).await, site.sign_in(Role::Administrator).await);
    let address = upload(&site, &staff, "next.csv", "Image name,Department\nbrand-new,SSC\n").await;
    let own = staff.get("/en/staff/import").await;
    let row = own.one("tbody tr");
    for words in ["next.csv", "tester-staff", "New (1)"] {
        assert!(row.contains(words), "{words} in {row}");
    }
    assert_eq!(own.attributes("tbody a", "href"), std::slice::from_ref(&address));
    assert!(other.get("/en/staff/import").await.attributes("tbody a", "href").is_empty(), "a file is its owner's");
    let page = staff.get(&address).await;
    let act = send(&staff, &address, &with(&fields(&page), &[("do", "save")])).await;
    let own = staff.get("/fr/personnel/importation").await;
    let act = act.header("location").replace("/en/changes/", "/fr/changements/");
    assert!(own.attributes("tbody a", "href").contains(&act));
}
