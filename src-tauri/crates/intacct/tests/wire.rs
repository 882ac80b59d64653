//! The client over real HTTP, against a gateway that answers from a script and keeps everything it was sent.

#![allow(clippy::unwrap_used)] // helpers of tests

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::date;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tieout_domain::{
    Application, CashReceipt, DepositTo, Dimensions, Document, IdempotencyKey, JournalEntry, JournalLine,
};
use tieout_intacct::read::invoices::invoices;
use tieout_intacct::{
    Client, Config, CredentialPart, Environment, Error, ErrorClass, FoundState, Limits, Links, TransportError,
    WriteOutcome, WriteRequest, build,
};
use tieout_money::{Currency, Money};

#[derive(Clone)]
enum Step {
    /// Status and body; `{controlid}` and `{url}` are filled in.
    Answer(u16, &'static str, String),
    /// Half of the body, then the connection ends.
    Cut(String),
    Never,
}

#[derive(Default)]
struct Script {
    steps: VecDeque<Step>,
    received: Vec<String>,
    url: String,
}

type Gateway = Arc<Mutex<Script>>;

async fn answer(State(gateway): State<Gateway>, body: Bytes) -> Response {
    let request = String::from_utf8(body.to_vec()).unwrap();
    let control_id = request.split("<function controlid=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (step, url) = {
        let mut script = gateway.lock().unwrap();
        script.received.push(request);
        let step = if control_id == "session" && !matches!(script.steps.front(), Some(Step::Answer(401 | 400, ..))) {
            Some(Step::Answer(200, "text/xml", session()))
        } else {
            script.steps.pop_front()
        };
        (step.expect("the client asked more than the script foresees"), script.url.clone())
    };
    let fill = |text: &str| text.replace("{controlid}", &control_id).replace("{url}", &url);
    match step {
        Step::Answer(status, kind, body) => {
            let mut response = (StatusCode::from_u16(status).unwrap(), fill(&body)).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
            if status == 302 {
                response.headers_mut().insert(header::LOCATION, "http://127.0.0.1:1/".parse().unwrap());
            }
            response
        }
        Step::Cut(body) => {
            let body = fill(&body);
            let half = body[..body.len() / 2].to_owned();
            let parts: Vec<Result<String, std::io::Error>> =
                vec![Ok(half), Err(std::io::Error::other("the wire was cut"))];
            let body = axum::body::Body::from_stream(futures::stream::iter(parts));
            ([(header::CONTENT_TYPE, "text/xml")], body).into_response()
        }
        Step::Never => std::future::pending().await,
    }
}

fn envelope(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><control><status>success</status></control><operation>\
         <authentication><status>success</status><userid>u</userid><companyid>c</companyid>\
         <sessiontimestamp>2026-01-01T00:00:00+00:00</sessiontimestamp>\
         <sessiontimeout>2026-01-01T01:00:00+00:00</sessiontimeout></authentication>{inside}</operation></response>"
    )
}

fn session() -> String {
    envelope(
        "<result><status>success</status><function>getAPISession</function><controlid>{controlid}</controlid><data>\
         <api><sessionid>CANARY-SESSION</sessionid><endpoint>{url}</endpoint></api></data></result>",
    )
}

fn done(data: &str) -> Step {
    let result = format!(
        "<result><status>success</status><function>f</function><controlid>{{controlid}}</controlid>{data}</result>"
    );
    Step::Answer(200, "text/xml; encoding=\"UTF-8\"", envelope(&result))
}

fn failed(data: &str, errorno: &str, text: &str) -> Step {
    let result = format!(
        "<result><status>failure</status><function>f</function><controlid>{{controlid}}</controlid>{data}\
         <errormessage><error><errorno>{errorno}</errorno><description2>{text}</description2></error></errormessage>\
         </result>"
    );
    Step::Answer(200, "text/xml", envelope(&result))
}

fn refused(status: u16, errorno: &str, text: &str) -> Step {
    let body = format!(
        "<response><control><status>failure</status></control><errormessage><error><errorno>{errorno}</errorno>\
         <description>{text}</description></error></errormessage></response>"
    );
    Step::Answer(status, "application/xml", body)
}

