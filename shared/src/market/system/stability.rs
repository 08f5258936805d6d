//! What the system does when left alone: eigenvalues, how fast deviations double or halve, the balance point. Data that
//! a page turns into a sentence; of (E5), not of own formulas (E1), which have no statement that holds for all of them.
use super::{Parameters, Technology};
use serde::{Deserialize, Serialize};

/// A rate below this (1/year) counts as none: a doubling takes longer than ten million years.
const RATE_NONE: f64 = 1e-7;

/// How deviations from the balance move: `e^{rate t}`, turning round once a `period_years` where it is given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mode {
    /// Real part of the eigenvalue, 1/year.
    pub rate_per_year: f64,
    /// 2π over the imaginary part, years; none for a real eigenvalue.
    pub period_years: Option<f64>,
}

impl Mode {
    fn real(rate_per_year: f64) -> Self {
        Self { rate_per_year, period_years: None }
    }

    /// Doubling, halving or neither.
    pub fn pace(&self) -> Pace {
        let years = std::f64::consts::LN_2 / self.rate_per_year.abs();
        match self.rate_per_year {
            rate if rate.abs() < RATE_NONE => Pace::Steady,
            rate if rate > 0.0 => Pace::Doubles { years },
            _ => Pace::Halves { years },
        }
    }
}

/// How fast a deviation from the balance (of 0 under the literal reading: the index itself) grows or shrinks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Pace {
    /// It doubles every so many years.
    Doubles {
        /// ln 2 / rate.
        years: f64,
    },
    /// It halves every so many years.
    Halves {
        /// ln 2 / |rate|.
        years: f64,
    },
    /// It stays.
    Steady,
}

/// Where dS/dt = 0 in the long run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Balance {
    /// At one value of S only. Below 0 it is out of reach: S falls to the floor.
    Point {
        /// S there.
        s: f64,
        /// True where S returns to it.
        stable: bool,
    },
    /// At every S, or on a whole line of S and T: what moves it, stays.
    Everywhere,
    /// At a value that moves with T, which goes on growing or shrinking at this rate without coming to rest.
    Moving {
        /// 1/year.
        rate_per_year: f64,
    },
    /// Nowhere: S goes on at this pace for ever.
    Nowhere {
        /// dS/dt, index per year.
        slope_per_year: f64,
    },
}

/// The two conditions of stability where T follows with a lag (market.md 2a); both must be above 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LagCriteria {
    /// β̃ + (1 − m)/θ, with β̃ = δ − β(1 − ε): S and T together lose more than they feed, 1/year.
    pub damping: f64,
    /// β̃(1 − m) − α̃k, with α̃ = α + γ(1 − ε): what T gives back to S does not outweigh what both lose, 1/year.
    pub return_to_balance: f64,
}

/// What the system does when left alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stability {
    /// The eigenvalues, the slowest to vanish first: one, or two where T follows with a lag. With a lead time there are
    /// endlessly many; the first is given.
    pub modes: Vec<Mode>,
    /// Where S comes to rest, and whether it does.
    pub balance: Balance,
    /// Where T follows with a lag.
    pub lag: Option<LagCriteria>,
}

impl Stability {
    /// Of the first mode.
    pub fn pace(&self) -> Pace {
        self.modes.first().map_or(Pace::Steady, Mode::pace)
    }
}

/// The stability of (E5). None for own formulas, and for a lag of T together with a lead time, which no closed statement
/// covers: watch the run.
pub fn stability(p: &Parameters) -> Option<Stability> {
    if p.formulas.is_some() {
        return None;
    }
    let lead = p.lead_years();
    let arriving = 1.0 - p.epsilon;
    match p.technology {
        Technology::Lagged if p.lead_months > 0 => None,
        Technology::Lagged => Some(lagged(p)),
        Technology::Literal => {
            let mode = dominant(p.delta - p.alpha * p.tau(), arriving * (p.beta + p.gamma * p.tau()), lead);
            // At rate 0 every S is in balance, whatever the lead time.
            let balance = if super::closed_form::literal_rate(p).abs() < RATE_NONE { Balance::Everywhere } else { Balance::Point { s: 0.0, stable: mode.rate_per_year < 0.0 } };
            Some(Stability { modes: vec![mode], balance, lag: None })
        }
        Technology::Constant | Technology::Exponential | Technology::Logistic => {
            let mode = dominant(p.delta, arriving * p.beta, lead);
            Some(Stability { modes: vec![mode], balance: scenario_balance(p, mode), lag: None })
        }
    }
}

