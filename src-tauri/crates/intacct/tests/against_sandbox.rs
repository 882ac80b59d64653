//! The client against the pretend gateway, which was written without looking at it.

#![allow(clippy::unwrap_used)] // helpers of tests

use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::time::Duration;
use tieout_domain::{
    AccountLine, Adjustment, Advance, AdvanceApplication, Application, CashReceipt, Deposit, DepositTo, Dimensions,
    Document, IdempotencyKey, InvoiceDocument, JournalEntry, JournalLine, OtherReceipt, ReceiptReversal, ReceiptState,
    SalesOrder, SalesOrderLine, Subtotal,
};
use tieout_intacct::read::{self, invoices::invoices, masters, receipts, sales::sales_documents};
use tieout_intacct::write::{NewContact, NewCustomer, create_customer};
use tieout_intacct::{
    Client, Config, CredentialPart, Environment, ErrorClass, Found, FoundState, Limits, Reader, WriteOutcome, build,
};
use tieout_money::{Currency, Money, UnitPrice};
use tieout_sandbox::faults::Fault;
use tieout_sandbox::intacct::{Access, Company, Gateway, Item, Posts, Server, Settings as ServerSettings};

const DAY: Date = date(2026, 3, 31);

fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).unwrap()
}

fn company() -> Company {
    let mut company = Company::new("acme", "USD");
    for (number, title) in [
        ("1000", "Bank"),
        ("1050", "Undeposited"),
        ("1100", "Receivables"),
        ("1210", "Clearing"),
        ("2200", "Tax"),
        ("2400", "Customer deposits"),
        ("2410", "Overpayments"),
        ("4000", "Sales"),
        ("6200", "Fees"),
        ("7000", "FX"),
        ("7900", "Rounding"),
    ] {
        company.add_account(number, title, number < "4000", !("2000"..="6000").contains(&number));
    }
    for symbol in ["GJ", "ARJ", "CRJ", "IJ"] {
        company.add_journal(symbol, symbol);
    }
    company.add_journal("APPROVED", "Needs approval");
    company.journals.get_mut("APPROVED").unwrap().needs_approval = true;
    company.add_location("100", "Shop", false, None);
    company.add_department("200", "Web");
    company.add_checking_account("BANK", "Main bank", "1000", "USD");
    company.add_term("Net 30", 30);
    company.add_rate("EUR", date(2026, 1, 1), Decimal::new(11, 1));
    company
        .add_item(Item { id: "SKU-1".into(), name: "Mug".into(), item_type: "Non-Inventory".into(), ..Item::default() })
        .unwrap();
    company.add_definition("Sales Order", "Order", Posts::Nothing, "4000", &[("Shipping", "4000"), ("Coupon", "4000")]);
    company
}

fn config(url: &str) -> Config {
    let access = Access::default();
    Config {
        url: url.parse().unwrap(),
        company: "acme".into(),
        user: access.user,
        sender: access.sender_id,
        entity: None,
        environment: Environment::Sandbox,
        entity_time_zone: jiff::tz::TimeZone::UTC,
        password: access.password.into(),
        sender_password: access.sender_password.into(),
        limits: Limits { first_pause: Duration::from_millis(1), page_size: 3, ..Limits::default() },
    }
}

async fn open() -> (Server, Client) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = Server::start(Gateway::new(company(), Access::default()), ServerSettings::default(), 0).await.unwrap();
    let client = Client::connect(config(&server.url())).await.unwrap();
    let customer = NewCustomer {
        customer_id: "C-1".into(),
        name: "R&D <Co>".into(),
        contact: NewContact { print_as: "R&D <Co>".into(), email: "a@example.com".into(), ..NewContact::default() },
        ..NewCustomer::default()
    };
    let request = create_customer(&customer, &IdempotencyKey("customer".into())).unwrap();
    let outcome = client.send(&request).await;
    assert!(matches!(outcome, WriteOutcome::Accepted { .. }), "{outcome:?}");
    (server, client)
}

