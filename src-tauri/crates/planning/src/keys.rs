//! Natural keys: what Tieout writes into Intacct's own reference fields, so that a record can be found again
//! when an answer never came. Readable, short, and derived from what the document is about.

use tieout_domain::{PaymentEvent, PostingId};

/// `TO-<order number>-<transaction in letters>`. Letters, because a run of digits could be read as an order number.
pub fn payment_key(payment: &PaymentEvent) -> String {
    let row = if payment.row == 0 { String::new() } else { format!(".{}", letters(payment.row)) };
    format!("TO-{}-{}{row}", payment.order_number, letters(payment.transaction))
}

/// The order a payment's key names: a short number among other text is no reference, in our own key it is.
pub fn order_of(key: &str) -> Option<&str> {
    key.strip_prefix("TO-")?.rsplit_once('-').map(|(order, _)| order)
}

/// One posting per natural key: planning twice makes the same ids.
pub fn posting_id(natural_key: &str) -> PostingId {
    PostingId(format!("p-{natural_key}"))
}

/// A number written in the letters A to Z.
pub fn letters(mut number: u64) -> String {
    let mut text = Vec::new();
    loop {
        text.push(b'A' + (number % 26) as u8);
        number /= 26;
        if number == 0 {
            break;
        }
    }
    text.reverse();
    String::from_utf8(text).expect("letters are ASCII")
}

/// A settlement id made fit for a reference field: letters, digits, `-` and `_`, at most 30 characters.
pub fn plain(text: &str) -> String {
    text.chars().filter(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_')).take(30).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_key_names_its_order_however_short_the_number() {
        for order in ["7", "00012", "O-2001", "1048202"] {
            assert_eq!(order_of(&format!("TO-{order}-BC.D")), Some(order));
        }
        assert_eq!(order_of("wire 7-BC"), None);
    }

    #[test]
    fn letters_are_one_to_one() {
        let all: std::collections::BTreeSet<_> = (0..5_000).map(letters).collect();
        assert_eq!(all.len(), 5_000);
        assert_eq!(letters(0), "A");
        assert_eq!(letters(26), "BA");
    }
}
