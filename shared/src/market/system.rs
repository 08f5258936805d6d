//! The article's dynamic system, (E1) to (E5) of mission.md: its parameters, and what is refused. An example to think
//! with: the coefficients are nobody's estimates unless fitted ([`fit`]). Not the occupational network.
//!
//! S is an index of the balance of supply and demand, T the degree of technology, L the skill of workers, P the
//! investment in training, R the transition path; S, T, L and R are indices without a unit, P is an index per year.
//! - (E3) `P = βS + γT`, and it acts a lead time later: `P̂(t) = P(t − lead)`, where before t = 0 all stood still.
//! - (E5) `dS/dt = αT + P̂ − δS − εP̂`. The article writes `βS + γT` for the first P̂: it counts P twice.
//! - (E1) `dS/dt = f − g`, both editable; [`Formulas::default`] is (E5).
//! - (E2) `S = S₀ + αT` cannot hold beside (E5) for all t (market.md 2a): it gives the initial value `S₀`.
//! - (E4) `R = kS + mT` is an output; under [`Technology::Literal`] T itself is that path.
//! - `dL/dt = ηP̂ − κL − νTL` is ours: the article has no equation of L.
pub mod closed_form;
pub mod fit;
pub mod formula;
mod integrator;
pub mod run;
pub mod series;
pub mod stability;

use formula::FormulaError;
use serde::{Deserialize, Serialize};

/// An index (S, T, L) beyond this is a blow-up: a thousand times an index of 100 says nothing about a market.
pub const INDEX_MAX: f64 = 1e5;

/// The literal reading divides by 1 − m; nearer to m = 1 than this it is refused.
pub const M_GAP_MIN: f64 = 1e-6;

/// Months of a year, for the lead time.
pub const MONTHS_PER_YEAR: f64 = 12.0;

/// The longest lead time of training, in months.
pub const LEAD_MONTHS_MAX: u8 = 36;

/// How T comes about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Technology {
    /// A scenario: `T = t_initial`.
    Constant,
    /// A scenario: `T = t_initial · exp(t_speed · t)`.
    Exponential,
    /// A scenario: `T = t_ceiling / (1 + exp(−t_speed · (t − t_midpoint)))`.
    #[default]
    Logistic,
    /// (E4) taken literally: T is the path, hence `T = τS` with `τ = k / (1 − m)`.
    Literal,
    /// (E4) followed with a lag, ours: `t_lag · dT/dt = kS − (1 − m)T`, from `t_initial`.
    Lagged,
}

impl Technology {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Constant, Self::Exponential, Self::Logistic, Self::Literal, Self::Lagged];

    /// Its name in files and flags.
    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Exponential => "exponential",
            Self::Logistic => "logistic",
            Self::Literal => "literal",
            Self::Lagged => "lagged",
        }
    }

    /// True for a scenario that S does not move.
    pub fn is_exogenous(self) -> bool {
        matches!(self, Self::Constant | Self::Exponential | Self::Logistic)
    }
}

/// (E1): the two sides of dS/dt as text, over `S, T, L, P, t` and the names of the coefficients. P is P̂, already late.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Formulas {
    /// What adds to S, per year.
    pub f: String,
    /// What takes from S, per year.
    pub g: String,
}

impl Default for Formulas {
    /// (E5).
    fn default() -> Self {
        Self { f: "alpha * T + P".into(), g: "delta * S + epsilon * P".into() }
    }
}

/// The unit of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// An index, or a ratio of two.
    None,
    /// 1/year.
    PerYear,
    /// 1/year for each unit of T.
    PerYearPerIndex,
    /// Years.
    Years,
}

/// What a parameter is and may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterInfo {
    /// Its name in [`Parameters`], in files, flags, formulas and errors.
    pub name: &'static str,
    /// Its symbol in the equations.
    pub symbol: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// The least value that is taken.
    pub low: f64,
    /// The greatest value that is taken.
    pub high: f64,
    /// What it does, in a few words.
    pub about: &'static str,
}

