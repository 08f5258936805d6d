//! What to look at first: ways of learning the units of a plan, in an order that follows what a person takes and turns down.
//! Not what has to be learnt: that is `units`. Knows nothing of a person but these choices: no age, sex or school, and no one
//! else's choices either.
//!
//! **Before [`ENOUGH`] choices** a rule orders: [`RULE`] over the traits of an offer, each kind of offer moved by what was chosen
//! of it. **From then on** a logistic regression over the same traits, with the rule as the mean of its prior, fitted anew from
//! all choices (the most probable weights; the same choices in any order give the same). **Diversity** by maximal marginal
//! relevance (Carbonell and Goldstein 1998): what is like an offer already named steps back. **Reset** is a ranker of no choices.
//! How well it orders is simulated in `ranker/tests.rs`, with the assumptions stated there.
use super::courses::{Course, UnitCover};
use super::{Track, Unit, resources};
use crate::gap::Standing;
use crate::market::data::lists::LearningResource;
use serde::{Deserialize, Serialize};

/// From so many choices on the regression orders.
pub const ENOUGH: usize = 20;
/// Offers shown at a time. Ours.
pub const SHOWN: usize = 5;
/// Open resources of a unit that are offered: the fittest of [`resources::all`]. Ours.
const OPEN_MAX: usize = 12;
/// A course is offered for a unit of which it covers this share. Ours.
const COVER: f64 = 0.5;
/// What a choice of a kind moves that kind by in the rule, and how many count at most. Ours.
const STEP: f32 = 0.5;
const STEPS_MAX: f32 = 3.0;
/// Precision of the prior: one over its variance. Ours; in the simulation 0.5 to 2 give an NDCG@5 of 0.48 to 0.44 after 20 choices.
const PRECISION: f64 = 1.0;
/// Passes over the weights; each can only raise the posterior.
const PASSES: usize = 60;
/// What likeness to an offer already named takes away, in logits. Ours: as much as to be ready counts and a little more.
const DIVERSITY: f32 = 1.0;
/// Ways to learn one unit that are named before those of others.
const OF_A_UNIT: usize = 2;
/// Hours at which [`Trait::Short`] is one half. Ours.
const SHORT_HOURS: f64 = 16.0;

/// What an offer is told by, each 0..1; also why it is recommended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trait {
    /// Weight of the unit in the gap, over the greatest of the plan.
    Weight,
    /// A must of an advertisement.
    Must,
    /// The person has part of it.
    Partly,
    /// Nothing that comes before it is still to be learnt.
    Ready,
    /// [`Track::Foundation`].
    Foundation,
    /// [`Track::Practice`].
    Practice,
    /// [`Track::Soft`].
    Soft,
    /// Few hours: 1 for none, one half at 16.
    Short,
    /// In the person's language.
    OwnLanguage,
    /// Learnt alone, at one's own pace.
    OwnPace,
    /// Taught at a place.
    OnSite,
    /// Free of charge.
    Free,
    /// Its licence is known.
    Licence,
}

/// How many traits there are.
pub const TRAITS: usize = 13;
/// The traits of an offer, in the order of [`Trait`], 0..1.
pub type Traits = [f32; TRAITS];
/// What each trait counts before anything was chosen, in logits. Ours: what the target asks for goes before how it is taught.
pub const RULE: Traits = [1.5, 1.0, 0.3, 0.8, 0.0, 0.0, 0.0, 0.4, 0.6, 0.0, 0.0, 0.3, 0.1];

impl Trait {
    /// Every one, in order.
    pub const ALL: [Self; TRAITS] = [
        Self::Weight, Self::Must, Self::Partly, Self::Ready, Self::Foundation, Self::Practice, Self::Soft, Self::Short, Self::OwnLanguage, Self::OwnPace, Self::OnSite, Self::Free, Self::Licence,
    ];
    /// How something is taught: unknown for a unit of which only the end is known.
    pub const OF_WAY: [Self; 5] = [Self::OwnLanguage, Self::OwnPace, Self::OnSite, Self::Free, Self::Licence];
    /// Those that make a kind.
    const OF_KIND: [Self; 7] = [Self::Foundation, Self::Practice, Self::Soft, Self::OwnLanguage, Self::OwnPace, Self::OnSite, Self::Free];
}

/// A way of learning a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Place of an open resource.
    Open(usize),
    /// Place of a provider's course.
    Course(usize),
    /// Nothing is known: ask a local provider.
    Ask,
}

/// A way of learning a unit, with what it is told by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Place of the unit.
    pub unit: usize,
    /// How.
    pub way: Way,
    /// Told by.
    pub traits: Traits,
}

/// What became of an offer or a unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Of what was chosen, as it was then.
    pub traits: Traits,
    /// 1 taken or finished, 0 turned down; of a rating the share of the way from the least to the most.
    pub liked: f32,
}

