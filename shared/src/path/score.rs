//! How well one occupation, or what a person has, prepares for another: a score 0..1 of five views. Not a probability of
//! such a move: no observed moves went into it.
//!
//! In each view, with I what is shared (the smaller amount of each feature), t all that the target asks and s all that
//! the present occupation uses, the likeness is Tversky's (1977, *Features of Similarity*): I / (I + (t − I) + α (s − I)),
//! of which the square root is taken, for shared activities are few. What the target asks and one lacks counts whole,
//! what one has and the target has no use for counts α; so A → B differs from B → A.
use super::needs::{Needs, Row, View, ViewNeeds};
use crate::compare::{larger, smaller};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// α: what is left unused counts half of what is lacking. Over O*NET's related occupations ½ and 1 recover as much, 0 a
/// third less in knowledge and skills (an occupation that asks for much would prepare for everything).
pub const UNUSED: f32 = 0.5;

/// What each view counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewWeights(
    /// In the order of [`View::ALL`], each at least 0.
    pub [f32; 5],
);

impl Default for ViewWeights {
    /// Activities .28, knowledge .21, technologies .14, skills .07, related .30.
    ///
    /// The first four stand 4 : 3 : 2 : 1, chosen in steps of a tenth on one half of the occupations by how many of O*NET's
    /// related occupations are among the 20 best (O*NET makes its lists of tasks, knowledge and titles: it may favour those
    /// two). The fifth counts what recovered most of the related pairs that were hidden from it.
    fn default() -> Self {
        Self([0.28, 0.21, 0.14, 0.07, 0.30])
    }
}

/// A score with what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MoveScore {
    /// The weighted mean over the views in which the target asks for anything, 0..1.
    pub value: f32,
    /// By [`View::ALL`], 0..1; `None` where nothing is known or asked for.
    pub views: [Option<f32>; 5],
}

/// What one brings: the present occupation, earlier ones, and single competences, laid out to be compared with many.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// View → feature → amount; endless for what one has in full.
    amounts: [Vec<f32>; 5],
    /// View → all that the present occupation uses.
    present: [f32; 5],
}

impl Carried {
    /// Nothing.
    pub fn nothing(needs: &Needs) -> Self {
        Self { amounts: needs.views.each_ref().map(|view| vec![0.0; view.features]), present: [0.0; 5] }
    }

    /// What `present` asks for.
    pub fn of(needs: &Needs, present: usize) -> Self {
        let mut carried = Self::nothing(needs);
        carried.add(needs, present);
        carried.set_present(needs, present);
        carried
    }

    /// Adds what an occupation asks for.
    pub fn add(&mut self, needs: &Needs, occupation: usize) {
        for (amounts, view) in self.amounts.iter_mut().zip(&needs.views) {
            for (feature, amount) in view.rows.get(occupation).into_iter().flatten() {
                amounts.iter_mut().skip(*feature as usize).take(1).for_each(|slot| *slot = slot.max(*amount));
            }
        }
    }

    /// Takes back what an occupation added to what another carries.
    pub(crate) fn restore(&mut self, needs: &Needs, occupation: usize, to: &Self) {
        for ((amounts, before), view) in self.amounts.iter_mut().zip(&to.amounts).zip(&needs.views) {
            for (feature, _) in view.rows.get(occupation).into_iter().flatten() {
                amounts.iter_mut().zip(before).skip(*feature as usize).take(1).for_each(|(slot, before)| *slot = *before);
            }
        }
    }

    /// Adds a competence in full. One who has an activity has all of the intermediate activity that it belongs to.
    pub fn gain(&mut self, needs: &Needs, competence: u32) {
        for (view, feature) in needs.given.get(competence as usize).into_iter().flatten() {
            let slot = self.amounts.get_mut(*view).and_then(|amounts| amounts.get_mut(*feature as usize));
            slot.into_iter().for_each(|slot| *slot = f32::INFINITY);
        }
    }

    /// Makes an occupation the present one: what it uses and a target does not is left unused.
    pub fn set_present(&mut self, needs: &Needs, occupation: usize) {
        self.present = needs.views.each_ref().map(|view| view.sums.get(occupation).copied().unwrap_or(0.0));
    }

