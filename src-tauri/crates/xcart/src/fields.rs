//! Which JSON fields are read, which are left alone and which are taken out before anything is stored.

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Becomes part of a domain value.
    Read,
    /// Stays in the stored document, is not used.
    Ignored,
    /// Taken out by the redaction gate.
    Dropped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// `a` admin API or `b` REST add-on, then entity and path: `a order.items[].sku`. `*` ends a path for all below it.
    pub path: &'static str,
    pub fate: Fate,
    pub why: &'static str,
}

pub const FIELDS: &[Field] = &[];
