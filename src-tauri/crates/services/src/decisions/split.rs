//! One record that a person cut into parts, because the other side has it in several: each part is matched on its own.
//!
//! Invariant: the parts always come to the record to the cent. They are members of the record, not records: account, day
//! and references are its own, only the amounts were chosen. If the record is another amount later, the parts keep theirs
//! and what is missing or too much stands open as one part more.

use super::by_hand::NotTogether;
use super::change::{bring_back, decide, parsed, set_aside, superseding};
use super::facts::MatchRecord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tieout_domain::{MatchGroup, MatchStatus, PostingId, RecordRef};
use tieout_matching::Item;
use tieout_money::Money;
use tieout_store::{Decision, Reader, StoreError, Tx};

pub(crate) const SPLIT: &str = "split";
/// More would not fit the dialog; a payment over this many invoices is matched as a whole.
const PARTS_MAX: usize = 20;
const SUPERSEDED: &str = "a person split its record";

/// The amounts of every split that stands, by its record.
pub(crate) type Splits = BTreeMap<RecordRef, Vec<Money>>;
/// The record each part belongs to.
pub(crate) type Parts = BTreeMap<RecordRef, RecordRef>;

#[derive(Debug, Serialize, Deserialize)]
struct Split {
    record: RecordRef,
    parts: Vec<Money>,
    /// A suggestion of the engine about the whole, which ends with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    removed: Vec<MatchGroup>,
    /// Entries that were to book the whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    superseded: Vec<PostingId>,
}

/// Why a record cannot be split into these.
pub fn check_parts(record: &MatchRecord, parts: &[Money]) -> Result<(), NotTogether> {
    let not = |why: String| Err(NotTogether(why));
    if record.part_of.is_some() {
        return not(format!("{} is a part already. Undo its split, and split the whole again.", record.number));
    }
    if !(2..=PARTS_MAX).contains(&parts.len()) {
        return not(format!("A split has 2 to {PARTS_MAX} parts."));
    }
    if parts.iter().any(|it| it.is_zero() || it.is_negative() != record.amount.is_negative()) {
        return not(format!("Each part goes the way of {}, and none is nothing.", record.amount));
    }
    let sum = Money::sum(record.amount.currency(), parts.iter().copied());
    let sum = sum.map_err(|error| NotTogether(error.to_string()))?;
    if sum != record.amount {
        return not(format!("The parts come to {sum}, not to {}.", record.amount));
    }
    Ok(())
}

/// Stores the split and carries it out. A record that is matched, or whose entry is in Intacct, is not split.
pub fn decide_split(tx: &Tx<'_>, record: &RecordRef, parts: &[Money], title: &str) -> Result<(), StoreError> {
    let mut split = Split {
        record: record.clone(),
        parts: parts.to_vec(),
        removed: tx.match_of(record)?.into_iter().map(|it| it.group).collect(),
        superseded: superseding(tx, record)?,
    };
    forward(tx, &split)?;
    split.removed.retain(|it| it.status == MatchStatus::Suggested);
    decide(tx, SPLIT, title, &split, "")
}

fn forward(tx: &Tx<'_>, split: &Split) -> Result<(), StoreError> {
    if let Some(stored) = tx.match_of(&split.record)? {
        if stored.group.is_settled() {
            return Err(StoreError::AlreadyMatched { what: split.record.to_string(), of: stored.group.id.0 });
        }
        tx.remove_match(&stored.group.id, "its record was split")?;
    }
    split.superseded.iter().try_for_each(|id| set_aside(tx, id, SUPERSEDED))
}

/// The parts are gone, and what the engine found for them; a person's own match of a part is undone before.
fn backward(tx: &Tx<'_>, split: &Split) -> Result<(), StoreError> {
    let parts = parts_of(&split.record, &split.parts).map(|(part, _)| part);
    for part in parts.chain([rest_of(&split.record)]) {
        let Some(stored) = tx.match_of(&part)? else { continue };
        if matches!(stored.group.status, MatchStatus::Confirmed { .. }) {
            return Err(StoreError::AlreadyMatched { what: part.to_string(), of: stored.group.id.0 });
        }
        tx.remove_match(&stored.group.id, "the split was undone")?;
    }
    for group in &split.removed {
        let mut taken = false;
        for member in group.members() {
            taken |= tx.match_of(member)?.is_some();
        }
        if !taken {
            tx.put_match(group, "the split was undone")?;
        }
    }
    split.superseded.iter().try_for_each(|id| bring_back(tx, id, SUPERSEDED))
}

