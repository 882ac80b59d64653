//! The signed-in state: got once, renewed when 80 % of its time is over, renewed once more when Intacct says
//! it is no longer good.

use crate::config::Config;
use crate::error::Error;
use crate::reply::{Outcome, Reply, Signed};
use secrecy::SecretString;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

#[derive(Clone)]
pub(crate) struct Session {
    pub id: SecretString,
    pub endpoint: Url,
    /// `None` where the gateway did not say how long: then only "Invalid session" ends it.
    pub renew_at: Option<Instant>,
}

impl Session {
    /// From the reply to `getAPISession`. The endpoint it names passes the same guard as a typed one.
    pub fn from_reply(config: &Config, reply: Reply<'_>, now: Instant) -> Result<Session, Error> {
        let data = match reply.outcome {
            Outcome::Done { data, .. } => data,
            Outcome::Failed { failure, .. } => return Err(Error::Refused(failure, None)),
        };
        let data = data.ok_or_else(|| Error::Unexpected("no session came back".into()))?;
        let api = data.child("api").ok_or_else(|| Error::Unexpected("no session came back".into()))?;
        let id = api.text_of("sessionid").ok_or_else(|| Error::Unexpected("the session has no id".into()))?;
        let endpoint = match api.text_of("endpoint") {
            Some(text) => {
                text.parse::<Url>().map_err(|_| Error::Unexpected("the session's endpoint is no address".into()))?
            }
            None => config.url.clone(),
        };
        config.check_endpoint(&endpoint)?;
        Ok(Session { id: SecretString::from(id.to_owned()), endpoint, renew_at: renew_at(&reply.signed, now) })
    }

    pub fn is_due(&self, now: Instant) -> bool {
        self.renew_at.is_some_and(|at| now >= at)
    }
}

/// At 80 % of the span Intacct gives, measured on our own clock: the two clocks need not agree.
pub(crate) fn renew_at(signed: &Signed, now: Instant) -> Option<Instant> {
    let span = signed.until?.duration_since(signed.since?);
    let span = Duration::try_from(span).ok()?; // negative: already over, or a clock we cannot use
    Some(now + span.mul_f64(0.8))
}
