//! Who stands behind the declared proxies: from `X-Forwarded-For`, or where that is not sent from `Forwarded` (RFC 7239).

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use axum::http::header::FORWARDED;

/// What the nearest of the declared proxies says of the visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The visitor's address.
    Address(IpAddr),
    /// Nothing: fewer entries than proxies.
    Nothing,
    /// An entry that is no address.
    Unreadable(String),
}

/// The address of the visitor behind so many `proxies`, each of which has added an entry.
pub fn visitor(headers: &HeaderMap, proxies: usize) -> Said {
    let entries = match list(headers, "x-forwarded-for") {
        entries if entries.is_empty() => {
            list(headers, FORWARDED.as_str()).iter().map(|element| named(element)).collect()
        }
        entries => entries,
    };
    let Some(entry) = entries.len().checked_sub(proxies).and_then(|place| entries.get(place)) else {
        return Said::Nothing;
    };
    read(entry).map_or_else(|| Said::Unreadable(entry.chars().take(60).collect()), Said::Address)
}

/// The entries of a header that is a list, whether it stands once or several times.
fn list(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.flat_map(|value| split(&value, ',')).collect()
}

/// The parts between separators that do not stand within quotation marks.
fn split(text: &str, separator: char) -> Vec<String> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = text.split(|letter: char| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match letter {
            '\\' if is_quoted && !was_escaped => is_escaped = true,
            '"' if !was_escaped => is_quoted = !is_quoted,
            _ => {}
        }
        letter == separator && !is_quoted
    });
    parts.map(|part| part.trim().to_owned()).collect()
}

/// For whom an element of `Forwarded` was sent on: the value of its `for`.
fn named(element: &str) -> String {
    let pairs = split(element, ';');
    let mut values = pairs.iter().filter_map(|pair| pair.split_once('='));
    values.find(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map_or("", |(_, value)| value.trim()).to_owned()
}

/// An address as proxies write it: bare, with a port, an IPv6 in brackets, and any of these in quotation marks.
fn read(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim().trim_matches('"').trim();
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Some(address);
    }
    if let Ok(address) = bare.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    let (address, port) = match bare.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => bare.split_once(':')?,
    };
    let port = port.trim_start_matches(':');
    let is_port = port.len() <= 6 && port.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    let address = address.split('%').next().unwrap_or_default(); // without an IPv6's zone
    address.parse().ok().filter(|_| is_port)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn said(name: &'static str, values: &[&'static str], proxies: usize) -> Said {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        visitor(&headers, proxies)
    }

    fn address(text: &str) -> Said {
        Said::Address(text.parse().expect("an address"))
    }

    #[test]
    fn every_way_in_which_proxies_write_an_address_is_read() {
        for (entry, expected) in [
            ("198.51.100.7", "198.51.100.7"),
            (" 198.51.100.7:51234", "198.51.100.7"),
            ("\"198.51.100.7\"", "198.51.100.7"),
            ("\"198.51.100.7:51234\"", "198.51.100.7"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:51234", "2001:db8::7"),
            ("\"[2001:db8::7]:51234\"", "2001:db8::7"),
            ("::ffff:198.51.100.7", "::ffff:198.51.100.7"),
            ("[fe80::1%eth0]:80", "fe80::1"),
        ] {
            assert_eq!(said("x-forwarded-for", &["203.0.113.1", entry], 1), address(expected), "{entry}");
        }
        for (element, expected) in [
            ("for=198.51.100.7", "198.51.100.7"),
            ("by=203.0.113.43;For=\"198.51.100.7:51234\";proto=https", "198.51.100.7"),
            ("for=\"[2001:db8::7]:51234\"", "2001:db8::7"),
            ("for=192.0.2.1;host=\"a, b\", for=198.51.100.7; by=x", "198.51.100.7"),
        ] {
            assert_eq!(said("forwarded", &[element], 1), address(expected), "{element}");
        }
    }

    #[test]
    fn only_as_many_entries_count_as_there_are_proxies() {
        let entries: &[&str] = &["10.0.0.1, 198.51.100.7", "203.0.113.9:80"];
        assert_eq!(said("x-forwarded-for", entries, 1), address("203.0.113.9"));
        assert_eq!(said("x-forwarded-for", entries, 2), address("198.51.100.7"));
        assert_eq!(said("x-forwarded-for", entries, 3), address("10.0.0.1"));
        assert_eq!(said("x-forwarded-for", entries, 4), Said::Nothing);
        assert_eq!(said("x-forwarded-for", &[], 1), Said::Nothing);
    }

    #[test]
    fn what_is_no_address_is_said_to_be_unreadable() {
        for entry in ["unknown", "_hidden", "for=", "198.51.100.7.9", "[2001:db8::7", "198.51.100.7:80:90", ""] {
            assert!(matches!(said("x-forwarded-for", &[entry], 1), Said::Unreadable(_)), "{entry}");
        }
        assert!(matches!(said("forwarded", &["for=unknown"], 1), Said::Unreadable(_)));
    }
}
