//! The gateways' own files: charges with their fees, refunds, disputes and reserves, gathered into payouts.

use super::calendar::{Day, Zone, business_days_after, day_in, is_business_day, is_monday, is_tuesday_or_friday};
use super::dice::Dice;
use super::model::*;
use super::people::Person;
use super::story::{PLANTED, Story, Trouble};

/// One transfer from a gateway to the bank.
#[derive(Clone, Debug)]
pub struct Payout {
    pub gateway: Gateway,
    pub currency: Currency,
    pub id: String,
    pub on: Day,
    /// Its rows, by position; `row` is the payout's own.
    pub rows: Vec<usize>,
    pub row: usize,
    /// Of charges and refunds.
    pub fees: Cents,
    /// What reached the bank.
    pub net: Cents,
    pub is_weekend_merge: bool,
    pub has_slipped: bool,
    pub has_stray: bool,
    pub trouble: Option<PayoutTrouble>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutTrouble {
    FeeNotPosted,
    NotPosted,
    Late,
    Variance,
    Doubled,
}

impl PayoutTrouble {
    pub const ALL: [PayoutTrouble; 5] = [
        PayoutTrouble::FeeNotPosted,
        PayoutTrouble::NotPosted,
        PayoutTrouble::Late,
        PayoutTrouble::Variance,
        PayoutTrouble::Doubled,
    ];

    pub fn kind(self) -> &'static str {
        match self {
            PayoutTrouble::FeeNotPosted => "fee-not-posted",
            PayoutTrouble::NotPosted => "payout-not-posted",
            PayoutTrouble::Late => "late-payout",
            PayoutTrouble::Variance => "payout-variance",
            PayoutTrouble::Doubled => "negative-clearing",
        }
    }
}

/// What became of a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Open,
    Won,
    Lost,
}

#[derive(Clone, Debug)]
pub struct Dispute {
    pub sale: usize,
    pub on: Day,
    pub outcome: Outcome,
    /// Rows of the chargeback, its fee, and the reversal of a dispute won.
    pub row: usize,
    pub fee_row: usize,
    pub won_row: Option<usize>,
    /// In the books already.
    pub is_booked: bool,
}

#[derive(Default)]
pub struct Settlements {
    pub rows: Vec<SettlementRow>,
    pub payouts: Vec<Payout>,
    pub disputes: Vec<Dispute>,
    /// Rows whose fee is not the contract's.
    pub odd_fees: Vec<usize>,
    /// Charges for orders the store does not have.
    pub strangers: Vec<usize>,
    pub reserves: Vec<(usize, bool)>,
    pub adjustments: Vec<usize>,
}

pub struct Facts<'a> {
    pub sales: &'a [Sale],
    pub stories: &'a [Story],
    pub events: &'a [MoneyEvent],
    pub people: &'a [Person],
    pub first: Day,
    pub last: Day,
}

/// A row on its way into a payout.
struct Waiting {
    row: SettlementRow,
    slipped: bool,
    stray: bool,
}

pub const CHARGEBACK_FEE: Cents = 1_500;

pub fn settle(dice: &mut Dice, facts: &Facts<'_>) -> Settlements {
    let mut out = Settlements::default();
    let mut waiting = Vec::new();
    for (at, event) in facts.events.iter().enumerate() {
        let missing = facts.stories[event.sale] == Story::Trouble(Trouble::MissingSettlement);
        if let Some(gateway) = event.method.gateway().filter(|_| !missing) {
            waiting.push(from_event(dice, facts, at, event, gateway));
        }
    }
    let charges: Vec<usize> = (0..waiting.len()).filter(|&at| waiting[at].row.kind == "charge").collect();
    let mut odd = Vec::new();
    for _ in 0..if charges.is_empty() { 0 } else { PLANTED * 20 } {
        let at = dice.pick(&charges);
        let more = dice.between(40, 240);
        let row = &mut waiting[at].row;
        // booked as charged: only where a fee entry is made from the file
        if odd.len() < PLANTED && row.gateway == Gateway::Stripe && !odd.contains(&row.gateway_ref) {
            row.fee -= more;
            row.net -= more;
            odd.push(row.gateway_ref.clone());
        }
    }
    for at in 0..PLANTED {
        let day = facts.first + 5 + at as Day * (facts.last - facts.first - 15).max(1) / PLANTED as Day;
        waiting.push(stranger(dice, day));
        waiting.push(plain(dice, "reserve_hold", -reserve(at), day + 1, "Rolling reserve held"));
        waiting.push(plain(
            dice,
            "adjustment",
            if at % 2 == 0 { -875 } else { 1_240 },
            day + 2,
            "Interchange correction",
        ));
    }
    let booked_reserve = facts.first + 12;
    waiting.push(plain(dice, "reserve_hold", -20_000, booked_reserve, "Rolling reserve held"));
    waiting.push(plain(dice, "reserve_release", 20_000, booked_reserve + 30, "Rolling reserve released"));
    let mut disputes = Vec::new();
    for event in facts.events {
        if facts.stories[event.sale] == Story::Disputed {
            disputes.push(dispute(dice, facts, event, &mut waiting, disputes.len()));
        }
    }
    waiting.sort_by_key(|it| (it.row.created, it.row.gateway_ref.clone(), it.row.kind));
    pay_out(dice, facts, waiting, &mut out);
    let find = |out: &Settlements, kind: &str, gateway_ref: &str| {
        out.rows.iter().position(|it| it.kind == kind && it.gateway_ref == gateway_ref)
    };
    for (sale, on, outcome, gateway_ref, is_booked) in disputes {
        if let (Some(row), Some(fee_row)) =
            (find(&out, "chargeback", &gateway_ref), find(&out, "chargeback_fee", &gateway_ref))
        {
            let won_row = find(&out, "chargeback_reversal", &gateway_ref);
            out.disputes.push(Dispute { sale, on, outcome, row, fee_row, won_row, is_booked });
        }
    }
    for gateway_ref in &odd {
        out.odd_fees.extend(find(&out, "charge", gateway_ref));
    }
    for (at, row) in out.rows.iter().enumerate() {
        match row.kind {
            "reserve_hold" => out.reserves.push((at, row.gross == -20_000)),
            "reserve_release" => out.reserves.push((at, true)),
            "adjustment" => out.adjustments.push(at),
            "charge" if row.event.is_none() => out.strangers.push(at),
            _ => {}
        }
    }
    out
}

