//! The envelope around every call: who asks, with which credentials, for which functions, and the reply around
//! the answers (reference/intacct.md 1.2 and 1.4).

use jiff::Timestamp;

use super::errors::{GatewayError, Refusal};
use super::grammar;
use super::text::escape;
use super::xml::{Element, Malformed, decode, parse, place};

#[derive(Clone)]
pub struct Control {
    pub sender_id: String,
    pub password: String,
    pub control_id: String,
    pub unique_id: bool,
    pub policy_id: Option<String>,
    pub dtd_version: String,
}

pub enum Authentication {
    Login { user: String, company: String, password: String, location: Option<String> },
    Session(String),
}

#[derive(Clone)]
pub struct Function {
    pub control_id: String,
    /// The one element inside: the call itself.
    pub call: Element,
}

pub struct Operation {
    pub transaction: bool,
    pub authentication: Authentication,
    pub functions: Vec<Function>,
}

pub struct Request {
    pub control: Control,
    pub operations: Vec<Operation>,
}

/// A request that is no request: the errors, with as much of the control block as could be read.
pub struct BadRequest {
    pub sender_id: String,
    pub control_id: String,
    pub refusal: Refusal,
}

fn schema_error(source: &str, text: &str, offset: usize) -> Refusal {
    let (line, column) = place(source, offset);
    Refusal::one(GatewayError::new(
        "XL03000003",
        format!("XML Parse schema error: Fatal Error 76: {text} Line: {line}, column: {column}."),
    ))
}

/// Reads a request, checking grammar in the order of the document.
pub fn read(bytes: &[u8]) -> Result<Request, BadRequest> {
    let nobody = |refusal| BadRequest { sender_id: String::new(), control_id: String::new(), refusal };
    let malformed = |source: &str, it: Malformed| nobody(schema_error(source, &format!("{}.", it.text), it.offset));
    let source = decode(bytes).map_err(|it| malformed("", it))?;
    let root = parse(&source).map_err(|it| malformed(&source, it))?;
    let control = root.child("control");
    let bad = |text: &str, offset: usize| BadRequest {
        sender_id: control.map(|it| it.or_empty("senderid")).unwrap_or_default(),
        control_id: control.map(|it| it.or_empty("controlid")).unwrap_or_default(),
        refusal: schema_error(&source, text, offset),
    };
    if root.name != "request" {
        return Err(bad(
            &format!("Element '{}': No matching global declaration available for the validation root.", root.name),
            root.offset,
        ));
    }
    let control = match control {
        Some(control) => control,
        None => return Err(bad("Element 'request': Missing child element(s). Expected is ( control ).", root.offset)),
    };
    if let Err(misplaced) = grammar::check(&root) {
        return Err(bad(&misplaced.text(), misplaced.offset));
    }
    let control_id = control.or_empty("controlid");
    if control_id.is_empty() || control_id.chars().count() > 256 {
        return Err(bad("Element 'controlid': The value must have 1 to 256 characters.", control.offset));
    }
    let flag = |name: &str, default: bool| match control.filled(name) {
        None => Some(default),
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => None,
    };
    let Some(unique_id) = flag("uniqueid", true) else {
        return Err(bad(
            "Element 'uniqueid': The value is not an element of the set {'true', 'false'}.",
            control.offset,
        ));
    };
    let mut operations = Vec::new();
    for operation in root.all("operation") {
        operations.push(read_operation(operation).map_err(|(text, offset)| bad(&text, offset))?);
    }
    Ok(Request {
        control: Control {
            sender_id: control.or_empty("senderid"),
            password: control.or_empty("password"),
            control_id,
            unique_id,
            policy_id: control.owned("policyid"),
            dtd_version: control.filled("dtdversion").unwrap_or("3.0").to_owned(),
        },
        operations,
    })
}

