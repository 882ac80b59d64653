#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
//! What is learned from accepted matches, and what is expected because of it.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tieout_domain::{ObjectKind, ReceiptKind, RecordRef, SourceId};
use tieout_matching::expect::{FeeFrom, Known, Standing, expectations};
use tieout_matching::learn::{Channel, LagKind, Lags, Together, aliases, lags, proposals, rhythms, score};
use tieout_matching::rules::{Facts, Rules};
use tieout_matching::{Item, ItemKind};
use tieout_money::{Currency, Money};

fn item(is_left: bool, id: usize, amount: &str, on: Date, kind: ItemKind) -> Item {
    let (source, object) = if is_left {
        (SourceId::xcart("larkspur"), ObjectKind::Payment)
    } else {
        (SourceId::intacct("LARK"), ObjectKind::Receipt)
    };
    Item {
        record: RecordRef::new(source, object, id.to_string()),
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
        account: "1210".into(),
        fee: None,
    }
}

fn capture(id: usize, amount: &str, day: i8) -> Item {
    item(true, id, amount, date(2026, 1, day), ItemKind::Capture)
}

fn receipt(id: usize, amount: &str, day: i8) -> Item {
    item(false, id, amount, date(2026, 1, day), ItemKind::Receipt(ReceiptKind::Payment))
}

fn together<'a>(left: &'a [Item], right: &'a [Item]) -> Vec<Together<'a>> {
    left.iter().zip(right).map(|(left, right)| Together { left, right }).collect()
}

#[test]
fn a_payer_is_a_customer_until_another_one_is_met() {
    let payer = |id, email: &str| Item { email: email.into(), party: "M. Jones".into(), ..capture(id, "10.00 USD", 1) };
    let of = |id, customer: &str| Item {
        customer_id: customer.into(),
        party: "Larkspur Ltd".into(),
        ..receipt(id, "10.00 USD", 2)
    };
    let left = [payer(1, "Mira@Example.com"), payer(2, "mira@example.com "), payer(3, ""), payer(4, "b@example.com")];
    let right = [of(1, "C-7"), of(2, "C-7"), of(3, "C-8"), of(4, "")];
    let all = aliases(&together(&left, &right));
    let told: Vec<_> = all.iter().map(|it| (it.payer.as_str(), it.customer.as_str(), it.matches, it.others)).collect();
    assert_eq!(told, [("m. jones", "C-8", 1, 0), ("mira@example.com", "C-7", 2, 0)]);
    assert_eq!(all[1].customer_name, "Larkspur Ltd");

    let right = [of(1, "C-7"), of(2, "C-9"), of(3, "C-8"), of(4, "")];
    let all = aliases(&together(&left, &right));
    assert!(!all[1].is_certain(), "met with two customers, it is no one's alias");
}

#[test]
fn how_late_a_channel_is_and_when_it_pays_out() {
    let left: Vec<Item> = (0..20).map(|at| capture(at, "10.00 USD", 1)).collect();
    let right: Vec<Item> = (0..20).map(|at| receipt(at, "10.00 USD", 2 + (at % 4) as i8)).collect();
    let known = lags(&together(&left, &right), &[]);
    let channel = Channel { account: "1210".into(), currency: Currency::USD, kind: LagKind::Booking };
    let lag = &known[&channel];
    assert_eq!((lag.matches, lag.soonest, lag.usual, lag.latest, lag.longest), (20, 1, 2, 4, 4));
    assert!(lags(&together(&left[..4], &right[..4]), &[]).is_empty(), "four matches say nothing");

    // Mondays and Thursdays, each with captures of two days before.
    let mut payouts = Vec::new();
    for (at, day) in [5, 8, 12, 15, 19, 22].into_iter().enumerate() {
        let id = format!("po_{at}");
        payouts.push(Item {
            payout_id: id.clone(),
            ..item(true, 100 + at, "-50.00 USD", date(2026, 1, day), ItemKind::Payout)
        });
        payouts.push(Item { payout_id: id, ..capture(200 + at, "50.00 USD", day - 2) });
    }
    let rhythm = &rhythms(&payouts)[0];
    assert_eq!((rhythm.payouts, rhythm.every_days, rhythm.weekdays), (6, 3, [3, 0, 0, 3, 0, 0, 0]));
    assert_eq!(rhythm.days().len(), 2);
    let settled = Channel { kind: LagKind::Settlement, ..channel };
    assert_eq!(lags(&[], &payouts)[&settled].usual, 2);
}

/// Cheques that somebody books two days later, less what the bank keeps; matched by hand, one by one.
fn by_hand(count: usize) -> (Vec<Item>, Vec<Item>) {
    let left = (0..count).map(|at| capture(at, &format!("{}.00 USD", 100 + at * 13), 5 + at as i8));
    let right = (0..count).map(|at| Item {
        memo: "LOCKBOX deposit".into(),
        ..receipt(at, &format!("{}.50 USD", 98 + at * 13), 7 + at as i8)
    });
    (left.collect(), right.collect())
}

