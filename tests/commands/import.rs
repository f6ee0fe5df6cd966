//! `import`: the published page and CSV in every dress; all of it or nothing.

use std::fmt::Write;
use std::time::{Duration, Instant};

use image_catalogue::catalogue::import::PUBLISHED_PAGE;

use crate::support::Data;

/// Five rows whose cells hold all that makes CSV difficult.
const ENGLISH: &str = "Image name,Renewal date,Department,Type,Status,Notes\r\n\
    nginx,2027-01-31,SSC,Application,Procured,Web server\r\n\
    nginx,TBD,CSE,Application,Under consideration,\"A comma, a \"\"quote\"\"; a semicolon\"\r\n\
    redis,,SSC,,Declined,\"Two\r\nlines\"\r\n\
    café,to be confirmed,Office of Odd Affairs,Helm,Retired,\r\n\
    osgeo/gdal,2027-02-28,SSC,,procured,=1+1\r\n";

#[test]
fn the_published_page_is_47_new_rows_and_then_47_same_ones_that_write_nothing() {
    let data = Data::new();
    let first = data.import("page.md", PUBLISHED_PAGE, &["--reason", "First content"]);
    assert_eq!(first.verdicts("new"), 47);
    let out = first.succeeded();
    assert!(out.contains("\n47 rows: 47 new, 0 changed, 0 same; 0 of the catalogue missing in the file.\n"), "{out}");
    assert!(out.lines().last().unwrap().starts_with("Written as change set "), "{out}");
    assert_eq!(data.rows().len(), 47);
    let (act, reason, actor): (String, String, String) =
        data.ask("select act, reason, actor from change_sets order by id desc limit 1");
    assert_eq!((&*act, &*reason, &*actor), ("import", "First content", "tester (command line)"));

    let (rows, written) = (data.export(&[]), data.written());
    let again = data.import("page.md", PUBLISHED_PAGE, &[]);
    assert_eq!(again.verdicts("same"), 47);
    assert!(again.succeeded().ends_with("Nothing had to be written.\n"));
    assert_eq!((data.export(&[]), data.written()), (rows, written));
}

#[test]
fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let data = Data::new();
    let before = data.rows();
    let done = data.import("page.md", PUBLISHED_PAGE, &["--dry-run"]);
    assert_eq!(done.verdicts("new"), 47);
    assert!(done.succeeded().ends_with("Dry run: nothing was written.\n"));
    assert_eq!(data.rows(), before);
    assert_eq!(data.import("page.md", PUBLISHED_PAGE, &[]).verdicts("new"), 47);
}

#[test]
fn csv_is_read_in_both_languages_with_every_separator_and_with_a_byte_order_mark() {
    let wanted = {
        let data = Data::new();
        let done = data.import("rows.csv", ENGLISH, &[]);
        assert_eq!(done.verdicts("new"), 5, "{done:?}");
        data.rows()
    };
    assert_eq!(wanted.len(), 5);
    let french = ENGLISH
        .replace(
            "Image name,Renewal date,Department,Type,Status",
            "Nom de l’image,Date de renouvellement,Ministère,Type,État",
        )
        .replace(",Procured", ",Acquise")
        .replace("Under consideration", "À l’étude")
        .replace(",Declined", ",Refusée")
        .replace(",Retired", ",Retirée")
        .replace("TBD", "À déterminer")
        .replace(",SSC,", ",SPC,");
    let quoted = "\"A comma, a \"\"quote\"\"; a semicolon\"";
    let between = |separator: &str| ENGLISH.replace(quoted, "@").replace(',', separator).replace('@', quoted);
    for (what, text) in [
        ("a byte-order mark", format!("\u{feff}{ENGLISH}")),
        ("semicolons", between(";")),
        ("tabs", between("\t")),
        ("lines that end as on Unix", ENGLISH.replace("\r\n", "\n")),
        ("no end of the last line", ENGLISH.trim_end().to_owned()),
        ("blank lines", ENGLISH.replace("osgeo", "\r\n,,,,,\r\nosgeo")),
        ("French", french),
    ] {
        let data = Data::new();
        let done = data.import("rows.csv", &text, &[]);
        assert_eq!((done.code, done.verdicts("new")), (Some(0), 5), "{what}: {done:?}");
        let mut rows = data.rows();
        if what == "French" {
            for row in &mut rows {
                row["notes_en"] = row["notes_fr"].take();
                if row["department"] == "SPC" {
                    row["department"] = "SSC".into();
                }
            }
        }
        assert_eq!(rows, wanted, "{what}");
    }
}

