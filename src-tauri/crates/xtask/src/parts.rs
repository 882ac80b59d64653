//! What is in the program that we did not write: every borrowed package with its version and licence, from the exact locks.
//! As a bill of materials (CycloneDX) for programs, and as the list the window shows.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whose packages are listed: those of other systems are not on this machine to be asked for their licence.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// One borrowed package. The order is the list's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    pub name: String,
    pub version: String,
    pub licence: String,
    /// `cargo` or `npm`.
    pub from: &'static str,
}

pub fn list_path(root: &Path) -> PathBuf {
    root.join("ui/src/features/settings/licences.txt")
}

pub fn read(root: &Path) -> anyhow::Result<BTreeSet<Part>> {
    let mut parts = cargo(root)?;
    parts.extend(npm(root)?);
    Ok(parts)
}

fn cargo(root: &Path) -> anyhow::Result<BTreeSet<Part>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", PLATFORM])
        .current_dir(root)
        .output()
        .context("cargo could not be started")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    // Ours have no source.
    let borrowed = packages.iter().filter(|it| !it["source"].is_null());
    Ok(borrowed
        .map(|it| Part {
            name: text(&it["name"]),
            version: text(&it["version"]),
            licence: text(&it["license"]),
            from: "cargo",
        })
        .collect())
}

fn npm(root: &Path) -> anyhow::Result<BTreeSet<Part>> {
    let lock: Value = serde_json::from_str(&std::fs::read_to_string(root.join("ui/package-lock.json"))?)?;
    let packages = lock["packages"].as_object().cloned().unwrap_or_default();
    let mut parts = BTreeSet::new();
    for (path, it) in packages {
        // What only builds and tests the page is not in it.
        if path.is_empty() || it["dev"] == true {
            continue;
        }
        let name = path.rsplit("node_modules/").next().unwrap_or(&path).to_owned();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        parts.insert(Part { name, version: text(&it["version"]), licence: text(&it["license"]), from: "npm" });
    }
    Ok(parts)
}

/// For people, one a line.
pub fn list(parts: &BTreeSet<Part>) -> String {
    let mut text = String::new();
    for it in parts {
        let licence = if it.licence.is_empty() { "licence in its files" } else { &it.licence };
        text.push_str(&format!("{} {} ({}): {licence}\n", it.name, it.version, it.from));
    }
    text
}

/// CycloneDX 1.5. The same locks give the same bytes.
pub fn bill(parts: &BTreeSet<Part>, version: &str) -> anyhow::Result<String> {
    let components: Vec<Value> = parts
        .iter()
        .map(|it| {
            let purl = format!("pkg:{}/{}@{}", it.from, it.name.replace('@', "%40"), it.version);
            let mut component =
                json!({ "type": "library", "name": it.name, "version": it.version, "purl": purl, "bom-ref": purl });
            if !it.licence.is_empty() {
                component["licenses"] = json!([{ "expression": it.licence.replace('/', " OR ") }]);
            }
            component
        })
        .collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": { "type": "application", "name": "tieout", "version": version } },
        "components": components,
    });
    Ok(serde_json::to_string_pretty(&bill)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_in_the_window_names_what_the_locks_name() {
        let root = crate::root();
        let parts = read(&root).unwrap();
        assert!(parts.len() > 300, "{}", parts.len());
        let written = std::fs::read_to_string(list_path(&root)).unwrap();
        assert!(written == list(&parts), "run `cargo xtask parts`: a lock has changed");
    }

    #[test]
    fn every_borrowed_package_says_its_licence_and_the_bill_names_each_once() {
        let parts = read(&crate::root()).unwrap();
        let silent: Vec<_> = parts.iter().filter(|it| it.licence.is_empty()).collect();
        assert!(silent.is_empty(), "{silent:?}");
        let bill: Value = serde_json::from_str(&bill(&parts, "0.1.0").unwrap()).unwrap();
        let named: BTreeSet<&str> =
            bill["components"].as_array().unwrap().iter().map(|it| it["purl"].as_str().unwrap()).collect();
        assert_eq!(named.len(), parts.len());
    }
}
