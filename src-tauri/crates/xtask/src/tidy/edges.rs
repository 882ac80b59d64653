//! Who may depend on whom: `money <- domain <- {matching, planning, poster, xcart, intacct, store} <- services <- api <-
//! {the shell, cli}`; `vault` stands below services and knows none of ours; the sandbox knows none of ours either, so
//! that our misreading of a system cannot agree with itself.

use anyhow::{Context, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Each package of ours with the packages of ours it may name. Reaching past a neighbour to something below it is fine.
const MAY_USE: &[(&str, &[&str])] = &[
    ("tieout-money", &[]),
    ("tieout-domain", &["money"]),
    ("tieout-matching", &["money", "domain"]),
    ("tieout-planning", &["money", "domain"]),
    ("tieout-poster", &["domain"]),
    ("tieout-flows", &["money", "domain", "planning"]),
    ("tieout-xcart", &["money", "domain"]),
    ("tieout-intacct", &["money", "domain"]),
    ("tieout-store", &["money", "domain"]),
    ("tieout-vault", &[]),
    (
        "tieout-services",
        &["money", "domain", "matching", "planning", "flows", "poster", "xcart", "intacct", "store", "vault"],
    ),
    ("tieout-api", &["money", "domain", "matching", "planning", "store", "vault", "services"]),
    ("tieout-sandbox", &[]),
    // `match` on files needs the engine alone, without a data folder.
    ("tieout-cli", &["money", "domain", "matching", "vault", "services", "api", "sandbox"]),
    ("tieout-desktop", &["api", "sandbox"]),
    // Feeds every parser; nothing names it.
    ("tieout-fuzz", &["money", "domain", "planning", "xcart", "intacct", "services"]),
    // Judges the engine from outside, by its files; nothing names it.
    ("tieout-match-bench", &[]),
    // Re-performs what the others wrote, from the description of the format alone.
    ("tieout-verify", &[]),
    ("tieout-xtask", &[]),
];

/// Packages with no input and no output, which therefore may not name the libraries that have some.
const PURE: &[&str] =
    &["tieout-money", "tieout-domain", "tieout-matching", "tieout-planning", "tieout-flows", "tieout-poster"];

/// A borrowed library with the only packages of ours that may name it outside their tests.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("reqwest", &["tieout-xcart", "tieout-intacct"]),
    ("rusqlite", &["tieout-store"]),
    ("keyring", &["tieout-vault"]),
    ("age", &["tieout-vault"]),
    ("quick-xml", &["tieout-intacct", "tieout-sandbox"]),
    ("axum", &["tieout-sandbox"]),
    ("tauri", &["tieout-desktop"]),
    ("tauri-specta", &["tieout-desktop"]),
];

#[derive(Debug)]
struct Edge {
    from: String,
    to: String,
    only_in_tests: bool,
}

pub fn complaints(root: &Path) -> anyhow::Result<Vec<String>> {
    let edges = read(root)?;
    Ok(judge(&edges))
}

fn read(root: &Path) -> anyhow::Result<Vec<Edge>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .output()
        .context("cargo could not be started")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    Ok(list(&metadata["packages"])
        .iter()
        .flat_map(|package| {
            let from = text(&package["name"]);
            list(&package["dependencies"]).into_iter().map(move |dependency| Edge {
                from: from.clone(),
                to: text(&dependency["name"]),
                only_in_tests: dependency["kind"] == "dev",
            })
        })
        .collect())
}

fn judge(edges: &[Edge]) -> Vec<String> {
    edges.iter().filter_map(|edge| complaint(edge).map(|why| format!("{} -> {}: {why}", edge.from, edge.to))).collect()
}

fn complaint(Edge { from, to, only_in_tests }: &Edge) -> Option<String> {
    if let Some(ours) = to.strip_prefix("tieout-") {
        // Tests may bring a system to talk to, which is the sandbox, and a judge of what was written.
        if *only_in_tests && ["sandbox", "verify"].contains(&ours) {
            return None;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(package, _)| package == from) else {
            return Some("a package the map does not know; give it a place in xtask's `MAY_USE`".to_owned());
        };
        return (!allowed.contains(&ours)).then(|| "against the direction of the house (style guide 1)".to_owned());
    }
    if *only_in_tests {
        return None;
    }
    if PURE.contains(&from.as_str()) && ["tokio", "reqwest", "rusqlite", "axum"].contains(&to.as_str()) {
        return Some("this crate does no I/O; move the work that does to services or a client".to_owned());
    }
    let (_, keepers) = KEPT_TO.iter().find(|(library, _)| library == to)?;
    (!keepers.contains(&from.as_str())).then(|| format!("only {} may name it", keepers.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, only_in_tests: bool, allowed: bool) {
        let edge = Edge { from: from.to_owned(), to: to.to_owned(), only_in_tests };
        assert_eq!(judge(&[edge]).is_empty(), allowed, "{from} -> {to}, in tests only: {only_in_tests}");
    }

    #[test]
    fn an_edge_is_allowed_downward_and_refused_upward_or_sideways() {
        check("tieout-domain", "tieout-money", false, true);
        check("tieout-money", "tieout-domain", false, false);
        check("tieout-xcart", "tieout-intacct", false, false);
        check("tieout-store", "tieout-xcart", true, false);
        check("tieout-services", "tieout-sandbox", true, true);
        check("tieout-services", "tieout-sandbox", false, false);
        check("tieout-sandbox", "tieout-money", true, false);
        check("tieout-planning", "tokio", false, false);
        check("tieout-services", "reqwest", false, false);
        check("tieout-sandbox", "reqwest", true, true);
        check("tieout-unknown", "tieout-money", false, false);
    }
}
