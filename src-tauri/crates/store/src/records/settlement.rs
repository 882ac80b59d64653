use super::{CachedRecord, ListColumns};
use tieout_domain::{ObjectKind, RecordRef, SettlementRow};

/// `amount` is the gross, `state` the payout id, `account` the file source.
impl CachedRecord for SettlementRow {
    const OBJECT: ObjectKind = ObjectKind::Settlement;

    fn record(&self) -> RecordRef {
        SettlementRow::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            kind: self.kind.as_str(),
            state: &self.payout_id,
            on: Some(self.on),
            amount: Some(self.gross),
            number: &self.order_number,
            reference: &self.gateway_ref,
            party: &self.description,
            account: &self.source.0,
            ..ListColumns::default()
        }
    }
}
