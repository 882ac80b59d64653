use std::path::{Path, PathBuf};
use tieout_domain::{IdempotencyKey, IllegalStep, PostingId};

/// What went wrong with the local data, in words for the person at the desk.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("another Tieout has the data folder {folder} open ({holder})", folder = folder.display())]
    Locked { folder: PathBuf, holder: String },
    #[error("the data folder {folder} is on a network share ({kind})", folder = folder.display())]
    NetworkFolder { folder: PathBuf, kind: String },
    #[error("{file} was written by a newer Tieout (data format {found}, this program knows up to {known})", file = file.display())]
    Newer { file: PathBuf, found: i64, known: i64 },
    #[error("{file} is not a Tieout database", file = file.display())]
    NotOurs { file: PathBuf },
    #[error("the backup {file} could not be verified: {why}", file = file.display())]
    BadBackup { file: PathBuf, why: String },
    #[error("{what}")]
    Io {
        what: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the disk that holds the data folder is full")]
    DiskFull,
    #[error("the database is damaged or was edited: {what}")]
    Damaged { what: String },
    #[error("the database refused a step")]
    Sqlite(#[source] rusqlite::Error),
    #[error("the data format could not be brought up to date")]
    Migration(#[source] rusqlite_migration::Error),
    #[error("{what} is not in the cache")]
    NotFound { what: String },
    #[error("the key {key} was already used for another request")]
    KeyReused { key: IdempotencyKey },
    #[error("posting {posting} cannot be sent: {why}")]
    NotSendable { posting: PostingId, why: String },
    #[error("the reference {natural_key} already belongs to posting {posting}")]
    NaturalKeyTaken { natural_key: String, posting: PostingId },
    #[error(transparent)]
    Illegal(Box<IllegalStep>),
    #[error("{what} is already part of match {of}")]
    AlreadyMatched { what: String, of: String },
    #[error("a change would have been made without an audit row")]
    Unaudited,
    #[error("this Tieout opened the data folder for reading only")]
    ReadOnly,
}

impl StoreError {
    /// What to do next.
    pub fn remedy(&self) -> &'static str {
        match self {
            StoreError::Locked { .. } => "Use the Tieout that is open, or close it and try again.",
            StoreError::NetworkFolder { .. } => "Choose a data folder on this computer's own disk.",
            StoreError::Newer { .. } => "Install the newest Tieout; this one leaves the data untouched.",
            StoreError::NotOurs { .. } => "Choose another data folder, or move the file away.",
            StoreError::BadBackup { .. } => {
                "Choose another backup, or make one anew with space on the disk; the data itself was not changed."
            }
            StoreError::Io { .. } => "Check that the data folder exists and that you may write to it.",
            StoreError::DiskFull => "Free some space and go on; nothing that was saved is lost.",
            StoreError::Damaged { .. } => {
                "Stop posting, keep a copy of the data folder, and restore the newest backup: Settings > Backups, or `tieout restore`."
            }
            StoreError::Sqlite(_) => "Try again; if it stays, restart Tieout and check the disk.",
            StoreError::Migration(_) => "The backup in the backups folder is whole; install the newest Tieout.",
            StoreError::NotFound { .. } => "Pull again; the record may have been deleted at its source.",
            StoreError::KeyReused { .. } => "Approve the posting again: it then gets a key of its own.",
            StoreError::NotSendable { .. } => "Review and approve the posting as it now is.",
            StoreError::NaturalKeyTaken { .. } => "Void the other posting first, or post that one.",
            StoreError::Illegal(_) => "Reload the list: the posting has moved on since it was shown.",
            StoreError::AlreadyMatched { .. } => "Unmatch it first.",
            StoreError::Unaudited => "This is a bug in Tieout; nothing was changed. Please report it.",
            StoreError::ReadOnly => "Close the other Tieout, then repeat the command.",
        }
    }

    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> StoreError {
        let what = what.into();
        move |source| StoreError::Io { what, source }
    }

    /// Names the file where the error alone does not.
    pub(crate) fn in_file(self, file: &Path) -> StoreError {
        match self {
            StoreError::Damaged { what } => StoreError::damaged(format!("{}: {what}", file.display())),
            other => other,
        }
    }

    pub(crate) fn damaged(what: impl Into<String>) -> StoreError {
        StoreError::Damaged { what: what.into() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => StoreError::DiskFull,
            Some(rusqlite::ErrorCode::DatabaseCorrupt) => StoreError::damaged(error.to_string()),
            Some(rusqlite::ErrorCode::NotADatabase) => StoreError::damaged("the file is not an SQLite database"),
            Some(rusqlite::ErrorCode::ReadOnly) => StoreError::ReadOnly,
            _ => StoreError::Sqlite(error),
        }
    }
}

impl From<IllegalStep> for StoreError {
    fn from(error: IllegalStep) -> StoreError {
        StoreError::Illegal(Box::new(error))
    }
}
