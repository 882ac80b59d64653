//! Reverses a posted receipt (reverse_arpayment): posted is never deleted. The description is the only place
//! for our key.

use super::lines::required;
use super::{BuildError, Written, marked};
use crate::shape::{Content, REVERSE_AR_PAYMENT};
use tieout_domain::ReceiptReversal;

pub(super) fn reversal(reversal: &ReceiptReversal) -> Result<Written, BuildError> {
    let document = format!("reversal {}", reversal.reference);
    required(&document, "receipt", &reversal.record_no)?;
    let content = Content::new()
        .text("key", &reversal.record_no)
        .day("datereversed", reversal.on)
        .text("description", &marked(&reversal.description, &reversal.reference));
    Ok((&REVERSE_AR_PAYMENT, content))
}