/// Posts, finds it by its key, and is sure nothing differs.
async fn post(client: &Client, document: &Document) -> Found {
    let key = IdempotencyKey(format!("key-{}", document.natural_key()));
    let links = client.resolve_links(document).await.unwrap();
    let request = build(document, &links, &key).unwrap();
    assert_eq!(client.find(document).await.unwrap(), vec![], "before: {document:?}");
    let outcome = client.send(&request).await;
    let WriteOutcome::Accepted { record } = outcome else { panic!("{outcome:?}\n{}", request.function) };
    let found = client.find(document).await.unwrap();
    assert_eq!(found.len(), 1, "{document:?}");
    assert_eq!(found[0].differences, vec![], "{document:?}");
    assert_eq!(found[0].record, record, "{document:?}");
    assert_eq!(client.read_back(document, &record).await.unwrap(), Some(found[0].clone()));
    found.into_iter().next().unwrap()
}

fn shop() -> Dimensions {
    Dimensions { location: "100".into(), ..Dimensions::default() }
}

fn line(account: &str, amount: Money) -> AccountLine {
    AccountLine { account: account.into(), amount, memo: String::new(), dimensions: shop() }
}

fn invoice(number: &str, amount: Money) -> Document {
    Document::Invoice(InvoiceDocument {
        customer_id: "C-1".into(),
        on: DAY,
        due_on: date(2026, 4, 30),
        number: number.into(),
        reference: format!("ref {number}"),
        description: "Order & more".into(),
        lines: vec![line("4000", amount)],
        rate_type: (amount.currency() != Currency::USD).then(|| "Intacct Daily Rate".into()),
    })
}

fn receipt(reference: &str, deposit_to: DepositTo, applications: &[(&str, Money)]) -> Document {
    let currency = applications[0].1.currency();
    Document::CashReceipt(CashReceipt {
        customer_id: "C-1".into(),
        deposit_to,
        payment_method: "Credit Card".into(),
        on: DAY,
        amount: Money::sum(currency, applications.iter().map(|it| it.1)).unwrap(),
        reference: reference.into(),
        description: "Card".into(),
        applications: applications
            .iter()
            .map(|(invoice, amount)| Application { invoice: (*invoice).into(), amount: *amount })
            .collect(),
        rate_type: (currency != Currency::USD).then(|| "Intacct Daily Rate".into()),
    })
}

fn entry(journal: &str, reference: &str) -> JournalEntry {
    let line = |account: &str, amount| JournalLine {
        account: account.into(),
        amount: usd(amount),
        memo: "fee".into(),
        dimensions: shop(),
    };
    JournalEntry::new(journal, DAY, "Card fees", reference, vec![line("6200", "3.34"), line("1210", "-3.34")]).unwrap()
}

