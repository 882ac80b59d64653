//! Shipments and tracking numbers to the store.

use crate::rig::{ANN, BOTH, Rig, TODAY, books, item, number, product, sell, store};
use jiff::civil::Date;
use tieout_sandbox::intacct::post::sales::{NewSalesDocument, NewSalesLine, SalesChange};
use tieout_sandbox::intacct::{Company as Books, Posts};
use tieout_services as services;
use tieout_services::{Dialect, Flow};

const FLOW: &str = "[flows.shipments]\npolicy = \"automatic\"\ndefinitions = [\"Shipper\"]\n\
                    [flows.shipments.carriers]\n\"UPS Ground\" = \"UPS\"\n";

/// Order 501 of ten units, in the store and in Intacct.
async fn rig(dialect: Dialect) -> Rig {
    let mut store = store(vec![product(1, "A", "10.00", 50)]);
    sell(&mut store, "501", "A", 10);
    let mut books = books(vec![item("A", "10")]);
    books.add_definition("Shipper", "Shipper", Posts::Nothing, "4000", &[]);
    document(&mut books, "Sales Order", "XC-501", None, "10", None, "");
    Rig::start(dialect, store, books, FLOW).await
}

fn document(
    books: &mut Books,
    definition: &str,
    doc_number: &str,
    from: Option<&str>,
    units: &str,
    shipped: Option<Date>,
    tracking: &str,
) {
    let source = from.map(|doc| books.sales[&books.sales_record(doc).unwrap()].lines[0].record_no);
    let line = NewSalesLine {
        item: "A".into(),
        quantity: number(units),
        price: Some(number("10")),
        source_line: source,
        ..NewSalesLine::default()
    };
    books
        .post_sales_document(NewSalesDocument {
            definition: definition.into(),
            date: TODAY,
            created_from: from.map(str::to_owned),
            customer_id: "C-1001".into(),
            number: Some(doc_number.into()),
            shipping_method: "UPS Ground".into(),
            shipped_date: shipped,
            tracking_number: tracking.into(),
            lines: vec![line],
            ..NewSalesDocument::default()
        })
        .unwrap();
}

fn at_store(rig: &Rig) -> (String, Vec<String>) {
    rig.shop.with(|store| {
        let order = store.order_by_number("501").unwrap();
        let numbers = order.tracking_numbers.iter().map(|it| it.value.clone()).collect();
        (order.shipping_status.clone().unwrap(), numbers)
    })
}

#[tokio::test]
async fn parcels_of_a_partial_shipment_come_before_the_status_and_the_last_one_makes_it_shipped() {
    let rig = rig(Dialect::RestAddon).await;
    assert_eq!(rig.run(Flow::Shipments).await.planned, []);
    rig.books(|books| {
        document(books, "Shipper", "S-1", Some("Sales Order-XC-501"), "4", Some(TODAY), "1Z999AA10123456784");
    });
    let report = rig.run(Flow::Shipments).await;
    assert_eq!(report.done, 2, "{report:#?}");
    assert_eq!(at_store(&rig), ("P".into(), vec!["UPS 1Z999AA10123456784".into()]), "a part of it");
    rig.books(|books| {
        let from = Some("Sales Order-XC-501");
        document(books, "Shipper", "S-2", from, "6", Some(TODAY), "1Z999AA10123456795,1Z999AA10123456806");
    });
    let report = rig.run(Flow::Shipments).await;
    assert_eq!((report.done, at_store(&rig).0.as_str(), at_store(&rig).1.len()), (3, "S", 3), "{report:#?}");
    let order: Vec<bool> = rig.writes().iter().map(|it| it.what.contains("tracking")).collect();
    assert_eq!(order, [true, false, true, true, false], "the mail of the status knows the numbers");
    assert_eq!(rig.run(Flow::Shipments).await.planned, []);
}

