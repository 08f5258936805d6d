//! Self-check (自评): which "I can …" statement to ask next, and what level the answers show, with an interval. Not a test of
//! a person: nothing is right or wrong, and answers in a person's own words are not judged here.
//!
//! A person's answers follow a graded response model ([`response`]) of the *apparent* level: the level plus a leniency, the
//! person's own way of rating, that no answer can tell from the level. Both are laid out on a grid and the answers weighed
//! exactly, so that an interval holds what is not known of the leniency too.
pub mod items;
pub mod response;
#[cfg(test)]
mod simulation;

pub use items::{Item, ItemBank, LEVEL_MAX};
pub use response::{Answer, ResponseCurve};

use crate::profile::Evidence;
use serde::{Deserialize, Serialize};

/// At most so many statements of a competence are asked.
pub const QUESTIONS_MAX: usize = 8;
/// Nothing more is asked once the standard error is at most so many levels.
pub const STOP_STANDARD_ERROR: f64 = 0.8;
/// Nothing more is asked where the best statement left is expected to tell less, in 1/level²: its answer is as good as known.
pub const STOP_INFORMATION: f64 = 0.1;
/// Standard deviation of the prior, in levels. Levels that occupations ask for have 1.26 over skills and 1.47 over
/// knowledge (O*NET 29.3, Skills and Knowledge, scale LV, all occupations alike); a person may be further off.
pub const PRIOR_SD: f64 = 1.5;
/// Standard deviation of the leniency with which people rate themselves, in levels. An assumption.
pub const LENIENCY_SD: f64 = 0.6;
/// Share of the posterior within what is given as the 90 % interval: wider than 90 %, so that it holds the level of at least
/// 85 % of people whose slopes, difficulties and leniency are not as assumed (`simulation`).
pub const INTERVAL: f64 = 0.95;

/// Cells of the grid a level.
const CELLS_A_LEVEL: usize = 10;
/// Cells from level 0 to level 7, both ends included.
const LEVELS: usize = 7 * CELLS_A_LEVEL + 1;
/// Cells of leniency to either side: three standard deviations.
const REACH: usize = 18;

/// Why a self-check could not go on.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssessError {
    /// The table of statements does not parse.
    #[error("items.tsv, line {line}: {detail}")]
    Malformed {
        /// From 1.
        line: usize,
        /// What is wrong.
        detail: String,
    },
    /// A competence without statements.
    #[error("there are no statements for competence {competence}: check only those that the item bank lists")]
    Unknown {
        /// Its id.
        competence: String,
    },
    /// An answer to a statement that does not exist: it stems from another version of the table.
    #[error("competence {competence} has no rung {rung}: drop this answer and ask again")]
    NoRung {
        /// Id of the competence.
        competence: String,
        /// The rung.
        rung: u8,
    },
}

/// The self-check of one competence: what is known before, and the answers so far. Holds all that its results depend on,
/// beside the item bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfCheck {
    /// Id of the competence.
    pub competence: String,
    /// How the CV shows it; none where it is silent, which says nothing against the person.
    pub evidence: Option<Evidence>,
    /// Rung and answer, in the order given, a rung once.
    pub answers: Vec<(u8, Answer)>,
}

/// What the answers show.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelEstimate {
    /// Mean of the posterior, on O*NET's level scale, 0..7.
    pub level: f64,
    /// Standard deviation of the posterior, in levels: the standard error that is shown.
    pub standard_error: f64,
    /// Lower end of the 90 % interval ([`INTERVAL`]), 0..7.
    pub low: f64,
    /// Upper end, 0..7.
    pub high: f64,
}

/// Mean of the prior for what a CV shows, in levels: between what occupations ask for on average (2.4 over skills, 2.1 over
/// knowledge: O*NET 29.3, scale LV) and the middle of the scale; half a level more for what is shown at work or certified.
/// An assumption, weak beside two answers.
fn prior_mean(evidence: Option<Evidence>) -> f64 {
    match evidence {
        None => 2.5,
        Some(Evidence::Claimed) => 3.0,
        Some(Evidence::ShownAtWork | Evidence::Certified) => 3.5,
    }
}

/// Where a cell lies, in levels from the first one.
fn cell(place: usize) -> f64 {
    place as f64 / CELLS_A_LEVEL as f64
}

/// Apparent level of a cell of level plus leniency; the first lies [`REACH`] cells below 0.
fn apparent(place: usize) -> f64 {
    cell(place) - cell(REACH)
}