#[tokio::test]
async fn every_kind_of_document_is_posted_found_and_the_same() {
    let (_server, client) = open().await;
    post(&client, &invoice("INV-1", usd("100.00"))).await;
    post(&client, &invoice("INV-2", usd("50.00"))).await;
    let applied = [("INV-1", usd("60.00")), ("INV-2", usd("50.00"))];
    let paid = post(&client, &receipt("PAY-1", DepositTo::Undeposited("1050".into()), &applied)).await;
    assert_eq!(paid.state, FoundState::Posted);
    let euro = Money::parse("10.00", Currency::EUR).unwrap();
    post(&client, &invoice("INV-3", euro)).await;
    let advance = post(
        &client,
        &Document::Advance(Advance {
            customer_id: "C-1".into(),
            deposit_to: DepositTo::Bank("BANK".into()),
            payment_method: "Credit Card".into(),
            on: DAY,
            amount: usd("30.00"),
            reference: "ADV-1".into(),
            description: "Prepaid".into(),
            liability_account: "2400".into(),
            dimensions: shop(),
            rate_type: None,
        }),
    )
    .await;
    post(
        &client,
        &Document::AdvanceApplication(AdvanceApplication {
            customer_id: "C-1".into(),
            advance_record_no: advance.record.0,
            deposit_to: DepositTo::Bank("BANK".into()),
            payment_method: "Credit Card".into(),
            on: DAY,
            reference: "APPLY-1".into(),
            description: String::new(),
            application: Application { invoice: "INV-1".into(), amount: usd("30.00") },
        }),
    )
    .await;
    post(
        &client,
        &Document::Adjustment(Adjustment {
            customer_id: "C-1".into(),
            on: DAY,
            number: "CM-1".into(),
            invoice: "INV-1".into(),
            description: "Refund".into(),
            lines: vec![line("4000", usd("-10.00"))],
            rate_type: None,
        }),
    )
    .await;
    post(&client, &Document::JournalEntry(entry("GJ", "FEE-1"))).await;
    post(&client, &Document::JournalEntry(entry("GJ", "FEE-1").reversal(DAY, "REV-FEE-1"))).await;
    let waiting = post(&client, &Document::JournalEntry(entry("APPROVED", "FEE-2"))).await;
    assert!(matches!(waiting.state, FoundState::Awaiting(_)), "{waiting:?}");
    let other = OtherReceipt {
        payer: "Stripe".into(),
        on: DAY,
        payment_method: "EFT".into(),
        deposit_to: DepositTo::Bank("BANK".into()),
        reference: "PO-1".into(),
        description: "Payout".into(),
        lines: vec![line("1210", usd("101.61"))],
        rate_type: None,
    };
    post(&client, &Document::OtherReceipt(other)).await;
    post(
        &client,
        &Document::Deposit(Deposit {
            bank: "BANK".into(),
            on: DAY,
            number: "DEP-1".into(),
            description: "Payout".into(),
            receipts: vec![paid.record.0],
            total: usd("110.00"),
        }),
    )
    .await;
}

#[tokio::test]
async fn a_receipt_is_reversed_and_found_reversed() {
    let (_server, client) = open().await;
    post(&client, &invoice("INV-1", usd("100.00"))).await;
    let paid = post(&client, &receipt("PAY-1", DepositTo::Bank("BANK".into()), &[("INV-1", usd("100.00"))])).await;
    let reversal = Document::ReceiptReversal(ReceiptReversal {
        record_no: paid.record.0.clone(),
        on: DAY,
        reference: "REV-PAY-1".into(),
        description: "Chargeback".into(),
        amount: usd("100.00"),
    });
    let found = post(&client, &reversal).await;
    assert_eq!(found.state, FoundState::Reversed);
    assert_eq!(
        client.resolve_links(&reversal).await.unwrap_err().to_string(),
        format!("receipt {} is reversed in Intacct", paid.record)
    );
}

#[tokio::test]
async fn an_order_is_posted_with_its_subtotals_and_read_back() {
    let (_server, client) = open().await;
    let definition = client.check_definition("Sales Order").await.unwrap();
    assert_eq!(definition.class, "Order");
    assert!(client.check_definition("No Such").await.is_err());
    let subtotal = |description: &str, total| Subtotal { description: description.into(), total, dimensions: shop() };
    let order = Document::SalesOrder(SalesOrder {
        definition: "Sales Order".into(),
        customer_id: "C-1".into(),
        on: DAY,
        due_on: None,
        term: Some("Net 30".into()),
        number: "XC-10482".into(),
        reference: "10482".into(),
        message: "Ring <twice> & wait".into(),
        currency: Currency::USD,
        base_currency: Some(Currency::USD),
        rate_type: None,
        lines: vec![SalesOrderLine {
            item_id: "SKU-1".into(),
            description: "Mug".into(),
            quantity: Decimal::from(3),
            unit: "Each".into(),
            price: UnitPrice::new(Decimal::new(1000, 2), Currency::USD),
            warehouse: None,
            dimensions: shop(),
            memo: String::new(),
        }],
        subtotals: vec![subtotal("Shipping", usd("5.00")), subtotal("Coupon", usd("-2.00"))],
        total: usd("33.00"),
    });
    let found = post(&client, &order).await;
    assert_eq!(found.record.0, "Sales Order-XC-10482");
    let read = client.sales_document("Sales Order-XC-10482").await.unwrap().unwrap();
    assert_eq!((read.number.as_str(), read.total), ("XC-10482", Some(usd("33.00"))));
    assert_eq!(
        client.check_definition("Sales Order").await.unwrap().subtotals,
        Some(vec!["Coupon".into(), "Shipping".into()])
    );
}

