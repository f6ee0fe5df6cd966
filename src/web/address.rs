//! Addresses: texts as parts of them, and their parameters.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands unescaped in a path or a parameter: letters, digits and `-._~`.
const REST: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as one part of a path, or as a parameter's value.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, REST).to_string()
}

/// The parameters of an address, in order, with `+` and percent signs resolved. What is not UTF-8 is replaced.
#[must_use]
pub fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}
