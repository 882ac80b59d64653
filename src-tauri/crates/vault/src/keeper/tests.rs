use super::*;
use crate::keychain::{Credentials, InMemory};
use crate::{VaultError, VaultFile};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn keeper(folder: &Path, keychain: Keychain) -> Keeper {
    Keeper::with_vault(folder, keychain, VaultFile::of(folder).with_work_factor(2))
}

fn no_keychain() -> Keychain {
    Keychain::none("it is a test")
}

fn value(keeper: &Keeper, kind: SecretKind) -> Option<String> {
    keeper.known().get(&kind).map(|it| it.expose_secret().to_owned())
}

#[test]
fn with_a_keychain_secrets_are_there_at_the_next_start_and_no_file_is_written() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let credentials = InMemory::default();
    let open = |folder: &Path| keeper(folder, Keychain::new(credentials.clone()));
    let first = open(folder.path());
    assert_eq!(first.save([(SecretKind::XcartKey, "key-1".into())]).unwrap(), Place::Keychain);
    assert_eq!(value(&open(folder.path()), SecretKind::XcartKey).as_deref(), Some("key-1"));
    assert_eq!(value(&open(other.path()), SecretKind::XcartKey), None, "another company's folder");
    assert!(credentials.accounts()[0].starts_with("xcart-key of "), "{:?}", credentials.accounts());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(matches!(first.unlock("pass".into()), Err(SecretStoreError::NotNeeded)));
    first.save([(SecretKind::XcartKey, "".into())]).unwrap();
    assert!(credentials.accounts().is_empty() && first.known().is_empty(), "an empty value forgets");
}

#[test]
fn without_a_keychain_memory_is_named_until_a_passphrase_makes_the_vault_file() {
    let folder = tempfile::tempdir().unwrap();
    let first = keeper(folder.path(), no_keychain());
    let saved = first.save([(SecretKind::XcartKey, "key-1".into())]).unwrap();
    assert!(matches!(saved, Place::Memory { .. }), "{saved:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let opened = first.unlock("pass".into()).unwrap();
    assert!(matches!(opened, Place::VaultFile { locked: false, .. }));
    first.save([(SecretKind::IntacctPassword, "pw-1".into())]).unwrap();

    let next = keeper(folder.path(), no_keychain());
    assert!(next.known().is_empty() && matches!(next.place(), Place::VaultFile { locked: true, .. }));
    let wrong = next.unlock("other".into()).unwrap_err();
    assert!(matches!(wrong, SecretStoreError::Vault(VaultError::WrongPassphrase(_))), "{wrong:?}");
    assert!(matches!(next.place(), Place::VaultFile { locked: true, .. }));
    // Entered before the file was opened: newer than what is in it.
    next.save([(SecretKind::XcartKey, "key-2".into())]).unwrap();
    next.unlock("pass".into()).unwrap();
    let last = keeper(folder.path(), no_keychain());
    last.unlock("pass".into()).unwrap();
    assert_eq!(value(&last, SecretKind::XcartKey).as_deref(), Some("key-2"));
    assert_eq!(value(&last, SecretKind::IntacctPassword).as_deref(), Some("pw-1"));
    last.save([(SecretKind::XcartKey, "".into())]).unwrap();
    let after = keeper(folder.path(), no_keychain());
    after.unlock("pass".into()).unwrap();
    assert_eq!(value(&after, SecretKind::XcartKey), None);
}

/// Reads, and refuses to write: a person said no at the prompt.
struct Denied;

impl Credentials for Denied {
    fn read(&self, _: &str) -> Result<Option<SecretString>, KeychainError> {
        Ok(None)
    }

    fn write(&self, _: &str, _: &SecretString) -> Result<(), KeychainError> {
        Err(KeychainError::Refused("prompt dismissed".into()))
    }

    fn delete(&self, _: &str) -> Result<(), KeychainError> {
        Err(KeychainError::Refused("prompt dismissed".into()))
    }
}

#[test]
fn a_keychain_that_refuses_is_named_and_the_vault_file_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let it = keeper(folder.path(), Keychain::new(Denied).answering_within(Duration::from_secs(10)));
    assert_eq!(it.place(), Place::Keychain);
    let refused = KeychainError::Refused("prompt dismissed".into());
    let place = it.save([(SecretKind::XcartKey, "key-1".into())]).unwrap();
    assert_eq!(place, Place::Memory { no_keychain: refused.clone() });
    let place = it.unlock("pass".into()).unwrap();
    assert_eq!(place, Place::VaultFile { locked: false, no_keychain: refused });
    it.save([(SecretKind::IntacctPassword, "pw-1".into())]).unwrap();
    let named = VaultFile::of(folder.path()).read(&"pass".into()).unwrap();
    assert_eq!(named.len(), 2);
}

