//! What the tabs of the Match screen hold, narrowed and in order, before any of it is put into words.

use crate::ask;
use crate::views::{FieldFilter, FilterOp, MatchSort, MatchTab};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use tieout_domain::{Evidence, MatchGroup, Period, RecordRef};
use tieout_money::{Currency, Money};
use tieout_services::decisions::{AsideKind, Board, MatchRecord};

/// What other screens say of the board.
#[derive(Serialize, Deserialize)]
pub(crate) struct Glance {
    /// Suggested, or with more than one partner.
    pub to_review: usize,
    /// The days of each settled match that crosses a month's edge.
    pub crossing: Vec<Vec<Date>>,
}

impl Glance {
    pub fn of(board: &Board) -> Glance {
        let crossing = board.groups.iter().filter(|it| it.is_settled() && board.crosses_a_month(it));
        let days = |it: &MatchGroup| it.members().filter_map(|it| board.record(it)).map(|it| it.on).collect();
        Glance {
            to_review: of_tab(board, MatchTab::Suggested, None).len() + of_tab(board, MatchTab::Ambiguous, None).len(),
            crossing: crossing.map(days).collect(),
        }
    }
}

/// One entry of a list: a match, one store record with the ledger records that fit it, or a record by itself.
#[derive(Clone, Copy)]
pub(crate) enum Shown<'a> {
    Group(&'a MatchGroup),
    Choice(&'a RecordRef, &'a [MatchGroup]),
    Record(&'a RecordRef),
}

impl<'a> Shown<'a> {
    pub fn id(&self) -> String {
        match self {
            Shown::Group(group) => group.id.0.clone(),
            Shown::Choice(record, _) | Shown::Record(record) => record.to_string(),
        }
    }

    pub fn left(&self, board: &'a Board) -> Vec<Option<&'a MatchRecord>> {
        match self {
            Shown::Group(group) => group.left.iter().map(|it| board.record(it)).collect(),
            Shown::Choice(record, _) => vec![board.record(record)],
            Shown::Record(record) => of_side(board, record, true),
        }
    }

    pub fn right(&self, board: &'a Board) -> Vec<Option<&'a MatchRecord>> {
        match self {
            Shown::Group(group) => group.right.iter().map(|it| board.record(it)).collect(),
            Shown::Choice(_, candidates) => {
                candidates.iter().flat_map(|it| it.right.iter().map(|record| board.record(record))).collect()
            }
            Shown::Record(record) => of_side(board, record, false),
        }
    }

    /// Lines of the screen.
    pub fn lines(&self) -> usize {
        match self {
            Shown::Group(group) => group.left.len().max(group.right.len()),
            Shown::Choice(_, candidates) => candidates.len().max(1),
            Shown::Record(_) => 1,
        }
    }

    pub fn hundredths(&self) -> u16 {
        match self {
            Shown::Group(group) => group.confidence.0,
            Shown::Choice(_, candidates) => candidates.first().map_or(0, |it| it.confidence.0),
            Shown::Record(_) => 0,
        }
    }

    pub fn members(&self, board: &'a Board) -> Vec<&'a MatchRecord> {
        self.left(board).into_iter().chain(self.right(board)).flatten().collect()
    }

    fn first(&self, board: &'a Board) -> Option<&'a MatchRecord> {
        self.members(board).into_iter().next()
    }

    pub fn currency(&self, board: &'a Board) -> Option<Currency> {
        self.first(board).map(|it| it.amount.currency())
    }

    /// The store's side, or the ledger's where there is no other.
    pub fn money(&self, board: &'a Board) -> Option<Money> {
        let currency = self.currency(board)?;
        let left: Vec<_> = self.left(board).into_iter().flatten().collect();
        let side = if left.is_empty() { self.right(board).into_iter().flatten().collect() } else { left };
        Money::sum(currency, side.into_iter().map(|it| it.amount)).ok()
    }
}

fn of_side<'a>(board: &'a Board, record: &RecordRef, store: bool) -> Vec<Option<&'a MatchRecord>> {
    board.record(record).filter(|it| it.is_store_side == store).map(Some).into_iter().collect()
}

/// "Accept all exact" takes it: no difference, and one reference on both sides, as X-Cart or the gateway gave it.
pub(crate) fn is_exact(group: &MatchGroup) -> bool {
    Board::is_suggested(group)
        && group.is_exact()
        && group.evidence.iter().any(|it| {
            matches!(
                it,
                Evidence::OrderNumberEqual { .. }
                    | Evidence::GatewayReferenceEqual { .. }
                    | Evidence::PayoutIdEqual { .. }
                    | Evidence::ReferenceInMemo { .. }
                    | Evidence::ReferenceVariant { .. }
            )
        })
}

/// Everything of one tab in one period, unordered. What is undecided stays on the list of every later period.
pub(crate) fn of_tab<'a>(board: &'a Board, tab: MatchTab, period: Option<Period>) -> Vec<Shown<'a>> {
    let all: Vec<Shown<'a>> = match tab {
        MatchTab::Suggested => groups(board, |it| Board::is_suggested(it) && board.aside(&it.id.0).is_none()).collect(),
        MatchTab::Matched => groups(board, MatchGroup::is_settled).collect(),
        MatchTab::Unmatched => {
            board.open.iter().filter(|it| board.aside(&it.to_string()).is_none()).map(Shown::Record).collect()
        }
        MatchTab::Ambiguous => {
            let choices = board.choices.iter().filter(|(record, _)| board.aside(&record.to_string()).is_none());
            choices.map(|(record, candidates)| Shown::Choice(record, candidates)).collect()
        }
        MatchTab::Timing => {
            let set_aside = groups(board, |it| Board::is_suggested(it) && board.aside(&it.id.0).is_some());
            let crossing = groups(board, |it| it.is_settled() && board.crosses_a_month(it));
            let records = board.open.iter().chain(board.choices.iter().map(|(record, _)| record));
            let records = records.filter(|it| board.aside(&it.to_string()).is_some()).map(Shown::Record);
            set_aside.chain(crossing).chain(records).collect()
        }
    };
    let is_in = |it: &Shown<'a>| {
        let Some(period) = period else { return true };
        let days: Vec<_> = it.members(board).iter().map(|it| it.on).collect();
        let is_settled = matches!(it, Shown::Group(group) if group.is_settled());
        if is_settled {
            days.iter().any(|day| period.contains(*day))
        } else {
            days.iter().min().is_none_or(|first| *first <= period.last_day())
        }
    };
    all.into_iter().filter(is_in).collect()
}

