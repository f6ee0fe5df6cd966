//! Why a provider's word signs nobody in.

/// Why nobody is signed in. Each has a sentence: `provider-` and its code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the provider does not answer: {0}")]
    Away(String),
    #[error("the provider at OIDC_ISSUER calls itself by another name: {0}")]
    WrongIssuer(String),
    #[error("the code was refused: {0}")]
    Code(String),
    #[error("the provider's word is too old, or from the future: {0}")]
    Time(String),
    #[error("the provider's word does not hold: {0}")]
    Proof(String),
    #[error("the token has no tid or no oid")]
    NoIdentity,
    #[error("the token is of another tenant than the issuer's")]
    OtherTenant,
    #[error("the person is in too many groups for the token to name them")]
    Overage,
}

impl Refusal {
    /// The key of its sentence.
    pub const fn words(&self) -> &'static str {
        match self {
            Refusal::Away(_) => "provider-away",
            Refusal::WrongIssuer(_) => "provider-wrong-issuer",
            Refusal::Code(_) => "provider-code",
            Refusal::Time(_) => "provider-time",
            Refusal::Proof(_) => "provider-proof",
            Refusal::NoIdentity => "provider-no-identity",
            Refusal::OtherTenant => "provider-other-tenant",
            Refusal::Overage => "provider-overage",
        }
    }
}