pub(super) fn carry_out(tx: &Tx<'_>, decision: &Decision) -> Result<bool, StoreError> {
    if decision.kind != SPLIT {
        return Ok(false);
    }
    let split: Split = parsed(decision)?;
    if decision.undone {
        backward(tx, &split)?
    } else {
        forward(tx, &split)?
    }
    Ok(true)
}

pub(crate) fn standing(reader: &Reader<'_>) -> Result<Splits, StoreError> {
    let decisions = reader.decisions(SPLIT)?;
    decisions.iter().map(|it| parsed(it).map(|it: Split| (it.record, it.parts))).collect()
}

/// Which splits stand, to know when what rests on them is old.
pub fn standing_ids(reader: &Reader<'_>) -> Result<Vec<u64>, StoreError> {
    Ok(reader.decisions(SPLIT)?.iter().map(|it| it.id.unsigned_abs()).collect())
}

fn parts_of<'a>(record: &'a RecordRef, parts: &'a [Money]) -> impl Iterator<Item = (RecordRef, Money)> + 'a {
    parts.iter().enumerate().map(|(at, amount)| (named(record, &format!("{}of{}", at + 1, parts.len())), *amount))
}

fn rest_of(record: &RecordRef) -> RecordRef {
    named(record, "rest")
}

fn named(record: &RecordRef, part: &str) -> RecordRef {
    RecordRef::new(record.source.clone(), record.object, format!("{}~{part}", record.id))
}

/// ` part 1 of 2`, as it follows the number of the record.
pub(crate) fn words(part: &RecordRef) -> String {
    let name = part.id.rsplit_once('~').map_or("", |(_, name)| name);
    match name.split_once("of") {
        Some((at, of)) => format!(" part {at} of {of}"),
        None => " rest of its split".into(),
    }
}

/// Each record that is split in the shape of its parts; the others as they are.
pub(crate) fn apply(items: Vec<Item>, splits: &Splits, parts: &mut Parts) -> Vec<Item> {
    if splits.is_empty() {
        return items;
    }
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        let split = splits.get(&item.record).and_then(|amounts| amounts_of(&item, amounts));
        let Some(amounts) = split else {
            all.push(item);
            continue;
        };
        for (record, amount) in amounts {
            parts.insert(record.clone(), item.record.clone());
            // The gateway's fee is a fact about the whole; dividing it would be a guess.
            all.push(Item { record, amount, fee: None, ..item.clone() });
        }
    }
    all
}

