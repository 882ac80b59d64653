//! Money given back: of a doubled capture (J15), of a deposit, or for goods returned (J03) - then a credit memo
//! that mirrors the order, and the entry that pays it out of the clearing account.

use crate::checks::{pass, review};
use crate::keys::{letters, order_of, payment_key, posting_id};
use crate::plan::{Draft, Planner};
use crate::receipts::{about, invoice_names, propose_entry, subject, twin_of};
use crate::settings::Settings;
use crate::snapshot::Why;
use rust_decimal::{Decimal, RoundingStrategy};
use tieout_domain::document::AccountLine;
use tieout_domain::reference::names;
use tieout_domain::{
    Adjustment, Document, ExceptionKind, Order, PaymentEvent, PaymentEventKind, ReceiptKind, SurchargeKind,
};
use tieout_money::Money;

pub fn plan(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    for open in &snapshot.left_over {
        let Some(refund) = snapshot.payments.get(&open.record).copied() else { continue };
        if refund.kind == PaymentEventKind::Refund
            && refund.on >= snapshot.settings.cut_over
            && !planner.is_taken_care_of(&open.record)
        {
            match &open.why {
                Why::Ambiguous { with, sentence } => {
                    planner.hold_ambiguous(refund.record(), with, about(refund), sentence);
                }
                _ => plan_refund(planner, refund),
            }
        }
    }
}

