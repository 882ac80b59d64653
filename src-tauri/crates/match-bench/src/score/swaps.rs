//! Free swaps: two automatic 1:1 matches whose partners could be exchanged without any evidence changing. Whoever took one
//! of them for sure guessed.

use super::files::{Data, Match, Side};
use std::collections::HashMap;

pub fn count(data: &Data, automatic: &[&Match]) -> usize {
    let pairs: Vec<(u32, u32)> = automatic.iter().filter_map(|it| one_to_one(data, it)).collect();
    let mut alike: HashMap<(Side, String), Vec<usize>> = HashMap::new();
    for (at, &(payment, receipt)) in pairs.iter().enumerate() {
        let row = &data.records[receipt as usize].row;
        let by_receipt =
            [&row[1], &row[2], &row[3], &row[4], &row[5], &row[6], &row[7], &row[8].to_lowercase()].join("\u{1f}");
        alike.entry((Side::R, by_receipt)).or_default().push(at);
        let row = &data.records[payment as usize].row;
        let by_payment = [&row[1], &row[3], &row[5], &row[7][..10], &row[8], &row[9], &row[10]].join("\u{1f}");
        alike.entry((Side::P, by_payment)).or_default().push(at);
    }
    let mut swapped: Vec<(usize, usize)> = Vec::new();
    for places in alike.values() {
        for (nth, &one) in places.iter().take(40).enumerate() {
            for &other in places.iter().take(40).skip(nth + 1) {
                if !told_apart(data, pairs[one], pairs[other]) {
                    swapped.push((one, other));
                }
            }
        }
    }
    swapped.sort_unstable();
    swapped.dedup();
    swapped.len()
}

fn one_to_one(data: &Data, it: &Match) -> Option<(u32, u32)> {
    match it.members[..] {
        [one, other] => match (data.records[one as usize].side, data.records[other as usize].side) {
            (Side::P, Side::R) => Some((one, other)),
            (Side::R, Side::P) => Some((other, one)),
            _ => None,
        },
        _ => None,
    }
}

/// Some receipt's text names one of the two payments better than the other.
fn told_apart(data: &Data, one: (u32, u32), other: (u32, u32)) -> bool {
    [one.1, other.1].into_iter().any(|receipt| names(data, receipt, one.0) != names(data, receipt, other.0))
}

/// 2 when the text names the payment, 1 when a part or a slip of it, 0 when not at all.
fn names(data: &Data, receipt: u32, payment: u32) -> u8 {
    let (receipt, payment) = (&data.records[receipt as usize].row, &data.records[payment as usize].row);
    let text = format!("{} {}", &receipt[9], &receipt[10]).to_lowercase();
    let (order, gateway) = (&payment[2], payment[6].to_lowercase());
    let words = text.split(|it: char| !it.is_alphanumeric() && it != '_').filter(|it| it.len() >= 4);
    words.map(|word| names_in(word, order, &gateway)).max().unwrap_or(0)
}

fn names_in(word: &str, order: &str, gateway: &str) -> u8 {
    let digits = word.trim_start_matches(|it: char| !it.is_ascii_digit()).trim_start_matches('0');
    let has_gateway = !gateway.is_empty() && word.len() >= 6;
    if digits == order || (has_gateway && word.contains(gateway)) {
        return 2;
    }
    let by_order = digits.len() >= 4 && (digits.contains(order) || order.contains(digits) || near(digits, order));
    let by_gateway = has_gateway && (gateway.starts_with(word) || gateway.ends_with(word) || near(word, gateway));
    u8::from(by_order || by_gateway)
}

/// One letter changed, doubled, dropped, or two exchanged.
fn near(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let front = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let back = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    front + back + 2 >= one.len().max(other.len())
}
