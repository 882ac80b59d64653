//! One file per kind of evidence. A pass looks at what is open and claims what its evidence settles.

pub mod by_amount;
pub mod by_group;
pub mod by_payout;
pub mod by_reference;
pub mod one_sided;
pub mod variants;
