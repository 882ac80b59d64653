//! The three tables of `tieout match`, row by row into columns. A record that cannot be used is refused by its place.

use super::csv::{Rows, Span};
use super::money;
use super::refused::{BadFile, Refused};
use crate::table::{Book, Coin, PayKind, PayStatus, Payments, Policy, ReceiptType, Receipts, words};
use tieout_money::Currency;

/// Name and bytes of each file.
pub struct Inputs {
    pub payments: (String, Vec<u8>),
    pub receipts: (String, Vec<u8>),
    pub rates: Option<(String, Vec<u8>)>,
}

/// Fields longer than this are looked at only so far: no memo makes a run slow.
pub const TEXT_MAX: u32 = 4_096;

/// The columns, and the records that are not in them. A file that is no table at all is an error.
pub fn read(inputs: Inputs, policy: Policy) -> Result<(Book, Vec<Refused>), BadFile> {
    let coins = Coins::new(&policy);
    let Inputs { payments, receipts, rates } = inputs;
    let (left, right) = rayon::join(
        || payments_of(&payments.0, payments.1, coins.clone()),
        || receipts_of(&receipts.0, receipts.1, coins.clone()),
    );
    let (mut payments, mut refused, left_coins) = left?;
    let (mut receipts, refused_right, right_coins) = right?;
    refused.extend(refused_right);
    // Each side numbered the currencies as they came; both take their numbers in order of the codes.
    let mut currencies = left_coins.clone();
    currencies.known.extend(right_coins.known.iter().cloned());
    currencies.known.sort_by(|a, b| a.code.cmp(&b.code));
    currencies.known.dedup();
    currencies.last = 0;
    let mut renumber = |column: &mut [u8], known: &[Coin]| {
        let new: Vec<u8> = known.iter().map(|it| currencies.number_of(it)).collect();
        for it in column {
            *it = new[usize::from(*it)];
        }
    };
    renumber(&mut payments.currency, &left_coins.known);
    renumber(&mut receipts.currency, &right_coins.known);
    let rates = match rates {
        Some((name, bytes)) => rates_of(&name, bytes, &mut currencies, &mut refused)?,
        None => Vec::new(),
    };
    Ok((Book { payments, receipts, currencies: currencies.known, policy, rates }, refused))
}

#[derive(Clone)]
struct Coins {
    known: Vec<Coin>,
    told: Vec<(String, u32)>,
    last: usize,
}

impl Coins {
    fn new(policy: &Policy) -> Coins {
        Coins { known: Vec::new(), told: policy.decimals.clone(), last: 0 }
    }

    fn number_of(&mut self, coin: &Coin) -> u8 {
        let at = self.known.iter().position(|it| it.code == coin.code).unwrap_or_else(|| {
            self.known.push(coin.clone());
            self.known.len() - 1
        });
        at as u8
    }

    fn read(&mut self, code: &[u8]) -> Result<u8, String> {
        if self.known.get(self.last).is_some_and(|it| it.code.as_bytes() == code) {
            return Ok(self.last as u8);
        }
        let text = String::from_utf8_lossy(code).into_owned();
        let told = self.told.iter().find(|it| it.0 == text).map(|it| it.1);
        let decimals = match told {
            Some(told) => told,
            None => Currency::parse(&text)
                .map_err(|it| format!("{it}; it is three capital letters such as USD"))?
                .decimals(),
        };
        let number = self.number_of(&Coin { code: text, decimals });
        self.last = usize::from(number);
        Ok(number)
    }
}

type Field = (usize, String);

fn payments_of(name: &str, bytes: Vec<u8>, mut coins: Coins) -> Result<(Payments, Vec<Refused>, Coins), BadFile> {
    let mut rows = Rows::new(name, bytes)?;
    let columns = [
        "payment_id",
        "store",
        "order_number",
        "type",
        "status",
        "gateway",
        "gateway_ref",
        "created_at",
        "currency",
        "amount",
        "customer_name",
        "email",
    ];
    let mut at = [0; 12];
    for (to, column) in at.iter_mut().zip(columns) {
        *to = rows.column(column)?;
    }
    let mut table = Payments::default();
    reserve_left(&mut table, &rows.bytes);
    let (mut fields, mut refused) = (Vec::with_capacity(16), Vec::new());
    while rows.next(&mut fields)? {
        if let Err((column, what)) = payment(&mut table, &rows.bytes, &fields, &at, rows.header.len(), &mut coins) {
            refused.push(refuse(&rows, &fields, at[0], column, what));
        }
    }
    table.bytes = rows.bytes;
    if let Some(row) = table.sort() {
        return Err(duplicate(name, &table.bytes, table.id[row as usize], table.id[row as usize - 1]));
    }
    Ok((table, refused, coins))
}