#[test]
fn three_matches_alike_are_a_rule_to_look_at_and_two_are_none() {
    let facts = Facts { party_percent: 88, ..Facts::default() };
    let (left, right) = by_hand(2);
    assert_eq!(proposals(&together(&left, &right), &facts), []);

    let (mut left, mut right) = by_hand(5);
    let found = proposals(&together(&left[..3], &right[..3]), &facts);
    assert_eq!((found.len(), found[0].alike), (1, 3));
    let rule = &found[0].rule;
    assert_eq!(rule.of.memo, ["deposit"]);
    assert_eq!((rule.window.before, rule.window.after), (0, 2));
    assert_eq!(rule.tolerance.below.unwrap().to_string(), "1.50 USD");
    let text = rule.to_text();
    assert_eq!(Rules::parse(&text).unwrap().rules().next(), Some(rule), "{text}");

    // Two more that are matched the same way, one that is matched with something else, one that is open.
    right[4].amount = "149.00 USD".parse().unwrap();
    left.push(capture(9, "300.00 USD", 5));
    right.push(Item { memo: "lockbox deposit".into(), ..receipt(9, "299.00 USD", 6) });
    let other = receipt(10, "152.00 USD", 20);
    let mut known = together(&left[..4], &right[..4]);
    known.push(Together { left: &left[4], right: &other });
    let scored = score(rule, &facts, &left, &right, &known);
    assert_eq!((scored.right, scored.wrong, scored.new, scored.in_scope), (4, 0, 1, 4));
    left[4].amount = "150.00 USD".parse().unwrap();
    let mut known = together(&left[..4], &right[..4]);
    known.push(Together { left: &left[4], right: &other });
    let scored = score(rule, &facts, &left, &right, &known);
    assert_eq!((scored.right, scored.wrong, scored.new), (4, 1, 1));
    assert_eq!((scored.precision(), scored.recall()), (Some(8_000), Some(10_000)));
}

#[test]
fn a_capture_expects_its_counterpart_and_ages_when_it_does_not_come() {
    let fee = |_: &str, _: Currency, amount: Money| Some(Money::from_minor(-amount.minor() / 100, amount.currency()));
    let none = Lags::new();
    let known = Known { lags: &none, days_after_max: 12, contract_fee: &fee };
    let told = Item { fee: Some("-3.36 USD".parse().unwrap()), ..capture(1, "105.43 USD", 5) };
    let silent = capture(2, "200.00 USD", 5);
    let all = expectations([&silent, &told], &known);
    assert_eq!((all[0].net.to_string(), all[0].fee_from), ("102.07 USD".into(), FeeFrom::File));
    assert_eq!((all[1].net.to_string(), all[1].fee_from), ("198.00 USD".into(), FeeFrom::Contract));
    assert_eq!((all[0].from, all[0].to, all[0].learned_from), (date(2026, 1, 5), date(2026, 1, 17), None));

    let left: Vec<Item> = (0..20).map(|at| capture(at, "10.00 USD", 1)).collect();
    let right: Vec<Item> = (0..20).map(|at| receipt(at, "10.00 USD", 3 + (at % 2) as i8)).collect();
    let learned = lags(&together(&left, &right), &[]);
    let known = Known { lags: &learned, ..known };
    let it = &expectations([&told], &known)[0];
    assert_eq!((it.from, it.to, it.learned_from), (date(2026, 1, 7), date(2026, 1, 8), Some(20)));
    let standings = [6, 7, 8, 9, 12].map(|day| it.standing(date(2026, 1, day)));
    let expected = [Standing::NotYet, Standing::Due, Standing::Due, Standing::Overdue(1), Standing::Overdue(4)];
    assert_eq!(standings, expected);
    let other = item(true, 5, "-1.00 USD", date(2026, 1, 1), ItemKind::Fee);
    assert_eq!(expectations([&other], &known), [], "a fee expects nothing");
}

proptest! {
    #[test]
    fn the_order_of_matches_changes_nothing_that_is_learned(days in prop::collection::vec((1i8..20, 0i8..9, 0usize..4), 5..40)) {
        let side = |order: &[(i8, i8, usize)]| -> (Vec<Item>, Vec<Item>) {
            let left = order.iter().enumerate().map(|(at, (day, _, who))| Item {
                email: format!("p{who}@example.com"),
                ..capture(usize::from(day.unsigned_abs()) * 100 + at, "10.00 USD", *day)
            });
            let right = order.iter().enumerate().map(|(at, (day, lag, who))| Item {
                customer_id: format!("C-{}", who / 2),
                ..receipt(at, "10.00 USD", day + lag)
            });
            (left.collect(), right.collect())
        };
        let mut back = days.clone();
        back.reverse();
        let ((left, right), (left_too, right_too)) = (side(&days), side(&back));
        prop_assert_eq!(aliases(&together(&left, &right)), aliases(&together(&left_too, &right_too)));
        let known = lags(&together(&left, &right), &left);
        prop_assert_eq!(&known, &lags(&together(&left_too, &right_too), &left_too));
        for lag in known.values() {
            prop_assert!(lag.soonest <= lag.usual && lag.usual <= lag.latest && lag.latest <= lag.longest);
        }
        let none = |_: &str, _: Currency, _: Money| None;
        let open: Vec<Item> = left.iter().take(3).cloned().collect();
        let all = expectations(&open, &Known { lags: &known, days_after_max: 12, contract_fee: &none });
        let records: BTreeSet<&RecordRef> = all.iter().map(|it| &it.record).collect();
        prop_assert_eq!(records.len(), open.len(), "every capture that is open expects one counterpart");
        prop_assert!(all.iter().all(|it| it.from <= it.to));
    }
}
