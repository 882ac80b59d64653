//! Every screen on the demo company: what it shows adds up, and what a person decides there happens and comes back.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;
use tieout_api::demo::{DemoSystems, open_demo};
use tieout_api::views::*;
use tieout_api::{self as api, App, Clock, Notice};
use tieout_money::{Currency, Money};
use tieout_sandbox::demo::{ENTITY_ZONE, LAST_DAY, STORE_ZONE};
use tieout_sandbox::running::{Plan, Running, start};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

struct Demo {
    app: Arc<App>,
    told: UnboundedReceiver<Notice>,
    folder: tempfile::TempDir,
    _running: Running,
}

async fn demo(orders: usize) -> Demo {
    demo_with(orders, "").await
}

/// `faults`: the script of what goes wrong, as JSON; empty for nothing.
async fn demo_with(orders: usize, faults: &str) -> Demo {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("faults.json");
    std::fs::write(&script, faults).unwrap();
    let faults = (!faults.is_empty()).then_some(script);
    let running = start(&Plan { seed: 1, orders, faults, ..Plan::default() }).await.unwrap();
    let zone = jiff::tz::TimeZone::get(ENTITY_ZONE).unwrap();
    let evening = LAST_DAY.at(18, 0, 0, 0).to_zoned(zone).unwrap().timestamp();
    let began = jiff::Timestamp::now();
    let clock: Clock = Arc::new(move || evening + jiff::Timestamp::now().duration_since(began));
    let (tell, told) = unbounded_channel();
    let notify = Arc::new(move |notice| drop(tell.send(notice)));
    let app = Arc::new(App::open(&folder.path().join("data"), clock, "mira", notify).unwrap());
    let mut demo = Demo { app, told, folder, _running: running };
    let systems = systems(&demo._running, demo.folder.path());
    let job = open_demo(&demo.app, systems).unwrap();
    demo.ended(&job.job_id).await;
    demo
}

fn systems(running: &Running, folder: &Path) -> DemoSystems {
    running.world.write_files(folder).unwrap();
    DemoSystems {
        xcart_url: running.xcart_url.clone(),
        xcart_key: running.xcart_key.clone(),
        intacct_url: running.intacct.url(),
        intacct_company: running.company.clone(),
        intacct_user: running.access.user.clone(),
        intacct_password: running.access.password.clone(),
        intacct_sender: running.access.sender_id.clone(),
        intacct_sender_password: running.access.sender_password.clone(),
        store_zone: STORE_ZONE.to_owned(),
        entity_zone: ENTITY_ZONE.to_owned(),
        settings_text: running.world.settings_text(),
        files: ["stripe", "paypal", "authorizenet", "bank"]
            .map(|it| (it.to_owned(), folder.join(format!("{it}.csv"))))
            .to_vec(),
    }
}

impl Demo {
    async fn ended(&mut self, id: &str) -> JobView {
        while let Some(notice) = self.told.recv().await {
            if let Notice::Job(job) = notice
                && job.id == id
                && job.ended_at.is_some()
            {
                assert_eq!(job.state, JobState::Done, "{:?}", job.problem);
                return *job;
            }
        }
        panic!("the job never ended");
    }

    fn to_approve(&self) -> Vec<ProposalRow> {
        self.tab(ApprovalTab::ToApprove)
    }

    fn tab(&self, tab: ApprovalTab) -> Vec<ProposalRow> {
        let mut all = Vec::new();
        loop {
            let offset = u32::try_from(all.len()).unwrap();
            let request = ProposalsRequest { period: String::new(), tab, filters: vec![], offset, limit: 200 };
            let window = api::proposals(&self.app, request).unwrap();
            all.extend(window.rows);
            if all.len() >= window.total as usize {
                return all;
            }
        }
    }

    fn detail(&self, id: &str) -> ProposalDetail {
        api::proposal_detail(&self.app, ProposalRequest { id: id.into() }).unwrap()
    }

    /// As the window's undo does it.
    fn undo(&self) {
        let app = &self.app;
        app.company
            .store
            .write(&app.user, app.company.now(), |tx| {
                let decision = tx.undo()?.expect("there is something to undo");
                assert!(api::carry_out(tx, &decision)?);
                Ok::<_, tieout_store::StoreError>(())
            })
            .unwrap();
    }
}

