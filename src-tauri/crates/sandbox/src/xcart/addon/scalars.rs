//! The plain columns of each entity: all a list shows of it, and what a related item shows.

use crate::xcart::json::{extend, number};
use crate::xcart::model::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// What stands where a real store leaks a password hash. Whoever finds it in a file has not redacted.
pub const PASSWORD_HASH: &str = "5a4db0c5c0ffee005a4db0c5c0ffee00";

pub fn order(order: &Order) -> Value {
    json!({
        "mailchimpStoreId": "", "demo": false, "xpaymentsFraudStatus": "", "xpaymentsFraudType": "",
        "xpaymentsFraudCheckTransactionId": 0, "buyWithApplePay": false,
        "order_id": order.id,
        "shipping_id": order.shipping_id,
        "shipping_method_name": order.shipping_method_name,
        "payment_method_name": order.payment_method_name,
        "tracking": "",
        "date": order.create_date,
        "lastRenewDate": order.last_renew_date,
        "notes": order.notes,
        "adminNotes": order.admin_notes,
        "orderNumber": order.order_number,
        "recent": false,
        "stockStatus": order.stock_status,
        "xcPendingExport": false,
        "total": number(order.total),
        "subtotal": number(order.sub_total),
    })
}

/// Net price times amount, rounded half up as X-Cart rounds.
pub fn item_total(item: &OrderItem) -> Decimal {
    let total = item.item_net_price * Decimal::from(item.amount);
    total.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

pub fn item(item: &OrderItem) -> Value {
    json!({
        "categoryAdded": "", "xpaymentsEmulated": false, "xpaymentsUniqueId": "",
        "item_id": item.id,
        "name": item.name,
        "sku": item.sku,
        "price": number(item.price),
        "itemNetPrice": number(item.item_net_price),
        "discountedSubtotal": number(item.discounted_subtotal),
        "amount": item.amount,
        "backorderedAmount": item.backordered_amount,
        "total": number(item_total(item)),
        "subtotal": number(item_total(item)),
    })
}

pub fn surcharge(row: &Surcharge) -> Value {
    json!({
        "id": row.id, "type": row.kind, "code": row.code, "class": row.class, "include": row.include,
        "available": row.available, "value": number(row.value), "name": row.name, "weight": row.weight,
    })
}

pub fn event(event: &HistoryEvent) -> Value {
    json!({
        "event_id": event.id,
        "date": event.date,
        "code": event.code,
        "description": event.description,
        "data": event.data,
        "comment": event.comment,
        "authorName": event.author_name,
        "authorIp": event.author_ip,
    })
}

pub fn tracking(row: &TrackingNumber) -> Value {
    json!({"tracking_id": row.id, "value": row.value, "creationDate": row.date})
}

// UNVERIFIED: no order with details was recorded; the column names are X-Cart's model's.
pub fn detail(row: &OrderDetail) -> Value {
    json!({"detail_id": row.id, "name": row.name, "label": row.label, "value": row.value})
}

// UNVERIFIED: no used coupon was recorded in this dialect.
pub fn coupon(row: &UsedCoupon) -> Value {
    json!({"id": row.id, "code": row.code, "value": number(row.value), "type": row.kind})
}

pub fn status(row: &OrderStatus) -> Value {
    json!({"id": row.id, "code": row.code, "position": row.position})
}

/// The state letter is right in this dialect.
pub fn transaction(row: &PaymentTransaction) -> Value {
    json!({
        "transaction_id": row.id,
        "date": row.date,
        "publicTxnId": row.public_txn_id,
        "method_name": row.method_name,
        "method_local_name": row.method_local_name,
        "status": row.status,
        "value": number(row.value),
        "note": row.note,
        "type": row.kind,
        "public_id": row.public_id,
    })
}

pub fn backend_transaction(row: &BackendTransaction) -> Value {
    json!({"id": row.id, "date": row.date, "status": row.status, "value": number(row.value), "type": row.kind})
}

// UNVERIFIED: no data row was recorded in this dialect; the column names are X-Cart's model's.
pub fn transaction_data(row: &TransactionData) -> Value {
    json!({
        "data_id": row.id, "name": row.name, "label": row.label, "access_level": row.access_level, "value": row.value,
    })
}

pub fn profile(profile: &Profile) -> Value {
    json!({
        "socialLoginProvider": null, "socialLoginId": null, "gaClientId": "", "braintree_customer_id": "",
        "saveCardBoxChecked": false, "conciergeUserId": null, "xpaymentsCustomerId": "",
        "profile_id": profile.id,
        "login": profile.login,
        "password": PASSWORD_HASH,
        "password_hint": "", "password_hint_answer": "", "passwordResetKey": "", "passwordResetKeyDate": 0,
        "access_level": profile.access_level,
        "cms_profile_id": 0, "cms_name": "",
        "added": profile.create_date,
        "first_login": profile.first_login_date.unwrap_or(0),
        "last_login": profile.last_login_date.unwrap_or(0),
        "status": profile.status,
        "statusComment": profile.status_comment,
        "referer": profile.referer,
        "language": profile.language,
        "last_shipping_id": 0, "last_payment_id": 0,
        "anonymous": profile.anonymous,
        "forceChangePassword": profile.force_change_password,
        "dateOfLoginAttempt": 0, "countOfLoginAttempts": 0,
        "searchFakeField": profile.search_text(),
        "xcPendingExport": false, "lastCheckoutEmail": "",
    })
}

pub fn address(address: &Address) -> Value {
    json!({
        "is_billing": address.is_billing,
        "is_shipping": address.is_shipping,
        "isWork": address.is_work,
        "address_id": address.id,
        "address_type": if address.kind.is_empty() { "R" } else { &address.kind },
    })
}

/// Columns modules add to every product.
fn product_of_modules() -> Value {
    json!({
        "marketPrice": 0, "pinCodesEnabled": false, "autoPinCodes": false, "participateSale": false,
        "discountType": "sale_price", "salePriceValue": 0, "csLastUpdate": 0, "xcPendingBulkEdit": false,
        "isCustomerAttachmentsAvailable": false, "isCustomerAttachmentsRequired": false,
        "facebookMarketingEnabled": true, "freeShip": false, "shipForFree": false, "freightFixedFee": 0,
        "googleFeedEnabled": true, "useCustomOG": false, "useAsSegmentCondition": false, "demo": false,
    })
}

pub fn product(product: &Product) -> Value {
    let mut value = product_of_modules();
    extend(
        &mut value,
        json!({
            "product_id": product.id,
            "price": number(product.price),
            "sku": product.sku,
            "enabled": product.enabled,
            "weight": number(product.weight),
            "useSeparateBox": product.separate_box,
            "boxWidth": number(product.width),
            "boxLength": number(product.length),
            "boxHeight": number(product.height),
            "itemsPerBox": 1,
            "free_shipping": product.free_shipping,
            "taxable": product.taxable,
            "arrivalDate": product.arrival_date,
            "date": product.create_date,
            "updateDate": product.update_date,
            "needProcess": false,
            "inventoryEnabled": product.inventory_traceable,
            "amount": product.amount,
            "lowLimitEnabledCustomer": true, "lowLimitEnabled": false, "lowLimitAmount": 10,
            "attrSepTab": true, "metaDescType": "A", "sales": 0, "xcPendingExport": false,
            "entityVersion": format!("{:08x}-0000-4000-8000-{:012x}", product.id, product.update_date),
        }),
    );
    value
}

/// Currencies the sandbox knows: ISO number, code, symbol, decimals.
pub const CURRENCIES: [(u64, &str, &str, u64); 5] =
    [(840, "USD", "$", 2), (978, "EUR", "€", 2), (826, "GBP", "£", 2), (124, "CAD", "CA$", 2), (392, "JPY", "¥", 0)];

pub fn currency(code: &str) -> Value {
    let (id, symbol, e) = CURRENCIES
        .iter()
        .find(|(_, known, ..)| *known == code)
        .map_or((0, "", 2), |(id, _, symbol, e)| (*id, *symbol, *e));
    json!({
        "currency_id": id, "code": code, "symbol": symbol, "prefix": symbol, "suffix": "", "e": e,
        "decimalDelimiter": ".", "thousandDelimiter": "", "roundUp": "N",
    })
}
