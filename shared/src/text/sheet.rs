//! A table of a person's own as spreadsheets write and read it: CSV with a header, in UTF-8 or, as Chinese ones do, GB18030. Not
//! what its columns mean.
use csv::{Position, ReaderBuilder, StringRecord, Trim};
use std::borrow::Cow;

/// A table, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The names of the columns as they stand.
    pub header: StringRecord,
    /// The line of the header, from 1, with what comes before it counted likewise.
    pub line: u64,
    /// Lines with something in them, each with its number, from 1 (where empty lines or comments come right before, that of the first); of one that is
    /// malformed the number alone.
    pub rows: Vec<(u64, Option<StringRecord>)>,
}

/// Why a table is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetFault {
    /// It has more bytes than were allowed.
    TooLarge,
    /// Its header is malformed, on this line.
    Malformed(u64),
}

impl Sheet {
    /// Opens a table of at most so many bytes; what follows a mark of comments at the beginning of a line is passed over.
    ///
    /// # Errors
    /// A table too large, a header that is none.
    pub fn open(bytes: &[u8], most: usize, comment: Option<u8>) -> Result<Self, SheetFault> {
        if bytes.len() > most {
            return Err(SheetFault::TooLarge);
        }
        let text: Cow<'_, str> = match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').into(),
            Err(_) => encoding_rs::GB18030.decode(bytes).0,
        };
        let mut reader = ReaderBuilder::new().comment(comment).trim(Trim::All).from_reader(text.as_bytes());
        let line_of = |error: &csv::Error| error.position().map_or(0, Position::line);
        let header = reader.headers().map_err(|error| SheetFault::Malformed(line_of(&error)))?.clone();
        let line = header.position().map_or(0, Position::line);
        let row = |record: Result<StringRecord, csv::Error>| match record {
            Ok(record) if record.iter().all(str::is_empty) => None,
            Ok(record) => Some((record.position().map_or(0, Position::line), Some(record))),
            Err(error) => Some((line_of(&error), None)),
        };
        let rows = reader.records().filter_map(row).collect();
        Ok(Self { header, line, rows })
    }

    /// The places of columns, each by any of its names in lower case.
    pub fn columns<const N: usize>(&self, names: [&[&str]; N]) -> [Option<usize>; N] {
        let header: Vec<String> = self.header.iter().map(str::to_lowercase).collect();
        names.map(|names| header.iter().position(|name| names.contains(&name.as_str())))
    }

    /// True where no column has a name.
    pub fn is_blank(&self) -> bool {
        self.header.iter().all(str::is_empty)
    }
}

/// A line of a table.
pub fn line<C: AsRef<str>>(cells: impl IntoIterator<Item = C>) -> String {
    let mut text = cells.into_iter().map(|cell| quoted(cell.as_ref())).collect::<Vec<_>>().join(",");
    text.push_str("\r\n");
    text
}

/// What a spreadsheet would take for the beginning of a formula (OWASP, CSV Injection).
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell without the apostrophe before what would be a formula.
pub fn unquoted(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}

/// A cell; a formula is led by an apostrophe.
fn quoted(cell: &str) -> String {
    let lead = if cell.starts_with(FORMULA) { "'" } else { "" };
    if lead.is_empty() && !cell.contains(['"', ',', '\n', '\r']) {
        return cell.to_owned();
    }
    format!("\"{lead}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers_whatever_stands_between() {
        let text = "\u{feff}Name, Hours\n焊接,40\n,\n\"a, b\",3,4\n电工,8\n";
        let of = |bytes: &[u8]| Sheet::open(bytes, 100, None).unwrap();
        let sheet = of(text.as_bytes());
        assert_eq!(sheet.columns([&["hours"], &["place"], &["name"]]), [Some(1), None, Some(0)]);
        let rows: Vec<(u64, Option<&str>)> = sheet.rows.iter().map(|(line, row)| (*line, row.as_ref().and_then(|row| row.get(0)))).collect();
        assert_eq!(rows, [(2, Some("焊接")), (4, None), (5, Some("电工"))]);
        assert_eq!(of(&encoding_rs::GB18030.encode(&text[3..]).0).rows, sheet.rows);
        let commented = Sheet::open(b"#a\nname\n#b\nc\n", 100, Some(b'#')).unwrap();
        assert_eq!((sheet.line, commented.line, commented.rows.len()), (1, 1, 1));
        assert!(of(b"").is_blank() && Sheet::open(text.as_bytes(), 9, None) == Err(SheetFault::TooLarge));
    }
}
