//! How an answer is told: JSON for programs, indented lines for people.

use serde_json::Value;
use std::process::ExitCode;
use tieout_services::ServiceError;
use tieout_vault::{SecretStoreError, VaultError};

/// What a command came to.
pub enum Done {
    Whole(Value),
    /// Done, but something needs a person; the text says what.
    NeedsAPerson(Value, String),
}

pub fn tell(result: Result<Done, ServiceError>, json: bool) -> ExitCode {
    match result {
        Ok(Done::Whole(value)) => {
            print(&value, json);
            ExitCode::SUCCESS
        }
        Ok(Done::NeedsAPerson(value, what)) => {
            print(&value, json);
            eprintln!("tieout: {what}");
            ExitCode::from(1)
        }
        Err(error) => {
            let wrong_use = matches!(
                error,
                ServiceError::BadInput { .. }
                    | ServiceError::NoSettings
                    | ServiceError::NotConnected(_)
                    | ServiceError::Secrets(SecretStoreError::Vault(VaultError::WrongPassphrase(_)))
            );
            eprintln!("tieout: {}", chain(&error));
            eprintln!("  {}", error.remedy());
            ExitCode::from(if wrong_use { 2 } else { 3 })
        }
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        source = cause.source();
    }
    text
}

fn print(value: &Value, json: bool) {
    if json {
        println!("{}", serde_json::to_string_pretty(value).unwrap_or_default());
    } else {
        lines(value, 0);
    }
}

fn lines(value: &Value, depth: usize) {
    let pad = "  ".repeat(depth);
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::Object(_) | Value::Array(_) => {
                        println!("{pad}{key}:");
                        lines(value, depth + 1);
                    }
                    Value::String(text) => println!("{pad}{key}: {text}"),
                    other => println!("{pad}{key}: {other}"),
                }
            }
        }
        Value::Array(rows) => {
            for row in rows {
                match row {
                    Value::Object(_) | Value::Array(_) => {
                        println!("{pad}-");
                        lines(row, depth + 1);
                    }
                    Value::String(text) => println!("{pad}- {text}"),
                    other => println!("{pad}- {other}"),
                }
            }
        }
        Value::String(text) => println!("{pad}{text}"),
        other => println!("{pad}{other}"),
    }
}
