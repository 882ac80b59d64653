//! A fictional shop's quarter, invented from a seed: both systems' records, the files between them, and the truth.
//!
//! [`generate`] makes the neutral [`World`]; `load` turns it into the pretend X-Cart and the pretend Intacct.

mod bank;
mod books;
mod calendar;
mod catalog;
mod dice;
mod files;
mod load;
mod model;
mod people;
mod references;
mod sales;
mod score;
mod settings;
mod settlements;
mod story;
mod truth;
mod world;

pub use calendar::{ENTITY_ZONE, STORE_ZONE};
pub use load::{LoadError, Loaded};
pub use model::*;
pub use score::Score;
pub use settlements::{Payout, PayoutTrouble};
pub use story::{Story, Style, Trouble};
pub use truth::{GlDiscrepancy, LedgerRef, Truth, TruthException, TruthGroup, Unposted};
pub use world::{COMPANY, DemoSize, LAST_DAY, World, generate, generate_until};
