//! A record that the other side has in several is cut into parts, each matched on its own, until a person undoes it.

use crate::matching::{balanced, detail, lines, matched_again, open};
use crate::rig::{Demo, demo, money};
use tieout_api as api;
use tieout_api::views::*;
use tieout_domain::Period;
use tieout_money::Money;
use tieout_sandbox::demo::LAST_DAY;

/// Of every month of the demo. Whatever was decided since the last matching run, it is the proof of a fresh one.
fn proof(demo: &Demo) -> Vec<TieOutRow> {
    let (company, year) = (&demo.app.company, Period::of(LAST_DAY).first_day().first_of_year());
    let tied = tieout_services::tie_out(company, year, LAST_DAY).unwrap();
    company.store.remember("matched", "").unwrap();
    assert_eq!(tieout_services::tie_out(company, year, LAST_DAY).unwrap(), tied);
    let month = |it: &str| api::tie_out(&demo.app, PeriodRequest { period: it.into() }).unwrap().rows;
    ["2026-01", "2026-02", "2026-03"].into_iter().flat_map(month).collect()
}

/// What a split must never move: the ledger, the store, and what nobody can explain.
fn sides(of: &[TieOutRow]) -> Vec<[AmountView; 3]> {
    of.iter().map(|it| [it.ledger.clone(), it.store.clone(), it.unexplained.clone()]).collect()
}

fn split(demo: &Demo, record: &str, parts: &[Money]) -> Result<ActionDone, Problem> {
    let parts = parts.iter().map(Money::amount_text).collect();
    api::split(&demo.app, SplitRequest { record_id: record.into(), parts })
}

fn cents(minor: i64, like: Money) -> Money {
    Money::from_minor(minor, like.currency())
}

