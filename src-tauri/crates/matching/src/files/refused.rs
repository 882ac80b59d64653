//! What is wrong with a file, said so that it can be found in a text editor.

use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFile {
    pub file: String,
    /// 0 where the file as a whole is meant.
    pub line: usize,
    pub column: usize,
    pub what: String,
}

impl BadFile {
    pub fn whole(file: &str, what: impl Into<String>) -> BadFile {
        BadFile { file: file.to_owned(), line: 0, column: 0, what: what.into() }
    }

    pub fn at(file: &str, line: usize, column: usize, what: String) -> BadFile {
        BadFile { file: file.to_owned(), line, column, what }
    }
}

impl fmt::Display for BadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.what),
            line => write!(f, "{}, line {line}, column {}: {}", self.file, self.column, self.what),
        }
    }
}

impl std::error::Error for BadFile {}

/// A record that cannot be used, and why. The others can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub why: BadFile,
    pub id: String,
}
