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
mod front;

use crate::compare::{larger, smaller};
use crate::market::data::OccupationFigures;
use crate::market::data::figures::{Education, Training};
use front::{Front, covers};
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

/// True where an occupation usually asks for no more schooling than the person has; also where either is unknown.
pub fn may_enter(attained: Option<Education>, asked: Option<Education>) -> bool {
    attained.zip(asked).is_none_or(|(attained, asked)| schooling_years(asked) <= schooling_years(attained))
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
    /// Openings a year, thousands: no objective of the search, but weighed in suggestions.
    pub openings: Option<f64>,
}

impl StepFigures {
    /// From the market's figures and a risk.
    pub fn new(figures: &OccupationFigures, risk: Option<f64>) -> Self {
        let annual = &figures.pay.annual;
        Self { education: figures.education, training: figures.training, zone: figures.job_zone, entry_pay: annual.p10.zip(annual.p25), risk, openings: figures.openings }
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

    /// For comparing.
    #[inline]
    fn compared(&self) -> [f64; 4] {
        let [months, cost, pay, risk] = self.costs();
        [or_endless(months), or_endless(cost), or_endless(pay), or_endless(risk)]
    }

    /// True where the other is in no objective better.
    pub fn covers(&self, other: &Self) -> bool {
        covers(&self.compared(), &other.compared())
    }
}

/// A cost for comparing: an unknown one is more than all.
#[inline]
fn or_endless(cost: Option<f64>) -> f64 {
    cost.unwrap_or(f64::INFINITY)
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
    /// Of a year in the present occupation: the person's own, then entry pay.
    pay: Option<f64>,
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
    /// Months at school before the step that is being taken.
    school: Option<f64>,
}

/// Dollars for work from one month to another, within the horizon.
fn earned(from: f64, until: f64, pay_per_year: f64) -> f64 {
    (smaller(until, HORIZON_MONTHS) - smaller(from, HORIZON_MONTHS)) * pay_per_year / 12.0
}

impl Standing {
    fn start(request: &PathRequest) -> Self {
        Self {
            at: None,
            pay: request.pay,
            schooling_years: request.education.map(schooling_years),
            zone_months: request.zone.map(zone_months),
            months: Some(0.0),
            cost: Some(0.0),
            earned: Some(0.0),
            kept: Some(1.0),
            worked: 0.0,
            school: Some(0.0),
        }
    }

    /// After the stay that the next step presumes.
    fn stayed(mut self, request: &PathRequest) -> Self {
        if self.at.is_some() {
            let more = larger(request.stay_months - self.worked, 0.0);
            let until = self.months.map(|months| months + more);
            self.earned = (|| Some(self.earned? + earned(self.months?, until?, self.pay?)))();
            self.months = until;
            self.worked += more;
        }
        self
    }

    /// After the schooling that an occupation asks for; from where the person stayed.
    fn schooled(mut self, asked: Option<Education>, request: &PathRequest) -> Self {
        self.school = self.schooling_years.zip(asked).map(|(attained, asked)| larger(schooling_years(asked) - attained, 0.0) * 12.0);
        self.months = self.months.zip(self.school).map(|(months, school)| months + school);
        self.cost = (|| {
            let school = self.school?;
            let tuition = if school > 0.0 { request.tuition? * school / 12.0 } else { 0.0 };
            Some(self.cost? + tuition + self.pay? * school / 12.0)
        })();
        self
    }

    /// In the occupation whose schooling the person has had now, trained.
    fn trained(&self, to: usize, into: &StepFigures) -> Self {
        let pay = into.entry_middle();
        let zone = self.zone_months.zip(into.zone).map(|(attained, asked)| larger(zone_months(asked) - attained, 0.0));
        let training = (|| Some(larger(training_months(into.training?), zone? - self.school?)))();
        let months = self.months.zip(training).map(|(months, training)| months + training);
        Self {
            at: Some(to),
            pay,
            schooling_years: self.schooling_years.map(|attained| larger(attained, into.education.map_or(0.0, schooling_years))),
            zone_months: self.zone_months.map(|attained| larger(attained, into.zone.map_or(0.0, zone_months))),
            months,
            cost: months.and_then(|_| Some(self.cost? + larger(self.pay? - pay?, 0.0) * training? / 12.0)),
            earned: (|| Some(self.earned? + earned(self.months?, months?, pay?)))(),
            kept: self.kept.zip(into.risk).map(|(kept, risk)| kept * (1.0 - risk)),
            worked: training.unwrap_or(0.0),
            school: Some(0.0),
        }
    }

