//! One data folder and the two systems it stands between.

use crate::error::ServiceError;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use tieout_domain::ledger::Books;
use tieout_domain::{ObjectKind, SourceId};
use tieout_money::Currency;
use tieout_planning::Settings;
use tieout_store::{Environment, Store};
use url::{Host, Url};

/// The time, read at the edge.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Everything about the two connections that is no secret. Kept in the data folder as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    pub production: bool,
    pub store_name: String,
    pub store_zone: String,
    pub store_currency: Currency,
    pub xcart_url: Url,
    /// `None`: ask the store.
    pub xcart_dialect: Option<tieout_xcart::Dialect>,
    pub intacct_url: Url,
    pub intacct_company: String,
    pub intacct_user: String,
    pub intacct_sender: String,
    pub intacct_entity: Option<String>,
    pub entity_zone: String,
    /// How long after silence a posting is looked up: at least 20 minutes for real hosts.
    pub cool_down_seconds: u32,
}

/// Never written anywhere by this crate.
#[derive(Clone)]
pub struct Secrets {
    pub xcart_key: SecretString,
    pub intacct_password: SecretString,
    pub intacct_sender_password: SecretString,
}

const CONNECTION: &str = "company";
const BOOKS: &str = "books";
/// A late commit was seen up to this long after a time-out (design/promises.md P4).
pub const COOL_DOWN_SECONDS_MIN: u32 = 20 * 60;

#[derive(Clone)]
pub struct Company {
    pub store: Store,
    pub clock: Clock,
}

impl Company {
    pub fn new(store: Store, clock: Clock) -> Company {
        Company { store, clock }
    }

    /// Opens (or makes) the data folder and takes it for this process.
    pub fn open(folder: &Path, clock: Clock) -> Result<Company, ServiceError> {
        let store = Store::open(folder, clock())?;
        store.in_zone(crate::zone::of_this_computer);
        Ok(Company { store, clock })
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub fn connect(&self, actor: &str, connection: &Connection) -> Result<(), ServiceError> {
        zone("store zone", &connection.store_zone)?;
        zone("entity zone", &connection.entity_zone)?;
        if connection.production && connection.cool_down_seconds < COOL_DOWN_SECONDS_MIN {
            return Err(ServiceError::BadInput {
                field: "cool-down",
                value: connection.cool_down_seconds.to_string(),
                why: "a real Intacct may still commit 20 minutes after it fell silent".into(),
            });
        }
        xcart_config(connection)?.check_address()?;
        intacct_config(connection, &Secrets::none())?
            .check_endpoint(&connection.intacct_url)
            .map_err(tieout_intacct::Error::from)?;
        self.stays_itself(connection)?;
        let body = serde_json::to_string(connection).expect("a connection is plain text");
        let environment = if connection.production { Environment::Production } else { Environment::Sandbox };
        self.store.write(actor, self.now(), |tx| {
            tx.save_connection(CONNECTION, &body)?;
            tx.set_environment(environment)
        })?;
        Ok(())
    }

    /// One folder, one company: what was read from one is never matched with another's.
    fn stays_itself(&self, wanted: &Connection) -> Result<(), ServiceError> {
        let Ok(known) = self.connection() else { return Ok(()) };
        let refused = |field: &'static str, value: &str, held: String| {
            let why = format!("this data folder holds {held}; use a folder of its own for another");
            Err(ServiceError::BadInput { field, value: value.to_owned(), why })
        };
        if self.books()?.is_some() {
            if known.intacct_company != wanted.intacct_company {
                let held = format!("the books of company {}", known.intacct_company);
                return refused("intacct-company", &wanted.intacct_company, held);
            }
            if known.production != wanted.production {
                let name = |production| if production { "production" } else { "sandbox" };
                let held = format!("books of the {} environment", name(known.production));
                return refused("environment", name(wanted.production), held);
            }
            // The demo and the pretend systems live on this machine: their books never meet a real company.
            if is_here(&known.intacct_url) && !is_here(&wanted.intacct_url) {
                let held = "the books of a pretend company on this machine".to_owned();
                return refused("intacct-url", wanted.intacct_url.as_str(), held);
            }
        }
        let orders = self.store.read(|reader| reader.count(ObjectKind::Order))?;
        if orders > 0 && is_here(&known.xcart_url) && !is_here(&wanted.xcart_url) {
            let held = "the orders of a pretend store on this machine".to_owned();
            return refused("xcart-url", wanted.xcart_url.as_str(), held);
        }
        if orders > 0 && known.store_name != wanted.store_name {
            return refused("store-name", &wanted.store_name, format!("the orders of store {:?}", known.store_name));
        }
        Ok(())
    }

