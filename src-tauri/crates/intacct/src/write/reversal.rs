//! Reverses a posted receipt (reverse_arpayment): posted is never deleted. The description is the only place
//! for our key.

use super::lines::required;
use super::{BuildError, marked};
use crate::xml::XmlWriter;
use tieout_domain::ReceiptReversal;

pub(super) fn reversal(reversal: &ReceiptReversal, out: &mut XmlWriter) -> Result<(), BuildError> {
    let document = format!("reversal {}", reversal.reference);
    required(&document, "receipt", &reversal.record_no)?;
    out.element("reverse_arpayment", &[("key", &reversal.record_no)], |out| {
        out.date_parts("datereversed", reversal.on);
        out.text("description", &marked(&reversal.description, &reversal.reference));
    });
    Ok(())
}
