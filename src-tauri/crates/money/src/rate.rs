use crate::money::parse_decimal;
use crate::{Currency, Money, MoneyError};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How many units of `to` one unit of `from` was worth. Always a fact from a source (a settlement row,
/// Intacct's rate type); Tieout never derives one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ExchangeRate {
    pub from: Currency,
    pub to: Currency,
    rate: Decimal,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    #[error("an exchange rate must be above zero, got {0}")]
    NotPositive(String),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl ExchangeRate {
    pub fn parse(text: &str, from: Currency, to: Currency) -> Result<ExchangeRate, RateError> {
        let rate = parse_decimal(text)?;
        if rate <= Decimal::ZERO {
            return Err(RateError::NotPositive(text.to_owned()));
        }
        Ok(ExchangeRate { from, to, rate })
    }

    pub fn rate(&self) -> Decimal {
        self.rate
    }

    /// The amount in `to`, rounded half up to its decimals.
    pub fn convert(&self, money: Money) -> Result<Money, MoneyError> {
        if money.currency() != self.from {
            return Err(MoneyError::CurrencyMismatch { left: money.currency(), right: self.from });
        }
        let amount = money.amount().checked_mul(self.rate).ok_or(MoneyError::Overflow { currency: self.to })?;
        Money::rounded(amount, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_converts_one_way_and_refuses_the_other_currency() {
        let rate = ExchangeRate::parse("1.1040", Currency::EUR, Currency::USD).unwrap();
        let euros = Money::parse("3.20", Currency::EUR).unwrap();
        assert_eq!(rate.convert(euros).unwrap().to_string(), "3.53 USD");
        assert!(rate.convert(Money::zero(Currency::USD)).is_err());
        assert_eq!(rate.rate().to_string(), "1.1040");
        for wrong in ["0", "-1.10", "1e3", ""] {
            assert!(ExchangeRate::parse(wrong, Currency::EUR, Currency::USD).is_err(), "{wrong}");
        }
    }
}
