//! Files that are no tables of images: each is told from what it is, in one sentence, and nothing is written.

use image_catalogue::catalogue::import::PUBLISHED_PAGE;

use crate::support::Data;

/// Two rows in the usual order of columns.
const ROWS: &str = "Image name,Department,Notes\r\nredis,SSC,Cache\r\ncafé,SSC,Coffee\r\n";

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

#[test]
fn files_of_other_kinds_are_told_from_what_they_are() {
    let data = Data::with_the_page();
    let before = data.written();
    let files: Vec<(&str, Vec<u8>, &str)> = vec![
        ("images.xlsx", b"PK\x03\x04\x14\0\x06\0\x08\0rest".to_vec(), "an Excel or Office file"),
        ("images.csv", b"PK\x03\x04\x14\0\x06\0\x08\0rest".to_vec(), "an Excel or Office file"),
        ("images.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "an Excel or Office file"),
        ("images.pdf", b"%PDF-1.7\n%\xe2\xe3".to_vec(), "a PDF"),
        ("images.png", b"\x89PNG\r\n\x1a\n".to_vec(), "a picture"),
        ("images.csv.gz", b"\x1f\x8b\x08\0".to_vec(), "a compressed archive"),
        ("images.html", b"\n<!DOCTYPE html><table></table>".to_vec(), "a web page"),
        ("images.json", br#"[{"name": "redis"}]"#.to_vec(), "JSON"),
        ("images.csv", utf16(ROWS, false), "UTF-16"),
        ("images.csv", utf16(ROWS, true), "UTF-16"),
        ("images.csv", latin_1(ROWS), "line 3: The byte 0xE9 is not UTF-8"),
        ("images.csv", b"Image name,Department\r\nre\0dis,SSC\r\n".to_vec(), "line 2: A character that nobody can see"),
        ("images.csv", Vec::new(), "The file is empty"),
        ("images.csv", b"\xef\xbb\xbf \r\n\r\n".to_vec(), "The file is empty"),
        ("letter.csv", b"Dear colleagues,\r\nplease find attached\r\n".to_vec(), "There is no table of images"),
        ("letter.md", b"# Dear colleagues\n\nNo table here.\n".to_vec(), "There is no table of images"),
    ];
    for (name, bytes, wanted) in files {
        let done = data.import(name, bytes, &[]);
        assert!(done.refused().contains(wanted), "{name}: {done:?}");
    }
    assert_eq!(data.written(), before);
}

#[test]
fn truncated_files_and_cells_without_measure_are_refused_with_their_line() {
    let data = Data::new();
    let at = PUBLISHED_PAGE.find("| sysdig").unwrap();
    let cut = &PUBLISHED_PAGE[..at + 40];
    let line = cut.lines().count();
    let files: Vec<(&str, String, String)> = vec![
        ("page.md", cut.to_owned(), format!("line {line}: ")),
        ("rows.csv", ROWS.replace("Coffee", "\"Cof"), "line 3: A quote opens here and is never closed".to_owned()),
        ("rows.csv", ROWS.replace(",Coffee", ""), "line 3: 2 of 3 cells".to_owned()),
        ("rows.csv", ROWS.replace("Coffee", "Tea,Coffee"), "line 3: 4 cells".to_owned()),
        ("rows.csv", ROWS.replace("Coffee", &"x".repeat(1 << 20)), "it may have 10,000. Shorten it.".to_owned()),
        ("rows.csv", ROWS.replace("café", &"x".repeat(1 << 20)), "it may have 200. Shorten it.".to_owned()),
        ("rows.csv", ROWS.replace("café", "ca\u{202e}fé"), "A character that nobody can see".to_owned()),
        ("rows.csv", ROWS.replace("Notes", "Image"), "Two columns are called “Image”".to_owned()),
        ("rows.csv", ROWS.replace("Department", "Where"), "The table has no column “Department”".to_owned()),
    ];
    for (name, text, wanted) in files {
        let done = data.import(name, &text, &[]);
        let sentence = done.refused();
        assert!(sentence.contains(&wanted), "{wanted}: {sentence}");
        assert!(sentence.len() < 1_000, "{sentence}");
    }
    assert!(data.rows().is_empty());
}

#[test]
fn a_table_whose_status_nobody_told_is_refused() {
    let page = "## Contacts\n\n| Image Name | Department |\n|---|---|\n| redis | SSC |\n";
    let done = Data::new().import("page.md", page, &[]);
    assert!(done.refused().contains("line 3: It cannot be told whether"), "{done:?}");
}

#[test]
fn a_path_that_leads_nowhere_or_to_a_folder_is_refused_before_a_server_is_made() {
    let data = Data::new();
    for path in ["/nowhere/at/all.md", "/"] {
        let done = data.run(&["import", path]);
        assert!(done.refused().contains("cannot be read: check the path"), "{done:?}");
    }
    assert!(!data.cluster().exists());
}
