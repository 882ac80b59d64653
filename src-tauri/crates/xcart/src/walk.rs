//! How the list of orders is walked while the store goes on working. An order that is deleted moves all behind it up by one;
//! read page after page, the one that moved from a page not yet read to one that was would never be read at all. So each page
//! begins at a row that was read before, and where it does not, rows have moved, and the page before is asked for again.
//!
//! A page is all that can be asked for (`page` of `itemsPerPage`, reference/xcart.md 3), so the overlap is made by asking for
//! pages a little smaller: of 100 rows, then of 99 the second, which begins at the last row of the first.

use crate::row::Row;
use serde_json::Value;

/// Rows `size * (page - 1)` to `size * page` of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub page: u32,
    pub size: u32,
}

impl Window {
    /// The one that holds the last row read, and as many behind it as a page of at most `largest` rows can.
    pub fn after(read: u64, largest: u32) -> Window {
        let last = read.saturating_sub(1);
        let at = |size: u32| Window { page: u32::try_from(last / u64::from(size)).unwrap_or(u32::MAX - 1) + 1, size };
        let best = (1..=largest).map(at).max_by_key(|it| it.end());
        match best {
            Some(window) if window.end() > read => window,
            // Pages of very few rows cannot always overlap.
            _ => Window { page: u32::try_from(read / u64::from(largest)).unwrap_or(u32::MAX - 1) + 1, size: largest },
        }
    }

    pub fn start(self) -> u64 {
        u64::from(self.page - 1) * u64::from(self.size)
    }

    fn end(self) -> u64 {
        u64::from(self.page) * u64::from(self.size)
    }
}

/// Whether nothing can lie between these rows and the `read` ones before, the last of which were `lately`.
pub(crate) fn follows(window: Window, rows: &[Value], read: u64, lately: &[u64], id: &str) -> bool {
    let overlaps = window.start() > 0 && window.start() < read && !lately.is_empty();
    !overlaps || ids(rows, id).any(|it| lately.contains(&it))
}

pub(crate) fn ids<'a>(rows: &'a [Value], id: &'a str) -> impl Iterator<Item = u64> + 'a {
    rows.iter().filter_map(move |it| Row::of(it).ok()?.id(id).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_at_the_last_row_read_or_before_and_goes_beyond_it() {
        for largest in 20..=100 {
            for read in (1..400).chain([9_999, 10_000, 123_457, 1_000_000]) {
                let window = Window::after(read, largest);
                assert!(window.size <= largest);
                assert!(window.start() < read && window.end() > read, "{read} read, {largest} a page: {window:?}");
            }
        }
        assert_eq!(Window::after(0, 100), Window { page: 1, size: 100 });
        assert_eq!(Window::after(100, 100), Window { page: 2, size: 99 });
        // A seventh more pages than without the overlap, of which each has a hundred requests for payments behind it.
        let mut read = 0;
        let mut pages = 0;
        while read < 1_000_000 {
            read = Window::after(read, 100).end();
            pages += 1;
        }
        assert!(pages < 11_500, "{pages} pages for a million orders");
    }

    #[test]
    fn pages_of_one_row_follow_each_other() {
        let mut read = 0;
        for page in 1..5 {
            let window = Window::after(read, 1);
            assert_eq!(window, Window { page, size: 1 });
            read = window.end();
        }
    }
}
