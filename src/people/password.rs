//! Passwords of local accounts: Argon2id, a few at a time, and as slow for an account that does not exist.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use unicode_normalization::UnicodeNormalization;

use crate::web::error::Error;
use crate::web::work::{PASSWORDS, Stop};

/// The fewest characters that a password has.
pub const SHORTEST: usize = 12;
/// The most characters that a password has.
pub const LONGEST: usize = 256;
/// The hash of no password, with the costs of all others: what is checked where there is no account.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether a password is neither too short nor too long.
pub fn has_length(password: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&password.chars().count())
}

/// The hash of a password, to be stored.
///
/// # Errors
/// When it cannot be computed.
pub async fn hash(password: &str) -> Result<String, Error> {
    let password = one_form(password);
    let hash = move |_: &Stop| Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string());
    Ok(PASSWORDS.run(hash).await?.map_err(anyhow::Error::from)?)
}

/// Whether a password has a hash. Without a hash the answer is no, after the same time.
///
/// # Errors
/// When it cannot be computed.
pub async fn check(password: &str, hash: Option<String>) -> Result<bool, Error> {
    let password = one_form(password);
    let fits = PASSWORDS.run(move |_| {
        let is_known = hash.is_some();
        let hash = hash.as_deref().unwrap_or(NOBODYS);
        let fits = PasswordHash::new(hash).is_ok_and(|hash| {
            let checked = Argon2::default().verify_password(password.as_bytes(), &hash);
            checked.is_ok()
        });
        fits && is_known
    });
    Ok(fits.await?)
}

/// One spelling of what different keyboards send.
fn one_form(password: &str) -> String {
    password.nfkc().take(LONGEST * 4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let stored = hash("correct horse battery").await.expect("a hash");
        let costs = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(costs(&stored), costs(NOBODYS), "who does not exist costs as much");
        assert!(PasswordHash::new(NOBODYS).is_ok());
        assert!(check("correct horse battery", Some(stored.clone())).await.expect("an answer"));
        assert!(!check("correct horse battery ", Some(stored)).await.expect("an answer"));
        assert!(!check("", None).await.expect("an answer"));
    }

    #[tokio::test]
    async fn accents_may_be_typed_in_either_way() {
        let stored = hash("mot de passé où").await.expect("a hash");
        assert!(check("mot de passe\u{301} ou\u{300}", Some(stored)).await.expect("an answer"));
    }
}
