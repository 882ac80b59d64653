//! Domain values as the window shows them: exact texts, ISO dates.

use crate::views::AmountView;
use tieout_money::Money;

pub fn amount(money: Money) -> AmountView {
    AmountView { amount: money.amount_text(), currency: money.currency().to_string() }
}

pub fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// `12,345`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A long text without its end, marked as such.
pub(crate) fn cut(text: String, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// `27 Jan 2026`.
pub(crate) fn day(on: jiff::civil::Date) -> String {
    on.strftime("%-d %b %Y").to_string()
}

/// The steps of the program's own work, as the trail names whoever did it.
const STEPS: [&str; 6] = ["pull", "match", "propose", "post", "clock", "flows"];
const PROGRAM: &str = "Tieout: ";

/// Who did something: a person by name, the program with its step.
pub(crate) fn who(actor: &str) -> String {
    if STEPS.contains(&actor) { format!("{PROGRAM}{actor}") } else { actor.to_owned() }
}

/// The same in a sentence, where the step is said already.
pub(crate) fn by(actor: &str) -> &str {
    if STEPS.contains(&actor) { "Tieout" } else { actor }
}

/// As the trail has it, from what [`who`] showed.
pub(crate) fn actor(who: &str) -> &str {
    who.strip_prefix(PROGRAM).filter(|it| STEPS.contains(it)).unwrap_or(who)
}

/// Per currency, none left out.
pub(crate) fn totals(of: &tieout_money::Totals) -> Vec<AmountView> {
    of.iter().map(amount).collect()
}

/// `1 entry`, `2 entries`.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
