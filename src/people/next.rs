//! Where a visitor goes after signing in: a page of this site, whatever the address asks for.

use crate::i18n::Lang;

/// The longest address that is led to, in bytes.
const LONGEST: usize = 2_000;

/// The address where it is one of this site's pages.
pub fn safe(address: &str) -> Option<&str> {
    let path = address.split('?').next()?;
    let is_plain = address.len() <= LONGEST && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_page =
        Lang::from_path(path).is_some() && !path.contains("//") && !path.contains("/.") && !path.contains('#');
    let lower = path.to_ascii_lowercase();
    let hides = ["%2f", "%5c", "%0d", "%0a", "%00", "%2e", "%09"].iter().any(|hidden| lower.contains(hidden));
    (is_plain && is_page && !hides && !address.contains('#')).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_site_are_led_to() {
        for fine in ["/en", "/fr", "/en/images?q=a%2Fb&status=procured", "/fr/personnel/comptes", "/en/images/nginx"] {
            assert_eq!(safe(fine), Some(fine));
        }
        for away in [
            "",
            "/",
            "en",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/%2f%2fevil.example",
            "/%5cevil.example",
            "https://evil.example",
            "https:/en/",
            "javascript:alert(1)",
            "/en//evil.example",
            "/en/..//evil.example",
            "/en/%2e%2e//evil.example",
            "/en/%2F%2Fevil.example",
            "/en\r\nLocation: x",
            "/en/%0d%0aSet-Cookie:x",
            "/en\\@evil.example",
            "/enevil",
            "/en\t//evil.example",
            "/en#x",
            "/é/en",
            "@evil.example",
        ] {
            assert_eq!(safe(away), None, "{away:?}");
        }
    }
}
