//! What links and cookies hold: random, shown once, and stored as a hash only.

use std::fmt::Write;

use anyhow::anyhow;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

/// A new secret of 256 bits, as 64 digits of base 16.
///
/// # Errors
/// When the system gives no random numbers.
pub fn new() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| anyhow!("the system gives no random numbers"))?;
    let mut text = String::with_capacity(64);
    for byte in bytes {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}

/// The hash by which a secret is stored and found.
pub fn hash(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}
