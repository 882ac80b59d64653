//! Measures the store against a bare rusqlite loop and at a million rows; see docs/benchmarks.md.
//!
//! `cargo run --release -p tieout-store --example bench_store [rows of the large list]`

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first thing that goes wrong")]

use jiff::{Timestamp, civil::date};
use rusqlite::{Connection, params};
use std::time::{Duration, Instant};
use tieout_domain::{Fetched, PaymentEvent, PaymentEventKind, SourceId};
use tieout_money::{Currency, Money};
use tieout_store::{ListQuery, SortBy, Store};

const UPSERT_ROWS: u64 = 100_000;
const TRANSACTION_ROWS: usize = 1_000;
const WINDOW_ROWS: u32 = 60;

fn main() {
    let large: u64 = std::env::args().nth(1).map_or(1_000_000, |text| text.parse().unwrap());
    let folder = tempfile::Builder::new().prefix("bench-store-").tempdir_in(".").unwrap();
    let now = Timestamp::from_second(1_767_225_600).unwrap();
    // Alternating, best of three: the disk is shared.
    let (mut bare, mut ours) = (Duration::MAX, Duration::MAX);
    for round in 0..3 {
        bare = bare.min(bare_loop(&folder.path().join(format!("bare-{round}.sqlite3")), UPSERT_ROWS));
        let store = Store::open(&folder.path().join(format!("ours-{round}")), now).unwrap();
        ours = ours.min(upsert(&store, now, 0, UPSERT_ROWS));
    }
    println!("bare rusqlite loop  {UPSERT_ROWS} payments in {bare:.2?}");
    println!("parse and upsert    {UPSERT_ROWS} payments in {ours:.2?}");
    println!("speed of the store  {:.2} of the bare loop (bar: 0.50)", bare.as_secs_f64() / ours.as_secs_f64());

    let store = Store::open(&folder.path().join("large"), now).unwrap();
    let start = Instant::now();
    for first in (0..large).step_by(UPSERT_ROWS as usize) {
        upsert(&store, now, first, UPSERT_ROWS.min(large - first));
    }
    println!("\n{large} payments stored in {:.1?}", start.elapsed());
    for (name, sort, descending) in
        [("date, newest first", SortBy::Date, true), ("amount", SortBy::Amount, false), ("party", SortBy::Party, false)]
    {
        windows(&store, name, &ListQuery { sort, descending, ..ListQuery::default() }, large as u32);
    }
    let start = Instant::now();
    store.refresh_search().unwrap();
    println!("search index filled in {:.1?}", start.elapsed());
    let mut times = Vec::new();
    for text in ["777777", "ch_0000777", "cust", "customer 17", "c123@", "12", "129.37"] {
        for _ in 0..5 {
            let start = Instant::now();
            store.read(|reader| reader.search(text, 50)).unwrap();
            times.push(start.elapsed());
        }
    }
    println!("search p95 {:.2?}", p95(&mut times));
    let start = Instant::now();
    store.read(|reader| reader.verify_contents()).unwrap();
    store.verify_audit(None).unwrap().unwrap();
    println!("audit chain and all contents verified in {:.1?}", start.elapsed());
}

/// What X-Cart would send for one payment, shortened to the fields that are read.
fn document(id: u64) -> String {
    let cents = id * 7_919 % 100_000 + 1;
    format!(
        r#"{{"id":{id},"order_id":{id},"type":"sale","status":"S","date":"2026-01-15T10:00:00+0000","value":"{}.{:02}","currency":"USD","method":"Stripe","public_id":"{id:06}-ABCD","data":[{{"name":"charge_id","value":"ch_{id:07}"}}],"order":{{"number":"{}","email":"c{}@example.com","name":"Customer {}"}},"note":""}}"#,
        cents / 100,
        cents % 100,
        10_000 + id,
        id % 60_000,
        id % 60_000
    )
}

/// Text in, domain value out.
fn parse(raw: String) -> Fetched<PaymentEvent> {
    let wire: serde_json::Value = serde_json::from_str(&raw).unwrap();
    let id = wire["id"].as_u64().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let value = PaymentEvent {
        store: SourceId::xcart("larkspur"),
        transaction: id,
        row: 1,
        order_id: id,
        order_number: text(&wire["order"]["number"]),
        kind: PaymentEventKind::Capture,
        method: text(&wire["method"]),
        gateway_ref: Some(text(&wire["data"][0]["value"])),
        amount: Money::parse(wire["value"].as_str().unwrap(), Currency::USD).unwrap(),
        at: Timestamp::from_second(1_768_471_200 + id as i64).unwrap(),
        on: date(2026, 1, 1).saturating_add(jiff::Span::new().days((id % 90) as i64)),
        party: text(&wire["order"]["name"]),
        email: text(&wire["order"]["email"]),
        note: String::new(),
    };
    Fetched { value, raw }
}

