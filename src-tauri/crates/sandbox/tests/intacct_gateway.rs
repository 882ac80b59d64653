//! The pretend gateway over HTTP: doors, uniqueness, closed books, paging, faults, and a ledger that survives.

mod intacct_support;

use intacct_support::*;
use tieout_sandbox::faults::{Fault, FaultPlan, FaultRule, Faults, System};
use tieout_sandbox::intacct::sample::small_company;
use tieout_sandbox::intacct::server::{Server, Settings};
use tieout_sandbox::intacct::xml::parse;
use tieout_sandbox::intacct::{Access, Gateway, ledger};

#[tokio::test]
async fn each_wrong_credential_is_refused_in_its_own_way() {
    let (_server, client) = small().await;
    let good = envelope(&login(), false, false, &function("a", "<getAPISession/>"));
    let access = Access::default();
    let (status_code, body) =
        client.send(good.replace(&format!(">{}<", access.sender_password), ">wrong<")).await.unwrap();
    assert_eq!(status_code, 200);
    assert!(body.contains("Incorrect Intacct XML Partner ID or password."), "{body}");
    let (status_code, body) = client.send(good.replace(">sandbox</companyid>", ">other</companyid>")).await.unwrap();
    assert_eq!((status_code, body.contains("GW-0011")), (400, true));
    let (_, body) = client.send(good.replace(&access.user, "nobody")).await.unwrap();
    assert!(body.contains("Sign-in information is incorrect"), "{body}");
    let (_, body) = client.send(good.replace(&format!(">{}<", access.password), ">wrong<")).await.unwrap();
    assert!(body.contains("Sign-in information is incorrect"), "{body}");
    let (_, body) = client.send(good).await.unwrap();
    assert!(body.contains("<sessionid>") && body.contains(&client.url), "{body}");
}

#[tokio::test]
async fn an_ended_session_is_told_so_and_a_new_one_works() {
    let (server, client) = small().await;
    let result = client.read("<getAPISession/>").await;
    let api = result.child("data").unwrap().child("api").unwrap().clone();
    let with_session = |id: &str| {
        envelope(&format!("<sessionid>{id}</sessionid>"), false, false, &function("q", "<get_closedbooksdate/>"))
    };
    let id = api.given("sessionid").unwrap();
    let (_, body) = client.send(with_session(id)).await.unwrap();
    assert!(body.contains("<status>success</status>") && body.contains("closedbooksdate"), "{body}");
    server.with(Gateway::expire_sessions);
    let (status_code, body) = client.send(with_session(id)).await.unwrap();
    assert_eq!(status_code, 200);
    assert!(body.contains("XL03000006") && body.contains("Invalid session") && body.contains("<userid></userid>"));
}

#[tokio::test]
async fn a_completed_control_id_runs_once_a_failed_one_may_run_again_and_without_uniqueness_it_doubles() {
    let (_server, client) = small().await;
    let fee = journal("F-1", "03/31/2025", "3.34");
    let failed = client.call("k1", true, &fee.replacen("3.34", "9", 1)).await;
    assert_eq!(status(&failed), "failure");
    assert!(errors(&failed)[0].contains("Debits and credits are not equal"), "{:?}", errors(&failed));
    assert_eq!(status(&client.call("k1", true, &fee).await), "success");
    let again = client.call("k1", true, &fee).await;
    assert!(errors(&again)[0].starts_with("SBX-REPLAY"), "{:?}", errors(&again));
    assert_eq!(status(&client.call("k1", false, &fee).await), "success");
    client.control("unique-key", serde_json::json!({ "honour": false })).await;
    assert_eq!(status(&client.call("k1", true, &fee).await), "success");
    let ledger = client.peek("ledger").await;
    assert_eq!(ledger.as_array().unwrap().len(), 3);
    assert_eq!(ledger[0]["natural_key"], "F-1");
    assert_eq!(ledger[0]["amount"], "3.34");
}

