//! What posting costs beyond the gateway: a gateway that answers at once, real HTTP on loopback, a real file with
//! `synchronous=FULL`. The gateway times itself; what is left over is ours, loopback included.
//! `cargo run --release -p tieout-services --example bench_post`; `BENCH_FOLDER` names another disk.
#![expect(clippy::unwrap_used, reason = "a benchmark stops where something is not as it should be")]

use jiff::Timestamp;
use secrecy::SecretString;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tieout_money::Currency;
use tieout_sandbox::demo::{ENTITY_ZONE, STORE_ZONE};
use tieout_sandbox::running::{Plan, start};
use tieout_services as services;
use tieout_services::{Company, Connection, PostRules, Secrets};

const ORDERS: usize = 2_000;
const BENCHER: &str = "bench";

/// What this disk takes to make one small write durable.
fn one_sync(folder: &Path) -> Duration {
    let mut file = std::fs::File::create(folder.join("sync")).unwrap();
    let begun = Instant::now();
    for _ in 0..100 {
        file.write_all(&[0; 4096]).unwrap();
        file.sync_data().unwrap();
    }
    begun.elapsed() / 100
}

fn micros(it: Duration) -> String {
    format!("{}.{:02} ms", it.as_micros() / 1000, it.as_micros() % 1000 / 10)
}

#[tokio::main]
async fn main() {
    rustls::crypto::ring::default_provider().install_default().unwrap();
    let folder = match std::env::var_os("BENCH_FOLDER") {
        Some(folder) => tempfile::tempdir_in(folder).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let running = start(&Plan { seed: 1, orders: ORDERS, ..Plan::default() }).await.unwrap();
    let zone = jiff::tz::TimeZone::get(ENTITY_ZONE).unwrap();
    let opened = running.world.last.at(18, 0, 0, 0).to_zoned(zone).unwrap().timestamp();
    let began = Timestamp::now();
    let clock = Arc::new(move || opened + Timestamp::now().duration_since(began));
    let company = Company::open(folder.path(), clock).unwrap();
    let connection = Connection {
        production: false,
        store_name: "larkspur".into(),
        store_zone: STORE_ZONE.into(),
        store_currency: Currency::USD,
        xcart_url: running.xcart_url.parse().unwrap(),
        xcart_dialect: None,
        intacct_url: running.intacct.url().parse().unwrap(),
        intacct_company: running.company.clone(),
        intacct_user: running.access.user.clone(),
        intacct_sender: running.access.sender_id.clone(),
        intacct_entity: None,
        entity_zone: ENTITY_ZONE.into(),
        cool_down_seconds: 1,
    };
    company.connect(BENCHER, &connection).unwrap();
    company.save_settings(BENCHER, &running.world.settings_text(), "benchmark").unwrap();
    let secrets = Secrets {
        xcart_key: SecretString::from(running.xcart_key.clone()),
        intacct_password: SecretString::from(running.access.password.clone()),
        intacct_sender_password: SecretString::from(running.access.sender_password.clone()),
    };
    let files = folder.path().join("files");
    running.world.write_files(&files).unwrap();
    services::pull(&company, &secrets, &|_| {}).await.unwrap();
    for (source, _) in running.world.files() {
        services::import_file(&company, BENCHER, &files.join(format!("{source}.csv")), source).unwrap();
    }
    services::reconcile(&company).unwrap();
    services::propose(&company).unwrap();
    let (_, digest) = services::proposals_digest(&company).unwrap();
    services::approve_all_clear(&company, BENCHER, digest.as_str()).unwrap();

    let asked = || running.intacct.with(|gateway| gateway.counts.get("received").copied().unwrap_or_default());
    let (before, busy, begun) = (asked(), running.intacct.busy(), Instant::now());
    let report = services::post_approved(&company, &secrets, PostRules::default()).await.unwrap();
    let (total, gateway) = (begun.elapsed(), running.intacct.busy() - busy);
    assert_eq!((report.refused, report.waiting, report.unknown), (0, 0, 0), "{report:?}");
    let posted = u32::try_from(report.posted).unwrap();
    println!(
        "{posted} postings in {} ms, {} requests: {} a posting, of which the gateway {}, ours {} (one durable write of 4 KB: {})",
        total.as_millis(),
        asked() - before,
        micros(total / posted),
        micros(gateway / posted),
        micros((total - gateway) / posted),
        micros(one_sync(folder.path())),
    );
}
