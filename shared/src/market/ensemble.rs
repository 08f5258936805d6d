//! Many runs of one scenario over coefficients, networks and draws. What they give together is `bands`.
use super::labour_flow::calibration::{Targets, resting, self_loops, settle};
use super::labour_flow::{Engine, EngineError, Job, JobError, Rates, Record, Run, Stocks, Trajectory};
use super::network::NetworkError;
use super::scenario::{NetworkKind, ParameterSet, Scenario, ScenarioError};
use super::snapshot::Market;
use crate::random::Stream;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use thiserror::Error;

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

    /// The coefficients of the central run, fitted once the ensemble is settled.
    pub fn central_rates(&self) -> Option<&Rates> {
        self.members.iter().find(|member| member.run.number == 0).map(|member| &member.run.rates)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::bands::Bands;
    use crate::market::data::Exposure;
    use crate::market::labour_flow::draws::Draws;
    use crate::market::labour_flow::lanes::Lanes;
    use crate::market::labour_flow::scalar::Scalar;
    use crate::market::labour_flow::tests::{chance_market, done};
    use crate::market::scenario::{Adoption, Kind, Training};
    use crate::market::snapshot::Occupations;
    use std::collections::BTreeMap;

    /// Random scenarios tried, all of them in the long run.
    const HOSTILE: u64 = if option_env!("WAYMARK_LONG").is_some() { 100_000 } else { 10_000 };

    fn market(nodes: u32) -> Market {
        let (related, employment) = chance_market(nodes, 21);
        let (similar, _) = chance_market(nodes, 22);
        let mut draw = Stream::at(&[23]);
        let occupations = Occupations {
            soc: (0..nodes).map(|i| format!("{}-{i:04}", 11 + 2 * (i % 3))).collect(),
            employment: employment.iter().map(|e| e + 1.0).collect(),
            exposure: (0..nodes).map(|i| (i != 1).then(|| Exposure { alpha: 0.6 * draw.unit(), gamma: 0.6 + 0.4 * draw.unit() })).collect(),
            unemployment: (0..nodes).map(|i| Some(0.03 + 0.01 * f64::from(i % 3))).collect(),
            transfer: (0..nodes).map(|_| Some(0.1 * draw.unit())).collect(),
        };
        Market { occupations, networks: BTreeMap::from([(NetworkKind::Related, related), (NetworkKind::Blend, similar)]) }
    }

    async fn on(_: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn plan(runs: usize, spread: Spread) -> Plan {
        Plan { runs, seed: 5, spread }
    }

    fn settled(market: &Market, scenario: &Scenario, plan: &Plan) -> Ensemble {
        let mut ensemble = Ensemble::new(market, scenario, plan).unwrap();
        done(ensemble.settle(market, &Lanes, on)).unwrap();
        ensemble
    }

    #[test]
    fn one_run_is_the_central_one_and_more_spread_around_it() {
        let market = market(20);
        let scenario = Scenario { network: NetworkKind::Related, parameters: ParameterSet::Reference, ..Scenario::of(Kind::Software { built: 0.5 }) };
        let record = Record { nodes: vec![4], every: 10 };
        let run = |plan: &Plan, engine: &Lanes| done(settled(&market, &scenario, plan).run(&market, &scenario, 120, &record, engine, on)).unwrap();
        let one = run(&plan(1, Spread::default()), &Lanes);
        // By hand: the paper's rates, 100 steps of rest, the scenario's demand.
        let network = &market.networks[&NetworkKind::Related];
        let rates = Rates::reference(20);
        let start = Stocks::at_start(&market.occupations.employment, &rates);
        let mut runs = [resting(rates, start, 100)];
        done(settle(&Lanes, network, &mut runs, None, 1)).unwrap();
        runs[0].demand = scenario.demand(&market.occupations, &runs[0].demand.base, 120).unwrap();
        let expected = done(Lanes.run(&Job::new(network, &runs, record.clone()).unwrap())).unwrap();
        assert_eq!(one, expected);
        let many = run(&plan(40, Spread::default()), &Lanes);
        assert_eq!(many.len(), 40);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-5 * b;
        assert!(close(many[0].totals[120].unemployed, one[0].totals[120].unemployed));
        let bands = Bands::of(&many, &record);
        assert_eq!((bands.unemployment.len(), bands.occupations.len(), bands.occupations[0].employed.len()), (121, 1, 13));
        assert!(bands.unemployment.iter().chain(&bands.occupations[0].employed).all(|q| q.is_sorted() && q[0] < q[6]));
        // The order of networks in memory does not show.
        let slow = done(settled(&market, &scenario, &plan(40, Spread::default())).run(&market, &scenario, 120, &record, &Scalar, on)).unwrap();
        assert!(many.iter().zip(&slow).all(|(a, b)| close(a.totals[120].unemployed, b.totals[120].unemployed)));
    }

    #[test]
    fn every_run_of_a_calibrated_set_starts_at_the_published_unemployment() {
        let market = market(30);
        let ensemble = settled(&market, &Scenario::of(Kind::Software { built: 0.5 }), &plan(12, Spread::default()));
        assert!(ensemble.worst_fit() < 0.003, "{}", ensemble.worst_fit());
        let scenario = Scenario { adoption: Adoption { ceiling: 0.0, ..Adoption::default() }, ..Scenario::of(Kind::Software { built: 0.5 }) };
        let still = done(ensemble.run(&market, &scenario, 60, &Record::totals(), &Lanes, on)).unwrap();
        for run in &still {
            assert!((run.totals[60].unemployment() - run.totals[0].unemployment()).abs() < 0.003);
        }
    }

    #[test]
    fn draws_of_one_seed_are_the_same_bytes_and_spread_by_chance_alone() {
        let market = market(15);
        let scenario = Scenario { parameters: ParameterSet::Reference, ..Scenario::of(Kind::Software { built: 1.0 }) };
        let ensemble = settled(&market, &scenario, &plan(6, Spread::none()));
        let run = || done(ensemble.run(&market, &scenario, 40, &Record::totals(), &Draws { unit: 1.0 }, on)).unwrap();
        let bytes = |runs: &[Trajectory]| serde_json::to_string(&Bands::of(runs, &Record::totals())).unwrap();
        let first = run();
        assert_eq!(bytes(&first), bytes(&run()));
        assert!(first.windows(2).all(|two| two[0].totals != two[1].totals));
    }

    #[test]
    fn progress_is_told_and_stop_is_heard() {
        let market = market(10);
        let scenario = Scenario { parameters: ParameterSet::Reference, ..Scenario::of(Kind::Software { built: 1.0 }) };
        let ensemble = settled(&market, &scenario, &plan(30, Spread::none()));
        let mut told = Vec::new();
        let result = done(ensemble.run(&market, &scenario, 10, &Record::totals(), &Lanes, async |progress: Progress| {
            told.push(progress.done);
            if progress.done >= 16 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }));
        assert_eq!(result, Err(EnsembleError::Stopped));
        assert_eq!(told, [8, 16]);
    }

    #[test]
    fn training_for_a_move_fills_posts_that_wait() {
        // Occupation 0 shrinks, 5 grows: with the move trained for, and people looking further, fewer wait.
        let market = market(20);
        let code = |i: usize| market.occupations.soc[i].clone();
        let plain = Scenario {
            parameters: ParameterSet::Reference,
            adoption: Adoption { years: 3.0, ..Adoption::default() },
            ..Scenario::of(Kind::Line { shock: BTreeMap::from([(code(0), 0.9)]) })
        };
        let ensemble = settled(&market, &plain, &plan(1, Spread::none()));
        let record = Record { nodes: vec![0], every: 1 };
        let unemployed = |scenario: &Scenario| done(ensemble.run(&market, scenario, 40, &record, &Lanes, on)).unwrap()[0].recorded[30][0].unemployed;
        let wide = Scenario { training: Training { widening: 0.8, years: 0.0, ..Training::default() }, ..plain.clone() };
        assert!(unemployed(&wide) < unemployed(&plain), "{} {}", unemployed(&wide), unemployed(&plain));
        let largest = (1..20).max_by(|a, b| market.occupations.employment[*a].total_cmp(&market.occupations.employment[*b])).unwrap();
        let mut turned = plain.clone();
        turned.training.turned = 0.5;
        turned.training.moves = vec![crate::market::scenario::Move { from: code(0), to: code(largest) }];
        assert!(unemployed(&turned) < unemployed(&plain), "{} {}", unemployed(&turned), unemployed(&plain));
    }

    /// A value as a slider, a file or an attacker may give it.
    fn any(draw: &mut Stream) -> f64 {
        match draw.bits() % 12 {
            0 => f64::NAN,
            1 => f64::INFINITY,
            2 => -f64::INFINITY,
            3 => 1e300,
            4 => -1e300,
            5 => 0.0,
            6 => 1.0,
            7 => -draw.unit(),
            8 => 200.0 * draw.unit(),
            _ => draw.unit(),
        }
    }

    #[test]
    fn hostile_scenarios_are_bounded_or_refused_by_name() {
        let seed = 20_261_125;
        let market = market(4);
        let mut draw = Stream::at(&[seed]);
        let (mut refused, mut ran) = (0, 0);
        for case in 0..HOSTILE {
            // Every field is strange in some case, few in each: so that many run.
            let mut value = |usual: f64| if draw.bits().is_multiple_of(12) { any(&mut draw) } else { usual };
            let mut scenario = Scenario {
                adoption: Adoption { start_years: value(0.0), years: value(2.0), ceiling: value(1.0) },
                assistance: value(0.2),
                cycle: crate::market::scenario::Cycle { amplitude: value(0.1), years: value(3.0) },
                ..Scenario::of(Kind::Software { built: value(0.5) })
            };
            scenario.training = Training { widening: value(0.3), years: value(1.0), turned: value(0.5), moves: Vec::new() };
            scenario.new_demand.insert(market.occupations.soc[2].clone(), value(0.1));
            let spread = Spread { cutting: [value(0.1), 0.5], self_loop: [-0.2, value(0.4)], years: [value(0.5), 2.0], ..Spread::default() };
            if draw.bits().is_multiple_of(3) {
                let share = any(&mut draw);
                scenario.kind = Kind::Line { shock: market.occupations.soc.iter().map(|soc| (soc.clone(), share)).collect() };
            }
            if draw.bits().is_multiple_of(2) {
                scenario.parameters = ParameterSet::Reference;
            }
            let result = Ensemble::new(&market, &scenario, &Plan { runs: 2, seed: case, spread }).map_err(EnsembleError::from).and_then(|mut ensemble| {
                // Rest is tested elsewhere; a few steps of it do here.
                ensemble.members.iter_mut().for_each(|member| member.run = resting(member.run.rates.clone(), member.run.start.clone(), 3));
                done(ensemble.run(&market, &scenario, 25, &Record::totals(), &Lanes, on))
            });
            match result {
                Ok(runs) => {
                    ran += 1;
                    for run in runs {
                        let force = run.totals[0].employed + run.totals[0].unemployed;
                        for counts in &run.totals {
                            assert!(((counts.employed + counts.unemployed) / force - 1.0).abs() < 1e-9, "seed {seed}, case {case}: {scenario:?}");
                            assert!(counts.unemployed >= 0.0 && counts.employed >= 0.0 && (0.0..1e9).contains(&counts.vacancies), "seed {seed}, case {case}: {scenario:?}");
                        }
                    }
                }
                Err(EnsembleError::Scenario(ScenarioError::Range { parameter, .. })) => {
                    refused += 1;
                    assert!(!parameter.is_empty());
                }
                Err(EnsembleError::Scenario(ScenarioError::NothingLeft)) => refused += 1,
                Err(error) => panic!("seed {seed}, case {case}: {error}: {scenario:?}"),
            }
        }
        assert!(refused > HOSTILE / 10 && ran > HOSTILE / 10, "{refused} refused, {ran} ran");
    }

    #[test]
    fn data_that_do_not_fit_are_refused_by_name() {
        let good = market(6);
        let scenario = Scenario::of(Kind::Software { built: 0.5 });
        let new = |market: &Market, scenario: &Scenario, runs| Ensemble::new(market, scenario, &plan(runs, Spread::none())).map(|_| ());
        assert!(matches!(new(&good, &scenario, 0), Err(ScenarioError::Range { parameter: "runs", .. })));
        let mut bad = good.clone();
        bad.occupations.employment[3] = f64::NAN;
        assert!(matches!(new(&bad, &scenario, 1), Err(ScenarioError::Range { parameter: "employment", .. })));
        bad = good.clone();
        bad.occupations.unemployment = vec![None; 6];
        assert_eq!(new(&bad, &scenario, 1), Err(ScenarioError::Unemployment));
        let similarity = Scenario { network: NetworkKind::Similarity, ..scenario.clone() };
        assert_eq!(new(&good, &similarity, 1), Err(ScenarioError::Network(NetworkKind::Similarity)));
    }
}
