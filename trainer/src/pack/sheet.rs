//! Rows of a spreadsheet or of a CSV table by the names of its columns.
use anyhow::{Context, Result, bail};
use calamine::{Data, Reader, open_workbook_auto};
use std::path::Path;

/// A sheet read whole: the columns asked for, in their order; every cell as text, an empty one as "".
///
/// # Errors
/// The file, the sheet or the column that is not there.
pub fn columns<const N: usize>(path: &Path, sheet: Option<&str>, header_row: usize, names: [&str; N]) -> Result<Vec<[String; N]>> {
    let at = || path.display().to_string();
    let mut book = open_workbook_auto(path).with_context(at)?;
    let range = match sheet {
        Some(name) => book.worksheet_range(name).with_context(|| format!("{}: {name}", at()))?,
        None => book.worksheet_range_at(0).with_context(|| format!("{} has no sheet", at()))?.with_context(at)?,
    };
    let mut rows = range.rows().skip(header_row);
    let header = rows.next().with_context(|| format!("{} is empty", at()))?;
    let places = places(&header.iter().map(text).collect::<Vec<_>>(), names).with_context(at)?;
    Ok(rows.map(|row| places.map(|place| row.get(place).map(text).unwrap_or_default())).collect())
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        other => other.to_string().trim().to_owned(),
    }
}

/// A CSV table read whole, as [`columns`]. A byte order mark is skipped.
///
/// # Errors
/// A column that is not there, a line that is no CSV.
pub fn csv_columns<const N: usize>(table: &[u8], names: [&str; N]) -> Result<Vec<[String; N]>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(table.strip_prefix(b"\xef\xbb\xbf").unwrap_or(table));
    let header: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let places = places(&header, names)?;
    reader.records().map(|record| record.map(|record| places.map(|place| record.get(place).unwrap_or("").to_owned())).map_err(Into::into)).collect()
}

fn places<const N: usize>(header: &[String], names: [&str; N]) -> Result<[usize; N]> {
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        match header.iter().position(|cell| cell == name) {
            Some(found) => *place = found,
            None => bail!("no column {name:?}; there are {header:?}"),
        }
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_a_csv_table_are_found_by_name_and_quotes_hold() {
        let table = b"\xef\xbb\xbfcode,title,jobs\n11-0000,\"Top, and \"\"other\"\"\",\"1,200\"\n";
        assert_eq!(csv_columns(table, ["jobs", "title"]).unwrap(), [["1,200".to_owned(), "Top, and \"other\"".to_owned()]]);
        assert!(csv_columns(table, ["pay"]).unwrap_err().to_string().contains("no column \"pay\""));
    }
}
