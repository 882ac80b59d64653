#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
//! Rules of the accountant's: cases one can read, and the laws no rule can break.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{Evidence, MatchStatus, ObjectKind, ReceiptKind, RecordRef, SourceId};
use tieout_matching::rules::{Facts, Ruled, Rules, draft_for, run};
use tieout_matching::{Item, ItemKind, MatchSettings, WhyNot, reconcile};
use tieout_money::{Currency, Money};

fn item(source: SourceId, object: ObjectKind, id: &str, amount: &str, on: Date, kind: ItemKind) -> Item {
    Item {
        record: RecordRef::new(source, object, id),
        kind,
        amount: amount.parse::<Money>().unwrap(),
        on,
        order_number: String::new(),
        gateway_ref: String::new(),
        payout_id: String::new(),
        reference: String::new(),
        memo: String::new(),
        party: String::new(),
        email: String::new(),
        customer_id: String::new(),
        account: "1210".into(),
        fee: None,
    }
}

fn payment(id: &str, amount: &str, day: i8, order: &str) -> Item {
    let kind = if amount.starts_with('-') { ItemKind::Refund } else { ItemKind::Capture };
    let it = item(SourceId::xcart("larkspur"), ObjectKind::Payment, id, amount, date(2026, 1, day), kind);
    Item { order_number: order.into(), ..it }
}

fn receipt(id: &str, amount: &str, day: i8, reference: &str) -> Item {
    let kind = ItemKind::Receipt(ReceiptKind::Payment);
    let it = item(SourceId::intacct("LARK"), ObjectKind::Receipt, id, amount, date(2026, 1, day), kind);
    Item { reference: reference.into(), ..it }
}

fn facts() -> Facts {
    Facts { version: 3, party_percent: 88, ..Facts::default() }
}

/// The rules alone: nothing comes with them.
fn alone(text: &str, left: &[Item], right: &[Item], facts: &Facts) -> Ruled {
    let none = |left: &[Item], right: &[Item]| {
        let over = |of: &[Item]| {
            let open =
                |it: &Item| tieout_matching::Unmatched { record: it.record.clone(), why_not: WhyNot::NothingClose };
            of.iter().map(open).collect()
        };
        Some(tieout_matching::Outcome { matches: Vec::new(), left_over: over(left), right_over: over(right) })
    };
    run(&Rules::parse(text).unwrap(), facts, left, right, none).unwrap()
}

/// `L1=R1 automatic` per match, then what is open.
fn told(ruled: &Ruled) -> Vec<String> {
    let ids = |refs: &[RecordRef]| refs.iter().map(|it| it.id.clone()).collect::<Vec<_>>().join("+");
    let status = |it: &MatchStatus| if *it == MatchStatus::Automatic { "automatic" } else { "suggested" };
    let outcome = &ruled.outcome;
    let mut lines: Vec<String> = outcome
        .matches
        .iter()
        .map(|it| format!("{}={} {}", ids(&it.left), ids(&it.right), status(&it.status)))
        .collect();
    lines.extend(outcome.left_over.iter().chain(&outcome.right_over).map(|it| format!("{} open", it.record.id)));
    lines.sort();
    lines
}

fn check(text: &str, left: &[Item], right: &[Item], expected: &[&str]) -> Ruled {
    let ruled = alone(text, left, right, &facts());
    assert_eq!(told(&ruled), expected, "{text}");
    ruled
}

fn rule(more: &str) -> String {
    format!("[[rule]]\nname = \"R\"\ncurrency = \"USD\"\n{more}\n")
}

