//! Captures that no receipt in the ledger is of, and receipts that no capture is of.

use crate::town::*;
use insta::assert_snapshot;
use tieout_domain::*;
use tieout_planning::{Choice, Why};

fn paid_in_full() -> Town {
    Town::new().order(o2001()).invoice(invoice(1, "105.43", "105.43")).open(capture(1, 11, "105.43", 10), nothing())
}

#[test]
fn a_capture_of_an_open_invoice_is_a_receipt() {
    assert_snapshot!(paid_in_full().told());
}

#[test]
fn what_is_taken_care_of_suggested_or_before_the_cut_over_is_left_alone() {
    let one = capture(1, 11, "105.43", 10).record();
    for town in [
        paid_in_full().with(|it| it.facts_under_way.insert(one.clone())),
        paid_in_full().with(|it| it.suggested.insert(one.clone())),
        paid_in_full().with(|it| it.payments[0].on = day(1)),
        paid_in_full().with(|it| it.payments[0].kind = PaymentEventKind::Authorization),
        paid_in_full().with(|it| it.left.clear()),
        paid_in_full().with(|it| it.under_way.insert(PostingId("p-TO-1001-L.C".into()))),
    ] {
        assert_eq!(town.told(), "");
    }
    assert_eq!(paid_in_full().with(|it| it.payments[0].on = day(2)).plan().proposals.len(), 1, "the day itself");
}

#[test]
fn a_capture_without_its_order_its_method_or_its_status_is_held() {
    assert_snapshot!("no-order", paid_in_full().with(|it| it.orders.clear()).told());
    assert_snapshot!("no-method", paid_in_full().with(|it| it.payments[0].method = "Barter".into()).told());
    let strange = PaymentStatus::Unknown("ZZ".into());
    assert_snapshot!("strange-status", paid_in_full().with(|it| it.orders[0].payment_status = strange).told());
}

#[test]
fn the_oldest_invoice_takes_first_and_what_is_left_goes_to_the_next_of_the_same_customer() {
    let town = Town::new()
        .order(order(1, "100.00"))
        .open(capture(1, 11, "70.00", 10), nothing())
        .with(|it| it.payments[0].gateway_ref = None)
        .with(|it| it.orders[0].payment_status = PaymentStatus::PartiallyPaid);
    let newer = Invoice { number: "INV-1001-B".into(), on: day(8), ..invoice(1, "50.00", "50.00") };
    let other = Invoice { number: "INV-1001-C".into(), customer_id: "C-8".into(), ..newer.clone() };
    assert_snapshot!("two", town.clone().invoice(newer.clone()).invoice(invoice(1, "50.00", "50.00")).told());
    assert_snapshot!("of-another", town.invoice(other).invoice(invoice(1, "50.00", "50.00")).told());
}

#[test]
fn captures_that_pay_together_each_take_their_part() {
    let town = Town::new()
        .order(order(1, "100.00"))
        .invoice(invoice(1, "100.00", "100.00"))
        .open(capture(1, 12, "60.00", 11), nothing())
        .open(capture(1, 11, "40.00", 10), nothing());
    assert_snapshot!("both", town.told());
    let three = town.open(capture(1, 13, "5.00", 12), nothing());
    assert_snapshot!("one-too-many", three.told());
}

#[test]
fn a_small_overpayment_is_written_off_within_every_limit_and_held_above_any() {
    let over = |by: &str| {
        let amount = usd("105.43").checked_add(usd(by)).unwrap();
        paid_in_full().with(|it| it.payments[0].amount = amount)
    };
    assert_snapshot!("written-off", over("0.10").told());
    let held = |town: &Town| town.plan().exceptions.iter().any(|it| it.kind == ExceptionKind::AmountVariance);
    assert!(held(&over("0.11")), "an item");
    let cheap = |cents: &str| over(cents).replaced("[orders]", "[limits]\nwrite_off_basis_points = 2\n[orders]");
    assert!(!held(&cheap("0.02")) && held(&cheap("0.03")), "a share of it: 2 of 10,000 of 105.45");
    let spent = |on, amount: &str| over("0.10").with(|it| it.written_off.push((on, usd(amount))));
    assert!(!held(&spent(day(10), "4.90")) && held(&spent(day(10), "-4.91")), "the day");
    assert!(!held(&spent(day(11), "4.91")), "another day");
    assert!(!held(&spent(day(28), "49.90")) && held(&spent(day(28), "49.91")), "the period");
    assert!(!held(&spent(jiff::civil::date(2026, 2, 1), "49.91")), "another period");
    let euros = over("0.10").with(|it| it.written_off.push((day(10), eur("4.91"))));
    assert!(!held(&euros), "another currency");
    assert_snapshot!("held", over("0.11").told());
}

