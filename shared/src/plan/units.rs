//! From the competences of a gap to learning units: which belong together, which come first, how long they may take. Not
//! when they are done: that is `schedule`.
//!
//! **Together.** Work activities of one intermediate activity of O*NET are one unit; every other competence is its own.
//! **Order.** Basic skills, then knowledge, then technical skills and tools, then work activities: a unit waits for the two of
//! an earlier kind that it needs most, as the caller measures it ([`super::book`]: the occupations that ask for the later ask
//! for the earlier clearly more than others do). Soft skills wait for nothing. Of what is ready the most urgent comes first;
//! a prerequisite is as urgent as what waits for it.
//! **Few.** A plan holds the most telling of each kind and every must; all else is named as left out.
use super::{Hours, HoursBasis, Left, LeftOut, RESPONSIBLE, Track, Unit, Units};
use crate::gap::{Gap, GapItem, Standing};
use crate::span::CompetenceKind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A tool of an occupation is taken in from this share on: what O*NET has as in demand in it weighs 1 in the taxonomy, what is
/// asked for anywhere (hot) 0.7, what is named as an example 0.4.
pub const TOOL_SHARE: f32 = 0.9;
/// A unit waits for at most so many others, [`RESPONSIBLE`] not counted. Ours.
pub const AFTER_MAX: usize = 2;
/// Further activities of a group add hours up to so many. Ours.
const FURTHER_MAX: usize = 5;
/// Hours that a person may give a unit. Ours.
const OWN_HOURS: [f64; 2] = [0.5, 500.0];

/// A competence of the gap with what a plan has to know of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Want {
    /// Place in the taxonomy.
    pub competence: u32,
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: CompetenceKind,
    /// Its group, as in [`crate::gap::Demand::group`].
    pub group: Option<u32>,
    /// As the gap has it.
    pub standing: Standing,
    /// As the gap has it.
    pub weight: f32,
    /// How much the target asks for it, 0..1.
    pub share: f32,
    /// As the gap has it.
    pub must: Option<bool>,
    /// Levels between the self-check and what is asked, above 0; `None` without a self-check.
    pub levels_to_go: Option<f32>,
    /// The present occupation usually asks for it as well.
    pub usual: bool,
}

/// What the person chose.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choices {
    /// Competences to take in, however little they are asked for.
    pub include: Vec<u32>,
    /// Competences to leave out.
    pub decline: Vec<u32>,
    /// Unit → the person's own hours.
    pub hours: BTreeMap<String, f64>,
}

/// A kind of unit, in the order in which one can need another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Soft,
    Basic,
    Knowledge,
    Technical,
    Tool,
    Activity,
}

impl Kind {
    /// By O*NET's content model: 2.A basic skills; 2.B.3 technical ones; the rest of 2.B social, problem-solving, systems and
    /// resource-management skills.
    fn of(kind: CompetenceKind, id: &str) -> Self {
        match kind {
            CompetenceKind::Activity => Self::Activity,
            CompetenceKind::Technology => Self::Tool,
            CompetenceKind::Knowledge => Self::Knowledge,
            CompetenceKind::Skill if id.starts_with("2.A") => Self::Basic,
            CompetenceKind::Skill if id.starts_with("2.B.3") => Self::Technical,
            CompetenceKind::Skill => Self::Soft,
        }
    }

    const fn track(self) -> Track {
        match self {
            Self::Basic | Self::Knowledge => Track::Foundation,
            Self::Technical | Self::Tool | Self::Activity => Track::Practice,
            Self::Soft => Track::Soft,
        }
    }

    /// Units of it in a plan. Ours: a few courses, not a catalogue.
    const fn most(self) -> usize {
        match self {
            Self::Soft | Self::Basic => 2,
            Self::Knowledge | Self::Technical | Self::Tool => 3,
            Self::Activity => 6,
        }
    }

    /// True where a unit of this kind can wait for one of another.
    fn may_wait_for(self, other: Self) -> bool {
        let level = |kind| match kind {
            Self::Soft => None,
            Self::Basic => Some(0),
            Self::Knowledge => Some(1),
            Self::Technical | Self::Tool => Some(2),
            Self::Activity => Some(3),
        };
        level(self).zip(level(other)).is_some_and(|(own, other)| other < own)
    }

