//! What is wrong or missing in a settings text, line by line, and the text as tables.

use crate::app::App;
use crate::show::amount;
use crate::views::{MappingRow, MappingTable, Problem, SettingsCheck, SettingsRemark, ToleranceView, Tone};
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{LedgerAccount, MatchSettings, PaymentEvent};
use tieout_money::{Currency, Money};
use tieout_planning::{Clearing, Settings, SettingsError};

pub(crate) fn check(app: &App, text: &str) -> Result<SettingsCheck, Problem> {
    let lines = Lines(text.lines().collect());
    let settings = match Settings::parse(text) {
        Ok(settings) => settings,
        Err(error) => {
            let remarks = vec![of_error(&lines, &error)];
            return Ok(SettingsCheck { valid: false, remarks, tables: Vec::new(), tolerances: Vec::new() });
        }
    };
    let mut remarks = unknown_accounts(app, &settings, &lines)?;
    remarks.extend(unmapped_methods(app, &settings, &lines)?);
    remarks.extend(empty_accounts(&settings, &lines));
    remarks.sort_by_key(|it| it.line);
    let tables = tables(&settings, &lines);
    let base = app.company.books().ok().flatten().map_or(Currency::USD, |it| it.base_currency);
    Ok(SettingsCheck { valid: true, remarks, tables, tolerances: tolerances(&settings, base) })
}

/// The text by line, to find where a key stands. Lines count from 1; 1 where it is not found.
struct Lines<'a>(Vec<&'a str>);

