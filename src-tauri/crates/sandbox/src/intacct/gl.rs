//! The general ledger: every posting lands here as a balanced journal entry, line by line.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::company::Company;
use super::errors::Refusal;
use super::records::*;
use super::text::cents;

/// A balance with its debit positive, in the rows' own currency and in base currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    pub trx: Decimal,
    pub base: Decimal,
}

/// One side of an entry on its way into the ledger.
#[derive(Clone, Debug)]
pub struct Leg {
    pub side: Side,
    pub account: String,
    pub trx_amount: Decimal,
    pub amount: Decimal,
    pub terms: CurrencyTerms,
    pub document: String,
    pub description: String,
    pub dimensions: Dimensions,
}

impl Leg {
    /// A leg whose sign decides its side: positive goes to `side`, negative to the other.
    pub fn signed(side: Side, account: &str, trx: Decimal, base: Decimal, terms: &CurrencyTerms) -> Self {
        let negative = base < Decimal::ZERO || (base.is_zero() && trx < Decimal::ZERO);
        Leg {
            side: if negative { side.other() } else { side },
            account: account.to_owned(),
            trx_amount: trx.abs(),
            amount: base.abs(),
            terms: terms.clone(),
            document: String::new(),
            description: String::new(),
            dimensions: Dimensions::default(),
        }
    }

    pub fn tagged(mut self, dimensions: &Dimensions) -> Self {
        self.dimensions = dimensions.clone();
        self
    }

    pub fn noted(mut self, document: &str, description: &str) -> Self {
        self.document = document.to_owned();
        self.description = description.to_owned();
        self
    }
}

/// A journal entry made by a subledger.
#[derive(Clone, Debug)]
pub struct Posting {
    pub date: Date,
    pub journal: String,
    pub module: String,
    pub title: String,
    pub source: Source,
    pub legs: Vec<Leg>,
}

impl Company {
    /// Whether debits equal credits in base currency.
    pub(crate) fn legs_balance(legs: &[Leg]) -> bool {
        legs.iter().map(|leg| leg.side.signed(leg.amount)).sum::<Decimal>().is_zero()
    }

    /// Writes a subledger's entry: batch, lines and ledger rows. The legs were checked and balance.
    pub(crate) fn post_subledger(&mut self, posting: Posting) -> RecordNo {
        debug_assert!(Company::legs_balance(&posting.legs), "unbalanced posting {posting:?}");
        let record_no = self.new_batch(GlBatch {
            record_no: 0,
            batch_no: 0,
            title: posting.title,
            date: posting.date,
            journal: posting.journal,
            module: posting.module,
            reference: String::new(),
            history_comment: String::new(),
            state: BatchState::Posted,
            lines: Vec::new(),
            base_location: None,
            sup_doc: None,
            reversed_key: None,
            reversed_from: None,
            source: posting.source,
            entity: self.acting_entity.clone(),
            when_created: self.clock,
            when_modified: self.clock,
        });
        self.set_lines(
            record_no,
            posting.legs.into_iter().filter(|leg| !leg.amount.is_zero() || !leg.trx_amount.is_zero()),
        );
        self.write_rows(record_no);
        record_no
    }

    pub(crate) fn new_batch(&mut self, batch: GlBatch) -> RecordNo {
        self.counters.gl_batch += 1;
        self.counters.batch_no += 1;
        let record_no = self.counters.gl_batch;
        let batch = GlBatch { record_no, batch_no: self.counters.batch_no, ..batch };
        self.batches.insert(record_no, batch);
        record_no
    }

    pub(crate) fn set_lines(&mut self, batch: RecordNo, legs: impl Iterator<Item = Leg>) {
        let mut lines = Vec::new();
        for (at, leg) in legs.enumerate() {
            self.counters.gl_line += 1;
            lines.push(GlLine {
                record_no: self.counters.gl_line,
                line_no: at as u32 + 1,
                side: leg.side,
                account: leg.account,
                trx_amount: leg.trx_amount,
                amount: leg.amount,
                terms: leg.terms,
                document: leg.document,
                description: leg.description,
                dimensions: leg.dimensions,
            });
        }
        if let Some(batch) = self.batches.get_mut(&batch) {
            batch.lines = lines;
        }
    }

    /// Puts a posted batch's lines into the ledger.
    pub(crate) fn write_rows(&mut self, batch: RecordNo) {
        let Some(batch) = self.batches.get(&batch) else { return };
        let mut keys = Vec::with_capacity(batch.lines.len());
        for line in &batch.lines {
            self.counters.gl_row += 1;
            let row = GlRow {
                record_no: self.counters.gl_row,
                batch_key: batch.record_no,
                batch_no: batch.batch_no,
                batch_date: batch.date,
                batch_title: batch.title.clone(),
                journal: batch.journal.clone(),
                module: batch.module.clone(),
                entry_date: batch.date,
                side: line.side,
                account: line.account.clone(),
                trx_amount: line.trx_amount,
                amount: line.amount,
                currency: line.terms.currency.clone(),
                document: line.document.clone(),
                description: line.description.clone(),
                dimensions: line.dimensions.clone(),
                source: batch.source.clone(),
                entity: batch.entity.clone(),
                when_modified: self.clock,
            };
            keys.push(row.record_no);
            self.gl.insert(row.record_no, row);
        }
        self.rows_of_batch.insert(batch.record_no, keys);
    }