fn invalid_session() -> Step {
    let body = "<response><control><status>success</status></control><operation><authentication>\
                <status>failure</status><userid></userid><companyid></companyid></authentication><errormessage><error>\
                <errorno>XL03000006</errorno><description2>Invalid session q....</description2></error></errormessage>\
                </operation></response>";
    Step::Answer(200, "text/xml", body.into())
}

fn made() -> Step {
    done("<data listtype=\"objects\" count=\"1\"><glbatch><RECORDNO>12345</RECORDNO></glbatch></data>")
}

fn setup() -> Step {
    done(
        "<data><financialsetup><baseCurrency>USD</baseCurrency><multiCurrency>true</multiCurrency></financialsetup></data>",
    )
}

fn lookup(fields: &[&str]) -> Step {
    let fields: String = fields.iter().map(|it| format!("<Field><ID>{it}</ID></Field>")).collect();
    done(&format!("<data listtype=\"All\" count=\"1\"><Type Name=\"X\"><Fields>{fields}</Fields></Type></data>"))
}

fn rows(total: u64, rows: &[String]) -> Step {
    let count = rows.len();
    done(&format!(
        "<data listtype=\"X\" totalcount=\"{total}\" offset=\"0\" count=\"{count}\">{}</data>",
        rows.concat()
    ))
}

async fn gateway(steps: Vec<Step>) -> (Gateway, Client) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let gateway = Gateway::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ia/xml/xmlgw.phtml", listener.local_addr().unwrap());
    {
        let mut script = gateway.lock().unwrap();
        script.steps = steps.into();
        script.url = url.clone();
    }
    let app = axum::Router::new().fallback(answer).with_state(gateway.clone());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let config = Config {
        url: url.parse().unwrap(),
        company: "acme".into(),
        user: "ws".into(),
        sender: "tieout".into(),
        entity: None,
        environment: Environment::Sandbox,
        entity_time_zone: jiff::tz::TimeZone::UTC,
        password: "CANARY-USER".into(),
        sender_password: "CANARY-SENDER".into(),
        limits: Limits {
            first_pause: Duration::from_millis(1),
            read_retries: 2,
            write_timeout: Duration::from_millis(300),
            page_size: 2,
            ..Limits::default()
        },
    };
    (gateway, Client::new(config).unwrap())
}

fn request() -> WriteRequest {
    let line = |account: &str, minor| JournalLine {
        account: account.into(),
        amount: Money::from_minor(minor, Currency::USD),
        memo: String::new(),
        dimensions: Dimensions::default(),
    };
    let entry =
        JournalEntry::new("GJ", date(2026, 1, 31), "Fee", "TO-1", vec![line("6200", 336), line("1210", -336)]).unwrap();
    let links = Links::without_invoices(Currency::USD, false);
    build(&Document::JournalEntry(entry), &links, &IdempotencyKey("tieout-1".into())).unwrap()
}

fn times_sent(gateway: &Gateway) -> usize {
    gateway.lock().unwrap().received.iter().filter(|it| it.contains("controlid=\"tieout-1\"")).count()
}

#[tokio::test]
async fn a_definite_yes_is_accepted_after_exactly_one_send() {
    let (gateway, client) = gateway(vec![made()]).await;
    let outcome = client.send(&request()).await;
    assert_eq!(outcome, WriteOutcome::Accepted { record: tieout_domain::IntacctRecordNo("12345".into()) });
    assert_eq!(times_sent(&gateway), 1);
    let sent = gateway.lock().unwrap().received.last().unwrap().clone();
    assert!(sent.contains("<uniqueid>true</uniqueid>") && sent.contains(&request().function));
}

