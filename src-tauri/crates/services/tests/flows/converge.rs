//! Convergence: whatever is changed on either side, whatever goes wrong in between and whenever the program is ended, both
//! sides come to agree, nothing is written twice, and nothing that was sold is offered again.
//!
//! `TIEOUT_CONVERGE=1000` for so many seeds in place of a few, `TIEOUT_SEED=7` for the first of them.

use crate::rig::{BOTH, Rig, TODAY, books, item, number, product, sell, stock, store};
use rust_decimal::Decimal;
use std::time::Duration;
use tieout_sandbox::faults::{Fault, FaultPlan, FaultRule, System};
use tieout_sandbox::intacct::post::sales::{NewSalesDocument, NewSalesLine};
use tieout_sandbox::intacct::{Company as Books, Posts};
use tieout_services::{Dialect, Flow, ServiceError};

const SEEDS: u64 = 4;
const STEPS: usize = 30;
/// Rounds in which both sides must have come to rest once nothing goes wrong any more.
const ROUNDS_MAX: usize = 4;
const SKUS: [&str; 4] = ["A", "B", "C", "D"];
const FLOWS: &str = "[flows.stock]\npolicy = \"automatic\"\nwarehouses = [\"WH01\"]\n\
                     [flows.products]\npolicy = \"automatic\"\ndrop_percent_max = 100\nrise_percent_max = 10000\n\
                     [flows.shipments]\npolicy = \"automatic\"\ndefinitions = [\"Shipper\"]\n";

