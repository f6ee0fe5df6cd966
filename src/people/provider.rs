//! The identity provider, by OIDC: finding it, leading there, and proving what comes back.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenClaims, IdTokenFields, IssuerUrl,
    LogoutRequest, Nonce, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout,
    RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse,
};
use tokio::sync::Mutex;
use url::Url;

use super::exchange::{Exchange, Failure};
use super::identity::{Extra, Identity, identify};
use crate::config::Oidc;
use crate::people::refusal::Refusal;

/// How long what the provider says of itself is believed.
const BELIEVED: Duration = Duration::from_hours(1);
/// After a failed proof, the provider is asked for its keys again where they are older than this.
const KEYS: Duration = Duration::from_secs(5);
/// How far the clocks of the provider and of this site may be apart.
const SKEW: TimeDelta = TimeDelta::minutes(2);

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
    /// Where people come back to after signing out.
    afterwards: String,
    http: Exchange,
    known: Mutex<Option<(Instant, ProviderMetadataWithLogout)>>,
}

impl Provider {
    /// The provider of these settings; `origin` is the site's.
    pub fn new(settings: Oidc, origin: &str) -> Provider {
        let callback = format!("{origin}{}", super::CALLBACK);
        let afterwards = format!("{origin}/");
        Provider { settings, callback, afterwards, http: Exchange::default(), known: Mutex::new(None) }
    }

    /// The name of the issuer, as it must be spelled.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Whether it gives the roles, and not this site's administrators.
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
        identify(&claims, &self.settings)
    }

    /// Where a person signs out of the provider; none where it offers no such place or does not answer.
    pub async fn leave(&self) -> Option<Url> {
        let metadata = self.metadata(BELIEVED).await.ok()?;
        let place = metadata.additional_metadata().end_session_endpoint.clone()?;
        let afterwards = PostLogoutRedirectUrl::new(self.afterwards.clone()).ok()?;
        let request = LogoutRequest::from(place)
            .set_client_id(ClientId::new(self.settings.client_id.clone()))
            .set_post_logout_redirect_uri(afterwards);
        Some(request.http_get_url()).filter(|address| ["https", "http"].contains(&address.scheme()))
    }

    /// What the provider says of itself, asked again where it was said longer ago than this.
    async fn metadata(&self, longest: Duration) -> Result<ProviderMetadataWithLogout, Refusal> {
        let mut known = self.known.lock().await;
        if let Some((at, metadata)) = &*known
            && at.elapsed() < longest
        {
            return Ok(metadata.clone());
        }
        let issuer =
            IssuerUrl::new(self.settings.issuer.clone()).map_err(|bad| Refusal::WrongIssuer(bad.to_string()))?;
        let metadata =
            ProviderMetadataWithLogout::discover_async(issuer, &self.http).await.map_err(|problem| match problem {
                DiscoveryError::Validation(problem) => Refusal::WrongIssuer(problem),
                other => Refusal::Away(told(&other)),
            })?;
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    fn party(&self, metadata: ProviderMetadataWithLogout) -> Result<Party, Refusal> {
        let callback = RedirectUrl::new(self.callback.clone()).map_err(|bad| Refusal::Away(bad.to_string()))?;
        let secret = self.settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let id = ClientId::new(self.settings.client_id.clone());
        Ok(Client::from_provider_metadata(metadata, id, secret).set_redirect_uri(callback))
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

/// What a discovery stumbled over.
fn told(problem: &DiscoveryError<Failure>) -> String {
    match problem {
        DiscoveryError::Request(cause) => cause.to_string(),
        DiscoveryError::Response(status, ..) => format!("it answered {status}"),
        other => other.to_string(),
    }
}
