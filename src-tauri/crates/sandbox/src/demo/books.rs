//! What the bookkeeper entered in Intacct for each order, and which of it belongs to which payment.

use std::collections::BTreeMap;

use super::calendar::{Day, Zone, business_days_after, date, day_in};
use super::dice::Dice;
use super::model::*;
use super::people::{GUEST, NameNoise, Person};
use super::references;
use super::settlements::{Outcome, Payout, PayoutTrouble, Settlements};
use super::story::{Story, Style, Trouble};
use super::truth::{LedgerRef, Truth, TruthException, TruthGroup, Unposted};

/// Payouts younger than this many days are not in the books yet.
const PAYOUT_DAYS: Day = 5;
/// The gateway that is booked once per payout: net of its fees in the first days, gross afterwards.
const NET_PAYOUT_DAYS: Day = 20;

pub struct Books<'a> {
    pub dice: &'a mut Dice,
    pub people: &'a [Person],
    pub sales: &'a [Sale],
    pub stories: &'a [Story],
    pub events: &'a [MoneyEvent],
    pub settlements: &'a Settlements,
    pub rates: &'a BTreeMap<Day, i64>,
    pub first: Day,
    pub last: Day,
    pub documents: Vec<Document>,
    pub truth: Truth,
    events_of: Vec<Vec<usize>>,
    /// Payout of each money event, by position.
    payout_of: BTreeMap<usize, usize>,
    /// Invoices of orders that are booked once per payout, and the entry of each payout.
    invoice_in_payout: BTreeMap<usize, usize>,
    pub payout_entries: BTreeMap<usize, usize>,
    next_invoice: u64,
    twins: Vec<(usize, usize)>,
}

/// What a receipt says of itself.
struct Entry<'a> {
    sale: usize,
    events: &'a [usize],
    kind: &'static str,
    style: Style,
    amount: Cents,
    currency: Currency,
    place: Place,
    invoice: usize,
    due: Cents,
}

impl<'a> Books<'a> {
    #[expect(clippy::too_many_arguments, reason = "the whole world so far, handed over once")]
    pub fn new(
        dice: &'a mut Dice,
        people: &'a [Person],
        sales: &'a [Sale],
        stories: &'a [Story],
        events: &'a [MoneyEvent],
        settlements: &'a Settlements,
        rates: &'a BTreeMap<Day, i64>,
        (first, last): (Day, Day),
    ) -> Self {
        let mut events_of = vec![Vec::new(); sales.len()];
        for (at, event) in events.iter().enumerate() {
            events_of[event.sale].push(at);
        }
        let mut payout_of = BTreeMap::new();
        for (at, payout) in settlements.payouts.iter().enumerate() {
            for &row in &payout.rows {
                if let Some(event) = settlements.rows[row].event {
                    payout_of.insert(event, at);
                }
            }
        }
        Books {
            dice,
            people,
            sales,
            stories,
            events,
            settlements,
            rates,
            first,
            last,
            documents: Vec::new(),
            truth: Truth::default(),
            events_of,
            payout_of,
            invoice_in_payout: BTreeMap::new(),
            payout_entries: BTreeMap::new(),
            next_invoice: 5_500_001,
            twins: Vec::new(),
        }
    }

    pub fn write(&mut self) {
        for sale in 0..self.sales.len() {
            self.sales_order(sale);
            self.story(sale);
        }
        self.pair_twins();
        self.payouts();
        self.disputes();
        self.file_only();
    }

    // ---- what one order leaves in the books ---------------------------------------------------------------------

