//! What a target asks against what a profile shows: have, partly, not in the CV, to learn. The target is an occupation or
//! one or several job advertisements. Not which occupations are near: that is `path`.
//!
//! Silence of a CV is no lack: nothing is "to learn" unless the person said so. Importance × level weighs only what the
//! person has rated; all else is weighed by rarity, or what every job asks would drown the rest.
pub mod advertisement;
#[cfg(feature = "model")]
pub mod brought;

use crate::market::data::figures::{Education, Experience};
#[cfg(feature = "model")]
use crate::market::data::MarketData;
use crate::span::CompetenceKind;
#[cfg(feature = "model")]
use crate::taxonomy::Taxonomy;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// From this probability on that a competence is meant, the CV counts as showing it.
pub const SURE: f32 = 0.5;

/// A competence that a target asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demand {
    /// Place of the competence in the taxonomy.
    pub competence: u32,
    /// Its kind.
    pub kind: CompetenceKind,
    /// How much the target asks for it, 0..1.
    pub share: f32,
    /// How telling it is: ln(occupations / occupations that ask for it), at least 0.
    pub rarity: f32,
    /// O*NET's importance (1..5) and level (0..7), for skills and knowledge.
    pub rated: Option<(f32, f32)>,
    /// Competences of one group are kin: for activities the intermediate activity.
    pub group: Option<u32>,
    /// Asked as a must (`true`) or as nice to have; `None` for an occupation, which does not say.
    pub must: Option<bool>,
}

/// A competence of a person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// Place of the competence in the taxonomy.
    pub competence: u32,
    /// Probability that the CV means it, 0..1; 1 where the person confirmed it.
    pub confidence: f32,
    /// The level of a self-check, 0..7.
    pub level: Option<f32>,
    /// The person said that they do not have it.
    pub denied: bool,
    /// Its group, as in [`Demand::group`].
    pub group: Option<u32>,
}

/// How a person stands to a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 已具备.
    Have,
    /// 部分具备: an unsure mention, a kindred activity, or a self-check below the level asked.
    Partly,
    /// 简历未提到: the CV is silent.
    NotInCv,
    /// 待学习: the person said so.
    ToLearn,
}

/// What a weight rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightBasis {
    /// (importance − 1) / 4 × level / 7: the person has rated the skill.
    ImportanceLevel,
    /// Share × rarity, against the greatest of its kind in the target.
    Rarity,
}

/// A demand with the person's standing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GapItem {
    /// Place of the competence in the taxonomy.
    pub competence: u32,
    /// Its kind.
    pub kind: CompetenceKind,
    /// Have, partly, not in the CV, to learn.
    pub standing: Standing,
    /// How much it counts, 0..1.
    pub weight: f32,
    /// What the weight rests on.
    pub basis: WeightBasis,
    /// A must, or nice to have; `None` where the target does not say.
    pub must: Option<bool>,
    /// For what is not had in full: how many more occupations it would bring within reach; `None` where not computed.
    pub unlocks: Option<usize>,
}

/// A gap.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// By falling weight within each standing, in the order of [`Standing`].
    pub items: Vec<GapItem>,
    /// Share of the weights that is had, what is partly had counted half, 0..1; `None` where nothing is asked. Not in the
    /// CV counts as not shown, not as lacking.
    pub shown: Option<f32>,
}

