//! The same rows as files: what is downloaded is what is on the screen, and no spreadsheet runs it.

use axum::http::StatusCode;
use serde_json::Value;

use crate::support::Site;

fn cells(csv: &str, separator: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(csv.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn a_file_has_the_rows_of_the_screen_in_its_order() {
    let site = Site::with_cast().await;
    for view in ["", "q=nginx", "department=CSE&sort=-name", "renewal=passed", "status=declined&status=retired"] {
        let screen = site.get(&format!("/en/images?{view}")).await.all("tbody [role=rowheader]");
        let csv = cells(site.get(&format!("/en/images.csv?{view}")).await.text(), b',');
        let file: Vec<_> = csv[1..].iter().map(|row| row[0].trim_start_matches('\'').to_owned()).collect();
        assert_eq!(file, screen, "{view}");
        let json: Vec<Value> = serde_json::from_str(site.get(&format!("/fr/images.json?{view}")).await.text()).unwrap();
        assert_eq!(json.len(), screen.len(), "{view}");
    }
}

#[tokio::test]
async fn csv_has_the_contracts_header_and_words_in_each_language() {
    let site = Site::with_cast().await;
    let english = site.get("/en/images.csv?q=python&department=SSC").await;
    assert_eq!(
        english.text(),
        "Image name,Renewal date,Department,Type,Status,Notes\r\nPython,2026-03-01,SSC,,Procured,For Python-based applications\r\n"
    );
    let french = site.get("/fr/images.csv?q=nginx&department=NRCan&bom=1&separator=semicolon").await;
    assert!(french.body.starts_with(b"\xef\xbb\xbfNom de l\xe2\x80\x99image;Date de renouvellement;"));
    assert_eq!(
        cells(french.text().trim_start_matches('\u{feff}'), b';')[1][..5],
        ["nginx", "À déterminer", "RNCan", "Application", "À l’étude"]
    );
    let version: i64 = sqlx::query_scalar("select version from catalogue_version").fetch_one(&site.pool).await.unwrap();
    let name = format!("attachment; filename=\"images-fr-2026-11-22-v{version}.csv\"");
    assert_eq!(french.header("content-disposition"), name);
    assert_eq!(site.get("/en/images.csv?separator=pipe").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn json_has_the_contracts_keys_and_null_for_an_unknown_date() {
    let site = Site::with_cast().await;
    let rows: Vec<Value> =
        serde_json::from_str(site.get("/en/images.json?q=nginx&type=Application").await.text()).unwrap();
    let row = rows[0].as_object().unwrap();
    let keys: Vec<_> = row.keys().map(String::as_str).collect();
    let mut expected =
        ["slug", "name", "registry_names", "renewal_date", "department", "type", "status", "notes_en", "notes_fr"];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!((&row["renewal_date"], &row["status"]), (&Value::Null, &Value::from("under_consideration")));
}

#[tokio::test]
async fn an_excel_workbook_is_a_workbook() {
    let site = Site::with_cast().await;
    let workbook = site.get("/fr/images.xlsx").await;
    assert!(workbook.body.starts_with(b"PK"));
    assert!(workbook.body.len() > 4_000);
}

#[tokio::test]
async fn the_page_comes_out_of_the_catalogue_as_it_went_in() {
    let page = include_str!("../../src/imports/published-page.md");
    let site = Site::with("", &[]).await;
    site.import(page, "page.md", "").await;
    let again = site.get("/en/images.md").await;
    let rows = |text: &str| -> Vec<Vec<String>> {
        let lines = text.lines().filter(|line| line.starts_with('|') && !line.starts_with("|-"));
        lines.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
    };
    assert_eq!(rows(again.text()), rows(page));
    assert_eq!(rows(page).len(), 49);
}
