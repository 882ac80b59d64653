//! No reference that both sides name: the amount, the days, who paid, and references that come close.

use super::edges::{Edge, Edges};
use super::learned::is_sale;
use super::refs::{Pair, settle};
use super::score::{Relation, WIRE_LEAST, Weights, in_base, weigh};
use super::work::{Pass, Work};
use crate::table::names::ByHash;
use crate::table::words;
use rayon::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// What a name, a known customer or a reference that comes close speaks for.
    Named,
    /// All the rest, as far as a suggestion.
    Rest,
}

/// Receipts of one amount looked at per payment.
const EQUAL_MAX: usize = 48;
const RARE: f32 = 2.0;
const COPY_NAMED: f32 = 4.0;

/// Open receipts by currency and amount, then day.
pub struct ByAmount {
    /// A bit for every amount that is there, by its hash: most that are looked for are not.
    present: Vec<u64>,
    places: ByHash<(u32, u32)>,
    rows: Vec<(i32, u32)>,
    keys: Vec<u64>,
    span: f32,
    /// Open receipts by currency.
    count: Vec<u32>,
}

fn key(currency: u8, minor: i64) -> u64 {
    // Sorted by currency, then by amount, debts first.
    u64::from(currency) << 56 | (minor + (1 << 50)) as u64
}

const PRESENT_BITS: u32 = 21;

fn present_bit(key: u64) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - PRESENT_BITS)) as usize
}

impl ByAmount {
    pub fn new(work: &Work<'_>) -> ByAmount {
        let receipts = &work.book.receipts;
        let mut rows: Vec<(u64, i32, u32)> = (0..receipts.len() as u32)
            .filter(|it| work.single_open(*it))
            .map(|it| (key(receipts.currency[it as usize], receipts.minor[it as usize]), receipts.day[it as usize], it))
            .collect();
        rows.par_sort_unstable();
        let mut places: ByHash<(u32, u32)> = ByHash::default();
        let mut present = vec![0; 1 << (PRESENT_BITS - 6)];
        let mut start = 0;
        for run in rows.chunk_by(|a, b| a.0 == b.0) {
            let bit = present_bit(run[0].0);
            present[bit >> 6] |= 1 << (bit & 63);
            places.insert(run[0].0, (start, run.len() as u32));
            start += run.len() as u32;
        }
        let mut count = vec![0; work.book.currencies.len().max(1)];
        for it in &rows {
            count[(it.0 >> 56) as usize] += 1;
        }
        let first = rows.iter().map(|it| it.1).min().unwrap_or(0);
        let last = rows.iter().map(|it| it.1).max().unwrap_or(0);
        ByAmount {
            present,
            keys: rows.iter().map(|it| it.0).collect(),
            places,
            rows: rows.into_iter().map(|it| (it.1, it.2)).collect(),
            span: (last - first + 1) as f32,
            count,
        }
    }

    /// Rows of this amount from one day to another, and how many there are in all.
    pub fn get(&self, currency: u8, minor: i64, from: i32, to: i32) -> (&[(i32, u32)], u32) {
        let key = key(currency, minor);
        let bit = present_bit(key);
        if self.present[bit >> 6] & 1 << (bit & 63) == 0 {
            return (&[], 0);
        }
        let Some((start, len)) = self.places.get(&key) else { return (&[], 0) };
        let rows = &self.rows[*start as usize..(*start + *len) as usize];
        let low = rows.partition_point(|it| it.0 < from);
        let high = rows.partition_point(|it| it.0 <= to);
        (&rows[low..high], *len)
    }

    /// The first rows whose amounts and days lie between.
    fn between(&self, currency: u8, low: i64, high: i64, from: i32, to: i32) -> Vec<u32> {
        let (start, end) = (key(currency, low), key(currency, high));
        let first = self.keys.partition_point(|it| *it < start);
        let rows = self.keys[first..].iter().zip(&self.rows[first..]).take_while(|it| *it.0 <= end);
        rows.map(|it| it.1).filter(|it| (from..=to).contains(&it.0)).map(|it| it.1).take(EQUAL_MAX).collect()
    }

    /// Receipts of this amount that lie in a window by accident, itself left out.
    fn chance(&self, currency: u8, count: u32, window: i32) -> f32 {
        const SPREAD: f32 = 15_000.0;
        let share = (window as f32 / self.span).min(1.0);
        let around = self.count[usize::from(currency)] as f32 / SPREAD;
        (count.saturating_sub(1) as f32 + around) * share
    }
}

