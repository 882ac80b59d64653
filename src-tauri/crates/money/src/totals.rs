use crate::{Currency, Money, MoneyError};
use std::collections::BTreeMap;

/// Sums kept apart by currency: the only way Tieout ever totals a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<Currency, Money>);

impl Totals {
    pub fn new() -> Totals {
        Totals::default()
    }

    pub fn add(&mut self, money: Money) -> Result<(), MoneyError> {
        let sum = self.get(money.currency()).checked_add(money)?;
        self.0.insert(money.currency(), sum);
        Ok(())
    }

    /// Zero where nothing was added.
    pub fn get(&self, currency: Currency) -> Money {
        self.0.get(&currency).copied().unwrap_or(Money::zero(currency))
    }

    /// By currency code, currencies that were added, zero sums included.
    pub fn iter(&self) -> impl Iterator<Item = Money> + '_ {
        self.0.values().copied()
    }

    pub fn is_zero(&self) -> bool {
        self.0.values().all(Money::is_zero)
    }

    pub fn of(amounts: impl IntoIterator<Item = Money>) -> Result<Totals, MoneyError> {
        let mut totals = Totals::new();
        for money in amounts {
            totals.add(money)?;
        }
        Ok(totals)
    }
}
