//! The store's side: orders, payments, profiles and products as X-Cart keeps them.

use rust_decimal::Decimal;

use crate::demo::calendar::{Zone, day_in};
use crate::demo::model::{Cents, Method, Poison, Sale};
use crate::demo::people::Person;
use crate::demo::sales::end_of;
use crate::demo::world::World;
use crate::demo::{STORE_ZONE, calendar};
use crate::xcart::{
    Address, BackendTransaction, Order, OrderItem, OrderStatus, PaymentTransaction, Product, Profile, Store, Surcharge,
    TrackingNumber, TransactionData,
};

pub fn store(world: &World) -> Store {
    let mut store = Store::default();
    store.settings.time_zone = STORE_ZONE.to_owned();
    store.clock = end_of(calendar::day_of(world.last));
    let id = store.payment_statuses.len() as u64 + 1;
    store.payment_statuses.push(OrderStatus {
        id,
        code: "HLD".to_owned(),
        name: "On hold (legacy import)".to_owned(),
        customer_name: "On hold".to_owned(),
        position: 80,
    });
    // the list of profiles holds the administrators too (reference/xcart.md 4.5)
    store.add_profile(Profile {
        id: 1,
        login: "office@larkspur.example".to_owned(),
        access_level: 100,
        status: "E".to_owned(),
        language: "en".to_owned(),
        role_ids: vec![1],
        ..Profile::default()
    });
    for person in &world.people {
        store.add_profile(profile(person, calendar::day_of(world.first)));
    }
    for product in &world.products {
        store.add_product(self::product(product));
    }
    for sale in &world.sales {
        let order = order(world, sale);
        store.add_order(order);
    }
    store
}

fn money(cents: Cents) -> Decimal {
    Decimal::new(cents, 2)
}

fn profile(person: &Person, first: i64) -> Profile {
    let joined = (first - 30 - (person.profile % 700) as i64) * 86_400;
    Profile {
        id: person.profile,
        login: person.email.clone(),
        create_date: joined,
        first_login_date: Some(joined),
        last_login_date: Some(joined),
        status: "E".to_owned(),
        language: "en".to_owned(),
        addresses: vec![address(person)],
        ..Profile::default()
    }
}

fn address(person: &Person) -> Address {
    Address {
        is_billing: true,
        is_shipping: true,
        firstname: person.first.clone(),
        lastname: person.last.clone(),
        phone: "312 555 0100".to_owned(),
        street: person.street.clone(),
        zipcode: person.zip.to_owned(),
        city: person.city.to_owned(),
        country_code: person.country.to_owned(),
        state: person.state,
        state_name: person.state_code.to_owned(),
        state_code: person.state_code.to_owned(),
        ..Address::default()
    }
}

fn product(product: &crate::demo::catalog::Product) -> Product {
    Product {
        id: product.id,
        sku: product.sku.clone(),
        name: product.name.clone(),
        price: money(product.price),
        enabled: true,
        weight: Decimal::new(15, 1),
        free_shipping: product.is_gift_set,
        taxable: !product.is_gift_set,
        inventory_traceable: true,
        amount: product.shown(),
        clean_url: product.sku.to_lowercase(),
        ..Product::default()
    }
}

