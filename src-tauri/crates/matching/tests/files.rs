#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
//! The laws of matching on files, and cases an accountant can read.

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tieout_matching::files::{self, BadFile, Inputs, Members, Refused};
use tieout_matching::solve::{SAFE, Solved, solve};
use tieout_matching::table::Book;

const PAYMENTS: &str =
    "payment_id,store,order_number,type,status,gateway,gateway_ref,created_at,currency,amount,customer_name,email\n";
const RECEIPTS: &str =
    "receipt_id,entity,bank_account,type,date,currency,amount,customer_id,customer_name,reference,memo\n";

fn read(payments: &str, receipts: &str) -> Result<(Book, Vec<Refused>), BadFile> {
    let inputs = Inputs {
        payments: ("payments.csv".into(), payments.as_bytes().to_vec()),
        receipts: ("receipts.csv".into(), receipts.as_bytes().to_vec()),
        rates: None,
    };
    files::read(inputs, Default::default())
}

struct Answer {
    matches: String,
    exceptions: String,
    explanations: String,
    /// `L1+L2=R1 automatic`, sorted.
    told: Vec<String>,
}

fn answer(payments: &[String], receipts: &[String]) -> Answer {
    answer_under("{}", payments, receipts)
}

fn answer_under(settings: &str, payments: &[String], receipts: &[String]) -> Answer {
    let (mut book, refused) =
        read(&format!("{PAYMENTS}{}", payments.concat()), &format!("{RECEIPTS}{}", receipts.concat())).unwrap();
    assert_eq!(refused, []);
    book.policy = files::settings("settings.json", settings).unwrap();
    let solved = solve(&book);
    let text = |put: &dyn Fn(&Book, &Solved, &mut dyn std::io::Write) -> std::io::Result<()>| {
        let mut bytes = Vec::new();
        put(&book, &solved, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let members = Members::new(&solved);
    let mut told: Vec<String> = members
        .groups()
        .map(|(_, group)| {
            let (lefts, rights) = members.of(group);
            let lefts: Vec<&str> = lefts.iter().map(|it| book.payments.id_text(*it)).collect();
            let rights: Vec<&str> = rights.iter().map(|it| book.receipts.id_text(*it)).collect();
            let safe = solved.groups[group as usize].confidence >= SAFE;
            format!("{}={} {}", lefts.join("+"), rights.join("+"), if safe { "automatic" } else { "suggested" })
        })
        .collect();
    told.sort();
    Answer {
        matches: text(&|book, solved, out| files::matches(book, solved, out)),
        exceptions: text(&|book, solved, out| files::exceptions(book, solved, out)),
        explanations: text(&|book, solved, out| files::explanations(book, solved, out)),
        told,
    }
}

fn payment(id: &str, order: &str, amount: &str, day: u8, name: &str) -> String {
    format!("{id},s1,{order},{},S,stripe,,2026-01-{day:02}T12:00:00Z,USD,{amount},{name},\n", kind_of(amount))
}

fn kind_of(amount: &str) -> &'static str {
    if amount.starts_with('-') { "refund" } else { "sale" }
}

fn receipt(id: &str, amount: &str, day: u8, name: &str, reference: &str, memo: &str) -> String {
    format!("{id},,B1,receipt,2026-01-{day:02},USD,{amount},,{name},{reference},{memo}\n")
}

fn check(payments: &[String], receipts: &[String], told: &[&str]) {
    assert_eq!(answer(payments, receipts).told, told);
}

#[test]
fn m01_exact_by_reference_however_it_is_written() {
    for (reference, memo) in
        [("2001", ""), ("O-2001", ""), ("0000002001", ""), ("", "order 2001 thanks"), ("#2001", "")]
    {
        check(
            &[payment("L1", "2001", "105.43", 29, "")],
            &[receipt("R1", "105.43", 30, "", reference, memo)],
            &["L1=R1 automatic"],
        );
    }
}

#[test]
fn m02_first_fit_would_strand_two_of_four() {
    // First-fit in order of the ids takes L1 with R1, nine days apart, and leaves the other two alone.
    let payments = [payment("L1", "", "100.00", 2, ""), payment("L2", "", "100.00", 10, "")];
    let receipts = [receipt("R1", "100.00", 11, "", "", ""), receipt("R2", "100.00", 3, "", "", "")];
    let told = answer(&payments, &receipts).told;
    let pairs: Vec<&str> = told.iter().filter_map(|it| it.split(' ').next()).collect();
    assert_eq!(pairs, ["L1=R2", "L2=R1"]);
}

#[test]
fn m05_m10_what_could_be_swapped_at_no_cost_is_never_automatic() {
    let payments = [payment("L1", "", "19.99", 5, ""), payment("L2", "", "19.99", 5, "")];
    let receipts = [receipt("R1", "19.99", 5, "", "", ""), receipt("R2", "19.99", 5, "", "", "")];
    assert!(answer(&payments, &receipts).told.iter().all(|it| !it.ends_with("automatic")));
    assert!(answer(&payments, &receipts[..1]).told.iter().all(|it| !it.ends_with("automatic")));
}

#[test]
fn m07_a_cent_is_a_named_difference() {
    let found = answer(&[payment("L1", "2001", "105.50", 21, "")], &[receipt("R1", "105.49", 21, "", "2001", "")]);
    assert_eq!(found.told, ["L1=R1 automatic"]);
    assert!(found.explanations.contains("\"difference\":\"0.01\""), "{}", found.explanations);
}

#[test]
fn m09_equal_digits_in_two_currencies_never_meet() {
    let euro = receipt("R1", "100.00", 5, "", "2001", "").replace("USD", "EUR");
    check(&[payment("L1", "2001", "100.00", 5, "")], &[euro], &[]);
}

#[test]
fn failed_and_voided_payments_never_match() {
    for status in ["F", "V"] {
        let payment = payment("L1", "2001", "100.00", 5, "").replace(",S,", &format!(",{status},"));
        check(&[payment], &[receipt("R1", "100.00", 5, "", "2001", "")], &[]);
    }
}

#[test]
fn tenders_remittances_and_split_receipts_are_found_by_their_reference() {
    let tenders = [payment("L1", "2001", "35.05", 5, ""), payment("L2", "2001", "29.90", 5, "")];
    check(&tenders, &[receipt("R1", "64.95", 6, "", "2001", "")], &["L1+L2=R1 automatic"]);
    let orders = [payment("L1", "2001", "10.00", 5, ""), payment("L2", "2002", "20.00", 5, "")];
    check(&orders, &[receipt("R1", "30.00", 6, "", "WIRE", "2001 and 2002")], &["L1+L2=R1 automatic"]);
    let parts = [receipt("R1", "30.00", 6, "", "2001", ""), receipt("R2", "34.95", 6, "", "2001", "")];
    check(&[payment("L1", "2001", "64.95", 5, "")], &parts, &["L1=R1+R2 automatic"]);
}

#[test]
fn fees_are_taken_off_and_a_decoy_number_matches_nothing() {
    // 2.9 % of 105.43 is 3.06, and 30 cents.
    check(
        &[payment("L1", "2001", "105.43", 5, "")],
        &[receipt("R1", "102.07", 6, "", "2001", "")],
        &["L1=R1 automatic"],
    );
    check(&[payment("L1", "2001", "105.43", 5, "")], &[receipt("R1", "88.00", 6, "", "", "PO 2001")], &[]);
}

#[test]
fn a_typo_needs_the_name_beside_it() {
    let payments = [payment("L1", "20014", "105.43", 5, "Fiona's Potting Shed")];
    check(&payments, &[receipt("R1", "105.43", 6, "Fionas Potting Shed", "20041", "")], &["L1=R1 automatic"]);
    let other = answer(&payments, &[receipt("R1", "105.43", 6, "Peter Smith", "30555", "")]);
    assert!(other.told.iter().all(|it| !it.ends_with("automatic")), "{:?}", other.told);
}

/// Twelve days of one gateway, paid out the day after: three payments a day less fees, cut off at 17:00.
#[test]
fn payouts_are_windows_of_their_channel_net_of_fees() {
    let (mut payments, mut receipts, mut expected) = (Vec::new(), Vec::new(), Vec::new());
    for day in 1..=12_u8 {
        let (mut net, mut ids) = (0, Vec::new());
        for (at, hour) in [(0, "18"), (1, "03"), (2, "11")] {
            let id = format!("L{day:02}{at}");
            let minor = 1_000 + i64::from(day) * 731 + at * 397;
            // After the cut-off belongs to the next day.
            let date = if hour == "18" { day } else { day + 1 };
            payments.push(format!(
                "{id},s1,{},sale,S,stripe,,2026-01-{date:02}T{hour}:00:00Z,USD,{}.{:02},,\n",
                9_000 + i64::from(day) * 10 + at,
                minor / 100,
                minor % 100
            ));
            net += minor - ((minor * 29 + 500) / 1_000 + 30);
            ids.push(id);
        }
        receipts.push(format!(
            "R{day:02},,B1,deposit,2026-01-{:02},USD,{}.{:02},,,,STRIPE payout\n",
            day + 3,
            net / 100,
            net % 100
        ));
        expected.push(format!("{}=R{day:02} automatic", ids.join("+")));
    }
    assert_eq!(answer(&payments, &receipts).told, expected);
}

#[test]
fn a_million_cents_of_one_kind_and_a_memo_of_a_megabyte_end_in_bounded_work() {
    let payments: Vec<String> = (0..2_000).map(|it| payment(&format!("L{it:05}"), "7777", "5.00", 5, "")).collect();
    let receipts: Vec<String> = (0..2_000).map(|it| receipt(&format!("R{it:05}"), "5.00", 5, "", "7777", "")).collect();
    let found = answer(&payments, &receipts);
    assert!(found.told.iter().all(|it| !it.ends_with("automatic")));
    let memo = "order 7777 ".repeat(100_000);
    check(&[payment("L1", "7777", "5.00", 5, "")], &[receipt("R1", "5.00", 5, "", "", &memo)], &["L1=R1 automatic"]);
}

#[test]
fn what_is_wrong_is_told_by_file_line_and_column() {
    let good = receipt("R1", "1.00", 5, "", "", "");
    let one = |payments: &str| read(payments, &format!("{RECEIPTS}{good}"));
    let missing = one("payment_id,store\nL1,s1\n").err().unwrap().to_string();
    assert!(missing.contains("payments.csv, line 1") && missing.contains("order_number"), "{missing}");
    let twice = format!("{PAYMENTS}{0}{0}", payment("L1", "", "1.00", 5, ""));
    assert!(one(&twice).err().unwrap().to_string().contains("payments.csv, line 3, column 1"));
    for (from, to, said) in [
        ("1.00", "1.001", "more than 2 decimals"),
        ("USD", "XYZ", "unknown currency"),
        ("2026-01-05", "2026-02-30", "there is no day"),
        (",S,", ",X,", "status"),
        ("sale", "gift", "type"),
        ("stripe,", "stripe,,", "fields"),
    ] {
        let row = payment("L1", "", "1.00", 5, "").replace(from, to);
        let (book, refused) = one(&format!("{PAYMENTS}{row}{}", payment("L2", "", "2.00", 5, ""))).unwrap();
        assert_eq!(book.payments.len(), 1);
        let told = refused[0].why.to_string();
        assert!(told.starts_with("payments.csv, line 2, column ") && told.contains(said), "{told}");
    }
    let (book, _) = read(PAYMENTS, RECEIPTS).unwrap();
    assert!(solve(&book).groups.is_empty());
}

#[test]
fn an_entry_and_its_reversal_cancel_and_a_receipt_and_its_refund_do_not() {
    let receipts = [receipt("R1", "75.00", 5, "", "CR-77001", ""), receipt("R2", "-75.00", 6, "", "REV CR-77001", "")];
    check(&[], &receipts, &["=R1+R2 automatic"]);
    let receipts = [receipt("R1", "75.00", 5, "", "77001", ""), receipt("R2", "-75.00", 6, "", "77001", "")];
    check(&[], &receipts, &[]);
    let payments = [payment("L1", "77001", "75.00", 5, ""), payment("L2", "77001", "-75.00", 6, "")];
    check(&payments, &receipts, &["L1=R1 automatic", "L2=R2 automatic"]);
}

#[test]
fn fees_that_no_setting_names_are_learned_from_what_references_hold_together() {
    let amounts: Vec<i64> = (0..30).map(|it| 2_000 + it * 731).collect();
    let money = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
    let fee = |minor: i64| (minor * 18 + 500) / 1_000 + 22;
    let order = |at: usize| format!("{}", 50_001 + at * 37);
    let mut payments: Vec<String> = Vec::new();
    let mut receipts: Vec<String> = Vec::new();
    for (at, amount) in amounts.iter().enumerate() {
        let day = 2 + (at % 20) as u8;
        payments.push(payment(&format!("L{at:02}"), &order(at), &money(*amount), day, ""));
        receipts.push(receipt(&format!("R{at:02}"), &money(amount - fee(*amount)), day + 1, "", &order(at), ""));
    }
    let told = answer(&payments, &receipts).told;
    assert_eq!(told.iter().filter(|it| it.ends_with(" automatic")).count(), 30, "{told:?}");
    // A handful proves no fee.
    let told = answer(&payments[..4], &receipts[..4]).told;
    assert_eq!(told.iter().filter(|it| it.ends_with(" automatic")).count(), 0, "{told:?}");
}

#[test]
fn a_remittance_takes_no_sale_and_refund_of_another_shop_with_it() {
    let elsewhere = |it: String| it.replace(",s1,", ",s2,");
    let payments = [
        payment("L1", "60291", "322.08", 10, "Harbor"),
        payment("L2", "60331", "17.99", 10, "Harbor"),
        elsewhere(payment("L3", "60331", "44.30", 4, "Matthew")),
        elsewhere(payment("L4", "60331", "-44.30", 9, "Matthew")),
    ];
    check(&payments, &[receipt("R1", "340.07", 12, "Harbor", "60291 60331", "")], &["L1+L2=R1 automatic"]);
}

#[test]
fn an_exception_says_what_would_have_to_be_allowed() {
    let change = |found: &Answer| {
        let line = found.explanations.lines().next().unwrap();
        serde_json::from_str::<serde_json::Value>(line).unwrap()["change"].clone()
    };
    let payments = [payment("L1", "30001", "105.43", 5, "Mary Jones")];
    let found = answer(&payments, &[receipt("R1", "105.36", 6, "Mary Jones", "30001", "")]);
    assert_eq!(change(&found), serde_json::json!({ "window_days": null, "tolerance_minor": 7 }));
    let found = answer(&payments, &[receipt("R1", "105.43", 28, "Mary Jones", "", "")]);
    assert_eq!(change(&found), serde_json::json!({ "window_days": 23, "tolerance_minor": null }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What an exception says would have made it match, put into the settings, does.
    #[test]
    fn the_counterfactual_applied_makes_the_match(minor in 500i64..90_000, off in 0i64..1_500, late in 0u8..26, named in prop::bool::ANY) {
        let money = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
        let name = if named { "Mary Jones" } else { "" };
        let payments = [payment("L1", "30001", &money(minor), 2, name)];
        let receipts = [receipt("R1", &money((minor - off).max(1)), 2 + late, name, if named { "30001" } else { "" }, "")];
        let first = answer(&payments, &receipts);
        if !first.told.is_empty() {
            return Ok(());
        }
        for line in first.explanations.lines() {
            let told: serde_json::Value = serde_json::from_str(line).unwrap();
            if let Some(change) = told["change"].as_object() {
                let change: serde_json::Map<_, _> = change.clone().into_iter().filter(|it| !it.1.is_null()).collect();
                let settings = serde_json::Value::Object(change).to_string();
                prop_assert_eq!(answer_under(&settings, &payments, &receipts).told.len(), 1, "{}", line);
            }
        }
    }
}

fn rows() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let left = prop::collection::vec((0u8..6, 1u8..20, 0u8..6, 0u8..4, 0u8..12, prop::bool::ANY), 0..24);
    let right = prop::collection::vec((0u8..8, 1u8..24, 0u8..6, 0u8..4, prop::bool::ANY), 0..24);
    (left, right).prop_map(|(left, right)| {
        let name = |it: u8| ["", "Mary Jones", "Peter Smith", "Ana Lopez"][usize::from(it)];
        let amount = |it: u8| ["10.00", "20.00", "30.00", "19.31", "-10.00", "77.77", "29.41", "9.41"][usize::from(it)];
        let order = |it: u8| if it == 0 { String::new() } else { format!("3000{it}") };
        let lefts = left.into_iter().enumerate().map(|(at, (value, day, number, who, status, euro))| {
            let row = payment(&format!("L{at:02}"), &order(number), amount(value), day, name(who));
            let row = if status == 0 { row.replace(",S,", ",F,") } else { row };
            if euro { row.replace("USD", "EUR") } else { row }
        });
        let rights = right.into_iter().enumerate().map(|(at, (value, day, number, who, euro))| {
            let row = receipt(&format!("R{at:02}"), amount(value), day, name(who), &order(number), "");
            if euro { row.replace("USD", "EUR") } else { row }
        });
        (lefts.collect(), rights.collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Exclusive, and nothing lost: every record is in one match or in the exceptions, never in both.
    #[test]
    fn every_record_comes_out_exactly_once((payments, receipts) in rows()) {
        let found = answer(&payments, &receipts);
        let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
        for line in found.matches.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            *seen.entry((fields[1].into(), fields[2].into())).or_default() += 1;
        }
        for line in found.exceptions.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            prop_assert!(!fields[2].is_empty());
            *seen.entry((fields[0].into(), fields[1].into())).or_default() += 1;
        }
        prop_assert_eq!(seen.len(), payments.len() + receipts.len());
        prop_assert!(seen.values().all(|it| *it == 1));
        for line in found.explanations.lines() {
            prop_assert!(line.contains("\"evidence\"") || line.contains("\"failed\":[\""), "{line}");
        }
    }

    /// Row order changes nothing, not a byte; the same files twice are the same bytes.
    #[test]
    fn the_order_of_the_rows_changes_not_a_byte((payments, receipts) in rows(), turn in 0usize..24) {
        let first = answer(&payments, &receipts);
        let (mut left, mut right) = (payments.clone(), receipts.clone());
        left.reverse();
        let turn = turn.min(right.len());
        right.rotate_left(turn);
        let second = answer(&left, &right);
        prop_assert_eq!(first.matches, second.matches);
        prop_assert_eq!(first.exceptions, second.exceptions);
        prop_assert_eq!(first.explanations, second.explanations);
    }

    /// Failed payments are in no match, a match is in one currency, and what is automatic ties out or says why not.
    #[test]
    fn no_match_breaks_a_law((payments, receipts) in rows()) {
        let (book, _) = read(&format!("{PAYMENTS}{}", payments.concat()), &format!("{RECEIPTS}{}", receipts.concat())).unwrap();
        let solved = solve(&book);
        let members = Members::new(&solved);
        for (_, group) in members.groups() {
            let (lefts, rights) = members.of(group);
            let found = &solved.groups[group as usize];
            let mut currencies = BTreeSet::new();
            for it in lefts {
                prop_assert_eq!(book.payments.status[*it as usize], tieout_matching::table::PayStatus::Settled);
                currencies.insert(book.payments.currency[*it as usize]);
            }
            currencies.extend(rights.iter().map(|it| book.receipts.currency[*it as usize]));
            prop_assert_eq!(currencies.len(), 1);
            prop_assert!(found.difference == 0 || !found.note.is_empty(), "{found:?}");
        }
    }

    /// Two automatic pairs whose payments are alike and whose receipts are alike could be swapped: there are none.
    #[test]
    fn no_two_automatic_pairs_could_be_swapped((payments, receipts) in rows()) {
        let found = answer(&payments, &receipts);
        let row = |rows: &[String], id: &str| {
            let line = rows.iter().find(|it| it.starts_with(&format!("{id},"))).unwrap();
            line.trim_end().split_once(',').unwrap().1.to_owned()
        };
        let mut seen = BTreeSet::new();
        for line in found.told.iter().filter(|it| it.ends_with(" automatic") && !it.contains('+')) {
            let (left, right) = line.trim_end_matches(" automatic").split_once('=').unwrap();
            prop_assert!(seen.insert((row(&payments, left), row(&receipts, right))), "{line} {:?}", found.told);
        }
    }
}
