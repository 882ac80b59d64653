//! What a person decides on the Match screen happens, shows in the other screens, and comes back.

use crate::rig::{Demo, demo, money};
use tieout_api as api;
use tieout_api::views::*;
use tieout_money::Money;
use tieout_services as services;

fn summary(demo: &Demo, tab: MatchTab) -> MatchSummary {
    let request = MatchSummaryRequest { period: String::new(), tab, filters: vec![] };
    api::match_summary(&demo.app, request).unwrap()
}

pub(crate) fn lines(demo: &Demo, tab: MatchTab, filters: &[FieldFilter]) -> Vec<MatchLine> {
    let mut all = Vec::new();
    loop {
        let request = MatchRowsRequest {
            period: String::new(),
            tab,
            filters: filters.to_vec(),
            sort: MatchSort::MoneyCertainty,
            descending: true,
            offset: u32::try_from(all.len()).unwrap(),
            limit: 7,
        };
        let window = api::match_rows(&demo.app, request).unwrap();
        all.extend(window.rows);
        if all.len() >= window.total as usize {
            return all;
        }
    }
}

pub(crate) fn open(demo: &Demo, side: Side) -> Vec<RecordRow> {
    let mut all = Vec::new();
    loop {
        let request = OpenRowsRequest {
            period: String::new(),
            side,
            filters: vec![],
            sort: MatchSort::Date,
            descending: false,
            offset: u32::try_from(all.len()).unwrap(),
            limit: 200,
        };
        let window = api::open_rows(&demo.app, request).unwrap();
        all.extend(window.rows);
        if all.len() >= window.total as usize {
            return all;
        }
    }
}

pub(crate) fn detail(demo: &Demo, id: &str, reason: Option<&str>, candidate: Option<u32>) -> MatchDetail {
    let request = MatchDetailRequest { group_id: id.into(), reason: reason.map(str::to_owned), candidate };
    api::match_detail(&demo.app, request).unwrap()
}

pub(crate) fn balanced(detail: &MatchDetail) {
    let currency = detail.entry.currency.parse().unwrap();
    let side = |pick: &dyn Fn(&EntryLineView) -> Option<AmountView>, last: &Option<AmountView>| {
        let all: Vec<Money> =
            detail.entry.lines.iter().filter_map(pick).chain(last.clone()).map(|it| money(&it)).collect();
        Money::sum(currency, all).unwrap()
    };
    let debits = side(&|it| it.debit.clone(), &detail.suspense.debit);
    let credits = side(&|it| it.credit.clone(), &detail.suspense.credit);
    assert_eq!(debits, credits, "{}", detail.title);
    assert_eq!(debits, money(&detail.entry.total_debit), "{}", detail.title);
}

fn accept(
    demo: &Demo,
    detail: &MatchDetail,
    reason: Option<&str>,
    candidate: Option<u32>,
) -> Result<ActionDone, Problem> {
    let request = AcceptMatchRequest {
        group_id: detail.group_id.clone(),
        fingerprint: detail.fingerprint.clone(),
        reason: reason.map(str::to_owned),
        candidate,
    };
    api::accept_match(&demo.app, request)
}

fn unexplained(demo: &Demo) -> Vec<String> {
    let request = PeriodRequest { period: "2026-01".into() };
    api::tie_out(&demo.app, request).unwrap().rows.into_iter().map(|it| it.unexplained.amount).collect()
}

