//! The pretend systems in a process of their own, and a data folder with everything clear approved.

use jiff::Timestamp;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;
use tieout_domain::PostingState;
use tieout_services::Company;

/// The program under test; a long run may name a copy that no build replaces meanwhile.
fn program() -> String {
    std::env::var("TIEOUT_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_tieout").to_owned())
}

pub struct Town {
    process: Child,
    folder: TempDir,
    secrets: Vec<(String, String)>,
    xcart: String,
    intacct: String,
    pub approved: usize,
}

impl Drop for Town {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Loses answers, loses requests, commits late, answers slowly.
pub fn storm() -> Vec<Value> {
    vec![
        rule(json!({ "effect": "commit_then_drop" }), 0.03),
        rule(json!({ "effect": "timeout_then_late_commit", "delay_ms": 400 }), 0.03),
        rule(json!({ "effect": "error502_before_commit" }), 0.03),
        rule(json!({ "effect": "error524_after_commit" }), 0.02),
        rule(json!({ "effect": "truncated_reply" }), 0.02),
        rule(json!({ "effect": "garbage_reply" }), 0.02),
        rule(json!({ "effect": "slow_reply", "ms": 60 }), 0.10),
    ]
}

fn rule(effect: Value, probability: f64) -> Value {
    let mut rule = json!({ "system": "intacct", "what": "*create*", "probability": probability });
    rule.as_object_mut().unwrap().extend(effect.as_object().unwrap().clone());
    rule
}

impl Town {
    /// Connected, pulled, matched, proposed, and everything clear approved.
    pub fn start(seed: u64, honour_unique_key: bool, orders: u64, rules: &[Value]) -> Town {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("sandbox")).unwrap();
        let faults = folder.path().join("faults.json");
        std::fs::write(&faults, json!({ "seed": seed, "rules": rules }).to_string()).unwrap();
        let mut command = Command::new(program());
        command
            .args([
                "sandbox",
                "--orders",
                &orders.to_string(),
                "--latency-ms",
                "3",
                "--seed",
                &seed.to_string(),
                "--ledger",
            ])
            .arg(folder.path().join("sandbox"))
            .arg("--faults")
            .arg(&faults);
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
        let mut town = Town { process, folder, secrets, xcart, intacct, approved: 0 };
        town.fill();
        town
    }

    pub fn books(&self) -> PathBuf {
        self.folder.path().join("sandbox")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn tieout(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(args)
            .arg("--json")
            .arg("--data")
            .arg(self.data())
            .env("TIEOUT_KEYCHAIN", "off")
            .envs(self.secrets.iter().cloned())
            .stderr(Stdio::piped())
            .stdout(Stdio::piped());
        command
    }

    pub fn done(&self, args: &[&str]) -> Value {
        let output = self.tieout(args).output().unwrap();
        let code = output.status.code();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(matches!(code, Some(0 | 1)), "{args:?} ended {code:?}: {told}");
        serde_json::from_slice(&output.stdout).unwrap_or_default()
    }

    fn fill(&mut self) {
        let (xcart, intacct) = (self.xcart.clone(), self.intacct.clone());
        self.done(&[
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
            &xcart,
            "--intacct-url",
            &intacct,
            "--intacct-company",
            "larkspur-demo",
            "--intacct-user",
            "sandbox-user",
            "--intacct-sender",
            "sandbox-sender",
        ]);
        let file = |name: &str| path(&self.books().join(name));
        self.done(&["settings", "import", &file("settings.toml")]);
        self.done(&["pull"]);
        for source in ["stripe", "paypal", "authorizenet", "bank"] {
            self.done(&["import", &file(&format!("{source}.csv")), "--source", source]);
        }
        self.done(&["match"]);
        self.done(&["propose"]);
        let proposals = self.done(&["list", "proposals"]);
        let digest = proposals["digest"].as_str().unwrap().to_owned();
        let approved = self.done(&["approve", "--all-clear", "--digest", &digest, "--as", "Ann"]);
        self.approved = approved["approved"].as_array().unwrap().len();
        assert!(self.approved >= 100, "only {} approved", self.approved);
    }

    /// Posts, without being killed, until nothing is open any more: the calm after the storm. What vanished twice is a
    /// person's case: they look, say that it is not there, and approve it anew. Tells the last report and how often.
    pub fn post_to_the_end(&self) -> (Value, usize) {
        let mut given_up = 0;
        for _ in 0..12 {
            let report = self.done(&["post", "--wait-seconds", "5"]);
            let open = |what: &str| report[what].as_u64().unwrap();
            // What follows something that nobody approved waits for a person, as it should.
            let follows = |it: &&Value| it["why"].as_str().unwrap().starts_with("it follows");
            let behind = report["unfinished"].as_array().unwrap().iter().filter(follows).count();
            if open("unknown") + open("waiting") == behind as u64 {
                return (report, given_up);
            }
            given_up += self.give_up_what_vanished_twice();
        }
        (self.done(&["post"]), given_up)
    }

    /// For whoever looks into it: what is neither posted nor was left alone from the beginning, with its log.
    pub fn tell_what_is_open(&self) {
        let company = Company::open(&self.data(), Arc::new(Timestamp::now)).unwrap();
        for it in company.store.read(|reader| reader.postings()).unwrap() {
            let log = company.store.read(|reader| reader.posting_log(&it.posting.id)).unwrap();
            if !matches!(it.posting.state, PostingState::Posted { .. }) && !log.is_empty() {
                println!("{} {:?}: {log:#?}", it.posting.id, it.posting.state);
            }
        }
    }

    fn give_up_what_vanished_twice(&self) -> usize {
        let postings = self.done(&["list", "postings"]);
        let doubts = postings["rows"].as_array().unwrap().iter().filter(|it| it["state"]["state"] == "in-doubt");
        let mut anew = Vec::new();
        for it in doubts.filter(|it| it["state"]["attempt"] == 2 && it["state"]["absent"] == 2) {
            let id = it["id"].as_str().unwrap();
            let settled = self.done(&["settle", id, "--absent", "looked in Intacct, nothing there", "--as", "Ann"]);
            if settled["outcome"] == "absent" {
                anew.push(id.to_owned());
            }
        }
        if !anew.is_empty() {
            let proposals = self.done(&["list", "proposals"]);
            let mut approve = vec!["approve", "--digest", proposals["digest"].as_str().unwrap(), "--as", "Ann"];
            approve.extend(anew.iter().map(String::as_str));
            let approved = self.done(&approve);
            assert_eq!(approved["approved"].as_array().unwrap().len(), anew.len(), "{approved}");
        }
        anew.len()
    }
}

fn path(of: &Path) -> String {
    of.to_str().unwrap().to_owned()
}
