//! Which steps lead where, at what time, cost, pay and risk: label-setting search over all paths of up to four steps. Not
//! which of them to show first: that is `suggest`.
//!
//! **What a path is.** Occupations entered one after the other, the first from where the person stands, who is never led
//! back there. Competences carry on: a step is open where what the person brought *and* what the present occupation asks
//! for together reach the threshold (`Reach`). What was gained in occupations before the present one is not counted: that
//! promises less than the full set would allow, never more, and lets a label be the occupation, the schooling and the job
//! zone attained. Over exactly this the search is exact: it keeps every path that no other equals or betters in all four
//! objectives (its tests enumerate).
//!
//! **Objectives** of a path (money in US dollars before tax, times typical, not a person's own):
//! * months: per step the schooling that is lacking, then training on the job, or longer where the job zone asks for more;
//!   in an occupation that is left again at least [`PathRequest::stay_months`];
//! * cost: pay forgone against that of the occupation before, in school all of it, in training what the entry pay falls
//!   short; and tuition as the person gives it;
//! * pay: all earned in the first five years ([`HORIZON_MONTHS`]), nothing in school, entry pay after;
//! * risk: 1 − Π(1 − r) over the occupations entered.
//!
//! What cannot be computed is `None`, never 0. A known objective is as good as an unknown one, not the other way round.
use super::needs::Needs;
use super::score::{Carried, MoveScores, Thresholds, ViewWeights};
use crate::market::data::OccupationFigures;
use crate::market::data::figures::{Education, Training};
use serde::{Deserialize, Serialize};

/// Pay is counted over five years.
pub const HORIZON_MONTHS: f64 = 60.0;
/// At most so many steps.
pub const STEPS_MAX: usize = 4;

/// Years of full-time schooling behind a level of education, from no credential on: usual lengths of US programmes (high
/// school equivalency 1; beyond it award and some college 1, associate's 2, bachelor's 4, master's 6, doctoral and
/// professional 8).
pub const fn schooling_years(education: Education) -> f64 {
    match education {
        Education::Nothing => 0.0,
        Education::HighSchool => 1.0,
        Education::SomeCollege | Education::Award => 2.0,
        Education::Associates => 3.0,
        Education::Bachelors => 5.0,
        Education::Masters => 7.0,
        Education::Doctoral => 9.0,
    }
}

/// Months of training on the job, within BLS's bounds for each code (short: up to 1; moderate: 1–12; long: more than 12;
/// apprenticeships run 3–5 years; an internship or residency at least 1 year). The values within are ours.
pub const fn training_months(training: Training) -> f64 {
    match training {
        Training::Nothing => 0.0,
        Training::Short => 1.0,
        Training::Moderate => 6.0,
        Training::Internship => 12.0,
        Training::Long => 24.0,
        Training::Apprenticeship => 48.0,
    }
}

/// Months of vocational preparation of a job zone, within the bounds of O*NET's Job Zone Reference (SVP: 1 up to 3 months;
/// 2 up to 1 year; 3 1–2 years; 4 2–4 years; 5 over 4 years). The values within are ours.
pub const fn zone_months(zone: u8) -> f64 {
    match zone {
        0 | 1 => 2.0,
        2 => 8.0,
        3 => 18.0,
        4 => 36.0,
        _ => 60.0,
    }
}

/// What a step into an occupation depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepFigures {
    /// Typical education for entry.
    pub education: Option<Education>,
    /// Typical training on the job.
    pub training: Option<Training>,
    /// Job zone, 1..5.
    pub zone: Option<u8>,
    /// Entry pay, p10 and p25 of a year, dollars.
    pub entry_pay: Option<(f64, f64)>,
    /// Risk of the occupation, 0..1, as scenario or exposure define it.
    pub risk: Option<f64>,
}

impl StepFigures {
    /// From the market's figures and a risk.
    pub fn new(figures: &OccupationFigures, risk: Option<f64>) -> Self {
        let annual = &figures.pay.annual;
        Self { education: figures.education, training: figures.training, zone: figures.job_zone, entry_pay: annual.p10.zip(annual.p25), risk }
    }

