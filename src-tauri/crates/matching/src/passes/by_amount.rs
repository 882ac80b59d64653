//! No reference at all: the amount, the days and who paid.

use crate::pool::{Found, Pool, amount_key};
use crate::reference;
use crate::similarity::names_percent;
use std::collections::BTreeMap;
use tieout_domain::{Confidence, Evidence};
use tieout_money::{Currency, Money};

/// Pairs whose amount, days and party agree.
pub fn amount_and_party(pool: &mut Pool<'_>) {
    let edges = edges(pool, |pool, left, right| {
        let percent = names_percent(&pool.left[left].party, &pool.right[right].party);
        (pool.same_customer(left, right) || percent >= pool.settings.name_percent_min).then_some(percent)
    });
    claim_unrivalled(pool, edges, "amount and party", Confidence(9_100));
}

/// Pairs with nothing but the amount and the days: always a person's to accept.
pub fn amount_alone(pool: &mut Pool<'_>) {
    let edges = edges(pool, |_, _, _| Some(0));
    claim_unrivalled(pool, edges, "amount alone", Confidence(7_400));
}

struct Edge {
    left: usize,
    right: usize,
    percent: u8,
}

/// A receipt whose reference names another known order is not looking for a partner here.
fn edges(pool: &Pool<'_>, accept: impl Fn(&Pool<'_>, usize, usize) -> Option<u8>) -> Vec<Edge> {
    let mut rights: BTreeMap<(Currency, i64), Vec<usize>> = BTreeMap::new();
    for it in pool.open_right().filter(|it| !pool.twins_right.contains_key(it)) {
        let names_an_order =
            reference::tokens(&pool.right[it].reference).iter().any(|token| pool.by_order.contains_key(token));
        if !names_an_order {
            rights.entry(amount_key(pool.right[it].amount)).or_default().push(it);
        }
    }
    let mut edges = Vec::new();
    for left in pool.open_left().filter(|it| !pool.twins_left.contains_key(it)) {
        for &right in rights.get(&amount_key(pool.left[left].amount)).into_iter().flatten() {
            let close = pool.days(left, right).abs() <= pool.settings.days_without_reference_max;
            if close
                && pool.may_meet(left, right)
                && let Some(percent) = accept(pool, left, right)
            {
                edges.push(Edge { left, right, percent });
            }
        }
    }
    edges
}

/// More candidate pairs than this at one amount is a popular price, not evidence: nothing is taken.
const PAIRS_PER_AMOUNT_MAX: usize = 2_000;

fn claim_unrivalled(pool: &mut Pool<'_>, edges: Vec<Edge>, pass: &'static str, confidence: Confidence) {
    let mut by_amount: BTreeMap<(Currency, i64), Vec<Edge>> = BTreeMap::new();
    for edge in edges {
        by_amount.entry(amount_key(pool.left[edge.left].amount)).or_default().push(edge);
    }
    for edges in by_amount.into_values().filter(|it| it.len() <= PAIRS_PER_AMOUNT_MAX) {
        claim_forced_choices(pool, edges, pass, confidence);
    }
}

/// Takes a pair when neither side has another candidate left; forced choices are followed (the greedy trap:
/// if R2 can only go to L1, L1 is not R1's rival). Where two assignments are equally possible, nothing is taken.
fn claim_forced_choices(pool: &mut Pool<'_>, mut edges: Vec<Edge>, pass: &'static str, confidence: Confidence) {
    let mut forced = false;
    loop {
        let (mut lefts, mut rights): (BTreeMap<usize, usize>, BTreeMap<usize, usize>) = Default::default();
        for edge in &edges {
            *lefts.entry(edge.left).or_default() += 1;
            *rights.entry(edge.right).or_default() += 1;
        }
        let alone = |edge: &Edge| lefts[&edge.left] == 1 && rights[&edge.right] == 1;
        // One end has no other choice: on a maximum matching this pair is forced.
        let pinned = |edge: &Edge| lefts[&edge.left] == 1 || rights[&edge.right] == 1;
        let next: Vec<(usize, usize, u8, bool)> = {
            let clean: Vec<_> =
                edges.iter().filter(|it| alone(it)).map(|it| (it.left, it.right, it.percent, true)).collect();
            if clean.is_empty() {
                edges
                    .iter()
                    .find(|it| pinned(it) && !is_contested(&edges, it))
                    .map(|it| (it.left, it.right, it.percent, false))
                    .into_iter()
                    .collect()
            } else {
                clean
            }
        };
        if next.is_empty() {
            return;
        }
        for (left, right, percent, clean) in next {
            forced |= !clean;
            let mut evidence = vec![Evidence::AmountEqual, pool.days_evidence(left, right)];
            if pool.same_customer(left, right) {
                evidence.push(Evidence::CustomerEqual);
            }
            if percent > 0 {
                evidence.push(Evidence::NameSimilar { percent });
            }
            if clean && !forced {
                evidence.push(Evidence::OnlyCandidate);
            }
            pool.claim(Found {
                left: vec![left],
                right: vec![right],
                pass,
                // A pair that rests on another pair's being right is a suggestion.
                confidence: if forced { Confidence(confidence.0.min(7_900)) } else { confidence },
                evidence,
                variance: Money::zero(pool.left[left].amount.currency()),
            });
            edges.retain(|it| it.left != left && it.right != right);
        }
    }
}

/// Two ends want the same single partner (twins, M10): taking either would be a guess.
fn is_contested(edges: &[Edge], edge: &Edge) -> bool {
    let only_choice_of_left = |left: usize| edges.iter().filter(|it| it.left == left).count() == 1;
    let only_choice_of_right = |right: usize| edges.iter().filter(|it| it.right == right).count() == 1;
    edges.iter().filter(|it| it.right == edge.right && it.left != edge.left).any(|it| only_choice_of_left(it.left))
        || edges
            .iter()
            .filter(|it| it.left == edge.left && it.right != edge.right)
            .any(|it| only_choice_of_right(it.right))
}