fn reserve(at: usize) -> Cents {
    12_500 + at as Cents * 1_735
}

fn row(gateway: Gateway, kind: &'static str, currency: Currency, gross: Cents, created: i64) -> SettlementRow {
    SettlementRow {
        gateway,
        row_id: String::new(),
        payout_id: String::new(),
        kind,
        gateway_ref: String::new(),
        order_number: String::new(),
        currency,
        gross,
        fee: 0,
        net: gross,
        created,
        available: day_in(created, Zone::Utc),
        description: String::new(),
        event: None,
    }
}

fn from_event(dice: &mut Dice, facts: &Facts<'_>, at: usize, event: &MoneyEvent, gateway: Gateway) -> Waiting {
    let is_charge = event.amount > 0;
    let kind = if is_charge { "charge" } else { "refund" };
    let mut one = row(gateway, kind, event.currency, event.amount, event.at);
    let sale = &facts.sales[event.sale];
    if is_charge {
        let international = event.currency == Currency::Eur || facts.people[sale.person].is_european || dice.chance(40);
        one.fee = -gateway.fee(event.amount, international);
        one.net = one.gross + one.fee;
    }
    one.gateway_ref.clone_from(&event.gateway_ref);
    one.order_number.clone_from(&sale.number);
    one.description = format!("{} order {}", if is_charge { "Payment for" } else { "Refund of" }, sale.number);
    one.event = Some(at);
    let (mut slipped, mut stray) = (false, false);
    let lag = match gateway {
        Gateway::Stripe => 2,
        Gateway::PayPal => 1,
        Gateway::AuthorizeNet => {
            // weekend merges stay what they are: only payouts in the middle of the week slip or take in strays
            let midweek = |day: Day| is_business_day(day) && !is_monday(day);
            let late = dice.between(3, 5);
            slipped = dice.chance(16) && midweek(one.available + 2);
            stray = !slipped && dice.chance(16) && midweek(one.available + late);
            match (slipped, stray) {
                (true, _) => 2,
                (_, true) => late,
                _ => 1,
            }
        }
    };
    one.available += lag;
    Waiting { row: one, slipped, stray }
}

/// A charge keyed in at the terminal: no order of the store has its number.
fn stranger(dice: &mut Dice, day: Day) -> Waiting {
    let gross = dice.between(2_000, 18_000);
    let mut one = row(Gateway::Stripe, "charge", Currency::Usd, gross, day * 86_400 + 60_000);
    one.fee = -Gateway::Stripe.fee(gross, false);
    one.net = one.gross + one.fee;
    one.gateway_ref = format!("ch_{}", dice.token(20, false));
    one.order_number = format!("{}", 990_100 + dice.between(0, 899));
    one.description = "Terminal payment".to_owned();
    one.available += 2;
    Waiting { row: one, slipped: false, stray: false }
}

fn plain(dice: &mut Dice, kind: &'static str, amount: Cents, day: Day, text: &str) -> Waiting {
    let mut one = row(Gateway::Stripe, kind, Currency::Usd, amount, day * 86_400 + 43_200);
    one.gateway_ref = format!("txn_{}", dice.token(14, false));
    one.description = text.to_owned();
    Waiting { row: one, slipped: false, stray: false }
}

type Opened = (usize, Day, Outcome, String, bool);

