//! How strongly two records say that they belong together: logarithms of odds, field by field (Fellegi and Sunter), a
//! common amount or name counting for less than a rare one.

use super::edges::{CODE, CODE_IN_MEMO, ORDER, ORDER_IN_MEMO};
use super::learned::is_sale;
use super::work::Work;
use crate::table::names;

/// How the two amounts come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    Equal,
    NetOfFee,
    NetOfFeeAbroad,
    ChargebackFee,
    WireFee,
    Cents,
    Converted,
}

impl Relation {
    pub fn sentence(self) -> &'static str {
        match self {
            Relation::Equal => "amounts equal to the cent",
            Relation::NetOfFee => "equal after the gateway's fee",
            Relation::NetOfFeeAbroad => "equal after the gateway's fee for cards from abroad",
            Relation::ChargebackFee => "equal with the fee of the chargeback",
            Relation::WireFee => "short by a bank's wire fee",
            Relation::Cents => "a difference within the tolerance",
            Relation::Converted => "equal at the rate of the day less the spread",
        }
    }

    /// What it costs against plain equality: more ways to be equal are more chances.
    fn weight(self) -> f32 {
        match self {
            Relation::Equal => 0.0,
            Relation::NetOfFee | Relation::ChargebackFee => -1.0,
            Relation::NetOfFeeAbroad => -2.0,
            Relation::WireFee => -2.5,
            Relation::Cents => -3.5,
            Relation::Converted => -2.5,
        }
    }
}

/// Nobody wires so little that a quarter of it is the bank's.
pub const WIRE_LEAST: i64 = 4;

/// `None` where nothing explains the difference.
pub fn relation(work: &Work<'_>, left: u32, right: u32) -> Option<Relation> {
    let book = work.book;
    let (l, r) = (left as usize, right as usize);
    let (ours, theirs) = (book.payments.minor[l], book.receipts.minor[r]);
    if book.payments.currency[l] != book.receipts.currency[r] {
        return converted(work, left, right).then_some(Relation::Converted);
    }
    let short = ours - theirs;
    if short == 0 {
        return Some(Relation::Equal);
    }
    let (fee, abroad) = work.learned.kept(book, left);
    if fee != 0 && short == fee {
        return Some(Relation::NetOfFee);
    }
    if abroad != 0 && short == abroad {
        return Some(Relation::NetOfFeeAbroad);
    }
    if is_sale(book, left) {
        if ours > WIRE_LEAST * short && work.learned.wire_fees[usize::from(book.payments.currency[l])].contains(&short)
        {
            return Some(Relation::WireFee);
        }
    } else if short == work.learned.chargeback_fee[usize::from(book.payments.currency[l])]
        && book.payments.kind[l] == crate::table::PayKind::Chargeback
    {
        return Some(Relation::ChargebackFee);
    }
    (short.abs() <= book.policy.limits.cents_named).then_some(Relation::Cents)
}

/// The base-currency amount at a rate of the days around, less the spread.
fn converted(work: &Work<'_>, left: u32, right: u32) -> bool {
    let book = work.book;
    if Some(book.receipts.currency[right as usize]) != work.learned.base {
        return false;
    }
    let day = book.payments.day(left);
    [day, day - 1, day + 1, book.receipts.day[right as usize]].iter().any(|day| {
        in_base(work, left, *day).is_some_and(|(low, high)| (low..=high).contains(&book.receipts.minor[right as usize]))
    })
}

pub fn rate(book: &crate::table::Book, currency: u8, day: i32) -> Option<f64> {
    let at = book.rates.partition_point(|it| (it.0, it.1) <= (currency, day));
    book.rates[..at].last().filter(|it| it.0 == currency && day - it.1 <= 7).map(|it| it.2)
}

/// The payment in base currency at the rate of a day, less the spread: least and most.
pub fn in_base(work: &Work<'_>, left: u32, day: i32) -> Option<(i64, i64)> {
    let plain = at_rate(work.book, work.learned.base?, left, day)?;
    let (a, b) = (plain * work.learned.fx_keep.0, plain * work.learned.fx_keep.1);
    // Compared with a tolerance and never booked: what is proposed is the ledger's own amount.
    Some((a.min(b).round() as i64 - 1, a.max(b).round() as i64 + 1))
}

