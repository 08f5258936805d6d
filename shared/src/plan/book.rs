//! What a plan reads from the pack: ids of competences, and which competence the work with another needs. Not the order
//! itself: that is `units`.
use super::units::{TOOL_SHARE, Want};
use crate::gap::{Demand, Gap, Held};
use crate::market::data::{ElementWeight, MarketData};
use crate::span::CompetenceKind;
use crate::taxonomy::Taxonomy;

/// A competence is needed for another from so many standard deviations on: [`PlanBook::needed`]. Ours; with it, work on
/// mechanical parts needs repairing and mechanics, writing code needs programming, and a spreadsheet needs nothing.
pub const NEEDED: f32 = 1.0;

/// The pack, made ready for plans.
pub struct PlanBook<'a> {
    taxonomy: &'a Taxonomy,
    market: &'a MarketData,
    /// Competence → its column of `amounts`; for skills and knowledge.
    columns: Vec<Option<usize>>,
    /// Occupation → importance × level of each element, in standard deviations off the mean; empty where O*NET has none.
    amounts: Vec<Vec<f32>>,
}

impl<'a> PlanBook<'a> {
    /// Of the pack.
    pub fn new(taxonomy: &'a Taxonomy, market: &'a MarketData) -> Self {
        let columns = taxonomy.competences.iter().map(|competence| market.elements.iter().position(|id| *id == competence.id)).collect();
        let of = |weight: &ElementWeight| amount(weight.importance, weight.level);
        let mut amounts: Vec<Vec<f32>> = market.weights.iter().map(|row| row.iter().map(of).collect()).collect();
        for column in 0..market.elements.len() {
            let known: Vec<f32> = amounts.iter().filter_map(|row| row.get(column)).copied().collect();
            let count = known.len().max(1) as f32;
            let mean = known.iter().sum::<f32>() / count;
            let deviation = (known.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / count).sqrt();
            for value in amounts.iter_mut().filter_map(|row| row.get_mut(column)) {
                *value = if deviation > 0.0 { (*value - mean) / deviation } else { 0.0 };
            }
        }
        Self { taxonomy, market, columns, amounts }
    }

    /// True where an occupation asks for what is demanded as well: for a skill or an area of knowledge at least as much, an
    /// activity at all, a tool as in demand.
    fn usual(&self, occupation: usize, demand: &Demand) -> bool {
        let share = || self.taxonomy.weights.get(occupation)?.iter().find(|(place, _)| *place == demand.competence).map(|(_, share)| *share);
        let own = || self.market.weights.get(occupation)?.get(self.columns.get(demand.competence as usize).copied().flatten()?);
        match demand.kind {
            CompetenceKind::Activity => share().is_some(),
            CompetenceKind::Technology => share().is_some_and(|share| share >= TOOL_SHARE),
            CompetenceKind::Skill | CompetenceKind::Knowledge => own().zip(demand.rated).is_some_and(|(own, (importance, level))| amount(own.importance, own.level) >= amount(importance, level)),
        }
    }

    /// The items of a gap with what a plan has to know of them; `occupation` is the present one.
    pub fn wants(&self, gap: &Gap, demands: &[Demand], held: &[Held], occupation: Option<usize>) -> Vec<Want> {
        let want = |item: &crate::gap::GapItem| {
            let demand = demands.iter().find(|demand| demand.competence == item.competence)?;
            let level = held.iter().filter(|held| held.competence == item.competence).find_map(|held| held.level);
            let levels_to_go = level.zip(demand.rated).map(|(own, (_, asked))| asked - own).filter(|levels| *levels > 0.0);
            Some(Want {
                competence: item.competence,
                id: self.taxonomy.competences.get(item.competence as usize)?.id.clone(),
                kind: item.kind,
                group: demand.group,
                standing: item.standing,
                weight: item.weight,
                share: demand.share,
                must: item.must,
                levels_to_go,
                usual: occupation.is_some_and(|occupation| self.usual(occupation, demand)),
            })
        };
        gap.items.iter().filter_map(want).collect()
    }

