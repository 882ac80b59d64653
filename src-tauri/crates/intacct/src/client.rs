//! The client: signs in, asks, asks again where asking twice is harmless, and sends a write exactly once.

use crate::config::Config;
use crate::contract::{Contract, Departure};
use crate::envelope::{Credential, function, wrap};
use crate::error::{Error, TransportError};
use crate::reply::{self, Asked, Outcome, Reply};
use crate::session::{Session, renew_at};
use crate::transport::{Answer, Purpose, Transport};
use crate::xml::{Element, Node, XmlWriter};
use backon::{ExponentialBuilder, Retryable};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tieout_domain::SourceId;
use tokio::sync::{Mutex, OnceCell, Semaphore};
use tokio::time::Instant;

/// A gateway that asks for a longer pause gets it by the next pull.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// One Intacct company, reached with one user. Cheap to share behind an `Arc`; every method takes `&self`.
///
/// A rustls crypto provider must have been installed by the program before [`Client::new`].
pub struct Client {
    pub(crate) config: Config,
    transport: Transport,
    session: Mutex<Option<Session>>,
    /// Requests at once: Intacct answers 429 beyond two.
    gate: Semaphore,
    asked: AtomicU64,
    /// A host that never answered is not asked six times.
    answered: AtomicBool,
    pub(crate) fields: Mutex<BTreeMap<String, Arc<crate::lookup::ObjectFields>>>,
    pub(crate) books: OnceCell<crate::read::books::Setup>,
    pub(crate) contract: Contract,
}

impl Client {
    /// Checks the configuration; nothing is sent yet.
    pub fn new(config: Config) -> Result<Client, Error> {
        config.check()?;
        Ok(Client {
            transport: Transport::new(&config)?,
            session: Mutex::new(None),
            gate: Semaphore::new(config.limits.parallel),
            asked: AtomicU64::new(0),
            answered: AtomicBool::new(false),
            fields: Mutex::default(),
            books: OnceCell::new(),
            contract: Contract::default(),
            config,
        })
    }

