//! What the judge reads: the records with their truth, and someone's matches.

use anyhow::{Context, ensure};
use std::collections::HashMap;
use std::path::Path;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Side {
    P,
    R,
}

impl Side {
    pub fn read(text: &str) -> anyhow::Result<Side> {
        match text {
            "P" => Ok(Side::P),
            "R" => Ok(Side::R),
            other => anyhow::bail!("a side is P or R, not `{other}`"),
        }
    }
}

pub struct Record {
    pub id: String,
    pub side: Side,
    pub row: csv::StringRecord,
    pub currency: String,
    pub amount: i64,
    /// In US cents, near enough to weigh one currency against another.
    pub weight: f64,
    pub group: Option<u32>,
    pub twin: u32,
    pub reason: String,
}

impl Record {
    pub fn is_money(&self) -> bool {
        self.side == Side::R || &self.row[4] == "S"
    }
}

pub struct Group {
    pub kind: String,
    pub members: Vec<u32>,
}

pub struct Data {
    pub records: Vec<Record>,
    pub place: HashMap<(Side, String), u32>,
    pub groups: Vec<Group>,
}

pub struct Match {
    pub id: String,
    pub members: Vec<u32>,
    pub confidence: f64,
}

impl Data {
    pub fn read(folder: &Path) -> anyhow::Result<Data> {
        let rates = rates(&folder.join("rates.csv"))?;
        let mut data = Data { records: Vec::new(), place: HashMap::new(), groups: Vec::new() };
        data.side(&folder.join("payments.csv"), Side::P, (8, 9), &rates)?;
        data.side(&folder.join("receipts.csv"), Side::R, (5, 6), &rates)?;
        data.truth(&folder.join("truth.csv"))?;
        Ok(data)
    }

    fn side(
        &mut self,
        path: &Path,
        side: Side,
        at: (usize, usize),
        rates: &HashMap<String, f64>,
    ) -> anyhow::Result<()> {
        let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
        for row in reader.records() {
            let row = row?;
            let currency = row[at.0].to_owned();
            let amount = minor(row[at.1].as_bytes()).with_context(|| format!("{}: not an amount", &row[at.1]))?;
            let cents = if row[at.1].contains('.') { 1.0 } else { 100.0 };
            let weight = amount.abs() as f64 * cents * rates.get(&currency).copied().unwrap_or(1.0);
            let id = row[0].to_owned();
            self.place.insert((side, id.clone()), self.records.len() as u32);
            self.records.push(Record {
                id,
                side,
                row,
                currency,
                amount,
                weight,
                group: None,
                twin: 0,
                reason: String::new(),
            });
        }
        Ok(())
    }

    fn truth(&mut self, path: &Path) -> anyhow::Result<()> {
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
        for row in reader.records() {
            let row = row?;
            let at = self.find(Side::read(&row[2])?, &row[3])?;
            let record = &mut self.records[at as usize];
            record.twin = row[4].parse().unwrap_or(0);
            record.reason = row[5].to_owned();
            if row[0].is_empty() {
                continue;
            }
            let next = self.groups.len() as u32;
            let group = *numbers.entry(row[0].to_owned()).or_insert(next);
            if group == next {
                self.groups.push(Group { kind: row[1].to_owned(), members: Vec::new() });
            }
            record.group = Some(group);
            self.groups[group as usize].members.push(at);
        }
        Ok(())
    }

    pub fn find(&self, side: Side, id: &str) -> anyhow::Result<u32> {
        self.place.get(&(side, id.to_owned())).copied().with_context(|| format!("no record {side:?} {id}"))
    }

    /// The matches of a file, in the order in which they begin.
    pub fn matches(&self, path: &Path) -> anyhow::Result<Vec<Match>> {
        let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
        let column = |headers: &csv::StringRecord, name: &str| {
            headers.iter().position(|it| it == name).with_context(|| format!("{} has no column {name}", path.display()))
        };
        let headers = reader.headers()?.clone();
        let (id, side) = (column(&headers, "match_id")?, column(&headers, "side")?);
        let (member, confidence) = (column(&headers, "id")?, column(&headers, "confidence")?);
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut matches: Vec<Match> = Vec::new();
        for row in reader.records() {
            let row = row?;
            let sure: f64 =
                row[confidence].parse().with_context(|| format!("{}: not a confidence", &row[confidence]))?;
            ensure!((0.0..=1.0).contains(&sure), "a confidence is from 0 to 1, not {sure}");
            let record = self.find(Side::read(&row[side])?, &row[member])?;
            let at = *places.entry(row[id].to_owned()).or_insert(matches.len());
            if at == matches.len() {
                matches.push(Match { id: row[id].to_owned(), members: Vec::new(), confidence: sure });
            }
            matches[at].members.push(record);
            matches[at].confidence = matches[at].confidence.min(sure);
        }
        Ok(matches)
    }
}

fn rates(path: &Path) -> anyhow::Result<HashMap<String, f64>> {
    let mut rates = HashMap::new();
    if path.exists() {
        for row in csv::Reader::from_path(path)?.records() {
            let row = row?;
            rates.entry(row[1].to_owned()).or_insert(row[2].parse()?);
        }
    }
    Ok(rates)
}

/// `-12.34` as -1234; what is written without decimals stays as it is.
pub fn minor(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text.split_first()? {
        (b'-', rest) => (-1, rest),
        _ => (1, text),
    };
    let mut amount: i64 = 0;
    for &letter in digits {
        match letter {
            b'0'..=b'9' => amount = amount.checked_mul(10)?.checked_add(i64::from(letter - b'0'))?,
            b'.' => {}
            _ => return None,
        }
    }
    Some(sign * amount)
}
