//! Money given back, and what it is read as.

use crate::town::*;
use insta::assert_snapshot;
use tieout_domain::*;
use tieout_planning::{Settings, Why, allocate_return};

/// O-2001, captured and invoiced; then so much is given back.
fn given_back(amount: &str) -> Town {
    Town::new()
        .order(o2001())
        .invoice(invoice(1, "105.43", "0.00"))
        .with(|it| it.payments.push(capture(1, 11, "105.43", 8)))
        .open(refund(1, 12, amount, 12), nothing())
}

#[test]
fn the_whole_order_or_all_its_goods_or_some_units_are_read_to_the_cent() {
    assert_snapshot!("whole", given_back("105.43").told());
    assert_snapshot!("goods", given_back("97.43").told());
    assert_snapshot!("one-unit", given_back("48.71").told());
    assert_snapshot!("nothing-fits", given_back("20.00").told());
}

/// Approved alone it would wait for the credit memo for ever.
#[test]
fn the_entry_that_pays_a_refund_is_no_clearer_than_its_credit_memo() {
    let clear = |amount: &str| -> Vec<(bool, bool)> {
        let proposals = given_back(amount).plan().proposals;
        proposals.iter().map(|it| (it.after.is_empty(), it.is_clear())).collect()
    };
    assert_eq!(clear("105.43"), [(true, true), (false, true)]);
    assert_eq!(clear("48.71"), [(true, false), (false, false)]);
}

#[test]
fn the_second_unit_takes_the_remainder() {
    let town = given_back("48.72").with(|it| it.payments.push(refund(1, 10, "48.71", 10)));
    assert_snapshot!("second", town.told());
    let order = o2001();
    let settings = Settings::parse(SETTINGS).unwrap();
    let read = |refund: &str, before: &str| -> Vec<String> {
        allocate_return(&order, &settings, usd(refund), usd(before)).into_iter().map(|it| it.what).collect()
    };
    assert_eq!(read("48.71", "0.00"), ["1 x MUG"]);
    assert_eq!(read("48.72", "48.71"), ["1 x MUG"]);
    assert_eq!(read("48.72", "0.00"), [""; 0]);
    assert_eq!(read("97.43", "0.00"), ["all goods without shipping"], "2 x MUG is the same lines");
    assert_eq!(read("105.43", "0.00"), ["whole order"]);
    assert_eq!(read("105.43", "0.01"), [""; 0]);
}

#[test]
fn two_lines_of_one_price_are_two_readings() {
    let mut order = order(1, "100.00");
    order.lines[0].price.amount = 50.into();
    order.lines.push(OrderLine { sku: "CUP".into(), ..order.lines[0].clone() });
    let settings = Settings::parse(SETTINGS).unwrap();
    assert_eq!(allocate_return(&order, &settings, usd("50.00"), usd("0.00")).len(), 1, "the same lines of a memo");
    order.lines[1].price.amount = 25.into();
    order.lines[1].quantity = 2.into();
    let mut half = order.clone();
    half.lines[1].quantity = "1.5".parse().unwrap();
    assert!(allocate_return(&half, &settings, usd("25.00"), usd("0.00")).is_empty(), "half a cup is no unit");
    let what: Vec<_> =
        allocate_return(&order, &settings, usd("25.00"), usd("0.00")).into_iter().map(|it| it.what).collect();
    assert_eq!(what, ["1 x CUP"]);
}

#[test]
fn a_refund_without_order_method_capture_or_invoice_is_held() {
    assert_snapshot!("no-order", given_back("105.43").with(|it| it.orders.clear()).told());
    assert_snapshot!("no-method", given_back("105.43").with(|it| it.payments[1].method = "Barter".into()).told());
    assert_snapshot!("more-than-captured", given_back("105.44").told());
    assert_snapshot!("no-invoice", given_back("105.43").with(|it| it.invoices.clear()).told());
    assert_snapshot!("no-account", given_back("97.43").replaced("returns = \"4900\"", "").told());
    let included = |it: &mut Town| it.orders[0].surcharges[2].included = true;
    assert_snapshot!("tax-included", given_back("98.00").with(included).told());
    let with = vec![receipt(ReceiptKind::Payment, "55", "x", "-5.00", 12).record()];
    let why = Why::Ambiguous { with, sentence: "it fits two".into() };
    assert_snapshot!("ambiguous", given_back("105.43").with(|it| it.left[0].why = why).told());
}

#[test]
fn what_is_taken_care_of_or_before_the_cut_over_is_left_alone() {
    let record = refund(1, 12, "105.43", 12).record();
    assert_eq!(given_back("105.43").with(|it| it.facts_under_way.insert(record)).told(), "");
    assert_eq!(given_back("105.43").with(|it| it.payments[1].on = day(1)).told(), "");
    assert_eq!(given_back("105.43").with(|it| it.payments[1].on = day(2)).plan().proposals.len(), 2);
}

#[test]
fn a_deposit_given_back_is_taken_from_customer_deposits() {
    let advance = |reference: &str| {
        let advance = receipt(ReceiptKind::Advance, "70", reference, "105.43", 8);
        given_back("105.43").with(|it| it.invoices.clear()).with(|it| it.receipts.push(advance))
    };
    assert_snapshot!("named-by-our-key", advance("TO-1001-L.C").told());
    assert_eq!(advance("order 1001").plan().proposals.len(), 1);
    assert_eq!(advance("order 1002").plan().proposals.len(), 0);
    let payment = advance("order 1001").with(|it| it.receipts[0].kind = ReceiptKind::Payment);
    assert_eq!(payment.plan().proposals.len(), 0);
}

#[test]
fn a_doubled_capture_is_given_back_out_of_unapplied_cash() {
    let twice = |back: &str| given_back(back).with(|it| it.payments.push(capture(1, 13, "105.43", 9)));
    assert_snapshot!("not-posted-by-us", twice("105.43").told());
    assert_snapshot!("of-it-or-for-goods", twice("48.71").told());
    let id = PostingId("p-TO-1001-N.C".into());
    assert_snapshot!("parked-before", twice("105.43").with(|it| it.under_way.insert(id)).told());
    let parked_now = twice("105.43").with(|it| {
        let record = it.payments[2].record();
        it.left.push(tieout_planning::OpenItem { record, why: nothing() });
    });
    assert_snapshot!("parked-in-this-run", parked_now.told());
}
