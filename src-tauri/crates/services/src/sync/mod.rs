//! Flows: what is carried between the two systems besides postings. Both sides are read, the difference is planned, a person
//! or the settings say which of it goes, and each write is looked at before and after it is sent.
//!
//! Nothing of a plan is sent by a dry run. Money is never carried here: postings have their own way (`post`).
//!
//! Reading order: `run`, `facts`, `outbox`, then `letters` and `board`.

mod board;
mod facts;
mod letters;
mod outbox;
mod report;
mod run;
mod take_back;

pub use board::{BoardRow, RunLine, board, waiting_writes};
pub use letters::{DeadLetter, ReplayReport, close_letter, dead_letters, edit_letter, letter_of, replay_letters};
pub use report::{LetterLine, SyncReport, WriteLine};
pub use run::{Approve, SyncRules, sync, sync_watched};
pub use take_back::take_back;

use tieout_flows::{PlannedWrite, WriteState};
use tieout_store::{FlowState, StoreError, StoredFlowWrite};

/// Signs what nobody approved by hand.
const ACTOR: &str = "flows";

/// A write as it is stored, understood.
struct Carried {
    stored: StoredFlowWrite,
    write: PlannedWrite,
    state: WriteState,
}

impl Carried {
    fn read(stored: StoredFlowWrite) -> Result<Carried, StoreError> {
        let damaged = |what: &str| StoreError::NotFound { what: format!("{what} of flow write {}", stored.id) };
        let write = serde_json::from_str(&stored.body).map_err(|_| damaged("a readable plan"))?;
        let state = serde_json::from_str(&stored.state_body).map_err(|_| damaged("a readable state"))?;
        Ok(Carried { stored, write, state })
    }

    fn all(stored: Vec<StoredFlowWrite>) -> Result<Vec<Carried>, StoreError> {
        stored.into_iter().map(Carried::read).collect()
    }
}

/// A state with its text, for as long as the store needs it.
struct Told {
    name: &'static str,
    body: String,
}

impl Told {
    fn of(state: &WriteState) -> Told {
        Told { name: state.name(), body: serde_json::to_string(state).expect("a state is plain data") }
    }

    fn as_state(&self) -> FlowState<'_> {
        FlowState { name: self.name, body: &self.body }
    }
}
