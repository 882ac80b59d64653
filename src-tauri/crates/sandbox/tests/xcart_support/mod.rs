//! The recorded exchanges, the store they were recorded from, and a way to ask the sandbox the same.

#![allow(dead_code)] // each test file uses its part

use jiff::Timestamp;
use serde_json::{Map, Value};
use std::path::Path;
use tieout_sandbox::faults::Faults;
use tieout_sandbox::xcart::{self, *};

/// One recorded request and what X-Cart answered.
#[derive(Clone)]
pub struct Exchange {
    pub name: String,
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    pub status: u16,
    pub reply_headers: Map<String, Value>,
    pub reply: Value,
}

pub struct Recordings {
    pub exchanges: Vec<Exchange>,
    pub not_copied: Vec<String>,
}

impl Recordings {
    pub fn load() -> Recordings {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/xcart.json");
        let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let rows = all["rows"].as_array().unwrap();
        let exchanges = all["exchanges"].as_array().unwrap().iter().map(|it| exchange(it, rows)).collect();
        Recordings { exchanges, not_copied: list(&all["not_copied"]).iter().map(|it| text(it, "")).collect() }
    }

    pub fn get(&self, name: &str) -> &Exchange {
        self.exchanges.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("no recording {name}"))
    }
}

fn exchange(it: &Value, rows: &[Value]) -> Exchange {
    let headers = it["headers"].as_object().unwrap();
    Exchange {
        name: text(it, "name"),
        method: text(it, "method"),
        url: text(it, "url"),
        headers: headers.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect(),
        body: match &it["body"] {
            Value::Null => None,
            Value::String(raw) => Some(raw.clone()),
            json => Some(json.to_string()),
        },
        status: it["status"].as_u64().unwrap() as u16,
        reply_headers: it["reply_headers"].as_object().unwrap().clone(),
        reply: expanded(&it["reply"], rows),
    }
}

/// Puts the shared rows back in their places.
fn expanded(value: &Value, rows: &[Value]) -> Value {
    match value {
        Value::Object(fields) => match fields.get("$row") {
            Some(row) => expanded(&rows[row.as_u64().unwrap() as usize], rows),
            None => fields.iter().map(|(key, value)| (key.clone(), expanded(value, rows))).collect(),
        },
        Value::Array(items) => items.iter().map(|value| expanded(value, rows)).collect(),
        other => other.clone(),
    }
}

/// The value under a key, or the value itself for an empty key.
fn text(value: &Value, key: &str) -> String {
    let value = if key.is_empty() { value } else { &value[key] };
    value.as_str().unwrap_or_default().to_owned()
}

fn whole(value: &Value, key: &str) -> i64 {
    value[key].as_i64().unwrap_or_default()
}

fn id(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_default()
}

fn truth(value: &Value, key: &str) -> bool {
    value[key].as_bool().unwrap_or_default()
}

