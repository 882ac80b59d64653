//! One payout with everything a gateway takes out of it.

use crate::books::invoice;
use crate::expected::of;
use crate::rig::Rig;
use crate::shop::{self, Sale, captured, money, step};
use jiff::civil::date;
use tieout_sandbox::intacct::sample::small_company;

/// Five orders that come to J22's sums: goods 1,669.97, discounts 130.00, shipping 23.00, tax 37.96.
fn five_orders() -> [Sale; 5] {
    let on = date(2026, 1, 30);
    let taxed = |number: &str, price: &str, tax: &str| Sale { tax: money(tax), ..Sale::of(number, on, price) };
    [
        Sale::o2001(on),
        taxed("2002", "59.97", "4.95"),
        Sale { shipping: money("15.00"), ..taxed("2003", "250.00", "20.63") },
        taxed("2004", "60.00", "4.95"),
        Sale { discount: money("120.00"), ..Sale::of("2005", on, "1200.00") },
    ]
}

#[tokio::test]
async fn j22_one_payout_posted_per_order_comes_to_the_daily_summary() {
    let (on, back) = (date(2026, 1, 30), date(2026, 2, 2));
    let (mut store, mut books) = (shop::store(), small_company());
    for (at, sale) in five_orders().iter().enumerate() {
        let card = |value| captured("Credit Card", on, value, &format!("ch_100{at}"));
        let gift = money("35.05");
        let mut tenders = match at {
            3 => vec![captured("Gift Card", on, gift, ""), card(sale.total() - gift)],
            _ => vec![card(sale.total())],
        };
        if at == 0 {
            tenders[0].backend_transactions.push(step("refund", "S", back, money("48.71"), "re_1000"));
        }
        store.add_order(sale.order("P", tenders));
        invoice(&mut books, sale, on);
    }
    let rig = Rig::start(date(2026, 2, 3), store, books).await;
    rig.import_card_file(
        "r1,po_1001,charge,ch_1000,2001,USD,105.43,-3.36,102.07,2026-01-30\n\
         r2,po_1001,charge,ch_1001,2002,USD,64.92,-2.18,62.74,2026-01-30\n\
         r3,po_1001,charge,ch_1002,2003,USD,285.63,-8.58,277.05,2026-01-30\n\
         r4,po_1001,charge,ch_1003,2004,USD,29.90,-1.17,28.73,2026-01-30\n\
         r5,po_1001,charge,ch_1004,2005,USD,1080.00,-31.62,1048.38,2026-01-30\n\
         r6,po_1001,refund,re_1000,2001,USD,-48.71,0,-48.71,2026-02-02\n\
         r7,po_1001,chargeback,ch_0990,1990,USD,-105.43,0,-105.43,2026-02-02\n\
         r8,po_1001,chargeback_fee,ch_0990,1990,USD,-15.00,0,-15.00,2026-02-02\n\
         r9,po_1001,reserve_hold,,,USD,-50.00,0,-50.00,2026-02-02\n\
         r10,po_1001,payout,,,USD,-1299.83,0,-1299.83,2026-02-03",
    );
    rig.import_bank_file("b1,2026-02-03,USD,1299.83,CARD PAYOUT,po_1001");
    rig.settle().await;
    assert_eq!(rig.balances(), of("J22"));
    assert_eq!(rig.exceptions(), []);
    rig.assert_tied_out(date(2026, 1, 1), date(2026, 2, 3));
}
