//! Habits of the house that no compiler checks.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

#[test]
fn sql_stands_in_db_files_and_the_record_only() {
    for (path, text) in files("src", "rs") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let room = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        if name == "db.rs" || name == "record.rs" || ["db", "database"].contains(&&*room) {
            continue;
        }
        for table in
            ["from images", "into images", "from lines", "into lines", "from changes", "update lines", "update images"]
        {
            assert!(!text.contains(table), "{}: {table}", path.display());
        }
        assert!(!text.contains("AssertSqlSafe"), "{}", path.display());
    }
}

#[test]
fn every_page_is_in_the_table_of_pages() {
    let mut declared = BTreeSet::new();
    for (path, text) in files("src", "rs") {
        if path.ends_with("web/routes.rs") || path.ends_with("web/error/drawing.rs") {
            continue;
        }
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for call in flat.split("Route::new(").skip(1) {
            declared.insert(call.split('"').nth(1).unwrap().to_owned());
        }
    }
    let staff = image_catalogue::STAFF_PAGES.iter().map(|(route, _)| route);
    let listed: BTreeSet<String> = image_catalogue::PAGES
        .iter()
        .chain(staff)
        .chain(image_catalogue::ACTS.iter())
        .map(|route| route.en.to_owned())
        .collect();
    assert_eq!(declared, listed);
}

#[test]
fn every_word_is_used() {
    let mut used = String::new();
    for (_, text) in files("src", "rs").into_iter().chain(files("templates", "html")) {
        used.push_str(&text);
    }
    let composed = [
        "reason-",
        "status-",
        "field-",
        "act-",
        "source-",
        "page-",
        "ask-",
        "feedback-",
        "kind-",
        "event-",
        "firmness-",
        "request-step-",
        "content-name-",
        "api-do-",
        "api-take-",
        "api-answer-",
        "api-field-",
        "api-send-",
    ];
    for (room, english, _) in image_catalogue::i18n::WORDS {
        for key in image_catalogue::i18n::keys_of(english) {
            let is_used = used.contains(&format!("\"{key}\"")) || composed.iter().any(|start| key.starts_with(start));
            assert!(is_used, "{room}: {key} is not used");
        }
    }
}

#[test]
fn templates_hold_no_style_no_script_and_nothing_unescaped() {
    for (path, text) in files("templates", "html") {
        for never in ["<style", "style=", "<script>", "onclick", "|safe", "| safe", "<br>"] {
            assert!(!text.contains(never), "{}: {never}", path.display());
        }
    }
    for (path, text) in files("src", "rs") {
        assert!(!text.contains("Html(format!"), "{}", path.display());
    }
}

#[test]
fn no_template_has_a_line_of_more_than_160_characters_and_every_field_is_drawn_by_the_shared_macros() {
    for (path, text) in files("templates", "html") {
        for (number, line) in text.lines().enumerate() {
            assert!(line.chars().count() <= 160, "{}:{}", path.display(), number + 1);
        }
        if !path.ends_with("shared/forms.html") {
            for never in ["<textarea", "<select", "<div class=\"field\"", "class=\"error-message\" id=\"{{"] {
                assert!(!text.contains(never), "{}: {never}", path.display());
            }
        }
    }
}

#[test]
fn every_file_says_first_what_it_is_for() {
    for (path, text) in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        assert!(text.starts_with("//! "), "{}", path.display());
        assert!(text.lines().count() <= 400, "{}: too long", path.display());
    }
    for (path, text) in files("migrations", "sql") {
        assert!(text.starts_with("-- "), "{}", path.display());
    }
}

/// What a handler may read from an address as it stands: a department's spelling, of which there are many, and the secret
/// of a link whose page says by itself that it is over.
const ANY_TEXT: &[&str] = &["departments/pages.rs", "people/sign_in.rs"];

#[test]
fn parts_of_addresses_are_read_by_their_types() {
    for (path, text) in files("src", "rs") {
        if path.ends_with("web/path.rs") {
            continue;
        }
        let imported = text.split("use axum::extract::").nth(1).and_then(|rest| rest.split(';').next()).unwrap_or("");
        let words: Vec<&str> = imported.split(|letter: char| !letter.is_alphanumeric()).collect();
        assert!(!words.contains(&"Path"), "{}: use web::path::Path", path.display());
        let may = ANY_TEXT.iter().any(|file| path.ends_with(file));
        assert!(may || !text.contains(": Path<String>"), "{}: a text that is read again", path.display());
    }
}

/// What parses texts, and where it may be called: within a budget, or on what the program wrote itself.
const PARSERS: &[(&str, &[&str])] = &[
    ("form_urlencoded::parse", &["web/parse.rs", "web/address.rs"]),
    ("Multipart::from_request", &["web/upload.rs"]),
    ("parse_document(", &["web/parse.rs"]),
    ("markdown_to_html(", &[]),
    ("serde_json::from_slice", &["web/parse.rs"]),
    ("serde_json::from_str", &["files/text.rs", "imports/base.rs"]),
    ("serde_json::from_reader", &[]),
    ("csv::ReaderBuilder", &["files/separated.rs"]),
    ("csv::Reader::from", &["imports/known.rs", "organisations/seed.rs"]),
    ("saphyr_parser::", &["check/parse/yaml.rs"]),
    ("parse_dockerfile::", &["check/parse/dockerfile.rs"]),
    ("extract::Query", &[]),
    ("extract::Form", &[]),
    ("extract::Json", &[]),
    ("toml::from_str", &[]),
];

#[test]
fn whatever_is_sent_is_parsed_where_a_budget_counts_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = BTreeSet::new();
    for (path, text) in files("src", "rs") {
        let name = path.strip_prefix(&source).unwrap().to_string_lossy().into_owned();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for (parser, places) in PARSERS.iter().filter(|(parser, _)| text.contains(parser)) {
            assert!(places.contains(&&*name), "{name} calls {parser}");
            seen.insert(*parser);
        }
    }
    for file in ["web/parse.rs", "check/parse/yaml.rs", "check/parse/mod.rs", "files/separated.rs"] {
        assert!(fs::read_to_string(source.join(file)).unwrap().contains("Budget"), "{file} has no budget");
    }
    assert!(seen.len() >= 7, "the parsers are called otherwise now: {seen:?}");
}
