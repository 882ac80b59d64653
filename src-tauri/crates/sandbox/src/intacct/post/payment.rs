//! Customer payments (ARPYMT): money in, invoices settled, credits and advances used up.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::receivable::Kind;
use crate::intacct::company::{Company, WantedCurrency};
use crate::intacct::errors::Refusal;
use crate::intacct::gl::{Leg, Posting};
use crate::intacct::records::*;
use crate::intacct::text::cents;

/// One application inside a payment: what is settled, and by money, a credit memo or an advance.
#[derive(Clone, Debug, Default)]
pub struct NewPaymentDetail {
    pub record_key: Option<RecordNo>,
    pub pos_adj_key: Option<RecordNo>,
    pub entry_key: Option<RecordNo>,
    pub amount: Decimal,
    pub adjustment_key: Option<RecordNo>,
    pub adjustment_amount: Decimal,
    pub advance_key: Option<RecordNo>,
    pub advance_amount: Decimal,
}

impl NewPaymentDetail {
    pub fn money(invoice: RecordNo, amount: Decimal) -> Self {
        NewPaymentDetail { record_key: Some(invoice), amount, ..NewPaymentDetail::default() }
    }

    pub fn credit_memo(invoice: RecordNo, adjustment: RecordNo, amount: Decimal) -> Self {
        NewPaymentDetail {
            record_key: Some(invoice),
            adjustment_key: Some(adjustment),
            adjustment_amount: amount,
            ..NewPaymentDetail::default()
        }
    }

    pub fn advance(invoice: RecordNo, advance: RecordNo, amount: Decimal) -> Self {
        NewPaymentDetail {
            record_key: Some(invoice),
            advance_key: Some(advance),
            advance_amount: amount,
            ..NewPaymentDetail::default()
        }
    }
}

#[derive(Clone, Debug)]
pub struct NewPayment {
    pub customer_id: Option<String>,
    pub payer_name: String,
    pub place: MoneyPlace,
    pub payment_method: String,
    pub doc_number: String,
    pub description: String,
    pub receipt_date: Date,
    pub payment_date: Option<Date>,
    pub currency: WantedCurrency,
    pub overpayment: Decimal,
    pub overpayment_dimensions: Dimensions,
    pub details: Vec<NewPaymentDetail>,
    pub draft: bool,
}

impl NewPayment {
    pub fn new(customer_id: &str, place: MoneyPlace, receipt_date: Date, details: Vec<NewPaymentDetail>) -> Self {
        NewPayment {
            customer_id: Some(customer_id.to_owned()),
            payer_name: String::new(),
            place,
            payment_method: "Credit Card".to_owned(),
            doc_number: String::new(),
            description: String::new(),
            receipt_date,
            payment_date: None,
            currency: WantedCurrency::default(),
            overpayment: Decimal::ZERO,
            overpayment_dimensions: Dimensions::default(),
            details,
            draft: false,
        }
    }

    pub fn numbered(mut self, doc_number: &str) -> Self {
        self.doc_number = doc_number.to_owned();
        self
    }

    pub fn in_currency(mut self, currency: WantedCurrency) -> Self {
        self.currency = currency;
        self
    }
}

impl Company {
    pub fn post_ar_payment(&mut self, new: NewPayment) -> Result<RecordNo, Refusal> {
        let terms = self.check_payment(&new)?;
        let record_no = self.next_document();
        let mut details = Vec::with_capacity(new.details.len());
        for detail in &new.details {
            details.push(PaymentDetail {
                record_no: self.next_line(),
                record_key: detail.record_key,
                pos_adj_key: detail.pos_adj_key,
                entry_key: detail.entry_key,
                trx_payment_amount: cents(detail.amount),
                adjustment_key: detail.adjustment_key,
                trx_adjustment_amount: cents(detail.adjustment_amount),
                advance_key: detail.advance_key,
                trx_advance_amount: cents(detail.advance_amount),
                lines: Vec::new(),
                base_settled: Decimal::ZERO,
                credit_lines: Vec::new(),
                credit_base: Decimal::ZERO,
            });
        }
        let trx_total =
            details.iter().map(|detail| detail.trx_payment_amount).sum::<Decimal>() + cents(new.overpayment);
        let payment = ArPayment {
            record_no,
            record_id: self.next_number("RCPT"),
            customer_id: new.customer_id,
            payer_name: new.payer_name,
            place: new.place,
            payment_method: new.payment_method,
            doc_number: new.doc_number,
            description: new.description,
            receipt_date: new.receipt_date,
            payment_date: new.payment_date,
            when_created: new.receipt_date,
            total: cents(trx_total * terms.rate),
            terms,
            details,
            trx_total,
            trx_overpayment: cents(new.overpayment),
            overpayment_dimensions: new.overpayment_dimensions,
            state: PaymentState::Draft,
            deposit: None,
            gl_batch: None,
            entity: self.acting_entity.clone(),
            when_modified: self.clock,
        };
        self.payments.insert(record_no, payment);
        if !new.draft {
            self.complete_payment(record_no);
        }
        Ok(record_no)
    }

