//! The accountant's work, step by step: pull both systems, match, propose, approve, post once, tie out, export.
//!
//! Invariants: nothing leaves for Intacct unless a person approved exactly that content and its key and bytes are on
//! disk; a bad record is kept and never stops a pull; the ledger side of a tie-out is summed from the general ledger
//! alone. The clock comes in as an argument ([`Clock`]), so that a run can be repeated.
//!
//! Reading order: `company`, `pull`, `import`, `reconcile`, `propose`, `approve`, `post`, `tie_out`, `export`.

mod approve;
mod company;
mod error;
mod export;
mod import;
mod list;
mod post;
mod propose;
mod pull;
mod reconcile;
mod sides;
mod tie_out;

pub use approve::{ApprovalReport, approve_all_clear, approve_listed, proposals_digest, propose_reversal};
pub use company::{Clock, Company, Connection, Secrets};
pub use error::ServiceError;
pub use export::{ExceptionRow, ReportFormat, export_exceptions};
pub use import::{ImportSummary, import_file};
pub use list::{Listed, list, verify_audit};
pub use post::{PostReport, PostRules, post_approved};
pub use propose::{ProposeReport, propose};
pub use pull::{Progress, PullReport, pull};
pub use reconcile::{ReconcileReport, reconcile};
pub use tie_out::{AccountTieOut, TieOut, tie_out};
pub use tieout_xcart::Dialect;
