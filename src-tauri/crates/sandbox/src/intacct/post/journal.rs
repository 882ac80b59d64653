//! Journal entries (GLBATCH) written by hand: fees, payouts, corrections.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::intacct::company::{Company, WantedCurrency};
use crate::intacct::errors::{GatewayError, Refusal, WRAPPER};
use crate::intacct::gl::Leg;
use crate::intacct::records::*;
use crate::intacct::text::cents;

#[derive(Clone, Debug)]
pub struct NewGlLine {
    pub side: Side,
    pub account: String,
    pub amount: Decimal,
    pub currency: WantedCurrency,
    pub document: String,
    pub description: String,
    pub dimensions: Dimensions,
}

impl NewGlLine {
    pub fn new(side: Side, account: &str, amount: Decimal) -> Self {
        NewGlLine {
            side,
            account: account.to_owned(),
            amount,
            currency: WantedCurrency::default(),
            document: String::new(),
            description: String::new(),
            dimensions: Dimensions::default(),
        }
    }

    pub fn debit(account: &str, amount: Decimal) -> Self {
        NewGlLine::new(Side::Debit, account, amount)
    }

    pub fn credit(account: &str, amount: Decimal) -> Self {
        NewGlLine::new(Side::Credit, account, amount)
    }

    pub fn in_currency(mut self, currency: WantedCurrency) -> Self {
        self.currency = currency;
        self
    }

    pub fn with(mut self, dimensions: Dimensions) -> Self {
        self.dimensions = dimensions;
        self
    }

    pub fn document(mut self, document: &str) -> Self {
        self.document = document.to_owned();
        self
    }
}

#[derive(Clone, Debug)]
pub struct NewJournal {
    pub journal: String,
    pub date: Date,
    pub title: String,
    pub reference: String,
    pub history_comment: String,
    /// The day an automatic reversal posts.
    pub reverse_date: Option<Date>,
    /// The entity that owns the difference when lines do not balance entity by entity.
    pub base_location: Option<String>,
    pub sup_doc: Option<String>,
    pub draft: bool,
    pub lines: Vec<NewGlLine>,
}

impl NewJournal {
    pub fn new(journal: &str, date: Date, title: &str, lines: Vec<NewGlLine>) -> Self {
        NewJournal {
            journal: journal.to_owned(),
            date,
            title: title.to_owned(),
            reference: String::new(),
            history_comment: String::new(),
            reverse_date: None,
            base_location: None,
            sup_doc: None,
            draft: false,
            lines,
        }
    }

    pub fn reference(mut self, reference: &str) -> Self {
        self.reference = reference.to_owned();
        self
    }
}

impl Company {
    /// Saves a journal entry: Draft when asked, Submitted when the journal needs approval, else posted at once.
    pub fn post_journal(&mut self, new: NewJournal) -> Result<RecordNo, Refusal> {
        let legs = self.check_journal(&new)?;
        let needs_approval = self.journal(&new.journal)?.needs_approval;
        let state = match (new.draft, needs_approval) {
            (true, _) => BatchState::Draft,
            (false, true) => BatchState::Submitted,
            (false, false) => BatchState::Posted,
        };
        let record_no = self.new_batch(GlBatch {
            record_no: 0,
            batch_no: 0,
            title: new.title,
            date: new.date,
            journal: new.journal,
            module: "2.GL".to_owned(),
            reference: new.reference,
            history_comment: new.history_comment,
            state,
            lines: Vec::new(),
            base_location: new.base_location,
            sup_doc: new.sup_doc,
            reversed_key: None,
            reversed_from: None,
            source: Source::default(),
            entity: self.acting_entity.clone(),
            when_created: self.clock,
            when_modified: self.clock,
        });
        self.set_lines(record_no, legs.into_iter());
        if state == BatchState::Posted {
            self.write_rows(record_no);
            if let Some(day) = new.reverse_date {
                let title = self.batches.get(&record_no).map(|batch| format!("Reversed - {}", batch.title));
                self.mirror_batch(record_no, day, &title.unwrap_or_default());
            }
        }
        Ok(record_no)
    }

    /// What somebody with the right does in the window: approves a submitted entry, which posts it.
    pub fn approve_journal(&mut self, record_no: RecordNo) -> Result<(), Refusal> {
        let batch = self.batches.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?;
        if batch.state != BatchState::Submitted {
            return Err(Refusal::business(format!("Journal entry {record_no} is not awaiting approval")));
        }
        self.check_open(batch.date)?;
        self.set_batch_state(record_no, BatchState::Posted);
        self.write_rows(record_no);
        Ok(())
    }

