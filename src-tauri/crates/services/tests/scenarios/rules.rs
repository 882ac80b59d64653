//! The accountant's own rules: in force, tried before they are saved, and keeping records out.

use crate::books::{entry, invoice, receipt};
use crate::rig::{ANN, Rig};
use crate::shop::{self, Sale, captured};
use jiff::civil::{Date, date};
use tieout_domain::{Evidence, ExceptionKind, MatchGroup, MatchStatus};
use tieout_sandbox::intacct::sample::small_company;
use tieout_services::{Decided, rules_text, save_rules, what_if_now};
use tieout_store::AuditFilter;

const PAID: Date = Date::constant(2026, 1, 5);
const LATE: &str = "[[rule]]\nname = \"Booked monthly\"\ngateway = \"card\"\ncurrency = \"USD\"\n\
    agree = [\"reference\", \"amount\"]\ndays_after = 20\n";

/// A card payment whose receipt was booked 20 days later: too late for the passes Tieout comes with.
async fn booked_late() -> Rig {
    let sale = Sale::o2001(PAID);
    let mut store = shop::store();
    store.add_order(sale.order("P", vec![captured("Credit Card", PAID, sale.total(), "txn_9001")]));
    let mut books = small_company();
    invoice(&mut books, &sale, PAID);
    receipt(&mut books, "INV-2001", date(2026, 1, 25), sale.total(), "2001");
    Rig::start(date(2026, 1, 26), store, books).await
}

fn found(rig: &Rig) -> Vec<MatchGroup> {
    let all = rig.company.store.read(|reader| reader.matches()).unwrap();
    all.into_iter().map(|it| it.group).filter(|it| !it.left.is_empty() && !it.right.is_empty()).collect()
}

#[tokio::test]
async fn a_rule_matches_what_the_built_in_passes_leave_and_says_so_in_match_and_trail() {
    let rig = booked_late().await;
    rig.look().await;
    assert_eq!(found(&rig), []);

    assert_eq!(save_rules(&rig.company, ANN, LATE, "cards are booked monthly").unwrap(), 1);
    rig.look().await;
    let matches = found(&rig);
    assert_eq!(matches.len(), 1);
    assert_eq!((&matches[0].status, matches[0].pass.as_str()), (&MatchStatus::Suggested, "rule: Booked monthly"));
    assert!(matches[0].evidence.contains(&Evidence::Rule { name: "Booked monthly".into(), version: 1 }));
    assert!(rig.proposals().is_empty(), "what waits for a person is not booked a second time");

    let automatic = format!("{LATE}status = \"automatic\"\n");
    assert_eq!(save_rules(&rig.company, ANN, &automatic, "trusted").unwrap(), 2);
    rig.look().await;
    assert_eq!(found(&rig)[0].status, MatchStatus::Automatic);
    assert_eq!(rig.exceptions(), []);
    rig.assert_tied_out(date(2026, 1, 1), date(2026, 1, 31));

    let trail = rig.company.store.read(|reader| reader.audit_window(&AuditFilter::default(), 0, 50)).unwrap().rows;
    let run = trail.iter().find(|it| it.action == "matches found").unwrap();
    assert_eq!(run.reason, "settings version 1, rules version 2");
    let saved = trail.iter().find(|it| it.action == "rules saved").unwrap();
    assert_eq!(
        (saved.subject.as_str(), saved.reason.as_str(), &saved.before),
        ("rules/2", "trusted", &LATE.to_owned())
    );
}

#[tokio::test]
async fn a_text_with_something_wrong_in_it_changes_nothing() {
    let rig = booked_late().await;
    let error = save_rules(&rig.company, ANN, &LATE.replace("= 20", "= 200"), "").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the rules cannot be read: line 6, column 14, days_after: it is 200; it can be 0 to 90"
    );
    assert_eq!(rules_text(&rig.company).unwrap().version, 0);
}

#[tokio::test]
async fn what_a_rule_keeps_out_is_neither_matched_nor_booked_nor_hidden() {
    let rig = booked_late().await;
    rig.look().await;
    let before = rig.proposals().len() + rig.exceptions().len();
    assert!(before > 0);
    let ignore = "[[rule]]\nname = \"Not ours\"\naction = \"ignore\"\nstore = \"example\"\nkinds = \"capture\"\n";
    save_rules(&rig.company, ANN, ignore, "").unwrap();
    rig.look().await;
    assert_eq!(found(&rig), []);
    assert!(rig.proposals().is_empty(), "{:#?}", rig.proposals());
    let kept_out = rig.exceptions().into_iter().find(|it| it.kind == ExceptionKind::NotHandled).unwrap();
    assert!(kept_out.why_not.contains("rule “Not ours” keeps it out"), "{}", kept_out.why_not);
}

fn rows(rig: &Rig) -> u64 {
    rig.company.store.read(|reader| reader.audit_head()).unwrap().seq
}

