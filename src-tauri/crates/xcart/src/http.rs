//! One careful GET, and one write sent once: few at once, tried again where that is safe, never redirected, never too large, never telling the key.

use crate::error::XcartError;
use crate::reading::{json, without};
use crate::redact::{masked_text, redact};
use crate::shop::{Config, Dialect};
use crate::write::Written;
use backon::{BackoffBuilder, ExponentialBuilder, Retryable};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use url::Url;

/// After decompression.
const LARGEST: usize = 32 * 1024 * 1024;
/// A store that asks for a longer pause gets it by the next pull.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

pub(crate) struct Http {
    client: reqwest::Client,
    pub(crate) config: Config,
    key: SecretString,
    host: String,
    gate: Semaphore,
    made: AtomicU64,
    /// A host that never answered is not asked six times.
    answered: AtomicBool,
}

/// What is asked for: never printed as a URL.
pub(crate) struct Ask<'a> {
    pub dialect: Dialect,
    /// `/api/orders` for the admin API, `order/12` for the add-on.
    pub path: String,
    pub query: Vec<(&'a str, String)>,
}

impl fmt::Display for Ask<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Put,
    Post,
}

struct Failure {
    error: XcartError,
    again: bool,
    wait: Option<Duration>,
}

impl From<XcartError> for Failure {
    fn from(error: XcartError) -> Failure {
        Failure { error, again: false, wait: None }
    }
}

