//! Invoices, debit memos and credit memos: what a customer owes.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::NewLine;
use crate::intacct::company::{Company, WantedCurrency};
use crate::intacct::errors::Refusal;
use crate::intacct::gl::{Leg, Posting};
use crate::intacct::records::*;
use crate::intacct::text::cents;

/// An invoice (`create_invoice`) or an adjustment (`create_aradjustment`) before it is posted.
#[derive(Clone, Debug, Default)]
pub struct NewReceivable {
    pub customer_id: String,
    pub date: Date,
    /// The day it reaches the ledger; without one the document's own day.
    pub posted: Option<Date>,
    pub due: Option<Date>,
    pub term: Option<String>,
    /// Invoice or adjustment number; without one it gets one.
    pub number: Option<String>,
    /// The invoice an adjustment is about.
    pub invoice_no: String,
    pub doc_number: String,
    pub description: String,
    pub external_id: Option<String>,
    pub bill_to: Option<String>,
    pub ship_to: Option<String>,
    pub currency: WantedCurrency,
    pub lines: Vec<NewLine>,
    pub draft: bool,
    pub no_gl: bool,
    pub sup_doc: Option<String>,
}

/// Which table a receivable lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Invoice,
    Adjustment,
}

impl Company {
    /// Posts an invoice: receivable debited, its lines' accounts credited.
    pub fn post_invoice(&mut self, new: NewReceivable) -> Result<RecordNo, Refusal> {
        if new.due.is_none() && new.term.is_none() {
            return Err(Refusal::missing("datedue"));
        }
        self.post_receivable(Kind::Invoice, new, "4.AR", None)
    }

    /// Posts an adjustment: a positive total is a debit memo, a negative one a credit memo.
    pub fn post_adjustment(&mut self, new: NewReceivable) -> Result<RecordNo, Refusal> {
        self.post_receivable(Kind::Adjustment, new, "4.AR", None)
    }

    pub(crate) fn post_receivable(
        &mut self,
        kind: Kind,
        new: NewReceivable,
        module: &str,
        sales_document: Option<RecordNo>,
    ) -> Result<RecordNo, Refusal> {
        let customer = self.customer(&new.customer_id)?;
        let ar_account = customer.ar_account.clone().unwrap_or_else(|| self.preferences.ar_account.clone());
        self.account(&ar_account)?;
        let posted = new.posted.unwrap_or(new.date);
        self.check_open(posted)?;
        let when_due = self.due_date(new.term.as_deref(), new.date, new.due)?;
        let terms = self.currency_terms(&new.currency, posted)?;
        let mut lines = self.priced_lines(&new.lines, &terms)?;
        for contact in [&new.bill_to, &new.ship_to].into_iter().flatten() {
            if !self.contacts.contains_key(contact) {
                return Err(Refusal::not_valid("Contact", contact));
            }
        }
        let (prefix, taken) = match kind {
            Kind::Invoice => ("INV", &self.invoice_numbers),
            Kind::Adjustment => ("ADJ", &self.adjustment_numbers),
        };
        if let Some(number) = &new.number
            && taken.contains_key(number)
        {
            return Err(Refusal::number_taken(number));
        }

        let record_id = match new.number {
            Some(number) => number,
            None => self.next_number(prefix),
        };
        let record_no = self.next_document();
        self.number_lines(&mut lines);
        let trx_total: Decimal = lines.iter().map(|line| line.trx_amount).sum();
        let total: Decimal = lines.iter().map(|line| line.amount).sum();
        let mut record = Receivable {
            record_no,
            record_id: record_id.clone(),
            customer_id: new.customer_id,
            doc_number: new.doc_number,
            invoice_no: new.invoice_no,
            description: new.description,
            external_id: new.external_id,
            when_created: new.date,
            when_posted: posted,
            when_due,
            when_paid: None,
            term: new.term,
            terms,
            ar_account,
            lines,
            trx_total,
            total,
            trx_paid: Decimal::ZERO,
            paid: Decimal::ZERO,
            state: if new.draft { ReceivableState::Draft } else { ReceivableState::Posted },
            module: module.to_owned(),
            sales_document,
            bill_to: new.bill_to,
            ship_to: new.ship_to,
            gl_batch: None,
            entity: self.acting_entity.clone(),
            sup_doc: new.sup_doc,
            when_modified: self.clock,
        };
        if !new.draft && !new.no_gl {
            record.gl_batch = Some(self.post_receivable_to_gl(kind, &record));
        }
        match kind {
            Kind::Invoice => {
                self.invoice_numbers.insert(record_id, record_no);
                self.invoices.insert(record_no, record);
            }
            Kind::Adjustment => {
                self.adjustment_numbers.insert(record_id, record_no);
                self.adjustments.insert(record_no, record);
            }
        }
        Ok(record_no)
    }

