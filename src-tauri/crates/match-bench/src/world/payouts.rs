//! Payments that a gateway pays out in sums: windows between cut-offs, net of fees, and the ways in which a payout is not
//! quite its window.

use super::company::gateway_ref;
use super::{How, Payment, Type, World, money};
use crate::calendar::{DAY, Day, business, is_business, weekday};
use crate::dice::Dice;

/// A payout as it reached the bank.
pub struct Paid {
    pub channel: usize,
    pub opens: Day,
    pub closes: Day,
    pub date: Day,
    pub amount: i64,
}

#[derive(Default, Clone)]
struct Window {
    opens: Day,
    closes: Day,
    members: Vec<usize>,
    edited: bool,
    gone: bool,
}

pub fn add(world: &mut World, dice: &mut Dice, wanted: usize) {
    let mut all: Vec<Vec<Window>> = Vec::new();
    let mut made = 0;
    for channel in 0..world.company.channels.len() {
        let mut windows = windows(world, channel);
        let share = world.company.channels[channel].a_day * 6.0;
        let rest: f64 = world.company.channels[channel..].iter().map(|it| it.a_day * 6.0).sum();
        let count = ((wanted - made) as f64 * share / rest).round() as usize;
        let before = world.payments.len();
        fill(world, dice, channel, count, &mut windows);
        made += world.payments.len() - before;
        all.push(windows);
    }
    edit(world, dice, &mut all);
    for (channel, windows) in all.into_iter().enumerate() {
        for window in windows.into_iter().filter(|it| !it.gone && !it.members.is_empty()) {
            pay(world, dice, channel, window);
        }
    }
}

/// The channel's windows over the whole span, the weekend's joined to Monday's.
fn windows(world: &World, channel: usize) -> Vec<Window> {
    let channel = &world.company.channels[channel];
    let closes = |day: Day| match channel.rhythm.as_str() {
        "weekly" => weekday(day) == 0,
        "twice-weekly" => matches!(weekday(day), 1 | 4),
        _ => is_business(day),
    };
    let mut windows = Vec::new();
    let mut opens = world.first_day - 8;
    for day in world.first_day - 7..world.first_day + world.days + 9 {
        if closes(day) {
            windows.push(Window { opens, closes: day, ..Window::default() });
            opens = day;
        }
    }
    windows
}

fn fill(world: &mut World, dice: &mut Dice, channel: usize, count: usize, windows: &mut [Window]) {
    let (entity, gateway, currency) = {
        let it = &world.company.channels[channel];
        (it.entity, it.gateway, it.currency)
    };
    let mut left = count;
    while left > 0 {
        let store = *dice.pick(&world.company.entities[entity].stores);
        let day = world.some_day(dice);
        let at = world.moment(dice, store, day);
        let customer = world.company.someone(dice, entity, false);
        let order = world.order(store, at);
        let amount = world.amount(dice, currency, false);
        let sale = Payment {
            store,
            order,
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
        };
        put(world, channel, windows, sale);
        left -= 1;
        let what = if dice.chance(world.noise.payouts.refunds) {
            Type::Refund
        } else if dice.chance(world.noise.payouts.chargebacks) {
            Type::Chargeback
        } else {
            continue;
        };
        if left == 0 {
            break;
        }
        let back =
            if what == Type::Refund && dice.chance(0.4) { (amount as f64 * dice.unit()) as i64 + 1 } else { amount };
        let back = Payment {
            store,
            order,
            kind: what,
            status: 'S',
            gateway,
            gateway_ref: gateway_ref(dice, gateway),
            at: at + dice.between(DAY, 12 * DAY),
            currency,
            amount: -back.min(amount),
            customer,
            twin: 0,
            reason: "",
        };
        put(world, channel, windows, back);
        left -= 1;
    }
}

fn put(world: &mut World, channel: usize, windows: &mut [Window], payment: Payment) {
    let at = payment.at;
    let id = world.payment(payment);
    let channel = &world.company.channels[channel];
    let local = world.company.entities[channel.entity].zone.to_local(at);
    let place = windows.partition_point(|it| it.closes * DAY + channel.cutoff_hour * 3_600 <= local);
    match windows.get_mut(place) {
        Some(window) => window.members.push(id),
        None => world.payments[id].reason = "in-transit",
    }
}

