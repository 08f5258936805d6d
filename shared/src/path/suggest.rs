//! Which few of many paths to show first, and why; and which targets stay among them under other assumptions. Not the
//! search: that is `search`. Reasons are data; their words belong to the page.
use super::score::Thresholds;
use super::search::{CareerPath, OpenSteps, PathRequest, PathStep, StepFigures, after_each_step, search};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Suggestions at most.
pub const SUGGESTIONS: usize = 5;

/// Why a path is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Reason {
    /// No path takes less time.
    Fastest,
    /// No path costs less.
    Cheapest,
    /// No path earns more in five years.
    BestPaid,
    /// No path has less risk.
    Safest,
    /// Every step is very close.
    VeryClose,
    /// No schooling beyond what the person has.
    NoSchooling,
    /// Entry pay of the target against the present pay, as a share: 0.1 is a tenth more.
    EntryPayAbove {
        /// Above 0.
        share: f64,
    },
}

/// To be first, in the order of the objectives.
const FIRSTS: [Reason; 4] = [Reason::Fastest, Reason::Cheapest, Reason::BestPaid, Reason::Safest];

/// A path to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The path.
    pub path: CareerPath,
    /// Why, the general reasons first; none where it is just well balanced.
    pub reasons: Vec<Reason>,
    /// Share of the set that betters it, mean of the criteria, 0 (best in all) to 1.
    pub bettered: f64,
}

/// What paths are weighed by: the four objectives, how close the widest step is, and how many openings a year the target has.
const CRITERIA: usize = 6;

/// The criteria of a path, less is better; `None` where unknown.
fn criteria(path: &CareerPath, figures: &[StepFigures]) -> [Option<f64>; CRITERIA] {
    let [months, cost, pay, risk] = path.objectives.costs();
    let widest = path.steps.iter().map(|step| f64::from(step.score)).min_by(f64::total_cmp).map(|score| -score);
    let openings = path.target().and_then(|to| figures.get(to)?.openings).map(|openings| -openings);
    [months, cost, pay, risk, widest, openings]
}

/// Direct moves beside a front: each open step of one that the request allows. A move that another betters in time, cost, pay
/// and risk may still be the closest, or into the occupation with most openings.
pub fn with_direct(front: &[CareerPath], steps: &[PathStep], figures: &[StepFigures], request: &PathRequest) -> Vec<CareerPath> {
    let allowed = |step: &&PathStep| {
        let wanted = request.targets.as_ref().is_none_or(|targets| targets.contains(&step.to));
        wanted && figures.get(step.to).is_some_and(|of| request.open(step.to, of))
    };
    let direct = |step: &PathStep| Some(CareerPath { steps: vec![*step], objectives: after_each_step(&[*step], figures, request).pop()? });
    let mut all = front.to_vec();
    for path in steps.iter().filter(allowed).filter_map(direct) {
        if all.iter().all(|known| known.steps != path.steps) {
            all.push(path);
        }
    }
    all
}

/// The places of paths, the best balanced first: by the share of the set that is strictly better, mean over the criteria. One
/// that is unknown counts as bettered by all.
pub fn balanced(paths: &[CareerPath], figures: &[StepFigures]) -> Vec<(usize, f64)> {
    let all: Vec<[Option<f64>; CRITERIA]> = paths.iter().map(|path| criteria(path, figures)).collect();
    let mut bettered = vec![0.0; paths.len()];
    for criterion in 0..CRITERIA {
        let cost = |of: &[Option<f64>; CRITERIA]| of.get(criterion).copied().flatten();
        let mut known: Vec<f64> = all.iter().filter_map(cost).collect();
        known.sort_by(f64::total_cmp);
        for (slot, of) in bettered.iter_mut().zip(&all) {
            let better = cost(of).map_or(paths.len(), |own| known.partition_point(|other| *other < own));
            *slot += better as f64 / paths.len() as f64 / CRITERIA as f64;
        }
    }
    let mut order: Vec<(usize, f64)> = bettered.into_iter().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    order
}