/// All numbers of [`Parameters`] that are not counts, in the order of [`Parameters::values`].
pub const PARAMETERS: [ParameterInfo; 18] = [
    info("s0", "S₀", Unit::None, 0.0, 1e3, "state of the market at the start"),
    info("l0", "L₀", Unit::None, 0.0, 1e3, "skill of workers at the start (ours)"),
    info("alpha", "α", Unit::PerYear, -10.0, 10.0, "effect of technology on demand"),
    info("beta", "β", Unit::PerYear, -10.0, 10.0, "training in answer to the state of the market"),
    info("gamma", "γ", Unit::PerYear, -10.0, 10.0, "training in answer to technology"),
    info("delta", "δ", Unit::PerYear, 0.0, 10.0, "natural decay"),
    info("epsilon", "ε", Unit::None, -10.0, 10.0, "effect of training on the balance; 1 takes away all that training adds"),
    info("k", "k", Unit::None, -10.0, 10.0, "part of demand in the transition path"),
    info("m", "m", Unit::None, -10.0, 10.0, "part of technology in the transition path"),
    info("eta", "η", Unit::None, 0.0, 10.0, "skill that training gives (ours)"),
    info("kappa", "κ", Unit::PerYear, 0.0, 10.0, "skill that is forgotten (ours)"),
    info("nu", "ν", Unit::PerYearPerIndex, 0.0, 0.1, "skill that technology makes obsolete (ours)"),
    info("t_initial", "T₀", Unit::None, 0.0, 1e3, "technology at the start: constant, exponential, lagged"),
    info("t_speed", "g", Unit::PerYear, -5.0, 5.0, "speed of technology: exponential, logistic"),
    info("t_ceiling", "K", Unit::None, 0.0, 1e3, "ceiling of technology: logistic"),
    info("t_midpoint", "t₀", Unit::Years, -100.0, 200.0, "when half the ceiling is reached: logistic"),
    info("t_lag", "θ", Unit::Years, 0.05, 50.0, "lag of technology behind its path: lagged (ours)"),
    info("horizon", "t", Unit::Years, 0.1, 100.0, "how far the run goes"),
];

const fn info(name: &'static str, symbol: &'static str, unit: Unit, low: f64, high: f64, about: &'static str) -> ParameterInfo {
    ParameterInfo { name, symbol, unit, low, high, about }
}

/// The system and its scenario. Fields are those of [`PARAMETERS`]; the default is the example of market.md 2a
/// (α + γ(1 − ε) = 0.6, δ − β(1 − ε) = 0.3, K = 2, g = 0.8, t₀ = 5, S₀ = 1.5), not an estimate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// S at the start.
    pub s0: f64,
    /// L at the start; ours.
    pub l0: f64,
    /// α, 1/year.
    pub alpha: f64,
    /// β, 1/year.
    pub beta: f64,
    /// γ, 1/year.
    pub gamma: f64,
    /// δ, 1/year.
    pub delta: f64,
    /// ε, a ratio.
    pub epsilon: f64,
    /// k, a ratio.
    pub k: f64,
    /// m, a ratio.
    pub m: f64,
    /// η, a ratio; ours.
    pub eta: f64,
    /// κ, 1/year; ours.
    pub kappa: f64,
    /// ν, 1/year for each unit of T; ours.
    pub nu: f64,
    /// T at the start, where the scenario takes one.
    pub t_initial: f64,
    /// g, 1/year.
    pub t_speed: f64,
    /// K.
    pub t_ceiling: f64,
    /// t₀, years.
    pub t_midpoint: f64,
    /// θ, years.
    pub t_lag: f64,
    /// Years.
    pub horizon: f64,
    /// Months from an investment in training to its effect, 0 to [`LEAD_MONTHS_MAX`].
    pub lead_months: u8,
    /// How T comes about.
    pub technology: Technology,
    /// (E1) in place of (E5).
    pub formulas: Option<Formulas>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            s0: 1.5, l0: 1.0,
            alpha: 0.5, beta: 0.2, gamma: 0.2, delta: 0.4, epsilon: 0.5,
            k: 0.3, m: 0.5,
            eta: 0.2, kappa: 0.05, nu: 0.02,
            t_initial: 1.0, t_speed: 0.8, t_ceiling: 2.0, t_midpoint: 5.0, t_lag: 2.0,
            horizon: 30.0, lead_months: 0,
            technology: Technology::default(), formulas: None,
        }
    }
}

