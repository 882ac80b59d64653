//! The whole demo company, generated from one seed: the store's side, the books' side, the files, and the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::bank;
use super::books::Books;
use super::calendar::{Day, date, day_of, store_time};
use super::catalog::{self, Product};
use super::dice::Dice;
use super::files;
use super::model::*;
use super::people::{self, Person};
use super::sales::{self, Shop};
use super::settings;
use super::settlements::{self, Facts, Settlements};
use super::story::{self, PLANTED, Slots, Story};
use super::truth::{GlDiscrepancy, Truth};

/// How much of it. Below about 1,000 orders or 40 days some kinds are too few or missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoSize {
    pub orders: usize,
    pub days: u32,
    pub customers: usize,
}

impl Default for DemoSize {
    fn default() -> Self {
        DemoSize { orders: 10_000, days: 90, customers: 6_000 }
    }
}

pub struct World {
    pub seed: u64,
    pub size: DemoSize,
    /// First and last day of the data.
    pub first: Date,
    pub last: Date,
    /// The books are closed up to and including this day.
    pub closed_through: Date,
    pub people: Vec<Person>,
    pub products: Vec<Product>,
    pub sales: Vec<Sale>,
    pub stories: Vec<Story>,
    pub events: Vec<MoneyEvent>,
    pub settlements: Settlements,
    pub bank: Vec<BankLine>,
    pub documents: Vec<Document>,
    /// Dollars for one euro, in ten-thousandths, by day.
    pub rates: BTreeMap<Day, i64>,
    pub truth: Truth,
}

/// The company's fictional name.
pub const COMPANY: &str = "Larkspur Home & Garden";
/// What its last day is when nobody says otherwise.
pub const LAST_DAY: Date = Date::constant(2026, 3, 31);

pub fn generate(seed: u64, size: DemoSize) -> World {
    generate_until(seed, size, LAST_DAY)
}

/// The demo company whose data ends on that day; books are closed before its first day.
pub fn generate_until(seed: u64, size: DemoSize, last_day: Date) -> World {
    let dice = &mut Dice::new(seed);
    let last = day_of(last_day);
    let first = last - i64::from(size.days.max(20)) + 1;
    let unknown_people = PLANTED + 2;
    let people = people::people(dice, size.customers.max(50), unknown_people);
    let unmapped_skus = PLANTED + 2;
    let products = catalog::products(unmapped_skus);
    let rates = rates(dice, first, last);

    let mut times = sales::times(dice, first, last - first + 1, size.orders);
    let mut closed: Vec<i64> =
        (0..PLANTED as i64).map(|at| store_time(first - 1 - at % 2, 36_000 + at * 900)).collect();
    closed.sort_unstable();
    times.splice(0..0, closed);
    let before = |day: Day| times.partition_point(|&at| at < store_time(day, 0));
    let net_days = (last - first) / 9;
    let slots = Slots {
        closed: PLANTED,
        net_until: before(first + net_days),
        settled_until: before(last - 12),
        recent_from: before(last - 13),
        count: times.len(),
    };
    let stories = story::assign(dice, &slots);
    let mut shop = Shop::new(dice, &people, &products, unmapped_skus, unknown_people, sales::end_of(last));
    for (at, (&placed, &story)) in times.iter().zip(&stories).enumerate() {
        shop.sell(placed, story, at < slots.net_until, at >= slots.recent_from);
    }
    let (sales, events) = (shop.sales, shop.events);
    let facts = Facts { sales: &sales, stories: &stories, events: &events, people: &people, first, last };
    let settlements = settlements::settle(dice, &facts);
    let mut books = Books::new(dice, &people, &sales, &stories, &events, &settlements, &rates, (first, last));
    books.write();
    books.orphans((story::quota(size.orders) * 3 / 5).max(PLANTED));
    let bank = bank::deposit(&mut books);
    let (documents, mut truth) = (books.documents, books.truth);
    truth.payment_events = events.len();
    let moved: BTreeSet<u64> = events.iter().map(|it| it.transaction).collect();
    truth.other_attempts = sales.iter().flat_map(|it| &it.transactions).filter(|it| !moved.contains(&it.id)).count();
    plant_discrepancies(&mut truth, first, last);
    truth.count();
    World {
        seed,
        size,
        first: date(first),
        last: last_day,
        closed_through: date(first - 1),
        people,
        products,
        sales,
        stories,
        events,
        settlements,
        bank,
        documents,
        rates,
        truth,
    }
}