/// `None`: it is in another currency now, and the amounts say nothing any more.
fn amounts_of(item: &Item, amounts: &[Money]) -> Option<Vec<(RecordRef, Money)>> {
    let sum = Money::sum(item.amount.currency(), amounts.iter().copied()).ok()?;
    let rest = item.amount.checked_sub(sum).ok()?;
    let mut all: Vec<_> = parts_of(&item.record, amounts).collect();
    if !rest.is_zero() {
        all.push((rest_of(&item.record), rest));
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use tieout_domain::{ObjectKind, ReceiptKind, SourceId};
    use tieout_matching::{ItemKind, MatchSettings};
    use tieout_money::{Currency, Totals};

    fn item(store: bool, id: usize, minor: i64) -> Item {
        let (source, object, kind) = if store {
            (SourceId::xcart("larkspur"), ObjectKind::Payment, ItemKind::Capture)
        } else {
            (SourceId::intacct("larkspur"), ObjectKind::Receipt, ItemKind::Receipt(ReceiptKind::Payment))
        };
        Item {
            record: RecordRef::new(source, object, format!("{id}:1")),
            kind,
            amount: Money::from_minor(minor, Currency::USD),
            on: date(2026, 1, 1 + i8::try_from(id % 5).unwrap()),
            order_number: if store { format!("{}", 10_400 + id % 7) } else { String::new() },
            gateway_ref: String::new(),
            payout_id: String::new(),
            reference: if store { String::new() } else { format!("{}", 10_400 + id % 7) },
            memo: String::new(),
            party: String::new(),
            email: String::new(),
            customer_id: String::new(),
            account: "1210".into(),
            fee: Some(Money::from_minor(-3, Currency::USD)),
        }
    }

    /// A whole amount and where a person cuts it, with what the record came to afterwards.
    fn cuts() -> impl Strategy<Value = (i64, Vec<i64>, i64)> {
        (4_i64..5_000, proptest::collection::vec(1_i64..4_999, 0..4), -3_i64..=3).prop_map(|(whole, at, moved)| {
            let edges: BTreeSet<i64> = at.into_iter().filter(|it| *it < whole).chain([0, whole]).collect();
            let edges: Vec<i64> = edges.into_iter().collect();
            (whole, edges.windows(2).map(|it| it[1] - it[0]).collect(), moved)
        })
    }

    proptest! {
        /// The law of a split: to the cent, on the same account and day, each part once and nothing else changed.
        #[test]
        fn parts_always_come_to_their_record_and_each_is_placed_once(
            store in proptest::collection::vec(cuts(), 1..12),
            ledger in proptest::collection::vec(1_i64..5_000, 0..12),
        ) {
            let mut splits = Splits::new();
            let mut items = Vec::new();
            for (id, (whole, parts, moved)) in store.iter().enumerate() {
                let it = item(true, id, whole + moved);
                if parts.len() > 1 {
                    let parts = parts.iter().map(|it| Money::from_minor(*it, Currency::USD)).collect();
                    splits.insert(it.record.clone(), parts);
                }
                items.push(it);
            }
            let mut parts = Parts::new();
            let applied = apply(items.clone(), &splits, &mut parts);
            let per_day = |items: &[Item]| {
                let days: BTreeSet<_> = items.iter().map(|it| it.on).collect();
                days.into_iter().map(|day| (day, Totals::of(items.iter().filter(|it| it.on == day).map(|it| it.amount)).unwrap())).collect::<Vec<_>>()
            };
            prop_assert_eq!(per_day(&items), per_day(&applied));
            for it in &items {
                let mine: Vec<&Item> = applied.iter().filter(|part| parts.get(&part.record).unwrap_or(&part.record) == &it.record).collect();
                let sum = Money::sum(Currency::USD, mine.iter().map(|it| it.amount)).unwrap();
                prop_assert_eq!(sum, it.amount);
                prop_assert!(mine.iter().all(|part| part.account == it.account && part.on == it.on && !part.amount.is_zero()));
                let is_split = splits.contains_key(&it.record);
                prop_assert_eq!(is_split, mine.iter().all(|part| part.record != it.record));
            }
            let names: BTreeSet<&RecordRef> = applied.iter().map(|it| &it.record).collect();
            prop_assert_eq!(names.len(), applied.len(), "no two parts have one name");

            let right: Vec<Item> = ledger.iter().enumerate().map(|(id, minor)| item(false, id, *minor)).collect();
            let outcome = tieout_matching::reconcile(&applied, &right, &MatchSettings::default());
            let placed: Vec<&RecordRef> = outcome
                .matches
                .iter()
                .flat_map(|it| &it.left)
                .chain(outcome.left_over.iter().map(|it| &it.record))
                .collect();
            prop_assert_eq!(placed.len(), applied.len());
            prop_assert_eq!(placed.into_iter().collect::<BTreeSet<_>>(), names);
        }
    }

    #[test]
    fn a_record_in_another_currency_now_is_whole() {
        let it = item(true, 1, 100);
        let euros = vec![Money::from_minor(40, Currency::EUR), Money::from_minor(60, Currency::EUR)];
        let splits = Splits::from([(it.record.clone(), euros)]);
        let mut parts = Parts::new();
        assert_eq!(apply(vec![it.clone()], &splits, &mut parts), vec![it]);
        assert!(parts.is_empty());
    }
}
