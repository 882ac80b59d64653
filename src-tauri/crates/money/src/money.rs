use crate::Currency;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An exact amount in one currency. Never a float, never rounded on the way in:
/// `12.30 USD` is fine, `12.305 USD` is an error that names the amount and the currency.
///
/// The sign is the caller's: records of money received are positive, money given back negative,
/// and on journal lines debits are positive. Stored and written as text, `"12.30 USD"`.
// No Ord: 5 USD is not less than 9 JPY.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("{0:?} is not a decimal number")]
    NotANumber(String),
    #[error("{amount} has more decimals than {currency} has")]
    TooPrecise { amount: Decimal, currency: Currency },
    #[error("{left} and {right} are different currencies")]
    CurrencyMismatch { left: Currency, right: Currency },
    #[error("an amount in {currency} is too large to hold exactly")]
    Overflow { currency: Currency },
    #[error("{0:?} is not an amount followed by a currency")]
    NotMoney(String),
}

impl Money {
    /// Checks the decimals; `12.300` USD is `12.30` USD, `12.305` USD is an error.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Money, MoneyError> {
        let amount = amount.normalize();
        if amount.scale() > currency.decimals() {
            return Err(MoneyError::TooPrecise { amount, currency });
        }
        let money = Money { amount, currency };
        // An amount that does not fit the minor units of a ledger row is refused here, not when it is stored.
        money.checked_minor().ok_or(MoneyError::Overflow { currency })?;
        Ok(money)
    }

    /// Strict: digits, one optional point, an optional leading minus. No exponent, spaces or separators.
    pub fn parse(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        Money::new(parse_decimal(text)?, currency)
    }

    pub fn zero(currency: Currency) -> Money {
        Money { amount: Decimal::ZERO, currency }
    }

    /// From whole minor units (cents of USD, yen of JPY), the form ledger rows are stored in.
    pub fn from_minor(minor: i64, currency: Currency) -> Money {
        Money { amount: Decimal::new(minor, currency.decimals()).normalize(), currency }
    }

    /// Whole minor units. Cannot fail: `new` refuses what does not fit.
    pub fn minor(&self) -> i64 {
        self.checked_minor().expect("Money::new checked the range")
    }

    fn checked_minor(&self) -> Option<i64> {
        let mut amount = self.amount;
        amount.rescale(self.currency.decimals());
        i64::try_from(amount.mantissa()).ok().filter(|_| amount.scale() == self.currency.decimals())
    }

    /// Rounds a finer amount half up (away from zero), as the stores and invoices we have seen do.
    pub fn rounded(amount: Decimal, currency: Currency) -> Result<Money, MoneyError> {
        Money::new(amount.round_dp_with_strategy(currency.decimals(), RoundingStrategy::MidpointAwayFromZero), currency)
    }

    pub fn amount(&self) -> Decimal {
        self.amount
    }

    pub fn currency(&self) -> Currency {
        self.currency
    }

    pub fn is_zero(&self) -> bool {
        self.amount.is_zero()
    }

    pub fn is_negative(&self) -> bool {
        self.amount.is_sign_negative() && !self.amount.is_zero()
    }

    pub fn is_positive(&self) -> bool {
        self.amount.is_sign_positive() && !self.amount.is_zero()
    }

    #[must_use]
    pub fn abs(&self) -> Money {
        Money { amount: self.amount.abs(), currency: self.currency }
    }

    pub fn checked_add(&self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::Overflow { currency: self.currency })?;
        Money::new(amount, self.currency)
    }

    pub fn checked_sub(&self, other: Money) -> Result<Money, MoneyError> {
        self.checked_add(-other)
    }

    /// The sum of amounts that must all be in `currency`.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Money>) -> Result<Money, MoneyError> {
        amounts.into_iter().try_fold(Money::zero(currency), |sum, next| sum.checked_add(next))
    }

    fn same_currency(&self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
        }
    }

    /// The amount with exactly the currency's decimals and no currency: `120.00`, `-3.50`, `0.00`.
    pub fn amount_text(&self) -> String {
        let mut amount = self.amount;
        amount.rescale(self.currency.decimals());
        if amount.is_zero() {
            amount.set_sign_positive(true);
        }
        amount.to_string()
    }
}

impl std::ops::Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        let amount = if self.amount.is_zero() { Decimal::ZERO } else { -self.amount };
        Money { amount, currency: self.currency }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount_text(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Money {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Money, MoneyError> {
        let not_money = || MoneyError::NotMoney(text.to_owned());
        let (amount, code) = text.split_once(' ').ok_or_else(not_money)?;
        Money::parse(amount, Currency::parse(code).map_err(|_| not_money())?)
    }
}

impl TryFrom<String> for Money {
    type Error = MoneyError;
    fn try_from(text: String) -> Result<Money, MoneyError> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(money: Money) -> String {
        money.to_string()
    }
}

/// A price or surcharge that may be finer than the currency (X-Cart sends `6.3713`). Never posted as it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct UnitPrice {
    pub amount: Decimal,
    pub currency: Currency,
}

impl UnitPrice {
    pub fn new(amount: Decimal, currency: Currency) -> UnitPrice {
        UnitPrice { amount, currency }
    }