impl Lines<'_> {
    fn section(&self, header: &str, nth: usize) -> u32 {
        let found = self.0.iter().enumerate().filter(|(_, line)| line.trim() == header).nth(nth);
        found.map_or(1, |(at, _)| number(at))
    }

    /// The line of a key after a section's header.
    fn key(&self, section: u32, key: &str) -> u32 {
        let start = section as usize;
        let inside = self.0.iter().enumerate().skip(start).take_while(|(_, line)| !line.trim_start().starts_with('['));
        let mut found = inside
            .filter(|(_, line)| line.split_once('=').is_some_and(|(name, _)| name.trim().trim_matches('"') == key));
        found.next().map_or(section, |(at, _)| number(at))
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

fn remark(line: u32, tone: Tone, message: String, remedy: &str) -> SettingsRemark {
    SettingsRemark { line, column: 1, tone, message, remedy: remedy.to_owned() }
}

fn of_error(lines: &Lines<'_>, error: &SettingsError) -> SettingsRemark {
    let line = match error {
        SettingsError::Syntax { line, .. } => line.map_or(1, |it| u32::try_from(it).unwrap_or(1)),
        SettingsError::NotAnAmount { key, .. } => {
            let (section, key) = key.split_once('.').unwrap_or(("", key));
            lines.key(lines.section(&format!("[{section}]"), 0), key)
        }
        SettingsError::OutOfRange(wrong) => lines.key(lines.section("[matching]", 0), wrong.key),
        SettingsError::NotAStatus { code, .. } => lines.key(lines.section("[payment_statuses]", 0), code),
        SettingsError::PersonTwice { .. } | SettingsError::NobodyApproves => {
            let at = lines.0.iter().position(|line| line.trim() == "[control]" || line.trim() == "[[control.people]]");
            at.map_or(1, number)
        }
        SettingsError::Flow(wrong) => {
            let (section, key) = wrong.key.split_once('.').unwrap_or(("", &wrong.key));
            lines.key(lines.section(&format!("[flows.{section}]"), 0), key)
        }
        SettingsError::ClearingTwice { method, .. } => {
            let named = format!("\"{method}\"");
            let at = lines.0.iter().rposition(|line| line.trim().starts_with("method") && line.contains(&named));
            at.map_or(1, number)
        }
    };
    remark(line, Tone::Bad, error.to_string(), error.remedy())
}

/// Account numbers the books do not have, where the chart was read.
fn unknown_accounts(app: &App, settings: &Settings, lines: &Lines<'_>) -> Result<Vec<SettingsRemark>, Problem> {
    let chart =
        app.company.store.read(|reader| reader.load_all::<LedgerAccount>()).map_err(|error| app.problem(error))?;
    if chart.is_empty() {
        return Ok(Vec::new());
    }
    let known: BTreeMap<&str, bool> = chart.iter().map(|it| (it.value.number.as_str(), it.value.active)).collect();
    let mut named: Vec<(u32, &str)> = Vec::new();
    for (at, it) in settings.clearing.iter().enumerate() {
        let section = lines.section("[[clearing]]", at);
        named.push((lines.key(section, "account"), &it.account));
        named.push((lines.key(section, "bank_account"), &it.bank_account));
    }
    let section = lines.section("[accounts]", 0);
    named.extend(accounts(settings).into_iter().map(|(key, account)| (lines.key(section, key), account)));
    let remarks = named.into_iter().filter(|(_, account)| !account.is_empty()).filter_map(|(line, account)| {
        let remedy = "Correct the number, or create the account in Intacct and pull again.";
        match known.get(account) {
            None => Some(remark(line, Tone::Warn, format!("Account {account} does not exist in Intacct"), remedy)),
            Some(false) => Some(remark(line, Tone::Warn, format!("Account {account} is inactive in Intacct"), remedy)),
            Some(true) => None,
        }
    });
    Ok(remarks.collect())
}

/// Payment methods the store has used that no clearing block names.
fn unmapped_methods(app: &App, settings: &Settings, lines: &Lines<'_>) -> Result<Vec<SettingsRemark>, Problem> {
    let payments =
        app.company.store.read(|reader| reader.load_all::<PaymentEvent>()).map_err(|error| app.problem(error))?;
    let used: BTreeSet<(String, Currency)> = payments
        .into_iter()
        .map(|it| it.value)
        .filter(|it| it.kind.moves_money())
        .map(|it| (it.method, it.amount.currency()))
        .collect();
    let last = lines.section("[[clearing]]", settings.clearing.len().saturating_sub(1));
    let missing = used.into_iter().filter(|(method, currency)| settings.clearing(method, *currency).is_none());
    let remarks = missing.map(|(method, currency)| {
        let message = format!("Payments by {method} in {currency} have no clearing account");
        remark(last, Tone::Warn, message, "Add a [[clearing]] block for it; until then they are exceptions.")
    });
    Ok(remarks.collect())
}

fn empty_accounts(settings: &Settings, lines: &Lines<'_>) -> Vec<SettingsRemark> {
    let section = lines.section("[accounts]", 0);
    let empty = accounts(settings).into_iter().filter(|(_, account)| account.is_empty());
    let remarks = empty.map(|(key, _)| {
        let message = format!("accounts.{key} is not named");
        remark(section, Tone::Plain, message, "What needs it becomes an exception until it is named.")
    });
    remarks.collect()
}

fn accounts(settings: &Settings) -> [(&'static str, &str); 12] {
    let it = &settings.accounts;
    [
        ("receivable", &it.receivable),
        ("fees", &it.fees),
        ("chargeback_fees", &it.chargeback_fees),
        ("chargebacks_in_dispute", &it.chargebacks_in_dispute),
        ("customer_deposits", &it.customer_deposits),
        ("unapplied", &it.unapplied),
        ("write_off", &it.write_off),
        ("bank_charges", &it.bank_charges),
        ("reserve", &it.reserve),
        ("returns", &it.returns),
        ("discounts", &it.discounts),
        ("shipping", &it.shipping),
    ]
}

fn tables(settings: &Settings, lines: &Lines<'_>) -> Vec<MappingTable> {
    let words = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<String>>();
    let clearing =
        settings.clearing.iter().enumerate().map(|(at, it)| clearing_row(it, lines.section("[[clearing]]", at)));
    let section = lines.section("[accounts]", 0);
    let named = accounts(settings).into_iter().map(|(key, account)| MappingRow {
        cells: words(&[&key.replace('_', " "), account]),
        line: lines.key(section, key),
        missing: account.is_empty().then(|| "account".to_owned()),
    });
    let mut tables = vec![
        table("clearing", "Payment method to clearing account", &CLEARING, clearing.collect()),
        table("accounts", "Accounts", &["For", "Account"], named.collect()),
    ];
    let taxes = settings.taxes.iter().map(|(code, tax)| {
        let missing = [(tax.subtotal.is_empty(), "subtotal"), (tax.account.is_empty(), "account")];
        MappingRow {
            cells: words(&[code, &tax.subtotal, &tax.account]),
            line: lines.section(&format!("[taxes.\"{code}\"]"), 0),
            missing: missing.into_iter().find(|(is, _)| *is).map(|(_, what)| what.to_owned()),
        }
    });
    let taxes: Vec<_> = taxes.collect();
    if !taxes.is_empty() {
        tables.push(table("taxes", "Store tax to subtotal and account", &["Tax", "Subtotal", "Account"], taxes));
    }
    for (id, title, columns, header, pairs) in [
        ("items", "SKU to item", ["SKU", "Item"], "[items]", &settings.items),
        (
            "customers",
            "E-mail address to customer",
            ["E-mail", "Customer"],
            "[customers.by_email]",
            &settings.customers.by_email,
        ),
        ("statuses", "Status to status", ["At the store", "Means"], "[payment_statuses]", &settings.payment_statuses),
    ] {
        let section = lines.section(header, 0);
        let row = |(from, to): (&String, &String)| MappingRow {
            cells: words(&[from, to]),
            line: lines.key(section, from),
            missing: None,
        };
        if !pairs.is_empty() {
            tables.push(table(id, title, &columns, pairs.iter().map(row).collect()));
        }
    }
    tables
}

const CLEARING: [&str; 8] =
    ["Method", "Currency", "Account", "Receipts go to", "Intacct's method", "Settlement file", "Bank account", "Bank"];

fn clearing_row(it: &Clearing, line: u32) -> MappingRow {
    let deposit_to: String = it.deposit_to.clone().into();
    let bank_missing = !it.settlement.is_empty() && it.bank_account.is_empty();
    MappingRow {
        cells: vec![
            it.method.clone(),
            it.currency.to_string(),
            it.account.clone(),
            deposit_to,
            it.payment_method.clone(),
            it.settlement.clone(),
            it.bank_account.clone(),
            it.bank.clone(),
        ],
        line,
        missing: bank_missing.then(|| "bank account".to_owned()),
    }
}

fn table(id: &str, title: &str, columns: &[&str], rows: Vec<MappingRow>) -> MappingTable {
    MappingTable {
        id: id.to_owned(),
        title: title.to_owned(),
        columns: columns.iter().map(|it| (*it).to_owned()).collect(),
        rows,
    }
}

fn tolerances(settings: &Settings, base: Currency) -> Vec<ToleranceView> {
    let limits = &settings.limits;
    let points = limits.write_off_basis_points;
    let line = |label: &str, text: &str, told: String| ToleranceView {
        label: label.to_owned(),
        amount: Some(amount(Settings::limit(text, base))),
        text: told,
    };
    let mut all = vec![
        line(
            "Write-off, each",
            &limits.write_off_item,
            format!("and at most {}.{:02} % of the amount", points / 100, points % 100),
        ),
        line("Write-offs a day", &limits.write_off_day, String::new()),
        line("Write-offs a period", &limits.write_off_period, String::new()),
        line("Approved without opening, up to", &limits.all_clear_max, String::new()),
        ToleranceView { label: "Cut-over".into(), amount: None, text: crate::show::day(settings.cut_over) },
    ];
    all.extend(windows(&settings.matching, base));
    all
}

fn windows(matching: &MatchSettings, base: Currency) -> Vec<ToleranceView> {
    let told = |label: &str, text: String| ToleranceView { label: label.to_owned(), amount: None, text };
    let days = |count: i32| if count == 1 { "1 day".to_owned() } else { format!("{count} days") };
    let fees = matching.wire_fees_minor.iter().map(|it| Money::from_minor(*it, base).to_string());
    vec![
        told(
            "Receipt and payment with one reference",
            format!("{} before to {} after", days(matching.days_before_max), days(matching.days_after_max)),
        ),
        told("The same without a reference", format!("{} apart", days(matching.days_without_reference_max))),
        ToleranceView {
            label: "Difference that is suggested, up to".into(),
            amount: Some(amount(Money::from_minor(matching.tolerance_minor, base))),
            text: String::new(),
        },
        told("What a bank keeps of a wire", fees.collect::<Vec<_>>().join(", ")),
        told("Names that count as equal", format!("{} % alike", matching.name_percent_min)),
        told("Orders in one remittance", format!("{} at most", matching.remittance_orders_max)),
    ]
}