fn edit(world: &mut World, dice: &mut Dice, all: &mut [Vec<Window>]) {
    for channel in 0..all.len() {
        let count = all[channel].len();
        for at in 0..count {
            if all[channel][at].members.len() < 3 {
                continue;
            }
            let noise = &world.noise.payouts;
            if at + 1 < count && dice.chance(noise.merged) {
                let window = std::mem::take(&mut all[channel][at]);
                all[channel][at] = Window { gone: true, ..Window::default() };
                let next = &mut all[channel][at + 1];
                next.opens = window.opens;
                next.members.extend(window.members);
                next.edited = true;
                continue;
            }
            if at + 1 < count && dice.chance(noise.slipped) {
                let member = take(dice, &mut all[channel][at]);
                give(&mut all[channel][at + 1], member);
            }
            if dice.chance(noise.held_back) {
                let member = take(dice, &mut all[channel][at]);
                world.payments[member].reason = "missing-settlement";
            }
            if dice.chance(noise.stray) {
                stray(world, dice, all, channel, at);
            }
        }
    }
}

fn take(dice: &mut Dice, window: &mut Window) -> usize {
    window.edited = true;
    let at = dice.below(window.members.len());
    window.members.swap_remove(at)
}

fn give(window: &mut Window, member: usize) {
    window.edited = true;
    window.members.push(member);
}

/// A member that came a few windows late, or that another entity's channel should have had.
fn stray(world: &World, dice: &mut Dice, all: &mut [Vec<Window>], channel: usize, at: usize) {
    let channels = &world.company.channels;
    let alike: Vec<usize> = (0..channels.len())
        .filter(|&it| it != channel && channels[it].gateway == channels[channel].gateway)
        .filter(|&it| channels[it].currency == channels[channel].currency)
        .collect();
    let (other, from) = if !alike.is_empty() && dice.chance(0.5) {
        (*dice.pick(&alike), at)
    } else {
        (channel, at.saturating_sub(dice.between(2, 5) as usize))
    };
    if (other, from) != (channel, at) && all[other].get(from).is_some_and(|it| it.members.len() > 2 && !it.gone) {
        let member = take(dice, &mut all[other][from]);
        give(&mut all[channel][at], member);
    }
}

fn pay(world: &mut World, dice: &mut Dice, channel: usize, mut window: Window) {
    let noise = &world.noise.payouts;
    let it = &world.company.channels[channel];
    let late = if dice.chance(noise.late) { dice.between(1, 3) } else { 0 };
    let date = business(window.closes, it.lag + late);
    if date > world.first_day + world.days {
        for member in window.members {
            world.payments[member].reason = "in-transit";
        }
        return;
    }
    let abroad = if dice.chance(noise.international) { 1 + dice.below(2) } else { 0 };
    let fee = &world.noise.fees[it.gateway];
    let mut amount = 0;
    for (nth, &member) in window.members.iter().enumerate() {
        let payment = &world.payments[member];
        amount += payment.amount;
        amount -= match payment.kind {
            Type::Sale => money::fee(payment.amount, fee, nth < abroad),
            Type::Refund => 0,
            Type::Chargeback => chargeback_fee(world),
        };
    }
    window.edited |= abroad > 0;
    if dice.chance(noise.off_by_a_cent) {
        window.edited = true;
        amount += if dice.chance(0.5) { 1 } else { -1 };
    }
    let kind = if window.edited { "payout-edited" } else { "payout" };
    let paid = Paid { channel, opens: window.opens, closes: window.closes, date, amount };
    world.plan(kind, window.members, How::Payout(paid));
}

/// Yen are taken as cents here as in the gateways' fixed fees: 15 dollars, 1,500 yen.
pub fn chargeback_fee(world: &World) -> i64 {
    world.noise.chargeback_fee * 100
}
