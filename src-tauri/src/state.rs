//! What every command may reach: where the data is kept, and (once opened) the company in it.

use std::path::PathBuf;

pub struct Shell {
    pub data_folder: PathBuf,
}
