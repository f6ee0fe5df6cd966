//! An image's page: can I use it today, and what exactly do I type?

use axum::http::StatusCode;

use crate::support::Site;

async fn answer(site: &Site, slug: &str) -> String {
    site.get(&format!("/en/images/{slug}")).await.one(".answer-word")
}

#[tokio::test]
async fn can_i_use_it_today_is_answered_for_every_state() {
    let site = Site::with_cast().await;
    assert_eq!(answer(&site, "long-lasting").await, "Yes");
    assert_eq!(answer(&site, "soon-due").await, "Yes");
    assert_eq!(answer(&site, "dateless").await, "Yes");
    assert_eq!(answer(&site, "python").await, "Yes, but check first");
    assert_eq!(answer(&site, "nginx").await, "Not yet");
    assert_eq!(answer(&site, "turned-down").await, "No");
    assert_eq!(answer(&site, "put-away").await, "No");
    let python = site.get("/en/images/python").await;
    assert!(python.one(".answer").contains("passed 266 days ago and nobody has confirmed what happened"));
    assert!(!python.one("main").to_lowercase().contains("expired"));
}

#[tokio::test]
async fn pull_references_stand_only_where_they_can_work() {
    let site = Site::with_cast().await;
    let host = "artifacts-artefacts.devops.cloud-nuage.canada.ca/docker-chainguard-remote/ssc-spc.gc.ca";
    let python = site.get("/en/images/python").await.all("pre code");
    assert_eq!(
        python,
        [
            "docker login artifacts-artefacts.devops.cloud-nuage.canada.ca".to_owned(),
            format!("docker pull {host}/python:3.13.3"),
            format!("podman pull {host}/python:3.13.3"),
            format!("FROM {host}/python:3.13.3"),
            format!("image: {host}/python:3.13.3"),
            format!("{host}/python:3.13.3"),
        ]
    );
    for slug in ["long-lasting", "chart-iamguarded", "nginx", "turned-down", "put-away", "shared"] {
        let page = site.get(&format!("/en/images/{slug}")).await;
        assert!(!page.text().contains("docker pull"), "{slug}");
        assert!(page.all("pre").is_empty(), "{slug}");
    }
}

#[tokio::test]
async fn an_image_with_two_registry_names_shows_both_and_no_tag_is_invented() {
    let rows = "Image name,Renewal date,Department,Status\nOpenJDK (JDK & JRE),2027-03-01,SSC,Procured\n.NET SDK,2027-03-01,SSC,Procured\n";
    let site = Site::with(rows, &["--registry-host", "registry.example", "--registry-org", "org"]).await;
    let java = site.get("/en/images/openjdk-jdk-jre").await;
    assert_eq!(java.all("h3 code"), ["jdk", "jre"]);
    assert!(java.text().contains("docker pull registry.example/docker-chainguard-remote/org/jre:openjdk-21"));
    let sdk = site.get("/en/images/net-sdk").await;
    assert_eq!(sdk.all("pre code").len(), 2, "the sign-in and the repository, no command with a made-up tag");
    let chosen = site.get("/en/images/net-sdk?tag=9.0").await;
    assert!(
        chosen
            .all("pre code")
            .contains(&"docker pull registry.example/docker-chainguard-remote/org/dotnet-sdk:9.0".to_owned())
    );
}

#[tokio::test]
async fn a_wrong_tag_is_explained_and_stays_in_the_field() {
    let site = Site::with_cast().await;
    let page = site.get("/fr/images/python?tag=3.13%3B+rm+-rf").await;
    assert!(page.one(".error-message").starts_with("Ce n’est pas une étiquette."));
    assert_eq!(page.attributes("#tag", "value"), ["3.13; rm -rf"]);
    assert!(!page.text().contains(":3.13; rm"));
}

#[tokio::test]
async fn one_image_that_two_departments_want_is_one_page_with_two_lines() {
    let site = Site::with_cast().await;
    let page = site.get("/en/images/shared").await;
    assert_eq!(page.one("#wanted"), "2 departments want it");
    assert_eq!(page.all("dl.facts").len(), 2);
    let list = site.get("/en/images?q=shared").await;
    assert_eq!(list.all("tbody [role=rowheader]")[..2], ["Shared", "shared"], "each as its department wrote it");
}

#[tokio::test]
async fn what_one_department_wants_and_another_holds_is_procured_and_says_both() {
    let site = Site::with_cast().await;
    let page = site.get("/en/images/python").await;
    assert_eq!(page.one("#wanted"), "1 department wants it");
    let list = site.get("/en/images?department=ESDC").await;
    assert!(list.one("tbody").contains("Already procured for another department"));
}

#[tokio::test]
async fn variants_of_an_image_are_named_with_the_assumption_behind_them() {
    let site = Site::with_cast().await;
    let page = site.get("/en/images/nginx").await;
    assert_eq!(page.all("[aria-labelledby=family] li a"), ["nginx-iamguarded"]);
    assert!(page.one("[aria-labelledby=family]").contains("Whether variants are licensed apart"));
}

#[tokio::test]
async fn an_address_from_before_a_renaming_leads_to_the_image() {
    let site = Site::with_cast().await;
    sqlx::query("insert into former_slugs select 'web-server', id from images where slug = 'nginx'")
        .execute(&site.pool)
        .await
        .unwrap();
    site.import("Image name,Department,Notes\nnginx,NRCAN,Changed\n", "change.csv", "").await;
    let answer = site.get("/fr/images/web-server").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::PERMANENT_REDIRECT, "/fr/images/nginx"));
    assert_eq!(site.get("/fr/images/web-server/changements").await.header("location"), "/fr/images/nginx/changements");
    assert_eq!(site.get("/en/images/never-there").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn columns_that_the_catalogue_does_not_know_are_shown_as_written() {
    let site = Site::with("Image name,Department,Owner\nnginx,CSE,Team Rocket\n", &[]).await;
    assert!(site.get("/en/images/nginx").await.one("dl.facts").contains("Team Rocket"));
}