    /// Few, expected and many hours from nothing: our rough estimate, not measured. The many of an area of knowledge are an
    /// introductory US college course: 3 credits × 15 weeks × (1 hour in class + 2 outside), 34 CFR 600.2.
    const fn hours(self) -> [f64; 3] {
        match self {
            Self::Soft => [6.0, 10.0, 30.0],
            Self::Basic => [10.0, 16.0, 40.0],
            Self::Knowledge => [15.0, 40.0, 135.0],
            Self::Technical => [12.0, 24.0, 60.0],
            Self::Tool => [8.0, 20.0, 60.0],
            Self::Activity => [8.0, 16.0, 40.0],
        }
    }
}

/// A further activity of the same group. Ours.
const FURTHER: [f64; 3] = [2.0, 4.0, 8.0];
/// A level of O*NET's scale in a skill or an area of knowledge. Ours.
const LEVEL: [f64; 3] = [6.0, 12.0, 30.0];
/// The unit on responsible use of AI and data. Ours.
const RESPONSIBLE_HOURS: Hours = Hours { low: 2.0, expected: 3.0, high: 6.0, basis: HoursBasis::OurEstimate };

/// Hours to the next half.
pub(super) fn to_half(hours: f64) -> f64 {
    (hours * 2.0).ceil() / 2.0
}

/// Our rough estimate of a unit: by the levels to go where a self-check tells them, else by its kind; half of it where the
/// person has it partly; more for further activities of one group.
fn estimate(kind: Kind, count: usize, standing: Standing, levels_to_go: Option<f32>) -> Hours {
    let ([low, expected, high], basis) = match levels_to_go {
        Some(levels) => (LEVEL.map(|hours| to_half(hours * f64::from(levels))), HoursBasis::LevelsToGo { levels }),
        None => {
            let further = count.saturating_sub(1).min(FURTHER_MAX) as f64;
            let whole = if standing == Standing::Partly { 0.5 } else { 1.0 };
            let mut hours = kind.hours();
            hours.iter_mut().zip(FURTHER).for_each(|(hours, more)| *hours = to_half((*hours + further * more) * whole));
            (hours, HoursBasis::OurEstimate)
        }
    };
    Hours { low, expected, high, basis }
}

/// A unit in the making.
struct Draft {
    unit: Unit,
    kind: Kind,
    /// The person took it in, or an advertisement asks it as a must.
    held: bool,
    /// What it counts: its weight, half of it where it is partly had.
    counts: f32,
}

impl Draft {
    fn new(id: &str, mut wants: Vec<&Want>, choices: &Choices) -> Option<Self> {
        wants.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.competence.cmp(&b.competence)));
        let first = *wants.first()?;
        let kind = Kind::of(first.kind, &first.id);
        let hours = match choices.hours.get(id).filter(|hours| hours.is_finite()) {
            Some(own) => {
                let own = own.clamp(OWN_HOURS[0], OWN_HOURS[1]);
                Hours { low: own, expected: own, high: own, basis: HoursBasis::Own }
            }
            None => estimate(kind, wants.len(), first.standing, first.levels_to_go.filter(|levels| *levels > 0.0)),
        };
        let must = wants.iter().any(|want| want.must == Some(true));
        let unit = Unit {
            id: id.to_owned(),
            track: kind.track(),
            competences: wants.iter().map(|want| want.competence).collect(),
            group: first.group,
            standing: Some(first.standing),
            must,
            weight: first.weight,
            hours,
            after: Vec::new(),
            check_first: first.standing == Standing::NotInCv,
        };
        let counts = first.weight * if first.standing == Standing::Partly { 0.5 } else { 1.0 };
        Some(Self { unit, kind, held: must || wants.iter().any(|want| choices.include.contains(&want.competence)), counts })
    }
}

/// True for a tool that is only named as an example among many, or asked for in other occupations.
pub fn is_example(kind: CompetenceKind, share: f32, must: Option<bool>) -> bool {
    kind == CompetenceKind::Technology && must.is_none() && share < TOOL_SHARE
}

