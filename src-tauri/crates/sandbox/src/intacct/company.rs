//! A company's books: its masters, its documents and its general ledger.
//!
//! The demo generator and the gateway write through the same methods (`post::*`), so history obeys the same rules
//! as live posting. Masters go in through `add_*`.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::errors::Refusal;
use super::records::*;

/// Company-wide switches and the accounts subledgers post to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Preferences {
    pub ar_account: String,
    pub overpayment_account: String,
    pub fx_gain_loss_account: String,
    pub rounding_account: String,
    pub ar_journal: String,
    pub receipts_journal: String,
    pub inventory_journal: String,
    /// Rate type used when a request names a foreign currency and no rate.
    pub default_rate_type: String,
    pub multi_currency: bool,
    pub multi_entity: bool,
    pub first_fiscal_month: u32,
    /// Customers created without an id get one.
    pub number_customers: bool,
    /// Object and field that the web services user may not see.
    pub hidden_fields: Vec<(String, String)>,
}

impl Default for Preferences {
    fn default() -> Self {
        Preferences {
            ar_account: "1100".into(),
            overpayment_account: "2410".into(),
            fx_gain_loss_account: "7000".into(),
            rounding_account: "7900".into(),
            ar_journal: "ARJ".into(),
            receipts_journal: "CRJ".into(),
            inventory_journal: "IJ".into(),
            default_rate_type: "Intacct Daily Rate".into(),
            multi_currency: true,
            multi_entity: false,
            first_fiscal_month: 1,
            number_customers: true,
            hidden_fields: Vec::new(),
        }
    }
}

/// Next number of each family of records. Receivable and cash documents share one, as they share one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    pub master: RecordNo,
    pub document: RecordNo,
    pub line: RecordNo,
    pub gl_batch: RecordNo,
    pub gl_line: RecordNo,
    pub gl_row: RecordNo,
    pub sales: RecordNo,
    pub sales_line: RecordNo,
    pub batch_no: u64,
    pub customer: u64,
    pub numbered: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Company {
    pub id: String,
    pub base_currency: String,
    pub preferences: Preferences,
    /// The time written as WHENMODIFIED; whoever writes sets it first.
    pub clock: DateTime,
    /// The entity of the session writing now; none at the top level.
    pub acting_entity: Option<String>,
    pub counters: Counters,

    pub customers: BTreeMap<String, Customer>,
    pub contacts: BTreeMap<String, Contact>,
    pub items: BTreeMap<String, Item>,
    pub accounts: BTreeMap<String, Account>,
    pub journals: BTreeMap<String, Journal>,
    pub locations: BTreeMap<String, Location>,
    pub departments: BTreeMap<String, Department>,
    pub checking_accounts: BTreeMap<String, CheckingAccount>,
    pub terms: BTreeMap<String, Term>,
    pub warehouses: BTreeMap<String, Warehouse>,
    #[serde(default)]
    pub stock: Vec<StockRow>,
    #[serde(default)]
    pub prices: Vec<PriceListEntry>,
    pub definitions: BTreeMap<String, TransactionDefinition>,
    pub account_labels: BTreeMap<String, String>,
    pub rates: Vec<ExchangeRate>,
    pub periods: Vec<ReportingPeriod>,
    /// Books are closed up to and including this day, for the whole company.
    pub closed_through: Option<Date>,
    pub entity_closed_through: BTreeMap<String, Date>,

    pub invoices: BTreeMap<RecordNo, Receivable>,
    pub adjustments: BTreeMap<RecordNo, Receivable>,
    pub payments: BTreeMap<RecordNo, ArPayment>,
    pub advances: BTreeMap<RecordNo, ArAdvance>,
    pub other_receipts: BTreeMap<RecordNo, OtherReceipt>,
    pub deposits: BTreeMap<RecordNo, Deposit>,
    pub batches: BTreeMap<RecordNo, GlBatch>,
    pub gl: BTreeMap<RecordNo, GlRow>,
    pub sales: BTreeMap<RecordNo, SalesDocument>,

    /// Numbers already taken, so that a second document of that number is refused.
    pub invoice_numbers: BTreeMap<String, RecordNo>,
    pub adjustment_numbers: BTreeMap<String, RecordNo>,
    pub sales_numbers: BTreeMap<String, RecordNo>,
    /// Ledger rows of each batch.
    pub rows_of_batch: BTreeMap<RecordNo, Vec<RecordNo>>,
}

