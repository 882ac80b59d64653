//! Payments and receipts in, matches and exceptions out.
