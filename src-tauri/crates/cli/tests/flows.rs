//! Flows of the demo company from a terminal: nothing is written by a dry run, what is approved is, and then nothing is left
//! to do.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use tieout_sandbox::demo;
use tieout_sandbox::running::{Plan, Running, start};
use tokio::runtime::Runtime;

const TIEOUT: &str = env!("CARGO_BIN_EXE_tieout");

struct Town {
    running: Running,
    folder: tempfile::TempDir,
    // Last: the servers stop with it.
    _runtime: Runtime,
}

impl Town {
    fn open() -> Town {
        Town::with(Plan::default())
    }

    fn with(plan: Plan) -> Town {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let running = runtime.block_on(start(&Plan { seed: 5, orders: 300, ..plan })).unwrap();
        let town = Town { running, folder: tempfile::tempdir().unwrap(), _runtime: runtime };
        let it = &town.running;
        let url = it.intacct.url();
        let connect = [
            ["--environment", "sandbox"],
            ["--cool-down-seconds", "1"],
            ["--store-zone", demo::STORE_ZONE],
            ["--entity-zone", demo::ENTITY_ZONE],
            ["--xcart-url", &it.xcart_url],
            ["--intacct-url", &url],
            ["--intacct-company", &it.company],
            ["--intacct-user", &it.access.user],
            ["--intacct-sender", &it.access.sender_id],
        ];
        let args: Vec<&str> = ["connect"].into_iter().chain(connect.into_iter().flatten()).collect();
        assert_eq!(town.run(&args).status.code(), Some(0));
        let settings = town.folder.path().join("settings.toml");
        std::fs::write(&settings, it.world.settings_text()).unwrap();
        assert_eq!(town.run(&["settings", "import", settings.to_str().unwrap()]).status.code(), Some(0));
        town
    }

    fn run(&self, args: &[&str]) -> Output {
        self.cut(args, "")
    }

    /// The power is cut at that point.
    fn cut(&self, args: &[&str], point: &str) -> Output {
        Command::new(TIEOUT)
            .env("TIEOUT_CUT", point)
            .args(args)
            .arg("--json")
            .arg("--data")
            .arg(self.data())
            .env("TIEOUT_KEYCHAIN", "off")
            .env("TIEOUT_XCART_KEY", &self.running.xcart_write_key)
            .env("TIEOUT_INTACCT_PASSWORD", &self.running.access.password)
            .env("TIEOUT_INTACCT_SENDER_PASSWORD", &self.running.access.sender_password)
            .output()
            .unwrap()
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn told(&self, args: &[&str]) -> Value {
        let output = self.run(args);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    fn writes(&self) -> (usize, usize) {
        (self.running.shop.writes().len(), self.running.intacct.with(|gateway| gateway.dump().len()))
    }
}

fn count(report: &Value, key: &str) -> usize {
    match &report[key] {
        Value::Array(all) => all.len(),
        other => usize::try_from(other.as_u64().unwrap()).unwrap(),
    }
}

fn no_secret_in(folder: &Path, secrets: &[&str]) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|it| it.path().is_file()) {
        let content = std::fs::read(entry.path()).unwrap();
        let content = String::from_utf8_lossy(&content).into_owned();
        assert!(!secrets.iter().any(|it| content.contains(it)), "a secret stands in {}", entry.path().display());
    }
}

