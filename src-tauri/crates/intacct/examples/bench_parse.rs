//! How fast a page of Intacct's becomes domain values, beside bare quick-xml events over the same bytes in the same
//! run. `cargo run --release -p tieout-intacct --example bench_parse`
#![expect(clippy::unwrap_used, reason = "a benchmark stops where something is not as it should be")]

use quick_xml::Reader as Events;
use quick_xml::events::Event;
use std::fmt::Write;
use std::time::{Duration, Instant};
use tieout_domain::SourceId;
use tieout_intacct::Reader;
use tieout_intacct::read::{gl, invoices, receipts};
use tieout_money::Currency;

/// The largest page Intacct gives.
const ROWS: u64 = 2000;
const ROUNDS: usize = 60;

fn reply(object: &str, fields: &[(&str, &str)]) -> String {
    let mut rows = String::new();
    for number in 1..=ROWS {
        write!(rows, "<{object}><RECORDNO>{number}</RECORDNO>").unwrap();
        for (name, value) in fields {
            write!(rows, "<{name}>{}</{name}>", value.replace('#', &number.to_string())).unwrap();
        }
        write!(rows, "</{object}>").unwrap();
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><control><status>success</status></control><operation>\
         <authentication><status>success</status></authentication><result><status>success</status>\
         <function>query</function><controlid>c</controlid><data listtype=\"{object}\" totalcount=\"{ROWS}\" \
         offset=\"0\" count=\"{ROWS}\" numremaining=\"0\">{rows}</data></result></operation></response>"
    )
}

fn events(text: &str) -> u64 {
    let mut events = Events::from_str(text);
    let mut count = 0;
    loop {
        match events.read_event().unwrap() {
            Event::Eof => return count,
            _ => count += 1,
        }
    }
}

/// The best of all rounds: what disturbs a run only ever makes it slower.
fn best(mut run: impl FnMut()) -> Duration {
    let begun = Instant::now();
    run();
    begun.elapsed()
}

fn compare<T>(name: &str, reader: &Reader<T>, text: &str) {
    let company = SourceId::intacct("acme");
    let (mut bare, mut typed) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        bare = bare.min(best(|| assert!(events(text) > ROWS)));
        typed = typed.min(best(|| {
            let page = reader.page(&company, Currency::USD, text.as_bytes(), "c", 0).unwrap();
            assert_eq!((page.good.len() as u64, page.refused.len()), (ROWS, 0));
        }));
    }
    let speed = |took: Duration| text.len() as u128 * 1000 / took.as_nanos().max(1);
    println!(
        "{name}: {} KB, events {} MB/s, typed {} MB/s, ratio 0.{:02}",
        text.len() / 1000,
        speed(bare),
        speed(typed),
        bare.as_nanos() * 100 / typed.as_nanos().max(1)
    );
}

fn main() {
    let receipts = [
        ("RECORDID", "PMT-#"),
        ("DOCNUMBER", "XC-#-PAY-1"),
        ("DESCRIPTION", "X-Cart order #, R&amp;D Co [XC-#-PAY-1]"),
        ("CUSTOMERID", "C-#"),
        ("CUSTOMERNAME", "Jane Doe and Sons, Inc."),
        ("FINANCIALENTITY", "BANK-01"),
        ("UNDEPOSITEDACCOUNTNO", ""),
        ("PAYMENTMETHOD", "Credit Card"),
        ("CURRENCY", "USD"),
        ("BASECURR", "USD"),
        ("TRX_TOTALENTERED", "104.95"),
        ("TOTALENTERED", "104.95"),
        ("TRX_TOTALDUE", "0"),
        ("TOTALDUE", "0"),
        ("STATE", "C"),
        ("RECORDTYPE", "rp"),
        ("RECEIPTDATE", "03/31/2025"),
        ("WHENPAID", "03/31/2025"),
        ("WHENCREATED", "03/31/2025"),
        ("MEGAENTITYID", ""),
        ("WHENMODIFIED", "03/31/2025 12:00:00"),
    ];
    let lines = [
        ("BATCHKEY", "#"),
        ("BATCH_TITLE", "X-Cart settlement 2025-03-31 &amp; fees"),
        ("SYMBOL", "CRJ"),
        ("MODULEKEY", "4.AR"),
        ("BOOKID", "ACCRUAL"),
        ("ENTRY_DATE", "03/31/2025"),
        ("TR_TYPE", "1"),
        ("ACCOUNTNO", "1210"),
        ("DEBITAMOUNT", "104.95"),
        ("CREDITAMOUNT", "0"),
        ("AMOUNT", "104.95"),
        ("TRX_DEBITAMOUNT", "104.95"),
        ("TRX_CREDITAMOUNT", "0"),
        ("TRX_AMOUNT", "104.95"),
        ("CURRENCY", "USD"),
        ("BASECURR", "USD"),
        ("DOCUMENT", "XC-#"),
        ("DOCNUMBER", ""),
        ("RECORDID", "PMT-#"),
        ("CUSTOMERID", "C-#"),
        ("DESCRIPTION", "Receivable cleared"),
    ];
    let invoices_ = [
        ("RECORDID", "INV-#"),
        ("CUSTOMERID", "C-#"),
        ("CUSTOMERNAME", "Jane Doe"),
        ("DOCNUMBER", "XC-#"),
        ("STATE", "Posted"),
        ("CURRENCY", "USD"),
        ("TRX_TOTALENTERED", "104.95"),
        ("TRX_TOTALDUE", "0"),
        ("WHENCREATED", "03/31/2025"),
        ("WHENDUE", "04/30/2025"),
        ("WHENMODIFIED", "03/31/2025 12:00:00"),
    ];
    compare("payments", &receipts::payments(), &reply("ARPYMT", &receipts));
    compare("ledger lines", &gl::gl_lines(&[]), &reply("GLDETAIL", &lines));
    compare("invoices", &invoices::invoices(), &reply("ARINVOICE", &invoices_));
}
