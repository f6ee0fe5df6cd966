//! The identity provider, by OIDC: finding it, leading there, and proving what comes back.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenClaims, IdTokenFields,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use super::exchange::{Exchange, Failure};
use crate::config::Oidc;
use crate::web::visitor::Role;

/// How long what the provider says of itself is believed.
const BELIEVED: Duration = Duration::from_hours(1);
/// After a failed proof, the provider is asked for its keys again where they are older than this.
const KEYS: Duration = Duration::from_secs(5);
/// How far the clocks of the provider and of this site may be apart.
const SKEW: TimeDelta = TimeDelta::minutes(2);

/// What tokens say beyond the standard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Extra {
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
    tid: Option<String>,
    oid: Option<String>,
    /// Claims that were too many to be told in the token.
    #[serde(rename = "_claim_names")]
    elsewhere: Option<serde_json::Map<String, serde_json::Value>>,
}

impl AdditionalClaims for Extra {}

type Claims = IdTokenClaims<Extra, CoreGenderClaim>;
type Fields = IdTokenFields<
    Extra,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Party = Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Who the provider says has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    /// By what the issuer knows the person for ever: never the e-mail address.
    pub subject: String,
    pub email: String,
    pub name: String,
    /// The role that the provider gives; none where it gives no roles to this site.
    pub role: Option<Role>,
}

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
    #[error("the person is in too many groups for the token to name them")]
    Overage,
}

impl Refusal {
    /// The key of its sentence.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match self {
            Refusal::Away(_) => "provider-away",
            Refusal::WrongIssuer(_) => "provider-wrong-issuer",
            Refusal::Code(_) => "provider-code",
            Refusal::Time(_) => "provider-time",
            Refusal::Proof(_) => "provider-proof",
            Refusal::NoIdentity => "provider-no-identity",
            Refusal::Overage => "provider-overage",
        }
    }
}

/// Where to send a visitor who signs in, and what must come back.
#[derive(Debug)]
pub struct Departure {
    pub address: Url,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

/// The provider of the settings.
#[derive(Debug)]
pub struct Provider {
    settings: Oidc,
    callback: String,
    http: Exchange,
    known: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

impl Provider {
    /// The provider of these settings; `origin` is the site's.
    #[must_use]
    pub fn new(settings: Oidc, origin: &str) -> Provider {
        let callback = format!("{origin}{}", super::CALLBACK);
        Provider { settings, callback, http: Exchange::default(), known: Mutex::new(None) }
    }

    /// The name of the issuer, as it must be spelled.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Whether it gives the roles, and not this site's administrators.
    #[must_use]
    pub fn gives_roles(&self) -> bool {
        !self.settings.roles.is_empty()
    }

