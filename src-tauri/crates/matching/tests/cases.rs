#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
//! The laws of matching, and cases an accountant can read.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tieout_domain::{MatchStatus, ObjectKind, ReceiptKind, RecordRef, SourceId};
use tieout_matching::{Item, ItemKind, MatchSettings, Outcome, WhyNot, reconcile};
use tieout_money::Money;

fn item(side: &str, id: &str, amount: &str, on: Date, kind: ItemKind) -> Item {
    let object = if side == "L" { ObjectKind::Payment } else { ObjectKind::Receipt };
    Item {
        record: RecordRef::new(SourceId(side.into()), object, id),
        kind,
        amount: amount.parse::<Money>().unwrap(),
        on,
        order_number: String::new(),
        gateway_ref: String::new(),
        payout_id: String::new(),
        reference: String::new(),
        memo: String::new(),
        party: String::new(),
        email: String::new(),
        customer_id: String::new(),
        account: String::new(),
        fee: None,
    }
}

fn payment(id: &str, amount: &str, day: i8, order: &str) -> Item {
    let kind = if amount.starts_with('-') { ItemKind::Refund } else { ItemKind::Capture };
    Item { order_number: order.into(), ..item("L", id, amount, date(2026, 1, day), kind) }
}

fn receipt(id: &str, amount: &str, day: i8, reference: &str) -> Item {
    Item {
        reference: reference.into(),
        ..item("R", id, amount, date(2026, 1, day), ItemKind::Receipt(ReceiptKind::Payment))
    }
}

fn named(item: Item, party: &str) -> Item {
    Item { party: party.into(), ..item }
}

/// `L1+L2=R1 automatic` per match, sorted; then what is left over.
fn told(outcome: &Outcome) -> Vec<String> {
    let ids = |refs: &[RecordRef]| refs.iter().map(|it| it.id.clone()).collect::<Vec<_>>().join("+");
    let mut lines: Vec<String> = outcome
        .matches
        .iter()
        .map(|it| {
            let status = if it.status == MatchStatus::Automatic { "automatic" } else { "suggested" };
            format!("{}={} {status}", ids(&it.left), ids(&it.right))
        })
        .collect();
    lines.extend(outcome.left_over.iter().chain(&outcome.right_over).map(|it| format!("{} open", it.record.id)));
    lines.sort();
    lines
}

fn check(left: &[Item], right: &[Item], expected: &[&str]) {
    assert_eq!(told(&reconcile(left, right, &MatchSettings::default())), expected);
}

#[test]
fn m01_exact_by_reference() {
    check(
        &[payment("L1", "105.43 USD", 29, "2001")],
        &[receipt("R1", "105.43 USD", 31, "O-2001")],
        &["L1=R1 automatic"],
    );
}

#[test]
fn m02_first_fit_would_strand_two_of_four() {
    let left = [payment("L1", "100.00 USD", 2, ""), payment("L2", "100.00 USD", 10, "")];
    let right = [receipt("R1", "100.00 USD", 9, ""), receipt("R2", "100.00 USD", 1, "")];
    check(&left, &right, &["L1=R2 suggested", "L2=R1 suggested"]);
}

#[test]
fn m05_honest_twins_of_one_order_are_offered_in_order_and_of_two_orders_are_left_to_a_person() {
    let left = [payment("L1", "19.99 USD", 5, "30001"), payment("L2", "19.99 USD", 5, "30001")];
    let right = [receipt("R1", "19.99 USD", 5, "30001"), receipt("R2", "19.99 USD", 5, "30001")];
    check(&left, &right, &["L1=R1 suggested", "L2=R2 suggested"]);
    let left = [payment("L1", "19.99 USD", 5, ""), payment("L2", "19.99 USD", 5, "")];
    let right = [receipt("R1", "19.99 USD", 5, ""), receipt("R2", "19.99 USD", 5, "")];
    check(&left, &right, &["L1 open", "L2 open", "R1 open", "R2 open"]);
}

#[test]
fn m07_a_small_difference_is_offered_with_its_own_line() {
    let outcome = reconcile(
        &[payment("L1", "105.50 USD", 21, "30001")],
        &[receipt("R1", "105.43 USD", 20, "30001")],
        &MatchSettings::default(),
    );
    assert_eq!(told(&outcome), ["L1=R1 suggested"]);
    assert_eq!(outcome.matches[0].variance.to_string(), "0.07 USD");
}

