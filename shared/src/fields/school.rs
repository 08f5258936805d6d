//! A class against one target: what most have still to show, how far apart people are, and how far each is with their own
//! plan. Not what a syllabus covers: that is `plan::courses`.
use super::Span;
use crate::gap::{Gap, Standing};
use crate::plan::Unit;
use std::collections::BTreeMap;

/// A competence that the target asks, over a class.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CommonGap {
    /// Place of the competence in the taxonomy.
    pub competence: u32,
    /// How much it counts in the target, mean over the people, 0..1.
    pub weight: f32,
    /// People who have it.
    pub have: usize,
    /// People who have it partly.
    pub partly: usize,
    /// People whose CV is silent.
    pub not_in_cv: usize,
    /// People who want to learn it.
    pub to_learn: usize,
}

impl CommonGap {
    /// Weight × people who do not show it, what is partly had counted half.
    fn open(&self) -> f32 {
        self.weight * ((self.not_in_cv + self.to_learn) as f32 + self.partly as f32 / 2.0)
    }
}

/// The gaps of a class to one target, taken together: what counts most and is shown least comes first, what all have last.
pub fn common(gaps: &[Gap]) -> Vec<CommonGap> {
    let mut all: BTreeMap<u32, CommonGap> = BTreeMap::new();
    for item in gaps.iter().flat_map(|gap| &gap.items) {
        let of = all.entry(item.competence).or_insert(CommonGap { competence: item.competence, ..CommonGap::default() });
        of.weight += item.weight / gaps.len() as f32;
        *match item.standing {
            Standing::Have => &mut of.have,
            Standing::Partly => &mut of.partly,
            Standing::NotInCv => &mut of.not_in_cv,
            Standing::ToLearn => &mut of.to_learn,
        } += 1;
    }
    let mut all: Vec<CommonGap> = all.into_values().collect();
    all.sort_by(|a, b| b.open().total_cmp(&a.open()).then(a.competence.cmp(&b.competence)));
    all
}

/// Least, median and greatest of some values; `None` of none.
pub fn spread(mut values: Vec<f64>) -> Option<Span> {
    values.sort_by(f64::total_cmp);
    let middle = f64::midpoint(*values.get(values.len().saturating_sub(1) / 2)?, *values.get(values.len() / 2)?);
    Some(Span { low: *values.first()?, middle, high: *values.last()? })
}

/// The share of the expected hours of units that is done, 0..1; `None` where there is nothing to do.
pub fn progress(units: &[Unit], done: impl Fn(&Unit) -> bool) -> Option<f64> {
    let hours = |of: &Unit| of.hours.expected;
    let all: f64 = units.iter().map(hours).sum();
    (all > 0.0).then(|| units.iter().filter(|unit| done(unit)).map(hours).sum::<f64>() / all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gap::{GapItem, WeightBasis};
    use crate::plan::{Hours, HoursBasis, Track};
    use crate::span::CompetenceKind;

    fn gap(standings: &[(u32, Standing, f32)]) -> Gap {
        let item = |(competence, standing, weight): &(u32, Standing, f32)| GapItem { competence: *competence, kind: CompetenceKind::Skill, standing: *standing, weight: *weight, basis: WeightBasis::Rarity, must: None, unlocks: None };
        Gap { items: standings.iter().map(item).collect(), shown: None }
    }

    #[test]
    fn what_counts_most_and_is_shown_least_comes_first() {
        use Standing::{Have, NotInCv, Partly, ToLearn};
        let all = common(&[gap(&[(1, Have, 1.0), (2, NotInCv, 0.5), (3, Partly, 1.0)]), gap(&[(1, Have, 1.0), (2, ToLearn, 0.7), (3, Partly, 1.0)])]);
        // 2: mean weight 0.6 × 2 people; 3: 1 × 2 halves; 1: nobody.
        let of: Vec<_> = all.iter().map(|of| (of.competence, of.have, of.partly, of.not_in_cv, of.to_learn)).collect();
        assert_eq!(of, [(2, 0, 0, 1, 1), (3, 0, 2, 0, 0), (1, 2, 0, 0, 0)]);
        assert!((all[0].weight - 0.6).abs() < 1e-6);
        assert!(common(&[]).is_empty());
    }

    #[test]
    fn a_spread_is_least_median_and_greatest() {
        assert_eq!(spread(vec![0.4, 0.1, 0.9, 0.2]), Some(Span { low: 0.1, middle: f64::midpoint(0.2, 0.4), high: 0.9 }));
        assert_eq!((spread(vec![0.3]), spread(Vec::new())), (Some(Span { low: 0.3, middle: 0.3, high: 0.3 }), None));
    }

    #[test]
    fn progress_counts_hours_not_units() {
        let unit = |id: &str, hours: f64| {
            let hours = Hours { low: hours, expected: hours, high: hours, basis: HoursBasis::OurEstimate };
            Unit { id: id.into(), track: Track::Practice, competences: vec![0], group: None, standing: None, must: false, weight: 1.0, hours, after: Vec::new(), check_first: false }
        };
        let units = [unit("a", 30.0), unit("b", 10.0)];
        assert_eq!((progress(&units, |of| of.id == "b"), progress(&units, |_| false)), (Some(0.25), Some(0.0)));
        assert_eq!(progress(&[], |_| true), None);
    }
}
