//! The secrets of one session: some may be known before others.

use crate::company::Secrets;
use secrecy::{ExposeSecret, SecretString};
use tieout_vault::{Known, SecretKind};

impl Secrets {
    /// Nothing known yet.
    pub fn none() -> Secrets {
        let nothing = || SecretString::from("");
        Secrets { xcart_key: nothing(), intacct_password: nothing(), intacct_sender_password: nothing() }
    }

    pub fn of(known: Known) -> Secrets {
        known.into_iter().fold(Secrets::none(), |secrets, (kind, value)| secrets.with(kind, value))
    }

    #[must_use]
    pub fn with(mut self, kind: SecretKind, value: SecretString) -> Secrets {
        match kind {
            SecretKind::XcartKey => self.xcart_key = value,
            SecretKind::IntacctPassword => self.intacct_password = value,
            SecretKind::IntacctSenderPassword => self.intacct_sender_password = value,
        }
        self
    }

    /// Empty when it is not known.
    pub fn get(&self, kind: SecretKind) -> &SecretString {
        match kind {
            SecretKind::XcartKey => &self.xcart_key,
            SecretKind::IntacctPassword => &self.intacct_password,
            SecretKind::IntacctSenderPassword => &self.intacct_sender_password,
        }
    }

    pub fn has(&self, kind: SecretKind) -> bool {
        !self.get(kind).expose_secret().is_empty()
    }

    /// Both systems can be reached.
    pub fn is_complete(&self) -> bool {
        SecretKind::ALL.into_iter().all(|kind| self.has(kind))
    }
}
