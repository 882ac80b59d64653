//! The accountant's matching rules and their versions. Matches name the version they were found under.

use crate::StoreError;
use crate::app_state::{SettingsVersion as RulesVersion, settings_digest};
use crate::audit::NewAuditRow;
use crate::text::{parse_instant, sql};
use crate::tx::{Reader, Tx};
use rusqlite::{Row, params};

pub(crate) fn rules_subject(version: u32) -> String {
    format!("rules/{version}")
}

impl Tx<'_> {
    /// Adds a version when the text differs from the newest one; gives the version now in force.
    pub fn save_rules(&self, text: &str, reason: &str) -> Result<u32, StoreError> {
        let current = self.rules()?;
        if let Some(current) = current.as_ref().filter(|current| current.text == text) {
            return Ok(current.version);
        }
        let version = current.as_ref().map_or(1, |current| current.version + 1);
        self.run(
            "INSERT INTO rules (version, text, at, by) VALUES (?1, ?2, ?3, ?4)",
            params![version, text, self.now, self.actor],
        )?;
        self.audit_with_content(
            NewAuditRow {
                action: "rules saved",
                subject: &rules_subject(version),
                before: current.as_ref().map_or("", |current| &current.text),
                after: text,
                reason,
            },
            Some(&settings_digest(version, text)),
        )?;
        Ok(version)
    }
}

const RULES: &str = "SELECT version, text, at, by FROM rules ";

impl Reader<'_> {
    /// The rules now in force; none where none were ever saved.
    pub fn rules(&self) -> Result<Option<RulesVersion>, StoreError> {
        Ok(self.all(&sql(&[RULES, "ORDER BY version DESC LIMIT 1"]), [], rules_version)?.pop())
    }

    /// Every version, newest first.
    pub fn rules_versions(&self) -> Result<Vec<RulesVersion>, StoreError> {
        self.all(&sql(&[RULES, "ORDER BY version DESC"]), [], rules_version)
    }
}

fn rules_version(row: &Row<'_>) -> Result<RulesVersion, StoreError> {
    Ok(RulesVersion {
        version: row.get(0)?,
        text: row.get(1)?,
        at: parse_instant(&row.get::<_, String>(2)?)?,
        by: row.get(3)?,
    })
}
