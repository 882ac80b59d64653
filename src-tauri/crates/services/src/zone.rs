//! Where this computer is, for the audit trail: an instant alone does not say what time of day it was for the person.

use jiff::tz::TimeZone;

/// `America/Chicago`, or its offset where the system does not name it.
pub(crate) fn of_this_computer() -> String {
    let zone = TimeZone::system();
    zone.iana_name().map_or_else(|| "unknown zone".to_owned(), ToOwned::to_owned)
}
