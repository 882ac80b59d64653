//! Orders and their payments at the store: what each story looks like from X-Cart's side.

use std::collections::BTreeMap;

use super::calendar::{Seconds, Zone, business_days_after, day_in, store_time};
use super::catalog::{self, Product};
use super::dice::Dice;
use super::model::*;
use super::people::Person;
use super::story::{Story, Style, Trouble};

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;

pub struct Shop<'a> {
    dice: &'a mut Dice,
    people: &'a [Person],
    products: &'a [Product],
    unmapped_skus: usize,
    unknown_people: usize,
    businesses: Vec<usize>,
    europeans: Vec<usize>,
    /// Nothing happens at the store after this.
    end: Seconds,
    payer_of_group: BTreeMap<usize, (usize, Method)>,
    /// Goods of a twin whose second order is still to come.
    first_twin: Option<usize>,
    next_number: i64,
    next_transaction: u64,
    next_step: u64,
    pub sales: Vec<Sale>,
    pub events: Vec<MoneyEvent>,
}

impl<'a> Shop<'a> {
    pub fn new(
        dice: &'a mut Dice,
        people: &'a [Person],
        products: &'a [Product],
        unmapped_skus: usize,
        unknown_people: usize,
        end: Seconds,
    ) -> Self {
        let those = |wanted: fn(&Person) -> bool| {
            let known = people.iter().enumerate().filter(|(_, it)| it.ledger_id.is_some());
            known.filter(|(_, it)| wanted(it)).map(|(at, _)| at).collect()
        };
        Shop {
            dice,
            people,
            products,
            unmapped_skus,
            unknown_people,
            businesses: those(|it| it.is_business),
            europeans: those(|it| it.is_european),
            end,
            payer_of_group: BTreeMap::new(),
            first_twin: None,
            next_number: 241_307,
            next_transaction: 30_001,
            next_step: 61_001,
            sales: Vec::new(),
            events: Vec::new(),
        }
    }

    /// The next order, in order of time. `no_paypal`: that gateway's first days are all booked net of fees.
    pub fn sell(&mut self, placed: Seconds, story: Story, no_paypal: bool, is_recent: bool) {
        let at = self.sales.len();
        let method = self.method(story, no_paypal);
        let person = self.person(story, method);
        let method = match story {
            Story::Remittance(group) => self.payer_of_group.get(&group).map_or(method, |it| it.1),
            _ => method,
        };
        let european = self.people[person].is_european;
        let currency = if method == Method::Stripe && european { Currency::Eur } else { Currency::Usd };
        self.next_number += self.dice.between(1, 2);
        let mut sale = self.basket(story, person, currency, placed, method);
        if is_recent {
            sale.shipping_status = self.dice.pick(&["N", "P", "S"]);
        }
        self.pay(&mut sale, at, story);
        self.sales.push(sale);
    }

    fn method(&mut self, story: Story, no_paypal: bool) -> Method {
        let card = if no_paypal || self.dice.chance(680) { Method::Stripe } else { Method::PayPal };
        let offline = self.dice.weighted(&[
            (Method::Check, 40),
            (Method::Wire, 20),
            (Method::PurchaseOrder, 25),
            (Method::CashOnDelivery, 15),
        ]);
        match story {
            Story::NetOfFee => Method::PayPal,
            Story::WireFee => Method::Wire,
            Story::InPayout => Method::AuthorizeNet,
            Story::BaseCurrency
            | Story::GiftCardAndCard
            | Story::TwoCards
            | Story::PartialCapture
            | Story::Trouble(Trouble::CurrencyMismatch | Trouble::MissingSettlement | Trouble::Ambiguous) => {
                Method::Stripe
            }
            Story::Trouble(Trouble::UnmappedMethod) => Method::Phone,
            Story::Trouble(Trouble::UnknownPaymentState) => Method::Check,
            Story::Trouble(Trouble::InvoiceWithoutCapture) => Method::PurchaseOrder,
            Story::Remittance(_) => self.dice.pick(&[Method::Check, Method::PurchaseOrder]),
            Story::Awaiting => offline,
            Story::Booked(Style::GatewayReference)
            | Story::FullRefund
            | Story::PartialRefund
            | Story::DoubleCapture
            | Story::Disputed
            | Story::Declined
            | Story::Voided
            | Story::Authorized
            | Story::Trouble(_) => card,
            _ if self.dice.chance(170) => offline,
            _ => card,
        }
    }

