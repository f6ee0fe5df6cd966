//! `export`: the same rows as CSV, Markdown and JSON, in both languages, alone and beside a running program.

use std::time::Duration;

use image_catalogue::catalogue::import::PUBLISHED_PAGE;

use crate::support::{Data, csv_cells, tables, within};

/// What spreadsheets would run.
const FORMULAS: [&str; 8] =
    ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\",\"y\")", "'=1+1", "''@x", "＝1+1"];

#[test]
fn the_markdown_is_the_pages_tables_cell_for_cell() {
    let data = Data::with_the_page();
    let markdown = data.export(&["--format", "markdown"]);
    assert_eq!(tables(&markdown), tables(PUBLISHED_PAGE));
    let headings = |page: &str| -> Vec<String> {
        let tables = ["### Procured", "### Potential"];
        page.lines().filter(|line| tables.iter().any(|start| line.starts_with(start))).map(str::to_owned).collect()
    };
    assert_eq!(headings(&markdown), headings(PUBLISHED_PAGE));
    assert_eq!(data.import("again.md", &markdown, &[]).verdicts("same"), 47);
}

#[test]
fn the_header_and_the_words_of_each_language_are_those_of_the_contract() {
    let data = Data::with_the_page();
    let english = data.export(&[]);
    assert!(english.starts_with("Image name,Renewal date,Department,Type,Status,Notes\r\n"), "{english}");
    assert!(
        english.contains("sysdig,TBD,SSC,Application,Under consideration,Monitor and Capture Container Events\r\n")
    );
    let french = data.export(&["--lang", "fr"]);
    let header = "Nom de l’image,Date de renouvellement,Ministère,Type,État,Notes\r\n";
    assert!(french.starts_with(header), "{french}");
    assert!(french.contains("sysdig,À déterminer,SPC,Application,À l’étude,"), "{french}");
    assert_eq!(french.matches('\n').count(), french.matches("\r\n").count());
    let semicolons = data.export(&["--lang", "fr", "--separator", "semicolon", "--bom"]);
    assert!(semicolons.starts_with(&format!("\u{feff}{}", header.replace(',', ";"))), "{semicolons}");
    assert_eq!(csv_cells(&semicolons[3..], b';'), csv_cells(&french, b','));
}

#[test]
fn every_csv_comes_back_as_the_same_rows() {
    let data = Data::with_the_page();
    let written = data.written();
    for options in [
        &[][..],
        &["--lang", "fr"],
        &["--lang", "fr", "--separator", "semicolon", "--bom"],
        &["--sort", "-name"],
        &["--separator", "semicolon"],
    ] {
        let done = data.import("rows.csv", data.export(options), &[]);
        assert_eq!((done.verdicts("same"), done.verdicts("missing")), (47, 0), "{options:?}: {}", done.out);
    }
    assert_eq!(data.written(), written);
}

#[test]
fn an_empty_catalogue_takes_a_csv_and_gives_the_same_one_back() {
    let csv = Data::with_the_page().export(&[]);
    let data = Data::new();
    data.import("rows.csv", &csv, &[]).succeeded();
    assert_eq!(data.export(&[]), csv);
}

#[test]
fn formulas_are_neutralised_in_the_file_and_come_back_unchanged() {
    let data = Data::new();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["Image name", "Department", "Notes", "Type"]).unwrap();
    for (number, formula) in FORMULAS.iter().enumerate() {
        let safe = format!("'{formula}");
        writer.write_record([&*format!("image {number}"), "SSC", &safe, &safe]).unwrap();
    }
    data.import("rows.csv", writer.into_inner().unwrap(), &[]).succeeded();
    for (number, formula) in FORMULAS.iter().enumerate() {
        let row = data.row(&format!("image {number}"), "SSC");
        assert_eq!((&row["notes_en"], &row["type"]), (&(*formula).into(), &(*formula).into()));
    }
    let csv = data.export(&[]);
    for cell in csv_cells(&csv, b',').iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '＝', '\t', '\r']), "{cell}");
    }
    assert_eq!(data.import("rows.csv", &csv, &[]).verdicts("same"), FORMULAS.len());
    let markdown = data.export(&["--format", "markdown"]);
    assert_eq!(data.import("rows.md", &markdown, &[]).verdicts("same"), FORMULAS.len(), "{markdown}");
}

