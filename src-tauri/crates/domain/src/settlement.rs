//! What the gateways and the bank say, imported from their files: fees, payouts, chargebacks, reserves and
//! bank lines. None of it is in X-Cart or Intacct, and none of it is ever computed.

use crate::record::{ObjectKind, RecordRef, SourceId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tieout_money::Money;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettlementKind {
    Charge,
    Refund,
    Chargeback,
    /// Funds given back after a dispute was won.
    ChargebackReversal,
    ChargebackFee,
    Fee,
    ReserveHold,
    ReserveRelease,
    Adjustment,
    /// Money leaving the gateway for the bank; negative.
    Payout,
    /// A line of the bank's own statement; positive when money came in.
    BankLine,
}

impl SettlementKind {
    pub const ALL: [SettlementKind; 11] = [
        SettlementKind::Charge,
        SettlementKind::Refund,
        SettlementKind::Chargeback,
        SettlementKind::ChargebackReversal,
        SettlementKind::ChargebackFee,
        SettlementKind::Fee,
        SettlementKind::ReserveHold,
        SettlementKind::ReserveRelease,
        SettlementKind::Adjustment,
        SettlementKind::Payout,
        SettlementKind::BankLine,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            SettlementKind::Charge => "charge",
            SettlementKind::Refund => "refund",
            SettlementKind::Chargeback => "chargeback",
            SettlementKind::ChargebackReversal => "chargeback_reversal",
            SettlementKind::ChargebackFee => "chargeback_fee",
            SettlementKind::Fee => "fee",
            SettlementKind::ReserveHold => "reserve_hold",
            SettlementKind::ReserveRelease => "reserve_release",
            SettlementKind::Adjustment => "adjustment",
            SettlementKind::Payout => "payout",
            SettlementKind::BankLine => "bank_line",
        }
    }
}

impl std::str::FromStr for SettlementKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        SettlementKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a kind of settlement row"))
    }
}

/// One row of a settlement or bank file. Signs are the clearing account's: a charge adds, a fee, refund,
/// chargeback, reserve hold or payout takes away. `net` = `gross` + `fee`, as the file says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettlementRow {
    /// The file source, e.g. `file/stripe`.
    pub source: SourceId,
    /// Identity within the source: the file's own row id, or file name and row number where it has none.
    pub row_id: String,
    pub kind: SettlementKind,
    pub payout_id: String,
    pub gateway_ref: String,
    pub order_number: String,
    pub gross: Money,
    /// Zero or negative.
    pub fee: Money,
    pub net: Money,
    pub on: Date,
    pub available_on: Option<Date>,
    pub description: String,
}

impl SettlementRow {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.source.clone(), ObjectKind::Settlement, self.row_id.clone())
    }
}
