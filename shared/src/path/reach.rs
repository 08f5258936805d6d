//! Which steps are open to a person: by the scores of what they bring and what they will bring then. Not which are good ones.
use super::needs::Needs;
use super::score::{Carried, MoveScores, Thresholds, ViewWeights};
use super::search::{OpenSteps, PathStep};
use crate::compare::larger;
use std::cell::RefCell;

/// Which steps are open on the occupations of the pack: those whose score reaches the threshold, from the start by what the
/// person brings, from an occupation by that and what the occupation asks for together, where either alone comes to
/// [`LOOKED_AT`] of it. What was asked once is remembered.
pub struct Reach<'a> {
    needs: &'a Needs,
    weights: &'a ViewWeights,
    scores: &'a MoveScores,
    thresholds: Thresholds,
    person: Carried,
    /// Scores of what the person brings.
    first: Vec<f32>,
    /// The occupation stood in last, and what is carried from there.
    carried: RefCell<(Option<usize>, Carried)>,
    /// From → to → score; no number where not asked yet.
    known: RefCell<Vec<Vec<f32>>>,
}

/// Beyond the start, carried competences are looked at where the present occupation or the person alone comes so near to
/// the threshold.
pub const LOOKED_AT: f32 = 0.85;

impl<'a> Reach<'a> {
    /// For a person who brings an occupation and competences.
    pub fn new(needs: &'a Needs, weights: &'a ViewWeights, scores: &'a MoveScores, thresholds: Thresholds, person: Carried) -> Self {
        let first = (0..needs.count()).map(|to| person.score(needs, weights, to).map_or(-1.0, |score| score.value)).collect();
        let carried = RefCell::new((None, person.clone()));
        Self { needs, weights, scores, thresholds, person, first, carried, known: RefCell::new(vec![Vec::new(); needs.count()]) }
    }

    /// Below 0 where nothing is known.
    fn score(&self, from: usize, to: usize) -> f32 {
        let mut known = self.known.borrow_mut();
        let Some(row) = known.get_mut(from) else { return -1.0 };
        if row.is_empty() {
            row.resize(self.needs.count(), f32::NAN);
        }
        let Some(slot) = row.get_mut(to) else { return -1.0 };
        if slot.is_nan() {
            let mut carried = self.carried.borrow_mut();
            let (at, carried) = &mut *carried;
            if *at != Some(from) {
                at.replace(from).into_iter().for_each(|before| carried.restore(self.needs, before, &self.person));
                carried.add(self.needs, from);
                carried.set_present(self.needs, from);
            }
            *slot = carried.score(self.needs, self.weights, to).map_or(-1.0, |score| score.value);
        }
        *slot
    }
}

impl OpenSteps for Reach<'_> {
    fn near(&self, from: Option<usize>) -> Vec<usize> {
        let bound = self.thresholds.within_reach;
        let Some(from) = from else { return (0..).zip(&self.first).filter(|(_, first)| **first >= bound).map(|(to, _)| to).collect() };
        let both = self.first.iter().zip(self.scores.from(from));
        (0..).zip(both).filter(|(to, (first, score))| *to != from && larger(**first, **score) >= bound * LOOKED_AT).map(|(to, _)| to).collect()
    }

    fn step(&self, from: Option<usize>, to: usize) -> Option<PathStep> {
        let score = from.map_or_else(|| self.first.get(to).copied(), |from| Some(self.score(from, to)))?;
        (score >= self.thresholds.within_reach).then_some(PathStep { to, score })
    }
}
