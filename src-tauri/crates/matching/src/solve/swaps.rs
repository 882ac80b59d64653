//! The last look at what would be proposed without asking: two pairs that could change partners at hardly any cost are no
//! longer safe, whichever passes made them. They stay together as suggestions, for a person to decide.

use super::amounts::close_reference;
use super::explain::{CHANCE, shared};
use super::refs::MARGIN_SAFE;
use super::score::{relation, weigh};
use super::work::{SAFE, Work};
use crate::table::NONE;
use crate::table::names::ByHash;
use crate::table::words;

/// Pairs of one kind that are compared with each other; of larger kinds only neighbours in time are.
const KIND_MAX: usize = 24;

pub fn run(work: &mut Work<'_>) {
    let pairs = safe_pairs(work);
    let (p, r) = (&work.book.payments, &work.book.receipts);
    let left_kind = |it: &(u32, u32)| {
        let l = it.0 as usize;
        let name = p.names.key_of(p.name[l]);
        mix(&[u64::from(p.currency[l]), p.minor[l] as u64, name])
    };
    let right_kind = |it: &(u32, u32)| {
        let l = it.1 as usize;
        let name = r.names.key_of(work.learned.right_name[l]);
        mix(&[u64::from(r.currency[l]), r.minor[l] as u64, name, 1])
    };
    let mut doubtful: Vec<u32> = Vec::new();
    for kind in [&left_kind as &dyn Fn(&(u32, u32)) -> u64, &right_kind] {
        let mut counts: ByHash<u32> = ByHash::default();
        for it in &pairs {
            *counts.entry(kind(it)).or_default() += 1;
        }
        let mut keyed: Vec<(u64, i64, (u32, u32))> = pairs
            .iter()
            .map(|it| (kind(it), *it))
            .filter(|it| counts.get(&it.0).is_some_and(|it| *it > 1))
            .map(|it| (it.0, p.at[it.1.0 as usize], it.1))
            .collect();
        keyed.sort_unstable();
        for alike in keyed.chunk_by(|a, b| a.0 == b.0) {
            for (at, one) in alike.iter().enumerate() {
                for other in alike[at + 1..].iter().take(KIND_MAX) {
                    if swappable(work, one.2, other.2) {
                        doubtful.extend([work.left_group[one.2.0 as usize], work.left_group[other.2.0 as usize]]);
                    }
                }
            }
        }
    }
    for group in doubtful {
        let group = &mut work.groups[group as usize];
        if group.confidence >= SAFE {
            group.confidence = SAFE - 300;
            group.margin = 0.0;
            group.note = "it could change partners with another pair at hardly any cost".into();
        }
    }
}

/// Automatic groups of one payment and one receipt.
fn safe_pairs(work: &Work<'_>) -> Vec<(u32, u32)> {
    let mut members: Vec<(u32, u32, u8)> = vec![(NONE, NONE, 0); work.groups.len()];
    for (row, group) in work.left_group.iter().enumerate().filter(|it| *it.1 != NONE) {
        let it = &mut members[*group as usize];
        (it.0, it.2) = (row as u32, it.2.saturating_add(1));
    }
    for (row, group) in work.right_group.iter().enumerate().filter(|it| *it.1 != NONE) {
        let it = &mut members[*group as usize];
        (it.1, it.2) = (row as u32, it.2.saturating_add(1));
    }
    members
        .iter()
        .zip(&work.groups)
        .filter(|it| it.1.confidence >= SAFE && it.0.2 == 2 && it.0.0 != NONE && it.0.1 != NONE)
        .map(|it| (it.0.0, it.0.1))
        .collect()
}

fn swappable(work: &Work<'_>, one: (u32, u32), other: (u32, u32)) -> bool {
    let Some(across) = evidence(work, one.0, other.1).zip(evidence(work, other.0, one.1)) else { return false };
    let Some(straight) = evidence(work, one.0, one.1).zip(evidence(work, other.0, other.1)) else { return false };
    straight.0 + straight.1 - across.0 - across.1 < MARGIN_SAFE
}

fn evidence(work: &Work<'_>, left: u32, right: u32) -> Option<f32> {
    if !work.may_meet(left, right) {
        return None;
    }
    let relation = relation(work, left, right)?;
    let how = shared(work, left, right);
    let mut weights = weigh(work, left, right, how, relation, CHANCE);
    if how == 0 {
        weights.reference = close_reference(work, left, right, &[]);
    }
    Some(weights.sum())
}

fn mix(parts: &[u64]) -> u64 {
    words::hash(parts.iter().flat_map(|it| it.to_le_bytes()))
}