fn groups<'a>(board: &'a Board, wanted: impl Fn(&MatchGroup) -> bool + 'a) -> impl Iterator<Item = Shown<'a>> {
    board.groups.iter().filter(move |it| wanted(it)).map(Shown::Group)
}

/// Every condition holds for a record of it; a condition that shuts out holds for all of them.
pub(crate) fn passes(board: &Board, filters: &[FieldFilter], shown: &Shown<'_>) -> bool {
    let members = shown.members(board);
    filters.iter().all(|filter| {
        let holds = |it: &&MatchRecord| ask::passes(std::slice::from_ref(filter), &row(board, it));
        if filter.op == FilterOp::IsNot { members.iter().all(holds) } else { members.iter().any(holds) }
    })
}

fn row<'a>(board: &Board, it: &'a MatchRecord) -> ask::Row<'a> {
    ask::Row {
        texts: vec![&it.number, &it.party, &it.memo, &it.account, &it.gateway, it.kind, &it.record.id],
        account: &it.account,
        party: &it.party,
        reference: &it.number,
        gateway: &it.gateway,
        kind: it.kind,
        age_days: age_days(board, it),
        amount: Some(it.amount),
        on: Some(it.on),
        ..ask::Row::default()
    }
}

pub(crate) fn age_days(board: &Board, it: &MatchRecord) -> i64 {
    i64::from((board.today - it.on).get_days()).max(0)
}

/// Ties are broken by id, so that a list has one order.
pub(crate) fn sort(board: &Board, rows: &mut Vec<Shown<'_>>, by: MatchSort, descending: bool) {
    let order = |a: &Shown<'_>, b: &Shown<'_>| {
        let (first_a, first_b) = (a.first(board), b.first(board));
        match by {
            MatchSort::MoneyCertainty => weight(board, a).cmp(&weight(board, b)),
            MatchSort::Gross => size(board, a).cmp(&size(board, b)),
            MatchSort::Score => a.hundredths().cmp(&b.hundredths()),
            MatchSort::Date => first_a.map(|it| it.on).cmp(&first_b.map(|it| it.on)),
            MatchSort::Age => first_b.map(|it| it.on).cmp(&first_a.map(|it| it.on)),
            MatchSort::Reference => first_a.map(|it| &it.number).cmp(&first_b.map(|it| &it.number)),
            MatchSort::Party => first_a.map(|it| &it.party).cmp(&first_b.map(|it| &it.party)),
        }
    };
    let directed = |order: Ordering| if descending { order.reverse() } else { order };
    let mut keyed: Vec<(String, Shown<'_>)> = rows.drain(..).map(|it| (it.id(), it)).collect();
    keyed.sort_by(|(id_a, a), (id_b, b)| directed(order(a, b)).then_with(|| id_a.cmp(id_b)));
    rows.extend(keyed.into_iter().map(|(_, it)| it));
}

/// Only for the order of a list: amounts of two currencies are never added or compared for anything else.
fn size(board: &Board, shown: &Shown<'_>) -> i128 {
    shown.money(board).map_or(0, |money| {
        let decimals = money.currency().decimals();
        i128::from(money.abs().minor()) * 10_i128.pow(4 - decimals.min(4))
    })
}

fn weight(board: &Board, shown: &Shown<'_>) -> i128 {
    size(board, shown) * i128::from(shown.hundredths().max(1))
}

pub(crate) fn aside_words(board: &Board, id: &str) -> Option<String> {
    let aside = board.aside(id)?;
    let day = crate::show::day(aside.until);
    Some(match aside.kind {
        AsideKind::Timing => format!("expected to clear on {day}"),
        AsideKind::Snoozed => format!("out of sight until {day}"),
    })
}