    pub fn connection(&self) -> Result<Connection, ServiceError> {
        let body = self
            .store
            .read(|reader| reader.connection(CONNECTION))?
            .ok_or(ServiceError::NotConnected("the company"))?;
        serde_json::from_str(&body).map_err(|_| ServiceError::NotConnected("the company"))
    }

    /// The settings in force and their version.
    pub fn settings(&self) -> Result<(Settings, u32), ServiceError> {
        let version = self.store.read(|reader| reader.settings())?.ok_or(ServiceError::NoSettings)?;
        Ok((Settings::parse(&version.text)?, version.version))
    }

    pub fn save_settings(&self, actor: &str, text: &str, reason: &str) -> Result<u32, ServiceError> {
        let wanted = Settings::parse(text)?;
        crate::control::may_change_rules(self, actor, &wanted.control)?;
        Ok(self.store.write(actor, self.now(), |tx| tx.save_settings(text, reason))?)
    }

    pub fn books(&self) -> Result<Option<Books>, ServiceError> {
        let text = self.store.read(|reader| reader.recall(BOOKS))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(crate) fn remember_books(&self, books: &Books) -> Result<(), ServiceError> {
        Ok(self.store.remember(BOOKS, &serde_json::to_string(books).expect("books are plain text"))?)
    }

    pub fn today(&self) -> Result<jiff::civil::Date, ServiceError> {
        let zone = zone("entity zone", &self.connection()?.entity_zone)?;
        Ok(self.now().to_zoned(zone).date())
    }

    pub async fn xcart(&self, secrets: &Secrets) -> Result<tieout_xcart::Client, ServiceError> {
        let it = self.connection()?;
        self.refuse_in_pause("X-Cart", &it.xcart_url)?;
        let config = xcart_config(&it)?;
        let connected = tieout_xcart::Client::connect(config, secrets.xcart_key.clone()).await.map_err(Into::into);
        self.heed(&connected)?;
        connected.map(|it| it.client)
    }

    pub async fn intacct(&self, secrets: &Secrets) -> Result<tieout_intacct::Client, ServiceError> {
        let connected = tieout_intacct::Client::connect(self.intacct_config(secrets)?).await.map_err(Into::into);
        self.heed(&connected)?;
        connected
    }

    pub(crate) fn intacct_config(&self, secrets: &Secrets) -> Result<tieout_intacct::Config, ServiceError> {
        let it = self.connection()?;
        self.refuse_in_pause("Intacct", &it.intacct_url)?;
        intacct_config(&it, secrets)
    }
}

/// On this machine: nothing real is at such an address.
fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(it)) => it.is_loopback(),
        Some(Host::Ipv6(it)) => it.is_loopback(),
        Some(Host::Domain(it)) => it == "localhost",
        None => false,
    }
}

fn xcart_config(it: &Connection) -> Result<tieout_xcart::Config, ServiceError> {
    let shop = tieout_xcart::Shop {
        id: SourceId::xcart(&it.store_name),
        base_url: it.xcart_url.clone(),
        time_zone: zone("store zone", &it.store_zone)?,
        currency: it.store_currency,
    };
    let mut config = tieout_xcart::Config::new(shop);
    config.dialect = it.xcart_dialect;
    config.allow_loopback_http = !it.production;
    Ok(config)
}

fn intacct_config(it: &Connection, secrets: &Secrets) -> Result<tieout_intacct::Config, ServiceError> {
    Ok(tieout_intacct::Config {
        url: it.intacct_url.clone(),
        company: it.intacct_company.clone(),
        user: it.intacct_user.clone(),
        sender: it.intacct_sender.clone(),
        entity: it.intacct_entity.clone(),
        environment: if it.production {
            tieout_intacct::Environment::Production
        } else {
            tieout_intacct::Environment::Sandbox
        },
        entity_time_zone: zone("entity zone", &it.entity_zone)?,
        password: secrets.intacct_password.clone(),
        sender_password: secrets.intacct_sender_password.clone(),
        limits: tieout_intacct::Limits::default(),
    })
}

fn zone(field: &'static str, name: &str) -> Result<TimeZone, ServiceError> {
    TimeZone::get(name).map_err(|_| ServiceError::BadInput {
        field,
        value: name.to_owned(),
        why: "it is not a time zone; write it like America/Chicago".into(),
    })
}
