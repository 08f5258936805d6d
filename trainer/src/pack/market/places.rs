//! Employees and median pay by state. Not metropolitan areas.
use super::{Column, Folder, Joins, LineItems, Report, Table, published};
use crate::data::names;
use anyhow::{Context, Result, ensure};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use waymark_shared::market::data::lists::{AREAS, STATES};
use waymark_shared::market::data::sources::REST;

const OEWS: &[&str] = &["bls-oews-2025-05"];
/// All occupations together.
const ALL: &str = "00-0000";

fn areas_of(ours: &Path) -> Result<BTreeMap<String, [String; 2]>> {
    names::read(&ours.join("market/areas.zh.tsv"))
}

/// The names of states and territories.
pub fn areas(ours: &Path) -> Result<Table> {
    let rows = areas_of(ours)?.into_iter().map(|(code, [en, zh])| [code, en, zh].into_iter().map(Cow::from).collect()).collect();
    let columns = vec![
        Column { name: "area", sources: OEWS, unit: "code", vintage: "2025-05", note: "FIPS" },
        Column { name: "name_en", sources: OEWS, unit: "name", vintage: "2025-05", note: "" },
        Column { name: "name_zh", sources: &["waymark"], unit: "name", vintage: "2026", note: "reference translation" },
    ];
    Ok(Table { file: AREAS, columns, wide: Vec::new(), rows })
}

/// Reads the figures of the states: a row an occupation, a column a state.
pub fn states(folder: &Folder, items: &LineItems, ours: &Path, report: &mut Report) -> Result<Table> {
    let areas = areas_of(ours)?;
    let mut joins = Joins::default();
    // Occupation (none for all together) → area → cell.
    let mut cells: BTreeMap<Option<usize>, BTreeMap<String, String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for [state, area, code, jobs, median] in folder.csv("bls-oews-2025-05/oews_state_2025.csv.gz", ["state", "area", "soc", "employment", "a_median"])? {
        let area = area.get(..2).with_context(|| format!("area {area:?}"))?.to_owned();
        let known = areas.get(&area).with_context(|| format!("no name for {state}"))?;
        ensure!(known[0] == state, "area {area} is {state}, not {}", known[0]);
        let row = if code == ALL {
            None
        } else if let Some(row) = items.row(&code) {
            if seen.insert(row) {
                items.counted(&code, &mut joins);
            }
            Some(row)
        } else {
            // Groups; no line item is only a group here.
            continue;
        };
        cells.entry(row).or_default().insert(area, format!("{}:{}", tens(&jobs)?, tens(&median)?));
    }
    report.insert("pay by state May 2025", joins);
    let rows = cells.into_iter().map(|(row, of)| {
        let code = row.map_or(ALL.to_owned(), |row| items.codes[row].clone());
        std::iter::once(code).chain(areas.keys().map(|area| of.get(area).cloned().unwrap_or_default())).map(Cow::from).collect()
    });
    let rows = rows.collect();
    let soc = Column { name: "soc", sources: OEWS, unit: "code", vintage: "2025-05", note: "00-0000 is all occupations" };
    let rest = Column { name: REST, sources: OEWS, unit: "tens of jobs : tens of USD a year, median", vintage: "2025-05", note: "empty: no row; *: not published" };
    Ok(Table { file: STATES, columns: vec![soc, rest], wide: areas.into_keys().collect(), rows })
}

/// A number that BLS has rounded to tens, in tens; `*` where it is not published.
fn tens(text: &str) -> Result<String> {
    let plain = published(text)?;
    if plain.is_empty() {
        return Ok("*".into());
    }
    plain.strip_suffix('0').filter(|tens| !tens.is_empty()).map(str::to_owned).with_context(|| format!("{text:?} is not in tens"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tens_lose_nothing_or_are_refused() {
        assert_eq!([tens("211,360").unwrap(), tens("-").unwrap()], ["21136", "*"]);
        assert!(tens("45675").is_err() && tens("0").is_err());
    }

    #[test]
    fn states_do_not_depend_on_the_order_of_the_rows() {
        let rows = ["Alaska,0200000,51-2090,-,52000", "Alabama,0100000,51-2090,12000,41000", "Alabama,0100000,00-0000,2113660,45670", "Alaska,0200000,51-2000,90,50000"];
        let built = |rows: &[&str]| -> Result<String> {
            let home = tempfile::tempdir()?;
            for folder in ["sources/bls-oews-2025-05", "ours/market"] {
                std::fs::create_dir_all(home.path().join(folder))?;
            }
            std::fs::write(home.path().join("ours/market/areas.zh.tsv"), "01\tAlabama\t亚拉巴马州\treviewed\n02\tAlaska\t阿拉斯加州\treviewed\n")?;
            let csv = format!("state,area,soc,employment,a_median\n{}\n", rows.join("\n"));
            let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut gz, csv.as_bytes())?;
            std::fs::write(home.path().join("sources/bls-oews-2025-05/oews_state_2025.csv.gz"), gz.finish()?)?;
            let folder = Folder { root: home.path().join("sources"), read: Default::default() };
            states(&folder, &LineItems::new(["51-2090".to_owned()]), &home.path().join("ours"), &mut Report::new())?.text()
        };
        // The minor group 51-2000 has no row of its own.
        let expected = "soc\t01\t02\n00-0000\t211366:4567\t\n51-2090\t1200:4100\t*:5200\n";
        assert_eq!(built(&rows).unwrap(), expected);
        let mut turned = rows;
        turned.reverse();
        assert_eq!(built(&turned).unwrap(), expected);
        assert!(built(&["Alaska,0100000,51-2090,90,50000"]).unwrap_err().to_string().contains("not Alabama"));
    }
}
