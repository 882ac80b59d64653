//! The closed catalogue of exceptions: what can be different between the two systems, what it puts at stake,
//! and what to do next. An exception is a business item to resolve; a failure is an error.

use crate::record::RecordRef;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use tieout_money::Money;

macro_rules! catalogue {
    ($( $name:ident, $text:literal, $title:literal, $queue:ident, $next:literal; )*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum ExceptionKind { $( $name, )* }

        impl ExceptionKind {
            pub const ALL: &[ExceptionKind] = &[ $( ExceptionKind::$name, )* ];

            pub fn as_str(self) -> &'static str {
                match self { $( ExceptionKind::$name => $text, )* }
            }

            /// The name on screen.
            pub fn title(self) -> &'static str {
                match self { $( ExceptionKind::$name => $title, )* }
            }

            /// A difference to correct, or one that time alone will clear.
            pub fn queue(self) -> Queue {
                match self { $( ExceptionKind::$name => Queue::$queue, )* }
            }

            /// What the accountant does about it.
            pub fn next_action(self) -> &'static str {
                match self { $( ExceptionKind::$name => $next, )* }
            }
        }
    };
}

/// Data errors and items that are merely not due yet are different queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Queue {
    Mismatch,
    Timing,
}

catalogue! {
    OrderWithoutInvoice, "order-without-invoice", "Order without invoice", Mismatch, "Invoice the order in Intacct; until then its money belongs in an advance.";
    InvoiceWithoutCapture, "invoice-without-capture", "Invoice without capture", Mismatch, "Ask the customer for payment, or find the payment under another reference.";
    CaptureWithoutOrder, "capture-without-order", "Capture without order", Mismatch, "Find the order in X-Cart; if there is none, refund the capture at the gateway.";
    CaptureWithoutReceipt, "capture-without-receipt", "Capture without receipt", Mismatch, "Find what paid the invoice and match it by hand, or refund the capture at the gateway.";
    RefundWithoutCredit, "refund-without-credit", "Refund without credit", Mismatch, "Book the credit memo for what was given back in Intacct, then match it to the refund.";
    RefundExceedsCapture, "refund-exceeds-capture", "Refund exceeds capture", Mismatch, "Check the refund at the gateway; more was given back than was taken.";
    OrphanReceipt, "orphan-receipt", "Receipt without payment", Mismatch, "Find the payment it belongs to and match it, or reverse the receipt in Intacct.";
    AmountVariance, "amount-variance", "Amount variance", Mismatch, "Write the difference off within the limit, keep it open as a partial payment, or correct the receipt.";
    TaxVariance, "tax-variance", "Tax variance", Mismatch, "Correct the invoice's tax in Intacct: what the customer was charged is the tax that is owed.";
    TotalMismatch, "total-mismatch", "Order total does not add up", Mismatch, "Open the order in X-Cart: its lines and surcharges do not come to its total.";
    FeeVariance, "fee-variance", "Fee variance", Mismatch, "Claim the difference from the gateway, or correct its contract under [[clearing]] in Settings.";
    FeeNotPosted, "fee-not-posted", "Fees not posted", Mismatch, "Approve the proposed fee entry.";
    DuplicateCapture, "duplicate-capture", "Duplicate capture", Mismatch, "Refund the second capture at the gateway; approve the entry that parks it as unapplied cash.";
    DuplicateReceipt, "duplicate-receipt", "Duplicate receipt", Mismatch, "Reverse the second receipt in Intacct.";
    MissingSettlement, "missing-settlement", "Capture not in any settlement", Timing, "Import the gateway's next settlement file; ask the gateway if it stays missing.";
    LatePayout, "late-payout", "Payout not at the bank", Timing, "Import the bank file; ask the gateway for the bank trace if it stays missing.";
    PayoutNotPosted, "payout-not-posted", "Payout not posted", Mismatch, "Approve the proposed payout entry.";
    PayoutVariance, "payout-variance", "Payout does not equal its rows", Mismatch, "Compare the settlement file with the payout; a row is missing or doubled.";
    ChargebackOpen, "chargeback-open", "Chargeback not booked", Mismatch, "Approve the proposed dispute entry, and answer an open dispute before its deadline.";
    ReserveNotPosted, "reserve-not-posted", "Reserve not booked", Mismatch, "Approve the proposed reserve entry.";
    SettlementAdjustment, "settlement-adjustment", "Gateway adjustment", Mismatch, "Read the gateway's note, then book it by hand and match it.";
    UnmatchedBankLine, "unmatched-bank-line", "Bank line without counterpart", Mismatch, "Find what paid it and match it, or book it as unapplied cash.";
    UnmappedSku, "unmapped-sku", "SKU without item", Mismatch, "Add the SKU under [items] in Settings, then propose again.";
    UnmappedCustomer, "unmapped-customer", "Customer not in Intacct", Mismatch, "Create the customer in Intacct or map it under [customers] in Settings.";
    UnmappedMethod, "unmapped-method", "Payment method without account", Mismatch, "Add a [[clearing]] block for the method and its currency in Settings, then propose again.";
    UnmappedTax, "unmapped-tax", "Tax without subtotal", Mismatch, "Name the subtotal in Settings, under [taxes.\"CODE\"] for a tax, under [orders] for the rest; then propose again.";
    AccountMissing, "account-missing", "Account not in Intacct", Mismatch, "Name or correct the account in Settings, or create it in Intacct.";
    DimensionMissing, "dimension-missing", "Dimension missing", Mismatch, "Set location and department under [dimensions] in Settings; what asks for a customer or an item is booked by hand.";
    ClosedPeriod, "closed-period", "Closed period", Mismatch, "Reopen the period in Intacct, or choose a later posting date and approve it.";
    CurrencyMismatch, "currency-mismatch", "Currency mismatch", Mismatch, "Check which currency the document was entered in.";
    RateMissing, "rate-missing", "Exchange rate missing", Mismatch, "Name an exchange rate type as rate_type in Settings, then propose again.";
    NegativeClearing, "negative-clearing", "Clearing account overdrawn", Mismatch, "Reverse the second payout entry in Intacct: it takes out money that never came in.";
    UnknownStatus, "unknown-status", "Unknown status", Mismatch, "List a code the store invented under [payment_statuses] in Settings; a state of Intacct's is looked at there.";
    UnknownPaymentState, "unknown-payment-state", "Payment state unknown", Mismatch, "Look the payment up at the gateway; the store does not say whether money moved.";
    RefusedRecord, "refused-record", "Record not understood", Mismatch, "Open the raw document: it names the field that could not be read.";
    Ambiguous, "ambiguous", "More than one candidate", Mismatch, "Choose the right candidate in Match; Tieout does not guess.";
    AwaitingIntacct, "awaiting-intacct", "Waiting for approval in Intacct", Timing, "Approve the entry in Intacct; it is not in the ledger yet.";
    ReadBackDifference, "read-back-difference", "Posted record was changed", Mismatch, "Compare the record in Intacct with what was approved; correct it there, or reverse the posting.";
    PostingRefused, "posting-refused", "Posting refused by Intacct", Mismatch, "Read Intacct's reason, correct it, and approve again.";
    OutcomeUnknown, "outcome-unknown", "Outcome unknown", Mismatch, "Press Check status. Do not enter it by hand yet.";
    NotHandled, "not-handled", "Situation not handled", Mismatch, "Tieout does not book this situation yet: book it by hand, then match it.";
    InTransit, "in-transit", "In transit", Timing, "Nothing to do: it is expected to clear.";
}

