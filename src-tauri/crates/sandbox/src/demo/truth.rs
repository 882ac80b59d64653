//! What really belongs together, kept apart from both systems. Only tests and the demo's own score read it.

use serde::Serialize;
use std::collections::BTreeMap;

/// A record of the books: a document, or one line of a journal entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerRef {
    /// `ARPYMT`, `ARADVANCE`, `OTHERRECEIPTS`, `DEPOSIT`, `ARADJUSTMENT`, `ARINVOICE` or `GLENTRY`.
    pub object: &'static str,
    /// DOCNUMBER, slip, number or REFERENCENO. Not always unique, sometimes empty: after loading, `record_no` is.
    pub natural: String,
    /// Intacct's RECORDNO (of the line, for GLENTRY); none before the world is loaded.
    pub record_no: Option<u64>,
    #[serde(skip)]
    pub document: usize,
    /// For GLENTRY: 0 the debit, 1 the credit.
    #[serde(skip)]
    pub line: usize,
}

impl LedgerRef {
    /// `<OBJECT>:<RECORDNO>` once loaded, `<OBJECT>:<natural id>` before.
    pub fn id(&self) -> String {
        match self.record_no {
            Some(record_no) => format!("{}:{record_no}", self.object),
            None => format!("{}:{}", self.object, self.natural),
        }
    }
}

/// Records of both sides that are one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthGroup {
    pub kind: &'static str,
    /// Further disagreements inside it: names, dates, decoys, blank entity, popular price.
    pub traits: Vec<&'static str>,
    /// `<transaction>:<row>` of the store, or `<file>:<row id>` of a settlement or bank file.
    pub left: Vec<String>,
    pub right: Vec<LedgerRef>,
    /// Other documents of the same event (the credit memo beside a refund's entry): a match that names one as well,
    /// or in its place, is not false.
    pub also: Vec<LedgerRef>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthException {
    /// A name of the closed catalogue, in kebab case.
    pub kind: &'static str,
    /// `order:<number>`, `payment:<id>`, `<file>:<row id>` or `<OBJECT>:<natural id>`.
    pub records: Vec<String>,
    pub ledger: Vec<LedgerRef>,
    pub why: String,
}

/// A payment that the books do not hold yet and that nothing stands against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unposted {
    pub payment: String,
    /// `receipt` where an invoice is open, `advance` where there is none, `refund`.
    pub expects: &'static str,
}

/// A row put into the general ledger that no document explains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GlDiscrepancy {
    pub account: &'static str,
    pub currency: &'static str,
    pub on: String,
    /// Debit positive.
    pub amount: String,
    pub reason: &'static str,
    pub record_no: Option<u64>,
    #[serde(skip)]
    pub cents: i64,
    #[serde(skip)]
    pub day: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// Payments of the store against the books.
    pub groups: Vec<TruthGroup>,
    /// Rows of settlement files against the books.
    pub settlement_groups: Vec<TruthGroup>,
    /// Lines of the bank file against deposits and payouts.
    pub bank_groups: Vec<TruthGroup>,
    pub unposted: Vec<Unposted>,
    pub exceptions: Vec<TruthException>,
    pub gl_discrepancies: Vec<GlDiscrepancy>,
    /// By currency; the sum of the discrepancies.
    pub expected_unexplained: BTreeMap<&'static str, String>,
    /// Payouts whose fees are inside the receipts, so that an entry for them would book them twice.
    pub payouts_without_fee_entry: Vec<String>,
    /// Captures and refunds at the store.
    pub payment_events: usize,
    /// Declined, voided, only authorized or still awaited: no money moved.
    pub other_attempts: usize,
    /// Money events (for traits: groups) of each kind.
    pub kinds: BTreeMap<&'static str, usize>,
    pub traits: BTreeMap<&'static str, usize>,
    pub exception_kinds: BTreeMap<&'static str, usize>,
}

impl Truth {
    pub(super) fn count(&mut self) {
        self.kinds.clear();
        self.traits.clear();
        self.exception_kinds.clear();
        for group in self.groups.iter().chain(&self.settlement_groups) {
            *self.kinds.entry(group.kind).or_default() += group.left.len();
            for one in &group.traits {
                *self.traits.entry(one).or_default() += 1;
            }
        }
        for one in &self.unposted {
            let kind = match one.expects {
                "receipt" => "unposted_receipt",
                "advance" => "unposted_advance",
                _ => "unposted_refund",
            };
            *self.kinds.entry(kind).or_default() += 1;
        }
        for exception in &self.exceptions {
            *self.exception_kinds.entry(exception.kind).or_default() += 1;
        }
    }
}