    /// Of a person: the present occupation with single competences beside it.
    pub fn of_person(needs: &Needs, present: Option<usize>, competences: &[u32]) -> Self {
        let mut carried = present.map_or_else(|| Self::nothing(needs), |place| Self::of(needs, place));
        competences.iter().for_each(|competence| carried.gain(needs, *competence));
        carried
    }

    /// The score of a move to an occupation; `None` where nothing is known of it.
    pub fn score(&self, needs: &Needs, weights: &ViewWeights, to: usize) -> Option<MoveScore> {
        let mut views = [None; 5];
        for ((slot, view), (amounts, present)) in views.iter_mut().zip(&needs.views).zip(self.amounts.iter().zip(self.present)) {
            let row = view.rows.get(to).map_or(&[][..], Row::as_slice);
            let shared = row.iter().map(|(feature, amount)| amounts.get(*feature as usize).map_or(0.0, |held| smaller(*amount, *held))).sum();
            *slot = likeness(shared, view.sums.get(to).copied().unwrap_or(0.0), present);
        }
        mean(views, weights)
    }
}

/// The likeness of a view: what is shared, what the target asks, what the present occupation uses.
fn likeness(shared: f32, asked: f32, used: f32) -> Option<f32> {
    (asked > 0.0).then(|| (shared / (asked + UNUSED * larger(used - shared, 0.0))).clamp(0.0, 1.0).sqrt())
}

/// The weighted mean of the views that are known.
fn mean(views: [Option<f32>; 5], weights: &ViewWeights) -> Option<MoveScore> {
    let known = || views.iter().zip(weights.0).filter_map(|(view, weight)| view.map(|view| (view, weight)));
    let all: f32 = known().map(|(_, weight)| weight).sum();
    let value = known().map(|(view, weight)| view * weight).sum::<f32>() / all;
    (all > 0.0).then_some(MoveScore { value: smaller(value, 1.0), views })
}

/// The score of a move, feature by feature: the slow twin of [`Carried::score`].
pub fn score_slowly(needs: &Needs, weights: &ViewWeights, from: usize, to: usize) -> Option<MoveScore> {
    let of = |view: &ViewNeeds| {
        let row = |place: usize| view.rows.get(place).cloned().unwrap_or_default().into_iter().collect::<BTreeMap<u32, f32>>();
        let (have, ask) = (row(from), row(to));
        let shared: f32 = ask.iter().map(|(feature, amount)| have.get(feature).map_or(0.0, |held| held.min(*amount))).sum();
        likeness(shared, ask.values().sum(), have.values().sum())
    };
    mean(needs.views.each_ref().map(of), weights)
}

/// From where on a move is worth a thought, and from where on it is close.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// 可以考虑: within reach.
    pub within_reach: f32,
    /// 比较接近: very close.
    pub very_close: f32,
}

/// Shares of all pairs that are within reach and very close (Nesta 2020, *Mapping Career Causeways*: with its thresholds
/// .30 and .40, 4 % and 1.3 % of all pairs).
pub const NESTA_SHARES: [f64; 2] = [0.04, 0.013];

/// The scores of all moves between occupations.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveScores {
    /// From → to; below 0 where nothing is known.
    rows: Vec<Vec<f32>>,
}

impl MoveScores {
    /// All of them. The rows are independent: [`Self::row`] and [`Self::from_rows`] do the same on many cores.
    pub fn new(needs: &Needs, weights: &ViewWeights) -> Self {
        Self::from_rows((0..needs.count()).map(|from| Self::row(needs, weights, from)).collect())
    }

    /// The scores from one occupation to all.
    pub fn row(needs: &Needs, weights: &ViewWeights, from: usize) -> Vec<f32> {
        let carried = Carried::of(needs, from);
        (0..needs.count()).map(|to| carried.score(needs, weights, to).map_or(-1.0, |score| score.value)).collect()
    }

    /// From the rows of all occupations in their order.
    pub fn from_rows(rows: Vec<Vec<f32>>) -> Self {
        Self { rows }
    }

