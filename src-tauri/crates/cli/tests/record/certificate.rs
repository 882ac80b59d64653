//! A real month's certificate, added up again by the program that shares no code with ours.

use crate::books::Books;
use tieout_verify::{Expected, check};

fn written(books: &Books, period: &str) -> (Vec<u8>, serde_json::Value) {
    let file = books.file("certificate.json");
    let paper = books.file("certificate.pdf");
    let (json, pdf) = (file.to_str().unwrap(), paper.to_str().unwrap());
    let told = books.ask(&["tie-out", "--period", period, "--certificate", json, "--pdf", pdf], 1);
    (std::fs::read(&file).unwrap(), told)
}

#[test]
fn a_real_months_certificate_is_true_and_says_what_the_tie_out_says() {
    let books = Books::of("400");
    let (bytes, told) = written(&books, "2026-02");
    let verdict = check(&bytes, &Expected::default()).unwrap();
    assert_eq!(verdict.records as u64, told["certificate"]["records"].as_u64().unwrap());
    assert_eq!(verdict.sha256, told["certificate"]["sha256"].as_str().unwrap());
    assert!(verdict.records > 100 && verdict.lines > 50, "{verdict:?}");
    let certificate: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let accounts = certificate["certificate"]["accounts"].as_array().unwrap();
    for (of, account) in told["accounts"].as_array().unwrap().iter().zip(accounts) {
        for figure in ["account", "currency", "ledger", "store", "timing", "variance", "unexplained"] {
            assert_eq!(of[figure], account[figure], "{figure} of {account}");
        }
    }
    assert!(verdict.open.iter().any(|it| it.contains("125.00 is unexplained")), "planted: {:?}", verdict.open);
    let approvals = certificate["certificate"]["approvals"].as_array().unwrap();
    assert!(approvals.len() > 5 && approvals.iter().all(|it| it["approved_by"] != ""), "{}", approvals.len());

    // On paper: the digest of the document, and every figure of it.
    let paper: String = std::fs::read(books.file("certificate.pdf")).unwrap().into_iter().map(char::from).collect();
    assert!(paper.starts_with("%PDF-1.4") && paper.contains(&verdict.sha256));
    for account in accounts {
        for figure in ["opening", "closing", "ledger", "unexplained"] {
            assert!(paper.contains(account[figure].as_str().unwrap()), "{figure} of {account}");
        }
    }

    // The trail names what was sealed, so that a certificate somebody made themselves is no certificate of these books.
    let trail = books.file("trail.jsonl");
    books.ask(&["audit", "export", "--out", trail.to_str().unwrap()], 0);
    assert!(std::fs::read_to_string(trail).unwrap().contains(&verdict.sha256));
    books.ask(&["audit", "verify", "--against", books.file("certificate.json").to_str().unwrap()], 0);
}

/// A byte here and there over the whole file, and every digit of every amount with the seal made anew.
#[test]
fn no_change_of_a_real_certificate_survives() {
    let books = Books::of("100");
    let (bytes, _) = written(&books, "2026-02");
    check(&bytes, &Expected::default()).unwrap();
    for step in 0..2_000 {
        let at = step * bytes.len() / 2_000;
        let mut bad = bytes.clone();
        bad[at] ^= 1 << (step % 8);
        assert!(check(&bad, &Expected::default()).is_err(), "byte {at}");
    }
    for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        assert!(check(&bytes[..cut], &Expected::default()).is_err(), "cut at {cut}");
    }
    let text = String::from_utf8(bytes).unwrap();
    let body = text.strip_prefix("{\"certificate\":").unwrap().rsplit_once(",\n\"seal\":").unwrap().0;
    let rows: Vec<&str> =
        body.lines().filter(|it| it.starts_with("{\"account\":0,") && it.contains("\"placed\"")).collect();
    assert!(rows.len() > 20);
    for row in rows {
        let amount = row.split("\"amount\":\"").nth(1).unwrap().split('"').next().unwrap();
        let digit = amount.chars().last().unwrap();
        let other = char::from(b'0' + (digit as u8 - b'0' + 1) % 10);
        let changed = format!("{}{other}", &amount[..amount.len() - 1]);
        let bad = row.replace(&format!("\"amount\":\"{amount}\""), &format!("\"amount\":\"{changed}\""));
        for bad in [bad, String::new(), format!("{row},\n{row}")] {
            let bad = body.replacen(row, &bad, 1).replace(",\n,", ",").replace("[\n,", "[").replace(",\n]", "]");
            assert!(check(&sealed(&bad), &Expected::default()).is_err(), "{row}");
        }
    }
    check(&sealed(body), &Expected::default()).unwrap();
}

fn sealed(body: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let digest: String = Sha256::digest(body.as_bytes()).iter().map(|it| format!("{it:02x}")).collect();
    format!("{{\"certificate\":{body},\n\"seal\":{{\"sha256\":\"{digest}\",\"signatures\":[]}}}}\n").into_bytes()
}
