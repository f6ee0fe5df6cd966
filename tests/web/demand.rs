//! How many departments need which images.

use axum::http::StatusCode;
use image_catalogue::web::visitor::Role;

use crate::forms::{fields, save, with};
use crate::support::{Answer, Site};

/// The row of the table whose first cell begins so, cell by cell.
fn row(page: &Answer, name: &str) -> Vec<String> {
    let html = page.page();
    let select = |text: &str| scraper::Selector::parse(text).unwrap();
    let (row, cell) = (select(".demand tbody tr"), select("th, td"));
    let folded = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cells = |row: scraper::ElementRef| row.select(&cell).map(|cell| folded(cell.text().collect())).collect();
    let rows: Vec<Vec<String>> = html.select(&row).map(cells).collect();
    let found = rows.iter().find(|cells| cells[0].starts_with(name));
    found.unwrap_or_else(|| panic!("{name} in {rows:?}")).clone()
}

/// Notes how firm the first line of an image is that names a department, and by when.
async fn note(site: &Site, slug: &str, department: &str, firmness: &str, day: &str) {
    let staff = site.sign_in(Role::Staff).await;
    let line: i64 = sqlx::query_scalar(
        "select l.id from lines l join images i on i.id = l.image_id join organisations o on o.id = l.organisation_id
         where i.slug = $1 and o.acronym_en = $2",
    )
    .bind(slug)
    .bind(department)
    .fetch_one(&site.pool)
    .await
    .unwrap();
    let said = [(format!("firmness-{line}"), firmness), (format!("needed-by-{line}"), day)];
    let said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (&**name, *value)).collect();
    let saved = save(&staff, &format!("/en/staff/images/{slug}"), &said).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
}

/// Asks for an image without letting the department be named, and lets staff accept it.
async fn ask_unnamed(site: &Site, image: &str, department: &str, said: &[(&str, &str)]) {
    let organisation: i64 = sqlx::query_scalar("select id from organisations where acronym_en = $1")
        .bind(department)
        .fetch_one(&site.pool)
        .await
        .unwrap();
    let organisation = organisation.to_string();
    let asked = [
        ("image-1", image),
        ("department", &*organisation),
        ("contact-name", "Marie Tremblay"),
        ("contact-email", "marie@example.gc.ca"),
        ("unnamed", "1"),
        ("do", "send"),
    ];
    let form = with(&fields(&site.get("/en/requests/new").await), &[&asked, said].concat());
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(site.post("/en/requests/new", &form).await.status, StatusCode::SEE_OTHER);
    let item: i64 = sqlx::query_scalar("select max(id) from request_items").fetch_one(&site.pool).await.unwrap();
    let staff = site.sign_in(Role::Staff).await;
    let open = fields(&staff.get(&format!("/en/staff/requests/decide?do=accept&item={item}")).await);
    let accept = with(&open, &[("do", "save")]);
    let accepted = crate::forms::send(&staff, "/en/staff/requests/decide", &accept).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
}

#[tokio::test]
async fn departments_count_once_with_those_that_they_are_part_of_and_by_year_and_firmness() {
    let site = Site::with_cast().await;
    let rows = "Image name,Department,Status\nShared,ESDC,Under consideration\n";
    site.import(rows, "more.csv", "").await;
    note(&site, "shared", "CSE", "funded", "2027-03-31").await;
    note(&site, "shared", "ESDC", "planned", "2027-04-01").await;
    let page = site.get("/en/demand").await;
    assert_eq!(
        row(&page, "Shared"),
        ["Shared", "Under consideration", "2", "2 1 planned, 1 funded", "1", "1", "0", "CSE, ESDC"],
        "Service Canada counts with ESDC"
    );
    let head = page.all(".demand th[scope=col]");
    assert_eq!(head[4..], ["2026-2027", "2027-2028", "Year not said", "Who"]);
    assert_eq!(page.all(".demand tbody tr th")[0], "Shared", "the most wanted comes first");
    assert!(row(&page, "Python")[1] == "Procured" && row(&page, "Python")[7] == "ESDC", "further demand");
    assert!(page.one("main").contains("1 of these images is already procured"));
    assert!(page.all(".demand tbody tr").iter().all(|row| !row.contains("Turned Down") && !row.contains("Put Away")));
    let french = site.get("/fr/besoins").await;
    assert_eq!(row(&french, "Shared")[3], "2 1 planifié, 1 financé");
    assert_eq!(row(&french, "Shared")[7], "CST, EDSC");
    assert!(
        site.get("/en/images/shared").await.attributes("main a", "href").contains(&"/en/demand?q=Shared".to_owned())
    );
}

