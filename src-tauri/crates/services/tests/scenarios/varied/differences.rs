//! Money that is not what the invoice asks for, and cheques that wait for the bank: J12, J13 and J17 with other facts.

use super::{Accounts, Expected, accounts, cents, day, later, play, sale, start};
use crate::books::invoice;
use crate::rig::{ANN, Rig};
use crate::shop::{Sale, captured, offline};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;
use tieout_domain::ExceptionKind;
use tieout_planning::Choice;
use tieout_services::choose_about;

/// An invoiced order, and what arrived for it by wire.
async fn wired(sale: &Sale, arrived: Decimal, on: Date, accounts: &Accounts) -> Rig {
    let order = sale.order("P", vec![captured("Wire Transfer", on, arrived, "wire_1")]);
    let rig = start(on, accounts, vec![order]).await;
    rig.books(|books| invoice(books, sale, sale.placed));
    rig
}

#[test]
fn any_short_payment_comes_out_like_j12_as_the_person_read_it() {
    let facts = (sale(), accounts(), 0i64..20, 1i64..=400, any::<bool>());
    play(facts, |(sale, accounts, waits, thousandths, is_written_off)| async move {
        let (total, paid) = (sale.total(), later(sale.placed, waits));
        let short = (total * Decimal::new(thousandths, 3)).round_dp(2).max(Decimal::new(1, 2));
        let rig = wired(&sale, total - short, paid, &accounts).await;
        rig.look().await;
        prop_assert!(rig.proposals().is_empty(), "neither reading is chosen silently");
        prop_assert_eq!(rig.exception_kinds(), [ExceptionKind::AmountVariance]);
        prop_assert_eq!(rig.exceptions()[0].at_stake.unwrap().amount(), -short);
        let choice = if is_written_off { Choice::WriteOffShort } else { Choice::KeepPartial };
        choose_about(&rig.company, ANN, &rig.exceptions()[0].records[0], &choice).unwrap();
        rig.settle().await;
        let mut expected = Expected::default();
        expected.sold(&sale).add("1000", total - short);
        expected.add(if is_written_off { accounts.charges } else { "1100" }, short);
        prop_assert_eq!(rig.balances(), expected.all());
        prop_assert_eq!(rig.exceptions(), []);
        rig.assert_tied_out(date(2026, 1, 1), paid);
        Ok(())
    });
}

#[test]
fn any_overpayment_comes_out_like_j13_or_waits_above_the_limit() {
    // Around both limits: ten cents, and a tenth of a percent.
    let goods = prop_oneof![cents(500..=12_000), cents(9_000..=90_000)];
    play((day(), goods, accounts(), 0i64..9, cents(1..=14)), |(placed, price, accounts, waits, over)| async move {
        let sale = Sale { price, ..Sale::of("2001", placed, "1.00") };
        let (total, paid) = (sale.total(), later(placed, waits));
        let arrived = total + over;
        let rig = wired(&sale, arrived, paid, &accounts).await;
        rig.settle().await;
        let mut expected = Expected::default();
        expected.sold(&sale);
        if over <= Decimal::new(10, 2) && over * Decimal::ONE_THOUSAND <= arrived {
            expected.add("1000", arrived).add(accounts.write_off, -over);
            prop_assert_eq!(rig.exceptions(), []);
        } else {
            expected.add("1100", total);
            prop_assert_eq!(rig.exception_kinds(), [ExceptionKind::AmountVariance]);
        }
        prop_assert_eq!(rig.balances(), expected.all());
        rig.assert_tied_out(date(2026, 1, 1), paid);
        Ok(())
    });
}

/// Whether no other set of the amounts comes to the same sum.
fn is_only_sum(amounts: &[Decimal], wanted: Decimal) -> bool {
    let sum = |set: usize| {
        let chosen = amounts.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0);
        chosen.map(|(_, amount)| *amount).sum::<Decimal>()
    };
    (1..1usize << amounts.len()).filter(|set| sum(*set) == wanted).count() == 1
}

#[test]
fn any_cheques_come_out_like_j17() {
    let cheques = prop::collection::vec((sale(), 0i64..5), 2..5);
    play((cheques, accounts(), any::<bool>(), 0i64..4), |(mut cheques, accounts, one_stays, waits)| async move {
        let first = date(2026, 1, 12);
        let mut orders = Vec::new();
        for (at, (sale, received)) in cheques.iter_mut().enumerate() {
            (sale.number, sale.placed) = ((4_000 + at).to_string(), later(first, *received));
            orders.push(sale.order("P", vec![offline("Check", sale.placed, sale.total())]));
        }
        let totals: Vec<Decimal> = cheques.iter().map(|(sale, _)| sale.total()).collect();
        let stays = if one_stays { totals[0] } else { Decimal::ZERO };
        let banked = totals.iter().sum::<Decimal>() - stays;
        prop_assume!(is_only_sum(&totals, banked));
        let banked_on = later(first, 4 + waits);
        let rig = start(banked_on, &accounts, orders).await;
        rig.books(|books| cheques.iter().for_each(|(sale, _)| invoice(books, sale, sale.placed)));
        rig.settle().await;
        let mut expected = Expected::default();
        for (sale, _) in &cheques {
            expected.sold(sale);
        }
        expected.add("1050", banked + stays);
        prop_assert_eq!(rig.balances(), expected.all(), "in the drawer");
        rig.import_bank_file(&format!("b1,{banked_on},USD,{banked},BRANCH DEPOSIT,slip 7"));
        rig.settle().await;
        let mut expected = Expected::default();
        for (sale, _) in &cheques {
            expected.sold(sale);
        }
        expected.add("1050", stays).add("1000", banked);
        prop_assert_eq!(rig.balances(), expected.all());
        prop_assert_eq!(rig.exceptions(), []);
        rig.assert_tied_out(date(2026, 1, 1), banked_on);
        Ok(())
    });
}