fn money(it: &AmountView) -> Money {
    Money::parse(&it.amount, Currency::parse(&it.currency).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn approvals_show_exactly_what_is_sent_and_what_came_of_it() {
    let mut demo = demo(150).await;
    let rows = demo.to_approve();
    assert!(!rows.is_empty());
    let mut groups: Vec<&str> = rows.iter().map(|it| it.group.as_str()).collect();
    groups.dedup();
    let distinct: std::collections::BTreeSet<_> = groups.iter().collect();
    assert_eq!(distinct.len(), groups.len(), "each group stands together");

    for row in rows.iter().take(80) {
        let detail = demo.detail(&row.id);
        assert!(detail.xml.starts_with("<function controlid=\"tieout-"), "{}: {:?}", row.title, detail.why_not);
        assert_eq!(money(&detail.entry.total_debit), money(&detail.entry.total_credit), "{}", row.title);
        assert_eq!(detail.fingerprint, row.fingerprint);
    }

    let ids: Vec<String> = rows.iter().take(2).map(|it| it.id.clone()).collect();
    let held = api::hold(&demo.app, ProposalsDecision { ids: ids.clone(), reason: "ask the desk".into() }).unwrap();
    assert!(held.undoable);
    assert_eq!(demo.tab(ApprovalTab::Held).len(), 2);
    demo.undo();
    assert_eq!(demo.tab(ApprovalTab::Held).len(), 0);
    assert!(api::hold(&demo.app, ProposalsDecision { ids, reason: " ".into() }).is_err(), "a reason is needed");

    let clear: Vec<&ProposalRow> = rows.iter().filter(|it| it.clear).collect();
    let effect =
        api::batch_effect(&demo.app, BatchEffectRequest { ids: clear.iter().map(|it| it.id.clone()).collect() });
    assert!(effect.unwrap().balanced);
    let mut seen: Vec<SeenProposal> =
        clear.iter().map(|it| SeenProposal { id: it.id.clone(), fingerprint: it.fingerprint.clone() }).collect();
    seen[0].fingerprint = "00".into();
    let count = seen.len();
    let report = api::approve(&demo.app, ApproveRequest { seen }).unwrap();
    assert_eq!((report.approved.len(), report.refused.len()), (count - 1, 1));
    assert!(report.refused[0].reason.contains("changed"));

    let approved = demo.detail(&report.approved[0]);
    let job = api::work::post_approved(&demo.app, PostApprovedRequest { ids: vec![] }).unwrap();
    demo.ended(&job.job_id).await;
    let after = demo.detail(&report.approved[0]);
    assert_eq!(after.state, PostingStateView::Posted);
    assert_eq!(after.key, approved.key, "the key shown is the key sent");
    assert_eq!(after.xml, approved.xml, "the text shown is the text sent");
    assert!(after.record.is_some() && after.history.len() > 2);

    let summary = api::approvals_summary(&demo.app, PeriodRequest { period: String::new() }).unwrap();
    assert!(summary.unknown.is_empty() && summary.last_posting.contains("read back"));
    let posted = demo.tab(ApprovalTab::Sent);
    let id = posted.iter().find(|it| demo.detail(&it.id).can_reverse).unwrap().id.clone();
    let preview = api::reversal_preview(&demo.app, ProposalRequest { id: id.clone() }).unwrap();
    assert_eq!(money(&preview.entry.total_debit), money(&preview.entry.total_credit));
    let request = ReverseRequest { id: id.clone(), reverse_on: preview.reverse_on, reason: "wrong customer".into() };
    let reversal = api::reverse(&demo.app, request).unwrap().open.unwrap().id.unwrap();
    assert_eq!(demo.detail(&reversal).state, PostingStateView::Proposed);
    let known = api::check_status(&demo.app, ProposalRequest { id }).await.unwrap_err();
    assert!(known.title.contains("its outcome is known"), "{}", known.title);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_of_the_tie_out_is_the_sum_of_the_rows_behind_it() {
    let demo = demo(150).await;
    let period = "2026-01".to_owned();
    let view = api::tie_out(&demo.app, PeriodRequest { period: period.clone() }).unwrap();
    assert!(view.rows.iter().any(|it| money(&it.store).minor() != 0), "the period has something in it");
    assert!(view.ledger_read_at.is_some());
    for row in &view.rows {
        let named = [&row.timing, &row.exceptions, &row.unexplained].map(money);
        assert_eq!(money(&row.difference), Money::sum(named[0].currency(), named).unwrap(), "{}", row.account);
        for (figure, shown) in [
            (TieOutFigure::Opening, &row.opening),
            (TieOutFigure::Ledger, &row.ledger),
            (TieOutFigure::Store, &row.store),
            (TieOutFigure::Timing, &row.timing),
            (TieOutFigure::Exceptions, &row.exceptions),
            (TieOutFigure::Unexplained, &row.unexplained),
        ] {
            let request = DrillRequest {
                period: period.clone(),
                row_id: row.id.clone(),
                figure,
                day: None,
                offset: 0,
                limit: 200,
            };
            let drill = api::drill(&demo.app, request).unwrap();
            assert_eq!(&drill.sum, shown, "{} {figure:?}", row.account);
            assert_eq!(drill.rows.len(), (drill.total as usize).min(200));
        }
        let request = TieOutDaysRequest { period: period.clone(), row_id: row.id.clone() };
        let days = api::tie_out_days(&demo.app, request).unwrap();
        let ledger = Money::sum(money(&row.ledger).currency(), days.iter().map(|it| money(&it.ledger))).unwrap();
        assert_eq!(ledger, money(&row.ledger), "{}", row.account);
        let first_open = days.iter().find(|it| !it.ties).map(|it| it.day.clone());
        let through = row.closed_through.clone().unwrap_or_default();
        assert!(first_open.is_none_or(|day| through < day), "{}", row.account);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn exceptions_are_explained_assigned_and_exported() {
    let demo = demo(300).await;
    let app = &demo.app;
    let cases = api::exception_cases(app, ExceptionCasesRequest { period: String::new(), filters: vec![] }).unwrap();
    assert!(!cases.cases.is_empty());
    let count: u32 = cases.cases.iter().map(|it| it.count).sum();
    assert_eq!(count, cases.by_record);
    let rows = |tab, case_id: Option<String>| {
        let request =
            ExceptionRowsRequest { period: String::new(), tab, case_id, filters: vec![], offset: 0, limit: 200 };
        api::exception_rows(app, request).unwrap()
    };
    for case in &cases.cases {
        let window = rows(ExceptionTab::ByCause, Some(case.id.clone()));
        assert_eq!(window.total, case.count, "{}", case.id);
        for row in window.rows.iter().take(3) {
            let detail = api::exception_detail(app, ExceptionRequest { id: row.id.clone() }).unwrap();
            assert!(!detail.why_not.is_empty() && !detail.next_action.is_empty(), "{}", detail.title);
            for document in detail.raw_documents.iter().take(1) {
                let raw = api::raw_document(app, RawDocumentRequest { id: document.id.clone() }).unwrap();
                assert!(!raw.text.is_empty());
            }
        }
    }
    let case = &cases.cases[0];
    let assign = |owner: Option<&str>| AssignRequest {
        exception_ids: vec![],
        case_id: Some(case.id.clone()),
        owner: owner.map(str::to_owned),
    };
    api::assign(app, assign(Some("AR desk"))).unwrap();
    assert_eq!(rows(ExceptionTab::ByCause, Some(case.id.clone())).rows[0].owner.as_deref(), Some("AR desk"));
    demo.undo();
    assert_eq!(rows(ExceptionTab::ByCause, Some(case.id.clone())).rows[0].owner, None);

    let folder = demo.folder.path().display().to_string();
    let request = ExportExceptionsRequest {
        period: String::new(),
        tab: ExceptionTab::ByCause,
        filters: vec![],
        format: ExportFormat::Csv,
        folder,
    };
    let done = api::export_exceptions(app, request).unwrap();
    assert_eq!(done.rows, cases.by_record);
    assert!(Path::new(&done.path).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_entry_of_an_exception_is_sent_to_approvals_as_it_was_shown() {
    let demo = demo(300).await;
    let app = &demo.app;
    let request = ExceptionCasesRequest { period: String::new(), filters: vec![] };
    let cases = api::exception_cases(app, request).unwrap().cases;
    let has_entry = |it: &&CaseRow| it.action.is_some() && it.cause != "closed-period";
    let case = cases.iter().find(has_entry).expect("the demo plants doubled captures");
    let preview = || {
        let request = FixPreviewRequest { exception_ids: vec![], case_id: Some(case.id.clone()) };
        api::fix_preview(app, request).unwrap()
    };
    let before = preview();
    let exception = before.lines[0].id.clone();
    let waiting = demo.to_approve();
    let detail = api::exception_detail(app, ExceptionRequest { id: exception.clone() }).unwrap();
    assert!(detail.fix.is_some());
    let send =
        |digest: String| SendToApprovalsRequest { exception_ids: vec![exception.clone()], case_id: None, digest };
    let one = FixPreviewRequest { exception_ids: vec![exception.clone()], case_id: None };
    let opened = api::send_to_approvals(app, send(api::fix_preview(app, one.clone()).unwrap().digest)).unwrap();
    let id = opened.open.unwrap().id.unwrap();
    api::hold(app, ProposalsDecision { ids: vec![id], reason: "not yet".into() }).unwrap();
    assert_eq!(demo.to_approve().len(), waiting.len() - 1);
    assert!(api::send_to_approvals(app, send(before.digest)).is_err(), "it is held now: other than it was shown");
    api::send_to_approvals(app, send(api::fix_preview(app, one).unwrap().digest)).unwrap();
    assert_eq!(demo.to_approve().len(), waiting.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_test_names_the_part_that_fails() {
    let demo = demo(20).await;
    let app = &demo.app;
    let test = |system| api::test_connection(app, TestConnectionRequest { system });
    for system in [SystemId::Xcart, SystemId::Intacct] {
        let report = test(system).await.unwrap();
        assert!(report.parts.iter().all(|it| it.state == PartState::Passed), "{report:?}");
    }
    let shown = api::connections(app).unwrap();
    assert!(shown.demo && shown.xcart.parts.iter().all(|it| it.state == PartState::Passed), "the last test is kept");
    assert_eq!(shown.secret_store.stored.len(), 3);

    let save = |name, value: &str| api::save_secret(app, SaveSecretRequest { name, value: value.into() });
    let failed = |report: TestReport| {
        let part = report.parts.into_iter().find(|it| it.state == PartState::Failed).unwrap();
        assert!(part.problem.is_some());
        part.id
    };
    save(SecretName::XcartKey, "wrong").unwrap();
    assert_eq!(failed(test(SystemId::Xcart).await.unwrap()), "key");
    save(SecretName::IntacctPassword, "wrong").unwrap();
    assert_eq!(failed(test(SystemId::Intacct).await.unwrap()), "user");
    save(SecretName::IntacctSenderPassword, "wrong").unwrap();
    assert_eq!(failed(test(SystemId::Intacct).await.unwrap()), "sender");
    save(SecretName::XcartKey, "").unwrap();
    let report = test(SystemId::Xcart).await.unwrap();
    assert!(report.parts.iter().all(|it| it.state != PartState::Passed), "nothing was tried: {report:?}");
    let text = serde_json::to_string(&api::connections(app).unwrap()).unwrap();
    assert!(!text.contains(&demo._running.access.password));
    assert!(save(SecretName::VaultPassphrase, "x").is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_checked_saved_once_and_a_file_is_taken_back() {
    let demo = demo(20).await;
    let app = &demo.app;
    let current = api::settings_text(app).unwrap();
    let check = |text: &str| api::check_settings(app, CheckSettingsRequest { text: text.into() }).unwrap();
    let good = check(&current.text);
    assert!(good.valid && good.tables.len() >= 2, "{:?}", good.remarks);
    assert!(good.remarks.iter().all(|it| it.tone != Tone::Bad));
    let wrong = check(&current.text.replacen("undeposited:", "somewhere:", 1));
    assert!(!wrong.valid && wrong.remarks[0].line > 1);

    let text = current.text.replace("write_off = \"6900\"", "write_off = \"6999\"");
    let unknown = check(&text).remarks.into_iter().find(|it| it.message.contains("6999")).unwrap();
    assert!(text.lines().nth(unknown.line as usize - 1).unwrap().contains("6999"));
    let save = |revision: &str| {
        let request = SaveSettingsRequest { text: text.clone(), revision: revision.into(), note: "new account".into() };
        api::save_settings(app, request)
    };
    assert_eq!(save(&current.revision).unwrap().text, text);
    assert!(save(&current.revision).is_err(), "the revision is old by now");

    let imports = api::imports(app).unwrap();
    assert_eq!(imports.len(), 4);
    assert!(imports.iter().any(|it| !it.totals.is_empty()));
    let path = demo.folder.path().join("stripe.csv").display().to_string();
    let preview = api::import_preview(app, ImportPreviewRequest { path, source: "stripe".into() }).unwrap();
    assert_eq!(preview.known, preview.rows, "it was imported before");
    assert!(preview.mapping.iter().all(|it| !it.required || it.column.is_some()));
    api::undo_import(app, UndoImportRequest { id: imports[0].id.clone() }).unwrap();
    assert!(api::imports(app).unwrap()[0].undone);

    let verdict = api::verify_audit(app).unwrap();
    let facets = api::activity_facets(app).unwrap();
    assert!(verdict.intact && facets.total == verdict.rows);
    let request =
        ActivityRequest { text: "import".into(), actor: Some("mira".into()), action: None, offset: 0, limit: 10 };
    let window = api::activity(app, request).unwrap();
    assert!(window.rows.iter().any(|it| it.action == "import undone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_posting_that_never_answered_is_found_by_one_look_and_never_sent_again() {
    let lost = r#"{"seed":1,"rules":[{"system":"intacct","what":"*create*","nth":[1],"effect":"commit_then_drop"}]}"#;
    let mut demo = demo_with(60, lost).await;
    // Longer than posting waits: the doubt is left to the person.
    let mut connection = demo.app.company.connection().unwrap();
    connection.cool_down_seconds = 3_600;
    demo.app.company.connect("mira", &connection).unwrap();
    let clear: Vec<SeenProposal> = demo
        .to_approve()
        .into_iter()
        .filter(|it| it.clear)
        .take(3)
        .map(|it| SeenProposal { id: it.id, fingerprint: it.fingerprint })
        .collect();
    api::approve(&demo.app, ApproveRequest { seen: clear }).unwrap();
    let job = api::work::post_approved(&demo.app, PostApprovedRequest { ids: vec![] }).unwrap();
    demo.ended(&job.job_id).await;
    let summary = || api::approvals_summary(&demo.app, PeriodRequest { period: String::new() }).unwrap();
    let unknown = summary().unknown;
    assert_eq!(unknown.len(), 1);
    assert!(unknown[0].steps.iter().any(|it| it.text.starts_with("No answer")), "{:?}", unknown[0].steps);
    let id = unknown[0].id.clone();
    let wrong = api::settle_found(&demo.app, SettleFoundRequest { id: id.clone(), record: "999999".into() }).await;
    assert!(wrong.unwrap_err().title.contains("no record 999999"));
    let done = api::check_status(&demo.app, ProposalRequest { id: id.clone() }).await.unwrap();
    assert!(done.message.contains("read back equal"), "{}", done.message);
    assert!(summary().unknown.is_empty());
    assert_eq!(demo.detail(&id).state, PostingStateView::Posted);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_a_closed_day_is_proposed_on_the_first_open_one_when_a_person_says_so() {
    let demo = demo(800).await;
    let app = &demo.app;
    let request = ExceptionCasesRequest { period: String::new(), filters: vec![] };
    let cases = api::exception_cases(app, request).unwrap().cases;
    let case = cases.iter().find(|it| it.cause == "closed-period").expect("the demo plants one");
    let request = FixPreviewRequest { exception_ids: vec![], case_id: Some(case.id.clone()) };
    let preview = api::fix_preview(app, request).unwrap();
    assert!(preview.entries > 0, "{:?}", preview.left_out);
    let request = SendToApprovalsRequest {
        exception_ids: vec![],
        case_id: Some(case.id.clone()),
        digest: preview.digest.clone(),
    };
    let id = api::send_to_approvals(app, request).unwrap().open.unwrap().id.unwrap();
    let detail = demo.detail(&id);
    let closed = app.company.books().unwrap().unwrap().closed_through.unwrap();
    assert_eq!(detail.entry.posted_on, closed.tomorrow().unwrap().to_string());
    assert!(detail.checks.iter().any(|it| it.text.contains("as a person chose")), "{:?}", detail.checks);
}