fn payment(
    table: &mut Payments,
    bytes: &[u8],
    fields: &[Span],
    at: &[usize; 12],
    width: usize,
    coins: &mut Coins,
) -> Result<(), Field> {
    wide(fields, width)?;
    let text = |column: usize| fields[at[column]].of(bytes).trim_ascii();
    let wrong = |column: usize, what: String| (at[column], what);
    if text(0).is_empty() {
        return Err(wrong(0, "the payment has no id".into()));
    }
    let kind = match text(3) {
        b"sale" => PayKind::Sale,
        b"refund" => PayKind::Refund,
        b"chargeback" => PayKind::Chargeback,
        _ => return Err(wrong(3, "the type is none of sale, refund, chargeback".into())),
    };
    let status = match text(4) {
        b"S" => PayStatus::Settled,
        b"F" => PayStatus::Failed,
        b"V" => PayStatus::Voided,
        _ => return Err(wrong(4, "the status is none of S, F, V".into())),
    };
    let instant = money::instant(text(7)).map_err(|it| wrong(7, it))?;
    let currency = coins.read(text(8)).map_err(|it| wrong(8, it))?;
    let minor = money::minor(text(9), coins.known[usize::from(currency)].decimals).map_err(|it| wrong(9, it))?;
    table.id.push(trimmed(bytes, fields[at[0]]));
    table.store.push(table.stores.number(text(1)));
    table.order.push(short(fields[at[2]]));
    table.kind.push(kind);
    table.status.push(status);
    table.gateway.push(table.gateways.number(text(5)));
    table.gateway_ref.push(short(fields[at[6]]));
    table.at.push(instant);
    table.currency.push(currency);
    table.minor.push(minor);
    table.name.push(table.names.number(short(fields[at[10]]).of(bytes)));
    table.email.push(words::folded_hash(short(fields[at[11]]).of(bytes)));
    Ok(())
}

fn receipts_of(name: &str, bytes: Vec<u8>, mut coins: Coins) -> Result<(Receipts, Vec<Refused>, Coins), BadFile> {
    let mut rows = Rows::new(name, bytes)?;
    let columns = [
        "receipt_id",
        "entity",
        "bank_account",
        "type",
        "date",
        "currency",
        "amount",
        "customer_id",
        "customer_name",
        "reference",
        "memo",
    ];
    let mut at = [0; 11];
    for (to, column) in at.iter_mut().zip(columns) {
        *to = rows.column(column)?;
    }
    let mut table = Receipts::default();
    reserve_right(&mut table, &rows.bytes);
    let (mut fields, mut refused) = (Vec::with_capacity(16), Vec::new());
    while rows.next(&mut fields)? {
        if let Err((column, what)) = receipt(&mut table, &rows.bytes, &fields, &at, rows.header.len(), &mut coins) {
            refused.push(refuse(&rows, &fields, at[0], column, what));
        }
    }
    table.bytes = rows.bytes;
    if let Some(row) = table.sort() {
        return Err(duplicate(name, &table.bytes, table.id[row as usize], table.id[row as usize - 1]));
    }
    Ok((table, refused, coins))
}

fn receipt(
    table: &mut Receipts,
    bytes: &[u8],
    fields: &[Span],
    at: &[usize; 11],
    width: usize,
    coins: &mut Coins,
) -> Result<(), Field> {
    wide(fields, width)?;
    let text = |column: usize| fields[at[column]].of(bytes).trim_ascii();
    let wrong = |column: usize, what: String| (at[column], what);
    if text(0).is_empty() {
        return Err(wrong(0, "the receipt has no id".into()));
    }
    let kind = match text(3) {
        b"receipt" => ReceiptType::Receipt,
        b"adjustment" => ReceiptType::Adjustment,
        b"deposit" => ReceiptType::Deposit,
        _ => return Err(wrong(3, "the type is none of receipt, adjustment, deposit".into())),
    };
    let day = money::day(text(4)).map_err(|it| wrong(4, it))?;
    let currency = coins.read(text(5)).map_err(|it| wrong(5, it))?;
    let minor = money::minor(text(6), coins.known[usize::from(currency)].decimals).map_err(|it| wrong(6, it))?;
    table.id.push(trimmed(bytes, fields[at[0]]));
    table.entity.push(table.entities.number(text(1)));
    table.account.push(table.accounts.number(text(2)));
    table.kind.push(kind);
    table.day.push(day);
    table.currency.push(currency);
    table.minor.push(minor);
    table.customer.push(words::folded_hash(short(fields[at[7]]).of(bytes)));
    table.name.push(table.names.number(short(fields[at[8]]).of(bytes)));
    table.reference.push(short(fields[at[9]]));
    table.memo.push(short(fields[at[10]]));
    Ok(())
}

