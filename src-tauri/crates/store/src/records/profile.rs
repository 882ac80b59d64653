use super::{CachedRecord, ListColumns};
use tieout_domain::{ObjectKind, Profile, RecordRef};

/// It has no name (those are in the addresses of orders): its e-mail address is what people call it.
impl CachedRecord for Profile {
    const OBJECT: ObjectKind = ObjectKind::Profile;

    fn record(&self) -> RecordRef {
        Profile::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            state: if self.enabled { "enabled" } else { "disabled" },
            party: &self.email,
            email: &self.email,
            ..ListColumns::default()
        }
    }
}