#[test]
fn a_rule_says_how_far_apart_two_records_may_be() {
    let (left, right) = ([payment("L1", "100.00 USD", 2, "2001")], [receipt("R1", "99.20 USD", 12, "2001")]);
    let by_reference = |more: &str| rule(&format!("agree = [\"reference\", \"amount\"]\ndays_after = 10\n{more}"));
    check(&by_reference(""), &left, &right, &["L1 open", "R1 open"]);
    check(&by_reference("below = \"0.80\""), &left, &right, &["L1=R1 suggested"]);
    check(&by_reference("above = \"5.00\""), &left, &right, &["L1 open", "R1 open"]);
    check(&by_reference("below_percent = \"0.8\""), &left, &right, &["L1=R1 suggested"]);
    check(&by_reference("below_percent = \"0.79\""), &left, &right, &["L1 open", "R1 open"]);
    let both = by_reference("below = \"0.80\"\nbelow_percent = \"0.5\"");
    check(&both, &left, &right, &["L1 open", "R1 open"]);
    let ruled = check(&by_reference("below = \"0.80\"\nstatus = \"automatic\""), &left, &right, &["L1=R1 automatic"]);
    let group = &ruled.outcome.matches[0];
    assert_eq!(group.pass, "rule: R");
    assert_eq!(group.variance.to_string(), "0.80 USD", "the difference is told, never swallowed");
    assert!(group.evidence.contains(&Evidence::Rule { name: "R".into(), version: 3 }), "{:?}", group.evidence);
    let short = by_reference("below = \"0.80\"").replace("days_after = 10", "days_after = 9");
    check(&short, &left, &right, &["L1 open", "R1 open"]);
}

#[test]
fn refunds_are_above_and_below_by_their_size() {
    let (left, right) = ([payment("L1", "-50.00 USD", 2, "2001")], [receipt("R1", "-50.30 USD", 2, "2001")]);
    let text = |more: &str| rule(&format!("agree = [\"reference\", \"amount\"]\n{more}"));
    check(&text("above = \"0.30\""), &left, &right, &["L1=R1 suggested"]);
    check(&text("below = \"0.30\""), &left, &right, &["L1 open", "R1 open"]);
    let by_amount = |more: &str| rule(&format!("agree = [\"amount\"]\n{more}"));
    check(&by_amount("above = \"0.30\""), &left, &right, &["L1=R1 suggested"]);
    check(&by_amount("below = \"0.30\""), &left, &right, &["L1 open", "R1 open"]);
    let back = [receipt("R1", "50.00 USD", 2, "2001")];
    check(&text("above = \"500.00\""), &left, &back, &["L1 open", "R1 open"]);
}

#[test]
fn business_days_leave_out_weekends_and_holidays() {
    // Friday 2 January; Monday the 5th is a holiday here.
    let (left, right) = ([payment("L1", "100.00 USD", 2, "")], [receipt("R1", "100.00 USD", 7, "")]);
    let text = |days: u8, unit: &str| {
        rule(&format!("agree = [\"amount\"]\ndays_before = 0\ndays_after = {days}\ndays = \"{unit}\""))
    };
    check(&text(3, "calendar"), &left, &right, &["L1 open", "R1 open"]);
    check(&text(3, "business"), &left, &right, &["L1=R1 suggested"]);
    check(&text(2, "business"), &left, &right, &["L1 open", "R1 open"]);
    let holiday = format!("holidays = [\"2026-01-05\"]\n{}", text(2, "business"));
    check(&holiday, &left, &right, &["L1=R1 suggested"]);
}

#[test]
fn what_could_be_swapped_stays_open_and_says_so() {
    let text = rule("agree = [\"amount\"]\ndays_before = 3\ndays_after = 3");
    let twins = [payment("L1", "19.99 USD", 5, "A"), payment("L2", "19.99 USD", 5, "B")];
    let two = [receipt("R1", "19.99 USD", 5, ""), receipt("R2", "19.99 USD", 5, "")];
    let ruled = check(&text, &twins, &two, &["L1 open", "L2 open", "R1 open", "R2 open"]);
    assert_eq!(ruled.yields[0].contested, 4);
    let why = &ruled.left_open[&twins[0].record];
    assert_eq!(why.with, [two[0].record.clone(), two[1].record.clone()]);
    assert_eq!(why.sentence, "rule “R” fits R1 or R2, and more than one pair is possible");
    // M02: the second payment has no other choice, so the first has none either.
    let left = [payment("L1", "100.00 USD", 2, ""), payment("L2", "100.00 USD", 6, "")];
    let right = [receipt("R1", "100.00 USD", 5, ""), receipt("R2", "100.00 USD", 1, "")];
    check(&text, &left, &right, &["L1=R2 suggested", "L2=R1 suggested"]);
}

