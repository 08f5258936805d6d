//! What changed between two visits, and why: progress, a self-check, new evidence, a new pack or scenario. Also what the
//! yearly review asks about. Not a judgement of a person; words belong to the page.
//!
//! **Causes** are told by what differs between the visits, the nearest first: a competence's own self-check, word or evidence
//! for its standing; progress for a unit; beyond those the target, hours, scenario and data that changed. They say what may
//! have done it, and nothing is left without one.
use crate::gap::{Gap, Standing};
use crate::plan::{Schedule, Units};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Changes of numbers smaller than this are none.
const NOTHING: f64 = 1e-6;
/// Years after which the yearly review asks about a tool: the names and versions of software change fastest. Ours.
pub const TOOL_YEARS: u16 = 3;
/// Years after which it asks about anything else. Ours.
pub const OTHER_YEARS: u16 = 5;

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
    let all = Compared::new(before, after);
    let mut found = Vec::new();
    all.skills(&mut found);
    all.gap(&mut found);
    all.targets(&mut found);
    all.plan(&mut found);
    found
}

/// Two snapshots with what differs in general.
struct Compared<'a> {
    before: &'a Snapshot,
    after: &'a Snapshot,
    /// Causes that touch everything that is computed on them.
    general: Vec<Why>,
    /// Competence → its own causes.
    own: BTreeMap<&'a str, Vec<Why>>,
    /// Units with progress.
    progress: Vec<Why>,
}

/// A thing with its place, in a list before and in one after.
type Pair<'a, T> = (Option<(usize, &'a T)>, Option<(usize, &'a T)>);

/// Before and after by key: what stands in either.
fn both<'a, T>(before: &'a [T], after: &'a [T], key: impl Fn(&'a T) -> &'a str) -> BTreeMap<&'a str, Pair<'a, T>> {
    let mut all: BTreeMap<&str, Pair<'a, T>> = BTreeMap::new();
    for (place, of) in before.iter().enumerate() {
        all.entry(key(of)).or_default().0 = Some((place, of));
    }
    for (place, of) in after.iter().enumerate() {
        all.entry(key(of)).or_default().1 = Some((place, of));
    }
    all
}

/// True where a number changed, or came or went.
fn differs(from: Option<f64>, to: Option<f64>) -> bool {
    match (from, to) {
        (Some(from), Some(to)) => (from - to).abs() > NOTHING * from.abs().max(1.0),
        (None, None) => false,
        _ => true,
    }
}

impl<'a> Compared<'a> {
    fn new(before: &'a Snapshot, after: &'a Snapshot) -> Self {
        let mut general = Vec::new();
        let mut put = |changed, why| general.extend(Some(why).filter(|_| changed));
        put(before.target != after.target, Why::Target);
        put(differs(Some(before.hours_per_week), Some(after.hours_per_week)), Why::Hours);
        put(before.scenario != after.scenario, Why::Scenario);
        put(before.pack != after.pack, Why::Pack);
        let mut own: BTreeMap<&str, Vec<Why>> = BTreeMap::new();
        for (id, (from, to)) in both(&before.skills, &after.skills, |skill| &skill.id) {
            let (from, to) = (from.map(|(_, skill)| skill), to.map(|(_, skill)| skill));
            let of = |skill: Option<&Skill>| skill.map_or((false, None, 0.0), |skill| (skill.denied, skill.level, skill.confidence));
            let ((was_denied, was_level, was_sure), (is_denied, is_level, is_sure)) = (of(from), of(to));
            let whys = own.entry(id).or_default();
            if was_denied != is_denied {
                whys.push(Why::Said { id: id.into() });
            }
            if differs(was_level.map(f64::from), is_level.map(f64::from)) {
                whys.push(Why::Check { id: id.into() });
            }
            if differs(Some(was_sure.into()), Some(is_sure.into())) || from.is_some() != to.is_some() {
                whys.push(Why::Evidence { id: id.into() });
            }
        }
        own.retain(|_, whys| !whys.is_empty());
        let units = both(&before.units, &after.units, |unit| &unit.id);
        let moved = |(from, to): &Pair<'_, UnitState>| from.zip(*to).is_some_and(|((_, from), (_, to))| to.hours_left < from.hours_left - NOTHING || to.done != from.done);
        let progress = units.iter().filter(|(_, pair)| moved(pair)).map(|(id, _)| Why::Progress { unit: (*id).into() }).collect();
        Self { before, after, general, own, progress }
    }