    /// Prepares a sign-in.
    ///
    /// # Errors
    /// When the provider is away or calls itself otherwise.
    pub async fn depart(&self) -> Result<Departure, Refusal> {
        let metadata = self.metadata(BELIEVED).await?;
        let offers_roles = metadata.scopes_supported().is_some_and(|all| all.iter().any(|scope| **scope == *"roles"));
        let party = self.party(metadata)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = party
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .set_pkce_challenge(challenge);
        for scope in ["profile", "email"].into_iter().chain(offers_roles.then_some("roles")) {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
        let (address, state, nonce) = request.url();
        let (state, nonce) = (state.secret().clone(), nonce.secret().clone());
        Ok(Departure { address, state, nonce, verifier: verifier.secret().clone() })
    }

    /// Who signed in, by the code that came back.
    ///
    /// # Errors
    /// When the provider is away, or what it says does not hold.
    pub async fn arrive(&self, code: String, verifier: String, nonce: String) -> Result<Identity, Refusal> {
        let party = self.party(self.metadata(BELIEVED).await?)?;
        let request = party
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|problem| Refusal::Away(problem.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let answer = request.request_async(&self.http).await.map_err(|problem| match problem {
            RequestTokenError::ServerResponse(said) => Refusal::Code(said.error().to_string()),
            RequestTokenError::Request(problem) => Refusal::Away(problem.to_string()),
            other => Refusal::Proof(other.to_string()),
        })?;
        let token = answer.extra_fields().id_token().ok_or_else(|| Refusal::Proof("no ID token".to_owned()))?;
        let nonce = Nonce::new(nonce);
        let mut proved = prove(&party, token, &nonce);
        if matches!(proved, Err(ClaimsVerificationError::SignatureVerification(_))) {
            // Keys may have been changed since they were read.
            proved = prove(&self.party(self.metadata(KEYS).await?)?, token, &nonce);
        }
        let claims = proved.map_err(|problem| match problem {
            ClaimsVerificationError::Expired(_) => Refusal::Time(problem.to_string()),
            ClaimsVerificationError::SignatureVerification(cause) => Refusal::Proof(cause.to_string()),
            other => Refusal::Proof(other.to_string()),
        })?;
        self.identity(&claims)
    }

    /// What the provider says of itself, asked again where it was said longer ago than this.
    async fn metadata(&self, longest: Duration) -> Result<CoreProviderMetadata, Refusal> {
        let mut known = self.known.lock().await;
        if let Some((at, metadata)) = &*known
            && at.elapsed() < longest
        {
            return Ok(metadata.clone());
        }
        let issuer =
            IssuerUrl::new(self.settings.issuer.clone()).map_err(|bad| Refusal::WrongIssuer(bad.to_string()))?;
        let metadata =
            CoreProviderMetadata::discover_async(issuer, &self.http).await.map_err(|problem| match problem {
                DiscoveryError::Validation(problem) => Refusal::WrongIssuer(problem),
                other => Refusal::Away(told(&other)),
            })?;
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    fn party(&self, metadata: CoreProviderMetadata) -> Result<Party, Refusal> {
        let callback = RedirectUrl::new(self.callback.clone()).map_err(|bad| Refusal::Away(bad.to_string()))?;
        let secret = self.settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let id = ClientId::new(self.settings.client_id.clone());
        Ok(Client::from_provider_metadata(metadata, id, secret).set_redirect_uri(callback))
    }

    /// The person whom proved claims name.
    fn identity(&self, claims: &Claims) -> Result<Identity, Refusal> {
        let extra = claims.additional_claims();
        let subject = match entra_tenant(&self.settings.issuer) {
            Some(tenant) => match (&extra.tid, &extra.oid) {
                (Some(tid), Some(oid)) if *tid == tenant && !oid.is_empty() => format!("{tid}:{oid}"),
                _ => return Err(Refusal::NoIdentity),
            },
            None => claims.subject().to_string(),
        };
        let told = |text: &str| text.chars().filter(|letter| !letter.is_control()).take(200).collect::<String>();
        let known_as = claims.preferred_username().map(|name| told(name)).unwrap_or_default();
        let name = claims.name().and_then(|name| name.get(None)).map(|name| told(name)).unwrap_or_default();
        let email = claims.email().map_or_else(|| known_as.clone(), |email| told(email));
        let names = [name.trim(), known_as.trim(), &subject];
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned();
        Ok(Identity { issuer: self.settings.issuer.clone(), role: self.role(extra)?, subject, email, name })
    }

    /// The highest role that the claims give; a member where they give none, and nothing where no mapping is set.
    fn role(&self, extra: &Extra) -> Result<Option<Role>, Refusal> {
        let mapping = &self.settings.roles;
        if mapping.is_empty() {
            return Ok(None);
        }
        let held = |name: &String| extra.roles.contains(name) || extra.groups.contains(name);
        let role = mapping.iter().filter(|(name, _)| held(name)).map(|(_, role)| *role).max();
        let is_cut =
            extra.elsewhere.as_ref().is_some_and(|all| all.contains_key("groups") || all.contains_key("roles"));
        if role.is_none() && is_cut { Err(Refusal::Overage) } else { Ok(Some(role.unwrap_or(Role::Member))) }
    }
}

type Token = openidconnect::IdToken<Extra, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// The claims of a token that is the provider's, for this site, of this sign-in, and of this moment.
fn prove(party: &Party, token: &Token, nonce: &Nonce) -> Result<Claims, ClaimsVerificationError> {
    use CoreJwsSigningAlgorithm as Alg;
    let algorithms = [Alg::RsaSsaPkcs1V15Sha256, Alg::RsaSsaPssSha256, Alg::EcdsaP256Sha256, Alg::EdDsa];
    let is_past = |issued: DateTime<Utc>| {
        if issued <= Utc::now() + SKEW { Ok(()) } else { Err(format!("issued in the future, at {issued}")) }
    };
    let verifier = party
        .id_token_verifier()
        .set_allowed_algs(algorithms)
        .set_time_fn(|| Utc::now() - SKEW)
        .set_issue_time_verifier_fn(is_past);
    token.claims(&verifier, nonce).cloned()
}

/// The tenant in the name of an issuer that is shaped like Entra ID's: `https://…/{tenant}/v2.0`.
fn entra_tenant(issuer: &str) -> Option<String> {
    let url = Url::parse(issuer).ok()?;
    let parts: Vec<&str> = url.path_segments()?.collect();
    let is_tenant = |text: &str| text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    match parts[..] {
        [tenant, "v2.0"] if is_tenant(tenant) => Some(tenant.to_owned()),
        _ => None,
    }
}

/// What a discovery stumbled over.
fn told(problem: &DiscoveryError<Failure>) -> String {
    match problem {
        DiscoveryError::Request(cause) => cause.to_string(),
        DiscoveryError::Response(status, ..) => format!("it answered {status}"),
        other => other.to_string(),
    }
}
