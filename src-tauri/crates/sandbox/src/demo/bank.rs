//! The bank's own file, and the slips by which cheques were taken there.

use std::collections::BTreeMap;

use super::books::Books;
use super::calendar::{Day, business_days_after, is_business_day, is_tuesday_or_friday};
use super::model::*;
use super::settlements::PayoutTrouble;
use super::story::PLANTED;
use super::truth::{LedgerRef, TruthGroup};

/// Deposits the undeposited receipts and writes the bank file.
pub fn deposit(books: &mut Books<'_>) -> Vec<BankLine> {
    let mut lines = Vec::new();
    let mut slips: BTreeMap<(Day, String), Vec<usize>> = BTreeMap::new();
    for (at, document) in books.documents.iter().enumerate() {
        let (place, method, is_draft) = match &document.body {
            Body::Receipt { place, method, is_draft, .. } => (*place, *method, *is_draft),
            Body::Advance { place, method, .. } => (*place, *method, false),
            _ => continue,
        };
        if place != Place::Undeposited("1050") || is_draft {
            continue;
        }
        let (day, slip) = if method == "EFT" {
            (business_days_after(document.on, 0), format!("ACH{at:05}"))
        } else {
            let mut day = document.on;
            while !(is_tuesday_or_friday(day) && is_business_day(day)) {
                day += 1;
            }
            (day, "slip".to_owned())
        };
        if day < books.last {
            slips.entry((day, slip)).or_default().push(at);
        }
    }
    let mut open = Vec::new();
    for (turn, ((day, slip), receipts)) in slips.into_iter().enumerate() {
        let slip = if slip == "slip" { format!("DEP{turn:04}") } else { slip };
        let amount = receipts.iter().map(|&at| amount_of(&books.documents[at].body)).sum();
        let description = if slip.starts_with("DEP") { "BRANCH DEPOSIT" } else { "INCOMING ACH CREDIT" };
        books.documents.push(Document {
            on: day,
            entity_blank: false,
            body: Body::Deposit { slip: slip.clone(), receipts },
        });
        let document = books.documents.len() - 1;
        let right = LedgerRef { object: "DEPOSIT", natural: slip.clone(), record_no: None, document, line: 0 };
        open.push((line(day, Currency::Usd, amount, description, &slip), Some(("bank_deposit", right))));
    }
    for (at, payout) in books.settlements.payouts.iter().enumerate() {
        let day = business_days_after(payout.on, 1);
        if payout.trouble == Some(PayoutTrouble::Late) || day > books.last {
            continue;
        }
        let right = books.payout_entries.get(&at).map(|&document| {
            let natural = payout.id.clone();
            ("bank_payout", LedgerRef { object: "GLENTRY", natural, record_no: None, document, line: 0 })
        });
        let text = format!("{} TRANSFER", payout.gateway.name().to_uppercase());
        open.push((line(day, payout.currency, payout.net, &text, &payout.id), right));
    }
    for at in 0..PLANTED {
        let day = business_days_after(books.first + 9 + at as Day * 11, 0);
        let (amount, text) = books.dice.pick(&[
            (-2_500, "MONTHLY SERVICE CHARGE"),
            (31_875, "INCOMING WIRE UNKNOWN ORIGINATOR"),
            (418, "INTEREST PAID"),
            (-12_900, "RETURNED DEPOSITED ITEM"),
        ]);
        if day < books.last {
            open.push((line(day, Currency::Usd, amount + at as Cents, text, ""), None));
        }
    }
    open.sort_by(|(a, _), (b, _)| {
        (a.on, a.currency, &a.reference, a.amount).cmp(&(b.on, b.currency, &b.reference, b.amount))
    });
    for (at, (mut line, group)) in open.into_iter().enumerate() {
        line.row_id = format!("bk-{:06}", at + 1);
        let left = vec![format!("bank:{}", line.row_id)];
        match group {
            Some((kind, right)) => {
                let right = vec![right];
                books.truth.bank_groups.push(TruthGroup { kind, traits: Vec::new(), left, right, also: Vec::new() });
            }
            None if line.reference.is_empty() => {
                let why = line.description.to_lowercase();
                books.except("unmatched-bank-line", left, Vec::new(), why);
            }
            None => {}
        }
        lines.push(line);
    }
    lines
}

fn line(on: Day, currency: Currency, amount: Cents, description: &str, reference: &str) -> BankLine {
    BankLine {
        row_id: String::new(),
        on,
        currency,
        amount,
        description: description.to_owned(),
        reference: reference.to_owned(),
    }
}

fn amount_of(body: &Body) -> Cents {
    match body {
        Body::Receipt { applied, overpaid, .. } => applied.iter().map(|(_, amount)| amount).sum::<Cents>() + overpaid,
        Body::Advance { amount, .. } => *amount,
        _ => 0,
    }
}
