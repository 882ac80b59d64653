//! The exception report: what is on the list is what is in the file, in every format the same rows in the same order.
//!
//! In a workbook an amount is a number, a day a date, a text a text, whatever it looks like; each currency's total is a
//! formula over the rows above it. In CSV a text that a spreadsheet would run is marked as text. A file is there whole or
//! not at all.

use crate::company::Company;
use crate::error::ServiceError;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};
use serde::Serialize;
use std::path::{Path, PathBuf};
use tieout_money::{Money, Totals};
use tieout_store::{ExceptionStatus, StoredException};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    Csv,
    Xlsx,
    Json,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExceptionRow {
    pub id: String,
    pub kind: String,
    pub title: String,
    pub queue: String,
    pub on: String,
    pub subject: String,
    /// Empty where no money is known.
    pub amount: String,
    pub currency: String,
    pub why_not: String,
    pub next_action: String,
    pub records: String,
    pub first_seen: String,
}

const COLUMNS: [&str; 12] = [
    "Id",
    "Kind",
    "Exception",
    "Queue",
    "Date",
    "Subject",
    "Amount",
    "Currency",
    "Why not",
    "Next action",
    "Records",
    "First seen (UTC)",
];

impl ExceptionRow {
    fn cells(&self) -> [&str; 12] {
        [
            &self.id,
            &self.kind,
            &self.title,
            &self.queue,
            &self.on,
            &self.subject,
            &self.amount,
            &self.currency,
            &self.why_not,
            &self.next_action,
            &self.records,
            &self.first_seen,
        ]
    }
}

/// Writes the open exceptions and tells how many.
pub fn export_exceptions(company: &Company, format: ReportFormat, out: &Path) -> Result<usize, ServiceError> {
    let standing = company.store.read(|reader| reader.standing_exceptions())?;
    let open: Vec<_> = standing.into_iter().filter(|it| it.status != ExceptionStatus::Resolved).collect();
    write_exceptions(&open, format, out)
}

/// Writes these, in this order, and tells how many.
pub fn write_exceptions(open: &[StoredException], format: ReportFormat, out: &Path) -> Result<usize, ServiceError> {
    let totals = Totals::of(open.iter().filter_map(|it| it.exception.at_stake))?;
    let rows: Vec<ExceptionRow> = open
        .iter()
        .map(|it| ExceptionRow {
            id: it.id.to_string(),
            kind: it.exception.kind.as_str().into(),
            title: it.exception.kind.title().into(),
            queue: format!("{:?}", it.exception.kind.queue()).to_lowercase(),
            on: it.exception.on.map(|it| it.to_string()).unwrap_or_default(),
            subject: it.exception.subject.clone(),
            amount: it.exception.at_stake.map(|it| it.amount_text()).unwrap_or_default(),
            currency: it.exception.at_stake.map(|it| it.currency().to_string()).unwrap_or_default(),
            why_not: it.exception.why_not.clone(),
            next_action: it.exception.kind.next_action().into(),
            records: it.exception.records.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            first_seen: it.first_seen.to_string(),
        })
        .collect();
    let part = part_of(out);
    match format {
        ReportFormat::Json => {
            let text = serde_json::to_string_pretty(&rows).map_err(|error| unwritten(out, &error))?;
            std::fs::write(&part, text).map_err(|source| unwritable(out, source))?;
        }
        ReportFormat::Csv => write_csv(&rows, &totals, &part, out)?,
        ReportFormat::Xlsx => write_xlsx(&rows, open, &totals, &part).map_err(|error| unwritten(out, &error))?,
    }
    std::fs::rename(&part, out).map_err(|source| unwritable(out, source))?;
    Ok(rows.len())
}

/// Where it is written before it takes its place.
fn part_of(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    out.with_file_name(name)
}

fn unwritable(out: &Path, source: std::io::Error) -> ServiceError {
    ServiceError::File { what: format!("{} cannot be written", out.display()), source }
}

fn unwritten(out: &Path, error: &dyn std::error::Error) -> ServiceError {
    ServiceError::Report(format!("{}: {error}", out.display()))
}