    /// Entry pay that sums are made of: the middle of p10 and p25, dollars a year.
    pub fn entry_middle(&self) -> Option<f64> {
        self.entry_pay.map(|(p10, p25)| f64::midpoint(p10, p25))
    }
}

/// Where a person stands and what they ask of a path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathRequest {
    /// The present occupation, if it is one of the pack; no step leads back to it.
    pub origin: Option<usize>,
    /// Education attained.
    pub education: Option<Education>,
    /// Job zone attained.
    pub zone: Option<u8>,
    /// Present pay of a year, dollars.
    pub pay: Option<f64>,
    /// What a year of schooling costs, dollars; `None` where the person has not said: then no path with schooling has a cost.
    pub tuition: Option<f64>,
    /// Steps at most, 1..=[`STEPS_MAX`].
    pub steps: usize,
    /// Months in an occupation before its competences count for the next step.
    pub stay_months: f64,
    /// No occupation on the way has a lower entry pay, or one that is not published.
    pub pay_floor: Option<f64>,
    /// The most schooling that the person would take up.
    pub education_ceiling: Option<Education>,
    /// Occupation → never entered: a licence that the person cannot have, a region without such jobs, a choice.
    pub barred: Vec<bool>,
    /// The occupations to arrive at; all where `None`.
    pub targets: Option<Vec<usize>>,
}

impl Default for PathRequest {
    fn default() -> Self {
        Self {
            origin: None,
            education: None,
            zone: None,
            pay: None,
            tuition: None,
            steps: STEPS_MAX,
            stay_months: 12.0,
            pay_floor: None,
            education_ceiling: None,
            barred: Vec::new(),
            targets: None,
        }
    }
}

impl PathRequest {
    /// True where an occupation may be entered at all: the hard requirements and the person's own limits.
    pub fn open(&self, place: usize, figures: &StepFigures) -> bool {
        let schooling = |ceiling: Education| figures.education.is_some_and(|asked| schooling_years(asked) <= schooling_years(ceiling));
        self.origin != Some(place)
            && self.barred.get(place) != Some(&true)
            && self.pay_floor.is_none_or(|floor| figures.entry_middle().is_some_and(|pay| pay >= floor))
            // A degree that the person has already stays open.
            && self.education_ceiling.is_none_or(|ceiling| schooling(ceiling) || self.education.is_some_and(schooling))
    }
}

/// What a path takes and brings; `None` where it cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Objectives {
    /// Until the last occupation is learnt.
    pub months: Option<f64>,
    /// Pay forgone and tuition, dollars.
    pub cost: Option<f64>,
    /// Earned in five years, dollars.
    pub pay: Option<f64>,
    /// 0..1.
    pub risk: Option<f64>,
}

impl Objectives {
    /// All four, less is better.
    pub fn costs(&self) -> [Option<f64>; 4] {
        [self.months, self.cost, self.pay.map(|pay| -pay), self.risk]
    }

    /// True where the other is in no objective better.
    pub fn covers(&self, other: &Self) -> bool {
        self.costs().into_iter().zip(other.costs()).all(|(own, other)| at_most(own, other))
    }
}

/// True where a cost is no more than another; an unknown one is more than all.
fn at_most(own: Option<f64>, other: Option<f64>) -> bool {
    other.is_none_or(|other| own.is_some_and(|own| own <= other))
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathStep {
    /// The occupation entered.
    pub to: usize,
    /// How well what is brought prepares for it, 0..1.
    pub score: f32,
}

/// A path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CareerPath {
    /// In order.
    pub steps: Vec<PathStep>,
    /// What it takes and brings.
    pub objectives: Objectives,
}

impl CareerPath {
    /// The occupation that it ends in.
    pub fn target(&self) -> Option<usize> {
        self.steps.last().map(|step| step.to)
    }
}

