//! Parts of an address as types: what cannot be one of them is at no address.

use std::fmt;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::Error;

/// What stands for the parts of an address that its route leaves open. What cannot be of this type is not found.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Error> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(given)) => Ok(Path(given)),
            // The route has other parts than the handler reads.
            Err(refused) if refused.status().is_server_error() => Err(Error::Internal(refused.into())),
            Err(_) => Err(Error::NotFound),
        }
    }
}

/// Declares texts of one form each, by what says whether a text is one.
macro_rules! texts {
    ($($(#[$about:meta])* $name:ident: $fits:expr),+ $(,)?) => {
        $(
            $(#[$about])*
            #[derive(Clone, Debug, serde::Deserialize)]
            #[serde(try_from = "String")]
            pub struct $name(String);

            impl TryFrom<String> for $name {
                type Error = &'static str;

                fn try_from(text: String) -> Result<$name, &'static str> {
                    let fits: fn(&str) -> bool = $fits;
                    if fits(&text) { Ok($name(text)) } else { Err(concat!("not a ", stringify!($name))) }
                }
            }

            impl std::ops::Deref for $name {
                type Target = str;

                fn deref(&self) -> &str {
                    &self.0
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    to.write_str(&self.0)
                }
            }
        )+
    };
}
pub(crate) use texts;

texts! {
    /// What names an image: small letters and digits, in words that are joined by `-`.
    Slug: |text| text.split('-').all(|word| !word.is_empty() && word.bytes().all(is_small)),
    /// What names a request or a feedback: `REQ-2026-0042`.
    Reference: is_reference,
    /// The secret part of a link: 64 digits of base 16.
    Secret: |text| is_hex(text, 64),
}

fn is_small(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_reference(text: &str) -> bool {
    let is_number = |part: &str| part.len() >= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    matches!(parts[..], [kind, year, number] if ["REQ", "FB"].contains(&kind) && is_number(year) && is_number(number))
}

/// Whether a text is so many digits of base 16.
pub fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The number of something, or `new` where there is none yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum IdOrNew {
    Id(i64),
    New,
}

const NEW: &str = "new";

impl TryFrom<String> for IdOrNew {
    type Error = &'static str;

    fn try_from(text: String) -> Result<IdOrNew, &'static str> {
        if text == NEW { Ok(IdOrNew::New) } else { text.parse().map(IdOrNew::Id).map_err(|_| "not a number") }
    }
}

impl fmt::Display for IdOrNew {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdOrNew::Id(id) => id.fmt(to),
            IdOrNew::New => to.write_str(NEW),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads<T: TryFrom<String>>(text: &str) -> bool {
        T::try_from(text.to_owned()).is_ok()
    }

    #[test]
    fn what_cannot_name_an_image_is_no_slug() {
        for fine in ["nginx", "7-zip", "node-js-20"] {
            assert!(reads::<Slug>(fine), "{fine}");
        }
        for wrong in ["", "-", "NGINX", "a--b", "a-", "-a", "a b", "a.b", "é", "a\0", "a/b"] {
            assert!(!reads::<Slug>(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_reference_has_its_kind_a_year_and_a_number() {
        for fine in ["REQ-2026-0042", "FB-2026-0001", "REQ-2026-10000"] {
            assert!(reads::<Reference>(fine), "{fine}");
        }
        for wrong in
            ["", "REQ", "REQ-2026", "REQ-2026-42", "req-2026-0042", "REQ-2026-0042-1", "FB-x-0001", "2026-0001"]
        {
            assert!(!reads::<Reference>(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn something_has_a_number_or_is_new() {
        assert_eq!(IdOrNew::try_from("12".to_owned()), Ok(IdOrNew::Id(12)));
        assert_eq!(IdOrNew::try_from("new".to_owned()), Ok(IdOrNew::New));
        for wrong in ["", "New", "1.5", "x", "99999999999999999999"] {
            assert!(!reads::<IdOrNew>(wrong), "{wrong:?}");
        }
    }
}
