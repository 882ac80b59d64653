use super::{CachedRecord, ListColumns};
use tieout_domain::{GlLine, ObjectKind, RecordRef};

/// `amount` is in the transaction currency, `kind` the journal, `state` the module.
impl CachedRecord for GlLine {
    const OBJECT: ObjectKind = ObjectKind::GlLine;

    fn record(&self) -> RecordRef {
        GlLine::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            kind: &self.journal,
            state: &self.module,
            on: Some(self.entry_date),
            amount: Some(self.amount),
            number: &self.record_id,
            reference: &self.document,
            party: &self.description,
            account: &self.account,
            customer: &self.customer_id,
            ..ListColumns::default()
        }
    }
}
