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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_kept_apart_by_currency() {
        let cents = |minor, currency| Money::from_minor(minor, currency);
        let amounts = [cents(150, Currency::USD), cents(7, Currency::EUR), cents(-50, Currency::USD)];
        let totals = Totals::of(amounts).unwrap();
        assert_eq!(
            (totals.get(Currency::USD), totals.get(Currency::EUR)),
            (cents(100, Currency::USD), cents(7, Currency::EUR))
        );
        assert_eq!(totals.iter().collect::<Vec<_>>(), [cents(7, Currency::EUR), cents(100, Currency::USD)], "by code");
        assert_eq!(totals.get(Currency::parse("JPY").unwrap()).minor(), 0);
        assert!(!totals.is_zero());
        let mut nothing = Totals::of([cents(5, Currency::USD), cents(-5, Currency::USD)]).unwrap();
        assert!(nothing.is_zero() && Totals::new().is_zero());
        assert_eq!(nothing.iter().count(), 1, "what came to nothing was still added");
        nothing.add(cents(1, Currency::EUR)).unwrap();
        assert!(!nothing.is_zero());
    }
}