/// SplitMix64: the same seed, the same day.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// An order as both sides may know it.
struct Sold {
    id: u64,
    number: String,
    sku: &'static str,
    units: i64,
    in_books: bool,
    shipped: i64,
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_come_to_agree_whatever_happens_in_between() {
    let said = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let (first, seeds) = (said("TIEOUT_SEED").unwrap_or(1), said("TIEOUT_CONVERGE").unwrap_or(SEEDS));
    let (mut writes, mut faults, mut cuts) = (0, 0, 0);
    for seed in first..first + seeds {
        let dialect = BOTH[usize::try_from(seed % 2).unwrap()];
        let day = one(seed, dialect).await;
        writes += day.writes;
        faults += day.faults;
        cuts += day.cuts;
    }
    eprintln!(
        "{seeds} days: {writes} writes to the store, {faults} faults met, {cuts} runs cut off; all came to agree"
    );
    assert!(writes > seeds && faults > 0 && cuts > 0, "the days are hard enough");
}

struct Day {
    writes: u64,
    faults: u64,
    cuts: u64,
}

async fn one(seed: u64, dialect: Dialect) -> Day {
    let mut dice = Dice(seed);
    let mut rig = open(dialect, &mut dice).await;
    let (mut orders, mut cuts, mut faults) = (Vec::<Sold>::new(), 0, 0);
    for step in 0..STEPS {
        match dice.below(14) {
            0 | 1 => {
                let (sku, units) = (dice.of(&SKUS), 1 + dice.below(3) as i64);
                let name = format!("{}", 500 + step);
                let id = rig.shop(|store| sell(store, &name, sku, units));
                orders.push(Sold { id, number: name, sku, units, in_books: false, shipped: 0 });
            }
            2 => {
                let (sku, on_hand) = (dice.of(&SKUS), (20 + dice.below(60)).to_string());
                rig.books(|books| books.set_stock(stock(sku, "WH01", &on_hand)));
            }
            3 => {
                let (sku, cents) = (dice.of(&SKUS), 500 + dice.below(2_000) as i64);
                rig.books(|books| books.items.get_mut(sku).unwrap().base_price = Some(Decimal::new(cents, 2)));
            }
            4 => {
                let (sku, cents) = (dice.of(&SKUS), 500 + dice.below(2_000) as i64);
                rig.shop(|store| {
                    let product = store.products.values_mut().find(|it| it.sku == sku).unwrap();
                    product.price = Decimal::new(cents, 2);
                });
            }
            5 => {
                if let Some(order) = orders.iter_mut().find(|it| !it.in_books) {
                    rig.books(|books| enter(books, order));
                    order.in_books = true;
                }
            }
            6 => {
                let at = format!("{:04}", step);
                if let Some(order) = orders.iter_mut().find(|it| it.in_books && it.shipped < it.units) {
                    rig.books(|books| ship(books, order, &at));
                    order.shipped += 1;
                }
            }
            7 => {
                faults += rig.shop_faults.fired();
                go_wrong(&rig, &mut dice);
            }
            8 => rig.wait(1 + dice.below(180) as i64),
            _ => {
                let (flow, cut_after) = (dice.of(&Flow::ALL), dice.below(4) == 0);
                // A hint that comes twice is a run that comes twice; one that is lost is made good by the next.
                for _ in 0..1 + dice.below(2) {
                    let run = rig.try_run(flow);
                    if cut_after {
                        let after = Duration::from_millis(20 + dice.below(250));
                        cuts += u64::from(tokio::time::timeout(after, run).await.is_err());
                    } else {
                        tolerate(seed, run.await.err());
                    }
                }
                if cut_after {
                    rig.restart();
                }
            }
        }
    }
    faults += rig.shop_faults.fired();
    settle(&rig, seed).await;
    judge(&rig, seed, dialect, &orders);
    Day { writes: rig.writes().len() as u64, faults, cuts }
}

async fn open(dialect: Dialect, dice: &mut Dice) -> Rig {
    let mut products = Vec::new();
    let mut items = Vec::new();
    for (id, sku) in (1..).zip(SKUS) {
        products.push(product(id, sku, "10.00", 10 + dice.below(40) as i64));
        items.push(item(sku, "10.00"));
    }
    let mut books = books(items);
    books.add_definition("Shipper", "Shipper", Posts::Nothing, "4000", &[]);
    books.definitions.get_mut("Sales Order").unwrap().holds_stock = true;
    books.definitions.get_mut("Shipper").unwrap().moves_stock = true;
    for sku in SKUS {
        books.set_stock(stock(sku, "WH01", "60"));
    }
    Rig::start(dialect, store(products), books, FLOWS).await
}

/// The next requests to the store meet something.
fn go_wrong(rig: &Rig, dice: &mut Dice) {
    let fault = dice.of(&[0, 1, 2, 3, 4, 5, 6]);
    let fault = match fault {
        0 => Fault::CommitThenDrop,
        1 => Fault::TruncatedReply,
        2 => Fault::Error524AfterCommit,
        3 => Fault::DropBeforeCommit,
        4 => Fault::GarbageReply,
        5 => Fault::Status429 { retry_after: Some(30) },
        _ => Fault::SaysDone,
    };
    let what = if fault == Fault::SaysDone { "P*" } else { dice.of(&["PUT *", "POST *", "P*"]) };
    let rule = FaultRule::always(System::Xcart, what, fault).with_probability(0.7).times(2);
    rig.shop_faults.replace(FaultPlan::new(dice.roll(), vec![rule]));
}

/// A run may end early; it may not end in a way nobody foresaw.
fn tolerate(seed: u64, error: Option<ServiceError>) {
    match error {
        None | Some(ServiceError::Paused { .. } | ServiceError::Xcart(_)) => {}
        Some(other) => panic!("seed {seed}: {other}"),
    }
}

fn enter(books: &mut Books, order: &Sold) {
    let number = format!("XC-{}", order.number);
    post(books, "Sales Order", &number, None, order.sku, order.units, "");
}

fn ship(books: &mut Books, order: &Sold, at: &str) {
    let source = format!("Sales Order-XC-{}", order.number);
    post(books, "Shipper", &format!("S{at}"), Some(&source), order.sku, 1, &format!("1Z999AA1{at}{at}"));
}

fn post(books: &mut Books, definition: &str, doc: &str, from: Option<&str>, sku: &str, units: i64, tracking: &str) {
    let source_line = from.map(|doc| books.sales[&books.sales_record(doc).unwrap()].lines[0].record_no);
    let line = NewSalesLine {
        item: sku.into(),
        quantity: units.into(),
        price: Some(number("10")),
        warehouse: Some("WH01".into()),
        source_line,
        ..NewSalesLine::default()
    };
    books
        .post_sales_document(NewSalesDocument {
            definition: definition.into(),
            date: TODAY,
            created_from: from.map(str::to_owned),
            customer_id: "C-1001".into(),
            number: Some(doc.into()),
            shipped_date: from.map(|_| TODAY),
            tracking_number: tracking.into(),
            lines: vec![line],
            ..NewSalesDocument::default()
        })
        .unwrap();
}

async fn settle(rig: &Rig, seed: u64) {
    rig.shop_faults.replace(FaultPlan::default());
    for _ in 0..ROUNDS_MAX {
        rig.wait(300);
        let mut at_rest = true;
        for flow in Flow::ALL {
            let report = rig.run(flow).await;
            // A letter of a write waits for a person even when it would go by itself: here one looks, and replays.
            let open: Vec<i64> = rig.letters().iter().filter(|it| it.is_write).map(|it| it.id).collect();
            if !open.is_empty() {
                tieout_services::replay_letters(&rig.company, &rig.secrets, "Ann", &open).await.unwrap();
            }
            at_rest &= report.planned.is_empty() && report.in_doubt == 0 && open.is_empty();
        }
        if at_rest {
            return;
        }
    }
    panic!("seed {seed}: still writing after {ROUNDS_MAX} rounds; letters: {:#?}", rig.letters());
}

fn judge(rig: &Rig, seed: u64, dialect: Dialect, orders: &[Sold]) {
    for sku in SKUS {
        let shelf: Decimal = rig.books(|books| {
            let rows = books.stock_totals();
            rows.iter().filter(|it| it.item == sku && it.warehouse == "WH01").map(|it| it.on_hand - it.on_hold).sum()
        });
        let reserved: i64 = orders.iter().filter(|it| it.sku == sku && !it.in_books).map(|it| it.units).sum();
        let available = (shelf - Decimal::from(reserved)).max(Decimal::ZERO);
        assert_eq!(Decimal::from(rig.amount(sku)), available, "seed {seed}: stock of {sku}");
        let price = rig.shop.with(|store| store.products.values().find(|it| it.sku == sku).unwrap().price);
        let wanted = rig.books(|books| books.items[sku].base_price).unwrap();
        assert_eq!(price, wanted, "seed {seed}: price of {sku}");
    }
    for order in orders {
        let (status, numbers) = rig.shop.with(|store| {
            let it = &store.orders[&order.id];
            (it.shipping_status.clone().unwrap(), it.tracking_numbers.len() as i64)
        });
        let wanted = match order.shipped {
            0 => "N",
            all if all == order.units => "S",
            _ => "P",
        };
        assert_eq!(status, wanted, "seed {seed}: order {}", order.number);
        if dialect == Dialect::RestAddon {
            assert_eq!(numbers, order.shipped, "seed {seed}: each parcel of order {} once", order.number);
        }
    }
    rig.company.store.verify_audit(None).unwrap().unwrap();
}
