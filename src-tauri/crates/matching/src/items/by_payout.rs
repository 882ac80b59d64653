//! What the gateway's settlement file ties together: its payout id.

use super::item::ItemKind;
use super::pool::{Found, Pool};
use super::reference;
use std::collections::BTreeMap;
use tieout_domain::{Confidence, Evidence};
use tieout_money::{Currency, Money};

/// Settlement rows (payout, fees, chargebacks, reserves) against ledger entries that name the payout:
/// one row, or all open rows of one kind together (fees are booked once per payout).
pub fn payout_rows(pool: &mut Pool<'_>) {
    let mut groups: BTreeMap<(String, ItemKind, Currency), Vec<usize>> = BTreeMap::new();
    for it in pool.open_left() {
        let item = pool.left[it];
        if !item.payout_id.is_empty() && !matches!(item.kind, ItemKind::Capture | ItemKind::Refund) {
            groups.entry((item.payout_id.to_uppercase(), item.kind, item.amount.currency())).or_default().push(it);
        }
    }
    for ((payout, _, _), lefts) in &groups {
        let mut rights = with_payout(pool, payout);
        for &left in lefts {
            let fits = |pool: &Pool<'_>, right: usize| {
                pool.right_is_open(right)
                    && pool.may_meet(left, right)
                    && pool.right[right].amount == pool.left[left].amount
            };
            let candidates: Vec<usize> = rights.iter().copied().filter(|&right| fits(pool, right)).collect();
            if let [right] = candidates[..] {
                claim(pool, payout, vec![left], right);
                rights.retain(|&it| it != right);
            } else if let Some(first) = booked_twice(pool, left, &candidates) {
                claim(pool, payout, vec![left], first);
                rights.retain(|it| !candidates.contains(it));
            }
        }
        let open: Vec<usize> = lefts.iter().copied().filter(|&it| pool.left_is_open(it)).collect();
        let Some(total) = pool.left_sum(&open).filter(|_| open.len() > 1) else { continue };
        let candidates: Vec<usize> = rights
            .iter()
            .copied()
            .filter(|&right| {
                pool.right_is_open(right) && pool.may_meet(open[0], right) && pool.right[right].amount == total
            })
            .collect();
        if let [right] = candidates[..] {
            claim(pool, payout, open, right);
        }
    }
}

/// Captures and refunds of one payout booked as a single ledger entry, gross or net of the fees.
pub fn payout_members(pool: &mut Pool<'_>) {
    let mut groups: BTreeMap<(String, Currency), Vec<usize>> = BTreeMap::new();
    for it in pool.open_left() {
        let item = pool.left[it];
        // Fees stand beside their charges: counting their rows too would take them off twice.
        if !item.payout_id.is_empty() && !matches!(item.kind, ItemKind::Payout | ItemKind::Fee) {
            groups.entry((item.payout_id.to_uppercase(), item.amount.currency())).or_default().push(it);
        }
    }
    for ((payout, currency), lefts) in groups {
        if lefts.len() < 2 {
            continue;
        }
        let Some(gross) = pool.left_sum(&lefts) else { continue };
        let fees =
            Money::sum(currency, lefts.iter().filter_map(|&it| pool.left[it].fee)).unwrap_or(Money::zero(currency));
        let Ok(net) = gross.checked_add(fees) else { continue };
        let candidates: Vec<usize> = with_payout(pool, &payout)
            .into_iter()
            .filter(|&right| {
                let amount = pool.right[right].amount;
                amount.currency() == currency
                    && (amount == gross || amount == net)
                    && lefts.iter().all(|&left| pool.may_meet(left, right))
            })
            .collect();
        let [right] = candidates[..] else { continue };
        let mut evidence = vec![Evidence::SumEqual, Evidence::PayoutIdEqual { value: payout.clone() }];
        if pool.right[right].amount == net && !fees.is_zero() {
            evidence.push(Evidence::NetOfFee { fee: fees });
        }
        evidence.push(pool.days_evidence(lefts[0], right));
        pool.claim(Found {
            left: lefts,
            right: vec![right],
            pass: "members of a payout",
            confidence: Confidence(9_600),
            evidence,
            variance: Money::zero(currency),
        });
    }
}

/// One payout with several equal entries of one account: the oldest is its own, the others are copies of that one.
fn booked_twice(pool: &mut Pool<'_>, left: usize, candidates: &[usize]) -> Option<usize> {
    let (&first, copies) = candidates.split_first()?;
    let is_copy = |&it: &usize| {
        pool.right[it].kind == pool.right[first].kind
            && pool.right[it].account == pool.right[first].account
            && reference::normalised(&pool.right[it].reference) == reference::normalised(&pool.right[first].reference)
    };
    if !matches!(pool.left[left].kind, ItemKind::Payout | ItemKind::BankLine) || !copies.iter().all(is_copy) {
        return None;
    }
    let twin = pool.right[first].record.clone();
    pool.twins_right.extend(copies.iter().map(|&it| (it, twin.clone())));
    Some(first)
}

fn with_payout(pool: &Pool<'_>, payout: &str) -> Vec<usize> {
    let mut rights = Vec::new();
    for token in reference::tokens(payout).into_iter().chain([payout.to_owned()]) {
        rights.extend(pool.open_with_token(&token, false));
        rights.extend(pool.open_with_token(&token, true));
    }
    rights.sort_unstable();
    rights.dedup();
    // A digit run alone may be shared by two payouts' names; the whole id must stand in the text.
    let plain = reference::normalised(payout);
    rights.retain(|&it| {
        reference::normalised(&pool.right[it].reference).contains(&plain)
            || reference::normalised(&pool.right[it].memo).contains(&plain)
    });
    rights
}

fn claim(pool: &mut Pool<'_>, payout: &str, lefts: Vec<usize>, right: usize) {
    let days = pool.days_evidence(lefts[0], right);
    let amount = if lefts.len() == 1 { Evidence::AmountEqual } else { Evidence::SumEqual };
    let currency = pool.right[right].amount.currency();
    pool.claim(Found {
        left: lefts,
        right: vec![right],
        pass: "payout",
        confidence: Confidence(9_800),
        evidence: vec![amount, Evidence::PayoutIdEqual { value: payout.to_owned() }, days],
        variance: Money::zero(currency),
    });
}
