//! The exception report: what is on the list is what is in the file, amounts typed, texts that look like formulas inert.

use crate::company::Company;
use crate::error::ServiceError;
use rust_xlsxwriter::{Format, Workbook};
use serde::Serialize;
use std::path::Path;
use tieout_money::Totals;
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
    "First seen",
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
    match format {
        ReportFormat::Json => {
            let text = serde_json::to_string_pretty(&rows).map_err(|error| unwritten(out, &error))?;
            std::fs::write(out, text).map_err(|source| ServiceError::File {
                what: format!("{} cannot be written", out.display()),
                source,
            })?;
        }
        ReportFormat::Csv => write_csv(&rows, &totals, out)?,
        ReportFormat::Xlsx => write_xlsx(&rows, &totals, out).map_err(|error| unwritten(out, &error))?,
    }
    Ok(rows.len())
}

fn unwritten(out: &Path, error: &dyn std::error::Error) -> ServiceError {
    ServiceError::Report(format!("{}: {error}", out.display()))
}

/// A text that a spreadsheet would run is shown as text (design/promises.md F1). Amounts are ours and stay numbers.
fn inert(text: &str) -> String {
    let starts = text.trim_start_matches(' ').chars().next();
    if matches!(starts, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\0' | '＝' | '＋' | '－' | '＠')) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

const AMOUNT: usize = 6;

fn write_csv(rows: &[ExceptionRow], totals: &Totals, out: &Path) -> Result<(), ServiceError> {
    let failed = |error: csv::Error| unwritten(out, &error);
    let mut writer = csv::Writer::from_path(out).map_err(failed)?;
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
    writer.flush().map_err(|source| ServiceError::File { what: format!("{} cannot be written", out.display()), source })
}

fn write_xlsx(rows: &[ExceptionRow], totals: &Totals, out: &Path) -> Result<(), rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Exceptions")?;
    let bold = Format::new().set_bold();
    let money = Format::new().set_num_format("#,##0.00;(#,##0.00);-");
    let total_format = Format::new().set_bold().set_num_format("#,##0.00;(#,##0.00);-");
    for (at, title) in (0u16..).zip(COLUMNS) {
        sheet.write_with_format(0, at, title, &bold)?;
    }
    let mut line = 1u32;
    for row in rows {
        for (at, text) in (0u16..).zip(row.cells()) {
            match (usize::from(at) == AMOUNT).then(|| text.parse::<rust_decimal::Decimal>()) {
                Some(Ok(amount)) => sheet.write_with_format(line, at, amount, &money)?,
                _ => sheet.write_string(line, at, text)?,
            };
        }
        line += 1;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, line.saturating_sub(1).max(1), COLUMNS.len() as u16 - 1)?;
    for total in totals.iter() {
        sheet.write_with_format(line, AMOUNT as u16 - 1, "Total", &bold)?;
        sheet.write_with_format(line, AMOUNT as u16, total.amount(), &total_format)?;
        sheet.write_with_format(line, AMOUNT as u16 + 1, total.currency().code(), &bold)?;
        line += 1;
    }
    sheet.set_column_width(4, 11)?;
    sheet.set_column_width(8, 60)?;
    book.save(out)
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn a_name_that_looks_like_a_formula_is_inert() {
        for text in ["=cmd()", "+1", "-2", "@x", "  =1", "＝1", "\tx"] {
            assert!(inert(text).starts_with('\''), "{text}");
        }
        assert_eq!(inert("Mary Jones"), "Mary Jones");
    }
}
