//! The market data of the pack: tables of names, codes and numbers from public sources, the source of every column, and
//! how the tables joined. No description and no task sentence; nothing is imputed: what is not published stays empty.
mod groups;
mod learning;
mod occupations;
mod places;
mod provenance;
mod weights;

use super::join::{Joins, LineItems};
use super::sheet;
use crate::train::checkpoint::{sha256, write_whole};
use anyhow::{Context, Result, bail};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use waymark_shared::market::data::sources::{REST, SOURCES};
use waymark_shared::market::data::{ColumnSource, Join, Sources};

/// What a column is.
#[derive(Clone, Copy, Debug)]
struct Column {
    name: &'static str,
    sources: &'static [&'static str],
    unit: &'static str,
    vintage: &'static str,
    note: &'static str,
}

/// A table as it is written.
struct Table {
    file: &'static str,
    columns: Vec<Column>,
    /// Names of further columns, all described by a last one of `columns` that is called [`REST`].
    wide: Vec<String>,
    rows: Vec<Vec<Cow<'static, str>>>,
}

impl Table {
    fn header(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name).filter(|name| *name != REST).chain(self.wide.iter().map(String::as_str))
    }

    /// One line a row, the header first.
    fn text(&self) -> Result<String> {
        let mut text = self.header().collect::<Vec<_>>().join("\t") + "\n";
        let width = self.header().count();
        for row in &self.rows {
            if row.len() != width || row.iter().any(|cell| cell.contains(['\t', '\n', '\r'])) {
                bail!("{}: a row of {} cells under {width} columns, or a cell with a tab or line end: {row:?}", self.file, row.len());
            }
            text += &row.join("\t");
            text.push('\n');
        }
        Ok(text)
    }
}

/// The sources on disk; every file that is read is remembered with its digest.
struct Folder {
    root: PathBuf,
    read: RefCell<BTreeMap<String, String>>,
}

impl Folder {
    fn bytes(&self, path: &str) -> Result<Vec<u8>> {
        let at = self.root.join(path);
        let bytes = std::fs::read(&at).with_context(|| at.display().to_string())?;
        self.read.borrow_mut().insert(path.to_owned(), sha256(&bytes));
        if path.ends_with(".gz") {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut plain).with_context(|| at.display().to_string())?;
            return Ok(plain);
        }
        Ok(bytes)
    }

    fn sheet<const N: usize>(&self, path: &str, sheet: Option<&str>, header_row: usize, names: [&str; N]) -> Result<Vec<[String; N]>> {
        self.bytes(path)?;
        sheet::columns(&self.root.join(path), sheet, header_row, names)
    }

    fn csv<const N: usize>(&self, path: &str, names: [&str; N]) -> Result<Vec<[String; N]>> {
        sheet::csv_columns(&self.bytes(path)?, names).with_context(|| self.root.join(path).display().to_string())
    }

    fn text(&self, path: &str) -> Result<String> {
        Ok(String::from_utf8(self.bytes(path)?)?)
    }
}

/// How the tables joined the line items of the matrix, by the name of the table.
type Report = BTreeMap<&'static str, Joins>;

/// The market data, ready to be written.
pub struct Market {
    tables: Vec<Table>,
    sources: Sources,
    joins: Report,
}

/// Reads and joins all tables. `sources` is the folder of the market data, `ours` the one of our own names
/// (`trainer/data`), `taxonomy` the built taxonomy, whose competences our names of topics are held against.
///
/// # Errors
/// A table, column or name that is missing, or a value that is not what its column holds.
pub fn read(sources: &Path, ours: &Path, taxonomy: &Path) -> Result<Market> {
    let folder = Folder { root: sources.to_path_buf(), read: RefCell::default() };
    let mut joins = Report::new();
    let matrix = occupations::Matrix::read(&folder)?;
    let china = learning::china(&folder)?;
    let tables = vec![
        occupations::table(&folder, &matrix, &mut joins)?,
        groups::table(&folder, &matrix, ours)?,
        weights::elements(&folder, &matrix.items, &mut joins)?,
        weights::related(&folder, &matrix.items, &mut joins)?,
        weights::technologies(&folder, &matrix.items)?,
        groups::backtest(&folder, &matrix.items, &mut joins)?,
        places::areas(ours)?,
        places::states(&folder, &matrix.items, ours, &mut joins)?,
        learning::table(&folder, ours, taxonomy)?,
        learning::nearest(ours, &china)?,
        china,
    ];
    let columns = tables.iter().map(|table| {
        let of = |column: &Column| ColumnSource {
            sources: column.sources.iter().map(|id| (*id).to_owned()).collect(),
            unit: column.unit.into(),
            vintage: column.vintage.into(),
            note: column.note.into(),
        };
        (table.file.to_owned(), table.columns.iter().map(|column| (column.name.to_owned(), of(column))).collect())
    });
    let sources = Sources { version: 1, sources: provenance::sources(&folder.read.borrow())?, columns: columns.collect() };
    Ok(Market { tables, sources, joins })
}

