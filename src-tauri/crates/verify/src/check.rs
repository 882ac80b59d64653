//! Everything a certificate claims, computed again from the records it lists. The first claim that does not hold ends it.

use crate::amount::Decimals;
use crate::document::{Account, Beyond, Certificate, Seal};
use ring::signature::{ED25519, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

#[derive(Default)]
pub struct Expected {
    pub sha256: Option<String>,
    pub keys: Vec<String>,
}

#[derive(Debug)]
pub struct Verdict {
    pub company: String,
    pub period: String,
    pub made: String,
    pub control: String,
    pub records: usize,
    pub lines: usize,
    pub accounts: Vec<String>,
    pub audit_rows: u64,
    pub audit_head: String,
    pub sha256: String,
    pub signed: Vec<String>,
    /// True, and not as it should be.
    pub open: Vec<String>,
}

const FORMAT: &str = "tieout-certificate/1";
const BEGIN: &[u8] = b"{\"certificate\":";
const SEAL: &[u8] = b",\n\"seal\":";

pub fn check(bytes: &[u8], expected: &Expected) -> Result<Verdict, String> {
    let (body, seal) = unseal(bytes)?;
    let sha256 = hex(&Sha256::digest(body));
    if sha256 != seal.sha256 {
        return Err(format!(
            "the content is not what was sealed: its sha256 is {sha256}, the seal says {}",
            seal.sha256
        ));
    }
    if let Some(wanted) = expected.sha256.as_deref().filter(|it| !it.eq_ignore_ascii_case(&sha256)) {
        return Err(format!("this is another certificate: its sha256 is {sha256}, not {wanted}"));
    }
    let signed = signatures(&seal, expected)?;
    let text = std::str::from_utf8(body).map_err(|error| format!("the content is not UTF-8: {error}"))?;
    let it: Certificate<'_> = serde_json::from_str(text).map_err(|error| format!("it cannot be read: {error}"))?;
    if it.format != FORMAT {
        return Err(format!("this program knows {FORMAT}, not {:?}", it.format));
    }
    let accounts = recompute(&it)?;
    Ok(Verdict {
        company: format!("{} and store {} ({})", it.company, it.store, it.environment),
        period: it.period.to_owned(),
        made: format!("{} ({}) by {}, Tieout {}", it.made.at, it.made.zone, it.made.by, it.made.app),
        control: it.control.clone(),
        records: it.records.len(),
        lines: it.lines.len(),
        audit_rows: it.audit.rows,
        audit_head: it.audit.head.to_owned(),
        sha256,
        signed,
        open: open(&it),
        accounts,
    })
}

/// The content's exact bytes, and the seal; every byte of the file is in one of the two or fixed.
fn unseal(bytes: &[u8]) -> Result<(&[u8], Seal), String> {
    let rest = bytes.strip_prefix(BEGIN).ok_or("it does not begin as a certificate does")?;
    let at = rest.windows(SEAL.len()).rposition(|it| it == SEAL).ok_or("it has no seal: it ends too early")?;
    let (body, tail) = (&rest[..at], &rest[at + SEAL.len()..]);
    let tail = std::str::from_utf8(tail).map_err(|_| "its seal is not text")?;
    let text = tail.strip_suffix("}\n").ok_or("it does not end as a certificate does")?;
    let seal: Seal = serde_json::from_str(text).map_err(|error| format!("its seal cannot be read: {error}"))?;
    let again = serde_json::to_string(&seal).map_err(|error| error.to_string())?;
    if again != text {
        return Err("its seal is not written as seals are".into());
    }
    Ok((body, seal))
}

fn signatures(seal: &Seal, expected: &Expected) -> Result<Vec<String>, String> {
    let message = format!("{FORMAT}:{}", seal.sha256);
    let mut signed = Vec::new();
    for it in &seal.signatures {
        let (Some(key), Some(signature)) = (unhex(&it.key), unhex(&it.signature)) else {
            return Err(format!("the signature of {} is not one", it.name));
        };
        UnparsedPublicKey::new(&ED25519, key)
            .verify(message.as_bytes(), &signature)
            .map_err(|_| format!("the signature of {} is not of this content", it.name))?;
        signed.push(format!("{} (key {})", it.name, it.key));
    }
    for key in &expected.keys {
        if !seal.signatures.iter().any(|it| it.key.eq_ignore_ascii_case(key)) {
            return Err(format!("it is not signed by the key {key}"));
        }
    }
    Ok(signed)
}

#[derive(Default)]
struct Sums {
    additions: i128,
    clearances: i128,
    store: i128,
    exceptions_store: i128,
    exceptions_ledger: i128,
    timing: i128,
    variance: i128,
    lines: u64,
    store_records: u64,
    ledger_records: u64,
}

#[derive(Default, Clone, Copy)]
struct Share {
    store: i128,
    ledger: i128,
    records: u64,
}

/// One line an account.
fn recompute(it: &Certificate<'_>) -> Result<Vec<String>, String> {
    let mut decimals = Decimals::default();
    days(it)?;
    let mut sums: Vec<Sums> = it.accounts.iter().map(|_| Sums::default()).collect();
    let currency = |at: usize| it.accounts.get(at).map(|it| it.currency.as_str()).ok_or("a record of no account");
    let mut before = None;
    for line in &it.lines {
        in_period(it, &line.record, line.on)?;
        digest(&line.record, line.sha256)?;
        in_order(&mut before, (line.account, "", line.on, line.record.as_ref(), ""))?;
        let amount = decimals.read(line.amount, currency(line.account)?).map_err(|why| of(&line.record, &why))?;
        let sum = &mut sums[line.account];
        sum.lines += 1;
        if amount < 0 { sum.clearances -= amount } else { sum.additions += amount }
    }
    let mut shares: HashMap<(usize, &str), Share> = HashMap::new();
    let mut as_timing: HashMap<(usize, &str), bool> = HashMap::new();
    for group in &it.groups {
        let timing = match group.placed {
            "matched" => false,
            "timing" => true,
            other => return Err(format!("group {} is placed as {other:?}", group.id)),
        };
        currency(group.account)?;
        if as_timing.insert((group.account, group.id), timing).is_some() {
            return Err(format!("group {} is listed twice", group.id));
        }
    }
    let mut before = None;
    for record in &it.records {
        in_period(it, &record.record, record.on)?;
        digest(&record.record, record.sha256)?;
        in_order(&mut before, (record.account, record.side, record.on, record.record.as_ref(), record.leg))?;
        let amount = decimals.read(record.amount, currency(record.account)?).map_err(|why| of(&record.record, &why))?;
        let sum = &mut sums[record.account];
        let is_store = match record.side {
            "store" => true,
            "ledger" => false,
            other => return Err(of(&record.record, &format!("there is no side {other:?}"))),
        };
        if is_store {
            sum.store += amount;
            sum.store_records += 1;
        } else {
            sum.ledger_records += 1;
        }
        match record.placed {
            "matched" | "timing" => {
                let key = (record.account, record.of.as_ref());
                match as_timing.get(&key) {
                    None => return Err(of(&record.record, &format!("there is no group {}", record.of))),
                    Some(timing) if *timing != (record.placed == "timing") => {
                        return Err(of(
                            &record.record,
                            &format!("it and its group {} are placed differently", record.of),
                        ));
                    }
                    Some(_) => {}
                }
                let share = shares.entry(key).or_default();
                share.records += 1;
                if is_store { share.store += amount } else { share.ledger += amount }
            }
            "exception" | "open" => {
                if (record.placed == "open") != record.of.is_empty() {
                    return Err(of(&record.record, "an exception has a number, and what is only open has none"));
                }
                if is_store { sum.exceptions_store -= amount } else { sum.exceptions_ledger += amount }
            }
            other => return Err(of(&record.record, &format!("it is placed as {other:?}"))),
        }
    }
    for group in &it.groups {
        let share = shares.get(&(group.account, group.id)).copied().unwrap_or_default();
        let of_group = |why: &str| format!("group {}: {why}", group.id);
        let currency = currency(group.account)?;
        let store = decimals.read(group.store, currency).map_err(|why| of_group(&why))?;
        let ledger = decimals.read(group.ledger, currency).map_err(|why| of_group(&why))?;
        if (share.store, share.ledger, share.records) != (store, ledger, group.records) || group.records == 0 {
            return Err(of_group("its records do not come to what it says"));
        }
        for member in &group.beyond {
            beyond(it, member).map_err(|why| of_group(&why))?;
            decimals.read(member.amount, currency).map_err(|why| of_group(&why))?;
        }
        let is_timing = group.placed == "timing";
        if is_timing != (group.waits || !group.beyond.is_empty()) {
            return Err(of_group("it is timing exactly when a member lies beyond the period or waits in Intacct"));
        }
        let into = &mut sums[group.account];
        if is_timing { into.timing += ledger - store } else { into.variance += ledger - store }
    }
    let mut totals: BTreeMap<&str, (i128, i128, i128)> = BTreeMap::new();
    let mut told = Vec::new();
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (account, sum) in it.accounts.iter().zip(&sums) {
        if seen.contains(&(&account.account, &account.currency)) {
            return Err(format!("account {} {} is listed twice", account.account, account.currency));
        }
        seen.push((&account.account, &account.currency));
        let (ledger, unexplained) = of_account(account, sum, &mut decimals)?;
        let total = totals.entry(&account.currency).or_default();
        *total = (total.0 + ledger, total.1 + sum.store, total.2 + unexplained);
        told.push(format!(
            "{} {}: {} + {} - {} = {}; ledger {} = store {} + timing {} + variance {} + exceptions {} + {}; unexplained {}",
            account.account,
            account.currency,
            account.opening,
            account.additions,
            account.clearances,
            account.closing,
            account.ledger,
            account.store,
            account.timing,
            account.variance,
            account.exceptions_store,
            account.exceptions_ledger,
            account.unexplained
        ));
    }
    of_totals(it, &totals, &mut decimals)?;
    approvals(it, &mut decimals)?;
    Ok(told)
}

/// Ledger and unexplained.
fn of_account(it: &Account, sum: &Sums, decimals: &mut Decimals) -> Result<(i128, i128), String> {
    let mut read = |what: &str, text: &str| {
        decimals
            .read(text, &it.currency)
            .map_err(|why| format!("account {} {}, {what}: {why}", it.account, it.currency))
    };
    let opening = read("opening", &it.opening)?;
    let closing = read("closing", &it.closing)?;
    let ledger = sum.additions - sum.clearances;
    let explained = sum.store + sum.timing + sum.variance + sum.exceptions_store + sum.exceptions_ledger;
    for (what, said, is) in [
        ("additions", &it.additions, sum.additions),
        ("clearances", &it.clearances, sum.clearances),
        ("ledger", &it.ledger, ledger),
        ("store", &it.store, sum.store),
        ("timing", &it.timing, sum.timing),
        ("variance", &it.variance, sum.variance),
        ("exceptions of the store", &it.exceptions_store, sum.exceptions_store),
        ("exceptions of the ledger", &it.exceptions_ledger, sum.exceptions_ledger),
        ("unexplained", &it.unexplained, ledger - explained),
    ] {
        if read(what, said)? != is {
            return Err(format!(
                "account {} {}: {what} is said to be {said}; its records come to another sum",
                it.account, it.currency
            ));
        }
    }
    if opening + ledger != closing {
        return Err(format!(
            "account {} {}: opening + additions - clearances is not the closing {}",
            it.account, it.currency, it.closing
        ));
    }
    if (it.lines, it.store_records, it.ledger_records) != (sum.lines, sum.store_records, sum.ledger_records) {
        return Err(format!("account {} {}: it lists another number of records than it says", it.account, it.currency));
    }
    Ok((ledger, ledger - explained))
}

fn of_totals(
    it: &Certificate<'_>,
    sums: &BTreeMap<&str, (i128, i128, i128)>,
    decimals: &mut Decimals,
) -> Result<(), String> {
    if it.totals.len() != sums.len() {
        return Err("the totals are not one a currency".into());
    }
    for total in &it.totals {
        let said = (
            decimals.read(total.ledger, total.currency)?,
            decimals.read(total.store, total.currency)?,
            decimals.read(total.unexplained, total.currency)?,
        );
        if sums.get(total.currency) != Some(&said) {
            return Err(format!("the totals in {} are not the sums of their accounts", total.currency));
        }
    }
    Ok(())
}

fn approvals(it: &Certificate<'_>, decimals: &mut Decimals) -> Result<(), String> {
    let mut before: Option<&str> = None;
    for approval in &it.approvals {
        if before.is_some_and(|before| before >= approval.posting.as_str()) {
            return Err(format!("approval of {}: listed twice or out of order", approval.posting));
        }
        before = Some(&approval.posting);
        decimals.read(&approval.amount, &approval.currency).map_err(|why| of(&approval.posting, &why))?;
        digest(&approval.posting, &approval.fingerprint)?;
        let is_sent =
            ["sending", "in-doubt", "awaiting-intacct", "posted", "reversed"].contains(&approval.state.as_str());
        if is_sent && approval.approved_by.is_empty() {
            return Err(of(&approval.posting, "it was sent and nobody approved it"));
        }
        if approval.approved_by.is_empty() && !approval.overridden.is_empty() {
            return Err(of(&approval.posting, "an override without an approval"));
        }
    }
    Ok(())
}

fn open(it: &Certificate<'_>) -> Vec<String> {
    let mut open = Vec::new();
    for account in &it.accounts {
        if account.unexplained.bytes().any(|it| (b'1'..=b'9').contains(&it)) {
            open.push(format!(
                "account {} {}: {} is unexplained",
                account.account, account.currency, account.unexplained
            ));
        }
    }
    let count = |what: &str| it.records.iter().filter(|it| it.placed == what).count();
    for (what, name) in [("exception", "are exceptions"), ("open", "are matched with nothing and no exception yet")] {
        if count(what) > 0 {
            open.push(format!("{} records {name}", count(what)));
        }
    }
    if !it.outside.is_empty() {
        open.push(format!("{} records belong to no clearing account or are not in the ledger yet", it.outside.len()));
    }
    if !it.refused.is_empty() {
        open.push(format!("{} records could not be understood", it.refused.len()));
    }
    for approval in &it.approvals {
        if !approval.prepared_by.is_empty() && approval.prepared_by == approval.approved_by {
            let why = if approval.overridden.is_empty() { "without a reason" } else { &approval.overridden };
            open.push(format!("{}: {} approved what they prepared: {why}", approval.posting, approval.approved_by));
        } else if !approval.overridden.is_empty() {
            open.push(format!("{}: approved beyond a limit: {}", approval.posting, approval.overridden));
        }
    }
    for it in it.sign_offs.iter().filter(|it| it.suspended) {
        open.push(format!("the sign-off of {} ({}) is suspended: something changed since", it.by, it.role));
    }
    open
}

fn days(it: &Certificate<'_>) -> Result<(), String> {
    let is_day = |it: &str| {
        let bytes = it.as_bytes();
        bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(at, it)| if at == 4 || at == 7 { *it == b'-' } else { it.is_ascii_digit() })
    };
    let all = is_day(it.from) && is_day(it.to) && it.from <= it.to;
    let inside = it.from.starts_with(it.period) && it.to.starts_with(it.period) && it.period.len() == 7;
    if all && inside { Ok(()) } else { Err("its first and last day are not those of its period".into()) }
}

