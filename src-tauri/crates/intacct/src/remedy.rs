//! The catalogue of known refusals (reference/intacct.md 1.5): what each is, and what to do about it.

use crate::failure::{ErrorClass as C, Failure, Level};

/// One kind of refusal. The first entry that fits decides, so the narrow ones come first.
struct Known {
    /// `None` fits every level.
    level: Option<Level>,
    /// Fits when empty or equal to the cause's errorno.
    errorno: &'static str,
    /// All of these must occur in the text, ignoring case.
    words: &'static [&'static str],
    class: C,
    remedy: &'static str,
}

const fn any(words: &'static [&'static str], class: C, remedy: &'static str) -> Known {
    Known { level: None, errorno: "", words, class, remedy }
}

const fn number(errorno: &'static str, class: C, remedy: &'static str) -> Known {
    Known { level: None, errorno, words: &[], class, remedy }
}

const SENDER: &str = "Connections > Intacct: check the sender id and the sender password.";
// The same words answer a wrong entity (`Client::test_credentials` tells the two apart).
const USER: &str =
    "Connections > Intacct: check the company id, the user id and its password, and the entity if one is given.";
const AUTHORISE: &str =
    "In Intacct, Company > Company Info > Security: add this sender id to the authorised web services senders.";
const WAIT: &str = "Wait a few minutes and try again; nothing was done.";
const REPORT: &str = "This is a fault of Tieout's. Export the posting's request and report it.";

