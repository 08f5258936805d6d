//! Tests of the search: against all paths enumerated, and by hand.
use super::*;
use crate::random::Stream;

/// The objectives of a path from their definition, a timeline at once: the slow twin of the labels.
fn evaluate(path: &[usize], figures: &[StepFigures], request: &PathRequest) -> Objectives {
    let mut timeline: Vec<(f64, f64, Option<f64>)> = Vec::new();
    let (mut now, mut cost, mut known) = (0.0, Some(0.0), request.education.is_some() && request.zone.is_some());
    for (i, to) in path.iter().enumerate() {
        let entered = &path[..i];
        let years = entered.iter().filter_map(|o| figures[*o].education).chain(request.education).map(schooling_years).fold(f64::NEG_INFINITY, f64::max);
        let zones = entered.iter().filter_map(|o| figures[*o].zone).chain(request.zone).map(zone_months).fold(f64::NEG_INFINITY, f64::max);
        let into = figures[*to];
        let (Some(education), Some(training), Some(zone), true) = (into.education, into.training, into.zone, known) else {
            known = false;
            continue;
        };
        let school = (12.0 * (schooling_years(education) - years)).max(0.0);
        let train = training_months(training).max((zone_months(zone) - zones).max(0.0) - school);
        let before = if i == 0 { request.pay } else { figures[path[i - 1]].entry_middle() };
        let pay = into.entry_middle();
        let tuition = if school > 0.0 { request.tuition } else { Some(0.0) };
        cost = (|| Some(cost? + school / 12.0 * (before? + tuition?) + train / 12.0 * (before? - pay?).max(0.0)))();
        let last = i + 1 == path.len();
        let worked = if last { train } else { train.max(request.stay_months) };
        timeline.push((now + school, if last { HORIZON_MONTHS.max(now + school + train) } else { now + school + worked }, pay));
        now += school + worked;
    }
    let within = |(from, until, pay): &(f64, f64, Option<f64>)| pay.map(|pay| pay / 12.0 * (until.min(HORIZON_MONTHS) - from.min(HORIZON_MONTHS)));
    let pay = timeline.iter().map(within).sum::<Option<f64>>();
    let kept = path.iter().map(|o| figures[*o].risk.map(|r| 1.0 - r)).product::<Option<f64>>();
    Objectives { months: known.then_some(now), cost: cost.filter(|_| known), pay: pay.filter(|_| known), risk: kept.map(|kept| 1.0 - kept) }
}

/// Occupation → the steps open from it; those from the start come last.
pub struct Fixed(pub Vec<Vec<PathStep>>);

impl Fixed {
    fn edges(edges: &[Vec<usize>], score: f32) -> Self {
        Self(edges.iter().map(|row| row.iter().map(|to| PathStep { to: *to, score }).collect()).collect())
    }

    fn row(&self, from: Option<usize>) -> &[PathStep] {
        &self.0[from.unwrap_or(self.0.len() - 1)]
    }
}

impl OpenSteps for Fixed {
    /// One too many, that cannot be entered, wherever there is one.
    fn near(&self, from: Option<usize>) -> Vec<usize> {
        let closed = (0..self.0.len() - 1).find(|to| self.step(from, *to).is_none());
        let mut near: Vec<usize> = self.row(from).iter().map(|step| step.to).chain(closed).collect();
        near.sort_unstable();
        near
    }

    fn step(&self, from: Option<usize>, to: usize) -> Option<PathStep> {
        self.row(from).iter().find(|step| step.to == to).copied()
    }
}

/// Every path over the open steps.
fn enumerate(figures: &[StepFigures], request: &PathRequest, edges: &[Vec<usize>], path: &mut Vec<usize>, found: &mut Vec<(Vec<usize>, Objectives)>) {
    let at = path.last().copied();
    for to in &edges[at.unwrap_or(figures.len())] {
        if path.len() < request.steps && at != Some(*to) && request.open(*to, &figures[*to]) {
            path.push(*to);
            if request.targets.as_ref().is_none_or(|targets| targets.contains(to)) {
                found.push((path.clone(), evaluate(path, figures, request)));
            }
            enumerate(figures, request, edges, path, found);
            path.pop();
        }
    }
}