    /// The scores of all moves from an occupation; below 0 where nothing is known.
    pub(super) fn from(&self, from: usize) -> &[f32] {
        self.rows.get(from).map_or(&[], Vec::as_slice)
    }

    /// The score of a move, 0..1.
    pub fn get(&self, from: usize, to: usize) -> Option<f32> {
        self.rows.get(from)?.get(to).copied().filter(|score| *score >= 0.0)
    }

    /// The score above which a share (0..1) of all pairs of two occupations lies.
    pub fn top(&self, share: f64) -> Option<f32> {
        let pairs = self.rows.iter().enumerate().flat_map(|(from, row)| row.iter().enumerate().filter(move |(to, score)| from != *to && **score >= 0.0));
        let mut all: Vec<f32> = pairs.map(|(_, score)| *score).collect();
        all.sort_by(|a, b| b.total_cmp(a));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
        let place = (all.len() as f64 * share.clamp(0.0, 1.0)) as usize;
        all.get(place.min(all.len().saturating_sub(1))).copied()
    }

    /// Nesta's procedure on this measure; `None` without pairs.
    pub fn thresholds(&self) -> Option<Thresholds> {
        let [within_reach, very_close] = NESTA_SHARES.map(|share| self.top(share));
        Some(Thresholds { within_reach: within_reach?, very_close: very_close? })
    }

    /// How well each occupation answers two targets at once, the best first: the geometric mean of its scores to both, the
    /// first weighted `share` (0..1).
    pub fn blended(&self, targets: [usize; 2], share: f32) -> Vec<(usize, f32)> {
        let blend = |of: usize| {
            let [first, second] = targets.map(|target| self.get(of, target));
            Some((of, first?.powf(share) * second?.powf(1.0 - share)))
        };
        let mut all: Vec<(usize, f32)> = (0..self.rows.len()).filter_map(blend).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all
    }
}

/// For each competence: how many more occupations it would bring within reach of what is carried.
pub fn unlocked(needs: &Needs, weights: &ViewWeights, carried: &Carried, thresholds: &Thresholds, competences: &[u32]) -> Vec<usize> {
    let reached = |carried: &Carried, to: usize| carried.score(needs, weights, to).is_some_and(|score| score.value >= thresholds.within_reach);
    let out: Vec<usize> = (0..needs.count()).filter(|to| !reached(carried, *to)).collect();
    let with = |competence: &u32| {
        let mut more = carried.clone();
        more.gain(needs, *competence);
        out.iter().filter(|to| reached(&more, **to)).count()
    };
    competences.iter().map(with).collect()
}

