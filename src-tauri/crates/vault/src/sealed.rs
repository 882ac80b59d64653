//! Whole files behind a passphrase, in the age format, so that the public `age` tool reads them without Tieout.

use crate::error::VaultError;
use age::{Decryptor, Encryptor, scrypt};
use secrecy::{ExposeSecret, SecretString};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::iter;
use std::path::{Path, PathBuf};

/// As for the vault file: what the public tool accepts.
const WORK_FACTOR_MAX: u8 = 22;

/// `to` is there whole or not at all.
pub fn seal_file(from: &Path, to: &Path, passphrase: &SecretString, work_factor: Option<u8>) -> Result<(), VaultError> {
    let cannot = VaultError::io(format!("{} cannot be read", from.display()));
    seal(BufReader::new(File::open(from).map_err(cannot)?), to, passphrase, work_factor)
}

pub(crate) fn seal(
    mut source: impl Read,
    to: &Path,
    passphrase: &SecretString,
    work_factor: Option<u8>,
) -> Result<(), VaultError> {
    if passphrase.expose_secret().is_empty() {
        return Err(VaultError::NoPassphrase);
    }
    let failed = |path: &Path| VaultError::io(format!("{} cannot be written", path.display()));
    let mut recipient = scrypt::Recipient::new(passphrase.clone());
    if let Some(work_factor) = work_factor {
        recipient.set_work_factor(work_factor);
    }
    let encryptor = Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient))
        .expect("one recipient agrees with itself");
    let beside = beside(to)?;
    {
        let mut writer = encryptor.wrap_output(BufWriter::new(beside.as_file())).map_err(failed(to))?;
        std::io::copy(&mut source, &mut writer).map_err(failed(to))?;
        writer.finish().map_err(failed(to))?.flush().map_err(failed(to))?;
    }
    in_its_place(beside, to)
}

/// A wrong passphrase, one changed bit or a missing end, and nothing of it is written to `to`.
pub fn unseal_file(from: &Path, to: &Path, passphrase: &SecretString) -> Result<(), VaultError> {
    let beside = beside(to)?;
    unseal(from, beside.as_file(), passphrase)?;
    in_its_place(beside, to)
}

/// Into something that is thrown away when this fails.
pub(crate) fn unseal(from: &Path, to: impl Write, passphrase: &SecretString) -> Result<(), VaultError> {
    let damaged = |why| VaultError::NotOpened { path: from.to_owned(), why };
    let failed = |path: &Path| VaultError::io(format!("{} cannot be read", path.display()));
    let source = BufReader::new(File::open(from).map_err(failed(from))?);
    let decryptor = Decryptor::new_buffered(source).map_err(|_| damaged("it is no age file"))?;
    if !decryptor.is_scrypt() {
        return Err(damaged("it is not encrypted to a passphrase"));
    }
    let mut identity = scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(WORK_FACTOR_MAX);
    let mut reader = decryptor.decrypt(iter::once(&identity as &dyn age::Identity)).map_err(|error| match error {
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => damaged("the passphrase is another"),
        _ => damaged("its head was changed, or asks for more work than any Tieout writes"),
    })?;
    let mut writer = BufWriter::new(to);
    std::io::copy(&mut reader, &mut writer).map_err(|_| damaged("it ends too early or was changed"))?;
    writer.flush().map_err(failed(from))
}

/// For its owner alone (0600); gone when it is dropped before it took its place.
fn beside(to: &Path) -> Result<tempfile::NamedTempFile, VaultError> {
    let folder = to.parent().filter(|it| !it.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned);
    let failed = VaultError::io(format!("{} cannot be written", to.display()));
    tempfile::Builder::new().prefix(".sealed-").tempfile_in(folder).map_err(failed)
}

fn in_its_place(beside: tempfile::NamedTempFile, to: &Path) -> Result<(), VaultError> {
    let failed = || VaultError::io(format!("{} cannot be written", to.display()));
    beside.as_file().sync_all().map_err(failed())?;
    beside.persist(to).map(drop).map_err(|error| failed()(error.error))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Promise K5.
    #[test]
    fn a_sealed_file_opens_with_its_passphrase_and_any_change_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let text: Vec<u8> = (0..200_000_u32).map(|it| (it % 251) as u8).collect();
        std::fs::write(path("plain"), &text).unwrap();
        let passphrase = SecretString::from("twelve green chairs");
        seal_file(&path("plain"), &path("sealed.age"), &passphrase, Some(4)).unwrap();
        let sealed = std::fs::read(path("sealed.age")).unwrap();
        assert!(sealed.starts_with(b"age-encryption.org/v1\n-> scrypt "), "as the public tool writes it");
        unseal_file(&path("sealed.age"), &path("back"), &passphrase).unwrap();
        assert_eq!(std::fs::read(path("back")).unwrap(), text);

        let nothing_is_left = || {
            assert!(!path("out").exists());
            let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
            assert!(!names.iter().any(|it| it.to_string_lossy().starts_with(".sealed-")), "{names:?}");
        };
        let wrong = unseal_file(&path("sealed.age"), &path("out"), &SecretString::from("no")).unwrap_err();
        assert!(wrong.to_string().ends_with("the passphrase is another"), "{wrong}");
        nothing_is_left();
        for step in 0..60 {
            let at = step * sealed.len() / 60;
            let mut bad = sealed.clone();
            bad[at] ^= 1 << (step % 8);
            std::fs::write(path("bad.age"), &bad).unwrap();
            assert!(unseal_file(&path("bad.age"), &path("out"), &passphrase).is_err(), "byte {at}");
            nothing_is_left();
        }
        std::fs::write(path("bad.age"), &sealed[..sealed.len() - 1]).unwrap();
        assert!(unseal_file(&path("bad.age"), &path("out"), &passphrase).is_err());
        nothing_is_left();
        assert!(matches!(
            seal_file(&path("plain"), &path("out"), &SecretString::from(""), None),
            Err(VaultError::NoPassphrase)
        ));
    }
}
