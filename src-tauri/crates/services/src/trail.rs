//! The audit trail held against everything that can vouch for it, and handed out.

use crate::company::Company;
use crate::error::ServiceError;
use serde::{Deserialize, Serialize};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tieout_store::{AuditFilter, AuditHead, NewAuditRow};
use tieout_vault::Keeper;

/// Rows read at a time.
const PAGE: u32 = 5_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrailReport {
    pub intact: bool,
    pub rows: u64,
    /// Hex; of the newest row.
    pub head: String,
    /// The first row that is not as it was written, or the first that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_bad_row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The head file speaks of the rows from here on. Where that is not the start, the file began later (an older folder,
    /// a restored one) or was missing once, which the trail says.
    pub noted_from_row: u64,
    /// Heads from outside the data folder it was held against: the keychain's, exports', certificates'.
    pub heads_from_elsewhere: usize,
    /// What is stored, beside the trail, is not what the trail says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub damaged: Option<String>,
}

/// Every row of the trail, then everything the trail vouches for: records, postings, keys, decisions, settings, sign-offs.
pub fn verify_audit(company: &Company, elsewhere: &[AuditHead]) -> Result<TrailReport, ServiceError> {
    let head = company.store.read(|reader| reader.audit_head())?;
    let mut report = TrailReport {
        intact: true,
        rows: head.seq,
        head: head.hex(),
        first_bad_row: None,
        why: None,
        noted_from_row: company.store.noted_from()?,
        heads_from_elsewhere: elsewhere.len(),
        damaged: None,
    };
    match company.store.verify_audit(elsewhere)? {
        Err(broken) => {
            report.intact = false;
            report.first_bad_row = Some(broken.seq);
            report.why = Some(broken.why);
        }
        Ok(found) => {
            report.rows = found.rows;
            report.head = found.head.hex();
            let contents = company.store.read(|reader| reader.verify_contents().map(drop));
            if let Err(error) = contents.and_then(|()| company.store.integrity_check()) {
                match error {
                    tieout_store::StoreError::Damaged { what } => {
                        report.intact = false;
                        report.damaged = Some(what);
                    }
                    other => return Err(other.into()),
                }
            }
        }
    }
    Ok(report)
}

/// The newest row, where nobody who edits the data folder can reach it. A machine without a keychain has the head file
/// and what was exported.
pub fn anchor_head(company: &Company, keeper: &Keeper) -> Result<bool, ServiceError> {
    let head = company.store.read(|reader| reader.audit_head())?;
    Ok(keeper.keep_head(&head.to_string()))
}

/// What the keychain or the opened vault file was told last.
pub fn anchored_head(keeper: &Keeper) -> Option<AuditHead> {
    keeper.kept_head().as_deref().and_then(AuditHead::parse)
}

#[derive(Deserialize)]
struct Exported {
    head: AuditHeadText,
}

#[derive(Serialize, Deserialize)]
struct AuditHeadText {
    seq: u64,
    hash: String,
}

/// The head that an exported trail or a certificate names.
pub fn head_in(file: &Path) -> Result<AuditHead, ServiceError> {
    let cannot = |source| ServiceError::File { what: format!("{} cannot be read", file.display()), source };
    let text = std::fs::read_to_string(file).map_err(cannot)?;
    // A certificate has it in its first line, an export in its last.
    let certificate = text
        .split_once(r#""audit":{"rows":"#)
        .and_then(|(_, rest)| rest.split_once(r#","head":""#))
        .and_then(|(rows, rest)| Some(format!("{rows}:{}", rest.get(..64)?)));
    let export = || {
        let last: Exported = serde_json::from_str(text.trim_end().lines().last()?).ok()?;
        Some(format!("{}:{}", last.head.seq, last.head.hash))
    };
    certificate.or_else(export).as_deref().and_then(AuditHead::parse).ok_or_else(|| ServiceError::BadInput {
        field: "the file",
        value: file.display().to_string(),
        why: "it names no head of an audit trail".into(),
    })
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrailExport {
    pub file: PathBuf,
    pub rows: u64,
    pub head: String,
}

/// One JSON object a row, oldest first, and the head as the last line. Whole or not at all.
pub fn export_audit(company: &Company, by: &str, out: &Path) -> Result<TrailExport, ServiceError> {
    let failed = |source| ServiceError::File { what: format!("{} cannot be written", out.display()), source };
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = out.with_file_name(name);
    let mut file = BufWriter::new(std::fs::File::create(&part).map_err(failed)?);
    let head = company.store.read(|reader| {
        let head = reader.audit_head()?;
        let mut pages = Vec::new();
        let mut below = Some(head.seq + 1);
        while let Some(seq) = below.filter(|it| *it > 1) {
            pages.push(seq);
            below = Some(seq.saturating_sub(u64::from(PAGE)));
        }
        for below in pages.into_iter().rev() {
            let mut rows = reader.audit_page(&AuditFilter::default(), Some(below), PAGE)?;
            rows.reverse();
            // The oldest page is shorter than a page and may reach into the one before it.
            let first = below.saturating_sub(u64::from(PAGE));
            for row in rows.iter().filter(|it| it.seq >= first) {
                let line = serde_json::json!({
                    "seq": row.seq, "at": row.at.to_string(), "zone": row.zone, "actor": row.actor,
                    "action": row.action, "subject": row.subject, "before": row.before, "after": row.after,
                    "reason": row.reason, "rule": row.rule, "app": row.app_version, "hash": row.hash,
                });
                writeln!(file, "{line}").map_err(failed)?;
            }
        }
        Ok::<_, ServiceError>(head)
    })?;
    let last = serde_json::json!({ "head": AuditHeadText { seq: head.seq, hash: head.hex() } });
    writeln!(file, "{last}").map_err(failed)?;
    file.into_inner().map_err(|error| failed(error.into_error()))?.sync_all().map_err(failed)?;
    std::fs::rename(&part, out).map_err(failed)?;
    company.store.write(by, company.now(), |tx| {
        tx.audit(NewAuditRow {
            action: "audit trail exported",
            subject: "audit",
            after: &format!("{} rows, head {}", head.seq, head.hex()),
            ..Default::default()
        })
    })?;
    Ok(TrailExport { file: out.to_owned(), rows: head.seq, head: head.hex() })
}
