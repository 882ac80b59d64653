//! Pages of the admin API: 30 rows unless asked, never more than 100, `[]` past the end (`reference/xcart.md` 3).

use super::refusal::Refusal;
use crate::xcart::php::{Query, int};

/// Larger wishes are cut down silently.
const LARGEST: usize = 100;
const USUAL: usize = 30;

pub struct Page {
    pub number: usize,
    pub rows: usize,
}

impl Page {
    pub fn parse(query: &Query) -> Result<Page, Refusal> {
        let wish = query.last("itemsPerPage").map_or(USUAL as i64, int);
        let number = query.last("page").map_or(1, int);
        let rows = usize::try_from(wish).map_err(|_| Refusal::new(400, "Limit should not be less than 0"))?;
        let number = usize::try_from(number).ok().filter(|number| *number > 0);
        let number = number.ok_or_else(|| Refusal::new(400, "Page should not be less than 1"))?;
        if rows == 0 && number > 1 {
            return Err(Refusal::new(400, "Page should not be greater than 1 if limit is equal to 0"));
        }
        Ok(Page { number, rows: rows.min(LARGEST) })
    }

    pub fn of<'a, T>(&self, rows: &'a [T]) -> &'a [T] {
        let start = (self.number - 1).saturating_mul(self.rows).min(rows.len());
        &rows[start..(start + self.rows).min(rows.len())]
    }

    /// The number of the last page.
    pub fn last(&self, total: usize) -> usize {
        if self.rows == 0 { 1 } else { total.div_ceil(self.rows).max(1) }
    }
}
