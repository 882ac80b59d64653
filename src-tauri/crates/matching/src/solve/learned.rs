//! What the data itself tells: which entity a store belongs to, how late receipts come, who is which customer.

use crate::table::names::ByHash;
use crate::table::{Book, PayKind};

/// An entity that is told and bears no receipt.
pub const NOWHERE: u32 = (1 << 24) - 1;
/// Days a receipt may be dated before its payment (zones, pre-dated slips) and after it.
pub const DAYS_BEFORE: i32 = 2;
pub const LAGS: usize = 48;
/// Days a receipt may be later than usual, where a reference speaks for it.
const LATE_MAX: i32 = 30;
/// Until the data has told better, a spread is what the settings say to this share.
const FX_BAND: f64 = 0.0025;

#[derive(Clone, Debug)]
pub struct Learned {
    /// By store; 0 where unknown.
    pub entity_of_store: Vec<u32>,
    /// How often a receipt was dated so many days (plus `DAYS_BEFORE`) after its payment.
    pub lags: Vec<u32>,
    /// E-mail or name of accepted pairs to the customer seen with it; 0 where there were several.
    pub customer_of: ByHash<u64>,
    /// Folded names by how many receipts bear them.
    pub name_counts: ByHash<u32>,
    /// Where no reference speaks.
    pub days_after: i32,
    /// Where one does: it outlives the usual lag, and a late receipt is still its payment's.
    pub named_after: i32,
    /// What is kept of the day's rate, as a share: least and most.
    pub fx_keep: (f64, f64),
    /// By receipt: the name it says something by. Blank ones take their customer's, collective ones ("Web customer") say nothing.
    pub right_name: Vec<u32>,
    /// Customers that stand for many people.
    pub collective: ByHash<()>,
    pub base: Option<u8>,
    /// By gateway and currency: millionths, international millionths, fixed minor units.
    pub fees: Vec<Vec<Fee>>,
    /// Whether the settings, or the data, told it; else it is what is usual.
    pub fee_told: Vec<Vec<bool>>,
    pub chargeback_fee: Vec<i64>,
    pub chargeback_told: Vec<bool>,
    /// By currency, in minor units: what banks keep of a transfer.
    pub wire_fees: Vec<Vec<i64>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fee {
    pub ppm: i64,
    pub international_ppm: i64,
    pub fixed: i64,
}

impl Fee {
    /// Rounded half up, as gateways do.
    pub fn on(&self, minor: i64) -> i64 {
        (minor.abs() * self.ppm + 500_000) / 1_000_000 + self.fixed
    }

    pub fn abroad(&self, minor: i64) -> i64 {
        (minor.abs() * (self.ppm + self.international_ppm) + 500_000) / 1_000_000 + self.fixed
    }
}

impl Learned {
    pub fn new(book: &Book) -> Learned {
        let stores = &book.payments.stores;
        let mut entity_of_store = vec![0; stores.width()];
        for (store, entity, _) in &book.policy.stores {
            if let Some(at) = stores.find(store) {
                entity_of_store[at as usize] = match entity.as_str() {
                    "" => 0,
                    told => book.receipts.entities.find(told).unwrap_or(NOWHERE),
                };
            }
        }
        let (right_name, collective) = super::people::right_names(book);
        let mut name_counts: ByHash<u32> = ByHash::default();
        for name in &right_name {
            *name_counts.entry(book.receipts.names.key_of(*name)).or_default() += 1;
        }
        let lag = book.policy.longest_lag_days.unwrap_or(5);
        // Business days to calendar days, with a holiday.
        let usual = (lag + 2 * (lag / 5 + 1) + 1).min(LAGS as i32 - 8);
        let days_after = book.policy.limits.alone_after.unwrap_or(usual);
        Learned {
            entity_of_store,
            lags: vec![0; LAGS],
            customer_of: ByHash::default(),
            name_counts,
            days_after,
            named_after: book.policy.limits.named_after.unwrap_or(days_after + LATE_MAX),
            fx_keep: {
                let keep = 1.0 - book.policy.fx_spread_ppm.unwrap_or(10_000) as f64 / 1_000_000.0;
                (keep - FX_BAND, keep + FX_BAND)
            },
            right_name,
            collective,
            base: book
                .policy
                .base_currency
                .as_deref()
                .or(Some("USD"))
                .and_then(|base| book.currencies.iter().position(|it| it.code == base))
                .map(|it| it as u8),
            fees: fees(book),
            fee_told: (0..book.payments.gateways.width() as u32)
                .map(|it| vec![told(book, it).is_some_and(|it| it.fee_ppm.is_some()); book.currencies.len()])
                .collect(),
            chargeback_fee: chargeback_fees(book),
            chargeback_told: book
                .currencies
                .iter()
                .map(|it| amount_for(&book.policy.chargeback_fee, it).is_some())
                .collect(),
            wire_fees: book
                .currencies
                .iter()
                .map(|it| match &book.policy.limits.wire_fees {
                    Some(told) => told.clone(),
                    None => WIRE_FEES.map(|fee| fee * 10_i64.pow(it.decimals.max(2))).to_vec(),
                })
                .collect(),
        }
    }

