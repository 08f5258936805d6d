//! What each occupation asks for, as rows of amounts in five views, rare things counted more. Not how alike two rows are:
//! that is `score`.
use crate::market::data::ElementWeight;
#[cfg(feature = "model")]
use crate::market::data::MarketData;
#[cfg(feature = "model")]
use crate::span::CompetenceKind;
#[cfg(feature = "model")]
use crate::taxonomy::Taxonomy;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A side from which two occupations are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// O*NET's detailed work activities and the intermediate activities above them.
    Activities,
    /// O*NET's 33 areas of knowledge, importance × level.
    Knowledge,
    /// Tools and software by name.
    Technologies,
    /// O*NET's 35 skills, importance × level.
    Skills,
    /// O*NET's related occupations: how far two lists hold the same.
    Related,
}

impl View {
    /// All of them, in the order of every array by view.
    pub const ALL: [Self; 5] = [Self::Activities, Self::Knowledge, Self::Technologies, Self::Skills, Self::Related];
}

/// Amounts above 0 by feature, features rising.
pub type Row = Vec<(u32, f32)>;

/// What a view holds of all occupations.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ViewNeeds {
    /// Occupation → amounts, each times its rarity.
    pub(crate) rows: Vec<Row>,
    /// Occupation → sum of its row.
    pub(crate) sums: Vec<f32>,
    /// How many features there are.
    pub(crate) features: usize,
    /// Occupation → its row is the mean of its neighbours in the classification.
    pub(crate) borrowed: Vec<bool>,
}

/// What all occupations ask for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    pub(crate) views: [ViewNeeds; 5],
    /// Competence → the features that one who has it has in full: place of the view, feature.
    pub(crate) given: Vec<Vec<(usize, u32)>>,
}

/// Rows before they are weighted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewRows {
    /// Occupation → amounts; `None` where the source has nothing on it.
    pub rows: Vec<Option<Row>>,
    /// Whether a feature counts the more, the fewer have it: ln(occupations with a row / occupations with the feature).
    pub by_rarity: bool,
}

impl Needs {
    /// Of plain rows by view, the codes of the occupations (rising) and the features that each competence gives.
    ///
    /// An occupation without a row in a view, as most of "all other" are, borrows the mean row of those that share the
    /// longest beginning of its code: broad occupation, minor, then major group.
    pub fn new(socs: &[&str], views: [ViewRows; 5], given: Vec<Vec<(usize, u32)>>) -> Self {
        Self { views: views.map(|view| ViewNeeds::new(socs, view)), given }
    }

    /// How many occupations there are.
    pub fn count(&self) -> usize {
        self.views.first().map_or(0, |view| view.rows.len())
    }

    /// Views in which an occupation borrows its row from its neighbours in the classification.
    pub fn borrowed(&self, occupation: usize) -> Vec<View> {
        let of = |(view, needs): (&View, &ViewNeeds)| (needs.borrowed.get(occupation) == Some(&true)).then_some(*view);
        View::ALL.iter().zip(&self.views).filter_map(of).collect()
    }

