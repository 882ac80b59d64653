//! The books' side: every document goes through the company's own posting rules, in order of date.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::LoadError;
use super::masters::{self, DEPARTMENT, ENTITY, LOCATION, SALES_ORDER, SHIPPER, at_noon};
use crate::demo::calendar::{date, day_of};
use crate::demo::model::{Body, Cents, Currency, Document, DocumentIndex, Place, Sale};
use crate::demo::people::GUEST;
use crate::demo::truth::{LedgerRef, TruthGroup};
use crate::demo::world::World;
use crate::intacct::company::WantedCurrency;
use crate::intacct::post::NewLine;
use crate::intacct::post::advance::NewAdvance;
use crate::intacct::post::deposit::NewDeposit;
use crate::intacct::post::journal::{NewGlLine, NewJournal};
use crate::intacct::post::other_receipt::NewOtherReceipt;
use crate::intacct::post::payment::{NewPayment, NewPaymentDetail};
use crate::intacct::post::receivable::NewReceivable;
use crate::intacct::post::sales::{NewSalesDocument, NewSalesLine, NewSubtotal};
use crate::intacct::{Company, Dimensions, MoneyPlace, RecordNo, Refusal, Side};

/// Record numbers by document; a journal entry has one for each line.
type Numbers = BTreeMap<DocumentIndex, Vec<RecordNo>>;

pub fn company(world: &mut World) -> Result<Company, LoadError> {
    let mut company = masters::company(world)?;
    let mut order: Vec<DocumentIndex> = (0..world.documents.len()).collect();
    order.sort_by_key(|&at| (world.documents[at].on, world.documents[at].rank(), at));
    let mut numbers = Numbers::new();
    for (turn, at) in order.into_iter().enumerate() {
        let document = &world.documents[at];
        // entered one after the other through the working day
        let minute = (turn % 480) as i8;
        let clock = date(document.on).at(13 + minute / 60 % 8, minute.rem_euclid(60), 0, 0);
        company.set_clock(clock.max(company.clock));
        company.acting_entity = (!document.entity_blank).then(|| ENTITY.to_owned());
        let posted = post(&mut company, world, document, &numbers).map_err(|refusal| {
            let (object, natural) = document.natural();
            LoadError::new(format!("{object} {natural} of {}", date(document.on)), &refusal)
        })?;
        numbers.insert(at, posted);
    }
    company.acting_entity = None;
    company.set_clock(at_noon(world.last).max(company.clock));
    ship(&mut company, world)?;
    for row in &mut world.truth.gl_discrepancies {
        let side = if row.cents < 0 { Side::Credit } else { Side::Debit };
        let amount = money(row.cents.abs());
        let record_no = company.plant_gl_row(date(row.day), row.account, row.currency, side, amount, row.reason);
        row.record_no = Some(record_no);
    }
    company.close_books(Some(world.closed_through), None);
    name_records(world, &numbers);
    Ok(company)
}

fn name_records(world: &mut World, numbers: &Numbers) {
    let name = |it: &mut LedgerRef| {
        it.record_no = numbers.get(&it.document).and_then(|all| all.get(it.line)).copied();
    };
    let truth = &mut world.truth;
    let groups = truth.groups.iter_mut().chain(&mut truth.settlement_groups).chain(&mut truth.bank_groups);
    groups.for_each(|TruthGroup { right, also, .. }| right.iter_mut().chain(also).for_each(name));
    truth.exceptions.iter_mut().for_each(|it| it.ledger.iter_mut().for_each(name));
}

