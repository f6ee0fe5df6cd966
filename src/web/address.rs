//! Addresses: texts as parts of them, and their parameters.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands unescaped in a path or a parameter: letters, digits and `-._~`.
const REST: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as one part of a path, or as a parameter's value.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, REST).to_string()
}

/// The parameters of an address, in order, with `+` and percent signs resolved. What is not UTF-8 is replaced.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Whether a text may be an e-mail address that mail can be sent to: in ASCII, so that no letter looks like another,
/// with one `@` and a domain with a dot.
pub fn is_mailbox(text: &str) -> bool {
    let Some((person, domain)) = text.rsplit_once('@') else { return false };
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,;:\"()[]\\".contains(&byte));
    let has_dots = domain.contains('.') && !domain.split('.').any(str::is_empty);
    text.len() <= 254 && is_plain && !person.is_empty() && person.len() <= 64 && !person.contains('@') && has_dots
}

/// Whether a path can be led to: browsers read `/\`, `//` and what hides them as another site.
pub fn is_plain_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    path.starts_with('/') && path.len() > 1 && !path.contains("//") && path.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_mail_can_be_sent_to_is_a_mailbox() {
        for fine in ["a@b.ca", "marie-eve.o'neil+catalogue@cse-cst.gc.ca"] {
            assert!(is_mailbox(fine), "{fine}");
        }
        for wrong in [
            "",
            "a",
            "@b.ca",
            "a@b",
            "a@b.",
            "a@.ca",
            "a@b..ca",
            "a@b@c.ca",
            "a b@c.ca",
            "a@b.ca,c@d.ca",
            "a@b.ca\r\nBcc: c@d.ca",
            "<a@b.ca>",
            "a@g\u{441}.ca",
            "a\u{202e}@b.ca",
            "a\0@b.ca",
        ] {
            assert!(!is_mailbox(wrong), "{wrong:?}");
        }
    }
}
