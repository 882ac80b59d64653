//! Both pretend systems on loopback and a data folder between them: the accountant's day in one call.

use crate::books;
use crate::expected::{Balances, without_zeros};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tieout_domain::{Exception, ExceptionKind, PostingId, PostingState, Receipt};
use tieout_money::Currency;
use tieout_sandbox::faults::Faults;
use tieout_sandbox::intacct::server::{Server, Settings};
use tieout_sandbox::intacct::{Access, Company as Books, Gateway};
use tieout_sandbox::xcart::{SharedStore, Store, serve};
use tieout_services as services;
use tieout_services::{Company, Connection, Dialect, PostReport, PostRules, PullReport, Secrets, ServiceError, TieOut};
use tieout_store::{AuditFilter, StoredPosting};

pub const ANN: &str = "Ann";

pub struct Rig {
    pub shop: SharedStore,
    /// What goes wrong at the store.
    pub shop_faults: Faults,
    /// What goes wrong at Intacct, beside what is ordered of the server itself.
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

/// Under this the digest of the last matching run is kept (`services/src/last_run.rs`).
const LAST_RUN: &str = "matched";

/// Rounds after which an example must have come to rest.
const ROUNDS_MAX: usize = 4;

impl Rig {
    /// The evening of `today`, with the store as it is given and the example company's books.
    pub async fn start(today: Date, store: Store, books: Books) -> Rig {
        Rig::with_settings(today, store, books, books::SETTINGS).await
    }

    pub async fn with_settings(today: Date, store: Store, books: Books, settings: &str) -> Rig {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let access = Access::default();
        let secrets = Secrets {
            xcart_key: SecretString::from(store.settings.key_read.clone()),
            intacct_password: SecretString::from(access.password.clone()),
            intacct_sender_password: SecretString::from(access.sender_password.clone()),
        };
        let company_id = books.id.clone();
        let intacct_faults = Faults::none();
        let settings_of_server = Settings { faults: intacct_faults.clone(), ..Settings::default() };
        let intacct = Server::start(Gateway::new(books, access.clone()), settings_of_server, 0).await.unwrap();
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shop = SharedStore::new(store);
        let shop_faults = Faults::none();
        let xcart = tokio::spawn(serve(listener, shop.clone(), shop_faults.clone(), 0));
        let clock = Arc::new(AtomicI64::new(evening(today)));
        let folder = tempfile::tempdir().unwrap();
        let reading = clock.clone();
        let company = Company::open(
            folder.path(),
            Arc::new(move || Timestamp::from_second(reading.load(Ordering::Relaxed)).unwrap()),
        )
        .unwrap();
        let connection = Connection {
            production: false,
            store_name: "example".into(),
            store_zone: "UTC".into(),
            store_currency: Currency::USD,
            xcart_url: format!("http://{address}/").parse().unwrap(),
            xcart_dialect: Some(Dialect::AdminApi),
            intacct_url: intacct.url().parse().unwrap(),
            intacct_company: company_id,
            intacct_user: access.user.clone(),
            intacct_sender: access.sender_id.clone(),
            intacct_entity: None,
            entity_zone: "UTC".into(),
            cool_down_seconds: 1,
        };
        company.connect(ANN, &connection).unwrap();
        company.save_settings(ANN, settings, "worked example").unwrap();
        Rig { shop, shop_faults, intacct_faults, intacct, company, secrets, clock, folder, xcart }
    }

    /// Goes on to the evening of a later day.
    pub fn go_to(&self, today: Date) {
        self.clock.store(evening(today), Ordering::Relaxed);
    }

    pub fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// What the ERP does by itself.
    pub fn books<T>(&self, work: impl FnOnce(&mut Books) -> T) -> T {
        self.intacct.with(|gateway| {
            let now = Timestamp::now().to_zoned(TimeZone::UTC).datetime().round(jiff::Unit::Second).unwrap();
            gateway.company.set_clock(now);
            work(&mut gateway.company)
        })
    }

    /// What the shop does after the first pull; the order counts as changed now.
    pub fn shop<T>(&self, work: impl FnOnce(&mut Store) -> T) -> T {
        let now = self.clock.load(Ordering::Relaxed);
        self.shop.with(|store| {
            store.clock = now;
            work(store)
        })
    }

    pub fn import(&self, source: &str, header: &str, rows: &str) {
        let path = self.folder.path().join(format!("{source}-{}.csv", self.clock.load(Ordering::Relaxed)));
        std::fs::write(&path, format!("{header}\n{}\n", rows.trim())).unwrap();
        services::import_file(&self.company, ANN, &path, source).unwrap();
    }

    /// Rows of the card gateway's settlement file, in the generic layout.
    pub fn import_card_file(&self, rows: &str) {
        let header = "row_id,payout_id,type,gateway_ref,order_number,currency,gross,fee,net,created_at";
        self.import("card", header, rows);
    }

    pub fn import_bank_file(&self, rows: &str) {
        self.import("bank", "row_id,date,currency,amount,description,reference", rows);
    }

    pub async fn pull(&self) -> Result<PullReport, ServiceError> {
        services::pull(&self.company, &self.secrets, &|_| {}).await
    }

    /// Reads both systems, matches and proposes.
    pub async fn look(&self) {
        self.pull().await.unwrap();
        services::reconcile(&self.company).unwrap();
        services::propose(&self.company).unwrap();
    }

