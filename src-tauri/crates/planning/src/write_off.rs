//! Differences, always as a typed line of their own: a small overpayment within the limits, a short payment
//! a person chose to close.

use crate::checks::{pass, review};
use crate::keys::payment_key;
use crate::plan::{Draft, Planner};
use crate::receipts::{propose_entry, subject};
use crate::settings::{Clearing, Settings};
use jiff::civil::Date;
use tieout_domain::document::AccountLine;
use tieout_domain::{
    Adjustment, Document, ExceptionKind, JournalEntry, JournalError, JournalLine, PaymentEvent, Period, PostingId,
};
use tieout_money::Money;

/// Ends the natural key of a small-balance write-off.
const WRITE_OFF_MARK: &str = "-WO";

/// A difference written off within the limits: what the cumulative caps count.
pub fn is_write_off(document: &Document) -> bool {
    matches!(document, Document::JournalEntry(_)) && document.natural_key().0.ends_with(WRITE_OFF_MARK)
}

/// Per item in amount and in share, per day, and per period (J13): every one must hold.
pub fn is_within_limits(planner: &Planner<'_, '_>, difference: Money, of: Money, on: Date) -> bool {
    let limits = &planner.snapshot.settings.limits;
    let currency = difference.currency();
    let size = difference.abs();
    let share = of.abs().amount() * rust_decimal::Decimal::new(i64::from(limits.write_off_basis_points), 4);
    let with_those = |counts: &dyn Fn(Date) -> bool| {
        let all = planner.snapshot.written_off.iter().chain(&planner.written_off);
        let before = all.filter(|(day, amount)| amount.currency() == currency && counts(*day));
        before.map(|(_, amount)| amount.abs().amount()).sum::<rust_decimal::Decimal>() + size.amount()
    };
    let within = |limit: &str, amount: rust_decimal::Decimal| amount <= Settings::limit(limit, currency).amount();
    within(&limits.write_off_item, size.amount())
        && size.amount() <= share
        && within(&limits.write_off_day, with_those(&|day| day == on))
        && within(&limits.write_off_period, with_those(&|day| Period::of(day) == Period::of(on)))
}

/// J13: the receipt takes what the invoice leaves open; the cents above it are written off.
pub fn propose_overpayment(
    planner: &mut Planner<'_, '_>,
    payment: &PaymentEvent,
    clearing: &Clearing,
    over: Money,
    receipt: PostingId,
) {
    let account = planner.snapshot.settings.accounts.write_off.clone();
    let key = format!("{}{WRITE_OFF_MARK}", payment_key(payment));
    let limit = &planner.snapshot.settings.limits.write_off_item;
    let checks = vec![pass(format!("{over} is within the write-off limit of {limit}"))];
    let lines = vec![(clearing.account.clone(), over), (account, -over)];
    if propose_entry(planner, payment, &key, lines, "Small-balance write-off", checks, vec![receipt]).is_some() {
        planner.written_off.push((payment.on, over));
    }
}

/// What is missing of an invoice after a short payment.
pub struct ShortPayment<'a> {
    pub customer: &'a str,
    pub invoice: &'a str,
    pub amount: Money,
}

/// J12, first reading: the payer's bank kept a fee; a credit memo to bank charges closes the invoice.
pub fn propose_short_payment(
    planner: &mut Planner<'_, '_>,
    payment: &PaymentEvent,
    short: &ShortPayment<'_>,
    receipt: PostingId,
) {
    let settings = planner.snapshot.settings;
    let account = settings.accounts.bank_charges.clone();
    if account.is_empty() {
        let text = "accounts.bank_charges is empty in Settings";
        planner.hold(
            ExceptionKind::AccountMissing,
            vec![payment.record()],
            Some(short.amount),
            Some(payment.on),
            subject(payment),
            text,
        );
        return;
    }
    let key = format!("{}-BC", payment_key(payment));
    planner.propose(Draft {
        document: Document::Adjustment(Adjustment {
            customer_id: short.customer.to_owned(),
            on: planner.snapshot.day_for(&key, payment.on),
            number: key,
            invoice: short.invoice.to_owned(),
            description: format!("Bank charges on order {}", payment.order_number),
            lines: vec![AccountLine {
                account,
                amount: -short.amount,
                memo: format!("Short payment of invoice {}", short.invoice),
                dimensions: settings.default_dimensions(),
            }],
            rate_type: planner.snapshot.rate_type(short.amount),
        }),
        facts: vec![payment.record()],
        because: format!("a person chose to write off the {} missing", short.amount),
        own_day: payment.on,
        subject: subject(payment),
        checks: vec![review(format!("{} of invoice {} is charged to bank charges", short.amount, short.invoice))],
        after: vec![receipt],
    });
}

/// The entry that takes up the difference of an accepted match: `difference` is left minus right, the store
/// holding more is a gain to write off, holding less a loss.
pub fn write_off_entry(
    settings: &Settings,
    account: &str,
    difference: Money,
    on: Date,
    key: &str,
    memo: &str,
) -> Result<JournalEntry, JournalError> {
    let line = |account: &str, amount: Money| JournalLine {
        account: account.to_owned(),
        amount,
        memo: memo.to_owned(),
        dimensions: settings.default_dimensions(),
    };
    JournalEntry::new(
        &settings.journal.symbol,
        on,
        memo,
        key,
        vec![line(account, difference), line(&settings.accounts.write_off, -difference)],
    )
}