#[test]
fn what_the_keychain_has_comes_before_an_old_vault_file() {
    let folder = tempfile::tempdir().unwrap();
    let before = keeper(folder.path(), no_keychain());
    before.save([(SecretKind::XcartKey, "old".into())]).unwrap();
    before.save([(SecretKind::IntacctPassword, "pw-1".into())]).unwrap();
    before.unlock("pass".into()).unwrap();
    let credentials = InMemory::default();
    keeper(folder.path(), Keychain::new(credentials.clone())).save([(SecretKind::XcartKey, "new".into())]).unwrap();
    let it = keeper(folder.path(), Keychain::new(credentials));
    assert_eq!(it.unlock("pass".into()).unwrap(), Place::Keychain);
    assert_eq!(value(&it, SecretKind::XcartKey).as_deref(), Some("new"));
    assert_eq!(value(&it, SecretKind::IntacctPassword).as_deref(), Some("pw-1"), "the keychain has none");
}

#[test]
fn what_is_held_is_kept_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let credentials = InMemory::default();
    let demo = keeper(folder.path(), Keychain::new(credentials.clone()));
    demo.hold(SecretKind::XcartKey, "made up".into());
    assert_eq!(demo.known().len(), 1);
    assert!(credentials.accounts().is_empty() && !demo.has_vault_file());
    assert!(!format!("{:?}", demo.known()).contains("made up"));
}

/// Silent at the start, unlocked a little later.
#[derive(Clone, Default)]
struct LateRiser {
    awake: Arc<AtomicBool>,
    credentials: InMemory,
}

impl LateRiser {
    fn answer(&self) -> Result<&InMemory, KeychainError> {
        let awake = self.awake.load(Ordering::SeqCst);
        awake.then_some(&self.credentials).ok_or(KeychainError::Silent(Duration::ZERO))
    }
}

impl Credentials for LateRiser {
    fn read(&self, account: &str) -> Result<Option<SecretString>, KeychainError> {
        self.answer()?.read(account)
    }

    fn write(&self, account: &str, secret: &SecretString) -> Result<(), KeychainError> {
        self.answer()?.write(account, secret)
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        self.answer()?.delete(account)
    }
}

#[test]
fn a_keychain_unlocked_after_the_start_takes_what_was_given_before() {
    let folder = tempfile::tempdir().unwrap();
    let keychain = LateRiser::default();
    let before = keeper(folder.path(), Keychain::new(keychain.credentials.clone()));
    before.save([(SecretKind::IntacctSenderPassword, "of a session before".into())]).unwrap();
    let it = keeper(folder.path(), Keychain::new(keychain.clone()));
    let first = it.save([(SecretKind::XcartKey, "key-1".into())]).unwrap();
    assert!(matches!(first, Place::Memory { no_keychain: KeychainError::Silent(_) }), "{first:?}");
    keychain.awake.store(true, Ordering::SeqCst);
    assert_eq!(it.save([(SecretKind::IntacctPassword, "pw-1".into())]).unwrap(), Place::Keychain);
    assert_eq!(keychain.credentials.accounts().len(), 3);
    assert_eq!(it.known().len(), 3, "what it kept before is read by now");
}