fn plan_refund(planner: &mut Planner<'_, '_>, refund: &PaymentEvent) {
    let snapshot = planner.snapshot;
    let zero = Money::zero(refund.amount.currency());
    let of_order = |kind| {
        let amounts = snapshot
            .payments
            .values()
            .filter(|it| it.order_id == refund.order_id && it.kind == kind)
            .map(|it| it.amount);
        Money::sum(refund.amount.currency(), amounts).unwrap_or(zero)
    };
    let (captured, refunded) = (of_order(PaymentEventKind::Capture), of_order(PaymentEventKind::Refund));
    let hold = |planner: &mut Planner<'_, '_>, kind, why: String| {
        planner.hold(kind, vec![refund.record()], Some(refund.amount), Some(refund.on), subject(refund), why);
    };
    let Some(order) = snapshot.orders.get(&refund.order_id).copied() else {
        return hold(
            planner,
            ExceptionKind::CaptureWithoutOrder,
            format!("order {} is not among the orders of the store", refund.order_number),
        );
    };
    if refunded.abs().amount() > captured.amount() {
        return hold(
            planner,
            ExceptionKind::RefundExceedsCapture,
            format!("{} given back of {captured} captured", refunded.abs()),
        );
    }
    let Some(clearing) = snapshot.settings.clearing(&refund.method, refund.amount.currency()) else {
        return hold(
            planner,
            ExceptionKind::UnmappedMethod,
            format!("no [[clearing]] entry for {:?} in {}", refund.method, refund.amount.currency()),
        );
    };
    let key = payment_key(refund);
    let accounts = &snapshot.settings.accounts;
    let given_back = refund.amount.abs();
    let before = refunded_before(planner, refund);
    let over = captured.checked_sub(order.total).and_then(|it| it.checked_sub(before)).unwrap_or(zero);
    let mut twins = snapshot
        .payments
        .values()
        .filter(|it| it.order_id == order.id && it.kind == PaymentEventKind::Capture)
        .filter(|it| twin_of(snapshot, order, it, &Why::Nothing(String::new())).is_some())
        .peekable();
    if over.is_positive() && (over == given_back || twins.peek().is_some()) {
        // A refund of just what was captured twice gives the doubled capture back (J15); another one may be anything.
        let Some(twin) = twins.find(|it| it.amount == given_back && given_back.amount() <= over.amount()) else {
            let why = format!("{over} was captured above the order's total; {given_back} may be of that or for goods");
            return hold(planner, ExceptionKind::RefundWithoutCredit, why);
        };
        let parked = Some(posting_id(&payment_key(twin))).filter(|id| planner.is_proposed(id));
        let checks = match &parked {
            Some(id) if !snapshot.under_way.contains(id) => {
                vec![review("gives back a second capture that is itself to be looked at first")]
            }
            _ => vec![],
        };
        let lines = vec![(accounts.unapplied.clone(), given_back), (clearing.account.clone(), refund.amount)];
        let after = parked.into_iter().collect();
        propose_entry(planner, refund, &key, lines, "Refund of a second capture", checks, after);
        return;
    }
    let invoices: Vec<_> = snapshot.invoices.iter().filter(|it| invoice_names(it, &order.number)).collect();
    let Some(invoice) = invoices.first() else {
        let names_order = |reference: &str| {
            names(reference, &order.number) || order_of(reference).is_some_and(|it| names(it, &order.number))
        };
        let advance =
            snapshot.receipts.values().any(|it| it.kind == ReceiptKind::Advance && names_order(&it.reference));
        if advance {
            let lines =
                vec![(accounts.customer_deposits.clone(), given_back), (clearing.account.clone(), refund.amount)];
            propose_entry(
                planner,
                refund,
                &key,
                lines,
                "Refund of a customer deposit",
                vec![review("the advance must be set off against this entry in Intacct")],
                vec![],
            );
        } else {
            hold(
                planner,
                ExceptionKind::RefundWithoutCredit,
                format!("neither an invoice nor an advance of order {} is in Intacct", order.number),
            );
        }
        return;
    };
    if let Some(tax) = crate::orders::included_tax(order) {
        let why = format!("a credit memo of prices that include tax {tax} is not handled");
        return hold(planner, ExceptionKind::NotHandled, why);
    }
    let readings = allocate_return(order, snapshot.settings, given_back, before);
    let [reading] = &readings[..] else {
        let why = if readings.is_empty() {
            format!(
                "{given_back} is neither the whole order nor whole units of one line; book the credit memo for what was returned, then match it"
            )
        } else {
            format!(
                "{given_back} fits {} readings of what was returned; book the credit memo, then match it",
                readings.len()
            )
        };
        return hold(planner, ExceptionKind::RefundWithoutCredit, why);
    };
    if let Some(missing) = reading.lines.iter().find(|line| line.account.is_empty()) {
        return hold(
            planner,
            ExceptionKind::AccountMissing,
            format!("Settings name no account for {:?}", missing.memo),
        );
    }
    let number = format!("TO-CM-{}-{}{}", order.number, letters(refund.transaction), letters(refund.row));
    let check = if reading.is_whole {
        pass("the whole order is given back")
    } else {
        review(format!("read as {}", reading.what))
    };
    let memo = planner.propose(Draft {
        document: Document::Adjustment(Adjustment {
            customer_id: invoice.customer_id.clone(),
            on: snapshot.day_for(&number, refund.on),
            number: number.clone(),
            invoice: invoice.number.clone(),
            description: format!("Return on order {}: {}", order.number, reading.what),
            lines: reading.lines.clone(),
            rate_type: snapshot.rate_type(refund.amount),
        }),
        facts: vec![refund.record(), order.record()],
        because: format!("refunded on {}: {}", refund.on, reading.what),
        own_day: refund.on,
        subject: subject(refund),
        checks: vec![check],
        after: vec![],
    });
    if let Some(memo) = memo {
        let lines = vec![(accounts.receivable.clone(), given_back), (clearing.account.clone(), refund.amount)];
        propose_entry(planner, refund, &key, lines, "Refund paid from the clearing account", vec![], vec![memo]);
    }
}

/// What earlier refunds of the order came to.
fn refunded_before(planner: &Planner<'_, '_>, refund: &PaymentEvent) -> Money {
    let earlier = planner.snapshot.payments.values().filter(|it| {
        it.order_id == refund.order_id
            && it.kind == PaymentEventKind::Refund
            && (it.at, it.transaction, it.row) < (refund.at, refund.transaction, refund.row)
    });
    Money::sum(refund.amount.currency(), earlier.map(|it| it.amount.abs()))
        .unwrap_or(Money::zero(refund.amount.currency()))
}

/// One way to read a refund, as lines of a credit memo (negative lines credit the customer).
#[derive(Clone, Debug, PartialEq)]
pub struct Allocation {
    pub what: String,
    pub is_whole: bool,
    pub lines: Vec<AccountLine>,
}

