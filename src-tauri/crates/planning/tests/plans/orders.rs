//! Orders that are not in Intacct, and orders beside their invoices.

use crate::town::*;
use insta::assert_snapshot;
use tieout_domain::*;

fn orders(order: Order) -> Town {
    Town::new().order(order).replaced("definition = \"\"", "definition = \"Sales Order\"")
}

#[test]
fn an_order_becomes_a_sales_order_with_every_surcharge() {
    assert_snapshot!("o2001", orders(o2001()).told());
    let handled = |it: &mut Order| {
        it.surcharges.push(surcharge(SurchargeKind::Handling, "HANDLING", "1.00"));
        it.surcharges.push(surcharge(SurchargeKind::Other, "GIFT", "2.005"));
        it.surcharges.push(surcharge(SurchargeKind::Shipping, "FREE", "0.00"));
        it.total = usd("108.44");
    };
    let mut order = o2001();
    handled(&mut order);
    assert_snapshot!("two-of-one-name", orders(order).told());
    let plain = orders(o2001()).replaced("warehouse = \"WH\"\nterm = \"N30\"", "warehouse = \"\"\nterm = \"\"");
    let old = plain.with(|it| it.orders[0].lines[0].sku = "OLD-1".into());
    assert_snapshot!("plain", old.told());
    assert_eq!(Town::new().order(o2001()).told(), "", "no definition, no sales orders");
}

#[test]
fn an_order_that_is_there_already_or_is_not_wanted_is_not_proposed() {
    let is_there =
        |number: &str, reference: &str| orders(o2001()).with(|it| it.sales.push(sales_document(number, reference)));
    assert_eq!(is_there("XC-1001", "").told(), "");
    assert_eq!(is_there("X", "1001").told(), "");
    assert_eq!(is_there("1001", "").told(), "");
    assert_eq!(is_there("XC-1002", "1002").plan().proposals.len(), 1);
    assert_eq!(orders(o2001()).invoice(invoice(1, "105.43", "105.43")).told(), "");
    assert_eq!(orders(Order { placed_on: day(1), ..o2001() }).told(), "");
    assert_eq!(orders(Order { placed_on: day(2), ..o2001() }).plan().proposals.len(), 1);
    use PaymentStatus::*;
    for (status, wanted) in [
        (Paid, 1),
        (PartiallyPaid, 1),
        (Authorized, 1),
        (Queued, 1),
        (Declined, 0),
        (Cancelled, 0),
        (Refunded, 0),
        (Missing, 0),
    ] {
        assert_eq!(
            orders(Order { payment_status: status.clone(), ..o2001() }).plan().proposals.len(),
            wanted,
            "{status:?}"
        );
    }
}

#[test]
fn what_an_order_lacks_is_named() {
    let told = |change: fn(&mut Order)| {
        let mut order = o2001();
        change(&mut order);
        orders(order).told()
    };
    assert_snapshot!("tax-included", told(|it| it.surcharges[2].included = true));
    assert_snapshot!("no-subtotal", told(|it| it.surcharges[2].code = "TAX.2".into()));
    assert_snapshot!("does-not-add-up", told(|it| it.total = usd("105.44")));
    let items = |it: &mut Town| it.items = vec![item("CUP"), LedgerItem { active: false, ..item("MUG") }];
    assert_snapshot!("item-inactive", orders(o2001()).with(items).told());
    assert_eq!(orders(o2001()).with(|it| it.items = vec![item("MUG")]).plan().proposals.len(), 1);
    assert_snapshot!("no-customer", orders(o2001()).with(|it| it.customers = vec![customer("C-8")]).told());
    assert!(told(|it| it.lines[0].sku = String::new()).contains("unmapped-sku"));
}

#[test]
fn a_customer_is_found_by_e_mail_then_by_profile_and_a_guest_only_without_one() {
    let of = |customer_id, email: &str, known: &[&str]| {
        let known = known.iter().map(|it| customer(it)).collect();
        let order = Order { customer_id, email: email.into(), ..o2001() };
        let plan = orders(order).with(|it| it.customers = known).plan();
        plan.proposals.first().and_then(|it| it.document.customer_id().map(str::to_owned)).unwrap_or_default()
    };
    assert_eq!(of(Some(7), "vip@example.com", &[]), "VIP");
    assert_eq!(of(Some(7), "a@example.com", &[]), "C-7");
    assert_eq!(of(None, "a@example.com", &[]), "GUEST");
    assert_eq!(of(Some(7), "a@example.com", &["GUEST"]), "", "with a profile it is no guest");
    assert_eq!(of(None, "a@example.com", &["C-7"]), "", "Intacct knows no guest");
    assert_eq!(of(None, "a@example.com", &["GUEST"]), "GUEST");
    let nobody = orders(Order { customer_id: None, ..o2001() }).replaced("guest = \"GUEST\"", "");
    assert_eq!(nobody.plan().proposals.len(), 0);
    let unnamed = orders(o2001()).replaced("profile_prefix = \"C-\"", "");
    assert_eq!(unnamed.plan().proposals.len(), 0, "without a prefix the profile names nobody");
}

#[test]
fn what_was_delivered_and_paid_and_never_invoiced_is_told() {
    let out = |status| {
        let order = Order { shipping_status: status, ..o2001() };
        Town::new().order(order).with(|it| it.payments = vec![capture(1, 11, "105.43", 8), refund(1, 12, "5.43", 9)])
    };
    assert_snapshot!("shipped", out(ShippingStatus::Shipped).told());
    assert_snapshot!("delivered", out(ShippingStatus::Delivered).told());
    assert_eq!(out(ShippingStatus::Processing).told(), "");
    let shipped = || out(ShippingStatus::Shipped);
    assert_eq!(shipped().with(|it| it.payments[1].amount = usd("-105.43")).told(), "", "all was given back");
    assert_eq!(shipped().with(|it| it.booked.insert(capture(1, 11, "105.43", 8).record())).told(), "");
    assert_eq!(shipped().with(|it| it.orders[0].placed_on = day(1)).told(), "");
    assert_eq!(shipped().with(|it| it.payments.iter_mut().for_each(|it| it.kind = PaymentEventKind::Void)).told(), "");
    let odd = Invoice { reference: "for 1001".into(), number: "X".into(), ..invoice(1, "105.43", "0.00") };
    assert_eq!(shipped().invoice(odd).told(), "", "found by any word of its reference");
}

#[test]
fn a_tax_that_is_not_what_the_customer_paid_is_told_where_all_else_agrees() {
    let booked = |tax: &str, total: &str| {
        let taxes = [("INV-1001".to_owned(), usd(tax))].into();
        Town::new().order(o2001()).invoice(invoice(1, total, "0.00")).with(|it| it.taxes = Some(taxes))
    };
    assert_eq!(booked("7.43", "105.43").told(), "");
    assert_snapshot!("less", booked("7.00", "105.00").told());
    assert_eq!(booked("7.00", "105.43").told(), "", "more than the tax differs");
    assert_eq!(booked("7.00", "105.00").with(|it| it.taxes = None).told(), "");
    assert_eq!(booked("7.00", "105.00").with(|it| it.invoices[0].on = day(1)).told(), "");
    for state in ["Draft", "Reversed", "Voided", "Void"] {
        assert_eq!(booked("7.00", "105.00").with(|it| it.invoices[0].state = state.into()).told(), "", "{state}");
    }
}
