//! A disk that fails, between SQLite and the real one: it can be full, refuse the Nth call, and remember every write and
//! every sync, so that a power cut can be played back. For tests only; nothing that is shipped names it.
//!
//! Invariant: with no fault set it changes nothing. Reading order: `disk` (what can go wrong), `power` (what a cut leaves),
//! `vfs` (the table of functions SQLite calls; the only unsafe code of the project).

mod disk;
mod power;
mod vfs;

pub use disk::{Fault, Kind, Op, calls, fail, heal, mark, record, recorded};
pub use power::{Dice, after_cut};
pub use vfs::install;
