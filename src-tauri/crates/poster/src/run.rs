//! Which posting a run carries next: what was cut off, then doubts whose time has come, then what is approved, in
//! dependency order; and when there is nothing else, the next doubt is waited for, as long as the run may.

use crate::carry::End;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{PostingId, PostingState};

#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Only these are sent; empty means everything that is approved. Doubts are always settled.
    pub only: BTreeSet<PostingId>,
    /// Wait for cool-downs of at most this long instead of leaving the doubt to the next run.
    pub wait_at_most: SignedDuration,
}

/// A posting that is approved, being sent, or in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub id: PostingId,
    pub state: PostingState,
    /// Postings it follows that are not in the ledger yet.
    pub behind: Vec<PostingId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Carry(PostingId),
    /// Nothing before this moment.
    Wait(Timestamp),
    Nothing,
}

#[derive(Clone, Debug, Default)]
pub struct Run {
    rules: Rules,
    /// In the order they were approved or proposed: as they were read.
    waiting: Vec<Waiting>,
    in_ledger: BTreeSet<PostingId>,
    tried: BTreeMap<PostingId, End>,
}

impl Run {
    pub fn new(rules: Rules) -> Run {
        Run { rules, ..Run::default() }
    }

    /// What is on disk now.
    pub fn see(&mut self, waiting: Vec<Waiting>) {
        self.waiting = waiting;
    }

    /// How many there are still to be sent.
    pub fn to_send(&self) -> usize {
        self.waiting.iter().filter(|it| self.is_to_send(it)).count()
    }

    /// Postings this run had a hand in.
    pub fn tried(&self) -> impl Iterator<Item = &PostingId> {
        self.tried.keys()
    }

    pub fn next(&self, now: Timestamp) -> Next {
        let cut_off = self.waiting.iter().find(|it| matches!(it.state, PostingState::Sending { .. }));
        if let Some(it) = cut_off {
            return Next::Carry(it.id.clone());
        }
        let doubt = self.waiting.iter().filter_map(|it| self.due(it)).min_by_key(|(at, _)| *at);
        if let Some((at, it)) = doubt
            && at <= now
        {
            return Next::Carry(it.id.clone());
        }
        if let Some(it) = self.waiting.iter().find(|it| self.is_ready(it)) {
            return Next::Carry(it.id.clone());
        }
        match doubt {
            Some((at, _)) if at.duration_since(now) <= self.rules.wait_at_most => Next::Wait(at),
            _ => Next::Nothing,
        }
    }

    /// The posting was carried as far as it goes now, and stands there on disk.
    pub fn carried(&mut self, id: &PostingId, state: PostingState, end: End) {
        if matches!(state, PostingState::Posted { .. } | PostingState::Reversed { .. }) {
            self.in_ledger.insert(id.clone());
        }
        for it in self.waiting.iter_mut().filter(|it| it.id == *id) {
            it.state = state.clone();
        }
        self.tried.insert(id.clone(), end);
    }

    fn due<'a>(&self, it: &'a Waiting) -> Option<(Timestamp, &'a Waiting)> {
        match it.state {
            PostingState::InDoubt { look_up_after, .. } if self.tried.get(&it.id) != Some(&End::ForAPerson) => {
                Some((look_up_after, it))
            }
            _ => None,
        }
    }

    fn is_to_send(&self, it: &Waiting) -> bool {
        let wanted = self.rules.only.is_empty() || self.rules.only.contains(&it.id);
        wanted && matches!(it.state, PostingState::Approved { .. }) && !self.tried.contains_key(&it.id)
    }

    fn is_ready(&self, it: &Waiting) -> bool {
        self.is_to_send(it) && it.behind.iter().all(|before| self.in_ledger.contains(before))
    }
}
