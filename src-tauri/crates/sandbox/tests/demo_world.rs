//! The demo company: the same for the same seed, with enough of every kind, and true to itself to the cent.

use std::collections::{BTreeMap, BTreeSet};

use tieout_sandbox::demo::{Body, DemoSize, Gateway, PayoutTrouble, World, generate};

fn whole(seed: u64) -> World {
    generate(seed, DemoSize::default())
}

fn small(seed: u64) -> World {
    generate(seed, DemoSize { orders: 1_500, days: 90, customers: 900 })
}

fn everything(world: &World) -> String {
    let files: Vec<String> = Gateway::ALL.iter().map(|&it| world.settlement_csv(it)).collect();
    format!(
        "{:?}\n{}\n{}\n{:?}",
        world.sales,
        files.join("\n"),
        world.bank_csv() + &world.truth_json(),
        world.documents
    )
}

#[test]
fn one_seed_makes_one_company_to_the_byte() {
    let (first, second) = (small(7), small(7));
    assert_eq!(everything(&first), everything(&second));
    assert_ne!(everything(&first), everything(&small(8)));
}

#[test]
fn loading_twice_gives_the_same_records() {
    let (mut first, mut second) = (small(3), small(3));
    let (one, two) = (first.load().unwrap(), second.load().unwrap());
    assert_eq!(one.store, two.store);
    let json = |company| serde_json::to_string(company).unwrap();
    assert_eq!(json(&one.company), json(&two.company));
    assert_eq!(first.truth, second.truth);
}

/// Each kind of `design/matching.md` is at least one percent of the payments, each exception there five times.
#[test]
fn every_kind_of_disagreement_is_there_often_enough() {
    for seed in 1..=5 {
        let world = whole(seed);
        let truth = &world.truth;
        println!("{}", world.summary());
        let least = truth.payment_events.div_ceil(100);
        let enough = |name: &str, count: usize| assert!(count >= least, "seed {seed}: {name} {count} of {least}");
        for kind in [
            "ref_exact",
            "ref_gateway",
            "ref_in_memo",
            "ref_zero_padded",
            "ref_prefixed",
            "ref_truncated",
            "ref_typo",
            "ref_missing",
            "net_of_fee",
            "wire_fee",
            "off_by_cent",
            "base_currency",
            "split_receipts",
            "remittance",
            "two_tenders",
            "payout_net",
            "payout_gross",
            "payout_weekend_merge",
            "payout_slipped_member",
            "payout_stray_member",
            "refund",
            "refund_partial",
            "partial_capture",
            "chargeback",
            "advance",
            "unposted_receipt",
            "unposted_advance",
        ] {
            enough(kind, truth.kinds.get(kind).copied().unwrap_or(0));
        }
        for one in [
            "name_accents",
            "name_blank",
            "name_suffix",
            "name_swapped",
            "entity_blank",
            "decoy_in_memo",
            "date_late",
            "date_zone",
            "popular_price",
        ] {
            enough(one, truth.traits.get(one).copied().unwrap_or(0));
        }
        let of = |kind: &str| truth.exception_kinds.get(kind).copied().unwrap_or(0);
        enough("duplicates", of("duplicate-capture") + of("duplicate-receipt"));
        enough("one side only", of("orphan-receipt") + truth.unposted.len());
        for kind in [
            "order-without-invoice",
            "invoice-without-capture",
            "capture-without-order",
            "amount-variance",
            "tax-variance",
            "fee-variance",
            "fee-not-posted",
            "duplicate-capture",
            "duplicate-receipt",
            "missing-settlement",
            "late-payout",
            "payout-not-posted",
            "payout-variance",
            "chargeback-open",
            "reserve-not-posted",
            "settlement-adjustment",
            "unmatched-bank-line",
            "unmapped-sku",
            "unmapped-customer",
            "unmapped-method",
            "unmapped-tax",
            "total-mismatch",
            "closed-period",
            "dimension-missing",
            "currency-mismatch",
            "refund-exceeds-capture",
            "refund-without-credit",
            "orphan-receipt",
            "negative-clearing",
            "unknown-status",
            "unknown-payment-state",
            "refused-record",
            "ambiguous",
            "awaiting-intacct",
        ] {
            assert!(of(kind) >= 5, "seed {seed}: {kind} {}", of(kind));
        }
        let share = truth.exceptions.len() * 1_000 / truth.payment_events;
        assert!((20..=45).contains(&share), "seed {seed}: {share} exceptions a thousand");
        assert!(truth.unposted.len() >= 500, "seed {seed}: {}", truth.unposted.len());
    }
}