/// Why a system is not run. `kind` of [`SystemError::kind`] is what a page translates.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SystemError {
    /// A value that is no number, or outside its range.
    #[error("{parameter} = {value}: give a number from {low} to {high}")]
    OutOfRange {
        /// Its name.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// The least value taken.
        low: f64,
        /// The greatest value taken.
        high: f64,
    },
    /// m at or so near to 1 under the literal reading that T is beyond bounds from the start.
    #[error("m = {m}: T = kS/(1 − m) has no value at m = 1 and none within bounds so near to it; move m away from 1, or take T as a scenario")]
    Singular {
        /// m.
        m: f64,
    },
    /// A parameter of no such name.
    #[error("{name}: no parameter of this name")]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// (E1) cannot be read or computed.
    #[error(transparent)]
    Formula(#[from] FormulaError),
}

impl SystemError {
    /// The parameter at fault: `f` or `g` for a formula.
    pub fn parameter(&self) -> &str {
        match self {
            Self::OutOfRange { parameter, .. } => parameter,
            Self::Singular { .. } => "m",
            Self::Unknown { name } => name,
            Self::Formula(error) => error.side.name(),
        }
    }
}

impl Parameters {
    /// The default under another way for T: where T grows without end, at 5 % a year and not at the logistic's speed.
    pub fn example(technology: Technology) -> Self {
        let default = Self { technology, ..Self::default() };
        if technology == Technology::Exponential { Self { t_speed: 0.05, ..default } } else { default }
    }

    /// The numbers in the order of [`PARAMETERS`].
    pub fn values(&self) -> [f64; PARAMETERS.len()] {
        let mut copy = self.clone();
        copy.fields().map(|field| *field)
    }

    fn fields(&mut self) -> [&mut f64; PARAMETERS.len()] {
        [
            &mut self.s0, &mut self.l0, &mut self.alpha, &mut self.beta, &mut self.gamma, &mut self.delta,
            &mut self.epsilon, &mut self.k, &mut self.m, &mut self.eta, &mut self.kappa, &mut self.nu,
            &mut self.t_initial, &mut self.t_speed, &mut self.t_ceiling, &mut self.t_midpoint, &mut self.t_lag,
            &mut self.horizon,
        ]
    }

