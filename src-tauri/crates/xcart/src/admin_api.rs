//! The 5.5 admin API's JSON as domain values (reference/xcart.md 4).

use crate::date::day_in;
use crate::row::{Bad, Row};
use crate::settle::{Transaction, TransactionKeys};
use crate::shop::Shop;
use tieout_domain::{
    Address, Order, OrderLine, PaymentStatus, Product, ProductCard, Profile, ShippingStatus, Surcharge, SurchargeKind,
};
use tieout_money::{Currency, UnitPrice};

const TRANSACTION: TransactionKeys = TransactionKeys { id: "id", name: "name", local_name: "local_name" };

pub(crate) fn order(shop: &Shop, row: Row<'_>) -> Result<Order, Bad> {
    let currency = currency(row, shop.currency)?;
    let placed_at = row.timestamp("create_date")?;
    Ok(Order {
        store: shop.id.clone(),
        id: row.id("id")?,
        number: row.text("order_number")?,
        currency,
        total: row.money("total", currency)?,
        subtotal: row.money("sub_total", currency)?,
        placed_at,
        placed_on: day_in(placed_at, &shop.time_zone),
        changed_at: row.timestamp("update_date")?,
        payment_status: PaymentStatus::from_code(&status(row, "payment_status")?),
        shipping_status: ShippingStatus::from_code(&status(row, "shipping_status")?),
        customer_id: row.optional_id("customer_id")?,
        email: row.text_or_empty("email")?,
        billing: address(row, "billing_address")?,
        shipping: address(row, "shipping_address")?,
        shipping_method: row.text_or_empty("shipping_method_name")?,
        lines: row.each("items", |it| line(it, currency))?,
        surcharges: row.each("surcharges", |it| surcharge(it, currency))?,
        tracking_numbers: row.each("tracking_numbers", |it| it.text_or_empty("value"))?,
        payment_method: None,
        notes: row.text_or_empty("notes")?,
    })
}

pub(crate) fn currency(row: Row<'_>, default: Currency) -> Result<Currency, Bad> {
    if row.get("currency").is_none() { Ok(default) } else { row.currency("currency") }
}

fn status(row: Row<'_>, key: &str) -> Result<String, Bad> {
    match row.object(key)? {
        Some(it) => it.text_or_empty("code").map_err(|bad| bad.inside(key)),
        None => Ok(String::new()),
    }
}

fn line(row: Row<'_>, currency: Currency) -> Result<OrderLine, Bad> {
    Ok(OrderLine {
        id: row.id("id")?,
        product_id: row.optional_id("product_id")?,
        sku: row.text_or_empty("sku")?,
        name: row.text_or_empty("name")?,
        quantity: row.decimal("amount")?,
        price: UnitPrice::new(row.decimal("price")?, currency),
        total: UnitPrice::new(row.decimal("discounted_subtotal")?, currency),
    })
}

pub(crate) fn surcharge(row: Row<'_>, currency: Currency) -> Result<Surcharge, Bad> {
    let kind = match row.text_or_empty("type")?.to_ascii_lowercase().as_str() {
        "shipping" => SurchargeKind::Shipping,
        "tax" => SurchargeKind::Tax,
        "discount" => SurchargeKind::Discount,
        "handling" => SurchargeKind::Handling,
        _ => SurchargeKind::Other,
    };
    Ok(Surcharge {
        kind,
        code: row.text_or_empty("code")?,
        name: row.text_or_empty("name")?,
        value: UnitPrice::new(row.decimal("value")?, currency),
        included: row.flag("include")?,
    })
}

fn address(row: Row<'_>, key: &str) -> Result<Option<Address>, Bad> {
    let Some(it) = row.object(key)? else { return Ok(None) };
    let read = || {
        // UNVERIFIED: `company` as a custom field; the recordings have none.
        let custom = it.each("custom_fields", |it| Ok((it.text_or_empty("name")?, it.text_or_empty("value")?)))?;
        let company = custom.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("company")).map(|(_, value)| value);
        Ok(Address {
            name: match company.filter(|it| !it.trim().is_empty()) {
                Some(company) => company,
                None => full_name(it)?,
            },
            street: it.text_or_empty("street")?,
            city: it.text_or_empty("city")?,
            state: it.text_or_empty("state_name")?,
            zip: it.text_or_empty("zipcode")?,
            country_code: it.text_or_empty("country_code")?,
            phone: it.text_or_empty("phone")?,
        })
    };
    read().map(Some).map_err(|bad: Bad| bad.inside(key))
}

pub(crate) fn full_name(row: Row<'_>) -> Result<String, Bad> {
    let (first, last) = (row.text_or_empty("firstname")?, row.text_or_empty("lastname")?);
    Ok(format!("{} {}", first.trim(), last.trim()).trim().to_owned())
}

pub(crate) fn transaction(row: Row<'_>, order: &Order, names: &[String]) -> Result<Transaction, Bad> {
    Transaction::read(row, &TRANSACTION, currency(row, order.currency)?, names)
}

/// `None` for administrators, who are listed among the customers.
pub(crate) fn profile(shop: &Shop, row: Row<'_>) -> Result<Option<Profile>, Bad> {
    if row.decimal("access_level")? != 0.into() {
        return Ok(None);
    }
    Ok(Some(Profile {
        store: shop.id.clone(),
        id: row.id("id")?,
        email: row.text("login")?,
        enabled: row.text_or_empty("status")? == "E",
        created_at: row.timestamp_if_set("create_date"),
    }))
}

pub(crate) fn product_card(shop: &Shop, row: Row<'_>) -> Result<ProductCard, Bad> {
    Ok(ProductCard {
        store: shop.id.clone(),
        id: row.id("id")?,
        sku: row.text_or_empty("sku")?,
        name: Some(row.text_or_empty("name")?),
        description: Some(row.text_or_empty("description")?),
        price: row.decimal("price")?,
        weight: row.decimal_or_zero("weight")?,
        enabled: row.flag("enabled")?,
        amount: row.whole("amount")?,
        counted: row.get("inventory_traceable").is_none() || row.flag("inventory_traceable")?,
    })
}

pub(crate) fn product(shop: &Shop, row: Row<'_>) -> Result<Product, Bad> {
    Ok(Product {
        store: shop.id.clone(),
        id: row.id("id")?,
        sku: row.text_or_empty("sku")?,
        name: row.text_or_empty("name")?,
        price: UnitPrice::new(row.decimal("price")?, shop.currency),
        stock: row.decimal_or_zero("amount")?,
        enabled: row.flag("enabled")?,
        changed_at: row.timestamp_if_set("update_date"),
    })
}
