//! What happens to each order: most end in one exact receipt, a few in each kind of disagreement.

use super::dice::Dice;

/// How the order is named in the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Exact,
    GatewayReference,
    InMemo,
    ZeroPadded,
    Prefixed,
    Truncated,
    Typo,
    Missing,
}

impl Style {
    pub fn kind(self) -> &'static str {
        match self {
            Style::Exact => "ref_exact",
            Style::GatewayReference => "ref_gateway",
            Style::InMemo => "ref_in_memo",
            Style::ZeroPadded => "ref_zero_padded",
            Style::Prefixed => "ref_prefixed",
            Style::Truncated => "ref_truncated",
            Style::Typo => "ref_typo",
            Style::Missing => "ref_missing",
        }
    }
}

/// A planted difference that belongs on the exceptions list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    OrderWithoutInvoice,
    InvoiceWithoutCapture,
    AmountVariance,
    TaxVariance,
    MissingSettlement,
    UnmappedSku,
    UnmappedCustomer,
    UnmappedMethod,
    UnmappedTax,
    ClosedPeriod,
    CurrencyMismatch,
    RefundExceedsCapture,
    RefundWithoutCredit,
    UnknownStatus,
    UnknownPaymentState,
    RefusedRecord,
    TotalMismatch,
    Ambiguous,
    AwaitingIntacct,
}

