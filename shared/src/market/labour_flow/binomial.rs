//! Exact draws of a binomial distribution, the same bytes on every target.
use crate::random::Stream;

/// Below this mean the distribution is walked from 0; above, candidates are taken or rejected.
const WALKED_MEAN: f64 = 10.0;

/// Behind it the mass is nothing at a mean below 10.
const WALK_MAX: usize = 110;
/// 1/k, which spares a division a step; the first is not used.
const RECIPROCALS: [f64; WALK_MAX + 2] = {
    let mut list = [0.0; WALK_MAX + 2];
    let mut k = 1;
    while k < list.len() {
        list[k] = 1.0 / k as f64;
        k += 1;
    }
    list
};

/// How many of `trials` succeed with each of two chances (clamped to 0..1; NaN counts as 0).
#[expect(clippy::cast_precision_loss, reason = "as in `binomial`")]
pub fn binomials(draw: &mut Stream, trials: u64, chances: [f64; 2]) -> [u64; 2] {
    if chances.iter().all(|chance| *chance > 0.0 && *chance <= 0.5 && trials as f64 * chance < WALKED_MEAN) {
        let none = powers(chances.map(|chance| 1.0 - chance), trials);
        return [0, 1].map(|k| walked(draw, trials, chances[k], none[k]));
    }
    chances.map(|chance| binomial(draw, trials, chance))
}

/// How many of `trials` succeed, each with `chance`.
#[expect(clippy::cast_precision_loss, reason = "up to 2⁵³ trials are exact, and stocks are below 10¹²")]
fn binomial(draw: &mut Stream, trials: u64, chance: f64) -> u64 {
    if trials == 0 || chance.is_nan() || chance <= 0.0 {
        0
    } else if chance >= 1.0 {
        trials
    } else if chance > 0.5 {
        trials - binomial(draw, trials, 1.0 - chance)
    } else if (trials as f64) * chance < WALKED_MEAN {
        walked(draw, trials, chance, powers([1.0 - chance; 2], trials)[0])
    } else {
        rejected(draw, trials, chance)
    }
}

/// By inversion: subtracts the chances of 0 (`none`), 1, 2 … from a number of [0, 1) until it is used up.
#[expect(clippy::cast_precision_loss, reason = "as in `binomial`")]
fn walked(draw: &mut Stream, trials: u64, chance: f64, none: f64) -> u64 {
    let n = trials as f64;
    let odds = chance / (1.0 - chance);
    loop {
        let (mut left, mut mass, mut k) = (draw.unit(), none, 0_u64);
        // If rounding ate the rest, another number is drawn.
        while k <= trials.min(WALK_MAX as u64) {
            if left < mass {
                return k;
            }
            left -= mass;
            k += 1;
            mass *= odds * (n + 1.0 - k as f64) * RECIPROCALS[k as usize];
        }
    }
}

/// The same whole power of two numbers, by squaring, at the cost of one.
fn powers(mut bases: [f64; 2], mut exponent: u64) -> [f64; 2] {
    let mut products = [1.0; 2];
    while exponent > 0 {
        for (product, base) in products.iter_mut().zip(&mut bases) {
            *product *= if exponent & 1 == 1 { *base } else { 1.0 };
            *base *= *base;
        }
        exponent >>= 1;
    }
    products
}

/// By transformed rejection with squeeze: algorithm BTRS of Hörmann 1993, "The generation of binomial random variates",
/// J. Stat. Comput. Simul. 46: 101–110, for a mean of 10 or more and a chance up to ½.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "k is whole and within 0..=trials")]
fn rejected(draw: &mut Stream, trials: u64, chance: f64) -> u64 {
    let n = trials as f64;
    let deviation = (n * chance * (1.0 - chance)).sqrt();
    let b = 1.15 + 2.53 * deviation;
    let a = -0.0873 + 0.0248 * b + 0.01 * chance;
    let centre = n * chance + 0.5;
    let squeeze = 0.92 - 4.2 / b;
    loop {
        let u = draw.unit() - 0.5;
        let mut v = draw.unit();
        let edge = 0.5 - u.abs();
        let k = ((2.0 * a / edge + b) * u + centre).floor();
        if edge >= 0.07 && v <= squeeze {
            return k as u64;
        }
        if !(0.0..=n).contains(&k) {
            continue;
        }
        let alpha = (2.83 + 5.1 / b) * deviation;
        v *= alpha / (a / (edge * edge) + b);
        // The chance of k against that of the mode m, in logarithms.
        let odds = chance / (1.0 - chance);
        let mode = ((n + 1.0) * chance).floor();
        let bound = (mode + 0.5) * libm::log((mode + 1.0) / (odds * (n - mode + 1.0)))
            + (n + 1.0) * libm::log((n - mode + 1.0) / (n - k + 1.0))
            + (k + 0.5) * libm::log(odds * (n - k + 1.0) / (k + 1.0))
            + stirling_rest(mode)
            + stirling_rest(n - mode)
            - stirling_rest(k)
            - stirling_rest(n - k);
        if libm::log(v) <= bound {
            return k as u64;
        }
    }
}

