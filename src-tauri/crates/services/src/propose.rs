//! From the last match run to proposals and exceptions, both kept whole: what is no longer proposed is voided, what is no
//! longer an exception is resolved.

use crate::company::Company;
use crate::error::ServiceError;
use crate::reconcile::Run;
use crate::sides::Sides;
use crate::watch::{Unwatched, Watch};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{
    Customer, Exception, ExceptionKind, GlLine, Invoice, LedgerAccount, LedgerItem, MatchStatus, Order, Posting,
    PostingId, PostingState, ReceiptKind, RecordRef, SalesDocument,
};
use tieout_money::Money;
use tieout_planning::{Plan, Snapshot, is_reversal, plan};

const ACTOR: &str = "propose";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProposeReport {
    pub proposed: usize,
    pub by_kind: BTreeMap<String, usize>,
    pub clear: usize,
    pub exceptions: usize,
    pub by_type: BTreeMap<String, usize>,
}

pub fn propose(company: &Company) -> Result<ProposeReport, ServiceError> {
    propose_watched(company, &Unwatched)
}

/// Stopped, proposals and exceptions stay as they are.
pub fn propose_watched(company: &Company, watch: &dyn Watch) -> Result<ProposeReport, ServiceError> {
    let (settings, version) = company.settings()?;
    let sides = Sides::read(company, &settings)?;
    let run = Run::watched(company, &settings, &sides, watch)?;
    let cached = Cached::read(company)?;
    let snapshot = Snapshot { settings_version: version, ..snapshot(company, &settings, &sides, &run, &cached)? };
    watch.go_on()?;
    let Plan { mut proposals, mut exceptions } = plan(&snapshot);
    proposals.extend(crate::decisions::standing_write_offs(company)?);
    of_reversed(&sides, &mut proposals, &mut exceptions);
    // Reversals come from a person, not from the facts: planning does not take them back.
    let waiting = sides.postings.iter().filter(|it| {
        let waits = matches!(
            it.posting.state,
            PostingState::Proposed | PostingState::Approved { .. } | PostingState::Held { .. }
        );
        waits && is_reversal(&it.posting.document)
    });
    proposals.extend(waiting.map(|it| it.posting.clone()));
    exceptions.extend(of_matches(&run));
    exceptions.extend(of_ignored(&run, &sides, &settings));
    exceptions.extend(of_parts(&run, &sides));
    exceptions.extend(of_refused(company)?);
    exceptions.extend(of_postings(&sides));
    exceptions.extend(crate::vanished::of_matches(&sides, &run));
    exceptions.extend(crate::vanished::of_postings(company, &sides)?);
    exceptions.extend(crate::drift::of_posted(company, &sides, &cached.ledger)?);
    exceptions.extend(of_totals(&cached, &snapshot));
    let mut seen = BTreeSet::new();
    exceptions.retain(|it| seen.insert(it.id()));
    watch.go_on()?;
    company.store.write(ACTOR, company.now(), |tx| {
        tx.put_proposals(&proposals, true)?;
        tx.replace_exceptions(&exceptions)
    })?;
    let mut report = ProposeReport { proposed: proposals.len(), exceptions: exceptions.len(), ..Default::default() };
    report.clear = proposals.iter().filter(|it| it.is_clear()).count();
    for it in &proposals {
        *report.by_kind.entry(it.document.kind().title().to_owned()).or_default() += 1;
    }
    for it in &exceptions {
        *report.by_type.entry(it.kind.as_str().to_owned()).or_default() += 1;
    }
    Ok(report)
}

