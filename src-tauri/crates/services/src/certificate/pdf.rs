//! The certificate for people: the same figures on paper, with the digest of the document that lists every record.
//!
//! Written by hand, with the fonts every reader has: letters outside Latin-1 show as `?`, and nothing is drawn that the
//! certificate's own file does not say.

use super::gather::{Account, Content};
use crate::error::ServiceError;
use std::fmt::Write;
use std::path::Path;

/// A4, in points.
const WIDTH: i32 = 595;
const HEIGHT: i32 = 842;
const MARGIN: i32 = 50;
const LINE: i32 = 13;
/// Letters of the fixed font at 8 points that fit between the margins.
const FITS: usize = 102;
/// Named one by one; the file lists all.
const LISTED: usize = 400;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Font {
    Title,
    Head,
    Fixed,
}

pub(super) fn write(content: &Content, sha256: &str, out: &Path) -> Result<(), ServiceError> {
    let bytes = document(&lines(content, sha256), &content.head.period);
    std::fs::write(out, bytes)
        .map_err(|source| ServiceError::File { what: format!("{} cannot be written", out.display()), source })
}

fn lines(content: &Content, sha256: &str) -> Vec<(Font, String)> {
    let (head, evidence) = (&content.head, &content.evidence);
    let mut all = vec![(Font::Title, format!("Tie-out certificate, {}", head.period))];
    let mut say = |font, text: String| all.push((font, text));
    say(Font::Fixed, format!("Company {}, store {} ({})", head.company, head.store, head.environment));
    say(
        Font::Fixed,
        format!("Made {} ({}) by {}, Tieout {}", head.made.at, head.made.zone, head.made.by, head.made.app),
    );
    say(Font::Fixed, format!("Control: {}. Settings version {}", head.control, head.settings.version));
    say(Font::Fixed, String::new());
    for it in &evidence.accounts {
        say(Font::Head, format!("Account {} {}", it.account, it.currency));
        for (name, amount) in figures(it) {
            let rule = if name.starts_with("= ") { "  " } else { "" };
            say(Font::Fixed, format!("  {name:<44}{rule}{amount:>20}"));
        }
        say(
            Font::Fixed,
            format!("  {} ledger lines, {} store and {} ledger records", it.lines, it.store_records, it.ledger_records),
        );
        say(Font::Fixed, String::new());
    }
    let placed = |what: &str| evidence.records.iter().filter(|it| it.placed == what).count();
    say(Font::Head, "Records, each once".into());
    for what in ["matched", "timing", "exception", "open"] {
        say(Font::Fixed, format!("  {what:<20}{:>10}", placed(what)));
    }
    say(Font::Fixed, format!("  {:<20}{:>10}", "no clearing account", evidence.outside.len()));
    say(Font::Fixed, format!("  {:<20}{:>10}", "not understood", evidence.refused.len()));
    let open: Vec<_> = evidence.records.iter().filter(|it| matches!(it.placed, "exception" | "open")).collect();
    if !open.is_empty() {
        say(Font::Fixed, String::new());
        say(Font::Head, "Not matched".into());
        for it in open.iter().take(LISTED) {
            say(Font::Fixed, format!("  {} {:>14} {:<6} {} {}", it.on, it.amount, it.side, it.record, it.of));
        }
        if open.len() > LISTED {
            say(Font::Fixed, format!("  and {} more, in the file", open.len() - LISTED));
        }
    }
    if !evidence.approvals.is_empty() {
        say(Font::Fixed, String::new());
        say(Font::Head, "Approved entries".into());
        for it in evidence.approvals.iter().take(LISTED) {
            let why = if it.overridden.is_empty() { String::new() } else { format!(" OVERRIDE: {}", it.overridden) };
            say(
                Font::Fixed,
                format!("  {} {:>14} {} {:<10} by {}{why}", it.on, it.amount, it.currency, it.state, it.approved_by),
            );
        }
    }
    say(Font::Fixed, String::new());
    say(Font::Head, "Signed off".into());
    for it in &content.sign_offs {
        let state = if it.suspended { "SUSPENDED: something changed since" } else { "stands" };
        say(Font::Fixed, format!("  as {} by {} on {}: {state}", it.role, it.by, it.at));
    }
    if content.sign_offs.is_empty() {
        say(Font::Fixed, "  by nobody yet".into());
    }
    say(Font::Fixed, String::new());
    say(Font::Head, "This paper is of the document".into());
    say(Font::Fixed, format!("  sha256     {sha256}"));
    say(Font::Fixed, format!("  trail      {} rows, head {}", head.audit.rows, head.audit.head));
    say(Font::Fixed, "  tieout-verify FILE --sha256 ... adds every record up again".into());
    all
}

