//! What is done to the store, and what a fresh look at it says about doing so.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tieout_domain::{Order, ProductCard, ShippingStatus};

/// Every write is absolute and names what it was planned on, so that it can be judged against what is there now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Action {
    SetStock { product: u64, from: i64, to: i64 },
    SetProduct { product: u64, from: ProductFields, to: ProductFields },
    SetShippingStatus { order: u64, from: String, to: String },
    AddTracking { order: u64, number: String },
}

/// Only what is given changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductFields {
    pub name: Option<String>,
    pub description: Option<String>,
    pub price: Option<Decimal>,
    pub weight: Option<Decimal>,
    pub enabled: Option<bool>,
}

impl ProductFields {
    pub fn is_empty(&self) -> bool {
        *self == ProductFields::default()
    }

    /// The same fields as `wanted` gives, as the product has them.
    pub fn of(card: &ProductCard, wanted: &ProductFields) -> ProductFields {
        ProductFields {
            name: wanted.name.as_ref().map(|_| card.name.clone().unwrap_or_default()),
            description: wanted.description.as_ref().map(|_| card.description.clone().unwrap_or_default()),
            price: wanted.price.map(|_| card.price),
            weight: wanted.weight.map(|_| card.weight),
            enabled: wanted.enabled.map(|_| card.enabled),
        }
    }
}

/// The target as it is at the store now.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    Product(ProductCard),
    Order(Box<Order>),
    /// It is not there any more.
    Gone,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As wanted, or further: nothing is sent.
    AlreadyThere(String),
    /// This, adapted to what is there now.
    Send(Action),
    /// Somebody changed what it was planned on.
    Moved(String),
    Gone,
}

impl Action {
    /// Before it is sent for the first time.
    pub fn judge(&self, seen: &Seen) -> Verdict {
        match (self, seen) {
            (_, Seen::Gone) => Verdict::Gone,
            (Action::SetStock { product, from, to }, Seen::Product(card)) => {
                // Whatever was sold since is kept: the change is made to what is there, and never goes above `to`.
                let wanted = card.amount.saturating_add(to.saturating_sub(*from)).min(*to).max(0);
                if wanted == card.amount {
                    return Verdict::AlreadyThere(format!("the store has {} already", card.amount));
                }
                Verdict::Send(Action::SetStock { product: *product, from: card.amount, to: wanted })
            }
            (Action::SetProduct { product, from, to }, Seen::Product(card)) => {
                let now = ProductFields::of(card, to);
                if now == *to {
                    return Verdict::AlreadyThere("the store has it so already".into());
                }
                match moved(from, &now, to) {
                    Some(field) => {
                        Verdict::Moved(format!("its {field} was changed at the store since this was planned"))
                    }
                    None => Verdict::Send(Action::SetProduct { product: *product, from: now, to: to.clone() }),
                }
            }
            (Action::SetShippingStatus { order, from, to }, Seen::Order(it)) => {
                let now = it.shipping_status.code();
                if now == to || is_further(now, to) {
                    Verdict::AlreadyThere(format!("the order is {now:?} already"))
                } else if now == from {
                    Verdict::Send(Action::SetShippingStatus { order: *order, from: now.to_owned(), to: to.clone() })
                } else {
                    Verdict::Moved(format!("the order is {now:?} at the store now, not {from:?}"))
                }
            }
            (Action::AddTracking { number, .. }, Seen::Order(it)) => {
                if it.tracking_numbers.iter().any(|have| same_number(have, number)) {
                    Verdict::AlreadyThere("the number is there already".into())
                } else {
                    Verdict::Send(self.clone())
                }
            }
            _ => Verdict::Moved("the store answered for another kind of record".into()),
        }
    }

    /// After it was sent: is the store as this wanted it?
    pub fn is_done(&self, seen: &Seen) -> bool {
        match (self, seen) {
            // Less than was written is what was sold meanwhile, as long as it cannot be what was there before.
            (Action::SetStock { from, to, .. }, Seen::Product(card)) => {
                card.amount <= *to && (to < from || card.amount > *from)
            }
            (Action::SetProduct { to, .. }, Seen::Product(card)) => ProductFields::of(card, to) == *to,
            (Action::SetShippingStatus { to, .. }, Seen::Order(it)) => {
                let now = it.shipping_status.code();
                now == to || is_further(now, to)
            }
            (Action::AddTracking { number, .. }, Seen::Order(it)) => {
                it.tracking_numbers.iter().any(|have| same_number(have, number))
            }
            _ => false,
        }
    }
}

fn moved(from: &ProductFields, now: &ProductFields, to: &ProductFields) -> Option<&'static str> {
    fn other<T: PartialEq>(from: &Option<T>, now: &Option<T>, to: &Option<T>) -> bool {
        now != from && now != to
    }
    [
        ("name", other(&from.name, &now.name, &to.name)),
        ("description", other(&from.description, &now.description, &to.description)),
        ("price", other(&from.price, &now.price, &to.price)),
        ("weight", other(&from.weight, &now.weight, &to.weight)),
        ("on-sale switch", other(&from.enabled, &now.enabled, &to.enabled)),
    ]
    .into_iter()
    .find_map(|(name, is_other)| is_other.then_some(name))
}

/// On the way from placed to delivered. What is no step of that way (returned, not to be delivered, a code of the store's
/// own) has no place in it.
fn step(code: &str) -> Option<u8> {
    Some(match ShippingStatus::from_code(code) {
        ShippingStatus::Missing => 0,
        ShippingStatus::WaitingForApproval | ShippingStatus::New | ShippingStatus::Backordered => 1,
        ShippingStatus::Processing => 2,
        ShippingStatus::Shipped => 3,
        ShippingStatus::Delivered => 4,
        ShippingStatus::WillNotDeliver | ShippingStatus::Returned | ShippingStatus::Unknown(_) => return None,
    })
}

/// Is an order of status `now` beyond `wanted`?
pub(crate) fn is_further(now: &str, wanted: &str) -> bool {
    step(now).zip(step(wanted)).is_some_and(|(now, wanted)| now > wanted)
}

pub(crate) fn is_on_the_way(code: &str) -> bool {
    step(code).is_some()
}

/// Shorter numbers are compared whole.
const TAIL_MIN: usize = 8;

/// People and carriers write them with spaces, in either case, and with the carrier's name before.
pub(crate) fn same_number(one: &str, other: &str) -> bool {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|it| it.is_ascii_alphanumeric());
        letters.map(|it| it.to_ascii_uppercase()).collect()
    };
    let (one, other) = (plain(one), plain(other));
    let (long, short) = if one.len() > other.len() { (one, other) } else { (other, one) };
    long == short || (short.len() >= TAIL_MIN && long.ends_with(&short))
}
