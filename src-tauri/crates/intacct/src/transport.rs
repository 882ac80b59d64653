//! One POST, one answer. Two clients: reads may be asked again by the caller, the writing one never
//! retries, never follows a redirect, and waits longer than the gateway does.

use crate::config::{Config, Environment};
use crate::error::{Error, TransportError};
use crate::xml::MAX_BYTES;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::Url;

/// More than this is not believed.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Read,
    Write,
}

pub(crate) struct Transport {
    read: reqwest::Client,
    write: reqwest::Client,
}

/// What came back, before anything is believed about it.
pub(crate) struct Answer {
    pub status: u16,
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
    /// The header says XML; with an error status only then the body is worth reading.
    pub is_xml: bool,
}

impl Transport {
    pub fn new(config: &Config) -> Result<Transport, Error> {
        let builder = || {
            reqwest::Client::builder()
                .user_agent(concat!("Tieout/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .connect_timeout(Duration::from_secs(10))
                .https_only(config.environment == Environment::Production)
                .gzip(true)
        };
        let build = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| Error::Transport(TransportError::Connect(error.without_url().to_string())))
        };
        Ok(Transport {
            read: build(builder().timeout(config.limits.read_timeout))?,
            write: build(builder().timeout(config.limits.write_timeout))?,
        })
    }

    pub async fn post(&self, purpose: Purpose, url: &Url, body: &SecretString) -> Result<Answer, TransportError> {
        let client = match purpose {
            Purpose::Read => &self.read,
            Purpose::Write => &self.write,
        };
        let mut response = client
            .post(url.clone())
            .header(CONTENT_TYPE, "application/xml")
            .body(body.expose_secret().to_owned())
            .send()
            .await
            .map_err(transport_error)?;
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers());
        let is_xml = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|it| it.to_str().ok())
            .is_some_and(|it| it.starts_with("text/xml") || it.starts_with("application/xml"));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(transport_error)? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, retry_after, body, is_xml })
    }
}

/// reqwest prints the address in its errors; it and everything below it stay out of ours.
fn transport_error(error: reqwest::Error) -> TransportError {
    if error.is_timeout() && !error.is_connect() {
        return TransportError::Timeout;
    }
    let connect = error.is_connect();
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        reason = inner.to_string(); // the innermost says it plainest: "connection refused"
        source = inner.source();
    }
    // In the words of rustls, which is what checks certificates here; a test holds them to it.
    if reason.contains("certificate") {
        return TransportError::NotSafe(reason);
    }
    if connect { TransportError::Connect(reason) } else { TransportError::Broken(reason) }
}

/// In seconds; the HTTP-date form is not used by any gateway we have seen, and means "the usual pause".
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    [RETRY_AFTER.as_str(), "x-ia-throttle-limit-retry-after"]
        .into_iter()
        .find_map(|name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok())
        .map(|seconds| Duration::from_secs(seconds).min(LONGEST_PAUSE))
}
