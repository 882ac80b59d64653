//! The accountant's work, step by step: pull both systems, match, propose, approve, post once, tie out, export.
//!
//! Invariants: nothing leaves for Intacct unless a person approved exactly that content and its key and bytes are on
//! disk; a bad record is kept and never stops a pull; the ledger side of a tie-out is summed from the general ledger
//! alone. The clock comes in as an argument ([`Clock`]), so that a run can be repeated.
//!
//! Reading order: `company`, `pull`, `import`, `reconcile`, `propose`, `approve`, `post`, `tie_out`, `export`.

mod approve;
mod certificate;
mod choices;
mod close;
mod company;
mod connection_test;
mod control;
pub mod decisions;
mod definition;
mod drift;
mod drill;
mod entry;
mod error;
mod export;
mod import;
mod import_preview;
mod last_run;
mod later_day;
mod list;
mod map_trial;
mod pause;
mod post;
mod preview;
mod proof;
mod propose;
mod pull;
mod reconcile;
mod rules;
mod secrets;
mod sides;
mod status;
mod sync;
mod tie_out;
mod trail;
mod vanished;
mod watch;
mod zone;

pub use approve::{
    ApprovalReport, ReversalDraft, approve_all_clear, approve_listed, approve_seen, draft_reversal, proposals_digest,
    propose_reversal,
};
pub use certificate::{CertificateReport, Signer, write_certificate};
pub use choices::{choose, choose_about};
pub use close::{
    Change, CloseState, LockState, SignOffState, close_state, lock_period, sign_off, unlock_period, withdraw_sign_off,
};
pub use company::{Clock, Company, Connection, Secrets};
pub use connection_test::{TestedPart, intacct_parts, test_intacct, test_xcart, xcart_parts};
pub use control::Approver;
pub use definition::save_settings;
pub use drill::{DrillLine, Figure};
pub use entry::{Chart, EntryLine};
pub use error::ServiceError;
pub use export::{ExceptionRow, ReportFormat, export_exceptions, write_exceptions};
pub use import::{Columns, ImportSummary, import_file, import_watched, parse as parse_settlement, remember_columns};
pub use import_preview::{FilePreview, MappedColumn, preview_file};
pub use later_day::{LaterDay, choose_later_days, draft_later_days};
pub use list::{Listed, departed_fields, list};
pub use map_trial::{MapChange, MapTrial, Outcome, map_diff, map_test};
pub use post::{PostReport, PostRules, Unfinished, post_approved, post_watched};
pub use preview::{RequestPreview, preview_request};
pub use proof::{AccountProof, Figures, Proof, ProofRows};
pub use propose::{ProposeReport, propose, propose_watched};
pub use pull::{DepartedField, NotUnderstood, Progress, PullReport, ask_for_deletions, pull, pull_ledger};
pub use reconcile::{ReconcileReport, RuleYield, reconcile, reconcile_watched};
pub use rules::{
    ChangedMatch, Decided, Regression, RulesText, TriedMatch, WhatIf, rules_text, save_rules, what_if, what_if_now,
    what_if_over,
};
pub use sides::Sides;
pub use status::{Checked, check_status, give_up, settle_found};
pub use sync::{
    Approve, BoardRow, DeadLetter, LetterLine, ReplayReport, RunLine, SyncReport, SyncRules, WriteLine, board,
    close_letter, dead_letters, edit_letter, letter_of, replay_letters, sync, sync_watched, take_back, waiting_writes,
};
pub use tie_out::{AccountTieOut, TieOut, tie_out};
pub use tieout_flows::Flow;
pub use tieout_planning::Policy;
pub use tieout_planning::Role;
pub use tieout_store::{AuditHead, LockKind};
pub use tieout_vault::SecretKind;
pub use tieout_xcart::Dialect;
pub use trail::{TrailExport, TrailReport, anchor_head, anchored_head, export_audit, head_in, verify_audit};
pub use watch::{Stop, Watch};

/// What an empty settings text starts from.
pub const STARTER_SETTINGS: &str = include_str!("starter.toml");
