//! Other receipts: money that is no customer payment, such as a gateway's payout.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::NewLine;
use crate::intacct::company::{Company, WantedCurrency};
use crate::intacct::errors::Refusal;
use crate::intacct::gl::{Leg, Posting};
use crate::intacct::records::*;

#[derive(Clone, Debug)]
pub struct NewOtherReceipt {
    pub payer: String,
    pub place: MoneyPlace,
    pub payment_method: String,
    pub doc_number: String,
    pub description: String,
    pub payment_date: Date,
    pub receipt_date: Date,
    pub deposit_date: Option<Date>,
    pub currency: WantedCurrency,
    pub lines: Vec<NewLine>,
}

impl Company {
    pub fn post_other_receipt(&mut self, new: NewOtherReceipt) -> Result<RecordNo, Refusal> {
        Company::check_payment_method(&new.payment_method)?;
        if new.payer.is_empty() {
            return Err(Refusal::missing("payee"));
        }
        // UNVERIFIED: which of the three dates reaches the ledger; taken as the deposit date of a bank receipt,
        // else the date received
        let posting_date = new.deposit_date.unwrap_or(new.receipt_date);
        self.check_open(posting_date)?;
        let terms = self.currency_terms(&new.currency, posting_date)?;
        let account = self.money_account(&new.place, &terms)?;
        let mut lines = self.priced_lines(&new.lines, &terms)?;
        self.number_lines(&mut lines);
        let record_no = self.next_document();
        let record_id = self.next_number("OR");
        let trx_total: Decimal = lines.iter().map(|line| line.trx_amount).sum();
        let total: Decimal = lines.iter().map(|line| line.amount).sum();
        let tags = lines.first().map(|line| line.dimensions.clone()).unwrap_or_default();
        let mut legs = vec![
            self.money_leg(&new.place, &account, trx_total, total, &terms)
                .tagged(&tags)
                .noted(&new.doc_number, &new.description),
        ];
        for line in &lines {
            legs.push(
                Leg::signed(Side::Credit, &line.account, line.trx_amount, line.amount, &terms)
                    .tagged(&line.dimensions)
                    .noted(&new.doc_number, &line.memo),
            );
        }
        let batch = self.post_subledger(Posting {
            date: posting_date,
            journal: self.preferences.receipts_journal.clone(),
            module: "11.CM".to_owned(),
            title: format!("Other receipts: {record_id}"),
            source: Source {
                record_no: Some(record_no),
                record_id: record_id.clone(),
                record_type: "cr".to_owned(),
                doc_number: new.doc_number.clone(),
                customer_id: None,
            },
            legs,
        });
        let receipt = OtherReceipt {
            record_no,
            record_id,
            payer: new.payer,
            place: new.place,
            payment_method: new.payment_method,
            doc_number: new.doc_number,
            description: new.description,
            payment_date: new.payment_date,
            receipt_date: new.receipt_date,
            deposit_date: new.deposit_date,
            terms,
            lines,
            trx_total,
            total,
            deposit: None,
            gl_batch: Some(batch),
            entity: self.acting_entity.clone(),
            when_modified: self.clock,
        };
        self.other_receipts.insert(record_no, receipt);
        Ok(record_no)
    }
}
