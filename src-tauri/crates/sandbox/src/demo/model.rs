//! The demo's own plain records, before they become X-Cart's and Intacct's. Money is in whole cents.

use super::calendar::{Day, Seconds};

pub type Cents = i64;

/// What cards from abroad cost more, in hundredths of a percent.
pub const ABROAD: i64 = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Currency {
    Usd,
    Eur,
}

impl Currency {
    pub fn code(self) -> &'static str {
        match self {
            Currency::Usd => "USD",
            Currency::Eur => "EUR",
        }
    }
}

/// How a customer paid, as the store names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    Stripe,
    PayPal,
    AuthorizeNet,
    GiftCard,
    Check,
    Wire,
    PurchaseOrder,
    CashOnDelivery,
    /// Nobody has mapped this one to an account.
    Phone,
}

impl Method {
    pub const ALL: [Method; 9] = [
        Method::Stripe,
        Method::PayPal,
        Method::AuthorizeNet,
        Method::GiftCard,
        Method::Check,
        Method::Wire,
        Method::PurchaseOrder,
        Method::CashOnDelivery,
        Method::Phone,
    ];

    pub fn id(self) -> u64 {
        Method::ALL.iter().position(|it| *it == self).map_or(0, |at| at as u64 + 1)
    }

    pub fn name(self) -> &'static str {
        match self {
            Method::Stripe => "Stripe",
            Method::PayPal => "PayPal",
            Method::AuthorizeNet => "Authorize.Net",
            Method::GiftCard => "Gift card",
            Method::Check => "Check",
            Method::Wire => "Wire transfer",
            Method::PurchaseOrder => "Purchase Order",
            Method::CashOnDelivery => "Cash On Delivery",
            Method::Phone => "Phone Ordering",
        }
    }

    /// The name of X-Cart's own class behind it: what the admin API shows in place of the status.
    pub fn service_name(self) -> &'static str {
        match self {
            Method::Stripe => "Stripe",
            Method::PayPal => "PayPalCommercePlatform",
            Method::AuthorizeNet => "AuthorizeNet SIM",
            Method::GiftCard => "GiftCard",
            Method::Check => "Check",
            Method::Wire => "WireTransfer",
            Method::PurchaseOrder => "PurchaseOrder",
            Method::CashOnDelivery => "COD",
            Method::Phone => "PhoneOrdering",
        }
    }

    pub fn gateway(self) -> Option<Gateway> {
        match self {
            Method::Stripe => Some(Gateway::Stripe),
            Method::PayPal => Some(Gateway::PayPal),
            Method::AuthorizeNet => Some(Gateway::AuthorizeNet),
            _ => None,
        }
    }

    /// Where the books put the money: an account of money on its way, and how a receipt names it.
    pub fn place(self, currency: Currency) -> Place {
        match (self, currency) {
            (Method::Stripe, Currency::Eur) => Place::Bank("CLR-STRIPE-EUR"),
            (Method::Stripe, Currency::Usd) => Place::Undeposited("1210"),
            (Method::PayPal, _) => Place::Undeposited("1211"),
            (Method::AuthorizeNet, _) => Place::Undeposited("1212"),
            (Method::GiftCard, _) => Place::Undeposited("2300"),
            _ => Place::Undeposited("1050"),
        }
    }

    /// Intacct's word for it.
    pub fn ledger_method(self) -> &'static str {
        match self {
            Method::Stripe | Method::PayPal | Method::AuthorizeNet | Method::GiftCard | Method::Phone => "Credit Card",
            Method::Check => "Printed Check",
            Method::Wire | Method::PurchaseOrder => "EFT",
            Method::CashOnDelivery => "Cash",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Intacct's checking account id.
    Bank(&'static str),
    /// GL account number.
    Undeposited(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gateway {
    Stripe,
    PayPal,
    AuthorizeNet,
}

impl Gateway {
    pub const ALL: [Gateway; 3] = [Gateway::Stripe, Gateway::PayPal, Gateway::AuthorizeNet];

    /// Name of the settlement file, and of the source when it is imported.
    pub fn file(self) -> &'static str {
        match self {
            Gateway::Stripe => "stripe",
            Gateway::PayPal => "paypal",
            Gateway::AuthorizeNet => "authorizenet",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Gateway::Stripe => "Stripe",
            Gateway::PayPal => "PayPal",
            Gateway::AuthorizeNet => "Authorize.Net",
        }
    }

    pub fn clearing(self, currency: Currency) -> &'static str {
        match (self, currency) {
            (Gateway::Stripe, Currency::Usd) => "1210",
            (Gateway::Stripe, Currency::Eur) => "1215",
            (Gateway::PayPal, _) => "1211",
            (Gateway::AuthorizeNet, _) => "1212",
        }
    }

    /// Hundredths of a percent, and cents.
    pub fn rate(self) -> (i64, Cents) {
        match self {
            Gateway::Stripe => (290, 30),
            Gateway::PayPal => (349, 49),
            Gateway::AuthorizeNet => (270, 25),
        }
    }

    /// The fee on one charge, rounded half up; cards from abroad cost one percent more.
    pub fn fee(self, gross: Cents, international: bool) -> Cents {
        let (rate, fixed) = self.rate();
        let rate = if international { rate + ABROAD } else { rate };
        (gross * rate + 5_000) / 10_000 + fixed
    }
}

#[derive(Clone, Debug)]
pub struct Sale {
    /// X-Cart's order id.
    pub id: u64,
    pub number: String,
    pub person: usize,
    /// Ordered without a profile.
    pub is_guest: bool,
    pub currency: Currency,
    pub placed: Seconds,
    pub renewed: Seconds,
    pub lines: Vec<SaleLine>,
    pub subtotal: Cents,
    pub shipping: Cents,
    /// Positive; taken off.
    pub discount: Cents,
    pub tax: Cents,
    pub tax_code: &'static str,
    pub total: Cents,
    pub payment_status: &'static str,
    pub shipping_status: &'static str,
    pub method: Method,
    pub transactions: Vec<Transaction>,
    /// What is wrong with the order as the store tells it, if anything.
    pub poison: Option<Poison>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poison {
    /// A total finer than a cent.
    FineTotal,
    UnknownCurrency,
    /// The lines and surcharges do not come to the total.
    WrongTotal,
}

#[derive(Clone, Debug)]
pub struct SaleLine {
    pub product: usize,
    pub quantity: i64,
    pub price: Cents,
}

/// One row of X-Cart's payment transactions, with the gateway's steps below it (none for offline methods).
#[derive(Clone, Debug)]
pub struct Transaction {
    pub id: u64,
    pub method: Method,
    pub kind: &'static str,
    pub status: &'static str,
    pub value: Cents,
    pub at: Seconds,
    pub public_id: String,
    pub gateway_ref: Option<String>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub id: u64,
    pub kind: &'static str,
    pub status: &'static str,
    pub value: Cents,
    pub at: Seconds,
    /// The gateway's id of this step, where it has one of its own.
    pub gateway_ref: Option<String>,
}

/// Money that really moved at the store: a capture (positive) or a refund (negative).
#[derive(Clone, Debug)]
pub struct MoneyEvent {
    pub sale: usize,
    pub transaction: u64,
    /// The step, or 0 where the transaction has none.
    pub row: u64,
    pub method: Method,
    pub currency: Currency,
    pub amount: Cents,
    pub at: Seconds,
    pub gateway_ref: String,
}

impl MoneyEvent {
    /// `<transaction id>:<backend row id or 0>`
    pub fn id(&self) -> String {
        format!("{}:{}", self.transaction, self.row)
    }
}

/// One row of a gateway's settlement file. Signs are the clearing account's; `net` = `gross` + `fee`.
#[derive(Clone, Debug)]
pub struct SettlementRow {
    pub gateway: Gateway,
    pub row_id: String,
    pub payout_id: String,
    pub kind: &'static str,
    pub gateway_ref: String,
    pub order_number: String,
    pub currency: Currency,
    pub gross: Cents,
    /// Zero or negative.
    pub fee: Cents,
    pub net: Cents,
    pub created: Seconds,
    pub available: Day,
    pub description: String,
    /// The money event behind it, where the store has one.
    pub event: Option<usize>,
}

impl SettlementRow {
    /// `<file>:<row id>`, as the truth names it.
    pub fn id(&self) -> String {
        format!("{}:{}", self.gateway.file(), self.row_id)
    }
}

/// One line of the bank's file; money in is positive.
#[derive(Clone, Debug)]
pub struct BankLine {
    pub row_id: String,
    pub on: Day,
    pub currency: Currency,
    pub amount: Cents,
    pub description: String,
    pub reference: String,
}

/// Position of a document in [`super::World::documents`].
pub type DocumentIndex = usize;

/// What the books hold, in the words of the books.
#[derive(Clone, Debug)]
pub struct Document {
    pub on: Day,
    /// Written from the top level, so that its entity reads back blank.
    pub entity_blank: bool,
    pub body: Body,
}

#[derive(Clone, Debug)]
pub enum Body {
    SalesOrder {
        sale: usize,
    },
    Invoice {
        number: String,
        customer: String,
        due_in: i64,
        reference: String,
        description: String,
        currency: Currency,
        lines: Vec<(&'static str, Cents)>,
    },
    CreditMemo {
        number: String,
        customer: String,
        invoice: String,
        description: String,
        currency: Currency,
        /// Negative lines credit the customer.
        lines: Vec<(&'static str, Cents)>,
    },
    Receipt {
        /// None when several customers' invoices are paid at once.
        customer: Option<String>,
        payer: String,
        place: Place,
        method: &'static str,
        number: String,
        memo: String,
        currency: Currency,
        /// Invoice documents and what each gets.
        applied: Vec<(DocumentIndex, Cents)>,
        overpaid: Cents,
        is_draft: bool,
    },
    Advance {
        customer: String,
        place: Place,
        method: &'static str,
        number: String,
        memo: String,
        currency: Currency,
        amount: Cents,
    },
    OtherReceipt {
        payer: String,
        place: Place,
        method: &'static str,
        number: String,
        memo: String,
        /// Positive lines credit the account.
        lines: Vec<(&'static str, Cents)>,
    },
    Deposit {
        slip: String,
        receipts: Vec<DocumentIndex>,
    },
    Journal {
        reference: String,
        title: String,
        currency: Currency,
        debit: &'static str,
        credit: &'static str,
        amount: Cents,
        customer: Option<String>,
    },
}

impl Document {
    /// On one day, invoices come before the money that pays them, and deposits after both.
    pub fn rank(&self) -> u8 {
        match self.body {
            Body::SalesOrder { .. } => 0,
            Body::Invoice { .. } => 1,
            Body::CreditMemo { .. } => 2,
            Body::Receipt { .. } | Body::Advance { .. } | Body::OtherReceipt { .. } => 3,
            Body::Deposit { .. } => 4,
            Body::Journal { .. } => 5,
        }
    }

    /// Intacct's object and the natural id a person would look it up by.
    pub fn natural(&self) -> (&'static str, &str) {
        match &self.body {
            Body::SalesOrder { .. } => ("SODOCUMENT", ""),
            Body::Invoice { number, .. } => ("ARINVOICE", number),
            Body::CreditMemo { number, .. } => ("ARADJUSTMENT", number),
            Body::Receipt { number, .. } => ("ARPYMT", number),
            Body::Advance { number, .. } => ("ARADVANCE", number),
            Body::OtherReceipt { number, .. } => ("OTHERRECEIPTS", number),
            Body::Deposit { slip, .. } => ("DEPOSIT", slip),
            Body::Journal { reference, .. } => ("GLENTRY", reference),
        }
    }
}