/// The first few targets of the balanced order, each by its best path, with reasons; of a front with its direct moves.
pub fn suggest(paths: &[CareerPath], figures: &[StepFigures], request: &PathRequest, thresholds: &Thresholds) -> Vec<Suggestion> {
    let least = |objective: usize| paths.iter().filter_map(|path| path.objectives.costs().get(objective).copied().flatten()).min_by(f64::total_cmp);
    let least = [0, 1, 2, 3].map(least);
    let mut found: Vec<Suggestion> = Vec::new();
    for (place, bettered) in balanced(paths, figures) {
        let Some(path) = paths.get(place).filter(|path| found.iter().all(|other| other.path.target() != path.target())) else { continue };
        let mut reasons = Vec::new();
        reasons.extend(FIRSTS.into_iter().zip(path.objectives.costs().into_iter().zip(least)).filter(|(_, (own, least))| own.is_some() && own == least).map(|(reason, _)| reason));
        if path.steps.iter().all(|step| step.score >= thresholds.very_close) {
            reasons.push(Reason::VeryClose);
        }
        let of = |step: &PathStep| figures.get(step.to);
        let asks = |step: &PathStep| of(step).and_then(|f| f.education).zip(request.education).is_some_and(|(asked, own)| asked >= own);
        if path.steps.iter().all(asks) {
            reasons.push(Reason::NoSchooling);
        }
        let entry = path.steps.last().and_then(of).and_then(StepFigures::entry_middle);
        if let Some(share) = entry.zip(request.pay).filter(|(_, pay)| *pay > 0.0).map(|(entry, pay)| entry / pay - 1.0).filter(|share| *share > 0.0) {
            reasons.push(Reason::EntryPayAbove { share });
        }
        found.push(Suggestion { path: path.clone(), reasons, bettered });
        if found.len() == SUGGESTIONS {
            break;
        }
    }
    // To be first among equals is no reason for one of them.
    for first in FIRSTS {
        if found.len() > 1 && found.iter().all(|suggestion| suggestion.reasons.contains(&first)) {
            found.iter_mut().for_each(|suggestion| suggestion.reasons.retain(|reason| *reason != first));
        }
    }
    found
}

