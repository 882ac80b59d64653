//! What a gateway or a bank keeps, where the settings do not say: learned from pairs that one reference holds together, and
//! from payouts themselves where a gateway's payments come in no other way. A fee is a percentage and a fixed part that many
//! records agree on to the cent; one that few agree on is none.

use super::edges::{CODE, CODE_IN_MEMO, Edge, ORDER};
use super::learned::{Fee, is_sale};
use super::payouts::{Channel, SLOT, SLOTS, SLOTS_MAX};
use super::work::Work;
use crate::table::PayKind;

/// Fees come in steps of a hundredth of a percent, in millionths.
const STEP_PPM: i64 = 100;
const STEPS: usize = 601;
/// Minor units of the fixed part.
const FIXED_MAX: usize = 60;
const SEEN_MIN: u32 = 6;
const PAIRS_MAX: usize = 600;
/// A bank keeps whole units of money, and not more than this many.
const WIRE_MAX: i64 = 60;
const WIRE_SEEN_MIN: u32 = 5;
const WIRE_OFTEN: u32 = 6;
/// No gateway keeps more than this of a payment, in thousandths.
const SHORT_MAX: i64 = 90;

/// From pairs of one reference: the fees of gateways that the settings are silent on, wire fees, the fee of a chargeback.
pub fn from_references(work: &mut Work<'_>, edges: &[Edge]) {
    let book = work.book;
    let (p, r) = (&book.payments, &book.receipts);
    let currencies = book.currencies.len();
    let mut shorts: Vec<Vec<(i64, i64)>> = vec![Vec::new(); p.gateways.width() * currencies];
    let mut disputes: Vec<Vec<i64>> = vec![Vec::new(); currencies];
    for it in alone(book.payments.len(), book.receipts.len(), edges) {
        let (l, rr) = (it.left as usize, it.right as usize);
        if p.currency[l] != r.currency[rr] {
            continue;
        }
        let (ours, short) = (p.minor[l], p.minor[l] - r.minor[rr]);
        let currency = usize::from(p.currency[l]);
        if p.kind[l] == PayKind::Chargeback && short > 0 {
            disputes[currency].push(short);
        } else if is_sale(book, it.left) && short > 1 && r.minor[rr] > 0 {
            shorts[p.gateway[l] as usize * currencies + currency].push((ours, short));
        }
    }
    for (place, seen) in shorts.iter().enumerate() {
        let (gateway, currency) = (place / currencies.max(1), place % currencies.max(1));
        let near: Vec<(i64, i64)> =
            seen.iter().copied().filter(|it| it.1 * 1_000 <= it.0 * SHORT_MAX + 60_000).take(PAIRS_MAX).collect();
        if !work.learned.fee_told[gateway][currency]
            && let Some(fee) = voted(&near)
        {
            work.learned.fees[gateway][currency] = fee;
            work.learned.fee_told[gateway][currency] = true;
        }
    }
    for currency in 0..currencies {
        let unit = 10_i64.pow(book.currencies[currency].decimals.max(2));
        let mut wires: Vec<i64> = Vec::new();
        for gateway in 0..p.gateways.width() {
            let fee = work.learned.fees[gateway][currency];
            let unexplained = shorts[gateway * currencies + currency].iter().filter(|it| {
                it.1 % unit == 0 && it.1 <= WIRE_MAX * unit && it.1 != fee.on(it.0) && it.1 != fee.abroad(it.0)
            });
            wires.extend(unexplained.map(|it| it.1));
        }
        if book.policy.limits.wire_fees.is_some() {
            continue;
        }
        let known = &mut work.learned.wire_fees[currency];
        // A sum that is round by accident is as rare as any other; a bank's fee comes again and again.
        let usual = wires.len() as u32 / WIRE_MAX as u32 * WIRE_OFTEN;
        known.extend(frequent(&mut wires, WIRE_SEEN_MIN.max(usual)).into_iter().map(|it| it.0));
        known.sort_unstable();
        known.dedup();
        let usual = frequent(&mut disputes[currency], 3);
        if !work.learned.chargeback_told[currency]
            && let Some(most) = usual.iter().max_by_key(|it| (it.1, std::cmp::Reverse(it.0)))
        {
            work.learned.chargeback_fee[currency] = most.0;
        }
    }
}

