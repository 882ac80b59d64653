//! Records that are gone at their source although something rests on them: a person's match, or a posting of ours. Nothing is
//! proposed in their place before a person has looked.

use crate::company::Company;
use crate::error::ServiceError;
use crate::reconcile::Run;
use crate::sides::Sides;
use std::collections::BTreeSet;
use tieout_domain::{Exception, ExceptionKind, PostingState, Receipt, RecordRef, SalesDocument};
use tieout_matching::{Item, ItemKind};

/// A person's matches that hold a record which is no more.
pub(crate) fn of_matches<'a>(sides: &'a Sides, run: &'a Run) -> impl Iterator<Item = Exception> + 'a {
    run.broken.iter().filter_map(|group| {
        let (gone, left): (Vec<&RecordRef>, Vec<&RecordRef>) =
            group.members().partition(|it| !sides.versions.contains_key(it));
        let first = sides.left.iter().chain(&sides.right).find(|it| left.contains(&&it.record))?;
        let gone: Vec<&str> = gone.into_iter().map(|it| it.id.as_str()).collect();
        Some(Exception {
            kind: kind_of(first),
            records: left.into_iter().cloned().collect(),
            at_stake: Some(first.amount),
            on: Some(first.on),
            subject: if first.order_number.is_empty() {
                first.party.clone()
            } else {
                format!("#{}", first.order_number)
            },
            why_not: format!(
                "a person matched it with {}, which was deleted at its source since: take the match apart to go on",
                gone.join(", ")
            ),
        })
    })
}

/// What is missing now that its counterpart is gone.
fn kind_of(item: &Item) -> ExceptionKind {
    match item.kind {
        ItemKind::Capture => ExceptionKind::CaptureWithoutReceipt,
        ItemKind::Refund => ExceptionKind::RefundWithoutCredit,
        ItemKind::Chargeback | ItemKind::ChargebackReversal | ItemKind::ChargebackFee => ExceptionKind::ChargebackOpen,
        ItemKind::Fee => ExceptionKind::FeeNotPosted,
        ItemKind::Reserve => ExceptionKind::ReserveNotPosted,
        ItemKind::GatewayAdjustment => ExceptionKind::SettlementAdjustment,
        ItemKind::Payout => ExceptionKind::PayoutNotPosted,
        ItemKind::BankLine => ExceptionKind::UnmatchedBankLine,
        ItemKind::Receipt(_) => ExceptionKind::OrphanReceipt,
    }
}

/// Postings of ours whose record somebody deleted in Intacct. They carry our key, which is how the cache knows them.
pub(crate) fn of_postings(company: &Company, sides: &Sides) -> Result<Vec<Exception>, ServiceError> {
    let (receipts, documents, standing) = company.store.read(|reader| {
        Ok::<_, tieout_store::StoreError>((
            reader.load_deleted::<Receipt>()?,
            reader.load_deleted::<SalesDocument>()?,
            reader.load_all::<SalesDocument>()?,
        ))
    })?;
    let live: BTreeSet<&str> = sides.receipts.iter().map(|it| it.reference.as_str()).collect();
    // An entry that was edited has new lines under the same key: it is changed, not gone.
    let mut gone: BTreeSet<String> =
        receipts.into_iter().map(|it| it.value.reference).filter(|it| !live.contains(it.as_str())).collect();
    let standing: BTreeSet<&str> = standing.iter().map(|it| it.value.number.as_str()).collect();
    gone.extend(documents.into_iter().map(|it| it.value.number).filter(|it| !standing.contains(it.as_str())));
    let exception = |it: &tieout_store::StoredPosting| {
        let PostingState::Posted { record, .. } = &it.posting.state else { return None };
        let key = it.posting.document.natural_key().0;
        gone.contains(&key).then(|| Exception {
            kind: ExceptionKind::ReadBackDifference,
            records: it.posting.facts.iter().map(|(record, _)| record.clone()).collect(),
            at_stake: Some(it.posting.document.amount()),
            on: Some(it.posting.document.on()),
            subject: key,
            why_not: format!(
                "record {record} was posted as approved and is not in Intacct any more: it was deleted there"
            ),
        })
    };
    Ok(sides.postings.iter().filter_map(exception).collect())
}