#[tokio::test]
async fn anything_but_a_definite_answer_is_unknown_after_exactly_one_send() {
    let partly = "<data listtype=\"objects\" count=\"1\"><glbatch><RECORDNO>7</RECORDNO></glbatch></data>";
    let other = |id: &str| {
        Step::Answer(
            200,
            "text/xml",
            envelope(&format!(
                "<result><status>success</status><function>f</function><controlid>{id}</controlid><key>9</key></result>"
            )),
        )
    };
    for (name, step) in [
        ("524", Step::Answer(524, "text/html", "<html>still working</html>".into())),
        ("502", Step::Answer(502, "text/html", String::new())),
        ("500 with xml", refused(500, "GW-0001", "Unable to process request")),
        ("html", Step::Answer(200, "text/html", "<html><br></html>".into())),
        ("empty", Step::Answer(200, "text/xml", String::new())),
        ("redirect", Step::Answer(302, "text/html", String::new())),
        ("cut", Step::Cut(envelope(""))),
        ("no answer", Step::Never),
        ("another's answer", other("tieout-2")),
        ("no record named", done("")),
        ("partly", failed(partly, "BL01001973", "Could not create glbatch record!")),
        ("exists", failed("", "BL34000061", "Another Glbatch with the given value(s) TO-1 already exists")),
        ("replay", failed("", "SBX-REPLAY", "this controlid was executed")),
        ("inside", failed("", "DL02000001", "There was an error processing the request.")),
        ("later", failed("", "X", "The Service is Temporarily Off-line")),
    ] {
        let (gateway, client) = gateway(vec![step]).await;
        let outcome = client.send(&request()).await;
        assert!(matches!(outcome, WriteOutcome::Unknown(_)), "{name}: {outcome:?}");
        assert_eq!(times_sent(&gateway), 1, "{name}");
    }
}

