use super::*;

const QUICK: u8 = 2;

fn vault() -> (tempfile::TempDir, VaultFile) {
    let folder = tempfile::tempdir().unwrap();
    let vault = VaultFile::of(folder.path()).with_work_factor(QUICK);
    (folder, vault)
}

fn put(vault: &VaultFile, passphrase: &str, name: &str, secret: &str) -> Result<Named, VaultError> {
    vault.update(&passphrase.into(), |secrets| drop(secrets.insert(name.into(), secret.into())))
}

fn get(vault: &VaultFile, passphrase: &str) -> Result<Vec<(String, String)>, VaultError> {
    let secrets = vault.read(&passphrase.into())?;
    Ok(secrets.into_iter().map(|(name, secret)| (name, secret.expose_secret().to_owned())).collect())
}

fn pair(name: &str, secret: &str) -> (String, String) {
    (name.to_owned(), secret.to_owned())
}

#[test]
fn what_was_kept_comes_back_and_is_nowhere_in_the_clear() {
    let (folder, vault) = vault();
    assert!(!vault.exists());
    assert_eq!(get(&vault, "anything").unwrap(), vec![], "no file yet");
    put(&vault, "correct horse", "xcart-key", "canary-1 \"\\\u{1} é").unwrap();
    put(&vault, "correct horse", "intacct-password", "canary-2").unwrap();
    let kept = get(&vault, "correct horse").unwrap();
    assert_eq!(kept, [pair("intacct-password", "canary-2"), pair("xcart-key", "canary-1 \"\\\u{1} é")]);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for canary in ["canary", "correct horse", "xcart-key"] {
            assert!(!bytes.windows(canary.len()).any(|it| it == canary.as_bytes()), "{canary}");
        }
    }
    vault.update(&"correct horse".into(), |secrets| drop(secrets.remove("xcart-key"))).unwrap();
    assert_eq!(get(&vault, "correct horse").unwrap(), [pair("intacct-password", "canary-2")]);
}

#[test]
fn a_wrong_passphrase_is_said_and_loses_nothing() {
    let (_folder, vault) = vault();
    put(&vault, "right", "xcart-key", "canary-1").unwrap();
    let before = fs::read(vault.path()).unwrap();
    assert!(matches!(get(&vault, "wrong"), Err(VaultError::WrongPassphrase(_))));
    let error = put(&vault, "wrong", "xcart-key", "other").unwrap_err();
    assert!(matches!(error, VaultError::WrongPassphrase(_)), "{error:?}");
    assert!(matches!(put(&vault, "", "xcart-key", "other"), Err(VaultError::NoPassphrase)));
    let said = format!("{error} {error:?} {}", error.remedy());
    assert!(!said.contains("canary") && !said.contains("right") && said.contains(VAULT_FILE), "{said}");
    assert_eq!(fs::read(vault.path()).unwrap(), before);
}

#[test]
fn a_file_cut_short_or_changed_anywhere_gives_an_error_and_never_half_of_it() {
    let (_folder, vault) = vault();
    put(&vault, "right", "xcart-key", "canary-1").unwrap();
    let whole = fs::read(vault.path()).unwrap();
    for length in 0..whole.len() {
        fs::write(vault.path(), &whole[..length]).unwrap();
        let error = get(&vault, "right").unwrap_err();
        assert!(matches!(error, VaultError::Damaged { .. }), "cut to {length}: {error:?}");
        assert!(put(&vault, "right", "xcart-key", "other").is_err(), "a damaged file is not written over");
        assert_eq!(fs::read(vault.path()).unwrap(), whole[..length]);
    }
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(vault.path(), &changed).unwrap();
        assert!(get(&vault, "right").is_err(), "byte {at} changed");
    }
    fs::write(vault.path(), vec![b'a'; FILE_BYTES_MAX as usize + 1]).unwrap();
    assert!(matches!(get(&vault, "right"), Err(VaultError::Damaged { .. })));
}

