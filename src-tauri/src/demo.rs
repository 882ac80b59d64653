//! The demo company's two systems, inside this program and on loopback only.

use jiff::{Timestamp, tz::TimeZone};
use std::path::Path;
use std::sync::Arc;
use tieout_api::Clock;
use tieout_api::demo::DemoSystems;
use tieout_sandbox::demo::{ENTITY_ZONE, LAST_DAY, STORE_ZONE};
use tieout_sandbox::running::{Plan, Running, start as start_sandbox};

/// Fewer orders than the command line's: the window is to open soon.
const ORDERS_WHEN_NOT_SAID: usize = 10_000;
/// For tests that want a smaller one.
const ORDERS_VARIABLE: &str = "TIEOUT_DEMO_ORDERS";

/// The demo's day is its last one; the clock runs on from its evening.
pub fn clock() -> Clock {
    let zone = TimeZone::get(ENTITY_ZONE).unwrap_or(TimeZone::UTC);
    let evening = LAST_DAY.at(18, 0, 0, 0).to_zoned(zone).map_or_else(|_| Timestamp::now(), |it| it.timestamp());
    let began = Timestamp::now();
    Arc::new(move || evening + Timestamp::now().duration_since(began))
}

pub async fn start(folder: &Path) -> Result<Running, String> {
    let orders = std::env::var(ORDERS_VARIABLE).ok().and_then(|it| it.parse().ok()).unwrap_or(ORDERS_WHEN_NOT_SAID);
    let plan = Plan { seed: 1, orders, ledger: Some(folder.join("pretend-intacct")), ..Plan::default() };
    let running = start_sandbox(&plan).await.map_err(|error| error.to_string())?;
    running
        .world
        .write_files(&folder.join("settlement-files"))
        .map_err(|error| format!("the settlement files cannot be written: {error}"))?;
    Ok(running)
}

pub fn systems(running: &Running, folder: &Path) -> DemoSystems {
    let files = folder.join("settlement-files");
    DemoSystems {
        xcart_url: running.xcart_url.clone(),
        xcart_key: running.xcart_key.clone(),
        intacct_url: running.intacct.url(),
        intacct_company: running.company.clone(),
        intacct_user: running.access.user.clone(),
        intacct_password: running.access.password.clone(),
        intacct_sender: running.access.sender_id.clone(),
        intacct_sender_password: running.access.sender_password.clone(),
        store_zone: STORE_ZONE.to_owned(),
        entity_zone: ENTITY_ZONE.to_owned(),
        settings_text: running.world.settings_text(),
        files: ["stripe", "paypal", "authorizenet", "bank"]
            .map(|it| (it.to_owned(), files.join(format!("{it}.csv"))))
            .to_vec(),
    }
}
