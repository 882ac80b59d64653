//! What accepted matches teach, and what is expected because of it.

use crate::books::{entry, invoice, receipt};
use crate::rig::{ANN, Rig};
use crate::shop::{self, Sale, captured};
use jiff::civil::{Date, date};
use tieout_domain::{MatchGroup, MatchStatus};
use tieout_sandbox::intacct::sample::small_company;
use tieout_services::decisions::{MatchChange, decide_match, unmatching};
use tieout_services::{LearnedKind, expectations, learned, save_rules, switch_learned, what_if_now};

const PAID: Date = Date::constant(2026, 1, 5);

fn found(rig: &Rig) -> Vec<MatchGroup> {
    let all = rig.company.store.read(|reader| reader.matches()).unwrap();
    all.into_iter().map(|it| it.group).filter(|it| !it.left.is_empty() && !it.right.is_empty()).collect()
}

/// What Ann puts together herself on the Match screen.
fn match_by_hand(rig: &Rig, number: &str, reference: &str) {
    let facts = std::sync::Arc::new(tieout_services::decisions::MatchFacts::read(&rig.company).unwrap());
    let board = tieout_services::decisions::Board::read(&rig.company, &facts).unwrap();
    let named = |text: &str| {
        let found = facts.records.values().find(|it| it.number == text || it.memo.contains(text));
        found.unwrap_or_else(|| panic!("{text}")).record.clone()
    };
    let group = tieout_services::decisions::hand_made(&board, &[named(number), named(reference)]).unwrap();
    let group = tieout_services::decisions::confirmed(&group, ANN, "seen both");
    let change = MatchChange { added: vec![group], ..MatchChange::default() };
    rig.company
        .store
        .write(ANN, rig.company.now(), |tx| decide_match(tx, "match", "by hand", change, None, ""))
        .unwrap();
}

/// Card payments of several orders whose money somebody booked as journal entries, late, each a dollar short.
async fn booked_by_hand(count: usize) -> Rig {
    let (mut store, mut books) = (shop::store(), small_company());
    for at in 0..count {
        let sale = Sale::of(&format!("20{at:02}"), PAID, &format!("{}.00", 100 + at * 7));
        store.add_order(sale.order("P", vec![captured("Credit Card", PAID, sale.total(), &format!("txn_{at}"))]));
        invoice(&mut books, &sale, PAID);
        let on = date(2026, 1, 20 + (at % 3) as i8);
        entry(&mut books, on, &format!("LOCKBOX slip {at}x"), "1210", "2410", sale.total() - shop::money("1.00"));
    }
    let rig = Rig::start(date(2026, 1, 26), store, books).await;
    rig.look().await;
    rig
}

#[tokio::test]
async fn three_matches_by_hand_propose_a_rule_that_is_tried_saved_and_then_does_the_rest() {
    let rig = booked_by_hand(5).await;
    assert_eq!(found(&rig), []);
    for at in 0..2 {
        match_by_hand(&rig, &format!("#20{at:02}"), &format!("slip {at}x"));
    }
    assert!(learned(&rig.company).unwrap().iter().all(|it| it.kind != LearnedKind::ProposedRule), "two are no habit");
    match_by_hand(&rig, "#2002", "slip 2x");
    let all = learned(&rig.company).unwrap();
    let proposed = all.iter().find(|it| it.kind == LearnedKind::ProposedRule).unwrap();
    assert_eq!((proposed.rests_on, proposed.is_on, proposed.is_used), (3, true, false));
    assert_eq!((proposed.precision, proposed.recall), (Some(10_000), Some(10_000)), "{proposed:#?}");
    let text = proposed.rule.clone().unwrap();
    let tried = what_if_now(&rig.company, &text).unwrap();
    assert_eq!((tried.gained.len(), tried.regressions.len(), tried.found_again), (2, 0, 3), "{tried:#?}");
    assert_eq!(found(&rig).len(), 3, "a proposal is a text: nothing is matched by it");

    save_rules(&rig.company, ANN, &text, "as we do by hand").unwrap();
    rig.look().await;
    let suggested = found(&rig).into_iter().filter(|it| it.status == MatchStatus::Suggested).count();
    assert_eq!(suggested, 2);
    let again = learned(&rig.company).unwrap();
    assert!(again.iter().all(|it| it.kind != LearnedKind::ProposedRule), "what is in force is not proposed");
}

