//! The parsers of what is sent, each within a budget: what a text unfolds into is counted while it is read.

use comrak::nodes::AstNode;
use comrak::{Arena, Options, try_parse_document};
use serde::de::DeserializeOwned;

use super::budget::{Allowance, Budget, Spent};
use super::limits::LARGEST_BODY;
use super::work::Stop;

/// Fields of one form, at most: the largest, an upload's verdicts, has some 2,000.
pub const MOST_FIELDS: usize = 5_000;
/// What a form may take.
const FORM: Allowance = Allowance { bytes: LARGEST_BODY, nodes: MOST_FIELDS, depth: 1, characters: LARGEST_BODY };
/// What JSON of a program may take; the largest that is described has some ten values.
const JSON: Allowance = Allowance { bytes: LARGEST_BODY, nodes: 10_000, depth: 64, characters: LARGEST_BODY };

/// Why JSON is not read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    #[error(transparent)]
    Spent(#[from] Spent),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl Unread {
    /// The line at which reading ended.
    pub fn line(&self) -> usize {
        match self {
            Unread::Spent(_) => 1,
            Unread::Json(problem) => problem.line(),
        }
    }
}

/// The fields of a form, in order.
///
/// # Errors
/// When they are more than a form has.
pub fn fields(text: &str) -> Result<Vec<(String, String)>, Spent> {
    let mut budget = Budget::new(FORM, &Stop::default());
    budget.length(text.len())?;
    let mut fields = Vec::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        budget.nodes(1)?;
        budget.characters(name.len() + value.len())?;
        fields.push((name.into_owned(), value.into_owned()));
    }
    Ok(fields)
}

/// JSON that a program sent.
///
/// # Errors
/// When it is none, not what is asked for, or more than any program sends.
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unread> {
    let mut budget = Budget::new(JSON, &Stop::default());
    budget.length(bytes.len())?;
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            _ if is_text => {}
            b'[' | b'{' => {
                depth += 1;
                budget.depth(depth)?;
                budget.nodes(1)?;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => budget.nodes(1)?,
            _ => {}
        }
    }
    Ok(serde_json::from_slice(bytes)?)
}

/// Markdown, parsed into so many parts at most and for as long as somebody waits.
///
/// # Errors
/// When it has more of them, or nobody waits.
pub fn markdown<'a>(
    arena: &'a Arena<'a>,
    text: &str,
    options: &Options<'_>,
    most: usize,
    budget: &Budget,
) -> Result<&'a AstNode<'a>, Spent> {
    let is_over = || arena.len() > most || budget.go_on().is_err();
    try_parse_document(arena, text, options, &is_over).map_err(|_| budget.go_on().err().unwrap_or(Spent::Nodes(most)))
}

impl From<Spent> for super::error::Error {
    fn from(spent: Spent) -> super::error::Error {
        match spent {
            Spent::Stopped => super::error::Error::Busy,
            _ => super::error::Error::TooLarge,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_form_and_json_are_read_as_they_are_and_refused_where_they_unfold_into_too_much() {
        assert_eq!(fields("a=1&b=x+y").expect("a form")[1], ("b".to_owned(), "x y".to_owned()));
        assert!(matches!(fields(&"a&".repeat(100_000)), Err(Spent::Nodes(_))));
        assert!(matches!(fields(&"a".repeat(LARGEST_BODY + 1)), Err(Spent::Bytes(_))));
        let read: Value = json(br#"{"a": ["[[[[", "\"{{"], "b": 1}"#).expect("JSON");
        assert_eq!(read["b"], 1);
        for (sent, spent) in [
            ("[".repeat(65), Spent::Depth(64)),
            (format!("[{}0]", "0,".repeat(20_000)), Spent::Nodes(10_000)),
            ("[]".repeat(20_000), Spent::Nodes(10_000)),
        ] {
            let refused = json::<Value>(sent.as_bytes());
            assert!(matches!(refused, Err(Unread::Spent(why)) if why == spent), "{spent}");
        }
        assert!(matches!(json::<Value>(b"{"), Err(Unread::Json(_))));
    }
}