/// Looks at the cache as planning does, and keeps nothing.
pub(crate) fn over_snapshot<R>(
    company: &Company,
    look: impl FnOnce(&mut Snapshot<'_>) -> Result<R, ServiceError>,
) -> Result<R, ServiceError> {
    let (settings, version) = company.settings()?;
    over_snapshot_with(company, &settings, version, look)
}

/// The same under settings that are not in force.
pub(crate) fn over_snapshot_with<R>(
    company: &Company,
    settings: &tieout_planning::Settings,
    version: u32,
    look: impl FnOnce(&mut Snapshot<'_>) -> Result<R, ServiceError>,
) -> Result<R, ServiceError> {
    let sides = Sides::read(company, settings)?;
    let run = Run::over(company, settings, &sides)?;
    let cached = Cached::read(company)?;
    look(&mut Snapshot { settings_version: version, ..snapshot(company, settings, &sides, &run, &cached)? })
}

struct Cached {
    orders: Vec<(Order, u32)>,
    invoices: Vec<Invoice>,
    sales_documents: Vec<SalesDocument>,
    customers: Vec<Customer>,
    accounts: Vec<LedgerAccount>,
    items: Vec<LedgerItem>,
    ledger: Vec<GlLine>,
}

impl Cached {
    fn read(company: &Company) -> Result<Cached, ServiceError> {
        Ok(company.store.read(|reader| {
            Ok::<_, tieout_store::StoreError>(Cached {
                orders: reader.load_all::<Order>()?.into_iter().map(|it| (it.value, it.version)).collect(),
                invoices: values(reader.load_all::<Invoice>()?),
                sales_documents: values(reader.load_all::<SalesDocument>()?),
                customers: values(reader.load_all::<Customer>()?),
                accounts: values(reader.load_all::<LedgerAccount>()?),
                items: values(reader.load_all::<LedgerItem>()?),
                ledger: values(reader.load_all::<GlLine>()?),
            })
        })?)
    }
}

fn values<T>(stored: Vec<tieout_store::Stored<T>>) -> Vec<T> {
    stored.into_iter().map(|it| it.value).collect()
}

fn snapshot<'a>(
    company: &Company,
    settings: &'a tieout_planning::Settings,
    sides: &'a Sides,
    run: &Run,
    cached: &'a Cached,
) -> Result<Snapshot<'a>, ServiceError> {
    let mut snapshot = Snapshot::new(settings, company.today()?);
    snapshot.books = company.books()?;
    snapshot.versions = sides.versions.clone();
    snapshot.versions.extend(cached.orders.iter().map(|(order, version)| (order.record(), *version)));
    snapshot.orders = cached.orders.iter().map(|(order, _)| (order.id, order)).collect();
    snapshot.payments = sides.payments.iter().map(|it| (it.record(), it)).collect();
    snapshot.settlements = sides.settlements.iter().map(|it| (it.record(), it)).collect();
    snapshot.receipts = sides.receipts.iter().map(|it| (it.record(), it)).collect();
    snapshot.invoices = cached.invoices.iter().collect();
    snapshot.sales_documents = cached.sales_documents.iter().collect();
    snapshot.customers = cached.customers.iter().map(|it| (it.customer_id.clone(), it)).collect();
    snapshot.accounts = cached.accounts.iter().map(|it| (it.number.clone(), it)).collect();
    snapshot.items = cached.items.iter().map(|it| (it.item_id.clone(), it)).collect();
    snapshot.invoice_taxes = invoice_taxes(settings, &cached.ledger);
    snapshot.booked_without_invoice = booked_without_invoice(run);
    snapshot.choices = crate::choices::chosen(company)?;
    snapshot.written_off = sides
        .postings
        .iter()
        .filter(|it| settled_by_planning(&it.posting.state) && tieout_planning::is_write_off(&it.posting.document))
        .map(|it| (it.posting.document.on(), it.posting.document.amount()))
        .collect();
    snapshot.left_over = run.left_over.clone();
    snapshot.right_over = run.right_over.clone();
    let waiting = run.matches.iter().filter(|it| it.status == MatchStatus::Suggested);
    snapshot.suggested = waiting.flat_map(|it| it.members().cloned()).collect();
    for it in sides.postings.iter().filter(|it| settled_by_planning(&it.posting.state)) {
        snapshot.under_way.insert(it.posting.id.clone());
        // A reversal gives its records back: they are open again.
        if !is_reversal(&it.posting.document) {
            snapshot.facts_under_way.extend(it.posting.facts.iter().map(|(record, _)| record.clone()));
        }
    }
    Ok(snapshot)
}

