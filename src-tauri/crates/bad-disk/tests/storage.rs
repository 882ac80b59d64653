//! The store on a disk that fails: no acknowledged change is ever lost, whatever the disk does, and nothing panics.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use jiff::Timestamp;
use jiff::civil::date;
use std::path::Path;
use tieout_bad_disk::{Dice, Fault, Kind, Op, after_cut, fail, heal, install, mark, record, recorded};
use tieout_domain::{Fetched, PaymentEvent, PaymentEventKind, SourceId};
use tieout_money::{Currency, Money};
use tieout_store::{AuditFilter, Store, StoreError};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(usual)
}

fn payments(from: u64, count: u64) -> Vec<Fetched<PaymentEvent>> {
    let payment = |transaction: u64| PaymentEvent {
        store: SourceId::xcart("larkspur"),
        transaction,
        row: 1,
        order_id: transaction,
        order_number: format!("{}", 10_000 + transaction),
        kind: PaymentEventKind::Capture,
        method: "Stripe".into(),
        gateway_ref: Some(format!("ch_{transaction}")),
        amount: Money::from_minor(transaction as i64 * 37 + 1, Currency::USD),
        at: at(transaction as i64),
        on: date(2026, 1, 1),
        party: format!("Customer {transaction}"),
        email: String::new(),
        note: String::new(),
    };
    let raw = |transaction: u64| format!(r#"{{"id":{transaction},"data":"{}"}}"#, "x".repeat(400));
    (from..from + count).map(|it| Fetched { value: payment(it), raw: raw(it) }).collect()
}

/// One change, by its number: a settings text, or records, so that the numbers of both say how many there were.
fn change(store: &Store, step: u64) -> Result<(), StoreError> {
    if step.is_multiple_of(3) {
        store.upsert("pull", at(step as i64), &payments(step * 100, 40)).map(drop)
    } else {
        store
            .write("ann", at(step as i64), |tx| tx.save_settings(&format!("text {step} {}", "y".repeat(900)), ""))
            .map(drop)
    }
}

/// Every change leaves a row of its own; what `change` wrote, told apart from what opening writes.
fn changes_in(store: &Store) -> u64 {
    let rows = store.read(|reader| reader.audit_page(&AuditFilter::default(), None, 100_000)).unwrap();
    rows.iter().filter(|it| it.action == "settings saved" || it.action == "records pulled").count() as u64
}

fn whole(folder: &Path) -> Store {
    let store = Store::open(folder, at(9_000)).unwrap();
    store.quick_check().unwrap();
    store.read(|reader| reader.verify_contents()).unwrap();
    store.verify_audit(None).unwrap().unwrap();
    store
}

/// D1. `TIEOUT_CUTS=10000` for more; `TIEOUT_SEED` for others.
#[test]
fn no_acknowledged_change_is_lost_by_a_power_cut() {
    const STEPS: u64 = 60;
    install();
    let folder = tempfile::tempdir().unwrap();
    record();
    let store = Store::open(folder.path(), at(0)).unwrap();
    let mut heads = Vec::new();
    for step in 1..=STEPS {
        change(&store, step).unwrap();
        mark(step);
        heads.push(std::fs::read(folder.path().join("tieout.heads")).unwrap());
    }
    drop(store); // takes the log into the file, which may be cut too
    let ops = recorded();
    let first = ops.iter().position(|it| matches!(it, Op::Mark(1))).unwrap();
    let (cuts, seed) = (number("TIEOUT_CUTS", 60), number("TIEOUT_SEED", 1) as u64);
    let mut dice = Dice(seed);
    let (mut torn, mut unacknowledged) = (0, 0);
    for cut in 0..cuts {
        // Every place of the run; not before the first change, where there is nothing to lose.
        let place = first + 1 + dice.below(ops.len() - first);
        let place = place.min(ops.len());
        let acknowledged = ops[..place].iter().filter(|it| matches!(it, Op::Mark(_))).count() as u64;
        let remains = after_cut(&ops[..place], &mut dice);
        let after = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        for (name, bytes) in &remains {
            if name.ends_with("sqlite3") || name.ends_with("-wal") {
                std::fs::write(after.path().join(name), bytes).unwrap();
            }
        }
        // The head file is not waited for: it may end anywhere before.
        let known = heads.get(acknowledged as usize - 1).map(Vec::as_slice).unwrap_or_default();
        std::fs::write(after.path().join("tieout.heads"), &known[..dice.below(known.len() + 1)]).unwrap();
        let store = whole(after.path());
        let found = changes_in(&store);
        assert!(
            found == acknowledged || found == acknowledged + 1,
            "TIEOUT_SEED={seed}, cut {cut} behind call {place}: {acknowledged} acknowledged, {found} there"
        );
        unacknowledged += found - acknowledged;
        torn += u64::from(place < ops.len());
        let text = store.read(|reader| reader.settings()).unwrap().unwrap().text;
        let last = (1..=found).rev().find(|it| !it.is_multiple_of(3)).unwrap();
        assert!(text.starts_with(&format!("text {last} ")), "the last one and no other");
    }
    println!(
        "{cuts} power cuts over {} calls of {STEPS} changes ({torn} in the middle): 0 acknowledged changes lost, {unacknowledged} more were there than acknowledged, 0 corrupt",
        ops.len()
    );
}

/// What a day does: opens, changes, reads, backs up, closes. Gives how many changes were acknowledged.
fn a_day(folder: &Path) -> (u64, Option<StoreError>) {
    let mut done = 0;
    let store = match Store::open(folder, at(100)) {
        Ok(store) => store,
        Err(error) => return (0, Some(error)),
    };
    let mut wrong = None;
    for step in 4..=7 {
        match change(&store, step) {
            Ok(()) => done += 1,
            Err(error) => {
                wrong = Some(error);
                break;
            }
        }
    }
    let read = store.read(|reader| reader.settings().map(drop));
    let backup = store.backup(at(200)).map(drop);
    (done, wrong.or(read.err()).or(backup.err()))
}

/// D2 and D3: the Nth call fails, then the N+1st, until a day comes to its end without meeting the fault.
fn every_call_fails_once(kind: Kind, stays: bool) -> (u64, u64) {
    install();
    let (mut faults, mut told) = (0, 0);
    // `TIEOUT_EVERY=1` for every call; in CI some of them, others with every kind.
    let every = number("TIEOUT_EVERY", 17);
    for call in (1..).step_by(every) {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        {
            let store = Store::open(folder.path(), at(0)).unwrap();
            for step in 1..=3 {
                change(&store, step).unwrap();
            }
        }
        fail(Fault { kind, at: call, stays });
        let (done, wrong) = a_day(folder.path());
        if heal() == 0 {
            assert!(wrong.is_none(), "no call failed: {wrong:?}");
            break;
        }
        faults += 1;
        if let Some(error) = &wrong {
            told += 1;
            assert!(!error.to_string().is_empty() && !error.remedy().is_empty());
        }
        let store = whole(folder.path());
        let found = changes_in(&store);
        // A change whose end failed may be there all the same; it was not acknowledged, and looking tells.
        assert!(found == 3 + done || found == 3 + done + 1, "{kind:?} {call}: {done} done, {found} there, {wrong:?}");
        // And it goes on.
        change(&store, 50).unwrap();
    }
    (faults, told)
}

#[test]
fn a_full_disk_loses_nothing_and_work_goes_on_when_there_is_space() {
    for stays in [false, true] {
        let (faults, told) = every_call_fails_once(Kind::Full, stays);
        println!("full from the Nth write on ({stays}): {faults} places, {told} told, 0 changes lost");
        assert!(faults > 10, "{faults}");
    }
}

#[test]
fn a_broken_disk_loses_nothing_wherever_it_breaks() {
    for stays in [false, true] {
        let (faults, told) = every_call_fails_once(Kind::Broken, stays);
        println!("broken at the Nth call ({stays}): {faults} places, {told} told, 0 changes lost");
        assert!(faults > 20, "{faults}");
    }
}

#[test]
fn a_full_disk_is_called_so() {
    install();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), at(0)).unwrap();
    fail(Fault { kind: Kind::Full, at: 1, stays: true });
    let error = change(&store, 1).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    assert!(store.read(|reader| reader.settings()).unwrap().is_none(), "reading goes on");
    heal();
    change(&store, 1).unwrap();
    assert_eq!(changes_in(&store), 1);
}
