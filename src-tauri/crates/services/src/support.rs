//! What is sent to whoever helps: how things stand, without whose they are. Shown to the person before it is saved.
//!
//! It is made of counts, versions and messages; messages are scrubbed. No record, name, amount, address or secret is put in.

use crate::company::Company;
use crate::error::ServiceError;
use std::fmt::Write;
use std::path::Path;
use tieout_domain::{Fingerprint, ObjectKind};
use tieout_store::NewAuditRow;

/// The end of the log; more says nothing new.
const LOG_LINES: usize = 200;

pub fn support_text(company: &Company) -> Result<String, ServiceError> {
    let mut text = String::new();
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(text, "{key}: {}", scrub(value)); // memory takes every letter
    };
    line("tieout", env!("CARGO_PKG_VERSION"));
    line("system", &format!("{} {}", std::env::consts::OS, std::env::consts::ARCH));
    if let Ok(connection) = company.connection() {
        line("environment", if connection.production { "production" } else { "sandbox" });
        line("store dialect", &format!("{:?}", connection.xcart_dialect));
    }
    if let Ok((settings, version)) = company.settings() {
        line("settings version", &version.to_string());
        line("clearing accounts", &settings.clearing_accounts().len().to_string());
        line("control", settings.control.words());
    }
    let (head, counts, states, departures) = company.store.read(|reader| {
        let mut counts = Vec::new();
        for kind in ObjectKind::ALL {
            counts.push((kind.as_str(), reader.count(kind)?));
        }
        Ok::<_, tieout_store::StoreError>((
            reader.audit_head()?,
            counts,
            reader.postings()?.iter().map(|it| it.posting.state.as_str()).fold(
                std::collections::BTreeMap::<&str, u32>::new(),
                |mut all, state| {
                    *all.entry(state).or_default() += 1;
                    all
                },
            ),
            reader.departures()?.len(),
        ))
    })?;
    line("audit rows", &head.seq.to_string());
    for (kind, count) in counts {
        line(kind, &count.to_string());
    }
    for (state, count) in states {
        line(&format!("postings {state}"), &count.to_string());
    }
    line("fields of replies that are not as known", &departures.to_string());
    let log = std::fs::read_to_string(company.store.folder().join("logs").join("tieout.jsonl")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    for entry in &lines[lines.len().saturating_sub(LOG_LINES)..] {
        line("log", entry);
    }
    Ok(text)
}

/// Gives the SHA-256 of what was saved.
pub fn save_support(company: &Company, by: &str, out: &Path) -> Result<String, ServiceError> {
    let text = support_text(company)?;
    std::fs::write(out, &text)
        .map_err(|source| ServiceError::File { what: format!("{} cannot be written", out.display()), source })?;
    let sha256 = Fingerprint::of_bytes(text.as_bytes()).to_string();
    company.store.write(by, company.now(), |tx| {
        let after = format!("sha256 {sha256}");
        tx.audit(NewAuditRow { action: "support text saved", subject: "support", after: &after, ..Default::default() })
    })?;
    Ok(sha256)
}

/// The second net; the first is that nothing of the kind is put in. E-mail addresses lose their name, long numbers all but
/// four digits, addresses in the web their path and whatever follows, and long words that could be keys go.
fn scrub(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in
        text.split_inclusive(|it: char| it.is_whitespace() || matches!(it, '"' | ',' | ';' | '(' | ')' | '<' | '>'))
    {
        let (core, tail) = match word.char_indices().next_back() {
            Some((at, last)) if !is_inner(last) => word.split_at(at),
            _ => (word, ""),
        };
        out.push_str(&scrubbed(core));
        out.push_str(tail);
    }
    digits(&out)
}

fn is_inner(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '@' | '.' | '-' | '_' | ':' | '/' | '?' | '=' | '&' | '%' | '+' | '#')
}

fn scrubbed(word: &str) -> String {
    if let Some((scheme, rest)) = word.split_once("://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        return format!("{scheme}://{host}/…");
    }
    if let Some((name, host)) = word.split_once('@')
        && !name.is_empty()
        && host.contains('.')
    {
        return format!("{}***@…", name.chars().next().unwrap_or('*'));
    }
    let is_key = word.len() >= 24
        && word.chars().any(|it| it.is_ascii_digit())
        && word.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '/' | '=' | '-' | '_'));
    if is_key { "…".to_owned() } else { word.to_owned() }
}

/// Runs of 13 digits and more, with spaces or dashes between them, keep their last four: a card number has 13 to 19.
fn digits(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let mut end = at;
        let mut last_digit = at;
        let mut count = 0;
        while end < letters.len() && (letters[end].is_ascii_digit() || (count > 0 && matches!(letters[end], ' ' | '-')))
        {
            if letters[end].is_ascii_digit() {
                count += 1;
                last_digit = end;
            }
            end += 1;
        }
        if count >= 13 {
            let kept: String =
                letters[at..=last_digit].iter().filter(|it| it.is_ascii_digit()).skip(count - 4).collect();
            out.push('…');
            out.push_str(&kept);
            at = last_digit + 1;
        } else if count > 0 {
            out.extend(&letters[at..=last_digit]);
            at = last_digit + 1;
        } else {
            out.push(letters[at]);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_it_is_does_not_go_out() {
        for (from, to) in [
            ("mail to ada.lovelace@example.com, please", "mail to a***@…, please"),
            ("at https://user:pw@shop.example/api?key=abc failed", "at https://shop.example/… failed"),
            ("card 4111 1111 1111 1111 declined", "card …1111 declined"),
            ("4111-1111-1111-1111", "…1111"),
            ("order 10482 of 2026-01-05", "order 10482 of 2026-01-05"),
            ("key sk_live_51H8x0000000000000000000 here", "key … here"),
            ("nothing to hide", "nothing to hide"),
        ] {
            assert_eq!(scrub(from), to);
        }
    }
}