    /// Causes in this order, without those that are not allowed, or that it was a choice.
    fn why<'w>(&'w self, parts: impl IntoIterator<Item = &'w [Why]>, without: &[Why]) -> Vec<Why> {
        let mut whys: Vec<Why> = Vec::new();
        for why in parts.into_iter().flatten().filter(|why| !without.contains(why)) {
            if !whys.contains(why) {
                whys.push(why.clone());
            }
        }
        if whys.is_empty() { vec![Why::Choice] } else { whys }
    }

    fn own(&self, id: &str) -> &[Why] {
        self.own.get(id).map_or(&[], Vec::as_slice)
    }

    /// The causes that lie in the profile.
    fn profile(&self) -> Vec<Why> {
        self.own.values().flatten().cloned().collect()
    }

    fn skills(&self, found: &mut Vec<Change>) {
        for (id, (from, to)) in both(&self.before.skills, &self.after.skills, |skill| &skill.id) {
            let (from, to) = (from.map(|(_, skill)| skill), to.map(|(_, skill)| skill));
            let had = |skill: &Option<&Skill>| skill.is_some_and(|skill| !skill.denied);
            let why = || self.why([self.own(id), &self.general], &[Why::Target, Why::Hours, Why::Scenario]);
            match (had(&from), had(&to)) {
                (false, true) => found.push(Change { what: What::SkillAdded { id: id.into() }, why: why() }),
                (true, false) => found.push(Change { what: What::SkillGone { id: id.into() }, why: why() }),
                _ => {}
            }
            let level = |skill: Option<&Skill>| skill.and_then(|skill| skill.level);
            let (was, is) = (level(from), level(to));
            if differs(was.map(f64::from), is.map(f64::from)) {
                let off = |skill: Option<&Skill>| skill.and_then(|skill| skill.level_off).unwrap_or(0.0);
                let within_error = was.zip(is).is_some_and(|(was, is)| (was - is).abs() <= off(from) + off(to));
                found.push(Change { what: What::Level { id: id.into(), from: was, to: is, within_error }, why: self.why([self.own(id)], &[]) });
            }
        }
    }

    fn gap(&self, found: &mut Vec<Change>) {
        let near = self.profile();
        for (id, (from, to)) in both(&self.before.gap, &self.after.gap, |state| &state.id) {
            let (from, to) = (from.map(|(_, state)| state.standing), to.map(|(_, state)| state.standing));
            if from != to {
                // A kindred activity can make it partly had.
                let kin: &[Why] = if self.own(id).is_empty() && from.is_some() && to.is_some() { &near } else { &[] };
                found.push(Change { what: What::Standing { id: id.into(), from, to }, why: self.why([self.own(id), &self.general, kin], &[Why::Hours, Why::Scenario]) });
            }
        }
        let (from, to) = (self.before.shown, self.after.shown);
        if differs(from.map(f64::from), to.map(f64::from)) {
            found.push(Change { what: What::Shown { from, to }, why: self.why([&near[..], &self.general], &[Why::Hours, Why::Scenario]) });
        }
    }

    fn targets(&self, found: &mut Vec<Change>) {
        let near = self.profile();
        let why = || self.why([&near[..], &self.general], &[Why::Hours, Why::Target]);
        for (soc, (from, to)) in both(&self.before.targets, &self.after.targets, |target| &target.soc) {
            let places = (from.map(|(place, _)| place), to.map(|(place, _)| place));
            if places.0 != places.1 {
                found.push(Change { what: What::Target { soc: soc.into(), from: places.0, to: places.1 }, why: why() });
            }
            if let (Some((_, from)), Some((_, to))) = (from, to) {
                for (objective, (from, to)) in from.objectives.into_iter().zip(to.objectives).enumerate().filter(|(_, (from, to))| differs(*from, *to)) {
                    found.push(Change { what: What::Objective { soc: soc.into(), objective, from, to }, why: why() });
                }
            }
        }
    }

    fn plan(&self, found: &mut Vec<Change>) {
        let near = self.profile();
        for (id, (from, to)) in both(&self.before.units, &self.after.units, |unit| &unit.id) {
            let of_unit = || self.progress.iter().filter(|why| matches!(why, Why::Progress { unit } if unit == id)).cloned().collect::<Vec<_>>();
            let computed = || self.why([self.own(id), &self.general, &near], &[Why::Hours, Why::Scenario]);
            match (from.map(|(_, unit)| unit), to.map(|(_, unit)| unit)) {
                (None, Some(_)) => found.push(Change { what: What::UnitAdded { id: id.into() }, why: computed() }),
                (Some(_), None) => found.push(Change { what: What::UnitGone { id: id.into() }, why: computed() }),
                (Some(from), Some(to)) if to.done && !from.done => found.push(Change { what: What::UnitDone { id: id.into() }, why: self.why([&of_unit()[..]], &[]) }),
                (Some(from), Some(to)) if differs(Some(from.hours_left), Some(to.hours_left)) => {
                    let progress = of_unit();
                    let why = if progress.is_empty() { computed() } else { self.why([&progress[..]], &[]) };
                    found.push(Change { what: What::UnitHours { id: id.into(), from: from.hours_left, to: to.hours_left }, why });
                }
                _ => {}
            }
        }
        let end = |snapshot: &Snapshot| snapshot.units.iter().filter_map(|unit| unit.ends).max();
        let (from, to) = (end(self.before), end(self.after));
        if from != to {
            let why = self.why([&self.progress[..], &self.general, &near], &[Why::Scenario]);
            found.push(Change { what: What::PlanEnd { from, to }, why });
        }
    }
}

