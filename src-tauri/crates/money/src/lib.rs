//! Exact amounts in one currency, finer unit prices, exchange rates, and the one rounding rule.
//!
//! Invariant: a [`Money`] never holds more decimals than its currency has, is never a float, and two
//! currencies never meet in one sum. Read `currency.rs`, then `money.rs`, then `rate.rs`.

mod currency;
mod money;
mod rate;
mod totals;

pub use currency::{Currency, UnknownCurrency};
pub use money::{Money, MoneyError, UnitPrice};
pub use rate::{ExchangeRate, RateError};
pub use totals::Totals;