    /// Takes a batch and its rows out of the ledger (a deleted or rewritten document).
    pub(crate) fn remove_batch(&mut self, batch: RecordNo) {
        for row in self.rows_of_batch.remove(&batch).unwrap_or_default() {
            self.gl.remove(&row);
        }
        self.batches.remove(&batch);
    }

    /// Posts the mirror image of a batch on another day.
    pub(crate) fn mirror_batch(&mut self, batch: RecordNo, date: Date, title: &str) -> Option<RecordNo> {
        let original = self.batches.get(&batch)?.clone();
        let legs: Vec<Leg> = original
            .lines
            .iter()
            .map(|line| Leg {
                side: line.side.other(),
                account: line.account.clone(),
                trx_amount: line.trx_amount,
                amount: line.amount,
                terms: line.terms.clone(),
                document: line.document.clone(),
                description: line.description.clone(),
                dimensions: line.dimensions.clone(),
            })
            .collect();
        let mirror = self.new_batch(GlBatch {
            title: title.to_owned(),
            date,
            lines: Vec::new(),
            state: BatchState::Posted,
            reversed_from: Some(batch),
            reversed_key: None,
            when_created: self.clock,
            when_modified: self.clock,
            ..original
        });
        self.set_lines(mirror, legs.into_iter());
        self.write_rows(mirror);
        if let Some(original) = self.batches.get_mut(&batch) {
            original.reversed_key = Some(mirror);
            original.when_modified = self.clock;
        }
        Some(mirror)
    }

    // ---- asking -----------------------------------------------------------------------------------------------

    /// Balances by account and currency, debit positive.
    pub fn balances(&self) -> BTreeMap<(String, String), Balance> {
        self.balances_through(Date::MAX)
    }

    /// Balances of rows dated on or before a day.
    pub fn balances_through(&self, day: Date) -> BTreeMap<(String, String), Balance> {
        let mut out: BTreeMap<(String, String), Balance> = BTreeMap::new();
        for row in self.gl.values().filter(|row| row.entry_date <= day) {
            let balance = out.entry((row.account.clone(), row.currency.clone())).or_default();
            balance.trx += row.side.signed(row.trx_amount);
            balance.base += row.side.signed(row.amount);
        }
        out
    }

    /// The base-currency balance of one account, debit positive.
    pub fn base_balance(&self, account: &str) -> Decimal {
        self.gl.values().filter(|row| row.account == account).map(|row| row.side.signed(row.amount)).sum()
    }

    /// Sum of all rows in base currency; zero unless somebody planted, changed or deleted one by hand.
    pub fn out_of_balance(&self) -> Decimal {
        self.gl.values().map(|row| row.side.signed(row.amount)).sum()
    }

    // ---- tampering, for tie-out tests -------------------------------------------------------------------------

    /// Puts a row into the ledger that no document explains.
    pub fn plant_gl_row(
        &mut self,
        date: Date,
        account: &str,
        currency: &str,
        side: Side,
        trx: Decimal,
        note: &str,
    ) -> RecordNo {
        self.counters.gl_row += 1;
        let record_no = self.counters.gl_row;
        let rate = self.rate(currency, &self.preferences.default_rate_type, date).unwrap_or(Decimal::ONE);
        let row = GlRow {
            record_no,
            batch_key: 0,
            batch_no: 0,
            batch_date: date,
            batch_title: note.to_owned(),
            journal: "GJ".to_owned(),
            module: "2.GL".to_owned(),
            entry_date: date,
            side,
            account: account.to_owned(),
            trx_amount: trx.abs(),
            amount: cents(trx.abs() * rate),
            currency: currency.to_owned(),
            document: String::new(),
            description: note.to_owned(),
            dimensions: Dimensions::default(),
            source: Source::default(),
            entity: None,
            when_modified: self.clock,
        };
        self.gl.insert(record_no, row);
        record_no
    }

    /// Changes a row's amount behind its document's back.
    pub fn change_gl_row(&mut self, record_no: RecordNo, trx: Decimal) -> Result<(), Refusal> {
        let clock = self.clock;
        let row = self.gl.get_mut(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?;
        let rate = if row.trx_amount.is_zero() { Decimal::ONE } else { row.amount / row.trx_amount };
        row.trx_amount = trx.abs();
        row.amount = cents(trx.abs() * rate);
        if trx < Decimal::ZERO {
            row.side = row.side.other();
        }
        row.when_modified = clock;
        Ok(())
    }

    /// Deletes a row behind its document's back.
    pub fn delete_gl_row(&mut self, record_no: RecordNo) -> Result<(), Refusal> {
        self.gl.remove(&record_no).map(|_| ()).ok_or_else(|| Refusal::unknown_record(record_no))
    }
}
