//! One step of the Dormand–Prince method of order 5(4), with dense output (Hairer, Nørsett, Wanner, *Solving Ordinary
//! Differential Equations I*, 2nd ed., table II.5.2 and II.6). Ours because delays and events need the dense output of
//! every step; the loop over steps, events and the history stand in `run`.

/// Error allowed in a step, relative to the value.
pub(super) const TOLERANCE_RELATIVE: f64 = 1e-12;
/// Error allowed in a step, where the value is 0: so small that an index that fades away keeps its digits.
pub(super) const TOLERANCE_ABSOLUTE: f64 = 1e-20;

/// Times of the stages within a step.
const C: [f64; 7] = [0.0, 1.0 / 5.0, 3.0 / 10.0, 4.0 / 5.0, 8.0 / 9.0, 1.0, 1.0];
/// Weights of the earlier slopes in each stage; the last row gives the fifth-order result.
const A: [[f64; 6]; 7] = [
    [0.0; 6],
    [1.0 / 5.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [3.0 / 40.0, 9.0 / 40.0, 0.0, 0.0, 0.0, 0.0],
    [44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0, 0.0, 0.0, 0.0],
    [19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0, 0.0, 0.0],
    [9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0, 0.0],
    [35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
];
/// Fifth-order weights less fourth-order ones.
const E: [f64; 7] = [71.0 / 57600.0, 0.0, -71.0 / 16695.0, 71.0 / 1920.0, -17253.0 / 339_200.0, 22.0 / 525.0, -1.0 / 40.0];
/// Weights of the dense output.
const D: [f64; 7] = [
    -12_715_105_075.0 / 11_282_082_432.0,
    0.0,
    87_487_479_700.0 / 32_700_410_799.0,
    -10_690_763_975.0 / 1_880_347_072.0,
    701_980_252_875.0 / 199_316_789_632.0,
    -1_453_857_185.0 / 822_651_844.0,
    69_997_945.0 / 29_380_423.0,
];

/// A step taken: the solution within `start..=start + length`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<const N: usize> {
    /// Years.
    pub(super) start: f64,
    /// Years, above 0.
    pub(super) length: f64,
    polynomial: [[f64; 5]; N],
}

impl<const N: usize> Step<N> {
    /// The state at `t` (years), of fourth order within the step.
    pub(super) fn at(&self, t: f64) -> [f64; N] {
        let theta = (t - self.start) / self.length;
        let rest = 1.0 - theta;
        self.polynomial.map(|[a, b, c, d, e]| a + theta * (b + rest * (c + theta * (d + rest * e))))
    }

    /// Its last time, years.
    pub(super) fn end(&self) -> f64 {
        self.start + self.length
    }
}

/// What came of a trial step.
pub(super) struct Trial<const N: usize> {
    /// The solution over the step.
    pub(super) step: Step<N>,
    /// The state at its end.
    pub(super) state: [f64; N],
    /// Greatest estimated error over what is allowed; at most 1 is taken. NaN where the state is no number.
    pub(super) error: f64,
}

/// Tries a step of `length` years from `state`, whose slope is given. `slope_at(t, state)` may refuse.
pub(super) fn attempt<const N: usize, Refusal>(
    slope_at: &mut impl FnMut(f64, &[f64; N]) -> Result<[f64; N], Refusal>,
    start: f64,
    state: &[f64; N],
    slope: &[f64; N],
    length: f64,
) -> Result<Trial<N>, Refusal> {
    let mut slopes = [*slope; 7];
    let mut last = *state;
    for stage in 1..7 {
        last = *state;
        for (i, value) in last.iter_mut().enumerate() {
            *value += length * A[stage].iter().zip(&slopes[..stage]).map(|(a, k)| a * k[i]).sum::<f64>();
        }
        slopes[stage] = slope_at(start + C[stage] * length, &last)?;
    }
    let sum = |weights: &[f64; 7], i: usize| length * weights.iter().zip(&slopes).map(|(w, k)| w * k[i]).sum::<f64>();
    let mut error = 0.0_f64;
    let mut polynomial = [[0.0; 5]; N];
    for i in 0..N {
        let allowed = TOLERANCE_ABSOLUTE + TOLERANCE_RELATIVE * state[i].abs().max(last[i].abs());
        let part = sum(&E, i).abs() / allowed;
        // `max` would drop a NaN.
        error = if part.is_nan() || part > error { part } else { error };
        let gain = last[i] - state[i];
        let bend = length * slopes[0][i] - gain;
        polynomial[i] = [state[i], gain, bend, gain - length * slopes[6][i] - bend, sum(&D, i)];
    }
    Ok(Trial { step: Step { start, length, polynomial }, state: last, error })
}

/// The next length after a step whose `error` (of what is allowed) is known: the elementary controller with Hairer's
/// safety factor 0.9, at most 5 times longer, at most 5 times shorter.
pub(super) fn next_length(length: f64, error: f64) -> f64 {
    if error.is_finite() { length * (0.9 * error.powf(-0.2)).clamp(0.2, 5.0) } else { length * 0.2 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[test]
    fn the_tableau_is_consistent() {
        for (c, row) in C.iter().zip(&A) {
            assert!((row.iter().sum::<f64>() - c).abs() < 1e-14);
        }
        assert!(E.iter().sum::<f64>().abs() < 1e-16);
        // Quadrature conditions of order 5: Σ b c^q = 1 / (q + 1).
        for q in 0..5 {
            let sum: f64 = A[6].iter().zip(C).map(|(b, c)| b * c.powi(q)).sum();
            assert!((sum - 1.0 / f64::from(q + 1)).abs() < 1e-15, "order {}", q + 1);
        }
    }

    fn circle(length: f64) -> Trial<2> {
        let mut slope = |_: f64, y: &[f64; 2]| Ok::<_, Infallible>([y[1], -y[0]]);
        attempt(&mut slope, 0.0, &[0.0, 1.0], &[1.0, 0.0], length).unwrap()
    }

    fn worst(trial: &Trial<2>) -> (f64, f64) {
        let length = trial.step.length;
        let end = (trial.state[0] - length.sin()).abs();
        let inside = (0..=10).map(|i| length * f64::from(i) / 10.0).map(|t| (trial.step.at(t)[0] - t.sin()).abs());
        (end, inside.fold(0.0, f64::max))
    }

    #[test]
    fn halving_a_step_divides_its_errors_by_the_orders_powers() {
        let (end, inside) = worst(&circle(0.4));
        let (end_half, inside_half) = worst(&circle(0.2));
        // Local errors: h⁶ at the end, h⁵ within.
        assert!((end / end_half).log2() > 5.5, "{end} {end_half}");
        assert!((inside / inside_half).log2() > 4.5, "{inside} {inside_half}");
    }

    #[test]
    fn the_dense_output_meets_both_ends() {
        let trial = circle(0.3);
        assert_eq!(trial.step.at(0.0), [0.0, 1.0]);
        let end = trial.step.at(0.3);
        assert!((end[0] - trial.state[0]).abs() < 1e-15 && (end[1] - trial.state[1]).abs() < 1e-15);
        assert_eq!(trial.step.end(), 0.3);
    }

    #[test]
    fn a_state_that_is_no_number_is_never_taken() {
        let mut slope = |_: f64, y: &[f64; 1]| Ok::<_, Infallible>([y[0] * f64::INFINITY]);
        let trial = attempt(&mut slope, 0.0, &[0.0], &[f64::NAN], 1.0).unwrap();
        assert!(trial.error.is_nan());
        assert_eq!(next_length(1.0, f64::NAN), 0.2);
    }
}
