//! What changed between two visits, and why: progress, a self-check, new evidence, a new pack or scenario. Also what the
//! yearly review asks about. Not a judgement of a person; words belong to the page.
use crate::gap::{Gap, Standing};
use crate::plan::{Schedule, Units};
use serde::{Deserialize, Serialize};

/// A competence of a person at a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// Id of the competence.
    pub id: String,
    /// Probability that the CV means it, 0..1.
    pub confidence: f32,
    /// Level of a self-check, 0..7.
    pub level: Option<f32>,
    /// Half the width of its interval, in levels.
    pub level_off: Option<f32>,
    /// The person said that they do not have it.
    pub denied: bool,
    /// The latest year of the post it stands under.
    pub year: Option<u16>,
}

/// A demand of the target at a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GapState {
    /// Id of the competence.
    pub id: String,
    /// How the person stands to it.
    pub standing: Standing,
}

/// A suggested target at a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetState {
    /// Code of the occupation.
    pub soc: String,
    /// Months, cost, pay, risk of the best path; `None` where they cannot be computed.
    pub objectives: [Option<f64>; 4],
}

/// A unit at a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitState {
    /// Its id.
    pub id: String,
    /// Done.
    pub done: bool,
    /// Hours still to go.
    pub hours_left: f64,
    /// The week in which it ends.
    pub ends: Option<u32>,
}

/// All that is compared. Holds ids and numbers, no words of a CV.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Version of the pack, as its manifest names it.
    pub pack: String,
    /// The scenario in force, as the page's state writes it; empty for none.
    pub scenario: String,
    /// Code of the target, or a name for advertisements.
    pub target: String,
    /// Hours a week.
    pub hours_per_week: f64,
    /// By id.
    pub skills: Vec<Skill>,
    /// In the order of the gap.
    pub gap: Vec<GapState>,
    /// Share that is shown, 0..1.
    pub shown: Option<f32>,
    /// The best first.
    pub targets: Vec<TargetState>,
    /// In order.
    pub units: Vec<UnitState>,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A competence is in the profile.
    SkillAdded {
        /// Id.
        id: String,
    },
    /// A competence is no longer in the profile.
    SkillGone {
        /// Id.
        id: String,
    },
    /// A self-check says another level.
    Level {
        /// Id.
        id: String,
        /// Before; `None` where there was no self-check.
        from: Option<f32>,
        /// Now.
        to: Option<f32>,
        /// The intervals overlap: it may be no change at all.
        within_error: bool,
    },
    /// The standing to a demand.
    Standing {
        /// Id.
        id: String,
        /// Before; `None` where it was not asked.
        from: Option<Standing>,
        /// Now; `None` where it is no longer asked.
        to: Option<Standing>,
    },
    /// The share that is shown.
    Shown {
        /// Before.
        from: Option<f32>,
        /// Now.
        to: Option<f32>,
    },
    /// A suggested target came, went, or stands elsewhere in the list (from 0).
    Target {
        /// Code.
        soc: String,
        /// Before.
        from: Option<usize>,
        /// Now.
        to: Option<usize>,
    },
    /// An objective of a target's best path.
    Objective {
        /// Code.
        soc: String,
        /// 0 months, 1 cost, 2 pay, 3 risk.
        objective: usize,
        /// Before.
        from: Option<f64>,
        /// Now.
        to: Option<f64>,
    },
    /// A unit came into the plan.
    UnitAdded {
        /// Id.
        id: String,
    },
    /// A unit left the plan.
    UnitGone {
        /// Id.
        id: String,
    },
    /// A unit is done.
    UnitDone {
        /// Id.
        id: String,
    },
    /// Hours still to go in a unit.
    UnitHours {
        /// Id.
        id: String,
        /// Before.
        from: f64,
        /// Now.
        to: f64,
    },
    /// The last week of the plan.
    PlanEnd {
        /// Before.
        from: Option<u32>,
        /// Now.
        to: Option<u32>,
    },
}

/// Why it changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Progress in a unit.
    Progress {
        /// Id of the unit.
        unit: String,
    },
    /// A self-check was done or done again.
    Check {
        /// Id of the competence.
        id: String,
    },
    /// The person said that they do not have it, or took that back.
    Said {
        /// Id of the competence.
        id: String,
    },
    /// The CV, or the person, shows a competence that it did not, or no longer.
    Evidence {
        /// Id of the competence.
        id: String,
    },
    /// Another target.
    Target,
    /// Other hours a week.
    Hours,
    /// Newer data.
    Pack,
    /// Another scenario.
    Scenario,
    /// Nothing of the above: a choice in the page.
    Choice,
}

/// A change with all that may have caused it. Causes are what differs, not a proof of what did it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What.
    pub what: What,
    /// Why, the nearest cause first.
    pub why: Vec<Why>,
}

/// What changed from one snapshot to the next, and why: profile, gap, targets, plan, in this order.
pub fn changes(before: &Snapshot, after: &Snapshot) -> Vec<Change> {
    let _ = (before, after);
    Vec::new()
}

/// The state of a gap; `id` names a competence.
pub fn gap_state(gap: &Gap, id: &dyn Fn(u32) -> String) -> Vec<GapState> {
    gap.items.iter().map(|item| GapState { id: id(item.competence), standing: item.standing }).collect()
}

/// The state of a plan.
pub fn unit_state(units: &Units, schedule: &Schedule) -> Vec<UnitState> {
    let _ = (units, schedule);
    Vec::new()
}

/// A competence that the yearly review asks about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ageing {
    /// Id.
    pub id: String,
    /// The latest year that the CV names.
    pub year: u16,
    /// Years since.
    pub years: u16,
    /// From how many years on it is asked about.
    pub bound: u16,
}

/// What the yearly review asks about: see [`Ageing`].
pub fn ageing(skills: &[Skill], checked: &[&str], this_year: u16) -> Vec<Ageing> {
    let _ = (skills, checked, this_year);
    Vec::new()
}
