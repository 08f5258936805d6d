//! Many runs of one scenario over coefficients, networks and draws, and the ranges that they span. Ranges of simulated runs:
//! never a probability that something will happen.
use super::labour_flow::calibration::{Targets, resting, self_loops, settle};
use super::labour_flow::{Counts, Engine, EngineError, Job, JobError, Rates, Record, Run, Stocks, Trajectory};
use super::network::{Network, NetworkError};
use super::scenario::{NetworkKind, Occupations, ParameterSet, Scenario, ScenarioError};
use crate::random::Stream;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use thiserror::Error;

/// Occupations and the networks between them; every network has all the occupations.
#[derive(Clone, Debug, PartialEq)]
pub struct Market {
    /// What is known of them.
    pub occupations: Occupations,
    /// By where the edges come from.
    pub networks: BTreeMap<NetworkKind, Network>,
}

/// How far runs differ from the central one: ranges that each run draws from evenly. Ours, but where a source is named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spread {
    /// γᵤ: from the paper's .16 to the .3961 of the authors' later fit to Canada.
    pub cutting: [f64; 2],
    /// γᵥ: from the paper's .16 to the .1744 of that fit.
    pub advertising: [f64; 2],
    /// Added to every self-loop.
    pub self_loop: [f64; 2],
    /// Factor of the years of adoption.
    pub years: [f64; 2],
    /// Factor of the ceiling of adoption.
    pub ceiling: [f64; 2],
    /// Networks, drawn alike; those that the data lack are left out. None: the scenario's own.
    pub networks: Vec<NetworkKind>,
}

impl Default for Spread {
    fn default() -> Self {
        Self {
            cutting: [0.16, 0.3961],
            advertising: [0.16, 0.1744],
            self_loop: [-0.1, 0.1],
            years: [0.75, 1.5],
            ceiling: [0.7, 1.0],
            networks: vec![NetworkKind::Related, NetworkKind::Similarity, NetworkKind::Blend],
        }
    }
}

impl Spread {
    /// Every run has the central coefficients: what differs is chance alone, with an engine that draws.
    pub fn none() -> Self {
        Self { cutting: [0.16; 2], advertising: [0.16; 2], self_loop: [0.0; 2], years: [1.0; 2], ceiling: [1.0; 2], networks: Vec::new() }
    }

    fn check(&self) -> Result<(), ScenarioError> {
        let ranges = [
            ("spread.cutting", self.cutting, [0.0, 1.0]),
            ("spread.advertising", self.advertising, [0.0, 1.0]),
            ("spread.self_loop", self.self_loop, [-1.0, 1.0]),
            ("spread.years", self.years, [0.1, 10.0]),
            ("spread.ceiling", self.ceiling, [0.0, 1.0]),
        ];
        for (parameter, [low, high], [least, most]) in ranges {
            for (value, least) in [(low, least), (high, low)] {
                if !(least..=most).contains(&value) {
                    return Err(ScenarioError::Range { parameter, value, least, most });
                }
            }
        }
        Ok(())
    }
}

/// How many runs, and which.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Runs, 1..=[`RUNS_MAX`]; the first is the central one, without any spread.
    pub runs: usize,
    /// Key of everything drawn.
    pub seed: u64,
    /// What the others differ in.
    pub spread: Spread,
}

/// Runs of an ensemble at most.
pub const RUNS_MAX: usize = 10_000;

/// Why an ensemble gave no result.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum EnsembleError {
    /// The caller said stop.
    #[error("stopped")]
    Stopped,
    /// The scenario, or the data, cannot be simulated.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The moves trained for make no network.
    #[error("training.moves: {0}")]
    Network(#[from] NetworkError),
    /// What was made of the scenario is no job.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The engine gave up.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Runs done and runs to do, of the stage at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Runs done.
    pub done: usize,
    /// Runs in all.
    pub total: usize,
}

/// The runs of a plan with their coefficients and, once settled, the states they start from. Scenarios that differ only in
/// what comes after the start share one ensemble: that is what makes a lever move cheap.
#[derive(Clone, Debug)]
pub struct Ensemble {
    /// By network, then number.
    members: Vec<Member>,
    targets: Option<Targets>,
    seed: u64,
}

#[derive(Clone, Debug)]
struct Member {
    network: NetworkKind,
    run: Run,
    years: f64,
    ceiling: f64,
}

/// Rounds and steps of each in which a calibrated set settles: the first member of each network, then the others from it.
const CENTRAL_ROUNDS: usize = 60;
const MEMBER_ROUNDS: usize = 10;
const ROUND_STEPS: usize = 10;
/// Steps in which the reference set settles: the paper's shocks come at step 100.
const BURN_IN_STEPS: usize = 100;