    /// How much the occupations that ask for `later`, each counted by how much it does, ask for `earlier` above the mean of
    /// all, in standard deviations of importance × level; 0 where that is under [`NEEDED`] or `earlier` is neither a skill nor
    /// an area of knowledge. It says what goes together in the work, from which the order follows; not what causes what.
    pub fn needed(&self, earlier: &[u32], later: &[u32]) -> f32 {
        let of = |competence: &u32| {
            let column = self.columns.get(*competence as usize).copied().flatten()?;
            let (mut sum, mut all) = (0f32, 0f32);
            for (asked, amounts) in self.taxonomy.weights.iter().zip(&self.amounts) {
                let share = asked.iter().filter(|(place, _)| later.contains(place)).map(|(_, share)| *share).fold(0f32, f32::max);
                if let Some(amount) = amounts.get(column).filter(|_| share > 0.0) {
                    sum += share * amount;
                    all += share;
                }
            }
            (all > 0.0).then_some(sum / all)
        };
        let most = earlier.iter().filter_map(of).fold(0f32, f32::max);
        if most >= NEEDED { most } else { 0.0 }
    }
}

/// Importance × level, each from 0 to 1.
fn amount(importance: f32, level: f32) -> f32 {
    (importance - 1.0) / 4.0 * level / 7.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gap::against;
    use crate::taxonomy::Competence;

    fn competence(id: &str, kind: CompetenceKind) -> Competence {
        Competence { id: id.into(), kind, name_en: id.into(), name_zh: String::new() }
    }

    #[test]
    fn what_those_who_ask_for_it_ask_for_more_than_others_is_needed() {
        let taxonomy = Taxonomy {
            competences: vec![competence("2.C.3.e", CompetenceKind::Knowledge), competence("4.A.1.I01.D01", CompetenceKind::Activity), competence("4.A.1.I02.D01", CompetenceKind::Activity)],
            weights: vec![vec![(1, 1.0)], vec![(2, 1.0)], vec![(2, 1.0)], vec![(1, 0.5), (2, 0.5)]],
            ..Taxonomy::default()
        };
        let weight = |importance| vec![ElementWeight { importance, level: 7.0, imprecise: false }];
        // Amounts 1, 0, 0 and unknown: mean 1/3, deviation √2/3, so 1 is √2 above and 0 is √½ below.
        let market = MarketData { elements: vec!["2.C.3.e".into()], weights: vec![weight(5.0), weight(1.0), weight(1.0), Vec::new()], ..MarketData::default() };
        let book = PlanBook::new(&taxonomy, &market);
        assert!((book.needed(&[0], &[1]) - 2f32.sqrt()).abs() < 1e-5);
        assert_eq!((book.needed(&[0], &[2]), book.needed(&[1], &[2]), book.needed(&[0], &[9])), (0.0, 0.0, 0.0));
        let demand = |competence, rated| Demand { competence, kind: CompetenceKind::Knowledge, share: 0.5, rarity: 1.0, rated, group: Some(3), must: Some(true) };
        let held = [Held { competence: 0, confidence: 1.0, level: Some(2.0), denied: false, group: None }];
        let demands = [demand(0, Some((4.0, 3.5))), demand(1, None)];
        let wants = book.wants(&against(&demands, &held), &demands, &held, Some(0));
        assert_eq!(wants.iter().map(|w| (w.id.as_str(), w.levels_to_go, w.group, w.must)).collect::<Vec<_>>(), [("2.C.3.e", Some(1.5), Some(3), Some(true)), ("4.A.1.I01.D01", None, Some(3), Some(true))]);
        // Occupation 0 has level 7 and importance 5, occupation 1 importance 1; 0 and 3 ask for the first activity, nobody for a tool.
        let usual = |of: &[(usize, CompetenceKind)]| of.iter().map(|(occupation, kind)| book.usual(*occupation, &Demand { kind: *kind, ..demand(u32::from(*kind != CompetenceKind::Knowledge), Some((4.0, 3.5))) })).collect::<Vec<_>>();
        let (knowledge, activity, tool) = (CompetenceKind::Knowledge, CompetenceKind::Activity, CompetenceKind::Technology);
        assert_eq!(usual(&[(0, knowledge), (1, knowledge), (9, knowledge), (0, activity), (1, activity), (3, tool), (0, tool)]), [true, false, false, true, false, false, true]);
    }
}
