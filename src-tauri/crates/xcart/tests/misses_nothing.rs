//! A shop does not stand still while it is read: orders come, change and are deleted between one page and the next, many in
//! the same second, and its clock is not ours. One seed makes all of it; when the shop rests, what was read is what is there.
//!
//! `SEED=7 cargo nextest run -p tieout-xcart --no-capture -E 'binary(misses_nothing)'` replays one;
//! `TIEOUT_SEEDS=10000` walks as many seeds.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::ops::AddAssign;
use tieout_domain::{Order, SourceId};
use tieout_money::Currency;
use tieout_sandbox::faults::Faults;
use tieout_sandbox::xcart as shop;
use tieout_xcart::{Client, Config, Cursor, Dialect, Pull, Shop};

const SEEDS: u64 = 150;
/// Small pages, so that a few orders fill many.
const PAGE: u32 = 7;
const PULLS: u64 = 5;
/// However wrong the store's clock is.
const SKEW_SECONDS_MAX: i64 = 600;

#[derive(Debug, Default)]
struct Told {
    orders: u64,
    pages: u64,
    changed_while_read: u64,
    deleted_while_read: u64,
    same_second: u64,
}

impl AddAssign for Told {
    fn add_assign(&mut self, it: Told) {
        self.orders += it.orders;
        self.pages += it.pages;
        self.changed_while_read += it.changed_while_read;
        self.deleted_while_read += it.deleted_while_read;
        self.same_second += it.same_second;
    }
}

/// The shop, its keeper, and both clocks.
struct Play {
    dice: StdRng,
    shop: shop::SharedStore,
    /// Ours, in seconds; the shop's is so much off.
    now: i64,
    skew: i64,
    told: Told,
}

impl Play {
    /// Nothing, or something happens; often several things within one second.
    fn something_happens(&mut self, while_it_is_read: bool) {
        self.now += self.dice.random_range(0..20);
        for _ in 0..self.dice.random_range(0..4) {
            let at = self.now + self.skew;
            let kind = self.dice.random_range(0..10);
            let ids: Vec<u64> = self.shop.with(|it| it.orders.keys().copied().collect());
            let one = |dice: &mut StdRng| ids[dice.random_range(0..ids.len())];
            if ids.is_empty() || kind < 3 {
                let order = placed(at, self.dice.random_range(100..10_000));
                self.shop.with(|it| it.add_order(order));
            } else if kind < 9 {
                let id = one(&mut self.dice);
                let cents = self.dice.random_range(100..10_000);
                self.told.same_second += u64::from(self.shop.with(|it| it.orders[&id].last_renew_date == at));
                self.shop.with(|it| {
                    it.clock = at - 1;
                    it.update_order(id, |order| price(order, cents)).unwrap();
                });
            } else {
                let id = one(&mut self.dice);
                self.shop.with(|it| it.orders.remove(&id));
                self.told.deleted_while_read += u64::from(while_it_is_read);
            }
            self.told.changed_while_read += u64::from(while_it_is_read);
        }
    }

    fn moment(&self) -> Timestamp {
        Timestamp::from_second(self.now).unwrap()
    }
}

fn price(order: &mut shop::Order, cents: i64) {
    let amount = Decimal::new(cents, 2);
    (order.total, order.sub_total) = (amount, amount);
    for it in &mut order.items {
        (it.price, it.item_net_price, it.discounted_subtotal) = (amount, amount, amount);
    }
}

fn placed(at: i64, cents: i64) -> shop::Order {
    let item = shop::OrderItem { sku: "S".into(), name: "N".into(), amount: 1, ..shop::OrderItem::default() };
    let mut order = shop::Order {
        items: vec![item],
        email: "jane@example.com".into(),
        payment_status: Some("P".into()),
        shipping_status: Some("N".into()),
        create_date: at,
        last_renew_date: at,
        ..shop::Order::default()
    };
    price(&mut order, cents);
    order
}

async fn one_seed(seed: u64) -> Told {
    let mut dice = StdRng::seed_from_u64(seed);
    let dialect = if dice.random_bool(0.7) { Dialect::AdminApi } else { Dialect::RestAddon };
    let mut store = shop::Store::default();
    let skew = dice.random_range(-SKEW_SECONDS_MAX..=SKEW_SECONDS_MAX);
    let now = 1_770_000_000;
    for _ in 0..dice.random_range(0..40) {
        store.add_order(placed(now + skew - dice.random_range(0..100_000), dice.random_range(100..10_000)));
    }
    let key = store.settings.key_read.clone();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shared = shop::SharedStore::new(store);
    let server = tokio::spawn(shop::serve(listener, shared.clone(), Faults::none(), 0));
    let mut config = Config::new(Shop {
        id: SourceId::xcart("test"),
        base_url: format!("http://{address}/").parse().unwrap(),
        time_zone: TimeZone::UTC,
        currency: Currency::USD,
    });
    (config.allow_loopback_http, config.page_size, config.dialect) = (true, PAGE, Some(dialect));
    let client = Client::connect(config, key.into()).await.unwrap().client;

    let mut play = Play { dice, shop: shared, now, skew, told: Told::default() };
    let mut read: BTreeMap<u64, Order> = BTreeMap::new();
    let mut since = None;
    for pull in 0..=PULLS {
        // The last time nothing happens any more; what was changed a moment ago is still to be read.
        let rests = pull == PULLS;
        since = Some(one_pull(&client, &mut play, since, &mut read, rests).await);
        let pause = SignedDuration::from_mins(play.dice.random_range(0..90)).as_secs();
        play.now += pause;
        if !rests {
            play.something_happens(false);
        }
    }
    server.abort();
    let there = play.shop.snapshot().orders;
    play.told.orders = there.len() as u64;
    for (id, order) in &there {
        let ours = read.get(id).unwrap_or_else(|| panic!("SEED={seed}: order {id} was never read ({dialect:?})"));
        let (total, changed) = (ours.total.amount(), ours.changed_at.as_second());
        assert_eq!((total, changed), (order.total, order.last_renew_date), "SEED={seed}: order {id} ({dialect:?})");
    }
    play.told
}

/// As the program pulls: the next one goes by the moment this one began.
async fn one_pull(
    client: &Client,
    play: &mut Play,
    since: Option<Timestamp>,
    read: &mut BTreeMap<u64, Order>,
    rests: bool,
) -> Timestamp {
    let began = play.moment();
    let pull = since.map_or(Pull::Whole, |since| Pull::Changed { since });
    let mut at = Some(Cursor::default());
    while let Some(cursor) = at {
        let page = client.orders_page(pull, cursor).await.unwrap();
        assert!(page.refused.is_empty(), "{:?}", page.refused);
        read.extend(page.good.into_iter().map(|it| (it.value.id, it.value)));
        at = page.next;
        play.told.pages += 1;
        if !rests {
            play.something_happens(true);
        }
    }
    began
}

#[tokio::test]
async fn whatever_happens_while_a_shop_is_read_nothing_is_missed_once_it_rests() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let number = |name: &str| std::env::var(name).ok().map(|it| it.parse::<u64>().unwrap());
    if let Some(seed) = number("SEED") {
        println!("{:?}", one_seed(seed).await);
        return;
    }
    let seeds = number("TIEOUT_SEEDS").unwrap_or(SEEDS);
    let mut told = Told::default();
    for seed in 0..seeds {
        told += one_seed(seed).await;
    }
    println!("{seeds} seeds: {told:?}");
    assert!(told.changed_while_read > seeds && told.same_second > 0 && told.deleted_while_read > 0, "{told:?}");
}
