//! Secrets at rest: the store's key and the passwords of the books, kept by the operating system's keychain or, where a
//! person chose a passphrase, in one encrypted file beside the company's data.
//!
//! Invariants: a secret is never written in the clear, neither to a file nor to a log nor into an error; an encrypted
//! file is replaced whole or not at all, and only by somebody whose passphrase opens it. What a program holds in memory
//! can be read by whoever controls the running program: this is about the disk.
//!
//! Reading order: `kind` (which secrets there are), `keychain` and `system`, `file`, `keeper` (which of them is used).

mod error;
mod file;
mod keeper;
mod keychain;
mod kind;
mod person;
mod sealed;
mod system;

pub use error::{KeychainError, SecretStoreError, VaultError};
pub use file::{VAULT_FILE, VaultFile};
pub use keeper::{Keeper, Place};
pub use keychain::{Credentials, InMemory, Keychain};
pub use kind::{Known, SecretKind};
pub use person::{PersonKey, is_signed, key_id, nonce};
pub use sealed::{seal_file, unseal_file};
pub use secrecy::SecretString;
pub use system::KEYCHAIN_VARIABLE;
