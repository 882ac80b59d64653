use super::{CachedRecord, ListColumns};
use tieout_domain::{ObjectKind, RecordRef, SalesDocument};

/// `kind` is the transaction definition.
impl CachedRecord for SalesDocument {
    const OBJECT: ObjectKind = ObjectKind::SalesDocument;

    fn record(&self) -> RecordRef {
        SalesDocument::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            kind: &self.definition,
            state: &self.state,
            on: Some(self.on),
            amount: self.total,
            number: &self.number,
            reference: &self.reference,
            customer: &self.customer_id,
            ..ListColumns::default()
        }
    }
}
