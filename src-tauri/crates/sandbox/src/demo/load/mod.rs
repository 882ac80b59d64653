//! Turns the neutral world into the records of the two pretend systems.

mod ledger;
mod masters;
mod shop;

use super::world::World;
use crate::intacct::{Company, Refusal};
use crate::xcart::Store;

/// The pretend Intacct refused a document of the demo: a fault of the generator.
#[derive(Debug, thiserror::Error)]
#[error("the demo's {what} was refused: {refusal}")]
pub struct LoadError {
    pub what: String,
    pub refusal: String,
}

impl LoadError {
    pub fn remedy(&self) -> &'static str {
        "This is a fault of the demo generator: report the seed."
    }

    fn new(what: impl Into<String>, refusal: &Refusal) -> Self {
        LoadError { what: what.into(), refusal: format!("{refusal:?}") }
    }
}

pub struct Loaded {
    pub store: Store,
    pub company: Company,
}

impl World {
    /// Both systems, filled. The truth learns the record numbers Intacct gave.
    pub fn load(&mut self) -> Result<Loaded, LoadError> {
        Ok(Loaded { store: shop::store(self), company: ledger::company(self)? })
    }
}