const KNOWN: &[Known] = &[
    // --- the request as a whole
    number("GW-0010", C::Transient, WAIT),
    number(
        "GW-0011",
        C::Auth,
        "Connections > Intacct: Intacct does not know this company or this sender id, or it is not active. Check both.",
    ),
    number("GW-0001", C::Transient, WAIT),
    number("XMLGW_JPP0002", C::Auth, USER),
    number("XL03000003", C::Permanent, REPORT),
    number("PL04000055", C::Permanent, "This demo company has expired. Connections > Intacct: choose another company."),
    any(&["not authorized to make web services requests"], C::Auth, AUTHORISE),
    any(&["invalid web services authorization"], C::Auth, AUTHORISE),
    any(&["not a valid transport policy"], C::Permanent, REPORT),
    Known { level: Some(Level::Control), errorno: "XL03000006", words: &[], class: C::Auth, remedy: SENDER },
    any(&["xml partner id or password"], C::Auth, SENDER),
    // --- who we are
    any(&["invalid session"], C::Auth, "Try again: the session ended and Tieout signs in anew."),
    any(&["sign-in information is incorrect"], C::Auth, USER),
    Known {
        level: Some(Level::Authentication),
        errorno: "",
        words: &["location"],
        class: C::Auth,
        remedy: "Connections > Intacct: check the entity id, and that the user may work in this entity.",
    },
    Known { level: Some(Level::Authentication), errorno: "", words: &[], class: C::Auth, remedy: USER },
    any(
        &["you do not have permission"],
        C::Permanent,
        "In Intacct, Company > Users: give the web services user the permission named in the message.",
    ),
    // --- come back later
    any(&["temporarily off-line"], C::Transient, WAIT),
    any(&["please try again later"], C::Transient, WAIT),
    // --- closed
    any(
        &["periods are closed"],
        C::ClosedPeriod,
        "Reopen the period in Intacct (General Ledger > Books > Open), or choose a later date, then approve again.",
    ),
    any(
        &["within a period that", "closed"],
        C::ClosedPeriod,
        "Reopen the period in Intacct (General Ledger > Books > Open), or choose a later date, then approve again.",
    ),
    // --- already there
    number("BL34000061", C::Duplicate, "Look at the record of this number in Intacct: it may be this one."),
    number("PL05000104", C::Duplicate, "Look at the record of this number in Intacct: it may be this one."),
    any(&["already exists"], C::Duplicate, "Look at the record of this number in Intacct: it may be this one."),
    any(
        &["there is no due on the invoice"],
        C::Duplicate,
        "The invoice is paid already. Pull again: another receipt has settled it.",
    ),
    // --- the content
    number("DL03000005", C::Business, "The invoice was rewritten in Intacct. Pull again, then approve again."),
    number(
        "BL02000051",
        C::Business,
        "Settings > Accounts: this currency cannot go to undeposited funds; choose a bank account.",
    ),
    any(
        &["payment batch key"],
        C::Business,
        "In Intacct, Accounts Receivable > Configure: set the summary frequency to anything but user-specified.",
    ),
    number("PL03000006", C::Business, "Choose another date, then approve again."),
    any(&["transaction date", "is invalid"], C::Business, "Choose another date, then approve again."),
    number("PL01000127", C::Business, "Settings > Orders: the transaction definition wants a document number."),
    any(
        &["do not balance"],
        C::Business,
        "Every location must balance by itself. Settings > Dimensions: give both sides the same location.",
    ),
    any(&["debits and credits are not equal"], C::Business, REPORT),
    any(&["missing the department"], C::Business, "Settings > Dimensions: set a department for this account."),
    any(&["missing the location"], C::Business, "Settings > Dimensions: set a location for this account."),
    any(
        &["location", "invalid"],
        C::Business,
        "Settings > Dimensions: choose a location that exists and may be used here.",
    ),
    any(&["location id is required"], C::Business, "Settings > Orders: set a location for this warehouse."),
    any(&["account", "is not valid"], C::Business, "Settings > Accounts: choose a GL account that exists in Intacct."),
    any(
        &["account is inactive"],
        C::Business,
        "Reactivate the account in Intacct, or choose another in Settings > Accounts.",
    ),
    any(&["item id", "is not valid"], C::Business, "Settings > Orders: map this product to an item of Intacct's."),
    any(
        &["not enough quantity"],
        C::Business,
        "Receive stock in Intacct, or use a transaction definition that does not check it (Settings > Orders).",
    ),
    any(
        &["subtotal", "not found in the document definition"],
        C::Business,
        "Settings > Orders: use the subtotal names of the transaction definition.",
    ),
    any(
        &["non-editable in transaction definition"],
        C::Business,
        "In Intacct, Order Entry > Transaction Definitions: allow the contacts to be edited.",
    ),
    any(
        &["smart rule"],
        C::Business,
        "A Smart Rule of this company forbids it. In Intacct, Customization Services > Smart Rules: see the rule named.",
    ),
    any(
        &["date due cannot be earlier"],
        C::Business,
        "Settings > Orders: choose a payment term with a later due date.",
    ),
    number(
        "BL03000018",
        C::Business,
        "Correct the contact's e-mail address in the store or in Intacct, then pull again.",
    ),
    // --- our own questions
    number(
        "XL03000010",
        C::Permanent,
        "A field is missing in this company. Connections > Intacct: test the connection.",
    ),
    number(
        "Query Failed",
        C::Permanent,
        "An object or field is missing in this company. Connections > Intacct: test the connection.",
    ),
    number(
        "DL02000001",
        C::OutcomeUnknown,
        "Intacct failed inside. Press Check status: Tieout asks whether it was done. Do not enter it by hand yet.",
    ),
];

const OTHERWISE: &str = "Read Intacct's message, put it right there or in Settings, then approve again.";

fn known(failure: &Failure) -> Option<&'static Known> {
    let cause = failure.cause();
    let text = format!("{} {} {}", cause.description, cause.description2, cause.correction).to_lowercase();
    KNOWN.iter().find(|known| {
        known.level.is_none_or(|level| level == failure.level)
            && (known.errorno.is_empty() || known.errorno == cause.errorno)
            && known.words.iter().all(|word| text.contains(word))
    })
}