/// The person on the way: what the next step depends on, and the sums so far.
#[derive(Clone, Copy, Debug)]
struct Standing {
    /// `None` before the first step.
    at: Option<usize>,
    schooling_years: Option<f64>,
    zone_months: Option<f64>,
    /// `None` once a step's time is unknown; so are then cost and pay.
    months: Option<f64>,
    cost: Option<f64>,
    /// Dollars earned until `months`, within the horizon.
    earned: Option<f64>,
    /// Π(1 − r).
    kept: Option<f64>,
    /// Months worked in the present occupation so far.
    worked: f64,
}

/// Dollars for work from one month to another, within the horizon.
fn earned(from: f64, until: f64, pay_per_year: f64) -> f64 {
    (until.min(HORIZON_MONTHS) - from.min(HORIZON_MONTHS)) * pay_per_year / 12.0
}

impl Standing {
    fn start(request: &PathRequest) -> Self {
        Self {
            at: None,
            schooling_years: request.education.map(schooling_years),
            zone_months: request.zone.map(zone_months),
            months: Some(0.0),
            cost: Some(0.0),
            earned: Some(0.0),
            kept: Some(1.0),
            worked: 0.0,
        }
    }

    /// After the stay that the next step presumes.
    fn stayed(mut self, figures: &[StepFigures], request: &PathRequest) -> Self {
        if let Some(at) = self.at {
            let more = (request.stay_months - self.worked).max(0.0);
            let until = self.months.map(|months| months + more);
            let pay = figures.get(at).and_then(StepFigures::entry_middle);
            self.earned = (|| Some(self.earned? + earned(self.months?, until?, pay?)))();
            self.months = until;
            self.worked += more;
        }
        self
    }

    /// In the next occupation, trained; from where the person stayed.
    fn step(&self, to: usize, figures: &[StepFigures], request: &PathRequest) -> Self {
        let into = figures.get(to).copied().unwrap_or_default();
        let before = self.at.map_or(request.pay, |at| figures.get(at).and_then(StepFigures::entry_middle));
        let pay = into.entry_middle();
        let school = self.schooling_years.zip(into.education).map(|(attained, asked)| (schooling_years(asked) - attained).max(0.0) * 12.0);
        let zone = self.zone_months.zip(into.zone).map(|(attained, asked)| (zone_months(asked) - attained).max(0.0));
        let training = (|| Some(training_months(into.training?).max(zone? - school?)))();
        let cost = || {
            let (school, training) = (school?, training?);
            let tuition = if school > 0.0 { request.tuition? * school / 12.0 } else { 0.0 };
            let forgone = before? * school / 12.0 + (before? - pay?).max(0.0) * training / 12.0;
            Some(self.cost? + tuition + forgone)
        };
        let begin = (|| Some(self.months? + school?))();
        let months = (|| Some(begin? + training?))();
        Self {
            at: Some(to),
            schooling_years: self.schooling_years.map(|attained| attained.max(into.education.map_or(0.0, schooling_years))),
            zone_months: self.zone_months.map(|attained| attained.max(into.zone.map_or(0.0, zone_months))),
            months,
            cost: months.and_then(|_| cost()),
            earned: (|| Some(self.earned? + earned(begin?, months?, pay?)))(),
            kept: self.kept.zip(into.risk).map(|(kept, risk)| kept * (1.0 - risk)),
            worked: training.unwrap_or(0.0),
        }
    }

    /// Of a path that ends here.
    fn objectives(&self, figures: &[StepFigures]) -> Objectives {
        let pay = self.at.and_then(|at| figures.get(at)).and_then(StepFigures::entry_middle);
        let until = |months: f64| months.max(HORIZON_MONTHS);
        let all = || Some(self.earned? + earned(self.months?, until(self.months?), pay?));
        Objectives { months: self.months, cost: self.cost, pay: all(), risk: self.kept.map(|kept| 1.0 - kept) }
    }

