//! What the kinds of record are called in the text.

use crate::items::ItemKind;
use tieout_domain::ReceiptKind;

/// The store's and its gateways' first, then the ledger's.
pub const KINDS: [(&str, ItemKind); 16] = [
    ("capture", ItemKind::Capture),
    ("refund", ItemKind::Refund),
    ("chargeback", ItemKind::Chargeback),
    ("chargeback-reversal", ItemKind::ChargebackReversal),
    ("chargeback-fee", ItemKind::ChargebackFee),
    ("fee", ItemKind::Fee),
    ("reserve", ItemKind::Reserve),
    ("gateway-adjustment", ItemKind::GatewayAdjustment),
    ("payout", ItemKind::Payout),
    ("bank-line", ItemKind::BankLine),
    ("payment", ItemKind::Receipt(ReceiptKind::Payment)),
    ("advance", ItemKind::Receipt(ReceiptKind::Advance)),
    ("adjustment", ItemKind::Receipt(ReceiptKind::Adjustment)),
    ("other-receipt", ItemKind::Receipt(ReceiptKind::OtherReceipt)),
    ("deposit", ItemKind::Receipt(ReceiptKind::Deposit)),
    ("journal-line", ItemKind::Receipt(ReceiptKind::JournalLine)),
];

pub(super) fn kind_named(name: &str) -> Option<ItemKind> {
    KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

pub fn kind_name(kind: ItemKind) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        for (name, kind) in KINDS {
            assert_eq!(kind_named(name), Some(kind));
            assert_eq!(kind_name(kind), name);
        }
    }
}
