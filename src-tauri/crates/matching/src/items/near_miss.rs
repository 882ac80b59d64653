//! For every record left over: the nearest candidate and the condition that failed.

use super::pool::{Pool, amount_key};
use super::reference;
use super::{Unmatched, WhyNot};
use std::collections::BTreeMap;
use tieout_domain::RecordRef;
use tieout_money::Currency;

/// Candidates looked at per record; one reference on 100,000 rows must not make this explode.
const CANDIDATES_MAX: usize = 20;

pub fn explain(pool: &Pool<'_>) -> (Vec<Unmatched>, Vec<Unmatched>) {
    let mut right_by_amount: BTreeMap<(Currency, i64), Vec<usize>> = BTreeMap::new();
    let mut left_by_amount: BTreeMap<(Currency, i64), Vec<usize>> = BTreeMap::new();
    for position in 0..pool.right.len() {
        right_by_amount.entry(amount_key(pool.right[position].amount)).or_default().push(position);
    }
    for position in 0..pool.left.len() {
        left_by_amount.entry(amount_key(pool.left[position].amount)).or_default().push(position);
    }
    let left = pool
        .open_left()
        .map(|it| Unmatched { record: pool.left[it].record.clone(), why_not: left_why(pool, it, &right_by_amount) })
        .collect();
    let right = pool
        .open_right()
        .map(|it| Unmatched { record: pool.right[it].record.clone(), why_not: right_why(pool, it, &left_by_amount) })
        .collect();
    (left, right)
}

fn left_why(pool: &Pool<'_>, left: usize, by_amount: &BTreeMap<(Currency, i64), Vec<usize>>) -> WhyNot {
    if let Some(of) = pool.twins_left.get(&left) {
        return WhyNot::Twin { of: of.clone() };
    }
    let equal = by_amount.get(&amount_key(pool.left[left].amount)).into_iter().flatten().copied();
    let rivals = equal.filter(|&right| fits(pool, left, right)).take(CANDIDATES_MAX);
    if let Some(why) = ambiguous(rivals.map(|it| pool.right[it].record.clone())) {
        return why;
    }
    let key = reference::normalised(&pool.left[left].order_number);
    let same_reference = [&pool.by_reference, &pool.by_memo]
        .into_iter()
        .flat_map(|index| index.get(&key).into_iter().flatten().copied().take(CANDIDATES_MAX));
    let same_amount =
        by_amount.get(&amount_key(pool.left[left].amount)).into_iter().flatten().copied().take(CANDIDATES_MAX);
    nearest(same_reference.chain(same_amount).map(|right| (left, right)), pool, |it| pool.right[it.1].record.clone())
}

fn right_why(pool: &Pool<'_>, right: usize, by_amount: &BTreeMap<(Currency, i64), Vec<usize>>) -> WhyNot {
    if let Some(of) = pool.twins_right.get(&right) {
        return WhyNot::Twin { of: of.clone() };
    }
    let item = pool.right[right];
    let equal = by_amount.get(&amount_key(item.amount)).into_iter().flatten().copied();
    let rivals = equal.filter(|&left| fits(pool, left, right)).take(CANDIDATES_MAX);
    if let Some(why) = ambiguous(rivals.map(|it| pool.left[it].record.clone())) {
        return why;
    }
    let named = reference::tokens(&item.reference).into_iter().chain(reference::tokens(&item.memo)).flat_map(|token| {
        pool.by_order.get(&token).into_iter().flatten().copied().take(CANDIDATES_MAX).collect::<Vec<_>>()
    });
    let same_amount = by_amount.get(&amount_key(item.amount)).into_iter().flatten().copied().take(CANDIDATES_MAX);
    nearest(named.chain(same_amount).map(|left| (left, right)), pool, |it| pool.left[it.0].record.clone())
}

/// Every pair that was the only one possible has been taken by a pass: what still fits, fits more than once.
fn ambiguous(rivals: impl Iterator<Item = RecordRef>) -> Option<WhyNot> {
    let with: Vec<RecordRef> = rivals.collect();
    (!with.is_empty()).then_some(WhyNot::Ambiguous { with })
}

/// Both open, equal to the cent, of kinds and accounts that may meet, and close enough for what else they say.
fn fits(pool: &Pool<'_>, left: usize, right: usize) -> bool {
    let is_free = pool.left_is_open(left)
        && pool.right_is_open(right)
        && !pool.twins_left.contains_key(&left)
        && !pool.twins_right.contains_key(&right);
    is_free && pool.may_meet(left, right) && unmet(pool, left, right).is_none()
}

/// What a pair of equal amounts lacks: its reference is another order's, or the days are too many.
fn unmet(pool: &Pool<'_>, left: usize, right: usize) -> Option<String> {
    let own = reference::normalised(&pool.left[left].order_number);
    let tokens = reference::tokens(&pool.right[right].reference);
    if !own.is_empty() && tokens.contains(&own) {
        return (!pool.in_window(left, right)).then(|| format!("{} days apart", pool.days(left, right).abs()));
    }
    if let Some(other) = tokens.iter().find(|it| pool.by_order.contains_key(*it)) {
        return Some(format!("its reference names order {other}"));
    }
    let days = pool.days(left, right).abs();
    (days > pool.settings.days_without_reference_max).then(|| format!("{days} days apart and no reference in common"))
}

fn nearest(
    pairs: impl Iterator<Item = (usize, usize)>,
    pool: &Pool<'_>,
    other: impl Fn((usize, usize)) -> RecordRef,
) -> WhyNot {
    let best = pairs.min_by_key(|&(left, right)| {
        let failed = failures(pool, left, right);
        (failed.len(), pool.days(left, right).abs(), pool.left[left].record.clone(), pool.right[right].record.clone())
    });
    match best {
        None => WhyNot::NothingClose,
        Some(pair) => WhyNot::NearMiss { with: other(pair), failed: failures(pool, pair.0, pair.1).join("; ") },
    }
}

/// The conditions this pair fails, in words.
fn failures(pool: &Pool<'_>, left: usize, right: usize) -> Vec<String> {
    let (l, r) = (pool.left[left], pool.right[right]);
    let mut failed = Vec::new();
    if l.amount.currency() != r.amount.currency() {
        failed.push(format!("{} against {}", l.amount.currency(), r.amount.currency()));
    } else if let Ok(difference) = l.amount.checked_sub(r.amount)
        && !difference.is_zero()
    {
        failed.push(format!("amounts differ by {difference}"));
    }
    if !pool.in_window(left, right) {
        failed.push(format!("{} days apart", pool.days(left, right).abs()));
    }
    if !l.account.is_empty() && !r.account.is_empty() && l.account != r.account {
        failed.push(format!("account {} against {}", l.account, r.account));
    }
    if !pool.left_is_open(left) || !pool.right_is_open(right) {
        failed.push("already matched to another record".into());
    }
    if failed.is_empty() {
        let unmet = if pool.may_meet(left, right) { unmet(pool, left, right) } else { None };
        failed.push(unmet.unwrap_or_else(|| "the two are not the same kind of event".into()));
    }
    failed
}
