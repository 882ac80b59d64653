//! A file as it would be imported, before anything is kept: its columns, how they are read, its first rows, and the first
//! line that is wrong.

use crate::company::Company;
use crate::error::ServiceError;
use crate::import::{self, Columns};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::path::Path;
use tieout_domain::{SettlementRow, SourceId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePreview {
    pub rows: usize,
    pub columns: Vec<String>,
    pub mapping: Vec<MappedColumn>,
    pub sample: Vec<Vec<String>>,
    /// Rows already known from an earlier file.
    pub known: usize,
    /// The first line that cannot be read, from 1, and why.
    pub wrong: Option<(u64, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedColumn {
    /// Tieout's name of it.
    pub field: &'static str,
    /// The file's, where one is known.
    pub column: Option<String>,
    pub required: bool,
}

const SAMPLE_ROWS: usize = 20;
const BANK: [(&str, bool); 6] = [
    ("row_id", true),
    ("date", true),
    ("amount", true),
    ("currency", true),
    ("reference", false),
    ("description", false),
];
const SETTLEMENT: [(&str, bool); 12] = [
    ("row_id", true),
    ("type", true),
    ("gross", true),
    ("fee", true),
    ("net", true),
    ("currency", true),
    ("created_at", true),
    ("payout_id", false),
    ("gateway_ref", false),
    ("order_number", false),
    ("available_on", false),
    ("description", false),
];

pub fn preview_file(company: &Company, path: &Path, source_name: &str) -> Result<FilePreview, ServiceError> {
    let file = path.file_name().map_or_else(|| path.display().to_string(), |it| it.to_string_lossy().into_owned());
    let content =
        std::fs::read(path).map_err(|source| ServiceError::File { what: format!("{file} cannot be read"), source })?;
    let source = SourceId::file(source_name);
    let mapped = company.store.read(|reader| reader.recall(&format!("columns/{source}")))?;
    let columns: Columns = mapped.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let bad = |line: u64, why: String| ServiceError::BadFile { file: file.clone(), line, why };
    let text = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&content);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Fields).flexible(true).from_reader(text);
    let header: Vec<String> =
        reader.headers().map_err(|error| bad(1, error.to_string()))?.iter().map(str::to_owned).collect();
    let mut rows = 0;
    let mut sample = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| bad(rows as u64 + 2, error.to_string()))?;
        rows += 1;
        if sample.len() < SAMPLE_ROWS {
            sample.push(record.iter().map(str::to_owned).collect());
        }
    }
    let zone = company.connection().ok().and_then(|it| TimeZone::get(&it.store_zone).ok()).unwrap_or(TimeZone::UTC);
    let (known, wrong) = match import::parse(&file, &content, &source, &columns, &zone) {
        Ok(parsed) => (known(company, parsed.iter().map(|it| &it.value))?, None),
        Err(ServiceError::BadFile { line, why, .. }) => (0, Some((line, why))),
        Err(other) => return Err(other),
    };
    Ok(FilePreview { rows, mapping: mapping(&header, &columns), columns: header, sample, known, wrong })
}

fn known<'a>(company: &Company, rows: impl Iterator<Item = &'a SettlementRow>) -> Result<usize, ServiceError> {
    let records: Vec<_> = rows.map(SettlementRow::record).collect::<BTreeSet<_>>().into_iter().collect();
    let versions = company.store.read(|reader| reader.versions(&records))?;
    Ok(versions.iter().filter(|it| it.version.is_some()).count())
}

/// A file with an amount and no gross is a bank's.
fn mapping(header: &[String], columns: &Columns) -> Vec<MappedColumn> {
    let column = |field: &str| {
        let theirs = columns.get(field).map_or(field, String::as_str);
        header.iter().find(|it| it.eq_ignore_ascii_case(theirs)).cloned()
    };
    let is_bank = column("gross").is_none() && column("amount").is_some();
    let fields: &[(&'static str, bool)] = if is_bank { &BANK } else { &SETTLEMENT };
    fields.iter().map(|(field, required)| MappedColumn { field, column: column(field), required: *required }).collect()
}