    /// What its gateway keeps of it, and of a card from abroad, in minor units: as its file says, else by the usual fee.
    pub fn kept(&self, book: &Book, left: u32) -> (i64, i64) {
        let payments = &book.payments;
        if let Some(known) = payments.fee.get(left as usize) {
            return (*known, 0);
        }
        if !is_sale(book, left) {
            return (0, 0);
        }
        let minor = payments.minor[left as usize];
        let fee = self.fees[payments.gateway[left as usize] as usize][usize::from(payments.currency[left as usize])];
        (fee.on(minor), if fee.international_ppm > 0 { fee.abroad(minor) } else { 0 })
    }

    pub fn saw_lag(&mut self, days: i32) {
        if let Some(count) = usize::try_from(days + DAYS_BEFORE).ok().and_then(|it| self.lags.get_mut(it)) {
            *count += 1;
        }
    }

    /// Logarithm of how much more often this lag is seen than if all of the window were alike.
    pub fn lag_weight(&self, days: i32) -> f32 {
        let total: u32 = self.lags.iter().sum();
        let Some(seen) = usize::try_from(days + DAYS_BEFORE).ok().and_then(|it| self.lags.get(it)) else { return -5.0 };
        let window = (self.days_after + DAYS_BEFORE + 1) as f32;
        // Before anything is seen, near is likelier than far.
        let before = if (0..=3).contains(&days) { 8.0 } else { 1.5 };
        let share = (*seen as f32 + before) / (total as f32 + 60.0);
        (share * window).ln().clamp(-5.0, 1.6)
    }

    pub fn saw_customer(&mut self, book: &Book, left: u32, right: u32) {
        let customer = book.receipts.customer[right as usize];
        if customer == 0 || self.collective.contains_key(&customer) {
            return;
        }
        let email = book.payments.email[left as usize];
        let name = book.payments.names.key_of(book.payments.name[left as usize]);
        for key in [email, name] {
            if key != 0 {
                let known = self.customer_of.entry(key).or_insert(customer);
                if *known != customer {
                    *known = 0;
                }
            }
        }
    }

    /// `Some(true)`: an accepted match tied this payer to this customer; `Some(false)`: to another.
    pub fn same_customer(&self, book: &Book, left: u32, right: u32) -> Option<bool> {
        let customer = book.receipts.customer[right as usize];
        let known = *self.customer_of.get(&book.payments.email[left as usize])?;
        (customer != 0 && known != 0 && !self.collective.contains_key(&customer)).then_some(known == customer)
    }
}

/// What most card gateways take, where the settings say nothing: 2.9 % and 30 cents.
const USUAL_PPM: i64 = 29_000;
/// And what they add for cards from abroad.
pub const ABROAD_PPM: i64 = 10_000;
/// In units of a hundred minor ones: 15 and 25 dollars, 1,500 and 2,500 yen. Others are learned.
const WIRE_FEES: [i64; 2] = [15, 25];

/// What the settings say of a gateway, by its number.
fn told(book: &Book, gateway: u32) -> Option<&crate::table::Gateway> {
    let name = book.payments.gateways.text(gateway);
    book.policy.gateways.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| &it.1)
}

fn fees(book: &Book) -> Vec<Vec<Fee>> {
    let gateways = &book.payments.gateways;
    (0..gateways.width() as u32)
        .map(|gateway| {
            let told = told(book, gateway);
            book.currencies
                .iter()
                .map(|coin| {
                    let usual_fixed = 3 * 10_i64.pow(coin.decimals) / 10;
                    let fixed = told.and_then(|it| amount_for(&it.fee_fixed, coin));
                    Fee {
                        ppm: told.and_then(|it| it.fee_ppm).unwrap_or(USUAL_PPM),
                        international_ppm: told.and_then(|it| it.international_ppm).unwrap_or(ABROAD_PPM),
                        fixed: fixed.unwrap_or(usual_fixed),
                    }
                })
                .collect()
        })
        .collect()
}

fn chargeback_fees(book: &Book) -> Vec<i64> {
    let usual = |coin: &crate::table::Coin| 15 * 10_i64.pow(coin.decimals);
    book.currencies.iter().map(|it| amount_for(&book.policy.chargeback_fee, it).unwrap_or_else(|| usual(it))).collect()
}

/// The amount for this currency, else the one for all. An amount with more decimals than the currency has is not for it.
fn amount_for(told: &[(String, String)], coin: &crate::table::Coin) -> Option<i64> {
    let read = |text: &String| crate::files::minor(text.as_bytes(), coin.decimals).ok();
    let own = told.iter().find(|it| it.0 == coin.code).and_then(|it| read(&it.1));
    own.or_else(|| told.iter().find(|it| it.0.is_empty()).and_then(|it| read(&it.1)))
}

/// Refunds and disputes are no sales.
pub fn is_sale(book: &Book, left: u32) -> bool {
    book.payments.kind[left as usize] == PayKind::Sale
}
