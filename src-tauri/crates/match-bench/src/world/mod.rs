//! A made-up company, its payments, what became of each, and the receipts that were booked.
//!
//! Reading order: `company` (who there is), `sales` (payments booked one by one), `payouts` (payments that come in sums),
//! `booking` (the receipts), `write` (the files).

pub mod booking;
pub mod company;
pub mod money;
pub mod payouts;
pub mod sales;
pub mod write;

use crate::calendar::Day;
use crate::dice::Dice;
use crate::noise::Noise;
use company::Company;
use money::Currency;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    Sale,
    Refund,
    Chargeback,
}

impl Type {
    pub fn as_str(self) -> &'static str {
        match self {
            Type::Sale => "sale",
            Type::Refund => "refund",
            Type::Chargeback => "chargeback",
        }
    }
}

pub struct Payment {
    pub store: usize,
    pub order: usize,
    pub kind: Type,
    pub status: char,
    pub gateway: &'static str,
    pub gateway_ref: String,
    pub at: i64,
    pub currency: Currency,
    pub amount: i64,
    pub customer: usize,
    /// Records with the same number, other than 0, cannot be told apart by anything in the files.
    pub twin: u32,
    /// Why it stays alone; empty for a member of a group.
    pub reason: &'static str,
}

pub struct Receipt {
    pub entity: Option<usize>,
    pub bank: String,
    pub kind: &'static str,
    pub date: Day,
    pub currency: Currency,
    pub amount: i64,
    pub customer_id: String,
    pub customer_name: String,
    pub reference: String,
    pub memo: String,
    pub group: Option<usize>,
    /// It names nothing it pays.
    pub unnamed: bool,
    pub twin: u32,
    pub reason: &'static str,
}

/// What should be matched with what, before it is booked.
pub struct Plan {
    pub kind: &'static str,
    pub payments: Vec<usize>,
    pub how: How,
}

pub enum How {
    /// One receipt for one payment or for several.
    Single(Change),
    /// One payment, several receipts.
    Split,
    Remittance,
    Payout(payouts::Paid),
}

/// What the receipt's amount differs by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Change {
    None,
    Fee,
    Wire,
    Cent,
    Base,
    ChargebackFee,
}

pub struct World {
    pub company: Company,
    pub noise: Noise,
    pub first_day: Day,
    pub days: i64,
    pub orders: Vec<Order>,
    pub payments: Vec<Payment>,
    pub plans: Vec<Plan>,
    pub receipts: Vec<Receipt>,
    pub twins: u32,
}

#[derive(Clone, Copy)]
pub struct Order {
    pub store: usize,
    pub at: i64,
    pub number: u64,
}

impl World {
    pub fn new(noise: Noise, payments: usize, seed: u64) -> World {
        let mut dice = Dice::new(seed, 0);
        let company = Company::new(&mut dice, &noise, payments);
        let in_payouts = (payments as f64 * noise.kinds.in_payouts) as usize;
        let days = company.days_for(in_payouts);
        let first_day = crate::calendar::day(2025, 1, 6);
        let mut world = World {
            company,
            noise,
            first_day,
            days,
            orders: Vec::new(),
            payments: Vec::new(),
            plans: Vec::new(),
            receipts: Vec::new(),
            twins: 0,
        };
        payouts::add(&mut world, &mut Dice::new(seed, 1), in_payouts);
        sales::add(&mut world, &mut Dice::new(seed, 2), payments);
        world.number_orders(&mut Dice::new(seed, 3));
        booking::book(&mut world, &mut Dice::new(seed, 4));
        world
    }

    pub fn order(&mut self, store: usize, at: i64) -> usize {
        self.orders.push(Order { store, at, number: 0 });
        self.orders.len() - 1
    }

    pub fn payment(&mut self, payment: Payment) -> usize {
        self.payments.push(payment);
        self.payments.len() - 1
    }

    pub fn plan(&mut self, kind: &'static str, payments: Vec<usize>, how: How) {
        self.plans.push(Plan { kind, payments, how });
    }

    pub fn twin(&mut self) -> u32 {
        self.twins += 1;
        self.twins
    }

    /// Stores count their orders on their own, so the same number means another order in another store.
    fn number_orders(&mut self, dice: &mut Dice) {
        let mut by_time: Vec<usize> = (0..self.orders.len()).collect();
        by_time.sort_by_key(|&it| (self.orders[it].at, it));
        let mut next: Vec<u64> = self.company.stores.iter().map(|_| dice.between(10_000, 60_000) as u64).collect();
        for at in by_time {
            let store = self.orders[at].store;
            next[store] += 1 + u64::from(dice.chance(0.2)) * 2;
            self.orders[at].number = next[store];
        }
    }

    /// A moment of the day, most often in the afternoon, in the store's own time.
    pub fn moment(&self, dice: &mut Dice, store: usize, day: Day) -> i64 {
        let second = ((14.0 + 4.0 * dice.bell()) * 3_600.0).clamp(0.0, 86_399.0) as i64;
        self.company.stores[store].zone.to_utc(day * crate::calendar::DAY + second)
    }

    /// A day of the span; weekends sell half as much.
    pub fn some_day(&self, dice: &mut Dice) -> Day {
        loop {
            let day = self.first_day + dice.below(self.days as usize) as i64;
            if crate::calendar::is_business(day) || dice.chance(0.5) {
                return day;
            }
        }
    }

    pub fn amount(&self, dice: &mut Dice, currency: Currency, firm: bool) -> i64 {
        let cents = if dice.chance(self.noise.popular) {
            *dice.pick(&self.company.popular)
        } else {
            let middle = if firm { 5.4 } else { 4.2 };
            ((middle + 0.8 * dice.bell()).exp() * 100.0).clamp(150.0, 9_999_999.0) as i64
        };
        if currency.decimals == 0 { (cents * 3 / 2).max(100) } else { cents }
    }
}
