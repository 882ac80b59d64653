//! A pretend X-Cart store that answers like the real one, in both of X-Cart's API dialects.

pub mod model;
mod store;

pub use model::*;
