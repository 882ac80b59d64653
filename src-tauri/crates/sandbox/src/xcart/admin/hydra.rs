//! The JSON-LD dress of an answer: contexts and types on items, a counted envelope round collections.

use super::Kind;
use super::paging::Page;
use crate::xcart::exchange::Request;
use crate::xcart::model::Store;
use serde_json::{Map, Value, json};

/// A search variable and the property it filters.
pub type Variable = (&'static str, &'static str);

/// What a nested object is called. Only the order's own parts were recorded.
fn nested(key: &str) -> Option<&'static str> {
    Some(match key {
        "items" => "OrderItemOutput",
        "billing_address" | "shipping_address" => "ProfileAddressOutput",
        "payment_status" => "OrderPaymentStatusOutput",
        "shipping_status" => "OrderShippingStatusOutput",
        "surcharges" => "OrderSurchargeOutput",
        // UNVERIFIED from here: named after the same pattern.
        "tracking_numbers" => "OrderTrackingNumberOutput",
        "backend_transactions" => "BackendPaymentTransactionOutput",
        "images" => "ProductImageOutput",
        _ => return None,
    })
}

/// One item: every object in it carries its vocabulary, its type and a made-up address.
pub fn item(store: &Store, kind: Kind, value: Value) -> Value {
    described(&store.settings.base_url, kind.output, kind.resource, value)
}

fn described(base: &str, output: &str, kind: &str, value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let vocabulary = format!("{base}/api/docs.jsonld#");
    let mut context = Map::new();
    context.insert("@vocab".to_owned(), vocabulary.into());
    context.insert("hydra".to_owned(), "http://www.w3.org/ns/hydra/core#".into());
    let mut dressed = Map::new();
    for (key, value) in fields {
        context.insert(key.clone(), format!("{output}/{key}").into());
        let value = within(&key, value, |kind, value| described(base, kind, kind, value));
        dressed.insert(key, value);
    }
    let text = Value::Object(dressed.clone()).to_string();
    dressed.insert("@context".to_owned(), Value::Object(context));
    dressed.insert("@type".to_owned(), kind.into());
    dressed.insert("@id".to_owned(), format!("/api/.well-known/genid/{}", digest(&text)).into());
    Value::Object(dressed)
}

fn within(key: &str, value: Value, dress: impl Fn(&str, Value) -> Value) -> Value {
    match (nested(key), value) {
        (Some(kind), Value::Array(rows)) => rows.into_iter().map(|row| dress(kind, row)).collect(),
        (Some(kind), value) => dress(kind, value),
        (None, value) => value,
    }
}

/// Real ones are random; ours repeat, so that the same store gives the same answer.
fn digest(text: &str) -> String {
    let fold = |seed: u64| text.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{:016x}{:04x}", fold(0xcbf2_9ce4_8422_2325), fold(1) & 0xffff)
}

fn typed(kind: &str, value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let mut dressed: Map<String, Value> = fields
        .into_iter()
        .map(|(key, value)| {
            let value = within(&key, value, typed);
            (key, value)
        })
        .collect();
    dressed.insert("@type".to_owned(), kind.into());
    Value::Object(dressed)
}

pub fn collection(
    kind: Kind,
    request: &Request,
    page: &Page,
    total: usize,
    rows: Vec<Value>,
    search: &[Variable],
) -> Value {
    let members: Vec<Value> = rows.into_iter().map(|row| typed(kind.resource, row)).collect();
    let mut envelope = json!({
        "@context": format!("/api/contexts/{}", kind.resource),
        "@id": request.path,
        "@type": "hydra:Collection",
        "hydra:member": members,
        "hydra:totalItems": total,
    });
    if let Some(view) = view(request, page, total) {
        envelope["hydra:view"] = view;
    }
    if !search.is_empty() {
        envelope["hydra:search"] = json!({
            "@type": "hydra:IriTemplate",
            "hydra:template": format!("{}{{?{}}}", request.path, search.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",")),
            "hydra:variableRepresentation": "BasicRepresentation",
            "hydra:mapping": search.iter().map(|(name, property)| json!({
                "@type": "IriTemplateMapping", "variable": name, "property": property, "required": false,
            })).collect::<Vec<_>>(),
        });
    }
    envelope
}

/// Where this page stands; left out when there is one page and no parameter.
fn view(request: &Request, page: &Page, total: usize) -> Option<Value> {
    let others = request.query.rebuilt_without("page");
    let last = page.last(total);
    let iri = |number: Option<usize>| {
        let number = number.map(|number| format!("page={number}"));
        let query: Vec<String> =
            [Some(others.clone()).filter(|text| !text.is_empty()), number].into_iter().flatten().collect();
        if query.is_empty() { request.path.clone() } else { format!("{}?{}", request.path, query.join("&")) }
    };
    let paginated = last > 1;
    if others.is_empty() && !paginated {
        return None;
    }
    let mut view = json!({"@id": iri(paginated.then_some(page.number)), "@type": "hydra:PartialCollectionView"});
    if paginated {
        view["hydra:first"] = iri(Some(1)).into();
        view["hydra:last"] = iri(Some(last)).into();
        if page.number > 1 {
            view["hydra:previous"] = iri(Some(page.number - 1)).into();
        }
        if page.number < last {
            view["hydra:next"] = iri(Some(page.number + 1)).into();
        }
    }
    Some(view)
}
