//! What the gateways' files say, booked or not.

use crate::town::*;
use insta::assert_snapshot;
use tieout_domain::SettlementKind::*;
use tieout_domain::*;
use tieout_planning::Why;

#[test]
fn the_fees_of_a_payout_and_day_are_one_entry() {
    let town = Town::new()
        .open_row(row(Charge, "1", "100.00", "-3.20", 9), nothing())
        .open_row(row(Refund, "2", "-10.00", "0.30", 9), nothing())
        .open_row(row(Fee, "3", "-1.50", "0.00", 9), nothing())
        .open_row(row(Charge, "4", "100.00", "-3.20", 10), nothing())
        .open_row(SettlementRow { payout_id: String::new(), ..row(Charge, "5/x", "100.00", "-3.20", 10) }, nothing())
        .with(|it| {
            it.payments = (1..=5)
                .map(|n| PaymentEvent { gateway_ref: Some(format!("ch_{n}")), ..capture(9, n, "100.00", 9) })
                .collect()
        })
        .with(|it| it.payments.push(PaymentEvent { gateway_ref: Some("ch_5/x".into()), ..capture(9, 6, "100.00", 9) }));
    assert_snapshot!(town.told());
    let nothing_charged = Town::new().open_row(row(Refund, "2", "-10.00", "0.00", 9), nothing());
    assert_eq!(nothing_charged.told(), "");
}

#[test]
fn every_other_kind_of_row_has_its_entry_or_its_exception() {
    let kinds = [
        (Chargeback, "-40.00"),
        (ChargebackReversal, "40.00"),
        (ChargebackFee, "-15.00"),
        (ReserveHold, "-25.00"),
        (ReserveRelease, "25.00"),
        (Adjustment, "-1.23"),
    ];
    for (kind, amount) in kinds {
        let mut it = row(kind, "7", amount, "0.00", 9);
        if kind == Chargeback {
            it.order_number = "1001".into();
        }
        assert_snapshot!(kind.as_str(), Town::new().open_row(it, nothing()).told());
    }
}

#[test]
fn rows_before_the_cut_over_taken_care_of_or_of_a_strange_source_are_not_booked() {
    let fee = || row(Fee, "3", "-1.50", "0.00", 9);
    assert_eq!(Town::new().open_row(SettlementRow { on: day(1), ..fee() }, nothing()).told(), "");
    assert_eq!(Town::new().open_row(SettlementRow { on: day(2), ..fee() }, nothing()).plan().proposals.len(), 1);
    let known = Town::new().open_row(fee(), nothing()).with(|it| it.suggested.insert(fee().record()));
    assert_eq!(known.told(), "");
    let strange = SettlementRow { source: SourceId::file("ayden"), ..fee() };
    assert_snapshot!("strange", Town::new().open_row(strange, nothing()).told());
    let why = Why::Ambiguous { with: vec![row(Fee, "4", "-1.50", "0.00", 9).record()], sentence: "two fit".into() };
    assert_snapshot!("ambiguous", Town::new().open_row(fee(), why).told());
    assert_snapshot!("no-account", Town::new().open_row(fee(), nothing()).replaced("fees = \"6100\"", "").told());
    let euros = SettlementRow { gross: eur("-1.50"), fee: eur("0.00"), net: eur("-1.50"), ..fee() };
    assert_snapshot!("in-euros", Town::new().open_row(euros, nothing()).told());
}

fn paid_out(on: i8) -> Town {
    Town::new()
        .with(|it| it.rows.push(row(Fee, "3", "100.00", "0.00", 8)))
        .open_row(row(Payout, "p1", "-100.00", "0.00", on), nothing())
}

fn bank_line(id: &str, amount: &str, on: i8) -> SettlementRow {
    row(BankLine, id, amount, "0.00", on)
}

#[test]
fn a_payout_is_booked_when_its_rows_come_to_it() {
    assert_snapshot!("arrived", paid_out(9).with(|it| it.rows.push(bank_line("b1", "100.00", 16))).told());
    assert_snapshot!("under-way", paid_out(14).told());
    assert_snapshot!("a-cent-too-much", paid_out(9).with(|it| it.rows[0].net = usd("100.01")).told());
    let other =
        |it: &mut Town| it.rows.push(SettlementRow { payout_id: "po_2".into(), ..row(Fee, "4", "5.00", "0.00", 8) });
    assert!(!paid_out(14).with(other).told().contains("payout-variance"), "rows of another payout");
    let euros = SettlementRow { net: eur("5.00"), ..row(Fee, "5", "5.00", "0.00", 8) };
    assert!(!paid_out(14).with(|it| it.rows.push(euros)).told().contains("payout-variance"), "another currency");
}

