//! The books themselves: what each document does to the ledger, and that it balances whatever is done.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod intacct_support;

use intacct_support::*;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;
use tieout_sandbox::intacct::company::WantedCurrency;
use tieout_sandbox::intacct::post::NewLine;
use tieout_sandbox::intacct::post::advance::NewAdvance;
use tieout_sandbox::intacct::post::deposit::NewDeposit;
use tieout_sandbox::intacct::post::journal::{NewGlLine, NewJournal};
use tieout_sandbox::intacct::post::payment::{NewPayment, NewPaymentDetail};
use tieout_sandbox::intacct::post::receivable::NewReceivable;
use tieout_sandbox::intacct::post::sales::{NewSalesDocument, NewSalesLine, NewSubtotal, SalesChange};
use tieout_sandbox::intacct::sample::small_company;
use tieout_sandbox::intacct::{Company, MoneyPlace, RecordNo};

const DAY: Date = date(2025, 3, 31);

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn invoice(company: &mut Company, amount: &str, currency: WantedCurrency) -> RecordNo {
    company
        .post_invoice(NewReceivable {
            customer_id: "C-1001".into(),
            date: DAY,
            term: Some("Net 30".into()),
            currency,
            lines: vec![NewLine::new("4000", dec(amount))],
            ..NewReceivable::default()
        })
        .unwrap()
}

fn clearing() -> MoneyPlace {
    MoneyPlace::Bank("CLEARING-CARD".into())
}

fn usd() -> WantedCurrency {
    WantedCurrency::default()
}

#[test]
fn a_paid_invoice_moves_from_receivable_to_clearing() {
    let mut company = small_company();
    let invoice_no = invoice(&mut company, "105.43", usd());
    let pay = NewPayment::new("C-1001", clearing(), DAY, vec![NewPaymentDetail::money(invoice_no, dec("105.43"))]);
    company.post_ar_payment(pay.clone()).unwrap();
    assert_eq!(company.base_balance("1100"), Decimal::ZERO);
    assert_eq!(company.base_balance("1210"), dec("105.43"));
    let again = company.post_ar_payment(pay).unwrap_err();
    assert!(again.to_string().contains("There is no due on the invoice"), "{again}");
}

#[test]
fn an_advance_waits_as_a_deposit_and_settles_the_invoice_later() {
    let mut company = small_company();
    let lines = vec![NewLine::new("2400", dec("105.43"))];
    let advance = company.post_advance(NewAdvance::new("C-1001", clearing(), DAY, lines)).unwrap();
    assert_eq!(company.base_balance("2400"), dec("-105.43"));
    let invoice_no = invoice(&mut company, "105.43", usd());
    let detail = NewPaymentDetail::advance(invoice_no, advance, dec("105.43"));
    company.post_ar_payment(NewPayment::new("C-1001", clearing(), DAY, vec![detail])).unwrap();
    for (account, balance) in [("1100", "0"), ("2400", "0"), ("1210", "105.43")] {
        assert_eq!(company.base_balance(account), dec(balance), "{account}");
    }
}

#[test]
fn a_euro_invoice_paid_at_another_rate_leaves_the_difference_on_the_exchange_account() {
    let mut company = small_company();
    let invoice_no = invoice(&mut company, "100", WantedCurrency::at("EUR", dec("1.10")));
    let place = MoneyPlace::Bank("CLEARING-EUR".into());
    let pay = NewPayment::new("C-1001", place, DAY, vec![NewPaymentDetail::money(invoice_no, dec("100"))]);
    company.post_ar_payment(pay.in_currency(WantedCurrency::at("EUR", dec("1.08")))).unwrap();
    assert_eq!(company.base_balance("1100"), Decimal::ZERO);
    assert_eq!(company.base_balance("1215"), dec("108"));
    assert_eq!(company.base_balance("7000"), dec("2"));
    assert_eq!(company.balances()[&("1215".into(), "EUR".into())].trx, dec("100"));
    let drawer = NewPayment::new("C-1001", MoneyPlace::Undeposited("1050".into()), DAY, Vec::new());
    let refused = company.post_ar_payment(drawer.in_currency(WantedCurrency::of("EUR"))).unwrap_err();
    assert_eq!(refused.0[0].errorno, "BL02000051");
}

#[test]
fn a_reversed_payment_opens_its_invoice_again() {
    let mut company = small_company();
    let invoice_no = invoice(&mut company, "20", usd());
    let pay = NewPayment::new("C-1001", clearing(), DAY, vec![NewPaymentDetail::money(invoice_no, dec("20"))]);
    let payment = company.post_ar_payment(pay.clone()).unwrap();
    company.reverse_payment(payment, date(2025, 4, 2), "").unwrap();
    assert_eq!(company.base_balance("1210"), Decimal::ZERO);
    assert_eq!(company.invoices[&invoice_no].trx_due(), dec("20"));
    assert!(company.reverse_payment(payment, date(2025, 4, 2), "").is_err());
    company.post_ar_payment(pay).unwrap();
}

