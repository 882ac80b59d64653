//! The reading functions: query, readByQuery and readMore, read, readByName, lookup, inspect, closed books, setup.

use std::collections::BTreeMap;

use super::company::Company;
use super::errors::Refusal;
use super::query::{Filter, Operator, Query, Select};
use super::sqlish;
use super::table::{AnyTable, Page, Viewer, no_such_field};
use super::tables;
use super::text::escape;
use super::xml::Element;

/// Rest of a `readByQuery` answer, kept as it was when asked, until `readMore` fetches it.
#[derive(Default)]
pub struct Pending {
    next: u64,
    lists: BTreeMap<String, (String, Vec<String>, usize, usize)>,
}

pub fn serves(name: &str) -> bool {
    const NAMES: [&str; 10] = [
        "query",
        "readByQuery",
        "readMore",
        "read",
        "readByName",
        "lookup",
        "inspect",
        "get_closedbooksdate",
        "getFinancialSetup",
        "get_icitemtotals",
    ];
    NAMES.contains(&name)
}

fn table(object: &str) -> Result<&'static dyn AnyTable, Refusal> {
    tables::find(object).ok_or_else(|| Refusal::query_failed(format!("Object definition {object} not found")))
}

fn record(name: &str, cells: &[(String, String)]) -> String {
    let mut out = format!("<{name}>");
    for (field, value) in cells {
        out.push_str(&format!("<{field}>{}</{field}>", escape(value)));
    }
    out.push_str(&format!("</{name}>"));
    out
}

pub fn answer(company: &Company, call: &Element, pending: &mut Pending) -> Result<String, Refusal> {
    match call.name.as_str() {
        "query" => query(company, call),
        "readByQuery" => read_by_query(company, call, pending),
        "readMore" => read_more(call, pending),
        "read" => read(company, call, "RECORDNO"),
        "readByName" => read(company, call, ""),
        "lookup" => lookup(company, call),
        "inspect" => inspect(company, call),
        "get_closedbooksdate" => Ok(closed_books(company)),
        "get_icitemtotals" => super::stock::item_totals(company, call),
        _ => Ok(financial_setup(company)),
    }
}

fn query(company: &Company, call: &Element) -> Result<String, Refusal> {
    let query = Query::read(call)?;
    let table = table(&query.object)?;
    if let Some(definition) = &query.doc_par_id
        && query.object.starts_with("SODOCUMENT")
        && !company.definitions.contains_key(definition)
    {
        return Err(Refusal::query_failed(format!("Document definition {definition} not found")));
    }
    let hidden = |select: &Select| matches!(select, Select::Field(field) if is_hidden(company, table.name(), field));
    if query.select.iter().any(hidden) {
        return Err(Refusal::query_failed("Invalid fields list"));
    }
    let viewer = Viewer { entity: company.acting_entity.as_deref(), show_private: query.show_private };
    let Page { rows, total } = table.query(company, &query, &viewer)?;
    let left = total.saturating_sub(query.offset + rows.len());
    let body: String = rows.iter().map(|cells| record(table.name(), cells)).collect();
    Ok(format!(
        "<data listtype=\"{}\" totalcount=\"{total}\" offset=\"{}\" count=\"{}\" numremaining=\"{left}\">{body}</data>",
        table.name(),
        query.offset,
        rows.len()
    ))
}

/// `*` or a list of names; a name that does not exist is refused.
fn fields(table: &dyn AnyTable, wanted: Option<&str>) -> Result<Vec<Select>, Refusal> {
    let known = table.fields();
    let wanted = wanted.unwrap_or("*");
    if wanted == "*" {
        return Ok(known
            .iter()
            .filter(|(name, _)| !name.contains('.'))
            .map(|(name, _)| Select::Field((*name).to_owned()))
            .collect());
    }
    wanted
        .split(',')
        .map(|name| {
            let name = name.trim();
            let found = known.iter().any(|(it, _)| *it == name);
            if found {
                Ok(Select::Field(name.to_owned()))
            } else {
                Err(Refusal::query_failed(format!("Invalid fields list {name}")))
            }
        })
        .collect()
}