    /// Of a path that ends here.
    fn objectives(&self) -> Objectives {
        let all = || Some(self.earned? + earned(self.months?, larger(self.months?, HORIZON_MONTHS), self.pay?));
        Objectives { months: self.months, cost: self.cost, pay: all(), risk: self.kept.map(|kept| 1.0 - kept) }
    }

    /// Objectives that no path which goes on from here can better, rounding allowed for: sums are made in another order there.
    fn best(&self, ahead: &Ahead) -> Objectives {
        let pay = || Some(self.earned? + earned(self.months?, larger(self.months?, HORIZON_MONTHS), ahead.pay));
        let months = self.months.map(|months| (months + ahead.months) / ROUNDING);
        Objectives { months, cost: self.cost, pay: pay().map(|pay| pay * ROUNDING), risk: self.kept.map(|kept| 1.0 - kept * ahead.kept * ROUNDING) }
    }

    /// What the rest of a path depends on besides the occupation, less is better: who has no more of any can become at least
    /// as much. Both stayed.
    fn costs(&self) -> [f64; 6] {
        let less = |of: Option<f64>| or_endless(of.map(|of| -of));
        [less(self.schooling_years), less(self.zone_months), or_endless(self.months), or_endless(self.cost), less(self.earned), less(self.kept)]
    }
}

/// The best that some more steps can bring, each sum by itself.
#[derive(Clone, Copy, Debug)]
struct Ahead {
    /// They take at least, stays between them included.
    months: f64,
    /// The highest entry pay among them, dollars a year.
    pay: f64,
    /// Π(1 − r) over them at most.
    kept: f64,
}

impl Ahead {
    /// Of no way at all: it betters nothing.
    const NOTHING: Self = Self { months: f64::INFINITY, pay: 0.0, kept: 0.0 };

    fn either(self, other: Self) -> Self {
        Self { months: smaller(other.months, self.months), pay: larger(other.pay, self.pay), kept: larger(other.kept, self.kept) }
    }

    /// Of a step by itself.
    fn of(into: &StepFigures) -> Self {
        Self { months: or_endless(into.training.map(training_months)), pay: into.entry_middle().unwrap_or(0.0), kept: 1.0 - into.risk.unwrap_or(1.0) }
    }

    /// A stay, and what is ahead of it.
    fn then(self, then: Self, stay_months: f64) -> Self {
        Self { months: larger(stay_months, self.months) + then.months, pay: larger(then.pay, self.pay), kept: self.kept * then.kept }
    }
}

/// Every level in its order, and that which is not known.
const EDUCATIONS: [Option<Education>; 9] = [
    Some(Education::Doctoral),
    Some(Education::Masters),
    Some(Education::Bachelors),
    Some(Education::Associates),
    Some(Education::Award),
    Some(Education::SomeCollege),
    Some(Education::HighSchool),
    Some(Education::Nothing),
    None,
];

const _: () = {
    let mut place = 0;
    while place < EDUCATIONS.len() {
        assert!(match EDUCATIONS[place] { Some(of) => of as usize == place, None => place == EDUCATIONS.len() - 1 });
        place += 1;
    }
};

/// More than all roundings of a path's sums together.
const ROUNDING: f64 = 1.0 + 1e-12;

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
        let into = figures.get(step.to).copied().unwrap_or_default();
        standing = standing.stayed(request).schooled(into.education, request).trained(step.to, &into);
        after.push(standing.objectives());
    }
    after
}

