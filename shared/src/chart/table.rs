//! The table twin of a chart: the same data as rows of words and numbers, and as CSV. Not a table on a page.

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A name.
    Words(String),
    /// A number.
    Number {
        /// As a person reads it.
        shown: String,
        /// Unrounded, in the unit of the data (a share in 0..1).
        raw: f64,
    },
    /// A value that should be there, with the words for its absence.
    Missing(String),
    /// Nothing belongs here.
    Empty,
}

impl Cell {
    /// What a page shows.
    pub fn shown(&self) -> &str {
        match self {
            Cell::Words(words) | Cell::Missing(words) => words,
            Cell::Number { shown, .. } => shown,
            Cell::Empty => "",
        }
    }
}

/// Rows under a header; every row has as many cells as the header.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What stands in each column, with its unit.
    pub header: Vec<String>,
    /// From top to bottom.
    pub rows: Vec<Vec<Cell>>,
}

/// A field of RFC 4180, in quotes where it must be. Words that a spreadsheet would run as a formula get a `'` before them.
fn field(words: &str) -> String {
    let words = if words.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{words}") } else { words.to_owned() };
    if words.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", words.replace('"', "\"\"")) } else { words }
}

impl Table {
    /// As CSV (RFC 4180): header, rows with raw numbers, and last a row with the source line in its first field. UTF-8
    /// without a byte order mark: Excel wants one before Chinese, so what saves the file puts it there.
    pub fn csv(&self, source: &str) -> String {
        let mut out = String::new();
        let mut record = |fields: Vec<String>| {
            out.push_str(&fields.join(","));
            out.push_str("\r\n");
        };
        record(self.header.iter().map(|words| field(words)).collect());
        for row in &self.rows {
            record(
                row.iter()
                    .map(|cell| if let Cell::Number { raw, .. } = cell { raw.to_string() } else { field(cell.shown()) })
                    .collect(),
            );
        }
        if !source.is_empty() {
            let mut fields = vec![String::new(); self.header.len().max(1)];
            fields[0] = field(source);
            record(fields);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_it_must_and_keeps_numbers_raw() {
        let table = Table {
            header: vec!["Year".into(), "Pay, \"median\"".into()],
            rows: vec![
                vec![Cell::Words("2025".into()), Cell::Number { shown: "5.1万".into(), raw: 50_980.0 }],
                vec![Cell::Words("=1+1".into()), Cell::Missing("not published".into())],
                vec![Cell::Empty, Cell::Number { shown: "−2.1%".into(), raw: -0.0213 }],
            ],
        };
        let csv =
            "Year,\"Pay, \"\"median\"\"\"\r\n2025,50980\r\n'=1+1,not published\r\n,-0.0213\r\n\"Source: BLS, May 2025\",\r\n";
        assert_eq!(table.csv("Source: BLS, May 2025"), csv);
    }
}
