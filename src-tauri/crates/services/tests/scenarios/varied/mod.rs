//! The worked examples with other amounts, dates and accounts: what they come to is computed here from the facts alone.

use crate::books::{self, invoice};
use crate::expected::{Balances, without_zeros};
use crate::rig::Rig;
use crate::shop::{self, Sale, captured, step};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use rust_decimal::Decimal;
use tieout_sandbox::intacct::sample::small_company;

mod differences;
mod taken_back;

/// Each case plays a whole story over HTTP.
const CASES: u32 = 8;

/// Every strategy is drawn from, every story played to its end.
fn play<S: Strategy, F: Future<Output = Result<(), TestCaseError>>>(strategy: S, story: impl Fn(S::Value) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config { cases: CASES, max_shrink_iters: 20, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&strategy, |facts| runtime.block_on(story(facts))).unwrap();
}

fn cents(range: std::ops::RangeInclusive<i64>) -> impl Strategy<Value = Decimal> + Clone {
    range.prop_map(|it| Decimal::new(it, 2))
}

/// A day of the first weeks after the cut-over.
fn day() -> impl Strategy<Value = Date> {
    (0i64..40).prop_map(|it| date(2026, 1, 5) + it.days())
}

fn later(day: Date, days: i64) -> Date {
    day + days.days()
}

fn sale() -> impl Strategy<Value = Sale> {
    let digits = prop_oneof![1u32..100, 100u32..10_000, 10_000u32..2_000_000];
    let number = ("(O-|S1-|)", digits).prop_map(|(prefix, digits)| format!("{prefix}{digits}"));
    (number, day(), 1i64..5, cents(120..=90_000), cents(0..=100), cents(0..=2_500), cents(0..=9_999)).prop_map(
        |(number, placed, units, price, discount, shipping, tax)| Sale {
            number,
            placed,
            units,
            price,
            discount,
            shipping,
            tax,
        },
    )
}

/// Which accounts the accountant chose.
#[derive(Clone, Debug)]
struct Accounts {
    clearing: &'static str,
    fees: &'static str,
    deposits: &'static str,
    unapplied: &'static str,
    charges: &'static str,
    write_off: &'static str,
}

fn accounts() -> impl Strategy<Value = Accounts> {
    let one = |choices: &'static [&'static str]| prop::sample::select(choices);
    let at_the_gateway = (one(&["1210", "1900"]), one(&["6100", "6120"]));
    let in_the_books = (one(&["2400", "2310"]), one(&["2410", "2250"]), one(&["6150", "7010"]), one(&["6900", "7900"]));
    (at_the_gateway, in_the_books).prop_map(|((clearing, fees), (deposits, unapplied, charges, write_off))| Accounts {
        clearing,
        fees,
        deposits,
        unapplied,
        charges,
        write_off,
    })
}

impl Accounts {
    fn settings(&self) -> String {
        books::SETTINGS
            .replace("\"1210\"", &format!("\"{}\"", self.clearing))
            .replace("undeposited:1210", &format!("undeposited:{}", self.clearing))
            .replace("fees = \"6100\"", &format!("fees = \"{}\"", self.fees))
            .replace("\"2400\"", &format!("\"{}\"", self.deposits))
            .replace("\"2410\"", &format!("\"{}\"", self.unapplied))
            .replace("\"6150\"", &format!("\"{}\"", self.charges))
            .replace("\"6900\"", &format!("\"{}\"", self.write_off))
    }
}

/// Expected balances, added up entry by entry.
#[derive(Default)]
struct Expected(Balances);

impl Expected {
    fn add(&mut self, account: &str, amount: Decimal) -> &mut Expected {
        *self.0.entry(account.to_owned()).or_default() += amount;
        self
    }

    /// What an invoice leaves once it is paid.
    fn sold(&mut self, sale: &Sale) -> &mut Expected {
        self.add("4000", -sale.goods()).add("4100", sale.discount).add("4050", -sale.shipping).add("2200", -sale.tax)
    }

    fn all(self) -> Balances {
        without_zeros(self.0)
    }
}

async fn start(today: Date, accounts: &Accounts, orders: Vec<tieout_sandbox::xcart::Order>) -> Rig {
    let mut store = shop::store();
    for order in orders {
        store.add_order(order);
    }
    Rig::with_settings(today, store, small_company(), &accounts.settings()).await
}

#[test]
fn any_card_order_comes_out_like_j01() {
    play((sale(), accounts(), 0i64..9, 1i64..9, cents(1..=99)), |(sale, accounts, ships, pays, fee)| async move {
        let (shipped, total) = (later(sale.placed, ships), sale.total());
        let paid_out = later(shipped, pays);
        let order = sale.order("P", vec![captured("Credit Card", shipped, total, "txn_9001")]);
        let rig = start(shipped, &accounts, vec![order]).await;
        rig.books(|books| invoice(books, &sale, shipped));
        rig.settle().await;
        rig.go_to(paid_out);
        let net = total - fee;
        let number = &sale.number;
        rig.import_card_file(&format!(
            "r1,po_1,charge,txn_9001,{number},USD,{total},-{fee},{net},{shipped}\nr2,po_1,payout,,,USD,-{net},0,-{net},{paid_out}"
        ));
        rig.import_bank_file(&format!("b1,{paid_out},USD,{net},PAYOUT,po_1"));
        rig.settle().await;
        let mut expected = Expected::default();
        expected.sold(&sale).add("1000", net).add(accounts.fees, fee);
        prop_assert_eq!(rig.balances(), expected.all());
        prop_assert_eq!(rig.exceptions(), []);
        rig.assert_tied_out(date(2026, 1, 1), paid_out);
        Ok(())
    });
}

