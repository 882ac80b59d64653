//! Reversals: a posted receipt or invoice is undone by its mirror image on a later day. Deleting one is the
//! window's business.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::receivable::Kind;
use crate::intacct::company::Company;
use crate::intacct::errors::Refusal;
use crate::intacct::records::*;

impl Company {
    /// Reverses a payment (or an advance) and opens the invoices it had settled again.
    pub fn reverse_payment(&mut self, record_no: RecordNo, date: Date, description: &str) -> Result<(), Refusal> {
        if self.advances.contains_key(&record_no) {
            return self.reverse_advance(record_no, date, description);
        }
        let payment = self.payments.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?.clone();
        match payment.state {
            PaymentState::Draft => {
                return Err(Refusal::business(format!("Payment {record_no} is a draft and cannot be reversed")));
            }
            PaymentState::Reversed => {
                return Err(Refusal::business(format!("Payment {record_no} has already been reversed")));
            }
            PaymentState::Complete => {}
        }
        if payment.deposit.is_some() {
            return Err(Refusal::business(format!("Payment {record_no} has been deposited and cannot be reversed")));
        }
        if date < payment.receipt_date {
            return Err(Refusal::business("Reversal date cannot be earlier than the payment date"));
        }
        self.check_open(date)?;
        if let Some(batch) = payment.gl_batch {
            let title = if description.is_empty() {
                format!("Reversed Receipts: {}", payment.record_id)
            } else {
                description.to_owned()
            };
            self.mirror_batch(batch, date, &title);
        }
        self.open_again(&payment.details);
        let clock = self.clock;
        if let Some(payment) = self.payments.get_mut(&record_no) {
            payment.state = PaymentState::Reversed;
            payment.when_modified = clock;
        }
        Ok(())
    }

    /// What somebody with the right does in the window: takes a posted receipt off the books as if it had never been.
    pub fn delete_payment(&mut self, record_no: RecordNo) -> Result<(), Refusal> {
        let payment = self.payments.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?.clone();
        if payment.deposit.is_some() {
            return Err(Refusal::business(format!("Payment {record_no} has been deposited and cannot be deleted")));
        }
        self.check_open(payment.receipt_date)?;
        if payment.state == PaymentState::Complete {
            self.open_again(&payment.details);
        }
        if let Some(batch) = payment.gl_batch {
            self.remove_batch(batch);
        }
        self.payments.remove(&record_no);
        Ok(())
    }

    /// What a payment had settled is due again.
    fn open_again(&mut self, details: &[PaymentDetail]) {
        for detail in details {
            let target = match (detail.record_key, detail.pos_adj_key) {
                (Some(key), _) => Some((Kind::Invoice, key)),
                (None, Some(key)) => Some((Kind::Adjustment, key)),
                (None, None) => None,
            };
            if let Some((kind, key)) = target {
                self.unsettle(kind, key, detail.trx_settled(), detail.base_settled, &detail.lines);
            }
            if let Some(key) = detail.adjustment_key {
                self.unsettle(
                    Kind::Adjustment,
                    key,
                    -detail.trx_adjustment_amount,
                    detail.credit_base,
                    &detail.credit_lines,
                );
            }
            if let Some(key) = detail.advance_key {
                self.give_back_advance(key, detail.trx_advance_amount);
            }
        }
    }

    fn reverse_advance(&mut self, record_no: RecordNo, date: Date, description: &str) -> Result<(), Refusal> {
        let advance = self.advances.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?.clone();
        if advance.state != PaymentState::Complete || !advance.trx_applied.is_zero() || advance.deposit.is_some() {
            return Err(Refusal::business(format!(
                "Advance {record_no} is applied, deposited or not posted and cannot be reversed"
            )));
        }
        if date < advance.receipt_date {
            return Err(Refusal::business("Reversal date cannot be earlier than the receipt date"));
        }
        self.check_open(date)?;
        if let Some(batch) = advance.gl_batch {
            let title = if description.is_empty() {
                format!("Reversed Advances: {}", advance.record_id)
            } else {
                description.to_owned()
            };
            self.mirror_batch(batch, date, &title);
        }
        let clock = self.clock;
        if let Some(advance) = self.advances.get_mut(&record_no) {
            advance.state = PaymentState::Reversed;
            advance.when_modified = clock;
        }
        Ok(())
    }

    /// Reverses an invoice nothing has been paid on.
    pub fn reverse_invoice(&mut self, record_no: RecordNo, date: Date, description: &str) -> Result<(), Refusal> {
        let invoice = self.invoices.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?.clone();
        if invoice.state != ReceivableState::Posted {
            return Err(Refusal::business(format!(
                "Invoice {} is not posted and cannot be reversed",
                invoice.record_id
            )));
        }
        if !invoice.trx_paid.is_zero() {
            return Err(Refusal::business(format!(
                "Invoice {} has payments applied and cannot be reversed",
                invoice.record_id
            )));
        }
        if invoice.module != "4.AR" {
            return Err(Refusal::business(format!(
                "Invoice {} was made by Order Entry and cannot be reversed here",
                invoice.record_id
            )));
        }
        if date < invoice.when_posted {
            return Err(Refusal::business("Reversal date cannot be earlier than the invoice date"));
        }
        self.check_open(date)?;
        if let Some(batch) = invoice.gl_batch {
            let title = if description.is_empty() {
                format!("Reversed Invoices: {}", invoice.record_id)
            } else {
                description.to_owned()
            };
            self.mirror_batch(batch, date, &title);
        }
        let clock = self.clock;
        if let Some(invoice) = self.invoices.get_mut(&record_no) {
            invoice.state = ReceivableState::Reversed;
            invoice.when_modified = clock;
        }
        Ok(())
    }

    fn unsettle(
        &mut self,
        kind: Kind,
        record_no: RecordNo,
        trx: Decimal,
        base: Decimal,
        lines: &[(RecordNo, Decimal)],
    ) {
        let clock = self.clock;
        let Some(record) = self.receivable_mut(kind, record_no) else { return };
        record.trx_paid -= trx;
        record.paid -= base;
        for (line_no, part) in lines {
            if let Some(line) = record.lines.iter_mut().find(|line| line.record_no == *line_no) {
                line.trx_paid -= *part;
            }
        }
        record.when_paid = None;
        record.when_modified = clock;
    }
}
