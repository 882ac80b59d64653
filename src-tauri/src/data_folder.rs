//! Where this person's data lies: the folder named by `TIEOUT_DATA`, else the one the system keeps for applications.

use std::io;
use std::path::{Path, PathBuf};
use tauri::path::PathResolver;

pub const DATA_FOLDER_VARIABLE: &str = "TIEOUT_DATA";

/// Chooses the folder and makes sure it is there, readable by this person alone.
pub fn open<R: tauri::Runtime>(paths: &PathResolver<R>) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let folder = match std::env::var_os(DATA_FOLDER_VARIABLE).filter(|value| !value.is_empty()) {
        Some(named) => std::path::absolute(named)?,
        None => paths.app_data_dir()?,
    };
    create_private(&folder).map_err(|error| format!("the data folder {} cannot be made: {error}", folder.display()))?;
    Ok(folder)
}

/// Creates the folder for its owner alone; one that is there already keeps the rights it has.
pub fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
