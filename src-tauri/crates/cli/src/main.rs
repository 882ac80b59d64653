//! Tieout from a terminal: the same services as the window, one command a step, `--json` for programs.
//!
//! Exit status: 0 done, 1 done but something needs a person, 2 wrong use, 3 failed.

mod args;
mod demo;
mod flows;
mod map;
mod match_files;
mod record;
mod report;
mod rules;
mod run;
mod sandbox;
mod secrets;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    // reqwest is built without a TLS provider of its own; `Err` only says that one is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) if !error.use_stderr() => {
            let _ = error.print(); // help and version
            return ExitCode::SUCCESS;
        }
        Err(error) if std::env::args().any(|it| it == "--json") => {
            let said = error.to_string();
            let said = said.trim_start_matches("error: ").trim_end();
            return report::stopped(said, "`tieout help` lists the commands.", report::WRONG_USE, true);
        }
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(report::WRONG_USE);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("tieout: no runtime could be started: {error}");
            return ExitCode::from(3);
        }
    };
    runtime.block_on(run::run(args))
}
