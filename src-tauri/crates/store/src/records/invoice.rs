use super::{CachedRecord, ListColumns};
use tieout_domain::{Invoice, ObjectKind, RecordRef};

/// `amount` is what is still due; `kind` is `open` or `settled`, `state` Intacct's own word.
impl CachedRecord for Invoice {
    const OBJECT: ObjectKind = ObjectKind::Invoice;

    fn record(&self) -> RecordRef {
        Invoice::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            kind: if self.is_open() { "open" } else { "settled" },
            state: &self.state,
            on: Some(self.on),
            amount: Some(self.due),
            number: &self.number,
            reference: &self.reference,
            party: &self.customer_name,
            customer: &self.customer_id,
            ..ListColumns::default()
        }
    }
}