#[test]
fn two_writers_at_once_lose_neither_secret() {
    let (_folder, vault) = vault();
    std::thread::scope(|scope| {
        for writer in 0..2 {
            let vault = &vault;
            scope.spawn(move || {
                for at in 0..10 {
                    put(vault, "right", &format!("secret-{writer}-{at}"), "x").unwrap();
                }
            });
        }
    });
    assert_eq!(get(&vault, "right").unwrap().len(), 20);
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_it_even_where_it_was_open_before() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, vault) = vault();
    put(&vault, "right", "xcart-key", "canary-1").unwrap();
    fs::set_permissions(vault.path(), fs::Permissions::from_mode(0o644)).unwrap();
    put(&vault, "right", "xcart-key", "canary-2").unwrap();
    for name in [VAULT_FILE, LOCK] {
        let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

/// The new file is written beside the old one: a crash before the rename leaves the old one, and a stray beside it.
#[test]
fn a_crash_while_writing_leaves_the_old_file() {
    let (folder, vault) = vault();
    put(&vault, "right", "xcart-key", "canary-1").unwrap();
    let half = &fs::read(vault.path()).unwrap()[..100];
    fs::write(folder.path().join(".secrets-crashed.age"), half).unwrap();
    assert_eq!(get(&vault, "right").unwrap(), [pair("xcart-key", "canary-1")]);

    // A panic in the middle of an update is as good as a crash: nothing was written, and the lock is free again.
    let crashed = std::panic::catch_unwind(|| vault.update(&"right".into(), |_| panic!("the power is cut")));
    assert!(crashed.is_err());
    assert_eq!(get(&vault, "right").unwrap(), [pair("xcart-key", "canary-1")]);
    put(&vault, "right", "xcart-key", "canary-2").unwrap();
    assert_eq!(get(&vault, "right").unwrap(), [pair("xcart-key", "canary-2")]);
}

/// Where a folder may not be written, the file in it stays as it was.
#[test]
fn a_file_that_cannot_be_replaced_stays() {
    let (folder, vault) = vault();
    put(&vault, "right", "xcart-key", "canary-1").unwrap();
    let before = fs::read(vault.path()).unwrap();
    // Something that no file can take the place of.
    let blocked = VaultFile::of(&folder.path().join("sub")).with_work_factor(QUICK);
    fs::create_dir_all(blocked.path().join("in the way")).unwrap();
    assert!(matches!(put(&blocked, "right", "xcart-key", "x"), Err(VaultError::Io { .. })));
    assert_eq!(fs::read(vault.path()).unwrap(), before);
    let left = fs::read_dir(folder.path().join("sub")).unwrap().count();
    assert_eq!(left, 2, "the folder in the way and the lock; nothing half written");
}

/// Made by the public tool's library with no help of ours: `age --passphrase` writes the same format.
#[test]
fn the_format_is_age_and_nothing_else() {
    let (_folder, vault) = vault();
    put(&vault, "right", "xcart-key", "canary-1").unwrap();
    let bytes = fs::read(vault.path()).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1\n-> scrypt "));
    let plain = age::decrypt(&scrypt::Identity::new("right".into()), &bytes).unwrap();
    assert_eq!(plain, br#"{"xcart-key":"canary-1"}"#);
    let made = age::encrypt(&scrypt::Recipient::new("right".into()), br#"{"a-later-name":"x"}"#).unwrap();
    fs::write(vault.path(), made).unwrap();
    put(&vault, "right", "xcart-key", "canary-2").unwrap();
    assert_eq!(get(&vault, "right").unwrap().len(), 2, "a name this version does not know is kept");
    let to_a_key = age::x25519::Identity::generate();
    fs::write(vault.path(), age::encrypt(&to_a_key.to_public(), b"{}").unwrap()).unwrap();
    assert!(matches!(get(&vault, "right"), Err(VaultError::Damaged { .. })));
}
