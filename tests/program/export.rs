//! Taking files away: what went in comes out again.

use std::time::Duration;

use crate::support::{Data, PAGE, wait_until};

fn cells(text: &str) -> Vec<Vec<String>> {
    let rows = text.lines().filter(|line| line.starts_with('|') && !line.starts_with("|-"));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[test]
fn the_page_comes_out_cell_for_cell() {
    let data = Data::new();
    data.import("page.md", PAGE, &[]).ok();
    let markdown = data.run(&["export", "--format", "markdown"]).ok().stdout;
    assert_eq!(cells(&markdown), cells(PAGE));
    assert_eq!(cells(PAGE).len(), 49);
}

#[test]
fn marked_up_cells_come_out_as_they_were_written() {
    let data = Data::new();
    let page = "## Procured\n\n| Image name | Department | Renewal date | Notes |\n|---|---|---|---|\n| **Bold** | CSE | TBD | see [here](https://x.example) \\| `a_b` & 3 \\* 4 |\n";
    data.import("page.md", page, &[]).ok();
    let markdown = data.run(&["export", "--format", "markdown"]).ok().stdout;
    assert!(markdown.contains("| **Bold**"), "{markdown}");
    assert!(markdown.contains("see [here](https://x.example) \\| `a_b` & 3 \\* 4"), "{markdown}");
    let csv = data.csv();
    assert!(csv.contains("Bold,TBD,CSE,,Procured,see here | a_b & 3 * 4"), "{csv}");
}

#[test]
fn csv_comes_back_unchanged_in_either_language() {
    let data = Data::new();
    data.import("page.md", PAGE, &[]).ok();
    data.import("odd.csv", "Image name,Department,Notes\n\"=1+1\",CSE,\"'=HYPERLINK(\"\"x\"\")\"\nplus,CSE,+1 and\nquote,CSE,\"two\nlines, \"\"quoted\"\"\"\n", &[]).ok();
    for options in [vec![], vec!["--lang", "fr"], vec!["--lang", "fr", "--separator", "semicolon", "--bom"]] {
        let exported = data.run(&[&["export"], &*options].concat()).ok().stdout;
        assert!(exported.lines().all(|line| !line.starts_with(['=', '+'])), "{exported}");
        let told = data.import("again.csv", &exported, &[]).ok().stdout;
        assert!(told.contains("50 same; 0 of the catalogue missing"), "{options:?}: {told}");
    }
}

/// Rows with what CSV has to quote, what a spreadsheet would run, and both languages.
const ODD: &str = r#"Image name,Department,Type,Status,Renewal date,Notes,Vendor
=1+1,CSE,Application,Procured,2027-03-31,"=HYPERLINK(""x"")",Chainguard
"a; b, c",SSC,,Under consideration,TBD,"two
lines, ""quoted""; and more",Other
plain,NRCAN,Helm,Declined,TBD,"café – naïve",
"#;

#[test]
fn the_lists_files_have_the_bytes_that_programs_know() {
    let data = Data::new();
    data.import("odd.csv", ODD, &[]).ok();
    let english = "Image name,Renewal date,Department,Type,Status,Notes,Vendor\r\n\
        '=1+1,2027-03-31,CSE,Application,Procured,\"'=HYPERLINK(\"\"x\"\")\",Chainguard\r\n\
        \"a; b, c\",TBD,SSC,,Under consideration,\"two\nlines, \"\"quoted\"\"; and more\",Other\r\n\
        plain,TBD,NRCan,Helm,Declined,café – naïve,\r\n";
    assert_eq!(data.csv(), english);
    let french = "\u{feff}Nom de l’image;Date de renouvellement;Ministère;Type;État;Notes;Fournisseur\r\n\
        '=1+1;2027-03-31;CST;Application;Acquise;\"'=HYPERLINK(\"\"x\"\")\";Chainguard\r\n\
        \"a; b, c\";À déterminer;SPC;;À l’étude;\"two\nlines, \"\"quoted\"\"; and more\";Other\r\n\
        plain;À déterminer;RNCan;Helm;Refusée;café – naïve;\r\n";
    let options = ["export", "--lang", "fr", "--separator", "semicolon", "--bom"];
    assert_eq!(data.run(&options).ok().stdout, french);
    let json = r#"[
{"slug":"1-1","name":"=1+1","registry_names":[],"renewal_date":"2027-03-31","department":"CSE","type":"Application","status":"procured","notes_en":"=HYPERLINK(\"x\")","notes_fr":null,"vendor":"Chainguard"},
{"slug":"a-b-c","name":"a; b, c","registry_names":[],"renewal_date":null,"department":"SSC","type":null,"status":"under_consideration","notes_en":"two\nlines, \"quoted\"; and more","notes_fr":null,"vendor":"Other"},
{"slug":"plain","name":"plain","registry_names":[],"renewal_date":null,"department":"NRCan","type":"Helm","status":"declined","notes_en":"café – naïve","notes_fr":null,"vendor":null}
]
"#;
    assert_eq!(data.run(&["export", "--format", "json"]).ok().stdout, json);
}

#[test]
fn filters_are_those_of_the_list_and_what_is_not_offered_is_told() {
    let data = Data::new();
    data.import("page.md", PAGE, &[]).ok();
    assert_eq!(data.run(&["export", "--status", "procured"]).ok().stdout.lines().count(), 7);
    assert_eq!(data.run(&["export", "--department", "CSE", "--type", "Helm"]).ok().stdout.lines().count(), 22);
    data.run(&["export", "--sort", "price"]).refused("“price” is not a value that “sort” takes here");
    let header = data.run(&["export", "--lang", "fr", "--status", "retired"]).ok().stdout;
    assert_eq!(header, "Nom de l’image,Date de renouvellement,Ministère,Type,État,Notes\r\n");
}

#[test]
fn commands_work_beside_a_running_site_which_shows_their_changes_at_once() {
    let data = Data::new();
    let serving = data.serve();
    data.import("more.csv", "Image name,Department\nredis,CSE\n", &[]).ok();
    wait_until(Duration::from_secs(2), || serving.rows() == 48);
    assert_eq!(data.csv().lines().count(), 49);
    data.run(&["check"]).ok();
    data.run(&["migrate"]).ok();
    assert_eq!(serving.stop(), Some(0));
    assert!(data.postgres().is_none());
}