#[tokio::test]
async fn a_payer_is_learned_from_what_a_person_accepted_and_a_switch_is_heeded_and_told() {
    let sale = Sale::o2001(PAID);
    let mut store = shop::store();
    store.add_order(sale.order("P", vec![captured("Credit Card", PAID, sale.total(), "txn_9001")]));
    let mut books = small_company();
    invoice(&mut books, &sale, PAID);
    receipt(&mut books, "INV-2001", date(2026, 1, 8), sale.total(), "2001");
    let rig = Rig::start(date(2026, 1, 26), store, books).await;
    rig.look().await;
    let aliases = |rig: &Rig| {
        let all = learned(&rig.company).unwrap();
        all.into_iter().filter(|it| it.kind == LearnedKind::Alias).collect::<Vec<_>>()
    };
    assert_eq!(aliases(&rig), [], "what the program found by itself teaches no customer");
    let group = found(&rig).remove(0);
    let by_ann = tieout_services::decisions::confirmed(&group, ANN, "");
    rig.company.store.write(ANN, rig.company.now(), |tx| tx.put_match(&by_ann, "")).unwrap();
    let alias = aliases(&rig).remove(0);
    assert!(alias.is_used && alias.title.contains(" is C-"), "{alias:#?}");

    let postings = |rig: &Rig| rig.company.store.read(|reader| reader.postings()).unwrap().len();
    let before = (postings(&rig), rig.company.store.read(|reader| reader.audit_head()).unwrap().seq);
    switch_learned(&rig.company, ANN, &alias.id, false, "not sure").unwrap();
    let after = (postings(&rig), rig.company.store.read(|reader| reader.audit_head()).unwrap().seq);
    assert_eq!(after, (before.0, before.1 + 1), "one row of the trail, and nothing posted");
    assert!(!aliases(&rig)[0].is_on && !aliases(&rig)[0].is_used);
    assert!(switch_learned(&rig.company, ANN, "alias:nobody", false, "").is_err(), "a name mistyped is kept nowhere");
}

#[tokio::test]
async fn a_pair_taken_apart_is_listed_and_offered_again_once_it_is_switched_off() {
    let sale = Sale::o2001(PAID);
    let mut store = shop::store();
    store.add_order(sale.order("P", vec![captured("Credit Card", PAID, sale.total(), "txn_9001")]));
    let mut books = small_company();
    invoice(&mut books, &sale, PAID);
    receipt(&mut books, "INV-2001", date(2026, 1, 8), sale.total(), "2001");
    let rig = Rig::start(date(2026, 1, 26), store, books).await;
    rig.look().await;
    let group = found(&rig).remove(0);
    let change = rig.company.store.read(|reader| unmatching(reader, std::slice::from_ref(&group))).unwrap();
    rig.company
        .store
        .write(ANN, rig.company.now(), |tx| decide_match(tx, "unmatch", "apart", change, None, ""))
        .unwrap();
    rig.look().await;
    assert_eq!(found(&rig), []);
    let all = learned(&rig.company).unwrap();
    let apart = all.iter().find(|it| it.kind == LearnedKind::Rejection).unwrap();
    assert!(apart.is_used && apart.detail.contains("Ann"), "{apart:#?}");
    switch_learned(&rig.company, ANN, &apart.id, false, "it does belong").unwrap();
    rig.look().await;
    assert_eq!(found(&rig).len(), 1, "it is offered again");
}

#[tokio::test]
async fn a_capture_expects_its_receipt_until_it_comes_and_is_overdue_when_it_does_not() {
    let mut store = shop::store();
    let mut books = small_company();
    // Six that came two to four days later: what the channel is known for. The seventh does not come.
    for at in 0..7 {
        let on = date(2026, 1, 2 + at);
        let sale = Sale::of(&format!("200{at}"), on, &format!("{}.00", 100 + i64::from(at) * 7));
        store.add_order(sale.order("P", vec![captured("Credit Card", on, sale.total(), &format!("txn_{at}"))]));
        invoice(&mut books, &sale, on);
        if at < 6 {
            let later = date(2026, 1, 2 + at + 2 + at % 3);
            receipt(&mut books, &format!("INV-200{at}"), later, sale.total(), &format!("200{at}"));
        }
    }
    let rig = Rig::start(date(2026, 1, 11), store, books).await;
    rig.look().await;
    let due = expectations(&rig.company).unwrap();
    assert_eq!(due.len(), 1, "{due:#?}");
    assert_eq!((due[0].number.as_str(), due[0].account.as_str(), due[0].net), ("2006", "1210", due[0].gross));
    assert_eq!((due[0].on, due[0].from, due[0].to), (date(2026, 1, 8), date(2026, 1, 10), date(2026, 1, 12)));
    assert_eq!((due[0].learned_from, due[0].standing, due[0].is_timing()), (Some(6), "due", true));

    rig.go_to(date(2026, 1, 15));
    let late = expectations(&rig.company).unwrap();
    assert_eq!((late[0].standing, late[0].overdue_days, late[0].is_timing()), ("overdue", 3, false));
    let lag = learned(&rig.company).unwrap().into_iter().find(|it| it.kind == LearnedKind::Lag).unwrap();
    assert_eq!(lag.title, "Payments on 1210 in USD are booked 2 to 4 days later");
    switch_learned(&rig.company, ANN, &lag.id, false, "").unwrap();
    let assumed = expectations(&rig.company).unwrap();
    assert_eq!((assumed[0].learned_from, assumed[0].to), (None, date(2026, 1, 20)), "the window of the settings");

    rig.books(|books| {
        let sale = Sale::of("2006", date(2026, 1, 8), "142.00");
        receipt(books, "INV-2006", date(2026, 1, 15), sale.total(), "2006");
    });
    rig.look().await;
    assert_eq!(expectations(&rig.company).unwrap(), [], "it has arrived");
}
