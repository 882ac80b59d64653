//! What was posted and read back, and is something else in Intacct afterwards.

use crate::captures::shipped_and_captured;
use crate::rig::Rig;
use crate::shop::money;
use jiff::civil::date;
use tieout_domain::ExceptionKind;
use tieout_sandbox::intacct::Company as Books;
use tieout_sandbox::intacct::post::journal::{NewGlLine, NewJournal};

/// The receipt of J01's capture and the gateway's fee, both posted by Tieout. Looked at after the books were changed.
async fn after(change: impl FnOnce(&mut Books)) -> Rig {
    let rig = shipped_and_captured().await;
    rig.import_card_file("r1,po_1,charge,txn_9001,2001,USD,105.43,-3.36,102.07,2026-01-29");
    assert_eq!(rig.settle().await.len(), 2);
    assert_eq!(rig.exceptions(), []);
    rig.books(change);
    rig.look().await;
    rig
}

fn fee_entry(books: &Books) -> u64 {
    let of_fee = |it: &&tieout_sandbox::intacct::GlBatch| it.reference.starts_with("TO-FEE");
    books.batches.values().find(of_fee).unwrap().record_no
}

fn rewritten(books: &mut Books, on: jiff::civil::Date, amount: &str) {
    let lines = vec![NewGlLine::debit("6100", money(amount)), NewGlLine::credit("1210", money(amount))];
    let new = NewJournal::new("GJ", on, "Gateway fees", lines).reference("TO-FEE-po_1-0129");
    books.update_journal(fee_entry(books), new).unwrap();
}

/// What is lost, what somebody did in the books, and what is said of it.
type Case = (&'static str, fn(&mut Books), &'static str);

#[tokio::test]
async fn what_is_changed_in_intacct_after_it_was_posted_is_an_exception() {
    let day = date(2026, 1, 29);
    let cases: [Case; 4] = [
        ("1.00", |books| rewritten(books, date(2026, 1, 29), "2.36"), "holds -2.36 USD of it instead of -3.36 USD"),
        ("-3.36", |books| rewritten(books, date(2026, 1, 28), "3.36"), "dated 2026-01-28 instead of 2026-01-29"),
        ("3.36", |books| books.delete_journal(fee_entry(books)).unwrap(), "holds nothing of it on account 1210"),
        (
            "-105.43",
            |books| {
                let receipt = *books.payments.keys().next().unwrap();
                books.reverse_payment(receipt, date(2026, 1, 29), "").unwrap();
            },
            "it is reversed in Intacct",
        ),
    ];
    for (stake, change, says) in cases {
        let rig = after(change).await;
        let all = rig.exceptions();
        let found = all.iter().find(|it| it.kind == ExceptionKind::ReadBackDifference);
        let found = found.unwrap_or_else(|| panic!("{says}: {all:#?}"));
        assert!(found.why_not.contains(says), "{says}: {}", found.why_not);
        assert_eq!(found.at_stake.unwrap().amount(), money(stake), "{says}");
        assert_eq!(found.on, Some(day));
    }
}