#[test]
fn what_this_run_writes_off_counts_towards_the_days_limit() {
    let limit = Town::new().replaced("[orders]", "[limits]\nwrite_off_day = \"0.15\"\n[orders]");
    let town = (1..=2).fold(limit, |town, id| {
        town.order(order(id, "100.00"))
            .invoice(invoice(id, "100.00", "100.00"))
            .open(capture(id, 10 + id, "100.10", 10), nothing())
    });
    assert_snapshot!(town.told());
}

#[test]
fn a_short_payment_waits_for_a_person_who_keeps_the_rest_open_or_writes_it_off() {
    let short = || paid_in_full().with(|it| it.payments[0].amount = usd("100.43"));
    assert_snapshot!("short-and-held", short().told());
    let chosen = |choice: Choice| short().with(|it| it.choices.insert("TO-1001-L.C".into(), choice));
    assert_snapshot!("kept-partial", chosen(Choice::KeepPartial).told());
    assert_snapshot!("the-rest-written-off", chosen(Choice::WriteOffShort).told());
    let nowhere = chosen(Choice::WriteOffShort).replaced("bank_charges = \"6910\"", "bank_charges = \"\"");
    assert_snapshot!("no-account", nowhere.told());
    for status in [PaymentStatus::PartiallyPaid, PaymentStatus::Authorized] {
        let partial = short().with(|it| it.orders[0].payment_status = status);
        assert_eq!((partial.plan().proposals.len(), partial.plan().exceptions.len()), (1, 0), "a part is right");
    }
}

#[test]
fn a_day_a_person_chose_is_shown_beside_its_own() {
    let closed = || paid_in_full().with(|it| it.books.as_mut().unwrap().closed_through = Some(day(10)));
    assert_snapshot!("closed", closed().told());
    let moved = closed().with(|it| it.choices.insert("TO-1001-L.C".into(), Choice::PostOn(day(11))));
    assert_snapshot!("moved", moved.told());
}

#[test]
fn several_candidates_are_shown_with_the_receipt_or_instead_of_it() {
    let with = vec![receipt(ReceiptKind::Payment, "55", "x", "105.43", 10).record()];
    let why = || Why::Ambiguous { with: with.clone(), sentence: "it fits two receipts".into() };
    assert_snapshot!("an-invoice-is-open", paid_in_full().with(|it| it.left[0].why = why()).told());
    let without = paid_in_full().with(|it| it.left[0].why = why()).with(|it| it.invoices.clear());
    assert_snapshot!("none-is", without.told());
}

#[test]
fn money_before_any_invoice_is_an_advance() {
    let early = || paid_in_full().with(|it| it.invoices.clear());
    assert_snapshot!("advance", early().told());
    assert_snapshot!("no-account-for-deposits", early().replaced("customer_deposits = \"2300\"", "").told());
    assert_snapshot!("no-customer", early().with(|it| it.customers = vec![customer("C-8")]).told());
}

#[test]
fn an_invoice_that_leaves_nothing_open_or_is_in_another_currency_is_told() {
    let paid = paid_in_full().with(|it| it.invoices[0].due = usd("0.00"));
    assert_snapshot!("paid", paid.told());
    let foreign = paid_in_full().with(|it| (it.invoices[0].total, it.invoices[0].due) = (eur("99.00"), eur("99.00")));
    assert_snapshot!("foreign", foreign.told());
    let draft = paid_in_full().with(|it| it.invoices[0].state = "Draft".into());
    assert_snapshot!("draft", draft.told());
}