/// An offer that is recommended, with the one reason that counts most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommended {
    /// Place among the offers.
    pub offer: usize,
    /// Why it stands before others.
    pub reason: Trait,
    /// The reason comes from the person's choices rather than from the rule.
    pub learnt: bool,
}

/// The ways of learning the units that are not `done` (places): open resources (`language` is `en` or `zh`), courses by what they
/// cover, else to ask. `id` names a competence. The unit on responsible use of AI stands in every plan and is not offered.
pub fn offers<'t>(units: &[Unit], done: &[usize], id: &dyn Fn(u32) -> Option<&'t str>, language: &str, known: &[LearningResource], courses: &[Course], covers: &[UnitCover]) -> Vec<Offer> {
    let mut all = Vec::new();
    for (place, unit) in units.iter().enumerate().filter(|(place, unit)| !done.contains(place) && !unit.competences.is_empty()) {
        let base = of_unit(unit, units, done);
        let ids: Vec<&str> = unit.competences.iter().filter_map(|competence| id(*competence)).collect();
        let mut add = |way, hours: Option<f64>, marks: &[(Trait, bool)]| {
            let mut traits = base;
            let short = hours.unwrap_or(unit.hours.expected);
            set(&mut traits, Trait::Short, (SHORT_HOURS / (SHORT_HOURS + short.max(0.0))) as f32);
            // How a unit is taught of which only the provider knows stands in the middle.
            Trait::OF_WAY.into_iter().filter(|_| way != Way::Ask).for_each(|of| set(&mut traits, of, 0.0));
            marks.iter().for_each(|(of, on)| set(&mut traits, *of, f32::from(u8::from(*on))));
            all.push(Offer { unit: place, way, traits });
        };
        let open = resources::all(&ids, language, known);
        for (at, of) in open.iter().take(OPEN_MAX).filter_map(|at| Some((*at, known.get(*at)?))) {
            add(Way::Open(at), None, &[(Trait::OwnLanguage, of.language.starts_with(language)), (Trait::OwnPace, true), (Trait::Free, true), (Trait::Licence, of.licence.is_some())]);
        }
        let taught = covers.iter().filter(|cover| cover.unit == place && cover.share >= COVER);
        let taught: Vec<(usize, &Course)> = taught.filter_map(|cover| Some((cover.course, courses.get(cover.course)?))).collect();
        for (at, course) in &taught {
            let chinese = course.title.chars().any(crate::text::is_han);
            let free = course.price.as_deref().is_some_and(|price| ["0", "free", "免费"].contains(&price.to_lowercase().as_str()));
            add(Way::Course(*at), course.hours, &[(Trait::OwnLanguage, chinese == (language == "zh")), (Trait::OnSite, course.place.is_some()), (Trait::Free, free)]);
        }
        if open.is_empty() && taught.is_empty() {
            add(Way::Ask, None, &[]);
        }
    }
    all
}

/// The traits of a unit; those of a way, which is not known, stand in the middle.
pub fn of_unit(unit: &Unit, units: &[Unit], done: &[usize]) -> Traits {
    let mut traits = Traits::default();
    let most = units.iter().map(|unit| unit.weight).fold(f32::MIN_POSITIVE, f32::max);
    let is_done = |id: &String| units.iter().position(|other| other.id == *id).is_none_or(|place| done.contains(&place));
    let mut mark = |of, value| set(&mut traits, of, value);
    let on = |is: bool| f32::from(u8::from(is));
    mark(Trait::Weight, (unit.weight / most).clamp(0.0, 1.0));
    mark(Trait::Must, on(unit.must));
    mark(Trait::Partly, on(unit.standing == Some(Standing::Partly)));
    mark(Trait::Ready, on(unit.after.iter().all(is_done)));
    mark(Trait::Foundation, on(unit.track == Track::Foundation));
    mark(Trait::Practice, on(unit.track == Track::Practice));
    mark(Trait::Soft, on(unit.track == Track::Soft));
    mark(Trait::Short, 0.5);
    Trait::OF_WAY.into_iter().for_each(|of| mark(of, 0.5));
    traits
}

fn set(traits: &mut Traits, of: Trait, value: f32) {
    traits.iter_mut().skip(of as usize).take(1).for_each(|slot| *slot = value);
}

fn dot(a: &Traits, b: &Traits) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The kind of an offer: what "less like this" is about.
fn kind(traits: &Traits) -> [bool; 7] {
    Trait::OF_KIND.map(|of| traits.get(of as usize).is_some_and(|value| *value > 0.5))
}

/// Orders offers by what was chosen before.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranker {
    weights: Traits,
    /// By kind what was chosen of it, while the rule orders.
    kinds: Vec<([bool; 7], f32)>,
    learnt: bool,
}

impl Ranker {
    /// Of all choices so far; of none, the rule.
    pub fn new(choices: &[Choice]) -> Self {
        if choices.len() >= ENOUGH {
            return Self { weights: fitted(choices), kinds: Vec::new(), learnt: true };
        }
        let kinds = choices.iter().map(|choice| (kind(&choice.traits), STEP * (2.0 * choice.liked - 1.0))).collect();
        Self { weights: RULE, kinds, learnt: false }
    }

