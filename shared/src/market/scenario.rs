//! What may happen: a technology that spreads and changes which posts are wanted, training that widens moves, a business
//! cycle. From it the demand of every step, as [`super::labour_flow`] takes it; no numbers of a run.
//!
//! From the paper (see [`super::network`]): the sigmoid path, and a final demand that keeps the total. Ours, uncalibrated and
//! without effect by default: assistance, new demand, training. Exposure is about language models; a production line is
//! described by shocks of its own. Total demand stays constant but for the cycle.
use super::labour_flow::{Demand, STEPS_PER_YEAR};
use super::network::Edge;
use super::snapshot::Occupations;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// A scenario, as it stands in a file or an address. Fields left out take their defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Version of this form: 1.
    pub v: u32,
    /// What changes the demand.
    pub kind: Kind,
    /// How fast and how far.
    #[serde(default)]
    pub adoption: Adoption,
    /// Share of exposed work in which the technology helps instead of replacing, 0..1. Ours.
    #[serde(default)]
    pub assistance: f64,
    /// Posts that the technology adds at full adoption, as a share of the occupation's own (0..10), by SOC code. Ours.
    #[serde(default)]
    pub new_demand: BTreeMap<String, f64>,
    /// Training that widens moves. Ours.
    #[serde(default)]
    pub training: Training,
    /// The business cycle. Ours, after the paper's.
    #[serde(default)]
    pub cycle: Cycle,
    /// Coefficients.
    #[serde(default)]
    pub parameters: ParameterSet,
    /// Who can move where.
    #[serde(default)]
    pub network: NetworkKind,
}

/// What changes the demand for occupations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    /// Software on language models, by the exposure of the occupations.
    Software {
        /// Share of the tasks that need software built on a language model for which it exists, 0..1: 0 is the paper's α, ½
        /// its β, 1 its γ.
        built: f64,
    },
    /// Machines of a line: posts lost (above 0) or gained (below 0) at full adoption, as a share of the occupation's own
    /// (−10..1), by SOC code.
    Line {
        /// By SOC code.
        shock: BTreeMap<String, f64>,
    },
}

/// How a technology spreads: 1/(1 + e^(−k(t − start − h))) of the ceiling, h half the years, k = ln(9999)/h, so that the
/// years lead from one part in ten thousand to all but one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adoption {
    /// Years from the start of the simulation to that of the adoption, 0..200.
    pub start_years: f64,
    /// Years from beginning to end, 0.5..200; the paper's main case is 30.
    pub years: f64,
    /// Share of the exposed work in which it is ever adopted, 0..1.
    pub ceiling: f64,
}

impl Default for Adoption {
    fn default() -> Self {
        Self { start_years: 0.0, years: 30.0, ceiling: 1.0 }
    }
}

/// Training that lets people look further than before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Training {
    /// Share by which applications within the own occupation lose weight, 0..1.
    pub widening: f64,
    /// Years over which that comes, in a straight line from the start, 0..200.
    pub years: f64,
    /// Moves that are trained for.
    pub moves: Vec<Move>,
    /// Share of the other applications of their origins that turns to these moves, 0..1.
    pub turned: f64,
}

impl Default for Training {
    fn default() -> Self {
        Self { widening: 0.0, years: 5.0, moves: Vec::new(), turned: 0.0 }
    }
}

/// A move between occupations, by SOC code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Occupation left.
    pub from: String,
    /// Occupation entered.
    pub to: String,
}

/// A business cycle: demand times 1 − amplitude·sin(2πt/period), so that it begins with a downturn. (The paper's: amplitude
/// .065, 103 steps, about 13.4 years.)
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cycle {
    /// 0..0.5; 0 is no cycle.
    pub amplitude: f64,
    /// Years of a period, 1..100.
    pub years: f64,
}

impl Default for Cycle {
    fn default() -> Self {
        Self { amplitude: 0.0, years: 103.0 / STEPS_PER_YEAR }
    }
}

/// Where the coefficients come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterSet {
    /// Those of the paper.
    Reference,
    /// Those of the paper, with separations fitted to the unemployment of each major group.
    #[default]
    Calibrated,
}

/// Where the edges come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkKind {
    /// Related occupations of O*NET.
    Related,
    /// The 60 occupations nearest by competences.
    Similarity,
    /// Half of each.
    #[default]
    Blend,
}

