//! How a receipt names what it pays: by order number or gateway reference, clean or spoilt, in the reference or in the memo.

use crate::dice::Dice;
use crate::noise::Noise;
use crate::people::mistyped;

/// What there is to name.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    pub order: u64,
    /// Empty where the gateway gives none, as with cheques.
    pub gateway_ref: &'a str,
    /// Another order of the same store, for decoys.
    pub neighbour: u64,
}

/// What was written, and whether it singles out the gateway's own number.
pub struct Written {
    pub reference: String,
    pub memo: String,
    pub by_gateway: bool,
    pub unnamed: bool,
}

/// The memo of a remittance that lists nothing.
pub const NO_LIST: &str = "Remittance";

const REMARKS: &[&str] = &["", "", "", "Payment received", "Thank you", "Web order", "Auto-posted"];

pub fn one(dice: &mut Dice, noise: &Noise, named: Named<'_>) -> Written {
    let at = dice.weighted(noise.references.values().copied());
    let style = noise.references.keys().nth(at).map_or("order", String::as_str);
    let order = named.order.to_string();
    let by_gateway = !named.gateway_ref.is_empty() && dice.chance(0.4);
    let gateway = if named.gateway_ref.is_empty() { order.as_str() } else { named.gateway_ref };
    let remark = (*dice.pick(REMARKS)).to_owned();
    let is_gateway = !named.gateway_ref.is_empty();
    let said =
        |reference: String, by_gateway: bool| Written { reference, memo: remark.clone(), by_gateway, unnamed: false };
    let mut written = match style {
        "order" => said(order, false),
        "gateway" => said(gateway.to_owned(), is_gateway),
        "memo-order" => {
            Written { reference: String::new(), memo: sentence(dice, &order), by_gateway: false, unnamed: false }
        }
        "memo-gateway" => {
            Written { reference: String::new(), memo: sentence(dice, gateway), by_gateway: is_gateway, unnamed: false }
        }
        "padded" => said(format!("{:0>width$}", order, width = 8 + dice.below(3)), false),
        "prefixed" => said(format!("{}{order}", dice.pick(&noise.prefixes)), false),
        "truncated" if is_gateway && dice.chance(0.7) => {
            let keep = (gateway.len() * 2 / 3).max(6).min(gateway.len());
            said(gateway[..keep].to_owned(), true)
        }
        "truncated" if dice.chance(0.5) => said(order[1..].to_owned(), false),
        "truncated" => said(order[..order.len() - 1].to_owned(), false),
        "typo" if by_gateway => said(mistyped(dice, gateway), true),
        "typo" => said(digit_slip(dice, &order), false),
        "missing" => Written { unnamed: true, ..said(String::new(), false) },
        // From here on only in held-out noise.
        "suffixed" => said(format!("{order}-{}", dice.between(1, 3)), false),
        "year" => said(format!("2025-{order}"), false),
        "spaced" => said(format!("{} {}", &order[..order.len() - 3], &order[order.len() - 3..]), false),
        "lower" => said(gateway.to_lowercase(), is_gateway),
        "dashed" => said(dashed(gateway), is_gateway),
        "tail" if is_gateway => said(gateway[gateway.len().saturating_sub(8)..].to_owned(), true),
        "both" => said(format!("{order} / {gateway}"), is_gateway),
        "customer" => said(format!("KD{:06}/{order}", dice.below(1_000_000)), false),
        _ => said(order, false),
    };
    decoy(dice, noise, named, &mut written.memo);
    written
}

/// A receipt for several orders. `listed` are their numbers in the order they were made.
pub fn several(dice: &mut Dice, noise: &Noise, listed: &[u64]) -> (String, String) {
    let at = dice.weighted(noise.lists.values().copied());
    let style = noise.lists.keys().nth(at).map_or("comma", String::as_str);
    let joined = |between: &str, of: &[u64]| of.iter().map(u64::to_string).collect::<Vec<_>>().join(between);
    match style {
        "comma" => (joined(", ", listed), String::new()),
        "spaced" => (joined(" ", listed), String::new()),
        "memo" => (String::new(), format!("Payment for orders {}", joined(" + ", listed))),
        "partial" => (joined(", ", &listed[..1 + dice.below(listed.len() - 1)]), "and others".to_owned()),
        "first-memo" => (listed[0].to_string(), format!("also {}", joined(";", &listed[1..]))),
        "shortened" => {
            let tails = listed[1..].iter().map(|it| it.to_string().split_off(2)).collect::<Vec<_>>().join("/");
            (format!("{}/{tails}", listed[0]), String::new())
        }
        "prefixed" => (listed.iter().map(|it| format!("SO{it}")).collect::<Vec<_>>().join(","), String::new()),
        _ => (String::new(), NO_LIST.to_owned()),
    }
}

fn sentence(dice: &mut Dice, number: &str) -> String {
    match dice.below(5) {
        0 => format!("Payment for order {number}, thank you"),
        1 => format!("Web shop order #{number}"),
        2 => format!("rcvd {number} via portal"),
        3 => format!("{number} - card payment"),
        _ => format!("Ref: {number}"),
    }
}

fn decoy(dice: &mut Dice, noise: &Noise, named: Named<'_>, memo: &mut String) {
    if !dice.chance(noise.decoy) {
        return;
    }
    let number = if dice.chance(noise.decoy_is_real) { named.neighbour } else { dice.between(10_000, 99_999) as u64 };
    let text = match dice.below(4) {
        0 => format!("inv {number}"),
        1 => format!("PO {number}"),
        2 => format!("tel 555-{:04}", number % 10_000),
        _ => format!("batch {number}"),
    };
    if !memo.is_empty() {
        memo.push_str(", ");
    }
    memo.push_str(&text);
}

fn digit_slip(dice: &mut Dice, digits: &str) -> String {
    let mut digits: Vec<u8> = digits.bytes().collect();
    let at = dice.below(digits.len());
    match dice.below(4) {
        0 | 1 => digits[at] = b'0' + (digits[at] - b'0' + 1 + dice.below(9) as u8) % 10,
        2 if at > 0 => digits.swap(at - 1, at),
        2 => digits.insert(at, b'1'),
        _ => {
            digits.remove(at);
        }
    }
    digits.into_iter().map(char::from).collect()
}

fn dashed(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|it| it.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
