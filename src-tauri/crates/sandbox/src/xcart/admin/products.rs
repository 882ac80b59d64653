//! Products of the admin API: partial PUT, absolute stock, and no way to ask what changed (`reference/xcart.md` 4.4).

use super::fields::{Fields, Rules, Type};
use super::filters::sort;
use super::hydra::Variable;
use super::paging::Page;
use super::refusal::Refusal;
use super::{Answer, Kind};
use crate::xcart::exchange::Request;
use crate::xcart::json::{colon_date, number};
use crate::xcart::model::*;
use crate::xcart::php::{Query, date_time};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

// UNVERIFIED: the names in JSON-LD; no product was recorded in it.
const PRODUCT: Kind = Kind { resource: "Product", output: "Output" };
const CLASS: &str = r"XLite\API\Endpoint\Product\DTO\Input";
const SEARCH: [Variable; 3] =
    [("order[name]", "name"), ("order[price]", "price"), ("order[arrivalDate]", "arrivalDate")];

const TYPES: [(&str, Type); 24] = [
    ("sku", Type::Text),
    ("name", Type::Text),
    ("description", Type::Text),
    ("brief_description", Type::Text),
    ("meta_tags", Type::Text),
    ("meta_description_type", Type::Text),
    ("meta_description", Type::Text),
    ("meta_title", Type::Text),
    ("price", Type::Figure),
    ("enabled", Type::Truth),
    ("weight", Type::Figure),
    ("separate_box", Type::Truth),
    ("width", Type::Figure),
    ("length", Type::Figure),
    ("height", Type::Figure),
    ("free_shipping", Type::Truth),
    ("taxable", Type::Truth),
    ("arrival_date", Type::TextOrNull),
    ("inventory_traceable", Type::Truth),
    ("amount", Type::Whole),
    ("product_class", Type::TextOrNull),
    ("tax_class", Type::TextOrNull),
    ("memberships", Type::List),
    ("clean_url", Type::Text),
];

pub fn list(store: &Store, query: &Query) -> Result<Answer, Refusal> {
    let page = Page::parse(query)?;
    let mut rows: Vec<&Product> = store.products.values().collect();
    sort(query, &mut rows, |name, a, b| match name {
        "name" => Some(a.name.to_lowercase().cmp(&b.name.to_lowercase())),
        "price" => Some(a.price.cmp(&b.price)),
        "arrivalDate" => Some(a.arrival_date.cmp(&b.arrival_date)),
        _ => None,
    });
    let total = rows.len();
    let rows = page.of(&rows).iter().map(|product| product_json(store, product)).collect();
    Ok(Answer::Members { kind: PRODUCT, page, total, rows, search: SEARCH.to_vec() })
}

pub fn one(store: &Store, id: u64) -> Result<Answer, Refusal> {
    let product = store.products.get(&id).ok_or_else(Refusal::not_found)?;
    Ok(Answer::found(PRODUCT, product_json(store, product)))
}

pub fn create(store: &mut Store, request: &Request) -> Result<Answer, Refusal> {
    let fields = Fields::read(request, &TYPES)?;
    let fresh = Product {
        enabled: true,
        taxable: true,
        inventory_traceable: true,
        amount: 1000,
        create_date: store.clock + 1,
        arrival_date: store.clock + 1,
        ..Product::default()
    };
    let mut product = filled(store, fresh, &fields);
    kept(store, &product)?;
    if product.clean_url.is_empty() {
        product.clean_url = slug(&product.name);
    }
    store.tick();
    let id = store.add_product(product);
    saved(store, id, true)
}

/// The input starts as the stored product, so what is not sent stays.
pub fn update(store: &mut Store, id: u64, request: &Request) -> Result<Answer, Refusal> {
    let stored = store.products.get(&id).cloned().ok_or_else(Refusal::not_found)?;
    let fields = Fields::read(request, &TYPES)?;
    let product = filled(store, stored, &fields);
    kept(store, &product)?;
    store.tick();
    store.add_product(product);
    saved(store, id, false)
}

pub fn delete(store: &mut Store, id: u64) -> Result<Answer, Refusal> {
    store.products.remove(&id).map(|_| Answer::Deleted).ok_or_else(Refusal::not_found)
}

fn saved(store: &Store, id: u64, created: bool) -> Result<Answer, Refusal> {
    let product = store.products.get(&id).ok_or_else(Refusal::not_found)?;
    let location = Some(format!("/api/products/{id}"));
    Ok(Answer::Item { kind: PRODUCT, value: product_json(store, product), location, created })
}

