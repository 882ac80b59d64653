//! `tieout match` on files: payments and receipts as CSV in, matches and exceptions as CSV out. No data folder, no clock, no
//! network; the same files give the same bytes.

use crate::args::MatchFiles;
use crate::report::Done;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tieout_matching::files::{self, BadFile, Inputs, Refused};
use tieout_matching::solve::{self, Reason, SAFE, Solved};
use tieout_matching::table::{Book, NONE};
use tieout_services::ServiceError;

pub fn run(asked: &MatchFiles) -> Result<Done, ServiceError> {
    let needed = |path: &Option<PathBuf>, field: &'static str| {
        path.clone().ok_or_else(|| ServiceError::BadInput {
            field,
            value: String::new(),
            why: "matching files needs --payments, --receipts and --out; matching a company needs --data".into(),
        })
    };
    let payments = needed(&asked.payments, "--payments")?;
    let receipts = needed(&asked.receipts, "--receipts")?;
    let out = needed(&asked.out, "--out")?;
    if let Some(threads) = asked.threads {
        // `Err` says that a pool is there already; the answer is the same with any number of threads.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    let policy = match &asked.settings {
        None => Default::default(),
        Some(path) => {
            let (name, bytes) = read(path)?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            files::settings(&name, &text).map_err(bad)?
        }
    };
    for warning in &policy.warnings {
        eprintln!("tieout: settings: {warning}");
    }
    let warnings = policy.warnings.clone();
    let inputs = Inputs {
        payments: read(&payments)?,
        receipts: read(&receipts)?,
        rates: asked.rates.as_deref().map(read).transpose()?,
    };
    let (book, refused) = files::read(inputs, policy).map_err(bad)?;
    refuse(&refused, asked.refused.as_deref())?;
    let solved = solve::solve(&book);
    write(&out, |file| files::matches(&book, &solved, file))?;
    if let Some(path) = &asked.exceptions {
        write(path, |file| files::exceptions(&book, &solved, file))?;
    }
    if let Some(path) = &asked.explain {
        write(path, |file| files::explanations(&book, &solved, file))?;
    }
    let summary = summary(&book, &solved, &refused, &warnings);
    Ok(match refused.len() {
        0 => Done::Text(in_words(&summary), summary),
        count => Done::NeedsAPerson(summary, format!("{count} records were refused; the others were matched")),
    })
}

fn read(path: &Path) -> Result<(String, Vec<u8>), ServiceError> {
    let bytes = std::fs::read(path)
        .map_err(|source| ServiceError::File { what: format!("{} cannot be read", path.display()), source })?;
    Ok((path.display().to_string(), bytes))
}

fn bad(error: BadFile) -> ServiceError {
    match error.line {
        // The whole of it: told where it begins.
        0 => ServiceError::BadFile { file: error.file, line: 1, why: error.what },
        line => ServiceError::BadFile {
            file: error.file,
            line: line as u64,
            why: format!("column {}: {}", error.column, error.what),
        },
    }
}

/// To the file asked for; without one the first of them stops the run.
fn refuse(refused: &[Refused], path: Option<&Path>) -> Result<(), ServiceError> {
    let Some(first) = refused.first() else { return Ok(()) };
    let Some(path) = path else {
        let mut error = first.why.clone();
        if refused.len() > 1 {
            error.what = format!(
                "{}; {} more records are wrong (--refused FILE lists them and matches the rest)",
                error.what,
                refused.len() - 1
            );
        }
        return Err(bad(error));
    };
    write(path, |file| {
        writeln!(file, "file,line,column,id,what")?;
        for it in refused {
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let why = &it.why;
            writeln!(
                file,
                "{},{},{},{},{}",
                quoted(&why.file),
                why.line,
                why.column,
                quoted(&it.id),
                quoted(&why.what)
            )?;
        }
        Ok(())
    })
}

/// Beside its place first: a run that is killed leaves no half of a file.
fn write(path: &Path, put: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), ServiceError> {
    let failed = |source| ServiceError::File { what: format!("{} cannot be written", path.display()), source };
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut file = BufWriter::with_capacity(1 << 18, File::create(&part).map_err(failed)?);
    put(&mut file).and_then(|()| file.flush()).map_err(failed)?;
    std::fs::rename(&part, path).map_err(failed)
}

fn summary(book: &Book, solved: &Solved, refused: &[Refused], warnings: &[String]) -> Value {
    let mut by_pass: BTreeMap<&str, u64> = BTreeMap::new();
    for group in &solved.groups {
        *by_pass.entry(group.pass.name()).or_default() += 1;
    }
    let mut by_reason: BTreeMap<&str, u64> = BTreeMap::new();
    for reason in solved.left_reason.iter().chain(&solved.right_reason).filter(|it| **it != Reason::Matched) {
        *by_reason.entry(reason.as_str()).or_default() += 1;
    }
    let automatic = solved.groups.iter().filter(|it| it.confidence >= SAFE).count();
    let matched = |groups: &[u32]| groups.iter().filter(|it| **it != NONE).count();
    let budgets: BTreeMap<&str, u64> = solved.budgets.iter().copied().collect();
    json!({
        "payments": book.payments.len(),
        "receipts": book.receipts.len(),
        "matches": solved.groups.len(),
        "automatic": automatic,
        "suggested": solved.groups.len() - automatic,
        "payments_matched": matched(&solved.left_group),
        "receipts_matched": matched(&solved.right_group),
        "by_pass": by_pass,
        "exceptions": by_reason,
        "refused": refused.len(),
        "budgets_reached": budgets,
        "warnings": warnings,
    })
}

fn in_words(summary: &Value) -> String {
    let number = |key: &str| summary[key].as_u64().unwrap_or(0);
    let mut text = format!(
        "{} payments and {} receipts: {} matches, {} of them automatic and {} suggested\n",
        number("payments"),
        number("receipts"),
        number("matches"),
        number("automatic"),
        number("suggested")
    );
    for (title, key) in [("by pass", "by_pass"), ("exceptions", "exceptions"), ("budgets reached", "budgets_reached")] {
        let rows = summary[key].as_object().into_iter().flatten().collect::<Vec<_>>();
        if !rows.is_empty() {
            text.push_str(&format!("{title}:\n"));
        }
        for (name, count) in rows {
            text.push_str(&format!("  {name}: {count}\n"));
        }
    }
    text
}
