//! The Sage Intacct client: domain in, XML out, answers back.
