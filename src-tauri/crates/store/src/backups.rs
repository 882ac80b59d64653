//! Backups: made by themselves once a day and before a change of format or a restore, verified when made, and thinned out.

use crate::folder::BACKUPS;
use crate::store::Store;
use crate::{StoreError, schema};
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};

/// How old the newest may be before another is made.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Of those made by themselves, so many are kept; those a person asked for are theirs to delete.
const KEPT: usize = 10;
const DAILY: &str = "daily";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupFile {
    pub path: PathBuf,
    pub made_at: Timestamp,
    /// `daily`, `manual`, `before-format-5`, `before-restore`.
    pub why: String,
    pub bytes: u64,
    /// Encrypted to a passphrase with age.
    pub encrypted: bool,
}

impl Store {
    /// Makes the day's backup where the newest is older than a day. `None`: there was nothing to do.
    pub fn backup_if_due(&self, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
        if self.read(|reader| reader.audit_head())?.seq == 0 {
            return Ok(None); // nothing was done yet
        }
        let newest = backups(self.folder())?.into_iter().next();
        // A clock that was set back must not keep backups from being made.
        let is_fresh = |it: &BackupFile| it.made_at <= now && now.duration_since(it.made_at) < EVERY;
        if newest.as_ref().is_some_and(is_fresh) {
            return Ok(None);
        }
        let made = self.backup_named(DAILY, now)?;
        let daily = backups(self.folder())?.into_iter().filter(|it| it.why == DAILY);
        for old in daily.skip(KEPT) {
            std::fs::remove_file(&old.path)
                .map_err(StoreError::io(format!("cannot delete the old backup {}", old.path.display())))?;
        }
        Ok(Some(made))
    }

    /// A verified copy in the backups folder. Readers go on meanwhile; changes wait.
    pub fn backup_named(&self, why: &str, now: Timestamp) -> Result<PathBuf, StoreError> {
        let writer = self.writer()?; // no change may slip in between the copy and its check
        schema::backup(&writer, self.folder(), why, now)
    }
}

/// Those in the folder's `backups`, newest first.
pub fn backups(folder: &Path) -> Result<Vec<BackupFile>, StoreError> {
    let folder = folder.join(BACKUPS);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let cannot = || StoreError::io(format!("cannot read {}", folder.display()));
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(cannot())? {
        let path = entry.map_err(cannot())?.path();
        let Some(file) = path.file_name().and_then(|it| it.to_str()).and_then(named) else { continue };
        let bytes = path.metadata().map_err(cannot())?.len();
        let (made_at, why, encrypted) = file;
        all.push(BackupFile { path, made_at, why, bytes, encrypted });
    }
    all.sort_by(|a, b| b.made_at.cmp(&a.made_at).then_with(|| b.path.cmp(&a.path)));
    Ok(all)
}

/// `tieout-20260131T090000.000Z-daily.sqlite3`, and `.age` where it is encrypted.
fn named(name: &str) -> Option<(Timestamp, String, bool)> {
    let (name, encrypted) = name.strip_suffix(".age").map_or((name, false), |it| (it, true));
    let (stamp, why) = name.strip_prefix("tieout-")?.strip_suffix(".sqlite3")?.split_once("Z-")?;
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S%.f", stamp).ok()?;
    Some((at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp(), why.to_owned(), encrypted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_made_once_a_day_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let day = |n: i64| Timestamp::from_second(1_767_225_600 + n * 86_400).unwrap();
        let store = Store::open(folder.path(), day(0)).unwrap();
        store.write("ann", day(0), |tx| tx.save_settings("text", "")).unwrap();
        assert!(store.backup_if_due(day(0)).unwrap().is_some());
        assert!(store.backup_if_due(day(0)).unwrap().is_none());
        store.backup(day(0)).unwrap();
        for n in 1..15 {
            assert!(store.backup_if_due(day(n)).unwrap().is_some(), "day {n}");
        }
        let all = backups(folder.path()).unwrap();
        assert_eq!(all.iter().filter(|it| it.why == DAILY).count(), KEPT);
        assert_eq!(all.iter().filter(|it| it.why == "manual").count(), 1, "a person's own stays");
        assert_eq!(all[0].made_at, day(14));
        assert!(store.backup_if_due(day(3)).unwrap().is_some(), "a clock set back keeps none from being made");
    }
}
