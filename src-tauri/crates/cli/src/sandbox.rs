//! The pretend X-Cart and Intacct as a process of its own.

use tieout_sandbox::demo;
use tieout_sandbox::running::{Plan, StartError, start};
use tieout_services::ServiceError;

pub fn not_started(error: StartError) -> ServiceError {
    match error {
        StartError::Io { what, source } => ServiceError::File { what: what.into(), source },
        StartError::Faults(error) => {
            ServiceError::BadInput { field: "faults", value: String::new(), why: error.to_string() }
        }
        StartError::AnotherWorld { folder, found, wanted } => ServiceError::BadInput {
            field: "data",
            value: folder.display().to_string(),
            why: format!(
                "it holds the ledger of another demo company ({found}), not of this one ({wanted}); choose another folder"
            ),
        },
        StartError::Load(error) => {
            ServiceError::BadInput { field: "the demo company", value: String::new(), why: error.to_string() }
        }
    }
}

/// Runs until interrupted, and says how to connect.
pub async fn serve(plan: Plan) -> Result<(), ServiceError> {
    let running = start(&plan).await.map_err(not_started)?;
    if let Some(folder) = &plan.ledger {
        running
            .world
            .write_files(folder)
            .map_err(|source| ServiceError::File { what: "the settlement files cannot be written".into(), source })?;
    }
    println!("X-Cart:  {}", running.xcart_url);
    println!("Intacct: {}", running.intacct.url());
    println!("Secrets of the sandbox (made up):");
    println!("  export TIEOUT_XCART_KEY={}", running.xcart_key);
    println!("  export TIEOUT_INTACCT_PASSWORD={}", running.access.password);
    println!("  export TIEOUT_INTACCT_SENDER_PASSWORD={}", running.access.sender_password);
    println!("  (may write, for `tieout sync`: {})", running.xcart_write_key);
    println!(
        "  tieout connect --data DIR --environment sandbox --cool-down-seconds 2 --store-zone {} --entity-zone {} --xcart-url {} \
         --intacct-url {} --intacct-company {} --intacct-user {} --intacct-sender {}",
        demo::STORE_ZONE,
        demo::ENTITY_ZONE,
        running.xcart_url,
        running.intacct.url(),
        running.company,
        running.access.user,
        running.access.sender_id
    );
    tokio::signal::ctrl_c()
        .await
        .map_err(|source| ServiceError::File { what: "the interrupt cannot be waited for".into(), source })
}
