//! Measures what the record costs: the trail walked, a backup, and what audit rows add to an import; see docs/benchmarks.md.
//!
//! `cargo run --release -p tieout-store --example bench_record [audit rows] [payments]`

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first thing that goes wrong")]

use jiff::{Timestamp, civil::date};
use std::time::Instant;
use tieout_domain::{Fetched, PaymentEvent, PaymentEventKind, SourceId};
use tieout_money::{Currency, Money};
use tieout_store::{NewAuditRow, Store, StoreError};

const ROWS_A_CHANGE: usize = 10_000;

fn main() {
    let number = |at: usize, usual: usize| std::env::args().nth(at).map_or(usual, |text| text.parse().unwrap());
    let (rows, payments) = (number(1, 1_000_000), number(2, 400_000));
    let folder = tempfile::Builder::new().prefix("bench-record-").tempdir_in(".").unwrap();
    let now = Timestamp::from_second(1_767_225_600).unwrap();

    let store = Store::open(&folder.path().join("trail"), now).unwrap();
    let start = Instant::now();
    for first in (0..rows).step_by(ROWS_A_CHANGE) {
        store
            .write("ann", now, |tx| {
                for number in first..(first + ROWS_A_CHANGE).min(rows) {
                    let subject = format!("posting/p-{number}");
                    let row = NewAuditRow {
                        action: "posting approved",
                        subject: &subject,
                        before: r#"{"state":"proposed"}"#,
                        after: r#"{"state":"approved","approval":{"by":"ann"}}"#,
                        reason: "",
                    };
                    tx.audit(row)?;
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }
    println!("{rows} audit rows written, their heads too, in {:.1?}", start.elapsed());
    for _ in 0..3 {
        let start = Instant::now();
        store.verify_audit(None).unwrap().unwrap();
        println!("trail of {rows} rows verified against the head file in {:.2?} (bar: 3 s)", start.elapsed());
    }
    drop(store);

    let store = Store::open(&folder.path().join("books"), now).unwrap();
    let start = Instant::now();
    for first in (0..payments as u64).step_by(50_000) {
        store.upsert("pull", now, &some(first, 50_000.min(payments as u64 - first))).unwrap();
    }
    println!("{payments} payments imported in {:.2?}", start.elapsed());
    let start = Instant::now();
    let backup = store.backup(now).unwrap();
    let bytes = std::fs::metadata(&backup).unwrap().len();
    let took = start.elapsed();
    println!(
        "backup of {} MB made and verified in {took:.2?}, {:.1} s a GB (bar: 20)",
        bytes / 1_000_000,
        took.as_secs_f64() * 1e9 / bytes as f64
    );
}

fn some(first: u64, count: u64) -> Vec<Fetched<PaymentEvent>> {
    let payment = |transaction: u64| PaymentEvent {
        store: SourceId::xcart("larkspur"),
        transaction,
        row: 1,
        order_id: transaction,
        order_number: format!("{}", 10_000 + transaction),
        kind: PaymentEventKind::Capture,
        method: "Stripe".into(),
        gateway_ref: Some(format!("ch_{transaction:012}")),
        amount: Money::from_minor((transaction as i64 * 37) % 100_000 + 1, Currency::USD),
        at: Timestamp::from_second(1_767_225_600 + transaction as i64).unwrap(),
        on: date(2026, 1, 1),
        party: format!("Customer {}", transaction % 50_000),
        email: format!("c{}@example.com", transaction % 50_000),
        note: String::new(),
    };
    let raw = |transaction: u64| {
        format!(r#"{{"id":{transaction},"method":"Stripe","status":"S","data":"{:0>900}"}}"#, transaction * 7_919)
    };
    (first..first + count).map(|it| Fetched { value: payment(it), raw: raw(it) }).collect()
}