    /// Rewrites a journal entry: lines not given are gone.
    pub fn update_journal(&mut self, record_no: RecordNo, new: NewJournal) -> Result<(), Refusal> {
        let old = self.own_batch(record_no)?;
        let was = old.state;
        self.check_open(old.date)?;
        let legs = self.check_journal(&new)?;
        let needs_approval = self.journal(&new.journal)?.needs_approval;
        let state = match (new.draft, was, needs_approval) {
            (true, BatchState::Draft, _) => BatchState::Draft,
            (_, BatchState::Posted, _) => BatchState::Posted,
            (_, _, true) => BatchState::Submitted,
            (_, _, false) => BatchState::Posted,
        };
        for row in self.rows_of_batch.remove(&record_no).unwrap_or_default() {
            self.gl.remove(&row);
        }
        if let Some(batch) = self.batches.get_mut(&record_no) {
            batch.title = new.title;
            batch.date = new.date;
            batch.reference = new.reference;
            batch.history_comment = new.history_comment;
        }
        self.set_lines(record_no, legs.into_iter());
        self.set_batch_state(record_no, state);
        if state == BatchState::Posted {
            self.write_rows(record_no);
        }
        Ok(())
    }

    pub fn delete_journal(&mut self, record_no: RecordNo) -> Result<(), Refusal> {
        let batch = self.own_batch(record_no)?;
        if batch.state == BatchState::Posted {
            self.check_open(batch.date)?;
        }
        self.remove_batch(record_no);
        Ok(())
    }

    fn own_batch(&self, record_no: RecordNo) -> Result<&GlBatch, Refusal> {
        let batch = self.batches.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?;
        if batch.module != "2.GL" {
            return Err(Refusal::business(format!(
                "Journal entry {record_no} belongs to a subledger and cannot be changed here"
            )));
        }
        if batch.reversed_key.is_some() {
            return Err(Refusal::business(format!(
                "Journal entry {record_no} has been reversed and cannot be changed"
            )));
        }
        Ok(batch)
    }

    fn set_batch_state(&mut self, record_no: RecordNo, state: BatchState) {
        let clock = self.clock;
        if let Some(batch) = self.batches.get_mut(&record_no) {
            batch.state = state;
            batch.when_modified = clock;
        }
    }

    fn check_journal(&self, new: &NewJournal) -> Result<Vec<Leg>, Refusal> {
        self.journal(&new.journal)?;
        if new.title.is_empty() {
            return Err(Refusal::missing("BATCH_TITLE"));
        }
        if new.lines.len() < 2 {
            return Err(Refusal::business("A journal entry needs at least two lines"));
        }
        if new.reverse_date.is_some_and(|day| day <= new.date) {
            return Err(Refusal::business("REVERSEDATE must be later than BATCH_DATE"));
        }
        self.check_open(new.date)?;
        if let Some(day) = new.reverse_date {
            self.check_open(day)?;
        }
        let mut legs = Vec::with_capacity(new.lines.len());
        for line in &new.lines {
            let account = self.account(&line.account)?.no.clone();
            if line.amount < Decimal::ZERO {
                return Err(Refusal::business("TRX_AMOUNT must be an absolute value; TR_TYPE gives the side"));
            }
            if line.amount.is_zero() {
                return Err(Refusal::business(format!("Amount of the line on account {account} is zero")));
            }
            self.check_dimensions(&account, &line.dimensions)?;
            let terms = self.currency_terms(&line.currency, new.date)?;
            let trx = cents(line.amount);
            legs.push(Leg {
                side: line.side,
                account,
                trx_amount: trx,
                amount: cents(trx * terms.rate),
                terms,
                document: line.document.clone(),
                description: line.description.clone(),
                dimensions: line.dimensions.clone(),
            });
        }
        self.absorb_rounding(&mut legs);
        if !Company::legs_balance(&legs) {
            return Err(unbalanced("Debits and credits are not equal", None));
        }
        if self.preferences.multi_entity && new.base_location.is_none() {
            let mut by_entity: BTreeMap<Option<String>, Decimal> = BTreeMap::new();
            for leg in &legs {
                *by_entity.entry(self.entity_of(leg.dimensions.location.as_deref())).or_default() +=
                    leg.side.signed(leg.amount);
            }
            if let Some((entity, _)) = by_entity.iter().find(|(_, sum)| !sum.is_zero()) {
                let name = entity.clone().unwrap_or_else(|| "Top level".to_owned());
                return Err(unbalanced(&format!("Transactions do not balance for {name}"), Some("BASELOCATION_NO")));
            }
        }
        Ok(legs)
    }

    /// An entry in one foreign currency that balances there balances in base too: the largest line takes the cent.
    fn absorb_rounding(&self, legs: &mut [Leg]) {
        let Some(first) = legs.first() else { return };
        let (currency, rate) = (first.terms.currency.clone(), first.terms.rate);
        let same = legs.iter().all(|leg| leg.terms.currency == currency && leg.terms.rate == rate);
        let trx: Decimal = legs.iter().map(|leg| leg.side.signed(leg.trx_amount)).sum();
        let base: Decimal = legs.iter().map(|leg| leg.side.signed(leg.amount)).sum();
        if same
            && trx.is_zero()
            && !base.is_zero()
            && let Some(largest) = legs.iter_mut().max_by_key(|leg| leg.amount)
        {
            largest.amount -= largest.side.signed(base);
        }
    }
}

fn unbalanced(text: &str, field: Option<&str>) -> Refusal {
    let hint = field.map(|field| format!("Give {field} or balance every entity.")).unwrap_or_default();
    Refusal(vec![
        GatewayError::new(WRAPPER, text).correct(hint),
        GatewayError::new(WRAPPER, "Transactions do not balance"),
    ])
}
