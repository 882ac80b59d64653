//! A host that says there were too many requests is left alone for as long as it asked, across restarts: nothing is read from
//! it and nothing is sent to it before.

use crate::company::Company;
use crate::error::ServiceError;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use tieout_xcart::XcartError;
use url::Url;

/// Where a store does not say how long.
const USUAL: Duration = Duration::from_secs(60);
/// More than this is not believed.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

impl Company {
    /// Refuses while the host's pause lasts.
    pub(crate) fn refuse_in_pause(&self, system: &'static str, url: &Url) -> Result<(), ServiceError> {
        let until = self.store.read(|reader| reader.cool_down(&host_of(url)))?;
        match until {
            Some(until) if until > self.now() => Err(ServiceError::Paused { system, until }),
            _ => Ok(()),
        }
    }

    /// Remembers a pause, and gives its end.
    pub(crate) fn pause(&self, url: &Url, asked: Duration) -> Result<Timestamp, ServiceError> {
        let asked = SignedDuration::try_from(asked).map_or(LONGEST, |it| it.min(LONGEST));
        let until = self.now() + asked;
        self.store.set_cool_down(&host_of(url), until)?;
        Ok(until)
    }

    /// Remembers the pause a failure asked for, if it did.
    pub(crate) fn heed<T>(&self, result: &Result<T, ServiceError>) -> Result<(), ServiceError> {
        match result {
            Err(ServiceError::Intacct(error)) => match error.pause() {
                Some(pause) => self.pause(&self.connection()?.intacct_url, pause).map(drop),
                None => Ok(()),
            },
            Err(ServiceError::Xcart(XcartError::Busy { status: 429, wait, .. })) => {
                self.pause(&self.connection()?.xcart_url, wait.unwrap_or(USUAL)).map(drop)
            }
            _ => Ok(()),
        }
    }
}

/// With its port: on one machine the two pretend systems are two hosts.
fn host_of(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}