    /// A client that is signed in.
    pub async fn connect(config: Config) -> Result<Client, Error> {
        let client = Client::new(config)?;
        client.sign_in().await?;
        Ok(client)
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    pub fn source(&self) -> SourceId {
        self.config.source()
    }

    /// How many requests were sent, sign-ins included: Sage meters them.
    pub fn requests_sent(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Where records were not as asked for, so far.
    pub fn departures(&self) -> Vec<Departure> {
        self.contract.departures()
    }

    /// Makes sure there is a session, so that a following write needs nothing but itself.
    pub async fn sign_in(&self) -> Result<(), Error> {
        self.session().await.map(drop)
    }

    /// Asks and asks again after transient failures; `write` writes the function's body.
    pub(crate) async fn ask(&self, write: impl Fn(&mut XmlWriter)) -> Result<Option<Node>, Error> {
        self.ask_with(write, |data| data.map(Element::into_owned)).await
    }

    /// The same, with the answer read where it lies.
    pub(crate) async fn ask_with<T>(
        &self,
        write: impl Fn(&mut XmlWriter),
        read: impl Fn(Option<Element<'_>>) -> T,
    ) -> Result<T, Error> {
        self.retrying(|| self.ask_once(&write, &read)).await
    }

    async fn ask_once<T>(
        &self,
        write: &impl Fn(&mut XmlWriter),
        read: &impl Fn(Option<Element<'_>>) -> T,
    ) -> Result<T, Error> {
        let control_id = format!("read-{}", self.asked.load(Ordering::Relaxed) + 1);
        let (function, _) = function(&control_id, write);
        self.exchange(Purpose::Read, &control_id, &function, |reply| match reply.outcome {
            Outcome::Done { data, .. } => Ok(read(data)),
            Outcome::Failed { failure, .. } => Err(Error::Refused(failure, None)),
        })
        .await?
    }

    async fn retrying<T, F: Future<Output = Result<T, Error>>>(&self, ask: impl FnMut() -> F) -> Result<T, Error> {
        let pauses = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(self.config.limits.first_pause)
            .with_max_delay(Duration::from_secs(60))
            .with_max_times(self.config.limits.read_retries);
        ask.retry(pauses)
            .when(|error| {
                let never_there = matches!(error, Error::Transport(TransportError::Connect(_)))
                    && !self.answered.load(Ordering::Relaxed);
                let unsafe_there = matches!(error, Error::Transport(TransportError::NotSafe(_)));
                let soon = error.retry_after().is_none_or(|it| it <= LONGEST_WAIT);
                error.is_worth_asking_again() && soon && !never_there && !unsafe_there
            })
            .adjust(|error, pause| pause.map(|usual| error.retry_after().unwrap_or(usual)))
            .notify(|error, pause| tracing::warn!(%error, ?pause, "Intacct: asking again"))
            .await
    }

    /// One function there, one reply back. When the session turns out to have ended, signs in once and sends
    /// the same bytes again: authentication failed, so nothing was executed.
    pub(crate) async fn exchange<T>(
        &self,
        purpose: Purpose,
        control_id: &str,
        function: &str,
        read: impl Fn(Reply<'_>) -> T,
    ) -> Result<T, Error> {
        let session = self.session().await?;
        match self.exchange_in(&session, purpose, control_id, function, &read).await {
            Err(Error::Refused(failure, _)) if failure.is_invalid_session() => {
                tracing::info!("Intacct: the session ended, signing in again");
                *self.session.lock().await = None;
                let session = self.session().await?;
                self.exchange_in(&session, purpose, control_id, function, &read).await
            }
            other => other,
        }
    }

    async fn exchange_in<T>(
        &self,
        session: &Session,
        purpose: Purpose,
        control_id: &str,
        function: &str,
        read: &impl Fn(Reply<'_>) -> T,
    ) -> Result<T, Error> {
        let unique = purpose == Purpose::Write;
        let request = wrap(&self.config, &Credential::Session(&session.id), control_id, unique, function);
        let answer = self.post(purpose, &session.endpoint, &request).await?;
        let (signed, read) = {
            let reply = understand(&answer, control_id)?;
            (reply.signed.clone(), read(reply))
        };
        if let (Some(at), Some(current)) = (renew_at(&signed, Instant::now()), self.session.lock().await.as_mut()) {
            current.renew_at = Some(at); // every call prolongs the session
        }
        Ok(read)
    }

    async fn session(&self) -> Result<Session, Error> {
        let mut held = self.session.lock().await;
        if let Some(session) = held.as_ref().filter(|it| !it.is_due(Instant::now())) {
            return Ok(session.clone());
        }
        let session = self.retrying(|| self.new_session(&self.config)).await?;
        *held = Some(session.clone());
        Ok(session)
    }

    /// Signs in as this configuration says, which the credentials test varies.
    pub(crate) async fn new_session(&self, config: &Config) -> Result<Session, Error> {
        let (control_id, function) = session_function();
        let request = wrap(config, &Credential::Login, control_id, false, &function);
        let answer = self.post(Purpose::Read, &config.url, &request).await?;
        Session::from_reply(config, understand(&answer, control_id)?, Instant::now())
    }

    async fn post(&self, purpose: Purpose, url: &url::Url, request: &secrecy::SecretString) -> Result<Answer, Error> {
        let _turn = self.gate.acquire().await.expect("the gate is never closed");
        self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = self.transport.post(purpose, url, request).await?;
        self.answered.store(true, Ordering::Relaxed);
        Ok(answer)
    }
}

pub(crate) fn session_function() -> (&'static str, String) {
    let control_id = "session";
    (control_id, function(control_id, |out| out.flag("getAPISession")).0)
}

/// An error status with an XML body is read for its reason; without one it is only a number.
fn understand<'a>(answer: &'a Answer, control_id: &str) -> Result<Reply<'a>, Error> {
    let &Answer { status, retry_after, ref body, is_xml } = answer;
    if status >= 300 && !(is_xml && status >= 400) {
        return Err(Error::Http { status, retry_after });
    }
    match reply::read(body, status, Asked::by(control_id)) {
        Err(Error::Refused(failure, _)) => Err(Error::Refused(failure, retry_after)),
        Err(_) if status >= 400 => Err(Error::Http { status, retry_after }),
        other => other,
    }
}
