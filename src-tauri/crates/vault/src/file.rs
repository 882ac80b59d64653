//! The vault file: secrets by name as JSON, encrypted to a passphrase in the age format, so that `age --decrypt
//! secrets.age` reads it without Tieout.
//!
//! Whoever writes reads first: a wrong passphrase can never replace what a right one kept.

use crate::error::VaultError;
use age::{Decryptor, Encryptor, scrypt};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::iter;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub const VAULT_FILE: &str = "secrets.age";
const LOCK: &str = "secrets.lock";
/// Three secrets are some hundred bytes; more is no file of ours.
const FILE_BYTES_MAX: u64 = 64 * 1024;
/// The public tool accepts this much work. age's own guess is measured anew each time, and on a busy machine it would
/// refuse a file that was written on an idle one.
const WORK_FACTOR_MAX: u8 = 22;
/// Each of two writers works a few seconds on the passphrase.
const LOCK_WITHIN: Duration = Duration::from_secs(30);
const LOCK_RETRY: Duration = Duration::from_millis(20);

/// Secrets by their name; names this version does not know are kept.
pub(crate) type Named = BTreeMap<String, SecretString>;

#[derive(Clone, Debug)]
pub struct VaultFile {
    folder: PathBuf,
    /// `None`: what takes about a second on this machine, as age chooses it.
    work_factor: Option<u8>,
}

impl VaultFile {
    /// The file of this data folder, whether it is there or not.
    pub fn of(folder: &Path) -> VaultFile {
        VaultFile { folder: folder.to_owned(), work_factor: None }
    }

    /// scrypt's `log2(N)`. For tests, which have no second to spare.
    #[must_use]
    pub fn with_work_factor(self, work_factor: u8) -> VaultFile {
        VaultFile { work_factor: Some(work_factor), ..self }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.join(VAULT_FILE)
    }

    pub fn exists(&self) -> bool {
        self.path().exists()
    }

    /// Empty when there is no file yet.
    pub(crate) fn read(&self, passphrase: &SecretString) -> Result<Named, VaultError> {
        match self.encrypted()? {
            Some(bytes) => self.decrypt(&bytes, passphrase),
            None => Ok(Named::new()),
        }
    }

    /// Reads, lets `change` change it, and writes it back whole; what it then holds is returned.
    pub(crate) fn update(
        &self,
        passphrase: &SecretString,
        change: impl FnOnce(&mut Named),
    ) -> Result<Named, VaultError> {
        if passphrase.expose_secret().is_empty() {
            return Err(VaultError::NoPassphrase);
        }
        let _held = self.lock()?;
        let mut secrets = self.read(passphrase)?;
        change(&mut secrets);
        let bytes = self.encrypt(&secrets, passphrase)?;
        self.replace(&bytes)?;
        Ok(secrets)
    }

    fn encrypted(&self) -> Result<Option<Vec<u8>>, VaultError> {
        let path = self.path();
        let cannot =
            |source| VaultError::Io { what: format!("the vault file {} cannot be read", path.display()), source };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(cannot(error)),
        };
        let mut bytes = Vec::new();
        file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(cannot)?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(self.damaged("it is larger than a vault file ever is"));
        }
        Ok(Some(bytes))
    }

    fn decrypt(&self, bytes: &[u8], passphrase: &SecretString) -> Result<Named, VaultError> {
        let failed = |error: age::DecryptError| match error {
            age::DecryptError::DecryptionFailed
            | age::DecryptError::KeyDecryptionFailed
            | age::DecryptError::NoMatchingKeys => VaultError::WrongPassphrase(self.path()),
            age::DecryptError::ExcessiveWork { .. } => self.damaged("it asks for more work than any Tieout writes"),
            age::DecryptError::Io(_) => self.damaged("it ends too early"),
            age::DecryptError::InvalidMac => self.damaged("its head was changed"),
            _ => self.damaged("it is no age file"),
        };
        let decryptor = Decryptor::new(bytes).map_err(failed)?;
        if !decryptor.is_scrypt() {
            return Err(self.damaged("it is not encrypted to a passphrase"));
        }
        let mut identity = scrypt::Identity::new(passphrase.clone());
        identity.set_max_work_factor(WORK_FACTOR_MAX);
        let mut plain = Zeroizing::new(Vec::with_capacity(bytes.len()));
        let mut reader = decryptor.decrypt(iter::once(&identity as &dyn age::Identity)).map_err(failed)?;
        reader.read_to_end(&mut plain).map_err(|_| self.damaged("it ends too early or was changed"))?;
        // The parser's own words could quote what it read.
        serde_json::from_slice(&plain).map_err(|_| self.damaged("it holds something else than secrets"))
    }

    fn encrypt(&self, secrets: &Named, passphrase: &SecretString) -> Result<Vec<u8>, VaultError> {
        let exposed: BTreeMap<&str, &str> =
            secrets.iter().map(|(name, secret)| (name.as_str(), secret.expose_secret())).collect();
        // Room for every byte escaped as `\u0000`: a buffer that had to grow would leave its old copy in memory.
        let room = exposed.iter().map(|(name, secret)| 6 * (name.len() + secret.len()) + 6).sum::<usize>() + 2;
        let mut plain = Zeroizing::new(Vec::with_capacity(room));
        let failed = || VaultError::io(format!("the vault file {} cannot be encrypted", self.path().display()));
        serde_json::to_writer(&mut *plain, &exposed).map_err(|error| failed()(error.into()))?;
        let mut recipient = scrypt::Recipient::new(passphrase.clone());
        if let Some(work_factor) = self.work_factor {
            recipient.set_work_factor(work_factor);
        }
        let encryptor = Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient))
            .expect("one recipient agrees with itself");
        let mut bytes = Vec::new();
        let mut writer = encryptor.wrap_output(&mut bytes).map_err(failed())?;
        writer.write_all(&plain).map_err(failed())?;
        writer.finish().map_err(failed())?;
        Ok(bytes)
    }

    /// Beside it first, onto the disk, then in its place: after a power cut the old one is there or the new one.
    fn replace(&self, bytes: &[u8]) -> Result<(), VaultError> {
        let path = self.path();
        let failed = || VaultError::io(format!("the vault file {} cannot be written", path.display()));
        // Created for its owner alone (0600).
        let mut beside =
            tempfile::Builder::new().prefix(".secrets-").suffix(".age").tempfile_in(&self.folder).map_err(failed())?;
        beside.write_all(bytes).map_err(failed())?;
        beside.as_file().sync_all().map_err(failed())?;
        beside.persist(&path).map_err(|error| failed()(error.error))?;
        // The rename itself is on disk only when its folder is; other systems than Unix do not open folders.
        if cfg!(unix) {
            File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(failed())?;
        }
        Ok(())
    }

    /// Held for as long as the returned file lives; the operating system lets go when the process dies.
    fn lock(&self) -> Result<File, VaultError> {
        let path = self.folder.join(LOCK);
        let failed = |source| VaultError::Io { what: format!("{} cannot be locked", path.display()), source };
        fs::create_dir_all(&self.folder).map_err(failed)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(failed)?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if since.elapsed() < LOCK_WITHIN => sleep(LOCK_RETRY),
                Err(TryLockError::WouldBlock) => return Err(VaultError::Busy(self.path())),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
    }

    fn damaged(&self, why: &str) -> VaultError {
        VaultError::Damaged { path: self.path(), why: why.to_owned() }
    }
}

#[cfg(test)]
mod tests;