impl Company {
    /// An empty company: no accounts, no journals, nothing posted.
    pub fn new(id: &str, base_currency: &str) -> Self {
        Company {
            id: id.to_owned(),
            base_currency: base_currency.to_owned(),
            preferences: Preferences::default(),
            clock: DateTime::constant(2025, 1, 1, 0, 0, 0, 0),
            acting_entity: None,
            counters: Counters::default(),
            customers: BTreeMap::new(),
            contacts: BTreeMap::new(),
            items: BTreeMap::new(),
            accounts: BTreeMap::new(),
            journals: BTreeMap::new(),
            locations: BTreeMap::new(),
            departments: BTreeMap::new(),
            checking_accounts: BTreeMap::new(),
            terms: BTreeMap::new(),
            warehouses: BTreeMap::new(),
            stock: Vec::new(),
            prices: Vec::new(),
            definitions: BTreeMap::new(),
            account_labels: BTreeMap::new(),
            rates: Vec::new(),
            periods: Vec::new(),
            closed_through: None,
            entity_closed_through: BTreeMap::new(),
            invoices: BTreeMap::new(),
            adjustments: BTreeMap::new(),
            payments: BTreeMap::new(),
            advances: BTreeMap::new(),
            other_receipts: BTreeMap::new(),
            deposits: BTreeMap::new(),
            batches: BTreeMap::new(),
            gl: BTreeMap::new(),
            sales: BTreeMap::new(),
            invoice_numbers: BTreeMap::new(),
            adjustment_numbers: BTreeMap::new(),
            sales_numbers: BTreeMap::new(),
            rows_of_batch: BTreeMap::new(),
        }
    }

    pub fn set_clock(&mut self, at: DateTime) {
        self.clock = at;
    }

    pub(crate) fn next_master(&mut self) -> RecordNo {
        self.counters.master += 1;
        self.counters.master
    }

    pub(crate) fn next_document(&mut self) -> RecordNo {
        self.counters.document += 1;
        self.counters.document
    }

    pub(crate) fn next_line(&mut self) -> RecordNo {
        self.counters.line += 1;
        self.counters.line
    }

    /// The next automatic number of a kind of document, such as `INV-000012`.
    pub(crate) fn next_number(&mut self, prefix: &str) -> String {
        let next = self.counters.numbered.entry(prefix.to_owned()).or_default();
        *next += 1;
        format!("{prefix}-{next:06}")
    }

    // ---- what may be used -------------------------------------------------------------------------------------

    /// Books of a day: open, or the refusal that says they are closed.
    pub fn check_open(&self, date: Date) -> Result<(), Refusal> {
        if self.closed_date().is_some_and(|closed| date <= closed) {
            return Err(Refusal::periods_closed(date));
        }
        Ok(())
    }

    /// The last closed day for the entity acting now, or for the company.
    pub fn closed_date(&self) -> Option<Date> {
        let entity = self.acting_entity.as_ref().and_then(|entity| self.entity_closed_through.get(entity)).copied();
        entity.max(self.closed_through)
    }

    /// Closes the books up to and including a day (for one entity, or for all).
    pub fn close_books(&mut self, through: Option<Date>, entity: Option<&str>) {
        match (entity, through) {
            (None, through) => self.closed_through = through,
            (Some(entity), Some(day)) => {
                self.entity_closed_through.insert(entity.to_owned(), day);
            }
            (Some(entity), None) => {
                self.entity_closed_through.remove(entity);
            }
        }
    }

    pub fn account(&self, no: &str) -> Result<&Account, Refusal> {
        let account = self.accounts.get(no).ok_or_else(|| Refusal::not_valid("Account", no))?;
        if account.inactive {
            return Err(Refusal::business(format!("Account is inactive: {no}")));
        }
        Ok(account)
    }

    pub fn customer(&self, id: &str) -> Result<&Customer, Refusal> {
        let customer = self.customers.get(id).ok_or_else(|| Refusal::not_valid("Customer", id))?;
        if customer.inactive {
            return Err(Refusal::business(format!("Customer '{id}' is inactive")));
        }
        Ok(customer)
    }

