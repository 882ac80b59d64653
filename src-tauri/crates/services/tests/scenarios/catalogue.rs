//! Every kind of exception there is, provoked: the situation its name tells, played to the list a person reads.

use crate::books::{self, CUSTOMER, invoice, receipt};
use crate::rig::{ANN, Rig};
use crate::shop::{self, Sale, captured, money, offline, step};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use tieout_domain::{Exception, ExceptionKind};
use tieout_sandbox::faults::Fault;
use tieout_sandbox::intacct::company::{Company as Books, WantedCurrency};
use tieout_sandbox::intacct::post::NewLine;
use tieout_sandbox::intacct::post::journal::{NewGlLine, NewJournal};
use tieout_sandbox::intacct::post::receivable::NewReceivable;
use tieout_sandbox::intacct::sample::small_company;
use tieout_sandbox::xcart::Order;
use tieout_services as services;

const SOLD: Date = Date::constant(2026, 2, 10);
const FEE: &str = "r1,po_1,charge,ch_1,2001,USD,100.00,-3.20,96.80,2026-02-10";
const SALES_ORDERS: &str = "\n[orders]\ndefinition = \"Sales Order\"\n";

fn later(days: i64) -> Date {
    SOLD + days.days()
}

fn sale() -> Sale {
    Sale::of("2001", SOLD, "100.00")
}

/// Paid by card on the day it was placed.
fn paid() -> Order {
    sale().order("P", vec![captured("Credit Card", SOLD, sale().total(), "ch_1")])
}

/// A shop, its books and settings, before the first look.
struct Facts {
    orders: Vec<Order>,
    books: Books,
    settings: String,
}

fn facts(orders: Vec<Order>) -> Facts {
    Facts { orders, books: small_company(), settings: books::SETTINGS.to_owned() }
}

impl Facts {
    /// The ERP has invoiced the order.
    fn invoiced(mut self) -> Facts {
        invoice(&mut self.books, &sale(), SOLD);
        self
    }

    fn books(mut self, work: impl FnOnce(&mut Books)) -> Facts {
        work(&mut self.books);
        self
    }

    fn settings(mut self, change: impl FnOnce(String) -> String) -> Facts {
        self.settings = change(self.settings);
        self
    }

    async fn start(self) -> Rig {
        let mut store = shop::store();
        for order in self.orders {
            store.add_order(order);
        }
        Rig::with_settings(SOLD, store, self.books, &self.settings).await
    }

    async fn look(self) -> Rig {
        let rig = self.start().await;
        rig.look().await;
        rig
    }

    /// Looked at on a later day, with rows of the card gateway's file.
    async fn with_file(self, days: i64, rows: &str) -> Rig {
        let rig = self.start().await;
        rig.go_to(later(days));
        rig.import_card_file(rows);
        rig.look().await;
        rig
    }

    /// The one entry of the gateway's fee, approved and ready to be sent.
    async fn fee_approved(self) -> Rig {
        let rig = self.invoiced().start().await;
        rig.settle().await;
        rig.import_card_file(FEE);
        rig.look().await;
        assert_eq!(rig.approve_all(), 1);
        rig
    }
}