fn scenario_balance(p: &Parameters, mode: Mode) -> Balance {
    let level = match p.technology {
        Technology::Exponential if p.t_initial == 0.0 => 0.0,
        Technology::Exponential if p.t_speed > 0.0 && p.pull() != 0.0 => return Balance::Moving { rate_per_year: p.t_speed },
        Technology::Exponential if p.t_speed < 0.0 => 0.0,
        Technology::Logistic if p.t_speed > 0.0 => p.t_ceiling,
        Technology::Logistic if p.t_speed < 0.0 => 0.0,
        Technology::Logistic => p.t_ceiling / 2.0,
        _ => p.t_initial,
    };
    let force = p.pull() * level;
    match p.damping() {
        damping if damping.abs() >= RATE_NONE => Balance::Point { s: force / damping, stable: mode.rate_per_year < 0.0 },
        _ if force == 0.0 => Balance::Everywhere,
        // With all S returning the lead time leaves the slope at force / (1 + (1 − ε)β·lead).
        _ => Balance::Nowhere { slope_per_year: force / (1.0 + (1.0 - p.epsilon) * p.beta * p.lead_years()) },
    }
}

fn lagged(p: &Parameters) -> Stability {
    // d(S, T)/dt = [[−β̃, α̃], [k/θ, −(1 − m)/θ]] (S, T).
    let (damping, back) = (p.damping(), (1.0 - p.m) / p.t_lag);
    let criteria = LagCriteria { damping: damping + back, return_to_balance: damping * (1.0 - p.m) - p.pull() * p.k };
    let (half_trace, determinant) = (-criteria.damping / 2.0, criteria.return_to_balance / p.t_lag);
    let root = half_trace * half_trace - determinant;
    let modes = if root < 0.0 {
        let mode = Mode { rate_per_year: half_trace, period_years: Some(std::f64::consts::TAU / (-root).sqrt()) };
        vec![mode, mode]
    } else {
        // The root without cancellation first; the product of both is the determinant.
        let far = half_trace + root.sqrt().copysign(half_trace);
        let near = if far == 0.0 { 0.0 } else { determinant / far };
        vec![Mode::real(far.max(near)), Mode::real(far.min(near))]
    };
    let stable = criteria.damping > 0.0 && criteria.return_to_balance > 0.0;
    let balance = if criteria.return_to_balance.abs() < RATE_NONE { Balance::Everywhere } else { Balance::Point { s: 0.0, stable } };
    Stability { modes, balance, lag: Some(criteria) }
}

/// The rightmost root of λ = −a + b e^{−λ·lead}, the eigenvalue of x′ = −a x(t) + b x(t − lead) that vanishes last:
/// λ = W₀(b·lead·e^{a·lead})/lead − a (Shinozaki, Mori 2006), W₀ the principal branch of Lambert's function.
fn dominant(a: f64, b: f64, lead: f64) -> Mode {
    if lead == 0.0 || b == 0.0 {
        return Mode::real(b - a);
    }
    // The logarithm of |z|, z = b·lead·e^{a·lead}, which itself may overflow.
    let size = (b.abs() * lead).ln() + a * lead;
    if b > 0.0 {
        return Mode::real(lambert_positive(size) / lead - a);
    }
    if size <= -1.0 {
        // z in −1/e..0: w eʷ = z with w in −1..0, where w eʷ rises.
        let w = bisect(-1.0, 0.0, |w| w * w.exp() + size.exp());
        return Mode::real(w / lead - a);
    }
    // w = −θ cot θ + iθ with ln(θ/sin θ) − θ cot θ = size, which rises in θ from −1 over 0..π.
    let theta = bisect(0.0, std::f64::consts::PI, |x| if x == 0.0 { -1.0 - size } else { (x / x.sin()).ln() - x / x.tan() - size });
    Mode { rate_per_year: -theta / theta.tan() / lead - a, period_years: Some(std::f64::consts::TAU * lead / theta) }
}

/// w with w + ln w = `size`: W₀(e^{size}).
fn lambert_positive(size: f64) -> f64 {
    if size < -30.0 {
        // w = z − z² + …, to the last digit.
        return size.exp() * (1.0 - size.exp());
    }
    bisect(0.0, size.max(1.0), |w| if w == 0.0 { f64::NEG_INFINITY } else { w + w.ln() - size })
}