fn filled(store: &Store, stored: Product, fields: &Fields) -> Product {
    let zone = TimeZone::get(&store.settings.time_zone).unwrap_or(TimeZone::UTC);
    let arrival = fields.text("arrival_date").and_then(|text| date_time(&text, &zone, store.clock));
    Product {
        sku: fields.text("sku").unwrap_or(stored.sku),
        name: fields.text("name").unwrap_or(stored.name),
        description: fields.text("description").unwrap_or(stored.description),
        brief_description: fields.text("brief_description").unwrap_or(stored.brief_description),
        meta_tags: fields.text("meta_tags").unwrap_or(stored.meta_tags),
        meta_description: fields.text("meta_description").unwrap_or(stored.meta_description),
        meta_title: fields.text("meta_title").unwrap_or(stored.meta_title),
        price: fields.figure("price").unwrap_or(stored.price),
        enabled: fields.truth("enabled").unwrap_or(stored.enabled),
        weight: fields.figure("weight").unwrap_or(stored.weight),
        separate_box: fields.truth("separate_box").unwrap_or(stored.separate_box),
        width: fields.figure("width").unwrap_or(stored.width),
        length: fields.figure("length").unwrap_or(stored.length),
        height: fields.figure("height").unwrap_or(stored.height),
        free_shipping: fields.truth("free_shipping").unwrap_or(stored.free_shipping),
        taxable: fields.truth("taxable").unwrap_or(stored.taxable),
        // Every PUT rewrites it to midnight, asked or not.
        arrival_date: midnight(arrival.unwrap_or(stored.arrival_date), &zone),
        inventory_traceable: fields.truth("inventory_traceable").unwrap_or(stored.inventory_traceable),
        amount: fields.whole("amount").unwrap_or(stored.amount),
        clean_url: fields.text("clean_url").unwrap_or(stored.clean_url),
        update_date: store.clock + 1,
        ..stored
    }
}

fn midnight(seconds: UnixSeconds, zone: &TimeZone) -> UnixSeconds {
    let day = Timestamp::from_second(seconds).ok().and_then(|moment| moment.to_zoned(zone.clone()).start_of_day().ok());
    day.map_or(seconds, |day| day.timestamp().as_second())
}

fn kept(store: &Store, product: &Product) -> Result<(), Refusal> {
    Rules::of(CLASS)
        .not_blank("sku", &product.sku)
        .length("sku", &product.sku, 1, 32)
        .not_blank("name", &product.name)
        .length("name", &product.name, 1, 255)
        .not_negative("price", product.price)
        .not_negative("weight", product.weight)
        .not_negative("width", product.width)
        .not_negative("length", product.length)
        .not_negative("height", product.height)
        .not_negative("amount", product.amount.into())
        .kept()?;
    if store.products.values().any(|other| other.sku == product.sku && other.id != product.id) {
        return Err(Refusal::new(400, format!("Input validations failed: SKU {} is not unique", product.sku)));
    }
    Ok(())
}

fn slug(name: &str) -> String {
    let dashed: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    dashed.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

fn product_json(store: &Store, product: &Product) -> Value {
    let image = |image: &ProductImage| {
        json!({
            "id": image.id,
            "position": image.position,
            "alt": image.alt,
            "url": format!("{}/images/product/{}", store.settings.base_url, image.file),
            "width": image.width,
            "height": image.height,
        })
    };
    json!({
        "id": product.id,
        "sku": product.sku,
        "name": product.name,
        "description": product.description,
        "brief_description": product.brief_description,
        "meta_tags": product.meta_tags,
        "meta_description": product.meta_description,
        "meta_title": product.meta_title,
        "price": number(product.price),
        "enabled": product.enabled,
        "weight": number(product.weight),
        "separate_box": product.separate_box,
        "width": number(product.width),
        "length": number(product.length),
        "height": number(product.height),
        "free_shipping": product.free_shipping,
        "taxable": product.taxable,
        "create_date": colon_date(product.create_date),
        "update_date": colon_date(product.update_date),
        "arrival_date": colon_date(product.arrival_date),
        "inventory_traceable": product.inventory_traceable,
        "amount": product.amount,
        "product_class": null,
        "tax_class": null,
        "memberships": [],
        "clean_url": product.clean_url,
        "images": product.images.iter().map(image).collect::<Vec<_>>(),
    })
}
