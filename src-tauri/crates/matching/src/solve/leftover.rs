//! Every record that no group holds has a reason, from a closed list.

use super::edges::Edge;
use super::work::Work;
use crate::table::{NONE, PayKind, PayStatus, ReceiptType};
use std::collections::HashMap;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    #[default]
    Matched,
    Failed,
    Voided,
    ZeroAmount,
    DuplicatePayment,
    DuplicateReceipt,
    AmountDiffers,
    Ambiguous,
    SaleWithoutReceipt,
    RefundWithoutCredit,
    ChargebackWithoutEntry,
    ReceiptWithoutPayment,
    PayoutUnexplained,
    /// Money of a gateway that pays out in sums: the payout it belongs to is not there, or not explained yet.
    MissingSettlement,
}

impl Reason {
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Matched => "matched",
            Reason::Failed => "failed",
            Reason::Voided => "voided",
            Reason::ZeroAmount => "zero-amount",
            Reason::DuplicatePayment => "duplicate-capture",
            Reason::DuplicateReceipt => "duplicate-receipt",
            Reason::AmountDiffers => "amount-variance",
            Reason::Ambiguous => "ambiguous",
            Reason::SaleWithoutReceipt => "capture-without-receipt",
            Reason::RefundWithoutCredit => "refund-without-credit",
            Reason::ChargebackWithoutEntry => "chargeback-open",
            Reason::ReceiptWithoutPayment => "orphan-receipt",
            Reason::PayoutUnexplained => "payout-variance",
            Reason::MissingSettlement => "missing-settlement",
        }
    }
}

pub fn run(work: &mut Work<'_>, edges: &[Edge]) {
    let book = work.book;
    let (p, r) = (&book.payments, &book.receipts);
    let mut left = vec![Reason::Matched; p.len()];
    let mut right = vec![Reason::Matched; r.len()];
    for (at, reason) in left.iter_mut().enumerate().filter(|it| work.left_group[it.0] == NONE) {
        *reason = match (p.status[at], p.kind[at]) {
            (PayStatus::Failed, _) => Reason::Failed,
            (PayStatus::Voided, _) => Reason::Voided,
            _ if p.minor[at] == 0 => Reason::ZeroAmount,
            (_, PayKind::Sale) => Reason::SaleWithoutReceipt,
            (_, PayKind::Refund) => Reason::RefundWithoutCredit,
            (_, PayKind::Chargeback) => Reason::ChargebackWithoutEntry,
        };
    }
    for (at, reason) in right.iter_mut().enumerate().filter(|it| work.right_group[it.0] == NONE) {
        *reason = match r.kind[at] {
            _ if r.minor[at] == 0 => Reason::ZeroAmount,
            ReceiptType::Deposit => Reason::PayoutUnexplained,
            _ => Reason::ReceiptWithoutPayment,
        };
    }
    // A reference is shared: its partner is taken by an equal record, or the amounts differ.
    for it in edges {
        let (l, rr) = (it.left as usize, it.right as usize);
        let equal = p.minor[l] == r.minor[rr] && p.currency[l] == r.currency[rr];
        match (left[l], right[rr]) {
            (Reason::Matched, Reason::ReceiptWithoutPayment) if equal => right[rr] = Reason::DuplicateReceipt,
            (Reason::SaleWithoutReceipt | Reason::RefundWithoutCredit, Reason::Matched) if equal => {
                left[l] = Reason::DuplicatePayment;
            }
            (Reason::SaleWithoutReceipt, Reason::ReceiptWithoutPayment) if !equal => {
                left[l] = Reason::AmountDiffers;
                right[rr] = Reason::AmountDiffers;
            }
            (
                Reason::SaleWithoutReceipt | Reason::AmountDiffers,
                Reason::ReceiptWithoutPayment | Reason::AmountDiffers,
            ) if equal => {
                left[l] = Reason::Ambiguous;
                right[rr] = Reason::Ambiguous;
            }
            _ => {}
        }
    }
    duplicates(work, &mut left, &mut right);
    unsettled(work, &mut left);
    work.left_reason = left;
    work.right_reason = right;
}

/// Where a shop's gateway mostly pays out in sums, what is left over waits for one.
fn unsettled(work: &Work<'_>, left: &mut [Reason]) {
    use super::work::Pass;
    let p = &work.book.payments;
    let (gateways, currencies) = (p.gateways.width(), work.book.currencies.len());
    let place = |row: usize| {
        (p.store[row] as usize * gateways + p.gateway[row] as usize) * currencies + usize::from(p.currency[row])
    };
    let mut counts = vec![(0_u32, 0_u32); p.stores.width() * gateways * currencies];
    for (row, group) in work.left_group.iter().enumerate().filter(|it| *it.1 != NONE) {
        let count = &mut counts[place(row)];
        match work.groups[*group as usize].pass {
            Pass::Payout | Pass::PayoutEdited => count.0 += 1,
            _ => count.1 += 1,
        }
    }
    for (row, reason) in left.iter_mut().enumerate() {
        let (in_sums, alone) = counts[place(row)];
        let open = matches!(
            *reason,
            Reason::SaleWithoutReceipt | Reason::RefundWithoutCredit | Reason::ChargebackWithoutEntry
        );
        if open && in_sums > alone {
            *reason = Reason::MissingSettlement;
        }
    }
}

/// An equal record of the same side is matched or came before.
fn duplicates(work: &Work<'_>, left: &mut [Reason], right: &mut [Reason]) {
    let (p, r) = (&work.book.payments, &work.book.receipts);
    let mut matched: HashMap<(u32, &[u8], i64), ()> = HashMap::new();
    let open: Vec<usize> = (0..left.len()).filter(|it| left[*it] == Reason::SaleWithoutReceipt).collect();
    let key = |at: usize| (p.store[at], p.order_text(at as u32), p.minor[at]);
    for at in &open {
        matched.insert(key(*at), ());
    }
    let mut seen: HashMap<(u32, &[u8], i64), usize> = HashMap::new();
    if !matched.is_empty() {
        for at in (0..p.len()).filter(|it| p.status[*it] == PayStatus::Settled && matched.contains_key(&key(*it))) {
            if p.order_text(at as u32).is_empty() {
                continue;
            }
            match seen.get(&key(at)) {
                Some(first) if left[*first] == Reason::SaleWithoutReceipt && left[at] == Reason::Matched => {
                    left[*first] = Reason::DuplicatePayment;
                }
                Some(_) if left[at] == Reason::SaleWithoutReceipt => left[at] = Reason::DuplicatePayment,
                Some(_) => {}
                None => {
                    seen.insert(key(at), at);
                }
            }
        }
    }
    let mut open: HashMap<(u64, i64, u8, u32), usize> = HashMap::new();
    let key = |at: usize| (r.customer[at], r.minor[at], r.currency[at], r.account[at]);
    let twin = |a: usize, b: usize| {
        r.reference_text(a as u32) == r.reference_text(b as u32)
            && r.memo_text(a as u32) == r.memo_text(b as u32)
            && (r.day[a] - r.day[b]).abs() <= 5
            && !(r.reference_text(a as u32).is_empty() && r.memo_text(a as u32).is_empty())
    };
    for at in (0..right.len()).filter(|it| right[*it] == Reason::ReceiptWithoutPayment) {
        open.insert(key(at), at);
    }
    for at in 0..right.len() {
        if let Some(other) = open.get(&key(at))
            && *other != at
            && right[*other] == Reason::ReceiptWithoutPayment
            && right[at] == Reason::Matched
            && twin(at, *other)
        {
            right[*other] = Reason::DuplicateReceipt;
        }
    }
}
