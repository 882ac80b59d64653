//! The disk: what is on it after a transaction is there after a power cut, and nothing else is.

use std::collections::BTreeMap;
use tieout_domain::{Event, Fingerprint, IdempotencyKey, PostingId, PostingState, step};
use tieout_poster::Waiting;

#[derive(Clone, Debug)]
pub struct Row {
    pub state: PostingState,
    pub content: u64,
    pub after: Vec<PostingId>,
}

#[derive(Default)]
pub struct Disk {
    pub rows: BTreeMap<PostingId, Row>,
    /// Bytes under each key, and whose they are.
    pub saved: BTreeMap<IdempotencyKey, (PostingId, u64)>,
    /// The host is left alone until then.
    pub pause_until: i64,
}

impl Disk {
    pub fn row(&self, id: &PostingId) -> &Row {
        &self.rows[id]
    }

    pub fn apply(&mut self, id: &PostingId, event: Event) -> PostingState {
        let row = self.rows.get_mut(id).unwrap();
        row.state = step(row.state.clone(), event).unwrap_or_else(|error| panic!("{id}: {error}"));
        row.state.clone()
    }

    pub fn waiting(&self) -> Vec<Waiting> {
        let in_ledger =
            |id: &PostingId| matches!(self.rows[id].state, PostingState::Posted { .. } | PostingState::Reversed { .. });
        let open = self.rows.iter().filter(|(_, it)| {
            matches!(
                it.state,
                PostingState::Approved { .. } | PostingState::Sending { .. } | PostingState::InDoubt { .. }
            )
        });
        open.map(|(id, it)| Waiting {
            id: id.clone(),
            state: it.state.clone(),
            behind: it.after.iter().filter(|before| !in_ledger(before)).cloned().collect(),
        })
        .collect()
    }
}

pub fn fingerprint(id: &PostingId, content: u64) -> Fingerprint {
    Fingerprint::from_text(&format!("{id}-{content}"))
}