impl Ensemble {
    /// Draws the coefficients of a plan's runs. Of the scenario, parameter set and network matter here.
    ///
    /// # Errors
    /// Values out of range, data that do not fit or are not there.
    pub fn new(market: &Market, scenario: &Scenario, plan: &Plan) -> Result<Self, ScenarioError> {
        scenario.check()?;
        plan.spread.check()?;
        #[expect(clippy::cast_precision_loss, reason = "a count of runs")]
        if plan.runs == 0 || plan.runs > RUNS_MAX {
            return Err(ScenarioError::Range { parameter: "runs", value: plan.runs as f64, least: 1.0, most: RUNS_MAX as f64 });
        }
        for network in market.networks.values() {
            market.occupations.check(network.nodes())?;
        }
        let occupations = &market.occupations;
        let nodes = occupations.employment.len();
        let targets = match scenario.parameters {
            ParameterSet::Reference => None,
            ParameterSet::Calibrated if occupations.unemployment.iter().all(Option::is_none) => return Err(ScenarioError::Unemployment),
            ParameterSet::Calibrated => Some(Targets::by_major_group(&occupations.soc, &occupations.unemployment)),
        };
        let mut central = Rates::reference(nodes);
        if targets.is_some() {
            central.self_loop = self_loops(&occupations.transfer, &occupations.employment, 0.55);
        }
        let choices: Vec<NetworkKind> = plan.spread.networks.iter().copied().filter(|kind| market.networks.contains_key(kind)).collect();
        if !market.networks.contains_key(&scenario.network) {
            return Err(ScenarioError::Network(scenario.network));
        }
        let member = |number: u64| {
            let mut draw = Stream::at(&[plan.seed, number]);
            let mut within = |[low, high]: [f64; 2]| low + (high - low) * draw.unit();
            let spread = if number == 0 { &Spread::none() } else { &plan.spread };
            let (cutting, advertising, more) = (within(spread.cutting), within(spread.advertising), within(spread.self_loop));
            let (years, ceiling, choice) = (within(spread.years), within(spread.ceiling), within([0.0, 1.0]));
            let mut rates = Rates { cutting, advertising, ..central.clone() };
            rates.self_loop.iter_mut().for_each(|stay| *stay = (*stay + more).clamp(0.0, 0.95));
            let network = if number == 0 { None } else { pick(&choices, choice) }.unwrap_or(scenario.network);
            let (start, steps) = match &targets {
                Some(targets) => (targets.stocks(&occupations.employment, &rates), ROUND_STEPS),
                None => (Stocks::at_start(&occupations.employment, &rates), BURN_IN_STEPS),
            };
            Member { network, run: Run { number, ..resting(rates, start, steps) }, years, ceiling }
        };
        let mut members: Vec<Member> = (0..plan.runs as u64).map(member).collect();
        members.sort_by_key(|member| (member.network, member.run.number));
        Ok(Self { members, targets, seed: plan.seed })
    }

    /// Lets every run come to rest without a scenario, fitted to the groups' unemployment in a calibrated set. To be done once,
    /// with a deterministic engine.
    ///
    /// # Errors
    /// Stopped by `progress`, or what the engine says.
    pub async fn settle(&mut self, market: &Market, engine: &impl Engine, mut progress: impl AsyncFnMut(Progress) -> ControlFlow<()>) -> Result<(), EnsembleError> {
        let total = self.members.len();
        let mut done = 0;
        for members in self.members.chunk_by_mut(|one, next| one.network == next.network) {
            let network = market.networks.get(&members[0].network).ok_or(ScenarioError::Network(members[0].network))?;
            let targets = self.targets.as_ref();
            let mut runs: Vec<Run> = members.iter().map(|member| member.run.clone()).collect();
            if targets.is_some() {
                settle(engine, network, &mut runs[..1], targets, CENTRAL_ROUNDS).await?;
                let (central, others) = runs.split_at_mut(1);
                for run in others {
                    run.rates.separation.clone_from(&central[0].rates.separation);
                    run.rates.opening.clone_from(&central[0].rates.opening);
                    run.start.clone_from(&central[0].start);
                }
            }
            let rounds = if targets.is_some() { MEMBER_ROUNDS } else { 1 };
            for batch in runs.chunks_mut(engine.batch().max(1)) {
                settle(engine, network, batch, targets, rounds).await?;
                done += batch.len();
                if progress(Progress { done, total }).await.is_break() {
                    return Err(EnsembleError::Stopped);
                }
            }
            members.iter_mut().zip(runs).for_each(|(member, run)| member.run = run);
        }
        Ok(())
    }