#[tokio::test]
async fn closed_books_refuse_a_date_with_the_known_sentence() {
    let (_server, client) = small().await;
    client.control("close-books", serde_json::json!({ "through": "2025-03-31" })).await;
    let refused = client.call("k", true, &journal("F", "03/31/2025", "1")).await;
    assert!(
        errors(&refused)[0].contains("Periods are closed. Your transaction date (03/31/2025)"),
        "{:?}",
        errors(&refused)
    );
    assert_eq!(errors(&refused).last().unwrap(), "BL01001973 Could not create glbatch record!");
    assert_eq!(status(&client.call("k", true, &journal("F", "04/01/2025", "1")).await), "success");
    let closed = client.read("<get_closedbooksdate/>").await;
    let date = closed.child("data").unwrap().child("closedbooksdate").unwrap();
    assert_eq!((date.given("year"), date.given("month"), date.given("day")), (Some("2025"), Some("03"), Some("31")));
}

#[tokio::test]
async fn a_transaction_rolls_back_as_a_whole() {
    let (server, client) = small().await;
    let functions = [
        function("a", &journal("A", "03/31/2025", "1")),
        function("b", &journal("B", "03/31/2025", "x")),
        function("c", &journal("C", "03/31/2025", "1")),
    ]
    .concat();
    let (_, body) = client.send(envelope(&login(), true, true, &functions)).await.unwrap();
    let root = parse(&body).unwrap();
    let states: Vec<String> = root.child("operation").unwrap().all("result").map(|it| it.or_empty("status")).collect();
    assert_eq!(states, ["aborted", "failure", "aborted"]);
    assert_eq!(body.matches("XL03000009").count(), 3);
    assert_eq!(server.with(|it| (it.company.batches.len(), it.company.gl.len(), it.dump().len())), (0, 0, 0));
}

#[tokio::test]
async fn a_child_out_of_order_is_refused_with_its_place() {
    let (_server, client) = small().await;
    let wrong = "<create_invoice><datecreated><year>2025</year><month>03</month><day>31</day></datecreated><customerid>C-1001</customerid><termname>Net 30</termname><invoiceitems><lineitem><glaccountno>4000</glaccountno><amount>1</amount></lineitem></invoiceitems></create_invoice>";
    let response = client.call("k", true, wrong).await;
    let text = errors(&response).join("; ");
    assert!(
        text.starts_with("XL03000003") && text.contains("Element 'datecreated'") && text.contains("Line: 1, column:"),
        "{text}"
    );
    for broken in ["<request><control>", "<request>&bad;</request>", "<!DOCTYPE x []><request/>", "<html/>"] {
        let (_, body) = client.send(broken.to_owned()).await.unwrap();
        assert!(body.contains("XL03000003"), "{broken}: {body}");
    }
}

#[tokio::test]
async fn pages_have_no_order_of_their_own_and_no_snapshot() {
    let (server, client) = small().await;
    server.with(|gateway| {
        for at in 0..25 {
            let lines = vec![
                tieout_sandbox::intacct::post::journal::NewGlLine::debit("6100", 1.into()),
                tieout_sandbox::intacct::post::journal::NewGlLine::credit("1210", 1.into()),
            ];
            let day = jiff::civil::date(2025, 3, 1);
            let new = tieout_sandbox::intacct::post::journal::NewJournal::new("GJ", day, &format!("Fee {at}"), lines);
            gateway.company.post_journal(new).unwrap();
        }
    });
    let page = |order: &str, offset: usize| {
        format!(
            "<query><object>GLBATCH</object><select><field>RECORDNO</field></select>{order}<pagesize>10</pagesize><offset>{offset}</offset></query>"
        )
    };
    let numbers = |result: &tieout_sandbox::intacct::xml::Element| -> Vec<u64> {
        result.child("data").unwrap().children.iter().filter_map(record_no).collect()
    };
    let loose = numbers(&client.read(&page("", 0)).await);
    let mut sorted = loose.clone();
    sorted.sort_unstable();
    assert_ne!(loose, sorted);
    assert_eq!(loose, numbers(&client.read(&page("", 0)).await));
    let order = "<orderby><order><field>RECORDNO</field><ascending/></order></orderby>";
    assert_eq!(numbers(&client.read(&page(order, 0)).await), (1..=10).collect::<Vec<_>>());
    server.with(|gateway| gateway.company.delete_journal(1)).unwrap();
    let second = client.read(&page(order, 10)).await;
    assert_eq!(numbers(&second), (12..=21).collect::<Vec<_>>(), "row 11 slipped to the first page");
    assert_eq!(second.child("data").unwrap().attribute("numremaining"), Some("4"));
}