fn whole(table: &dyn AnyTable, select: Vec<Select>, filter: Option<Filter>) -> Query {
    Query { object: table.name().to_owned(), select, filter, page_size: usize::MAX, ..Query::default() }
}

fn read_by_query(company: &Company, call: &Element, pending: &mut Pending) -> Result<String, Refusal> {
    let table = table(&call.or_empty("object"))?;
    let size: usize = match call.filled("pagesize") {
        None => 100,
        Some(text) => text.parse().ok().filter(|size| (1..=1000).contains(size)).ok_or_else(|| {
            Refusal::coded(
                "DL02000001",
                format!("There was an error processing the request. pagesize '{text}' is not allowed."),
            )
        })?,
    };
    let select = fields(table, call.filled("fields"))?;
    let filter = sqlish::parse(call.given("query").unwrap_or_default())?;
    let viewer = Viewer { entity: company.acting_entity.as_deref(), show_private: false };
    let page = table.query(company, &whole(table, select, filter), &viewer)?;
    let name = table.name().to_lowercase();
    let rows: Vec<String> = page.rows.iter().map(|cells| record(&name, cells)).collect();
    pending.next += 1;
    let id = format!("SBX{:012}result", pending.next);
    pending.lists.insert(id.clone(), (name, rows, size, page.total));
    take(&id, pending)
}

fn read_more(call: &Element, pending: &mut Pending) -> Result<String, Refusal> {
    let id = call.or_empty("resultId");
    if !pending.lists.contains_key(&id) {
        return Err(Refusal::query_failed(format!("Invalid resultId {id}")));
    }
    take(&id, pending)
}

fn take(id: &str, pending: &mut Pending) -> Result<String, Refusal> {
    let Some((name, mut rows, size, total)) = pending.lists.remove(id) else {
        return Err(Refusal::query_failed(format!("Invalid resultId {id}")));
    };
    let rest = rows.split_off(size.min(rows.len()));
    let (count, left) = (rows.len(), rest.len());
    let shown_id = if left == 0 { "" } else { id };
    let out = format!(
        "<data listtype=\"{name}\" count=\"{count}\" totalcount=\"{total}\" numremaining=\"{left}\" resultId=\"{shown_id}\">{}</data>",
        rows.concat()
    );
    if left > 0 {
        pending.lists.insert(id.to_owned(), (name, rest, size, total));
    }
    Ok(out)
}

/// Objects whose lines come along with `*`: list element, line object, and the field that points back.
fn owned(object: &str) -> &'static [(&'static str, &'static str, &'static str)] {
    match object {
        "SODOCUMENT" => {
            &[("SODOCUMENTENTRIES", "SODOCUMENTENTRY", "DOCHDRNO"), ("SUBTOTALS", "SODOCUMENTSUBTOTALS", "DOCHDRNO")]
        }
        "GLBATCH" => &[("ENTRIES", "GLENTRY", "BATCHNO")],
        "ARINVOICE" => &[("ARINVOICEITEMS", "ARINVOICEITEM", "RECORDKEY")],
        "ARADJUSTMENT" => &[("ARADJUSTMENTITEMS", "ARADJUSTMENTITEM", "RECORDKEY")],
        "ARPYMT" => &[("ARPYMTDETAILS", "ARPYMTDETAIL", "PAYMENTKEY")],
        "ARADVANCE" => &[("ARADVANCEITEMS", "ARADVANCEITEM", "RECORDKEY")],
        _ => &[],
    }
}

