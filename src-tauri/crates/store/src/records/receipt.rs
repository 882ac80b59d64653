use super::{CachedRecord, ListColumns};
use tieout_domain::{ObjectKind, Receipt, ReceiptState, RecordRef};

/// `kind` is Intacct's object name, `account` where the money went.
impl CachedRecord for Receipt {
    const OBJECT: ObjectKind = ObjectKind::Receipt;

    fn record(&self) -> RecordRef {
        Receipt::record(self)
    }

    fn list_columns(&self) -> ListColumns<'_> {
        ListColumns {
            kind: self.kind.object_name(),
            state: match &self.state {
                ReceiptState::Posted => "posted",
                ReceiptState::NotPosted(_) => "not-posted",
                ReceiptState::Reversed => "reversed",
                ReceiptState::Unknown(_) => "unknown",
            },
            on: Some(self.on),
            amount: Some(self.amount),
            number: &self.record_id,
            reference: &self.reference,
            party: &self.customer_name,
            account: &self.account,
            customer: &self.customer_id,
            ..ListColumns::default()
        }
    }
}
