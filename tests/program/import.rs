//! Bringing files in: a verdict a row, all or nothing, and a clear answer to whatever is wrong.

use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::support::{Data, PAGE};

/// How many lines begin with a word.
fn count(text: &str, word: &str) -> usize {
    text.lines().filter(|line| line.starts_with(word)).count()
}

#[test]
fn the_page_is_new_once_and_the_same_ever_after() {
    let data = Data::new();
    let first = data.import("page.md", PAGE, &["--reason", "First"]).ok();
    assert_eq!(count(&first.stdout, "new: "), 47);
    let before = data.csv();
    let again = data.import("page.md", PAGE, &[]).ok();
    assert_eq!((count(&again.stdout, "same: "), count(&again.stdout, "new: ")), (47, 0));
    assert!(again.stdout.contains("Nothing had to be written."));
    assert_eq!(data.csv(), before);
}

#[test]
fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let data = Data::new();
    let dry = data.import("page.md", PAGE, &["--dry-run"]).ok();
    assert_eq!(count(&dry.stdout, "new: "), 47);
    assert_eq!(data.csv().lines().count(), 1);
}

#[test]
fn a_later_revision_changes_what_changed_and_duplicates_nothing() {
    let data = Data::new();
    data.import("page.md", PAGE, &[]).ok();
    let revision = "\
# Anything

### Images that SSC has purchased

| Department | Image name | Owner | Renewal Date | Notes |
|---|---|---|---|---|
| SSC | Python | Team A | 2027-03-01 | For Python-based applications |
| CSE | nginx-iamguarded | Team B | 2027-01-01 | High-performance web server/proxy |

### Under consideration

| **Image Name** | **Department** | **Type** | **Renewal Date** |
|---|---|---|---|
| nginx-iamguarded | NRCAN | Helm | TBD |
| *brand new* | Department of Novelty | Helm | TBD |
| POSTGIS | NRCan | Application | TBD |
";
    let told = data.import("revision.md", revision, &["--reason", "Spring"]).ok().stdout;
    for expected in [
        "changed: Python · SSC (Renewal date, Other columns)",
        "changed: nginx-iamguarded · CSE (Status, Renewal date, Other columns)",
        "new: nginx-iamguarded · NRCAN",
        "new: brand new · Department of Novelty",
        "changed: POSTGIS · NRCan (Image name, Department)",
        "missing: sysdig · SSC",
        "The column “Owner” is not one that the catalogue knows",
        "The department “Department of Novelty” was not known",
        "5 rows: 2 new, 3 changed, 0 same; 44 of the catalogue missing in the file.",
    ] {
        assert!(told.contains(expected), "{expected} in\n{told}");
    }
    let csv = data.csv();
    assert_eq!(csv.lines().count(), 50);
    assert!(csv.contains("nginx-iamguarded,2027-01-01,CSE,Helm,Procured,High-performance web server/proxy"));
    assert!(csv.contains("POSTGIS,TBD,NRCan,Application,Under consideration,Geospatial database extension"));
    let again = data.import("revision.md", revision, &[]).ok().stdout;
    assert_eq!(count(&again, "same: "), 5);
}

#[test]
fn csv_is_read_in_both_languages_with_any_separator_and_mark() {
    let data = Data::new();
    data.import("page.md", PAGE, &[]).ok();
    for (name, content) in [
        ("en.csv", "Image name,Renewal date,Department,Type,Status,Notes\nPython,2027-03-01,SSC,,Procured,For Python-based applications\n".to_owned()),
        ("fr.csv", "\u{feff}Nom de l’image;Date de renouvellement;Ministère;Type;État;Notes\r\nPython;2027-03-01;SPC;;Acquise;Pour Python\r\n".to_owned()),
        ("tab.csv", "Department\tImage name\nSPC\tpython\n".to_owned()),
    ] {
        let told = data.import(name, &content, &[]).ok().stdout;
        assert!(told.contains("1 row: 0 new"), "{name}: {told}");
    }
    let json = data.run(&["export", "--format", "json", "-q", "python", "--department", "SSC"]).ok().stdout;
    assert!(json.contains("\"notes_en\":\"For Python-based applications\",\"notes_fr\":\"Pour Python\""), "{json}");
}