#[tokio::test]
async fn a_text_is_tried_over_all_history_and_nothing_is_written() {
    let rig = booked_late().await;
    rig.look().await;
    let before = (rows(&rig), found(&rig));
    let tried = what_if_now(&rig.company, LATE).unwrap();
    assert_eq!((tried.gained.len(), tried.lost.len(), tried.regressions.len()), (1, 0, 0));
    let gained = &tried.gained[0];
    assert_eq!((gained.amount.to_string(), gained.variance.to_string()), ("105.43 USD".into(), "0.00 USD".into()));
    assert!(gained.title.starts_with("#2001 "), "{}", gained.title);
    assert_eq!((tried.rules[0].matched, tried.against_version), (1, 0));
    assert_eq!((rows(&rig), found(&rig)), before, "nothing is written until it is saved");

    save_rules(&rig.company, ANN, LATE, "").unwrap();
    rig.look().await;
    assert_eq!(found(&rig)[0].id, gained.id, "saved, it does what was told");
    let back = what_if_now(&rig.company, "").unwrap();
    assert_eq!((back.gained.len(), back.lost.len()), (0, 1));
    assert_eq!(back.lost[0].id, gained.id);
    let bolder = what_if_now(&rig.company, &format!("{LATE}status = \"automatic\"\n")).unwrap();
    assert_eq!((bolder.gained.len(), bolder.lost.len(), bolder.changed.len()), (0, 0, 1));
    assert!(bolder.changed[0].now.automatic && !bolder.changed[0].before_automatic);
}

#[tokio::test]
async fn what_people_decided_is_held_against_a_text() {
    let rig = booked_late().await;
    save_rules(&rig.company, ANN, LATE, "").unwrap();
    rig.look().await;
    let group = found(&rig).remove(0);

    // Accepted: the same text finds it again; one that pairs the payment with another receipt goes against it.
    let by_ann = tieout_services::decisions::confirmed(&group, ANN, "seen both");
    rig.company.store.write(ANN, rig.company.now(), |tx| tx.put_match(&by_ann, "")).unwrap();
    rig.books(|books| {
        invoice(books, &Sale::o2001(PAID).numbered("2002"), PAID);
        receipt(books, "INV-2002", date(2026, 1, 6), Sale::o2001(PAID).total(), "");
    });
    rig.look().await;
    let same = what_if_now(&rig.company, LATE).unwrap();
    assert_eq!((same.decided, same.found_again, same.regressions.len()), (1, 1, 0));
    let by_amount = "[[rule]]\nname = \"Same day\"\ncurrency = \"USD\"\nagree = \"amount\"\ndays_after = 2\n";
    let other = what_if_now(&rig.company, by_amount).unwrap();
    assert_eq!(other.regressions.len(), 1, "{other:#?}");
    assert_eq!((other.regressions[0].decided, other.regressions[0].by.as_str()), (Decided::Accepted, ANN));
    assert!(other.regressions[0].sentence.contains("Ann matched"), "{}", other.regressions[0].sentence);
    assert_eq!(other.regressions[0].would.amount.to_string(), "105.43 USD");
    assert!(other.gained.is_empty(), "a person's match stands, so nothing would change today");
}

#[tokio::test]
async fn a_pair_taken_apart_and_an_entry_approved_are_decisions_too() {
    // Somebody booked the money with a journal entry, late; the invoice is open, so a receipt is proposed for the payment.
    let sale = Sale::o2001(PAID);
    let mut store = shop::store();
    store.add_order(sale.order("P", vec![captured("Credit Card", PAID, sale.total(), "txn_9001")]));
    let mut books = small_company();
    invoice(&mut books, &sale, PAID);
    entry(&mut books, date(2026, 1, 25), "Card money of order 2001", "1210", "2410", sale.total());
    let rig = Rig::start(date(2026, 1, 26), store, books).await;
    rig.look().await;
    assert_eq!(found(&rig), []);
    assert!(rig.approve_all() > 0, "an entry for the payment that seems to have no receipt");
    let tried = what_if_now(&rig.company, LATE).unwrap();
    assert_eq!(tried.regressions.iter().map(|it| it.decided).collect::<Vec<_>>(), [Decided::EntryApproved]);

    let (left, right) = (tried.gained[0].left[0].clone(), tried.gained[0].right[0].clone());
    let pair = tieout_store::RejectedPair { left, right };
    rig.company.store.write(ANN, rig.company.now(), |tx| tx.reject_pairs(&[pair])).unwrap();
    let tried = what_if_now(&rig.company, LATE).unwrap();
    assert_eq!(tried.gained, [], "what a person took apart stays apart");
    assert_eq!(tried.regressions.iter().map(|it| it.decided).collect::<Vec<_>>(), [Decided::Rejected]);
    assert!(tried.regressions[0].sentence.contains("took"), "{}", tried.regressions[0].sentence);
}