fn read_operation(operation: &Element) -> Result<Operation, (String, usize)> {
    let transaction = match operation.attribute("transaction") {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => {
            return Err((
                format!("Element 'operation', attribute 'transaction': '{other}' is not allowed."),
                operation.offset,
            ));
        }
    };
    let Some(block) = operation.child("authentication") else {
        return Err((
            "Element 'operation': Missing child element(s). Expected is ( authentication ).".to_owned(),
            operation.offset,
        ));
    };
    let authentication = match (block.child("login"), block.given("sessionid")) {
        (Some(login), _) => Authentication::Login {
            user: login.or_empty("userid"),
            company: login.or_empty("companyid"),
            password: login.or_empty("password"),
            location: login.owned("locationid"),
        },
        (None, Some(session)) => Authentication::Session(session.to_owned()),
        (None, None) => return Err(("Element 'oauth': not served here.".to_owned(), block.offset)),
    };
    let mut functions = Vec::new();
    for function in operation.all("content").flat_map(|content| content.all("function")) {
        let Some(control_id) = function.attribute("controlid") else {
            return Err((
                "Element 'function': The attribute 'controlid' is required but missing.".to_owned(),
                function.offset,
            ));
        };
        if control_id.chars().count() > 256 {
            return Err((
                "Element 'function', attribute 'controlid': more than 256 characters.".to_owned(),
                function.offset,
            ));
        }
        match function.children.as_slice() {
            [call] => functions.push(Function { control_id: control_id.to_owned(), call: call.clone() }),
            [] => return Err(("Element 'function': Missing child element(s).".to_owned(), function.offset)),
            [_, second, ..] => {
                return Err((format!("Element '{}': This element is not expected.", second.name), second.offset));
            }
        }
    }
    Ok(Operation { transaction, authentication, functions })
}

// ---- replies ------------------------------------------------------------------------------------------------------

/// How one function ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Success,
    Failure,
    Aborted,
}

/// The answer to one function.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: Status,
    pub function: String,
    pub control_id: String,
    /// `<key>` or `<data>`, ready to send.
    pub body: String,
    pub errors: Vec<GatewayError>,
}

/// What the authentication block of a reply says.
#[derive(Clone, Debug)]
pub struct Who {
    pub user: String,
    pub company: String,
    pub location: String,
    pub timestamp: Timestamp,
    pub timeout: Timestamp,
}

pub fn error_list(errors: &[GatewayError]) -> String {
    let mut out = String::from("<errormessage>");
    for error in errors {
        out.push_str(&format!(
            "<error><errorno>{}</errorno><description>{}</description><description2>{}</description2><correction>{}</correction></error>",
            escape(&error.errorno),
            escape(&error.description),
            escape(&error.description2),
            escape(&error.correction)
        ));
    }
    out.push_str("</errormessage>");
    out
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A failure of the whole request, before any operation.
pub fn control_failure(sender_id: &str, control_id: &str, unique_id: bool, errors: &[GatewayError]) -> String {
    format!(
        "{HEAD}<response><control><status>failure</status><senderid>{}</senderid><controlid>{}</controlid><uniqueid>{unique_id}</uniqueid><dtdversion>3.0</dtdversion></control>{}</response>",
        escape(sender_id),
        escape(control_id),
        error_list(errors)
    )
}

/// A refusal by the gateway in front of the service: bare control, error with description only.
pub fn gateway_failure(errorno: &str, description: &str) -> String {
    format!(
        "{HEAD}<response><control><status>failure</status></control><errormessage><error><errorno>{}</errorno><description>{}</description></error></errormessage></response>",
        escape(errorno),
        escape(description)
    )
}

pub fn success(control: &Control, operations: &[String]) -> String {
    format!(
        "{HEAD}<response><control><status>success</status><senderid>{}</senderid><controlid>{}</controlid><uniqueid>{}</uniqueid><dtdversion>{}</dtdversion></control>{}</response>",
        escape(&control.sender_id),
        escape(&control.control_id),
        control.unique_id,
        escape(&control.dtd_version),
        operations.concat()
    )
}

pub fn failed_authentication(user: &str, company: &str, location: Option<&str>, error: &GatewayError) -> String {
    let location = location.map(|it| format!("<locationid>{}</locationid>", escape(it))).unwrap_or_default();
    format!(
        "<operation><authentication><status>failure</status><userid>{}</userid><companyid>{}</companyid>{location}</authentication>{}</operation>",
        escape(user),
        escape(company),
        error_list(std::slice::from_ref(error))
    )
}

pub fn operation(who: &Who, answers: &[Answer]) -> String {
    let mut out = format!(
        "<operation><authentication><status>success</status><userid>{}</userid><companyid>{}</companyid><locationid>{}</locationid><sessiontimestamp>{}</sessiontimestamp><sessiontimeout>{}</sessiontimeout></authentication>",
        escape(&who.user),
        escape(&who.company),
        escape(&who.location),
        iso(who.timestamp),
        iso(who.timeout)
    );
    for answer in answers {
        let status = match answer.status {
            Status::Success => "success",
            Status::Failure => "failure",
            Status::Aborted => "aborted",
        };
        out.push_str(&format!(
            "<result><status>{status}</status><function>{}</function><controlid>{}</controlid>{}",
            escape(&answer.function),
            escape(&answer.control_id),
            answer.body
        ));
        if !answer.errors.is_empty() {
            out.push_str(&error_list(&answer.errors));
        }
        out.push_str("</result>");
    }
    out.push_str("</operation>");
    out
}

fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