#[test]
fn m09_equal_digits_in_two_currencies_never_meet() {
    check(
        &[payment("L1", "100.00 EUR", 5, "30001")],
        &[receipt("R1", "100.00 USD", 5, "30001")],
        &["L1 open", "R1 open"],
    );
}

#[test]
fn m10_one_receipt_for_two_equal_payments_is_a_choice_for_a_person() {
    let left = [payment("L1", "40.00 USD", 5, ""), payment("L2", "40.00 USD", 6, "")];
    check(&left, &[receipt("R1", "40.00 USD", 5, "")], &["L1=R1 suggested", "L2 open"]);
    let left = [payment("L1", "40.00 USD", 5, ""), payment("L2", "40.00 USD", 5, "")];
    check(&left, &[receipt("R1", "40.00 USD", 5, "")], &["L1 open", "L2 open", "R1 open"]);
}

#[test]
fn the_second_capture_of_an_order_is_a_twin_not_a_match_for_something_else() {
    let left = [payment("L1", "105.43 USD", 5, "30001"), payment("L2", "105.43 USD", 5, "30001")];
    let right = [receipt("R1", "105.43 USD", 6, "30001"), receipt("R9", "105.43 USD", 7, "")];
    let outcome = reconcile(&left, &right, &MatchSettings::default());
    assert_eq!(told(&outcome), ["L1=R1 automatic", "L2 open", "R9 open"]);
    assert!(matches!(outcome.left_over[0].why_not, WhyNot::Twin { .. }));
}

#[test]
fn tenders_remittances_and_split_receipts_are_found_by_their_shared_reference() {
    let left = [payment("L1", "35.05 USD", 5, "30001"), payment("L2", "29.90 USD", 5, "30001")];
    check(&left, &[receipt("R1", "64.95 USD", 6, "30001")], &["L1+L2=R1 automatic"]);
    let left = [payment("L1", "64.95 USD", 5, "30001")];
    let right = [receipt("R1", "30.00 USD", 6, "30001"), receipt("R2", "34.95 USD", 6, "30001-B")];
    check(&left, &right, &["L1=R1+R2 automatic"]);
    let left = [payment("L1", "10.00 USD", 5, "30001"), payment("L2", "20.00 USD", 5, "30002")];
    let right = [Item { memo: "orders 30001 and 30002".into(), ..receipt("R1", "30.00 USD", 6, "WIRE") }];
    check(&left, &right, &["L1+L2=R1 automatic"]);
}

#[test]
fn two_captures_of_one_order_are_two_matches_even_where_an_address_stands_for_the_name() {
    let left = [("L1", "311.37 USD", 19), ("L2", "199.07 USD", 20)].map(|it| payment(it.0, it.1, it.2, "253948"));
    let left = left.map(|it| named(it, "tomasz31@example.com"));
    let right = [("R1", "311.37 USD", 19), ("R2", "199.07 USD", 25)].map(|it| receipt(it.0, it.1, it.2, "253948"));
    let right = right.map(|it| named(it, "Tomasz Tremblay"));
    check(&left, &right, &["L1=R1 automatic", "L2=R2 automatic"]);
}

#[test]
fn net_of_the_gateways_own_fee() {
    let left = [Item { fee: Some("-3.36 USD".parse().unwrap()), ..payment("L1", "105.43 USD", 5, "30001") }];
    check(&left, &[receipt("R1", "102.07 USD", 6, "30001")], &["L1=R1 automatic"]);
}

#[test]
fn a_slip_of_the_pen_is_automatic_unless_the_name_or_another_order_speaks_against_it() {
    let left = [named(payment("L1", "105.43 USD", 5, "30001"), "Fiona's Potting Shed")];
    check(&left, &[named(receipt("R1", "105.43 USD", 6, "30010"), "Fionas Potting Shed")], &["L1=R1 automatic"]);
    check(&left, &[receipt("R1", "105.43 USD", 6, "30010")], &["L1=R1 automatic"]);
    check(&left, &[named(receipt("R1", "105.43 USD", 6, "30010"), "Peter Smith")], &["L1=R1 suggested"]);
    let two = [left[0].clone(), named(payment("L2", "88.00 USD", 5, "30010"), "Peter Smith")];
    check(&two, &[receipt("R1", "105.43 USD", 6, "30010")], &["L1=R1 suggested", "L2 open"]);
}