    /// Of the pack. Both name occupations by their place in the order of the same codes.
    #[cfg(feature = "model")]
    pub fn of(taxonomy: &Taxonomy, market: &MarketData) -> Self {
        let mut given = vec![Vec::new(); taxonomy.competences.len()];
        // The id of an intermediate activity is that of its detailed ones without the last part.
        let mut groups: BTreeMap<&str, u32> = BTreeMap::new();
        let mut features = 0u32;
        for (competence, (slot, place)) in taxonomy.competences.iter().zip(given.iter_mut().zip(0u32..)) {
            let element = || market.elements.iter().zip(0u32..).find(|(id, _)| **id == competence.id).map(|(_, feature)| feature);
            match competence.kind {
                CompetenceKind::Activity => {
                    let group = competence.id.rsplit_once('.').map_or(competence.id.as_str(), |(group, _)| group);
                    groups.entry(group).or_default();
                    slot.push((0, place));
                    features = features.max(place + 1);
                }
                CompetenceKind::Technology => slot.push((2, place)),
                CompetenceKind::Knowledge => slot.extend(element().map(|feature| (1, feature))),
                CompetenceKind::Skill => slot.extend(element().map(|feature| (3, feature))),
            }
        }
        groups.values_mut().zip(features..).for_each(|(slot, feature)| *slot = feature);
        for (competence, slot) in taxonomy.competences.iter().zip(&mut given).filter(|(c, _)| c.kind == CompetenceKind::Activity) {
            let group = competence.id.rsplit_once('.').and_then(|(group, _)| groups.get(group));
            slot.extend(group.map(|feature| (0, *feature)));
        }
        let mut activities = ViewRows { rows: Vec::new(), by_rarity: true };
        let mut technologies = activities.clone();
        for weights in &taxonomy.weights {
            let mut of_groups: BTreeMap<u32, f32> = BTreeMap::new();
            let (mut own, mut tools) = (Row::new(), Row::new());
            for (place, weight) in weights {
                match given.get(*place as usize).map(Vec::as_slice) {
                    Some([(0, feature), (0, group)]) => {
                        own.push((*feature, *weight));
                        *of_groups.entry(*group).or_default() += weight;
                    }
                    Some([(2, feature)]) => tools.push((*feature, *weight)),
                    _ => {}
                }
            }
            let most = of_groups.values().copied().fold(0f32, f32::max);
            own.extend(of_groups.iter().map(|(feature, weight)| (*feature, weight / most)));
            own.sort_by_key(|(feature, _)| *feature);
            tools.sort_by_key(|(feature, _)| *feature);
            // An occupation whose tasks nobody has described has neither.
            activities.rows.push((!own.is_empty()).then_some(own));
            technologies.rows.push((!weights.is_empty()).then_some(tools));
        }
        let (mut knowledge, mut skills) = (above_median(&market.weights), above_median(&market.weights));
        let is_knowledge = |feature: u32| given.iter().zip(&taxonomy.competences).any(|(g, c)| c.kind == CompetenceKind::Knowledge && g.contains(&(1, feature)));
        let kinds: Vec<bool> = (0u32..).take(market.elements.len()).map(is_knowledge).collect();
        let kind = |feature: &u32| kinds.get(*feature as usize).copied().unwrap_or(false);
        knowledge.iter_mut().flatten().for_each(|row| row.retain(|(feature, _)| kind(feature)));
        skills.iter_mut().flatten().for_each(|row| row.retain(|(feature, _)| !kind(feature)));
        let plain = |rows| ViewRows { rows, by_rarity: false };
        let socs: Vec<&str> = market.occupations.iter().map(|o| o.soc.as_str()).collect();
        Self::new(&socs, [activities, plain(knowledge), technologies, plain(skills), plain(related(market))], given)
    }
}

impl ViewNeeds {
    fn new(socs: &[&str], view: ViewRows) -> Self {
        let mut rows = view.rows;
        rows.resize(socs.len(), None);
        let features = rows.iter().flatten().flatten().map(|(feature, _)| *feature as usize + 1).max().unwrap_or(0);
        if view.by_rarity {
            let mut having = vec![0f32; features];
            rows.iter().flatten().flatten().for_each(|(feature, _)| having.iter_mut().skip(*feature as usize).take(1).for_each(|n| *n += 1.0));
            let known = rows.iter().flatten().count() as f32;
            let rarity = |feature: u32| having.get(feature as usize).map_or(0.0, |n| (known / n.max(1.0)).ln());
            for row in rows.iter_mut().flatten() {
                row.iter_mut().for_each(|(feature, amount)| *amount *= rarity(*feature));
                row.retain(|(_, amount)| *amount > 0.0);
            }
        }
        let lent = |(soc, row): (&&str, &Option<Row>)| if row.is_none() { neighbours_mean(soc, socs, &rows) } else { None };
        let lent: Vec<Option<Row>> = socs.iter().zip(&rows).map(lent).collect();
        let borrowed = lent.iter().map(Option::is_some).collect();
        let rows: Vec<Row> = rows.into_iter().zip(lent).map(|(own, lent)| own.or(lent).unwrap_or_default()).collect();
        let sums = rows.iter().map(|row| row.iter().map(|(_, amount)| amount).sum()).collect();
        Self { rows, sums, features, borrowed }
    }
}

/// The mean row of the occupations that share the longest beginning of a code: `51-209`, `51-20`, `51-2`, then `51`.
fn neighbours_mean(soc: &str, socs: &[&str], rows: &[Option<Row>]) -> Option<Row> {
    [6, 5, 4, 2].into_iter().find_map(|length| {
        let beginning = soc.get(..length)?;
        let near: Vec<&Row> = socs.iter().zip(rows).filter(|(other, _)| other.starts_with(beginning)).filter_map(|(_, row)| row.as_ref()).collect();
        let mut sum: BTreeMap<u32, f32> = BTreeMap::new();
        near.iter().copied().flatten().for_each(|(feature, amount)| *sum.entry(*feature).or_default() += amount);
        (!near.is_empty()).then(|| sum.into_iter().map(|(feature, amount)| (feature, amount / near.len() as f32)).collect())
    })
}