    fn person(&mut self, story: Story, method: Method) -> usize {
        let known = self.people.len().saturating_sub(self.unknown_people).max(1);
        match story {
            Story::Remittance(group) => {
                let payer = if self.businesses.is_empty() { 0 } else { self.dice.pick(&self.businesses) };
                self.payer_of_group.entry(group).or_insert((payer, method)).0
            }
            Story::WireFee if !self.businesses.is_empty() => self.dice.pick(&self.businesses),
            Story::BaseCurrency | Story::Trouble(Trouble::CurrencyMismatch) if !self.europeans.is_empty() => {
                self.dice.pick(&self.europeans)
            }
            Story::Trouble(Trouble::UnmappedCustomer) => known + self.dice.below(self.unknown_people),
            _ => {
                let american = matches!(
                    story,
                    Story::GiftCardAndCard
                        | Story::TwoCards
                        | Story::PartialCapture
                        | Story::Trouble(Trouble::MissingSettlement | Trouble::Ambiguous)
                );
                // a few customers order often, most once or twice
                let span = if self.dice.chance(350) { known.div_ceil(8) } else { known };
                let mut at = self.dice.below(span);
                while american && self.people[at].is_european {
                    at = (at + 1) % known;
                }
                at
            }
        }
    }

    fn basket(&mut self, story: Story, person: usize, currency: Currency, placed: Seconds, method: Method) -> Sale {
        let id = 1_001 + self.sales.len() as u64;
        let tax_rate = if currency == Currency::Eur { 0 } else { self.people[person].tax_rate };
        let large = matches!(
            story,
            Story::WireFee
                | Story::SplitReceipts
                | Story::PartialCapture
                | Story::GiftCardAndCard
                | Story::TwoCards
                | Story::Remittance(_)
        );
        let twin = story == Story::Trouble(Trouble::Ambiguous);
        let popular = twin || (!large && self.dice.chance(330));
        let mut lines: Vec<SaleLine> = Vec::new();
        if popular {
            let product = match self.first_twin.take() {
                Some(same) if twin => same,
                kept => {
                    self.first_twin = kept;
                    let product = catalog::gift_set(self.dice);
                    if twin {
                        self.first_twin = Some(product);
                    }
                    product
                }
            };
            lines.push(SaleLine { product, quantity: 1, price: self.products[product].price });
        } else {
            let count = self.dice.weighted(&[(1, 45), (2, 30), (3, 17), (4, 8)]) + i64::from(large);
            for _ in 0..count {
                let product = catalog::ordinary(self.dice);
                if lines.iter().all(|it| it.product != product) {
                    let most = if large { 5 } else { 2 };
                    let quantity = self.dice.between(1, most);
                    lines.push(SaleLine { product, quantity, price: self.products[product].price });
                }
            }
        }
        if story == Story::Trouble(Trouble::UnmappedSku) {
            let product = catalog::new_arrival(self.sales.len(), self.unmapped_skus);
            lines = vec![SaleLine { product, quantity: 1, price: self.products[product].price }];
        }
        let popular = popular && story != Story::Trouble(Trouble::UnmappedSku);
        let subtotal: Cents = lines.iter().map(|it| it.price * it.quantity).sum();
        let discount = if !popular && self.dice.chance(120) { (subtotal + 5) / 10 } else { 0 };
        let shipping = if popular || subtotal > 15_000 { 0 } else { self.dice.pick(&[595, 795, 1_250]) };
        let tax_rate = if story == Story::Trouble(Trouble::UnmappedTax) { 650 } else { tax_rate };
        let taxed = !popular || story == Story::Trouble(Trouble::UnmappedTax);
        let tax = if taxed { ((subtotal - discount) * tax_rate + 5_000) / 10_000 } else { 0 };
        let poison = match story {
            Story::Trouble(Trouble::RefusedRecord) => {
                Some(self.dice.pick(&[Poison::FineTotal, Poison::UnknownCurrency]))
            }
            Story::Trouble(Trouble::TotalMismatch) => Some(Poison::WrongTotal),
            _ => None,
        };
        Sale {
            id,
            number: self.next_number.to_string(),
            person,
            is_guest: twin || (matches!(story, Story::Booked(Style::Exact)) && self.dice.chance(40)),
            currency,
            placed,
            renewed: placed,
            lines,
            subtotal,
            shipping,
            discount,
            tax,
            tax_code: if story == Story::Trouble(Trouble::UnmappedTax) { "CDEV.STAX.7" } else { "CDEV.STAX.1" },
            total: subtotal - discount + shipping + tax,
            payment_status: "P",
            shipping_status: "D",
            method,
            transactions: Vec::new(),
            poison,
        }
    }