    /// Objectives that no path which goes on from here can better.
    fn best(&self, highest_pay: f64) -> Objectives {
        let pay = || Some(self.earned? + earned(self.months?, self.months?.max(HORIZON_MONTHS), highest_pay));
        Objectives { months: self.months, cost: self.cost, pay: pay(), risk: self.kept.map(|kept| 1.0 - kept) }
    }

    /// True where whatever the other can still become, this becomes at least as good: both stayed, in the same occupation.
    fn covers(&self, other: &Self) -> bool {
        let less = |of: Option<f64>| of.map(|of| -of);
        at_most(less(self.schooling_years), less(other.schooling_years))
            && at_most(less(self.zone_months), less(other.zone_months))
            && at_most(self.months, other.months)
            && at_most(self.cost, other.cost)
            && at_most(less(self.earned), less(other.earned))
            && at_most(less(self.kept), less(other.kept))
    }
}

/// A path as it grows.
struct Label {
    /// Ready for the next step: after the stay that it presumes.
    ready: Standing,
    score: f32,
    /// Place of the label before.
    before: Option<usize>,
    /// Another label of as many steps has taken its place.
    covered: bool,
}

/// What a path has taken and brought after each of its steps; the last are its objectives.
pub fn after_each_step(steps: &[PathStep], figures: &[StepFigures], request: &PathRequest) -> Vec<Objectives> {
    let mut standing = Standing::start(request);
    let mut after = Vec::new();
    for step in steps {
        standing = standing.stayed(figures, request).step(step.to, figures, request);
        after.push(standing.objectives(figures));
    }
    after
}

/// The steps that are open from the start (`None`) and from an occupation, with their scores.
pub type Open<'a> = dyn FnMut(Option<usize>) -> Vec<PathStep> + 'a;

/// All paths to the targets that no other path to any of them covers, in the order found; of equals the first.
///
/// A label is dropped where another in the same occupation can become at least as good, or where a path found already
/// covers the best that it could become: what it took so far, and the highest pay of all from now on.
pub fn search(figures: &[StepFigures], request: &PathRequest, open: &mut Open<'_>) -> Vec<CareerPath> {
    let mut wanted = vec![request.targets.is_none(); figures.len()];
    for target in request.targets.iter().flatten() {
        wanted.iter_mut().skip(*target).take(1).for_each(|slot| *slot = true);
    }
    let enterable: Vec<bool> = figures.iter().enumerate().map(|(place, of)| request.open(place, of)).collect();
    let mut labels = vec![Label { ready: Standing::start(request), score: 1.0, before: None, covered: false }];
    let enterable_pay = figures.iter().zip(&enterable).filter(|(_, open)| **open).filter_map(|(of, _)| of.entry_middle());
    let highest_pay = enterable_pay.fold(0.0, f64::max);
    let mut front: Vec<(Objectives, usize)> = Vec::new();
    // Occupation → labels that may go on.
    let mut going: Vec<Vec<usize>> = vec![Vec::new(); figures.len()];
    // Occupation → the steps open from it, asked for once.
    let mut steps: Vec<Option<Vec<PathStep>>> = vec![None; figures.len()];
    let mut level = vec![0];
    let count = request.steps.min(STEPS_MAX);
    for step in 1..=count {
        let mut next = Vec::new();
        for from in level {
            let Some(label) = labels.get(from).filter(|label| !label.covered) else { continue };
            let standing = label.ready;
            if is_covered(&front, &standing.best(highest_pay)) {
                continue;
            }
            let first;
            let ways = match standing.at.and_then(|at| Some((at, steps.get_mut(at)?))) {
                Some((at, known)) => known.get_or_insert_with(|| open(Some(at))),
                None => {
                    first = open(None);
                    &first
                }
            };
            for way in ways.iter().filter(|way| enterable.get(way.to) == Some(&true) && standing.at != Some(way.to)) {
                let entered = standing.step(way.to, figures, request);
                let place = labels.len();
                let ends = wanted.get(way.to) == Some(&true) && put(&mut front, entered.objectives(figures), place);
                let ready = entered.stayed(figures, request);
                let covered = |other: &usize| labels.get(*other).is_some_and(|other| other.ready.covers(&ready));
                let goes = step < count && !is_covered(&front, &ready.best(highest_pay)) && going.get(way.to).is_some_and(|others| !others.iter().any(covered));
                if goes {
                    if let Some(others) = going.get_mut(way.to) {
                        // Those of fewer steps have gone on already.
                        let first = next.first().copied().unwrap_or(place);
                        others.retain(|other| {
                            let label = labels.get_mut(*other).filter(|label| *other >= first && ready.covers(&label.ready));
                            label.map(|label| label.covered = true).is_none()
                        });
                        others.push(place);
                    }
                    next.push(place);
                }
                if ends || goes {
                    labels.push(Label { ready, score: way.score, before: Some(from), covered: false });
                }
            }
        }
        level = next;
    }
    let path = |(objectives, last): &(Objectives, usize)| CareerPath { steps: trace(&labels, *last), objectives: *objectives };
    front.iter().map(path).collect()
}

