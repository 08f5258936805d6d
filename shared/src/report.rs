//! The report to print and hand over: plain data in, one self-contained page of HTML out, in English, Chinese or both. No
//! scripts, no addresses that are opened, nothing from outside. Holds no personal data but what stands in [`Report::name`],
//! which is empty unless the person asked: all else are names of the taxonomy, figures and the caller's dates.
mod code;
mod draw;
mod words;

use crate::gap::{Gap, HardQuestion, Standing};
use crate::path::search::{CareerPath, StepFigures};
use crate::path::suggest::Reason;
use crate::path::Thresholds;
use crate::plan::ranker::Trait;
use crate::plan::resources::Ask;
use crate::plan::{Deadline, Hours, Month, Schedule, Track, Units};
pub use code::PlanCode;
pub use draw::html;
pub use words::reason;
use serde::{Deserialize, Serialize};

/// Names of one standing that are printed; the rest is counted. Ours.
const NAMES_MAX: usize = 8;

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// English.
    pub en: String,
    /// Chinese; empty where the English is used in Chinese too.
    pub zh: String,
}

/// What the risk of a path is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskBasis {
    /// AI exposure of the tasks.
    Exposure,
    /// Our index of routine and manual work.
    Machines,
    /// Jobs that BLS projects to go.
    Decline,
    /// A scenario of our model, by its name.
    Scenario(Named),
}

/// A step of the path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepLine {
    /// The occupation entered.
    pub name: Named,
    /// Very close; else within reach.
    pub very_close: bool,
    /// p10 and p25 of a year, dollars.
    pub entry_pay: Option<(f64, f64)>,
}

/// The path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathPart {
    /// In order.
    pub steps: Vec<StepLine>,
    /// Months, cost, five years' pay, risk.
    pub months: Option<f64>,
    /// Dollars.
    pub cost: Option<f64>,
    /// Dollars.
    pub pay: Option<f64>,
    /// 0..1.
    pub risk: Option<f64>,
    /// What the risk is made of.
    pub risk_basis: RiskBasis,
    /// The person said what schooling costs.
    pub tuition_said: bool,
    /// Why it is suggested.
    pub reasons: Vec<Reason>,
    /// Among the first in so many of so many scenarios, where that was computed.
    pub in_top: Option<(usize, usize)>,
}

/// One standing of the gap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StandingLine {
    /// Which.
    pub standing: Standing,
    /// The weightiest.
    pub names: Vec<Named>,
    /// All of them, counted.
    pub count: usize,
}

/// A resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceLine {
    /// Title, as its source has it.
    pub title: String,
    /// Address, printed as text.
    pub url: String,
    /// Its language, as the pack has it.
    pub language: String,
    /// Its licence, where known.
    pub licence: Option<String>,
}

/// A unit of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitLine {
    /// Its competences; none for the unit on responsible use of AI and data.
    pub names: Vec<Named>,
    /// What it is for.
    pub track: Track,
    /// How long.
    pub hours: Hours,
    /// Done already.
    pub done: bool,
    /// See first whether the person has it.
    pub check_first: bool,
    /// First and last week, from 0.
    pub weeks: Option<(u32, u32)>,
    /// Places of the units before it.
    pub after: Vec<usize>,
    /// Open resources.
    pub resources: Vec<ResourceLine>,
    /// What to ask where there are none.
    pub asks: Vec<Ask>,
}

/// A month that brings something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthLine {
    /// From 1.
    pub month: u32,
    /// Places of the units that end in it.
    pub units: Vec<usize>,
    /// Occupations that come within reach, the nearest first, a few of them.
    pub occupations: Vec<Named>,
    /// All of them, counted.
    pub count: usize,
}

/// The plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanPart {
    /// In order.
    pub units: Vec<UnitLine>,
    /// Hours a week.
    pub hours_per_week: f64,
    /// The week, counted from 0, after which all is done; `None` where nothing is left to do.
    pub last_week: Option<u32>,
    /// Where a deadline was asked for.
    pub deadline: Option<Deadline>,
    /// What months bring.
    pub months: Vec<MonthLine>,
}

/// A line of sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLine {
    /// The line that must be shown.
    pub attribution: String,
    /// Its date.
    pub date: String,
    /// Its licence.
    pub licence: String,
}