    fn pay(&mut self, sale: &mut Sale, at: usize, story: Story) {
        let total = sale.total;
        let method = sale.method;
        match story {
            Story::Declined => {
                sale.payment_status = "D";
                sale.shipping_status = "WND";
                self.failed(sale, "F");
            }
            Story::Voided => {
                sale.payment_status = "C";
                sale.shipping_status = "WND";
                let mut transaction = self.transaction(sale, method, total, sale.placed, "auth", "V");
                let later = self.later(sale.placed, 60, 600);
                self.step(&mut transaction, "auth", "S", total, sale.placed);
                self.step(&mut transaction, "void", "S", total, later);
                sale.transactions.push(transaction);
            }
            Story::Authorized => {
                sale.payment_status = "A";
                sale.shipping_status = "N";
                let mut transaction = self.transaction(sale, method, total, sale.placed, "auth", "S");
                self.step(&mut transaction, "auth", "S", total, sale.placed);
                sale.transactions.push(transaction);
            }
            Story::Awaiting | Story::Trouble(Trouble::InvoiceWithoutCapture) => {
                sale.payment_status = "Q";
                sale.shipping_status = if story == Story::Awaiting { "N" } else { "S" };
                let transaction = self.transaction(sale, method, total, sale.placed, "sale", "W");
                sale.transactions.push(transaction);
            }
            Story::Trouble(Trouble::UnknownPaymentState) => {
                // two offline rows: X-Cart does not say which of them is money
                let half = total / 2;
                for value in [half, total - half] {
                    let transaction = self.transaction(sale, method, value, sale.placed, "sale", "S");
                    sale.transactions.push(transaction);
                }
            }
            Story::GiftCardAndCard => {
                let gift = (self.dice.pick(&[2_500, 5_000, 7_500])).min(total - 100);
                self.capture(sale, at, Method::GiftCard, gift, 0);
                self.capture(sale, at, method, total - gift, 1);
            }
            Story::TwoCards => {
                let first = total * self.dice.between(30, 70) / 100;
                self.capture(sale, at, method, first, 0);
                self.capture(sale, at, method, total - first, 3);
            }
            Story::PartialCapture => {
                // never two equal halves: nothing would tell them apart
                let first = total * self.dice.between(52, 70) / 100 + 1;
                let mut transaction = self.transaction(sale, method, total, sale.placed, "auth", "S");
                self.step(&mut transaction, "auth", "S", total, sale.placed);
                let mut when = sale.placed;
                for value in [first, total - first] {
                    when = self.later(when, 600, 2 * 24 * 60);
                    self.step(&mut transaction, "capturePart", "S", value, when);
                    self.event(at, sale, &transaction, value);
                }
                sale.transactions.push(transaction);
            }
            Story::DoubleCapture => {
                self.capture(sale, at, method, total, 0);
                self.capture(sale, at, method, total, 4);
                if self.dice.chance(500) {
                    self.refund(sale, at, total, "refund");
                }
            }
            Story::FullRefund => {
                sale.payment_status = "R";
                sale.shipping_status = "R";
                self.capture(sale, at, method, total, 0);
                self.refund(sale, at, total, "refund");
            }
            Story::PartialRefund | Story::Trouble(Trouble::RefundWithoutCredit) => {
                self.capture(sale, at, method, total, 0);
                let back = (total * self.dice.between(15, 60) / 100).max(1);
                self.refund(sale, at, back, "refundPart");
            }
            Story::Trouble(Trouble::RefundExceedsCapture) => {
                self.capture(sale, at, method, total, 0);
                self.refund(sale, at, total + 1_000, "refund");
            }
            _ => {
                if story == Story::Trouble(Trouble::UnknownStatus) {
                    sale.payment_status = "HLD";
                }
                if matches!(method, Method::Stripe | Method::PayPal) && self.dice.chance(25) {
                    self.failed(sale, "F");
                }
                self.capture(sale, at, method, total, 0);
            }
        }
        sale.renewed = sale
            .transactions
            .iter()
            .flat_map(|it| it.steps.iter().filter(|step| !step.kind.starts_with("refund")).map(|step| step.at))
            .fold(sale.placed, i64::max);
    }

    fn transaction(
        &mut self,
        sale: &Sale,
        method: Method,
        value: Cents,
        at: Seconds,
        kind: &'static str,
        status: &'static str,
    ) -> Transaction {
        let id = self.next_transaction;
        self.next_transaction += self.dice.between(1, 2) as u64;
        let gateway_ref = match method {
            Method::Stripe => Some(format!("ch_{}", self.dice.token(20, false))),
            Method::PayPal => Some(self.dice.token(17, true)),
            Method::AuthorizeNet => Some(format!("an{}", self.dice.token(12, false))),
            _ => None,
        };
        // neither unique nor reliably the order's (reference/xcart.md 4.2)
        let public_id = format!("{:06}-{}", sale.id % 1_000_000, self.dice.token(4, true));
        Transaction { id, method, kind, status, value, at, public_id, gateway_ref, steps: Vec::new() }
    }