/// Stable across runs: derived from the kind and the records, so notes and snoozes stay with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExceptionId(pub String);

impl fmt::Display for ExceptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exception {
    pub kind: ExceptionKind,
    /// The records it is about; the first one names it.
    pub records: Vec<RecordRef>,
    /// Signed as the clearing account sees it; `None` where no money is known.
    pub at_stake: Option<Money>,
    pub on: Option<Date>,
    /// Who or what it concerns, for the list: `#10482 Wexford Botanical`.
    pub subject: String,
    /// Why it is not matched or not proposed: the nearest miss, or what is missing. Never empty.
    pub why_not: String,
}

impl Exception {
    pub fn id(&self) -> ExceptionId {
        let mut records: Vec<String> = self.records.iter().map(ToString::to_string).collect();
        records.sort_unstable();
        let digest = crate::Fingerprint::of_bytes(format!("{}\n{}", self.kind.as_str(), records.join("\n")).as_bytes());
        ExceptionId(format!("x-{}", &digest.as_str()[..16]))
    }
}

impl std::str::FromStr for ExceptionKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ExceptionKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a kind of exception"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_name_and_a_next_action() {
        let names: std::collections::BTreeSet<_> = ExceptionKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(names.len(), ExceptionKind::ALL.len());
        for kind in ExceptionKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert!(kind.next_action().ends_with('.'));
        }
    }
}
