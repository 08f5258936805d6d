//! A table of the market pack as text: tab-separated, one header line, cells read by the names of their columns. Not what
//! the columns mean.
use crate::pack::PackFiles;

/// Why the market pack could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarketError {
    /// A file is not there.
    #[error("the market pack lacks {0}")]
    Missing(String),
    /// A file is no UTF-8 text or has no header line.
    #[error("{0} is no table")]
    NoTable(String),
    /// A column is not there.
    #[error("{file} has no column {column}")]
    Column {
        /// Which file.
        file: String,
        /// The column looked for.
        column: String,
    },
    /// A line has more or fewer cells than the header.
    #[error("{file}:{line}: {found} cells, the header has {expected}")]
    Width {
        /// Which file.
        file: String,
        /// Line, the header being 1.
        line: usize,
        /// Cells of the line.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A cell is not what its column holds.
    #[error("{file}:{line}: {column} is {found:?}, expected {expected}")]
    Cell {
        /// Which file.
        file: String,
        /// Line, the header being 1.
        line: usize,
        /// Its column.
        column: String,
        /// As it stands there.
        found: String,
        /// What the column holds.
        expected: &'static str,
    },
    /// `sources.json` does not parse or names a source it does not describe.
    #[error("sources.json: {0}")]
    Sources(String),
    /// A column whose source is not named.
    #[error("sources.json does not say where {column} of {file} comes from")]
    Unsourced {
        /// Which file.
        file: String,
        /// The column.
        column: String,
    },
}

/// A table: the names of its columns, and rows of as many cells.
pub struct Table<'a> {
    file: &'a str,
    /// Names of the columns.
    pub header: Vec<&'a str>,
    rows: Vec<Vec<&'a str>>,
}

impl<'a> Table<'a> {
    /// Reads a file of the pack.
    ///
    /// # Errors
    /// A file that is missing or no text; a line of another width than the header.
    pub fn read(files: &'a PackFiles, file: &'a str) -> Result<Self, MarketError> {
        let bytes = files.get(file).ok_or_else(|| MarketError::Missing(file.into()))?;
        let no_table = || MarketError::NoTable(file.into());
        let mut lines = std::str::from_utf8(bytes).map_err(|_| no_table())?.lines();
        let header: Vec<&str> = lines.next().ok_or_else(no_table)?.split('\t').collect();
        let mut rows = Vec::new();
        for (at, line) in lines.enumerate() {
            let cells: Vec<&str> = line.split('\t').collect();
            if cells.len() != header.len() {
                return Err(MarketError::Width { file: file.into(), line: at + 2, found: cells.len(), expected: header.len() });
            }
            rows.push(cells);
        }
        Ok(Self { file, header, rows })
    }

    /// The rows in the order of the file.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().enumerate().map(|(at, cells)| Row { table: self, line: at + 2, cells })
    }
}

/// A row of a table.
#[derive(Clone, Copy)]
pub struct Row<'t> {
    table: &'t Table<'t>,
    line: usize,
    cells: &'t [&'t str],
}

impl<'t> Row<'t> {
    /// The text of a cell.
    ///
    /// # Errors
    /// [`MarketError::Column`].
    pub fn text(&self, column: &str) -> Result<&'t str, MarketError> {
        let place = self.table.header.iter().position(|name| *name == column);
        let cell = place.and_then(|place| self.cells.get(place));
        cell.copied().ok_or_else(|| MarketError::Column { file: self.table.file.into(), column: column.into() })
    }

    /// All cells with their columns.
    pub fn cells(&self) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.table.header.iter().copied().zip(self.cells.iter().copied())
    }

    /// A cell that must hold something.
    ///
    /// # Errors
    /// [`MarketError::Column`], or [`MarketError::Cell`] where `read` does not take the text.
    pub fn need<T>(&self, column: &str, expected: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, MarketError> {
        let text = self.text(column)?;
        read(text).ok_or_else(|| self.fault(column, text, expected))
    }

    /// A cell that may be empty: not published.
    ///
    /// # Errors
    /// As [`Row::need`].
    pub fn maybe<T>(&self, column: &str, expected: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, MarketError> {
        match self.text(column)? {
            "" => Ok(None),
            _ => self.need(column, expected, read).map(Some),
        }
    }

    /// What is wrong with a cell.
    pub fn fault(&self, column: &str, found: &str, expected: &'static str) -> MarketError {
        MarketError::Cell { file: self.table.file.into(), line: self.line, column: column.into(), found: found.into(), expected }
    }
}

/// A number that is finite and not negative.
pub fn amount(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite() && *value >= 0.0)
}

/// A percentage, 0..100, as a share 0..1.
pub fn percent(text: &str) -> Option<f64> {
    amount(text).filter(|value| *value <= 100.0).map(|value| value / 100.0)
}

/// A share, 0..1.
pub fn share(text: &str) -> Option<f64> {
    amount(text).filter(|value| *value <= 1.0)
}

/// `1` or `0`.
pub fn mark(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> PackFiles {
        PackFiles::from([("t.tsv".to_owned(), text.as_bytes().to_vec())])
    }

    #[test]
    fn an_empty_cell_is_missing_and_never_zero() {
        let files = files("soc\tpay\n11-1011\t\n11-1021\t0\n");
        let table = Table::read(&files, "t.tsv").unwrap();
        let pay: Vec<_> = table.rows().map(|row| row.maybe("pay", "an amount", amount).unwrap()).collect();
        assert_eq!(pay, [None, Some(0.0)]);
    }

    #[test]
    fn an_error_names_file_line_and_column() {
        for (cell, read) in [("-1", amount as fn(&str) -> Option<f64>), ("NaN", amount), ("inf", amount), ("101", percent), ("1.1", share), ("x", share)] {
            let files = files(&format!("soc\tpay\na\t1\nb\t{cell}\n"));
            let table = Table::read(&files, "t.tsv").unwrap();
            let error = table.rows().find_map(|row| row.need("pay", "a number", read).err()).unwrap();
            assert_eq!(error.to_string(), format!("t.tsv:3: pay is {cell:?}, expected a number"));
        }
        let narrow = files("soc\tpay\na\n");
        assert_eq!(Table::read(&narrow, "t.tsv").err().unwrap().to_string(), "t.tsv:2: 1 cells, the header has 2");
        let good = files("soc\na\n");
        let table = Table::read(&good, "t.tsv").unwrap();
        assert_eq!(table.rows().next().unwrap().text("pay"), Err(MarketError::Column { file: "t.tsv".into(), column: "pay".into() }));
        assert_eq!(Table::read(&good, "u.tsv").err(), Some(MarketError::Missing("u.tsv".into())));
    }
}