pub fn run(work: &mut Work<'_>, edges: &Edges, round: Round) {
    let index = ByAmount::new(work);
    let lefts: Vec<u32> = (0..work.book.payments.len() as u32).filter(|it| work.left_open(*it)).collect();
    const CHUNK: usize = 2_048;
    let shared: &Work<'_> = work;
    let mut copies = shared.taken_contents();
    copies.remove(&0);
    let found: Vec<(Vec<Pair>, u64)> = lefts
        .par_chunks(CHUNK)
        .map(|lefts| {
            let mut pairs = Vec::new();
            let mut cut = 0;
            for left in lefts {
                cut += u64::from(of_payment(shared, &index, (edges, &copies), *left, round, &mut pairs));
            }
            (pairs, cut)
        })
        .collect();
    if found.iter().any(|it| it.1 > 0) {
        work.spent("receipts of one amount");
    }
    let pairs = found.into_iter().flat_map(|it| it.0).collect();
    let pass = if round == Round::Named { Pass::AmountAndParty } else { Pass::AmountAlone };
    settle(work, pairs, pass, round == Round::Rest);
}

/// A payment that looks for its receipt.
struct Sought {
    left: u32,
    round: Round,
    is_copy: bool,
}

/// True where the budget cut it short.
fn of_payment(
    work: &Work<'_>,
    index: &ByAmount,
    (edges, copies): (&Edges, &ByHash<()>),
    left: u32,
    round: Round,
    pairs: &mut Vec<Pair>,
) -> bool {
    let book = work.book;
    let (currency, minor) = (book.payments.currency[left as usize], book.payments.minor[left as usize]);
    let day = book.payments.day(left);
    let (from, to) = (day - book.policy.limits.alone_before, day + work.learned.days_after);
    let mut cut = false;
    // The second capture of an order is a copy; only what names it is its receipt.
    let payment = Sought { left, round, is_copy: copies.contains_key(&super::work::content(book, left)) };
    let mut look = |currency: u8, minor: i64, relation: Relation| {
        let (rows, count) = index.get(currency, minor, from, to);
        cut |= rows.len() > EQUAL_MAX;
        let chance = index.chance(currency, count, to - from);
        for &(_, right) in rows.iter().take(EQUAL_MAX) {
            if work.may_meet(left, right) {
                pairs.extend(pair(work, edges, &payment, right, relation, chance));
            }
        }
    };
    look(currency, minor, Relation::Equal);
    let (fee, abroad) = work.learned.kept(book, left);
    if fee != 0 {
        look(currency, minor - fee, Relation::NetOfFee);
    }
    if abroad != 0 {
        look(currency, minor - abroad, Relation::NetOfFeeAbroad);
    }
    if is_sale(book, left) {
        for wire in &work.learned.wire_fees[usize::from(currency)] {
            if minor > WIRE_LEAST * wire {
                look(currency, minor - wire, Relation::WireFee);
            }
        }
    } else if book.payments.kind[left as usize] == crate::table::PayKind::Chargeback {
        look(currency, minor - work.learned.chargeback_fee[usize::from(currency)], Relation::ChargebackFee);
    }
    match book.policy.limits.cents_alone {
        0 => {}
        1 => {
            look(currency, minor - 1, Relation::Cents);
            look(currency, minor + 1, Relation::Cents);
        }
        cents => {
            let rows = index.between(currency, minor - cents, minor + cents, from, to);
            cut |= rows.len() >= EQUAL_MAX;
            let chance = index.chance(currency, 1, to - from) * (2 * cents + 1) as f32;
            for right in rows.into_iter().filter(|it| book.receipts.minor[*it as usize] != minor) {
                if work.may_meet(left, right) {
                    pairs.extend(pair(work, edges, &payment, right, Relation::Cents, chance));
                }
            }
        }
    }
    if let Some(base) = work.learned.base.filter(|it| *it != currency) {
        let ranges = (-1..=1).filter_map(|it| in_base(work, left, book.payments.day(left) + it));
        if let Some((low, high)) = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) {
            let rows = index.between(base, low, high, from, to);
            cut |= rows.len() >= EQUAL_MAX;
            let chance = index.chance(base, 1, to - from) * (high - low + 1) as f32;
            for right in rows {
                if work.may_meet(left, right) {
                    pairs.extend(pair(work, edges, &payment, right, Relation::Converted, chance));
                }
            }
        }
    }
    cut
}

