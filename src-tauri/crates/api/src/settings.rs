//! Settings: the text in force, checked against the books before it is saved.

use crate::app::App;
use crate::problem;
use crate::settings_check;
use crate::views::{CheckSettingsRequest, Problem, SaveSettingsRequest, SettingsCheck, SettingsTextView, Topic};
use tieout_services::{self as services, STARTER_SETTINGS};

/// The text in force, or one to start from.
pub fn settings_text(app: &App) -> Result<SettingsTextView, Problem> {
    let current = app.company.store.read(|reader| reader.settings()).map_err(|error| app.problem(error))?;
    Ok(match current {
        Some(it) => SettingsTextView {
            text: it.text,
            revision: it.version.to_string(),
            saved_at: Some(it.at.to_string()),
            saved_by: Some(it.by),
        },
        None => {
            SettingsTextView { text: STARTER_SETTINGS.to_owned(), revision: "0".into(), saved_at: None, saved_by: None }
        }
    })
}

pub fn check_settings(app: &App, request: CheckSettingsRequest) -> Result<SettingsCheck, Problem> {
    settings_check::check(app, &request.text)
}

/// Refused when someone else saved meanwhile, when the text cannot be read, and when its orders could not be read back.
pub async fn save_settings(app: &App, request: SaveSettingsRequest) -> Result<SettingsTextView, Problem> {
    let now = settings_text(app)?.revision;
    if now != request.revision.trim() {
        let title = format!("The settings were saved by someone else: version {now} is in force");
        let remedy = "Copy what you changed, open the new version, and put it in there.";
        return Err(problem::bad_request(title, remedy, app.company.now()));
    }
    let secrets = app.known_secrets();
    let saved = services::save_settings(&app.company, &secrets, &app.user, &request.text, request.note.trim()).await;
    saved.map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::App, Topic::Settings, Topic::TieOut, Topic::Activity]);
    settings_text(app)
}
