//! How figures and dates look on X-Cart's wire: PHP floats, and four shapes of date (`reference/xcart.md` 0.7, 0.8).

use crate::xcart::model::UnixSeconds;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value};

/// A figure as PHP prints a float: no trailing zeros, whole values without a point (`18.49`, `-3`, `10`).
pub fn number(amount: Decimal) -> Value {
    let plain = amount.normalize();
    let text = if plain.is_zero() { "0".to_owned() } else { plain.to_string() };
    printed(&text)
}

/// `a - b` with the rounding error PHP leaves behind: order 4 of the recordings shows 38.01 - 3.02 as
/// `34.989999999999995`.
// The one place a float is wanted: the store sends its error, so the sandbox does.
pub fn float_difference(a: Decimal, b: Decimal) -> Value {
    let as_float = |amount: Decimal| amount.to_string().parse::<f64>().unwrap_or_default();
    printed(&(as_float(a) - as_float(b)).to_string())
}

fn printed(text: &str) -> Value {
    serde_json::from_str::<Number>(text).map_or(Value::Null, Value::Number)
}

/// Orders, transactions, history in the admin API: an offset without a colon.
pub fn order_date(seconds: UnixSeconds) -> Value {
    dated(seconds, "+0000").into()
}

/// Products and profiles in the admin API, and everything in the add-on's complex schema.
pub fn colon_date(seconds: UnixSeconds) -> Value {
    dated(seconds, "+00:00").into()
}

/// As [`colon_date`], null when the thing never happened.
pub fn colon_date_or_null(seconds: Option<UnixSeconds>) -> Value {
    seconds.map_or(Value::Null, colon_date)
}

/// `Last-Modified` and `Date` headers.
pub fn header_date(seconds: UnixSeconds) -> String {
    Timestamp::from_second(seconds).unwrap_or_default().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

fn dated(seconds: UnixSeconds, offset: &str) -> String {
    let moment = Timestamp::from_second(seconds).unwrap_or_default();
    format!("{}{offset}", moment.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// An empty map is `[]` in PHP's JSON.
pub fn map_or_list(map: Map<String, Value>) -> Value {
    if map.is_empty() { Value::Array(Vec::new()) } else { Value::Object(map) }
}

/// Adds the keys of one object to another.
pub fn extend(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

/// A JSON number, or text holding one, as a figure.
pub fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => {
            let text = number.to_string();
            text.parse().ok().or_else(|| Decimal::from_scientific(&text).ok())
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_printed_as_php_prints_a_float() {
        let printed = |text: &str| number(text.parse().expect("a figure")).to_string();
        assert_eq!(printed("18.49"), "18.49");
        assert_eq!(printed("-3.00"), "-3");
        assert_eq!(printed("10"), "10");
        assert_eq!(printed("6.3713"), "6.3713");
        assert_eq!(printed("-0.00"), "0");
        assert_eq!(printed("0.10"), "0.1");
    }

    #[test]
    fn a_difference_carries_the_recorded_float_error() {
        let figure = |text: &str| text.parse::<Decimal>().expect("a figure");
        assert_eq!(float_difference(figure("38.01"), figure("3.02")).to_string(), "34.989999999999995");
        assert_eq!(float_difference(figure("10"), figure("0")).to_string(), "10");
    }

    #[test]
    fn an_order_date_has_no_colon_and_a_product_date_has_one() {
        assert_eq!(order_date(1_551_771_900), "2019-03-05T07:45:00+0000");
        assert_eq!(colon_date(1_551_771_900), "2019-03-05T07:45:00+00:00");
        assert_eq!(header_date(1_795_424_311), "Mon, 23 Nov 2026 08:58:31 +0000");
    }
}