    pub fn item(&self, id: &str) -> Result<&Item, Refusal> {
        let item = self.items.get(id).ok_or_else(|| Refusal::not_valid("Item ID", id))?;
        if item.inactive {
            return Err(Refusal::business(format!("Item ID '{id}' is inactive")));
        }
        Ok(item)
    }

    pub fn journal(&self, symbol: &str) -> Result<&Journal, Refusal> {
        match self.journals.get(symbol) {
            Some(journal) if !journal.inactive => Ok(journal),
            _ => Err(Refusal::not_valid("Journal", symbol)),
        }
    }

    pub fn bank(&self, id: &str) -> Result<&CheckingAccount, Refusal> {
        match self.checking_accounts.get(id) {
            Some(bank) if !bank.inactive => Ok(bank),
            _ => Err(Refusal::not_valid("Financial entity", id)),
        }
    }

    pub fn definition(&self, id: &str) -> Result<&TransactionDefinition, Refusal> {
        match self.definitions.get(id) {
            Some(definition) if !definition.inactive => Ok(definition),
            _ => Err(Refusal::not_valid("Transaction definition", id)),
        }
    }

    /// The account a document line names, by number or by label.
    pub fn line_account(&self, no: Option<&str>, label: Option<&str>) -> Result<String, Refusal> {
        match (no.filter(|no| !no.is_empty()), label.filter(|label| !label.is_empty())) {
            (Some(no), _) => Ok(self.account(no)?.no.clone()),
            (None, Some(label)) => {
                let no = self.account_labels.get(label).ok_or_else(|| Refusal::not_valid("Account label", label))?;
                Ok(self.account(no)?.no.clone())
            }
            (None, None) => Err(Refusal::not_valid("Account", "")),
        }
    }

    /// Every dimension named exists, and those the account asks for are there.
    pub fn check_dimensions(&self, account: &str, dimensions: &Dimensions) -> Result<(), Refusal> {
        let known = |what: &str, id: &Option<String>, exists: &dyn Fn(&str) -> bool| match id {
            Some(id) if !exists(id) => Err(Refusal::business(format!("Invalid {what} '{id}' specified."))),
            _ => Ok(()),
        };
        known("department", &dimensions.department, &|id| self.departments.get(id).is_some_and(|it| !it.inactive))?;
        known("location", &dimensions.location, &|id| self.locations.get(id).is_some_and(|it| !it.inactive))?;
        known("customer", &dimensions.customer, &|id| self.customers.contains_key(id))?;
        known("item", &dimensions.item, &|id| self.items.contains_key(id))?;
        known("warehouse", &dimensions.warehouse, &|id| self.warehouses.contains_key(id))?;
        let Some(account) = self.accounts.get(account) else { return Ok(()) };
        let needs = account.required;
        for (name, needed, given) in [
            ("department", needs.department, &dimensions.department),
            ("location", needs.location, &dimensions.location),
            ("customer", needs.customer, &dimensions.customer),
            ("item", needs.item, &dimensions.item),
            ("class", needs.class, &dimensions.class),
            ("project", needs.project, &dimensions.project),
        ] {
            if needed && given.is_none() {
                return Err(Refusal::business(format!("Missing the {name} dimension for account {}", account.no)));
            }
        }
        Ok(())
    }

    /// The entity a location belongs to.
    pub fn entity_of(&self, location: Option<&str>) -> Option<String> {
        let location = self.locations.get(location?)?;
        if location.is_entity { Some(location.id.clone()) } else { location.entity.clone() }
    }

    /// What a currency was worth on a day: the latest rate of that type on or before it.
    pub fn rate(&self, currency: &str, rate_type: &str, on: Date) -> Option<Decimal> {
        if currency == self.base_currency {
            return Some(Decimal::ONE);
        }
        self.rates
            .iter()
            .filter(|rate| rate.from == currency && rate.rate_type == rate_type && rate.date <= on)
            .max_by_key(|rate| rate.date)
            .map(|rate| rate.rate)
    }

