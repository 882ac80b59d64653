//! Which paths the sandbox's admin API has, and what may be done to each (`reference/xcart.md` 4).

/// A part of an order with a path of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderPart {
    PaymentStatus,
    ShippingStatus,
    PaymentTransactions,
    Details,
    History,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Docs,
    Orders,
    Order(u64),
    OrderByNumber(String),
    OrderPart(u64, OrderPart),
    Products,
    Product(u64),
    Profiles,
    Profile(u64),
    Addresses(u64),
    /// Profile, then address.
    Address(u64, u64),
}

impl Route {
    /// The route and its format suffix: `/api/orders.jsonld` is the orders, as `jsonld`.
    pub fn parse(path: &str) -> Option<(Route, Option<&str>)> {
        let (path, suffix) = match path.rsplit_once('.') {
            Some((path, suffix)) if !suffix.contains('/') => (path, Some(suffix)),
            _ => (path, None),
        };
        let parts: Vec<&str> = path.strip_prefix("/api/")?.split('/').collect();
        let id = |text: &str| text.parse::<u64>().ok();
        let route = match parts.as_slice() {
            ["docs"] if suffix == Some("json") => Route::Docs,
            ["orders"] => Route::Orders,
            ["orders", "by_number", number] if is_word(number) => Route::OrderByNumber((*number).to_owned()),
            ["orders", order] => Route::Order(id(order)?),
            ["orders", order, part] => Route::OrderPart(id(order)?, order_part(part)?),
            ["products"] => Route::Products,
            ["products", product] => Route::Product(id(product)?),
            ["profiles"] => Route::Profiles,
            ["profiles", profile] => Route::Profile(id(profile)?),
            ["profiles", profile, "addresses"] => Route::Addresses(id(profile)?),
            ["profiles", profile, "addresses", address] => Route::Address(id(profile)?, id(address)?),
            _ => return None,
        };
        Some((route, suffix))
    }

    /// In the order the recorded `Allow` headers name them.
    pub fn methods(&self) -> &'static [&'static str] {
        match self {
            Route::Docs | Route::Orders | Route::Order(_) | Route::OrderByNumber(_) => &["GET"],
            Route::OrderPart(_, OrderPart::PaymentStatus | OrderPart::ShippingStatus) => &["GET", "PUT"],
            Route::OrderPart(..) => &["GET"],
            Route::Products | Route::Profiles | Route::Addresses(_) => &["GET", "POST"],
            Route::Product(_) | Route::Profile(_) | Route::Address(..) => &["GET", "PUT", "DELETE"],
        }
    }
}

fn order_part(name: &str) -> Option<OrderPart> {
    Some(match name {
        "payment_status" => OrderPart::PaymentStatus,
        "shipping_status" => OrderPart::ShippingStatus,
        "payment_transactions" => OrderPart::PaymentTransactions,
        "details" => OrderPart::Details,
        "history" => OrderPart::History,
        _ => return None,
    })
}

/// `\w+`: an order number with a dash has no route.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