#[test]
fn all_errors_are_told_at_once_with_their_lines_and_nothing_is_written() {
    let data = Data::new();
    data.import("page.md", PAGE, &[]).ok();
    let before = data.csv();
    let bad = "Image name,Renewal date,Department,Status\nok,TBD,CSE,Procured\n,TBD,CSE,Procured\nb,01/03/2026,CSE,Procured\nc,2026-02-30,CSE,Procured\nd,TBD,CSE,Expired\ne,TBD,CSE\nOK,TBD,cse,Procured\n";
    let refused = data.import("bad.csv", bad, &[]).refused("the file has 6 errors");
    for line in [3, 4, 5, 6, 7, 8] {
        assert!(refused.stdout.contains(&format!("error: line {line}: ")), "{line}: {}", refused.stdout);
    }
    assert_eq!(data.csv(), before);
}

#[test]
fn files_of_other_kinds_get_a_clear_answer() {
    let data = Data::new();
    let header = "Image name,Department,Notes\n";
    let long = format!("{header}nginx,CSE,{}\n", "x".repeat(1_048_576));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("book.xlsx", b"PK\x03\x04rest".to_vec(), "an Excel or Office file"),
        ("deck.pdf", b"%PDF-1.7".to_vec(), "a PDF"),
        ("utf16.csv", b"\xff\xfeI\0m\0".to_vec(), "UTF-16"),
        ("latin.csv", b"Image name,Department,Notes\nnginx,CSE,caf\xe9\n".to_vec(), "line 2: The byte 0xE9"),
        ("empty.csv", b"".to_vec(), "The file is empty"),
        ("page.html", b"<!DOCTYPE html><p>x".to_vec(), "a web page"),
        ("data.json", b"[1, 2]".to_vec(), "JSON"),
        ("nul.csv", b"Image name,Department\nngi\0nx,CSE\n".to_vec(), "U+0000"),
        ("other.csv", b"Colour,Size\nred,1\n".to_vec(), "no table of images"),
        ("quote.csv", format!("{header}nginx,CSE,\"open\nredis,CSE,x\n").into_bytes(), "line 2: A quote opens here"),
        ("short.md", PAGE.as_bytes()[..PAGE.find("| sysdig").unwrap() + 20].to_vec(), "1 of 5 cells"),
        (
            "bar.md",
            PAGE.replace("Log processor and", "Log processor | and").into_bytes(),
            "6 cells where the heading has 5",
        ),
        ("long.csv", long.into_bytes(), "has 1,048,576 characters"),
        ("bidi.csv", format!("{header}ngi\u{202e}nx,CSE,x\n").into_bytes(), "U+202E"),
        (
            "swallow.csv",
            format!("{header}nginx,CSE,\"one\nredis,CSE,\"two\"\n").into_bytes(),
            "line 2: A quote opens here",
        ),
        ("blank.md", PAGE.replace("| kafka", "\n| kafka").into_bytes(), "stands outside a table"),
        ("wide.csv", format!("Image name,Department{}\n", ",x".repeat(5_000)).into_bytes(), "5,002 columns"),
        ("deep.md", "> ".repeat(20_000).into_bytes(), "no table of images"),
        ("what.csv", b"Image name,Department,Renewal date\nnginx,CSE,???\n".to_vec(), "is not a renewal date"),
        ("text.md", b"# Only words\n".to_vec(), "no table of images"),
    ];
    for (name, content, words) in cases {
        let refused = data.import(name, content, &[]).refused(words);
        assert_eq!(refused.stderr.lines().count(), 1, "{name}: one sentence");
    }
    data.run(&["import", "/nowhere/page.md"]).refused("cannot be read");
    data.import("page.md", PAGE, &["--as-of", "2999-01-01"]).refused("still to come");
    for wrong in ["2026-02-30", "1980-01-01", "soon", "-9999-01-01"] {
        let day = format!("--as-of={wrong}");
        data.import("page.md", PAGE, &[&day]).refused("YYYY-MM-DD, from 1990 to 2200");
        data.import("page.md", PAGE, &[&day, "--lang", "fr"]).refused("AAAA-MM-JJ, de 1990 à 2200");
    }
    assert_eq!(data.csv().lines().count(), 1);
}

