//! Promise S1: text is text. Hundreds of strings of the kind that break out of statements, in every place a person or a
//! store can put text; each finds itself and nothing else, and nothing is gone.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]
use jiff::Timestamp;
use tieout_store::{AuditFilter, Store};

const BEFORE: [&str; 10] = ["'", "\"", "')", "'))", "';", "\\'", "%' ", "` ", "x' OR ", "/*"];
const MIDDLE: [&str; 10] = [
    "DROP TABLE audit",
    "UNION SELECT hash FROM audit",
    "OR 1=1",
    "AND randomblob(1000000000)",
    "ATTACH DATABASE '/tmp/x' AS x",
    "PRAGMA writable_schema=1",
    "LIKE '%'",
    "DELETE FROM settings",
    "load_extension('x')",
    "NULL",
];
const AFTER: [&str; 5] = ["--", ";--", "/*", "#", "||"];

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

#[test]
fn five_hundred_hostile_texts_find_themselves_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), at(0)).unwrap();
    store.write("ann", at(1), |tx| tx.save_settings("plain", "")).unwrap();
    let mut hostile = Vec::new();
    for before in BEFORE {
        for middle in MIDDLE {
            hostile.extend(AFTER.map(|after| format!("{before} {middle} {after}")));
        }
    }
    assert_eq!(hostile.len(), 500);
    for (number, text) in hostile.iter().enumerate() {
        // As a person's name, as what is noted, and as why.
        store
            .write(text, at(number as i64 + 2), |tx| {
                tx.add_note(text, text)?;
                tx.save_settings(&format!("{number} {text}"), text).map(drop)
            })
            .unwrap();
    }
    let rows = store.read(|reader| reader.audit_head()).unwrap().seq;
    assert_eq!(rows, 1 + 500 * 2);
    for text in &hostile {
        let by = AuditFilter { actor: Some(text.clone()), ..Default::default() };
        assert_eq!(store.read(|reader| reader.audit_count(&by)).unwrap(), 2, "{text:?}");
        let about = AuditFilter { subject: Some(text.clone()), ..Default::default() };
        assert_eq!(store.read(|reader| reader.audit_count(&about)).unwrap(), 1, "{text:?}");
        let literal = hostile.iter().filter(|it| it.contains(text.as_str())).count() as u64;
        let says = AuditFilter { text: Some(text.clone()), ..Default::default() };
        let found = store.read(|reader| reader.audit_count(&says)).unwrap();
        assert!(found >= literal && found <= literal * 4, "{text:?}: {found}");
        assert_eq!(store.read(|reader| reader.notes(text)).unwrap().len(), 1, "{text:?}");
        store.read(|reader| reader.search(text, 10)).unwrap();
    }
    store.integrity_check().unwrap();
    store.verify_audit(None).unwrap().unwrap();
    store.read(|reader| reader.verify_contents()).unwrap();
}