    /// True where the regression orders.
    pub fn learnt(&self) -> bool {
        self.learnt
    }

    /// The score of an offer, in logits; only differences mean something.
    pub fn score(&self, traits: &Traits) -> f32 {
        let of_kind: f32 = self.kinds.iter().filter(|(of, _)| *of == kind(traits)).map(|(_, moved)| moved).sum();
        dot(&self.weights, traits) + of_kind.clamp(-STEP * STEPS_MAX, STEP * STEPS_MAX)
    }

    /// At most `count` of the offers, each the best of the rest, less what it is like one named before; of one unit
    /// [`OF_A_UNIT`] while there are others.
    pub fn recommend(&self, offers: &[Offer], count: usize) -> Vec<Recommended> {
        let mut rest: Vec<(usize, &Offer, f32)> = offers.iter().enumerate().map(|(place, offer)| (place, offer, self.score(&offer.traits))).collect();
        let mut named: Vec<&Offer> = Vec::new();
        let mut found = Vec::new();
        while found.len() < count {
            let value = |(_, offer, score): &(usize, &Offer, f32)| score - DIVERSITY * named.iter().map(|other| likeness(offer, other)).fold(0.0, f32::max);
            let enough = |unit: usize| named.iter().filter(|other| other.unit == unit).count() >= OF_A_UNIT;
            let rank = |at: usize| rest.get(at).map(|of| (!enough(of.1.unit), value(of)));
            // Of equals the first.
            let Some(at) = (0..rest.len()).reduce(|best, at| if rank(at) > rank(best) { at } else { best }) else { break };
            let (place, offer, _) = rest.remove(at);
            named.push(offer);
            let (reason, learnt) = self.reason(&offer.traits, offers);
            found.push(Recommended { offer: place, reason, learnt });
        }
        found
    }

    /// The trait that lifts an offer most above the mean of all, and whether choices made it count.
    fn reason(&self, traits: &Traits, offers: &[Offer]) -> (Trait, bool) {
        let count = offers.len().max(1) as f32;
        let mut best = (Trait::Weight, false, 0f32);
        for ((of, own), (weight, rule)) in Trait::ALL.into_iter().zip(traits).zip(self.weights.iter().zip(&RULE)) {
            let mean = offers.iter().filter_map(|offer| offer.traits.get(of as usize)).sum::<f32>() / count;
            let lifts = weight * (own - mean);
            // What an offer lacks, or may have, is no reason that one can say in a line.
            if lifts > best.2 && *own >= 0.5 && (*own > 0.5 || !Trait::OF_WAY.contains(&of)) {
                best = (of, (weight - rule) * (own - mean) > lifts / 2.0, lifts);
            }
        }
        (best.0, best.1)
    }
}

/// How alike two offers are: 1 of the same unit, one half of the same kind.
fn likeness(a: &Offer, b: &Offer) -> f32 {
    match (a.unit == b.unit, kind(&a.traits) == kind(&b.traits)) {
        (true, _) => 1.0,
        (false, true) => 0.5,
        (false, false) => 0.0,
    }
}

/// The most probable weights of a logistic regression whose prior is the rule. Coordinate by coordinate, by the bound ¼ of the
/// curvature of the logistic loss (Böhning and Lindsay 1988), so that no step can overshoot.
fn fitted(choices: &[Choice]) -> Traits {
    let rows: Vec<(Vec<f64>, f64)> = choices.iter().map(|choice| (choice.traits.iter().map(|value| f64::from(*value)).chain([1.0]).collect(), f64::from(choice.liked))).collect();
    // The last weight is how much the person takes at all; it has no say in the order.
    let prior: Vec<f64> = RULE.iter().map(|weight| f64::from(*weight)).chain([0.0]).collect();
    let mut weights = prior.clone();
    let mut margins: Vec<f64> = rows.iter().map(|(row, _)| row.iter().zip(&prior).map(|(value, weight)| value * weight).sum()).collect();
    for _ in 0..PASSES {
        for (at, (weight, prior)) in weights.iter_mut().zip(&prior).enumerate() {
            let values = || rows.iter().map(|(row, liked)| (row.get(at).copied().unwrap_or(0.0), *liked));
            let slope: f64 = values().zip(&margins).map(|((value, liked), margin)| value * (1.0 / (1.0 + libm::exp(-margin)) - liked)).sum();
            let bound: f64 = values().map(|(value, _)| value * value / 4.0).sum();
            let step = (slope + PRECISION * (*weight - prior)) / (bound + PRECISION);
            *weight -= step;
            margins.iter_mut().zip(&rows).for_each(|(margin, (row, _))| *margin -= step * row.get(at).copied().unwrap_or(0.0));
        }
    }
    let mut out = RULE;
    out.iter_mut().zip(&weights).for_each(|(slot, weight)| *slot = *weight as f32);
    out
}

#[cfg(test)]
mod tests;
