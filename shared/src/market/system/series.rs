//! A series of S, T and P that people import, as CSV: `t,S,T,P` (t in years) or `date,S,T,P` (2019, 2019-06 or
//! 2019-06-30). What is asked of it before a fit stands in `fit`.
use serde::{Deserialize, Serialize};

/// The longest text, in bytes.
pub const BYTES_MAX: usize = 1 << 20;
/// The most rows.
pub const ROWS_MAX: usize = 10_000;

/// A row of a series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Years; of a date, its year and the part of it that is over when the period begins.
    pub t_years: f64,
    /// S, an index.
    pub s: f64,
    /// T, an index.
    pub t: f64,
    /// P, index per year.
    pub p: f64,
}

/// Why a series cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// More than [`BYTES_MAX`] bytes or [`ROWS_MAX`] rows.
    #[error("the series is too long: at most {BYTES_MAX} bytes and {ROWS_MAX} rows")]
    TooLong,
    /// A column is missing from the first line.
    #[error("line 1: no column {column}; the columns are t (or date), S, T and P")]
    MissingColumn {
        /// Its name.
        column: &'static str,
    },
    /// The text is no CSV: quotes that do not close, rows of other lengths, no UTF-8.
    #[error("line {line}: not a row of as many fields as the first line")]
    NotCsv {
        /// From 1.
        line: u64,
    },
    /// A field that is no number (or date).
    #[error("line {line}, column {column}: {text:?} is not a {}", if *column == "date" { "date such as 2019, 2019-06 or 2019-06-30" } else { "number" })]
    NotANumber {
        /// From 1.
        line: u64,
        /// Its column.
        column: &'static str,
        /// What stands there, at most 40 characters.
        text: String,
    },
    /// A time not after that of the row before.
    #[error("line {line}: its time is not after that of the line before")]
    NotAfter {
        /// From 1.
        line: u64,
    },
}

/// Reads a series; fields apart by comma, semicolon or tab, whichever the first line has.
pub fn read(text: &str) -> Result<Vec<Observation>, SeriesError> {
    if text.len() > BYTES_MAX {
        return Err(SeriesError::TooLong);
    }
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or("");
    let delimiter = if first.contains(';') { b';' } else if first.contains('\t') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let line_of = |error: &csv::Error| error.position().map_or(1, csv::Position::line);
    let headers = reader.headers().map_err(|e| SeriesError::NotCsv { line: line_of(&e) })?.clone();
    let place = |column: &'static str| headers.iter().position(|h| h == column).ok_or(SeriesError::MissingColumn { column });
    let dated = place("date").is_ok();
    let time = if dated { place("date")? } else { place("t")? };
    let columns = [(place("S")?, "S"), (place("T")?, "T"), (place("P")?, "P")];
    let mut rows: Vec<Observation> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| SeriesError::NotCsv { line: line_of(&e) })?;
        let line = record.position().map_or(0, csv::Position::line);
        if rows.len() == ROWS_MAX {
            return Err(SeriesError::TooLong);
        }
        let field = |place: usize| record.get(place).unwrap_or("");
        let wrong = |place: usize, column| SeriesError::NotANumber { line, column, text: field(place).chars().take(40).collect() };
        let number = |(place, column): (usize, &'static str)| field(place).parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| wrong(place, column));
        let t_years = if dated { years(field(time)).ok_or_else(|| wrong(time, "date"))? } else { number((time, "t"))? };
        if rows.last().is_some_and(|before| before.t_years >= t_years) {
            return Err(SeriesError::NotAfter { line });
        }
        let [s, t, p] = columns.map(number);
        rows.push(Observation { t_years, s: s?, t: t?, p: p? });
    }
    Ok(rows)
}

/// A date of ISO 8601 (year, month or day) in years.
fn years(text: &str) -> Option<f64> {
    let mut parts = text.split('-');
    let mut part = |digits: usize| match parts.next() {
        None => Some(None),
        Some(part) if part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()) => part.parse::<u32>().ok().map(Some),
        Some(_) => None,
    };
    let (year, month, day) = (part(4)??, part(2)?, part(2)?);
    if part(0).is_none_or(|rest| rest.is_some()) {
        return None;
    }
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let (month, day) = (month.unwrap_or(1), day.unwrap_or(1));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let within = (1..=days).contains(&day);
    within.then(|| f64::from(year) + (f64::from(month - 1) + f64::from(day - 1) / f64::from(days)) / 12.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_read_in_its_usual_forms() {
        let expected = [Observation { t_years: 2019.0, s: 1.0, t: 2.0, p: 0.5 }, Observation { t_years: 2019.5, s: 1.5, t: 2.5, p: -0.25 }];
        for text in [
            "t,S,T,P\n2019,1,2,0.5\n2019.5,1.5,2.5,-0.25\n",
            "\u{feff}date;P;note;T;S\r\n2019;0.5;x;2;1\r\n2019-07;-0.25;\"a;b\";2.5;1.5\r\n",
            "date\tS\tT\tP\n2019-01-01\t1\t2\t 0.5\n2019-07-01\t1.5\t25e-1\t-.25",
        ] {
            assert_eq!(read(text).unwrap(), expected, "{text}");
        }
        assert_eq!(read("t,S,T,P\n").unwrap(), []);
    }

    #[test]
    fn an_error_names_line_and_column() {
        let cases = [
            ("t,S,T\n1,2,3", "line 1: no column P; the columns are t (or date), S, T and P"),
            ("S,T,P\n1,2,3", "line 1: no column t; the columns are t (or date), S, T and P"),
            ("", "line 1: no column t; the columns are t (or date), S, T and P"),
            ("t,S,T,P\n1,1,1,1\n2,1,x,1", "line 3, column T: \"x\" is not a number"),
            ("t,S,T,P\n1,1,1,NaN", "line 2, column P: \"NaN\" is not a number"),
            ("t,S,T,P\n1,,1,1", "line 2, column S: \"\" is not a number"),
            ("t,S,T,P\n1,1,1,1\n1,1,1,1", "line 3: its time is not after that of the line before"),
            ("t,S,T,P\n1,1,1", "line 2: not a row of as many fields as the first line"),
            ("date,S,T,P\n2019-13,1,1,1", "line 2, column date: \"2019-13\" is not a date such as 2019, 2019-06 or 2019-06-30"),
        ];
        for (text, message) in cases {
            assert_eq!(read(text).unwrap_err().to_string(), message, "{text}");
        }
        let long: String = (0..=ROWS_MAX).map(|i| format!("\n{i},1,1,1")).collect();
        assert_eq!(read(&format!("t,S,T,P{long}")), Err(SeriesError::TooLong));
    }

    #[test]
    fn dates_are_real_days() {
        assert_eq!(years("2024-02-29"), Some(2024.0 + (1.0 + 28.0 / 29.0) / 12.0));
        for text in ["2023-02-29", "1900-02-29", "2024-00", "2024-1", "24-01", "2024-01-32", "2024-01-00", "2024-01-01-01", "+202", "2024-01-01T00", ""] {
            assert_eq!(years(text), None, "{text}");
        }
        assert!(years("2000-02-29").is_some());
    }
}
