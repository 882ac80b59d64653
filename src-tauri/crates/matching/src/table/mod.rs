//! Both sides as columns: one array a field, texts left where they stand in their file. Rows are in order of their id, so
//! that the order they came in changes nothing.

pub mod names;
pub mod words;

use crate::files::csv::Span;
use names::Names;
use std::collections::HashMap;

pub const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayKind {
    Sale,
    Refund,
    Chargeback,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayStatus {
    Settled,
    Failed,
    Voided,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptType {
    Receipt,
    Adjustment,
    Deposit,
}

/// Short texts that repeat, by number. 0 is the empty text.
#[derive(Clone, Debug)]
pub struct Dictionary {
    pub texts: Vec<String>,
    numbers: HashMap<Vec<u8>, u32>,
    last: u32,
}

impl Default for Dictionary {
    fn default() -> Self {
        Dictionary { texts: vec![String::new()], numbers: HashMap::from([(Vec::new(), 0)]), last: 0 }
    }
}

impl Dictionary {
    pub fn number(&mut self, text: &[u8]) -> u32 {
        // The same shop or account often comes many times in a row.
        if self.texts[self.last as usize].as_bytes() == text {
            return self.last;
        }
        self.last = match self.numbers.get(text) {
            Some(known) => *known,
            None => {
                let number = self.texts.len() as u32;
                self.texts.push(String::from_utf8_lossy(text).into_owned());
                self.numbers.insert(text.to_vec(), number);
                number
            }
        };
        self.last
    }

    pub fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text.as_bytes()).copied()
    }

    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }

    /// Numbers in order of the texts, whichever came first. Gives the new number of every old one.
    fn sort(&mut self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.texts.len() as u32).collect();
        order.sort_by(|a, b| self.texts[*a as usize].cmp(&self.texts[*b as usize]));
        let mut new = vec![0; order.len()];
        for (number, old) in order.iter().enumerate() {
            new[*old as usize] = number as u32;
        }
        self.texts = order.iter().map(|it| std::mem::take(&mut self.texts[*it as usize])).collect();
        for number in self.numbers.values_mut() {
            *number = new[*number as usize];
        }
        self.last = 0;
        new
    }

    /// One more than the highest number.
    pub fn width(&self) -> usize {
        self.texts.len()
    }
}

/// Left.
#[derive(Default)]
pub struct Payments {
    pub bytes: Vec<u8>,
    pub id: Vec<Span>,
    pub store: Vec<u32>,
    pub order: Vec<Span>,
    pub gateway_ref: Vec<Span>,
    pub gateway: Vec<u32>,
    pub kind: Vec<PayKind>,
    pub status: Vec<PayStatus>,
    /// Seconds since 1970, UTC.
    pub at: Vec<i64>,
    pub currency: Vec<u8>,
    pub minor: Vec<i64>,
    pub name: Vec<u32>,
    /// Hash of the address in lower case; 0 for none.
    pub email: Vec<u64>,
    /// Which kinds of receipt it may meet: a place in the mask `Receipts::meets`. Empty: all of them are 0.
    pub class: Vec<u8>,
    /// What its gateway kept of it, as the gateway's own file says: minor units, amount less what arrived, 0 for nothing.
    /// Empty: not known of any, fees are those of the gateway.
    pub fee: Vec<i64>,
    pub names: Names,
    pub stores: Dictionary,
    pub gateways: Dictionary,
}

/// Right.
#[derive(Default)]
pub struct Receipts {
    pub bytes: Vec<u8>,
    pub id: Vec<Span>,
    pub entity: Vec<u32>,
    pub account: Vec<u32>,
    pub kind: Vec<ReceiptType>,
    pub day: Vec<i32>,
    pub currency: Vec<u8>,
    pub minor: Vec<i64>,
    /// Hash of Intacct's customer id; 0 for none.
    pub customer: Vec<u64>,
    pub name: Vec<u32>,
    pub reference: Vec<Span>,
    pub memo: Vec<Span>,
    /// A bit for every class of payment it may meet. Empty: all of them may.
    pub meets: Vec<u8>,
    pub names: Names,
    pub entities: Dictionary,
    pub accounts: Dictionary,
}

impl Payments {
    pub fn len(&self) -> usize {
        self.id.len()
    }

    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    pub fn day(&self, row: u32) -> i32 {
        self.at[row as usize].div_euclid(86_400) as i32
    }

    pub fn id_text(&self, row: u32) -> &str {
        std::str::from_utf8(self.id[row as usize].of(&self.bytes)).unwrap_or("")
    }

    pub fn order_text(&self, row: u32) -> &[u8] {
        self.order[row as usize].of(&self.bytes)
    }

    pub fn gateway_ref_text(&self, row: u32) -> &[u8] {
        self.gateway_ref[row as usize].of(&self.bytes)
    }

    /// Into the order of the ids. The second value is a row whose id came twice.
    pub fn sort(&mut self) -> Option<u32> {
        renumber(&mut self.store, &self.stores.sort());
        renumber(&mut self.gateway, &self.gateways.sort());
        let order = order_of(&self.bytes, &self.id);
        if let Some(order) = &order {
            permute(&mut self.id, order);
            permute(&mut self.store, order);
            permute(&mut self.order, order);
            permute(&mut self.gateway_ref, order);
            permute(&mut self.gateway, order);
            permute(&mut self.kind, order);
            permute(&mut self.status, order);
            permute(&mut self.at, order);
            permute(&mut self.currency, order);
            permute(&mut self.minor, order);
            permute(&mut self.name, order);
            permute(&mut self.email, order);
            permute(&mut self.class, order);
            permute(&mut self.fee, order);
        }
        twice(&self.bytes, &self.id)
    }
}