    fn story(&mut self, sale: usize) {
        let events = self.events_of[sale].clone();
        let Some(&first) = events.first() else { return self.story_without_money(sale) };
        let total = self.sales[sale].total;
        match self.stories[sale] {
            Story::Booked(style) => self.one_receipt(sale, first, style.kind(), style, total),
            Story::Disputed => self.one_receipt(sale, first, "ref_exact", Style::Exact, total),
            Story::NetOfFee => {
                let fee = self.fee_of(first);
                self.one_receipt(sale, first, "net_of_fee", Style::Exact, total - fee);
            }
            Story::WireFee => {
                let fee = self.dice.pick(&[1_500, 2_500]);
                self.one_receipt(sale, first, "wire_fee", Style::Exact, total - fee);
            }
            Story::OffByCent => {
                let off = self.dice.pick(&[-1, 1]);
                self.one_receipt(sale, first, "off_by_cent", Style::Exact, total + off);
            }
            Story::Trouble(Trouble::AmountVariance) => {
                let off = self.dice.pick(&[-1_000, -3_750, 500, -620]).max(50 - total);
                let payment = self.events[first].id();
                self.one_receipt(sale, first, "amount_variance", Style::Exact, total + off);
                let receipt = self.latest_ref();
                self.trouble(
                    Trouble::AmountVariance,
                    sale,
                    &[payment],
                    vec![receipt],
                    format!("receipt differs by {off} cents"),
                );
            }
            Story::BaseCurrency => self.base_currency(sale, first),
            Story::SplitReceipts => self.split(sale, first),
            Story::Remittance(group) => self.remittance(sale, group),
            Story::GiftCardAndCard | Story::PartialCapture => self.each_its_receipt(sale, &events),
            Story::TwoCards => {
                let invoice = self.invoice(sale, self.day(first), None, 0);
                let place = self.sales[sale].method.place(self.sales[sale].currency);
                self.receipt(&Entry {
                    sale,
                    events: &events,
                    kind: "two_tenders",
                    style: Style::Exact,
                    amount: total,
                    currency: self.sales[sale].currency,
                    place,
                    invoice,
                    due: total,
                });
            }
            Story::InPayout => {
                // a payout of the first days books the sales themselves
                if self.payout_of.get(&first).is_none_or(|&at| !self.is_net(at)) {
                    let invoice = self.invoice(sale, self.day(first), None, 0);
                    self.invoice_in_payout.insert(sale, invoice);
                }
                if self.payout_of.get(&first).is_none_or(|&at| !self.is_booked(&self.settlements.payouts[at])) {
                    self.unposted(first, "receipt");
                }
            }
            Story::FullRefund | Story::PartialRefund => {
                self.one_receipt(sale, first, "ref_exact", Style::Exact, total);
                for &event in &events[1..] {
                    self.refund(sale, event);
                }
            }
            Story::Trouble(Trouble::RefundExceedsCapture | Trouble::RefundWithoutCredit) => {
                self.one_receipt(sale, first, "ref_exact", Style::Exact, total);
                let Story::Trouble(trouble) = self.stories[sale] else { return };
                for &event in &events[1..] {
                    self.trouble(
                        trouble,
                        sale,
                        &[self.events[event].id()],
                        Vec::new(),
                        "refund is not in the books".into(),
                    );
                }
            }
            Story::DoubleCapture => {
                self.one_receipt(sale, first, "ref_exact", Style::Exact, total);
                let second = self.events[events[1]].id();
                let of = self.events[first].id();
                self.except(
                    "duplicate-capture",
                    vec![format!("payment:{second}")],
                    Vec::new(),
                    format!("captured already as {of}"),
                );
                for &event in &events[2..] {
                    self.unposted(event, "refund");
                }
            }
            Story::DoubleReceipt => {
                self.one_receipt(sale, first, "ref_exact", Style::Exact, total);
                self.repeat_receipt(sale, first);
            }
            Story::Advance => self.advance(sale, first),
            Story::Unposted => {
                self.invoice(sale, self.day(first), None, 0);
                self.unposted(first, "receipt");
            }
            Story::UnpostedAdvance => self.unposted(first, "advance"),
            Story::Trouble(trouble) => self.troubled(trouble, sale, first),
            Story::Declined | Story::Voided | Story::Authorized | Story::Awaiting => {}
        }
    }

    fn story_without_money(&mut self, sale: usize) {
        match self.stories[sale] {
            Story::Trouble(trouble @ Trouble::InvoiceWithoutCapture) => {
                let day = day_in(self.sales[sale].placed, Zone::Entity) + 1;
                let invoice = self.invoice(sale, day, Some(15), 0);
                let natural = self.reference(invoice, 0);
                self.trouble(trouble, sale, &[], vec![natural], "shipped on account, never paid".into());
            }
            Story::Trouble(trouble @ Trouble::UnknownPaymentState) => {
                let ids: Vec<String> = self.sales[sale].transactions.iter().map(|it| format!("{}:0", it.id)).collect();
                self.trouble(trouble, sale, &ids, Vec::new(), "two offline rows without a gateway's word".into());
            }
            _ => {}
        }
    }