    /// The currency terms of a document: an explicit rate, else the rate of a type on a day.
    pub fn currency_terms(&self, wanted: &WantedCurrency, on: Date) -> Result<CurrencyTerms, Refusal> {
        let currency = wanted.currency.clone().unwrap_or_else(|| self.base_currency.clone());
        if currency == self.base_currency {
            return Ok(CurrencyTerms { currency, rate: Decimal::ONE, rate_type: None, rate_date: None });
        }
        if !self.preferences.multi_currency || !self.rates.iter().any(|rate| rate.from == currency) {
            return Err(Refusal::not_valid("Currency", &currency));
        }
        // exchange rates keep four decimals (reference/intacct.md 1.7)
        if let Some(rate) = wanted.rate {
            return Ok(CurrencyTerms { currency, rate: rate.round_dp(4), rate_type: None, rate_date: None });
        }
        let rate_type = wanted.rate_type.clone().unwrap_or_else(|| self.preferences.default_rate_type.clone());
        let day = wanted.rate_date.unwrap_or(on);
        let rate = self.rate(&currency, &rate_type, day).ok_or_else(|| {
            Refusal::business(format!(
                "No exchange rate of type '{rate_type}' for {currency} on {}",
                super::text::us_date(day)
            ))
        })?;
        Ok(CurrencyTerms { currency, rate: rate.round_dp(4), rate_type: Some(rate_type), rate_date: Some(day) })
    }

    // ---- masters ----------------------------------------------------------------------------------------------

    pub fn add_account(&mut self, no: &str, title: &str, balance_sheet: bool, debit_normal: bool) -> &mut Account {
        let record_no = self.next_master();
        let account = Account {
            record_no,
            no: no.to_owned(),
            title: title.to_owned(),
            account_type: if balance_sheet { "balancesheet" } else { "incomestatement" }.to_owned(),
            normal_balance: if debit_normal { "debit" } else { "credit" }.to_owned(),
            inactive: false,
            required: Required::default(),
            when_modified: self.clock,
        };
        self.accounts.insert(no.to_owned(), account);
        self.accounts.get_mut(no).expect("it was put in one line above")
    }

    pub fn add_journal(&mut self, symbol: &str, title: &str) {
        let record_no = self.next_master();
        let journal = Journal {
            record_no,
            symbol: symbol.to_owned(),
            title: title.to_owned(),
            inactive: false,
            needs_approval: false,
        };
        self.journals.insert(symbol.to_owned(), journal);
    }

    pub fn add_location(&mut self, id: &str, name: &str, is_entity: bool, entity: Option<&str>) {
        let record_no = self.next_master();
        let entity = if is_entity { Some(id) } else { entity };
        let location = Location {
            record_no,
            id: id.to_owned(),
            name: name.to_owned(),
            is_entity,
            entity: entity.map(str::to_owned),
            inactive: false,
        };
        self.locations.insert(id.to_owned(), location);
    }

    pub fn add_department(&mut self, id: &str, title: &str) {
        let record_no = self.next_master();
        let department = Department { record_no, id: id.to_owned(), title: title.to_owned(), inactive: false };
        self.departments.insert(id.to_owned(), department);
    }

    pub fn add_checking_account(&mut self, id: &str, name: &str, gl_account: &str, currency: &str) {
        let record_no = self.next_master();
        let bank = CheckingAccount {
            record_no,
            id: id.to_owned(),
            name: name.to_owned(),
            gl_account: gl_account.to_owned(),
            currency: currency.to_owned(),
            location: None,
            inactive: false,
        };
        self.checking_accounts.insert(id.to_owned(), bank);
    }

    pub fn add_term(&mut self, name: &str, due_days: i64) {
        let record_no = self.next_master();
        self.terms.insert(name.to_owned(), Term { record_no, name: name.to_owned(), due_days, inactive: false });
    }

    pub fn add_warehouse(&mut self, id: &str, name: &str, location: Option<&str>) {
        let record_no = self.next_master();
        let warehouse = Warehouse {
            record_no,
            id: id.to_owned(),
            name: name.to_owned(),
            location: location.map(str::to_owned),
            inactive: false,
        };
        self.warehouses.insert(id.to_owned(), warehouse);
    }

    /// Adds an item; the record number and the time are set here.
    pub fn add_item(&mut self, item: Item) -> Result<RecordNo, Refusal> {
        if self.items.contains_key(&item.id) {
            return Err(Refusal::duplicate("Item", &item.id));
        }
        let record_no = self.next_master();
        let item = Item { record_no, when_modified: self.clock, ..item };
        self.items.insert(item.id.clone(), item);
        Ok(record_no)
    }