fn post(
    company: &mut Company,
    world: &World,
    document: &Document,
    numbers: &Numbers,
) -> Result<Vec<RecordNo>, Refusal> {
    let on = date(document.on);
    let made = |at: &DocumentIndex| numbers.get(at).and_then(|all| all.first()).copied().unwrap_or_default();
    let one = |record_no: RecordNo| Ok(vec![record_no]);
    match &document.body {
        Body::SalesOrder { sale } => one(company.post_sales_document(sales_order(world, &world.sales[*sale]))?),
        Body::Invoice { number, customer, due_in, reference, description, currency, lines } => {
            let new = NewReceivable {
                customer_id: customer.clone(),
                date: on,
                due: Some(date(document.on + due_in)),
                number: Some(number.clone()),
                doc_number: reference.clone(),
                description: description.clone(),
                currency: wanted(*currency),
                lines: lines_of(lines, description),
                ..NewReceivable::default()
            };
            one(company.post_invoice(new)?)
        }
        Body::CreditMemo { number, customer, invoice, description, currency, lines } => {
            let new = NewReceivable {
                customer_id: customer.clone(),
                date: on,
                number: Some(number.clone()),
                invoice_no: invoice.clone(),
                description: description.clone(),
                currency: wanted(*currency),
                lines: lines_of(lines, description),
                ..NewReceivable::default()
            };
            one(company.post_adjustment(new)?)
        }
        Body::Receipt { customer, payer, place, method, number, memo, currency, applied, overpaid, is_draft } => {
            let details =
                applied.iter().map(|(at, amount)| NewPaymentDetail::money(made(at), money(*amount))).collect();
            let new = NewPayment {
                payer_name: payer.clone(),
                payment_method: (*method).to_owned(),
                description: memo.clone(),
                overpayment: money(*overpaid),
                overpayment_dimensions: web(),
                draft: *is_draft,
                ..NewPayment::new("", money_place(*place), on, details)
            };
            let new = NewPayment { customer_id: customer.clone(), ..new };
            one(company.post_ar_payment(new.numbered(number).in_currency(wanted(*currency)))?)
        }
        Body::Advance { customer, place, method, number, memo, currency, amount } => {
            let lines = lines_of(&[("2400", *amount)], memo);
            let new = NewAdvance {
                payment_method: (*method).to_owned(),
                description: memo.clone(),
                currency: wanted(*currency),
                ..NewAdvance::new(customer, money_place(*place), on, lines)
            };
            one(company.post_advance(new.numbered(number))?)
        }
        Body::OtherReceipt { payer, place, method, number, memo, lines } => {
            let new = NewOtherReceipt {
                payer: payer.clone(),
                place: money_place(*place),
                payment_method: (*method).to_owned(),
                doc_number: number.clone(),
                description: memo.clone(),
                payment_date: on,
                receipt_date: on,
                deposit_date: None,
                currency: WantedCurrency::default(),
                lines: lines_of(lines, memo),
            };
            one(company.post_other_receipt(new)?)
        }
        Body::Deposit { slip, receipts } => {
            let new = NewDeposit {
                bank: "BANK-USD".to_owned(),
                date: on,
                slip: slip.clone(),
                description: "Deposit of receipts".to_owned(),
                receipts: receipts.iter().map(made).collect(),
            };
            one(company.post_deposit(new)?)
        }
        Body::Journal { reference, title, currency, debit, credit, amount, customer } => {
            let leg = |side, account: &str| NewGlLine {
                description: title.clone(),
                document: reference.clone(),
                dimensions: Dimensions { customer: customer.clone(), ..web() },
                ..NewGlLine::new(side, account, money(*amount)).in_currency(wanted(*currency))
            };
            let lines = vec![leg(Side::Debit, debit), leg(Side::Credit, credit)];
            let batch = company.post_journal(NewJournal::new("GJ", on, title, lines).reference(reference))?;
            Ok(company
                .batches
                .get(&batch)
                .map(|it| it.lines.iter().map(|line| line.record_no).collect())
                .unwrap_or_default())
        }
    }
}

