//! What occupations need and which are related: skills and knowledge, related occupations, technologies in demand. Work
//! activities and the technologies of an occupation stand in the taxonomy's weights and are not stored twice.
use super::{Column, Folder, Joins, LineItems, Report, Table};
use crate::pack::taxonomy::technology_id;
use anyhow::{Context, Result, bail};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use waymark_shared::market::data::lists::TECHNOLOGIES;
use waymark_shared::market::data::sources::REST;
use waymark_shared::market::data::{RELATED, WEIGHTS};

const ONET: &[&str] = &["onet-29.3", "waymark"];
const SOC: Column = Column { name: "soc", sources: &["bls-ep-2024-34"], unit: "code", vintage: "2024", note: "" };

/// Importance and level of an element for one code, and whether one of them is imprecise.
type Rating = ([Option<f64>; 2], bool);

/// Importance and level of an element over the codes of an occupation.
#[derive(Clone, Copy, Default)]
struct Sum {
    importance: f64,
    level: f64,
    count: f64,
    imprecise: bool,
}

impl Sum {
    /// `importance:level` in steps of 1/25, `*` where imprecise.
    fn cell(self) -> String {
        let steps = |sum: f64| (sum / self.count * 25.0).round();
        format!("{}:{}{}", steps(self.importance), steps(self.level), if self.imprecise { "*" } else { "" })
    }
}

/// Reads importance and level of skills and knowledge; over several codes their mean.
pub fn elements(folder: &Folder, items: &LineItems, report: &mut Report) -> Result<Table> {
    let (mut ids, mut sums) = (BTreeSet::new(), BTreeMap::<usize, BTreeMap<String, Sum>>::new());
    for (file, table) in [("onet-29.3/Skills.xlsx", "O*NET 29.3 skills"), ("onet-29.3/Knowledge.xlsx", "O*NET 29.3 knowledge")] {
        let mut rated: BTreeMap<String, BTreeMap<String, Rating>> = BTreeMap::new();
        for [code, id, scale, value, suppress] in folder.sheet(file, None, 0, ["O*NET-SOC Code", "Element ID", "Scale ID", "Data Value", "Recommend Suppress"])? {
            let slot = rated.entry(code).or_default().entry(id).or_default();
            let scale = match scale.as_str() { "IM" => 0, "LV" => 1, other => bail!("{file}: scale {other:?}") };
            slot.0[scale] = Some(value.parse().with_context(|| format!("{file}: {value:?}"))?);
            slot.1 |= suppress == "Y";
        }
        let mut joins = Joins::default();
        for (code, elements) in rated {
            let Some(row) = items.counted(&code, &mut joins) else { continue };
            for (id, (values, imprecise)) in elements {
                let [Some(importance), Some(level)] = values else { bail!("{file}: {code} lacks a scale of {id}") };
                let sum = sums.entry(row).or_default().entry(id.clone()).or_default();
                *sum = Sum { importance: sum.importance + importance, level: sum.level + level, count: sum.count + 1.0, imprecise: sum.imprecise || imprecise };
                ids.insert(id);
            }
        }
        report.insert(table, joins);
    }
    let mut rows = Vec::new();
    for (row, sums) in sums {
        if sums.len() != ids.len() {
            bail!("{} has {} of {} elements", items.codes[row], sums.len(), ids.len());
        }
        rows.push(std::iter::once(items.codes[row].clone()).chain(sums.into_values().map(Sum::cell)).map(Cow::from).collect());
    }
    let rest = Column { name: REST, sources: ONET, unit: "importance 1 to 5 : level 0 to 7, in 1/25", vintage: "2025-05", note: "mean over the O*NET codes of the occupation; * recommended to suppress" };
    Ok(Table { file: WEIGHTS, columns: vec![SOC, rest], wide: ids.into_iter().collect(), rows })
}

/// Reads O*NET's related occupations; pairs within one occupation are dropped.
pub fn related(folder: &Folder, items: &LineItems, report: &mut Report) -> Result<Table> {
    let mut joins = Joins::default();
    let mut edges: BTreeMap<usize, BTreeMap<usize, (usize, u8)>> = BTreeMap::new();
    let mut origins = BTreeSet::new();
    for [from, to, tier] in folder.sheet("onet-29.3/Related_Occupations.xlsx", None, 0, ["O*NET-SOC Code", "Related O*NET-SOC Code", "Relatedness Tier"])? {
        let tier = match tier.as_str() { "Primary-Short" => 1, "Primary-Long" => 2, "Supplemental" => 3, other => bail!("tier {other:?}") };
        let known = if origins.insert(from.clone()) { items.counted(&from, &mut joins) } else { items.of(&from).map(|(row, _)| row) };
        let (Some(from), Some((to, _))) = (known, items.of(&to)) else { continue };
        if from != to {
            let slot = edges.entry(from).or_default().entry(to).or_insert((0, tier));
            *slot = (slot.0 + 1, slot.1.min(tier));
        }
    }
    report.insert("O*NET 29.3 related occupations", joins);
    let rows = edges.into_iter().map(|(from, to)| {
        let list: Vec<String> = to.into_iter().map(|(to, (pairs, tier))| format!("{to}:{pairs}:{tier}")).collect();
        vec![items.codes[from].clone().into(), list.join(" ").into()]
    });
    let list = Column { name: "related", sources: ONET, unit: "place : pairs of O*NET codes : best tier", vintage: "2025-05", note: "tiers: 1 primary-short, 2 primary-long, 3 supplemental" };
    Ok(Table { file: RELATED, columns: vec![SOC, list], wide: Vec::new(), rows: rows.collect() })
}

/// Reads the technologies that are hot, or in demand in an occupation.
pub fn technologies(folder: &Folder, items: &LineItems) -> Result<Table> {
    let mut found: BTreeMap<String, (bool, BTreeSet<usize>)> = BTreeMap::new();
    for [code, name, hot, demand] in folder.sheet("onet-29.3/Technology_Skills.xlsx", None, 0, ["O*NET-SOC Code", "Example", "Hot Technology", "In Demand"])? {
        if hot == "Y" || demand == "Y" {
            let slot = found.entry(technology_id(&name)).or_default();
            slot.0 |= hot == "Y";
            slot.1.extend(items.of(&code).map(|(row, _)| row).filter(|_| demand == "Y"));
        }
    }
    let rows = found.into_iter().map(|(id, (hot, of))| vec![id.into(), if hot { "1" } else { "0" }.into(), of.len().to_string().into()]);
    let columns = vec![
        Column { name: "id", sources: &["onet-29.3"], unit: "code", vintage: "2025-05", note: "id of the competence in the taxonomy" },
        Column { name: "hot", sources: &["onet-29.3"], unit: "1 or 0", vintage: "2025-05", note: "often asked for over all occupations" },
        Column { name: "demanded_by", sources: ONET, unit: "occupations", vintage: "2025-05", note: "in which it is in demand" },
    ];
    Ok(Table { file: TECHNOLOGIES, columns, wide: Vec::new(), rows: rows.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_the_mean_in_steps_of_a_twenty_fifth() {
        let sum = Sum { importance: 3.12 + 4.0, level: 2.5 + 3.0, count: 2.0, imprecise: true };
        // 3.56 · 25 = 89, 2.75 · 25 = 68.75.
        assert_eq!(sum.cell(), "89:69*");
    }
}