impl Trouble {
    pub fn kind(self) -> &'static str {
        match self {
            Trouble::OrderWithoutInvoice => "order-without-invoice",
            Trouble::InvoiceWithoutCapture => "invoice-without-capture",
            Trouble::AmountVariance => "amount-variance",
            Trouble::TaxVariance => "tax-variance",
            Trouble::MissingSettlement => "missing-settlement",
            Trouble::UnmappedSku => "unmapped-sku",
            Trouble::UnmappedCustomer => "unmapped-customer",
            Trouble::UnmappedMethod => "unmapped-method",
            Trouble::UnmappedTax => "unmapped-tax",
            Trouble::ClosedPeriod => "closed-period",
            Trouble::CurrencyMismatch => "currency-mismatch",
            Trouble::RefundExceedsCapture => "refund-exceeds-capture",
            Trouble::RefundWithoutCredit => "refund-without-credit",
            Trouble::UnknownStatus => "unknown-status",
            Trouble::UnknownPaymentState => "unknown-payment-state",
            Trouble::RefusedRecord => "refused-record",
            Trouble::TotalMismatch => "total-mismatch",
            Trouble::Ambiguous => "ambiguous",
            Trouble::AwaitingIntacct => "awaiting-intacct",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    Booked(Style),
    NetOfFee,
    WireFee,
    OffByCent,
    BaseCurrency,
    SplitReceipts,
    /// One cheque for several orders of one customer: the number of the group.
    Remittance(usize),
    GiftCardAndCard,
    TwoCards,
    /// Booked once per payout, with all others of it.
    InPayout,
    FullRefund,
    PartialRefund,
    PartialCapture,
    DoubleCapture,
    DoubleReceipt,
    /// Paid before any invoice, and the advance is in the books.
    Advance,
    Disputed,
    /// Captured, invoiced, not yet in the books.
    Unposted,
    /// Captured and not even invoiced: an advance.
    UnpostedAdvance,
    Declined,
    Voided,
    Authorized,
    /// An offline order whose money has not come yet.
    Awaiting,
    Trouble(Trouble),
}

/// Where in the order of time an order may stand.
pub struct Slots {
    /// Orders before the period began, for the closed books.
    pub closed: usize,
    /// End of the first days, when one gateway was booked net of its fees.
    pub net_until: usize,
    /// Beyond this nothing special happens: its receipts could fall behind the last day.
    pub settled_until: usize,
    /// From here on a good share is not in the books yet.
    pub recent_from: usize,
    pub count: usize,
}

/// Orders for each rare kind: one percent of the payments and a little more.
pub fn quota(orders: usize) -> usize {
    (orders * 130).div_ceil(10_000).max(2)
}

/// How many of each planted exception.
pub const PLANTED: usize = 6;

pub fn assign(dice: &mut Dice, slots: &Slots) -> Vec<Story> {
    let mut stories: Vec<Option<Story>> = vec![None; slots.count];
    for story in stories.iter_mut().take(slots.closed) {
        *story = Some(Story::Trouble(Trouble::ClosedPeriod));
    }
    let few = quota(slots.count);
    remittances(dice, slots, &mut stories, few + few / 4);
    twins(dice, slots, &mut stories);
    let mut fill = |dice: &mut Dice, from: usize, until: usize, wanted: Vec<Story>| {
        let mut free: Vec<usize> = (from..until.min(slots.count)).filter(|&at| stories[at].is_none()).collect();
        dice.shuffle(&mut free);
        for (story, at) in wanted.into_iter().zip(free) {
            stories[at] = Some(story);
        }
    };
    let many = |story: Story, count: usize| std::iter::repeat_n(story, count);

    fill(dice, slots.closed, slots.net_until, many(Story::NetOfFee, few + few / 8).collect());
    let mut settled: Vec<Story> = Vec::new();
    for trouble in [
        Trouble::OrderWithoutInvoice,
        Trouble::AmountVariance,
        Trouble::TaxVariance,
        Trouble::MissingSettlement,
        Trouble::CurrencyMismatch,
        Trouble::RefundExceedsCapture,
        Trouble::RefundWithoutCredit,
        Trouble::UnknownPaymentState,
        Trouble::RefusedRecord,
        Trouble::AwaitingIntacct,
    ] {
        settled.extend(many(Story::Trouble(trouble), PLANTED));
    }
    for style in [
        Style::GatewayReference,
        Style::InMemo,
        Style::ZeroPadded,
        Style::Prefixed,
        Style::Truncated,
        Style::Typo,
        Style::Missing,
    ] {
        settled.extend(many(Story::Booked(style), few));
    }
    for (story, count) in [
        (Story::WireFee, few),
        (Story::OffByCent, few),
        (Story::BaseCurrency, few),
        (Story::SplitReceipts, few),
        (Story::GiftCardAndCard, few * 2 / 5),
        (Story::TwoCards, few * 2 / 5),
        (Story::FullRefund, few),
        (Story::PartialRefund, few),
        (Story::PartialCapture, few * 3 / 5),
        (Story::DoubleCapture, (few * 9 / 20).max(PLANTED)),
        (Story::DoubleReceipt, (few * 9 / 20).max(PLANTED)),
        (Story::Advance, few),
        (Story::Disputed, (few * 11 / 20).max(2 * PLANTED)),
    ] {
        settled.extend(many(story, count));
    }
    fill(dice, slots.closed, slots.settled_until, settled);
    fill(
        dice,
        slots.closed,
        slots.settled_until / 2,
        many(Story::Trouble(Trouble::InvoiceWithoutCapture), PLANTED).collect(),
    );
    let mut recent: Vec<Story> = Vec::new();
    for trouble in [
        Trouble::UnmappedSku,
        Trouble::UnmappedCustomer,
        Trouble::UnmappedMethod,
        Trouble::UnmappedTax,
        Trouble::UnknownStatus,
        Trouble::TotalMismatch,
    ] {
        recent.extend(many(Story::Trouble(trouble), PLANTED));
    }
    let recent_count = slots.count - slots.recent_from;
    recent.extend(many(Story::Unposted, recent_count * 30 / 100));
    recent.extend(many(Story::UnpostedAdvance, recent_count * 6 / 100));
    fill(dice, slots.recent_from, slots.count, recent);

    stories
        .into_iter()
        .map(|story| {
            story.unwrap_or_else(|| {
                dice.weighted(&[
                    (Story::Booked(Style::Exact), 700),
                    (Story::InPayout, 230),
                    (Story::Declined, 35),
                    (Story::Voided, 15),
                    (Story::Authorized, 8),
                    (Story::Awaiting, 8),
                ])
            })
        })
        .collect()
}

/// Groups of two to six orders within a few days of each other.
fn remittances(dice: &mut Dice, slots: &Slots, stories: &mut [Option<Story>], wanted: usize) {
    let mut placed = 0;
    let mut group = 0;
    for _ in 0..wanted * 4 {
        if placed >= wanted || slots.settled_until <= slots.closed + 20 {
            return;
        }
        let size = dice.between(2, 6) as usize;
        let mut at = slots.closed + dice.below(slots.settled_until - slots.closed);
        let mut members = Vec::new();
        while members.len() < size && at < slots.settled_until {
            if stories[at].is_none() {
                members.push(at);
            }
            at += dice.between(1, 12) as usize;
        }
        if members.len() == size {
            for at in members {
                stories[at] = Some(Story::Remittance(group));
                placed += 1;
            }
            group += 1;
        }
    }
}

/// Pairs of orders side by side whose payments and receipts nothing tells apart.
fn twins(dice: &mut Dice, slots: &Slots, stories: &mut [Option<Story>]) {
    let until = slots.settled_until.max(slots.closed + 2);
    let mut placed = 0;
    for _ in 0..PLANTED * 20 {
        let at = slots.closed + dice.below(until - slots.closed - 1);
        if placed < PLANTED && at + 1 < stories.len() && stories[at].is_none() && stories[at + 1].is_none() {
            stories[at] = Some(Story::Trouble(Trouble::Ambiguous));
            stories[at + 1] = Some(Story::Trouble(Trouble::Ambiguous));
            placed += 1;
        }
    }
}