fn pair(work: &Work<'_>, edges: &Edges, payment: &Sought, right: u32, relation: Relation, chance: f32) -> Option<Pair> {
    let Sought { left, round, is_copy } = *payment;
    let own = edges.of_right(right);
    let how = own.iter().find(|it| it.left == left).map_or(0, |it| it.how);
    let mut weights = weigh(work, left, right, how, relation, chance);
    if how == 0 {
        weights.reference = close_reference(work, left, right, own);
    }
    if is_copy && weights.reference < COPY_NAMED {
        return None;
    }
    let score = weights.sum();
    let named = weights.name >= 2.0 || weights.customer > 0.0 || weights.reference >= 4.0;
    // An amount so rare that hardly another receipt in these days could have it speaks for itself.
    let rare = work.book.policy.limits.amount_alone_is_safe
        && matches!(relation, Relation::Equal | Relation::NetOfFee)
        && weights.amount >= RARE;
    let hard = (named || rare) && !doubtful(&weights);
    let wanted = round == Round::Rest || named;
    // What is never automatic may be suggested on less.
    let score = if hard || round == Round::Named { score } else { score + work.book.policy.limits.lenient };
    (wanted && score > 0.0).then_some(Pair { left, right, score, relation, hard })
}

/// A name that speaks against it is looked at by a person, whatever else fits.
fn doubtful(weights: &Weights) -> bool {
    (weights.name <= -3.0 && weights.reference < 6.0) || weights.customer < 0.0 && weights.reference < 4.0
}

/// A reference cut short or mistyped speaks for it; one that is another's speaks against it.
pub fn close_reference(work: &Work<'_>, left: u32, right: u32, own: &[Edge]) -> f32 {
    let (p, r) = (&work.book.payments, &work.book.receipts);
    let code = words::code_word(p.gateway_ref_text(left));
    let order = words::digit_runs_of(p.order_text(left)).last().unwrap_or(b"");
    let order = &order[order.iter().take_while(|it| **it == b'0').count()..];
    // Where numbers lie close together a slip of the pen is another's number: it needs more than the amount beside it.
    let another = |run: &[u8]| {
        own.iter().any(|it| {
            let digits = words::digit_runs_of(p.order_text(it.left)).last().unwrap_or(b"");
            digits.len() >= run.len()
                && digits.ends_with(run)
                && digits[..digits.len() - run.len()].iter().all(|it| *it == b'0')
        })
    };
    let mut best = 0.0_f32;
    let mut foreign = 0.0_f32;
    for (text, in_memo) in [(r.reference_text(right), false), (r.memo_text(right), true)] {
        for word in words::words(text) {
            if word.len() >= words::CODE_MIN && code.len() > word.len() && cut(code, word) {
                best = best.max(if in_memo { 7.0 } else { 9.0 });
            } else if code.len() >= words::CODE_MIN && words::one_keystroke(code, word) {
                best = best.max(if in_memo { 8.0 } else { 9.0 });
            }
            for run in words::digit_runs(word) {
                let run = &run[run.iter().take_while(|it| **it == b'0').count()..];
                if run.len() >= 4 && order.len() > run.len() && cut(order, run) {
                    best = best.max(if in_memo { 1.5 } else { 3.5 });
                } else if order.len() >= 4 && run.len() >= 3 && words::one_keystroke(order, run) {
                    best = best.max(match in_memo {
                        true => 2.0,
                        false if another(run) => 3.5,
                        false => 4.2,
                    });
                } else if !in_memo && run.len() >= 4 {
                    foreign = foreign.min(-1.5);
                }
            }
        }
    }
    if best > 0.0 {
        return best;
    }
    // It names payments that are there, in the same entity, and this is not one of them.
    for it in own {
        foreign = foreign.min(if it.how & (super::edges::ORDER | super::edges::CODE) != 0 { -5.0 } else { -2.0 });
    }
    foreign
}

fn cut(long: &[u8], short: &[u8]) -> bool {
    let (head, tail) = (&long[..short.len()], &long[long.len() - short.len()..]);
    head.eq_ignore_ascii_case(short) || tail.eq_ignore_ascii_case(short)
}
