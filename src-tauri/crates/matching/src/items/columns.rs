//! The open records of a pool as the columns the engine works on. What the engine knows as a shop and an entity are here the
//! account a payment clears through and the account a receipt lies on: where both are known they must be the same.

use super::item::{Item, ItemKind, kinds_may_meet, moves_between_accounts};
use super::pool::Pool;
use crate::files::csv::Span;
use crate::table::words;
use crate::table::{Book, Coin, Limits, NONE, PayKind, PayStatus, Payments, Policy, ReceiptType, Receipts};
use jiff::civil::{Date, date};
use tieout_domain::MatchSettings;
use tieout_money::Currency;

pub struct Columns {
    pub book: Book,
    /// By row: the place in the pool.
    pub lefts: Vec<usize>,
    pub rights: Vec<usize>,
}

/// One kind of each class that may meet the same receipts.
const CLASSES: [ItemKind; 3] = [ItemKind::Capture, ItemKind::Payout, ItemKind::Fee];

impl Columns {
    pub fn of(pool: &Pool<'_>) -> Columns {
        let (lefts, rights): (Vec<usize>, Vec<usize>) = (pool.open_left().collect(), pool.open_right().collect());
        let mut coins = Coins::default();
        let mut payments = Payments::default();
        for &at in &lefts {
            put_left(&mut payments, &mut coins, pool.left[at]);
        }
        let mut receipts = Receipts::default();
        for &at in &rights {
            put_right(&mut receipts, &mut coins, pool.right[at]);
        }
        // An account that is not known speaks against nothing.
        let accounts = payments.stores.texts.iter().filter(|it| !it.is_empty());
        let stores = accounts.map(|it| (it.clone(), it.clone(), String::new())).collect();
        let policy = Policy {
            // No rates are known here: nothing is converted.
            base_currency: Some(String::new()),
            stores,
            limits: limits(pool.settings),
            ..Policy::default()
        };
        let book = Book { payments, receipts, currencies: coins.coins(), policy, rates: Vec::new() };
        Columns { book, lefts, rights }
    }
}

fn limits(settings: &MatchSettings) -> Limits {
    Limits {
        named_before: settings.days_before_max,
        named_after: Some(settings.days_after_max),
        alone_before: settings.days_without_reference_max,
        alone_after: Some(settings.days_without_reference_max),
        cents_named: settings.tolerance_minor,
        // Without a reference a difference is another amount.
        cents_alone: 0,
        wire_fees: Some(settings.wire_fees_minor.clone()),
        name_percent: settings.name_percent_min,
        orders_max: settings.remittance_orders_max,
        // What lies on a clearing account is few: the only one of its amount is worth a look.
        lenient: 6.5,
        amount_alone_is_safe: false,
    }
}

fn put_left(table: &mut Payments, coins: &mut Coins, item: &Item) {
    let row = table.id.len();
    table.id.push(text(&mut table.bytes, format!("{row:09}").as_bytes()));
    table.store.push(table.stores.number(item.account.as_bytes()));
    table.order.push(text(&mut table.bytes, item.order_number.as_bytes()));
    table.gateway_ref.push(text(&mut table.bytes, item.gateway_ref.as_bytes()));
    table.gateway.push(table.gateways.number(item.account.as_bytes()));
    table.kind.push(if item.amount.is_negative() { PayKind::Refund } else { PayKind::Sale });
    table.status.push(PayStatus::Settled);
    table.at.push(i64::from(day(item.on)) * 86_400);
    table.currency.push(coins.number(item.amount.currency()));
    table.minor.push(item.amount.minor());
    table.name.push(table.names.number(item.party.as_bytes()));
    table.email.push(words::folded_hash(item.email.as_bytes()));
    table.class.push(class(item.kind));
    // A fee is taken off: negative in the file, positive as what is missing.
    table.fee.push(item.fee.map_or(0, |it| -it.minor()));
}

fn put_right(table: &mut Receipts, coins: &mut Coins, item: &Item) {
    let row = table.id.len();
    let account = if moves_between_accounts(item.kind) { "" } else { &item.account };
    table.id.push(text(&mut table.bytes, format!("{row:09}").as_bytes()));
    table.entity.push(table.entities.number(account.as_bytes()));
    table.account.push(table.accounts.number(item.account.as_bytes()));
    table.kind.push(ReceiptType::Receipt);
    table.day.push(day(item.on));
    table.currency.push(coins.number(item.amount.currency()));
    table.minor.push(item.amount.minor());
    table.customer.push(words::folded_hash(item.customer_id.as_bytes()));
    table.name.push(table.names.number(item.party.as_bytes()));
    table.reference.push(text(&mut table.bytes, item.reference.as_bytes()));
    table.memo.push(text(&mut table.bytes, item.memo.as_bytes()));
    let meets = CLASSES.iter().enumerate().filter(|it| kinds_may_meet(*it.1, item.kind));
    table.meets.push(meets.map(|it| 1 << it.0).sum());
}

fn class(kind: ItemKind) -> u8 {
    match kind {
        ItemKind::Capture | ItemKind::Refund => 0,
        ItemKind::Payout | ItemKind::BankLine => 1,
        _ => 2,
    }
}

/// Past this a text says nothing more.
const TEXT_MAX: usize = 4_096;

fn text(bytes: &mut Vec<u8>, text: &[u8]) -> Span {
    let text = &text[..text.len().min(TEXT_MAX)];
    let start = u32::try_from(bytes.len()).unwrap_or(NONE);
    bytes.extend_from_slice(text);
    Span { start, len: text.len() as u32 }
}

/// Days since 1970.
fn day(on: Date) -> i32 {
    (on - date(1970, 1, 1)).get_days()
}

#[derive(Default)]
struct Coins {
    known: Vec<Currency>,
}

impl Coins {
    /// There are fewer currencies than a byte has values.
    fn number(&mut self, currency: Currency) -> u8 {
        let at = self.known.iter().position(|it| *it == currency).unwrap_or_else(|| {
            self.known.push(currency);
            self.known.len() - 1
        });
        at as u8
    }

    fn coins(&self) -> Vec<Coin> {
        self.known.iter().map(|it| Coin { code: it.to_string(), decimals: it.decimals() }).collect()
    }
}