#[tokio::test]
async fn a_definite_no_is_a_rejection_with_its_class() {
    for (step, class) in [
        (failed("", "BL01001973", "Transactions do not balance"), ErrorClass::Business),
        (
            failed("", "BL01001973", "Periods are closed. Your transaction date (1/1/2025) is closed"),
            ErrorClass::ClosedPeriod,
        ),
        (refused(200, "XL03000003", "XML Parse schema error"), ErrorClass::Permanent),
    ] {
        let (gateway, client) = gateway(vec![step]).await;
        match client.send(&request()).await {
            WriteOutcome::Rejected(error, found) => {
                assert_eq!(found, class);
                assert!(!error.remedy.is_empty() && !error.message.is_empty());
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(times_sent(&gateway), 1);
    }
}

#[tokio::test]
async fn a_gateway_that_would_not_listen_did_nothing_and_says_for_how_long() {
    let (gateway, client) = gateway(vec![refused(429, "GW-0010", "API rate limit exceeded")]).await;
    let outcome = client.send(&request()).await;
    let minute = Some(std::time::Duration::from_secs(60));
    assert!(matches!(&outcome, WriteOutcome::TurnedAway { pause, .. } if *pause == minute), "{outcome:?}");
    assert_eq!(times_sent(&gateway), 1);
    let (_, client) = self::gateway(vec![Step::Answer(429, "text/html", String::new())]).await;
    assert!(matches!(client.resend(&request()).await, WriteOutcome::TurnedAway { .. }), "nor a second time");
}

#[tokio::test]
async fn no_refusal_of_a_resent_key_is_believed() {
    let (gateway, client) = gateway(vec![failed("", "BL01001973", "Transactions do not balance")]).await;
    assert!(matches!(client.resend(&request()).await, WriteOutcome::Unknown(_)));
    assert_eq!(times_sent(&gateway), 1);
}

#[tokio::test]
async fn an_ended_session_is_renewed_once_and_the_same_bytes_go_again() {
    let (gateway, client) = gateway(vec![invalid_session(), made()]).await;
    assert!(matches!(client.send(&request()).await, WriteOutcome::Accepted { .. }));
    assert_eq!(times_sent(&gateway), 2, "the first was turned away before anything was executed");
    let (_, client) = self::gateway(vec![invalid_session(), invalid_session()]).await;
    assert!(matches!(client.send(&request()).await, WriteOutcome::Rejected(_, ErrorClass::Auth)));
}

#[tokio::test]
async fn without_a_session_nothing_is_sent() {
    let (gateway, client) = gateway(vec![refused(401, "XMLGW_JPP0002", "Sign-in information is incorrect.")]).await;
    assert!(matches!(client.send(&request()).await, WriteOutcome::Rejected(_, ErrorClass::Auth)));
    assert_eq!(times_sent(&gateway), 0);
}

#[tokio::test]
async fn the_part_of_the_credentials_that_fails_is_named() {
    for (step, part) in [
        (refused(401, "XMLGW_JPP0002", "Sign-in information is incorrect."), CredentialPart::User),
        (refused(400, "GW-0011", "Invalid Request"), CredentialPart::Company),
        (refused(400, "XL03000006", "Incorrect Intacct XML Partner ID or password."), CredentialPart::Sender),
        (
            refused(
                400,
                "XL03000006",
                "The sender ID 'x' is not authorized to make Web Services requests to company ID 'y'.",
            ),
            CredentialPart::SenderAuthorisation,
        ),
        (refused(400, "XL03000006", "The location X is not valid"), CredentialPart::Entity),
    ] {
        let (_, client) = gateway(vec![step]).await;
        let report = client.test_credentials().await;
        let (failed, error) = report.failed.clone().unwrap();
        assert_eq!(failed, part, "{error}");
        assert_eq!(report.of(CredentialPart::Address), Some(true));
        assert!(!error.to_string().contains("CANARY") && !error.remedy().is_empty());
    }
}

const INVOICE: [&str; 8] = [
    "RECORDNO",
    "RECORDID",
    "CUSTOMERID",
    "TRX_TOTALENTERED",
    "TRX_TOTALDUE",
    "WHENCREATED",
    "CURRENCY",
    "WHENMODIFIED",
];

fn invoice(number: u64, total: &str) -> String {
    format!(
        "<ARINVOICE><RECORDNO>{number}</RECORDNO><RECORDID>INV-{number}</RECORDID><CUSTOMERID>C-1</CUSTOMERID>\
         <TRX_TOTALENTERED>{total}</TRX_TOTALENTERED><TRX_TOTALDUE>0</TRX_TOTALDUE><WHENCREATED>03/31/2025</WHENCREATED>\
         <CURRENCY>USD</CURRENCY><WHENMODIFIED>03/31/2025 12:00:0{number}</WHENMODIFIED></ARINVOICE>"
    )
}

fn counted(count: u64) -> Step {
    rows(1, &[format!("<ARINVOICE><COUNT.RECORDNO>{count}</COUNT.RECORDNO></ARINVOICE>")])
}

#[tokio::test]
async fn a_pull_pages_by_record_number_and_one_odd_record_stops_nothing() {
    let (gateway, client) = gateway(vec![
        lookup(&INVOICE),
        setup(),
        rows(3, &[invoice(1, "50000"), invoice(2, "1,5")]),
        rows(1, &[invoice(5, "12.5")]),
        counted(3),
    ])
    .await;
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    let drained = client
        .drain(&invoices(), Some("2025-03-30T00:00:00Z".parse().unwrap()), |page| {
            good.extend(page.good);
            refused.extend(page.refused);
        })
        .await
        .unwrap();
    assert_eq!((drained.good, drained.refused, drained.pages), (2, 1, 2));
    assert_eq!(drained.changed_through, Some("2025-03-31T12:00:05Z".parse().unwrap()));
    assert_eq!(good[1].value.total.to_string(), "12.50 USD");
    assert!(refused[0].reason.contains("TRX_TOTALENTERED") && refused[0].raw.contains("1,5"));
    let received = gateway.lock().unwrap().received.clone();
    assert!(
        received.iter().any(|it| it.contains("<greaterthan><field>RECORDNO</field><value>2</value></greaterthan>"))
    );
    assert!(received.iter().filter(|it| it.contains("<query>")).all(|it| !it.contains("<field>STATE</field>")));
    assert!(good.iter().all(|it| !it.raw.contains("CANARY")));
}

#[tokio::test]
async fn a_reply_that_departs_from_what_was_asked_is_told_of_with_an_example_and_stops_nothing() {
    let new = invoice(1, "1").replace("</ARINVOICE>", "<RETAINAGE>5%</RETAINAGE></ARINVOICE>");
    let missing = invoice(2, "1").replace("<CURRENCY>USD</CURRENCY>", "");
    let changed = invoice(3, "one dollar");
    let (_, client) = gateway(vec![lookup(&INVOICE), setup(), rows(2, &[new, missing]), rows(1, &[changed])]).await;
    let first = client.read_changed(&invoices(), None, 0, 2).await.unwrap();
    assert_eq!((first.good.len(), first.refused.len()), (2, 0));
    let second = client.read_changed(&invoices(), None, 2, 2).await.unwrap();
    assert_eq!((second.good.len(), second.refused.len()), (0, 1));
    let told: Vec<_> = client
        .departures()
        .into_iter()
        .map(|it| format!("{}.{} {}: {} ({})", it.object, it.field, it.change, it.example, it.records))
        .collect();
    assert_eq!(told[0], "ARINVOICE.CURRENCY is missing: 2 (1)");
    assert_eq!(told[1], "ARINVOICE.RETAINAGE is new: 5% (1)");
    assert!(told[2].starts_with("ARINVOICE.TRX_TOTALENTERED is of another kind: ") && told[2].contains("one dollar"));
    assert_eq!(told.len(), 3, "{told:?}");
}

#[tokio::test]
async fn a_sign_in_page_of_the_network_is_named_as_such() {
    let page = || "<html><title>Guest Wi-Fi</title><p>Please accept our terms</p></html>".to_owned();
    for step in [Step::Answer(200, "text/html", page()), Step::Answer(302, "text/html", page())] {
        let (_, client) = gateway(vec![step]).await;
        let error = client.base_currency().await.unwrap_err();
        assert!(error.to_string().contains("a sign-in page of this network"), "{error}");
        assert!(error.remedy().contains("asks you to sign in"), "{}", error.remedy());
    }
    // It never saw the request, but that is not known: a write stays in doubt.
    let (gateway, client) = self::gateway(vec![Step::Answer(200, "text/html", page())]).await;
    assert!(matches!(client.send(&request()).await, WriteOutcome::Unknown(_)));
    assert_eq!(times_sent(&gateway), 1);
}

#[tokio::test]
async fn a_pull_that_does_not_add_up_is_an_error() {
    let page = || rows(1, &[invoice(1, "1")]);
    let (_, client) = gateway(vec![lookup(&INVOICE), setup(), page(), counted(2), page(), counted(2)]).await;
    let error = client.drain(&invoices(), None, |_| {}).await.unwrap_err();
    assert_eq!(error, Error::Incomplete { object: "ARINVOICE".into(), expected: 2, received: 1 });
    // A page shorter than the gateway itself says is asked for again, and then is an error too.
    let short = || rows(2, &[invoice(1, "1")]);
    let (_, client) = self::gateway(vec![lookup(&INVOICE), setup(), short()]).await;
    assert!(matches!(client.read_changed(&invoices(), None, 0, 2).await, Err(Error::Incomplete { .. })));
    let (_, client) =
        self::gateway(vec![lookup(&INVOICE), setup(), rows(2, &[invoice(2, "1"), invoice(1, "1")])]).await;
    assert!(matches!(client.read_changed(&invoices(), None, 0, 2).await, Err(Error::Unexpected(_))));
}

#[tokio::test]
async fn a_field_the_company_lacks_is_an_error_only_where_we_cannot_do_without() {
    let (_, client) = gateway(vec![lookup(&["RECORDNO", "RECORDID", "CUSTOMERID"]), setup()]).await;
    let error = client.read_changed(&invoices(), None, 0, 2).await.unwrap_err();
    assert_eq!(error.to_string(), "Intacct: ARINVOICE has no field TRX_TOTALENTERED or TOTALENTERED in this company");
}

#[tokio::test]
async fn reads_are_asked_again_and_writes_are_not() {
    let busy = || refused(429, "GW-0010", "API rate limit exceeded");
    let (gateway, client) = gateway(vec![busy(), Step::Answer(502, "text/html", String::new()), setup()]).await;
    assert_eq!(client.base_currency().await.unwrap(), Currency::USD);
    assert_eq!(gateway.lock().unwrap().received.len(), 4, "one sign-in, three times the question");
    let (_, client) = self::gateway(vec![busy(), busy(), busy()]).await;
    assert_eq!(client.base_currency().await.unwrap_err().class(), ErrorClass::Transient);
}

#[tokio::test]
async fn no_error_prints_an_address_or_a_secret() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (_, client) = gateway(vec![]).await;
    let mut config = client.config().clone();
    config.url = "http://127.0.0.1:9/CANARY-PATH".parse().unwrap();
    let error = Client::new(config).unwrap().sign_in().await.unwrap_err();
    assert!(matches!(error, Error::Transport(TransportError::Connect(_))), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("CANARY"));
    assert!(!format!("{error}").contains("127.0.0.1:9"));
}

fn entry() -> Document {
    let line = |account: &str, minor| JournalLine {
        account: account.into(),
        amount: Money::from_minor(minor, Currency::USD),
        memo: String::new(),
        dimensions: Dimensions { location: "100".into(), ..Dimensions::default() },
    };
    let lines = vec![line("6200", 336), line("1210", -336)];
    Document::JournalEntry(JournalEntry::new("GJ", date(2026, 1, 31), "Fee", "TO-1", lines).unwrap())
}

fn batch(number: u64, reference: &str, title: &str, state: &str) -> String {
    format!(
        "<GLBATCH><RECORDNO>{number}</RECORDNO><BATCH_DATE>01/31/2026</BATCH_DATE><BATCH_TITLE>{title}</BATCH_TITLE>\
         <JOURNAL>GJ</JOURNAL><REFERENCENO>{reference}</REFERENCENO><STATE>{state}</STATE></GLBATCH>"
    )
}

fn gl_entry(number: u64, account: &str, side: &str, amount: &str) -> String {
    format!(
        "<GLENTRY><RECORDNO>{number}</RECORDNO><ACCOUNTNO>{account}</ACCOUNTNO><TR_TYPE>{side}</TR_TYPE>\
         <TRX_AMOUNT>{amount}</TRX_AMOUNT><CURRENCY>USD</CURRENCY><LOCATION>100</LOCATION></GLENTRY>"
    )
}

const BATCH: [&str; 6] = ["RECORDNO", "BATCH_DATE", "BATCH_TITLE", "JOURNAL", "REFERENCENO", "STATE"];
const ENTRY: [&str; 7] = ["RECORDNO", "BATCHNO", "ACCOUNTNO", "TR_TYPE", "TRX_AMOUNT", "CURRENCY", "LOCATION"];

#[tokio::test]
async fn a_record_is_found_by_its_own_key_and_compared_line_by_line() {
    let (gateway, client) = gateway(vec![
        lookup(&BATCH),
        rows(
            2,
            &[
                batch(7, "TO-1", "Fee [TO-1]", "Posted"),
                batch(8, "REV-TO-1", "Reversal of Fee TO-1 [REV-TO-1]", "Posted"),
            ],
        ),
        setup(),
        lookup(&ENTRY),
        rows(2, &[gl_entry(1, "1210", "-1", "3.36"), gl_entry(2, "6200", "1", "3.36")]),
    ])
    .await;
    let found = client.find(&entry()).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].record.0, "7");
    assert_eq!((&found[0].state, &found[0].differences[..]), (&FoundState::Posted, &[][..]));
    let received = gateway.lock().unwrap().received.clone();
    assert!(
        received.iter().any(|it| it.contains("<or><equalto><field>REFERENCENO</field><value>TO-1</value></equalto>"))
    );
}

