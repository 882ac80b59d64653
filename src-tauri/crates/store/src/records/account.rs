use super::{CachedRecord, ListColumns};
use tieout_domain::{LedgerAccount, ObjectKind, RecordRef};

impl CachedRecord for LedgerAccount {
    const OBJECT: ObjectKind = ObjectKind::Account;

    fn record(&self) -> RecordRef {
        LedgerAccount::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            state: if self.active { "active" } else { "inactive" },
            number: &self.number,
            party: &self.title,
            account: &self.number,
            ..ListColumns::default()
        }
    }
}
