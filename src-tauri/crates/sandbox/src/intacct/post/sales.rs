//! Order Entry documents: orders that post nothing, invoices and credit memos that make an AR record.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::NewLine;
use super::receivable::{Kind, NewReceivable};
use crate::intacct::company::{Company, WantedCurrency};
use crate::intacct::errors::Refusal;
use crate::intacct::gl::{Leg, Posting};
use crate::intacct::records::*;
use crate::intacct::text::cents;

#[derive(Clone, Debug, Default)]
pub struct NewSalesLine {
    pub item: String,
    pub description: String,
    pub warehouse: Option<String>,
    pub quantity: Decimal,
    pub unit: String,
    pub price: Option<Decimal>,
    pub discount_percent: Option<Decimal>,
    pub memo: String,
    pub source_line: Option<RecordNo>,
    pub dimensions: Dimensions,
}

#[derive(Clone, Debug, Default)]
pub struct NewSubtotal {
    pub description: String,
    pub total: Decimal,
    pub percent: Option<Decimal>,
    pub dimensions: Dimensions,
}

#[derive(Clone, Debug, Default)]
pub struct NewSalesDocument {
    pub definition: String,
    pub date: Date,
    pub posted: Option<Date>,
    /// DOCID of the document this one converts, such as `Sales Order-XC-000123`.
    pub created_from: Option<String>,
    pub customer_id: String,
    pub number: Option<String>,
    pub reference: String,
    pub term: Option<String>,
    pub due: Option<Date>,
    pub message: String,
    pub shipping_method: String,
    pub ship_to: Option<String>,
    pub bill_to: Option<String>,
    pub external_id: Option<String>,
    pub currency: WantedCurrency,
    /// Draft, Pending or Closed; Pending when not given.
    pub state: Option<String>,
    pub tracking_number: String,
    pub shipped_date: Option<Date>,
    pub lines: Vec<NewSalesLine>,
    pub subtotals: Vec<NewSubtotal>,
}

/// A change to one document: only what is given changes.
#[derive(Clone, Debug, Default)]
pub struct SalesChange {
    pub date: Option<Date>,
    pub posted: Option<Date>,
    pub reference: Option<String>,
    pub message: Option<String>,
    pub term: Option<String>,
    pub due: Option<Date>,
    pub state: Option<String>,
    pub tracking_number: Option<String>,
    pub shipped_date: Option<Date>,
    /// Changed lines by their number, counted from 1.
    pub lines: Vec<(usize, NewSalesLine)>,
    pub new_lines: Vec<NewSalesLine>,
    /// Given subtotals replace all.
    pub subtotals: Option<Vec<NewSubtotal>>,
}

