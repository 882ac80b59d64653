//! Backups and restore.

use crate::report::Done;
use crate::run::{clock, needs, open, some, told, user};
use crate::secrets::from_environment;
use serde_json::json;
use std::path::{Path, PathBuf};
use tieout_services as services;
use tieout_services::{RestorePreview, ServiceError};

const PASSPHRASE: &str = "TIEOUT_BACKUP_PASSPHRASE";

pub fn backup(folder: &Path) -> Result<Done, ServiceError> {
    let company = open(folder)?;
    let file = services::make_backup(&company, &user(), from_environment(PASSPHRASE).as_ref())?;
    let bytes = std::fs::metadata(&file).map_or(0, |it| it.len());
    Ok(Done::Whole(json!({ "file": file.display().to_string(), "bytes": bytes, "verified": true })))
}

pub fn restore(
    folder: &Path,
    from: Option<PathBuf>,
    confirm: Option<String>,
    by: Option<String>,
) -> Result<Done, ServiceError> {
    let Some(from) = from else {
        let all: Vec<_> = services::backups(folder)?
            .iter()
            .map(|it| {
                json!({ "file": it.path.display().to_string(), "made_at": it.made_at.to_string(), "why": it.why,
                        "bytes": it.bytes, "encrypted": it.encrypted })
            })
            .collect();
        return Ok(Done::Whole(json!({ "backups": all })));
    };
    let passphrase = from_environment(PASSPHRASE);
    let now = clock()();
    match confirm {
        None => {
            let preview = services::restore_preview(folder, &from, passphrase.as_ref(), now)?;
            let what = in_words(&preview);
            Ok(needs(value(&preview), true, what))
        }
        Some(seen) => {
            let by = by.unwrap_or_else(user);
            let aside = services::restore_backup(folder, &from, passphrase.as_ref(), &seen, &by, now)?;
            Ok(Done::Whole(json!({ "restored": from.display().to_string(), "replaced": aside.display().to_string() })))
        }
    }
}

fn value(it: &RestorePreview) -> serde_json::Value {
    let lost = it.lost_rows.iter().map(|row| {
        json!({ "row": row.seq, "at": row.at.to_string(), "who": row.actor, "action": row.action, "subject": row.subject })
    });
    json!({ "format": it.format, "rows": it.rows, "head": it.head, "records": it.records, "postings": it.postings,
            "decisions": it.decisions, "newest": it.newest.map(|it| it.to_string()), "same_books": it.same_books,
            "lost": it.lost, "lost_rows": told(&lost.collect::<Vec<_>>()), "digest": it.digest })
}

fn in_words(it: &RestorePreview) -> String {
    let books = match it.same_books {
        Some(true) => "the same books, earlier",
        Some(false) => "OTHER BOOKS than these, or books that went another way",
        None => "these books cannot be read to compare",
    };
    let names = some(&it.lost_rows, |row| format!("{} {} {} {}", row.at, row.actor, row.action, row.subject));
    format!(
        "whole and verified: {books}. Restoring puts {} later audit rows aside{names}\n  Nothing was changed. To restore, repeat with --confirm {}",
        it.lost, it.digest
    )
}