fn upsert(store: &Store, now: Timestamp, first: u64, count: u64) -> Duration {
    let documents: Vec<String> = (first + 1..=first + count).map(document).collect();
    let start = Instant::now();
    let mut documents = documents.into_iter();
    loop {
        let batch: Vec<_> = documents.by_ref().take(TRANSACTION_ROWS).map(parse).collect();
        if batch.is_empty() {
            return start.elapsed();
        }
        store.upsert("pull", now, &batch).unwrap();
    }
}

/// The same columns and indexes, filled by nothing but prepared inserts; parsing, JSON and packing are done before
/// the clock starts, so the store pays for them and the bare loop does not.
fn bare_loop(file: &std::path::Path, count: u64) -> Duration {
    // The schema is taken from a store of its own, so that it cannot differ.
    let folder = file.with_extension("schema");
    drop(Store::open(&folder, Timestamp::from_second(0).unwrap()).unwrap());
    let schema: Vec<String> = {
        let conn = Connection::open(folder.join("tieout.sqlite3")).unwrap();
        let mut statement = conn
            .prepare("SELECT sql FROM sqlite_schema WHERE tbl_name IN ('payments', 'documents') AND sql IS NOT NULL AND type <> 'trigger'")
            .unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut conn = Connection::open(file).unwrap();
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;").unwrap();
    conn.execute_batch(&schema.join(";\n")).unwrap();
    let ready: Vec<_> = (1..=count)
        .map(|id| {
            let fetched = parse(document(id));
            let packed = lz4_flex::block::compress(fetched.raw.as_bytes());
            (serde_json::to_string(&fetched.value).unwrap(), packed, fetched)
        })
        .collect();
    let start = Instant::now();
    let mut id = 0;
    for batch in ready.chunks(TRANSACTION_ROWS) {
        let tx = conn.transaction().unwrap();
        {
            let mut row = tx
                .prepare_cached(
                    "INSERT INTO payments (source, ext_id, version, digest, document, fetched_at, deleted_at, kind, state,
                        on_day, amount, currency, number, reference, party, email, account, customer)
                     VALUES (?1, ?2, 1, zeroblob(32), ?3, ?4, NULL, ?5, 'moved', ?6, ?7, 'USD', ?8, ?9, ?10, ?11, ?12, '')",
                )
                .unwrap();
            let mut text = tx
                .prepare_cached(
                    "INSERT INTO documents (id, object, row_id, version, previous, digest, body, raw, packing, raw_bytes, fetched_at, audit)
                     VALUES (?1, 2, ?1, 1, NULL, zeroblob(32), ?2, ?3, 3, ?4, ?5, 1)",
                )
                .unwrap();
            for (body, packed, fetched) in batch {
                id += 1;
                let value = &fetched.value;
                row.execute(params![
                    value.store.0,
                    format!("{}:{}", value.transaction, value.row),
                    id,
                    "2026-01-01T00:00:00.000000Z",
                    value.kind.as_str(),
                    value.on.to_string(),
                    value.amount.minor(),
                    value.order_number,
                    value.gateway_ref,
                    value.party,
                    value.email,
                    value.method
                ])
                .unwrap();
                text.execute(params![id, body, packed, fetched.raw.len() as i64, "2026-01-01T00:00:00.000000Z"])
                    .unwrap();
            }
        }
        tx.commit().unwrap();
    }
    start.elapsed()
}

fn windows(store: &Store, name: &str, query: &ListQuery, total: u32) {
    let page = |position: u32| {
        let start = Instant::now();
        let window = store.read(|reader| reader.window::<PaymentEvent>(query, position, WINDOW_ROWS)).unwrap();
        assert_eq!(window.total, total);
        start.elapsed()
    };
    let first = page(0);
    let jump = (u64::from(total) * 777_777 / 1_000_000) as u32;
    let cold = page(jump);
    let mut times: Vec<Duration> =
        (0..1_000u64).map(|step| page(((step * 7_919 * 104_729) % u64::from(total)) as u32)).collect();
    times.extend([page(jump), page(total - 1), page(0)]);
    println!(
        "by {name}: first paint {first:.2?}; first jump to row {jump} {cold:.2?} (makes the rank); p95 of {} pages {:.2?} (bar: 20 ms)",
        times.len(),
        p95(&mut times)
    );
}

fn p95(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() * 95 / 100]
}