impl Company {
    pub fn post_sales_document(&mut self, new: NewSalesDocument) -> Result<RecordNo, Refusal> {
        let definition = self.definition(&new.definition)?.clone();
        self.customer(&new.customer_id)?;
        if let Some(number) = &new.number {
            let doc_id = format!("{}-{number}", new.definition);
            if self.sales_numbers.contains_key(&doc_id) {
                return Err(Refusal::number_taken(number));
            }
        }
        for contact in [&new.ship_to, &new.bill_to].into_iter().flatten() {
            if !self.contacts.contains_key(contact) {
                return Err(Refusal::not_valid("Contact", contact));
            }
        }
        let posted = new.posted.unwrap_or(new.date);
        if definition.posts != Posts::Nothing || definition.moves_stock {
            self.check_open(posted)?;
        }
        let when_due = self.due_date(new.term.as_deref(), new.date, new.due)?;
        let terms = self.currency_terms(&new.currency, posted)?;
        let state = match new.state.as_deref() {
            None | Some("") => "Pending",
            Some(state @ ("Draft" | "Pending" | "Closed")) => state,
            Some(other) => return Err(Refusal::not_valid("State", other)),
        };
        let source = match &new.created_from {
            Some(doc_id) => Some(self.convertible(doc_id, &new)?),
            None => None,
        };
        let lines = self.sales_lines(&definition, &new.lines)?;
        let subtotals = self.sales_subtotals(&definition, &new.subtotals)?;
        let subtotal: Decimal = lines.iter().map(|line| line.trx_total).sum();
        let trx_total = subtotal + subtotals.iter().map(|line| line.total).sum::<Decimal>();

        let mut document = SalesDocument {
            record_no: self.counters.sales + 1,
            number: String::new(),
            definition: new.definition,
            customer_id: new.customer_id,
            when_created: new.date,
            when_posted: posted,
            when_due,
            reference: new.reference,
            term: new.term,
            message: new.message,
            ship_to: new.ship_to,
            bill_to: new.bill_to,
            external_id: new.external_id,
            total: cents(trx_total * terms.rate),
            terms,
            state: state.to_owned(),
            created_from: new.created_from,
            lines,
            subtotals,
            subtotal,
            trx_total,
            ar_record: None,
            stock_batch: None,
            tracking_number: new.tracking_number,
            shipped_date: new.shipped_date,
            shipping_method: new.shipping_method,
            entity: self.acting_entity.clone(),
            when_modified: self.clock,
        };
        document.number = match new.number {
            Some(number) => number,
            None => self.next_number(&short_name(&document.definition)),
        };
        // the AR record is the last thing that can refuse, so it comes before anything is written
        self.post_sales(&definition, &mut document)?;
        self.counters.sales += 1;
        for line in &mut document.lines {
            self.counters.sales_line += 1;
            line.record_no = self.counters.sales_line;
        }
        for line in &mut document.subtotals {
            self.counters.sales_line += 1;
            line.record_no = self.counters.sales_line;
        }
        if let Some(source) = source {
            self.convert(source, &document.lines);
        }
        let record_no = document.record_no;
        self.sales_numbers.insert(document.doc_id(), record_no);
        self.sales.insert(record_no, document);
        Ok(record_no)
    }

    /// Changes a document. One that has an AR record loses it and gets a new one with a new record number.
    pub fn update_sales_document(&mut self, doc_id: &str, change: SalesChange) -> Result<RecordNo, Refusal> {
        let record_no = self.sales_record(doc_id)?;
        let Some(mut document) = self.sales.get(&record_no).cloned() else {
            return Err(Refusal::unknown_record(doc_id));
        };
        if ["In Progress", "Converted", "Partially Converted"].contains(&document.state.as_str()) {
            return Err(Refusal::business(format!("Document {doc_id} is {} and cannot be changed", document.state)));
        }
        let definition = self.definition(&document.definition)?.clone();
        self.check_unpaid(&document)?;
        if document.ar_record.is_some() {
            self.check_open(document.when_posted)?;
        }
        for (at, line) in &change.lines {
            let priced = self.sales_lines(&definition, std::slice::from_ref(line))?.into_iter().next();
            let old = at.checked_sub(1).and_then(|at| document.lines.get_mut(at));
            let (Some(old), Some(priced)) = (old, priced) else {
                return Err(Refusal::business(format!("Line {at} does not exist in document {doc_id}")));
            };
            *old = SalesLine { record_no: old.record_no, source_line: old.source_line, ..priced };
        }
        document.lines.extend(self.sales_lines_allowing_none(&definition, &change.new_lines)?);
        if let Some(subtotals) = &change.subtotals {
            document.subtotals = self.sales_subtotals(&definition, subtotals)?;
        }
        if let Some(date) = change.date {
            document.when_created = date;
            document.when_posted = date;
        }
        if let Some(date) = change.posted {
            document.when_posted = date;
        }
        if let Some(term) = change.term {
            document.when_due = self.due_date(Some(&term), document.when_created, change.due)?;
            document.term = Some(term);
        } else if change.due.is_some() {
            document.when_due = self.due_date(None, document.when_created, change.due)?;
        }
        for (target, value) in [
            (&mut document.reference, change.reference),
            (&mut document.message, change.message),
            (&mut document.state, change.state),
            (&mut document.tracking_number, change.tracking_number),
        ] {
            if let Some(value) = value {
                *target = value;
            }
        }
        document.shipped_date = change.shipped_date.or(document.shipped_date);
        document.subtotal = document.lines.iter().map(|line| line.trx_total).sum();
        document.trx_total = document.subtotal + document.subtotals.iter().map(|line| line.total).sum::<Decimal>();
        document.total = cents(document.trx_total * document.terms.rate);
        document.when_modified = self.clock;
        if definition.posts != Posts::Nothing {
            self.check_open(document.when_posted)?;
        }
        self.unpost_sales(&definition, &mut document)?;
        self.post_sales(&definition, &mut document)?;
        for line in document.lines.iter_mut().filter(|line| line.record_no == 0) {
            self.counters.sales_line += 1;
            line.record_no = self.counters.sales_line;
        }
        for line in document.subtotals.iter_mut().filter(|line| line.record_no == 0) {
            self.counters.sales_line += 1;
            line.record_no = self.counters.sales_line;
        }
        self.sales.insert(record_no, document);
        Ok(record_no)
    }

