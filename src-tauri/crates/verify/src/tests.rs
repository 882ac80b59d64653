//! A small certificate, and everything that can be done to it.

use crate::check::{Expected, check};
use sha2::{Digest, Sha256};

fn body() -> String {
    let digest = "ab".repeat(32);
    let record = |side: &str, record: &str, leg: &str, on: &str, amount: &str, placed: &str, of: &str| {
        format!(
            r#"{{"account":0,"side":"{side}","on":"{on}","record":"{record}","leg":"{leg}","amount":"{amount}","version":1,"sha256":"{digest}","placed":"{placed}","of":"{of}"}}"#
        )
    };
    let line = |record: &str, on: &str, amount: &str| {
        format!(r#"{{"account":0,"on":"{on}","record":"{record}","amount":"{amount}","sha256":"{digest}"}}"#)
    };
    let records = [
        record("ledger", "intacct/l#receipt#11", "", "2026-01-05", "100.00", "matched", "m-1"),
        record("ledger", "intacct/l#receipt#12", "", "2026-01-31", "-3.20", "timing", "m-2"),
        record("ledger", "intacct/l#receipt#13", "", "2026-01-31", "7.00", "exception", "orphan-receipt/9"),
        record("store", "file/stripe#settlement#1", "", "2026-01-04", "100.05", "matched", "m-1"),
        record("store", "xcart/l#payment#2:1", "", "2026-01-20", "50.00", "open", ""),
    ];
    let lines = [
        line("intacct/l#gl-line#1", "2026-01-05", "100.00"),
        line("intacct/l#gl-line#2", "2026-01-31", "-3.20"),
        line("intacct/l#gl-line#3", "2026-01-31", "7.00"),
    ];
    // ledger 103.80 = store 150.05 + timing -3.20 + variance -0.05 + exceptions -50.00 + 7.00
    format!(
        r#"{{"format":"tieout-certificate/1","company":"larkspur","store":"larkspur","environment":"sandbox","period":"2026-01","from":"2026-01-01","to":"2026-01-31","made":{{"at":"2026-02-02T09:00:00Z","zone":"America/Chicago","by":"ann","app":"0.1.0"}},"control":"one person does everything","settings":{{"version":3,"sha256":"{digest}"}},"audit":{{"rows":40,"head":"{digest}"}},
"accounts":[
{{"account":"1210","currency":"USD","opening":"10.00","additions":"107.00","clearances":"3.20","closing":"113.80","ledger":"103.80","store":"150.05","timing":"-3.20","variance":"-0.05","exceptions_store":"-50.00","exceptions_ledger":"7.00","unexplained":"0.00","lines":3,"store_records":2,"ledger_records":3}}],
"totals":[
{{"currency":"USD","ledger":"103.80","store":"150.05","unexplained":"0.00"}}],
"groups":[
{{"id":"m-1","account":0,"as":"matched","store":"100.05","ledger":"100.00","records":2,"waits":false,"beyond":[],"pass":"reference","by":""}},
{{"id":"m-2","account":0,"as":"timing","store":"0.00","ledger":"-3.20","records":1,"waits":false,"beyond":[{{"side":"store","record":"file/stripe#settlement#7","on":"2026-02-01","amount":"-3.20"}}],"pass":"payout","by":"ann"}}],
"lines":[
{}],
"records":[
{}],
"outside":[],
"refused":[],
"approvals":[
{{"posting":"p-1","kind":"Journal entry","state":"posted","on":"2026-01-31","amount":"3.20","currency":"USD","reference":"TO-1","fingerprint":"{digest}","settings":3,"prepared_by":"ann","approved_by":"bea","approved_at":"2026-02-01T09:00:00Z","override":""}}],
"sign_offs":[]
}}"#,
        lines.join(",\n"),
        records.join(",\n")
    )
}

/// As somebody would who knows the format and has no key.
fn sealed(body: &str) -> Vec<u8> {
    let digest: String = Sha256::digest(body.as_bytes()).iter().map(|it| format!("{it:02x}")).collect();
    format!("{{\"certificate\":{body},\n\"seal\":{{\"sha256\":\"{digest}\",\"signatures\":[]}}}}\n").into_bytes()
}

fn refused(bytes: &[u8]) -> String {
    check(bytes, &Expected::default()).expect_err("it was believed")
}

/// Refused for what it says, and not because the test wrote no JSON.
fn readable(why: String) {
    assert!(!why.contains("cannot be read"), "{why}");
}

#[test]
fn a_true_certificate_is_true_and_says_what_is_open() {
    let verdict = check(&sealed(&body()), &Expected::default()).unwrap();
    assert_eq!((verdict.records, verdict.lines), (5, 3));
    assert_eq!(verdict.open, ["1 records are exceptions", "1 records are matched with nothing and no exception yet"]);
}

/// Every byte of the file, by every other value a bit away and by a digit or letter of its own kind.
#[test]
fn no_byte_can_be_changed_dropped_or_added() {
    let good = sealed(&body());
    let mut tried = 0;
    for at in 0..good.len() {
        let mut others: Vec<u8> = (0..8).map(|bit| good[at] ^ (1 << bit)).collect();
        others.push(if good[at].is_ascii_digit() { b'0' + (good[at] - b'0' + 1) % 10 } else { b' ' });
        for other in others.into_iter().filter(|it| *it != good[at]) {
            let mut bad = good.clone();
            bad[at] = other;
            assert!(check(&bad, &Expected::default()).is_err(), "byte {at}: {} as {}", good[at] as char, other as char);
            tried += 1;
        }
        assert!(check(&good[..at], &Expected::default()).is_err(), "cut at {at}");
        let mut more = good.clone();
        more.insert(at, b' ');
        assert!(check(&more, &Expected::default()).is_err(), "a space at {at}");
    }
    assert!(tried > 30_000, "{tried}");
}

