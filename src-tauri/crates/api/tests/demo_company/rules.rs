//! Rules in the window: tried before they are saved, offered beside what did not match; what was learned; what is expected.

use crate::rig::{Demo, demo, money};
use std::collections::BTreeSet;
use tieout_api as api;
use tieout_api::views::*;
use tieout_domain::{MatchGroup, RecordRef};

/// The demo company's wires come short of what the invoice asks for; its books are late now and then.
const WIDE: &str = "\n[[rule]]\nname = \"Two months and five dollars\"\ncurrency = \"USD\"\n\
    agree = [\"reference\", \"amount\"]\nabove = \"5.00\"\nbelow = \"5.00\"\ndays_after = 60\n";

fn try_text(demo: &Demo, text: &str) -> RulesTrial {
    api::try_rules(&demo.app, RulesRequest { text: text.into() }).unwrap()
}

fn list(trial: &RulesTrial, id: TrialListId) -> &TrialList {
    trial.lists.iter().find(|it| it.id == id).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_checked_tried_saved_once_and_then_does_what_was_told() {
    let mut demo = demo(300).await;
    let app = demo.app.clone();
    let first = api::rules_text(&app).unwrap();
    assert_eq!((first.revision.as_str(), first.saved_at.as_deref()), ("0", None));
    let check = |text: &str| api::check_rules(&app, RulesRequest { text: text.into() }).unwrap();
    assert_eq!(check(&first.text).rules[0].does, "built in");
    let text = format!("{}{WIDE}", first.text);
    let rules = check(&text).rules;
    assert!(rules[1].means.contains("up to 5.00 USD more, up to 5.00 USD less"), "{}", rules[1].means);
    assert_eq!(text.lines().nth(rules[1].line as usize - 1), Some("[[rule]]"));
    let wrong = check(&text.replace("days_after = 60", "days_after = 600")).remark.unwrap();
    assert!(wrong.message.starts_with("days_after: it is 600") && wrong.column == 14, "{wrong:?}");

    let head = |demo: &Demo| demo.app.company.store.read(|reader| reader.audit_head()).unwrap();
    let before = head(&demo);
    let trial = try_text(&demo, &text);
    assert_eq!(head(&demo), before, "nothing is written");
    let gained = list(&trial, TrialListId::Gained);
    assert!(gained.count > 0 && gained.rows.len() == gained.count as usize, "{trial:#?}");
    let sum: i64 =
        gained.rows.iter().filter(|it| it.amount.currency == "USD").map(|it| money(&it.amount).minor()).sum();
    assert_eq!(gained.totals.iter().find(|it| it.currency == "USD").map(|it| money(it).minor()), Some(sum));

    let save = |revision: &str| {
        let note = "wires are late".to_owned();
        api::save_rules(&app, SaveRulesRequest { text: text.clone(), revision: revision.into(), note })
    };
    assert_eq!(save("0").unwrap().revision, "1");
    let stale = save("0").unwrap_err();
    assert!(stale.title.contains("version 1 is in force"), "{}", stale.title);
    let job = api::work::run_match(&app).unwrap();
    demo.ended(&job.job_id).await;
    let by_rule = app.company.store.read(|reader| reader.matches()).unwrap();
    let ids: BTreeSet<String> =
        by_rule.into_iter().filter(|it| it.group.rule().is_some()).map(|it| it.group.id.0).collect();
    let told: BTreeSet<String> = gained.rows.iter().map(|it| it.id.clone()).collect();
    assert_eq!(ids, told, "saved, it does what was told, no more and no less");
    let now = try_text(&demo, &text);
    assert!(now.lists.iter().all(|it| it.count == 0), "{now:#?}");
}

/// Every exception opened; where a rule is offered, the text in force with that rule gains exactly that match.
#[tokio::test(flavor = "multi_thread")]
async fn every_rule_offered_beside_an_exception_makes_that_match_when_it_is_tried() {
    let demo = demo(250).await;
    let app = &demo.app;
    let request = ExceptionRowsRequest {
        period: String::new(),
        tab: ExceptionTab::ByRecord,
        case_id: None,
        filters: vec![],
        order: ListOrder::default(),
        offset: 0,
        limit: 200,
    };
    let rows = api::exception_rows(app, request).unwrap().rows;
    let (mut told, mut offered) = (0, BTreeSet::new());
    let text = api::rules_text(app).unwrap().text;
    for row in &rows {
        let detail = api::exception_detail(app, ExceptionRequest { id: row.id.clone() }).unwrap();
        let Some(nearest) = detail.nearest else { continue };
        told += 1;
        assert!(nearest.conditions.len() >= 3 && !nearest.title.is_empty(), "{nearest:#?}");
        let Some(rule) = &nearest.rule else { continue };
        let words = nearest.counterfactual.clone().unwrap();
        assert!(words.starts_with("it would match if "), "{words}");
        if !offered.insert((nearest.of.clone().min(nearest.id.clone()), nearest.of.clone().max(nearest.id.clone())))
            || offered.len() > 6
        {
            continue;
        }
        let trial = try_text(&demo, &format!("{text}\n{rule}"));
        let (of, id): (RecordRef, RecordRef) = (nearest.of.parse().unwrap(), nearest.id.parse().unwrap());
        let (left, right) = if of.source.is_ledger() { (id, of) } else { (of, id) };
        let wanted = MatchGroup::id_of(&[left], &[right]).0;
        let gained = list(&trial, TrialListId::Gained);
        assert!(gained.rows.iter().any(|it| it.id == wanted), "{}: {rule}\n{gained:#?}", row.reference);
    }
    assert!(told >= 5 && offered.len() >= 3, "{told} of {} have something near, {} a rule", rows.len(), offered.len());
    println!("{} exceptions, {told} with something near, {} pairs with a rule", rows.len(), offered.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_expected_is_in_time_or_overdue_and_what_was_learned_can_be_switched_off() {
    let demo = demo(400).await;
    let app = &demo.app;
    let expected = || api::expectations(app, PeriodRequest { period: String::new() }).unwrap();
    let view = expected();
    assert!(view.total > 0);
    assert_eq!(view.standings.iter().map(|it| it.count).sum::<u32>(), view.total);
    for row in &view.rows {
        let (gross, fee, net) = (money(&row.gross), money(&row.fee), money(&row.net));
        assert_eq!(gross.checked_add(fee).unwrap(), net, "{row:#?}");
        assert!(row.from <= row.to, "{row:#?}");
    }
    let learned = api::learned(app).unwrap();
    let lag = learned.iter().find(|it| it.kind == LearnedKindView::Lag).unwrap();
    assert!(lag.used && lag.rests_on >= 5, "{lag:#?}");
    let rhythm = learned.iter().find(|it| it.kind == LearnedKindView::Rhythm).unwrap();
    assert!(rhythm.title.contains("leave on"), "{rhythm:#?}");
    let rests = |view: &ExpectationsView| view.rows.iter().filter(|it| it.because.starts_with("learned")).count();
    let before = rests(&view);
    assert!(before > 0);
    for it in learned.iter().filter(|it| it.kind == LearnedKindView::Lag) {
        api::switch_learned(app, SwitchLearnedRequest { id: it.id.clone(), on: false }).unwrap();
    }
    assert_eq!(rests(&expected()), 0, "switched off, the settings' window counts");
    let request = ActivityRequest { text: String::new(), actor: None, action: None, offset: 0, limit: 50 };
    let trail = api::activity(app, request).unwrap();
    assert!(trail.rows.iter().any(|it| it.action.contains("switched off")), "{:#?}", trail.rows[0]);
}
