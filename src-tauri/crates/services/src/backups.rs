//! Backups and restore, with a passphrase where a person wants one.

use crate::company::Company;
use crate::error::ServiceError;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use tieout_store::{NewAuditRow, RestorePreview, StoreError};
use tieout_vault::{SecretStoreError, SecretString, seal_file, unseal_file};

/// Where an encrypted backup is opened to be looked at.
const OPENED: &str = "restore-opened.sqlite3";

/// A verified copy; with a passphrase, encrypted in the age format and the plain copy gone.
pub fn make_backup(company: &Company, by: &str, passphrase: Option<&SecretString>) -> Result<PathBuf, ServiceError> {
    let plain = company.store.backup(company.now())?;
    let file = match passphrase {
        None => plain,
        Some(passphrase) => {
            let mut name = plain.file_name().unwrap_or_default().to_owned();
            name.push(".age");
            let sealed = plain.with_file_name(name);
            let result = seal_file(&plain, &sealed, passphrase, None).map_err(SecretStoreError::from);
            std::fs::remove_file(&plain).map_err(|source| ServiceError::File {
                what: format!("{} cannot be removed", plain.display()),
                source,
            })?;
            result?;
            sealed
        }
    };
    company.store.write(by, company.now(), |tx| {
        tx.audit(NewAuditRow {
            action: "backup made",
            subject: "books",
            after: &file.display().to_string(),
            ..Default::default()
        })
    })?;
    Ok(file)
}

/// A backup made by itself is verified, and what cannot be backed up is told; it stops no work.
pub fn backup_if_due(company: &Company) -> Result<Option<PathBuf>, ServiceError> {
    Ok(company.store.backup_if_due(company.now())?)
}

/// What restoring this file would bring and undo. Nothing changes.
pub fn restore_preview(
    folder: &Path,
    file: &Path,
    passphrase: Option<&SecretString>,
    now: Timestamp,
) -> Result<RestorePreview, ServiceError> {
    opened(folder, file, passphrase, |plain| tieout_store::preview(folder, plain, now))
}

/// Puts the backup in place of the books, which must be open nowhere. Gives where the replaced books lie.
pub fn restore_backup(
    folder: &Path,
    file: &Path,
    passphrase: Option<&SecretString>,
    seen: &str,
    by: &str,
    now: Timestamp,
) -> Result<PathBuf, ServiceError> {
    opened(folder, file, passphrase, |plain| tieout_store::restore(folder, plain, seen, by, now))
}

fn opened<R>(
    folder: &Path,
    file: &Path,
    passphrase: Option<&SecretString>,
    work: impl FnOnce(&Path) -> Result<R, StoreError>,
) -> Result<R, ServiceError> {
    if file.extension().is_none_or(|it| it != "age") {
        return Ok(work(file)?);
    }
    let Some(passphrase) = passphrase else {
        let why = "it is encrypted, and no passphrase was given".into();
        return Err(ServiceError::BadInput { field: "the backup", value: file.display().to_string(), why });
    };
    let plain = folder.join(OPENED);
    unseal_file(file, &plain, passphrase).map_err(SecretStoreError::from)?;
    let result = work(&plain);
    let removed = std::fs::remove_file(&plain);
    let answer = result?;
    removed.map_err(|source| ServiceError::File { what: format!("{} cannot be removed", plain.display()), source })?;
    Ok(answer)
}
