//! The settings an accountant of this company would have entered: where each tender's money waits, and which accounts.
//!
//! `Phone Ordering` and the tax `CDEV.STAX.7` are left out on purpose: they are planted exceptions.

use jiff::civil::Date;
use std::fmt::Write as _;

use super::model::{ABROAD, Currency, Method, Place};

const TAIL: &str = r#"
[accounts]
receivable = "1100"
fees = "6100"
chargeback_fees = "6110"
chargebacks_in_dispute = "1230"
customer_deposits = "2400"
unapplied = "2410"
write_off = "6900"
bank_charges = "6150"
reserve = "1220"
returns = "4200"
discounts = "4100"
shipping = "4050"

[journal]
symbol = "GJ"

[dimensions]
location = "110"
department = "WEB"

[orders]
definition = "Sales Order"
number_prefix = "XC-"
unit = "Each"
shipping_subtotal = "Shipping"
discount_subtotal = "Discount"

[customers]
profile_prefix = "C-"
guest = "C-GUEST"

[taxes."CDEV.STAX.1"]
subtotal = "Sales Tax"
account = "2200"

[flows.stock]
warehouses = ["WH1"]

[flows.shipments]
definitions = ["Shipper"]

[flows.shipments.carriers]
"UPS Ground" = "UPS"
"#;

/// Starts a few days before the open books do, so that late payments of closed days come up instead of being passed
/// over in silence.
pub fn text(closed_through: Date) -> String {
    let cut_over = closed_through.saturating_sub(jiff::Span::new().days(4));
    let mut out = format!("cut_over = \"{cut_over}\"\nrate_type = \"Intacct Daily Rate\"\n");
    let tenders = [
        (Method::Stripe, Currency::Usd),
        (Method::Stripe, Currency::Eur),
        (Method::PayPal, Currency::Usd),
        (Method::AuthorizeNet, Currency::Usd),
        (Method::GiftCard, Currency::Usd),
        (Method::Check, Currency::Usd),
        (Method::Wire, Currency::Usd),
        (Method::PurchaseOrder, Currency::Usd),
        (Method::CashOnDelivery, Currency::Usd),
    ];
    for (method, currency) in tenders {
        let (account, deposit_to) = match method.place(currency) {
            Place::Bank(id) => ("1215", format!("bank:{id}")),
            Place::Undeposited(account) => (account, format!("undeposited:{account}")),
        };
        let (bank_account, bank) = match (method, currency) {
            (Method::GiftCard, _) => ("", ""),
            (_, Currency::Eur) => ("1010", "BANK-EUR"),
            (_, Currency::Usd) => ("1000", "BANK-USD"),
        };
        let settlement = method.gateway().map_or("", super::model::Gateway::file);
        let (name, code, word) = (method.name(), currency.code(), method.ledger_method());
        let _ = write!(
            out,
            "\n[[clearing]]\nmethod = \"{name}\"\ncurrency = \"{code}\"\naccount = \"{account}\"\ndeposit_to = \
             \"{deposit_to}\"\npayment_method = \"{word}\"\nsettlement = \"{settlement}\"\nbank_account = \
             \"{bank_account}\"\nbank = \"{bank}\"\n"
        );
        if let Some(gateway) = method.gateway() {
            let (rate, fixed) = gateway.rate();
            for (key, hundredths) in [("percent", rate), ("percent_abroad", rate + ABROAD), ("fixed", fixed)] {
                let _ = writeln!(out, "fee_{key} = \"{}.{:02}\"", hundredths / 100, hundredths % 100);
            }
        }
    }
    out + TAIL
}