    fn troubled(&mut self, trouble: Trouble, sale: usize, first: usize) {
        let payment = self.events[first].id();
        let day = self.day(first);
        match trouble {
            Trouble::TaxVariance => {
                let off = self.dice.pick(&[-37, 42, 115, -208]);
                let invoice = self.invoice(sale, day, None, off);
                let natural = self.reference(invoice, 0);
                self.trouble(
                    trouble,
                    sale,
                    &[payment],
                    vec![natural],
                    format!("the invoice's tax differs by {off} cents"),
                );
            }
            Trouble::ClosedPeriod => {
                let own = day_in(self.events[first].at, Zone::Entity).min(self.first - 1);
                self.invoice(sale, own, None, 0);
                self.unposted(first, "receipt");
                self.trouble(trouble, sale, &[payment], Vec::new(), format!("its own day {} is closed", date(own)));
            }
            Trouble::CurrencyMismatch => {
                let usd = self.in_base(self.sales[sale].total, day);
                let invoice = self.plain_invoice(sale, day, Currency::Usd, vec![("4000", usd)]);
                let natural = self.reference(invoice, 0);
                self.trouble(trouble, sale, &[payment], vec![natural], "invoiced in USD, paid in EUR".into());
            }
            Trouble::MissingSettlement => {
                self.one_receipt(sale, first, "ref_exact", Style::Exact, self.sales[sale].total);
                self.trouble(trouble, sale, &[payment], Vec::new(), "in no settlement file".into());
            }
            Trouble::UnknownStatus => {
                self.invoice(sale, day, None, 0);
                self.trouble(trouble, sale, &[payment], Vec::new(), "status HLD is the store's own".into());
            }
            Trouble::UnmappedMethod => {
                self.invoice(sale, day, None, 0);
                self.trouble(trouble, sale, &[payment], Vec::new(), "Phone Ordering is mapped to no account".into());
            }
            Trouble::Ambiguous => self.twins.push((sale, first)),
            Trouble::AwaitingIntacct => {
                let total = self.sales[sale].total;
                self.one_receipt(sale, first, "draft_receipt", Style::Exact, total);
                if let Some(Document { body: Body::Receipt { is_draft, .. }, .. }) = self.documents.last_mut() {
                    *is_draft = true;
                }
                let receipt = self.latest_ref();
                self.trouble(trouble, sale, &[payment], vec![receipt], "the receipt is a draft".into());
            }
            Trouble::RefusedRecord => {
                self.trouble(trouble, sale, &[payment], Vec::new(), "the order does not parse".into());
            }
            Trouble::OrderWithoutInvoice
            | Trouble::UnmappedSku
            | Trouble::UnmappedCustomer
            | Trouble::UnmappedTax
            | Trouble::TotalMismatch => {
                if trouble != Trouble::UnmappedCustomer {
                    self.unposted(first, "advance");
                }
                let why = match trouble {
                    Trouble::OrderWithoutInvoice => "shipped and paid, never invoiced",
                    Trouble::UnmappedSku => "its SKU is no item in Intacct",
                    Trouble::UnmappedCustomer => "its customer is not in Intacct",
                    Trouble::UnmappedTax => "its tax code has no subtotal",
                    _ => "lines and surcharges do not come to the total",
                };
                self.trouble(trouble, sale, &[payment], Vec::new(), why.into());
            }
            Trouble::AmountVariance
            | Trouble::InvoiceWithoutCapture
            | Trouble::RefundExceedsCapture
            | Trouble::RefundWithoutCredit
            | Trouble::UnknownPaymentState => {}
        }
    }

    /// The books have a sales order for everything older than a few days.
    fn sales_order(&mut self, sale: usize) {
        let one = &self.sales[sale];
        let on = day_in(one.placed, Zone::Entity);
        let unknown = matches!(
            self.stories[sale],
            Story::Declined
                | Story::Voided
                | Story::UnpostedAdvance
                | Story::Trouble(
                    Trouble::UnmappedSku
                        | Trouble::UnmappedCustomer
                        | Trouble::UnmappedTax
                        | Trouble::TotalMismatch
                        | Trouble::RefusedRecord
                )
        );
        if !unknown && on <= self.last - 4 && on >= self.first {
            self.put(on, Body::SalesOrder { sale });
        }
    }

    fn one_receipt(&mut self, sale: usize, event: usize, kind: &'static str, style: Style, amount: Cents) {
        let invoice = self.invoice(sale, self.day(event), None, 0);
        let one = &self.sales[sale];
        let (currency, place, due) = (one.currency, self.events[event].method.place(one.currency), one.total);
        self.receipt(&Entry { sale, events: &[event], kind, style, amount, currency, place, invoice, due });
    }

    fn receipt(&mut self, entry: &Entry<'_>) {
        let event = &self.events[entry.events[entry.events.len() - 1]];
        let base = day_in(event.at, Zone::Entity);
        let lag = self.dice.weighted(&[(0, 34), (1, 41), (2, 12), (3, 6), (4, 4), (5, 3)]);
        let on = if lag == 0 { base } else { business_days_after(base, lag) };
        if on > self.last {
            // it will be entered tomorrow
            for &event in entry.events {
                self.unposted(event, "receipt");
            }
            return;
        }
        let (number, mut memo) = references::write(self.dice, entry.style, &self.sales[entry.sale], event);
        let mut traits = self.traits(entry.sale, event, lag);
        if self.dice.chance(30) {
            let other = &self.sales[self.dice.below(self.sales.len())];
            memo = references::with_decoy(self.dice, &memo, &other.number);
            traits.push("decoy_in_memo");
        }
        let applied = entry.amount.min(entry.due);
        let body = Body::Receipt {
            customer: Some(self.customer(entry.sale)),
            payer: String::new(),
            place: entry.place,
            method: event.method.ledger_method(),
            number,
            memo,
            currency: entry.currency,
            applied: vec![(entry.invoice, applied)],
            overpaid: entry.amount - applied,
            is_draft: false,
        };
        let left = entry.events.iter().map(|&at| self.events[at].id()).collect();
        let document = self.put_receipt(on, body, &mut traits);
        let right = vec![self.reference(document, 0)];
        self.truth.groups.push(TruthGroup { kind: entry.kind, traits, left, right, also: Vec::new() });
    }

    fn base_currency(&mut self, sale: usize, event: usize) {
        let day = self.day(event);
        let usd = self.in_base(self.sales[sale].total, day);
        let invoice = self.plain_invoice(sale, day, Currency::Usd, vec![("4000", usd)]);
        self.receipt(&Entry {
            sale,
            events: &[event],
            kind: "base_currency",
            style: Style::Exact,
            amount: usd,
            currency: Currency::Usd,
            place: Place::Undeposited("1210"),
            invoice,
            due: usd,
        });
    }

