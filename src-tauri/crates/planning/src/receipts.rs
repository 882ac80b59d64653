//! Captures without a receipt: against open invoices a cash receipt, before any invoice an advance, a second
//! capture to unapplied cash. And what the ledger holds that the store knows nothing of.

use crate::checks::{pass, review};
use crate::keys::{order_of, payment_key, plain};
use crate::plan::{Draft, Planner};
use crate::settings::Clearing;
use crate::snapshot::{Choice, Snapshot, Why};
use crate::words::shortened;
use crate::write_off::{self, ShortPayment};
use std::collections::BTreeMap;
use tieout_domain::reference::names;
use tieout_domain::{
    Advance, AdvanceApplication, Application, CashReceipt, DepositTo, Document, ExceptionKind, Invoice, JournalEntry,
    JournalLine, Order, PaymentEvent, PaymentEventKind, PaymentStatus, ReceiptKind, ReceiptState,
};
use tieout_money::Money;

pub fn plan(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    let mut by_order: BTreeMap<u64, Vec<(&PaymentEvent, &Why)>> = BTreeMap::new();
    for open in &snapshot.left_over {
        let Some(payment) = snapshot.payments.get(&open.record) else { continue };
        if payment.kind == PaymentEventKind::Capture
            && payment.on >= snapshot.settings.cut_over
            && !planner.is_taken_care_of(&open.record)
        {
            by_order.entry(payment.order_id).or_default().push((payment, &open.why));
        }
    }
    for (order_id, captures) in by_order {
        match snapshot.orders.get(&order_id) {
            None => {
                for (payment, _) in captures {
                    planner.hold(
                        ExceptionKind::CaptureWithoutOrder,
                        vec![payment.record()],
                        Some(payment.amount),
                        Some(payment.on),
                        subject(payment),
                        format!("order {} is not among the orders of the store", payment.order_number),
                    );
                }
            }
            Some(order) => plan_order(planner, order, captures),
        }
    }
    apply_advances(planner);
    unknown_states(planner);
}

fn plan_order(planner: &mut Planner<'_, '_>, order: &Order, mut captures: Vec<(&PaymentEvent, &Why)>) {
    captures.sort_by_key(|(payment, _)| (payment.on, payment.transaction, payment.row));
    if let PaymentStatus::Unknown(code) = &order.payment_status
        && !planner.snapshot.settings.payment_statuses.contains_key(code)
    {
        for (payment, _) in captures {
            planner.hold(
                ExceptionKind::UnknownStatus,
                vec![payment.record(), order.record()],
                Some(payment.amount),
                Some(payment.on),
                subject(payment),
                format!("order {} has payment status {code:?}, which this store invented", order.number),
            );
        }
        return;
    }
    let mut open: Vec<OpenInvoice<'_>> = planner
        .snapshot
        .invoices
        .iter()
        .filter(|it| it.is_open() && it.total.currency() == order.currency && invoice_names(it, &order.number))
        .map(|&invoice| OpenInvoice { invoice, due: invoice.due })
        .collect();
    open.sort_by(|a, b| (a.invoice.on, &a.invoice.number).cmp(&(b.invoice.on, &b.invoice.number)));
    let twins: Vec<_> = captures.iter().map(|(payment, why)| twin_of(planner.snapshot, order, payment, why)).collect();
    for index in 0..captures.len() {
        let (payment, why) = captures[index];
        let Some(clearing) = planner.snapshot.settings.clearing(&payment.method, payment.amount.currency()) else {
            planner.hold(
                ExceptionKind::UnmappedMethod,
                vec![payment.record()],
                Some(payment.amount),
                Some(payment.on),
                subject(payment),
                format!("no [[clearing]] entry for {:?} in {}", payment.method, payment.amount.currency()),
            );
            continue;
        };
        if let Some(twin) = &twins[index] {
            second_capture(planner, payment, clearing, twin);
        } else if open.iter().any(|it| it.due.is_positive()) {
            let later = (index + 1..captures.len()).filter(|&it| twins[it].is_none()).map(|it| captures[it].0.amount);
            let later = Money::sum(order.currency, later).unwrap_or(Money::zero(order.currency));
            cash_receipt(planner, order, payment, clearing, &mut open, later);
        } else if open.is_empty() {
            no_open_invoice(planner, order, payment, clearing, why);
        } else {
            planner.hold(
                ExceptionKind::AmountVariance,
                vec![payment.record()],
                Some(payment.amount),
                Some(payment.on),
                subject(payment),
                "the order's other captures already cover its open invoices".to_owned(),
            );
        }
    }
}

