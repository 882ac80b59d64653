//! Exact amounts in one currency, rates, and rounding.
