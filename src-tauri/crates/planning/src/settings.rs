//! The accountant's settings: one text (TOML), versioned, exported and imported whole. Anything planning
//! needs and the text does not say becomes an exception that names the missing key.

use crate::control::Control;
use crate::flow_settings::{FlowSettings, NotAFlowValue};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{DepositTo, Dimensions, MatchSettings, OutOfRange, PaymentStatus};
use tieout_money::{Currency, Money};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Records before this day are matched but never proposed: they were booked before Tieout came.
    pub cut_over: Date,
    /// Where a payment method's money waits, per currency.
    #[serde(default)]
    pub clearing: Vec<Clearing>,
    pub accounts: Accounts,
    #[serde(default)]
    pub journal: Journal,
    #[serde(default)]
    pub dimensions: DefaultDimensions,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub matching: MatchSettings,
    #[serde(default)]
    pub orders: Orders,
    /// Store SKU -> Intacct item id. A SKU not listed is looked for under its own name.
    #[serde(default)]
    pub items: BTreeMap<String, String>,
    #[serde(default)]
    pub customers: Customers,
    /// Store tax code -> where it goes.
    #[serde(default)]
    pub taxes: BTreeMap<String, Tax>,
    /// Exchange rate type by name, for documents in a foreign currency.
    #[serde(default)]
    pub rate_type: String,
    #[serde(default)]
    pub pull: Pulling,
    /// Status codes the store invented -> one of X-Cart's own.
    #[serde(default)]
    pub payment_statuses: BTreeMap<String, String>,
    /// Who may approve, review and lock.
    #[serde(default)]
    pub control: Control,
    /// What is carried between the two systems besides postings, and how far without asking.
    #[serde(default)]
    pub flows: FlowSettings,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clearing {
    /// The payment method's name at the store.
    pub method: String,
    pub currency: Currency,
    /// GL account number.
    pub account: String,
    /// `bank:<checking account id>` or `undeposited:<GL account>`.
    pub deposit_to: DepositAccount,
    /// Intacct's word: `Credit Card`, `EFT`, `Printed Check`, `Cash`, ...
    pub payment_method: String,
    /// The settlement file source of this gateway, empty for offline methods.
    #[serde(default)]
    pub settlement: String,
    /// GL account its payouts arrive at.
    #[serde(default)]
    pub bank_account: String,
    /// Intacct's checking account id of that bank.
    #[serde(default)]
    pub bank: String,
    /// The gateway's contract, percent of a charge; empty: its fees are believed as the file says them.
    #[serde(default)]
    pub fee_percent: String,
    /// And for cards from abroad, where it is another.
    #[serde(default)]
    pub fee_percent_abroad: String,
    /// And so much for each charge.
    #[serde(default)]
    pub fee_fixed: String,
}

/// What a gateway may charge. Fees are never booked from it, only held against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// At home, then abroad.
    pub percents: Vec<Decimal>,
    pub fixed: Money,
}

impl Clearing {
    /// `None` where the settings name no contract, or not in numbers.
    pub fn contract(&self) -> Option<Contract> {
        let percents = [&self.fee_percent, &self.fee_percent_abroad];
        let percents: Result<Vec<Decimal>, _> =
            percents.into_iter().filter(|it| !it.is_empty()).map(|it| Decimal::from_str_exact(it)).collect();
        let fixed = match self.fee_fixed.as_str() {
            "" => Money::zero(self.currency),
            text => Money::parse(text, self.currency).ok()?,
        };
        percents.ok().filter(|it| !it.is_empty()).map(|percents| Contract { percents, fixed })
    }
}

/// [`DepositTo`] as it is written in the settings text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DepositAccount(pub DepositTo);

