//! The demo company's planted exceptions: the generator says what it hid, the list has to name it.

use jiff::{Timestamp, tz::TimeZone};
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tieout_domain::{Exception, ExceptionKind, ObjectKind};
use tieout_money::Currency;
use tieout_sandbox::demo::{ENTITY_ZONE, STORE_ZONE, TruthException};
use tieout_sandbox::running::{Plan, Running, start};
use tieout_services as services;
use tieout_services::{Company, Connection, Secrets};

/// As many as the generator plants of a kind at least.
const PLANTED: usize = 5;

/// Pulled, imported, matched and proposed; nothing is posted.
async fn looked_at(running: &Running) -> (tempfile::TempDir, Vec<Exception>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let evening = running.world.last.at(18, 0, 0, 0).to_zoned(TimeZone::get(ENTITY_ZONE).unwrap()).unwrap();
    let now: Timestamp = evening.timestamp();
    let folder = tempfile::tempdir().unwrap();
    let company = Company::open(folder.path(), Arc::new(move || now)).unwrap();
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
    company.connect("Ann", &connection).unwrap();
    company.save_settings("Ann", &running.world.settings_text(), "demo company").unwrap();
    let secrets = Secrets {
        xcart_key: SecretString::from(running.xcart_key.clone()),
        intacct_password: SecretString::from(running.access.password.clone()),
        intacct_sender_password: SecretString::from(running.access.sender_password.clone()),
    };
    services::pull(&company, &secrets, &|_| {}).await.unwrap();
    let files = folder.path().join("files");
    running.world.write_files(&files).unwrap();
    for (source, _) in running.world.files() {
        services::import_file(&company, "Ann", &files.join(format!("{source}.csv")), source).unwrap();
    }
    services::reconcile(&company).unwrap();
    services::propose(&company).unwrap();
    let standing = company.store.read(|reader| reader.standing_exceptions()).unwrap();
    (folder, standing.into_iter().map(|it| it.exception).collect())
}

/// The names the generator uses for what an exception is about.
fn names(running: &Running, exception: &Exception) -> BTreeSet<String> {
    let numbers: BTreeMap<String, &str> =
        running.world.sales.iter().map(|it| (it.id.to_string(), it.number.as_str())).collect();
    let name = |it: &tieout_domain::RecordRef| match it.object {
        ObjectKind::Order => format!("order:{}", numbers.get(&it.id).copied().unwrap_or(&it.id)),
        ObjectKind::Payment => format!("payment:{}", it.id),
        ObjectKind::Settlement => format!("{}:{}", it.source.0.trim_start_matches("file/"), it.id),
        ObjectKind::Invoice => format!("ARINVOICE:{}", it.id),
        _ => it.id.clone(),
    };
    let mut names: BTreeSet<String> = exception.records.iter().map(name).collect();
    // Fees are planted by the payout they were taken from.
    let rows = &running.world.settlements.rows;
    let of_payout = |rows_of: &[usize]| rows_of.iter().any(|row| names.contains(&rows[*row].id()));
    let payouts = running.world.settlements.payouts.iter();
    let payouts: Vec<String> = payouts.filter(|it| of_payout(&it.rows)).map(|it| rows[it.row].id()).collect();
    if exception.kind == ExceptionKind::FeeNotPosted {
        names.extend(payouts);
    }
    names
}

fn is_named(truth: &TruthException, names: &BTreeSet<String>) -> bool {
    let ledger = truth.ledger.iter().flat_map(|it| {
        let by_record = it.record_no.map(|no| format!("{}:{no}", it.object));
        by_record.into_iter().chain([format!("{}:{}", it.object, it.natural)])
    });
    let stated = truth.records.iter().flat_map(|it| [it.clone(), format!("payment:{it}")]);
    stated.chain(ledger).any(|it| names.contains(&it))
}

#[tokio::test]
async fn every_planted_exception_is_named_by_its_kind() {
    let running = start(&Plan { seed: 1, orders: 1_500, ..Plan::default() }).await.unwrap();
    let (_folder, exceptions) = looked_at(&running).await;
    let found: Vec<(&str, BTreeSet<String>)> =
        exceptions.iter().map(|it| (it.kind.as_str(), names(&running, it))).collect();
    let mut planted: BTreeMap<&str, usize> = BTreeMap::new();
    let mut missed = Vec::new();
    for truth in &running.world.truth.exceptions {
        *planted.entry(truth.kind).or_default() += 1;
        if !found.iter().any(|(kind, names)| *kind == truth.kind && is_named(truth, names)) {
            let instead: Vec<&str> =
                found.iter().filter(|(_, names)| is_named(truth, names)).map(|(kind, _)| *kind).collect();
            missed.push(format!("{} {:?} {:?} ({}): {instead:?}", truth.kind, truth.records, truth.ledger, truth.why));
        }
    }
    assert!(planted.values().all(|it| *it >= PLANTED), "{planted:#?}");
    assert!(missed.is_empty(), "{} of {}: {missed:#?}", missed.len(), running.world.truth.exceptions.len());
}
