//! The store's side of a worked example, in few words: orders with their surcharges and the steps of their money.

use jiff::civil::Date;
use rust_decimal::Decimal;
use tieout_sandbox::xcart::{
    BackendTransaction, Order, OrderItem, PaymentTransaction, Profile, Store, Surcharge, TransactionData,
};

/// The profile of Intacct's customer `C-1001`.
const PROFILE: u64 = 1001;

pub fn store() -> Store {
    let mut store = Store::default();
    store.settings.rest_addon = false;
    store.add_profile(Profile {
        id: PROFILE,
        login: "jane@example.com".into(),
        status: "E".into(),
        ..Profile::default()
    });
    store
}

pub fn money(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Three in the afternoon of that day, in the store's zone (UTC).
pub fn at(day: Date) -> i64 {
    day.at(15, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second()
}

/// An order as the examples tell it: units of one article, then what is added and taken off.
#[derive(Clone, Debug)]
pub struct Sale {
    pub number: String,
    pub placed: Date,
    pub units: i64,
    pub price: Decimal,
    pub discount: Decimal,
    pub shipping: Decimal,
    pub tax: Decimal,
}

impl Sale {
    /// Nothing but goods.
    pub fn of(number: &str, placed: Date, price: &str) -> Sale {
        let zero = Decimal::ZERO;
        let price = money(price);
        Sale { number: number.into(), placed, units: 1, price, discount: zero, shipping: zero, tax: zero }
    }

    /// Order O-2001 of the examples: 2 x 50.00, coupon 10.00, shipping 8.00, tax 7.43.
    pub fn o2001(placed: Date) -> Sale {
        let parts = |it: Sale| Sale { units: 2, discount: money("10.00"), shipping: money("8.00"), ..it };
        Sale { tax: money("7.43"), ..parts(Sale::of("2001", placed, "50.00")) }
    }

    pub fn numbered(self, number: &str) -> Sale {
        Sale { number: number.into(), ..self }
    }

    pub fn goods(&self) -> Decimal {
        self.price * Decimal::from(self.units)
    }

    pub fn total(&self) -> Decimal {
        self.goods() - self.discount + self.shipping + self.tax
    }

    /// The order in X-Cart, with the status and the payments given.
    pub fn order(&self, status: &str, transactions: Vec<PaymentTransaction>) -> Order {
        let item = OrderItem {
            sku: "SKU-1".into(),
            name: "Blue mug".into(),
            price: self.price,
            item_net_price: self.price,
            discounted_subtotal: self.goods(),
            amount: self.units,
            ..OrderItem::default()
        };
        Order {
            order_number: self.number.clone(),
            total: self.total(),
            sub_total: self.goods(),
            items: vec![item],
            surcharges: self.surcharges(),
            email: "jane@example.com".into(),
            customer_id: Some(PROFILE),
            payment_status: Some(status.into()),
            shipping_status: Some("P".into()),
            create_date: at(self.placed),
            last_renew_date: at(self.placed),
            transactions,
            ..Order::default()
        }
    }

    fn surcharges(&self) -> Vec<Surcharge> {
        let parts = [
            ("shipping", "SHIPPING", self.shipping),
            ("discount", "DCOUPON", -self.discount),
            ("tax", "CDEV.STAX.1", self.tax),
        ];
        let parts = parts.into_iter().filter(|(_, _, value)| !value.is_zero());
        parts
            .map(|(kind, code, value)| Surcharge {
                kind: kind.into(),
                code: code.into(),
                name: code.into(),
                available: true,
                value,
                ..Surcharge::default()
            })
            .collect()
    }
}

/// One step of the gateway: `sale`, `auth`, `capture`, `void`, `refund`; `S` done, `F` failed.
pub fn step(kind: &str, status: &str, on: Date, value: Decimal, reference: &str) -> BackendTransaction {
    BackendTransaction {
        kind: kind.into(),
        status: status.into(),
        date: at(on),
        value,
        data: gateway_id(reference),
        ..BackendTransaction::default()
    }
}

fn gateway_id(reference: &str) -> Vec<TransactionData> {
    let data = TransactionData { name: "transId".into(), value: reference.into(), ..TransactionData::default() };
    (!reference.is_empty()).then_some(data).into_iter().collect()
}

/// A transaction of a method with the gateway's steps below it.
pub fn transaction(method: &str, on: Date, value: Decimal, steps: Vec<BackendTransaction>) -> PaymentTransaction {
    PaymentTransaction {
        public_id: format!("{}-{value}", at(on)),
        kind: "sale".into(),
        date: at(on),
        status: "S".into(),
        method_name: method.replace(' ', ""),
        method_local_name: method.into(),
        value,
        backend_transactions: steps,
        ..PaymentTransaction::default()
    }
}

/// Taken in one go.
pub fn captured(method: &str, on: Date, value: Decimal, reference: &str) -> PaymentTransaction {
    transaction(method, on, value, vec![step("sale", "S", on, value, reference)])
}

/// An offline method: X-Cart keeps no steps for it.
pub fn offline(method: &str, on: Date, value: Decimal) -> PaymentTransaction {
    transaction(method, on, value, vec![])
}
