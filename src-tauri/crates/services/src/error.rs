use std::io::ErrorKind;
use tieout_domain::PostingId;
use tieout_vault::{SecretStoreError, VaultError};

/// What stopped a job, with what to do next. Business items never come this way: they are exceptions.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error(transparent)]
    Store(#[from] tieout_store::StoreError),
    #[error("X-Cart: {0}")]
    Xcart(#[from] tieout_xcart::XcartError),
    #[error(transparent)]
    Intacct(#[from] tieout_intacct::Error),
    #[error("{system} asked to be left alone until {until:.0}; nothing was asked of it, and nothing sent")]
    Paused { system: &'static str, until: jiff::Timestamp },
    #[error("Intacct: {0}")]
    Definition(#[from] tieout_intacct::DefinitionError),
    #[error(transparent)]
    Settings(#[from] tieout_planning::SettingsError),
    #[error("the rules cannot be read: {0}")]
    Rules(tieout_matching::rules::RuleError),
    #[error(transparent)]
    Reversal(#[from] tieout_planning::ReversalError),
    #[error(transparent)]
    Secrets(#[from] tieout_vault::SecretStoreError),
    #[error("{0} is not set up in this data folder")]
    NotConnected(&'static str),
    #[error("no settings were imported yet")]
    NoSettings,
    #[error("{field}{given}: {why}", given = given(value))]
    BadInput { field: &'static str, value: String, why: String },
    #[error("the list has changed since it was shown: its digest is {now}, not {given}")]
    ListChanged { given: String, now: String },
    #[error("posting {id} cannot be approved: {why}")]
    NotApprovable { id: PostingId, why: String },
    /// The rules under `[control]` of the settings, or a lock.
    #[error("{why}")]
    NotAllowed { why: String },
    #[error("{file}, line {line}: {why}")]
    BadFile { file: String, line: u64, why: String },
    #[error("{what}")]
    File {
        what: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the report could not be written: {0}")]
    Report(String),
    /// Asked for, where nothing was half done: no failure.
    #[error("stopped by a person")]
    Stopped,
    /// A panic, caught where the step began.
    #[error("a part of Tieout failed in the middle of this step; what was stored before it stands")]
    Broken,
    #[error(transparent)]
    Money(#[from] tieout_money::MoneyError),
}

fn given(value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(" is {value:?}") }
}

fn remedy_of_file(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "Check the path; nothing was changed.",
        ErrorKind::InvalidData => "Save the file as UTF-8 text and try again; nothing was changed.",
        ErrorKind::AddrInUse => "Choose another port, or stop the program that uses this one.",
        _ => "Check the path and that you may read and write there.",
    }
}

impl ServiceError {
    /// What was asked for cannot be right, whatever the data: the value, the address or the set-up is to be corrected.
    pub fn is_wrong_use(&self) -> bool {
        match self {
            ServiceError::BadInput { .. }
            | ServiceError::NoSettings
            | ServiceError::NotConnected(_)
            | ServiceError::Rules(_) => true,
            ServiceError::Xcart(error) => error.is_wrong_address(),
            ServiceError::Intacct(error) => matches!(error, tieout_intacct::Error::Config(_)),
            ServiceError::Secrets(error) => {
                matches!(error, SecretStoreError::Vault(VaultError::WrongPassphrase(_)))
            }
            _ => false,
        }
    }

    pub fn remedy(&self) -> String {
        match self {
            ServiceError::Store(error) => error.remedy().to_owned(),
            ServiceError::Xcart(error) => error.remedy().to_owned(),
            ServiceError::Intacct(error) => error.remedy().to_owned(),
            ServiceError::Paused { .. } => "Try again after that; what is approved stays approved.".into(),
            ServiceError::Definition(error) => error.remedy().to_owned(),
            ServiceError::Settings(error) => error.remedy().to_owned(),
            ServiceError::Rules(_) => {
                "Correct what is named here and try again; nothing was saved. docs/rules.md lists every key.".into()
            }
            ServiceError::Reversal(error) => error.remedy().to_owned(),
            ServiceError::Secrets(error) => error.remedy().to_owned(),
            ServiceError::NotConnected(_) => "Connect it first: `tieout connect`, or Connections in the window.".into(),
            ServiceError::NoSettings => "Import the settings text: `tieout settings import FILE`.".into(),
            ServiceError::BadInput { .. } => "Correct the value and run it again; nothing was changed.".into(),
            ServiceError::ListChanged { .. } => "List the proposals again, read what changed, and approve that.".into(),
            ServiceError::NotApprovable { .. } => "List the proposals again and look at its checks.".into(),
            ServiceError::NotAllowed { .. } => {
                "Ask somebody whose role allows it, or give a reason to pass the rule over, where it may be; nothing was changed."
                    .into()
            }
            ServiceError::BadFile { .. } => {
                "Correct that line, or map the column; nothing of the file was imported.".into()
            }
            ServiceError::File { source, .. } => remedy_of_file(source.kind()).into(),
            ServiceError::Report(_) => {
                "Check the path and that you may write there; the data itself was not changed.".into()
            }
            ServiceError::Stopped => "Start it again when you are ready; it goes on with what is left.".into(),
            ServiceError::Broken => {
                "Do it again: what was being sent is looked up first. If it happens twice, report it with logs/tieout.jsonl of \
                 the data folder."
                    .into()
            }
            ServiceError::Money(_) => "This is a bug in Tieout; nothing was changed. Please report it.".into(),
        }
    }
}
