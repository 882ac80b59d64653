//! What holds of every plan and of every write on its way, whatever the two sides say.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tieout_domain::{ItemOffer, ProductCard, SourceId, StockLevel};
use tieout_flows::carry::{Answer, End, Next, after_answer, after_check, after_look, begin};
use tieout_flows::{Action, Cause, Seen, WriteState, stock};
use tieout_planning::Settings;

fn settings(flows: &str) -> Settings {
    Settings::parse(&format!("cut_over = \"2026-01-01\"\n[accounts]\n{flows}")).unwrap()
}

fn card(id: u64, amount: i64) -> ProductCard {
    ProductCard {
        store: SourceId::xcart("example"),
        id,
        sku: format!("SKU-{id}"),
        name: Some(format!("Article {id}")),
        description: Some(String::new()),
        price: Decimal::new(1_000, 2),
        weight: Decimal::ONE,
        enabled: true,
        amount,
        counted: true,
    }
}

fn offer(id: u64) -> (String, ItemOffer) {
    let item_id = format!("SKU-{id}");
    let offer = ItemOffer {
        company: SourceId::intacct("example"),
        item_id: item_id.clone(),
        name: format!("Article {id}"),
        description: String::new(),
        active: true,
        base_price: Some(Decimal::new(1_000, 2)),
        weight: Some(Decimal::ONE),
    };
    (item_id, offer)
}

fn level(id: u64, on_hand: i64, on_hold: i64) -> StockLevel {
    StockLevel {
        item_id: format!("SKU-{id}"),
        warehouse: "WH01".into(),
        on_hand: Decimal::new(on_hand, 1),
        on_hold: on_hold.into(),
    }
}

fn set_stock(from: i64, to: i64) -> Action {
    Action::SetStock { product: 1, from, to }
}

