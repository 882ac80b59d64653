//! The exception report is read back cell by cell, as a spreadsheet program would.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use tieout_domain::{Exception, ExceptionKind, ObjectKind, RecordRef, SourceId};
use tieout_money::{Currency, Money};
use tieout_services::{ReportFormat, write_exceptions};
use tieout_store::{ExceptionStatus, StoredException};

fn exception(n: i64, at_stake: Option<Money>, on: Option<Date>, subject: &str) -> StoredException {
    let exception = Exception {
        kind: ExceptionKind::AmountVariance,
        records: vec![RecordRef::new(SourceId::xcart("larkspur"), ObjectKind::Payment, format!("{n}:1"))],
        at_stake,
        on,
        subject: subject.into(),
        why_not: format!("-{n} is not +{n}"),
    };
    let first_seen = jiff::Timestamp::from_second(1_767_225_600 + n * 3_661).unwrap();
    StoredException {
        id: exception.id(),
        exception,
        status: ExceptionStatus::Open,
        first_seen,
        last_seen: first_seen,
        resolved_at: None,
        snoozed_until: None,
        expected_on: None,
        owner: None,
        noted: false,
    }
}

fn all() -> Vec<StoredException> {
    let usd = |minor| Some(Money::from_minor(minor, Currency::USD));
    let eur = |minor| Some(Money::from_minor(minor, Currency::EUR));
    let yen = Some(Money::from_minor(1_200, Currency::parse("JPY").unwrap()));
    vec![
        exception(1, usd(10_543), Some(date(2026, 1, 29)), "#10482 Wexford Botanical"),
        exception(2, usd(-3), Some(date(2026, 2, 1)), "=HYPERLINK(\"http://evil\",\"pay\")"),
        exception(3, eur(1), Some(date(2025, 12, 31)), "@SUM(A1:A9)"),
        exception(4, None, None, "+1 555 0100"),
        exception(5, yen, Some(date(2026, 1, 5)), "-2 Söhne & Cie <b>\"x\"\ttab"),
        exception(6, eur(99_999_999_999), Some(date(2024, 2, 29)), "'quoted"),
        exception(7, usd(70), Some(date(2026, 1, 29)), "\n=1+1"),
        exception(8, usd(0), Some(date(2026, 1, 30)), &"long ".repeat(20_000)),
    ]
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
const CELL_LETTERS_MAX: usize = 32_767;

fn written(folder: &Path, format: ReportFormat, rows: &[StoredException]) -> PathBuf {
    let path = folder.join("exceptions");
    assert_eq!(write_exceptions(rows, format, &path).unwrap(), rows.len());
    let names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["exceptions"], "nothing is left beside the file");
    path
}

/// Days since 1899-12-30, as a spreadsheet counts them.
fn serial(on: Date) -> f64 {
    f64::from((on - date(1899, 12, 30)).get_days())
}

fn number(cell: &Data) -> f64 {
    match cell {
        Data::Float(it) => *it,
        other => panic!("{other:?} is no number"),
    }
}

