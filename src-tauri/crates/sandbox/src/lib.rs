//! A pretend X-Cart store and a pretend Intacct company on real HTTP, with a script of things that go wrong.
//!
//! The sandbox depends on none of our other crates, so that a misreading of a system in the client cannot agree
//! with itself here. Read `xcart/model.rs` for what a store holds, `intacct/mod.rs` for the company, `faults.rs`
//! for what can go wrong, `demo/mod.rs` for the demo company that fills both.

pub mod demo;
pub mod faults;
pub mod intacct;
pub mod running;
pub mod xcart;