/// The state of a gap; `id` names a competence.
pub fn gap_state(gap: &Gap, id: &dyn Fn(u32) -> String) -> Vec<GapState> {
    gap.items.iter().map(|item| GapState { id: id(item.competence), standing: item.standing }).collect()
}

/// The state of a plan.
pub fn unit_state(units: &Units, schedule: &Schedule) -> Vec<UnitState> {
    let laid = schedule.hours_left.iter().zip(&schedule.ends).enumerate();
    units.units.iter().zip(laid).map(|(unit, (place, (hours, ends)))| UnitState { id: unit.id.clone(), done: schedule.done.contains(&place), hours_left: *hours, ends: *ends }).collect()
}

/// A competence that the yearly review asks about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ageing {
    /// Id.
    pub id: String,
    /// The latest year that the CV names for it.
    pub year: u16,
    /// Years since.
    pub years: u16,
    /// From how many years on it is asked about: [`TOOL_YEARS`] or [`OTHER_YEARS`].
    pub bound: u16,
}

/// What the yearly review asks about, the oldest first: what the CV last shows [`TOOL_YEARS`] ago (tools, by their ids) or
/// [`OTHER_YEARS`] ago (all else), unless it is among those checked since. It is a question and takes nothing away: the
/// profile stays as it is until the person answers. A skill without a year is not asked about.
pub fn ageing(skills: &[Skill], checked: &[&str], this_year: u16) -> Vec<Ageing> {
    let of = |skill: &Skill| {
        let year = skill.year?;
        let bound = if skill.id.starts_with("tech:") { TOOL_YEARS } else { OTHER_YEARS };
        let years = this_year.saturating_sub(year);
        (years >= bound && !skill.denied && !checked.contains(&skill.id.as_str())).then(|| Ageing { id: skill.id.clone(), year, years, bound })
    };
    let mut found: Vec<Ageing> = skills.iter().filter_map(of).collect();
    found.sort_by(|a, b| b.years.cmp(&a.years).then_with(|| a.id.cmp(&b.id)));
    found.dedup_by(|a, b| a.id == b.id);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skill(id: &str, confidence: f32) -> Skill {
        Skill { id: id.into(), confidence, level: None, level_off: None, denied: false, year: None }
    }

    fn unit(id: &str, hours_left: f64, ends: u32) -> UnitState {
        UnitState { id: id.into(), done: false, hours_left, ends: Some(ends) }
    }

    fn first() -> Snapshot {
        let state = |id: &str, standing| GapState { id: id.into(), standing };
        Snapshot {
            pack: "waymark-2".into(),
            target: "49-9041".into(),
            hours_per_week: 6.0,
            skills: vec![skill("a", 0.9)],
            gap: vec![state("a", Standing::Have), state("b", Standing::NotInCv), state("c", Standing::NotInCv)],
            shown: Some(0.4),
            targets: vec![TargetState { soc: "49-9041".into(), objectives: [Some(8.0), None, Some(200_000.0), Some(0.3)] }, TargetState { soc: "51-4041".into(), objectives: [Some(6.0), None, None, Some(0.2)] }],
            units: vec![unit("b", 12.0, 1), unit("c", 6.0, 2)],
            ..Snapshot::default()
        }
    }

    #[test]
    fn nothing_changed_is_no_change() {
        assert_eq!(changes(&first(), &first()), []);
    }

    #[test]
    fn two_weeks_of_learning_are_told_with_their_causes() {
        let mut after = first();
        after.units[0] = UnitState { done: true, hours_left: 0.0, ends: None, ..after.units[0].clone() };
        after.units[1].ends = Some(3);
        after.skills.push(skill("b", 1.0));
        after.gap[1].standing = Standing::Have;
        after.shown = Some(0.7);
        let [progress, evidence] = [Why::Progress { unit: "b".into() }, Why::Evidence { id: "b".into() }];
        let expected = [
            (What::SkillAdded { id: "b".into() }, vec![evidence.clone()]),
            (What::Standing { id: "b".into(), from: Some(Standing::NotInCv), to: Some(Standing::Have) }, vec![evidence.clone()]),
            (What::Shown { from: Some(0.4), to: Some(0.7) }, vec![evidence.clone()]),
            (What::UnitDone { id: "b".into() }, vec![progress.clone()]),
            (What::PlanEnd { from: Some(2), to: Some(3) }, vec![progress, evidence]),
        ];
        assert_eq!(changes(&first(), &after), expected.map(|(what, why)| Change { what, why }));
    }

    #[test]
    fn another_scenario_moves_targets_and_newer_data_may_be_a_cause_too() {
        let mut after = Snapshot { scenario: "speed=5".into(), ..first() };
        after.targets.swap(0, 1);
        after.targets[1].objectives[3] = Some(0.5);
        after.targets[1].objectives[1] = Some(900.0);
        let found = changes(&first(), &after);
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|change| change.why == [Why::Scenario]));
        assert_eq!(found[1].what, What::Objective { soc: "49-9041".into(), objective: 1, from: None, to: Some(900.0) });
        let newer = Snapshot { pack: "waymark-3".into(), ..after };
        assert!(changes(&first(), &newer).iter().all(|change| change.why == [Why::Scenario, Why::Pack]));
    }

    #[test]
    fn a_check_within_its_error_says_so_and_a_word_of_the_person_counts() {
        let mut before = first();
        before.skills[0] = Skill { level: Some(3.0), level_off: Some(0.6), ..skill("a", 0.9) };
        let mut after = before.clone();
        after.skills[0].level = Some(3.9);
        let found = changes(&before, &after);
        assert_eq!(found, [Change { what: What::Level { id: "a".into(), from: Some(3.0), to: Some(3.9), within_error: true }, why: vec![Why::Check { id: "a".into() }] }]);
        after.skills[0].level = Some(3.0);
        after.skills[0].denied = true;
        after.gap[0].standing = Standing::ToLearn;
        assert_eq!(changes(&before, &after)[0], Change { what: What::SkillGone { id: "a".into() }, why: vec![Why::Said { id: "a".into() }] });
    }

    #[test]
    fn a_change_without_a_known_cause_is_a_choice_and_hours_move_only_the_end() {
        let mut after = first();
        after.units.push(unit("d", 4.0, 2));
        assert_eq!(changes(&first(), &after)[0], Change { what: What::UnitAdded { id: "d".into() }, why: vec![Why::Choice] });
        let mut faster = Snapshot { hours_per_week: 12.0, ..first() };
        faster.units[1].ends = Some(1);
        assert_eq!(changes(&first(), &faster), [Change { what: What::PlanEnd { from: Some(2), to: Some(1) }, why: vec![Why::Hours] }]);
        // Of another target everything in gap and plan may change.
        let other = Snapshot { target: "15-2051".into(), gap: Vec::new(), units: Vec::new(), shown: None, ..first() };
        assert!(changes(&first(), &other).iter().all(|change| change.why == [Why::Target]));
    }

    #[test]
    fn the_yearly_review_asks_about_what_is_long_ago_and_takes_nothing() {
        let of = |id: &str, year| Skill { year, ..skill(id, 1.0) };
        let skills = [of("tech:plc", Some(2023)), of("4.A.1", Some(2023)), of("4.A.2", Some(2019)), of("4.A.3", None), of("tech:cad", Some(2015))];
        let found: Vec<_> = ageing(&skills, &["tech:cad"], 2026).into_iter().map(|a| (a.id, a.years, a.bound)).collect();
        assert_eq!(found, [("4.A.2".into(), 7, OTHER_YEARS), ("tech:plc".into(), 3, TOOL_YEARS)]);
        assert!(ageing(&skills, &[], 2010).is_empty(), "a year to come is not long ago");
    }
}
