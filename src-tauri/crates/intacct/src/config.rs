//! Where the company is, who signs in, and the limits every request keeps.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};
use secrecy::SecretString;
use std::time::Duration;
use tieout_domain::SourceId;
use url::{Host, Url};

/// Sage's own entry point; the session that it hands out names the endpoint to use from then on.
pub const SAGE_ENDPOINT: &str = "https://api.intacct.com/ia/xml/xmlgw.phtml";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// A pretend company on this machine; plain http to loopback is accepted.
    Sandbox,
    /// https and a host of Sage's, nothing else.
    Production,
}

#[derive(Clone, Debug)]
pub struct Config {
    pub url: Url,
    pub company: String,
    pub user: String,
    pub sender: String,
    /// Entity id for a session inside one entity; `None` is the top level.
    pub entity: Option<String>,
    pub environment: Environment,
    /// Where the books' days begin and end.
    pub entity_time_zone: TimeZone,
    pub password: SecretString,
    pub sender_password: SecretString,
    pub limits: Limits,
}

/// Everything that has a limit, with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows per page of a query, 1 to 2000.
    pub page_size: u32,
    /// Requests at once, 1 or 2: more than two are answered 429 (reference/intacct.md 1.7).
    pub parallel: usize,
    /// How often a read is tried again after a transient failure. Writes never are.
    pub read_retries: usize,
    /// First pause before trying a read again; doubles up to a minute, with jitter.
    pub first_pause: Duration,
    pub read_timeout: Duration,
    /// Above the gateway's own 300 s.
    pub write_timeout: Duration,
    /// Asks for stable error ids beside the English texts. Off for a gateway that refuses the element.
    // UNVERIFIED: its position in `control`; it is written last (reference/intacct.md 1.2).
    pub extra_error_ids: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            page_size: 2000,
            parallel: 1,
            read_retries: 5,
            first_pause: Duration::from_secs(1),
            read_timeout: Duration::from_secs(60),
            write_timeout: Duration::from_secs(330),
            extra_error_ids: true,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("{0} is no kind of address Intacct could be reached at")]
    NotHttp(String),
    #[error("{host} is not a host of Sage Intacct")]
    StrangeHost { host: String },
    #[error("the Intacct address holds a user name or password, which is not accepted")]
    SecretInUrl,
    #[error("the Intacct address starts with http://, which is only accepted for the sandbox on this machine")]
    NotEncrypted,
    #[error("{0} of the Intacct connection is missing")]
    Missing(&'static str),
    #[error("{name} to Intacct must be between {low} and {high}")]
    OutOfRange { name: &'static str, low: u32, high: u32 },
}

impl ConfigError {
    pub fn remedy(&self) -> &'static str {
        match self {
            ConfigError::NotHttp(_) | ConfigError::StrangeHost { .. } | ConfigError::SecretInUrl => {
                "Connections > Intacct: use https://api.intacct.com/ia/xml/xmlgw.phtml."
            }
            ConfigError::NotEncrypted => {
                "Connections > Intacct: use https, or set the environment to Sandbox and an address on this machine."
            }
            ConfigError::Missing(_) => "Connections > Intacct: fill it in and test the connection.",
            ConfigError::OutOfRange { .. } => "Settings > Limits: choose a value within the range.",
        }
    }
}

impl Config {
    pub fn source(&self) -> SourceId {
        SourceId::intacct(&self.company)
    }

    /// The day of the books at a moment.
    pub fn day_of(&self, moment: Timestamp) -> Date {
        moment.to_zoned(self.entity_time_zone.clone()).date()
    }

    pub fn check(&self) -> Result<(), ConfigError> {
        self.check_endpoint(&self.url)?;
        for (name, value) in
            [("the company id", &self.company), ("the user id", &self.user), ("the sender id", &self.sender)]
        {
            if value.trim().is_empty() {
                return Err(ConfigError::Missing(name));
            }
        }
        if !(1..=2000).contains(&self.limits.page_size) {
            return Err(ConfigError::OutOfRange { name: "the page size", low: 1, high: 2000 });
        }
        if !(1..=2).contains(&self.limits.parallel) {
            return Err(ConfigError::OutOfRange { name: "the number of requests at once", low: 1, high: 2 });
        }
        Ok(())
    }

    /// The guard every address passes, the one typed in and the one a session names: a session id must
    /// never be sent to a stranger. Sage's hosts end in `.intacct.com` (reference/intacct.md 1.1).
    pub fn check_endpoint(&self, url: &Url) -> Result<(), ConfigError> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ConfigError::SecretInUrl);
        }
        let host = url.host().ok_or_else(|| ConfigError::NotHttp(url.scheme().to_owned()))?;
        let ours = match &host {
            Host::Domain(name) => name.trim_end_matches('.').ends_with(".intacct.com"),
            Host::Ipv4(_) | Host::Ipv6(_) => false,
        };
        match (self.environment, url.scheme()) {
            (_, "https") if ours => Ok(()),
            (Environment::Sandbox, "http" | "https") if is_loopback(&host) => Ok(()),
            (_, "http") if ours || is_loopback(&host) => Err(ConfigError::NotEncrypted),
            (_, "http" | "https") => Err(ConfigError::StrangeHost { host: host.to_string() }),
            (_, other) => Err(ConfigError::NotHttp(other.to_owned())),
        }
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(environment: Environment) -> Config {
        Config {
            url: SAGE_ENDPOINT.parse().unwrap(),
            company: "acme".into(),
            user: "ws".into(),
            sender: "tieout".into(),
            entity: None,
            environment,
            entity_time_zone: TimeZone::UTC,
            password: "p".into(),
            sender_password: "s".into(),
            limits: Limits::default(),
        }
    }

    #[test]
    fn secrets_go_to_sage_or_to_this_machine_and_nowhere_else() {
        use Environment::{Production, Sandbox};
        for (environment, url, allowed) in [
            (Production, "https://api.intacct.com/ia/xml/xmlgw.phtml", true),
            (Production, "https://eu1.intacct.com./x", true),
            (Production, "http://api.intacct.com/x", false),
            (Production, "https://intacct.com.evil.example/x", false),
            (Production, "https://evilintacct.com/x", false),
            (Production, "http://127.0.0.1:8080/", false),
            (Production, "https://user:pw@api.intacct.com/", false),
            (Sandbox, "http://127.0.0.1:8080/", true),
            (Sandbox, "http://localhost/", true),
            (Sandbox, "http://[::1]:1/", true),
            (Sandbox, "http://10.0.0.1/", false),
            (Sandbox, "http://localhost.evil.example/", false),
            (Sandbox, "ftp://localhost/", false),
        ] {
            assert_eq!(config(environment).check_endpoint(&url.parse().unwrap()).is_ok(), allowed, "{url}");
        }
    }

    #[test]
    fn printing_a_config_prints_no_secret() {
        let mut config = config(Environment::Production);
        config.password = "canary-1".into();
        config.sender_password = "canary-2".into();
        assert!(!format!("{config:?}").contains("canary"));
    }
}