/// The gap of what is held against demands.
pub fn against(demands: &[Demand], held: &[Held]) -> Gap {
    let mut greatest: BTreeMap<CompetenceKind, f32> = BTreeMap::new();
    for demand in demands {
        let slot = greatest.entry(demand.kind).or_default();
        *slot = slot.max(demand.share * demand.rarity);
    }
    let groups: BTreeSet<u32> = held.iter().filter(|one| !one.denied && one.confidence >= SURE).filter_map(|one| one.group).collect();
    let mut best: BTreeMap<u32, Held> = BTreeMap::new();
    for one in held {
        best.entry(one.competence)
            .and_modify(|slot| {
                slot.confidence = slot.confidence.max(one.confidence);
                slot.level = one.level.or(slot.level);
                slot.denied |= one.denied;
            })
            .or_insert(*one);
    }
    let item = |demand: &Demand| {
        let own = best.get(&demand.competence);
        let checked = own.and_then(|own| own.level);
        let (weight, basis) = match (checked, demand.rated) {
            (Some(_), Some((importance, level))) => ((importance - 1.0) / 4.0 * level / 7.0, WeightBasis::ImportanceLevel),
            _ => {
                let most = greatest.get(&demand.kind).copied().unwrap_or(0.0);
                (if most > 0.0 { demand.share * demand.rarity / most } else { 0.0 }, WeightBasis::Rarity)
            }
        };
        let standing = match (own, checked.zip(demand.rated)) {
            (Some(own), _) if own.denied => Standing::ToLearn,
            (_, Some((level, (_, asked)))) if level >= asked => Standing::Have,
            (_, Some((level, _))) if level > 0.0 => Standing::Partly,
            (_, Some(_)) => Standing::ToLearn,
            (Some(own), None) if own.confidence >= SURE => Standing::Have,
            (Some(_), None) => Standing::Partly,
            (None, None) if demand.group.is_some_and(|group| groups.contains(&group)) => Standing::Partly,
            (None, None) => Standing::NotInCv,
        };
        GapItem { competence: demand.competence, kind: demand.kind, standing, weight, basis, must: demand.must, unlocks: None }
    };
    let mut items: Vec<GapItem> = demands.iter().map(item).collect();
    let all: f32 = items.iter().map(|item| item.weight).sum();
    items.sort_by(|a, b| a.standing.cmp(&b.standing).then(b.weight.total_cmp(&a.weight)).then(a.competence.cmp(&b.competence)));
    let counted = |item: &GapItem| match item.standing {
        Standing::Have => item.weight,
        Standing::Partly => item.weight / 2.0,
        Standing::NotInCv | Standing::ToLearn => 0.0,
    };
    let shown = items.iter().map(counted).sum::<f32>() / all;
    Gap { items, shown: (all > 0.0).then_some(shown) }
}

impl Gap {
    /// Says what each competence that is not had in full would unlock; `unlocked` counts for all of them at once.
    #[must_use]
    pub fn with_unlocked(mut self, unlocked: impl FnOnce(&[u32]) -> Vec<usize>) -> Self {
        let open: Vec<u32> = self.items.iter().filter(|item| item.standing != Standing::Have).map(|item| item.competence).collect();
        let counts = unlocked(&open);
        let items = self.items.iter_mut().filter(|item| item.standing != Standing::Have);
        items.zip(counts).for_each(|(item, count)| item.unlocks = Some(count));
        self
    }
}

/// A requirement apart from the score: a question to the person, never a share of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum HardRequirement {
    /// Typical education for entry in the US (BLS).
    Education {
        /// Asked.
        asked: Education,
    },
    /// Typical experience for entry in the US (BLS).
    Experience {
        /// Asked.
        asked: Experience,
    },
    /// A licence by a reviewed table.
    Licence(LicenceRule),
    /// No reviewed table says whether a licence is asked: ask locally / 请向当地核实.
    AskLocally,
}

/// A line of a reviewed table of licences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceRule {
    /// Where it holds, ISO 3166.
    pub country: String,
    /// What it is called there.
    pub name: String,
    /// Who says so.
    pub source: String,
    /// When it was reviewed, as `2026-11`.
    pub date: String,
}

/// A hard requirement with whether it is met; `None` is a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HardQuestion {
    /// What is asked.
    pub requirement: HardRequirement,
    /// Whether the person meets it.
    pub met: Option<bool>,
}