    fn post_receivable_to_gl(&mut self, kind: Kind, record: &Receivable) -> RecordNo {
        let tag = |dimensions: &Dimensions| Dimensions {
            customer: dimensions.customer.clone().or_else(|| Some(record.customer_id.clone())),
            ..dimensions.clone()
        };
        let first = record.lines.first().map(|line| tag(&line.dimensions)).unwrap_or_default();
        let mut legs = vec![
            Leg::signed(Side::Debit, &record.ar_account, record.trx_total, record.total, &record.terms)
                .tagged(&Dimensions { item: None, ..first })
                .noted(&record.record_id, &record.description),
        ];
        for line in &record.lines {
            legs.push(
                Leg::signed(Side::Credit, &line.account, line.trx_amount, line.amount, &record.terms)
                    .tagged(&tag(&line.dimensions))
                    .noted(&record.record_id, &line.memo),
            );
        }
        let (what, record_type) = match kind {
            Kind::Invoice => ("Invoices", "ri"),
            Kind::Adjustment => ("Adjustments", "ra"),
        };
        self.post_subledger(Posting {
            date: record.when_posted,
            journal: self.preferences.ar_journal.clone(),
            module: record.module.clone(),
            title: format!("{what}: {}", record.record_id),
            source: Source {
                record_no: Some(record.record_no),
                record_id: record.record_id.clone(),
                record_type: record_type.to_owned(),
                doc_number: record.doc_number.clone(),
                customer_id: Some(record.customer_id.clone()),
            },
            legs,
        })
    }

    /// Takes a receivable off the books entirely: allowed only while nothing is applied to it.
    pub fn delete_receivable(&mut self, kind: Kind, record_no: RecordNo) -> Result<(), Refusal> {
        let record = self.receivable(kind, record_no).ok_or_else(|| Refusal::unknown_record(record_no))?;
        if !record.trx_paid.is_zero() {
            return Err(Refusal::business(format!(
                "Invoice {} has payments applied and cannot be deleted",
                record.record_id
            )));
        }
        if record.state == ReceivableState::Posted {
            self.check_open(record.when_posted)?;
        }
        let (number, batch) = (record.record_id.clone(), record.gl_batch);
        match kind {
            Kind::Invoice => {
                self.invoices.remove(&record_no);
                self.invoice_numbers.remove(&number);
            }
            Kind::Adjustment => {
                self.adjustments.remove(&record_no);
                self.adjustment_numbers.remove(&number);
            }
        }
        if let Some(batch) = batch {
            self.remove_batch(batch);
        }
        Ok(())
    }

    pub fn receivable(&self, kind: Kind, record_no: RecordNo) -> Option<&Receivable> {
        match kind {
            Kind::Invoice => self.invoices.get(&record_no),
            Kind::Adjustment => self.adjustments.get(&record_no),
        }
    }

    pub(crate) fn receivable_mut(&mut self, kind: Kind, record_no: RecordNo) -> Option<&mut Receivable> {
        match kind {
            Kind::Invoice => self.invoices.get_mut(&record_no),
            Kind::Adjustment => self.adjustments.get_mut(&record_no),
        }
    }

    /// Counts an amount as settled on a document, filling its lines top down; returns the line amounts and the base
    /// value taken off. A negative amount undoes.
    pub(crate) fn settle(
        &mut self,
        kind: Kind,
        record_no: RecordNo,
        trx: Decimal,
        entry: Option<RecordNo>,
        on: Date,
    ) -> (Vec<(RecordNo, Decimal)>, Decimal) {
        let clock = self.clock;
        let Some(record) = self.receivable_mut(kind, record_no) else { return (Vec::new(), Decimal::ZERO) };
        // the last payment takes whatever base value is left, so that no cent stays behind
        let base = if record.trx_total - record.trx_paid == trx {
            record.total - record.paid
        } else {
            cents(trx * record.terms.rate)
        };
        let mut left = trx;
        let mut taken = Vec::new();
        for line in record.lines.iter_mut().filter(|line| entry.is_none_or(|entry| entry == line.record_no)) {
            let open = line.trx_amount - line.trx_paid;
            let part = if left >= Decimal::ZERO {
                left.min(open.max(Decimal::ZERO))
            } else {
                left.max(open.min(Decimal::ZERO))
            };
            if !part.is_zero() {
                line.trx_paid += part;
                left -= part;
                taken.push((line.record_no, part));
            }
        }
        record.trx_paid += trx;
        record.paid += base;
        record.when_paid = (record.trx_paid == record.trx_total).then_some(on);
        record.when_modified = clock;
        (taken, base)
    }
}