fn read(company: &Company, call: &Element, by: &str) -> Result<String, Refusal> {
    let table = table(&call.or_empty("object"))?;
    let by = if by.is_empty() { table.id_field() } else { by };
    let wanted = call.filled("fields").unwrap_or("*");
    let select = fields(table, Some(wanted))?;
    let keys: Vec<String> =
        call.or_empty("keys").split(',').map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect();
    if by == "RECORDNO" && keys.iter().any(|key| key.parse::<u64>().is_err()) {
        return Err(Refusal::query_failed(format!("Invalid keys list {}", call.or_empty("keys"))));
    }
    if !table.fields().iter().any(|(name, _)| *name == by) {
        return Err(no_such_field(table.name(), by));
    }
    let viewer = Viewer { entity: company.acting_entity.as_deref(), show_private: true };
    let mut out = String::new();
    let mut count = 0;
    for key in &keys {
        let filter = |field: &str, value: &str| {
            Some(Filter::Compare { field: field.to_owned(), operator: Operator::Equal, values: vec![value.to_owned()] })
        };
        let mut with_number = select.clone();
        with_number.push(Select::Field("RECORDNO".to_owned()));
        let page = table.query(company, &whole(table, with_number, filter(by, key)), &viewer)?;
        for mut cells in page.rows {
            let number = cells.pop().map(|(_, value)| value).unwrap_or_default();
            count += 1;
            let mut text = record(table.name(), &cells);
            if wanted == "*" {
                let end = format!("</{}>", table.name());
                text.truncate(text.len() - end.len());
                for (list, object, back) in owned(table.name()) {
                    let Some(lines) = tables::find(object) else { continue };
                    let query = Query {
                        order: vec![("RECORDNO".to_owned(), false)],
                        ..whole(lines, fields(lines, None)?, filter(back, &number))
                    };
                    let page = lines.query(company, &query, &viewer)?;
                    let name = object.to_lowercase();
                    let inner: String = page.rows.iter().map(|cells| record(&name, cells)).collect();
                    text.push_str(&format!("<{list}>{inner}</{list}>"));
                }
                text.push_str(&end);
            }
            out.push_str(&text);
        }
    }
    Ok(format!("<data listtype=\"{}\" count=\"{count}\">{out}</data>", table.name()))
}

fn is_hidden(company: &Company, object: &str, field: &str) -> bool {
    company.preferences.hidden_fields.iter().any(|(of, hidden)| of == object && hidden == field)
}

fn lookup(company: &Company, call: &Element) -> Result<String, Refusal> {
    let table = table(&call.or_empty("object"))?;
    let fields: String = table
        .fields()
        .iter()
        .filter(|(name, _)| !is_hidden(company, table.name(), name))
        .map(|(name, kind)| {
            let fixed = *name == "RECORDNO" || *name == "WHENMODIFIED";
            format!(
                "<Field><ID>{name}</ID><LABEL>{name}</LABEL><DESCRIPTION></DESCRIPTION><REQUIRED>false</REQUIRED><READONLY>{fixed}</READONLY><DATATYPE>{}</DATATYPE><ISCUSTOM>false</ISCUSTOM></Field>",
                kind.word()
            )
        })
        .collect();
    Ok(format!(
        "<data listtype=\"All\" count=\"1\"><Type Name=\"{}\" DocumentType=\"\"><Fields>{fields}</Fields><Relationships></Relationships></Type></data>",
        table.name()
    ))
}

/// UNVERIFIED: the shape of a short inspect.
fn inspect(company: &Company, call: &Element) -> Result<String, Refusal> {
    if call.attribute("detail") == Some("1") {
        return lookup(company, call);
    }
    let table = table(&call.or_empty("object"))?;
    let fields: String = table.fields().iter().map(|(name, _)| format!("<Field>{name}</Field>")).collect();
    Ok(format!(
        "<data listtype=\"All\" count=\"1\"><Type Name=\"{}\"><Fields>{fields}</Fields></Type></data>",
        table.name()
    ))
}

fn closed_books(company: &Company) -> String {
    match company.closed_date() {
        Some(day) => format!(
            "<data><closedbooksdate><year>{:04}</year><month>{:02}</month><day>{:02}</day></closedbooksdate></data>",
            day.year(),
            day.month(),
            day.day()
        ),
        None => "<data><closedbooksdate><year></year><month></month><day></day></closedbooksdate></data>".to_owned(),
    }
}

/// UNVERIFIED: the element around these fields.
fn financial_setup(company: &Company) -> String {
    let it = &company.preferences;
    format!(
        "<data><financialSetup><baseCurrency>{}</baseCurrency><defaultBook>ACCRUAL</defaultBook><firstFiscalMonth>{}</firstFiscalMonth><multiBaseCurrency>false</multiBaseCurrency><multiBook>false</multiBook><multiCurrency>{}</multiCurrency><multiEntityShared>{}</multiEntityShared></financialSetup></data>",
        escape(&company.base_currency),
        it.first_fiscal_month,
        it.multi_currency,
        it.multi_entity
    )
}
