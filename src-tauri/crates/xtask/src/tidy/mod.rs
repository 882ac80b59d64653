//! Rules of the house that no compiler checks. Each complaint names the file, the rule, and what to do instead.
//!
//! Reading order: `edges` (who may depend on whom), `sources` (clock and floats), `ui` (imports), `window` (the grant).

mod edges;
mod sources;
mod ui;
mod window;

use std::fs;
use std::path::{Path, PathBuf};

/// Everything untidy under `root`, in a fixed order; empty when all is well.
pub fn complaints(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut complaints = edges::complaints(root)?;
    complaints.extend(sources::complaints(root)?);
    complaints.extend(ui::complaints(root)?);
    complaints.extend(window::complaints(root)?);
    Ok(complaints)
}

/// All files under `folder` with one of these endings, sorted; none when the folder is not there.
fn files(folder: &Path, endings: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().and_then(|it| it.to_str()).is_some_and(|it| endings.contains(&it)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        let complaints = super::complaints(&crate::root()).unwrap();
        assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
    }
}
