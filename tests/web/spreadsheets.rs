//! Files opened by a real spreadsheet, `LibreOffice`, as an English and as a French one does.

use std::path::Path;
use std::process::Command;

use image_catalogue::web::visitor::Role;

use crate::support::{CAST, Site};

/// How `LibreOffice` takes a CSV: separator, quotation mark, UTF-8, from the first line, the language, and that what looks
/// like a date or a number is one.
const ENGLISH: &str = "CSV:44,34,76,1,,4105,false,true";
const FRENCH: &str = "CSV:59,34,76,1,,3084,false,true";

/// A file as a spreadsheet has it once it was opened: flat `OpenDocument`.
pub fn opened(folder: &Path, name: &str, body: &[u8], filter: Option<&str>) -> String {
    let file = folder.join(name);
    std::fs::write(&file, body).unwrap();
    let mut office = Command::new("soffice");
    office.arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()));
    office.args(["--headless", "--convert-to", "fods", "--outdir"]).arg(folder);
    if let Some(filter) = filter {
        office.arg(format!("--infilter={filter}"));
    }
    let done = office.arg(&file).output().expect("LibreOffice is installed (libreoffice-calc)");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    std::fs::read_to_string(file.with_extension("fods")).expect("the file as LibreOffice has it")
}

/// The texts of its cells, in order.
pub fn cells(sheet: &str) -> Vec<&str> {
    let texts = sheet.split("<text:p>").skip(1);
    texts.filter_map(|rest| rest.split_once("</text:p>")).map(|(text, _)| text).collect()
}

#[tokio::test]
async fn a_spreadsheet_of_either_language_opens_every_cell_right_and_runs_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let site =
        Site::with(&format!("{CAST}Élan forêt,2027-04-05,NRCan,Helm,Procured,\"Prêt, à l’essai; œuvre\"\n"), &[]).await;
    for (address, name, filter) in [
        ("/en/images.csv?bom=1", "en.csv", Some(ENGLISH)),
        ("/fr/images.csv?bom=1&separator=semicolon", "fr.csv", Some(FRENCH)),
        ("/en/images.xlsx", "en.xlsx", None),
        ("/fr/images.xlsx", "fr.xlsx", None),
    ] {
        let file = site.get(address).await;
        let sheet = opened(folder.path(), name, &file.body, filter);
        assert!(
            sheet.contains(r#"office:value-type="date" office:date-value="2027-04-05""#),
            "{address}: a day is a day"
        );
        for text in ["Élan forêt", "Prêt, à l’essai; œuvre", "Données géospatiales"] {
            assert!(sheet.contains(&format!("<text:p>{text}</text:p>")), "{address}: {text}");
        }
        assert!(sheet.contains("cmd|calc") && !sheet.contains("table:formula"), "{address}: no formula");
        assert!(!sheet.contains('\u{feff}'), "{address}");
    }
    for (address, name) in [("/en/reports/renewals.xlsx", "renewals.xlsx"), ("/fr/rapports/apercu.xlsx", "apercu.xlsx")]
    {
        let sheet = opened(folder.path(), name, &site.get(address).await.body, None);
        assert!(sheet.contains(r#"office:value-type="float""#) && !sheet.contains("table:formula"), "{address}");
        assert!(sheet.matches("<table:table ").count() > 3, "a sheet a table, and one that says from where");
        assert!(sheet.contains("table:display-filter-buttons=\"true\""), "{address}: the header filters");
    }
    let record = opened(folder.path(), "record.xlsx", &site.get("/fr/changements.xlsx").await.body, None);
    assert!(record.contains(r#"office:value-type="date" office:date-value="2026-11-2"#), "a moment is a moment");
    assert!(record.contains("cmd|calc") && !record.contains("table:formula"), "no formula of the record is run");
    let french = opened(
        folder.path(),
        "ren.csv",
        &site.get("/fr/rapports/renouvellements.csv?bom=1&separator=semicolon").await.body,
        Some(FRENCH),
    );
    assert!(french.contains(r#"office:date-value="2027-04-05""#) && french.contains(r#"office:value-type="float""#));
}

#[tokio::test]
async fn a_workbook_of_a_past_day_holds_what_stood_then() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::with_cast().await;
    let manager = site.sign_in(Role::Manager).await;
    let rows = "Image name,Renewal date,Department,Status\nPython,2027-03-01,SSC,Procured\nredis,TBD,CSE,\n";
    site.import(rows, "renewed.csv", "").await;
    let earlier = "alter table change_sets disable trigger user;
                   update change_sets set effective_at = effective_at - interval '10 days' where id <= 2";
    sqlx::raw_sql(earlier).execute(&site.pool).await.unwrap();
    for (number, address) in [
        "/en/images.xlsx",
        "/fr/images.xlsx",
        "/en/demand.xlsx",
        "/fr/besoins.xlsx",
        "/en/reports/renewals.xlsx",
        "/fr/rapports/renouvellements.xlsx",
        "/en/reports/overview.xlsx",
        "/en/staff/costs/costs.xlsx",
        "/fr/personnel/couts/couts.xlsx",
    ]
    .into_iter()
    .enumerate()
    {
        let mut sheets = Vec::new();
        for day in ["?as-at=2026-11-15", ""] {
            let file = manager.get(&format!("{address}{day}")).await;
            assert_eq!(file.status, axum::http::StatusCode::OK, "{address}{day}");
            let of_day = if day.is_empty() { "2026-11-22" } else { "2026-11-15" };
            let name = file.header("content-disposition");
            assert!(name.contains(of_day) || name.contains("-v"), "{address}{day}: {name}");
            sheets.push(opened(folder.path(), &format!("{number}{day}.xlsx").replace('?', "-"), &file.body, None));
        }
        let [then, now] = [0, 1].map(|place| cells(&sheets[place]));
        assert_ne!(then, now, "{address}");
        let is_in = |text: &str| [&then, &now].map(|cells| cells.contains(&text));
        if address.contains("images") {
            assert_eq!(is_in("redis"), [false, true], "{address}: it came later");
            assert_eq!(is_in("Python"), [true, true], "{address}");
        }
        if address.contains("demand") || address.contains("besoins") {
            assert_eq!(is_in("redis"), [false, true], "{address}: its demand came later");
        }
        if address.contains("images") || address.contains("ren") {
            let has = |day: &str| sheets.iter().map(|sheet| sheet.contains(&format!("date-value=\"{day}\""))).collect();
            let (before, after): (Vec<bool>, Vec<bool>) = (has("2026-03-01"), has("2027-03-01"));
            assert_eq!((before, after), (vec![true, false], vec![false, true]), "{address}: a renewal came later");
        }
    }
}
