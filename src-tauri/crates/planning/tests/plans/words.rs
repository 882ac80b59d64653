//! A plan in lines a person can read.

use tieout_domain::{AccountLine, CheckLevel, DepositTo, Dimensions, Document, Exception, Posting};
use tieout_planning::Plan;

pub fn told(plan: &Plan) -> String {
    let proposals = plan.proposals.iter().map(posting);
    proposals.chain(plan.exceptions.iter().map(exception)).collect::<Vec<_>>().join("\n")
}

pub fn posting(it: &Posting) -> String {
    let mut text = format!("{} ({}): {}\n", it.id, it.document.kind().title(), document(&it.document));
    text += &format!("  because {}\n", it.because);
    for check in &it.checks {
        let level = match check.level {
            CheckLevel::Pass => "ok",
            CheckLevel::Review => "look",
            CheckLevel::Blocked => "blocked",
        };
        text += &format!("  {level}: {}\n", check.text);
    }
    let facts: Vec<String> = it.facts.iter().map(|(record, version)| format!("{record} v{version}")).collect();
    text += &format!("  rests on {}, settings {}\n", facts.join(", "), it.settings_version);
    if !it.after.is_empty() {
        text += &format!("  after {}\n", it.after.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join(", "));
    }
    text
}

fn exception(it: &Exception) -> String {
    let records: Vec<String> = it.records.iter().map(ToString::to_string).collect();
    let stake = it.at_stake.map(|it| it.to_string()).unwrap_or_default();
    let on = it.on.map(|it| it.to_string()).unwrap_or_default();
    format!("! {} [{}] {stake} {on} {:?}\n  {}\n", it.kind.as_str(), records.join(", "), it.subject, it.why_not)
}

fn deposit_to(it: &DepositTo) -> String {
    match it {
        DepositTo::Bank(id) => format!("bank {id}"),
        DepositTo::Undeposited(account) => format!("undeposited {account}"),
    }
}

fn tags(it: &Dimensions) -> String {
    format!("{}/{}/{}/{}", it.location, it.department, it.customer, it.item)
}

fn lines(all: &[AccountLine]) -> String {
    let line = |it: &AccountLine| format!("\n    {} {} {:?} {}", it.account, it.amount, it.memo, tags(&it.dimensions));
    all.iter().map(line).collect()
}

fn document(it: &Document) -> String {
    let (on, key) = (it.on(), it.natural_key());
    let rate = |it: &Option<String>| it.as_ref().map(|it| format!(", rate {it:?}")).unwrap_or_default();
    match it {
        Document::CashReceipt(it) => {
            let applied: Vec<String> =
                it.applications.iter().map(|it| format!("{} {}", it.invoice, it.amount)).collect();
            format!(
                "{} of {} on {on} to {} by {}, {:?}{}: {}",
                it.amount,
                it.customer_id,
                deposit_to(&it.deposit_to),
                it.payment_method,
                it.description,
                rate(&it.rate_type),
                applied.join(", ")
            )
        }
        Document::Advance(it) => format!(
            "{} of {} on {on} to {} by {}, {:?}{}, owed in {} {}",
            it.amount,
            it.customer_id,
            deposit_to(&it.deposit_to),
            it.payment_method,
            it.description,
            rate(&it.rate_type),
            it.liability_account,
            tags(&it.dimensions)
        ),
        Document::AdvanceApplication(it) => format!(
            "{} of {} on {on}, advance {} to {} by {}, {:?}, to invoice {}",
            it.application.amount,
            it.customer_id,
            it.advance_record_no,
            deposit_to(&it.deposit_to),
            it.payment_method,
            it.description,
            it.application.invoice
        ),
        Document::JournalEntry(it) => {
            let lines: String = it
                .lines()
                .iter()
                .map(|it| format!("\n    {} {} {:?} {}", it.account, it.amount, it.memo, tags(&it.dimensions)))
                .collect();
            let about = (it.journal(), it.title(), it.rate_type().map(str::to_owned), it.reverses());
            format!(
                "{} on {on}, {key}, {:?}{}{}{lines}",
                about.0,
                about.1,
                rate(&about.2),
                about.3.map(|it| format!(", reverses {it}")).unwrap_or_default()
            )
        }
        Document::SalesOrder(it) => {
            let lines: String = it
                .lines
                .iter()
                .map(|it| {
                    format!(
                        "\n    {} x {} {:?} at {} {} {:?} {}",
                        it.quantity,
                        it.item_id,
                        it.description,
                        it.price.amount,
                        it.unit,
                        it.warehouse,
                        tags(&it.dimensions)
                    )
                })
                .collect();
            let subtotals: String =
                it.subtotals.iter().map(|it| format!("\n    {} {}", it.description, it.total)).collect();
            format!(
                "{} {} ({}) of {} on {on}, {:?}, term {:?}, base {:?}{}, {}{lines}{subtotals}",
                it.definition,
                it.number,
                it.reference,
                it.customer_id,
                it.message,
                it.term,
                it.base_currency,
                rate(&it.rate_type),
                it.total
            )
        }
        Document::Adjustment(it) => format!(
            "{} {} on {on} for invoice {}, {:?}{}{}",
            it.number,
            it.customer_id,
            it.invoice,
            it.description,
            rate(&it.rate_type),
            lines(&it.lines)
        ),
        Document::Deposit(it) => format!(
            "{} to {} on {on}, {}, {:?}: {}",
            it.number,
            it.bank,
            it.total,
            it.description,
            it.receipts.join(", ")
        ),
        Document::ReceiptReversal(it) => {
            format!("{} of record {} on {on}, {:?}, {}", it.reference, it.record_no, it.description, it.amount)
        }
        other => format!("{other:?}"),
    }
}
