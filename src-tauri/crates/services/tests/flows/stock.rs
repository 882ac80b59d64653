//! Stock to the store.

use crate::rig::{ANN, BOTH, Rig, TODAY, books, item, number, product, sell, stock, store};
use tieout_sandbox::faults::{Edit, Fault, FaultPlan, FaultRule, System};
use tieout_sandbox::intacct::StockRow;
use tieout_sandbox::intacct::post::sales::{NewSalesDocument, NewSalesLine};
use tieout_services::{Dialect, Flow, ServiceError};

const ASK: &str = "[flows.stock]\nwarehouses = [\"WH01\"]\nsafety = 2\n";
const BY_ITSELF: &str = "[flows.stock]\npolicy = \"automatic\"\nwarehouses = [\"WH01\"]\nsafety = 2\n";

/// A has 10 to sell and shows 7, B agrees, C is not stocked in Intacct.
async fn rig(dialect: Dialect, flows: &str) -> Rig {
    let store = store(vec![product(1, "A", "10.00", 7), product(2, "B", "10.00", 3), product(3, "C", "10.00", 5)]);
    let mut books = books(vec![item("A", "10"), item("B", "10"), item("C", "10")]);
    books.set_stock(StockRow { bin: "1".into(), ..stock("A", "WH01", "8") });
    books.set_stock(StockRow { bin: "2".into(), on_hold: number("1"), ..stock("A", "WH01", "5") });
    books.set_stock(stock("A", "WH02", "100"));
    books.set_stock(stock("B", "WH01", "5"));
    Rig::start(dialect, store, books, flows).await
}

#[tokio::test]
async fn a_dry_run_shows_the_difference_and_writes_nothing_to_either_system() {
    for dialect in BOTH {
        let rig = rig(dialect, ASK).await;
        let report = rig.dry(Flow::Stock).await;
        let [line] = report.planned.as_slice() else { panic!("{report:#?}") };
        assert_eq!(
            (line.title.as_str(), line.changes[0].before.as_str(), line.changes[0].after.as_str()),
            ("A", "7", "10")
        );
        assert_eq!(line.because, "item A: 13 on hand, 1 on hold, 0 sold and not in Intacct yet, 2 kept back");
        assert_eq!(report.equal, 1);
        assert_eq!(rig.writes(), [], "the store saw no write");
        assert_eq!(rig.intacct.with(|gateway| gateway.dump().len()), 0, "and Intacct none");
        let kept = rig.company.store.read(|reader| reader.flow_write_counts("stock")).unwrap();
        assert!(kept.is_empty(), "{kept:?}");
    }
}

#[tokio::test]
async fn what_a_person_approved_is_sent_once_read_back_and_then_there_is_nothing_to_do() {
    for dialect in BOTH {
        let rig = rig(dialect, ASK).await;
        let shown = rig.run(Flow::Stock).await;
        assert_eq!((shown.waiting, shown.done, rig.writes().len()), (1, 0, 0), "{shown:#?}");
        let report = rig.approve(Flow::Stock, &shown).await.unwrap();
        assert_eq!((report.done, report.waiting, rig.amount("A")), (1, 0, 10), "{report:#?}");
        assert_eq!(rig.writes().len(), 1);
        let again = rig.run(Flow::Stock).await;
        assert_eq!((again.planned.len(), again.equal, again.needs_a_person()), (0, 2, false), "{again:#?}");
        assert_eq!(rig.writes().len(), 1);
        let trail = rig.company.store.read(|reader| reader.audit_page(&Default::default(), None, 100)).unwrap();
        let by_ann = trail.iter().filter(|it| it.action == "flow write moved" && it.actor == ANN).count();
        assert_eq!(by_ann, 3, "approved, sent, done: each in her name");
        rig.company.store.verify_audit(None).unwrap().unwrap();
    }
}

#[tokio::test]
async fn an_approval_is_for_what_was_shown() {
    let rig = rig(Dialect::AdminApi, ASK).await;
    let shown = rig.run(Flow::Stock).await;
    rig.books(|books| books.set_stock(stock("B", "WH01", "50")));
    rig.run(Flow::Stock).await;
    let refused = rig.approve(Flow::Stock, &shown).await.unwrap_err();
    assert!(matches!(refused, ServiceError::ListChanged { .. }), "{refused}");
    assert_eq!(rig.writes(), []);
}

