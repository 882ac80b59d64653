//! The transaction definition of the sales orders, asked about before anything rests on it: one whose documents cannot be
//! read back by the number Tieout gives them is refused, since a lost answer could never be resolved.

use crate::SecretKind;
use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use tieout_intacct::DefinitionError;
use tieout_planning::Settings;

/// Puts a settings text in force. Another definition than before is checked in Intacct first, where it can be asked; where
/// it cannot, the check before the first order is sent stands.
pub async fn save_settings(
    company: &Company,
    secrets: &Secrets,
    by: &str,
    text: &str,
    reason: &str,
) -> Result<u32, ServiceError> {
    let definition = Settings::parse(text)?.orders.definition;
    let known = company.settings().ok().map(|(settings, _)| settings.orders.definition);
    if !definition.is_empty() && known.is_none_or(|it| it != definition) {
        refuse_unreadable(company, secrets, &definition).await?;
    }
    company.save_settings(by, text, reason)
}

async fn refuse_unreadable(company: &Company, secrets: &Secrets, definition: &str) -> Result<(), ServiceError> {
    let can_ask = secrets.has(SecretKind::IntacctPassword) && secrets.has(SecretKind::IntacctSenderPassword);
    if !can_ask || company.connection().is_err() {
        return Ok(());
    }
    let Ok(client) = company.intacct(secrets).await else { return Ok(()) };
    match client.check_definition(definition).await {
        Ok(_) | Err(DefinitionError::Read(_)) => Ok(()),
        Err(refused) => Err(refused.into()),
    }
}
