//! A match as an entry: what the store says, what the ledger holds, and the line that closes the rest.

use crate::app::App;
use crate::entry_view::{credit, debit};
use crate::match_lists::needed_board;
use crate::problem;
use crate::show::amount;
use crate::views::{AmountView, EntryLineView, EntryView, Problem, SuspenseReason, SuspenseView};
use std::sync::Arc;
use tieout_domain::{Evidence, Exception, ExceptionKind, Fingerprint, MatchGroup, ObjectKind, RecordRef};
use tieout_money::{Currency, Money};
use tieout_services::Chart;
use tieout_services::decisions::{Board, MatchRecord, hand_made, standing_exceptions_of, write_off_offered};
use tieout_store::StoreError;

/// The difference of a match goes to the write-off account.
pub(crate) const WRITE_OFF: &str = "write-off";
/// What is missing of an invoice was kept by the payer's bank: a credit memo closes it.
pub(crate) const BANK_CHARGES: &str = "bank-charges";
/// More records than this on one side are one line.
const LINES_MAX: usize = 20;

/// What a row of the screen stands for.
pub(crate) enum Target {
    Group(MatchGroup),
    /// One store record and those that fit it.
    Choice(RecordRef, Vec<MatchGroup>),
    Record(RecordRef),
}

impl Target {
    pub fn find(app: &App, id: &str) -> Result<(Arc<Board>, Target), Problem> {
        let board = needed_board(app)?;
        if let Some(group) = board.group(id) {
            let target = Target::Group(group.clone());
            return Ok((board, target));
        }
        let gone = || {
            let remedy = "The list is read again; choose another row.";
            problem::bad_request("This row is gone", remedy, app.company.now())
        };
        let record: RecordRef = id.parse().map_err(|_| gone())?;
        let target = match (board.group_of(&record), board.candidates(&record)) {
            (Some(group), _) => Target::Group(group.clone()),
            (None, Some(candidates)) => Target::Choice(record, candidates.to_vec()),
            (None, None) if board.record(&record).is_some() => Target::Record(record),
            (None, None) => return Err(gone()),
        };
        Ok((board, target))
    }

    /// The match it is, or becomes with the candidate chosen; with why it is none yet.
    pub fn group(
        &self,
        app: &App,
        board: &Board,
        candidate: Option<u32>,
    ) -> Result<(MatchGroup, Option<String>), Problem> {
        let alone = |record: &RecordRef| {
            hand_made(board, std::slice::from_ref(record))
                .map_err(|error| problem::bad_request(error.to_string(), "Choose another row.", app.company.now()))
        };
        match (self, candidate) {
            (Target::Group(group), _) => Ok((group.clone(), None)),
            (Target::Record(record), _) => {
                let why = "Choose a record of the other side under Unmatched, or approve the entry proposed for it.";
                Ok((alone(record)?, Some(why.into())))
            }
            (Target::Choice(record, all), None) => {
                let why = match all.len() {
                    1 => "The record that fits may belong to another one as well. Choose it with 1 if it belongs here."
                        .to_owned(),
                    many => format!("{many} records fit equally. Choose with 1 to {many}."),
                };
                Ok((alone(record)?, Some(why)))
            }
            (Target::Choice(_, all), Some(number)) => {
                let at = usize::try_from(number).ok().and_then(|it| it.checked_sub(1));
                let found = at.and_then(|at| all.get(at)).cloned();
                let not = || {
                    let remedy = "Choose one of the numbers shown.";
                    problem::bad_request(format!("There is no candidate {number}"), remedy, app.company.now())
                };
                Ok((found.ok_or_else(not)?, None))
            }
        }
    }
}

/// Over the records, their versions and the difference: what changed since it was on screen is refused.
pub(crate) fn fingerprint(board: &Board, group: &MatchGroup) -> Fingerprint {
    let mut text = format!("{} {} {}", group.id, group.variance, board.facts.settings_version);
    for member in group.members() {
        let version = board.record(member).map_or(0, |it| it.version);
        text.push_str(&format!("\n{member} {version}"));
    }
    Fingerprint::of_bytes(text.as_bytes())
}

pub(crate) struct Draft {
    pub entry: EntryView,
    pub suspense: SuspenseView,
    /// Why the chosen reason may not be used.
    pub refused: Option<String>,
}

