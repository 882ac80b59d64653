//! The data folder: private to its owner, on a local disk, and open in one Tieout at a time.

use crate::StoreError;
use jiff::Timestamp;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

pub(crate) const DATABASE: &str = "tieout.sqlite3";
pub(crate) const BACKUPS: &str = "backups";
const LOCK: &str = "tieout.lock";

/// File locks and write-ahead logs are not to be trusted on these.
const NETWORK_FILE_SYSTEMS: &[&str] =
    &["nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "fuse.sshfs", "fuse.rclone", "davfs", "fuse.davfs2"];

pub(crate) fn prepare(folder: &Path) -> Result<PathBuf, StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(StoreError::io(format!("cannot make the data folder {}", folder.display())))?;
    #[cfg(unix)]
    restrict(folder, 0o700)?;
    let folder = folder.canonicalize().map_err(StoreError::io(format!("cannot open {}", folder.display())))?;
    if let Some(kind) = network_file_system(&folder) {
        return Err(StoreError::NetworkFolder { folder, kind });
    }
    Ok(folder)
}

/// Makes the database file before SQLite does, so that it is never readable by others, not even for a moment.
pub(crate) fn private_file(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(StoreError::io(format!("cannot open {}", path.display())))?;
    #[cfg(unix)]
    restrict(path, 0o600)?;
    Ok(file)
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .map_err(StoreError::io(format!("cannot make {} private", path.display())))
}

/// Held for as long as the returned file lives; the operating system lets go when the process dies.
pub(crate) fn lock(folder: &Path, now: Timestamp) -> Result<File, StoreError> {
    let path = folder.join(LOCK);
    let mut file = private_file(&path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            if file.read_to_string(&mut holder).is_err() || holder.trim().is_empty() {
                "its process could not be read".clone_into(&mut holder);
            }
            return Err(StoreError::Locked { folder: folder.to_owned(), holder: holder.trim().to_owned() });
        }
        Err(TryLockError::Error(source)) => {
            return Err(StoreError::Io { what: format!("cannot lock {}", path.display()), source });
        }
    }
    let write = |file: &mut File| {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "process {}, since {now:.0}", std::process::id())?;
        file.sync_all()
    };
    write(&mut file).map_err(StoreError::io(format!("cannot write {}", path.display())))?;
    Ok(file)
}

/// The kind of network file system the folder is on, where the operating system tells (Linux does).
fn network_file_system(folder: &Path) -> Option<String> {
    let mounts = std::fs::read_to_string("/proc/self/mounts").ok()?;
    let kind = file_system_of(&mounts, folder)?;
    NETWORK_FILE_SYSTEMS.contains(&kind.as_str()).then_some(kind)
}

/// The type of the mount with the longest matching path. Lines are `device path type options 0 0`.
fn file_system_of(mounts: &str, folder: &Path) -> Option<String> {
    mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ');
            let path = fields.nth(1)?.replace("\\040", " ");
            let kind = fields.next()?;
            folder.starts_with(&path).then(|| (path.len(), kind.to_owned()))
        })
        .max_by_key(|(length, _)| *length)
        .map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_decides_what_disk_a_folder_is_on() {
        let mounts = "/dev/vda / ext4 rw 0 0\nserver:/books /home/ann/Shared\\040Books nfs4 rw 0 0\n";
        assert_eq!(file_system_of(mounts, Path::new("/home/ann/tieout")).as_deref(), Some("ext4"));
        assert_eq!(file_system_of(mounts, Path::new("/home/ann/Shared Books/tieout")).as_deref(), Some("nfs4"));
    }
}
