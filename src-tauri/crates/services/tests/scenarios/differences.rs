//! Receipts that are not what the invoice asks for: too little, and a little too much.

use crate::books::invoice;
use crate::expected::{balances, of};
use crate::rig::{ANN, Rig};
use crate::shop::{self, Sale, captured, money};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use tieout_domain::ExceptionKind;
use tieout_planning::Choice;
use tieout_sandbox::intacct::sample::small_company;
use tieout_services::choose_about;

/// An invoiced order of each sale, paid by wire with what really arrived.
async fn paid_by_wire(on: Date, sales: &[(Sale, &str)]) -> Rig {
    let (mut store, mut books) = (shop::store(), small_company());
    for (at, (sale, arrived)) in sales.iter().enumerate() {
        let wire = captured("Wire Transfer", on, money(arrived), &format!("wire_{at}"));
        store.add_order(sale.order("P", vec![wire]));
        invoice(&mut books, sale, sale.placed);
    }
    Rig::start(on, store, books).await
}

async fn short_by_ten() -> Rig {
    let sale = Sale::of("2010", date(2026, 1, 10), "1000.00");
    paid_by_wire(date(2026, 1, 20), &[(sale, "990.00")]).await
}

/// What Ann answers to the one exception there is.
fn answer(rig: &Rig, choice: Choice) {
    choose_about(&rig.company, ANN, &rig.exceptions()[0].records[0], &choice).unwrap();
}

#[tokio::test]
async fn j12_a_short_payment_is_never_read_silently() {
    let rig = short_by_ten().await;
    let opening = rig.balances();
    assert!(rig.settle().await.is_empty());
    assert!(rig.moved_since(&opening).is_empty());
    assert_eq!(rig.exception_kinds(), [ExceptionKind::AmountVariance]);
    let exception = &rig.exceptions()[0];
    assert_eq!(exception.at_stake.unwrap().to_string(), "-10.00 USD");
    assert!(exception.why_not.contains("write it off or keep it partial"), "{}", exception.why_not);
}

#[tokio::test]
async fn j12_a_short_payment_written_off_goes_to_bank_charges() {
    let rig = short_by_ten().await;
    rig.settle().await;
    let opening = rig.balances();
    answer(&rig, Choice::WriteOffShort);
    let posted = rig.settle().await;
    assert_eq!(posted.len(), 2, "a receipt and a credit memo, shown together");
    assert_eq!(rig.moved_since(&opening), of("J12"));
    assert_eq!(rig.exceptions(), []);
    rig.assert_tied_out(date(2026, 1, 1), date(2026, 1, 20));
}

#[tokio::test]
async fn j12_a_short_payment_kept_partial_leaves_the_rest_open() {
    let rig = short_by_ten().await;
    rig.settle().await;
    let opening = rig.balances();
    answer(&rig, Choice::KeepPartial);
    assert_eq!(rig.settle().await.len(), 1);
    assert_eq!(rig.moved_since(&opening), balances(&[("1000", "990.00"), ("1100", "-990.00")]));
    assert_eq!(rig.balances()["1100"], money("10.00"), "10.00 stays open");
    let later = date(2026, 1, 25);
    rig.go_to(later);
    rig.shop(|store| {
        let order = store.orders.values().next().unwrap().id;
        store.add_transaction(order, captured("Wire Transfer", later, money("10.00"), "wire_1")).unwrap();
        store.touch(order);
    });
    rig.settle().await;
    assert_eq!(rig.balances().get("1100"), None, "and the rest is paid like any payment");
    assert_eq!(rig.exceptions(), []);
}

#[tokio::test]
async fn j12_the_last_choice_counts_until_it_is_posted() {
    let rig = short_by_ten().await;
    rig.settle().await;
    answer(&rig, Choice::WriteOffShort);
    answer(&rig, Choice::KeepPartial);
    rig.look().await;
    assert_eq!(rig.proposals().len(), 1);
    rig.company.store.write(ANN, rig.company.now(), |tx| tx.undo().map(|_| ())).unwrap();
    rig.look().await;
    assert_eq!(rig.proposals().len(), 2, "undone, the choice before it stands again");
}

#[tokio::test]
async fn j13_seven_cents_too_much_are_written_off_within_the_limit() {
    let paid = date(2026, 1, 21);
    let rig = paid_by_wire(paid, &[(Sale::o2001(date(2026, 1, 20)), "105.50")]).await;
    let opening = rig.balances();
    rig.look().await;
    assert!(rig.proposals().iter().all(|it| it.posting.is_clear()), "within the limit nothing asks for a look");
    rig.settle().await;
    assert_eq!(rig.moved_since(&opening), of("J13"));
    assert_eq!(rig.exceptions(), []);
    rig.assert_tied_out(date(2026, 1, 1), paid);
}

#[tokio::test]
async fn j13_above_the_limit_nothing_is_written_off() {
    let paid = date(2026, 1, 21);
    // 0.11 is above 0.10; 0.07 of 25.00 is above 0.1 %
    let sales = [(Sale::o2001(paid), "105.54"), (Sale::of("2002", paid, "25.00"), "25.07")];
    let rig = paid_by_wire(paid, &sales).await;
    let opening = rig.balances();
    assert!(rig.settle().await.is_empty());
    assert!(rig.moved_since(&opening).is_empty());
    assert_eq!(rig.exception_kinds(), [ExceptionKind::AmountVariance; 2]);
}

#[tokio::test]
async fn j13_the_cap_of_the_day_holds_within_a_run_and_across_runs() {
    let paid = date(2026, 1, 21);
    let one = |number: usize| (Sale::of(&format!("30{number:02}"), paid, "200.00"), "200.10");
    let sales: Vec<(Sale, &str)> = (0..3).map(one).collect();
    let (mut store, mut books) = (shop::store(), small_company());
    for (sale, arrived) in &sales[..2] {
        store.add_order(sale.order("P", vec![captured("Wire Transfer", paid, money(arrived), "")]));
    }
    sales.iter().for_each(|(sale, _)| invoice(&mut books, sale, paid));
    let settings = format!("{}\n[limits]\nwrite_off_day = \"0.15\"\n", crate::books::SETTINGS);
    let rig = Rig::with_settings(paid, store, books, &settings).await;
    let written_off = |rig: &Rig| rig.balances().get("6900").copied().unwrap_or(Decimal::ZERO);
    rig.settle().await;
    assert_eq!(written_off(&rig), money("-0.10"), "the second would pass the cap of 0.15");
    rig.shop(|store| {
        let (sale, arrived) = &sales[2];
        let order = sale.order("P", vec![captured("Wire Transfer", paid, money(arrived), "")]);
        let id = store.add_order(order);
        store.touch(id);
    });
    rig.settle().await;
    assert_eq!(written_off(&rig), money("-0.10"));
    assert_eq!(rig.exception_kinds(), [ExceptionKind::AmountVariance; 2]);
}
