//! A document as lines of an entry, and as the T-accounts it moves.

use crate::app::App;
use crate::show::{self, amount};
use crate::views::{AccountEffect, AmountView, BalanceSide, BalanceView, EntryLineView, EntryView, Problem};
use std::collections::BTreeMap;
use tieout_domain::{Dimensions, Document, GlLine};
use tieout_money::{Currency, Money};
use tieout_services::{Chart, EntryLine};
use tieout_store::{ListQuery, RowFilter};

pub(crate) fn debit(money: Money) -> Option<AmountView> {
    money.is_positive().then(|| amount(money))
}

pub(crate) fn credit(money: Money) -> Option<AmountView> {
    money.is_negative().then(|| amount(-money))
}

fn dimensions(of: &Dimensions) -> String {
    let named = [&of.department, &of.customer, &of.item, &of.class];
    named.into_iter().filter(|it| !it.is_empty()).cloned().collect::<Vec<_>>().join(" / ")
}

pub(crate) fn side_total(lines: &[EntryLine], currency: Currency, debits: bool) -> Money {
    let side = lines.iter().map(|it| it.amount).filter(|it| if debits { it.is_positive() } else { it.is_negative() });
    // What does not add up in one currency is shown line by line and without a total.
    Money::sum(currency, side).map_or(Money::zero(currency), |it| it.abs())
}

pub(crate) fn entry(app: &App, chart: &Chart, document: &Document) -> EntryView {
    let lines = chart.lines(document);
    let currency = document.amount().currency();
    let (journal, entity) = match document {
        Document::JournalEntry(it) => (it.journal().to_owned(), app.company.connection().ok()),
        _ => (String::new(), app.company.connection().ok()),
    };
    EntryView {
        kind: document.kind().title().to_owned(),
        posted_on: document.on().to_string(),
        journal,
        entity: entity.and_then(|it| it.intacct_entity).unwrap_or_default(),
        currency: currency.to_string(),
        total_debit: amount(side_total(&lines, currency, true)),
        total_credit: amount(side_total(&lines, currency, false)),
        lines: lines
            .into_iter()
            .map(|it| EntryLineView {
                account: chart.label(&it.account),
                dimensions: dimensions(&it.dimensions),
                location: it.dimensions.location,
                memo: it.memo,
                debit: debit(it.amount),
                credit: credit(it.amount),
            })
            .collect(),
    }
}

/// One T per account. Balances are known for the clearing accounts only, summed from the ledger lines read since the
/// cut-over.
pub(crate) fn effects(app: &App, chart: &Chart, document: &Document) -> Result<Vec<AccountEffect>, Problem> {
    if !document.posts_to_the_ledger() {
        return Ok(Vec::new());
    }
    let mut order: Vec<String> = Vec::new();
    let mut sums: BTreeMap<String, (Money, Money, String)> = BTreeMap::new();
    for line in chart.lines(document) {
        let zero = Money::zero(line.amount.currency());
        let sum = sums.entry(line.account.clone()).or_insert_with(|| {
            order.push(line.account.clone());
            (zero, zero, line.memo.clone())
        });
        let side = if line.amount.is_negative() { &mut sum.1 } else { &mut sum.0 };
        *side = side.checked_add(line.amount).map_err(|error| app.problem(error))?;
    }
    let watched = chart.settings.clearing_accounts();
    let since = show::day(chart.settings.cut_over);
    order
        .into_iter()
        .filter_map(|account| sums.remove(&account).map(|sum| (account, sum)))
        .map(|(account, (debits, credits, memo))| {
            let currency = debits.currency();
            let before = if watched.contains(&(account.clone(), currency)) {
                Some(balance(app, &account, currency)?)
            } else {
                None
            };
            let after = before
                .map(|before| before.checked_add(debits).and_then(|it| it.checked_add(credits)))
                .transpose()
                .map_err(|error| app.problem(error))?;
            let memo = if before.is_some() { format!("{memo} (balance since {since})") } else { memo };
            Ok(AccountEffect {
                account: chart.label(&account),
                debit: debit(debits),
                credit: credit(credits),
                memo: memo.trim().to_owned(),
                before: before.map(balance_view),
                after: after.map(balance_view),
            })
        })
        .collect()
}

fn balance(app: &App, account: &str, currency: Currency) -> Result<Money, Problem> {
    let filter = RowFilter {
        account: Some(account.to_owned()),
        currency: Some(currency.code().to_owned()),
        ..RowFilter::default()
    };
    let query = ListQuery { filter, ..ListQuery::default() };
    let lines = app.company.store.read(|reader| reader.load::<GlLine>(&query)).map_err(|error| app.problem(error))?;
    Money::sum(currency, lines.iter().map(|it| it.value.amount)).map_err(|error| app.problem(error))
}

pub(crate) fn balance_view(money: Money) -> BalanceView {
    let side = if money.is_zero() {
        BalanceSide::Zero
    } else if money.is_negative() {
        BalanceSide::Credit
    } else {
        BalanceSide::Debit
    };
    BalanceView { amount: amount(money.abs()), side }
}