    /// Adds a definition; `subtotals` are the names it offers with the accounts they post to.
    pub fn add_definition(
        &mut self,
        id: &str,
        class: &str,
        posts: Posts,
        revenue_account: &str,
        subtotals: &[(&str, &str)],
    ) -> &mut TransactionDefinition {
        let record_no = self.next_master();
        let rule = |(description, account): &(&str, &str)| SubtotalRule {
            description: (*description).to_owned(),
            account: (*account).to_owned(),
        };
        let definition = TransactionDefinition {
            record_no,
            id: id.to_owned(),
            class: class.to_owned(),
            posts,
            revenue_account: revenue_account.to_owned(),
            subtotals: subtotals.iter().map(rule).collect(),
            moves_stock: false,
            holds_stock: false,
            inactive: false,
            when_modified: self.clock,
        };
        self.definitions.insert(id.to_owned(), definition);
        self.definitions.get_mut(id).expect("it was put in one line above")
    }

    pub fn add_rate(&mut self, from: &str, date: Date, rate: Decimal) {
        let rate_type = self.preferences.default_rate_type.clone();
        self.rates.push(ExchangeRate { rate_type, from: from.to_owned(), date, rate });
    }

    pub fn add_period(&mut self, name: &str, start: Date, end: Date) {
        let record_no = self.next_master();
        self.periods.push(ReportingPeriod { record_no, name: name.to_owned(), start, end });
    }

    /// Adds a contact; names are unique in the whole company.
    pub fn add_contact(&mut self, contact: Contact) -> Result<RecordNo, Refusal> {
        if contact.name.is_empty() {
            return Err(Refusal::missing("CONTACTNAME"));
        }
        if self.contacts.contains_key(&contact.name) {
            return Err(Refusal::duplicate("Contact", &contact.name));
        }
        let record_no = self.next_master();
        let contact = Contact { record_no, when_modified: self.clock, ..contact };
        self.contacts.insert(contact.name.clone(), contact);
        Ok(record_no)
    }

    /// Adds a customer with its display contact, which gets the name `NAME(CID)`.
    pub fn add_customer(&mut self, customer: Customer, display: Contact) -> Result<RecordNo, Refusal> {
        if customer.name.is_empty() {
            return Err(Refusal::missing("NAME"));
        }
        let mut customer = customer;
        if customer.id.is_empty() {
            if !self.preferences.number_customers {
                return Err(Refusal::missing("CUSTOMERID"));
            }
            while customer.id.is_empty() || self.customers.contains_key(&customer.id) {
                self.counters.customer += 1;
                customer.id = format!("CUST-{:05}", self.counters.customer);
            }
        }
        if self.customers.contains_key(&customer.id) {
            return Err(Refusal::duplicate("Customer", &customer.id));
        }
        for (what, name) in [("Bill to contact", &customer.bill_to), ("Ship to contact", &customer.ship_to)] {
            if let Some(name) = name
                && !self.contacts.contains_key(name)
            {
                return Err(Refusal::not_valid(what, name));
            }
        }
        let record_no = self.next_master();
        let contact_name = format!("{}(C{})", customer.name, customer.id);
        if !self.contacts.contains_key(&contact_name) {
            self.add_contact(Contact { name: contact_name.clone(), ..display })?;
        }
        customer.display_contact = contact_name;
        customer.record_no = record_no;
        customer.when_modified = self.clock;
        self.customers.insert(customer.id.clone(), customer);
        Ok(record_no)
    }
}

/// The currency a request asks for; none of it means base currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedCurrency {
    pub currency: Option<String>,
    pub rate: Option<Decimal>,
    pub rate_type: Option<String>,
    pub rate_date: Option<Date>,
}

impl WantedCurrency {
    pub fn of(currency: &str) -> Self {
        WantedCurrency { currency: Some(currency.to_owned()), ..WantedCurrency::default() }
    }

    pub fn at(currency: &str, rate: Decimal) -> Self {
        WantedCurrency { rate: Some(rate), ..WantedCurrency::of(currency) }
    }
}
