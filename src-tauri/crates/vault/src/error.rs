//! What went wrong with a secret, and what to do. No value of a secret and no passphrase is ever part of it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why the operating system's keychain keeps nothing for us.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// It will not be there before the program starts again, so it is not asked a second time.
    #[error("this machine offers no keychain ({0})")]
    NoService(String),
    /// Often an unlock prompt that nobody sees. The answer may still come and is then lost.
    #[error("the keychain did not answer within {} s", .0.as_secs())]
    Silent(Duration),
    #[error("the keychain is locked or refuses access ({0})")]
    Refused(String),
    #[error("the keychain failed ({0})")]
    Failed(String),
}

impl KeychainError {
    pub fn remedy(&self) -> &'static str {
        match self {
            KeychainError::NoService(_) => "Give a passphrase: the secrets are then kept in an encrypted vault file.",
            KeychainError::Silent(_) | KeychainError::Refused(_) => {
                "Unlock the keychain and start Tieout again, or give a passphrase for an encrypted vault file."
            }
            KeychainError::Failed(_) => {
                "Look at the keychain with the system's own tool, or give a passphrase for an encrypted vault file."
            }
        }
    }
}

/// Why the vault file could not be read or written. The file that was there is still there.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("the passphrase does not open the vault file {}", .0.display())]
    WrongPassphrase(PathBuf),
    #[error("a passphrase is needed, and none was given")]
    NoPassphrase,
    #[error("the vault file {} is damaged: {why}", path.display())]
    Damaged { path: PathBuf, why: String },
    /// A sealed backup, or a person's key.
    #[error("{} cannot be opened: {why}", path.display())]
    NotOpened { path: PathBuf, why: &'static str },
    #[error("another Tieout is writing the vault file {}", .0.display())]
    Busy(PathBuf),
    #[error("{what}")]
    Io {
        what: String,
        #[source]
        source: io::Error,
    },
}

impl VaultError {
    pub(crate) fn io(what: String) -> impl FnOnce(io::Error) -> VaultError {
        move |source| VaultError::Io { what, source }
    }

    pub fn remedy(&self) -> &'static str {
        match self {
            VaultError::WrongPassphrase(_) => {
                "Type it again. If it is lost, move secrets.age away and enter the secrets anew; nothing was changed."
            }
            VaultError::NoPassphrase => "Choose a passphrase you will remember: nobody can open the file without it.",
            VaultError::Damaged { .. } => {
                "Put secrets.age back from a backup, or move it away and enter the secrets anew."
            }
            VaultError::NotOpened { .. } => "Type the passphrase again, or use another copy; nothing was written.",
            VaultError::Busy(_) => "Close the other Tieout and try again; nothing was changed.",
            VaultError::Io { .. } => "Check that the data folder can be written; the secrets there are as they were.",
        }
    }
}

/// Why a secret is not kept.
#[derive(Debug, thiserror::Error)]
pub enum SecretStoreError {
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("the system's keychain keeps the secrets; no vault file is needed")]
    NotNeeded,
}

impl SecretStoreError {
    pub fn remedy(&self) -> &'static str {
        match self {
            SecretStoreError::Vault(error) => error.remedy(),
            SecretStoreError::NotNeeded => "Store each secret: it goes to the keychain.",
        }
    }
}
