//! What matching finds now, without matching where nothing has changed since the last run: its matches are in the cache, and
//! beside them a digest of everything they were found among.
//!
//! Invariant: what is given is what a new run would give. `Run` reads nothing that is not in the digest.

use crate::company::Company;
use crate::error::ServiceError;
use crate::reconcile::{Run, fees_inside_receipts, is_confirmed, is_whole};
use crate::sides::Sides;
use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use tieout_domain::{Fingerprint, MatchGroup, MatchStatus, PostingState, RecordRef};
use tieout_planning::Settings;
use tieout_store::{Reader, StoreError};

const MATCHED: &str = "matched";

pub(crate) struct Found {
    /// Without those that a person confirmed and that lost a member at its source.
    pub matches: Vec<MatchGroup>,
    /// Fee rows that a receipt entered net already holds, with the place of its match in `matches`.
    pub covered: BTreeMap<RecordRef, usize>,
}

pub(crate) fn found_now(company: &Company, settings: &Settings, sides: &Sides) -> Result<Found, ServiceError> {
    let (then, (now, mut matches)) =
        company.store.read(|reader| Ok::<_, StoreError>((reader.recall(MATCHED)?, seen(reader, settings, sides)?)))?;
    if then.is_none_or(|it| it != now.as_str()) {
        let Run { matches, covered, .. } = Run::over(company, settings, sides)?;
        return Ok(Found { matches, covered });
    }
    matches.retain(|it| !is_confirmed(it) || is_whole(it, sides));
    Ok(Found { covered: fees_inside_receipts(sides, &matches), matches })
}

/// After a run whose findings were all stored. It need not be one change with them: the digest covers them too.
pub(crate) fn remember(company: &Company, settings: &Settings, sides: &Sides) -> Result<(), ServiceError> {
    let (now, _) = company.store.read(|reader| seen(reader, settings, sides))?;
    Ok(company.store.remember(MATCHED, now.as_str())?)
}

/// Digest of both sides, of the windows, tolerances and rules, of what Tieout posted, of what people decided, and of the matches themselves.
fn seen(reader: &Reader<'_>, settings: &Settings, sides: &Sides) -> Result<(Fingerprint, Vec<MatchGroup>), StoreError> {
    let mut text = format!("{} {:?}\n", env!("CARGO_PKG_VERSION"), settings.matching);
    let mut line = |words: &[&dyn Display]| {
        for word in words {
            let _ = write!(text, "{word} "); // memory takes every letter
        }
        text.push('\n');
    };
    for (record, version) in &sides.versions {
        line(&[record, version]);
    }
    for it in sides.left.iter().chain(&sides.right) {
        line(&[&it.record, &it.amount, &it.account]);
    }
    for it in &sides.postings {
        match &it.posting.state {
            PostingState::Posted { .. } => line(&[&it.posting.id, &it.fingerprint]),
            PostingState::Reversed { by } => line(&[&it.posting.id, &it.fingerprint, by]),
            _ => {}
        }
    }
    for it in reader.rejected_pairs()? {
        line(&[&it.left, &it.right]);
    }
    if let Some(rules) = reader.rules()? {
        line(&[&rules.version, &rules.text]);
    }
    for it in reader.learned_off()? {
        line(&[&it.id]);
    }
    let matches: Vec<MatchGroup> = reader.matches()?.into_iter().map(|it| it.group).collect();
    for it in &matches {
        line(&[&it.id, &status(it)]);
    }
    Ok((Fingerprint::of_bytes(text.as_bytes()), matches))
}

fn status(group: &MatchGroup) -> &str {
    match &group.status {
        MatchStatus::Automatic => "automatic",
        MatchStatus::Suggested => "suggested",
        MatchStatus::Confirmed { by } => &by.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use jiff::civil::date;
    use std::sync::Arc;
    use tieout_domain::{ObjectKind, ReceiptKind, SourceId};
    use tieout_matching::{Item, ItemKind};
    use tieout_money::{Currency, Money};
    use tieout_store::RejectedPair;

    fn item(object: ObjectKind, kind: ItemKind) -> Item {
        let source =
            if object == ObjectKind::Payment { SourceId::xcart("larkspur") } else { SourceId::intacct("larkspur") };
        Item {
            record: RecordRef::new(source, object, "1"),
            kind,
            amount: Money::from_minor(10_543, Currency::USD),
            on: date(2026, 1, 5),
            order_number: "2001".into(),
            gateway_ref: String::new(),
            payout_id: String::new(),
            reference: "2001".into(),
            memo: String::new(),
            party: String::new(),
            email: String::new(),
            customer_id: String::new(),
            account: "1210".into(),
            fee: None,
        }
    }

    fn one_of_each() -> Sides {
        let left = item(ObjectKind::Payment, ItemKind::Capture);
        let right = item(ObjectKind::Receipt, ItemKind::Receipt(ReceiptKind::Payment));
        Sides {
            versions: BTreeMap::from([(left.record.clone(), 1), (right.record.clone(), 1)]),
            left: vec![left],
            right: vec![right],
            payments: Vec::new(),
            settlements: Vec::new(),
            receipts: Vec::new(),
            postings: Vec::new(),
            parts: BTreeMap::new(),
        }
    }

    /// The stored findings are made other than a run would find them (none where there is one), so that which of the two is
    /// told can be seen.
    #[test]
    fn what_the_last_run_found_is_told_until_something_it_rests_on_changes() {
        let folder = tempfile::tempdir().unwrap();
        let company = Company::open(folder.path(), Arc::new(Timestamp::now)).unwrap();
        let (settings, mut sides) =
            (Settings::parse(include_str!("../tests/scenarios/settings.toml")).unwrap(), one_of_each());
        let found = |settings: &Settings, sides: &Sides| found_now(&company, settings, sides).unwrap().matches.len();
        assert_eq!(found(&settings, &sides), 1, "nothing was stored yet");

        remember(&company, &settings, &sides).unwrap();
        assert_eq!(found(&settings, &sides), 0, "as stored");

        let mut wider = settings.clone();
        wider.matching.days_after_max += 1;
        assert_eq!(found(&wider, &sides), 1, "other windows");
        sides.versions.insert(sides.left[0].record.clone(), 2);
        assert_eq!(found(&settings, &sides), 1, "another version of a record");
        remember(&company, &settings, &sides).unwrap();
        assert_eq!(found(&settings, &sides), 0);

        let group = Run::over(&company, &settings, &sides).unwrap().matches;
        company.store.write("mira", company.now(), |tx| tx.replace_matches(&group).map(drop)).unwrap();
        assert_eq!(found(&settings, &sides), 1, "other matches in the cache");
        let pair = RejectedPair { left: sides.left[0].record.clone(), right: sides.right[0].record.clone() };
        remember(&company, &settings, &sides).unwrap();
        company.store.write("mira", company.now(), |tx| tx.reject_pairs(&[pair])).unwrap();
        assert_eq!(found(&settings, &sides), 0, "a person took the pair apart");

        remember(&company, &settings, &sides).unwrap();
        assert_eq!(found(&settings, &sides), 1, "as stored");
        let ignore = "[[rule]]\nname = \"none\"\naction = \"ignore\"\nkinds = \"capture\"\n";
        crate::save_rules(&company, "mira", ignore, "").unwrap();
        assert_eq!(found(&settings, &sides), 0, "other rules");
    }
}
