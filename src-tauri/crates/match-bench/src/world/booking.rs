//! The receipts an accountant or an interface booked for what was paid, as they look in Intacct.

use super::money::{self, Currency, USD};
use super::payouts::{Paid, chargeback_fee};
use super::{Change, How, Receipt, Type, World};
use crate::calendar::{Day, business, civil};
use crate::dice::Dice;
use crate::people::{customer, written};
use crate::references::{self, Named};

pub fn book(world: &mut World, dice: &mut Dice) {
    let numbers = numbers_of_stores(world);
    let plans = std::mem::take(&mut world.plans);
    for (group, plan) in plans.iter().enumerate() {
        match &plan.how {
            How::Single(change) => single(world, dice, &numbers, group, &plan.payments, *change),
            How::Split => split(world, dice, &numbers, group, plan.payments[0]),
            How::Remittance => remittance(world, dice, &numbers, group, &plan.payments),
            How::Payout(paid) => payout(world, dice, group, &plan.payments, paid),
        }
    }
    world.plans = plans;
    alone(world, dice, &numbers);
}

/// The order numbers each store gave out, for decoys.
fn numbers_of_stores(world: &World) -> Vec<Vec<u64>> {
    let mut numbers = vec![Vec::new(); world.company.stores.len()];
    for order in &world.orders {
        numbers[order.store].push(order.number);
    }
    numbers
}

/// A receipt of these payments with everything but the amount's oddities and the reference.
fn of(world: &World, dice: &mut Dice, group: usize, payments: &[usize], amount: i64, currency: Currency) -> Receipt {
    let last = payments.iter().map(|&it| &world.payments[it]).max_by_key(|it| it.at);
    let last = last.expect("a group has payments");
    let entity = world.company.stores[last.store].entity;
    let noise = &world.noise;
    let paid_on = world.company.entities[entity].zone.day_of(last.at);
    let lag = dice.weighted(noise.lags.iter().copied());
    let date = if dice.chance(noise.dated_early) { paid_on - 1 } else { business(paid_on, lag as i64) };
    let customer = &world.company.customers[last.customer];
    let (customer_id, customer_name) = if dice.chance(noise.collective_customer) {
        let names = ["", "Web Customer"];
        ("C-WEB".to_owned(), (*dice.pick(&names)).to_owned())
    } else {
        (customer.id.clone(), written(dice, customer, &noise.names))
    };
    let is_adjustment = amount < 0;
    Receipt {
        entity: (!dice.chance(noise.entity_blank)).then_some(entity),
        bank: bank(world, entity, currency),
        kind: if is_adjustment { "adjustment" } else { "receipt" },
        date,
        currency,
        amount,
        customer_id,
        customer_name,
        reference: String::new(),
        memo: String::new(),
        group: Some(group),
        unnamed: false,
        twin: 0,
        reason: "",
    }
}

fn bank(world: &World, entity: usize, currency: Currency) -> String {
    format!("{}-{}", ["BOA", "CHASE", "HSBC", "WISE"][entity % 4], world.company.entities[entity].id)
        + if currency == world.company.entities[entity].currency { "" } else { "-" }
        + if currency == world.company.entities[entity].currency { "" } else { currency.code }
}

fn named<'a>(world: &'a World, dice: &mut Dice, numbers: &[Vec<u64>], payment: usize) -> Named<'a> {
    let payment = &world.payments[payment];
    let neighbour = *dice.pick(&numbers[payment.store]);
    Named { order: world.orders[payment.order].number, gateway_ref: &payment.gateway_ref, neighbour }
}