fn figure(value: &Value, key: &str) -> rust_decimal::Decimal {
    value[key].to_string().parse().unwrap_or_else(|_| panic!("{key} is no figure: {}", value[key]))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn date(value: &Value, key: &str) -> UnixSeconds {
    let text = text(value, key);
    format!("{}Z", &text[..19]).parse::<Timestamp>().unwrap().as_second()
}

/// The store as it stood when the admin API was recorded: the list of orders, and the rest as it is met.
pub fn admin_api_store(recordings: &Recordings) -> Store {
    let mut store = Store { clock: 1_795_424_311, ..Store::default() };
    store.settings.base_url = "http://127.0.0.1:8055".to_owned();
    for name in ["orders-list", "products-list", "products-order", "products-get-1", "profiles-list"] {
        remember(&mut store, recordings.get(&format!("api55/{name}")));
    }
    for row in list(&recordings.get("rest54/product-get-all").reply) {
        if !store.products.contains_key(&id(row, "product_id")) {
            store.add_product(addon_product(row));
        }
    }
    store.last_ids.product = 50;
    store
}

/// Takes every row a recorded answer shows into the store, so that the store is as it was at that moment.
pub fn remember(store: &mut Store, exchange: &Exchange) {
    let path = exchange.url.split('?').next().unwrap();
    let parts: Vec<&str> = path.trim_start_matches("/api/").split('/').collect();
    let members =
        if exchange.reply["hydra:member"].is_array() { &exchange.reply["hydra:member"] } else { &exchange.reply };
    let rows: &[Value] = if members.is_array() { list(members) } else { std::slice::from_ref(members) };
    match parts.as_slice() {
        ["orders"] | ["orders", "by_number", _] | ["orders", _] => {
            rows.iter().filter(|row| row["order_number"].is_string()).for_each(|row| remember_order(store, row));
        }
        ["orders", order, "payment_transactions"] => {
            let order = store.orders.get_mut(&order.parse().unwrap()).unwrap();
            order.transactions = rows.iter().map(transaction).collect();
        }
        ["orders", order, "history"] => {
            store.orders.get_mut(&order.parse().unwrap()).unwrap().history = rows.iter().map(event).collect();
        }
        ["orders", order, part @ ("payment_status" | "shipping_status")] if exchange.method == "GET" => {
            let order = store.orders.get_mut(&order.parse().unwrap()).unwrap();
            let code = Some(text(&exchange.reply, "code"));
            if *part == "payment_status" { order.payment_status = code } else { order.shipping_status = code }
        }
        ["products"] | ["products", _] => {
            for row in rows.iter().filter(|row| row["sku"].is_string()) {
                store.add_product(product(row));
            }
        }
        ["profiles"] | ["profiles", _] => {
            for row in rows.iter().filter(|row| row["login"].is_string()) {
                let addresses = store.profiles.get(&id(row, "id")).map(|it| it.addresses.clone()).unwrap_or_default();
                store.add_profile(Profile { addresses, ..profile(row) });
            }
        }
        ["profiles", profile, "addresses"] if exchange.method == "GET" => {
            let mut profile = store.profiles[&profile.parse::<u64>().unwrap()].clone();
            profile.addresses = rows.iter().map(address).collect();
            store.add_profile(profile);
        }
        _ => {}
    }
}

fn remember_order(store: &mut Store, row: &Value) {
    let known = store.orders.get(&id(row, "id")).cloned().unwrap_or_default();
    store.add_order(Order {
        id: id(row, "id"),
        order_number: text(row, "order_number"),
        currency: text(row, "currency"),
        total: figure(row, "total"),
        sub_total: figure(row, "sub_total"),
        items: list(&row["items"]).iter().map(item).collect(),
        surcharges: list(&row["surcharges"]).iter().map(surcharge).collect(),
        billing_address: row["billing_address"].is_object().then(|| address(&row["billing_address"])),
        shipping_address: row["shipping_address"].is_object().then(|| address(&row["shipping_address"])),
        email: text(row, "email"),
        customer_id: row["customer_id"].as_u64(),
        order_profile_id: row["order_profile_id"].as_u64(),
        payment_status: row["payment_status"]["code"].as_str().map(str::to_owned),
        shipping_status: row["shipping_status"]["code"].as_str().map(str::to_owned),
        create_date: date(row, "create_date"),
        last_renew_date: date(row, "update_date"),
        shipping_id: id(row, "shipping_id"),
        shipping_method_name: text(row, "shipping_method_name"),
        notes: text(row, "notes"),
        admin_notes: text(row, "admin_notes"),
        stock_status: text(row, "stock_status"),
        tracking_numbers: list(&row["tracking_numbers"])
            .iter()
            .map(|row| TrackingNumber { id: id(row, "id"), date: date(row, "date"), value: text(row, "value") })
            .collect(),
        ..known
    });
}

fn item(row: &Value) -> OrderItem {
    OrderItem {
        id: id(row, "id"),
        product_id: row["product_id"].as_u64(),
        sku: text(row, "sku"),
        name: text(row, "name"),
        update_date: date(row, "update_date"),
        price: figure(row, "price"),
        item_net_price: figure(row, "item_net_price"),
        discounted_subtotal: figure(row, "discounted_subtotal"),
        amount: whole(row, "amount"),
        backordered_amount: whole(row, "backordered_amount"),
        surcharges: list(&row["surcharges"]).iter().map(surcharge).collect(),
    }
}

fn surcharge(row: &Value) -> Surcharge {
    Surcharge {
        id: id(row, "id"),
        kind: text(row, "type"),
        code: text(row, "code"),
        class: text(row, "class"),
        include: truth(row, "include"),
        available: truth(row, "available"),
        value: figure(row, "value"),
        name: text(row, "name"),
        weight: whole(row, "weight"),
    }
}

fn address(row: &Value) -> Address {
    Address {
        id: id(row, "id"),
        is_billing: truth(row, "is_billing"),
        is_shipping: truth(row, "is_shipping"),
        is_work: truth(row, "is_work"),
        kind: text(row, "type"),
        title: text(row, "title"),
        firstname: text(row, "firstname"),
        lastname: text(row, "lastname"),
        phone: text(row, "phone"),
        street: text(row, "street"),
        zipcode: text(row, "zipcode"),
        city: text(row, "city"),
        country_code: text(row, "country_code"),
        state: row["state"].as_u64(),
        state_name: text(row, "state_name"),
        // All demo addresses are in Oklahoma.
        state_code: "OK".to_owned(),
    }
}

fn transaction(row: &Value) -> PaymentTransaction {
    PaymentTransaction {
        id: id(row, "id"),
        public_id: text(row, "public_id"),
        public_txn_id: text(row, "public_txn_id"),
        method_id: id(row, "method_id"),
        kind: text(row, "type"),
        date: date(row, "date"),
        status: "S".to_owned(),
        method_name: text(row, "name"),
        method_local_name: text(row, "local_name"),
        currency: text(row, "currency"),
        value: figure(row, "value"),
        note: text(row, "note"),
        data: list(&row["data"]).iter().map(transaction_data).collect(),
        backend_transactions: list(&row["backend_transactions"])
            .iter()
            .map(|step| BackendTransaction {
                id: id(step, "id"),
                kind: text(step, "type"),
                date: date(step, "date"),
                status: text(step, "status"),
                value: figure(step, "value"),
                data: list(&step["data"]).iter().map(transaction_data).collect(),
            })
            .collect(),
    }
}

fn transaction_data(row: &Value) -> TransactionData {
    TransactionData {
        id: id(row, "id"),
        name: text(row, "name"),
        label: text(row, "label"),
        value: text(row, "value"),
        access_level: text(row, "access_level"),
    }
}

fn event(row: &Value) -> HistoryEvent {
    // The text with its places open again, as the database holds it.
    let description = match text(row, "code").as_str() {
        "CHANGE SHIPPING STATUS ORDER" => {
            "Order shipping status changed from {{oldStatus}} to {{newStatus}}".to_owned()
        }
        _ => text(row, "description"),
    };
    HistoryEvent {
        id: id(row, "id"),
        date: date(row, "date"),
        code: text(row, "code"),
        description,
        data: row["data"].as_object().cloned(),
        comment: String::new(),
        profile_id: row["profile_id"].as_u64(),
        author_name: row["profile_name"].as_str().map(str::to_owned),
        author_ip: text(row, "ip"),
    }
}

fn profile(row: &Value) -> Profile {
    Profile {
        id: id(row, "id"),
        login: text(row, "login"),
        access_level: whole(row, "access_level"),
        create_date: date(row, "create_date"),
        status: text(row, "status"),
        status_comment: text(row, "status_comment"),
        referer: text(row, "referer"),
        language: text(row, "language"),
        ..Profile::default()
    }
}

fn product(row: &Value) -> Product {
    let image = |row: &Value| ProductImage {
        id: id(row, "id"),
        position: whole(row, "position"),
        alt: text(row, "alt"),
        file: text(row, "url").rsplit('/').next().unwrap().to_owned(),
        width: whole(row, "width"),
        height: whole(row, "height"),
    };
    Product {
        id: id(row, "id"),
        sku: text(row, "sku"),
        name: text(row, "name"),
        description: text(row, "description"),
        brief_description: text(row, "brief_description"),
        meta_tags: text(row, "meta_tags"),
        meta_description: text(row, "meta_description"),
        meta_title: text(row, "meta_title"),
        price: figure(row, "price"),
        enabled: truth(row, "enabled"),
        weight: figure(row, "weight"),
        separate_box: truth(row, "separate_box"),
        width: figure(row, "width"),
        length: figure(row, "length"),
        height: figure(row, "height"),
        free_shipping: truth(row, "free_shipping"),
        taxable: truth(row, "taxable"),
        create_date: date(row, "create_date"),
        update_date: date(row, "update_date"),
        arrival_date: date(row, "arrival_date"),
        inventory_traceable: truth(row, "inventory_traceable"),
        amount: whole(row, "amount"),
        clean_url: text(row, "clean_url"),
        images: list(&row["images"]).iter().map(image).collect(),
    }
}

fn addon_product(row: &Value) -> Product {
    Product {
        id: id(row, "product_id"),
        sku: text(row, "sku"),
        price: figure(row, "price"),
        enabled: truth(row, "enabled"),
        weight: figure(row, "weight"),
        separate_box: truth(row, "useSeparateBox"),
        width: figure(row, "boxWidth"),
        length: figure(row, "boxLength"),
        height: figure(row, "boxHeight"),
        free_shipping: truth(row, "free_shipping"),
        taxable: truth(row, "taxable"),
        create_date: whole(row, "date"),
        update_date: whole(row, "updateDate"),
        arrival_date: whole(row, "arrivalDate"),
        inventory_traceable: truth(row, "inventoryEnabled"),
        amount: whole(row, "amount"),
        ..Product::default()
    }
}

/// The store as it stood when the add-on was first recorded: the same demo data, before anything was written.
pub fn addon_store(recordings: &Recordings) -> Store {
    let rows = |name: &str| list(&recordings.get(&format!("rest54/{name}")).reply).to_vec();
    let mut store = Store { clock: 1_795_422_975, ..Store::default() };
    store.settings.base_url = "http://127.0.0.1:8054".to_owned();
    store.shipping_statuses.push(OrderStatus { id: 9, code: "NF".to_owned(), position: 100, ..OrderStatus::default() });

    // What lists of scalars cannot tell (whose item, whose address) comes from the admin API's view of the same data.
    remember(&mut store, recordings.get("api55/orders-list"));
    store.orders.remove(&6);
    let mut transactions = rows("payment-transaction-get-all").into_iter();
    let mut events = rows("orderhistoryevents-get-all").into_iter().peekable();
    for (plain, complex) in rows("order-get-all").iter().zip(rows("order-complex-all")) {
        let order = store.orders.get_mut(&id(plain, "order_id")).unwrap();
        order.last_renew_date = whole(plain, "lastRenewDate");
        order.payment_method_name = text(plain, "payment_method_name");
        order.admin_notes = text(plain, "adminNotes");
        order.payment_status = complex["paymentStatus"].as_str().map(str::to_owned);
        order.shipping_status = complex["shippingStatus"].as_str().map(str::to_owned);
        order.tracking_numbers.clear();
        order.transactions = transactions
            .by_ref()
            .take(list(&complex["transactions"]).len())
            .map(|row| addon_transaction(&row))
            .collect();
        order.history = events.next().iter().map(addon_event).collect();
        while let Some(row) = events.next_if(|row| row["code"] != "PLACE ORDER") {
            order.history.push(addon_event(&row));
        }
        for row in list(&complex["items"]) {
            let known = rows("product-get-all").into_iter().find(|it| it["product_id"] == row["productId"]).unwrap();
            store.add_product(Product {
                description: text(row, "description"),
                brief_description: text(row, "shortDescription"),
                ..addon_product(&known)
            });
        }
    }
    for row in rows("product-get-all") {
        if !store.products.contains_key(&id(&row, "product_id")) {
            store.add_product(addon_product(&row));
        }
    }
    let shown = product(&recordings.get("api55/products-get-1").reply);
    let first = store.products.get_mut(&1).unwrap();
    *first = Product { name: shown.name, clean_url: shown.clean_url, images: shown.images, ..first.clone() };
    let customer = &rows("profile-get-all")[0];
    let home = store.orders[&1].billing_address.clone().unwrap();
    store.add_profile(Profile {
        id: id(customer, "profile_id"),
        login: text(customer, "login"),
        anonymous: truth(customer, "anonymous"),
        create_date: whole(customer, "added"),
        status: text(customer, "status"),
        language: text(customer, "language"),
        addresses: vec![Address { id: 1, ..home }],
        ..Profile::default()
    });
    store.last_ids = LastIds { tracking_number: 0, product: 50, order: 5, event: 20, ..store.last_ids };
    store
}

fn addon_transaction(row: &Value) -> PaymentTransaction {
    PaymentTransaction {
        id: id(row, "transaction_id"),
        public_id: text(row, "public_id"),
        public_txn_id: text(row, "publicTxnId"),
        method_id: 4,
        kind: text(row, "type"),
        date: whole(row, "date"),
        status: text(row, "status"),
        method_name: text(row, "method_name"),
        method_local_name: text(row, "method_local_name"),
        currency: "USD".to_owned(),
        value: figure(row, "value"),
        note: text(row, "note"),
        ..PaymentTransaction::default()
    }
}

fn addon_event(row: &Value) -> HistoryEvent {
    HistoryEvent {
        id: id(row, "event_id"),
        date: whole(row, "date"),
        code: text(row, "code"),
        description: text(row, "description"),
        data: row["data"].as_object().cloned(),
        comment: text(row, "comment"),
        profile_id: Some(1),
        author_name: row["authorName"].as_str().map(str::to_owned),
        author_ip: text(row, "authorIp"),
    }
}

/// The sandbox on a port of its own, and a client for it.
pub struct Shop {
    pub store: SharedStore,
    base: String,
    http: reqwest::Client,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shop {
    pub async fn open(store: Store, faults: Faults) -> Shop {
        // Another test of the same process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let store = SharedStore::new(store);
        let task = tokio::spawn(xcart::serve(listener, store.clone(), faults, 0));
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
        Shop { store, base, http, task }
    }

    pub fn request(&self, method: &str, url: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("{}{url}", self.base))
    }

    /// GET on the admin API with the read-write key; status and JSON.
    pub async fn get(&self, url: &str) -> (u16, Value) {
        let reply = self.request("GET", url).header("X-Auth-Token", "key-rw").send().await.unwrap();
        let status = reply.status().as_u16();
        (status, body(&reply.text().await.unwrap()))
    }

    /// PUT with a JSON body on the admin API.
    pub async fn put(&self, url: &str, json: &str) -> Result<(u16, Value), reqwest::Error> {
        let request =
            self.request("PUT", url).header("X-Auth-Token", "key-rw").header("Content-Type", "application/json");
        let reply = request.body(json.to_owned()).send().await?;
        let status = reply.status().as_u16();
        Ok((status, body(&reply.text().await?)))
    }

    /// Any method on the add-on with the read-write key; status, headers and JSON.
    pub async fn addon(
        &self,
        method: &str,
        path: &str,
        more: &str,
        json: &str,
    ) -> (u16, reqwest::header::HeaderMap, Value) {
        let url = format!("/admin.php?target=RESTAPI&_key=key-rw&_path={path}{more}");
        let request = self.request(method, &url).header("Content-Type", "application/json");
        let reply = request.body(json.to_owned()).send().await.unwrap();
        let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
        (status, headers, body(&reply.text().await.unwrap()))
    }
}

/// JSON, or the text itself where it is not JSON.
pub fn body(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}
