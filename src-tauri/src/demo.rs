//! The demo company's two systems, inside this program and on loopback only.

use std::path::{Path, PathBuf};
use tieout_sandbox::running::{Plan, Running, start as start_sandbox};

/// Fewer orders than the command line's: the window is to open soon.
const ORDERS_WHEN_NOT_SAID: usize = 10_000;
/// For tests that want a smaller one.
const ORDERS_VARIABLE: &str = "TIEOUT_DEMO_ORDERS";
/// For tests in which something goes wrong: a script of faults, as `tieout sandbox --faults` takes it.
const FAULTS_VARIABLE: &str = "TIEOUT_DEMO_FAULTS";

pub async fn start(folder: &Path) -> Result<Running, String> {
    let orders = std::env::var(ORDERS_VARIABLE).ok().and_then(|it| it.parse().ok()).unwrap_or(ORDERS_WHEN_NOT_SAID);
    let faults = std::env::var_os(FAULTS_VARIABLE).map(PathBuf::from);
    let plan = Plan { seed: 1, orders, faults, ledger: Some(folder.join("pretend-intacct")), ..Plan::default() };
    let running = start_sandbox(&plan).await.map_err(|error| error.to_string())?;
    running
        .world
        .write_files(&files(folder))
        .map_err(|error| format!("the settlement files cannot be written: {error}"))?;
    Ok(running)
}

/// Where the settlement files of a demo in this folder are.
pub fn files(folder: &Path) -> PathBuf {
    folder.join("settlement-files")
}