    /// One payment entered as two or three receipts.
    fn split(&mut self, sale: usize, event: usize) {
        let one = &self.sales[sale];
        let (total, currency, place) = (one.total, one.currency, self.events[event].method.place(one.currency));
        let invoice = self.invoice(sale, self.day(event), None, 0);
        let count = self.dice.between(2, 3);
        let on = business_days_after(day_in(self.events[event].at, Zone::Entity), 1);
        let mut left = total;
        let mut traits = self.traits(sale, &self.events[event], 1);
        let mut right = Vec::new();
        for part in 0..count {
            let amount = if part + 1 == count { left } else { total * self.dice.between(25, 40) / 100 };
            left -= amount;
            let body = Body::Receipt {
                customer: Some(self.customer(sale)),
                payer: String::new(),
                place,
                method: self.events[event].method.ledger_method(),
                number: self.sales[sale].number.clone(),
                memo: format!("Part {} of {count}", part + 1),
                currency,
                applied: vec![(invoice, amount)],
                overpaid: 0,
                is_draft: false,
            };
            let document = self.put_receipt(on, body, &mut traits);
            right.push(self.reference(document, 0));
        }
        let left = vec![self.events[event].id()];
        self.truth.groups.push(TruthGroup { kind: "split_receipts", traits, left, right, also: Vec::new() });
    }

    /// When the last order of the group comes by, one receipt for all of them.
    fn remittance(&mut self, sale: usize, group: usize) {
        let members: Vec<usize> =
            (0..self.sales.len()).filter(|&at| self.stories[at] == Story::Remittance(group)).collect();
        if members.last() != Some(&sale) {
            return;
        }
        let mut applied = Vec::new();
        let mut left = Vec::new();
        let mut numbers = Vec::new();
        for &at in &members {
            let Some(&event) = self.events_of[at].first() else { continue };
            let invoice = self.invoice(at, self.day(event), Some(30), 0);
            applied.push((invoice, self.sales[at].total));
            left.push(self.events[event].id());
            numbers.push(self.sales[at].number.clone());
        }
        let last_event = self.events_of[sale].first().map_or(0, |&at| at);
        let on = business_days_after(day_in(self.events[last_event].at, Zone::Entity), 1);
        let mut traits = self.traits(sale, &self.events[last_event], 1);
        let one = &self.sales[sale];
        let body = Body::Receipt {
            customer: Some(self.customer(sale)),
            payer: String::new(),
            place: one.method.place(one.currency),
            method: one.method.ledger_method(),
            number: format!("REM{}", self.dice.token(6, true)),
            memo: format!("Orders {}", numbers.join(", ")),
            currency: one.currency,
            applied,
            overpaid: 0,
            is_draft: false,
        };
        let document = self.put_receipt(on, body, &mut traits);
        let right = vec![self.reference(document, 0)];
        self.truth.groups.push(TruthGroup { kind: "remittance", traits, left, right, also: Vec::new() });
    }

    /// Every capture of the order has an invoice (or a share of one) and a receipt of its own.
    fn each_its_receipt(&mut self, sale: usize, events: &[usize]) {
        let by_parts = self.stories[sale] == Story::PartialCapture;
        let kind = if by_parts { "partial_capture" } else { "two_tenders" };
        let total = self.sales[sale].total;
        let whole = if by_parts { None } else { Some(self.invoice(sale, self.day(events[0]), None, 0)) };
        for &event in events {
            let amount = self.events[event].amount;
            let invoice = match whole {
                Some(invoice) => invoice,
                None => {
                    let lines = self.share_of_lines(sale, amount, event == events[0]);
                    self.plain_invoice(sale, self.day(event), self.sales[sale].currency, lines)
                }
            };
            let currency = self.sales[sale].currency;
            let place = self.events[event].method.place(currency);
            let due = if by_parts { amount } else { total };
            self.receipt(&Entry {
                sale,
                events: &[event],
                kind,
                style: Style::Exact,
                amount,
                currency,
                place,
                invoice,
                due,
            });
        }
    }

    /// The first shipment carries the shipping and discount, the rest of its amount is goods and tax in proportion.
    fn share_of_lines(&self, sale: usize, amount: Cents, is_first: bool) -> Vec<(&'static str, Cents)> {
        let one = &self.sales[sale];
        let tax_first = one.tax * 3 / 5;
        let (shipping, discount, tax) =
            if is_first { (one.shipping, one.discount, tax_first) } else { (0, 0, one.tax - tax_first) };
        lines_of(amount - shipping + discount - tax, discount, shipping, tax)
    }

    fn repeat_receipt(&mut self, sale: usize, event: usize) {
        let Some(Document { on, entity_blank, body: Body::Receipt { customer, place, method, number, currency, .. } }) =
            self.documents.last().cloned()
        else {
            return;
        };
        let payment = self.events[event].id();
        let total = self.sales[sale].total;
        let invoice = self.plain_invoice(sale, on, currency, vec![("4000", total)]);
        self.forget_order(invoice, "Entered again by mistake");
        let on = (on + self.dice.between(0, 2)).min(self.last);
        self.documents.push(Document {
            on,
            entity_blank,
            body: Body::Receipt {
                customer,
                payer: String::new(),
                place,
                method,
                number,
                memo: "Web order".to_owned(),
                currency,
                applied: vec![(invoice, total)],
                overpaid: 0,
                is_draft: false,
            },
        });
        let receipt = self.latest_ref();
        if let Some(group) = self.truth.groups.last_mut() {
            group.also.push(receipt.clone());
        }
        let natural = format!("ARPYMT:{}", receipt.natural);
        self.except("duplicate-receipt", vec![natural], vec![receipt], format!("payment {payment} was entered twice"));
    }