#[test]
fn all_flows_of_the_demo_company_are_shown_approved_sent_and_then_there_is_nothing_to_do() {
    let town = Town::open();
    let shown = town.told(&["sync", "all", "--dry-run"]);
    let flows: Vec<&str> = shown["flows"].as_array().unwrap().iter().map(|it| it["flow"].as_str().unwrap()).collect();
    assert_eq!(flows, ["stock", "products", "shipments"]);
    assert!(shown["flows"].as_array().unwrap().iter().all(|it| count(it, "planned") > 0), "{shown:#}");
    assert_eq!(town.writes(), (0, 0), "by the lists of both pretend systems");

    let mut sent = 0;
    for flow in flows {
        let planned = town.told(&["sync", flow]);
        assert_eq!((count(&planned, "done"), town.writes().0), (0, sent), "it asks first");
        let digest = planned["digest"].as_str().unwrap();
        let approved = town.told(&["sync", flow, "--approve", digest, "--as", "Ann"]);
        assert_eq!(count(&approved, "done"), count(&planned, "planned"), "{approved:#}");
        sent += count(&approved, "done");
        assert_eq!(town.writes(), (sent, 0), "each once");
    }
    let again = town.told(&["sync", "all"]);
    for report in again["flows"].as_array().unwrap() {
        assert_eq!((count(report, "planned"), count(report, "done")), (0, 0), "{report:#}");
    }
    assert_eq!(town.writes(), (sent, 0));

    let letters = town.told(&["dlq", "list"]);
    let causes: std::collections::BTreeSet<&str> =
        letters["letters"].as_array().unwrap().iter().map(|it| it["cause"].as_str().unwrap()).collect();
    assert_eq!(causes.into_iter().collect::<Vec<_>>(), ["by-hand", "price-zero", "unknown-sku"]);
    let key = town.running.xcart_write_key.clone();
    no_secret_in(&town.data(), &[&key, "sandbox-user-password", "sandbox-sender-password"]);
}

