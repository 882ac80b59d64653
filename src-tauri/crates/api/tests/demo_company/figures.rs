//! The tie-out adds up, whichever way it is looked at.

use crate::rig::{demo, money};
use tieout_api as api;
use tieout_api::views::*;
use tieout_money::Money;

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_of_the_tie_out_is_the_sum_of_the_rows_behind_it() {
    let demo = demo(150).await;
    let period = "2026-01".to_owned();
    let view = api::tie_out(&demo.app, PeriodRequest { period: period.clone() }).unwrap();
    assert!(view.rows.iter().any(|it| money(&it.store).minor() != 0), "the period has something in it");
    assert!(view.ledger_read_at.is_some());
    for row in &view.rows {
        let named = [&row.timing, &row.exceptions, &row.unexplained].map(money);
        assert_eq!(money(&row.difference), Money::sum(named[0].currency(), named).unwrap(), "{}", row.account);
        for (figure, shown) in [
            (TieOutFigure::Opening, &row.opening),
            (TieOutFigure::Ledger, &row.ledger),
            (TieOutFigure::Store, &row.store),
            (TieOutFigure::Timing, &row.timing),
            (TieOutFigure::Exceptions, &row.exceptions),
            (TieOutFigure::Unexplained, &row.unexplained),
        ] {
            let request = DrillRequest {
                period: period.clone(),
                row_id: row.id.clone(),
                figure,
                day: None,
                offset: 0,
                limit: 200,
            };
            let drill = api::drill(&demo.app, request).unwrap();
            assert_eq!(&drill.sum, shown, "{} {figure:?}", row.account);
            assert_eq!(drill.rows.len(), (drill.total as usize).min(200));
        }
        let request = TieOutDaysRequest { period: period.clone(), row_id: row.id.clone() };
        let days = api::tie_out_days(&demo.app, request).unwrap();
        let ledger = Money::sum(money(&row.ledger).currency(), days.iter().map(|it| money(&it.ledger))).unwrap();
        assert_eq!(ledger, money(&row.ledger), "{}", row.account);
        let first_open = days.iter().find(|it| !it.ties).map(|it| it.day.clone());
        let through = row.closed_through.clone().unwrap_or_default();
        assert!(first_open.is_none_or(|day| through < day), "{}", row.account);
    }
}
