//! How an approved posting gets into Intacct once and only once: what to do next, decided from what is on disk and what
//! just happened, and from nothing else.
//!
//! Invariants: nothing here does I/O, reads a clock or rolls dice. [`advance`] is the whole protocol for one posting,
//! [`Run`] says which posting is next; whoever performs the effects (the runner in `services`, the simulator in this
//! crate's tests, the exhaustive model beside it) decides nothing. Every effect is safe to be cut off before, in, or
//! after: the state on disk says where to go on.
//!
//! Reading order: `effect`, `carry`, `run`.

mod carry;
mod effect;
mod run;

pub use carry::{Clock, End, Impossible, Move, Stage, advance, begin, believable, words};
pub use effect::{Answer, Effect, Happened, Note, Sighting, Standing};
pub use run::{Next, Rules, Run, Waiting};
