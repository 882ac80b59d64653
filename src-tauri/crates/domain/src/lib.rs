//! The records, documents and lifecycle Tieout reasons about.
