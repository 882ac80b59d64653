//! General ledger rows that no document explains: the ledger side of the proof is summed from the ledger alone, so each of
//! them shows to the cent.

use crate::captures::shipped_and_captured;
use crate::rig::Rig;
use crate::shop::money;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use tieout_sandbox::intacct::records::Side;

const SHIPPED: Date = Date::constant(2026, 1, 29);
const TO: Date = Date::constant(2026, 1, 31);

async fn unexplained_after_a_pull(rig: &Rig) -> Decimal {
    rig.look().await;
    money(&rig.unexplained(TO))
}

/// The row of the card's clearing account that our own receipt made.
fn ours(rig: &Rig) -> u64 {
    rig.books(|books| books.gl.values().find(|row| row.account == "1210").unwrap().record_no)
}

#[tokio::test]
async fn a_ledger_row_planted_changed_and_deleted_moves_the_unexplained_by_exactly_that_and_back() {
    let rig = shipped_and_captured().await;
    rig.settle().await;
    rig.go_to(TO);
    assert_eq!(unexplained_after_a_pull(&rig).await, money("0.00"));

    let debit = rig.books(|books| books.plant_gl_row(SHIPPED, "1210", "USD", Side::Debit, money("17.01"), "by hand"));
    assert_eq!(unexplained_after_a_pull(&rig).await, money("17.01"));
    let credit = rig.books(|books| books.plant_gl_row(TO, "1210", "USD", Side::Credit, money("0.02"), "by hand"));
    assert_eq!(unexplained_after_a_pull(&rig).await, money("16.99"));
    rig.books(|books| books.change_gl_row(debit, money("17.00")).unwrap());
    assert_eq!(unexplained_after_a_pull(&rig).await, money("16.98"));
    rig.books(|books| books.delete_gl_row(debit).unwrap());
    assert_eq!(unexplained_after_a_pull(&rig).await, money("-0.02"));
    rig.books(|books| books.delete_gl_row(credit).unwrap());
    assert_eq!(unexplained_after_a_pull(&rig).await, money("0.00"));
    assert_eq!(rig.trail("records deleted at their source").len(), 2, "and the trail has both");
    rig.assert_tied_out(date(2026, 1, 1), TO);
}

#[tokio::test]
async fn a_row_of_a_document_changed_or_deleted_behind_its_back_shows_too() {
    let rig = shipped_and_captured().await;
    rig.settle().await;
    let row = ours(&rig);
    rig.books(|books| books.change_gl_row(row, money("105.44")).unwrap());
    assert_eq!(unexplained_after_a_pull(&rig).await, money("0.01"), "the receipt still says 105.43");
    rig.books(|books| books.change_gl_row(row, money("105.43")).unwrap());
    assert_eq!(unexplained_after_a_pull(&rig).await, money("0.00"));
    rig.books(|books| books.delete_gl_row(row).unwrap());
    assert_eq!(unexplained_after_a_pull(&rig).await, money("-105.43"));
}

#[tokio::test]
async fn rows_of_other_accounts_and_of_days_to_come_are_no_difference_here() {
    let rig = shipped_and_captured().await;
    rig.settle().await;
    rig.books(|books| {
        books.plant_gl_row(SHIPPED, "6100", "USD", Side::Debit, money("5.00"), "another account");
        books.plant_gl_row(date(2026, 2, 1), "1210", "USD", Side::Debit, money("5.00"), "another month");
    });
    assert_eq!(unexplained_after_a_pull(&rig).await, money("0.00"));
}