/// What left the warehouse on the last day and the store does not know yet: some of the orders it works on, one in four of
/// them only in part.
fn ship(company: &mut Company, world: &World) -> Result<(), LoadError> {
    let at_work = world.sales.iter().filter(|it| it.shipping_status == "P" && it.payment_status == "P");
    let ours = at_work.filter(|it| company.sales_numbers.contains_key(&format!("{SALES_ORDER}-XC-{}", it.number)));
    let some: Vec<String> = ours.step_by(3).take(SHIPPED_LATELY).map(|it| it.number.clone()).collect();
    for (at, number) in some.iter().enumerate() {
        let from = format!("{SALES_ORDER}-XC-{number}");
        let Some(source) = company.sales_numbers.get(&from).and_then(|it| company.sales.get(it)).cloned() else {
            continue;
        };
        let in_part = at % 4 == 3 && source.lines.len() > 1;
        let lines = source.lines.iter().take(if in_part { 1 } else { source.lines.len() }).map(|line| NewSalesLine {
            item: line.item.clone(),
            quantity: line.quantity,
            price: Some(line.price),
            source_line: Some(line.record_no),
            ..NewSalesLine::default()
        });
        let shipper = NewSalesDocument {
            definition: SHIPPER.to_owned(),
            date: world.last,
            created_from: Some(from),
            customer_id: source.customer_id.clone(),
            number: Some(format!("SH-{number}")),
            reference: number.clone(),
            shipping_method: "UPS Ground".to_owned(),
            tracking_number: format!("1Z999AA1{:010}", 123_456_700 + at),
            shipped_date: Some(world.last),
            lines: lines.collect(),
            currency: WantedCurrency::at(&source.terms.currency, source.terms.rate),
            ..NewSalesDocument::default()
        };
        company
            .post_sales_document(shipper)
            .map_err(|refusal| LoadError::new(format!("shipper {number}"), &refusal))?;
    }
    Ok(())
}

const SHIPPED_LATELY: usize = 24;

fn sales_order(world: &World, sale: &Sale) -> NewSalesDocument {
    let person = &world.people[sale.person];
    let customer_id = person.ledger_id.clone().filter(|_| !sale.is_guest).unwrap_or_else(|| GUEST.to_owned());
    let lines = sale
        .lines
        .iter()
        .map(|line| {
            let product = &world.products[line.product];
            NewSalesLine {
                item: product.sku.clone(),
                description: product.name.clone(),
                quantity: Decimal::from(line.quantity),
                unit: "Each".to_owned(),
                price: Some(money(line.price)),
                dimensions: web(),
                ..NewSalesLine::default()
            }
        })
        .collect();
    let subtotals = [("Shipping", sale.shipping), ("Discount", -sale.discount), ("Sales Tax", sale.tax)];
    let subtotals = subtotals.into_iter().filter(|(_, amount)| *amount != 0).map(|(description, amount)| NewSubtotal {
        description: description.to_owned(),
        total: money(amount),
        ..NewSubtotal::default()
    });
    NewSalesDocument {
        definition: SALES_ORDER.to_owned(),
        date: date(super::shop::placed_on(sale).min(day_of(world.last))),
        customer_id,
        number: Some(format!("XC-{}", sale.number)),
        reference: sale.number.clone(),
        message: format!("X-Cart order {}", sale.number),
        currency: wanted(sale.currency),
        lines,
        subtotals: subtotals.collect(),
        ..NewSalesDocument::default()
    }
}

fn money(cents: Cents) -> Decimal {
    Decimal::new(cents, 2)
}

fn wanted(currency: Currency) -> WantedCurrency {
    match currency {
        Currency::Usd => WantedCurrency::default(),
        Currency::Eur => WantedCurrency::of("EUR"),
    }
}

fn money_place(place: Place) -> MoneyPlace {
    match place {
        Place::Bank(id) => MoneyPlace::Bank(id.to_owned()),
        Place::Undeposited(account) => MoneyPlace::Undeposited(account.to_owned()),
    }
}

fn web() -> Dimensions {
    Dimensions { department: Some(DEPARTMENT.to_owned()), ..Dimensions::at(LOCATION) }
}

fn lines_of(lines: &[(&'static str, Cents)], memo: &str) -> Vec<NewLine> {
    lines.iter().map(|&(account, amount)| NewLine::new(account, money(amount)).with(web()).memo(memo)).collect()
}