const EDUCATION: [Education; 5] = [Education::Nothing, Education::HighSchool, Education::Award, Education::Associates, Education::Bachelors];
const TRAINING: [Training; 5] = [Training::Nothing, Training::Short, Training::Moderate, Training::Long, Training::Apprenticeship];

/// A small graph whose sums are exact in binary: pay in steps of 12,000, risks of 0, ¼ and ½.
fn graph(random: &mut Stream) -> (Vec<StepFigures>, PathRequest, Vec<Vec<usize>>) {
    let mut pick = |n: usize| ((random.unit() * n as f64) as usize).min(n - 1);
    let count = 4 + pick(5);
    let rarely_none = |pick: &mut dyn FnMut(usize) -> usize| pick(25) == 0;
    let mut figures = Vec::new();
    for _ in 0..count {
        let low = 12_000.0 * (2 + pick(6)) as f64;
        figures.push(StepFigures {
            education: (!rarely_none(&mut pick)).then(|| EDUCATION[pick(5)]),
            training: Some(TRAINING[pick(5)]),
            zone: (!rarely_none(&mut pick)).then(|| 1 + pick(5) as u8),
            entry_pay: (!rarely_none(&mut pick)).then_some((low, low + 24_000.0)),
            risk: (!rarely_none(&mut pick)).then(|| pick(3) as f64 / 4.0),
            openings: None,
        });
    }
    let edges = (0..=count).map(|_| (0..count).filter(|_| pick(2) == 0).collect()).collect();
    let request = PathRequest {
        origin: (pick(2) == 0).then(|| pick(count)),
        education: (pick(10) > 0).then(|| EDUCATION[pick(5)]),
        zone: (pick(10) > 0).then(|| 1 + pick(3) as u8),
        pay: (pick(10) > 0).then(|| 12_000.0 * (1 + pick(8)) as f64),
        tuition: (pick(3) > 0).then(|| 12_000.0 * pick(3) as f64),
        steps: [1, 2, 3, 4, 4, 4][pick(6)],
        stay_months: [0.0, 3.0, 12.0][pick(3)],
        pay_floor: (pick(8) == 0).then_some(48_000.0),
        education_ceiling: (pick(8) == 0).then_some(Education::Associates),
        barred: (0..count).map(|_| pick(16) == 0).collect(),
        targets: (pick(4) == 0).then(|| vec![pick(count), pick(count)]),
    };
    (figures, request, edges)
}

#[test]
fn the_search_finds_what_enumerating_all_paths_finds_on_a_thousand_graphs() {
    let mut random = Stream::at(&[20_261_124]);
    let (mut paths, mut several) = (0, 0);
    for number in 0..1_000 {
        let (figures, request, edges) = graph(&mut random);
        let mut all = Vec::new();
        enumerate(&figures, &request, &edges, &mut Vec::new(), &mut all);
        let found = search(&figures, &request, &Fixed::edges(&edges, 1.0));
        for path in &found {
            let places: Vec<usize> = path.steps.iter().map(|step| step.to).collect();
            assert_eq!(path.objectives, evaluate(&places, &figures, &request), "graph {number}: {places:?}");
            assert_eq!(after_each_step(&path.steps, &figures, &request).last(), Some(&path.objectives), "graph {number}: {places:?}");
            // Undominated, and none breaks a hard requirement.
            for (other, objectives) in &all {
                assert!(!objectives.covers(&path.objectives) || *objectives == path.objectives, "graph {number}: {other:?} betters {places:?}");
            }
            for place in &places {
                assert!(!request.barred[*place] && request.origin != Some(*place), "graph {number}: {places:?}");
                let years = |e: Education| schooling_years(e);
                let ceiling = request.education_ceiling.map(years).map(|c| c.max(request.education.map_or(0.0, years)));
                assert!(ceiling.is_none_or(|c| figures[*place].education.is_some_and(|e| years(e) <= c)), "graph {number}: {places:?}");
            }
        }
        // Complete: everything that exists is covered by something found; and no two that cover each other.
        for (path, objectives) in &all {
            assert!(found.iter().any(|f| f.objectives.covers(objectives)), "graph {number}: {path:?} is missing");
        }
        for (i, a) in found.iter().enumerate() {
            assert!(found.iter().enumerate().all(|(k, b)| i == k || !a.objectives.covers(&b.objectives)), "graph {number}");
        }
        paths += all.len();
        several += usize::from(found.len() > 2);
    }
    assert!(paths > 20_000 && several > 200, "the graphs are too small to tell: {paths} {several}");
}