#[test]
fn a_payout_is_what_its_rows_come_to_unless_a_difference_was_planted() {
    let world = whole(2);
    let mut sizes = Vec::new();
    for payout in &world.settlements.payouts {
        let sum: i64 = payout.rows.iter().map(|&row| world.settlements.rows[row].net).sum();
        let planted = payout.trouble == Some(PayoutTrouble::Variance);
        assert_eq!(sum == payout.net, !planted, "{}", payout.id);
        assert_eq!(world.settlements.rows[payout.row].net, -payout.net);
        if payout.gateway == Gateway::AuthorizeNet {
            sizes.push(payout.rows.len());
        }
    }
    let usual = sizes.iter().filter(|size| (10..=70).contains(*size)).count();
    assert!(usual * 10 >= sizes.len() * 9, "{sizes:?}");
    for row in &world.settlements.rows {
        assert_eq!(row.net, row.gross + row.fee, "{}", row.row_id);
        assert!(row.fee <= 0);
    }
}

#[test]
fn fees_follow_the_contract_except_where_planted() {
    let world = small(4);
    for (at, row) in world.settlements.rows.iter().enumerate().filter(|(_, row)| row.kind == "charge") {
        let agreed = [false, true].map(|abroad| -row.gateway.fee(row.gross, abroad));
        assert_eq!(agreed.contains(&row.fee), !world.settlements.odd_fees.contains(&at), "{}", row.row_id);
    }
    assert_eq!(Gateway::Stripe.fee(10_543, false), 336);
    assert_eq!(Gateway::Stripe.fee(6_492, false), 218);
}

#[test]
fn an_invoice_is_what_the_order_costs() {
    let world = whole(5);
    let odd: BTreeSet<&str> = world
        .truth
        .exceptions
        .iter()
        .filter(|it| matches!(it.kind, "tax-variance" | "currency-mismatch"))
        .flat_map(|it| it.records.iter().filter_map(|record| record.strip_prefix("order:")))
        .collect();
    let in_usd: BTreeSet<String> = world
        .sales
        .iter()
        .zip(&world.stories)
        .filter(|(_, story)| format!("{story:?}") == "BaseCurrency")
        .map(|(sale, _)| sale.number.clone())
        .collect();
    let mut invoiced: BTreeMap<&str, i64> = BTreeMap::new();
    for document in &world.documents {
        if let Body::Invoice { reference, lines, .. } = &document.body {
            *invoiced.entry(reference).or_default() += lines.iter().map(|(_, amount)| amount).sum::<i64>();
        }
    }
    let mut checked = 0;
    for sale in &world.sales {
        let parts = sale.subtotal - sale.discount + sale.shipping + sale.tax;
        assert_eq!(parts, sale.total, "{}", sale.number);
        if let Some(&amount) = invoiced.get(sale.number.as_str()) {
            let same = amount == sale.total;
            let planted = odd.contains(sale.number.as_str()) || in_usd.contains(&sale.number);
            assert!(same || planted, "order {}: {amount} for {}", sale.number, sale.total);
            checked += 1;
        }
    }
    assert!(checked > 7_000, "{checked}");
}

#[test]
fn five_seeds_load_into_both_systems_and_the_truth_learns_the_record_numbers() {
    for seed in 1..=5 {
        let mut world = small(seed);
        let loaded = world.load().unwrap();
        assert_eq!(loaded.store.orders.len(), world.sales.len());
        assert_eq!(loaded.store.profiles.len(), world.people.len() + 1);
        assert_eq!(loaded.company.closed_through, Some(world.closed_through));
        let truth = &world.truth;
        let mut seen = BTreeSet::new();
        for group in truth.groups.iter().chain(&truth.settlement_groups) {
            assert!(!group.left.is_empty() && !group.right.is_empty(), "{group:?}");
            for one in &group.right {
                let record_no = one.record_no.expect("every document was loaded");
                assert!(seen.insert((one.object, record_no)), "{one:?} is in two groups");
            }
            for left in &group.left {
                let kind = if group.kind == "payout_fees" { "fee of" } else { "" };
                assert!(seen.insert((if kind.is_empty() { "left" } else { "fee" }, hash(left))), "{left} twice");
            }
        }
        let events: BTreeSet<String> = world.events.iter().map(tieout_sandbox::demo::MoneyEvent::id).collect();
        let named = truth.groups.iter().flat_map(|it| &it.left).chain(truth.unposted.iter().map(|it| &it.payment));
        for id in named {
            assert!(events.contains(id), "{id} is no payment event");
        }
    }
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(14_695_981_039_346_656_037, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(1_099_511_628_211))
}

/// The only rows without a document are the planted ones, and their sum is the figure the tie-out must name.
#[test]
fn the_ledger_is_out_by_exactly_what_was_planted() {
    let mut world = small(1);
    let company = world.load().unwrap().company;
    let mut by_currency: BTreeMap<String, rust_decimal::Decimal> = BTreeMap::new();
    for row in company.gl.values().filter(|row| row.batch_key == 0) {
        *by_currency.entry(row.currency.clone()).or_default() += row.side.signed(row.trx_amount);
    }
    let expected: BTreeMap<String, rust_decimal::Decimal> = world
        .truth
        .expected_unexplained
        .iter()
        .map(|(currency, amount)| ((*currency).to_owned(), amount.parse().unwrap()))
        .collect();
    assert_eq!(by_currency, expected);
    for planted in &world.truth.gl_discrepancies {
        assert!(company.gl.contains_key(&planted.record_no.unwrap()));
    }
}