#[test]
fn the_amount_decides_whether_a_person_looks() {
    let text = rule("agree = [\"reference\", \"amount\"]\nstatus = \"automatic\"\nautomatic_up_to = \"500.00\"");
    let left = [payment("L1", "500.00 USD", 5, "2001"), payment("L2", "500.01 USD", 5, "2002")];
    let right = [receipt("R1", "500.00 USD", 5, "2001"), receipt("R2", "500.01 USD", 5, "2002")];
    check(&text, &left, &right, &["L1=R1 automatic", "L2=R2 suggested"]);
    let band = format!("{text}amount_from = \"500.01\"\namount_to = \"600.00\"\n");
    check(&band, &left, &right, &["L1 open", "L2=R2 suggested", "R1 open"]);
}

#[test]
fn a_cap_holds_over_the_run_and_over_what_was_accepted_before() {
    let left: Vec<Item> = (1..=4).map(|at| payment(&format!("L{at}"), "100.00 USD", 5, &format!("200{at}"))).collect();
    let amounts = ["99.90 USD", "99.80 USD", "99.70 USD", "99.60 USD"];
    let right: Vec<Item> =
        (1..=4).map(|at| receipt(&format!("R{at}"), amounts[at - 1], 5, &format!("200{at}"))).collect();
    let text = rule("agree = [\"reference\", \"amount\"]\nbelow = \"1.00\"\ntotal = \"0.60\"");
    let expected = ["L1=R1 suggested", "L2=R2 suggested", "L3=R3 suggested", "L4 open", "R4 open"];
    let ruled = check(&text, &left, &right, &expected);
    assert_eq!(ruled.yields[0].over_cap, 1);
    assert!(ruled.left_open[&left[3].record].sentence.contains("cap"), "{:?}", ruled.left_open);
    let mut before = facts();
    before.spent.insert("R".into(), vec![(date(2026, 1, 2), Currency::USD, 35), (date(2026, 1, 2), Currency::EUR, 60)]);
    let told_now = told(&alone(&text, &left, &right, &before));
    assert_eq!(told_now, ["L1=R1 suggested", "L2 open", "L3 open", "L4 open", "R2 open", "R3 open", "R4 open"]);
    let by_day = text.replace("total =", "total_day =");
    assert_eq!(told(&alone(&by_day, &left, &right, &before)), expected, "another day");
    let by_month = text.replace("total =", "total_month =");
    assert_eq!(told(&alone(&by_month, &left, &right, &before)), told_now, "the same month");
}

#[test]
fn rules_look_only_at_what_they_name() {
    let left = [Item { party: "Wexford Botanical".into(), ..payment("L1", "10.00 USD", 5, "") }];
    let right = [Item { memo: "ACH 77 WEXFORD".into(), ..receipt("R1", "10.00 USD", 5, "") }];
    for (more, fits) in [
        ("store = \"larkspur\"", true),
        ("store = [\"other\", \"larkspur\"]", true),
        ("store = \"other\"", false),
        ("entity = \"LARK\"", true),
        ("entity = \"EU\"", false),
        ("account = \"1210\"", true),
        ("account = \"1220\"", false),
        ("gateway = \"stripe\"", true),
        ("gateway = \"paypal\"", false),
        ("kinds = [\"capture\", \"payment\"]", true),
        ("kinds = \"refund\"", false),
        ("kinds = \"journal-line\"", false),
        ("party = \"wexford\"", true),
        ("party = \"fiona\"", false),
        ("memo = \"ach\"", true),
        ("memo = \"wire\"", false),
        ("amount_from = \"10.00\"\namount_to = \"10.00\"", true),
        ("amount_from = \"10.01\"", false),
    ] {
        let mut facts = facts();
        facts.gateways.insert("stripe".into(), BTreeSet::from([("1210".into(), Currency::USD)]));
        let ruled = alone(&rule(&format!("agree = \"amount\"\n{more}")), &left, &right, &facts);
        assert_eq!(ruled.outcome.matches.len(), usize::from(fits), "{more}");
    }
    let euro = rule("agree = \"amount\"").replace("USD", "EUR");
    assert_eq!(alone(&euro, &left, &right, &facts()).outcome.matches.len(), 0);
}