/// A bell curve, not normalised.
fn bell(off: f64, sd: f64) -> f64 {
    (-0.5 * (off / sd).powi(2)).exp()
}

/// What is believed of the level and of the apparent level after some answers.
struct Posterior {
    /// Shares of the levels, [LEVELS], sum 1.
    level: Vec<f64>,
    /// Shares of the apparent levels, [LEVELS + 2 · REACH], sum 1.
    apparent: Vec<f64>,
}

impl Posterior {
    /// From what is known before and the statements answered. Over levels l and leniencies d, both on the grid:
    /// p(l, d | answers) ∝ prior(l) · N(d; 0, LENIENCY_SD) · ∏ P(answer | l + d).
    fn new(evidence: Option<Evidence>, answered: &[(ResponseCurve, Answer)]) -> Self {
        let likelihood = |at: f64| answered.iter().map(|(curve, answer)| curve.probability(*answer, at)).product::<f64>();
        let likelihoods: Vec<f64> = (0..LEVELS + 2 * REACH).map(|place| likelihood(apparent(place))).collect();
        let leniencies: Vec<f64> = (0..=2 * REACH).map(|place| bell(apparent(place), LENIENCY_SD)).collect();
        let mut both = Self { level: vec![0.0; LEVELS], apparent: vec![0.0; LEVELS + 2 * REACH] };
        for (place, slot) in both.level.iter_mut().enumerate() {
            let prior = bell(cell(place) - prior_mean(evidence), PRIOR_SD);
            let reached = both.apparent.iter_mut().zip(&likelihoods).skip(place);
            for (leniency, (apparent, likelihood)) in leniencies.iter().zip(reached) {
                let share = prior * leniency * likelihood;
                *slot += share;
                *apparent += share;
            }
        }
        for shares in [&mut both.level, &mut both.apparent] {
            let sum: f64 = shares.iter().sum();
            shares.iter_mut().for_each(|share| *share /= sum);
        }
        both
    }

    /// The level below which a share of the posterior lies, each cell spread evenly over its width.
    fn quantile(&self, share: f64) -> f64 {
        let mut below = 0.0;
        for (place, inside) in self.level.iter().enumerate() {
            if below + inside >= share {
                let within = if *inside > 0.0 { (share - below) / inside } else { 0.5 };
                return (cell(place) + (within - 0.5) / CELLS_A_LEVEL as f64).clamp(0.0, LEVEL_MAX);
            }
            below += inside;
        }
        LEVEL_MAX
    }

    fn estimate(&self) -> LevelEstimate {
        let cells = || self.level.iter().enumerate().map(|(place, share)| (cell(place), share));
        let level = cells().map(|(at, share)| share * at).sum::<f64>();
        let tail = (1.0 - INTERVAL) / 2.0;
        LevelEstimate {
            level,
            standard_error: cells().map(|(at, share)| share * (at - level).powi(2)).sum::<f64>().sqrt(),
            low: self.quantile(tail),
            high: self.quantile(1.0 - tail),
        }
    }

    /// Expected information of a statement, in 1/level² (posterior-weighted information: van der Linden 1998,
    /// Psychometrika 63(2)).
    fn information(&self, curve: &ResponseCurve) -> f64 {
        self.apparent.iter().enumerate().map(|(place, share)| share * curve.information(apparent(place))).sum()
    }
}

impl SelfCheck {
    /// A check without answers.
    pub fn new(competence: &str, evidence: Option<Evidence>) -> Self {
        Self { competence: competence.to_owned(), evidence, answers: Vec::new() }
    }

    /// Notes an answer; an earlier one to the same rung is replaced.
    pub fn answer(&mut self, rung: u8, answer: Answer) {
        self.answers.retain(|(given, _)| *given != rung);
        self.answers.push((rung, answer));
    }

    fn posterior(&self, ladder: &[Item]) -> Result<Posterior, AssessError> {
        let answered = self.answers.iter().map(|(rung, answer)| {
            let item = ladder.iter().find(|item| item.rung == *rung);
            let item = item.ok_or_else(|| AssessError::NoRung { competence: self.competence.clone(), rung: *rung })?;
            Ok((ResponseCurve::at(item.level), *answer))
        });
        Ok(Posterior::new(self.evidence, &answered.collect::<Result<Vec<_>, AssessError>>()?))
    }

