//! The head file: the digest of every audit row, kept beside the database and not in it. Whoever rewrites the whole trail
//! with a database tool has to find this file too, and the keychain, and every export that was given away.
//!
//! A row's line is written after its change is durable, without waiting for the disk: after a power cut the file may end
//! earlier than the trail, and never tells of a row that is not there.

use crate::StoreError;
use crate::audit::AuditHead;
use crate::folder::private_file;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

pub(crate) const HEADS: &str = "tieout.heads";

pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(HEADS)
}

/// Adds one line a row.
pub(crate) fn append(folder: &Path, rows: &[AuditHead]) -> Result<(), StoreError> {
    let path = path(folder);
    let mut text = String::with_capacity(rows.len() * 75);
    for row in rows {
        let _ = writeln!(text, "{row}"); // memory takes every letter
    }
    let mut write = || {
        let mut file = private_file(&path).map_err(std::io::Error::other)?;
        let end = file.seek(SeekFrom::End(0))?;
        // A line that a power cut left half written ends here, so that the next one stands alone.
        if end > 0 && !ends_with_newline(&mut file, end)? {
            text.insert(0, '\n');
        }
        file.write_all(text.as_bytes())
    };
    write().map_err(StoreError::io(format!("cannot write {}", path.display())))
}

fn ends_with_newline(file: &mut std::fs::File, end: u64) -> std::io::Result<bool> {
    use std::io::Read;
    file.seek(SeekFrom::Start(end - 1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// What the file says, `None` where there is no file. Lines that are no heads (a torn one) are passed over.
pub(crate) fn read(folder: &Path) -> Result<Option<Vec<AuditHead>>, StoreError> {
    let path = path(folder);
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::io(format!("cannot read {}", path.display()))(error)),
    };
    let mut heads = Vec::new();
    let mut lines = BufReader::new(file);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).map_err(StoreError::io(format!("cannot read {}", path.display())))? > 0 {
        heads.extend(std::str::from_utf8(&line).ok().and_then(AuditHead::parse));
        line.clear();
    }
    Ok(Some(heads))
}
