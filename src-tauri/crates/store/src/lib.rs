//! The local SQLite cache, the posting ledger and the audit chain.