pub(crate) fn matched_again(demo: &Demo) {
    services::reconcile(&demo.app.company).unwrap();
    services::propose(&demo.app.company).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_tab_counts_what_it_lists_and_every_draft_balances() {
    let demo = demo(400).await;
    let counts = summary(&demo, MatchTab::Suggested);
    for (tab, count) in [
        (MatchTab::Suggested, counts.suggested),
        (MatchTab::Ambiguous, counts.ambiguous),
        (MatchTab::Matched, counts.matched),
        (MatchTab::Timing, counts.timing),
    ] {
        let all = lines(&demo, tab, &[]);
        let heads: Vec<&MatchLine> = all.iter().filter(|it| it.line_in_group == 0).collect();
        assert_eq!(heads.len(), count as usize, "{tab:?}");
        assert!(count > 0, "{tab:?} has something to show");
        for line in heads.iter().take(40) {
            let detail = detail(&demo, &line.link.group_id, None, None);
            balanced(&detail);
            assert_eq!(detail.can_accept, detail.why_not.is_none() && !detail.matched);
            let explained = api::explain(&demo.app, ExplainRequest { target_id: detail.group_id.clone() }).unwrap();
            assert!(!explained.checks.is_empty() && explained.raw_document.is_some());
        }
        let sums = summary(&demo, tab).totals;
        assert_eq!(sums.iter().map(|it| it.groups).sum::<u32>(), count, "{tab:?}");
    }
    let open = [Side::Store, Side::Ledger].map(|it| open(&demo, it));
    assert_eq!(open[0].len() + open[1].len(), counts.unmatched as usize);
    let party = open[0][0].party.clone();
    let filter = FieldFilter { field: FilterField::Party, op: FilterOp::Is, value: party.clone() };
    let request = MatchSummaryRequest { period: String::new(), tab: MatchTab::Unmatched, filters: vec![filter] };
    let narrowed = api::match_summary(&demo.app, request).unwrap();
    assert!(narrowed.hidden_by_filters < counts.unmatched && narrowed.hidden_by_filters > 0, "{party}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_difference_is_an_entry_to_approve_and_undo_takes_both_back() {
    let demo = demo(1_100).await;
    let before = unexplained(&demo);
    let suggested = lines(&demo, MatchTab::Suggested, &[]);
    let small = suggested.iter().find_map(|line| {
        let detail = detail(&demo, &line.link.group_id, None, None);
        detail.suspense.reasons.iter().any(|it| it.disabled.is_none()).then_some(detail)
    });
    let open = small.expect("the demo has a difference within the limits");
    assert!(!open.can_accept && accept(&demo, &open, None, None).is_err());
    let closed = detail(&demo, &open.group_id, Some("write-off"), None);
    balanced(&closed);
    assert!(closed.can_accept && closed.suspense.closed);
    let stale = MatchDetail { fingerprint: "0".repeat(64), ..closed.clone() };
    assert!(accept(&demo, &stale, Some("write-off"), None).is_err(), "what was not seen is not accepted");
    let done = accept(&demo, &closed, Some("write-off"), None).unwrap();
    let entry = done.open.unwrap().id.unwrap();
    assert!(demo.to_approve().iter().any(|it| it.id == entry));
    assert!(detail(&demo, &open.group_id, None, None).matched);
    assert_eq!(unexplained(&demo), before);

    // A later run leaves both as they are.
    matched_again(&demo);
    assert!(demo.to_approve().iter().any(|it| it.id == entry));
    assert!(detail(&demo, &open.group_id, None, None).matched);

    assert!(api::undo(&demo.app).unwrap().message.contains("Matched"));
    assert!(!demo.to_approve().iter().any(|it| it.id == entry), "its entry cannot be approved any more");
    assert!(!detail(&demo, &open.group_id, None, None).matched);
    matched_again(&demo);
    assert!(!demo.to_approve().iter().any(|it| it.id == entry));
    api::redo(&demo.app).unwrap();
    matched_again(&demo);
    assert!(demo.to_approve().iter().any(|it| it.id == entry), "redone, and proposed again");
    assert!(api::redo(&demo.app).is_err());
    assert_eq!(unexplained(&demo), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_takes_apart_stays_apart_until_they_undo_it() {
    let demo = demo(300).await;
    let matched = lines(&demo, MatchTab::Matched, &[]);
    let is_pair = |it: &&MatchLine| {
        it.link.left_count == 1 && it.link.right_count == 1 && it.left.as_ref().is_some_and(|it| it.kind == "Capture")
    };
    let line = matched.iter().find(is_pair).unwrap().clone();
    let (left, right) = (line.left.unwrap().id, line.right.unwrap().id);
    let is_open = |id: &str| {
        let choices = lines(&demo, MatchTab::Ambiguous, &[]);
        [Side::Store, Side::Ledger].into_iter().flat_map(|it| open(&demo, it)).any(|it| it.id == id)
            || choices.iter().any(|it| it.left.as_ref().is_some_and(|it| it.id == id))
    };
    let before = unexplained(&demo);
    api::unmatch(&demo.app, UnmatchRequest { group_ids: vec![line.link.group_id.clone()] }).unwrap();
    assert!(is_open(&left) && is_open(&right));
    matched_again(&demo);
    assert!(is_open(&left) && is_open(&right), "a run does not put them together again");
    assert_eq!(unexplained(&demo), before);

    // By hand it is the person's own match, and the receipt proposed meanwhile is set aside with it.
    let ids = vec![left.clone(), right.clone()];
    let draft = SelectionDraftRequest { record_ids: ids.clone(), reason: None };
    let draft = api::selection_draft(&demo.app, draft).unwrap();
    balanced(&draft);
    assert!(draft.can_accept, "{:?}", draft.why_not);
    let totals = api::selection_totals(&demo.app, SelectionRequest { record_ids: ids.clone() }).unwrap();
    assert_eq!((totals.count, money(&totals.difference[0]).is_zero()), (2, true));
    let request = MatchSelectionRequest { record_ids: ids.clone(), fingerprint: draft.fingerprint, reason: None };
    api::match_selection(&demo.app, request.clone()).unwrap();
    assert!(!is_open(&left) && !is_open(&right));
    assert!(api::match_selection(&demo.app, request).is_err(), "once is enough");
    let mine = detail(&demo, &line.link.group_id, None, None);
    assert!(mine.matched && mine.evidence.iter().any(|it| it.text.contains("mira")));
    let record = left.parse().unwrap();
    let waiting = demo.app.company.store.read(|reader| reader.postings_on(&record)).unwrap();
    assert!(waiting.iter().all(|it| it.posting.state.as_str() != "proposed"), "nothing would be booked twice");

    api::undo(&demo.app).unwrap();
    api::undo(&demo.app).unwrap();
    assert!(!is_open(&left));
    matched_again(&demo);
    assert!(detail(&demo, &line.link.group_id, None, None).matched);
    assert_eq!(unexplained(&demo), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_between_two_is_made_by_number_and_exact_ones_together() {
    let demo = demo(1_100).await;
    let line = lines(&demo, MatchTab::Ambiguous, &[]).into_iter().next().unwrap();
    let undecided = detail(&demo, &line.link.group_id, None, None);
    assert!(!undecided.can_accept && !undecided.candidates.is_empty());
    assert!(accept(&demo, &undecided, None, None).is_err());
    let chosen = detail(&demo, &line.link.group_id, None, Some(1));
    assert!(chosen.can_accept, "{:?}", chosen.why_not);
    accept(&demo, &chosen, None, Some(1)).unwrap();
    assert!(detail(&demo, &line.link.group_id, None, None).matched);

    let request = ExactPreviewRequest { period: String::new(), filters: vec![] };
    let preview = api::exact_preview(&demo.app, request).unwrap();
    println!("{preview:?}");
    assert_eq!(preview.groups, summary(&demo, MatchTab::Suggested).exact);
    let all = |digest: &str| AcceptAllExactRequest { period: String::new(), filters: vec![], digest: digest.into() };
    assert!(api::accept_all_exact(&demo.app, all("other")).is_err());
    if preview.groups > 0 {
        api::accept_all_exact(&demo.app, all(&preview.digest)).unwrap();
        assert_eq!(summary(&demo, MatchTab::Suggested).exact, 0);
        api::undo(&demo.app).unwrap();
        assert_eq!(summary(&demo, MatchTab::Suggested).exact, preview.groups);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_day_is_on_the_timing_tab_until_then() {
    let demo = demo(300).await;
    let row = open(&demo, Side::Store).into_iter().next().unwrap();
    let shows = |tab| lines(&demo, tab, &[]).iter().any(|it| it.link.group_id == row.id);
    let until = "2099-01-01".to_owned();
    let request = TimingItemRequest { target_ids: vec![row.id.clone()], expected_on: until.clone() };
    api::timing_item(&demo.app, request).unwrap();
    assert!(shows(MatchTab::Timing) && !open(&demo, Side::Store).iter().any(|it| it.id == row.id));
    let past = SnoozeRequest { target_ids: vec![row.id.clone()], until: "2001-01-01".into() };
    assert!(api::snooze(&demo.app, past).is_err());
    api::undo(&demo.app).unwrap();
    assert!(!shows(MatchTab::Timing) && open(&demo, Side::Store).iter().any(|it| it.id == row.id));
    api::redo(&demo.app).unwrap();
    assert!(shows(MatchTab::Timing));

    let note = NoteRequest { target_id: row.id.clone(), text: "asked the gateway".into() };
    api::note(&demo.app, note).unwrap();
    assert_eq!(detail(&demo, &row.id, None, None).notes.len(), 1);
    api::undo(&demo.app).unwrap();
    assert!(detail(&demo, &row.id, None, None).notes.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_posted_write_off_explains_itself_and_is_not_undone() {
    let mut demo = demo(1_100).await;
    let before = unexplained(&demo);
    let suggested = lines(&demo, MatchTab::Suggested, &[]);
    let open = suggested.iter().map(|line| detail(&demo, &line.link.group_id, Some("write-off"), None));
    let closed = open.into_iter().find(|it| it.can_accept && it.suspense.chosen_reason.is_some()).unwrap();
    let entry = accept(&demo, &closed, Some("write-off"), None).unwrap().open.unwrap().id.unwrap();
    let row = demo.to_approve().into_iter().find(|it| it.id == entry).unwrap();
    let seen = vec![SeenProposal { id: row.id, fingerprint: row.fingerprint }];
    let approved = api::approve(&demo.app, ApproveRequest { seen }).unwrap();
    assert_eq!(approved.approved, vec![entry.clone()], "{:?}", approved.refused);
    let request = PostApprovedRequest { ids: vec![entry.clone()] };
    let job = api::work::post_approved(&demo.app, request).unwrap();
    demo.ended(&job.job_id).await;
    assert!(api::undo(&demo.app).unwrap_err().remedy.contains("reverse"), "it is in Intacct");
    let job = api::work::pull(&demo.app).unwrap();
    demo.ended(&job.job_id).await;
    assert!(detail(&demo, &closed.group_id, None, None).matched);
    let ours = |it: &RecordRow| it.party.contains("Difference of") || it.reference.contains("-WO");
    assert!(!self::open(&demo, Side::Ledger).iter().any(ours), "its line in the ledger is no orphan");
    assert_eq!(unexplained(&demo), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_to_write_off_is_kept_partial_or_closed_by_a_credit_memo() {
    let demo = demo(1_100).await;
    let suggested = lines(&demo, MatchTab::Suggested, &[]);
    let details = suggested.iter().map(|line| detail(&demo, &line.link.group_id, None, None));
    let large = details.into_iter().find(|it| it.suspense.reasons.iter().any(|it| it.disabled.is_some()));
    if let Some(large) = large {
        let refused =
            WriteOffRequest { target_id: large.group_id.clone(), reason: "write-off".into(), note: String::new() };
        assert!(api::write_off(&demo.app, refused).is_err());
        let request = KeepPartialRequest { group_id: large.group_id.clone(), fingerprint: large.fingerprint };
        api::keep_partial(&demo.app, request).unwrap();
        assert!(detail(&demo, &large.group_id, None, None).matched);
        api::undo(&demo.app).unwrap();
        assert!(!detail(&demo, &large.group_id, None, None).matched);
    }
    let is_short = |it: &RecordRow| {
        let detail = detail(&demo, &it.id, None, None);
        detail.suspense.reasons.iter().any(|it| it.id == "bank-charges" && it.disabled.is_none())
    };
    let short = open(&demo, Side::Store).into_iter().find(is_short).expect("the demo has a short payment");
    let memos = || demo.to_approve().into_iter().filter(|it| it.group == "Write-offs").count();
    let before = memos();
    let request = WriteOffRequest { target_id: short.id.clone(), reason: "bank-charges".into(), note: "wire".into() };
    api::write_off(&demo.app, request).unwrap();
    services::propose(&demo.app.company).unwrap();
    assert_eq!(memos(), before + 1);
    api::undo(&demo.app).unwrap();
    services::propose(&demo.app.company).unwrap();
    assert_eq!(memos(), before);
}