#[tokio::test]
async fn more_than_two_requests_at_once_are_too_many() {
    let faults =
        Faults::new(FaultPlan::new(1, vec![FaultRule::always(System::Intacct, "*", Fault::SlowReply { ms: 300 })]));
    let server = Server::start(Gateway::new(small_company(), Access::default()), settings(faults), 0).await.unwrap();
    let client = Client::new(&server);
    let ask = || client.send(envelope(&login(), false, false, &function("q", "<get_closedbooksdate/>")));
    let (a, b, c) = tokio::join!(ask(), ask(), ask());
    let mut codes: Vec<u16> = [a, b, c].into_iter().map(|it| it.unwrap().0).collect();
    codes.sort_unstable();
    assert_eq!(codes, [200, 200, 429]);
}

#[tokio::test]
async fn faults_do_or_do_not_commit_as_their_name_says() {
    let rule = |nth, fault| FaultRule::always(System::Intacct, "create", fault).nth(nth);
    let faults = Faults::new(FaultPlan::new(
        1,
        vec![
            rule(1, Fault::CommitThenDrop),
            rule(2, Fault::Error502BeforeCommit),
            rule(3, Fault::Status429 { retry_after: Some(2) }),
            rule(4, Fault::TruncatedReply),
            rule(5, Fault::TimeoutThenLateCommit { delay_ms: 50 }),
            rule(6, Fault::ClosedPeriod),
        ],
    ));
    let server = Server::start(Gateway::new(small_company(), Access::default()), settings(faults), 0).await.unwrap();
    let client = Client::new(&server);
    let send = |at: usize| {
        client.send(envelope(&login(), true, false, &function(&format!("k{at}"), &journal("F", "03/31/2025", "1"))))
    };
    let made = || server.with(|it| it.dump().len());
    assert!(send(1).await.is_err());
    assert_eq!(made(), 1);
    assert_eq!((send(2).await.unwrap().0, made()), (502, 1));
    assert_eq!((send(3).await.unwrap().0, made()), (429, 1));
    assert!(send(4).await.is_err());
    assert_eq!(made(), 2);
    assert_eq!((send(5).await.unwrap().0, made()), (504, 2));
    while made() < 3 {
        tokio::task::yield_now().await;
    }
    let (_, body) = send(6).await.unwrap();
    assert!(body.contains("Periods are closed"), "{body}");
    assert_eq!(made(), 3);
}

#[tokio::test]
async fn a_sandbox_started_again_has_the_same_books_and_remembers_control_ids() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Gateway::open(small_company(), Access::default(), folder.path()).unwrap();
    let before = {
        let server = Server::start(open(), Settings::default(), 0).await.unwrap();
        let client = Client::new(&server);
        for at in 0..5 {
            assert_eq!(
                status(&client.call(&format!("k{at}"), true, &journal("F", "03/31/2025", "1.10")).await),
                "success"
            );
        }
        client.call("bad", true, &journal("F", "03/31/2025", "0")).await;
        let (_, planted) = client
            .control(
                "gl-row/plant",
                serde_json::json!({ "date": "2025-03-31", "account": "1210", "amount": "7", "side": "debit" }),
            )
            .await;
        assert!(planted.contains("record_no"), "{planted}");
        server.with(|it| it.company.balances())
    };
    let server = Server::start(open(), Settings::default(), 0).await.unwrap();
    assert_eq!(server.with(|it| it.company.balances()), before);
    let again = Client::new(&server).call("k3", true, &journal("F", "03/31/2025", "1.10")).await;
    assert!(errors(&again)[0].starts_with("SBX-REPLAY"));
    assert_eq!(ledger::dump(folder.path()).unwrap().len(), 5);
    let phases = ledger::phases(folder.path()).unwrap();
    assert!(phases.iter().any(|it| it.request == 1 && it.phase == "received" && it.control_ids == ["k0"]));
    assert!(phases.iter().any(|it| it.request == 1 && it.phase == "committed"));
}