#[test]
fn a_receipt_of_its_order_with_another_amount_is_told_once() {
    let town = paid_in_full().with(|it| it.invoices.clear());
    let of_order = || receipt(ReceiptKind::Payment, "55", "order 1001", "104.43", 10);
    assert_snapshot!("one", town.clone().open_receipt(of_order(), nothing()).told());
    let two = town.clone().open_receipt(of_order(), nothing());
    let two = two.open_receipt(Receipt { record_no: "56".into(), ..of_order() }, nothing());
    assert_eq!(two.plan().proposals.len(), 1, "two of them tell nothing, so it is an advance");
    for other in [
        receipt(ReceiptKind::Advance, "55", "order 1001", "104.43", 10),
        receipt(ReceiptKind::Payment, "55", "order 1002", "104.43", 10),
        Receipt { state: ReceiptState::Reversed, ..of_order() },
        Receipt { amount: usd("105.43"), ..of_order() },
        Receipt { amount: eur("104.43"), ..of_order() },
    ] {
        assert_eq!(town.clone().open_receipt(other.clone(), nothing()).plan().proposals.len(), 1, "{other:?}");
    }
}

#[test]
fn a_second_capture_of_an_order_that_is_paid_waits_as_unapplied_cash() {
    let twice = Town::new()
        .order(order(1, "50.00"))
        .invoice(invoice(1, "50.00", "50.00"))
        .open(capture(1, 11, "50.00", 10), nothing())
        .open(capture(1, 12, "50.00", 10), nothing());
    assert_snapshot!("twice", twice.told());
    let matched = twice.clone().with(|it| it.left.remove(0)).with(|it| it.invoices[0].due = usd("0.00"));
    assert_snapshot!("the-first-is-in-the-ledger", matched.told());
    let other_method = twice.clone().with(|it| it.payments[1].method = "Check".into());
    assert!(!other_method.told().contains("duplicate"), "another method is another payment");
    let together = twice.with(|it| it.orders[0].total = usd("100.00"));
    assert!(!together.told().contains("duplicate"), "both pay the order together");
    let twin = Why::Twin { of: capture(1, 12, "50.00", 10).record() };
    let earlier = Town::new()
        .order(order(1, "50.00"))
        .open(capture(1, 11, "50.00", 10), twin)
        .with(|it| it.payments.push(capture(1, 12, "50.00", 10)));
    assert_snapshot!("the-later-one-is-matched", earlier.told());
}

#[test]
fn an_advance_is_applied_to_the_one_open_invoice_of_its_order() {
    let advance = || Receipt {
        unapplied: usd("80.00"),
        account: "1210".into(),
        ..receipt(ReceiptKind::Advance, "70", "TO-1001-L", "105.43", 4)
    };
    let town = |it: Receipt| Town::new().invoice(invoice(1, "105.43", "105.43")).with(|town| town.receipts.push(it));
    assert_snapshot!("applied", town(advance()).told());
    assert_snapshot!("less-is-due", town(advance()).with(|it| it.invoices[0].due = usd("5.43")).told());
    let two = Invoice { number: "INV-1001-B".into(), ..invoice(1, "20.00", "20.00") };
    assert_snapshot!("two-invoices", town(advance()).invoice(two).told());
    assert_snapshot!("to-a-bank", town(Receipt { account: "EUR".into(), ..advance() }).told());
    assert_snapshot!("by-its-account", town(Receipt { account: "1215".into(), ..advance() }).told());
    assert_snapshot!("to-an-account-no-method-names", town(Receipt { account: "1099".into(), ..advance() }).told());
    for other in [
        Receipt { kind: ReceiptKind::Payment, ..advance() },
        Receipt { state: ReceiptState::Reversed, ..advance() },
        Receipt { unapplied: usd("0.00"), ..advance() },
        Receipt { on: day(1), ..advance() },
        Receipt { customer_id: "C-8".into(), ..advance() },
        Receipt { amount: eur("80.00"), ..advance() },
        Receipt { reference: "TO-1002-L".into(), ..advance() },
        Receipt { account: String::new(), ..advance() },
    ] {
        assert_eq!(town(other.clone()).told(), "", "{other:?}");
    }
    let named = town(Receipt { reference: "for 1001, thanks".into(), ..advance() });
    assert_eq!(named.plan().proposals.len(), 1, "named by a person");
    assert_eq!(town(advance()).with(|it| it.invoices[0].state = "Draft".into()).told(), "");
}

