//! Money as whole numbers of the currency's smallest coin, fees and exchange rates.

use crate::calendar::Day;
use crate::dice::Dice;
use crate::noise::Fee;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Currency {
    pub code: &'static str,
    pub decimals: u32,
    /// Millionths of a dollar at the start.
    rate: i64,
}

pub const CURRENCIES: [Currency; 5] = [
    Currency { code: "USD", decimals: 2, rate: 1_000_000 },
    Currency { code: "EUR", decimals: 2, rate: 1_083_400 },
    Currency { code: "GBP", decimals: 2, rate: 1_268_100 },
    Currency { code: "CAD", decimals: 2, rate: 695_200 },
    Currency { code: "JPY", decimals: 0, rate: 6_712 },
];
pub const USD: Currency = CURRENCIES[0];

pub fn text(amount: i64, decimals: u32) -> String {
    if decimals == 0 {
        return amount.to_string();
    }
    let sign = if amount < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", amount.abs() / 100, amount.abs() % 100)
}

/// Half away from zero, as gateways and banks round.
pub fn divided(amount: i128, by: i128) -> i64 {
    let half = if amount < 0 { -by / 2 } else { by / 2 };
    ((amount + half) / by) as i64
}

pub fn fee(amount: i64, fee: &Fee, international: bool) -> i64 {
    let points = fee.basis_points + if international { fee.international_basis_points } else { 0 };
    divided(i128::from(amount) * i128::from(points), 10_000) + fee.fixed
}

/// A dollar price of every currency for every day.
pub struct Rates {
    first: Day,
    by_day: Vec<[i64; CURRENCIES.len()]>,
}

impl Rates {
    pub fn new(dice: &mut Dice, first: Day, days: usize) -> Rates {
        let mut now = CURRENCIES.map(|it| it.rate as f64);
        let by_day = (0..days)
            .map(|_| {
                for rate in &mut now[1..] {
                    *rate *= 1.0 + 0.004 * dice.bell();
                }
                now.map(|it| it.round() as i64)
            })
            .collect();
        Rates { first, by_day }
    }

    pub fn on(&self, day: Day, currency: Currency) -> i64 {
        let at = (day - self.first).clamp(0, self.by_day.len() as i64 - 1) as usize;
        CURRENCIES.iter().position(|it| *it == currency).map_or(1_000_000, |column| self.by_day[at][column])
    }

    /// In US cents, less a spread in millionths.
    pub fn to_usd(&self, day: Day, currency: Currency, amount: i64, spread: i64) -> i64 {
        let cents = i128::from(amount) * if currency.decimals == 0 { 100 } else { 1 };
        divided(cents * i128::from(self.on(day, currency)) * i128::from(1_000_000 - spread), 1_000_000_000_000)
    }

    pub fn days(&self) -> impl Iterator<Item = (Day, &[i64; CURRENCIES.len()])> {
        self.by_day.iter().enumerate().map(|(at, rates)| (self.first + at as i64, rates))
    }
}