    pub fn delete_sales_document(&mut self, doc_id: &str) -> Result<(), Refusal> {
        let record_no = self.sales_record(doc_id)?;
        let Some(mut document) = self.sales.get(&record_no).cloned() else {
            return Err(Refusal::unknown_record(doc_id));
        };
        if ["Converted", "Partially Converted"].contains(&document.state.as_str()) {
            return Err(Refusal::business(format!("Document {doc_id} is {} and cannot be deleted", document.state)));
        }
        let definition = self.definition(&document.definition)?.clone();
        self.check_unpaid(&document)?;
        if document.ar_record.is_some() {
            self.check_open(document.when_posted)?;
        }
        self.unpost_sales(&definition, &mut document)?;
        self.sales.remove(&record_no);
        self.sales_numbers.remove(doc_id);
        Ok(())
    }

    pub fn sales_record(&self, doc_id: &str) -> Result<RecordNo, Refusal> {
        self.sales_numbers.get(doc_id).copied().ok_or_else(|| Refusal::unknown_record(doc_id))
    }

    fn check_unpaid(&self, document: &SalesDocument) -> Result<(), Refusal> {
        let record = document.ar_record.and_then(|key| self.invoices.get(&key).or_else(|| self.adjustments.get(&key)));
        match record {
            Some(record) if !record.trx_paid.is_zero() => Err(Refusal::business(format!(
                "Document {} has payments applied and cannot be changed",
                document.doc_id()
            ))),
            _ => Ok(()),
        }
    }

    fn sales_lines_allowing_none(
        &self,
        definition: &TransactionDefinition,
        lines: &[NewSalesLine],
    ) -> Result<Vec<SalesLine>, Refusal> {
        if lines.is_empty() { Ok(Vec::new()) } else { self.sales_lines(definition, lines) }
    }

    fn sales_lines(
        &self,
        definition: &TransactionDefinition,
        lines: &[NewSalesLine],
    ) -> Result<Vec<SalesLine>, Refusal> {
        if lines.is_empty() {
            return Err(Refusal::business("At least one line item is required."));
        }
        let mut out = Vec::with_capacity(lines.len());
        for line in lines {
            let item = self.item(&line.item)?;
            if let Some(warehouse) = &line.warehouse
                && !self.warehouses.contains_key(warehouse)
            {
                return Err(Refusal::not_valid("Warehouse", warehouse));
            }
            if line.quantity <= Decimal::ZERO {
                return Err(Refusal::business(format!(
                    "Quantity of Item ID '{}' must be greater than zero",
                    line.item
                )));
            }
            let dimensions = Dimensions { item: Some(line.item.clone()), ..line.dimensions.clone() };
            let account = item.revenue_account.as_ref().unwrap_or(&definition.revenue_account);
            if definition.posts != Posts::Nothing {
                self.account(account)?;
                self.check_dimensions(account, &dimensions)?;
            } else {
                self.check_dimensions("", &dimensions)?;
            }
            let price = line.price.or(item.base_price).unwrap_or_default();
            let discount = Decimal::ONE - line.discount_percent.unwrap_or_default() / Decimal::ONE_HUNDRED;
            out.push(SalesLine {
                record_no: 0,
                item: line.item.clone(),
                description: if line.description.is_empty() { item.name.clone() } else { line.description.clone() },
                warehouse: line.warehouse.clone(),
                quantity: line.quantity,
                unit: if line.unit.is_empty() { "Each".to_owned() } else { line.unit.clone() },
                price,
                trx_total: cents(price * line.quantity * discount),
                memo: line.memo.clone(),
                source_line: line.source_line,
                quantity_converted: Decimal::ZERO,
                dimensions,
            });
        }
        Ok(out)
    }

