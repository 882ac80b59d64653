//! Connections, settings, files and the trail of all of it.

use crate::rig::{demo, demo_with};
use std::sync::Arc;
use tieout_api::views::*;
use tieout_api::{self as api, App};

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
    assert!(!text.contains(&demo.running.access.password));
    assert!(save(SecretName::VaultPassphrase, "x").is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgraded_system_is_read_all_the_same_and_its_new_fields_stand_under_connections() {
    let script = r#"{"rules":[
        {"system":"xcart","what":"GET /api/orders*","effect":"edited_reply",
         "edits":[{"find":"\"order_number\":","put":"\"loyalty_tier\":\"gold\",\"order_number\":"}]},
        {"system":"intacct","what":"query","effect":"edited_reply",
         "edits":[{"find":"</ARINVOICE>","put":"<RETAINAGE>5%</RETAINAGE></ARINVOICE>"}]}]}"#;
    let mut demo = demo_with(20, script).await;
    let shown = api::connections(&demo.app).unwrap().departures;
    let told = |it: &DepartureView| format!("{}.{} {}: {}", it.object, it.field, it.change, it.example);
    let mut words: Vec<_> = shown.iter().map(told).collect();
    words.sort();
    assert_eq!(words, ["ARINVOICE.RETAINAGE is new: 5%", "order.loyalty_tier is new: \"gold\""]);
    assert!(
        shown.iter().any(|it| it.system == SystemId::Xcart) && shown.iter().any(|it| it.system == SystemId::Intacct)
    );
    let job = api::work::pull(&demo.app).unwrap();
    let ended = demo.ended(&job.job_id).await;
    assert!(ended.summary.contains("; 2 fields are not as known, see Connections"), "{}", ended.summary);
    let action = Some("reply not as known".into());
    let trail = ActivityRequest { actor: None, action, text: String::new(), offset: 0, limit: 10 };
    assert_eq!(api::activity(&demo.app, trail).unwrap().total, 2, "once each, however often they are met");
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
    assert_eq!(save(&current.revision).await.unwrap().text, text);
    assert!(save(&current.revision).await.is_err(), "the revision is old by now");

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

#[test]
fn a_new_folder_says_what_is_missing_and_starts_from_a_text_that_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(folder.path(), Arc::new(jiff::Timestamp::now), "mira", Arc::new(|_| {})).unwrap();
    let period = || PeriodRequest { period: "2026-01".into() };
    assert!(api::tie_out(&app, period()).unwrap().empty_reason.contains("settings"));
    assert!(api::approvals_summary(&app, period()).unwrap().empty_reason.contains("proposed"));
    let request = ExceptionCasesRequest { period: "2026-01".into(), filters: vec![] };
    assert!(api::exception_cases(&app, request).unwrap().empty_reason.contains("Pull"));
    let starter = api::settings_text(&app).unwrap();
    let check = api::check_settings(&app, CheckSettingsRequest { text: starter.text }).unwrap();
    assert!(check.valid && starter.revision == "0", "{:?}", check.remarks);

    let mut request = SaveConnectionsRequest {
        environment: EnvironmentChoice::Production,
        xcart_url: "https://larkspur.example/".into(),
        xcart_dialect: XcartDialect::Auto,
        store_zone: "America/New_York".into(),
        intacct_url: "https://api.intacct.com/ia/xml/xmlgw.phtml".into(),
        intacct_company: "larkspur".into(),
        intacct_entity: String::new(),
        intacct_user: "tieout".into(),
        intacct_sender: "tieout-sender".into(),
        entity_zone: "America/New_York".into(),
    };
    let saved = api::save_connections(&app, request.clone()).unwrap();
    assert_eq!(saved.environment, EnvironmentChoice::Production);
    assert_eq!(app.company.connection().unwrap().store_name, "larkspur.example");
    assert!(app.company.connection().unwrap().cool_down_seconds >= 20 * 60);
    request.store_zone = "Somewhere".into();
    assert!(api::save_connections(&app, request).unwrap_err().title.contains("store zone"));
}