    /// Replaces a draft's contents and, when `new.draft` is false, submits it.
    pub fn update_draft_payment(&mut self, record_no: RecordNo, new: NewPayment) -> Result<(), Refusal> {
        self.draft_payment(record_no)?;
        self.check_payment(&new)?;
        let kept = self.payments.remove(&record_no).map(|old| (old.record_id, old.when_created));
        let draft = new.draft;
        let made = self.post_ar_payment(NewPayment { draft: true, ..new })?;
        if let (Some(mut payment), Some((record_id, when_created))) = (self.payments.remove(&made), kept) {
            payment.record_no = record_no;
            payment.record_id = record_id;
            payment.when_created = when_created;
            self.payments.insert(record_no, payment);
        }
        if !draft {
            self.complete_payment(record_no);
        }
        Ok(())
    }

    /// Posts a draft as it stands.
    pub fn submit_payment(&mut self, record_no: RecordNo) -> Result<(), Refusal> {
        let draft = self.draft_payment(record_no)?;
        let again = NewPayment {
            customer_id: draft.customer_id.clone(),
            payer_name: draft.payer_name.clone(),
            place: draft.place.clone(),
            payment_method: draft.payment_method.clone(),
            doc_number: draft.doc_number.clone(),
            description: draft.description.clone(),
            receipt_date: draft.receipt_date,
            payment_date: draft.payment_date,
            currency: WantedCurrency::at(&draft.terms.currency, draft.terms.rate),
            overpayment: draft.trx_overpayment,
            overpayment_dimensions: draft.overpayment_dimensions.clone(),
            details: draft.details.iter().map(as_new).collect(),
            draft: false,
        };
        self.check_payment(&again)?;
        self.complete_payment(record_no);
        Ok(())
    }

    pub fn delete_draft_payment(&mut self, record_no: RecordNo) -> Result<(), Refusal> {
        self.draft_payment(record_no)?;
        self.payments.remove(&record_no);
        Ok(())
    }

    fn draft_payment(&self, record_no: RecordNo) -> Result<&ArPayment, Refusal> {
        let payment = self.payments.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?;
        if payment.state != PaymentState::Draft {
            return Err(Refusal::business(format!("Payment {record_no} is not a draft and cannot be changed")));
        }
        Ok(payment)
    }

