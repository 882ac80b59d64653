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
    OrderWithoutInvoice, "order-without-invoice", "Order without invoice", Mismatch, "Invoice the order in Intacct, or take the money as an advance.";
    InvoiceWithoutCapture, "invoice-without-capture", "Invoice without capture", Mismatch, "Ask the customer for payment, or find the payment under another reference.";
    CaptureWithoutOrder, "capture-without-order", "Capture without order", Mismatch, "Find the order in X-Cart; if there is none, refund the capture at the gateway.";
    CaptureWithoutReceipt, "capture-without-receipt", "Capture without receipt", Mismatch, "Approve the proposed receipt, or match the receipt by hand.";
    RefundWithoutCredit, "refund-without-credit", "Refund without credit", Mismatch, "Approve the proposed refund entry, or match the credit by hand.";
    RefundExceedsCapture, "refund-exceeds-capture", "Refund exceeds capture", Mismatch, "Check the refund at the gateway; more was given back than was taken.";
    OrphanReceipt, "orphan-receipt", "Receipt without payment", Mismatch, "Find the payment it belongs to and match it, or reverse the receipt in Intacct.";
    AmountVariance, "amount-variance", "Amount variance", Mismatch, "Write the difference off within the limit, keep it open as a partial payment, or correct the receipt.";
    TaxVariance, "tax-variance", "Tax variance", Mismatch, "Compare the tax of the order and of the invoice; the store's figure is the law.";
    TotalMismatch, "total-mismatch", "Order total does not add up", Mismatch, "Open the order in X-Cart: its lines and surcharges do not come to its total.";
    FeeVariance, "fee-variance", "Fee variance", Mismatch, "Compare the fee with the gateway contract; claim it or accept it.";
    FeeNotPosted, "fee-not-posted", "Fees not posted", Mismatch, "Approve the proposed fee entry.";
    DuplicateCapture, "duplicate-capture", "Duplicate capture", Mismatch, "Refund the second capture at the gateway; approve the entry that parks it as unapplied cash.";
    DuplicateReceipt, "duplicate-receipt", "Duplicate receipt", Mismatch, "Reverse the second receipt in Intacct.";
    MissingSettlement, "missing-settlement", "Capture not in any settlement", Timing, "Import the gateway's next settlement file; ask the gateway if it stays missing.";
    LatePayout, "late-payout", "Payout not at the bank", Timing, "Import the bank file; ask the gateway for the bank trace if it stays missing.";
    PayoutNotPosted, "payout-not-posted", "Payout not posted", Mismatch, "Approve the proposed payout entry.";
    PayoutVariance, "payout-variance", "Payout does not equal its rows", Mismatch, "Compare the settlement file with the payout; a row is missing or doubled.";
    ChargebackOpen, "chargeback-open", "Chargeback not booked", Mismatch, "Approve the proposed dispute entry and answer the dispute before its deadline.";
    ReserveNotPosted, "reserve-not-posted", "Reserve not booked", Mismatch, "Not handled automatically yet: book the reserve by hand, then match it.";
    SettlementAdjustment, "settlement-adjustment", "Gateway adjustment", Mismatch, "Read the gateway's note, then book it by hand and match it.";
    UnmatchedBankLine, "unmatched-bank-line", "Bank line without counterpart", Mismatch, "Find what paid it and match it, or book it as unapplied cash.";
    UnmappedSku, "unmapped-sku", "SKU without item", Mismatch, "Add the SKU under [items] in Settings, then propose again.";
    UnmappedCustomer, "unmapped-customer", "Customer not in Intacct", Mismatch, "Create the customer in Intacct or map it under [customers] in Settings.";
    UnmappedMethod, "unmapped-method", "Payment method without account", Mismatch, "Add the payment method as a [[clearing]] in Settings, then propose again.";
    UnmappedTax, "unmapped-tax", "Tax without subtotal", Mismatch, "Add the tax code under [orders.subtotals] in Settings, then propose again.";
    AccountMissing, "account-missing", "Account not in Intacct", Mismatch, "Correct the account number in Settings, or create the account in Intacct.";
    DimensionMissing, "dimension-missing", "Dimension missing", Mismatch, "Add the dimension the account requires in Settings, then propose again.";
    ClosedPeriod, "closed-period", "Closed period", Mismatch, "Reopen the period in Intacct, or choose a later posting date and approve it.";
    CurrencyMismatch, "currency-mismatch", "Currency mismatch", Mismatch, "Check which currency the document was entered in.";
    RateMissing, "rate-missing", "Exchange rate missing", Mismatch, "Name an exchange rate type in Settings, or add the day's rate in Intacct.";
    NegativeClearing, "negative-clearing", "Clearing account overdrawn", Mismatch, "More was paid out than taken in: look for a missing receipt or a doubled payout.";
    UnknownStatus, "unknown-status", "Unknown status", Mismatch, "Map the status code in Settings once you know what it means.";
    UnknownPaymentState, "unknown-payment-state", "Payment state unknown", Mismatch, "Look the payment up at the gateway; the store does not say whether money moved.";
    RefusedRecord, "refused-record", "Record not understood", Mismatch, "Open the raw document: it names the field that could not be read.";
    Ambiguous, "ambiguous", "More than one candidate", Mismatch, "Choose the right candidate in Match; Tieout does not guess.";
    AwaitingIntacct, "awaiting-intacct", "Waiting for approval in Intacct", Timing, "Approve the entry in Intacct; it is not in the ledger yet.";
    ReadBackDifference, "read-back-difference", "Posted record was changed", Mismatch, "Compare the record in Intacct with what was approved; reverse or accept the change.";
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
