//! The gateway: takes a request's bytes, checks envelope, sender and session in that order, runs its functions
//! against the books, and returns the reply's bytes. HTTP is elsewhere.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::company::Company;
use super::envelope::{self, Answer, Authentication, Function, Operation, Request, Status, Who};
use super::errors::{GatewayError, Refusal};
use super::generic::{self, Made};
use super::ledger::{ControlEntry, Journal, LedgerEntry, Line, Phase};
use super::records::*;
use super::text::escape;
use super::xml::{self, Element};
use super::{legacy, read};

/// Who may come in, and how long a session lasts.
#[derive(Clone)]
pub struct Access {
    pub sender_id: String,
    pub sender_password: String,
    pub user: String,
    pub password: String,
    pub session_length: SignedDuration,
    /// The sender is known but this company has not let it in.
    pub sender_unauthorised: bool,
    /// The user may look at everything and write nothing.
    pub read_only: bool,
}

impl Default for Access {
    fn default() -> Self {
        Access {
            sender_id: "sandbox-sender".into(),
            sender_password: "sandbox-sender-password".into(),
            user: "sandbox-user".into(),
            password: "sandbox-user-password".into(),
            session_length: SignedDuration::from_hours(2),
            sender_unauthorised: false,
            read_only: false,
        }
    }
}

/// What a repeated control id is answered with. The real text is not known, so this one is clearly not it.
#[derive(Clone)]
pub struct ReplayAnswer {
    pub errorno: String,
    pub text: String,
}

impl Default for ReplayAnswer {
    fn default() -> Self {
        ReplayAnswer {
            errorno: "SBX-REPLAY".into(),
            text: "Sandbox: this controlid was executed and completed before.".into(),
        }
    }
}

struct Session {
    entity: Option<String>,
    ends: Timestamp,
}

/// The books, the doors and the memory of what was done.
pub struct Gateway {
    pub company: Company,
    pub access: Access,
    pub replay: ReplayAnswer,
    /// Whether a repeated control id is refused when the request asks for it.
    pub honour_unique: bool,
    /// Where sessions are told to send their calls.
    pub endpoint: String,
    executed: BTreeMap<String, u64>,
    sessions: BTreeMap<String, Session>,
    pending: read::Pending,
    ledger: Vec<LedgerEntry>,
    journal: Option<Journal>,
    seq: u64,
    next_session: u64,
    next_request: u64,
    pub counts: BTreeMap<String, u64>,
}

/// An HTTP status with a body.
pub struct Reply {
    pub status: u16,
    pub body: String,
}

