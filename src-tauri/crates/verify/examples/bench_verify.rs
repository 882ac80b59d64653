//! How long a certificate of so many records takes to verify; see docs/benchmarks.md.
//!
//! `cargo run --release -p tieout-verify --example bench_verify [records]`

use sha2::{Digest, Sha256};
use std::time::Instant;
use tieout_verify::{Expected, check};

fn main() {
    let records: u64 = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(1_000_000);
    let bytes = certificate(records / 2);
    println!("{} MB", bytes.len() / 1_000_000);
    for _ in 0..3 {
        let start = Instant::now();
        let verdict = check(&bytes, &Expected::default()).expect("it is true");
        println!(
            "{} records and {} lines verified in {:.2?} (bar: 5 s)",
            verdict.records,
            verdict.lines,
            start.elapsed()
        );
    }
    let mut bad = bytes;
    let at = bad.len() / 2;
    bad[at] ^= 1;
    println!("one bit changed: {}", check(&bad, &Expected::default()).expect_err("it is false"));
}

/// Pairs that match to the cent, a group each.
fn certificate(pairs: u64) -> Vec<u8> {
    let hash = "ab".repeat(32);
    let (mut groups, mut lines, mut ledger, mut store) = (String::new(), String::new(), String::new(), String::new());
    let mut sum = 0;
    for number in 0..pairs {
        let cents = number * 37 % 100_000 + 1;
        sum += cents;
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        let comma = if number == 0 { "\n" } else { ",\n" };
        groups.push_str(&format!(r#"{comma}{{"id":"m-{number:016}","account":0,"as":"matched","store":"{amount}","ledger":"{amount}","records":2,"waits":false,"beyond":[],"pass":"reference","by":""}}"#));
        lines.push_str(&format!(r#"{comma}{{"account":0,"on":"2026-01-15","record":"intacct/larkspur#gl-line#{number:09}","amount":"{amount}","sha256":"{hash}"}}"#));
        let record = |side: &str, name: &str| {
            format!(
                r#"{{"account":0,"side":"{side}","on":"2026-01-15","record":"{name}#{number:09}","leg":"","amount":"{amount}","version":1,"sha256":"{hash}","placed":"matched","of":"m-{number:016}"}}"#
            )
        };
        ledger.push_str(comma);
        ledger.push_str(&record("ledger", "intacct/larkspur#receipt"));
        store.push_str(",\n");
        store.push_str(&record("store", "xcart/larkspur#payment"));
    }
    let sum = format!("{}.{:02}", sum / 100, sum % 100);
    let zero = "0.00";
    let body = format!(
        r#"{{"format":"tieout-certificate/1","company":"larkspur","store":"larkspur","environment":"sandbox","period":"2026-01","from":"2026-01-01","to":"2026-01-31","made":{{"at":"2026-02-02T09:00:00Z","zone":"UTC","by":"ann","app":"0.1.0"}},"control":"one person does everything","settings":{{"version":1,"sha256":"{hash}"}},"audit":{{"rows":1,"head":"{hash}"}},
"accounts":[
{{"account":"1210","currency":"USD","opening":"{zero}","additions":"{sum}","clearances":"{zero}","closing":"{sum}","ledger":"{sum}","store":"{sum}","timing":"{zero}","variance":"{zero}","exceptions_store":"{zero}","exceptions_ledger":"{zero}","unexplained":"{zero}","lines":{pairs},"store_records":{pairs},"ledger_records":{pairs}}}],
"totals":[
{{"currency":"USD","ledger":"{sum}","store":"{sum}","unexplained":"{zero}"}}],
"groups":[{groups}],
"lines":[{lines}],
"records":[{ledger}{store}],
"outside":[],
"refused":[],
"approvals":[],
"sign_offs":[]
}}"#
    );
    let digest: String = Sha256::digest(body.as_bytes()).iter().map(|it| format!("{it:02x}")).collect();
    format!("{{\"certificate\":{body},\n\"seal\":{{\"sha256\":\"{digest}\",\"signatures\":[]}}}}\n").into_bytes()
}
