//! Opening the demo company: connected to two systems inside this program, read, matched and proposed, so that the first
//! screen has work on it.

use crate::app::App;
use crate::views::{JobKind, JobStarted, Problem, Tone, Topic};
use crate::work::{imported, match_and_propose, off_thread, read, read_words};
use std::path::PathBuf;
use std::sync::Arc;
use tieout_services::{self as services, Connection, Secrets, ServiceError};

/// How to reach the pretend systems; every secret here is made up.
#[derive(Clone, Debug)]
pub struct DemoSystems {
    pub xcart_url: String,
    pub xcart_key: String,
    pub intacct_url: String,
    pub intacct_company: String,
    pub intacct_user: String,
    pub intacct_password: String,
    pub intacct_sender: String,
    pub intacct_sender_password: String,
    pub store_zone: String,
    pub entity_zone: String,
    pub settings_text: String,
    /// Settlement and bank files by the name of their source.
    pub files: Vec<(String, PathBuf)>,
}

/// Seconds of silence before a posting is looked up; the demo's gateway is on this machine.
const COOL_DOWN_SECONDS: u32 = 2;

pub fn open_demo(app: &Arc<App>, systems: DemoSystems) -> Result<JobStarted, Problem> {
    app.mark_demo();
    let work = Arc::clone(app);
    let topics = vec![
        Topic::App,
        Topic::Today,
        Topic::Matching,
        Topic::Exceptions,
        Topic::Approvals,
        Topic::TieOut,
        Topic::Connections,
        Topic::Settings,
    ];
    app.jobs.start(JobKind::Demo, "Opening the demo company", "records", topics, move |step| async move {
        let secrets = Secrets {
            xcart_key: systems.xcart_key.clone().into(),
            intacct_password: systems.intacct_password.clone().into(),
            intacct_sender_password: systems.intacct_sender_password.clone().into(),
        };
        work.set_secrets(&secrets);
        let prepared = systems.clone();
        off_thread(&work, move |app| prepare(app, &prepared)).await?;
        let report = read(&work, &secrets, &step).await?;
        let told = step.clone();
        off_thread(&work, move |app| {
            for (source, path) in &systems.files {
                let watch = told.aside("importing the settlement files");
                let report = services::import_watched(&app.company, &app.user, path, source, &watch)?;
                told.result(Tone::Ok, format!("{}: {}", report.file, imported(&report)), None);
            }
            Ok(())
        })
        .await?;
        match_and_propose(&work, &step).await?;
        Ok(read_words(&report))
    })
}

fn prepare(app: &App, systems: &DemoSystems) -> Result<(), ServiceError> {
    let url = |text: &str| {
        text.parse().map_err(|_| ServiceError::BadInput {
            field: "url",
            value: text.to_owned(),
            why: "it is no address".into(),
        })
    };
    app.company.connect(
        &app.user,
        &Connection {
            production: false,
            store_name: "larkspur".into(),
            store_zone: systems.store_zone.clone(),
            store_currency: tieout_money::Currency::USD,
            xcart_url: url(&systems.xcart_url)?,
            xcart_dialect: None,
            intacct_url: url(&systems.intacct_url)?,
            intacct_company: systems.intacct_company.clone(),
            intacct_user: systems.intacct_user.clone(),
            intacct_sender: systems.intacct_sender.clone(),
            intacct_entity: None,
            entity_zone: systems.entity_zone.clone(),
            cool_down_seconds: COOL_DOWN_SECONDS,
        },
    )?;
    // What the accountant changed in the demo's settings stays.
    if app.company.settings().is_err() {
        app.company.save_settings(&app.user, &systems.settings_text, "demo company")?;
    }
    Ok(())
}