fn dispute(dice: &mut Dice, facts: &Facts<'_>, event: &MoneyEvent, waiting: &mut Vec<Waiting>, count: usize) -> Opened {
    let gateway = event.method.gateway().unwrap_or(Gateway::Stripe);
    let is_booked = count >= PLANTED;
    let opened = (day_in(event.at, Zone::Utc) + dice.between(6, 20)).min(facts.last - 9);
    let on = business_days_after(opened, 0);
    let reference = format!("dp_{}", dice.token(16, false));
    let number = &facts.sales[event.sale].number;
    let mut add = |kind: &'static str, gross: Cents, day: Day, text: String| {
        let mut one = row(gateway, kind, event.currency, gross, day * 86_400 + 50_000);
        one.gateway_ref.clone_from(&reference);
        one.order_number.clone_from(number);
        one.description = text;
        waiting.push(Waiting { row: one, slipped: false, stray: false });
    };
    add("chargeback", -event.amount, on, format!("Dispute on order {number}"));
    add("chargeback_fee", -CHARGEBACK_FEE, on, format!("Dispute fee, order {number}"));
    let closes = business_days_after(on, dice.between(8, 14));
    let outcome = match dice.between(0, 2) {
        _ if !is_booked || closes > facts.last - 8 => Outcome::Open,
        0 => Outcome::Open,
        1 => Outcome::Won,
        _ => Outcome::Lost,
    };
    if outcome == Outcome::Won {
        add("chargeback_reversal", event.amount, closes, format!("Dispute won, order {number}"));
    }
    (event.sale, on, outcome, reference, is_booked)
}

/// Gathers what is available into payouts, by each gateway's rhythm.
fn pay_out(dice: &mut Dice, facts: &Facts<'_>, waiting: Vec<Waiting>, out: &mut Settlements) {
    let mut counter = 0;
    let mut number = |out: &mut Settlements, mut row: SettlementRow| {
        counter += 1;
        row.row_id = format!("{}-{counter:06}", &row.gateway.file()[..2]);
        out.rows.push(row);
        out.rows.len() - 1
    };
    let channels = [
        (Gateway::Stripe, Currency::Usd),
        (Gateway::Stripe, Currency::Eur),
        (Gateway::PayPal, Currency::Usd),
        (Gateway::AuthorizeNet, Currency::Usd),
    ];
    for (gateway, currency) in channels {
        let mut open: Vec<&Waiting> =
            waiting.iter().filter(|it| it.row.gateway == gateway && it.row.currency == currency).collect();
        for day in facts.first - 3..=facts.last {
            let pays = match gateway {
                Gateway::PayPal => is_tuesday_or_friday(day) && is_business_day(day),
                _ => is_business_day(day),
            };
            let due: Vec<&Waiting> = open.iter().copied().filter(|it| it.row.available <= day).collect();
            let net: Cents = due.iter().map(|it| it.row.net).sum();
            if !pays || due.is_empty() || net <= 0 {
                continue;
            }
            open.retain(|it| it.row.available > day);
            let id = match gateway {
                Gateway::Stripe => format!("po_{}", dice.token(14, false)),
                Gateway::PayPal => format!("PPT{}", dice.token(10, true)),
                Gateway::AuthorizeNet => format!("AN{}", dice.token(9, true)),
            };
            let rows: Vec<usize> =
                due.iter().map(|it| number(out, SettlementRow { payout_id: id.clone(), ..it.row.clone() })).collect();
            let mut total = row(gateway, "payout", currency, -net, day * 86_400 + 36_000);
            total.payout_id.clone_from(&id);
            total.description = format!("Payout to bank, {} items", rows.len());
            let at = number(out, total);
            out.payouts.push(Payout {
                gateway,
                currency,
                id,
                on: day,
                fees: due.iter().map(|it| it.row.fee).sum(),
                rows,
                row: at,
                net,
                is_weekend_merge: is_monday(day),
                has_slipped: due.iter().any(|it| it.slipped),
                has_stray: due.iter().any(|it| it.stray),
                trouble: None,
            });
        }
        // on its way, in no payout yet
        for it in open.iter().filter(|it| day_in(it.row.created, Zone::Utc) <= facts.last) {
            number(out, it.row.clone());
        }
    }
    let mut eligible: Vec<usize> = (0..out.payouts.len())
        .filter(|&at| {
            let it = &out.payouts[at];
            it.gateway == Gateway::Stripe && it.on > facts.first + 3 && it.on < facts.last - 11
        })
        .collect();
    dice.shuffle(&mut eligible);
    for (turn, at) in eligible.into_iter().take(PLANTED * PayoutTrouble::ALL.len()).enumerate() {
        let trouble = PayoutTrouble::ALL[turn % PayoutTrouble::ALL.len()];
        out.payouts[at].trouble = Some(trouble);
        if trouble == PayoutTrouble::Variance {
            let off = dice.pick(&[-1_250, 999, 2_075, -430]);
            let payout = &mut out.payouts[at];
            payout.net += off;
            let row = &mut out.rows[payout.row];
            row.gross = -payout.net;
            row.net = -payout.net;
        }
    }
}
