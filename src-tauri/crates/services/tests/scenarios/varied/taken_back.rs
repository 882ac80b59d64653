//! Money given back, never taken, or booked and taken back: J03, J24 and J25 with other facts.

use super::{Expected, accounts, cents, later, play, sale, start};
use crate::books::invoice;
use crate::expected::without_zeros;
use crate::rig::ANN;
use crate::shop::{captured, step, transaction};
use jiff::civil::date;
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};
use tieout_domain::ExceptionKind;
use tieout_services::propose_reversal;

#[test]
fn any_return_in_two_parts_comes_out_like_j03() {
    let facts = (sale(), accounts(), 2i64..=5, 1i64..5, 0i64..9, (1i64..9, 1i64..9));
    play(facts, |(mut sale, accounts, units, first, ships, (waits, again))| async move {
        sale.units = units;
        let first = first.min(units - 1);
        let shipped = later(sale.placed, ships);
        let (back, last) = (later(shipped, waits), later(shipped, waits + again));
        // What some of the units carry of discount and tax, cut to the cent; the last ones carry the rest.
        let share = |whole: Decimal| {
            let part = whole * Decimal::from(first) / Decimal::from(units);
            part.round_dp_with_strategy(2, RoundingStrategy::ToZero)
        };
        let (goods, discount, tax) = (sale.price * Decimal::from(first), share(sale.discount), share(sale.tax));
        let part = goods - discount + tax;
        let rest = sale.goods() - sale.discount + sale.tax - part;
        let mut taken = captured("Credit Card", shipped, sale.total(), "ch_1");
        taken.backend_transactions.push(step("refundPart", "S", back, part, "re_1"));
        taken.backend_transactions.push(step("refundPart", "S", last, rest, "re_2"));
        let rig = start(last, &accounts, vec![sale.order("P", vec![taken])]).await;
        rig.books(|books| invoice(books, &sale, shipped));
        rig.settle().await;
        let mut expected = Expected::default();
        expected.sold(&sale).add(accounts.clearing, sale.total() - part);
        expected.add("4200", goods).add("4100", -discount).add("2200", tax);
        prop_assert_eq!(rig.balances_through(later(last, -1)), expected.all(), "after the first part");
        let mut expected = Expected::default();
        expected.add("4000", -sale.goods()).add("4200", sale.goods());
        expected.add("4050", -sale.shipping).add(accounts.clearing, sale.shipping);
        prop_assert_eq!(rig.balances(), expected.all(), "the refunded tax is the invoiced tax");
        prop_assert_eq!(rig.exceptions(), []);
        rig.assert_tied_out(date(2026, 1, 1), last);
        Ok(())
    });
}

#[test]
fn any_authorization_without_money_comes_out_like_j24() {
    play((sale(), accounts(), 0usize..3, 1i64..40), |(sale, accounts, how, waits)| async move {
        let (on, today, value) = (sale.placed, later(sale.placed, waits), sale.total());
        let (status, steps) = match how {
            0 => ("D", vec![step("sale", "F", on, value, "txn_1")]),
            1 => ("C", vec![step("auth", "S", on, value, "txn_2"), step("void", "S", today, value, "txn_2")]),
            _ => ("C", vec![step("auth", "S", on, value, "txn_3"), step("capture", "F", today, value, "txn_3")]),
        };
        let order = sale.order(status, vec![transaction("Credit Card", on, value, steps)]);
        let rig = start(today, &accounts, vec![order]).await;
        prop_assert!(rig.settle().await.is_empty());
        prop_assert!(rig.balances().is_empty());
        prop_assert_eq!(rig.exceptions(), []);
        rig.assert_tied_out(date(2026, 1, 1), today);
        Ok(())
    });
}

#[test]
fn any_reversal_comes_out_like_j25() {
    let facts = (sale(), accounts(), cents(1..=99), 0i64..9, 1i64..20, any::<bool>());
    play(facts, |(sale, accounts, fee, ships, waits, is_closed)| async move {
        let (shipped, total) = (later(sale.placed, ships), sale.total());
        let order = sale.order("P", vec![captured("Credit Card", shipped, total, "ch_1")]);
        let rig = start(shipped, &accounts, vec![order]).await;
        rig.books(|books| invoice(books, &sale, shipped));
        let (number, net) = (&sale.number, total - fee);
        rig.import_card_file(&format!("r1,po_1,charge,ch_1,{number},USD,{total},-{fee},{net},{shipped}"));
        let posted = rig.settle().await;
        let key = |it: &tieout_store::StoredPosting| it.posting.id.0.clone();
        let entry = posted.iter().map(key).find(|it| it.contains("FEE")).unwrap();
        let mut before = Expected::default();
        before.sold(&sale).add(accounts.clearing, total);
        let before = before.all();
        let mut with_fee = before.clone();
        *with_fee.entry(accounts.fees.to_owned()).or_default() += fee;
        *with_fee.entry(accounts.clearing.to_owned()).or_default() -= fee;
        let with_fee = without_zeros(with_fee);
        prop_assert_eq!(rig.balances(), with_fee.clone());

        let (closed, first_open) = (later(shipped, waits), later(shipped, waits + 1));
        rig.go_to(first_open);
        if is_closed {
            rig.books(|books| books.close_books(Some(closed), None));
            rig.look().await;
            prop_assert!(propose_reversal(&rig.company, ANN, &entry, None).is_err(), "nothing is redated silently");
        }
        propose_reversal(&rig.company, ANN, &entry, is_closed.then_some(first_open)).unwrap();
        rig.approve_all();
        prop_assert_eq!(rig.post().await.posted, 1);
        prop_assert_eq!(rig.balances(), before.clone());
        let through_closed = if is_closed { with_fee } else { before };
        prop_assert_eq!(rig.balances_through(closed), through_closed);
        rig.books(|books| books.close_books(None, None));
        rig.look().await;
        prop_assert_eq!(rig.exception_kinds(), [ExceptionKind::NotHandled], "what was reversed is a person's case");
        rig.assert_tied_out(date(2026, 1, 1), first_open);
        Ok(())
    });
}
