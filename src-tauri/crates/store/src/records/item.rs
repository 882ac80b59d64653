use super::{CachedRecord, ListColumns};
use tieout_domain::{LedgerItem, ObjectKind, RecordRef};

impl CachedRecord for LedgerItem {
    const OBJECT: ObjectKind = ObjectKind::Item;

    fn record(&self) -> RecordRef {
        LedgerItem::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            kind: &self.kind,
            state: if self.active { "active" } else { "inactive" },
            number: &self.item_id,
            party: &self.name,
            ..ListColumns::default()
        }
    }
}