fn in_period(it: &Certificate<'_>, record: &str, on: &str) -> Result<(), String> {
    let inside = on.len() == 10 && it.from <= on && on <= it.to;
    if inside { Ok(()) } else { Err(of(record, &format!("its day {on} is not in the period"))) }
}

fn beyond(it: &Certificate<'_>, member: &Beyond<'_>) -> Result<(), String> {
    let outside = member.on.len() == 10 && (member.on < it.from || it.to < member.on);
    match member.side {
        "store" | "ledger" if outside => Ok(()),
        _ => Err(format!("{} is said to lie beyond the period and does not", member.record)),
    }
}

type Place<'a> = (usize, &'a str, &'a str, &'a str, &'a str);

/// Strictly ascending: nothing twice, nothing swapped.
fn in_order<'a>(before: &mut Option<Place<'a>>, now: Place<'a>) -> Result<(), String> {
    if before.is_some_and(|before| before >= now) {
        return Err(of(now.3, "it is listed twice or out of order"));
    }
    *before = Some(now);
    Ok(())
}

fn digest(of_what: &str, text: &str) -> Result<(), String> {
    let is_hex = text.len() == 64 && text.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it));
    if is_hex { Ok(()) } else { Err(of(of_what, "its digest is none")) }
}

fn of(what: &str, why: &str) -> String {
    format!("{what}: {why}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok()).collect()
}