fn order(world: &World, sale: &Sale) -> Order {
    let person = &world.people[sale.person];
    let mut total = money(sale.total);
    let mut currency = sale.currency.code().to_owned();
    match sale.poison {
        Some(Poison::FineTotal) => total += Decimal::new(37, 4),
        Some(Poison::UnknownCurrency) => currency = "ZZQ".to_owned(),
        // and so it is not what its lines and surcharges come to
        Some(Poison::WrongTotal) => total += Decimal::new(500, 2),
        None => {}
    }
    let shipped = matches!(sale.shipping_status, "S" | "D" | "R");
    Order {
        id: sale.id,
        order_number: sale.number.clone(),
        currency,
        total,
        sub_total: money(sale.subtotal),
        items: items(world, sale),
        surcharges: surcharges(sale),
        billing_address: Some(address(person)),
        shipping_address: Some(address(person)),
        email: person.email.clone(),
        customer_id: (!sale.is_guest).then_some(person.profile),
        payment_status: Some(sale.payment_status.to_owned()),
        shipping_status: Some(sale.shipping_status.to_owned()),
        create_date: sale.placed,
        last_renew_date: sale.renewed,
        shipping_id: 1,
        shipping_method_name: if sale.shipping == 0 { "Free shipping" } else { "Ground" }.to_owned(),
        payment_method_name: sale.method.name().to_owned(),
        transactions: sale.transactions.iter().map(|it| transaction(it, sale)).collect(),
        tracking_numbers: shipped.then(|| tracking(sale)).into_iter().collect(),
        ..Order::default()
    }
}

fn tracking(sale: &Sale) -> TrackingNumber {
    TrackingNumber { id: 0, date: sale.placed + 90_000, value: format!("1Z999AA1{:010}", sale.id) }
}

fn items(world: &World, sale: &Sale) -> Vec<OrderItem> {
    sale.lines
        .iter()
        .map(|line| {
            let product = &world.products[line.product];
            OrderItem {
                product_id: Some(product.id),
                sku: product.sku.clone(),
                name: product.name.clone(),
                price: money(line.price),
                item_net_price: money(line.price),
                discounted_subtotal: money(line.price * line.quantity),
                amount: line.quantity,
                ..OrderItem::default()
            }
        })
        .collect()
}

fn surcharges(sale: &Sale) -> Vec<Surcharge> {
    let one = |kind: &str, code: &str, name: &str, value: Cents| Surcharge {
        kind: kind.to_owned(),
        code: code.to_owned(),
        class: format!("\\XLite\\Logic\\Order\\Modifier\\{kind}"),
        available: true,
        value: money(value),
        name: name.to_owned(),
        ..Surcharge::default()
    };
    let mut all = vec![one("shipping", "SHIPPING", "Shipping cost", sale.shipping)];
    if sale.discount != 0 {
        all.push(one("discount", "DCOUPON", "Coupon SPRING10", -sale.discount));
    }
    if sale.tax != 0 {
        all.push(one("tax", sale.tax_code, "Sales tax", sale.tax));
    }
    all
}

fn transaction(one: &crate::demo::model::Transaction, sale: &Sale) -> PaymentTransaction {
    let data = |value: &Option<String>| {
        value
            .iter()
            .map(|value| TransactionData {
                id: 0,
                name: reference_name(one.method).to_owned(),
                label: "Transaction ID".to_owned(),
                value: value.clone(),
                access_level: "A".to_owned(),
            })
            .collect()
    };
    PaymentTransaction {
        id: one.id,
        public_id: one.public_id.clone(),
        public_txn_id: one.public_id.clone(),
        method_id: one.method.id(),
        kind: one.kind.to_owned(),
        date: one.at,
        status: one.status.to_owned(),
        method_name: one.method.service_name().to_owned(),
        method_local_name: one.method.name().to_owned(),
        currency: sale.currency.code().to_owned(),
        value: money(one.value),
        note: String::new(),
        data: data(&one.gateway_ref),
        backend_transactions: one
            .steps
            .iter()
            .map(|step| BackendTransaction {
                id: step.id,
                kind: step.kind.to_owned(),
                date: step.at,
                status: step.status.to_owned(),
                value: money(step.value),
                data: data(&step.gateway_ref),
            })
            .collect(),
    }
}

/// Each processor keeps its id under a name of its own (reference/xcart.md 4.2).
fn reference_name(method: Method) -> &'static str {
    match method {
        Method::Stripe => "stripe_charge_id",
        Method::PayPal => "PPREF",
        _ => "transId",
    }
}

/// The store's own day of an order.
pub fn placed_on(sale: &Sale) -> i64 {
    day_in(sale.placed, Zone::Store)
}
