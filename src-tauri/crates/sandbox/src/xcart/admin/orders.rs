//! Orders of the admin API: read-only but for their two statuses (`reference/xcart.md` 4.1 to 4.3).

use super::fields::{Fields, Rules, Type};
use super::filters::{DateFilter, contains, is_one_of, sort};
use super::hydra::Variable;
use super::paging::Page;
use super::refusal::Refusal;
use super::route::OrderPart;
use super::{Answer, Kind, addresses};
use crate::xcart::exchange::Request;
use crate::xcart::json::{number, order_date};
use crate::xcart::model::*;
use crate::xcart::php::Query;
use serde_json::{Map, Value, json};

const ORDER: Kind = Kind { resource: "Order", output: "OrderOutput" };
const PAYMENT_STATUS: Kind = Kind { resource: "OrderPaymentStatus", output: "OrderPaymentStatusOutput" };
const SHIPPING_STATUS: Kind = Kind { resource: "OrderShippingStatus", output: "OrderShippingStatusOutput" };
const TRANSACTION: Kind = Kind { resource: "PaymentTransaction", output: "OrderPaymentTransactionOutput" };
const DETAIL: Kind = Kind { resource: "OrderDetail", output: "OrderDetailOutput" };
const EVENT: Kind = Kind { resource: "OrderHistoryEvents", output: "OrderHistoryOutput" };

const SEARCH: [Variable; 11] = [
    ("date[before]", "date"),
    ("date[strictly_before]", "date"),
    ("date[after]", "date"),
    ("date[strictly_after]", "date"),
    ("order[date]", "date"),
    ("order[lastRenewDate]", "lastRenewDate"),
    ("paymentStatus.code", "paymentStatus.code"),
    ("paymentStatus.code[]", "paymentStatus.code"),
    ("shippingStatus.code", "shippingStatus.code"),
    ("shippingStatus.code[]", "shippingStatus.code"),
    ("profile.login", "profile.login"),
];

pub fn list(store: &Store, query: &Query) -> Result<Answer, Refusal> {
    let page = Page::parse(query)?;
    let date = DateFilter::parse(store, query, "date");
    let payment = query.one_or_many("paymentStatus.code");
    let shipping = query.one_or_many("shippingStatus.code");
    let login = query.last("profile.login");
    // The login is the order's own profile's: an order without one never matches.
    let of_profile =
        |order: &Order| login.is_none() || (order.order_profile_id.is_some() && contains(login, &order.email));
    let mut rows: Vec<&Order> = store
        .orders
        .values()
        .filter(|order| date.lets_through(order.create_date))
        .filter(|order| is_one_of(payment.as_ref(), order.payment_status.as_deref()))
        .filter(|order| is_one_of(shipping.as_ref(), order.shipping_status.as_deref()))
        .filter(|order| of_profile(order))
        .collect();
    sort(query, &mut rows, |name, a, b| match name {
        "date" => Some(a.create_date.cmp(&b.create_date)),
        "lastRenewDate" => Some(a.last_renew_date.cmp(&b.last_renew_date)),
        _ => None,
    });
    let total = rows.len();
    let rows = page.of(&rows).iter().map(|order| order_json(store, order)).collect();
    Ok(Answer::Members { kind: ORDER, page, total, rows, search: SEARCH.to_vec() })
}

pub fn one(store: &Store, order: Option<&Order>) -> Result<Answer, Refusal> {
    order.map(|order| Answer::found(ORDER, order_json(store, order))).ok_or_else(Refusal::not_found)
}