#[tokio::test]
async fn what_is_there_but_different_is_told_field_by_field() {
    let (_, client) = gateway(vec![
        lookup(&BATCH),
        rows(1, &[batch(7, "TO-1", "Fee", "Submitted")]),
        setup(),
        lookup(&ENTRY),
        rows(2, &[gl_entry(1, "1210", "-1", "3.36"), gl_entry(2, "6300", "1", "3.36")]),
    ])
    .await;
    let found = client.find(&entry()).await.unwrap();
    assert_eq!(found[0].state, FoundState::Awaiting("Submitted".into()));
    let [difference] = &found[0].differences[..] else { panic!("{:?}", found[0]) };
    assert_eq!(difference.field, "lines");
    assert!(difference.expected.contains("6200 3.36 USD 100") && difference.found.contains("6300 3.36 USD 100"));
}

#[tokio::test]
async fn an_absent_record_is_no_record() {
    let (_, client) = gateway(vec![lookup(&BATCH), rows(0, &[])]).await;
    assert_eq!(client.find(&entry()).await.unwrap(), vec![]);
    let (_, client) = self::gateway(vec![lookup(&["RECORDNO", "BATCH_DATE"])]).await;
    assert!(matches!(client.find(&entry()).await, Err(Error::NoPlaceForKey { .. })));
}