#[tokio::test]
async fn a_store_that_takes_no_numbers_gets_the_status_and_a_person_the_number_with_the_reason() {
    let rig = rig(Dialect::AdminApi).await;
    rig.books(|books| {
        document(books, "Shipper", "S-1", Some("Sales Order-XC-501"), "10", Some(TODAY), "1Z999AA10123456784");
    });
    let report = rig.run(Flow::Shipments).await;
    assert_eq!((report.done, at_store(&rig)), (1, ("S".into(), vec![])), "{report:#?}");
    let [letter] = rig.letters().try_into().unwrap();
    assert_eq!(letter.cause, "by-hand");
    assert_eq!(
        letter.why,
        "this store's version takes no tracking numbers from outside: enter UPS 1Z999AA10123456784 on order 501 by hand"
    );
    assert!(services::close_letter(&rig.company, ANN, letter.id, " ").is_err(), "a reason is asked for");
    services::close_letter(&rig.company, ANN, letter.id, "entered in the admin").unwrap();
    rig.run(Flow::Shipments).await;
    assert_eq!(rig.letters(), [], "closed stays closed");
}

#[tokio::test]
async fn a_number_that_a_person_entered_by_hand_ends_its_letter() {
    let rig = rig(Dialect::AdminApi).await;
    rig.books(|books| {
        document(books, "Shipper", "S-1", Some("Sales Order-XC-501"), "10", Some(TODAY), "1Z999AA10123456784");
    });
    rig.run(Flow::Shipments).await;
    rig.shop(|store| {
        let tracking =
            tieout_sandbox::xcart::TrackingNumber { value: "ups 1z999aa10123456784".into(), ..Default::default() };
        store.update_order(1, |order| order.tracking_numbers.push(tracking));
    });
    let report = rig.run(Flow::Shipments).await;
    assert_eq!((report.healed, rig.letters().len()), (1, 0), "{report:#?}");
}

#[tokio::test]
async fn a_status_never_goes_back_whatever_is_heard_last() {
    for dialect in BOTH {
        for (status, after) in [("D", "D"), ("S", "S"), ("R", "R"), ("WND", "WND")] {
            let rig = rig(dialect).await;
            rig.shop(|store| store.set_shipping_status(1, status));
            rig.books(|books| document(books, "Shipper", "S-1", Some("Sales Order-XC-501"), "4", Some(TODAY), ""));
            rig.run(Flow::Shipments).await;
            assert_eq!(at_store(&rig).0, after, "{dialect:?}");
        }
    }
}

#[tokio::test]
async fn in_whatever_order_shipments_are_heard_of_the_store_ends_the_same() {
    let mut ends = Vec::new();
    for late in [false, true] {
        let rig = rig(Dialect::RestAddon).await;
        const FROM: Option<&str> = Some("Sales Order-XC-501");
        let first: fn(&mut Books) =
            |books: &mut Books| document(books, "Shipper", "S-1", FROM, "4", Some(TODAY), "1Z999AA10123456784");
        let second: fn(&mut Books) =
            |books: &mut Books| document(books, "Shipper", "S-2", FROM, "6", Some(TODAY), "1Z999AA10123456795");
        rig.books(if late { second } else { first });
        rig.run(Flow::Shipments).await;
        rig.books(if late { first } else { second });
        // Its number is written into Intacct late.
        rig.books(|books| {
            let change = SalesChange { tracking_number: Some("1Z999AA10123456817".into()), ..SalesChange::default() };
            books.update_sales_document("Shipper-S-1", change).unwrap();
        });
        rig.run(Flow::Shipments).await;
        rig.run(Flow::Shipments).await;
        let (status, mut numbers) = at_store(&rig);
        // The first way had sent a number that Intacct took back since.
        numbers.retain(|it| !it.ends_with("784"));
        numbers.sort();
        ends.push((status, numbers));
    }
    assert_eq!(ends[0], ends[1]);
    assert_eq!(ends[0].0, "S");
}

#[tokio::test]
async fn a_status_the_admin_made_up_and_an_order_nobody_knows_wait_for_a_person() {
    let rig = rig(Dialect::AdminApi).await;
    rig.shop(|store| store.update_order(1, |order| order.shipping_status = Some("XX".into())));
    rig.books(|books| {
        document(books, "Shipper", "S-1", Some("Sales Order-XC-501"), "10", Some(TODAY), "");
        document(books, "Shipper", "S-9", None, "1", Some(TODAY), "");
    });
    let report = rig.run(Flow::Shipments).await;
    assert_eq!(report.done, 0, "{report:#?}");
    assert_eq!(rig.causes(), ["Shipper-S-9 unknown-order", "#501 unknown-status"]);
}