/// Importance (0..1) × level (0..1) above the median of all occupations, in standard deviations: what nearly all need
/// alike does not count, or generic skills would drown the rest.
pub fn above_median(weights: &[Vec<ElementWeight>]) -> Vec<Option<Row>> {
    let amount = |weight: &ElementWeight| (weight.importance - 1.0) / 4.0 * weight.level / 7.0;
    let mut rows: Vec<Option<Row>> = weights.iter().map(|row| (!row.is_empty()).then(Row::new)).collect();
    for (column, feature) in (0..weights.iter().map(Vec::len).max().unwrap_or(0)).zip(0u32..) {
        let mut known: Vec<f32> = weights.iter().filter_map(|row| row.get(column)).map(amount).collect();
        known.sort_by(f32::total_cmp);
        let count = known.len() as f32;
        let middle = |place: usize| known.get(place).copied().unwrap_or(0.0);
        let median = f32::midpoint(middle((known.len() - 1) / 2), middle(known.len() / 2));
        let mean = known.iter().sum::<f32>() / count;
        let deviation = (known.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / count).sqrt();
        for (row, weights) in rows.iter_mut().zip(weights) {
            let above = weights.get(column).map_or(0.0, |weight| amount(weight) - median);
            if let (Some(row), true) = (row, above > 0.0 && deviation > 0.0) {
                row.push((feature, above / deviation));
            }
        }
    }
    rows
}

/// Related occupations of each, in either direction, and itself: tier 1 counts 1, tier 2 ¾, tier 3 ½ (ours).
#[cfg(feature = "model")]
fn related(market: &MarketData) -> Vec<Option<Row>> {
    let mut rows: Vec<BTreeMap<u32, f32>> = vec![BTreeMap::new(); market.occupations.len()];
    let mut put = |of: usize, to: u32, amount: f32| {
        rows.iter_mut().skip(of).take(1).for_each(|row| {
            let slot = row.entry(to).or_default();
            *slot = slot.max(amount);
        });
    };
    for ((of, list), place) in market.related.iter().enumerate().zip(0u32..) {
        for related in list {
            let amount = 1.25 - f32::from(related.tier) / 4.0;
            if let Ok(to) = u32::try_from(related.to) {
                put(of, to, amount);
                put(of, place, 1.0);
                put(related.to, place, amount);
                put(related.to, to, 1.0);
            }
        }
    }
    rows.into_iter().map(|row| (!row.is_empty()).then(|| row.into_iter().collect())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_count_only_above_the_median() {
        let row = |importance: f32, level: f32| vec![ElementWeight { importance, level, imprecise: false }];
        // Amounts 0, ½, 1: median ½, mean ½, deviation √(1/6).
        let rows = above_median(&[row(1.0, 7.0), row(3.0, 7.0), Vec::new(), row(5.0, 7.0)]);
        assert_eq!(rows[..3], [Some(Vec::new()), Some(Vec::new()), None]);
        assert!((rows[3].as_ref().unwrap()[0].1 - 0.5 * 6f32.sqrt()).abs() < 1e-6, "{rows:?}");
    }

    #[test]
    fn the_rare_counts_more_and_what_all_have_counts_nothing() {
        let rows = [vec![(0, 1.0), (1, 0.5)], vec![(0, 1.0)], vec![(0, 1.0), (2, 1.0)], vec![(0, 1.0), (2, 1.0)]];
        let view = ViewRows { rows: rows.map(Some).into(), by_rarity: true };
        let needs = ViewNeeds::new(&["11-1011", "11-1021", "13-1011", "13-1021"], view);
        assert_eq!(needs.rows[0], [(1, 0.5 * 4f32.ln())]);
        assert_eq!(needs.rows[2], [(2, 2f32.ln())]);
        assert_eq!((needs.rows[1].len(), needs.borrowed[1]), (0, false), "known, and nothing that not all ask for");
    }

    #[test]
    fn an_occupation_without_data_borrows_from_the_nearest_codes() {
        let rows = vec![Some(vec![(0, 1.0)]), Some(vec![(0, 3.0), (1, 1.0)]), None, Some(vec![(2, 1.0)]), None];
        let needs = ViewNeeds::new(&["51-2011", "51-2021", "51-2099", "51-3011", "53-1011"], ViewRows { rows, by_rarity: false });
        assert_eq!(needs.rows[2], [(0, 2.0), (1, 0.5)]);
        assert_eq!(needs.borrowed, [false, false, true, false, false]);
        assert_eq!((needs.rows[4].len(), needs.sums[2]), (0, 2.5));
    }
}