/// A gap to show beside a plan: without tools that are only named as examples (an occupation may name hundreds), the share
/// that is shown reckoned anew.
pub fn telling(gap: &Gap, wants: &[Want]) -> Gap {
    let example = |item: &GapItem| wants.iter().any(|want| want.competence == item.competence && is_example(want.kind, want.share, want.must));
    let items: Vec<GapItem> = gap.items.iter().filter(|item| item.standing == Standing::Have || !example(item)).cloned().collect();
    let all: f32 = items.iter().map(|item| item.weight).sum();
    let counted = |item: &GapItem| match item.standing {
        Standing::Have => item.weight,
        Standing::Partly => item.weight / 2.0,
        Standing::NotInCv | Standing::ToLearn => 0.0,
    };
    let shown = items.iter().map(counted).sum::<f32>() / all;
    Gap { items, shown: (all > 0.0).then_some(shown) }
}

/// Makes units of what a gap holds and puts them in order. `needed(earlier, later)` says how much the competences of one
/// unit are needed for those of another, 0 for not.
pub fn draft(wants: &[Want], choices: &Choices, needed: &dyn Fn(&[u32], &[u32]) -> f32) -> Units {
    let mut left: Vec<Left> = Vec::new();
    let mut groups: BTreeMap<&str, Vec<&Want>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for want in wants.iter().filter(|want| seen.insert(want.competence)) {
        let included = choices.include.contains(&want.competence);
        let reason = match want {
            _ if want.standing == Standing::Have => Some(LeftOut::Have),
            _ if included => None,
            _ if choices.decline.contains(&want.competence) => Some(LeftOut::Declined),
            _ if is_example(want.kind, want.share, want.must) => Some(LeftOut::ExampleTool),
            // The CV is silent on what the present work is full of; who lacks it says so.
            _ if want.usual && want.must.is_none() && want.levels_to_go.is_none() && want.standing != Standing::ToLearn => Some(LeftOut::Usual),
            _ => None,
        };
        match reason {
            Some(reason) => left.push(Left { competence: want.competence, reason }),
            None => {
                let above = (want.kind == CompetenceKind::Activity).then(|| want.id.rsplit_once('.')).flatten();
                groups.entry(above.map_or(want.id.as_str(), |(group, _)| group)).or_default().push(want);
            }
        }
    }
    let mut drafts: Vec<Draft> = groups.into_iter().filter_map(|(id, wants)| Draft::new(id, wants, choices)).collect();
    drafts.sort_by(|a, b| b.held.cmp(&a.held).then(b.counts.total_cmp(&a.counts)).then_with(|| a.unit.id.cmp(&b.unit.id)));
    let mut taken: BTreeMap<Kind, usize> = BTreeMap::new();
    drafts.retain(|draft| {
        let count = taken.entry(draft.kind).or_default();
        let keep = draft.held || *count < draft.kind.most();
        *count += usize::from(keep);
        if !keep {
            left.extend(draft.unit.competences.iter().map(|competence| Left { competence: *competence, reason: LeftOut::LittleAsked }));
        }
        keep
    });
    left.sort_by_key(|left| (left.reason, left.competence));
    Units { units: in_order(drafts, choices, needed), left }
}