    /// The price as money, half up.
    pub fn rounded(&self) -> Result<Money, MoneyError> {
        Money::rounded(self.amount, self.currency)
    }
}

/// `from_str_exact` refuses what would be rounded past 28 digits; the grammar check refuses `1e3`, ` 12 ` and `1,234`.
pub(crate) fn parse_decimal(text: &str) -> Result<Decimal, MoneyError> {
    let not_a_number = || MoneyError::NotANumber(text.to_owned());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err(not_a_number());
    }
    Decimal::from_str_exact(text).map_err(|_| not_a_number())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    #[test]
    fn amounts_are_parsed_strictly() {
        for (text, expected) in [
            ("12.30", Some("12.30 USD")),
            ("-0", Some("0.00 USD")),
            ("007.5", Some("7.50 USD")),
            ("12.300", Some("12.30 USD")),
        ] {
            assert_eq!(Money::parse(text, Currency::USD).ok().map(|it| it.to_string()).as_deref(), expected, "{text}");
        }
        for text in
            ["12.305", "1,234.50", " 12.5", "(12.5)", "1e3", "NaN", "", "-", ".5", "5.", "+5", "99999999999999999999"]
        {
            assert!(Money::parse(text, Currency::USD).is_err(), "{text}");
        }
        assert!(Money::parse("1.5", Currency::parse("JPY").unwrap()).is_err());
    }

    #[test]
    fn a_tax_of_7_425_is_7_43_half_up() {
        assert_eq!(Money::rounded(dec!(7.425), Currency::USD).unwrap().to_string(), "7.43 USD");
        assert_eq!(Money::rounded(dec!(-7.425), Currency::USD).unwrap().to_string(), "-7.43 USD");
    }

    #[test]
    fn currencies_never_meet() {
        let dollars = Money::from_minor(100, Currency::USD);
        let euros = Money::from_minor(100, Currency::EUR);
        assert!(dollars.checked_add(euros).is_err());
    }

    #[test]
    fn an_amount_is_written_the_same_wherever_it_is_written() {
        let money = Money::parse("-3.5", Currency::USD).unwrap();
        assert_eq!(
            (money.to_string(), format!("{money:?}"), String::from(money)),
            ("-3.50 USD".into(), "-3.50 USD".into(), "-3.50 USD".into())
        );
        assert_eq!(
            (money.amount_text(), money.amount(), money.currency()),
            ("-3.50".into(), dec!(-3.5), Currency::USD)
        );
    }

    #[test]
    fn an_amount_is_above_nothing_below_it_or_nothing() {
        let signs = |minor| {
            let money = Money::from_minor(minor, Currency::USD);
            (money.is_negative(), money.is_zero(), money.is_positive())
        };
        assert_eq!([-1, 0, 1].map(signs), [(true, false, false), (false, true, false), (false, false, true)]);
        // The decimal library knows a zero below zero; no ledger does.
        let nothing = -Money::zero(Currency::USD);
        assert!(nothing.is_zero() && !nothing.is_negative() && !nothing.is_positive());
        let nothing = Money::new(-dec!(0.00), Currency::USD).unwrap();
        assert!(nothing.is_zero() && !nothing.is_negative() && !nothing.is_positive());
        assert_eq!(nothing.amount_text(), "0.00");
        assert_eq!(Money::from_minor(-7, Currency::USD).abs(), Money::from_minor(7, Currency::USD));
    }

    #[test]
    fn a_sum_is_of_one_currency_and_of_everything_in_it() {
        let dollars = [150, -30, 5].map(|it| Money::from_minor(it, Currency::USD));
        assert_eq!(Money::sum(Currency::USD, dollars), Ok(Money::from_minor(125, Currency::USD)));
        assert!(Money::sum(Currency::EUR, dollars).is_err());
        assert_eq!(Money::sum(Currency::EUR, []), Ok(Money::zero(Currency::EUR)));
        let most = Money::from_minor(i64::MAX, Currency::USD);
        assert_eq!(most.checked_add(most), Err(MoneyError::Overflow { currency: Currency::USD }));
    }

    #[test]
    fn a_unit_price_is_finer_than_money_until_it_is_rounded() {
        let price = UnitPrice::new(dec!(6.3753), Currency::USD);
        assert_eq!(price.rounded(), Money::parse("6.38", Currency::USD));
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(minor in any::<i64>()) {
            for currency in [Currency::USD, Currency::parse("JPY").unwrap(), Currency::parse("BHD").unwrap()] {
                let money = Money::from_minor(minor, currency);
                prop_assert_eq!(money.minor(), minor);
                prop_assert_eq!(money.to_string().parse::<Money>().unwrap(), money);
            }
        }

        #[test]
        fn adding_and_taking_away_come_back(a in -1_000_000_000_000i64..1_000_000_000_000, b in -1_000_000_000_000i64..1_000_000_000_000) {
            let (a, b) = (Money::from_minor(a, Currency::USD), Money::from_minor(b, Currency::USD));
            prop_assert_eq!(a.checked_add(b).unwrap().checked_sub(b).unwrap(), a);
        }
    }
}