/// A gateway booked payout by payout owes nothing once everything was booked.
#[test]
fn a_clearing_account_booked_in_full_returns_to_nothing() {
    let mut world = whole(1);
    let company = world.load().unwrap().company;
    let planted: i64 = world.truth.gl_discrepancies.iter().filter(|it| it.account == "1212").map(|it| it.cents).sum();
    assert_eq!(company.base_balance("1212"), rust_decimal::Decimal::new(planted, 2));
}

#[test]
fn the_files_are_written_and_read_back() {
    let world = small(6);
    let folder = tempfile::tempdir().unwrap();
    let paths = world.write_files(folder.path()).unwrap();
    assert_eq!(paths.len(), 6);
    let mut reader = csv::Reader::from_path(folder.path().join("stripe.csv")).unwrap();
    let rows = reader.records().map(Result::unwrap).count();
    assert_eq!(rows, world.settlements.rows.iter().filter(|it| it.gateway == Gateway::Stripe).count());
    let truth: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("truth.json")).unwrap()).unwrap();
    assert_eq!(truth["expected_unexplained"]["USD"], "89.02");
}

#[test]
fn a_tiny_company_is_made_without_complaint() {
    for (orders, days) in [(0, 30), (1, 30), (40, 21), (300, 45)] {
        let mut world = generate(1, DemoSize { orders, days, customers: 60 });
        world.load().unwrap();
    }
}

/// Facts of the store that the reference warns of: ids of ours are no gateway's, and offline tenders have no steps.
#[test]
fn the_store_keeps_the_gateways_ids_where_x_cart_keeps_them() {
    let mut world = small(1);
    let store = world.load().unwrap().store;
    let mut public = BTreeMap::new();
    for transaction in store.orders.values().flat_map(|order| &order.transactions) {
        *public.entry(transaction.public_id[..6].to_owned()).or_insert(0) += 1;
        let method = transaction.method_local_name.as_str();
        let is_gateway = matches!(method, "Stripe" | "PayPal" | "Authorize.Net");
        assert_eq!(!is_gateway, transaction.data.is_empty(), "{method}");
        assert_eq!(!is_gateway && method != "Gift card", transaction.backend_transactions.is_empty(), "{method}");
        assert!(transaction.data.iter().all(|row| row.value != transaction.public_id));
    }
    assert!(public.values().any(|count| *count > 1), "public ids repeat within an order");
    assert!(store.orders.values().any(|order| order.payment_status.as_deref() == Some("HLD")));
    assert!(store.orders.values().any(|order| order.total.scale() > 2));
}

#[test]
fn every_account_the_settings_name_is_in_the_chart() {
    let mut world = small(1);
    let company = world.load().unwrap().company;
    let text = world.settings_text();
    let quoted = |line: &str| line.split('"').nth(1).unwrap_or_default().to_owned();
    let mut seen = 0;
    for line in text.lines() {
        let value = quoted(line);
        if value.len() == 4 && value.bytes().all(|it| it.is_ascii_digit()) {
            assert!(company.accounts.contains_key(&value), "{line}");
            seen += 1;
        }
        if let Some(id) = value.strip_prefix("bank:") {
            assert!(company.checking_accounts.contains_key(id), "{line}");
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn the_truth_scores_itself_as_perfect_and_a_swap_as_two_false_matches() {
    let mut world = small(2);
    world.load().unwrap();
    let truth = &world.truth;
    let groups = truth.groups.iter().chain(&truth.settlement_groups);
    let mut matches: Vec<(Vec<String>, Vec<String>)> =
        groups.map(|it| (it.left.clone(), it.right.iter().map(|one| one.id()).collect())).collect();
    let score = truth.score(matches.clone());
    assert!(score.false_matches.is_empty());
    assert_eq!(score.recall(&[]), 10_000);
    let first = matches[0].1.clone();
    matches[0].1 = std::mem::replace(&mut matches[1].1, first);
    assert_eq!(truth.score(matches).false_matches.len(), 2);
}

/// The credit memo is the same refund as the entry that pays it out: a match may name it.
#[test]
fn a_refund_may_be_matched_to_its_credit_memo() {
    let mut world = small(2);
    world.load().unwrap();
    let refund = world.truth.groups.iter().find(|it| it.kind == "refund").unwrap();
    let (entry, memo) = (refund.right[0].id(), refund.also[0].id());
    for right in [vec![memo.clone()], vec![entry.clone(), memo], vec![entry]] {
        assert!(world.truth.score([(refund.left.clone(), right)]).false_matches.is_empty());
    }
}