#[test]
fn a_submitted_journal_entry_is_not_in_the_ledger_until_approved() {
    let mut company = small_company();
    company.journals.get_mut("GJ").unwrap().needs_approval = true;
    let lines = vec![NewGlLine::debit("6100", dec("3")), NewGlLine::credit("1210", dec("3"))];
    let batch = company.post_journal(NewJournal::new("GJ", DAY, "Fee", lines)).unwrap();
    assert_eq!(company.batches[&batch].state.word(), "Submitted");
    assert!(company.gl.is_empty());
    company.approve_journal(batch).unwrap();
    assert_eq!(company.base_balance("6100"), dec("3"));
}

#[test]
fn a_changed_sales_invoice_gets_a_new_receivable_record() {
    let mut company = small_company();
    let line = |quantity: &str| NewSalesLine {
        item: "SKU-1".into(),
        quantity: dec(quantity),
        price: Some(dec("29.99")),
        ..NewSalesLine::default()
    };
    let subtotal =
        |name: &str, total: &str| NewSubtotal { description: name.into(), total: dec(total), ..NewSubtotal::default() };
    let document = NewSalesDocument {
        definition: "Sales Invoice".into(),
        date: DAY,
        customer_id: "C-1001".into(),
        number: Some("XC-1".into()),
        lines: vec![line("3")],
        subtotals: vec![subtotal("Coupon", "-4"), subtotal("Shipping", "12"), subtotal("Sales Tax", "6.98")],
        ..NewSalesDocument::default()
    };
    let record_no = company.post_sales_document(document.clone()).unwrap();
    let first = company.sales[&record_no].ar_record.unwrap();
    assert_eq!(company.base_balance("1100"), dec("104.95"));
    assert_eq!(company.base_balance("4100"), dec("4"));
    let change = SalesChange { lines: vec![(1, line("2"))], ..SalesChange::default() };
    company.update_sales_document("Sales Invoice-XC-1", change).unwrap();
    let second = company.sales[&record_no].ar_record.unwrap();
    assert_ne!(first, second);
    assert_eq!(company.invoices[&second].record_id, "XC-1");
    assert_eq!(company.base_balance("1100"), dec("74.96"));
    let taken = company.post_sales_document(document.clone()).unwrap_err();
    assert!(taken.to_string().contains("A transaction with the number 'XC-1' already exists."), "{taken}");
    let unknown = NewSalesDocument { number: None, subtotals: vec![subtotal("Handling", "1")], ..document };
    let refused = company.post_sales_document(unknown).unwrap_err();
    assert!(refused.to_string().contains("Specified subtotal of 'Handling' not found"), "{refused}");
}

#[test]
fn a_row_planted_behind_the_documents_shows_as_out_of_balance() {
    let mut company = small_company();
    invoice(&mut company, "10", usd());
    let row =
        company.plant_gl_row(DAY, "1210", "USD", tieout_sandbox::intacct::Side::Debit, dec("7.77"), "who did this");
    assert_eq!(company.out_of_balance(), dec("7.77"));
    company.change_gl_row(row, dec("8")).unwrap();
    assert_eq!(company.out_of_balance(), dec("8"));
    company.delete_gl_row(row).unwrap();
    assert_eq!(company.out_of_balance(), Decimal::ZERO);
}

#[tokio::test]
async fn missing_dimensions_unknown_accounts_and_inactive_accounts_are_named() {
    let (server, client) = small().await;
    server.with(|it| {
        it.company.accounts.get_mut("6100").unwrap().required.department = true;
        it.company.accounts.get_mut("1900").unwrap().inactive = true;
    });
    let fee = journal("F", "03/31/2025", "1");
    let first = |result: &tieout_sandbox::intacct::xml::Element| errors(result)[0].clone();
    assert!(first(&client.call("a", true, &fee).await).contains("Missing the department dimension"));
    let unknown = fee.replace("6100", "9999");
    assert!(first(&client.call("b", true, &unknown).await).contains("Account '9999' is not valid"));
    assert!(first(&client.call("c", true, &fee.replace("6100", "1900")).await).contains("Account is inactive"));
}

#[derive(Clone, Debug)]
enum Act {
    Invoice { cents: i64, euro: bool },
    Memo { cents: i64 },
    Pay { of: usize, cents: i64, rate: i64 },
    Advance { cents: i64, euro: bool },
    UseAdvance { of: usize, invoice: usize, cents: i64 },
    UseMemo { of: usize, invoice: usize, cents: i64 },
    Reverse { of: usize },
    Journal { cents: i64, euro: bool },
    Deposit,
}

fn acts() -> impl Strategy<Value = Act> {
    let cents = 1i64..200_000;
    prop_oneof![
        (cents.clone(), any::<bool>()).prop_map(|(cents, euro)| Act::Invoice { cents, euro }),
        cents.clone().prop_map(|cents| Act::Memo { cents }),
        (0usize..8, cents.clone(), 9_000i64..12_000).prop_map(|(of, cents, rate)| Act::Pay { of, cents, rate }),
        (cents.clone(), any::<bool>()).prop_map(|(cents, euro)| Act::Advance { cents, euro }),
        (0usize..8, 0usize..8, cents.clone()).prop_map(|(of, invoice, cents)| Act::UseAdvance { of, invoice, cents }),
        (0usize..8, 0usize..8, cents.clone()).prop_map(|(of, invoice, cents)| Act::UseMemo { of, invoice, cents }),
        (0usize..8).prop_map(|of| Act::Reverse { of }),
        (cents, any::<bool>()).prop_map(|(cents, euro)| Act::Journal { cents, euro }),
        Just(Act::Deposit),
    ]
}

