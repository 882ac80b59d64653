//! The files: what the engine gets to see, and the truth it does not.

use super::company::PAYING_OUT;
use super::money::{CURRENCIES, text};
use super::{Payment, Receipt, World};
use crate::calendar::{date, instant};
use crate::dice::Dice;
use serde_json::{Map, Value, json};
use std::path::Path;

pub const PAYMENTS: [&str; 12] = [
    "payment_id",
    "store",
    "order_number",
    "type",
    "status",
    "gateway",
    "gateway_ref",
    "created_at",
    "currency",
    "amount",
    "customer_name",
    "email",
];
pub const RECEIPTS: [&str; 11] = [
    "receipt_id",
    "entity",
    "bank_account",
    "type",
    "date",
    "currency",
    "amount",
    "customer_id",
    "customer_name",
    "reference",
    "memo",
];
pub const TRUTH: [&str; 6] = ["group_id", "kind", "side", "id", "twin", "reason"];

/// Rows lie in the order of their days, and numbers are given in that order, so that neither tells who belongs to whom.
pub fn write(world: &World, seed: u64, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut dice = Dice::new(seed, 9);
    let mut payments: Vec<(i64, u64, usize)> =
        world.payments.iter().enumerate().map(|(at, it)| (it.at, dice.between(0, 1 << 40) as u64, at)).collect();
    payments.sort_unstable();
    let mut receipts: Vec<(i64, u64, usize)> =
        world.receipts.iter().enumerate().map(|(at, it)| (it.date, dice.between(0, 1 << 40) as u64, at)).collect();
    receipts.sort_unstable();

    let mut group_of: Vec<Option<usize>> = vec![None; world.payments.len()];
    for (group, plan) in world.plans.iter().enumerate() {
        for &member in &plan.payments {
            group_of[member] = Some(group);
        }
    }
    let mut unnamed = vec![true; world.plans.len()];
    for receipt in &world.receipts {
        if let Some(group) = receipt.group {
            unnamed[group] &= receipt.unnamed;
        }
    }
    let mut truth = csv::Writer::from_path(folder.join("truth.csv"))?;
    truth.write_record(TRUTH)?;
    let mut record = |group: Option<usize>, side: &str, id: &str, twin: u32, reason: &str| {
        let kind = group.map_or("exception".to_owned(), |group| {
            let mark = if unnamed[group] && world.plans[group].kind != "payout" { "-unnamed" } else { "" };
            format!("{}{mark}", world.plans[group].kind)
        });
        let group = group.map_or(String::new(), |group| format!("G{group:07}"));
        let twin = if twin == 0 { String::new() } else { twin.to_string() };
        truth.write_record([group.as_str(), &kind, side, id, &twin, reason])
    };

    let mut out = csv::Writer::from_path(folder.join("payments.csv"))?;
    out.write_record(PAYMENTS)?;
    for (nth, &(_, _, at)) in payments.iter().enumerate() {
        let id = format!("P{:07}", nth + 1);
        let payment = &world.payments[at];
        write_payment(world, &mut out, &id, payment)?;
        record(group_of[at], "P", &id, payment.twin, payment.reason)?;
    }
    out.flush()?;
    let mut out = csv::Writer::from_path(folder.join("receipts.csv"))?;
    out.write_record(RECEIPTS)?;
    for (nth, &(_, _, at)) in receipts.iter().enumerate() {
        let id = format!("R{:07}", nth + 1);
        let receipt = &world.receipts[at];
        write_receipt(world, &mut out, &id, receipt)?;
        record(receipt.group, "R", &id, receipt.twin, receipt.reason)?;
    }
    out.flush()?;
    truth.flush()?;
    rates(world, &folder.join("rates.csv"))?;
    std::fs::write(folder.join("settings.json"), serde_json::to_string_pretty(&settings(world))? + "\n")?;
    std::fs::write(folder.join("noise.json"), serde_json::to_string_pretty(&world.noise)? + "\n")?;
    Ok(())
}

