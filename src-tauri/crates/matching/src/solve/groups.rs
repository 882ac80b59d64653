//! Several records that one reference holds together: two tenders of an order, a remittance that lists orders, an order
//! paid in parts.

use super::edges::{CODE, Edge, ORDER};
use super::work::{Group, Pass, Work};
use crate::table::{NONE, PayKind, ReceiptType, words};

/// More candidates than this are not searched for subsets, only added up as a whole.
const SUBSET_MAX: usize = 14;

pub fn run(work: &mut Work<'_>, edges: &[Edge]) {
    one_receipt(work, edges);
    one_payment(work, edges);
    one_receipt(work, edges);
}

/// Orders named by one receipt, with every tender of theirs.
fn one_receipt(work: &mut Work<'_>, edges: &[Edge]) {
    for named in edges.chunk_by(|a, b| a.right == b.right) {
        let right = named[0].right;
        if !work.single_open(right) {
            continue;
        }
        let currency = work.book.receipts.currency[right as usize];
        let target = work.book.receipts.minor[right as usize];
        let mut lefts: Vec<u32> = named
            .iter()
            .map(|it| it.left)
            .filter(|it| work.left_open(*it) && work.book.payments.currency[*it as usize] == currency)
            .collect();
        if lefts.len() < 2 {
            continue;
        }
        lefts.sort_unstable();
        lefts.dedup();
        // What the reference lists, before what a memo mentions too.
        let strong: Vec<u32> = lefts
            .iter()
            .copied()
            .filter(|left| named.iter().any(|it| it.left == *left && it.how & (ORDER | CODE) != 0))
            .collect();
        let mut found = None;
        if strong.len() >= 2 && strong.len() < lefts.len() {
            found = of_one_shop(work, &strong, target);
        }
        let Some(found) = found.or_else(|| of_one_shop(work, &lefts, target)) else { continue };
        if (2..=work.book.policy.limits.orders_max).contains(&found.len()) {
            claim(work, &found, &[right]);
        }
    }
}

/// Order numbers repeat across shops: where the payments of one of them come to the target, those of the others are strangers,
/// a sale and its refund among them too, which would change no sum.
fn of_one_shop(work: &mut Work<'_>, lefts: &[u32], target: i64) -> Option<Vec<u32>> {
    let amount = |work: &Work<'_>, it: u32| work.book.payments.minor[it as usize];
    let p = &work.book.payments;
    let mut by_store: Vec<(u32, u32)> = lefts.iter().map(|it| (p.store[*it as usize], *it)).collect();
    by_store.sort_unstable();
    if by_store.first().map(|it| it.0) != by_store.last().map(|it| it.0) {
        let mut found: Option<Vec<u32>> = None;
        for of_store in by_store.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() >= 2) {
            let rows: Vec<u32> = of_store.iter().map(|it| it.1).collect();
            if let Some(rows) = subset(work, &rows, amount, target).filter(|it| it.len() >= 2) {
                if found.is_some() {
                    return None;
                }
                found = Some(rows);
            }
        }
        if found.is_some() {
            return found;
        }
    }
    subset(work, lefts, amount, target)
}

/// Receipts that name one payment, or one order with all of its tenders.
fn one_payment(work: &mut Work<'_>, edges: &[Edge]) {
    let mut by_left: Vec<&Edge> =
        edges.iter().filter(|it| work.left_open(it.left) && work.single_open(it.right)).collect();
    by_left.sort_unstable_by_key(|it| (it.left, it.right));
    let mut found = Vec::new();
    for named in by_left.chunk_by(|a, b| a.left == b.left) {
        let left = named[0].left;
        let currency = work.book.payments.currency[left as usize];
        let target = work.book.payments.minor[left as usize];
        let rights: Vec<u32> = named
            .iter()
            .map(|it| it.right)
            .filter(|it| work.book.receipts.currency[*it as usize] == currency)
            .collect();
        if rights.len() < 2 {
            continue;
        }
        if let Some(rights) = subset(work, &rights, |work, it| work.book.receipts.minor[it as usize], target)
            && rights.len() >= 2
        {
            found.push((vec![left], rights));
            continue;
        }
        // A payment and a refund of one order against what was posted net, or two tenders posted in two other parts.
        let siblings = siblings(work, &by_left, left, &rights);
        let sum: i64 = siblings.iter().map(|it| work.book.payments.minor[*it as usize]).sum();
        if siblings.len() >= 2
            && !pair_off(work, &siblings, &rights)
            && let Some(rights) = subset(work, &rights, |work, it| work.book.receipts.minor[it as usize], sum)
            && rights.len() >= 2
        {
            found.push((siblings, rights));
        }
    }
    for (lefts, rights) in found {
        if lefts.iter().all(|it| work.left_open(*it)) && rights.iter().all(|it| work.right_open(*it)) {
            claim(work, &lefts, &rights);
        }
    }
}

