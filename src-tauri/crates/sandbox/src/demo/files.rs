//! The gateways' settlement files and the bank file, as text: one generic layout each.
//!
//! Settlement: `row_id,payout_id,type,gateway_ref,order_number,currency,gross,fee,net,created_at,available_on,description`;
//! signs are the clearing account's (a charge adds; a refund, fee, hold or payout takes away), `fee` is zero or
//! negative and `net` = `gross` + `fee`. Types: charge, refund, chargeback, chargeback_reversal, chargeback_fee,
//! reserve_hold, reserve_release, adjustment, payout. Bank: `row_id,date,currency,amount,description,reference`.

use super::calendar::{date, iso};
use super::model::{BankLine, Cents, Gateway, SettlementRow};

const SETTLEMENT: &str =
    "row_id,payout_id,type,gateway_ref,order_number,currency,gross,fee,net,created_at,available_on,description";
const BANK: &str = "row_id,date,currency,amount,description,reference";

/// `-12.05`
pub fn decimal(cents: Cents) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

pub fn settlement_csv(rows: &[SettlementRow], gateway: Gateway) -> String {
    let mut out = format!("{SETTLEMENT}\n");
    for row in rows.iter().filter(|row| row.gateway == gateway) {
        let cells = [
            row.row_id.clone(),
            row.payout_id.clone(),
            row.kind.to_owned(),
            row.gateway_ref.clone(),
            row.order_number.clone(),
            row.currency.code().to_owned(),
            decimal(row.gross),
            decimal(row.fee),
            decimal(row.net),
            iso(row.created),
            date(row.available).to_string(),
            quoted(&row.description),
        ];
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}

pub fn bank_csv(lines: &[BankLine]) -> String {
    let mut out = format!("{BANK}\n");
    for line in lines {
        let cells = [
            line.row_id.clone(),
            date(line.on).to_string(),
            line.currency.code().to_owned(),
            decimal(line.amount),
            quoted(&line.description),
            line.reference.clone(),
        ];
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}
