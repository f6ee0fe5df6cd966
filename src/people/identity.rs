//! Who it is that a provider vouches for, and with which role, by the claims of its token.

use openidconnect::core::CoreGenderClaim;
use openidconnect::{AdditionalClaims, IdTokenClaims};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use url::Url;

use crate::config::Oidc;
use crate::people::refusal::Refusal;
use crate::web::visitor::Role;

/// What tokens say beyond the standard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Extra {
    #[serde(default, deserialize_with = "one_or_many")]
    roles: Vec<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    groups: Vec<String>,
    tid: Option<String>,
    oid: Option<String>,
    /// Claims that were too many to be told in the token.
    #[serde(rename = "_claim_names")]
    elsewhere: Option<serde_json::Map<String, serde_json::Value>>,
}

impl AdditionalClaims for Extra {}

/// Reads the names in a claim that some providers send as a list and others, where there is only one, as a text.
fn one_or_many<'de, D: Deserializer<'de>>(claim: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(claim)? {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    })
}

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

/// The person whom proved claims name.
///
/// # Errors
/// When they do not say for certain who it is, or which role the person has.
pub fn identify(claims: &IdTokenClaims<Extra, CoreGenderClaim>, settings: &Oidc) -> Result<Identity, Refusal> {
    let extra = claims.additional_claims();
    let subject = match entra_tenant(&settings.issuer) {
        Some(tenant) => match (&extra.tid, &extra.oid) {
            (Some(tid), Some(_)) if *tid != tenant => return Err(Refusal::OtherTenant),
            (Some(tid), Some(oid)) if !oid.is_empty() => format!("{tid}:{oid}"),
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
    Ok(Identity { issuer: settings.issuer.clone(), role: role(extra, &settings.roles)?, subject, email, name })
}

/// The highest role that the claims give; a member where they give none, and nothing where no mapping is set.
fn role(extra: &Extra, mapping: &[(String, Role)]) -> Result<Option<Role>, Refusal> {
    if mapping.is_empty() {
        return Ok(None);
    }
    let held = |name: &String| extra.roles.contains(name) || extra.groups.contains(name);
    let role = mapping.iter().filter(|(name, _)| held(name)).map(|(_, role)| *role).max();
    let is_cut = extra.elsewhere.as_ref().is_some_and(|all| all.contains_key("groups") || all.contains_key("roles"));
    if role.is_none() && is_cut { Err(Refusal::Overage) } else { Ok(Some(role.unwrap_or(Role::Member))) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_of_entra_id_names_its_tenant() {
        let tenant = "9ed55846-8a81-4246-acd8-b1a01abfc0d1";
        assert_eq!(entra_tenant(&format!("https://login.microsoftonline.com/{tenant}/v2.0")).as_deref(), Some(tenant));
        for other in
            ["https://login.microsoftonline.com/common/v2.0", "https://id.example", "https://id.example/realms/x"]
        {
            assert_eq!(entra_tenant(other), None, "{other}");
        }
    }

    #[test]
    fn the_highest_role_counts_and_what_cannot_be_seen_is_said() {
        let mapping = [("Editor".to_owned(), Role::Staff), ("g1".to_owned(), Role::Administrator)];
        let extra = |text: &str| serde_json::from_str::<Extra>(text).expect("claims");
        for (claims, expected) in [
            (r#"{"roles":["Editor"]}"#, Ok(Some(Role::Staff))),
            (r#"{"roles":["Editor"],"groups":["g1"]}"#, Ok(Some(Role::Administrator))),
            (r#"{"roles":"Editor"}"#, Ok(Some(Role::Staff))),
            (r#"{"groups":"g1","roles":null}"#, Ok(Some(Role::Administrator))),
            (r#"{"roles":[1,"Editor"],"groups":{"g1":true}}"#, Ok(Some(Role::Staff))),
            (r#"{"roles":["editor"]}"#, Ok(Some(Role::Member))),
            ("{}", Ok(Some(Role::Member))),
            (r#"{"_claim_names":{"groups":"src1"}}"#, Err(Refusal::Overage)),
            (r#"{"roles":["Editor"],"_claim_names":{"groups":"src1"}}"#, Ok(Some(Role::Staff))),
        ] {
            assert_eq!(role(&extra(claims), &mapping), expected, "{claims}");
        }
        assert_eq!(role(&extra(r#"{"roles":["Editor"]}"#), &[]), Ok(None), "where nothing is mapped, nothing is given");
    }
}
