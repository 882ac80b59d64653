//! The mapping text from a terminal: out, in, compared, and tried over all history.

use crate::args::MapCommand;
use crate::report::Done;
use crate::run::{needs, open, some, told, user};
use crate::secrets;
use serde_json::json;
use std::path::{Path, PathBuf};
use tieout_services as services;
use tieout_services::{Secrets, ServiceError};

pub async fn run(what: MapCommand) -> Result<Done, ServiceError> {
    match what {
        MapCommand::Export { file, data } => export(&data.data, file),
        MapCommand::Import { file, data } => import(&data.data, &file).await,
        MapCommand::Diff { file, data } => {
            let changes = services::map_diff(&open(&data.data)?, &read(&file)?)?;
            Ok(Done::Whole(json!({ "changes": told(&changes) })))
        }
        MapCommand::Test { file, data } => {
            let trial = services::map_test(&open(&data.data)?, &read(&file)?)?;
            let words = format!(
                "{} exceptions healed, {} made; {} proposals new, {} changed, {} gone{}",
                trial.healed,
                trial.made,
                trial.proposals_new,
                trial.proposals_changed,
                trial.proposals_gone,
                some(&trial.made_first, Clone::clone)
            );
            Ok(needs(told(&trial), trial.made > 0, words))
        }
    }
}

pub fn export(data: &Path, file: Option<PathBuf>) -> Result<Done, ServiceError> {
    let company = open(data)?;
    let version = company.store.read(|reader| reader.settings())?.ok_or(ServiceError::NoSettings)?;
    let told = json!({ "version": version.version, "text": version.text });
    let Some(file) = file else { return Ok(Done::Text(version.text, told)) };
    std::fs::write(&file, version.text)
        .map_err(|source| ServiceError::File { what: format!("{} cannot be written", file.display()), source })?;
    Ok(Done::Whole(json!({ "version": version.version, "file": file.display().to_string() })))
}

pub async fn import(data: &Path, file: &Path) -> Result<Done, ServiceError> {
    let text = read(file)?;
    let company = open(data)?;
    let secrets = secrets::find(&company).unwrap_or_else(|_| Secrets::none());
    let version = services::save_settings(&company, &secrets, &user(), &text, "imported").await?;
    Ok(Done::Whole(json!({ "version": version })))
}

fn read(file: &Path) -> Result<String, ServiceError> {
    std::fs::read_to_string(file)
        .map_err(|source| ServiceError::File { what: format!("{} cannot be read", file.display()), source })
}
