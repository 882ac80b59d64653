//! The planner: each kind of situation in a file of its own; here they meet, are checked, and are made unique.

use crate::checks;
use crate::keys::posting_id;
use crate::snapshot::Snapshot;
use crate::{deposits, gateways, invoices, orders, receipts, refunds, settlements};
use jiff::civil::Date;
use std::collections::BTreeSet;
use tieout_domain::{Check, Document, Exception, ExceptionKind, Posting, PostingId, PostingState, RecordRef};
use tieout_money::Money;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// In dependency order, then by id.
    pub proposals: Vec<Posting>,
    pub exceptions: Vec<Exception>,
}

pub fn plan(snapshot: &Snapshot<'_>) -> Plan {
    let mut planner = Planner { snapshot, plan: Plan::default(), proposed: BTreeSet::new(), written_off: Vec::new() };
    receipts::plan(&mut planner);
    refunds::plan(&mut planner);
    settlements::plan(&mut planner);
    gateways::plan(&mut planner);
    deposits::plan(&mut planner);
    orders::plan(&mut planner);
    invoices::plan(&mut planner);
    receipts::ledger_side(&mut planner);
    let mut plan = planner.plan;
    flag_what_follows(&mut plan.proposals);
    plan.proposals.sort_by(|a, b| (a.after.len(), &a.id).cmp(&(b.after.len(), &b.id)));
    plan.exceptions.sort_by_cached_key(|it| (it.kind, it.id()));
    plan.exceptions.dedup_by(|a, b| a.id() == b.id());
    plan
}

/// What is posted only after a posting with a flag is not clear either: approved without it, it would wait for ever.
fn flag_what_follows(proposals: &mut [Posting]) {
    loop {
        let flagged: BTreeSet<PostingId> =
            proposals.iter().filter(|it| !it.is_clear()).map(|it| it.id.clone()).collect();
        let mut is_done = true;
        for it in proposals.iter_mut().filter(|it| it.is_clear()) {
            if let Some(first) = it.after.iter().find(|id| flagged.contains(id)) {
                it.checks.insert(0, checks::review(format!("it follows {first}, which has a flag: look at both")));
                is_done = false;
            }
        }
        if is_done {
            return;
        }
    }
}

pub struct Planner<'a, 'b> {
    pub snapshot: &'a Snapshot<'b>,
    plan: Plan,
    proposed: BTreeSet<PostingId>,
    /// Small differences this run writes off, on top of those already in the ledger.
    pub written_off: Vec<(Date, Money)>,
}

/// A document about to be proposed, with what a reviewer needs to judge it.
pub struct Draft {
    pub document: Document,
    /// The records it rests on; the first one names it.
    pub facts: Vec<RecordRef>,
    pub because: String,
    /// The day the facts give it, before any choice of a person.
    pub own_day: Date,
    pub subject: String,
    pub checks: Vec<Check>,
    pub after: Vec<PostingId>,
}

/// What an exception says of its record.
pub struct About {
    pub amount: Money,
    pub on: Date,
    pub subject: String,
}

impl Planner<'_, '_> {
    /// Proposes it unless it is already under way; what blocks it becomes an exception. Tells the posting's
    /// id when it is proposed now or was before.
    pub fn propose(&mut self, draft: Draft) -> Option<PostingId> {
        let id = posting_id(&draft.document.natural_key().0);
        if self.snapshot.under_way.contains(&id) || !self.proposed.insert(id.clone()) {
            return Some(id);
        }
        match checks::check(self.snapshot, &draft.document, draft.own_day, &draft.facts, &draft.subject) {
            Err(held) => {
                self.plan.exceptions.extend(held);
                None
            }
            Ok(mut found) => {
                found.extend(draft.checks);
                found.sort_by_key(|check| std::cmp::Reverse(check.level));
                self.plan.proposals.push(Posting {
                    id: id.clone(),
                    facts: draft.facts.into_iter().map(|it| self.snapshot.fact(it)).collect(),
                    document: draft.document,
                    because: draft.because,
                    checks: found,
                    settings_version: self.snapshot.settings_version,
                    after: draft.after,
                    state: PostingState::Proposed,
                });
                Some(id)
            }
        }
    }

    pub fn hold(
        &mut self,
        kind: ExceptionKind,
        records: Vec<RecordRef>,
        at_stake: Option<Money>,
        on: Option<Date>,
        subject: impl Into<String>,
        why_not: impl Into<String>,
    ) {
        self.plan.exceptions.push(Exception {
            kind,
            records,
            at_stake,
            on,
            subject: subject.into(),
            why_not: why_not.into(),
        });
    }

    /// Two answers are no answer: the record and its candidates go to a person, and nothing is proposed.
    pub fn hold_ambiguous(&mut self, record: RecordRef, with: &[RecordRef], about: About, sentence: &str) {
        let records = std::iter::once(record).chain(with.iter().cloned()).collect();
        self.hold(ExceptionKind::Ambiguous, records, Some(about.amount), Some(about.on), about.subject, sentence);
    }

    /// An exception of this run about a payment names this record as well: it needs none of its own.
    pub fn is_told_with_its_payment(&self, record: &RecordRef) -> bool {
        let both = [ExceptionKind::Ambiguous, ExceptionKind::AmountVariance];
        self.plan.exceptions.iter().any(|it| both.contains(&it.kind) && it.records.contains(record))
    }

    /// Proposed in this run, or sent or in the ledger from an earlier one.
    pub fn is_proposed(&self, id: &PostingId) -> bool {
        self.proposed.contains(id) || self.snapshot.under_way.contains(id)
    }

    pub fn is_taken_care_of(&self, record: &RecordRef) -> bool {
        self.snapshot.facts_under_way.contains(record) || self.snapshot.suggested.contains(record)
    }
}
