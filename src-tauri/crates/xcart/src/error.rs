//! What can go wrong between us and a store, each with what to do next. No error ever holds a URL or a key.

use crate::shop::Dialect;

#[derive(Debug, thiserror::Error)]
pub enum XcartError {
    #[error("the store address cannot be used: {why}")]
    BadAddress { why: &'static str },
    #[error("{host} was given with http://, which would send the key unencrypted")]
    PlainHttp { host: String },
    #[error("{host} is an address inside this computer or network, not a public store")]
    PrivateAddress { host: String },
    #[error("{host} cannot be reached: {why}")]
    Unreachable { host: String, why: String },
    #[error("{host} did not answer in time")]
    TimedOut { host: String },
    #[error("{host} refused the key ({status})")]
    WrongKey { host: String, status: u16 },
    #[error("the key is not allowed to do this at {host}")]
    NotAllowed { host: String },
    #[error("{host} answers, but not as an X-Cart store: {found}")]
    NotXcart { host: String, found: String },
    #[error(
        "{host} answers with a web page in place of data: a sign-in page of this network, or a site that is no store"
    )]
    WebPage { host: String },
    #[error("the connection to {host} is not safe: {why}")]
    NotSafe { host: String, why: String },
    #[error("{host} wants to send the request on to {to}; it was not followed")]
    Redirected { host: String, to: String },
    #[error("{host} has too many requests to serve ({status}), after {tries} tries")]
    Busy { host: String, status: u16, tries: u32, wait: Option<std::time::Duration> },
    #[error("{host} failed with status {status} while reading {what}: {message}")]
    Failed { host: String, status: u16, what: String, message: String },
    #[error("{what} is not there")]
    NotFound { what: String },
    #[error("the answer for {what} is larger than 32 MB")]
    TooLarge { what: String },
    #[error("the answer for {what} cannot be read: {why}")]
    BrokenAnswer { what: String, why: String },
    #[error("the connection to {host} could not be set up: {why}")]
    Setup { host: String, why: String },
}

impl XcartError {
    /// Trying again later, with nothing changed, may work.
    pub fn is_transient(&self) -> bool {
        match self {
            XcartError::Unreachable { .. } | XcartError::TimedOut { .. } | XcartError::Busy { .. } => true,
            XcartError::Failed { status, .. } => *status >= 500,
            _ => false,
        }
    }

    /// Nothing was sent: the address itself is not accepted.
    pub fn is_wrong_address(&self) -> bool {
        matches!(self, XcartError::BadAddress { .. } | XcartError::PlainHttp { .. } | XcartError::PrivateAddress { .. })
    }

    /// What the person does next.
    pub fn remedy(&self) -> &'static str {
        match self {
            XcartError::BadAddress { .. } => {
                "Enter the address the store's start page has, without user name, password or key."
            }
            XcartError::PlainHttp { .. } => "Enter the address with https://.",
            XcartError::PrivateAddress { .. } => {
                "Enter the address the store has on the internet; one inside a network is not accepted."
            }
            XcartError::Unreachable { .. } => "Check the address and the internet connection, then try again.",
            XcartError::TimedOut { .. } => "Try again later; if it stays slow, ask the store's hosting company.",
            XcartError::WrongKey { .. } => {
                "In X-Cart open Settings > API (or the REST API add-on's settings), copy the key again and save it here."
            }
            XcartError::NotAllowed { .. } => {
                "In X-Cart, let this key read orders and payments. The read-only key is enough for reading; a flow to the store needs \
                 the read/write key (Settings > API): save it under Connections."
            }
            XcartError::NotXcart { .. } => {
                "Check the address. On X-Cart 5.4 and earlier the REST API add-on must be installed and enabled."
            }
            XcartError::WebPage { .. } => {
                "Open any site in a browser: if the network asks you to sign in, do that and pull again. Else check the \
                 address; on X-Cart 5.4 and earlier the REST API add-on must be installed and enabled."
            }
            XcartError::NotSafe { .. } => {
                "Open any site in a browser: if the network asks you to sign in, do that and pull again. Else the store's \
                 certificate is wrong or has run out: tell its hosting company. Tieout never goes on without."
            }
            XcartError::Redirected { .. } => {
                "Enter the address the store redirects to, if you trust it. In a network with a sign-in page, sign in \
                 with a browser first."
            }
            XcartError::Busy { .. } => "Wait some minutes and pull again; what was read is kept.",
            XcartError::Failed { .. } => "Look in the store's own error log at this time, then pull again.",
            XcartError::NotFound { .. } => "It was deleted at the store, or the key may not see it. Pull again.",
            XcartError::TooLarge { .. } => "Pull again; if it repeats, report it: the rows of one page are too large.",
            XcartError::BrokenAnswer { .. } => "Pull again; if it repeats, report it with this message.",
            XcartError::Setup { .. } => "Restart Tieout; if it repeats, reinstall it.",
        }
    }

    pub(crate) fn not_xcart(host: &str, dialects: &[Dialect]) -> XcartError {
        let found = match dialects {
            [Dialect::AdminApi] => "no /api/orders list",
            [Dialect::RestAddon] => "no REST API add-on",
            _ => "neither /api/orders nor the REST API add-on answers with X-Cart's JSON",
        };
        XcartError::NotXcart { host: host.to_owned(), found: found.to_owned() }
    }
}
