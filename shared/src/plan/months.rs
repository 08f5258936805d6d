//! What each month of a schedule brings within reach. Not a promise of a job: the scores are those of `path`.
use super::schedule::month;
use super::{Month, Schedule, Unit};
use crate::path::{Carried, Needs, Thresholds, ViewWeights};
use std::collections::BTreeMap;

/// By month of the schedule: the units that end, and the occupations that come within reach with their competences in full.
/// Months without an end are not there. What was done before is carried from the start. `open` tells the occupations that a
/// person may enter with the schooling they have: no hours of a plan open the others.
#[expect(clippy::too_many_arguments, reason = "what a score is made of, and a plan")]
pub fn unlocked(units: &[Unit], schedule: &Schedule, needs: &Needs, weights: &ViewWeights, thresholds: &Thresholds, carried: &Carried, target: Option<usize>, open: &dyn Fn(usize) -> bool) -> Vec<Month> {
    let mut carried = carried.clone();
    let gain = |carried: &mut Carried, place: &usize| {
        units.get(*place).into_iter().flat_map(|unit| &unit.competences).for_each(|competence| carried.gain(needs, *competence));
    };
    schedule.done.iter().for_each(|place| gain(&mut carried, place));
    let mut by_month: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (place, end) in schedule.ends.iter().enumerate() {
        by_month.entry(end.map_or(0, month)).or_default().push(place);
    }
    by_month.remove(&0);
    let scores = |carried: &Carried| -> Vec<Option<f32>> { (0..needs.count()).map(|to| carried.score(needs, weights, to).map(|score| score.value)).collect() };
    let reached = |score: &Option<f32>| score.is_some_and(|score| score >= thresholds.within_reach);
    let mut before = scores(&carried);
    let mut months = Vec::new();
    for (month, ended) in by_month {
        ended.iter().for_each(|place| gain(&mut carried, place));
        let now = scores(&carried);
        let mut new: Vec<(usize, f32)> = now.iter().zip(&before).enumerate().filter(|(to, (now, before))| reached(now) && !reached(before) && open(*to)).filter_map(|(to, (now, _))| Some((to, (*now)?))).collect();
        new.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let score = target.and_then(|target| now.get(target).copied().flatten());
        months.push(Month { month, units: ended, score, occupations: new.into_iter().map(|(to, _)| to).collect() });
        before = now;
    }
    months
}

#[cfg(test)]
mod tests {
    use super::super::{Hours, HoursBasis, Progress, ScheduleRequest, Track};
    use super::super::schedule::lay_out;
    use super::*;
    use crate::path::needs::ViewRows;

    #[test]
    fn an_occupation_comes_within_reach_in_the_month_that_brings_what_it_asks() {
        // The first has 0; the second asks 0 and 1, the third 1 and 2.
        let rows = [vec![(0, 1.0)], vec![(0, 1.0), (1, 1.0)], vec![(1, 1.0), (2, 1.0)]];
        let mut views: [ViewRows; 5] = Default::default();
        views[1] = ViewRows { rows: rows.map(Some).into(), by_rarity: false };
        let needs = Needs::new(&["51-2011", "51-2021", "51-3011"], views, (0..3).map(|feature| vec![(1, feature)]).collect());
        let unit = |competence: u32, hours| {
            let hours = Hours { low: hours, expected: hours, high: hours, basis: HoursBasis::Own };
            Unit { id: competence.to_string(), track: Track::Practice, competences: vec![competence], group: None, standing: None, must: false, weight: 1.0, hours, after: Vec::new(), check_first: false }
        };
        let units = [unit(1, 4.0), unit(2, 5.0)];
        let thresholds = Thresholds { within_reach: 0.8, very_close: 0.9 };
        let carried = Carried::of(&needs, 0);
        let mut request = ScheduleRequest { hours_per_week: 1.0, deadline_weeks: None, from_week: 0, hours_over: 0.0, progress: Vec::new() };
        let months = |request: &ScheduleRequest| unlocked(&units, &lay_out(&units, request), &needs, &ViewWeights::default(), &thresholds, &carried, Some(1), &|_| true);
        // Week 3 lies in the first month, week 8 in the second.
        let found = months(&request);
        assert_eq!(found.iter().map(|m| (m.month, m.units.clone(), m.occupations.clone())).collect::<Vec<_>>(), [(1, vec![0], vec![1]), (2, vec![1], vec![2])]);
        assert_eq!(found[0].score, Some(1.0));
        // Who may not enter the third is not told of it.
        let closed = unlocked(&units, &lay_out(&units, &request), &needs, &ViewWeights::default(), &thresholds, &carried, Some(1), &|to| to != 2);
        assert_eq!(closed.iter().map(|m| m.occupations.clone()).collect::<Vec<_>>(), [vec![1], vec![]]);
        // Done already: nothing new comes of it.
        request.progress.push(Progress { unit: "1".into(), hours: 4.0, done: true });
        assert_eq!(months(&request).iter().map(|m| (m.month, m.occupations.clone())).collect::<Vec<_>>(), [(1, vec![2])]);
    }
}