#[test]
fn the_workbook_holds_numbers_dates_and_texts_and_its_totals_are_formulas_that_foot() {
    let folder = tempfile::tempdir().unwrap();
    let rows = all();
    let path = written(folder.path(), ReportFormat::Xlsx, &rows);
    let bytes = std::fs::read(&path).unwrap();
    let mut book: Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(&bytes)).unwrap();
    let cells: Range<Data> = book.worksheet_range("Exceptions").unwrap();
    let formulas = book.worksheet_formula("Exceptions").unwrap();
    let cell = |line: usize, column: usize| cells.get_value((line as u32, column as u32)).unwrap_or(&Data::Empty);
    let formula = |line: usize, column: usize| {
        formulas.get_value((line as u32, column as u32)).map(String::as_str).unwrap_or_default()
    };

    for (at, title) in COLUMNS.iter().enumerate() {
        assert_eq!(cell(0, at), &Data::String((*title).to_owned()));
    }
    let mut sums: BTreeMap<Currency, Money> = BTreeMap::new();
    for (index, it) in rows.iter().enumerate() {
        let (line, exception) = (index + 1, &it.exception);
        for at in 0..COLUMNS.len() {
            assert_eq!(formula(line, at), "", "row {line} runs nothing");
        }
        for (at, text) in [
            (0, it.id.to_string()),
            (1, exception.kind.as_str().to_owned()),
            (2, exception.kind.title().to_owned()),
            (3, "mismatch".to_owned()),
            (8, exception.why_not.clone()),
            (9, exception.kind.next_action().to_owned()),
            (10, exception.records[0].to_string()),
        ] {
            assert_eq!(cell(line, at), &Data::String(text), "row {line}, {}", COLUMNS[at]);
        }
        let Data::String(subject) = cell(line, 5) else { panic!("{:?} is no text", cell(line, 5)) };
        if exception.subject.len() > CELL_LETTERS_MAX {
            assert!(subject.chars().count() <= CELL_LETTERS_MAX && subject.ends_with('…'));
        } else {
            assert_eq!(*subject, exception.subject, "a text is what it was, formula or not");
        }
        match exception.on {
            Some(on) => match cell(line, 4) {
                Data::DateTime(it) => assert_eq!(it.as_f64(), serial(on), "row {line}"),
                other => panic!("{other:?} is no date"),
            },
            None => assert_eq!(cell(line, 4), &Data::Empty),
        }
        match cell(line, 11) {
            Data::DateTime(seen) => {
                let at = it.first_seen.to_zoned(jiff::tz::TimeZone::UTC);
                let seconds = (seen.as_f64() - serial(at.date())) * 86_400.0;
                let expected = (at.datetime() - at.date().at(0, 0, 0, 0)).total(jiff::Unit::Second).unwrap();
                assert!((seconds - expected).abs() < 0.01, "row {line}: {seconds} {expected}");
            }
            other => panic!("{other:?} is no time"),
        }
        match exception.at_stake {
            Some(money) => {
                assert_eq!(number(cell(line, 6)).to_string(), money.amount().normalize().to_string(), "row {line}");
                assert_eq!(cell(line, 7), &Data::String(money.currency().code().to_owned()));
                let sum = sums.entry(money.currency()).or_insert(Money::zero(money.currency()));
                *sum = sum.checked_add(money).unwrap();
            }
            None => assert_eq!((cell(line, 6), cell(line, 7)), (&Data::Empty, &Data::Empty)),
        }
    }

    assert_eq!(sums.len(), 3);
    let last = rows.len() + 1;
    for (line, (currency, sum)) in (last..).zip(&sums) {
        assert_eq!(cell(line, 5), &Data::String("Total".into()));
        assert_eq!(cell(line, 7), &Data::String(currency.code().to_owned()));
        assert_eq!(number(cell(line, 6)).to_string(), sum.amount().normalize().to_string(), "cached {currency}");
        let expected =
            format!("ROUND(SUMIFS(G$2:G${last},H$2:H${last},\"{}\"),{})", currency.code(), currency.decimals());
        assert_eq!(formula(line, 6), expected);
        // What the formula says, done by hand on the cells it names.
        let footed: f64 = (1..last)
            .filter(|it| cell(*it, 7) == &Data::String(currency.code().to_owned()))
            .map(|it| number(cell(it, 6)))
            .sum();
        let cent = 10_f64.powi(i32::try_from(currency.decimals()).unwrap());
        assert_eq!((footed * cent).round() / cent, number(cell(line, 6)));
    }
    assert_eq!(cells.end(), Some(((last + sums.len() - 1) as u32, 11)), "and nothing below");

    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#), "header");
    assert!(
        sheet.contains(&format!(r#"<autoFilter ref="A1:L{last}"/>"#)),
        "the filter covers the rows, not the totals"
    );
    let styles = part(&bytes, "xl/styles.xml");
    for format in ["yyyy-mm-dd", "#,##0.00;(#,##0.00);-", "#,##0;(#,##0);-"] {
        assert!(styles.contains(&format!(r#"formatCode="{format}""#)), "{format}");
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn an_empty_report_has_its_header_and_no_totals() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), ReportFormat::Xlsx, &[]);
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let cells = book.worksheet_range("Exceptions").unwrap();
    assert_eq!((cells.end(), cells.get_value((0, 0))), (Some((0, 11)), Some(&Data::String("Id".into()))));
}

#[test]
fn csv_and_json_hold_the_same_rows_in_the_same_order() {
    let folder = tempfile::tempdir().unwrap();
    let rows = all();
    let path = written(folder.path(), ReportFormat::Json, &rows);
    let json: Vec<BTreeMap<String, String>> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let path = written(folder.path(), ReportFormat::Csv, &rows);
    let mut reader = csv::Reader::from_path(path).unwrap();
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((json.len(), lines.len()), (rows.len(), rows.len() + 3), "three totals below");
    let keys = [
        "id",
        "kind",
        "title",
        "queue",
        "on",
        "subject",
        "amount",
        "currency",
        "why_not",
        "next_action",
        "records",
        "first_seen",
    ];
    for ((it, row), line) in rows.iter().zip(&json).zip(&lines) {
        assert_eq!(row["id"], it.id.to_string(), "in the order of the list");
        assert_eq!(row["subject"], it.exception.subject, "JSON runs nothing and is left as it is");
        for (at, key) in keys.iter().enumerate() {
            let runs = !row[*key].is_empty()
                && *key != "amount"
                && (row[*key].trim_start().starts_with(['=', '+', '-', '@'])
                    || row[*key].starts_with(['\t', '\r', '\n']));
            let expected = if runs { format!("'{}", row[*key]) } else { row[*key].clone() };
            assert_eq!(line.get(at).unwrap(), expected, "{key} of {}", it.id);
        }
    }
    let totals: Vec<(&str, &str)> =
        lines[rows.len()..].iter().map(|it| (it.get(6).unwrap(), it.get(7).unwrap())).collect();
    assert_eq!(totals, [("1000000000.00", "EUR"), ("1200", "JPY"), ("106.10", "USD")]);
}

#[test]
fn a_report_that_cannot_be_written_leaves_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), ReportFormat::Csv, &all());
    let before = std::fs::read(&path).unwrap();
    let gone = folder.path().join("no such folder").join("exceptions");
    for format in [ReportFormat::Csv, ReportFormat::Xlsx, ReportFormat::Json] {
        assert!(write_exceptions(&all(), format, &gone).is_err());
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