/// Drafts with their prerequisites, the responsible unit among them, in order.
fn in_order(drafts: Vec<Draft>, choices: &Choices, needed: &dyn Fn(&[u32], &[u32]) -> f32) -> Vec<Unit> {
    // Place of the draft → places of those that it waits for. Kinds rise, so there are no rings.
    let waits = |later: &Draft| {
        let amount = |earlier: &Draft| if later.kind.may_wait_for(earlier.kind) { needed(&earlier.unit.competences, &later.unit.competences) } else { 0.0 };
        let mut all: Vec<(usize, f32)> = drafts.iter().map(amount).enumerate().filter(|(_, amount)| *amount > 0.0).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all.truncate(AFTER_MAX);
        all.into_iter().map(|(place, _)| place).collect::<Vec<usize>>()
    };
    let after: Vec<Vec<usize>> = drafts.iter().map(waits).collect();
    let mut urgency: Vec<f32> = drafts.iter().map(|draft| draft.counts + if draft.held { 1.0 } else { 0.0 }).collect();
    let mut later_first: Vec<usize> = (0..drafts.len()).collect();
    later_first.sort_by_key(|place| std::cmp::Reverse(drafts.get(*place).map(|draft| draft.kind)));
    for place in later_first {
        let own = urgency.get(place).copied().unwrap_or(0.0);
        for before in after.get(place).into_iter().flatten() {
            urgency.iter_mut().skip(*before).take(1).for_each(|slot| *slot = slot.max(own));
        }
    }
    let mut drafts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    let ids: Vec<String> = drafts.iter().flatten().map(|draft| draft.unit.id.clone()).collect();
    let own = choices.hours.get(RESPONSIBLE).map(|own| own.clamp(OWN_HOURS[0], OWN_HOURS[1])).filter(|own| own.is_finite());
    let hours = own.map_or(RESPONSIBLE_HOURS, |own| Hours { low: own, expected: own, high: own, basis: HoursBasis::Own });
    let responsible = Unit { id: RESPONSIBLE.into(), track: Track::Responsible, competences: Vec::new(), group: None, standing: None, must: false, weight: 0.0, hours, after: Vec::new(), check_first: false };
    let mut responsible = Some(responsible);
    let mut units: Vec<Unit> = Vec::with_capacity(drafts.len() + 1);
    let mut done = vec![false; drafts.len()];
    loop {
        let is_ready = |place: usize| done.get(place) == Some(&false) && after.get(place).is_none_or(|before| before.iter().all(|b| done.get(*b) == Some(&true)));
        let ready = (0..drafts.len()).filter(|place| is_ready(*place));
        // Of equals the first in the order of the drafts.
        let next = ready.reduce(|best, other| if urgency.get(other) > urgency.get(best) { other } else { best });
        let Some(next) = next else { break };
        done.iter_mut().skip(next).take(1).for_each(|slot| *slot = true);
        let Some(mut draft) = drafts.get_mut(next).and_then(Option::take) else { break };
        // Whoever works with a tool on data has first read what may be put into it.
        if draft.kind == Kind::Tool {
            draft.unit.after.push(RESPONSIBLE.into());
            units.extend(responsible.take());
        }
        draft.unit.after.extend(after.get(next).into_iter().flatten().filter_map(|before| ids.get(*before)).cloned());
        units.push(draft.unit);
    }
    units.extend(responsible);
    units
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::random::Stream;

    pub(in crate::plan) fn want(competence: u32, id: &str, kind: CompetenceKind, weight: f32) -> Want {
        Want { competence, id: id.into(), kind, group: None, standing: Standing::NotInCv, weight, share: 1.0, must: None, levels_to_go: None, usual: false }
    }

    fn ids(units: &Units) -> Vec<&str> {
        units.units.iter().map(|unit| unit.id.as_str()).collect()
    }

    const ROBOT: (u32, &str) = (0, "4.A.3.b.1.I01.D04");

    fn line() -> Vec<Want> {
        vec![
            want(ROBOT.0, ROBOT.1, CompetenceKind::Activity, 0.9),
            want(1, "4.A.3.b.1.I01.D05", CompetenceKind::Activity, 0.3),
            want(2, "2.C.3.e", CompetenceKind::Knowledge, 0.2),
            want(3, "2.A.1.e", CompetenceKind::Skill, 0.1),
            want(4, "tech:python", CompetenceKind::Technology, 0.8),
            want(5, "2.B.1.b", CompetenceKind::Skill, 0.4),
        ]
    }

    /// Robots need mechanics, mechanics need mathematics.
    fn needs(earlier: &[u32], later: &[u32]) -> f32 {
        let pair = |a: u32, b: u32| earlier.contains(&a) && later.contains(&b);
        if pair(2, 0) || pair(3, 2) { 1.5 } else { 0.0 }
    }

    #[test]
    fn a_plan_worked_by_hand() {
        let plan = draft(&line(), &Choices::default(), &needs);
        // Mathematics and mechanics are as urgent as the robot; then the tool with the unit on data before it; the soft skill.
        assert_eq!(ids(&plan), ["2.A.1.e", "2.C.3.e", "4.A.3.b.1.I01", RESPONSIBLE, "tech:python", "2.B.1.b"]);
        let [mathematics, mechanics, robot, responsible, python, soft] = &plan.units[..] else { panic!() };
        assert_eq!((&robot.competences[..], &robot.after[..]), (&[0, 1][..], &["2.C.3.e".to_owned()][..]));
        assert_eq!((&mechanics.after[..], &python.after[..]), (&["2.A.1.e".to_owned()][..], &[RESPONSIBLE.to_owned()][..]));
        // 16 + 4 for the second activity.
        assert_eq!([robot, mathematics, mechanics, responsible, python, soft].map(|u| u.hours.expected), [20.0, 16.0, 40.0, 3.0, 20.0, 10.0]);
        assert_eq!([soft, robot, mechanics, responsible].map(|u| u.track), [Track::Soft, Track::Practice, Track::Foundation, Track::Responsible]);
        assert!(robot.check_first && plan.left.is_empty());
    }

    #[test]
    fn hours_follow_the_standing_the_levels_and_the_person() {
        let mut wants = line();
        wants[2].standing = Standing::Partly;
        wants[3].levels_to_go = Some(1.2);
        let choices = Choices { hours: BTreeMap::from([("tech:python".into(), 7.0), (RESPONSIBLE.into(), f64::NAN)]), ..Choices::default() };
        let plan = draft(&wants, &choices, &needs);
        let of = |id: &str| plan.units.iter().find(|u| u.id == id).unwrap().hours;
        assert_eq!(of("2.C.3.e"), Hours { low: 7.5, expected: 20.0, high: 67.5, basis: HoursBasis::OurEstimate });
        // 1.2 levels of 12 hours, to the next half.
        assert_eq!((of("2.A.1.e").expected, of("2.A.1.e").basis), (14.5, HoursBasis::LevelsToGo { levels: 1.2 }));
        assert_eq!((of("tech:python").expected, of("tech:python").basis), (7.0, HoursBasis::Own));
        assert_eq!(of(RESPONSIBLE), RESPONSIBLE_HOURS);
    }

    #[test]
    fn what_is_had_declined_or_only_an_example_has_no_unit_and_a_reason() {
        let mut wants = line();
        wants[2].standing = Standing::Have;
        wants[4].share = 0.4;
        let choices = Choices { decline: vec![5], ..Choices::default() };
        let plan = draft(&wants, &choices, &needs);
        assert_eq!(ids(&plan), ["4.A.3.b.1.I01", "2.A.1.e", RESPONSIBLE]);
        let reasons: Vec<_> = plan.left.iter().map(|left| (left.competence, left.reason)).collect();
        assert_eq!(reasons, [(2, LeftOut::Have), (5, LeftOut::Declined), (4, LeftOut::ExampleTool)]);
        // Taken in, or asked for by an advertisement: a unit.
        let taken = draft(&wants, &Choices { include: vec![4], ..Choices::default() }, &needs);
        wants[4].must = Some(false);
        assert!(ids(&taken).contains(&"tech:python") && ids(&draft(&wants, &Choices::default(), &needs)).contains(&"tech:python"));
    }

    #[test]
    fn what_the_present_occupation_asks_for_as_well_has_no_unit_unless_the_person_lacks_it() {
        let of = |change: &dyn Fn(&mut Want)| {
            let mut wants = vec![Want { usual: true, ..want(0, "2.C.2.a", CompetenceKind::Knowledge, 0.9) }];
            wants.iter_mut().for_each(change);
            let plan = draft(&wants, &Choices::default(), &|_, _| 0.0);
            (plan.units.len() - 1, plan.left.first().map(|left| left.reason))
        };
        assert_eq!(of(&|_| ()), (0, Some(LeftOut::Usual)));
        assert_eq!(of(&|want| want.standing = Standing::Partly), (0, Some(LeftOut::Usual)));
        let taken: [&dyn Fn(&mut Want); 3] = [&|want| want.standing = Standing::ToLearn, &|want| want.must = Some(false), &|want| want.levels_to_go = Some(1.0)];
        assert!(taken.iter().all(|change| of(change) == (1, None)));
    }

    #[test]
    fn a_gap_to_show_leaves_out_tools_that_are_examples_unless_they_are_had() {
        let mut wants = line();
        wants[4].share = 0.4;
        let item = |want: &Want, standing| GapItem { competence: want.competence, kind: want.kind, standing, weight: want.weight, basis: crate::gap::WeightBasis::Rarity, must: None, unlocks: None };
        let of = |standing| Gap { items: wants.iter().map(|want| item(want, if want.competence == 4 { standing } else { want.standing })).collect(), shown: None };
        assert_eq!((telling(&of(Standing::NotInCv), &wants).items.len(), telling(&of(Standing::NotInCv), &wants).shown), (5, Some(0.0)));
        // 0.8 of 2.7.
        assert!((telling(&of(Standing::Have), &wants).shown.unwrap() - 0.8 / 2.7).abs() < 1e-6);
    }

    #[test]
    fn a_tool_that_is_hot_elsewhere_is_only_an_example() {
        let tool = |competence: u32, weight, share| Want { share, ..want(competence, &format!("tech:{competence}"), CompetenceKind::Technology, weight) };
        let plan = draft(&[tool(0, 0.9, 0.7), tool(1, 0.5, 1.0)], &Choices::default(), &|_, _| 0.0);
        assert_eq!((ids(&plan), plan.left[0].reason), (vec![RESPONSIBLE, "tech:1"], LeftOut::ExampleTool));
    }

    #[test]
    fn of_many_the_most_telling_are_kept_and_every_must() {
        let mut wants: Vec<Want> = (0..9u8).map(|i| want(u32::from(i), &format!("2.C.{i}"), CompetenceKind::Knowledge, 0.9 - 0.1 * f32::from(i))).collect();
        wants[8].must = Some(true);
        let plan = draft(&wants, &Choices::default(), &|_, _| 0.0);
        assert_eq!(ids(&plan), ["2.C.8", "2.C.0", "2.C.1", RESPONSIBLE]);
        assert_eq!(plan.left.len(), 6);
        assert!(plan.left.iter().all(|left| left.reason == LeftOut::LittleAsked));
    }

    /// Sixty competences of all kinds in any standing, needing one another at random.
    pub(in crate::plan) fn random(seed: u64) -> Units {
        let mut random = Stream::at(&[seed]);
        let kinds = [CompetenceKind::Activity, CompetenceKind::Technology, CompetenceKind::Knowledge, CompetenceKind::Skill];
        let standings = [Standing::Have, Standing::Partly, Standing::NotInCv, Standing::ToLearn];
        let mut pick = |n: usize| ((random.unit() * n as f64) as usize).min(n - 1);
        let wants: Vec<Want> = (0..60u32)
            .map(|i| {
                let kind = kinds[pick(4)];
                let id = match kind {
                    CompetenceKind::Activity => format!("4.A.1.I{}.D{i}", pick(8)),
                    CompetenceKind::Technology => format!("tech:{i}"),
                    CompetenceKind::Knowledge => format!("2.C.{i}"),
                    CompetenceKind::Skill => format!("{}.{i}", ["2.A.1", "2.B.3", "2.B.1", "2.B.5"][pick(4)]),
                };
                let must = [None, None, Some(false), Some(true)][pick(4)];
                Want { standing: standings[pick(4)], share: pick(10) as f32 / 10.0, must, levels_to_go: (pick(5) == 0).then_some(1.3), usual: pick(4) == 0, ..want(i, &id, kind, pick(100) as f32 / 100.0) }
            })
            .collect();
        let plan = draft(&wants, &Choices::default(), &|a, b| a.iter().chain(b).fold(seed, |m, x| crate::random::mix(m ^ u64::from(*x))) as u8 as f32 / 128.0 - 1.0);
        let mut all: Vec<u32> = plan.units.iter().flat_map(|unit| unit.competences.iter().copied()).chain(plan.left.iter().map(|left| left.competence)).collect();
        all.sort_unstable();
        assert_eq!(all, (0..60).collect::<Vec<_>>(), "every competence once, in a unit or left out");
        plan
    }

    #[test]
    fn prerequisites_stand_before_and_the_same_gap_gives_the_same_plan() {
        for seed in 0..200 {
            let plan = random(seed);
            for (place, unit) in plan.units.iter().enumerate() {
                assert!(unit.after.iter().all(|id| plan.units[..place].iter().any(|before| before.id == *id)), "{seed}: {unit:?}");
                let hours = &unit.hours;
                assert!(0.0 < hours.low && hours.low <= hours.expected && hours.expected <= hours.high);
            }
            assert_eq!(plan.units.iter().filter(|unit| unit.id == RESPONSIBLE).count(), 1);
            assert_eq!(serde_json::to_string(&plan).unwrap(), serde_json::to_string(&random(seed)).unwrap());
        }
    }
}
