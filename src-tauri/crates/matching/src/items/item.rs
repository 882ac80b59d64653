//! A record of either side, flattened to what matching looks at.

use jiff::civil::Date;
use tieout_domain::{PaymentEvent, PaymentEventKind, Receipt, ReceiptKind, RecordRef, SettlementKind, SettlementRow};
use tieout_money::Money;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    Capture,
    Refund,
    Chargeback,
    ChargebackReversal,
    ChargebackFee,
    /// A gateway's fees of one payout, or a single fee row.
    Fee,
    Reserve,
    GatewayAdjustment,
    Payout,
    BankLine,
    Receipt(ReceiptKind),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub record: RecordRef,
    pub kind: ItemKind,
    /// Signed as the clearing account sees it.
    pub amount: Money,
    pub on: Date,
    pub order_number: String,
    pub gateway_ref: String,
    pub payout_id: String,
    /// Ledger side: DOCNUMBER or REFERENCENO.
    pub reference: String,
    pub memo: String,
    pub party: String,
    pub email: String,
    pub customer_id: String,
    /// The clearing or bank account it belongs to; empty where unknown. Items of two known accounts never meet.
    pub account: String,
    /// Left side: the gateway's fee on this capture as its settlement row says it, zero or negative.
    pub fee: Option<Money>,
}

impl Item {
    /// A capture or refund; `None` for events that moved no money. `account` is where the mapping puts its
    /// method, `settled` the settlement row of the same gateway reference.
    pub fn from_payment(payment: &PaymentEvent, account: &str, settled: Option<&SettlementRow>) -> Option<Item> {
        let kind = match payment.kind {
            PaymentEventKind::Capture => ItemKind::Capture,
            PaymentEventKind::Refund => ItemKind::Refund,
            _ => return None,
        };
        Some(Item {
            record: payment.record(),
            kind,
            amount: payment.amount,
            on: payment.on,
            order_number: payment.order_number.clone(),
            gateway_ref: payment.gateway_ref.clone().unwrap_or_default(),
            payout_id: settled.map(|row| row.payout_id.clone()).unwrap_or_default(),
            reference: String::new(),
            memo: String::new(),
            party: payment.party.clone(),
            email: payment.email.clone(),
            customer_id: String::new(),
            account: account.to_owned(),
            fee: settled.map(|row| row.fee),
        })
    }

    /// A settlement row that the store itself knows nothing of. Charges and refunds are X-Cart's to tell.
    pub fn from_settlement(row: &SettlementRow, account: &str) -> Option<Item> {
        let kind = match row.kind {
            SettlementKind::Charge | SettlementKind::Refund => return None,
            SettlementKind::Chargeback => ItemKind::Chargeback,
            SettlementKind::ChargebackReversal => ItemKind::ChargebackReversal,
            SettlementKind::ChargebackFee => ItemKind::ChargebackFee,
            SettlementKind::Fee => ItemKind::Fee,
            SettlementKind::ReserveHold | SettlementKind::ReserveRelease => ItemKind::Reserve,
            SettlementKind::Adjustment => ItemKind::GatewayAdjustment,
            SettlementKind::Payout => ItemKind::Payout,
            SettlementKind::BankLine => ItemKind::BankLine,
        };
        Some(Item {
            record: row.record(),
            kind,
            amount: row.net,
            on: row.on,
            order_number: row.order_number.clone(),
            gateway_ref: row.gateway_ref.clone(),
            payout_id: row.payout_id.clone(),
            reference: String::new(),
            memo: row.description.clone(),
            party: String::new(),
            email: String::new(),
            customer_id: String::new(),
            account: account.to_owned(),
            fee: None,
        })
    }

    /// A store's record and a ledger's of one currency, of kinds that can describe one event, and of one account where both
    /// name theirs.
    pub fn may_meet(&self, right: &Item) -> bool {
        self.amount.currency() == right.amount.currency()
            && kinds_may_meet(self.kind, right.kind)
            && (self.account.is_empty()
                || right.account.is_empty()
                || self.account == right.account
                || moves_between_accounts(right.kind))
    }

    pub fn from_receipt(receipt: &Receipt) -> Item {
        Item {
            record: receipt.record(),
            kind: ItemKind::Receipt(receipt.kind),
            amount: receipt.amount,
            on: receipt.on,
            order_number: String::new(),
            gateway_ref: String::new(),
            payout_id: String::new(),
            reference: receipt.reference.clone(),
            memo: receipt.description.clone(),
            party: receipt.customer_name.clone(),
            email: String::new(),
            customer_id: receipt.customer_id.clone(),
            account: receipt.account.clone(),
            fee: None,
        }
    }
}

pub fn kinds_may_meet(left: ItemKind, right: ItemKind) -> bool {
    let ItemKind::Receipt(receipt) = right else { return right == ItemKind::BankLine };
    match left {
        ItemKind::Capture | ItemKind::Refund => receipt != ReceiptKind::Deposit,
        ItemKind::Payout | ItemKind::BankLine => {
            matches!(receipt, ReceiptKind::Deposit | ReceiptKind::JournalLine | ReceiptKind::OtherReceipt)
        }
        _ => matches!(receipt, ReceiptKind::JournalLine | ReceiptKind::Adjustment | ReceiptKind::OtherReceipt),
    }
}

/// Adjustments (credit memos) sit on receivables, not on a clearing account.
pub fn moves_between_accounts(right: ItemKind) -> bool {
    matches!(right, ItemKind::Receipt(ReceiptKind::Adjustment | ReceiptKind::Deposit) | ItemKind::BankLine)
}
