use serde::{Deserialize, Serialize};
use std::fmt;

/// An ISO 4217 currency that is in use, by its three letters. Its exponent comes from the ISO table
/// (USD 2, JPY 0, BHD 3), never from us.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency {
    letters: [u8; 3],
    /// Kept beside them: every amount asks for it several times, and the table is searched letter by letter.
    decimals: u16,
}

/// The text is not an ISO 4217 code with decimals of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown currency {code:?}")]
pub struct UnknownCurrency {
    pub code: String,
}

impl Currency {
    pub const USD: Currency = Currency { letters: *b"USD", decimals: 2 };
    pub const EUR: Currency = Currency { letters: *b"EUR", decimals: 2 };

    /// Accepts upper case only: a store that sends `usd` is a store we have not understood.
    pub fn parse(code: &str) -> Result<Currency, UnknownCurrency> {
        let unknown = || UnknownCurrency { code: code.to_owned() };
        let iso = iso_currency::Currency::from_code(code).ok_or_else(unknown)?;
        let exponent = iso.exponent().ok_or_else(unknown)?; // XAU, XXX: no decimals of their own, no amounts of ours
        let letters: [u8; 3] = code.as_bytes().try_into().map_err(|_| unknown())?;
        Ok(Currency { letters, decimals: exponent })
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.letters).expect("parse lets only ASCII codes in")
    }

    /// How many decimals an amount in this currency may carry.
    pub fn decimals(&self) -> u32 {
        self.decimals.into()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        Currency::parse(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.code().to_owned()
    }
}

impl std::str::FromStr for Currency {
    type Err = UnknownCurrency;
    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Currency::parse(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_come_from_the_iso_table() {
        for (code, decimals) in [("USD", 2), ("JPY", 0), ("BHD", 3), ("EUR", 2)] {
            assert_eq!(Currency::parse(code).unwrap().decimals(), decimals, "{code}");
        }
        for known in [Currency::USD, Currency::EUR] {
            assert_eq!(Currency::parse(known.code()), Ok(known));
        }
    }

    #[test]
    fn a_currency_is_written_by_its_code_wherever_it_is_written() {
        for code in ["USD", "JPY", "BHD"] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(
                (currency.code(), currency.to_string(), format!("{currency:?}")),
                (code, code.into(), code.into())
            );
            assert_eq!(
                (String::from(currency), code.parse(), code.to_owned().try_into()),
                (code.into(), Ok(currency), Ok(currency))
            );
        }
    }

    #[test]
    fn a_code_that_is_no_money_is_refused() {
        for code in ["usd", "XXX", "XAU", "US", "DOLLAR", ""] {
            assert!(Currency::parse(code).is_err(), "{code}");
        }
    }
}
