//! Taking back what was posted, and the entry of an accepted difference.

use crate::town::*;
use crate::words;
use insta::assert_snapshot;
use jiff::Timestamp;
use jiff::civil::date;
use tieout_domain::ledger::Books;
use tieout_domain::*;
use tieout_money::Currency;
use tieout_planning::{Settings, is_reversal, is_write_off, reverse, write_off_entry};

fn posted(town: &Town) -> Posting {
    let mut posting = town.plan().proposals.swap_remove(0);
    posting.state = PostingState::Posted { record: IntacctRecordNo("88".into()), at: Timestamp::UNIX_EPOCH };
    posting
}

fn fee() -> Posting {
    posted(&Town::new().open_row(row(SettlementKind::Fee, "3", "-1.50", "0.00", 9), nothing()))
}

fn books(closed_through: Option<jiff::civil::Date>) -> Books {
    Books { base_currency: Currency::USD, closed_through, multi_currency: false }
}

#[test]
fn a_journal_entry_is_mirrored_and_a_receipt_reversed_by_intacct_itself() {
    let mirrored = reverse(&fee(), None, Some(&books(None)), 4).unwrap();
    assert_snapshot!("entry", words::posting(&mirrored));
    assert!(is_reversal(&mirrored.document) && !is_reversal(&fee().document));
    let receipt = Town::new()
        .order(o2001())
        .invoice(invoice(1, "105.43", "105.43"))
        .open(capture(1, 11, "105.43", 10), nothing());
    let reversed = reverse(&posted(&receipt), Some(day(12)), None, 4).unwrap();
    assert_snapshot!("receipt", words::posting(&reversed));
}

#[test]
fn only_what_is_posted_is_reversed_and_only_in_open_books() {
    let approved = Posting { state: PostingState::Proposed, ..fee() };
    let told = |it: Result<Posting, tieout_planning::ReversalError>| {
        let error = it.unwrap_err();
        format!("{error} | {}", error.remedy())
    };
    assert_snapshot!("not-posted", told(reverse(&approved, None, None, 4)));
    assert_snapshot!("closed", told(reverse(&fee(), None, Some(&books(Some(day(9)))), 4)));
    assert!(reverse(&fee(), Some(day(10)), Some(&books(Some(day(9)))), 4).is_ok());
    assert!(reverse(&fee(), None, Some(&books(Some(day(8)))), 4).is_ok());
    let advance = posted(&Town::new().order(order(1, "60.00")).open(capture(1, 11, "60.00", 10), nothing()));
    assert_snapshot!("not-offered", told(reverse(&advance, None, None, 4)));
}

#[test]
fn a_difference_a_person_accepted_is_a_line_of_its_own() {
    let settings = Settings::parse(SETTINGS).unwrap();
    let entry = |key: &str| write_off_entry(&settings, "1210", usd("0.05"), day(9), key, "Cents").unwrap();
    let lines: Vec<String> = entry("TO-1")
        .lines()
        .iter()
        .map(|it| format!("{} {} {}", it.account, it.amount, it.dimensions.location))
        .collect();
    assert_eq!(lines, ["1210 0.05 USD 100", "6900 -0.05 USD 100"]);
    assert_eq!((entry("TO-1").journal(), entry("TO-1").title(), entry("TO-1").on()), ("GJ", "Cents", day(9)));
    assert!(is_write_off(&Document::JournalEntry(entry("TO-1-WO"))));
    assert!(!is_write_off(&Document::JournalEntry(entry("TO-1"))));
    let order = Town::new().order(o2001()).replaced("definition = \"\"", "definition = \"Sales Order\"");
    let mut order = order.plan().proposals.swap_remove(0).document;
    if let Document::SalesOrder(it) = &mut order {
        it.number = "TO-1-WO".into();
    }
    assert!(!is_write_off(&order), "only an entry is one");
    assert!(write_off_entry(&settings, "", usd("0.05"), date(2026, 1, 9), "k", "m").is_err());
}