#[test]
fn an_older_revision_is_recorded_with_its_own_date() {
    let data = Data::new();
    data.import("page.md", PAGE, &["--as-of", "2025-06-01", "--reason", "As it was"]).ok();
    let serving = data.serve();
    let (_, page) = serving.get("/en/changes");
    assert!(page.contains("2025-06-01 00:00") && page.contains("As it was") && page.contains("tester (import)"));
}

#[test]
fn a_hundred_thousand_rows_are_brought_in() {
    let data = Data::new();
    let mut csv = "Image name,Renewal date,Department,Type,Status,Notes\n".to_owned();
    for number in 0..100_000 {
        let _ = writeln!(csv, "image-{number},TBD,D{},Helm,Under consideration,Number {number} of many", number % 50);
    }
    let began = Instant::now();
    let told = data.import("many.csv", csv, &[]).ok().stdout;
    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
    assert!(told.contains("100,000 rows: 100,000 new, 0 changed, 0 same; 0 of the catalogue missing"));
}

#[test]
fn a_file_is_held_against_the_last_import_and_conflicts_are_refused_until_decided() {
    let data = Data::new();
    data.import("page.md", PAGE, &["--as-of", "2025-11-19"]).ok();
    let moved = PAGE.replace("| For Python-based applications     |", "| For every Python application     |");
    let told = data.import("rev2.md", &moved, &["--as-of", "2026-01-15"]).ok().stdout;
    assert!(told.contains("changed: Python · SSC (Notes in English)\n"), "{told}");
    assert!(
        told.contains("    Notes in English: For Python-based applications → For every Python application\n"),
        "{told}"
    );
    let before = data.csv();
    let older = data.import("page.md", PAGE, &["--as-of", "2025-11-19"]).refused("Nothing was written");
    assert!(older.stdout.contains("older than the last revision"), "{}", older.stdout);
    assert!(older.stdout.contains("conflict: Python · SSC (Notes in English)\n"), "{}", older.stdout);
    data.import("page.md", PAGE, &["--dry-run"]).refused("--take");
    data.import("page.md", PAGE, &["--take", "catalogue"]).ok();
    assert_eq!(data.csv(), before);
    data.import("page.md", PAGE, &["--take", "file"]).ok();
    assert!(data.csv().contains("For Python-based applications"));
}

#[test]
fn whoever_brings_a_file_in_by_the_command_is_warned_as_forms_warn() {
    let data = Data::new();
    let head = "Image name,Renewal date,Department,Status,Notes\n";
    data.import("first.csv", format!("{head}nginx,TBD,NRCan,Under consideration,A web server\n"), &[]).ok();
    data.import("fr.csv", "Nom de l’image;Ministère;Notes\nnginx;NRCan;Un serveur Web\n", &[]).ok();
    let rows =
        "nginx,TBD,NRCan,Under consideration,A fast one\nngnix,TBD,CSE,Under consideration,\nredis,TBD,CSE,Procured,\n";
    for options in [&["--dry-run"][..], &[]] {
        let told = data.import("next.csv", format!("{head}{rows}"), options).ok().stdout;
        for words in [
            "ngnix is nearly the name of an image that is there. Perhaps it is the same, or misspelt: nginx\n",
            "redis · CSE: it is procured and has no renewal date.\n",
            "nginx · NRCan: the English notes change, and the French ones stay as they were.",
        ] {
            assert!(told.contains(words), "{words} in\n{told}");
        }
    }
}
