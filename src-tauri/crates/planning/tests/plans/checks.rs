//! What a reviewer is told before approving, and what holds a document back.

use crate::town::*;
use insta::assert_snapshot;
use tieout_domain::*;

/// An advance: it names a customer, two accounts and dimensions.
fn advance() -> Town {
    Town::new()
        .order(order(1, "60.00"))
        .open(capture(1, 11, "60.00", 10), nothing())
        .with(|it| it.accounts = vec![account("2300"), account("1210")])
        .with(|it| it.customers = vec![customer("C-7")])
}

fn fee() -> Town {
    Town::new()
        .open_row(row(SettlementKind::Fee, "3", "-1.50", "0.00", 9), nothing())
        .with(|it| it.accounts = vec![account("6100"), account("1210")])
}

#[test]
fn a_document_nothing_is_wrong_with_says_so() {
    assert_snapshot!("advance", advance().told());
    assert_snapshot!("fee", fee().told());
}

#[test]
fn an_account_that_is_missing_inactive_or_wants_a_dimension_holds_it() {
    assert_snapshot!("missing", advance().with(|it| it.accounts.remove(0)).told());
    assert_snapshot!("undeposited-missing", advance().with(|it| it.accounts.remove(1)).told());
    assert_snapshot!("inactive", fee().with(|it| it.accounts[0].active = false).told());
    let all = |it: &mut Town| {
        let wants = &mut it.accounts[0];
        (wants.requires_location, wants.requires_department) = (true, true);
        (wants.requires_customer, wants.requires_item) = (true, true);
    };
    assert_snapshot!("wants", fee().with(all).told());
    let bare = fee().with(all).replaced("location = \"100\"\ndepartment = \"20\"", "");
    assert_snapshot!("wants-and-nothing-is-given", bare.told());
}

#[test]
fn a_customer_that_is_missing_or_inactive_holds_it_and_one_on_hold_is_shown() {
    assert_snapshot!("on-hold", advance().with(|it| it.customers[0].on_hold = true).told());
    assert_snapshot!("inactive-2", advance().with(|it| it.customers[0].active = false).told());
    let receipt = Town::new()
        .order(o2001())
        .invoice(invoice(1, "105.43", "105.43"))
        .open(capture(1, 11, "105.43", 10), nothing())
        .with(|it| it.customers = vec![customer("C-8")]);
    assert_snapshot!("missing-2", receipt.told());
}

#[test]
fn an_amount_above_the_limit_is_never_clear() {
    let limit = |text: &str| advance().replaced("[orders]", &format!("[limits]\nall_clear_max = \"{text}\"\n[orders]"));
    assert!(limit("60.00").plan().proposals[0].is_clear());
    assert!(!limit("59.99").plan().proposals[0].is_clear());
    assert_snapshot!(limit("59.99").told());
}

#[test]
fn a_foreign_document_names_a_rate_type_or_is_held() {
    let euros = || {
        let row = row(SettlementKind::Fee, "3", "-1.50", "0.00", 9);
        Town::new()
            .open_row(SettlementRow { gross: eur("-1.50"), fee: eur("0.00"), net: eur("-1.50"), ..row }, nothing())
    };
    assert!(euros().told().contains("rate \"Daily\""));
    assert_snapshot!(euros().replaced("rate_type = \"Daily\"", "").told());
    assert!(!euros().with(|it| it.books = None).told().contains("rate"), "without books nothing is foreign");
}

#[test]
fn the_day_after_the_closing_is_open() {
    let closed = |day| fee().with(|it| it.books.as_mut().unwrap().closed_through = Some(day));
    assert_eq!(closed(day(8)).plan().proposals.len(), 1);
    assert_eq!(closed(day(9)).plan().proposals.len(), 0);
}

#[test]
fn planning_twice_proposes_nothing_new() {
    let ids = |town: &Town| -> Vec<PostingId> { town.plan().proposals.into_iter().map(|it| it.id).collect() };
    let first = ids(&advance());
    assert_eq!(first, ids(&advance()));
    assert_eq!(ids(&advance().with(|it| it.under_way.extend(first.clone()))), []);
}

/// Whatever is planned is in one place: no entry needs another company's books to balance.
#[test]
fn every_entry_balances_and_lies_in_one_location() {
    for proposal in advance().plan().proposals.iter().chain(&fee().plan().proposals) {
        let Document::JournalEntry(entry) = &proposal.document else { continue };
        let places: std::collections::BTreeSet<&str> =
            entry.lines().iter().map(|it| it.dimensions.location.as_str()).collect();
        assert_eq!(places.into_iter().collect::<Vec<_>>(), ["100"]);
    }
}
