//! A CSV file as the accountant's spreadsheet saves it: RFC 4180 quotes, either line end, with or without a byte order
//! mark. Fields stay where they are in the file's own bytes; only doubled quotes are closed up in place.

use super::BadFile;

/// Where a text stands in its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub len: u32,
}

impl Span {
    pub fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start as usize..self.start as usize + self.len as usize]
    }

    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// The rows of one file, one after the other.
pub struct Rows {
    pub bytes: Vec<u8>,
    name: String,
    at: usize,
    pub header: Vec<String>,
}

/// 4 GB: places in a file are 32 bits wide.
const BYTES_MAX: usize = u32::MAX as usize - 1;

impl Rows {
    pub fn new(name: &str, bytes: Vec<u8>) -> Result<Rows, BadFile> {
        let mut rows = Rows { bytes, name: name.to_owned(), at: 0, header: Vec::new() };
        if rows.bytes.len() > BYTES_MAX {
            return Err(BadFile::whole(name, "the file is larger than 4 GB; split it by period"));
        }
        if let Err(error) = std::str::from_utf8(&rows.bytes) {
            return Err(rows.bad(error.valid_up_to(), "this is not UTF-8 text; save the file as UTF-8"));
        }
        if rows.bytes.starts_with(b"\xef\xbb\xbf") {
            rows.at = 3;
        }
        let mut fields = Vec::new();
        if !rows.next(&mut fields)? {
            return Err(BadFile::whole(name, "the file is empty; it needs a header line"));
        }
        rows.header =
            fields.iter().map(|it| String::from_utf8_lossy(it.of(&rows.bytes)).trim().to_lowercase()).collect();
        Ok(rows)
    }

    /// The fields of the next row that is not blank; false at the end.
    pub fn next(&mut self, fields: &mut Vec<Span>) -> Result<bool, BadFile> {
        fields.clear();
        loop {
            match self.bytes.get(self.at) {
                None => return Ok(false),
                Some(b'\n') => self.at += 1,
                Some(b'\r') => self.at += 1,
                Some(_) => break,
            }
        }
        loop {
            if self.bytes[self.at..].first() == Some(&b'"') {
                if self.quoted(fields)? {
                    return Ok(true);
                }
            } else {
                let rest = &self.bytes[self.at..];
                let len = memchr::memchr3(b',', b'\n', b'\r', rest).unwrap_or(rest.len());
                fields.push(span(self.at, len));
                let stop = rest.get(len).copied();
                self.at += len + 1;
                match stop {
                    Some(b',') => {}
                    Some(b'\r') => {
                        if self.bytes.get(self.at) == Some(&b'\n') {
                            self.at += 1;
                        }
                        return Ok(true);
                    }
                    _ => {
                        self.at = self.at.min(self.bytes.len());
                        return Ok(true);
                    }
                }
            }
            if self.at >= self.bytes.len() {
                fields.push(span(self.bytes.len(), 0));
                return Ok(true);
            }
        }
    }

    /// True where the row ends with it.
    fn quoted(&mut self, fields: &mut Vec<Span>) -> Result<bool, BadFile> {
        let open = self.at;
        let (mut from, mut to) = (open + 1, open + 1);
        loop {
            let Some(len) = memchr::memchr(b'"', &self.bytes[from..]) else {
                return Err(self.bad(open, "this quote is never closed"));
            };
            if from != to {
                self.bytes.copy_within(from..from + len, to);
            }
            to += len;
            from += len + 1;
            if self.bytes.get(from) == Some(&b'"') {
                self.bytes[to] = b'"';
                to += 1;
                from += 1;
            } else {
                break;
            }
        }
        fields.push(span(open + 1, to - open - 1));
        // What is left over of the field must not look like line ends: lines are counted by them.
        self.bytes[to..from].fill(b'"');
        match self.bytes.get(from) {
            None => {
                self.at = from;
                Ok(true)
            }
            Some(b',') => {
                self.at = from + 1;
                Ok(false)
            }
            Some(b'\n') => {
                self.at = from + 1;
                Ok(true)
            }
            Some(b'\r') => {
                self.at = from + 1 + usize::from(self.bytes.get(from + 1) == Some(&b'\n'));
                Ok(true)
            }
            Some(_) => Err(self.bad(from, "after a closing quote comes a comma or the end of the line")),
        }
    }

    /// The place of a column, or what is missing.
    pub fn column(&self, name: &str) -> Result<usize, BadFile> {
        self.find(name).ok_or_else(|| {
            BadFile::at(&self.name, 1, 1, format!("the column {name} is missing; there are {}", self.header.join(", ")))
        })
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|it| it == name)
    }

    pub fn bad(&self, offset: usize, what: impl Into<String>) -> BadFile {
        let before = &self.bytes[..offset.min(self.bytes.len())];
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        let start = memchr::memrchr(b'\n', before).map_or(0, |it| it + 1);
        BadFile::at(&self.name, line, offset - start + 1, what.into())
    }
}

fn span(start: usize, len: usize) -> Span {
    // Checked when the file was opened: nothing in it lies beyond 32 bits.
    Span { start: start as u32, len: len as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<Vec<String>>, BadFile> {
        let mut rows = Rows::new("a.csv", text.as_bytes().to_vec())?;
        let (mut fields, mut found) = (Vec::new(), Vec::new());
        while rows.next(&mut fields)? {
            found.push(fields.iter().map(|it| String::from_utf8_lossy(it.of(&rows.bytes)).into_owned()).collect());
        }
        Ok(found)
    }

    #[test]
    fn quotes_line_ends_and_the_byte_order_mark_are_read_as_meant() {
        let rows = all("\u{feff}a,b\r\n1,\"x, \"\"y\"\"\nz\"\n\n2,\r\n\"3\",\"\"\r4,last").unwrap();
        assert_eq!(rows, [["1", "x, \"y\"\nz"], ["2", ""], ["3", ""], ["4", "last"]]);
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_column() {
        assert_eq!(all("a,b\n1,\"x").unwrap_err().to_string(), "a.csv, line 2, column 3: this quote is never closed");
        assert!(all("").unwrap_err().to_string().contains("header line"));
        assert!(all("a\n\"b\"c").unwrap_err().to_string().contains("line 2, column 4"));
    }
}