/// What Stirling's formula lacks: ln k! − ln(√(2π)·(k + 1)^(k + ½)·e^(−(k + 1))).
fn stirling_rest(k: f64) -> f64 {
    if k < 10.0 {
        // By its definition: the series is too coarse here.
        let factorial: f64 = (1..=10).map(f64::from).take_while(|f| *f <= k).product();
        libm::log(factorial) - (0.5 * libm::log(std::f64::consts::TAU) + (k + 0.5) * libm::log(k + 1.0) - (k + 1.0))
    } else {
        let more = k + 1.0;
        let square = more * more;
        (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts of many draws against the exact chances: χ² and its degrees of freedom, over bins expecting 20 or more.
    fn chi_square(trials: u64, chance: f64) -> (f64, f64) {
        const DRAWS: usize = 200_000;
        let mut draw = Stream::at(&[trials, chance.to_bits()]);
        let mut counts = vec![0_u32; trials as usize + 1];
        (0..DRAWS).for_each(|_| counts[binomial(&mut draw, trials, chance) as usize] += 1);
        let n = trials as f64;
        let (mut sum, mut bins, mut rest, mut rest_expected) = (0.0, 0, 0.0, 0.0);
        for (k, count) in counts.iter().enumerate() {
            let k = k as f64;
            let log = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0) + k * chance.ln() + (n - k) * (-chance).ln_1p();
            let expected = DRAWS as f64 * log.exp();
            if expected >= 20.0 {
                sum += (f64::from(*count) - expected).powi(2) / expected;
                bins += 1;
            } else {
                rest += f64::from(*count);
                rest_expected += expected;
            }
        }
        if rest_expected >= 5.0 {
            sum += (rest - rest_expected).powi(2) / rest_expected;
            bins += 1;
        }
        assert!(bins > 1);
        (sum, f64::from(bins - 1))
    }

    #[test]
    fn draws_follow_the_distribution_walked_rejected_and_flipped() {
        for (trials, chance) in [(1, 0.3), (20, 0.016), (600, 0.016), (630, 0.016), (2_000, 0.016), (40, 0.5), (40, 0.7), (5_000, 0.2), (100_000, 0.00009), (3_000, 0.985)] {
            let (square, freedom) = chi_square(trials, chance);
            // Mean and variance of χ² are the freedom and twice it.
            assert!(square < freedom + 5.0 * (2.0 * freedom).sqrt(), "{trials} × {chance}: {square} of {freedom}");
        }
    }

    #[test]
    fn two_drawn_at_once_are_the_two_drawn_one_after_the_other() {
        for (trials, chances) in [(200, [0.016, 0.012]), (0, [0.3, 0.4]), (30, [0.6, 0.1]), (5_000, [0.2, 0.0001]), (9, [f64::NAN, 0.5])] {
            let (mut one, mut both) = (Stream::at(&[trials]), Stream::at(&[trials]));
            for _ in 0..100 {
                assert_eq!(binomials(&mut both, trials, chances), chances.map(|chance| binomial(&mut one, trials, chance)));
            }
        }
    }

    #[test]
    fn borders_are_certain_and_the_same_place_draws_the_same() {
        let mut draw = Stream::at(&[1]);
        assert_eq!([(0, 0.5), (7, 0.0), (7, 1.0), (7, f64::NAN), (7, -1.0), (7, 2.0)].map(|(n, p)| binomial(&mut draw, n, p)), [0, 0, 7, 0, 0, 7]);
        let run = |seed| (0..100).map(|k| binomial(&mut Stream::at(&[seed, k]), 10_000, 0.1)).collect::<Vec<_>>();
        assert_eq!(run(3), run(3));
        assert_ne!(run(3), run(4));
    }

    #[test]
    fn the_rest_of_stirlings_formula_is_continuous_where_its_form_changes() {
        // ln Γ(k + 1) from libm as the yardstick, on both sides.
        for k in [0.0, 1.0, 5.0, 9.0, 10.0, 11.0, 100.0] {
            let exact = libm::lgamma(k + 1.0) - (0.5 * std::f64::consts::TAU.ln() + (k + 0.5) * (k + 1.0).ln() - (k + 1.0));
            assert!((stirling_rest(k) - exact).abs() < 1e-9, "{k}");
        }
    }
}