#[test]
fn ignored_records_never_match_what_comes_later() {
    let text = "[[rule]]\nname = \"Test orders\"\naction = \"ignore\"\nparty = \"test\"\nkinds = \"capture\"\n";
    let left = [Item { party: "TEST Customer".into(), ..payment("L1", "10.00 USD", 5, "2001") }];
    let right = [Item { party: "Test".into(), ..receipt("R1", "10.00 USD", 5, "2001") }];
    let built_in = |left: &[Item], right: &[Item]| Some(reconcile(left, right, &MatchSettings::default()));
    let ruled = run(&Rules::parse(text).unwrap(), &facts(), &left, &right, built_in).unwrap();
    assert_eq!(told(&ruled), ["L1 open", "R1 open"]);
    assert_eq!(ruled.ignored, BTreeMap::from([(left[0].record.clone(), "Test orders".to_owned())]));
    let after = format!("[[rule]]\nname = \"built-in\"\naction = \"built-in\"\n{text}");
    let ruled = run(&Rules::parse(&after).unwrap(), &facts(), &left, &right, built_in).unwrap();
    assert_eq!(told(&ruled), ["L1=R1 automatic"], "the built-in passes came first");
}

#[test]
fn the_order_is_the_texts_and_the_built_in_passes_stand_in_it() {
    let left = [payment("L1", "100.00 USD", 5, "2001")];
    let right = [receipt("R1", "99.00 USD", 5, "2001"), receipt("R2", "100.00 USD", 5, "2001")];
    let short = "[[rule]]\nname = \"Short\"\ncurrency = \"USD\"\namount_from = \"100.00\"\nagree = \"reference\"\nmemo = \"wire\"\n";
    let right = [Item { memo: "wire".into(), ..right[0].clone() }, right[1].clone()];
    let built_in = |left: &[Item], right: &[Item]| Some(reconcile(left, right, &MatchSettings::default()));
    let passes = |text: &str| {
        let ruled = run(&Rules::parse(text).unwrap(), &facts(), &left, &right, built_in).unwrap();
        ruled.outcome.matches.into_iter().map(|it| (it.pass, it.right[0].id.clone())).collect::<Vec<_>>()
    };
    assert_eq!(passes(short), [("rule: Short".to_owned(), "R1".to_owned())]);
    let after = format!("[[rule]]\nname = \"built-in\"\naction = \"built-in\"\n{short}");
    assert_eq!(passes(&after).iter().map(|it| it.1.as_str()).collect::<Vec<_>>(), ["R2"]);
}

#[test]
fn a_learned_customer_is_evidence_and_still_a_persons_to_accept() {
    let left = [Item { email: "Mira@Example.com".into(), party: "M. J.".into(), ..payment("L1", "10.00 USD", 5, "") }];
    let right =
        [Item { customer_id: "C-7".into(), party: "Larkspur Gardens".into(), ..receipt("R1", "10.00 USD", 6, "") }];
    let text = rule("agree = [\"party\", \"amount\"]\nstatus = \"automatic\"");
    check(&text, &left, &right, &["L1 open", "R1 open"]);
    let mut facts = facts();
    facts.aliases.insert("mira@example.com".into(), "C-7".into());
    let ruled = alone(&text, &left, &right, &facts);
    assert_eq!(told(&ruled), ["L1=R1 suggested"]);
    assert!(ruled.outcome.matches[0].evidence.contains(&Evidence::CustomerEqual));
}