    /// Everything that can be wrong with a payment, before anything is written.
    fn check_payment(&self, new: &NewPayment) -> Result<CurrencyTerms, Refusal> {
        Company::check_payment_method(&new.payment_method)?;
        match &new.customer_id {
            Some(id) => {
                self.customer(id)?;
            }
            None if new.payer_name.is_empty() => return Err(Refusal::missing("CUSTOMERID")),
            None => {}
        }
        self.check_open(new.receipt_date)?;
        let terms = self.currency_terms(&new.currency, new.receipt_date)?;
        self.money_account(&new.place, &terms)?;
        if new.details.is_empty() {
            return Err(Refusal::missing("ARPYMTDETAILS"));
        }
        let mut settled: BTreeMap<(bool, RecordNo), Decimal> = BTreeMap::new();
        let mut settled_lines: BTreeMap<RecordNo, Decimal> = BTreeMap::new();
        let mut credits: BTreeMap<RecordNo, Decimal> = BTreeMap::new();
        let mut advances: BTreeMap<RecordNo, Decimal> = BTreeMap::new();
        for detail in &new.details {
            let (kind, key) = match (detail.record_key, detail.pos_adj_key) {
                (Some(key), None) => (Kind::Invoice, key),
                (None, Some(key)) => (Kind::Adjustment, key),
                (Some(_), Some(_)) => return Err(Refusal::business("Give RECORDKEY or POSADJKEY, not both")),
                (None, None) => return Err(Refusal::missing("RECORDKEY")),
            };
            let record = self.receivable(kind, key).ok_or_else(|| Refusal::unknown_record(key))?;
            if new.customer_id.as_ref().is_some_and(|id| *id != record.customer_id) {
                return Err(Refusal::business(format!(
                    "Invoice {} does not belong to customer '{}'",
                    record.record_id,
                    new.customer_id.as_deref().unwrap_or_default()
                )));
            }
            if record.terms.currency != terms.currency {
                return Err(Refusal::business(format!(
                    "Currency {} of invoice {} differs from the payment's currency {}",
                    record.terms.currency, record.record_id, terms.currency
                )));
            }
            if record.trx_due() <= Decimal::ZERO {
                return Err(Refusal::business(format!("There is no due on the invoice {}", record.record_id)));
            }
            if detail.adjustment_key.is_some() && detail.advance_key.is_some() {
                return Err(Refusal::business("Only one kind of credit is allowed for each ARPYMTDETAIL"));
            }
            if [detail.amount, detail.adjustment_amount, detail.advance_amount].iter().any(|it| *it < Decimal::ZERO) {
                return Err(Refusal::business("Payment amounts cannot be negative"));
            }
            let part = cents(detail.amount) + cents(detail.adjustment_amount) + cents(detail.advance_amount);
            if part.is_zero() {
                return Err(Refusal::business("Payment amount cannot be zero"));
            }
            let sum = settled.entry((kind == Kind::Invoice, key)).or_default();
            *sum += part;
            if *sum > record.trx_due() {
                return Err(Refusal::business(format!(
                    "Payment amount {} exceeds the amount due {} on the invoice {}",
                    sum,
                    record.trx_due(),
                    record.record_id
                )));
            }
            if let Some(entry) = detail.entry_key {
                let line = record.lines.iter().find(|line| line.record_no == entry);
                let line = line.ok_or_else(|| Refusal::unknown_record(entry))?;
                let sum = settled_lines.entry(entry).or_default();
                *sum += part;
                if *sum > line.trx_amount - line.trx_paid {
                    return Err(Refusal::business(format!(
                        "Payment amount exceeds the amount due on line {}",
                        line.line_no
                    )));
                }
            }
            if let Some(key) = detail.adjustment_key {
                let memo = self.adjustments.get(&key).ok_or_else(|| Refusal::unknown_record(key))?;
                let sum = credits.entry(key).or_default();
                *sum += cents(detail.adjustment_amount);
                let open = -memo.trx_due();
                if memo.customer_id != record.customer_id || memo.terms.currency != terms.currency || *sum > open {
                    return Err(Refusal::business(format!(
                        "Credit {} available is {open}, {sum} wanted",
                        memo.record_id
                    )));
                }
            } else if !detail.adjustment_amount.is_zero() {
                return Err(Refusal::missing("ADJUSTMENTKEY"));
            }
            if let Some(key) = detail.advance_key {
                let advance = self.advances.get(&key).ok_or_else(|| Refusal::unknown_record(key))?;
                let sum = advances.entry(key).or_default();
                *sum += cents(detail.advance_amount);
                let open = match advance.state {
                    PaymentState::Complete => advance.trx_total - advance.trx_applied,
                    PaymentState::Draft | PaymentState::Reversed => Decimal::ZERO,
                };
                if advance.customer_id != record.customer_id || advance.terms.currency != terms.currency || *sum > open
                {
                    return Err(Refusal::business(format!(
                        "Advance {} available is {open}, {sum} wanted",
                        advance.record_id
                    )));
                }
            } else if !detail.advance_amount.is_zero() {
                return Err(Refusal::missing("ADVANCEKEY"));
            }
        }
        if new.overpayment > Decimal::ZERO {
            self.account(&self.preferences.overpayment_account)?;
            self.check_dimensions(&self.preferences.overpayment_account, &new.overpayment_dimensions)?;
        }
        Ok(terms)
    }