    fn advance(&mut self, sale: usize, event: usize) {
        let one = &self.sales[sale];
        let on = business_days_after(day_in(self.events[event].at, Zone::Entity), 1);
        let mut traits = self.traits(sale, &self.events[event], 1);
        let method = self.events[event].method;
        let body = Body::Advance {
            customer: self.customer(sale),
            place: method.place(one.currency),
            method: method.ledger_method(),
            number: one.number.clone(),
            memo: format!("Deposit for web order {}", one.number),
            currency: one.currency,
            amount: one.total,
        };
        let document = self.put_receipt(on, body, &mut traits);
        let right = vec![self.reference(document, 0)];
        let left = vec![self.events[event].id()];
        self.truth.groups.push(TruthGroup { kind: "advance", traits, left, right, also: Vec::new() });
    }

    /// A credit memo, and the entry that pays it out of the clearing account.
    fn refund(&mut self, sale: usize, event: usize) {
        let on = business_days_after(day_in(self.events[event].at, Zone::Entity), 1);
        if on > self.last {
            return self.unposted(event, "refund");
        }
        let one = &self.sales[sale];
        let back = -self.events[event].amount;
        let kind = if back == one.total { "refund" } else { "refund_partial" };
        let lines = if back == one.total {
            let returned =
                [("4200", -one.subtotal), ("4100", one.discount), ("4050", -one.shipping), ("2200", -one.tax)];
            returned.into_iter().filter(|(_, amount)| *amount != 0).collect()
        } else {
            vec![("4200", -back)]
        };
        let memo = self.put(
            on,
            Body::CreditMemo {
                number: format!("CM-{}", one.number),
                customer: self.customer(sale),
                invoice: String::new(),
                description: format!("Return on web order {}", one.number),
                currency: one.currency,
                lines,
            },
        );
        let clearing = self.clearing(event);
        let journal = self.journal(
            on,
            &format!("RF-{}", one.number),
            format!("Refund of order {}", one.number),
            one.currency,
            ("1100", clearing),
            back,
            Some(self.customer(sale)),
        );
        let also = vec![self.reference(memo, 0)];
        let right = vec![self.reference(journal, 1)];
        let left = vec![self.events[event].id()];
        let traits = self.traits(sale, &self.events[event], 0);
        self.truth.groups.push(TruthGroup { kind, traits, left, right, also });
    }

    fn pair_twins(&mut self) {
        let twins = std::mem::take(&mut self.twins);
        for pair in twins.chunks(2) {
            let on = business_days_after(day_in(self.events[pair[pair.len() - 1].1].at, Zone::Entity), 1);
            let mut payments = Vec::new();
            let mut ledger = Vec::new();
            for &(sale, event) in pair {
                let total = self.sales[sale].total;
                let invoice = self.plain_invoice(sale, on, Currency::Usd, vec![("4000", total)]);
                self.forget_order(invoice, "Web order");
                let body = Body::Receipt {
                    customer: Some(GUEST.to_owned()),
                    payer: String::new(),
                    place: Place::Undeposited("1210"),
                    method: "Credit Card",
                    number: String::new(),
                    memo: "Card payment".to_owned(),
                    currency: Currency::Usd,
                    applied: vec![(invoice, total)],
                    overpaid: 0,
                    is_draft: false,
                };
                let document = self.put(on, body);
                ledger.push(self.reference(document, 0));
                payments.push(format!("payment:{}", self.events[event].id()));
            }
            self.except("ambiguous", payments, ledger, "two equal payments, two equal receipts, nothing else".into());
        }
    }

    /// Receipts of sales that never went through the store.
    pub fn orphans(&mut self, count: usize) {
        let known: Vec<usize> = (0..self.people.len()).filter(|&at| self.people[at].ledger_id.is_some()).collect();
        for _ in 0..count {
            let person = self.dice.pick(&known);
            let on = business_days_after(self.first + self.dice.between(2, (self.last - self.first - 6).max(3)), 0);
            let amount = self.dice.between(1_500, 42_000);
            let customer = self.people[person].ledger_id.clone().unwrap_or_default();
            let number = self.invoice_number();
            let invoice = self.put(
                on,
                Body::Invoice {
                    number,
                    customer: customer.clone(),
                    due_in: 30,
                    reference: "SHOWROOM".to_owned(),
                    description: "Showroom sale".to_owned(),
                    currency: Currency::Usd,
                    lines: vec![("4000", amount)],
                },
            );
            let (place, method) = self.dice.pick(&[
                (Place::Undeposited("1210"), "Credit Card"),
                (Place::Undeposited("1211"), "Credit Card"),
                (Place::Undeposited("1050"), "Printed Check"),
            ]);
            let body = Body::Receipt {
                customer: Some(customer),
                payer: String::new(),
                place,
                method,
                number: format!("SR{}", self.dice.token(5, true)),
                memo: "Showroom sale".to_owned(),
                currency: Currency::Usd,
                applied: vec![(invoice, amount)],
                overpaid: 0,
                is_draft: false,
            };
            let document = self.put(on, body);
            let receipt = self.reference(document, 0);
            let natural = format!("ARPYMT:{}", receipt.natural);
            self.except("orphan-receipt", vec![natural], vec![receipt], "no payment at the store".into());
        }
    }

