//! `tieout audit verify` against a database tool and a hex editor.

use crate::books::Books;

const FREE: &str = "DROP TRIGGER audit_is_kept_u; DROP TRIGGER audit_is_kept_d;";

/// What a careful forger does: every digest from the first row on made anew.
fn reseal(books: &Books) {
    use sha2::{Digest, Sha256};
    let conn = rusqlite::Connection::open(books.file("tieout.sqlite3")).unwrap();
    let mut rows = conn
        .prepare("SELECT seq, content, at, actor, action, subject, before, after, reason, app, zone, rule FROM audit ORDER BY seq")
        .unwrap();
    let rows: Vec<(i64, Option<Vec<u8>>, Vec<String>)> = rows
        .query_map([], |row| {
            let texts = (2..12).map(|at| row.get(at)).collect::<Result<_, _>>()?;
            Ok((row.get(0)?, row.get(1)?, texts))
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut previous = vec![0_u8; 32];
    conn.execute_batch("BEGIN").unwrap();
    for (seq, content, texts) in rows {
        let mut hash = Sha256::new();
        hash.update([4]);
        hash.update(&previous);
        hash.update(seq.to_be_bytes());
        for text in texts {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        hash.update([u8::from(content.is_some())]);
        hash.update(content.unwrap_or_default());
        let hash = hash.finalize().to_vec();
        conn.execute("UPDATE audit SET prev = ?2, hash = ?3 WHERE seq = ?1", (seq, &previous, &hash)).unwrap();
        previous = hash;
    }
    conn.execute_batch("COMMIT").unwrap();
}

fn copy_of(books: &Books) -> Books {
    let copy = Books { folder: tempfile::tempdir().unwrap() };
    for name in ["tieout.sqlite3", "tieout.heads"] {
        std::fs::copy(books.file(name), copy.file(name)).unwrap();
    }
    copy
}

#[test]
fn a_database_tool_and_a_hex_editor_are_found_out_by_the_row() {
    let books = Books::of("300");
    let whole = books.ask(&["audit", "verify"], 0);
    assert_eq!((&whole["intact"], &whole["noted_from_row"]), (&true.into(), &0.into()));
    let rows = whole["rows"].as_u64().unwrap();
    assert!(rows > 100, "{whole}");

    let copy = "at, actor, action, subject, before, after, reason, app, content, zone, rule";
    let tail = rows - 2;
    for (what, sql, sealed_anew, row) in [
        ("edit", "UPDATE audit SET actor = 'eve' WHERE seq = 50".to_owned(), false, 50),
        ("delete", "DELETE FROM audit WHERE seq = 50".to_owned(), false, 50),
        (
            "swap",
            "UPDATE audit SET seq = -1 WHERE seq = 50; UPDATE audit SET seq = 50 WHERE seq = 51; UPDATE audit SET seq = 51 WHERE seq = -1"
                .to_owned(),
            false,
            50,
        ),
        ("cut", format!("DELETE FROM audit WHERE seq > {tail}"), false, tail + 1),
        (
            "insert",
            format!(
                "INSERT INTO audit (seq, {copy}, prev, hash) SELECT {}, {copy}, hash, hash FROM audit WHERE seq = {rows}",
                rows + 1
            ),
            false,
            rows + 1,
        ),
        ("rewrite", "UPDATE audit SET actor = 'eve' WHERE seq = 50".to_owned(), true, 50),
        (
            "cut and hidden",
            format!("DELETE FROM audit WHERE seq > {tail}; UPDATE sqlite_sequence SET seq = {tail} WHERE name = 'audit'"),
            true,
            tail + 1,
        ),
    ] {
        let books = copy_of(&books);
        books.sql(&format!("{FREE}{sql}"));
        if sealed_anew {
            reseal(&books);
        }
        let told = books.ask(&["audit", "verify"], 1);
        assert_eq!((&told["intact"], &told["first_bad_row"]), (&false.into(), &row.into()), "{what}: {told}");
    }

    // A hex editor: one byte of a name inside the file, wherever SQLite keeps it.
    let hexed = copy_of(&books);
    let mut bytes = std::fs::read(hexed.file("tieout.sqlite3")).unwrap();
    let needle = b"posting approved";
    let at = bytes.windows(needle.len()).position(|it| it == needle).unwrap();
    bytes[at] = b'q';
    std::fs::write(hexed.file("tieout.sqlite3"), bytes).unwrap();
    let told = hexed.ask(&["audit", "verify"], 1);
    assert_eq!(told["intact"], false, "{told}");
}

/// Both the trail and the head file rewritten: only what was given away tells.
#[test]
fn a_forger_of_the_whole_folder_is_found_by_what_was_handed_out() {
    let books = Books::of("100");
    let export = books.file("trail.jsonl");
    let exported = books.ask(&["audit", "export", "--out", export.to_str().unwrap()], 0);
    let lines = std::fs::read_to_string(&export).unwrap();
    assert_eq!(lines.lines().count() as u64, exported["rows"].as_u64().unwrap() + 1);
    for (at, line) in lines.lines().enumerate().take(lines.lines().count() - 1) {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(row["seq"], at as u64 + 1, "every row once, in order");
        assert!(!row["at"].as_str().unwrap().is_empty() && !row["zone"].as_str().unwrap().is_empty(), "{row}");
    }
    let head = format!("{}:{}", exported["rows"], exported["head"].as_str().unwrap());

    books.sql(&format!("{FREE}UPDATE audit SET actor = 'eve' WHERE seq = 20"));
    reseal(&books);
    std::fs::remove_file(books.file("tieout.heads")).unwrap();
    let alone = books.ask(&["audit", "verify"], 0);
    assert_ne!(alone["noted_from_row"], 0, "that the head file began anew is told: {alone}");
    let told = books.ask(&["audit", "verify", "--against", export.to_str().unwrap()], 1);
    assert_eq!(told["intact"], false, "{told}");
    let told = books.ask(&["audit", "verify", "--head", &head], 1);
    assert_eq!(told["first_bad_row"], exported["rows"], "{told}");
}