#[test]
fn payments_whose_rows_do_not_say_whether_money_moved_are_told() {
    let unknown = |note: &str, on| PaymentEvent {
        kind: PaymentEventKind::Unknown,
        note: note.into(),
        ..capture(1, 11, "9.00", on)
    };
    let town = Town::new().with(|it| it.payments.push(unknown("", 10)));
    assert_snapshot!(
        town.with(|it| it.payments.push(PaymentEvent { transaction: 12, ..unknown("odd row", 2) })).told()
    );
    assert_eq!(Town::new().with(|it| it.payments.push(unknown("", 1))).told(), "");
}

#[test]
fn what_the_ledger_holds_alone_is_named_by_what_it_is() {
    let one = |no: &str| receipt(ReceiptKind::Payment, no, "", "30.00", 10);
    let twin = || Why::Twin { of: receipt(ReceiptKind::Payment, "50", "", "30.00", 10).record() };
    let payout = row(SettlementKind::Payout, "p1", "-30.00", "0.00", 9);
    let copy = Receipt { kind: ReceiptKind::JournalLine, account: "1210".into(), amount: usd("-30.00"), ..one("55") };
    let ambiguous = Why::Ambiguous { with: vec![one("50").record()], sentence: "it fits two payments".into() };
    let town = Town::new()
        .open_receipt(one("51"), nothing())
        .open_receipt(one("52"), twin())
        .open_receipt(one("53"), ambiguous)
        .open_receipt(Receipt { state: ReceiptState::Unknown("Odd".into()), ..one("54") }, nothing())
        .open_receipt(copy.clone(), twin())
        .open_receipt(Receipt { state: ReceiptState::NotPosted("Draft".into()), ..one("56") }, nothing())
        .open_receipt(Receipt { state: ReceiptState::Reversed, ..one("57") }, nothing())
        .open_receipt(Receipt { on: day(1), ..one("58") }, nothing())
        .open_receipt(Receipt { on: day(1), state: ReceiptState::NotPosted("Draft".into()), ..one("59") }, nothing())
        .with(|it| it.rows.push(payout));
    assert_snapshot!(town.told());
    let ours = Receipt { state: ReceiptState::NotPosted("Draft".into()), reference: "TO-9".into(), ..one("56") };
    let ours = Town::new().open_receipt(ours, nothing());
    assert_eq!(ours.with(|it| it.under_way.insert(PostingId("p-TO-9".into()))).told(), "");
    for no_payout in [Receipt { account: "1090".into(), ..copy.clone() }, Receipt { amount: usd("30.00"), ..copy }] {
        let told = Town::new().open_receipt(no_payout, twin()).told();
        assert!(told.starts_with("! duplicate-receipt"), "{told}");
    }
}

#[test]
fn an_invoice_that_is_due_and_that_nobody_paid_is_told() {
    let due = |on| Invoice { due_on: Some(day(on)), ..invoice(1, "30.00", "20.00") };
    assert_snapshot!(Town::new().invoice(due(19)).told());
    assert_eq!(Town::new().invoice(due(20)).told(), "", "on the day itself it is not late");
    assert_eq!(Town::new().invoice(Invoice { on: day(1), ..due(19) }).told(), "");
    assert_eq!(Town::new().invoice(Invoice { due: usd("0.00"), ..due(19) }).told(), "");
    let paid = |it: &mut Town| it.payments.push(capture(1, 11, "30.00", 10));
    assert_eq!(Town::new().invoice(due(19)).with(paid).told(), "");
}
