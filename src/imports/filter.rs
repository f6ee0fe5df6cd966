//! The verdicts to which the rows of an upload can be narrowed, with how many rows have each.

use std::collections::BTreeMap;

use crate::i18n::{Lang, Word};
use crate::imports::shown;

/// What the rows can be narrowed to, as in the address.
pub const FILTERS: [&str; 5] = ["new", "changed", "conflict", "missing", "kept"];

/// A verdict to which the rows can be narrowed.
pub struct Filter {
    /// What the button asks for.
    pub code: &'static str,
    pub words: String,
    pub is_on: bool,
}

/// The buttons that narrow the rows to one verdict; those without rows are not among them.
pub fn filters(
    counts: &BTreeMap<&'static str, usize>,
    total: usize,
    chosen: Option<&'static str>,
    lang: Lang,
) -> Vec<Filter> {
    let filter = |code: &'static str, count: usize| {
        let verdict = lang.t(shown::words_of(code));
        let words = [("verdict", Word::Text(&verdict)), ("n", Word::Number(count))];
        Filter { code, words: lang.tell("verdict-count", &words), is_on: chosen.unwrap_or("all") == code }
    };
    let each = FILTERS.into_iter().map(|code| (code, counts[code]));
    std::iter::once(("all", total))
        .chain(each.filter(|(_, count)| *count > 0))
        .map(|(code, count)| filter(code, count))
        .collect()
}
