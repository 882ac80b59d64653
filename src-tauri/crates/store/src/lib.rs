//! The local cache, the posting ledger and the audit trail: one SQLite file that one program at a time may write.
//!
//! Invariants: a record is known by source, object and external id, and its version rises only when its
//! canonical bytes differ; whatever changes, changes in one transaction with the audit rows that say so; audit rows,
//! document versions, request bytes and posting logs are only ever added; a key once saved never carries other bytes.
//!
//! Reading order: `store` (opening, [`Store::read`], [`Store::write`]), `audit`, `records`, `postings`, `lists`.

mod app_state;
mod audit;
mod decisions;
mod departures;
mod error;
mod exceptions;
mod flows;
mod folder;
mod heads;
mod identities;
mod imports;
mod learned;
mod letters;
mod lists;
mod matches;
mod notes;
mod posting_keys;
mod postings;
mod ranks;
mod records;
mod refused;
mod rules;
mod schema;
mod search;
mod sign_offs;
mod store;
mod sync;
mod text;
mod tx;
mod verify;

pub use app_state::{Environment, SettingsVersion};
pub use audit::{AuditFilter, AuditHead, AuditReport, AuditRow, Broken, NewAuditRow};
pub use decisions::{Decision, NewDecision};
pub use departures::{Departure, StoredDeparture};
pub use error::StoreError;
pub use exceptions::{ExceptionStatus, ExceptionsReport, StoredException};
pub use flows::{FlowLogEntry, FlowRun, FlowState, NewFlowWrite, PlannedReport, StoredFlowWrite};
pub use identities::{Bundle, Identity};
pub use imports::{ImportBatch, ImportReport, UndoReport};
pub use learned::SwitchedOff;
pub use letters::{NewLetter, StoredLetter};
pub use lists::{List, ListQuery, Placement, RowFilter, SortBy, Window};
pub use matches::{MatchLine, MatchesReport, RejectedPair, Rejection, StoredMatch};
pub use notes::Note;
pub use posting_keys::SavedRequest;
pub use postings::{PostingLogEntry, PostingSummary, ProposalsReport, StateCount, StoredPosting};
pub use records::{
    CachedRecord, DocumentVersion, ListColumns, RecordRow, Stored, TombstoneReport, UpsertReport, VersionedRef,
};
pub use refused::RefusedRecord;
pub use search::{SearchHit, SearchKind, SearchResult};
pub use sign_offs::{LockKind, PeriodLock, SignOff};
pub use store::Store;
pub use sync::{SyncCounts, SyncRun};
pub use tx::{Reader, Tx};
pub use verify::ContentsReport;
