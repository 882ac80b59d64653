//! Advances (ARADVANCE): a customer's money held until there is an invoice to settle with it.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::NewLine;
use crate::intacct::company::{Company, WantedCurrency};
use crate::intacct::errors::Refusal;
use crate::intacct::gl::{Leg, Posting};
use crate::intacct::records::*;
use crate::intacct::text::cents;

#[derive(Clone, Debug)]
pub struct NewAdvance {
    pub customer_id: String,
    pub place: MoneyPlace,
    pub payment_method: String,
    pub doc_number: String,
    pub description: String,
    pub payment_date: Date,
    pub receipt_date: Date,
    pub currency: WantedCurrency,
    /// What is owed to the customer, usually one line on the deposits account.
    pub lines: Vec<NewLine>,
    pub draft: bool,
}

impl NewAdvance {
    pub fn new(customer_id: &str, place: MoneyPlace, receipt_date: Date, lines: Vec<NewLine>) -> Self {
        NewAdvance {
            customer_id: customer_id.to_owned(),
            place,
            payment_method: "Credit Card".to_owned(),
            doc_number: String::new(),
            description: String::new(),
            payment_date: receipt_date,
            receipt_date,
            currency: WantedCurrency::default(),
            lines,
            draft: false,
        }
    }

    pub fn numbered(mut self, doc_number: &str) -> Self {
        self.doc_number = doc_number.to_owned();
        self
    }
}

impl Company {
    pub fn post_advance(&mut self, new: NewAdvance) -> Result<RecordNo, Refusal> {
        self.customer(&new.customer_id)?;
        Company::check_payment_method(&new.payment_method)?;
        self.check_open(new.receipt_date)?;
        let terms = self.currency_terms(&new.currency, new.receipt_date)?;
        self.money_account(&new.place, &terms)?;
        let mut lines = self.priced_lines(&new.lines, &terms)?;
        let trx_total: Decimal = lines.iter().map(|line| line.trx_amount).sum();
        if trx_total <= Decimal::ZERO {
            return Err(Refusal::business("Advance amount must be greater than zero"));
        }
        self.number_lines(&mut lines);
        let record_no = self.next_document();
        let advance = ArAdvance {
            record_no,
            record_id: self.next_number("ADV"),
            customer_id: new.customer_id,
            place: new.place,
            payment_method: new.payment_method,
            doc_number: new.doc_number,
            description: new.description,
            receipt_date: new.receipt_date,
            payment_date: new.payment_date,
            terms,
            trx_total,
            total: lines.iter().map(|line| line.amount).sum(),
            lines,
            trx_applied: Decimal::ZERO,
            state: PaymentState::Draft,
            deposit: None,
            gl_batch: None,
            entity: self.acting_entity.clone(),
            when_modified: self.clock,
        };
        self.advances.insert(record_no, advance);
        if !new.draft {
            self.submit_advance(record_no)?;
        }
        Ok(record_no)
    }

    pub fn submit_advance(&mut self, record_no: RecordNo) -> Result<(), Refusal> {
        let advance = self.advances.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?.clone();
        if advance.state != PaymentState::Draft {
            return Err(Refusal::business(format!("Advance {record_no} is not a draft and cannot be changed")));
        }
        self.check_open(advance.receipt_date)?;
        let account = self.money_account(&advance.place, &advance.terms)?;
        let tag = |dimensions: &Dimensions| Dimensions {
            customer: dimensions.customer.clone().or_else(|| Some(advance.customer_id.clone())),
            ..dimensions.clone()
        };
        let first = advance.lines.first().map(|line| tag(&line.dimensions)).unwrap_or_default();
        let mut legs = vec![
            self.money_leg(&advance.place, &account, advance.trx_total, advance.total, &advance.terms)
                .tagged(&first)
                .noted(&advance.doc_number, &advance.description),
        ];
        for line in &advance.lines {
            legs.push(
                Leg::signed(Side::Credit, &line.account, line.trx_amount, line.amount, &advance.terms)
                    .tagged(&tag(&line.dimensions))
                    .noted(&advance.doc_number, &line.memo),
            );
        }
        let batch = self.post_subledger(Posting {
            date: advance.receipt_date,
            journal: self.preferences.receipts_journal.clone(),
            module: "4.AR".to_owned(),
            title: format!("Advances: {}", advance.record_id),
            source: Source {
                record_no: Some(record_no),
                record_id: advance.record_id.clone(),
                record_type: "rr".to_owned(),
                doc_number: advance.doc_number.clone(),
                customer_id: Some(advance.customer_id.clone()),
            },
            legs,
        });
        let clock = self.clock;
        if let Some(advance) = self.advances.get_mut(&record_no) {
            advance.gl_batch = Some(batch);
            advance.state = PaymentState::Complete;
            advance.when_modified = clock;
        }
        Ok(())
    }

    pub fn delete_draft_advance(&mut self, record_no: RecordNo) -> Result<(), Refusal> {
        let advance = self.advances.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?;
        if advance.state != PaymentState::Draft {
            return Err(Refusal::business(format!("Advance {record_no} is not a draft and cannot be deleted")));
        }
        self.advances.remove(&record_no);
        Ok(())
    }

    /// Uses part of an advance: debits for the accounts it was held on, at the value it came in with.
    pub(crate) fn use_advance(&mut self, record_no: RecordNo, trx: Decimal, document: &str) -> (Vec<Leg>, Decimal) {
        let clock = self.clock;
        let Some(advance) = self.advances.get_mut(&record_no) else { return (Vec::new(), Decimal::ZERO) };
        let mut left = trx;
        let mut base_sum = Decimal::ZERO;
        let mut legs = Vec::new();
        let terms = advance.terms.clone();
        for line in &mut advance.lines {
            let part = left.min(line.trx_amount - line.trx_paid);
            if part <= Decimal::ZERO {
                continue;
            }
            // the part that empties a line takes exactly the base value still on it
            let before = cents(line.trx_paid * terms.rate);
            let base = if line.trx_paid + part == line.trx_amount {
                line.amount - before
            } else {
                cents((line.trx_paid + part) * terms.rate) - before
            };
            line.trx_paid += part;
            left -= part;
            base_sum += base;
            let tags = Dimensions {
                customer: line.dimensions.customer.clone().or_else(|| Some(advance.customer_id.clone())),
                ..line.dimensions.clone()
            };
            legs.push(
                Leg::signed(Side::Debit, &line.account, part, base, &terms)
                    .tagged(&tags)
                    .noted(document, &format!("Advance {} used", advance.record_id)),
            );
        }
        advance.trx_applied += trx;
        advance.when_modified = clock;
        (legs, base_sum)
    }

    /// Gives back what a reversed payment had used, last line first.
    pub(crate) fn give_back_advance(&mut self, record_no: RecordNo, trx: Decimal) {
        let clock = self.clock;
        let Some(advance) = self.advances.get_mut(&record_no) else { return };
        let mut left = trx;
        for line in advance.lines.iter_mut().rev() {
            let part = left.min(line.trx_paid);
            line.trx_paid -= part;
            left -= part;
        }
        advance.trx_applied -= trx;
        advance.when_modified = clock;
    }
}
