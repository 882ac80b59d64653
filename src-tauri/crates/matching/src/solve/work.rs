//! What is still open on both sides, and the groups found so far. A claimed record is gone for good.

use super::learned::Learned;
use super::leftover::Reason;
use super::payouts::Channels;
use crate::table::names::ByHash;
use crate::table::{Book, NONE, PayKind, PayStatus, ReceiptType, words};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pass {
    Reference,
    SharedReference,
    Payout,
    PayoutEdited,
    AmountAndParty,
    AmountAlone,
    CustomerSum,
    Reversal,
}

impl Pass {
    pub fn name(self) -> &'static str {
        match self {
            Pass::Reference => "reference",
            Pass::SharedReference => "shared reference",
            Pass::Payout => "payout",
            Pass::PayoutEdited => "payout with changes",
            Pass::AmountAndParty => "amount and party",
            Pass::AmountAlone => "amount alone",
            Pass::CustomerSum => "sum of one customer",
            Pass::Reversal => "reversal within the ledger",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub pass: Pass,
    /// Ten-thousandths.
    pub confidence: u16,
    /// Evidence in logarithms of odds, where the pass weighs it.
    pub score: f32,
    /// How much worse the next best answer is.
    pub margin: f32,
    /// Sum of the left less sum of the right in minor units, before what the evidence explains.
    pub difference: i64,
    /// A word on what explains the difference, or on the payout's window.
    pub note: String,
}

/// At and above it a group may be proposed without asking.
pub const SAFE: u16 = 9_000;

pub struct Work<'b> {
    pub book: &'b Book,
    pub left_group: Vec<u32>,
    pub right_group: Vec<u32>,
    pub groups: Vec<Group>,
    pub learned: Learned,
    pub channels: Channels,
    pub left_reason: Vec<Reason>,
    pub right_reason: Vec<Reason>,
    /// Searches that stopped at their budget, by name, with how often.
    pub budgets: Vec<(&'static str, u64)>,
}

/// Groups by number, and for every record the number of its group or `NONE`.
pub struct Solved {
    pub left_group: Vec<u32>,
    pub right_group: Vec<u32>,
    pub groups: Vec<Group>,
    pub left_reason: Vec<Reason>,
    pub right_reason: Vec<Reason>,
    pub learned: Learned,
    pub channels: Channels,
    pub budgets: Vec<(&'static str, u64)>,
}

impl<'b> Work<'b> {
    pub fn new(book: &'b Book) -> Work<'b> {
        Work {
            left_group: vec![NONE; book.payments.len()],
            right_group: vec![NONE; book.receipts.len()],
            groups: Vec::new(),
            learned: Learned::new(book),
            channels: Channels::default(),
            left_reason: Vec::new(),
            right_reason: Vec::new(),
            budgets: Vec::new(),
            book,
        }
    }

    /// A failed or voided payment moved no money and never matches; neither does a zero.
    pub fn left_open(&self, row: u32) -> bool {
        self.left_group[row as usize] == NONE
            && self.book.payments.status[row as usize] == PayStatus::Settled
            && self.book.payments.minor[row as usize] != 0
    }

    pub fn right_open(&self, row: u32) -> bool {
        self.right_group[row as usize] == NONE && self.book.receipts.minor[row as usize] != 0
    }

    /// A receipt or an adjustment, still open.
    pub fn single_open(&self, row: u32) -> bool {
        self.right_open(row) && self.book.receipts.kind[row as usize] != ReceiptType::Deposit
    }

    pub fn entity_of(&self, left: u32) -> u32 {
        self.learned.entity_of_store[self.book.payments.store[left as usize] as usize]
    }

    /// The entities do not speak against it, and money flows the same way.
    pub fn may_meet(&self, left: u32, right: u32) -> bool {
        let (ours, theirs) = (self.entity_of(left), self.book.receipts.entity[right as usize]);
        let class = self.book.payments.class.get(left as usize).copied().unwrap_or(0);
        let meets = self.book.receipts.meets.get(right as usize).is_none_or(|it| it & 1 << class != 0);
        meets
            && (ours == 0 || theirs == 0 || ours == theirs)
            && (self.book.payments.minor[left as usize] < 0) == (self.book.receipts.minor[right as usize] < 0)
    }

    /// Days from the payment to the receipt.
    pub fn days(&self, left: u32, right: u32) -> i32 {
        self.book.receipts.day[right as usize] - self.book.payments.day(left)
    }

    pub fn is_refund(&self, left: u32) -> bool {
        self.book.payments.kind[left as usize] != PayKind::Sale
    }

    pub fn claim(&mut self, lefts: &[u32], rights: &[u32], mut group: Group) {
        let number = self.groups.len() as u32;
        let sum = |minor: &[i64], rows: &[u32]| rows.iter().map(|it| minor[*it as usize]).sum::<i64>();
        group.difference = sum(&self.book.payments.minor, lefts) - sum(&self.book.receipts.minor, rights);
        for it in lefts {
            debug_assert!(self.left_open(*it));
            self.left_group[*it as usize] = number;
        }
        for it in rights {
            debug_assert!(self.right_open(*it));
            self.right_group[*it as usize] = number;
        }
        self.groups.push(group);
    }

    /// What payments taken so far say of themselves: another that says the same is a copy.
    pub fn taken_contents(&self) -> ByHash<()> {
        let taken = self.left_group.iter().enumerate().filter(|it| *it.1 != NONE);
        taken.map(|it| (content(self.book, it.0 as u32), ())).collect()
    }

    pub fn spent(&mut self, budget: &'static str) {
        match self.budgets.iter_mut().find(|it| it.0 == budget) {
            Some(known) => known.1 += 1,
            None => self.budgets.push((budget, 1)),
        }
    }

    pub fn done(self) -> Solved {
        Solved {
            left_group: self.left_group,
            right_group: self.right_group,
            groups: self.groups,
            left_reason: self.left_reason,
            right_reason: self.right_reason,
            learned: self.learned,
            channels: self.channels,
            budgets: self.budgets,
        }
    }
}

/// Hash of store, order, amount and kind; 0 without an order.
pub fn content(book: &Book, left: u32) -> u64 {
    let (p, l) = (&book.payments, left as usize);
    let order = p.order_text(left);
    if order.is_empty() {
        return 0;
    }
    let head = [u64::from(p.store[l]), p.minor[l] as u64, u64::from(p.currency[l]), p.kind[l] as u64];
    words::hash(head.into_iter().flat_map(u64::to_le_bytes).chain(order.iter().copied()))
}

impl Group {
    pub fn new(pass: Pass, confidence: u16) -> Group {
        Group { pass, confidence, score: 0.0, margin: 0.0, difference: 0, note: String::new() }
    }
}
