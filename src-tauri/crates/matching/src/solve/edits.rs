//! Payouts that their window explains but for a payment or two: one that came a day late, one that was held back, one that
//! is not in it at all. Many edits are possible, so few of them prove anything: an edit is automatic only where chance is
//! excluded, and otherwise a suggestion.

use super::payouts::{SLOT, SLOTS, Window, likely};
use super::work::{Group, Pass, SAFE, Work};
use crate::table::{NONE, words};

const SHARE_MIN: f64 = 0.02;
const WINDOWS_MAX: usize = 8;
/// Payments before and after the window that may have slipped into it.
const AROUND_MAX: usize = 60;
/// Seconds a gateway may hold a payment back.
const HELD_MAX: i64 = 75 * 86_400;
const MEMBERS_MAX: usize = 200;
/// Accidental answers expected, at most.
const CHANCE_SAFE: f64 = 0.001;
const CHANCE_MAX: f64 = 0.5;

/// So much likelier that another of the same amount was meant.
const REPLACEABLE: f64 = 40.0;
/// Payments of the channel on either side of the window that are looked through for one of the same amount.
const ALIKE_AROUND: usize = 600;

struct Found {
    window: Window,
    members: Vec<u32>,
    edits: usize,
    chance: f64,
    off: i64,
    counted: bool,
}

pub fn run(work: &mut Work<'_>) {
    let mut deposits: Vec<u32> = work.channels.of_deposit.iter().map(|it| it.0).collect();
    deposits.dedup();
    // What is certain first, and twice: what one payout takes is no longer in question for its neighbour. Only then what a
    // person must look at; nothing is certain because of a suggestion.
    for (most, suggest) in [(1, false), (2, false), (2, false), (1, true), (2, true)] {
        let mut found: Vec<(u32, Found)> = Vec::new();
        for deposit in &deposits {
            if work.right_open(*deposit)
                && let Some(it) = best(work, *deposit, most)
            {
                found.push((*deposit, it));
            }
        }
        found.sort_by(|a, b| a.1.chance.total_cmp(&b.1.chance).then(a.0.cmp(&b.0)));
        for (deposit, it) in found {
            claim(work, deposit, it, suggest);
        }
    }
}

fn claim(work: &mut Work<'_>, deposit: u32, found: Found, suggest: bool) {
    if !work.right_open(deposit) || !found.members.iter().all(|it| work.left_open(*it)) {
        return;
    }
    let sure = found.chance <= CHANCE_SAFE && (found.edits <= 1 || found.counted);
    if sure == suggest {
        return;
    }
    let confidence = if sure { 9_300 } else { (SAFE - 500).saturating_sub((found.chance * 4_000.0) as u16) };
    let mut group = Group::new(Pass::PayoutEdited, confidence);
    group.note = format!(
        "window of {} days, {} to the bank, {} payments moved{}{}; accidental answers expected: {:.4}",
        found.window.covers,
        found.window.bank,
        found.edits,
        if found.off == 0 { "" } else { ", a cent off" },
        if found.counted { ", count as stated" } else { "" },
        found.chance
    );
    work.claim(&found.members, &[deposit], group);
}

/// The answer that is least likely an accident, if it is the only one of its kind.
fn best(work: &Work<'_>, deposit: u32, most: usize) -> Option<Found> {
    let target = work.book.receipts.minor[deposit as usize];
    let stated = stated_count(work, deposit);
    let mut all: Vec<Found> = Vec::new();
    for window in likely(work, deposit, SHARE_MIN).into_iter().take(WINDOWS_MAX) {
        of_window(work, target, stated, window, most, &mut all);
    }
    all.sort_by(|a, b| a.chance.total_cmp(&b.chance).then_with(|| a.members.cmp(&b.members)));
    all.dedup_by(|a, b| a.members == b.members);
    let second = all.get(1).map(|it| it.chance);
    let first = all.into_iter().next()?;
    // Two answers as likely as each other are none.
    let clear = second.is_none_or(|it| it > 4.0 * first.chance);
    let chance = if clear { first.chance } else { first.chance.max(CHANCE_SAFE * 2.0) };
    (chance <= CHANCE_MAX).then_some(Found { chance, ..first })
}

/// "13 txns": a number beside the gateway's name that could be a count.
fn stated_count(work: &Work<'_>, deposit: u32) -> Option<usize> {
    let text = work.book.receipts.memo_text(deposit);
    let all: Vec<&[u8]> = words::words(text).collect();
    all.windows(2).find_map(|it| {
        let word = it[1].to_ascii_lowercase();
        let counts = [&b"txn"[..], b"txns", b"transactions", b"payments", b"items", b"charges", b"orders", b"trx"];
        let number = std::str::from_utf8(it[0]).ok()?.parse().ok()?;
        counts.contains(&word.as_slice()).then_some(number)
    })
}

