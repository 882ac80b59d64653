use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use tieout_domain::SourceId;
use tieout_intacct::read::{gl, invoices, receipts};
use tieout_intacct::xml;
use tieout_money::Currency;
use tieout_planning::Settings;
use tieout_xcart::{Dialect, Shop};

/// One parser: its name, which is the name of its corpus's folder, and what it says to some bytes.
pub struct Target {
    pub name: &'static str,
    /// Panics where something holds no longer; else says in a few words what was made of the bytes.
    pub read: fn(&[u8]) -> String,
}

pub const TARGETS: &[Target] = &[
    Target { name: "intacct-xml", read: intacct_xml },
    Target { name: "xcart-admin", read: |bytes| xcart(Dialect::AdminApi, bytes) },
    Target { name: "xcart-addon", read: |bytes| xcart(Dialect::RestAddon, bytes) },
    Target { name: "settlement-csv", read: settlement_csv },
    Target { name: "settings", read: settings },
];

/// The gate, what it lets through written again, and pages of records read from it.
fn intacct_xml(bytes: &[u8]) -> String {
    let gate = match xml::borrowed(bytes) {
        Err(error) => return without_numbers(&error.to_string()),
        Ok(root) => {
            let again = root.to_xml();
            let reread = xml::parse(again.as_bytes()).expect("what was read can be written and read again");
            assert_eq!(reread.to_xml(), again, "written twice, the same");
            root.name.chars().take(12).collect::<String>()
        }
    };
    let company = SourceId::intacct("acme");
    let page = |name: &str, page: Result<(usize, usize), tieout_intacct::Error>| match page {
        Ok((good, refused)) => format!("{name} {}/{}", good.min(3), refused.min(3)),
        Err(error) => without_numbers(&error.to_string()),
    };
    let payments = receipts::payments().page(&company, Currency::USD, bytes, "c", 0);
    let lines = gl::gl_lines(&[]).page(&company, Currency::USD, bytes, "c", 0);
    let invoices = invoices::invoices().page(&company, Currency::USD, bytes, "c", 0);
    [
        gate,
        page("payments", payments.map(|it| (it.good.len(), it.refused.len()))),
        page("lines", lines.map(|it| (it.good.len(), it.refused.len()))),
        page("invoices", invoices.map(|it| (it.good.len(), it.refused.len()))),
    ]
    .join("; ")
}

/// Orders, and behind a line of its own the payments of the first.
fn xcart(dialect: Dialect, bytes: &[u8]) -> String {
    let cut = bytes.iter().position(|it| *it == b'\n').unwrap_or(bytes.len());
    let (orders, payments) = bytes.split_at(cut);
    let shop = Shop {
        id: SourceId::xcart("main"),
        base_url: "https://shop.example/".parse().expect("an address"),
        time_zone: TimeZone::UTC,
        currency: Currency::USD,
    };
    let payments = if payments.is_empty() { b"[]" } else { payments };
    match tieout_xcart::read_orders(&shop, dialect, orders, payments) {
        Ok((orders, payments)) => {
            for it in &orders.good {
                let _ = tieout_xcart::totals_add_up(&it.value);
            }
            let reasons = orders.refused.iter().chain(&payments.refused).map(|it| without_numbers(&it.reason));
            let reasons: Vec<_> = reasons.take(2).collect();
            format!("{}/{}: {}", orders.good.len().min(3), payments.good.len().min(3), reasons.join(", "))
        }
        Err(error) => without_numbers(&error.to_string()),
    }
}

fn settlement_csv(bytes: &[u8]) -> String {
    let columns = BTreeMap::new();
    match tieout_services::parse_settlement("file.csv", bytes, &SourceId::file("stripe"), &columns, &TimeZone::UTC) {
        Ok(rows) => {
            for it in &rows {
                let row = &it.value;
                let sum = row.gross.checked_add(row.fee).expect("one currency a row");
                assert_eq!(sum, row.net, "gross and fee come to net");
            }
            format!("{} rows", rows.len().min(4))
        }
        Err(error) => without_numbers(&error.to_string()),
    }
}

fn settings(bytes: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(bytes) else { return "no text".to_owned() };
    match Settings::parse(text) {
        Ok(settings) => {
            let again = settings.to_text();
            let reread = Settings::parse(&again).expect("what was read can be written and read again");
            assert_eq!(reread.to_text(), again, "written twice, the same");
            "settings".to_owned()
        }
        Err(error) => without_numbers(&error.to_string()),
    }
}

/// What is said, not which line it is said of, or every input would be news.
fn without_numbers(text: &str) -> String {
    let mut words = text.split(|it: char| !it.is_alphabetic()).filter(|it| it.len() > 2);
    words.by_ref().take(8).collect::<Vec<_>>().join(" ")
}
