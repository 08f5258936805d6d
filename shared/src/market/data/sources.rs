//! Where the figures of the market pack come from: sources with licence and digests, and the source, unit and vintage of
//! every column. Not the figures.
use super::table::MarketError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `sources.json` of the market pack.
pub const SOURCES: &str = "sources.json";
/// Stands in a table's columns for all that have no entry of their own: elements, areas.
pub const REST: &str = "*";

/// A publication that figures were taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Short name, as `bls-ep-2024-34`.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Version or edition.
    pub version: String,
    /// What day, month or year it was published, as ISO 8601 has it.
    pub date: String,
    /// Licence, as `CC BY 4.0`.
    pub licence: String,
    /// The line that must be shown with the figures.
    pub attribution: String,
    /// Where it is published.
    pub url: String,
    /// The files that were read.
    pub files: Vec<SourceFile>,
}

/// A file that was read to build the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its place in the folder of the market data.
    pub path: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// What a column holds and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSource {
    /// Ids of the sources it rests on, the main one first.
    pub sources: Vec<String>,
    /// Unit, as `thousand jobs`; `code` or `name` for what is not measured.
    pub unit: String,
    /// The time the values belong to.
    pub vintage: String,
    /// What was done to the published values, where anything was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// All sources, and what every column of every table rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// Form of the pack's tables; this code reads 1.
    pub version: u32,
    /// In the order in which they are shown.
    pub sources: Vec<Source>,
    /// File → column → what it rests on.
    pub columns: BTreeMap<String, BTreeMap<String, ColumnSource>>,
}

impl Sources {
    /// Reads `sources.json`.
    ///
    /// # Errors
    /// [`MarketError::Sources`] where it does not parse or a column names a source that is not described.
    pub fn parse(json: &[u8]) -> Result<Self, MarketError> {
        let read: Self = serde_json::from_slice(json).map_err(|e| MarketError::Sources(e.to_string()))?;
        if read.version != 1 {
            return Err(MarketError::Sources(format!("version {}, not 1", read.version)));
        }
        for column in read.columns.values().flat_map(BTreeMap::values) {
            if let Some(unknown) = column.sources.iter().find(|id| read.source(id).is_none()) {
                return Err(MarketError::Sources(format!("no source {unknown}")));
            }
            if column.sources.is_empty() {
                return Err(MarketError::Sources("a column without a source".into()));
            }
        }
        Ok(read)
    }

    /// A source by its id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// What a column rests on.
    ///
    /// # Errors
    /// [`MarketError::Unsourced`].
    pub fn of(&self, file: &str, column: &str) -> Result<&ColumnSource, MarketError> {
        let columns = self.columns.get(file);
        let found = columns.and_then(|columns| columns.get(column).or_else(|| columns.get(REST)));
        found.ok_or_else(|| MarketError::Unsourced { file: file.into(), column: column.into() })
    }

    /// The main source of a column.
    ///
    /// # Errors
    /// [`MarketError::Unsourced`].
    pub fn main(&self, file: &str, column: &str) -> Result<&Source, MarketError> {
        let of = self.of(file, column)?;
        let source = of.sources.first().and_then(|id| self.source(id));
        source.ok_or_else(|| MarketError::Unsourced { file: file.into(), column: column.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_without_a_known_source_is_refused() {
        let json = |id: &str| format!(r#"{{"version":1,"sources":[{{"id":"a","name":"A","version":"1","date":"2025","licence":"CC0","attribution":"A","url":"","files":[]}}],"columns":{{"t.tsv":{{"pay":{{"sources":[{id}],"unit":"USD","vintage":"2025"}}}}}}}}"#);
        let sources = Sources::parse(json("\"a\"").as_bytes()).unwrap();
        assert_eq!(sources.main("t.tsv", "pay").unwrap().name, "A");
        assert_eq!(sources.of("t.tsv", "jobs"), Err(MarketError::Unsourced { file: "t.tsv".into(), column: "jobs".into() }));
        assert_eq!(Sources::parse(json("\"b\"").as_bytes()), Err(MarketError::Sources("no source b".into())));
        assert!(Sources::parse(json("").as_bytes()).is_err());
    }
}
