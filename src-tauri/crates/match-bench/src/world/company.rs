//! Who there is: entities, stores, gateways, customers, and the channels that pay out in sums. The more payments, the more
//! of each.

use super::money::{CURRENCIES, Currency, Rates, USD};
use crate::calendar::{ZONES, Zone, day};
use crate::dice::Dice;
use crate::noise::Noise;
use crate::people::{Customer, customer};

pub const PAYING_OUT: [&str; 3] = ["stripe", "paypal", "adyen"];
pub const ONE_BY_ONE: [(&str, f64); 5] =
    [("authnet", 0.35), ("braintree", 0.25), ("ach", 0.15), ("check", 0.15), ("wire", 0.10)];

pub struct Entity {
    pub id: String,
    pub currency: Currency,
    pub zone: Zone,
    pub stores: Vec<usize>,
    pub customers: std::ops::Range<usize>,
    pub firms: std::ops::Range<usize>,
}

pub struct Store {
    pub name: String,
    pub entity: usize,
    pub zone: Zone,
}

/// What one gateway pays out to one entity in one currency.
pub struct Channel {
    pub entity: usize,
    pub gateway: &'static str,
    pub currency: Currency,
    pub cutoff_hour: i64,
    pub rhythm: String,
    pub lag: i64,
    /// Payments on a weekday; half of that on a weekend's day.
    pub a_day: f64,
}

pub struct Company {
    pub entities: Vec<Entity>,
    pub stores: Vec<Store>,
    pub channels: Vec<Channel>,
    pub customers: Vec<Customer>,
    pub popular: Vec<i64>,
    pub rates: Rates,
}

impl Company {
    pub fn new(dice: &mut Dice, noise: &Noise, payments: usize) -> Company {
        let count = (((payments as f64).powf(0.4) / 10.0).round() as usize).max(1);
        let (mut entities, mut stores) = (Vec::new(), Vec::new());
        let mut customers = Vec::new();
        let people = (payments / 4 / count).max(20);
        for at in 0..count {
            let currency = CURRENCIES[[0, 0, 1, 2, 0, 3, 1, 4][at % 8]];
            let zone = match currency.code {
                "USD" => ZONES[at % 2],
                "CAD" => ZONES[2],
                "GBP" => ZONES[3],
                "EUR" => ZONES[4],
                _ => ZONES[5],
            };
            let own = 1 + at % 2;
            let first = stores.len();
            for nth in 0..own {
                let zone = if nth == 1 && currency == USD { ZONES[1 - at % 2] } else { zone };
                stores.push(Store { name: format!("shop-{}", stores.len() + 1), entity: at, zone });
            }
            let mut pool = |dice: &mut Dice, firm: bool, many: usize| {
                let from = customers.len();
                for _ in 0..many {
                    customers.push(customer(dice, customers.len() + 1, firm));
                }
                from..customers.len()
            };
            let persons = pool(dice, false, people);
            let firms = pool(dice, true, people / 5 + 10);
            let id = format!("{}00-{}", at + 1, &currency.code[..2]);
            entities.push(Entity {
                id,
                currency,
                zone,
                stores: (first..first + own).collect(),
                customers: persons,
                firms,
            });
        }
        let channels = channels(dice, noise, &entities);
        let popular =
            (0..noise.popular_totals).map(|_| dice.between(9, 199) * 100 + *dice.pick(&[99, 95, 0, 49])).collect();
        let rates = Rates::new(dice, day(2024, 12, 20), 900);
        Company { entities, stores, channels, customers, popular, rates }
    }

    /// How long the company must sell until its channels took so many payments.
    pub fn days_for(&self, payments: usize) -> i64 {
        let a_week: f64 = self.channels.iter().map(|it| it.a_day * 6.0).sum();
        ((payments as f64 / a_week * 7.0).ceil() as i64).max(8)
    }

    /// Some customers buy often.
    pub fn someone(&self, dice: &mut Dice, entity: usize, firm: bool) -> usize {
        let of = if firm { &self.entities[entity].firms } else { &self.entities[entity].customers };
        of.start + (dice.unit().powf(1.5) * of.len() as f64) as usize
    }
}

fn channels(dice: &mut Dice, noise: &Noise, entities: &[Entity]) -> Vec<Channel> {
    let mut channels = Vec::new();
    for (at, entity) in entities.iter().enumerate() {
        for nth in 0..2 {
            let rhythm = dice.weighted(noise.payouts.rhythms.values().copied());
            let rhythm = noise.payouts.rhythms.keys().nth(rhythm).cloned().unwrap_or_default();
            let (low, high) = noise.payouts.members;
            let members = dice.between(low, high) as f64;
            let payouts_a_week = match rhythm.as_str() {
                "weekly" => 1.0,
                "twice-weekly" => 2.0,
                _ => 5.0,
            };
            channels.push(Channel {
                entity: at,
                gateway: PAYING_OUT[(at + nth) % PAYING_OUT.len()],
                currency: entity.currency,
                cutoff_hour: *dice.pick(&noise.payouts.cutoff_hours),
                rhythm,
                lag: *dice.pick(&noise.payouts.lag_business_days),
                a_day: members * payouts_a_week / 6.0,
            });
        }
    }
    channels
}

/// A number as this gateway makes them.
pub fn gateway_ref(dice: &mut Dice, gateway: &str) -> String {
    const MIXED: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789";
    const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    const DIGITS: &[u8] = b"0123456789";
    match gateway {
        "stripe" => format!("ch_3{}", dice.text(MIXED, 20)),
        "paypal" => dice.text(UPPER, 17),
        "adyen" => dice.text(UPPER, 16),
        "authnet" => format!("6{}", dice.text(DIGITS, 10)),
        "braintree" => dice.text(b"abcdefghjkmnpqrstvwxyz0123456789", 8),
        "ach" => format!("ACH{}", dice.text(DIGITS, 9)),
        "wire" => format!("FT{}", dice.text(DIGITS, 10)),
        _ => String::new(),
    }
}
