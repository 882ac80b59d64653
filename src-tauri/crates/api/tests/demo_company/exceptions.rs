//! Differences are explained, assigned, exported, and what can be done about them is shown first.

use crate::rig::demo;
use std::path::Path;
use tieout_api as api;
use tieout_api::views::*;

#[tokio::test(flavor = "multi_thread")]
async fn exceptions_are_explained_assigned_and_exported() {
    let demo = demo(300).await;
    let app = &demo.app;
    let cases = api::exception_cases(app, ExceptionCasesRequest { period: String::new(), filters: vec![] }).unwrap();
    assert!(!cases.cases.is_empty());
    let count: u32 = cases.cases.iter().map(|it| it.count).sum();
    assert_eq!(count, cases.by_record);
    let rows = |tab, case_id: Option<String>| {
        let request = ExceptionRowsRequest {
            period: String::new(),
            tab,
            case_id,
            filters: vec![],
            order: ListOrder::default(),
            offset: 0,
            limit: 200,
        };
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
    // By age, oldest first: on screen, in the file, and the same rows.
    let order = ListOrder { by: OrderBy::Age, descending: true };
    let shown = {
        let tab = ExceptionTab::ByRecord;
        let request = ExceptionRowsRequest {
            period: String::new(),
            tab,
            case_id: None,
            filters: vec![],
            order,
            offset: 0,
            limit: 200,
        };
        api::exception_rows(app, request).unwrap()
    };
    assert!(shown.rows.windows(2).all(|pair| pair[0].age_days >= pair[1].age_days));
    let request = ExportExceptionsRequest {
        period: String::new(),
        tab: ExceptionTab::ByRecord,
        filters: vec![],
        order,
        format: ExportFormat::Csv,
        folder,
    };
    let done = api::export_exceptions(app, request).unwrap();
    assert_eq!(done.rows, cases.by_record);
    let text = std::fs::read_to_string(Path::new(&done.path)).unwrap();
    let ids = text.lines().skip(1).filter_map(|it| it.split(',').next()).filter(|it| it.starts_with("x-"));
    let ids: Vec<&str> = ids.take(shown.rows.len()).collect();
    assert_eq!(ids, shown.rows.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), "what you see is what you get");
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
