//! The whole job on the demo company, through the real protocols: two servers on loopback, one data folder.

use crate::sandbox::not_started;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use tieout_money::Currency;
use tieout_sandbox::demo::{ENTITY_ZONE, STORE_ZONE};
use tieout_sandbox::running::{Plan, Running, start};
use tieout_services as services;
use tieout_services::{Company, Connection, Listed, PostRules, ReportFormat, Secrets, ServiceError};

const APPROVER: &str = "Demo accountant";

pub async fn run(folder: &Path, seed: u64, orders: usize) -> Result<Value, ServiceError> {
    let running = start(&Plan { seed, orders, ledger: Some(folder.join("pretend-intacct")), ..Plan::default() })
        .await
        .map_err(not_started)?;
    // The demo's day is the day after its last one; the clock runs on from there.
    let last = running.world.last;
    let zone = jiff::tz::TimeZone::get(ENTITY_ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
    let opened = last.at(18, 0, 0, 0).to_zoned(zone).map_or_else(|_| Timestamp::now(), |it| it.timestamp());
    let began = Timestamp::now();
    let company = Company::open(folder, Arc::new(move || opened + Timestamp::now().duration_since(began)))?;
    company.connect(APPROVER, &connection(&running)?)?;
    company.save_settings(APPROVER, &running.world.settings_text(), "demo company")?;
    let secrets = Secrets {
        xcart_key: SecretString::from(running.xcart_key.clone()),
        intacct_password: SecretString::from(running.access.password.clone()),
        intacct_sender_password: SecretString::from(running.access.sender_password.clone()),
    };
    let files = folder.join("settlement-files");
    running
        .world
        .write_files(&files)
        .map_err(|source| ServiceError::File { what: "the settlement files cannot be written".into(), source })?;
    let mut took = Took { since: Timestamp::now(), steps: Vec::new() };

    let pulled = services::pull(&company, &secrets, &|_| {}).await?;
    took.step("pull");
    for (source, _) in running.world.files() {
        services::import_file(&company, APPROVER, &files.join(format!("{source}.csv")), source)?;
    }
    took.step("import");
    let matched = services::reconcile(&company)?;
    took.step("match");
    let truth = truth(&company, &running)?;
    let proposed = services::propose(&company)?;
    took.step("propose");
    let (_, digest) = services::proposals_digest(&company)?;
    let approved = services::approve_all_clear(&company, APPROVER, digest.as_str())?;
    let posted = services::post_approved(
        &company,
        &secrets,
        PostRules { wait_at_most: SignedDuration::from_secs(5), ..PostRules::default() },
    )
    .await?;
    took.step("post");
    services::pull(&company, &secrets, &|_| {}).await?;
    services::reconcile(&company)?;
    let left = services::propose(&company)?;
    took.step("second pull");
    let (settings, _) = company.settings()?;
    let tied = services::tie_out(&company, settings.cut_over, last)?;
    took.step("tie out");
    let report = folder.join("exceptions.xlsx");
    services::export_exceptions(&company, ReportFormat::Xlsx, &report)?;

    Ok(json!({
        "pulled": { "orders": pulled.orders, "payments": pulled.payments, "receipts": pulled.receipts, "refused": pulled.refused,
                    "requests": pulled.xcart_requests + pulled.intacct_requests },
        "matched": { "groups": matched.groups, "automatic": matched.automatic, "suggested": matched.suggested, "by_evidence": matched.by_evidence },
        "exceptions": { "total": left.exceptions, "by_type": left.by_type },
        "proposed": proposed.proposed,
        "proposed_by_kind": proposed.by_kind,
        "approved": approved.approved.len(),
        "posted": posted.posted,
        "posting": posted,
        "unknown": posted.unknown,
        "unexplained": tied.unexplained,
        "expected_unexplained": running.world.truth.expected_unexplained,
        "accounts": tied.accounts,
        "truth": truth,
        "report": report.display().to_string(),
        "seconds": took.steps.iter().map(|(name, ms)| (name.to_string(), json!(format!("{}.{:03}", ms / 1000, ms % 1000)))).collect::<serde_json::Map<_, _>>(),
    }))
}

/// What a person wants to know first; the rest is in the JSON.
pub fn in_words(told: &Value) -> String {
    let by_currency = |of: &Value| {
        let amounts = of.as_object().into_iter().flatten();
        amounts.map(|(currency, amount)| format!("{currency} {}", plain(amount))).collect::<Vec<_>>().join(", ")
    };
    let (pulled, matched, truth) = (&told["pulled"], &told["matched"], &told["truth"]);
    let mut text = format!(
        "read       {} orders, {} payments, {} receipts, in {} requests\n\
         matched    {} groups, {} of them without a person; {} false, by the generator's truth\n\
         exceptions {}\n",
        pulled["orders"],
        pulled["payments"],
        pulled["receipts"],
        pulled["requests"],
        matched["groups"],
        matched["automatic"],
        truth["false_matches"],
        told["exceptions"]["total"],
    );
    for (kind, count) in told["exceptions"]["by_type"].as_object().into_iter().flatten() {
        text.push_str(&format!("           {count:>5} {kind}\n"));
    }
    text.push_str(&format!(
        "proposed   {}; approved {}, posted {}, outcome unknown {}\n\
         tied out   unexplained {} (the generator planted {})\n\
         report     {}\n",
        told["proposed"],
        told["approved"],
        told["posted"],
        told["unknown"],
        by_currency(&told["unexplained"]),
        by_currency(&told["expected_unexplained"]),
        plain(&told["report"]),
    ));
    text
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn connection(running: &Running) -> Result<Connection, ServiceError> {
    let url = |text: &str| {
        text.parse().map_err(|_| ServiceError::BadInput {
            field: "url",
            value: text.to_owned(),
            why: "it is no address".into(),
        })
    };
    Ok(Connection {
        production: false,
        store_name: "larkspur".into(),
        store_zone: STORE_ZONE.into(),
        store_currency: Currency::USD,
        xcart_url: url(&running.xcart_url)?,
        xcart_dialect: None,
        intacct_url: url(&running.intacct.url())?,
        intacct_company: running.company.clone(),
        intacct_user: running.access.user.clone(),
        intacct_sender: running.access.sender_id.clone(),
        intacct_entity: None,
        entity_zone: ENTITY_ZONE.into(),
        cool_down_seconds: 1,
    })
}

/// How well the automatic matches agree with the generator's truth.
fn truth(company: &Company, running: &Running) -> Result<Value, ServiceError> {
    let matches = services::list(company, Listed::Matches, usize::MAX)?;
    let ids = |side: &Value| -> Vec<String> {
        side.as_array().into_iter().flatten().filter_map(Value::as_str).map(truth_id).collect()
    };
    // What was posted in an earlier run is matched as well; the truth was written before it.
    let groups = matches["rows"].as_array().into_iter().flatten();
    let groups: Vec<&Value> =
        groups.filter(|it| ids(&it["right"]).iter().all(|it| running.generated.holds(it))).collect();
    // The truth that is scored speaks of payments and settlement rows; bank lines have a list of their own.
    let of = |status: &'static str| {
        let of_status = groups.iter().filter(move |it| it["status"]["status"] == status);
        let sides = of_status.map(|it| (ids(&it["left"]), ids(&it["right"])));
        sides.filter(|(left, _)| !left.iter().any(|it| it.starts_with("bank:"))).collect::<Vec<_>>()
    };
    let automatic = running.world.truth.score(of("automatic"));
    let all = running.world.truth.score(of("automatic").into_iter().chain(of("suggested")));
    let percent = |hundredths: usize| format!("{}.{:04}", hundredths / 10_000, hundredths % 10_000);
    Ok(json!({
        "recall": percent(automatic.recall(&[])),
        "recall_with_suggestions": percent(all.recall(&[])),
        "false_matches": automatic.false_matches.len(),
        "false_examples": automatic.false_matches.iter().take(5).collect::<Vec<_>>(),
        "false_with_suggestions": all.false_matches.len(),
        "by_kind": automatic.kinds,
    }))
}

/// `xcart/larkspur#payment#812:3` is `812:3` there, `file/stripe#settlement#r1` is `stripe:r1`, a receipt keeps its id.
fn truth_id(record: &str) -> String {
    let mut parts = record.splitn(3, '#');
    let (source, object, id) =
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match object {
        "settlement" => format!("{}:{id}", source.trim_start_matches("file/")),
        _ => id.to_owned(),
    }
}

struct Took {
    since: Timestamp,
    steps: Vec<(&'static str, i128)>,
}

impl Took {
    fn step(&mut self, name: &'static str) {
        let now = Timestamp::now();
        self.steps.push((name, now.duration_since(self.since).as_millis()));
        self.since = now;
    }
}