    // ---- payouts, fees, disputes ----------------------------------------------------------------------------------

    fn is_net(&self, payout: usize) -> bool {
        self.settlements.payouts[payout].on <= self.first + NET_PAYOUT_DAYS
    }

    /// Whether the bookkeeper has come to this payout yet.
    fn is_booked(&self, payout: &Payout) -> bool {
        payout.on <= self.last - PAYOUT_DAYS
    }

    /// The receipt of what the row paid already holds its fee.
    fn is_net_of_fee(&self, row: usize) -> bool {
        let event = self.settlements.rows[row].event;
        event.is_some_and(|it| self.stories[self.events[it].sale] == Story::NetOfFee)
    }

    fn payouts(&mut self) {
        for at in 0..self.settlements.payouts.len() {
            let payout = self.settlements.payouts[at].clone();
            let is_booked = self.is_booked(&payout);
            let mut fees_inside = 0;
            if payout.gateway == Gateway::AuthorizeNet {
                fees_inside = self.members_of(at, &payout);
            }
            let net_rows: Vec<usize> = payout.rows.iter().copied().filter(|&row| self.is_net_of_fee(row)).collect();
            fees_inside += net_rows.iter().map(|&row| self.settlements.rows[row].fee).sum::<Cents>();
            let fees = fees_inside - payout.fees;
            if fees_inside != 0 {
                self.truth.payouts_without_fee_entry.push(payout.id.clone());
            }
            let clearing = payout.gateway.clearing(payout.currency);
            let trouble = payout.trouble;
            if let Some(trouble) = trouble {
                let row = self.settlements.rows[payout.row].id();
                self.except(trouble.kind(), vec![row], Vec::new(), format!("payout {}", payout.id));
            }
            if is_booked && fees > 0 && trouble != Some(PayoutTrouble::FeeNotPosted) {
                let title = format!("{} fees, payout {}", payout.gateway.name(), payout.id);
                let reference = format!("FEE-{}", payout.id);
                let entry = self.journal(payout.on, &reference, title, payout.currency, ("6100", clearing), fees, None);
                let has_fee = |row: usize| self.settlements.rows[row].fee != 0 && !net_rows.contains(&row);
                let left = payout.rows.iter().filter(|&&row| has_fee(row));
                let left = left.map(|&row| self.settlements.rows[row].id()).collect();
                self.settlement_group("payout_fees", left, entry, 1);
            }
            let entered = match trouble {
                Some(PayoutTrouble::NotPosted | PayoutTrouble::Late | PayoutTrouble::Variance) => 0,
                Some(PayoutTrouble::Doubled) => 2,
                _ => usize::from(is_booked),
            };
            let bank = if payout.currency == Currency::Eur { "1010" } else { "1000" };
            for turn in 0..entered {
                let title = format!("{} payout {}", payout.gateway.name(), payout.id);
                let entry =
                    self.journal(payout.on, &payout.id, title, payout.currency, (bank, clearing), payout.net, None);
                if turn == 0 {
                    self.payout_entries.insert(at, entry);
                    let left = vec![self.settlements.rows[payout.row].id()];
                    self.settlement_group("payout_entry", left, entry, 1);
                } else {
                    let doubled = self.reference(entry, 1);
                    // which of the two is the copy nobody can say
                    if let Some(group) = self.truth.settlement_groups.last_mut() {
                        group.also.push(doubled.clone());
                    }
                    if let Some(exception) = self.truth.exceptions.last_mut() {
                        exception.ledger.push(doubled);
                    }
                }
            }
        }
    }

    /// All captures of one payout as one receipt. Returns the fees that receipt already holds.
    fn members_of(&mut self, at: usize, payout: &Payout) -> Cents {
        let events: Vec<usize> = payout.rows.iter().filter_map(|&row| self.settlements.rows[row].event).collect();
        if !self.is_booked(payout) || events.is_empty() {
            return 0;
        }
        let is_net = self.is_net(at);
        let mut applied = Vec::new();
        let mut lines = [("4000", 0), ("4050", 0), ("4100", 0), ("2200", 0), ("6100", payout.fees)];
        for &event in &events {
            let sale = &self.sales[self.events[event].sale];
            if is_net {
                lines[0].1 += sale.subtotal;
                lines[1].1 += sale.shipping;
                lines[2].1 -= sale.discount;
                lines[3].1 += sale.tax;
            } else if let Some(invoice) = self.invoice_of(self.events[event].sale) {
                applied.push((invoice, sale.total));
            }
        }
        let kind = match payout {
            _ if is_net => "payout_net",
            it if it.has_stray => "payout_stray_member",
            it if it.has_slipped => "payout_slipped_member",
            it if it.is_weekend_merge => "payout_weekend_merge",
            _ => "payout_gross",
        };
        let (payer, number) = ("Authorize.Net settlement".to_owned(), payout.id.clone());
        let memo = match events.len() {
            1 => "Settlement of 1 order".to_owned(),
            many => format!("Settlement of {many} orders"),
        };
        let place = Method::AuthorizeNet.place(payout.currency);
        let body = if is_net {
            let lines = lines.into_iter().filter(|(_, amount)| *amount != 0).collect();
            Body::OtherReceipt { payer, place, method: "Credit Card", number, memo, lines }
        } else {
            Body::Receipt {
                customer: None,
                payer,
                place,
                method: "Credit Card",
                number,
                memo,
                currency: payout.currency,
                applied,
                overpaid: 0,
                is_draft: false,
            }
        };
        let mut traits = Vec::new();
        if is_net && payout.is_weekend_merge {
            traits.push("payout_weekend_merge");
        }
        let document = self.put_receipt(payout.on, body, &mut traits);
        let right = vec![self.reference(document, 0)];
        let left = events.iter().map(|&event| self.events[event].id()).collect();
        self.truth.groups.push(TruthGroup { kind, traits, left, right, also: Vec::new() });
        if is_net { payout.fees } else { 0 }
    }

