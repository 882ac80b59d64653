//! Cheques: money that lies in the drawer until the bank has it.

use crate::books::invoice;
use crate::expected::of;
use crate::rig::Rig;
use crate::shop::{self, Sale, offline};
use jiff::civil::date;
use tieout_sandbox::intacct::sample::small_company;

#[tokio::test]
async fn j17_cheques_wait_as_undeposited_funds_until_the_bank_shows_them_together() {
    let (mut store, mut books) = (shop::store(), small_company());
    for (number, total, day) in [("2002", "64.92", 12), ("2003", "285.63", 13)] {
        let on = date(2026, 1, day);
        let sale = Sale::of(number, on, total);
        store.add_order(sale.order("P", vec![offline("Check", on, sale.total())]));
        invoice(&mut books, &sale, on);
    }
    let rig = Rig::start(date(2026, 1, 13), store, books).await;
    let opening = rig.balances();
    rig.settle().await;
    assert_eq!(rig.balances()["1050"], shop::money("350.55"), "two cheques in the drawer");
    rig.go_to(date(2026, 1, 14));
    rig.import_bank_file("b1,2026-01-14,USD,350.55,DEPOSIT 2 ITEMS,slip 7");
    rig.settle().await;
    assert_eq!(rig.moved_since(&opening), of("J17"));
    assert_eq!(rig.exceptions(), []);
    rig.assert_tied_out(date(2026, 1, 1), date(2026, 1, 14));
}