/// Changed, and sealed anew: the seal is right, the sums are not.
#[test]
fn a_change_that_was_sealed_anew_is_found_by_computing_everything_again() {
    let body = body();
    let amounts: Vec<(usize, usize)> = amounts(&body);
    assert!(amounts.len() > 25);
    for (from, to) in amounts {
        for at in from..to {
            let digit = body.as_bytes()[at];
            if !digit.is_ascii_digit() {
                continue;
            }
            for other in b'0'..=b'9' {
                if other == digit {
                    continue;
                }
                let mut bad = body.clone().into_bytes();
                bad[at] = other;
                let bad = String::from_utf8(bad).unwrap();
                let what = &body[from.saturating_sub(40)..to];
                assert!(check(&sealed(&bad), &Expected::default()).is_err(), "{what} digit {at} as {}", other as char);
            }
        }
    }
    let lines: Vec<&str> = body.lines().collect();
    let of_rows = |it: &&str| it.starts_with("{\"account\":0");
    for at in (0..lines.len()).filter(|at| of_rows(&lines[*at])) {
        let without: Vec<&str> = lines.iter().enumerate().filter(|(it, _)| *it != at).map(|(_, it)| *it).collect();
        readable(refused(&sealed(&tidy(&without))));
        let mut twice = lines.clone();
        twice.insert(at, lines[at]);
        readable(refused(&sealed(&tidy(&twice))));
        if at + 1 < lines.len() && of_rows(&lines[at + 1]) {
            let mut swapped = lines.clone();
            swapped.swap(at, at + 1);
            readable(refused(&sealed(&tidy(&swapped))));
        }
    }
    for (from, to) in [
        (r#""placed":"open","of":"""#, r#""placed":"matched","of":"m-1""#),
        (r#""placed":"exception","of":"orphan-receipt/9""#, r#""placed":"open","of":"orphan-receipt/9""#),
        (r#""placed":"timing","of":"m-2""#, r#""placed":"matched","of":"m-2""#),
        (r#""as":"timing""#, r#""as":"matched""#),
        (r#""on":"2026-02-01","amount":"-3.20""#, r#""on":"2026-01-30","amount":"-3.20""#),
        (r#""on":"2026-01-20""#, r#""on":"2026-02-20""#),
        (r#""side":"store","on":"2026-01-20""#, r#""side":"ledger","on":"2026-01-20""#),
        (r#""approved_by":"bea""#, r#""approved_by":"""#),
        (r#""records":2"#, r#""records":1"#),
        (r#""lines":3"#, r#""lines":2"#),
        (r#""refused":[]"#, r#""refused":[],"more":1"#),
        (r#""period":"2026-01""#, r#""period":"2026-02""#),
    ] {
        assert!(body.contains(from), "{from}");
        refused(&sealed(&body.replace(from, to)));
    }
}

/// Where the amounts stand: texts with a point.
fn amounts(body: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    for part in body.split('"') {
        let is_amount = part.contains('.')
            && part.trim_start_matches('-').bytes().all(|it| it.is_ascii_digit() || it == b'.')
            && part != "0.1.0";
        if is_amount {
            found.push((at, at + part.len()));
        }
        at += part.len() + 1;
    }
    // What lies beyond the period is shown and added to nothing; the approved entry's amount is its own.
    found.retain(|(from, _)| {
        let before = &body[..*from];
        !before.ends_with(r#""on":"2026-02-01","amount":""#) && !before.ends_with(r#""on":"2026-01-31","amount":""#)
            || before.rfind("\"approvals\"").is_none() && !before.ends_with(r#""on":"2026-02-01","amount":""#)
    });
    found
}

/// Rows moved about are still a list: a comma between two, none before its end.
fn tidy(lines: &[&str]) -> String {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        let is_row = |it: &str| it.starts_with("{\"account\":0");
        if is_row(line) {
            text.push_str(line.trim_end_matches(',').trim_end_matches(']'));
            let is_last = !lines.get(at + 1).is_some_and(|it| is_row(it));
            text.push_str(if is_last { "]," } else { "," });
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    text.truncate(text.len() - 1);
    text
}

#[test]
fn another_certificate_or_a_missing_signature_is_told() {
    let good = sealed(&body());
    let other = Expected { sha256: Some("00".repeat(32)), keys: Vec::new() };
    assert!(check(&good, &other).unwrap_err().contains("another certificate"));
    let unsigned = Expected { sha256: None, keys: vec!["cd".repeat(32)] };
    assert!(check(&good, &unsigned).unwrap_err().contains("not signed by"));
}

#[test]
fn a_signature_is_of_this_content_by_this_key() {
    use ring::signature::{Ed25519KeyPair, KeyPair};
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let hex = |bytes: &[u8]| bytes.iter().map(|it| format!("{it:02x}")).collect::<String>();
    let body = body();
    let digest = hex(&Sha256::digest(body.as_bytes()));
    let key = hex(pair.public_key().as_ref());
    let file = |of: &str| {
        let signature = hex(pair.sign(format!("tieout-certificate/1:{of}").as_bytes()).as_ref());
        format!(
            "{{\"certificate\":{body},\n\"seal\":{{\"sha256\":\"{digest}\",\"signatures\":[{{\"name\":\"bea\",\"key\":\"{key}\",\"signature\":\"{signature}\"}}]}}}}\n"
        )
    };
    let wanted = Expected { sha256: None, keys: vec![key.clone()] };
    let verdict = check(file(&digest).as_bytes(), &wanted).unwrap();
    assert_eq!(verdict.signed, [format!("bea (key {key})")]);
    assert!(check(file(&"00".repeat(32)).as_bytes(), &wanted).unwrap_err().contains("not of this content"));
}
