//! Where ours may differ from a document, one by one and with the reason. Beside these only layout, the order of
//! attributes and the two spellings of an empty element, which XML itself holds for the same.

use crate::xml::Node;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    TrailingZeros,
    ShowPrivate,
    OrderOfAll,
    EmptyEntity,
    Asynchronous,
    InvoiceDefect,
    DeliveryOptions,
    FulfillmentDefect,
    SerialAndLot,
}

impl Difference {
    pub fn why(self) -> &'static str {
        match self {
            Difference::TrailingZeros => "zeros at the end of an amount",
            Difference::ShowPrivate => "ours asks for private records of entities too",
            Difference::OrderOfAll => "elements of query in another order, which it does not mind",
            Difference::EmptyEntity => "an empty locationid, which stands for none",
            Difference::Asynchronous => "policyid, which asks for the answer at an address on the internet",
            Difference::InvoiceDefect => {
                "the SDK's order of batchkey and action and its onhold, which the schema refuses"
            }
            Difference::DeliveryOptions => "DELIVERYOPTIONS, which the reference of the API writes DELIVERY_OPTIONS",
            Difference::SerialAndLot => "a lot number beside the serial number, which the schema refuses",
            Difference::FulfillmentDefect => "the SDK's text in fulfillmentstatus, which the schema refuses",
        }
    }
}

pub fn not_covered(name: &str) -> Option<&'static str> {
    Some(match name {
        "operation--write-xml-transaction" => "several functions, all or none: we send one function a request",
        "request--write-xml" => "a request without a function, which the schema refuses too",
        "xmlwriter--write-element-as-null" => "no document: what is not given is not written",
        _ => return None,
    })
}

pub fn newer_than_the_schema(name: &str) -> Option<&'static str> {
    if name.starts_with("query--") || name.starts_with("derived--query") || name.starts_with("lookup") {
        return Some("newer than it (function)");
    }
    (name == "invoice-create--param-overrides").then_some("newer than it (taxsolutionid, taxentries)")
}

/// The document with what is wrong or not sent put right, before anything is compared.
pub fn allowed_for(name: &str, mut node: Node) -> (Node, Vec<Difference>) {
    let mut found = Vec::new();
    match name {
        "invoice-create--param-overrides" => {
            let invoice = &mut node.children[0].children;
            invoice.retain(|it| it.name != "onhold");
            let place = |name: &str, invoice: &[Node]| invoice.iter().position(|it| it.name == name).unwrap();
            let (action, batch) = (place("action", invoice), place("batchkey", invoice));
            invoice.swap(action, batch);
            found.push(Difference::InvoiceDefect);
        }
        "customer-update--full-xml" => {
            let customer = &mut node.children[0].children[0].children;
            let it = customer.iter_mut().find(|it| it.name == "DELIVERYOPTIONS").unwrap();
            it.name = "DELIVERY_OPTIONS".into();
            found.push(Difference::DeliveryOptions);
        }
        "sotransaction-lineupdate--params-overrides" => {
            let status = node.children.iter_mut().find(|it| it.name == "fulfillmentstatus").unwrap();
            let text = std::mem::take(&mut status.text);
            status.children.push(Node { name: "deliverystatus".into(), text, ..Node::default() });
            found.push(Difference::FulfillmentDefect);
        }
        "itemdetail--params-overrides" => {
            node.children.retain(|it| it.name != "lotno");
            found.push(Difference::SerialAndLot);
        }
        "control--write-xml-defaults-override" => {
            node.children.retain(|it| it.name != "policyid");
            found.push(Difference::Asynchronous);
        }
        "auth-login--write-xml-with-empty-entity" => {
            node.children[0].children.retain(|it| it.name != "locationid");
            found.push(Difference::EmptyEntity);
        }
        _ => {}
    }
    (node, found)
}

/// The node as it is compared, and what had to be left aside for that.
pub fn canonical(name: &str, node: &Node) -> (Node, Vec<Difference>) {
    let mut found = Vec::new();
    let mut node = node.clone();
    strip(&mut node, &mut found);
    if node.children.first().is_some_and(|it| it.name == "query") {
        let query = &mut node.children[0].children;
        let before = query.len();
        query.retain(|it| it.name != "options" || it.child("caseinsensitive").is_some());
        if query.len() < before {
            found.push(Difference::ShowPrivate);
        }
    }
    if name.starts_with("derived--query") {
        node.children[0].children.sort_by(|one, other| one.name.cmp(&other.name));
        found.push(Difference::OrderOfAll);
    }
    (node, found)
}

fn strip(node: &mut Node, found: &mut Vec<Difference>) {
    node.attributes.sort();
    node.text = node.text.trim().to_owned().into();
    let amount =
        node.children.is_empty() && node.text.contains('.') && node.text.parse::<rust_decimal::Decimal>().is_ok();
    if amount && node.text.ends_with('0') && node.name != "dtdversion" {
        node.text = node.text.trim_end_matches('0').trim_end_matches('.').to_owned().into();
        found.push(Difference::TrailingZeros);
    }
    node.children.iter_mut().for_each(|it| strip(it, found));
}
