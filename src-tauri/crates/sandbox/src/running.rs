//! Both pretend systems of the demo company, running on loopback: for the demo, for the window, for tests.

use crate::demo::{self, DemoSize, LoadError, World};
use crate::faults::{FaultPlan, FaultPlanError, Faults};
use crate::intacct::gateway::{Access, Gateway};
use crate::intacct::server::{Server, Settings};
use crate::xcart::{SharedStore, serve as serve_xcart};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to serve and how badly it shall behave. Port 0 picks a free one.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub xcart_port: u16,
    pub intacct_port: u16,
    pub seed: u64,
    pub orders: usize,
    pub latency_ms: u64,
    /// JSON script of faults.
    pub faults: Option<PathBuf>,
    /// Folder of the ledger that survives being killed.
    pub ledger: Option<PathBuf>,
    /// Let a repeated control id make a second record.
    pub ignore_unique_key: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{what}")]
    Io {
        what: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error("{} holds the ledger of another demo company ({found}); this one is {wanted}. Choose another folder.", folder.display())]
    AnotherWorld { folder: PathBuf, found: String, wanted: String },
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Faults(#[from] FaultPlanError),
}

/// The last record numbers the generator gave away; what was posted since has higher ones.
#[derive(Clone, Copy, Debug)]
pub struct Generated {
    document: u64,
    gl_line: u64,
}

impl Generated {
    /// Of a record such as `ARPYMT:643` or `GLENTRY:312`.
    pub fn holds(&self, record: &str) -> bool {
        let Some((object, number)) = record.split_once(':') else { return true };
        let last = if object == "GLENTRY" { self.gl_line } else { self.document };
        number.parse::<u64>().map_or(true, |it| it <= last)
    }
}

/// Both servers, running while this lives.
pub struct Running {
    pub world: World,
    pub generated: Generated,
    pub xcart_url: String,
    /// A made-up key that may read.
    pub xcart_key: String,
    /// And one that may write.
    pub xcart_write_key: String,
    /// The store itself, and the writes it saw.
    pub shop: SharedStore,
    pub intacct: Server,
    pub access: Access,
    pub company: String,
    xcart: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.xcart.abort();
    }
}

pub async fn start(plan: &Plan) -> Result<Running, StartError> {
    let failed = |what: &'static str| move |source| StartError::Io { what, source };
    let customers = (plan.orders * 6 / 10).max(1);
    let mut world = demo::generate(plan.seed, DemoSize { orders: plan.orders, customers, ..DemoSize::default() });
    let loaded = world.load()?;
    let faults = match &plan.faults {
        None => Faults::none(),
        Some(path) => Faults::new(FaultPlan::load(path)?),
    };
    let access = Access::default();
    let company = loaded.company.id.clone();
    let counters = &loaded.company.counters;
    let generated = Generated { document: counters.document, gl_line: counters.gl_line };
    let mut gateway = match &plan.ledger {
        None => Gateway::new(loaded.company, access.clone()),
        Some(folder) => {
            belongs_to(plan, folder)?;
            Gateway::open(loaded.company, access.clone(), folder)
                .map_err(failed("the sandbox ledger cannot be opened"))?
        }
    };
    gateway.honour_unique = !plan.ignore_unique_key;
    let latency = Duration::from_millis(plan.latency_ms);
    let settings = Settings { latency, faults: faults.clone(), ..Settings::default() };
    let intacct = Server::start(gateway, settings, plan.intacct_port)
        .await
        .map_err(failed("the pretend Intacct cannot listen"))?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", plan.xcart_port))
        .await
        .map_err(failed("the pretend X-Cart cannot listen"))?;
    let address = listener.local_addr().map_err(failed("the pretend X-Cart has no address"))?;
    let (xcart_key, xcart_write_key) =
        (loaded.store.settings.key_read.clone(), loaded.store.settings.key_read_write.clone());
    let shop = SharedStore::new(loaded.store);
    let xcart = tokio::spawn(serve_xcart(listener, shop.clone(), faults, plan.latency_ms));
    let xcart_url = format!("http://{address}/");
    Ok(Running { world, generated, xcart_url, xcart_key, xcart_write_key, shop, intacct, access, company, xcart })
}

/// What a ledger folder was begun with; its lines are done again on no other company.
const WORLD: &str = "world.txt";

fn belongs_to(plan: &Plan, folder: &Path) -> Result<(), StartError> {
    let failed = |source| StartError::Io { what: "the folder of the sandbox ledger cannot be used", source };
    let wanted = format!("seed {}, {} orders", plan.seed, plan.orders);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let file = folder.join(WORLD);
    match std::fs::read_to_string(&file) {
        Ok(found) if found.trim() == wanted => Ok(()),
        Ok(found) => {
            Err(StartError::AnotherWorld { folder: folder.to_owned(), found: found.trim().to_owned(), wanted })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            std::fs::write(&file, format!("{wanted}\n")).map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}