#[test]
fn a_pair_that_a_person_took_apart_is_no_candidate() {
    let left = [payment("L1", "10.00 USD", 5, "")];
    let right = [receipt("R1", "10.00 USD", 5, ""), receipt("R2", "10.00 USD", 6, "")];
    let mut facts = facts();
    facts.rejected.insert((left[0].record.clone(), right[0].record.clone()));
    let ruled = alone(&rule("agree = \"amount\""), &left, &right, &facts);
    assert_eq!(told(&ruled), ["L1=R2 suggested", "R1 open"]);
}

#[test]
fn what_is_wrong_is_named_with_line_column_and_key() {
    let base = "[[rule]]\nname = \"R\"\ncurrency = \"USD\"\nagree = [\"amount\"]\n";
    for (text, expected) in [
        (format!("{base}tolerance = 3\n"), "line 5, column 1, tolerance: unknown field `tolerance`"),
        (format!("{base}days_after = 91\n"), "line 5, column 14, days_after: it is 91; it can be 0 to 90"),
        (format!("{base}days_after = \"x\"\n"), "line 5, column 14, days_after: invalid type"),
        (format!("{base}above = \"0.005\"\n"), "line 5, column 9, above: 0.005 has more decimals than USD has"),
        (format!("{base}above = \"-1\"\n"), "line 5, column 9, above: -1.00 USD is below zero"),
        (format!("{base}below_percent = \"101\"\n"), "line 5, column 17, below_percent: \"101\" is not a percentage"),
        (format!("{base}days = \"working\"\n"), "line 5, column 8, days: \"working\" is none of calendar, business"),
        (format!("{base}kinds = [\"cheque\"]\n"), "line 5, column 9, kinds: \"cheque\" is none of capture, refund"),
        (format!("{base}party = \"\"\n"), "line 5, column 9, party: an empty text"),
        (format!("{base}party_percent = 90\n"), "line 5, column 17, party_percent: it needs \"party\""),
        (format!("{base}automatic_up_to = \"5.00\"\n"), "line 5, column 19, automatic_up_to: it needs status"),
        (
            format!("{base}amount_from = \"9.00\"\namount_to = \"8.00\"\n"),
            "line 6, column 13, amount_to: 8.00 USD is less",
        ),
        (format!("{base}{base}"), "line 6, column 8, name: \"R\" is the name of another rule"),
        (base.replace("\"USD\"", "\"USX\""), "line 3, column 12, currency: unknown currency"),
        (base.replace("[\"amount\"]", "[\"party\"]"), "line 4, column 9, agree: reference or amount must agree"),
        (base.replace("agree = [\"amount\"]", ""), "line 2, column 8, agree: say what must agree"),
        (base.replace("currency = \"USD\"", "above = \"1.00\""), "line 3, column 9, above: an amount needs a currency"),
        (base.replace("agree = [\"amount\"]", "agree = [\"amount\""), "line 4"),
        ("holidays = [\"2026-02-30\"]\n".into(), "line 1, column 13, holidays: \"2026-02-30\" is not a day"),
        (
            "[[rule]]\nname = \"X\"\naction = \"ignore\"\n".into(),
            "line 2, column 8, name: this would ignore every record",
        ),
        (
            "[[rule]]\nname = \"built-in\"\naction = \"built-in\"\ndays_after = 3\n".into(),
            "line 4, column 14, days_after: the built-in passes take",
        ),
        (
            "[[rule]]\nname = \"built-in\"\nagree = \"amount\"\n".into(),
            "line 2, column 8, name: \"built-in\" is the name",
        ),
    ] {
        let error = Rules::parse(&text).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{text}\n{error}\nexpected {expected}");
    }
    assert_eq!(Rules::parse("").unwrap(), Rules::default());
}