fn write_payment<W: std::io::Write>(
    world: &World,
    out: &mut csv::Writer<W>,
    id: &str,
    it: &Payment,
) -> csv::Result<()> {
    let customer = &world.company.customers[it.customer];
    out.write_record([
        id,
        &world.company.stores[it.store].name,
        &world.orders[it.order].number.to_string(),
        it.kind.as_str(),
        it.status.encode_utf8(&mut [0; 4]),
        it.gateway,
        &it.gateway_ref,
        &instant(it.at),
        it.currency.code,
        &text(it.amount, it.currency.decimals),
        &customer.name,
        &customer.email,
    ])
}

fn write_receipt<W: std::io::Write>(
    world: &World,
    out: &mut csv::Writer<W>,
    id: &str,
    it: &Receipt,
) -> csv::Result<()> {
    out.write_record([
        id,
        it.entity.map_or("", |entity| &world.company.entities[entity].id),
        &it.bank,
        it.kind,
        &date(it.date),
        it.currency.code,
        &text(it.amount, it.currency.decimals),
        &it.customer_id,
        &it.customer_name,
        &it.reference,
        &it.memo,
    ])
}

fn rates(world: &World, path: &Path) -> anyhow::Result<()> {
    let mut out = csv::Writer::from_path(path)?;
    out.write_record(["date", "currency", "usd_per_unit"])?;
    for (day, rates) in world.company.rates.days() {
        for (currency, rate) in CURRENCIES.iter().zip(rates) {
            out.write_record([date(day).as_str(), currency.code, &millionths(*rate)])?;
        }
    }
    out.flush()?;
    Ok(())
}

fn millionths(rate: i64) -> String {
    format!("{}.{:06}", rate / 1_000_000, rate % 1_000_000)
}

/// What the accountant has told the engine; cut-off hours and, in some held-out sets, all the rest are to be learned.
fn settings(world: &World) -> Value {
    let decimals: Map<String, Value> = CURRENCIES.iter().map(|it| (it.code.to_owned(), json!(it.decimals))).collect();
    let stores: Map<String, Value> = world
        .company
        .stores
        .iter()
        .map(|it| {
            let entity = &world.company.entities[it.entity].id;
            (it.name.clone(), json!({ "entity": entity, "zone": it.zone.name }))
        })
        .collect();
    let entities: Map<String, Value> = world
        .company
        .entities
        .iter()
        .map(|it| (it.id.clone(), json!({ "currency": it.currency.code, "zone": it.zone.name })))
        .collect();
    let mut all = json!({ "base_currency": "USD", "decimals": decimals, "stores": stores, "entities": entities });
    if world.noise.settings_told {
        let gateways: Map<String, Value> =
            world.noise.fees.iter().map(|(name, fee)| (name.clone(), gateway(world, name, fee))).collect();
        let charge = world.noise.chargeback_fee * 100;
        all["gateways"] = Value::Object(gateways);
        all["chargeback_fee"] = json!({ "USD": text(charge, 2), "EUR": text(charge, 2), "GBP": text(charge, 2), "CAD": text(charge, 2), "JPY": charge.to_string() });
        all["posting_policy"] = json!(if world.noise.kinds.base_currency > 0.0 { "base" } else { "local" });
        all["longest_lag_days"] = json!(world.noise.lags.len() - 1);
        all["fx_spread_percent"] = json!(format!("{:.2}", world.noise.fx_spread * 100.0));
    }
    all
}

fn gateway(world: &World, name: &str, fee: &crate::noise::Fee) -> Value {
    let of = world.company.channels.iter().find(|it| it.gateway == name);
    let payout = match of {
        Some(channel) => channel.rhythm.as_str(),
        None if PAYING_OUT.contains(&name) => "daily",
        None => "none",
    };
    json!({
        "fee_percent": text(fee.basis_points, 2),
        "fee_fixed": text(fee.fixed, 2),
        "fee_fixed_by_currency": { "JPY": fee.fixed.to_string() },
        "international_percent": text(fee.international_basis_points, 2),
        "payout": payout,
        "payout_lag_days": of.map_or(2, |it| it.lag),
    })
}
