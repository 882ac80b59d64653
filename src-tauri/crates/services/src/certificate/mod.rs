//! The tie-out certificate: every record of both sides exactly once, what it is placed in, and every sum, as a document
//! that somebody else's program can add up again (`tieout-verify`, which shares no code with this one).
//!
//! Invariant: it says what [`Proof::figures`] says, to the cent, and lists what that rests on. The format is described in
//! docs/certificate.md; read `gather`, then `write`.

mod gather;
mod pdf;
mod write;

use crate::company::Company;
use crate::error::ServiceError;
use crate::proof::ProofRows;
use serde::Serialize;
use std::path::{Path, PathBuf};
use tieout_domain::Period;
use tieout_store::NewAuditRow;

pub(crate) use gather::{Evidence, evidence};
pub use write::Signer;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateReport {
    pub file: PathBuf,
    pub period: String,
    /// Records of both sides, and ledger lines.
    pub records: usize,
    pub lines: usize,
    /// Of what was sealed; the audit trail names it too.
    pub sha256: String,
    /// Nothing is unexplained.
    pub ties: bool,
    /// Records without a partner, records of no clearing account, and records not understood.
    pub open: usize,
}

/// Writes the certificate of a month, whole or not at all; and on paper (PDF) what a reader wants to see of it.
pub fn write_certificate(
    company: &Company,
    by: &str,
    period: &str,
    out: &Path,
    paper: Option<&Path>,
    signer: Option<&dyn Signer>,
) -> Result<CertificateReport, ServiceError> {
    let period: Period = period.parse().map_err(|_| ServiceError::BadInput {
        field: "period",
        value: period.to_owned(),
        why: "write it as YYYY-MM".into(),
    })?;
    let rows = ProofRows::read(company)?;
    let content = gather::gather(company, &rows, &period, by)?;
    let report = write::write(&content, out, signer)?;
    if let Some(paper) = paper {
        pdf::write(&content, &report.sha256, paper)?;
    }
    company.store.write(by, company.now(), |tx| {
        let row = NewAuditRow {
            action: "certificate written",
            subject: &format!("certificate/{period}"),
            after: &format!("sha256 {}, {} records, {} lines", report.sha256, report.records, report.lines),
            reason: "",
            before: "",
        };
        tx.audit(row)
    })?;
    Ok(report)
}