pub fn part(store: &Store, id: u64, part: OrderPart, query: &Query) -> Result<Answer, Refusal> {
    let order = store.orders.get(&id);
    match part {
        OrderPart::PaymentStatus => {
            let order = order.ok_or_else(Refusal::not_found)?;
            Ok(Answer::found(PAYMENT_STATUS, status_json(&store.payment_statuses, order.payment_status.as_deref())))
        }
        OrderPart::ShippingStatus => {
            let order = order.ok_or_else(Refusal::not_found)?;
            Ok(Answer::found(SHIPPING_STATUS, status_json(&store.shipping_statuses, order.shipping_status.as_deref())))
        }
        // UNVERIFIED: a missing order has no rows of these; only its status and itself were seen to be "Not Found".
        OrderPart::PaymentTransactions => {
            let mut rows: Vec<&PaymentTransaction> = order.iter().flat_map(|order| &order.transactions).collect();
            sort(query, &mut rows, |name, a, b| (name == "date").then(|| a.date.cmp(&b.date)));
            members(TRANSACTION, query, &rows, vec![("order[date]", "date")], transaction_json)
        }
        OrderPart::Details => {
            let rows: Vec<&OrderDetail> = order.iter().flat_map(|order| &order.details).collect();
            members(
                DETAIL,
                query,
                &rows,
                Vec::new(),
                |row| json!({"id": row.id, "name": row.name, "label": row.label, "value": row.value}),
            )
        }
        OrderPart::History => {
            let rows: Vec<&HistoryEvent> = order.iter().flat_map(|order| &order.history).collect();
            members(EVENT, query, &rows, Vec::new(), event_json)
        }
    }
}

fn members<T>(
    kind: Kind,
    query: &Query,
    rows: &[&T],
    search: Vec<Variable>,
    render: impl Fn(&T) -> Value,
) -> Result<Answer, Refusal> {
    let page = Page::parse(query)?;
    let total = rows.len();
    let rows = page.of(rows).iter().map(|row| render(row)).collect();
    Ok(Answer::Members { kind, page, total, rows, search })
}

/// `PUT {"code":"P"}`: a missing order is a 400 here, not a 404.
pub fn put_status(store: &mut Store, id: u64, part: OrderPart, request: &Request) -> Result<Answer, Refusal> {
    let (kind, class, path) = match part {
        OrderPart::PaymentStatus => {
            (PAYMENT_STATUS, r"XLite\API\Endpoint\OrderPaymentStatus\DTO\OrderPaymentStatusInput", "payment_status")
        }
        OrderPart::ShippingStatus => {
            (SHIPPING_STATUS, r"XLite\API\Endpoint\OrderShippingStatus\DTO\OrderShippingStatusInput", "shipping_status")
        }
        _ => return Err(Refusal::not_found()),
    };
    let fields = Fields::read(request, &[("code", Type::Text)])?;
    let code = fields.text("code").unwrap_or_default();
    let mut rules = Rules::of(class);
    // Blank and too short at once would break two rules; the recording shows only the first.
    rules.not_blank("code", &code).length("code", &code, 0, 4).kept()?;
    if !store.orders.contains_key(&id) {
        return Err(Refusal::new(400, format!("Order with ID {id} not found")));
    }
    let statuses = if path == "payment_status" { &store.payment_statuses } else { &store.shipping_statuses };
    let status = statuses.iter().find(|status| status.code == code);
    let Some(status) = status.cloned() else {
        return Err(Refusal::new(400, format!("Status code '{code}' is invalid")));
    };
    match part {
        OrderPart::PaymentStatus => store.set_payment_status(id, &code),
        _ => store.set_shipping_status(id, &code),
    };
    // The recorded Content-Location names the status's id where the order's should be.
    let location = Some(format!("/api/orders/{}/{path}", status.id));
    Ok(Answer::Item { kind, value: status_fields(&status), location, created: false })
}

fn status_json(statuses: &[OrderStatus], code: Option<&str>) -> Value {
    let Some(code) = code else { return Value::Null };
    match statuses.iter().find(|status| status.code == code) {
        Some(status) => status_fields(status),
        None => json!({"id": 0, "code": code, "name": code, "customer_name": code}),
    }
}

fn status_fields(status: &OrderStatus) -> Value {
    json!({"id": status.id, "code": status.code, "name": status.name, "customer_name": status.customer_name})
}

