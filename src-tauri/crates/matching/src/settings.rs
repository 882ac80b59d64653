use serde::{Deserialize, Serialize};

/// Windows and tolerances the accountant owns; part of the settings text under `[matching]`.
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