/// A hash to tell requests apart; not a secret and not a seal.
pub fn hash(bytes: &[u8]) -> String {
    let mut value: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in bytes {
        value = (value ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{value:016x}")
}

impl Gateway {
    /// A gateway that keeps nothing on disk.
    pub fn new(company: Company, access: Access) -> Self {
        Gateway {
            company,
            access,
            replay: ReplayAnswer::default(),
            honour_unique: true,
            endpoint: String::new(),
            executed: BTreeMap::new(),
            sessions: BTreeMap::new(),
            pending: read::Pending::default(),
            ledger: Vec::new(),
            journal: None,
            seq: 0,
            next_session: 0,
            next_request: 0,
            counts: BTreeMap::new(),
        }
    }

    /// A gateway whose writes are on disk before they are answered. What the folder already holds is done again on
    /// the seeded company, which must be the one it began with.
    pub fn open(company: Company, access: Access, folder: &Path) -> std::io::Result<Self> {
        let (journal, lines, last_request) = Journal::open(folder)?;
        let mut gateway = Gateway::new(company, access);
        for line in lines {
            match line {
                Line::Write(entry) => gateway.redo(entry)?,
                Line::Control(entry) => {
                    gateway.seq = entry.seq;
                    gateway.company.set_clock(entry.time);
                    gateway
                        .apply_control(&entry.path, &entry.body)
                        .map_err(|refusal| std::io::Error::other(refusal.to_string()))?;
                }
            }
        }
        gateway.next_request = last_request;
        // sessions of an earlier run are not valid in this one
        gateway.next_session = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
        gateway.journal = Some(journal);
        Ok(gateway)
    }

    fn redo(&mut self, entry: LedgerEntry) -> std::io::Result<()> {
        let call = xml::parse(&entry.call).map_err(|it| std::io::Error::other(it.text))?;
        self.company.set_clock(entry.time);
        self.company.acting_entity = entry.entity.clone();
        let made = self.write(&call).map_err(|it| std::io::Error::other(format!("ledger line {}: {it}", entry.seq)))?;
        if made.record_no != entry.record_no {
            return Err(std::io::Error::other(format!(
                "ledger line {}: record {} came out as {}; the seeded company is not the one this folder began with",
                entry.seq, entry.record_no, made.record_no
            )));
        }
        self.seq = entry.seq;
        self.executed.insert(entry.control_id.clone(), entry.seq);
        self.ledger.push(entry);
        Ok(())
    }

    /// Every record made through the gateway.
    pub fn dump(&self) -> &[LedgerEntry] {
        &self.ledger
    }

    /// Ends every session, so that the next call is told "Invalid session".
    pub fn expire_sessions(&mut self) {
        self.sessions.clear();
    }

    /// Notes that a request came in; its number goes with the later phases.
    pub fn received(&mut self, bytes: &[u8]) -> u64 {
        self.next_request += 1;
        let number = self.next_request;
        let (functions, control_ids) = match envelope::read(bytes) {
            Ok(request) => request
                .operations
                .iter()
                .flat_map(|it| &it.functions)
                .map(|it| (it.call.name.clone(), it.control_id.clone()))
                .unzip(),
            Err(_) => (Vec::new(), Vec::new()),
        };
        self.note(number, "received", functions, control_ids, hash(bytes));
        number
    }

    pub fn answered(&mut self, number: u64) {
        self.note(number, "answered", Vec::new(), Vec::new(), String::new());
    }

    fn note(
        &mut self,
        request: u64,
        phase: &str,
        functions: Vec<String>,
        control_ids: Vec<String>,
        request_hash: String,
    ) {
        *self.counts.entry(phase.to_owned()).or_default() += 1;
        for function in &functions {
            *self.counts.entry(function.clone()).or_default() += 1;
        }
        if let Some(journal) = &mut self.journal {
            let phase =
                Phase { request, phase: phase.to_owned(), at: Timestamp::now(), functions, control_ids, request_hash };
            if let Err(error) = journal.phase(&phase) {
                tracing::error!(%error, "the sandbox cannot write its request log");
            }
        }
    }

    /// Runs a request and returns its reply.
    pub fn handle(&mut self, bytes: &[u8], number: u64) -> Reply {
        let request = match envelope::read(bytes) {
            Ok(request) => request,
            Err(bad) => {
                return ok(envelope::control_failure(&bad.sender_id, &bad.control_id, false, &bad.refusal.0));
            }
        };
        let control = &request.control;
        let refuse = |error: GatewayError| {
            ok(envelope::control_failure(&control.sender_id, &control.control_id, control.unique_id, &[error]))
        };
        if control.sender_id != self.access.sender_id || control.password != self.access.sender_password {
            return refuse(GatewayError::new("XL03000006", "Incorrect Intacct XML Partner ID or password."));
        }
        if let Some(policy) = &control.policy_id {
            return refuse(GatewayError::new("XL03000006", format!("{policy} is not a valid transport policy.")));
        }
        let mut operations = Vec::new();
        for operation in &request.operations {
            match self.operation(&request, operation, bytes, number) {
                Ok(text) => operations.push(text),
                Err(reply) => return reply,
            }
        }
        ok(envelope::success(control, &operations))
    }

    /// Runs a request as if all books were closed.
    pub fn handle_with_closed_books(&mut self, bytes: &[u8], number: u64) -> Reply {
        let was = self.company.closed_through.replace(jiff::civil::Date::MAX);
        let reply = self.handle(bytes, number);
        self.company.closed_through = was;
        reply
    }

    fn operation(
        &mut self,
        request: &Request,
        operation: &Operation,
        bytes: &[u8],
        number: u64,
    ) -> Result<String, Reply> {
        let now = Timestamp::now();
        let signed_in = match &operation.authentication {
            Authentication::Login { user, company, password, location } => {
                if *company != self.company.id {
                    return Err(Reply {
                        status: 400,
                        body: envelope::gateway_failure("GW-0011", "Invalid Request [Request ID: SBX]"),
                    });
                }
                self.login(user, password, location.as_deref())
                    .map_err(|error| (user.clone(), company.clone(), location.clone(), error))
            }
            Authentication::Session(id) => match self.sessions.get(id) {
                Some(session) if session.ends > now => Ok(session.entity.clone()),
                _ => {
                    let shown: String = id.chars().take(1).collect();
                    let error = GatewayError::new("XL03000006", format!("Invalid session {shown}...."));
                    Err((String::new(), String::new(), None, error))
                }
            },
        };
        let entity = match signed_in {
            Ok(entity) => entity,
            Err((user, company, location, error)) => {
                return Ok(envelope::failed_authentication(&user, &company, location.as_deref(), &error));
            }
        };
        let ends = now.checked_add(self.access.session_length).unwrap_or(now);
        if let Authentication::Session(id) = &operation.authentication
            && let Some(session) = self.sessions.get_mut(id)
        {
            session.ends = ends;
        }
        self.company.set_clock(
            now.to_zoned(jiff::tz::TimeZone::UTC).datetime().round(jiff::Unit::Second).unwrap_or(self.company.clock),
        );
        self.company.acting_entity = entity.clone();
        let answers = self.functions(request, operation, entity.as_deref(), bytes, number);
        self.company.acting_entity = None;
        let who = Who {
            user: self.access.user.clone(),
            company: self.company.id.clone(),
            location: entity.unwrap_or_default(),
            timestamp: now,
            timeout: ends,
        };
        Ok(envelope::operation(&who, &answers))
    }

    fn login(&self, user: &str, password: &str, location: Option<&str>) -> Result<Option<String>, GatewayError> {
        if self.access.sender_unauthorised {
            let mut error = GatewayError::new(
                "XL03000006",
                format!(
                    "The sender ID '{}' is not authorized to make Web Services requests to company ID '{}'.",
                    self.access.sender_id, self.company.id
                ),
            );
            error.description = "Invalid Web Services Authorization".to_owned();
            return Err(error);
        }
        let wrong = || GatewayError::new("XL03000006", "Sign-in information is incorrect");
        if user != self.access.user || password != self.access.password {
            return Err(wrong());
        }
        match location {
            None | Some("") => Ok(None),
            Some(id) if self.company.locations.get(id).is_some_and(|it| it.is_entity) => Ok(Some(id.to_owned())),
            Some(_) => Err(wrong()),
        }
    }

    fn functions(
        &mut self,
        request: &Request,
        operation: &Operation,
        entity: Option<&str>,
        bytes: &[u8],
        number: u64,
    ) -> Vec<Answer> {
        let before = (operation.transaction && operation.functions.len() > 1).then(|| self.company.clone());
        let mut answers: Vec<Answer> = Vec::new();
        let mut lines: Vec<LedgerEntry> = Vec::new();
        let mut failed = false;
        for function in &operation.functions {
            let alone = operation.functions.len() == 1 && request.operations.len() == 1;
            match self.function(request, function, entity, alone, bytes) {
                Ok((name, body, line)) => {
                    lines.extend(line);
                    answers.push(Answer {
                        status: Status::Success,
                        function: name,
                        control_id: function.control_id.clone(),
                        body,
                        errors: Vec::new(),
                    });
                }
                Err(refusal) => {
                    failed = true;
                    let body = if function.call.name == "create" || function.call.name == "update" {
                        "<data listtype=\"objects\" count=\"0\"/>".to_owned()
                    } else {
                        String::new()
                    };
                    answers.push(Answer {
                        status: Status::Failure,
                        function: function.call.name.clone(),
                        control_id: function.control_id.clone(),
                        body,
                        errors: refusal.0,
                    });
                    if operation.transaction {
                        break;
                    }
                }
            }
        }
        if operation.transaction && failed {
            if let Some(before) = before {
                self.company = before;
            }
            return rolled_back(operation, answers);
        }
        if !lines.is_empty() {
            self.commit(lines);
            self.note(number, "committed", Vec::new(), Vec::new(), hash(bytes));
        }
        answers
    }

    fn commit(&mut self, entries: Vec<LedgerEntry>) {
        let mut lines = Vec::new();
        for mut entry in entries {
            self.seq += 1;
            entry.seq = self.seq;
            self.executed.insert(entry.control_id.clone(), entry.seq);
            lines.push(Line::Write(entry.clone()));
            self.ledger.push(entry);
        }
        if let Some(journal) = &mut self.journal
            && let Err(error) = journal.commit(&lines)
        {
            tracing::error!(%error, "the sandbox cannot write its ledger");
        }
    }

    fn function(
        &mut self,
        request: &Request,
        function: &Function,
        entity: Option<&str>,
        alone: bool,
        bytes: &[u8],
    ) -> Result<(String, String, Option<LedgerEntry>), Refusal> {
        let call = &function.call;
        if call.name == "getAPISession" {
            if !alone {
                return Err(Refusal::coded(
                    "Get API Session Failed",
                    "getAPISession must be the only function of a request",
                ));
            }
            let body = self.open_session(call, entity)?;
            return Ok((call.name.clone(), body, None));
        }
        if read::serves(&call.name) {
            let body = read::answer(&self.company, call, &mut self.pending)?;
            return Ok((call.name.clone(), body, None));
        }
        let writes = ["create", "update", "delete"].contains(&call.name.as_str()) || legacy::serves(&call.name);
        if !writes {
            return Err(Refusal::coded(
                "SBX-UNSERVED",
                format!("The sandbox does not serve the function {}", call.name),
            ));
        }
        if self.access.read_only {
            // UNVERIFIED: how the text goes on; its beginning is what integrators quote
            let operation = format!("You do not have permission for API operation {}", call.name);
            return Err(Refusal::business(operation));
        }
        // UNVERIFIED: reads and sessions are not checked for repetition here; writes are
        if request.control.unique_id && self.honour_unique && self.executed.contains_key(&function.control_id) {
            return Err(Refusal::coded(&self.replay.errorno, self.replay.text.clone()));
        }
        let made = self.write(call)?;
        let line = LedgerEntry {
            seq: 0,
            time: self.company.clock,
            function: call.name.clone(),
            object: made.object.clone(),
            control_id: function.control_id.clone(),
            unique_id: request.control.unique_id,
            entity: entity.map(str::to_owned),
            natural_key: natural_key(call),
            record_no: made.record_no,
            amount: self.amount_of(&made).map(|it| it.to_string()).unwrap_or_default(),
            request_hash: hash(bytes),
            call: call.to_xml(),
        };
        Ok((call.name.clone(), made.body, Some(line)))
    }

    /// Runs one write; a refusal leaves books and counters as they were.
    fn write(&mut self, call: &Element) -> Result<Made, Refusal> {
        let counters = self.company.counters.clone();
        // a change takes the old record apart first, so only a copy can undo it
        let before = (call.name.starts_with("update")).then(|| self.company.clone());
        let result = match call.name.as_str() {
            "create" | "update" => generic::write(&mut self.company, call),
            "delete" => generic::delete(&mut self.company, call),
            _ => legacy::write(&mut self.company, call),
        };
        if result.is_err() {
            match before {
                Some(before) => self.company = before,
                None => self.company.counters = counters,
            }
        }
        result
    }

    fn amount_of(&self, made: &Made) -> Option<Decimal> {
        let company = &self.company;
        match made.object.as_str() {
            "GLBATCH" => company.batches.get(&made.record_no).map(|batch| {
                batch.lines.iter().filter(|line| line.side == Side::Debit).map(|line| line.trx_amount).sum()
            }),
            "ARPYMT" => company.payments.get(&made.record_no).map(|it| it.trx_total),
            "ARADVANCE" => company.advances.get(&made.record_no).map(|it| it.trx_total),
            "ARINVOICE" => company.invoices.get(&made.record_no).map(|it| it.trx_total),
            "ARADJUSTMENT" => company.adjustments.get(&made.record_no).map(|it| it.trx_total),
            "OTHERRECEIPTS" => company.other_receipts.get(&made.record_no).map(|it| it.trx_total),
            "DEPOSIT" => company.deposits.get(&made.record_no).map(|it| it.total),
            "SODOCUMENT" => company.sales.get(&made.record_no).map(|it| it.trx_total),
            _ => None,
        }
    }

    fn open_session(&mut self, call: &Element, entity: Option<&str>) -> Result<String, Refusal> {
        let entity = match call.given("locationid") {
            None => entity.map(str::to_owned),
            Some("") => None,
            Some(id) if self.company.locations.get(id).is_some_and(|it| it.is_entity) => Some(id.to_owned()),
            Some(id) => {
                return Err(Refusal::coded("Get API Session Failed", format!("Location '{id}' is not an entity")));
            }
        };
        self.next_session += 1;
        let id = format!("sbx{}{:x}..", hash(self.next_session.to_string().as_bytes()), self.next_session);
        let ends = Timestamp::now().checked_add(self.access.session_length).unwrap_or(Timestamp::MAX);
        let shown = entity.clone().unwrap_or_default();
        self.sessions.insert(id.clone(), Session { entity, ends });
        Ok(format!(
            "<data><api><sessionid>{id}</sessionid><endpoint>{}</endpoint><locationid>{}</locationid></api></data>",
            escape(&self.endpoint),
            escape(&shown)
        ))
    }

    // ---- the control endpoint ---------------------------------------------------------------------------------

    /// Throws a switch or tampers with the ledger, and keeps that on disk too.
    pub fn control(&mut self, path: &str, body: &serde_json::Value) -> Result<serde_json::Value, Refusal> {
        let answer = self.apply_control(path, body)?;
        self.seq += 1;
        let line = Line::Control(ControlEntry {
            seq: self.seq,
            time: self.company.clock,
            path: path.to_owned(),
            body: body.clone(),
        });
        if let Some(journal) = &mut self.journal
            && let Err(error) = journal.commit(&[line])
        {
            tracing::error!(%error, "the sandbox cannot write its ledger");
        }
        Ok(answer)
    }

    fn apply_control(&mut self, path: &str, body: &serde_json::Value) -> Result<serde_json::Value, Refusal> {
        let text = |name: &str| body.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        let date = |name: &str| text(name).and_then(|it| it.parse::<jiff::civil::Date>().ok());
        let amount = |name: &str| text(name).and_then(|it| it.parse::<Decimal>().ok());
        let need = |name: &str| Refusal::missing(name);
        let record_no = || body.get("record_no").and_then(serde_json::Value::as_u64).ok_or_else(|| need("record_no"));
        match path {
            "unique-key" => {
                self.honour_unique =
                    body.get("honour").and_then(serde_json::Value::as_bool).ok_or_else(|| need("honour"))?;
            }
            "close-books" => self.company.close_books(date("through"), text("entity").as_deref()),
            "expire-sessions" => self.expire_sessions(),
            "approve-journal" => self.company.approve_journal(record_no()?)?,
            "journal-approval" => {
                let symbol = text("journal").ok_or_else(|| need("journal"))?;
                let on = body.get("on").and_then(serde_json::Value::as_bool).ok_or_else(|| need("on"))?;
                self.company
                    .journals
                    .get_mut(&symbol)
                    .ok_or_else(|| Refusal::not_valid("Journal", &symbol))?
                    .needs_approval = on;
            }
            "gl-row/plant" => {
                let side = if text("side").as_deref() == Some("credit") { Side::Credit } else { Side::Debit };
                let currency = text("currency").unwrap_or_else(|| self.company.base_currency.clone());
                let record_no = self.company.plant_gl_row(
                    date("date").ok_or_else(|| need("date"))?,
                    &text("account").ok_or_else(|| need("account"))?,
                    &currency,
                    side,
                    amount("amount").ok_or_else(|| need("amount"))?,
                    &text("note").unwrap_or_default(),
                );
                return Ok(serde_json::json!({ "record_no": record_no }));
            }
            "gl-row/change" => {
                self.company.change_gl_row(record_no()?, amount("amount").ok_or_else(|| need("amount"))?)?
            }
            "gl-row/delete" => self.company.delete_gl_row(record_no()?)?,
            other => return Err(Refusal::business(format!("No control named {other}"))),
        }
        Ok(serde_json::json!({ "done": true }))
    }
}

fn ok(body: String) -> Reply {
    Reply { status: 200, body }
}

/// The first filled field a caller can find the record by again.
fn natural_key(call: &Element) -> String {
    const FIELDS: [&str; 11] = [
        "REFERENCENO",
        "DOCNUMBER",
        "CUSTOMERID",
        "CONTACTNAME",
        "documentno",
        "invoiceno",
        "adjustmentno",
        "refid",
        "depositid",
        "externalid",
        "referenceno",
    ];
    if let Some(key) = call.attribute("key") {
        return key.to_owned();
    }
    let object =
        if ["create", "update"].contains(&call.name.as_str()) { call.children.first().unwrap_or(call) } else { call };
    let fields: &[&str] = match object.name.as_str() {
        "ARPYMT" | "ARADVANCE" => &["DOCNUMBER", "RECORDNO"],
        "create_sotransaction" => &["documentno", "externalid", "referenceno"],
        "create_aradjustment" => &["adjustmentno", "externalid"],
        _ => &FIELDS,
    };
    fields.iter().find_map(|field| object.owned(field)).unwrap_or_default()
}

/// A transaction undone: the culprit keeps its error, all the others are aborted.
fn rolled_back(operation: &Operation, answers: Vec<Answer>) -> Vec<Answer> {
    let gone = GatewayError::new(
        "XL03000009",
        "The entire transaction in this operation has been rolled back due to an error.",
    );
    let mut answers = answers.into_iter();
    operation
        .functions
        .iter()
        .map(|function| {
            let answer = answers.next();
            let errors = answer.filter(|it| it.status == Status::Failure).map(|it| it.errors);
            let status = if errors.is_some() { Status::Failure } else { Status::Aborted };
            let mut errors = errors.unwrap_or_default();
            errors.push(gone.clone());
            Answer {
                status,
                function: function.call.name.clone(),
                control_id: function.control_id.clone(),
                body: String::new(),
                errors,
            }
        })
        .collect()
}
