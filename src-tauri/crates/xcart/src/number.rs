//! Amounts are read from the digits X-Cart wrote, never through a float (reference/xcart.md 0.7).

use rust_decimal::Decimal;
use serde_json::Value;

/// Longer texts than any amount; they are refused before they are read.
const LONGEST: usize = 40;

/// A JSON number, or text in the same strict grammar (PHP sends decimal columns as text).
/// `18.49`, `-3` and PHP's `1.0e-5` are read; ` 12.5 `, `1,234.5`, `+5` and what needs rounding are not.
pub(crate) fn decimal(value: &Value) -> Result<Decimal, String> {
    match value {
        Value::Number(number) => parse(&number.to_string()),
        Value::String(text) => parse(text),
        other => Err(format!("{other} is not a number")),
    }
}

fn parse(text: &str) -> Result<Decimal, String> {
    let bad = || format!("{:?} is not a number we can hold exactly", text.chars().take(LONGEST).collect::<String>());
    if text.len() > LONGEST {
        return Err(bad());
    }
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().map_err(|_| bad())?),
        None => (text, 0),
    };
    let plain = digits.strip_prefix('-').unwrap_or(digits);
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || exponent.abs() > 28 {
        return Err(bad());
    }
    let mut value = Decimal::from_str_exact(digits).map_err(|_| bad())?.normalize();
    if value.is_zero() {
        return Ok(Decimal::ZERO);
    }
    if exponent > 0 {
        let ten = Decimal::from_i128_with_scale(10i128.pow(exponent.unsigned_abs()), 0);
        value = value.checked_mul(ten).ok_or_else(bad)?.normalize();
    } else if exponent < 0 {
        let scale = value.scale() + exponent.unsigned_abs();
        value = Decimal::try_from_i128_with_scale(value.mantissa(), scale).map_err(|_| bad())?;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json(text: &str) -> Result<Decimal, String> {
        decimal(&serde_json::from_str(text).map_err(|it| it.to_string())?)
    }

    #[test]
    fn numbers_are_read_from_their_digits() {
        for (text, expected) in [
            ("18.49", "18.49"),
            ("-3", "-3"),
            ("6.3713", "6.3713"),
            ("20", "20"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("\"12.30\"", "12.3"),
            ("1.0e-5", "0.00001"),
            ("1.5e+3", "1500"),
        ] {
            assert_eq!(json(text).map(|it| it.to_string()).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_exact_number_is_refused() {
        for text in [
            "\"1,234.50\"",
            "\" 12.5\"",
            "\"(12.5)\"",
            "\"NaN\"",
            "\"\"",
            "\"+5\"",
            "null",
            "true",
            "1e400",
            "[]",
            "1111111111111111111111111111111111111111",
            "0.11111111111111111111111111111111",
        ] {
            assert!(json(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_decimal_printed_reads_back(mantissa in any::<i64>(), scale in 0u32..12) {
            let value = Decimal::new(mantissa, scale).normalize();
            prop_assert_eq!(json(&value.to_string()), Ok(value));
        }

        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let _ = decimal(&Value::String(text));
        }
    }
}
