//! β and γ of (E3) `P = βS + γT` from an imported series: ordinary least squares without a constant, with intervals, or
//! refused with the reason. The only coefficients that a series can tell; the others stay examples.
use super::series::Observation;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// The fewest points that are fitted.
pub const POINTS_MIN: usize = 8;
/// The level of the intervals.
pub const LEVEL: f64 = 0.95;
/// 1 − r² of S and T below which one can stand for the other: each digit of the answer costs two of the data.
const APART_MIN: f64 = 1e-6;
/// Coefficients fitted.
const COEFFICIENTS: usize = 2;

/// A coefficient with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// 1/year.
    pub value: f64,
    /// Standard error, 1/year.
    pub error: f64,
    /// Lower end of the interval at [`LEVEL`], 1/year.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// (E3) fitted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingFit {
    /// Training in answer to the state of the market.
    pub beta: Estimate,
    /// Training in answer to technology.
    pub gamma: Estimate,
    /// Points.
    pub points: usize,
    /// Points less the two coefficients.
    pub freedom: usize,
    /// What is left of P, root of the sum of squares over `freedom`, index per year.
    pub residual: f64,
    /// Durbin and Watson's statistic of what is left, 0 to 4: near 2 the points err by themselves; well below, neighbours
    /// err alike and the intervals are too narrow. None where nothing is left.
    pub durbin_watson: Option<f64>,
}

/// Why nothing is fitted.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum FitError {
    /// Fewer than [`POINTS_MIN`].
    #[error("{points} points: at least {POINTS_MIN} are needed to tell β and γ with an interval")]
    TooFew {
        /// How many there are.
        points: usize,
    },
    /// S and T go together (or one is 0 throughout): any mixture of β and γ fits as well.
    #[error("S and T go together in this series (1 − r² = {apart:e}): β and γ cannot be told apart")]
    Collinear {
        /// 1 − r², about 0.
        apart: f64,
    },
    /// Numbers too large to be squared.
    #[error("the numbers of the series are too large or too small to be fitted; scale them")]
    Scale,
}

/// Fits β and γ. Intervals by Student's t with n − 2 degrees of freedom; they hold as far as the errors of the points are
/// independent, of one size and about normal.
pub fn fit(series: &[Observation]) -> Result<TrainingFit, FitError> {
    let points = series.len();
    if points < POINTS_MIN {
        return Err(FitError::TooFew { points });
    }
    let sum = |of: fn(&Observation) -> f64| series.iter().map(of).sum::<f64>();
    let (ss, st, tt) = (sum(|o| o.s * o.s), sum(|o| o.s * o.t), sum(|o| o.t * o.t));
    let size = sum(|o| o.p * o.p) + ss + tt;
    if !size.is_finite() {
        return Err(FitError::Scale);
    }
    let apart = if ss == 0.0 || tt == 0.0 { 0.0 } else { 1.0 - st / ss * (st / tt) };
    if apart < APART_MIN {
        return Err(FitError::Collinear { apart });
    }
    // Gram–Schmidt: what of T is not S, and γ from it alone; kinder to rounding than the normal equations.
    let overlap = st / ss;
    let rest = |o: &Observation| o.t - overlap * o.s;
    let rest_square: f64 = series.iter().map(|o| rest(o) * rest(o)).sum();
    let gamma = series.iter().map(|o| rest(o) * o.p).sum::<f64>() / rest_square;
    let beta = series.iter().map(|o| o.s * (o.p - gamma * o.t)).sum::<f64>() / ss;
    let residuals: Vec<f64> = series.iter().map(|o| o.p - beta * o.s - gamma * o.t).collect();
    let square: f64 = residuals.iter().map(|r| r * r).sum();
    let freedom = points - COEFFICIENTS;
    let variance = square / freedom as f64;
    // The inverse of the normal matrix: 1/|rest|² for γ, 1/ss + overlap²/|rest|² for β.
    let gamma_error = (variance / rest_square).sqrt();
    let beta_error = (variance / ss + overlap * overlap * variance / rest_square).sqrt();
    let quantile = StudentsT::new(0.0, 1.0, freedom as f64).map_err(|_| FitError::Scale)?.inverse_cdf(0.5 + LEVEL / 2.0);
    let estimate = |value: f64, error: f64| Estimate { value, error, low: value - quantile * error, high: value + quantile * error };
    if !(beta.is_finite() && gamma.is_finite() && beta_error.is_finite() && gamma_error.is_finite()) {
        return Err(FitError::Scale);
    }
    let steps: f64 = residuals.windows(2).map(|pair| pair.iter().rev().copied().reduce(|a, b| a - b).unwrap_or(0.0).powi(2)).sum();
    let durbin_watson = if square > size * 1e-28 { Some(steps / square) } else { None };
    Ok(TrainingFit { beta: estimate(beta, beta_error), gamma: estimate(gamma, gamma_error), points, freedom, residual: variance.sqrt(), durbin_watson })
}

