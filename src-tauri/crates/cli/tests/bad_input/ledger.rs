//! What the books do not allow, and what a person may not approve: told before anything is sent, or refused whole.

use crate::shop::{self, CARD_FILE, DAY, SETTINGS, later};
use crate::town::Town;
use serde_json::Value;
use tieout_sandbox::faults::Fault;
use tieout_sandbox::xcart::Order;

/// With the card gateway's file: a receipt and the entry of its fee wait for approval.
fn with_a_fee(town: &Town) {
    let file = town.write("card.csv", CARD_FILE);
    town.ask(&["import", &file, "--source", "card"], 0);
}

#[track_caller]
fn the_only(exceptions: Vec<Value>, why: &str, next: &str) {
    let [one] = &exceptions[..] else { panic!("not one: {exceptions:#?}") };
    assert!(one["exception"]["why_not"].as_str().unwrap().contains(why), "{one:#}");
    assert!(one["next_action"].as_str().unwrap().contains(next), "{one:#}");
    assert!(!one["exception"]["records"].as_array().unwrap().is_empty(), "{one:#}");
}

#[test]
fn an_account_that_does_not_exist_holds_the_entry_back() {
    let town = Town::open();
    town.settings(&SETTINGS.replace("fees = \"6100\"", "fees = \"6199\"")).is(0);
    with_a_fee(&town);
    town.look();
    the_only(town.exceptions("account-missing"), "account 6199 does not exist in Intacct", "Settings");
    assert_eq!(town.count("proposals"), 1, "the receipt needs no fee account");
    town.settings(SETTINGS).is(0);
    town.look();
    assert_eq!((town.count("proposals"), town.exceptions("account-missing").len()), (2, 0));
}

#[test]
fn a_dimension_the_account_requires_holds_the_entry_back() {
    let town = Town::open();
    town.intacct.with(|gateway| gateway.company.accounts.get_mut("6100").unwrap().required.department = true);
    with_a_fee(&town);
    town.look();
    the_only(
        town.exceptions("dimension-missing"),
        "account 6100 Merchant processing fees requires a department",
        "Add the dimension the account requires",
    );
    town.settings(&format!("{SETTINGS}\n[dimensions]\ndepartment = \"200\"\n")).is(0);
    town.look();
    assert_eq!(town.count("proposals"), 2);
    assert_eq!(town.approve_everything(), 2);
    assert_eq!(town.ask(&["post"], 0)["posted"], 2);
}

#[test]
fn what_intacct_refuses_after_the_approval_is_told_by_name_and_posts_nothing() {
    let town = Town::open();
    with_a_fee(&town);
    town.look();
    assert_eq!(town.approve_everything(), 2);
    town.intacct.with(|gateway| gateway.company.accounts.get_mut("6100").unwrap().required.department = true);
    let told = town.run(&["post"]).is(1);
    for words in ["0 unknown, 1 refused", "TO-FEE-po_1", "department", "Settings > Dimensions"] {
        assert!(told.err.contains(words), "{words}: {told:#?}");
    }
    assert_eq!(town.posted_in_intacct(), 1, "the receipt, and nothing of the fee");
    town.look();
    the_only(town.exceptions("posting-refused"), "department", "");
    // A refusal is not sent again by itself.
    assert_eq!(town.ask(&["post"], 0)["posted"], 0);
    assert_eq!(town.posted_in_intacct(), 1);
}

#[test]
fn an_account_that_became_inactive_after_the_approval_is_named() {
    let town = Town::open();
    with_a_fee(&town);
    town.look();
    town.approve_everything();
    town.intacct.with(|gateway| gateway.company.accounts.get_mut("6100").unwrap().inactive = true);
    let told = town.ask(&["post"], 1);
    assert_eq!((&told["posted"], &told["refused"]), (&1.into(), &1.into()));
    let why = told["unfinished"][0]["why"].as_str().unwrap();
    assert!(why.contains("6100") || why.contains("nactive"), "{why}");
    assert!(told["needs_a_person"].as_str().unwrap().contains(why), "the same facts: {told:#}");
}

#[test]
fn a_closed_period_is_an_exception_before_the_approval() {
    let town = Town::open();
    town.intacct.with(|gateway| gateway.company.close_books(Some(DAY), None));
    town.look();
    assert_eq!(town.count("proposals"), 0);
    the_only(town.exceptions("closed-period"), "it belongs on 2026-01-29", "");
}

