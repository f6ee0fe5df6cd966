//! The list: search, filters, order, pages, and what it says when nothing is found.

use axum::http::StatusCode;

use crate::support::Site;

const NAMES: &str = "tbody [role=rowheader]";

async fn found(site: &Site, parameters: &str) -> Vec<String> {
    site.get(&format!("/en/images?{parameters}")).await.all(NAMES)
}

#[tokio::test]
async fn procured_images_come_first_and_the_soonest_renewal_first() {
    let site = Site::with_cast().await;
    let names = found(&site, "").await;
    assert_eq!(names[..5], ["Python", "Soon Due", "chart-iamguarded", "Long Lasting", "Dateless"]);
    assert_eq!(names.len(), 18);
    assert_eq!(names.last().unwrap(), "Put Away");
}

#[tokio::test]
async fn search_forgives_typing_errors_case_accents_and_order() {
    let site = Site::with_cast().await;
    assert_eq!(found(&site, "q=ngix").await, ["nginx", "nginx-iamguarded"]);
    assert_eq!(found(&site, "q=metallb").await, ["metalb-iamguarded"]);
    assert_eq!(found(&site, "q=kubernetes+event").await, ["Kubernetes-event-exporter"]);
    assert_eq!(found(&site, "q=DONNEES").await, ["Données géospatiales"]);
    assert_eq!(found(&site, "q=ressources+naturelles+gdal").await, ["osgeo/gdal"]);
    assert_eq!(found(&site, "q=NGINX").await, ["nginx", "nginx-iamguarded"]);
}

#[tokio::test]
async fn a_respelled_search_says_what_was_taken_instead() {
    let site = Site::with_cast().await;
    let page = site.get("/en/images?q=ngix").await;
    assert_eq!(page.one(".notice"), "No row has “ngix”. These rows have a word spelled almost like it: nginx.");
}

#[tokio::test]
async fn filters_take_several_values_and_count_exactly_what_each_would_add() {
    let site = Site::with_cast().await;
    let page = site.get("/en/images?department=CSE&department=NRCan&status=under_consideration").await;
    assert_eq!(page.all(NAMES).len(), 6);
    assert_eq!(page.one(".result-count"), "6 of 18 rows");
    let choices = page.all(".choice");
    assert!(choices.contains(&"Helm (3)".to_owned()), "{choices:?}");
    assert!(choices.contains(&"Procured (1)".to_owned()), "the other filters alone: {choices:?}");
    assert_eq!(page.all(".chip").len(), 3);
}

#[tokio::test]
async fn a_chip_leads_to_the_view_without_it_and_the_downloads_follow_the_view() {
    let site = Site::with_cast().await;
    let page = site.get("/en/images?q=nginx&type=Helm&page=1").await;
    let chips = page.attributes(".chip", "href");
    assert_eq!(chips, ["/en/images?type=Helm", "/en/images?q=nginx"]);
    let downloads = page.attributes(".downloads a", "href");
    assert_eq!(downloads[0], "/en/images.csv?q=nginx&type=Helm&bom=1");
    let csv = site.get(&downloads[0]).await;
    assert_eq!(csv.text().lines().count(), 2);
}

#[tokio::test]
async fn the_renewal_filter_follows_todays_date() {
    let site = Site::with_cast().await;
    assert_eq!(found(&site, "renewal=soon").await, ["Soon Due"]);
    assert_eq!(found(&site, "renewal=passed&status=procured").await, ["Python"]);
    assert_eq!(found(&site, "renewal=later").await.len(), 2);
    assert_eq!(found(&site, "renewal=undetermined&status=procured").await, ["Dateless"]);
}

#[tokio::test]
async fn every_column_sorts_both_ways_and_unknown_dates_stay_last() {
    let site = Site::with_cast().await;
    for column in ["name", "renewal", "department", "type", "status", "notes"] {
        let up = found(&site, &format!("sort={column}")).await;
        let down = found(&site, &format!("sort=-{column}")).await;
        assert_eq!((up.len(), down.len()), (18, 18), "{column}");
        assert_ne!(up, down, "{column}");
    }
    let down = found(&site, "sort=-renewal").await;
    assert_eq!(down[0], "Long Lasting");
    assert_eq!(down[4], "Put Away");
    let page = site.get("/en/images?sort=-renewal").await;
    assert_eq!(page.attributes("th[aria-sort]", "aria-sort"), ["descending"]);
}

