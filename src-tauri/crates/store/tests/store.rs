//! What the store promises, told through its public interface.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeSet;
use tieout_domain::*;
use tieout_money::{Currency, Money};
use tieout_store::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

fn open() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("data"), at(0)).unwrap();
    (folder, store)
}

fn payment(transaction: u64, cents: i64) -> PaymentEvent {
    PaymentEvent {
        store: SourceId::xcart("larkspur"),
        transaction,
        row: 1,
        order_id: transaction,
        order_number: format!("{}", 10_000 + transaction),
        kind: if cents < 0 { PaymentEventKind::Refund } else { PaymentEventKind::Capture },
        method: "Stripe".into(),
        gateway_ref: Some(format!("ch_{transaction}")),
        amount: Money::from_minor(cents, Currency::USD),
        at: at(transaction as i64),
        on: date(2026, 1, 1).saturating_add(jiff::Span::new().days((transaction % 90) as i64)),
        party: format!("Customer {}", transaction % 7),
        email: format!("c{transaction}@example.com"),
        note: String::new(),
    }
}

fn fetched(payment: PaymentEvent) -> Fetched<PaymentEvent> {
    let raw =
        format!(r#"{{"id":{},"value":{},"data":"{}"}}"#, payment.transaction, payment.amount.minor(), "x".repeat(200));
    Fetched { value: payment, raw }
}

fn many(count: u64) -> Vec<Fetched<PaymentEvent>> {
    (1..=count).map(|id| fetched(payment(id, (id as i64 * 37) % 5_000 - 500))).collect()
}

fn entry(reference: &str, cents: i64) -> Document {
    let line = |account: &str, cents| JournalLine {
        account: account.into(),
        amount: Money::from_minor(cents, Currency::USD),
        memo: String::new(),
        dimensions: Dimensions::default(),
    };
    let lines = vec![line("6100", cents), line("1210", -cents)];
    Document::JournalEntry(JournalEntry::new("GJ", date(2026, 1, 29), "Fee", reference, lines).unwrap())
}

fn posting(id: &str, reference: &str, cents: i64) -> Posting {
    Posting {
        id: PostingId(id.into()),
        document: entry(reference, cents),
        facts: vec![(payment(1, 100).record(), 1)],
        because: "the fee of a payout".into(),
        checks: vec![Check { level: CheckLevel::Pass, text: "balances".into() }],
        settings_version: 1,
        after: Vec::new(),
        state: PostingState::Proposed,
    }
}

fn approve(store: &Store, posting: &Posting) {
    let approval = Approval { by: UserId("ann".into()), at: at(1), content: posting.fingerprint() };
    store.write("ann", at(1), |tx| tx.apply_event(&posting.id, Event::Approve(approval))).unwrap();
}

fn raw_sql(store: &Store, sql: &str) {
    let conn = rusqlite::Connection::open(store.folder().join("tieout.sqlite3")).unwrap();
    conn.execute_batch(sql).unwrap();
}

fn is_audit_intact(store: &Store) -> bool {
    store.verify_audit(None).unwrap().is_ok()
}

fn contents(store: &Store) -> Result<ContentsReport, StoreError> {
    store.read(|reader| reader.verify_contents())
}

#[test]
fn the_same_bytes_change_nothing_and_other_bytes_raise_the_version() {
    let (_folder, store) = open();
    let first = store.upsert("pull", at(1), &many(10)).unwrap();
    assert_eq!((first.added, first.changed, first.unchanged), (10, 0, 0));
    let head = store.read(|reader| reader.audit_head()).unwrap();
    let again = store.upsert("pull", at(2), &many(10)).unwrap();
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 10));
    assert_eq!(store.read(|reader| reader.audit_head()).unwrap(), head, "nothing changed, so nothing is told");

    let record = payment(3, 0).record();
    let changed = store.upsert("pull", at(3), &[fetched(payment(3, 99))]).unwrap();
    assert_eq!(changed.changed_refs, vec![record.clone()]);
    let stored = store.read(|reader| reader.get::<PaymentEvent>(&record)).unwrap().unwrap();
    assert_eq!((stored.version, stored.value.amount.minor()), (2, 99));
    let history = store.read(|reader| reader.history(&record)).unwrap();
    assert_eq!(history.iter().map(|it| it.version).collect::<Vec<_>>(), [2, 1]);
    assert!(history[1].raw.contains(&"x".repeat(200)), "older documents are kept whole");
    assert!(is_audit_intact(&store));
    contents(&store).unwrap();
}

