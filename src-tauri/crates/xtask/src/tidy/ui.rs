//! Who imports whom in the window's code: `shared <- features <- views`, and Tauri behind one door.

use super::files;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The only folders that may talk to Tauri: the door, and the bindings made from the shell.
const MAY_NAME_TAURI: &[&str] = &["shared/ipc", "bindings"];

pub fn complaints(root: &Path) -> anyhow::Result<Vec<String>> {
    let source_root = root.join("ui/src");
    let mut complaints = Vec::new();
    for path in files(&source_root, &["ts", "tsx"])? {
        let source = fs::read_to_string(&path)?;
        let file = path.strip_prefix(&source_root)?;
        for specifier in specifiers(&source) {
            if let Some(why) = judge(file, specifier) {
                complaints.push(format!("ui/src/{}: imports {specifier:?}: {why}", file.display()));
            }
        }
    }
    Ok(complaints)
}

/// What a file imports: the quoted text after `from`, after a bare `import`, and inside `import(...)`.
fn specifiers(source: &str) -> impl Iterator<Item = &str> {
    ["from \"", "import \"", "import(\""]
        .into_iter()
        .flat_map(move |opening| source.split(opening).skip(1).filter_map(|rest| rest.split('"').next()))
}

fn judge(file: &Path, specifier: &str) -> Option<&'static str> {
    if specifier.starts_with("@tauri-apps/") {
        let allowed = MAY_NAME_TAURI.iter().any(|folder| file.starts_with(folder));
        return (!allowed).then_some("only shared/ipc talks to Tauri");
    }
    if !specifier.starts_with('.') {
        return None;
    }
    let target = resolve(file.parent().unwrap_or(Path::new("")), specifier);
    match (layer(file), layer(&target)) {
        (Layer::Feature(from), Layer::Feature(to)) if from != to => {
            Some("a feature never imports another feature; move what both need to shared")
        }
        (Layer::Feature(_), Layer::View) => Some("features stand below views"),
        (Layer::Shared, Layer::Feature(_) | Layer::View) => Some("shared stands below features and views"),
        _ => None,
    }
}

#[derive(PartialEq)]
enum Layer {
    Shared,
    Feature(PathBuf),
    View,
    /// The start of the program, the mock of the backend, the bindings.
    Outside,
}

fn layer(path: &Path) -> Layer {
    let mut parts = path.components().map(Component::as_os_str);
    match (parts.next().and_then(|it| it.to_str()), parts.next()) {
        (Some("shared"), _) => Layer::Shared,
        (Some("features"), Some(name)) => Layer::Feature(name.into()),
        (Some("views"), _) => Layer::View,
        _ => Layer::Outside,
    }
}

fn resolve(folder: &Path, specifier: &str) -> PathBuf {
    let mut resolved = folder.to_path_buf();
    for part in specifier.split('/') {
        match part {
            "." => {}
            ".." => {
                resolved.pop();
            }
            name => resolved.push(name),
        }
    }
    resolved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, source: &str, allowed: bool) {
        let complaints: Vec<_> = specifiers(source).filter_map(|it| judge(Path::new(file), it)).collect();
        assert_eq!(complaints.is_empty(), allowed, "{file}: {source}: {complaints:?}");
    }

    #[test]
    fn imports_go_from_views_to_features_to_shared() {
        check("views/App.tsx", "import { A } from \"../features/match/A\";", true);
        check("features/match/A.tsx", "import { B } from \"./B\";\nimport \"../../shared/x.css\";", true);
        check("features/match/A.tsx", "import { B } from \"../today/B\";", false);
        check("features/match/deep/A.tsx", "import { B } from \"../../today/B\";", false);
        check("features/match/A.tsx", "const b = await import(\"../today/B\");", false);
        check("shared/grid/A.tsx", "import { B } from \"../../features/match/B\";", false);
        check("features/match/A.tsx", "import { invoke } from \"@tauri-apps/api/core\";", false);
        check("shared/ipc/index.ts", "import { invoke } from \"@tauri-apps/api/core\";", true);
    }
}