#[test]
fn a_flow_that_fails_keeps_no_other_from_its_turn_and_is_named_at_the_end() {
    let script = tempfile::NamedTempFile::new().unwrap();
    let rules = r#"{"rules":[{"system":"xcart","what":"GET /api/products*","effect":"error502_before_commit"}]}"#;
    std::fs::write(script.path(), rules).unwrap();
    let town = Town::with(Plan { faults: Some(script.path().to_owned()), ..Plan::default() });
    let output = town.run(&["sync", "all"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{told:#}");
    let [stock, products, shipments] = told["flows"].as_array().unwrap().as_slice() else { panic!("{told:#}") };
    for (flow, name) in [(stock, "stock"), (products, "products")] {
        assert_eq!(flow["flow"], name);
        assert!(!flow["error"]["remedy"].as_str().unwrap().is_empty(), "{flow:#}");
        assert!(told["error"]["happened"].as_str().unwrap().contains(&format!("{name}: ")), "{told:#}");
    }
    assert!(!told["error"]["happened"].as_str().unwrap().contains("shipments"), "{told:#}");
    assert!(count(shipments, "planned") > 0, "its turn came all the same: {shipments:#}");
    assert_eq!(town.writes(), (0, 0));
}

#[test]
fn a_flow_killed_around_its_write_ends_with_every_write_once() {
    for (point, sent_before) in [("before-write:2", 1), ("after-write:2", 2), ("after-write:1", 1)] {
        let town = Town::open();
        let planned = town.told(&["sync", "stock"]);
        let wanted = count(&planned, "planned");
        assert!(wanted > 3);
        let approve = |digest: &str| ["sync", "stock", "--as", "Ann", "--approve", digest].map(str::to_owned);
        let digest = planned["digest"].as_str().unwrap();
        let killed = town.cut(&approve(digest).each_ref().map(String::as_str), point);
        assert_eq!((killed.status.code(), town.writes().0), (None, sent_before), "{point}");
        // Nobody knows of the one it was on before its time has come.
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        let later = town.told(&["sync", "stock"]);
        assert_eq!(count(&later, "in_doubt"), 0, "{point}: {later:#}");
        if count(&later, "waiting") > 0 {
            // It was never sent, and what was sold since decides: planned anew, and asked for anew.
            assert_eq!(point, "before-write:2");
            town.told(&approve(later["digest"].as_str().unwrap()).each_ref().map(String::as_str));
        }
        assert_eq!(town.writes().0, wanted, "{point}: each once");
        assert_eq!(count(&town.told(&["sync", "stock"]), "planned"), 0, "{point}");
        assert_eq!(town.told(&["audit", "verify"])["intact"], true);
    }
}

#[test]
fn one_sku_named_in_the_settings_heals_all_its_letters_and_wrong_use_is_told() {
    let town = Town::open();
    town.told(&["sync", "stock"]);
    let of = |title: &str| -> Vec<Value> {
        let letters = town.told(&["dlq", "list"]);
        letters["letters"].as_array().unwrap().iter().filter(|it| it["title"] == title).cloned().collect()
    };
    assert_eq!(of("LK-NEW-01").len(), 1);
    // New goods are kept in the books under another number.
    let text = format!("{}\n[items]\nLK-NEW-01 = \"SPRING-1\"\n", town.running.world.settings_text());
    town.running.intacct.with(|gateway| {
        let item = tieout_sandbox::intacct::Item { id: "SPRING-1".into(), name: "Spring".into(), ..Default::default() };
        gateway.company.add_item(item).unwrap();
    });
    let file = town.folder.path().join("more.toml");
    std::fs::write(&file, text).unwrap();
    assert_eq!(town.run(&["settings", "import", file.to_str().unwrap()]).status.code(), Some(0));
    let replayed = town.told(&["dlq", "replay", "--alike", "unknown-sku", "--as", "Ann"]);
    assert!(count(&replayed, "still_open") > 0, "the other new goods are unknown as before: {replayed:#}");
    assert_eq!(of("LK-NEW-01"), Vec::<Value>::new());

    for (args, status) in [
        (vec!["sync", "money"], 2),
        (vec!["sync", "stock", "--approve", "0000", "--as", "Ann"], 3),
        (vec!["sync", "stock", "--approve", "0000"], 2),
        (vec!["dlq", "close", "999", "--reason", "x", "--as", "Ann"], 2),
        (vec!["dlq", "replay", "--alike", "sunspots", "--as", "Ann"], 2),
        (vec!["dlq", "replay", "--as", "Ann"], 2),
    ] {
        assert_eq!(town.run(&args).status.code(), Some(status), "{args:?}");
    }
    assert_eq!(town.writes(), (0, 0));
}

#[test]
fn a_mapping_text_is_compared_and_tried_over_all_history_before_it_is_in_force() {
    let town = Town::open();
    assert!(matches!(town.run(&["pull"]).status.code(), Some(0 | 1)));
    let in_force = town.told(&["map", "export"]);
    let text = in_force["text"].as_str().unwrap();
    let file = town.folder.path().join("wanted.toml");
    let path = file.to_str().unwrap().to_owned();
    let new_goods: String = (1..=40).map(|at| format!("LK-NEW-{at:02} = \"LK-TRW-A\"\n")).collect();
    let more = format!("[items]\n{new_goods}\n[flows.stock]\nsafety = 3");
    std::fs::write(&file, text.replace("[flows.stock]", &more)).unwrap();
    let changes = town.told(&["map", "diff", &path])["changes"].clone();
    assert_eq!(changes.as_array().unwrap().len(), 41, "{changes:#}");
    assert_eq!(
        changes.as_array().unwrap()[..2],
        [
            serde_json::json!({ "key": "flows.stock.safety", "before": "0", "after": "3" }),
            serde_json::json!({ "key": "items.LK-NEW-01", "before": null, "after": "LK-TRW-A" }),
        ]
    );
    let trial = town.told(&["map", "test", &path]);
    let unmapped = |outcome: &Value| outcome["exceptions"]["unmapped-sku"].as_u64().unwrap_or_default();
    let (before, after) = (unmapped(&trial["before"]), unmapped(&trial["after"]));
    assert!(before > after && count(&trial, "healed") as u64 >= before - after, "{trial:#}");
    assert!(trial["healed_first"][0].as_str().unwrap().contains("at stake"), "{trial:#}");
    assert_eq!(town.told(&["map", "export"]), in_force, "nothing is kept");

    // An error on line 40 is told as one, by each of the three.
    let wrong: String = (1..40).map(|_| "# so far so good\n").chain(["cut_over = 7\n"]).collect();
    std::fs::write(&file, wrong).unwrap();
    for verb in ["diff", "test", "import"] {
        let told = town.run(&["map", verb, &path]);
        let said = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(told.status.code() != Some(0) && said.contains("line 40"), "{verb}: {said}");
    }
    assert_eq!(town.told(&["map", "export"]), in_force);
    std::fs::write(&file, text).unwrap();
    assert_eq!(town.told(&["map", "test", &path])["healed"], 0, "the text in force changes nothing");
    std::fs::write(&file, text.replace("[flows.stock]", &more)).unwrap();
    assert_eq!(town.told(&["map", "import", &path])["version"], 2);
}
