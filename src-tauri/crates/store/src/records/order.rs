use super::{CachedRecord, ListColumns};
use tieout_domain::{ObjectKind, Order, RecordRef};

/// `state` is X-Cart's payment status code, `kind` its shipping status code.
impl CachedRecord for Order {
    const OBJECT: ObjectKind = ObjectKind::Order;

    fn record(&self) -> RecordRef {
        Order::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            kind: self.shipping_status.code(),
            state: self.payment_status.code(),
            on: Some(self.placed_on),
            amount: Some(self.total),
            number: &self.number,
            party: self.party(),
            email: &self.email,
            account: self.payment_method.as_deref().unwrap_or_default(),
            ..ListColumns::default()
        }
    }
}
