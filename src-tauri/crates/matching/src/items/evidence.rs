//! The engine's groups as matches, with what speaks for each in words an accountant reads.

use super::columns::Columns;
use super::pool::{Found, Pool};
use super::reference;
use crate::files::Members;
use crate::solve::{Explainer, Group, PairFacts, Pass, Relation, Solved};
use tieout_domain::{Confidence, Evidence, Weight};
use tieout_money::Money;

pub fn claim(pool: &mut Pool<'_>, columns: &Columns, solved: &Solved) {
    let explainer = Explainer::new(&columns.book, solved);
    let members = Members::new(solved);
    for (_, number) in members.groups() {
        let (lefts, rights) = members.of(number);
        let group = &solved.groups[number as usize];
        let left: Vec<usize> = lefts.iter().map(|it| columns.lefts[*it as usize]).collect();
        let right: Vec<usize> = rights.iter().map(|it| columns.rights[*it as usize]).collect();
        let (evidence, variance) = match (lefts, rights) {
            ([l], [r]) => of_pair(pool, group, &explainer.pair(*l, *r), left[0], right[0]),
            _ => (of_group(pool, group, &left, &right), None),
        };
        let Some(variance) = variance.or_else(|| difference(pool, &left, &right)) else { continue };
        let confidence = Confidence(group.confidence);
        pool.claim(Found { left, right, pass: group.pass.name(), confidence, evidence, variance });
    }
}

fn difference(pool: &Pool<'_>, left: &[usize], right: &[usize]) -> Option<Money> {
    let theirs = pool.right_sum(right)?;
    let ours = if left.is_empty() { Money::zero(theirs.currency()) } else { pool.left_sum(left)? };
    ours.checked_sub(theirs).ok()
}

/// With what remains when the evidence has explained what it can.
fn of_pair(
    pool: &Pool<'_>,
    group: &Group,
    facts: &PairFacts,
    left: usize,
    right: usize,
) -> (Vec<Evidence>, Option<Money>) {
    let (l, r) = (pool.left[left], pool.right[right]);
    let nothing = Money::zero(l.amount.currency());
    let amount = difference(pool, &[left], &[right]).unwrap_or(nothing);
    let (first, variance) = match facts.relation {
        Relation::NetOfFee => (Evidence::NetOfFee { fee: l.fee.unwrap_or(nothing) }, nothing),
        Relation::WireFee => (Evidence::WireFee { amount }, amount),
        _ if amount.is_zero() => (Evidence::AmountEqual, nothing),
        _ => (Evidence::Difference { amount }, amount),
    };
    let mut evidence = vec![first];
    evidence.extend(reference_of(facts, left, right, pool));
    evidence.push(pool.days_evidence(left, right));
    if facts.same_customer {
        evidence.push(Evidence::CustomerEqual);
    }
    if facts.name_percent > 0 && !r.party.is_empty() {
        evidence.push(Evidence::NameSimilar { percent: facts.name_percent });
    }
    if group.margin >= group.score {
        evidence.push(Evidence::OnlyCandidate);
    }
    let weights = &facts.weights;
    let fields = [
        ("reference", weights.reference),
        ("amount", weights.amount),
        ("name", weights.name),
        ("customer", weights.customer),
        ("days", weights.lag),
        ("account", weights.entity),
    ];
    let weights = fields.iter().map(|it| Weight { field: it.0.into(), hundredths: hundredths(it.1) }).collect();
    evidence.push(Evidence::Odds { score: hundredths(group.score), margin: hundredths(group.margin), weights });
    (evidence, Some(variance))
}

fn hundredths(odds: f32) -> i32 {
    (odds * 100.0).round() as i32
}

fn reference_of(facts: &PairFacts, left: usize, right: usize, pool: &Pool<'_>) -> Option<Evidence> {
    let (l, r) = (pool.left[left], pool.right[right]);
    let order = reference::normalised(&l.order_number);
    if facts.names_code() {
        return Some(Evidence::GatewayReferenceEqual { value: l.gateway_ref.clone() });
    }
    if facts.names_order() {
        let written = reference::normalised(&r.reference);
        return Some(if written == order {
            Evidence::OrderNumberEqual { value: order }
        } else {
            Evidence::ReferenceVariant { left: order, right: r.reference.clone() }
        });
    }
    if facts.names_order_in_memo() {
        return Some(Evidence::ReferenceInMemo { value: order });
    }
    if facts.weights.reference <= 0.0 {
        return None;
    }
    let words = || reference::tokens(&r.reference).into_iter().chain(reference::tokens(&r.memo));
    let own = [order, l.gateway_ref.to_uppercase()];
    let cut = own.iter().find_map(|own| {
        let word = words().find(|it| reference::is_cut(own, it))?;
        Some(Evidence::ReferenceVariant { left: own.clone(), right: word })
    });
    let typo = || {
        own.iter().find_map(|own| {
            let word = words().find(|it| reference::is_one_keystroke(own, it))?;
            Some(Evidence::ReferenceTypo { left: own.clone(), right: word })
        })
    };
    cut.or_else(typo)
}

fn of_group(pool: &Pool<'_>, group: &Group, left: &[usize], right: &[usize]) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    if difference(pool, left, right).is_some_and(|it| it.is_zero()) {
        evidence.push(Evidence::SumEqual);
    }
    if let ([], [first, second]) = (left, right) {
        let (first, second) = (&pool.right[*first].reference, &pool.right[*second].reference);
        evidence.push(Evidence::ReferenceVariant { left: first.clone(), right: second.clone() });
        return evidence;
    }
    let orders: Vec<String> = {
        let mut orders: Vec<String> =
            left.iter().map(|it| reference::normalised(&pool.left[*it].order_number)).collect();
        orders.sort_unstable();
        orders.dedup();
        orders.retain(|it| !it.is_empty());
        orders
    };
    if group.pass == Pass::SharedReference {
        evidence.extend(orders.into_iter().map(|value| {
            let in_reference =
                right.iter().any(|it| tieout_domain::reference::names(&pool.right[*it].reference, &value));
            if in_reference { Evidence::OrderNumberEqual { value } } else { Evidence::ReferenceInMemo { value } }
        }));
    } else if group.pass == Pass::CustomerSum {
        evidence.push(Evidence::CustomerEqual);
    }
    if let (Some(first), Some(other)) = (left.first(), right.first()) {
        evidence.push(pool.days_evidence(*first, *other));
    }
    evidence
}
