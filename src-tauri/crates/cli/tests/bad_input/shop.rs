//! A store with one paid order, and what may be wrong with another.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use tieout_sandbox::intacct::Company as Books;
use tieout_sandbox::intacct::post::NewLine;
use tieout_sandbox::intacct::post::receivable::NewReceivable;
use tieout_sandbox::intacct::sample::small_company;
use tieout_sandbox::xcart::{
    Address, BackendTransaction, Order, OrderItem, PaymentTransaction, Profile, Store, TransactionData,
};

/// Where everything happens: an open day of the example company.
pub const DAY: Date = Date::constant(2026, 1, 29);
/// The customer `C-1001` of the books.
const PROFILE: u64 = 1001;
const PRICE: Decimal = Decimal::from_parts(12_000, 0, 0, false, 2);

/// The settings of this company's accountant.
pub const SETTINGS: &str = r#"
cut_over = "2026-01-01"

[[clearing]]
method = "Credit Card"
currency = "USD"
account = "1210"
deposit_to = "undeposited:1210"
payment_method = "Credit Card"
settlement = "card"
bank_account = "1000"
bank = "BANK-01"

[accounts]
receivable = "1100"
fees = "6100"
chargeback_fees = "6110"
chargebacks_in_dispute = "1230"
customer_deposits = "2400"
unapplied = "2410"
write_off = "6900"
bank_charges = "6150"
returns = "4200"
discounts = "4100"
shipping = "4050"

[customers]
profile_prefix = "C-"
"#;

pub fn second(day: Date) -> i64 {
    day.at(15, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp().as_second()
}

/// 120.00 USD by card, taken in one go.
pub fn order(number: &str) -> Order {
    let id = TransactionData { name: "transId".into(), value: format!("txn_{number}"), ..TransactionData::default() };
    let sale = BackendTransaction {
        kind: "sale".into(),
        status: "S".into(),
        date: second(DAY),
        value: PRICE,
        data: vec![id],
        ..BackendTransaction::default()
    };
    let card = PaymentTransaction {
        kind: "sale".into(),
        date: second(DAY),
        status: "S".into(),
        method_name: "CreditCard".into(),
        method_local_name: "Credit Card".into(),
        value: PRICE,
        backend_transactions: vec![sale],
        ..PaymentTransaction::default()
    };
    let mug = OrderItem {
        sku: "SKU-1".into(),
        name: "Blue mug".into(),
        price: PRICE,
        item_net_price: PRICE,
        discounted_subtotal: PRICE,
        amount: 1,
        ..OrderItem::default()
    };
    Order {
        order_number: number.into(),
        total: PRICE,
        sub_total: PRICE,
        items: vec![mug],
        email: "jane@example.com".into(),
        customer_id: Some(PROFILE),
        payment_status: Some("P".into()),
        shipping_status: Some("P".into()),
        create_date: second(DAY),
        last_renew_date: second(DAY),
        transactions: vec![card],
        ..Order::default()
    }
}

pub fn of_customer(name: &str, order: Order) -> Order {
    let address = Address { is_billing: true, firstname: name.into(), lastname: "Doe".into(), ..Address::default() };
    Order { billing_address: Some(address), ..order }
}

/// A store with the order 2001.
pub fn store() -> Store {
    let mut store = Store::default();
    store.settings.rest_addon = false;
    store.add_profile(Profile { id: PROFILE, login: "jane@example.com".into(), ..Profile::default() });
    store.add_order(order("2001"));
    store
}

/// The invoice the ERP posted for it.
pub fn invoice(books: &mut Books, number: &str) {
    let new = NewReceivable {
        customer_id: "C-1001".into(),
        date: DAY,
        due: Some(DAY),
        number: Some(format!("INV-{number}")),
        doc_number: number.into(),
        lines: vec![NewLine::new("4000", PRICE)],
        ..NewReceivable::default()
    };
    books.post_invoice(new).unwrap();
}

pub fn books() -> Books {
    let mut books = small_company();
    invoice(&mut books, "2001");
    books
}

/// The card gateway's file: the fee of order 2001 becomes a journal entry.
pub const CARD_FILE: &str = "row_id,payout_id,type,gateway_ref,order_number,currency,gross,fee,net,created_at\n\
    r1,po_1,charge,txn_2001,2001,USD,120.00,-3.36,116.64,2026-01-29\n";

pub fn later() -> Date {
    date(2026, 2, 28)
}