/// Amount by amount they are pairs of their own, and no group.
fn pair_off(work: &Work<'_>, lefts: &[u32], rights: &[u32]) -> bool {
    let sorted = |minor: &[i64], rows: &[u32]| {
        let mut amounts: Vec<i64> = rows.iter().map(|it| minor[*it as usize]).collect();
        amounts.sort_unstable();
        amounts
    };
    sorted(&work.book.payments.minor, lefts) == sorted(&work.book.receipts.minor, rights)
}

/// The payments of its order, store and currency that the first receipt names too.
fn siblings(work: &Work<'_>, by_left: &[&Edge], left: u32, rights: &[u32]) -> Vec<u32> {
    let Some(first) = rights.first() else { return Vec::new() };
    let p = &work.book.payments;
    let alike = |it: &u32| {
        words::order_key(p.order_text(*it)) == words::order_key(p.order_text(left))
            && p.store[*it as usize] == p.store[left as usize]
            && p.currency[*it as usize] == p.currency[left as usize]
    };
    let named = by_left.iter().filter(|it| it.right == *first && it.how & (ORDER | CODE) != 0);
    let mut lefts: Vec<u32> = named.map(|it| it.left).filter(alike).collect();
    lefts.dedup();
    lefts
}

fn claim(work: &mut Work<'_>, lefts: &[u32], rights: &[u32]) {
    let sale = |it: &u32| work.book.payments.kind[*it as usize] == PayKind::Sale;
    debug_assert!(rights.iter().all(|it| work.book.receipts.kind[*it as usize] != ReceiptType::Deposit));
    let mixed = lefts.iter().any(sale) && !lefts.iter().all(sale);
    work.claim(lefts, rights, Group::new(Pass::SharedReference, if mixed { 9_500 } else { 9_800 }));
    let book = work.book;
    work.learned.saw_customer(book, lefts[0], rights[0]);
}

/// All of them, or the one subset whose sum is the target. `None` where there is none, or more than one.
fn subset(work: &mut Work<'_>, rows: &[u32], amount: impl Fn(&Work<'_>, u32) -> i64, target: i64) -> Option<Vec<u32>> {
    let mut rows = rows.to_vec();
    // Two that cancel each other prove nothing: with or without them the sum is the same.
    while let Some((one, other)) = cancelling(&rows, |it| amount(work, it)) {
        rows.remove(other);
        rows.remove(one);
    }
    let amounts: Vec<i64> = rows.iter().map(|it| amount(work, *it)).collect();
    if amounts.iter().sum::<i64>() == target {
        return Some(rows);
    }
    if rows.len() > SUBSET_MAX {
        work.spent("subsets of one reference");
        return None;
    }
    let mut found = NONE;
    for mask in 1_u32..1 << rows.len() {
        if mask.count_ones() >= 2 {
            let sum: i64 = (0..rows.len()).filter(|it| mask & 1 << it != 0).map(|it| amounts[it]).sum();
            if sum == target {
                if found != NONE {
                    return None;
                }
                found = mask;
            }
        }
    }
    (found != NONE).then(|| (0..rows.len()).filter(|it| found & 1 << it != 0).map(|it| rows[it]).collect())
}

/// Places of the first two, the lower first.
fn cancelling(rows: &[u32], amount: impl Fn(u32) -> i64) -> Option<(usize, usize)> {
    if rows.iter().all(|it| amount(*it) > 0) {
        return None;
    }
    (0..rows.len()).find_map(|one| {
        let other = (one + 1..rows.len()).find(|it| amount(rows[*it]) == -amount(rows[one]))?;
        Some((one, other))
    })
}