impl Receipts {
    pub fn len(&self) -> usize {
        self.id.len()
    }

    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    pub fn id_text(&self, row: u32) -> &str {
        std::str::from_utf8(self.id[row as usize].of(&self.bytes)).unwrap_or("")
    }

    pub fn reference_text(&self, row: u32) -> &[u8] {
        self.reference[row as usize].of(&self.bytes)
    }

    pub fn memo_text(&self, row: u32) -> &[u8] {
        self.memo[row as usize].of(&self.bytes)
    }

    pub fn sort(&mut self) -> Option<u32> {
        renumber(&mut self.entity, &self.entities.sort());
        renumber(&mut self.account, &self.accounts.sort());
        let order = order_of(&self.bytes, &self.id);
        if let Some(order) = &order {
            permute(&mut self.id, order);
            permute(&mut self.entity, order);
            permute(&mut self.account, order);
            permute(&mut self.kind, order);
            permute(&mut self.day, order);
            permute(&mut self.currency, order);
            permute(&mut self.minor, order);
            permute(&mut self.customer, order);
            permute(&mut self.name, order);
            permute(&mut self.reference, order);
            permute(&mut self.memo, order);
            permute(&mut self.meets, order);
        }
        twice(&self.bytes, &self.id)
    }
}

/// `None` where they are in order already, as exports mostly are.
fn order_of(bytes: &[u8], ids: &[Span]) -> Option<Vec<u32>> {
    if ids.windows(2).all(|it| it[0].of(bytes) <= it[1].of(bytes)) {
        return None;
    }
    let mut order: Vec<(u64, u32)> =
        ids.iter().enumerate().map(|(row, id)| (words::prefix(id.of(bytes)), row as u32)).collect();
    order.sort_unstable_by(|a, b| {
        let text = |row: u32| ids[row as usize].of(bytes);
        a.0.cmp(&b.0).then_with(|| text(a.1).cmp(text(b.1)))
    });
    Some(order.into_iter().map(|it| it.1).collect())
}

fn permute<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
    if column.is_empty() {
        return;
    }
    *column = order.iter().map(|it| column[*it as usize]).collect();
}

fn renumber(column: &mut [u32], new: &[u32]) {
    for it in column {
        *it = new[*it as usize];
    }
}

fn twice(bytes: &[u8], ids: &[Span]) -> Option<u32> {
    ids.windows(2).position(|it| it[0].of(bytes) == it[1].of(bytes)).map(|it| it as u32 + 1)
}

/// Both sides with what is said about them.
pub struct Book {
    pub payments: Payments,
    pub receipts: Receipts,
    /// By number of `currency`.
    pub currencies: Vec<Coin>,
    pub policy: Policy,
    /// (currency, day) to dollars for one unit, sorted.
    pub rates: Vec<(u8, i32, f64)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coin {
    pub code: String,
    pub decimals: u32,
}

/// What the accountant says in settings.json. All of it can be left out.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub base_currency: Option<String>,
    pub decimals: Vec<(String, u32)>,
    pub gateways: Vec<(String, Gateway)>,
    /// Store, entity, time zone.
    pub stores: Vec<(String, String, String)>,
    /// Currency ("" for all) and the amount as written.
    pub chargeback_fee: Vec<(String, String)>,
    pub longest_lag_days: Option<i32>,
    /// Millionths.
    pub fx_spread_ppm: Option<i64>,
    pub limits: Limits,
    pub warnings: Vec<String>,
}

/// How far apart two records may be. What is `None` is learned.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Days before and after the payment, where a reference speaks for the receipt.
    pub named_before: i32,
    pub named_after: Option<i32>,
    /// The same where none does.
    pub alone_before: i32,
    pub alone_after: Option<i32>,
    /// Minor units: a difference that a person may overlook, with and without a reference.
    pub cents_named: i64,
    pub cents_alone: i64,
    /// Minor units of every currency; learned where `None`.
    pub wire_fees: Option<Vec<i64>>,
    /// Names alike to this percentage are one party's.
    pub name_percent: u8,
    /// Orders of one remittance.
    pub orders_max: usize,
    /// Added to the evidence of what may only be suggested: how little is still worth showing to a person.
    pub lenient: f32,
    /// A rare amount may speak for itself.
    pub amount_alone_is_safe: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            named_before: 3,
            named_after: None,
            alone_before: 2,
            alone_after: None,
            cents_named: 1,
            cents_alone: 1,
            wire_fees: None,
            name_percent: 90,
            orders_max: 64,
            lenient: 2.5,
            amount_alone_is_safe: true,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Gateway {
    /// Millionths of the amount.
    pub fee_ppm: Option<i64>,
    pub international_ppm: Option<i64>,
    /// Currency ("" for all) and the amount as written.
    pub fee_fixed: Vec<(String, String)>,
    pub payout: Option<String>,
    pub payout_lag_days: Option<i32>,
}
