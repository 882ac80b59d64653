//! Promise D4: bytes of the file changed anywhere, by anything. Either it is found, or everything the trail vouches for is
//! exactly as it was. `TIEOUT_FLIPS=1000` for more, `TIEOUT_SEED` for others.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]
use jiff::Timestamp;
use jiff::civil::date;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use tieout_domain::*;
use tieout_money::{Currency, Money};
use tieout_store::{LockKind, Store, StoreError};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(usual)
}

fn roll(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let it = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    it ^ (it >> 31)
}

fn payment(transaction: u64) -> Fetched<PaymentEvent> {
    let value = PaymentEvent {
        store: SourceId::xcart("larkspur"),
        transaction,
        row: 1,
        order_id: transaction,
        order_number: format!("{}", 10_000 + transaction),
        kind: PaymentEventKind::Capture,
        method: "Stripe".into(),
        gateway_ref: Some(format!("ch_{transaction}")),
        amount: Money::from_minor(transaction as i64 * 331, Currency::USD),
        at: at(transaction as i64),
        on: date(2026, 1, 1),
        party: format!("Customer {transaction}"),
        email: String::new(),
        note: String::new(),
    };
    Fetched { value, raw: format!(r#"{{"id":{transaction},"data":"{}"}}"#, "x".repeat(150)) }
}

fn posting(number: u64) -> Posting {
    let line = |account: &str, cents| JournalLine {
        account: account.into(),
        amount: Money::from_minor(cents, Currency::USD),
        memo: String::new(),
        dimensions: Dimensions::default(),
    };
    let lines = vec![line("6100", 336), line("1210", -336)];
    let entry = JournalEntry::new("GJ", date(2026, 1, 29), "Fee", &format!("TO-{number}"), lines).unwrap();
    Posting {
        id: PostingId(format!("p-{number}")),
        document: Document::JournalEntry(entry),
        facts: Vec::new(),
        because: "a fee".into(),
        checks: Vec::new(),
        settings_version: 1,
        after: Vec::new(),
        state: PostingState::Proposed,
    }
}

/// Records, settings, entries approved and not, a sign-off, a lock.
fn books(folder: &Path) {
    let store = Store::open(folder, at(0)).unwrap();
    store.upsert("pull", at(1), &(1..=60).map(payment).collect::<Vec<_>>()).unwrap();
    store
        .write("ann", at(2), |tx| {
            tx.save_settings("a text", "first")?;
            tx.put_proposals(&(1..=8).map(posting).collect::<Vec<_>>(), false)?;
            for number in 1..=4 {
                let id = PostingId(format!("p-{number}"));
                let content = tx.posting(&id)?.unwrap().fingerprint;
                let approval = Approval { by: UserId("bea".into()), at: tx.at(), content };
                tx.apply_event(&id, Event::Approve(approval))?;
            }
            tx.sign_off("2026-01", "preparer", "what was signed", "")?;
            tx.lock_period("2026-01", LockKind::Hard, "closed")?;
            tx.trust_identity("4f1c2b7a90de8831", "bea", &"ab".repeat(32))
        })
        .unwrap();
}

fn looked_through(folder: &Path) -> Result<(), StoreError> {
    let store = Store::open(folder, at(100))?;
    store.integrity_check()?;
    store.verify_audit(None)?.map_err(|broken| StoreError::Damaged { what: broken.to_string() })?;
    store.read(|reader| reader.verify_contents()).map(drop)
}

/// Everything the trail vouches for.
fn content(folder: &Path) -> Vec<String> {
    let file = folder.join("tieout.sqlite3");
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut all = Vec::new();
    for table in [
        "audit",
        "documents",
        "payments",
        "postings",
        "posting_keys",
        "settings",
        "decisions",
        "sign_offs",
        "period_locks",
        "identities",
    ] {
        // What is only shown, and found in no other place: when a row changed last.
        let mut rows = conn.prepare(&format!("SELECT * FROM {table} ORDER BY 1")).unwrap();
        let names: Vec<String> = rows.column_names().iter().map(|it| (*it).to_owned()).collect();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (at, name) in names.iter().enumerate() {
                if !["at", "created_at", "changed_at", "fetched_at", "withdrawn"].contains(&name.as_str())
                    || table == "audit"
                {
                    all.push(format!("{table}.{name} {:?}", row.get_ref(at).unwrap()));
                }
            }
        }
    }
    all
}

#[test]
fn a_changed_byte_is_found_or_changes_nothing_that_counts() {
    let good = tempfile::tempdir().unwrap();
    books(good.path());
    let bytes = std::fs::read(good.path().join("tieout.sqlite3")).unwrap();
    let heads = std::fs::read(good.path().join("tieout.heads")).unwrap();
    let before = content(good.path());
    let (flips, seed) = (number("TIEOUT_FLIPS", 120), number("TIEOUT_SEED", 1));
    let mut dice = seed;
    let (mut found, mut harmless) = (0, 0);
    for flip in 0..flips {
        let mut bad = bytes.clone();
        let place = (roll(&mut dice) % bad.len() as u64) as usize;
        let what = match flip % 5 {
            0 | 1 => {
                bad[place] ^= 1 << (roll(&mut dice) % 8);
                "one bit"
            }
            2 => {
                let end = (place + 64).min(bad.len());
                bad[place..end].iter_mut().for_each(|it| *it = roll(&mut dice) as u8);
                "64 bytes"
            }
            3 => {
                let page = place / 4096 * 4096;
                let end = (page + 4096).min(bad.len());
                bad[page..end].fill(0);
                "a page of zeros"
            }
            _ => {
                bad.truncate(place);
                "cut"
            }
        };
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        std::fs::write(folder.path().join("tieout.sqlite3"), &bad).unwrap();
        std::fs::write(folder.path().join("tieout.heads"), &heads).unwrap();
        match looked_through(folder.path()) {
            Err(error) => {
                assert!(!error.remedy().is_empty());
                found += 1;
            }
            Ok(()) => {
                let after = content(folder.path());
                let other = before.iter().zip(&after).find(|(before, after)| before != after);
                assert!(
                    other.is_none() && before.len() == after.len(),
                    "TIEOUT_SEED={seed}, {flip}: {what} at {place} went unseen: {other:?}"
                );
                harmless += 1;
            }
        }
    }
    println!("{flips} changes of the file: {found} found, {harmless} where nothing stands that counts, 0 unseen");
    assert!(found > flips / 3);
}