    fn sales_subtotals(
        &self,
        definition: &TransactionDefinition,
        subtotals: &[NewSubtotal],
    ) -> Result<Vec<SalesSubtotal>, Refusal> {
        let mut out = Vec::with_capacity(subtotals.len());
        for subtotal in subtotals {
            let rule =
                definition.subtotals.iter().find(|rule| rule.description == subtotal.description).ok_or_else(|| {
                    Refusal::business(format!(
                        "Specified subtotal of '{}' not found in the document definition",
                        subtotal.description
                    ))
                })?;
            if definition.posts != Posts::Nothing {
                self.account(&rule.account)?;
                self.check_dimensions(&rule.account, &subtotal.dimensions)?;
            } else {
                self.check_dimensions("", &subtotal.dimensions)?;
            }
            out.push(SalesSubtotal {
                record_no: 0,
                description: subtotal.description.clone(),
                total: cents(subtotal.total),
                percent: subtotal.percent,
                dimensions: subtotal.dimensions.clone(),
            });
        }
        Ok(out)
    }

    /// The document to convert, if what is asked of it is still there.
    fn convertible(&self, doc_id: &str, new: &NewSalesDocument) -> Result<RecordNo, Refusal> {
        let record_no = self.sales_record(doc_id)?;
        let Some(source) = self.sales.get(&record_no) else { return Err(Refusal::unknown_record(doc_id)) };
        if source.customer_id != new.customer_id {
            return Err(Refusal::business(format!("Customer of document {doc_id} differs")));
        }
        if !["Pending", "Partially Converted"].contains(&source.state.as_str()) {
            return Err(Refusal::business(format!("Document {doc_id} is {} and cannot be converted", source.state)));
        }
        for line in &new.lines {
            let Some(key) = line.source_line else { continue };
            let from = source.lines.iter().find(|from| from.record_no == key);
            let from = from.ok_or_else(|| Refusal::unknown_record(key))?;
            let left = from.quantity - from.quantity_converted;
            if from.item != line.item || line.quantity > left {
                return Err(Refusal::business(format!(
                    "There is not enough quantity for Item ID '{}' Quantity needed : {} and Quantity available : {left}",
                    line.item, line.quantity
                )));
            }
        }
        Ok(record_no)
    }

    fn convert(&mut self, record_no: RecordNo, lines: &[SalesLine]) {
        let clock = self.clock;
        let Some(source) = self.sales.get_mut(&record_no) else { return };
        for line in lines {
            let from = source.lines.iter_mut().find(|from| match line.source_line {
                Some(key) => from.record_no == key,
                None => from.item == line.item,
            });
            if let Some(from) = from {
                from.quantity_converted += line.quantity;
            }
        }
        let done = source.lines.iter().all(|line| line.quantity_converted >= line.quantity);
        source.state = if done { "Converted" } else { "Partially Converted" }.to_owned();
        source.when_modified = clock;
    }

