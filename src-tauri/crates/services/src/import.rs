//! Settlement and bank files: CSV in, rows in, an import that can be taken back as a unit. One layout of column names,
//! other names mapped once per source and remembered.

use crate::company::Company;
use crate::error::ServiceError;
use crate::watch::{Unwatched, Watch};
use csv::StringRecord;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tieout_domain::{Fetched, SettlementKind, SettlementRow, SourceId};
use tieout_money::{Currency, Money};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportSummary {
    pub source: String,
    pub file: String,
    pub rows: u64,
    pub added: u32,
    pub already_there: u32,
    pub same_file_before: bool,
    pub batch: i64,
}

/// Remembers which column of this source's files holds what; asked for once.
pub fn remember_columns(
    company: &Company,
    source_name: &str,
    columns: &BTreeMap<String, String>,
) -> Result<(), ServiceError> {
    let text = serde_json::to_string(columns).expect("column names are plain text");
    Ok(company.store.remember(&format!("columns/{}", SourceId::file(source_name)), &text)?)
}

/// Our column name -> the file's.
pub type Columns = BTreeMap<String, String>;

pub fn import_file(
    company: &Company,
    actor: &str,
    path: &Path,
    source_name: &str,
) -> Result<ImportSummary, ServiceError> {
    import_watched(company, actor, path, source_name, &Unwatched)
}

/// Reads the whole file before anything is kept: a wrong line is named and nothing is imported. Stopped before it is
/// kept, nothing is.
pub fn import_watched(
    company: &Company,
    actor: &str,
    path: &Path,
    source_name: &str,
    watch: &dyn Watch,
) -> Result<ImportSummary, ServiceError> {
    let file = path.file_name().map_or_else(|| path.display().to_string(), |it| it.to_string_lossy().into_owned());
    let content = std::fs::read(path)
        .map_err(|source| ServiceError::File { what: format!("{} cannot be read", path.display()), source })?;
    let source = SourceId::file(source_name);
    let mapped = company.store.read(|reader| reader.recall(&format!("columns/{source}")))?;
    let columns: Columns = mapped.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let zone = company.connection().ok().and_then(|it| TimeZone::get(&it.store_zone).ok()).unwrap_or(TimeZone::UTC);
    let rows = parse(&file, &content, &source, &columns, &zone)?;
    if rows.iter().any(|it| it.value.kind != SettlementKind::BankLine) {
        known_source(company, source_name)?;
    }
    watch.count(&file, 0, rows.len() as u64);
    watch.go_on()?;
    let report =
        company.store.write(actor, company.now(), |tx| tx.import_settlements(&source, &file, &content, &rows))?;
    watch.count(&file, rows.len() as u64, rows.len() as u64);
    Ok(ImportSummary {
        source: source.0,
        file,
        rows: rows.len() as u64,
        added: report.added,
        already_there: report.already_there,
        same_file_before: report.same_file_before,
        batch: report.batch,
    })
}

/// A gateway's rows find their accounts by the name of their source: a mistyped one would find none. Without settings
/// any name will do.
fn known_source(company: &Company, name: &str) -> Result<(), ServiceError> {
    let settings = match company.settings() {
        Err(ServiceError::NoSettings) => return Ok(()),
        settings => settings?.0,
    };
    let known: BTreeSet<&str> =
        settings.clearing.iter().map(|it| it.settlement.as_str()).filter(|it| !it.is_empty()).collect();
    if known.contains(name) {
        return Ok(());
    }
    let names = known.into_iter().collect::<Vec<_>>().join(", ");
    let why = format!("no [[clearing]] of the settings has this as its settlement; they name {names}");
    Err(ServiceError::BadInput { field: "source", value: name.to_owned(), why })
}

/// The rows of a settlement or bank file: all of them, or why not.
pub fn parse(
    file: &str,
    content: &[u8],
    source: &SourceId,
    columns: &Columns,
    zone: &TimeZone,
) -> Result<Vec<Fetched<SettlementRow>>, ServiceError> {
    let bad = |line: u64, why: String| ServiceError::BadFile { file: file.to_owned(), line, why };
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    if let Err(error) = std::str::from_utf8(content) {
        let before = &content[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        return Err(bad(line, "it is not UTF-8 text; save the file as \"CSV UTF-8\"".into()));
    }
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Fields).from_reader(content);
    let header = reader.headers().map_err(|error| bad(1, error.to_string()))?.clone();
    let table = Table { header: &header, columns, zone };
    if !table.has("row_id") || !(table.has("gross") || table.has("amount")) {
        return Err(bad(1, "it has neither the columns of a settlement file (row_id, type, gross, ...) nor of a bank file (row_id, date, amount, ...)".into()));
    }
    let is_bank = !table.has("gross");
    let (mut rows, mut lines) = (Vec::new(), BTreeMap::new());
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|error| bad(line_of(&error).unwrap_or(index as u64 + 2), said(&error)))?;
        let line = record.position().map_or(index as u64 + 2, csv::Position::line);
        let row = if is_bank { table.bank_line(source, &record) } else { table.settlement(source, &record) };
        let row = row.map_err(|why| bad(line, why))?;
        // Rows are known by their id: a second one would replace the first.
        if let Some(first) = lines.insert(row.row_id.clone(), line) {
            return Err(bad(line, format!("row_id {:?} stands in line {first} too", row.row_id)));
        }
        let raw = record.iter().collect::<Vec<_>>().join(",");
        rows.push(Fetched { value: row, raw });
    }
    Ok(rows)
}

fn line_of(error: &csv::Error) -> Option<u64> {
    error.position().map(csv::Position::line)
}