impl Market {
    /// The files of the market folder. The same sources give the same bytes.
    ///
    /// # Errors
    /// A cell that would break its table, a column that names no source.
    pub fn files(&self) -> Result<BTreeMap<&'static str, Vec<u8>>> {
        let mut files = BTreeMap::new();
        for table in &self.tables {
            files.insert(table.file, table.text()?.into_bytes());
        }
        let json = serde_json::to_vec_pretty(&self.sources)?;
        Sources::parse(&json)?;
        files.insert(SOURCES, json);
        files.insert("card.json", serde_json::to_vec_pretty(&self.card())?);
        Ok(files)
    }

    /// Writes the files of the market folder.
    ///
    /// # Errors
    /// Those of [`Market::files`] and of the disk.
    pub fn write(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        self.files()?.into_iter().try_for_each(|(name, bytes)| write_whole(&folder.join(name), &bytes))
    }

    /// Licences, rows and the report of the joins.
    fn card(&self) -> serde_json::Value {
        let licences: Vec<String> = self.sources.sources.iter().map(|source| format!("{} ({})", source.name, source.licence)).collect();
        let rows: BTreeMap<&str, usize> = self.tables.iter().map(|table| (table.file, table.rows.len())).collect();
        let joins: BTreeMap<&str, serde_json::Value> = self
            .joins
            .iter()
            .map(|(table, joins)| {
                let mut counts: serde_json::Map<String, serde_json::Value> =
                    Join::ALL.into_iter().map(|join| (join.name().to_owned(), joins.count(join).into())).collect();
                if !joins.none.is_empty() {
                    counts.insert("not_joined".into(), joins.none.clone().into());
                }
                (*table, counts.into())
            })
            .collect();
        serde_json::json!({
            "licences": licences,
            "rows": rows,
            "codes_joined_to_the_matrix": joins,
            "joined_by_hand": super::join::BY_HAND,
            "limits": provenance::LIMITS,
        })
    }

    /// The report for the terminal: a line a table, then rows of each file.
    pub fn report(&self) -> String {
        let joins = self.joins.iter().map(|(table, joins)| {
            let counts: Vec<String> = Join::ALL.into_iter().map(|join| format!("{} {}", joins.count(join), join.name())).collect();
            format!("{table}: {}\n", counts.join(", "))
        });
        let rows = self.tables.iter().map(|table| format!("{}: {} rows\n", table.file, table.rows.len()));
        joins.chain(rows).collect()
    }
}

/// A number as published, or an empty cell for one of the marks of "not published".
fn published(text: &str) -> Result<String> {
    match text {
        "" | "-" | "—" | "*" | "**" | "#" | "N/A" => Ok(String::new()),
        _ => {
            let plain = text.replace(',', "");
            let value: f64 = plain.parse().with_context(|| format!("{text:?} is no number"))?;
            if !value.is_finite() || value < 0.0 {
                bail!("{text:?} is no amount");
            }
            // 12.50 and 12.5, 40.0 and 40 are one number.
            Ok(value.to_string())
        }
    }
}

/// A computed value, to so many decimals, without zeros at its end.
fn rounded(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The rows of the matrix's codes that a table gives figures for under the same codes.
fn by_row<T>(items: &LineItems, rows: impl IntoIterator<Item = (String, T)>, joins: &mut Joins) -> BTreeMap<usize, T> {
    rows.into_iter().filter_map(|(code, figures)| Some((items.counted(&code, joins)?, figures))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Column = Column { name: "soc", sources: &["waymark"], unit: "code", vintage: "2026", note: "" };

    #[test]
    fn what_is_not_published_is_empty_and_never_zero() {
        for mark in ["", "-", "—", "*", "#"] {
            assert_eq!(published(mark).unwrap(), "");
        }
        assert_eq!([published("1,200").unwrap(), published("0").unwrap(), published("12.50").unwrap()], ["1200", "0", "12.5"]);
        assert!(published("about 3").is_err() && published("-3").is_err() && published("NaN").is_err());
        assert_eq!([rounded(0.12345, 4), rounded(2.0, 2), rounded(100.0, 0)], ["0.1235", "2", "100"]);
    }

    #[test]
    fn a_table_refuses_rows_that_would_not_be_read_back() {
        let table = |rows: Vec<Vec<Cow<'static, str>>>| Table { file: "t.tsv", columns: vec![NAME, Column { name: REST, ..NAME }], wide: vec!["01".into(), "02".into()], rows };
        assert_eq!(table(vec![vec!["a".into(), "1".into(), "".into()]]).text().unwrap(), "soc\t01\t02\na\t1\t\n");
        assert!(table(vec![vec!["a".into(), "1".into()]]).text().is_err());
        assert!(table(vec![vec!["a".into(), "1\t2".into(), "".into()]]).text().is_err());
    }
}