#[test]
fn a_decoy_number_in_a_memo_matches_nothing() {
    let left = [payment("L1", "105.43 USD", 5, "30001")];
    let right = [Item { memo: "PO 30001 ref".into(), ..receipt("R1", "88.00 USD", 6, "X") }];
    check(&left, &right, &["L1 open", "R1 open"]);
}

#[test]
fn an_entry_and_its_reversal_cancel_inside_the_ledger() {
    let right = [receipt("R1", "75.00 USD", 5, "TO-77001"), receipt("R2", "-75.00 USD", 6, "REV-TO-77001")];
    check(&[], &right, &["=R1+R2 automatic"]);
}

#[test]
fn accounts_that_are_both_known_must_be_the_same() {
    let left = [Item { account: "1210".into(), ..payment("L1", "10.00 USD", 5, "30001") }];
    let right = [Item { account: "1215".into(), ..receipt("R1", "10.00 USD", 5, "30001") }];
    check(&left, &right, &["L1 open", "R1 open"]);
}

fn side(prefix: &'static str) -> impl Strategy<Value = Vec<Item>> {
    let row = (0u8..6, 1i8..15, 0u8..4, 0u8..3, prop::bool::ANY);
    prop::collection::vec(row, 0..14).prop_map(move |rows| {
        rows.into_iter()
            .enumerate()
            .map(|(index, (amount, day, order, name, negative))| {
                let id = format!("{prefix}{index:02}");
                let sign = if negative { "-" } else { "" };
                let amount = format!("{sign}{}.00 {}", 10 + amount, if amount == 5 { "EUR" } else { "USD" });
                let reference = if order == 0 { String::new() } else { format!("3000{order}") };
                let one = if prefix == "L" {
                    payment(&id, &amount, day, &reference)
                } else {
                    receipt(&id, &amount, day, &reference)
                };
                named(one, ["", "Mary Jones", "Peter Smith"][usize::from(name)])
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Nothing is lost and nothing is counted twice, whatever the two systems send us.
    #[test]
    fn every_record_comes_out_exactly_once(left in side("L"), right in side("R")) {
        let outcome = reconcile(&left, &right, &MatchSettings::default());
        let mut seen: BTreeMap<RecordRef, usize> = BTreeMap::new();
        for member in outcome.matches.iter().flat_map(|it| it.members()) {
            *seen.entry(member.clone()).or_default() += 1;
        }
        for over in outcome.left_over.iter().chain(&outcome.right_over) {
            *seen.entry(over.record.clone()).or_default() += 1;
            prop_assert!(!over.why_not.sentence().is_empty());
        }
        for item in left.iter().chain(&right) {
            prop_assert_eq!(seen.get(&item.record), Some(&1), "{}", item.record);
        }
    }

    /// Row order changes nothing.
    #[test]
    fn the_order_of_the_rows_changes_nothing(left in side("L"), right in side("R"), turn in 0usize..14) {
        let first = reconcile(&left, &right, &MatchSettings::default());
        let (mut left, mut right) = (left, right);
        left.reverse();
        let turn = turn.min(right.len());
        right.rotate_left(turn);
        prop_assert_eq!(first, reconcile(&left, &right, &MatchSettings::default()));
    }

    /// What is automatic ties to the cent, in one currency.
    #[test]
    fn automatic_matches_tie_to_the_cent(left in side("L"), right in side("R")) {
        let outcome = reconcile(&left, &right, &MatchSettings::default());
        for group in outcome.matches.iter().filter(|it| it.status == MatchStatus::Automatic) {
            prop_assert!(group.variance.is_zero());
            let sum = |members: &[RecordRef], items: &[Item]| {
                let amounts = items.iter().filter(|it| members.contains(&it.record)).map(|it| it.amount);
                tieout_money::Totals::of(amounts).unwrap()
            };
            prop_assert_eq!(sum(&group.left, &left), sum(&group.right, &right));
        }
    }
}