fn of_window(work: &Work<'_>, target: i64, stated: Option<usize>, window: Window, most: usize, all: &mut Vec<Found>) {
    let channel = &work.channels.all[window.channel as usize];
    let open = |range: &[u32]| range.iter().copied().filter(|it| work.left_open(*it)).collect::<Vec<u32>>();
    let inside = open(&channel.rows[window.from as usize..window.to as usize]);
    if inside.is_empty() || inside.len() > MEMBERS_MAX {
        return;
    }
    let nets: Vec<i64> = inside.iter().map(|it| channel.net(work, *it)).collect();
    let rest = nets.iter().sum::<i64>() - target;
    let mean =
        inside.iter().map(|it| work.book.payments.minor[*it as usize].abs()).sum::<i64>() as f64 / inside.len() as f64;
    let likely = (0.1 / (window.share + 0.001)).clamp(0.3, 5.0);
    let mut push = |members: Vec<u32>, edits: usize, tried: f64, off: i64| {
        let counted = stated.is_some_and(|it| it == members.len());
        if members.len() < 2 || stated.is_some() && !counted {
            return;
        }
        let spread = 3.0 * mean * ((edits + 1) as f64).sqrt();
        // A count that is right as well leaves a tenth of the accidents.
        let chance = tried / spread * likely * if counted { 0.1 } else { 1.0 };
        all.push(Found { window, members, edits, chance, off, counted });
    };
    if rest.abs() <= 1 {
        push(inside.clone(), 0, if rest == 0 { 1.0 } else { 3.0 }, rest);
    }
    let near = |row: &u32| {
        let of = |row: u32| work.book.payments.at[row as usize];
        of(channel.rows[window.from as usize]) - of(*row) <= HELD_MAX
            && of(*row) - of(channel.rows[window.to as usize - 1]) <= SLOT * SLOTS
    };
    let before = channel.rows[..window.from as usize].iter().rev().take_while(|it| near(it));
    let after = channel.rows[window.to as usize..].iter().take_while(|it| near(it));
    let around: Vec<u32> = before
        .filter(|it| work.left_open(**it))
        .take(AROUND_MAX)
        .chain(after.filter(|it| work.left_open(**it)).take(AROUND_MAX / 2))
        .copied()
        .collect();
    // Taking one out lowers the sum by its net, taking one in raises it: both are changes that must come to the rest.
    let changes: Vec<(i64, u32, bool)> = inside
        .iter()
        .zip(&nets)
        .map(|(row, net)| (*net, *row, false))
        .chain(around.iter().map(|row| (-channel.net(work, *row), *row, true)))
        .collect();
    let with = |rows: &[(u32, bool)]| {
        let mut members: Vec<u32> =
            inside.iter().copied().filter(|it| !rows.iter().any(|row| row.0 == *it && !row.1)).collect();
        members.extend(rows.iter().filter(|it| it.1).map(|it| it.0));
        members.sort_unstable();
        members
    };
    let ones = changes.len() as f64;
    for (change, row, taken_in) in &changes {
        if *change == rest {
            let chances = if replaceable(work, &window, *row) { ones * REPLACEABLE } else { ones };
            push(with(&[(*row, *taken_in)]), 1, chances, 0);
        }
    }
    if most < 2 {
        return;
    }
    let mut by_change: Vec<(i64, usize)> = changes.iter().enumerate().map(|it| (it.1.0, it.0)).collect();
    by_change.sort_unstable();
    for (at, it) in changes.iter().enumerate() {
        let wanted = rest - it.0;
        let from = by_change.partition_point(|other| *other <= (wanted, at));
        for (_, other) in by_change[from..].iter().take_while(|other| other.0 == wanted) {
            let other = &changes[*other];
            let either = replaceable(work, &window, it.1) || replaceable(work, &window, other.1);
            let chances = ones * ones / 2.0 * if either { REPLACEABLE } else { 1.0 };
            push(with(&[(it.1, it.2), (other.1, other.2)]), 2, chances, 0);
        }
    }
}

/// Another payment of the channel and amount could stand in its place: one that is open, or taken on weaker evidence than a
/// reference or a whole window.
fn replaceable(work: &Work<'_>, window: &Window, row: u32) -> bool {
    let channel = &work.channels.all[window.channel as usize];
    let minor = &work.book.payments.minor;
    let at = channel.place_of(work, work.book.payments.at[row as usize]);
    let from = at.min(window.from as usize).saturating_sub(ALIKE_AROUND);
    let to = (at.max(window.to as usize) + ALIKE_AROUND).min(channel.rows.len());
    channel.rows[from..to].iter().any(|it| {
        *it != row
            && minor[*it as usize] == minor[row as usize]
            && match work.left_group[*it as usize] {
                NONE => work.left_open(*it),
                group => {
                    !matches!(work.groups[group as usize].pass, Pass::Reference | Pass::SharedReference | Pass::Payout)
                }
            }
    })
}