#[tokio::test]
async fn what_the_store_sold_and_intacct_does_not_know_is_not_offered_again() {
    let rig = rig(Dialect::AdminApi, BY_ITSELF).await;
    rig.shop(|store| sell(store, "501", "A", 4)); // 7 - 4 = 3 in the store
    let report = rig.run(Flow::Stock).await;
    assert_eq!((report.done, rig.amount("A")), (1, 6), "13 - 1 - 4 - 2: {report:#?}");
    // Declined at last: the store puts its units back, and so do we.
    rig.shop(|store| store.set_payment_status(1, "D"));
    rig.run(Flow::Stock).await;
    assert_eq!(rig.amount("A"), 10);
}

#[tokio::test]
async fn an_order_that_intacct_holds_is_not_taken_off_twice() {
    let rig = rig(Dialect::AdminApi, BY_ITSELF).await;
    rig.shop(|store| sell(store, "501", "A", 4));
    rig.books(|books| {
        books.definitions.get_mut("Sales Order").unwrap().holds_stock = true;
        let line = NewSalesLine {
            item: "A".into(),
            quantity: number("4"),
            warehouse: Some("WH01".into()),
            price: Some(number("10")),
            ..NewSalesLine::default()
        };
        books
            .post_sales_document(NewSalesDocument {
                definition: "Sales Order".into(),
                date: TODAY,
                customer_id: "C-1001".into(),
                number: Some("XC-501".into()),
                lines: vec![line],
                ..NewSalesDocument::default()
            })
            .unwrap();
    });
    let report = rig.run(Flow::Stock).await;
    assert_eq!((report.done, rig.amount("A")), (1, 6), "13 - (1 + 4 on hold) - 2: {report:#?}");
}

#[tokio::test]
async fn a_sale_between_plan_and_write_never_raises_the_stock_wrongly() {
    for dialect in BOTH {
        let rig = rig(dialect, ASK).await;
        let shown = rig.run(Flow::Stock).await;
        // Planned 7 -> 10; three are sold before Ann says yes.
        rig.shop(|store| sell(store, "501", "A", 3));
        let report = rig.approve(Flow::Stock, &shown).await.unwrap();
        assert_eq!((report.done, rig.amount("A")), (1, 7), "4 + (10 - 7): {report:#?}");
        assert_eq!(rig.run(Flow::Stock).await.planned, []);
    }
}

