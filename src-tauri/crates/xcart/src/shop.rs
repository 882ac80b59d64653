//! Which store is read, and how carefully: its address, its own time zone and currency, and the limits we keep.

use crate::error::XcartError;
use crate::settle::DEFAULT_GATEWAY_REF_NAMES;
use jiff::{SignedDuration, tz::TimeZone};
use std::net::IpAddr;
use std::time::Duration;
use tieout_domain::SourceId;
use tieout_money::Currency;
use url::{Host, Url};

#[derive(Clone, Debug)]
pub struct Shop {
    pub id: SourceId,
    /// Host, and the folder X-Cart lives in if any; no key in it.
    pub base_url: Url,
    /// The store's own: days are cut here.
    pub time_zone: TimeZone,
    /// Used where a document names none.
    pub currency: Currency,
}

/// The two interfaces of reference/xcart.md 0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// X-Cart 5.5 and later: `/api/...`, key in a header.
    AdminApi,
    /// X-Cart 5.0 to 5.4 with the REST API add-on: `admin.php?target=RESTAPI`, key in the URL.
    RestAddon,
}

#[derive(Clone, Debug)]
pub struct Config {
    pub shop: Shop,
    /// `None`: ask the store.
    pub dialect: Option<Dialect>,
    /// Sandbox environment only: plain http and loopback addresses.
    pub allow_loopback_http: bool,
    /// The user ticked "on my network".
    pub allow_private_network: bool,
    /// Rows a page, at most 100 (reference/xcart.md 3).
    pub page_size: u32,
    /// Requests at once, 1 or 2 (reference/xcart.md 10).
    pub parallel: usize,
    /// How far before the watermark an incremental pull reads again.
    pub overlap: SignedDuration,
    pub retries: usize,
    pub first_wait: Duration,
    pub connect_timeout: Duration,
    pub total_timeout: Duration,
    /// Names of `data[]` rows that hold the gateway's own id, the first found wins.
    pub gateway_ref_names: Vec<String>,
}

impl Config {
    pub fn new(shop: Shop) -> Config {
        Config {
            shop,
            dialect: None,
            allow_loopback_http: false,
            allow_private_network: false,
            page_size: 100,
            parallel: 2,
            overlap: SignedDuration::from_mins(15),
            retries: 5,
            first_wait: Duration::from_millis(500),
            connect_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(60),
            gateway_ref_names: DEFAULT_GATEWAY_REF_NAMES.iter().map(|it| (*it).to_owned()).collect(),
        }
    }

    /// The address is checked before anything is sent to it.
    pub fn check_address(&self) -> Result<(), XcartError> {
        let url = &self.shop.base_url;
        let host = url.host().ok_or(XcartError::BadAddress { why: "it has no host name" })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(XcartError::BadAddress { why: "it holds a user name or password" });
        }
        let address = match &host {
            Host::Ipv4(it) => Some(IpAddr::V4(*it)),
            Host::Ipv6(it) => Some(IpAddr::V6(*it)),
            Host::Domain(_) => None,
        };
        let loopback = address.is_some_and(|it| it.is_loopback()) || host == Host::Domain("localhost");
        match url.scheme() {
            "https" => {}
            "http" if loopback && self.allow_loopback_http => {}
            "http" => return Err(XcartError::PlainHttp { host: host.to_string() }),
            _ => return Err(XcartError::BadAddress { why: "it starts with neither https:// nor http://" }),
        }
        let refused = match address {
            Some(it) => !self.allows(it),
            None => loopback && !self.allow_loopback_http && !self.allow_private_network,
        };
        if refused {
            return Err(XcartError::PrivateAddress { host: host.to_string() });
        }
        Ok(())
    }

    /// May this address be connected to, whether written in the URL or found by name (N3)?
    pub(crate) fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.allow_private_network || (address.is_loopback() && self.allow_loopback_http)
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => {
            let [a, b, ..] = it.octets();
            !(it.is_loopback()
                || it.is_private()
                || it.is_link_local()
                || it.is_unspecified()
                || it.is_broadcast()
                || it.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b)))
        }
        IpAddr::V6(it) => match it.to_ipv4_mapped() {
            Some(mapped) => is_public(IpAddr::V4(mapped)),
            None => {
                let first = it.segments()[0];
                !(it.is_loopback()
                    || it.is_unspecified()
                    || it.is_multicast()
                    || (first & 0xfe00) == 0xfc00
                    || (first & 0xffc0) == 0xfe80)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, sandbox: bool) -> Result<(), XcartError> {
        let mut config = Config::new(Shop {
            id: SourceId::xcart("s"),
            base_url: url.parse().unwrap(),
            time_zone: TimeZone::UTC,
            currency: Currency::USD,
        });
        config.allow_loopback_http = sandbox;
        config.check_address()
    }

    #[test]
    fn plain_http_is_for_the_sandbox_on_this_machine_only() {
        assert!(check("http://127.0.0.1:8055", true).is_ok());
        assert!(check("http://localhost:8055", true).is_ok());
        assert!(matches!(check("http://127.0.0.1:8055", false), Err(XcartError::PlainHttp { .. })));
        assert!(matches!(check("http://shop.example", true), Err(XcartError::PlainHttp { .. })));
        assert!(check("https://shop.example/store", false).is_ok());
    }

    #[test]
    fn addresses_inside_the_network_are_refused_however_written() {
        for url in [
            "https://10.0.0.8",
            "https://192.168.1.1",
            "https://169.254.169.254",
            "https://[::1]",
            "https://127.0.0.1",
            "https://2130706433",
            "https://0177.0.0.1",
            "https://[fd00::1]",
            "https://[::ffff:10.0.0.1]",
            "https://localhost",
        ] {
            assert!(matches!(check(url, false), Err(XcartError::PrivateAddress { .. })), "{url}");
        }
        assert!(check("https://user:pw@shop.example", false).is_err());
    }
}
