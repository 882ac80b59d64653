//! How the demo company's two systems are reached, and what day it is there. Compiled into the tests of `api` too, which may
//! know the sandbox while `api` may not.

use jiff::{Timestamp, tz::TimeZone};
use std::path::Path;
use std::sync::Arc;
use tieout_api::Clock;
use tieout_api::demo::DemoSystems;
use tieout_sandbox::demo::{ENTITY_ZONE, LAST_DAY, STORE_ZONE};
use tieout_sandbox::running::Running;

/// The demo's day is its last one; the clock runs on from its evening.
pub fn clock() -> Clock {
    let zone = TimeZone::get(ENTITY_ZONE).unwrap_or(TimeZone::UTC);
    let evening = LAST_DAY.at(18, 0, 0, 0).to_zoned(zone).map_or_else(|_| Timestamp::now(), |it| it.timestamp());
    let began = Timestamp::now();
    Arc::new(move || evening + Timestamp::now().duration_since(began))
}

/// `files`: the folder its settlement files were written to.
pub fn systems(running: &Running, files: &Path) -> DemoSystems {
    DemoSystems {
        xcart_url: running.xcart_url.clone(),
        xcart_key: running.xcart_write_key.clone(),
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
