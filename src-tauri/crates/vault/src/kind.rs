use secrecy::SecretString;
use std::collections::BTreeMap;

/// A secret Tieout cannot do its work without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretKind {
    XcartKey,
    IntacctPassword,
    IntacctSenderPassword,
}

/// Those that are known; a value is never empty.
pub type Known = BTreeMap<SecretKind, SecretString>;

impl SecretKind {
    pub const ALL: [SecretKind; 3] =
        [SecretKind::XcartKey, SecretKind::IntacctPassword, SecretKind::IntacctSenderPassword];

    /// Its name in the keychain and in the vault file. Never changed: secrets kept by an older Tieout carry it.
    pub fn name(self) -> &'static str {
        match self {
            SecretKind::XcartKey => "xcart-key",
            SecretKind::IntacctPassword => "intacct-password",
            SecretKind::IntacctSenderPassword => "intacct-sender-password",
        }
    }
}
