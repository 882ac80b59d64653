//! Addresses of a profile: the only place a customer's name stands (`reference/xcart.md` 4.5).

use super::fields::{Fields, Rules, Type};
use super::paging::Page;
use super::refusal::Refusal;
use super::{Answer, Kind};
use crate::xcart::exchange::Request;
use crate::xcart::model::*;
use crate::xcart::php::Query;
use serde_json::{Value, json};

const ADDRESS: Kind = Kind { resource: "Address", output: "ProfileAddressOutput" };
const CLASS: &str = r"XLite\API\Endpoint\ProfileAddress\DTO\ProfileAddressInput";

const TYPES: [(&str, Type); 15] = [
    ("is_billing", Type::Truth),
    ("is_shipping", Type::Truth),
    ("is_work", Type::Truth),
    ("type", Type::Text),
    ("title", Type::Text),
    ("firstname", Type::Text),
    ("lastname", Type::Text),
    ("phone", Type::Text),
    ("street", Type::Text),
    ("zipcode", Type::Text),
    ("city", Type::Text),
    ("country_code", Type::TextOrNull),
    ("state", Type::WholeOrNull),
    ("state_name", Type::Text),
    ("custom_fields", Type::List),
];

fn rows(store: &Store, profile: u64) -> &[Address] {
    store.profiles.get(&profile).map_or(&[], |profile| &profile.addresses)
}

fn find(store: &Store, profile: u64, id: u64) -> Result<&Address, Refusal> {
    rows(store, profile).iter().find(|address| address.id == id).ok_or_else(Refusal::not_found)
}

pub fn list(store: &Store, profile: u64, query: &Query) -> Result<Answer, Refusal> {
    let page = Page::parse(query)?;
    let all = rows(store, profile);
    let rows = page.of(all).iter().map(address_json).collect();
    Ok(Answer::Members { kind: ADDRESS, page, total: all.len(), rows, search: Vec::new() })
}

pub fn one(store: &Store, profile: u64, id: u64) -> Result<Answer, Refusal> {
    Ok(Answer::found(ADDRESS, address_json(find(store, profile, id)?)))
}

pub fn create(store: &mut Store, profile: u64, request: &Request) -> Result<Answer, Refusal> {
    if !store.profiles.contains_key(&profile) {
        return Err(Refusal::not_found());
    }
    let fields = Fields::read(request, &TYPES)?;
    let mut address = filled(store, Address::default(), &fields);
    kept(&address)?;
    store.last_ids.address += 1;
    address.id = store.last_ids.address;
    save(store, profile, address, true)
}

pub fn update(store: &mut Store, profile: u64, id: u64, request: &Request) -> Result<Answer, Refusal> {
    let stored = find(store, profile, id)?.clone();
    let fields = Fields::read(request, &TYPES)?;
    let address = filled(store, stored, &fields);
    kept(&address)?;
    save(store, profile, address, false)
}

pub fn delete(store: &mut Store, profile: u64, id: u64) -> Result<Answer, Refusal> {
    find(store, profile, id)?;
    if let Some(profile) = store.profiles.get_mut(&profile) {
        profile.addresses.retain(|address| address.id != id);
    }
    store.tick();
    Ok(Answer::Deleted)
}

fn save(store: &mut Store, profile: u64, address: Address, created: bool) -> Result<Answer, Refusal> {
    let location = Some(format!("/api/profiles/{profile}/addresses/{}", address.id));
    let value = address_json(&address);
    let rows = &mut store.profiles.get_mut(&profile).ok_or_else(Refusal::not_found)?.addresses;
    match rows.iter_mut().find(|row| row.id == address.id) {
        Some(row) => *row = address,
        None => rows.push(address),
    }
    store.tick();
    Ok(Answer::Item { kind: ADDRESS, value, location, created })
}

// The recorded POST sent a title and got "" back: the field is not taken.
fn filled(store: &Store, stored: Address, fields: &Fields) -> Address {
    let state = fields.whole_or_null("state").unwrap_or(stored.state);
    let (known_name, known_code) = state.and_then(|id| named_state(store, id)).unwrap_or_default();
    Address {
        is_billing: fields.truth("is_billing").unwrap_or(stored.is_billing),
        is_shipping: fields.truth("is_shipping").unwrap_or(stored.is_shipping),
        is_work: fields.truth("is_work").unwrap_or(stored.is_work),
        firstname: fields.text("firstname").unwrap_or(stored.firstname),
        lastname: fields.text("lastname").unwrap_or(stored.lastname),
        phone: fields.text("phone").unwrap_or(stored.phone),
        street: fields.text("street").unwrap_or(stored.street),
        zipcode: fields.text("zipcode").unwrap_or(stored.zipcode),
        city: fields.text("city").unwrap_or(stored.city),
        country_code: fields.text("country_code").unwrap_or(stored.country_code),
        state_name: fields.text("state_name").unwrap_or(known_name),
        state_code: known_code,
        state,
        ..stored
    }
}

/// A state's name and code, learnt from any address that has it: the store has no list of states.
fn named_state(store: &Store, id: u64) -> Option<(String, String)> {
    let of_orders = store.orders.values().flat_map(|order| [&order.billing_address, &order.shipping_address]).flatten();
    let of_profiles = store.profiles.values().flat_map(|profile| &profile.addresses);
    let same = of_profiles.chain(of_orders).find(|address| address.state == Some(id));
    same.map(|address| (address.state_name.clone(), address.state_code.clone()))
}

// UNVERIFIED: which fields a store requires is its own setting; these are the usual ones.
fn kept(address: &Address) -> Result<(), Refusal> {
    Rules::of(CLASS).length("zipcode", &address.zipcode, 0, 32).kept()?;
    let required = [
        ("firstname", &address.firstname),
        ("lastname", &address.lastname),
        ("street", &address.street),
        ("city", &address.city),
        ("country_code", &address.country_code),
        ("zipcode", &address.zipcode),
        ("phone", &address.phone),
    ];
    match required.iter().find(|(_, value)| value.is_empty()) {
        Some((name, _)) => Err(Refusal::new(400, format!("Field \"{name}\" is required"))),
        None => Ok(()),
    }
}

pub fn address_json(address: &Address) -> Value {
    json!({
        "id": address.id,
        "is_billing": address.is_billing,
        "is_shipping": address.is_shipping,
        "is_work": address.is_work,
        "type": address.kind,
        "title": address.title,
        "firstname": address.firstname,
        "lastname": address.lastname,
        "phone": address.phone,
        "street": address.street,
        "zipcode": address.zipcode,
        "city": address.city,
        "country_code": address.country_code,
        "state": address.state,
        "state_name": address.state_name,
        "custom_fields": [],
    })
}