pub(crate) fn draft(app: &App, board: &Board, group: &MatchGroup, reason: Option<&str>) -> Result<Draft, Problem> {
    let chart = app.chart()?;
    let currency = group.variance.currency();
    let mut lines = side(board, &chart, &group.left, false, currency).map_err(|error| app.problem(error))?;
    if let Some(fee) = group.evidence.iter().find_map(fee) {
        let account = board.records(&group.left).find(|it| !it.account.is_empty()).map_or("", |it| &it.account);
        lines.push((line(&chart, account, "Fee kept by the gateway", fee), fee));
    }
    lines.extend(side(board, &chart, &group.right, true, currency).map_err(|error| app.problem(error))?);
    let rest = -group.variance;
    let offered = write_off_offered(board, group);
    let chosen = reason.filter(|_| !rest.is_zero());
    let refused = match chosen {
        None => None,
        Some(WRITE_OFF) => offered.refused.clone(),
        Some(other) => Some(format!("{other} is no reason for the difference of a match")),
    };
    let closed_by_reason = chosen.is_some() && refused.is_none();
    if closed_by_reason {
        lines.push((line(&chart, &offered.account, "Small-balance write-off", rest), rest));
    }
    let all = lines.iter().map(|(_, amount)| *amount).chain((!closed_by_reason).then_some(rest));
    let all: Vec<Money> = all.collect();
    let sum = |debits: bool| {
        let side = all.iter().copied().filter(|it| if debits { it.is_positive() } else { it.is_negative() });
        Money::sum(currency, side).map(|it| amount(it.abs())).map_err(|error| app.problem(error))
    };
    let last = group.members().filter_map(|it| board.record(it)).map(|it| it.on).max();
    let entry = EntryView {
        kind: if closed_by_reason { "Journal entry for the difference" } else { "No entry, both sides are booked" }
            .into(),
        posted_on: last.unwrap_or(board.today).to_string(),
        journal: if closed_by_reason { board.facts.settings.journal.symbol.clone() } else { String::new() },
        entity: app.company.connection().ok().and_then(|it| it.intacct_entity).unwrap_or_default(),
        currency: currency.to_string(),
        total_debit: sum(true)?,
        total_credit: sum(false)?,
        lines: lines.into_iter().map(|(line, _)| line).collect(),
    };
    let open = !rest.is_zero() && !closed_by_reason;
    let suspense = SuspenseView {
        debit: debit(rest).filter(|_| open),
        credit: credit(rest).filter(|_| open),
        closed: !open,
        chosen_reason: chosen.filter(|_| closed_by_reason).map(str::to_owned),
        reasons: if rest.is_zero() {
            Vec::new()
        } else {
            vec![SuspenseReason {
                id: WRITE_OFF.into(),
                label: format!("Small-balance write-off, within {}", offered.limit.amount_text()),
                account: chart.label(&offered.account),
                disabled: offered.refused,
            }]
        },
    };
    Ok(Draft { entry, suspense, refused })
}

fn fee(evidence: &Evidence) -> Option<Money> {
    match evidence {
        Evidence::NetOfFee { fee } => Some(-fee.abs()),
        _ => None,
    }
}

type Line = (EntryLineView, Money);

fn line(chart: &Chart, account: &str, memo: &str, money: Money) -> EntryLineView {
    EntryLineView {
        account: if account.is_empty() { "no account named in Settings".into() } else { chart.label(account) },
        dimensions: String::new(),
        location: String::new(),
        memo: memo.to_owned(),
        debit: debit(money),
        credit: credit(money),
    }
}

/// The ledger's side stands against the store's: what it holds closes what the store says.
fn side(
    board: &Board,
    chart: &Chart,
    records: &[RecordRef],
    against: bool,
    currency: Currency,
) -> Result<Vec<Line>, tieout_money::MoneyError> {
    let signed = |money: Money| if against { -money } else { money };
    let found: Vec<&MatchRecord> = board.records(records).collect();
    if found.len() > LINES_MAX {
        let sum = signed(Money::sum(currency, found.iter().map(|it| it.amount))?);
        let of = if against { "Intacct" } else { "the store" };
        let memo = format!("{} records of {of}", found.len());
        return Ok(vec![(line(chart, &found[0].account, &memo, sum), sum)]);
    }
    let lines = found.into_iter().map(|it| {
        let money = signed(it.amount);
        (line(chart, &it.account, &format!("{} {}", it.kind, it.number), money), money)
    });
    Ok(lines.collect())
}

/// A payment that planning holds back because it is short of its invoice: a person closes the rest or keeps it.
pub(crate) fn short_of_invoice(app: &App, record: &RecordRef) -> Result<Option<Exception>, Problem> {
    if record.object != ObjectKind::Payment {
        return Ok(None);
    }
    let found = app.company.store.read(|reader| standing_exceptions_of(reader, None, &record.to_string()));
    let found = found.map_err(|error: StoreError| app.problem(error))?;
    let is_short = |it: &Exception| {
        it.kind == ExceptionKind::AmountVariance && it.at_stake.is_some_and(|money| money.is_negative())
    };
    Ok(found.into_iter().map(|it| it.exception).find(is_short))
}

/// The suspense line of such a payment: what its invoice would leave open.
pub(crate) fn short_suspense(board: &Board, chart: &Chart, missing: Money) -> SuspenseView {
    let account = &board.facts.settings.accounts.bank_charges;
    let open: AmountView = amount(missing.abs());
    SuspenseView {
        debit: None,
        credit: Some(open),
        closed: false,
        chosen_reason: None,
        reasons: vec![SuspenseReason {
            id: BANK_CHARGES.into(),
            label: "Bank charges: a credit memo closes the invoice".into(),
            account: chart.label(account),
            disabled: account.is_empty().then(|| "accounts.bank_charges is empty in Settings".into()),
        }],
    }
}
