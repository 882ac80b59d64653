//! One reference on both sides.

use crate::item::ItemKind;
use crate::pool::{Found, Pool, amount_key};
use crate::reference;
use std::collections::BTreeMap;
use tieout_domain::{Confidence, Evidence};
use tieout_money::{Currency, Money};

/// The gateway's own id in the ledger's reference or memo, equal amounts.
pub fn gateway_reference(pool: &mut Pool<'_>) {
    const LENGTH_MIN: usize = 6;
    let lefts: Vec<usize> = pool.open_left().filter(|&it| pool.left[it].gateway_ref.len() >= LENGTH_MIN).collect();
    let mut holders: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &it in &lefts {
        holders.entry(pool.left[it].gateway_ref.to_uppercase()).or_default().push(it);
    }
    for (token, lefts) in holders {
        let mut rights = pool.open_with_token(&token, false);
        rights.extend(pool.open_with_token(&token, true));
        rights.sort_unstable();
        rights.dedup();
        pair_equal_amounts(pool, &lefts, &rights, "gateway reference", Confidence(9_950), |_| {
            Evidence::GatewayReferenceEqual { value: token.clone() }
        });
    }
}

/// The order number in the ledger's reference, then in its memo; equal amounts within the days allowed.
pub fn order_number(pool: &mut Pool<'_>) {
    for in_memo in [false, true] {
        let keys: Vec<String> = pool.by_order.keys().cloned().collect();
        for key in keys {
            let lefts = pool.by_order[&key].clone();
            let rights = pool.open_with_token(&key, in_memo);
            let (pass, confidence) =
                if in_memo { ("order number in memo", Confidence(9_500)) } else { ("order number", Confidence(9_900)) };
            pair_equal_amounts(pool, &lefts, &rights, pass, confidence, |right| {
                if in_memo {
                    Evidence::ReferenceInMemo { value: key.clone() }
                } else if reference::normalised(right) == key {
                    Evidence::OrderNumberEqual { value: key.clone() }
                } else {
                    Evidence::ReferenceVariant { left: key.clone(), right: right.to_owned() }
                }
            });
        }
    }
}

/// Within one reference: equal amounts pair off oldest first. A copy left over beside a matched twin is
/// remembered as that twin's duplicate, never matched to anything weaker.
fn pair_equal_amounts(
    pool: &mut Pool<'_>,
    lefts: &[usize],
    rights: &[usize],
    pass: &'static str,
    confidence: Confidence,
    reference_evidence: impl Fn(&str) -> Evidence,
) {
    let mut buckets: BTreeMap<(Currency, i64), (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for &it in lefts.iter().filter(|&&it| pool.left_is_open(it)) {
        buckets.entry(amount_key(pool.left[it].amount)).or_default().0.push(it);
    }
    for &it in rights.iter().filter(|&&it| pool.right_is_open(it)) {
        if let Some(bucket) = buckets.get_mut(&amount_key(pool.right[it].amount)) {
            bucket.1.push(it);
        }
    }
    for (lefts, mut rights) in buckets.into_values() {
        let mut taken: Option<(usize, usize)> = None;
        for left in lefts {
            let partner = rights.iter().position(|&right| pool.may_meet(left, right) && pool.in_window(left, right));
            match partner {
                Some(index) => {
                    let right = rights.remove(index);
                    taken = Some((left, right));
                    pool.claim(Found {
                        left: vec![left],
                        right: vec![right],
                        pass,
                        confidence,
                        evidence: vec![
                            Evidence::AmountEqual,
                            reference_evidence(&pool.right[right].reference),
                            pool.days_evidence(left, right),
                        ],
                        variance: Money::zero(pool.left[left].amount.currency()),
                    });
                }
                None => {
                    if let Some((first, _)) = taken
                        && pool.left[first].kind == pool.left[left].kind
                    {
                        let twin = pool.left[first].record.clone();
                        pool.twins_left.insert(left, twin);
                    }
                }
            }
        }
        if let Some((left, first)) = taken {
            for right in rights {
                if pool.right[first].kind == pool.right[right].kind && pool.may_meet(left, right) {
                    let twin = pool.right[first].record.clone();
                    pool.twins_right.insert(right, twin);
                }
            }
        }
    }
}

/// The ledger holds what the gateway paid out: amount less the fee that the settlement row names.
pub fn net_of_fee(pool: &mut Pool<'_>) {
    for in_memo in [false, true] {
        let keys: Vec<String> = pool.by_order.keys().cloned().collect();
        for key in keys {
            let lefts: Vec<usize> = pool.by_order[&key].iter().copied().filter(|&it| pool.left_is_open(it)).collect();
            let rights = pool.open_with_token(&key, in_memo);
            let mut pairs = Vec::new();
            for &left in &lefts {
                let Some(fee) = pool.left[left].fee.filter(|fee| !fee.is_zero()) else { continue };
                let Ok(net) = pool.left[left].amount.checked_add(fee) else { continue };
                for &right in &rights {
                    if pool.right[right].amount == net && pool.may_meet(left, right) && pool.in_window(left, right) {
                        pairs.push((left, right, fee));
                    }
                }
            }
            let [(left, right, fee)] = pairs[..] else { continue };
            pool.claim(Found {
                left: vec![left],
                right: vec![right],
                pass: "order number, net of fee",
                confidence: Confidence(9_600),
                evidence: vec![
                    Evidence::NetOfFee { fee },
                    Evidence::OrderNumberEqual { value: key.clone() },
                    pool.days_evidence(left, right),
                ],
                variance: Money::zero(fee.currency()),
            });
        }
    }
}

/// One payment and one receipt of an order that differ by cents or by a bank's wire fee: offered, with the
/// difference as a line of its own.
pub fn small_difference(pool: &mut Pool<'_>) {
    let keys: Vec<String> = pool.by_order.keys().cloned().collect();
    for key in keys {
        let lefts: Vec<usize> = pool.by_order[&key]
            .iter()
            .copied()
            .filter(|&it| pool.left_is_open(it) && matches!(pool.left[it].kind, ItemKind::Capture | ItemKind::Refund))
            .collect();
        let mut rights = pool.open_with_token(&key, false);
        if rights.is_empty() {
            rights = pool.open_with_token(&key, true);
        }
        let ([left], [right]) = (&lefts[..], &rights[..]) else { continue };
        let (left, right) = (*left, *right);
        if !pool.may_meet(left, right) || !pool.in_window(left, right) {
            continue;
        }
        let Ok(difference) = pool.left[left].amount.checked_sub(pool.right[right].amount) else { continue };
        let minor = difference.minor();
        let evidence = if minor.abs() <= pool.settings.tolerance_minor {
            Evidence::Difference { amount: difference }
        } else if pool.settings.wire_fees_minor.contains(&minor) {
            Evidence::WireFee { amount: difference }
        } else {
            continue;
        };
        pool.claim(Found {
            left: vec![left],
            right: vec![right],
            pass: "order number, small difference",
            confidence: Confidence(9_200),
            evidence: vec![
                evidence,
                Evidence::OrderNumberEqual { value: key.clone() },
                pool.days_evidence(left, right),
            ],
            variance: difference,
        });
    }
}
