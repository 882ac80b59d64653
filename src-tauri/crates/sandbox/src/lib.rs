//! Pretend X-Cart and Intacct on real HTTP, with seeded faults.
pub mod intacct;