/// What the tax accounts hold of each document, by its number. Empty where the ledger was never read.
fn invoice_taxes(settings: &tieout_planning::Settings, ledger: &[GlLine]) -> Option<BTreeMap<String, Money>> {
    let accounts = settings.tax_accounts();
    let mut taxes: BTreeMap<String, Money> = BTreeMap::new();
    for line in ledger.iter().filter(|it| accounts.contains(&it.account) && !it.record_id.is_empty()) {
        let tax = taxes.entry(line.record_id.clone()).or_insert(Money::zero(line.amount.currency()));
        // Another document of that number in another currency is not this one's tax.
        *tax = tax.checked_sub(line.amount).unwrap_or(*tax);
    }
    (!taxes.is_empty()).then_some(taxes)
}

fn booked_without_invoice(run: &Run) -> BTreeSet<RecordRef> {
    let needs_none = |it: &RecordRef| {
        [ReceiptKind::OtherReceipt, ReceiptKind::JournalLine].iter().any(|kind| it.id.starts_with(kind.object_name()))
    };
    let groups = run.matches.iter().filter(|it| it.is_settled() && it.right.iter().any(needs_none));
    groups.flat_map(|it| it.left.iter().cloned()).collect()
}

/// Sent or in the ledger: planning leaves the records alone. What is only approved is planned again, so that a changed
/// fact voids the approval.
fn settled_by_planning(state: &PostingState) -> bool {
    state.is_under_way() && !matches!(state, PostingState::Approved { .. })
}

/// Suggestions that wait for a person because they do not tie to the cent.
fn of_matches(run: &Run) -> impl Iterator<Item = Exception> + '_ {
    run.matches.iter().filter(|it| it.status == MatchStatus::Suggested && !it.is_exact()).map(|group| Exception {
        kind: ExceptionKind::AmountVariance,
        records: group.members().cloned().collect(),
        at_stake: Some(group.variance),
        on: None,
        subject: group.left.first().map(|it| it.id.clone()).unwrap_or_default(),
        why_not: group.evidence.iter().map(tieout_domain::Evidence::sentence).collect::<Vec<_>>().join("; "),
    })
}

/// Records that a rule keeps out of matching: nothing is proposed for them, and none is out of sight.
fn of_ignored<'a>(run: &'a Run, sides: &'a Sides, settings: &tieout_planning::Settings) -> Vec<Exception> {
    let items = sides.left.iter().map(|it| (it, it.amount)).chain(sides.right.iter().map(|it| (it, -it.amount)));
    let kept_out = items.filter(|(item, _)| item.on >= settings.cut_over).filter_map(|(item, at_stake)| {
        let rule = run.ignored.get(&item.record)?;
        let number = [&item.order_number, &item.reference, &item.record.id].into_iter().find(|it| !it.is_empty())?;
        Some(Exception {
            kind: ExceptionKind::NotHandled,
            records: vec![item.record.clone()],
            at_stake: Some(at_stake),
            on: Some(item.on),
            subject: format!("#{number} {}", item.party).trim().to_owned(),
            why_not: format!(
                "rule “{rule}” keeps it out of matching; change the rule under Settings, Rules to match it"
            ),
        })
    });
    kept_out.collect()
}

/// Parts of a split record that nothing met yet. Planning books whole records; a part is a person's.
fn of_parts<'a>(run: &'a Run, sides: &'a Sides) -> impl Iterator<Item = Exception> + 'a {
    let open: BTreeSet<&RecordRef> = run.left_over.iter().chain(&run.right_over).map(|it| &it.record).collect();
    let items = sides.left.iter().map(|it| (it, it.amount)).chain(sides.right.iter().map(|it| (it, -it.amount)));
    items.filter(move |(item, _)| open.contains(&item.record)).filter_map(|(item, at_stake)| {
        let whole = sides.parts.get(&item.record)?;
        let number = [&item.order_number, &item.reference, &whole.id].into_iter().find(|it| !it.is_empty())?;
        Some(Exception {
            kind: ExceptionKind::NotHandled,
            records: vec![item.record.clone(), whole.clone()],
            at_stake: Some(at_stake),
            on: Some(item.on),
            subject: format!("#{number} {}", item.party).trim().to_owned(),
            why_not: format!(
                "it is{} of {}, which a person split; match it with its record of the other side, or undo the split",
                crate::decisions::part_words(&item.record),
                whole.id
            ),
        })
    })
}

