//! Chores of this repository, in Rust: `cargo xtask tidy`, `bindings`, `parts` and `wire`.

mod parts;
mod tidy;
mod wire;

use anyhow::{Context, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

const USAGE: &str = "\
cargo xtask tidy       check who depends on whom, where the clock is read, floats near money, and what the window may do
cargo xtask bindings   rewrite ui/src/bindings/index.ts from the commands the shell offers
cargo xtask parts      rewrite the list of licences in the window and target/sbom.cdx.json from the locks
cargo xtask wire       rewrite docs/wire.md from what the tests of recorded documents found";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tidy"] => tidy(),
        ["bindings"] => bindings(),
        ["parts"] => parts(),
        ["wire"] => Ok(std::fs::write(wire::path(&root()), wire::page(&root())?)?),
        _ => bail!("{USAGE}"),
    }
}

fn parts() -> anyhow::Result<()> {
    let root = root();
    let parts = parts::read(&root)?;
    std::fs::write(parts::list_path(&root), parts::list(&parts))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let bill = target.join("sbom.cdx.json");
    std::fs::write(&bill, parts::bill(&parts, env!("CARGO_PKG_VERSION"))?)?;
    println!("{} packages; {}", parts.len(), bill.display());
    Ok(())
}

fn tidy() -> anyhow::Result<()> {
    let complaints = tidy::complaints(&root())?;
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    ensure!(complaints.is_empty(), "{} untidy places", complaints.len());
    println!("tidy");
    Ok(())
}

/// The bindings are made by a test of the app package, since only that package knows Tauri.
fn bindings() -> anyhow::Result<()> {
    let status = Command::new("cargo")
        .args(["test", "--quiet", "--package", "tieout-desktop", "--test", "bindings"])
        .env("TIEOUT_WRITE_BINDINGS", "1")
        .current_dir(root())
        .status()
        .context("cargo could not be started")?;
    ensure!(status.success(), "the bindings were not rewritten");
    Ok(())
}

/// The repository's root: three folders above this crate.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_path_buf()
}
