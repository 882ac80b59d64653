//! Payments, receipts, rates and settings as files: bytes in, columns out, and bytes again. Reads and writes nothing itself.

pub mod csv;
mod money;
mod read;
mod refused;
mod settings;
mod write;

pub use money::{decimal, minor};
pub use read::{Inputs, read};
pub use refused::{BadFile, Refused};
pub use settings::settings;
pub use write::{Members, exceptions, explanations, matches};
