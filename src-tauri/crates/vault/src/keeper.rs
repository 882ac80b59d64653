//! Which of the places is used: the keychain where there is one; else the vault file, once a person gave its passphrase;
//! else this program's memory, and the person is told so.

use crate::error::{KeychainError, SecretStoreError};
use crate::file::{Named, VaultFile};
use crate::keychain::Keychain;
use crate::kind::{Known, SecretKind};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The name of the audit trail's head beside the secrets.
const HEAD: &str = "audit-head";

/// Where a secret that is saved now goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Keychain,
    /// Locked: there is a file, and its passphrase was not given yet.
    VaultFile {
        locked: bool,
        no_keychain: KeychainError,
    },
    /// Until the program ends.
    Memory {
        no_keychain: KeychainError,
    },
}

/// Keeps the secrets of one data folder. Every call may wait for the keychain or for the work on a passphrase.
pub struct Keeper {
    keychain: Keychain,
    vault: VaultFile,
    /// What its accounts in the keychain end with.
    of_folder: String,
    /// `None` until the keychain was asked for the first time.
    state: Mutex<Option<State>>,
}

struct State {
    known: Known,
    /// How it answered last.
    keychain: Result<(), KeychainError>,
    /// Opens the vault file.
    passphrase: Option<SecretString>,
    /// Given in this session and kept nowhere yet; the vault file takes them when it is opened.
    unkept: BTreeSet<SecretKind>,
}

impl Keeper {
    pub fn of(folder: &Path, keychain: Keychain) -> Keeper {
        Keeper::with_vault(folder, keychain, VaultFile::of(folder))
    }

    pub fn with_vault(folder: &Path, keychain: Keychain, vault: VaultFile) -> Keeper {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        Keeper { keychain, vault, of_folder: account_of(&folder), state: Mutex::default() }
    }

