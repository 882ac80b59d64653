//! How far apart two records may be and still belong together: the `[matching]` part of the settings text.

use serde::{Deserialize, Serialize};

/// Windows and tolerances the accountant owns. The engine reads them, planning keeps them in the one text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MatchSettings {
    /// How many days after the payment the ledger may date the receipt when the reference is equal.
    pub days_after_max: i32,
    /// How many days before (store and entity are in different time zones, deposits are pre-dated).
    pub days_before_max: i32,
    /// The window when only amount and name speak.
    pub days_without_reference_max: i32,
    /// In minor units: a difference up to this is suggested with a write-off, never accepted silently.
    pub tolerance_minor: i64,
    /// What correspondent banks keep, in minor units.
    pub wire_fees_minor: Vec<i64>,
    /// Names must agree to this percentage to count as evidence on their own.
    pub name_percent_min: u8,
    /// The most orders searched for when one receipt names several.
    pub remittance_orders_max: usize,
}

impl Default for MatchSettings {
    fn default() -> Self {
        MatchSettings {
            days_after_max: 12,
            days_before_max: 3,
            days_without_reference_max: 7,
            tolerance_minor: 10,
            wire_fees_minor: vec![1_500, 2_500],
            name_percent_min: 88,
            remittance_orders_max: 12,
        }
    }
}

/// A value that no one can have meant: a window of a year matches everything with everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange {
    pub key: &'static str,
    pub value: i64,
    pub least: i64,
    pub most: i64,
}

const DAYS_MAX: i64 = 90;
/// 10.00 in a currency of cents. What is more is no difference to overlook, but another amount.
const TOLERANCE_MAX: i64 = 1_000;
const WIRE_FEE_MAX: i64 = 10_000;
/// Below half, any two names are alike.
const NAME_PERCENT_LEAST: i64 = 50;
/// The engine tries sums of them; more would take long and find sums by chance.
const REMITTANCE_ORDERS_MAX: i64 = 20;

impl MatchSettings {
    pub fn check(&self) -> Result<(), OutOfRange> {
        let fee = |minor: &i64| ("wire_fees_minor", *minor, 1, WIRE_FEE_MAX);
        let named = [
            ("days_after_max", i64::from(self.days_after_max), 0, DAYS_MAX),
            ("days_before_max", i64::from(self.days_before_max), 0, DAYS_MAX),
            ("days_without_reference_max", i64::from(self.days_without_reference_max), 0, DAYS_MAX),
            ("tolerance_minor", self.tolerance_minor, 0, TOLERANCE_MAX),
            ("name_percent_min", i64::from(self.name_percent_min), NAME_PERCENT_LEAST, 100),
            ("remittance_orders_max", self.remittance_orders_max as i64, 2, REMITTANCE_ORDERS_MAX),
        ];
        let wrong = named.into_iter().chain(self.wire_fees_minor.iter().map(fee));
        match wrong.into_iter().find(|(_, value, least, most)| value < least || value > most) {
            Some((key, value, least, most)) => Err(OutOfRange { key, value, least, most }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_nobody_can_mean_is_named() {
        assert_eq!(MatchSettings::default().check(), Ok(()));
        let wide = MatchSettings { days_after_max: 365, ..MatchSettings::default() };
        assert_eq!(wide.check(), Err(OutOfRange { key: "days_after_max", value: 365, least: 0, most: 90 }));
        let back = MatchSettings { days_before_max: -1, ..MatchSettings::default() };
        assert_eq!(back.check().unwrap_err().key, "days_before_max");
        let dear = MatchSettings { wire_fees_minor: vec![1_500, 0], ..MatchSettings::default() };
        assert_eq!(dear.check().unwrap_err(), OutOfRange { key: "wire_fees_minor", value: 0, least: 1, most: 10_000 });
    }
}