/// Every reading whose lines come to the refund exactly. Shares of discount and tax are cut to the cent and the
/// remainder goes to the last unit, so that the parts of any split add up to the whole (J03).
pub fn allocate_return(order: &Order, settings: &Settings, refund: Money, before: Money) -> Vec<Allocation> {
    let mut readings: Vec<Allocation> = Vec::new();
    let mut offer = |what: String, is_whole: bool, parts: Option<Parts>| {
        let Some(parts) = parts.filter(|parts| parts.total() == refund.amount()) else { return };
        if let Some(lines) = parts.lines(order, settings)
            && readings.iter().all(|it| it.lines != lines)
        {
            readings.push(Allocation { what, is_whole, lines });
        }
    };
    let merchandise = merchandise(order);
    if before.is_zero() {
        offer("whole order".into(), true, Some(Parts::of(order, merchandise, merchandise, true)));
        offer("all goods without shipping".into(), false, Some(Parts::of(order, merchandise, merchandise, false)));
    }
    for line in &order.lines {
        let units = u32::try_from(line.quantity.trunc().mantissa()).unwrap_or(0).min(UNITS_MAX);
        if Decimal::from(units) != line.quantity || merchandise.is_zero() {
            continue;
        }
        for from in 0..units {
            let done = Parts::of(order, merchandise, line.price.amount * Decimal::from(from), false);
            if done.total() != before.amount() {
                continue;
            }
            for to in from + 1..=units {
                let upto = Parts::of(order, merchandise, line.price.amount * Decimal::from(to), false);
                offer(format!("{} x {}", to - from, line.sku), false, Some(upto.minus(&done)));
            }
        }
    }
    readings
}

/// Orders of more units of one line are not searched for a reading.
const UNITS_MAX: u32 = 500;

fn merchandise(order: &Order) -> Decimal {
    order.lines.iter().map(|line| line.price.amount * line.quantity).sum()
}

/// Cumulative shares of an order up to a value of its goods.
#[derive(Clone, Debug)]
struct Parts {
    goods: Decimal,
    discount: Decimal,
    shipping: Decimal,
    taxes: Vec<(String, Decimal)>,
}

impl Parts {
    fn of(order: &Order, merchandise: Decimal, goods: Decimal, with_shipping: bool) -> Parts {
        let share = |whole: Decimal| {
            if goods == merchandise || merchandise.is_zero() {
                whole
            } else {
                (whole * goods / merchandise)
                    .round_dp_with_strategy(order.currency.decimals(), RoundingStrategy::ToZero)
            }
        };
        let taxes = order
            .surcharges
            .iter()
            .filter(|it| it.kind == SurchargeKind::Tax && !it.included)
            .map(|it| (it.code.clone(), share(it.value.amount)))
            .collect();
        Parts {
            goods,
            discount: share(order.surcharge_total(SurchargeKind::Discount)),
            shipping: if with_shipping { order.surcharge_total(SurchargeKind::Shipping) } else { Decimal::ZERO },
            taxes,
        }
    }

    fn minus(&self, done: &Parts) -> Parts {
        Parts {
            goods: self.goods - done.goods,
            discount: self.discount - done.discount,
            shipping: self.shipping - done.shipping,
            taxes: self.taxes.iter().zip(&done.taxes).map(|((code, a), (_, b))| (code.clone(), a - b)).collect(),
        }
    }

    fn total(&self) -> Decimal {
        self.goods + self.discount + self.shipping + self.taxes.iter().map(|(_, tax)| *tax).sum::<Decimal>()
    }

    /// `None` where a part is finer than the currency: such a return is a person's to read.
    fn lines(&self, order: &Order, settings: &Settings) -> Option<Vec<AccountLine>> {
        let accounts = &settings.accounts;
        let mut parts = vec![
            (accounts.returns.clone(), self.goods, "Goods returned".to_owned()),
            (accounts.discounts.clone(), self.discount, "Discount taken back".to_owned()),
            (accounts.shipping.clone(), self.shipping, "Shipping given back".to_owned()),
        ];
        for (code, tax) in &self.taxes {
            let account = settings.taxes.get(code).map(|it| it.account.clone()).unwrap_or_default();
            parts.push((account, *tax, format!("Tax {code}")));
        }
        parts
            .into_iter()
            .filter(|(_, amount, _)| !amount.is_zero())
            .map(|(account, amount, memo)| {
                let amount = -Money::new(amount, order.currency).ok()?;
                Some(AccountLine { account, amount, memo, dimensions: settings.default_dimensions() })
            })
            .collect()
    }
}