    /// Nobody is there: what is in memory is dropped, the passphrase too. The next one to need a secret asks the keychain
    /// again, or the person for the passphrase; what nothing kept has to be given anew.
    pub fn drop_from_memory(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Everything the keychain, the opened vault file and this session know.
    pub fn known(&self) -> Known {
        self.with_state(|state, _| state.known.clone())
    }

    pub fn place(&self) -> Place {
        self.with_state(|state, _| self.place_in(state))
    }

    /// Opened or not.
    pub fn has_vault_file(&self) -> bool {
        self.vault.exists()
    }

    /// In memory only, whatever else there is. An empty value forgets.
    pub fn hold(&self, kind: SecretKind, secret: SecretString) {
        self.with_state(|state, _| state.know(kind, secret));
    }

    /// Where they are kept from now on. They are known in this session even when keeping them failed; an empty value
    /// forgets.
    pub fn save(&self, given: impl IntoIterator<Item = (SecretKind, SecretString)>) -> Result<Place, SecretStoreError> {
        self.with_state(|state, looked_now| {
            for (kind, secret) in given {
                state.know(kind, secret);
                state.unkept.insert(kind);
            }
            let again = match &state.keychain {
                Ok(()) => true,
                Err(KeychainError::NoService(_)) => false,
                // It may have been unlocked since. A person who chose the vault file is not made to wait for it.
                Err(_) => state.passphrase.is_none() && !looked_now,
            };
            if again {
                let was_away = state.keychain.is_err();
                self.keep_in_keychain(state);
                if was_away && state.keychain.is_ok() {
                    let found = self.in_keychain().unwrap_or_default();
                    state.learn(found);
                }
            }
            if let (Err(_), Some(passphrase)) = (&state.keychain, &state.passphrase) {
                let (known, unkept) = (&state.known, &state.unkept);
                self.vault.update(passphrase, |named| keep(named, known, unkept))?;
                state.unkept.clear();
            }
            Ok(self.place_in(state))
        })
    }

    /// Opens the vault file, or makes it where there is none and no keychain either. What this session knows and nothing
    /// keeps yet is kept in it.
    pub fn unlock(&self, passphrase: SecretString) -> Result<Place, SecretStoreError> {
        self.with_state(|state, _| {
            if state.keychain.is_ok() && !self.vault.exists() {
                return Err(SecretStoreError::NotNeeded);
            }
            let named = if state.unkept.is_empty() && self.vault.exists() {
                self.vault.read(&passphrase)?
            } else {
                self.vault.update(&passphrase, |named| keep(named, &state.known, &state.unkept))?
            };
            state.unkept.clear();
            let kept = SecretKind::ALL.into_iter().filter_map(|kind| Some((kind, named.get(kind.name())?.clone())));
            state.learn(kept.collect());
            state.passphrase = Some(passphrase);
            Ok(self.place_in(state))
        })
    }

    /// The newest row of the audit trail: no secret, and kept where the secrets are so that whoever edits the data folder
    /// cannot edit it too. False: there is no keychain and no opened vault file.
    pub fn keep_head(&self, head: &str) -> bool {
        let value = SecretString::from(head);
        self.with_state(|state, _| {
            if state.keychain.is_ok() {
                return self.keychain.write(self.head_account(), Some(value)).is_ok();
            }
            let Some(passphrase) = &state.passphrase else { return false };
            self.vault.update(passphrase, |named| drop(named.insert(HEAD.to_owned(), value))).is_ok()
        })
    }

    /// What was kept last, where it can be read now.
    pub fn kept_head(&self) -> Option<String> {
        let found = self.with_state(|state, _| {
            if state.keychain.is_ok() {
                let account = self.head_account();
                return self.keychain.read(vec![account.clone()]).ok()?.remove(&account);
            }
            self.vault.read(state.passphrase.as_ref()?).ok()?.remove(HEAD)
        });
        found.map(|it| it.expose_secret().to_owned())
    }

    fn head_account(&self) -> String {
        format!("{HEAD} {}", self.of_folder)
    }

    /// All that nothing keeps yet, until it refuses one.
    fn keep_in_keychain(&self, state: &mut State) {
        while let Some(kind) = state.unkept.first().copied() {
            state.keychain = self.keychain.write(self.account(kind), state.known.get(&kind).cloned());
            if state.keychain.is_err() {
                return;
            }
            state.unkept.remove(&kind);
        }
    }

    fn place_in(&self, state: &State) -> Place {
        match state.keychain.clone() {
            Ok(()) => Place::Keychain,
            Err(no_keychain) if state.passphrase.is_some() || self.vault.exists() => {
                Place::VaultFile { locked: state.passphrase.is_none(), no_keychain }
            }
            Err(no_keychain) => Place::Memory { no_keychain },
        }
    }

    /// `work` is told whether the keychain was asked just now, for the first time.
    fn with_state<R>(&self, work: impl FnOnce(&mut State, bool) -> R) -> R {
        let mut state: MutexGuard<'_, Option<State>> = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let looked_now = state.is_none();
        work(state.get_or_insert_with(|| self.first_look()), looked_now)
    }

    fn first_look(&self) -> State {
        let (known, keychain) = match self.in_keychain() {
            Ok(found) => (found, Ok(())),
            Err(error) => (Known::new(), Err(error)),
        };
        State { known, keychain, passphrase: None, unkept: BTreeSet::new() }
    }

    fn in_keychain(&self) -> Result<Known, KeychainError> {
        let mut found = self.keychain.read(SecretKind::ALL.map(|kind| self.account(kind)).to_vec())?;
        let found = SecretKind::ALL.into_iter().filter_map(|kind| Some((kind, found.remove(&self.account(kind))?)));
        Ok(found.filter(|(_, secret)| !secret.expose_secret().is_empty()).collect())
    }

    fn account(&self, kind: SecretKind) -> String {
        format!("{} {}", kind.name(), self.of_folder)
    }
}

impl State {
    fn know(&mut self, kind: SecretKind, secret: SecretString) {
        if secret.expose_secret().is_empty() {
            self.known.remove(&kind);
        } else {
            self.known.insert(kind, secret);
        }
    }

    /// What is known already stays as it is.
    fn learn(&mut self, found: Known) {
        for (kind, secret) in found {
            self.known.entry(kind).or_insert(secret);
        }
    }
}

fn keep(named: &mut Named, known: &Known, unkept: &BTreeSet<SecretKind>) {
    for kind in unkept {
        match known.get(kind) {
            Some(secret) => drop(named.insert(kind.name().to_owned(), secret.clone())),
            None => drop(named.remove(kind.name())),
        }
    }
}

/// `of larkspur (3f2a9c0d1e5b7a88)`: the folder's name for a person who looks into the keychain, and enough of its whole
/// path's hash to tell two folders of one name apart.
fn account_of(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut digest = String::new();
    for byte in Sha256::digest(folder.as_os_str().as_encoded_bytes()).iter().take(8) {
        write!(digest, "{byte:02x}").expect("a string can be written");
    }
    format!("of {name} ({digest})")
}

#[cfg(test)]
mod tests;
