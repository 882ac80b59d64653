//! The settings text and its versions, the connections without their secrets, and what the window remembers.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::text::{Hash, parse_instant, sha256, sql};
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::{Row, params};

/// Where the data comes from. A folder keeps the one it was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    Demo,
    Sandbox,
    Production,
}

impl Environment {
    pub fn as_str(self) -> &'static str {
        match self {
            Environment::Demo => "demo",
            Environment::Sandbox => "sandbox",
            Environment::Production => "production",
        }
    }

    fn parse(text: &str) -> Result<Environment, StoreError> {
        [Environment::Demo, Environment::Sandbox, Environment::Production]
            .into_iter()
            .find(|one| one.as_str() == text)
            .ok_or_else(|| StoreError::damaged(format!("{text:?} is not an environment")))
    }
}

/// One version of the settings text. Postings name the version they were made under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsVersion {
    pub version: u32,
    pub text: String,
    pub at: Timestamp,
    pub by: String,
}

const ENVIRONMENT: &str = "environment";

pub(crate) fn settings_digest(version: u32, text: &str) -> Hash {
    sha256(&[&version.to_be_bytes(), text.as_bytes()].concat())
}

impl Tx<'_> {
    /// Adds a version when the text differs from the newest one; gives the version now in force.
    pub fn save_settings(&self, text: &str, reason: &str) -> Result<u32, StoreError> {
        let current = self.settings()?;
        if let Some(current) = current.as_ref().filter(|current| current.text == text) {
            return Ok(current.version);
        }
        let version = current.as_ref().map_or(1, |current| current.version + 1);
        self.run(
            "INSERT INTO settings (version, text, at, by) VALUES (?1, ?2, ?3, ?4)",
            params![version, text, self.now, self.actor],
        )?;
        self.ruled_by(version);
        self.audit_with_content(
            NewAuditRow {
                action: "settings saved",
                subject: &format!("settings/{version}"),
                before: current.as_ref().map_or("", |current| &current.text),
                after: text,
                reason,
            },
            Some(&settings_digest(version, text)),
        )?;
        Ok(version)
    }

    /// `body` is JSON without any secret.
    pub fn save_connection(&self, name: &str, body: &str) -> Result<(), StoreError> {
        let before = self.connection(name)?.unwrap_or_default();
        if before == body {
            return Ok(());
        }
        self.run(
            "INSERT INTO connections (name, body, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at",
            [name, body, &self.now],
        )?;
        self.audit(NewAuditRow {
            action: "connection saved",
            subject: &["connection/", name].concat(),
            before: &before,
            after: body,
            ..Default::default()
        })?;
        Ok(())
    }

    pub fn set_environment(&self, environment: Environment) -> Result<(), StoreError> {
        let before = self.environment()?.map_or("", Environment::as_str);
        if before == environment.as_str() {
            return Ok(());
        }
        self.run(
            "INSERT INTO app_state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [ENVIRONMENT, environment.as_str()],
        )?;
        self.audit(NewAuditRow {
            action: "environment set",
            subject: ENVIRONMENT,
            before,
            after: environment.as_str(),
            ..Default::default()
        })?;
        Ok(())
    }
}

const SETTINGS: &str = "SELECT version, text, at, by FROM settings ";

impl Reader<'_> {
    /// The settings now in force.
    pub fn settings(&self) -> Result<Option<SettingsVersion>, StoreError> {
        Ok(self.all(&sql(&[SETTINGS, "ORDER BY version DESC LIMIT 1"]), [], settings_version)?.pop())
    }

    pub fn settings_version(&self, version: u32) -> Result<Option<SettingsVersion>, StoreError> {
        Ok(self.all(&sql(&[SETTINGS, "WHERE version = ?1"]), [version], settings_version)?.pop())
    }

    pub fn connection(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.one("SELECT body FROM connections WHERE name = ?1", [name], |row| row.get(0))
    }

    pub fn connections(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.all("SELECT name, body FROM connections ORDER BY name", [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    pub fn environment(&self) -> Result<Option<Environment>, StoreError> {
        self.recall(ENVIRONMENT)?.map(|text| Environment::parse(&text)).transpose()
    }

    /// What [`crate::Store::remember`] kept.
    pub fn recall(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.one("SELECT value FROM app_state WHERE key = ?1", [key], |row| row.get(0))
    }

    /// Until when nothing may be sent to `host`.
    pub fn cool_down(&self, host: &str) -> Result<Option<Timestamp>, StoreError> {
        let until = self.one("SELECT until FROM cool_downs WHERE host = ?1", [host], |row| row.get::<_, String>(0))?;
        until.map(|text| parse_instant(&text)).transpose()
    }
}

fn settings_version(row: &Row<'_>) -> Result<SettingsVersion, StoreError> {
    Ok(SettingsVersion {
        version: row.get(0)?,
        text: row.get(1)?,
        at: parse_instant(&row.get::<_, String>(2)?)?,
        by: row.get(3)?,
    })
}
