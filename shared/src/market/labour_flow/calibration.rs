//! Parameter set `calibrated`: separation rates at which the steady unemployment of each group is the published one; and
//! self-loops shaped by published transfer rates. Ours; nothing else is fitted (there are no data of vacancies in hand).
//!
//! Openings move with separations, in the paper's proportion: an occupation that opens more posts than it loses people would
//! have to cut them again, and the churn alone would put its unemployment above that of the calmer groups.
use super::{Demand, Engine, EngineError, Job, Rates, Record, Run, Stocks, share};
use crate::market::network::Network;

/// Groups of occupations and the unemployment that each shall have.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets {
    /// The group of every occupation, an index of `rates`.
    pub groups: Vec<usize>,
    /// Unemployment, 0..1 and above 0; none where not published: the group's separation rate stays.
    pub rates: Vec<Option<f64>>,
}

/// Separation rates that are tried; beyond them nothing is fitted.
const SEPARATION: [f64; 2] = [1e-5, 0.5];
/// A group's rate moves by this power of what it is off: less than 1, since a group's unemployed also fill the posts of others.
const DAMPING: f64 = 0.8;

impl Targets {
    /// Groups by the first two digits of the SOC codes (major groups), and the rates given with their occupations.
    pub fn by_major_group(soc: &[String], unemployment: &[Option<f64>]) -> Self {
        let mut majors: Vec<&str> = Vec::new();
        let (mut groups, mut rates) = (Vec::new(), Vec::new());
        for (code, rate) in soc.iter().zip(unemployment) {
            let major = code.get(..2).unwrap_or(code);
            let group = majors.iter().position(|known| *known == major).unwrap_or_else(|| {
                majors.push(major);
                rates.push(*rate);
                majors.len() - 1
            });
            groups.push(group);
        }
        Self { groups, rates }
    }

    /// Unemployment of every group in a state, 0..1.
    pub fn of(&self, stocks: &Stocks) -> Vec<f64> {
        let mut sums = vec![(0.0, 0.0); self.rates.len()];
        for (group, (e, u)) in self.groups.iter().zip(stocks.employed.iter().zip(&stocks.unemployed)) {
            sums[*group].0 += u;
            sums[*group].1 += e + u;
        }
        sums.into_iter().map(|(u, all)| share(u, all)).collect()
    }

    /// The furthest that a group is off, in shares of the labour force.
    pub fn worst(&self, stocks: &Stocks) -> f64 {
        let of = self.of(stocks);
        of.iter().zip(&self.rates).filter_map(|(is, shall)| shall.map(|shall| (is - shall).abs())).fold(0.0, f64::max)
    }

    /// Persons employed and unemployed at these rates: where a calibrated run begins.
    pub fn stocks(&self, employment: &[f64], rates: &Rates) -> Stocks {
        let mut stocks = Stocks::at_start(employment, rates);
        for ((group, e), u) in self.groups.iter().zip(employment).zip(&mut stocks.unemployed) {
            if let Some(rate) = self.rates[*group] {
                *u = e * rate / (1.0 - rate);
            }
        }
        stocks
    }

    /// Moves the separation rates towards those at which the groups of a state would be right: odds times odds.
    fn correct(&self, rates: &mut Rates, stocks: &Stocks) {
        let odds = |rate: f64| share(rate, 1.0 - rate);
        let factor: Vec<f64> = self
            .of(stocks)
            .into_iter()
            .zip(&self.rates)
            .map(|(is, shall)| match shall {
                Some(shall) if is > 0.0 => libm::pow(odds(*shall) / odds(is), DAMPING).clamp(0.25, 4.0),
                _ => 1.0,
            })
            .collect();
        for ((group, rate), opening) in self.groups.iter().zip(&mut rates.separation).zip(&mut rates.opening) {
            let corrected = (*rate * factor[*group]).clamp(SEPARATION[0], SEPARATION[1]);
            *opening *= share(corrected, *rate);
            *rate = corrected;
        }
    }
}

/// Self-loops by transfer rates, ours: people of an occupation that many leave for another look outside more. The share that
/// looks outside, 1 − self-loop, is in proportion to the occupation's rate (the mean where none is published), with the
/// employed in mind equal to 1 − `mean` together, and kept within 0.05..0.95.
pub fn self_loops(transfer: &[Option<f64>], employment: &[f64], mean: f64) -> Vec<f64> {
    let known = transfer.iter().zip(employment).filter_map(|(rate, e)| rate.map(|rate| (rate * e, *e)));
    let (moved, all) = known.fold((0.0, 0.0), |sum, (moved, e)| (sum.0 + moved, sum.1 + e));
    let usual = share(moved, all);
    let outside = |rate: Option<f64>| match rate {
        Some(rate) if usual > 0.0 => (1.0 - mean) * rate / usual,
        _ => 1.0 - mean,
    };
    transfer.iter().map(|rate| 1.0 - outside(*rate).clamp(0.05, 0.95)).collect()
}

/// Runs the runs for `rounds` times as many steps as their demands have, each from where the last ended, and with targets
/// corrects their separation rates after every round but the last. Afterwards each run starts where it ended: in its steady
/// state, given rounds enough.
///
/// # Errors
/// What the engine says.
pub async fn settle(engine: &impl Engine, network: &Network, runs: &mut [Run], targets: Option<&Targets>, rounds: usize) -> Result<(), EngineError> {
    for round in 1..=rounds {
        let Ok(job) = Job::new(network, runs, Record::totals()) else { return Ok(()) };
        let ends: Vec<Stocks> = engine.run(&job).await?.into_iter().map(|trajectory| trajectory.end).collect();
        for (run, end) in runs.iter_mut().zip(ends) {
            if let Some(targets) = targets.filter(|_| round < rounds) {
                targets.correct(&mut run.rates, &end);
            }
            run.start = end;
        }
    }
    Ok(())
}

/// A run of constant demand, D₀ = e + u, over the steps of one round of [`settle`].
pub fn resting(rates: Rates, start: Stocks, steps: usize) -> Run {
    let demand = Demand::constant(start.labour_force(), steps);
    Run { rates, start, demand, number: 0 }
}