/// A way of learning to look at first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstLine {
    /// Place of the unit.
    pub unit: usize,
    /// Title of the resource or course; `None` where none is known.
    pub what: Option<String>,
    /// Why.
    pub reason: Trait,
    /// The reason comes from what the person chose.
    pub learnt: bool,
}

/// An agreed next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedStep {
    /// The day, as it is to be printed.
    pub date: String,
    /// What was agreed.
    pub text: String,
}

/// All that is printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The person's name; only where they asked for it.
    pub name: Option<String>,
    /// The day of the report, as it is to be printed.
    pub date: String,
    /// The present occupation.
    pub from: Option<Named>,
    /// The target.
    pub target: Named,
    /// The path, where there is one.
    pub path: Option<PathPart>,
    /// Schooling, experience and licences, as questions.
    pub hard: Vec<HardQuestion>,
    /// By standing.
    pub gap: Vec<StandingLine>,
    /// Share that is shown, 0..1.
    pub shown: Option<f32>,
    /// The plan.
    pub plan: Option<PlanPart>,
    /// What to look at first, in order.
    pub first: Vec<FirstLine>,
    /// The plan by its codes.
    pub code: Option<PlanCode>,
    /// The agreed next step.
    pub next_step: Option<AgreedStep>,
    /// Where the figures come from.
    pub sources: Vec<SourceLine>,
}

impl PathPart {
    /// Of a path; `name` names an occupation.
    pub fn new(path: &CareerPath, figures: &[StepFigures], thresholds: &Thresholds, risk_basis: RiskBasis, tuition_said: bool, reasons: &[Reason], name: &dyn Fn(usize) -> Named) -> Self {
        let step = |step: &crate::path::search::PathStep| StepLine { name: name(step.to), very_close: step.score >= thresholds.very_close, entry_pay: figures.get(step.to).and_then(|of| of.entry_pay) };
        let of = &path.objectives;
        Self { steps: path.steps.iter().map(step).collect(), months: of.months, cost: of.cost, pay: of.pay, risk: of.risk, risk_basis, tuition_said, reasons: reasons.to_vec(), in_top: None }
    }
}

/// The gap by standing; `name` names a competence. Empty standings are left out.
pub fn standings(gap: &Gap, name: &dyn Fn(u32) -> Named) -> Vec<StandingLine> {
    let line = |standing: Standing| {
        let of = || gap.items.iter().filter(move |item| item.standing == standing);
        StandingLine { standing, names: of().take(NAMES_MAX).map(|item| name(item.competence)).collect(), count: of().count() }
    };
    [Standing::Have, Standing::Partly, Standing::NotInCv, Standing::ToLearn].map(line).into_iter().filter(|line| line.count > 0).collect()
}

impl PlanPart {
    /// Of a plan; `name` names a competence, `occupation` an occupation, `where_to` says where the unit at a place can be learnt.
    pub fn new(
        units: &Units,
        schedule: &Schedule,
        months: &[Month],
        hours_per_week: f64,
        name: &dyn Fn(u32) -> Named,
        occupation: &dyn Fn(usize) -> Named,
        where_to: &dyn Fn(usize) -> (Vec<ResourceLine>, Vec<Ask>),
    ) -> Self {
        let weeks = |place: usize| {
            let mut of = schedule.weeks.iter().filter(|week| week.lines.iter().any(|(unit, _)| *unit == place)).map(|week| week.week);
            let first = of.next()?;
            Some((first, of.next_back().unwrap_or(first)))
        };
        let line = |(place, unit): (usize, &crate::plan::Unit)| {
            let (resources, asks) = where_to(place);
            UnitLine {
                names: unit.competences.iter().map(|competence| name(*competence)).collect(),
                track: unit.track,
                hours: unit.hours,
                done: schedule.done.contains(&place),
                check_first: unit.check_first,
                weeks: weeks(place),
                after: unit.after.iter().filter_map(|id| units.units.iter().position(|other| other.id == *id)).collect(),
                resources,
                asks,
            }
        };
        let month = |of: &Month| MonthLine { month: of.month, units: of.units.clone(), occupations: of.occupations.iter().take(3).map(|place| occupation(*place)).collect(), count: of.occupations.len() };
        Self {
            units: units.units.iter().enumerate().map(line).collect(),
            hours_per_week,
            last_week: schedule.weeks.last().map(|week| week.week),
            deadline: schedule.deadline.clone(),
            months: months.iter().map(month).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