#[test]
fn what_would_have_to_be_allowed_matches_once_it_is() {
    let cases = [
        (
            payment("L1", "100.00 USD", 2, "2001"),
            receipt("R1", "100.00 USD", 30, "2001"),
            "the same reference could be dated up to 28 days later",
        ),
        (
            payment("L1", "100.00 USD", 9, "2001"),
            receipt("R1", "97.10 USD", 2, "inv 2001"),
            "up to 7 days earlier, could hold up to 2.90 USD less",
        ),
        (
            payment("L1", "100.00 USD", 9, ""),
            receipt("R1", "100.00 USD", 20, ""),
            "the same amount could be dated up to 11 days later",
        ),
    ];
    for (left, right, words) in cases {
        let draft = draft_for(&left, &right, &facts()).unwrap();
        assert!(draft.counterfactual.contains(words), "{}", draft.counterfactual);
        let text = draft.rule.to_text();
        let ruled = alone(&text, &[left], &[right], &facts());
        assert_eq!(told(&ruled), ["L1=R1 suggested"], "{text}");
    }
    let late = Item { on: date(2026, 3, 1), ..receipt("R1", "100.00 USD", 2, "") };
    assert_eq!(draft_for(&payment("L1", "100.00 USD", 2, ""), &late, &facts()), None, "an amount alone, two months on");
    let euro = receipt("R1", "100.00 EUR", 2, "2001");
    assert_eq!(draft_for(&payment("L1", "100.00 USD", 2, "2001"), &euro, &facts()), None, "no rule crosses currencies");
    let other = Item { account: "1220".into(), ..receipt("R1", "100.00 USD", 2, "2001") };
    assert_eq!(draft_for(&payment("L1", "100.00 USD", 2, "2001"), &other, &facts()), None, "nor accounts");
    let stranger = receipt("R1", "12.00 USD", 2, "");
    assert_eq!(draft_for(&payment("L1", "100.00 USD", 2, "2001"), &stranger, &facts()), None, "nothing in common");
}

#[test]
fn equal_amounts_and_one_reference_without_end_stay_bounded_and_are_reported() {
    let many = 30_000;
    let left: Vec<Item> = (0..many).map(|at| payment(&format!("L{at}"), "19.99 USD", 5, "2001")).collect();
    let right: Vec<Item> = (0..many).map(|at| receipt(&format!("R{at}"), "19.99 USD", 5, "2001")).collect();
    for agree in ["amount", "reference"] {
        let ruled = alone(&rule(&format!("agree = \"{agree}\"")), &left, &right, &facts());
        assert_eq!(ruled.outcome.matches.len(), 0);
        assert_eq!(ruled.yields[0].budget_reached, many, "{agree}");
    }
}

fn any_item(is_left: bool) -> impl Strategy<Value = Item> {
    let amounts = prop::sample::select(vec![1000i64, 1001, 1005, 1100, -1000, -1001, 2000]);
    let words = prop::sample::select(vec!["", "2001", "2002", "2003"]);
    let parties = prop::sample::select(vec!["", "Mary Jones", "Wexford Botanical"]);
    let currencies = prop::sample::select(vec![Currency::USD, Currency::EUR]);
    (0u32..1000, amounts, 1i8..20, words, parties, currencies, prop::sample::select(vec!["1210", "1220", ""])).prop_map(
        move |(id, minor, day, word, party, currency, account)| {
            let amount = Money::from_minor(minor, currency).to_string();
            let it = if is_left {
                payment(&format!("L{id}"), &amount, day, word)
            } else {
                receipt(&format!("R{id}"), &amount, day, word)
            };
            Item { party: party.into(), account: account.into(), ..it }
        },
    )
}

