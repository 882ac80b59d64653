//! The rules an accountant writes: in order, each with the records it looks at, what must agree, and how far apart two
//! records may be. The built-in passes have a place among them.
//!
//! Invariants: a rule never joins two currencies, two accounts, or money in with money out; what it takes is taken once;
//! a pair that could be swapped for another one stays open; neither the order of the records nor chance changes anything.
//! Read `rule` (what a rule is), `text` (how it is written), `fit` (what a pair needs), `forced` (which pairs cannot be
//! swapped), `run` (one run in order).

mod calendar;
mod candidates;
mod conditions;
mod draft;
mod fit;
mod forced;
mod kinds;
mod rule;
mod run;
mod text;
mod write;

pub use calendar::Calendar;
pub use conditions::{Condition, conditions};
pub use draft::{Draft, draft_for};
pub use fit::{Facts, Unmet, unmet};
pub use kinds::{KINDS, kind_name};
pub use rule::{Agree, Caps, Days, Filter, Policy, Rule, Rules, Side, Step, Tolerance, Window};
pub use run::{LeftOpen, Ruled, Yield, pass_of, run};
pub use text::RuleError;