#[tokio::test]
async fn pages_hold_what_they_say_and_a_page_too_far_is_the_last_one() {
    let site = Site::with_cast().await;
    let first = found(&site, "per-page=7").await;
    let second = found(&site, "per-page=7&page=2").await;
    let third = found(&site, "per-page=7&page=3").await;
    assert_eq!((first.len(), second.len(), third.len()), (7, 7, 4));
    assert_eq!(found(&site, "per-page=7&page=99").await, third);
    assert_eq!([first, second, third].concat(), found(&site, "").await);
}

#[tokio::test]
async fn nothing_found_says_why_and_leads_to_asking_for_the_image() {
    let site = Site::with_cast().await;
    let page = site.get("/fr/images?q=zookeeper").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.one(".empty").contains("Demander « zookeeper »"));
    assert_eq!(
        page.attributes(".empty a.button:not(.button-secondary)", "href"),
        ["/fr/demandes/nouvelle?image=zookeeper"]
    );
    let ask = site.get("/fr/demandes/nouvelle?image=zookeeper").await;
    assert_eq!(ask.attributes("#image-1", "value"), ["zookeeper"]);
}

#[tokio::test]
async fn an_empty_catalogue_says_so() {
    let site = Site::with("", &[]).await;
    assert!(site.get("/en/images").await.one(".empty").contains("nothing has been imported yet"));
    assert_eq!(site.get("/en").await.status, StatusCode::OK);
    assert_eq!(site.get("/fr/ministeres").await.status, StatusCode::OK);
    assert_eq!(site.get("/en/images.csv").await.text().lines().count(), 1);
    assert_eq!(site.get("/en/images.json").await.text(), "[\n]\n");
}

#[tokio::test]
async fn what_the_list_does_not_offer_is_explained_in_the_visitors_language() {
    let site = Site::with_cast().await;
    for address in ["sort=price", "status=expired", "renewal=never", "page=0", "page=x", "per-page=100000"] {
        let page = site.get(&format!("/fr/images?{address}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{address}");
        assert!(page.one(".error-summary li").contains("n’est pas une valeur que"), "{address}");
    }
    assert_eq!(site.get("/en/images?utm_source=mail").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_home_page_says_honestly_which_renewals_have_passed() {
    let site = Site::with_cast().await;
    let page = site.get("/en").await;
    assert_eq!(page.all(".count-number"), ["5", "9", "6"], "departments are counted with their parts");
    assert_eq!(page.all(NAMES), ["Python", "Soon Due"]);
    assert!(page.one(".notice").contains("past its renewal date, and no renewal has been recorded"));
    assert!(!page.text().contains("xpired Python"));
}

#[tokio::test]
async fn a_department_is_found_by_its_acronym_in_either_language_and_by_other_spellings() {
    let site = Site::with_cast().await;
    let page = site.get("/en/departments/CSE").await;
    assert_eq!(page.all(NAMES).len(), 4, "one held, three wanted");
    assert_eq!(site.get("/fr/ministeres/CST").await.one("h1"), "Centre de la sécurité des télécommunications Canada");
    assert_eq!(site.get("/fr/ministeres/CSE").await.status, StatusCode::OK);
    assert_eq!(site.get("/en/departments/nrcan").await.one("h1"), "Natural Resources Canada");
    assert_eq!(site.get("/en/departments/Service%20Canada").await.status, StatusCode::OK);
    assert_eq!(site.get("/en/departments/nowhere").await.status, StatusCode::NOT_FOUND);
    let unknown = site.get("/en/departments/Bureau%20of%20Unknowns").await;
    assert!(unknown.one(".notice").contains("nobody has said yet which organisation it is"));
}
