//! How a person of some level answers a statement: the graded response model (Samejima 1969, Psychometrika Monograph 17,
//! in its logistic form), with three answers. Not which statement is asked, and not what the answers show.
use serde::{Deserialize, Serialize};

/// How steeply answers change with the level: logits per level of O*NET's scale. An assumption, not an estimate: 2.1 per
/// standard deviation of [`super::PRIOR_SD`], of the size that graded self-ratings have. The simulation halves it.
pub const SLOPE: f64 = 1.4;
/// So many levels below its rung half of the people say at least "partly". An assumption, as [`SLOPE`].
pub const PARTLY_BELOW: f64 = 0.8;

/// An answer to an "I can …" statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Not yet (还不能).
    NotYet,
    /// Partly (部分能).
    Partly,
    /// Yes (能).
    Yes,
}

impl Answer {
    /// All, from the least to the most.
    pub const ALL: [Self; 3] = [Self::NotYet, Self::Partly, Self::Yes];
}

/// The response curve of one statement. Levels are O*NET's, 0..7; an apparent level (level plus how leniently a person
/// rates) may lie outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResponseCurve {
    /// Logits per level, above 0.
    pub slope: f64,
    /// Where half say at least "partly"; not above `yes`.
    pub partly: f64,
    /// Where half say "yes".
    pub yes: f64,
}

impl ResponseCurve {
    /// The curve that is assumed of a statement whose rung sits at `level`.
    pub fn at(level: f64) -> Self {
        Self { slope: SLOPE, partly: level - PARTLY_BELOW, yes: level }
    }

    /// Probabilities of at least "partly" and of "yes" at an apparent level: σ(slope · (apparent − threshold)).
    fn at_least(&self, apparent: f64) -> (f64, f64) {
        let logistic = |threshold: f64| 1.0 / (1.0 + (-self.slope * (apparent - threshold)).exp());
        (logistic(self.partly), logistic(self.yes))
    }

    /// Probability of an answer at an apparent level, 0..1.
    pub fn probability(&self, answer: Answer, apparent: f64) -> f64 {
        let (partly, yes) = self.at_least(apparent);
        match answer {
            Answer::NotYet => 1.0 - partly,
            Answer::Partly => (partly - yes).max(0.0),
            Answer::Yes => yes,
        }
    }

    /// Fisher information about the apparent level, in 1/level²: Σ over answers of P′² / P (Samejima 1969).
    pub fn information(&self, apparent: f64) -> f64 {
        let (partly, yes) = self.at_least(apparent);
        let (at_partly, at_yes) = (self.slope * partly * (1.0 - partly), self.slope * yes * (1.0 - yes));
        let part = |slope: f64, probability: f64| if probability > f64::MIN_POSITIVE { slope * slope / probability } else { 0.0 };
        part(at_partly, 1.0 - partly) + part(at_partly - at_yes, partly - yes) + part(at_yes, yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_say_yes_at_the_rung_and_half_at_least_partly_below_it() {
        let curve = ResponseCurve::at(4.0);
        assert!((curve.probability(Answer::Yes, 4.0) - 0.5).abs() < 1e-12);
        assert!((curve.probability(Answer::NotYet, 4.0 - PARTLY_BELOW) - 0.5).abs() < 1e-12);
        // By hand: σ(1.4 · 0.8) = 1 / (1 + e^−1.12) = 0.753989…, so "partly" at the rung is 0.253989….
        assert!((curve.probability(Answer::Partly, 4.0) - 0.253_989).abs() < 1e-6);
    }

    #[test]
    fn the_answers_share_out_all_probability() {
        for tenth in -30..=100 {
            let apparent = f64::from(tenth) / 10.0;
            let sum: f64 = Answer::ALL.iter().map(|a| ResponseCurve::at(3.3).probability(*a, apparent)).sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_higher_answer_is_ever_more_likely_at_a_higher_level() {
        // The likelihood ratio of neighbouring answers rises with the level; that a "yes" never lowers an estimate rests on it.
        let curve = ResponseCurve::at(3.0);
        let ratios = |tenth: i32| {
            let at = |answer| curve.probability(answer, f64::from(tenth) / 10.0);
            (at(Answer::Partly) / at(Answer::NotYet), at(Answer::Yes) / at(Answer::Partly))
        };
        for tenth in -20..90 {
            let (low, high) = (ratios(tenth), ratios(tenth + 1));
            assert!(high.0 > low.0 && high.1 > low.1, "{tenth}");
        }
    }

    #[test]
    fn information_is_the_expected_curvature_of_the_log_likelihood() {
        let curve = ResponseCurve { slope: 1.7, partly: 2.1, yes: 3.4 };
        let step = 1e-4;
        for tenth in [0, 15, 27, 34, 60] {
            let apparent = f64::from(tenth) / 10.0;
            let curvature = |answer: Answer| {
                let log = |at: f64| curve.probability(answer, at).ln();
                -(log(apparent + step) - 2.0 * log(apparent) + log(apparent - step)) / (step * step)
            };
            let expected: f64 = Answer::ALL.iter().map(|a| curve.probability(*a, apparent) * curvature(*a)).sum();
            let found = curve.information(apparent);
            assert!((expected - found).abs() < 1e-5, "{apparent}: {expected} {found}");
        }
    }

    #[test]
    fn information_without_a_middle_answer_is_the_two_parameter_logistic_s() {
        // Where "partly" has no room, I = a² P (1 − P), the closed form of the logistic model.
        let curve = ResponseCurve { slope: 1.3, partly: 2.0, yes: 2.0 };
        let yes = curve.probability(Answer::Yes, 2.7);
        assert!((curve.information(2.7) - 1.3 * 1.3 * yes * (1.0 - yes)).abs() < 1e-12);
    }
}