impl MoveScore {
    /// The likeness in one view.
    pub fn view(&self, view: View) -> Option<f32> {
        View::ALL.iter().zip(self.views).find(|(of, _)| **of == view).and_then(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::needs::ViewRows;
    use super::*;
    use crate::random::Stream;

    /// 30 occupations, 40 features a view, competence 40·view + feature giving that feature.
    fn needs(seed: u64) -> Needs {
        let mut random = Stream::at(&[seed]);
        let socs: Vec<String> = (0..30).map(|i| format!("{}-{:04}", 11 + i / 10, i)).collect();
        let mut view = |by_rarity| {
            let row = |of: usize, random: &mut Stream| (of % 11 != 5).then(|| (0..40u32).filter_map(|f| Some((f, random.unit() as f32)).filter(|_| random.unit() < 0.3)).collect());
            ViewRows { rows: (0..30).map(|of| row(of, &mut random)).collect(), by_rarity }
        };
        let views = [view(true), view(false), view(true), view(false), view(false)];
        let given = (0..5).flat_map(|view| (0..40).map(move |feature| vec![(view, feature)])).collect();
        Needs::new(&socs.iter().map(String::as_str).collect::<Vec<_>>(), views, given)
    }

    #[test]
    fn fast_scores_are_the_slow_ones_and_one_with_itself() {
        let (needs, weights) = (needs(1), ViewWeights::default());
        let all = MoveScores::new(&needs, &weights);
        for from in 0..30 {
            assert!((all.get(from, from).unwrap() - 1.0).abs() < 1e-5);
            for to in 0..30 {
                let (fast, slow) = (all.get(from, to).unwrap(), score_slowly(&needs, &weights, from, to).unwrap().value);
                assert!((fast - slow).abs() < 1e-5 && (0.0..=1.0).contains(&fast), "{from} {to}: {fast} {slow}");
            }
        }
    }

    #[test]
    fn a_score_never_falls_by_what_is_added() {
        let (needs, weights) = (needs(2), ViewWeights::default());
        let mut random = Stream::at(&[3]);
        for _ in 0..300 {
            let mut pick = |n: f64| (random.unit() * n) as usize;
            let (from, to, other, competence) = (pick(30.0), pick(30.0), pick(30.0), pick(200.0) as u32);
            let bare = Carried::of(&needs, from);
            let value = |carried: &Carried| carried.score(&needs, &weights, to).unwrap().value;
            let mut more = bare.clone();
            more.gain(&needs, competence);
            assert!(value(&more) >= value(&bare) - 1e-6);
            more.add(&needs, other);
            assert!(value(&more) >= value(&bare) - 1e-6);
        }
    }

    #[test]
    fn a_score_worked_by_hand() {
        // One view: A uses 3 + 1, B asks 1 + 1 of which they share min(3, 1) = 1.
        let rows = vec![Some(vec![(0, 3.0), (1, 1.0)]), Some(vec![(0, 1.0), (2, 1.0)])];
        let mut views: [ViewRows; 5] = Default::default();
        views[1] = ViewRows { rows, by_rarity: false };
        let needs = Needs::new(&["51-2011", "51-3011"], views, vec![vec![(1, 2)]]);
        let weights = ViewWeights::default();
        let from = |a: usize, b: usize| Carried::of(&needs, a).score(&needs, &weights, b).unwrap();
        // There: 1 / (2 + ½·3); back: 1 / (4 + ½·1).
        assert!((from(0, 1).value - (1.0f32 / 3.5).sqrt()).abs() < 1e-6);
        assert!((from(1, 0).value - (1.0f32 / 4.5).sqrt()).abs() < 1e-6);
        assert_eq!((from(0, 1).view(View::Skills), from(0, 1).view(View::Knowledge).is_some()), (None, true));
        // With the competence that B asks for: 2 / (2 + ½·2).
        let mut with = Carried::of(&needs, 0);
        with.gain(&needs, 0);
        assert!((with.score(&needs, &weights, 1).unwrap().value - (2.0f32 / 3.0).sqrt()).abs() < 1e-6);
        let thresholds = Thresholds { within_reach: 0.8, very_close: 0.9 };
        assert_eq!(unlocked(&needs, &weights, &Carried::of(&needs, 0), &thresholds, &[0]), [1]);
    }

    #[test]
    fn where_both_ask_for_as_much_a_score_is_the_same_both_ways() {
        let mut views: [ViewRows; 5] = Default::default();
        views[0] = ViewRows { rows: vec![Some(vec![(0, 2.0), (1, 1.0)]), Some(vec![(1, 2.0), (2, 1.0)]), Some(vec![(3, 1.0)])], by_rarity: false };
        let needs = Needs::new(&["11-1011", "11-1021", "13-1011"], views, Vec::new());
        let all = MoveScores::new(&needs, &ViewWeights::default());
        assert_eq!(all.get(0, 1), all.get(1, 0));
        assert_eq!(all.get(0, 2), Some(0.0));
    }

    #[test]
    fn thresholds_leave_the_shares_above_and_a_blend_needs_both() {
        let all = MoveScores::from_rows((0..20usize).map(|from| (0..20usize).map(|to| ((from * 20 + to) % 379) as f32 / 379.0).collect()).collect());
        let above = |bound: f32| (0..20).flat_map(|a| (0..20).map(move |b| (a, b))).filter(|(a, b)| a != b && all.get(*a, *b).unwrap() > bound).count();
        let found = all.thresholds().unwrap();
        assert_eq!((above(found.within_reach), above(found.very_close)), (15, 4));
        let two = MoveScores::from_rows(vec![vec![1.0, 0.1, 0.0], vec![0.1, 1.0, 0.0], vec![0.6, 0.6, 1.0]]);
        assert_eq!(two.blended([0, 1], 0.5)[0].0, 2);
    }
}