/// Plays the situation of one kind. A kind that is not here does not compile.
async fn provoke(kind: ExceptionKind) -> Rig {
    use ExceptionKind as K;
    let card = |reference: &str| captured("Credit Card", SOLD, money("100.00"), reference);
    match kind {
        K::OrderWithoutInvoice => facts(vec![Order { shipping_status: Some("S".into()), ..paid() }]).look().await,
        K::InvoiceWithoutCapture => {
            let rig = facts(vec![]).invoiced().start().await;
            rig.go_to(later(5));
            rig.look().await;
            rig
        }
        K::CaptureWithoutOrder => facts(vec![]).with_file(0, FEE).await,
        K::CaptureWithoutReceipt => {
            let long_ago = date(2026, 1, 5);
            let paid_otherwise = |books: &mut Books| {
                invoice(books, &Sale { placed: long_ago, ..sale() }, long_ago);
                receipt(books, "INV-2001", long_ago, money("100.00"), "cash box");
            };
            facts(vec![paid()]).books(paid_otherwise).look().await
        }
        K::RefundWithoutCredit => {
            let mut taken = card("ch_1");
            taken.backend_transactions.push(step("refundPart", "S", SOLD, money("12.34"), "re_1"));
            facts(vec![sale().order("P", vec![taken])]).invoiced().look().await
        }
        K::RefundExceedsCapture => {
            let mut taken = card("ch_1");
            taken.backend_transactions.push(step("refund", "S", SOLD, money("150.00"), "re_1"));
            facts(vec![sale().order("P", vec![taken])]).invoiced().look().await
        }
        K::OrphanReceipt => {
            let by_hand = |books: &mut Books| receipt(books, "INV-2001", SOLD, money("100.00"), "cash box");
            facts(vec![]).invoiced().books(by_hand).look().await
        }
        K::AmountVariance => {
            let short = captured("Wire Transfer", SOLD, money("90.00"), "wire_1");
            facts(vec![sale().order("P", vec![short])]).invoiced().look().await
        }
        K::TaxVariance => {
            let charged = Sale { tax: money("7.43"), ..sale() };
            let booked = Sale { tax: money("7.40"), ..sale() };
            let order = charged.order("P", vec![captured("Credit Card", SOLD, charged.total(), "ch_1")]);
            facts(vec![order]).books(|books| invoice(books, &booked, SOLD)).look().await
        }
        K::TotalMismatch => {
            let order = Order { total: money("101.00"), ..paid() };
            facts(vec![order]).look().await
        }
        K::FeeVariance => {
            let contract = "settlement = \"card\"\nfee_percent = \"2.90\"\nfee_fixed = \"0.30\"";
            let settings = |text: String| text.replace("settlement = \"card\"", contract);
            let dear = FEE.replace("-3.20,96.80", "-4.20,95.80");
            facts(vec![paid()]).settings(settings).with_file(0, &dear).await
        }
        K::FeeNotPosted => facts(vec![paid()]).with_file(0, FEE).await,
        K::DuplicateCapture => facts(vec![sale().order("P", vec![card("ch_1"), card("ch_2")])]).invoiced().look().await,
        K::DuplicateReceipt => {
            let twice = |books: &mut Books| {
                invoice(books, &sale().numbered("7777"), SOLD);
                for of in ["INV-2001", "INV-7777"] {
                    receipt(books, of, SOLD, money("100.00"), "2001");
                }
            };
            facts(vec![paid()]).invoiced().books(twice).look().await
        }
        K::MissingSettlement => {
            let others = "r1,po_1,charge,ch_8,8001,USD,10.00,-0.59,9.41,2026-02-09\n\
                          r2,po_1,charge,ch_9,8002,USD,10.00,-0.59,9.41,2026-02-20";
            facts(vec![paid()]).with_file(12, others).await
        }
        K::LatePayout => facts(vec![paid()]).with_file(12, &payout("-96.80", SOLD)).await,
        K::InTransit => facts(vec![paid()]).with_file(1, &payout("-96.80", SOLD)).await,
        K::PayoutNotPosted => facts(vec![paid()]).with_file(1, &payout("-96.80", SOLD)).await,
        K::PayoutVariance => facts(vec![paid()]).with_file(1, &payout("-90.00", SOLD)).await,
        K::NegativeClearing => {
            let twice = |books: &mut Books| {
                for _ in 0..2 {
                    let lines =
                        vec![NewGlLine::debit("1000", money("96.80")), NewGlLine::credit("1210", money("96.80"))];
                    books.post_journal(NewJournal::new("GJ", SOLD, "Card payout", lines).reference("po_1")).unwrap();
                }
            };
            facts(vec![paid()]).books(twice).with_file(1, &payout("-96.80", SOLD)).await
        }
        K::ChargebackOpen => facts(vec![]).with_file(0, &row("chargeback", "-100.00")).await,
        K::ReserveNotPosted => facts(vec![]).with_file(0, &row("reserve_hold", "-100.00")).await,
        K::SettlementAdjustment => facts(vec![]).with_file(0, &row("adjustment", "-8.75")).await,
        K::UnmatchedBankLine => {
            let rig = facts(vec![]).start().await;
            rig.import_bank_file("b1,2026-02-10,USD,318.75,INCOMING WIRE,");
            rig.look().await;
            rig
        }
        K::UnmappedSku => {
            let mut order = paid();
            order.items[0].sku = "NEW-1".into();
            facts(vec![order]).settings(|text| text + SALES_ORDERS).look().await
        }
        K::UnmappedCustomer => facts(vec![Order { customer_id: None, ..paid() }]).look().await,
        K::UnmappedMethod => {
            let order = sale().order("P", vec![captured("Phone Ordering", SOLD, money("100.00"), "ph_1")]);
            facts(vec![order]).invoiced().look().await
        }
        K::UnmappedTax => {
            let taxed = Sale { tax: money("7.43"), ..sale() };
            let mut order = taxed.order("P", vec![captured("Credit Card", SOLD, taxed.total(), "ch_1")]);
            order.surcharges[0].code = "CDEV.STAX.7".into();
            facts(vec![order]).settings(|text| text + SALES_ORDERS).look().await
        }
        K::AccountMissing => {
            let settings = |text: String| text.replace("fees = \"6100\"", "fees = \"6199\"");
            facts(vec![paid()]).settings(settings).with_file(0, FEE).await
        }
        K::DimensionMissing => {
            let strict = |books: &mut Books| books.accounts.get_mut("6100").unwrap().required.location = true;
            facts(vec![paid()]).books(strict).with_file(0, FEE).await
        }
        K::ClosedPeriod => {
            facts(vec![paid()]).invoiced().books(|books| books.close_books(Some(SOLD), None)).look().await
        }
        K::CurrencyMismatch => facts(vec![paid()]).books(invoiced_in_euro).look().await,
        K::RateMissing => {
            let euro = "[[clearing]]\nmethod = \"Credit Card\"\ncurrency = \"EUR\"\naccount = \"1215\"\n\
                        deposit_to = \"bank:CLEARING-EUR\"\npayment_method = \"Credit Card\"\n\n[accounts]";
            let order = Order { currency: "EUR".into(), ..paid() };
            facts(vec![order]).settings(|text| text.replace("[accounts]", euro)).look().await
        }
        K::UnknownStatus => facts(vec![Order { payment_status: Some("HLD".into()), ..paid() }]).invoiced().look().await,
        K::UnknownPaymentState => {
            let parts = ["40.00", "60.00"].map(|part| offline("Check", SOLD, money(part)));
            facts(vec![sale().order("P", parts.into())]).look().await
        }
        K::RefusedRecord => facts(vec![Order { total: money("100.005"), ..paid() }]).look().await,
        K::Ambiguous => {
            let twins = ["2001", "2002"].map(|number| {
                sale().numbered(number).order("P", vec![captured("Credit Card", SOLD, money("100.00"), "")])
            });
            let unnamed = |books: &mut Books| {
                for number in ["A", "B"] {
                    invoice(books, &sale().numbered(number), SOLD);
                    receipt(books, &format!("INV-{number}"), SOLD, money("100.00"), "");
                }
            };
            facts(twins.into()).books(unnamed).look().await
        }
        K::AwaitingIntacct => {
            let strict = |books: &mut Books| books.journals.get_mut("GJ").unwrap().needs_approval = true;
            let rig = facts(vec![paid()]).books(strict).fee_approved().await;
            assert_eq!(rig.post().await.awaiting, 1);
            rig.look().await;
            rig
        }
        K::ReadBackDifference => {
            let rig = facts(vec![paid()]).fee_approved().await;
            assert_eq!(rig.post().await.posted, 1);
            rig.books(|books| {
                let last = *books.batches.keys().next_back().unwrap();
                books.delete_journal(last).unwrap();
            });
            rig.look().await;
            rig
        }
        K::PostingRefused => {
            let rig = facts(vec![paid()]).fee_approved().await;
            rig.intacct.order(Some("create"), Fault::ClosedPeriod);
            assert_eq!(rig.post().await.refused, 1);
            rig.look().await;
            rig
        }
        K::OutcomeUnknown => {
            let rig = facts(vec![paid()]).fee_approved().await;
            rig.intacct.order(Some("create"), Fault::CommitThenDrop);
            assert_eq!(rig.post_without_waiting().await.unknown, 1);
            rig.look().await;
            rig
        }
        K::NotHandled => {
            let rig = facts(vec![paid()]).invoiced().start().await;
            let posted = rig.settle().await;
            services::propose_reversal(&rig.company, ANN, &posted[0].posting.id.0, None).unwrap();
            rig.approve_all();
            assert_eq!(rig.post().await.posted, 1);
            rig.look().await;
            rig
        }
    }
}