/// The zero of a rising function between `low` and `high`, to the last digit.
fn bisect(mut low: f64, mut high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if rising(middle) > 0.0 { high = middle } else { low = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Draws;
    use super::*;

    #[test]
    fn a_literal_reading_only_explodes_or_dies() {
        // τ = .6, λ = .6·.6 − .3 = .06.
        let p = Parameters { technology: Technology::Literal, ..Parameters::default() };
        let found = stability(&p).unwrap();
        assert_eq!(found.balance, Balance::Point { s: 0.0, stable: false });
        let Pace::Doubles { years } = found.pace() else { panic!("{found:?}") };
        assert!((years - std::f64::consts::LN_2 / 0.06).abs() < 1e-9);
        // k = .1: τ = .2, λ = −.18.
        let found = stability(&Parameters { k: 0.1, ..p.clone() }).unwrap();
        assert_eq!(found.balance, Balance::Point { s: 0.0, stable: true });
        let Pace::Halves { years } = found.pace() else { panic!("{found:?}") };
        assert!((years - std::f64::consts::LN_2 / 0.18).abs() < 1e-9);
        // k = .25: τ = .5, λ = 0.
        let found = stability(&Parameters { k: 0.25, ..p }).unwrap();
        assert_eq!((found.balance, found.pace()), (Balance::Everywhere, Pace::Steady));
    }

    #[test]
    fn a_scenario_has_its_balance_where_the_pull_meets_the_damping() {
        let p = Parameters::default();
        let Some(Balance::Point { s, stable: true }) = stability(&p).map(|s| s.balance) else { panic!() };
        // α̃K/β̃ = .6·2/.3.
        assert!((s - 4.0).abs() < 1e-12);
        let constant = Parameters { technology: Technology::Constant, t_initial: 0.5, ..p.clone() };
        let Some(Balance::Point { s, .. }) = stability(&constant).map(|s| s.balance) else { panic!() };
        assert!((s - 1.0).abs() < 1e-12);
        let growing = Parameters { technology: Technology::Exponential, t_speed: 0.1, ..p.clone() };
        assert_eq!(stability(&growing).unwrap().balance, Balance::Moving { rate_per_year: 0.1 });
        let undamped = Parameters { delta: 0.0, epsilon: 1.0, ..p.clone() };
        assert_eq!(stability(&undamped).unwrap().balance, Balance::Nowhere { slope_per_year: 1.0 });
        assert_eq!(stability(&Parameters { formulas: Some(Default::default()), ..p }), None);
    }

    #[test]
    fn a_lag_is_stable_exactly_where_both_criteria_hold() {
        let seed = 11;
        let mut draws = Draws(seed);
        let mut both = [0, 0];
        for _ in 0..500 {
            let p = Parameters { m: draws.within(-1.0, 1.5), k: draws.within(-1.0, 1.0), ..draws.parameters(Technology::Lagged) };
            let found = stability(&p).unwrap();
            let criteria = found.lag.unwrap();
            let holds = criteria.damping > 0.0 && criteria.return_to_balance > 0.0;
            assert_eq!(holds, found.modes.iter().all(|m| m.rate_per_year < 0.0), "seed {seed}: {p:?}");
            assert!(found.modes[0].rate_per_year >= found.modes[1].rate_per_year);
            both[usize::from(holds)] += 1;
            // The sum of the eigenvalues is the trace, their product the determinant.
            let sum: f64 = found.modes.iter().map(|m| m.rate_per_year).sum();
            assert!((sum + criteria.damping).abs() < 1e-12 * (1.0 + sum.abs()));
            let product = match found.modes[0].period_years {
                None => found.modes[0].rate_per_year * found.modes[1].rate_per_year,
                Some(period) => found.modes[0].rate_per_year.powi(2) + (std::f64::consts::TAU / period).powi(2),
            };
            assert!((product - criteria.return_to_balance / p.t_lag).abs() < 1e-11 * (1.0 + product.abs()));
        }
        assert!(both.iter().all(|count| *count > 50), "{both:?}");
    }

    #[test]
    fn the_first_root_with_a_lead_time_solves_its_equation() {
        let seed = 5;
        let mut draws = Draws(seed);
        let mut turning = 0;
        for _ in 0..2_000 {
            let (a, b, lead) = (draws.within(-2.0, 5.0), draws.within(-5.0, 5.0), f64::from(1 + draws.below(36) as u32) / 12.0);
            let mode = dominant(a, b, lead);
            let (x, y) = (mode.rate_per_year, mode.period_years.map_or(0.0, |period| std::f64::consts::TAU / period));
            // Real and imaginary part of λ + a − b e^{−λ·lead}; near the double root the bisection loses half the digits.
            let decay = b * (-x * lead).exp();
            let (real, imaginary) = (x + a - decay * (y * lead).cos(), y + decay * (y * lead).sin());
            let scale = 1.0 + decay.abs();
            assert!(real.abs() < 1e-9 * scale && imaginary.abs() < 1e-7 * scale, "seed {seed}: {a} {b} {lead}: {real} {imaginary}");
            // Hayes (1950): with a > |b| stable for every lead time; with b > a never.
            if a > b.abs() {
                assert!(x < 0.0);
            }
            if b > a {
                assert!(x > 0.0, "{a} {b} {lead}: {x}");
            }
            turning += usize::from(mode.period_years.is_some());
        }
        assert!(turning > 200);
    }

    #[test]
    fn a_lead_time_turns_unstable_where_theory_says() {
        // x′ = −b x(t − lead): stable up to b·lead = π/2; there it turns round every 4 leads.
        let lead = 1.5;
        let critical = std::f64::consts::FRAC_PI_2 / lead;
        assert!(dominant(0.0, -critical * 0.999, lead).rate_per_year < 0.0);
        assert!(dominant(0.0, -critical * 1.001, lead).rate_per_year > 0.0);
        let period = dominant(0.0, -critical, lead).period_years.unwrap();
        assert!((period - 4.0 * lead).abs() < 1e-9);
        // λ = −a + b e^{−λ·lead} at λ = 0 where a = b.
        assert!(dominant(0.7, 0.7, 2.0).rate_per_year.abs() < 1e-12);
        assert_eq!(dominant(1.0, 0.25, 0.0).rate_per_year, -0.75);
    }
}
