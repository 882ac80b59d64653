//! The records Tieout reads from the two systems, the documents it proposes, and the life of a posting.
//!
//! Invariants: nothing here does I/O, reads a clock or rolls dice; money is [`tieout_money::Money`]; a
//! journal entry that does not balance cannot be built; a posting moves only along [`step`].
//! Types derive serde because the cache keeps them as JSON and the fingerprint of an approval is taken
//! over exactly those bytes (docs/adr/0002); the wire shapes of X-Cart, Intacct and the window live in their own crates.
//!
//! Reading order: `record`, `order`, `payment`, `settlement`, `ledger`, `matches`, `exception`, `document`, `posting`.

pub mod catalogue;
pub mod document;
pub mod exception;
pub mod fingerprint;
pub mod journal;
pub mod ledger;
pub mod lifecycle;
pub mod match_settings;
pub mod matches;
pub mod order;
pub mod payment;
pub mod period;
pub mod posting;
pub mod record;
pub mod reference;
pub mod settlement;
pub mod storefront;

pub use catalogue::{ItemOffer, PriceEntry, ProductCard, Shipment, StockLevel};
pub use document::{
    AccountLine, Adjustment, Advance, AdvanceApplication, Application, CashReceipt, Deposit, DepositTo, Document,
    DocumentKind, InvoiceDocument, OtherReceipt, ReceiptReversal, SalesOrder, SalesOrderLine, Subtotal,
};
pub use exception::{Exception, ExceptionId, ExceptionKind, Queue};
pub use fingerprint::Fingerprint;
pub use journal::{Dimensions, JournalEntry, JournalError, JournalLine};
pub use ledger::{
    Books, Customer, GlLine, Invoice, LedgerAccount, LedgerItem, Receipt, ReceiptKind, ReceiptState, SalesDocument,
};
pub use lifecycle::{Event, IllegalStep, step};
pub use match_settings::{MatchSettings, OutOfRange};
pub use matches::{Confidence, Evidence, MatchGroup, MatchId, MatchKind, MatchStatus, Weight};
pub use order::{Address, Order, OrderLine, PaymentStatus, ShippingStatus, Surcharge, SurchargeKind};
pub use payment::{PaymentEvent, PaymentEventKind};
pub use period::{Period, PeriodError};
pub use posting::{
    Approval, Check, CheckLevel, IdempotencyKey, IntacctError, IntacctRecordNo, NaturalKey, Posting, PostingId,
    PostingState, UserId,
};
pub use record::{Fetched, ObjectKind, RecordRef, Refused, SourceId};
pub use settlement::{SettlementKind, SettlementRow};
pub use storefront::{Product, Profile};
