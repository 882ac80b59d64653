//! What each worked example comes to: debit positive, by account. `expected.json` holds the facts of
//! `accounting-scenarios.json`.

use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Balance by account number; an account that is not there stands at zero.
pub type Balances = BTreeMap<String, Decimal>;

pub fn of(scenario: &str) -> Balances {
    let all: BTreeMap<String, Balances> = serde_json::from_str(include_str!("expected.json")).unwrap();
    without_zeros(all[scenario].clone())
}

pub fn balances(given: &[(&str, &str)]) -> Balances {
    without_zeros(given.iter().map(|(account, amount)| ((*account).to_owned(), amount.parse().unwrap())).collect())
}

pub fn without_zeros(balances: Balances) -> Balances {
    balances.into_iter().filter(|(_, amount)| !amount.is_zero()).collect()
}

#[test]
fn the_expected_balances_are_those_of_the_shared_examples() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data/accounting-scenarios.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: {path} is not here");
        return;
    };
    let shared: serde_json::Value = serde_json::from_str(&text).unwrap();
    let ours: serde_json::Value = serde_json::from_str(include_str!("expected.json")).unwrap();
    for (id, balances) in ours.as_object().unwrap() {
        let theirs = shared["scenarios"].as_array().unwrap().iter().find(|it| it["id"] == **id).unwrap();
        assert_eq!(theirs["expect_balances_debit_positive"], *balances, "{id}");
    }
}
