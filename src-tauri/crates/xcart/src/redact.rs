//! Nothing secret reaches the disk: passwords, keys and card data are taken out of every document first (K1, K4).
//!
//! The rules, in order:
//! 1. A field whose name is a secret's (`password`, `reviewKey`, `cvv2`, `card_number` ...) is dropped.
//! 2. A `{name, value}` row whose name is a secret's keeps the name and loses the value.
//! 3. In any other text or number, 13 to 19 digits (single spaces or dashes between them allowed) that pass the
//!    Luhn check and start as a card number does become `****` and the last 4.
//! 4. Fields that hold a record's own number (sku, order number, transaction ids, tracking) often pass Luhn by
//!    chance; there rule 3 needs separators as well.

use serde_json::{Map, Value};

const SECRET_PARTS: [&str; 16] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "accesstoken",
    "refreshtoken",
    "authtoken",
    "cvv",
    "cvc",
    "cardnumber",
    "ccnumber",
    "cardcode",
    "expirydate",
    "expirationdate",
    "accountnumber",
];
/// Whole names, after letters and digits only are kept.
const SECRET_NAMES: [&str; 13] = [
    "token",
    "key",
    "pin",
    "pan",
    "cardno",
    "ccno",
    "expdate",
    "expmonth",
    "expyear",
    "ccexp",
    "track1",
    "track2",
    "sessionid",
];

const RECORD_NUMBERS: [&str; 14] = [
    "sku",
    "ordernumber",
    "orderid",
    "id",
    "publicid",
    "publictxnid",
    "transactionid",
    "tracking",
    "trackingnumber",
    "transid",
    "txnid",
    "chargeid",
    "entityversion",
    "phone",
];

pub fn redact(value: Value) -> Value {
    clean(value, false)
}

fn clean(value: Value, record_number: bool) -> Value {
    match value {
        Value::Object(map) => Value::Object(object(map)),
        Value::Array(list) => Value::Array(list.into_iter().map(|it| clean(it, record_number)).collect()),
        Value::String(text) => Value::String(masked(&text, record_number)),
        Value::Number(number) => {
            let text = number.to_string();
            let masked = masked(&text, record_number);
            if masked == text { Value::Number(number) } else { Value::String(masked) }
        }
        other => other,
    }
}

fn object(map: Map<String, Value>) -> Map<String, Value> {
    let named = map.get("name").and_then(Value::as_str).map(plain);
    let names_secret = named.as_deref().is_some_and(is_secret);
    let names_number = named.as_deref().is_some_and(|it| RECORD_NUMBERS.contains(&it));
    // A tracking row is {id, date, value} and nothing else.
    let tracking = map.len() == 3 && map.contains_key("id") && map.contains_key("date");
    map.into_iter()
        .filter(|(key, _)| !is_secret(&plain(key)))
        .map(|(key, value)| {
            if key == "value" && names_secret {
                return (key, Value::String("[removed]".to_owned()));
            }
            let number =
                RECORD_NUMBERS.contains(&plain(&key).as_str()) || (key == "value" && (names_number || tracking));
            let value = clean(value, number);
            (key, value)
        })
        .collect()
}

fn plain(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_secret(plain: &str) -> bool {
    SECRET_PARTS.iter().any(|it| plain.contains(it)) || SECRET_NAMES.contains(&plain) || plain.ends_with("key")
}

/// Card numbers in free text cut to their last 4 digits.
pub fn masked_text(text: &str) -> String {
    masked(text, false)
}

fn masked(text: &str, needs_separators: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let starts_word = at == 0 || !chars[at - 1].is_alphanumeric();
        if chars[at].is_ascii_digit() && starts_word {
            let (end, digits) = run(&chars, at);
            if let Some((start, stop, pan)) = card_in(&chars, at, end, &digits, needs_separators) {
                out.extend(&chars[at..start]);
                out.push_str("****");
                out.extend(&pan[pan.len() - 4..]);
                at = stop;
                continue;
            }
            out.extend(&chars[at..end]);
            at = end;
            continue;
        }
        out.push(chars[at]);
        at += 1;
    }
    out
}