#[test]
fn a_path_worked_by_hand() {
    let figures = [
        // Mechanic: high school, long training, zone 3, 36,000–60,000, risk ¼.
        StepFigures { education: Some(Education::HighSchool), training: Some(Training::Long), zone: Some(3), entry_pay: Some((36_000.0, 60_000.0)), risk: Some(0.25), openings: None },
        // Technician: associate's, none, zone 3, 60,000–84,000, risk ½.
        StepFigures { education: Some(Education::Associates), training: Some(Training::Nothing), zone: Some(3), entry_pay: Some((60_000.0, 84_000.0)), risk: Some(0.5), openings: None },
    ];
    let request = PathRequest { education: Some(Education::HighSchool), zone: Some(2), pay: Some(54_000.0), ..PathRequest::default() };
    let edges = [vec![1], vec![], vec![0]];
    let to = |target: usize, tuition| {
        let request = PathRequest { targets: Some(vec![target]), tuition, ..request.clone() };
        let found = search(&figures, &request, &Fixed::edges(&edges, 0.5));
        assert_eq!(found.len(), 1);
        found[0].objectives
    };
    // 24 months of training at 48,000 instead of 54,000; five years at 48,000.
    assert_eq!(to(0, Some(10_000.0)), Objectives { months: Some(24.0), cost: Some(12_000.0), pay: Some(240_000.0), risk: Some(0.25) });
    // Then 24 months of school: 2 × (48,000 + 10,000); 24 months at 48,000, the last 12 at 72,000.
    assert_eq!(to(1, Some(10_000.0)), Objectives { months: Some(48.0), cost: Some(128_000.0), pay: Some(168_000.0), risk: Some(0.625) });
    // Unsaid tuition leaves the cost open, not free.
    assert_eq!((to(0, None).cost, to(1, None).cost), (Some(12_000.0), None));
}

#[test]
fn what_was_gained_opens_the_next_step() {
    use super::super::needs::{Needs, ViewRows};
    use super::super::reach::Reach;
    use super::super::score::{Carried, MoveScores, Thresholds, ViewWeights};
    // The third asks for what the first and the second have together; neither alone reaches it.
    let rows = [vec![(0, 1.0), (1, 1.0)], vec![(1, 1.0), (2, 1.0)], vec![(0, 1.0), (1, 1.0), (2, 1.0)]];
    let mut views: [ViewRows; 5] = Default::default();
    views[0] = ViewRows { rows: rows.map(Some).into(), by_rarity: false };
    let needs = Needs::new(&["51-2011", "51-3011", "53-1011"], views, Vec::new());
    let (weights, thresholds) = (ViewWeights::default(), Thresholds { within_reach: 0.9, very_close: 0.95 });
    let scores = MoveScores::new(&needs, &weights);
    assert!(scores.get(0, 2).unwrap() < 0.9 && scores.get(1, 2).unwrap() < 0.9);
    let reach = Reach::new(&needs, &weights, &scores, thresholds, Carried::of(&needs, 0));
    assert_eq!(reach.all(None).iter().map(|step| step.to).collect::<Vec<_>>(), [0]);
    assert!(reach.all(Some(1)).contains(&PathStep { to: 2, score: 1.0 }));
}