#[test]
fn twins_with_equal_content_stay_two() {
    let (_folder, store) = open();
    let mut twin = payment(2, 500);
    let mut other = payment(2, 500);
    twin.row = 1;
    other.row = 2;
    store.upsert("pull", at(1), &[fetched(twin), fetched(other)]).unwrap();
    assert_eq!(store.read(|reader| reader.count(ObjectKind::Payment)).unwrap(), 2);
}

#[test]
fn a_record_missing_at_its_source_is_kept_as_deleted_and_comes_back_as_a_new_version() {
    let (_folder, store) = open();
    store.upsert("pull", at(1), &many(3)).unwrap();
    let live = BTreeSet::from(["1:1".to_owned(), "3:1".to_owned()]);
    let source = SourceId::xcart("larkspur");
    let report = store.write("pull", at(2), |tx| tx.tombstone_missing(&source, ObjectKind::Payment, &live)).unwrap();
    let gone = payment(2, 0).record();
    assert_eq!(report.deleted, vec![gone.clone()]);
    assert!(store.read(|reader| reader.get::<PaymentEvent>(&gone)).unwrap().is_none());
    assert_eq!(store.read(|reader| reader.history(&gone)).unwrap().len(), 1);
    store.upsert("pull", at(3), &many(3)).unwrap();
    assert_eq!(store.read(|reader| reader.get::<PaymentEvent>(&gone)).unwrap().unwrap().version, 2);
}

#[test]
fn a_second_copy_is_refused_and_told_who_has_the_folder() {
    let (folder, store) = open();
    let error = Store::open(&folder.path().join("data"), at(5)).unwrap_err();
    assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
    let reader = Store::open_read_only(&folder.path().join("data")).unwrap();
    assert!(matches!(reader.write("x", at(1), |_| Ok::<_, StoreError>(())), Err(StoreError::ReadOnly)));
    drop((store, reader));
    Store::open(&folder.path().join("data"), at(6)).unwrap();
}

#[test]
fn a_database_of_a_newer_version_or_of_another_program_is_refused_untouched() {
    let (folder, store) = open();
    raw_sql(&store, "PRAGMA user_version = 99");
    drop(store);
    let error = Store::open(&folder.path().join("data"), at(1)).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
    let other = tempfile::tempdir().unwrap();
    let conn = rusqlite::Connection::open(other.path().join("tieout.sqlite3")).unwrap();
    conn.execute_batch("CREATE TABLE recipes (id INTEGER)").unwrap();
    assert!(matches!(Store::open(other.path(), at(1)), Err(StoreError::NotOurs { .. })));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, store) = open();
    store.upsert("pull", at(1), &many(1)).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(store.folder()), 0o700);
    for file in ["tieout.sqlite3", "tieout.sqlite3-wal", "tieout.lock"] {
        assert_eq!(mode(&store.folder().join(file)), 0o600, "{file}");
    }
}

