//! One reference written in two ways: cut short, or one keystroke wrong. Amount and window must agree, and
//! nothing else may fit.

use crate::pool::{Found, Pool, amount_key};
use crate::reference;
use crate::similarity::names_percent;
use std::collections::BTreeMap;
use tieout_domain::{Confidence, Evidence};
use tieout_money::{Currency, Money};

pub fn written_differently(pool: &mut Pool<'_>) {
    let mut rights: BTreeMap<(Currency, i64), Vec<usize>> = BTreeMap::new();
    for it in pool.open_right().filter(|it| !pool.twins_right.contains_key(it)) {
        rights.entry(amount_key(pool.right[it].amount)).or_default().push(it);
    }
    let mut pairs: Vec<(usize, usize, Evidence)> = Vec::new();
    for left in pool.open_left().filter(|it| !pool.twins_left.contains_key(it)) {
        let key = reference::normalised(&pool.left[left].order_number);
        if key.is_empty() {
            continue;
        }
        for &right in rights.get(&amount_key(pool.left[left].amount)).into_iter().flatten() {
            if !pool.may_meet(left, right) || !pool.in_window(left, right) {
                continue;
            }
            let item = pool.right[right];
            let close = reference::tokens(&item.reference)
                .into_iter()
                .chain(reference::tokens(&item.memo))
                // A token that is another order's number is that order's, not a slip of the pen.
                .filter(|token| !pool.by_order.contains_key(token))
                .find(|token| reference::is_cut(&key, token) || reference::is_one_keystroke(&key, token));
            if let Some(token) = close {
                let evidence = if reference::is_cut(&key, &token) {
                    Evidence::ReferenceVariant { left: key.clone(), right: token }
                } else {
                    Evidence::ReferenceTypo { left: key.clone(), right: token }
                };
                pairs.push((left, right, evidence));
            }
        }
    }
    let mut left_count: BTreeMap<usize, usize> = BTreeMap::new();
    let mut right_count: BTreeMap<usize, usize> = BTreeMap::new();
    for (left, right, _) in &pairs {
        *left_count.entry(*left).or_default() += 1;
        *right_count.entry(*right).or_default() += 1;
    }
    for (left, right, evidence) in pairs {
        if left_count[&left] != 1 || right_count[&right] != 1 {
            continue;
        }
        let percent = names_percent(&pool.left[left].party, &pool.right[right].party);
        let known = pool.same_customer(left, right);
        let confirmed = known || percent >= pool.settings.name_percent_min;
        let mut reasons = vec![Evidence::AmountEqual, evidence, pool.days_evidence(left, right)];
        if known {
            reasons.push(Evidence::CustomerEqual);
        }
        if percent > 0 {
            reasons.push(Evidence::NameSimilar { percent });
        }
        pool.claim(Found {
            left: vec![left],
            right: vec![right],
            pass: "reference written differently",
            confidence: if confirmed { Confidence(9_300) } else { Confidence(8_300) },
            evidence: reasons,
            variance: Money::zero(pool.left[left].amount.currency()),
        });
    }
}
