//! Profiles of the admin API: people who can log in, administrators included, order copies left out
//! (`reference/xcart.md` 4.5).

use super::fields::{Fields, Rules, Type};
use super::filters::{DateFilter, contains};
use super::hydra::Variable;
use super::paging::Page;
use super::refusal::Refusal;
use super::{Answer, Kind};
use crate::xcart::exchange::Request;
use crate::xcart::json::{colon_date, colon_date_or_null};
use crate::xcart::model::*;
use crate::xcart::php::Query;
use serde_json::{Value, json};

const PROFILE: Kind = Kind { resource: "Profile", output: "ProfileOutput" };
const CLASS: &str = r"XLite\API\Endpoint\Profile\DTO\ProfileInput";

const SEARCH: [Variable; 10] = [
    ("first_login[before]", "first_login"),
    ("first_login[strictly_before]", "first_login"),
    ("first_login[after]", "first_login"),
    ("first_login[strictly_after]", "first_login"),
    ("added[before]", "added"),
    ("added[strictly_before]", "added"),
    ("added[after]", "added"),
    ("added[strictly_after]", "added"),
    ("login", "login"),
    ("searchFakeField", "searchFakeField"),
];

const TYPES: [(&str, Type); 11] = [
    ("login", Type::Text),
    ("password", Type::TextOrNull),
    ("access_level", Type::Whole),
    ("status", Type::Text),
    ("status_comment", Type::Text),
    ("referer", Type::Text),
    ("language", Type::Text),
    ("membership_id", Type::WholeOrNull),
    ("pending_membership_id", Type::WholeOrNull),
    ("force_change_password", Type::Truth),
    ("role_ids", Type::List),
];

pub fn list(store: &Store, query: &Query) -> Result<Answer, Refusal> {
    let page = Page::parse(query)?;
    let first_login = DateFilter::parse(store, query, "first_login");
    let added = DateFilter::parse(store, query, "added");
    let rows: Vec<&Profile> = store
        .profiles
        .values()
        .filter(|profile| first_login.lets_through(profile.first_login_date.unwrap_or(0)))
        .filter(|profile| added.lets_through(profile.create_date))
        .filter(|profile| contains(query.last("login"), &profile.login))
        .filter(|profile| contains(query.last("searchFakeField"), &profile.search_text()))
        .collect();
    let total = rows.len();
    let rows = page.of(&rows).iter().map(|profile| profile_json(profile)).collect();
    Ok(Answer::Members { kind: PROFILE, page, total, rows, search: SEARCH.to_vec() })
}

pub fn one(store: &Store, id: u64) -> Result<Answer, Refusal> {
    let profile = store.profiles.get(&id).ok_or_else(Refusal::not_found)?;
    Ok(Answer::found(PROFILE, profile_json(profile)))
}

pub fn create(store: &mut Store, request: &Request) -> Result<Answer, Refusal> {
    let fields = Fields::read(request, &TYPES)?;
    let fresh = Profile {
        status: "E".to_owned(),
        language: "en".to_owned(),
        create_date: store.clock + 1,
        ..Profile::default()
    };
    let profile = filled(fresh, &fields);
    kept(store, &profile)?;
    store.tick();
    let id = store.add_profile(profile);
    saved(store, id, true)
}

pub fn update(store: &mut Store, id: u64, request: &Request) -> Result<Answer, Refusal> {
    let stored = store.profiles.get(&id).cloned().ok_or_else(Refusal::not_found)?;
    let fields = Fields::read(request, &TYPES)?;
    let profile = filled(stored, &fields);
    kept(store, &profile)?;
    store.tick();
    store.add_profile(profile);
    saved(store, id, false)
}

pub fn delete(store: &mut Store, id: u64) -> Result<Answer, Refusal> {
    store.profiles.remove(&id).map(|_| Answer::Deleted).ok_or_else(Refusal::not_found)
}

fn saved(store: &Store, id: u64, created: bool) -> Result<Answer, Refusal> {
    let profile = store.profiles.get(&id).ok_or_else(Refusal::not_found)?;
    let location = Some(format!("/api/profiles/{id}"));
    Ok(Answer::Item { kind: PROFILE, value: profile_json(profile), location, created })
}

// A password that was sent is forgotten at once: nobody logs in here.
fn filled(stored: Profile, fields: &Fields) -> Profile {
    let roles = |rows: &Vec<Value>| rows.iter().filter_map(Value::as_u64).collect();
    Profile {
        login: fields.text("login").unwrap_or(stored.login),
        access_level: fields.whole("access_level").unwrap_or(stored.access_level),
        status: fields.text("status").unwrap_or(stored.status),
        status_comment: fields.text("status_comment").unwrap_or(stored.status_comment),
        referer: fields.text("referer").unwrap_or(stored.referer),
        language: fields.text("language").unwrap_or(stored.language),
        membership_id: fields.whole_or_null("membership_id").unwrap_or(stored.membership_id),
        pending_membership_id: fields.whole_or_null("pending_membership_id").unwrap_or(stored.pending_membership_id),
        force_change_password: fields.truth("force_change_password").unwrap_or(stored.force_change_password),
        role_ids: fields.list("role_ids").map(roles).unwrap_or(stored.role_ids),
        ..stored
    }
}

fn kept(store: &Store, profile: &Profile) -> Result<(), Refusal> {
    Rules::of(CLASS)
        .not_blank("login", &profile.login)
        .length("login", &profile.login, 5, 128)
        .email("login", &profile.login)
        .choice("status", &profile.status, &["E", "D"])
        .kept()?;
    if store.profiles.values().any(|other| other.login == profile.login && other.id != profile.id) {
        return Err(Refusal::new(400, "Field \"login\" must be unique"));
    }
    Ok(())
}

fn profile_json(profile: &Profile) -> Value {
    json!({
        "id": profile.id,
        "login": profile.login,
        "access_level": profile.access_level,
        "create_date": colon_date(profile.create_date),
        "first_login_date": colon_date_or_null(profile.first_login_date),
        "last_login_date": colon_date_or_null(profile.last_login_date),
        "status": profile.status,
        "status_comment": profile.status_comment,
        "referer": profile.referer,
        "language": profile.language,
        "membership_id": profile.membership_id,
        "pending_membership_id": profile.pending_membership_id,
        "force_change_password": profile.force_change_password,
        "role_ids": profile.role_ids,
    })
}
