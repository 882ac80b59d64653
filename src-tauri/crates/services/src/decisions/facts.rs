//! Every record that can be matched, in the words of the Match screen; read again only when a source was read again.

use crate::company::Company;
use crate::error::ServiceError;
use crate::sides::Sides;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;
use tieout_domain::{ReceiptKind, RecordRef};
use tieout_matching::{Item, ItemKind};
use tieout_money::Money;
use tieout_planning::Settings;

/// One payment, settlement row, bank line, receipt or journal line.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchRecord {
    pub record: RecordRef,
    pub is_store_side: bool,
    pub kind: &'static str,
    /// Signed as the clearing account sees it.
    pub amount: Money,
    /// The gateway's fee as its file says it; none where no file does.
    pub fee: Option<Money>,
    pub on: Date,
    /// What people call it: `#10482`, a payout id, a receipt's number.
    pub number: String,
    pub party: String,
    /// GL account number; empty where no setting names it.
    pub account: String,
    /// Payment method or file source, for the filters.
    pub gateway: String,
    pub memo: String,
    pub version: u32,
    /// The record a person split, where this is one of its parts.
    pub part_of: Option<RecordRef>,
}

pub struct MatchFacts {
    pub settings: Settings,
    pub settings_version: u32,
    pub records: BTreeMap<RecordRef, MatchRecord>,
    pub(crate) sides: Arc<Sides>,
}

impl MatchFacts {
    pub fn read(company: &Company) -> Result<MatchFacts, ServiceError> {
        let (settings, settings_version) = company.settings()?;
        let sides = Sides::read(company, &settings)?;
        Ok(MatchFacts::over(settings, settings_version, Arc::new(sides)))
    }

    /// Over sides that were read already.
    pub fn over(settings: Settings, settings_version: u32, sides: Arc<Sides>) -> MatchFacts {
        let methods: BTreeMap<RecordRef, &str> =
            sides.payments.iter().map(|it| (it.record(), it.method.as_str())).collect();
        let receipts: BTreeMap<RecordRef, (&str, &str)> = sides
            .receipts
            .iter()
            .map(|it| {
                let number = if it.record_id.is_empty() { &it.record_no } else { &it.record_id };
                (it.record(), (number.as_str(), it.payment_method.as_str()))
            })
            .collect();
        let mut records = BTreeMap::new();
        for (item, is_store_side) in
            sides.left.iter().map(|it| (it, true)).chain(sides.right.iter().map(|it| (it, false)))
        {
            let whole = sides.whole(&item.record);
            let part_of = sides.parts.get(&item.record).cloned();
            let receipt = receipts.get(whole);
            let gateway = match (methods.get(whole), receipt) {
                (Some(method), _) => (*method).to_owned(),
                (None, Some((_, method))) => (*method).to_owned(),
                (None, None) => item.record.source.0.trim_start_matches("file/").to_owned(),
            };
            let mut number = receipt.map_or_else(|| store_number(item), |(number, _)| (*number).to_owned());
            if part_of.is_some() {
                number.push_str(&super::part_words(&item.record));
            }
            let record = MatchRecord {
                is_store_side,
                kind: kind(item.kind),
                amount: item.amount,
                fee: item.fee,
                on: item.on,
                number,
                party: if item.party.is_empty() { item.memo.clone() } else { item.party.clone() },
                account: item.account.clone(),
                gateway,
                memo: [item.reference.as_str(), item.memo.as_str()].join(" ").trim().to_owned(),
                version: sides.versions.get(whole).copied().unwrap_or(0),
                part_of,
                record: item.record.clone(),
            };
            records.insert(item.record.clone(), record);
        }
        drop((methods, receipts));
        MatchFacts { settings, settings_version, records, sides }
    }
}

fn store_number(item: &Item) -> String {
    let by_kind = match item.kind {
        ItemKind::Payout => item.payout_id.clone(),
        _ if !item.order_number.is_empty() => format!("#{}", item.order_number),
        _ => item.gateway_ref.clone(),
    };
    if by_kind.is_empty() { item.record.id.split('~').next().unwrap_or_default().to_owned() } else { by_kind }
}

fn kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Capture => "Capture",
        ItemKind::Refund => "Refund",
        ItemKind::Chargeback => "Chargeback",
        ItemKind::ChargebackReversal => "Dispute won",
        ItemKind::ChargebackFee => "Chargeback fee",
        ItemKind::Fee => "Fee",
        ItemKind::Reserve => "Reserve",
        ItemKind::GatewayAdjustment => "Gateway adjustment",
        ItemKind::Payout => "Payout",
        ItemKind::BankLine => "Bank line",
        ItemKind::Receipt(ReceiptKind::Payment) => "Receipt",
        ItemKind::Receipt(ReceiptKind::Advance) => "Advance",
        ItemKind::Receipt(ReceiptKind::Adjustment) => "Adjustment",
        ItemKind::Receipt(ReceiptKind::OtherReceipt) => "Other receipt",
        ItemKind::Receipt(ReceiptKind::Deposit) => "Deposit",
        ItemKind::Receipt(ReceiptKind::JournalLine) => "Journal line",
    }
}