fn said(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} columns where the header has {expected_len}")
        }
        _ => error.to_string(),
    }
}

struct Table<'a> {
    header: &'a StringRecord,
    columns: &'a Columns,
    zone: &'a TimeZone,
}

impl Table<'_> {
    fn position(&self, ours: &str) -> Option<usize> {
        let theirs = self.columns.get(ours).map_or(ours, String::as_str);
        self.header.iter().position(|it| it.eq_ignore_ascii_case(theirs))
    }

    fn has(&self, ours: &str) -> bool {
        self.position(ours).is_some()
    }

    fn text<'r>(&self, record: &'r StringRecord, ours: &str) -> &'r str {
        self.position(ours).and_then(|at| record.get(at)).unwrap_or_default()
    }

    fn money(&self, record: &StringRecord, ours: &str, currency: Currency) -> Result<Money, String> {
        match self.text(record, ours) {
            "" => Ok(Money::zero(currency)),
            text => Money::parse(text, currency).map_err(|error| format!("{ours}: {error}")),
        }
    }

    fn currency(&self, record: &StringRecord) -> Result<Currency, String> {
        Currency::parse(self.text(record, "currency")).map_err(|error| error.to_string())
    }

    /// A day, or an instant whose day is the store's.
    fn day(&self, record: &StringRecord, ours: &str) -> Result<Date, String> {
        let text = self.text(record, ours);
        text.parse::<Timestamp>()
            .map(|it| it.to_zoned(self.zone.clone()).date())
            .or_else(|_| text.parse::<Date>())
            .map_err(|_| format!("{ours} is {text:?}, which is no date"))
    }

    fn row_id(&self, record: &StringRecord) -> Result<String, String> {
        match self.text(record, "row_id") {
            "" => Err("row_id is empty".into()),
            id => Ok(id.to_owned()),
        }
    }

    fn settlement(&self, source: &SourceId, record: &StringRecord) -> Result<SettlementRow, String> {
        let currency = self.currency(record)?;
        let (gross, fee, net) = (
            self.money(record, "gross", currency)?,
            self.money(record, "fee", currency)?,
            self.money(record, "net", currency)?,
        );
        if gross.checked_add(fee) != Ok(net) {
            return Err(format!("gross {gross} and fee {fee} do not come to net {net}"));
        }
        Ok(SettlementRow {
            source: source.clone(),
            row_id: self.row_id(record)?,
            kind: self.text(record, "type").parse::<SettlementKind>()?,
            payout_id: self.text(record, "payout_id").to_owned(),
            gateway_ref: self.text(record, "gateway_ref").to_owned(),
            order_number: self.text(record, "order_number").to_owned(),
            gross,
            fee,
            net,
            on: self.day(record, "created_at")?,
            available_on: if self.text(record, "available_on").is_empty() {
                None
            } else {
                Some(self.day(record, "available_on")?)
            },
            description: self.text(record, "description").to_owned(),
        })
    }

    fn bank_line(&self, source: &SourceId, record: &StringRecord) -> Result<SettlementRow, String> {
        let currency = self.currency(record)?;
        let amount = self.money(record, "amount", currency)?;
        Ok(SettlementRow {
            source: source.clone(),
            row_id: self.row_id(record)?,
            kind: SettlementKind::BankLine,
            payout_id: String::new(),
            gateway_ref: self.text(record, "reference").to_owned(),
            order_number: String::new(),
            gross: amount,
            fee: Money::zero(currency),
            net: amount,
            on: self.day(record, "date")?,
            available_on: None,
            description: self.text(record, "description").to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Fetched<SettlementRow>>, ServiceError> {
        parse("stripe.csv", text.as_bytes(), &SourceId::file("stripe"), &Columns::new(), &TimeZone::UTC)
    }

    const HEADER: &str =
        "row_id,payout_id,type,gateway_ref,order_number,currency,gross,fee,net,created_at,available_on,description\n";

    #[test]
    fn a_charge_is_read_to_the_cent() {
        let rows = read(&format!(
            "{HEADER}r1,po_1,charge,ch_1,10482,USD,105.43,-3.36,102.07,2026-01-29T10:00:00Z,2026-01-31,\"a, b\"\n"
        ))
        .unwrap();
        assert_eq!(rows[0].value.net.to_string(), "102.07 USD");
        assert_eq!(rows[0].value.on.to_string(), "2026-01-29");
        assert_eq!(rows[0].value.description, "a, b");
    }

    #[test]
    fn a_wrong_line_is_named_and_nothing_is_read() {
        for wrong in [
            "r1,po_1,charge,ch,1,USD,105.43,-3.36,102.08,2026-01-29,,",
            "r1,po,gift,ch,1,USD,1.00,0,1.00,2026-01-29,,",
            "r1,po,charge,ch,1,USD,1.005,0,1.005,2026-01-29,,",
            "r1,po,charge,ch,1,USD,1.00,0,1.00,2026-02-30,,",
            "r1,po,charge,ch,1,USD,1.00",
        ] {
            assert!(
                matches!(read(&format!("{HEADER}{wrong}\n")), Err(ServiceError::BadFile { line: 2, .. })),
                "{wrong}"
            );
        }
        let row = "r1,po,charge,ch,1,USD,1.00,0,1.00,2026-02-28,,";
        let twice = read(&format!("{HEADER}{row}\n{row}\n")).unwrap_err();
        assert_eq!(twice.to_string(), "stripe.csv, line 3: row_id \"r1\" stands in line 2 too");
        assert!(matches!(read("a,b\n1,2\n"), Err(ServiceError::BadFile { line: 1, .. })));
    }
}
