//! The judge judged: the same seed makes the same files, the truth explains its own sums, and the verdict is perfect on the
//! truth and worse by exactly what was broken.
#![expect(clippy::unwrap_used, reason = "integration tests stop where they fail")]

use std::collections::{HashMap, HashSet};
use std::path::Path;
use tieout_match_bench::noise::Noise;
use tieout_match_bench::score::Score;
use tieout_match_bench::score::files::{Data, Match, Side};
use tieout_match_bench::world::{World, write::write};

fn generate(mode: &str, seed: u64, folder: &Path) {
    write(&World::new(Noise::mode(mode).unwrap(), 4_000, seed), seed, folder).unwrap();
}

fn set(mode: &str) -> (tempfile::TempDir, Data) {
    let folder = tempfile::tempdir().unwrap();
    generate(mode, 5, folder.path());
    let data = Data::read(folder.path()).unwrap();
    (folder, data)
}

fn truth(data: &Data) -> Vec<Match> {
    let of = |(at, it): (usize, &tieout_match_bench::score::files::Group)| Match {
        id: at.to_string(),
        members: it.members.clone(),
        confidence: 1.0,
    };
    data.groups.iter().enumerate().map(of).collect()
}

fn judged(data: &Data, matches: &[Match]) -> Score {
    let mut score = Score::default();
    score.judge(data, matches, 0);
    score
}

#[test]
fn the_same_seed_makes_the_same_files_and_another_seed_others() {
    let folder = tempfile::tempdir().unwrap();
    for (name, seed) in [("a", 7), ("b", 7), ("c", 8)] {
        generate("hostile", seed, &folder.path().join(name));
    }
    let read = |name: &str, file: &str| std::fs::read(folder.path().join(name).join(file)).unwrap();
    for file in ["payments.csv", "receipts.csv", "rates.csv", "settings.json", "truth.csv"] {
        assert!(read("a", file) == read("b", file), "{file} differs");
    }
    assert!(read("a", "payments.csv") != read("c", "payments.csv"));
}

#[test]
fn every_record_stands_in_the_truth_once_with_a_group_or_a_reason() {
    for mode in ["clean", "realistic", "hostile"] {
        let (folder, data) = set(mode);
        let mut seen = HashSet::new();
        for row in csv::Reader::from_path(folder.path().join("truth.csv")).unwrap().records() {
            let row = row.unwrap();
            assert!(seen.insert((row[2].to_owned(), row[3].to_owned())), "{mode}: {row:?} stands twice");
            assert!(row[0].is_empty() != row[5].is_empty(), "{mode}: {row:?} has both or neither");
        }
        assert_eq!(seen.len(), data.records.len());
        for group in &data.groups {
            let sides: HashSet<Side> = group.members.iter().map(|&it| data.records[it as usize].side).collect();
            assert_eq!(sides.len(), 2, "{mode}: a group has both sides");
            assert!(group.members.iter().all(|&it| data.records[it as usize].is_money()), "{mode}: failed or voided");
        }
    }
}

#[test]
fn what_a_groups_sides_differ_by_is_explained_by_its_kind() {
    for mode in ["clean", "realistic", "hostile"] {
        let (_folder, data) = set(mode);
        for group in &data.groups {
            let records: Vec<_> = group.members.iter().map(|&it| &data.records[it as usize]).collect();
            let sum = |side| records.iter().filter(|it| it.side == side).map(|it| it.amount).sum::<i64>();
            let (paid, booked) = (sum(Side::P), sum(Side::R));
            let gross: i64 = records.iter().filter(|it| it.side == Side::P).map(|it| it.amount.abs()).sum();
            let currencies: HashSet<&str> = records.iter().map(|it| it.currency.as_str()).collect();
            let kind = group.kind.trim_end_matches("-unnamed");
            assert_eq!(currencies.len() > 1, kind == "base-currency", "{mode}: {kind} {currencies:?}");
            let is_explained = match kind {
                "one-to-one" | "refund" | "split" | "remittance" | "tender" | "netted" => paid == booked,
                "off-by-a-cent" => (paid - booked).abs() == 1,
                "wire-fee" => [1_500, 2_500].contains(&(paid - booked)),
                "chargeback" => paid - booked == 1_500,
                "net-of-fee" => (1..=gross * 5 / 100 + 50).contains(&(paid - booked)),
                "payout" | "payout-edited" => {
                    let charged = records.iter().filter(|it| it.side == Side::P && &it.row[3] == "chargeback").count();
                    let most = gross * 6 / 100 + 50 * records.len() as i64 + 1_500 * charged as i64;
                    (0..=most).contains(&(paid - booked))
                }
                "base-currency" => booked > 0,
                other => panic!("{mode}: no one knows the kind {other}"),
            };
            assert!(is_explained, "{mode}: {kind} {paid} {booked}");
        }
    }
}

