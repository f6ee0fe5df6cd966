//! `import` of later revisions: what changed is told row by row, and nothing is duplicated.

use image_catalogue::catalogue::import::PUBLISHED_PAGE;

use crate::support::Data;

/// The line of the page's second table that names an image.
fn line_of<'a>(page: &'a str, image: &str) -> &'a str {
    page.lines().find(|line| line.starts_with(&format!("| {image} "))).unwrap()
}

/// The page with further rows at the end of its first table.
fn with_procured(page: &str, rows: &str) -> String {
    let last = line_of(page, "OpenJDK (JDK & JRE)");
    page.replace(last, &format!("{last}\n{rows}"))
}

/// The page without an image's line.
fn without(page: &str, image: &str) -> String {
    page.replace(&format!("{}\n", line_of(page, image)), "")
}

#[test]
fn a_later_revision_gets_a_verdict_a_row_and_duplicates_nothing() {
    let data = Data::with_the_page();
    let python = line_of(PUBLISHED_PAGE, "Python");
    let nginx = line_of(PUBLISHED_PAGE, "nginx");
    let page = PUBLISHED_PAGE.replace(python, &python.replace("2026-03-01", "2027-03-01"));
    let page = page.replace(nginx, &format!("{nginx}\n{}", nginx.replace("NRCAN", "SSC  ")));
    let page = without(&without(&page, "Valkey"), "sysdig");
    let page = with_procured(&page, "| Valkey | TBD | Service Canada | Keys |\n| redis | 2027-03-01 | SSC | Cache |");

    let done = data.import("page.md", &page, &[]);
    let told = |line: &str| assert!(done.out.lines().any(|told| told == line), "{line}: {}", done.out);
    told("changed: Python · SSC (Renewal date)");
    told("changed: Valkey · Service Canada (Status, Notes)");
    told("new: redis · SSC");
    told("new: nginx · SSC");
    told("same: nginx · NRCAN");
    told("missing: sysdig · SSC");
    told("48 rows: 2 new, 2 changed, 44 same; 1 of the catalogue missing in the file.");
    done.succeeded();

    assert_eq!(data.rows().len(), 49);
    let valkey = data.row("Valkey", "Service Canada");
    assert_eq!((&valkey["status"], &valkey["type"]), (&"procured".into(), &"Application".into()));
    assert_eq!(data.row("sysdig", "SSC")["status"], "under_consideration", "what is missing is left alone");
    assert_eq!(data.row("Python", "SSC")["renewal_date"], "2027-03-01");
    assert_eq!(data.row("nginx", "SSC")["slug"], data.row("nginx", "NRCAN")["slug"], "one image, two departments");

    let written = data.written();
    let again = data.import("page.md", &page, &[]);
    assert_eq!((again.verdicts("same"), again.verdicts("missing")), (48, 1));
    assert_eq!(data.written(), written);
}

#[test]
fn columns_may_change_places_and_unknown_ones_are_kept_with_their_rows() {
    let data = Data::with_the_page();
    let before = data.export(&[]);
    let mut page = String::new();
    for line in PUBLISHED_PAGE.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
        let moved = |owner: &str| format!("|{}|{}|{owner}|{}|\n", cells[3], cells[0], [cells[1], cells[2]].join("|"));
        match cells.len() {
            4 if line.contains("---") => page.push_str(&moved("---")),
            4 if line.contains("**") => page.push_str(&moved("**Owner**")),
            4 => page.push_str(&moved("Team A")),
            _ => page.push_str(&format!("{line}\n")),
        }
    }
    let done = data.import("page.md", &page, &[]);
    assert!(done.out.contains("The column “Owner” is not one that the catalogue knows"), "{}", done.out);
    assert_eq!((done.verdicts("changed"), done.verdicts("same")), (6, 41), "{}", done.out);
    assert_eq!(data.export(&[]), before, "what the catalogue knows is the same");
    let markdown = data.export(&["--format", "markdown"]);
    assert_eq!(markdown.matches("| Team A |").count(), 6, "{markdown}");
    assert_eq!(data.import("page.md", &page, &[]).verdicts("same"), 47);
    assert_eq!(data.import("page.md", &markdown, &[]).verdicts("same"), 47);
}

#[test]
fn rows_with_and_without_an_unknown_column_come_back_the_same() {
    let data = Data::new();
    let table = |heading: &str, rows: &str| {
        format!(
            "## Procured\n\n| Image Name | Department |{heading}\n|---|---|{}\n{rows}\n",
            heading.replace(" Owner ", "---")
        )
    };
    data.import("page.md", table(" Owner |", "| redis | SSC | Team A |"), &[]).succeeded();
    data.import("page.md", table("", "| httpd | SSC |"), &[]).succeeded();
    let markdown = data.export(&["--format", "markdown"]);
    assert_eq!(data.import("page.md", &markdown, &[]).verdicts("same"), 2, "{markdown}");
}

#[test]
fn a_column_that_the_file_does_not_have_is_left_alone_and_an_empty_cell_is_not() {
    let data = Data::new();
    let full = "Image name,Renewal date,Department,Type,Status,Notes\r\nredis,2027-01-31,SSC,Helm,Procured,Cache\r\n";
    data.import("rows.csv", full, &[]).succeeded();
    let before = data.row("redis", "SSC");
    let fewer = data.import("rows.csv", "Department,Image name\r\nSSC,redis\r\n", &[]);
    assert_eq!(fewer.verdicts("same"), 1, "{fewer:?}");
    assert_eq!(data.row("redis", "SSC"), before);

    let emptied =
        data.import("rows.csv", "Image name,Department,Type,Renewal date,Status,Notes\r\nredis,SSC,,TBD,,\r\n", &[]);
    assert_eq!(emptied.verdicts("changed"), 1, "{emptied:?}");
    let after = data.row("redis", "SSC");
    assert!(after["type"].is_null() && after["renewal_date"].is_null() && after["notes_en"].is_null(), "{after}");
    assert_eq!(after["status"], "procured", "a row always has a status");
}

#[test]
fn without_its_type_column_the_second_table_keeps_its_types() {
    let data = Data::with_the_page();
    let before = data.export(&[]);
    let page: String = PUBLISHED_PAGE
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            if cells.len() == 5 {
                format!("|{}|{}|{}|{}|\n", cells[0], cells[1], cells[2], cells[4])
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    assert_eq!(data.import("page.md", &page, &[]).verdicts("same"), 47);
    assert_eq!(data.export(&[]), before);
}

#[test]
fn another_spelling_of_the_same_image_and_department_is_the_same_row() {
    let data = Data::new();
    data.import("rows.csv", "Image name,Department\r\nCafé  Bar,SSC\r\n", &[]).succeeded();
    let done = data.import("rows.csv", "Image name,Department\r\ncafe bar,Shared Services Canada\r\n", &[]);
    assert_eq!((done.verdicts("changed"), done.verdicts("new")), (1, 0), "{done:?}");
    assert_eq!(data.rows().len(), 1);
}

#[test]
fn an_unknown_department_is_added_once_and_said_so() {
    let data = Data::new();
    let rows = "Image name,Department\r\nredis,Office of Odd Affairs\r\nhttpd,office of odd affairs\r\n";
    let done = data.import("rows.csv", rows, &[]);
    assert!(done.out.contains("“Office of Odd Affairs” was not known: it is added as written"), "{}", done.out);
    assert_eq!(done.out.matches("was not known").count(), 1, "{}", done.out);
    assert_eq!(data.import("rows.csv", rows, &[]).verdicts("same"), 2);
}