    fn step(&mut self, of: &mut Transaction, kind: &'static str, status: &'static str, value: Cents, at: Seconds) {
        let id = self.next_step;
        self.next_step += 1;
        // refunds and later captures have an id of their own
        let gateway_ref = match kind {
            "refund" | "refundPart" => Some(match of.method {
                Method::PayPal => self.dice.token(17, true),
                _ => format!("re_{}", self.dice.token(20, false)),
            }),
            "capturePart" => Some(format!("ch_{}", self.dice.token(20, false))),
            _ => None,
        };
        of.steps.push(Step { id, kind, status, value, at, gateway_ref });
    }

    fn later(&mut self, at: Seconds, least: i64, most: i64) -> Seconds {
        (at + self.dice.between(least, most) * MINUTE).min(self.end)
    }

    fn failed(&mut self, sale: &mut Sale, status: &'static str) {
        let kind = if sale.method == Method::PayPal { "sale" } else { "auth" };
        let mut transaction = self.transaction(sale, sale.method, sale.total, sale.placed - 90, kind, status);
        self.step(&mut transaction, kind, "F", sale.total, sale.placed - 90);
        sale.transactions.push(transaction);
    }

    /// Money taken, so many minutes after the order was placed.
    fn capture(&mut self, sale: &mut Sale, at: usize, method: Method, value: Cents, minutes: i64) {
        let when = (sale.placed + minutes * MINUTE).min(self.end);
        let authorizes = matches!(method, Method::Stripe | Method::AuthorizeNet);
        let kind = if authorizes { "auth" } else { "sale" };
        let mut transaction = self.transaction(sale, method, value, when, kind, "S");
        if authorizes {
            self.step(&mut transaction, "auth", "S", value, when);
            self.step(&mut transaction, "capture", "S", value, when + 2);
        } else if matches!(method, Method::PayPal | Method::GiftCard) {
            self.step(&mut transaction, "sale", "S", value, when + 2);
        }
        self.event(at, sale, &transaction, value);
        sale.transactions.push(transaction);
    }

    /// Money given back on the order's last transaction, some days later; sometimes the first try fails.
    fn refund(&mut self, sale: &mut Sale, at: usize, value: Cents, kind: &'static str) {
        let day = day_in(sale.placed, Zone::Store);
        let back_on = business_days_after(day, self.dice.between(1, 6));
        let when = store_time(back_on, self.dice.between(9 * 3_600, 17 * 3_600)).min(self.end);
        let Some(mut transaction) = sale.transactions.pop() else { return };
        if self.dice.chance(60) {
            self.step(&mut transaction, kind, "F", value, when - 120);
        }
        self.step(&mut transaction, kind, "S", value, when);
        self.event(at, sale, &transaction, -value);
        sale.transactions.push(transaction);
    }

    /// Notes the transaction's latest step (or the transaction itself) as money that moved.
    fn event(&mut self, sale_at: usize, sale: &Sale, transaction: &Transaction, amount: Cents) {
        let step = transaction.steps.last();
        let (row, when) = step.map_or((0, transaction.at), |step| (step.id, step.at));
        let own = step.and_then(|step| step.gateway_ref.clone());
        self.events.push(MoneyEvent {
            sale: sale_at,
            transaction: transaction.id,
            row,
            method: transaction.method,
            currency: sale.currency,
            amount,
            at: when,
            gateway_ref: own.or_else(|| transaction.gateway_ref.clone()).unwrap_or_default(),
        });
    }
}

/// When orders come in: more on some days than others, by day and late in the evening.
pub fn times(dice: &mut Dice, first: i64, days: i64, count: usize) -> Vec<Seconds> {
    let mut times: Vec<Seconds> = (0..count)
        .map(|_| {
            let day = first + dice.between(0, days - 1);
            let hour = dice.weighted(&[
                (7, 3),
                (9, 9),
                (11, 12),
                (13, 12),
                (15, 11),
                (17, 11),
                (19, 14),
                (21, 10),
                (22, 6),
                (23, 5),
            ]);
            store_time(day, hour * 3_600 + dice.between(0, 3_599))
        })
        .collect();
    times.sort_unstable();
    times
}

pub fn end_of(day: i64) -> Seconds {
    store_time(day, DAY - 1)
}
