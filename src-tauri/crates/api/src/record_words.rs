//! A cached record in one line: what it is called, what happened, when, and for how much.

use crate::app::App;
use crate::views::{Problem, Side};
use tieout_domain::{
    GlLine, Invoice, ObjectKind, Order, PaymentEvent, Receipt, RecordRef, SalesDocument, SettlementRow,
};
use tieout_money::Money;
use tieout_store::{ListQuery, Reader, RowFilter, StoreError};

pub(crate) struct Told {
    pub record: RecordRef,
    pub side: Side,
    /// ISO instant or day.
    pub at: String,
    /// `X-Cart payment`, `Intacct invoice INV-5461`.
    pub label: String,
    pub text: String,
    pub detail: String,
    pub amount: Option<Money>,
    pub party: String,
    pub order_number: String,
}

/// `None` when the cache does not hold it.
pub(crate) fn told(app: &App, record: &RecordRef) -> Result<Option<Told>, Problem> {
    app.company.store.read(|reader| of_record(reader, record)).map_err(|error: StoreError| app.problem(error))
}

fn of_record(reader: &Reader<'_>, record: &RecordRef) -> Result<Option<Told>, StoreError> {
    Ok(match record.object {
        ObjectKind::Order => reader.get::<Order>(record)?.map(|it| of_order(&it.value)),
        ObjectKind::Payment => reader.get::<PaymentEvent>(record)?.map(|it| of_payment(&it.value)),
        ObjectKind::Settlement => reader.get::<SettlementRow>(record)?.map(|it| of_settlement(&it.value)),
        ObjectKind::Receipt => reader.get::<Receipt>(record)?.map(|it| of_receipt(&it.value)),
        ObjectKind::Invoice => reader.get::<Invoice>(record)?.map(|it| of_invoice(&it.value)),
        ObjectKind::SalesDocument => reader.get::<SalesDocument>(record)?.map(|it| of_sales(&it.value)),
        ObjectKind::GlLine => reader.get::<GlLine>(record)?.map(|it| of_line(&it.value)),
        _ => None,
    })
}

/// Everything both sides say about an order, by its number.
pub(crate) fn of_order_number(app: &App, number: &str) -> Result<Vec<Told>, Problem> {
    let by_number = ListQuery {
        filter: RowFilter { number: Some(number.to_owned()), ..RowFilter::default() },
        ..ListQuery::default()
    };
    let by_reference = ListQuery {
        filter: RowFilter { reference: Some(number.to_owned()), ..RowFilter::default() },
        ..ListQuery::default()
    };
    let read = app.company.store.read(|reader| {
        let mut all = Vec::new();
        all.extend(reader.load::<Order>(&by_number)?.iter().map(|it| of_order(&it.value)));
        all.extend(reader.load::<PaymentEvent>(&by_number)?.iter().map(|it| of_payment(&it.value)));
        all.extend(reader.load::<SettlementRow>(&by_number)?.iter().map(|it| of_settlement(&it.value)));
        all.extend(reader.load::<Invoice>(&by_reference)?.iter().map(|it| of_invoice(&it.value)));
        all.extend(reader.load::<Receipt>(&by_reference)?.iter().map(|it| of_receipt(&it.value)));
        all.extend(reader.load::<SalesDocument>(&by_reference)?.iter().map(|it| of_sales(&it.value)));
        Ok::<_, StoreError>(all)
    });
    read.map_err(|error| app.problem(error))
}

fn of_order(it: &Order) -> Told {
    Told {
        record: it.record(),
        side: Side::Store,
        at: it.placed_at.to_string(),
        label: format!("X-Cart order #{}", it.number),
        text: format!("Order #{} placed, {}", it.number, it.total),
        detail: format!("payment {}, shipping {}", it.payment_status.code(), it.shipping_status.code()),
        amount: Some(it.total),
        party: it.party().to_owned(),
        order_number: it.number.clone(),
    }
}

fn of_payment(it: &PaymentEvent) -> Told {
    let reference = it.gateway_ref.clone().unwrap_or_default();
    Told {
        record: it.record(),
        side: Side::Store,
        at: it.at.to_string(),
        label: format!("X-Cart {} of order #{}", it.kind.as_str(), it.order_number),
        text: format!("{} by {}, {}", capital(it.kind.as_str()), it.method, it.amount),
        detail: [reference.as_str(), it.note.as_str()]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        amount: Some(it.amount),
        party: it.party.clone(),
        order_number: it.order_number.clone(),
    }
}

fn of_settlement(it: &SettlementRow) -> Told {
    let kind = it.kind.as_str().replace('_', " ");
    let payout = if it.payout_id.is_empty() { String::new() } else { format!("payout {}", it.payout_id) };
    Told {
        record: it.record(),
        side: Side::Store,
        at: it.on.to_string(),
        label: format!("{} {kind}", it.source),
        text: format!("{} in {}, {} (fee {})", capital(&kind), it.source, it.gross, it.fee.amount_text()),
        detail: [payout.as_str(), it.description.as_str()]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        amount: Some(it.net),
        party: String::new(),
        order_number: it.order_number.clone(),
    }
}

fn of_receipt(it: &Receipt) -> Told {
    let kind = match it.kind {
        tieout_domain::ReceiptKind::Payment => "receipt",
        tieout_domain::ReceiptKind::Advance => "advance",
        tieout_domain::ReceiptKind::Adjustment => "adjustment",
        tieout_domain::ReceiptKind::OtherReceipt => "other receipt",
        tieout_domain::ReceiptKind::Deposit => "deposit",
        tieout_domain::ReceiptKind::JournalLine => "journal line",
    };
    let name = if it.record_id.is_empty() { &it.record_no } else { &it.record_id };
    Told {
        record: it.record(),
        side: Side::Ledger,
        at: it.on.to_string(),
        label: format!("Intacct {kind} {name}"),
        text: format!("{} {name}, {} to {}", capital(kind), it.amount, it.account),
        detail: [it.reference.as_str(), it.description.as_str()]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        amount: Some(it.amount),
        party: it.customer_name.clone(),
        order_number: String::new(),
    }
}

fn of_invoice(it: &Invoice) -> Told {
    Told {
        record: it.record(),
        side: Side::Ledger,
        at: it.on.to_string(),
        label: format!("Intacct invoice {}", it.number),
        text: format!("Invoice {}, {}", it.number, it.total),
        detail: format!("{}, {} due", it.state, it.due),
        amount: Some(it.total),
        party: it.customer_name.clone(),
        order_number: it.reference.clone(),
    }
}

fn of_sales(it: &SalesDocument) -> Told {
    Told {
        record: it.record(),
        side: Side::Ledger,
        at: it.on.to_string(),
        label: format!("Intacct {} {}", it.definition, it.number),
        text: format!("{} {}", it.definition, it.number),
        detail: it.state.clone(),
        amount: it.total,
        party: it.customer_id.clone(),
        order_number: it.reference.clone(),
    }
}

fn of_line(it: &GlLine) -> Told {
    Told {
        record: it.record(),
        side: Side::Ledger,
        at: it.entry_date.to_string(),
        label: format!("Ledger line on {}", it.account),
        text: format!("{} on {}, {}", it.journal, it.account, it.amount),
        detail: it.description.clone(),
        amount: Some(it.amount),
        party: it.customer_id.clone(),
        order_number: String::new(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
