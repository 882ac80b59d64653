//! A store and a company that sell the same few things, in either of X-Cart's dialects.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tieout_money::Currency;
use tieout_sandbox::faults::{Fault, FaultPlan, FaultRule, Faults, System};
use tieout_sandbox::intacct::server::{Server, Settings};
use tieout_sandbox::intacct::{Access, Company as Books, Gateway, Item, StockRow, sample};
use tieout_sandbox::xcart::{Order, OrderItem, Product, SeenWrite, SharedStore, Store, serve};
use tieout_services as services;
use tieout_services::{
    Approve, Company, Connection, DeadLetter, Dialect, Flow, Secrets, ServiceError, SyncReport, SyncRules,
};

pub const ANN: &str = "Ann";
pub const TODAY: Date = date(2026, 3, 20);
pub const BOTH: [Dialect; 2] = [Dialect::AdminApi, Dialect::RestAddon];

/// What every example is told; each adds its own `[flows...]`.
const SETTINGS: &str = "cut_over = \"2026-01-01\"\n[accounts]\nreceivable = \"1100\"\n";

pub struct Rig {
    pub shop: SharedStore,
    pub shop_faults: Faults,
    pub intacct_faults: Faults,
    pub intacct: Server,
    pub company: Company,
    pub secrets: Secrets,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
    xcart: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.xcart.abort();
    }
}

impl Rig {
    pub async fn start(dialect: Dialect, store: Store, books: Books, flows: &str) -> Rig {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let access = Access::default();
        let secrets = Secrets {
            xcart_key: SecretString::from(store.settings.key_read_write.clone()),
            intacct_password: SecretString::from(access.password.clone()),
            intacct_sender_password: SecretString::from(access.sender_password.clone()),
        };
        let company_id = books.id.clone();
        let intacct_faults = Faults::none();
        let settings = Settings { faults: intacct_faults.clone(), ..Settings::default() };
        let intacct = Server::start(Gateway::new(books, access.clone()), settings, 0).await.unwrap();
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (shop, shop_faults) = (SharedStore::new(store), Faults::none());
        let xcart = tokio::spawn(serve(listener, shop.clone(), shop_faults.clone(), 0));
        let clock = Arc::new(AtomicI64::new(at(TODAY, 20)));
        let folder = tempfile::tempdir().unwrap();
        let reading = clock.clone();
        let now = move || Timestamp::from_second(reading.load(Ordering::Relaxed)).unwrap();
        let company = Company::open(folder.path(), Arc::new(now)).unwrap();
        let connection = Connection {
            production: false,
            store_name: "example".into(),
            store_zone: "UTC".into(),
            store_currency: Currency::USD,
            xcart_url: format!("http://{address}/").parse().unwrap(),
            xcart_dialect: Some(dialect),
            intacct_url: intacct.url().parse().unwrap(),
            intacct_company: company_id,
            intacct_user: access.user.clone(),
            intacct_sender: access.sender_id.clone(),
            intacct_entity: None,
            entity_zone: "UTC".into(),
            cool_down_seconds: 60,
        };
        company.connect(ANN, &connection).unwrap();
        let rig = Rig { shop, shop_faults, intacct_faults, intacct, company, secrets, clock, folder, xcart };
        rig.settings(flows);
        rig
    }

    /// The program ended and starts again on the same folder.
    pub fn restart(&mut self) {
        let clock = self.company.clock.clone();
        // The folder is given back before it is taken again.
        let elsewhere = tempfile::tempdir().unwrap();
        self.company = Company::open(elsewhere.path(), clock.clone()).unwrap();
        self.company = Company::open(self.folder.path(), clock).unwrap();
    }

    pub fn settings(&self, flows: &str) {
        self.company.save_settings(ANN, &format!("{SETTINGS}{flows}"), "example").unwrap();
    }

    pub fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    pub fn books<T>(&self, work: impl FnOnce(&mut Books) -> T) -> T {
        self.intacct.with(|gateway| work(&mut gateway.company))
    }

    /// What the store does by itself, now.
    pub fn shop<T>(&self, work: impl FnOnce(&mut Store) -> T) -> T {
        let now = self.now();
        self.shop.with(|store| {
            store.clock = store.clock.max(now);
            work(store)
        })
    }