    pub fn proposals(&self) -> Vec<StoredPosting> {
        services::proposals_digest(&self.company).unwrap().0
    }

    /// Ann approves everything she is shown.
    pub fn approve_all(&self) -> usize {
        let (shown, digest) = services::proposals_digest(&self.company).unwrap();
        let ids: Vec<String> = shown.iter().map(|it| it.posting.id.0.clone()).collect();
        services::approve_listed(&self.company, ANN, digest.as_str(), &ids).unwrap().approved.len()
    }

    pub async fn post(&self) -> PostReport {
        self.try_to_post().await.unwrap()
    }

    pub async fn try_to_post(&self) -> Result<PostReport, ServiceError> {
        let rules = PostRules { wait_at_most: SignedDuration::from_secs(5), only: Default::default() };
        services::post_approved(&self.company, &self.secrets, rules).await
    }

    pub fn posting(&self, id: &PostingId) -> PostingState {
        self.company.store.read(|reader| reader.posting(id)).unwrap().unwrap().posting.state
    }

    /// How many requests the pretend Intacct has seen, whatever became of them.
    pub fn asked_of_intacct(&self) -> u64 {
        self.intacct.with(|gateway| gateway.counts.get("received").copied().unwrap_or_default())
    }

    /// Sends what is approved and does not wait for an answer that does not come.
    pub async fn post_without_waiting(&self) -> PostReport {
        services::post_approved(&self.company, &self.secrets, PostRules::default()).await.unwrap()
    }

    /// Look, approve, post, until nothing is proposed any more. Tells what was posted, in order.
    pub async fn settle(&self) -> Vec<StoredPosting> {
        let mut posted = Vec::new();
        for _ in 0..ROUNDS_MAX {
            self.look().await;
            let waiting = self.proposals();
            if waiting.is_empty() {
                return posted;
            }
            self.approve_all();
            let report = self.post().await;
            assert_eq!(report.posted, waiting.len(), "{report:?} of {:#?}: {:#?}", names(&waiting), self.exceptions());
            posted.extend(waiting);
        }
        panic!("still proposing after {ROUNDS_MAX} rounds: {:#?}", names(&self.proposals()));
    }

    pub fn exceptions(&self) -> Vec<Exception> {
        let standing = self.company.store.read(|reader| reader.standing_exceptions()).unwrap();
        standing.into_iter().map(|it| it.exception).collect()
    }

    pub fn exception_kinds(&self) -> Vec<ExceptionKind> {
        self.exceptions().into_iter().map(|it| it.kind).collect()
    }

    /// Live in the cache.
    pub fn receipts(&self) -> Vec<Receipt> {
        let all = self.company.store.read(|reader| reader.load_all::<Receipt>()).unwrap();
        all.into_iter().map(|it| it.value).collect()
    }

    /// What the trail says of every change of that name: before and after.
    pub fn trail(&self, action: &str) -> Vec<String> {
        let filter = AuditFilter { action: Some(action.to_owned()), ..AuditFilter::default() };
        let rows = self.company.store.read(|reader| reader.audit_page(&filter, None, 10_000)).unwrap();
        rows.into_iter().map(|it| format!("{} -> {}", it.before, it.after)).collect()
    }

    /// Whatever the last matching run left, the proof is that of a fresh one.
    pub fn tie_out(&self, from: Date, to: Date) -> TieOut {
        let tied = services::tie_out(&self.company, from, to).unwrap();
        let store = &self.company.store;
        let last = store.read(|reader| reader.recall(LAST_RUN)).unwrap();
        store.remember(LAST_RUN, "").unwrap();
        assert_eq!(services::tie_out(&self.company, from, to).unwrap(), tied);
        store.remember(LAST_RUN, &last.unwrap_or_default()).unwrap();
        tied
    }

    /// Of the card's clearing account, from the beginning of the year through that day.
    pub fn unexplained(&self, to: Date) -> String {
        let tied = self.tie_out(Date::constant(to.year(), 1, 1), to);
        tied.accounts.into_iter().find(|it| it.account == "1210").unwrap().unexplained
    }

    /// The general ledger as the pretend Intacct keeps it.
    pub fn balances(&self) -> Balances {
        self.balances_through(Date::MAX)
    }

    pub fn balances_through(&self, day: Date) -> Balances {
        self.intacct.with(|gateway| books::balances(&gateway.company, day))
    }

    /// What came on top of an opening balance.
    pub fn moved_since(&self, opening: &Balances) -> Balances {
        let mut moved = self.balances();
        for (account, amount) in opening {
            *moved.entry(account.clone()).or_default() -= *amount;
        }
        without_zeros(moved)
    }

    /// Nothing between the store and the ledger is without a name.
    pub fn assert_tied_out(&self, from: Date, to: Date) {
        let tied = self.tie_out(from, to);
        let nothing = |text: &String| text.parse::<Decimal>().unwrap().is_zero();
        assert!(tied.unexplained.values().all(nothing), "{tied:#?}");
    }
}

pub fn names(postings: &[StoredPosting]) -> Vec<String> {
    postings.iter().map(|it| format!("{} {}", it.posting.id, it.posting.document.description())).collect()
}

fn evening(day: Date) -> i64 {
    day.at(20, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp().as_second()
}