/// The hard requirements of an occupation: schooling and experience by its figures, licences by the lines of a reviewed table
/// that are about it. What asks for nothing is no requirement.
pub fn hard_requirements(education: Option<Education>, experience: Option<Experience>, licences: &[LicenceRule], attained: Option<Education>) -> Vec<HardQuestion> {
    let question = |requirement| HardQuestion { requirement, met: None };
    let mut found = Vec::new();
    if let Some(asked) = education.filter(|asked| *asked != Education::Nothing) {
        // A higher education stands first.
        found.push(HardQuestion { requirement: HardRequirement::Education { asked }, met: attained.map(|attained| attained <= asked) });
    }
    found.extend(experience.filter(|asked| *asked != Experience::Nothing).map(|asked| question(HardRequirement::Experience { asked })));
    found.extend(licences.iter().cloned().map(HardRequirement::Licence).map(question));
    if licences.is_empty() {
        found.push(question(HardRequirement::AskLocally));
    }
    found
}

/// What the demands of the pack are read from: rarity, ratings and groups of competences.
#[cfg(feature = "model")]
pub struct DemandBook<'a> {
    taxonomy: &'a Taxonomy,
    market: &'a MarketData,
    /// Occupations that ask for each competence.
    asking: Vec<usize>,
    /// Group of each activity.
    groups: Vec<Option<u32>>,
}

#[cfg(feature = "model")]
impl<'a> DemandBook<'a> {
    /// Of the pack.
    pub fn new(taxonomy: &'a Taxonomy, market: &'a MarketData) -> Self {
        let mut asking = vec![0; taxonomy.competences.len()];
        for (place, _) in taxonomy.weights.iter().flatten() {
            asking.iter_mut().skip(*place as usize).take(1).for_each(|count| *count += 1);
        }
        let mut names: BTreeMap<&str, u32> = BTreeMap::new();
        let groups = taxonomy.competences.iter().map(|competence| {
            let group = (competence.kind == CompetenceKind::Activity).then(|| competence.id.rsplit_once('.')).flatten()?.0;
            let next = u32::try_from(names.len()).ok()?;
            Some(*names.entry(group).or_insert(next))
        });
        Self { taxonomy, market, asking, groups: groups.collect() }
    }

    /// ln(occupations / occupations that ask for it); of what none asks for, as if one did.
    pub fn rarity(&self, competence: u32) -> f32 {
        let known = self.taxonomy.weights.iter().filter(|weights| !weights.is_empty()).count().max(1);
        let asking = self.asking.get(competence as usize).copied().unwrap_or(0).max(1);
        (known as f32 / asking as f32).ln().max(0.0)
    }

    /// The group of a competence.
    pub fn group(&self, competence: u32) -> Option<u32> {
        self.groups.get(competence as usize).copied().flatten()
    }

    /// A demand for a competence; `occupation` for its ratings. `None` for a place the taxonomy has not.
    pub fn demand(&self, competence: u32, share: f32, must: Option<bool>, occupation: Option<usize>) -> Option<Demand> {
        let of = self.taxonomy.competences.get(competence as usize)?;
        let column = self.market.elements.iter().position(|id| *id == of.id);
        let rated = occupation.zip(column).and_then(|(o, c)| self.market.weights.get(o)?.get(c)).map(|w| (w.importance, w.level));
        Some(Demand { competence, kind: of.kind, share, rarity: self.rarity(competence), rated, group: self.group(competence), must })
    }