/// Which steps are open from an occupation, and from the start (`None`).
pub trait OpenSteps {
    /// Occupations, rising: all to which a step is open, and perhaps more. Cheap.
    fn near(&self, from: Option<usize>) -> Vec<usize>;

    /// The step, if it is open.
    fn step(&self, from: Option<usize>, to: usize) -> Option<PathStep>;

    /// All open ones.
    fn all(&self, from: Option<usize>) -> Vec<PathStep> {
        self.near(from).into_iter().filter_map(|to| self.step(from, to)).collect()
    }
}

/// What lies ahead of the occupations that may be reached.
struct Ways {
    /// Occupation, and the start after the last → those near it that may be entered.
    near: Vec<Vec<usize>>,
    /// Steps less 1 → occupation → what exactly so many steps on to a target bring at best, were all that is near open.
    ahead: Vec<Vec<Ahead>>,
    /// Steps less 1 → occupation → the best that entering it and up to so many steps in all bring, each sum by itself.
    within: Vec<Vec<Ahead>>,
}

impl Ways {
    fn new(figures: &[StepFigures], request: &PathRequest, wanted: &[bool], count: usize, open: &dyn OpenSteps) -> Self {
        let enterable: Vec<bool> = figures.iter().enumerate().map(|(place, of)| request.open(place, of)).collect();
        let mut near = vec![Vec::new(); figures.len() + 1];
        let mut asked = vec![false; figures.len()];
        let mut level = vec![figures.len()];
        for _ in 0..count {
            let mut next = Vec::new();
            for at in level {
                let from = (at < figures.len()).then_some(at);
                let mut to = open.near(from);
                to.retain(|to| enterable.get(*to) == Some(&true) && from != Some(*to));
                next.extend(to.iter().copied().filter(|to| asked.get_mut(*to).is_some_and(|asked| !std::mem::replace(asked, true))));
                near.iter_mut().skip(at).take(1).for_each(|slot| slot.clone_from(&to));
            }
            level = next;
        }
        let one: Vec<Ahead> = figures.iter().map(Ahead::of).collect();
        let mut next: Vec<Ahead> = one.iter().zip(wanted).map(|(of, wanted)| if *wanted { *of } else { Ahead::NOTHING }).collect();
        let mut ahead: Vec<Vec<Ahead>> = Vec::new();
        let mut within = vec![next.clone()];
        // The start is asked by nobody.
        for _ in 1..count {
            let best = |to: &Vec<usize>| to.iter().filter_map(|to| next.get(*to)).copied().fold(Ahead::NOTHING, Ahead::either);
            let steps: Vec<Ahead> = near.iter().take(figures.len()).map(best).collect();
            next = one.iter().zip(&steps).map(|(of, then)| of.then(*then, request.stay_months)).collect();
            ahead.push(steps);
            within.extend(within.last().map(|fewer| fewer.iter().zip(&next).map(|(fewer, more)| fewer.either(*more)).collect::<Vec<_>>()));
        }
        Self { near, ahead, within }
    }

    /// Of the steps to a target, those that no other betters: one that asks for no more schooling, training or zone and has
    /// no less pay and no more risk is at least as good a last step of any path.
    fn last(&self, at: usize, figures: &[StepFigures], wanted: &[bool], open: &dyn OpenSteps) -> Vec<usize> {
        let mut front = Front::default();
        for to in self.near.get(at).into_iter().flatten().filter(|to| wanted.get(**to) == Some(&true)) {
            let of = figures.get(*to).copied().unwrap_or_default();
            let pay = of.entry_middle().map(|pay| -pay);
            let costs = [of.education.map(schooling_years), of.training.map(training_months), of.zone.map(zone_months), pay, of.risk].map(or_endless);
            if !front.covers(&costs) && open.step((at < figures.len()).then_some(at), *to).is_some() {
                front.put(costs, *to, |_| {});
            }
        }
        front.in_order()
    }
}

