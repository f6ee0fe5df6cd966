//! From bytes to text: what is not UTF-8 text is told from what it is.

use crate::files::{Problem, ProblemKind};

/// Files of other kinds, by how they begin, with the key of their name.
const OTHER_KINDS: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "kind-workbook"),
    (b"\xd0\xcf\x11\xe0", "kind-workbook"),
    (b"%PDF", "kind-pdf"),
    (b"\x89PNG", "kind-picture"),
    (b"\xff\xd8\xff", "kind-picture"),
    (b"GIF8", "kind-picture"),
    (b"\x1f\x8b", "kind-archive"),
];

/// The text of a file, without its byte-order mark.
pub fn decode(bytes: &[u8]) -> Result<&str, Problem> {
    let whole = |kind| Problem { line: None, kind };
    if let Some((_, kind)) = OTHER_KINDS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(whole(ProblemKind::OtherKind { kind }));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(whole(ProblemKind::Utf16));
    }
    let text = std::str::from_utf8(bytes).map_err(|problem| {
        let at = problem.valid_up_to();
        Problem { line: Some(line_of(bytes, at)), kind: ProblemKind::NotUtf8 { byte: bytes[at] } }
    })?;
    if let Some(at) = text.find('\0') {
        return Err(Problem { line: Some(line_of(bytes, at)), kind: ProblemKind::Character { character: '\0' } });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.trim_start();
    if start.is_empty() {
        return Err(whole(ProblemKind::Empty));
    }
    let lower: String = start.chars().take(15).collect::<String>().to_lowercase();
    if lower.starts_with("<!doctype") || lower.starts_with("<html") || lower.starts_with("<?xml") {
        return Err(whole(ProblemKind::OtherKind { kind: "kind-html" }));
    }
    let is_json =
        matches!(start.as_bytes()[0], b'{' | b'[') && serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok();
    if is_json {
        return Err(whole(ProblemKind::OtherKind { kind: "kind-json" }));
    }
    Ok(text)
}

/// The line, from 1, in which a byte stands.
fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes[..at].split(|byte| *byte == b'\n').count()
}