#[test]
fn a_payout_is_late_after_seven_days_without_a_bank_line() {
    let kinds = |town: &Town| -> Vec<&str> {
        let plan = town.plan();
        let of = |it: &Exception| {
            matches!(it.kind, ExceptionKind::InTransit | ExceptionKind::LatePayout).then_some(it.kind.as_str())
        };
        plan.exceptions.iter().filter_map(of).collect()
    };
    assert_eq!(kinds(&paid_out(13)), ["in-transit"]);
    assert_eq!(kinds(&paid_out(12)), ["late-payout"]);
    for (line, there) in [
        (("b", "100.00", 12), true),
        (("b", "100.00", 19), true),
        (("b", "100.00", 20), false),
        (("b", "100.00", 11), false),
        (("b", "100.01", 13), false),
    ] {
        let town = paid_out(12).with(|it| it.rows.push(bank_line(line.0, line.1, line.2)));
        assert_eq!(kinds(&town).is_empty(), there, "{line:?}");
    }
    // Booked already: it is looked for only as far as the bank's file goes.
    let booked = || paid_out(9).with(|it| it.left.clear());
    assert_eq!(kinds(&booked()), [""; 0]);
    assert_eq!(kinds(&booked().with(|it| it.rows.push(bank_line("b", "1.00", 16)))), [""; 0]);
    assert_eq!(kinds(&booked().with(|it| it.rows.push(bank_line("b", "1.00", 17)))), ["late-payout"]);
    assert_eq!(kinds(&paid_out(1)), [""; 0], "before the cut-over");
    assert_snapshot!(paid_out(12).told());
}

#[test]
fn every_charge_is_held_against_the_contract() {
    let charge = |fee: &str, on| {
        let known = |it: &mut Town| {
            it.payments.push(PaymentEvent { gateway_ref: Some("ch_1".into()), ..capture(9, 1, "100.00", 9) })
        };
        Town::new().with(known).with(|it| it.rows.push(row(Charge, "1", "100.00", fee, on)))
    };
    for fine in ["-3.20", "-3.21", "-3.19", "-4.20", "-4.21"] {
        assert_eq!(charge(fine, 9).told(), "", "{fine}");
    }
    assert_snapshot!("near-home", charge("-3.22", 9).told());
    assert_snapshot!("near-abroad", charge("-4.00", 9).told());
    assert_eq!(charge("-9.00", 1).told(), "", "before the cut-over");
    assert_ne!(charge("-9.00", 2).told(), "", "on its day");
    assert_eq!(charge("-9.00", 9).with(|it| it.rows[0].kind = Refund).told(), "");
    let none = charge("-9.00", 9).replaced("fee_percent = \"2.9\"\nfee_percent_abroad = \"3.9\"", "");
    assert_eq!(none.told(), "", "no contract");
}

#[test]
fn a_capture_no_file_holds_is_missed_once_the_files_go_on_for_longer() {
    let files = |last| {
        let rows = |it: &mut Town| {
            it.rows = vec![row(Charge, "1", "50.00", "-1.75", 9), row(Charge, "2", "50.00", "-1.75", last)];
            it.payments = vec![capture(1, 1, "50.00", 9), capture(2, 2, "50.00", 9)];
        };
        Town::new().with(rows)
    };
    let with = |last, payment: PaymentEvent| files(last).with(|it| it.payments.push(payment));
    let missed = || capture(3, 33, "70.00", 10);
    assert_snapshot!("missed", with(14, missed()).told());
    assert_eq!(with(13, missed()).told(), "", "three days may pass");
    assert_eq!(with(14, PaymentEvent { on: day(8), ..missed() }).told(), "", "before the first file");
    assert_eq!(with(13, PaymentEvent { on: day(9), ..missed() }).plan().exceptions.len(), 1, "on its first day");
    assert_eq!(with(14, PaymentEvent { kind: PaymentEventKind::Void, ..missed() }).told(), "");
    assert_eq!(with(14, PaymentEvent { method: "Check".into(), ..missed() }).told(), "");
    let by_order = PaymentEvent { gateway_ref: None, amount: usd("50.00"), ..missed() };
    let there = with(14, by_order.clone()).with(|it| it.rows[0].order_number = "1003".into());
    assert_eq!(there.told(), "", "by order and amount");
    assert_eq!(with(14, by_order).plan().exceptions.len(), 1);
}

#[test]
fn a_charge_no_payment_at_the_store_is_of_is_told() {
    let charge = || row(Charge, "1", "50.00", "-1.75", 9);
    let alone = |it: SettlementRow| Town::new().with(|town| town.rows.push(it));
    assert_snapshot!(alone(charge()).told());
    assert_eq!(alone(SettlementRow { on: day(1), ..charge() }).told(), "");
    assert_eq!(alone(SettlementRow { kind: Refund, ..charge() }).told(), "");
    let by_order = PaymentEvent { gateway_ref: None, ..capture(1, 5, "50.00", 9) };
    let known = alone(SettlementRow { order_number: "1001".into(), ..charge() }).with(|it| it.payments.push(by_order));
    assert_eq!(known.told(), "");
}
