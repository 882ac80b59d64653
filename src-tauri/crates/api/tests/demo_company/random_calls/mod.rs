//! P11: whatever the page sends, in whatever order, nothing leaves without a person who saw exactly that. Every command is
//! called with requests that are random, malformed, stale or out of order; the ledger of the pretend Intacct is the judge.

mod audited;
mod draw;

use crate::rig::{Demo, demo};
use draw::{Dice, Draw};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tieout_api::views::*;
use tieout_api::{self as api, App, work};

/// `TIEOUT_CALLS=100000` for more.
const CALLS: usize = 1_000;
const COMMANDS: &str = include_str!("../../../../../src/ipc.rs");
/// They belong to the shell: a version, native dialogs, another folder.
const OF_THE_SHELL: [&str; 4] = ["app_info", "open_demo", "pick_folder", "pick_file"];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Came {
    Answer,
    Refusal,
    /// Not even a request.
    TurnedAway,
}

/// A request of that type, or JSON that is mostly none.
fn drawn<T: serde::de::DeserializeOwned>(dice: &mut Dice, words: &[String]) -> Option<T> {
    if dice.one_in(8) {
        let json = match dice.below(4) {
            0 => Value::Null,
            1 => Value::String(dice.text(words)),
            2 => Value::Array(vec![Value::from(dice.roll()); 3]),
            _ => {
                serde_json::json!({ "ids": dice.roll(), "id": [], "text": null, "seen": dice.text(words), "period": -1 })
            }
        };
        return serde_json::from_value(json).ok();
    }
    T::deserialize(Draw { dice, words, depth: 0 }).ok()
}

fn came<T>(result: Result<T, Problem>) -> Came {
    if result.is_ok() { Came::Answer } else { Came::Refusal }
}

macro_rules! calls {
    (plain: $($plain:ident)*; begun: $($begun:ident($btype:ty))*; asked: $($asked:ident($type:ty))*; waited: $($waited:ident($wtype:ty))*;
     started: $($started:ident)*; started_with: $($with:ident($stype:ty))*;) => {
        const CALLED: &[&str] = &[$(stringify!($plain),)* $(stringify!($begun),)* $(stringify!($asked),)* $(stringify!($waited),)* $(stringify!($started),)* $(stringify!($with),)*];

        async fn call(name: &str, app: &Arc<App>, dice: &mut Dice, words: &[String]) -> Came {
            $(if name == stringify!($plain) {
                return came(api::$plain(app));
            })*
            $(if name == stringify!($begun) {
                let Some(request) = drawn::<$btype>(dice, words) else { return Came::TurnedAway };
                return came(api::$begun(app, request));
            })*
            $(if name == stringify!($asked) {
                let Some(request) = drawn::<$type>(dice, words) else { return Came::TurnedAway };
                return came(api::$asked(app, request));
            })*
            $(if name == stringify!($waited) {
                let Some(request) = drawn::<$wtype>(dice, words) else { return Came::TurnedAway };
                return came(api::$waited(app, request).await);
            })*
            $(if name == stringify!($started) {
                return came(work::$started(app));
            })*
            $(if name == stringify!($with) {
                let Some(request) = drawn::<$stype>(dice, words) else { return Came::TurnedAway };
                return came(work::$with(app, request));
            })*
            panic!("{name} is no command");
        }
    };
}

calls! {
    plain: app_state undo redo history preferences jobs connections settings_text imports activity_facets verify_audit
        sync_board;
    begun: run_flow(FlowRequest) approve_flow(ApproveFlowRequest) replay_letters(ReplayLettersRequest);
    asked: search(SearchRequest) save_preferences(Preferences) cancel_job(JobRequest) today(PeriodRequest)
        match_summary(MatchSummaryRequest) match_rows(MatchRowsRequest) open_rows(OpenRowsRequest)
        match_detail(MatchDetailRequest) selection_draft(SelectionDraftRequest) selection_totals(SelectionRequest)
        accept_match(AcceptMatchRequest) exact_preview(ExactPreviewRequest) accept_all_exact(AcceptAllExactRequest)
        match_selection(MatchSelectionRequest) unmatch(UnmatchRequest) write_off(WriteOffRequest) split(SplitRequest)
        keep_partial(KeepPartialRequest) timing_item(TimingItemRequest) snooze(SnoozeRequest) note(NoteRequest)
        explain(ExplainRequest) exception_cases(ExceptionCasesRequest) exception_rows(ExceptionRowsRequest)
        exception_detail(ExceptionRequest) raw_document(RawDocumentRequest) fix_preview(FixPreviewRequest)
        send_to_approvals(SendToApprovalsRequest) assign(AssignRequest) export_exceptions(ExportExceptionsRequest)
        approvals_summary(PeriodRequest) proposals(ProposalsRequest) proposal_detail(ProposalRequest)
        batch_effect(BatchEffectRequest) approve(ApproveRequest) reject(ProposalsDecision) hold(ProposalsDecision)
        release(ProposalsDecision) reversal_preview(ProposalRequest) reverse(ReverseRequest) tie_out(PeriodRequest)
        tie_out_days(TieOutDaysRequest) drill(DrillRequest) save_connections(SaveConnectionsRequest)
        save_secret(SaveSecretRequest) check_settings(CheckSettingsRequest) import_preview(ImportPreviewRequest)
        undo_import(UndoImportRequest) activity(ActivityRequest) flow_writes(FlowWritesRequest) letters(LettersRequest)
        letter(LetterRequest) edit_letter(EditLetterRequest) close_letter(CloseLetterRequest);
    waited: check_status(ProposalRequest) settle_found(SettleFoundRequest) give_up(GiveUpRequest)
        test_connection(TestConnectionRequest) save_settings(SaveSettingsRequest);
    started: pull run_match propose;
    started_with: post_approved(PostApprovedRequest) import_file(ImportFileRequest);
}