fn single(world: &mut World, dice: &mut Dice, numbers: &[Vec<u64>], group: usize, payments: &[usize], change: Change) {
    let first = payments[0];
    let sum: i64 = payments.iter().map(|&it| world.payments[it].amount).sum();
    let currency = world.payments[first].currency;
    let mut receipt = of(world, dice, group, payments, sum, currency);
    match change {
        Change::None => {}
        Change::Fee => {
            let fee = &world.noise.fees[world.payments[first].gateway];
            receipt.amount -= money::fee(sum, fee, dice.chance(world.noise.international));
        }
        Change::Wire => receipt.amount -= dice.pick(&world.noise.wire_fees) * 100,
        Change::Cent => receipt.amount += if dice.chance(0.5) { 1 } else { -1 },
        Change::ChargebackFee => receipt.amount -= chargeback_fee(world),
        Change::Base => in_dollars(world, dice, first, &mut receipt),
    }
    let named = named(world, dice, numbers, first);
    let written = references::one(dice, &world.noise, named);
    (receipt.reference, receipt.memo, receipt.unnamed) = (written.reference, written.memo, written.unnamed);
    if written.by_gateway {
        world.payments[first].twin = 0; // told apart by the gateway's number
    }
    if receipt.amount > 0 && dice.chance(world.noise.kinds.duplicate_receipts) {
        booked_twice(world, dice, &mut receipt);
    }
    world.receipts.push(receipt);
}

fn in_dollars(world: &World, dice: &mut Dice, payment: usize, receipt: &mut Receipt) {
    let noise = &world.noise;
    let payment = &world.payments[payment];
    let paid_on = world.company.entities[world.company.stores[payment.store].entity].zone.day_of(payment.at);
    let day = if dice.chance(noise.fx_rate_of_receipt_day) { receipt.date } else { paid_on };
    let spread = noise.fx_spread + noise.fx_spread_varies * dice.bell();
    receipt.amount = world.company.rates.to_usd(day, payment.currency, payment.amount, (spread * 1e6) as i64);
    receipt.currency = USD;
    receipt.bank = bank(world, world.company.stores[payment.store].entity, USD);
}

fn booked_twice(world: &mut World, dice: &mut Dice, receipt: &mut Receipt) {
    let later = dice.below(3) as i64;
    let date = if later == 0 { receipt.date } else { business(receipt.date, later) };
    if date == receipt.date {
        receipt.twin = world.twin();
    }
    world.receipts.push(Receipt {
        entity: receipt.entity,
        bank: receipt.bank.clone(),
        customer_id: receipt.customer_id.clone(),
        customer_name: receipt.customer_name.clone(),
        reference: receipt.reference.clone(),
        memo: receipt.memo.clone(),
        date,
        group: None,
        reason: "duplicate-receipt",
        ..*receipt
    });
}

fn split(world: &mut World, dice: &mut Dice, numbers: &[Vec<u64>], group: usize, payment: usize) {
    let parts = if dice.chance(0.7) { 2 } else { 3 };
    let (total, currency) = (world.payments[payment].amount, world.payments[payment].currency);
    let mut left = total;
    let is_unnamed = dice.chance(world.noise.kinds.split_without_reference);
    for nth in 0..parts {
        let amount = if nth == parts - 1 {
            left
        } else if dice.chance(0.3) {
            total / parts
        } else {
            ((left as f64) * (0.2 + 0.5 * dice.unit())) as i64 + 1
        };
        left -= amount;
        let mut receipt = of(world, dice, group, &[payment], amount, currency);
        let named = named(world, dice, numbers, payment);
        let written = references::one(dice, &world.noise, named);
        (receipt.reference, receipt.memo, receipt.unnamed) = (written.reference, written.memo, written.unnamed);
        if is_unnamed {
            (receipt.reference, receipt.memo, receipt.unnamed) = (String::new(), String::new(), true);
        }
        world.receipts.push(receipt);
    }
}

fn remittance(world: &mut World, dice: &mut Dice, numbers: &[Vec<u64>], group: usize, payments: &[usize]) {
    let sum = payments.iter().map(|&it| world.payments[it].amount).sum();
    let currency = world.payments[payments[0]].currency;
    let mut receipt = of(world, dice, group, payments, sum, currency);
    let listed: Vec<u64> = payments.iter().map(|&it| world.orders[world.payments[it].order].number).collect();
    (receipt.reference, receipt.memo) = references::several(dice, &world.noise, &listed);
    receipt.unnamed = receipt.reference.is_empty() && receipt.memo == references::NO_LIST;
    if dice.chance(world.noise.decoy) {
        let neighbour = *dice.pick(&numbers[world.payments[payments[0]].store]);
        receipt.memo = format!("{} PO {neighbour}", receipt.memo).trim().to_owned();
    }
    world.receipts.push(receipt);
}