#[test]
fn the_truth_is_judged_perfect() {
    for mode in ["clean", "realistic", "hostile"] {
        let (_folder, data) = set(mode);
        let score = judged(&data, &truth(&data));
        let figures = score.figures();
        for name in ["precision", "recall", "group_f1", "pair_f1", "exceptions_left_alone"] {
            assert_eq!(figures[name].as_f64(), Some(1.0), "{mode}: {name}");
        }
        assert_eq!(figures["false_groups"], 0);
        assert_eq!(score.twice + score.not_money + score.currencies, 0, "{mode}");
    }
}

#[test]
fn a_broken_truth_is_worse_by_what_was_broken() {
    let (_folder, data) = set("realistic");
    let all = truth(&data);
    let count = all.len();

    // Half of it: nothing wrong, half not found.
    let score = judged(&data, &all[..count / 2]);
    assert_eq!((score.automatic.right, score.automatic.all), (count / 2, count / 2));
    assert!((score.figures()["recall"].as_f64().unwrap() - 0.5).abs() < 0.001);

    // Only suggested: nothing automatic.
    let mut suggested = truth(&data);
    suggested.iter_mut().for_each(|it| it.confidence = 0.8);
    let score = judged(&data, &suggested);
    assert_eq!(score.automatic.all, 0);
    assert_eq!(score.figures()["pair_f1_with_suggestions"].as_f64(), Some(1.0));

    // A member less in one payout: one group false and one missed, but nearly all of its pairs right.
    let mut short = truth(&data);
    let payout = short.iter_mut().find(|it| it.members.len() > 10).unwrap();
    let lost = payout.members.iter().position(|&it| data.records[it as usize].side == Side::P).unwrap();
    payout.members.remove(lost);
    let score = judged(&data, &short);
    assert_eq!((score.automatic.right, score.automatic.all), (count - 1, count));
    assert_eq!(score.automatic_pairs.right, score.pairs - 1);
    assert!(score.figures()["false_money_share"].as_f64().unwrap() > 0.0);
}

#[test]
fn partners_exchanged_are_false_and_an_exception_taken_is_not_left_alone() {
    let (_folder, data) = set("realistic");
    let mut matches = truth(&data);
    let pairs: Vec<usize> = (0..matches.len()).filter(|&it| matches[it].members.len() == 2).take(2).collect();
    let (one, other) = (matches[pairs[0]].members[1], matches[pairs[1]].members[1]);
    matches[pairs[0]].members[1] = other;
    matches[pairs[1]].members[1] = one;
    let score = judged(&data, &matches);
    assert_eq!(score.automatic.all - score.automatic.right, 2);

    let mut matches = truth(&data);
    let alone = data.records.iter().position(|it| it.reason == "orphan-receipt").unwrap() as u32;
    matches[pairs[0]].members.push(alone);
    let score = judged(&data, &matches);
    assert_eq!(score.exceptions.all - score.exceptions.right, 1);
}

#[test]
fn what_fails_outright_is_counted() {
    let (_folder, data) = set("realistic");
    let mut matches = truth(&data);
    let failed = data.records.iter().position(|it| it.reason == "failed").unwrap() as u32;
    matches[0].members.push(failed);
    let again = matches[2].members[0];
    matches[1].members.push(again);
    let foreign =
        data.records.iter().position(|it| it.currency != data.records[matches[3].members[0] as usize].currency);
    matches[3].members.push(foreign.unwrap() as u32);
    let score = judged(&data, &matches);
    assert!(score.not_money == 1 && score.twice >= 1 && score.currencies >= 1);
    assert!(score.fails_outright());
}

#[test]
fn two_that_could_be_exchanged_at_no_cost_are_a_free_swap() {
    let folder = tempfile::tempdir().unwrap();
    let payment =
        |id: &str, order: &str| format!("{id},s,{order},sale,S,check,,2025-03-03T15:00:00Z,USD,19.99,Ann Lee,a@x\n");
    let receipt = |id: &str, memo: &str| format!("{id},e,b,receipt,2025-03-04,USD,19.99,C-1,Ann Lee,,{memo}\n");
    let files: HashMap<&str, String> = [
        ("payments.csv", "payment_id,store,order_number,type,status,gateway,gateway_ref,created_at,currency,amount,customer_name,email\n".to_owned() + &payment("P1", "20001") + &payment("P2", "30555")),
        ("truth.csv", "group_id,kind,side,id,twin,reason\nA,one-to-one,P,P1,,\nA,one-to-one,R,R1,,\nB,one-to-one,P,P2,,\nB,one-to-one,R,R2,,\n".to_owned()),
    ]
    .into();
    let head = "receipt_id,entity,bank_account,type,date,currency,amount,customer_id,customer_name,reference,memo\n";
    for (memo, swaps) in [("thank you", 0), ("", 1)] {
        for (name, text) in &files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        // The first names its order, or nothing does.
        let first = if swaps == 0 { "order 20001".to_owned() } else { memo.to_owned() };
        std::fs::write(
            folder.path().join("receipts.csv"),
            head.to_owned() + &receipt("R1", &first) + &receipt("R2", memo),
        )
        .unwrap();
        let data = Data::read(folder.path()).unwrap();
        assert_eq!(judged(&data, &truth(&data)).swaps, swaps, "{memo:?}");
    }
}
