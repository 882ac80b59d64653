//! settings.json: every key may be left out, a key that is not known is named in a warning, a value that makes no sense is an error.

use super::refused::BadFile;
use crate::table::{Gateway, Policy};
use serde_json::{Map, Value};

pub fn settings(name: &str, text: &str) -> Result<Policy, BadFile> {
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|it| BadFile::at(name, it.line(), it.column(), format!("this is not JSON: {it}")))?;
    let Value::Object(map) = value else { return Err(BadFile::whole(name, "the settings are not a JSON object")) };
    let mut policy = Policy::default();
    for (key, value) in &map {
        one(&mut policy, key, value).map_err(|what| BadFile::whole(name, format!("{key}: {what}")))?;
    }
    Ok(policy)
}

fn one(policy: &mut Policy, key: &str, value: &Value) -> Result<(), String> {
    match key {
        "base_currency" | "base" => policy.base_currency = Some(text(value)?),
        "decimals" => {
            for (code, it) in object(value)? {
                let decimals = text(it)?.parse().ok().filter(|it| *it <= 4);
                policy.decimals.push((code.clone(), decimals.ok_or("decimals are 0 to 4")?));
            }
        }
        "gateways" => {
            for (gateway, it) in object(value)? {
                let of = gateway_of(policy, gateway, object(it)?).map_err(|it| format!("{gateway}: {it}"))?;
                policy.gateways.push((gateway.clone(), of));
            }
        }
        "stores" | "store_to_entity" | "store_entity" | "store_entities" => {
            for (store, it) in object(value)? {
                let (entity, zone) = match it {
                    Value::Object(map) => {
                        warn_of(policy, &format!("{key}.{store}"), map, &["entity", "zone", "timezone", "time_zone"]);
                        let of = |key: &str| map.get(key).map(text).transpose();
                        let zone = of("zone")?.or(of("timezone")?).or(of("time_zone")?);
                        (of("entity")?.unwrap_or_default(), zone.unwrap_or_default())
                    }
                    other => (text(other)?, String::new()),
                };
                policy.stores.push((store.clone(), entity, zone));
            }
        }
        "chargeback_fee" | "chargeback_fees" => policy.chargeback_fee = by_currency(value)?,
        "longest_lag_days" | "longest_lag" | "max_lag_days" | "longest_lag_business_days" => {
            let days = text(value)?.parse().ok().filter(|it| (0..=60).contains(it));
            policy.longest_lag_days = Some(days.ok_or("a lag is 0 to 60 days")?);
        }
        "fx_spread_percent" | "fx_spread_pct" => policy.fx_spread_ppm = Some(ppm(value)?),
        // A spread as a share of one where it is below a tenth, as a percentage else.
        "fx_spread" => {
            let millionths = ppm(value)?;
            policy.fx_spread_ppm = Some(if millionths < 1_000 { millionths * 100 } else { millionths });
        }
        "window_days" => {
            let days = text(value)?.parse().ok().filter(|it| (0..=60).contains(it));
            let days: i32 = days.ok_or("a window is 0 to 60 days")?;
            (policy.limits.alone_after, policy.limits.named_after) = (Some(days), Some(days.max(NAMED_LEAST)));
        }
        "tolerance_minor" => {
            let minor = text(value)?.parse().ok().filter(|it| (0..=1_000).contains(it));
            policy.limits.cents_named = minor.ok_or("a tolerance is 0 to 1000 minor units")?;
            policy.limits.cents_alone = policy.limits.cents_named.max(1);
        }
        "entities" => {
            object(value)?;
        }
        "posting_policy" | "posting" => {}
        other => policy.warnings.push(format!("{other} is not a setting; it changes nothing")),
    }
    Ok(())
}

/// Days a receipt may be late where a reference speaks for it, however short the window.
const NAMED_LEAST: i32 = 30;

fn gateway_of(policy: &mut Policy, name: &str, map: &Map<String, Value>) -> Result<Gateway, String> {
    let mut gateway = Gateway::default();
    for (key, value) in map {
        match key.as_str() {
            "fee_percent" | "percent" | "fee_pct" | "fee_rate" => gateway.fee_ppm = Some(ppm(value)?),
            "international_percent" | "international_fee_percent" | "intl_percent" => {
                gateway.international_ppm = Some(ppm(value)?);
            }
            "fee_fixed" | "fixed" | "fee_fixed_by_currency" | "fixed_fee" => {
                gateway.fee_fixed.extend(by_currency(value)?)
            }
            "payout" | "payouts" | "payout_rhythm" | "rhythm" => match value {
                Value::String(it) => gateway.payout = Some(it.clone()),
                // A rhythm that is described is one all the same; its details are learned.
                _ => gateway.payout = Some("told".into()),
            },
            "payout_lag_days" | "payout_lag" | "lag_days" => gateway.payout_lag_days = text(value)?.parse().ok(),
            other => policy.warnings.push(format!("gateways.{name}.{other} is not a setting; it changes nothing")),
        }
    }
    Ok(gateway)
}

fn warn_of(policy: &mut Policy, path: &str, map: &Map<String, Value>, known: &[&str]) {
    for key in map.keys().filter(|it| !known.contains(&it.as_str())) {
        policy.warnings.push(format!("{path}.{key} is not a setting; it changes nothing"));
    }
}

fn by_currency(value: &Value) -> Result<Vec<(String, String)>, String> {
    match value {
        Value::Object(map) => map.iter().map(|(code, it)| Ok((code.clone(), text(it)?))).collect(),
        other => Ok(vec![(String::new(), text(other)?)]),
    }
}

fn object(value: &Value) -> Result<&Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("{value} is not an object"))
}

fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(it) => Ok(it.clone()),
        Value::Number(it) => Ok(it.to_string()),
        other => Err(format!("{other} is neither a text nor a number")),
    }
}

/// A percentage to millionths.
fn ppm(value: &Value) -> Result<i64, String> {
    const PERCENT_DECIMALS: u32 = 4;
    let text = text(value)?;
    super::money::minor(text.trim_end_matches('%').as_bytes(), PERCENT_DECIMALS)
        .ok()
        .filter(|it| (0..=500_000).contains(it))
        .ok_or_else(|| format!("{text} is not a percentage such as 2.9"))
}
