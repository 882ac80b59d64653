//! What a person decides: which records belong together, what becomes of a difference, what waits for a day, what is sent.
//! Each decision is kept with all it changed, so that it can be taken back and carried out again, across restarts.
//!
//! Reading order: `facts` (the records of both sides), `board` (where each of them stands), `by_hand`, `change`, `aside`,
//! `split`, `write_off`; and what they decide about proposals: `approval`.

mod approval;
mod aside;
mod board;
mod by_hand;
mod change;
mod facts;
mod rejected;
mod split;
mod write_off;

pub use approval::{approvals_left, can_be_undone, decide_rejection};
pub use aside::{Aside, AsideKind, set_aside, standing_exceptions_of};
pub use board::Board;
pub use by_hand::{NotTogether, confirmed, hand_made, why_open};
pub use change::{MatchChange, carry_out, decide_match, decide_note, unmatching};
pub use facts::{MatchFacts, MatchRecord};
pub use split::{check_parts, decide_split, standing_ids as standing_splits};
pub use write_off::{WriteOff, draft_write_off, offered as write_off_offered};

pub(crate) use approval::decide_approval;
pub(crate) use rejected::{left_open_by_person, written_off_lines};
pub(crate) use split::{Parts, apply as apply_splits, standing as splits, words as part_words};
pub(crate) use write_off::standing as standing_write_offs;
