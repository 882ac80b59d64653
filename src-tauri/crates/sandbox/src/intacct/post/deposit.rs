//! Deposits: receipts carried from the undeposited-funds drawer to the bank.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::intacct::company::Company;
use crate::intacct::errors::Refusal;
use crate::intacct::gl::{Leg, Posting};
use crate::intacct::records::*;

#[derive(Clone, Debug)]
pub struct NewDeposit {
    pub bank: String,
    pub date: Date,
    /// The slip's number.
    pub slip: String,
    pub description: String,
    /// Record numbers of payments, advances and other receipts.
    pub receipts: Vec<RecordNo>,
}

impl Company {
    pub fn post_deposit(&mut self, new: NewDeposit) -> Result<RecordNo, Refusal> {
        let bank = self.bank(&new.bank)?.clone();
        self.check_open(new.date)?;
        if new.slip.is_empty() {
            return Err(Refusal::missing("depositid"));
        }
        if new.receipts.is_empty() {
            return Err(Refusal::missing("receiptkeys"));
        }
        if bank.currency != self.base_currency {
            return Err(Refusal::business(format!("Bank account '{}' is not in base currency", bank.id)));
        }
        let mut from: BTreeMap<String, Decimal> = BTreeMap::new();
        let mut seen = std::collections::BTreeSet::new();
        for key in &new.receipts {
            if !seen.insert(*key) {
                return Err(Refusal::business(format!("Receipt {key} is listed twice")));
            }
            let (place, total, deposited) = self.receipt(*key).ok_or_else(|| Refusal::unknown_record(key))?;
            match (place, deposited) {
                (MoneyPlace::Undeposited(account), false) => *from.entry(account.clone()).or_default() += total,
                _ => return Err(Refusal::business(format!("Receipt {key} is not in undeposited funds"))),
            }
        }
        let total: Decimal = from.values().sum();
        let terms = self.base_terms();
        let mut legs =
            vec![Leg::signed(Side::Debit, &bank.gl_account, total, total, &terms).noted(&new.slip, &new.description)];
        for (account, amount) in &from {
            legs.push(Leg::signed(Side::Credit, account, *amount, *amount, &terms).noted(&new.slip, &new.description));
        }
        let record_no = self.next_document();
        let batch = self.post_subledger(Posting {
            date: new.date,
            journal: self.preferences.receipts_journal.clone(),
            module: "11.CM".to_owned(),
            title: format!("Deposits: {}", new.slip),
            source: Source {
                record_no: Some(record_no),
                record_id: new.slip.clone(),
                record_type: "cd".to_owned(),
                doc_number: new.slip.clone(),
                customer_id: None,
            },
            legs,
        });
        for key in &new.receipts {
            self.mark_deposited(*key, record_no);
        }
        let deposit = Deposit {
            record_no,
            slip: new.slip,
            bank: new.bank,
            date: new.date,
            description: new.description,
            receipts: new.receipts,
            currency: bank.currency,
            total,
            gl_batch: Some(batch),
            when_modified: self.clock,
        };
        self.deposits.insert(record_no, deposit);
        Ok(record_no)
    }

    fn receipt(&self, key: RecordNo) -> Option<(&MoneyPlace, Decimal, bool)> {
        if let Some(it) = self.payments.get(&key) {
            return (it.state == PaymentState::Complete).then_some((&it.place, it.total, it.deposit.is_some()));
        }
        if let Some(it) = self.advances.get(&key) {
            return (it.state == PaymentState::Complete).then_some((&it.place, it.total, it.deposit.is_some()));
        }
        self.other_receipts.get(&key).map(|it| (&it.place, it.total, it.deposit.is_some()))
    }

    fn mark_deposited(&mut self, key: RecordNo, deposit: RecordNo) {
        let clock = self.clock;
        if let Some(it) = self.payments.get_mut(&key) {
            (it.deposit, it.when_modified) = (Some(deposit), clock);
        } else if let Some(it) = self.advances.get_mut(&key) {
            (it.deposit, it.when_modified) = (Some(deposit), clock);
        } else if let Some(it) = self.other_receipts.get_mut(&key) {
            (it.deposit, it.when_modified) = (Some(deposit), clock);
        }
    }
}
