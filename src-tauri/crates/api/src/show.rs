//! Domain values as the window shows them: exact texts, ISO dates.

use crate::views::AmountView;
use tieout_money::Money;

pub fn amount(money: Money) -> AmountView {
    AmountView { amount: money.amount_text(), currency: money.currency().to_string() }
}

pub fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
