//! Payments that are booked one by one or a few together, and those that nobody booked.

use super::company::{ONE_BY_ONE, gateway_ref};
use super::money::{CURRENCIES, Currency, USD};
use super::{Change, How, Payment, Type, World};
use crate::calendar::DAY;
use crate::dice::Dice;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain,
    Fee,
    Wire,
    Cent,
    Base,
    Split,
    Remittance,
    Tender,
    Refund,
    Chargeback,
    Netted,
    Twice,
    Alone,
    Failed,
}

/// Until there are `payments` in all.
pub fn add(world: &mut World, dice: &mut Dice, payments: usize) {
    let kinds = &world.noise.kinds;
    // A share is of payments, a throw makes a group: so each is divided by the payments it makes.
    let mut weights = vec![
        (Kind::Fee, kinds.net_of_fee),
        (Kind::Wire, kinds.wire_fee),
        (Kind::Cent, kinds.off_by_a_cent),
        (Kind::Base, kinds.base_currency),
        (Kind::Split, kinds.splits),
        (Kind::Remittance, kinds.remittances / 3.5),
        (Kind::Tender, kinds.tenders / 2.0),
        (Kind::Refund, kinds.refunds),
        (Kind::Chargeback, kinds.chargebacks),
        (Kind::Netted, kinds.netted / 2.0),
        (Kind::Twice, kinds.duplicate_payments),
        (Kind::Alone, kinds.payments_alone),
        (Kind::Failed, kinds.failed_or_voided),
    ];
    let extra = kinds.remittances + kinds.tenders + 2.0 * (kinds.refunds + kinds.chargebacks) + kinds.netted;
    let single: f64 = weights[..5].iter().map(|it| it.1).sum();
    let rest = 1.0 - extra - single - 2.0 * (kinds.duplicate_payments + kinds.failed_or_voided) - kinds.payments_alone;
    weights.push((Kind::Plain, rest.max(0.0)));
    while world.payments.len() < payments {
        let kind = weights[dice.weighted(weights.iter().map(|it| it.1))].0;
        make(world, dice, kind);
    }
}

fn make(world: &mut World, dice: &mut Dice, kind: Kind) {
    match kind {
        Kind::Plain => single(world, dice, "one-to-one", Change::None),
        Kind::Fee => single(world, dice, "net-of-fee", Change::Fee),
        Kind::Wire => single(world, dice, "wire-fee", Change::Wire),
        Kind::Cent => single(world, dice, "off-by-a-cent", Change::Cent),
        Kind::Base => single(world, dice, "base-currency", Change::Base),
        Kind::Split => {
            let gateway = *dice.pick(&["check", "ach", "wire", "authnet"]);
            let sale = sale(world, dice, gateway, None);
            let sale = world.payment(sale);
            world.plan("split", vec![sale], How::Split);
        }
        Kind::Remittance => remittance(world, dice),
        Kind::Tender => tender(world, dice),
        Kind::Refund => back(world, dice, Type::Refund),
        Kind::Chargeback => back(world, dice, Type::Chargeback),
        Kind::Netted => netted(world, dice),
        Kind::Twice => twice(world, dice),
        Kind::Alone => {
            let gateway = some_gateway(dice);
            let sale = sale(world, dice, gateway, None);
            world.payment(Payment { reason: "capture-without-receipt", ..sale });
        }
        Kind::Failed => failed(world, dice),
    }
}

fn some_gateway(dice: &mut Dice) -> &'static str {
    ONE_BY_ONE[dice.weighted(ONE_BY_ONE.iter().map(|it| it.1))].0
}

fn sale(world: &mut World, dice: &mut Dice, gateway: &'static str, currency: Option<Currency>) -> Payment {
    let entities = &world.company.entities;
    // Where a currency is asked for, it is to be booked in dollars by an entity that keeps its books in them.
    let entity = loop {
        let entity = dice.below(entities.len());
        if currency.is_none() || entities[entity].currency == USD {
            break entity;
        }
    };
    let home = entities[entity].currency;
    let currency = currency.unwrap_or_else(|| if dice.chance(0.06) { *dice.pick(&CURRENCIES[..4]) } else { home });
    let store = *dice.pick(&entities[entity].stores);
    let firm = gateway != "authnet" && gateway != "braintree";
    let customer = world.company.someone(dice, entity, firm);
    let day = world.some_day(dice);
    let at = world.moment(dice, store, day);
    let amount = world.amount(dice, currency, firm);
    Payment {
        store,
        order: world.order(store, at),
        kind: Type::Sale,
        status: 'S',
        gateway,
        gateway_ref: gateway_ref(dice, gateway),
        at,
        currency,
        amount,
        customer,
        twin: 0,
        reason: "",
    }
}

