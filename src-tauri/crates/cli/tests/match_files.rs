//! `tieout match` on files, through the real program: what is wrong is told by file, line and column and leaves no answer
//! behind, or goes to the file of refused records while the rest is matched.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const PAYMENTS: &str = "payment_id,store,order_number,type,status,gateway,gateway_ref,created_at,currency,amount,customer_name,email\n\
     P1,s1,30001,sale,S,stripe,ch_1,2026-01-05T10:00:00Z,USD,105.43,Mary Jones,mary@example.com\n\
     P2,s1,30002,sale,S,stripe,ch_2,2026-01-06T10:00:00Z,USD,64.95,Peter Smith,peter@example.com\n";
const RECEIPTS: &str = "receipt_id,entity,bank_account,type,date,currency,amount,customer_id,customer_name,reference,memo\n\
     R1,E1,B1,receipt,2026-01-06,USD,105.43,C1,Mary Jones,30001,\n\
     R2,E1,B1,receipt,2026-01-07,USD,64.95,C2,Peter Smith,30002,\n";

struct Desk(TempDir);

impl Desk {
    fn with(payments: impl AsRef<[u8]>, receipts: impl AsRef<[u8]>) -> Desk {
        let desk = Desk(TempDir::new().unwrap());
        std::fs::write(desk.path("payments.csv"), payments).unwrap();
        std::fs::write(desk.path("receipts.csv"), receipts).unwrap();
        desk
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn run(&self, more: &[&str]) -> Output {
        let files = [self.path("payments.csv"), self.path("receipts.csv"), self.path("matches.csv")];
        Command::new(env!("CARGO_BIN_EXE_tieout"))
            .args(["match", "--payments", &files[0], "--receipts", &files[1], "--out", &files[2]])
            .args(more)
            .output()
            .unwrap()
    }

    fn matches(&self) -> String {
        std::fs::read_to_string(self.path("matches.csv")).unwrap()
    }
}

#[track_caller]
fn stops(payments: impl AsRef<[u8]>, receipts: impl AsRef<[u8]>, says: &[&str]) {
    let desk = Desk::with(payments, receipts);
    let told = desk.run(&[]);
    let error = String::from_utf8(told.stderr).unwrap();
    assert_eq!(told.status.code(), Some(3), "{error}");
    for it in says {
        assert!(error.contains(it), "{it:?} is not in {error}");
    }
    assert!(!Path::new(&desk.path("matches.csv")).exists(), "an answer was left behind");
}

#[test]
fn what_is_wrong_is_told_by_file_line_and_column_and_leaves_no_answer() {
    let wrong = |from: &str, to: &str| {
        assert!(PAYMENTS.contains(from), "{from}");
        PAYMENTS.replacen(from, to, 1)
    };
    stops(wrong("64.95", "64.955"), RECEIPTS, &["payments.csv", "3"]);
    stops(wrong("64.95", "sixty"), RECEIPTS, &["payments.csv", "sixty"]);
    stops(wrong("USD,64", "XQQ,64"), RECEIPTS, &["payments.csv", "XQQ"]);
    stops(wrong("2026-01-06T", "2026-02-30T"), RECEIPTS, &["payments.csv", "2026-02-30"]);
    stops(wrong("P2,", "P1,"), RECEIPTS, &["P1", "line 2"]);
    stops(wrong(",order_number", ""), RECEIPTS, &["order_number"]);
    stops(wrong(",sale,S,stripe,ch_2", ",sale,Q,stripe,ch_2"), RECEIPTS, &["the status is none of S, F, V"]);
    stops(PAYMENTS, RECEIPTS.replacen("2026-01-07", "07/01/2026", 1), &["receipts.csv", "07/01/2026"]);
    stops("", RECEIPTS, &["payments.csv", "empty"]);
    stops(b"payment_id\xff\n", RECEIPTS, &["UTF-8"]);
}

#[test]
fn refused_records_go_to_their_file_and_the_rest_is_matched() {
    let desk = Desk::with(PAYMENTS.replacen("64.95", "64.955", 1), RECEIPTS);
    let refused = desk.path("refused.csv");
    let told = desk.run(&["--refused", &refused]);
    assert_eq!(told.status.code(), Some(1), "{}", String::from_utf8_lossy(&told.stderr));
    let listed = std::fs::read_to_string(refused).unwrap();
    assert!(listed.lines().count() == 2 && listed.contains("\"P2\""), "{listed}");
    assert_eq!(desk.matches().lines().count(), 3, "{}", desk.matches());
}

#[test]
fn line_ends_a_mark_in_front_empty_sides_and_a_memo_of_ten_megabytes_change_nothing() {
    let plain = Desk::with(PAYMENTS, RECEIPTS);
    assert!(plain.run(&[]).status.success());
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let other = Desk::with(windows(PAYMENTS), windows(RECEIPTS));
    assert!(other.run(&["--threads", "2"]).status.success());
    assert_eq!(plain.matches(), other.matches());
    assert_eq!(plain.matches().lines().count(), 5);
    let memo = "order 77 ".repeat(10 << 17);
    let long = Desk::with(PAYMENTS, RECEIPTS.replacen("30002,", &format!("30002,{memo}"), 1));
    assert!(long.run(&[]).status.success());
    assert_eq!(plain.matches(), long.matches());
    let head = |text: &str| text.lines().next().unwrap().to_owned() + "\n";
    let none = Desk::with(head(PAYMENTS), head(RECEIPTS));
    assert!(none.run(&[]).status.success());
    assert_eq!(none.matches().lines().count(), 1);
}

#[test]
fn one_reference_on_a_hundred_thousand_rows_and_equal_amounts_end_and_name_the_budget() {
    let mut payments = PAYMENTS.lines().next().unwrap().to_owned() + "\n";
    let mut receipts = RECEIPTS.lines().next().unwrap().to_owned() + "\n";
    for at in 0..20_000 {
        payments += &format!("P{at:06},s1,30001,sale,S,stripe,,2026-01-05T10:00:00Z,USD,10.00,,\n");
        receipts += &format!("R{at:06},E1,B1,receipt,2026-01-06,USD,10.00,,,30001,\n");
    }
    let desk = Desk::with(payments, receipts);
    let told = desk.run(&["--json"]);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let summary: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert!(summary["budgets_reached"].as_object().is_some_and(|it| !it.is_empty()), "{summary}");
    assert_eq!(summary["automatic"], 0, "what could be swapped is never automatic: {summary}");
}