/// Why a scenario cannot be simulated.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ScenarioError {
    /// A version this program does not know.
    #[error("v is {0}; this program reads version 1")]
    Version(u32),
    /// A value outside its range, or none at all (NaN).
    #[error("{parameter} is {value}; it must lie within {least} and {most}")]
    Range {
        /// Path of the field.
        parameter: &'static str,
        /// Its value.
        value: f64,
        /// Smallest allowed.
        least: f64,
        /// Greatest allowed.
        most: f64,
    },
    /// A code that the network does not have.
    #[error("{parameter}: no occupation {soc} in the network")]
    Occupation {
        /// Path of the field.
        parameter: &'static str,
        /// The code.
        soc: String,
    },
    /// Data of the occupations that do not fit the network.
    #[error("occupations: {parameter} has {found} entries, expected {expected}")]
    Length {
        /// The column.
        parameter: &'static str,
        /// Its entries.
        found: usize,
        /// Those of the network.
        expected: usize,
    },
    /// All posts would go, so that no others can make up for them.
    #[error("kind: no demand is left after the shock; take a smaller shock or ceiling")]
    NothingLeft,
    /// The edges asked for are not among the data.
    #[error("network: {0:?} is not among the data")]
    Network(NetworkKind),
    /// The calibrated set needs unemployment of groups.
    #[error("parameters: `calibrated` needs the unemployment of the groups, which these data lack; take `reference`")]
    Unemployment,
}

pub(super) fn within(parameter: &'static str, value: f64, least: f64, most: f64) -> Result<(), ScenarioError> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(ScenarioError::Range { parameter, value, least, most }) }
}

impl Scenario {
    /// A scenario of this kind, all else as by default.
    pub fn of(kind: Kind) -> Self {
        Self {
            v: 1,
            kind,
            adoption: Adoption::default(),
            assistance: 0.0,
            new_demand: BTreeMap::new(),
            training: Training::default(),
            cycle: Cycle::default(),
            parameters: ParameterSet::default(),
            network: NetworkKind::default(),
        }
    }

    /// Checks every value against its range.
    ///
    /// # Errors
    /// The first that is outside, by name.
    pub fn check(&self) -> Result<(), ScenarioError> {
        if self.v != 1 {
            return Err(ScenarioError::Version(self.v));
        }
        match &self.kind {
            Kind::Software { built } => within("kind.software.built", *built, 0.0, 1.0)?,
            Kind::Line { shock } => shock.values().try_for_each(|share| within("kind.line.shock", *share, -10.0, 1.0))?,
        }
        within("adoption.start_years", self.adoption.start_years, 0.0, 200.0)?;
        within("adoption.years", self.adoption.years, 0.5, 200.0)?;
        within("adoption.ceiling", self.adoption.ceiling, 0.0, 1.0)?;
        within("assistance", self.assistance, 0.0, 1.0)?;
        self.new_demand.values().try_for_each(|share| within("new_demand", *share, 0.0, 10.0))?;
        within("training.widening", self.training.widening, 0.0, 1.0)?;
        within("training.years", self.training.years, 0.0, 200.0)?;
        within("training.turned", self.training.turned, 0.0, 1.0)?;
        within("cycle.amplitude", self.cycle.amplitude, 0.0, 0.5)?;
        within("cycle.years", self.cycle.years, 1.0, 100.0)
    }

    /// Share of posts lost (above 0) or gained at full adoption, before the ceiling, an occupation each; and the occupations
    /// for which no exposure is published, which are taken as untouched and must be shown as such.
    ///
    /// # Errors
    /// A value out of range, a code that is not there.
    pub fn shock(&self, occupations: &Occupations) -> Result<(Vec<f64>, Vec<u32>), ScenarioError> {
        self.check()?;
        let mut unknown = Vec::new();
        let mut shock = vec![0.0; occupations.soc.len()];
        match &self.kind {
            Kind::Software { built } => {
                for ((node, exposure), shock) in (0_u32..).zip(&occupations.exposure).zip(&mut shock) {
                    match exposure {
                        Some(exposure) => *shock = exposure.alpha + built * (exposure.gamma - exposure.alpha),
                        None => unknown.push(node),
                    }
                }
            }
            Kind::Line { shock: given } => {
                for (soc, share) in given {
                    shock[occupations.find("kind.line.shock", soc)?] = *share;
                }
            }
        }
        // What helps people takes no posts; what adds posts adds them all the same.
        shock.iter_mut().for_each(|share| *share *= if *share > 0.0 { 1.0 - self.assistance } else { 1.0 });
        for (soc, share) in &self.new_demand {
            shock[occupations.find("new_demand", soc)?] -= share;
        }
        Ok((shock, unknown))
    }