#[test]
fn a_period_closed_after_the_approval_takes_the_approval_back() {
    let town = Town::open();
    town.look();
    assert_eq!(town.approve_everything(), 1);
    town.intacct.with(|gateway| gateway.company.close_books(Some(DAY), None));
    let told = town.run(&["post"]).is(1);
    for words in ["1 changed", "the books are closed on 2026-01-29", "nothing was sent", "approve it anew"] {
        assert!(told.err.contains(words), "{words}: {told:#?}");
    }
    assert_eq!(town.posted_in_intacct(), 0);
    town.intacct.with(|gateway| gateway.company.close_books(None, None));
    town.look();
    assert_eq!(town.approve_everything(), 1);
    assert_eq!(town.ask(&["post"], 0)["posted"], 1);
}

#[test]
fn an_approval_must_name_what_it_was_shown() {
    let town = Town::open();
    town.look();
    let shown = town.ask(&["list", "proposals"], 0);
    let (digest, id) = (shown["digest"].as_str().unwrap(), shown["rows"][0]["id"].as_str().unwrap());
    let approve = |digest: &str, rest: &[&str], status, says: &[&str]| {
        town.stops(&[&["approve", "--digest", digest, "--as", "Ann"], rest].concat(), status, says);
    };
    approve("0000", &["--all-clear"], 3, &["the list has changed since it was shown", "List the proposals again"]);
    approve(digest, &["p-NOBODY"], 2, &["the posting's id is \"p-NOBODY\": there is no such posting"]);
    approve(digest, &[id, "p-NOBODY"], 2, &["p-NOBODY"]);
    approve(digest, &[], 2, &["give either --all-clear or the ids"]);
    approve(digest, &["--all-clear", id], 2, &["give either --all-clear or the ids"]);
    town.stops(&["approve", "--digest", digest, "--as", " ", id], 2, &["an approval needs a name"]);
    assert_eq!(town.count("proposals"), 1, "nothing was approved by any of them");

    // Another order arrives: the digest that was printed no longer covers the list.
    let now = jiff::Timestamp::now().as_second();
    town.shop.with(|store| store.add_order(Order { last_renew_date: now, ..shop::order("2002") }));
    town.look();
    approve(digest, &[id], 3, &["the list has changed since it was shown"]);
    assert_eq!(town.ask(&["list", "proposals"], 0)["total"], 2);
    assert_eq!(town.approve_everything(), 2);
    let digest = town.ask(&["list", "proposals"], 0)["digest"].as_str().unwrap().to_owned();
    approve(&digest, &[id], 3, &["cannot be approved: it is approved, not waiting for approval"]);
}

#[test]
fn only_what_is_posted_can_be_reversed() {
    let town = Town::open();
    town.stops(&["reverse", "p-NOBODY", "--as", "Ann"], 2, &["\"p-NOBODY\": there is no such posting"]);
    town.look();
    let id = town.ask(&["list", "proposals"], 0)["rows"][0]["id"].as_str().unwrap().to_owned();
    town.stops(&["reverse", &id, "--as", "Ann"], 3, &[&id, "only what is posted can be reversed", "Void it instead"]);
    town.approve_everything();
    town.ask(&["post"], 0);
    town.intacct.with(|gateway| gateway.company.close_books(Some(DAY), None));
    town.look();
    town.stops(
        &["reverse", &id, "--as", "Ann"],
        3,
        &["2026-01-29 is in a closed period; the first open day is 2026-01-30", "Give `--on` the first open day"],
    );
    let told = town.run(&["reverse", &id, "--as", "Ann", "--on", &later().to_string()]).is(1);
    assert!(told.err.contains("waits for approval"), "{told:#?}");
    assert_eq!(town.posted_in_intacct(), 1, "proposed, not sent");
}

#[test]
fn a_posting_without_an_answer_is_told_by_name_and_never_sent_twice() {
    let town = Town::open();
    town.look();
    assert_eq!(town.approve_everything(), 1);
    town.intacct.order(Some("create"), Fault::CommitThenDrop);
    let told = town.run(&["post"]).is(1);
    for words in ["1 unknown, 0 refused", "p-TO-2001", "no final answer came", "do not enter it by hand"] {
        assert!(told.err.contains(words), "{words}: {told:#?}");
    }
    assert_eq!(town.ask(&["post", "--wait-seconds", "5"], 0)["posted"], 1);
    assert_eq!(town.posted_in_intacct(), 1);
}