async fn read<T>(client: &Client, reader: &Reader<T>) -> Vec<T> {
    let mut all = Vec::new();
    let drained = client
        .drain(reader, None, |page| {
            assert_eq!(page.refused, vec![]);
            all.extend(page.good.into_iter().map(|it| it.value));
        })
        .await
        .unwrap_or_else(|error| panic!("{}: {error}", reader.object));
    assert_eq!(drained.good as usize, all.len());
    assert_eq!(client.all_keys(reader).await.unwrap().len(), all.len(), "{}", reader.object);
    all
}

#[tokio::test]
async fn everything_is_read_page_by_page() {
    let (_server, client) = open().await;
    for number in 1..=7 {
        post(&client, &invoice(&format!("INV-{number}"), usd("10.00"))).await;
    }
    post(&client, &receipt("PAY-1", DepositTo::Bank("BANK".into()), &[("INV-1", usd("4.00"))])).await;
    post(&client, &Document::JournalEntry(entry("GJ", "FEE-1"))).await;
    post(&client, &Document::JournalEntry(entry("APPROVED", "FEE-2"))).await;

    let invoices = read(&client, &invoices()).await;
    assert_eq!(invoices.len(), 7);
    assert_eq!((invoices[0].due, invoices[0].is_open()), (usd("6.00"), true));
    let payments = read(&client, &receipts::payments()).await;
    assert_eq!(
        (payments[0].reference.as_str(), payments[0].amount, &payments[0].state),
        ("PAY-1", usd("4.00"), &ReceiptState::Posted)
    );
    for reader in [receipts::advances(), receipts::adjustments(), receipts::other_receipts(), receipts::deposits()] {
        assert!(read(&client, &reader).await.is_empty());
    }
    assert!(read(&client, &sales_documents()).await.is_empty());
    let customers = read(&client, &masters::customers()).await;
    assert_eq!((customers[0].name.as_str(), customers[0].email.as_str()), ("R&D <Co>", "a@example.com"));
    assert_eq!(read(&client, &masters::items()).await.len(), 1);
    assert_eq!(read(&client, &masters::accounts()).await.len(), 11);

    let mut lines = Vec::new();
    let clearing = vec!["1210".to_owned()];
    client.drain_journal_lines(&clearing, None, |page| lines.extend(page.good)).await.unwrap();
    let states: BTreeSet<_> =
        lines.iter().map(|it| (it.value.reference.clone(), format!("{:?}", it.value.state))).collect();
    assert_eq!(lines.len(), 2, "{states:?}");
    assert!(states.contains(&("FEE-1".into(), "Posted".into())), "{states:?}");
    assert!(lines.iter().all(|it| it.value.amount == usd("-3.34")));

    let window = client.gl_detail(&["1210".into(), "1000".into()], date(2026, 3, 1), DAY).await.unwrap();
    let sums: Vec<_> = window.good.iter().map(|it| (it.value.account.clone(), it.value.base.to_string())).collect();
    assert_eq!(sums.len(), 2, "what waits for approval is not in the ledger: {sums:?}");
    assert!(sums.contains(&("1000".into(), "4.00 USD".into())) && sums.contains(&("1210".into(), "-3.34 USD".into())));
    assert_eq!(client.all_keys(&read::gl::gl_lines(&clearing)).await.unwrap().len(), 1);

    assert_eq!(client.checking_accounts().await.unwrap()[0].gl_account, "1000");
    assert_eq!(client.journals().await.unwrap().len(), 5);
    assert_eq!(client.locations().await.unwrap()[0].id, "100");
    assert_eq!(client.departments().await.unwrap()[0].id, "200");
    assert_eq!(client.terms().await.unwrap()[0].id, "Net 30");
    assert!(!client.contacts().await.unwrap().is_empty() && !client.exchange_rate_types().await.unwrap().is_empty());
    assert_eq!(client.transaction_definitions().await.unwrap()[0].name, "Sales Order");
}

