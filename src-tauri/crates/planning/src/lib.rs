//! From what is known on both sides and the accountant's settings to the documents to propose, and to a
//! report of everything held back and why.
//!
//! Invariants: pure (no clock, no I/O); what cannot be decided from facts and settings becomes an exception
//! that names what is missing; nothing is dated into a closed period, and nothing is redated silently;
//! planning twice proposes nothing new. Read `settings`, `snapshot`, `plan`.

mod checks;
mod control;
mod deposits;
mod flow_settings;
mod gateways;
mod invoices;
mod keys;
mod orders;
mod plan;
mod receipts;
mod refunds;
mod reversal;
mod settings;
mod settlements;
mod snapshot;
mod words;
mod write_off;

pub use control::{Control, Entry, NotAllowed, Person, Role};
pub use flow_settings::{
    FlowSettings, NotAFlowValue, Policy, ProductField, ProductSettings, ShipmentSettings, StockSettings,
};
pub use keys::payment_key;
pub use plan::{Plan, plan};
pub use refunds::{Allocation, allocate_return};
pub use reversal::{ReversalError, is_reversal, reverse};
pub use settings::{Clearing, Contract, DepositAccount, Pulling, Settings, SettingsError};
pub use snapshot::{Choice, OpenItem, Snapshot, Why};
pub use write_off::{ShortPayment, is_write_off, write_off_entry};
