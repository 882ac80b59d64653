//! What is still open on both sides, with the indexes the passes share. A claimed record is gone for good.

use super::item::Item;
use super::reference;
use std::collections::BTreeMap;
use tieout_domain::{Confidence, Evidence, MatchGroup, MatchKind, MatchSettings, MatchStatus, RecordRef};
use tieout_money::{Currency, Money};

pub struct Pool<'a> {
    pub settings: &'a MatchSettings,
    pub left: Vec<&'a Item>,
    pub right: Vec<&'a Item>,
    left_open: Vec<bool>,
    right_open: Vec<bool>,
    /// Normalised order number -> left positions.
    pub by_order: BTreeMap<String, Vec<usize>>,
    /// Token in a right reference -> right positions; memo tokens apart, since memos hold decoys.
    pub by_reference: BTreeMap<String, Vec<usize>>,
    pub by_memo: BTreeMap<String, Vec<usize>>,
    pub matches: Vec<MatchGroup>,
    /// Left or right positions whose second copy was left over beside an equal, matched first one.
    pub twins_left: BTreeMap<usize, RecordRef>,
    pub twins_right: BTreeMap<usize, RecordRef>,
}

impl<'a> Pool<'a> {
    /// Sorts by identity first, so that the order rows came in changes nothing.
    pub fn new(left: &'a [Item], right: &'a [Item], settings: &'a MatchSettings) -> Pool<'a> {
        let mut left: Vec<&Item> = left.iter().collect();
        let mut right: Vec<&Item> = right.iter().collect();
        left.sort_by(|a, b| (a.on, &a.record).cmp(&(b.on, &b.record)));
        right.sort_by(|a, b| (a.on, &a.record).cmp(&(b.on, &b.record)));
        let mut pool = Pool {
            settings,
            left_open: vec![true; left.len()],
            right_open: vec![true; right.len()],
            by_order: BTreeMap::new(),
            by_reference: BTreeMap::new(),
            by_memo: BTreeMap::new(),
            matches: Vec::new(),
            twins_left: BTreeMap::new(),
            twins_right: BTreeMap::new(),
            left,
            right,
        };
        for (position, item) in pool.left.iter().enumerate() {
            let key = reference::normalised(&item.order_number);
            if !key.is_empty() {
                pool.by_order.entry(key).or_default().push(position);
            }
        }
        for (position, item) in pool.right.iter().enumerate() {
            for token in reference::tokens(&item.reference) {
                pool.by_reference.entry(token).or_default().push(position);
            }
            for token in reference::tokens(&item.memo) {
                pool.by_memo.entry(token).or_default().push(position);
            }
        }
        pool
    }

    pub fn left_is_open(&self, position: usize) -> bool {
        self.left_open[position]
    }

    pub fn right_is_open(&self, position: usize) -> bool {
        self.right_open[position]
    }

    pub fn open_left(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.left.len()).filter(|&it| self.left_open[it])
    }

    pub fn open_right(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.right.len()).filter(|&it| self.right_open[it])
    }

    /// Open rights whose reference (or, second, memo) holds the token; never a record twice.
    pub fn open_with_token(&self, token: &str, in_memo: bool) -> Vec<usize> {
        let index = if in_memo { &self.by_memo } else { &self.by_reference };
        index.get(token).into_iter().flatten().copied().filter(|&it| self.right_open[it]).collect()
    }

    pub fn may_meet(&self, left: usize, right: usize) -> bool {
        self.left[left].may_meet(self.right[right])
    }

    /// Days from the left record to the right one.
    pub fn days(&self, left: usize, right: usize) -> i32 {
        (self.right[right].on - self.left[left].on).get_days()
    }

    pub fn in_window(&self, left: usize, right: usize) -> bool {
        let days = self.days(left, right);
        -self.settings.days_before_max <= days && days <= self.settings.days_after_max
    }

    pub fn left_sum(&self, positions: &[usize]) -> Option<Money> {
        sum(positions.iter().map(|&it| self.left[it].amount))
    }

    pub fn right_sum(&self, positions: &[usize]) -> Option<Money> {
        sum(positions.iter().map(|&it| self.right[it].amount))
    }

    /// Takes the records out of play. The caller has checked that they are open.
    pub fn claim(&mut self, found: Found) {
        debug_assert!(
            found.left.iter().all(|&it| self.left_open[it]) && found.right.iter().all(|&it| self.right_open[it])
        );
        for &it in &found.left {
            self.left_open[it] = false;
        }
        for &it in &found.right {
            self.right_open[it] = false;
        }
        let mut left: Vec<RecordRef> = found.left.iter().map(|&it| self.left[it].record.clone()).collect();
        let mut right: Vec<RecordRef> = found.right.iter().map(|&it| self.right[it].record.clone()).collect();
        left.sort();
        right.sort();
        let kind = MatchKind::of(left.len(), right.len());
        let safe = found.confidence >= Confidence::SAFE && found.variance.is_zero();
        self.matches.push(MatchGroup {
            id: MatchGroup::id_of(&left, &right),
            left,
            right,
            kind,
            status: if safe { MatchStatus::Automatic } else { MatchStatus::Suggested },
            pass: found.pass.to_owned(),
            confidence: found.confidence,
            evidence: found.evidence,
            variance: found.variance,
        });
    }

    pub fn days_evidence(&self, left: usize, right: usize) -> Evidence {
        Evidence::Days { days: i16::try_from(self.days(left, right)).unwrap_or(i16::MAX) }
    }
}

/// What a pass found, by position.
pub struct Found {
    pub left: Vec<usize>,
    pub right: Vec<usize>,
    pub pass: &'static str,
    pub confidence: Confidence,
    pub evidence: Vec<Evidence>,
    /// Left minus right after everything the evidence explains (a fee); what remains is a named line.
    pub variance: Money,
}

/// `None` where currencies differ or the sum does not fit: no match can come of it.
pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
    let mut amounts = amounts.into_iter();
    let first = amounts.next()?;
    amounts.try_fold(first, |sum, next| sum.checked_add(next).ok())
}

/// Currency and minor units: what equal amounts are bucketed by.
pub fn amount_key(money: Money) -> (Currency, i64) {
    (money.currency(), money.minor())
}
