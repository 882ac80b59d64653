//! Does an order's total equal its subtotal plus what was added? (reference/xcart.md 4.1)

use rust_decimal::Decimal;
use tieout_domain::Order;
use tieout_money::Money;

/// The order's own figures disagree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("order {number}: total {total}, but subtotal and surcharges make {parts}")]
pub struct Difference {
    pub number: String,
    pub total: Money,
    pub parts: Decimal,
    /// total - parts
    pub difference: Decimal,
}

/// Surcharges may be finer than the currency, so less than one smallest unit is rounding, not a difference.
pub fn totals_add_up(order: &Order) -> Result<(), Difference> {
    let added: Decimal = order.surcharges.iter().filter(|it| !it.included).map(|it| it.value.amount).sum();
    let parts = order.subtotal.amount() + added;
    let difference = order.total.amount() - parts;
    if difference.abs() < Decimal::new(1, order.currency.decimals()) {
        return Ok(());
    }
    Err(Difference { number: order.number.clone(), total: order.total, parts, difference })
}
