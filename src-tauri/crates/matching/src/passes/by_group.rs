//! Several records on one side or both, tied by a shared reference and an exact sum.

use crate::pool::{Found, Pool, sum};
use crate::reference;
use std::collections::BTreeSet;
use tieout_domain::{Confidence, Evidence};
use tieout_money::Money;

/// All open payments of one order against all open receipts that name it: two tenders of one order, one
/// payment entered as two or three receipts.
pub fn order_sum(pool: &mut Pool<'_>) {
    for in_memo in [false, true] {
        let keys: Vec<String> = pool.by_order.keys().cloned().collect();
        for key in keys {
            let lefts: Vec<usize> = pool.by_order[&key]
                .iter()
                .copied()
                .filter(|&it| pool.left_is_open(it) && !pool.twins_left.contains_key(&it))
                .collect();
            let rights: Vec<usize> = pool
                .open_with_token(&key, in_memo)
                .into_iter()
                .filter(|it| !pool.twins_right.contains_key(it))
                .collect();
            for negative in [false, true] {
                let lefts: Vec<usize> =
                    lefts.iter().copied().filter(|&it| pool.left[it].amount.is_negative() == negative).collect();
                let rights: Vec<usize> =
                    rights.iter().copied().filter(|&it| pool.right[it].amount.is_negative() == negative).collect();
                claim_if_sums_agree(pool, &key, lefts, rights, in_memo);
            }
        }
    }
}

fn claim_if_sums_agree(pool: &mut Pool<'_>, key: &str, lefts: Vec<usize>, rights: Vec<usize>, in_memo: bool) {
    if lefts.is_empty() || rights.is_empty() || lefts.len() + rights.len() < 3 {
        return;
    }
    let all_may_meet =
        lefts.iter().all(|&left| rights.iter().all(|&right| pool.may_meet(left, right) && pool.in_window(left, right)));
    let (Some(left_sum), Some(right_sum)) = (pool.left_sum(&lefts), pool.right_sum(&rights)) else { return };
    if !all_may_meet || left_sum != right_sum {
        return;
    }
    let days = pool.days_evidence(lefts[0], rights[0]);
    let reference = if in_memo {
        Evidence::ReferenceInMemo { value: key.to_owned() }
    } else {
        Evidence::OrderNumberEqual { value: key.to_owned() }
    };
    pool.claim(Found {
        left: lefts,
        right: rights,
        pass: "order number, sum",
        confidence: Confidence(9_700),
        evidence: vec![Evidence::SumEqual, reference, days],
        variance: Money::zero(left_sum.currency()),
    });
}

/// One receipt that names several orders and comes to exactly their open payments.
pub fn remittance(pool: &mut Pool<'_>) {
    let rights: Vec<usize> = pool.open_right().collect();
    for right in rights {
        let item = pool.right[right];
        let named: BTreeSet<String> = reference::tokens(&item.reference)
            .into_iter()
            .chain(reference::tokens(&item.memo))
            .filter(|token| pool.by_order.contains_key(token))
            .collect();
        if named.len() < 2 || named.len() > pool.settings.remittance_orders_max {
            continue;
        }
        let mut lefts: Vec<usize> = named
            .iter()
            .flat_map(|token| pool.by_order[token].iter().copied())
            .filter(|&it| {
                pool.left_is_open(it)
                    && !pool.twins_left.contains_key(&it)
                    && pool.may_meet(it, right)
                    && pool.left[it].amount.is_negative() == item.amount.is_negative()
            })
            .collect();
        lefts.sort_unstable();
        if lefts.len() < 2 || pool.left_sum(&lefts) != Some(item.amount) {
            continue;
        }
        if sum(lefts.iter().map(|&it| pool.left[it].amount)).is_none() {
            continue;
        }
        let first = lefts[0];
        let value = named.into_iter().collect::<Vec<_>>().join(", ");
        let days = pool.days_evidence(first, right);
        pool.claim(Found {
            left: lefts,
            right: vec![right],
            pass: "remittance naming its orders",
            confidence: Confidence(9_700),
            evidence: vec![Evidence::SumEqual, Evidence::ReferenceInMemo { value }, days],
            variance: Money::zero(item.amount.currency()),
        });
    }
}
