//! What to learn first for a target: learning units with order, hours and resources, laid out in weeks, and what each month
//! brings within reach. Not what is lacking: that is `gap`; no calendar: weeks count from 0, dates are the caller's.
//!
//! The job in order: [`book::PlanBook::wants`] → [`units::draft`] → [`schedule::lay_out`] → [`months::unlocked`]; courses of a
//! provider come from [`courses`], what to look at first from [`ranker`]. Words belong to the page and to `report`.
#[cfg(feature = "model")]
pub mod book;
pub mod courses;
pub mod months;
pub mod ranker;
pub mod resources;
pub mod schedule;
pub mod text;
pub mod units;

use crate::gap::Standing;
use serde::{Deserialize, Serialize};

/// Id of the unit on responsible use of AI and data, which stands in every plan.
pub const RESPONSIBLE: &str = "responsible-ai";

/// What a unit is for (基础、实操、软技能).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// Responsible use of AI and data.
    Responsible,
    /// Areas of knowledge and O*NET's basic skills (2.A).
    Foundation,
    /// Work activities, tools and O*NET's technical skills (2.B.3).
    Practice,
    /// Social, problem-solving, systems and resource-management skills (2.B.1, 2.B.2, 2.B.4, 2.B.5).
    Soft,
}

/// What hours rest on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoursBasis {
    /// Our rough estimate for a unit of this kind, not measured: see [`units::estimate`].
    OurEstimate,
    /// Our rough estimate by the levels (O*NET's scale, 0..7) between a self-check and what is asked.
    LevelsToGo {
        /// Above 0.
        levels: f32,
    },
    /// The hours that the provider of a course states.
    Course {
        /// Place among the courses.
        course: usize,
    },
    /// The person's own figure.
    Own,
}

/// Expected hours (预计用时) with their range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hours {
    /// Few.
    pub low: f64,
    /// What the schedule takes.
    pub expected: f64,
    /// Many.
    pub high: f64,
    /// What they rest on.
    pub basis: HoursBasis,
}

/// A learning unit (学习单元).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Id of its competence; of kindred activities that of their intermediate activity, as `4.A.3.b.4.I01`; or [`RESPONSIBLE`].
    /// The same in every pack that has the competence.
    pub id: String,
    /// What it is for.
    pub track: Track,
    /// Places of its competences in the taxonomy, the weightiest first; none for [`RESPONSIBLE`].
    pub competences: Vec<u32>,
    /// Of activities their group, as in [`crate::gap::Demand::group`].
    pub group: Option<u32>,
    /// The standing of the weightiest; `None` for [`RESPONSIBLE`].
    pub standing: Option<Standing>,
    /// A must of an advertisement.
    pub must: bool,
    /// The greatest weight of its competences in the gap, 0..1.
    pub weight: f32,
    /// How long it may take.
    pub hours: Hours,
    /// Ids of units of this plan that come before, the most needed first.
    pub after: Vec<String>,
    /// The CV is silent: the first thing to do is to see whether the person has it already.
    pub check_first: bool,
}

/// Why a competence of the gap has no unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Had already.
    Have,
    /// The person turned it down.
    Declined,
    /// A tool that is only named as an example among many: not in demand there (O*NET).
    ExampleTool,
    /// The present occupation usually asks for it as well; it can be taken in.
    Usual,
    /// Others of its kind are more telling; it can be taken in.
    LittleAsked,
}

/// A competence without a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Place in the taxonomy.
    pub competence: u32,
    /// Why.
    pub reason: LeftOut,
}

/// What to learn, in order: every prerequisite stands before the unit that needs it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Units {
    /// In order.
    pub units: Vec<Unit>,
    /// Every other competence of the gap, with the reason.
    pub left: Vec<Left>,
}

/// How far a person is with a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Id of the unit.
    pub unit: String,
    /// Hours spent so far.
    pub hours: f64,
    /// Done, whatever the hours.
    pub done: bool,
}

/// What a schedule is laid out by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScheduleRequest {
    /// Hours a week, more than 0; a full week has at most [`schedule::WEEK_HOURS`].
    pub hours_per_week: f64,
    /// The number of weeks within which all should be done, counted from week 0.
    pub deadline_weeks: Option<u32>,
    /// The week that is to come: 0 at first, then as many as have passed.
    pub from_week: u32,
    /// Hours of that week that are over, among those of `progress`.
    pub hours_over: f64,
    /// A unit once; one that is not named has not begun.
    pub progress: Vec<Progress>,
}

/// A week of the schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Week {
    /// From 0.
    pub week: u32,
    /// Place of the unit in [`Units::units`], hours. Together never more than the hours a week.
    pub lines: Vec<(usize, f64)>,
}

/// Whether all is done in time; if not, what would be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deadline {
    /// As asked.
    pub weeks: u32,
    /// All is done by then.
    pub kept: bool,
    /// Hours that do not fit; 0 where it is kept.
    pub hours_over: f64,
    /// Hours a week with which it would be kept; `None` where no week is left or a week has not so many.
    pub hours_per_week_needed: Option<f64>,
    /// Weeks counted from 0 by which all would be done at the hours asked.
    pub weeks_needed: u32,
    /// Places of the units that fit, each with all that comes before it: what to choose if neither can be changed.
    pub fits: Vec<usize>,
}

/// A schedule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// From the week to come; weeks passed are not repeated.
    pub weeks: Vec<Week>,
    /// By unit: the week in which it ends; `None` where it was done before.
    pub ends: Vec<Option<u32>>,
    /// By unit: hours still to go.
    pub hours_left: Vec<f64>,
    /// Places of units that were marked done.
    pub done: Vec<usize>,
    /// Where a deadline was asked for.
    pub deadline: Option<Deadline>,
}

/// What a month brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Month {
    /// From 1.
    pub month: u32,
    /// Places of the units that end in it.
    pub units: Vec<usize>,
    /// How well the person is then prepared for the target, 0..1; `None` without a target or data on it.
    pub score: Option<f32>,
    /// Occupations that are within reach from then on and were not before, the nearest first.
    pub occupations: Vec<usize>,
}