#[tokio::test]
async fn a_sale_between_look_and_write_is_put_right_in_the_same_run() {
    let rig = rig(Dialect::AdminApi, BY_ITSELF).await;
    // The write arrives a moment after its answer is due; meanwhile the store sells two.
    let shop = rig.shop.clone();
    let slow = FaultRule::always(System::Xcart, "GET /api/products/1", Fault::SlowReply { ms: 300 }).nth(1);
    rig.shop_faults.replace(FaultPlan::new(1, vec![slow]));
    let sale = tokio::spawn(async move {
        // The look was answered from the 7 before; its answer is on the way while this happens.
        while shop.with(|store| store.products[&1].amount) == 7 && shop.requests() < 1_000 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            if shop.requests() >= 4 && shop.writes().is_empty() {
                tokio::time::sleep(std::time::Duration::from_millis(150)).await;
                shop.with(|store| sell(store, "501", "A", 2));
            }
        }
    });
    let report = rig.run(Flow::Stock).await;
    sale.await.unwrap();
    assert_eq!(rig.amount("A"), 8, "13 - 1 - 2 - 2 kept back: {report:#?} {:#?}", rig.writes());
    let bodies: Vec<String> = rig.writes().into_iter().map(|it| it.body).collect();
    assert_eq!(bodies, [r#"{"amount":10}"#, r#"{"amount":8}"#], "the sale came in between");
}

#[tokio::test]
async fn a_write_answered_200_and_not_done_is_found_and_replayed() {
    for dialect in BOTH {
        let rig = rig(dialect, BY_ITSELF).await;
        rig.next_write_meets(dialect, Fault::SaysDone);
        let report = rig.run(Flow::Stock).await;
        assert_eq!((report.parked, report.done, rig.amount("A")), (1, 0, 7), "{report:#?}");
        let [letter] = rig.letters().try_into().unwrap();
        assert_eq!((letter.cause.as_str(), letter.title.as_str(), letter.is_write), ("not-done", "A", true));
        assert!(letter.log.iter().any(|it| it.contains("answered")), "{:#?}", letter.log);
        // Not again by itself: it waits for a person though the policy is automatic.
        let again = rig.run(Flow::Stock).await;
        assert_eq!((again.waiting, again.done, rig.amount("A")), (1, 0, 7), "{again:#?}");
        let replayed = tieout_services::replay_letters(&rig.company, &rig.secrets, ANN, &[letter.id]).await.unwrap();
        assert_eq!((replayed.done, replayed.still_open, rig.amount("A")), (1, 0, 10), "{replayed:?}");
        assert_eq!(rig.letters(), []);
        assert_eq!(rig.run(Flow::Stock).await.planned, []);
    }
}

#[tokio::test]
async fn no_answer_is_looked_up_and_never_sent_blindly_again() {
    for (fault, committed) in [
        (Fault::CommitThenDrop, true),
        (Fault::Error524AfterCommit, true),
        (Fault::TruncatedReply, true),
        (Fault::GarbageReply, true),
        (Fault::Error502BeforeCommit, false),
        (Fault::DropBeforeCommit, false),
    ] {
        let rig = rig(Dialect::AdminApi, BY_ITSELF).await;
        rig.next_write_meets(Dialect::AdminApi, fault.clone());
        let report = rig.run(Flow::Stock).await;
        assert_eq!((report.in_doubt, report.done), (1, 0), "{fault:?}: {report:#?}");
        let sent = rig.writes().len();
        assert_eq!(sent, usize::from(committed), "{fault:?}");
        // Before its time nothing is asked and nothing is sent.
        let soon = rig.run(Flow::Stock).await;
        assert_eq!((soon.in_doubt, rig.writes().len()), (1, sent), "{fault:?}: {soon:#?}");
        rig.wait(120);
        let later = rig.run(Flow::Stock).await;
        assert_eq!((later.in_doubt, rig.amount("A")), (0, 10), "{fault:?}: {later:#?}");
        assert_eq!(rig.writes().len(), 1, "{fault:?}: once in all");
    }
}

#[tokio::test]
async fn a_store_with_too_many_requests_is_left_alone_as_long_as_it_asks() {
    let rig = rig(Dialect::AdminApi, BY_ITSELF).await;
    rig.next_write_meets(Dialect::AdminApi, Fault::Status429 { retry_after: Some(300) });
    let report = rig.run(Flow::Stock).await;
    assert_eq!((report.unsent, report.done, rig.writes().len()), (1, 0, 0), "{report:#?}");
    let paused = rig.try_run(Flow::Stock).await.unwrap_err();
    assert!(matches!(paused, ServiceError::Paused { .. }), "{paused}");
    rig.wait(301);
    assert_eq!((rig.run(Flow::Stock).await.done, rig.amount("A")), (1, 10));
}

#[tokio::test]
async fn a_key_that_may_only_read_is_told_at_the_first_write_and_nothing_is_lost() {
    let mut rig = rig(Dialect::AdminApi, BY_ITSELF).await;
    let (reads, writes) =
        rig.shop.with(|store| (store.settings.key_read.clone(), store.settings.key_read_write.clone()));
    rig.secrets.xcart_key = reads.into();
    let error = rig.try_run(Flow::Stock).await.unwrap_err();
    assert!(error.to_string().contains("not allowed"), "{error}");
    assert!(error.remedy().contains("read/write"), "{}", error.remedy());
    rig.secrets.xcart_key = writes.into();
    assert_eq!((rig.run(Flow::Stock).await.done, rig.amount("A")), (1, 10));
}

#[tokio::test]
async fn an_unknown_sku_an_inactive_item_and_a_shared_one_wait_while_the_rest_goes_on() {
    let rig = rig(Dialect::AdminApi, BY_ITSELF).await;
    rig.shop(|store| {
        store.add_product(product(4, "NOBODY", "1.00", 9));
        store.add_product(product(5, "OLD", "1.00", 9));
        store.add_product(product(6, "B-TWIN", "1.00", 9));
    });
    rig.books(|books| {
        books.add_item(tieout_sandbox::intacct::Item { inactive: true, ..item("OLD", "1") }).unwrap();
    });
    rig.settings(&format!("[items]\nB-TWIN = \"B\"\n{BY_ITSELF}"));
    let report = rig.run(Flow::Stock).await;
    assert_eq!((report.done, rig.amount("A")), (1, 10), "{report:#?}");
    assert_eq!(rig.causes(), ["B ambiguous", "B-TWIN ambiguous", "NOBODY unknown-sku", "OLD inactive-item"]);
    // Its cause is mended: all alike are healed by the next run.
    rig.books(|books| {
        books.items.get_mut("OLD").unwrap().inactive = false;
        books.add_item(item("NOBODY", "1")).unwrap();
        books.set_stock(stock("NOBODY", "WH01", "4"));
    });
    rig.settings(BY_ITSELF);
    let healed = rig.run(Flow::Stock).await;
    assert_eq!((healed.healed, rig.amount("NOBODY")), (3, 2), "{healed:#?}");
    assert_eq!(rig.causes(), ["B-TWIN unknown-sku"]);
}

#[tokio::test]
async fn more_sold_than_there_is_stops_at_nothing_and_is_told() {
    let rig = rig(Dialect::AdminApi, ASK).await;
    rig.shop(|store| {
        sell(store, "501", "A", 20);
    });
    rig.books(|books| books.set_stock(stock("B", "WH01", "0")));
    let report = rig.run(Flow::Stock).await;
    let line = |sku: &str| report.planned.iter().find(|it| it.title == sku).unwrap();
    assert_eq!(line("A").changes[0].after, "0");
    assert_eq!(line("A").warnings, ["oversold: 8 more are promised than are on hand"]);
    assert_eq!(line("B").changes[0].after, "0");
}

#[tokio::test]
async fn a_change_above_the_limit_waits_for_a_person_and_the_others_go() {
    let rig = rig(Dialect::AdminApi, &format!("{BY_ITSELF}automatic_max = 5\n")).await;
    rig.books(|books| books.set_stock(stock("B", "WH01", "5000")));
    let report = rig.run(Flow::Stock).await;
    assert_eq!((report.done, report.waiting, rig.amount("A"), rig.amount("B")), (1, 1, 10, 3), "{report:#?}");
}

#[tokio::test]
async fn a_flow_that_is_off_does_not_run() {
    let rig = rig(Dialect::AdminApi, "[flows.stock]\npolicy = \"off\"\n").await;
    let error = rig.try_run(Flow::Stock).await.unwrap_err();
    assert!(error.to_string().contains("switched off"), "{error}");
    assert_eq!(rig.shop.requests(), 0);
}

#[tokio::test]
async fn a_total_that_cannot_be_read_is_no_zero() {
    let rig = rig(Dialect::AdminApi, BY_ITSELF).await;
    let edits = vec![Edit { find: "<onhand>5</onhand>".into(), put: "<onhand>five</onhand>".into() }];
    let broken = FaultRule::always(System::Intacct, "get_icitemtotals", Fault::EditedReply { edits });
    rig.intacct_faults.replace(FaultPlan::new(1, vec![broken]));
    let report = rig.run(Flow::Stock).await;
    // Of A one of two bins says five too: half a sum is no sum.
    assert_eq!((report.done, rig.amount("A"), rig.amount("B")), (0, 7, 3), "{report:#?}");
    assert_eq!(rig.letters().iter().filter(|it| it.cause == "not-understood").count(), 2, "{:#?}", rig.causes());
    assert!(rig.letters()[0].raw.contains("<onhand>five</onhand>"), "{:#?}", rig.letters());
    rig.intacct_faults.replace(FaultPlan::default());
    assert_eq!((rig.run(Flow::Stock).await.healed, rig.amount("A"), rig.letters().len()), (2, 10, 0));
}

#[tokio::test]
async fn only_an_approver_says_yes_where_people_are_listed() {
    let people = "[[control.people]]\nname = \"Ann\"\nroles = [\"preparer\"]\n\
                  [[control.people]]\nname = \"Bo\"\nroles = [\"approver\", \"reviewer\"]\n";
    let rig = rig(Dialect::AdminApi, &format!("{ASK}{people}")).await;
    let shown = rig.run(Flow::Stock).await;
    let refused = rig.approve(Flow::Stock, &shown).await.unwrap_err();
    assert!(refused.to_string().contains("Ann"), "{refused}");
    assert_eq!(rig.writes(), []);
}