proptest! {
    /// The store never shows more than there is, a plan carried out leaves nothing to plan, and every product is in it once.
    #[test]
    fn a_plan_of_stock_offers_no_more_than_there_is_and_is_done_in_one_go(
        rows in prop::collection::vec((0i64..400, -50i64..4_000, 0i64..60, 0i64..60), 1..40),
        safety in 0u32..5,
    ) {
        let settings = settings(&format!("[flows.stock]\nsafety = {safety}\n"));
        let mut products: Vec<ProductCard> = Vec::new();
        let (mut levels, mut items, mut reserved) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        for (id, (shown, on_hand, on_hold, sold)) in (1..).zip(&rows) {
            products.push(card(id, *shown));
            levels.push(level(id, *on_hand, *on_hold));
            items.extend([offer(id)]);
            reserved.insert(format!("SKU-{id}"), Decimal::from(*sold));
        }
        let plan = |products: &[ProductCard]| stock::plan(&stock::Facts {
            settings: &settings, products, levels: &levels, items: &items, reserved: &reserved,
        });
        let first = plan(&products);
        prop_assert_eq!(first.writes.len() as u64 + first.equal, rows.len() as u64);
        for write in &first.writes {
            let Action::SetStock { product, to, .. } = write.action else { panic!("{write:?}") };
            let (_, on_hand, on_hold, sold) = rows[usize::try_from(product).unwrap() - 1];
            let there_is = Decimal::new(on_hand, 1) - Decimal::from(on_hold + sold + i64::from(safety));
            prop_assert!(to >= 0 && Decimal::from(to) <= there_is.max(Decimal::ZERO), "{to} of {there_is}");
            products[usize::try_from(product).unwrap() - 1].amount = to;
        }
        prop_assert_eq!(plan(&products).writes.len(), 0);
    }

    /// Whatever was sold since, the figure that is sent is never above what was planned, nor above what the change makes of
    /// what is there.
    #[test]
    fn a_write_of_stock_is_made_to_what_is_there(from in 0i64..100, to in 0i64..100, now in 0i64..100) {
        match set_stock(from, to).judge(&Seen::Product(card(1, now))) {
            tieout_flows::Verdict::Send(Action::SetStock { from: seen, to: sent, .. }) => {
                prop_assert_eq!(seen, now);
                prop_assert!(sent <= to && sent >= 0 && sent <= (now + to - from).max(0));
            }
            tieout_flows::Verdict::AlreadyThere(_) => prop_assert!((now + to - from).min(to).max(0) == now),
            other => prop_assert!(false, "{:?}", other),
        }
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

const COOL_DOWN: SignedDuration = SignedDuration::from_secs(60);

fn in_doubt(sent: Action, attempt: u8) -> WriteState {
    WriteState::InDoubt { by: "Ann".into(), attempt, sent, look_up_after: at(60) }
}

#[test]
fn a_write_in_doubt_is_not_looked_at_before_its_time_nor_one_that_was_cut_off() {
    let sending = WriteState::Sending { by: "Ann".into(), attempt: 1, sent: set_stock(7, 10), at: at(0) };
    for state in [sending, in_doubt(set_stock(7, 10), 1)] {
        assert_eq!(begin(&state, at(59), COOL_DOWN), Some(Next::Wait(at(60))));
        assert_eq!(begin(&state, at(60), COOL_DOWN), Some(Next::Look));
    }
    for settled in [
        WriteState::Planned,
        WriteState::Parked { why: String::new() },
        WriteState::Stale { why: String::new() },
        WriteState::Done { by: String::new(), at: at(0), note: String::new() },
    ] {
        assert_eq!(begin(&settled, at(99), COOL_DOWN), None, "{settled:?}");
    }
}

#[test]
fn stock_is_never_sent_again_after_silence_and_everything_else_only_so_often() {
    let shows = |amount| Seen::Product(card(1, amount));
    let after = |amount| after_look(&in_doubt(set_stock(7, 10), 1), &set_stock(7, 10), &shows(amount));
    assert!(matches!(after(10), Next::End(End::Done(_))), "as it was written");
    assert!(matches!(after(9), Next::End(End::Done(_))), "written, and one sold since");
    assert!(matches!(after(7), Next::End(End::Stale(_))), "never written, or written and three sold: nobody can tell");
    let ship = Action::SetShippingStatus { order: 1, from: "N".into(), to: "S".into() };
    let order = Seen::Order(Box::new(order("N")));
    for attempt in 1..=2 {
        let next = after_look(&in_doubt(ship.clone(), attempt), &ship, &order);
        assert_eq!(next, Next::Send { attempt: attempt + 1, action: ship.clone() });
    }
    let next = after_look(&in_doubt(ship.clone(), 3), &ship, &order);
    assert!(matches!(next, Next::End(End::Parked(Cause::StillUnknown, _))), "{next:?}");
    let further = after_look(&in_doubt(ship.clone(), 1), &ship, &Seen::Order(Box::new(self::order("D"))));
    assert!(matches!(further, Next::End(End::Done(_))), "{further:?}");
}

fn order(status: &str) -> tieout_domain::Order {
    let json = serde_json::json!({
        "store": "xcart/example", "id": 1, "number": "1", "currency": "USD",
        "total": "0.00 USD", "subtotal": "0.00 USD",
        "placed_at": "2026-03-01T00:00:00Z", "placed_on": "2026-03-01", "changed_at": "2026-03-01T00:00:00Z",
        "payment_status": "paid", "shipping_status": "new", "customer_id": null, "email": "", "billing": null,
        "shipping": null, "shipping_method": "", "lines": [], "surcharges": [], "tracking_numbers": [],
        "payment_method": null, "notes": ""
    });
    let mut order: tieout_domain::Order = serde_json::from_value(json).unwrap();
    order.shipping_status = tieout_domain::ShippingStatus::from_code(status);
    order
}

#[test]
fn a_yes_is_not_believed_and_only_a_no_is_one() {
    let answered = |answer| after_answer(answer, at(0), COOL_DOWN);
    assert_eq!(answered(Answer::Yes), Next::Look);
    assert!(matches!(answered(Answer::No("why".into())), Next::End(End::Parked(Cause::Refused, _))));
    assert_eq!(answered(Answer::TurnedAway), Next::End(End::NotHeard));
    assert_eq!(answered(Answer::Silence), Next::End(End::InDoubt { look_up_after: at(60) }));
    let check = |amount| after_check(&set_stock(7, 10), &Seen::Product(card(1, amount)));
    assert!(matches!(check(10), End::Done(_)));
    assert!(matches!(check(7), End::Parked(Cause::NotDone, _)));
    assert!(matches!(after_check(&set_stock(7, 10), &Seen::Gone), End::Parked(Cause::Gone, _)));
}

/// The bar of issue 5 is two seconds after the pull; this is an unoptimised build.
#[test]
fn fifty_thousand_products_are_compared_in_less_than_two_seconds() {
    let settings = settings("");
    let shown = |id: u64| (id % 90) as i64;
    let products: Vec<ProductCard> = (1..=50_000).map(|id| card(id, shown(id))).collect();
    // One in ten was counted anew.
    let on_hand = |id: u64| shown(id) + 1 + if id.is_multiple_of(10) { 5 } else { 0 };
    let levels: Vec<StockLevel> = (1..=50_000).map(|id| level(id, on_hand(id) * 10, 1)).collect();
    let items: BTreeMap<String, ItemOffer> = (1..=50_000).map(offer).collect();
    let began = Instant::now();
    let plan = stock::plan(&stock::Facts {
        settings: &settings,
        products: &products,
        levels: &levels,
        items: &items,
        reserved: &BTreeMap::new(),
    });
    let took = began.elapsed();
    println!("{} writes of 50,000 products planned in {took:?}", plan.writes.len());
    assert!(plan.writes.len() == 5_000 && took < Duration::from_secs(2), "{took:?}");
}