struct OpenInvoice<'a> {
    invoice: &'a Invoice,
    due: Money,
}

/// Oldest invoice first (M12). What is left of the payment, or of the invoice, is never swallowed.
fn cash_receipt(
    planner: &mut Planner<'_, '_>,
    order: &Order,
    payment: &PaymentEvent,
    clearing: &Clearing,
    open: &mut [OpenInvoice<'_>],
    later_captures: Money,
) {
    let key = payment_key(payment);
    let zero = Money::zero(order.currency);
    let mut left = payment.amount;
    let mut applications = Vec::new();
    let customer = open[0].invoice.customer_id.clone();
    for it in open.iter_mut().filter(|it| it.invoice.customer_id == customer && it.due.is_positive()) {
        if left.is_zero() {
            break;
        }
        let take = if left.amount() < it.due.amount() { left } else { it.due };
        applications.push(Application { invoice: it.invoice.number.clone(), amount: take });
        left = left.checked_sub(take).unwrap_or(zero);
        it.due = it.due.checked_sub(take).unwrap_or(zero);
    }
    let still_due = Money::sum(order.currency, open.iter().map(|it| it.due)).unwrap_or(zero);
    let short = still_due.checked_sub(later_captures).unwrap_or(zero);
    let choice = planner.snapshot.choices.get(&key);
    let hold = |planner: &mut Planner<'_, '_>, stake: Money, why: String| {
        planner.hold(
            ExceptionKind::AmountVariance,
            vec![payment.record()],
            Some(stake),
            Some(payment.on),
            subject(payment),
            why,
        );
    };
    if left.is_positive() && !write_off::is_within_limits(planner, left, payment.amount, payment.on) {
        return hold(
            planner,
            left,
            format!("captured {left} more than the invoices leave open, above the write-off limit"),
        );
    }
    let partial_is_right = matches!(order.payment_status, PaymentStatus::PartiallyPaid | PaymentStatus::Authorized);
    if short.is_positive() && !partial_is_right && !matches!(choice, Some(Choice::KeepPartial | Choice::WriteOffShort))
    {
        return hold(
            planner,
            -short,
            format!(
                "{} is {short} short of what invoice {} leaves open: write it off or keep it partial",
                payment.amount, applications[0].invoice
            ),
        );
    }
    let applied = Money::sum(order.currency, applications.iter().map(|it| it.amount)).unwrap_or(zero);
    let invoices = applications.iter().map(|it| it.invoice.as_str()).collect::<Vec<_>>().join(", ");
    let mut checks = vec![pass(format!("{applied} goes to invoice {invoices}"))];
    if short.is_positive() {
        checks.push(review(format!("{short} of invoice {invoices} stays open or is written off, as a person chose")));
    }
    let receipt = Document::CashReceipt(CashReceipt {
        customer_id: customer.clone(),
        deposit_to: clearing.deposit_to.0.clone(),
        payment_method: clearing.payment_method.clone(),
        on: planner.snapshot.day_for(&key, payment.on),
        amount: applied,
        reference: key.clone(),
        description: described(payment),
        applications: applications.clone(),
        rate_type: planner.snapshot.rate_type(applied),
    });
    let posted = planner.propose(Draft {
        document: receipt,
        facts: vec![payment.record()],
        because: format!("captured on {}, and invoice {invoices} is open", payment.on),
        own_day: payment.on,
        subject: subject(payment),
        checks,
        after: vec![],
    });
    let Some(receipt_id) = posted else { return };
    if left.is_positive() {
        write_off::propose_overpayment(planner, payment, clearing, left, receipt_id);
    } else if short.is_positive() && matches!(choice, Some(Choice::WriteOffShort)) {
        let short = ShortPayment { customer: &customer, invoice: &applications[0].invoice, amount: short };
        write_off::propose_short_payment(planner, payment, &short, receipt_id);
    }
}

fn no_open_invoice(
    planner: &mut Planner<'_, '_>,
    order: &Order,
    payment: &PaymentEvent,
    clearing: &Clearing,
    why: &Why,
) {
    let known: Vec<&&Invoice> =
        planner.snapshot.invoices.iter().filter(|it| invoice_names(it, &order.number)).collect();
    if let Some(foreign) = known.iter().find(|it| it.total.currency() != order.currency) {
        let text =
            format!("invoice {} is in {}, the payment in {}", foreign.number, foreign.total.currency(), order.currency);
        planner.hold(
            ExceptionKind::CurrencyMismatch,
            vec![payment.record(), foreign.record()],
            Some(payment.amount),
            Some(payment.on),
            subject(payment),
            text,
        );
        return;
    }
    if let Some(paid) = known.first() {
        let nearest = match why {
            Why::Nothing(text) => text.as_str(),
            Why::Twin { .. } => "",
        };
        let text = format!("invoice {} leaves nothing open ({}); {nearest}", paid.number, paid.state);
        planner.hold(
            ExceptionKind::CaptureWithoutReceipt,
            vec![payment.record(), paid.record()],
            Some(payment.amount),
            Some(payment.on),
            subject(payment),
            text,
        );
        return;
    }
    let Some(customer) = crate::orders::customer_of(planner.snapshot, order) else {
        planner.hold(
            ExceptionKind::UnmappedCustomer,
            vec![payment.record(), order.record()],
            Some(payment.amount),
            Some(payment.on),
            subject(payment),
            format!("order {} belongs to no customer that Settings or Intacct knows", order.number),
        );
        return;
    };
    let key = payment_key(payment);
    let settings = planner.snapshot.settings;
    if settings.accounts.customer_deposits.is_empty() {
        let text = "accounts.customer_deposits is empty in Settings";
        planner.hold(
            ExceptionKind::AccountMissing,
            vec![payment.record()],
            Some(payment.amount),
            Some(payment.on),
            subject(payment),
            text,
        );
        return;
    }
    planner.propose(Draft {
        document: Document::Advance(Advance {
            customer_id: customer.clone(),
            deposit_to: clearing.deposit_to.0.clone(),
            payment_method: clearing.payment_method.clone(),
            on: planner.snapshot.day_for(&key, payment.on),
            amount: payment.amount,
            reference: key,
            description: described(payment),
            liability_account: settings.accounts.customer_deposits.clone(),
            dimensions: tieout_domain::Dimensions { customer, ..settings.default_dimensions() },
            rate_type: planner.snapshot.rate_type(payment.amount),
        }),
        facts: vec![payment.record(), order.record()],
        because: format!("captured on {} before any invoice for order {}", payment.on, order.number),
        own_day: payment.on,
        subject: subject(payment),
        checks: vec![],
        after: vec![],
    });
}

/// The capture this one repeats: an earlier one (or one already in the ledger) of the same amount, where the order is
/// paid in full without this one. Two equal captures that only together pay the order are no twins.
pub fn twin_of(snapshot: &Snapshot<'_>, order: &Order, payment: &PaymentEvent, why: &Why) -> Option<String> {
    let is_left_over_twin = matches!(why, Why::Twin { .. });
    let comes_first = |it: &PaymentEvent| {
        let place = |it: &PaymentEvent| (it.on, it.transaction, it.row);
        place(it) < place(payment) || (is_left_over_twin && place(it) != place(payment))
    };
    let others: Vec<&PaymentEvent> = snapshot
        .payments
        .values()
        .copied()
        .filter(|it| it.order_id == order.id && it.kind == PaymentEventKind::Capture && comes_first(it))
        .collect();
    let taken = Money::sum(order.currency, others.iter().map(|it| it.amount)).ok()?;
    let twin = others.iter().find(|it| it.amount == payment.amount && it.method == payment.method)?;
    (taken.amount() >= order.total.amount()).then(|| twin.record().id)
}

/// J15: the second capture has no invoice and never gets one; it waits as unapplied cash for its refund.
fn second_capture(planner: &mut Planner<'_, '_>, payment: &PaymentEvent, clearing: &Clearing, first: &str) {
    planner.hold(
        ExceptionKind::DuplicateCapture,
        vec![payment.record()],
        Some(payment.amount),
        Some(payment.on),
        subject(payment),
        format!("the same amount was captured for order {} as transaction {first}", payment.order_number),
    );
    park_as_unapplied(planner, payment, clearing, "second capture of the order, waiting for its refund");
}

pub fn park_as_unapplied(planner: &mut Planner<'_, '_>, payment: &PaymentEvent, clearing: &Clearing, memo: &str) {
    let account = planner.snapshot.settings.accounts.unapplied.clone();
    propose_entry(
        planner,
        payment,
        &payment_key(payment),
        vec![(clearing.account.clone(), payment.amount), (account, -payment.amount)],
        memo,
        vec![review(memo)],
        vec![],
    );
}

/// A journal entry about one payment, dated its own day.
pub fn propose_entry(
    planner: &mut Planner<'_, '_>,
    payment: &PaymentEvent,
    key: &str,
    lines: Vec<(String, Money)>,
    memo: &str,
    checks: Vec<tieout_domain::Check>,
    after: Vec<tieout_domain::PostingId>,
) -> Option<tieout_domain::PostingId> {
    let settings = planner.snapshot.settings;
    let text = described(payment);
    let lines = lines
        .into_iter()
        .map(|(account, amount)| JournalLine {
            account,
            amount,
            memo: text.clone(),
            dimensions: settings.default_dimensions(),
        })
        .collect();
    let on = planner.snapshot.day_for(key, payment.on);
    match JournalEntry::new(&settings.journal.symbol, on, &format!("{memo}: {text}"), key, lines) {
        Ok(entry) => planner.propose(Draft {
            document: Document::JournalEntry(planner.snapshot.with_rate(entry)),
            facts: vec![payment.record()],
            because: memo.to_owned(),
            own_day: payment.on,
            subject: subject(payment),
            checks,
            after,
        }),
        Err(error) => {
            planner.hold(
                ExceptionKind::AccountMissing,
                vec![payment.record()],
                Some(payment.amount),
                Some(payment.on),
                subject(payment),
                error.to_string(),
            );
            None
        }
    }
}

/// J02: an advance whose order has an open invoice by now.
fn apply_advances(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    let advances = snapshot.receipts.values().filter(|it| {
        it.kind == ReceiptKind::Advance
            && it.state == ReceiptState::Posted
            && it.unapplied.is_positive()
            && it.on >= snapshot.settings.cut_over
    });
    for advance in advances {
        let fits = |it: &&&Invoice| {
            it.is_open()
                && it.customer_id == advance.customer_id
                && it.total.currency() == advance.amount.currency()
                && (order_of(&advance.reference).is_some_and(|order| invoice_names(it, order))
                    || tieout_domain::reference::tokens(&advance.reference)
                        .iter()
                        .any(|token| invoice_names(it, token)))
        };
        let mut invoices = snapshot.invoices.iter().filter(fits);
        let (Some(invoice), None) = (invoices.next(), invoices.next()) else { continue };
        let amount = if advance.unapplied.amount() < invoice.due.amount() { advance.unapplied } else { invoice.due };
        let key = format!("TO-APPLY-{}", plain(&advance.record_id));
        let own_day = advance.on.max(invoice.on);
        let deposit_to = if advance.account.is_empty() { continue } else { deposit_of(planner, &advance.account) };
        planner.propose(Draft {
            document: Document::AdvanceApplication(AdvanceApplication {
                customer_id: advance.customer_id.clone(),
                advance_record_no: advance.record_no.clone(),
                deposit_to,
                payment_method: advance.payment_method.clone(),
                on: snapshot.day_for(&key, own_day),
                reference: key,
                description: format!("Advance {} against invoice {}", advance.record_id, invoice.number),
                application: Application { invoice: invoice.number.clone(), amount },
            }),
            facts: vec![advance.record()],
            because: format!(
                "advance {} has {} left and invoice {} is open",
                advance.record_id, advance.unapplied, invoice.number
            ),
            own_day,
            subject: format!("{} {}", advance.record_id, advance.customer_name),
            checks: vec![pass(format!("{amount} goes to invoice {}", invoice.number))],
            after: vec![],
        });
    }
}

fn deposit_of(planner: &Planner<'_, '_>, account: &str) -> DepositTo {
    let mapped = planner.snapshot.settings.clearing.iter().find(|it| match &it.deposit_to.0 {
        DepositTo::Bank(id) => id == account || it.account == account,
        DepositTo::Undeposited(gl) => gl == account,
    });
    mapped.map_or_else(|| DepositTo::Undeposited(account.to_owned()), |it| it.deposit_to.0.clone())
}

/// Payments whose rows do not say whether money moved.
fn unknown_states(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    for payment in snapshot.payments.values() {
        if payment.kind == PaymentEventKind::Unknown && payment.on >= snapshot.settings.cut_over {
            planner.hold(
                ExceptionKind::UnknownPaymentState,
                vec![payment.record()],
                Some(payment.amount),
                Some(payment.on),
                subject(payment),
                if payment.note.is_empty() {
                    "the store's rows do not say whether money moved".to_owned()
                } else {
                    payment.note.clone()
                },
            );
        }
    }
}

/// What the ledger holds without a counterpart at the store.
pub fn ledger_side(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    for open in &snapshot.right_over {
        let Some(receipt) = snapshot.receipts.get(&open.record) else { continue };
        if receipt.on < snapshot.settings.cut_over || planner.is_taken_care_of(&open.record) {
            continue;
        }
        let subject = format!("{} {}", receipt.record_id, receipt.customer_name);
        let (kind, why) = match (&receipt.state, &open.why) {
            (ReceiptState::NotPosted(state), _) => {
                (ExceptionKind::AwaitingIntacct, format!("its state in Intacct is {state}"))
            }
            (ReceiptState::Unknown(state), _) => {
                (ExceptionKind::UnknownStatus, format!("its state in Intacct is {state:?}, which Tieout does not know"))
            }
            (ReceiptState::Reversed, _) => continue,
            (ReceiptState::Posted, Why::Twin { of }) => (
                ExceptionKind::DuplicateReceipt,
                format!("{} with the same reference and amount is already matched", of.id),
            ),
            (ReceiptState::Posted, Why::Nothing(text)) => (ExceptionKind::OrphanReceipt, text.clone()),
        };
        planner.hold(kind, vec![open.record.clone()], Some(-receipt.amount), Some(receipt.on), subject.trim(), why);
    }
    let overdue = snapshot.invoices.iter().filter(|it| {
        it.is_open() && it.on >= snapshot.settings.cut_over && it.due_on.is_some_and(|due| due < snapshot.as_of)
    });
    for invoice in overdue {
        let paid_for = snapshot
            .payments
            .values()
            .any(|it| it.kind == PaymentEventKind::Capture && invoice_names(invoice, &it.order_number));
        if !paid_for {
            planner.hold(
                ExceptionKind::InvoiceWithoutCapture,
                vec![invoice.record()],
                Some(invoice.due),
                Some(invoice.on),
                format!("{} {}", invoice.number, invoice.customer_name),
                format!("due on {}, and no capture at the store names its order", invoice.due_on.unwrap_or(invoice.on)),
            );
        }
    }
}

pub fn invoice_names(invoice: &Invoice, order_number: &str) -> bool {
    names(&invoice.reference, order_number) || names(&invoice.number, order_number)
}

pub fn subject(payment: &PaymentEvent) -> String {
    format!("#{} {}", payment.order_number, payment.party).trim().to_owned()
}

fn described(payment: &PaymentEvent) -> String {
    let reference = payment.gateway_ref.as_deref().map(|it| format!(", {it}")).unwrap_or_default();
    shortened(&format!("X-Cart order {}, {}{reference}", payment.order_number, payment.method))
}