    /// All that an occupation asks for.
    pub fn occupation(&self, occupation: usize) -> Vec<Demand> {
        let weights = self.taxonomy.weights.get(occupation).map_or(&[][..], Vec::as_slice);
        weights.iter().filter_map(|(place, share)| self.demand(*place, *share, None, Some(occupation))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(competence: u32, kind: CompetenceKind, share: f32, rarity: f32) -> Demand {
        Demand { competence, kind, share, rarity, rated: None, group: None, must: None }
    }

    fn held(competence: u32, confidence: f32) -> Held {
        Held { competence, confidence, level: None, denied: false, group: None }
    }

    #[test]
    fn a_gap_worked_by_hand() {
        let activity = |competence, share, rarity, group| Demand { group: Some(group), ..demand(competence, CompetenceKind::Activity, share, rarity) };
        let skill = |competence| Demand { rated: Some((4.0, 3.5)), ..demand(competence, CompetenceKind::Skill, 0.8, 0.5) };
        let demands = [activity(0, 1.0, 4.0, 7), activity(1, 0.5, 4.0, 7), activity(2, 1.0, 2.0, 8), activity(3, 0.5, 2.0, 9), skill(4), skill(5), skill(6)];
        let checked = |competence, level| Held { level: Some(level), ..held(competence, 1.0) };
        let denied = Held { denied: true, ..held(3, 0.9) };
        let gap = against(&demands, &[Held { group: Some(7), ..held(0, 0.9) }, denied, checked(4, 3.5), checked(5, 2.0), checked(6, 0.0)]);
        let of: Vec<(u32, Standing, f32, WeightBasis)> = gap.items.iter().map(|i| (i.competence, i.standing, i.weight, i.basis)).collect();
        // Importance 4 of 5 × level 3.5 of 7: ¾ × ½.
        let (rarity, rated) = (WeightBasis::Rarity, WeightBasis::ImportanceLevel);
        assert_eq!(
            of,
            [
                (0, Standing::Have, 1.0, rarity),
                (4, Standing::Have, 0.375, rated),
                (1, Standing::Partly, 0.5, rarity),
                (5, Standing::Partly, 0.375, rated),
                (2, Standing::NotInCv, 0.5, rarity),
                (6, Standing::ToLearn, 0.375, rated),
                (3, Standing::ToLearn, 0.25, rarity),
            ]
        );
        assert!((gap.shown.unwrap() - (1.375 + 0.875 / 2.0) / 3.375).abs() < 1e-6);
    }

    #[test]
    fn silence_is_never_to_learn_and_a_generic_skill_does_not_outweigh_a_telling_one() {
        let demands = [demand(0, CompetenceKind::Skill, 1.0, 0.02), demand(1, CompetenceKind::Skill, 0.4, 2.0)];
        let gap = against(&demands, &[]);
        assert_eq!(gap.items.iter().map(|i| i.competence).collect::<Vec<_>>(), [1, 0]);
        assert!(gap.items.iter().all(|i| i.standing == Standing::NotInCv) && gap.items[1].weight < 0.03);
        assert_eq!((gap.shown, against(&[], &[]).shown), (Some(0.0), None));
        // Unsure: partly.
        assert_eq!(against(&demands, &[held(1, 0.3)]).items[0].standing, Standing::Partly);
    }

    #[test]
    fn only_what_is_not_had_in_full_unlocks() {
        let demands = [demand(0, CompetenceKind::Skill, 1.0, 1.0), demand(1, CompetenceKind::Skill, 1.0, 1.0)];
        let gap = against(&demands, &[held(0, 1.0)]).with_unlocked(|open| open.iter().map(|c| *c as usize + 6).collect());
        assert_eq!(gap.items.iter().map(|i| i.unlocks).collect::<Vec<_>>(), [None, Some(7)]);
    }

    #[test]
    fn hard_requirements_are_questions_where_nothing_is_known() {
        let found = hard_requirements(Some(Education::Associates), Some(Experience::Nothing), &[], Some(Education::HighSchool));
        assert_eq!(found.iter().map(|q| q.met).collect::<Vec<_>>(), [Some(false), None]);
        assert_eq!(found[1].requirement, HardRequirement::AskLocally);
        let rule = LicenceRule { country: "CN".into(), name: "电工证".into(), source: "a table".into(), date: "2026-11".into() };
        let found = hard_requirements(Some(Education::Nothing), Some(Experience::FiveYears), &[rule.clone()], None);
        assert_eq!(found.iter().map(|q| &q.requirement).collect::<Vec<_>>(), [&HardRequirement::Experience { asked: Experience::FiveYears }, &HardRequirement::Licence(rule)]);
        assert_eq!(hard_requirements(Some(Education::Associates), None, &[], Some(Education::Masters))[0].met, Some(true));
    }
}