/// Target → under how many presets it is suggested: each preset is figures with its own risks and pay.
pub fn presets_in_top(presets: &[Vec<StepFigures>], request: &PathRequest, thresholds: &Thresholds, open: &impl OpenSteps) -> BTreeMap<usize, usize> {
    let first = open.all(None);
    let mut times = BTreeMap::new();
    for figures in presets {
        let front = search(figures, request, open);
        for target in suggest(&with_direct(&front, &first, figures, request), figures, request, thresholds).iter().filter_map(|s| s.path.target()) {
            *times.entry(target).or_default() += 1;
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use super::super::search::Objectives;
    use super::super::search::tests::Fixed;
    use super::*;
    use crate::market::data::figures::{Education, Training};

    fn path(to: usize, months: f64, cost: f64, pay: f64, risk: Option<f64>) -> CareerPath {
        CareerPath { steps: vec![PathStep { to, score: 0.6 }], objectives: Objectives { months: Some(months), cost: Some(cost), pay: Some(pay), risk } }
    }

    #[test]
    fn the_balanced_come_first_each_target_once_with_reasons() {
        let paths = [path(0, 1.0, 9.0, 10.0, Some(0.9)), path(1, 2.0, 1.0, 20.0, Some(0.2)), path(1, 3.0, 2.0, 30.0, Some(0.3)), path(2, 4.0, 3.0, 40.0, None)];
        let figures = [Education::Nothing, Education::HighSchool, Education::Bachelors].map(|e| StepFigures { education: Some(e), entry_pay: Some((10.0, 14.0)), openings: Some(5.0), ..StepFigures::default() });
        // Bettered by: 0+3+3+2, 1+0+2+0, 2+1+1+1, 3+2+0+4, all as close and with as many openings, of 6 criteria × 4 paths.
        let shares: Vec<(usize, f64)> = balanced(&paths, &figures).into_iter().map(|(place, share)| (place, (share * 24.0).round())).collect();
        assert_eq!(shares, [(1, 3.0), (2, 5.0), (0, 8.0), (3, 9.0)]);
        let request = PathRequest { education: Some(Education::HighSchool), pay: Some(10.0), ..PathRequest::default() };
        let found = suggest(&paths, &figures, &request, &Thresholds { within_reach: 0.4, very_close: 0.5 });
        assert_eq!(found.iter().map(|s| s.path.target()).collect::<Vec<_>>(), [Some(1), Some(0), Some(2)]);
        let share = Reason::EntryPayAbove { share: 12.0 / 10.0 - 1.0 };
        assert_eq!(found[0].reasons, [Reason::Cheapest, Reason::Safest, Reason::VeryClose, Reason::NoSchooling, share]);
        assert_eq!(found[1].reasons, [Reason::Fastest, Reason::VeryClose, Reason::NoSchooling, share]);
        assert_eq!(found[2].reasons, [Reason::BestPaid, Reason::VeryClose, share]);
    }

    #[test]
    fn a_direct_move_that_is_bettered_may_be_the_closest_with_most_openings() {
        let of = |pay: f64, openings: f64| StepFigures { education: Some(Education::Nothing), training: Some(Training::Nothing), zone: Some(1), entry_pay: Some((pay, pay)), risk: Some(0.1), openings: Some(openings) };
        let figures = [of(20.0, 1.0), of(15.0, 60.0), of(10.0, 90.0)];
        let request = PathRequest { education: Some(Education::Nothing), zone: Some(1), pay: Some(1.0), pay_floor: Some(12.0), ..PathRequest::default() };
        let steps = [PathStep { to: 0, score: 0.41 }, PathStep { to: 1, score: 0.8 }, PathStep { to: 2, score: 0.9 }];
        let front = search(&figures, &request, &Fixed(vec![vec![], vec![], vec![], steps.to_vec()]));
        assert_eq!(front.len(), 1, "the first betters the second in pay");
        let found = suggest(&with_direct(&front, &steps, &figures, &request), &figures, &request, &Thresholds { within_reach: 0.4, very_close: 0.5 });
        // Below the floor is nobody's suggestion, however close.
        assert_eq!(found.iter().map(|s| s.path.target()).collect::<Vec<_>>(), [Some(1), Some(0)]);
    }

    #[test]
    fn a_target_is_counted_once_for_each_preset_that_suggests_it() {
        let of = |risk: [f64; 2], pay: [f64; 2]| -> Vec<StepFigures> {
            let one = |i: usize| StepFigures { education: Some(Education::Nothing), training: Some(Training::Nothing), zone: Some(1), entry_pay: Some((pay[i], pay[i])), risk: Some(risk[i]), openings: None };
            vec![one(0), one(1)]
        };
        // The second is as good in pay and risk, worse in both, better in one.
        let presets = [of([0.5, 0.5], [2.0, 2.0]), of([0.5, 0.6], [2.0, 1.0]), of([0.5, 0.6], [2.0, 3.0])];
        let request = PathRequest { education: Some(Education::Nothing), zone: Some(1), pay: Some(1.0), tuition: Some(0.0), pay_floor: Some(1.5), ..PathRequest::default() };
        let open = Fixed(vec![vec![], vec![], vec![PathStep { to: 0, score: 0.9 }, PathStep { to: 1, score: 0.9 }]]);
        let times = presets_in_top(&presets, &request, &Thresholds { within_reach: 0.4, very_close: 0.5 }, &open);
        // The second pays too little in the second preset.
        assert_eq!(times, BTreeMap::from([(0, 3), (1, 2)]));
    }
}
