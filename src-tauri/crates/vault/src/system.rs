//! The operating system's keychain: Keychain Services, Credential Manager or the Secret Service. Never the kernel's
//! keyutils, which forget at reboot, and never a plain file.

use crate::error::KeychainError;
use crate::keychain::{Credentials, Keychain};
use keyring::{Entry, Error};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

/// Under this name the entries show in the system's own tool.
const SERVICE: &str = "Tieout";
/// `off` leaves the keychain alone: on servers, and in tests.
pub const KEYCHAIN_VARIABLE: &str = "TIEOUT_KEYCHAIN";

impl Keychain {
    /// The one of this machine and this person, unless it is switched off.
    pub fn of_this_machine() -> Keychain {
        if std::env::var_os(KEYCHAIN_VARIABLE).is_some_and(|it| it == "off") {
            return Keychain::none("it is switched off by TIEOUT_KEYCHAIN");
        }
        Keychain::new(System)
    }
}

struct System;

impl Credentials for System {
    fn read(&self, account: &str) -> Result<Option<SecretString>, KeychainError> {
        match entry(account)?.get_password() {
            Ok(text) => Ok(Some(SecretString::from(Zeroizing::new(text).as_str()))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(told(&error)),
        }
    }

    fn write(&self, account: &str, secret: &SecretString) -> Result<(), KeychainError> {
        entry(account)?.set_password(secret.expose_secret()).map_err(|error| told(&error))
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        match entry(account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(told(&error)),
        }
    }
}

fn entry(account: &str) -> Result<Entry, KeychainError> {
    if let Err(error) = Entry::store_status() {
        return Err(KeychainError::NoService(words(error)));
    }
    Entry::new(SERVICE, account).map_err(|error| told(&error))
}

fn told(error: &Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(_) | Error::NoEntry => KeychainError::Refused(words(error)),
        Error::NoDefaultStore => KeychainError::NoService(words(error)),
        _ => KeychainError::Failed(words(error)),
    }
}

/// Arm by arm: some of these errors carry the bytes they are about, which must go no further.
fn words(error: &Error) -> String {
    match error {
        Error::NoStorageAccess(cause) | Error::PlatformFailure(cause) => cause.to_string(),
        Error::NoDefaultStore => "none could be opened".into(),
        // Said by the Secret Service about where a new secret would go; a secret that is not there is no error here.
        Error::NoEntry => "it has no default collection".into(),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "what it has under this name is no text".into(),
        Error::Ambiguous(_) => "it has two entries of this name".into(),
        Error::TooLong(_, limit) => format!("the secret is longer than {limit} characters"),
        _ => "it does not do what was asked".into(),
    }
}