/// True where a path of the front covers the objectives.
fn is_covered(front: &[(Objectives, usize)], objectives: &Objectives) -> bool {
    front.iter().any(|(other, _)| other.covers(objectives))
}

/// Puts a path on a front unless one there covers it; takes off those that it covers.
fn put(front: &mut Vec<(Objectives, usize)>, objectives: Objectives, last: usize) -> bool {
    let new = !is_covered(front, &objectives);
    if new {
        front.retain(|(other, _)| !objectives.covers(other));
        front.push((objectives, last));
    }
    new
}

/// The steps to a label.
fn trace(labels: &[Label], last: usize) -> Vec<PathStep> {
    let mut steps: Vec<PathStep> = Vec::new();
    let mut label = labels.get(last);
    while let Some(of) = label {
        steps.extend(of.ready.at.map(|to| PathStep { to, score: of.score }));
        label = of.before.and_then(|before| labels.get(before));
    }
    steps.reverse();
    steps
}

/// Which steps are open on the occupations of the pack.
pub struct Reach<'a> {
    needs: &'a Needs,
    weights: &'a ViewWeights,
    scores: &'a MoveScores,
    thresholds: Thresholds,
    person: Carried,
    /// Scores of what the person brings.
    first: Vec<f32>,
}

/// Beyond the start, carried competences are looked at where the present occupation or the person alone comes so near to
/// the threshold.
pub const LOOKED_AT: f32 = 0.85;

impl<'a> Reach<'a> {
    /// For a person who brings an occupation and competences.
    pub fn new(needs: &'a Needs, weights: &'a ViewWeights, scores: &'a MoveScores, thresholds: Thresholds, person: Carried) -> Self {
        let first = (0..needs.count()).map(|to| person.score(needs, weights, to).map_or(-1.0, |score| score.value)).collect();
        Self { needs, weights, scores, thresholds, person, first }
    }

    /// Steps whose score reaches the threshold: from the start (`None`) by what the person brings; from an occupation by
    /// that and what the occupation asks for together, where either alone comes to [`LOOKED_AT`] of it.
    pub fn open(&self, from: Option<usize>) -> Vec<PathStep> {
        let bound = self.thresholds.within_reach;
        let Some(from) = from else {
            return (0..).zip(&self.first).filter(|(_, score)| **score >= bound).map(|(to, score)| PathStep { to, score: *score }).collect();
        };
        let mut carried = self.person.clone();
        carried.add(self.needs, from);
        carried.set_present(self.needs, from);
        let near = |to: usize, first: f32| first.max(self.scores.get(from, to).unwrap_or(-1.0)) >= bound * LOOKED_AT;
        let score = |to: usize| carried.score(self.needs, self.weights, to).filter(|score| score.value >= bound).map(|score| PathStep { to, score: score.value });
        (0..).zip(&self.first).filter(|(to, first)| *to != from && near(*to, **first)).filter_map(|(to, _)| score(to)).collect()
    }
}

#[cfg(test)]
mod tests;