    /// Applies and posts a checked draft.
    fn complete_payment(&mut self, record_no: RecordNo) {
        let Some(mut payment) = self.payments.remove(&record_no) else { return };
        let on = payment.receipt_date;
        let terms = payment.terms.clone();
        let mut legs: Vec<Leg> = Vec::new();
        let mut settled_base = Decimal::ZERO;
        let mut credit_base = Decimal::ZERO;
        for detail in &mut payment.details {
            let (kind, key) = match (detail.record_key, detail.pos_adj_key) {
                (Some(key), _) => (Kind::Invoice, key),
                (None, Some(key)) => (Kind::Adjustment, key),
                (None, None) => continue,
            };
            let trx = detail.trx_settled();
            let (lines, base) = self.settle(kind, key, trx, detail.entry_key, on);
            detail.lines = lines;
            detail.base_settled = base;
            settled_base += base;
            if let Some(record) = self.receivable(kind, key) {
                let tags = record.lines.first().map(|line| line.dimensions.clone()).unwrap_or_default();
                let tags = Dimensions { customer: Some(record.customer_id.clone()), item: None, ..tags };
                legs.push(
                    Leg::signed(Side::Credit, &record.ar_account, trx, base, &record.terms)
                        .tagged(&tags)
                        .noted(&payment.doc_number, &format!("Applied to {}", record.record_id)),
                );
            }
            if let Some(key) = detail.adjustment_key {
                let (lines, base) = self.settle(Kind::Adjustment, key, -detail.trx_adjustment_amount, None, on);
                detail.credit_lines = lines;
                detail.credit_base = base;
                credit_base -= base;
                if let Some(memo) = self.adjustments.get(&key) {
                    let tags = memo.lines.first().map(|line| line.dimensions.clone()).unwrap_or_default();
                    let tags = Dimensions { customer: Some(memo.customer_id.clone()), item: None, ..tags };
                    legs.push(
                        Leg::signed(Side::Debit, &memo.ar_account, detail.trx_adjustment_amount, -base, &memo.terms)
                            .tagged(&tags)
                            .noted(&payment.doc_number, &format!("Credit {} used", memo.record_id)),
                    );
                }
            }
            if let Some(key) = detail.advance_key {
                let (leg_list, base) = self.use_advance(key, detail.trx_advance_amount, &payment.doc_number);
                credit_base += base;
                legs.extend(leg_list);
            }
        }
        let over_base = cents(payment.trx_overpayment * terms.rate);
        if !payment.trx_overpayment.is_zero() {
            legs.push(
                Leg::signed(
                    Side::Credit,
                    &self.preferences.overpayment_account,
                    payment.trx_overpayment,
                    over_base,
                    &terms,
                )
                .tagged(&payment.overpayment_dimensions)
                .noted(&payment.doc_number, "Overpayment"),
            );
        }
        if !payment.trx_total.is_zero()
            && let Ok(account) = self.money_account(&payment.place, &terms)
        {
            let tags = legs.first().map(|leg| leg.dimensions.clone()).unwrap_or_default();
            let leg = self.money_leg(&payment.place, &account, payment.trx_total, payment.total, &terms);
            legs.insert(0, leg.tagged(&tags).noted(&payment.doc_number, &payment.description));
        }
        // debit what came in, credit what it was worth when invoiced; the difference is exchange gain or loss
        let fx = settled_base + over_base - payment.total - credit_base;
        if !fx.is_zero() {
            legs.push(
                Leg::signed(Side::Debit, &self.preferences.fx_gain_loss_account, fx, fx, &self.base_terms())
                    .tagged(&Dimensions {
                        customer: None,
                        ..legs.first().map(|leg| leg.dimensions.clone()).unwrap_or_default()
                    })
                    .noted(&payment.doc_number, "Realized exchange difference"),
            );
        }
        let batch = self.post_subledger(Posting {
            date: on,
            journal: self.preferences.receipts_journal.clone(),
            module: "4.AR".to_owned(),
            title: format!("Receipts: {}", payment.record_id),
            source: Source {
                record_no: Some(record_no),
                record_id: payment.record_id.clone(),
                record_type: "rp".to_owned(),
                doc_number: payment.doc_number.clone(),
                customer_id: payment.customer_id.clone(),
            },
            legs,
        });
        payment.gl_batch = Some(batch);
        payment.state = PaymentState::Complete;
        payment.when_modified = self.clock;
        self.payments.insert(record_no, payment);
    }
}

pub(crate) fn as_new(detail: &PaymentDetail) -> NewPaymentDetail {
    NewPaymentDetail {
        record_key: detail.record_key,
        pos_adj_key: detail.pos_adj_key,
        entry_key: detail.entry_key,
        amount: detail.trx_payment_amount,
        adjustment_key: detail.adjustment_key,
        adjustment_amount: detail.trx_adjustment_amount,
        advance_key: detail.advance_key,
        advance_amount: detail.trx_advance_amount,
    }
}