    fn disputes(&mut self) {
        for dispute in &self.settlements.disputes {
            let rows = &self.settlements.rows;
            let (row, fee) = (&rows[dispute.row], &rows[dispute.fee_row]);
            let clearing = row.gateway.clearing(row.currency);
            let number = row.order_number.clone();
            if !dispute.is_booked {
                self.except("chargeback-open", vec![row.id()], Vec::new(), format!("dispute on order {number}"));
                self.except("dimension-missing", vec![fee.id()], Vec::new(), "account 6110 asks for a customer".into());
                continue;
            }
            let on = business_days_after(dispute.on, 1);
            let customer = Some(self.customer(dispute.sale));
            let mut entries = vec![
                (dispute.row, "CB", "Dispute opened", ("1230", clearing), -row.net, on, 1),
                (dispute.fee_row, "CBF", "Dispute fee", ("6110", clearing), -fee.net, on, 1),
            ];
            if let (Outcome::Won, Some(won)) = (dispute.outcome, dispute.won_row) {
                let day = business_days_after(day_in(rows[won].created, Zone::Utc), 1);
                entries.push((won, "CBR", "Dispute won", (clearing, "1230"), rows[won].net, day, 0));
            }
            for (row, tag, title, accounts, amount, on, line) in entries {
                let reference = format!("{tag}-{number}");
                let title = format!("{title}, order {number}");
                let currency = rows[row].currency;
                let entry = self.journal(on, &reference, title, currency, accounts, amount, customer.clone());
                self.settlement_group("chargeback", vec![rows[row].id()], entry, line);
            }
            if dispute.outcome == Outcome::Lost {
                let reference = format!("CBL-{number}");
                let title = format!("Dispute lost, order {number}");
                self.journal(on + 9, &reference, title, row.currency, ("6120", "1230"), -row.net, customer);
            }
        }
    }

    /// What only the gateways' files know.
    fn file_only(&mut self) {
        let settlements = self.settlements;
        for &row in &settlements.strangers {
            let it = &settlements.rows[row];
            let why = format!("order {} is not at the store", it.order_number);
            self.except("capture-without-order", vec![it.id()], Vec::new(), why);
        }
        for &row in &settlements.odd_fees {
            self.except(
                "fee-variance",
                vec![settlements.rows[row].id()],
                Vec::new(),
                "more than the contract says".into(),
            );
        }
        for &row in &settlements.adjustments {
            self.except(
                "settlement-adjustment",
                vec![settlements.rows[row].id()],
                Vec::new(),
                "interchange correction".into(),
            );
        }
        for &(row, is_booked) in &settlements.reserves {
            let it = &settlements.rows[row];
            if !is_booked {
                self.except("reserve-not-posted", vec![it.id()], Vec::new(), "rolling reserve".into());
                continue;
            }
            let (accounts, line) = if it.gross < 0 { (("1220", "1210"), 1) } else { (("1210", "1220"), 0) };
            let on = business_days_after(day_in(it.created, Zone::Utc), 1);
            let entry =
                self.journal(on, &it.gateway_ref, it.description.clone(), it.currency, accounts, it.gross.abs(), None);
            self.settlement_group("reserve", vec![it.id()], entry, line);
        }
    }

    // ---- small parts ------------------------------------------------------------------------------------------------

    fn put(&mut self, on: Day, body: Body) -> usize {
        self.documents.push(Document { on: on.min(self.last), entity_blank: false, body });
        self.documents.len() - 1
    }

    /// A receipt; now and then entered from the top level, without an entity.
    fn put_receipt(&mut self, on: Day, body: Body, traits: &mut Vec<&'static str>) -> usize {
        let document = self.put(on, body);
        if self.dice.chance(40) {
            self.documents[document].entity_blank = true;
            traits.push("entity_blank");
        }
        document
    }

    #[expect(clippy::too_many_arguments, reason = "an entry has this many parts")]
    fn journal(
        &mut self,
        on: Day,
        reference: &str,
        title: String,
        currency: Currency,
        (debit, credit): (&'static str, &'static str),
        amount: Cents,
        customer: Option<String>,
    ) -> usize {
        let reference = reference.to_owned();
        self.put(on, Body::Journal { reference, title, currency, debit, credit, amount, customer })
    }