#[test]
fn the_program_itself_cannot_change_what_was_written_for_good() {
    let (_folder, store) = open();
    store.upsert("pull", at(1), &many(2)).unwrap();
    let conn = rusqlite::Connection::open(store.folder().join("tieout.sqlite3")).unwrap();
    for sql in [
        "UPDATE audit SET actor = 'eve'",
        "DELETE FROM audit",
        "UPDATE documents SET body = ''",
        "DELETE FROM documents",
    ] {
        assert!(conn.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn flipped_content_is_found_wherever_it_is() {
    let free = "DROP TRIGGER documents_are_kept_u; DROP TRIGGER documents_are_kept_d; DROP TRIGGER postings_are_kept;
        DROP TRIGGER posting_keys_are_kept_u; DROP TRIGGER settings_are_kept_u;";
    for sql in [
        "UPDATE payments SET amount = amount + 1 WHERE id = 2",
        "UPDATE payments SET on_day = '2026-02-30' WHERE id = 2",
        "UPDATE documents SET body = replace(body, 'Stripe', 'Strype') WHERE id = 2",
        "UPDATE documents SET raw = zeroblob(length(raw)) WHERE id = 2",
        "UPDATE documents SET raw = CAST(substr(raw, 1, 3) || x'39' || substr(raw, 5) AS BLOB) WHERE id = 2",
        "UPDATE documents SET raw_bytes = raw_bytes * 1000000000 WHERE id = 2",
        "DELETE FROM documents WHERE id = 3",
        "UPDATE postings SET amount = 1",
        "UPDATE postings SET body = replace(body, '3.36', '3.37')",
        "UPDATE postings SET state = 'posted'",
        "UPDATE postings SET state_body = replace(state_body, 'ann', 'eve')",
        "DELETE FROM postings WHERE posting_id = 'p-2'",
        "UPDATE posting_keys SET bytes = x'00'",
        "UPDATE settings SET text = 'other'",
        "UPDATE decisions SET subject = '{}'",
    ] {
        let (_folder, store) = open();
        store.upsert("pull", at(1), &many(5)).unwrap();
        let postings = [posting("p-1", "TO-1", 336), posting("p-2", "TO-2", 500)];
        store.write("plan", at(1), |tx| tx.put_proposals(&postings, true)).unwrap();
        approve(&store, &postings[0]);
        let key = IdempotencyKey("k-1".into());
        store
            .write("post", at(2), |tx| tx.save_key(&postings[0].id, &key, b"<x/>", &postings[0].fingerprint()))
            .unwrap();
        store.write("ann", at(3), |tx| tx.save_settings("mapping", "")).unwrap();
        let decision = NewDecision { kind: "split", title: "Split", subject: r#"{"a":1}"#, reason: "" };
        store.write("ann", at(3), |tx| tx.decide(&decision)).unwrap();
        let report = contents(&store).unwrap();
        assert_eq!((report.records, report.postings, report.keys), (5, 2, 1));
        raw_sql(&store, &[free, "PRAGMA foreign_keys = OFF;", sql].concat());
        assert!(contents(&store).is_err(), "{sql}");
    }
}

#[test]
fn a_posting_goes_its_way_one_stored_step_at_a_time() {
    let (folder, store) = open();
    let proposal = posting("p-1", "TO-1", 336);
    let report = store.write("plan", at(1), |tx| tx.put_proposals(std::slice::from_ref(&proposal), true)).unwrap();
    assert_eq!(report.added, vec![proposal.id.clone()]);
    let again = store.write("plan", at(1), |tx| tx.put_proposals(std::slice::from_ref(&proposal), true)).unwrap();
    assert_eq!((again.unchanged, again.added.len()), (1, 0), "planning twice proposes nothing new");

    let key = IdempotencyKey("k-1".into());
    let send = |store: &Store, bytes: &[u8]| {
        store.write("post", at(2), |tx| tx.begin_sending(&proposal.id, &key, bytes, &proposal.fingerprint()))
    };
    assert!(matches!(send(&store, b"<entry/>"), Err(StoreError::NotSendable { .. })), "not without approval");
    approve(&store, &proposal);
    let other = posting("p-1", "TO-1", 337).fingerprint();
    let sent = store.write("post", at(2), |tx| tx.begin_sending(&proposal.id, &key, b"<entry/>", &other));
    assert!(matches!(sent, Err(StoreError::NotSendable { .. })), "not as other content than was approved");
    assert!(matches!(send(&store, b"<entry/>").unwrap(), PostingState::Sending { attempt: 1, .. }));
    assert!(matches!(send(&store, b"<other/>"), Err(StoreError::KeyReused { .. })));
    drop(store);

    let store = Store::open(&folder.path().join("data"), at(9)).unwrap();
    let waiting = store.read(|reader| reader.postings_in(&["sending"])).unwrap();
    assert_eq!(waiting.len(), 1, "after a restart it is still known to be on its way");
    assert_eq!(store.read(|reader| reader.saved_request(&key)).unwrap().unwrap().bytes, b"<entry/>");
    let step = |event| store.write("post", at(10), |tx| tx.apply_event(&proposal.id, event)).unwrap();
    step(Event::NoAnswer { look_up_after: at(1_200) });
    store.write("post", at(10), |tx| tx.log_posting(&proposal.id, "no answer", "the connection was cut")).unwrap();
    let state = step(Event::Found { record: IntacctRecordNo("77".into()), at: at(11) });
    assert_eq!(state.as_str(), "posted");
    let error = store.write("x", at(12), |tx| tx.apply_event(&proposal.id, Event::Void { reason: "x".into() }));
    assert!(matches!(error, Err(StoreError::Illegal(_))));
    let counts = store.read(|reader| reader.posting_counts()).unwrap();
    assert_eq!((counts[0].state.as_str(), counts[0].sum.to_string()), ("posted", "3.36 USD".to_owned()));
    assert_eq!(store.read(|reader| reader.posting_log(&proposal.id)).unwrap().len(), 1);
    assert!(store.read(|reader| reader.audit_of("posting/p-1")).unwrap().len() >= 5);
    contents(&store).unwrap();
    assert!(is_audit_intact(&store));
}

#[test]
fn a_changed_fact_voids_the_approval() {
    let (_folder, store) = open();
    let proposal = posting("p-1", "TO-1", 336);
    store.write("plan", at(1), |tx| tx.put_proposals(std::slice::from_ref(&proposal), true)).unwrap();
    approve(&store, &proposal);
    let changed = Posting { facts: vec![(payment(1, 100).record(), 2)], ..proposal.clone() };
    store.write("plan", at(2), |tx| tx.put_proposals(&[changed], true)).unwrap();
    let now = store.read(|reader| reader.posting(&proposal.id)).unwrap().unwrap();
    assert_eq!(now.posting.state, PostingState::Proposed);
    let stale = Approval { by: UserId("ann".into()), at: at(3), content: proposal.fingerprint() };
    let error = store.write("ann", at(3), |tx| tx.apply_event(&proposal.id, Event::Approve(stale)));
    assert!(matches!(error, Err(StoreError::NotSendable { .. })));
}

#[test]
fn what_nothing_proposes_is_voided_and_what_a_person_voided_stays_so() {
    let (_folder, store) = open();
    let (one, two) = (posting("p-1", "TO-1", 1), posting("p-2", "TO-2", 2));
    let put = |set: &[Posting]| store.write("plan", at(1), |tx| tx.put_proposals(set, true)).unwrap();
    put(&[one.clone(), two.clone()]);
    assert_eq!(put(std::slice::from_ref(&two)).voided, vec![one.id.clone()]);
    assert_eq!(put(&[one.clone(), two.clone()]).changed, vec![one.id.clone()], "its facts are back");
    store.write("ann", at(2), |tx| tx.apply_event(&one.id, Event::Void { reason: "not ours".into() })).unwrap();
    assert_eq!(put(&[one.clone(), two]).left_alone, 1);
    let rival = posting("p-9", "TO-2", 9);
    assert_eq!(store.write("plan", at(3), |tx| tx.put_proposals(&[rival], false)).unwrap().conflicts.len(), 1);
}

fn group(left: u64, right: u64, status: MatchStatus) -> MatchGroup {
    let (left, right) = (vec![payment(left, 0).record()], vec![payment(right, 0).record()]);
    MatchGroup {
        id: MatchGroup::id_of(&left, &right),
        left,
        right,
        kind: MatchKind::OneToOne,
        status,
        pass: "reference".into(),
        confidence: Confidence(9_500),
        evidence: vec![Evidence::Days { days: -2 }, Evidence::NameSimilar { percent: 91 }],
        variance: Money::zero(Currency::USD),
    }
}

#[test]
fn a_new_run_replaces_findings_and_keeps_what_people_said() {
    let (_folder, store) = open();
    store.upsert("pull", at(1), &many(10)).unwrap();
    let run = |groups: &[MatchGroup]| store.write("match", at(1), |tx| tx.replace_matches(groups)).unwrap();
    assert_eq!(run(&[group(1, 2, MatchStatus::Suggested), group(3, 4, MatchStatus::Automatic)]).stored, 2);
    let confirmed = group(1, 2, MatchStatus::Confirmed { by: UserId("ann".into()) });
    store.write("ann", at(2), |tx| tx.put_match(&confirmed, "seen both")).unwrap();
    let overlapping = group(1, 5, MatchStatus::Automatic);
    let error = store.write("bob", at(2), |tx| tx.put_match(&overlapping, ""));
    assert!(matches!(error, Err(StoreError::AlreadyMatched { .. })), "a record is in at most one match");
    let pair = RejectedPair { left: payment(6, 0).record(), right: payment(7, 0).record() };
    store.write("ann", at(2), |tx| tx.reject_pairs(std::slice::from_ref(&pair))).unwrap();
    let report = run(&[overlapping, group(6, 7, MatchStatus::Suggested), group(8, 9, MatchStatus::Suggested)]);
    assert_eq!((report.stored, report.kept_confirmed, report.held_back.len()), (1, 1, 2));
    assert_eq!(store.read(|reader| reader.match_of(&payment(1, 0).record())).unwrap().unwrap().group, confirmed);
    contents(&store).unwrap();

    let open = ListQuery {
        filter: RowFilter { placement: Some(Placement::Open), ..Default::default() },
        ..Default::default()
    };
    assert_eq!(store.read(|reader| reader.window::<PaymentEvent>(&open, 0, 50)).unwrap().total, 6);
    store.write("ann", at(3), |tx| tx.remove_match(&confirmed.id, "")).unwrap();
    assert_eq!(store.read(|reader| reader.window::<PaymentEvent>(&open, 0, 50)).unwrap().total, 8);
    contents(&store).unwrap();
}

#[test]
fn a_rejected_pair_is_not_offered_again_until_one_of_the_two_says_something_else() {
    let (_folder, store) = open();
    store.upsert("pull", at(1), &many(10)).unwrap();
    let pair = RejectedPair { left: payment(6, 0).record(), right: payment(7, 0).record() };
    store.write("ann", at(2), |tx| tx.reject_pairs(std::slice::from_ref(&pair))).unwrap();
    let run = |store: &Store| {
        let groups = [group(6, 7, MatchStatus::Suggested)];
        store.write("match", at(3), |tx| tx.replace_matches(&groups)).unwrap().stored
    };
    let held = |store: &Store| store.read(|reader| reader.rejected_pairs()).unwrap().len();
    assert_eq!((run(&store), held(&store)), (0, 1));

    let mut noted = store.read(|reader| reader.get::<PaymentEvent>(&pair.right)).unwrap().unwrap().value;
    noted.note = "nothing that is evidence".into();
    store.upsert("pull", at(4), &[Fetched { value: noted.clone(), raw: "{}".into() }]).unwrap();
    assert_eq!((run(&store), held(&store)), (0, 1), "another version that says the same");

    noted.party = "Another Payer".into();
    store.upsert("pull", at(5), &[Fetched { value: noted, raw: "{}".into() }]).unwrap();
    assert_eq!((run(&store), held(&store)), (1, 0), "another name");
    let told = store.read(|reader| reader.rejections()).unwrap();
    assert_eq!((told.len(), told[0].has_lapsed, told[0].by.as_str()), (1, true, "ann"), "it is still told");

    store.write("ann", at(6), |tx| tx.reject_pairs(std::slice::from_ref(&pair))).unwrap();
    assert_eq!((run(&store), held(&store)), (0, 1), "taken apart once more, for what they say now");
}

#[test]
fn rules_have_versions_and_a_text_changed_behind_our_back_is_found() {
    let (_folder, store) = open();
    assert_eq!(store.read(|reader| reader.rules()).unwrap(), None);
    let save = |text: &str, second| store.write("ann", at(second), |tx| tx.save_rules(text, "why")).unwrap();
    assert_eq!((save("a", 1), save("a", 2), save("b", 3)), (1, 1, 2), "the same text is no new version");
    let versions = store.read(|reader| reader.rules_versions()).unwrap();
    assert_eq!(versions.iter().map(|it| (it.version, it.text.as_str())).collect::<Vec<_>>(), [(2, "b"), (1, "a")]);
    assert_eq!(store.read(|reader| reader.verify_contents()).unwrap().rules, 2);
    raw_sql(&store, "DROP TRIGGER rules_are_kept_u; UPDATE rules SET text = 'c' WHERE version = 1");
    assert!(contents(&store).is_err());
}

#[test]
fn what_is_switched_off_of_the_learned_stays_off_and_each_switch_is_told() {
    let (_folder, store) = open();
    let rows = |store: &Store| store.read(|reader| reader.audit_head()).unwrap().seq;
    let switch = |is_on| store.write("ann", at(1), |tx| tx.switch_learned("alias:a", "a is C-1", is_on, "")).unwrap();
    let before = rows(&store);
    assert!(!switch(true), "it was on");
    assert_eq!(rows(&store), before);
    assert!(switch(false));
    assert!(!switch(false));
    let off = store.read(|reader| reader.learned_off()).unwrap();
    assert_eq!((off.len(), off[0].id.as_str(), off[0].by.as_str()), (1, "alias:a", "ann"));
    assert!(switch(true));
    assert_eq!(rows(&store), before + 2);
    assert_eq!(store.read(|reader| reader.learned_off()).unwrap(), []);
}

#[test]
fn the_lines_of_a_match_can_be_read_from_its_middle() {
    let (_folder, store) = open();
    store.upsert("pull", at(1), &many(10)).unwrap();
    let mut wide = group(1, 2, MatchStatus::Suggested);
    wide.left.extend([payment(3, 0).record(), payment(4, 0).record()]);
    let groups = [wide, group(5, 6, MatchStatus::Suggested)];
    store.write("match", at(1), |tx| tx.replace_matches(&groups)).unwrap();
    let window = store.read(|reader| reader.match_lines_window(&ListQuery::default(), 1, 9)).unwrap();
    assert_eq!(window.total, 4);
    assert_eq!(window.rows.iter().map(|line| line.line).collect::<Vec<_>>(), [1, 2, 0]);
}

#[test]
fn an_exception_keeps_what_people_attached_to_it() {
    let (_folder, store) = open();
    let exception = Exception {
        kind: ExceptionKind::CaptureWithoutReceipt,
        records: vec![payment(1, 0).record()],
        at_stake: Some(Money::from_minor(100, Currency::USD)),
        on: Some(date(2026, 1, 2)),
        subject: "#10001".into(),
        why_not: "no receipt".into(),
    };
    let run = |set: &[Exception], second| store.write("match", at(second), |tx| tx.replace_exceptions(set)).unwrap();
    assert_eq!(run(std::slice::from_ref(&exception), 1).added, 1);
    let id = exception.id();
    store.write("ann", at(2), |tx| tx.add_note(&id.0, "asked the customer")).unwrap();
    store.write("ann", at(2), |tx| tx.snooze_exception(&id, Some(date(2026, 2, 1)))).unwrap();
    store.write("ann", at(2), |tx| tx.assign_exception(&id, Some("bob"))).unwrap();
    assert_eq!(run(std::slice::from_ref(&exception), 3).still_there, 1);
    let stored = store.read(|reader| reader.exception(&id)).unwrap().unwrap();
    assert_eq!((stored.status, stored.first_seen, stored.noted), (ExceptionStatus::Snoozed, at(1), true));
    assert_eq!(stored.owner.as_deref(), Some("bob"));
    assert_eq!(run(&[], 4).resolved, 1);
    assert_eq!(run(&[exception], 5).reopened, 1);
    assert_eq!(store.read(|reader| reader.standing_exceptions()).unwrap().len(), 1);
}

#[test]
fn decisions_are_undone_and_redone_across_a_restart() {
    let (folder, store) = open();
    let decide = |store: &Store, title: &str| {
        let decision = NewDecision { kind: "match", title, subject: "{}", reason: "" };
        store.write("ann", at(1), |tx| tx.decide(&decision)).unwrap()
    };
    decide(&store, "one");
    decide(&store, "two");
    drop(store);
    let store = Store::open(&folder.path().join("data"), at(2)).unwrap();
    assert_eq!(store.write("ann", at(3), |tx| tx.undo()).unwrap().unwrap().title, "two");
    assert_eq!(store.write("ann", at(3), |tx| tx.undo()).unwrap().unwrap().title, "one");
    assert!(store.write("ann", at(3), |tx| tx.undo()).unwrap().is_none());
    assert_eq!(store.write("ann", at(4), |tx| tx.redo()).unwrap().unwrap().title, "one");
    decide(&store, "three");
    assert!(store.write("ann", at(5), |tx| tx.redo()).unwrap().is_none(), "a new decision ends the redo");
    let standing = store.read(|reader| reader.decisions("match")).unwrap();
    assert_eq!(standing.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["one", "three"]);
    contents(&store).unwrap();
}

#[test]
fn a_file_is_taken_back_as_a_unit_and_leaves_what_another_file_holds() {
    let (_folder, store) = open();
    let source = SourceId::file("stripe");
    let row = |id: &str| {
        let value = SettlementRow {
            source: source.clone(),
            row_id: id.into(),
            kind: SettlementKind::Charge,
            payout_id: "po_1".into(),
            gateway_ref: "ch_1".into(),
            order_number: "10001".into(),
            gross: Money::from_minor(1_000, Currency::USD),
            fee: Money::from_minor(-59, Currency::USD),
            net: Money::from_minor(941, Currency::USD),
            on: date(2026, 1, 5),
            available_on: None,
            description: String::new(),
        };
        Fetched { value, raw: id.to_owned() }
    };
    let import = |name: &str, rows: &[Fetched<SettlementRow>]| {
        store.write("ann", at(1), |tx| tx.import_settlements(&source, name, name.as_bytes(), rows)).unwrap()
    };
    let first = import("jan.csv", &[row("a"), row("b")]);
    assert_eq!((first.added, first.already_there), (2, 0));
    assert!(import("jan.csv", &[row("a"), row("b")]).same_file_before);
    let second = import("feb.csv", &[row("b"), row("c")]);
    assert_eq!((second.added, second.already_there), (1, 1));
    let undone = store.write("ann", at(2), |tx| tx.undo_import(first.batch)).unwrap();
    assert_eq!((undone.removed, undone.kept), (1, 1));
    assert_eq!(store.read(|reader| reader.count(ObjectKind::Settlement)).unwrap(), 2);
    assert_eq!(import("jan.csv", &[row("a"), row("b")]).already_there, 1, "it can be imported again");
    assert_eq!(store.read(|reader| reader.count(ObjectKind::Settlement)).unwrap(), 3);
    contents(&store).unwrap();
}

#[test]
fn a_refused_record_is_forgotten_once_it_is_understood() {
    let (_folder, store) = open();
    let refused = Refused { record: payment(1, 0).record(), reason: "currency XYZ".into(), raw: "{}".into() };
    store.write("pull", at(1), |tx| tx.refuse(std::slice::from_ref(&refused))).unwrap();
    store.write("pull", at(2), |tx| tx.refuse(std::slice::from_ref(&refused))).unwrap();
    let known = store.read(|reader| reader.refused_records()).unwrap();
    assert_eq!((known[0].first_seen, known[0].last_seen), (at(1), at(2)));
    store.upsert("pull", at(3), &many(2)).unwrap();
    assert!(store.read(|reader| reader.refused_records()).unwrap().is_empty());
    contents(&store).unwrap();
}

#[test]
fn a_failed_change_leaves_nothing_behind() {
    let (_folder, store) = open();
    let result = store.write("pull", at(1), |tx| {
        tx.upsert(&many(5))?;
        Err::<(), _>(StoreError::NotFound { what: "x".into() })
    });
    assert!(result.is_err());
    assert_eq!(store.read(|reader| reader.count(ObjectKind::Payment)).unwrap(), 0);
    assert_eq!(store.read(|reader| reader.audit_head()).unwrap().seq, 0);
}

#[test]
fn a_cursor_is_saved_with_the_records_it_speaks_of() {
    let (_folder, store) = open();
    let source = SourceId::xcart("larkspur");
    let run = store.start_sync_run(&source, at(1)).unwrap();
    store
        .write("pull", at(1), |tx| {
            tx.upsert(&many(5))?;
            tx.set_cursor(&source, ObjectKind::Payment, r#"{"after":5}"#)
        })
        .unwrap();
    store.end_sync_run(run, at(2), &SyncCounts { requests: 7, added: 5, ..Default::default() }, None).unwrap();
    let cursor = store.read(|reader| reader.cursor(&source, ObjectKind::Payment)).unwrap();
    assert_eq!(cursor, Some((r#"{"after":5}"#.to_owned(), at(1))));
    assert_eq!(store.read(|reader| reader.last_good_run(&source)).unwrap().unwrap().counts.requests, 7);
}

#[test]
fn a_cool_down_survives_a_restart_and_is_never_shortened() {
    let (folder, store) = open();
    store.set_cool_down("api.intacct.com", at(500)).unwrap();
    store.set_cool_down("api.intacct.com", at(100)).unwrap();
    drop(store);
    let store = Store::open(&folder.path().join("data"), at(2)).unwrap();
    assert_eq!(store.read(|reader| reader.cool_down("api.intacct.com")).unwrap(), Some(at(500)));
}

#[test]
fn search_finds_beginnings_of_words_and_amounts() {
    let (_folder, store) = open();
    store.upsert("pull", at(1), &many(50)).unwrap();
    assert!(!store.read(|reader| reader.search("10017", 10)).unwrap().complete);
    store.refresh_search().unwrap();
    let find = |text: &str| store.read(|reader| reader.search(text, 10)).unwrap();
    let number = |text: &str| find(text).hits.iter().map(|hit| hit.number.clone()).collect::<Vec<_>>();
    assert_eq!(number("10017"), ["10017"]);
    assert_eq!(number("ch_17"), ["10017"]);
    assert_eq!(number("c17@exam"), ["10017"]);
    assert_eq!(number("1.29"), ["10017"], "17 * 37 - 500 cents");
    for hostile in ["\"", "') OR 1=1 --", "NEAR(", "*", "", "a\" OR \"b"] {
        assert!(find(hostile).hits.len() <= 10, "{hostile}");
    }
    store.upsert("pull", at(2), &[fetched(PaymentEvent { order_number: "77".into(), ..payment(17, 1) })]).unwrap();
    store.refresh_search().unwrap();
    assert!(number("10017").is_empty());
    assert_eq!(number("77"), ["77"]);
}

#[test]
fn text_from_outside_stays_text() {
    let (_folder, store) = open();
    for hostile in ["'); DROP TABLE payments;--", "100%", "_", "\\", "\" OR 1=1"] {
        let named = PaymentEvent { party: hostile.into(), ..payment(1, 5) };
        store.upsert("pull", at(1), &[fetched(named), fetched(payment(2, 5))]).unwrap();
        let query =
            ListQuery { filter: RowFilter { text: Some(hostile.into()), ..Default::default() }, ..Default::default() };
        let window = store.read(|reader| reader.window::<PaymentEvent>(&query, 0, 10)).unwrap();
        assert!(window.rows.iter().any(|row| row.value.party == hostile), "{hostile}");
        if hostile != "_" {
            assert_eq!(window.total, 1, "{hostile}"); // `_` stands in `ch_2` too
        }
    }
}

#[test]
fn a_backup_opens_and_says_the_same() {
    let (_folder, store) = open();
    store.upsert("pull", at(1), &many(20)).unwrap();
    let file = store.backup(at(2)).unwrap();
    let restored = tempfile::tempdir().unwrap();
    std::fs::copy(&file, restored.path().join("tieout.sqlite3")).unwrap();
    let copy = Store::open(restored.path(), at(3)).unwrap();
    let (there, here) = (copy.verify_audit(None).unwrap().unwrap(), store.verify_audit(None).unwrap().unwrap());
    assert_eq!(there.rows, here.rows + 1, "one row more: that its head file is not there");
    contents(&copy).unwrap();
}

#[test]
fn the_trail_is_read_in_windows_newest_first() {
    let (_folder, store) = open();
    for version in 1..=30 {
        let actor = if version % 2 == 0 { "ann" } else { "bob" };
        store.write(actor, at(version), |tx| tx.save_settings(&format!("text {version}"), "")).unwrap();
    }
    let seqs = |filter: &AuditFilter, position, limit| {
        let window = store.read(|reader| reader.audit_window(filter, position, limit)).unwrap();
        (window.total, window.rows.iter().map(|row| row.seq).collect::<Vec<_>>())
    };
    assert_eq!(seqs(&AuditFilter::default(), 0, 3), (30, vec![30, 29, 28]));
    assert_eq!(seqs(&AuditFilter::default(), 28, 9), (30, vec![2, 1]));
    assert_eq!(seqs(&AuditFilter { actor: Some("bob".into()), ..Default::default() }, 1, 2), (15, vec![27, 25]));
}

#[test]
fn every_state_of_a_posting_survives_the_database() {
    let key = || IdempotencyKey("k".into());
    let states = [
        PostingState::Sending { key: key(), attempt: 2, at: at(1) },
        PostingState::InDoubt { key: key(), attempt: 1, look_up_after: at(2), absent: 1 },
    ];
    for state in states {
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<PostingState>(&text).unwrap(), state, "{text}");
    }
    let group = group(1, 2, MatchStatus::Suggested);
    let text = serde_json::to_string(&group).unwrap();
    assert_eq!(serde_json::from_str::<MatchGroup>(&text).unwrap(), group);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Any window of any sort and filter is the same part of the list sorted by hand.
    #[test]
    fn a_window_is_a_part_of_the_whole_list(
        cents in prop::collection::vec(-300i64..300, 1..60),
        position in 0u32..70,
        limit in 1u32..30,
        descending: bool,
        floor in proptest::option::of(-100i64..100),
    ) {
        let (_folder, store) = open();
        let records: Vec<_> = cents.iter().enumerate().map(|(index, cents)| fetched(payment(index as u64 + 1, *cents))).collect();
        store.upsert("pull", at(1), &records).unwrap();
        let query = ListQuery {
            filter: RowFilter { amount_min: floor, ..Default::default() },
            sort: SortBy::Amount,
            descending,
        };
        let mut expected: Vec<_> = records.iter().map(|it| it.value.clone()).collect();
        expected.retain(|it| floor.is_none_or(|floor| it.amount.minor() >= floor));
        expected.sort_by_key(|it| (it.amount.minor(), it.transaction));
        if descending {
            expected.reverse();
        }
        for _ in 0..2 { // the second time from the remembered rank
            let window = store.read(|reader| reader.window::<PaymentEvent>(&query, position, limit)).unwrap();
            prop_assert_eq!(window.total as usize, expected.len());
            let rows: Vec<_> = window.rows.into_iter().map(|row| row.value).collect();
            let part: Vec<_> = expected.iter().skip(position as usize).take(limit as usize).cloned().collect();
            prop_assert_eq!(rows, part);
        }
    }

    #[test]
    fn what_goes_in_comes_out(party in "\\PC{0,40}", note in ".{0,200}", cents: i64, raw in ".{0,500}") {
        let (_folder, store) = open();
        let value = PaymentEvent { party, note, amount: Money::from_minor(cents, Currency::USD), ..payment(1, 0) };
        store.upsert("pull", at(1), &[Fetched { value: value.clone(), raw: raw.clone() }]).unwrap();
        let stored = store.read(|reader| reader.get::<PaymentEvent>(&value.record())).unwrap().unwrap();
        prop_assert_eq!(stored.value, value.clone());
        prop_assert_eq!(store.read(|reader| reader.raw(&value.record())).unwrap().unwrap().raw, raw);
    }
}
