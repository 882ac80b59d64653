//! `match-bench`: generate, score, unit, measure.

use anyhow::Context;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use tieout_match_bench::{measure, noise::Noise, score, world};

#[derive(Parser)]
#[command(about = "Labelled data, a scorer and a stopwatch for `tieout match` and its peers")]
enum Arguments {
    #[command(flatten)]
    Do(Do),
}

#[derive(Subcommand)]
enum Do {
    /// Write payments.csv, receipts.csv, rates.csv, settings.json and truth.csv
    Generate {
        #[arg(long, default_value = "realistic", help = "clean, realistic or hostile")]
        mode: String,
        #[arg(long)]
        payments: usize,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[arg(long, help = "Rates laid over the mode's")]
        noise: Option<PathBuf>,
        #[arg(long)]
        out: PathBuf,
    },
    /// Judge matches against the truth; several folders are pooled
    Score {
        #[arg(long, required = true, num_args = 1.., help = "Folders with truth.csv, payments.csv, receipts.csv, rates.csv")]
        data: Vec<PathBuf>,
        #[arg(long, required = true, num_args = 1.., help = "One file a folder")]
        matches: Vec<PathBuf>,
        #[arg(long, num_args = 1.., help = "One file a folder")]
        exceptions: Vec<PathBuf>,
        #[arg(long, help = "As JSON instead of a table")]
        json: bool,
        #[arg(long, default_value_t = 0, help = "Print so many groups that were missed or made up")]
        show: usize,
    },
    /// CPU seconds of one pass over both files, amounts parsed
    Unit {
        #[arg(long)]
        data: PathBuf,
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
    /// CPU seconds, wall seconds and peak memory of a program, as JSON on stdout
    Measure {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<String>,
    },
}

fn main() -> anyhow::Result<()> {
    let Arguments::Do(what) = Arguments::parse();
    match what {
        Do::Generate { mode, payments, seed, noise, out } => {
            let noise = match noise {
                Some(file) => Noise::with_file(&mode, &file)?,
                None => Noise::mode(&mode)?,
            };
            let world = world::World::new(noise, payments, seed);
            world::write::write(&world, seed, &out)?;
            println!(
                "{}: {} payments, {} receipts, {} groups, {} days",
                out.display(),
                world.payments.len(),
                world.receipts.len(),
                world.plans.len(),
                world.days
            );
        }
        Do::Score { data, matches, exceptions, json, show } => {
            let mut pooled = score::Score::default();
            for (at, folder) in data.iter().enumerate() {
                let matches = matches.get(at).context("one matches.csv a folder")?;
                pooled.add(folder, matches, exceptions.get(at).map(PathBuf::as_path), show)?;
            }
            if json {
                println!("{}", serde_json::to_string(&pooled.figures())?);
            } else {
                print!("{}", pooled.table());
            }
        }
        Do::Unit { data, rounds } => {
            println!("{:.4}", measure::unit(&data.join("payments.csv"), &data.join("receipts.csv"), rounds)?);
        }
        Do::Measure { command } => println!("{}", serde_json::to_string(&measure::program(&command)?)?),
    }
    Ok(())
}