#[cfg(test)]
mod tests {
    use super::super::tests::Draws;
    use super::*;

    fn series(values: &[(f64, f64, f64)]) -> Vec<Observation> {
        (0_u32..).zip(values).map(|(i, (s, t, p))| Observation { t_years: f64::from(i), s: *s, t: *t, p: *p }).collect()
    }

    #[test]
    fn a_hand_worked_case() {
        // S and T at right angles: S = 1 on the first four, T = 1 on the last four; P = 1, 3, 1, 3 and 2, 2, 5, 7.
        let values = [(1.0, 0.0, 1.0), (1.0, 0.0, 3.0), (1.0, 0.0, 1.0), (1.0, 0.0, 3.0), (0.0, 1.0, 2.0), (0.0, 1.0, 2.0), (0.0, 1.0, 5.0), (0.0, 1.0, 7.0)];
        let found = fit(&series(&values)).unwrap();
        // The means 2 and 4; residuals −1, 1, −1, 1, −2, −2, 1, 3: squares sum to 22 over 6 degrees of freedom.
        assert!((found.beta.value - 2.0).abs() < 1e-14 && (found.gamma.value - 4.0).abs() < 1e-14);
        assert_eq!((found.points, found.freedom), (8, 6));
        assert!((found.residual - (22.0_f64 / 6.0).sqrt()).abs() < 1e-14);
        let error = (22.0_f64 / 6.0 / 4.0).sqrt();
        assert!((found.beta.error - error).abs() < 1e-14 && (found.gamma.error - error).abs() < 1e-14);
        // Student's t, 6 degrees, 97.5 %: 2.446912 (any printed table).
        assert!((found.beta.high - (2.0 + 2.446_912 * error)).abs() < 1e-6);
        assert!((found.gamma.low - (4.0 - 2.446_912 * error)).abs() < 1e-6);
        // Steps 2, −2, 2, −3, 0, 3, 2: squares 4 + 4 + 4 + 9 + 0 + 9 + 4 = 34.
        assert!((found.durbin_watson.unwrap() - 34.0 / 22.0).abs() < 1e-14);
    }

    #[test]
    fn exact_data_give_their_coefficients_and_no_width() {
        let values: Vec<(f64, f64, f64)> = (0..12).map(|i| (1.0 + f64::from(i), f64::from(i * i), 0.3 * (1.0 + f64::from(i)) - 0.2 * f64::from(i * i))).collect();
        let found = fit(&series(&values)).unwrap();
        assert!((found.beta.value - 0.3).abs() < 1e-12 && (found.gamma.value + 0.2).abs() < 1e-13);
        assert!(found.beta.high - found.beta.low < 1e-11);
        assert_eq!(found.durbin_watson, None);
    }

    #[test]
    fn the_intervals_hold_as_often_as_they_say() {
        let seed = 99;
        let mut draws = Draws(seed);
        let (mut held, runs) = ([0, 0], 4_000);
        for _ in 0..runs {
            let mut values = Vec::new();
            for _ in 0..POINTS_MIN {
                let (s, t) = (draws.within(0.5, 2.0), draws.within(0.5, 2.0));
                // Nearly normal: the sum of twelve even draws.
                let noise: f64 = (0..12).map(|_| draws.within(-0.5, 0.5)).sum();
                values.push((s, t, 0.4 * s + 0.1 * t + 0.3 * noise));
            }
            let found = fit(&series(&values)).unwrap();
            held[0] += usize::from((found.beta.low..=found.beta.high).contains(&0.4));
            held[1] += usize::from((found.gamma.low..=found.gamma.high).contains(&0.1));
        }
        // 95 % of 4,000; four standard errors are 55.
        for held in held {
            assert!(held.abs_diff(runs * 95 / 100) < 55, "seed {seed}: {held} of {runs}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_refused_with_the_reason() {
        assert_eq!(fit(&series(&[(1.0, 2.0, 3.0); 7])), Err(FitError::TooFew { points: 7 }));
        let along: Vec<(f64, f64, f64)> = (1..=9).map(|i| (f64::from(i), 2.0 * f64::from(i), 1.0)).collect();
        assert!(matches!(fit(&series(&along)), Err(FitError::Collinear { .. })));
        assert!(matches!(fit(&series(&[(0.0, 1.0, 1.0); 9])), Err(FitError::Collinear { .. })));
        assert_eq!(fit(&series(&[(1e200, 1.0, 1.0); 9])), Err(FitError::Scale));
        let tiny: Vec<(f64, f64, f64)> = (1..=9).map(|i| (1e-200 * f64::from(i), 1.0, 1.0)).collect();
        assert!(fit(&series(&tiny)).is_err());
    }
}