impl Http {
    pub(crate) fn new(config: Config, key: SecretString) -> Result<Http, XcartError> {
        config.check_address()?;
        let host = config.shop.base_url.host_str().unwrap_or_default().to_owned();
        let setup = |why: String| XcartError::Setup { host: host.clone(), why };
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert("accept-language", HeaderValue::from_static("en"));
        let client = reqwest::Client::builder()
            .user_agent(concat!("Tieout/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .redirect(redirect::Policy::none())
            .https_only(config.shop.base_url.scheme() == "https")
            .connect_timeout(config.connect_timeout)
            .timeout(config.total_timeout)
            .gzip(true)
            .dns_resolver(PublicNames(config.clone()))
            .build()
            .map_err(|it| setup(innermost(&it.without_url())))?;
        let gate = Semaphore::new(config.parallel.clamp(1, 2));
        Ok(Http { client, config, key, host, gate, made: AtomicU64::new(0), answered: AtomicBool::new(false) })
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn requests_made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    pub(crate) async fn get(&self, ask: &Ask<'_>) -> Result<Value, XcartError> {
        let wait = ExponentialBuilder::default()
            .with_min_delay(self.config.first_wait)
            .with_max_delay(Duration::from_secs(30))
            .with_max_times(self.config.retries)
            .with_jitter();
        let mut tries = 0u32;
        let result = (|| {
            tries += 1;
            self.once(ask)
        })
        .retry(wait.build())
        .when(|failure: &Failure| failure.again && failure.wait.is_none_or(|it| it <= LONGEST_WAIT))
        // What the store asks for comes first; the jittered delay only where it asks for nothing.
        .adjust(|failure, planned| planned.map(|planned| failure.wait.unwrap_or(planned)))
        .notify(|failure, wait| tracing::info!(what = %ask, ?wait, error = %failure.error, "trying again"))
        .await;
        result.map_err(|failure| match failure.error {
            XcartError::Busy { host, status, wait, .. } => XcartError::Busy { host, status, tries, wait },
            other => other,
        })
    }

    /// Sent once. Whatever is not surely a yes, a no or never begun is silence.
    pub(crate) async fn write(&self, ask: &Ask<'_>, method: Method, body: &Value) -> Result<Written, XcartError> {
        let _one_of_few =
            self.gate.acquire().await.map_err(|_| self.unreachable("the client was closed".to_owned()))?;
        self.made.fetch_add(1, Ordering::Relaxed);
        let url = self.url(ask)?;
        let request = match method {
            Method::Put => self.client.put(url),
            Method::Post => self.client.post(url),
        };
        let request = self.signed(request, ask.dialect)?;
        let request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                // Not connected is not sent.
                let (never_sent, failure) = (error.is_connect(), self.failure(error));
                return match failure.error {
                    error @ (XcartError::PrivateAddress { .. } | XcartError::NotSafe { .. }) => Err(error),
                    error if never_sent => Ok(Written::TurnedAway { why: error.to_string(), wait: None }),
                    error => Ok(Written::Silence { why: error.to_string() }),
                };
            }
        };
        self.answered.store(true, Ordering::Relaxed);
        self.written(ask, response).await
    }

    async fn written(&self, ask: &Ask<'_>, response: Response) -> Result<Written, XcartError> {
        let silence = |error: XcartError| Ok(Written::Silence { why: error.to_string() });
        // A proxy's word that it got no answer says nothing of what the store did; 429 is said before anything is done.
        let by_proxy = matches!(response.status().as_u16(), 502..=504);
        match self.read(ask, response).await {
            Ok(value) => Ok(Written::Yes { said: self.without_key(&redact(value).to_string()) }),
            Err(Failure { error, wait, .. }) => match error {
                XcartError::Busy { status: 429, .. } => {
                    Ok(Written::TurnedAway { why: "it has too many requests to serve".to_owned(), wait })
                }
                XcartError::Busy { .. } if by_proxy => silence(error),
                XcartError::NotFound { what } => Ok(Written::No { why: format!("{what} is not there") }),
                XcartError::Failed { status, message, .. } if (400..500).contains(&status) => {
                    Ok(Written::No { why: message })
                }
                // Said before anything is done, and of every write alike.
                error @ (XcartError::WrongKey { .. }
                | XcartError::NotAllowed { .. }
                | XcartError::Redirected { .. }) => Err(error),
                error => silence(error),
            },
        }
    }

    fn signed(
        &self,
        request: reqwest::RequestBuilder,
        dialect: Dialect,
    ) -> Result<reqwest::RequestBuilder, XcartError> {
        if dialect == Dialect::RestAddon {
            return Ok(request); // its key is in the address
        }
        let mut token = HeaderValue::from_str(self.key.expose_secret())
            .map_err(|_| XcartError::WrongKey { host: self.host.clone(), status: 0 })?;
        token.set_sensitive(true);
        Ok(request.header("x-auth-token", token))
    }

    async fn once(&self, ask: &Ask<'_>) -> Result<Value, Failure> {
        let _one_of_few =
            self.gate.acquire().await.map_err(|_| self.unreachable("the client was closed".to_owned()))?;
        self.made.fetch_add(1, Ordering::Relaxed);
        let request = self.signed(self.client.get(self.url(ask)?), ask.dialect)?;
        let response = request.send().await.map_err(|it| self.failure(it))?;
        self.answered.store(true, Ordering::Relaxed);
        self.read(ask, response).await
    }

    fn url(&self, ask: &Ask<'_>) -> Result<Url, XcartError> {
        let mut url = self.config.shop.base_url.clone();
        let folder = url.path().trim_end_matches('/').trim_end_matches("/admin.php").to_owned();
        url.set_fragment(None);
        url.set_query(None);
        match ask.dialect {
            Dialect::AdminApi => url.set_path(&format!("{folder}{}", ask.path)),
            Dialect::RestAddon => {
                url.set_path(&format!("{folder}/admin.php"));
                url.query_pairs_mut()
                    .append_pair("target", "RESTAPI")
                    .append_pair("_key", self.key.expose_secret())
                    .append_pair("_path", &ask.path);
            }
        }
        if !ask.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&ask.query);
        }
        Ok(url)
    }

    async fn read(&self, ask: &Ask<'_>, mut response: Response) -> Result<Value, Failure> {
        let status = response.status();
        let host = self.host.clone();
        if status.is_redirection() {
            return Err(XcartError::Redirected { host, to: self.redirect_host(&response) }.into());
        }
        let wait = retry_after(&response);
        let rest_error = response.headers().get("x-rest-error").and_then(|it| it.to_str().ok()).map(str::to_owned);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|it| self.failure(it))? {
            if body.len() + chunk.len() > LARGEST {
                return Err(XcartError::TooLarge { what: ask.to_string() }.into());
            }
            body.extend_from_slice(&chunk);
        }
        let html = body.iter().find(|it| !it.is_ascii_whitespace()) == Some(&b'<');
        match status.as_u16() {
            200..=299 => {}
            429 | 502..=504 => {
                let error = XcartError::Busy { host, status: status.as_u16(), tries: 1, wait };
                return Err(Failure { error, again: true, wait });
            }
            401 => return Err(XcartError::WrongKey { host, status: 401 }.into()),
            403 if ask.dialect == Dialect::RestAddon && body.is_empty() => {
                return Err(XcartError::WrongKey { host, status: 403 }.into());
            }
            403 if !html => return Err(XcartError::NotAllowed { host }.into()),
            // Network Authentication Required: only ever said by what stands in between.
            511 => return Err(XcartError::WebPage { host }.into()),
            404 => return Err(XcartError::NotFound { what: ask.to_string() }.into()),
            _ => return Err(self.failed(ask, status, &body, rest_error).into()),
        }
        if html {
            return Err(XcartError::WebPage { host }.into());
        }
        json(&ask.to_string(), &body).map_err(Failure::from)
    }

    fn failed(&self, ask: &Ask<'_>, status: StatusCode, body: &[u8], rest_error: Option<String>) -> XcartError {
        let problem: Option<Value> = serde_json::from_slice(body).ok();
        let detail = problem.as_ref().and_then(|it| it.get("detail").or(it.get("message"))).and_then(Value::as_str);
        let message = rest_error.as_deref().or(detail).unwrap_or("no reason given");
        let message: String = self.without_key(&masked_text(message)).chars().take(200).collect();
        XcartError::Failed { host: self.host.clone(), status: status.as_u16(), what: ask.to_string(), message }
    }

    /// A store that repeats our request back at us must not make us store or print the key.
    pub(crate) fn without_key(&self, text: &str) -> String {
        without(self.key(), text)
    }

    pub(crate) fn key(&self) -> &str {
        self.key.expose_secret()
    }

    fn redirect_host(&self, response: &Response) -> String {
        let location = response.headers().get(LOCATION).and_then(|it| it.to_str().ok()).unwrap_or_default();
        match self.config.shop.base_url.join(location) {
            Ok(url) => self.without_key(url.host_str().unwrap_or("an unreadable address")),
            Err(_) => "an unreadable address".to_owned(),
        }
    }

    fn unreachable(&self, why: String) -> XcartError {
        XcartError::Unreachable { host: self.host.clone(), why }
    }

    fn failure(&self, error: reqwest::Error) -> Failure {
        let error = error.without_url();
        let host = self.host.clone();
        if chain(&error).any(|it| it.is::<PrivateName>()) {
            return XcartError::PrivateAddress { host }.into();
        }
        let reason = self.without_key(&innermost(&error));
        if is_certificate(&reason) {
            return XcartError::NotSafe { host, why: reason }.into();
        }
        let again = self.answered.load(Ordering::Relaxed) || !error.is_connect();
        let error = if error.is_timeout() && !error.is_connect() {
            XcartError::TimedOut { host }
        } else if error.is_decode() {
            // Cut off or badly compressed in the middle.
            self.unreachable("the connection broke in the middle of an answer".to_owned())
        } else {
            self.unreachable(reason)
        };
        Failure { error, again, wait: None }
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("host", &self.host).finish_non_exhaustive()
    }
}

/// Seconds or an HTTP date.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(at.duration_since(jiff::Timestamp::now())).unwrap_or_default())
}

/// In the words of rustls, which is what checks certificates here; a test holds them to it.
fn is_certificate(reason: &str) -> bool {
    reason.contains("certificate")
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |it| Error::source(*it))
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(|it| it.to_string()).unwrap_or_default()
}

/// Looks names up, and refuses those that point into this computer or network (N3).
struct PublicNames(Config);

#[derive(Debug)]
struct PrivateName;

impl fmt::Display for PrivateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name points to a private address")
    }
}

impl Error for PrivateName {}

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        let config = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.iter().any(|it| !config.allows(it.ip())) {
                return Err(PrivateName.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
