//! CPU seconds, wall seconds and peak memory of a program, and U: what it costs to read both files once and parse the amounts.

use anyhow::{Context, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use serde::Serialize;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

#[derive(Debug, Serialize)]
pub struct Cost {
    pub cpu_seconds: f64,
    pub wall_seconds: f64,
    pub peak_kib: i64,
}

/// Runs one program to its end. The figures are of all children this process ever had: so measure one program a process.
pub fn program(command: &[String]) -> anyhow::Result<Cost> {
    let (name, arguments) = command.split_first().context("no program to measure")?;
    let start = Instant::now();
    let status = Command::new(name)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .with_context(|| format!("{name} could not be started"))?;
    let wall_seconds = start.elapsed().as_secs_f64();
    ensure!(status.success(), "{name} ended with {status}");
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(Cost {
        cpu_seconds: seconds(usage.user_time()) + seconds(usage.system_time()),
        wall_seconds,
        peak_kib: usage.max_rss(),
    })
}

/// CPU seconds of one single-threaded pass over both files: the least of `rounds`.
pub fn unit(payments: &Path, receipts: &Path, rounds: usize) -> anyhow::Result<f64> {
    let mut least = f64::INFINITY;
    for _ in 0..rounds.max(1) {
        let before = own()?;
        let (left, right) = (pass(payments)?, pass(receipts)?);
        std::hint::black_box((left, right));
        least = least.min(own()? - before);
    }
    Ok(least)
}

fn own() -> anyhow::Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

fn seconds(time: nix::sys::time::TimeVal) -> f64 {
    time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6
}

fn pass(path: &Path) -> anyhow::Result<i64> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let amount = reader.headers()?.iter().position(|it| it == "amount").context("no column `amount`")?;
    let mut row = csv::ByteRecord::new();
    let mut sum = 0;
    while reader.read_byte_record(&mut row)? {
        sum += crate::score::files::minor(&row[amount]).context("not an amount")?;
    }
    Ok(sum)
}
