//! The form for a new token: what it must say, and the token that is made of it.

use super::db::New;
use crate::i18n::Lang;
use crate::people::secret;
use crate::web::form::Form;
use crate::web::path::{is_hex, texts};
use crate::web::problems::Problems;
use crate::web::visitor::{Person, Scope};

/// By what people and tools that search for secrets know a token.
const START: &str = "icat_";
/// Digits that name a token in public.
const ID: usize = 8;
/// Digits that nobody may know.
const SECRET: usize = 64;
/// Days after which a token expires: at most so many.
pub const MOST_DAYS: i32 = 365;
/// Days that the form offers.
pub const USUAL_DAYS: &str = "90";
/// Characters of a name and of a reason.
const LONGEST: (usize, usize) = (100, 500);

/// The fields that named constraints are about.
pub const CONSTRAINTS: &[(&str, &str)] =
    &[("api_tokens_named", "name"), ("api_tokens_expire_within_a_year", "days"), ("api_tokens_pk", "name")];

texts! {
    /// What names a token in public.
    TokenId: |text| is_hex(text, ID),
}

/// What a form asks for.
#[derive(Debug)]
pub struct Wanted {
    pub name: String,
    pub reason: String,
    pub scopes: Vec<Scope>,
    pub days: i32,
}

/// What a form asks for, or all that is wrong with it.
pub fn read(form: &Form, lang: Lang) -> Result<Wanted, Problems> {
    let mut problems = Problems::default();
    let mut text = |field: &str, most: usize, missing: &str| {
        let given = form.given(field);
        match &given {
            Some(text) => problems.check(field, text, most, field == "reason", lang),
            None => problems.add(field, lang.t(missing)),
        }
        given.unwrap_or_default()
    };
    let name = text("name", LONGEST.0, "tokens-name-missing");
    let reason = text("reason", LONGEST.1, "tokens-reason-missing");
    let scopes: Vec<Scope> =
        Scope::ALL.into_iter().filter(|scope| form.all("scope").any(|code| code == scope.code())).collect();
    if scopes.is_empty() || form.all("scope").any(|code| Scope::from_code(code).is_none()) {
        problems.add("scope", lang.t("tokens-scope-missing"));
    }
    let days = form.text("days").parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
    if days.is_none() {
        problems.add("days", lang.t("tokens-days-wrong"));
    }
    match days {
        Some(days) if problems.is_empty() => Ok(Wanted { name, reason, scopes, days }),
        _ => Err(problems),
    }
}

/// A new token: what names it in public, and the whole of it, to be shown once.
///
/// # Errors
/// When the system gives no random numbers.
pub fn token() -> anyhow::Result<(String, String)> {
    let id = secret::new()?[..ID].to_owned();
    let whole = format!("{START}{id}_{}", secret::new()?);
    Ok((id, whole))
}

/// Whether a text has the form of a token.
pub fn is_token(text: &str) -> bool {
    let parts = text.strip_prefix(START).and_then(|rest| rest.split_once('_'));
    parts.is_some_and(|(id, secret)| is_hex(id, ID) && is_hex(secret, SECRET))
}

impl Wanted {
    /// The row of a token.
    pub fn row<'a>(&'a self, id: &'a str, hash: &'a [u8], person: &'a Person, form_key: &'a str) -> New<'a> {
        New {
            id,
            hash,
            name: &self.name,
            reason: &self.reason,
            scopes: self.scopes.iter().map(|scope| scope.code()).collect(),
            days: self.days,
            account: person.account,
            made_by: &person.name,
            form_key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_a_form_that_tools_find() {
        let (id, whole) = token().expect("random numbers");
        assert!(is_token(&whole) && whole.starts_with(&format!("icat_{id}_")), "{whole}");
        for wrong in ["", "icat_", &whole[1..], &whole[..whole.len() - 1], &whole.to_uppercase(), &format!("{whole}0")]
        {
            assert!(!is_token(wrong), "{wrong}");
        }
    }
}
