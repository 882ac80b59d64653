//! Asks a store which interface it speaks, before anything is believed about it.

use crate::client::Client;
use crate::error::XcartError;
use crate::http::{Ask, Http};
use crate::shop::{Config, Dialect};
use secrecy::SecretString;
use serde_json::Value;
use std::time::{Duration, Instant};

pub struct Connected {
    pub client: Client,
    pub probe: Probe,
}

/// What the store showed of itself. Whether the key may write cannot be told without writing, so it is not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    pub host: String,
    pub dialect: Dialect,
    pub requests: u64,
    pub took: Duration,
}

impl Client {
    pub async fn connect(config: Config, key: SecretString) -> Result<Connected, XcartError> {
        let started = Instant::now();
        let http = Http::new(config, key)?;
        let asked = match http.config.dialect {
            Some(only) => vec![only],
            None => vec![Dialect::AdminApi, Dialect::RestAddon],
        };
        let mut refusal = None;
        for dialect in &asked {
            match probe(&http, *dialect).await {
                Ok(true) => {
                    let probe = Probe {
                        host: http.host().to_owned(),
                        dialect: *dialect,
                        requests: http.requests_made(),
                        took: started.elapsed(),
                    };
                    return Ok(Connected { client: Client::new(http, *dialect), probe });
                }
                Ok(false)
                | Err(XcartError::NotFound { .. } | XcartError::NotXcart { .. } | XcartError::BrokenAnswer { .. }) => {}
                // Only the admin API answers 401; the key is not then written into a URL as well.
                Err(error @ XcartError::WrongKey { status: 401, .. }) => return Err(error),
                // A store without the interface may answer anything at its address, a refusal or a fault too.
                Err(
                    error @ (XcartError::WrongKey { .. }
                    | XcartError::NotAllowed { .. }
                    | XcartError::Failed { .. }
                    | XcartError::WebPage { .. }
                    | XcartError::Redirected { .. }),
                ) => {
                    refusal.get_or_insert(error);
                }
                Err(other) => return Err(other),
            }
        }
        Err(refusal.unwrap_or_else(|| XcartError::not_xcart(http.host(), &asked)))
    }
}

async fn probe(http: &Http, dialect: Dialect) -> Result<bool, XcartError> {
    let (path, query, sign) = match dialect {
        Dialect::AdminApi => ("/api/orders", vec![("itemsPerPage", "1".to_owned())], "order_number"),
        Dialect::RestAddon => ("currency", Vec::new(), "currency_id"),
    };
    let answer = http.get(&Ask { dialect, path: path.to_owned(), query }).await?;
    // A new store has no orders, but always currencies.
    Ok(match answer {
        Value::Array(rows) => match rows.first() {
            Some(row) => row.get(sign).is_some(),
            None => dialect == Dialect::AdminApi,
        },
        _ => false,
    })
}