/// All paths to the targets that no other path to any of them covers, in the order found; of equals the first.
///
/// A label is dropped where another in the same occupation can become at least as good, or where paths found already
/// cover the best that it could become: what it took so far, and the best that is ahead. Only of what is left is it asked
/// whether the step is open. By a trait object: a generic search would be compiled by each caller, in the page for size.
pub fn search(figures: &[StepFigures], request: &PathRequest, open: &dyn OpenSteps) -> Vec<CareerPath> {
    let mut wanted = vec![request.targets.is_none(); figures.len()];
    for target in request.targets.iter().flatten() {
        wanted.iter_mut().skip(*target).take(1).for_each(|slot| *slot = true);
    }
    let count = request.steps.min(STEPS_MAX);
    let ways = Ways::new(figures, request, &wanted, count, open);
    let mut last: Vec<Option<Vec<usize>>> = vec![None; figures.len() + 1];
    let mut labels = vec![Label { ready: Standing::start(request), score: 1.0, before: None, covered: false }];
    let mut front = Front::default();
    // Occupation → labels that may go on.
    let mut going: Vec<Front<6>> = figures.iter().map(|_| Front::default()).collect();
    let mut level = vec![0];
    for step in 1..=count {
        let mut next = Vec::new();
        for from in level {
            let Some(label) = labels.get(from).filter(|label| !label.covered) else { continue };
            let standing = label.ready;
            let at = standing.at.unwrap_or(figures.len());
            if step > 1 && !betters(&standing, at, &ways.ahead, count + 1 - step, &mut front) {
                continue;
            }
            let to = match last.get_mut(at).filter(|_| step == count) {
                Some(last) => Some(&*last.get_or_insert_with(|| ways.last(at, figures, &wanted, open))),
                None => ways.near.get(at),
            };
            let schooled = EDUCATIONS.map(|asked| standing.schooled(asked, request));
            for to in to.into_iter().flatten().copied() {
                let Some(into) = figures.get(to) else { continue };
                let Some(before) = schooled.get(into.education.map_or(EDUCATIONS.len() - 1, |of| of as usize)) else { continue };
                // Most are dropped here.
                if ways.within.get(count - step).and_then(|within| within.get(to)).is_none_or(|best| front.covers(&before.best(best).compared())) {
                    continue;
                }
                let entered = before.trained(to, into);
                let objectives = entered.objectives().compared();
                let ends = wanted.get(to) == Some(&true) && !front.covers(&objectives);
                let ready = entered.stayed(request);
                let costs = ready.costs();
                let goes = step < count
                    && betters(&ready, to, &ways.ahead, count - step, &mut front)
                    && going.get_mut(to).is_some_and(|others| !others.covers(&costs));
                let Some(way) = (ends || goes).then(|| open.step(standing.at, to)).flatten() else { continue };
                let place = labels.len();
                labels.push(Label { ready, score: way.score, before: Some(from), covered: false });
                if ends {
                    front.put(objectives, place, |_| {});
                }
                if let Some(others) = going.get_mut(to).filter(|_| goes) {
                    // Those of fewer steps go on all the same: they have more steps left.
                    let first = next.first().copied().unwrap_or(place);
                    others.put(costs, place, |other| labels.get_mut(other).filter(|_| other >= first).into_iter().for_each(|label| label.covered = true));
                    next.push(place);
                }
            }
        }
        level = next;
    }
    let path = |last: usize| {
        let steps = trace(&labels, last);
        after_each_step(&steps, figures, request).pop().map(|objectives| CareerPath { steps, objectives })
    };
    front.in_order().into_iter().filter_map(path).collect()
}

/// True where going on one to so many steps from an occupation may give objectives that nothing found covers.
fn betters(ready: &Standing, at: usize, ahead: &[Vec<Ahead>], steps: usize, front: &mut Front<4>) -> bool {
    ahead.iter().take(steps).filter_map(|ahead| ahead.get(at)).any(|ahead| !front.covers(&ready.best(ahead).compared()))
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

#[cfg(test)]
pub(super) mod tests;
