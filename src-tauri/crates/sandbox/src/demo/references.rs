//! How a bookkeeper writes an order number: exactly, in the memo, padded, cut short, mistyped, or not at all.

use super::dice::Dice;
use super::model::{MoneyEvent, Sale};
use super::story::Style;

/// Document number and memo of a receipt.
pub fn write(dice: &mut Dice, style: Style, sale: &Sale, event: &MoneyEvent) -> (String, String) {
    let number = &sale.number;
    let plain = || "Web order".to_owned();
    match style {
        Style::Exact if dice.chance(400) => (number.clone(), format!("Web order {number}, {}", event.method.name())),
        Style::Exact => (number.clone(), plain()),
        Style::GatewayReference => (event.gateway_ref.clone(), plain()),
        Style::InMemo => {
            let memo = dice.pick(&["Payment for order", "X-Cart order no.", "Customer paid web order"]);
            (format!("CC{}", dice.token(5, true)), format!("{memo} {number}"))
        }
        Style::ZeroPadded => (format!("{number:0>10}"), plain()),
        Style::Prefixed => (format!("{}{number}", dice.pick(&["WEB-", "SO#", "XC-", "ORD ", "Order "])), plain()),
        Style::Truncated => (truncated(dice, number), plain()),
        Style::Typo => (typo(dice, number), plain()),
        Style::Missing => {
            let text = dice.pick(&["Payment received, thank you", "Card payment", "Web sale"]);
            (if dice.chance(500) { String::new() } else { format!("CC{}", dice.token(5, true)) }, text.to_owned())
        }
    }
}

fn truncated(dice: &mut Dice, number: &str) -> String {
    // a number that starts with a zero would not read as a cut one
    if dice.chance(500) && !number[1..].starts_with('0') {
        number[1..].to_owned()
    } else {
        number[..number.len() - 1].to_owned()
    }
}

/// One slip of the keyboard: a digit doubled, two swapped, or one wrong.
fn typo(dice: &mut Dice, number: &str) -> String {
    let mut digits: Vec<char> = number.chars().collect();
    let at = dice.below(digits.len() - 1);
    match dice.between(0, 2) {
        0 => digits.insert(at, digits[at]),
        1 if digits[at] != digits[at + 1] => digits.swap(at, at + 1),
        _ => {
            let wrong = char::from(dice.pick(b"123456789"));
            digits[at] = if wrong == digits[at] { '0' } else { wrong };
            if digits[0] == '0' {
                digits[0] = '9';
            }
        }
    }
    digits.into_iter().collect()
}

/// A number in the memo that is not this order's.
pub fn with_decoy(dice: &mut Dice, memo: &str, other: &str) -> String {
    match dice.between(0, 2) {
        0 => format!("{memo}; see also {other}"),
        1 => format!("{memo}; tel 312 555 0{}", dice.digits(3)),
        _ => format!("{memo}; zip 60{}", dice.digits(3)),
    }
}