pub(crate) fn classify(failure: &Failure) -> C {
    match known(failure) {
        // A number that only the gateway in front of Intacct uses; with a 5xx it may still be working.
        Some(known) if failure.status >= 500 && known.class != C::Auth => C::OutcomeUnknown,
        Some(known) => known.class,
        None if failure.status >= 500 => C::OutcomeUnknown,
        None if failure.status == 429 => C::Transient,
        None if failure.level == Level::Control => C::Permanent,
        None => C::Business,
    }
}

pub(crate) fn remedy(failure: &Failure) -> &'static str {
    known(failure).map_or(OTHERWISE, |known| known.remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::ErrorRow;

    fn failure(level: Level, status: u16, errorno: &str, text: &str) -> Failure {
        let row = ErrorRow { errorno: errorno.into(), description2: text.into(), ..ErrorRow::default() };
        Failure { level, status, rows: vec![row] }
    }

    #[test]
    fn every_row_of_the_table_has_its_class() {
        use Level::{Authentication as A, Control as T, Result as R};
        for (level, status, errorno, text, class) in [
            (T, 429, "GW-0010", "API rate limit exceeded", C::Transient),
            (T, 400, "GW-0011", "Invalid Request", C::Auth),
            (T, 500, "GW-0001", "Unable to process request", C::OutcomeUnknown),
            (T, 401, "XMLGW_JPP0002", "Sign-in information is incorrect. Please check your request.", C::Auth),
            (T, 200, "XL03000003", "XML Parse schema error", C::Permanent),
            (T, 200, "XL03000006", "Incorrect Intacct XML Partner ID or password.", C::Auth),
            (T, 200, "XL03000006", "test is not a valid transport policy.", C::Permanent),
            (T, 200, "PL04000055", "This company is a demo company and has expired.", C::Permanent),
            (A, 200, "XL03000006", "Sign-in information is incorrect", C::Auth),
            (A, 200, "XL03000006", "Invalid session x", C::Auth),
            (R, 200, "BL01001973", "Transactions do not balance", C::Business),
            (R, 200, "BL34000061", "Another X with the given value(s) Y already exists", C::Duplicate),
            (R, 200, "PL05000104", "x", C::Duplicate),
            (R, 200, "BL03000018", "Illegal format for Contactversion", C::Business),
            (R, 200, "DL02000001", "There was an error processing the request.", C::OutcomeUnknown),
            (R, 200, "XL03000010", "x", C::Permanent),
            (R, 200, "DL03000005", "No record exits for the recordkey 43", C::Business),
            (R, 200, "BL02000051", "x", C::Business),
            (R, 200, "PL03000006", "The transaction date '1' is invalid.", C::Business),
            (R, 200, "PL01000127", "Document Number is missing", C::Business),
            (R, 200, "Query Failed", "Object definition X not found", C::Permanent),
            (
                R,
                200,
                "BL01001973",
                "Periods are closed. Your transaction date (1/1/2025) is within a period that's been closed.",
                C::ClosedPeriod,
            ),
            (R, 200, "", "There is no due on the invoice 7", C::Duplicate),
            (R, 200, "", "A transaction with the number 'X' already exists.", C::Duplicate),
            (R, 200, "", "Please provide a payment batch key.", C::Business),
            (R, 200, "", "Smart Rule 3 Violated", C::Business),
            (R, 200, "", "Account '9' is not valid", C::Business),
            (R, 200, "", "Specified subtotal of 'X' not found in the document definition", C::Business),
            (R, 200, "", "You do not have permission for API operation create", C::Permanent),
            (R, 200, "", "The Service is Temporarily Off-line", C::Transient),
            (R, 200, "NEW-1", "never seen", C::Business),
        ] {
            assert_eq!(failure(level, status, errorno, text).class(), class, "{errorno} {text}");
        }
    }

    #[test]
    fn every_remedy_says_where_to_go_or_what_to_do() {
        for known in KNOWN {
            assert!(known.remedy.ends_with('.') && known.remedy.len() > 20, "{}", known.remedy);
        }
    }
}