fn figures(it: &Account) -> [(&'static str, &str); 11] {
    [
        ("Opening, general ledger", &it.opening),
        ("+ additions", &it.additions),
        ("- clearances", &it.clearances),
        ("= closing", &it.closing),
        ("Ledger of the period", &it.ledger),
        ("Store and gateways", &it.store),
        ("Timing", &it.timing),
        ("Variances inside matches", &it.variance),
        ("Exceptions of the store", &it.exceptions_store),
        ("Exceptions of the ledger", &it.exceptions_ledger),
        ("= unexplained", &it.unexplained),
    ]
}

/// Letters of Latin-1, with what PDF reads as its own marked.
fn escaped(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '(' | ')' | '\\' => out.extend([b'\\', letter as u8]),
            ' '..='~' | '\u{a0}'..='\u{ff}' => out.push(letter as u32 as u8),
            _ => out.push(b'?'),
        }
    }
    out
}

fn cut(text: &str) -> String {
    if text.chars().count() <= FITS {
        text.to_owned()
    } else {
        text.chars().take(FITS - 3).chain("...".chars()).collect()
    }
}

/// Catalogue, pages, three fonts, then a page and its content each; the table of places at the end.
fn document(lines: &[(Font, String)], period: &str) -> Vec<u8> {
    let fits_a_page = ((HEIGHT - 2 * MARGIN) / LINE - 2) as usize;
    let pages: Vec<&[(Font, String)]> = lines.chunks(fits_a_page).collect();
    let mut objects: Vec<Vec<u8>> = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()];
    let kids: String = (0..pages.len()).map(|at| format!("{} 0 R ", 6 + at * 2)).collect();
    objects.push(format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()).into_bytes());
    for font in ["Helvetica-Bold", "Helvetica-Bold", "Courier"] {
        let font = format!("<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>");
        objects.push(font.into_bytes());
    }
    for (at, page) in pages.iter().enumerate() {
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> /Contents {} 0 R >>",
                7 + at * 2
            )
            .into_bytes(),
        );
        let mut stream = Vec::new();
        let mut put = |font: Font, y: i32, text: &str| {
            let (name, size) = match font {
                Font::Title => ("F1", 16),
                Font::Head => ("F2", 10),
                Font::Fixed => ("F3", 8),
            };
            stream.extend(format!("BT /{name} {size} Tf {MARGIN} {y} Td (").bytes());
            stream.extend(escaped(&cut(text)));
            stream.extend(b") Tj ET\n");
        };
        for (row, (font, text)) in page.iter().enumerate() {
            put(*font, HEIGHT - MARGIN - row as i32 * LINE, text);
        }
        put(Font::Fixed, MARGIN / 2, &format!("Tie-out certificate, {period}; page {} of {}", at + 1, pages.len()));
        let mut object = format!("<< /Length {} >>\nstream\n", stream.len()).into_bytes();
        object.extend(stream);
        object.extend(b"endstream");
        objects.push(object);
    }
    let mut out = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", number + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(end, "{place:010} 00000 n "); // memory takes every letter
    }
    let _ = write!(end, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    out.extend(end.bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_where_the_table_says_and_every_line_is_on_a_page() {
        let mut given: Vec<(Font, String)> =
            (0..150).map(|it| (Font::Fixed, format!("line {it} (a\\b) é 漢"))).collect();
        given[0].0 = Font::Title;
        let bytes = document(&given, "2026-01");
        let find = |what: &[u8]| bytes.windows(what.len()).filter(|it| *it == what).count();
        let table_at = bytes.windows(10).rposition(|it| it == b"startxref\n").unwrap();
        let number_at = |at: usize| -> usize {
            let digits: Vec<u8> = bytes[at..].iter().copied().take_while(u8::is_ascii_digit).collect();
            String::from_utf8(digits).unwrap().parse().unwrap()
        };
        let table = number_at(table_at + 10);
        assert!(bytes[table..].starts_with(b"xref\n"));
        let first = table + bytes[table..].windows(4).position(|it| it == b" f \n").unwrap() + 4;
        let objects = find(b" 0 obj\n");
        for number in 1..=objects {
            let place = number_at(first + (number - 1) * 20);
            assert!(bytes[place..].starts_with(format!("{number} 0 obj\n").as_bytes()), "{number}");
        }
        let mut streams = 0;
        for at in 0..bytes.len() {
            if bytes[at..].starts_with(b"<< /Length ") {
                let length = number_at(at + 11);
                let begin = at + bytes[at..].windows(7).position(|it| it == b"stream\n").unwrap() + 7;
                assert!(bytes[begin + length..].starts_with(b"endstream"), "at {at}");
                streams += 1;
            }
        }
        assert_eq!((find(b"/Type /Page "), streams), (3, 3));
        for number in 0..150 {
            let line = [format!("(line {number} \\(a\\\\b\\) ").as_bytes(), b"\xe9 ?)"].concat();
            assert_eq!(find(&line), 1, "{number}");
        }
        assert_eq!(find(b"page 3 of 3"), 1);
    }
}
