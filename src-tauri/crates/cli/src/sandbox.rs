//! The pretend X-Cart and Intacct: in this process for the demo, or as a process of its own.

use std::path::PathBuf;
use std::time::Duration;
use tieout_sandbox::demo::{self, DemoSize, World};
use tieout_sandbox::faults::{FaultPlan, Faults};
use tieout_sandbox::intacct::gateway::{Access, Gateway};
use tieout_sandbox::intacct::server::{Server, Settings};
use tieout_sandbox::xcart::{SharedStore, serve as serve_xcart};
use tieout_services::ServiceError;

pub struct Plan {
    pub xcart_port: u16,
    pub intacct_port: u16,
    pub seed: u64,
    pub orders: usize,
    pub latency_ms: u64,
    pub faults: Option<PathBuf>,
    pub ledger: Option<PathBuf>,
    pub ignore_unique_key: bool,
}

/// Both servers, running while this lives.
pub struct Running {
    pub world: World,
    pub xcart_url: String,
    pub intacct: Server,
    pub access: Access,
    pub key: String,
    pub company: String,
    xcart: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.xcart.abort();
    }
}

fn failed(what: &str) -> impl FnOnce(std::io::Error) -> ServiceError {
    let what = what.to_owned();
    move |source| ServiceError::File { what, source }
}

pub async fn start(plan: &Plan) -> Result<Running, ServiceError> {
    let customers = (plan.orders * 6 / 10).max(1);
    let mut world = demo::generate(plan.seed, DemoSize { orders: plan.orders, customers, ..DemoSize::default() });
    let loaded = world.load().map_err(|error| ServiceError::Report(error.to_string()))?;
    let faults = match &plan.faults {
        None => Faults::none(),
        Some(path) => Faults::new(
            FaultPlan::load(path).map_err(|error| ServiceError::Report(format!("{error}; {}", error.remedy())))?,
        ),
    };
    let access = Access::default();
    let company = loaded.company.id.clone();
    let mut gateway = match &plan.ledger {
        None => Gateway::new(loaded.company, access.clone()),
        Some(folder) => Gateway::open(loaded.company, access.clone(), folder)
            .map_err(failed("the sandbox ledger cannot be opened"))?,
    };
    gateway.honour_unique = !plan.ignore_unique_key;
    let settings =
        Settings { latency: Duration::from_millis(plan.latency_ms), faults: faults.clone(), ..Settings::default() };
    let intacct = Server::start(gateway, settings, plan.intacct_port)
        .await
        .map_err(failed("the pretend Intacct cannot listen"))?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", plan.xcart_port))
        .await
        .map_err(failed("the pretend X-Cart cannot listen"))?;
    let address = listener.local_addr().map_err(failed("the pretend X-Cart has no address"))?;
    let key = loaded.store.settings.key_read.clone();
    let xcart = tokio::spawn(serve_xcart(listener, SharedStore::new(loaded.store), faults, plan.latency_ms));
    Ok(Running { world, xcart_url: format!("http://{address}/"), intacct, access, key, company, xcart })
}

/// Runs until interrupted, and says how to connect.
pub async fn serve(plan: Plan) -> Result<(), ServiceError> {
    let running = start(&plan).await?;
    if let Some(folder) = &plan.ledger {
        running.world.write_files(folder).map_err(failed("the settlement files cannot be written"))?;
    }
    println!("X-Cart:  {}", running.xcart_url);
    println!("Intacct: {}", running.intacct.url());
    println!("Secrets of the sandbox (made up):");
    println!("  export TIEOUT_XCART_KEY={}", running.key);
    println!("  export TIEOUT_INTACCT_PASSWORD={}", running.access.password);
    println!("  export TIEOUT_INTACCT_SENDER_PASSWORD={}", running.access.sender_password);
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
    tokio::signal::ctrl_c().await.map_err(failed("the interrupt cannot be waited for"))
}
