//! How dirty the data is: every kind of trouble with its rate, named, in a file that can be read and changed. The three main
//! modes are in `noise/`; the files in `noise/held-out/` are looked at only when the engine is done.

use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Styles with how often each is used; the sum need not be 1.
pub type Styles = BTreeMap<String, f64>;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Noise {
    pub kinds: Kinds,
    pub payouts: Payouts,
    /// How a receipt names its payment; see `references.rs` for the styles.
    pub references: Styles,
    /// Put before an order number in the style `prefixed`.
    pub prefixes: Vec<String>,
    /// How a receipt names several orders at once.
    pub lists: Styles,
    /// How a receipt writes the customer's name; see `people.rs`.
    pub names: Styles,
    /// A memo gets numbers which are nobody's order.
    pub decoy: f64,
    /// Of these numbers, so many are another order of the same store.
    pub decoy_is_real: f64,
    /// Receipts on the shop's one collective customer, without a name.
    pub collective_customer: f64,
    pub entity_blank: f64,
    /// Weights of 0, 1, 2, ... business days between payment and receipt.
    pub lags: Vec<f64>,
    /// A receipt dated the day before its payment.
    pub dated_early: f64,
    /// Orders at one of the popular totals.
    pub popular: f64,
    pub popular_totals: usize,
    pub fees: BTreeMap<String, Fee>,
    /// A card from abroad among payments posted one by one.
    pub international: f64,
    pub wire_fees: Vec<i64>,
    pub chargeback_fee: i64,
    /// Part of the rate a bank keeps, and by how much it varies.
    pub fx_spread: f64,
    pub fx_spread_varies: f64,
    /// The rate of the receipt's day was used instead of the payment's.
    pub fx_rate_of_receipt_day: f64,
    /// Settings say these things; what they do not say has to be learned.
    pub settings_told: bool,
}

/// Shares of payments, apart from the first all among those posted one by one.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Kinds {
    pub in_payouts: f64,
    pub net_of_fee: f64,
    pub wire_fee: f64,
    pub off_by_a_cent: f64,
    pub base_currency: f64,
    pub splits: f64,
    /// Of the splits: not one of the parts names its payment.
    pub split_without_reference: f64,
    pub remittances: f64,
    pub tenders: f64,
    pub refunds: f64,
    pub chargebacks: f64,
    /// A sale and its refund as one receipt.
    pub netted: f64,
    pub duplicate_payments: f64,
    pub duplicate_receipts: f64,
    pub payments_alone: f64,
    pub receipts_alone: f64,
    pub failed_or_voided: f64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Payouts {
    /// Local hours at which a channel's window closes.
    pub cutoff_hours: Vec<i64>,
    /// `daily`, `weekly`, `twice-weekly`.
    pub rhythms: Styles,
    pub lag_business_days: Vec<i64>,
    /// Mean members of a window.
    pub members: (i64, i64),
    /// Two windows paid as one, beyond what weekends do.
    pub merged: f64,
    /// Payouts in which a member came one window late.
    pub slipped: f64,
    /// Payouts with a member from elsewhere: an older window, or another entity's channel.
    pub stray: f64,
    /// Payouts in which a member was held back and never came.
    pub held_back: f64,
    /// Payouts with a member that cost the international fee, which nothing in the files says.
    pub international: f64,
    pub refunds: f64,
    pub chargebacks: f64,
    /// What the memo says: `gateway`, `gateway-count`, `gateway-dates`, `orders`, `blank`.
    pub memos: Styles,
    pub off_by_a_cent: f64,
    pub late: f64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Hundredths of a percent.
    pub basis_points: i64,
    /// In the currency's cents; yen are taken as cents.
    pub fixed: i64,
    pub international_basis_points: i64,
}

const MODES: [(&str, &str); 3] = [
    ("clean", include_str!("../noise/clean.json")),
    ("realistic", include_str!("../noise/realistic.json")),
    ("hostile", include_str!("../noise/hostile.json")),
];

impl Noise {
    pub fn mode(name: &str) -> anyhow::Result<Noise> {
        let (_, text) =
            MODES.iter().find(|(mode, _)| *mode == name).context("modes are clean, realistic and hostile")?;
        Ok(serde_json::from_str(text)?)
    }

    /// The mode with the keys of `file` laid over it; an unknown key is an error, since it would silently do nothing.
    pub fn with_file(mode: &str, file: &Path) -> anyhow::Result<Noise> {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let over: serde_json::Value = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
        let mut base = serde_json::to_value(Noise::mode(mode)?)?;
        lay_over(&mut base, over);
        serde_json::from_value(base).with_context(|| file.display().to_string())
    }
}

/// Objects are merged, except tables of styles, which are replaced as a whole: their weights belong together.
fn lay_over(base: &mut serde_json::Value, over: serde_json::Value) {
    const STYLES: [&str; 5] = ["references", "lists", "names", "rhythms", "memos"];
    match (base, over) {
        (serde_json::Value::Object(base), serde_json::Value::Object(over)) => {
            for (key, value) in over {
                match base.get_mut(&key) {
                    Some(old) if !STYLES.contains(&key.as_str()) => lay_over(old, value),
                    _ => {
                        base.insert(key, value);
                    }
                }
            }
        }
        (base, over) => *base = over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_is_readable_and_a_misspelt_rate_is_refused() {
        for (name, _) in MODES {
            Noise::mode(name).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("noise.json");
        std::fs::write(&file, r#"{"kinds": {"splits": 0.5}}"#).unwrap();
        assert_eq!(Noise::with_file("clean", &file).unwrap().kinds.splits, 0.5);
        std::fs::write(&file, r#"{"kinds": {"split": 0.5}}"#).unwrap();
        assert!(Noise::with_file("clean", &file).is_err());
    }
}