/// In the lists of open records, or among those that fit more than one.
fn parts_of(demo: &Demo, whole: &RecordRow) -> Vec<RecordRow> {
    let mut rows: Vec<RecordRow> = [Side::Store, Side::Ledger].into_iter().flat_map(|it| open(demo, it)).collect();
    let choices = lines(demo, MatchTab::Ambiguous, &[]).into_iter().filter(|it| it.line_in_group == 0);
    rows.extend(choices.filter_map(|it| it.left));
    rows.retain(|it| it.id.starts_with(&format!("{}~", whole.id)));
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

fn is_open(demo: &Demo, id: &str) -> bool {
    [Side::Store, Side::Ledger].into_iter().flat_map(|it| open(demo, it)).any(|it| it.id == id)
}

/// An open payment and an open receipt of less than it, on one account.
fn payment_over_receipt(demo: &Demo) -> (RecordRow, RecordRow) {
    let receipts = open(demo, Side::Ledger);
    let fits = |payment: &RecordRow, receipt: &RecordRow| {
        let (large, small) = (money(&payment.gross), money(&receipt.gross));
        payment.account == receipt.account
            && large.currency() == small.currency()
            && small.is_positive()
            && small.minor() + 1 < large.minor()
    };
    let captures = open(demo, Side::Store).into_iter().filter(|it| it.kind == "Capture");
    let mut pair =
        captures.filter_map(|it| Some((it.clone(), receipts.iter().find(|receipt| fits(&it, receipt))?.clone())));
    pair.next_back().expect("the demo has both")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_payment_is_matched_part_by_part_and_is_whole_again_when_undone_after_a_restart() {
    let demo = demo(500).await;
    let (payment, receipt) = payment_over_receipt(&demo);
    let whole = money(&payment.gross);
    let entry = demo.to_approve().into_iter().find(|it| {
        let record = payment.id.parse().unwrap();
        let on = demo.app.company.store.read(|reader| reader.postings_on(&record)).unwrap();
        on.iter().any(|posting| posting.posting.id.0 == it.id)
    });
    let before = proof(&demo);

    // One cent apart fits nothing: not a figure of the proof moves, and a later run leaves the parts open.
    split(&demo, &payment.id, &[cents(1, whole), cents(whole.minor() - 1, whole)]).unwrap();
    assert_eq!(proof(&demo), before, "a split explains nothing and hides nothing");
    assert!(!is_open(&demo, &payment.id), "its parts stand in its place");
    let parts = parts_of(&demo, &payment);
    assert_eq!(parts.iter().map(|it| money(&it.gross).minor()).collect::<Vec<_>>(), [1, whole.minor() - 1]);
    assert!(parts[0].reference.ends_with(" part 1 of 2"), "{}", parts[0].reference);
    if let Some(entry) = &entry {
        assert!(!demo.to_approve().iter().any(|it| it.id == entry.id), "the whole is not booked meanwhile");
    }
    matched_again(&demo);
    assert_eq!(parts_of(&demo, &payment).len(), 2);
    assert_eq!(sides(&proof(&demo)), sides(&before));
    let explained = api::explain(&demo.app, ExplainRequest { target_id: parts[0].id.clone() }).unwrap();
    assert!(explained.raw_document.is_some(), "the document is the one of the whole");
    let again = split(&demo, &parts[1].id, &[cents(1, whole), cents(whole.minor() - 2, whole)]);
    assert!(again.unwrap_err().title.contains("part already"));
    api::undo(&demo.app).unwrap();
    matched_again(&demo);
    assert!(is_open(&demo, &payment.id) && parts_of(&demo, &payment).is_empty());
    assert_eq!(proof(&demo), before);
    if let Some(entry) = &entry {
        assert!(demo.to_approve().iter().any(|it| it.id == entry.id), "and its entry is proposed again");
    }

    // Cut to the receipt, one part meets it by hand; the rest stays open.
    let part = money(&receipt.gross);
    split(&demo, &payment.id, &[part, whole.checked_sub(part).unwrap()]).unwrap();
    let first = parts_of(&demo, &payment).into_iter().next().expect("a suggestion leaves it in the lists");
    let ids = vec![first.id.clone(), receipt.id.clone()];
    let draft = SelectionDraftRequest { record_ids: ids.clone(), reason: None };
    let draft = api::selection_draft(&demo.app, draft).unwrap();
    balanced(&draft);
    assert!(draft.can_accept, "{:?}", draft.why_not);
    let request = MatchSelectionRequest { record_ids: ids, fingerprint: draft.fingerprint, reason: None };
    api::match_selection(&demo.app, request).unwrap();
    matched_again(&demo);
    let demo = demo.restarted();
    let rest = parts_of(&demo, &payment);
    assert_eq!(rest.iter().map(|it| money(&it.gross)).collect::<Vec<_>>(), [whole.checked_sub(part).unwrap()]);
    assert!(!is_open(&demo, &receipt.id) && detail(&demo, &first.id, None, None).matched);
    assert_eq!(sides(&proof(&demo)), sides(&before));
    let request = ExceptionRowsRequest {
        period: String::new(),
        tab: ExceptionTab::ByRecord,
        case_id: None,
        filters: vec![FieldFilter { field: FilterField::Kind, op: FilterOp::Is, value: "not-handled".into() }],
        order: ListOrder::default(),
        offset: 0,
        limit: 200,
    };
    let listed = api::exception_rows(&demo.app, request).unwrap().rows;
    let told = listed.iter().filter(|it| money(&it.money) == money(&rest[0].gross)).count();
    assert_eq!(told, 1, "the open part is an exception of its own: {listed:?}");

    api::undo(&demo.app).unwrap();
    assert!(api::undo(&demo.app).unwrap().message.contains("Split"));
    matched_again(&demo);
    assert!(is_open(&demo, &payment.id) && is_open(&demo, &receipt.id) && parts_of(&demo, &payment).is_empty());
    assert_eq!(proof(&demo), before);
    api::redo(&demo.app).unwrap();
    api::redo(&demo.app).unwrap();
    assert_eq!(parts_of(&demo, &payment).len(), 1, "split and matched again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_split_too_and_parts_that_do_not_come_to_it_are_refused() {
    let demo = demo(300).await;
    let before = proof(&demo);
    let receipt = open(&demo, Side::Ledger).into_iter().find(|it| money(&it.gross).minor() > 300).unwrap();
    let whole = money(&receipt.gross);
    let cut = |amounts: &[i64]| amounts.iter().map(|it| cents(*it, whole)).collect::<Vec<_>>();
    for (wrong, why) in [
        (vec![whole.minor() - 1, 2], "come to"),
        (vec![whole.minor()], "2 to 20 parts"),
        (vec![whole.minor(), 0], "none is nothing"),
        (vec![whole.minor() + 5, -5], "goes the way of"),
        (vec![1; 21], "2 to 20 parts"),
    ] {
        let refused = split(&demo, &receipt.id, &cut(&wrong)).unwrap_err();
        assert!(refused.title.contains(why), "{}", refused.title);
    }
    assert!(api::undo(&demo.app).is_err(), "nothing was decided");
    split(&demo, &receipt.id, &cut(&[101, 102, whole.minor() - 203])).unwrap();
    assert_eq!(proof(&demo), before);
    assert_eq!(parts_of(&demo, &receipt).len(), 3);
    let drilled = |demo: &Demo| {
        let lines = before.iter().map(|row| {
            let request = DrillRequest {
                period: receipt.date[..7].to_owned(),
                row_id: row.id.clone(),
                figure: TieOutFigure::Unexplained,
                day: None,
                offset: 0,
                limit: 200,
            };
            api::drill(&demo.app, request).unwrap().rows.len()
        });
        lines.collect::<Vec<_>>()
    };
    let unexplained = drilled(&demo);
    api::undo(&demo.app).unwrap();
    assert_eq!(drilled(&demo), unexplained, "in the ledger it is one line, split or not");

    // A capture and its receipt, taken apart and then cut: the two halves name one order and come to the receipt, and the
    // engine must not put together what a person cut.
    let is_pair = |it: &MatchLine| {
        it.link.left_count == 1 && it.link.right_count == 1 && it.left.as_ref().is_some_and(|it| it.kind == "Capture")
    };
    let pair = lines(&demo, MatchTab::Matched, &[]).into_iter().find(is_pair).unwrap();
    let capture = pair.left.unwrap();
    let whole = money(&capture.gross);
    let halves = [cents(whole.minor() / 2, whole), cents(whole.minor() - whole.minor() / 2, whole)];
    let refused = split(&demo, &capture.id, &halves).unwrap_err();
    assert!(refused.title.contains("already matched"), "{}", refused.title);
    api::unmatch(&demo.app, UnmatchRequest { group_ids: vec![pair.link.group_id] }).unwrap();
    split(&demo, &capture.id, &halves).unwrap();
    matched_again(&demo);
    assert_eq!(parts_of(&demo, &capture).len(), 2);
    assert!(is_open(&demo, &pair.right.unwrap().id));
}
