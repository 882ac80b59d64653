//! The 5.0 to 5.4 REST add-on's JSON as domain values (reference/xcart.md 5).

use crate::admin_api::full_name;
use crate::date::day_in;
use crate::row::{Bad, Row};
use crate::settle::{Transaction, TransactionKeys};
use crate::shop::Shop;
use rust_decimal::Decimal;
use tieout_domain::{
    Address, Order, OrderLine, PaymentStatus, Product, ProductCard, Profile, ShippingStatus, Surcharge, SurchargeKind,
};
use tieout_money::{Money, UnitPrice};

const TRANSACTION: TransactionKeys =
    TransactionKeys { id: "transaction_id", name: "method_name", local_name: "method_local_name" };

/// An order in the `complex` schema. Its `subtotal` is total minus shipping, with float noise
/// (`34.989999999999995` is recorded), so the subtotal is taken from the lines.
pub(crate) fn order(shop: &Shop, row: Row<'_>) -> Result<Order, Bad> {
    let currency = crate::admin_api::currency(row, shop.currency)?;
    let unit = |amount: Decimal| UnitPrice::new(amount, currency);
    let placed_at = row.timestamp("orderDate")?;
    let customer = row.object("customerInfo")?;
    let mut lines = row.each("items", |it| {
        Ok((
            OrderLine {
                id: 0,
                product_id: it.optional_id("productId")?,
                sku: it.text_or_empty("sku")?,
                name: it.text_or_empty("name")?,
                quantity: it.decimal("quantity")?,
                price: unit(it.decimal("price")?),
                total: unit(it.decimal("total")?),
            },
            it.decimal("subtotal")?,
        ))
    })?;
    // The schema has no line numbers; the place in the order is the next best name.
    for (n, (line, _)) in (1..).zip(lines.iter_mut()) {
        line.id = n;
    }
    let subtotal = lines.iter().map(|(_, it)| it).sum();
    let surcharges = [
        ("shippingCost", SurchargeKind::Shipping, "SHIPPING"),
        ("taxAmount", SurchargeKind::Tax, "TAX"),
        ("discountValue", SurchargeKind::Discount, "DISCOUNT"),
        ("paymentFee", SurchargeKind::Handling, "PAYMENTFEE"),
    ]
    .into_iter()
    .map(|(key, kind, code)| Ok((row.decimal_or_zero(key)?, kind, code)))
    .collect::<Result<Vec<_>, Bad>>()?
    .into_iter()
    .filter(|(value, ..)| !value.is_zero())
    .map(|(value, kind, code)| Surcharge {
        kind,
        code: code.to_owned(),
        name: String::new(),
        value: unit(value),
        included: false,
    })
    .collect::<Vec<_>>();
    if !row.list("otherSurcharges")?.is_empty() {
        return Err(Bad::new("otherSurcharges", "is not empty, and its shape has never been seen"));
    }
    Ok(Order {
        store: shop.id.clone(),
        id: row.id("orderId")?,
        number: row.text("orderNumber")?,
        currency,
        total: row.money("total", currency)?,
        subtotal: Money::rounded(subtotal, currency).map_err(|why| Bad::new("items[].subtotal", why))?,
        placed_at,
        placed_on: day_in(placed_at, &shop.time_zone),
        changed_at: row.timestamp("updateDate")?,
        payment_status: PaymentStatus::from_code(&row.text_or_empty("paymentStatus")?),
        shipping_status: ShippingStatus::from_code(&row.text_or_empty("shippingStatus")?),
        customer_id: customer.map(|it| it.optional_id("profileId")).transpose()?.flatten(),
        email: customer.map(|it| it.text_or_empty("email")).transpose()?.unwrap_or_default(),
        billing: address(row, "billingInfo")?,
        shipping: address(row, "shippingInfo")?,
        shipping_method: row.text_or_empty("shippingMethod")?,
        lines: lines.into_iter().map(|(line, _)| line).collect(),
        surcharges,
        tracking_numbers: row
            .text_or_empty("trackingNumber")?
            .split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect(),
        payment_method: Some(row.text_or_empty("paymentMethod")?).filter(|it| !it.is_empty()),
        notes: row.text_or_empty("customerNotes")?,
    })
}

fn address(row: Row<'_>, key: &str) -> Result<Option<Address>, Bad> {
    let Some(it) = row.object(key)? else { return Ok(None) };
    let read = || {
        Ok(Address {
            name: full_name(it)?,
            street: it.text_or_empty("address")?,
            city: it.text_or_empty("city")?,
            state: it.text_or_empty("state")?,
            zip: it.text_or_empty("zipcode")?,
            country_code: it.text_or_empty("country")?,
            phone: it.text_or_empty("phone")?,
        })
    };
    read().map(Some).map_err(|bad: Bad| bad.inside(key))
}

/// `payment-transaction/{id}` with its relations; the state letter is right here (reference/xcart.md 0.4).
pub(crate) fn transaction(row: Row<'_>, order: &Order, names: &[String]) -> Result<Transaction, Bad> {
    let currency = match row.object("currency")? {
        Some(it) => it.currency("code").map_err(|bad| bad.inside("currency"))?,
        None => order.currency,
    };
    if let Some(of) = row.object("order")? {
        let id = of.id("order_id").map_err(|bad| bad.inside("order"))?;
        if id != order.id {
            return Err(Bad::new("order.order_id", format_args!("{id} is another order than {}", order.id)));
        }
    }
    Transaction::read(row, &TRANSACTION, currency, names)
}

/// The copies X-Cart makes of a customer for each order are listed too; nothing in the list tells them apart.
pub(crate) fn profile(shop: &Shop, row: Row<'_>) -> Result<Option<Profile>, Bad> {
    if row.decimal("access_level")? != 0.into() {
        return Ok(None);
    }
    Ok(Some(Profile {
        store: shop.id.clone(),
        id: row.id("profile_id")?,
        email: row.text("login")?,
        enabled: row.text_or_empty("status")? == "E",
        created_at: row.timestamp_if_set("added"),
    }))
}

pub(crate) fn product_card(shop: &Shop, row: Row<'_>) -> Result<ProductCard, Bad> {
    Ok(ProductCard {
        store: shop.id.clone(),
        id: row.id("product_id")?,
        sku: row.text_or_empty("sku")?,
        name: translated(row, "name")?,
        description: translated(row, "description")?,
        price: row.decimal("price")?,
        weight: row.decimal_or_zero("weight")?,
        enabled: row.flag("enabled")?,
        amount: row.whole("amount")?,
        counted: row.get("inventoryEnabled").is_none() || row.flag("inventoryEnabled")?,
    })
}

/// In English, else in the first language there is. `None` in lists, which carry no texts.
fn translated(row: Row<'_>, field: &str) -> Result<Option<String>, Bad> {
    let texts = row.each("translations", |it| Ok((it.text_or_empty("code")?, it.text_or_empty(field)?)))?;
    Ok(texts.iter().find(|(code, _)| code == "en").or(texts.first()).map(|(_, text)| text.clone()))
}

pub(crate) fn product(shop: &Shop, row: Row<'_>) -> Result<Product, Bad> {
    let name = translated(row, "name")?;
    Ok(Product {
        store: shop.id.clone(),
        id: row.id("product_id")?,
        sku: row.text_or_empty("sku")?,
        name: name.unwrap_or_default(),
        price: UnitPrice::new(row.decimal("price")?, shop.currency),
        stock: row.decimal_or_zero("amount")?,
        enabled: row.flag("enabled")?,
        changed_at: row.timestamp_if_set("updateDate"),
    })
}