/// A slow walk around 1.08 dollars.
fn rates(dice: &mut Dice, first: Day, last: Day) -> BTreeMap<Day, i64> {
    let mut rate = 10_800;
    (first - 10..=last + 1)
        .map(|day| {
            rate = (rate + dice.between(-45, 45)).clamp(10_300, 11_400);
            (day, rate)
        })
        .collect()
}

/// Rows of the general ledger without any document: what the tie-out must name as unexplained.
fn plant_discrepancies(truth: &mut Truth, first: Day, last: Day) {
    let span = last - first;
    let rows: [(&'static str, Currency, Day, Cents, &'static str); 6] = [
        ("1210", Currency::Usd, first + span / 2, 12_500, "keyed twice by a migration script"),
        ("1211", Currency::Usd, first + span / 2 + 7, -4_820, "one leg of an entry deleted"),
        ("1212", Currency::Usd, first + span * 2 / 3, 1_999, "posted to the wrong clearing account"),
        ("1050", Currency::Usd, first + span * 3 / 4, -777, "petty cash taken from the drawer"),
        ("1215", Currency::Eur, first + span * 2 / 3 + 3, -3_310, "one leg of an entry deleted"),
        ("1215", Currency::Eur, first + span * 3 / 4 + 2, 405, "rounding forced by hand"),
    ];
    let mut sums: BTreeMap<&'static str, Cents> = BTreeMap::new();
    for (account, currency, day, cents, reason) in rows {
        *sums.entry(currency.code()).or_default() += cents;
        truth.gl_discrepancies.push(GlDiscrepancy {
            account,
            currency: currency.code(),
            on: date(day).to_string(),
            amount: files::decimal(cents),
            reason,
            record_no: None,
            cents,
            day,
        });
    }
    truth.expected_unexplained = sums.into_iter().map(|(code, cents)| (code, files::decimal(cents))).collect();
}

impl World {
    pub fn settlement_csv(&self, gateway: Gateway) -> String {
        files::settlement_csv(&self.settlements.rows, gateway)
    }

    pub fn bank_csv(&self) -> String {
        files::bank_csv(&self.bank)
    }

    pub fn truth_json(&self) -> String {
        serde_json::to_string_pretty(&self.truth).expect("the truth holds nothing JSON cannot write")
    }

    /// The files to import, by the name of their source: `stripe`, `paypal`, `authorizenet`, `bank`.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let gateways = Gateway::ALL.iter().map(|&it| (it.file(), self.settlement_csv(it)));
        gateways.chain([("bank", self.bank_csv())]).collect()
    }

    /// The settings that fit this company, as Tieout's settings text.
    pub fn settings_text(&self) -> String {
        settings::text(self.closed_through)
    }

    /// Writes `stripe.csv`, `paypal.csv`, `authorizenet.csv`, `bank.csv`, `settings.toml` and `truth.json`; returns
    /// their paths.
    pub fn write_files(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        std::fs::create_dir_all(folder)?;
        let mut texts: Vec<(String, String)> =
            self.files().into_iter().map(|(name, text)| (format!("{name}.csv"), text)).collect();
        texts.push(("settings.toml".to_owned(), self.settings_text()));
        texts.push(("truth.json".to_owned(), self.truth_json()));
        let mut paths = Vec::new();
        for (name, text) in texts {
            let path = folder.join(name);
            std::fs::write(&path, text)?;
            paths.push(path);
        }
        Ok(paths)
    }

    /// Counts of everything planted, one a line.
    pub fn summary(&self) -> String {
        let truth = &self.truth;
        let mut out = String::new();
        let mut say = |text: String| {
            let _ = writeln!(out, "{text}");
        };
        say(format!("{COMPANY}, seed {}: {} to {}", self.seed, self.first, self.last));
        say(format!(
            "{} orders, {} payment events and {} attempts without money, {} customers, {} settlement rows, {} payouts, \
             {} bank lines, {} documents",
            self.sales.len(),
            truth.payment_events,
            truth.other_attempts,
            self.people.len(),
            self.settlements.rows.len(),
            self.settlements.payouts.len(),
            self.bank.len(),
            self.documents.len(),
        ));
        for (title, counts) in [
            ("payments by kind", &truth.kinds),
            ("groups with a trait", &truth.traits),
            ("exceptions by kind", &truth.exception_kinds),
        ] {
            say(format!("{title}:"));
            for (kind, count) in counts {
                say(format!("  {kind:<26} {count:>6}"));
            }
        }
        for (currency, amount) in &truth.expected_unexplained {
            say(format!("unexplained {currency}: {amount}"));
        }
        out
    }
}