fn of_refused(company: &Company) -> Result<Vec<Exception>, ServiceError> {
    let refused = company.store.read(|reader| reader.refused_records())?;
    Ok(refused
        .into_iter()
        .map(|it| Exception {
            kind: ExceptionKind::RefusedRecord,
            subject: it.refused.record.id.clone(),
            records: vec![it.refused.record],
            at_stake: None,
            on: None,
            why_not: it.refused.reason,
        })
        .collect())
}

/// What would be proposed again although a person had it reversed: theirs to book, never posted a second time.
fn of_reversed(sides: &Sides, proposals: &mut Vec<Posting>, exceptions: &mut Vec<Exception>) {
    let reversed = sides.postings.iter().filter_map(|it| match &it.posting.state {
        PostingState::Reversed { by } => Some((&it.posting.id, by)),
        _ => None,
    });
    let reversed: BTreeMap<&PostingId, &PostingId> = reversed.collect();
    let again: Vec<Posting> = proposals.extract_if(.., |it| reversed.contains_key(&it.id)).collect();
    let is_of = |exception: &Exception, posting: &Posting| {
        posting.facts.iter().map(|(record, _)| record).eq(exception.records.iter())
    };
    exceptions.retain(|it| !(BESIDE_AN_ENTRY.contains(&it.kind) && again.iter().any(|posting| is_of(it, posting))));
    let exception = |it: Posting| Exception {
        kind: ExceptionKind::NotHandled,
        records: it.facts.iter().map(|(record, _)| record.clone()).collect(),
        at_stake: Some(it.document.amount()),
        on: Some(it.document.on()),
        subject: it.document.natural_key().0,
        why_not: format!("its posting was reversed by {}, and nothing is posted twice under one key", reversed[&it.id]),
    };
    exceptions.extend(again.into_iter().map(exception));
}

/// What planning says beside an entry it proposes: it goes with that entry.
const BESIDE_AN_ENTRY: [ExceptionKind; 4] = [
    ExceptionKind::FeeNotPosted,
    ExceptionKind::PayoutNotPosted,
    ExceptionKind::ChargebackOpen,
    ExceptionKind::ReserveNotPosted,
];

/// Postings that need a person.
fn of_postings(sides: &Sides) -> impl Iterator<Item = Exception> + '_ {
    sides.postings.iter().filter_map(|it| {
        let (kind, why_not) = match &it.posting.state {
            PostingState::Refused { reason } => (ExceptionKind::PostingRefused, format!("{reason}. {}", reason.remedy)),
            PostingState::InDoubt { key, look_up_after, .. } => (
                ExceptionKind::OutcomeUnknown,
                format!("no final answer for key {key}; looked up again after {look_up_after}"),
            ),
            PostingState::AwaitingIntacct { record } => {
                (ExceptionKind::AwaitingIntacct, format!("record {record} waits for an approval in Intacct"))
            }
            _ => return None,
        };
        Some(Exception {
            kind,
            records: it.posting.facts.iter().map(|(record, _)| record.clone()).collect::<Vec<RecordRef>>(),
            at_stake: Some(it.posting.document.amount()),
            on: Some(it.posting.document.on()),
            subject: it.posting.document.natural_key().0,
            why_not,
        })
    })
}

/// Orders whose own figures do not add up.
fn of_totals<'a>(cached: &'a Cached, snapshot: &'a Snapshot<'_>) -> impl Iterator<Item = Exception> + 'a {
    cached.orders.iter().filter(|(order, _)| order.placed_on >= snapshot.settings.cut_over).filter_map(|(order, _)| {
        let difference = tieout_xcart::totals_add_up(order).err()?;
        Some(Exception {
            kind: ExceptionKind::TotalMismatch,
            records: vec![order.record()],
            at_stake: Some(order.total),
            on: Some(order.placed_on),
            subject: format!("#{} {}", order.number, order.party()),
            why_not: difference.to_string(),
        })
    })
}
