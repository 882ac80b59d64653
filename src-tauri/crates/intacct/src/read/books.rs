//! The books as a whole: base currency, book and the closing date.

use crate::client::Client;
use crate::error::Error;
use crate::xml::Node;
use jiff::civil::Date;
use tieout_domain::Books;
use tieout_money::Currency;

/// What does not change while we run.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub base_currency: Currency,
    pub multi_currency: bool,
    /// GL detail of other books repeats the same postings.
    pub default_book: Option<String>,
}

impl Client {
    /// Read before planning and again before sending. Entities may close earlier than the company: the
    /// server stays the authority.
    pub async fn books(&self) -> Result<Books, Error> {
        let setup = self.setup().await?.clone();
        let data = self.ask(|out| out.flag("get_closedbooksdate")).await?;
        Ok(Books {
            base_currency: setup.base_currency,
            closed_through: data.as_ref().map(closed_through).transpose()?.flatten(),
            multi_currency: setup.multi_currency,
        })
    }

    pub async fn base_currency(&self) -> Result<Currency, Error> {
        Ok(self.setup().await?.base_currency)
    }

    pub(crate) async fn setup(&self) -> Result<&Setup, Error> {
        self.books
            .get_or_try_init(|| async {
                let data = self.ask(|out| out.flag("getFinancialSetup")).await?;
                let data = data.ok_or_else(|| Error::Unexpected("the financial setup is empty".into()))?;
                let code = find(&data, "baseCurrency")
                    .ok_or_else(|| Error::Unexpected("the financial setup names no base currency".into()))?;
                Ok(Setup {
                    base_currency: Currency::parse(&code)
                        .map_err(|error| Error::Unexpected(format!("the base currency: {error}")))?,
                    multi_currency: find(&data, "multiCurrency").is_some_and(|it| it.eq_ignore_ascii_case("true")),
                    default_book: find(&data, "defaultBook"),
                })
            })
            .await
    }
}

/// Wherever it stands: the documentation does not show how deep, or in which case.
fn find(node: &Node, name: &str) -> Option<String> {
    if node.name.eq_ignore_ascii_case(name) && !node.text.trim().is_empty() {
        return Some(node.text.trim().to_owned());
    }
    node.children.iter().find_map(|it| find(it, name))
}

fn closed_through(data: &Node) -> Result<Option<Date>, Error> {
    let Some(closed) = data.child("closedbooksdate") else { return Ok(None) };
    let part = |name: &str| closed.text_of(name).and_then(|it| it.parse::<i16>().ok());
    let (Some(year), Some(month), Some(day)) = (part("year"), part("month"), part("day")) else {
        if closed.children.iter().all(|it| it.text.trim().is_empty()) {
            return Ok(None); // nothing is closed
        }
        return Err(Error::Unexpected("the closing date is no date".into()));
    };
    let narrow = |it: i16| i8::try_from(it).unwrap_or(0);
    Date::new(year, narrow(month), narrow(day))
        .map(Some)
        .map_err(|_| Error::Unexpected("the closing date is no date".into()))
}