#[test]
fn json_has_the_keys_of_the_contract_in_their_order() {
    let data = Data::with_the_page();
    let text = data.export(&["--format", "json"]);
    let keys =
        ["slug", "name", "registry_names", "renewal_date", "department", "type", "status", "notes_en", "notes_fr"];
    let first = text.lines().nth(1).unwrap();
    let places: Vec<usize> = keys.iter().map(|key| first.find(&format!("\"{key}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "{first}");
    for row in data.rows() {
        assert_eq!(row.as_object().unwrap().len(), keys.len(), "{row}");
        assert!(["procured", "under_consideration"].contains(&row["status"].as_str().unwrap()), "{row}");
        assert!(row["registry_names"].is_array(), "{row}");
    }
    assert_eq!(data.row("Python", "SSC")["renewal_date"], "2026-03-01");
    assert!(data.row("sysdig", "SSC")["renewal_date"].is_null());
}

#[test]
fn filters_and_order_are_those_of_the_lists_address() {
    let data = Data::with_the_page();
    let count = |options: &[&str]| csv_cells(&data.export(options), b',').len() - 1;
    assert_eq!(count(&["--status", "procured"]), 6);
    assert_eq!(count(&["--status", "procured", "--status", "under_consideration"]), 47);
    assert_eq!(count(&["--status", "declined"]), 0);
    assert_eq!(count(&["--department", "CSE"]), 21);
    assert_eq!(count(&["--type", "Helm", "--department", "SSC"]), 0);
    assert_eq!(count(&["-q", "neo4j"]), 2);
    let names = |options: &[&str]| -> Vec<String> {
        csv_cells(&data.export(options), b',').into_iter().skip(1).map(|row| row[0].to_lowercase()).collect()
    };
    let (up, down) = (names(&["--sort", "name"]), names(&["--sort", "-name"]));
    assert_eq!(up, down.into_iter().rev().collect::<Vec<_>>());
    let procured = data.export(&["--format", "markdown", "--status", "procured"]);
    assert_eq!(tables(&procured)[0], tables(PUBLISHED_PAGE)[0]);
}

#[test]
fn what_the_list_does_not_offer_is_refused_in_a_sentence_that_says_what_it_offers() {
    let data = Data::new();
    for (options, wanted) in [
        (["--sort", "id;drop table lines"], "renewal, department"),
        (["--status", "bought"], "procured, under_consideration, declined, retired"),
        (["--renewal", "soonish"], "soonish"),
    ] {
        let done = data.run(&["export", options[0], options[1]]);
        assert!(done.refused().contains(wanted), "{done:?}");
        assert!(done.out.is_empty());
    }
    assert!(!data.cluster().exists(), "told before a server is made");
}

#[test]
fn a_file_takes_the_rows_and_a_folder_that_is_not_there_is_refused() {
    let data = Data::with_the_page();
    let file = data.root.path().join("rows.csv");
    let done = data.run(&["export".as_ref(), "--output".as_ref(), file.as_os_str()]);
    assert_eq!(done.succeeded(), "");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), data.export(&[]));
    let done = data.run(&["export", "--output", "/nowhere/rows.csv"]);
    assert!(done.refused().starts_with("/nowhere/rows.csv could not be written"), "{done:?}");
}

#[test]
fn a_reader_that_goes_away_early_is_no_failure_to_speak_of() {
    let data = Data::new();
    let rows: String = (0..5_000).map(|number| format!("image-{number},SSC,{}\r\n", "note ".repeat(20))).collect();
    data.import("rows.csv", format!("Image name,Department,Notes\r\n{rows}"), &[]).succeeded();
    let mut command = data.command();
    let mut child = command
        .arg("export")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!told.contains("panicked") && told.lines().count() <= 1, "{told}");
}

#[test]
fn import_and_export_work_beside_a_running_program_which_shows_the_change_at_once() {
    let data = Data::new();
    let serving = data.serve();
    let server = data.server();
    assert_eq!(data.export(&[]), serving.get("/en/images.csv").1, "the command and the address give the same rows");
    assert_eq!(data.export(&["--format", "markdown"]), serving.get("/en/images.md").1);
    assert_eq!(data.export(&["--format", "json", "--lang", "fr"]), serving.get("/fr/images.json").1);
    data.import("one.csv", "Image name,Department\r\nredis,SSC\r\n", &[]).succeeded();
    within(Duration::from_secs(2), "the new row shows", || serving.rows() == 48);
    assert_eq!(serving.get("/en/images/redis").0, 200);
    assert_eq!(data.server(), server);
}
