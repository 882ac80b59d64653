//! The two sides of the comparison, read from the cache: what the store and its gateways say, and what the ledger holds.

use crate::company::Company;
use crate::decisions::{Parts, apply_splits};
use crate::error::ServiceError;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{
    DepositTo, Document, ObjectKind, PaymentEvent, PostingState, Receipt, ReceiptKind, ReceiptState, RecordRef,
    SettlementKind, SettlementRow,
};
use tieout_matching::{Item, ItemKind};
use tieout_money::Currency;
use tieout_planning::Settings;
use tieout_store::StoredPosting;

pub struct Sides {
    pub left: Vec<Item>,
    pub right: Vec<Item>,
    pub payments: Vec<PaymentEvent>,
    pub settlements: Vec<SettlementRow>,
    pub receipts: Vec<Receipt>,
    pub postings: Vec<StoredPosting>,
    pub versions: BTreeMap<RecordRef, u32>,
    /// Items that are parts of a record a person split, with that record. They stand in its place.
    pub parts: Parts,
}

impl Sides {
    pub fn read(company: &Company, settings: &Settings) -> Result<Sides, ServiceError> {
        let (payments, settlements, receipts, postings, splits) = company.store.read(|reader| {
            Ok::<_, tieout_store::StoreError>((
                reader.load_all::<PaymentEvent>()?,
                reader.load_all::<SettlementRow>()?,
                reader.load_all::<Receipt>()?,
                reader.postings()?,
                crate::decisions::splits(reader)?,
            ))
        })?;
        let mut versions = BTreeMap::new();
        versions.extend(payments.iter().map(|it| (it.value.record(), it.version)));
        versions.extend(settlements.iter().map(|it| (it.value.record(), it.version)));
        versions.extend(receipts.iter().map(|it| (it.value.record(), it.version)));
        let payments: Vec<PaymentEvent> = payments.into_iter().map(|it| it.value).collect();
        let settlements: Vec<SettlementRow> = settlements.into_iter().map(|it| it.value).collect();
        let receipts: Vec<Receipt> = receipts.into_iter().map(|it| it.value).collect();
        let mut parts = Parts::new();
        let left = apply_splits(left(settings, &payments, &settlements), &splits, &mut parts);
        let right = apply_splits(right(settings, &receipts, &postings), &splits, &mut parts);
        Ok(Sides { left, right, payments, settlements, receipts, postings, versions, parts })
    }

    /// The record itself, or the one it is a part of.
    pub fn whole<'a>(&'a self, record: &'a RecordRef) -> &'a RecordRef {
        self.parts.get(record).unwrap_or(record)
    }
}

fn left(settings: &Settings, payments: &[PaymentEvent], settlements: &[SettlementRow]) -> Vec<Item> {
    let mut settled: BTreeMap<(&str, SettlementKind), Vec<&SettlementRow>> = BTreeMap::new();
    for row in settlements.iter().filter(|it| !it.gateway_ref.is_empty()) {
        settled.entry((&row.gateway_ref, row.kind)).or_default().push(row);
    }
    let mut items = Vec::with_capacity(payments.len() + settlements.len());
    for payment in payments {
        let account =
            settings.clearing(&payment.method, payment.amount.currency()).map_or("", |it| it.account.as_str());
        let kind = if payment.amount.is_negative() { SettlementKind::Refund } else { SettlementKind::Charge };
        let row = payment
            .gateway_ref
            .as_deref()
            .and_then(|it| settled.get(&(it, kind)))
            .and_then(|rows| rows.iter().find(|row| row.gross == payment.amount).copied());
        items.extend(Item::from_payment(payment, account, row));
    }
    for row in settlements {
        if row.kind == SettlementKind::BankLine {
            items.extend(Item::from_settlement(row, bank_account(settings, row.net.currency())));
            continue;
        }
        let account =
            settings.clearing_of_source(&row.source.0, row.net.currency()).map_or("", |it| it.account.as_str());
        items.extend(Item::from_settlement(row, account));
        if matches!(row.kind, SettlementKind::Charge | SettlementKind::Refund) && !row.fee.is_zero() {
            items.push(fee(row, account));
        }
    }
    items
}

/// The gateway's fee on one charge: the row's own, the gross being X-Cart's to tell.
fn fee(row: &SettlementRow, account: &str) -> Item {
    Item {
        record: row.record(),
        kind: ItemKind::Fee,
        amount: row.fee,
        on: row.on,
        order_number: String::new(),
        gateway_ref: String::new(),
        payout_id: row.payout_id.clone(),
        reference: String::new(),
        memo: row.description.clone(),
        party: String::new(),
        email: String::new(),
        customer_id: String::new(),
        account: account.to_owned(),
        fee: None,
    }
}

fn bank_account(settings: &Settings, currency: Currency) -> &str {
    settings
        .clearing
        .iter()
        .find(|it| it.currency == currency && !it.bank_account.is_empty())
        .map_or("", |it| it.bank_account.as_str())
}

fn right(settings: &Settings, receipts: &[Receipt], postings: &[StoredPosting]) -> Vec<Item> {
    // What Tieout posted beside the entry that meets the payment: credit memos and applications of advances.
    let beside: BTreeSet<String> = postings
        .iter()
        .filter(|it| {
            matches!(it.posting.document, Document::Adjustment(_) | Document::AdvanceApplication(_))
                && it.posting.state.is_under_way()
        })
        .map(|it| it.posting.document.natural_key().0)
        .collect();
    receipts
        .iter()
        .filter(|it| it.state != ReceiptState::Reversed && !beside.contains(&it.reference))
        .map(|receipt| Item { account: ledger_account(settings, receipt), ..Item::from_receipt(receipt) })
        .collect()
}

/// A receipt names a checking account; the ledger knows it by its GL account.
pub fn ledger_account(settings: &Settings, receipt: &Receipt) -> String {
    if receipt.kind == ReceiptKind::JournalLine {
        return receipt.account.clone();
    }
    let by_bank = settings.clearing.iter().find_map(|it| match &it.deposit_to.0 {
        DepositTo::Bank(id) if *id == receipt.account => Some(it.account.clone()),
        _ if it.bank == receipt.account && !it.bank.is_empty() => Some(it.bank_account.clone()),
        _ => None,
    });
    by_bank.unwrap_or_else(|| receipt.account.clone())
}

/// Records that a posting in the ledger speaks of, by the natural key it was posted with.
pub fn posted_records(postings: &[StoredPosting]) -> BTreeMap<RecordRef, Vec<String>> {
    let mut keys: BTreeMap<RecordRef, Vec<String>> = BTreeMap::new();
    let stands = |it: &&StoredPosting| {
        matches!(it.posting.state, PostingState::Posted { .. }) && !tieout_planning::is_reversal(&it.posting.document)
    };
    for it in postings.iter().filter(stands) {
        for (record, _) in &it.posting.facts {
            if matches!(record.object, ObjectKind::Payment | ObjectKind::Settlement) {
                keys.entry(record.clone()).or_default().push(it.posting.document.natural_key().0);
            }
        }
    }
    keys
}