/// A text that a spreadsheet would run is shown as text (design/promises.md F1). Amounts are ours and stay numbers.
fn inert(text: &str) -> String {
    let runs = |it: char| matches!(it, '=' | '+' | '-' | '@' | '\0' | '＝' | '＋' | '－' | '＠');
    if text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(runs) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

const DAY: usize = 4;
const AMOUNT: usize = 6;
const FIRST_SEEN: usize = 11;
/// What a cell of a workbook holds at most.
const CELL_LETTERS_MAX: usize = 32_767;

fn write_csv(rows: &[ExceptionRow], totals: &Totals, part: &Path, out: &Path) -> Result<(), ServiceError> {
    let failed = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(source) => unwritable(out, source),
        other => ServiceError::Report(format!("{}: {other:?}", out.display())),
    };
    let mut writer = csv::Writer::from_path(part).map_err(failed)?;
    writer.write_record(COLUMNS).map_err(failed)?;
    for row in rows {
        let cells = row
            .cells()
            .into_iter()
            .enumerate()
            .map(|(at, text)| if at == AMOUNT { text.to_owned() } else { inert(text) });
        writer.write_record(cells).map_err(failed)?;
    }
    for total in totals.iter() {
        let mut cells = vec![String::new(); COLUMNS.len()];
        cells[AMOUNT - 1] = "Total".into();
        cells[AMOUNT] = total.amount_text();
        cells[AMOUNT + 1] = total.currency().to_string();
        writer.write_record(cells).map_err(failed)?;
    }
    writer.flush().map_err(|source| unwritable(out, source))
}

fn write_xlsx(rows: &[ExceptionRow], open: &[StoredException], totals: &Totals, out: &Path) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Exceptions")?;
    let bold = Format::new().set_bold();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let instant = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (at, title) in COLUMNS.iter().enumerate() {
        sheet.write_with_format(0, column(at), *title, &bold)?;
    }
    let mut line = 1u32;
    for (row, of) in rows.iter().zip(open) {
        for (at, text) in row.cells().into_iter().enumerate() {
            match (at, of.exception.on, of.exception.at_stake) {
                (DAY, Some(on), _) => {
                    sheet.write_with_format(line, column(at), date_of(on)?, &day)?;
                }
                (FIRST_SEEN, ..) => {
                    sheet.write_with_format(line, column(at), instant_of(of.first_seen)?, &instant)?;
                }
                (AMOUNT, _, Some(money)) => {
                    sheet.write_with_format(line, column(at), money.amount(), &money_format(money))?;
                }
                _ if text.is_empty() => {}
                _ => write_text(sheet, line, column(at), text)?,
            }
        }
        line += 1;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, line.saturating_sub(1).max(1), column(COLUMNS.len() - 1))?;
    // Rows are counted from 1 in a formula, so the last row of data has the number of the line after it.
    let last = line;
    for total in totals.iter() {
        let currency = total.currency();
        let code = currency.code();
        let sum = format!("=ROUND(SUMIFS(G$2:G${last},H$2:H${last},\"{code}\"),{})", currency.decimals());
        let sum = Formula::new(sum).set_result(total.amount_text());
        sheet.write_with_format(line, column(AMOUNT - 1), "Total", &bold)?;
        sheet.write_with_format(line, column(AMOUNT), sum, &money_format(total).set_bold())?;
        sheet.write_with_format(line, column(AMOUNT + 1), code, &bold)?;
        line += 1;
    }
    for (at, width) in [(DAY, 11), (2, 26), (5, 30), (AMOUNT, 14), (8, 60), (9, 60), (FIRST_SEEN, 19)] {
        sheet.set_column_width(column(at), width)?;
    }
    book.save(out)
}

fn column(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// Always as a text: what begins like a formula is none.
fn write_text(sheet: &mut Worksheet, line: u32, at: u16, text: &str) -> Result<(), XlsxError> {
    let fits = text.encode_utf16().count() <= CELL_LETTERS_MAX;
    let cut = || text.chars().take(CELL_LETTERS_MAX / 2 - 1).chain(['…']).collect::<String>();
    if fits {
        sheet.write_string(line, at, text)?
    } else {
        sheet.write_string(line, at, cut())?
    };
    Ok(())
}

fn date_of(on: civil::Date) -> Result<ExcelDateTime, XlsxError> {
    let part = |it: i8| it.unsigned_abs();
    ExcelDateTime::from_ymd(on.year().unsigned_abs(), part(on.month()), part(on.day()))
}

fn instant_of(at: Timestamp) -> Result<ExcelDateTime, XlsxError> {
    let at = at.to_zoned(TimeZone::UTC).datetime();
    let part = |it: i8| it.unsigned_abs();
    date_of(at.date())?.and_hms(part(at.hour()).into(), part(at.minute()), part(at.second()))
}

/// As many decimals as the currency has.
fn money_format(money: Money) -> Format {
    let number = match money.currency().decimals() {
        0 => "#,##0".to_owned(),
        decimals => format!("#,##0.{}", "0".repeat(decimals as usize)),
    };
    Format::new().set_num_format(format!("{number};({number});-"))
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn a_name_that_looks_like_a_formula_is_inert() {
        for text in ["=cmd()", "+1", "-2", "@x", "  =1", "＝1", "\tx", "\n=1", "\u{a0}@x", "\r"] {
            assert!(inert(text).starts_with('\''), "{text}");
        }
        assert_eq!(inert("Mary Jones"), "Mary Jones");
    }
}