fn order_json(store: &Store, order: &Order) -> Value {
    let mut value = json!({
        "order_number": order.order_number,
        "id": order.id,
        "total": number(order.total),
        "sub_total": number(order.sub_total),
        "email": order.email,
        "items": order.items.iter().map(item_json).collect::<Vec<_>>(),
        "billing_address": order.billing_address.as_ref().map(addresses::address_json),
        "shipping_address": order.shipping_address.as_ref().map(addresses::address_json),
        "create_date": order_date(order.create_date),
        "update_date": order_date(order.last_renew_date),
        "payment_status": status_json(&store.payment_statuses, order.payment_status.as_deref()),
        "shipping_status": status_json(&store.shipping_statuses, order.shipping_status.as_deref()),
        "customer_id": order.customer_id,
        "order_profile_id": order.order_profile_id,
        "shipping_id": order.shipping_id,
        "shipping_method_name": order.shipping_method_name,
        "notes": order.notes,
        "admin_notes": order.admin_notes,
        "currency": order.currency,
        "stock_status": order.stock_status,
        "surcharges": order.surcharges.iter().map(surcharge_json).collect::<Vec<_>>(),
        "tracking_numbers": order.tracking_numbers.iter().map(|row| {
            json!({"id": row.id, "date": order_date(row.date), "value": row.value})
        }).collect::<Vec<_>>(),
    });
    // The coupons module adds this list; an order without coupons looks like a store without the module.
    if !order.used_coupons.is_empty() {
        let coupon = |row: &UsedCoupon| json!({"id": row.id, "code": row.code, "value": number(row.value), "type": row.kind, "coupon_id": row.coupon_id});
        value["used_coupons"] = order.used_coupons.iter().map(coupon).collect();
    }
    value
}

fn item_json(item: &OrderItem) -> Value {
    json!({
        "id": item.id,
        "product_id": item.product_id.unwrap_or(0),
        "sku": item.sku,
        "update_date": order_date(item.update_date),
        "name": item.name,
        "price": number(item.price),
        "item_net_price": number(item.item_net_price),
        "discounted_subtotal": number(item.discounted_subtotal),
        "amount": item.amount,
        "backordered_amount": item.backordered_amount,
        "surcharges": item.surcharges.iter().map(surcharge_json).collect::<Vec<_>>(),
    })
}

pub fn surcharge_json(row: &Surcharge) -> Value {
    json!({
        "id": row.id,
        "type": row.kind,
        "code": row.code,
        "class": row.class,
        "include": row.include,
        "available": row.available,
        "value": number(row.value),
        "name": row.name,
        "weight": row.weight,
    })
}

fn transaction_json(row: &PaymentTransaction) -> Value {
    json!({
        "id": row.id,
        "public_id": row.public_id,
        "public_txn_id": row.public_txn_id,
        "method_id": row.method_id,
        "type": row.kind,
        "date": order_date(row.date),
        // X-Cart's own mistake: the method's name where the state should be (`reference/xcart.md` 0.4).
        "status": row.method_name,
        "name": row.method_name,
        "local_name": row.method_local_name,
        "currency": row.currency,
        "value": number(row.value),
        "note": row.note,
        "data": row.data.iter().map(data_json).collect::<Vec<_>>(),
        "backend_transactions": row.backend_transactions.iter().map(|step| json!({
            "id": step.id,
            "type": step.kind,
            "date": order_date(step.date),
            "status": step.status,
            "value": number(step.value),
            "data": step.data.iter().map(data_json).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn data_json(row: &TransactionData) -> Value {
    json!({"id": row.id, "name": row.name, "label": row.label, "value": row.value, "access_level": row.access_level})
}

fn event_json(event: &HistoryEvent) -> Value {
    json!({
        "id": event.id,
        "date": order_date(event.date),
        "code": event.code,
        // 5.5 words it "fulfillment" where 5.4 said "shipping".
        "description": filled(&event.description, event.data.as_ref()).replace("shipping status", "fulfillment status"),
        "data": event.data.as_ref().map_or_else(|| json!([]), |data| crate::xcart::json::map_or_list(data.clone())),
        // The recorded output repeats the code where the comment should be.
        "comment": event.code,
        "profile_id": event.profile_id,
        "profile_name": event.author_name,
        "ip": event.author_ip,
        "details": [],
    })
}

/// Puts the event's data into the `{{places}}` of its text.
fn filled(text: &str, data: Option<&Map<String, Value>>) -> String {
    data.into_iter().flatten().fold(text.to_owned(), |text, (name, value)| {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.replace(&format!("{{{{{name}}}}}"), &shown)
    })
}
