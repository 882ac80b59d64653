//! Amounts as whole numbers of the last decimal a currency has; every amount of one currency has the same decimals.

use std::collections::BTreeMap;

#[derive(Default)]
pub struct Decimals(BTreeMap<String, usize>);

impl Decimals {
    /// `-1234.50` of a currency whose amounts all have two decimals is -123450.
    pub fn read(&mut self, text: &str, currency: &str) -> Result<i128, String> {
        let wrong = || format!("{text:?} is no amount");
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
        let is_plain = plain(whole) && plain(part) && !whole.is_empty() && !(digits.contains('.') && part.is_empty());
        if !is_plain || (whole.len() > 1 && whole.starts_with('0')) || whole.len() + part.len() > 30 {
            return Err(wrong());
        }
        match self.0.get(currency) {
            Some(known) if *known != part.len() => {
                return Err(format!("{text} has {} decimals, other amounts in {currency} have {known}", part.len()));
            }
            Some(_) => {}
            None => drop(self.0.insert(currency.to_owned(), part.len())),
        }
        let mut number: i128 = 0;
        for byte in whole.bytes().chain(part.bytes()) {
            number = number * 10 + i128::from(byte - b'0');
        }
        let is_negative = text.starts_with('-');
        if is_negative && number == 0 {
            return Err(wrong());
        }
        Ok(if is_negative { -number } else { number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_one_grammar() {
        let mut decimals = Decimals::default();
        for (text, number) in [("0.00", 0), ("-1234.50", -123_450), ("12.05", 1_205)] {
            assert_eq!(decimals.read(text, "USD"), Ok(number), "{text}");
        }
        for text in
            ["1", "1.5", "+1.00", "01.00", "1,234.50", " 1.00", "1.00 ", "-0.00", ".50", "1.", "", "-", "1e3", "NaN"]
        {
            assert!(decimals.read(text, "USD").is_err(), "{text}");
        }
        assert_eq!(decimals.read("500", "JPY"), Ok(500));
    }
}