/// The card's charge and the payout it left in.
fn payout(net: &str, on: Date) -> String {
    format!("{FEE}\nr2,po_1,payout,,,USD,{net},0,{net},{on}")
}

fn row(kind: &str, net: &str) -> String {
    format!("r1,po_1,{kind},x_1,1990,USD,{net},0,{net},{SOLD}")
}

fn invoiced_in_euro(books: &mut Books) {
    let new = NewReceivable {
        customer_id: CUSTOMER.into(),
        date: SOLD,
        due: Some(SOLD),
        number: Some("INV-2001".into()),
        doc_number: "2001".into(),
        currency: WantedCurrency::of("EUR"),
        lines: vec![NewLine::new("4000", money("100.00"))],
        ..NewReceivable::default()
    };
    books.post_invoice(new).unwrap();
}

#[tokio::test]
async fn every_kind_of_exception_is_made_in_the_situation_it_names() {
    let mut wrong = Vec::new();
    for &kind in ExceptionKind::ALL {
        let all = provoke(kind).await.exceptions();
        // What could not be read has no amount that could be believed.
        let has_stake = kind != ExceptionKind::RefusedRecord;
        let is_whole = |it: &&Exception| {
            it.kind == kind
                && !it.why_not.is_empty()
                && !it.subject.is_empty()
                && !it.records.is_empty()
                && it.at_stake.is_some_and(|stake| !stake.is_zero()) == has_stake
        };
        if !all.iter().any(|it| is_whole(&it)) {
            wrong.push((kind.as_str(), all));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
