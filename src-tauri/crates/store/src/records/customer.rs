use super::{CachedRecord, ListColumns};
use tieout_domain::{Customer, ObjectKind, RecordRef};

impl CachedRecord for Customer {
    const OBJECT: ObjectKind = ObjectKind::Customer;

    fn record(&self) -> RecordRef {
        Customer::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            state: if self.active { "active" } else { "inactive" },
            kind: if self.on_hold { "on-hold" } else { "" },
            number: &self.customer_id,
            party: &self.name,
            email: &self.email,
            customer: &self.customer_id,
            ..ListColumns::default()
        }
    }
}