    fn invoice_number(&mut self) -> String {
        self.next_invoice += 1;
        format!("INV-{}", self.next_invoice)
    }

    fn invoice(&mut self, sale: usize, on: Day, due_in: Option<i64>, tax_off: Cents) -> usize {
        let one = &self.sales[sale];
        let lines = lines_of(one.subtotal, one.discount, one.shipping, one.tax + tax_off);
        let document = self.plain_invoice(sale, on, one.currency, lines);
        if let (Some(days), Body::Invoice { due_in, .. }) = (due_in, &mut self.documents[document].body) {
            *due_in = days;
        }
        document
    }

    fn plain_invoice(&mut self, sale: usize, on: Day, currency: Currency, lines: Vec<(&'static str, Cents)>) -> usize {
        let number = self.invoice_number();
        let one = &self.sales[sale];
        let body = Body::Invoice {
            number,
            customer: self.customer(sale),
            due_in: if one.method.gateway().is_some() { 0 } else { 30 },
            reference: one.number.clone(),
            description: format!("Web order {}", one.number),
            currency,
            lines,
        };
        self.put(on, body)
    }

    /// An invoice that does not say which order it is for.
    fn forget_order(&mut self, invoice: usize, text: &str) {
        if let Body::Invoice { reference, description, .. } = &mut self.documents[invoice].body {
            reference.clear();
            text.clone_into(description);
        }
    }

    fn invoice_of(&self, sale: usize) -> Option<usize> {
        self.invoice_in_payout.get(&sale).copied()
    }

    fn customer(&self, sale: usize) -> String {
        let one = &self.sales[sale];
        match &self.people[one.person].ledger_id {
            Some(id) if !one.is_guest => id.clone(),
            _ => GUEST.to_owned(),
        }
    }

    /// The business day a payment is entered on, at the earliest.
    fn day(&self, event: usize) -> Day {
        day_in(self.events[event].at, Zone::Entity).min(self.last)
    }

    fn clearing(&self, event: usize) -> &'static str {
        let event = &self.events[event];
        match event.method.gateway() {
            Some(gateway) => gateway.clearing(event.currency),
            None => "1050",
        }
    }

    fn fee_of(&self, event: usize) -> Cents {
        let row = self.settlements.rows.iter().find(|it| it.event == Some(event));
        row.map_or(0, |it| -it.fee)
    }

    /// At the day's rate, less what the bank keeps.
    fn in_base(&self, euro_cents: Cents, day: Day) -> Cents {
        let rate = self.rates.range(..=day).next_back().map_or(10_000, |(_, rate)| *rate);
        (euro_cents * rate * 985 + 5_000_000) / 10_000_000
    }

    fn traits(&self, sale: usize, event: &MoneyEvent, lag: i64) -> Vec<&'static str> {
        let one = &self.sales[sale];
        let person = &self.people[one.person];
        let mut traits = Vec::new();
        if !one.is_guest && person.noise != NameNoise::Same {
            traits.extend(person.noise.trait_name());
        }
        if lag >= 2 {
            traits.push("date_late");
        }
        if day_in(event.at, Zone::Store) != day_in(event.at, Zone::Entity) {
            traits.push("date_zone");
        }
        if one.lines.len() == 1 && one.shipping == 0 && one.tax == 0 && one.discount == 0 {
            traits.push("popular_price");
        }
        traits
    }

    fn reference(&self, document: usize, line: usize) -> LedgerRef {
        let (object, natural) = self.documents[document].natural();
        LedgerRef { object, natural: natural.to_owned(), record_no: None, document, line }
    }

    fn latest_ref(&self) -> LedgerRef {
        self.reference(self.documents.len() - 1, 0)
    }

    fn settlement_group(&mut self, kind: &'static str, left: Vec<String>, entry: usize, line: usize) {
        let right = vec![self.reference(entry, line)];
        let also = vec![self.reference(entry, 1 - line)];
        self.truth.settlement_groups.push(TruthGroup { kind, traits: Vec::new(), left, right, also });
    }

    fn unposted(&mut self, event: usize, expects: &'static str) {
        self.truth.unposted.push(Unposted { payment: self.events[event].id(), expects });
    }

    fn trouble(&mut self, trouble: Trouble, sale: usize, payments: &[String], ledger: Vec<LedgerRef>, why: String) {
        let mut records = vec![format!("order:{}", self.sales[sale].number)];
        records.extend(payments.iter().map(|it| format!("payment:{it}")));
        self.except(trouble.kind(), records, ledger, why);
    }

    pub fn except(&mut self, kind: &'static str, records: Vec<String>, ledger: Vec<LedgerRef>, why: String) {
        self.truth.exceptions.push(TruthException { kind, records, ledger, why });
    }
}

fn lines_of(goods: Cents, discount: Cents, shipping: Cents, tax: Cents) -> Vec<(&'static str, Cents)> {
    [("4000", goods), ("4100", -discount), ("4050", shipping), ("2200", tax)]
        .into_iter()
        .filter(|(_, amount)| *amount != 0)
        .collect()
}