fn any_side(is_left: bool) -> impl Strategy<Value = Vec<Item>> {
    prop::collection::vec(any_item(is_left), 0..14).prop_map(|items| {
        let by_id: BTreeMap<RecordRef, Item> = items.into_iter().map(|it| (it.record.clone(), it)).collect();
        by_id.into_values().collect()
    })
}

fn any_rule() -> impl Strategy<Value = String> {
    let agree = prop::sample::select(vec![
        "[\"amount\"]",
        "[\"reference\"]",
        "[\"reference\", \"amount\"]",
        "[\"party\", \"amount\"]",
    ]);
    let tolerance = prop::sample::select(vec![
        "",
        "above = \"0.05\"",
        "below = \"1.00\"\ntotal = \"1.05\"",
        "above_percent = \"10\"",
    ]);
    let status = prop::sample::select(vec!["suggested", "automatic"]);
    let filter = prop::sample::select(vec!["", "account = \"1210\"", "party = \"jones\"", "amount_to = \"10.05\""]);
    let unit = prop::sample::select(vec!["calendar", "business"]);
    (agree, tolerance, status, filter, unit, 0u8..5, 0u8..9, prop::bool::ANY).prop_map(
        |(agree, tolerance, status, filter, unit, before, after, usd)| {
            let free = !agree.contains("amount");
            let (tolerance, status) = if free { ("", "suggested") } else { (tolerance, status) };
            let currency = if usd { "USD" } else { "EUR" };
            format!(
                "currency = \"{currency}\"\nagree = {agree}\n{tolerance}\n{filter}\nstatus = \"{status}\"\ndays = \"{unit}\"\n\
                 days_before = {before}\ndays_after = {after}\n"
            )
        },
    )
}

fn any_rules() -> impl Strategy<Value = String> {
    (prop::collection::vec(any_rule(), 1..4), prop::option::of(0usize..4)).prop_map(|(rules, built_in)| {
        let mut blocks: Vec<String> =
            rules.iter().enumerate().map(|(at, it)| format!("[[rule]]\nname = \"R{at}\"\n{it}")).collect();
        if let Some(at) = built_in {
            blocks.insert(at.min(blocks.len()), "[[rule]]\nname = \"built-in\"\naction = \"built-in\"\n".into());
        }
        blocks.join("\n")
    })
}

