//! Everything planning looks at, read from the cache at one moment.

use crate::settings::Settings;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::ledger::Books;
use tieout_domain::{
    Customer, Invoice, JournalEntry, LedgerAccount, LedgerItem, Order, PaymentEvent, PostingId, Receipt, RecordRef,
    SalesDocument, SettlementRow,
};
use tieout_money::Money;

/// A store-side or ledger-side record that matching left over, with the reason it gave.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenItem {
    pub record: RecordRef,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// An equal record is already matched to the only partner.
    Twin { of: RecordRef },
    /// It fits these records of the other side, and which pair is right nobody can say.
    Ambiguous { with: Vec<RecordRef>, sentence: String },
    /// The nearest miss, in a sentence.
    Nothing(String),
}

/// What a person decided where the facts allow more than one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A short payment closes the invoice; the rest goes to bank charges (J12, first reading).
    WriteOffShort,
    /// A short payment leaves the rest open (J12, second reading).
    KeepPartial,
    /// Post on this day instead: its own day is closed. Shown and approved, never silent.
    PostOn(Date),
}

#[derive(Clone, Debug)]
pub struct Snapshot<'a> {
    pub settings: &'a Settings,
    pub settings_version: u32,
    /// The day it is, in the entity's time zone: read once at the edge.
    pub as_of: Date,
    pub books: Option<Books>,
    pub orders: BTreeMap<u64, &'a Order>,
    pub payments: BTreeMap<RecordRef, &'a PaymentEvent>,
    pub settlements: BTreeMap<RecordRef, &'a SettlementRow>,
    pub invoices: Vec<&'a Invoice>,
    pub receipts: BTreeMap<RecordRef, &'a Receipt>,
    pub sales_documents: Vec<&'a SalesDocument>,
    pub customers: BTreeMap<String, &'a Customer>,
    pub accounts: BTreeMap<String, &'a LedgerAccount>,
    pub items: BTreeMap<String, &'a LedgerItem>,
    /// Store-side records without a match, and ledger-side ones.
    pub left_over: Vec<OpenItem>,
    pub right_over: Vec<OpenItem>,
    /// Tax the general ledger shows per invoice number, positive; `None` where no tax account is named.
    pub invoice_taxes: Option<BTreeMap<String, Money>>,
    /// Payments matched to an other receipt or a journal entry: whoever booked those needed no invoice.
    pub booked_without_invoice: BTreeSet<RecordRef>,
    /// Records in a match that still waits for a person: left alone until they decide.
    pub suggested: BTreeSet<RecordRef>,
    /// Postings approved, sent or posted: their records are taken care of.
    pub under_way: BTreeSet<PostingId>,
    pub facts_under_way: BTreeSet<RecordRef>,
    pub versions: BTreeMap<RecordRef, u32>,
    /// Natural key of a posting -> what a person chose.
    pub choices: BTreeMap<String, Choice>,
    /// Small differences already written off, each with its day: what the cumulative limits count.
    pub written_off: Vec<(Date, Money)>,
}

impl<'a> Snapshot<'a> {
    /// An empty snapshot to fill.
    pub fn new(settings: &'a Settings, as_of: Date) -> Snapshot<'a> {
        Snapshot {
            settings,
            settings_version: 0,
            as_of,
            books: None,
            orders: BTreeMap::new(),
            payments: BTreeMap::new(),
            settlements: BTreeMap::new(),
            invoices: Vec::new(),
            receipts: BTreeMap::new(),
            sales_documents: Vec::new(),
            customers: BTreeMap::new(),
            accounts: BTreeMap::new(),
            items: BTreeMap::new(),
            left_over: Vec::new(),
            right_over: Vec::new(),
            invoice_taxes: None,
            booked_without_invoice: BTreeSet::new(),
            suggested: BTreeSet::new(),
            under_way: BTreeSet::new(),
            facts_under_way: BTreeSet::new(),
            versions: BTreeMap::new(),
            choices: BTreeMap::new(),
            written_off: Vec::new(),
        }
    }

    pub(crate) fn fact(&self, record: RecordRef) -> (RecordRef, u32) {
        let version = self.versions.get(&record).copied().unwrap_or(0);
        (record, version)
    }

    pub(crate) fn is_open_on(&self, day: Date) -> bool {
        self.books.as_ref().is_none_or(|books| books.is_open_on(day))
    }

    /// The day a person chose for this key, else its own.
    pub(crate) fn day_for(&self, natural_key: &str, own: Date) -> Date {
        match self.choices.get(natural_key) {
            Some(Choice::PostOn(day)) => *day,
            _ => own,
        }
    }

    pub(crate) fn rate_type(&self, money: Money) -> Option<String> {
        let base = self.books.as_ref().map(|books| books.base_currency);
        (base.is_some_and(|base| base != money.currency())).then(|| self.settings.rate_type.clone())
    }

    /// A foreign entry names the rate type Intacct converts it by.
    pub(crate) fn with_rate(&self, entry: JournalEntry) -> JournalEntry {
        match self.rate_type(Money::zero(entry.currency())) {
            Some(name) if !name.is_empty() => entry.with_rate_type(&name),
            _ => entry,
        }
    }
}
