use super::item::ItemKind;
use super::pool::{Found, Pool};
use super::reference;
use std::collections::BTreeMap;
use tieout_domain::{Confidence, Evidence};
use tieout_money::Money;

/// A ledger entry and its reversal (`REV-…` or the very same reference) with opposite amounts cancel inside
/// the ledger: together they say nothing about the store.
pub fn reversals(pool: &mut Pool<'_>) {
    let mut by_reference: BTreeMap<(String, ItemKind, String), Vec<usize>> = BTreeMap::new();
    for it in pool.open_right() {
        let item = pool.right[it];
        let plain = reference::normalised(&item.reference);
        let key = plain.strip_prefix("REV").unwrap_or(&plain).to_owned();
        if !key.is_empty() {
            by_reference.entry((key, item.kind, item.account.clone())).or_default().push(it);
        }
    }
    for ((key, ..), members) in by_reference {
        let [first, second] = members[..] else { continue };
        let (a, b) = (pool.right[first], pool.right[second]);
        let one_is_reversal = reference::normalised(&a.reference) != reference::normalised(&b.reference);
        if one_is_reversal && a.amount.currency() == b.amount.currency() && a.amount == -b.amount {
            pool.claim(Found {
                left: vec![],
                right: members,
                pass: "reversal within the ledger",
                confidence: Confidence(9_900),
                evidence: vec![
                    Evidence::SumEqual,
                    Evidence::ReferenceVariant { left: key, right: b.reference.clone() },
                ],
                variance: Money::zero(a.amount.currency()),
            });
        }
    }
}