    /// The demand of every step from posts wanted before any change (`base`).
    ///
    /// # Errors
    /// As [`Self::shock`]; a shock that leaves nothing.
    pub fn demand(&self, occupations: &Occupations, base: &[f64], steps: usize) -> Result<Demand, ScenarioError> {
        let (shock, _) = self.shock(occupations)?;
        let shock: Vec<f64> = shock.iter().map(|share| self.adoption.ceiling * share).collect();
        let widening = (0..steps).map(|step| {
            let years = time(step) / STEPS_PER_YEAR;
            self.training.widening * if self.training.years > 0.0 { (years / self.training.years).min(1.0) } else { 1.0 }
        });
        let turn = std::f64::consts::TAU / (self.cycle.years * STEPS_PER_YEAR);
        Ok(Demand {
            base: base.to_vec(),
            shift: shift(base, &shock).ok_or(ScenarioError::NothingLeft)?,
            ramp: sigmoid(self.adoption.start_years * STEPS_PER_YEAR, self.adoption.years, steps),
            cycle: (1..=steps).map(|at| 1.0 - self.cycle.amplitude * libm::sin(turn * time(at))).collect(),
            widening: widening.collect(),
        })
    }

    /// The moves trained for, as edges of one weight.
    ///
    /// # Errors
    /// A code that is not there.
    pub fn moves(&self, occupations: &Occupations) -> Result<Vec<Edge>, ScenarioError> {
        let find = |soc: &str| occupations.find("training.moves", soc).map(|node| u32::try_from(node).unwrap_or(u32::MAX));
        self.training.moves.iter().map(|of| Ok(Edge { from: find(&of.from)?, to: find(&of.to)?, weight: 1.0 })).collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of steps")]
fn time(step: usize) -> f64 {
    step as f64
}

/// How far each step's end has come on a sigmoid path of so many years that begins at step `start` (fractions allowed), 0
/// before it. The paper's: see [`Adoption`].
pub fn sigmoid(start: f64, years: f64, steps: usize) -> Vec<f64> {
    let half = years / 2.0 * STEPS_PER_YEAR;
    let steepness = libm::log(9999.0) / half;
    let at = |step: usize| {
        let since = time(step) - start;
        if since < 0.0 { 0.0 } else { 1.0 / (1.0 + libm::exp(-steepness * (since - half))) }
    };
    (1..=steps).map(at).collect()
}

/// The change of demand under a shock (shares lost at its end) that keeps the total: D_f − D₀ with
/// D_f = D₀(1 − p)·ΣD₀/ΣD₀(1 − p). None where nothing would be left.
pub fn shift(base: &[f64], shock: &[f64]) -> Option<Vec<f64>> {
    let left: Vec<f64> = base.iter().zip(shock).map(|(posts, share)| posts * (1.0 - share)).collect();
    let (before, after): (f64, f64) = (base.iter().sum(), left.iter().sum());
    // Less than a millionth left could be blown up to the whole only by pretending.
    let factor = (after > 1e-6 * before).then(|| before / after)?;
    Some(left.iter().zip(base).map(|(left, posts)| (left * factor - posts).max(-posts)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::data::Exposure;

    fn three() -> Occupations {
        Occupations {
            soc: ["11-0001", "11-0002", "15-0003"].map(String::from).to_vec(),
            employment: vec![1000.0, 500.0, 200.0],
            exposure: vec![Some(Exposure { alpha: 0.6, gamma: 1.0 }), Some(Exposure { alpha: 0.1, gamma: 0.3 }), None],
            unemployment: vec![Some(0.04), Some(0.04), Some(0.06)],
            transfer: vec![Some(0.05), Some(0.1), None],
        }
    }

    #[test]
    fn exposure_is_read_from_alpha_to_gamma_and_the_unknown_is_named() {
        let shock = |built| Scenario::of(Kind::Software { built }).shock(&three()).unwrap();
        assert_eq!(shock(0.0), (vec![0.6, 0.1, 0.0], vec![2]));
        assert_eq!(shock(0.5).0, [0.8, 0.2, 0.0]);
        assert_eq!(shock(1.0).0, [1.0, 0.3, 0.0]);
    }

    #[test]
    fn the_shift_keeps_the_total_and_follows_the_shock() {
        let base = [1000.0, 500.0, 200.0];
        // Left: 200, 400, 180 of 780; times 1700/780.
        let moved = shift(&base, &[0.8, 0.2, 0.1]).unwrap();
        for (value, left) in moved.iter().zip([200.0, 400.0, 180.0].iter().zip(base)) {
            assert!((value - (left.0 * 1700.0 / 780.0 - left.1)).abs() < 1e-9);
        }
        assert!(moved.iter().sum::<f64>().abs() < 1e-9);
        assert_eq!(shift(&base, &[1.0; 3]), None);
        // All lose alike: nothing moves.
        assert!(shift(&base, &[0.3; 3]).unwrap().iter().all(|value| value.abs() < 1e-9));
    }

    #[test]
    fn adoption_goes_from_one_in_ten_thousand_to_all_but_one() {
        let steps = (30.0 * STEPS_PER_YEAR) as usize + 20;
        let path = sigmoid(10.0, 30.0, steps);
        let half = 15.0 * STEPS_PER_YEAR;
        assert_eq!(path[8], 0.0);
        assert!((path[9] - 1e-4).abs() < 1e-12, "{}", path[9]);
        let middle = 10 + half as usize;
        assert!(path[middle - 2] < 0.5 && path[middle] > 0.5);
        let end = 10 + (2.0 * half) as usize;
        assert!(path[end - 2] < 0.9999 && path[end] > 0.9999);
    }

    #[test]
    fn assistance_takes_no_posts_and_new_demand_adds_some() {
        let mut scenario = Scenario::of(Kind::Line { shock: BTreeMap::from([("11-0001".into(), 0.4), ("11-0002".into(), -0.16)]) });
        scenario.assistance = 0.5;
        scenario.new_demand = BTreeMap::from([("15-0003".into(), 0.3)]);
        assert_eq!(scenario.shock(&three()).unwrap().0, [0.2, -0.16, -0.3]);
        let demand = scenario.demand(&three(), &[100.0, 100.0, 100.0], 400).unwrap();
        assert!(demand.shift[0] < 0.0 && demand.shift[1] > 0.0 && demand.shift[2] > demand.shift[1]);
        assert!(demand.shift.iter().sum::<f64>().abs() < 1e-9);
        assert_eq!((demand.cycle[50], demand.widening[50]), (1.0, 0.0));
    }

    #[test]
    fn training_comes_in_a_straight_line_and_a_cycle_begins_with_a_downturn() {
        let mut scenario = Scenario::of(Kind::Software { built: 0.5 });
        scenario.training = Training { widening: 0.4, years: 10.0, ..Training::default() };
        scenario.cycle.amplitude = 0.1;
        let demand = scenario.demand(&three(), &[1.0; 3], 150).unwrap();
        let five_years = demand.widening[38] / (38.0 / STEPS_PER_YEAR / 10.0);
        assert!((five_years - 0.4).abs() < 1e-12 && demand.widening[149] == 0.4);
        // A quarter of 103 steps.
        assert!((demand.cycle[25] - 0.9).abs() < 1e-3 && demand.cycle[76] > 1.09);
    }

    #[test]
    fn a_file_needs_only_version_and_kind_and_comes_back_the_same() {
        let scenario: Scenario = serde_json::from_str(r#"{"v": 1, "kind": {"software": {"built": 0.5}}}"#).unwrap();
        assert_eq!(scenario, Scenario::of(Kind::Software { built: 0.5 }));
        let text = serde_json::to_string(&scenario).unwrap();
        assert_eq!(serde_json::from_str::<Scenario>(&text).unwrap(), scenario);
        assert!(serde_json::from_str::<Scenario>(r#"{"v": 1, "kind": {"software": {"built": 0.5}}, "speed": 2}"#).is_err());
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        let mut scenario = Scenario::of(Kind::Software { built: f64::NAN });
        assert!(matches!(scenario.check(), Err(ScenarioError::Range { parameter: "kind.software.built", .. })));
        scenario.kind = Kind::Line { shock: BTreeMap::from([("99-9999".into(), 0.1)]) };
        assert!(matches!(scenario.shock(&three()), Err(ScenarioError::Occupation { parameter: "kind.line.shock", .. })));
        scenario.v = 2;
        assert_eq!(scenario.check(), Err(ScenarioError::Version(2)));
        scenario.v = 1;
        scenario.adoption.years = 1e300;
        assert!(matches!(scenario.check(), Err(ScenarioError::Range { parameter: "adoption.years", .. })));
        let mut short = three();
        short.transfer.pop();
        assert_eq!(short.check(3), Err(ScenarioError::Length { parameter: "transfer", found: 2, expected: 3 }));
    }
}
