//! Which row stands at which position of a list, remembered until the list changes.
//!
//! A rank is one pass over an index; after that any window, first or at position 777,777, is a look into an array
//! and as many row look-ups as the window has rows. There is no OFFSET anywhere.

use crate::lists::{List, ListQuery};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Row ids remembered over all lists, 4 bytes each.
const IDS_MAX: usize = 4_000_000;

#[derive(Default)]
pub(crate) struct Ranks {
    versions: Mutex<Versions>,
    kept: Mutex<Kept>,
}

/// How often each list has changed since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Versions(BTreeMap<List, u64>);

#[derive(Default)]
struct Kept {
    ranks: Vec<Rank>,
    clock: u64,
}

struct Rank {
    list: List,
    query: ListQuery,
    version: (u64, u64),
    ids: Arc<Vec<u32>>,
    used: u64,
}

impl Versions {
    pub(crate) fn of(&self, list: List) -> u64 {
        self.0.get(&list).copied().unwrap_or(0)
    }

    /// What a rank depends on: its list and, where rows are chosen by match or note, the matches.
    fn needed_by(&self, list: List, query: &ListQuery) -> (u64, u64) {
        (self.of(list), if query.filter.placement.is_some() { self.of(List::Matches) } else { 0 })
    }
}

impl Ranks {
    pub(crate) fn versions(&self) -> Versions {
        lock(&self.versions).clone()
    }

    pub(crate) fn changed(&self, lists: &BTreeSet<List>) {
        let mut versions = lock(&self.versions);
        for list in lists {
            *versions.0.entry(*list).or_default() += 1;
            if *list == List::Matches {
                *versions.0.entry(List::MatchLines).or_default() += 1;
            }
        }
    }

    pub(crate) fn find(&self, versions: &Versions, list: List, query: &ListQuery) -> Option<Arc<Vec<u32>>> {
        let mut kept = lock(&self.kept);
        kept.clock += 1;
        let now = kept.clock;
        let version = versions.needed_by(list, query);
        let rank =
            kept.ranks.iter_mut().find(|rank| rank.list == list && rank.version == version && rank.query == *query)?;
        rank.used = now;
        Some(Arc::clone(&rank.ids))
    }

    pub(crate) fn keep(&self, versions: &Versions, list: List, query: &ListQuery, ids: Arc<Vec<u32>>) {
        let mut kept = lock(&self.kept);
        kept.clock += 1;
        let used = kept.clock;
        kept.ranks.retain(|rank| rank.list != list || rank.query != *query);
        kept.ranks.push(Rank { list, query: query.clone(), version: versions.needed_by(list, query), ids, used });
        while kept.ranks.len() > 1 && kept.ranks.iter().map(|rank| rank.ids.len()).sum::<usize>() > IDS_MAX {
            let oldest = (0..kept.ranks.len()).min_by_key(|index| kept.ranks[*index].used).unwrap_or(0);
            kept.ranks.swap_remove(oldest);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