#[test]
fn without_an_ending_in_its_name_the_content_tells_what_a_file_is() {
    let data = Data::new();
    assert_eq!(data.import("page", PUBLISHED_PAGE, &["--dry-run"]).verdicts("new"), 47);
    assert_eq!(data.import("rows", ENGLISH, &["--dry-run"]).verdicts("new"), 5);
    assert_eq!(data.import("rows.md", ENGLISH, &["--dry-run", "--format", "csv"]).verdicts("new"), 5);
}

#[test]
fn all_errors_are_told_at_once_with_their_lines_and_nothing_is_written() {
    let data = Data::with_the_page();
    let (rows, written) = (data.export(&[]), data.written());
    let wrong = "Image name,Renewal date,Department,Type,Status,Notes\r\n\
        redis,2027-01-31,SSC,Application,Procured,\"Two\r\nlines\"\r\n\
        ,2027-01-31,SSC,Application,Procured,\r\n\
        mongo,31/01/2027,SSC,Application,Procured,\r\n\
        kafka,2027-02-30,SSC,Application,Bought,\r\n\
        REDIS,TBD,ssc,Application,Procured,\r\n\
        short,row\r\n";
    let done = data.import("wrong.csv", wrong, &[]);
    assert!(done.refused().starts_with("Nothing was written: the file has 6 errors."), "{done:?}");
    for line in [
        "error: line 4: The cell “Image name” is empty.",
        "error: line 5: “31/01/2027” is not a renewal date.",
        "error: line 6: “2027-02-30” is not a renewal date.",
        "error: line 6: “Bought” is not a status.",
        "error: line 8: 2 of 6 cells",
    ] {
        assert!(done.out.lines().any(|told| told.starts_with(line)), "{line}: {}", done.out);
    }
    assert!(done.refused().contains("line 4"), "the sentence names the first: {done:?}");
    assert_eq!((data.export(&[]), data.written()), (rows, written));

    let french = data.import("wrong.csv", wrong, &["--lang", "fr"]);
    assert!(french.out.contains("ligne 4"), "{}", french.out);
}

#[test]
fn one_department_under_two_names_is_one_row_too_many() {
    let done =
        Data::new().import("twice.csv", "Image name,Department\r\nredis,SSC\r\nRedis,Shared Services Canada\r\n", &[]);
    assert!(done.refused().contains("stands in line 2 already"), "{done:?}");
}

#[test]
fn a_revision_counts_from_its_own_day_and_no_day_is_still_to_come() {
    let data = Data::new();
    let refused = data.import("page.md", PUBLISHED_PAGE, &["--as-of", "2199-01-01"]);
    assert!(refused.refused().contains("2199-01-01 is still to come"), "{refused:?}");
    assert!(data.rows().is_empty());

    data.import("page.md", PUBLISHED_PAGE, &["--as-of", "2025-06-02"]).succeeded();
    let (day,): (String,) = data.ask(
        "select to_char(effective_at at time zone 'America/Toronto', 'YYYY-MM-DD HH24:MI') from change_sets \
         where act = 'import'",
    );
    assert_eq!(day, "2025-06-02 00:00");
}

#[test]
fn a_hundred_thousand_rows_are_brought_in_within_a_minute() {
    let data = Data::new();
    let mut text = String::from("Image name,Renewal date,Department,Type,Status,Notes\r\n");
    for number in 0..100_000 {
        let (image, department) = (number / 4, number % 4);
        write!(text, "image-{image},2027-01-31,Department {department},Application,Procured,Note {number}\r\n")
            .unwrap();
    }
    let began = Instant::now();
    let done = data.import("many.csv", &text, &[]);
    let took = began.elapsed();
    assert_eq!(done.verdicts("new"), 100_000);
    done.succeeded();
    assert!(took < Duration::from_mins(1), "{took:?}");
    assert_eq!(data.ask::<(i64,)>("select count(*) from lines"), (100_000,));
}
