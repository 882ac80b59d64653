//! The X-Cart client: wire JSON in, domain out.
