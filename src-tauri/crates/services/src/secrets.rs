//! The secrets of one session: some may be known before others.

use crate::company::Secrets;
use secrecy::{ExposeSecret, SecretString};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    XcartKey,
    IntacctPassword,
    IntacctSenderPassword,
}

impl SecretKind {
    pub const ALL: [SecretKind; 3] =
        [SecretKind::XcartKey, SecretKind::IntacctPassword, SecretKind::IntacctSenderPassword];
}

impl Secrets {
    /// Nothing known yet.
    pub fn none() -> Secrets {
        let nothing = || SecretString::from("");
        Secrets { xcart_key: nothing(), intacct_password: nothing(), intacct_sender_password: nothing() }
    }

    #[must_use]
    pub fn with(mut self, kind: SecretKind, value: String) -> Secrets {
        let value = SecretString::from(value);
        match kind {
            SecretKind::XcartKey => self.xcart_key = value,
            SecretKind::IntacctPassword => self.intacct_password = value,
            SecretKind::IntacctSenderPassword => self.intacct_sender_password = value,
        }
        self
    }

    pub fn has(&self, kind: SecretKind) -> bool {
        let value = match kind {
            SecretKind::XcartKey => &self.xcart_key,
            SecretKind::IntacctPassword => &self.intacct_password,
            SecretKind::IntacctSenderPassword => &self.intacct_sender_password,
        };
        !value.expose_secret().is_empty()
    }

    /// Both systems can be reached.
    pub fn is_complete(&self) -> bool {
        SecretKind::ALL.into_iter().all(|kind| self.has(kind))
    }
}