#[tokio::test]
async fn closed_books_are_told_before_and_refused_after() {
    let (server, client) = open().await;
    assert_eq!(client.books().await.unwrap().closed_through, None);
    let document = Document::JournalEntry(entry("GJ", "FEE-1"));
    let request =
        build(&document, &client.resolve_links(&document).await.unwrap(), &IdempotencyKey("k".into())).unwrap();
    server.with(|gateway| gateway.company.close_books(Some(DAY), None));
    assert!(!client.books().await.unwrap().is_open_on(DAY));
    assert!(matches!(client.send(&request).await, WriteOutcome::Rejected(_, ErrorClass::ClosedPeriod)));
}

#[tokio::test]
async fn silence_is_resolved_by_the_natural_key_and_a_replay_is_never_believed() {
    let (server, client) = open().await;
    for (number, fault) in [(1, Fault::CommitThenDrop), (2, Fault::TruncatedReply)] {
        let document = Document::JournalEntry(entry("GJ", &format!("FEE-{number}")));
        let links = client.resolve_links(&document).await.unwrap();
        let request = build(&document, &links, &IdempotencyKey(format!("key-{number}"))).unwrap();
        server.order(Some("create"), fault);
        assert!(matches!(client.send(&request).await, WriteOutcome::Unknown(_)));
        assert_eq!(client.find(&document).await.unwrap().len(), 1, "it was done all the same");
        assert!(matches!(client.resend(&request).await, WriteOutcome::Unknown(_)));
        assert_eq!(client.find(&document).await.unwrap().len(), 1, "the key was honoured");
    }
    server.order(None, Fault::ExpiredSession);
    client.books().await.unwrap();
    let document = Document::JournalEntry(entry("GJ", "FEE-9"));
    let links = client.resolve_links(&document).await.unwrap();
    let request = build(&document, &links, &IdempotencyKey("key-9".into())).unwrap();
    server.order(Some("create"), Fault::ExpiredSession);
    assert!(matches!(client.send(&request).await, WriteOutcome::Accepted { .. }));
    assert_eq!(client.find(&document).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_failing_credential_is_named() {
    let (server, client) = open().await;
    assert!(client.test_credentials().await.is_good());
    let with = async |change: fn(&mut Config)| {
        let mut config = config(&server.url());
        change(&mut config);
        let report = Client::new(config).unwrap().test_credentials().await;
        report.failed.map(|it| it.0)
    };
    assert_eq!(with(|it| it.sender = "x".into()).await, Some(CredentialPart::Sender));
    assert_eq!(with(|it| it.sender_password = "x".into()).await, Some(CredentialPart::Sender));
    assert_eq!(with(|it| it.company = "x".into()).await, Some(CredentialPart::Company));
    assert_eq!(with(|it| it.user = "x".into()).await, Some(CredentialPart::User));
    assert_eq!(with(|it| it.password = "x".into()).await, Some(CredentialPart::User));
    assert_eq!(with(|it| it.entity = Some("x".into())).await, Some(CredentialPart::Entity));
    server.with(|gateway| gateway.access.sender_unauthorised = true);
    assert_eq!(with(|_| ()).await, Some(CredentialPart::SenderAuthorisation));
}