/// Edges of a payment and a receipt that name nobody else: no part of a split, a remittance or a copy.
fn alone(lefts: usize, rights: usize, edges: &[Edge]) -> Vec<Edge> {
    let (mut of_left, mut of_right) = (vec![0_u8; lefts], vec![0_u8; rights]);
    for it in edges {
        let (l, r) = (&mut of_left[it.left as usize], &mut of_right[it.right as usize]);
        (*l, *r) = (l.saturating_add(1), r.saturating_add(1));
    }
    let strong = |it: &&Edge| it.how & (ORDER | CODE | CODE_IN_MEMO) != 0;
    let once = |it: &&Edge| of_left[it.left as usize] == 1 && of_right[it.right as usize] == 1;
    edges.iter().filter(strong).filter(once).copied().collect()
}

fn frequent(values: &mut [i64], least: u32) -> Vec<(i64, u32)> {
    values.sort_unstable();
    values.chunk_by(|a, b| a == b).map(|it| (it[0], it.len() as u32)).filter(|it| it.1 >= least).collect()
}

/// The fee that the most pairs (amount, what is missing of it) agree on; and a higher one with the same fixed part for cards
/// from abroad, if there are enough.
fn voted(pairs: &[(i64, i64)]) -> Option<Fee> {
    let mut votes = vec![0_u32; STEPS * (FIXED_MAX + 1)];
    for (amount, short) in pairs {
        for fixed in 0..=FIXED_MAX {
            if let Some(step) = step_of(*amount, *short, fixed as i64) {
                votes[fixed * STEPS + step] += 1;
            }
        }
    }
    let (best, hits) = most(&votes)?;
    let (fixed, step) = (best / STEPS, best % STEPS);
    // By accident an amount agrees with every tenth step or so.
    if hits < SEEN_MIN || u64::from(hits) * 5 < pairs.len() as u64 {
        return None;
    }
    let mut fee =
        Fee { ppm: step as i64 * STEP_PPM, international_ppm: super::learned::ABROAD_PPM, fixed: fixed as i64 };
    let mut rest = vec![0_u32; STEPS];
    for (amount, short) in pairs.iter().filter(|it| it.1 != fee.on(it.0)) {
        if let Some(at) = step_of(*amount, *short, fee.fixed).filter(|it| *it > step) {
            rest[at] += 1;
        }
    }
    if let Some((abroad, seen)) = most(&rest)
        && seen >= SEEN_MIN
    {
        fee.international_ppm = (abroad - step) as i64 * STEP_PPM;
    }
    Some(fee)
}

fn step_of(amount: i64, short: i64, fixed: i64) -> Option<usize> {
    let variable = short - fixed;
    if variable < 0 || amount <= 0 {
        return None;
    }
    let step = (variable * 1_000_000 / amount + STEP_PPM / 2) / STEP_PPM;
    let fee = Fee { ppm: step * STEP_PPM, international_ppm: 0, fixed };
    usize::try_from(step).ok().filter(|it| *it < STEPS && fee.on(amount) == short)
}

/// The place with the most votes; of equal ones the rounder percentage, then the first.
fn most(votes: &[u32]) -> Option<(usize, u32)> {
    let most = *votes.iter().max()?;
    let roundness = |at: usize| [100, 50, 10, 5].iter().position(|it| (at % STEPS).is_multiple_of(*it)).unwrap_or(4);
    let best = (0..votes.len()).filter(|it| votes[*it] == most).min_by_key(|it| (roundness(*it), *it))?;
    (most > 0).then_some((best, most))
}

const SAMPLE: usize = 48;
const COVERS: i64 = 7;
const BANK: i64 = 6;
/// Half hours between the cut-offs that are tried.
const CUT_STEP: usize = 2;
/// Rhythms whose missing money is looked at closely.
const RHYTHMS_MAX: usize = 24;
const CANDIDATES: usize = 4;

