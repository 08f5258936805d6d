//! A few levers as a scenario, ready-made settings of them, and the share of its jobs that an occupation loses under one. Levers
//! and shocks are ours and not measured. Not how they are moved: that is the page.
use super::data::MarketData;
use super::labour_flow::{Engine, Record, STEPS_PER_YEAR, Trajectory};
use super::ensemble::{Ensemble, EnsembleError, Progress};
use super::scenario::{Adoption, Cycle, Kind, NetworkKind, Scenario, Training};
use super::snapshot::Market;
use std::ops::ControlFlow;

/// Years of the official projection, 2024 to 2034.
pub const PROJECTED_YEARS: usize = 10;

/// Where the levers stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Levers {
    /// Who can move where.
    pub network: NetworkKind,
    /// Automation of production lines, else software.
    pub line: bool,
    /// Years until half of the spread has come; share of what could be reached; how much of the loss new demand gives back;
    /// share taken off the ties to the own occupation; amplitude of the business cycle (the paper's is 0.065).
    pub values: [f64; 5],
}

const fn levers(line: bool, values: [f64; 5]) -> Levers {
    Levers { network: NetworkKind::Blend, line, values }
}

/// The ready-made scenario in which nothing changes.
pub const BASELINE: &str = "base";

/// Ready-made scenarios by name.
pub const PRESETS: [(&str, Levers); 7] = [
    (BASELINE, levers(false, [10.0, 0.0, 0.0, 0.0, 0.0])),
    ("software", levers(false, [10.0, 0.5, 0.0, 0.0, 0.0])),
    ("fast", levers(false, [5.0, 0.5, 0.0, 0.0, 0.0])),
    ("line", levers(true, [8.0, 0.6, 0.0, 0.0, 0.0])),
    ("growth", levers(false, [10.0, 0.5, 0.8, 0.0, 0.0])),
    ("slump", levers(false, [10.0, 0.5, 0.0, 0.0, 0.06])),
    ("training", levers(true, [8.0, 0.6, 0.0, 0.4, 0.0])),
];

/// The ready-made scenarios in which something changes.
pub fn changing() -> impl Iterator<Item = (&'static str, Levers)> {
    PRESETS.into_iter().filter(|(name, _)| *name != BASELINE)
}

impl Levers {
    /// Of a ready-made scenario.
    pub fn preset(name: &str) -> Option<Self> {
        PRESETS.into_iter().find(|(of, _)| *of == name).map(|(_, levers)| levers)
    }

    /// The ready-made scenario that they are.
    pub fn name(&self) -> Option<&'static str> {
        PRESETS.into_iter().find(|(_, levers)| levers == self).map(|(name, _)| name)
    }

    /// The same levers in another network.
    pub fn within(self, network: NetworkKind) -> Self {
        Self { network, ..self }
    }

    /// The scenario that they stand for. Where new demand gives back or takes more than the exposure says, every shock is
    /// written out.
    pub fn scenario(&self, data: &MarketData, market: &Market) -> Scenario {
        let [speed, reach, given_back, widen, cycle] = self.values;
        let kind = if !self.line && given_back == 0.0 {
            Kind::Software { built: 0.5 }
        } else {
            let share = |soc: &String| (shock(data, soc, self.line) * (1.0 - given_back)).min(1.0);
            Kind::Line { shock: market.occupations.soc.iter().map(|soc| (soc.clone(), share(soc))).collect() }
        };
        Scenario {
            // Half of the spread has come at half of its years.
            adoption: Adoption { start_years: 0.0, years: 2.0 * speed, ceiling: reach },
            training: Training { widening: widen, years: 0.0, ..Training::default() },
            cycle: Cycle { amplitude: cycle, ..Cycle::default() },
            network: self.network,
            ..Scenario::of(kind)
        }
    }

    /// Runs until the last year of the official projection, the central one first, with all occupations at their start and end.
    ///
    /// # Errors
    /// Those of [`Ensemble::run`].
    pub async fn ends(&self, data: &MarketData, market: &Market, ensemble: &Ensemble, engine: &impl Engine, progress: impl AsyncFnMut(Progress) -> ControlFlow<()>) -> Result<Vec<Trajectory>, EnsembleError> {
        let steps = step_of(PROJECTED_YEARS);
        let record = Record { nodes: (0u32..).take(market.occupations.soc.len()).collect(), every: steps };
        ensemble.run(market, &self.scenario(data, market), steps, &record, engine, progress).await
    }
}

/// The step nearest to the end of a year.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small whole numbers")]
pub fn step_of(year: usize) -> usize {
    (year as f64 * STEPS_PER_YEAR).round() as usize
}

/// The share of its jobs that an occupation would lose if the spread were complete; below 0 it gains.
/// Software: β of the exposure to language models. Line: our routine-manual index in production and transport, less the
/// officially projected change 2024–34.
fn shock(data: &MarketData, soc: &str, line: bool) -> f64 {
    let Some(figures) = data.place(soc).and_then(|place| data.occupations.get(place)) else { return 0.0 };
    if !line {
        return figures.exposure.map_or(0.0, |exposure| exposure.beta());
    }
    let on_the_line = ["51-0000", "53-0000"].contains(&figures.group().as_str());
    let routine = figures.routine_manual.filter(|_| on_the_line).map_or(0.0, |index| index.index());
    (routine - figures.growth().unwrap_or(0.0)).clamp(-0.5, 0.95)
}

/// The share of its jobs that each occupation of the pack, by place, lost from the first record of a run to the last, 0..1; 0
/// where it gained, `None` where it is in no network.
pub fn losses(data: &MarketData, market: &Market, run: &Trajectory) -> Vec<Option<f64>> {
    let mut lost = vec![None; data.occupations.len()];
    if let [first, .., last] = run.recorded.as_slice() {
        for (soc, (before, after)) in market.occupations.soc.iter().zip(first.iter().zip(last)) {
            if let Some(slot) = data.place(soc).and_then(|place| lost.get_mut(place)).filter(|_| before.employed > 0.0) {
                *slot = Some((1.0 - after.employed / before.employed).clamp(0.0, 1.0));
            }
        }
    }
    lost
}