#[test]
fn any_order_paid_before_it_ships_comes_out_like_j02() {
    play((sale(), accounts(), 1i64..30), |(sale, accounts, waits)| async move {
        let (total, shipped) = (sale.total(), later(sale.placed, waits));
        let order = sale.order("P", vec![captured("Credit Card", sale.placed, total, "txn_9001")]);
        let rig = start(sale.placed, &accounts, vec![order]).await;
        rig.settle().await;
        rig.go_to(shipped);
        rig.books(|books| invoice(books, &sale, shipped));
        rig.settle().await;
        let mut before = Expected::default();
        before.add(accounts.clearing, total).add(accounts.deposits, -total);
        prop_assert_eq!(rig.balances_through(later(shipped, -1)), before.all(), "no revenue before the shipment");
        let mut expected = Expected::default();
        expected.sold(&sale).add(accounts.clearing, total);
        prop_assert_eq!(rig.balances(), expected.all());
        prop_assert_eq!(rig.exceptions(), []);
        Ok(())
    });
}

#[test]
fn any_double_charge_comes_out_like_j15() {
    play((sale(), accounts(), 0i64..5, 0i64..9), |(sale, accounts, ships, back)| async move {
        let (total, shipped) = (sale.total(), later(sale.placed, ships));
        let refunded = later(shipped, back);
        let mut twice = ["txn_1", "txn_2"].map(|id| captured("Credit Card", shipped, total, id)).to_vec();
        twice[1].backend_transactions.push(step("refund", "S", refunded, total, "re_2"));
        let rig = start(refunded, &accounts, vec![sale.order("P", twice)]).await;
        rig.books(|books| invoice(books, &sale, shipped));
        rig.settle().await;
        let mut expected = Expected::default();
        expected.sold(&sale).add(accounts.clearing, total);
        prop_assert_eq!(rig.balances(), expected.all());
        prop_assert_eq!(rig.exceptions(), []);
        Ok(())
    });
}

/// A day's payout: charges with their fees, whether the first one is given back, a dispute, a reserve.
#[derive(Clone, Debug)]
struct Payout {
    charges: Vec<(Sale, Decimal)>,
    is_refunded: bool,
    dispute: Decimal,
    dispute_fee: Decimal,
    reserve: Decimal,
}

fn payout() -> impl Strategy<Value = Payout> {
    let charges = prop::collection::vec((sale(), cents(1..=99)), 1..4);
    (charges, any::<bool>(), cents(1..=90), cents(1..=20), cents(1..=10)).prop_map(
        |(mut charges, is_refunded, dispute, dispute_fee, reserve)| {
            // One day, and numbers of their own; the refund must leave something to pay out.
            for (at, (sale, _)) in charges.iter_mut().enumerate() {
                sale.number = (4_000 + at).to_string();
                sale.placed = date(2026, 1, 30);
            }
            let is_refunded = is_refunded && charges.len() > 2;
            Payout { charges, is_refunded, dispute, dispute_fee, reserve }
        },
    )
}

/// The rows of payout `po_7` as they come, and what they come to.
#[derive(Default)]
struct CardFile {
    rows: Vec<String>,
    net: Decimal,
}

impl CardFile {
    fn row(&mut self, kind: &str, reference: &str, order: &str, gross: Decimal, fee: Decimal, on: Date) {
        let (at, net) = (self.rows.len(), gross - fee);
        self.rows.push(format!("r{at},po_7,{kind},{reference},{order},USD,{gross},{},{net},{on}", -fee));
        self.net += net;
    }
}

#[test]
fn any_payout_comes_out_like_j22() {
    play((payout(), accounts()), |(payout, accounts)| async move {
        let (sold, back, paid_out) = (date(2026, 1, 30), date(2026, 2, 2), date(2026, 2, 3));
        let mut expected = Expected::default();
        let (mut orders, mut file, none) = (Vec::new(), CardFile::default(), Decimal::ZERO);
        for (at, (sale, fee)) in payout.charges.iter().enumerate() {
            let (total, charge) = (sale.total(), format!("ch_70{at}"));
            let mut taken = captured("Credit Card", sold, total, &charge);
            file.row("charge", &charge, &sale.number, total, *fee, sold);
            expected.sold(sale).add(accounts.fees, *fee);
            if at == 0 && payout.is_refunded {
                taken.backend_transactions.push(step("refund", "S", back, total, "re_700"));
                file.row("refund", "re_700", &sale.number, -total, none, back);
                expected.add("4200", sale.goods()).add("4100", -sale.discount);
                expected.add("4050", sale.shipping).add("2200", sale.tax);
            }
            orders.push(sale.order("P", vec![taken]));
        }
        file.row("chargeback", "ch_1", "1990", -payout.dispute, none, back);
        file.row("chargeback_fee", "ch_1", "1990", -payout.dispute_fee, none, back);
        file.row("reserve_hold", "", "", -payout.reserve, none, back);
        let arrived = file.net;
        file.row("payout", "", "", -arrived, none, paid_out);
        prop_assume!(arrived.is_sign_positive() && !arrived.is_zero());
        expected.add("1230", payout.dispute).add("6110", payout.dispute_fee).add("1220", payout.reserve);
        expected.add("1000", arrived);
        let rig = start(paid_out, &accounts, orders).await;
        rig.books(|books| payout.charges.iter().for_each(|(sale, _)| invoice(books, sale, sold)));
        rig.import_card_file(&file.rows.join("\n"));
        rig.import_bank_file(&format!("b1,{paid_out},USD,{arrived},PAYOUT,po_7"));
        rig.settle().await;
        prop_assert_eq!(rig.balances(), expected.all());
        prop_assert_eq!(rig.exceptions(), []);
        rig.assert_tied_out(date(2026, 1, 1), paid_out);
        Ok(())
    });
}