/// In minor units of the base currency.
pub fn at_rate(book: &crate::table::Book, base: u8, left: u32, day: i32) -> Option<f64> {
    let from = book.payments.currency[left as usize];
    let rate = rate(book, from, day)? / rate(book, base, day).unwrap_or(1.0);
    let decimals = |it: u8| book.currencies[usize::from(it)].decimals as i32;
    let value = book.payments.minor[left as usize] as f64 * rate * 10_f64.powi(decimals(base) - decimals(from));
    (value.abs() < 1e15).then_some(value)
}

pub fn name_percent(work: &Work<'_>, left: u32, right: u32) -> u8 {
    let book = work.book;
    let (l, r) = (book.payments.name[left as usize], work.learned.right_name[right as usize]);
    let (a, b) = (book.payments.names.key_of(l), book.receipts.names.key_of(r));
    if a == 0 || b == 0 {
        return 0;
    }
    if a == b {
        return 100;
    }
    names::alike(book.payments.names.folded(l), book.receipts.names.folded(r))
}

/// Most payments have a receipt, and an equal amount in the days allowed is mostly theirs.
pub const PRIOR: f32 = -2.0;

/// The weights one by one, named; their sum is the score.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weights {
    pub reference: f32,
    pub amount: f32,
    pub name: f32,
    pub customer: f32,
    pub lag: f32,
    pub entity: f32,
}

impl Weights {
    pub fn sum(&self) -> f32 {
        PRIOR + self.reference + self.amount + self.name + self.customer + self.lag + self.entity
    }
}

/// What a sum that comes out to the cent says, at the least.
pub const SUM_EQUAL: f32 = 6.0;

/// The strongest of the ways in which a receipt names a payment; 0 for none.
pub fn reference_weight(how: u8) -> f32 {
    let ways = [(CODE, 14.0), (CODE_IN_MEMO, 12.0), (ORDER, 9.0), (ORDER_IN_MEMO, 6.5)];
    ways.iter().find(|it| how & it.0 != 0).map_or(0.0, |it| it.1)
}

/// `chance`: receipts of this amount that would lie in the window by accident.
pub fn weigh(work: &Work<'_>, left: u32, right: u32, how: u8, relation: Relation, chance: f32) -> Weights {
    let book = work.book;
    let mut weights = Weights { reference: reference_weight(how), ..Weights::default() };
    weights.amount = (-(chance + 0.001).ln()).clamp(-2.0, 6.0) + relation.weight();
    let percent = name_percent(work, left, right);
    weights.name = match percent {
        0 => 0.0,
        it if it >= book.policy.limits.name_percent => {
            let key = book.receipts.names.key_of(work.learned.right_name[right as usize]);
            let count = work.learned.name_counts.get(&key).copied().unwrap_or(1).max(1) as f32;
            let rare = (book.receipts.len() as f32 / count).ln().clamp(2.0, 8.0);
            if percent == 100 { rare } else { rare * 0.8 }
        }
        80.. => 2.0,
        50.. => -1.5,
        _ => -4.0,
    };
    weights.customer = match work.learned.same_customer(book, left, right) {
        Some(true) => 6.0,
        Some(false) => -4.0,
        None => 0.0,
    };
    weights.lag = work.learned.lag_weight(work.days(left, right));
    let (ours, theirs) = (work.entity_of(left), book.receipts.entity[right as usize]);
    weights.entity = if ours != 0 && ours == theirs { 0.7 } else { -0.5 };
    weights
}

/// Evidence to a probability, kept below certainty.
pub fn confidence(score: f32, margin: f32) -> u16 {
    let odds = score.min(margin + 1.0).clamp(-10.0, 10.0);
    let share = 1.0 / (1.0 + (-odds).exp());
    (share * 10_000.0).clamp(500.0, 9_990.0) as u16
}
