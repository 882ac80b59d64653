//! What the webview is granted, so that script which gets into the page gains nothing (promises W1 and W2).

use super::files;
use anyhow::Context;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Directives the content policy must state as they are here; others may be added, none of them loosened.
const POLICY: &[(&str, &str)] = &[
    ("default-src", "'self'"),
    ("script-src", "'self'"),
    ("connect-src", "ipc: http://ipc.localhost"),
    ("object-src", "'none'"),
    ("frame-ancestors", "'none'"),
    ("base-uri", "'none'"),
];

pub fn complaints(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut complaints = judge_configuration(&read(&root.join("tauri.conf.json"))?);
    for path in files(&root.join("src-tauri/capabilities"), &["json"])? {
        complaints.extend(judge_capability(&read(&path)?));
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    if manifest.contains("\"devtools\"") {
        complaints.push("Cargo.toml: the devtools feature would open the inspector in a released build".to_owned());
    }
    Ok(complaints)
}

fn read(path: &Path) -> anyhow::Result<Value> {
    serde_json::from_str(&fs::read_to_string(path)?).with_context(|| path.display().to_string())
}

fn judge_configuration(configuration: &Value) -> Vec<String> {
    let security = &configuration["app"]["security"];
    let policy = security["csp"].as_str().unwrap_or_default();
    let stated: Vec<(&str, &str)> = policy.split(';').filter_map(|it| it.trim().split_once(' ')).collect();
    let mut complaints: Vec<String> = POLICY
        .iter()
        .filter(|directive| !stated.contains(directive))
        .map(|(name, value)| format!("tauri.conf.json: the content policy must say `{name} {value}`"))
        .collect();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            complaints.push(format!("tauri.conf.json: {what}"));
        }
    };
    must(!policy.contains("unsafe-"), "the content policy allows unsafe script or style");
    must(configuration["app"]["withGlobalTauri"] == json!(false), "withGlobalTauri must be false");
    must(security["freezePrototype"] == json!(true), "freezePrototype must be true");
    must(security["capabilities"] == json!(["default"]), "capabilities must be named one by one");
    must(security["assetProtocol"]["enable"] == json!(false), "the asset protocol must stay off");
    complaints
}

fn judge_capability(capability: &Value) -> Vec<String> {
    let name = capability["identifier"].as_str().unwrap_or("without a name");
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().map(|it| it.as_str().unwrap_or("(scoped)").to_owned()).collect()
    };
    let mut complaints = Vec::new();
    if texts(&capability["windows"]) != ["main"] {
        complaints.push(format!("capability {name}: names its windows, and there is one: main"));
    }
    if !capability["remote"].is_null() {
        complaints.push(format!("capability {name}: no remote address may reach the shell"));
    }
    for permission in texts(&capability["permissions"]) {
        if permission.ends_with(":default") && permission != "core:default" {
            complaints.push(format!("capability {name}: `{permission}` is a bundle; list what is used"));
        }
        if ["fs:", "shell:", "http:", "sql:"].iter().any(|plugin| permission.starts_with(plugin)) {
            complaints.push(format!("capability {name}: `{permission}` hands the page a power only Rust may have"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_grant_is_refused_by_name() {
        let wide = json!({
            "identifier": "wide",
            "windows": ["*"],
            "remote": { "urls": ["https://example.org"] },
            "permissions": ["core:default", "fs:allow-read-file", "dialog:default"],
        });
        assert_eq!(judge_capability(&wide).len(), 4);
    }

    #[test]
    fn a_loosened_content_policy_is_refused() {
        let loose = json!({ "app": { "withGlobalTauri": false, "security": {
            "csp": "default-src 'self'; script-src 'self' 'unsafe-inline'; connect-src *",
            "freezePrototype": true, "capabilities": ["default"], "assetProtocol": { "enable": false },
        }}});
        let complaints = judge_configuration(&loose);
        assert!(complaints.iter().any(|it| it.contains("script-src")), "{complaints:?}");
        assert!(complaints.iter().any(|it| it.contains("unsafe")), "{complaints:?}");
    }
}