fn receipt() -> Document {
    Document::CashReceipt(CashReceipt {
        customer_id: "C-1".into(),
        deposit_to: DepositTo::Bank("BANK".into()),
        payment_method: "Cash".into(),
        on: date(2026, 1, 31),
        amount: Money::from_minor(1000, Currency::USD),
        reference: "PAY-1".into(),
        description: String::new(),
        applications: vec![Application { invoice: "INV-1".into(), amount: Money::from_minor(1000, Currency::USD) }],
        rate_type: None,
    })
}

fn open_invoice(customer: &str, due: &str) -> String {
    invoice(1, "50").replace("C-1", customer).replace("<TRX_TOTALDUE>0", &format!("<TRX_TOTALDUE>{due}"))
}

#[tokio::test]
async fn an_invoice_is_resolved_fresh_and_only_if_it_still_can_take_the_money() {
    let script = |row: Option<String>| {
        let row: Vec<_> = row.into_iter().collect();
        vec![setup(), lookup(&INVOICE), rows(row.len() as u64, &row)]
    };
    let (_, client) = gateway(script(Some(open_invoice("C-1", "10")))).await;
    let links = client.resolve_links(&receipt()).await.unwrap();
    assert_eq!(links.invoices["INV-1"].record_no, "1");
    let refusal = async |row| {
        let (_, client) = self::gateway(script(row)).await;
        let error = client.resolve_links(&receipt()).await.unwrap_err();
        assert!(!error.remedy().is_empty());
        error.to_string()
    };
    assert_eq!(refusal(None).await, "invoice INV-1 is not in Intacct any more");
    assert_eq!(refusal(Some(open_invoice("C-2", "10"))).await, "invoice INV-1 belongs to customer C-2, not to C-1");
    assert_eq!(
        refusal(Some(open_invoice("C-1", "9.99"))).await,
        "invoice INV-1 has 9.99 USD left, 10.00 USD are to be applied"
    );
}

#[tokio::test]
async fn closing_dates_and_gl_detail_are_read() {
    let gl = "<GLDETAIL><RECORDNO>1</RECORDNO><ENTRY_DATE>01/31/2026</ENTRY_DATE><ACCOUNTNO>1210</ACCOUNTNO>\
              <DEBITAMOUNT>0</DEBITAMOUNT><CREDITAMOUNT>3.36</CREDITAMOUNT></GLDETAIL>";
    let (_, client) = gateway(vec![
        setup(),
        done("<data><closedbooksdate><year>2025</year><month>12</month><day>31</day></closedbooksdate></data>"),
        lookup(&["RECORDNO", "ENTRY_DATE", "ACCOUNTNO", "DEBITAMOUNT", "CREDITAMOUNT"]),
        rows(1, &[gl.to_owned()]),
    ])
    .await;
    let books = client.books().await.unwrap();
    assert!(!books.is_open_on(date(2025, 12, 31)) && books.is_open_on(date(2026, 1, 1)));
    let window = client.gl_detail(&["1210".into()], date(2026, 1, 1), date(2026, 1, 31)).await.unwrap();
    assert_eq!(window.good[0].value.base.to_string(), "-3.36 USD");
}
