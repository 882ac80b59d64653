use super::{CachedRecord, ListColumns};
use tieout_domain::{ObjectKind, PaymentEvent, RecordRef};

/// `kind` is what happened (`capture`, `refund`...), `account` the payment method.
impl CachedRecord for PaymentEvent {
    const OBJECT: ObjectKind = ObjectKind::Payment;

    fn record(&self) -> RecordRef {
        PaymentEvent::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            kind: self.kind.as_str(),
            state: if self.kind.moves_money() { "moved" } else { "not-moved" },
            on: Some(self.on),
            amount: Some(self.amount),
            number: &self.order_number,
            reference: self.gateway_ref.as_deref().unwrap_or_default(),
            party: &self.party,
            email: &self.email,
            account: &self.method,
            ..ListColumns::default()
        }
    }
}