fn pick<'a, K: Copy + 'a>(mut keys: impl Iterator<Item = &'a K>, at: usize) -> Option<K> {
    keys.nth(at).copied()
}

/// Does it; a refusal is fine, it must only leave nothing behind.
fn perform(company: &mut Company, act: &Act) {
    let money = |cents: i64| Decimal::new(cents, 2);
    let wanted = |euro: bool| if euro { WantedCurrency::of("EUR") } else { usd() };
    let place = |euro: bool| {
        if euro { MoneyPlace::Bank("CLEARING-EUR".into()) } else { MoneyPlace::Undeposited("1050".into()) }
    };
    let is_euro = |company: &Company, key: RecordNo| company.invoices[&key].terms.currency == "EUR";
    match act {
        Act::Invoice { cents, euro } => {
            invoice(company, &money(*cents).to_string(), wanted(*euro));
        }
        Act::Memo { cents } => {
            let lines = vec![NewLine::new("4200", -money(*cents))];
            let new = NewReceivable { customer_id: "C-1001".into(), date: DAY, lines, ..NewReceivable::default() };
            company.post_adjustment(new).unwrap();
        }
        Act::Pay { of, cents, rate } => {
            let Some(key) = pick(company.invoices.keys(), *of) else { return };
            let euro = is_euro(company, key);
            let currency = if euro { WantedCurrency::at("EUR", Decimal::new(*rate, 4)) } else { usd() };
            let details = vec![NewPaymentDetail::money(key, money(*cents))];
            let _ = company.post_ar_payment(NewPayment::new("C-1001", place(euro), DAY, details).in_currency(currency));
        }
        Act::Advance { cents, euro } => {
            let lines = vec![NewLine::new("2400", money(*cents)), NewLine::new("2410", Decimal::ONE)];
            let new = NewAdvance { currency: wanted(*euro), ..NewAdvance::new("C-1001", place(*euro), DAY, lines) };
            company.post_advance(new).unwrap();
        }
        Act::UseAdvance { of, invoice, cents } => {
            let (Some(advance), Some(key)) =
                (pick(company.advances.keys(), *of), pick(company.invoices.keys(), *invoice))
            else {
                return;
            };
            let euro = is_euro(company, key);
            let details = vec![NewPaymentDetail::advance(key, advance, money(*cents))];
            let _ =
                company.post_ar_payment(NewPayment::new("C-1001", place(euro), DAY, details).in_currency(wanted(euro)));
        }
        Act::UseMemo { of, invoice, cents } => {
            let (Some(memo), Some(key)) =
                (pick(company.adjustments.keys(), *of), pick(company.invoices.keys(), *invoice))
            else {
                return;
            };
            let details = vec![NewPaymentDetail::credit_memo(key, memo, money(*cents))];
            let _ = company.post_ar_payment(NewPayment::new("C-1001", clearing(), DAY, details));
        }
        Act::Reverse { of } => {
            let Some(key) = pick(company.payments.keys(), *of) else { return };
            let _ = company.reverse_payment(key, date(2025, 4, 1), "");
        }
        Act::Journal { cents, euro } => {
            let line = |it: NewGlLine| it.in_currency(wanted(*euro));
            let half = money(*cents);
            let lines = vec![
                line(NewGlLine::debit("6100", half)),
                line(NewGlLine::debit("6150", half)),
                line(NewGlLine::credit("1215", half + half)),
            ];
            company.post_journal(NewJournal::new("GJ", DAY, "Fees", lines)).unwrap();
        }
        Act::Deposit => {
            let receipts: Vec<RecordNo> =
                company.payments.values().filter(|it| it.deposit.is_none()).map(|it| it.record_no).take(2).collect();
            let new = NewDeposit {
                bank: "BANK-01".into(),
                date: DAY,
                slip: "D".into(),
                description: String::new(),
                receipts,
            };
            let _ = company.post_deposit(new);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn the_ledger_balances_and_agrees_with_the_documents_whatever_is_done(acts in proptest::collection::vec(acts(), 1..40)) {
        let mut company = small_company();
        for act in &acts {
            perform(&mut company, act);
            prop_assert_eq!(company.out_of_balance(), Decimal::ZERO, "after {:?}", act);
            let open: Decimal = company.invoices.values().chain(company.adjustments.values()).map(|it| it.due()).sum();
            prop_assert_eq!(company.base_balance("1100"), open, "receivables after {:?}", act);
            for batch in company.batches.values() {
                let sum: Decimal = batch.lines.iter().map(|line| line.side.signed(line.amount)).sum();
                prop_assert_eq!(sum, Decimal::ZERO, "batch {}", batch.record_no);
            }
        }
    }
}