/// Fees that a channel's payouts may be less: under the right rhythm what is missing of each window is the same percentage
/// and fixed part of its sales. With how many windows agree, the most first.
pub fn from_payouts(work: &Work<'_>, channel: &Channel) -> Vec<(u32, Fee)> {
    let sales = Sales::new(work, channel);
    let step = channel.deposits.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<u32> = channel.deposits.iter().copied().step_by(step).collect();
    let r = &work.book.receipts;
    let windows = |covers: i64, bank: i64, cutoff: i64| {
        let sales = &sales;
        sample.iter().filter_map(move |deposit| {
            let end = (i64::from(r.day[*deposit as usize]) - bank) * SLOTS + cutoff;
            let (gross, sold, count, disputes) = sales.between(end - covers * SLOTS, end);
            let kept = gross - r.minor[*deposit as usize];
            // Between a thousandth and the most a gateway keeps.
            (disputes == 0 && count >= 2 && kept * 1_000 >= sold && kept * 1_000 <= sold * SHORT_MAX)
                .then_some((sold, kept, count))
        })
    };
    let mut rhythms: Vec<(usize, i64, i64, i64)> = Vec::new();
    for covers in 1..=COVERS {
        for bank in 0..BANK {
            for cutoff in (0..SLOTS).step_by(CUT_STEP) {
                let plausible = windows(covers, bank, cutoff).count();
                if plausible as u32 >= SEEN_MIN {
                    rhythms.push((plausible, covers, bank, cutoff));
                }
            }
        }
    }
    rhythms.sort_by_key(|it| (std::cmp::Reverse(it.0), it.1, it.2, it.3));
    rhythms.truncate(RHYTHMS_MAX);
    let mut found: Vec<(u32, Fee)> = Vec::new();
    for (_, covers, bank, cutoff) in rhythms {
        let mut votes = vec![0_u32; STEPS * (FIXED_MAX + 1)];
        for (sold, kept, count) in windows(covers, bank, cutoff) {
            for fixed in 0..=FIXED_MAX {
                let variable = kept - fixed as i64 * count;
                let step = (variable * 1_000_000 / sold + STEP_PPM / 2).div_euclid(STEP_PPM);
                let off = (variable - sold * step * STEP_PPM / 1_000_000).abs();
                // Every payment's fee is rounded by itself: the sum is off by the root of their number.
                if (1..STEPS as i64).contains(&step) && off * off <= count {
                    votes[fixed * STEPS + step as usize] += 1;
                }
            }
        }
        if let Some((at, hits)) = most(&votes).filter(|it| it.1 >= SEEN_MIN) {
            let (ppm, fixed) = ((at % STEPS) as i64 * STEP_PPM, (at / STEPS) as i64);
            found.push((hits, Fee { ppm, international_ppm: super::learned::ABROAD_PPM, fixed }));
        }
    }
    found.sort_by_key(|it| (std::cmp::Reverse(it.0), it.1.ppm, it.1.fixed));
    found.dedup_by_key(|it| it.1);
    found.truncate(CANDIDATES);
    found
}

/// Running sums by half hour: all money, sales, their number, chargebacks.
struct Sales {
    first: i64,
    sums: Vec<(i64, i64, i64, i64)>,
}

impl Sales {
    fn new(work: &Work<'_>, channel: &Channel) -> Sales {
        let p = &work.book.payments;
        let slot = |row: &u32| p.at[*row as usize].div_euclid(SLOT);
        let first = channel.rows.first().map_or(0, slot);
        let last = channel.rows.last().map_or(0, slot);
        let mut sums = vec![(0, 0, 0, 0); usize::try_from(last - first + 2).unwrap_or(0).min(SLOTS_MAX)];
        for row in channel.rows.iter().filter(|it| work.left_open(**it)) {
            let Some(sum) = sums.get_mut((slot(row) - first + 1) as usize) else { continue };
            let minor = p.minor[*row as usize];
            sum.0 += minor;
            match p.kind[*row as usize] {
                PayKind::Sale => (sum.1, sum.2) = (sum.1 + minor, sum.2 + 1),
                PayKind::Refund => {}
                PayKind::Chargeback => sum.3 += 1,
            }
        }
        for at in 1..sums.len() {
            let before = sums[at - 1];
            let it = &mut sums[at];
            *it = (it.0 + before.0, it.1 + before.1, it.2 + before.2, it.3 + before.3);
        }
        Sales { first, sums }
    }

    fn between(&self, from: i64, to: i64) -> (i64, i64, i64, i64) {
        let at = |slot: i64| self.sums[(slot - self.first).clamp(0, self.sums.len() as i64 - 1) as usize];
        let (a, b) = (at(from), at(to));
        (b.0 - a.0, b.1 - a.1, b.2 - a.2, b.3 - a.3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_is_what_the_most_pairs_agree_on() {
        let fee = Fee { ppm: 34_000, international_ppm: 15_000, fixed: 25 };
        let mut pairs: Vec<(i64, i64)> = (0..40).map(|it| 1_999 + it * 731).map(|it| (it, fee.on(it))).collect();
        pairs.extend((0..10).map(|it| 3_317 + it * 977).map(|it| (it, fee.abroad(it))));
        pairs.extend((0..10).map(|it| (5_000 + it * 311, 137 + it * 29)));
        assert_eq!(voted(&pairs), Some(fee));
        assert_eq!(voted(&pairs[50..]), None, "ten that agree on nothing are no fee");
    }
}
