//! Rows of a spreadsheet by the names of its columns.
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
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        match header.iter().position(|cell| text(cell) == name) {
            Some(found) => *place = found,
            None => bail!("{} has no column {name:?}; it has {:?}", at(), header.iter().map(text).collect::<Vec<_>>()),
        }
    }
    Ok(rows.map(|row| places.map(|place| row.get(place).map(text).unwrap_or_default())).collect())
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        other => other.to_string().trim().to_owned(),
    }
}
