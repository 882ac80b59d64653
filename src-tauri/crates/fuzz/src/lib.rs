//! Every parser of foreign bytes, fed with what it was recorded to read, spoilt at random (X6). It runs on stable Rust:
//! a seed, a mutator and the kept corpus, no instrumented build.
//!
//! In place of coverage, what a parser says is the guide: an input that makes it say something nobody has heard in this
//! run is kept and spoilt further. `cargo run --release -p tieout-fuzz -- TARGET MINUTES [SEED]` runs one for long and
//! writes what breaks it, and what taught it something new, into `corpus/TARGET`.
//!
//! Reading order: `targets`, `mutate`, `run`.

mod mutate;
mod run;
mod targets;

pub use run::{Found, Run, corpus, run};
pub use targets::{TARGETS, Target};
