//! Posting is killed again and again, against a gateway that loses answers and commits late; the gateway's own ledger
//! is the judge: every approved posting is in it once, and nothing else.
//!
//! `TIEOUT_KILLS=60 cargo nextest run -p tieout-cli killed` runs it longer.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tieout_sandbox::intacct::ledger;

const TIEOUT: &str = env!("CARGO_BIN_EXE_tieout");
const ORDERS: &str = "1100";

/// The pretend systems in a process of their own, and how to reach them.
struct Sandbox {
    process: Child,
    xcart: String,
    intacct: String,
    secrets: Vec<(String, String)>,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Sandbox {
    fn start(folder: &Path, seed: u64, honour_unique_key: bool) -> Sandbox {
        let faults = folder.join("faults.json");
        let rule = |effect: Value, probability: f64| {
            let mut rule = json!({ "system": "intacct", "what": "*create*", "probability": probability });
            rule.as_object_mut().unwrap().extend(effect.as_object().unwrap().clone());
            rule
        };
        let rules = json!({ "seed": seed, "rules": [
            rule(json!({ "effect": "commit_then_drop" }), 0.03),
            rule(json!({ "effect": "timeout_then_late_commit", "delay_ms": 400 }), 0.03),
            rule(json!({ "effect": "error502_before_commit" }), 0.03),
            rule(json!({ "effect": "truncated_reply" }), 0.02),
            rule(json!({ "effect": "slow_reply", "ms": 60 }), 0.10),
        ]});
        std::fs::write(&faults, rules.to_string()).unwrap();
        let mut command = Command::new(TIEOUT);
        command
            .args(["sandbox", "--orders", ORDERS, "--latency-ms", "8", "--seed", &seed.to_string(), "--ledger"])
            .arg(folder);
        command.arg("--faults").arg(&faults);
        if !honour_unique_key {
            command.arg("--ignore-unique-key");
        }
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut told = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let after = |line: String, what: &str| line.split_once(what).unwrap().1.trim().to_owned();
        let xcart = after(told.next().unwrap(), "X-Cart:");
        let intacct = after(told.next().unwrap(), "Intacct:");
        let exports = told.by_ref().skip(1).take(3);
        let secrets = exports
            .map(|line| after(line, "export"))
            .map(|it| it.split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap());
        let secrets = secrets.collect();
        // Kept open: a server that may not print would stop.
        std::thread::spawn(move || told.for_each(drop));
        Sandbox { process, xcart, intacct, secrets }
    }

    fn tieout(&self, data: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(TIEOUT);
        command.args(args).arg("--json").arg("--data").arg(data);
        command
            .env("TIEOUT_KEYCHAIN", "off")
            .envs(self.secrets.iter().cloned())
            .stderr(Stdio::piped())
            .stdout(Stdio::piped());
        command
    }

    fn done(&self, data: &Path, args: &[&str]) -> Value {
        let output = self.tieout(data, args).output().unwrap();
        let code = output.status.code();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(matches!(code, Some(0 | 1)), "{args:?} ended {code:?}: {told}");
        serde_json::from_slice(&output.stdout).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    between_receipt_and_answer: usize,
}

/// Approves everything clear, then posts and is killed until the kills are used up; then posts to the end.
fn post_under_fire(honour_unique_key: bool, seed: u64, kills: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (data, box_folder) = (folder.path().join("data"), folder.path().join("sandbox"));
    std::fs::create_dir_all(&box_folder).unwrap();
    let sandbox = Sandbox::start(&box_folder, seed, honour_unique_key);
    let connect = [
        "connect",
        "--environment",
        "sandbox",
        "--cool-down-seconds",
        "1",
        "--store-zone",
        "America/Chicago",
        "--entity-zone",
        "America/New_York",
        "--xcart-url",
        &sandbox.xcart,
        "--intacct-url",
        &sandbox.intacct,
        "--intacct-company",
        "larkspur-demo",
        "--intacct-user",
        "sandbox-user",
        "--intacct-sender",
        "sandbox-sender",
    ];
    sandbox.done(&data, &connect);
    sandbox.done(&data, &["settings", "import", box_folder.join("settings.toml").to_str().unwrap()]);
    sandbox.done(&data, &["pull"]);
    for source in ["stripe", "paypal", "authorizenet", "bank"] {
        let file = box_folder.join(format!("{source}.csv"));
        sandbox.done(&data, &["import", file.to_str().unwrap(), "--source", source]);
    }
    sandbox.done(&data, &["match"]);
    sandbox.done(&data, &["propose"]);
    let proposals = sandbox.done(&data, &["list", "proposals"]);
    let digest = proposals["digest"].as_str().unwrap().to_owned();
    let approved = sandbox.done(&data, &["approve", "--all-clear", "--digest", &digest, "--as", "Ann"]);
    let approved = approved["approved"].as_array().unwrap().len();
    assert!(approved >= 100, "only {approved} approved");

    let mut tally = Tally::default();
    // A simple counter makes the moments; the machine's own noise makes them random.
    let mut moment = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    while tally.kills < kills {
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut posting = sandbox.tieout(&data, &["post", "--wait-seconds", "3"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(150 + (moment >> 33) % 2_500));
        if posting.try_wait().unwrap().is_some() {
            break; // everything is posted already
        }
        posting.kill().unwrap();
        let killed_at = Timestamp::now();
        posting.wait().unwrap();
        tally.kills += 1;
        tally.between_receipt_and_answer += usize::from(was_unanswered(&box_folder, killed_at));
    }
    let mut rounds = 0;
    let last = loop {
        let report = sandbox.done(&data, &["post", "--wait-seconds", "5"]);
        let open = ["unknown", "waiting"].iter().map(|it| report[it].as_u64().unwrap()).sum::<u64>();
        rounds += 1;
        if open == 0 || rounds == 12 {
            break report;
        }
    };
    let postings = sandbox.done(&data, &["list", "postings"]);
    judge(&box_folder, &postings, &tally, &last, approved, honour_unique_key);
    assert!(tally.kills * 2 >= kills, "posting was over after {} kills", tally.kills);
}

/// Was a write on its way when the program died: received by the gateway, its answer not yet sent?
fn was_unanswered(folder: &Path, killed_at: Timestamp) -> bool {
    let phases = ledger::phases(folder).unwrap();
    let mut open: BTreeMap<u64, bool> = BTreeMap::new();
    for it in phases
        .iter()
        .filter(|it| !it.control_ids.is_empty() && it.control_ids.iter().any(|id| id.starts_with("tieout-")))
    {
        match it.phase.as_str() {
            "received" if it.at <= killed_at => drop(open.insert(it.request, true)),
            "answered" if it.at <= killed_at => drop(open.remove(&it.request)),
            _ => {}
        }
    }
    // Requests of earlier runs that never were answered (dropped connections) are old; this one is fresh.
    let fresh = |request: &u64| {
        phases.iter().any(|it| {
            it.request == *request && it.phase == "received" && killed_at.duration_since(it.at).as_millis() < 500
        })
    };
    open.keys().any(fresh)
}

fn judge(folder: &Path, postings: &Value, tally: &Tally, last: &Value, approved: usize, honour_unique_key: bool) {
    let mut in_ledger: BTreeMap<String, usize> = BTreeMap::new();
    for entry in ledger::dump(folder).unwrap() {
        *in_ledger.entry(entry.natural_key.clone()).or_default() += 1;
    }
    let rows = postings["rows"].as_array().unwrap();
    let posted: Vec<&str> =
        rows.iter().filter(|it| it["state"]["state"] == "posted").map(|it| it["reference"].as_str().unwrap()).collect();
    let duplicates: Vec<_> = in_ledger.iter().filter(|(_, count)| **count > 1).collect();
    let lost: Vec<_> = posted.iter().filter(|key| !in_ledger.contains_key(**key)).collect();
    let unknown =
        rows.iter().filter(|it| matches!(it["state"]["state"].as_str(), Some("in-doubt" | "sending"))).count();
    let states = |name: &str| rows.iter().filter(|it| it["state"]["state"] == name).count();
    println!(
        "unique key {}: {approved} approved, {} posted, {} in the ledger, {} kills ({} between receipt and answer): {} duplicates, {} lost, {unknown} unknown, {} refused, {} changed; {last}",
        if honour_unique_key { "honoured" } else { "ignored" },
        posted.len(),
        in_ledger.len(),
        tally.kills,
        tally.between_receipt_and_answer,
        duplicates.len(),
        lost.len(),
        states("refused"),
        states("proposed"),
    );
    assert!(duplicates.is_empty(), "{duplicates:?}");
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(unknown, 0);
    let not_ours: Vec<_> = in_ledger.keys().filter(|key| !posted.contains(&key.as_str())).collect();
    assert!(not_ours.is_empty(), "in the ledger and not posted here: {not_ours:?}");
    assert_eq!(posted.len() + states("refused"), approved, "every approved posting has a true end");
}

fn kills() -> usize {
    std::env::var("TIEOUT_KILLS").ok().and_then(|it| it.parse().ok()).unwrap_or(8)
}

#[test]
fn a_posting_killed_anywhere_ends_once_with_the_gateways_unique_key() {
    post_under_fire(true, 11, kills());
}

#[test]
fn a_posting_killed_anywhere_ends_once_without_the_gateways_unique_key() {
    post_under_fire(false, 12, kills());
}