    pub fn amount(&self, sku: &str) -> i64 {
        self.shop.with(|store| store.products.values().find(|it| it.sku == sku).unwrap().amount)
    }

    pub fn writes(&self) -> Vec<SeenWrite> {
        self.shop.writes()
    }

    /// The next write to the store meets this.
    pub fn next_write_meets(&self, dialect: Dialect, fault: Fault) {
        let what = if dialect == Dialect::AdminApi { "PUT /api/*" } else { "PUT *" };
        let rule = FaultRule::always(System::Xcart, what, fault).times(1);
        self.shop_faults.replace(FaultPlan::new(1, vec![rule]));
    }

    pub async fn dry(&self, flow: Flow) -> SyncReport {
        let rules = SyncRules { dry_run: true, ..SyncRules::default() };
        services::sync(&self.company, &self.secrets, flow, rules).await.unwrap()
    }

    pub async fn run(&self, flow: Flow) -> SyncReport {
        self.try_run(flow).await.unwrap()
    }

    pub async fn try_run(&self, flow: Flow) -> Result<SyncReport, ServiceError> {
        services::sync(&self.company, &self.secrets, flow, SyncRules::default()).await
    }

    /// Ann says yes to what was shown.
    pub async fn approve(&self, flow: Flow, shown: &SyncReport) -> Result<SyncReport, ServiceError> {
        let approve = Some(Approve { digest: shown.digest.clone(), by: ANN.into() });
        services::sync(&self.company, &self.secrets, flow, SyncRules { dry_run: false, approve }).await
    }

    pub fn letters(&self) -> Vec<DeadLetter> {
        services::dead_letters(&self.company, None).unwrap()
    }

    pub fn causes(&self) -> Vec<String> {
        self.letters().into_iter().map(|it| format!("{} {}", it.title, it.cause)).collect()
    }
}

pub fn at(day: Date, hour: i8) -> i64 {
    day.at(hour, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp().as_second()
}

pub fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn product(id: u64, sku: &str, price: &str, amount: i64) -> Product {
    Product {
        id,
        sku: sku.into(),
        name: format!("Article {sku}"),
        price: number(price),
        enabled: true,
        weight: number("1.5"),
        inventory_traceable: true,
        amount,
        ..Product::default()
    }
}

pub fn item(sku: &str, price: &str) -> Item {
    Item {
        id: sku.into(),
        name: format!("Article {sku}"),
        item_type: "Inventory".into(),
        base_price: Some(number(price)),
        ship_weight: Some(number("1.5")),
        ..Item::default()
    }
}

pub fn stock(item: &str, warehouse: &str, on_hand: &str) -> StockRow {
    StockRow { item: item.into(), warehouse: warehouse.into(), on_hand: number(on_hand), ..StockRow::default() }
}

/// A store with these products and no orders.
pub fn store(products: Vec<Product>) -> Store {
    let mut store = Store { clock: at(TODAY, 12), ..Store::default() };
    for it in products {
        store.add_product(it);
    }
    store
}

/// The sample company with these items besides its own, and a second warehouse.
pub fn books(items: Vec<Item>) -> Books {
    let mut books = sample::small_company();
    books.add_warehouse("WH02", "Showroom", None);
    for it in items {
        books.add_item(it).unwrap();
    }
    books
}

/// A paid order of so many units; the store's stock falls with it, as a sale does.
pub fn sell(store: &mut Store, number: &str, sku: &str, units: i64) -> u64 {
    let now = store.tick();
    if let Some(product) = store.products.values_mut().find(|it| it.sku == sku) {
        product.amount -= units;
    }
    let product = store.products.values().find(|it| it.sku == sku).map(|it| (it.id, it.price));
    let (product_id, price) = product.map_or((None, Decimal::ONE), |(id, price)| (Some(id), price));
    let goods = price * Decimal::from(units);
    let line = OrderItem {
        product_id,
        sku: sku.into(),
        name: "An article".into(),
        price,
        item_net_price: price,
        discounted_subtotal: goods,
        amount: units,
        ..OrderItem::default()
    };
    store.add_order(Order {
        order_number: number.into(),
        total: goods,
        sub_total: goods,
        items: vec![line],
        email: "jane@example.com".into(),
        payment_status: Some("P".into()),
        shipping_status: Some("N".into()),
        create_date: now,
        last_renew_date: now,
        ..Order::default()
    })
}
