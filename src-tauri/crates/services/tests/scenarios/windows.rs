//! How far apart a payment and its receipt may be is the accountant's to say.

use crate::books::{self, invoice, receipt};
use crate::rig::{ANN, Rig};
use crate::shop::{self, Sale, captured};
use jiff::civil::date;
use tieout_sandbox::intacct::sample::small_company;

/// Members of each match with something on both sides.
fn pairs(rig: &Rig) -> Vec<usize> {
    let all = rig.company.store.read(|reader| reader.matches()).unwrap();
    let both = all.iter().map(|it| &it.group).filter(|it| !it.left.is_empty() && !it.right.is_empty());
    both.map(|it| it.members().count()).collect()
}

#[tokio::test]
async fn a_wider_window_matches_what_a_narrower_one_left_open_and_back() {
    let (paid, booked) = (date(2026, 1, 5), date(2026, 1, 25));
    let sale = Sale::o2001(paid);
    let mut store = shop::store();
    store.add_order(sale.order("P", vec![captured("Credit Card", paid, sale.total(), "txn_9001")]));
    let mut books = small_company();
    invoice(&mut books, &sale, paid);
    receipt(&mut books, "INV-2001", booked, sale.total(), "2001");
    let rig = Rig::start(date(2026, 1, 26), store, books).await;
    rig.look().await;
    assert_eq!(pairs(&rig), [0; 0], "20 days are more than the 12 of the settings as they come");

    let widened = format!("{}\n[matching]\ndays_after_max = 20\n", books::SETTINGS);
    rig.company.save_settings(ANN, &widened, "our card receipts are booked monthly").unwrap();
    rig.look().await;
    assert_eq!(pairs(&rig), [2]);
    assert_eq!(rig.exceptions(), [], "nothing is left to do");
    rig.assert_tied_out(date(2026, 1, 1), date(2026, 1, 31));

    rig.company.save_settings(ANN, &widened.replace("= 20", "= 19"), "one day less").unwrap();
    rig.look().await;
    assert_eq!(pairs(&rig), [0; 0]);
}
