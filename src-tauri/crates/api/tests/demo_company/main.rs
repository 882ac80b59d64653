//! Every screen on the demo company: what it shows adds up, and what a person decides there happens and comes back.
#![allow(clippy::unwrap_used)]

mod approvals;
#[path = "../../../../src/demo_systems.rs"]
mod demo_systems;
mod exceptions;
mod figures;
mod flows;
mod frame;
mod jobs;
mod matching;
mod random_calls;
mod rig;
mod secrets;
mod setup;
mod slow;
mod splits;
