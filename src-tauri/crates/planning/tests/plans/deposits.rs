//! Lines of the bank: cheques banked together, and what nobody knows.

use crate::town::*;
use insta::assert_snapshot;
use tieout_domain::*;
use tieout_planning::Why;

fn line(amount: &str, on: i8) -> Town {
    Town::new().open_row(row(SettlementKind::BankLine, "b/1", amount, "0.00", on), nothing())
}

fn cheque(no: &str, amount: &str, on: i8) -> Receipt {
    receipt(ReceiptKind::Payment, no, "", amount, on)
}

fn with(town: Town, cheques: Vec<Receipt>) -> Town {
    town.with(|it| it.receipts = cheques)
}

#[test]
fn cheques_that_come_to_the_line_in_one_way_only_are_a_deposit() {
    let three = || vec![cheque("3", "30.00", 11), cheque("1", "10.00", 12), cheque("2", "25.00", 10)];
    assert_snapshot!("two-of-three", with(line("40.00", 14), three()).told());
    assert_snapshot!("all-of-them", with(line("65.00", 14), three()).told());
    assert_snapshot!("none", with(line("41.00", 14), three()).told());
    assert_snapshot!(
        "two-ways",
        with(line("10.00", 14), vec![cheque("1", "10.00", 12), cheque("2", "10.00", 13)]).told()
    );
    assert_snapshot!("nothing-waits", line("40.00", 14).told());
    let bankless = with(line("40.00", 14), three()).replaced("bank = \"CHK\"\n\n[accounts]", "\n[accounts]");
    assert_snapshot!("no-bank", bankless.told());
    let many: Vec<Receipt> = (0..21).map(|it| cheque(&it.to_string(), "1.00", 12)).collect();
    assert_snapshot!("too-many", with(line("21.00", 14), many.clone()).told());
    assert_eq!(with(line("20.00", 14), many[..20].to_vec()).plan().proposals.len(), 1, "twenty are searched");
}

#[test]
fn only_posted_cheques_of_the_last_ten_days_in_undeposited_funds_are_in_a_deposit() {
    let one = |it: Receipt| with(line("10.00", 14), vec![it]).plan().proposals.len();
    assert_eq!(one(cheque("1", "10.00", 14)), 1);
    assert_eq!(one(cheque("1", "10.00", 4)), 1);
    assert_eq!(one(cheque("1", "10.00", 3)), 0, "eleven days");
    assert_eq!(one(cheque("1", "10.00", 15)), 0, "after the line");
    assert_eq!(one(Receipt { kind: ReceiptKind::Advance, ..cheque("1", "10.00", 14) }), 0);
    assert_eq!(one(Receipt { state: ReceiptState::Reversed, ..cheque("1", "10.00", 14) }), 0);
    assert_eq!(one(Receipt { amount: eur("10.00"), ..cheque("1", "10.00", 14) }), 0);
    assert_eq!(one(Receipt { account: "1210".into(), ..cheque("1", "10.00", 14) }), 0, "a gateway's");
    let taken = with(line("10.00", 14), vec![cheque("1", "10.00", 14)]);
    assert_eq!(taken.with(|it| it.facts_under_way.insert(it.receipts[0].record())).plan().proposals.len(), 0);
}

#[test]
fn a_line_that_is_a_payout_is_no_deposit() {
    let payout = |amount: &str, on| row(SettlementKind::Payout, "p", amount, "0.00", on);
    let told =
        |it: SettlementRow| line("40.00", 14).with(|town| town.rows.push(it)).told().contains("unmatched-bank-line");
    assert!(!told(payout("-40.00", 14)) && !told(payout("-40.00", 4)));
    assert!(told(payout("-40.00", 3)) && told(payout("-40.00", 15)) && told(payout("-40.01", 14)));
    assert!(told(SettlementRow { kind: SettlementKind::Fee, ..payout("-40.00", 14) }));
}

#[test]
fn lines_before_the_cut_over_or_taken_care_of_are_left_alone_and_two_answers_are_none() {
    assert_eq!(line("40.00", 1).told(), "");
    assert_ne!(line("40.00", 2).told(), "");
    let record = row(SettlementKind::BankLine, "b/1", "40.00", "0.00", 14).record();
    assert_eq!(line("40.00", 14).with(|it| it.suggested.insert(record.clone())).told(), "");
    let why = Why::Ambiguous { with: vec![record], sentence: "it fits two entries".into() };
    assert_snapshot!(line("40.00", 14).with(|it| it.left[0].why = why).told());
}
