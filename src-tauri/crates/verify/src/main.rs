//! `tieout-verify FILE`: re-performs a tie-out certificate. It shares no code with Tieout; it was written from the
//! description in docs/certificate.md, and adds up every record again.
//!
//! Exit status: 0 true and everything ties out, 1 true and something is unexplained or open, 2 wrong use, 3 false.

use std::process::ExitCode;
use tieout_verify::{Expected, Verdict, check};

const USAGE: &str = "usage: tieout-verify FILE [--sha256 HEX] [--key HEX]...
  --sha256  the digest the trail, a mail or a printed page names; another is refused
  --key     a public key (hex) that must have signed the certificate";

fn main() -> ExitCode {
    let mut file = None;
    let mut expected = Expected::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--sha256" => expected.sha256 = words.next(),
            "--key" => expected.keys.extend(words.next()),
            "--help" | "-h" => {
                println!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            _ if file.is_none() && !word.starts_with('-') => file = Some(word),
            _ => return wrong_use(),
        }
    }
    let Some(file) = file else { return wrong_use() };
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("tieout-verify: {file} cannot be read: {error}");
            return ExitCode::from(2);
        }
    };
    match check(&bytes, &expected) {
        Ok(verdict) => told(&file, &verdict),
        Err(why) => {
            println!("FALSE {file}");
            println!("  {why}");
            ExitCode::from(3)
        }
    }
}

fn wrong_use() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

fn told(file: &str, verdict: &Verdict) -> ExitCode {
    println!("TRUE {file}");
    println!("  {} of {}, made {}", verdict.period, verdict.company, verdict.made);
    println!("  control: {}", verdict.control);
    println!("  {} records and {} ledger lines, each once; every sum computed again", verdict.records, verdict.lines);
    for line in &verdict.accounts {
        println!("  {line}");
    }
    println!("  audit trail: {} rows, head {}", verdict.audit_rows, verdict.audit_head);
    println!("  sha256 {}", verdict.sha256);
    for signer in &verdict.signed {
        println!("  signed by {signer}");
    }
    if verdict.signed.is_empty() {
        println!(
            "  not signed: whoever could write the file could have made another; compare the sha256 with the trail's"
        );
    }
    for open in &verdict.open {
        println!("  OPEN {open}");
    }
    if verdict.open.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