    /// The AR record and the stock movement of a document.
    fn post_sales(&mut self, definition: &TransactionDefinition, document: &mut SalesDocument) -> Result<(), Refusal> {
        if document.state == "Draft" {
            return Ok(());
        }
        let sign = match definition.posts {
            Posts::Nothing => None,
            Posts::Invoice => Some((Kind::Invoice, Decimal::ONE)),
            Posts::CreditMemo => Some((Kind::Adjustment, Decimal::NEGATIVE_ONE)),
        };
        if let Some((kind, sign)) = sign {
            let mut lines = Vec::new();
            for line in &document.lines {
                let own = self.items.get(&line.item).and_then(|item| item.revenue_account.clone());
                let account = own.unwrap_or_else(|| definition.revenue_account.clone());
                lines.push(
                    NewLine::new(&account, line.trx_total * sign).with(line.dimensions.clone()).memo(&line.description),
                );
            }
            for line in &document.subtotals {
                let Some(rule) = definition.subtotals.iter().find(|rule| rule.description == line.description) else {
                    continue;
                };
                lines.push(
                    NewLine::new(&rule.account, line.total * sign)
                        .with(line.dimensions.clone())
                        .memo(&line.description),
                );
            }
            let receivable = NewReceivable {
                customer_id: document.customer_id.clone(),
                date: document.when_created,
                posted: Some(document.when_posted),
                due: document.when_due.or(Some(document.when_created)),
                term: document.term.clone(),
                // UNVERIFIED: the AR record's RECORDID is the document's number
                number: Some(document.number.clone()),
                doc_number: document.reference.clone(),
                description: document.message.clone(),
                bill_to: document.bill_to.clone(),
                ship_to: document.ship_to.clone(),
                currency: WantedCurrency::at(&document.terms.currency, document.terms.rate),
                lines,
                ..NewReceivable::default()
            };
            document.ar_record = Some(self.post_receivable(kind, receivable, "8.SO", Some(document.record_no))?);
        }
        if definition.moves_stock {
            document.stock_batch = self.move_stock(definition, document);
        }
        Ok(())
    }

    /// Cost of what left the shelf (or came back with a return).
    fn move_stock(&mut self, definition: &TransactionDefinition, document: &SalesDocument) -> Option<RecordNo> {
        let side = if definition.posts == Posts::CreditMemo { Side::Credit } else { Side::Debit };
        let mut legs = Vec::new();
        for line in &document.lines {
            let Some(item) = self.items.get(&line.item) else { continue };
            let (Some(cost), Some(cogs), Some(stock)) =
                (item.standard_cost, &item.cogs_account, &item.inventory_account)
            else {
                continue;
            };
            let amount = cents(cost * line.quantity);
            let terms = self.base_terms();
            legs.push(
                Leg::signed(side, cogs, amount, amount, &terms)
                    .tagged(&line.dimensions)
                    .noted(&document.number, "Cost"),
            );
            legs.push(
                Leg::signed(side.other(), stock, amount, amount, &terms)
                    .tagged(&line.dimensions)
                    .noted(&document.number, "Cost"),
            );
        }
        if legs.is_empty() {
            return None;
        }
        Some(self.post_subledger(Posting {
            date: document.when_posted,
            journal: self.preferences.inventory_journal.clone(),
            module: "7.INV".to_owned(),
            title: format!("Inventory: {}", document.doc_id()),
            source: Source {
                record_no: Some(document.record_no),
                record_id: document.doc_id(),
                record_type: "so".to_owned(),
                doc_number: document.number.clone(),
                customer_id: Some(document.customer_id.clone()),
            },
            legs,
        }))
    }

    fn unpost_sales(
        &mut self,
        definition: &TransactionDefinition,
        document: &mut SalesDocument,
    ) -> Result<(), Refusal> {
        if let Some(key) = document.ar_record.take() {
            let kind = if definition.posts == Posts::CreditMemo { Kind::Adjustment } else { Kind::Invoice };
            self.delete_receivable(kind, key)?;
        }
        if let Some(batch) = document.stock_batch.take() {
            self.remove_batch(batch);
        }
        Ok(())
    }
}

/// `Sales Order` numbers itself `SO-000001`.
fn short_name(definition: &str) -> String {
    definition.split_whitespace().filter_map(|word| word.chars().next()).collect()
}