fn payout(world: &mut World, dice: &mut Dice, group: usize, payments: &[usize], paid: &Paid) {
    let channel = &world.company.channels[paid.channel];
    let noise = &world.noise.payouts;
    let gateway = if dice.chance(0.5) { channel.gateway.to_uppercase() } else { channel.gateway.to_owned() };
    let token = dice.text(b"abcdefghjkmnpqrstuvwxyz23456789", 12);
    let style = dice.weighted(noise.memos.values().copied());
    let short = |day: Day| {
        let (_, month, of_month) = civil(day);
        format!("{month:02}/{of_month:02}")
    };
    let memo = match noise.memos.keys().nth(style).map_or("gateway", String::as_str) {
        "gateway" => format!("{gateway} payout"),
        "gateway-count" => format!("{gateway} payout {} txns", payments.len()),
        "gateway-dates" => format!("{gateway} settlement {}-{}", short(paid.opens), short(paid.closes)),
        "gateway-gross" => {
            let gross: i64 = payments.iter().map(|&it| world.payments[it].amount).sum();
            format!("{gateway} net of fees, gross {}", money::text(gross, channel.currency.decimals))
        }
        "orders" => {
            let orders: Vec<String> =
                payments.iter().map(|&it| world.orders[world.payments[it].order].number.to_string()).collect();
            format!("{gateway} orders {}", orders.join(" "))
        }
        _ => String::new(),
    };
    world.receipts.push(Receipt {
        entity: (!dice.chance(world.noise.entity_blank)).then_some(channel.entity),
        bank: bank(world, channel.entity, channel.currency),
        kind: "deposit",
        date: paid.date,
        currency: channel.currency,
        amount: paid.amount,
        customer_id: String::new(),
        customer_name: String::new(),
        reference: if dice.chance(0.7) { format!("po_{token}") } else { String::new() },
        memo,
        group: Some(group),
        unnamed: false,
        twin: 0,
        reason: "",
    });
}

/// Receipts for which there is no payment: counter sales, transfers, the rent.
fn alone(world: &mut World, dice: &mut Dice, numbers: &[Vec<u64>]) {
    let rate = world.noise.kinds.receipts_alone * (1.0 - world.noise.kinds.in_payouts);
    let count = (world.payments.iter().filter(|it| it.kind == Type::Sale).count() as f64 * rate) as usize;
    let stranger_from = world.company.customers.len();
    for nth in 0..count {
        let entity = dice.below(world.company.entities.len());
        let currency = world.company.entities[entity].currency;
        let firm = dice.chance(0.5);
        let amount = world.amount(dice, currency, firm);
        let known = dice.chance(0.4);
        let stranger = customer(dice, stranger_from + nth + 1, firm);
        let who = if known { &world.company.customers[world.company.someone(dice, entity, firm)] } else { &stranger };
        let store = *dice.pick(&world.company.entities[entity].stores);
        let reference = match dice.below(4) {
            0 => dice.between(10_000, 99_999).to_string(),
            1 => format!("CHK{}", dice.between(1_000, 9_999)),
            2 if dice.chance(world.noise.decoy_is_real) => dice.pick(&numbers[store]).to_string(),
            _ => String::new(),
        };
        let receipt = Receipt {
            entity: (!dice.chance(world.noise.entity_blank)).then_some(entity),
            bank: bank(world, entity, currency),
            kind: "receipt",
            date: business(world.some_day(dice), 0),
            currency,
            amount,
            customer_id: who.id.clone(),
            customer_name: written(dice, who, &world.noise.names),
            reference,
            memo: (*dice.pick(&["", "Counter sale", "Deposit", "Rent refund", "Payment received"])).to_owned(),
            group: None,
            unnamed: false,
            twin: 0,
            reason: "orphan-receipt",
        };
        world.receipts.push(receipt);
    }
}