/// The longest run of digits with at most one space or dash between two of them.
fn run(chars: &[char], start: usize) -> (usize, Vec<usize>) {
    let mut digits = Vec::new();
    let mut at = start;
    let mut end = start;
    while at < chars.len() {
        if chars[at].is_ascii_digit() {
            digits.push(at);
            at += 1;
            end = at;
        } else if matches!(chars[at], ' ' | '-') && chars.get(at + 1).is_some_and(char::is_ascii_digit) {
            at += 1;
        } else {
            break;
        }
    }
    (end, digits)
}

/// A card number within the run, starting and ending where a group of digits does: `12 4111 1111 1111 1111` hides one.
fn card_in(
    chars: &[char],
    from: usize,
    end: usize,
    digits: &[usize],
    needs_separators: bool,
) -> Option<(usize, usize, Vec<char>)> {
    for first in 0..digits.len() {
        let start = digits[first];
        if start > from && chars[start - 1].is_ascii_digit() {
            continue;
        }
        for length in (13..=19).rev() {
            let Some(&last) = digits.get(first + length - 1) else { continue };
            if last + 1 < end && chars[last + 1].is_ascii_digit() {
                continue;
            }
            let pan: Vec<char> = digits[first..first + length].iter().map(|it| chars[*it]).collect();
            let separated = last + 1 - start > length;
            if (separated || !needs_separators) && starts_as_card(&pan) && luhn(&pan) {
                return Some((start, last + 1, pan));
            }
        }
    }
    None
}

/// The first digits card schemes use: 4; 51-55, 2221-2720; 34, 37; 6011, 644-65; 35; 30, 36, 38, 39; 50, 56-58, 62, 63, 67.
fn starts_as_card(pan: &[char]) -> bool {
    let prefix = |n: usize| pan[..n].iter().collect::<String>().parse::<u32>().unwrap_or(0);
    matches!(prefix(1), 4)
        || matches!(prefix(2), 30 | 34..=39 | 50..=58 | 62 | 63 | 65 | 67)
        || matches!(prefix(3), 644..=649)
        || matches!(prefix(4), 6011 | 2221..=2720)
}

fn luhn(pan: &[char]) -> bool {
    let sum: u32 = pan
        .iter()
        .rev()
        .filter_map(|it| it.to_digit(10))
        .enumerate()
        .map(|(n, digit)| match n % 2 {
            0 => digit,
            _ if digit > 4 => digit * 2 - 9,
            _ => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn card_numbers_keep_their_last_four() {
        for (text, expected) in [
            ("paid with 4111 1111 1111 1111 thanks", "paid with ****1111 thanks"),
            ("4111-1111-1111-1111", "****1111"),
            ("4111111111111111", "****1111"),
            ("card:378282246310005.", "card:****0005."),
            ("2 4111 1111 1111 1111 12", "2 ****1111 12"),
            ("4111111111111112", "4111111111111112"),
            ("order 1234567890123", "order 1234567890123"),
            ("1Z999AA10123456784", "1Z999AA10123456784"),
            ("call 0123456789", "call 0123456789"),
        ] {
            assert_eq!(masked_text(text), expected);
        }
    }

    #[test]
    fn secrets_are_dropped_wherever_they_sit() {
        let before = json!({
            "profile": {"login": "a@b.c", "password": "hash", "passwordResetKey": "k", "reviewKey": "r"},
            "data": [{"name": "card_number", "value": "4242"}, {"name": "transId", "value": "4111111111111111"}],
            "orderNumber": "4111111111111111",
            "notes": "4111111111111111",
            "big": 4111111111111111u64,
            "total": 18.49
        });
        let after = json!({
            "profile": {"login": "a@b.c"},
            "data": [{"name": "card_number", "value": "[removed]"}, {"name": "transId", "value": "4111111111111111"}],
            "orderNumber": "4111111111111111",
            "notes": "****1111",
            "big": "****1111",
            "total": 18.49
        });
        assert_eq!(redact(before), after);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_masking_twice_changes_nothing(text in "[0-9 a-z-]{0,60}") {
            let once = masked_text(&text);
            prop_assert_eq!(masked_text(&once), once);
        }
    }
}