fn rates_of(
    name: &str,
    bytes: Vec<u8>,
    coins: &mut Coins,
    refused: &mut Vec<Refused>,
) -> Result<Vec<(u8, i32, f64)>, BadFile> {
    let mut rows = Rows::new(name, bytes)?;
    let at = [rows.column("date")?, rows.column("currency")?, rows.column("usd_per_unit")?];
    let (mut fields, mut rates) = (Vec::new(), Vec::new());
    while rows.next(&mut fields)? {
        let rate = (|| {
            wide(&fields, rows.header.len())?;
            let text = |column: usize| fields[at[column]].of(&rows.bytes).trim_ascii();
            let day = money::day(text(0)).map_err(|it| (at[0], it))?;
            let currency = coins.read(text(1)).map_err(|it| (at[1], it))?;
            let rate: Option<f64> = std::str::from_utf8(text(2)).ok().and_then(|it| it.parse().ok());
            let rate = rate.filter(|it| it.is_finite() && *it > 0.0);
            Ok((currency, day, rate.ok_or((at[2], "the rate is not a number above zero".to_owned()))?))
        })();
        match rate {
            Ok(rate) => rates.push(rate),
            Err((column, what)) => refused.push(refuse(&rows, &fields, at[0], column, what)),
        }
    }
    rates.sort_by_key(|it: &(u8, i32, f64)| (it.0, it.1));
    Ok(rates)
}

fn wide(fields: &[Span], width: usize) -> Result<(), Field> {
    if fields.len() == width {
        return Ok(());
    }
    let column = fields.len().min(width).saturating_sub(1);
    Err((column, format!("the row has {} fields, the header {width}", fields.len())))
}

fn refuse(rows: &Rows, fields: &[Span], id: usize, column: usize, what: String) -> Refused {
    let place = fields.get(column).or(fields.last()).map_or(0, |it| it.start as usize);
    let id = fields.get(id).map(|it| String::from_utf8_lossy(short(*it).of(&rows.bytes)).into_owned());
    Refused { why: rows.bad(place, what), id: id.unwrap_or_default() }
}

fn duplicate(name: &str, bytes: &[u8], one: Span, other: Span) -> BadFile {
    let (first, second) = if one.start < other.start { (one, other) } else { (other, one) };
    let line = |offset: u32| 1 + memchr::memchr_iter(b'\n', &bytes[..offset as usize]).count();
    let start = memchr::memrchr(b'\n', &bytes[..second.start as usize]).map_or(0, |it| it + 1);
    let id = String::from_utf8_lossy(second.of(bytes)).into_owned();
    let what = format!("the id {id:?} is there already, on line {}; every record needs its own", line(first.start));
    BadFile::at(name, line(second.start), second.start as usize - start + 1, what)
}

fn short(span: Span) -> Span {
    Span { start: span.start, len: span.len.min(TEXT_MAX) }
}

fn trimmed(bytes: &[u8], span: Span) -> Span {
    let text = span.of(bytes);
    let before = text.len() - text.trim_ascii_start().len();
    Span { start: span.start + before as u32, len: text.trim_ascii().len() as u32 }
}

fn rows_in(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

fn reserve_left(table: &mut Payments, bytes: &[u8]) {
    let rows = rows_in(bytes);
    table.id.reserve_exact(rows);
    table.store.reserve_exact(rows);
    table.order.reserve_exact(rows);
    table.gateway_ref.reserve_exact(rows);
    table.gateway.reserve_exact(rows);
    table.kind.reserve_exact(rows);
    table.status.reserve_exact(rows);
    table.at.reserve_exact(rows);
    table.currency.reserve_exact(rows);
    table.minor.reserve_exact(rows);
    table.name.reserve_exact(rows);
    table.email.reserve_exact(rows);
}

fn reserve_right(table: &mut Receipts, bytes: &[u8]) {
    let rows = rows_in(bytes);
    table.id.reserve_exact(rows);
    table.entity.reserve_exact(rows);
    table.account.reserve_exact(rows);
    table.kind.reserve_exact(rows);
    table.day.reserve_exact(rows);
    table.currency.reserve_exact(rows);
    table.minor.reserve_exact(rows);
    table.customer.reserve_exact(rows);
    table.name.reserve_exact(rows);
    table.reference.reserve_exact(rows);
    table.memo.reserve_exact(rows);
}
