//! Keys of people, and bundles for a reviewer elsewhere.

use crate::args::{BundleCommand, IdentityCommand};
use crate::report::Done;
use crate::run::{clock, needs, open, some, told, user};
use crate::secrets::from_environment;
use serde_json::json;
use std::path::Path;
use tieout_services as services;
use tieout_services::{PersonKey, ServiceError};
use tieout_vault::{SecretStoreError, SecretString};

const PASSPHRASE: &str = "TIEOUT_KEY_PASSPHRASE";

fn passphrase() -> Result<SecretString, ServiceError> {
    from_environment(PASSPHRASE).ok_or_else(|| ServiceError::BadInput {
        field: PASSPHRASE,
        value: String::new(),
        why: "this environment variable holds the passphrase of the key and is not set".into(),
    })
}

pub fn open_key(file: &Path) -> Result<PersonKey, ServiceError> {
    Ok(PersonKey::open(file, &passphrase()?).map_err(SecretStoreError::from)?)
}

pub fn identity(what: IdentityCommand) -> Result<Done, ServiceError> {
    Ok(Done::Whole(match what {
        IdentityCommand::New { name, out } => {
            let key = PersonKey::make(&name, &out, &passphrase()?, None).map_err(SecretStoreError::from)?;
            json!({ "name": key.name, "file": out.display().to_string(), "public_key": key.public_key() })
        }
        IdentityCommand::Trust { name, key, by, data } => {
            json!({ "trusted": services::trust_identity(&open(&data.data)?, &by, &name, &key)?, "name": name })
        }
        IdentityCommand::Revoke { id, reason, by, data } => {
            services::revoke_identity(&open(&data.data)?, &by, &id, &reason)?;
            json!({ "revoked": id })
        }
        IdentityCommand::List { data } => {
            let all = open(&data.data)?.store.read(|reader| reader.identities())?;
            let rows = all.iter().map(|it| {
                json!({ "id": it.id, "name": it.name, "key": it.key, "since": it.at.to_string(),
                        "revoked": it.revoked_at.map(|it| it.to_string()) })
            });
            json!({ "identities": rows.collect::<Vec<_>>() })
        }
    }))
}

pub fn bundle(what: BundleCommand) -> Result<Done, ServiceError> {
    Ok(match what {
        BundleCommand::Export { ids, out, by, data } => {
            Done::Whole(told(&services::hand_out_bundle(&open(&data.data)?, &by, &ids, &out)?))
        }
        BundleCommand::Show { file } => {
            let (bundle, sha256) = services::read_bundle(&file)?;
            let mut value = told(&bundle);
            value["sha256"] = sha256.into();
            Done::Whole(value)
        }
        BundleCommand::Sign { file, key, out, rejected, note } => {
            let key = open_key(&key)?;
            let answer = services::answer_bundle(&file, &key, &rejected, &note, clock()(), &out)?;
            Done::Whole(json!({ "approved": answer.approved.len(), "rejected": answer.rejected, "by": answer.by,
                                "file": out.display().to_string() }))
        }
        BundleCommand::Return { file, data } => {
            let returned = services::take_answer(&open(&data.data)?, &user(), &file)?;
            let left = &returned.report.left;
            let why = some(left, |(id, why)| format!("{id}: {why}"));
            let open = left.len() + returned.rejected.len();
            needs(told(&returned), open > 0, format!("{open} entries were not approved{why}"))
        }
    })
}
