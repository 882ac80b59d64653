use super::{CachedRecord, ListColumns};
use tieout_domain::{ObjectKind, Product, RecordRef};

/// `number` is the SKU, `party` the name. A price may be finer than money, so there is no amount.
impl CachedRecord for Product {
    const OBJECT: ObjectKind = ObjectKind::Product;

    fn record(&self) -> RecordRef {
        Product::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            state: if self.enabled { "enabled" } else { "disabled" },
            number: &self.sku,
            party: &self.name,
            ..ListColumns::default()
        }
    }
}