impl TryFrom<String> for DepositAccount {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.split_once(':') {
            Some(("bank", id)) if !id.is_empty() => Ok(DepositAccount(DepositTo::Bank(id.to_owned()))),
            Some(("undeposited", account)) if !account.is_empty() => {
                Ok(DepositAccount(DepositTo::Undeposited(account.to_owned())))
            }
            _ => Err(format!("{text:?}: write bank:<checking account id> or undeposited:<GL account>")),
        }
    }
}

impl From<DepositAccount> for String {
    fn from(account: DepositAccount) -> String {
        match account.0 {
            DepositTo::Bank(id) => format!("bank:{id}"),
            DepositTo::Undeposited(account) => format!("undeposited:{account}"),
        }
    }
}

/// GL account numbers. Empty means not named: whatever needs it becomes an exception.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    pub receivable: String,
    pub fees: String,
    pub chargeback_fees: String,
    pub chargebacks_in_dispute: String,
    pub customer_deposits: String,
    pub unapplied: String,
    pub write_off: String,
    pub bank_charges: String,
    pub reserve: String,
    pub returns: String,
    pub discounts: String,
    pub shipping: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Journal {
    pub symbol: String,
}

impl Default for Journal {
    fn default() -> Self {
        Journal { symbol: "GJ".into() }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DefaultDimensions {
    pub location: String,
    pub department: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Largest difference written off, per item, in the document's currency.
    pub write_off_item: String,
    /// And at most this many hundredths of a percent of the amount.
    pub write_off_basis_points: u32,
    /// Cumulative caps; a tolerance without one is a hole.
    pub write_off_day: String,
    pub write_off_period: String,
    /// Above this a posting is never "all clear".
    pub all_clear_max: String,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            write_off_item: "0.10".into(),
            write_off_basis_points: 10,
            write_off_day: "5.00".into(),
            write_off_period: "50.00".into(),
            all_clear_max: "10000.00".into(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Orders {
    /// Transaction definition of Order Entry; empty means orders are not proposed.
    pub definition: String,
    /// Put before the store's order number to make the document number.
    pub number_prefix: String,
    pub unit: String,
    pub warehouse: String,
    pub term: String,
    /// Subtotal names of the transaction definition.
    pub shipping_subtotal: String,
    pub discount_subtotal: String,
    pub handling_subtotal: String,
}

impl Default for Orders {
    fn default() -> Self {
        Orders {
            definition: String::new(),
            number_prefix: "XC-".into(),
            unit: "Each".into(),
            warehouse: String::new(),
            term: String::new(),
            shipping_subtotal: String::new(),
            discount_subtotal: String::new(),
            handling_subtotal: String::new(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Customers {
    /// Prefix before X-Cart's profile id that makes Intacct's customer id, e.g. `C-`. Empty: no such rule.
    pub profile_prefix: String,
    /// Customer for orders without a profile. Empty: such orders are exceptions.
    pub guest: String,
    /// E-mail address -> customer id; wins over the rules.
    pub by_email: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tax {
    /// Subtotal name on sales orders.
    pub subtotal: String,
    /// Liability account on credit memos.
    pub account: String,
}

/// How the two systems are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pulling {
    /// How often all keys of Intacct are asked for, to find what was deleted there. 0: in every pull.
    pub deletions_every_hours: u32,
    /// How often the store's customers and products are read, each list whole. 0: in every pull.
    pub lists_every_hours: u32,
}

impl Default for Pulling {
    fn default() -> Self {
        Pulling { deletions_every_hours: 24, lists_every_hours: 24 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("the settings text cannot be read{place}: {message}", place = at_line(*line))]
    Syntax { line: Option<usize>, message: String },
    #[error("{key} holds {value:?}, which is not an amount")]
    NotAnAmount { key: &'static str, value: String },
    #[error("matching.{key} is {value}; it can be {least} to {most}", key = .0.key, value = .0.value, least = .0.least, most = .0.most)]
    OutOfRange(OutOfRange),
    #[error("[[clearing]] names {method:?} in {currency} twice")]
    ClearingTwice { method: String, currency: Currency },
    #[error("payment_statuses.{code} is {value:?}, which is none of X-Cart's own: Q, A, PP, P, D, C, R")]
    NotAStatus { code: String, value: String },
    #[error("[[control.people]] names {name:?} twice or not at all")]
    PersonTwice { name: String },
    #[error("[control] lists people, and none of them is an approver, or none a reviewer")]
    NobodyApproves,
    #[error(transparent)]
    Flow(#[from] NotAFlowValue),
}

fn at_line(line: Option<usize>) -> String {
    line.map(|line| format!(", line {line}")).unwrap_or_default()
}

impl SettingsError {
    pub fn remedy(&self) -> &'static str {
        "Correct what is named here and import it again; nothing was saved. docs/settings.md lists every key."
    }
}

impl Settings {
    pub fn parse(text: &str) -> Result<Settings, SettingsError> {
        let settings: Settings = toml::from_str(text).map_err(|error| SettingsError::Syntax {
            line: error.span().map(|span| text[..span.start].matches('\n').count() + 1),
            message: error.message().to_owned(),
        })?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        for (key, value) in [
            ("limits.write_off_item", &self.limits.write_off_item),
            ("limits.write_off_day", &self.limits.write_off_day),
            ("limits.write_off_period", &self.limits.write_off_period),
            ("limits.all_clear_max", &self.limits.all_clear_max),
        ] {
            Money::parse(value, Currency::USD).map_err(|_| SettingsError::NotAnAmount { key, value: value.clone() })?;
        }
        self.matching.check().map_err(SettingsError::OutOfRange)?;
        self.control.check()?;
        for (code, value) in &self.payment_statuses {
            if matches!(PaymentStatus::from_code(value), PaymentStatus::Unknown(_) | PaymentStatus::Missing) {
                return Err(SettingsError::NotAStatus { code: code.clone(), value: value.clone() });
            }
        }
        self.flows.check()?;
        for one in &self.clearing {
            for (key, value) in [
                ("[clearing].fee_percent", &one.fee_percent),
                ("[clearing].fee_percent_abroad", &one.fee_percent_abroad),
                ("[clearing].fee_fixed", &one.fee_fixed),
            ] {
                if !value.is_empty() && Decimal::from_str_exact(value).is_err() {
                    return Err(SettingsError::NotAnAmount { key, value: value.clone() });
                }
            }
        }
        let mut seen = BTreeSet::new();
        for one in &self.clearing {
            if !seen.insert((&one.method, one.currency)) {
                return Err(SettingsError::ClearingTwice { method: one.method.clone(), currency: one.currency });
            }
        }
        Ok(())
    }

    pub fn to_text(&self) -> String {
        toml::to_string_pretty(self).expect("settings hold nothing TOML cannot write")
    }

    /// What an order's status means: a code the store invented is read as the one it stands for, where that is said.
    pub fn payment_status(&self, of: &PaymentStatus) -> PaymentStatus {
        match of {
            PaymentStatus::Unknown(code) => {
                self.payment_statuses.get(code).map_or_else(|| of.clone(), |it| PaymentStatus::from_code(it))
            }
            own => own.clone(),
        }
    }

    pub fn clearing(&self, method: &str, currency: Currency) -> Option<&Clearing> {
        self.clearing.iter().find(|it| it.method == method && it.currency == currency)
    }

    /// By settlement file source: how fees, payouts and chargebacks find their account.
    pub fn clearing_of_source(&self, source: &str, currency: Currency) -> Option<&Clearing> {
        let name = source.strip_prefix("file/").unwrap_or(source);
        self.clearing.iter().find(|it| it.settlement == name && it.currency == currency)
    }

    /// Every clearing account with its currency, each once, in the order of the settings.
    pub fn clearing_accounts(&self) -> Vec<(String, Currency)> {
        let mut accounts: Vec<(String, Currency)> = Vec::new();
        for one in &self.clearing {
            let key = (one.account.clone(), one.currency);
            if !accounts.contains(&key) {
                accounts.push(key);
            }
        }
        accounts
    }

    pub fn default_dimensions(&self) -> Dimensions {
        Dimensions {
            location: self.dimensions.location.clone(),
            department: self.dimensions.department.clone(),
            ..Dimensions::default()
        }
    }

    /// Where the tax of invoices is owed, each account once.
    pub fn tax_accounts(&self) -> BTreeSet<String> {
        self.taxes.values().map(|it| it.account.clone()).filter(|it| !it.is_empty()).collect()
    }

    pub fn limit(text: &str, currency: Currency) -> Money {
        Money::parse(text, currency).unwrap_or(Money::zero(currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
cut_over = "2026-01-01"

[[clearing]]
method = "Stripe"
currency = "USD"
account = "1210"
deposit_to = "undeposited:1210"
payment_method = "Credit Card"
settlement = "stripe"

[accounts]
receivable = "1100"
"#;

    #[test]
    fn the_text_comes_back_the_same() {
        let settings = Settings::parse(TEXT).unwrap();
        assert_eq!(Settings::parse(&settings.to_text()).unwrap(), settings);
    }

    #[test]
    fn what_matching_is_not_told_is_as_it_always_was() {
        assert_eq!(Settings::parse(TEXT).unwrap().matching, MatchSettings::default());
        let settings = Settings::parse(&format!("{TEXT}\n[matching]\ntolerance_minor = 25")).unwrap();
        assert_eq!(settings.matching, MatchSettings { tolerance_minor: 25, ..MatchSettings::default() });
    }

    #[test]
    fn a_status_stands_for_one_of_x_carts_own() {
        let text =
            |value: &str| format!("cut_over = \"2026-01-01\"\n[accounts]\n[payment_statuses]\nZZ = \"{value}\"\n");
        let settings = Settings::parse(&text("PP")).unwrap();
        let invented = |code: &str| PaymentStatus::Unknown(code.into());
        assert_eq!(settings.payment_status(&invented("ZZ")), PaymentStatus::PartiallyPaid);
        assert_eq!(settings.payment_status(&invented("YY")), invented("YY"));
        assert_eq!(settings.payment_status(&PaymentStatus::Paid), PaymentStatus::Paid);
        let wrong = Settings::parse(&text("paid")).unwrap_err();
        assert_eq!(wrong, SettingsError::NotAStatus { code: "ZZ".into(), value: "paid".into() });
    }

    #[test]
    fn a_wrong_line_is_named() {
        let error = Settings::parse(&TEXT.replace("undeposited:1210", "somewhere")).unwrap_err();
        assert!(matches!(error, SettingsError::Syntax { line: Some(8), .. }), "{error:?}");
        assert!(error.to_string().contains("line 8: "), "{error}");
        let error = Settings::parse(&format!("{TEXT}\n[limits]\nwrite_off_item = \"a lot\"")).unwrap_err();
        assert!(matches!(error, SettingsError::NotAnAmount { key: "limits.write_off_item", .. }));
        let error = Settings::parse(&TEXT.replace("\"stripe\"", "\"stripe\"\nfee_percent = \"three\"")).unwrap_err();
        assert!(matches!(error, SettingsError::NotAnAmount { key: "[clearing].fee_percent", .. }));
        assert!(Settings::parse(&TEXT.replace("receivable", "recievable")).is_err());
        let error = Settings::parse(&format!("{TEXT}\n[matching]\ndays_after_max = 400")).unwrap_err();
        assert_eq!(error.to_string(), "matching.days_after_max is 400; it can be 0 to 90");
        let error = Settings::parse(&format!("{TEXT}\n[matching]\ndays_after = 4")).unwrap_err();
        assert!(error.to_string().contains("line 16: unknown field `days_after`"), "{error}");
    }
}