proptest! {
    /// Whatever the rules: every record comes out once, currencies never meet, what a rule takes balances or names its
    /// difference, and no cap is passed.
    #[test]
    fn no_rule_breaks_the_laws(text in any_rules(), left in any_side(true), right in any_side(false)) {
        let rules = Rules::parse(&text).unwrap();
        let built_in = |left: &[Item], right: &[Item]| Some(reconcile(left, right, &MatchSettings::default()));
        let ruled = run(&rules, &facts(), &left, &right, built_in).unwrap();
        let outcome = &ruled.outcome;
        let mut seen: BTreeMap<&RecordRef, usize> = BTreeMap::new();
        for record in outcome.matches.iter().flat_map(|it| it.members())
            .chain(outcome.left_over.iter().chain(&outcome.right_over).map(|it| &it.record)) {
            *seen.entry(record).or_default() += 1;
        }
        prop_assert_eq!(seen.len(), left.len() + right.len());
        prop_assert!(seen.values().all(|it| *it == 1));
        let items: BTreeMap<&RecordRef, &Item> = left.iter().chain(&right).map(|it| (&it.record, it)).collect();
        let mut spent: BTreeMap<&str, i64> = BTreeMap::new();
        for group in outcome.matches.iter().filter(|it| it.pass.starts_with("rule: ")) {
            let (l, r) = (items[&group.left[0]], items[&group.right[0]]);
            prop_assert_eq!(l.amount.currency(), r.amount.currency());
            prop_assert_eq!(l.amount.is_negative(), r.amount.is_negative());
            prop_assert!(l.account == r.account || l.account.is_empty() || r.account.is_empty());
            prop_assert_eq!(group.variance, l.amount.checked_sub(r.amount).unwrap());
            let named = group.evidence.iter().any(|it| matches!(it, Evidence::Difference { amount } if *amount == group.variance));
            prop_assert!(group.variance.is_zero() || named);
            *spent.entry(group.pass.as_str()).or_default() += group.variance.abs().minor();
        }
        for rule in rules.rules() {
            if let Some(cap) = rule.tolerance.caps.total {
                let pass = tieout_matching::rules::pass_of(&rule.name);
                prop_assert!(spent.get(pass.as_str()).copied().unwrap_or_default() <= cap.minor());
            }
        }
    }

    #[test]
    fn the_order_of_the_records_changes_nothing(
        text in any_rules(),
        (left, left_too) in any_side(true).prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        (right, right_too) in any_side(false).prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
    ) {
        let (one, other) = (alone(&text, &left, &right, &facts()), alone(&text, &left_too, &right_too, &facts()));
        prop_assert_eq!(told(&one), told(&other));
        prop_assert_eq!(one.outcome.matches, other.outcome.matches);
        prop_assert_eq!(one.left_open, other.left_open);
    }

    /// No other record could take the place of one in a pair: with the pair forbidden, fewer records find a partner.
    #[test]
    fn a_pair_that_is_taken_could_not_be_swapped(left in any_side(true), right in any_side(false)) {
        let text = rule("agree = [\"amount\"]\nabove = \"0.05\"\ndays_before = 4\ndays_after = 4");
        let ruled = alone(&text, &left, &right, &facts());
        let largest = |rejected: BTreeSet<(RecordRef, RecordRef)>| largest_pairing(&text, &left, &right, &rejected);
        let most = largest(BTreeSet::new());
        for group in &ruled.outcome.matches {
            let without = BTreeSet::from([(group.left[0].clone(), group.right[0].clone())]);
            prop_assert!(largest(without) < most);
        }
    }

    #[test]
    fn rules_read_back_as_they_were_written(text in any_rules()) {
        let rules = Rules::parse(&text).unwrap();
        prop_assert_eq!(Rules::parse(&rules.to_text()).unwrap(), rules);
    }

    /// Whatever a person types, there is an answer.
    #[test]
    fn no_text_breaks_the_reader(text in "(\\[\\[rule\\]\\]\n)?([a-z_]{1,8} = (\"[a-z0-9.]{0,6}\"|[0-9]{1,4}|\\[\\])\n){0,5}.{0,20}") {
        if let Err(error) = Rules::parse(&text) {
            prop_assert!(error.line >= 1 && error.column >= 1 && error.line <= text.lines().count().max(1) + 1);
        }
    }
}

/// How many pairs at most, by augmenting paths over all pairs the rule allows.
fn largest_pairing(text: &str, left: &[Item], right: &[Item], rejected: &BTreeSet<(RecordRef, RecordRef)>) -> usize {
    let rules = Rules::parse(text).unwrap();
    let rule = rules.rules().next().unwrap().clone();
    let facts = Facts { rejected: rejected.clone(), ..facts() };
    let fits = |l: usize, r: usize| {
        tieout_matching::rules::unmet(&rule, &rules.calendar, &facts, &left[l], &right[r]).is_empty()
    };
    let mut of_right: Vec<Option<usize>> = vec![None; right.len()];
    fn find(l: usize, fits: &dyn Fn(usize, usize) -> bool, seen: &mut [bool], of_right: &mut [Option<usize>]) -> bool {
        for r in 0..of_right.len() {
            if fits(l, r) && !std::mem::replace(&mut seen[r], true) {
                let free = of_right[r].is_none_or(|other| find(other, fits, seen, of_right));
                if free {
                    of_right[r] = Some(l);
                    return true;
                }
            }
        }
        false
    }
    (0..left.len()).filter(|l| find(*l, &fits, &mut vec![false; right.len()], &mut of_right)).count()
}