fn like(dice: &mut Dice, payment: &Payment) -> Payment {
    Payment { gateway_ref: gateway_ref(dice, payment.gateway), ..Payment { gateway_ref: String::new(), ..*payment } }
}

fn single(world: &mut World, dice: &mut Dice, kind: &'static str, change: Change) {
    let gateway = match change {
        Change::Fee => *dice.pick(&["authnet", "braintree"]),
        Change::Wire => "wire",
        _ => some_gateway(dice),
    };
    let currency = (change == Change::Base).then(|| *dice.pick(&CURRENCIES[1..4]));
    let mut sale = sale(world, dice, gateway, currency);
    if change == Change::Wire {
        sale.amount += 10_000; // nobody wires small change
    }
    let sale = world.payment(sale);
    world.plan(kind, vec![sale], How::Single(change));
}

fn remittance(world: &mut World, dice: &mut Dice) {
    let gateway = *dice.pick(&["check", "ach", "wire"]);
    let first = sale(world, dice, gateway, None);
    let mut members = Vec::new();
    let mut at = first.at;
    let count = dice.weighted([0.35, 0.25, 0.2, 0.12, 0.08].into_iter()) + 2;
    for _ in 0..count {
        let order = world.order(first.store, at);
        let amount = world.amount(dice, first.currency, true);
        let next = Payment { order, at, amount, ..like(dice, &first) };
        members.push(world.payment(next));
        at += dice.between(3_600, DAY);
    }
    world.plan("remittance", members, How::Remittance);
}

fn tender(world: &mut World, dice: &mut Dice) {
    let mut first = sale(world, dice, "authnet", None);
    first.amount += 200;
    let part = (first.amount as f64 * (0.1 + 0.35 * dice.unit())) as i64;
    let other = *dice.pick(&["braintree", "ach"]);
    let second = Payment { gateway: other, amount: part, at: first.at + dice.between(1, 90), ..like(dice, &first) };
    let second = Payment { gateway_ref: gateway_ref(dice, other), ..second };
    first.amount -= part;
    let (first, second) = (world.payment(first), world.payment(second));
    if dice.chance(0.7) {
        world.plan("tender", vec![first, second], How::Single(Change::None));
    } else {
        world.plan("tender", vec![first], How::Single(Change::None));
        world.plan("tender", vec![second], How::Single(Change::None));
    }
}

fn back(world: &mut World, dice: &mut Dice, kind: Type) {
    let gateway = *dice.pick(&["authnet", "braintree"]);
    let sale = sale(world, dice, gateway, None);
    let part = if kind == Type::Refund && dice.chance(0.4) { dice.between(1, sale.amount) } else { sale.amount };
    let at = sale.at + dice.between(DAY, 12 * DAY);
    let back = Payment { kind, amount: -part, at, ..like(dice, &sale) };
    let (sale, back) = (world.payment(sale), world.payment(back));
    world.plan("one-to-one", vec![sale], How::Single(Change::None));
    match kind {
        Type::Chargeback => world.plan("chargeback", vec![back], How::Single(Change::ChargebackFee)),
        _ => world.plan("refund", vec![back], How::Single(Change::None)),
    }
}

fn netted(world: &mut World, dice: &mut Dice) {
    let sale = sale(world, dice, "authnet", None);
    let part = dice.between(1, sale.amount - 1);
    let refund =
        Payment { kind: Type::Refund, amount: -part, at: sale.at + dice.between(60, 30_000), ..like(dice, &sale) };
    let members = vec![world.payment(sale), world.payment(refund)];
    world.plan("netted", members, How::Single(Change::None));
}

/// The customer pressed the button twice: both were taken, one was booked.
fn twice(world: &mut World, dice: &mut Dice) {
    let gateway = *dice.pick(&["authnet", "braintree"]);
    let mut first = sale(world, dice, gateway, None);
    first.twin = world.twin();
    let mut second = like(dice, &first);
    second.at += dice.between(5, 600);
    second.reason = "duplicate-capture";
    let first = world.payment(first);
    world.payment(second);
    world.plan("one-to-one", vec![first], How::Single(Change::None));
}

/// Refused, or taken back before it was settled; most customers try again.
fn failed(world: &mut World, dice: &mut Dice) {
    let gateway = *dice.pick(&["authnet", "braintree"]);
    let sale = sale(world, dice, gateway, None);
    let mut failed = like(dice, &sale);
    failed.at -= dice.between(20, 900);
    failed.status = if dice.chance(0.6) { 'F' } else { 'V' };
    failed.reason = if failed.status == 'F' { "failed" } else { "voided" };
    world.payment(failed);
    if dice.chance(0.8) {
        let sale = world.payment(sale);
        world.plan("one-to-one", vec![sale], How::Single(Change::None));
    }
}