    /// The statement to ask next: of those left the one expected to tell most. `None` when [`STOP_STANDARD_ERROR`] is
    /// reached, nothing left would tell much ([`STOP_INFORMATION`]), or [`QUESTIONS_MAX`] are answered.
    ///
    /// # Errors
    /// [`AssessError::Unknown`], [`AssessError::NoRung`].
    pub fn next_item<'a>(&self, bank: &'a ItemBank) -> Result<Option<&'a Item>, AssessError> {
        let ladder = bank.ladder(&self.competence)?;
        let posterior = self.posterior(ladder)?;
        if self.answers.len() >= QUESTIONS_MAX || posterior.estimate().standard_error <= STOP_STANDARD_ERROR {
            return Ok(None);
        }
        let left = ladder.iter().filter(|item| !self.answers.iter().any(|(rung, _)| *rung == item.rung));
        let told = left.map(|item| (posterior.information(&ResponseCurve::at(item.level)), item));
        // Of equals the lower rung comes first.
        let best = told.reduce(|best, next| if next.0 > best.0 { next } else { best });
        Ok(best.filter(|(information, _)| *information >= STOP_INFORMATION).map(|(_, item)| item))
    }

    /// What the answers so far show; without any, what is assumed before.
    ///
    /// # Errors
    /// [`AssessError::Unknown`], [`AssessError::NoRung`].
    pub fn estimate(&self, bank: &ItemBank) -> Result<LevelEstimate, AssessError> {
        Ok(self.posterior(bank.ladder(&self.competence)?)?.estimate())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: &str = "2.A.1.a";

    fn check(answers: &[(u8, Answer)]) -> SelfCheck {
        SelfCheck { answers: answers.to_vec(), ..SelfCheck::new(READING, None) }
    }

    fn level(bank: &ItemBank, answers: &[(u8, Answer)]) -> LevelEstimate {
        check(answers).estimate(bank).unwrap()
    }

    /// All ways to answer the rungs of a ladder of five, each left out or answered in one of three ways.
    fn all_answers() -> Vec<Vec<(u8, Answer)>> {
        (1..=5).fold(vec![Vec::new()], |before, rung| {
            let longer = |answers: &Vec<(u8, Answer)>, answer| answers.iter().copied().chain([(rung, answer)]).collect();
            let answered = before.iter().flat_map(|answers| Answer::ALL.map(|answer| longer(answers, answer)));
            before.iter().cloned().chain(answered).collect()
        })
    }

    #[test]
    fn a_yes_never_lowers_the_estimate_and_a_not_yet_never_raises_it() {
        let bank = ItemBank::shipped().unwrap();
        let all = all_answers();
        assert_eq!(all.len(), 4usize.pow(5));
        for answers in all.iter().filter(|answers| answers.len() < 5) {
            let before = level(&bank, answers);
            for rung in (1..=5).filter(|rung| !answers.iter().any(|(given, _)| given == rung)) {
                let [not_yet, partly, yes] = Answer::ALL.map(|answer| {
                    let mut more = check(answers);
                    more.answer(rung, answer);
                    more.estimate(&bank).unwrap()
                });
                assert!(yes.level >= before.level && before.level >= not_yet.level, "{answers:?} {rung}");
                assert!(yes.level >= partly.level && partly.level >= not_yet.level, "{answers:?} {rung}");
                assert!(yes.low >= before.low - 1e-9 && yes.high >= before.high - 1e-9, "{answers:?} {rung}");
            }
        }
    }

    #[test]
    fn the_grid_agrees_with_sums_over_level_and_leniency_written_out() {
        // The slow twin: both variables over a finer grid, nothing shared between cells.
        let bank = ItemBank::shipped().unwrap();
        let ladder = bank.ladder(READING).unwrap();
        let regular = vec![(2, Answer::Yes), (3, Answer::Partly), (4, Answer::NotYet)];
        let upside_down = vec![(5, Answer::Yes), (1, Answer::NotYet)];
        for answers in [vec![], vec![(3, Answer::Yes)], regular, upside_down] {
            let (mut mass, mut first, mut second) = (0.0, 0.0, 0.0);
            for level in (0..=700).map(|hundredth| f64::from(hundredth) / 100.0) {
                for leniency in (-90..=90).map(|fiftieth| f64::from(fiftieth) / 50.0) {
                    let mut share = bell(level - 2.5, PRIOR_SD) * bell(leniency, LENIENCY_SD);
                    for (rung, answer) in &answers {
                        let item = &ladder[usize::from(*rung) - 1];
                        share *= ResponseCurve::at(item.level).probability(*answer, level + leniency);
                    }
                    mass += share;
                    first += share * level;
                    second += share * level * level;
                }
            }
            let (mean, sd) = (first / mass, (second / mass - (first / mass).powi(2)).sqrt());
            let found = level(&bank, &answers);
            let off = (found.level - mean).abs().max((found.standard_error - sd).abs());
            assert!(off < 0.02, "{answers:?}: {found:?} {mean} {sd}");
        }
    }

    #[test]
    fn without_answers_the_interval_is_the_prior_s() {
        // The prior is a normal with mean 2.5 and standard deviation 1.5, cut off at 0 and 7: its share below 0 is
        // Φ(−5/3) = 0.04779, above 7 Φ(−3) = 0.00135, so within 0.95086. The 2.5 % point is Φ⁻¹(0.04779 + 0.025 · 0.95086) =
        // −1.4643 standard deviations, which is 0.304; the 97.5 % point Φ⁻¹(0.04779 + 0.975 · 0.95086) = 1.9579, 5.437.
        let before = level(&ItemBank::shipped().unwrap(), &[]);
        assert!((before.low - 0.304).abs() < 0.05 && (before.high - 5.437).abs() < 0.05, "{before:?}");
    }

    #[test]
    fn evidence_in_the_cv_moves_only_where_the_check_starts() {
        let bank = ItemBank::shipped().unwrap();
        let answers = [(1, Answer::Yes), (2, Answer::Yes), (3, Answer::Partly), (4, Answer::NotYet)];
        let with = |evidence, answers: &[(u8, Answer)]| SelfCheck { evidence, ..check(answers) }.estimate(&bank).unwrap().level;
        let lead = |answers| with(Some(Evidence::ShownAtWork), answers) - with(None, answers);
        assert!(lead(&[]) > 0.8);
        assert!(lead(&answers) < lead(&[]) / 2.0, "{}", lead(&answers));
    }

    #[test]
    fn the_first_statement_is_in_the_middle_and_the_next_follows_the_answer() {
        let bank = ItemBank::shipped().unwrap();
        let first = check(&[]).next_item(&bank).unwrap().unwrap().rung;
        assert!((2..=3).contains(&first));
        let next = |answer| check(&[(first, answer)]).next_item(&bank).unwrap().unwrap().rung;
        assert!(next(Answer::Yes) > first && next(Answer::NotYet) < first);
    }

    #[test]
    fn the_next_statement_tells_most_of_those_left() {
        let bank = ItemBank::shipped().unwrap();
        for answers in all_answers() {
            let asked = check(&answers);
            let Some(next) = asked.next_item(&bank).unwrap() else { continue };
            let posterior = asked.posterior(bank.ladder(READING).unwrap()).unwrap();
            let told = |item: &Item| posterior.information(&ResponseCurve::at(item.level));
            for other in bank.ladder(READING).unwrap().iter().filter(|item| !answers.iter().any(|(rung, _)| *rung == item.rung)) {
                assert!(told(next) >= told(other), "{answers:?}");
            }
        }
    }

    #[test]
    fn every_check_ends_within_eight_questions_and_asks_nothing_twice() {
        let bank = ItemBank::shipped().unwrap();
        for id in bank.competences() {
            for answer in Answer::ALL {
                let mut check = SelfCheck::new(id, None);
                while let Some(item) = check.next_item(&bank).unwrap() {
                    assert!(check.answers.iter().all(|(rung, _)| *rung != item.rung));
                    check.answer(item.rung, answer);
                }
                assert!((1..=QUESTIONS_MAX).contains(&check.answers.len()));
            }
        }
    }

    #[test]
    fn an_answer_can_be_changed() {
        let mut check = check(&[(3, Answer::Yes), (4, Answer::Partly)]);
        check.answer(3, Answer::NotYet);
        assert_eq!(check.answers, [(4, Answer::Partly), (3, Answer::NotYet)]);
    }

    #[test]
    fn an_answer_to_a_rung_that_is_gone_is_an_error() {
        let bank = ItemBank::shipped().unwrap();
        assert_eq!(check(&[(9, Answer::Yes)]).estimate(&bank), Err(AssessError::NoRung { competence: READING.into(), rung: 9 }));
        assert!(matches!(SelfCheck::new("x", None).next_item(&bank), Err(AssessError::Unknown { .. })));
    }
}