#[tokio::test]
async fn filters_choose_rows_and_the_file_has_the_same_rows_as_the_page() {
    let site = Site::with_cast().await;
    note(&site, "shared", "CSE", "funded", "2027-03-31").await;
    note(&site, "nginx", "NRCan", "planned", "2028-06-30").await;
    for (filter, names) in [
        ("?firmness=firm", vec!["nginx", "Shared"]),
        ("?firmness=funded", vec!["Shared"]),
        ("?firmness=funded&year=2028-2029", vec![]),
        ("?year=2028-2029", vec!["nginx"]),
        ("?department=NRCan&q=gdal", vec!["osgeo/gdal"]),
        ("?department=Service+Canada", vec!["Python", "Shared"]),
        ("?department=Nobody", vec![]),
        ("?status=procured", vec!["Python"]),
    ] {
        let page = site.get(&format!("/en/demand{filter}")).await;
        let mut shown = page.all(".demand tbody tr th a:not(.meta)");
        shown.sort_by_key(|name| name.to_lowercase());
        assert_eq!(shown, names, "{filter}");
        assert_eq!(page.all(".empty").len(), usize::from(names.is_empty()), "{filter}");
        let file = site.get(&format!("/en/demand.csv{filter}")).await;
        let mut written: Vec<&str> = file.text().lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        written.sort_by_key(|name| name.to_lowercase());
        assert_eq!(written, names, "{filter}");
    }
    let file = site.get("/fr/besoins.csv?q=Shared&firmness=funded&separator=semicolon&bom=1").await;
    assert_eq!(
        file.text(),
        "\u{feff}Nom de l’image;Famille;État;Ministères;Ferme;Planifié;Financé;2026-2027;Exercice non précisé;\
         Ministères nommés;Ministères non nommés\r\nShared;shared;À l’étude;2;1;0;1;1;1;\"CST, EDSC\";0\r\n"
    );
    assert!(file.header("content-disposition").contains("besoins-fr-2026-11-22.csv"));
    for wrong in ["?year=2026", "?firmness=sure", "?group=x", "?page=0", "?status=declined", "?separator=tab"] {
        let address = if wrong.contains("separator") { "/en/demand.csv" } else { "/en/demand" };
        assert_eq!(site.get(&format!("{address}{wrong}")).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let hostile = site.get("/en/demand.csv?q=script").await;
    assert!(hostile.text().contains("<script>") && !hostile.text().contains("\n=") && !hostile.text().contains(",="));
}

#[tokio::test]
async fn a_family_adds_up_its_variants_and_prints_what_that_assumes() {
    let site = Site::with_cast().await;
    site.import("Image name,Department,Status\nnginx,CSE,Under consideration\n", "more.csv", "").await;
    let apart = site.get("/en/demand").await;
    assert_eq!((&*row(&apart, "nginx Family")[2], &*row(&apart, "nginx-iamguarded")[2]), ("2", "1"));
    let together = site.get("/en/demand?group=family").await;
    let family = row(&together, "nginx");
    assert!(family[0].contains("nginx-iamguarded") && family[2] == "2" && family[5] == "CSE, NRCan", "{family:?}");
    assert!(together.all(".notice").concat().contains("billed apart is for the contract to say"));
    let found = site.get("/fr/besoins?group=family&q=iamguarded").await;
    assert_eq!(row(&found, "nginx")[2], "2", "found by the variant, counted whole");
    let file = site.get("/en/demand.csv?group=family&q=nginx").await;
    assert!(file.text().lines().nth(1).unwrap().starts_with("nginx,nginx,Under consideration,2,"), "{}", file.text());
}

#[tokio::test]
async fn who_is_not_to_be_named_counts_and_stands_nowhere() {
    let site = Site::with_cast().await;
    ask_unnamed(&site, "metalb-iamguarded", "TBS", &[("firmness-1", "funded"), ("needed-by-1", "2027-06-01")]).await;
    ask_unnamed(&site, "metalb-iamguarded", "CCCS", &[("firmness-1", "funded")]).await;
    ask_unnamed(&site, "Quiet", "TBS", &[]).await;
    let page = site.get("/en/demand").await;
    let metal = row(&page, "metalb");
    assert_eq!(metal[2], "2", "CCCS counts with CSE, which is named already");
    assert_eq!(metal[3], "1 1 funded", "what CSE’s part said without a name does not make CSE firmer");
    assert_eq!(metal.last().unwrap(), "CSE, and 1 not named");
    assert_eq!(row(&page, "Quiet").last().unwrap(), "1 not named");
    let file = site.get("/en/demand.csv").await;
    for text in [page.one(".demand"), file.text().to_owned(), site.get("/fr/besoins.csv").await.text().to_owned()] {
        assert!(!text.contains("TBS") && !text.contains("SCT"), "{text}");
    }
    assert!(site.get("/en/demand?department=TBS").await.all(".demand").is_empty(), "no filter finds it out");
    let then = site.get("/en/demand?as-at=2026-11-21").await;
    assert!(then.all(".notice").concat().contains("missing from these counts"));
    assert_eq!(page.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn an_empty_catalogue_has_no_demand_and_says_so() {
    let site = Site::with("", &[]).await;
    let page = site.get("/fr/besoins").await;
    assert!(page.one(".empty").contains("Aucun ministère n’a demandé"));
    assert!(site.get("/en/demand.csv").await.text().starts_with("Image name,Family,"));
}

#[tokio::test]
async fn the_view_is_taken_away_as_every_kind_of_file_with_its_source() {
    let site = Site::with_cast().await;
    let page = site.get("/fr/besoins?q=Shared").await;
    let links = page.attributes(".downloads a", "href");
    assert_eq!(links.len(), 4);
    for link in &links {
        let file = site.get(link).await;
        assert_eq!(file.status, StatusCode::OK, "{link}");
        assert!(file.header("content-disposition").contains("besoins-fr-2026-11-22."), "{link}");
    }
    let json: serde_json::Value = serde_json::from_slice(&site.get("/en/demand.json?q=Shared").await.body).unwrap();
    let table = &json["tables"][0];
    assert_eq!((&table["rows"][0]["image"], &table["rows"][0]["departments"]), (&"Shared".into(), &2.into()));
    assert!(table["source"].as_str().unwrap().contains("2026-11-2"));
    let markdown = site.get("/fr/besoins.md?q=Shared").await;
    assert!(markdown.text().contains("| Shared | shared | À l’étude | 2 |"), "{}", markdown.text());
    assert_eq!(site.get("/en/demand.xlsx?separator=tab&year=soon").await.status, StatusCode::BAD_REQUEST);
}