    /// Runs a scenario from the settled states; trajectories by the number of the run. `scenario` may differ from the one the
    /// ensemble was made for in all but parameter set and network.
    ///
    /// # Errors
    /// Stopped by `progress`, a scenario out of range, or what the engine says.
    pub async fn run(
        &self,
        market: &Market,
        scenario: &Scenario,
        steps: usize,
        record: &Record,
        engine: &impl Engine,
        mut progress: impl AsyncFnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Vec<Trajectory>, EnsembleError> {
        let total = self.members.len();
        let mut found: Vec<(u64, Trajectory)> = Vec::with_capacity(total);
        let moves = scenario.moves(&market.occupations)?;
        for members in self.members.chunk_by(|one, next| one.network == next.network) {
            let network = market.networks.get(&members[0].network).ok_or(ScenarioError::Network(members[0].network))?;
            let network = network.with_moves(&moves, scenario.training.turned)?;
            for batch in members.chunks(engine.batch().max(1)) {
                let runs = batch.iter().map(|member| member.over(market, scenario, steps)).collect::<Result<Vec<Run>, ScenarioError>>()?;
                let job = Job::new(&network, &runs, record.clone())?.seeded(self.seed);
                found.extend(runs.iter().map(|run| run.number).zip(engine.run(&job).await?));
                if progress(Progress { done: found.len(), total }).await.is_break() {
                    return Err(EnsembleError::Stopped);
                }
            }
        }
        found.sort_by_key(|(number, _)| *number);
        Ok(found.into_iter().map(|(_, trajectory)| trajectory).collect())
    }

    /// How far the worst group of any run is from its published unemployment, as a share of the labour force; 0 for a set that
    /// is not calibrated.
    pub fn worst_fit(&self) -> f64 {
        let worst = |member: &Member| self.targets.as_ref().map_or(0.0, |targets| targets.worst(&member.run.start));
        self.members.iter().map(worst).fold(0.0, f64::max)
    }
}

impl Member {
    /// This member's run of a scenario.
    fn over(&self, market: &Market, scenario: &Scenario, steps: usize) -> Result<Run, ScenarioError> {
        let mut own = scenario.clone();
        // Checked before it is stretched, so that a name in an error is the user's.
        own.check()?;
        own.adoption.years = (own.adoption.years * self.years).clamp(0.5, 200.0);
        own.adoption.ceiling *= self.ceiling;
        let demand = own.demand(&market.occupations, &self.run.demand.base, steps)?;
        Ok(Run { demand, ..self.run.clone() })
    }
}

/// One of the choices by a number of [0, 1).
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few choices")]
fn pick(choices: &[NetworkKind], unit: f64) -> Option<NetworkKind> {
    choices.get((unit * choices.len() as f64) as usize).copied()
}

/// Shares of runs below which the quantiles lie: the bounds of the 90, 60 and 30 % ranges, and the median in the middle.
pub const QUANTILES: [f64; 7] = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95];

/// [`QUANTILES`] of one figure over all runs, at every time.
pub type Band = Vec<[f64; 7]>;

/// The ranges that the runs span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bands {
    /// Unemployment, 0..1, at every time.
    pub unemployment: Band,
    /// Vacancies of all posts, 0..1, at every time; by the model, no data of vacancies go in.
    pub vacancies: Band,
    /// Long-term unemployed of the labour force, 0..1, at every time.
    pub long_term: Band,
    /// The occupations of the record, at its times.
    pub occupations: Vec<OccupationBands>,
}

/// The ranges of one occupation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OccupationBands {
    /// Its index.
    pub node: u32,
    /// Persons employed.
    pub employed: Band,
    /// Unemployment by last occupation, 0..1.
    pub unemployment: Band,
    /// Vacancies, posts; by the model.
    pub vacancies: Band,
}

impl Bands {
    /// Of the trajectories of one ensemble, recorded as given.
    pub fn of(trajectories: &[Trajectory], record: &Record) -> Self {
        let totals = |figure: fn(&Counts) -> f64| band(trajectories, |run| &run.totals[..], |counts| figure(counts));
        let occupation = |(place, node): (usize, &u32)| {
            let of = |figure: fn(&Counts) -> f64| band(trajectories, |run| &run.recorded[..], |nodes| nodes.get(place).map_or(0.0, figure));
            OccupationBands { node: *node, employed: of(|c| c.employed), unemployment: of(Counts::unemployment), vacancies: of(|c| c.vacancies) }
        };
        Self {
            unemployment: totals(Counts::unemployment),
            vacancies: totals(Counts::vacancy_rate),
            long_term: totals(Counts::long_term_rate),
            occupations: record.nodes.iter().enumerate().map(occupation).collect(),
        }
    }
}

/// Quantiles over the runs at every time.
fn band<'a, T: 'a>(trajectories: &'a [Trajectory], series: impl Fn(&'a Trajectory) -> &'a [T], figure: impl Fn(&T) -> f64) -> Band {
    let times = trajectories.iter().map(|run| series(run).len()).min().unwrap_or(0);
    (0..times).map(|time| quantiles(trajectories.iter().map(|run| figure(&series(run)[time])).collect())).collect()
}

/// [`QUANTILES`] of some values, between two of them in a straight line (type 7 of Hyndman & Fan 1996); NaN of none.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places in a list")]
pub fn quantiles(mut values: Vec<f64>) -> [f64; 7] {
    values.sort_by(f64::total_cmp);
    QUANTILES.map(|share| {
        let place = share * values.len().saturating_sub(1) as f64;
        let at = |place: f64| values.get(place as usize).copied().unwrap_or(f64::NAN);
        at(place.floor()) + (at(place.ceil()) - at(place.floor())) * place.fract()
    })
}