#[test]
fn every_command_of_the_window_is_among_those_called_at_random() {
    let listed = COMMANDS.lines().filter_map(|it| it.trim().strip_prefix("commands::")?.rsplit("::").next());
    let mut listed: Vec<_> =
        listed.map(|it| it.trim_end_matches(',')).filter(|it| !OF_THE_SHELL.contains(it)).collect();
    let mut called = CALLED.to_vec();
    listed.sort_unstable();
    called.sort_unstable();
    assert_eq!(called, listed);
}

/// What stands on screen, but no fingerprint and no digest: those only a person who looked gives back.
fn words(shown: &[Value]) -> Vec<String> {
    fn collect(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::String(text) if text.len() < 60 => into.push(text.clone()),
            Value::Array(all) => all.iter().for_each(|it| collect(it, into)),
            Value::Object(fields) => fields
                .iter()
                .filter(|(name, _)| !["fingerprint", "digest", "revision"].contains(&name.as_str()))
                .for_each(|(_, it)| collect(it, into)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    shown.iter().for_each(|it| collect(it, &mut all));
    all.sort();
    all.dedup();
    all
}

fn shown(demo: &Demo) -> Vec<String> {
    fn json<T: Serialize>(view: Result<T, Problem>) -> Value {
        view.map_or(Value::Null, |it| serde_json::to_value(it).unwrap())
    }
    let app = &demo.app;
    let stored = |listed| serde_json::to_value(tieout_services::list(&app.company, listed, 40).unwrap()).unwrap();
    use tieout_services::Listed;
    let mut all = words(&[
        json(api::app_state(app)),
        json(api::history(app)),
        json(api::imports(app)),
        stored(Listed::Proposals),
        stored(Listed::Postings),
        stored(Listed::Exceptions),
        stored(Listed::Matches),
    ]);
    all.extend((1..=3).map(|month| format!("2026-0{month}")));
    all
}

fn written(demo: &Demo) -> usize {
    demo.running.intacct.with(|gateway| gateway.dump().len())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_reaches_the_ledger_whatever_is_called_with_whatever() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        usual(info);
    }));
    let mut demo = demo(30).await;
    let before = written(&demo);
    let words = shown(&demo);
    assert!(words.len() > 100, "{}", words.len());
    let calls = std::env::var("TIEOUT_CALLS").ok().and_then(|it| it.parse().ok()).unwrap_or(CALLS);
    let seed = std::env::var("TIEOUT_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    let mut dice = Dice(seed);
    let mut tally: BTreeMap<(Came, &str), usize> = BTreeMap::new();
    for number in 0..calls {
        let name = CALLED[dice.below(CALLED.len())];
        let (app, at) = (Arc::clone(&demo.app), Dice(dice.roll()));
        let given = words.clone();
        // A task of its own, as a command of the window is: a panic in it is counted and goes no further.
        let ended = tokio::spawn(async move { call(name, &app, &mut { at }, &given).await }).await;
        let came = ended.unwrap_or_else(|_| panic!("call {number}, {name}, panicked: TIEOUT_SEED={seed}"));
        *tally.entry((came, name)).or_default() += 1;
        assert_eq!(written(&demo), before, "call {number}, {name}, wrote: TIEOUT_SEED={seed}");
        assert_eq!(demo.running.shop.writes(), [], "call {number}, {name}, wrote to the store: TIEOUT_SEED={seed}");
    }
    let of = |wanted| tally.iter().filter(|((it, _), _)| *it == wanted).map(|(_, times)| times).sum::<usize>();
    let (answers, refusals, away) = (of(Came::Answer), of(Came::Refusal), of(Came::TurnedAway));
    println!(
        "{calls} calls of {} commands: {answers} answered, {refusals} refused, {away} no request; 0 writes",
        CALLED.len()
    );
    assert!(answers > calls / 10 && refusals > calls / 10 && away > calls / 50, "they reach what is behind the door");
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
    demo.app.company.store.verify_audit(None).unwrap().unwrap();

    // The same folder, and a person who looks: it goes out.
    for (name, value) in [
        (SecretName::XcartKey, &demo.running.xcart_key),
        (SecretName::IntacctPassword, &demo.running.access.password),
        (SecretName::IntacctSenderPassword, &demo.running.access.sender_password),
    ] {
        api::save_secret(&demo.app, SaveSecretRequest { name, value: value.clone() }).unwrap();
    }
    let seen: Vec<SeenProposal> = tieout_services::proposals_digest(&demo.app.company)
        .unwrap()
        .0
        .into_iter()
        .filter(|it| it.posting.is_clear())
        .map(|it| SeenProposal { id: it.posting.id.0, fingerprint: it.fingerprint.to_string() })
        .collect();
    let approved = api::approve(&demo.app, ApproveRequest { seen }).unwrap().approved;
    let job = work::post_approved(&demo.app, PostApprovedRequest { ids: approved.clone() }).unwrap();
    demo.ended(&job.job_id).await;
    assert!(!approved.is_empty() && written(&demo) > before);
}