    /// Sets the parameter of that name (see [`PARAMETERS`]); its range is checked by [`Parameters::check`].
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), SystemError> {
        let place = PARAMETERS.iter().position(|p| p.name == name);
        let field = place.and_then(|place| self.fields().into_iter().nth(place));
        *field.ok_or_else(|| SystemError::Unknown { name: name.into() })? = value;
        Ok(())
    }

    /// Refuses what cannot be run, by name: NaN, infinities, values out of range, m about 1 under the literal reading,
    /// formulas that cannot be read.
    pub fn check(&self) -> Result<(), SystemError> {
        for (info, value) in PARAMETERS.iter().zip(self.values()) {
            if !(info.low..=info.high).contains(&value) {
                return Err(SystemError::OutOfRange { parameter: info.name, value, low: info.low, high: info.high });
            }
        }
        if self.lead_months > LEAD_MONTHS_MAX {
            let (value, high) = (f64::from(self.lead_months), f64::from(LEAD_MONTHS_MAX));
            return Err(SystemError::OutOfRange { parameter: "lead_months", value, low: 0.0, high });
        }
        let beyond = (1.0 - self.m).abs() < M_GAP_MIN || (self.tau() * self.s0).abs() > INDEX_MAX;
        if self.technology == Technology::Literal && beyond {
            return Err(SystemError::Singular { m: self.m });
        }
        self.formulas.as_ref().map_or(Ok(()), |formulas| Ok(formula::check(formulas)?))
    }

    /// Years from an investment in training to its effect.
    pub fn lead_years(&self) -> f64 {
        f64::from(self.lead_months) / MONTHS_PER_YEAR
    }

    /// α + γ(1 − ε), 1/year: what T does to dS/dt in all (market.md 2a).
    pub fn pull(&self) -> f64 {
        self.alpha + self.gamma * (1.0 - self.epsilon)
    }

    /// δ − β(1 − ε), 1/year: the rate at which S falls by itself (market.md 2a); below 0 it feeds itself.
    pub fn damping(&self) -> f64 {
        self.delta - self.beta * (1.0 - self.epsilon)
    }

    /// τ = k / (1 − m): T for each unit of S under the literal reading.
    pub fn tau(&self) -> f64 {
        self.k / (1.0 - self.m)
    }

    /// T at `t_years` under a scenario; none where T depends on S.
    pub fn scenario(&self, t_years: f64) -> Option<f64> {
        match self.technology {
            Technology::Constant => Some(self.t_initial),
            Technology::Exponential => Some(self.t_initial * (self.t_speed * t_years).exp()),
            Technology::Logistic => Some(self.t_ceiling / (1.0 + (-self.t_speed * (t_years - self.t_midpoint)).exp())),
            Technology::Literal | Technology::Lagged => None,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// splitmix64 (Steele, Lea, Flood 2014), for tests: the same draws everywhere from a seed that is printed.
    pub(crate) struct Draws(pub u64);

    impl Draws {
        pub(crate) fn bits(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }

        /// Evenly within the range.
        pub(crate) fn within(&mut self, low: f64, high: f64) -> f64 {
            low + (high - low) * (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
        }

        pub(crate) fn below(&mut self, count: usize) -> usize {
            (self.bits() % count as u64) as usize
        }

        /// A set whose numbers lie within the ranges that the article's examples suggest, under any scenario.
        pub(crate) fn parameters(&mut self, technology: Technology) -> Parameters {
            Parameters {
                s0: self.within(0.1, 5.0),
                alpha: self.within(0.0, 1.0), beta: self.within(0.0, 0.6), gamma: self.within(0.0, 0.6), delta: self.within(0.0, 1.0), epsilon: self.within(0.0, 1.5),
                k: self.within(0.0, 0.5), m: self.within(-0.5, 0.8),
                t_initial: self.within(0.0, 3.0), t_speed: self.within(-0.2, 0.9), t_ceiling: self.within(0.1, 5.0), t_midpoint: self.within(-5.0, 20.0), t_lag: self.within(0.2, 5.0),
                horizon: self.within(1.0, 30.0),
                technology,
                ..Parameters::default()
            }
        }
    }

    #[test]
    fn every_number_has_a_name_a_range_and_is_refused_by_that_name() {
        for (place, info) in PARAMETERS.iter().enumerate() {
            for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, info.low - 1.0, info.high + 1.0] {
                let mut parameters = Parameters::default();
                parameters.set(info.name, value).unwrap();
                assert!(parameters.values()[place] == value || value.is_nan(), "{} is set", info.name);
                let error = parameters.check().unwrap_err();
                assert_eq!(error.parameter(), info.name);
                assert!(error.to_string().starts_with(info.name), "{error}");
            }
            for value in [info.low, info.high] {
                let mut parameters = Parameters::default();
                parameters.set(info.name, value).unwrap();
                assert_eq!(parameters.check(), Ok(()), "{}", info.name);
            }
        }
        assert_eq!(Parameters::default().set("omega", 1.0).unwrap_err().parameter(), "omega");
        assert_eq!(Parameters { lead_months: 37, ..Parameters::default() }.check().unwrap_err().parameter(), "lead_months");
    }

    #[test]
    fn the_literal_reading_is_refused_near_m_one_and_only_it() {
        let near = Parameters { m: 1.0 + 0.9e-6, k: 0.0, technology: Technology::Literal, ..Parameters::default() };
        assert_eq!(near.check().unwrap_err().parameter(), "m");
        assert_eq!(Parameters { m: 1.0, ..Parameters::default() }.check(), Ok(()));
        // τS₀ = −k·1.5/1.1e-6: within bounds for k = 0, not for k = 1.
        let further = Parameters { m: 1.0 + 1.1e-6, ..near };
        assert_eq!(further.check(), Ok(()));
        assert_eq!(Parameters { k: 1.0, ..further }.check().unwrap_err().parameter(), "m");
    }

    #[test]
    fn a_file_names_each_parameter_once_and_no_other() {
        let text = serde_json::to_value(Parameters::default()).unwrap();
        for info in &PARAMETERS {
            assert!(text[info.name].is_f64(), "{}", info.name);
        }
        assert_eq!(serde_json::from_value::<Parameters>(text).unwrap(), Parameters::default());
        let error = serde_json::from_str::<Parameters>(r#"{"alfa": 1}"#).unwrap_err();
        assert!(error.to_string().contains("alfa"), "{error}");
    }
}
