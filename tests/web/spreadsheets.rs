//! Files opened by a real spreadsheet, `LibreOffice`, as an English and as a French one does.

use std::path::Path;
use std::process::Command;

use crate::support::{CAST, Site};

/// How `LibreOffice` takes a CSV: separator, quotation mark, UTF-8, from the first line, the language, and that what looks
/// like a date or a number is one.
const ENGLISH: &str = "CSV:44,34,76,1,,4105,false,true";
const FRENCH: &str = "CSV:59,34,76,1,,3084,false,true";

/// A file as a spreadsheet has it once it was opened: flat `OpenDocument`.
fn opened(folder: &Path, name: &str, body: &[u8], filter: Option<&str>) -> String {
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
