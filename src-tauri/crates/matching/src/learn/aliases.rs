//! Which Intacct customer a payer of the store is.

use super::Together;
use crate::items::Item;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// E-mail address, or the name where there is none; lower case.
    pub payer: String,
    /// Intacct's customer id, and its name where a receipt told it.
    pub customer: String,
    pub customer_name: String,
    /// Accepted matches that say so.
    pub matches: usize,
    /// The payer was met with other customers as well: then it is no one's alias.
    pub others: usize,
}

impl Alias {
    pub fn is_certain(&self) -> bool {
        self.others == 0
    }
}

/// What a payer is known by.
pub fn payer_of(item: &Item) -> Option<String> {
    [&item.email, &item.party].into_iter().find(|it| !it.trim().is_empty()).map(|it| it.trim().to_lowercase())
}

/// By payer. Of several customers the one met most often is named, then the first by its id.
pub fn aliases(accepted: &[Together<'_>]) -> Vec<Alias> {
    let mut met: BTreeMap<String, BTreeMap<&str, (usize, &str)>> = BTreeMap::new();
    for it in accepted.iter().filter(|it| !it.right.customer_id.is_empty()) {
        let Some(payer) = payer_of(it.left) else { continue };
        let one = met.entry(payer).or_default().entry(&it.right.customer_id).or_insert((0, ""));
        one.0 += 1;
        one.1 = one.1.max(&it.right.party);
    }
    let mut all = Vec::with_capacity(met.len());
    for (payer, customers) in met {
        let most = customers.iter().max_by_key(|(id, (count, _))| (*count, std::cmp::Reverse(**id)));
        let Some((customer, (matches, name))) = most else { continue };
        all.push(Alias {
            customer: (*customer).to_owned(),
            customer_name: (*name).to_owned(),
            matches: *matches,
            others: customers.len() - 1,
            payer,
        });
    }
    all
}
